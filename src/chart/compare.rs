//! Two runs side by side: what differs in their settings, and what was measured of each, heaviest difference first.
//!
//! Sizes and means can be compared as they are. Counters since the start of a JVM cannot be divided by each other unless
//! it is known how long each ran: then their difference is told and no ratio. A counter that means something else with
//! another collector is not compared at all.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::timeline::collections::counters;
use super::timeline::{Clock, Lane, Section, Series, Style, Timeline, Unit};
use crate::i18n::{self, Language, format};
use crate::model::jstat::JstatTable;
use crate::model::nmt::NmtSnapshot;
use crate::model::run::Run;
use crate::report::Report;
use crate::source::Span;
use crate::timeline::reduce::Times;
use crate::units::{Bytes, Micros};

/// Times have three decimals: below this total (seconds) a mean would be mostly rounding.
const MIN_TOTAL_FOR_MEAN: f64 = 0.02;
/// Differences that the first sentence names.
const IN_SENTENCE: usize = 3;

/// Two runs side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Names of the two.
    pub names: [String; 2],
    /// The heaviest differences in a sentence.
    pub sentence: String,
    /// Settings that differ.
    pub settings: Vec<Difference>,
    /// What was measured of both, heaviest difference first.
    pub measures: Vec<Difference>,
    /// What was not compared, and why.
    pub notes: Vec<String>,
}

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is.
    pub label: String,
    /// The value of each run; empty where it has none.
    pub values: [Value; 2],
    /// From the first to the second, in words; empty where there is nothing to say.
    pub change: String,
    /// The larger, the further up.
    weight: f64,
}

/// The value of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    /// With its unit.
    pub text: String,
    /// As the log prints it, where that says more.
    pub printed: Option<String>,
    /// Line it was read from.
    pub span: Option<Span>,
}

/// Runs of a report that can be compared, in reading order: index and name.
pub fn comparable(report: &Report, language: Language) -> Vec<(usize, String)> {
    let has_samples = |run: &Run| report.jstat.iter().any(|table| table.run == run.id && table.rows > 0);
    let has_snapshot = |run: &Run| report.nmt.iter().any(|snapshot| snapshot.run == run.id);
    let has_log = |run: &Run| report.gc_logs.iter().any(|log| log.run == run.id);
    let can = |run: &Run| has_samples(run) || has_snapshot(run) || has_log(run);
    let runs = report.runs.iter().enumerate().filter(|(_, run)| can(run));
    runs.map(|(at, run)| (at, name(run, language))).collect()
}

/// The pair that is compared unasked: the first two runs with samples of the same kind, or with GC logs. `None` if there is no such pair.
pub fn obvious_pair(report: &Report) -> Option<(usize, usize)> {
    let options = |run: &Run| -> Vec<&str> {
        let tables = report.jstat.iter().filter(|table| table.run == run.id && table.rows > 0);
        let log = report.gc_logs.iter().any(|log| log.run == run.id).then_some("gc-log");
        tables.map(|table| table.option.as_str()).chain(log).collect()
    };
    let runs: Vec<(usize, Vec<&str>)> = report.runs.iter().map(options).enumerate().collect();
    for (at, (first, options)) in runs.iter().enumerate() {
        let second = runs.iter().skip(at + 1).find(|(_, others)| others.iter().any(|other| options.contains(other)));
        if let Some((second, _)) = second {
            return Some((*first, *second));
        }
    }
    None
}

fn name(run: &Run, language: Language) -> String {
    match (run.pid, &run.name) {
        (Some(pid), _) => i18n::fill(language, "chart.process", &[("pid", &pid.to_string())]),
        (None, Some(name)) => name.clone(),
        (None, None) => format!("{} ({})", i18n::text(language, "chart.process-unknown"), run.id),
    }
}

