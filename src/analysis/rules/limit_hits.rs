//! The kernel's own count of how often a container hit its limit, and of processes that it killed there.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::model::kind::HostKind;

pub static RULE: Rule = Rule { id: RuleId::LimitHits, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let killed = |host: &&HostReading| {
        host.kind == HostKind::Cgroup && host.counts.get("oom_kill").is_some_and(|count| *count > 0)
    };
    let Some(host) = incident.readings.host.iter().rev().find(killed) else { return Vec::new() };
    let Some(count) = host.counts.get("oom_kill").copied() else { return Vec::new() };
    let at = host.at.get("oom_kill").unwrap_or_else(|| host_line(host));
    let mut claim = Statement::new("rule.limit-hits").with("count", Quantity::Count(count), Some(at));
    let mut proof = Proof::first(at);
    if let Some(limit) = host.sizes.get("limit") {
        let limit_at = host.at.get("limit");
        claim.key = "rule.limit-hits.limit".to_owned();
        claim = claim.with("limit", Quantity::Size(*limit), limit_at);
        proof = proof.and(limit_at);
    }
    // Where the kill itself is in the text, this only counts it.
    let severity = if incident.readings.oom_kills.is_empty() { Severity::Warning } else { Severity::Notice };
    vec![Finding::new(RULE.id, severity, claim, proof).about(host.run.as_deref())]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    fn counted(kills: u64) -> Fixture {
        let mut incident = Fixture::of_one_run();
        incident.readings.host.push(HostReading {
            kind: HostKind::Cgroup,
            counts: [("oom_kill".to_owned(), kills), ("limit_hits".to_owned(), 9)].into(),
            sizes: [("limit".to_owned(), mib(256))].into(),
            ..HostReading::default()
        });
        incident
    }

    #[test]
    fn kills_that_the_kernel_counted_are_told() {
        let (finding, key) = counted(2).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.limit-hits.limit", Severity::Warning));
    }

    #[test]
    fn a_limit_that_was_hit_without_a_kill_is_everyday_life() {
        assert_eq!(counted(0).check(&RULE), []);
    }
}
