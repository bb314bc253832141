//! Counters of collections and their times, and shares of the time: what the rules about collection time share.
//!
//! Collectors count differently (`docs/formats/jstat.md`): Shenandoah counts every phase as a full collection, CMS the
//! pauses of its cycles; for ZGC and Shenandoah the times are not the application's pauses.

use crate::analysis::accounting;
use crate::analysis::incident::line;
use crate::analysis::statement::{Quantity, thousandths};
use crate::model::gc::GcEvent;
use crate::model::jstat::JstatTable;
use crate::model::readings::Readings;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Micros;

/// A mean full "collection" of CMS or Shenandoah below this is a phase of a cycle that runs beside the application.
pub const PHASE: Micros = Micros(100_000);

/// The collectors whose `FGC` counts full GCs. Without a name, spaces in use tell Serial, Parallel, G1, and CMS from the others,
/// and the mean time tells a full GC from a pause of CMS.
pub fn counts_full(table: &JstatTable, run: &Run) -> bool {
    match table.collector.as_deref().or(run.collector.as_deref()) {
        Some(collector) => matches!(collector, "G1" | "Serial" | "Parallel"),
        None => {
            let last = table.rows.saturating_sub(1);
            has_spaces(table) && mean_full(table, last).is_some_and(|mean| mean >= PHASE)
        }
    }
}

/// True if a young generation is in use, as ZGC and Shenandoah have none in `jstat`.
pub fn has_spaces(table: &JstatTable) -> bool {
    let used = |name: &&str| {
        table
            .column(name)
            .is_some_and(|column| (0..table.rows).any(|row| column.value(row).is_some_and(|size| size > 0.0)))
    };
    ["EU", "E", "S0", "S1", "S0U", "S1U", "S0C"].iter().any(used)
}

/// How long a full GC took on average, by the counters of a row.
pub fn mean_full(table: &JstatTable, row: usize) -> Option<Micros> {
    let full = count(table, "FGC", row).filter(|full| *full > 0)?;
    Some(Micros(time(table, "FGCT", row)?.0 / i64::try_from(full).ok()?))
}

/// A space of the heap as `jstat` prints it: its share, or what is in use and how much there is.
pub struct Space {
    share: &'static str,
    used: &'static str,
    capacity: &'static str,
}

pub const EDEN: Space = Space { share: "E", used: "EU", capacity: "EC" };
pub const OLD: Space = Space { share: "O", used: "OU", capacity: "OC" };

/// How full a space was in a row, in thousandths of a percent.
pub fn fill(table: &JstatTable, space: &Space, row: usize) -> Option<i64> {
    if let Some(share) = table.value(space.share, row) {
        return Some((share * 1e3).round() as i64);
    }
    let used = accounting::cell(table, space.used, row)?;
    let capacity = accounting::cell(table, space.capacity, row).filter(|capacity| capacity.0 > 0)?;
    Some(thousandths(used, capacity))
}

/// The collectors whose `GCT` is time in which the application stood still. Without a name, survivors tell Serial, Parallel, and CMS
/// from ZGC and Shenandoah.
pub fn counts_pauses(table: &JstatTable, run: &Run) -> bool {
    match table.collector.as_deref().or(run.collector.as_deref()) {
        Some(collector) => matches!(collector, "G1" | "Serial" | "Parallel" | "CMS"),
        None => ["S0C", "S0", "S1"]
            .iter()
            .filter_map(|name| table.column(name))
            .any(|column| (0..table.rows).any(|row| column.value(row).is_some_and(|size| size > 0.0))),
    }
}

/// Seconds of a column with three decimals as microseconds.
pub fn time(table: &JstatTable, name: &str, row: usize) -> Option<Micros> {
    let column = table.column(name)?;
    let seconds = column.value(row)?;
    (0.0..1e12).contains(&seconds).then_some(Micros((seconds * 1e6).round() as i64))
}

pub fn count(table: &JstatTable, name: &str, row: usize) -> Option<u64> {
    table.column(name)?.fixed(row).and_then(|count| u64::try_from(count).ok())
}

pub fn row_line(table: &JstatTable, row: usize) -> Span {
    line(table.source, table.lines.get(row).copied().unwrap_or(table.first_line))
}

/// A part of the time, which is never more than all of it: a full GC is counted when it ends, and may have begun before.
pub fn share(part: Micros, whole: Micros) -> Quantity {
    let share = i128::from(part.0) * 100_000 / i128::from(whole.0.max(1));
    Quantity::Share(i64::try_from(share).unwrap_or(i64::MAX).min(100_000))
}

pub fn at_least(part: Micros, whole: Micros, hundredths: i64) -> bool {
    whole.0 > 0 && i128::from(part.0) * 100 >= i128::from(whole.0) * i128::from(hundredths)
}

/// The clock by which events of a log are told apart: the uptime where all have it, else the time of day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Uptime,
    Wall,
}

impl Clock {
    pub fn of(events: &[&GcEvent]) -> Clock {
        if events.iter().all(|event| event.uptime.is_some()) { Clock::Uptime } else { Clock::Wall }
    }

    /// When an event began and ended: the unified log is stamped at the end, that of JDK 8 at the beginning.
    pub fn extent(self, readings: &Readings, event: &GcEvent) -> Option<(Micros, Micros)> {
        let (stamp, duration) = match self {
            Clock::Uptime => return extent(readings, event),
            Clock::Wall => (event.time.or(event.local_time)?, event.duration.unwrap_or_default()),
        };
        Some(around(readings, event, stamp, duration))
    }
}

/// When an event began and ended by the uptime.
pub fn extent(readings: &Readings, event: &GcEvent) -> Option<(Micros, Micros)> {
    let (stamp, duration) = (event.uptime?, event.duration.unwrap_or_default());
    Some(around(readings, event, stamp, duration))
}

fn around(readings: &Readings, event: &GcEvent, stamp: Micros, duration: Micros) -> (Micros, Micros) {
    let is_legacy = readings.gc_logs.get(event.log as usize).is_some_and(|log| log.style == "legacy");
    if is_legacy { (stamp, stamp.plus(duration)) } else { (stamp.minus(duration), stamp) }
}
