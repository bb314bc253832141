//! Lanes of collections: time spent per interval, full ones marked, lifetime totals; and the rates that follow from
//! the heap between two samples.

use std::rc::Rc;

use super::{Clock, Lane, LaneId, Place, Series, Style, Total, Unit};
use crate::chart::theme::Role;
use crate::i18n::{self, Language, format};
use crate::model::jstat::JstatTable;
use crate::timeline::reduce::Times;
use crate::units::Micros;

/// CMS counts the pauses of its background cycles as full collections; from this mean pause on (seconds) they are
/// real ones.
const FULL_PAUSE_OF_CMS: f64 = 0.5;

/// Times have three decimals: below this total (seconds) a mean would be mostly rounding.
pub(super) const MIN_TOTAL_FOR_MEAN: f64 = 0.02;

/// What the three pairs of counters mean, by collector.
pub(in crate::chart) struct Counter {
    pub(super) role: Role,
    pub(in crate::chart) label: &'static str,
    pub(in crate::chart) total: &'static str,
    pub(in crate::chart) count: &'static str,
    pub(in crate::chart) time: &'static str,
    /// True if each count is a stop-the-world collection of everything.
    pub(in crate::chart) is_full: bool,
}

pub(in crate::chart) fn counters(collector: Option<&str>) -> [Counter; 3] {
    let (full_role, full_label, full_total, is_full) = match collector {
        Some("Shenandoah") => {
            (Role::ConcurrentGc, "chart.series.shenandoah-phases", "chart.total.shenandoah-phases", false)
        }
        Some("CMS") => (Role::FullGc, "chart.series.cms-full", "chart.total.cms-full", true),
        _ => (Role::FullGc, "chart.series.full-gc", "chart.total.full-gc", true),
    };
    let (young_label, young_total) = match collector {
        Some("generational ZGC") => ("chart.series.minor-pauses", "chart.total.minor-pauses"),
        _ => ("chart.series.young-gc", "chart.total.young-gc"),
    };
    let (concurrent_label, concurrent_total) = match collector {
        Some("generational ZGC") => ("chart.series.major-pauses", "chart.total.major-pauses"),
        Some("ZGC") => ("chart.series.cycle-pauses", "chart.total.cycle-pauses"),
        _ => ("chart.series.concurrent-gc", "chart.total.concurrent-gc"),
    };
    [
        Counter { role: full_role, label: full_label, total: full_total, count: "FGC", time: "FGCT", is_full },
        Counter {
            role: Role::YoungGc,
            label: young_label,
            total: young_total,
            count: "YGC",
            time: "YGCT",
            is_full: false,
        },
        Counter {
            role: Role::ConcurrentGc,
            label: concurrent_label,
            total: concurrent_total,
            count: "CGC",
            time: "CGCT",
            is_full: false,
        },
    ]
}

/// Growth of a counter from the row before; NaN for the first row, across a restart, and where it fell.
fn growth(table: &JstatTable, name: &str) -> Option<Vec<f64>> {
    let values = column(table, name, 1.0)?;
    let mut out = vec![f64::NAN; values.len()];
    for (row, (pair, out)) in values.windows(2).zip(out.iter_mut().skip(1)).enumerate() {
        if let [before, now] = pair
            && now >= before
            && table.restarts.binary_search(&(row + 1)).is_err()
        {
            // Counters have three decimals; what remains below is the error of the subtraction.
            *out = ((now - before) * 1e3).round() / 1e3;
        }
    }
    Some(out)
}

/// Seconds from the row before. The interval asked for, where the printed tenths of seconds agree with it.
fn steps(table: &JstatTable, times: &Times) -> Vec<f64> {
    let interval = table.interval.map(|interval| interval.0);
    (0..times.len())
        .map(|row| {
            let Some((before, now)) = row.checked_sub(1).and_then(|before| times.at(before)).zip(times.at(row)) else {
                return f64::NAN;
            };
            let step = now.saturating_sub(before);
            let step = interval.filter(|interval| interval.abs_diff(step) <= 150_000).unwrap_or(step);
            if step > 0 { step as f64 / 1e6 } else { f64::NAN }
        })
        .collect()
}

/// Time in collections per interval, as a share of it, or per sample where no clock says how long one is.
pub(super) fn lane(
    table: &JstatTable,
    clock: Clock,
    times: &Rc<Times>,
    places: &Rc<Vec<Place>>,
    language: Language,
) -> Option<Lane> {
    let as_share = clock.has_time_base();
    let steps = steps(table, times);
    let unit = if as_share { Unit::Share } else { Unit::Duration };
    let mut lane = Lane::new(LaneId::Collections, language, unit, 56.0);
    if !as_share {
        lane.title = i18n::text(language, "chart.lane.collections-time");
    }
    let mut full_marks = None;
    let mut below: Option<(usize, Vec<f64>)> = None;
    for counter in counters(table.collector.as_deref()) {
        let label = i18n::text(language, counter.label);
        let counts = growth(table, counter.count);
        if let Some(mut values) = growth(table, counter.time) {
            for (value, step) in values.iter_mut().zip(&steps) {
                *value = if as_share { *value / step } else { *value * 1e6 };
            }
            if let Some((_, below)) = &below {
                for (value, below) in values.iter_mut().zip(below) {
                    *value += below;
                }
            }
            let mut series = Series::new(counter.role, label.clone(), Style::Bars, times, values, places);
            series.on = below.as_ref().map(|(at, _)| *at);
            if series.has_values() {
                below = Some((lane.series.len(), series.values.clone()));
                lane.series.push(series);
            }
        }
        if let Some(mut counts) = counts.filter(|_| counter.is_full) {
            let durations = growth(table, counter.time);
            for (row, count) in counts.iter_mut().enumerate() {
                let mean = durations.as_ref().and_then(|durations| durations.get(row)).map(|time| time / *count);
                let background =
                    table.collector.as_deref() == Some("CMS") && mean.is_none_or(|mean| mean < FULL_PAUSE_OF_CMS);
                if *count == 0.0 || background {
                    *count = f64::NAN;
                }
            }
            let label = i18n::text(language, "chart.series.full-gc-marks");
            full_marks = Some(Series::new(Role::FullGc, label, Style::Markers, times, counts, places));
        }
        lane.totals.extend(total(table, &counter, language));
    }
    lane.series.extend(full_marks.filter(Series::has_values));
    (!lane.series.is_empty() || !lane.totals.is_empty()).then_some(lane)
}