impl Comparison {
    /// Compares two runs of a report by their indexes. `None` if there are no such runs.
    pub fn of(report: &Report, (first, second): (usize, usize), language: Language) -> Option<Comparison> {
        let runs = [report.runs.get(first)?, report.runs.get(second)?];
        let mut maker = Maker { report, language, runs, measures: Vec::new(), notes: Vec::new() };
        let settings = maker.settings();
        maker.samples();
        maker.logs();
        maker.snapshots();
        let Maker { mut measures, notes, .. } = maker;
        measures.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let names = runs.map(|run| name(run, language));
        let sentence = sentence(&names, &measures, language);
        Some(Comparison { names, sentence, settings, measures, notes })
    }
}

fn sentence(names: &[String; 2], measures: &[Difference], language: Language) -> String {
    let [first, second] = names;
    let parts: Vec<String> = measures
        .iter()
        .filter(|difference| difference.weight > 0.0)
        .take(IN_SENTENCE)
        .map(|difference| {
            let Difference { label, values: [a, b], change, .. } = difference;
            let key = if change.is_empty() { "chart.compare.values" } else { "chart.compare.change" };
            let arguments = [("label", label.as_str()), ("first", &a.text), ("second", &b.text), ("change", change)];
            i18n::fill(language, key, &arguments)
        })
        .collect();
    let what = match parts.is_empty() {
        true => i18n::text(language, "chart.compare.same"),
        false => i18n::list(language, "list.items", parts),
    };
    i18n::fill(language, "chart.compare.sentence", &[("first", first), ("second", second), ("what", &what)])
}

struct Maker<'a> {
    report: &'a Report,
    language: Language,
    runs: [&'a Run; 2],
    measures: Vec<Difference>,
    notes: Vec<String>,
}

impl<'a> Maker<'a> {
    fn word(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    /// Collector, JDK, maximum of the heap, options: those that differ.
    fn settings(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut add = |label: String, values: [Option<(String, Option<Span>)>; 2]| {
            // What only one of them tells does not differ: it is not known of the other.
            let [Some(first), Some(second)] = values else { return };
            if first.0 == second.0 {
                return;
            }
            let values = [first, second].map(|(text, span)| Value { text, printed: None, span });
            found.push(Difference { label, values, change: String::new(), weight: 0.0 });
        };
        let of = |get: fn(&Run) -> Option<String>, field: &str| {
            self.runs.map(|run| get(run).map(|text| (text, run.at.get(field))))
        };
        add(self.word("chart.compare.collector"), of(|run| run.collector.clone(), "collector"));
        add(self.word("chart.compare.max-heap"), of(|run| run.max_heap.map(format::size), "max_heap"));
        add(self.word("chart.compare.jdk"), of(|run| run.jdk.clone(), "jdk"));
        // Options only where both tell theirs: one list says nothing about the other.
        if self.runs.iter().all(|run| !run.flags.is_empty()) {
            let [first, second] = self.runs.map(options);
            let names: Vec<&String> =
                first.keys().chain(second.keys().filter(|key| !first.contains_key(*key))).collect();
            for name in names {
                // Of a list of options it is known that the others were not given.
                let value = |options: &BTreeMap<String, String>| {
                    let value = options.get(name).cloned().unwrap_or_else(|| "–".to_owned());
                    Some((value, None))
                };
                add(name.clone(), [value(&first), value(&second)]);
            }
        }
        found
    }

    /// The table of a run that tells most.
    fn table(&self, run: &Run) -> Option<&'a JstatTable> {
        let tables = self.report.jstat.iter().filter(|table| table.run == run.id && table.rows > 0);
        // Of equals the first.
        tables.rev().max_by_key(|table| {
            let columns = ["OU", "YGC", "FGC", "MU", "O"];
            columns.into_iter().filter(|name| table.column(name).is_some()).count()
        })
    }

