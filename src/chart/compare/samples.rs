//! What samples and GC logs of two runs tell: what both printed last, their counters, and their pauses.

use super::{Held, Maker, Value};
use crate::chart::timeline::collections::counters;
use crate::i18n::{self, Language, format};
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::report::Report;
use crate::source::Span;
use crate::units::{Bytes, Micros};

/// Times have three decimals: below this total (seconds) a mean would be mostly rounding.
const MIN_TOTAL_FOR_MEAN: f64 = 0.02;

/// What a rate is told per.
#[derive(Clone, Copy, Debug)]
struct Per {
    label: &'static str,
    seconds: f64,
}

impl Per {
    const UNITS: [Per; 2] = [
        Per { label: "chart.compare.per-hour", seconds: 3600.0 },
        Per { label: "chart.compare.per-minute", seconds: 60.0 },
    ];

    /// The largest unit that has passed whole in the shorter of two lives, in seconds, so that no rate speaks of more time
    /// than there was. `None` below a minute: a JVM that starts loads classes and sizes its heap, and how often it
    /// collects then says nothing about how often it will.
    fn of(shorter: f64) -> Option<Per> {
        Per::UNITS.into_iter().find(|per| shorter >= per.seconds)
    }
}

impl<'a> Maker<'a> {
    /// The table of a run that tells most.
    fn table(&self, side: Held<'a>) -> Option<&'a JstatTable> {
        let tables = side.report.jstat.iter().filter(|table| table.run == side.run.id && table.rows > 0);
        // Of equals the first.
        tables.rev().max_by_key(|table| {
            let columns = ["OU", "YGC", "FGC", "MU", "O"];
            columns.into_iter().filter(|name| table.column(name).is_some()).count()
        })
    }

    /// What `jstat` printed last.
    pub(super) fn samples(&mut self) {
        let [first, second] = self.sides.map(|side| self.table(side));
        let (Some(first), Some(second)) = (first, second) else { return };
        let tables = [first, second];
        let collectors = [0, 1].map(|at| {
            let (side, table) = (self.sides.get(at)?, tables.get(at)?);
            side.run.collector.as_deref().or(table.collector.as_deref())
        });
        let same_collector = collectors[0] == collectors[1];
        let whole_heap = matches!(collectors[0], Some("ZGC" | "Shenandoah"));
        let old = if whole_heap && same_collector { "chart.series.heap-used" } else { "chart.series.old" };
        self.sizes(tables, self.word(old), "OU", 1.0);
        self.sizes(tables, self.word("chart.series.old-capacity"), "OC", if whole_heap { 0.0 } else { 0.4 });
        self.young(tables);
        self.sizes(tables, self.word("chart.series.metaspace"), "MU", 0.8);
        self.sizes(tables, self.word("chart.series.class-space"), "CCSU", 0.5);
        if !same_collector {
            self.notes.push(self.word("chart.compare.other-collector"));
            return;
        }
        let lived = tables.map(lifetime);
        let per = match lived {
            [Some(first), Some(second)] => Per::of(first.min(second)),
            _ => None,
        };
        let mut counted = false;
        for (counter, weight) in counters(collectors[0]).into_iter().zip([1.0, 0.6, 0.5]) {
            let counts = tables.map(|table| last(table, counter.count));
            let times = tables.map(|table| last(table, counter.time));
            let [Some(a), Some(b)] = counts else { continue };
            if a.0 == 0.0 && b.0 == 0.0 {
                continue;
            }
            counted = true;
            let label = self.word(counter.label);
            let show = |(count, row): (f64, usize), table: &JstatTable| Value {
                text: i18n::number(count.max(0.0).round() as u64),
                printed: None,
                span: place(table, row),
            };
            // Since the start of each JVM: nobody knows how long each of them ran.
            let change = signed_count(b.0 - a.0);
            self.add(label.clone(), [show(a, first), show(b, second)], change, (a.0, b.0), weight);
            if let (Some(per), [Some(lived_a), Some(lived_b)]) = (per, lived) {
                let label = i18n::fill(self.language, per.label, &[("what", &label)]);
                let rate = |count: f64, lived: f64| count / lived * per.seconds;
                let (ra, rb) = (rate(a.0, lived_a), rate(b.0, lived_b));
                let decimals = if ra.min(rb) < 1.0 { 2 } else { 1 };
                let show = |rate: f64, row: usize, table: &JstatTable| Value {
                    text: format::decimal(rate, decimals),
                    printed: None,
                    span: place(table, row),
                };
                self.add(
                    label,
                    [show(ra, a.1, first), show(rb, b.1, second)],
                    format::change(self.language, ra, rb),
                    (ra, rb),
                    weight * 1.1,
                );
            }
            let [Some(ta), Some(tb)] = times else { continue };
            if a.0 > 0.0 && b.0 > 0.0 && ta.0.min(tb.0) >= MIN_TOTAL_FOR_MEAN {
                let (ma, mb) = (ta.0 / a.0, tb.0 / b.0);
                let show = |seconds: f64, row: usize, table: &JstatTable| Value {
                    text: format::duration(self.language, Micros((seconds * 1e6).round() as i64)),
                    printed: None,
                    span: place(table, row),
                };
                let label = i18n::fill(self.language, "chart.compare.mean", &[("what", &label)]);
                self.add(
                    label,
                    [show(ma, ta.1, first), show(mb, tb.1, second)],
                    format::change(self.language, ma, mb),
                    (ma, mb),
                    weight,
                );
            }
        }
        let totals = tables.map(|table| last(table, "GCT"));
        if let [Some(a), Some(b)] = totals {
            let show = |(seconds, row): (f64, usize), table: &JstatTable| Value {
                text: format::duration(self.language, Micros((seconds * 1e6).round() as i64)),
                printed: None,
                span: place(table, row),
            };
            let change = signed_duration(self.language, b.0 - a.0);
            self.add(
                self.word("chart.stat.time-in-collections"),
                [show(a, first), show(b, second)],
                change,
                (a.0, b.0),
                0.45,
            );
            if let [Some(lived_a), Some(lived_b)] = lived {
                let (sa, sb) = (a.0 / lived_a, b.0 / lived_b);
                let show = |share: f64, row: usize, table: &JstatTable| Value {
                    text: format::percent(self.language, share),
                    printed: None,
                    span: place(table, row),
                };
                let label = self.word("chart.compare.share");
                self.add(
                    label,
                    [show(sa, a.1, first), show(sb, b.1, second)],
                    format::change(self.language, sa, sb),
                    (sa, sb),
                    1.0,
                );
            }
        }
        if counted && per.is_none() {
            let known = lived.iter().all(Option::is_some);
            self.notes.push(self.word(if known { "chart.compare.short" } else { "chart.compare.no-durations" }));
        }
    }

    /// Eden and both survivors, as they were last.
    fn young(&mut self, tables: [&JstatTable; 2]) {
        let sums = tables.map(|table| {
            let [eden, from, to] = ["EC", "S0C", "S1C"].map(|column| last(table, column));
            let (kib, row) = eden?;
            Some((Bytes(((kib + from?.0 + to?.0).max(0.0) * 1024.0).round() as u64), place(table, row)))
        });
        if let [Some(a), Some(b)] = sums {
            self.size(self.word("chart.series.young-capacity"), [a, b], 0.4);
        }
    }

    /// The last value of a column of sizes.
    fn sizes(&mut self, tables: [&JstatTable; 2], label: String, column: &str, weight: f64) {
        let [Some(a), Some(b)] = tables.map(|table| last(table, column)) else { return };
        let show = |at: usize, (kib, row): (f64, usize)| {
            let table = tables.get(at);
            Value {
                text: format::size(Bytes((kib.max(0.0) * 1024.0).round() as u64)),
                printed: Some(format!("{} KB", format::decimal(kib.max(0.0), 1))),
                span: table.and_then(|table| place(table, row)),
            }
        };
        self.add(label, [show(0, a), show(1, b)], format::change(self.language, a.0, b.0), (a.0, b.0), weight);
    }

    /// Pauses of GC logs: a pause is a pause with every collector.
    pub(super) fn logs(&mut self) {
        let language = self.language;
        let [Some(first), Some(second)] = self.sides.map(|side| Pauses::of(side.report, side.run)) else { return };
        let time = |micros: f64| format::duration(language, Micros(micros.round() as i64));
        let value = |text: String, span: Span| Value { text, printed: None, span: Some(span) };
        let pair =
            |show: &dyn Fn(&Pauses) -> String| [value(show(&first), first.span), value(show(&second), second.span)];
        let counts = (first.count as f64, second.count as f64);
        let values = pair(&|pauses| i18n::number(pauses.count as u64));
        // Two parts of logs: how many pauses there are depends on how long they are.
        self.add(self.word("chart.compare.pauses"), values, signed_count(counts.1 - counts.0), counts, 0.3);
        let values = pair(&|pauses| time(pauses.longest));
        let longest = (first.longest, second.longest);
        self.add(
            self.word("chart.compare.longest"),
            values,
            format::change(language, longest.0, longest.1),
            longest,
            0.9,
        );
        let means = (first.mean(), second.mean());
        let values = pair(&|pauses| time(pauses.mean()));
        let label = i18n::fill(language, "chart.compare.mean", &[("what", &self.word("chart.compare.pauses"))]);
        self.add(label, values, format::change(language, means.0, means.1), means, 0.8);
        if let (Some(a), Some(b)) = (first.share(), second.share()) {
            let values =
                pair(&|pauses| pauses.share().map(|share| format::percent(language, share)).unwrap_or_default());
            self.add(self.word("chart.compare.paused"), values, format::change(language, a, b), (a, b), 1.0);
        }
        if let (Some(a), Some(b)) = (first.left, second.left) {
            let values = pair(&|pauses| pauses.left.map(format::size).unwrap_or_default());
            let sizes = (a.as_f64(), b.as_f64());
            self.add(self.word("chart.compare.left"), values, format::change(language, sizes.0, sizes.1), sizes, 0.7);
        }
    }
}

/// The pauses of a run's GC logs.
struct Pauses {
    count: usize,
    /// Microseconds, all together.
    total: f64,
    /// Microseconds.
    longest: f64,
    /// Microseconds from the first to the last pause, on one clock.
    length: Option<i64>,
    /// Heap in use after the last collection that tells it.
    left: Option<Bytes>,
    /// The longest pause.
    span: Span,
}

impl Pauses {
    /// With fewer pauses it matters too much that time is counted from one of them to another.
    const MIN_FOR_SHARE: usize = 10;

