//! The incident as the rules see it: readings and runs, and the ways to ask for what belongs together.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::analysis::accounting::{self, Known};
use crate::analysis::control_group::{Group, GroupKind};
use crate::analysis::decisive;
use crate::analysis::jvm_threads;
use crate::analysis::place::{Surroundings, is_of_container};
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::{containers, quantity};
use crate::model::gc::{GcEvent, GcLog};
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::jstat::JstatTable;
use crate::model::kind::{EventKind, HostKind, Subject, Witness};
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{Event, OomKill, Victim};
use crate::model::prose::SaidOf;
use crate::model::readings::{Readings, SAID};
use crate::model::run::{MAX_HEAP_BY_SHARE, Run};
use crate::order::{Gather as _, InOrder as _};
use crate::source::Span;
use crate::units::{Bytes, Micros};

/// What was read and how it was joined.
pub struct Incident<'a> {
    /// What was read.
    pub readings: &'a Readings,
    /// Processes.
    pub runs: &'a [Run],
    /// By the id of the run.
    of_runs: OfRuns<'a>,
    /// The readings that tell the limit of a container that is no run's, where they may be about the only JVM.
    loose_limits: Vec<&'a HostReading>,
    ram: Option<Known>,
    swap: Option<Known>,
    jvms: usize,
    /// The processes that `ps` and the like list and that are a run's, by their lines.
    listed: OnceCell<BTreeMap<(u16, u32), usize>>,
    /// Kept by those who make commands.
    pub(super) surroundings: OnceCell<Surroundings>,
}

/// What was read of one process, each in reading order.
#[derive(Default)]
struct OfRun<'a> {
    run: Option<&'a Run>,
    kills: Vec<(&'a OomKill, &'a Victim)>,
    nmt: Vec<&'a NmtSnapshot>,
    jstat: Vec<&'a JstatTable>,
    logs: Vec<&'a GcLog>,
    gc_events: Vec<&'a GcEvent>,
    errors: Vec<&'a JavaError>,
    host: Vec<&'a HostReading>,
}

/// More than code, threads, and the tables of a collector take in most JVMs,
const MUCH_OUTSIDE: Bytes = Bytes(256 << 20);
/// and this part of all that was in use.
const PART_OUTSIDE: u64 = 8;

/// See [`Incident::outside_caps`].
#[derive(Clone, Copy, Debug)]
pub struct OutsideCaps {
    /// What the options allow together.
    pub caps: Bytes,
    /// The maximum heap among them.
    pub heap: Known,
    /// What was in use.
    pub used: Known,
    /// The difference.
    pub rest: Bytes,
}

/// What one process held of what all of its container used.
pub struct Shared {
    /// The one.
    pub own: Known,
    /// All of them.
    pub all: Known,
}

/// Lines below what YARN says of a container that list its processes.
const LISTED: u32 = 60;
/// A JVM that held less than this part of what its container used is not what filled it.
const SMALL: u64 = 4;

impl Shared {
    /// What others held.
    pub fn rest(&self) -> Bytes {
        Bytes(self.all.bytes.0.saturating_sub(self.own.bytes.0))
    }

    /// That it is small beside all of them, in those words.
    pub fn small(&self, key: &str) -> Option<Statement> {
        let told = Statement::new(key).with("rss", Quantity::Size(self.own.bytes), self.own.at);
        let told = told.with("usage", Quantity::Size(self.all.bytes), self.all.at);
        (self.own.bytes.0 < self.all.bytes.0 / SMALL).then_some(told)
    }
}

impl OutsideCaps {
    /// Its numbers, in a sentence.
    pub fn tell(self, key: &str) -> Statement {
        Statement::new(key)
            .with("caps", Quantity::Size(self.caps), self.heap.at)
            .with("used", Quantity::Size(self.used.bytes), self.used.at)
            .with("rest", Quantity::Size(self.rest), None)
    }
}

