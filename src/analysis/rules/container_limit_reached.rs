//! A control group reached its memory limit, and whose limit it was: the container's own, or that of a group above it.

use super::{Incident, Rule};
use crate::analysis::control_group::{Group, is_below};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::kill_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::OomScope;

pub static RULE: Rule = Rule { id: RuleId::ContainerLimitReached, check };

/// Groups told about at most; a node log can name hundreds.
const MAX_GROUPS: usize = 5;
fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for (kill, victim) in incident.kills().rev().filter(|(kill, _)| kill.scope == OomScope::Cgroup) {
        let path = kill.cgroup.as_ref().map_or("", |cgroup| cgroup.path.as_str());
        if told.contains(&path) || told.len() >= MAX_GROUPS {
            continue;
        }
        told.push(path);
        let cgroup = kill.cgroup.as_ref().filter(|cgroup| !cgroup.path.is_empty());
        let limit = cgroup.and_then(|cgroup| cgroup.limit.map(|limit| (limit, cgroup.at.get("limit"))));
        // The victim's group may stand below the one whose limit was hit.
        let above = cgroup.and_then(|cgroup| cgroup.task_path.as_deref()).filter(|task| is_below(task, path));
        let key = match (cgroup, above, limit) {
            (None, ..) => "rule.container-limit-reached.unnamed",
            (_, None, Some(_)) => "rule.container-limit-reached",
            (_, None, None) => "rule.container-limit-reached.no-limit",
            (_, Some(_), Some(_)) => "rule.container-limit-reached.above",
            (_, Some(_), None) => "rule.container-limit-reached.above.no-limit",
        };
        let mut claim = Statement::new(key)
            .with("name", Quantity::Word(victim.name.clone()), victim.at.get("name"))
            .with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"));
        let mut proof = Proof::first(kill_line(kill));
        if let Some(cgroup) = cgroup {
            let at = cgroup.at.get("path");
            claim = with_group(claim, "kind", "group", path, at);
            proof = proof.and(at).and(cgroup.at.get("usage")).and(cgroup.at.get("limit"));
            if let Some(task) = above {
                let at = cgroup.at.get("task_path").or(at);
                claim = with_group(claim, "task_kind", "task", task, at);
                proof = proof.and(at);
            }
        }
        if let Some((limit, at)) = limit {
            claim = claim.with("limit", Quantity::Size(limit), at);
        }
        let explains = limit.map(|(limit, _)| limit).or(victim.resident()).map(Quantity::Size);
        findings.push(
            Finding::new(RULE.id, Severity::Critical, claim, proof).about(victim.run.as_deref()).explaining(explains),
        );
    }
    findings
}

fn with_group(claim: Statement, kind: &str, name: &str, path: &str, at: Option<crate::source::Span>) -> Statement {
    let group = Group::of(path);
    claim.with(kind, Quantity::Term(group.kind.key().to_owned()), at).with(name, Quantity::Word(group.name), at)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib};
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn a_container_that_reached_its_own_limit_is_named() {
        let path = format!("/docker/{ID}");
        let incident = Fixture::of_one_run().kill(OomScope::Cgroup, |kill| {
            kill.cgroup = cgroup(&path, Some(&path), Some(mib(256)));
        });
        let (finding, key) = incident.finding(&RULE);
        assert_eq!(key, "rule.container-limit-reached");
        assert_eq!(
            finding.statement.say(crate::i18n::Language::En),
            "The Docker container 0123456789ab reached its memory limit of 256.0 MiB, and the kernel killed java (pid 77) in it."
        );
    }

    #[test]
    fn the_limit_of_a_pod_above_the_container_is_told_apart() {
        let pod = "/kubepods.slice/kubepods-pod1b2c3d4e_0000_1111_2222_333344445555.slice";
        let task = format!("{pod}/cri-containerd-{ID}.scope");
        let incident = Fixture::of_one_run().kill(OomScope::Cgroup, |kill| {
            kill.cgroup = cgroup(pod, Some(&task), Some(mib(256)));
        });
        assert_eq!(incident.finding(&RULE).1, "rule.container-limit-reached.above");
    }

    #[test]
    fn a_kill_for_the_whole_machine_reached_no_limit() {
        let incident =
            Fixture::of_one_run().kill(OomScope::Global, |kill| kill.cgroup = cgroup("/docker/x", None, None));
        assert_eq!(incident.check(&RULE), []);
    }
}
