//! Parts of the heap that do not fit what the program keeps: a heap that is full even right after full collections, an old
//! generation that is full while the rest of the heap is not, a young generation so small that short-lived objects reach the
//! old one.
//!
//! Sizes of generations are fixed parts only with Serial and Parallel; G1, ZGC, and Shenandoah move the border themselves.

use super::incident::{event_line, line};
use super::{Incident, Rule, rising_floor};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static FULL_HEAP: Rule = Rule { id: "heap-full-after-collecting", check: full_heap };
pub static OLD: Rule = Rule { id: "old-generation-small", check: old_small };
pub static PROMOTION: Rule = Rule { id: "premature-promotion", check: promotion };
pub static YOUNG: Rule = Rule { id: "young-generation-small", check: young_small };

/// Full collections that are no accident.
const OFTEN: usize = 3;
/// How full the heap must still be, in hundredths of its maximum.
const FULL: u64 = 90;
/// How full the old generation must still be, in hundredths of itself.
const OLD_FULL: u64 = 97;
/// … while the heap as a whole is not above this.
const HEAP_ROOM: u64 = 85;
/// Part of the old generation, in hundredths, that a full collection must have freed: garbage that had not lived long.
const FREED: u64 = 50;
/// Part of the heap, in hundredths, up to which a young generation is small. The default is a third.
const YOUNG_PART: u64 = 10;
/// Young collections in a second that are many, …
const YOUNG_PER_SECOND: u64 = 2;
/// … if it goes on for so long.
const YOUNG_SPAN: Micros = Micros(10_000_000);

fn part(of: Bytes, whole: Bytes) -> u64 {
    u64::try_from(u128::from(of.0) * 100 / u128::from(whole.0.max(1))).unwrap_or(u64::MAX)
}

/// Full collections of a run that the heap itself called for.
fn full<'a>(incident: &Incident<'a>, run: &Run) -> Vec<&'a GcEvent> {
    let asked = |event: &&GcEvent| {
        let by_hand = |cause: &str| {
            ["System", "Metadata", "Heap Dump", "Heap Inspection", "Diagnostic"].iter().any(|c| cause.contains(c))
        };
        event.kind == GcKind::Full && !event.cause.as_deref().is_some_and(by_hand)
    };
    incident.gc_events(&run.id).filter(asked).collect()
}

fn has_fixed_parts(run: &Run) -> bool {
    matches!(run.collector.as_deref(), Some("Serial" | "Parallel" | "CMS"))
}

/// The last full collections of a log, if there are enough.
fn last_full<'a>(incident: &Incident<'a>, run: &Run) -> Option<Vec<&'a GcEvent>> {
    let mut events = full(incident, run);
    let start = events.len().checked_sub(OFTEN)?;
    Some(events.split_off(start))
}

fn full_heap(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| full_heap_of(incident, run)).collect()
}

fn full_heap_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let heap = incident.max_heap(&run.id)?;
    let last = last_full(incident, run)?;
    let after: Vec<Bytes> = last.iter().filter_map(|event| event.after).collect();
    let lowest = after.iter().min().copied().filter(|_| after.len() == OFTEN)?;
    if part(lowest, heap.bytes) < FULL || is_told(incident, run) {
        return None;
    }
    let at = event_line(incident.readings, last.last()?);
    let claim = Statement::new("rule.heap-full-after-collecting")
        .with("count", Quantity::Count(OFTEN as u64), None)
        .with("after", Quantity::Size(lowest), Some(at))
        .with("heap", Quantity::Size(heap.bytes), heap.at);
    let proof = Proof::first(at).all(last.iter().map(|event| event_line(incident.readings, event))).and(heap.at);
    let command = format!("jcmd {} GC.class_histogram | head -25", incident.pid(Some(&run.id)));
    Some(
        Finding::new(FULL_HEAP.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(lowest)))
            .then(Statement::new("rule.rising-floor.next").with("command", Quantity::Word(command), None)),
    )
}

/// What is told as an error or as a rise is not told again, and another border between generations would not help.
fn is_told(incident: &Incident<'_>, run: &Run) -> bool {
    let of_heap = |kind: &str| matches!(kind, "heap-space" | "gc-overhead");
    let mut errors = incident.readings.java_errors.iter().filter(|error| of_heap(&error.kind));
    errors.any(|error| incident.run_of_error(error) == Some(&run.id))
        || (rising_floor::RULE.check)(incident).iter().any(|finding| finding.run.as_deref() == Some(&run.id))
}

fn old_small(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| old_small_of(incident, run)).collect()
}

