//! Which GC logs are parts of one log, and what was handed in twice.
//!
//! A log that was rotated comes as several files (`gc.log.0`, `gc.log.1.current`), in any order, and the same piece may be in two
//! of them or be pasted twice. Parts become one run, their events stand in the order of their times, and what two copies say
//! counts once: the copy that came first stays. Parts are told by what they say: the same events, the same start of the JVM,
//! numbers and times that go on; or by their names, if the times agree with them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::gc::{GcEvent, GcLog};
use crate::model::jstat::{Cells, Column, JstatTable};
use crate::model::readings::Readings;
use crate::order::InOrder as _;
use crate::units::Bytes;

/// Starts of one JVM, reckoned from two lines, differ by no more: uptimes have milliseconds, dates may have seconds.
const SAME_START: i64 = 2_000_000;
/// Within one file, where runs follow one another, only the milliseconds of both stamps may differ.
const SAME_EXCERPT: u64 = 50_000;
/// A crash file and a log say when a collection was within so much of each other.
const SAME_COLLECTION: i64 = 200_000;
/// A log that prints whole megabytes rounds by less.
const ROUNDED: u64 = 2 << 20;
/// Logs that are compared with one another at most.
const MAX_LOGS: usize = 300;
/// Of the events in the time that two copies share, so many in a hundred are the same.
const SAME_EVENTS: usize = 90;

/// Logs that belong together: to each its group, and the reason for which it joined one.
#[derive(Debug, Default)]
pub(super) struct Parts {
    groups: Vec<usize>,
    reasons: BTreeMap<usize, &'static str>,
}

impl Parts {
    /// True if two logs are parts of one.
    pub(super) fn are_one(&self, a: usize, b: usize) -> bool {
        a != b && self.groups.get(a).is_some_and(|group| Some(group) == self.groups.get(b))
    }

    /// Catalogue key of the reason for which a log belongs to one before it.
    pub(super) fn reason(&self, log: usize) -> Option<&'static str> {
        self.reasons.get(&log).copied()
    }

    fn join(&mut self, a: usize, b: usize, reason: &'static str) {
        let (Some(first), Some(second)) = (self.groups.get(a).copied(), self.groups.get(b).copied()) else { return };
        for group in &mut self.groups {
            if *group == second {
                *group = first;
            }
        }
        self.reasons.insert(b, reason);
    }
}

/// What an event is told by. `None` without a time.
type Key<'a> = (Option<u64>, Option<i64>, Option<i64>, &'a str, Option<u64>, Option<u64>, Option<i64>);

fn key(event: &GcEvent) -> Option<Key<'_>> {
    let uptime = event.uptime.map(|time| time.0);
    let wall = event.time.or(event.local_time).map(|time| time.0);
    let sizes = (event.before.map(|size| size.0), event.after.map(|size| size.0));
    let duration = event.duration.map(|time| time.0);
    (uptime.is_some() || wall.is_some()).then_some((event.gc, uptime, wall, &event.name, sizes.0, sizes.1, duration))
}

/// What a log covers.
#[derive(Debug, Default)]
struct Extent<'a> {
    events: Vec<&'a GcEvent>,
    uptimes: Option<(i64, i64)>,
    walls: Option<(i64, i64)>,
    numbers: Option<(u64, u64)>,
    /// When the JVM started, by the first event that says both, and whether that is in UTC.
    start: Option<(i64, bool)>,
}

fn widen<T: Copy + Ord>(range: &mut Option<(T, T)>, value: Option<T>) {
    if let Some(value) = value {
        *range = Some(range.map_or((value, value), |(first, last)| (first.min(value), last.max(value))));
    }
}

impl<'a> Extent<'a> {
    fn add(&mut self, event: &'a GcEvent) {
        let wall = event.time.or(event.local_time).map(|time| time.0);
        widen(&mut self.uptimes, event.uptime.map(|time| time.0));
        widen(&mut self.walls, wall);
        widen(&mut self.numbers, event.gc);
        if let (None, Some(wall), Some(uptime)) = (self.start, wall, event.uptime) {
            self.start = wall.checked_sub(uptime.0).map(|start| (start, event.time.is_some()));
        }
        self.events.push(event);
    }

