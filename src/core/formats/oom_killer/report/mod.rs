//! One report on its way to an [`OomKill`]: takes what lines say in any order, and converts pages to bytes at the end, when the
//! page size is known.

mod cgroup;
mod close;
mod memory;

use super::cgroup::{Counter, stat};
use super::invocation::{self, Cpu, Invocation};
use super::kill::{Choice, Context, Kill};
use super::meminfo::MemLine;
use super::merge::{Asked, SAME_KILL};
use super::said::{self, Said, Section};
use super::table::{self, RawRow};
use super::text::Text;
use crate::model::kind::EventKind;
use crate::model::oom::{CgroupAtKill, Chosen, Event, OomKill, OomScope, Trigger, Victim};
use crate::model::readings::Readings;
use crate::source::{Line, Places, Span, Stamp, Wall};
use crate::units::{Bytes, Micros};
use crate::warning::WarningKind;
pub(super) use close::Closed;
use memory::Bag;

/// Rows of one process table, and other lists of one report, at most.
const MAX_ENTRIES: usize = 100_000;
/// Zones, nodes, statistics of one report at most.
const MAX_GROUPS: usize = 4096;

/// When a line was written, by the clocks that it names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) uptime: Option<Micros>,
    pub(super) wall: Option<Wall>,
}

impl Clock {
    pub(super) fn of(stamp: &Stamp<'_>) -> Clock {
        Clock { uptime: stamp.uptime, wall: stamp.wall }
    }

    pub(super) fn is_known(&self) -> bool {
        self.uptime.is_some() || self.wall.is_some()
    }

    /// Microseconds between two lines by a clock that both name. `None` if they share none.
    pub(super) fn distance(&self, other: &Clock) -> Option<u64> {
        let walls = match (self.wall, other.wall) {
            (Some(a), Some(b)) if (a.zone_known, a.year_known) == (b.zone_known, b.year_known) => {
                Some(a.micros.0.abs_diff(b.micros.0))
            }
            _ => None,
        };
        let uptimes = self.uptime.zip(other.uptime).map(|(a, b)| a.0.abs_diff(b.0));
        uptimes.or(walls)
    }
}

/// A report that may still get lines.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) kill: OomKill,
    /// Set if this is the memory dump of a failed allocation or of a person, and no kill.
    pub(super) failure: Option<Event>,
    /// The order of that allocation, and its place.
    pub(super) order: Option<(u32, Span)>,
    pub(super) section: Section,
    pub(super) last: Clock,
    first: Clock,
    death: Clock,
    pub(super) invoked: bool,
    pub(super) has_context: bool,
    pub(super) has_memory: bool,
    pub(super) sysrq: bool,
    /// A victim is not to be expected: panic, nobody to kill, victim already dying.
    pub(super) excused: bool,
    scope: OomScope,
    /// What the first kill line says.
    victim_scope: OomScope,
    trace_scope: OomScope,
    /// The victim that the context line names, and its owner.
    context_uid: Option<(u32, u32, Span)>,
    /// The victim that the context line names, and where its pid stands.
    announced: Option<(Chosen, Span)>,
    /// Its lines are mixed with those of another report: only what a line says by itself counts.
    pub(super) mixed: bool,
    /// The caller of its lines, once one is named.
    pub(super) caller: Option<String>,
    counters: Vec<(String, u64, Span)>,
    reserves: Vec<(usize, Vec<u64>)>,
    pub(super) columns: Option<Vec<String>>,
    /// The statistics are sums over one line of each group of a tree.
    summed: bool,
    rows: Vec<RawRow>,
    buddy_kib: Option<(u64, Span)>,
    unlimited_kib: Option<u64>,
    /// Page tables of the first victim as printed, and where.
    pgtables: Option<(u64, Span)>,
    huge: (u64, u64),
    /// Bytes of a message of many lines so far, and its last key, while its statistics come without prefixes.
    message: usize,
    last_stat: Option<String>,
    stat_line: u32,
    /// The last word of a line that may have been wrapped, and whose it is.
    bag: Option<(Bag, String)>,
    /// Groups and lines whose figures are in a sum.
    added: Vec<String>,
}

/// Reads a number from digits of a text and notes where.
fn number<T: std::str::FromStr>(
    at: &mut Places,
    field: &'static str,
    digits: Option<&str>,
    text: &Text<'_>,
) -> Option<T> {
    let digits = digits?;
    let value = digits.parse().ok()?;
    at.put(field, text.span_of(digits));
    Some(value)
}

