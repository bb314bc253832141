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
