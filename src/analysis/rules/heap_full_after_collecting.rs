//! A heap that is full even right after full GCs: by a GC log against the maximum or against its own records, or by `jstat`.

use super::full_collections::{OFTEN, frees_nothing, full, has_fixed_parts, is_of_heap, is_told, last_full, part};
use super::gc_time::{EDEN, OLD, PHASE, count, fill, has_spaces, mean_full, row_line, time};
use super::{Incident, Rule};
use crate::analysis::accounting::{self, Known};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::gc_log::monitor;
use crate::formats::heap_info::javacore;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::HeapFullAfterCollecting, check };

/// How full the heap must still be, in hundredths of its maximum.
const FULL: u64 = 90;
/// How full what a record itself calls the room must still be: it may have been made larger after a smaller share.
const OWN_FULL: u64 = 97;
/// The same of cycles while which the program goes on to allocate: below it they came too late, not in vain.
const CYCLES_FULL: u64 = 95;
/// From this uptime on a heap that is nearly full has had time to grow.
const GROWN: Micros = Micros(60_000_000);
/// From here on cycles that free nothing leave the program little to allocate from while the next one runs.
const CYCLES_BUSY: u64 = 60;
/// A heap below this share of its maximum has room elsewhere.
const HEAP_ROOM: u64 = 85;
/// The same for samples, in thousandths of a percent: these are taken between collections, too.
const ROWS_FULL: i64 = 99_000;
/// Full GCs between the samples that leave no doubt.
const ROWS_COUNTED: u64 = 2;
/// Full GCs of a whole life that are no accident, …
const ROWS_MANY: u64 = 10;
/// … if there is one for so many young ones at least.
const YOUNG_PER_FULL: u64 = 20;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    if is_told(incident, run) {
        return None;
    }
    let full = by_maximum(incident, run).or_else(|| by_record(incident, run)).or_else(|| by_addresses(incident, run));
    let full = full
        .or_else(|| by_rows(incident, run))
        .or_else(|| by_monitor(incident, run))
        .or_else(|| by_history(incident, run))
        .or_else(|| by_cycles(incident, run));
    let full = full.or_else(|| by_pauses(incident, run)).or_else(|| by_regions(incident, run))?;
    let severity = if full.is_hopeless { Severity::Critical } else { Severity::Warning };
    Some(
        Finding::new(RULE.id, severity, full.claim, full.proof)
            .about(Some(&run.id))
            .explaining(full.explains)
            .ask(Statement::new("rule.rising-floor.next"), incident.command(Some(&run.id), Ask::Histogram)),
    )
}

/// The size of a heap that full GCs leave so full that nothing smaller can do: its maximum, else what it had then.
pub fn heap_left_full(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    let full = by_maximum(incident, run).or_else(|| by_record(incident, run)).or_else(|| by_rows(incident, run))?;
    let of_log = || {
        let event = last_full(incident, run)?.pop()?;
        Some(Known { bytes: event.committed?, at: Some(event_line(incident.readings, event)) })
    };
    let of_rows = || incident.jstat(&run.id).rev().find_map(accounting::committed_heap);
    full.is_hopeless.then(|| incident.max_heap(&run.id).or_else(of_log).or_else(of_rows))?
}

/// A heap that full GCs leave full.
struct Full {
    claim: Statement,
    proof: Proof,
    explains: Option<Quantity>,
    /// Next to nothing is left for new objects.
    is_hopeless: bool,
}

/// Against the maximum of the heap.
fn by_maximum(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    let heap = incident.max_heap_or_stated(&run.id)?;
    let last = last_full(incident, run)?;
    let after: Vec<Bytes> = last.iter().filter_map(|event| event.after).collect();
    let lowest = after.iter().min().copied().filter(|_| after.len() == OFTEN)?;
    // More than the maximum is in use: then it is not the maximum of this JVM.
    let filled = Some(part(lowest, heap.bytes)).filter(|part| (FULL..=100).contains(part))?;
    full_of(incident, &last, "rule.heap-full-after-collecting", lowest, heap, filled)
}