fn kib(at: &mut Places, field: &'static str, digits: Option<&str>, text: &Text<'_>) -> Option<Bytes> {
    number::<u64>(at, field, digits, text).and_then(Bytes::from_kib)
}

impl Report {
    pub(super) fn new(line: &Line<'_>) -> Report {
        let clock = Clock::of(&line.stamp);
        let kill = OomKill {
            source: line.source,
            host: line.stamp.host.map(str::to_owned),
            first_line: line.number,
            last_line: line.number,
            ..OomKill::default()
        };
        Report { kill, first: clock, last: clock, ..Report::default() }
    }

    /// Notes that a line belongs to the report.
    pub(super) fn touch(&mut self, text: &Text<'_>) {
        self.kill.last_line = self.kill.last_line.max(text.last_number());
        let clock = Clock::of(&text.line.stamp);
        if clock.is_known() {
            self.last = clock;
            if !self.first.is_known() {
                self.first = clock;
            }
        }
        if self.kill.host.is_none() {
            self.kill.host = text.line.stamp.host.map(str::to_owned);
        }
    }

    /// What a line says as a part of this report, and by itself only `alone`.
    pub(super) fn hear<'a>(&self, alone: Option<Said<'a>>, body: &'a str, line: u32) -> Option<Said<'a>> {
        if let Some(Said::Memory(found)) = alone {
            return self.has_place_for(&found).then_some(Said::Memory(found));
        }
        if self.section == Section::Stats
            && let Some((name, digits)) = stat(body)
        {
            return Some(Said::Stat(name, digits));
        }
        if body.starts_with('[') {
            let columns = self.columns.as_deref();
            if let Some(row) = table::row(body, columns, line) {
                return self.has_place_for_row().then_some(Said::Row(row));
            }
            if let Some(numbers) = table::cut_row(body, columns.unwrap_or_default()) {
                return Some(Said::CutRow(numbers));
            }
        }
        if body.starts_with("Task in /") {
            return Some(Said::TaskIn(None));
        }
        if self.section == Section::Head
            && (self.kill.trigger.is_some() || self.failure.is_some())
            && let Some(said) = said::in_head(body)
        {
            return Some(said);
        }
        let is_known = body.starts_with("Tasks state (memory values in pages)")
            || body.ends_with(" callbacks suppressed")
                && (body.starts_with("dump_header:") || body.starts_with("oom_kill_process:"));
        match self.section {
            _ if is_known => Some(Said::Known),
            Section::Done => None,
            _ if body.starts_with("Memory cgroup min protection ") => Some(Said::Known),
            section => said::below(section, body),
        }
    }

    /// True for a line of Mem-Info below its heading. Where lines were left out, the totals may stand alone below the head.
    fn has_place_for(&self, found: &MemLine<'_>) -> bool {
        let is_total = matches!(found, MemLine::Total { .. } | MemLine::Swap { .. });
        // Counters stand above nodes and zones: below them they are the rest of a line.
        let is_rest = matches!(found, MemLine::Counters(_)) && self.is_in_zone();
        self.section != Section::Done && (self.has_memory || is_total && self.invoked) && !is_rest
    }

    fn has_place_for_row(&self) -> bool {
        !self.kill.panic && self.failure.is_none() && (!self.has_victim() || self.section == Section::Table)
    }

    /// False if a line that says this is of another report.
    pub(super) fn fits(&self, said: &Said<'_>) -> bool {
        let alive = !self.has_victim();
        let above_table = alive && !self.has_table();
        // The dump of a failed allocation names no processes and no groups.
        let of_kill = self.failure.is_none();
        let group = self.kill.cgroup.as_ref();
        match said {
            Said::Sysrq | Said::Failure(..) => false,
            Said::Invocation(_) => alive && self.sysrq && !self.invoked,
            Said::Context(_) => alive && !self.has_context && self.failure.is_none(),
            Said::Choice(_) => alive && self.kill.chosen.is_none() && self.failure.is_none(),
            Said::Header(_) => above_table && of_kill && !self.has_context,
            Said::TaskIn(_) => above_table && of_kill && group.is_none(),
            Said::Usage(found) => {
                let is_known = group.is_some_and(|group| group.usage.is_some());
                above_table && of_kill && !(is_known && found.counter == Counter::Memory)
            }
            Said::MemInfo => above_table && !self.has_memory,
            Said::Stats(_) | Said::Memory(_) | Said::Cpuset(..) => above_table,
            // Nothing follows a panic: what comes then is of the next boot.
            Said::Panic | Said::NobodyToKill | Said::NoVictim => self.failure.is_none() && !self.kill.panic,
            _ => true,
        }
    }

