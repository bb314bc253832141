//! Rows whose cells stand where those of the row before stood, as `jstat` aligns them, and mostly are the same.
//!
//! Where a cell ends is known before those left of it are read, so no cell waits for another one; and a cell with the bytes
//! of the one above it has its value.

use super::row::{Cell, digit_bytes, join_digits, next_cell};
use crate::model::jstat::ABSENT;

/// Bytes that are looked at for one cell: those up to its end.
const WINDOW: usize = 16;
const BLANKS: u64 = 0x2020_2020_2020_2020;

/// Reads row after row of one table.
#[derive(Debug)]
pub struct AlignedRows {
    above: Vec<Above>,
}

impl AlignedRows {
    /// For tables of so many columns.
    pub fn new(columns: usize) -> AlignedRows {
        AlignedRows { above: vec![Above::new(&[], 0, 0, Cell { digits: ABSENT, decimals: 0 }); columns] }
    }

    /// The cells of a row that holds a number or `-` for each column and nothing else.
    #[inline]
    pub fn read(&mut self, row: &str) -> Option<impl Iterator<Item = Cell> + Clone> {
        let row = row.as_bytes();
        let mut start = 0;
        for above in &mut self.above {
            let mut end = start + above.len;
            if !above.read_below(row, end) {
                let (cell, rest) = next_cell(row.get(start..)?)?;
                end = row.len() - rest.len();
                *above = Above::new(row, start, end, cell);
            }
            start = end;
        }
        let blank = row.get(start..)?.iter().all(|byte| matches!(byte, b' ' | b'\t'));
        blank.then(|| self.above.iter().map(|above| above.cell))
    }
}

/// A cell of the row before.
#[derive(Clone, Copy, Debug)]
struct Above {
    cell: Cell,
    /// Bytes of the blanks before it and of its text.
    len: usize,
    /// The bytes up to its end, the last one highest.
    window: u128,
    /// Which of them are its own.
    own: u128,
    number: Option<Number>,
}

impl Above {
    fn new(row: &[u8], start: usize, end: usize, cell: Cell) -> Above {
        let len = end - start;
        match window(row, end).zip(WINDOW.checked_sub(len)) {
            Some((window, others)) if len > 0 => {
                Above { cell, len, window, own: u128::MAX << (8 * others), number: Number::new(len, cell) }
            }
            // Equal to no text: UTF-8 has no such bytes.
            _ => Above { cell, len, window: u128::MAX, own: u128::MAX, number: None },
        }
    }

    /// Becomes the cell below, up to `end`. `false` without a trace if that one is printed otherwise.
    #[inline(always)]
    fn read_below(&mut self, row: &[u8], end: usize) -> bool {
        let Some(window) = window(row, end) else { return false };
        if !matches!(row.get(end), None | Some(b' ')) {
            return false;
        }
        if (window ^ self.window) & self.own == 0 {
            return true;
        }
        let Some(digits) = self.number.as_ref().and_then(|number| number.read(window)) else { return false };
        self.cell.digits = digits;
        self.window = window;
        true
    }
}

/// The bytes up to `end`, the last one highest; zeros where the row begins later.
#[inline(always)]
fn window(row: &[u8], end: usize) -> Option<u128> {
    let chunk = |from: usize| row.get(from..)?.first_chunk().map(|chunk| u128::from_le_bytes(*chunk));
    match end.checked_sub(WINDOW) {
        Some(from) => chunk(from),
        None => chunk(0)?.checked_shl(8 * (WINDOW - end) as u32),
    }
}

/// How a number is printed, as masks for the last eight bytes of the window.
#[derive(Clone, Copy, Debug)]
struct Number {
    /// Where the point stands.
    point: u64,
    /// Where the digits behind it stand.
    fraction: u64,
    /// Where digits have to stand when the point is taken out.
    least: u64,
    /// Where characters of the cell stand when the point is taken out, and for the eight bytes before them.
    own: u64,
    own_before: u64,
}

