//! What to do: what to set, what to ask, what to look at; and the one fact that is missing.

use super::lead::What;
use super::witness::error_of;
use super::{Case, MAX_ACTIONS, remedy};
use crate::analysis::addressee::{Addressee, Ask, Place, Vendor, shows_jvm};
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::gaps::Gap;
use crate::analysis::place::System;
use crate::analysis::rule_id::RuleId;
use crate::analysis::rules::{Refusal, refusal};
use crate::analysis::statement::{Quantity, Statement};
use crate::i18n;
use crate::model::java::JavaError;
use crate::model::joining::{NOT_OOMKILLED, OF_FLINK};
use crate::model::kind::{ErrorKind, EventKind, HostKind, Strength};
use crate::model::oom::Event;
use crate::units::Bytes;

/// The actions, in order.
pub(super) fn choose(case: &Case<'_>, headline: &Statement) -> Vec<Statement> {
    let mut actions: Vec<Statement> = Vec::new();
    actions.extend(by_event(case));
    let place = options_place(case);
    if let Some((place, true)) = &place {
        actions.push(place.clone());
    }
    let tells = |finding: &&Finding| finding.severity <= Severity::Warning;
    let more_room = heap_size(case);
    // It says how far to raise the limit.
    let is_answered = |finding: &&Finding| {
        finding.rule == RuleId::LimitBelowHeapPlusNative
            && more_room.as_ref().is_some_and(|room| room.key == "sizing.change.limit")
    };
    if let Some(more_room) = more_room.clone() {
        // Of what grows, it only puts off the end.
        let growing = case.own_findings().filter(tells).find(|finding| finding.rule.is_of_growth());
        actions.extend(growing.and_then(|finding| finding.next.first()).cloned());
        actions.push(more_room);
    }
    actions.extend(written(case));
    actions.extend(smaller_start(case));
    // What decides between explanations comes before all else.
    let open = |finding: &&Finding| finding.rivals.len() > 1;
    let first = case.own_findings().filter(tells).filter(open);
    let settings = |finding: &&Finding| finding.rule.is_of_settings();
    let rest = || case.own_findings().filter(tells).filter(|finding| !open(finding) && !is_answered(finding));
    for finding in first.chain(rest().filter(settings)).chain(rest().filter(|finding| !settings(finding))) {
        let command = |action: &Statement| action.values.get("command").map(|command| command.quantity.clone());
        let is_new = |next: &&Statement| {
            actions.iter().all(|known| known != *next && (command(next).is_none() || command(known) != command(next)))
        };
        let new = finding.next.iter().find(is_new).cloned();
        actions.extend(new);
    }
    // Of what grows, more room only puts off the end, and where a limit was reached so does a live set.
    let grows = |finding: &Finding| finding.rule.is_of_growth() || finding.rule == RuleId::RisingFloor;
    if matches!(case.lead.what, What::Kill(..) | What::Event(_)) && case.own_findings().filter(tells).any(grows) {
        for key in RAISES {
            if let Some(at) = actions.iter().position(|action| action.key == key) {
                let raise = actions.remove(at);
                // But it is said.
                actions.insert(actions.len().min(MAX_ACTIONS - 1), raise);
            }
        }
    }
    // A build is gone, and does the same work again.
    match place {
        Some((_, true)) => actions.retain(|action| !asks_process(action)),
        Some((place, false)) => actions.insert(actions.len().min(1), place),
        None => {}
    }
    if !matches!(options_place(case), Some((_, true))) {
        actions.extend(heap_dump(case));
    }
    if actions.is_empty() {
        actions.extend(remedy::of_lead(case));
    }
    actions.extend(smaller_build(case));
    if headline.key == "verdict.headline.nothing" {
        actions.extend(to_paste(case));
    }
    actions
}

/// Actions that give more room below the same wall, or move it.
const RAISES: [&str; 4] = [
    "rule.limit-below-heap-plus-native.next",
    "rule.limit-below-heap-plus-native.raise.next",
    "sizing.change.limit",
    "verdict.action.heap",
];

/// Where less is left for a heap, what is assumed of the memory outside it decides, and no number is said.
const MEASURABLE: Bytes = Bytes(256 << 20);

