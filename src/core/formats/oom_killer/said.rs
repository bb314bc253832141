//! What a line says, parsed once: claiming, joining, and reading go by the same value.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::cgroup::{self, Usage};
use super::invocation::{self, Cpu, Invocation, comm};
use super::kill::{self, Choice, Context, Kill};
use super::meminfo::{self, MemLine};
use super::reaper::{self, Reaper};
use super::table::{self, RawRow};
use super::text::{after, digits, pairs};
use crate::look;

/// Which block the lines without a mark of their own belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Section {
    #[default]
    Head,
    Memory,
    Cgroup,
    Stats,
    Slab,
    Allocations,
    Table,
    Done,
}

/// What a line says.
#[derive(Debug)]
pub(super) enum Said<'a> {
    /// `java invoked oom-killer: …`.
    Invocation(Invocation<'a>),
    /// `oom-kill:constraint=…`.
    Context(Context<'a>),
    /// All kills of a line, and the choice that is glued to them.
    Kills(Vec<Kill<'a>>, Option<Choice<'a>>),
    /// `Kill process 5101 (sh) score 1201 or sacrifice child`.
    Choice(Choice<'a>),
    /// The columns of the process table.
    Header(Vec<String>),
    /// The group of the task and the one whose limit it was; none yet if the line ends before the second.
    TaskIn(Option<(&'a str, &'a str)>),
    /// `memory: usage …`.
    Usage(Usage<'a>),
    /// A group's path and its statistics; none yet if the line ends in the path.
    Stats(Option<(&'a str, &'a str)>),
    /// `Mem-Info:`.
    MemInfo,
    /// A line of Mem-Info. Some say by themselves that they are, see [`MemLine::is_unmistakable`].
    Memory(MemLine<'a>),
    /// `oom_reaper: …`; none if the victim is not named.
    Reaper(Option<Reaper<'a>>),
    /// `Tasks in … are going to be killed due to memory.oom.group set`.
    Group,
    /// Somebody asked for the kill.
    Sysrq,
    /// The kernel panics.
    Panic,
    /// Nobody may be killed.
    NobodyToKill,
    /// The victim is dying already.
    NoVictim,
    /// The thread whose allocation failed, and the order of what it asked for: so many pages in one piece, as a power of two.
    Failure(&'a str, Option<u32>),

    // What follows is said only inside a report.
    /// A statistic of a group.
    Stat(&'a str, &'a str),
    /// A row of the process table.
    Row(RawRow),
    /// `java cpuset=19ff… mems_allowed=0`: who asked, and its cpuset if that has the name of a container.
    Cpuset(&'a str, Option<&'a str>),
    /// Numbers of a row that has no name yet.
    CutRow(usize),
    /// Thread and kernel.
    Cpu(Cpu<'a>),
    /// A function of the stack.
    Frame(&'a str),
    /// A block begins.
    Begins(Section),
    /// A slab cache: name, used and total in KiB.
    Slab(&'a str, u64, u64),
    /// Known, and nothing to keep.
    Known,
}

/// What a line says without those before it.
pub(super) fn said(body: &str) -> Option<Said<'_>> {
    by_first_byte(body).or_else(|| by_words(body))
}

fn by_first_byte(body: &str) -> Option<Said<'_>> {
    Some(match body.as_bytes().first()? {
        b'[' => Said::Header(table::header(body)?),
        b'm' | b's' | b'k' if let Some(found) = cgroup::usage(body) => Said::Usage(found),
        b's' | b'S' if is_sysrq(body) => Said::Sysrq,
        b'o' if body.starts_with(reaper::REAPER) => Said::Reaper(reaper::reaper(body)),
        b'o' if body.starts_with(kill::CONTEXT) => Said::Context(kill::context(body)?),
        b'o' if body.starts_with("out of memory. panic_on_oom is selected") => Said::Panic,
        b'K' if body.starts_with("Kernel panic - not syncing: ") && is_memory_panic(body) => Said::Panic,
        b'T' | b'/' if let Some(groups) = cgroup::task_in(body) => Said::TaskIn(Some(groups)),
        b'T' if body.starts_with("Tasks in ") && body.contains(" due to memory.oom.group set") => Said::Group,
        b'M' if body == "Mem-Info:" || body == "Mem-info:" => Said::MemInfo,
        b'M' if body.starts_with(cgroup::STATS) => Said::Stats(cgroup::stats_heading(body)),
        b'O' if body.starts_with("Out of memory and no killable processes") => Said::NobodyToKill,
        b'M' if body.starts_with("Memory cgroup out of memory: no killable") => Said::NobodyToKill,
        _ => Said::Memory(meminfo::mem_line(body)?),
    })
}

fn by_words(body: &str) -> Option<Said<'_>> {
    static INVOKED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(invocation::INVOKED));
    static PROCESS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" process "));
    if INVOKED.find(body.as_bytes()).is_some() {
        return invocation::invocation(body).map(Said::Invocation);
    }
    if let Some(at) = PROCESS.find(body.as_bytes()) {
        let before = body.get(..at).unwrap_or_default();
        if before.ends_with("illed") || body.contains(kill::KILLED) {
            let kills = kill::kills(body);
            return (!kills.is_empty()).then(|| Said::Kills(kills, kill::choice(body)));
        }
        if before.ends_with("ill")
            && let Some(choice) = kill::choice(body)
        {
            return Some(Said::Choice(choice));
        }
    }
    if look::has(body, ": OOM victim ") && body.contains("already exiting") {
        return Some(Said::NoVictim);
    }
    if look::has(body, ": page allocation ")
        && let Some((thread, order)) = failure(body)
    {
        return Some(Said::Failure(thread, order));
    }
    if let Some((name, cpuset @ Some(_))) = invocation::cpuset(body) {
        return Some(Said::Cpuset(name, cpuset));
    }
    // Wrapped by another program: `Message: oom-kill:constraint=…`.
    if body.contains(kill::CONTEXT) { kill::context(body).map(Said::Context) } else { None }
}

fn is_sysrq(body: &str) -> bool {
    (body.starts_with("sysrq") || body.starts_with("SysRq")) && body.contains("Manual OOM execution")
}

fn is_memory_panic(body: &str) -> bool {
    look::has(body, "ut of memory") || look::has(body, "System is deadlocked on memory")
}

/// `java: page allocation failure: order:0, mode:0x…`: the thread and the order, if the line is one.
fn failure(body: &str) -> Option<(&str, Option<u32>)> {
    let (thread, rest) = body.split_once(": page allocation ")?;
    let is_one = rest.starts_with("failure") && rest.contains("order:") || rest.starts_with("stalls for ");
    // Without what follows, digits may be missing.
    let order = after(rest, "order:").and_then(digits).filter(|(_, behind)| !behind.is_empty());
    is_one.then(|| (comm(thread), order.and_then(|(order, _)| order.parse().ok())))
}

/// How far a line of a kind that programs wrap could be read.
pub(super) struct Reach {
    pub(super) seam: Seam,
    /// Fields that could be read.
    pub(super) fields: usize,
    pub(super) end: End,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Before its last field.
    Cut,
    /// With a number that may go on in the next line.
    Open,
    Whole,
}

/// What stands where a line was wrapped, when both ways to join it read the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seam {
    /// A blank, unless the seam is inside a name or a number.
    Blank,
    /// Nothing: numbers, of which more could be read with a blank where there was none.
    Glue,
    /// Nothing, in the middle of a path of any length.
    Path,
}

/// What a line between the first one and the memory figures says.
pub(super) fn in_head(body: &str) -> Option<Said<'_>> {
    if let Some(found) = invocation::cpu(body) {
        return Some(Said::Cpu(found));
    }
    if let Some((name, cpuset)) = invocation::cpuset(body) {
        return Some(Said::Cpuset(name, cpuset));
    }
    if invocation::is_head_line(body) { Some(Said::Known) } else { invocation::frame(body).map(Said::Frame) }
}

/// What a line of a list of slab caches or of allocation profiles says.
pub(super) fn below(section: Section, body: &str) -> Option<Said<'_>> {
    match section {
        _ if body.starts_with("Unreclaimable slab info:") => Some(Said::Begins(Section::Slab)),
        _ if body.starts_with("Memory allocations") => Some(Said::Begins(Section::Allocations)),
        Section::Slab if body.starts_with("Name ") && body.ends_with("Total") => Some(Said::Known),
        Section::Slab => meminfo::slab_row(body).map(|(name, used, total)| Said::Slab(name, used, total)),
        Section::Allocations => body.contains(" func:").then_some(Said::Known),
        _ => None,
    }
}

