//! Kernel OOM-killer reports and other events that end processes.

use std::collections::BTreeMap;

use super::joining::NOT_OOMKILLED;
use super::kind::{EventKind, Strength};
use crate::json::Json;
use crate::source::{Line, Places, Span};
use crate::units::{Bytes, Micros};

/// What comes later than this is of another kill.
pub const CLOCK_JUMP: u64 = 300_000_000;

/// One run of the kernel's OOM killer. Every missing part is unknown, never zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct OomKill {
    /// Index of the source.
    pub source: u16,
    /// Absolute time: microseconds since the epoch, UTC.
    pub time: Option<Micros>,
    /// Wall-clock time as printed where the zone is not named: read as if UTC, never mixed with `time`.
    pub local_time: Option<Micros>,
    /// True if the year of `time` or `local_time` is not in the text.
    #[json(omit)]
    pub year_unknown: bool,
    /// Time since boot.
    pub uptime: Option<Micros>,
    /// Host as the transport names it.
    pub host: Option<String>,
    /// Who ran out.
    pub scope: OomScope,
    /// Kernel release.
    pub kernel: Option<String>,
    /// The thread that asked for memory.
    pub trigger: Option<Trigger>,
    /// `constraint=` as printed.
    pub constraint: Option<String>,
    /// Whom the kernel chose, where it says so before it kills (until 5.0). It may kill a child instead: only `victims` died.
    pub chosen: Option<Chosen>,
    /// Processes killed, first the one chosen.
    pub victims: Vec<Victim>,
    /// The control group that hit its limit, or the victim's.
    pub cgroup: Option<CgroupAtKill>,
    /// The process table.
    pub processes: Vec<ProcessRow>,
    /// Columns of the process table as printed.
    #[json(omit)]
    pub process_columns: Vec<String>,
    /// `pages RAM` minus `pages reserved`.
    pub ram: Option<Bytes>,
    /// `Total swap`.
    pub swap_total: Option<Bytes>,
    /// `Free swap`.
    pub swap_free: Option<Bytes>,
    /// Page size.
    pub page_size: Option<Bytes>,
    /// How the page size is known: `buddy`, `kill-line`, `unlimited-limit` (how "no limit" is rounded), `architecture`,
    /// `assumed`.
    pub page_size_reason: Option<String>,
    /// System counters of Mem-Info, in bytes, by the kernel's key (`active_anon`, `slab_unreclaimable`, …).
    #[json(omit)]
    pub memory: BTreeMap<String, Bytes>,
    /// Nodes of Mem-Info.
    #[json(omit)]
    pub nodes: Vec<MemoryNode>,
    /// Zones of Mem-Info.
    #[json(omit)]
    pub zones: Vec<MemoryZone>,
    /// Unreclaimable slab caches, largest first as printed.
    #[json(omit)]
    pub slabs: Vec<Slab>,
    /// Functions of the call trace that tell why memory was asked for.
    #[json(omit)]
    pub trace: Vec<String>,
    /// What the reaper left, by pid.
    #[json(omit)]
    pub reaped: Vec<Reaped>,
    /// True after `memory.oom.group`.
    #[json(omit)]
    pub group_kill: bool,
    /// True if the kernel panicked instead of killing.
    #[json(omit)]
    pub panic: bool,
    /// True if the kernel found nobody whom it may kill: `Out of memory and no killable processes...`.
    #[json(omit)]
    pub no_killable: bool,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Places at which the same event stands once more (another transport, a repeated paste).
    #[json(omit)]
    pub also: Vec<Span>,
    /// Where each field stands; memory counters as `memory.<key>`.
    #[json(omit)]
    pub at: Places,
}

impl OomKill {
    /// Microseconds to another on a clock that both have.
    pub fn apart(&self, other: &OomKill) -> Option<u64> {
        let between = |a: Option<Micros>, b: Option<Micros>| a.zip(b).map(|(a, b)| a.0.abs_diff(b.0));
        let local = self.local_time.filter(|_| self.year_unknown == other.year_unknown);
        between(self.uptime, other.uptime)
            .or_else(|| between(self.time, other.time))
            .or_else(|| between(local, other.local_time))
    }

