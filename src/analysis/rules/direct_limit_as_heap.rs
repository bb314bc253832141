//! A limit of direct memory as large as the heap: that is the default, so that it limits nothing.

use super::{Incident, Rule};
use crate::analysis::accounting::Known;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::quantity;
use crate::model::oom::OomScope;
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
    let small = |known: &Known| known.bytes < sum;
    let container = incident.limit(&run.id).filter(small);
    let whole =
        container.or_else(|| incident.ram(Some(&run.id)).filter(small)).or_else(|| held(incident, run).filter(small));
    let key = match (container, whole) {
        (Some(_), _) => "rule.direct-limit-as-heap.limit",
        (None, Some(_)) => "rule.direct-limit-as-heap.machine",
        (None, None) => "rule.direct-limit-as-heap",
    };
    let mut claim = Statement::new(key)
        .with("direct", Quantity::Size(limit), Some(at))
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("sum", Quantity::Size(sum), None);
    let mut proof = Proof::first(at).and(heap.at);
    if let Some(whole) = whole {
        claim = claim.with("limit", Quantity::Size(whole.bytes), whole.at);
        proof = proof.and(whole.at);
    }
    let severity = if whole.is_some() { Severity::Warning } else { Severity::Notice };
    let finding = Finding::new(RULE.id, severity, claim, proof).about(Some(&run.id));
    let finding = finding.explaining(Some(Quantity::Size(limit)));
    Some(if whole.is_some() { finding.then(Statement::new("rule.direct-limit-as-heap.next")) } else { finding })
}

/// What the process held when the machine had no more.
fn held(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    let mut kills = incident.kills_of(&run.id).rev().filter(|(kill, _)| kill.scope == OomScope::Global);
    let (_, victim) = kills.next()?;
    Some(Known { bytes: victim.resident()?, at: victim.resident_at() })
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
        // With 300 MiB resident the machine had no more.
        let killed = started("-XX:MaxDirectMemorySize=512m").kill(OomScope::Global, |_| {});
        assert_eq!(killed.finding(&RULE).1, "rule.direct-limit-as-heap.machine");
        assert_eq!(started("-XX:MaxDirectMemorySize=511m").check(&RULE), []);
        assert_eq!(started("-XX:MaxDirectMemorySize=0").check(&RULE), []);
    }
}
