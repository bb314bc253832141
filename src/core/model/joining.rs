//! The one step that puts what readers noted of records that others made into these records.

use super::java::JavaError;
use super::kind::HostKind;
use super::oom::OomKill;
use super::readings::Readings;
use super::record::{RecordMut, Records as _};
use super::relation::{Belonging, Crash, Relations, Whole};
use crate::order::InOrder as _;
use crate::source::Places;

/// Where a record has the command that started what it is about.
pub const START: &str = "start";

/// Where the log says near a record why it came.
pub const BESIDE: &str = "beside";

/// What leads from an end to where its container says that it was not killed for its memory. A kill that only words tell is then of
/// another time.
pub const NOT_OOMKILLED: &str = "not_oomkilled";

/// What leads from the end of a container to who tells of it, where that is Flink.
pub const OF_FLINK: &str = "of_flink";

/// Where the name of a record stands, where that is a pod's and no container's.
pub const POD: &str = "pod";

/// Puts what was noted of a source into its records.
pub fn join(source: u16, readings: &mut Readings) {
    let Relations { wholes, crashes, reaped } = std::mem::take(&mut readings.relations);
    crashes.into_iter().for_each(|crash| crash.join(readings));
    drop_title(source, &mut readings.java_errors);
    reaped.into_iter().for_each(|kill| join_reaped(kill, &mut readings.oom_kills));
    let (mut containers, rest): (Vec<Belonging>, Vec<Belonging>) =
        wholes.into_iter().partition(|relation| matches!(relation.to, Whole::Container { .. }));
    let (mut attempts, rest): (Vec<Belonging>, Vec<Belonging>) =
        rest.into_iter().partition(|relation| matches!(relation.to, Whole::Attempt { .. }));
    let (mut afterwards, mut files): (Vec<Belonging>, Vec<Belonging>) =
        rest.into_iter().partition(|relation| matches!(relation.to, Whole::Afterwards));
    let groups = [&mut containers, &mut attempts, &mut afterwards, &mut files];
    for relations in groups.into_iter().filter(|relations| !relations.is_empty()) {
        relations.order_by_key(|relation| relation.first_line);
        for record in readings.records_mut() {
            let (of, line) = record.place();
            let behind = relations.partition_point(|relation| relation.first_line <= line);
            let last = behind.checked_sub(1).and_then(|at| relations.get(at));
            if let Some(relation) = last.filter(|relation| of == source && line <= relation.last_line) {
                relation.to.tell(record);
            }
        }
    }
}

impl Crash {
    fn join(self, readings: &mut Readings) {
        let Readings { java_errors, events, .. } = readings;
        if let Some(span) = self.error.at.get("pid") {
            let name = |pid: &mut Option<u32>, at: &mut Places| {
                if pid.is_none() {
                    *pid = self.error.pid;
                    at.put("pid", span);
                }
            };
            for at in self.aborted {
                events.get_mut(at).into_iter().for_each(|event| name(&mut event.pid, &mut event.at));
            }
            for at in self.thrown {
                java_errors.get_mut(at).into_iter().for_each(|thrown| name(&mut thrown.pid, &mut thrown.at));
            }
        }
        match self.told.and_then(|at| java_errors.get_mut(at)) {
            Some(known) => known.join(self.error),
            None => java_errors.push(self.error),
        }
    }
}

/// Puts a kill of which only the reaper tells to the report before it that lacks its victim; else it is a kill of its own.
fn join_reaped(kill: OomKill, kills: &mut Vec<OomKill>) {
    let names = |other: &OomKill| kill.victims.iter().all(|victim| other.victims.iter().any(|v| v.pid == victim.pid));
    if kills.iter().any(|other| names(other) && other.is_near(&kill)) {
        return;
    }
    // Nothing in the report speaks against this victim.
    let lacks = |report: &OomKill| {
        let chosen = report.chosen.as_ref().map(|chosen| chosen.pid);
        let is_chosen = chosen.is_none_or(|chosen| kill.victims.iter().any(|victim| victim.pid == chosen));
        report.victims.is_empty() && report.trigger.is_some() && !report.panic && is_chosen
    };
    let before = kills
        .iter_mut()
        .filter(|other| (other.source, &other.host) == (kill.source, &kill.host) && other.last_line < kill.first_line);
    match before.max_by_key(|other| other.last_line).filter(|other| lacks(other) && other.is_near(&kill)) {
        Some(other) => {
            (other.last_line, other.victims, other.reaped) = (kill.last_line, kill.victims, kill.reaped);
        }
        None => kills.push(kill),
    }
}

/// Lines at the beginning of a text on one of which its title stands.
const TITLE: u32 = 2;

