//! What an incident tells about the size that the heap should have had.

use std::collections::BTreeSet;

use super::knobs::{Knobs, share};
use super::{model, stated};
use crate::analysis::accounting::{self, Sizes};
use crate::analysis::addressee::{ANY_JDK, Addressee, Ask, Place, System, Vendor};
use crate::analysis::gaps::{self, Gap};
use crate::analysis::incident::{Incident, Shared, event_line, host_line, kill_line, line};
use crate::analysis::rules::{Refusal, heap_left_full, is_of_heap, pair_at_limit, refusal};
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::jvm_options::initial_heap;
use crate::json::Json;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::jstat::JstatTable;
use crate::model::kind::{ErrorKind, HostKind, Subject};
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{OomKill, OomScope, Victim};
use crate::model::run::Run;
use crate::order::InOrder as _;
use crate::source::Span;
use crate::units::{Bytes, MIB, Micros};

/// Other processes below this are the operating system's.
const SMALL_PROCESS: Bytes = Bytes(50 * 1024 * 1024);

/// How a term is known, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Json)]
pub enum Origin {
    /// Read in a line.
    Measured,
    /// Follows from an option.
    Flags,
    /// Said in the words around the logs.
    Stated,
    /// What a JVM does without one.
    Default,
    /// Neither: may be changed by the reader.
    Assumed,
}

impl Origin {
    /// Its catalogue key.
    pub fn key(self) -> &'static str {
        match self {
            Origin::Measured => "sizing.origin.measured",
            Origin::Flags => "sizing.origin.flags",
            Origin::Stated => "sizing.origin.stated",
            Origin::Default => "sizing.origin.default",
            Origin::Assumed => "sizing.origin.assumed",
        }
    }
}

/// Everything that [`super::compute`] needs of an incident. It stands in the report, so that a page can compute again
/// without the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Facts {
    /// The run that this is about.
    pub run: Option<String>,
    /// The same in words, where it has a pid.
    pub subject: Option<Statement>,
    /// What decides which options it understands and where they are written.
    #[json(omit)]
    pub target: Target,
    /// What a process cannot grow beyond.
    pub wall: Option<Wall>,
    /// Memory of the machine, or the limit of the container: what a JVM sizes itself by.
    pub ram: Option<Fact>,
    /// Other processes below the same wall.
    pub others: Option<Fact>,
    /// Memory of the kernel that is charged to the same limit.
    pub kernel: Option<Fact>,
    /// Committed outside of the heap, by NMT.
    pub non_heap: Option<Fact>,
    /// Its areas, largest first.
    #[json(omit)]
    pub areas: Vec<Area>,
    /// Resident beyond what NMT counts outside of the heap and the largest possible heap together.
    pub untracked: Option<Fact>,
    /// Committed metaspace by `jstat`, for where there is no NMT.
    pub metaspace: Option<Fact>,
    /// Threads by NMT.
    pub threads: Option<u64>,
    /// Loaded classes by NMT.
    pub classes: Option<u64>,
    /// Live sets, the one to be used first.
    #[json(omit)]
    pub live_sets: Vec<LiveSet>,
    /// Heap maxima of the runs that are known, the run's own first.
    #[json(omit)]
    pub max_heaps: Vec<Fact>,
    /// The heap maximum of the run itself.
    pub max_heap: Option<Fact>,
    /// A heap maximum with which heap space ran out.
    pub exhausted: Option<Fact>,
    /// A limit of direct memory that was not enough.
    pub direct_exhausted: Option<Fact>,
    /// The limit of direct memory that an option sets.
    pub direct_max: Option<Fact>,
    /// What ran out where that was not the heap, and the limit that is to be sized instead.
    pub elsewhere: Option<Statement>,
    /// The collector in use.
    pub collector: Option<String>,
    /// Requests at once that the words around the logs speak of.
    pub requests: Option<Count>,
    /// Swap of the machine; in no sum, since it only moves the wall.
    pub swap: Option<Fact>,
    /// What the answer rests on besides numbers.
    #[json(omit)]
    pub caveats: Vec<Statement>,
    /// What can be asked, and whom: compute offers those whose answers are missing.
    #[json(omit)]
    pub commands: Vec<Gap>,
}

/// Whose options are advised, and where they are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Json)]
#[json(default)]
pub struct Target {
    /// The first and the last release it can be, where something tells.
    #[json(omit)]
    pub jdk: Option<(u32, u32)>,
    /// True for a JDK that knows no heap as a part of a limit.
    #[json(omit)]
    pub unaware: bool,
    /// True for OpenJ9.
    pub openj9: bool,
    /// True outside of Linux: other C libraries, no control groups.
    pub elsewhere: bool,
    /// True inside a container.
    pub contained: bool,
    /// True inside a pod of Kubernetes.
    pub pod: bool,
    /// The initial heap that an option sets: a maximum below it is refused.
    #[json(omit)]
    pub initial_heap: Option<Bytes>,
}

/// No area is expected to become more than so many times what was measured of it …
const GROWTH_TIMES: u64 = 3;
/// … and what the allocator holds back no more than this part, in thousandths, of all outside of the heap. Both leave the
/// allowances of a common server as they are; a JVM of 60 MiB besides its heap does not get 108 MiB to grow.
const GROWTH_MALLOC: u64 = 150;
/// An allowance that is never cut: what was not used yet at the moment of a snapshot may be used later.
const GROWTH_LEAST: Bytes = Bytes(8 * MIB);

