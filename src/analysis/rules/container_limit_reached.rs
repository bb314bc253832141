//! A control group reached its memory limit, and whose limit it was: the container's own, or that of a group above it.

use super::incident::kill_line;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::OomScope;

pub static RULE: Rule = Rule { id: "container-limit-reached", check };

/// Groups told about at most; a node log can name hundreds.
const MAX_GROUPS: usize = 5;
/// Characters of a container id that people and tools show.
const SHORT_ID: usize = 12;

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

fn is_below(task: &str, group: &str) -> bool {
    task.strip_prefix(group.trim_end_matches('/')).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

fn with_group(claim: Statement, kind: &str, name: &str, path: &str, at: Option<crate::source::Span>) -> Statement {
    let group = Group::of(path);
    claim.with(kind, Quantity::Term(group.kind.to_owned()), at).with(name, Quantity::Word(group.name), at)
}

/// What a control group's path means.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    /// Catalogue key.
    kind: &'static str,
    /// Short id of a container, else the last part of the path.
    name: String,
}

impl Group {
    fn of(path: &str) -> Group {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let last = parts.last().copied().unwrap_or("/");
        let parent = parts.len().checked_sub(2).and_then(|at| parts.get(at)).copied().unwrap_or_default();
        let scopes = [
            ("docker-", "group.docker"),
            ("cri-containerd-", "group.containerd"),
            ("crio-", "group.crio"),
            ("libpod-", "group.podman"),
        ];
        for (prefix, kind) in scopes {
            if let Some(id) = last.strip_prefix(prefix).and_then(|rest| short_id(rest.trim_end_matches(".scope"))) {
                return Group { kind, name: id };
            }
        }
        if let Some(uid) = pod_uid(last) {
            return Group { kind: "group.pod", name: uid };
        }
        if let Some(id) = short_id(last) {
            let kind = match parent {
                "docker" => "group.docker",
                _ if pod_uid(parent).is_some() => "group.kubernetes",
                _ => "group.container",
            };
            return Group { kind, name: id };
        }
        let kind = match parent {
            "docker" => "group.docker",
            "lxc" | "lxc.payload" => "group.lxc",
            _ if last.ends_with(".service") => "group.service",
            _ if last.ends_with(".slice") => "group.slice",
            _ => "group.cgroup",
        };
        Group { kind, name: if kind == "group.cgroup" { path.to_owned() } else { last.to_owned() } }
    }
}

/// The first digits of a container id of 64 hexadecimal digits.
fn short_id(id: &str) -> Option<String> {
    let whole = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then(|| id.chars().take(SHORT_ID).collect())
}

/// The uid of a pod: `pod<uid>` or `kubepods-burstable-pod<uid with _>.slice`.
fn pod_uid(part: &str) -> Option<String> {
    let part = part.trim_end_matches(".slice");
    let uid = match part.rsplit_once("-pod") {
        Some((before, uid)) if before.starts_with("kubepods") => uid,
        _ => part.strip_prefix("pod")?,
    };
    let is_uid = uid.len() >= 32 && uid.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'_'));
    is_uid.then(|| uid.replace('_', "-"))
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
            "The Docker container 0123456789ab reached its memory limit of 256.0 MiB, and the kernel ended java (pid 77) in it."
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

    #[test]
    fn paths_of_every_runtime_are_decoded() {
        let kind = |path: &str| Group::of(path).kind;
        assert_eq!(kind(&format!("/system.slice/docker-{ID}.scope")), "group.docker");
        assert_eq!(
            kind(&format!("/kubepods/burstable/pod0123456789-0123-0123-0123-0123456789ab/{ID}")),
            "group.kubernetes"
        );
        assert_eq!(kind("/kubepods/burstable/pod0123456789-0123-0123-0123-0123456789ab"), "group.pod");
        assert_eq!(kind(&format!("/machine.slice/libpod-{ID}.scope")), "group.podman");
        assert_eq!(kind("/lxc/web"), "group.lxc");
        assert_eq!(kind("/system.slice/tomcat.service"), "group.service");
        assert_eq!(kind("/user.slice"), "group.slice");
        assert_eq!(Group::of("/incident-1"), Group { kind: "group.cgroup", name: "/incident-1".into() });
        assert_eq!(Group::of("").name, "");
    }

    #[test]
    fn a_sibling_whose_name_only_begins_alike_is_not_below() {
        assert!(is_below("/a/b/c", "/a/b"));
        assert!(is_below("/a", "/"));
        assert!(!is_below("/a/bc", "/a/b"));
        assert!(!is_below("/a/b", "/a/b"));
    }
}
