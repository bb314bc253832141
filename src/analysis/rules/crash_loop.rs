//! A container, or a unit, that is started again and again: it ends the same way each time.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{is_loop, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::Event;

pub static RULE: Rule = Rule { id: RuleId::CrashLoop, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for event in incident.readings.events.iter().rev() {
        let told =
            |known: &Finding| known.statement.values.get("name").map(|name| &name.quantity) == name(event).as_ref();
        if is_loop(event) && !findings.iter().any(told) {
            findings.push(finding(event));
        }
    }
    findings
}

fn name(event: &Event) -> Option<Quantity> {
    event.name.clone().map(Quantity::Word)
}

fn finding(event: &Event) -> Finding {
    let at = line(event.source, event.first_line);
    let values = [
        ("name", name(event)),
        ("count", event.restarts.map(Quantity::Count)),
        ("lasted", event.lasted.map(Quantity::Duration)),
    ];
    let key = match values {
        [(_, Some(_)), (_, Some(_)), (_, Some(_))] => "rule.crash-loop.lasted",
        [(_, Some(_)), (_, Some(_)), _] => "rule.crash-loop",
        [(_, Some(_)), (_, None), _] => "rule.crash-loop.uncounted",
        [(_, None), ..] => "rule.crash-loop.unnamed",
    };
    let mut claim = Statement::new(key);
    for (name, quantity) in values {
        if let Some(quantity) = quantity {
            claim = claim.with(name, quantity, Some(event.at.get(name).unwrap_or(at)));
        }
    }
    let proof = Proof::first(at).and(event.at.get("restarts"));
    Finding::new(RULE.id, Severity::Warning, claim, proof).about(event.run.as_deref())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::model::kind::EventKind;
    use crate::units::Micros;

    fn restarted(kind: EventKind, restarts: Option<u64>, lasted: Option<i64>) -> Fixture {
        let mut incident = Fixture::default();
        let (name, lasted) = (Some("orders".to_owned()), lasted.map(Micros));
        incident.readings.events.push(Event { kind, name, restarts, lasted, ..Event::default() });
        incident
    }

    #[test]
    fn what_is_started_again_and_again_is_told() {
        let killed = |restarts| restarted(EventKind::KubernetesOomkilled, Some(restarts), Some(15_000_000));
        assert_eq!(killed(3).finding(&RULE).1, "rule.crash-loop.lasted");
        assert_eq!(killed(2).check(&RULE), []);
        assert_eq!(restarted(EventKind::KubernetesOomkilled, Some(9), Some(3_600_000_000)).check(&RULE), []);
        assert_eq!(restarted(EventKind::KubernetesOomkilled, Some(4), None).check(&RULE), []);
        assert_eq!(restarted(EventKind::CrashLoop, Some(2), None).finding(&RULE).1, "rule.crash-loop");
        assert_eq!(restarted(EventKind::CrashLoop, None, None).finding(&RULE).1, "rule.crash-loop.uncounted");
    }
}