/// Says behind an action that sets a heap or a limit how large, as far as the sizing of that process knows.
pub(super) fn name_size(case: &Case<'_>, actions: &mut Vec<Statement>) {
    const SETS: [&str; 5] = [
        "rule.limit-below-heap-plus-native.next",
        "rule.limit-below-heap-plus-native.raise.next",
        "verdict.action.limit",
        "verdict.action.limit.openj9",
        "verdict.action.yarn",
    ];
    let Some(sizing) = case.sizing.filter(|sizing| sizing.decides.is_none() && case.addressee.is_jvm) else { return };
    let is_own = sizing.run.as_deref().is_none_or(|run| case.lead.run == Some(run));
    let Some(at) = actions.iter().position(|action| SETS.contains(&action.key.as_str())).filter(|_| is_own) else {
        return;
    };
    let fits = sizing.reason.key == "sizing.reason.estimate";
    // A maximum that is lower was reached all the same: what is outside the heap is the question.
    let of_run = case.lead.run.and_then(|run| case.incident.max_heap(run)).map(|heap| heap.bytes);
    let in_texts = case.incident.readings.host.iter().filter_map(|host| host.sizes.get("heap_max").copied());
    let is_lower = of_run.into_iter().chain(in_texts).any(|heap| Some(heap) <= sizing.ceiling);
    let at_most = || {
        let ceiling = Quantity::Size(sizing.ceiling.filter(|ceiling| fits && !is_lower && *ceiling >= MEASURABLE)?);
        Some(Statement::new("verdict.action.heap.at-most").with("ceiling", ceiling, None))
    };
    let limit = || sizing.changes.iter().find(|change| change.key == "sizing.change.limit-for-heap").cloned();
    actions.splice(at + 1..at + 1, at_most().or_else(limit));
}

/// Says behind the first command without a pid whom it is for, where the process that it would ask has ended.
pub(super) fn name_next_run(case: &Case<'_>, actions: &mut Vec<Statement>) {
    if case.addressee.end_is_known
        && let Some(at) = actions.iter().position(asks_process)
    {
        actions.insert(at + 1, Statement::new("verdict.action.next-run"));
    }
}

/// True for a command to which a pid is to be put.
fn asks_process(action: &Statement) -> bool {
    let command = action.values.get("command").map(|command| &command.quantity);
    matches!(command, Some(Quantity::Word(command)) if command.split(' ').any(|word| word == "PID"))
}

/// Where the program that had the error takes the option from that would give it more room; and if that is what helps first.
fn options_place(case: &Case<'_>) -> Option<(Statement, bool)> {
    let error = error(case)?;
    let application = case.incident.readings.application(error.source, error.first_line)?;
    let option = match error.kind {
        kind if kind.is_of_heap() => "-Xmx",
        ErrorKind::Metaspace if application.takes_all => "-XX:MaxMetaspaceSize",
        ErrorKind::Permgen if application.takes_all => "-XX:MaxPermSize",
        ErrorKind::ClassSpace if application.takes_all => "-XX:CompressedClassSpaceSize",
        ErrorKind::DirectBuffer if application.takes_all => "-XX:MaxDirectMemorySize",
        _ => return None,
    };
    let term = |key: String| Quantity::Term(key);
    let (place, default) = ["options", "default"].map(|what| format!("application.{}.{what}", application.id)).into();
    let is_known = case.lead.run.is_some_and(|run| case.incident.max_heap(run).is_some());
    let default = Some(default).filter(|key| !is_known && i18n::knows(key));
    let key = if default.is_some() { "verdict.action.options-place.default" } else { "verdict.action.options-place" };
    let statement = Statement::new(key)
        .with("option", Quantity::Word(option.to_owned()), None)
        .with("application", term(format!("application.{}", application.id)), None)
        .with("place", term(place), None);
    let statement = match default {
        Some(default) => statement.with("default", term(default), None),
        None => statement,
    };
    Some((statement, application.is_build))
}

/// What helps a JVM of a build that a signal ended, if it was for memory.
fn smaller_build(case: &Case<'_>) -> Option<Statement> {
    let What::Event(event) = case.lead.what else { return None };
    let is_lost = matches!(event.kind, EventKind::Exit137 | EventKind::ForkLost);
    let application = case.incident.readings.application(event.source, event.first_line).filter(|_| is_lost)?;
    application.is_build.then(|| {
        let term = |what: &str| Quantity::Term(format!("application.{}{what}", application.id));
        let statement = Statement::new("verdict.action.application.smaller").with("application", term(""), None);
        statement.with("place", term(".options"), None)
    })
}

