//! Readings become runs one by one: where to find the run that the next one belongs to, and why it does.

use std::collections::BTreeMap;

use super::{Kind, Member, OpenRun};
use crate::analysis::parts::Parts;
use crate::model::java::JavaError;
use crate::model::jstat::JstatTable;
use crate::model::kind::{ErrorKind, HostKind};
use crate::model::nmt::NmtSnapshot;
use crate::model::readings::Readings;
use crate::model::run::{Join, Run};
use crate::units::Bytes;

/// Lines between the options that a JVM prints and the beginning of its log.
const OPTIONS_BEFORE_LOG: u32 = 4;
/// Tables that a new one is compared with at most.
const MAX_TABLES: usize = 1000;

/// What was printed into one stream before a reading that is asked whether it is near, at most.
const MAX_STREAM: usize = 1000;

/// The runs so far.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) runs: Vec<OpenRun>,
    /// The first run of each process id. Later ones were all killed.
    of_pid: BTreeMap<u32, usize>,
    /// The run of the NMT snapshots without a pid, by source and reservation of the heap.
    of_heap: BTreeMap<(u16, Bytes), usize>,
    /// The `jstat` tables without a pid and their runs.
    tables: Vec<(Ends, usize)>,
    /// The last event of each GC log, by its place.
    last_events: BTreeMap<usize, usize>,
    /// What JVMs print into one stream, GC logs and errors, of each source, with their runs.
    streams: BTreeMap<u16, Vec<(Member, usize)>>,
}

impl Assembly {
    /// Before the first run of these readings.
    pub(super) fn of(readings: &Readings) -> Assembly {
        let last_events = readings.gc_events.iter().enumerate().map(|(at, event)| (event.log as usize, at)).collect();
        Assembly { last_events, ..Assembly::default() }
    }

    /// The run that a reading belongs to, with the reason.
    pub(super) fn run_of(&self, member: &Member, readings: &Readings, parts: &Parts) -> Option<(usize, &'static str)> {
        match member.pid {
            Some(pid) => {
                let Some(first) = self.of_pid.get(&pid).copied() else {
                    return self.unnamed_stream(member, readings);
                };
                // Nobody dies twice: a second kill of the same pid is another process.
                let other_life =
                    matches!(member.kind, Kind::Victim(..)) && self.runs.get(first).is_some_and(|run| run.run.killed);
                (!other_life).then_some((first, "join.pid"))
            }
            None => self.run_without_pid(member, readings, parts),
        }
    }

    /// An error tells its process by its heap dump; the GC log that it stands in or right below, in the same stream, is of that
    /// process, too.
    fn unnamed_stream(&self, error: &Member, readings: &Readings) -> Option<(usize, &'static str)> {
        let Kind::JavaError(at) = error.kind else { return None };
        // A crash file is no part of the stream.
        readings.java_errors.get(at).filter(|error| error.message.starts_with("java.lang.OutOfMemoryError"))?;
        let is_around = |log: &Member| {
            let apart = readings.copies.apart(error.span.source, log.last_line, error.span.line);
            matches!(log.kind, Kind::GcLog(_)) && log.span.line <= error.span.line && apart <= 2
        };
        let is_unnamed = |at: usize| self.runs.get(at).is_some_and(|open| open.run.pid.is_none());
        let stream = self.streams.get(&error.span.source)?.iter().rev().take(MAX_STREAM);
        let logs = stream.filter(|(log, at)| is_around(log) && is_unnamed(*at));
        logs.map(|(_, at)| (*at, "join.same-stream")).max()
    }

