//! The collector could not keep up: no room to copy into (G1), threads that wait for memory (ZGC), cycles finished while the
//! application stands still (Shenandoah).

use super::incident::event_line;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::units::Micros;

pub static TO_SPACE: Rule = Rule { id: "to-space-exhausted", check: to_space };
pub static STALL: Rule = Rule { id: "allocation-stall", check: stall };
pub static DEGENERATED: Rule = Rule { id: "degenerated-collection", check: degenerated };
pub static HUMONGOUS: Rule = Rule { id: "humongous-allocations", check: humongous };

/// Allocation stalls below this in total hurt nobody.
const SHORTEST_STALL: Micros = Micros(100_000);
/// Degenerated collections that are no accident.
const DEGENERATED_OFTEN: usize = 3;
/// Collections started for a humongous object that are no accident.
const HUMONGOUS_OFTEN: usize = 3;

fn to_space(incident: &Incident<'_>) -> Vec<Finding> {
    // Since JDK 22 a region that native code holds counts as a failure as well; memory is not short then.
    let failed = |event: &&GcEvent| event.kind == GcKind::Failure && event.cause.as_deref() != Some("Pinned");
    each_run(incident, &TO_SPACE, failed, |events| {
        let all = |name: &str| events.iter().all(|event| event.name == name);
        Some(match events {
            [] => return None,
            _ if all("Out Of Memory") => "rule.to-space-exhausted.zgc",
            _ if all("concurrent mode failure") => "rule.to-space-exhausted.cms",
            _ => "rule.to-space-exhausted",
        })
    })
}

fn stall(incident: &Incident<'_>) -> Vec<Finding> {
    let stalled = |event: &&GcEvent| event.kind == GcKind::AllocationStall;
    each_run(incident, &STALL, stalled, |events| (total(events) >= SHORTEST_STALL).then_some("rule.allocation-stall"))
}

fn degenerated(incident: &Incident<'_>) -> Vec<Finding> {
    let degenerated = |event: &&GcEvent| event.kind == GcKind::Degenerated;
    each_run(incident, &DEGENERATED, degenerated, |events| {
        (events.len() >= DEGENERATED_OFTEN).then_some("rule.degenerated-collection")
    })
}

fn humongous(incident: &Incident<'_>) -> Vec<Finding> {
    let asked = |event: &&GcEvent| event.cause.as_deref().is_some_and(|cause| cause.contains("Humongous Allocation"));
    let findings = each_run(incident, &HUMONGOUS, asked, |events| {
        (events.len() >= HUMONGOUS_OFTEN).then_some("rule.humongous-allocations")
    });
    let with_region = |mut finding: Finding| {
        let logs = &incident.readings.gc_logs;
        let log = logs.iter().find(|log| Some(&log.run) == finding.run.as_ref() && log.region_size.is_some());
        if let Some((log, region)) = log.and_then(|log| Some((log, log.region_size?))) {
            finding.statement.key = "rule.humongous-allocations.region".to_owned();
            let at = log.at.get("region_size");
            finding.statement = finding.statement.with("region", Quantity::Size(region), at).with(
                "half",
                Quantity::Size(crate::units::Bytes(region.0 / 2)),
                None,
            );
            finding.evidence = finding.evidence.and(at);
        }
        finding
    };
    findings.into_iter().map(with_region).collect()
}

fn total(events: &[&GcEvent]) -> Micros {
    events.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus)
}

/// A warning for each run in which enough such events happened: how often, and how long in all.
fn each_run(
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

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    fn events(kind: GcKind, cause: &str, micros: i64, count: usize) -> Fixture {
        let event = GcEvent { kind, cause: Some(cause.into()), duration: Some(Micros(micros)), ..GcEvent::default() };
        Fixture::of_one_run().gc_log("any", vec![event; count])
    }

    #[test]
    fn a_failed_evacuation_is_told_but_not_a_pinned_region() {
        assert_eq!(events(GcKind::Failure, "Allocation", 0, 1).finding(&TO_SPACE).1, "rule.to-space-exhausted");
        assert_eq!(events(GcKind::Failure, "Pinned", 0, 9).check(&TO_SPACE), []);
    }

    #[test]
    fn what_failed_is_told_in_the_collectors_own_terms() {
        for (name, told) in [
            ("Out Of Memory", "rule.to-space-exhausted.zgc"),
            ("concurrent mode failure", "rule.to-space-exhausted.cms"),
            ("promotion failed", "rule.to-space-exhausted"),
        ] {
            let mut incident = events(GcKind::Failure, "any", 0, 2);
            for event in &mut incident.readings.gc_events {
                event.name = name.into();
            }
            assert_eq!(incident.finding(&TO_SPACE).1, told);
        }
    }

    #[test]
    fn stalls_are_told_by_the_time_they_cost() {
        let (finding, key) = events(GcKind::AllocationStall, "main", 20_000, 9).finding(&STALL);
        assert_eq!(
            (key.as_str(), finding.explains),
            ("rule.allocation-stall", Some(Quantity::Duration(Micros(180_000))))
        );
        assert_eq!(finding.evidence.len(), 3);
        assert_eq!(events(GcKind::AllocationStall, "main", 20_000, 4).check(&STALL), []);
    }

    #[test]
    fn degenerated_collections_count_from_the_third() {
        assert_eq!(
            events(GcKind::Degenerated, "Evacuation", 9000, 3).finding(&DEGENERATED).1,
            "rule.degenerated-collection"
        );
        assert_eq!(events(GcKind::Degenerated, "Evacuation", 9000, 2).check(&DEGENERATED), []);
    }

    #[test]
    fn humongous_objects_are_told_with_the_size_that_makes_them_so() {
        let mut incident = events(GcKind::Young, "G1 Humongous Allocation", 9000, 3);
        assert_eq!(incident.finding(&HUMONGOUS).1, "rule.humongous-allocations");
        for log in &mut incident.readings.gc_logs {
            log.region_size = Some(mib(1));
        }
        assert_eq!(incident.finding(&HUMONGOUS).1, "rule.humongous-allocations.region");
        assert_eq!(events(GcKind::Young, "G1 Evacuation Pause", 9000, 9).check(&HUMONGOUS), []);
    }
}