    /// Times on the clock that both have: uptime, else wall time.
    fn on_one_clock(&self, other: &Extent<'_>) -> Option<((i64, i64), (i64, i64))> {
        self.uptimes.zip(other.uptimes).or(self.walls.zip(other.walls))
    }
}

/// Finds the logs that are parts or copies of one.
pub(super) fn find(readings: &Readings) -> Parts {
    let count = readings.gc_logs.len();
    let mut parts = Parts { groups: (0..count).collect(), reasons: BTreeMap::new() };
    if !(2..=MAX_LOGS).contains(&count) {
        return parts;
    }
    let mut extents: Vec<Extent<'_>> = (0..count).map(|_| Extent::default()).collect();
    for event in &readings.gc_events {
        if let Some(extent) = extents.get_mut(event.log as usize) {
            extent.add(event);
        }
    }
    for (b, (log, extent)) in readings.gc_logs.iter().zip(&extents).enumerate() {
        for (a, (other, other_extent)) in readings.gc_logs.iter().zip(&extents).enumerate().take(b) {
            if !parts.are_one(a, b)
                && let Some(reason) = reason((other, other_extent), (log, extent), &readings.names)
            {
                parts.join(a, b, reason);
            }
        }
    }
    parts
}

fn reason(
    (a, a_extent): (&GcLog, &Extent<'_>),
    (b, b_extent): (&GcLog, &Extent<'_>),
    names: &[String],
) -> Option<&'static str> {
    if a.style != b.style || contradict(a, b) {
        return None;
    }
    let (of_a, of_b) = a_extent.on_one_clock(b_extent)?;
    let apart = of_a.1 <= of_b.0 || of_b.1 <= of_a.0;
    if are_copies(a_extent, b_extent) {
        return Some("join.same-events");
    }
    if !apart || a.style == "hs-err" {
        return None;
    }
    // Two runs in one file were parted by the reader, which has seen all of it; unless they are excerpts of one log in another order.
    if a.source == b.source {
        let starts = a_extent.start.zip(b_extent.start)?;
        let ((start_a, utc_a), (start_b, utc_b)) = starts;
        let same = utc_a == utc_b && start_a.abs_diff(start_b) <= SAME_EXCERPT;
        return same.then_some("join.same-start");
    }
    if let (Some((start_a, utc_a)), Some((start_b, utc_b))) = (a_extent.start, b_extent.start)
        && utc_a == utc_b
    {
        return start_a.checked_sub(start_b).filter(|apart| apart.abs() <= SAME_START).map(|_| "join.same-start");
    }
    let (earlier, later) = if of_a.1 <= of_b.0 { (a_extent, b_extent) } else { (b_extent, a_extent) };
    if let (Some((_, last)), Some((first, _))) = (earlier.numbers, later.numbers) {
        let goes_on = first.checked_sub(last).is_some_and(|step| step <= 1);
        return goes_on.then_some("join.goes-on");
    }
    let name = |log: &GcLog| names.get(usize::from(log.source)).map(String::as_str).unwrap_or_default();
    are_rotated(name(a), name(b)).then_some("join.rotated")
}

/// True if two logs say different things of their JVM.
fn contradict(a: &GcLog, b: &GcLog) -> bool {
    fn differ<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
        a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| a != b)
    }
    let collector = a.collector.as_deref().zip(b.collector.as_deref());
    let zgc = |name: &str| name.ends_with("ZGC");
    differ(&a.pid, &b.pid)
        || differ(&a.max_heap, &b.max_heap)
        || differ(&a.region_size, &b.region_size)
        || collector.is_some_and(|(a, b)| a != b && !(zgc(a) && zgc(b)))
        || (!a.flags.is_empty() && !b.flags.is_empty() && a.flags != b.flags)
}