impl Facts {
    /// Where nobody has set anything: the requests that words name, and allowances for growth in proportion to what was measured.
    pub fn knobs(&self) -> Knobs {
        let requests = self.requests.map_or(0, |requests| requests.count);
        let mut knobs = Knobs { concurrency: requests, failed: requests, ..Knobs::default() };
        let Some(non_heap) = self.non_heap else {
            // Direct buffers count up to the limit that is set.
            knobs.growth.direct = if self.direct_max.is_some() { Bytes(0) } else { knobs.growth.direct };
            return knobs;
        };
        let cap = |allowance: &mut Bytes, most: Bytes| *allowance = (*allowance).min(most.max(GROWTH_LEAST));
        let measured = |names: &[&str]| {
            let areas = self.areas.iter().filter(|area| names.contains(&area.name.as_str()));
            let sum = areas.fold(Bytes(0), |sum, area| sum.plus(area.bytes));
            Bytes(sum.0.saturating_mul(GROWTH_TIMES))
        };
        let growth = &mut knobs.growth;
        cap(&mut growth.code, measured(&["Code"]));
        cap(&mut growth.metaspace, measured(&["Class", "Metaspace"]));
        // Not direct buffers: their allowance becomes a cap, which a program that has used none yet would run into.
        cap(&mut growth.threads, measured(&["Thread"]));
        cap(&mut growth.malloc, share(non_heap.bytes, GROWTH_MALLOC));
        knobs
    }
}

/// A size, where it was read, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
pub struct Fact {
    /// The size.
    pub bytes: Bytes,
    /// The line it leads to.
    pub at: Option<Span>,
    /// How it is known.
    pub origin: Origin,
}

impl Fact {
    fn measured(bytes: Bytes, at: Option<Span>) -> Fact {
        Fact { bytes, at, origin: Origin::Measured }
    }
}

/// A count that words state, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
pub struct Count {
    /// How many.
    pub count: u64,
    /// The line it leads to.
    pub at: Option<Span>,
}

/// What a process cannot grow beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
pub struct Wall {
    /// Which.
    pub kind: WallKind,
    /// Where it stands.
    pub size: Fact,
}

/// Kinds of walls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
pub enum WallKind {
    /// The memory limit of a container.
    Limit,
    /// What the process held when the machine had nothing more to give.
    KilledAt,
    /// The memory of the machine.
    Ram,
    /// What the JVM saw: the memory of the machine, or a limit.
    Seen,
}

/// Committed memory of an NMT category.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Area {
    /// The category.
    pub name: String,
    /// Committed.
    pub bytes: Bytes,
    /// Where it stands.
    pub at: Option<Span>,
}

/// What stayed in the heap of a run.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct LiveSet {
    /// The run.
    pub run: String,
    /// Its size.
    pub size: Fact,
    /// True if it was read right after a full collection; otherwise it may be partly garbage.
    pub after_full: bool,
    /// True if it still grew.
    pub growing: bool,
}

/// Takes from an incident what tells about the heap's size. `None` if nothing does.
pub fn gather(incident: &Incident<'_>) -> Option<Facts> {
    let of_jvm = |victim: &Victim| {
        let run = victim.run.as_deref().and_then(|run| incident.run(run));
        run.is_none_or(|run| incident.may_be_jvm(run))
    };
    let kill = incident.decisive(|kill| kill.scope != OomScope::Sysrq).filter(|(_, victim)| of_jvm(victim));
    let run = target(incident, kill);
    let mut facts = Facts { run: run.map(str::to_owned), ..Facts::default() };
    let own = run.and_then(|run| incident.run(run));
    facts.collector = own.and_then(|run| run.collector.clone()).or_else(|| only_collector(incident));
    facts.commands = commands(incident, run);
    facts.subject = own.and_then(subject);
    facts.target = target_of(incident, own);
    find_wall(&mut facts, incident, run, kill);
    find_non_heap(&mut facts, incident, run);
    find_heaps(&mut facts, incident, run);
    find_untracked(&mut facts, run, kill);
    find_live_sets(&mut facts, incident, run);
    facts.elsewhere = run.filter(|_| kill.is_none() && facts.exhausted.is_none()).and_then(|run| {
        let of_classes = || pair_at_limit(incident, run).map(|_| metaspace_ran_out(incident, run));
        let small = || shared(incident, run)?.small("sizing.elsewhere.others");
        elsewhere(incident, run)
            .or_else(of_classes)
            .or_else(small)
            .or_else(|| Some(incident.outside_caps(run)?.tell("sizing.elsewhere.native")))
    });
    let nothing = facts.wall.is_none() || !incident.runs.iter().any(|run| incident.may_be_jvm(run));
    let nothing = nothing && facts.non_heap.is_none() && facts.live_sets.is_empty();
    let stated = stated::gather(incident);
    if nothing && !(stated.suffices() && incident.runs.len() <= 1) {
        return None;
    }
    facts.fill(stated);
    facts.swap = incident.swap().map(|swap| Fact::measured(swap.bytes, swap.at)).or(facts.swap);
    no_more_than_was_killed(&mut facts, kill);
    Some(facts)
}

/// `java (4711)`, the process that the answer is for.
fn subject(run: &Run) -> Option<Statement> {
    let pid = Quantity::Number(u64::from(run.pid?));
    let statement = match &run.name {
        Some(name) => {
            Statement::new("sizing.subject.named").with("name", Quantity::Word(name.clone()), run.at.get("name"))
        }
        None => Statement::new("sizing.subject"),
    };
    Some(statement.with("pid", pid, run.at.get("pid")))
}

fn target_of(incident: &Incident<'_>, run: Option<&Run>) -> Target {
    let own = Addressee::of(incident, run.map(|run| run.id.as_str()));
    let initial = run.and_then(|run| run.flags.iter().rev().find_map(|flag| initial_heap(flag)));
    Target {
        jdk: Some(own.jdk).filter(|jdk| *jdk != ANY_JDK),
        unaware: own.unaware,
        openj9: own.vendor == Vendor::OpenJ9,
        elsewhere: own.system != System::Linux,
        contained: !matches!(own.place, Place::Machine | Place::Platform),
        pod: matches!(own.place, Place::Kubernetes { .. }),
        initial_heap: initial,
    }
}

