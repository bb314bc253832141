//! Which records of a text are one incident: a kill and those who tell of it, an error and the end that follows it.

use std::collections::BTreeSet;

use crate::model::kind::{ErrorKind, EventKind, Strength};
use crate::model::oom::Event;
use crate::report::Report;
use crate::units::Micros;

/// Lines from a record to the next one of the same incident, where no clock tells.
const NEAR: u32 = 64;
/// Lines between the errors of one JVM that runs out.
const NEXT: u32 = 16;
/// What comes later than this is another incident.
const SOON: u64 = 10_000_000;

/// Records that are one incident.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Where the record begins that leads it.
    pub lead: u32,
    /// First line.
    pub first: u32,
    /// Last line.
    pub last: u32,
    /// False for a report of the kernel without the line that tells whom it killed, or why nobody: it may go on.
    pub is_whole: bool,
    /// How it is known again.
    pub marks: Marks,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Kill,
    Error(ErrorKind),
    Event(EventKind),
}

/// What tells that two records are about one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pids: BTreeSet<u32>,
    /// Names of units and containers, and the groups of control that hold them.
    names: Vec<String>,
    time: Option<Micros>,
    local_time: Option<Micros>,
}

/// Characters of a name that is told apart from others.
const MIN_NAME: usize = 6;

impl Marks {
    /// Microseconds from one to the other, on a clock that both have.
    fn apart(&self, other: &Marks) -> Option<u64> {
        let between = |a: Option<Micros>, b: Option<Micros>| a.zip(b).map(|(a, b)| a.0.abs_diff(b.0));
        between(self.time, other.time).or_else(|| between(self.local_time, other.local_time))
    }

    fn shares_pid(&self, other: &Marks) -> bool {
        !self.pids.is_disjoint(&other.pids)
    }

    /// True if both name processes, and others.
    fn differs(&self, other: &Marks) -> bool {
        !self.pids.is_empty() && !other.pids.is_empty() && !self.shares_pid(other)
    }

    fn shares_name(&self, other: &Marks) -> bool {
        let within = |a: &String, b: &String| a.len() >= MIN_NAME && b.contains(a.as_str());
        self.names.iter().any(|a| other.names.iter().any(|b| within(a, b) || within(b, a)))
    }

    /// True if an event names a unit that is not the one of a kill: streams may hold many machines.
    fn is_of_other_unit(&self, kind: EventKind, kill: &Marks) -> bool {
        let names_unit =
            matches!(kind, EventKind::StopTimedOut | EventKind::SystemdUnitKilled | EventKind::SystemdUnitOom);
        names_unit && !self.names.is_empty() && !kill.names.is_empty() && !self.shares_name(kill)
    }

    /// True if a clock of both says that they are of one moment, or none says that they are not.
    fn may_be_near(&self, other: &Marks) -> bool {
        self.apart(other).is_none_or(|apart| apart <= SOON)
    }

    fn join(&mut self, other: Marks) {
        self.pids.extend(other.pids);
        self.names.extend(other.names);
        self.time = self.time.or(other.time);
        self.local_time = self.local_time.or(other.local_time);
    }
}

/// True for an event that is an incident of its own where nothing else is: something ended, or was refused, and it was not just told to end.
pub(super) fn leads(event: &Event) -> bool {
    const ORDERLY: [EventKind; 4] = [EventKind::Exit0, EventKind::Exit143, EventKind::ExitFailed, EventKind::Sigterm];
    let is_answer = event.kind.is_answer_of_tool();
    !event.told && !is_answer && event.kind.strength().is_some() && !ORDERLY.contains(&event.kind)
}

/// True for what tells of a kill that somebody else did.
fn is_witness(kind: EventKind) -> bool {
    let is_of_signal = matches!(kind.strength(), Some(Strength::Signal));
    kind.is_oomkilled()
        || is_of_signal
        || matches!(
            kind,
            EventKind::ContainerOom
                | EventKind::ExitFailed
                | EventKind::KubernetesSystemOom
                | EventKind::OomKiller
                | EventKind::SystemdUnitOom
        )
}

impl Group {
    fn of(what: What, first: u32, last: u32, marks: Marks) -> Group {
        Group { lead: first, first, last, is_whole: true, marks, what }
    }