/// True if nearly all events in the time that both cover are the same.
fn are_copies(a: &Extent<'_>, b: &Extent<'_>) -> bool {
    let Some((of_a, of_b)) = a.on_one_clock(b) else { return false };
    let (from, to) = (of_a.0.max(of_b.0), of_a.1.min(of_b.1));
    if from > to {
        return false;
    }
    let by_uptime = a.uptimes.is_some() && b.uptimes.is_some();
    let inside = |event: &&&GcEvent| {
        let at = if by_uptime { event.uptime } else { event.time.or(event.local_time) };
        at.is_some_and(|at| (from..=to).contains(&at.0))
    };
    let of_a: HashSet<Key<'_>> = a.events.iter().filter(inside).filter_map(|event| key(event)).collect();
    let of_b: HashSet<Key<'_>> = b.events.iter().filter(inside).filter_map(|event| key(event)).collect();
    let common = of_a.intersection(&of_b).filter(|key| key.6.is_some() || key.4.is_some()).count();
    let least = of_a.len().min(of_b.len());
    common > 0 && common * 100 >= least * SAME_EVENTS
}

/// True for `gc.log.0` and `gc.log.1.current`, `gc.log` and `gc.log.2.gz`: names that differ only in their rotation.
fn are_rotated(a: &str, b: &str) -> bool {
    a != b && !base(a).is_empty() && base(a) == base(b)
}

/// A file's name without what rotation puts behind it.
fn base(name: &str) -> &str {
    let mut rest = name;
    for _ in 0..4 {
        let shorter = rest.strip_suffix(".gz").or_else(|| rest.strip_suffix(".current")).unwrap_or(rest);
        let without_number = shorter.trim_end_matches(|c: char| c.is_ascii_digit());
        let shorter = match without_number.strip_suffix(['.', '-', '_']) {
            Some(shorter) if without_number.len() < rest.len() && !shorter.is_empty() => shorter,
            _ => shorter,
        };
        if shorter.len() == rest.len() {
            break;
        }
        rest = shorter;
    }
    rest
}

/// Leaves out events that an earlier part of the same log has, and puts those of several parts in the order of time.
pub(super) fn settle(readings: &mut Readings, parts: &Parts) {
    if parts.reasons.is_empty() {
        return;
    }
    let group = |log: u32| parts.groups.get(log as usize).copied().unwrap_or(log as usize);
    let mut first: BTreeMap<usize, i64> = BTreeMap::new();
    let mut copies: HashSet<usize> = HashSet::new();
    {
        let mut seen: BTreeMap<usize, HashMap<Key<'_>, u32>> = BTreeMap::new();
        for (at, event) in readings.gc_events.iter().enumerate() {
            let clock = event.uptime.or(event.time).or(event.local_time).map(|time| time.0);
            if let Some(clock) = clock {
                let known = first.entry(event.log as usize).or_insert(clock);
                *known = clock.min(*known);
            }
            if let Some(key) = key(event) {
                let owner = *seen.entry(group(event.log)).or_default().entry(key).or_insert(event.log);
                if owner != event.log {
                    copies.insert(at);
                }
            }
        }
    }
    let mut at = 0;
    readings.gc_events.retain(|_| {
        at += 1;
        !copies.contains(&(at - 1))
    });
    readings.gc_events.order_by_key(|event| {
        let log = event.log as usize;
        (group(event.log), first.get(&log).copied().unwrap_or_default(), log)
    });
}

/// Leaves out what a crash file lists of collections that the JVM's own log has too.
pub(super) fn prefer_logs(readings: &mut Readings) {
    if !readings.gc_logs.iter().any(|log| log.style == "hs-err") {
        return;
    }
    let mut known: BTreeMap<&str, BTreeSet<(i64, Bytes)>> = BTreeMap::new();
    let of = |event: &GcEvent| readings.gc_logs.get(event.log as usize);
    for event in &readings.gc_events {
        let Some(log) = of(event).filter(|log| log.style != "hs-err" && !log.run.is_empty()) else { continue };
        if let Some((uptime, before)) = event.uptime.zip(event.before) {
            known.entry(&log.run).or_default().insert((uptime.0, before));
        }
    }
    let repeats: HashSet<(u32, u32)> = readings
        .gc_events
        .iter()
        .filter(|event| {
            let log = of(event).filter(|log| log.style == "hs-err");
            let known = log.and_then(|log| known.get(log.run.as_str()));
            let Some(((known, at), before)) = known.zip(event.uptime).zip(event.before) else { return false };
            let (first, last) = (at.0.saturating_sub(SAME_COLLECTION), at.0.saturating_add(SAME_COLLECTION));
            // The log may round what the file prints exactly; another heap is that of another JVM.
            known
                .range((first, Bytes(0))..=(last, Bytes(u64::MAX)))
                .any(|(_, other)| other.0.abs_diff(before.0) < ROUNDED)
        })
        .map(|event| (event.log, event.line))
        .collect();
    if !repeats.is_empty() {
        readings.gc_events.retain(|event| !repeats.contains(&(event.log, event.line)));
    }
}

