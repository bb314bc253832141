//! The claim: what happened and why, and who it is about.

use super::lead::What;
use super::witness::{error_at, error_of, event_at, last_full, limit_at_kill, limit_of};
use super::{Case, Outcome};
use crate::analysis::accounting::Known;
use crate::analysis::addressee::Place;
use crate::analysis::control_group::{Group, GroupKind};
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::incident::{host_line, kill_line, line};
use crate::analysis::jvm_threads;
use crate::analysis::rule_id::RuleId;
use crate::analysis::rules::{Refusal, refusal};
use crate::analysis::statement::{Quantity, Statement};
use crate::civil::Zone;
use crate::i18n;
use crate::model::host::HostReading;
use crate::model::java::{IN_ALLOCATOR, JavaError};
use crate::model::joining::NOT_OOMKILLED;
use crate::model::kind::{ErrorKind, EventKind, HostKind, Strength, Subject};
use crate::model::oom::{Event, OomKill, OomScope, Victim};
use crate::source::Span;
use crate::units::{Bytes, Micros};

/// The outcome, and the claim that heads the report.
pub(super) fn say(case: &Case<'_>) -> (Outcome, Statement) {
    match case.lead.what {
        What::Kill(kill, victim) => (Outcome::Killed, killed(case, kill, victim)),
        What::Unfinished(kill) if kill.panic => (Outcome::Crashed, unfinished(case, kill)),
        What::Unfinished(kill) if kill.no_killable => (Outcome::AtRisk, unfinished(case, kill)),
        What::Unfinished(kill) => (Outcome::Killed, unfinished(case, kill)),
        // Why a JVM ended itself says more than that it did.
        What::Event(event) if let Some(error) = error_of(case, event) => {
            (of_event(event.kind), by_error(case, error).1)
        }
        What::Event(event) if event.told => (of_event(event.kind), told(event)),
        What::Event(event) => (of_event(event.kind), by_event(case, event)),
        What::Counted(host, count) => {
            let at = host.at.get("oom_kill").unwrap_or_else(|| host_line(host));
            let key = "verdict.headline.counted";
            (Outcome::Killed, Statement::new(key).with("count", Quantity::Count(count), Some(at)))
        }
        What::Error(error) => by_error(case, error),
        What::State(finding) => (of_state(finding), by_finding(finding)),
        What::Nothing => nothing(case),
    }
}

/// Process, container, and time, as far as they are known.
pub(super) fn subject(case: &Case<'_>) -> Vec<Statement> {
    let process = |name: &str, pid: u32, at: Option<Span>| {
        let key = if name.is_empty() { "verdict.subject.pid" } else { "verdict.subject.process" };
        let statement = Statement::new(key).with("pid", Quantity::Number(u64::from(pid)), at);
        if name.is_empty() { statement } else { statement.with("name", Quantity::Word(name.to_owned()), at) }
    };
    let named = |name: &str, at: Option<Span>| {
        Statement::new("verdict.subject.name").with("name", Quantity::Word(name.to_owned()), at)
    };
    let zone = case.incident.readings.clocks.common_zone();
    let mut parts = Vec::new();
    match case.lead.what {
        What::Kill(kill, victim) => {
            parts.push(process(&victim.name, victim.pid, victim.at.get("pid").or(Some(kill_line(kill)))));
            parts.extend(moment(zone, kill.time, kill.local_time, kill.uptime, kill_time_at(kill), true));
        }
        What::Unfinished(kill) => {
            if let Some(chosen) = &kill.chosen {
                parts.push(process(&chosen.name, chosen.pid, Some(line(kill.source, chosen.line))));
            }
            parts.extend(moment(zone, kill.time, kill.local_time, kill.uptime, kill_time_at(kill), true));
        }
        What::Event(event) => {
            let at = event_at(event);
            match (&event.name, event.pid) {
                (name, Some(pid)) => parts.push(process(name.as_deref().unwrap_or_default(), pid, Some(at))),
                (Some(name), None) => parts.push(named(name, event.at.get("name").or(Some(at)))),
                (None, None) => {}
            }
            parts.extend(moment(zone, event.time, event.local_time, event.uptime, at, true));
        }
        What::Counted(host, _) => {
            if let Some(name) = host.name.as_deref().or(host.words.get("path").map(String::as_str)) {
                parts.push(named(name, Some(host_line(host))));
            }
        }
        What::Error(error) => {
            if let Some(pid) = error.pid.or_else(|| run_pid(case)) {
                parts.push(process("", pid, error.at.get("pid").or(Some(error_at(error)))));
            }
            parts.extend(moment(zone, error.time, error.local_time, error.uptime, error_at(error), false));
        }
        What::State(_) | What::Nothing => {
            parts.extend(run_pid(case).map(|pid| process("", pid, run_at(case))));
        }
    }
    parts
}

