//! Which limit on threads and processes a JVM ran into, by the limits and counts that are printed.

use crate::analysis::incident::{Incident, host_line};
use crate::model::host::HostReading;
use crate::model::kind::HostKind;
use crate::source::Span;

/// Hundredths of a limit from which another thread did not fit: threads end before they are counted.
const NEARLY_ALL: u64 = 98;
/// The same where only the threads of the JVM are counted, beside which others run.
const OF_OTHERS: u64 = 90;
/// A larger limit that nobody counted against is hardly the reason: stacks and mappings end before.
const PLAUSIBLE: u64 = 1 << 16;

/// A limit.
pub(super) struct TaskLimit<'a> {
    pub(super) host: &'a HostReading,
    /// The name of its count.
    name: &'static str,
    /// How many threads it allows.
    pub(super) most: u64,
    /// How many there were, where that is known to be nearly all.
    pub(super) used: Option<(u64, Span)>,
}

impl TaskLimit<'_> {
    /// What sets it, as a key of the catalogues.
    pub(super) fn key(&self) -> &'static str {
        match self.name {
            "pids_limit" if self.host.kind == HostKind::Systemd => "task-limit.unit",
            "user_processes_max" => "task-limit.user",
            "threads_max" => "task-limit.threads",
            "pid_max" => "task-limit.pid",
            "max_map_count" => "task-limit.maps",
            _ => "task-limit.pids",
        }
    }

    /// Where it stands.
    pub(super) fn at(&self) -> Span {
        self.host.at.get(self.name).unwrap_or_else(|| host_line(self.host))
    }
}

/// Counts that limit tasks, what counts against them in the same reading, and how many of them a thread takes.
const LIMITS: [(&str, Option<&str>, u64); 6] = [
    ("pids_limit", Some("pids"), 1),
    ("tasks_max", Some("tasks"), 1),
    ("user_processes_max", None, 1),
    ("threads_max", None, 1),
    ("pid_max", None, 1),
    // The stack, and the page that guards it.
    ("max_map_count", None, 2),
];

/// The limit that was reached; else the smallest of those against which nothing was counted.
pub(super) fn reached<'a>(incident: &Incident<'a>, run: Option<&str>) -> Option<TaskLimit<'a>> {
    let threads = run.and_then(|run| threads(incident, run));
    let limits = LIMITS.iter().filter_map(|limit| judge(incident, limit, threads));
    limits.min_by_key(|limit| (limit.used.is_none(), limit.most))
}

/// One of the limits, by the last reading that has it; `None` if it is not printed or was not the reason.
fn judge<'a>(
    incident: &Incident<'a>,
    (name, counted, each): &(&'static str, Option<&str>, u64),
    threads: Option<(u64, Span)>,
) -> Option<TaskLimit<'a>> {
    let mut readings = incident.readings.host.iter().rev().filter(|host| host.counts.contains_key(*name));
    let host = readings.next()?;
    // Of several groups nobody knows which is the JVM's.
    if readings.any(|other| other.words.get("path") != host.words.get("path") || other.name != host.name) {
        return None;
    }
    let most = host.counts.get(*name)? / each;
    let is_part = |used: u64, of: u64| used.saturating_mul(100) >= most.saturating_mul(of);
    let counted = counted.and_then(|name| {
        let count = *host.counts.get(name)?;
        Some((count, host.at.get(name).unwrap_or_else(|| host_line(host))))
    });
    let used = match counted {
        Some((count, _)) if !is_part(count, NEARLY_ALL) => return None,
        Some(counted) => Some(counted),
        None => threads.filter(|(threads, _)| is_part(*threads, OF_OTHERS)),
    };
    (used.is_some() || most <= PLAUSIBLE).then_some(TaskLimit { host, name, most, used })
}

/// The most threads of a JVM that were counted, by the system, NMT, or a dump.
fn threads(incident: &Incident<'_>, run: &str) -> Option<(u64, Span)> {
    let hosts = incident.host(run).filter_map(|host| {
        let count = *host.counts.get("threads")?;
        Some((count, host.at.get("threads").unwrap_or_else(|| host_line(host))))
    });
    hosts.max_by_key(|(count, _)| *count)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    fn told(limits: &[(&str, u64)], threads: Option<u64>) -> Option<(&'static str, u64, Option<u64>)> {
        let mut incident = Fixture::of_one_run();
        let reading = |kind, run: Option<&str>, counts: &[(&str, u64)]| HostReading {
            kind,
            run: run.map(str::to_owned),
            counts: counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
            ..HostReading::default()
        };
        incident.readings.host.push(reading(HostKind::Cgroup, None, limits));
        incident.readings.host.extend(threads.map(|count| reading(HostKind::Ps, Some("run-1"), &[("threads", count)])));
        let incident = Incident::new(&incident.readings, &incident.runs);
        let limit = reached(&incident, Some("run-1"))?;
        Some((limit.key(), limit.most, limit.used.map(|(used, _)| used)))
    }

    #[test]
    fn a_limit_that_is_used_up_goes_before_smaller_ones_of_which_that_is_not_known() {
        let both = [("pids_limit", 9216), ("pids", 9215), ("user_processes_max", 4096)];
        assert_eq!(told(&both, None), Some(("task-limit.pids", 9216, Some(9215))));
        let roomy = [("pids_limit", 9216), ("pids", 1200), ("user_processes_max", 4096)];
        assert_eq!(told(&roomy, None), Some(("task-limit.user", 4096, None)));
        assert_eq!(told(&roomy, Some(3900)), Some(("task-limit.user", 4096, Some(3900))));
        assert_eq!(told(&[("max_map_count", 65_530)], Some(32_000)), Some(("task-limit.maps", 32_765, Some(32_000))));
    }

    #[test]
    fn a_limit_that_nobody_reaches_is_not_named() {
        assert_eq!(told(&[("threads_max", 192_686), ("pid_max", 4_194_304)], Some(300)), None);
        assert_eq!(told(&[], Some(9000)), None);
    }
}
