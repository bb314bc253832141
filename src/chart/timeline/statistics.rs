//! What the visible part of a section says in numbers: collections and their share of time, rates, floors, and the
//! lines it was read from. No rate and no share where no clock says how long anything took.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::collections::{MIN_TOTAL_FOR_MEAN, counters};
use super::{Lane, LaneId, Samples, Section, Series, Style, Timeline, View};
use crate::chart::theme::Role;
use crate::i18n::{self, format};
use crate::model::jstat::JstatTable;
use crate::report::Report;
use crate::source::Span;
use crate::timeline::reduce::Times;
use crate::units::{Bytes, Micros};

/// With fewer pauses it matters too much that time is counted from one of them to another.
const MIN_FOR_SHARE: usize = 10;

/// The numbers of one process in a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Whose; empty where the section has only one.
    pub owner: String,
    /// From top to bottom.
    pub rows: Vec<Statistic>,
}

/// One number.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    /// What it is.
    pub label: String,
    /// With its unit.
    pub value: String,
    /// Line it was read from, or the last of them.
    pub span: Option<Span>,
}

/// How far a series went in a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Whose, where the section has several processes.
    pub owner: String,
    /// Of the series.
    pub role: Role,
    /// Of the series.
    pub label: String,
    /// The smallest value, and the line of the first such.
    pub least: (String, Span),
    /// The mean of the samples; of what is told of the time between two of them, the mean over that time.
    pub mean: String,
    /// The largest value, and the line of the first such.
    pub most: (String, Span),
}

/// Lines of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRange {
    /// Index of the source.
    pub source: u16,
    /// First line, from 1.
    pub first: u32,
    /// Last line.
    pub last: u32,
}

impl Timeline {
    /// The numbers of the visible part of a section.
    pub fn statistics(&self, report: &Report, section: &Section, view: &View) -> Vec<Statistics> {
        let range = view.range(section);
        let mut out = Vec::new();
        let mut runs: BTreeSet<&str> = BTreeSet::new();
        let owners = owners(section);
        for samples in &section.samples {
            let Some(table) = report.jstat.get(samples.table) else { continue };
            // Other tables of the same process tell the same collections once more.
            if runs.contains(table.run.as_str()) {
                continue;
            }
            let rows = rows_in(samples, range);
            let found = self.of_table(section, samples, table, rows);
            if !found.is_empty() {
                runs.extend(Some(table.run.as_str()).filter(|run| !run.is_empty()));
                let owner = owners.get(&Rc::as_ptr(&samples.times)).map(|owner| (*owner).to_owned());
                out.push(Statistics { owner: owner.unwrap_or_default(), rows: found });
            }
        }
        let mut logs: BTreeMap<&str, Vec<&Lane>> = BTreeMap::new();
        for lane in section.lanes.iter().filter(|lane| matches!(lane.id, LaneId::GcPauses | LaneId::GcHeap)) {
            logs.entry(&lane.owner).or_default().push(lane);
        }
        for lane in section.lanes.iter().filter(|lane| lane.id == LaneId::GcPauses) {
            let log = logs.get(lane.owner.as_str()).map(Vec::as_slice).unwrap_or_default();
            let found = self.of_pauses((section, log), lane, range);
            if !found.is_empty() {
                out.push(Statistics { owner: lane.owner.clone(), rows: found });
            }
        }
        out
    }

    /// How far each series went that is shown and moves, in the visible part of a section.
    pub fn spreads(&self, section: &Section, view: &View) -> Vec<Spread> {
        let range = view.range(section);
        let lanes = section.lanes.iter().filter(|lane| !lane.is_in_words());
        let series = lanes.flat_map(|lane| lane.series.iter().map(move |series| (lane, series)));
        let moves = |series: &Series| !series.is_still && series.style != Style::Markers && !view.hides(series.role);
        series
            .filter(|(_, series)| moves(series))
            .filter_map(|(lane, series)| self.spread(lane, series, range))
            .collect()
    }

