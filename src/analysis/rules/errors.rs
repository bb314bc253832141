//! What the JVM reported that it ran out of, or was refused: one finding per kind of error and per process. `heap_exhausted` and
//! `memory_refused` tell them, each those of its kinds.
//!
//! The kinds are about different memory, and the cure of one makes another worse: more heap leaves less room for threads.

use std::collections::BTreeSet;

use super::{Incident, Rule, task_limits};
use crate::analysis::accounting::Known;
use crate::analysis::addressee::{Addressee, Ask, System};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{host_line, line};
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::quantity;
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, EventKind};
use crate::model::oom::Event;
use crate::source::Span;
use crate::units::Bytes;

/// What a rule tells of the errors of its kinds.
pub(super) fn told(incident: &Incident<'_>, rule: &Rule, of: fn(ErrorKind) -> bool) -> Vec<Finding> {
    let mut told: BTreeSet<(Option<&str>, &'static str, Option<&str>)> = BTreeSet::new();
    let mut refused: BTreeSet<(u16, Bytes)> = BTreeSet::new();
    let mut findings = Vec::new();
    let by_the_jvm = incident.readings.java_errors.iter().any(|error| error.kind != ErrorKind::Other && !error.told);
    for error in incident.readings.java_errors.iter().rev().filter(|error| of(error.kind)) {
        let run = incident.run_of_error(error);
        let Some(key) = key(error) else { continue };
        // What other code throws or prints beside an error of the JVM follows from it.
        if error.kind == ErrorKind::Other && by_the_jvm {
            continue;
        }
        // That it did not start follows from the reason, which is told with it.
        if error.kind == ErrorKind::Startup && run.is_some_and(|run| starved_start(incident, run)) {
            continue;
        }
        if is_named_elsewhere(incident, error) {
            continue;
        }
        // One sentence serves all kinds that words tell, and each refused start has a reason of its own.
        let of_its_own = match error.kind {
            ErrorKind::Startup => Some(error.message.as_str()),
            kind => error.told.then(|| kind.name()),
        };
        if !told.insert((run, key, of_its_own)) {
            continue;
        }
        // As much of each of several processes, of which a container starts one after the other, is one thing to tell.
        if let Some(requested) = error.sizes.get("requested").filter(|_| error.kind.is_refusal())
            && !refused.insert((error.source, *requested))
        {
            continue;
        }
        findings.push(finding(incident, rule, error, run, key));
    }
    findings
}

/// True if the same request was refused by the words of a process that is named: what is printed without a pid is that one.
fn is_named_elsewhere(incident: &Incident<'_>, error: &JavaError) -> bool {
    let refused = |error: &JavaError| error.sizes.get("requested").copied().filter(|_| error.kind.is_refusal());
    let requested = refused(error).filter(|_| error.pid.is_none());
    requested.is_some()
        && incident.readings.java_errors.iter().any(|other| other.pid.is_some() && refused(other) == requested)
}

/// The catalogue key of a kind of error. Crashes that are about something else than memory have none.
fn key(error: &JavaError) -> Option<&'static str> {
    if error.told {
        let of_heap = error.kind.is_of_heap() || error.kind == ErrorKind::Other;
        return Some(if of_heap { "rule.heap-exhausted.told" } else { "rule.memory-refused.told" });
    }
    Some(match error.kind {
        ErrorKind::HeapSpace => "rule.heap-exhausted.heap-space",
        ErrorKind::GcOverhead => "rule.heap-exhausted.gc-overhead",
        ErrorKind::Metaspace => "rule.memory-refused.metaspace",
        ErrorKind::ClassSpace => "rule.memory-refused.class-space",
        ErrorKind::Permgen => "rule.memory-refused.permgen",
        ErrorKind::DirectBuffer if error.sizes.contains_key("limit") => "rule.memory-refused.direct-buffer.limit",
        ErrorKind::DirectBuffer => "rule.memory-refused.direct-buffer",
        ErrorKind::NativeThread if error.is_forbidden() => "rule.memory-refused.native-thread.permission",
        ErrorKind::NativeThread => "rule.memory-refused.native-thread",
        ErrorKind::ArraySize => "rule.memory-refused.array-size",
        ErrorKind::MapFailed => "rule.memory-refused.map-failed",
        ErrorKind::Native | ErrorKind::InsufficientMemory => "rule.memory-refused.native",
        ErrorKind::Startup => "rule.memory-refused.startup",
        // The JVM had no memory left even for the message that says which was short.
        ErrorKind::Other if error.is_uncaught() => "rule.heap-exhausted.uncaught",
        ErrorKind::Other if error.is_bare() => "rule.heap-exhausted.bare",
        ErrorKind::Other => "rule.heap-exhausted.other",
        ErrorKind::FatalError | ErrorKind::Unknown => return None,
    })
}

