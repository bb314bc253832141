//! Native Memory Tracking snapshots and diffs.

use crate::json::Json;
use crate::source::Places;
use crate::units::{Bytes, Micros, SignedBytes};

/// How the categories stand to the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// Together they are the total, within rounding.
    AddsUp,
    /// All of them are rounded so far that nearly any total would do.
    TooCoarse,
    /// Some are missing, or the total is another one.
    Differs,
}

impl NmtSnapshot {
    /// Whether the categories add up to the total, as far as printed amounts can tell.
    pub fn sum(&self) -> Sum {
        match self.complete {
            true if self.scale.0 >= 1 << 30 => Sum::TooCoarse,
            true => Sum::AddsUp,
            false => Sum::Differs,
        }
    }
}

/// One answer of `jcmd <pid> VM.native_memory`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct NmtSnapshot {
    /// Id of the run it belongs to; empty until runs are assembled.
    pub run: String,
    /// Index of the source.
    pub source: u16,
    /// From the `<pid>:` line or the prompt.
    pub pid: Option<u32>,
    /// `summary`, `summary.diff`, `detail`, `detail.diff`.
    pub kind: String,
    /// Absolute time, where the text gives one.
    pub time: Option<Micros>,
    /// Wall-clock time as printed without a zone that can be told, read as if UTC.
    pub local_time: Option<Micros>,
    /// JVM uptime, where the text gives one (hs_err).
    pub uptime: Option<Micros>,
    /// Unit in which amounts are printed, in bytes: 1, 1024, …
    pub scale: Bytes,
    /// The `Total:` line.
    pub total: NmtTotal,
    /// Categories in printed order.
    pub categories: Vec<NmtCategory>,
    /// True if the categories add up to the total within rounding.
    pub complete: bool,
    /// JDK range that the layout tells, for example `11-15`.
    pub jdk: Option<String>,
    /// Entries of the virtual memory map of a detail report, grouped by name.
    #[json(omit)]
    pub regions: Vec<NmtRegions>,
    /// Call sites of a detail report, grouped by their top frame outside the tracker.
    #[json(omit)]
    pub sites: Vec<NmtSite>,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Where `pid` and `time` stand.
    #[json(omit)]
    pub at: Places,
}

/// Totals of a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct NmtTotal {
    /// Address space.
    pub reserved: Option<Bytes>,
    /// Backed by memory or swap as far as the JVM asked for; not the same as resident.
    pub committed: Option<Bytes>,
    /// Change since the baseline.
    pub reserved_delta: Option<SignedBytes>,
    /// Change since the baseline.
    pub committed_delta: Option<SignedBytes>,
    /// `malloc:` under the total.
    pub malloc: Option<Bytes>,
    /// `mmap:` under the total.
    pub mmap_reserved: Option<Bytes>,
    /// `mmap:` under the total.
    pub mmap_committed: Option<Bytes>,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

/// One category. Deltas are `None` in plain reports; in diffs an unprinted delta is zero and stands as `None` too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct NmtCategory {
    /// Name as printed, with `Synchronizer`, `Memory Tracking`, … unified to today's names.
    pub name: String,
    /// Address space.
    pub reserved: Option<Bytes>,
    /// Committed.
    pub committed: Option<Bytes>,
    /// Change since the baseline.
    pub reserved_delta: Option<SignedBytes>,
    /// Change since the baseline.
    pub committed_delta: Option<SignedBytes>,
    /// `malloc=`.
    pub malloc: Option<Bytes>,
    /// Change of `malloc`.
    pub malloc_delta: Option<SignedBytes>,
    /// `#n` of `malloc`.
    pub malloc_count: Option<u64>,
    /// Change of the count.
    pub malloc_count_delta: Option<i64>,
    /// `mmap: reserved=`.
    pub mmap_reserved: Option<Bytes>,
    /// `mmap: committed=`.
    pub mmap_committed: Option<Bytes>,
    /// Change.
    pub mmap_reserved_delta: Option<SignedBytes>,
    /// Change.
    pub mmap_committed_delta: Option<SignedBytes>,
    /// `arena=`.
    pub arena: Option<Bytes>,
    /// Change of `arena`.
    pub arena_delta: Option<SignedBytes>,
    /// `thread #n` (Thread).
    pub threads: Option<u64>,
    /// Change.
    pub threads_delta: Option<i64>,
    /// `stack: reserved=` (Thread).
    pub stack_reserved: Option<Bytes>,
    /// `stack: committed=` (Thread).
    pub stack_committed: Option<Bytes>,
    /// `classes #n` (Class).
    pub classes: Option<u64>,
    /// Change.
    pub classes_delta: Option<i64>,
    /// `tracking overhead=` (Native Memory Tracking).
    pub tracking_overhead: Option<Bytes>,
    /// Largest malloc so far, where printed.
    pub malloc_peak: Option<Bytes>,
    /// Largest arena so far, where printed.
    pub arena_peak: Option<Bytes>,
    /// `Metadata:` and `Class space:` of Class. Part of the category, never added to it.
    #[json(omit)]
    pub spaces: Vec<NmtSpace>,
    /// Line of the category.
    pub line: u32,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

/// A metaspace block inside Class (or Metaspace).
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct NmtSpace {
    /// `Metadata` or `Class space`.
    pub name: String,
    /// Address space.
    pub reserved: Option<Bytes>,
    /// Committed.
    pub committed: Option<Bytes>,
    /// In use.
    pub used: Option<Bytes>,
    /// Free (11 to 15).
    pub free: Option<Bytes>,
    /// Waste.
    pub waste: Option<Bytes>,
    /// Line of the block's heading.
    pub line: u32,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

/// Entries of the virtual memory map that carry one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct NmtRegions {
    /// Category name.
    pub name: String,
    /// Number of reserved ranges.
    pub count: u64,
    /// Sum of reserved ranges.
    pub reserved: Bytes,
    /// Sum of committed ranges.
    pub committed: Bytes,
    /// First line of such an entry.
    pub line: u32,
}

/// Call sites that share their top frame and category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct NmtSite {
    /// The first frame that is not the tracker's own.
    pub frame: String,
    /// Category, where printed.
    pub category: Option<String>,
    /// `malloc` or `mmap`.
    pub kind: String,
    /// Sum of malloc, or of reserved memory.
    pub size: Bytes,
    /// Sum of committed memory (mmap).
    pub committed: Option<Bytes>,
    /// Sum of changes (diffs).
    pub delta: Option<SignedBytes>,
    /// Number of allocations.
    pub count: Option<u64>,
    /// Call sites grouped here.
    pub sites: u64,
    /// Line of the first.
    pub line: u32,
}