fn old_small_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let heap = incident.max_heap(&run.id)?;
    let last = last_full(incident, run).filter(|_| has_fixed_parts(run))?;
    let figure = |event: &GcEvent, name: &str| event.figures.get(name).copied();
    let full = |event: &&GcEvent| {
        let old = figure(event, "old_after").zip(figure(event, "old_committed"));
        old.is_some_and(|(after, committed)| part(after, committed) >= OLD_FULL)
            && event.after.is_some_and(|after| part(after, heap.bytes) < HEAP_ROOM)
    };
    if !last.iter().all(full) || is_told(incident, run) {
        return None;
    }
    let event = last.last()?;
    let at = event_line(incident.readings, event);
    let claim = Statement::new("rule.old-generation-small")
        .with("count", Quantity::Count(OFTEN as u64), None)
        .with("after", Quantity::Size(figure(event, "old_after")?), Some(at))
        .with("size", Quantity::Size(figure(event, "old_committed")?), Some(at))
        .with("all", Quantity::Size(event.after?), Some(at))
        .with("heap", Quantity::Size(heap.bytes), heap.at);
    let proof = Proof::first(at).all(last.iter().map(|event| event_line(incident.readings, event))).and(heap.at);
    Some(
        Finding::new(OLD.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(event.figures.get("old_after").copied().map(Quantity::Size))
            .then(Statement::new("rule.old-generation-small.next")),
    )
}

/// The old generation before and after a full collection.
struct Freed {
    before: Bytes,
    after: Bytes,
    at: Span,
}

fn promotion(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let rows = || incident.jstat(&run.id).map(freed_by_rows).max_by_key(Vec::len).unwrap_or_default();
        let freed = freed_by_log(incident, run);
        promotion_of(run, if freed.is_empty() { rows() } else { freed })
    };
    incident.runs.iter().filter(|run| has_fixed_parts(run)).filter_map(of_run).collect()
}

fn promotion_of(run: &Run, freed: Vec<Freed>) -> Option<Finding> {
    let much = |freed: &&Freed| part(freed.after, freed.before) <= 100 - FREED;
    let many: Vec<&Freed> = freed.iter().filter(much).collect();
    // Nearly all of them: one that frees much is what a full collection is for.
    if many.len() < OFTEN || many.len() * 4 < freed.len() * 3 {
        return None;
    }
    let (first, last) = (many.first()?, many.last()?);
    let claim = Statement::new("rule.premature-promotion")
        .with("count", Quantity::Count(many.len() as u64), None)
        .with("before", Quantity::Size(last.before), Some(last.at))
        .with("after", Quantity::Size(last.after), Some(last.at));
    let explains = Bytes(last.before.0.saturating_sub(last.after.0));
    Some(
        Finding::new(PROMOTION.id, Severity::Warning, claim, Proof::first(first.at).and(Some(last.at)))
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(explains)))
            .then(Statement::new("rule.premature-promotion.next")),
    )
}

fn freed_by_log(incident: &Incident<'_>, run: &Run) -> Vec<Freed> {
    let of = |event: &&GcEvent| {
        let (before, after) = (event.figures.get("old_before").copied()?, event.figures.get("old_after").copied()?);
        Some(Freed { before, after, at: event_line(incident.readings, event) })
    };
    full(incident, run).iter().filter_map(of).collect()
}

/// Rows between which exactly one full collection was counted.
fn freed_by_rows(table: &JstatTable) -> Vec<Freed> {
    let full = |row: usize| table.column("FGC").and_then(|column| column.fixed(row));
    let old = |row: usize| accounting::cell(table, "OU", row);
    (1..accounting::rows_alive(table))
        .filter(|row| !table.restarts.contains(row))
        .filter(|row| full(row - 1).zip(full(*row)).is_some_and(|(before, now)| now == before.saturating_add(1)))
        .filter_map(|row| {
            let at = line(table.source, table.lines.get(row).copied()?);
            Some(Freed { before: old(row - 1)?, after: old(row)?, at })
        })
        .collect()
}

fn young_small(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter(|run| has_fixed_parts(run)).filter_map(|run| young_small_of(incident, run)).collect()
}

fn young_small_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let heap = incident.max_heap(&run.id)?;
    let (young, count, span, first, last) =
        young_by_log(incident, run).or_else(|| incident.jstat(&run.id).find_map(young_by_rows))?;
    let per_second = u128::from(count) * 1_000_000 / u128::from(span.0.unsigned_abs().max(1));
    if span < YOUNG_SPAN || per_second < u128::from(YOUNG_PER_SECOND) || part(young, heap.bytes) > YOUNG_PART {
        return None;
    }
    let claim = Statement::new("rule.young-generation-small")
        .with("young", Quantity::Size(young), Some(last))
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("count", Quantity::Count(count), None)
        .with("span", Quantity::Duration(span), None);
    Some(
        Finding::new(YOUNG.id, Severity::Warning, claim, Proof::first(first).and(Some(last)).and(heap.at))
            .about(Some(&run.id))
            .then(Statement::new("rule.young-generation-small.next")),
    )
}

type Young = (Bytes, u64, Micros, Span, Span);

fn young_by_log(incident: &Incident<'_>, run: &Run) -> Option<Young> {
    let young: Vec<&GcEvent> = incident.gc_events(&run.id).filter(|event| event.kind == GcKind::Young).collect();
    let (first, last) = (young.first()?, young.last()?);
    let size = young.iter().filter_map(|event| event.figures.get("young_committed")).max()?;
    let span = last.uptime?.minus(first.uptime?);
    let lines = |event| event_line(incident.readings, event);
    Some((*size, young.len() as u64, span, lines(first), lines(last)))
}

