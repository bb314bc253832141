//! Full collections that code asked for (`System.gc()`): their number says nothing about the heap, their time is still spent.

use super::full_collections::Caused;
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;

pub static RULE: Rule = Rule { id: RuleId::ExplicitCollections, check };

/// Fewer may be somebody who looked at the heap.
const ASKED_FOR: Caused =
    Caused { cause: "System", often: 5, claim: "rule.explicit-collections", next: "rule.explicit-collections.next" };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| ASKED_FOR.check(&RULE, incident, run)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::model::gc::{GcEvent, GcKind};

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
