//! Everything that leaves of a report, decoded: what is looked through for secrets.

#![allow(dead_code)] // Not every test binary uses all of it.

use oomscope::export;
use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::report::link;
use oomscope::report::open::{self, Opened};
use oomscope::report::redact::redact;
use oomscope::worker::share::{Include, Kept, Wish, kept, share};

/// The report of a link.
pub fn opened(link: &str) -> Report {
    match link::read(link) {
        Ok(Opened::Report(report)) => *report,
        other => panic!("no report: {other:?}"),
    }
}

fn json(report: &Report) -> String {
    oomscope::json::text(report)
}

/// The forms in which a report is handed on, by name, each as a curious reader unpacks it.
pub fn outputs(whole: &Report, include: Include) -> Vec<(&'static str, String)> {
    let shared = share(whole, &[], &Wish { include, ..Wish::default() }, Language::Ko);
    let report = redact(whole, include == Include::Lines).report;
    // Where a picture carries its report.
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend([0; 17]);
    // What does not open holds what its bytes hold, which are looked through, too.
    let png = match open::bytes(&export::png::with_link(&png, &shared.link)) {
        Some(Ok(Opened::Report(report))) => json(&report),
        other => format!("{other:?}"),
    };
    let of_link = |link: &str| match link::read(link) {
        Ok(Opened::Report(report)) => json(&report),
        other => format!("{other:?}"),
    };
    let Kept { link, title } = kept(whole, Language::Ko).unwrap_or_default();
    vec![
        ("link", of_link(&shared.link)),
        ("bytes of the link", String::from_utf8_lossy(&link::bytes_of(&report)).into_owned()),
        ("address bar", of_link(&link)),
        ("title among the last reports", title),
        ("JSON", shared.json),
        ("HTML", shared.html),
        ("Markdown", shared.markdown),
        ("CSV", shared.csv),
        ("card", shared.card),
        ("timeline", shared.timeline.unwrap_or_default()),
        ("memory map", shared.memory.unwrap_or_default()),
        ("PNG", png),
        ("title", shared.title),
        ("table", shared.table),
        ("plain text", shared.plain),
        ("brief", shared.brief),
        ("text", export::text::write(&report, Language::En, None)),
    ]
}

/// What stands around a place of a text.
pub fn around(text: &str, at: usize) -> String {
    let from = text.char_indices().map(|(at, _)| at).take_while(|start| *start + 60 < at).last().unwrap_or(0);
    text[from..].chars().take(160).collect()
}