/// A limit on threads or processes was reached, says Linux; the C library says it of a stack that found no room, too.
const EAGAIN: u32 = 11;

/// Threads that did not start, of which the JVM warned and no error is in the input.
pub(super) fn by_warning(incident: &Incident<'_>, rule: &Rule) -> Option<Finding> {
    let readings = incident.readings;
    let warned = readings.events.iter().rfind(|event| event.kind == EventKind::ThreadNotStarted)?;
    let of_threads =
        |error: &JavaError| matches!(error.kind, ErrorKind::NativeThread | ErrorKind::Startup) && !error.told;
    if readings.java_errors.iter().any(of_threads) {
        return None;
    }
    let reason = match warned.errno {
        Some(1) => " (EPERM)",
        Some(EAGAIN) => " (EAGAIN)",
        Some(12) => " (ENOMEM)",
        _ => "",
    };
    let error = JavaError {
        kind: ErrorKind::NativeThread,
        message: format!("Failed to start thread{reason}"),
        errno: warned.errno,
        source: warned.source,
        first_line: warned.first_line,
        last_line: warned.last_line,
        ..JavaError::default()
    };
    let only = || match incident.runs {
        [only] => Some(only.id.as_str()),
        _ => None,
    };
    let run = warned.run.as_deref().or_else(only);
    let finding = finding(incident, rule, &error, run, key(&error)?);
    Some(Finding { severity: Severity::Warning, ..finding })
}

/// True if nothing shows that the JVM ran before.
fn is_start(incident: &Incident<'_>, run: Option<&str>) -> bool {
    run.is_none_or(|run| incident.gc_events(run).next().is_none() && incident.jstat(run).next().is_none())
}

/// True for most of the heap, of the limit, or of the machine: when a JVM starts, that is the heap as a whole.
fn is_most(incident: &Incident<'_>, requested: Bytes, run: Option<&str>) -> bool {
    let heap = run.and_then(|run| incident.max_heap(run)).or_else(|| incident.stated("stated_heap_max"));
    let limit = run.and_then(|run| incident.limit(run)).or_else(|| incident.stated("stated_limit"));
    let ram = incident.ram(run).or_else(|| incident.stated("stated_ram"));
    [heap, limit, ram].into_iter().flatten().any(|whole| requested.0 > whole.bytes.0 / 2)
}

/// Only a heap asks for that much at once.
const HEAP_SIZED: Bytes = Bytes(1 << 30);
/// A piece this small fits nearly everywhere.
const SMALL: Bytes = Bytes(1 << 20);
/// Less than this part of what Windows promises is nothing.
const GONE: u64 = 64;
/// So many times the request, and this part of all memory, must be free to say that it was not memory that was short.
const PLENTY: u64 = 4;
const PART_FREE: u64 = 10;