/// Where nothing was recognised: what prints something that would be.
fn to_paste(case: &Case<'_>) -> impl Iterator<Item = Statement> {
    // Who comes here has a JVM.
    let jvm = Addressee { is_jvm: true, ..case.addressee.clone() };
    let asks = [("verdict.action.paste.kernel", Ask::KernelReport), ("verdict.action.paste.counters", Ask::Samples)];
    asks.into_iter().filter_map(move |(key, ask)| {
        Some(Statement::new(key).with("command", Quantity::Word(jvm.command(ask)?), None))
    })
}

/// What works where the process ran: at the platform that killed it, or where it is told who sent a signal.
fn by_event(case: &Case<'_>) -> Option<Statement> {
    let What::Event(event) = case.lead.what else { return None };
    // That the heap leaves too little of the limit has its own next step.
    let told = |finding: &Finding| finding.rule == RuleId::LimitBelowHeapPlusNative;
    let key = match event.kind {
        EventKind::Yarn if let Some(settings) = of_framework(case, event) => settings,
        EventKind::Yarn if case.lead.run.is_some_and(|run| case.incident.outside_caps(run).is_some()) => {
            "verdict.action.yarn.native"
        }
        EventKind::Yarn | EventKind::MemoryLimitExceeded if case.own_findings().any(told) => return None,
        EventKind::Yarn if let Some(small) = small_jvm(case) => return Some(small),
        // The node manager names a process of its container; Spark repeats what YARN said of an executor.
        EventKind::Yarn if case.incident.readings.events.iter().all(|event| !is_of_spark(event)) => {
            "verdict.action.yarn"
        }
        EventKind::Yarn => "verdict.action.yarn.spark",
        EventKind::YarnVirtual => "verdict.action.yarn-virtual",
        EventKind::DaemonLost => "verdict.action.daemon-lost",
        EventKind::ExecutorLost => "verdict.action.executor-lost",
        EventKind::SparkOom => "verdict.action.spark-oom",
        EventKind::ForkLost => "verdict.action.fork-lost",
        EventKind::MemoryCalculator => "verdict.action.memory-calculator",
        EventKind::CloudFoundryOom => "verdict.action.cloud-foundry",
        EventKind::QuotaExceeded => "verdict.action.quota",
        EventKind::MemoryLimitExceeded | EventKind::Slurm => return Some(remedy::of_platform(case, event.kind)),
        _ if let Some(sender) = case.incident.sender(event) => match sender.kind {
            EventKind::ProbeFailed => "verdict.action.probe",
            _ => "verdict.action.stop",
        },
        kind if kind.is_sigterm() => "verdict.action.sigterm",
        kind if kind.strength() == Some(Strength::Signal) => {
            let in_container = matches!(case.addressee.place, Place::Docker { .. } | Place::Kubernetes { .. });
            let of_machine = event.at.get(NOT_OOMKILLED).is_some();
            let ask = if in_container && !of_machine { Ask::Limit } else { Ask::KernelReport };
            let command = Quantity::Word(case.addressee.command(ask)?);
            return Some(Statement::new("verdict.action.signal").with("command", command, None));
        }
        _ => return None,
    };
    Some(Statement::new(key))
}

