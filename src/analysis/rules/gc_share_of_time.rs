//! How much of its time a JVM collects.

use super::full_collections::part;
use super::gc_time::{Clock, at_least, counts_pauses, row_line, share, time};
use super::{Incident, Rule, full_collection_thrash};
use crate::analysis::accounting;
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::gc_log::monitor;
use crate::model::gc::GcEvent;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::GcShareOfTime, check };

/// Share of the time, in hundredths, that collecting may take. The JVM's own goal is 1 to 8 (`GCTimeRatio`: 99 and 12).
const WARNING: i64 = 10;
/// … and from which there is hardly an application left.
const CRITICAL: i64 = 50;
/// Of fewer pauses of a log, people have mostly picked the worst.
const FEWEST: usize = 5;
/// A shorter observation says nothing about a share.
const SHORTEST: Micros = Micros(5_000_000);
/// Over so long a time, a share above half is no hiccup; a shorter one may be a start or a test.
const LONG: Micros = Micros(60_000_000);
/// A heap that GC never left fuller, in hundredths of its maximum, is not what the time goes for.
const ROOM: u64 = 70;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let thrashing = (full_collection_thrash::RULE.check)(incident);
    let quiet = |run: &&Run| !thrashing.iter().any(|finding| finding.run.as_deref() == Some(run.id.as_str()));
    incident.runs.iter().filter(quiet).filter_map(|run| check_run(incident, run)).collect()
}

/// By programs that print how long they watched and how much of that was GC (Elasticsearch). They print only what was much: the share is
/// one of the time between their first message and their last, where these have times, else of what they reported.
fn by_monitor(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let watched = |event: &'_ GcEvent| Some((event.duration?, event.window?));
    let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(|event| watched(event).is_some()).collect();
    let sum = |of: fn((Micros, Micros)) -> Micros| {
        events.iter().filter_map(|event| watched(event)).map(of).fold(Micros(0), Micros::plus)
    };
    let (spent, reported) = (sum(|(spent, _)| spent), sum(|(_, span)| span));
    let (first, last) = (events.first()?, events.last()?);
    let stamp = |event: &GcEvent| event.time.or(event.local_time);
    let between = stamp(first).zip(stamp(last)).filter(|_| events.len() > 1);
    let between = between.map(|(from, to)| to.minus(from).plus(first.window.unwrap_or_default()));
    // Little of a long time may still be seconds in which hardly anything else ran.
    let few = |span: &Micros| at_least(spent, *span, WARNING) || !at_least(spent, reported, CRITICAL);
    let between = between.map(|span| span.max(reported)).filter(few);
    let span = between.unwrap_or(reported);
    // A program that says that it only collected is believed of one second, too.
    let is_said = events.iter().all(|event| event.name == monitor::OVERHEAD);
    let is_long = span >= SHORTEST || is_said && at_least(spent, span, CRITICAL);
    if !is_long || spent > span || !at_least(spent, span, WARNING) {
        return None;
    }
    let lines: Vec<Span> = events.iter().map(|event| event_line(incident.readings, event)).collect();
    let key = if between.is_some() { "rule.gc-share-of-time.monitor" } else { "rule.gc-share-of-time.reported" };
    let claim = Statement::new(key)
        .with("count", Quantity::Count(events.len() as u64), lines.first().copied())
        .with("time", Quantity::Duration(spent), None)
        .with("span", Quantity::Duration(span), None)
        .with("share", share(spent, span), None);
    let is_lost = span >= LONG && at_least(spent, span, CRITICAL) && (between.is_some() || stamp(last).is_none());
    let severity = if is_lost { Severity::Critical } else { Severity::Warning };
    let proof = Proof::first(*lines.first()?).all(lines);
    let finding = Finding::new(RULE.id, severity, claim, proof).about(Some(&run.id));
    let finding = finding.explaining(Some(Quantity::Duration(spent)));
    let (next, ask) = match has_room(incident, run) {
        true => ("rule.longest-stop.starved.next", Ask::Swapping),
        false => ("rule.full-collection-thrash.next", Ask::Histogram),
    };
    Some(finding.ask(Statement::new(next), incident.command(Some(&run.id), ask)))
}

