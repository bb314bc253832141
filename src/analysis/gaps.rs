//! What would make the report stronger: the commands whose output is missing, ranked by what they decide per minute.

use std::cmp::Ordering;

use crate::analysis::addressee::{Addressee, Ask, Place};
use crate::analysis::incident::Incident;
use crate::analysis::verdict::lead::subject_run;
use crate::formats::gc_log::monitor;
use crate::formats::heap_info::javacore;
use crate::json::Json;
use crate::model::gc::GcKind;
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, EventKind, HostKind, Strength, Subject};
use crate::model::oom::{Event, OomKill, OomScope};
use crate::order::InOrder as _;

/// A missing piece and the command that gives it.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Gap {
    /// Catalogue key of why it matters: `gap.<name>`.
    pub key: String,
    /// The command, as this process, JVM, and system understand it, or the option to start with.
    pub command: String,
}

/// What an answer would decide, and how much that is worth beside the others.
#[derive(Clone, Copy)]
enum Decides {
    /// The answer itself.
    Verdict = 8,
    /// A border of the range for the heap's size.
    HeapSize = 4,
    /// Which of two explanations holds.
    Rivals = 3,
    /// Who asked for the memory that was not there.
    Trigger = 2,
    /// Nothing by itself; it makes the rest easier to read.
    Nothing = 1,
}

/// Minutes of a command that answers at once.
const COMMAND: u32 = 1;
/// Minutes of finding a place in the kernel's log, or of watching for a minute.
const SEARCH: u32 = 2;
/// Minutes until a process that was started with another option has something to tell.
const RESTART: u32 = 30;

/// What ran out there has a limit of its own, whatever the machine has, as has the heap; a start finds no address space, or has a wrong option.
const IN_AN_AREA: [ErrorKind; 7] = [
    ErrorKind::ArraySize,
    ErrorKind::ClassSpace,
    ErrorKind::DirectBuffer,
    ErrorKind::Metaspace,
    ErrorKind::NativeThread,
    ErrorKind::Permgen,
    ErrorKind::Startup,
];

/// A gap, what it would decide, and the minutes that it costs.
struct Candidate {
    gap: Gap,
    decides: Decides,
    minutes: u32,
}

impl Candidate {
    /// What is worth more per minute comes first.
    fn rank(&self, other: &Candidate) -> Ordering {
        (other.decides as u32 * self.minutes).cmp(&(self.decides as u32 * other.minutes))
    }
}

/// What is missing, the most telling per minute first; of equals, the one that was named first.
pub fn find(incident: &Incident<'_>) -> Vec<Gap> {
    let mut found = candidates(incident);
    found.order_by(Candidate::rank);
    found.into_iter().map(|candidate| candidate.gap).collect()
}