    /// False if a kill is of another report.
    pub(super) fn fits_kill(&self, victim: &Victim, clock: &Clock) -> bool {
        // Lines of one group have the same transport.
        let of_group = self.kill.group_kill && self.last.is_known() == clock.is_known();
        let is_open = !self.has_victim() && !self.kill.panic;
        self.failure.is_none() && (is_open || of_group || self.has_killed(victim, clock))
    }

    /// False if a row without a header above it is of another report.
    pub(super) fn fits_row(&self) -> bool {
        !self.has_victim() && self.failure.is_none() && !self.kill.panic
    }

    /// True if this kill is known already.
    pub(super) fn has_killed(&self, victim: &Victim, clock: &Clock) -> bool {
        let is_same = |known: &Victim| {
            let same_sizes = known.total_vm == victim.total_vm && known.anon_rss == victim.anon_rss;
            // A group kill names the first victim again.
            known.pid == victim.pid && (same_sizes || self.kill.group_kill)
        };
        self.last.distance(clock).is_none_or(|gap| gap <= SAME_KILL) && self.kill.victims.iter().any(is_same)
    }

    /// True if this report names its victim beforehand, and it is another one.
    pub(super) fn expects_other(&self, pid: u32) -> bool {
        !self.has_victim() && self.kill.chosen.is_none() && self.expects().is_some_and(|expected| expected != pid)
    }

    /// Takes what a line says. False if it is nothing.
    pub(super) fn take(&mut self, said: Said<'_>, text: &Text<'_>, out: &mut Readings) -> bool {
        match said {
            Said::Invocation(found) => self.invocation(&found, text),
            Said::Context(found) => self.context(&found, text),
            Said::Choice(found) => self.choice(&found, text),
            Said::Header(columns) => self.header(columns, text, out),
            Said::TaskIn(Some((task, limit))) => {
                self.task_in(task, if text.line.is_cut() { "" } else { limit }, text);
            }
            Said::Usage(found) => self.usage(&found, text),
            Said::Stats(Some((path, stats))) => {
                self.end_stats(text.line.number, out);
                self.stats_heading(path, stats, text);
            }
            Said::MemInfo => self.begin_memory(),
            Said::Memory(found) => self.memory(found, text),
            Said::Group => self.kill.group_kill = true,
            Said::Sysrq => self.sysrq = true,
            Said::Panic => self.excuse(text.body, true),
            Said::NobodyToKill => {
                self.excuse(text.body, false);
                self.kill.no_killable = true;
                self.kill.at.put("no_killable", text.span_of(text.body));
            }
            Said::NoVictim => self.excuse(text.body, false),
            Said::Failure(thread, order) => {
                self.caller = text.line.stamp.caller.map(str::to_owned);
                self.failure = Some(failure(thread));
                self.order = order.map(|order| (order, text.span_of("order:")));
            }
            Said::Stat(name, digits) => self.stat(name, digits, text),
            Said::Row(row) => {
                self.end_stats(text.line.number, out);
                self.row(row);
            }
            Said::Cpu(found) => self.cpu(&found, text),
            Said::Cpuset(name, cpuset) => {
                // The first line may be missing.
                if self.kill.trigger.is_none() {
                    self.section = Section::Head;
                }
                let trigger = self.kill.trigger.get_or_insert_with(|| {
                    let mut at = Places::default();
                    at.put("name", text.span_of(name));
                    Trigger { name: name.to_owned(), at, ..Trigger::default() }
                });
                trigger.in_container = cpuset.is_some();
                trigger.cpuset = cpuset.map(str::to_owned);
            }
            Said::Frame(function) => self.frame(function),
            Said::Begins(section) => self.section = section,
            Said::Slab(name, used, total) => self.slab(name, used, total, text.line.number),
            Said::Known => {}
            _ => return false,
        }
        true
    }

    fn invocation(&mut self, found: &Invocation<'_>, text: &Text<'_>) {
        self.invoked = true;
        self.caller = text.line.stamp.caller.map(str::to_owned);
        self.section = Section::Head;
        let mut at = Places::default();
        at.put("name", text.span_of(found.comm));
        if let Some(mask) = found.gfp_mask {
            at.put("gfp_mask", text.span_of(mask));
        }
        let order = number(&mut at, "order", found.order, text);
        self.sysrq |= order == Some(-1);
        self.kill.trigger = Some(Trigger {
            name: found.comm.to_owned(),
            tid: None,
            gfp_mask: found.gfp_mask.map(str::to_owned),
            order,
            oom_score_adj: number(&mut at, "oom_score_adj", found.oom_score_adj, text),
            in_container: false,
            cpuset: None,
            at,
        });
    }

