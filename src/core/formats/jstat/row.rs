//! One row of numbers, as fast as it goes.

use crate::model::jstat::ABSENT;

/// Widest row that is read; `jstat` prints at most 20 columns.
const MAX_CELLS: usize = 32;

/// A cell: the digits as an integer and how many of them stood behind the decimal point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// All digits; [`ABSENT`] for `-`, `NaN`, `?`.
    pub digits: i64,
    /// Digits behind the point.
    pub decimals: u8,
}

/// The numeric cells at the start of a line.
#[derive(Debug)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
    /// Byte offset at which text begins, if the line is not numbers to its end.
    pub text_from: Option<usize>,
}

/// Takes the next number or `-` off the front of a row, with the blanks before it and after it. `None` if something else
/// stands there, or more digits than fit.
#[inline(always)]
pub fn next_cell(row: &[u8]) -> Option<(Cell, &[u8])> {
    let start = skip_blanks(row);
    let (whole, mut rest) = take_digits(0, start);
    if start.len() == rest.len() {
        let rest = rest.strip_prefix(b"-")?;
        return ends_cell(rest).then_some((Cell { digits: ABSENT, decimals: 0 }, rest));
    }
    let (mut digits, mut decimals) = (whole, 0);
    if let [b'.' | b',', fraction @ ..] = rest {
        (digits, rest) = take_digits(whole, fraction);
        decimals = fraction.len() - rest.len();
    }
    // 18 digits and a point always fit.
    if start.len() - rest.len() > 19 || !ends_cell(rest) {
        return None;
    }
    let cell = Cell { digits: i64::try_from(digits).ok()?, decimals: u8::try_from(decimals).ok()? };
    Some((cell, rest))
}