fn run_pid(case: &Case<'_>) -> Option<u32> {
    case.incident.run(case.lead.run?)?.pid
}

fn run_at(case: &Case<'_>) -> Option<Span> {
    case.incident.run(case.lead.run?)?.at.get("pid")
}

fn kill_time_at(kill: &OomKill) -> Span {
    ["time", "local_time", "uptime"].into_iter().find_map(|name| kill.at.get(name)).unwrap_or_else(|| kill_line(kill))
}

/// When it was: on the clock, else since the start of what `of_machine` says.
fn moment(
    zone: Zone,
    time: Option<Micros>,
    local_time: Option<Micros>,
    uptime: Option<Micros>,
    at: Span,
    of_machine: bool,
) -> Option<Statement> {
    let (key, quantity) = match (time, local_time, uptime) {
        (Some(time), ..) => ("verdict.subject.time", Quantity::time(time, zone)),
        (_, Some(time), _) => ("verdict.subject.time", Quantity::LocalTime(time)),
        (.., Some(uptime)) if of_machine => ("verdict.subject.since-boot", Quantity::Duration(uptime)),
        (.., Some(uptime)) => ("verdict.subject.since-start", Quantity::Duration(uptime)),
        _ => return None,
    };
    Some(Statement::new(key).with("time", quantity, Some(at)))
}

/// What reached its limit: the kind of a control group that people say, and the limit.
fn group(case: &Case<'_>, kill: &OomKill) -> (&'static str, Option<Known>) {
    let cgroup = kill.cgroup.as_ref().filter(|cgroup| !cgroup.path.is_empty());
    let kind = match cgroup.map(|cgroup| Group::of(&cgroup.path).kind) {
        Some(GroupKind::Pod) => "verdict.group.pod",
        Some(GroupKind::Service) => "verdict.group.service",
        Some(GroupKind::Slice | GroupKind::Cgroup) | None => match case.addressee.place {
            Place::Docker { .. } | Place::Kubernetes { .. } => "verdict.group.container",
            Place::Unit(_) | Place::Group | Place::Machine | Place::Platform => "verdict.group.cgroup",
        },
        Some(
            GroupKind::Container
            | GroupKind::Containerd
            | GroupKind::Crio
            | GroupKind::Docker
            | GroupKind::Kubernetes
            | GroupKind::Lxc
            | GroupKind::Podman,
        ) => "verdict.group.container",
    };
    (kind, limit_at_kill(case, kill))
}

fn killed(case: &Case<'_>, kill: &OomKill, victim: &Victim) -> Statement {
    let name = Quantity::Word(victim.name.clone());
    let at = victim.at.get("name").or(Some(kill_line(kill)));
    let (kind, limit) = group(case, kill);
    let key = match (kill.scope, limit) {
        (OomScope::Global, _) => "verdict.headline.killed.machine",
        (OomScope::Cgroup, Some(_)) => "verdict.headline.killed.limit",
        (OomScope::Cgroup, None) => "verdict.headline.killed.group",
        (OomScope::Cpuset | OomScope::Policy, _) => "verdict.headline.killed.nodes",
        (OomScope::Sysrq, _) => "verdict.headline.killed.sysrq",
        (OomScope::Unknown, _) => "verdict.headline.killed",
    };
    let mut statement = Statement::new(key).with("name", name, at);
    if kill.scope == OomScope::Cgroup {
        statement = statement.with("kind", Quantity::Term(kind.to_owned()), None);
        if let Some(limit) = limit {
            statement = statement.with("limit", Quantity::Size(limit.bytes), limit.at);
        }
    }
    statement
}

