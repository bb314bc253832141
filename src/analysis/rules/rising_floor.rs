//! What stays in the heap after collecting rises and rises: a leak, or a cache without a bound.
//!
//! Only points count at which garbage had been collected: after full collections, after major collections of ZGC, or the
//! lowest old generation of each quarter of a series in which the collector reclaimed the old generation again and again.

use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{event_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::sizing::grows;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::GcKind;
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::RisingFloor, check };

/// Points that make a trend.
const POINTS: usize = 3;
/// How much larger the last point must be than the first, in hundredths.
const RISE: u64 = 120;
/// How full the heap must be in the end, in hundredths of its maximum: below that a server may still be warming up.
const FULL: u64 = 60;

/// How much of the maximum must be left for a pace to tell when it is reached, in hundredths.
const ROOM: u64 = 5;

/// A shorter rise is that of a JVM that starts, unless the process came to its end.
const SHORTEST: Micros = Micros(30_000_000);

/// What stayed in the heap at some moment.
#[derive(Clone, Copy)]
struct Point {
    time: Option<Micros>,
    size: Bytes,
    at: Span,
}

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

/// Of one run.
pub fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let heap = incident.max_heap(&run.id)?;
    let trends = std::iter::once(by_log(incident, run)).chain(incident.jstat(&run.id).map(|table| by_rows(table, run)));
    let (first, last) = trends.flatten().find(|(first, last)| {
        let risen = u128::from(last.size.0) * 100 >= u128::from(first.size.0) * u128::from(RISE);
        risen && u128::from(last.size.0) * 100 >= u128::from(heap.bytes.0) * u128::from(FULL)
    })?;
    let span = first.time.zip(last.time).map(|(first, last)| last.minus(first)).filter(|span| span.0 > 0);
    let ended = run.killed || incident.errors(&run.id).next().is_some();
    if !ended && span.is_some_and(|span| span < SHORTEST) {
        return None;
    }
    let rise = last.size.0.saturating_sub(first.size.0);
    let left = heap.bytes.0.saturating_sub(last.size.0);
    // Where next to nothing is left, a time would be about the rounding.
    let has_room = u128::from(left) * 100 >= u128::from(heap.bytes.0) * u128::from(ROOM);
    let pace = span.filter(|_| !ended && has_room).and_then(|span| {
        i64::try_from(u128::from(left) * u128::from(span.0.unsigned_abs()) / u128::from(rise.max(1))).ok()
    });
    let key = match (span, pace) {
        (Some(_), Some(_)) => "rule.rising-floor.pace",
        (Some(_), None) => "rule.rising-floor",
        (None, _) => "rule.rising-floor.undated",
    };
    let mut claim = Statement::new(key)
        .with("first", Quantity::Size(first.size), Some(first.at))
        .with("last", Quantity::Size(last.size), Some(last.at))
        .with("heap", Quantity::Size(heap.bytes), heap.at);
    if let Some(span) = span {
        claim = claim.with("span", Quantity::Duration(span), None);
    }
    if let Some(pace) = pace {
        claim = claim.with("left", Quantity::Duration(Micros(pace)), None);
    }
    let proof = Proof::first(first.at).and(Some(last.at)).and(heap.at);
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(Bytes(rise))))
            .ask(Statement::new("rule.rising-floor.next"), incident.command(Some(&run.id), Ask::Histogram)),
    )
}

/// After full collections, or major ones of ZGC.
fn by_log(incident: &Incident<'_>, run: &Run) -> Option<(Point, Point)> {
    let points = incident.gc_events(&run.id).filter(|event| matches!(event.kind, GcKind::Full | GcKind::Major));
    let points: Vec<Point> = points
        .filter_map(|event| {
            Some(Point { time: event.uptime, size: event.after?, at: event_line(incident.readings, event) })
        })
        .collect();
    let (first, last) = (points.first()?, points.last()?);
    let sizes: Vec<u64> = points.iter().map(|point| point.size.0).collect();
    let rises = sizes.len() >= POINTS && (sizes.is_sorted() || grows(&sizes, |bytes| *bytes));
    rises.then_some((*first, *last))
}