/// The first eight bytes as a number, the first byte lowest; zeros where there are fewer.
#[inline(always)]
fn eight(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[inline(always)]
fn skip_blanks(mut rest: &[u8]) -> &[u8] {
    loop {
        let blanks = (eight(rest) ^ 0x2020_2020_2020_2020).trailing_zeros() as usize / 8;
        rest = rest.get(blanks..).unwrap_or_default();
        match rest {
            [b'\t', tail @ ..] => rest = tail,
            [b' ', ..] => {}
            _ => return rest,
        }
    }
}

/// Reads digits on behind `value`, eight at a time. Wraps around on more than fit.
#[inline(always)]
fn take_digits(mut value: u64, mut rest: &[u8]) -> (u64, &[u8]) {
    const POWERS: [u64; 9] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    loop {
        let (digits, others) = digit_bytes(eight(rest));
        let count = others.trailing_zeros() / 8;
        if count == 0 {
            return (value, rest);
        }
        // Leading zeros where there are fewer than eight.
        let eights = join_digits(digits << (64 - 8 * count));
        let scale = POWERS.get(count as usize).copied().unwrap_or_default();
        value = value.wrapping_mul(scale).wrapping_add(eights);
        rest = rest.get(count as usize..).unwrap_or_default();
        if count < 8 {
            return (value, rest);
        }
    }
}

/// Of eight characters, the first one lowest: digits as bytes of 0 to 9, and all bits of every byte that is none.
#[inline(always)]
pub fn digit_bytes(characters: u64) -> (u64, u64) {
    let digits = characters ^ 0x3030_3030_3030_3030;
    // Adding 0x76 sets the high bit of all but 0 to 9.
    let high = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    (digits, high | (high - (high >> 7)))
}

/// The number of eight digits of 0 to 9, the first one in the lowest byte: neighbours joined to pairs, pairs to fours, fours to
/// eight.
#[inline(always)]
pub fn join_digits(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff
}

#[inline]
fn ends_cell(rest: &[u8]) -> bool {
    matches!(rest, [] | [b' ' | b'\t', ..])
}

/// Reads cells until the end of the line, or until `limit` cells are read, or up to the first word that is no number.
pub fn read_cells(line: &str, limit: usize) -> Row {
    let mut row = Row { cells: Vec::with_capacity(limit.min(MAX_CELLS)), text_from: None };
    let mut rest = line.as_bytes();
    while row.cells.len() < limit.min(MAX_CELLS) {
        let Some((cell, tail)) = next_cell(rest) else { break };
        row.cells.push(cell);
        rest = tail;
    }
    let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if blank < rest.len() {
        row.text_from = Some(line.len() - rest.len() + blank);
    }
    row
}

/// One word as a cell. `NaN`, `?` and U+FFFD are what `jstat` prints for 0/0: absent.
pub fn read_word(word: &str) -> Option<Cell> {
    if matches!(word, "-" | "NaN" | "?" | "\u{fffd}") || (!word.is_empty() && word.chars().all(|c| c == '\u{fffd}')) {
        return Some(Cell { digits: ABSENT, decimals: 0 });
    }
    let row = read_cells(word, 1);
    match (row.cells.as_slice(), row.text_from) {
        ([cell], None) => Some(*cell),
        _ => None,
    }
}

/// Cells that a damaged copy glued together: `1048576.01048576.0` is split behind the digits that the first column
/// prints after its point. `None` if the word is not of that shape.
pub fn split_glued(word: &str, decimals: impl Fn(usize) -> u8) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut rest = word;
    while rest.bytes().filter(|byte| *byte == b'.').count() > 1 {
        let point = rest.find('.')?;
        let end = point.checked_add(1)?.checked_add(usize::from(decimals(parts.len())))?;
        let (part, tail) = rest.split_at_checked(end)?;
        parts.push(part);
        rest = tail;
    }
    parts.push(rest);
    (parts.len() > 1).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_to_its_end_or_to_the_first_word() {
        let row = read_cells("  0.0 1024.0   958 - 5,534 ", 32);
        let cells: Vec<(i64, u8)> = row.cells.iter().map(|cell| (cell.digits, cell.decimals)).collect();
        assert_eq!(cells, [(0, 1), (10_240, 1), (958, 0), (ABSENT, 0), (5534, 3)]);
        assert_eq!(row.text_from, None);
        let row = read_cells("1 2.5 No GC", 32);
        assert_eq!((row.cells.len(), row.text_from), (2, Some(6)));
        assert_eq!(read_cells("1.0.0 2", 32).text_from, Some(0));
        assert_eq!(read_cells("99999999999999999999", 32).cells.len(), 0);
        assert_eq!(read_cells("3 4 5 java/util/Map get", 3).text_from, Some(6));
    }

    #[test]
    fn numbers_of_every_length_are_read_anywhere_in_a_line() {
        for blanks in 0..20 {
            for whole in 1..=18_usize {
                for decimals in 0..=3 {
                    let digits: String = "987654321012345678901".chars().take(whole + decimals).collect();
                    let (before, behind) = digits.split_at(whole);
                    let point = if decimals == 0 { "" } else { "." };
                    let line = format!("{}{before}{point}{behind} 7", " ".repeat(blanks));
                    let read = next_cell(line.as_bytes());
                    if whole + decimals > 18 {
                        assert!(
                            decimals == 0 || read.is_none_or(|(cell, _)| cell.digits.to_string() == digits),
                            "{line}"
                        );
                        continue;
                    }
                    let (cell, rest) = read.expect("a number");
                    assert_eq!((cell.digits.to_string(), usize::from(cell.decimals)), (digits, decimals), "{line}");
                    assert_eq!(rest, b" 7", "{line}");
                }
            }
        }
        assert_eq!(next_cell(b"\t \t12").map(|(cell, rest)| (cell.digits, rest.len())), Some((12, 0)));
        for word in ["12a", "1/2", "1:2", "é", "12é", "1.2.3", "", "   "] {
            assert_eq!(next_cell(word.as_bytes()), None, "{word}");
        }
    }

    #[test]
    fn glued_cells_are_split_by_the_columns_decimals() {
        assert_eq!(split_glued("1048576.01048576.0", |_| 1), Some(vec!["1048576.0", "1048576.0"]));
        assert_eq!(split_glued("1048576.0", |_| 1), None);
    }
}