/// Where the framework that asked YARN for the container has its settings: by the class that the JVM ran, or by who tells of its end.
fn of_framework(case: &Case<'_>, event: &Event) -> Option<&'static str> {
    const FRAMEWORKS: [(&str, &str); 4] = [
        ("YarnChild", "verdict.action.yarn.mapreduce"),
        ("MRAppMaster", "verdict.action.yarn.mapreduce.master"),
        ("flink", "verdict.action.yarn.flink"),
        ("YarnTaskExecutorRunner", "verdict.action.yarn.flink"),
    ];
    let mains = case.incident.readings.host.iter().rev().filter_map(|host| host.words.get("main"));
    let by_main = || {
        let mut known = mains.filter_map(|main| FRAMEWORKS.iter().find(|(name, _)| main.contains(name)));
        known.next().map(|(_, key)| *key)
    };
    event.at.get(OF_FLINK).map(|_| "verdict.action.yarn.flink").or_else(by_main)
}

/// That the JVM of a container, of this or of another one in the input, is small beside what all of its processes used.
fn small_jvm(case: &Case<'_>) -> Option<Statement> {
    let listed = case.incident.readings.host.iter().filter(|host| host.kind == HostKind::Ps && host.run.is_some());
    // Where one of them is large, it is the one.
    let all: Option<Vec<Statement>> =
        listed.map(|java| case.incident.in_yarn_container(java)?.small("verdict.action.yarn.small")).collect();
    all?.pop()
}

/// True for what Spark says of an executor, of which it knows no process.
fn is_of_spark(event: &Event) -> bool {
    event.kind == EventKind::Yarn && event.pid.is_none()
}

/// Findings that another maximum of the heap would answer.
const OF_HEAP: [RuleId; 5] = [
    RuleId::FullCollectionThrash,
    RuleId::HeapFullAfterCollecting,
    RuleId::HeapMaxAboveRam,
    RuleId::LimitBelowHeapPlusNative,
    RuleId::OldGenerationSmall,
];

/// The option that sets the heap, where the input decides it; the limit that is needed where none fits below
/// the one that was reached.
fn heap_size(case: &Case<'_>) -> Option<Statement> {
    let heap_decides = match case.lead.what {
        What::Kill(..) => true,
        What::Event(event) => event.kind.is_oomkilled() || event.strength() == Some(Strength::Platform),
        What::Error(error) => error.kind.is_of_heap(),
        What::State(finding) => OF_HEAP.contains(&finding.rule),
        What::Unfinished(_) | What::Counted(..) | What::Nothing => false,
    };
    let sizing = case.sizing.filter(|sizing| sizing.decides.is_none() && case.addressee.is_jvm && heap_decides)?;
    // The heap of another process is no answer for this one.
    let is_own = sizing.run.as_deref().is_none_or(|run| case.lead.run == Some(run));
    let limit = || sizing.changes.iter().find(|change| change.key == "sizing.change.limit");
    if let (What::Kill(..) | What::Event(_), true, Some(limit)) = (&case.lead.what, is_own, limit()) {
        return Some(limit.clone());
    }
    sizing.recommended.filter(|_| is_own)?;
    let flag = sizing.flags.iter().find(|flag| flag.text.starts_with("-Xmx"))?;
    Some(Statement::new("verdict.action.heap").with("command", Quantity::Word(flag.text.clone()), None))
}

/// The error that the answer is about, or of which the JVM ended itself.
fn error<'a>(case: &Case<'a>) -> Option<&'a JavaError> {
    match case.lead.what {
        What::Error(error) => Some(error),
        What::Event(event) => error_of(case, event),
        _ => None,
    }
}

/// The file that was written: it tells more than any question.
fn written(case: &Case<'_>) -> Option<Statement> {
    let error = error(case)?;
    let of_run = || case.lead.run.and_then(|run| case.incident.errors(run).rev().find(|error| error.file.is_some()));
    let error = Some(error).filter(|error| error.file.is_some()).or_else(of_run)?;
    let file = error.file.as_ref()?;
    let key = if error.dump_failed() {
        "verdict.action.dump-failed"
    } else if file.rsplit(['/', '\\']).next().is_some_and(|name| name.starts_with("hs_err")) {
        "verdict.action.crash-file"
    } else {
        "verdict.action.dump"
    };
    Some(Statement::new(key).with("file", Quantity::Word(file.clone()), error.at.get("file")))
}

/// Committed at once, so much is mostly a part of the heap that a JVM starts with.
const PART_OF_HEAP: Bytes = Bytes(64 << 20);

/// That a JVM that was refused a large piece at its start may ask for less, or the machine get more.
fn smaller_start(case: &Case<'_>) -> Option<Statement> {
    let What::Error(error) = case.lead.what else { return None };
    let is_large = error.sizes.get("requested").is_some_and(|size| *size >= PART_OF_HEAP);
    let is_short = matches!(refusal(case.incident, error, case.lead.run), Refusal::Unknown);
    // Another error shows that the program ran.
    let is_only = case
        .incident
        .readings
        .java_errors
        .iter()
        .all(|other| other.told || other.kind.is_refusal() || other.kind == ErrorKind::Startup);
    let ran = |run| case.incident.gc_events(run).next().is_some() || case.incident.jstat(run).next().is_some();
    let has_run = case.lead.run.is_some_and(ran) || error.uptime.is_some();
    let key = match case.addressee.system {
        System::Windows => "verdict.action.smaller-start.windows",
        _ => "verdict.action.smaller-start",
    };
    (error.kind.is_refusal() && is_large && is_short && is_only && !has_run && !error.is_of_windows())
        .then(|| Statement::new(key))
}