fn unfinished(case: &Case<'_>, kill: &OomKill) -> Statement {
    if kill.panic {
        return Statement::new("verdict.headline.panic");
    }
    let (kind, limit) = group(case, kill);
    if kill.no_killable {
        return match limit {
            Some(limit) => Statement::new("verdict.headline.no-killable.limit")
                .with("kind", Quantity::Term(kind.to_owned()), None)
                .with("limit", Quantity::Size(limit.bytes), limit.at),
            None => Statement::new("verdict.headline.no-killable"),
        };
    }
    if let Some(chosen) = &kill.chosen {
        let (at, name) = (Some(line(kill.source, chosen.line)), Quantity::Word(chosen.name.clone()));
        return match limit {
            Some(limit) => Statement::new("verdict.headline.chosen.limit")
                .with("kind", Quantity::Term(kind.to_owned()), None)
                .with("limit", Quantity::Size(limit.bytes), limit.at)
                .with("name", name, at),
            None if kill.scope == OomScope::Global => {
                Statement::new("verdict.headline.chosen.machine").with("name", name, at)
            }
            None if kill.scope == OomScope::Cgroup => Statement::new("verdict.headline.chosen.group")
                .with("kind", Quantity::Term(kind.to_owned()), None)
                .with("name", name, at),
            None => Statement::new("verdict.headline.chosen").with("name", name, at),
        };
    }
    if limit.is_none() && kill.scope == OomScope::Cgroup {
        let kind = Quantity::Term(kind.to_owned());
        return Statement::new("verdict.headline.unfinished.group").with("kind", kind, None);
    }
    match (limit, &kill.trigger) {
        (Some(limit), _) => Statement::new("verdict.headline.unfinished.limit")
            .with("kind", Quantity::Term(kind.to_owned()), None)
            .with("limit", Quantity::Size(limit.bytes), limit.at),
        (None, Some(trigger)) => {
            // A thread is none whom people know by its name.
            let job = jvm_threads::job(&trigger.name);
            let told = Statement::new(match (trigger.in_container && kill.scope == OomScope::Unknown, job) {
                (true, None) => "verdict.headline.unfinished.container",
                (false, None) => "verdict.headline.unfinished.trigger",
                (true, Some(_)) => "verdict.headline.unfinished.container.thread",
                (false, Some(_)) => "verdict.headline.unfinished.trigger.thread",
            });
            let told = told.with("name", Quantity::Word(trigger.name.clone()), trigger.at.get("name"));
            job.into_iter().fold(told, |told, job| told.with("job", Quantity::Term(job.to_owned()), None))
        }
        (None, None) => Statement::new("verdict.headline.unfinished"),
    }
}

const fn of_event(kind: EventKind) -> Outcome {
    match kind {
        EventKind::CrashOnOom | EventKind::Exit134 => Outcome::Crashed,
        EventKind::CrashLoop
        | EventKind::Exit0
        | EventKind::DaemonLost
        | EventKind::ExecutorLost
        | EventKind::ForkLost
        | EventKind::Exit143
        | EventKind::Exit3
        | EventKind::ExitFailed
        | EventKind::ExitOnOom
        | EventKind::ImageWatchdog
        | EventKind::Sigterm
        | EventKind::SparkOom => Outcome::Exited,
        EventKind::KubernetesEvicted | EventKind::KubernetesEvictedDisk => Outcome::Evicted,
        EventKind::CircuitBreaker
        | EventKind::CommitRefused
        | EventKind::ForkRefused
        | EventKind::GuardPagesFailed
        | EventKind::MemoryCalculator
        | EventKind::SparkResultSize
        | EventKind::ThreadNotStarted => Outcome::Refused,
        _ if kind.ends_process() => Outcome::Killed,
        _ => Outcome::AtRisk,
    }
}