    /// True if nothing that both tell speaks against one time.
    pub fn is_near(&self, other: &OomKill) -> bool {
        self.apart(other).is_none_or(|gap| gap <= CLOCK_JUMP)
    }
}

/// Who ran out of memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Json)]
pub enum OomScope {
    /// The machine.
    Global,
    /// A control group reached its limit.
    Cgroup,
    /// The nodes allowed by a cpuset.
    Cpuset,
    /// The nodes allowed by a memory policy.
    Policy,
    /// Nobody: asked for by hand.
    Sysrq,
    /// The text does not say.
    #[default]
    Unknown,
}

/// The thread whose request could not be met. Neither culprit nor necessarily victim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Trigger {
    /// Thread name, cut to 15 bytes by the kernel.
    pub name: String,
    /// Thread id in the host's namespace.
    pub tid: Option<u32>,
    /// As printed, with names where the kernel names them.
    pub gfp_mask: Option<String>,
    /// Power of two of pages; -1 for SysRq.
    pub order: Option<i32>,
    /// Adjustment of its process.
    pub oom_score_adj: Option<i32>,
    /// True if the cpuset it runs in bears the name of a container.
    #[json(omit)]
    pub in_container: bool,
    /// The name of that cpuset.
    pub cpuset: Option<String>,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

/// The process with the worst score (until 5.0).
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Chosen {
    /// Process id in the host's namespace.
    pub pid: u32,
    /// Process name, cut to 15 bytes by the kernel.
    pub name: String,
    /// Badness in thousandths of the allowed memory; can exceed 1000.
    pub score: Option<i64>,
    /// Line.
    pub line: u32,
}

impl OomKill {
    /// A score and its line where no adjustment is printed that moved it.
    fn share_by_score(&self, pid: u32, score: i64, by: Option<i32>, line: u32) -> Option<(i64, Span)> {
        let row = self.processes.iter().find(|row| row.pid == pid);
        let is_adjusted = by.or(row.and_then(|row| row.oom_score_adj)).is_some_and(|by| by != 0);
        let at = Span { source: self.source, line, start: 0, end: 0 };
        ((1..1000).contains(&score) && !is_adjusted).then_some((score, at))
    }

    /// The share of memory and swap, in thousandths, that the process held which the kernel chose, by its score, where no line confirms
    /// that it was killed.
    pub fn share_of_chosen(&self) -> Option<(i64, Span)> {
        let chosen = self.chosen.as_ref().filter(|_| self.victims.is_empty())?;
        self.share_by_score(chosen.pid, chosen.score?, None, chosen.line)
    }
}

/// A killed process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Victim {
    /// Process id in the host's namespace.
    pub pid: u32,
    /// Process name, cut to 15 bytes by the kernel.
    pub name: String,
    /// Owner.
    pub uid: Option<u32>,
    /// Address space: not memory in use.
    pub total_vm: Option<Bytes>,
    /// Resident anonymous memory.
    pub anon_rss: Option<Bytes>,
    /// Resident file pages.
    pub file_rss: Option<Bytes>,
    /// Resident shared memory.
    pub shmem_rss: Option<Bytes>,
    /// Resident memory in one sum, as OpenVZ prints it in place of its parts.
    pub rss: Option<Bytes>,
    /// Swapped out (OpenVZ).
    pub swap: Option<Bytes>,
    /// Page tables.
    pub pgtables: Option<Bytes>,
    /// Adjustment.
    pub oom_score_adj: Option<i32>,
    /// Badness (until 5.0).
    pub score: Option<i64>,
    /// Line of the kill.
    pub line: u32,
    /// Id of the run, once assembled.
    pub run: Option<String>,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

impl Victim {
    /// Resident memory: the parts that are printed, or their sum if only that is. `None` if neither is.
    pub fn resident(&self) -> Option<Bytes> {
        [self.anon_rss, self.file_rss, self.shmem_rss].into_iter().flatten().reduce(Bytes::plus).or(self.rss)
    }

