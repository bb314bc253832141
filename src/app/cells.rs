//! Which cells of a `jstat` row a number was read from: one that says the same, or several that make it, by the arithmetic that
//! the report uses.

use std::ops::Range;

use crate::analysis::statement::Quantity;
use crate::i18n::{self, Language, format};
use crate::model::jstat::{Column, JstatTable};
use crate::order::InOrder as _;
use crate::report::Report;
use crate::source::Span;
use crate::units::{Bytes, Micros};

/// Cells of a row, and what they say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Their columns, of all of the table.
    pub columns: Vec<usize>,
    /// How many columns the table has.
    pub of: usize,
    /// `FGC = 220`, `FGCT ÷ FGC = 21.972 ÷ 220 = 100 ms`.
    pub formula: String,
    /// What the column of a single cell counts, as a key of the catalogues.
    pub meaning: Option<String>,
}

/// Cells that make one size, in the unit of the columns.
const SUMS: [&[&str]; 3] = [&["S0U", "S1U", "EU", "OU"], &["S0C", "S1C", "EC", "OC"], &["S0C", "S1C", "EC"]];
/// A time, and what it is divided by.
const RATIOS: [(&str, &str); 6] =
    [("FGCT", "FGC"), ("YGCT", "YGC"), ("CGCT", "CGC"), ("FGCT", "GCT"), ("YGCT", "GCT"), ("CGCT", "GCT")];

/// The cells of the line at `span` that say `said`, in that language. `None` where the line is no row, or none of it is that number.
pub fn of(report: &Report, span: Span, said: &str, language: Language) -> Option<Cells> {
    let (table, row) = report.jstat.iter().filter(|table| table.source == span.source).find_map(|table| {
        let row = table.lines.iter().position(|line| *line == span.line)?;
        Some((table, row))
    })?;
    let row = Row { table, row, language };
    let said = said.trim();
    row.single(said).or_else(|| row.sum(said)).or_else(|| row.ratio(said))
}

struct Row<'a> {
    table: &'a JstatTable,
    row: usize,
    language: Language,
}

impl Row<'_> {
    fn named(&self, name: &str) -> Option<(usize, &Column, f64)> {
        let at = self.table.columns.iter().position(|column| *column == *name)?;
        let column = self.table.column(name)?;
        Some((at, column, column.value(self.row)?))
    }

    fn printed(&self, column: &Column) -> String {
        let decimals = column.scale().log10().round() as usize;
        column.value(self.row).map(|value| format::decimal(value, decimals)).unwrap_or_default()
    }

    /// All that the report may make of a cell.
    fn readings(&self, column: &Column) -> Vec<String> {
        let Some(value) = column.value(self.row) else { return Vec::new() };
        let name: &str = &column.name;
        let mut readings = vec![self.printed(column)];
        if name.ends_with('T') {
            readings.extend(self.times(value));
        } else if matches!(name.as_bytes().last(), Some(b'C' | b'U' | b'N' | b'X')) && !name.ends_with("GC") {
            readings.push(format::size(kib(value)));
        }
        readings.push(i18n::number(value.max(0.0) as u64));
        readings
    }

    fn times(&self, seconds: f64) -> [String; 2] {
        let micros = Micros((seconds * 1e6).round() as i64);
        [Quantity::Duration(micros).text(self.language), format::duration(self.language, micros)]
    }

    fn cells(&self, columns: Vec<usize>, formula: String, meaning: Option<String>) -> Cells {
        Cells { columns, of: self.table.columns.len(), formula, meaning }
    }

    fn single(&self, said: &str) -> Option<Cells> {
        let columns = self.table.columns.iter().enumerate();
        let columns = columns.filter_map(|(at, name)| Some((at, self.table.column(name)?)));
        let mut same = columns.filter(|(_, column)| self.readings(column).iter().any(|reading| reading == said));
        let (at, column) = same.next()?;
        // Two cells that say the same: nobody knows which was meant.
        if same.next().is_some() {
            return None;
        }
        let meaning = format!("jstat-column.{}", &*column.name);
        let formula = format!("{} = {}", &*column.name, self.printed(column));
        Some(self.cells(vec![at], formula, i18n::knows(&meaning).then_some(meaning)))
    }

    fn sum(&self, said: &str) -> Option<Cells> {
        SUMS.into_iter().find_map(|names| {
            let parts: Option<Vec<_>> = names.iter().map(|name| self.named(name)).collect();
            let parts = parts?;
            let sum = format::size(kib(parts.iter().map(|(.., value)| value).sum()));
            let printed: Vec<String> = parts.iter().map(|(_, column, _)| self.printed(column)).collect();
            let formula = format!("{} = {} = {sum}", names.join(" + "), printed.join(" + "));
            (sum == said).then(|| self.cells(parts.iter().map(|(at, ..)| *at).collect(), formula, None))
        })
    }

    fn ratio(&self, said: &str) -> Option<Cells> {
        RATIOS.into_iter().find_map(|(over, under)| {
            let ((a, part, time), (b, whole, count)) = (self.named(over)?, self.named(under)?);
            if count <= 0.0 {
                return None;
            }
            let ratio = time / count;
            let is_share = under == "GCT";
            let same = if is_share {
                format::percent(self.language, ratio) == said
            } else {
                self.times(ratio).iter().any(|text| text == said)
            };
            let formula = format!("{over} ÷ {under} = {} ÷ {} = {said}", self.printed(part), self.printed(whole));
            same.then(|| self.cells(vec![a, b], formula, None))
        })
    }
}

