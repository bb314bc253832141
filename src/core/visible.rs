//! Characters that are not seen where they stand: control characters, which a terminal obeys; what turns the direction of writing;
//! and what has neither ink nor width. Names and lines come from logs that anybody may have written, so whatever is printed shows
//! such characters as text: `\u{1b}`.

use std::borrow::Cow;
use std::fmt::Write as _;

/// True for what no reader sees: control characters, line feed and tab among them, and [`is_formatting`].
pub fn is_hidden(c: char) -> bool {
    c.is_control() || is_formatting(c)
}

/// True for characters without ink that are no control characters and no blanks: what turns the direction of writing, joiners, marks of
/// order, fillers, tags, separators of lines, and what is no character at all. The two selectors between a plain and a coloured sign
/// (U+FE0E, U+FE0F) are seen by what they do.
pub fn is_formatting(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0d}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A text of any number of lines with what is hidden shown. Line feeds and tabs stay.
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, |c| is_hidden(c) && !matches!(c, '\n' | '\t'), escape)
}

/// One line with what is hidden shown, line feeds, too, so that no name can begin a line of its own. Tabs stay.
pub fn shown_line(text: &str) -> Cow<'_, str> {
    replaced(text, |c| is_hidden(c) && c != '\t', escape)
}

/// One line with U+FFFD for each character that is hidden: where there is room for one sign only, as in pictures.
pub fn marked(text: &str) -> Cow<'_, str> {
    replaced(text, is_hidden, |out, _| out.push('\u{fffd}'))
}

/// JSON that was written compact or pretty, with what is hidden in its strings as `\u001b`. It stays the same value.
pub fn shown_in_json(json: &str) -> Cow<'_, str> {
    replaced(
        json,
        |c| is_hidden(c) && c != '\n',
        |out, c| {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        },
    )
}

fn escape(out: &mut String, c: char) {
    out.extend(c.escape_unicode());
}

fn replaced(text: &str, is_meant: impl Fn(char) -> bool, put: impl Fn(&mut String, char)) -> Cow<'_, str> {
    let Some(first) = text.find(&is_meant) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at_checked(first).unwrap_or(("", text));
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(clean);
    for c in rest.chars() {
        if is_meant(c) { put(&mut out, c) } else { out.push(c) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_and_what_turns_writing_is_shown() {
        assert_eq!(shown("a\u{1b}[2J\u{9b}b\r\u{7f}"), "a\\u{1b}[2J\\u{9b}b\\u{d}\\u{7f}");
        assert_eq!(shown("\u{202e}evil\u{2069}\u{200f}\u{61c}"), "\\u{202e}evil\\u{2069}\\u{200f}\\u{61c}");
        assert_eq!(shown("a\u{200b}b\u{feff}\u{e0041}"), "a\\u{200b}b\\u{feff}\\u{e0041}");
        assert_eq!(marked("a\u{1b}\u{200b}b"), "a\u{fffd}\u{fffd}b");
    }

    #[test]
    fn lines_and_tabs_stay_and_a_line_stays_one() {
        assert_eq!(shown("a\n\tb"), "a\n\tb");
        assert_eq!(shown_line("a\n\tb"), "a\\u{a}\tb");
        assert!(matches!(shown("힙 메모리 — ⚠\u{fe0f} 😀\n"), Cow::Borrowed(_)), "nothing of it is hidden");
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "name\u{202e}": ["\u{1b}[31m\n\t", "\u{85}\u{7f}\u{e0041}", "힙"] });
        for json in [value.to_string(), serde_json::to_string_pretty(&value).expect("JSON")] {
            let shown = shown_in_json(&json);
            assert!(!shown.contains(|c| is_hidden(c) && c != '\n'), "{shown}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON"), value);
        }
    }
}