/// Where no maximum is known: against the old generation of the records themselves, else against the heap that was committed,
/// which had not grown from one to the next.
fn by_record(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    let last = last_full(incident, run)?;
    let filled = |used: fn(&GcEvent) -> Option<Bytes>, room: fn(&GcEvent) -> Option<Bytes>| {
        let sizes: Vec<(Bytes, Bytes)> = last.iter().filter_map(|event| used(event).zip(room(event))).collect();
        let (_, capacity) = *sizes.first().filter(|_| sizes.len() == OFTEN)?;
        let lowest = sizes.iter().map(|(used, _)| *used).min()?;
        let still = sizes.iter().all(|(_, room)| *room == capacity);
        let share = Some(part(lowest, capacity)).filter(|share| still && (OWN_FULL..=100).contains(share))?;
        Some((
            lowest,
            Known { bytes: capacity, at: last.last().map(|event| event_line(incident.readings, event)) },
            share,
        ))
    };
    // `old-generation-small` tells of a heap that has room elsewhere.
    let has_room =
        |heap: Known| last.iter().any(|event| event.after.is_none_or(|after| part(after, heap.bytes) < HEAP_ROOM));
    let in_vain = last.iter().all(|event| frees_nothing(event));
    if !in_vain && incident.max_heap_or_stated(&run.id).is_some_and(has_room) {
        return None;
    }
    let old = |event: &GcEvent| event.figures.get("old_after").copied();
    let room = |event: &GcEvent| event.figures.get("old_committed").copied();
    if has_fixed_parts(run)
        && let Some((lowest, capacity, share)) = filled(old, room)
    {
        return full_of(incident, &last, "rule.heap-full-after-collecting.old", lowest, capacity, share);
    }
    let (lowest, capacity, share) = filled(|event| event.after, |event| event.committed)?;
    full_of(incident, &last, "rule.heap-full-after-collecting", lowest, capacity, share)
}

/// By the addresses in a crash file, which tell how large the old generation can be at most: the last full GC left it full, and it is
/// most of the heap, so that what remains would not do either.
fn by_addresses(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    let event = full(incident, run).pop().filter(|_| has_fixed_parts(run))?;
    let size = |name: &str| event.figures.get(name).copied();
    let (after, room) = (size("old_after")?, size("old_max")?);
    let is_most = incident.max_heap(&run.id).is_some_and(|heap| part(room, heap.bytes) >= 50);
    let filled = Some(part(after, room)).filter(|share| (OWN_FULL..=100).contains(share) && is_most)?;
    let room = Known { bytes: room, at: Some(event_line(incident.readings, event)) };
    full_of(incident, &[event], "rule.heap-full-after-collecting.last", after, room, filled)
}

/// By a program that prints what it finds bad of its own GC (Elasticsearch): the last old GC left the old generation full.
fn by_monitor(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    let of_monitor = |event: &&GcEvent| {
        let log = incident.readings.gc_logs.get(event.log as usize);
        matches!(event.kind, GcKind::Major | GcKind::Full) && log.is_some_and(|log| log.style == monitor::STYLE)
    };
    // It prints only what took long: two that left the whole heap nearly full, and took most of the time, leave no doubt.
    let old: Vec<&GcEvent> = incident.gc_events(&run.id).filter(of_monitor).collect();
    if let Some(heap) = incident.max_heap(&run.id)
        && let Some(last) = old.len().checked_sub(OFTEN - 1).and_then(|from| old.get(from..))
        && let Some(lowest) =
            last.iter().map(|event| event.after.filter(|_| event.kind == GcKind::Full)).min().flatten()
        && let Some(filled) = Some(part(lowest, heap.bytes)).filter(|part| (FULL..=100).contains(part))
    {
        let full = full_of(incident, last, "rule.heap-full-after-collecting", lowest, heap, filled)?;
        let is_most =
            |event: &&GcEvent| event.window.zip(event.duration).is_some_and(|(window, spent)| spent.0 >= window.0 / 2);
        return Some(Full { is_hopeless: full.is_hopeless || last.iter().all(is_most), ..full });
    }
    let event = incident.gc_events(&run.id).rfind(of_monitor)?;
    let (after, room) = (*event.figures.get("old_after")?, *event.figures.get("old_committed")?);
    let filled = Some(part(after, room)).filter(|share| (OWN_FULL..=100).contains(share))?;
    let room = Known { bytes: room, at: Some(event_line(incident.readings, event)) };
    full_of(incident, &[event], "rule.heap-full-after-collecting.monitor", after, room, filled)
}

