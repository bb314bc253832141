//! A warning for each run in which a collector could not keep up: what the rules about such events share.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::GcEvent;
use crate::units::Micros;

pub fn total(events: &[&GcEvent]) -> Micros {
    events.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus)
}

/// A warning for each run in which enough such events happened: how often, and how long in all.
pub fn each_run(
    incident: &Incident<'_>,
    rule: &Rule,
    is_one: impl Fn(&&GcEvent) -> bool,
    key: impl Fn(&[&GcEvent]) -> Option<&'static str>,
) -> Vec<Finding> {
    let finding = |run: &str| {
        let events: Vec<&GcEvent> = incident.gc_events(run).filter(&is_one).collect();
        let key = key(&events)?;
        let mut lines = events.iter().map(|event| event_line(incident.readings, event));
        let (first, last) = (lines.next()?, lines.next_back());
        let claim = Statement::new(key).with("count", Quantity::Count(events.len() as u64), Some(first)).with(
            "time",
            Quantity::Duration(total(&events)),
            None,
        );
        let proof = Proof::first(first).and(lines.next()).and(last);
        Some(
            Finding::new(rule.id, Severity::Warning, claim, proof)
                .about(Some(run))
                .explaining(Some(Quantity::Duration(total(&events)))),
        )
    };
    incident.runs.iter().filter_map(|run| finding(&run.id)).collect()
}
