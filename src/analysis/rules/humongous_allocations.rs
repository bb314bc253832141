//! Collections started for an object of half a region or more (G1).

use super::full_collections::frees_nothing;
use super::gc_warnings::{each_run, total};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::run::Run;
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
    let full: Vec<Finding> = incident.runs.iter().filter_map(|run| by_full(incident, run)).collect();
    let told = |finding: &Finding| full.iter().any(|known| known.run == finding.run);
    let rest = findings.into_iter().map(with_region).filter(|finding| !told(finding)).collect::<Vec<_>>();
    full.into_iter().chain(rest).collect()
}

/// Full GCs for humongous objects: not even they found the room in one piece.
fn by_full(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let asked = |event: &&GcEvent| {
        event.kind == GcKind::Full && event.cause.as_deref().is_some_and(|cause| cause.contains("Humongous Allocation"))
    };
    let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(asked).collect();
    let (first, last) = (events.first()?, events.last()?);
    let lines = |event: &GcEvent| event_line(incident.readings, event);
    let in_vain = events.iter().all(|event| frees_nothing(event));
    let sizes = last.after.zip(last.committed);
    let key = match (in_vain, sizes) {
        (true, Some(_)) => "rule.humongous-allocations.full.vain",
        _ => "rule.humongous-allocations.full",
    };
    let mut claim = Statement::new(key).with("count", Quantity::Count(events.len() as u64), Some(lines(first)));
    if let Some((after, committed)) = sizes {
        claim = claim.with("after", Quantity::Size(after), Some(lines(last))).with(
            "heap",
            Quantity::Size(committed),
            Some(lines(last)),
        );
    }
    let time = total(&events);
    let proof = Proof::first(lines(first)).and(Some(lines(last)));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim.with("time", Quantity::Duration(time), None), proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Duration(time)))
            .then(Statement::new("rule.humongous-allocations.full.next")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

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

    #[test]
    fn a_full_collection_for_a_humongous_object_is_told_at_once() {
        let mut incident = Fixture::events(GcKind::Full, "G1 Humongous Allocation", 8000, 1);
        assert_eq!(incident.finding(&RULE).1, "rule.humongous-allocations.full");
        for event in &mut incident.readings.gc_events {
            (event.before, event.after, event.committed) = (Some(mib(381)), Some(mib(381)), Some(mib(512)));
        }
        assert_eq!(incident.finding(&RULE).1, "rule.humongous-allocations.full.vain");
    }
}
