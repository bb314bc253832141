//! A limit of direct memory as large as the heap: that is the default, so that it limits nothing.

use super::incident::host_line;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::quantity;
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::DirectLimitAsHeap, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let host = incident.host(&run.id).rev().find(|host| host.flags.iter().any(|flag| direct(flag).is_some()))?;
    let limit = host.flags.iter().rev().find_map(|flag| direct(flag))?;
    let heap = incident.max_heap(&run.id).filter(|heap| limit >= heap.bytes)?;
    let at = host.at.get("flags").unwrap_or_else(|| host_line(host));
    let sum = limit.plus(heap.bytes);
    let container = incident.limit(&run.id).filter(|container| container.bytes < sum);
    let key = if container.is_some() { "rule.direct-limit-as-heap.limit" } else { "rule.direct-limit-as-heap" };
    let mut claim = Statement::new(key)
        .with("direct", Quantity::Size(limit), Some(at))
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("sum", Quantity::Size(sum), None);
    let mut proof = Proof::first(at).and(heap.at);
    if let Some(container) = container {
        claim = claim.with("limit", Quantity::Size(container.bytes), container.at);
        proof = proof.and(container.at);
    }
    let severity = if container.is_some() { Severity::Warning } else { Severity::Notice };
    Some(Finding::new(RULE.id, severity, claim, proof).about(Some(&run.id)).explaining(Some(Quantity::Size(limit))))
}

/// The size of `-XX:MaxDirectMemorySize`; 0 is the default, which is the heap's maximum.
fn direct(flag: &str) -> Option<Bytes> {
    quantity::option(flag.strip_prefix("-XX:MaxDirectMemorySize=")?).filter(|size| size.0 > 0)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib};
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::kind::HostKind;
    use crate::model::oom::OomScope;

    fn started(flag: &str) -> Fixture {
        let mut incident = Fixture::of_one_run().run(|run| run.max_heap = Some(mib(512)));
        let flags = vec![flag.to_owned()];
        incident.readings.host.push(HostReading {
            kind: HostKind::CommandLine,
            run: Some("run-1".into()),
            flags,
            ..HostReading::default()
        });
        incident
    }

    #[test]
    fn a_limit_as_large_as_the_heap_limits_nothing() {
        assert_eq!(started("-XX:MaxDirectMemorySize=512m").finding(&RULE).1, "rule.direct-limit-as-heap");
        let limited = started("-XX:MaxDirectMemorySize=512m")
            .kill(OomScope::Cgroup, |kill| kill.cgroup = cgroup("/docker/1", None, Some(mib(900))));
        assert_eq!(limited.finding(&RULE).1, "rule.direct-limit-as-heap.limit");
        assert_eq!(started("-XX:MaxDirectMemorySize=511m").check(&RULE), []);
        assert_eq!(started("-XX:MaxDirectMemorySize=0").check(&RULE), []);
    }
}
