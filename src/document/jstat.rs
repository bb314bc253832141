//! `jstat` tables: rows that say the same are one row with its count.

use super::tables::{Column, Made, Row};
use super::{Cell, Form, Part, Teller, line_span};
use crate::i18n::{self, number};
use crate::model::jstat::{Cells, Column as Printed, JstatTable};
use crate::units::Micros;

impl Teller<'_> {
    /// Which option, of whom, and how often.
    pub fn jstat_caption(&self, table: &JstatTable) -> Cell {
        let mut caption = vec![Part::of(format!("jstat -{}", table.option))];
        caption.push(self.place(table.source, table.first_line, table.last_line));
        caption.extend(self.whose(table.pid));
        if self.form == Form::Text {
            let every = |interval| self.words.fill("text.every", &[("interval", &self.duration(interval))]).into();
            caption.extend(table.interval.map(every));
        }
        caption.extend(table.collector.clone().map(Part::of));
        caption
    }

    /// How many samples, how far apart, and what it means that they are all the same.
    pub fn jstat_samples(&self, table: &JstatTable) -> String {
        let count = number(table.rows as u64);
        let first = match table.interval {
            Some(interval) => {
                let interval = self.duration(interval);
                self.words.fill("page.jstat.samples-every", &[("n", &count), ("interval", &interval)])
            }
            None => self.words.fill("page.jstat.samples", &[("n", &count)]),
        };
        let stands =
            |column: &Printed| column.name == "Timestamp" || (1..table.rows).all(|row| is_same(column, 0, row));
        let is_idle = table.rows > 1 && table.restarts.is_empty() && table.data.0.iter().all(stands);
        let more = [(is_idle, "page.jstat.identical"), (table.columns_inferred, "page.jstat.columns-inferred")];
        let more = more.into_iter().filter(|(is, _)| *is).map(|(_, key)| self.word(key));
        std::iter::once(first).chain(more).collect::<Vec<_>>().join(" ")
    }

    /// The counters of the table at its end, each in a sentence whose numbers lead to the row.
    pub fn jstat_sums(&self, table: &JstatTable) -> Vec<Cell> {
        let sums = sums(table).into_iter().filter(|sum| sum.count > 0);
        sums.map(|sum| {
            let at = table.lines.get(sum.row).and_then(|line| line_span(table.source, *line));
            let kind = self.word(match sum.counter {
                "YGC" => "page.jstat.young",
                // Two collectors count pauses of their cycles there.
                "FGC" => match table.collector.as_deref() {
                    Some("CMS") => "chart.series.cms-full",
                    Some("Shenandoah") => "chart.series.shenandoah-phases",
                    _ => "page.jstat.full",
                },
                _ => "page.jstat.concurrent",
            });
            let count = number(sum.count);
            let times = sum.time.zip(sum.each()).map(|(time, each)| (self.duration(time), self.duration(each)));
            let pieces = match &times {
                Some((time, each)) => {
                    let values = [("kind", &*kind), ("n", &*count), ("time", &**time), ("each", &**each)];
                    i18n::pieces(self.words.0, "page.jstat.sum.each", &values)
                }
                None => i18n::pieces(self.words.0, "page.jstat.sum", &[("kind", &kind), ("n", &count)]),
            };
            let is_number = |name: &Option<String>| name.as_ref().is_some_and(|name| name != "kind");
            let part = |piece: i18n::Piece| Part::of(piece.text).at(at.filter(|_| is_number(&piece.argument)));
            pieces.into_iter().map(part).collect()
        })
        .collect()
    }

    /// What its numbers are.
    pub fn jstat_units(&self, table: &JstatTable) -> String {
        let in_percent = table.option.starts_with("gcutil") || table.option == "gccause";
        self.word(if in_percent { "page.jstat.units-percent" } else { "page.jstat.units" })
    }

    /// First row and number of rows that say the same: on the page whenever they were, in a text to the word.
    fn groups(&self, table: &JstatTable) -> Vec<(usize, usize)> {
        let columns = table.data.0.iter().filter(|column| !self.is_page() || column.name != "Timestamp");
        let columns: Vec<&Printed> = columns.collect();
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for row in 0..table.rows {
            let restarted = self.is_page() && table.restarts.binary_search(&row).is_ok();
            match groups.last_mut() {
                Some((first, count)) if !restarted && columns.iter().all(|column| is_same(column, *first, row)) => {
                    *count += 1;
                }
                _ => groups.push((row, 1)),
            }
        }
        groups
    }

    pub(super) fn samples(&self, at: usize) -> Made {
        let Some(table) = self.report.jstat.get(at) else { return Made::default() };
        let column = |printed: &Printed| {
            let about = format!("jstat-column.{}", &*printed.name);
            let about = i18n::knows(&about).then(|| self.word(&about));
            Column { about, ..Column::of_numbers(printed.name.to_string()) }
        };
        let columns = printed(table).map(column).collect();
        (self.list(&self.jstat_caption(table)), columns, self.groups(table))
    }

    pub(super) fn sample(&self, at: usize, (first, count): (usize, usize)) -> Option<Row> {
        let table = self.report.jstat.get(at)?;
        let last = first.saturating_add(count).saturating_sub(1);
        let line = |row: usize| table.lines.get(row).copied().unwrap_or_default();
        let at = line_span(table.source, line(first));
        let cell = |column: &Printed| {
            let Some(text) = self.digits(column, first) else { return vec![Part::of("-")] };
            let text = match self.digits(column, last) {
                Some(last) if last != text => format!("{text}–{last}"),
                _ => text,
            };
            vec![Part::of(text).at(at)]
        };
        let row = Row::of(printed(table).map(cell).collect()).on(table.source, line(first), line(last));
        Some(Row { same: count, ..row })
    }

    /// A cell: on the page with the digits that were printed, grouped, in a text without zeros at their end. `None` if it is absent.
    fn digits(&self, column: &Printed, row: usize) -> Option<String> {
        match &column.cells {
            Cells::Text { .. } => column.text(row).map(str::to_owned),
            Cells::Fixed { decimals, .. } if self.is_page() => column.fixed(row).map(|value| decimal(value, *decimals)),
            Cells::Fixed { .. } => column.value(row).map(|value| format!("{value}")),
        }
    }
}

