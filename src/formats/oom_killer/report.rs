//! One report on its way to an [`OomKill`]: takes the pieces in any order, and converts pages to bytes at the end, when the
//! page size is known.

use std::collections::BTreeMap;

use crate::formats::oom_killer::cgroup::{self, Counter, Usage};
use crate::formats::oom_killer::invocation::{Cpu, Invocation};
use crate::formats::oom_killer::kill::{Choice, Context, Kill};
use crate::formats::oom_killer::meminfo::{self, MemLine};
use crate::formats::oom_killer::table::{self, RawRow};
use crate::formats::oom_killer::text::{Pair, Text, is_count_pair, pairs};
use crate::model::oom::{Chosen, Event, MemoryNode, MemoryZone, OomKill, OomScope, ProcessRow, Slab, Trigger, Victim};
use crate::model::readings::Readings;
use crate::source::{Line, Places, Span, Stamp, Wall};
use crate::units::{Bytes, Micros};
use crate::warning::{Warning, WarningKind, WarningSink};

/// Rows of one process table, and other lists of one report, at most.
const MAX_ENTRIES: usize = 100_000;
/// Zones, nodes, statistics of one report at most.
const MAX_GROUPS: usize = 4096;
/// A list of figures that goes on in the next line does so here at the latest, where blank lines stand between all lines.
const LINES_TO_REST: u32 = 2;

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

/// Whose figures a wrapped line goes on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bag {
    Counters,
    Node(usize),
    Zone(usize),
    Stats,
}