    fn run_without_pid(&self, member: &Member, readings: &Readings, parts: &Parts) -> Option<(usize, &'static str)> {
        let in_stream = |fits: &dyn Fn(&Member) -> bool| {
            // What fits stands a few lines away: in reading order it is among the latest.
            let stream = self.streams.get(&member.span.source)?.iter().rev().take(MAX_STREAM);
            stream.filter(|(other, _)| fits(other)).map(|(_, run)| (*run, "join.same-stream")).max()
        };
        let apart = |from: u32, to: u32| readings.copies.apart(member.span.source, from, to);
        match member.kind {
            // Several snapshots of one heap, one after the other, without a pid between them.
            Kind::Nmt(at) => {
                let snapshot = readings.nmt.get(at)?;
                let run = self.of_heap.get(&(snapshot.source, reservation(snapshot)?))?;
                Some((*run, "join.same-heap"))
            }
            // Tables of several options of one JVM: what both print is the same or grows.
            Kind::Jstat(at) => {
                let ends = Ends::of(readings.jstat.get(at)?);
                let fits = |earlier: &Ends| {
                    (earlier.source == ends.source || earlier.is_followed_by(&ends)) && earlier.goes_on_in(&ends)
                };
                let latest = self.tables.iter().rev().take(MAX_TABLES).filter(|(earlier, _)| fits(earlier));
                latest.map(|(_, run)| (*run, "join.same-counters")).max()
            }
            // Files of one log, and copies.
            Kind::GcLog(at) => {
                let reason = parts.reason(at)?;
                let of_one = |log: &Member| matches!(log.kind, Kind::GcLog(other) if parts.are_one(at, other));
                let logs = self.streams.values().flatten();
                logs.filter(|(log, _)| of_one(log)).map(|(_, run)| (*run, reason)).max()
            }
            // What the JVM prints into the same stream as its GC log, and the reason right below the words that it does not start.
            Kind::JavaError(_) => in_stream(&|other| match other.kind {
                Kind::GcLog(_) => other.span.line <= member.span.line && apart(other.last_line, member.span.line) <= 60,
                Kind::JavaError(at) if is_last_words(member, readings) => {
                    let thread = |error: &JavaError| error.thread.is_some() && error.kind != ErrorKind::Startup;
                    readings.java_errors.get(at).is_some_and(thread) && apart(other.last_line, member.span.line) <= 2
                }
                Kind::JavaError(at) => {
                    let refused = readings.java_errors.get(at).is_some_and(|error| error.kind == ErrorKind::Startup);
                    refused && other.span.line <= member.span.line && apart(other.last_line, member.span.line) <= 1
                }
                _ => false,
            }),
            // The options that a JVM prints, or is started with, before it starts its log: the next one.
            Kind::Host(_) if member.is_loose => {
                let own = member.last_line;
                let is_near =
                    |log: &Member| apart(own, log.span.line) <= OPTIONS_BEFORE_LOG && apart(log.last_line, own) <= 2;
                let stream = self.streams.get(&member.span.source)?.iter().rev().take(MAX_STREAM);
                let logs = stream.filter(|(log, _)| matches!(log.kind, Kind::GcLog(_)) && is_near(log));
                let nearest = logs.min_by_key(|(log, _)| (log.span.line < own, apart(own, log.span.line)));
                nearest.map(|(_, run)| (*run, "join.same-stream"))
            }
            // The heap that a JVM prints at its end.
            Kind::Host(at) => in_stream(&|other| match other.kind {
                // However much stands between, a heap of just the sizes of its last collection is the same one.
                Kind::GcLog(log) if self.is_heap_after(log, at, readings) => other.span.line <= member.span.line,
                Kind::GcLog(_) => {
                    let own = member.span.line;
                    apart(own, other.span.line) == 0 && apart(other.last_line, own) <= 2
                }
                // The error of which it ended stands between the log and the heap.
                _ => other.span.line <= member.span.line && apart(other.last_line, member.span.line) <= 3,
            }),
            _ => None,
        }
    }

    /// True if a heap has the sizes that its generations had after the last collection of a log.
    fn is_heap_after(&self, log: usize, host: usize, readings: &Readings) -> bool {
        let last = self.last_events.get(&log).and_then(|at| readings.gc_events.get(*at));
        let (Some(event), Some(heap)) = (last, readings.host.get(host)) else { return false };
        let same = |name: &str| {
            event.figures.get(name).zip(heap.sizes.get(name)).is_some_and(|(then, now)| then == now && now.0 > 0)
        };
        matches!(heap.kind, HostKind::HeapAtExit | HostKind::HeapInfo)
            && same("old_committed")
            && same("young_committed")
    }

