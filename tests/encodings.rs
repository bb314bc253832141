//! Every corpus case as other programs store and show text: the same values on the same lines. With `OOMSCOPE_EXHAUSTIVE=1` in
//! every form, otherwise in two.

#[path = "support/corpus.rs"]
mod corpus;

use corpus::{cases, exhaustive, facts, read};

/// Cases whose lines a width cut: what a line looks like decides which of them belong together.
const WRAPPED: [&str; 8] = [
    "-events-with-times",
    "wrapped",
    "mail-",
    "cloud-logging-yaml",
    "files-that-start-a-jvm",
    "with-dates",
    "docker-run",
    "context-with-blanks",
];

type Shown = fn(&str) -> Vec<u8>;

/// What a text becomes on its way: the name, whether the width of lines stays, and how.
const FORMS: [(&str, bool, Shown); 12] = [
    ("UTF-16 without a mark", true, |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("UTF-16, high byte first", true, |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("PowerShell's UTF-16", true, |text| {
        ("\u{feff}".to_owned() + &text.replace('\n', "\r\n")).encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
    ("a byte order mark", true, |text| ["\u{feff}", text].concat().into_bytes()),
    ("lone CR", true, |text| text.replace('\n', "\r").into_bytes()),
    ("NUL bytes", true, |text| text.replace(' ', " \0").into_bytes()),
    ("colours", true, |text| each_line(text, "\x1b[0;32m", "\x1b(B\x1b[m\x1b[K")),
    ("colours as text", false, |text| each_line(text, "^[[0;32m", "^[[0m")),
    ("links of a terminal", true, |text| each_line(text, "\x1b]8;;http://a/1\x1b\\", "\x1b]8;;\x1b\\")),
    ("other blanks", true, |text| text.replace("  ", "\u{2003}\u{a0}").replace(' ', "\u{202f}").into_bytes()),
    ("characters without width", true, |text| each_line(&text.replace(',', ",\u{200b}"), "\u{200e}", "\u{2069}")),
    ("entities", false, |text| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").into_bytes()
    }),
];

fn each_line(text: &str, before: &str, behind: &str) -> Vec<u8> {
    text.lines().map(|line| format!("{before}{line}{behind}\n")).collect::<String>().into_bytes()
}

#[test]
fn how_a_text_is_stored_or_shown_changes_nothing() {
    let mut failed = Vec::new();
    for case in cases() {
        let Ok(text) = std::str::from_utf8(&case.input) else { continue };
        if text.contains(['\r', '\0', '\u{1b}', '&']) || !text.ends_with('\n') {
            continue;
        }
        let whole = facts(&read(&case.input));
        // The same two in every run: another case changes nothing about this one.
        let nth = case.name.bytes().map(usize::from).sum::<usize>() % FORMS.len();
        for (at, (name, keeps_width, form)) in FORMS.into_iter().enumerate() {
            if !exhaustive() && at != nth && at != (nth + 5) % FORMS.len() {
                continue;
            }
            if !keeps_width && WRAPPED.iter().any(|word| case.name.contains(word)) {
                continue;
            }
            let other = facts(&read(&form(text)));
            // A place inside a line is none of the facts; lines and values are.
            let changed: Vec<&String> = other.symmetric_difference(&whole).take(3).collect();
            if !changed.is_empty() {
                failed.push(format!("{} with {name}: {changed:?}", case.name));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn what_a_word_processor_made_of_a_log_is_read() {
    let typed = "[12.345s][info][gc] GC(3) Pause Young (Normal) (G1 Evacuation Pause) 24M->9M(64M) 3.456ms\n\
                 Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n";
    let shown = typed.replace("->", "→").replace('"', "”").replace(": ", "： ").replace('-', "–");
    assert_eq!(facts(&read(shown.as_bytes())), facts(&read(typed.as_bytes())));
    assert!(!read(shown.as_bytes()).gc_events.is_empty());
}