/// By the history in a javacore: in its last record the heap is full, though the JVM collects all of it.
fn by_history(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    let of_history = |event: &&GcEvent| {
        incident.readings.gc_logs.get(event.log as usize).is_some_and(|log| log.style == javacore::STYLE)
    };
    let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(of_history).collect();
    let event = events.last().filter(|_| events.iter().any(|event| event.kind == GcKind::Full))?;
    let (used, heap) = (event.after.or(event.before)?, event.committed?);
    let filled = Some(part(used, heap)).filter(|share| (OWN_FULL..=100).contains(share))?;
    let heap = Known { bytes: heap, at: Some(event_line(incident.readings, event)) };
    full_of(incident, &[event], "rule.heap-full-after-collecting.history", used, heap, filled)
}

/// By collectors that free memory beside the program: what their last cycles left of the maximum, by whatever they were started.
fn by_cycles(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    let collector = run.collector.as_deref()?;
    if !collector.contains("ZGC") && !collector.contains("Shenandoah") {
        return None;
    }
    let of_heap = |kind| matches!(kind, GcKind::Minor | GcKind::Major | GcKind::Degenerated | GcKind::Full);
    let cycles = incident.gc_events(&run.id).filter(|event| of_heap(event.kind) && event.after.is_some());
    let cycles: Vec<&GcEvent> = cycles.collect();
    // Where threads had to wait, and none of them in vain so far, or nothing was freed, two leave no doubt.
    let any = |kind: GcKind| incident.gc_events(&run.id).any(|event| event.kind == kind);
    let waited = any(GcKind::AllocationStall) && !any(GcKind::Failure);
    let in_vain = cycles.iter().rev().take(OFTEN - 1).all(|event| event.kind == GcKind::Major && frees_nothing(event));
    let counts: &[usize] = match (waited, in_vain) {
        (true, _) => &[OFTEN - 1],
        (false, true) => &[OFTEN, OFTEN - 1],
        (false, false) => &[OFTEN],
    };
    let mut tried = counts.iter().filter_map(|count| cycles.get(cycles.len().checked_sub(*count)?..));
    tried.find_map(|last| of_cycles(incident, run, last, waited, in_vain))
}

fn of_cycles(incident: &Incident<'_>, run: &Run, last: &[&GcEvent], waited: bool, in_vain: bool) -> Option<Full> {
    let lowest = last.iter().filter_map(|event| event.after).min()?;
    let heap = incident.max_heap(&run.id);
    let share = |event: &&GcEvent| heap.map(|heap| part(event.after.unwrap_or_default(), heap.bytes)).or(event.filled);
    let shares: Vec<u64> = last.iter().map(share).collect::<Option<_>>()?;
    let filled = shares.into_iter().min().filter(|part| *part <= 100)?;
    let vain = filled < CYCLES_FULL;
    if vain && (filled < CYCLES_BUSY || !in_vain) {
        return None;
    }
    let key = match (waited, heap) {
        _ if vain => "rule.heap-full-after-collecting.cycles.vain",
        (true, _) => "rule.heap-full-after-collecting.cycles.waited",
        (false, Some(_)) => "rule.heap-full-after-collecting.cycles",
        (false, None) => "rule.heap-full-after-collecting.cycles.share",
    };
    let share = heap.map_or(Quantity::Share(i64::try_from(filled).unwrap_or(100) * 1000), |heap| {
        Quantity::share_of(lowest, heap.bytes)
    });
    told(incident, last, key, lowest, share, heap, filled)
}

