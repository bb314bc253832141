//! Good news: over the time that was watched, the heap had room and collecting was cheap.

use super::incident::event_line;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::GcEvent;
use crate::model::run::Run;
use crate::units::Micros;

pub static RULE: Rule = Rule { id: "heap-has-headroom", check };

/// How full the heap may be after a collection, in hundredths of its maximum.
const FULL: u64 = 70;
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
    // A death somewhere in the text may be this process's, even where nothing ties both together.
    let readings = incident.readings;
    let nobody_died = readings.oom_kills.is_empty() && readings.java_errors.is_empty();
    let heap = incident.max_heap(&run.id).filter(|_| nobody_died && !run.killed)?;
    let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(|event| event.uptime.is_some()).collect();
    let (first, last) = (events.first()?, events.last()?);
    let span = last.uptime?.minus(first.uptime?);
    let pauses =
        events.iter().filter(|event| event.pause).filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
    let (fullest, used) =
        events.iter().filter_map(|event| Some((event, event.after?))).max_by_key(|(_, after)| *after)?;
    let roomy = u128::from(used.0) * 100 <= u128::from(heap.bytes.0) * u128::from(FULL);
    let cheap = u128::from(pauses.0.unsigned_abs()) * 1000 <= u128::from(span.0.unsigned_abs()) * u128::from(PAUSES);
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
    fn a_full_heap_long_pauses_a_short_look_and_a_death_are_not() {
        assert_eq!(watched(60, 71, 5000).check(&RULE), []);
        assert_eq!(watched(60, 50, 500_000).check(&RULE), []);
        assert_eq!(watched(5, 50, 500).check(&RULE), []);
        assert_eq!(watched(60, 50, 500).kill(OomScope::Unknown, |_| ()).check(&RULE), []);
    }
}
