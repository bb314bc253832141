//! One reader by itself, offered every line, whatever claims it: the environment's `FORMAT` names it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oomscope::formats::{FORMATS, Format};
use oomscope::model::readings::Readings;
use oomscope::source::Line;

static FORMAT: LazyLock<&Format> = LazyLock::new(|| {
    let id = std::env::var("FORMAT").expect("FORMAT names the reader to fuzz");
    FORMATS.iter().find(|format| format.id == id).expect("FORMAT is the name of a format")
});

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = (FORMAT.reader)();
    let mut out = Readings::default();
    for (number, raw) in (1..).zip(text.lines()) {
        let line = Line { number, ..Line::of(raw) };
        let _ = (FORMAT.claim)(&line);
        let _ = reader.bulk(&line, &mut out) || reader.resume(&line, &mut out) || reader.open(&line, &mut out);
    }
    reader.finish(&mut out);
});
