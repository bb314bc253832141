//! Threads that waited for memory (ZGC).

use super::gc_warnings::{each_run, total};
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::model::gc::{GcEvent, GcKind};
use crate::units::Micros;

pub static RULE: Rule = Rule { id: RuleId::AllocationStall, check };

/// Allocation stalls below this in total hurt nobody.
const SHORTEST: Micros = Micros(100_000);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let stalled = |event: &&GcEvent| event.kind == GcKind::AllocationStall;
    each_run(incident, &RULE, stalled, |events| (total(events) >= SHORTEST).then_some("rule.allocation-stall"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::analysis::statement::Quantity;

    #[test]
    fn stalls_are_told_by_the_time_they_cost() {
        let (finding, key) = Fixture::events(GcKind::AllocationStall, "main", 20_000, 9).finding(&RULE);
        assert_eq!(
            (key.as_str(), finding.explains),
            ("rule.allocation-stall", Some(Quantity::Duration(Micros(180_000))))
        );
        assert_eq!(finding.evidence.len(), 3);
        assert_eq!(Fixture::events(GcKind::AllocationStall, "main", 20_000, 4).check(&RULE), []);
    }
}
