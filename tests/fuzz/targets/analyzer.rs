//! Any bytes, in pieces of any size: no panic, and the report is the same however the bytes were cut, and whether ordinary lines of logs
//! between them are read or passed over.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oomscope::Analyzer;
use oomscope::i18n::Language;
use oomscope::report::Report;

/// More than have to say nothing before any is passed over.
const MANY: usize = 300;

fn report(pieces: &[&[u8]], language: Language) -> Report {
    read(pieces, language, false)
}

fn read(pieces: &[&[u8]], language: Language, every_line: bool) -> Report {
    let mut analyzer = Analyzer::new(language);
    analyzer.open("fuzz");
    if every_line {
        analyzer.read_every_line();
    }
    for piece in pieces {
        analyzer.feed(piece);
    }
    analyzer.finish().report
}

fuzz_target!(|input: (u16, &[u8])| {
    let (cut, bytes) = input;
    let whole = report(&[bytes], Language::En);
    let (before, after) = bytes.split_at(usize::from(cut).min(bytes.len()));
    assert!(whole == report(&[before, after], Language::En), "cut at {cut}");
    let json = oomscope::json::text(&whole);
    let _: Report = oomscope::json::read(json.as_bytes()).expect("its JSON is a report");
    let _ = report(&[bytes], Language::Ko);
    let ordinary: String = (0..MANY)
        .map(|nth| format!("\nMar  1 12:00:00 web-1 sshd[{nth}]: Accepted publickey for deploy from 10.0.3.7 port {nth} ssh2"))
        .collect();
    let pieces = [before, ordinary.as_bytes(), b"\n", after];
    assert!(read(&pieces, Language::En, false) == read(&pieces, Language::En, true), "passed over at {cut}");
});
