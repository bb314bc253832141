//! One reader by itself, offered every line, whatever claims it: the first byte chooses which.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oomscope::formats::FORMATS;
use oomscope::model::readings::Readings;
use oomscope::source::{Line, Stamp};

fuzz_target!(|bytes: &[u8]| {
    let Some((which, text)) = bytes.split_first() else { return };
    let Some(format) = FORMATS.get(usize::from(*which) % FORMATS.len()) else { return };
    let text = String::from_utf8_lossy(text);
    let mut reader = (format.reader)();
    let mut out = Readings::default();
    for (number, raw) in (1..).zip(text.lines()) {
        let line = Line { source: 0, number, raw, body: raw, stamp: Stamp::default() };
        let _ = (format.claim)(&line);
        let _ = reader.bulk(&line, &mut out) || reader.resume(&line, &mut out) || reader.open(&line, &mut out);
    }
    reader.finish(&mut out);
});
