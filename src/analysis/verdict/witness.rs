//! What stands behind the parts of the answer: where a witness is read, the limit that it names, the error, the last full collection.

use super::Case;
use crate::analysis::accounting::Known;
use crate::analysis::incident::{kill_line, line};
use crate::model::gc::GcKind;
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, Strength};
use crate::model::oom::{Event, OomKill, OomScope};
use crate::source::Span;
use crate::units::Bytes;

/// Where an event is read.
pub(super) fn event_at(event: &Event) -> Span {
    line(event.source, event.first_line)
}

/// Where an error is read.
pub(super) fn error_at(error: &JavaError) -> Span {
    error.at.get("message").unwrap_or_else(|| line(error.source, error.first_line))
}

/// The limit that was reached: by the kernel, else by the definition of the container.
pub(super) fn limit_at_kill(case: &Case<'_>, kill: &OomKill) -> Option<Known> {
    let printed = kill
        .cgroup
        .as_ref()
        .and_then(|cgroup| Some(Known { bytes: cgroup.limit?, at: cgroup.at.get("limit").or(Some(kill_line(kill))) }));
    let of_run = || case.lead.run.filter(|_| kill.scope == OomScope::Cgroup).and_then(|run| case.incident.limit(run));
    printed.or_else(of_run)
}

/// The limit of the container that an event is about: its own words, else the definition of the container.
pub(super) fn limit_of(case: &Case<'_>, event: &Event) -> Option<Known> {
    if let Some(bytes) = event.sizes.get("limit") {
        return Some(Known { bytes: *bytes, at: event.at.get("limit").or(Some(event_at(event))) });
    }
    case.incident.limit_of_container(event.name.as_deref())
}

/// The error for which a JVM ended itself.
pub(super) fn error_of<'a>(case: &Case<'a>, event: &Event) -> Option<&'a JavaError> {
    let by_itself = event.strength() == Some(Strength::Jvm);
    let own = |error: &&JavaError| {
        let run = case.incident.run_of_error(error);
        !error.told
            && !matches!(error.kind, ErrorKind::Other | ErrorKind::Startup | ErrorKind::FatalError | ErrorKind::Unknown)
            && (run.is_none() || run == case.lead.run || error.source == event.source && is_right_above(error, event))
    };
    case.incident.readings.java_errors.iter().rev().filter(|_| by_itself).find(own)
}

/// Lines between an error and what a JVM says of ending for it: its trace, and the dump that is written in between.
const NEAR: u32 = 40;

/// True if an error stands where the JVM says that it ends for it, or right above.
fn is_right_above(error: &JavaError, event: &Event) -> bool {
    event.last_line.checked_sub(error.last_line).is_some_and(|lines| lines <= NEAR)
}

/// The last full collection of the process.
pub(super) struct LastFull<'a> {
    /// What stayed.
    pub after: Bytes,
    /// The heap at that moment.
    pub committed: Bytes,
    /// Where it stands.
    pub at: Span,
    /// How many its log has.
    pub count: usize,
    /// A later one is there, of which the end is not.
    pub goes_on: bool,
    /// What called for them: each cause, and how many of them.
    pub causes: Vec<(&'a str, usize)>,
    /// Metaspace in use after it.
    pub metaspace: Option<Bytes>,
}

/// Finds it.
pub(super) fn last_full<'a>(case: &Case<'a>) -> Option<LastFull<'a>> {
    let readings = case.incident.readings;
    let own = |log: u32| {
        let log = readings.gc_logs.get(log as usize)?;
        (case.lead.run.is_none() || case.lead.run == Some(log.run.as_str())).then_some(log)
    };
    let full = || readings.gc_events.iter().filter(|event| event.kind == GcKind::Full && own(event.log).is_some());
    let last = full().rev().find(|event| event.after.is_some())?;
    let (after, committed) = last.after.zip(last.committed)?;
    let at = Span { source: own(last.log)?.source, line: last.line, start: 0, end: 0 };
    let same = || full().filter(|event| event.log == last.log);
    let mut causes: Vec<(&str, usize)> = Vec::new();
    for cause in same().map(|event| event.cause.as_deref().unwrap_or_default()) {
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, count)) => *count += 1,
            None => causes.push((cause, 1)),
        }
    }
    let goes_on = same().next_back().is_some_and(|newest| newest.after.is_none());
    let metaspace = last.figures.get("metaspace_used").copied();
    Some(LastFull { after, committed, at, count: same().count(), goes_on, causes, metaspace })
}