    fn of(report: &Report, run: &Run) -> Option<Pauses> {
        let mut found: Option<Pauses> = None;
        let mut clocks: [Vec<i64>; 2] = [Vec::new(), Vec::new()];
        for event in &report.gc_events {
            let log = usize::try_from(event.log).ok().and_then(|log| report.gc_logs.get(log));
            let Some(log) = log.filter(|log| log.run == run.id) else { continue };
            let Some(duration) = event.duration.filter(|_| event.pause) else { continue };
            let span = Span { source: log.source, line: event.line, start: 0, end: 0 };
            let micros = duration.0.max(0) as f64;
            let pauses =
                found.get_or_insert(Pauses { count: 0, total: 0.0, longest: 0.0, length: None, left: None, span });
            pauses.count += 1;
            pauses.total += micros;
            if micros > pauses.longest {
                (pauses.longest, pauses.span) = (micros, span);
            }
            pauses.left = event.after.or(pauses.left);
            for (clock, time) in clocks.iter_mut().zip([event.uptime, event.time.or(event.local_time)]) {
                clock.extend(time.map(|time| time.0));
            }
        }
        let mut found = found?;
        let complete = clocks.iter().find(|times| times.len() == found.count);
        let range = complete.and_then(|times| times.iter().min().zip(times.iter().max()));
        found.length = range.map(|(first, last)| last.saturating_sub(*first)).filter(|length| *length > 0);
        Some(found)
    }

