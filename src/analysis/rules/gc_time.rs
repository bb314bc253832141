//! Counters of collections and their times, and shares of the time: what the rules about collection time share.
//!
//! Collectors count differently (`docs/formats/jstat.md`): Shenandoah counts every phase as a full collection, CMS the
//! pauses of its cycles; for ZGC and Shenandoah the times are not the application's pauses.

use super::incident::line;
use crate::analysis::statement::Quantity;
use crate::model::gc::GcEvent;
use crate::model::jstat::JstatTable;
use crate::model::readings::Readings;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Micros;

/// The collectors whose `FGC` counts full collections.
pub fn counts_full(table: &JstatTable, run: &Run) -> bool {
    matches!(table.collector.as_deref().or(run.collector.as_deref()), Some("G1" | "Serial" | "Parallel"))
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

pub fn share(part: Micros, whole: Micros) -> Quantity {
    let thousandths = i128::from(part.0) * 100_000 / i128::from(whole.0.max(1));
    Quantity::Share(i64::try_from(thousandths).unwrap_or(i64::MAX))
}

pub fn at_least(part: Micros, whole: Micros, hundredths: i64) -> bool {
    whole.0 > 0 && i128::from(part.0) * 100 >= i128::from(whole.0) * i128::from(hundredths)
}

/// When an event began and ended: the unified log is stamped at the end, that of JDK 8 at the beginning.
pub fn extent(readings: &Readings, event: &GcEvent) -> Option<(Micros, Micros)> {
    let (stamp, duration) = (event.uptime?, event.duration.unwrap_or_default());
    let is_legacy = readings.gc_logs.get(event.log as usize).is_some_and(|log| log.style == "legacy");
    Some(if is_legacy { (stamp, stamp.plus(duration)) } else { (stamp.minus(duration), stamp) })
}