/// The commands for this process or the one that took its place, as its JVM, system, and container understand them.
fn commands(incident: &Incident<'_>, run: Option<&str>) -> Vec<Gap> {
    let own = Addressee::of(incident, run);
    let asked = Addressee::successor(incident, run);
    let of_next = own.ended && asked.pid.is_none();
    let tracked = !incident.readings.nmt.is_empty() || (!of_next && gaps::is_tracked(incident));
    let asks = [
        ("sizing.missing.wall", own.command(Ask::Bounds)),
        ("sizing.missing.seen", own.command(Ask::Bounds)),
        (if tracked { "sizing.missing.nmt" } else { "sizing.missing.nmt.off" }, asked.command(Ask::NativeMemory)),
        ("sizing.missing.live-set", asked.command(Ask::LiveSet)),
        (if of_next { "sizing.missing.flags.next" } else { "sizing.missing.flags" }, incident.command_for_maximum(run)),
        ("sizing.missing.requests", asked.command(Ask::Samples)),
    ];
    let gap = |(key, command): (&str, Option<String>)| Some(Gap { key: key.to_owned(), command: command? });
    asks.into_iter().filter_map(gap).collect()
}

/// What a command would tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Wall,
    Seen,
    Nmt,
    LiveSet,
    Flags,
    Requests,
}

impl Missing {
    pub(super) fn of(gap: &Gap) -> Option<Missing> {
        Some(match gap.key.as_str() {
            "sizing.missing.wall" => Missing::Wall,
            "sizing.missing.seen" => Missing::Seen,
            "sizing.missing.nmt" | "sizing.missing.nmt.off" => Missing::Nmt,
            "sizing.missing.live-set" => Missing::LiveSet,
            "sizing.missing.flags" | "sizing.missing.flags.next" => Missing::Flags,
            "sizing.missing.requests" => Missing::Requests,
            _ => return None,
        })
    }
}

/// The run that the question is about: the one that was killed, that reported an error, or that most is known of.
fn target<'a>(incident: &Incident<'a>, kill: Option<(&'a OomKill, &'a Victim)>) -> Option<&'a str> {
    let killed = kill.and_then(|(_, victim)| victim.run.as_deref());
    let failed = || incident.readings.java_errors.iter().rev().find_map(|error| incident.run_of_error(error));
    let most = || {
        let known = |run: &str| {
            let nmt = incident.nmt(run).count().min(1) * 4;
            nmt + incident.jstat(run).count().min(1) * 2 + usize::from(incident.max_heap(run).is_some())
        };
        let jvms = incident.runs.iter().filter(|run| incident.may_be_jvm(run));
        // Of pieces of logs that tell as much, the one that needs most: what is enough for it is enough for the other.
        let pieces = incident.runs.iter().all(|run| run.pid.is_none());
        let live = |run: &str| live_set(incident, run).filter(|_| pieces).map(|live| live.size.bytes);
        jvms.max_by_key(|run| (known(&run.id), live(&run.id))).map(|run| run.id.as_str())
    };
    killed.or_else(failed).or_else(most)
}

fn find_wall(facts: &mut Facts, incident: &Incident<'_>, run: Option<&str>, kill: Option<(&OomKill, &Victim)>) {
    let ram = incident.ram(run).map(|ram| Fact::measured(ram.bytes, ram.at));
    let limit = run.and_then(|run| incident.limit(run)).map(|limit| Fact::measured(limit.bytes, limit.at));
    facts.ram = ram;
    if let Some(limit) = limit.filter(|limit| ram.is_none_or(|ram| limit.bytes <= ram.bytes)) {
        facts.wall = Some(Wall { kind: WallKind::Limit, size: limit });
        facts.ram = Some(limit);
        let shared =
            run.and_then(|run| shared(incident, run)).map(|shared| Fact::measured(shared.rest(), shared.all.at));
        facts.others = shared.filter(|others| others.bytes >= SMALL_PROCESS);
        if let Some((kill, victim)) = kill.filter(|(kill, _)| kill.scope == OomScope::Cgroup) {
            facts.others = others_of(kill, victim);
            facts.kernel = kill.cgroup.as_ref().and_then(|cgroup| {
                let named = cgroup.stats.get("kernel").map(|bytes| (*bytes, cgroup.at.get("stats.kernel")));
                let (bytes, at) = named.or(cgroup.kmem_usage.map(|bytes| (bytes, cgroup.at.get("kmem_usage"))))?;
                Some(Fact::measured(bytes, at))
            });
        }
        return;
    }
    if let Some((kill, victim)) = kill.filter(|(kill, _)| kill.scope == OomScope::Global)
        && let Some(rss) = victim.resident()
        && was_most(kill, victim, ram.or_else(|| stated_ram(incident)))
    {
        let at = victim.resident_at().unwrap_or_else(|| kill_line(kill));
        facts.wall = Some(Wall { kind: WallKind::KilledAt, size: Fact::measured(rss, Some(at)) });
        let swap = incident.swap_at_kill(kill).or_else(|| incident.swap()).map(|swap| (swap.bytes, swap.at));
        let (key, swap) = match swap {
            Some((Bytes(0), _)) => ("sizing.caveat.wall", None),
            Some(swap) => ("sizing.caveat.swap", Some(swap)),
            None => match victim.swapped(kill) {
                Some((held, at)) => ("sizing.caveat.swap-held", Some((held, Some(at)))),
                None => ("sizing.caveat.swap-unknown", None),
            },
        };
        let caveat = Statement::new(key).with("wall", Quantity::Size(rss), Some(at));
        facts.caveats.push(match swap {
            Some((total, at)) => caveat.with("swap", Quantity::Size(total), at),
            None => caveat,
        });
        return;
    }
    // Where the processes do not explain how the memory was used up, what is left for one of them cannot be told.
    let explained = |(kill, victim): (&OomKill, &Victim)| {
        let listed = others_of(kill, victim).map_or(Bytes(0), |others| others.bytes);
        let used = listed.plus(victim.resident().unwrap_or_default());
        kill.scope != OomScope::Global || ram.is_none_or(|ram| used.0 >= ram.bytes.0 / 2)
    };
    if !kill.is_none_or(explained) {
        return;
    }
    if let Some(ram) = ram {
        facts.wall = Some(Wall { kind: WallKind::Ram, size: ram });
        let in_use = in_use(facts, incident, run, ram);
        let at_kill = kill.and_then(|(kill, victim)| others_of(kill, victim));
        let others = other_processes(incident, run).into_iter().chain(in_use).chain(at_kill);
        facts.others = others.max_by_key(|others| others.bytes);
    } else if let Some(seen) = run.and_then(|run| incident.memory_seen(run)) {
        let size = Fact::measured(seen.bytes, seen.at);
        facts.wall = Some(Wall { kind: WallKind::Seen, size });
        facts.ram = Some(size);
        facts.caveats.push(Statement::new("sizing.caveat.seen").with("ram", Quantity::Size(seen.bytes), seen.at));
        facts.others = other_processes(incident, run);
    }
}

