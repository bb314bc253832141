//! What the path of a control group says: whose it is, and what people call it.

/// Characters of a container id that people and tools show.
const SHORT_ID: usize = 12;

/// Whose a control group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// None that its path tells.
    Cgroup,
    /// A container of an unknown runtime.
    Container,
    /// containerd's.
    Containerd,
    /// CRI-O's.
    Crio,
    /// Docker's.
    Docker,
    /// A container of a pod.
    Kubernetes,
    /// LXC's.
    Lxc,
    /// A pod: all of its containers.
    Pod,
    /// Podman's.
    Podman,
    /// A service of systemd.
    Service,
    /// A slice of systemd.
    Slice,
}

impl GroupKind {
    /// What it is called, as a key of the catalogues.
    pub const fn key(self) -> &'static str {
        match self {
            GroupKind::Cgroup => "group.cgroup",
            GroupKind::Container => "group.container",
            GroupKind::Containerd => "group.containerd",
            GroupKind::Crio => "group.crio",
            GroupKind::Docker => "group.docker",
            GroupKind::Kubernetes => "group.kubernetes",
            GroupKind::Lxc => "group.lxc",
            GroupKind::Pod => "group.pod",
            GroupKind::Podman => "group.podman",
            GroupKind::Service => "group.service",
            GroupKind::Slice => "group.slice",
        }
    }
}

/// What a control group's path means.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// Whose it is.
    pub kind: GroupKind,
    /// Short id of a container, else the last part of the path.
    pub name: String,
}

impl Group {
    /// What the path says.
    pub fn of(path: &str) -> Group {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let last = parts.last().copied().unwrap_or("/");
        let parent = parts.len().checked_sub(2).and_then(|at| parts.get(at)).copied().unwrap_or_default();
        let scopes = [
            ("docker-", GroupKind::Docker),
            ("cri-containerd-", GroupKind::Containerd),
            ("crio-", GroupKind::Crio),
            ("libpod-", GroupKind::Podman),
        ];
        for (prefix, kind) in scopes {
            if let Some(id) = last.strip_prefix(prefix).and_then(|rest| short_id(rest.trim_end_matches(".scope"))) {
                return Group { kind, name: id };
            }
        }
        if let Some(uid) = pod_uid(last) {
            return Group { kind: GroupKind::Pod, name: uid };
        }
        if let Some(id) = short_id(last) {
            let kind = match parent {
                "docker" => GroupKind::Docker,
                _ if pod_uid(parent).is_some() => GroupKind::Kubernetes,
                _ => GroupKind::Container,
            };
            return Group { kind, name: id };
        }
        let kind = match parent {
            "docker" => GroupKind::Docker,
            "lxc" | "lxc.payload" => GroupKind::Lxc,
            _ if last.ends_with(".service") => GroupKind::Service,
            _ if last.ends_with(".slice") => GroupKind::Slice,
            _ => GroupKind::Cgroup,
        };
        Group { kind, name: if kind == GroupKind::Cgroup { path.to_owned() } else { last.to_owned() } }
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

/// True for a group that stands below another.
pub fn is_below(task: &str, group: &str) -> bool {
    task.strip_prefix(group.trim_end_matches('/')).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn paths_of_every_runtime_are_decoded() {
        let kind = |path: &str| Group::of(path).kind;
        assert_eq!(kind(&format!("/system.slice/docker-{ID}.scope")), GroupKind::Docker);
        assert_eq!(
            kind(&format!("/kubepods/burstable/pod0123456789-0123-0123-0123-0123456789ab/{ID}")),
            GroupKind::Kubernetes
        );
        assert_eq!(kind("/kubepods/burstable/pod0123456789-0123-0123-0123-0123456789ab"), GroupKind::Pod);
        assert_eq!(kind(&format!("/machine.slice/libpod-{ID}.scope")), GroupKind::Podman);
        assert_eq!(kind("/lxc/web"), GroupKind::Lxc);
        assert_eq!(kind("/system.slice/tomcat.service"), GroupKind::Service);
        assert_eq!(kind("/user.slice"), GroupKind::Slice);
        assert_eq!(Group::of("/incident-1"), Group { kind: GroupKind::Cgroup, name: "/incident-1".into() });
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