/// Why the operating system refused memory, as far as the input tells.
pub enum Refusal {
    /// For lack of a permission.
    Permission,
    /// That much was free: something else than the machine's memory limits what a process gets.
    Limit(Known),
    /// The limit of the process itself on its data, or on its address space, which its crash file prints.
    OfProcess(OfProcess, Known),
    /// The heap as a whole was asked for.
    Heap,
    /// No more than that was free.
    Short(Known),
    /// Windows had no more than that left to promise.
    Commit(Known),
    /// So small a piece, beside stacks that got no guard pages: the process may have no more mappings.
    Mappings,
    /// Nothing tells.
    Unknown,
}

/// What of a process is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfProcess {
    /// Memory that only it writes to: `ulimit -d`.
    Data,
    /// All that it reserves: `ulimit -v`.
    AddressSpace,
}

impl OfProcess {
    /// The figure that tells it.
    const fn name(self) -> &'static str {
        match self {
            OfProcess::Data => "data_max",
            OfProcess::AddressSpace => "address_space_max",
        }
    }

    /// The option of `ulimit` that sets it.
    const fn option(self) -> &'static str {
        match self {
            OfProcess::Data => "ulimit -d",
            OfProcess::AddressSpace => "ulimit -v",
        }
    }

    /// The setting of systemd.
    const fn setting(self) -> &'static str {
        match self {
            OfProcess::Data => "LimitDATA",
            OfProcess::AddressSpace => "LimitAS",
        }
    }
}

/// Why memory was refused to a run.
pub fn refusal(incident: &Incident<'_>, error: &JavaError, run: Option<&str>) -> Refusal {
    if error.is_forbidden() {
        return Refusal::Permission;
    }
    // Windows promises memory by its paging file, whatever is free.
    if let Some(left) = incident.commit_free(run) {
        // What is left may be gone by the time that the file is written, or come back.
        let is_gone = incident.commit_limit(run).is_some_and(|all| left.bytes.0 < all.bytes.0 / GONE);
        let is_short = is_gone || error.sizes.get("requested").is_some_and(|requested| left.bytes <= *requested);
        return if is_short { Refusal::Commit(left) } else { Refusal::Unknown };
    }
    let Some(requested) = error.sizes.get("requested").filter(|_| !error.is_of_windows()) else {
        return Refusal::Unknown;
    };
    let unguarded = |event: &Event| event.kind == EventKind::GuardPagesFailed && event.source == error.source;
    if *requested <= SMALL && incident.readings.events.iter().any(unguarded) {
        return Refusal::Mappings;
    }
    let free = incident.free_memory(run);
    let own = [OfProcess::Data, OfProcess::AddressSpace].into_iter();
    let own = own.filter_map(|what| Some((what, incident.own_file(run?, what.name())?)));
    // A limit beyond what the machine has is none.
    let total = free.as_ref().and_then(|(_, total)| *total).unwrap_or(Bytes(u64::MAX));
    if let Some((what, limit)) = own.min_by_key(|(_, limit)| limit.bytes).filter(|(_, limit)| limit.bytes < total) {
        return Refusal::OfProcess(what, limit);
    }
    let is_plenty = |(free, total): &(Known, Option<Bytes>)| {
        free.bytes.0 / PLENTY >= requested.0 && free.bytes.0 >= total.map_or(0, |total| total.0 / PART_FREE)
    };
    match free {
        Some(free) if is_plenty(&free) => Refusal::Limit(free.0),
        _ if *requested >= HEAP_SIZED || is_start(incident, run) && is_most(incident, *requested, run) => Refusal::Heap,
        Some((free, _)) => Refusal::Short(free),
        None => Refusal::Unknown,
    }
}