    fn spread(&self, lane: &Lane, series: &Series, (from, to): (i64, i64)) -> Option<Spread> {
        let rows = series.times.first_from(from)..series.times.first_from(to.saturating_add(1));
        // A share or rate is one of the time since the sample before, which must be in the range, too.
        let is_between = matches!(lane.id, LaneId::Collections | LaneId::Rates);
        let (mut sum, mut weights) = (0.0_f64, 0.0_f64);
        let (mut least, mut most) = (None::<(f64, usize)>, None::<(f64, usize)>);
        for row in rows.start + usize::from(is_between)..rows.end {
            let Some(value) = series.own(&lane.series, row) else { continue };
            let weight = match is_between {
                true => series.times.at(row)?.saturating_sub(series.times.at(row - 1)?) as f64,
                false => 1.0,
            };
            sum += value * weight;
            weights += weight;
            if least.is_none_or(|(known, _)| value < known) {
                least = Some((value, row));
            }
            if most.is_none_or(|(known, _)| value > known) {
                most = Some((value, row));
            }
        }
        let told =
            |(value, row): (f64, usize)| Some((lane.unit.format(self.language, value), series.places.get(row)?.span()));
        let (least, most) = (told(least?)?, told(most?)?);
        let mean = (weights > 0.0).then(|| lane.unit.format(self.language, sum / weights))?;
        Some(Spread { owner: lane.owner.clone(), role: series.role, label: series.label.clone(), least, mean, most })
    }

    /// The lines that the visible part of a section was read from, source by source.
    pub fn lines(&self, section: &Section, view: &View) -> Vec<LineRange> {
        let (from, to) = view.range(section);
        let mut found: BTreeMap<u16, (u32, u32)> = BTreeMap::new();
        let mut add = |source: u16, line: u32| {
            if line > 0 {
                let (first, last) = found.entry(source).or_insert((line, line));
                (*first, *last) = ((*first).min(line), (*last).max(line));
            }
        };
        for series in section.lanes.iter().flat_map(|lane| &lane.series) {
            let rows = series.times.first_from(from)..series.times.first_from(to.saturating_add(1));
            for row in
                [Some(rows.start), rows.end.checked_sub(1)].into_iter().flatten().filter(|row| rows.contains(row))
            {
                if let Some(place) = series.places.get(row) {
                    add(place.source, place.line);
                }
            }
        }
        for mark in section.lanes.iter().flat_map(|lane| &lane.marks).filter(|mark| (from..=to).contains(&mark.at)) {
            add(mark.span.source, mark.span.line);
        }
        found.into_iter().map(|(source, (first, last))| LineRange { source, first, last }).collect()
    }

    fn of_table(&self, section: &Section, samples: &Samples, table: &JstatTable, rows: Range<usize>) -> Vec<Statistic> {
        let mut out = Vec::new();
        let Some(last) = rows.end.checked_sub(1).filter(|_| !rows.is_empty()) else { return out };
        let line = |row: usize| {
            let line = table.lines.get(row).copied().unwrap_or_default();
            (line > 0).then_some(Span { source: table.source, line, start: 0, end: 0 })
        };
        out.push(Statistic {
            label: self.word("chart.stat.samples"),
            value: i18n::number(rows.len() as u64),
            span: None,
        });
        let length = samples.times.at(rows.start).zip(samples.times.at(last)).map(|(from, to)| to.saturating_sub(from));
        let length = length.filter(|length| section.clock.has_time_base() && *length > 0);
        if let Some(length) = length {
            out.push(Statistic {
                label: self.word("chart.stat.length"),
                value: format::duration(self.language, Micros(length)),
                span: None,
            });
        }
        let stretches = stretches(table, rows.clone());
        for counter in counters(table.collector.as_deref()) {
            let Some(count) = growth(table, counter.count, &stretches) else { continue };
            let time = growth(table, counter.time, &stretches);
            out.push(Statistic {
                label: self.capital(counter.total),
                value: self.counted(count.round().max(0.0) as u64, time.map(|time| time * 1e6)),
                span: line(last),
            });
        }
        if let Some(seconds) = growth(table, "GCT", &stretches) {
            let covered = stretches.iter().filter_map(|rows| {
                let last = rows.end.checked_sub(1)?;
                samples.times.at(rows.start).zip(samples.times.at(last)).map(|(from, to)| to.saturating_sub(from))
            });
            let covered = covered.fold(0_i64, i64::saturating_add);
            let covered = Some(covered).filter(|covered| section.clock.has_time_base() && *covered > 0);
            out.push(Statistic {
                label: self.word("chart.stat.time-in-collections"),
                value: self.share(seconds * 1e6, covered),
                span: line(last),
            });
        }
        for (role, key) in [(Role::Eden, "chart.stat.allocation"), (Role::Old, "chart.stat.promotion")] {
            out.extend(self.rate(section, samples, role, key, rows.clone()));
        }
        out.extend(self.floor(table, rows));
        // The number of samples alone says nothing that the picture does not say.
        if out.len() == 1 { Vec::new() } else { out }
    }