/// True if no GC left the heap nearly full: its maximum, else what it grew to.
fn has_room(incident: &Incident<'_>, run: &Run) -> bool {
    let most = |of: fn(&GcEvent) -> Option<Bytes>| incident.gc_events(&run.id).filter_map(of).max();
    let heap = incident.max_heap(&run.id).map(|heap| heap.bytes).or_else(|| most(|event| event.committed));
    heap.zip(most(|event| event.after)).is_some_and(|(heap, after)| part(after, heap) < ROOM)
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    if let Some(finding) = by_monitor(incident, run) {
        return Some(finding);
    }
    let by_rows = incident.jstat(&run.id).filter(|table| counts_pauses(table, run)).filter_map(|table| {
        let last = accounting::rows_alive(table).checked_sub(1)?;
        let span = table.relative_time(last)?.minus(table.relative_time(0)?);
        let spent = time(table, "GCT", last)?.minus(time(table, "GCT", 0)?);
        (spent.0 >= 0 && table.restarts.is_empty()).then_some((spent, span, row_line(table, 0), row_line(table, last)))
    });
    // A monitor tells only what was long.
    let is_log = |event: &GcEvent| {
        let log = incident.readings.gc_logs.get(event.log as usize);
        log.is_none_or(|log| log.style != monitor::STYLE)
    };
    let mut events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(|event| event.pause && is_log(event)).collect();
    if events.iter().any(|event| event.uptime.is_some()) {
        events.retain(|event| event.uptime.is_some());
    }
    let clock = Clock::of(&events);
    let by_log = events.first().zip(events.last()).filter(|_| events.len() >= FEWEST).and_then(|(first, last)| {
        let ((_, from), (_, to)) = (clock.extent(incident.readings, first)?, clock.extent(incident.readings, last)?);
        let span = to.minus(from);
        let spent = events.iter().skip(1).filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
        Some((spent, span, event_line(incident.readings, first), event_line(incident.readings, last)))
    });
    let long = by_rows.chain(by_log).filter(|(_, span, ..)| *span >= SHORTEST);
    let (spent, span, first, last) =
        long.max_by_key(|(spent, span, ..)| spent.0.saturating_mul(1000) / span.0.max(1))?;
    // A GC counts when it ends: what it took before the first of both moments is not of the time between them.
    let spent = spent.min(span);
    // The start of a program, and a test, collect much in a heap that has room.
    if !at_least(spent, span, WARNING) || span < LONG && has_room(incident, run) {
        return None;
    }
    let claim = Statement::new("rule.gc-share-of-time")
        .with("share", share(spent, span), None)
        .with("time", Quantity::Duration(spent), None)
        .with("span", Quantity::Duration(span), None);
    let severity = if at_least(spent, span, CRITICAL) { Severity::Critical } else { Severity::Warning };
    let proof = Proof::first(first).and(Some(last));
    let finding = Finding::new(RULE.id, severity, claim, proof).about(Some(&run.id));
    let finding = finding.explaining(Some(Quantity::Duration(spent)));
    let command = incident.command(Some(&run.id), Ask::Histogram);
    Some(finding.ask(Statement::new("rule.full-collection-thrash.next"), command))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::jstat::Cells;

    #[test]
    fn a_tenth_of_the_time_in_pauses_is_too_much() {
        let rows = |each: i64| (0..8).map(|at| (at * 10, at * each, 0, 0)).collect::<Vec<_>>();
        assert_eq!(Fixture::collections("Parallel", &rows(110)).finding(&RULE).1, "rule.gc-share-of-time");
        assert_eq!(Fixture::collections("Parallel", &rows(90)).check(&RULE), []);
    }

    #[test]
    fn without_a_clock_there_is_no_share_of_the_time() {
        let mut incident = Fixture::collections("Parallel", &(0..8).map(|at| (at, at * 500, 0, 0)).collect::<Vec<_>>());
        for table in &mut incident.readings.jstat {
            table.interval = None;
        }
        assert_eq!(incident.check(&RULE), []);
    }

    #[test]
    fn survivors_are_enough_of_a_collector() {
        let mut incident = Fixture::collections("Parallel", &(0..8).map(|at| (at, at * 500, 0, 0)).collect::<Vec<_>>());
        for table in &mut incident.readings.jstat {
            table.collector = None;
        }
        assert_eq!(incident.check(&RULE), []);
        let mut survivor = incident.readings.jstat[0].data.0[0].clone();
        survivor.name = "S0C".into();
        survivor.cells = Cells::Fixed { decimals: 1, values: std::iter::repeat_n(5120, 8).collect() };
        incident.readings.jstat[0].data.0.push(survivor);
        assert_eq!(incident.finding(&RULE).1, "rule.gc-share-of-time");
    }

    #[test]
    fn what_a_program_says_of_its_own_time_counts() {
        let watched = |spent: i64| {
            let event = GcEvent {
                duration: Some(Micros(spent * 1_000_000)),
                window: Some(Micros(40_000_000)),
                ..GcEvent::default()
            };
            Fixture::of_one_run().gc_log("any", vec![event; 2])
        };
        let (finding, key) = watched(39).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.gc-share-of-time.reported", Severity::Critical));
        assert_eq!(watched(19).finding(&RULE).0.severity, Severity::Warning);
        assert_eq!(watched(3).check(&RULE), []);
    }

    #[test]
    fn what_a_program_does_not_report_is_part_of_the_time() {
        let watched = |between: i64| {
            let event = |at: i64| GcEvent {
                duration: Some(Micros(900_000)),
                window: Some(Micros(1_000_000)),
                local_time: Some(Micros(at * 1_000_000)),
                ..GcEvent::default()
            };
            Fixture::of_one_run().gc_log("any", (0..6).map(|nth| event(nth * between)).collect())
        };
        let (finding, key) = watched(5).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.gc-share-of-time.monitor", Severity::Warning));
        assert_eq!(finding.statement.values["span"].quantity, Quantity::Duration(Micros(26_000_000)));
        let (finding, key) = watched(20).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.gc-share-of-time.reported", Severity::Warning));
    }

    #[test]
    fn a_short_run_with_room_in_its_heap_is_no_thrash() {
        let run = |after: u64, each: i64| {
            let event = |nth: i64| GcEvent {
                pause: true,
                uptime: Some(Micros(nth * each * 1_000_000)),
                duration: Some(Micros(900_000)),
                after: Some(mib(after)),
                ..GcEvent::default()
            };
            let log = Fixture::of_one_run().gc_log("G1", (1..7).map(event).collect());
            log.run(|run| run.max_heap = Some(mib(4096)))
        };
        assert_eq!(run(2600, 2).check(&RULE), []);
        assert_eq!(run(3600, 2).finding(&RULE).1, "rule.gc-share-of-time");
    }

    #[test]
    fn times_of_shenandoah_are_phases() {
        let rows: Vec<_> = (0..8).map(|at| (at, at * 500, 0, 0)).collect();
        assert_eq!(Fixture::collections("Shenandoah", &rows).check(&RULE), []);
    }
}