fn finding(incident: &Incident<'_>, rule: &Rule, error: &JavaError, run: Option<&str>, key: &'static str) -> Finding {
    let first = error.at.get("message").unwrap_or_else(|| line(error.source, error.first_line));
    let heap = run.and_then(|run| incident.max_heap(run)).filter(|_| error.kind == ErrorKind::HeapSpace && !error.told);
    let of_threads = error.kind == ErrorKind::NativeThread && !error.is_forbidden() && !error.told;
    let tasks = Some(()).filter(|()| of_threads).and_then(|()| task_limits::reached(incident, run));
    let other_limit = other_direct_limit(incident, error, run);
    let at_start = key == "rule.memory-refused.native-thread" && run.is_some_and(|run| starved_start(incident, run));
    let system = Addressee::of(incident, run).system;
    let (on_linux, on_windows) = (system == System::Linux, system == System::Windows);
    let refusal = if error.kind.is_refusal() { refusal(incident, error, run) } else { Refusal::Unknown };
    let of_metaspace = error.kind == ErrorKind::Metaspace && !error.told;
    let metaspace = run.and_then(|run| incident.metaspace_limit(run)).filter(|_| of_metaspace);
    let key = match key {
        "rule.memory-refused.metaspace" if metaspace.is_some() => "rule.memory-refused.metaspace.limit",
        "rule.memory-refused.native" if !error.is_of_openj9() => match refusal {
            Refusal::Permission => "rule.memory-refused.permission",
            Refusal::Limit(_) => "rule.memory-refused.native.limit",
            Refusal::OfProcess(..) => "rule.memory-refused.native.of-process",
            Refusal::Heap => "rule.memory-refused.native.heap",
            Refusal::Short(_) => "rule.memory-refused.native.short",
            Refusal::Commit(_) => "rule.memory-refused.native.commit",
            Refusal::Mappings => "rule.memory-refused.native.mappings",
            Refusal::Unknown if error.is_of_paging_file() => "rule.memory-refused.native.paging-file",
            Refusal::Unknown => key,
        },
        _ if error.told && error.is_of_worker() => "rule.memory-refused.told.worker",
        // What words tell is told as such, whatever else is known.
        _ if error.told => key,
        "rule.memory-refused.native" if error.is_of_openj9() => "rule.memory-refused.openj9",
        _ if at_start && tasks.is_none() => "rule.memory-refused.native-thread.startup",
        "rule.memory-refused.direct-buffer.limit" if other_limit.is_some() => {
            "rule.memory-refused.direct-buffer.other-limit"
        }
        "rule.memory-refused.startup" if is_32_bit(incident, error) => "rule.memory-refused.startup.32-bit",
        "rule.memory-refused.startup" if error.message.contains("allocate metaspace") => {
            "rule.memory-refused.startup.class-space"
        }
        "rule.memory-refused.startup" if asks_for_half_an_address_space(error) => match on_windows {
            true => "rule.memory-refused.startup.reserve.windows",
            false => "rule.memory-refused.startup.reserve",
        },
        "rule.memory-refused.startup" if error.is_of_object_heap() => match error.sizes.contains_key("requested") {
            true => "rule.memory-refused.startup.heap",
            false => "rule.memory-refused.startup.heap.unsized",
        },
        _ if heap.is_some() => "rule.heap-exhausted.heap-space.max",
        _ if tasks.as_ref().is_some_and(|tasks| tasks.used.is_some()) => "rule.memory-refused.native-thread.tasks",
        _ if tasks.is_some() => "rule.memory-refused.native-thread.limit",
        _ if of_threads && error.errno == Some(EAGAIN) && on_linux => "rule.memory-refused.native-thread.eagain",
        key => key,
    };
    let mut claim = Statement::new(key).with("message", Quantity::Word(error.quoted()), Some(first)).with(
        "count",
        Quantity::Count(error.count.max(1)),
        Some(first),
    );
    // Where the time is that of a logger's line above, that line is evidence as well.
    let dated = error.at.get("time").or(error.at.get("local_time"));
    let mut proof = Proof::first(first).and(dated.filter(|dated| dated.line < error.first_line));
    if let Some(heap) = heap {
        claim = claim.with("heap", Quantity::Size(heap.bytes), heap.at);
        proof = proof.and(heap.at);
    }
    if let Some(limit) = metaspace {
        claim = claim.with("limit", Quantity::Size(limit.bytes), limit.at);
        proof = proof.and(limit.at);
    }
    if let Some((option, at)) = other_limit {
        claim = claim.with("option", Quantity::Word(option), at);
        proof = proof.and(at);
    }
    if let Some(tasks) = &tasks {
        claim = claim.with("most", Quantity::Count(tasks.most), Some(tasks.at())).with(
            "setting",
            Quantity::Term(tasks.key().to_owned()),
            None,
        );
        proof = proof.and(Some(tasks.at()));
        if let Some((used, at)) = tasks.used {
            claim = claim.with("tasks", Quantity::Count(used), Some(at));
            proof = proof.and(Some(at));
        }
    }
    for name in ["requested", "allocated", "limit"] {
        if let Some(bytes) = error.sizes.get(name) {
            claim = claim.with(name, Quantity::Size(*bytes), error.at.get(name).or(Some(first)));
        }
    }
    if let Refusal::Limit(free) | Refusal::Short(free) | Refusal::Commit(free) = &refusal {
        claim = claim.with("free", Quantity::Size(free.bytes), free.at);
        proof = proof.and(free.at);
    }
    if let Refusal::OfProcess(what, limit) = &refusal {
        claim = claim.with("own_limit", Quantity::Size(limit.bytes), limit.at);
        claim = claim.with("option", Quantity::Word(what.option().to_owned()), None);
        proof = proof.and(limit.at);
    }
    let explains = error.sizes.get("limit").copied().or(heap.map(|heap| heap.bytes)).map(Quantity::Size);
    let is_weak = error.told || matches!(key, "rule.heap-exhausted.other" | "rule.heap-exhausted.bare");
    let severity = if is_weak { Severity::Warning } else { Severity::Critical };
    let finding = Finding::new(rule.id, severity, claim, proof).about(run).explaining(explains);
    if key == "rule.memory-refused.told.worker" && on_linux {
        return finding.then(Statement::new("rule.memory-refused.native-thread.startup.next"));
    }
    if key == "rule.memory-refused.permission" {
        return finding.then(Statement::new("rule.memory-refused.permission.next"));
    }
    if error.is_of_openj9() {
        return finding.then(Statement::new("rule.memory-refused.openj9.next"));
    }
    if key == "rule.memory-refused.native-thread.permission" {
        return finding.then(Statement::new("rule.memory-refused.native-thread.permission.next"));
    }
    if key.starts_with("rule.memory-refused.startup.") {
        let next = match key {
            "rule.memory-refused.startup.class-space" => {
                let limits = incident.command(run, Ask::ProcessLimits);
                return finding.ask(Statement::new("rule.memory-refused.startup.class-space.next"), limits);
            }
            "rule.memory-refused.startup.heap" | "rule.memory-refused.startup.heap.unsized" => {
                let limits = incident.command(run, Ask::ProcessLimits);
                return finding.ask(Statement::new("rule.memory-refused.startup.heap.next"), limits);
            }
            "rule.memory-refused.startup.32-bit" => "rule.memory-refused.startup.32-bit.next",
            _ => "rule.memory-refused.startup.reserve.next",
        };
        return finding.then(Statement::new(next));
    }
    // Where no task is left, no command can start beside the JVM.
    if key == "rule.memory-refused.native-thread.tasks" {
        return finding.then(Statement::new("rule.memory-refused.native-thread.tasks.next"));
    }
    if of_threads {
        let limits = incident.command(run, Ask::TaskLimits).filter(|_| tasks.is_none());
        let finding = match limits {
            None if at_start && on_linux => {
                finding.then(Statement::new("rule.memory-refused.native-thread.startup.next"))
            }
            limits => finding.ask(Statement::new("rule.memory-refused.next.task-limits"), limits),
        };
        // Of a JVM that did not start no threads can be counted.
        let count = incident.command(run, Ask::Threads).filter(|_| !at_start);
        return finding.ask(Statement::new("rule.memory-refused.next.threads"), count);
    }
    let next = match refusal {
        Refusal::Limit(_) => Some(("rule.memory-refused.next.limit", Ask::ProcessLimits)),
        Refusal::Short(_) => Some(("rule.memory-refused.next.others", Ask::Processes)),
        Refusal::Commit(_) => Some(("rule.memory-refused.native.commit.next", Ask::Processes)),
        Refusal::Unknown if error.is_of_paging_file() => {
            Some(("rule.memory-refused.native.commit.next", Ask::Processes))
        }
        Refusal::Mappings => Some(("rule.memory-refused.native.mappings.next", Ask::SystemLimits)),
        Refusal::OfProcess(what, _) => {
            let word = |text: &str| Quantity::Word(text.to_owned());
            let next = Statement::new("rule.memory-refused.native.of-process.next");
            return finding.then(next.with("option", word(what.option()), None).with(
                "setting",
                word(what.setting()),
                None,
            ));
        }
        Refusal::Heap => return finding.then(Statement::new("rule.memory-refused.native.heap.next")),
        // The limit is told: who fills it is not.
        _ if key == "rule.memory-refused.direct-buffer.limit" => {
            return finding.then(Statement::new("rule.memory-refused.next.direct.known"));
        }
        Refusal::Permission | Refusal::Unknown => next(error),
    };
    match next {
        Some((key, ask)) => finding.ask(Statement::new(key), incident.command(run, ask)),
        None => finding,
    }
}

