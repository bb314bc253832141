//! The longest stop of a GC log: what it was, what it freed, and whether the JVM had the processors that it needed.

use super::full_collection_thrash;
use super::full_collections::frees_nothing;
use super::{Incident, Rule, pair_at_limit};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::gc_log::monitor;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::run::Run;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::LongestStop, check };

/// A stop that programs report: Cassandra from 1 s on, Elasticsearch from 1 s (young) and 5 s, Hadoop from 1 s.
const LONG: Micros = Micros(1_000_000);
/// A remark is to be short.
const LONG_REMARK: Micros = Micros(500_000);
/// A stop this long …
const SLOW: Micros = Micros(20_000_000);
/// … that gets through less than this of the heap in a second, which one thread does many times over.
const SPEED: Bytes = Bytes(50 << 20);
/// … and that hurts by itself: requests and leases of clusters time out.
const HURTS: Micros = Micros(5_000_000);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let thrashing = (full_collection_thrash::RULE.check)(incident);
    let thrashes = |run: &Run| thrashing.iter().any(|finding| finding.run.as_deref() == Some(run.id.as_str()));
    incident.runs.iter().filter_map(|run| check_run(incident, run, thrashes(run))).collect()
}

/// What asks for a full GC that says nothing about the heap: how its cause begins, what it is called, and what to do.
const ASKED: [(&str, &str, &str); 6] = [
    ("Heap Dump", "stop.full.dump", "rule.longest-stop.dump.next"),
    ("Heap Inspection", "stop.full.histogram", "rule.longest-stop.dump.next"),
    ("Diagnostic", "stop.full.command", "rule.longest-stop.dump.next"),
    ("System", "stop.full.code", "rule.explicit-collections.next"),
    ("Metadata", "stop.full.metaspace", "rule.metaspace-threshold-collections.next"),
    ("Last ditch", "stop.full.metaspace", "rule.metaspace-threshold-collections.limit.next"),
];

/// One that waited for processors counts more than a longer one that worked. What thrash tells is not told again.
fn check_run(incident: &Incident<'_>, run: &Run, thrashes: bool) -> Option<Finding> {
    let events: Vec<&GcEvent> = incident.gc_events(&run.id).collect();
    let least = |event: &GcEvent| if is_remark(event) { LONG_REMARK } else { LONG };
    let long = |event: &&GcEvent| event.pause && event.duration.is_some_and(|duration| duration >= least(event));
    let stops = monitor::once(&events).into_iter().filter(long);
    let stop = stops.max_by_key(|event| (is_starved(event), event.duration))?;
    let time = stop.duration?;
    let starved = is_starved(stop);
    if thrashes && !starved {
        return None;
    }
    // What asked for it, where it was not the heap.
    let asked = stop.cause.as_deref().and_then(|cause| ASKED.iter().find(|(start, ..)| cause.starts_with(start)));
    let asked = asked.filter(|_| stop.kind == GcKind::Full);
    let in_vain = stop.kind == GcKind::Full && frees_nothing(stop) && asked.is_none();
    let freed = stop.before.zip(stop.after).and_then(|(before, after)| before.0.checked_sub(after.0)).map(Bytes);
    // Several threads that work show that none of them waited; of one alone nobody knows.
    let worked = stop.cpu.is_none_or(|cpu| cpu.0 / 2 >= time.0);
    let slow = is_slow(stop) && worked;
    let key = match (starved, in_vain, freed) {
        (true, ..) => "rule.longest-stop.starved",
        _ if slow && stop.cpu.is_some() => "rule.longest-stop.busy",
        _ if slow => "rule.longest-stop.slow",
        (false, true, _) => "rule.longest-stop.vain",
        (false, false, Some(_)) => "rule.longest-stop",
        (false, false, None) => "rule.longest-stop.bare",
    };
    let at = event_line(incident.readings, stop);
    let what = match stop.kind {
        GcKind::Full => asked.map_or("stop.full", |(_, what, _)| what),
        GcKind::Young => "stop.young",
        GcKind::Mixed => "stop.mixed",
        _ if is_remark(stop) => "stop.remark",
        _ => "stop.other",
    };
    let mut claim = Statement::new(key).with("time", Quantity::Duration(time), Some(at)).with(
        "what",
        Quantity::Term(what.to_owned()),
        Some(at),
    );
    for (name, size) in [("freed", freed), ("after", stop.after), ("before", stop.before.filter(|_| slow))] {
        claim = size.into_iter().fold(claim, |claim, size| claim.with(name, Quantity::Size(size), Some(at)));
    }
    if let Some(cpu) = stop.cpu {
        claim = claim.with("cpu", Quantity::Duration(cpu), Some(at));
    }
    let severity = if starved || in_vain || time >= HURTS { Severity::Warning } else { Severity::Notice };
    let finding = Finding::new(RULE.id, severity, claim, Proof::first(at))
        .about(Some(&run.id))
        .explaining(Some(Quantity::Duration(time)));
    let failed = |event: &&GcEvent| event.kind == GcKind::Failure && event.line == stop.line && event.log == stop.log;
    let next = |key: &str| Statement::new(key);
    Some(match (key, stop.kind) {
        ("rule.longest-stop.starved" | "rule.longest-stop.slow", _) => {
            finding.ask(next("rule.longest-stop.starved.next"), incident.command(Some(&run.id), Ask::Swapping))
        }
        ("rule.longest-stop.busy", _) => finding.then(next("rule.longest-stop.busy.next")),
        // Why it was long is told with the failure.
        _ if events.iter().any(failed) => finding,
        // What is told of the metaspace says what to do.
        (_, GcKind::Full) if what == "stop.full.metaspace" && pair_at_limit(incident, &run.id).is_some() => finding,
        (_, GcKind::Full) if let Some((.., key)) = asked => finding.then(next(key)),
        (_, GcKind::Full) => {
            finding.ask(next("rule.longest-stop.full.next"), incident.command(Some(&run.id), Ask::Histogram))
        }
        (_, GcKind::Young | GcKind::Mixed) => finding.then(next("rule.longest-stop.young.next")),
        _ if is_remark(stop) => finding.then(next("rule.longest-stop.remark.next")),
        _ => finding,
    })
}