/// `full 140 in 18.955 s (135.4 ms each)`, by the last row.
fn total(table: &JstatTable, counter: &Counter, language: Language) -> Option<Total> {
    let row = table.rows.checked_sub(1)?;
    let count = table.column(counter.count)?.fixed(row).and_then(|count| u64::try_from(count).ok())?;
    let seconds = table.value(counter.time, row);
    let span = Place { source: table.source, line: table.lines.get(row).copied().unwrap_or_default() }.span();
    let name = i18n::text(language, counter.total);
    let count_text = i18n::number(count);
    let label = match seconds {
        Some(seconds) if count > 0 => {
            let time = format::duration(language, Micros((seconds * 1e6).round() as i64));
            if seconds < MIN_TOTAL_FOR_MEAN {
                let arguments = [("name", name.as_str()), ("count", &count_text), ("time", &time)];
                return Some(Total { label: i18n::fill(language, "chart.total.short", &arguments), span });
            }
            let mean = format::duration(language, Micros((seconds * 1e6 / count as f64).round() as i64));
            let arguments = [("name", name.as_str()), ("count", &count_text), ("time", &time), ("mean", &mean)];
            i18n::fill(language, "chart.total.timed", &arguments)
        }
        _ => i18n::fill(language, "chart.total.counted", &[("name", &name), ("count", &count_text)]),
    };
    Some(Total { label, span })
}

/// Allocation and promotion between samples: estimates, and only where there is a clock and the columns mean what
/// they say. Source of the arithmetic: docs/formats on `jstat`, "derived quantities".
pub(super) fn rates(
    table: &JstatTable,
    clock: Clock,
    times: &Rc<Times>,
    places: &Rc<Vec<Place>>,
    language: Language,
) -> Option<Lane> {
    let generational = !matches!(table.collector.as_deref(), Some("ZGC" | "Shenandoah" | "generational ZGC"));
    if !clock.has_time_base() || !generational || table.rows < 2 {
        return None;
    }
    let steps = steps(table, times);
    let (eden, capacity) = (column(table, "EU", 1024.0)?, column(table, "EC", 1024.0)?);
    let (old, young, full) = (column(table, "OU", 1024.0)?, growth(table, "YGC")?, growth(table, "FGC")?);
    let concurrent = growth(table, "CGC");
    // Newer Serial and Parallel print eden only after a collection: what was filled in between cannot be seen.
    let frozen = eden.iter().all(|value| *value == 0.0);
    let at = |values: &[f64], row: usize| values.get(row).copied().unwrap_or(f64::NAN);
    let mut allocation = vec![f64::NAN; table.rows];
    let mut promotion = vec![f64::NAN; table.rows];
    for row in 1..table.rows {
        let (step, collections) = (at(&steps, row), at(&young, row));
        let (eden_before, eden_now, size) = (at(&eden, row - 1), at(&eden, row), at(&capacity, row - 1));
        let filled = match collections {
            0.0 if frozen => f64::NAN,
            0.0 => eden_now - eden_before,
            n if frozen => n * size,
            n => (size - eden_before).max(0.0) + (n - 1.0) * size + eden_now,
        };
        let moved = at(&old, row) - at(&old, row - 1);
        let undisturbed = at(&full, row) == 0.0
            && concurrent.as_ref().is_none_or(|values| at(values, row) == 0.0 || at(values, row).is_nan());
        for (out, bytes) in [(&mut allocation, filled), (&mut promotion, if undisturbed { moved } else { f64::NAN })] {
            if let Some(out) = out.get_mut(row).filter(|_| bytes >= 0.0) {
                *out = bytes / step;
            }
        }
    }
    let mut lane = Lane::new(LaneId::Rates, language, Unit::BytesPerSecond, 48.0);
    for (role, key, values) in
        [(Role::Eden, "chart.series.allocation", allocation), (Role::Old, "chart.series.promotion", promotion)]
    {
        let series = Series::new(role, i18n::text(language, key), Style::Line, times, values, places);
        // Rates of an idle process are a row of zeros: nothing to see.
        if series.values.iter().any(|value| *value > 0.0) {
            lane.series.push(series);
        }
    }
    (!lane.series.is_empty()).then_some(lane)
}

/// A column times `factor`; absent cells are NaN. `None` if there is no such column.
pub(super) fn column(table: &JstatTable, name: &str, factor: f64) -> Option<Vec<f64>> {
    let column = table.column(name)?;
    Some(
        (0..table.rows)
            .map(|row| column.value(row).map_or(f64::NAN, |value| (value * factor * 1e3).round() / 1e3))
            .collect(),
    )
}
