//! Collections started for an object of half a region or more (G1).

use super::gc_warnings::each_run;
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::Quantity;
use crate::model::gc::GcEvent;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::HumongousAllocations, check };

/// Collections started for a humongous object that are no accident.
const OFTEN: usize = 3;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let asked = |event: &&GcEvent| event.cause.as_deref().is_some_and(|cause| cause.contains("Humongous Allocation"));
    let findings =
        each_run(incident, &RULE, asked, |events| (events.len() >= OFTEN).then_some("rule.humongous-allocations"));
    let with_region = |mut finding: Finding| {
        let logs = &incident.readings.gc_logs;
        let log = logs.iter().find(|log| Some(&log.run) == finding.run.as_ref() && log.region_size.is_some());
        if let Some((log, region)) = log.and_then(|log| Some((log, log.region_size?))) {
            finding.statement.key = "rule.humongous-allocations.region".to_owned();
            let at = log.at.get("region_size");
            finding.statement = finding.statement.with("region", Quantity::Size(region), at).with(
                "half",
                Quantity::Size(Bytes(region.0 / 2)),
                None,
            );
            finding.evidence = finding.evidence.and(at);
        }
        finding
    };
    findings.into_iter().map(with_region).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::gc::GcKind;

    #[test]
    fn humongous_objects_are_told_with_the_size_that_makes_them_so() {
        let mut incident = Fixture::events(GcKind::Young, "G1 Humongous Allocation", 9000, 3);
        assert_eq!(incident.finding(&RULE).1, "rule.humongous-allocations");
        for log in &mut incident.readings.gc_logs {
            log.region_size = Some(mib(1));
        }
        assert_eq!(incident.finding(&RULE).1, "rule.humongous-allocations.region");
        assert_eq!(Fixture::events(GcKind::Young, "G1 Evacuation Pause", 9000, 9).check(&RULE), []);
    }
}