    /// What was swapped out of it, and where that stands: by its kill, else by its row in the table.
    pub fn swapped(&self, kill: &OomKill) -> Option<(Bytes, Span)> {
        let whole = |line: u32| Span { source: kill.source, line, start: 0, end: 0 };
        let in_table = || {
            let row = kill.processes.iter().find(|row| row.pid == self.pid)?;
            Some((row.swap?, whole(row.line)))
        };
        let own = self.swap.map(|swap| (swap, self.at.get("swap").unwrap_or_else(|| whole(self.line))));
        own.or_else(in_table).filter(|(swap, _)| swap.0 > 0)
    }

    /// What it held of memory and swap together.
    pub fn held(&self, kill: &OomKill) -> Option<Bytes> {
        Some(self.resident()?.plus(self.swapped(kill).map_or(Bytes(0), |(swap, _)| swap)))
    }

    /// The kernel's score and its line where no adjustment is printed that moved it: the share of memory and swap that the process held, in
    /// thousandths.
    pub fn share_of_all(&self, kill: &OomKill) -> Option<(i64, Span)> {
        let chosen = kill.chosen.as_ref().filter(|chosen| chosen.pid == self.pid);
        let line = chosen.map_or(self.line, |chosen| chosen.line);
        let score = self.score.or(chosen.and_then(|chosen| chosen.score))?;
        kill.share_by_score(self.pid, score, self.oom_score_adj, line)
    }

    /// Memory and swap of the machine of which it held so many thousandths.
    pub fn all_by_score(&self, kill: &OomKill, score: i64) -> Option<Bytes> {
        let row = kill.processes.iter().find(|row| row.pid == self.pid);
        let tables = self.pgtables.or(row.and_then(|row| row.pgtables)).unwrap_or_default();
        let all = u128::from(self.held(kill)?.plus(tables).0) * 1000
            / u128::try_from(score).ok().filter(|score| *score > 0)?;
        u64::try_from(all).ok().map(Bytes)
    }

    /// Where the resident memory stands: its largest part, or the sum.
    pub fn resident_at(&self) -> Option<Span> {
        self.at.get("anon_rss").or_else(|| self.at.get("rss"))
    }
}

/// The control group of a cgroup report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct CgroupAtKill {
    /// The group that hit its limit (`oom_memcg`), or the victim's if only that is printed; empty if none is.
    #[json(omit)]
    pub path: String,
    /// The victim's group (`task_memcg`).
    pub task_path: Option<String>,
    /// Usage.
    pub usage: Option<Bytes>,
    /// Limit. `None` if unlimited or not printed.
    pub limit: Option<Bytes>,
    /// How often the limit was hit.
    pub failcnt: Option<u64>,
    /// Swap (v2), or memory and swap together (v1: see `swap_includes_memory`).
    pub swap_usage: Option<Bytes>,
    /// Its limit. `None` if unlimited or not printed.
    pub swap_limit: Option<Bytes>,
    /// True for v1's `memory+swap`.
    #[json(omit)]
    pub swap_includes_memory: bool,
    /// Kernel memory (v1).
    pub kmem_usage: Option<Bytes>,
    /// Sizes of the statistics in bytes, by the kernel's key.
    #[json(omit)]
    pub stats: BTreeMap<String, Bytes>,
    /// Counters of the statistics, by the kernel's key.
    #[json(omit)]
    pub counts: BTreeMap<String, u64>,
    /// Where each field stands; statistics as `stats.<key>`.
    #[json(omit)]
    pub at: Places,
}

/// A row of the process table. Sizes in bytes by the event's page size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct ProcessRow {
    /// Process id.
    pub pid: u32,
    /// Process name.
    pub name: String,
    /// Owner.
    pub uid: Option<u32>,
    /// Address space.
    pub total_vm: Option<Bytes>,
    /// Resident memory; shared pages are counted in every process.
    pub rss: Option<Bytes>,
    /// Anonymous part (6.8 and later).
    pub rss_anon: Option<Bytes>,
    /// File part (6.8 and later).
    pub rss_file: Option<Bytes>,
    /// Shared memory part (6.8 and later).
    pub rss_shmem: Option<Bytes>,
    /// Page tables.
    pub pgtables: Option<Bytes>,
    /// Swap.
    pub swap: Option<Bytes>,
    /// Adjustment.
    pub oom_score_adj: Option<i32>,
    /// Line.
    pub line: u32,
}