fn candidates(incident: &Incident<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let Incident { readings, runs, .. } = *incident;
    let subject = subject_run(incident);
    let own = Addressee::of(incident, subject);
    let asked = Addressee::successor(incident, subject);
    let mut missing = |absent: bool, key: &str, decides: Decides, minutes: u32, command: Option<String>| {
        if let Some(command) = command.filter(|_| absent) {
            found.push(Candidate { gap: Gap { key: key.to_owned(), command }, decides, minutes });
        }
    };
    // A process that ended cannot be asked: what its successor says holds for it if both were started alike.
    let of_next = own.ended && asked.pid.is_none();
    let by_time = |now: &'static str, next: &'static str| if of_next { next } else { now };
    // On Fargate there is no machine to ask, and the limit stands in the task definition.
    let by_ecs = readings.events.iter().any(|event| event.kind == EventKind::EcsOomkilled);
    missing(
        killed_at_unknown_limit(incident, subject) && !by_ecs,
        "gap.limit",
        Decides::Verdict,
        COMMAND,
        own.command(Ask::Limit),
    );
    // What words say need not be asked for, though nothing rests on it.
    let is_stated = |name: &str| incident.stated(name).is_some();
    let in_crash_file = readings.host.iter().any(|host| host.kind == HostKind::HsErr);
    // One that names no memory follows from one that does.
    let names_memory = |error: &&JavaError| error.kind != ErrorKind::Other;
    let last_error = readings.java_errors.iter().rfind(names_memory).or(readings.java_errors.last());
    // Where the file is named, what to do says to read it.
    let is_named = readings.java_errors.iter().any(|error| error.file.is_some());
    // The history of the heap was cut out of one, which begins with why the JVM crashed.
    let is_answer = || readings.host.iter().any(|host| host.kind == HostKind::VmInfo);
    let is_part = last_error.is_none() && readings.gc_logs.iter().any(|log| log.style == "hs-err") && !is_answer();
    // OpenJ9 writes a javacore, which its next step names.
    let is_refused = last_error.is_some_and(|error| error.kind.is_refusal() && !error.is_of_openj9());
    missing(
        !in_crash_file && !is_named && (is_refused || is_part),
        "gap.crash-file",
        Decides::Verdict,
        COMMAND,
        own.command(Ask::CrashFile),
    );
    let printed = runs.iter().any(|run| !run.flags.is_empty())
        || readings.host.iter().any(|host| host.kind.prints_options() || host.kind == HostKind::FlagsFinal)
        || incident.jvms() <= 1 && is_stated("stated_heap_max");
    // A heap that was full at a maximum that nobody knows.
    let of_heap = last_error.is_some_and(|error| error.kind.is_of_heap());
    let full = readings.gc_events.iter().any(|event| event.kind == GcKind::Full);
    let unknown = !runs.iter().any(|run| run.max_heap.is_some());
    let told = readings.oom_kills.is_empty() && readings.java_errors.is_empty();
    let decides = if of_heap || told && full && unknown { Decides::Verdict } else { Decides::Rivals };
    let flags = incident.command_for_maximum(subject);
    // What a build was started with is written where its options are set.
    let of_build = last_error.and_then(|error| readings.application(error.source, error.first_line));
    let of_build = of_build.is_some_and(|application| application.is_build);
    let key = if own.has_javacore { "gap.flags" } else { by_time("gap.flags", "gap.flags.next") };
    missing(!printed && !of_build, key, decides, COMMAND, flags);
    let in_file = readings.host.iter().any(|host| host.words.contains_key("argument_file"));
    missing(in_file, "gap.argument-file", Decides::Rivals, COMMAND, asked.command(Ask::CommandLine));
    let by = |strength: Strength| readings.events.iter().any(|event| event.strength() == Some(strength));
    // Who killed is known; where only a signal is told, the kernel knows; of what lives its log says nothing.
    let by_platform = by(Strength::Platform);
    let lives = !readings.nmt.is_empty() || readings.host.iter().any(|host| host.kind.subject() == Subject::Container);
    let ended = readings.events.iter().any(|event| event.kind.ends_process());
    // The kernel says itself that nobody was killed, or nothing is known to ask about.
    let is_warning = told && readings.events.iter().any(|event| event.kind == EventKind::PageAllocationFailure);
    let is_empty = runs.is_empty() && told && readings.events.is_empty() && readings.host.is_empty();
    // A program that watches over the machine says whom it ended.
    let by_watcher =
        readings.events.iter().any(|event| event.kind.ends_process() && event.strength() == Some(Strength::UserSpace));
    let by_sender = readings.events.iter().any(|event| event.kind.tells_sender());
    // Nor did the kernel where somebody asked it to end, or the disk was full.
    let other = |kind: EventKind| kind.is_sigterm() || kind == EventKind::KubernetesEvictedDisk;
    let mut ends = readings.events.iter().map(|event| event.kind).filter(|kind| kind.ends_process());
    let other_end = ended && ends.all(other);
    let is_known = by_platform || by_watcher || by_sender || by_ecs || other_end;
    // Who asks about pauses misses no process.
    let only_gc = !ended && !readings.gc_events.is_empty() && readings.events.is_empty() && readings.host.is_empty();
    // A JVM that printed its heap ended by itself.
    let exited = !ended && readings.host.iter().any(|host| incident.is_at_exit(host));
    let asks_kernel = told && !is_known && (ended || !lives) && !is_warning && !is_empty && !only_gc && !exited;
    let decides = if by(Strength::Signal) { Decides::Verdict } else { Decides::Rivals };
    let key = match () {
        () if readings.events.iter().any(|event| event.kind.is_oomkilled()) => "gap.kernel.killed",
        () if by(Strength::Signal) => "gap.kernel.signal",
        () => "gap.kernel",
    };
    missing(asks_kernel, key, decides, SEARCH, own.command(Ask::KernelReport));
    // The line that names the groups of a kill is no report either.
    let in_group = |kill: &OomKill| kill.scope == OomScope::Cgroup && kill.cgroup.is_some();
    let counted = |kill: &OomKill| kill.ram.or(kill.swap_total).is_some();
    let bare = |kill: &OomKill| kill.processes.is_empty() && !in_group(kill) && !counted(kill);
    let only_kill_line = !readings.oom_kills.is_empty() && readings.oom_kills.iter().all(bare);
    // Of a machine that ran out the rest of the report says who held its memory.
    let of_machine = readings.oom_kills.iter().all(|kill| matches!(kill.scope, OomScope::Global | OomScope::Unknown));
    let decides = if of_machine { Decides::Verdict } else { Decides::Trigger };
    // Who is killed stands at its end, whose request it was at its beginning.
    let key = match readings.oom_kills.last() {
        Some(kill) if kill.victims.is_empty() => "gap.whole-report.end",
        Some(kill) if kill.trigger.is_some() => "gap.whole-report.parts",
        _ => "gap.whole-report",
    };
    missing(only_kill_line, key, decides, SEARCH, own.command(Ask::KernelReport));
    // Inside a limit the memory of the machine decides nothing.
    let elsewhere = last_error.is_some_and(|error| IN_AN_AREA.contains(&error.kind));
    let limited = elsewhere
        || of_heap
        || incident.limit_of_container(None).is_some()
        || other_end
        || is_warning
        || is_empty
        || readings.oom_kills.iter().any(|kill| kill.swap_total.is_some())
        || own.place != Place::Machine
        || by_platform
        || subject.is_some_and(|run| incident.limit(run).or_else(|| incident.memory_seen(run)).is_some())
        || readings.oom_kills.iter().any(|kill| kill.scope == OomScope::Cgroup);
    let resident = is_stated("stated_resident") || readings.host.iter().any(|host| host.sizes.contains_key("rss"));
    missing(
        told && lives && !readings.nmt.is_empty() && !resident,
        "gap.resident",
        Decides::HeapSize,
        COMMAND,
        asked.command(Ask::Resident),
    );
    missing(
        !incident.knows_machine()
            && !is_watched(incident)
            && !limited
            && !is_stated("stated_ram")
            && !is_stated("stated_limit"),
        "gap.machine",
        Decides::HeapSize,
        COMMAND,
        own.command(Ask::Machine),
    );
    let tracked = !of_next && is_tracked(incident);
    missing(
        readings.nmt.is_empty(),
        if tracked { "gap.nmt" } else { by_time("gap.nmt.off", "gap.nmt.next") },
        Decides::HeapSize,
        if tracked { COMMAND } else { RESTART },
        asked.command(Ask::NativeMemory),
    );
    let without_clock = readings.jstat.iter().all(|table| table.column("Timestamp").is_none());
    let clock = !readings.jstat.is_empty() && without_clock && readings.gc_logs.is_empty();
    missing(clock, "gap.clock", Decides::Nothing, SEARCH, asked.command(Ask::Samples));
    let logged =
        readings.gc_logs.iter().any(|log| !matches!(log.style.as_str(), "hs-err" | javacore::STYLE | monitor::STYLE));
    // Where the options write a log already, it is only not in the input.
    let writes = runs.iter().flat_map(|run| &run.flags).any(|flag| writes_gc_log(flag));
    let options = asked.gc_log_options();
    let several = options.len() > 1;
    for option in options {
        let key = match option {
            _ if !several => "gap.gc-log",
            _ if option.starts_with("-Xlog:") => "gap.gc-log.from-9",
            _ => "gap.gc-log.to-8",
        };
        missing(!logged && !writes, key, Decides::HeapSize, RESTART, Some(option.to_owned()));
    }
    found
}