/// A dump of the heap at the next error, where the last one ended without.
fn heap_dump(case: &Case<'_>) -> Option<Statement> {
    let is_written = |error: &JavaError| error.file.is_some() || error.sizes.contains_key("heap_dump");
    let error = error(case).filter(|error| !is_written(error))?;
    let flags =
        case.lead.run.and_then(|run| case.incident.run(run)).map(|run| run.flags.as_slice()).unwrap_or_default();
    let set = flags.iter().any(|flag| flag.contains("HeapDumpOnOutOfMemoryError"));
    let command = Quantity::Word("-XX:+HeapDumpOnOutOfMemoryError".to_owned());
    let hotspot = case.addressee.vendor == Vendor::HotSpot;
    ((error.kind.is_of_heap() || error.is_uncaught()) && hotspot && !set)
        .then(|| Statement::new("verdict.action.heap-dump").with("command", command, None))
}

/// The gap that decides most: where explanations remain, the options of the process decide between them.
pub(super) fn open(case: &Case<'_>) -> Option<Gap> {
    let remains = case.own_findings().any(|finding| finding.rivals.len() > 1);
    let options = case.gaps.iter().find(|gap| gap.key.starts_with("gap.flags")).filter(|_| remains);
    options.or_else(|| case.gaps.iter().find(|gap| would_change(case, gap))).cloned()
}

/// False for what decides nothing about what leads: the machine and its kernel where a JVM is well, the heap where threads or one array
/// were too many, GC where none ran.
fn would_change(case: &Case<'_>, gap: &Gap) -> bool {
    let is = |names: &[&str]| names.iter().any(|name| gap.key.starts_with(name));
    match case.lead.what {
        // Nothing ended, and GC tells of the JVM alone.
        What::State(finding) if finding.rule.is_of_gc() => {
            !is(&["gap.machine", "gap.kernel", "gap.nmt", "gap.whole-report"])
        }
        // The rest of the machine has no part in it, and nothing ended.
        What::State(_) => !is(&["gap.machine", "gap.kernel"]),
        What::Nothing => {
            let of_kernel = is(&["gap.kernel"]) && shows_jvm(case.incident);
            !of_kernel && !is(&["gap.machine", "gap.gc-log", "gap.nmt."])
        }
        What::Error(error) => match error.kind {
            ErrorKind::Startup => !is(&["gap.gc-log", "gap.nmt"]),
            ErrorKind::ArraySize | ErrorKind::NativeThread => !is(&["gap.flags", "gap.gc-log", "gap.nmt"]),
            // What was full is counted already.
            kind if kind.is_of_heap() => !is(&["gap.nmt"]),
            ErrorKind::Metaspace | ErrorKind::ClassSpace | ErrorKind::Permgen => !is(&["gap.gc-log", "gap.nmt"]),
            _ => true,
        },
        What::Event(event)
            if matches!(
                event.kind,
                EventKind::DaemonLost
                    | EventKind::ExecutorLost
                    | EventKind::ForkLost
                    | EventKind::KubernetesEvictedDisk
                    | EventKind::MemoryCalculator
                    | EventKind::SparkOom
            ) =>
        {
            false
        }
        // The OOM killer sends another signal.
        What::Event(event) if event.kind.is_sigterm() => !is(&["gap.kernel", "gap.machine"]),
        // A limit on threads, whatever the machine has.
        What::Event(event) if event.kind == EventKind::ThreadNotStarted && !event.lacks_memory() => {
            !is(&["gap.machine", "gap.gc-log", "gap.nmt"])
        }
        What::Event(event) if event.strength() == Some(Strength::Guard) => is(&["gap.flags"]),
        What::Event(event) if error_of(case, event).is_some_and(|error| error.kind.is_of_heap()) => !is(&["gap.nmt"]),
        _ => true,
    }
}