/// The pause that ends the marking of a concurrent cycle.
fn is_remark(event: &GcEvent) -> bool {
    event.kind == GcKind::ConcurrentPause && event.name.to_lowercase().contains("remark")
}

/// True if it took far longer than any GC needs for what was in use.
fn is_slow(event: &GcEvent) -> bool {
    let slower = |(duration, before): (Micros, Bytes)| {
        duration >= SLOW && u128::from(before.0) * 1_000_000 < u128::from(SPEED.0) * duration.0.unsigned_abs() as u128
    };
    event.duration.zip(event.before).is_some_and(slower)
}

/// True if the processors worked for less than half of the time: even one thread alone would have used all of it.
fn is_starved(event: &GcEvent) -> bool {
    event.cpu.zip(event.duration).is_some_and(|(cpu, duration)| cpu.0.saturating_mul(2) < duration.0)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    fn stop(kind: GcKind, seconds: i64, sizes: Option<(u64, u64)>, cpu: Option<i64>) -> Fixture {
        let event = GcEvent {
            kind,
            pause: true,
            duration: Some(Micros(seconds * 1_000_000)),
            cpu: cpu.map(|seconds| Micros(seconds * 1_000_000)),
            before: sizes.map(|(before, _)| mib(before)),
            after: sizes.map(|(_, after)| mib(after)),
            ..GcEvent::default()
        };
        let short = GcEvent { duration: Some(Micros(10)), ..event.clone() };
        Fixture::of_one_run().gc_log("any", vec![short, event])
    }

    #[test]
    fn a_long_stop_is_told_with_what_it_freed() {
        let told = |incident: Fixture| {
            let (finding, key) = incident.finding(&RULE);
            (finding.severity, key)
        };
        let (notice, warning) = (Severity::Notice, Severity::Warning);
        assert_eq!(told(stop(GcKind::Full, 3, Some((900, 300)), None)), (notice, "rule.longest-stop".to_owned()));
        assert_eq!(told(stop(GcKind::Full, 6, Some((900, 300)), None)), (warning, "rule.longest-stop".to_owned()));
        assert_eq!(told(stop(GcKind::Full, 3, Some((900, 899)), None)), (warning, "rule.longest-stop.vain".to_owned()));
        assert_eq!(told(stop(GcKind::Young, 1, None, None)), (notice, "rule.longest-stop.bare".to_owned()));
        assert_eq!(stop(GcKind::Full, 0, Some((900, 899)), None).check(&RULE), []);
    }

    #[test]
    fn a_stop_without_processors_waited_for_something_else() {
        assert_eq!(stop(GcKind::Full, 94, Some((900, 300)), Some(11)).finding(&RULE).1, "rule.longest-stop.starved");
        assert_eq!(stop(GcKind::Full, 94, Some((900, 300)), Some(90)).finding(&RULE).1, "rule.longest-stop");
    }
}