/// What the run held of the container that YARN ended.
fn shared(incident: &Incident<'_>, run: &str) -> Option<Shared> {
    let listed = incident.host(run).rfind(|host| host.kind == HostKind::Ps)?;
    incident.in_yarn_container(listed).filter(|_| incident.jvms() <= 1)
}

fn stated_ram(incident: &Incident<'_>) -> Option<Fact> {
    let stated = incident.stated("stated_ram")?;
    Some(Fact { bytes: stated.bytes, at: stated.at, origin: Origin::Stated })
}

/// False if others than the victim are known to have held most of the memory: then what it held at its kill says nothing of what it may
/// have. By the machine's memory, by the other processes, or by the kernel's score, in thousandths of memory and swap;
/// and if none of these is known, since then others may have.
fn was_most(kill: &OomKill, victim: &Victim, ram: Option<Fact>) -> bool {
    let held = victim.held(kill).unwrap_or_default();
    let score = victim.share_of_all(kill).map(|(score, _)| score);
    ram.is_none_or(|ram| held.0 >= ram.bytes.0 / 2)
        && others_of(kill, victim).is_none_or(|others| held >= others.bytes)
        && (ram.is_some() || score.map_or(!kill.processes.is_empty(), |score| score >= 500))
}

/// What is in use of a machine besides the run, by what is available: a ceiling never exceeds what is left. How much of it is the run's
/// own say `ps` and the like, else its NMT; where neither does, all of it counts as that of others, and that is said.
fn in_use(facts: &mut Facts, incident: &Incident<'_>, run: Option<&str>, ram: Fact) -> Option<Fact> {
    let run = run.and_then(|run| incident.run(run)).filter(|run| !run.killed)?;
    let available = incident.available()?;
    let (at, available) = (available.at, available.bytes);
    let resident = incident.host(&run.id).rev().filter(|host| host.kind.subject() == Subject::Process);
    let own = resident.filter_map(|host| host.sizes.get("rss").copied()).next();
    let own = own.or_else(|| incident.nmt(&run.id).rev().find_map(|snapshot| snapshot.total.committed));
    // What an operating system and files take is a term of its own.
    let common = Knobs::default().os.plus(Knobs::default().page_cache);
    let rest = ram.bytes.0.checked_sub(available.plus(own.unwrap_or_default()).plus(common).0).map(Bytes)?;
    if own.is_none() {
        let caveat = Statement::new("sizing.caveat.available").with("available", Quantity::Size(available), at);
        facts.caveats.push(caveat.with("ram", Quantity::Size(ram.bytes), ram.at));
    }
    Some(Fact::measured(rest, at))
}

/// Resident memory of the other processes in the table of a kill.
fn others_of(kill: &OomKill, victim: &Victim) -> Option<Fact> {
    let others = || kill.processes.iter().filter(|row| row.pid != victim.pid).filter(|row| row.rss.is_some());
    let largest = others().max_by_key(|row| row.rss)?;
    let sum = others().filter_map(|row| row.rss).fold(Bytes(0), Bytes::plus);
    Some(Fact::measured(sum, Some(line(kill.source, largest.line))))
}

/// Resident memory of other large processes that `ps` or `top` list, as they were listed last: the head of `top`, or a process that is
/// listed again, begins another moment.
fn other_processes(incident: &Incident<'_>, run: Option<&str>) -> Option<Fact> {
    let mut seen: Vec<(u32, Bytes, Span)> = Vec::new();
    let listed = |host: &&HostReading| matches!(host.kind, HostKind::Ps | HostKind::Top | HostKind::TopSummary);
    for host in incident.readings.host.iter().filter(listed) {
        if host.kind == HostKind::TopSummary || seen.iter().any(|(known, ..)| Some(*known) == host.pid) {
            seen.clear();
        }
        let (Some(pid), Some(rss)) = (host.pid, host.sizes.get("rss").copied()) else { continue };
        if host.run.as_deref() == run || rss < SMALL_PROCESS {
            continue;
        }
        seen.push((pid, rss, line(host.source, host.first_line)));
    }
    let (_, _, at) = seen.iter().max_by_key(|(_, rss, _)| *rss)?;
    let sum = seen.iter().map(|(_, rss, _)| *rss).fold(Bytes(0), Bytes::plus);
    Some(Fact::measured(sum, Some(*at)))
}

