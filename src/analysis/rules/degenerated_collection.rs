//! Cycles finished while the application stands still (Shenandoah).

use super::gc_warnings::each_run;
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::model::gc::{GcEvent, GcKind};

pub static RULE: Rule = Rule { id: RuleId::DegeneratedCollection, check };

/// Degenerated collections that are no accident.
const OFTEN: usize = 3;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let degenerated = |event: &&GcEvent| event.kind == GcKind::Degenerated;
    each_run(incident, &RULE, degenerated, |events| (events.len() >= OFTEN).then_some("rule.degenerated-collection"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn degenerated_collections_count_from_the_third() {
        assert_eq!(
            Fixture::events(GcKind::Degenerated, "Evacuation", 9000, 3).finding(&RULE).1,
            "rule.degenerated-collection"
        );
        assert_eq!(Fixture::events(GcKind::Degenerated, "Evacuation", 9000, 2).check(&RULE), []);
    }
}
