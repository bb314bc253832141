//! GC logs: what was collected when, how long it took, and what was left.

use std::collections::BTreeMap;

use crate::json::Json;
use crate::source::Places;
use crate::units::{Bytes, Micros};

/// One GC log of one JVM run: its banner and where it stands. Events name it by index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct GcLog {
    /// Id of the run; empty until runs are assembled.
    pub run: String,
    /// Index of the source.
    pub source: u16,
    /// `unified`, `legacy`, `monitor` for what programs say of their own collections, `hs-err` for the list in a crash file,
    /// `javacore` for that in a javacore, `openj9` for the XML of OpenJ9, `recording` for what `jfr` prints.
    pub style: String,
    /// From the pid decoration.
    pub pid: Option<u32>,
    /// From `Using …`, the banner, or what the lines tell.
    pub collector: Option<String>,
    /// From `Version:` or the legacy banner.
    pub jdk: Option<String>,
    /// `Memory:` on which the JVM sized itself.
    pub memory: Option<Bytes>,
    /// `CPUs: … available`.
    pub cpus: Option<u32>,
    /// `Heap Max Capacity`, `Max Capacity`.
    pub max_heap: Option<Bytes>,
    /// `Heap Initial Capacity`.
    pub initial_heap: Option<Bytes>,
    /// `Heap Region Size`.
    pub region_size: Option<Bytes>,
    /// `CommandLine flags:` of the legacy banner.
    #[json(omit)]
    pub flags: Vec<String>,
    /// Absolute time of JVM start, if a line carries both wall time with zone and uptime.
    pub start: Option<Micros>,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

/// One collection, pause or notable line of a GC log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct GcEvent {
    /// Index in `gc_logs`.
    pub log: u32,
    /// What it is.
    pub kind: GcKind,
    /// `GC(n)`.
    pub gc: Option<u64>,
    /// The phrase as printed without cause: `Pause Young (Normal)`.
    pub name: String,
    /// `G1 Evacuation Pause`, `Allocation Failure`, …
    pub cause: Option<String>,
    /// JVM uptime.
    pub uptime: Option<Micros>,
    /// Absolute time, UTC.
    pub time: Option<Micros>,
    /// Wall-clock time as printed without zone, read as if UTC.
    pub local_time: Option<Micros>,
    /// Duration.
    pub duration: Option<Micros>,
    /// Time of processors that the collection used: user and system together.
    pub cpu: Option<Micros>,
    /// What `duration` is a part of, where a program prints how long it watched.
    pub window: Option<Micros>,
    /// True if the application stood still for `duration`.
    pub pause: bool,
    /// Heap used before.
    pub before: Option<Bytes>,
    /// Heap used after.
    pub after: Option<Bytes>,
    /// Heap committed after.
    pub committed: Option<Bytes>,
    /// Hundredths of the maximum heap that were used after, where the line prints them (ZGC).
    pub filled: Option<u64>,
    /// Other figures by word, in bytes: `metaspace_used`, `metaspace_committed`, `old_after`, `humongous_after`, …
    #[json(omit)]
    pub figures: BTreeMap<String, Bytes>,
    /// Line.
    pub line: u32,
}

impl GcEvent {
    /// True for a collection that takes most of a stop.
    pub fn is_most_of(&self, stop: &GcEvent) -> bool {
        self.duration.zip(stop.duration).is_some_and(|(own, all)| own.0.saturating_mul(2) >= all.0)
    }

    /// True for a collection that takes as long as a stop, as far as two clocks agree.
    pub fn is_all_of(&self, stop: &GcEvent) -> bool {
        let is_within = |(own, all): (Micros, Micros)| own.0 <= all.0.saturating_add(all.0 / 4);
        self.is_most_of(stop) && self.duration.zip(stop.duration).is_some_and(is_within)
    }
}

/// Kinds of collections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Json)]
pub enum GcKind {
    /// Young pause.
    Young,
    /// Mixed pause (G1).
    Mixed,
    /// Full pause.
    Full,
    /// Short pause of a concurrent cycle (remark, cleanup, mark start, …).
    ConcurrentPause,
    /// Concurrent cycle or phase.
    Concurrent,
    /// Minor collection of generational ZGC.
    Minor,
    /// Major collection of generational ZGC, or a whole cycle of single-generation ZGC.
    Major,
    /// Degenerated collection (Shenandoah).
    Degenerated,
    /// A thread waited for memory (ZGC).
    AllocationStall,
    /// To-space exhausted, evacuation failure, promotion failed, concurrent mode failure.
    Failure,
    /// Anything else with a duration or heap figures.
    #[default]
    Other,
}