/// By pauses of any kind: the last of them freed nothing of a heap that is full and did not grow.
fn by_pauses(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    let is_whole = |event: &GcEvent| matches!(event.kind, GcKind::Full | GcKind::Degenerated);
    let asked = |event: &GcEvent| event.cause.as_deref().is_none_or(is_of_heap);
    let pauses = incident.gc_events(&run.id).filter(|event| event.after.is_some() && asked(event));
    let pauses = pauses.filter(|event| is_of_regions(event) || is_whole(event));
    let mut pauses: Vec<&GcEvent> = pauses.rev().take(OFTEN).collect();
    pauses.reverse();
    // Two of the whole heap leave no doubt.
    let count = if pauses.iter().rev().take(OFTEN - 1).all(|event| is_whole(event)) { OFTEN - 1 } else { OFTEN };
    let last = pauses.get(pauses.len().checked_sub(count)?..)?;
    let heap = last.first()?.committed?;
    let in_vain = |event: &&GcEvent| frees_nothing(event) && event.committed == Some(heap);
    let lowest = last.iter().filter_map(|event| event.after).min().filter(|_| last.iter().all(in_vain))?;
    let filled = Some(part(lowest, heap)).filter(|part| (OWN_FULL..=100).contains(part))?;
    let heap = Known { bytes: heap, at: last.last().map(|event| event_line(incident.readings, event)) };
    full_of(incident, last, "rule.heap-full-after-collecting.pauses", lowest, heap, filled)
}

/// A GC of all or of the young part of the heap.
fn is_of_regions(event: &GcEvent) -> bool {
    matches!(event.kind, GcKind::Young | GcKind::Mixed | GcKind::Full) && event.after.is_some()
}

/// By the last young GC of G1: little is free behind it, though its cycles are to keep more than half free. It may be garbage.
fn by_regions(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    if run.collector.as_deref() != Some("G1") {
        return None;
    }
    let last = incident.gc_events(&run.id).rfind(|event| is_of_regions(event))?;
    let after = last.after.filter(|_| matches!(last.kind, GcKind::Young | GcKind::Mixed))?;
    let at = Some(event_line(incident.readings, last));
    // A heap that has just started grows first.
    let grown = || last.committed.filter(|_| last.uptime.is_some_and(|uptime| uptime >= GROWN));
    let heap = incident.max_heap(&run.id).or_else(|| Some(Known { bytes: grown()?, at }))?;
    let filled = Some(part(after, heap.bytes)).filter(|part| (FULL..=100).contains(part))?;
    let full = full_of(incident, &[last], "rule.heap-full-after-collecting.young", after, heap, filled)?;
    Some(Full { is_hopeless: false, ..full })
}

fn full_of(
    incident: &Incident<'_>,
    last: &[&GcEvent],
    key: &str,
    after: Bytes,
    room: Known,
    filled: u64,
) -> Option<Full> {
    let share = Quantity::share_of(after, room.bytes);
    told(incident, last, key, after, share, Some(room), filled)
}

fn told(
    incident: &Incident<'_>,
    last: &[&GcEvent],
    key: &str,
    after: Bytes,
    share: Quantity,
    room: Option<Known>,
    filled: u64,
) -> Option<Full> {
    let lines: Vec<Span> = last.iter().map(|event| event_line(incident.readings, event)).collect();
    let at = *lines.last()?;
    let mut claim = Statement::new(key)
        .with("count", Quantity::Count(last.len() as u64), None)
        .with("after", Quantity::Size(after), Some(at))
        .with("share", share, None);
    if let Some(room) = room {
        claim = claim.with("heap", Quantity::Size(room.bytes), room.at);
    }
    let proof = Proof::first(at).all(lines).and(room.and_then(|room| room.at));
    Some(Full { claim, proof, explains: Some(Quantity::Size(after)), is_hopeless: filled >= OWN_FULL })
}

