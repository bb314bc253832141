//! What one reader knows of records that others make: these lines are of that process, those are about that container. Readers note
//! it, and one step at the end of a source puts it into the records, so that no reader touches the records of another.

use super::kind::HostKind;
use super::readings::Readings;
use super::record::{RecordMut, Records as _};
use crate::order::InOrder as _;
use crate::source::{Places, Span};
use crate::units::Micros;

/// What records that begin in some lines of the source belong to.
#[derive(Clone, Debug)]
pub struct Relation {
    /// First of the lines.
    pub first_line: u32,
    /// Last of them.
    pub last_line: u32,
    /// To what.
    pub to: Whole,
}

/// What records belong to.
#[derive(Clone, Debug)]
pub enum Whole {
    /// A container of a manifest or a description.
    Container {
        /// With the pod, where that is known.
        name: String,
        /// Where the name stands.
        at: Span,
    },
    /// A crash file, which quotes options and an answer of NMT without saying of whom.
    CrashFile {
        /// The process that crashed.
        pid: Option<u32>,
        /// When, since it started.
        uptime: Option<Micros>,
        /// When, UTC.
        time: Option<Micros>,
        /// When, as printed without zone.
        local_time: Option<Micros>,
        /// Where `pid`, `time`, and `uptime` stand.
        at: Places,
    },
}

/// Puts what was noted of a source into its records.
pub fn join(source: u16, readings: &mut Readings) {
    let noted = std::mem::take(&mut readings.relations);
    let (mut containers, mut files): (Vec<Relation>, Vec<Relation>) =
        noted.into_iter().partition(|relation| matches!(relation.to, Whole::Container { .. }));
    for relations in [&mut containers, &mut files].into_iter().filter(|relations| !relations.is_empty()) {
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
        let container = |first_line: u32, last_line: u32, name: &str| Relation {
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
            relations: vec![
                container(4, 6, "proxy"),
                container(1, 3, "app"),
                Relation { first_line: 10, last_line: 20, to },
            ],
            ..Readings::default()
        };
        join(0, &mut readings);
        let names: Vec<Option<&str>> = readings.host.iter().map(|host| host.name.as_deref()).collect();
        assert_eq!(names, [Some("app"), Some("own"), Some("proxy"), None, None, None]);
        assert_eq!(readings.host.last().and_then(|host| host.pid), Some(7));
        assert_eq!(readings.nmt.first().map(|nmt| (nmt.pid, nmt.uptime)), Some((Some(7), Some(Micros(5)))));
        assert_eq!(readings.nmt.first().and_then(|nmt| nmt.at.get("pid")), Some(span(11)));
        assert!(readings.relations.is_empty());
    }
}