    fn mean(&self) -> f64 {
        self.total / self.count.max(1) as f64
    }

    fn share(&self) -> Option<f64> {
        let length = self.length.filter(|_| self.count >= Pauses::MIN_FOR_SHARE)?;
        Some(self.total / length as f64).filter(|share| *share <= 1.0)
    }
}

/// The last printed value of a column and its row.
fn last(table: &JstatTable, column: &str) -> Option<(f64, usize)> {
    let column = table.column(column)?;
    (0..table.rows).rev().find_map(|row| Some((column.value(row)?, row)))
}

/// Seconds from the start of the JVM to the last row, where a column tells it.
fn lifetime(table: &JstatTable) -> Option<f64> {
    last(table, "Timestamp").map(|(seconds, _)| seconds).filter(|seconds| *seconds > 0.0)
}

fn place(table: &JstatTable, row: usize) -> Option<Span> {
    let line = table.lines.get(row).copied().filter(|line| *line > 0)?;
    Some(Span { source: table.source, line, start: 0, end: 0 })
}

fn signed_count(by: f64) -> String {
    let sign = if by < 0.0 { "−" } else { "+" };
    format!("{sign}{}", i18n::number(by.abs().round() as u64))
}

fn signed_duration(language: Language, seconds: f64) -> String {
    let sign = if seconds < 0.0 { "−" } else { "+" };
    format!("{sign}{}", format::duration(language, Micros((seconds.abs() * 1e6).round() as i64)))
}