fn kib(value: f64) -> Bytes {
    Bytes((value.max(0.0) * 1024.0).round() as u64)
}

impl Cells {
    /// Where the cells stand in their line, whatever stands before the row. `None` where the line has fewer words than columns.
    pub fn places(&self, line: &str) -> Option<Vec<Range<usize>>> {
        let mut words: Vec<Range<usize>> = Vec::new();
        let mut start = None;
        for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
            match (start, c.is_whitespace()) {
                (None, false) => start = Some(at),
                (Some(from), true) => {
                    words.push(from..at);
                    start = None;
                }
                _ => {}
            }
        }
        let before = words.len().checked_sub(self.of)?;
        let mut columns = self.columns.clone();
        columns.order();
        columns.into_iter().map(|column| words.get(before + column).cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    const DRAFT: &str = include_str!("../../tests/corpus/mixed/draft-post/input.log");

    fn cells(said: &str, language: Language) -> Option<Cells> {
        let report = analysis_of(DRAFT).report;
        of(&report, Span { source: 0, line: 201, start: 0, end: 0 }, said, language)
    }

    fn formula(said: &str) -> String {
        cells(said, Language::En).map(|cells| cells.formula).unwrap_or_default()
    }

    #[test]
    fn a_number_names_its_cell_or_how_cells_make_it() {
        assert_eq!(formula("220"), "FGC = 220");
        assert_eq!(formula("22 s"), "FGCT = 21.972");
        assert_eq!(formula("49.9 MiB"), "OU = 51,078.3");
        assert_eq!(formula("100 ms"), "FGCT ÷ FGC = 21.972 ÷ 220 = 100 ms");
        assert_eq!(formula("62.2%"), "FGCT ÷ GCT = 21.972 ÷ 35.308 = 62.2%");
        assert_eq!(formula("76.9 MiB"), "S0U + S1U + EU + OU = 0.0 + 7,168.0 + 20,480.0 + 51,078.3 = 76.9 MiB");
        // Two cells say this, and no cell that.
        assert_eq!((formula("7,168.0"), formula("17978")), (String::new(), String::new()));
    }

    #[test]
    fn a_cell_is_found_behind_what_stands_before_the_row() {
        let line = DRAFT.lines().nth(200).expect("a row");
        let cells = cells("220", Language::Ko).expect("a cell");
        assert_eq!(cells.meaning.as_deref(), Some("jstat-column.FGC"));
        for prefix in ["", "2026-11-30T06:00:00Z  "] {
            let line = format!("{prefix}{line}");
            let places = cells.places(&line).expect("a row");
            assert_eq!(places.iter().filter_map(|place| line.get(place.clone())).collect::<Vec<_>>(), ["220"]);
        }
        assert_eq!(cells.places("cut 220"), None);
    }
}
