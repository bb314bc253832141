//! Which evidence leads: the strongest, and of that the latest. A weaker one never makes the headline beside it.

use crate::analysis::decisive;
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::incident::Incident;
use crate::analysis::jvm_threads::names_a_jvm;
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, EventKind, Strength};
use crate::model::oom::{Event, OomKill, OomScope, Victim};

/// Lines between what a JVM was refused and the words that it did not start.
const NEAR: u32 = 20;

/// What leads.
#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    /// The kernel killed a process.
    Kill(&'a OomKill, &'a Victim),
    /// The kernel's OOM killer ran, and no line says that it killed.
    Unfinished(&'a OomKill),
    /// Somebody else ended or hurt a process.
    Event(&'a Event),
    /// A container's counters say that the kernel killed in it.
    Counted(&'a HostReading, u64),
    /// What a JVM said.
    Error(&'a JavaError),
    /// How a process stands.
    State(&'a Finding),
    /// Nothing that is wrong.
    Nothing,
}

/// The evidence that leads.
#[derive(Clone, Copy)]
pub(super) struct Lead<'a> {
    /// The evidence.
    pub what: What<'a>,
    /// The run it is about.
    pub run: Option<&'a str>,
}

/// The run that the answer is about, before there are findings.
pub fn subject_run<'a>(incident: &Incident<'a>) -> Option<&'a str> {
    find(incident, &[]).run.or_else(|| incident.runs.first().map(|run| run.id.as_str()))
}

/// Finds it.
pub(super) fn find<'a>(incident: &Incident<'a>, findings: &'a [Finding]) -> Lead<'a> {
    let what = strongest(incident, findings);
    let run = match what {
        What::Kill(_, victim) => victim.run.as_deref(),
        What::Event(event) => incident.run_of_event(event),
        What::Error(error) => incident.run_of_error(error),
        What::State(finding) => finding.run.as_deref(),
        What::Unfinished(_) | What::Counted(..) | What::Nothing => None,
    };
    let only = || match incident.runs {
        [only] => Some(only.id.as_str()),
        _ => None,
    };
    Lead { what, run: run.or_else(only) }
}

fn strongest<'a>(incident: &Incident<'a>, findings: &'a [Finding]) -> What<'a> {
    let readings = incident.readings;
    let event = |strength: Strength| {
        let own = readings.events.iter().filter(move |event| event.strength() == Some(strength));
        // Of equals the last one, in time if that is known, that says more than that it happened.
        let is_told = |event: &Event| event.name.is_some() || event.pid.is_some() || !event.sizes.is_empty();
        // An end says more than a try, and a kill for memory more than that a node was to be relieved.
        let evicts = |kind: EventKind| matches!(kind, EventKind::KubernetesEvicted | EventKind::KubernetesEvictedDisk);
        let is_end = |kind: EventKind| kind.ends_process() && !evicts(kind);
        // Who only lost a process says less than whoever knows how it ended.
        let only_lost = |kind: EventKind| matches!(kind, EventKind::ExecutorLost | EventKind::ForkLost);
        // Who sent a signal is told beside the end that it brought.
        let tells_end = |kind: EventKind| !only_lost(kind) && !kind.tells_sender();
        let rank = |event: &Event| (is_end(event.kind), tells_end(event.kind), is_told(event), !is_around(event));
        let later = |best: &'a Event, event: &'a Event| {
            let earlier = event.time.zip(best.time).is_some_and(|(time, best)| time < best);
            if rank(event) > rank(best) || rank(event) == rank(best) && !earlier { event } else { best }
        };
        own.reduce(later).map(What::Event)
    };
    let error = |of: fn(&JavaError) -> bool| {
        let last = readings.java_errors.iter().rev().find(|error| of(error) && !error.told)?;
        Some(What::Error(why_no_start(incident, last).or_else(|| start_of(incident, last)).unwrap_or(last)))
    };
    let of_memory = |error: &JavaError| {
        !matches!(error.kind, ErrorKind::Other | ErrorKind::Unknown | ErrorKind::FatalError) && !error.is_of_options()
    };
    // An option that a start refused says nothing of the run that was killed before.
    let of_options = || error(JavaError::is_of_options).map(|start| event(Strength::Signal).unwrap_or(start));
    let told = || readings.java_errors.iter().rev().find(|error| error.told).map(What::Error);
    let state = |severity: Severity| findings.iter().find(|finding| finding.severity == severity).map(What::State);
    by_the_kernel(incident, |kill| kill.scope != OomScope::Sysrq)
        .or_else(|| event(Strength::Kernel))
        .or_else(|| event(Strength::Runtime))
        .or_else(|| counted(incident))
        .or_else(|| event(Strength::Jvm))
        .or_else(|| error(of_memory))
        .or_else(|| error(|error| error.kind == ErrorKind::FatalError))
        .or_else(|| event(Strength::Platform))
        .or_else(|| event(Strength::UserSpace))
        .or_else(of_options)
        .or_else(|| error(|_| true))
        .or_else(|| state(Severity::Critical))
        .or_else(|| event(Strength::Guard))
        .or_else(|| by_the_kernel(incident, |_| true))
        .or_else(|| event(Strength::Told))
        .or_else(|| event(Strength::Signal))
        .or_else(told)
        .or_else(|| event(Strength::Trouble))
        .or_else(|| state(Severity::Warning))
        .unwrap_or(What::Nothing)
}

/// True for what systemd says of a slice, or of the manager of a user: that something in it was killed, which has a line of its own.
pub(super) fn is_around(event: &Event) -> bool {
    event.name.as_deref().is_some_and(|name| name.ends_with(".slice") || name.starts_with("user@"))
}

/// The memory that a JVM was refused right above or below the words that it did not start.
fn why_no_start<'a>(incident: &Incident<'a>, start: &JavaError) -> Option<&'a JavaError> {
    let is_near = |error: &&JavaError| {
        let (upper, lower) = if error.first_line < start.first_line { (*error, start) } else { (start, *error) };
        error.source == start.source && lower.first_line.saturating_sub(upper.last_line) <= NEAR
    };
    // A refusal without a size says less than the start itself.
    let tells =
        |error: &&JavaError| error.sizes.contains_key("requested") || !start.message.starts_with("Could not allocate");
    let mut errors = incident.readings.java_errors.iter();
    errors.rfind(|error| start.kind == ErrorKind::Startup && error.kind.is_refusal() && is_near(error) && tells(error))
}