/// A kill of which only words tell.
fn told(event: &Event) -> Statement {
    let key = if event.kind.is_oomkilled() { "verdict.headline.oomkilled" } else { event.kind.key() };
    Statement::new("verdict.headline.told.event").with("event", Quantity::Term(key.to_owned()), Some(event_at(event)))
}

fn by_event(case: &Case<'_>, event: &Event) -> Statement {
    // Who sent a signal says more than that it came.
    let sender = case.incident.sender(event).unwrap_or(event);
    let what = Quantity::Term(sender.kind.key().to_owned());
    let event = if event.name.is_some() { event } else { sender };
    let name = event.name.clone().map(|name| (name, event.at.get("name").or(Some(event_at(event)))));
    if event.kind.is_oomkilled() || event.kind == EventKind::ContainerOom {
        let limit = limit_of(case, event);
        let key = match (&name, limit) {
            (Some(_), Some(_)) => "verdict.headline.oomkilled.name.limit",
            (Some(_), None) => "verdict.headline.oomkilled.name",
            (None, Some(_)) => "verdict.headline.oomkilled.limit",
            (None, None) => "verdict.headline.oomkilled",
        };
        let mut statement = Statement::new(key);
        if let Some((name, at)) = name {
            statement = statement.with("name", Quantity::Word(name), at);
        }
        if let Some(limit) = limit {
            statement = statement.with("limit", Quantity::Size(limit.bytes), limit.at);
        }
        return statement;
    }
    if event.kind == EventKind::KubernetesSystemOom
        && let Some((name, at)) = &name
    {
        return Statement::new("verdict.headline.killed.machine").with("name", Quantity::Word(name.clone()), *at);
    }
    if event.kind == EventKind::PageAllocationFailure
        && let (Some((name, at)), Some(size)) = (&name, event.sizes.get("requested"))
    {
        let size_at = event.at.get("requested").or(*at);
        return Statement::new("verdict.headline.page-allocation")
            .with("name", Quantity::Word(name.clone()), *at)
            .with("size", Quantity::Size(*size), size_at);
    }
    if event.kind == EventKind::ForkRefused && event.lacks_memory() {
        return match name {
            Some((name, at)) => {
                Statement::new("verdict.headline.fork.memory.name").with("name", Quantity::Word(name), at)
            }
            None => Statement::new("verdict.headline.fork.memory"),
        };
    }
    if event.kind == EventKind::MemoryCalculator
        && let (Some(requested), Some(limit)) = (event.sizes.get("requested"), event.sizes.get("limit"))
        && let Some(short) = requested.0.checked_sub(limit.0)
    {
        return Statement::new("verdict.headline.memory-calculator")
            .with("requested", Quantity::Size(*requested), event.at.get("requested"))
            .with("limit", Quantity::Size(*limit), event.at.get("limit"))
            .with("short", Quantity::Size(Bytes(short)), None);
    }
    if event.kind == EventKind::OomKiller
        && let Some((name, at)) = &name
    {
        return Statement::new("verdict.headline.killed").with("name", Quantity::Word(name.clone()), *at);
    }
    let is_jvm = case.lead.run.is_some() && case.addressee.is_jvm;
    if event.kind == EventKind::ShellKilled {
        return match name {
            Some((name, at)) => Statement::new("verdict.headline.signal").with("name", Quantity::Word(name), at),
            None if is_jvm => Statement::new("verdict.headline.signal.jvm"),
            None => Statement::new("verdict.headline.event").with(
                "event",
                Quantity::Term(event.kind.key().to_owned()),
                Some(event_at(event)),
            ),
        };
    }
    let at = Some(event_at(event));
    let by_limit = event.kind.enforces_limit()
        || event.kind == EventKind::LambdaKilled
        || event.strength() == Some(Strength::Guard);
    let limit = limit_of(case, event).filter(|_| by_limit);
    let key = match (&name, limit) {
        (Some(_), Some(_)) => "verdict.headline.event.name.limit",
        (Some(_), None) => "verdict.headline.event.name",
        (None, Some(_)) => "verdict.headline.event.limit",
        (None, None) => "verdict.headline.event",
    };
    let mut statement = Statement::new(key).with("event", what, at);
    if let Some((name, named)) = name {
        statement = statement.with("name", Quantity::Word(name), named);
    }
    if let Some(limit) = limit {
        statement = statement.with("limit", Quantity::Size(limit.bytes), limit.at);
    }
    statement
}