impl<'a> Incident<'a> {
    /// Looks up what belongs together.
    pub fn new(readings: &'a Readings, runs: &'a [Run]) -> Incident<'a> {
        let mut pids: Vec<u32> = runs.iter().filter_map(|run| run.pid).collect();
        pids.order();
        pids.dedup();
        let mut incident = Incident {
            readings,
            runs,
            of_runs: of_runs(readings, runs),
            loose_limits: Vec::new(),
            ram: None,
            swap: None,
            jvms: pids.len().max(1),
            listed: OnceCell::new(),
            surroundings: OnceCell::new(),
        };
        incident.ram = incident.machine_size("mem_total").or_else(|| incident.machine_size("mem_online"));
        incident.swap = incident.machine_size("swap_total");
        if incident.jvms <= 1 {
            let loose = readings.host.iter().filter(|host| host.run.is_none() && has_limit(host));
            incident.loose_limits = loose.collect();
        }
        incident
    }

    fn of_run(&self, run: &str) -> Option<&OfRun<'a>> {
        self.of_runs.get(run)
    }

    /// The run of that id.
    pub fn run(&self, id: &str) -> Option<&'a Run> {
        self.of_run(id)?.run
    }

    /// Every kill with the victim that is told about, in the order of the readings.
    pub fn kills(&self) -> impl DoubleEndedIterator<Item = (&'a OomKill, &'a Victim)> {
        self.readings.oom_kills.iter().filter_map(|kill| Some((kill, decisive::victim(kill)?)))
    }

    /// The last of some kills of a JVM, else the last of any: the one that is told about.
    pub fn decisive(&self, of: impl Fn(&OomKill) -> bool) -> Option<(&'a OomKill, &'a Victim)> {
        decisive::kill(&self.readings.oom_kills, of)
    }

    /// False if all that is known of a run is that the kernel killed a process with a name that is no JVM's.
    pub fn may_be_jvm(&self, run: &Run) -> bool {
        let mut own = self.kills_of(&run.id).map(|(_, victim)| victim);
        // The limit of its container says nothing of what a process is.
        let of_jvm = |host: &HostReading| host.kind.subject() == Subject::Jvm;
        let speaks = |read: &OfRun<'_>| {
            !(read.nmt.is_empty() && read.jstat.is_empty() && read.logs.is_empty() && read.errors.is_empty())
                || read.host.iter().any(|host| of_jvm(host))
        };
        !run.killed
            || self.of_run(&run.id).is_some_and(speaks)
            || !run.flags.is_empty()
            || own.any(|victim| victim.name.is_empty() || jvm_threads::names_a_jvm(&victim.name))
    }

    /// True if something of a run is a JVM's: its name, its options, or what only a JVM prints.
    pub fn is_jvm(&self, run: &Run) -> bool {
        let host = || self.host(&run.id).any(|host| host.kind.subject() == Subject::Jvm);
        let killed = || self.kills_of(&run.id).any(|(_, victim)| jvm_threads::names_a_jvm(&victim.name));
        !run.flags.is_empty()
            || run.name.as_deref().is_some_and(jvm_threads::names_a_jvm)
            || self.nmt(&run.id).next().is_some()
            || self.jstat(&run.id).next().is_some()
            || self.gc_logs(&run.id).next().is_some()
            || self.errors(&run.id).next().is_some()
            || killed()
            || host()
    }

    /// Kills of a run, each with the victim that it was.
    pub fn kills_of(&self, run: &str) -> impl DoubleEndedIterator<Item = (&'a OomKill, &'a Victim)> {
        self.all_of(run, |own| &own.kills)
    }

    /// NMT snapshots of a run, in reading order.
    pub fn nmt(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a NmtSnapshot> {
        self.all_of(run, |own| &own.nmt)
    }

    /// `jstat` tables of a run, in reading order.
    pub fn jstat(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a JstatTable> {
        self.all_of(run, |own| &own.jstat)
    }

    /// GC logs of a run, in reading order.
    pub fn gc_logs(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a GcLog> {
        self.all_of(run, |own| &own.logs)
    }

    /// Events of the GC logs of a run, in reading order.
    pub fn gc_events(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a GcEvent> {
        self.all_of(run, |own| &own.gc_events)
    }

    /// Errors of a run, or of no run where it is the only one.
    pub fn errors(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a JavaError> {
        self.all_of(run, |own| &own.errors)
    }

    /// What machine, container, and commands say of a run.
    pub fn host(&self, run: &str) -> impl DoubleEndedIterator<Item = &'a HostReading> {
        self.all_of(run, |own| &own.host)
    }

    fn all_of<'b, T: Copy + 'b>(
        &'b self,
        run: &str,
        which: fn(&'b OfRun<'a>) -> &'b Vec<T>,
    ) -> impl DoubleEndedIterator<Item = T> + use<'a, 'b, T> {
        self.of_run(run).map(which).into_iter().flatten().copied()
    }

    /// What is told of the machine, or of the only machine there is: by the last reading that has the size.
    pub fn machine_size(&self, name: &str) -> Option<Known> {
        let has = |host: &&HostReading| host.kind.tells_machine() && host.pid.is_none();
        let last = self.readings.host.iter().rev().filter(has).find(|host| host.sizes.contains_key(name))?;
        Some(Known { bytes: *last.sizes.get(name)?, at: Some(last.at.get(name).unwrap_or_else(|| host_line(last))) })
    }

    /// Memory of the machine that a run lived on: by the report of its kill, else by the only other reading of it.
    pub fn ram(&self, run: Option<&str>) -> Option<Known> {
        let own = run.and_then(|run| self.kills_of(run).rev().map(|(kill, _)| kill).find(|kill| kill.ram.is_some()));
        let of_kill =
            |kill: &OomKill| kill.ram.map(|bytes| Known { bytes, at: kill.at.get("ram").or(Some(first_line(kill))) });
        let of_file = || self.own_file(run?, "mem_total");
        own.and_then(of_kill).or(self.ram).or_else(of_file).or_else(|| self.of_one_machine(of_kill))
    }

    /// What the kernel's reports say of their machine, where they are of one, and all that say it agree: words between the parts of a
    /// report make several of it.
    fn of_one_machine(&self, size: impl Fn(&OomKill) -> Option<Known>) -> Option<Known> {
        let kills = &self.readings.oom_kills;
        let mut hosts = kills.iter().filter_map(|kill| kill.host.as_ref());
        let host = hosts.next();
        if !hosts.all(|other| Some(other) == host) {
            return None;
        }
        let mut sizes = kills.iter().filter_map(size);
        let first = sizes.next()?;
        sizes.all(|other| other.bytes == first.bytes).then_some(first)
    }

    /// The swap that the kernel's reports print, of whichever part of one: as much as a kill had, where it does not say so itself.
    pub fn swap_at_kill(&self, kill: &OomKill) -> Option<Known> {
        let of_kill = |kill: &OomKill| {
            kill.swap_total.map(|bytes| Known { bytes, at: kill.at.get("swap_total").or(Some(first_line(kill))) })
        };
        of_kill(kill).or_else(|| self.of_one_machine(of_kill))
    }

    /// What was free of the machine, with what the page cache would give back where that is told, and how much there is in all: by the
    /// crash file of a run, or the only one there is, else by the last readings of the machine.
    pub fn free_memory(&self, run: Option<&str>) -> Option<(Known, Option<Bytes>)> {
        let in_file = |host: &HostReading| {
            let own = host.run.is_none() || host.run.as_deref() == run;
            let bytes = *host.sizes.get("physical_free").filter(|_| own)?;
            let at = Some(host.at.get("physical_free").unwrap_or_else(|| host_line(host)));
            Some((Known { bytes, at }, host.sizes.get("physical").copied()))
        };
        let of_machine = || {
            let free = self.available().or_else(|| self.machine_size("mem_free"))?;
            Some((free, self.machine_size("mem_total").map(|total| total.bytes)))
        };
        self.readings.host.iter().rev().find_map(in_file).or_else(of_machine)
    }

    /// What Windows had left to promise when a run crashed.
    pub fn commit_free(&self, run: Option<&str>) -> Option<Known> {
        self.of_commit(run, "commit_free")
    }

    /// What Windows may promise in all, where that reading tells it.
    pub fn commit_limit(&self, run: Option<&str>) -> Option<Known> {
        self.of_commit(run, "commit_limit")
    }

    fn of_commit(&self, run: Option<&str>, name: &str) -> Option<Known> {
        let own = |host: &&HostReading| host.run.is_none() || host.run.as_deref() == run;
        let host = self.readings.host.iter().rev().filter(own).find(|host| host.sizes.contains_key("commit_free"))?;
        Some(Known { bytes: *host.sizes.get(name)?, at: host.at.get(name) })
    }

    /// What the machine has to give, by the last reading that tells it.
    pub fn available(&self) -> Option<Known> {
        let machines = self.readings.host.iter().rev().filter(|host| host.kind.tells_machine());
        let told = |host: &HostReading| {
            let (bytes, at) = host.available()?;
            Some(Known { bytes, at: at.or(Some(host_line(host))) })
        };
        machines.filter_map(told).next()
    }

    /// True if some reading tells how much memory the machine has, or how much of it is free.
    pub fn knows_machine(&self) -> bool {
        const TOLD: [&str; 4] = ["mem_total", "mem_online", "mem_free", "mem_available"];
        let in_file = |host: &HostReading| host.sizes.contains_key("physical");
        self.readings.oom_kills.iter().any(|kill| kill.ram.is_some())
            || self.readings.host.iter().any(in_file)
            || TOLD.iter().any(|name| self.machine_size(name).is_some())
    }

    /// A size that only words state; see [`About::STATED`].
    pub fn stated(&self, name: &str) -> Option<Known> {
        let host = self.readings.host.iter().find(|host| host.sizes.contains_key(name))?;
        Some(Known { bytes: *host.sizes.get(name)?, at: host.at.get(name) })
    }

    /// The same of a count.
    pub fn stated_count(&self, name: &str) -> Option<(u64, Option<Span>)> {
        let host = self.readings.host.iter().find(|host| host.counts.contains_key(name))?;
        Some((*host.counts.get(name)?, host.at.get(name)))
    }

    /// Where the words around the logs state a cause, or what helped.
    pub fn said(&self, of: SaidOf) -> impl Iterator<Item = Span> {
        let own = move |host: &&HostReading| {
            host.kind == HostKind::Stated && host.words.get(SAID).is_some_and(|word| word == of.name())
        };
        self.readings.host.iter().filter(own).map(|host| host.at.get(SAID).unwrap_or_else(|| host_line(host)))
    }

    /// The share of a machine's memory that the process held which was killed or chosen, in thousandths of a percent, if it is most of it: of
    /// all memory where that is known, else of memory and swap by the kernel's score.
    pub fn most_of_machine(&self, kill: &OomKill) -> Option<(i64, Option<Span>)> {
        let victim = decisive::victim(kill);
        let of_ram = || {
            let (rss, ram) = (victim?.resident()?, self.ram(victim?.run.as_deref())?);
            let share = i64::try_from(u128::from(rss.0) * 100_000 / u128::from(ram.bytes.0.max(1))).ok()?;
            Some((share, victim?.resident_at()))
        };
        let by_score = || {
            let (score, at) = victim.and_then(|victim| victim.share_of_all(kill)).or_else(|| kill.share_of_chosen())?;
            Some((score * 100, Some(at)))
        };
        of_ram().or_else(by_score).filter(|(share, _)| (MOST..=100_000).contains(share))
    }

    /// The swap of the machine, by `free` and the like; zero where it has none.
    pub fn swap(&self) -> Option<Known> {
        self.swap
    }

    /// The memory that the JVM of a run saw when it started, by its GC log: that of the machine, or the limit of its container.
    pub fn memory_seen(&self, run: &str) -> Option<Known> {
        self.gc_logs(run).rev().find_map(|log| Some(Known { bytes: log.memory?, at: log.at.get("memory") }))
    }

    /// What the crash file of a run says about its surroundings.
    pub fn own_file(&self, run: &str, name: &str) -> Option<Known> {
        let is_file = |host: &&HostReading| host.kind.witness() == Witness::File;
        let file = self.host(run).rev().filter(is_file).find(|host| host.sizes.contains_key(name))?;
        Some(Known { bytes: *file.sizes.get(name)?, at: Some(file.at.get(name).unwrap_or_else(|| host_line(file))) })
    }

    /// The memory limit that holds for a run: the one of its control group, else the one that it was killed for.
    pub fn limit(&self, run: &str) -> Option<Known> {
        self.group_limit(run).or_else(|| self.enforced_limit())
    }

    /// The limit that the kernel holds a run to, which its JVM sees: the one that its kill or its crash file names, else the only one in
    /// the text.
    pub fn group_limit(&self, run: &str) -> Option<Known> {
        let own = self.kills_of(run).rev().find_map(|(kill, _)| {
            let cgroup = kill.cgroup.as_ref()?;
            Some(Known { bytes: cgroup.limit?, at: cgroup.at.get("limit").or(Some(first_line(kill))) })
        });
        let inside = || {
            let cgroup = self.killed_inside(run)?.cgroup.as_ref()?;
            Some(Known { bytes: cgroup.limit?, at: cgroup.at.get("limit") })
        };
        own.or_else(|| self.own_file(run, "limit")).or_else(inside).or_else(|| self.container_limit(run))
    }

    /// The kill that was most likely of this run, which its container calls by another pid: the only one of a process in a container,
    /// beside the only JVM with a pid of a container.
    fn killed_inside(&self, run: &str) -> Option<&'a OomKill> {
        let [kill] = self.readings.oom_kills.as_slice() else { return None };
        let is_inside = |run: &&Run| run.pid.is_some_and(is_of_container) && !run.killed && self.is_jvm(run);
        let mut inside = self.runs.iter().filter(is_inside);
        inside.next().filter(|first| first.id == run && inside.next().is_none())?;
        let path =
            kill.cgroup.as_ref()?.task_path.as_deref().or(kill.cgroup.as_ref().map(|cgroup| cgroup.path.as_str()))?;
        let is_jvm = |victim: &Victim| jvm_threads::names_a_jvm(&victim.name);
        (!matches!(Group::of(path).kind, GroupKind::Cgroup | GroupKind::Service | GroupKind::Slice)
            && kill.victims.iter().any(is_jvm))
        .then_some(kill)
    }

    /// The limit that YARN or another scheduler says it killed for, where it can be of one JVM only.
    fn enforced_limit(&self) -> Option<Known> {
        let killed = |event: &&Event| event.kind.enforces_limit();
        let mut limits = self.readings.events.iter().filter(killed).filter(|event| event.sizes.contains_key("limit"));
        let first = limits.next().filter(|_| self.jvms() <= 1)?;
        let bytes = *first.sizes.get("limit")?;
        let at = first.at.get("limit").unwrap_or_else(|| line(first.source, first.first_line));
        limits.all(|other| other.sizes.get("limit") == Some(&bytes)).then_some(Known { bytes, at: Some(at) })
    }

    /// What a JVM held at its end in a container of YARN beyond all that its options allow of heap, direct buffers, and metaspace, where
    /// that is more than a JVM has of code, threads, and tables of its collector.
    pub fn outside_caps(&self, run: &str) -> Option<OutsideCaps> {
        let heap = self.max_heap(run)?;
        let direct = self.size_option(run, "-XX:MaxDirectMemorySize=")?;
        let metaspace = self.size_option(run, "-XX:MaxMetaspaceSize=")?;
        let caps = heap.bytes.plus(direct.bytes).plus(metaspace.bytes);
        let is_own =
            |event: &&Event| event.kind == EventKind::Yarn && self.run_of_event(event).is_none_or(|own| own == run);
        let event = self.readings.events.iter().rev().find(is_own).filter(|_| self.jvms() <= 1)?;
        let resident = self
            .host(run)
            .rev()
            .filter(|host| host.kind == HostKind::Ps)
            .find_map(|host| Some(Known { bytes: *host.sizes.get("rss")?, at: host.at.get("rss") }));
        let usage = || Some(Known { bytes: *event.sizes.get("usage")?, at: event.at.get("usage") });
        let used = resident.or_else(usage)?;
        let rest = Bytes(used.bytes.0.checked_sub(caps.0)?);
        (rest >= MUCH_OUTSIDE && rest.0 >= used.bytes.0 / PART_OUTSIDE).then_some(OutsideCaps {
            caps,
            heap,
            used,
            rest,
        })
    }

    /// What a process that YARN lists held, and what all of its container used.
    pub fn in_yarn_container(&self, process: &HostReading) -> Option<Shared> {
        let is_above = |event: &&Event| {
            let lines = process.first_line.checked_sub(event.first_line);
            event.kind == EventKind::Yarn
                && event.source == process.source
                && lines.is_some_and(|lines| lines <= LISTED)
        };
        let event = self.readings.events.iter().rfind(is_above)?;
        let own = Known { bytes: *process.sizes.get("rss")?, at: process.at.get("rss") };
        Some(Shared { own, all: Known { bytes: *event.sizes.get("usage")?, at: event.at.get("usage") } })
    }

    /// The one limit of a container that a text names, whosever it is.
    pub fn only_limit(&self) -> Option<Known> {
        let of_kill = |kill: &OomKill| {
            let cgroup = kill.cgroup.as_ref()?;
            Some(Known { bytes: cgroup.limit?, at: cgroup.at.get("limit").or(Some(first_line(kill))) })
        };
        let of_host = |host: &&HostReading| has_limit(host);
        let told = |host: &HostReading| {
            Some(Known {
                bytes: *host.sizes.get("limit")?,
                at: Some(host.at.get("limit").unwrap_or_else(|| host_line(host))),
            })
        };
        let kills = self.readings.oom_kills.iter().filter_map(of_kill);
        let mut limits = kills.chain(self.readings.host.iter().filter(of_host).filter_map(told));
        let first = limits.next()?;
        limits.all(|other| other.bytes == first.bytes).then_some(first)
    }

    /// True if a container of a run was killed for its memory: by the kernel for a limit, or by the words of a runtime.
    pub fn is_oomkilled(&self, run: &str) -> bool {
        let name = self.host(run).filter(|host| host.kind.defines_container()).find_map(|host| host.name.as_deref());
        let is_own = |event: &Event| match (name, event.name.as_deref()) {
            (Some(own), Some(other)) => containers::is_same(own, other),
            _ => self.jvms <= 1,
        };
        let with_limit = |kill: &OomKill| kill.cgroup.as_ref().is_some_and(|cgroup| cgroup.limit.is_some());
        self.kills_of(run).any(|(kill, _)| with_limit(kill))
            || self.killed_inside(run).is_some_and(with_limit)
            || self.readings.events.iter().any(|event| event.kind.is_oomkilled() && is_own(event))
    }

    /// The limit of the container that a run belongs to, else the only one in the text that can be of it.
    fn container_limit(&self, run: &str) -> Option<Known> {
        let container =
            self.host(run).filter(|host| host.kind == HostKind::Options).find_map(|host| host.name.as_deref());
        let own: Vec<&HostReading> = self.host(run).filter(|host| has_limit(host)).collect();
        let may_be_own = |host: &&HostReading| {
            let other_name = |name: &str| container.is_some_and(|own| !containers::is_same(own, name));
            !host.name.as_deref().is_some_and(other_name)
        };
        let loose = || self.loose_limits.iter().copied().filter(may_be_own);
        let limits = if own.is_empty() { loose().collect() } else { own };
        let first = limits.first()?;
        let bytes = *first.sizes.get("limit")?;
        let only = limits.iter().all(|other| other.sizes.get("limit") == Some(&bytes));
        only.then(|| Known { bytes, at: Some(first.at.get("limit").unwrap_or_else(|| host_line(first))) })
    }

    /// The limit of a container of that name, or of the only one with a limit where the name is not known.
    pub fn limit_of_container(&self, name: Option<&str>) -> Option<Known> {
        let may_be = |host: &&HostReading| match (name, host.name.as_deref()) {
            (Some(own), Some(other)) => containers::is_same(own, other),
            _ => true,
        };
        let mut limits = self.readings.host.iter().filter(|host| has_limit(host)).filter(may_be);
        let first = limits.next()?;
        let bytes = *first.sizes.get("limit")?;
        let only = limits.all(|other| other.sizes.get("limit") == Some(&bytes));
        only.then(|| Known { bytes, at: Some(first.at.get("limit").unwrap_or_else(|| host_line(first))) })
    }

    /// How many JVMs the text is certainly about. A run without a pid may be one that has a pid elsewhere.
    pub fn jvms(&self) -> usize {
        self.jvms
    }

    /// True for a run of which a part of its crash file is known. What a living JVM answers looks alike, but is known as such.
    pub fn has_crash_file(&self, run: &str) -> bool {
        let of_file = |log: &GcLog| log.style == "hs-err";
        let answers = self.readings.host.iter().any(|host| host.kind == HostKind::VmInfo);
        self.host(run).any(|host| host.kind == HostKind::HsErr) || !answers && self.gc_logs(run).any(of_file)
    }

    /// True for the heap that a JVM prints when it ends: what is marked so, or stands right below its log, as that of JDK 8 does.
    pub fn is_at_exit(&self, host: &HostReading) -> bool {
        let is_below = |log: &GcLog| {
            let lines = host.first_line.checked_sub(log.last_line);
            log.style == "legacy" && log.source == host.source && lines.is_some_and(|lines| (1..=2).contains(&lines))
        };
        host.kind == HostKind::HeapAtExit
            || host.kind == HostKind::HeapInfo && self.readings.gc_logs.iter().any(is_below)
    }

    /// The run of an error: its own, else the only one there is.
    pub fn run_of_error(&self, error: &'a JavaError) -> Option<&'a str> {
        run_of_error(error, self.runs)
    }

    /// Who sent the SIGKILL of an event, and why, where that was not for memory: of the same name, where both have one.
    pub fn sender(&self, event: &'a Event) -> Option<&'a Event> {
        let is_same = |told: &&Event| match (&told.name, &event.name) {
            (Some(told), Some(name)) => told == name,
            _ => true,
        };
        if event.kind.tells_sender() {
            return Some(event);
        }
        let mut told = self.readings.events.iter().filter(|told| event.kind.is_sigkill() && told.kind.tells_sender());
        told.rfind(is_same)
    }

    /// The run of an event: its own, or, of a container that YARN killed, the only JVM among the processes that are listed below.
    pub fn run_of_event(&self, event: &'a Event) -> Option<&'a str> {
        if !event.kind.lists_processes() {
            return event.run.as_deref();
        }
        let listed = self.listed.get_or_init(|| {
            let hosts =
                self.readings.host.iter().enumerate().filter(|(_, host)| host.pid.is_some() && host.run.is_some());
            hosts.map(|(nth, host)| ((host.source, host.first_line), nth)).gathered()
        });
        let last = event.last_line.saturating_add(TREE);
        let below = listed.range((event.source, event.last_line)..=(event.source, last));
        let mut below = below.filter_map(|(_, nth)| self.readings.host.get(*nth)?.run.as_deref());
        let only = below.next().filter(|first| below.all(|other| other == *first));
        event.run.as_deref().or(only)
    }

    /// True if another JVM took the place of a run: its readings end above an error of a full heap, and below it begin those of one that
    /// has hardly collected.
    pub fn was_replaced(&self, run: &Run) -> bool {
        let ends = |error: &&JavaError| {
            let own = self.run_of_error(error).and_then(|id| self.run(id));
            error.kind.is_of_heap() && !error.told && own.is_none_or(|own| own.pid.is_none() || own.id == run.id)
        };
        let is_below =
            |error: &&JavaError| self.lines_of(run, error.source).is_some_and(|(_, last)| error.first_line > last);
        let mut errors = self.readings.java_errors.iter().filter(ends);
        let Some(error) = errors.find(is_below) else { return false };
        let begins_below =
            |other: &Run| self.lines_of(other, error.source).is_some_and(|(first, _)| first > error.last_line);
        self.runs.iter().any(|other| begins_below(other) && self.has_hardly_collected(&other.id))
    }

    /// The first and the last line of a source that say something of a run with a pid.
    fn lines_of(&self, run: &Run, source: u16) -> Option<(u32, u32)> {
        run.pid?;
        let tables = self.jstat(&run.id).map(|table| (table.source, table.first_line, table.last_line));
        let hosts = self.host(&run.id).map(|host| (host.source, host.first_line, host.last_line));
        let nmt = self.nmt(&run.id).map(|snapshot| (snapshot.source, snapshot.first_line, snapshot.last_line));
        let lines =
            tables.chain(hosts).chain(nmt).filter(|(of, ..)| *of == source).map(|(_, first, last)| (first, last));
        lines.reduce(|(start, end), (first, last)| (start.min(first), end.max(last)))
    }

    /// True if the counters of a run say that it has just been started.
    pub fn has_hardly_collected(&self, run: &str) -> bool {
        let counted = |table: &JstatTable| {
            let last = accounting::rows_alive(table).checked_sub(1)?;
            let count = |name: &str| table.column(name)?.fixed(last);
            Some(count("YGC")?.saturating_add(count("FGC").unwrap_or_default()))
        };
        self.jstat(run).filter_map(counted).max().is_some_and(|count| count < STARTING)
    }

    /// The maximum heap of a run and where it stands.
    pub fn max_heap(&self, run: &str) -> Option<Known> {
        let run = self.run(run)?;
        Some(Known { bytes: run.max_heap?, at: run.at.get("max_heap") })
    }

    /// The same, or where no log says it and only one JVM is in the input, what the words around the logs state: for a log without its start.
    pub fn max_heap_or_stated(&self, run: &str) -> Option<Known> {
        let stated = || self.stated("stated_heap_max").filter(|_| self.jvms() <= 1);
        self.max_heap(run).or_else(stated)
    }

    /// The size that an option of a run sets, by the last of its kind; 0 means that nothing is set.
    pub fn size_option(&self, run: &str, option: &str) -> Option<Known> {
        let (bytes, flag) = size_of_option(self.run(run)?, option)?;
        Some(Known { bytes, at: self.option_at(run, flag) })
    }

    /// What the metaspace of a run may have: by its option, else as the JVM prints it.
    pub fn metaspace_limit(&self, run: &str) -> Option<Known> {
        let printed = || {
            let of = |host: &HostReading| {
                Some(Known { bytes: *host.sizes.get("metaspace_max")?, at: host.at.get("metaspace_max") })
            };
            self.host(run).rev().find_map(of)
        };
        let limit = self.size_option(run, "-XX:MaxMetaspaceSize=").or_else(printed);
        limit.filter(|limit| limit.bytes < NO_LIMIT)
    }

    /// Where an option of a run stands.
    pub fn option_at(&self, run: &str, flag: &String) -> Option<Span> {
        let host = self.host(run).find(|host| host.flags.contains(flag));
        let log = || self.gc_logs(run).find(|log| log.flags.contains(flag))?.at.get("flags");
        host.map(|host| host.at.get("flags").unwrap_or_else(|| host_line(host))).or_else(log)
    }

    /// The option that sets the maximum heap of a run, as far as anything tells.
    pub fn heap_option(&self, run: &str) -> Quantity {
        // What outdated options set as a fraction, a size sets aside in every release.
        let by_share = self.run(run).is_some_and(|run| {
            run.max_heap_reason.as_deref() == Some(MAX_HEAP_BY_SHARE)
                && run.flags.iter().any(|flag| flag.starts_with("-XX:MaxRAMPercentage="))
        });
        Quantity::Word(if by_share { "-XX:MaxRAMPercentage" } else { "-Xmx" }.to_owned())
    }

    /// Committed memory outside of the heap by the last snapshot of a run.
    pub fn non_heap(&self, run: &str) -> Option<Known> {
        self.nmt(run).rev().find_map(accounting::non_heap)
    }
}

/// The size that an option of a run sets, by the last of its kind; 0 means that nothing is set.
pub fn size_of_option<'a>(run: &'a Run, option: &str) -> Option<(Bytes, &'a String)> {
    let flag = run.flags.iter().rev().find(|flag| flag.starts_with(option))?;
    let bytes = quantity::option(flag.strip_prefix(option)?).filter(|bytes| bytes.0 > 0)?;
    Some((bytes, flag))
}

/// Thousandths of a percent of a machine's memory from which on nobody else is to be looked for.
const MOST: i64 = 60_000;
/// Lines below a kill of YARN in which the processes of the container are listed.
const TREE: u32 = 20;
/// Collections before which a process is only starting.
const STARTING: i64 = 10;
/// A size that nobody set is printed as one near the end of what 64 bits hold.
const NO_LIMIT: Bytes = Bytes(1 << 50);

/// What was read of each run, by its id: most are `run-7`, the seventh.
struct OfRuns<'a> {
    numbered: Vec<OfRun<'a>>,
    others: BTreeMap<&'a str, OfRun<'a>>,
}

impl<'a> OfRuns<'a> {
    fn get(&self, id: &str) -> Option<&OfRun<'a>> {
        number(id).and_then(|at| self.numbered.get(at)).or_else(|| self.others.get(id))
    }

    fn of(&mut self, id: &'a str) -> &mut OfRun<'a> {
        let numbered = number(id).and_then(|at| self.numbered.get_mut(at));
        numbered.unwrap_or_else(|| self.others.entry(id).or_default())
    }
}

fn number(id: &str) -> Option<usize> {
    let number = id.strip_prefix("run-").filter(|number| number.starts_with(|c: char| matches!(c, '1'..='9')));
    number?.parse::<usize>().ok()?.checked_sub(1)
}

/// What was read of each run.
fn of_runs<'a>(readings: &'a Readings, runs: &'a [Run]) -> OfRuns<'a> {
    let numbered = runs.iter().map(|_| OfRun::default()).collect();
    let mut of_runs = OfRuns { numbered, others: BTreeMap::new() };
    for run in runs {
        of_runs.of(&run.id).run.get_or_insert(run);
    }
    for kill in &readings.oom_kills {
        for victim in &kill.victims {
            if let Some(run) = victim.run.as_deref() {
                of_runs.of(run).kills.push((kill, victim));
            }
        }
    }
    for snapshot in &readings.nmt {
        of_runs.of(&snapshot.run).nmt.push(snapshot);
    }
    for table in &readings.jstat {
        of_runs.of(&table.run).jstat.push(table);
    }
    for log in &readings.gc_logs {
        of_runs.of(&log.run).logs.push(log);
    }
    let log_of = |event: &GcEvent| readings.gc_logs.get(event.log as usize);
    for events in readings.gc_events.chunk_by(|a, b| a.log == b.log) {
        if let Some(log) = events.first().and_then(log_of) {
            of_runs.of(&log.run).gc_events.extend(events);
        }
    }
    for error in &readings.java_errors {
        if let Some(run) = run_of_error(error, runs) {
            of_runs.of(run).errors.push(error);
        }
    }
    for host in &readings.host {
        if let Some(run) = host.run.as_deref() {
            of_runs.of(run).host.push(host);
        }
    }
    of_runs
}

fn run_of_error<'a>(error: &'a JavaError, runs: &'a [Run]) -> Option<&'a str> {
    let only = || match runs {
        [run] => Some(run.id.as_str()),
        _ => None,
    };
    error.run.as_deref().or_else(only)
}

/// True for a reading that tells the limit of a container.
fn has_limit(host: &HostReading) -> bool {
    host.pid.is_none() && host.kind.subject() == Subject::Container && host.sizes.contains_key("limit")
}

/// Where a kill is said: the line of the victim that is told about, else the first line.
pub fn kill_line(kill: &OomKill) -> Span {
    line(kill.source, decisive::victim(kill).map_or(kill.first_line, |victim| victim.line))
}

/// A whole line.
pub fn line(source: u16, line: u32) -> Span {
    Span { source, line, start: 0, end: 0 }
}

/// The line of a GC event.
pub fn event_line(readings: &Readings, event: &GcEvent) -> Span {
    line(readings.gc_logs.get(event.log as usize).map_or(0, |log| log.source), event.line)
}

/// Restarts that are no accident, of what ran only so long, …
const OFTEN: u64 = 3;
const SHORT: Micros = Micros(600_000_000);
/// … and where nothing says how long it ran.
const OFTEN_ALONE: u64 = 5;

/// True for the end of something that is started again and again.
pub fn is_loop(event: &Event) -> bool {
    let often = event.restarts.is_some_and(|restarts| match event.lasted {
        Some(lasted) => restarts >= OFTEN && lasted <= SHORT,
        None => restarts >= OFTEN_ALONE,
    });
    often || event.kind == EventKind::CrashLoop
}

/// The first line of a kill's report.
pub fn first_line(kill: &OomKill) -> Span {
    line(kill.source, kill.first_line)
}

/// The first line of a reading.
pub fn host_line(host: &HostReading) -> Span {
    line(host.source, host.first_line)
}