    fn cpu(&mut self, found: &Cpu<'_>, text: &Text<'_>) {
        if self.kill.panic {
            return; // The panic prints its own, once more.
        }
        if let Some(trigger) = self.kill.trigger.as_mut().filter(|trigger| trigger.tid.is_none()) {
            trigger.tid = number(&mut trigger.at, "tid", Some(found.tid), text);
        }
        if let Some(kernel) = found.kernel.filter(|_| self.kill.kernel.is_none()) {
            self.kill.kernel = Some(kernel.to_owned());
            self.kill.at.put("kernel", text.span_of(kernel));
        }
    }

    fn frame(&mut self, function: &str) {
        match function.split('.').next().unwrap_or(function) {
            "mem_cgroup_out_of_memory" | "mem_cgroup_oom_synchronize" => self.trace_scope = OomScope::Cgroup,
            // Pages that are charged to a group go another way.
            "__alloc_pages_slowpath" | "__alloc_pages_may_oom" if self.trace_scope == OomScope::Unknown => {
                self.trace_scope = OomScope::Global;
            }
            "moom_callback" => self.sysrq = true,
            _ => {}
        }
        // Other dumps name a cpuset, too.
        if matches!(function, "out_of_memory" | "oom_kill_process" | "mem_cgroup_out_of_memory") {
            self.invoked |= self.kill.trigger.is_some();
        }
        if invocation::is_telling(function) && self.kill.trace.len() < 64 {
            self.kill.trace.push(function.to_owned());
        }
    }

    fn context(&mut self, found: &Context<'_>, text: &Text<'_>) {
        self.has_context = true;
        self.section = Section::Done;
        if let Some(constraint) = found.constraint {
            self.kill.constraint = Some(constraint.to_owned());
            self.kill.at.put("constraint", text.span_of(constraint));
        }
        // Early 5.0 prints CONSTRAINT_NONE for groups: the scope wins over the constraint.
        self.scope = match found.constraint {
            _ if found.oom_memcg.is_some() => OomScope::Cgroup,
            Some("CONSTRAINT_CPUSET") => OomScope::Cpuset,
            Some("CONSTRAINT_MEMORY_POLICY") => OomScope::Policy,
            Some("CONSTRAINT_MEMCG") => OomScope::Cgroup,
            _ if found.global => OomScope::Global,
            _ => self.scope,
        };
        if let Some(path) = found.oom_memcg {
            let group = self.kill.cgroup.get_or_insert_default();
            // The first line that names it keeps its place.
            if group.path != path {
                name_group(group, path, text);
            }
        }
        if let Some(path) = found.task_memcg
            && (self.kill.cgroup.is_some() || found.global)
        {
            let group = self.kill.cgroup.get_or_insert_default();
            group.task_path = Some(path.to_owned());
            group.at.put("task_path", text.span_of(path));
            if group.path.is_empty() {
                name_group(group, path, text);
            }
        }
        let Some((digits, pid)) = found.pid.and_then(|digits| Some((digits, digits.parse().ok()?))) else { return };
        if let Some(task) = found.task {
            let chosen = Chosen { pid, name: task.to_owned(), score: None, line: text.line.number };
            self.announced = Some((chosen, text.span_of(digits)));
        }
        if let Some((digits, uid)) = found.uid.and_then(|digits| Some((digits, digits.parse().ok()?))) {
            self.context_uid = Some((pid, uid, text.span_of(digits)));
        }
    }

    pub(super) fn choice(&mut self, found: &Choice<'_>, text: &Text<'_>) {
        self.section = Section::Done;
        if found.scope != OomScope::Unknown && self.scope == OomScope::Unknown {
            self.scope = found.scope;
        }
        if let Ok(pid) = found.pid.parse() {
            self.kill.at.put("chosen.pid", text.span_of(found.pid));
            self.kill.chosen = Some(Chosen {
                pid,
                name: found.comm.to_owned(),
                score: found.score.and_then(|score| score.parse().ok()),
                line: text.line.number,
            });
        }
    }

    pub(super) fn victim(&mut self, found: &Kill<'_>, victim: Victim, text: &Text<'_>) {
        self.section = Section::Done;
        if self.kill.victims.is_empty() {
            self.death = Clock::of(&text.line.stamp);
            self.pgtables = found.pgtables.and_then(|digits| Some((digits.parse().ok()?, text.span_of(digits))));
            self.victim_scope = found.scope;
            if self.scope == OomScope::Unknown {
                self.scope = found.scope;
            }
        }
        if self.kill.victims.len() < MAX_ENTRIES {
            self.kill.victims.push(victim);
        }
    }

