//! Full collections that only classes called for.

use super::incident::event_line;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::run::Run;
use crate::units::Micros;

pub static RULE: Rule = Rule { id: "metaspace-threshold-collections", check };

/// Collections for the threshold that are no accident; starting takes one or two.
const OFTEN: usize = 4;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let asked = |event: &&GcEvent| {
            event.kind == GcKind::Full && event.cause.as_deref().is_some_and(|cause| cause.starts_with("Metadata GC"))
        };
        let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(asked).collect();
        let (first, last) = (events.first()?, events.last()?);
        // An error of the metaspace says more.
        let told = incident.readings.java_errors.iter().any(|error| error.kind == "metaspace");
        if events.len() < OFTEN || told {
            return None;
        }
        let time = events.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
        let claim = Statement::new("rule.metaspace-threshold-collections")
            .with("count", Quantity::Count(events.len() as u64), None)
            .with("time", Quantity::Duration(time), None);
        let proof = Proof::first(event_line(incident.readings, first)).and(Some(event_line(incident.readings, last)));
        Some(
            Finding::new(RULE.id, Severity::Notice, claim, proof)
                .about(Some(&run.id))
                .explaining(Some(Quantity::Duration(time)))
                .then(Statement::new("rule.metaspace-threshold-collections.next")),
        )
    };
    incident.runs.iter().filter_map(of_run).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn collections_for_the_threshold_count_from_the_fourth() {
        let log = |count: usize| {
            let event =
                GcEvent { kind: GcKind::Full, cause: Some("Metadata GC Threshold".into()), ..GcEvent::default() };
            Fixture::of_one_run().gc_log("Parallel", vec![event; count])
        };
        assert_eq!(log(4).finding(&RULE).1, "rule.metaspace-threshold-collections");
        assert_eq!(log(3).check(&RULE), []);
    }
}
