//! Good news: over the time that was watched, the heap had room and collecting was cheap.

use super::{Incident, Rule};
use crate::analysis::accounting::{self, Known};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{event_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::GcEvent;
use crate::model::run::Run;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::HeapHasHeadroom, check };

/// How full the heap may be after a collection, in hundredths of its maximum.
const FULL: u64 = 70;
/// What a heap that did not grow has in the end, and holds, in hundredths of what it did before: regions come and go.
const GROWN: u64 = 105;
/// Part of the time, in thousandths, that pauses may take.
const PAUSES: u64 = 20;
/// A shorter observation is not worth good news.
const SHORTEST: Micros = Micros(10_000_000);
/// Collections that make an observation.
const COLLECTIONS: usize = 5;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    by_log(incident, run).or_else(|| by_rows(incident, run))
}

/// The maximum heap of a run of which nothing bad is known.
fn sound(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    // A death somewhere in the text may be this process's, even where nothing ties both together.
    incident.max_heap(&run.id).filter(|_| is_alive(incident, run))
}

fn is_alive(incident: &Incident<'_>, run: &Run) -> bool {
    incident.readings.oom_kills.is_empty() && incident.readings.java_errors.is_empty() && !run.killed
}

fn is_part(part: u64, whole: u64, limit: u64, of: u64) -> bool {
    u128::from(part) * u128::from(of) <= u128::from(whole) * u128::from(limit)
}

/// After every collection of the log.
fn by_log(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let readings = incident.readings;
    let heap = sound(incident, run)?;
    let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(|event| event.uptime.is_some()).collect();
    let (first, last) = (events.first()?, events.last()?);
    let span = last.uptime?.minus(first.uptime?);
    let pauses =
        events.iter().filter(|event| event.pause).filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
    let (fullest, used) =
        events.iter().filter_map(|event| Some((event, event.after?))).max_by_key(|(_, after)| *after)?;
    let roomy = is_part(used.0, heap.bytes.0, FULL, 100);
    let cheap = is_part(pauses.0.unsigned_abs(), span.0.unsigned_abs(), PAUSES, 1000);
    let collections = events.iter().filter(|event| event.after.is_some()).count();
    if !roomy || !cheap || span < SHORTEST || collections < COLLECTIONS {
        return None;
    }
    let at = event_line(readings, fullest);
    let share = i64::try_from(i128::from(pauses.0) * 100_000 / i128::from(span.0.max(1))).ok()?;
    let claim = Statement::new("rule.heap-has-headroom")
        .with("used", Quantity::Size(used), Some(at))
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("span", Quantity::Duration(span), None)
        .with("share", Quantity::Share(share), None);
    let proof =
        Proof::first(event_line(readings, first)).and(Some(at)).and(Some(event_line(readings, last))).and(heap.at);
    Some(Finding::new(RULE.id, Severity::Good, claim, proof).about(Some(&run.id)))
}