/// Leaves out rows of `jstat` that an earlier table of the same JVM has: rows with a `Timestamp` one by one, a table without only
/// as a whole.
pub(super) fn drop_repeated_rows(tables: &mut Vec<JstatTable>) {
    for later in 1..tables.len().min(MAX_LOGS) {
        for earlier in 0..later {
            let (Some(first), Some(second)) = (tables.get(earlier), tables.get(later)) else { continue };
            let repeated = repeated_rows(first, second);
            if !repeated.is_empty()
                && let Some(table) = tables.get_mut(later)
            {
                table.retain_rows(&|row| !repeated.contains(&row));
            }
        }
    }
    tables.retain(|table| table.rows > 0 || table.lines.is_empty());
}

fn repeated_rows(first: &JstatTable, second: &JstatTable) -> HashSet<usize> {
    let none = HashSet::new();
    let same_kind = first.option == second.option
        && first.columns == second.columns
        && (first.pid == second.pid || first.pid.is_none() || second.pid.is_none());
    if !same_kind || first.rows == 0 || second.rows == 0 {
        return none;
    }
    if let (Some(stamps), Some(others)) = (first.column("Timestamp"), second.column("Timestamp")) {
        // A JVM that stands still repeats its numbers, but not its time.
        let by_time: HashMap<i64, usize> = (0..first.rows).filter_map(|row| Some((stamps.fixed(row)?, row))).collect();
        let row_of = |row: usize| by_time.get(&others.fixed(row)?).copied();
        let common: HashSet<usize> = (0..second.rows)
            .filter(|row| row_of(*row).is_some_and(|earlier| same_row((first, earlier), (second, *row))))
            .collect();
        // One row may be like another's by chance.
        let enough = common.len() >= 2 || (common.len() == 1 && (first.rows == 1 || second.rows == 1));
        return if enough { common } else { none };
    }
    let copied = first.rows == second.rows && (0..first.rows).all(|row| same_row((first, row), (second, row)));
    let changes = || (1..first.rows).filter(|row| !same_row((first, row - 1), (first, *row))).count();
    if copied && changes() >= 2 { (0..second.rows).collect() } else { none }
}

fn same_row((a, row_a): (&JstatTable, usize), (b, row_b): (&JstatTable, usize)) -> bool {
    let cells = |(a, b): (&Column, &Column)| match (&a.cells, &b.cells) {
        (Cells::Fixed { values: a, .. }, Cells::Fixed { values: b, .. }) => a.get(row_a) == b.get(row_b),
        _ => a.text(row_a) == b.text(row_b),
    };
    a.wall.get(row_a) == b.wall.get(row_b) && a.data.0.iter().zip(&b.data.0).all(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotation_is_told_by_the_end_of_a_name() {
        assert!(are_rotated("jvm.log.0", "jvm.log.1.current"));
        assert!(are_rotated("jvm.log", "jvm.log.2.gz"));
        assert!(are_rotated("jvm.log-20250805", "jvm.log-20250806"));
        assert!(are_rotated("/var/log/app/gc.log", "/var/log/app/gc.log.0"));
        assert!(!are_rotated("orders-gc.log", "payments-gc.log"));
        assert!(!are_rotated("jvm.log", "jvm.log"));
        assert!(!are_rotated("", ""));
    }
}
