//! Lanes of `jstat` tables: heap, metaspace, collections, and the stretches in which nothing moved.

use std::rc::Rc;

use super::collections::column;
use super::{Band, BandKind, Builder, Clock, Lane, LaneId, Level, Place, Samples, Series, Style, Unit, collections};
use crate::analysis::incident::{host_line, size_of_option};
use crate::chart::theme::Role;
use crate::i18n::format;
use crate::model::host::HostReading;
use crate::model::jstat::JstatTable;
use crate::order::InOrder as _;
use crate::timeline::reduce::Times;
use crate::units::Micros;

/// Rows that must be alike before they are drawn as one stretch.
const MIN_IDENTICAL: usize = 3;
/// A distance between samples that is so many times the usual one is a gap.
const GAP_FACTOR: i64 = 3;

/// A table that is laid out, and how far.
pub(super) struct Rows {
    /// Index in the report.
    at: usize,
    section: usize,
    clock: Clock,
    owner: String,
    times: Rc<Times>,
    places: Rc<Vec<Place>>,
    next: usize,
}

impl Builder<'_> {
    /// Every table with rows, richest option first, so that a poorer table of the same stretch adds only what is new.
    pub(super) fn tables(&self) -> Vec<usize> {
        let tables = &self.report.jstat;
        let has_rows = |at: &usize| tables.get(*at).is_some_and(|table| table.rows > 0);
        let mut order: Vec<usize> = (0..tables.len()).filter(has_rows).collect();
        order.order_by_key(|at| tables.get(*at).map(|table| richness(&table.option)));
        order
    }

    /// Lays a table out.
    pub(super) fn table(&mut self, at: usize) {
        let mut table = self.begin_table(at);
        while let Some(rows) = table {
            table = self.lay_out(rows);
        }
    }

    /// Where a table belongs. `None` for one that nothing is drawn of.
    pub(super) fn begin_table(&mut self, at: usize) -> Option<Rows> {
        let table = self.report.jstat.get(at)?;
        let (clock, times) = clock_and_times(table);
        if table.rows == 1 && !clock.is_known() && table.option.ends_with("capacity") {
            return None;
        }
        let title = self.process_title(&table.run, table.pid, table.collector.as_deref());
        let run = match (table.run.as_str(), table.pid) {
            ("", Some(pid)) => format!("pid-{pid}"),
            ("", None) => "process".to_owned(),
            (run, _) => run.to_owned(),
        };
        let start = self.start_of(&table.run).filter(|_| clock == Clock::Uptime);
        let times = Rc::new(match start {
            Some(start) => shifted(&times, start),
            None => times,
        });
        let (id, clock, owner) = match (clock, start) {
            (Clock::Uptime, Some(_)) => ("utc".to_owned(), Clock::Utc(self.report.zone), title.clone()),
            (Clock::Uptime, None) => (format!("{run}.uptime"), clock, String::new()),
            (Clock::Local, _) => ("local".to_owned(), clock, title.clone()),
            _ => (format!("{run}.jstat-{}", at + 1), clock, String::new()),
        };
        let places: Rc<Vec<Place>> =
            Rc::new(table.lines.iter().map(|line| Place { source: table.source, line: *line }).collect());
        let section = self.section(&id, clock, |builder| match clock {
            Clock::Utc(_) | Clock::Local => builder.text("chart.section.dated"),
            _ => title,
        });
        let tables = &mut self.places.tables;
        let first = tables.get(&section).copied().unwrap_or(at);
        tables.insert(section, first.min(at));
        if let Some(interval) = table.interval.filter(|_| clock == Clock::FromFirst) {
            let every = format::duration(self.language, interval);
            self.at(section).note = self.fill("chart.clock.from-first-every", &[("interval", &every)]);
        }
        self.at(section).samples.push(Samples { table: at, times: Rc::clone(&times) });
        Some(Rows { at, section, clock, owner, times, places, next: 0 })
    }

    /// Lays the next of a table's lanes out, since a long table takes its time. What is left, until nothing is.
    pub(super) fn lay_out(&mut self, rows: Rows) -> Option<Rows> {
        let Rows { at, section, clock, ref owner, ref times, ref places, next } = rows;
        let table = self.report.jstat.get(at)?;
        let lanes: Vec<Lane> = match next {
            0 => self.heap(table, times, places),
            1 => self.heap_percent(table, times, places),
            2 => self.metaspace(table, times, places),
            3 => collections::lane(table, clock, times, places, self.language).into_iter().collect(),
            4 => collections::rates(table, clock, times, places, self.language).into_iter().collect(),
            _ => {
                let bands = self.bands(table, clock, times);
                let lines = places.iter().enumerate().filter_map(|(row, place)| Some((times.at(row)?, *place)));
                self.amid((section, clock, &table.run), lines);
                let known = &mut self.at(section).bands;
                for band in bands {
                    let is_there =
                        |other: &Band| other.kind == band.kind && other.from <= band.to && band.from <= other.to;
                    if !known.iter().any(is_there) {
                        known.push(band);
                    }
                }
                return None;
            }
        };
        for mut lane in lanes {
            lane.owner.clone_from(owner);
            self.merge(section, lane);
        }
        Some(Rows { next: next + 1, ..rows })
    }

    /// A poorer table adds nothing to a lane for a stretch that is there already; for another stretch it adds its series.
    fn merge(&mut self, section: usize, lane: Lane) {
        // Percentages say nothing that sizes do not say better.
        let twin = match lane.id {
            LaneId::HeapPercent => LaneId::Heap,
            LaneId::MetaspacePercent => LaneId::Metaspace,
            id => id,
        };
        let extent = |series: &Series| series.times.extent();
        let covered = self.known_lane(section, twin, &lane.owner).is_some_and(|known| {
            lane.series.iter().filter_map(extent).all(|(from, to)| {
                known.series.iter().filter_map(extent).any(|(known_from, known_to)| {
                    let shared = to.min(known_to).saturating_sub(from.max(known_from));
                    shared.saturating_mul(2) >= to.saturating_sub(from)
                })
            })
        });
        if covered {
            return;
        }
        let target = self.lane(section, lane.id, &lane.owner, || Lane { series: Vec::new(), ..lane.clone() });
        let base = target.series.len();
        let series = lane.series.into_iter();
        target.series.extend(series.map(|series| Series { on: series.on.map(|at| at + base), ..series }));
    }

    /// Absolute start of the run's JVM, if a line tells it.
    pub(super) fn start_of(&self, run: &str) -> Option<i64> {
        self.starts.get(run).copied()
    }

    /// Used against capacity and maximum; what a column means depends on the collector.
    fn heap(&self, table: &JstatTable, times: &Rc<Times>, places: &Rc<Vec<Place>>) -> Vec<Lane> {
        let bytes = |name: &str| column(table, name, 1024.0);
        let collector = self.collector_of(table);
        let whole_heap = matches!(collector, Some("ZGC" | "Shenandoah"));
        // There `OC` is what is in use, not a capacity.
        let old_capacity_is_used = collector == Some("generational ZGC");
        let mut lane = Lane::new(LaneId::Heap, self.language, Unit::Bytes, 128.0);
        let old_label = if whole_heap { "chart.series.heap-used" } else { "chart.series.old" };
        let young_label = if old_capacity_is_used { "chart.series.young" } else { "chart.series.eden" };
        let parts = [
            (Role::Old, self.text(old_label), bytes("OU")),
            (Role::Survivor, self.text("chart.series.survivor"), sum(&[bytes("S0U"), bytes("S1U")])),
            (Role::Eden, self.text(young_label), bytes("EU")),
        ];
        let mut below: Option<(usize, Vec<f64>)> = None;
        for (role, label, values) in parts {
            let Some(mut values) = values else { continue };
            if role == Role::Survivor && values.iter().all(|value| *value == 0.0) {
                continue;
            }
            if let Some((_, below)) = &below {
                for (value, below) in values.iter_mut().zip(below) {
                    *value += below;
                }
            }
            let mut series = Series::new(role, label, Style::Area, times, values, places);
            series.on = below.as_ref().map(|(at, _)| *at);
            if series.has_values() {
                below = Some((lane.series.len(), series.values.clone()));
                lane.series.push(series);
            }
        }
        let mut line = |role, key: &str, values: Option<Vec<f64>>| {
            let Some(values) = values else { return };
            let series = Series::new(role, self.text(key), Style::Line, times, values, places);
            if series.has_values() {
                lane.series.push(series);
            }
        };
        if !old_capacity_is_used {
            if !whole_heap && table.column("EC").is_some() {
                line(Role::OldCapacity, "chart.series.old-capacity", bytes("OC"));
                let parts = [bytes("S0C"), bytes("S1C"), bytes("EC"), bytes("OC")];
                line(
                    Role::Capacity,
                    "chart.series.capacity",
                    all(parts).map(|parts| sum(&parts.map(Some))).unwrap_or(None),
                );
            } else {
                line(Role::Capacity, "chart.series.capacity", bytes("OC"));
            }
        }
        lane.levels.extend(self.max_heap(&table.run));
        if lane.series.is_empty() { Vec::new() } else { vec![lane] }
    }

    /// The same in shares of what each part has at that time.
    fn heap_percent(&self, table: &JstatTable, times: &Rc<Times>, places: &Rc<Vec<Place>>) -> Vec<Lane> {
        let percent = |name: &str| column(table, name, 1.0);
        let collector = self.collector_of(table);
        let whole_heap = matches!(collector, Some("ZGC" | "Shenandoah"));
        let old_capacity_is_used = collector == Some("generational ZGC");
        let old_label = if whole_heap { "chart.series.heap-used" } else { "chart.series.old" };
        let young_label = if old_capacity_is_used { "chart.series.young" } else { "chart.series.eden" };
        let mut lane = Lane::new(LaneId::HeapPercent, self.language, Unit::Percent, 72.0);
        for (role, key, name) in [
            (Role::Old, old_label, "O"),
            (Role::Eden, young_label, "E"),
            (Role::Survivor, "chart.series.survivor", "S0"),
            (Role::Survivor, "chart.series.survivor", "S1"),
        ] {
            // In generational ZGC the old generation is always 100 % full of itself.
            let Some(values) = percent(name).filter(|_| !(name == "O" && old_capacity_is_used)) else { continue };
            let series = Series::new(role, self.text(key), Style::Line, times, values, places);
            let empty = role == Role::Survivor && series.values.iter().all(|value| *value == 0.0);
            if series.has_values() && !empty {
                lane.series.push(series);
            }
        }
        if lane.series.is_empty() { Vec::new() } else { vec![lane] }
    }

    fn collector_of<'a>(&'a self, table: &'a JstatTable) -> Option<&'a str> {
        let run = self.runs.get(&table.run);
        run.and_then(|run| run.collector.as_deref()).or(table.collector.as_deref())
    }

    /// The heap's maximum as it is known of the run.
    pub(super) fn max_heap(&self, run: &str) -> Option<Level> {
        let known = self.runs.get(run)?;
        let max = known.max_heap?;
        let value = max.as_f64();
        let label = self.fill("chart.level.max", &[("size", &Unit::Bytes.format(self.language, value))]);
        Some(Level { role: Role::Max, label, value, span: known.at.get("max_heap") })
    }

    /// What an option of a run limits.
    pub(super) fn option_level(&self, run: &str, option: &str) -> Option<Level> {
        let (max, flag) = size_of_option(self.runs.get(run)?, option)?;
        let label = self.fill("chart.level.max", &[("size", &format::size(max))]);
        let is_of_run = |reading: &&HostReading| reading.run.as_deref() == Some(run) && reading.flags.contains(flag);
        let reading = self.report.host.iter().find(is_of_run);
        let span = reading.map(|reading| reading.at.get("flags").unwrap_or_else(|| host_line(reading)));
        Some(Level { role: Role::Max, label, value: max.as_f64(), span })
    }

    /// Until the first collection these columns read zero and mean nothing.
    fn metaspace(&self, table: &JstatTable, times: &Rc<Times>, places: &Rc<Vec<Place>>) -> Vec<Lane> {
        let mut lanes = Vec::new();
        type Part<'a> = (Role, &'a str, &'a str, Style);
        let rows: [(LaneId, Unit, f64, &[Part<'_>]); 2] = [
            (
                LaneId::Metaspace,
                Unit::Bytes,
                1024.0,
                &[
                    (Role::Metaspace, "chart.series.metaspace", "MU", Style::Area),
                    (Role::ClassSpace, "chart.series.class-space", "CCSU", Style::Line),
                    (Role::Capacity, "chart.series.capacity", "MC", Style::Line),
                ],
            ),
            (
                LaneId::MetaspacePercent,
                Unit::Percent,
                1.0,
                &[
                    (Role::Metaspace, "chart.series.metaspace", "M", Style::Line),
                    (Role::ClassSpace, "chart.series.class-space", "CCS", Style::Line),
                ],
            ),
        ];
        for (id, unit, factor, parts) in rows {
            let mut lane = Lane::new(id, self.language, unit, 56.0);
            for (role, key, name, style) in parts {
                let Some(mut values) = column(table, name, factor) else { continue };
                for value in values.iter_mut().take_while(|value| value.is_nan() || **value == 0.0) {
                    *value = f64::NAN;
                }
                let series = Series::new(*role, self.text(key), *style, times, values, places);
                if series.has_values() {
                    lane.series.push(series);
                }
            }
            let has_use = lane.series.iter().any(|series| series.role != Role::Capacity);
            if unit == Unit::Bytes {
                lane.levels.extend(self.option_level(&table.run, "-XX:MaxMetaspaceSize="));
            }
            if has_use {
                lanes.push(lane);
            }
        }
        lanes
    }

    fn bands(&self, table: &JstatTable, clock: Clock, times: &Times) -> Vec<Band> {
        let place =
            |row: usize| Place { source: table.source, line: table.lines.get(row).copied().unwrap_or_default() };
        let mut bands = Vec::new();
        // Of a reduced table nobody knows what lay between two rows.
        let whole = table.kept.is_empty();
        for (first, count) in identical(table).into_iter().filter(|_| whole) {
            let Some((from, to)) = times.at(first).zip(times.at(first + count - 1)) else { continue };
            let label = self.fill("chart.band.identical", &[("count", &crate::i18n::number(count as u64))]);
            let short = format!("×{count}");
            bands.push(Band {
                from,
                to,
                kind: BandKind::Identical,
                label,
                short,
                span: place(first).span(),
                owner: String::new(),
            });
        }
        for row in &table.restarts {
            if let Some(at) = times.at(*row) {
                let from = row.checked_sub(1).and_then(|before| times.at(before)).unwrap_or(at);
                let label = self.text("chart.band.restart");
                bands.push(Band {
                    from,
                    to: at,
                    kind: BandKind::Restart,
                    short: label.clone(),
                    label,
                    span: place(*row).span(),
                    owner: String::new(),
                });
            }
        }
        if clock.is_known() && whole {
            for row in gaps(times) {
                let Some((from, to)) = times.at(row - 1).zip(times.at(row)) else { continue };
                let duration = format::duration(self.language, Micros(to.saturating_sub(from)));
                let label = self.fill("chart.band.gap", &[("duration", &duration)]);
                let (span, owner) = (place(row).span(), String::new());
                bands.push(Band { from, to, kind: BandKind::Gap, label, short: duration, span, owner });
            }
        }
        bands
    }
}

/// Less is richer.
fn richness(option: &str) -> u8 {
    match option {
        "gc" => 0,
        "gcold" | "gcnew" => 1,
        "gccapacity" | "gcmetacapacity" => 2,
        "gcutil" => 3,
        _ => 4,
    }
}

/// The sum of columns, an absent one counting nothing. `None` if none is there; NaN where all are absent.
pub(super) fn sum(columns: &[Option<Vec<f64>>]) -> Option<Vec<f64>> {
    let mut out: Option<Vec<f64>> = None;
    for column in columns.iter().flatten() {
        match &mut out {
            None => out = Some(column.clone()),
            Some(out) => {
                for (total, value) in out.iter_mut().zip(column) {
                    *total = match (total.is_nan(), value.is_nan()) {
                        (true, _) => *value,
                        (false, true) => *total,
                        _ => *total + value,
                    };
                }
            }
        }
    }
    out
}

/// All of them or none.
fn all<const N: usize>(columns: [Option<Vec<f64>>; N]) -> Option<[Vec<f64>; N]> {
    columns.iter().all(Option::is_some).then(|| columns.map(Option::unwrap_or_default))
}

fn shifted(times: &Times, by: i64) -> Times {
    match times {
        Times::Even { start, step, len } => Times::Even { start: start.saturating_add(by), step: *step, len: *len },
        Times::Listed(times) => Times::listed(times.iter().map(|time| time.saturating_add(by)).collect()),
    }
}

/// When the rows of a table were taken, by the best clock it has.
fn clock_and_times(table: &JstatTable) -> (Clock, Times) {
    let step = table.interval.map(|Micros(interval)| interval).filter(|interval| *interval > 0);
    let stamps: Option<Vec<i64>> = table
        .column("Timestamp")
        .and_then(|column| (0..table.rows).map(|row| column.value(row)).collect::<Option<Vec<f64>>>())
        .map(|stamps| stamps.iter().map(|seconds| (seconds * 1e6).round() as i64).collect());
    match stamps {
        // Of one JVM: its uptime.
        Some(stamps) if stamps.is_sorted() && table.restarts.is_empty() => {
            return (Clock::Uptime, refined(stamps, step));
        }
        // Of several, one after the other: how long it took from one to the next is not known.
        Some(stamps) => {
            let mut times = Vec::with_capacity(stamps.len());
            let mut now = 0_i64;
            let mut before: Option<i64> = None;
            for stamp in stamps {
                now = match before {
                    Some(before) if stamp >= before => now.saturating_add(stamp.saturating_sub(before)),
                    Some(_) => now.saturating_add(step.unwrap_or(1_000_000)),
                    None => 0,
                };
                before = Some(stamp);
                times.push(now);
            }
            return (Clock::FromFirst, Times::listed(times));
        }
        None => {}
    }
    let wall: Option<Vec<i64>> = table.wall.iter().map(|wall| wall.map(|wall| wall.0)).collect();
    if let Some(wall) = wall.filter(|wall| wall.len() == table.rows && wall.is_sorted()) {
        return (Clock::Local, Times::Listed(wall));
    }
    let numbers = || (0..table.rows).filter_map(|row| table.row_number(row));
    match step {
        // Rows were left out: those that are left keep their times.
        _ if !table.kept.is_empty() => match step {
            Some(step) => (Clock::FromFirst, Times::listed(numbers().map(|row| row.saturating_mul(step)).collect())),
            None => (Clock::Order, Times::listed(numbers().map(|row| row.saturating_add(1)).collect())),
        },
        Some(step) => (Clock::FromFirst, Times::Even { start: 0, step, len: table.rows }),
        None => (Clock::Order, Times::Even { start: 1, step: 1, len: table.rows }),
    }
}

/// Timestamps are printed to a tenth of a second. Below a second of interval, even steps between the first and the
/// last are nearer to the truth, if all stamps agree with them.
fn refined(stamps: Vec<i64>, step: Option<i64>) -> Times {
    let even = || {
        let steps = i64::try_from(stamps.len().checked_sub(1)?).ok().filter(|steps| *steps > 0)?;
        let (first, last) = (*stamps.first()?, *stamps.last()?);
        let times = Times::Even { start: first, step: (last.saturating_sub(first) / steps).max(1), len: stamps.len() };
        let agrees = stamps
            .iter()
            .enumerate()
            .all(|(at, stamp)| times.at(at).is_some_and(|time| time.abs_diff(*stamp) <= 150_000));
        agrees.then_some(times)
    };
    match step.filter(|step| *step < 1_000_000).and_then(|_| even()) {
        Some(times) => times,
        None => Times::Listed(stamps),
    }
}

/// Stretches of rows that are alike in everything but time: first row and number.
fn identical(table: &JstatTable) -> Vec<(usize, usize)> {
    let columns: Vec<_> = table.data.0.iter().filter(|column| column.name != "Timestamp").collect();
    let same = |a: usize, b: usize| {
        columns.iter().all(|column| column.fixed(a) == column.fixed(b) && column.text(a) == column.text(b))
    };
    let mut found = Vec::new();
    let mut first = 0;
    for row in 1..=table.rows {
        if row < table.rows && same(row - 1, row) {
            continue;
        }
        if row - first >= MIN_IDENTICAL && !columns.is_empty() {
            found.push((first, row - first));
        }
        first = row;
    }
    found
}

/// Rows before which samples are missing.
fn gaps(times: &Times) -> Vec<usize> {
    let Times::Listed(times) = times else { return Vec::new() };
    let mut steps: Vec<i64> =
        times.windows(2).filter_map(|pair| Some(pair.last()?.saturating_sub(*pair.first()?))).collect();
    let unsorted = steps.clone();
    steps.sort_unstable();
    let Some(usual) = steps.get(steps.len() / 2).copied().filter(|_| steps.len() >= 3) else { return Vec::new() };
    let limit = usual.max(100_000).saturating_mul(GAP_FACTOR);
    unsorted.iter().enumerate().filter(|(_, step)| **step > limit).map(|(at, _)| at + 1).collect()
}