fn young_by_rows(table: &JstatTable) -> Option<Young> {
    let last = accounting::rows_alive(table).checked_sub(1)?;
    let capacity = ["S0C", "S1C", "EC"].iter().map(|name| accounting::cell(table, name, last));
    let size = capacity.collect::<Option<Vec<Bytes>>>()?.into_iter().fold(Bytes(0), Bytes::plus);
    let young = |row: usize| table.column("YGC").and_then(|column| column.fixed(row));
    let count = u64::try_from(young(last)?.checked_sub(young(0)?)?).ok().filter(|_| table.restarts.is_empty())?;
    let span = table.relative_time(last)?.minus(table.relative_time(0)?);
    let at = |row: usize| table.lines.get(row).map(|number| line(table.source, *number));
    Some((size, count, span, at(0)?, at(last)?))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib, span};
    use super::*;

    fn run(collector: &str, heap: u64) -> Fixture {
        Fixture::of_one_run().run(|run| {
            run.collector = Some(collector.into());
            run.max_heap = Some(mib(heap));
            run.at.put("max_heap", span(2));
        })
    }

    /// Full collections with the heap, and the old generation, before and after, of 60 MiB.
    fn full(collector: &str, cause: &str, sizes: &[(u64, u64, u64)]) -> Fixture {
        let event = |(all, before, after): &(u64, u64, u64)| GcEvent {
            kind: GcKind::Full,
            cause: Some(cause.into()),
            after: Some(mib(*all)),
            figures: [("old_before", *before), ("old_after", *after), ("old_committed", 60)]
                .map(|(name, size)| (name.to_owned(), mib(size)))
                .into(),
            ..GcEvent::default()
        };
        run(collector, 100).gc_log(collector, sizes.iter().map(event).collect())
    }

    #[test]
    fn a_heap_that_full_collections_leave_full_is_told() {
        let sizes = [(40, 59, 30), (92, 60, 60), (91, 60, 60), (95, 60, 60)];
        assert_eq!(
            full("Serial", "Allocation Failure", &sizes).finding(&FULL_HEAP).1,
            "rule.heap-full-after-collecting"
        );
        assert_eq!(
            full("Serial", "Allocation Failure", &[(92, 60, 60), (89, 60, 60), (95, 60, 60)]).check(&FULL_HEAP),
            []
        );
        assert_eq!(full("Serial", "System.gc()", &sizes).check(&FULL_HEAP), []);
    }

    #[test]
    fn an_old_generation_that_is_full_in_a_heap_that_is_not_is_told() {
        let sizes = [(70, 60, 59), (71, 60, 60), (72, 60, 60)];
        assert_eq!(full("Parallel", "Ergonomics", &sizes).finding(&OLD).1, "rule.old-generation-small");
        assert_eq!(full("G1", "G1 Compaction Pause", &sizes).check(&OLD), []);
        assert_eq!(full("Parallel", "Ergonomics", &[(70, 60, 50), (71, 60, 60), (72, 60, 60)]).check(&OLD), []);
    }

    #[test]
    fn full_collections_that_free_half_each_time_mean_that_garbage_was_promoted() {
        let sizes = [(30, 60, 20); 4];
        assert_eq!(full("Parallel", "Ergonomics", &sizes).finding(&PROMOTION).1, "rule.premature-promotion");
        assert_eq!(
            full("Parallel", "Ergonomics", &[(30, 60, 20), (50, 60, 45), (30, 60, 20), (50, 60, 45)]).check(&PROMOTION),
            []
        );
        assert_eq!(full("Parallel", "System.gc()", &sizes).check(&PROMOTION), []);
        let used = [500_000, 200_000, 500_000, 200_000, 500_000, 200_000];
        let rows = run("Serial", 100).jstat(Some("Serial"), &[("OU", 1, &used), ("FGC", 0, &[0, 1, 1, 2, 2, 3])]);
        assert_eq!(rows.finding(&PROMOTION).1, "rule.premature-promotion");
    }

    #[test]
    fn a_small_young_generation_that_is_collected_all_the_time_is_told() {
        let rows = |collections: i64, eden: i64| {
            let young: Vec<i64> = (0..12).map(|row| row * collections).collect();
            let (zero, eden) = ([0; 12], [eden * 10_240; 12]);
            run("Serial", 1000)
                .jstat(Some("Serial"), &[("S0C", 1, &zero), ("S1C", 1, &zero), ("EC", 1, &eden), ("YGC", 0, &young)])
        };
        assert_eq!(rows(2, 100).finding(&YOUNG).1, "rule.young-generation-small");
        assert_eq!(rows(1, 100).check(&YOUNG), []);
        assert_eq!(rows(2, 200).check(&YOUNG), []);
    }
}
