//! An old generation that is full while the rest of the heap is not.

use super::full_collections::{OFTEN, frees_nothing, has_fixed_parts, is_told, last_full, part};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::GcEvent;
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::OldGenerationSmall, check };

/// How full the old generation must still be, in hundredths of itself.
const OLD_FULL: u64 = 97;
/// … while the heap as a whole is not above this.
const HEAP_ROOM: u64 = 85;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let heap = incident.max_heap(&run.id)?;
    let last = last_full(incident, run).filter(|_| has_fixed_parts(run))?;
    let figure = |event: &GcEvent, name: &str| event.figures.get(name).copied();
    let full = |event: &&GcEvent| {
        let old = figure(event, "old_after").zip(figure(event, "old_committed"));
        old.is_some_and(|(after, committed)| part(after, committed) >= OLD_FULL)
            && event.after.is_some_and(|after| part(after, heap.bytes) < HEAP_ROOM)
    };
    // What frees nothing at all found no room elsewhere either: survivor spaces are no room.
    if !last.iter().all(full) || last.iter().all(|event| frees_nothing(event)) || is_told(incident, run) {
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
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(event.figures.get("old_after").copied().map(Quantity::Size))
            .then(Statement::new("rule.old-generation-small.next")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn an_old_generation_that_is_full_in_a_heap_that_is_not_is_told() {
        let sizes = [(70, 60, 59), (71, 60, 60), (72, 60, 60)];
        assert_eq!(
            Fixture::full_collections("Parallel", "Ergonomics", &sizes).finding(&RULE).1,
            "rule.old-generation-small"
        );
        assert_eq!(Fixture::full_collections("G1", "G1 Compaction Pause", &sizes).check(&RULE), []);
        assert_eq!(
            Fixture::full_collections("Parallel", "Ergonomics", &[(70, 60, 50), (71, 60, 60), (72, 60, 60)])
                .check(&RULE),
            []
        );
    }
}
