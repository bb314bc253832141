//! A heap that is full even right after full collections.

use super::full_collections::{OFTEN, is_told, last_full, part};
use super::incident::event_line;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::HeapFullAfterCollecting, check };

/// How full the heap must still be, in hundredths of its maximum.
const FULL: u64 = 90;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
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
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(lowest)))
            .then(Statement::new("rule.rising-floor.next").with("command", Quantity::Word(command), None)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn a_heap_that_full_collections_leave_full_is_told() {
        let sizes = [(40, 59, 30), (92, 60, 60), (91, 60, 60), (95, 60, 60)];
        assert_eq!(
            Fixture::full_collections("Serial", "Allocation Failure", &sizes).finding(&RULE).1,
            "rule.heap-full-after-collecting"
        );
        assert_eq!(
            Fixture::full_collections("Serial", "Allocation Failure", &[(92, 60, 60), (89, 60, 60), (95, 60, 60)])
                .check(&RULE),
            []
        );
        assert_eq!(Fixture::full_collections("Serial", "System.gc()", &sizes).check(&RULE), []);
    }
}