    /// Mean by time, and the largest.
    fn rate(
        &self,
        section: &Section,
        samples: &Samples,
        role: Role,
        key: &str,
        rows: Range<usize>,
    ) -> Option<Statistic> {
        let lanes = section.lanes.iter().filter(|lane| lane.id == LaneId::Rates);
        let series = lanes.flat_map(|lane| lane.series.iter().map(move |series| (lane, series)));
        let of_samples = |series: &Series| series.role == role && Rc::ptr_eq(&series.times, &samples.times);
        let (lane, series) = series.into_iter().find(|(_, series)| of_samples(series))?;
        let (mut bytes, mut length, mut largest) = (0.0_f64, 0.0_f64, None::<(f64, usize)>);
        for row in rows.start.saturating_add(1)..rows.end {
            let Some(rate) = series.values.get(row).copied().filter(|rate| !rate.is_nan()) else { continue };
            let Some((before, now)) = series.times.at(row - 1).zip(series.times.at(row)) else { continue };
            let step = now.saturating_sub(before) as f64;
            bytes += rate * step;
            length += step;
            if largest.is_none_or(|(known, _)| rate > known) {
                largest = Some((rate, row));
            }
        }
        let (largest, row) = largest.filter(|_| length > 0.0)?;
        let (mean, largest) =
            (lane.unit.format(self.language, bytes / length), lane.unit.format(self.language, largest));
        let value = i18n::fill(self.language, "chart.stat.rate", &[("mean", &mean), ("largest", &largest)]);
        Some(Statistic { label: self.word(key), value, span: series.places.get(row).map(|place| place.span()) })
    }

    /// What was left in the old generation after full collections.
    fn floor(&self, table: &JstatTable, rows: Range<usize>) -> Option<Statistic> {
        let [full, ..] = counters(table.collector.as_deref());
        if !full.is_full || table.collector.as_deref() == Some("CMS") {
            return None;
        }
        let (counts, old) = (table.column(full.count)?, table.column("OU")?);
        let (mut low, mut high, mut last) = (f64::INFINITY, f64::NEG_INFINITY, None);
        for row in rows.start.saturating_add(1)..rows.end {
            let Some((before, now)) = counts.fixed(row - 1).zip(counts.fixed(row)) else { continue };
            if now <= before || table.restarts.binary_search(&row).is_ok() {
                continue;
            }
            if let Some(used) = old.value(row) {
                (low, high, last) = (low.min(used), high.max(used), Some((used, row)));
            }
        }
        let (used, row) = last?;
        let size = |kib: f64| format::size(Bytes((kib * 1024.0).round().max(0.0) as u64));
        let value = if low == high {
            size(used)
        } else {
            let arguments = [("low", size(low)), ("high", size(high)), ("last", size(used))];
            let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
            i18n::fill(self.language, "chart.stat.floor.range", &arguments)
        };
        let line = table.lines.get(row).copied().unwrap_or_default();
        let span = (line > 0).then_some(Span { source: table.source, line, start: 0, end: 0 });
        Some(Statistic { label: self.word("chart.stat.floor"), value, span })
    }