impl Said<'_> {
    /// True if the line says this without those before it.
    pub(super) fn is_own(&self) -> bool {
        match self {
            Said::Memory(line) => line.is_unmistakable(),
            Said::TaskIn(groups) => groups.is_some(),
            Said::Cpuset(_, cpuset) => cpuset.is_some(),
            Said::Stat(..) | Said::Row(_) | Said::CutRow(_) | Said::Cpu(_) | Said::Frame(_) => false,
            Said::Begins(_) | Said::Slab(..) | Said::Known => false,
            _ => true,
        }
    }

    /// True if the line is worth quoting.
    pub(super) fn is_evidence(&self) -> bool {
        matches!(self, Said::Invocation(_) | Said::Context(_) | Said::Kills(..) | Said::Choice(_) | Said::Usage(_))
            || matches!(self, Said::TaskIn(_) | Said::Memory(MemLine::Total { .. } | MemLine::Swap { .. }))
            || matches!(self, Said::MemInfo | Said::Panic | Said::NobodyToKill | Said::Stats(_))
    }

    /// How far the line could be read. `None` for those that are not put together again.
    pub(super) fn reach(&self, body: &str) -> Option<Reach> {
        let count = |fields: &[Option<&str>]| fields.iter().flatten().count();
        let ends = |has_last: bool| if has_last { End::Whole } else { End::Cut };
        let ends_in_number = |has_last: bool| match ends(has_last) {
            End::Whole if body.ends_with(|c: char| c.is_ascii_digit()) => End::Open,
            end => end,
        };
        let (seam, fields, end) = match self {
            Said::Invocation(found) => {
                let fields = [found.gfp_mask, found.order, found.oom_score_adj];
                (Seam::Blank, 1 + count(&fields), ends_in_number(found.whole))
            }
            Said::Context(found) => {
                let fields = [found.constraint, found.oom_memcg, found.task_memcg, found.task, found.pid, found.uid];
                // The owner stands behind all paths.
                let seam = if found.uid.is_some() { Seam::Glue } else { Seam::Path };
                (seam, count(&fields) + usize::from(found.global), ends_in_number(found.uid.is_some()))
            }
            Said::Kills(kills, _) => {
                let found = kills.last()?;
                let sizes = [found.total_vm, found.anon_rss, found.file_rss, found.shmem_rss, found.rss, found.swap];
                let others =
                    [found.uid, found.pgtables, found.oom_score_adj, Some(found.comm).filter(|comm| !comm.is_empty())];
                let whole = found.oom_score_adj.or(found.swap).is_some();
                (Seam::Blank, count(&sizes) + count(&others), ends_in_number(whole))
            }
            Said::Header(columns) => (Seam::Blank, table::known(columns), ends(table::is_whole(columns))),
            Said::Stats(None) => (Seam::Path, 0, End::Cut),
            Said::Stats(Some((_, stats))) => (Seam::Path, 1 + pairs(stats).count(), End::Whole),
            // The second path may always go on.
            Said::TaskIn(groups) => (Seam::Path, usize::from(groups.is_some()), End::Cut),
            Said::Reaper(None) => (Seam::Blank, 0, End::Cut),
            Said::Reaper(Some(found)) => {
                let fields = [found.anon_rss, found.file_rss, found.shmem_rss];
                (Seam::Blank, count(&fields), ends(found.shmem_rss.is_some()))
            }
            Said::Memory(line) => {
                let (fields, whole) = line.list()?;
                (Seam::Glue, fields, ends(whole))
            }
            Said::CutRow(numbers) => (Seam::Glue, *numbers, End::Cut),
            Said::Row(_) => (Seam::Glue, usize::MAX, End::Whole),
            Said::Cpu(found) => (Seam::Glue, 1 + count(&[found.kernel]), ends(found.kernel.is_some())),
            _ => return None,
        };
        Some(Reach { seam, fields, end })
    }
}