fn by_error(case: &Case<'_>, error: &JavaError) -> (Outcome, Statement) {
    let at = Some(error_at(error));
    let out_of_memory = after_error(case);
    let heap = case.lead.run.and_then(|run| case.incident.max_heap(run));
    let size = |name: &str| error.sizes.get(name).map(|size| (*size, error.at.get(name).or(at)));
    let plain = |outcome, key: &str| (outcome, Statement::new(key));
    let sized = |outcome, key: &str, name: &str, (size, at): (Bytes, Option<Span>)| {
        (outcome, Statement::new(key).with(name, Quantity::Size(size), at))
    };
    if error.told {
        let message = Quantity::Word(error.quoted());
        let outcome = if error.is_of_crash_head() { Outcome::Crashed } else { out_of_memory };
        return (outcome, Statement::new("verdict.headline.told").with("message", message, at));
    }
    match (error.kind, heap) {
        (ErrorKind::HeapSpace, Some(heap)) => {
            sized(out_of_memory, "verdict.headline.heap.max", "heap", (heap.bytes, heap.at))
        }
        (ErrorKind::HeapSpace, None) => match last_full(case) {
            Some(last) if last.after.0 >= last.committed.0 - last.committed.0 / 20 => {
                sized(out_of_memory, "verdict.headline.heap.committed", "heap", (last.committed, Some(last.at)))
            }
            _ => plain(out_of_memory, "verdict.headline.heap"),
        },
        (ErrorKind::GcOverhead, _) => plain(out_of_memory, "verdict.headline.gc-overhead"),
        (ErrorKind::ArraySize, _) => plain(out_of_memory, "verdict.headline.array"),
        (ErrorKind::Metaspace, _) => plain(out_of_memory, "verdict.headline.metaspace"),
        (ErrorKind::ClassSpace, _) => plain(out_of_memory, "verdict.headline.class-space"),
        (ErrorKind::Permgen, _) => plain(out_of_memory, "verdict.headline.permgen"),
        (ErrorKind::DirectBuffer, _) => match size("limit") {
            Some(limit) => sized(out_of_memory, "verdict.headline.direct.limit", "limit", limit),
            None => plain(out_of_memory, "verdict.headline.direct"),
        },
        (ErrorKind::NativeThread, _) if error.is_forbidden() => {
            let outcome = if case.addressee.refused { Outcome::Refused } else { out_of_memory };
            plain(outcome, "verdict.headline.threads.permission")
        }
        (ErrorKind::NativeThread, _) if case.addressee.refused => {
            plain(Outcome::Refused, "verdict.headline.threads.startup")
        }
        (ErrorKind::NativeThread, _) => plain(out_of_memory, "verdict.headline.threads"),
        (ErrorKind::MapFailed, _) => plain(out_of_memory, "verdict.headline.map-failed"),
        (ErrorKind::Native | ErrorKind::InsufficientMemory, _) => {
            let why = refusal(case.incident, error, case.lead.run);
            // A JVM asks for its heap as a whole when it starts.
            let outcome = match why {
                _ if case.addressee.refused => Outcome::Refused,
                Refusal::Heap => Outcome::Refused,
                Refusal::Short(_) if case.addressee.end_is_known => Outcome::Crashed,
                _ if case.addressee.end_is_known && is_at_start(case, error) => Outcome::Refused,
                _ if case.addressee.end_is_known => Outcome::Crashed,
                _ if error.message.contains("OutOfMemoryError") => out_of_memory,
                _ => Outcome::Refused,
            };
            match (why, size("requested")) {
                _ if error.is_of_openj9() => plain(outcome, "verdict.headline.native.openj9"),
                (Refusal::Permission, _) => plain(outcome, "verdict.headline.native.permission"),
                (Refusal::Limit(free), Some(size)) => {
                    let (outcome, headline) = sized(outcome, "verdict.headline.native.limit", "size", size);
                    (outcome, headline.with("free", Quantity::Size(free.bytes), free.at))
                }
                (Refusal::OfProcess(_, limit), Some(size)) => {
                    let (outcome, headline) = sized(outcome, "verdict.headline.native.of-process", "size", size);
                    (outcome, headline.with("limit", Quantity::Size(limit.bytes), limit.at))
                }
                (Refusal::Heap, Some(size)) => sized(outcome, "verdict.headline.native.heap", "size", size),
                (why, Some(size)) if error.is_of_paging_file() || matches!(why, Refusal::Commit(_)) => {
                    sized(outcome, "verdict.headline.native.windows", "size", size)
                }
                (Refusal::Mappings, Some(size)) => sized(outcome, "verdict.headline.native.mappings", "size", size),
                (_, None) if error.is_of_paging_file() => plain(outcome, "verdict.headline.native.windows.unsized"),
                (_, Some(size)) => sized(outcome, "verdict.headline.native.size", "size", size),
                (_, None) => plain(outcome, "verdict.headline.native"),
            }
        }
        (ErrorKind::Startup, _) => {
            match size("requested").filter(|(size, _)| error.is_of_object_heap() && size.0 > 0) {
                Some(size) => sized(Outcome::Refused, "verdict.headline.startup.heap", "size", size),
                None if error.is_of_object_heap() => plain(Outcome::Refused, "verdict.headline.startup.heap.unsized"),
                None => plain(Outcome::Refused, "verdict.headline.startup"),
            }
        }
        (ErrorKind::FatalError, _) if error.is_of_crash_log() => plain(Outcome::Crashed, "verdict.headline.crash.file"),
        (ErrorKind::FatalError, _) if error.at.get(IN_ALLOCATOR).is_some() => {
            plain(Outcome::Crashed, "verdict.headline.crash.allocator")
        }
        (ErrorKind::FatalError, _) => plain(Outcome::Crashed, "verdict.headline.crash"),
        (ErrorKind::Other | ErrorKind::Unknown, _) => plain(out_of_memory, "verdict.headline.error"),
    }
}