/// A report that may still get lines.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) kill: OomKill,
    /// Set if this is the memory dump of a failed allocation or of a person, and no kill.
    pub(super) failure: Option<Event>,
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
    pub(super) repaired: bool,
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

    pub(super) fn invocation(&mut self, found: &Invocation<'_>, text: &Text<'_>) {
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
            at,
        });
    }

    pub(super) fn cpu(&mut self, found: &Cpu<'_>, text: &Text<'_>) {
        if self.kill.panic {
            return; // The panic prints its own, once more.
        }
        if let Some(trigger) = &mut self.kill.trigger {
            trigger.tid = number(&mut trigger.at, "tid", Some(found.tid), text);
        }
        if let Some(kernel) = found.kernel {
            self.kill.kernel = Some(kernel.to_owned());
            self.kill.at.put("kernel", text.span_of(kernel));
        }
    }

    pub(super) fn frame(&mut self, function: &str) {
        match function.split('.').next().unwrap_or(function) {
            "mem_cgroup_out_of_memory" | "mem_cgroup_oom_synchronize" => self.trace_scope = OomScope::Cgroup,
            "moom_callback" => self.sysrq = true,
            _ => {}
        }
        if crate::formats::oom_killer::invocation::is_telling(function) && self.kill.trace.len() < 64 {
            self.kill.trace.push(function.to_owned());
        }
    }

    pub(super) fn context(&mut self, found: &Context<'_>, text: &Text<'_>) {
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
                group.path = path.to_owned();
                group.at.put("path", text.span_of(path));
            }
        }
        if let Some(path) = found.task_memcg
            && (self.kill.cgroup.is_some() || found.global)
        {
            let group = self.kill.cgroup.get_or_insert_default();
            group.task_path = Some(path.to_owned());
            group.at.put("task_path", text.span_of(path));
            if group.path.is_empty() {
                group.path = path.to_owned();
                group.at.put("path", text.span_of(path));
            }
        }
        if let (Some(digits), Some(task)) = (found.pid, found.task)
            && let Ok(pid) = digits.parse()
        {
            let chosen = Chosen { pid, name: task.to_owned(), score: None, line: text.line.number };
            self.announced = Some((chosen, text.span_of(digits)));
        }
        if let (Some(pid), Some(uid)) = (found.pid.and_then(|pid| pid.parse().ok()), found.uid)
            && let Ok(number) = uid.parse()
        {
            self.context_uid = Some((pid, number, text.span_of(uid)));
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

    pub(super) fn task_in(&mut self, task: &str, limit: &str, text: &Text<'_>) {
        self.section = Section::Cgroup;
        let group = self.kill.cgroup.get_or_insert_default();
        group.path = limit.to_owned();
        group.task_path = Some(task.to_owned());
        group.at.put("path", text.span_of(limit));
        group.at.put("task_path", text.span_of(task));
    }

    pub(super) fn usage(&mut self, found: &Usage<'_>, text: &Text<'_>) {
        self.section = Section::Cgroup;
        let group = self.kill.cgroup.get_or_insert_default();
        let at = &mut group.at;
        if let Some(limit) = found.limit.and_then(|limit| limit.parse().ok())
            && cgroup::is_unlimited(limit)
        {
            self.unlimited_kib = self.unlimited_kib.or(cgroup::page_size_of_unlimited(limit));
        }
        let limit = found.limit.filter(|limit| limit.parse().is_ok_and(|limit| !cgroup::is_unlimited(limit)));
        match found.counter {
            Counter::Memory => {
                group.usage = kib(at, "usage", found.usage, text);
                group.limit = kib(at, "limit", limit, text);
                group.failcnt = number(at, "failcnt", found.failcnt, text);
            }
            Counter::MemoryAndSwap | Counter::Swap => {
                group.swap_usage = kib(at, "swap_usage", found.usage, text);
                group.swap_limit = kib(at, "swap_limit", limit, text);
                group.swap_includes_memory = found.counter == Counter::MemoryAndSwap;
            }
            Counter::Kernel => group.kmem_usage = kib(at, "kmem_usage", found.usage, text),
        }
    }

    /// Why no victim is to be expected.
    pub(super) fn excuse(&mut self, body: &str, panic: bool) {
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

    /// The heading of statistics, with those that follow on the same line.
    pub(super) fn stats_heading(&mut self, path: &str, stats: &str, text: &Text<'_>) {
        self.section = Section::Stats;
        self.message = 0;
        self.last_stat = None;
        let group = self.kill.cgroup.get_or_insert_default();
        if group.path.is_empty() {
            group.path = path.to_owned();
            group.at.put("path", text.span_of(path));
        }
        if stats.is_empty() {
            return;
        }
        self.bag = None;
        if self.adds(path) {
            for pair in pairs(stats) {
                self.old_stat(&pair, text);
            }
            self.keep_tail(Bag::Stats, stats);
        }
    }

    /// True for what was not added to a sum yet: two loggers may have written the same line.
    fn adds(&mut self, of: &str) -> bool {
        let new = self.added.len() < MAX_ENTRIES && !self.added.iter().any(|known| known == of);
        if new {
            self.added.push(of.to_owned());
        }
        new
    }

    /// `cache:1024KB` of the one-line style. Each group of the tree has such a line of its own figures, so they add up.
    fn old_stat(&mut self, pair: &Pair<'_>, text: &Text<'_>) {
        let group = self.kill.cgroup.get_or_insert_default();
        let Some(size) = pair.value().and_then(Bytes::from_kib) else { return };
        if pair.unit != "KB" || !cgroup::is_size(pair.key) || group.stats.len() >= MAX_GROUPS {
            return;
        }
        self.summed = true;
        let sum = group.stats.entry(pair.key.to_owned()).or_default();
        *sum = sum.plus(size);
        let field = format!("stats.{}", pair.key);
        if group.at.get(&field).is_none() {
            group.at.put_key(field, text.span_of(pair.digits));
        }
    }

    /// `anon 4261412864`.
    pub(super) fn stat(&mut self, name: &str, digits: &str, text: &Text<'_>) {
        // Without a prefix of its own, or on the same physical line, it is part of one long message.
        let continued = text.line.raw.trim() == text.body || self.stat_line == text.line.number;
        self.message = if continued { self.message.saturating_add(text.body.len() + 1) } else { text.body.len() + 1 };
        self.stat_line = text.line.number;
        let group = self.kill.cgroup.get_or_insert_default();
        let Ok(value) = digits.parse::<u64>() else { return };
        if group.stats.len() + group.counts.len() >= MAX_GROUPS || name.starts_with("hierarchical_") && value >= 1 << 62
        {
            return;
        }
        if cgroup::is_size(name) {
            group.stats.insert(name.to_owned(), Bytes(value));
        } else {
            group.counts.insert(name.to_owned(), value);
        }
        group.at.put_key(format!("stats.{name}"), text.span_of(digits));
        self.last_stat = Some(name.to_owned());
    }

    /// The statistics have ended. Those of a message that the kernel may have cut lose their last number.
    pub(super) fn end_stats(&mut self, source: u16, line: u32, out: &mut Readings) {
        if self.section != Section::Stats {
            return;
        }
        self.section = Section::Cgroup;
        if let (true, Some(name), Some(group)) =
            (cgroup::CUT_MESSAGE_BYTES.contains(&self.message), self.last_stat.take(), &mut self.kill.cgroup)
        {
            group.stats.remove(&name);
            group.counts.remove(&name);
            let span = Span { source, line, start: 0, end: 0 };
            out.warn(Warning { span, kind: WarningKind::NotANumber { column: name } });
        }
    }

    pub(super) fn header(&mut self, columns: Vec<String>) {
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

    pub(super) fn has_table(&self) -> bool {
        self.columns.is_some() || !self.rows.is_empty()
    }

    pub(super) fn slab(&mut self, name: &str, used: u64, total: u64, line: u32) {
        if let (Some(used), Some(total)) = (Bytes::from_kib(used), Bytes::from_kib(total))
            && self.kill.slabs.len() < MAX_ENTRIES
        {
            self.kill.slabs.push(Slab { name: name.to_owned(), used, total, line });
        }
    }

    pub(super) fn memory(&mut self, found: &MemLine<'_>, text: &Text<'_>) {
        self.has_memory = true;
        if !matches!(self.section, Section::Memory) {
            self.section = Section::Memory;
        }
        match found {
            MemLine::Counters => {
                for pair in pairs(text.body) {
                    self.counter(&pair, text);
                }
                self.keep_tail(Bag::Counters, text.body);
            }
            MemLine::Node { node, rest } => {
                if self.kill.nodes.len() < MAX_GROUPS {
                    let line = text.line.number;
                    self.kill.nodes.push(MemoryNode { node: *node, memory: sizes(rest), line });
                    self.keep_tail(Bag::Node(self.kill.nodes.len() - 1), rest);
                }
            }
            MemLine::Zone { node, name, rest } => {
                let zone = self.zone(*node, name, text.line.number);
                if let Some((at, zone)) = zone {
                    zone.memory.append(&mut sizes(rest));
                    self.keep_tail(Bag::Zone(at), rest);
                }
            }
            MemLine::Reserve { rest } => {
                let pages = rest.split_ascii_whitespace().map_while(|word| word.parse().ok()).take(16).collect();
                if let Some(at) = self.kill.zones.len().checked_sub(1) {
                    self.reserves.push((at, pages));
                }
            }
            MemLine::Buddy { node, name, rest } => {
                let (counts, page, _) = meminfo::buddy(rest);
                if let Some(page) = page.filter(|page| page.is_power_of_two() && (4..=1024).contains(page)) {
                    self.buddy_kib = self.buddy_kib.or(Some((page, text.span_of(rest))));
                }
                if let Some((_, zone)) = self.zone(*node, name, text.line.number) {
                    zone.free_blocks = counts;
                }
            }
            MemLine::HugePages { rest } => {
                if let Some((total, free)) = meminfo::huge_pages(rest).filter(|_| self.adds(text.body)) {
                    self.huge = (self.huge.0.saturating_add(total), self.huge.1.saturating_add(free));
                    for (key, kib) in [("hugepages_total", self.huge.0), ("hugepages_free", self.huge.1)] {
                        if let Some(size) = Bytes::from_kib(kib) {
                            self.kill.memory.insert(key.to_owned(), size);
                            self.kill.at.put_key(format!("memory.{key}"), text.span_of(rest));
                        }
                    }
                }
            }
            MemLine::Total { key, pages } => {
                if let Ok(value) = pages.parse() {
                    self.counters.push(((*key).to_owned(), value, text.span_of(pages)));
                }
            }
            MemLine::Swap { key, kib: digits } => {
                let size = kib(&mut self.kill.at, key, Some(digits), text);
                if *key == "swap_free" {
                    self.kill.swap_free = size;
                } else {
                    self.kill.swap_total = size;
                }
            }
            MemLine::Skipped => {}
        }
    }

    fn counter(&mut self, pair: &Pair<'_>, text: &Text<'_>) {
        if let (Some(value), "") = (pair.value(), pair.unit)
            && self.counters.len() < MAX_GROUPS
        {
            self.counters.push((pair.key.to_ascii_lowercase(), value, text.span_of(pair.digits)));
        }
    }

    fn zone(&mut self, node: u32, name: &str, line: u32) -> Option<(usize, &mut MemoryZone)> {
        let known = self.kill.zones.iter().position(|zone| zone.node == node && zone.name == name);
        let at = match known {
            Some(at) => at,
            None if self.kill.zones.len() < MAX_GROUPS => {
                self.kill.zones.push(MemoryZone { node, name: name.to_owned(), line, ..MemoryZone::default() });
                self.kill.zones.len() - 1
            }
            None => return None,
        };
        self.kill.zones.get_mut(at).map(|zone| (at, zone))
    }

    /// True right below the figures of a node or a zone.
    pub(super) fn is_in_zone(&self) -> bool {
        matches!(self.bag, Some((Bag::Node(_) | Bag::Zone(_), _)))
    }

    fn keep_tail(&mut self, bag: Bag, text: &str) {
        self.bag = text.split_ascii_whitespace().next_back().map(|tail| (bag, tail.to_owned()));
    }

    /// Takes the rest of a line that had been wrapped, if it is one: words of `key:value`, the first perhaps without its
    /// beginning.
    pub(super) fn continued(&mut self, text: &Text<'_>) -> bool {
        let Some((bag, tail)) = self.bag.clone() else { return false };
        let Some(first) = text.body.split_ascii_whitespace().next() else { return false };
        if text.line.since(self.kill.last_line) > LINES_TO_REST {
            return false;
        }
        let unit = match bag {
            Bag::Counters => "",
            Bag::Node(_) | Bag::Zone(_) => "kB",
            Bag::Stats => "KB",
        };
        let is_whole = |word: &str| {
            let digits = word.split_once(':').and_then(|(_, value)| value.strip_suffix(unit));
            digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let joined = format!("{tail}{first}");
        let first_is_rest = !is_whole(first) && is_whole(&joined) && (!is_whole(&tail) || unit.is_empty());
        let words: Vec<Pair<'_>> = pairs(text.body).collect();
        let others = text.body.split_ascii_whitespace().count().saturating_sub(usize::from(first_is_rest));
        let fit = words.iter().filter(|pair| pair.unit == unit || pair.unit == "kB" || pair.unit == "KB").count();
        let plausible = if first_is_rest { fit + 2 >= others } else { fit > 0 && fit + 2 >= others };
        if !plausible
            || (unit.is_empty()
                && !text.body.split_ascii_whitespace().skip(usize::from(first_is_rest)).all(is_count_pair))
        {
            return false;
        }
        let repaired = if first_is_rest { pairs(&joined).next().filter(|pair| pair.unit == unit) } else { None };
        for pair in repaired.iter().chain(&words) {
            match bag {
                Bag::Counters => {
                    self.counters.retain(|(key, _, _)| key != pair.key);
                    self.counter(pair, text);
                }
                Bag::Node(at) => {
                    if let Some(node) = self.kill.nodes.get_mut(at) {
                        put_size(&mut node.memory, pair);
                    }
                }
                Bag::Zone(at) => {
                    if let Some(zone) = self.kill.zones.get_mut(at) {
                        put_size(&mut zone.memory, pair);
                    }
                }
                Bag::Stats => self.old_stat(pair, text),
            }
        }
        self.keep_tail(bag, text.body);
        true
    }

    /// The victim that was announced.
    pub(super) fn expects(&self) -> Option<u32> {
        self.context_uid.map(|(pid, _, _)| pid)
    }

    /// True if another kill of this host opens the next report.
    pub(super) fn has_victim(&self) -> bool {
        !self.kill.victims.is_empty()
    }

    /// Nothing more comes: converts what was kept as printed.
    pub(super) fn close(mut self, out: &mut Readings) -> Closed {
        let source = self.kill.source;
        self.drop_open_sums();
        if self.mixed {
            self.keep_own_lines();
        }
        self.end_stats(source, self.kill.last_line, out);
        self.set_clock();
        let columns = self.settle_columns(out);
        let page = self.page_size(&columns, out);
        let rows = std::mem::take(&mut self.rows);
        self.fix_pgtables(&rows, &columns);
        let table_page = page.filter(|page| tables_are_pages(self.kill.kernel.as_deref().unwrap_or_default(), *page));
        self.kill.processes = rows.iter().map(|row| process(row, &columns, page, table_page)).collect();
        if let Some(page) = page {
            self.convert(page);
        }
        self.settle_scope();
        let kill = &mut self.kill;
        if !self.mixed
            && let Some((chosen, span)) = self.announced.take()
            && kill.chosen.as_ref().is_none_or(|known| known.pid == chosen.pid)
        {
            // The first line that names it keeps its place; the score stands in the second.
            let score = kill.chosen.take().and_then(|known| known.score);
            kill.at.put("chosen.pid", span);
            kill.chosen = Some(Chosen { score, ..chosen });
        }
        for victim in &mut kill.victims {
            if let Some((_, uid, span)) = self.context_uid.filter(|(pid, _, _)| *pid == victim.pid)
                && victim.uid.is_none_or(|own| own == uid)
            {
                victim.uid = Some(uid);
                victim.at.put("uid", span);
            }
            if let Some(chosen) = kill.chosen.as_ref().filter(|chosen| chosen.pid == victim.pid) {
                victim.score = chosen.score;
            }
        }
        let is_kill = self.invoked
            || self.has_context
            || self.excused
            || self.sysrq
            || !kill.victims.is_empty()
            || !kill.processes.is_empty()
            || !kill.process_columns.is_empty()
            || kill.chosen.is_some()
            || kill.cgroup.is_some();
        if self.mixed && kill.victims.is_empty() && !self.invoked && !self.excused {
            return Closed::Nothing;
        }
        if !is_kill || self.failure.is_some() {
            return Closed::Event(self.into_event());
        }
        if self.invoked && kill.victims.is_empty() && !self.excused && !self.sysrq && !self.mixed {
            let span = Span { source, line: kill.last_line, start: 0, end: 0 };
            out.warn(Warning { span, kind: WarningKind::CutOff { format: "oom-killer".to_owned() } });
        }
        Closed::Kill(Box::new(self.kill))
    }

    /// Forgets everything that one line alone does not say: the kill, or else who asked for memory.
    fn keep_own_lines(&mut self) {
        let kill = std::mem::take(&mut self.kill);
        let victim = kill.victims.first().map(|victim| victim.pid);
        let of_victim = victim.is_some() && self.expects() == victim;
        self.kill = OomKill {
            source: kill.source,
            host: kill.host,
            first_line: kill.victims.first().map_or(kill.first_line, |victim| victim.line),
            last_line: kill.last_line,
            trigger: kill.trigger.filter(|_| victim.is_none()).map(|trigger| Trigger { tid: None, ..trigger }),
            victims: kill.victims,
            reaped: kill.reaped,
            panic: kill.panic,
            also: kill.also,
            constraint: kill.constraint.filter(|_| of_victim),
            ..OomKill::default()
        };
        self.invoked &= victim.is_none();
        self.has_context &= of_victim;
        self.columns = None;
        self.rows.clear();
        self.counters.clear();
        self.reserves.clear();
        (self.buddy_kib, self.unlimited_kib) = (None, None);
        self.has_memory = false;
        if !of_victim {
            (self.context_uid, self.scope) = (None, self.victim_scope);
        }
    }

    /// Where the text ends among the groups of a tree, or among the pools of huge pages, the sums are too small: no figures
    /// are better than those.
    fn drop_open_sums(&mut self) {
        let ended = |key: &str| matches!(key, "pagecache" | "ram");
        if self.section == Section::Memory && !self.counters.iter().any(|(key, _, _)| ended(key)) {
            for key in ["hugepages_total", "hugepages_free"] {
                self.kill.memory.remove(key);
                self.kill.at.remove(&format!("memory.{key}"));
            }
        }
        let Some(group) = &mut self.kill.cgroup else { return };
        let sum = |key: &str| group.stats.get(key).copied().unwrap_or_default();
        let known = sum("cache").plus(sum("rss")).0;
        // Lines of other groups are missing where the sums do not reach half of what the counter says.
        let is_short = group.usage.is_some_and(|usage| known < usage.0 / 2);
        if self.summed && (self.section == Section::Stats || is_short) {
            for key in std::mem::take(&mut group.stats).keys() {
                group.at.remove(&format!("stats.{key}"));
            }
        }
    }

    fn into_event(self) -> Event {
        let kill = self.kill;
        let mut event = self.failure.unwrap_or_else(|| Event { kind: "memory-info".to_owned(), ..Event::default() });
        event.source = kill.source;
        event.first_line = kill.first_line;
        event.last_line = kill.last_line;
        (event.time, event.local_time, event.uptime) = (kill.time, kill.local_time, kill.uptime);
        event.year_unknown = kill.year_unknown;
        let free = kill.memory.get("free").copied();
        let sizes = [("ram", kill.ram), ("swap_total", kill.swap_total), ("swap_free", kill.swap_free)];
        for (name, field, size) in std::iter::once(("free", "memory.free", free))
            .chain(sizes.into_iter().map(|(name, size)| (name, name, size)))
        {
            if let Some(size) = size {
                event.sizes.insert(name.to_owned(), size);
                if let Some(at) = kill.at.get(field) {
                    event.at.put(name, at);
                }
            }
        }
        event
    }

    /// The time of the report is that of the death; without one, of the first line with a clock.
    fn set_clock(&mut self) {
        let clock = if self.death.is_known() { self.death } else { self.first };
        self.kill.uptime = clock.uptime.or(self.first.uptime);
        match clock.wall.or(self.first.wall) {
            Some(Wall { micros, zone_known: true, .. }) => self.kill.time = Some(micros),
            Some(wall) => {
                self.kill.local_time = Some(wall.micros);
                self.kill.year_unknown = !wall.year_known;
            }
            None => {}
        }
    }

    /// The columns of the rows: by the header, or told from the rows.
    fn settle_columns(&mut self, out: &mut Readings) -> Vec<String> {
        if let Some(columns) = self.columns.take() {
            return columns;
        }
        let Some((count, columns)) = table::infer(&self.rows) else {
            self.rows.clear();
            return Vec::new();
        };
        let line = self.rows.first().map_or(self.kill.first_line, |row| row.line);
        let span = Span { source: self.kill.source, line, start: 0, end: 0 };
        let layout = columns.join(" ");
        out.warn(Warning { span, kind: WarningKind::LayoutInferred { layout } });
        self.rows.retain_mut(|row| {
            table::shorten(row, count);
            row.count == count
        });
        columns
    }

    fn page_size(&mut self, columns: &[String], out: &mut Readings) -> Option<Bytes> {
        let needed = !self.rows.is_empty() || !self.counters.is_empty() || !self.reserves.is_empty();
        let (kib, reason) = if let Some((kib, span)) = self.buddy_kib {
            self.kill.at.put("page_size", span);
            (kib, "buddy")
        } else if let Some(kib) = self.page_size_by_victim(columns) {
            (kib, "kill-line")
        } else if let Some(kib) = self.unlimited_kib {
            (kib, "unlimited-limit")
        } else if !needed {
            return None;
        } else if let Some(kib) = self.kill.kernel.as_deref().and_then(page_size_of_release) {
            (kib, "architecture")
        } else {
            let span = Span { source: self.kill.source, line: self.kill.first_line, start: 0, end: 0 };
            out.warn(Warning { span, kind: WarningKind::PageSizeAssumed { page_size: 4096 } });
            (4, "assumed")
        };
        let page = Bytes::from_kib(kib)?;
        self.kill.page_size = Some(page);
        self.kill.page_size_reason = Some(reason.to_owned());
        Some(page)
    }

    /// The kill line prints kB of what the victim's row prints in pages. Address space fits exactly, resident memory
    /// nearly.
    fn page_size_by_victim(&self, columns: &[String]) -> Option<u64> {
        self.kill.victims.iter().find_map(|victim| {
            let row = self.rows.iter().find(|row| row.pid == victim.pid)?;
            let fits = |bytes: Option<Bytes>, column: &str, slack: u64| {
                let pages = row.size(columns, column).filter(|pages| *pages >= 16)?;
                let kib = bytes?.0 / 1024;
                [4_u64, 16, 64].into_iter().find(|size| {
                    pages.checked_mul(*size).is_some_and(|expected| expected.abs_diff(kib) <= expected / 100 * slack)
                })
            };
            fits(victim.total_vm, "total_vm", 2).or_else(|| fits(victim.resident(), "rss", 20))
        })
    }

    /// 5.4.0 to about 5.4.9 print bytes and call them kB. Told by the victim's row, or by a number that cannot be kB.
    fn fix_pgtables(&mut self, rows: &[RawRow], columns: &[String]) {
        let (Some((printed, span)), Some(victim)) = (self.pgtables, self.kill.victims.first_mut()) else { return };
        let of_row = rows.iter().find(|row| row.pid == victim.pid).and_then(|row| row.size(columns, "pgtables_bytes"));
        let total = victim.total_vm.map_or(u64::MAX, |total| total.0 / 1024);
        victim.pgtables = match of_row {
            Some(bytes) if bytes == printed && printed > 0 => Some(Bytes(printed)),
            // Page tables that map whole pages are a five-hundredth of what they map.
            None if printed >= total / 4 && printed % 4096 == 0 => Some(Bytes(printed)),
            _ => Bytes::from_kib(printed),
        };
        victim.at.put("pgtables", span);
    }

    fn convert(&mut self, page: Bytes) {
        let (mut ram, mut reserved) = (None, None);
        for (key, pages, span) in std::mem::take(&mut self.counters) {
            let Some(size) = Bytes::from_pages(pages, page) else { continue };
            match key.as_str() {
                "ram" => ram = Some((size, span)),
                "reserved" => reserved = Some(size),
                _ => {
                    self.kill.at.put_key(format!("memory.{key}"), span);
                    self.kill.memory.insert(key, size);
                }
            }
        }
        if let (Some((ram, span)), Some(reserved)) = (ram, reserved) {
            self.kill.ram = ram.0.checked_sub(reserved.0).map(Bytes);
            self.kill.at.put("ram", span);
        }
        for (at, pages) in std::mem::take(&mut self.reserves) {
            if let Some(zone) = self.kill.zones.get_mut(at) {
                zone.lowmem_reserve = pages.iter().filter_map(|pages| Bytes::from_pages(*pages, page)).collect();
            }
        }
    }

    fn settle_scope(&mut self) {
        self.kill.scope = if self.sysrq {
            OomScope::Sysrq
        } else if self.scope != OomScope::Unknown {
            self.scope
        } else if self.kill.cgroup.is_some() {
            OomScope::Cgroup
        } else if self.trace_scope != OomScope::Unknown {
            self.trace_scope
        } else if self.has_memory {
            OomScope::Global
        } else {
            OomScope::Unknown
        };
    }
}

/// A report that has ended.
pub(super) enum Closed {
    Kill(Box<OomKill>),
    Event(Event),
    Nothing,
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

fn sizes(text: &str) -> BTreeMap<String, Bytes> {
    let mut memory = BTreeMap::new();
    for pair in pairs(text) {
        put_size(&mut memory, &pair);
    }
    memory
}

fn put_size(memory: &mut BTreeMap<String, Bytes>, pair: &Pair<'_>) {
    if matches!(pair.unit, "kB" | "KB")
        && memory.len() < MAX_GROUPS
        && let Some(size) = pair.value().and_then(Bytes::from_kib)
    {
        memory.insert(pair.key.to_owned(), size);
    }
}

/// True if a page table takes a page. On POWER and s390 it is a part of one or several, and their number says nothing in bytes.
fn tables_are_pages(release: &str, page: Bytes) -> bool {
    let has = |part: &str| release.contains(part);
    let in_parts = ["ppc", "powerpc", "s390"].into_iter().any(has);
    !in_parts && (page.0 < 1 << 16 || has("aarch64") || has("arm64"))
}

fn process(row: &RawRow, columns: &[String], page: Option<Bytes>, table_page: Option<Bytes>) -> ProcessRow {
    let pages = |column: &str| Bytes::from_pages(row.size(columns, column)?, page?);
    let tables =
        row.size(columns, "nr_ptes").map(|ptes| ptes.saturating_add(row.size(columns, "nr_pmds").unwrap_or(0)));
    ProcessRow {
        pid: row.pid,
        name: row.name.clone(),
        uid: row.number(columns, "uid").and_then(|uid| u32::try_from(uid).ok()),
        total_vm: pages("total_vm"),
        rss: pages("rss"),
        rss_anon: pages("rss_anon"),
        rss_file: pages("rss_file"),
        rss_shmem: pages("rss_shmem"),
        pgtables: row
            .size(columns, "pgtables_bytes")
            .map(Bytes)
            .or_else(|| tables.and_then(|tables| Bytes::from_pages(tables, table_page?))),
        swap: pages("swapents"),
        oom_score_adj: row.number(columns, "oom_score_adj").and_then(|adj| i32::try_from(adj).ok()),
        line: row.line,
    }
}

/// The page size in KiB that the kernel release tells, where its architecture has only one.
fn page_size_of_release(release: &str) -> Option<u64> {
    let has = |part: &str| release.contains(part);
    if has("x86_64") || has("amd64") || has("i686") || has("i386") || has("s390x") || has("riscv64") {
        Some(4)
    } else if has("64k") || has("ppc64le") || (has("aarch64") && (has(".el7") || has(".el8"))) {
        Some(64)
    } else if has("16k") {
        Some(16)
    } else {
        None
    }
}
