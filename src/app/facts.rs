//! What the tables show, computed from the report: counts for the chip, rows that repeat, figures as they were printed.

use crate::i18n::number;
use crate::model::jstat::{Cells, Column, JstatTable};
use crate::model::kind::HostKind;
use crate::report::Report;
use crate::units::{Bytes, Micros, SignedBytes};

/// What was recognised, for the chip: the catalogue key of the kind, how many, and the id of the section that shows it.
pub fn recognised(report: &Report) -> Vec<(&'static str, u64, &'static str)> {
    let count = |items: usize| items as u64;
    let errors = report.java_errors.iter().fold(0, |sum: u64, error| sum.saturating_add(error.count.max(1)));
    [
        ("page.chip.kills", count(report.oom_kills.len()), "kills"),
        ("page.chip.errors", errors, "errors"),
        ("page.chip.events", count(report.events.len()), "events"),
        ("page.chip.nmt", count(report.nmt.len()), "nmt"),
        ("page.chip.jstat", count(report.jstat.len()), "jstat"),
        ("page.chip.gc-logs", count(report.gc_logs.len()), "gc-log"),
        // What only words state was not read from the machine.
        ("page.chip.host", count(report.host.iter().filter(|host| host.kind != HostKind::Stated).count()), "host"),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .collect()
}

/// Rows that follow each other and say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SameRows {
    /// First row, 0-based.
    pub first: usize,
    /// Number of rows.
    pub count: usize,
}

impl SameRows {
    /// Last row.
    pub fn last(&self) -> usize {
        self.first.saturating_add(self.count).saturating_sub(1)
    }
}

/// Groups rows that are identical but for their timestamp.
pub fn same_rows(table: &JstatTable) -> Vec<SameRows> {
    let columns: Vec<&Column> = table.data.0.iter().filter(|column| column.name != "Timestamp").collect();
    let mut groups: Vec<SameRows> = Vec::new();
    for row in 0..table.rows {
        let restarted = table.restarts.binary_search(&row).is_ok();
        match groups.last_mut() {
            Some(group) if !restarted && columns.iter().all(|column| same_cell(column, group.first, row)) => {
                group.count += 1;
            }
            _ => groups.push(SameRows { first: row, count: 1 }),
        }
    }
    groups
}

fn same_cell(column: &Column, a: usize, b: usize) -> bool {
    match &column.cells {
        Cells::Fixed { values, .. } => values.get(a) == values.get(b),
        Cells::Text { values, .. } => values.get(a) == values.get(b),
    }
}

/// A cell with the digits that were printed, grouped. `None` if it is absent.
pub fn cell(column: &Column, row: usize) -> Option<String> {
    match &column.cells {
        Cells::Text { .. } => column.text(row).map(str::to_owned),
        Cells::Fixed { decimals, .. } => column.fixed(row).map(|value| decimal(value, *decimals)),
    }
}

/// `892810` with one decimal is `89,281.0`.
pub fn decimal(value: i64, decimals: u8) -> String {
    let sign = if value < 0 { "−" } else { "" };
    let scale = 10u64.checked_pow(u32::from(decimals)).unwrap_or(u64::MAX);
    let magnitude = value.unsigned_abs();
    let whole = number(magnitude / scale);
    if decimals == 0 {
        return format!("{sign}{whole}");
    }
    let rest = magnitude % scale;
    format!("{sign}{whole}.{rest:0width$}", width = usize::from(decimals))
}

/// How often something was done and how long it took in all, by the last row that tells both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collections {
    /// `young`, `full` or `concurrent`; ends a catalogue key.
    pub kind: &'static str,
    /// How many.
    pub count: u64,
    /// In all.
    pub time: Option<Micros>,
    /// Row that says so, 0-based.
    pub row: usize,
}

impl Collections {
    /// Mean duration, in whole milliseconds from 10 ms on. `None` without a time or without collections.
    pub fn each(&self) -> Option<Micros> {
        let count = i64::try_from(self.count).ok().filter(|count| *count > 0)?;
        let micros = self.time?.0.checked_add(count / 2)? / count;
        Some(Micros(if micros >= 10_000 { (micros + 500) / 1000 * 1000 } else { micros }))
    }
}

