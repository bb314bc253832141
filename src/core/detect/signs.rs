//! Many words looked for in a text at once.

use crate::order::InOrder as _;

/// Places of the table of signs, which fits a processor's nearest cache.
const PLACES: usize = 1 << 15;
/// Places in a text that are looked up at once.
const AT_ONCE: usize = 8;

/// Which of many signs a text has: a mark for the first four bytes of each in a table, and the signs themselves.
pub(super) struct Signs {
    marks: Box<[u8; PLACES]>,
    /// The first four bytes, and what is to follow them.
    signs: Vec<([u8; 4], &'static [u8])>,
}

impl Signs {
    /// Signs of four bytes or more.
    pub(super) fn of(list: impl IntoIterator<Item = &'static str>) -> Signs {
        let mut signs: Vec<_> = list
            .into_iter()
            .filter_map(|sign| sign.as_bytes().split_first_chunk())
            .map(|(first, rest)| (*first, rest))
            .collect();
        signs.order();
        let mut marks = Box::new([0; PLACES]);
        for (first, _) in &signs {
            if let Some(mark) = marks.get_mut(place(*first)) {
                *mark = 1;
            }
        }
        Signs { marks, signs }
    }

    /// True if one of them is in a text.
    pub(super) fn are_in(&self, text: &[u8]) -> bool {
        // A beginning is as good as a blank.
        if let Some([a, b, c]) = text.first_chunk()
            && self.has([b' ', *a, *b, *c], text.get(3..).unwrap_or_default())
        {
            return true;
        }
        let mut rest = text;
        while let Some(piece) = rest.first_chunk::<{ AT_ONCE + 3 }>() {
            let marks = piece.array_windows().fold(0, |marks, first| marks | self.mark(*first));
            if marks != 0 && self.begin_in(rest, AT_ONCE) {
                return true;
            }
            rest = rest.get(AT_ONCE..).unwrap_or_default();
        }
        self.begin_in(rest, AT_ONCE)
    }

    fn mark(&self, first: [u8; 4]) -> u8 {
        self.marks.get(place(first)).copied().unwrap_or_default()
    }

    /// True if a sign begins at one of the first places of a text.
    fn begin_in(&self, text: &[u8], places: usize) -> bool {
        let begin = |(at, first): (usize, &[u8; 4])| self.has(*first, text.get(at + 4..).unwrap_or_default());
        text.array_windows().take(places).enumerate().any(begin)
    }

    /// True if four bytes begin a sign, and the rest of it follows. A number is no part of another.
    fn has(&self, first: [u8; 4], behind: &[u8]) -> bool {
        if self.mark(first) == 0 {
            return false;
        }
        let start = self.signs.partition_point(|(known, _)| *known < first);
        let mut known = self.signs.iter().skip(start).take_while(|(known, _)| *known == first);
        let is_number = first.iter().skip(1).all(u8::is_ascii_digit);
        let is_part = is_number && behind.first().is_some_and(u8::is_ascii_digit);
        !is_part && known.any(|(_, rest)| behind.starts_with(rest))
    }
}

/// The place of four bytes in the table.
fn place(first: [u8; 4]) -> usize {
    (u32::from_le_bytes(first).wrapping_mul(0x9E37_79B1) >> 17) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_found_wherever_they_stand() {
        let signs = Signs::of(["heap", "annot run", " 137", "페이징"]);
        for before in 0..20 {
            for behind in 0..20 {
                let around = |sign: &str| format!("{}{sign}{}", "x".repeat(before), "y".repeat(behind));
                for sign in ["heap", "annot run", " 137", "페이징"] {
                    assert!(signs.are_in(around(sign).as_bytes()), "{before} {sign} {behind}");
                }
                for other in ["hea", "annot ru", " 1370", "페이지"] {
                    assert!(!signs.are_in(around(other).as_bytes()), "{before} {other} {behind}");
                }
            }
        }
        assert!(signs.are_in(b"137"), "a beginning is as good as a blank");
    }
}