/// By the old generation of `jstat` rows between which young collections, but no full one, were counted.
fn by_rows(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    if !is_alive(incident, run) {
        return None;
    }
    incident.jstat(&run.id).find_map(|table| {
        // The old generation of ZGC is as large as what is in it, and its counters are of cycles.
        let collector = run.collector.as_deref().or(table.collector.as_deref())?;
        let is_z = collector.contains("ZGC");
        if !is_z && !matches!(collector, "G1" | "Serial" | "Parallel") {
            return None;
        }
        let last = accounting::rows_alive(table).checked_sub(1)?;
        let at = |row: usize| table.lines.get(row).map(|number| line(table.source, *number));
        // Where no maximum is known, what the heap has, if neither it nor what it holds grew.
        let cells = |names: &[&str], row: usize| {
            names.iter().filter_map(|name| accounting::cell(table, name, row)).reduce(Bytes::plus)
        };
        let committed = || {
            let (first, now) = (accounting::committed_at(table, 0)?, accounting::committed_at(table, last)?);
            let fullest = |mut rows: std::ops::Range<usize>| {
                cells(&["OU"], rows.next()?).max(rows.filter_map(|row| cells(&["OU"], row)).max())
            };
            let (before, after) = (fullest(0..last / 2)?, fullest(last / 2..last + 1)?);
            let still = is_part(now.bytes.0, first.bytes.0, GROWN, 100) && is_part(after.0, before.0, GROWN, 100);
            still.then_some(now)
        };
        let heap = incident.max_heap(&run.id).or_else(committed)?;
        let moved = |name: &str| Some(table.column(name)?.fixed(last)?.saturating_sub(table.column(name)?.fixed(0)?));
        let span = table.relative_time(last)?.minus(table.relative_time(0)?);
        let pauses = Micros(moved("GCT")?.saturating_mul(1000));
        let old = |row: usize| Some((cells(if is_z { &["EU", "OU"] } else { &["OU"] }, row)?, row));
        let (used, fullest) = (0..=last).filter_map(old).max()?;
        let sound = is_part(used.0, heap.bytes.0, FULL, 100)
            && is_part(pauses.0.unsigned_abs(), span.0.unsigned_abs(), PAUSES, 1000)
            && span >= SHORTEST
            && table.restarts.is_empty()
            && (is_z || moved("FGC")? == 0)
            && moved("YGC")?.max(moved("CGC").filter(|_| is_z).unwrap_or(0))
                >= i64::try_from(COLLECTIONS).unwrap_or(i64::MAX);
        let share = i64::try_from(i128::from(pauses.0) * 100_000 / i128::from(span.0.max(1))).ok()?;
        let key = if is_z { "rule.heap-has-headroom.cycles" } else { "rule.heap-has-headroom.rows" };
        let claim = Statement::new(key)
            .with("used", Quantity::Size(used), at(fullest))
            .with("heap", Quantity::Size(heap.bytes), heap.at)
            .with("span", Quantity::Duration(span), None)
            .with("share", Quantity::Share(share), None);
        let proof = Proof::first(at(0)?).and(at(fullest)).and(at(last)).and(heap.at);
        sound.then(|| Finding::new(RULE.id, Severity::Good, claim, proof).about(Some(&run.id)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib, span};
    use super::*;
    use crate::model::oom::OomScope;

    fn watched(seconds: i64, after: u64, pause: i64) -> Fixture {
        let event = |at: i64| GcEvent {
            uptime: Some(Micros(at * seconds * 1_000_000 / 5)),
            duration: Some(Micros(pause)),
            pause: true,
            after: Some(mib(after)),
            ..GcEvent::default()
        };
        Fixture::of_one_run()
            .run(|run| {
                run.max_heap = Some(mib(100));
                run.at.put("max_heap", span(2));
            })
            .gc_log("G1", (0..=5).map(event).collect())
    }

    #[test]
    fn a_heap_with_room_and_short_pauses_is_good_news() {
        let (finding, key) = watched(60, 70, 5000).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.heap-has-headroom", Severity::Good));
    }

    #[test]
    fn rows_without_a_full_collection_and_with_a_roomy_old_generation_are_good_news() {
        let rows = |used: i64, full: i64| {
            let column = |each: i64| (0..12).map(|row| row * each).collect::<Vec<_>>();
            let columns = [column(2), column(3), column(full)];
            let [young, time, full] = &columns;
            let old = [used * 10_240; 12];
            let mut incident = watched(0, 0, 0);
            incident.readings.gc_events.clear();
            incident.jstat(Some("G1"), &[("OU", 1, &old), ("YGC", 0, young), ("GCT", 3, time), ("FGC", 0, full)])
        };
        assert_eq!(rows(70, 0).finding(&RULE).1, "rule.heap-has-headroom.rows");
        assert_eq!(rows(71, 0).check(&RULE), []);
        assert_eq!(rows(70, 1).check(&RULE), []);
    }

    #[test]
    fn a_full_heap_long_pauses_a_short_look_and_a_death_are_not() {
        assert_eq!(watched(60, 71, 5000).check(&RULE), []);
        assert_eq!(watched(60, 50, 500_000).check(&RULE), []);
        assert_eq!(watched(5, 50, 500).check(&RULE), []);
        assert_eq!(watched(60, 50, 500).kill(OomScope::Unknown, |_| ()).check(&RULE), []);
    }
}