/// By `jstat`: the old generation is full in every sample while full GCs run; or, in samples too close for that, eden is full as
/// well and the counters of the whole life are those of a heap that is only collected.
fn by_rows(incident: &Incident<'_>, run: &Run) -> Option<Full> {
    incident.jstat(&run.id).rev().find_map(|table| {
        let collector = table.collector.as_deref().or(run.collector.as_deref());
        let by_spaces = collector.is_none_or(|name| matches!(name, "G1" | "Serial" | "Parallel" | "CMS"));
        let last = table.rows.checked_sub(1).filter(|_| by_spaces && has_spaces(table) && table.restarts.is_empty())?;
        // The end of a table counts: before it the heap had room.
        let is_full = |row: &usize| fill(table, &OLD, *row).is_some_and(|fill| fill >= ROWS_FULL);
        let from = (0..=last).rev().take_while(is_full).last()?;
        let lowest = (from..=last).filter_map(|row| fill(table, &OLD, row)).min()?;
        let (before, after) = (count(table, "FGC", from)?, count(table, "FGC", last)?);
        let proof = Proof::first(row_line(table, from)).and(Some(row_line(table, last)));
        let share = Quantity::Share(lowest.min(100_000));
        let ran = after.saturating_sub(before);
        // The pauses of CMS's cycles are counted there, too, and are short.
        let spent =
            time(table, "FGCT", last).zip(time(table, "FGCT", from)).map(|(after, before)| after.minus(before).0);
        let are_pauses = collector == Some("CMS")
            && spent.zip(i64::try_from(ran).ok()).is_none_or(|(spent, ran)| spent < PHASE.0.saturating_mul(ran));
        if are_pauses {
            return None;
        }
        let claim = if ran >= ROWS_COUNTED {
            let key = match from {
                0 => "rule.heap-full-after-collecting.rows",
                _ => "rule.heap-full-after-collecting.rows.last",
            };
            Statement::new(key)
                .with("count", Quantity::Count((last + 1 - from) as u64), None)
                .with("full", Quantity::Count(ran), None)
                .with("share", share, Some(row_line(table, last)))
        } else if from > 0 {
            return None;
        } else {
            let eden = fill(table, &EDEN, last)?;
            let young = count(table, "YGC", last)?;
            let mean = mean_full(table, last).filter(|mean| *mean >= PHASE)?;
            if eden < ROWS_FULL || after < ROWS_MANY || after.saturating_mul(YOUNG_PER_FULL) < young {
                return None;
            }
            let at = Some(row_line(table, last));
            Statement::new("rule.heap-full-after-collecting.counters")
                .with("full", Quantity::Count(after), at)
                .with("mean", Quantity::Duration(mean), at)
                .with("share", share, at)
        };
        let explains = accounting::cell(table, "OU", last).map(Quantity::Size);
        Some(Full { claim, proof, explains, is_hopeless: true })
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    #[test]
    fn a_heap_that_full_collections_leave_full_is_told() {
        let sizes = [(40, 59, 30), (92, 60, 60), (91, 60, 60), (95, 60, 60)];
        assert_eq!(
            Fixture::full_collections("Serial", "Allocation Failure", &sizes).finding(&RULE).1,
            "rule.heap-full-after-collecting"
        );
        assert_eq!(
            Fixture::full_collections("Serial", "Allocation Failure", &[(92, 60, 50), (89, 60, 50), (95, 60, 50)])
                .check(&RULE),
            []
        );
        assert_eq!(Fixture::full_collections("Serial", "System.gc()", &sizes).check(&RULE), []);
    }

    #[test]
    fn without_a_maximum_the_old_generation_is_held_against_itself() {
        let log = |sizes: &[(u64, u64, u64)]| {
            Fixture::full_collections("Parallel", "Ergonomics", sizes).run(|run| run.max_heap = None)
        };
        let (finding, key) = log(&[(60, 60, 59), (60, 60, 59), (60, 60, 60)]).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.heap-full-after-collecting.old", Severity::Critical));
        assert_eq!(log(&[(60, 60, 59), (60, 60, 57), (60, 60, 60)]).check(&RULE), []);
    }

    #[test]
    fn a_program_that_says_how_full_its_old_generation_stays_is_believed() {
        let log = |after: u64| {
            let figures =
                [("old_after", after), ("old_committed", 100)].map(|(name, size)| (name.to_owned(), mib(size)));
            let event = GcEvent { kind: GcKind::Major, figures: figures.into(), ..GcEvent::default() };
            let mut incident = Fixture::of_one_run().gc_log("any", vec![event]);
            incident.readings.gc_logs.iter_mut().for_each(|log| log.style = monitor::STYLE.into());
            incident
        };
        assert_eq!(log(97).finding(&RULE).1, "rule.heap-full-after-collecting.monitor");
        assert_eq!(log(96).check(&RULE), []);
    }

    #[test]
    fn cycles_beside_the_program_that_leave_the_heap_full_are_told() {
        let log = |collector: &str, after: [u64; 3]| {
            let event = |after| GcEvent { kind: GcKind::Minor, after: Some(mib(after)), ..GcEvent::default() };
            Fixture::of_heap(collector, 100).gc_log(collector, after.map(event).into())
        };
        assert_eq!(log("generational ZGC", [95, 96, 97]).finding(&RULE).1, "rule.heap-full-after-collecting.cycles");
        assert_eq!(log("generational ZGC", [95, 94, 97]).check(&RULE), []);
        assert_eq!(log("G1", [95, 96, 97]).check(&RULE), [], "a young GC leaves the old generation as it is");
    }

    fn rows(old: &[i64], eden: i64, full: &[i64]) -> Fixture {
        rows_of_mean(old, eden, full, 2_000)
    }

    fn rows_of_mean(old: &[i64], eden: i64, full: &[i64], mean: i64) -> Fixture {
        let (eden, young) = (vec![eden; old.len()], vec![9; old.len()]);
        let time: Vec<i64> = full.iter().map(|full| full * mean).collect();
        let columns = [("E", 2, &eden[..]), ("O", 2, old), ("YGC", 0, &young), ("FGC", 0, full), ("FGCT", 3, &time)];
        Fixture::of_one_run().jstat(None, &columns)
    }

    #[test]
    fn samples_of_a_full_old_generation_with_full_collections_between_them_are_told() {
        let (finding, key) = rows(&[10_000, 9_950, 10_000], 2_500, &[4, 5, 6]).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.heap-full-after-collecting.rows", Severity::Critical));
        assert_eq!(rows(&[10_000, 9_850, 10_000], 2_500, &[4, 5, 6]).check(&RULE), [], "once there was room");
        let at_last = rows(&[4_000, 9_850, 10_000, 9_990], 2_500, &[1, 2, 3, 5]);
        assert_eq!(at_last.finding(&RULE).1, "rule.heap-full-after-collecting.rows.last");
        assert_eq!(rows(&[10_000; 3], 2_500, &[4, 4, 5]).check(&RULE), [], "one full GC may be the first");
        let of_cms = |mean: i64| {
            let mut incident = rows_of_mean(&[10_000, 9_950, 10_000], 2_500, &[4, 5, 6], mean);
            incident.readings.jstat.iter_mut().for_each(|table| table.collector = Some("CMS".into()));
            incident.check(&RULE).len()
        };
        assert_eq!((of_cms(2_000), of_cms(40)), (1, 0), "short ones are the pauses of its cycles");
    }

    #[test]
    fn samples_within_one_full_collection_are_judged_by_the_whole_life() {
        assert_eq!(rows(&[10_000; 3], 10_000, &[40; 3]).finding(&RULE).1, "rule.heap-full-after-collecting.counters");
        assert_eq!(rows(&[10_000; 3], 9_000, &[40; 3]).check(&RULE), []);
        assert_eq!(rows(&[10_000; 3], 10_000, &[9; 3]).check(&RULE), []);
    }
}