    /// Pauses of a GC log by kind, and their share of the visible time.
    fn of_pauses(&self, (section, log): (&Section, &[&Lane]), lane: &Lane, (from, to): (i64, i64)) -> Vec<Statistic> {
        let mut out = Vec::new();
        let (mut paused, mut count) = (0.0, 0);
        for series in lane.series.iter().filter(|series| series.style == Style::Stems) {
            let rows =
                series.times.first_from(from)..series.times.first_from(to.saturating_add(1)).min(series.values.len());
            let values = series.values.get(rows.clone()).unwrap_or_default();
            let Some((_, longest)) = series.pyramid.extremes(&series.values, rows.clone()) else { continue };
            let total: f64 = values.iter().filter(|value| !value.is_nan()).sum();
            // A stall stops one thread, not all of them.
            if series.role != Role::Wall {
                paused += total;
                count += values.len();
            }
            let largest = series.values.get(longest).copied().unwrap_or_default();
            let arguments = [
                ("count", i18n::number(values.len() as u64)),
                ("total", lane.unit.format(self.language, total)),
                ("longest", lane.unit.format(self.language, largest)),
            ];
            let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
            out.push(Statistic {
                label: capital(&series.label),
                value: i18n::fill(self.language, "chart.stat.pauses", &arguments),
                span: series.places.get(longest).map(|place| place.span()),
            });
        }
        if !out.is_empty() {
            // The log may be only a part of what is seen: its share is one of the time that it tells about.
            let series = log.iter().flat_map(|lane| &lane.series);
            let told = series.filter_map(|series| series.times.extent()).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            let seen = told.map(|(first, last)| to.min(last).saturating_sub(from.max(first)));
            let seen = seen.filter(|seen| section.clock.has_time_base() && count >= MIN_FOR_SHARE && *seen > 0);
            out.push(Statistic {
                label: self.word("chart.stat.time-paused"),
                value: self.share(paused, seen),
                span: None,
            });
        }
        out
    }

    /// `12 in 230 ms (19.2 ms each)`, as much of it as is known. `time` in microseconds.
    pub(crate) fn counted(&self, count: u64, time: Option<f64>) -> String {
        let count_text = i18n::number(count);
        let Some(time) = time.filter(|_| count > 0) else { return count_text };
        let total = format::duration(self.language, Micros(time.round() as i64));
        if time < MIN_TOTAL_FOR_MEAN * 1e6 {
            return i18n::fill(self.language, "chart.stat.counted", &[("count", &count_text), ("time", &total)]);
        }
        let mean = format::duration(self.language, Micros((time / count as f64).round() as i64));
        let arguments = [("count", count_text.as_str()), ("time", &total), ("mean", &mean)];
        i18n::fill(self.language, "chart.stat.timed", &arguments)
    }

    fn share(&self, micros: f64, of: Option<i64>) -> String {
        let time = format::duration(self.language, Micros(micros.round() as i64));
        let Some(of) = of else { return time };
        let share = format::percent(self.language, micros / of as f64);
        let of = format::duration(self.language, Micros(of));
        i18n::fill(self.language, "chart.stat.share", &[("time", &time), ("share", &share), ("of", &of)])
    }

