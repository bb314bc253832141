//! A container that is all but at its limit with memory that cannot be given back. Nobody has been killed yet.

use std::collections::BTreeSet;

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::containers;
use crate::model::host::HostReading;
use crate::model::kind::{HostKind, Subject};
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::LimitNearlyReached, check };

/// Part of the limit, in hundredths, above which the next peak ends a process.
const NEARLY: u64 = 95;
/// Containers that are told.
const TOLD: usize = 3;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    if !incident.readings.oom_kills.is_empty() {
        return Vec::new();
    }
    let of_container = |host: &&HostReading| {
        host.pid.is_none() && (host.kind.subject() == Subject::Container || host.kind == HostKind::HsErr)
    };
    let mut seen = BTreeSet::new();
    let mut findings: Vec<Finding> = Vec::new();
    // The last reading of each counts.
    for host in incident.readings.host.iter().rev().filter(of_container) {
        let name = host.name.as_deref().or(host.words.get("path").map(String::as_str));
        if !host.sizes.contains_key("usage") || !seen.insert(name) {
            continue;
        }
        let was_killed = incident.readings.events.iter().any(|event| {
            event.kind.is_oomkilled() && event.name.as_deref().zip(name).is_none_or(|(a, b)| containers::is_same(a, b))
        });
        findings.extend(by_reading(host, name).filter(|_| !was_killed));
    }
    findings.truncate(TOLD);
    findings
}

/// Memory that the kernel cannot take back.
fn held(host: &HostReading) -> Option<Bytes> {
    let size = |name: &str| host.sizes.get(name).copied();
    let usage = size("usage")?;
    if let Some(files) = size("inactive_file") {
        return usage.0.checked_sub(files.0).map(Bytes);
    }
    match host.kind {
        // What they call usage is without the files that are not in use.
        HostKind::Crictl | HostKind::DockerStats => Some(usage),
        _ => Some(size("anon")?.plus(size("shmem").unwrap_or_default())),
    }
}

fn by_reading(host: &HostReading, name: Option<&str>) -> Option<Finding> {
    let size = |name: &str| host.sizes.get(name).copied();
    let (usage, limit) = size("usage").zip(size("limit"))?;
    let is_nearly = |part: Bytes| {
        u128::from(part.0) * 100 >= u128::from(limit.0) * u128::from(NEARLY) && part <= limit && limit.0 > 0
    };
    let waits = host.counts.get("oom_kill_disable").is_some_and(|count| *count > 0);
    let part = if waits { usage } else { held(host).unwrap_or_default() };
    if !is_nearly(part) {
        return at_peak(host, limit);
    }
    let key = match name {
        _ if waits => "rule.limit-nearly-reached.waits",
        Some(_) => "rule.limit-nearly-reached",
        None => "rule.limit-nearly-reached.unnamed",
    };
    let at = |name: &str| host.at.get(name).unwrap_or_else(|| host_line(host));
    let mut claim = Statement::new(key)
        .with("usage", Quantity::Size(usage), Some(at("usage")))
        .with("limit", Quantity::Size(limit), Some(at("limit")))
        .with("share", Quantity::share_of(part, limit), None);
    if let Some(name) = name.filter(|_| !waits) {
        claim = claim.with("name", Quantity::Word(name.to_owned()), Some(host_line(host)));
    }
    let next = if waits { "rule.limit-nearly-reached.waits.next" } else { "rule.limit-nearly-reached.next" };
    let proof = Proof::first(at("usage")).and(Some(at("limit"))).and(host.at.get("oom_kill_disable").filter(|_| waits));
    let finding = Finding::new(RULE.id, Severity::Warning, claim, proof).about(host.run.as_deref());
    Some(finding.then(Statement::new(next)))
}

/// A peak at the limit: files that the kernel gives back are part of it, so that it may be everyday life.
fn at_peak(host: &HostReading, limit: Bytes) -> Option<Finding> {
    let peak = *host.sizes.get("usage_peak").filter(|peak| **peak >= limit && limit.0 > 0)?;
    let at = |name: &str| host.at.get(name).unwrap_or_else(|| host_line(host));
    let claim = Statement::new("rule.limit-nearly-reached.peak")
        .with("peak", Quantity::Size(peak), Some(at("usage_peak")))
        .with("limit", Quantity::Size(limit), Some(at("limit")));
    let proof = Proof::first(at("usage_peak")).and(Some(at("limit")));
    let finding = Finding::new(RULE.id, Severity::Warning, claim, proof).about(host.run.as_deref());
    Some(finding.then(Statement::new("rule.limit-nearly-reached.peak.next")))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    fn read(kind: HostKind, sizes: &[(&str, u64)], waits: u64) -> Fixture {
        let mut incident = Fixture::of_one_run();
        let sizes = sizes.iter().map(|(name, size)| ((*name).to_owned(), mib(*size))).collect();
        let counts = [("oom_kill_disable".to_owned(), waits)].into();
        incident.readings.host.push(HostReading { kind, sizes, counts, ..HostReading::default() });
        incident
    }

    #[test]
    fn a_container_at_its_limit_is_told_before_the_kill() {
        let docker = |usage| read(HostKind::DockerStats, &[("limit", 1000), ("usage", usage)], 0);
        assert_eq!(docker(950).finding(&RULE).1, "rule.limit-nearly-reached.unnamed");
        assert_eq!(docker(949).check(&RULE), []);
    }

    #[test]
    fn what_the_kernel_would_give_back_does_not_count() {
        let files = |sizes: &[(&str, u64)]| read(HostKind::Cgroup, sizes, 0);
        assert_eq!(files(&[("limit", 1000), ("usage", 1000)]).check(&RULE), [], "cache is not known");
        assert_eq!(files(&[("limit", 1000), ("usage", 1000), ("inactive_file", 51)]).check(&RULE), []);
        assert_eq!(files(&[("limit", 1000), ("usage", 1000), ("inactive_file", 50)]).check(&RULE).len(), 1);
        assert_eq!(files(&[("limit", 1000), ("usage", 990), ("anon", 950)]).check(&RULE).len(), 1);
    }

    #[test]
    fn a_peak_at_the_limit_is_told() {
        let files = |peak| read(HostKind::Cgroup, &[("limit", 500), ("usage", 480), ("usage_peak", peak)], 0);
        assert_eq!(files(500).finding(&RULE).1, "rule.limit-nearly-reached.peak");
        assert_eq!(files(499).check(&RULE), []);
    }

    #[test]
    fn where_the_kernel_may_not_kill_processes_wait() {
        let (finding, key) = read(HostKind::Cgroup, &[("limit", 60), ("usage", 60)], 1).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.limit-nearly-reached.waits", Severity::Warning));
    }
}