    /// Adds a reading to the run that it belongs to, or to a new one.
    pub(super) fn add(&mut self, member: Member, joined: Option<(usize, &'static str)>, readings: &Readings) {
        let at = joined.map_or(self.runs.len(), |(at, _)| at);
        if joined.is_none() {
            self.runs.push(OpenRun { run: Run::default(), members: Vec::new() });
        }
        let Some(open) = self.runs.get_mut(at) else { return };
        if let Some((_, reason)) = joined {
            open.run.joined.push(Join { reason: reason.to_owned(), span: member.span });
        }
        open.run.killed |= matches!(member.kind, Kind::Victim(..));
        if let (None, Some(_), Some(span)) = (open.run.pid, member.pid, member.pid_span) {
            open.run.at.put("pid", span);
        }
        open.run.pid = open.run.pid.or(member.pid);
        open.members.push(member);
        if let Some(pid) = member.pid {
            self.of_pid.entry(pid).or_insert(at);
        }
        match member.kind {
            Kind::Nmt(nth) if member.pid.is_none() => {
                if let Some(heap) = readings.nmt.get(nth).and_then(reservation) {
                    self.of_heap.insert((member.span.source, heap), at);
                }
            }
            Kind::Jstat(nth) if member.pid.is_none() => {
                self.tables.extend(readings.jstat.get(nth).map(|table| (Ends::of(table), at)));
            }
            Kind::GcLog(_) | Kind::JavaError(_) => {
                self.streams.entry(member.span.source).or_default().push((member, at))
            }
            _ => {}
        }
    }
}

/// True for what a thread prints when even the report of its error fails: it follows that error.
fn is_last_words(member: &Member, readings: &Readings) -> bool {
    let Kind::JavaError(at) = member.kind else { return false };
    readings.java_errors.get(at).is_some_and(JavaError::is_uncaught)
}

fn reservation(snapshot: &NmtSnapshot) -> Option<Bytes> {
    snapshot.categories.iter().find(|category| category.name == "Java Heap").and_then(|category| category.reserved)
}

/// What the first and the last row of a `jstat` table tell its process by.
struct Ends {
    source: u16,
    first: Row,
    last: Row,
}

/// Cells as the table has them.
struct Row {
    time: Option<i64>,
    /// Collections, the young ones first.
    counts: [Option<i64>; 3],
    capacities: [Option<i64>; 2],
}

impl Row {
    fn of(table: &JstatTable, row: Option<usize>) -> Row {
        let cell = |name: &str| table.column(name)?.fixed(row?);
        Row { time: cell("Timestamp"), counts: ["YGC", "FGC", "CGC"].map(cell), capacities: ["CCSC", "MC"].map(cell) }
    }
}

impl Ends {
    fn of(table: &JstatTable) -> Ends {
        let (first, last) = (Row::of(table, Some(0)), Row::of(table, table.rows.checked_sub(1)));
        Ends { source: table.source, first, last }
    }

    /// True if the rows of `later`, in another file, start within a minute after these, by the JVM's own clock.
    fn is_followed_by(&self, later: &Ends) -> bool {
        let between = self.last.time.zip(later.first.time).and_then(|(last, first)| first.checked_sub(last));
        between.is_some_and(|tenths| (1..=600).contains(&tenths))
    }

    /// True if `later` can be the same JVM a moment after: counters and capacities that both print differ by nothing in
    /// capacity and by little in counts.
    fn goes_on_in(&self, later: &Ends) -> bool {
        let counts = || both(&self.last.counts, &later.first.counts);
        let little = |(before, after): (i64, i64)| after.checked_sub(before).is_some_and(|by| (0..=1000).contains(&by));
        let capacities = || both(&self.last.capacities, &later.first.capacities);
        let equal = capacities().next().is_some() && capacities().all(|(before, after)| before == after);
        let same_young = self.last.counts.first() == later.first.counts.first();
        counts().next().is_some() && counts().all(little) && (same_young || equal)
    }
}

/// Cells that both rows have.
fn both(a: &[Option<i64>], b: &[Option<i64>]) -> impl Iterator<Item = (i64, i64)> {
    a.iter().zip(b).filter_map(|(a, b)| a.zip(*b))
}