/// An option that sets another limit of direct memory than the one that an error tells: something else sets it, too.
fn other_direct_limit(incident: &Incident<'_>, error: &JavaError, run: Option<&str>) -> Option<(String, Option<Span>)> {
    let limit = error.sizes.get("limit").filter(|_| error.kind == ErrorKind::DirectBuffer)?;
    let hosts = incident.host(run?).rev();
    let mut options = hosts.flat_map(|host| host.flags.iter().rev().map(move |flag| (host, flag)));
    let (host, flag) = options.find(|(_, flag)| flag.starts_with(DIRECT))?;
    let differs = quantity::option(flag.strip_prefix(DIRECT)?).is_some_and(|set| set.0 > 0 && set != *limit);
    differs.then(|| (flag.clone(), Some(host.at.get("flags").unwrap_or_else(|| host_line(host)))))
}

const DIRECT: &str = "-XX:MaxDirectMemorySize=";

/// True if an error is of a Java with 32 bits: it says so itself, or another start of the same text does.
fn is_32_bit(incident: &Incident<'_>, error: &JavaError) -> bool {
    let of_platform = |host: &HostReading| host.words.get("platform").is_some_and(|name| name.ends_with("-x86"));
    let errors = &incident.readings.java_errors;
    error.is_of_32_bits()
        || asks_for_half_an_address_space(error) && errors.iter().any(JavaError::is_of_32_bits)
        || error.run.as_deref().is_some_and(|run| incident.host(run).any(of_platform))
}