/// So long after its beginning a JVM has its heap.
const STARTED: Micros = Micros(100_000);
/// Mapped at once, so much is mostly a part of the heap that a JVM starts with; what a running one adds is less.
const PART_OF_HEAP: Bytes = Bytes(32 << 20);

/// True if memory was refused before anything shows that the program ran.
fn is_at_start(case: &Case<'_>, error: &JavaError) -> bool {
    let has_run = |run| case.incident.gc_events(run).next().is_some() || case.incident.jstat(run).next().is_some();
    let is_large = error.sizes.get("requested").is_some_and(|size| *size >= PART_OF_HEAP);
    match error.uptime {
        Some(uptime) => uptime < STARTED,
        None => is_large && !case.lead.run.is_some_and(has_run),
    }
}

/// What became of the JVM that reported an error.
fn after_error(case: &Case<'_>) -> Outcome {
    match case.lead.run {
        Some(run) if case.incident.has_crash_file(run) => Outcome::Crashed,
        _ if case.addressee.end_is_known => Outcome::Exited,
        _ => Outcome::OutOfMemory,
    }
}

fn of_state(finding: &Finding) -> Outcome {
    match finding.rule {
        _ if finding.statement.key.ends_with(".growing") => Outcome::Growing,
        // A program reports its worst seconds: what lies between them is not known, or little.
        RuleId::GcShareOfTime
            if finding.statement.values.contains_key("count") && finding.severity > Severity::Critical =>
        {
            Outcome::AtRisk
        }
        // What a young GC leaves may be garbage, and what cycles leave may be what was allocated meanwhile.
        RuleId::HeapFullAfterCollecting if finding.statement.key.ends_with(".young") => Outcome::AtRisk,
        RuleId::HeapFullAfterCollecting if finding.statement.key.ends_with(".vain") => Outcome::AtRisk,
        RuleId::FullCollectionThrash
        | RuleId::GcShareOfTime
        | RuleId::HeapFullAfterCollecting
        | RuleId::ManyFullCollections => Outcome::Thrashing,
        RuleId::ClassGrowth | RuleId::NmtDiffGrowth | RuleId::RisingFloor => Outcome::Growing,
        RuleId::LongestStop => Outcome::Stopped,
        _ => Outcome::AtRisk,
    }
}

