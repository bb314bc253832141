//! What all records have in common: where they stand, when they are from, whose they are. Whoever asks only for that walks all of
//! them at once, so that a new kind of record is joined, sorted, and named like the others.

use super::gc::GcLog;
use super::host::HostReading;
use super::java::JavaError;
use super::jstat::JstatTable;
use super::nmt::NmtSnapshot;
use super::oom::{Event, OomKill};
use crate::source::{Places, Span};
use crate::units::Micros;

/// The head of a record.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Index of the source.
    pub source: u16,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Absolute time, UTC.
    pub time: Option<Micros>,
    /// Wall-clock time as printed without zone, read as if UTC.
    pub local_time: Option<Micros>,
    /// True if the year of `time` or `local_time` is not in the text.
    pub year_unknown: bool,
    /// Since the start of the machine or of the JVM, as the kind of the record says.
    pub uptime: Option<Micros>,
    /// Process that it is about; of a kill the victims tell.
    pub pid: Option<u32>,
    /// Id of the run, once assembled; of a kill that of the first victim that has one.
    pub run: Option<&'a str>,
    /// Where each field stands.
    pub at: &'a Places,
}

impl Head<'_> {
    /// The first line.
    pub fn line(&self) -> Span {
        Span { source: self.source, line: self.first_line, start: 0, end: 0 }
    }

    /// When it is from, by whatever clock has a date.
    pub fn date(&self) -> Option<Micros> {
        self.time.or(self.local_time)
    }
}

/// A time that may be half told.
#[derive(Debug)]
pub struct Moment<'a> {
    /// Index of the source.
    pub source: u16,
    /// First line of the record.
    pub line: u32,
    /// Host as the transport names it.
    pub host: Option<&'a str>,
    /// Time since boot.
    pub since_boot: Option<Micros>,
    /// Absolute time, UTC.
    pub time: &'a mut Option<Micros>,
    /// Wall-clock time as printed without zone, read as if UTC.
    pub local_time: &'a mut Option<Micros>,
    /// True if the year of `time` or `local_time` is not in the text.
    pub year_unknown: &'a mut bool,
    /// Where the fields of the record stand.
    pub at: &'a mut Places,
}

/// Whatever has records of all kinds, in lists of the same names.
pub trait Records {
    /// All of them, each with its place in its list.
    fn numbered(&self) -> impl Iterator<Item = (usize, Record<'_>)>;

    /// All of them, to be changed.
    fn records_mut(&mut self) -> impl Iterator<Item = RecordMut<'_>>;

    /// All of them.
    fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.numbered().map(|(_, record)| record)
    }
}

/// The kinds of records, their types, and the lists that hold them.
#[macro_export]
#[doc(hidden)]
macro_rules! with_records {
    ($then:ident $($holder:ty)?) => {
        $crate::model::record::$then! { $($holder;)?
            /// A table of `jstat`.
            Jstat jstat JstatTable,
            /// An answer of NMT.
            Nmt nmt NmtSnapshot,
            /// A report of the kernel's OOM killer.
            Kill oom_kills OomKill,
            /// A GC log; its events are its rows.
            GcLog gc_logs GcLog,
            /// What a JVM said.
            Error java_errors JavaError,
            /// Another killer, or a look-alike.
            Event events Event,
            /// Figures of a machine, a container, or a process.
            Host host HostReading,
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! kinds_of_records {
    ($($(#[$about:meta])* $kind:ident $list:ident $record:ty,)*) => {
        /// A record of any kind.
        #[derive(Clone, Copy, Debug)]
        pub enum Record<'a> { $($(#[$about])* $kind(&'a $record),)* }

        /// A record of any kind, to be changed.
        #[derive(Debug)]
        pub enum RecordMut<'a> { $($(#[$about])* $kind(&'a mut $record),)* }
    };
}

