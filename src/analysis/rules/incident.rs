//! The incident as the rules see it: readings and runs, and the ways to ask for what belongs together.

use super::trigger_thread;
use crate::analysis::accounting::{self, Known};
use crate::formats::containers;
use crate::model::gc::GcEvent;
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::jstat::JstatTable;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{Event, OomKill, Victim};
use crate::model::readings::Readings;
use crate::model::run::Run;
use crate::source::Span;

/// Readings about a machine.
pub const MACHINE: &[&str] = &["free", "meminfo", "top-summary", "vmstat"];
/// What tells the limit of a container.
const LIMITED: &[&str] =
    &["cgroup", "docker", "docker-stats", "ecs", "ecs-task", "kubernetes", "lambda", "nomad", "systemd"];

/// What was read and how it was joined.
#[derive(Clone, Copy)]
pub struct Incident<'a> {
    /// What was read.
    pub readings: &'a Readings,
    /// Processes.
    pub runs: &'a [Run],
}

impl<'a> Incident<'a> {
    /// Borrows both.
    pub fn new(readings: &'a Readings, runs: &'a [Run]) -> Incident<'a> {
        Incident { readings, runs }
    }

    /// The run of that id.
    pub fn run(&self, id: &str) -> Option<&'a Run> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// Every kill with the victim that was chosen first, in the order of the readings.
    pub fn kills(&self) -> impl DoubleEndedIterator<Item = (&'a OomKill, &'a Victim)> {
        self.readings.oom_kills.iter().filter_map(|kill| kill.victims.first().map(|victim| (kill, victim)))
    }

    /// The last of some kills of a JVM, else the last of any: the one that is told about.
    pub fn decisive(&self, of: impl Fn(&OomKill) -> bool) -> Option<(&'a OomKill, &'a Victim)> {
        let kills = || self.kills().rev().filter(|(kill, _)| of(kill));
        kills().find(|(_, victim)| victim.name == "java").or_else(|| kills().next())
    }

    /// False if all that is known of a run is that the kernel killed a process with a name that is no JVM's.
    pub fn may_be_jvm(&self, run: &Run) -> bool {
        let victims = self.readings.oom_kills.iter().flat_map(|kill| &kill.victims);
        let mut own = victims.filter(|victim| victim.run.as_deref() == Some(run.id.as_str()));
        !run.killed
            || !run.joined.is_empty()
            || !run.flags.is_empty()
            || own.any(|victim| victim.name.is_empty() || trigger_thread::names_a_jvm(&victim.name))
    }

    /// NMT snapshots of a run, in reading order.
    pub fn nmt(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a NmtSnapshot> {
        self.readings.nmt.iter().filter(move |snapshot| snapshot.run == run)
    }

    /// `jstat` tables of a run, in reading order.
    pub fn jstat(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a JstatTable> {
        self.readings.jstat.iter().filter(move |table| table.run == run)
    }

    /// Events of the GC logs of a run, in reading order.
    pub fn gc_events(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a GcEvent> {
        let logs = &self.readings.gc_logs;
        self.readings
            .gc_events
            .iter()
            .filter(move |event| logs.get(event.log as usize).is_some_and(|log| log.run == run))
    }

    /// Figures about the machine, or about the only machine there is: of those kinds, the last that has the size.
    pub fn host_size(&self, kinds: &[&str], name: &str) -> Option<Known> {
        let has = |host: &&HostReading| kinds.contains(&host.kind.as_str()) && host.pid.is_none();
        let last = self.readings.host.iter().rev().filter(has).find(|host| host.sizes.contains_key(name))?;
        Some(Known { bytes: *last.sizes.get(name)?, at: Some(last.at.get(name).unwrap_or_else(|| host_line(last))) })
    }

    /// Memory of the machine that a run lived on: by the report of its kill, else by the only other reading of it.
    pub fn ram(&self, run: Option<&str>) -> Option<Known> {
        let own = self
            .readings
            .oom_kills
            .iter()
            .rev()
            .filter(|kill| kill.ram.is_some())
            .find(|kill| run.is_some() && kill.victims.iter().any(|victim| victim.run.as_deref() == run));
        let of_kill =
            |kill: &OomKill| kill.ram.map(|bytes| Known { bytes, at: kill.at.get("ram").or(Some(first_line(kill))) });
        let of_file = || self.own_file(run?, "mem_total");
        own.and_then(of_kill).or_else(|| self.host_size(MACHINE, "mem_total")).or_else(of_file).or_else(|| {
            match self.readings.oom_kills.as_slice() {
                [only] => of_kill(only),
                _ => None,
            }
        })
    }

    /// The swap of the machine, by `free` and the like; zero where it has none.
    pub fn swap(&self) -> Option<Known> {
        self.host_size(MACHINE, "swap_total")
    }

    /// The memory that the JVM of a run saw when it started, by its GC log: that of the machine, or the limit of its container.
    pub fn memory_seen(&self, run: &str) -> Option<Known> {
        let of_run = self.readings.gc_logs.iter().rev().filter(|log| log.run == run);
        of_run.filter_map(|log| Some(Known { bytes: log.memory?, at: log.at.get("memory") })).next()
    }

    /// What the crash file of a run says about its surroundings.
    fn own_file(&self, run: &str, name: &str) -> Option<Known> {
        let is_file = |host: &&HostReading| {
            matches!(host.kind.as_str(), "hs-err" | "vm-info") && host.run.as_deref() == Some(run)
        };
        let file = self.readings.host.iter().rev().filter(is_file).find(|host| host.sizes.contains_key(name))?;
        Some(Known { bytes: *file.sizes.get(name)?, at: Some(file.at.get(name).unwrap_or_else(|| host_line(file))) })
    }

    /// The memory limit that holds for a run: the one that its kill or its crash file names, else the only one in the text.
    pub fn limit(&self, run: &str) -> Option<Known> {
        let own = self.readings.oom_kills.iter().rev().find_map(|kill| {
            let of_run = kill.victims.iter().any(|victim| victim.run.as_deref() == Some(run));
            let cgroup = kill.cgroup.as_ref().filter(|_| of_run)?;
            Some(Known { bytes: cgroup.limit?, at: cgroup.at.get("limit").or(Some(first_line(kill))) })
        });
        let own = own.or_else(|| self.own_file(run, "limit")).or_else(|| self.container_limit(run));
        own.or_else(|| self.enforced_limit())
    }

    /// The limit that YARN or another scheduler says it killed for, where it can be of one JVM only.
    fn enforced_limit(&self) -> Option<Known> {
        let killed = |event: &&Event| matches!(event.kind.as_str(), "yarn" | "memory-limit-exceeded");
        let mut limits = self.readings.events.iter().filter(killed).filter(|event| event.sizes.contains_key("limit"));
        let first = limits.next().filter(|_| self.jvms() <= 1)?;
        let bytes = *first.sizes.get("limit")?;
        let at = first.at.get("limit").unwrap_or_else(|| line(first.source, first.first_line));
        limits.all(|other| other.sizes.get("limit") == Some(&bytes)).then_some(Known { bytes, at: Some(at) })
    }

    /// The limit of the container that a run belongs to, else the only one in the text that can be of it.
    fn container_limit(&self, run: &str) -> Option<Known> {
        let hosts = &self.readings.host;
        let of_run = |host: &&HostReading| host.run.as_deref() == Some(run);
        let options = || hosts.iter().filter(of_run).filter(|host| host.kind == "options");
        let container = options().find_map(|host| host.name.as_deref());
        let has_limit = |host: &&HostReading| {
            host.pid.is_none() && LIMITED.contains(&host.kind.as_str()) && host.sizes.contains_key("limit")
        };
        let own: Vec<&HostReading> = hosts.iter().filter(of_run).filter(has_limit).collect();
        let may_be_own = |host: &&HostReading| {
            let other_name = |name: &str| container.is_some_and(|own| !containers::is_same(own, name));
            host.run.is_none() && !host.name.as_deref().is_some_and(other_name)
        };
        let loose = || hosts.iter().filter(has_limit).filter(may_be_own).filter(|_| self.jvms() <= 1);
        let limits = if own.is_empty() { loose().collect() } else { own };
        let first = limits.first()?;
        let bytes = *first.sizes.get("limit")?;
        let only = limits.iter().all(|other| other.sizes.get("limit") == Some(&bytes));
        only.then(|| Known { bytes, at: Some(first.at.get("limit").unwrap_or_else(|| host_line(first))) })
    }

    /// How many JVMs the text is certainly about. A run without a pid may be one that has a pid elsewhere.
    pub fn jvms(&self) -> usize {
        let mut pids: Vec<u32> = self.runs.iter().filter_map(|run| run.pid).collect();
        pids.sort_unstable();
        pids.dedup();
        pids.len().max(1)
    }

    /// The run of an error: its own, else the only one there is.
    pub fn run_of_error(&self, error: &'a JavaError) -> Option<&'a str> {
        let only = || match self.runs {
            [run] => Some(run.id.as_str()),
            _ => None,
        };
        error.run.as_deref().or_else(only)
    }

    /// The pid to put into a command: of the run, if it may still be alive, else the word that stands for one.
    pub fn pid(&self, run: Option<&str>) -> String {
        let alive = run.and_then(|run| self.run(run)).filter(|run| !run.killed).and_then(|run| run.pid);
        alive.map_or_else(|| "PID".to_owned(), |pid| pid.to_string())
    }

    /// The maximum heap of a run and where it stands.
    pub fn max_heap(&self, run: &str) -> Option<Known> {
        let run = self.run(run)?;
        Some(Known { bytes: run.max_heap?, at: run.at.get("max_heap") })
    }

    /// Committed memory outside of the heap by the last snapshot of a run.
    pub fn non_heap(&self, run: &str) -> Option<Known> {
        self.nmt(run).rev().find_map(accounting::non_heap)
    }
}

/// Where a kill is said: the line of the first victim, else the first line.
pub fn kill_line(kill: &OomKill) -> Span {
    line(kill.source, kill.victims.first().map_or(kill.first_line, |victim| victim.line))
}

/// A whole line.
pub fn line(source: u16, line: u32) -> Span {
    Span { source, line, start: 0, end: 0 }
}

/// The line of a GC event.
pub fn event_line(readings: &Readings, event: &GcEvent) -> Span {
    line(readings.gc_logs.get(event.log as usize).map_or(0, |log| log.source), event.line)
}

/// The first line of a kill's report.
pub fn first_line(kill: &OomKill) -> Span {
    line(kill.source, kill.first_line)
}

/// The first line of a reading.
pub fn host_line(host: &HostReading) -> Span {
    line(host.source, host.first_line)
}