/// A container was killed at its limit, and how large that is is not in the input.
fn killed_at_unknown_limit(incident: &Incident<'_>, subject: Option<&str>) -> bool {
    let readings = incident.readings;
    let killed = readings.oom_kills.iter().any(|kill| kill.scope == OomScope::Cgroup)
        || readings.events.iter().any(|event| event.kind.is_oomkilled() || event.kind == EventKind::ContainerOom);
    let known = subject.is_some_and(|run| incident.limit(run).is_some())
        || readings.oom_kills.iter().any(|kill| kill.cgroup.as_ref().is_some_and(|cgroup| cgroup.limit.is_some()))
        || incident.limit_of_container(None).is_some()
        || incident.stated("stated_limit").is_some();
    killed && !known
}

/// An option that writes the collections down.
fn writes_gc_log(flag: &str) -> bool {
    ["-Xloggc", "-Xlog:gc", "-Xverbosegclog"].iter().any(|option| flag.starts_with(option))
}

/// Native memory tracking is on, so that a living process can be asked.
pub(super) fn is_tracked(incident: &Incident<'_>) -> bool {
    let tracks = |flag: &String| flag.strip_prefix("-XX:NativeMemoryTracking=").is_some_and(|level| level != "off");
    let answers = |event: &Event| {
        matches!(event.kind, EventKind::NmtBaseline | EventKind::NmtNoBaseline | EventKind::NmtNoDetail)
            || matches!(event.kind, EventKind::NmtNoDetailBaseline | EventKind::NmtStatistics)
    };
    incident.runs.iter().filter(|run| !run.killed).flat_map(|run| &run.flags).any(tracks)
        || incident.readings.events.iter().any(answers)
}