/// NMT of the run, else of the only process that may be it, which is said.
fn find_non_heap(facts: &mut Facts, incident: &Incident<'_>, run: Option<&str>) {
    let usable = |snapshot: &&NmtSnapshot| accounting::non_heap(snapshot).is_some();
    let own = run.and_then(|run| incident.nmt(run).rev().find(usable));
    let snapshot = own.or_else(|| incident.readings.nmt.iter().rev().find(usable));
    let table = run.and_then(|run| incident.jstat(run).rev().find(|table| last(table, "MC").is_some()));
    let table = table.or_else(|| incident.readings.jstat.iter().rev().find(|table| last(table, "MC").is_some()));
    facts.metaspace = table.and_then(|table| Some(Fact::measured(last(table, "MC")?, last_row(table))));
    facts.metaspace = facts.metaspace.or_else(|| metaspace(incident, run?));
    let Some(snapshot) = snapshot else { return by_javacore(facts, incident, run) };
    let Some(known) = accounting::non_heap(snapshot) else { return };
    facts.non_heap = Some(Fact::measured(known.bytes, known.at));
    let possible = snapshot.categories.iter().filter(|category| !accounting::is_impossible(snapshot, category));
    let areas = possible.filter(|category| category.name != "Java Heap").filter_map(|category| {
        let bytes = category.committed.filter(|bytes| bytes.0 > 0)?;
        let at = category.at.get("committed").unwrap_or_else(|| line(snapshot.source, category.line));
        Some(Area { name: category.name.clone(), bytes, at: Some(at) })
    });
    facts.areas = areas.collect();
    facts.areas.order_by_key(|area| std::cmp::Reverse(area.bytes));
    facts.threads = accounting::category(snapshot, "Thread").and_then(|category| category.threads);
    facts.classes = accounting::category(snapshot, "Class").and_then(|category| category.classes);
    if own.is_none() {
        let at = known.at.or(Some(line(snapshot.source, snapshot.first_line)));
        // Inside of its container nearly every JVM is process 1.
        let caveat = match snapshot.pid.filter(|pid| *pid != 1) {
            Some(pid) => Statement::new("sizing.caveat.nmt-of-other").with(
                "pid",
                Quantity::Number(u64::from(pid)),
                snapshot.at.get("pid"),
            ),
            None => Statement::new("sizing.caveat.nmt-unnamed"),
        };
        facts.caveats.push(caveat.with("committed", Quantity::Size(known.bytes), at));
    }
}

/// What OpenJ9 calls its areas in a javacore. The heap is a part of what the collector has.
const OF_OPENJ9: [(&str, &str); 5] = [
    ("native_classes", "Classes"),
    ("native_direct", DIRECT_OF_OPENJ9),
    ("native_gc", "Memory Manager (GC)"),
    ("native_jit", "JIT"),
    ("native_threads", "Threads"),
];
/// Direct buffers there.
pub(super) const DIRECT_OF_OPENJ9: &str = "Direct Byte Buffers";

/// What OpenJ9 has outside of its heap by its javacore: all that the JVM and its libraries hold without the heap.
fn by_javacore(facts: &mut Facts, incident: &Incident<'_>, run: Option<&str>) {
    let Some(run) = run else { return };
    let size = |host: &HostReading, name: &str| {
        Some((*host.sizes.get(name)?, host.at.get(name).unwrap_or_else(|| line(host.source, host.first_line))))
    };
    let of_javacore =
        |host: &&HostReading| ["native_memory", "native_heap"].iter().all(|name| host.sizes.contains_key(*name));
    let Some(host) = incident.host(run).rev().find(of_javacore) else { return };
    let (Some((all, at)), Some((heap, _))) = (size(host, "native_memory"), size(host, "native_heap")) else { return };
    let Some(rest) = all.0.checked_sub(heap.0).filter(|rest| *rest > 0) else { return };
    facts.non_heap = Some(Fact::measured(Bytes(rest), Some(at)));
    let areas = OF_OPENJ9.iter().filter_map(|(name, label)| {
        let (bytes, at) = size(host, name)?;
        let bytes = if *name == "native_gc" { Bytes(bytes.0.checked_sub(heap.0)?) } else { bytes };
        (bytes.0 > 0).then(|| Area { name: (*label).to_owned(), bytes, at: Some(at) })
    });
    facts.areas = areas.collect();
    facts.areas.order_by_key(|area| std::cmp::Reverse(area.bytes));
}

/// Committed metaspace by the JVM's own words on its heap, else by its GC log.
fn metaspace(incident: &Incident<'_>, run: &str) -> Option<Fact> {
    let printed = incident.host(run).rev().find_map(|host| {
        let at = host.at.get("metaspace_committed").unwrap_or_else(|| line(host.source, host.first_line));
        Some(Fact::measured(*host.sizes.get("metaspace_committed")?, Some(at)))
    });
    printed.or_else(|| {
        let mut events = incident.gc_events(run).rev();
        events.find_map(|event| {
            let committed = *event.figures.get("metaspace_committed")?;
            Some(Fact::measured(committed, Some(event_line(incident.readings, event))))
        })
    })
}