/// The claim of a finding, in the few words of a headline where the catalogue has them.
fn by_finding(finding: &Finding) -> Statement {
    let values = &finding.statement.values;
    // The words for this very claim, else those for any claim of the rule.
    let claim = finding.statement.key.strip_prefix("rule.").unwrap_or_default();
    let known = [claim, finding.rule.name()].into_iter().find_map(|rule| {
        let key = format!("verdict.headline.rule.{rule}");
        let names = i18n::placeholders(&key).filter(|names| names.iter().all(|name| values.contains_key(*name)))?;
        Some((key, names))
    });
    let Some((key, names)) = known else { return finding.statement.clone() };
    let mut statement = Statement::new(&key);
    statement.values = values.clone();
    statement.values.retain(|name, _| names.contains(&name.as_str()));
    statement
}

/// The number of a line.
fn line_of(at: Option<Span>) -> Quantity {
    Quantity::Number(u64::from(at.map_or(0, |at| at.line)))
}

fn nothing(case: &Case<'_>) -> (Outcome, Statement) {
    let readings = case.incident.readings;
    let is_stated = |host: &HostReading| host.kind == HostKind::Stated;
    let hosts = || readings.host.iter().filter(|host| !is_stated(host));
    let is_empty = readings.jstat.is_empty()
        && readings.nmt.is_empty()
        && readings.oom_kills.is_empty()
        && readings.gc_logs.is_empty()
        && readings.gc_events.is_empty()
        && readings.events.is_empty()
        && readings.host.iter().all(is_stated);
    if is_empty {
        return (Outcome::NothingRecognised, Statement::new("verdict.headline.nothing"));
    }
    // A part of what a living JVM answers to `VM.info` looks the same.
    let has_file = readings.host.iter().any(|host| host.kind == HostKind::HsErr)
        || case.incident.runs.iter().any(|run| case.incident.has_crash_file(&run.id));
    if has_file && !case.incident.shows_living_jvm() {
        return (Outcome::Crashed, Statement::new("verdict.headline.crash-file"));
    }
    if let Some(good) = case.findings.iter().find(|finding| finding.severity == Severity::Good) {
        return (Outcome::Healthy, by_finding(good));
    }
    if let Some(event) = readings.events.iter().rev().find(|event| event.is_past()) {
        let key = "verdict.headline.past-kill";
        let at = event.at.get(NOT_OOMKILLED);
        return (Outcome::NothingFound, Statement::new(key).with("line", line_of(at), at));
    }
    let machine = |subject: Subject| matches!(subject, Subject::Machine | Subject::Node | Subject::Container);
    let only_machine =
        !crate::analysis::addressee::shows_jvm(case.incident) && hosts().all(|host| machine(host.kind.subject()));
    let only_containers = hosts().all(|host| host.kind.subject() == Subject::Container);
    let key = match (only_machine, only_containers) {
        (true, true) => "verdict.headline.no-kill.container",
        (true, false) => "verdict.headline.no-kill",
        (false, _) => "verdict.headline.no-end",
    };
    (Outcome::NothingFound, Statement::new(key))
}