/// True if a program that watches the machine prints how much memory and swap it has.
fn is_watched(incident: &Incident<'_>) -> bool {
    let has = |host: &HostReading| ["mem_total", "swap_total"].iter().all(|name| host.sizes.contains_key(*name));
    incident.readings.host.iter().any(|host| host.kind == HostKind::Earlyoom && has(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::readings::Readings;
    use crate::model::run::Run;

    fn keys(runs: &[Run]) -> Vec<String> {
        find(&Incident::new(&Readings::default(), runs)).into_iter().map(|gap| gap.key).collect()
    }

    #[test]
    fn what_decides_more_per_minute_comes_first() {
        assert_eq!(keys(&[]), Vec::<String>::new(), "nothing is known to ask about");
        let jvm = Run { name: Some("java".into()), jdk: Some("17.0.9".into()), ..Run::default() };
        assert_eq!(keys(&[jvm]), ["gap.machine", "gap.flags", "gap.kernel", "gap.nmt.off", "gap.gc-log"]);
    }

    #[test]
    fn what_switches_a_log_on_is_what_the_release_understands() {
        let of = |jdk: &str| {
            let run = Run { name: Some("java".into()), jdk: Some(jdk.into()), ..Run::default() };
            let gaps = find(&Incident::new(&Readings::default(), &[run]));
            gaps.into_iter().filter(|gap| gap.key.starts_with("gap.gc-log")).map(|gap| gap.command).collect::<Vec<_>>()
        };
        assert!(of("1.8.0_131").iter().all(|option| option.starts_with("-Xloggc:")), "{:?}", of("1.8.0_131"));
        assert!(of("21.0.1").iter().all(|option| option.starts_with("-Xlog:gc*")), "{:?}", of("21.0.1"));
        assert_eq!((of("8-10").len(), of("11+").len()), (2, 1));
    }

    #[test]
    fn where_tracking_is_on_its_command_costs_no_restart() {
        let run = |level: &str, killed: bool| Run {
            flags: vec![format!("-XX:NativeMemoryTracking={level}")],
            killed,
            ..Run::default()
        };
        let logs = ["gap.gc-log.from-9", "gap.gc-log.to-8"];
        let with = |first: &[&'static str]| first.iter().chain(&logs).copied().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(keys(&[run("summary", false)]), with(&["gap.machine", "gap.nmt", "gap.kernel"]));
        assert_eq!(keys(&[run("off", false)]), with(&["gap.machine", "gap.kernel", "gap.nmt.off"]));
        assert_eq!(keys(&[run("summary", true)]), with(&["gap.machine", "gap.kernel", "gap.nmt.next"]));
    }
}
