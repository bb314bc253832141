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
    cells: [Cell; MAX_CELLS],
    len: usize,
    /// Byte offset at which text begins, if the line is not numbers to its end.
    pub text_from: Option<usize>,
}

impl Row {
    /// The cells.
    pub fn cells(&self) -> &[Cell] {
        self.cells.get(..self.len).unwrap_or_default()
    }
}

/// Reads cells until the end of the line, or until `limit` cells are read, or up to the first word that is no number.
/// A word with two decimal points, or one too long for 64 bits, ends the numbers too.
pub fn read_cells(line: &str, limit: usize) -> Row {
    const EMPTY: Cell = Cell { digits: 0, decimals: 0 };
    let mut row = Row { cells: [EMPTY; MAX_CELLS], len: 0, text_from: None };
    let limit = limit.min(MAX_CELLS);
    let mut value: i64 = 0;
    let mut count: u8 = 0;
    let mut decimals: u8 = 0;
    let mut point = false;
    let mut dash = false;
    let mut start: Option<usize> = None;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'0'..=b'9' if !dash => {
                if start.is_none() {
                    if row.len == limit {
                        row.text_from = Some(at);
                        return row;
                    }
                    start = Some(at);
                }
                value = value.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
                count += 1;
                decimals += u8::from(point);
                if count > 18 {
                    row.text_from = start;
                    return row;
                }
            }
            b' ' | b'\t' => {
                if start.is_some() {
                    if !push(&mut row, value, count, decimals, dash) {
                        row.text_from = start;
                        return row;
                    }
                    (value, count, decimals, point, dash, start) = (0, 0, 0, false, false, None);
                }
            }
            b'.' | b',' if count > 0 && !point => point = true,
            b'-' if start.is_none() && row.len < limit => {
                start = Some(at);
                dash = true;
            }
            _ => {
                row.text_from = Some(start.unwrap_or(at));
                return row;
            }
        }
    }
    if start.is_some() && !push(&mut row, value, count, decimals, dash) {
        row.text_from = start;
    }
    row
}

#[inline]
fn push(row: &mut Row, value: i64, count: u8, decimals: u8, dash: bool) -> bool {
    if !dash && count == 0 {
        return false;
    }
    let cell = if dash { Cell { digits: ABSENT, decimals: 0 } } else { Cell { digits: value, decimals } };
    match row.cells.get_mut(row.len) {
        Some(slot) => {
            *slot = cell;
            row.len += 1;
            true
        }
        None => false,
    }
}

/// One word as a cell. `NaN`, `?` and U+FFFD are what `jstat` prints for 0/0: absent.
pub fn read_word(word: &str) -> Option<Cell> {
    if matches!(word, "-" | "NaN" | "?" | "\u{fffd}") || (!word.is_empty() && word.chars().all(|c| c == '\u{fffd}')) {
        return Some(Cell { digits: ABSENT, decimals: 0 });
    }
    let row = read_cells(word, 1);
    match (row.cells(), row.text_from) {
        ([cell], None) => Some(*cell),
        _ => None,
    }
}

/// Cells that a damaged copy glued together: `1048576.01048576.0` is split behind the digits that the first column
/// prints after its point. `None` if the word is not of that shape.
pub fn split_glued<'a>(word: &'a str, decimals: impl Fn(usize) -> u8) -> Option<Vec<&'a str>> {
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
        let cells: Vec<(i64, u8)> = row.cells().iter().map(|cell| (cell.digits, cell.decimals)).collect();
        assert_eq!(cells, [(0, 1), (10_240, 1), (958, 0), (ABSENT, 0), (5534, 3)]);
        assert_eq!(row.text_from, None);
        let row = read_cells("1 2.5 No GC", 32);
        assert_eq!((row.cells().len(), row.text_from), (2, Some(6)));
        assert_eq!(read_cells("1.0.0 2", 32).text_from, Some(0));
        assert_eq!(read_cells("99999999999999999999", 32).cells().len(), 0);
        assert_eq!(read_cells("3 4 5 java/util/Map get", 3).text_from, Some(6));
    }

    #[test]
    fn glued_cells_are_split_by_the_columns_decimals() {
        assert_eq!(split_glued("1048576.01048576.0", |_| 1), Some(vec!["1048576.0", "1048576.0"]));
        assert_eq!(split_glued("1048576.0", |_| 1), None);
    }
}
