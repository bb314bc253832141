//! The command line on logs that go on: what is appended, rotated, cut off, and read again after a kill of its own.

#![cfg(unix)]

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Long, for machines that do much else.
const PATIENCE: Duration = Duration::from_secs(60);

fn kill(pid: u32) -> String {
    format!(
        "2026-03-01T10:00:{:02}.000001+00:00 web-07 kernel: Memory cgroup out of memory: Killed process {pid} (java) total-vm:3328880kB, anon-rss:520000kB, file-rss:4000kB, shmem-rss:0kB, UID:1000 pgtables:2004kB oom_score_adj:0\n",
        pid % 60
    )
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("oomscope-follow-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).expect("opens");
    file.write_all(text.as_bytes()).expect("writes");
}

/// A program that follows, and the lines that it tells.
struct Following {
    child: Child,
    lines: Receiver<String>,
    told: Vec<Value>,
}

impl Following {
    fn start(arguments: &[&Path], more: &[&str], stdin: Stdio) -> Following {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
        command.env("LC_ALL", "C").arg("--follow").args(more).args(arguments);
        let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("runs");
        let out = child.stdout.take().expect("a pipe");
        let (to, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines() {
                let Ok(line) = line else { return };
                if to.send(line).is_err() {
                    return;
                }
            }
        });
        Following { child, lines, told: Vec::new() }
    }

    /// Waits for a kill of that process to be told.
    fn wait_for(&mut self, pid: u32) {
        let start = Instant::now();
        while !self.told.iter().any(|told| told["pid"] == pid) {
            let left = PATIENCE.checked_sub(start.elapsed()).unwrap_or_else(|| panic!("no {pid} in {:?}", self.told));
            if let Ok(line) = self.lines.recv_timeout(left) {
                self.told.push(serde_json::from_str(&line).expect("JSON"));
            }
        }
    }

    /// Kills it as nothing can be prepared for.
    fn kill(mut self) -> Vec<(u64, u64)> {
        self.child.kill().expect("ends");
        self.child.wait().expect("ended");
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(5)) {
            self.told.push(serde_json::from_str(&line).expect("JSON"));
        }
        self.told
            .iter()
            .map(|told| (told["pid"].as_u64().expect("a pid"), told["first_line"].as_u64().expect("a line")))
            .collect()
    }
}

#[test]
fn a_file_is_followed_by_its_name_through_rotation_and_truncation() {
    let folder = Folder::new("rotation");
    let log = folder.path("kern.log");
    let mut following = Following::start(&[&log], &[], Stdio::null());
    append(&log, &format!("nothing\n{}", kill(101)));
    following.wait_for(101);
    // Renamed, while the writer goes on for a moment.
    let mut writer = OpenOptions::new().append(true).open(&log).expect("opens");
    fs::rename(&log, folder.path("kern.log.1")).expect("renames");
    writer.write_all(kill(102).as_bytes()).expect("writes");
    append(&log, &kill(103));
    following.wait_for(102);
    following.wait_for(103);
    // Copied and cut off.
    File::create(&log).expect("cuts");
    thread::sleep(Duration::from_millis(300));
    append(&log, &format!("one\ntwo\n{}", kill(104)));
    following.wait_for(104);
    // Gone for a while.
    fs::remove_file(&log).expect("removes");
    thread::sleep(Duration::from_millis(300));
    append(&log, &format!("one\n{}", kill(105)));
    following.wait_for(105);
    assert_eq!(following.kill(), [(101, 2), (102, 3), (103, 1), (104, 3), (105, 2)]);
}

#[test]
fn killed_and_started_again_it_loses_nothing_and_tells_nothing_twice() {
    let folder = Folder::new("again");
    let (log, state) = (folder.path("kern.log"), folder.path("state.json"));
    let with_state = ["--state", state.to_str().expect("a name")];
    append(&log, &kill(201));
    let mut following = Following::start(&[&log], &with_state, Stdio::null());
    following.wait_for(201);
    append(&log, &kill(202));
    following.wait_for(202);
    // Its state is written a moment after the line.
    thread::sleep(Duration::from_secs(1));
    let mut told = following.kill();
    // It goes on while nobody reads, and is rotated.
    append(&log, &kill(203));
    fs::rename(&log, folder.path("kern.log.1")).expect("renames");
    append(&log, &kill(204));
    let mut following = Following::start(&[&log], &with_state, Stdio::null());
    following.wait_for(203);
    following.wait_for(204);
    told.extend(following.kill());
    assert_eq!(told, [(201, 1), (202, 2), (203, 3), (204, 1)]);
}