/// A node of Mem-Info: sizes in bytes by the kernel's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct MemoryNode {
    /// Node number.
    pub node: u32,
    /// Sizes.
    pub memory: BTreeMap<String, Bytes>,
    /// Line.
    pub line: u32,
}

/// A zone of Mem-Info: sizes in bytes by the kernel's key (`free`, `min`, `low`, `high`, `managed`, …).
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct MemoryZone {
    /// Node number; 0 on kernels without NUMA.
    pub node: u32,
    /// `DMA`, `DMA32`, `Normal`, …
    pub name: String,
    /// Sizes.
    pub memory: BTreeMap<String, Bytes>,
    /// `lowmem_reserve[]` in bytes.
    #[json(omit)]
    pub lowmem_reserve: Vec<Bytes>,
    /// Free blocks per order, from the buddy line.
    #[json(omit)]
    pub free_blocks: Vec<u64>,
    /// Line.
    pub line: u32,
}

/// A slab cache of "Unreclaimable slab info".
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Slab {
    /// Cache.
    pub name: String,
    /// In use.
    pub used: Bytes,
    /// Total.
    pub total: Bytes,
    /// Line.
    pub line: u32,
}

/// What the reaper left of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Reaped {
    /// Process id.
    pub pid: u32,
    /// Anonymous memory left.
    pub anon_rss: Option<Bytes>,
    /// File pages left.
    pub file_rss: Option<Bytes>,
    /// Shared memory left: not freed by the kill.
    pub shmem_rss: Option<Bytes>,
    /// Line.
    pub line: u32,
}

/// Something else that ends or hurts processes: user-space killers, container runtimes, look-alikes of an OOM kill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Event {
    /// What it is.
    pub kind: EventKind,
    /// Absolute time, UTC.
    pub time: Option<Micros>,
    /// Wall-clock time as printed where the zone is not named, read as if UTC.
    pub local_time: Option<Micros>,
    /// True if the year of `time` or `local_time` is not in the text.
    #[json(omit)]
    pub year_unknown: bool,
    /// Time since boot.
    pub uptime: Option<Micros>,
    /// Process id.
    pub pid: Option<u32>,
    /// Process, unit, container or cgroup.
    pub name: Option<String>,
    /// How long the container had run, by the start and the end that its state prints.
    pub lasted: Option<Micros>,
    /// How often the container was started anew.
    pub restarts: Option<u64>,
    /// The number at the end of the name of the first thread that did not start, which its pool gave it.
    pub numbered: Option<u64>,
    /// See [`JavaError::errno`](super::java::JavaError::errno).
    pub errno: Option<u32>,
    /// Sizes the line gives, by word: `rss`, `limit`, `usage`, …
    #[json(omit)]
    pub sizes: BTreeMap<String, Bytes>,
    /// True if no line of a log shows it and words around the logs tell it.
    #[json(omit)]
    pub told: bool,
    /// Index of the source.
    pub source: u16,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Id of the run, once assembled.
    pub run: Option<String>,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

impl Event {
    /// On one line so far.
    pub fn on(line: &Line<'_>, kind: EventKind) -> Event {
        let Line { source, number, .. } = *line;
        Event { kind, source, first_line: number, last_line: number, ..Event::default() }
    }
}

impl Event {
    /// How much it proves.
    pub fn strength(&self) -> Option<Strength> {
        self.kind
            .strength()
            .filter(|_| !self.is_past())
            .map(|strength| if self.told { Strength::Told } else { strength })
    }

    /// True for a kill of a container that only words tell, where the container says that it was not killed: it is of another time.
    pub fn is_past(&self) -> bool {
        self.told && self.kind.is_oomkilled() && self.at.get(NOT_OOMKILLED).is_some()
    }

    /// True if the system refused for lack of memory, and not for a limit on threads or processes (`ENOMEM`).
    pub fn lacks_memory(&self) -> bool {
        self.errno == Some(12)
    }

    /// True for what `jcmd` and `jstat` answered instead of figures, such as `nmt-not-enabled`: it says how the process was asked,
    /// not what befell it.
    pub fn is_answer_of_tool(&self) -> bool {
        self.kind.is_answer_of_tool()
    }
}