    fn word(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    /// A word that stands inside a sentence elsewhere.
    fn capital(&self, key: &str) -> String {
        capital(&self.word(key))
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Rows of a table in a range.
fn rows_in(samples: &Samples, (from, to): (i64, i64)) -> Range<usize> {
    samples.times.first_from(from)..samples.times.first_from(to.saturating_add(1))
}

/// Whose the lanes are, by the times of their series; of two lanes with the same ones the first.
fn owners(section: &Section) -> BTreeMap<*const Times, &str> {
    let mut owners = BTreeMap::new();
    for lane in &section.lanes {
        for series in &lane.series {
            owners.entry(Rc::as_ptr(&series.times)).or_insert(lane.owner.as_str());
        }
    }
    owners
}

/// The rows without the restarts between them.
fn stretches(table: &JstatTable, rows: Range<usize>) -> Vec<Range<usize>> {
    let first = table.restarts.partition_point(|restart| *restart <= rows.start);
    let mut out = Vec::new();
    let mut start = rows.start;
    for restart in table.restarts.iter().skip(first).copied().take_while(|restart| *restart < rows.end) {
        out.push(start..restart);
        start = restart;
    }
    out.push(start..rows.end);
    out
}

/// By how much a counter rose, restarts left out. `None` if it is nowhere printed twice.
fn growth(table: &JstatTable, name: &str, stretches: &[Range<usize>]) -> Option<f64> {
    let column = table.column(name)?;
    let mut sum: Option<i64> = None;
    for rows in stretches {
        let first = rows.clone().find_map(|row| Some((row, column.fixed(row)?)));
        let last = rows.clone().rev().find_map(|row| Some((row, column.fixed(row)?)));
        if let (Some((start, first)), Some((end, last))) = (first, last)
            && end > start
            && last >= first
        {
            sum = Some(sum.unwrap_or(0).saturating_add(last.saturating_sub(first)));
        }
    }
    sum.map(|sum| sum as f64 / column.scale())
}

#[cfg(test)]
mod tests {
    use super::super::Clock;
    use super::*;
    use crate::analyzer::analysis_of;
    use crate::i18n::Language;

    fn report(text: &str) -> Report {
        analysis_of(text).report
    }

    const HEADER: &str = "S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT\n";

    fn row(eden: u32, old: u32, young: u32, full: u32) -> String {
        let (young_time, full_time) = (f64::from(young) * 0.01, f64::from(full) * 0.1);
        let total = young_time + full_time;
        format!(
            "0.0 1024.0 0.0 1024.0 10240.0 {eden}.0 20480.0 {old}.0 4864.0 4532.1 512.0 400.0 {young} {young_time:.3} {full} {full_time:.3} 0 0.000 {total:.3}\n"
        )
    }

    fn values(statistics: &[Statistics]) -> Vec<String> {
        statistics.iter().flat_map(|group| &group.rows).map(|row| format!("{}: {}", row.label, row.value)).collect()
    }

    #[test]
    fn a_range_has_its_own_collections_shares_rates_and_floors() {
        let rows = [row(0, 1000, 10, 2), row(1024, 1000, 10, 2), row(1024, 8192, 12, 3), row(2048, 4096, 12, 4)];
        let text = format!("$ jstat -gc 77 1000\n{HEADER}{}", rows.concat());
        let report = report(&text);
        let timeline = Timeline::of(&report, Language::En);
        let section = &timeline.sections[0];
        let all = values(&timeline.statistics(&report, section, &View::default()));
        for expected in [
            "Samples: 4",
            "Length: 3 s",
            "Full GCs: 2 in 200 ms (100 ms each)",
            "Young GCs: 2 in 20 ms (10 ms each)",
            "Time in GC: 220 ms, 7.3% of 3 s",
            "Old generation after full GCs: 4.0 MiB to 8.0 MiB, last 4.0 MiB",
        ] {
            assert!(all.iter().any(|line| line == expected), "no `{expected}` in {all:#?}");
        }
        let part = View::default().with_range(section, 0, 1_000_000);
        let part = values(&timeline.statistics(&report, section, &part));
        assert!(
            part.iter().any(|line| line == "Full GCs: 0") && part.iter().any(|line| line == "Samples: 2"),
            "{part:#?}"
        );
    }

    #[test]
    fn without_a_time_base_there_is_no_share_and_no_rate() {
        let text = format!("$ jstat -gc 77\n{HEADER}{}{}", row(0, 1000, 10, 2), row(1024, 1000, 12, 3));
        let report = report(&text);
        let timeline = Timeline::of(&report, Language::En);
        let section = &timeline.sections[0];
        assert_eq!(section.clock, Clock::Order);
        let all = values(&timeline.statistics(&report, section, &View::default()));
        assert!(all.contains(&"Time in GC: 120 ms".to_owned()), "{all:#?}");
        assert!(
            !all.iter().any(|line| line.contains('%') || line.contains("/s") || line.starts_with("Length")),
            "{all:#?}"
        );
    }

    #[test]
    fn a_range_tells_how_far_its_series_went_and_where() {
        let rows = [row(0, 1000, 10, 2), row(1024, 1000, 10, 2), row(1024, 8192, 12, 3), row(2048, 4096, 12, 4)];
        let text = format!("$ jstat -gc 77 1000\n{HEADER}{}", rows.concat());
        let timeline = Timeline::of(&report(&text), Language::En);
        let section = &timeline.sections[0];
        let told = |view: &View| -> Vec<String> {
            let spreads = timeline.spreads(section, view);
            let told = |spread: &Spread| {
                let (least, most) = (&spread.least, &spread.most);
                format!(
                    "{}: {} ({}), {}, {} ({})",
                    spread.label, least.0, least.1.line, spread.mean, most.0, most.1.line
                )
            };
            spreads.iter().map(told).collect()
        };
        let all = told(&View::default());
        for expected in [
            "old generation in use: 1000.0 KiB (3), 3.5 MiB, 8.0 MiB (5)",
            "eden: 0 B (3), 1.0 MiB, 2.0 MiB (6)",
            // 110 + 20 + 100 ms of three seconds.
            "full GCs: 0.0% (4), 6.7%, 10.0% (5)",
        ] {
            assert!(all.iter().any(|line| line == expected), "no `{expected}` in {all:#?}");
        }
        assert!(!all.iter().any(|line| line.starts_with("committed")), "what does not move is not told: {all:#?}");
        let part = told(&View::default().with_range(section, 0, 1_000_000).toggled(Role::Eden));
        assert!(
            part.contains(&"old generation in use: 1000.0 KiB (3), 1000.0 KiB, 1000.0 KiB (3)".to_owned()),
            "{part:#?}"
        );
        assert!(!part.iter().any(|line| line.starts_with("eden")), "nor what is hidden: {part:#?}");
    }

    #[test]
    fn a_restart_is_not_counted_as_anything() {
        let text = format!(
            "$ jstat -gc 77 1s\n{HEADER}{}{}{}{}",
            row(0, 9, 10, 2),
            row(0, 9, 12, 2),
            row(0, 9, 1, 0),
            row(0, 9, 4, 0)
        );
        let report = report(&text);
        assert_eq!(report.jstat[0].restarts, [2]);
        let timeline = Timeline::of(&report, Language::En);
        let all = values(&timeline.statistics(&report, &timeline.sections[0], &View::default()));
        assert!(all.contains(&"Young GCs: 5 in 50 ms (10 ms each)".to_owned()), "{all:#?}");
    }

    #[test]
    fn a_range_knows_its_lines() {
        let text = format!("$ jstat -gc 77 1s\n{HEADER}{}", row(0, 9, 10, 2).repeat(5));
        let report = report(&text);
        let timeline = Timeline::of(&report, Language::En);
        let section = &timeline.sections[0];
        let all = timeline.lines(section, &View::default());
        assert_eq!(all, [LineRange { source: 0, first: 3, last: 7 }]);
        let part = View::default().with_range(section, 1_000_000, 2_000_000);
        assert_eq!(timeline.lines(section, &part), [LineRange { source: 0, first: 4, last: 5 }]);
    }
}
