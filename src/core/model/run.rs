//! Runs: one JVM process from start to death, and which readings belong to it.

use crate::json::Json;
use crate::source::{Places, Span};
use crate::units::Bytes;

/// The reason of a maximum that is a share of the memory, a catalogue key.
pub const MAX_HEAP_BY_SHARE: &str = "max-heap.share";

/// One process. What cannot be told to be the same process stays apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Run {
    /// `run-1`, `run-2`, … in order of appearance.
    pub id: String,
    /// Process id as printed. `None` if no line names it.
    pub pid: Option<u32>,
    /// Process name as the kernel prints it.
    pub name: Option<String>,
    /// `G1`, `Serial`, `Parallel`, `CMS`, `ZGC`, `generational ZGC`, `Shenandoah`.
    pub collector: Option<String>,
    /// Catalogue key of the reason.
    pub collector_reason: Option<String>,
    /// JDK version or range.
    pub jdk: Option<String>,
    /// JVM options in printed order.
    #[json(omit)]
    pub flags: Vec<String>,
    /// Maximum heap.
    pub max_heap: Option<Bytes>,
    /// Catalogue key of how `max_heap` is known.
    pub max_heap_reason: Option<String>,
    /// True if the kernel killed it.
    #[json(omit)]
    pub killed: bool,
    /// Why readings were joined into this run: catalogue key per joined reading.
    #[json(omit)]
    pub joined: Vec<Join>,
    /// Where `pid`, `max_heap`, … stand.
    #[json(omit)]
    pub at: Places,
}

/// One reason for which a reading belongs to a run.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Join {
    /// Catalogue key: `join.pid`, `join.order`, …
    pub reason: String,
    /// A line that shows it.
    pub span: Span,
}