/// The columns in the order in which they were printed.
fn printed(table: &JstatTable) -> impl Iterator<Item = &Printed> {
    table.columns.iter().filter_map(|name| table.column(name))
}

fn is_same(column: &Printed, a: usize, b: usize) -> bool {
    match &column.cells {
        Cells::Fixed { values, .. } => values.get(a) == values.get(b),
        Cells::Text { values, .. } => values.get(a) == values.get(b),
    }
}

/// `892810` with one decimal is `89,281.0`.
fn decimal(value: i64, decimals: u8) -> String {
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

/// How often something was done and how long it took in all, by the last row that tells both. Counters start with the JVM, not
/// with the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sum {
    /// The column that counts it.
    counter: &'static str,
    count: u64,
    /// In all.
    time: Option<Micros>,
    /// Row that says so, 0-based.
    row: usize,
}

impl Sum {
    /// Mean duration, in whole milliseconds from 10 ms on. `None` without a time or without collections.
    fn each(&self) -> Option<Micros> {
        let count = i64::try_from(self.count).ok().filter(|count| *count > 0)?;
        let micros = self.time?.0.checked_add(count / 2)? / count;
        Some(Micros(if micros >= 10_000 { (micros + 500) / 1000 * 1000 } else { micros }))
    }
}

fn sums(table: &JstatTable) -> Vec<Sum> {
    let counters = [("YGC", "YGCT"), ("FGC", "FGCT"), ("CGC", "CGCT")];
    let sum = |(counter, times): (&'static str, &str)| {
        let counts = table.column(counter)?;
        let row = (0..counts.len()).rev().find(|row| counts.fixed(*row).is_some())?;
        let count = u64::try_from(counts.fixed(row)?).ok()?;
        let time = table.column(times).and_then(|times| micros(times, row));
        Some(Sum { counter, count, time, row })
    };
    counters.into_iter().filter_map(sum).collect()
}

/// A cell in seconds as microseconds.
fn micros(column: &Printed, row: usize) -> Option<Micros> {
    let Cells::Fixed { decimals, .. } = column.cells else { return None };
    let missing = 6u32.checked_sub(u32::from(decimals))?;
    column.fixed(row)?.checked_mul(10i64.checked_pow(missing)?).map(Micros)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;
    use crate::document::Of;
    use crate::i18n::{Language, Words};
    use crate::report::Report;

    fn report(rows: &[&str]) -> Report {
        let header = "  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT";
        analysis_of(&format!("$ jstat -gcutil 7 1s\n{header}\n{}\n", rows.join("\n"))).report
    }

    const IDLE: &str = "  0.00  12.50  40.00  80.00  97.00  95.00    958    5.534   140   18.955   24.489";
    const BUSY: &str = "  0.00  12.50  41.00  80.00  97.00  95.00    958    5.534   140   18.955   24.489";

    #[test]
    fn rows_that_say_the_same_are_one_row_with_a_count() {
        let report = report(&[IDLE, IDLE, BUSY, IDLE]);
        let teller = Teller { report: &report, words: Words(Language::En), form: Form::Page };
        let table = teller.table(&Of::Samples(0));
        assert_eq!(teller.groups(&report.jstat[0]), [(0, 2), (2, 1), (3, 1)]);
        let row = teller.row(&table, 0);
        assert_eq!((row.same, row.lines, table.columns.len()), (2, Some((0, 3, 4)), row.cells.len()));
        assert_eq!(row.cells[1][0], Part::of("12.50").at(line_span(0, 3)));
    }

    #[test]
    fn counters_are_told_with_their_mean() {
        let sums = sums(&report(&[IDLE]).jstat[0]);
        let full = sums.iter().find(|sum| sum.counter == "FGC").expect("full collections");
        assert_eq!((full.count, full.time, full.each()), (140, Some(Micros(18_955_000)), Some(Micros(135_000))));
        let young = sums.iter().find(|sum| sum.counter == "YGC").expect("young collections");
        assert_eq!(young.each(), Some(Micros(5777)));
    }

    #[test]
    fn there_is_no_mean_of_nothing() {
        let none = Sum { counter: "FGC", count: 0, time: Some(Micros(0)), row: 0 };
        assert_eq!(none.each(), None);
        assert_eq!(Sum { count: 3, time: None, ..none }.each(), None);
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
}
