//! Any bytes, in pieces of any size: no panic, and the report is the same however the bytes were cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oomscope::Analyzer;
use oomscope::i18n::Language;
use oomscope::report::Report;

fn report(pieces: &[&[u8]], language: Language) -> Report {
    let mut analyzer = Analyzer::new(language);
    analyzer.open("fuzz");
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
});