/// The counters of a table at its end, by kind. Counters start with the JVM, not with the table.
pub fn collections(table: &JstatTable) -> Vec<Collections> {
    [("young", "YGC", "YGCT"), ("full", "FGC", "FGCT"), ("concurrent", "CGC", "CGCT")]
        .into_iter()
        .filter_map(|(kind, counts, times)| {
            let counts = table.column(counts)?;
            let row = (0..counts.len()).rev().find(|row| counts.fixed(*row).is_some())?;
            let count = u64::try_from(counts.fixed(row)?).ok()?;
            let time = table.column(times).and_then(|times| micros(times, row));
            Some(Collections { kind, count, time, row })
        })
        .collect()
}

/// A cell in seconds as microseconds.
fn micros(column: &Column, row: usize) -> Option<Micros> {
    let Cells::Fixed { decimals, .. } = column.cells else { return None };
    let missing = 6u32.checked_sub(u32::from(decimals))?;
    column.fixed(row)?.checked_mul(10i64.checked_pow(missing)?).map(Micros)
}

/// A size in the unit in which it was printed: `448,079 KB`. `None` if it is not whole in that unit.
pub fn printed(bytes: Bytes, scale: Bytes) -> Option<String> {
    let unit = unit(scale)?;
    bytes.0.is_multiple_of(scale.0).then(|| format!("{} {unit}", number(bytes.0 / scale.0)))
}

/// A difference in the unit in which it was printed: `+79 KB`.
pub fn printed_difference(bytes: SignedBytes, scale: Bytes) -> Option<String> {
    let sign = if bytes.0 < 0 { "−" } else { "+" };
    Some(format!("{sign}{}", printed(Bytes(bytes.0.unsigned_abs()), scale)?))
}

fn unit(scale: Bytes) -> Option<&'static str> {
    match scale.0 {
        1 => Some("B"),
        1024 => Some("KB"),
        0x10_0000 => Some("MB"),
        0x4000_0000 => Some("GB"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    fn table(rows: &[&str]) -> JstatTable {
        let header = "  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT";
        let text = format!("$ jstat -gcutil 7 1s\n{header}\n{}\n", rows.join("\n"));
        analysis_of(&text).report.jstat.remove(0)
    }

    const IDLE: &str = "  0.00  12.50  40.00  80.00  97.00  95.00    958    5.534   140   18.955   24.489";
    const BUSY: &str = "  0.00  12.50  41.00  80.00  97.00  95.00    958    5.534   140   18.955   24.489";

    #[test]
    fn rows_that_say_the_same_are_one_row_with_a_count() {
        let groups = same_rows(&table(&[IDLE, IDLE, BUSY, IDLE]));
        assert_eq!(groups.iter().map(|group| (group.first, group.count)).collect::<Vec<_>>(), [(0, 2), (2, 1), (3, 1)]);
        assert_eq!(groups[0].last(), 1);
    }

    #[test]
    fn counters_are_told_with_their_mean() {
        let collections = collections(&table(&[IDLE]));
        let full = collections.iter().find(|collections| collections.kind == "full").expect("full collections");
        assert_eq!((full.count, full.time, full.each()), (140, Some(Micros(18_955_000)), Some(Micros(135_000))));
        let young = collections.iter().find(|collections| collections.kind == "young").expect("young collections");
        assert_eq!(young.each(), Some(Micros(5777)));
    }

    #[test]
    fn there_is_no_mean_of_nothing() {
        let none = Collections { kind: "full", count: 0, time: Some(Micros(0)), row: 0 };
        assert_eq!(none.each(), None);
        assert_eq!(Collections { count: 3, time: None, ..none }.each(), None);
    }

    #[test]
    fn numbers_keep_the_digits_that_were_printed() {
        assert_eq!(decimal(892_810, 1), "89,281.0");
        assert_eq!(decimal(5534, 3), "5.534");
        assert_eq!(decimal(-5, 1), "−0.5");
        assert_eq!(decimal(958, 0), "958");
        assert_eq!(decimal(i64::MIN, 19), "−0.9223372036854775808");
        assert_eq!(decimal(1, 255).len(), 257);
    }

    #[test]
    fn sizes_are_shown_in_the_unit_of_the_text() {
        assert_eq!(printed(Bytes(448_079 * 1024), Bytes(1024)).as_deref(), Some("448,079 KB"));
        assert_eq!(printed(Bytes(1000), Bytes(1024)), None);
        assert_eq!(printed(Bytes(1000), Bytes(0)), None);
        assert_eq!(printed_difference(SignedBytes(-3072), Bytes(1024)).as_deref(), Some("−3 KB"));
    }

    #[test]
    fn the_chip_names_only_what_is_there() {
        assert_eq!(recognised(&Report::default()), []);
    }
}