/// The lowest old generation of the first and of the last quarter.
fn by_rows(table: &JstatTable, run: &Run) -> Option<(Point, Point)> {
    let rows = accounting::rows_alive(table);
    if !reclaims(table, run, rows) || !table.restarts.is_empty() {
        return None;
    }
    let point = |row: usize| {
        let at = line(table.source, table.lines.get(row).copied()?);
        Some(Point { time: table.relative_time(row), size: accounting::cell(table, "OU", row)?, at })
    };
    let points: Vec<Point> = (0..rows).filter_map(point).collect();
    if !grows(&points, |point| point.size.0) {
        return None;
    }
    let quarter = points.len() / 4;
    let lowest = |points: &[Point]| points.iter().min_by_key(|point| point.size).copied();
    Some((lowest(points.get(..quarter)?)?, lowest(points.get(points.len() - quarter..)?)?))
}

/// True if the old generation was collected at least twice while the rows were sampled; without that, garbage piles up in
/// the soundest of heaps.
fn reclaims(table: &JstatTable, run: &Run, rows: usize) -> bool {
    let moved = |name: &str| {
        let column = table.column(name)?;
        column.fixed(rows.checked_sub(1)?)?.checked_sub(column.fixed(0)?)
    };
    // G1 counts two pauses a cycle, ZGC three or five, Shenandoah up to eighteen phases.
    let (column, least) = match run.collector.as_deref().or(table.collector.as_deref()) {
        Some("G1") => ("CGC", 4),
        Some("Shenandoah") => ("FGC", 36),
        Some(name) if name.contains("ZGC") => ("CGC", 10),
        Some("Serial" | "Parallel") => ("FGC", 2),
        _ => return false,
    };
    moved(column).is_some_and(|moved| moved >= least)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib, span};
    use super::*;
    use crate::model::gc::GcEvent;

    fn with_log(after: &[u64], max: u64) -> Fixture {
        let event = |(at, size): (usize, &u64)| GcEvent {
            kind: GcKind::Full,
            uptime: Some(Micros(at as i64 * 60_000_000)),
            after: Some(mib(*size)),
            ..GcEvent::default()
        };
        Fixture::of_one_run()
            .run(|run| {
                run.max_heap = Some(mib(max));
                run.at.put("max_heap", span(2));
            })
            .gc_log("G1", after.iter().enumerate().map(event).collect())
    }

    #[test]
    fn a_floor_that_rises_is_told_with_the_time_that_is_left() {
        let (finding, key) = with_log(&[40, 50, 60, 70], 100).finding(&RULE);
        assert_eq!(key, "rule.rising-floor.pace");
        assert_eq!(
            finding.statement.values.get("left").map(|value| &value.quantity),
            Some(&Quantity::Duration(Micros(180_000_000)))
        );
    }

    #[test]
    fn of_a_process_that_has_died_no_time_is_foretold() {
        let incident = with_log(&[40, 50, 60, 70], 100).run(|run| run.killed = true);
        assert_eq!(incident.finding(&RULE).1, "rule.rising-floor");
    }

    #[test]
    fn a_floor_that_falls_again_and_a_heap_that_is_hardly_used_are_sound() {
        assert_eq!(with_log(&[40, 70, 50, 70], 100).check(&RULE), []);
        assert_eq!(with_log(&[10, 20, 30, 40], 100).check(&RULE), []);
        assert_eq!(with_log(&[60, 61, 62, 63], 100).check(&RULE), []);
    }

    #[test]
    fn rows_count_only_if_the_old_generation_was_collected_between_them() {
        let used: Vec<i64> = (1..=8).map(|row| row * 102_400).collect();
        let rows = |cycles: &[i64]| {
            let incident = with_log(&[], 90).run(|run| run.killed = true);
            incident.jstat(Some("G1"), &[("OU", 1, &used), ("CGC", 0, cycles)])
        };
        assert_eq!(rows(&[0, 2, 4, 4, 6, 6, 8, 8]).finding(&RULE).1, "rule.rising-floor");
        assert_eq!(rows(&[2; 8]).check(&RULE), []);
        let alive = rows(&[0, 2, 4, 4, 6, 6, 8, 8]).run(|run| run.killed = false);
        assert_eq!(alive.check(&RULE), [], "seven seconds may be its start");
    }
}