    fn samples(&mut self) {
        let [first, second] = self.runs.map(|run| self.table(run));
        let (Some(first), Some(second)) = (first, second) else { return };
        let tables = [first, second];
        let collectors = [0, 1].map(|at| {
            let (run, table) = (self.runs.get(at)?, tables.get(at)?);
            run.collector.as_deref().or(table.collector.as_deref())
        });
        let same_collector = collectors[0] == collectors[1];
        let whole_heap = matches!(collectors[0], Some("ZGC" | "Shenandoah"));
        let old = if whole_heap && same_collector { "chart.series.heap-used" } else { "chart.series.old" };
        self.sizes(tables, self.word(old), "OU", 1.0);
        self.sizes(tables, self.word("chart.series.old-capacity"), "OC", if whole_heap { 0.0 } else { 0.4 });
        self.sizes(tables, self.word("chart.series.metaspace"), "MU", 0.8);
        self.sizes(tables, self.word("chart.series.class-space"), "CCSU", 0.5);
        if !same_collector {
            self.notes.push(self.word("chart.compare.other-collector"));
            return;
        }
        let lived = tables.map(lifetime);
        let durations_known = lived.iter().all(Option::is_some);
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
            if let (true, [Some(lived_a), Some(lived_b)]) = (durations_known, lived) {
                let label = i18n::fill(self.language, "chart.compare.per-hour", &[("what", &label)]);
                let rate = |count: f64, lived: f64| count / lived * 3600.0;
                let (ra, rb) = (rate(a.0, lived_a), rate(b.0, lived_b));
                let show = |rate: f64, row: usize, table: &JstatTable| Value {
                    text: format::decimal(rate, 1),
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
            if let (true, [Some(lived_a), Some(lived_b)]) = (durations_known, lived) {
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
        if counted && !durations_known {
            self.notes.push(self.word("chart.compare.no-durations"));
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
    fn logs(&mut self) {
        let language = self.language;
        let of = |run: &Run| Pauses::of(self.report, run);
        let [Some(first), Some(second)] = self.runs.map(of) else { return };
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

    /// Committed memory of the last snapshots, whole and by category.
    fn snapshots(&mut self) {
        let of = |run: &Run| self.report.nmt.iter().rev().find(|snapshot| snapshot.run == run.id);
        let [Some(first), Some(second)] = self.runs.map(of) else { return };
        let show = |size: Bytes, snapshot: &NmtSnapshot, line: u32| Value {
            text: format::size(size),
            printed: None,
            span: (line > 0).then_some(Span { source: snapshot.source, line, start: 0, end: 0 }),
        };
        if let (Some(a), Some(b)) = (first.total.committed, second.total.committed) {
            let values = [show(a, first, first.first_line), show(b, second, second.first_line)];
            let label = self.word("chart.series.nmt-committed");
            self.add(
                label,
                values,
                format::change(self.language, a.as_f64(), b.as_f64()),
                (a.as_f64(), b.as_f64()),
                0.9,
            );
        }
        let whole = first.total.committed.unwrap_or_default().as_f64().max(1.0);
        for category in &first.categories {
            let Some(other) = second.categories.iter().find(|other| other.name == category.name) else { continue };
            let (Some(a), Some(b)) = (category.committed, other.committed) else { continue };
            if a == b {
                continue;
            }
            let values = [show(a, first, category.line), show(b, second, other.line)];
            // A category weighs as much as its part of the whole.
            let weight = (a.as_f64().max(b.as_f64()) / whole).min(1.0) * 0.8;
            let label = format!("NMT {}", category.name);
            self.add(
                label,
                values,
                format::change(self.language, a.as_f64(), b.as_f64()),
                (a.as_f64(), b.as_f64()),
                weight,
            );
        }
    }

    fn add(&mut self, label: String, values: [Value; 2], change: String, (a, b): (f64, f64), weight: f64) {
        let larger = a.abs().max(b.abs());
        let relative = if larger > 0.0 { (b - a).abs() / larger } else { 0.0 };
        let change = if a == b { String::new() } else { change };
        self.measures.push(Difference { label, values, change, weight: relative * weight });
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

/// `-Xmx256m` is `-Xmx`: `256m`; `-XX:+UseG1GC` is `-XX:UseG1GC`: `+`; `-Dx=y` is `-Dx`: `y`.
fn options(run: &Run) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for flag in &run.flags {
        let (name, value) = if let Some((name, value)) = flag.split_once('=') {
            (name.to_owned(), value.to_owned())
        } else if let Some(name) = flag.strip_prefix("-XX:+") {
            (format!("-XX:{name}"), "+".to_owned())
        } else if let Some(name) = flag.strip_prefix("-XX:-") {
            (format!("-XX:{name}"), "−".to_owned())
        } else {
            let short = ["-Xmx", "-Xms", "-Xmn", "-Xss"].into_iter().find(|name| flag.starts_with(name));
            match short.and_then(|name| Some((name, flag.strip_prefix(name)?))) {
                Some((name, value)) => (name.to_owned(), value.to_owned()),
                None => (flag.clone(), "✓".to_owned()),
            }
        };
        // Of an option that is given twice the JVM takes the last.
        found.insert(name, value);
    }
    found
}

impl Timeline {
    /// The lanes of two runs on one axis that starts with the first sample of each. `None` if one of them has no samples.
    /// Without a time base for both, the axis counts samples.
    pub fn side_by_side(&self, report: &Report, (first, second): (usize, usize)) -> Option<Timeline> {
        const COMPARED: [&str; 5] = ["heap", "heap-percent", "collections", "rates", "metaspace"];
        let runs = [report.runs.get(first)?, report.runs.get(second)?];
        let mut found = Vec::new();
        for run in runs {
            let of_run = |section: &&Section| {
                let tables = section.samples.iter().filter_map(|samples| report.jstat.get(samples.table));
                tables.into_iter().any(|table| table.run == run.id)
            };
            let section = self.sections.iter().find(of_run)?;
            let samples = section.samples.iter().find(|samples| {
                report.jstat.get(samples.table).is_some_and(|table| table.run == run.id && table.column("OU").is_some())
            })?;
            found.push((name(run, self.language), section, Rc::clone(&samples.times)));
        }
        let in_time = found.iter().all(|(_, section, _)| section.clock.has_time_base());
        let clock = if in_time { Clock::FromFirst } else { Clock::Order };
        let mut lanes: Vec<Lane> = Vec::new();
        for id in COMPARED {
            let mut together: Vec<Lane> = Vec::new();
            for (owner, section, times) in &found {
                let start = times.at(0)?;
                let moved = Rc::new(relative(times, start, in_time));
                let lane = section
                    .lanes
                    .iter()
                    .find(|lane| lane.id == id && lane.series.iter().any(|series| Rc::ptr_eq(&series.times, times)));
                let Some(lane) = lane else { continue };
                // Shares of a duration mean nothing where the axis counts samples.
                if !in_time && matches!(lane.unit, Unit::Share | Unit::BytesPerSecond) {
                    continue;
                }
                let mut lane = lane.clone();
                lane.owner.clone_from(owner);
                for series in &mut lane.series {
                    if Rc::ptr_eq(&series.times, times) {
                        series.times = Rc::clone(&moved);
                    }
                }
                lane.series = only(lane.series, &moved);
                lane.totals.clear();
                if !lane.series.is_empty() {
                    together.push(lane);
                }
            }
            // One scale for both, so that what looks higher is higher.
            let highest = together.iter().map(highest).fold(0.0, f64::max);
            for lane in &mut together {
                lane.at_least = highest;
            }
            lanes.extend(together);
        }
        if lanes.is_empty() {
            return None;
        }
        let extents = lanes.iter().flat_map(|lane| &lane.series).filter_map(|series| series.times.extent());
        let extent = extents.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        let section = Section {
            id: "compare".to_owned(),
            title: names.join(" · "),
            clock,
            note: i18n::text(self.language, if in_time { "chart.compare.axis" } else { "chart.compare.axis-order" }),
            extent,
            lanes,
            bands: Vec::new(),
            samples: Vec::new(),
        };
        Some(Timeline { language: self.language, sections: vec![section], by_hand: Vec::new() })
    }
}

fn relative(times: &Times, start: i64, in_time: bool) -> Times {
    match times {
        _ if !in_time => Times::Even { start: 0, step: 1, len: times.len() },
        Times::Even { start: from, step, len } => {
            Times::Even { start: from.saturating_sub(start), step: *step, len: *len }
        }
        Times::Listed(times) => Times::listed(times.iter().map(|at| at.saturating_sub(start)).collect()),
    }
}

/// The series with these times. Stacks refer to others by place, which moves.
fn only(series: Vec<Series>, times: &Rc<Times>) -> Vec<Series> {
    let kept: Vec<usize> =
        series.iter().enumerate().filter(|(_, series)| Rc::ptr_eq(&series.times, times)).map(|(at, _)| at).collect();
    let moved = |on: usize| kept.iter().position(|at| *at == on);
    let series = series.into_iter().filter(|series| Rc::ptr_eq(&series.times, times));
    series.map(|series| Series { on: series.on.and_then(moved), ..series }).collect()
}

/// The largest value of a lane, with the levels that would be drawn.
fn highest(lane: &Lane) -> f64 {
    let values = lane.series.iter().filter(|series| series.style != Style::Markers).filter_map(|series| {
        let (_, row) = series.pyramid.extremes(&series.values, 0..series.values.len())?;
        series.values.get(row).copied()
    });
    let highest = values.fold(0.0, f64::max);
    lane.levels.iter().map(|level| level.value).filter(|level| *level <= highest * 4.0).fold(highest, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    fn report(text: &str) -> Report {
        analysis_of(text).report
    }

    fn draft() -> Report {
        report(include_str!("../../tests/corpus/mixed/draft-post/input.log"))
    }

    fn row<'a>(comparison: &'a Comparison, label: &str) -> &'a Difference {
        let found = comparison.measures.iter().find(|difference| difference.label == label);
        found.unwrap_or_else(|| panic!("no `{label}` in {:#?}", comparison.measures))
    }

    fn texts(difference: &Difference) -> [&str; 2] {
        difference.values.each_ref().map(|value| value.text.as_str())
    }

    #[test]
    fn two_runs_of_the_draft_are_compared_unasked() {
        let report = draft();
        let pair = obvious_pair(&report).expect("two runs with samples");
        let comparison = Comparison::of(&report, pair, Language::En).expect("both are there");
        assert_eq!(comparison.names, ["pid 17692", "pid 17978"]);
        let old = row(&comparison, "old generation in use");
        let printed = old.values.each_ref().map(|value| value.printed.as_deref());
        assert_eq!(printed, [Some("89,281.0 KB"), Some("51,078.3 KB")]);
        assert_eq!(old.change, "−43%");
        assert_eq!(texts(row(&comparison, "full collections")), ["140", "220"]);
        assert_eq!(texts(row(&comparison, "full collections, mean")), ["135 ms", "100 ms"]);
        assert_eq!(comparison.measures[0], *old, "the heaviest comes first");
        assert!(comparison.sentence.contains("140 → 220 (+80)"), "{}", comparison.sentence);
    }

    #[test]
    fn counters_of_unknown_lifetimes_get_no_ratio() {
        let report = draft();
        let comparison = Comparison::of(&report, obvious_pair(&report).expect("a pair"), Language::En).expect("both");
        for label in ["full collections", "young collections", "Time in collections"] {
            assert!(!row(&comparison, label).change.contains('%'), "{label}");
        }
        assert_eq!(comparison.notes.len(), 1);
        assert!(!comparison.measures.iter().any(|difference| difference.label.contains("hour")));
    }

    const HEADER: &str = "Timestamp S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT\n";

    fn stamped(pid: u32, seconds: f64, full: u32) -> String {
        let time = f64::from(full) * 0.1;
        format!(
            "$ jstat -gc -t {pid} 1000\n{HEADER}{seconds:.1} 0.0 1024.0 0.0 1024.0 10240.0 0.0 20480.0 9000.0 4864.0 4532.1 512.0 400.0 10 0.100 {full} {time:.3} 0 0.000 {:.3}\n",
            time + 0.1
        )
    }

    #[test]
    fn with_known_lifetimes_counters_become_rates() {
        let report = report(&format!("{}\n{}", stamped(1001, 3600.0, 10), stamped(1002, 7200.0, 10)));
        let comparison = Comparison::of(&report, obvious_pair(&report).expect("a pair"), Language::En).expect("both");
        let rate = row(&comparison, "full collections, per hour");
        assert_eq!((texts(rate), rate.change.as_str()), (["10.0", "5.0"], "−50%"));
        assert_eq!(row(&comparison, "full collections").change, "");
        assert!(comparison.notes.is_empty());
    }

    #[test]
    fn pauses_of_two_logs_are_compared_by_what_they_share() {
        let log = |pid: u32, pause: f64| -> String {
            (0..12)
                .map(|at| format!("[{}.000s][{pid}][info][gc] GC({at}) Pause Young (Normal) (G1 Evacuation Pause) 60M->40M(256M) {pause:.3}ms\n", at + 1))
                .collect()
        };
        let report = report(&format!("{}\n{}", log(1001, 10.0), log(1002, 20.0)));
        let comparison = Comparison::of(&report, obvious_pair(&report).expect("a pair"), Language::En).expect("both");
        assert_eq!(texts(row(&comparison, "pauses")), ["12", "12"]);
        let longest = row(&comparison, "longest pause");
        assert_eq!((texts(longest), longest.change.as_str()), (["10 ms", "20 ms"], "+100%"));
        assert_eq!(row(&comparison, "share of time paused").change, "+100%");
    }

    #[test]
    fn one_run_is_no_comparison() {
        assert_eq!(obvious_pair(&report(&stamped(1001, 3600.0, 10))), None);
        assert_eq!(obvious_pair(&Report::default()), None);
        assert_eq!(Comparison::of(&Report::default(), (0, 1), Language::En), None);
    }

    #[test]
    fn both_runs_share_an_axis_from_their_first_sample_and_a_scale() {
        let report = draft();
        let timeline = Timeline::of(&report, Language::En);
        let together =
            timeline.side_by_side(&report, obvious_pair(&report).expect("a pair")).expect("both have samples");
        let section = &together.sections[0];
        assert_eq!((section.clock, section.extent), (Clock::FromFirst, (0, 11_000_000)));
        let heaps: Vec<&Lane> = section.lanes.iter().filter(|lane| lane.id == "heap").collect();
        assert_eq!(heaps.len(), 2);
        assert_eq!(heaps[0].owner, "pid 17692");
        let scene = together.scene(&Default::default(), 700);
        let tops: Vec<f64> =
            scene.sections[0].lanes.iter().filter(|lane| lane.id == "heap").map(|lane| lane.top).collect();
        assert_eq!(tops[0], tops[1]);
    }

    #[test]
    fn options_are_told_apart_from_their_values() {
        let run = Run {
            flags: ["-Xmx256m", "-XX:+UseG1GC", "-XX:-UseTLAB", "-XX:MaxRAMPercentage=50", "-ea", "-Xmx1g"]
                .map(str::to_owned)
                .into(),
            ..Run::default()
        };
        let options = options(&run);
        assert_eq!(options.get("-Xmx").map(String::as_str), Some("1g"));
        assert_eq!(options.get("-XX:UseTLAB").map(String::as_str), Some("−"));
        assert_eq!(options.get("-XX:MaxRAMPercentage").map(String::as_str), Some("50"));
        assert_eq!(options.get("-ea").map(String::as_str), Some("✓"));
    }
}