/// What a start that was refused memory says of what it asked for, where the refusal itself does not.
fn start_of<'a>(incident: &Incident<'a>, refused: &JavaError) -> Option<&'a JavaError> {
    let is_own = |error: &&JavaError| {
        let lines = error.first_line.checked_sub(refused.last_line);
        error.kind == ErrorKind::Startup && error.source == refused.source && lines.is_some_and(|lines| lines <= NEAR)
    };
    let is_unsized = refused.kind.is_refusal() && !refused.sizes.contains_key("requested") && refused.errno.is_none();
    incident.readings.java_errors.iter().filter(|_| is_unsized).rfind(is_own)
}

/// The last kill of a JVM, else the last choice of one, else the last of any.
fn by_the_kernel<'a>(incident: &Incident<'a>, of: impl Fn(&OomKill) -> bool) -> Option<What<'a>> {
    let killed = decisive::kill(&incident.readings.oom_kills, &of);
    if let Some((kill, victim)) = killed.filter(|(_, victim)| names_a_jvm(&victim.name)) {
        return Some(What::Kill(kill, victim));
    }
    let unfinished = || incident.readings.oom_kills.iter().rev().filter(|kill| kill.victims.is_empty() && of(kill));
    let chose_jvm = |kill: &&OomKill| kill.chosen.as_ref().is_some_and(|chosen| names_a_jvm(&chosen.name));
    let chosen = unfinished().find(chose_jvm).map(What::Unfinished);
    chosen
        .or_else(|| killed.map(|(kill, victim)| What::Kill(kill, victim)))
        .or_else(|| unfinished().find(|kill| kill.panic || kill.no_killable).map(What::Unfinished))
        .or_else(|| unfinished().next().map(What::Unfinished))
}

/// A container whose counters say that the kernel killed in it, by the last reading.
fn counted<'a>(incident: &Incident<'a>) -> Option<What<'a>> {
    let kills = |host: &'a HostReading| Some((host, *host.counts.get("oom_kill")?));
    let cgroup = incident.readings.host.iter().rev().filter(|host| host.kind == crate::model::kind::HostKind::Cgroup);
    let (host, count) = cgroup.filter_map(kills).next()?;
    (count > 0).then_some(What::Counted(host, count))
}
