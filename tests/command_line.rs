//! The command line as a program: what it wrote opens again, in every form, and becomes every other form.

#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use oomscope::export::png;

const DRAFT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/mixed/draft-post/input.log");

fn oomscope(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
    command.env("LC_ALL", "C").args(arguments).output().expect("runs")
}

fn written(arguments: &[&str]) -> String {
    let output = oomscope(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn complaint(arguments: &[&str]) -> String {
    let output = oomscope(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("oomscope-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn with(&self, name: &str, content: &[u8]) -> String {
        let path: &Path = &self.0.join(name);
        std::fs::write(path, content).expect("writes");
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_it_wrote_opens_again_and_becomes_every_other_form() {
    let folder = Folder::new("again");
    let link = written(&[DRAFT, "--format", "link", "--page", "https://example.com/oomscope/"]);
    let link = link.trim();
    let json = written(&[DRAFT, "--format", "json", "--numbers-only"]);
    let mut empty = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    empty.extend([0; 17]);
    let carried = link.split_once("#r=").expect("a link").1;
    let files = [
        folder.with("report.json", json.as_bytes()),
        folder.with("report.html", written(&[DRAFT, "--format", "html"]).as_bytes()),
        folder.with("report.svg", written(&[DRAFT, "--format", "svg"]).as_bytes()),
        folder.with("report.png", &png::with_link(&empty, carried)),
        folder.with("report.txt", format!("{link}\n").as_bytes()),
        link.to_owned(),
    ];
    for format in ["text", "json", "markdown", "html", "svg", "csv", "link"] {
        let from_logs = written(&[DRAFT, "--format", format, "--numbers-only"]);
        for file in &files {
            let again = written(&[file, "--format", format, "--numbers-only"]);
            assert!(again == from_logs, "{format} from {file} differs from {format} from the logs");
        }
    }
}

#[test]
fn a_link_that_holds_the_logs_is_read_like_the_logs() {
    let link = written(&[DRAFT, "--format", "link", "--whole"]);
    let whole = written(&[DRAFT, "--format", "json"]);
    assert_eq!(written(&[link.trim(), "--format", "json"]), whole);
}

#[test]
fn a_title_travels_and_a_picture_is_the_one_that_was_asked_for() {
    let named = written(&[DRAFT, "--format", "link", "--title", " Our  outage "]);
    let html = written(&[named.trim(), "--format", "html"]);
    assert!(html.contains("<h1>Our outage</h1>"));
    let light = written(&[named.trim(), "--format", "svg", "--picture", "memory", "--colours", "light"]);
    assert!(light.contains("<svg ") && !light.contains("prefers-color-scheme"));
    assert!(written(&[DRAFT, "--format", "svg", "--picture", "timeline"]).contains("prefers-color-scheme"));
    assert!(complaint(&[DRAFT, "--format", "svg", "--picture", "pie"]).contains("card, timeline, memory"));
    assert!(complaint(&[DRAFT, "--format", "pdf"]).contains("html"));
}

#[test]
fn a_damaged_file_and_a_report_beside_others_are_refused_in_a_sentence() {
    let folder = Folder::new("refused");
    let html = written(&[DRAFT, "--format", "html"]);
    let cut = folder.with("cut.html", html.split_at(html.len() / 2).0.as_bytes());
    assert!(complaint(&[&cut]).contains("is damaged"));
    assert!(complaint(&["https://example.com/#r=1.abc"]).contains("is damaged"));
    let html = folder.with("report.html", html.as_bytes());
    assert!(complaint(&[&html, DRAFT]).contains("opens alone"));
}

fn packed(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(content).expect("packs");
    packer.finish().expect("packs")
}

/// Exit code and report of what was read, without the names and sizes of files.
fn outcome(arguments: &[&str]) -> (Option<i32>, serde_json::Value, String) {
    let output = oomscope(arguments);
    let mut report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    report.as_object_mut().and_then(|fields| fields.remove("sources"));
    (output.status.code(), report, String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn gzip_in_every_state_is_read_and_other_packers_are_named() {
    let folder = Folder::new("packed");
    let whole = outcome(&[DRAFT, "-f", "json"]);
    let text = std::fs::read(DRAFT).expect("reads");
    let (first, rest) = text.split_at(text.len() / 2);
    let once = packed(&text);
    for (name, content) in [
        ("once.gz", once.clone()),
        ("members.gz", [packed(first), packed(rest)].concat()),
        ("twice.gz", packed(&once)),
        ("packed.log", once.clone()),
    ] {
        assert_eq!(outcome(&[&folder.with(name, &content), "-f", "json"]), whole, "{name}");
    }
    let half = folder.with("half.gz", once.get(..once.len() / 2).expect("a half"));
    let (code, report, said) = outcome(&[&half, "-f", "json"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("only in part"), "{said}");
    assert!(report["segments"].as_array().is_some_and(|segments| !segments.is_empty()), "what came before is read");
    for (mark, name) in [(&b"PK\x03\x04\x14"[..], "zip"), (b"\x28\xb5\x2f\xfd\x04", "zstd"), (b"\xfd7zXZ\0\0", "xz")] {
        assert!(complaint(&[&folder.with("other", mark)]).contains(name), "{name}");
    }
}

#[test]
fn a_file_that_cannot_be_read_costs_only_itself() {
    let (code, report, said) = outcome(&[DRAFT, "/nowhere/gc.log", "-f", "json"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("/nowhere/gc.log"));
    assert_eq!(report["segments"], outcome(&[DRAFT, "-f", "json"]).1["segments"]);
    let folder = Folder::new("nothing");
    assert_eq!(outcome(&[&folder.with("empty.log", b"")]).0, Some(1));
}

#[cfg(unix)]
#[test]
fn who_reads_only_the_beginning_is_no_error() {
    for arguments in [&[DRAFT, "-f", "json"][..], &["--help"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
        let mut child = command
            .args(arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("ends");
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{arguments:?}");
    }
}

#[test]
fn files_and_standard_input_make_one_report_and_the_exit_code_says_what_came_of_it() {
    let folder = Folder::new("codes");
    let kill =
        folder.with("kill.log", b"Out of memory: Killed process 7 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB\n");
    let prose = folder.with("prose.txt", b"It was a dark and stormy night.\n");
    let out = folder.0.join("report.json").to_string_lossy().into_owned();

    let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
    command.env("LC_ALL", "C").args([&kill, "-", "--format", "json", "-o", &out]);
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().expect("runs");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"4711:\nBaseline taken\n").expect("takes it");
    let output = child.wait_with_output().expect("ends");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"".as_slice()));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).expect("a file")).expect("JSON");
    let names: Vec<_> = report["sources"].as_array().expect("sources").iter().map(|source| &source["name"]).collect();
    assert_eq!((names.len(), report["oom_kills"][0]["victims"][0]["pid"].as_u64()), (2, Some(7)));
    assert_eq!(
        (report["events"][0]["kind"].as_str(), &report["events"][0]["source"]),
        (Some("nmt-baseline"), &1.into())
    );

    assert_eq!(outcome(&[&prose, "--format", "json"]).0, Some(1));
    assert_eq!(outcome(&[&prose, &kill, "--format", "json"]).0, Some(0));
    assert_eq!(oomscope(&["nothing-of-this-name.log"]).status.code(), Some(2));
    assert_eq!(oomscope(&["--formt", "json", &kill]).status.code(), Some(2));
}

/// Every call of `jq` in a document, as `(file, options and program)`.
fn calls_of_jq(document: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(document)).expect("a document");
    let call = |line: &str| {
        let (command, program) = line.split_once(" | jq ")?;
        Some((command.rsplit(' ').next()?.to_owned(), program.to_owned()))
    };
    text.lines().filter_map(call).collect()
}

#[test]
fn the_examples_for_jq_run() {
    if Command::new("jq").arg("--version").output().is_err() {
        eprintln!("jq is not installed: its examples were not run");
        return;
    }
    let mut calls = calls_of_jq("docs/report-format.md");
    assert_eq!(calls.len(), 3);
    calls.extend(calls_of_jq("README.md"));
    let folder = Folder::new("jq");
    let case = |name: &str| format!("{}/tests/corpus/{name}/input.log", env!("CARGO_MANIFEST_DIR"));
    let answers = |name: &str| -> Vec<String> {
        let json = folder.with("report.json", written(&[&case(name), "--format", "json"]).as_bytes());
        let run = |(_, program): &(String, String)| {
            let output = Command::new("sh").arg("-c").arg(format!("jq {program} '{json}'")).output().expect("a shell");
            assert!(output.status.success(), "{name}, {program}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        calls.iter().map(run).collect()
    };
    let of_incident = answers("incident/g1-jdk17-heap-killed");
    assert!(of_incident.iter().all(|answer| !answer.trim().is_empty()), "{of_incident:#?}");
    // What is not in a report is no error.
    for name in ["nmt/cut-in-half", "killers/earlyoom", "oom-killer/4.15-grepped-for-oom"] {
        answers(name);
    }
}
