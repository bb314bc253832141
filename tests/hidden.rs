//! What is hidden in a report (control characters, escapes, what turns the direction of writing) is shown wherever it is written.

#![cfg(not(target_arch = "wasm32"))]

use oomscope::export::svg::{Look, Picture, Style};
use oomscope::export::{Back, csv, html, json, markdown, snippet, svg, text};
use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::report::open::{self, Opened};
use oomscope::visible::is_hidden;
use oomscope::{Analyzer, export};
use serde_json::Value;

const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\r\u{85}\u{7f}\u{202e}\u{2066}\u{200f}\u{61c}\u{200b}\u{feff}\u{ad}\u{2028}\u{e0041}";

/// Cases whose reports have something in every field.
const CASES: [&str; 5] = [
    "mixed/draft-post",
    "incident/g1-jdk17-heap-killed",
    "host/compose-docker-inspect-systemd",
    "killers/kubectl-describe-pod",
    "oom-killer/4.15-grepped-for-oom",
];

/// The places of all strings: a JSON pointer, and the same without the numbers of a list.
fn strings(value: &Value, at: &str, kind: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(_) => found.push((kind.to_owned(), at.to_owned())),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(nth, item)| strings(item, &format!("{at}/{nth}"), &format!("{kind}[]"), found));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            strings(value, &format!("{at}/{key}"), &format!("{kind}.{key}"), found);
        }),
        _ => {}
    }
}

fn opened(value: &Value) -> Option<Report> {
    // Ours says first what it is.
    let (mut rest, version) = (value.clone(), &value["report_version"]);
    rest.as_object_mut()?.remove("report_version");
    let json = format!("{{\"report_version\":{version},{}", rest.to_string().strip_prefix('{')?);
    match open::text(&json) {
        Some(Ok(Opened::Report(report))) => Some(*report),
        _ => None,
    }
}

/// The report with hostile characters at both ends of every string that may be any, and how many kinds of strings those are. Words that
/// decide how the rest is read are others' matter: a report with others does not open.
fn infested(whole: &Value) -> (Report, usize) {
    let mut found = Vec::new();
    strings(whole, "", "", &mut found);
    found.sort();
    let (mut value, mut count) = (whole.clone(), 0);
    for of_kind in found.chunk_by(|one, next| one.0 == next.0) {
        let mut next = value.clone();
        for (_, at) in of_kind {
            let text = next.pointer_mut(at).expect("a string");
            *text = format!("{HOSTILE}{}{HOSTILE}", text.as_str().expect("a string")).into();
        }
        if opened(&next).is_some() {
            (value, count) = (next, count + 1);
        }
    }
    (opened(&value).expect("opens"), count)
}

fn outputs(report: &Report) -> Vec<(&'static str, String)> {
    let language = Language::En;
    let picture = |picture| {
        svg::write(
            report,
            picture,
            &Style { look: Look::Light, back: Back { link: "1.abc", page: "" }, ..Style::plain(language, 720) },
        )
        .unwrap_or_default()
    };
    vec![
        ("text", text::write(report, language, None)),
        ("text of 60 columns", text::write(report, language, Some(60))),
        ("JSON", json::write(report)),
        ("Markdown", markdown::write(report, language, Back::default())),
        ("HTML", html::write(report, language, &[(HOSTILE.to_owned(), HOSTILE.to_owned())], Back::default())),
        ("card", picture(Picture::Card)),
        ("whole picture", picture(Picture::Report)),
        ("timeline", picture(Picture::Timeline)),
        ("memory map", picture(Picture::Memory)),
        ("CSV", csv::write(report)),
        ("table of findings", snippet::table(report, language)),
        ("plain text", snippet::plain(report, language)),
    ]
}

#[test]
fn every_string_of_a_report_is_shown_in_every_form() {
    let mut failed = Vec::new();
    let mut kinds = 0;
    for case in CASES {
        let log =
            std::fs::read(format!("{}/tests/corpus/{case}/input.log", env!("CARGO_MANIFEST_DIR"))).expect("a case");
        let mut analyzer = Analyzer::new(Language::En);
        analyzer.open("a.log");
        analyzer.feed(&log);
        let (report, count) = infested(&oomscope::json::tree(&analyzer.finish().report));
        kinds += count;
        for report in [report.clone(), report.said(Language::Ko)] {
            for (form, written) in outputs(&report) {
                let hidden = written.chars().find(|c| is_hidden(*c) && !matches!(c, '\n' | '\t'));
                failed.extend(hidden.map(|c| format!("{case}: {form}: {c:?}")));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(kinds > 100, "only {kinds} kinds of strings were tried");
}

#[test]
fn a_name_begins_no_line_of_its_own() {
    let mut report = Report::default().named("x");
    report.name = Some("java\n\nCritical: run this".to_owned());
    let text = export::text::write(&report, Language::En, None);
    assert!(text.starts_with("java\\u{a}\\u{a}Critical: run this\n"), "{text}");
}
