//! Figures about a machine, a container, or a process that stand around the JVM's own.

use std::collections::BTreeMap;

use super::kind::HostKind;
use crate::json::Json;
use crate::source::{Line, Places, Span};
use crate::units::{Bytes, Micros};

/// The main class of `jps`, which lists itself among the JVMs.
pub const JPS: &str = "sun.tools.jps.Jps";

/// One reading of `free`, `/proc/meminfo`, `top`, `ps`, a cgroup file, `VM.flags`, `GC.heap_info` and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct HostReading {
    /// What it is; [`HostKind::subject`] says what it is about.
    pub kind: HostKind,
    /// Process it is about. `None` for a machine or a container.
    pub pid: Option<u32>,
    /// Process, container or pod name.
    pub name: Option<String>,
    /// Absolute time, UTC.
    pub time: Option<Micros>,
    /// Wall-clock time as printed without zone, read as if UTC.
    pub local_time: Option<Micros>,
    /// True if the year of `time` or `local_time` is not in the text.
    #[json(omit)]
    pub year_unknown: bool,
    /// JVM uptime or time since boot, as the kind says.
    pub uptime: Option<Micros>,
    /// Sizes in bytes by name. One name has one meaning, whatever printed it.
    #[json(omit)]
    pub sizes: BTreeMap<String, Bytes>,
    /// Counts by name, listed there too: `threads`, `oom_kill`, `limit_hits`, …
    #[json(omit)]
    pub counts: BTreeMap<String, u64>,
    /// Words by name, listed there too: `collector`, `jdk`, `state`, …
    #[json(omit)]
    pub words: BTreeMap<String, String>,
    /// JVM options in printed order.
    #[json(omit)]
    pub flags: Vec<String>,
    /// Index of the source.
    pub source: u16,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Id of the run, once assembled.
    pub run: Option<String>,
    /// Where each field stands, by the name in `sizes`, `counts` or `words`.
    #[json(omit)]
    pub at: Places,
}

impl HostReading {
    /// What a machine has to give: as it is printed, else what is free with what the page cache would give back.
    pub fn available(&self) -> Option<(Bytes, Option<Span>)> {
        let size = |name: &str| self.sizes.get(name).copied();
        let printed = ["mem_available", "mem_free_with_cache"].into_iter();
        let printed = printed.filter_map(|name| Some((size(name)?, self.at.get(name)))).next();
        let sum = || Some(size("mem_free")?.plus(size("buffers")?).plus(size("cache")?));
        printed.or_else(|| Some((sum()?, self.at.get("mem_free"))))
    }

    /// On one line so far.
    pub fn on(line: &Line<'_>, kind: HostKind) -> HostReading {
        let Line { source, number, .. } = *line;
        HostReading { kind, source, first_line: number, last_line: number, ..HostReading::default() }
    }
}
