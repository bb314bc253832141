//! Full collections that code asked for (`System.gc()`): their number says nothing about the heap, their time is still spent.

use super::incident::event_line;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::run::Run;
use crate::units::Micros;

pub static RULE: Rule = Rule { id: "explicit-collections", check };

/// Fewer may be somebody who looked at the heap.
const OFTEN: usize = 5;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let asked = |event: &&GcEvent| {
        event.kind == GcKind::Full && event.cause.as_deref().is_some_and(|cause| cause.starts_with("System"))
    };
    let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(asked).collect();
    let (first, last) = (events.first()?, events.last()?);
    if events.len() < OFTEN {
        return None;
    }
    let time = events.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
    let claim = Statement::new("rule.explicit-collections")
        .with("count", Quantity::Count(events.len() as u64), None)
        .with("time", Quantity::Duration(time), None);
    let proof = Proof::first(event_line(incident.readings, first)).and(Some(event_line(incident.readings, last)));
    Some(
        Finding::new(RULE.id, Severity::Notice, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Duration(time)))
            .then(Statement::new("rule.explicit-collections.next")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    fn log(cause: &str, count: usize) -> Fixture {
        let event = GcEvent { kind: GcKind::Full, cause: Some(cause.into()), ..GcEvent::default() };
        Fixture::of_one_run().gc_log("G1", vec![event; count])
    }

    #[test]
    fn collections_that_code_asked_for_are_told_from_the_fifth() {
        assert_eq!(log("System.gc()", 5).finding(&RULE).1, "rule.explicit-collections");
        assert_eq!(log("System.gc()", 4).check(&RULE), []);
        assert_eq!(log("Allocation Failure", 9).check(&RULE), []);
    }
}