impl Number {
    fn new(len: usize, cell: Cell) -> Option<Number> {
        let decimals = u32::from(cell.decimals);
        if cell.digits == ABSENT || decimals > 6 {
            return None;
        }
        let last = |bytes: u32| u64::MAX.checked_shl(64 - 8 * bytes).unwrap_or(0);
        let point = usize::from(decimals > 0);
        let own = u128::MAX.checked_shl(8 * (WINDOW + point).checked_sub(len)? as u32)?;
        Some(Number {
            point: if decimals == 0 { 0 } else { last(decimals + 1) & !last(decimals) },
            fraction: if decimals == 0 { u64::MAX } else { last(decimals) },
            least: last(decimals + 1),
            own: (own >> 64) as u64,
            own_before: own as u64,
        })
    }

    /// The digits of a number that is printed so, with a point.
    #[inline(always)]
    fn read(&self, window: u128) -> Option<i64> {
        const POINTS: u64 = 0x2e2e_2e2e_2e2e_2e2e;
        let last = (window >> 64) as u64;
        if (last ^ POINTS) & self.point != 0 {
            return None;
        }
        let before = if self.point == 0 { window as u64 } else { (window << 8) as u64 };
        let characters = last & self.fraction | (window >> 56) as u64 & !self.fraction;
        let low = digits_at_the_end(characters, self.own, self.least)?;
        if (before ^ BLANKS) & self.own_before == 0 {
            return i64::try_from(low).ok();
        }
        // More than eight digits.
        digits_at_the_end(characters, self.own, u64::MAX)?;
        let high = digits_at_the_end(before, self.own_before, 0xff << 56)?;
        i64::try_from(high * 100_000_000 + low).ok()
    }
}

/// The number that stands at the end of those of eight characters that are the cell's `own`, behind blanks. `None` if anything
/// else stands there, or something else than digits at all of `least`.
#[inline(always)]
fn digits_at_the_end(characters: u64, own: u64, least: u64) -> Option<u64> {
    let (digits, others) = digit_bytes(characters);
    let others = others | !own;
    // Others may only stand before digits, that is, in lower bytes.
    let misplaced = others & (others.wrapping_add(1) | least) | (characters ^ BLANKS) & own & others;
    (misplaced == 0).then(|| join_digits(digits & !others))
}

#[cfg(test)]
mod tests {
    use super::super::row::read_cells;
    use super::*;

    const COLUMNS: usize = 5;

    fn same_as_cell_by_cell(rows: &mut AlignedRows, row: &str) {
        let plain = read_cells(row, COLUMNS);
        let cells = (plain.cells.len() == COLUMNS && plain.text_from.is_none()).then_some(plain.cells);
        assert_eq!(rows.read(row).map(Iterator::collect::<Vec<_>>), cells, "{row:?}");
    }

    #[test]
    fn rows_are_read_as_they_are_cell_by_cell() {
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let mut rows = AlignedRows::new(COLUMNS);
        let mut values = [0_u64; COLUMNS];
        for _ in 0..20_000 {
            let mut row = String::new();
            for (column, value) in values.iter_mut().enumerate() {
                if random(3) == 0 {
                    let digits = random(13) as u32 + 1;
                    *value = random(10_u64.pow(digits));
                }
                let decimals = if random(40) == 0 { random(9) as u32 } else { column as u32 % 4 };
                let power = 10_u64.pow(decimals);
                let (whole, fraction) = (*value / power, *value % power);
                let point = if random(60) == 0 { "," } else { "." };
                let cell = match decimals {
                    _ if random(30) == 0 => "-".to_owned(),
                    0 => whole.to_string(),
                    decimals => format!("{whole}{point}{fraction:0>width$}", width = decimals as usize),
                };
                row.push_str(&format!("{}{cell:>11}", if random(60) == 0 { "\t" } else { " " }));
            }
            if random(4) == 0 {
                let damage = ["x", ".", " ", "", "7", "é", "-", "\0", "!", "/", ":"];
                let at = random(row.len() as u64) as usize;
                let with = damage.get(random(damage.len() as u64) as usize).copied().unwrap_or_default();
                row.replace_range(at..at + random(2) as usize, with);
            }
            same_as_cell_by_cell(&mut rows, &row);
        }
    }

    #[test]
    fn short_rows_are_read_too() {
        let mut rows = AlignedRows::new(COLUMNS);
        for row in [
            "1 2 3 4 5",
            "1 2 3 4 5",
            "1 2 3 4 6 ",
            "1 2 3 4",
            "",
            "1 2 3 4 5 6",
            "10 20 30 40 50.0",
            "10 20 30 40 50.5",
        ] {
            same_as_cell_by_cell(&mut rows, row);
        }
    }
}