/// An error on the first line, with nothing but its words, is the title of a text in which the same error stands with more.
fn drop_title(source: u16, errors: &mut Vec<JavaError>) {
    let is_title = |error: &JavaError| {
        let alone = error.last_line <= TITLE && error.count <= 1 && error.sizes.is_empty();
        let unnamed = error.pid.is_none() && error.thread.is_none() && error.time.or(error.local_time).is_none();
        error.source == source && alone && unnamed && error.uptime.is_none()
    };
    let Some(at) = errors.iter().position(is_title) else { return };
    let goes_on = |title: &JavaError, other: &JavaError| {
        other.source == source
            && other.kind == title.kind
            && other.first_line > title.last_line
            && other.message.len() > title.message.len()
            && other.message.starts_with(title.message.as_str())
    };
    if errors.get(at).is_some_and(|title| errors.iter().any(|other| goes_on(title, other))) {
        errors.remove(at);
    }
}

impl Whole {
    /// Puts what a record does not say itself into it, if it is of the kind that this is told of.
    fn tell(&self, record: RecordMut<'_>) {
        match (self, record) {
            (Whole::Container { name, at }, RecordMut::Host(host))
                if host.name.is_none() && host.kind.is_of_manifest() =>
            {
                host.name = Some(name.clone());
                host.at.put("name", *at);
            }
            (Whole::Container { name, at }, RecordMut::Event(event))
                if event.name.is_none() && event.kind.is_of_manifest() =>
            {
                event.name = Some(name.clone());
                event.at.put("name", *at);
            }
            // Nothing ran under that limit when it failed.
            (Whole::Afterwards, RecordMut::Host(host))
                if host.kind.is_of_manifest() || host.kind.defines_container() =>
            {
                if let Some(limit) = host.sizes.remove("limit") {
                    host.sizes.insert("limit_after".to_owned(), limit);
                    if let Some(at) = host.at.get("limit") {
                        host.at.put("limit_after", at);
                    }
                }
            }
            (Whole::Attempt { at }, RecordMut::Event(event)) => event.at.put(START, *at),
            (Whole::Attempt { at }, RecordMut::Error(error)) => error.at.put(START, *at),
            (Whole::CrashFile { pid, at, .. }, RecordMut::Host(host))
                if host.pid.is_none() && host.kind == HostKind::FlagsFinal =>
            {
                host.pid = *pid;
                host.at.fill_some(at, &["pid"]);
            }
            (Whole::CrashFile { pid, uptime, time, local_time, at }, RecordMut::Nmt(snapshot))
                if snapshot.pid.is_none() =>
            {
                snapshot.pid = *pid;
                snapshot.uptime = *uptime;
                snapshot.time = snapshot.time.or(*time);
                snapshot.local_time = snapshot.local_time.or(*local_time);
                snapshot.at.fill_some(at, &["pid", "time", "uptime"]);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::nmt::NmtSnapshot;
    use crate::source::Span;
    use crate::units::Micros;

    fn span(line: u32) -> Span {
        Span { source: 0, line, start: 0, end: 0 }
    }

    #[test]
    fn a_relation_tells_what_begins_in_its_lines_and_does_not_say_it_itself() {
        let limit = |source: u16, first_line: u32, name: Option<&str>| HostReading {
            kind: HostKind::Kubernetes,
            name: name.map(str::to_owned),
            source,
            first_line,
            ..HostReading::default()
        };
        let container = |first_line: u32, last_line: u32, name: &str| Belonging {
            first_line,
            last_line,
            to: Whole::Container { name: name.to_owned(), at: span(first_line) },
        };
        let mut at = Places::default();
        at.put("pid", span(11));
        let to = Whole::CrashFile { pid: Some(7), uptime: Some(Micros(5)), time: None, local_time: None, at };
        let mut readings = Readings {
            host: vec![
                limit(0, 2, None),
                limit(0, 3, Some("own")),
                limit(0, 5, None),
                limit(0, 9, None),
                limit(1, 2, None),
                HostReading { kind: HostKind::FlagsFinal, first_line: 12, ..HostReading::default() },
            ],
            nmt: vec![NmtSnapshot { first_line: 13, ..NmtSnapshot::default() }],
            relations: Relations {
                wholes: vec![
                    container(4, 6, "proxy"),
                    container(1, 3, "app"),
                    Belonging { first_line: 10, last_line: 20, to },
                ],
                ..Relations::default()
            },
            ..Readings::default()
        };
        join(0, &mut readings);
        let names: Vec<Option<&str>> = readings.host.iter().map(|host| host.name.as_deref()).collect();
        assert_eq!(names, [Some("app"), Some("own"), Some("proxy"), None, None, None]);
        assert_eq!(readings.host.last().and_then(|host| host.pid), Some(7));
        assert_eq!(readings.nmt.first().map(|nmt| (nmt.pid, nmt.uptime)), Some((Some(7), Some(Micros(5)))));
        assert_eq!(readings.nmt.first().and_then(|nmt| nmt.at.get("pid")), Some(span(11)));
        assert!(readings.relations.wholes.is_empty());
    }
}
