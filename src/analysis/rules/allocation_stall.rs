//! Threads that waited for memory (ZGC).

use super::gc_warnings::{each_run, total};
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::Statement;
use crate::formats::gc_log::CLEARED;
use crate::model::gc::{GcEvent, GcKind};
use crate::units::Micros;

pub static RULE: Rule = Rule { id: RuleId::AllocationStall, check };

/// Allocation stalls below this in total hurt nobody.
const SHORTEST: Micros = Micros(100_000);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let stalled = |event: &&GcEvent| event.kind == GcKind::AllocationStall;
    let findings = |least: Micros, key: &'static str| {
        each_run(incident, &RULE, stalled, move |events| (total(events) >= least).then_some(key))
    };
    let (long, all) = (findings(SHORTEST, "rule.allocation-stall"), findings(Micros(0), "rule.allocation-stall.soft"));
    // A short one is grave, too, where nothing but soft references was left to free.
    let of_run = |finding: &Finding| incident.run(finding.run.as_deref()?);
    let is_last_resort = |finding: &Finding| of_run(finding).is_some_and(|run| clears_soft(incident, &run.id));
    let soft = all.into_iter().filter(is_last_resort).collect::<Vec<_>>();
    let is_soft = |finding: &Finding| soft.iter().any(|soft| soft.run == finding.run);
    let mut found: Vec<Finding> = long.into_iter().filter(|finding| !is_soft(finding)).collect();
    found.extend(soft);
    found.into_iter().map(|finding| finding.then(Statement::new("rule.allocation-stall.next"))).collect()
}

/// ZGC clears all soft references where threads wait for memory: then it says so, or it collects for that reason.
fn clears_soft(incident: &Incident<'_>, run: &str) -> bool {
    incident.gc_events(run).any(|event| event.name == CLEARED || event.cause.as_deref() == Some("Allocation Stall"))
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
