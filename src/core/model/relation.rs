//! What one reader knows of records that others make: these lines are of that process, those are about that container. Readers note
//! it, and one step at the end of a source ([`joining`](super::joining)) puts it into the records, so that no reader touches the records of another.

use super::java::JavaError;
use super::oom::OomKill;
use crate::source::{Places, Span};
use crate::units::Micros;

/// What was noted of the records of a source.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// What records are part of.
    pub wholes: Vec<Belonging>,
    /// What crash files say of errors.
    pub crashes: Vec<Crash>,
    /// Kills of which there is only what the reaper says of the victim.
    pub reaped: Vec<OomKill>,
}

/// What records that begin in some lines of the source belong to.
#[derive(Clone, Debug)]
pub struct Belonging {
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
    /// What was set after all that happened, as the words above it say.
    Afterwards,
    /// One of several starts of a program in one text.
    Attempt {
        /// The command.
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

/// An error as a crash file tells it, and what lines above the file tell of it.
#[derive(Clone, Debug)]
pub struct Crash {
    /// The error.
    pub error: JavaError,
    /// Index of the error that is the same.
    pub told: Option<usize>,
    /// Indexes of the events that the process ends.
    pub aborted: Vec<usize>,
    /// Indexes of the errors that it ends for.
    pub thrown: Vec<usize>,
}
