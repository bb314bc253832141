//! A line to read values from, and small readers for `key:value` text.

use crate::formats::cut::may_go_on;
use crate::formats::quantity::is_digits;
use crate::source::{Line, Span};

/// A physical line that is part of a text put together again.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Where it starts in the joined text.
    pub(super) start: usize,
    /// Where its part of the joined text starts in `raw`.
    pub(super) offset: usize,
    pub(super) number: u32,
    pub(super) raw: String,
}

impl Piece {
    /// The line as a part of a text, where it starts at `start`.
    pub(super) fn of(text: &Text<'_>, start: usize) -> Piece {
        let offset = usize::try_from(text.line.span_of(text.body).start).unwrap_or_default();
        Piece { start, offset, number: text.line.number, raw: text.line.raw.to_owned() }
    }
}

/// A logical line, or several that had been wrapped.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) line: Line<'a>,
    /// Without indentation.
    pub(super) body: &'a str,
    /// Empty for a line as it came.
    pub(super) pieces: &'a [Piece],
}

impl<'a> Text<'a> {
    pub(super) fn of(line: &Line<'a>) -> Text<'a> {
        Text { line: *line, body: line.body.trim(), pieces: &[] }
    }

    /// Where a part of `body` stands. In a joined text a part over a seam is said to end with its line.
    pub(super) fn span_of(&self, part: &str) -> Span {
        let at = (part.as_ptr() as usize).wrapping_sub(self.body.as_ptr() as usize);
        let piece = self.pieces.iter().rev().find(|piece| piece.start <= at && at <= self.body.len());
        let Some(piece) = piece else { return self.line.span_of(part) };
        let start = piece.offset.saturating_add(at - piece.start).min(piece.raw.len());
        let end = start.saturating_add(part.len()).min(piece.raw.len());
        let clamp = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { source: self.line.source, line: piece.number, start: clamp(start), end: clamp(end) }
    }

    /// The last physical line.
    pub(super) fn last_number(&self) -> u32 {
        self.pieces.last().map_or(self.line.number, |piece| piece.number)
    }
}

/// Takes digits from the front.
pub(super) fn digits(text: &str) -> Option<(&str, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 { None } else { text.split_at_checked(count) }
}

/// Takes digits with an optional sign from the front.
pub(super) fn signed_digits(text: &str) -> Option<(&str, &str)> {
    let sign = usize::from(text.starts_with('-'));
    let count = text.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
    if count == 0 { None } else { text.split_at_checked(sign + count) }
}

/// What stands behind the first `key` in `text`, blanks skipped.
pub(super) fn after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.find(key).and_then(|at| text.get(at + key.len()..)).map(str::trim_start)
}

/// The digits of `key` that are followed by `unit`: without the unit the number may have been cut.
pub(super) fn measured<'a>(text: &'a str, key: &str, unit: &str) -> Option<&'a str> {
    let (number, rest) = digits(after(text, key)?)?;
    rest.trim_start().starts_with(unit).then_some(number)
}

/// One `key:value` of a line full of them. The unit is what follows the digits: `kB`, `KB`, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair<'a> {
    pub(super) key: &'a str,
    pub(super) digits: &'a str,
    pub(super) unit: &'a str,
}

impl Pair<'_> {
    pub(super) fn value(&self) -> Option<u64> {
        self.digits.parse().ok()
    }
}

/// All pairs of a line; `shmem_thp: 0kB` with a blank is one too. Words that are none are skipped.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut words = text.split_ascii_whitespace().peekable();
    std::iter::from_fn(move || {
        loop {
            let word = words.next()?;
            let Some((key, value)) = word.split_once(':') else { continue };
            let value = if value.is_empty() {
                words.next_if(|next| next.starts_with(|c: char| c.is_ascii_digit())).unwrap_or_default()
            } else {
                value
            };
            if let Some((digits, unit)) = digits(value.trim_end_matches(','))
                && !key.is_empty()
            {
                return Some(Pair { key, digits, unit });
            }
        }
    })
}

/// Takes a number off the end of a text if it may lack digits: what is left, and what the number was about.
pub(super) fn without_cut_number(text: &str) -> Option<(&str, &str)> {
    /// `oom_score_adj` goes from -1000 to 1000, and a page allocation of order 11 fails.
    const LARGEST: [(&str, u64); 3] = [("oom_score_adj", 1000), ("oom_adj", 15), ("order", 10)];
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_prefix(before)?;
    let before = before.strip_suffix('-').unwrap_or(before);
    let key = before.trim_end_matches([':', '=', ' ', '\t']);
    // Digits inside a word are none of its numbers.
    if number.is_empty() || key.len() == before.len() {
        return None;
    }
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let key = key.rsplit(word).next().unwrap_or_default();
    let largest = LARGEST.iter().find(|(name, _)| *name == key).map_or(u64::MAX, |(_, largest)| *largest);
    may_go_on(number, largest).then_some((before, key))
}

/// True for a word like `active_anon:3801`.
pub(super) fn is_count_pair(word: &str) -> bool {
    word.split_once(':').is_some_and(|(key, value)| {
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && is_digits(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_after_the_colon_is_allowed() {
        let keys: Vec<_> = pairs("a:1kB shmem_thp: 0kB b:2KB all_unreclaimable? yes c:x d:").collect();
        let pair = |key, digits, unit| Pair { key, digits, unit };
        assert_eq!(keys, [pair("a", "1", "kB"), pair("shmem_thp", "0", "kB"), pair("b", "2", "KB")]);
    }

    #[test]
    fn a_number_without_its_unit_may_be_cut() {
        assert_eq!(measured("anon-rss:4063232kB", "anon-rss:", "kB"), Some("4063232"));
        assert_eq!(measured("anon-rss:40632", "anon-rss:", "kB"), None);
    }

    #[test]
    fn a_number_that_ends_the_text_is_left_out_unless_it_is_whole() {
        assert_eq!(without_cut_number("active_anon:9"), Some(("active_anon:", "active_anon")));
        assert_eq!(without_cut_number("anon 42800"), Some(("anon ", "anon")));
        assert_eq!(without_cut_number("order=0, oom_score_adj=-9"), Some(("order=0, oom_score_adj=", "oom_score_adj")));
        for whole in ["oom_score_adj=0", "oom_score_adj:984", "oom_score_adj=-998", "order=2", "/docker/9f1c2", "kB"] {
            assert_eq!(without_cut_number(whole), None, "{whole}");
        }
    }

    #[test]
    fn a_part_of_a_joined_text_stands_on_its_own_line() {
        let piece = |start, offset, number, raw: &str| Piece { start, offset, number, raw: raw.to_owned() };
        let pieces = [piece(0, 2, 7, "> Killed pro"), piece(10, 2, 8, "> cess 12 (java)")];
        let body = "Killed process 12 (java)";
        let text = Text { line: Line { number: 7, ..Line::of("> Killed pro") }, body, pieces: &pieces };
        let span = text.span_of(body.get(15..17).unwrap_or_default());
        assert_eq!((span.line, span.start, span.end), (8, 7, 9));
    }
}