/// True for a heap that a JVM of 64 bits mostly gets, and one of 32 bits mostly does not: from 1 to 4 GiB.
fn asks_for_half_an_address_space(error: &JavaError) -> bool {
    error.is_of_object_heap() && error.sizes.get("requested").is_some_and(|size| (1 << 30..4 << 30).contains(&size.0))
}

/// True if a JVM did not start because it could not start a thread.
fn starved_start(incident: &Incident<'_>, run: &str) -> bool {
    let has = |kind: ErrorKind| incident.errors(run).any(|error| error.kind == kind);
    has(ErrorKind::Startup) && has(ErrorKind::NativeThread) || incident.errors(run).any(JavaError::is_of_own_thread)
}

fn next(error: &JavaError) -> Option<(&'static str, Ask)> {
    match error.kind {
        ErrorKind::HeapSpace | ErrorKind::GcOverhead => Some(("rule.heap-exhausted.next.heap", Ask::Histogram)),
        ErrorKind::Permgen => Some(("rule.memory-refused.next.permgen", Ask::ClassLoaders)),
        ErrorKind::Metaspace | ErrorKind::ClassSpace => Some(("rule.memory-refused.next.classes", Ask::ClassLoaders)),
        ErrorKind::DirectBuffer => Some(("rule.memory-refused.next.direct", Ask::DirectLimit)),
        ErrorKind::MapFailed => Some(("rule.memory-refused.next.mappings", Ask::MappingLimits)),
        ErrorKind::Native | ErrorKind::InsufficientMemory => {
            Some(("rule.memory-refused.next.native", Ask::SystemLimits))
        }
        // What limits threads was asked before.
        ErrorKind::NativeThread
        | ErrorKind::ArraySize
        | ErrorKind::FatalError
        | ErrorKind::Other
        | ErrorKind::Startup
        | ErrorKind::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::analysis::rule_id::RuleId;
    use crate::model::kind::HostKind;

    /// Of all kinds, whichever rule tells them.
    static RULE: Rule = Rule {
        id: RuleId::HeapExhausted,
        check: |incident| told(incident, &super::super::heap_exhausted::RULE, |_| true),
    };

    fn error(kind: ErrorKind) -> JavaError {
        JavaError { kind, message: "message".into(), count: 3, first_line: 4, last_line: 9, ..JavaError::default() }
    }

    fn incident(errors: Vec<JavaError>) -> Fixture {
        let mut incident = Fixture::of_one_run().run(|run| run.max_heap = Some(mib(64)));
        incident.readings.java_errors = errors;
        incident
    }

    #[test]
    fn every_kind_of_error_has_a_sentence_of_its_own() {
        let kinds = [
            ErrorKind::HeapSpace,
            ErrorKind::GcOverhead,
            ErrorKind::Metaspace,
            ErrorKind::ClassSpace,
            ErrorKind::Permgen,
            ErrorKind::DirectBuffer,
            ErrorKind::NativeThread,
            ErrorKind::ArraySize,
            ErrorKind::MapFailed,
            ErrorKind::Native,
            ErrorKind::InsufficientMemory,
            ErrorKind::Startup,
            ErrorKind::Other,
        ];
        let mut keys = Vec::new();
        for kind in kinds {
            let (finding, key) = incident(vec![error(kind)]).finding(&RULE);
            assert!(!finding.statement.say(crate::i18n::Language::En).contains('{'), "{key}");
            assert_eq!(finding.evidence.len(), 1);
            keys.push(key);
        }
        assert_eq!(keys.first().map(String::as_str), Some("rule.heap-exhausted.heap-space.max"));
    }

    #[test]
    fn an_error_whose_message_could_not_be_printed_is_the_jvms_own() {
        let message = "java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler in thread \"main\"";
        let (finding, key) =
            incident(vec![JavaError { message: message.into(), ..error(ErrorKind::Other) }]).finding(&RULE);
        assert_eq!((finding.severity, key.as_str()), (Severity::Critical, "rule.heap-exhausted.uncaught"));
    }

    #[test]
    fn a_permission_is_no_lack_of_memory_or_threads() {
        for (kind, errno, wanted) in [
            (ErrorKind::InsufficientMemory, 1, "rule.memory-refused.permission"),
            (ErrorKind::InsufficientMemory, 13, "rule.memory-refused.permission"),
            (ErrorKind::InsufficientMemory, 12, "rule.memory-refused.native"),
            (ErrorKind::NativeThread, 1, "rule.memory-refused.native-thread.permission"),
            (ErrorKind::NativeThread, 11, "rule.memory-refused.native-thread.eagain"),
            (ErrorKind::NativeThread, 13, "rule.memory-refused.native-thread"),
        ] {
            let refused = JavaError { errno: Some(errno), ..error(kind) };
            assert_eq!(incident(vec![refused]).finding(&RULE).1, wanted, "{errno}");
        }
    }

    #[test]
    fn why_memory_was_refused_follows_from_what_was_free() {
        let refused = |requested: u64, free: Option<u64>| {
            let sizes = [("requested".to_owned(), mib(requested))].into();
            let mut incident = incident(vec![JavaError { sizes, ..error(ErrorKind::InsufficientMemory) }]);
            incident.readings.host.extend(free.map(|free| {
                let sizes = [("physical", 8192), ("physical_free", free)];
                let sizes = sizes.map(|(name, size)| (name.to_owned(), mib(size))).into();
                HostReading { kind: HostKind::HsErr, sizes, ..HostReading::default() }
            }));
            incident.finding(&RULE).1
        };
        assert_eq!(refused(30, None), "rule.memory-refused.native");
        assert_eq!(refused(60, None), "rule.memory-refused.native.heap", "most of a heap of 64 MiB");
        assert_eq!(refused(64, Some(4096)), "rule.memory-refused.native.limit");
        assert_eq!(refused(30, Some(400)), "rule.memory-refused.native.short", "a twentieth of the machine");
        assert_eq!(refused(2048, Some(4096)), "rule.memory-refused.native.heap");
        assert_eq!(refused(2048, None), "rule.memory-refused.native.heap");
    }

    #[test]
    fn a_heap_that_pointers_cannot_reach_is_of_a_java_with_32_bits() {
        let start = |message: &str, bytes: u64| JavaError {
            message: message.to_owned(),
            sizes: (bytes > 0).then(|| ("requested".to_owned(), Bytes(bytes))).into_iter().collect(),
            ..error(ErrorKind::Startup)
        };
        let unreachable = || {
            start("Invalid maximum heap size: -Xmx4096M. The specified size exceeds the maximum representable size", 0)
        };
        let reserve = |bytes| start("Could not reserve enough space for object heap", bytes);
        let key = |errors: Vec<JavaError>| incident(errors).finding(&RULE).1;
        assert_eq!(key(vec![unreachable()]), "rule.memory-refused.startup.32-bit");
        assert_eq!(key(vec![reserve(2 << 30)]), "rule.memory-refused.startup.reserve");
        assert_eq!(key(vec![reserve(8 << 30)]), "rule.memory-refused.startup.heap");
        assert_eq!(
            key(vec![start("Could not reserve enough space for object heap", 0)]),
            "rule.memory-refused.startup.heap.unsized"
        );
        assert!(
            incident(vec![reserve(2 << 30), unreachable()])
                .check(&RULE)
                .iter()
                .all(|finding| { finding.statement.key == "rule.memory-refused.startup.32-bit" })
        );
    }

    #[test]
    fn a_start_without_threads_is_one_finding() {
        let errors = vec![error(ErrorKind::Startup), error(ErrorKind::NativeThread)];
        let (_, key) = incident(errors).finding(&RULE);
        assert_eq!(key, "rule.memory-refused.native-thread.startup");
    }

    #[test]
    fn the_same_error_twice_is_one_finding() {
        assert_eq!(incident(vec![error(ErrorKind::Metaspace), error(ErrorKind::Metaspace)]).check(&RULE).len(), 1);
    }

    #[test]
    fn a_crash_for_another_reason_is_not_about_memory() {
        assert_eq!(incident(vec![error(ErrorKind::FatalError)]).check(&RULE), []);
    }

    #[test]
    fn a_container_that_is_full_of_tasks_is_the_reason_for_threads_that_did_not_start() {
        let with = |tasks: u64| {
            let mut incident = Fixture::of_one_run();
            incident.readings.java_errors.push(error(ErrorKind::NativeThread));
            let counts = [("pids".to_owned(), tasks), ("pids_limit".to_owned(), 9216)].into();
            incident.readings.host.push(HostReading { kind: HostKind::Cgroup, counts, ..HostReading::default() });
            incident.finding(&RULE).1
        };
        assert_eq!(with(9215), "rule.memory-refused.native-thread.tasks");
        assert_eq!(with(1200), "rule.memory-refused.native-thread");
    }
}