    /// Why no victim is to be expected.
    fn excuse(&mut self, body: &str, panic: bool) {
        self.excused = true;
        self.kill.panic |= panic;
        if panic {
            // Another stack follows.
            self.section = Section::Head;
        }
        if body.starts_with("Memory cgroup out of memory") && self.scope == OomScope::Unknown {
            self.scope = OomScope::Cgroup;
        }
    }

    fn header(&mut self, mut columns: Vec<String>, text: &Text<'_>, out: &mut Readings) {
        if !table::is_whole(&columns) {
            let whole = table::complete(&columns);
            let layout = whole.as_ref().unwrap_or(&columns).join(" ");
            out.warn_line(&text.line, WarningKind::LayoutInferred { layout });
            // Without all columns the rows themselves must tell.
            columns = whole.unwrap_or_default();
        }
        self.section = Section::Table;
        self.kill.process_columns.clone_from(&columns);
        self.columns = (!columns.is_empty()).then_some(columns);
    }

    pub(super) fn row(&mut self, row: RawRow) {
        self.section = Section::Table;
        if self.rows.len() < MAX_ENTRIES {
            self.rows.push(row);
        }
    }

    /// True right below a header and its rows.
    pub(super) fn is_in_table(&self) -> bool {
        self.columns.is_some() && self.section == Section::Table
    }

    fn has_table(&self) -> bool {
        self.columns.is_some() || !self.rows.is_empty()
    }

    /// When memory was asked for, if the text shows that line.
    pub(super) fn asked(&self) -> Option<Asked> {
        let Clock { uptime, wall } = self.first;
        let (time, local_time) = wall.map(Wall::split).unwrap_or_default();
        self.invoked.then_some([uptime, time, local_time])
    }

    /// The victim that was announced.
    pub(super) fn expects(&self) -> Option<u32> {
        self.context_uid.map(|(pid, _, _)| pid)
    }

    /// True if memory was asked for and nobody was killed so far, though somebody will be.
    pub(super) fn is_unfinished(&self) -> bool {
        self.invoked && !self.has_victim() && !self.excused && self.failure.is_none()
    }

    /// True for the line below a failed allocation that names its thread again: its dump follows.
    pub(super) fn is_headed_by(&self, body: &str) -> bool {
        let thread = self.failure.as_ref().and_then(|failure| failure.name.as_deref());
        let named = body.split_once("omm: ").and_then(|(_, rest)| rest.strip_prefix(thread?));
        body.contains("PID: ") && named.is_some_and(|rest| rest.starts_with(' '))
    }

    /// True if another kill of this host opens the next report.
    pub(super) fn has_victim(&self) -> bool {
        !self.kill.victims.is_empty()
    }
}

fn name_group(group: &mut CgroupAtKill, path: &str, text: &Text<'_>) {
    group.path = path.to_owned();
    group.at.put("path", text.span_of(path));
}

fn failure(thread: &str) -> Event {
    let name = Some(thread.trim()).filter(|name| (1..=32).contains(&name.len()));
    Event { kind: EventKind::PageAllocationFailure, name: name.map(str::to_owned), ..Event::default() }
}

/// A victim as its line names it.
pub(super) fn victim(found: &Kill<'_>, text: &Text<'_>) -> Option<Victim> {
    let mut at = Places::default();
    let pid = number(&mut at, "pid", Some(found.pid), text)?;
    if !found.comm.is_empty() {
        at.put("name", text.span_of(found.comm));
    }
    Some(Victim {
        pid,
        name: found.comm.to_owned(),
        uid: number(&mut at, "uid", found.uid, text),
        total_vm: kib(&mut at, "total_vm", found.total_vm, text),
        anon_rss: kib(&mut at, "anon_rss", found.anon_rss, text),
        file_rss: kib(&mut at, "file_rss", found.file_rss, text),
        shmem_rss: kib(&mut at, "shmem_rss", found.shmem_rss, text),
        rss: kib(&mut at, "rss", found.rss, text),
        swap: kib(&mut at, "swap", found.swap, text),
        pgtables: kib(&mut at, "pgtables", found.pgtables, text),
        oom_score_adj: number(&mut at, "oom_score_adj", found.oom_score_adj, text),
        score: None,
        line: text.span_of(found.pid).line,
        run: None,
        at,
    })
}