/// Lets the records of a type be walked.
#[macro_export]
#[doc(hidden)]
macro_rules! hold_records {
    ($holder:ty; $($(#[$about:meta])* $kind:ident $list:ident $record:ty,)*) => {
        impl $crate::model::record::Records for $holder {
            fn numbered(&self) -> impl Iterator<Item = (usize, $crate::model::record::Record<'_>)> {
                let none = std::iter::empty();
                none$(.chain(
                    self.$list.iter().map($crate::model::record::Record::$kind).enumerate()
                ))*
            }

            fn records_mut(&mut self) -> impl Iterator<Item = $crate::model::record::RecordMut<'_>> {
                let none = std::iter::empty();
                none$(.chain(self.$list.iter_mut().map($crate::model::record::RecordMut::$kind)))*
            }
        }
    };
}

pub use {hold_records, kinds_of_records, with_records};

with_records!(kinds_of_records);

impl<'a> Record<'a> {
    /// Its head.
    pub fn head(self) -> Head<'a> {
        /// Of a record that has all fields of a head by their names.
        macro_rules! head {
            ($record:ident, $run:expr, { $($field:ident: $value:expr),* $(,)? }) => {
                Head {
                    source: $record.source,
                    first_line: $record.first_line,
                    last_line: $record.last_line,
                    run: $run,
                    at: &$record.at,
                    $($field: $value,)*
                }
            };
        }
        fn named(run: &str) -> Option<&str> {
            Some(run).filter(|run| !run.is_empty())
        }
        match self {
            Record::Jstat(table) => head!(table, named(&table.run), {
                time: None, local_time: None, year_unknown: false, uptime: None, pid: table.pid,
            }),
            Record::Nmt(nmt) => head!(nmt, named(&nmt.run), {
                time: nmt.time, local_time: nmt.local_time, year_unknown: false, uptime: nmt.uptime, pid: nmt.pid,
            }),
            Record::GcLog(log) => head!(log, named(&log.run), {
                time: None, local_time: None, year_unknown: false, uptime: None, pid: log.pid,
            }),
            Record::Kill(kill) => head!(kill, kill.victims.iter().find_map(|victim| victim.run.as_deref()), {
                time: kill.time,
                local_time: kill.local_time,
                year_unknown: kill.year_unknown,
                uptime: kill.uptime,
                pid: None,
            }),
            Record::Error(error) => head!(error, error.run.as_deref(), {
                time: error.time,
                local_time: error.local_time,
                year_unknown: error.year_unknown,
                uptime: error.uptime,
                pid: error.pid,
            }),
            Record::Event(event) => head!(event, event.run.as_deref(), {
                time: event.time,
                local_time: event.local_time,
                year_unknown: event.year_unknown,
                uptime: event.uptime,
                pid: event.pid,
            }),
            Record::Host(host) => head!(host, host.run.as_deref(), {
                time: host.time,
                local_time: host.local_time,
                year_unknown: host.year_unknown,
                uptime: host.uptime,
                pid: host.pid,
            }),
        }
    }

    /// What its lines are called as a block of a source: a format, or the kind of a reading.
    pub fn format(self) -> &'static str {
        match self {
            Record::Jstat(_) => "jstat",
            Record::Nmt(_) => "nmt",
            Record::Kill(_) => "oom-killer",
            Record::GcLog(log) if log.style == "hs-err" => "hs-err",
            Record::GcLog(_) => "gc-log",
            Record::Error(_) => "java-error",
            Record::Event(_) => "event",
            Record::Host(host) => host.kind.name(),
        }
    }
}

impl<'a> RecordMut<'a> {
    /// Its source and its first line.
    pub fn place(&self) -> (u16, u32) {
        match self {
            RecordMut::Jstat(table) => (table.source, table.first_line),
            RecordMut::Nmt(snapshot) => (snapshot.source, snapshot.first_line),
            RecordMut::Kill(kill) => (kill.source, kill.first_line),
            RecordMut::GcLog(log) => (log.source, log.first_line),
            RecordMut::Error(error) => (error.source, error.first_line),
            RecordMut::Event(event) => (event.source, event.first_line),
            RecordMut::Host(host) => (host.source, host.first_line),
        }
    }

    /// Hands over every id of a run that it names; an empty one is that of no run.
    pub fn each_run(self, act: &mut dyn FnMut(&mut String)) {
        let mut maybe = |run: &mut Option<String>| {
            let mut name = run.take().unwrap_or_default();
            act(&mut name);
            *run = Some(name).filter(|name| !name.is_empty());
        };
        match self {
            RecordMut::Jstat(table) => act(&mut table.run),
            RecordMut::Nmt(snapshot) => act(&mut snapshot.run),
            RecordMut::GcLog(log) => act(&mut log.run),
            RecordMut::Kill(kill) => kill.victims.iter_mut().for_each(|victim| maybe(&mut victim.run)),
            RecordMut::Error(error) => maybe(&mut error.run),
            RecordMut::Event(event) => maybe(&mut event.run),
            RecordMut::Host(host) => maybe(&mut host.run),
        }
    }

    /// Its time, where it has one that other lines may complete.
    pub fn moment(self) -> Option<Moment<'a>> {
        /// Of a record that has a time of its own.
        macro_rules! moment {
            ($record:ident, $host:expr, $since_boot:expr) => {
                Some(Moment {
                    source: $record.source,
                    line: $record.first_line,
                    host: $host,
                    since_boot: $since_boot,
                    time: &mut $record.time,
                    local_time: &mut $record.local_time,
                    year_unknown: &mut $record.year_unknown,
                    at: &mut $record.at,
                })
            };
        }
        match self {
            RecordMut::Kill(kill) => moment!(kill, kill.host.as_deref(), kill.uptime),
            RecordMut::Event(event) => moment!(event, None, event.uptime),
            // Their uptime is that of a JVM, or of what their kind says.
            RecordMut::Error(error) => moment!(error, None, None),
            RecordMut::Host(host) => moment!(host, None, None),
            RecordMut::Jstat(_) | RecordMut::Nmt(_) | RecordMut::GcLog(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::oom::Victim;
    use crate::model::readings::Readings;

    #[test]
    fn every_record_is_walked_and_named() {
        let mut readings = Readings {
            nmt: vec![NmtSnapshot::default()],
            oom_kills: vec![OomKill { victims: vec![Victim::default(), Victim::default()], ..OomKill::default() }],
            gc_logs: vec![GcLog::default()],
            java_errors: vec![JavaError::default()],
            events: vec![Event::default()],
            host: vec![HostReading::default(), HostReading::default()],
            ..Readings::default()
        };
        assert!(readings.records().all(|record| record.head().run.is_none()));
        let mut named = 0;
        readings.records_mut().for_each(|record| {
            record.each_run(&mut |run| {
                named += 1;
                *run = format!("run-{named}");
            });
        });
        let runs: Vec<&str> = readings.records().filter_map(|record| record.head().run).collect();
        assert_eq!(runs, ["run-1", "run-2", "run-4", "run-5", "run-6", "run-7", "run-8"]);
        let places: Vec<usize> = readings.numbered().map(|(at, _)| at).collect();
        assert_eq!(places, [0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(readings.records_mut().filter_map(RecordMut::moment).count(), 5);
    }
}