    /// True if a later record is of this incident.
    fn takes(&self, next: &Group) -> bool {
        let apart = next.first.saturating_sub(self.last);
        if self.marks.differs(&next.marks) || !self.marks.may_be_near(&next.marks) {
            return false;
        }
        let is_known = self.marks.shares_pid(&next.marks) || self.marks.shares_name(&next.marks);
        let has_clocks = self.marks.apart(&next.marks).is_some();
        match (self.what, next.what) {
            (What::Event(kind), What::Kill) => is_known && is_witness(kind) && apart <= NEAR,
            (_, What::Kill) => false,
            (What::Kill, What::Event(kind)) if next.marks.is_of_other_unit(kind, &self.marks) => false,
            (What::Kill, What::Event(kind)) => {
                is_known || is_witness(kind) && (has_clocks || apart <= NEAR) || next.first <= self.last
            }
            (What::Error(of), What::Error(kind)) => {
                const ANY: [ErrorKind; 4] =
                    [ErrorKind::FatalError, ErrorKind::InsufficientMemory, ErrorKind::Native, ErrorKind::Other];
                apart <= NEXT && (of == kind || ANY.contains(&of) || ANY.contains(&kind))
            }
            (What::Error(_), What::Event(kind)) => kind.ends_process() && (is_known || apart <= NEXT),
            (What::Event(_), What::Event(_)) => is_known && apart <= NEAR || apart <= 1,
            (What::Kill | What::Event(_), What::Error(_)) => false,
        }
    }

    /// True if all of it only tells of a kill that was told already.
    pub fn is_echo_of(&self, told: &Marks) -> bool {
        let What::Event(kind) = self.what else { return false };
        let is_known = self.marks.shares_pid(told) || self.marks.shares_name(told);
        let is_soon = self.marks.apart(told).is_some_and(|apart| apart <= SOON);
        let differs = self.marks.differs(told) || !self.marks.may_be_near(told);
        is_witness(kind) && !differs && !self.marks.is_of_other_unit(kind, told) && (is_known || is_soon)
    }

    /// True if others may tell of it later.
    pub fn has_echoes(&self) -> bool {
        self.what == What::Kill
    }
}

/// The incidents of a text, in the order of its lines.
pub(super) fn of(report: &Report) -> Vec<Group> {
    let kills = report.oom_kills.iter().map(|kill| {
        let paths = kill.cgroup.iter().flat_map(|group| group.task_path.iter().chain([&group.path]));
        let marks = Marks {
            pids: kill.victims.iter().map(|victim| victim.pid).collect(),
            names: paths.filter(|path| path.len() >= MIN_NAME).cloned().collect(),
            time: kill.time,
            local_time: kill.local_time,
        };
        let mut group = Group::of(What::Kill, kill.first_line, kill.last_line, marks);
        group.is_whole = !kill.victims.is_empty() || kill.panic || kill.no_killable;
        group
    });
    let errors = report.java_errors.iter().filter(|error| !error.told).map(|error| {
        let pids = error.pid.into_iter().collect();
        let marks = Marks { pids, names: Vec::new(), time: error.time, local_time: error.local_time };
        Group::of(What::Error(error.kind), error.first_line, error.last_line, marks)
    });
    let events =
        report.events.iter().filter(|event| leads(event) || event.kind.ends_process() && !event.told).map(|event| {
            let (pids, names) = (event.pid.into_iter().collect(), event.name.iter().cloned().collect());
            let marks = Marks { pids, names, time: event.time, local_time: event.local_time };
            let mut group = Group::of(What::Event(event.kind), event.first_line, event.last_line, marks);
            // What ended in order is told beside others only.
            group.lead = if leads(event) { event.first_line } else { 0 };
            group
        });
    let mut records: Vec<Group> = kills.chain(errors).chain(events).collect();
    records.sort_by_key(|record| (record.first, record.last));
    let mut groups: Vec<Group> = Vec::new();
    for record in records {
        match groups.iter_mut().rev().take(NEXT as usize).find(|group| group.takes(&record)) {
            Some(group) => {
                group.last = group.last.max(record.last);
                if record.what == What::Kill {
                    (group.what, group.is_whole, group.lead) = (record.what, record.is_whole, record.lead);
                }
                group.lead = if group.lead == 0 { record.lead } else { group.lead };
                group.marks.join(record.marks);
            }
            None => groups.push(record),
        }
    }
    groups.retain(|group| group.lead > 0);
    groups
}
