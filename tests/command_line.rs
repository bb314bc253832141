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
    assert!(complaint(&[DRAFT, "--format", "svg", "--picture", "pie"]).contains("card, report, timeline, memory"));
    assert!(complaint(&[DRAFT, "--format", "pdf"]).contains("html"));
}

#[test]
fn a_brief_is_small_and_numbers_only_whatever_else_is_asked_for() {
    let numbers = written(&[DRAFT, "--format", "brief"]);
    assert!(numbers.len() <= 2500 && numbers.contains("[machine-out-of-memory] file-1:57"), "{numbers}");
    for more in ["--whole", "--with-lines", "--numbers-only"] {
        assert_eq!(written(&[DRAFT, "--format", "brief", more]), numbers, "{more}");
    }
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
fn incidents_come_out_of_what_a_report_comes_out_of() {
    let folder = Folder::new("incidents");
    let told = |argument: &str| {
        let lines = written(&[argument, "-f", "ndjson"]);
        let told = lines.lines().map(|line| {
            let mut incident: serde_json::Value = serde_json::from_str(line).expect("JSON");
            // The id holds the name of the file.
            let fields = incident.as_object_mut().expect("an object");
            for named in ["id", "source"] {
                fields.remove(named).expect("it is told");
            }
            incident
        });
        told.collect::<Vec<_>>()
    };
    let link = written(&[DRAFT, "-f", "link", "--whole"]);
    let report = folder.with("report.json", written(&[DRAFT, "-f", "json"]).as_bytes());
    let own = told(DRAFT);
    assert!(!own.is_empty());
    // A report knows more than the lines of the kill alone.
    assert_eq!(told(&report).len(), own.len());
    for argument in [link.trim(), &folder.with("draft.gz", &packed(&std::fs::read(DRAFT).expect("reads")))] {
        assert_eq!(told(argument), own, "{}", argument.get(..60).unwrap_or(argument));
    }
    let other = oomscope(&[&folder.with("other", b"PK\x03\x04\x14"), "-f", "ndjson"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stderr).contains("zip"));
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

/// What is hidden where it stands: a line feed, too, in what should be one line.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{85}\u{7f}\u{202e}\u{2066}\u{200f}\u{61c}\u{200b}\u{feff}\u{ad}\u{2028}\u{e0041}";

/// The first character of an output that a terminal obeys or a reader does not see.
fn hidden(bytes: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    text.chars().find(|c| oomscope::visible::is_hidden(*c) && !matches!(c, '\n' | '\t'))
}

#[test]
fn a_hostile_text_and_title_are_shown_in_every_form() {
    let folder = Folder::new("hostile-text");
    let text = std::fs::read_to_string(DRAFT).expect("reads");
    let log = folder.with("a.log", text.replace("java", &format!("ja{HOSTILE}va")).as_bytes());
    for format in ["text", "json", "markdown", "html", "svg", "csv", "link"] {
        let title = format!("Our{HOSTILE} outage");
        let output = oomscope(&[&log, "-f", format, "--whole", "--title", &title, "--page", &title]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(format == "link" || hidden(&output.stdout).is_none(), "{format}: {:?}", hidden(&output.stdout));
    }
    let json = written(&[&log, "-f", "json", "--title", &format!("a{HOSTILE}b")]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(report["name"].as_str().is_some_and(|name| name.contains('\u{202e}')), "the value stays what it is");
}

#[test]
fn no_message_repeats_what_a_terminal_obeys() {
    let folder = Folder::new("messages");
    let name = format!("a{HOSTILE}\noomscope: all is well.log");
    let missing = folder.0.join(&name).to_string_lossy().into_owned();
    let damaged = folder.with(&format!("b{name}"), b"{\"report_version\": 1, ");
    let packed_file = folder.with(&format!("c{name}"), b"PK\x03\x04\x14");
    let once = packed(b"hello\n");
    let half = folder.with(&format!("d{name}"), once.get(..once.len() / 2).expect("a half"));
    let ours = folder.with(&format!("e{name}"), written(&[DRAFT, "-f", "json"]).as_bytes());
    let nowhere = folder.0.join(format!("no folder {HOSTILE}/out")).to_string_lossy().into_owned();
    for arguments in [
        &[&*missing][..],
        &[&missing, DRAFT],
        &[&damaged],
        &[&packed_file],
        &[&half],
        &[&ours, DRAFT],
        &[DRAFT, "-o", &nowhere],
        &[DRAFT, "-o", &folder.0.to_string_lossy()],
        &[&ours, "-o", &ours],
        &[DRAFT, "--format", &name],
        &[DRAFT, "--picture", &name],
        &[DRAFT, "--limit", &name],
        &[DRAFT, &format!("--{name}")],
        &[&format!("#r=1.{name}")],
        &[DRAFT, "-f", "link", "--limit", "3"],
    ] {
        let output = oomscope(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(hidden(&output.stderr), None, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stderr.is_empty());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("\noomscope: all is well"), "{arguments:?}: {said}");
    }
}

#[cfg(unix)]
mod files {
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    const KILL: &[u8] = b"Out of memory: Killed process 7 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB\n";

    fn names(folder: &Folder) -> Vec<String> {
        let entries = fs::read_dir(&folder.0).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn an_input_is_never_the_output_whatever_its_names() {
        let folder = Folder::new("same");
        let log = folder.with("a.log", KILL);
        let path = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
        fs::hard_link(&log, path("hard.log")).expect("links");
        symlink(&log, path("soft.log")).expect("links");
        symlink("soft.log", path("softer.log")).expect("links");
        let around = path("../").clone() + &folder.0.file_name().expect("a name").to_string_lossy() + "/a.log";
        for output in [log.clone(), path("hard.log"), path("soft.log"), path("softer.log"), around] {
            for input in [&log, &path("soft.log")] {
                assert!(complaint(&[DRAFT, input, "-o", &output]).contains("is an input"), "{output}");
            }
            let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
            command.env("LC_ALL", "C").args(["-", "-o", &output]).stdin(fs::File::open(&log).expect("opens"));
            assert_eq!(command.output().expect("runs").status.code(), Some(2), "standard input, {output}");
        }
        assert_eq!(fs::read(&log).expect("reads"), KILL);
        assert_eq!(names(&folder), ["a.log", "hard.log", "soft.log", "softer.log"]);
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_keeps_its_permissions_and_its_links() {
        let folder = Folder::new("replaced");
        let log = folder.with("a.log", KILL);
        let out = folder.with("out.json", &[b'x'; 100_000]);
        fs::set_permissions(&out, fs::Permissions::from_mode(0o640)).expect("sets");
        let link = folder.0.join("link.json");
        symlink("out.json", &link).expect("links");
        written(&[&log, "-f", "json", "-o", &link.to_string_lossy()]);
        assert!(fs::symlink_metadata(&link).expect("is there").is_symlink());
        assert_eq!(fs::metadata(&out).expect("is there").mode() & 0o777, 0o640);
        assert!(serde_json::from_slice::<serde_json::Value>(&fs::read(&out).expect("reads")).is_ok());
        symlink("new.json", folder.0.join("ahead.json")).expect("links");
        written(&[&log, "-f", "json", "-o", &folder.0.join("ahead.json").to_string_lossy()]);
        assert_eq!(names(&folder), ["a.log", "ahead.json", "link.json", "new.json", "out.json"]);
        assert!(complaint(&[&log, "-o", &folder.0.to_string_lossy()]).contains("directory"));
    }

    #[test]
    fn pipes_and_devices_are_written_to_as_they_are() {
        let folder = Folder::new("devices");
        let log = folder.with("a.log", KILL);
        let whole = written(&[&log, "-f", "json"]);
        for output in ["/dev/stdout", "/dev/fd/1"] {
            assert_eq!(written(&[&log, "-f", "json", "-o", output]), whole, "{output}");
        }
        assert_eq!(written(&[&log, "-o", "/dev/null"]), "");
        if Path::new("/dev/full").exists() {
            assert_eq!(oomscope(&[&log, "-o", "/dev/full"]).status.code(), Some(2));
        }
        // A shell's `>>`.
        let appended = folder.with("appended", b"before\n");
        let file = fs::OpenOptions::new().append(true).open(&appended).expect("opens");
        let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
        let status = command.env("LC_ALL", "C").args([&log, "-f", "json", "-o", "/dev/stdout"]).stdout(file).status();
        assert!(status.expect("runs").success());
        assert_eq!(fs::read_to_string(&appended).expect("reads"), format!("before\n{whole}"));
    }

    #[test]
    fn a_disk_that_is_full_loses_nothing() {
        let folder = Folder::new("full");
        let log = folder.with("a.log", KILL);
        let out = folder.with("out.html", b"the report of last time");
        // No file may be larger than this, which a writer learns like the end of a disk.
        let run =
            format!("ulimit -f 1; trap '' XFSZ; exec '{}' '{log}' -f html -o '{out}'", env!("CARGO_BIN_EXE_oomscope"));
        let output = Command::new("sh").env("LC_ALL", "C").arg("-c").arg(run).output().expect("a shell");
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read(&out).expect("reads"), b"the report of last time");
        assert_eq!(names(&folder), ["a.log", "out.html"]);
    }

    #[test]
    fn a_name_that_is_no_text_is_read_and_written() {
        let folder = Folder::new("names");
        let name = |name: &[u8]| folder.0.join(OsStr::from_bytes(name));
        fs::write(name(b"\xff\xfelog"), KILL).expect("writes");
        let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
        command.env("LC_ALL", "C").arg(name(b"\xff\xfelog")).args(["-f", "json", "-o"]).arg(name(b"out\xff"));
        assert!(command.status().expect("runs").success());
        let report: serde_json::Value =
            serde_json::from_slice(&fs::read(name(b"out\xff")).expect("reads")).expect("JSON");
        assert_eq!(report["oom_kills"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn more_files_than_a_report_can_tell_apart_are_refused() {
        let folder = Folder::new("many");
        fs::create_dir_all(folder.0.join("d")).expect("a folder");
        fs::write(folder.0.join("d/a"), KILL).expect("writes");
        // The shell's own list of names is shorter than that of a program.
        let mut command = Command::new(env!("CARGO_BIN_EXE_oomscope"));
        command.env("LC_ALL", "C").current_dir(&folder.0).args(std::iter::repeat_n("d/a", 65_536));
        let output = command.output().expect("runs");
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("65,536 files") && output.stdout.is_empty(), "{said}");
    }
}