fn find_heaps(facts: &mut Facts, incident: &Incident<'_>, run: Option<&str>) {
    let inside = Addressee::of(incident, run).seen_inside(incident, run);
    let own = [run, inside].into_iter().flatten().find_map(|run| incident.max_heap(run));
    let fact = |known: accounting::Known| Fact { bytes: known.bytes, at: known.at, origin: Origin::Flags };
    facts.max_heap = own.map(fact);
    let others = incident.runs.iter().filter(|other| Some(other.id.as_str()) != run);
    let all = own.into_iter().chain(others.filter_map(|other| incident.max_heap(&other.id)));
    let mut sizes = BTreeSet::new();
    for known in all {
        if sizes.insert(known.bytes) {
            facts.max_heaps.push(fact(known));
        }
    }
    let direct = incident.readings.java_errors.iter().rev().find(|error| error.kind == ErrorKind::DirectBuffer);
    facts.direct_exhausted = direct.and_then(|error| {
        let at = error.at.get("limit").unwrap_or_else(|| line(error.source, error.first_line));
        Some(Fact::measured(*error.sizes.get("limit")?, Some(at)))
    });
    let direct = run.and_then(|run| incident.size_option(run, "-XX:MaxDirectMemorySize="));
    facts.direct_max = direct.map(fact);
    // An error of another kind of memory says nothing about the heap.
    let failed = run.and_then(|run| incident.errors(run).rfind(|error| is_heap_full(error) && !error.told));
    if let (Some(error), Some(heap)) = (failed, own) {
        let at = error.at.get("message").unwrap_or_else(|| line(error.source, error.first_line));
        facts.exhausted = Some(Fact::measured(heap.bytes, Some(at)));
    } else if let Some(full) = run.and_then(|run| incident.run(run)).and_then(|run| heap_left_full(incident, run)) {
        facts.exhausted = Some(Fact::measured(full.bytes, full.at));
    }
}

/// The collector of all JVMs that name one, where they agree: what a process that ended did not tell, its successor does.
fn only_collector(incident: &Incident<'_>) -> Option<String> {
    let jvms = incident.runs.iter().filter(|run| incident.may_be_jvm(run));
    let mut named = jvms.filter_map(|run| run.collector.as_ref());
    let first = named.next()?;
    named.all(|other| other == first).then(|| first.clone())
}