#[test]
fn a_pipe_is_told_at_once_and_one_event_of_two_inputs_once() {
    let folder = Folder::new("pipe");
    let (one, two) = (folder.path("syslog"), folder.path("kern.log"));
    append(&one, &kill(301));
    append(&two, &kill(301));
    let mut following = Following::start(&[Path::new("-"), &one, &two], &["--host", "unused"], Stdio::piped());
    following.wait_for(301);
    let mut stdin = following.child.stdin.take().expect("a pipe");
    let json = |pid: u32| {
        let message = kill(pid).split_once("kernel: ").expect("a message").1.trim().to_owned();
        serde_json::json!({ "__REALTIME_TIMESTAMP": format!("17724384{pid}000000"), "_HOSTNAME": "db-1", "SYSLOG_IDENTIFIER": "kernel", "_TRANSPORT": "kernel", "MESSAGE": message }).to_string() + "\n"
    };
    stdin.write_all(json(302).as_bytes()).expect("writes");
    following.wait_for(302);
    let told = following.told.last().expect("told").clone();
    assert_eq!(
        (&told["host"], &told["time"], &told["kind"]),
        (&"db-1".into(), &17_724_384_302_000_000_u64.into(), &"oom-kill".into())
    );
    assert_eq!(following.kill().iter().filter(|(pid, _)| *pid == 301).count(), 1);
}

#[test]
fn without_following_it_ends_and_says_by_its_exit_code_whether_there_was_any() {
    let folder = Folder::new("ends");
    let (log, none) = (folder.path("a.log"), folder.path("b.log"));
    append(&log, &kill(401));
    append(&none, "nothing\n");
    let run = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_oomscope")).env("LC_ALL", "C").args(arguments).output().expect("runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8").lines().count())
    };
    let (log, none) = (log.to_str().expect("a name"), none.to_str().expect("a name"));
    assert_eq!(run(&["-f", "ndjson", log, none]), (Some(0), 1));
    assert_eq!(run(&["-f", "ndjson", none]), (Some(1), 0));
    assert_eq!(run(&["-f", "ndjson", log, "/nowhere/x.log"]), (Some(2), 1));
    assert_eq!(run(&["-f", "ndjson", log, "--fail-on", "critical"]), (Some(3), 1));
    assert_eq!(run(&["-f", "json", log, "--follow"]), (Some(2), 0));
    assert_eq!(run(&["-f", "ndjson", log, "-o", "x"]), (Some(2), 0));
    assert_eq!(run(&["-f", "brief", log, "--fail-on", "warning"]).0, Some(3));
    assert_eq!(run(&["-f", "brief", none, "--fail-on", "warning"]).0, Some(1));
    let names = run(&["-f", "ndjson", log, "--numbers-only"]);
    assert_eq!(names, (Some(0), 1));
}

#[test]
fn the_examples_of_the_document_for_jq_run() {
    if Command::new("jq").arg("--version").output().is_err() {
        eprintln!("jq is not installed: its examples were not run");
        return;
    }
    let folder = Folder::new("jq");
    let case = |name: &str| format!("{}/tests/corpus/{name}/input.log", env!("CARGO_MANIFEST_DIR"));
    let cases = [
        "oom-killer/3.10-pod-with-swap",
        "incident/g1-jdk25-heap-space",
        "incident/g1-jdk17-killed-twice",
        "killers/clusters-and-daemons",
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_oomscope"))
        .args(["-f", "ndjson"])
        .args(cases.map(case))
        .output()
        .expect("runs");
    fs::write(folder.path("incidents.ndjson"), &output.stdout).expect("writes");
    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fleet.md")).expect("a document");
    let examples: Vec<&str> = document.lines().filter(|line| line.starts_with("jq ")).collect();
    assert_eq!(examples.len(), 4);
    for example in examples {
        let output = Command::new("sh").current_dir(&folder.0).arg("-c").arg(example).output().expect("a shell");
        assert!(output.status.success(), "{example}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.len() > 4, "{example}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn a_line_is_one_line_that_shows_what_is_hidden_in_names() {
    let folder = Folder::new("hidden");
    let log = folder.path("a.log");
    append(
        &log,
        "Out of memory: Killed process 7 (ja\u{202e}va\u{1b}[2J) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n",
    );
    append(
        &log,
        &format!("Exception in thread \"{}\" java.lang.OutOfMemoryError: Java heap space\n", "x".repeat(50_000)),
    );
    let output = Command::new(env!("CARGO_BIN_EXE_oomscope")).args(["-f", "ndjson"]).arg(&log).output().expect("runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.lines().count() >= 1 && text.len() < 16_000, "{} bytes", text.len());
    assert!(!text.contains(|c: char| c != '\n' && oomscope::visible::is_hidden(c)), "{text}");
    for line in text.lines() {
        serde_json::from_str::<Value>(line).expect("JSON");
    }
}