/// What a run's last error says ran out, unless that was the heap.
fn elsewhere(incident: &Incident<'_>, run: &str) -> Option<Statement> {
    let error = incident.errors(run).rfind(|error| !error.told && error.kind != ErrorKind::Other)?;
    let line = || line(error.source, error.first_line);
    Some(match error.kind {
        ErrorKind::Metaspace => metaspace_ran_out(incident, run),
        ErrorKind::ClassSpace => Statement::new("sizing.elsewhere.class-space"),
        ErrorKind::Permgen => Statement::new("sizing.elsewhere.permgen"),
        ErrorKind::NativeThread => Statement::new("sizing.elsewhere.threads"),
        ErrorKind::DirectBuffer => {
            let size = |name: &str| Some((*error.sizes.get(name)?, error.at.get(name).unwrap_or_else(line)));
            match (size("allocated"), size("requested"), size("limit")) {
                (Some((allocated, _)), Some((requested, at)), Some((limit, at_limit))) => {
                    let statement = Statement::new("sizing.elsewhere.direct.needed");
                    let statement = statement.with("limit", Quantity::Size(limit), Some(at_limit));
                    statement.with("needed", Quantity::Size(allocated.plus(requested)), Some(at))
                }
                _ => Statement::new("sizing.elsewhere.direct"),
            }
        }
        ErrorKind::InsufficientMemory | ErrorKind::Native => match refusal(incident, error, Some(run)) {
            Refusal::OfProcess(_, limit) => {
                Statement::new("sizing.elsewhere.of-process").with("limit", Quantity::Size(limit.bytes), limit.at)
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// Its limit counts what is committed, which may be much more than what is in use.
fn metaspace_ran_out(incident: &Incident<'_>, run: &str) -> Statement {
    let Some(limit) = incident.metaspace_limit(run) else {
        return Statement::new("sizing.elsewhere.metaspace");
    };
    let known = incident.host(run).filter_map(|host| {
        let size = |name: &str| Some((*host.sizes.get(name)?, host.at.get(name)));
        Some((size("metaspace_committed")?, size("metaspace_used")?))
    });
    let known = known.max_by_key(|((committed, _), _)| *committed);
    let of = |key: &str| Statement::new(key).with("limit", Quantity::Size(limit.bytes), limit.at);
    let Some(((committed, at), (used, at_used))) = known else { return of("sizing.elsewhere.metaspace.limit") };
    let statement = of("sizing.elsewhere.metaspace.used").with("committed", Quantity::Size(committed), at);
    statement.with("used", Quantity::Size(used), at_used)
}

/// Heap space ran out, by the error or by the crash file that `-XX:+CrashOnOutOfMemoryError` leaves.
fn is_heap_full(error: &JavaError) -> bool {
    error.kind.is_of_heap()
        || (error.kind == ErrorKind::FatalError && error.message.contains("OutOfMemory encountered: Java heap space"))
}

/// What was resident at the kill beyond everything that is known of outside of the heap and the largest possible heap. Another heap stands
/// in for the process's own where it is the only one, and so does the NMT, which is said.
fn find_untracked(facts: &mut Facts, run: Option<&str>, kill: Option<(&OomKill, &Victim)>) {
    // Single-generation ZGC maps its heap several times, which the kernel counts as shared memory.
    let rss = kill.filter(|(_, victim)| victim.run.as_deref() == run).and_then(|(_, victim)| {
        victim.shmem_rss.is_none_or(|shmem| shmem.0 == 0).then_some((victim.resident()?, victim.resident_at()))
    });
    let one = || Some(*facts.max_heaps.first().filter(|_| facts.max_heaps.len() == 1)?);
    let heap = facts.max_heap.or_else(|| one().filter(|_| facts.non_heap.is_some()));
    if let (Some((rss, at)), Some(heap)) = (rss, heap) {
        // A process of the same program may differ by a little from the one that was killed.
        let outside = facts.non_heap.map_or_else(|| model::unmeasured_outside(facts), |fact| fact.bytes);
        if let Some(rest) = rss.0.checked_sub(outside.plus(heap.bytes).0).filter(|rest| *rest > 0) {
            facts.untracked = Some(Fact::measured(Bytes(rest), at));
        }
    }
}

/// The memory of a machine and the maximum heap by words alone, where nothing else tells what is needed: that what is assumed fits in the
/// rest proves nothing against whoever wrote them.
fn only_stated(facts: &Facts) -> Option<(Fact, Fact)> {
    let stated = |fact: &Fact| fact.origin == Origin::Stated;
    let ram = facts.wall.filter(|wall| wall.kind == WallKind::Ram)?.size;
    let nothing_measured = facts.non_heap.is_none() && facts.live_sets.is_empty();
    Some((ram, facts.max_heap?)).filter(|(ram, heap)| nothing_measured && stated(ram) && stated(heap))
}

/// The machine ran out of memory with a heap that was allowed to be no larger than this: where the sums come out above it, they miss what
/// the other processes took, and less fits.
fn no_more_than_was_killed(facts: &mut Facts, kill: Option<(&OomKill, &Victim)>) {
    let fits = |facts: &Facts| model::ceiling(facts, &facts.knobs());
    if let Some((ram, heap)) = only_stated(facts).filter(|(_, heap)| fits(facts) >= Some(heap.bytes)) {
        let told = Statement::new("sizing.elsewhere.stated").with("heap", Quantity::Size(heap.bytes), heap.at);
        let told = told.with("ram", Quantity::Size(ram.bytes), ram.at);
        facts.elsewhere =
            Some(told.with("rest", Quantity::Size(Bytes(ram.bytes.0.saturating_sub(heap.bytes.0))), None));
        facts.wall = None;
        return;
    }
    let heap = facts.max_heap.filter(|_| kill.is_some_and(|(kill, _)| kill.scope == OomScope::Global));
    if let Some(heap) = heap.filter(|heap| fits(facts) >= Some(heap.bytes)) {
        let told = Statement::new("sizing.elsewhere.killed-at-less");
        facts.elsewhere = Some(told.with("heap", Quantity::Size(heap.bytes), heap.at));
        (facts.wall, facts.others) = (None, None);
    }
}

fn find_live_sets(facts: &mut Facts, incident: &Incident<'_>, run: Option<&str>) {
    let own = run.and_then(|run| live_set(incident, run));
    let from_own = own.is_some();
    facts.live_sets = own.into_iter().collect();
    if from_own {
        return;
    }
    let others = incident.runs.iter().filter(|other| Some(other.id.as_str()) != run);
    facts.live_sets.extend(others.filter_map(|other| live_set(incident, &other.id)));
    // All of them are upper bounds of one program's live set, so the smallest is the tightest; but a process that has hardly
    // collected yet has not been through what the others have.
    facts.live_sets.order_by_key(|live| (incident.has_hardly_collected(&live.run), !live.after_full, live.size.bytes));
    if let Some(live) = facts.live_sets.first() {
        let pid = incident.run(&live.run).and_then(|run| run.pid.map(|pid| (pid, run.at.get("pid"))));
        let caveat = match pid {
            Some((pid, at)) => {
                Statement::new("sizing.caveat.live-set-of-other").with("pid", Quantity::Number(u64::from(pid)), at)
            }
            None => Statement::new("sizing.caveat.live-set-of-unnamed"),
        };
        let caveat = caveat.with("live", Quantity::Size(live.size.bytes), live.size.at);
        let releases = (Addressee::of(incident, Some(&live.run)).jdk, facts.target.jdk.unwrap_or(ANY_JDK));
        facts.caveats.push(caveat);
        facts.caveats.extend(headers_differ(releases).then(|| Statement::new("sizing.caveat.headers")));
    }
}

/// The first release in which objects have short headers unless an option says otherwise (JEP 534).
const SHORT_HEADERS: u32 = 27;

/// True if objects are known to be smaller in one of two releases.
pub(super) fn headers_differ((one, other): ((u32, u32), (u32, u32))) -> bool {
    let between = |(_, last): (u32, u32), (first, _): (u32, u32)| last < SHORT_HEADERS && first >= SHORT_HEADERS;
    between(one, other) || between(other, one)
}

/// What stayed in the heap of a run, by a histogram of live objects, else by its GC log, else by its `jstat` rows.
fn live_set(incident: &Incident<'_>, run: &str) -> Option<LiveSet> {
    let counted =
        incident.host(run).rev().find(|host| host.kind == HostKind::Histogram && host.sizes.contains_key("live"));
    if let Some(host) = counted {
        let size = Fact::measured(*host.sizes.get("live")?, host.at.get("live").or(Some(host_line(host))));
        return Some(LiveSet { run: run.to_owned(), size, after_full: true, growing: false });
    }
    let events: Vec<&GcEvent> = incident.gc_events(run).collect();
    let full = events.iter().rposition(|event| event.kind == GcKind::Full && event.after.is_some());
    let since = full.and_then(|at| events.get(at..)).unwrap_or(&events);
    let risen = full.is_some() && since.first().is_some_and(|event| is_of_start(event) && has_risen(event, since));
    if let Some(event) = since.first().filter(|_| full.is_some() && !risen) {
        let size = Fact::measured(event.after?, Some(event_line(incident.readings, event)));
        let mut before = events.iter().filter(|event| event.kind == GcKind::Full).filter_map(|event| event.after);
        let growing = grows(&before.by_ref().map(|after| after.0).collect::<Vec<_>>(), |bytes| *bytes);
        return Some(LiveSet { run: run.to_owned(), size, after_full: true, growing });
    }
    let marked: Vec<(u64, &GcEvent)> = events.iter().filter_map(|event| Some((marked(event)?.0, *event))).collect();
    // The first cycles of a JVM mark what it has loaded by then.
    if let Some((bytes, event)) = marked.last().filter(|_| marked.len() >= SETTLED) {
        let size = Fact::measured(Bytes(*bytes), Some(event_line(incident.readings, event)));
        let growing = grows(&marked, |(bytes, _)| *bytes);
        return Some(LiveSet { run: run.to_owned(), size, after_full: true, growing });
    }
    let by_table = incident.jstat(run).rev().find_map(|table| live_by_rows(table, run));
    if by_table.is_some() {
        return by_table;
    }
    let after: Vec<(u64, &GcEvent)> =
        since.iter().skip(usize::from(risen)).filter_map(|event| event.after.map(|after| (after.0, *event))).collect();
    let growing = grows(&after, |(bytes, _)| *bytes);
    let collector = incident.run(run).and_then(|run| run.collector.as_deref());
    let (bytes, event) = at_the_end(&after, growing && leaves_little(collector))?;
    let size = Fact::measured(Bytes(bytes), Some(event_line(incident.readings, event)));
    Some(LiveSet { run: run.to_owned(), size, after_full: false, growing })
}

/// A JVM has loaded its classes by this uptime.
const STARTED: Micros = Micros(60_000_000);

/// A full GC that no full heap called for while the program starts: what it needs later is not there yet.
fn is_of_start(event: &GcEvent) -> bool {
    let is_early = |cause: &str| event.uptime.map_or(cause.starts_with("Metadata"), |uptime| uptime < STARTED);
    event.cause.as_deref().is_some_and(|cause| !is_of_heap(cause) && is_early(cause))
}

/// True if all that later GCs left at the end is a good deal more than what this one left.
fn has_risen(event: &GcEvent, since: &[&GcEvent]) -> bool {
    let later: Vec<(u64, ())> = since.iter().skip(1).filter_map(|event| Some((event.after?.0, ()))).collect();
    at_the_end(&later, false).is_some_and(|(lowest, ())| event.after.is_some_and(|after| lowest > after.0 / 4 * 5))
}

/// Cycles from which on the last one tells more than how a JVM begins.
const SETTLED: usize = 4;

/// What ZGC found alive in the whole heap: its cycle leaves that and what was allocated meanwhile. A minor one marks the young
/// generation only.
fn marked(event: &GcEvent) -> Option<Bytes> {
    let live = |name: &str| event.figures.get(name).copied();
    live("live").or_else(|| {
        let (young, old) = live("young_live").zip(live("old_live"))?;
        (event.kind == GcKind::Major).then(|| young.plus(old))
    })
}

/// Old generation and survivors by `jstat -gc`: after the last full collection, else at the end.
fn live_by_rows(table: &JstatTable, run: &str) -> Option<LiveSet> {
    let alive = accounting::rows_alive(table);
    let old = Sizes::of(table, "OU")?;
    let survivors: Vec<Sizes<'_>> = ["S0U", "S1U"].iter().filter_map(|name| Sizes::of(table, name)).collect();
    let old_and_survivors =
        |row: usize| Some(survivors.iter().filter_map(|sizes| sizes.at(row)).fold(old.at(row)?, Bytes::plus));
    let mut sizes: Vec<(u64, usize)> = Vec::with_capacity(alive);
    sizes.extend((0..alive).filter_map(|row| Some((old_and_survivors(row)?.0, row))));
    let growing = grows(&sizes, |(bytes, _)| *bytes);
    let after_full = last_full_row(table, alive).and_then(|full| {
        let young = |row: usize| table.column("YGC").and_then(|column| column.fixed(row));
        let same_young = |row: &usize| young(*row) == young(full);
        let until = (full..alive).take_while(same_young).last()?;
        sizes.iter().filter(|(_, row)| (full..=until).contains(row)).min().copied()
    });
    let (bytes, row) =
        after_full.or_else(|| at_the_end(&sizes, growing && leaves_little(table.collector.as_deref())))?;
    let at = table.lines.get(row).map(|number| line(table.source, *number));
    let size = Fact::measured(Bytes(bytes), at);
    Some(LiveSet { run: run.to_owned(), size, after_full: after_full.is_some(), growing })
}

/// The last row before which a full collection was counted. Shenandoah counts its phases there, CMS its pauses.
fn last_full_row(table: &JstatTable, rows: usize) -> Option<usize> {
    if !leaves_little(table.collector.as_deref()) {
        return None;
    }
    table.column("FGC")?.rises().take_while(|row| *row < rows).last()
}

fn last(table: &JstatTable, name: &str) -> Option<Bytes> {
    accounting::cell(table, name, table.rows.checked_sub(1)?)
}

fn last_row(table: &JstatTable) -> Option<Span> {
    table.lines.last().map(|number| line(table.source, *number))
}

/// True of collectors that stop the program and count full collections: what they leave is no garbage of the meantime.
fn leaves_little(collector: Option<&str>) -> bool {
    matches!(collector, Some("G1" | "Serial" | "Parallel"))
}

/// The lowest of the last quarter, since between collections garbage is counted too; of what rises all along the last, since that is what
/// the heap had to hold.
fn at_the_end<T: Copy>(series: &[(u64, T)], rises: bool) -> Option<(u64, T)> {
    if rises {
        return series.last().copied();
    }
    let from = series.len() - series.len().div_ceil(4);
    series.get(from..)?.iter().min_by_key(|(bytes, _)| *bytes).copied()
}

/// True if the lowest point of every quarter is a good deal above that of the quarter before.
pub(crate) fn grows<T>(series: &[T], bytes: impl Fn(&T) -> u64) -> bool {
    let quarter = series.len() / 4;
    if quarter == 0 {
        return false;
    }
    let lows: Vec<u64> = series.chunks(quarter).take(4).filter_map(|part| part.iter().map(&bytes).min()).collect();
    lows.windows(2).all(|pair| matches!(pair, [before, after] if *after > before.saturating_add(before / 10)))
}
