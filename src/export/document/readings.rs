//! The sections that list what was read: processes, kills, errors, tables, logs.

use std::cmp::Reverse;

use super::{Block, Maker, Section, Table, sizes, stated_size};
use crate::formats::gc_log::monitor;
use crate::i18n::{self, format};
use crate::model::gc::{GcEvent, GcKind, GcLog};
use crate::model::jstat::JstatTable;
use crate::model::names;
use crate::model::nmt::{NmtCategory, NmtSite, NmtSnapshot, Sum};
use crate::model::oom::{CgroupAtKill, OomKill, OomScope, Victim};
use crate::order::InOrder as _;
use crate::units::{Bytes, Micros, SignedBytes};

impl Maker<'_> {
    /// The first of many, and how many are left out.
    fn first<T>(&self, all: &[T], blocks: impl FnMut(&T) -> Vec<Block>) -> Vec<Block> {
        let mut out: Vec<Block> = all.iter().take(self.limits.items).flat_map(blocks).collect();
        let more = self.more(all.len(), self.limits.items);
        out.extend((!more.is_empty()).then(|| Block::Paragraph(more.into())));
        out
    }

    /// One table of all rows that the limit leaves.
    fn rows(&self, mut rows: Vec<Vec<String>>) -> Vec<Block> {
        let note = self.more(rows.len(), self.limits.items);
        rows.truncate(self.limits.items);
        if rows.is_empty() { vec![] } else { vec![Block::Table(Table { rows, note, ..Table::default() })] }
    }

    /// `123.4 MiB`, `-`.
    fn size(&self, size: Option<Bytes>) -> String {
        size.map_or_else(|| "-".to_owned(), format::size)
    }

    fn time(&self, time: Option<Micros>) -> String {
        time.map(|time| format::duration(self.language, time)).unwrap_or_default()
    }

    /// What a size, a count, or a word of a reading is called.
    fn name(&self, name: &str) -> String {
        names::said(self.language, name)
    }

    fn pid(&self, pid: u32) -> String {
        i18n::fill(self.language, "page.pid", &[("pid", &pid.to_string())])
    }

    pub(super) fn runs(&self) -> Section {
        let reason = |key: &Option<String>| match key {
            Some(key) => format!(" ({})", self.word(key)),
            None => String::new(),
        };
        let rows = self.report.runs.iter().map(|run| {
            let mut facts = Vec::new();
            facts.extend(run.killed.then(|| self.word("text.killed")));
            let collector = run.collector.as_ref();
            facts.extend(collector.map(|collector| format!("{collector}{}", reason(&run.collector_reason))));
            let max =
                |max| format!("{} {}{}", self.word("text.max-heap"), format::size(max), reason(&run.max_heap_reason));
            facts.extend(run.max_heap.map(max));
            facts.extend(run.jdk.as_ref().map(|jdk| format!("JDK {jdk}")));
            let pid = run.pid.map_or_else(|| self.word("text.no-pid"), |pid| self.pid(pid));
            vec![run.id.clone(), pid, run.name.clone().unwrap_or_default(), self.list(facts)]
        });
        self.section("runs", "text.runs", self.rows(rows.collect()))
    }

    pub(super) fn kills(&self) -> Section {
        let blocks = self.first(&self.report.oom_kills, |kill| {
            let facts = Table { caption: self.kill_caption(kill), rows: self.kill_facts(kill), ..Table::default() };
            std::iter::once(facts).chain(self.processes(kill)).map(Block::Table).collect()
        });
        self.section("kills", "page.section.kills", blocks)
    }

    fn kill_caption(&self, kill: &OomKill) -> String {
        let scope = match kill.scope {
            OomScope::Global => "scope.global",
            OomScope::Cgroup => "scope.cgroup",
            OomScope::Cpuset => "scope.cpuset",
            OomScope::Policy => "scope.policy",
            OomScope::Sysrq => "scope.sysrq",
            OomScope::Unknown => "scope.unknown",
        };
        let place = self.place(kill.source, kill.first_line, kill.last_line);
        format!("{} ({})", self.list(vec![self.word("text.kill"), place]), self.word(scope))
    }

    fn kill_facts(&self, kill: &OomKill) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut fact = |key: &str, value: Option<String>| rows.extend(value.map(|value| vec![self.word(key), value]));
        fact("page.kill.time", kill.time.map(|time| self.clock(time)));
        fact("page.kill.local-time", kill.local_time.map(format::local_time));
        fact("page.kill.uptime", kill.uptime.map(|time| format::duration(self.language, time)));
        fact("page.kill.host", kill.host.clone());
        fact("page.kill.kernel", kill.kernel.clone());
        let trigger = kill.trigger.as_ref().map(|trigger| {
            let order = trigger.order.map(|order| format!("order {order}"));
            self.list(std::iter::once(trigger.name.clone()).chain(order).chain(trigger.gfp_mask.clone()).collect())
        });
        fact("page.kill.trigger", trigger);
        fact("page.kill.ram", kill.ram.map(sizes));
        fact("page.kill.swap-total", kill.swap_total.map(sizes));
        fact("page.kill.swap-free", kill.swap_free.map(sizes));
        fact("text.page-size", kill.page_size.map(sizes));
        rows.extend(kill.cgroup.iter().flat_map(|cgroup| self.cgroup(cgroup)));
        rows.extend(kill.panic.then(|| vec![self.word("text.outcome"), self.word("chart.mark.panic")]));
        let nobody = || vec![self.word("text.outcome"), self.word("chart.mark.no-killable")];
        rows.extend(kill.no_killable.then(nobody));
        rows.extend(kill.victims.iter().flat_map(|victim| self.victim(victim, kill.source)));
        rows
    }

    fn cgroup(&self, cgroup: &CgroupAtKill) -> Vec<Vec<String>> {
        let path = (!cgroup.path.is_empty()).then(|| vec![self.word("page.kill.cgroup"), cgroup.path.clone()]);
        let mut rows = Vec::from_iter(path);
        let with_swap = cgroup.swap_limit.filter(|limit| cgroup.swap_includes_memory && Some(*limit) != cgroup.limit);
        let sums = [
            ("page.kill.cgroup-usage", cgroup.usage),
            ("page.kill.cgroup-limit", cgroup.limit),
            ("page.kill.cgroup-swap-limit", with_swap),
        ];
        rows.extend(sums.into_iter().filter_map(|(key, size)| Some(vec![self.word(key), sizes(size?)])));
        // Where the sums over the groups below are printed, too, they are what counts.
        let own = ["rss", "cache"].into_iter().filter(|key| !cgroup.stats.contains_key(&format!("total_{key}")));
        let swap = cgroup.stats.get("swap").filter(|size| size.0 > 0).map(|_| "swap");
        let sums = ["total_rss", "total_cache"];
        let stats = ["anon", "file", "kernel", "sock", "shmem"].into_iter().chain(own).chain(sums).chain(swap);
        rows.extend(stats.filter_map(|key| Some(vec![self.name(key), sizes(*cgroup.stats.get(key)?)])));
        rows
    }

    fn victim(&self, victim: &Victim, source: u16) -> Vec<Vec<String>> {
        let who = i18n::fill(self.language, "text.who", &[("name", &victim.name), ("pid", &victim.pid.to_string())]);
        let who = self.list(vec![who, self.place(source, victim.line, victim.line)]);
        let mut rows = vec![vec![self.word("text.victim"), who]];
        let parts = [
            ("page.kill.anon-rss", victim.anon_rss),
            ("page.kill.file-rss", victim.file_rss),
            ("page.kill.shmem-rss", victim.shmem_rss),
            ("page.kill.rss", victim.rss),
            ("page.kill.swap", victim.swap),
            ("page.kill.pgtables", victim.pgtables),
        ];
        rows.extend(parts.into_iter().filter_map(|(key, size)| Some(vec![self.word(key), sizes(size?)])));
        let total_vm = |size| self.list(vec![sizes(size), self.word("page.kill.total-vm.note")]);
        rows.extend(victim.total_vm.map(|size| vec![self.word("page.kill.total-vm"), total_vm(size)]));
        rows.extend(
            victim.oom_score_adj.map(|adjustment| vec![self.word("page.kill.score-adj"), adjustment.to_string()]),
        );
        rows
    }

    /// The largest processes at a kill.
    fn processes(&self, kill: &OomKill) -> Option<Table> {
        let mut processes: Vec<_> = kill.processes.iter().collect();
        processes.order_by_key(|process| Reverse(process.rss));
        let rows = processes.iter().take(self.limits.details).map(|process| {
            vec![
                process.name.clone(),
                process.pid.to_string(),
                self.size(process.rss),
                self.size(process.swap),
                process.oom_score_adj.map_or_else(|| "-".to_owned(), |adjustment| adjustment.to_string()),
                self.place(kill.source, process.line, process.line),
            ]
        });
        let header = [
            "page.process.name",
            "page.process.pid",
            "page.process.rss",
            "page.process.swap",
            "page.process.score-adj",
        ];
        (!kill.processes.is_empty()).then(|| Table {
            caption: self.word("page.kill.process-table"),
            header: header.map(|key| self.word(key)).into_iter().chain([String::new()]).collect(),
            rows: rows.collect(),
            note: self.more(kill.processes.len(), self.limits.details),
        })
    }

    pub(super) fn errors(&self) -> Section {
        let rows = self.report.java_errors.iter().map(|error| {
            let mut facts = vec![self.word(error.kind.key())];
            facts.extend(error.told.then(|| self.word("text.told")));
            facts.extend(error.thread.as_ref().map(|thread| format!("{} {thread}", self.word("text.thread"))));
            facts.extend(error.pid.map(|pid| self.pid(pid)));
            facts.extend(error.time.map(|time| self.clock(time)).or(error.local_time.map(format::local_time)));
            let up = |time| i18n::fill(self.language, "chart.time.uptime", &[("time", &self.time(Some(time)))]);
            facts.extend(error.uptime.map(up));
            facts.extend(error.sizes.iter().map(|(name, size)| format!("{} {}", self.name(name), sizes(*size))));
            facts.extend((error.count > 1).then(|| format!("×{}", i18n::number(error.count))));
            let place = self.place(error.source, error.first_line, error.last_line);
            vec![error.message.clone(), self.list(facts), place]
        });
        self.section("errors", "page.section.errors", self.rows(rows.collect()))
    }

    pub(super) fn events(&self) -> Section {
        let rows = self.report.events.iter().map(|event| {
            let mut facts = Vec::new();
            facts.extend(event.told.then(|| self.word("text.told")));
            facts.extend(event.time.map(|time| self.clock(time)).or(event.local_time.map(format::local_time)));
            let up = |time| i18n::fill(self.language, "chart.time.boot", &[("time", &self.time(Some(time)))]);
            facts.extend(event.uptime.map(up));
            facts.extend(event.pid.map(|pid| self.pid(pid)));
            facts.extend(event.name.clone());
            let lasted = |time| i18n::fill(self.language, "text.lasted", &[("time", &self.time(Some(time)))]);
            facts.extend(event.lasted.map(lasted));
            let restarts = |count| i18n::fill(self.language, "text.restarts", &[("count", &i18n::number(count))]);
            facts.extend(event.restarts.map(restarts));
            facts.extend(event.sizes.iter().map(|(name, size)| format!("{} {}", self.name(name), stated_size(*size))));
            let place = self.place(event.source, event.first_line, event.last_line);
            vec![self.word(event.kind.key()), self.list(facts), place]
        });
        self.section("events", "page.section.events", self.rows(rows.collect()))
    }

    pub(super) fn nmt(&self) -> Section {
        let blocks = self.first(&self.report.nmt, |snapshot| {
            let sites = self.sites(snapshot);
            std::iter::once(self.snapshot(snapshot)).chain(sites).map(Block::Table).collect()
        });
        self.section("nmt", "page.section.nmt", blocks)
    }

    fn snapshot(&self, snapshot: &NmtSnapshot) -> Table {
        let kib = |size: Option<Bytes>| size.map_or_else(|| "-".to_owned(), |size| i18n::number(size.0 / 1024));
        let delta = |delta: Option<SignedBytes>| delta.map(format::signed_size).unwrap_or_default();
        let is_diff = snapshot.kind.ends_with("diff");
        let row = |name: String, (committed, by_committed), (reserved, by_reserved), facts: String| match is_diff {
            true => vec![name, kib(committed), delta(by_committed), kib(reserved), delta(by_reserved), facts],
            false => vec![name, kib(committed), kib(reserved), facts],
        };
        let total = &snapshot.total;
        let (committed, reserved) = ((total.committed, total.committed_delta), (total.reserved, total.reserved_delta));
        // Where the amounts themselves were left out, what they are made of is all that is told.
        let of_total = [("malloc", total.malloc), ("mmap", total.mmap_committed)];
        let of_total = of_total.into_iter().filter(|_| total.committed.is_none());
        let of_total = of_total.filter_map(|(name, size)| Some(format!("{name} {}", format::size(size?))));
        let mut rows = vec![row(self.word("text.total"), committed, reserved, self.list(of_total.collect()))];
        rows.extend(snapshot.categories.iter().map(|part| {
            let (committed, reserved) = ((part.committed, part.committed_delta), (part.reserved, part.reserved_delta));
            row(part.name.clone(), committed, reserved, self.parts(part))
        }));
        let header: &[&str] = match is_diff {
            true => &["", "text.committed-kib", "text.delta", "text.reserved-kib", "text.delta", ""],
            false => &["", "text.committed-kib", "text.reserved-kib", ""],
        };
        let header = header.iter().map(|key| if key.is_empty() { String::new() } else { self.word(key) });
        let mut facts = vec![format!("NMT {}", snapshot.kind)];
        facts.push(self.place(snapshot.source, snapshot.first_line, snapshot.last_line));
        facts.extend(snapshot.pid.map(|pid| self.pid(pid)));
        facts.push(self.word(match snapshot.sum() {
            Sum::AddsUp => "text.adds-up",
            Sum::TooCoarse => "text.too-coarse",
            Sum::Differs => "text.incomplete",
        }));
        let caption = format!("{} ({})", self.list(facts), snapshot.run);
        Table { caption, header: header.collect(), rows, note: String::new() }
    }

    /// How a category was come by, and what it counts.
    fn parts(&self, category: &NmtCategory) -> String {
        let counts = [("text.threads", category.threads), ("text.classes", category.classes)];
        let counts = counts.into_iter().filter_map(|(key, count)| Some((self.word(key), i18n::number(count?))));
        let sizes = [("malloc", category.malloc), ("mmap", category.mmap_committed), ("arena", category.arena)];
        let sizes = sizes.into_iter().filter_map(|(name, size)| Some((name.to_owned(), format::size(size?))));
        self.list(counts.chain(sizes).map(|(name, value)| format!("{name} {value}")).collect())
    }

    /// The call sites that hold most.
    fn sites(&self, snapshot: &NmtSnapshot) -> Option<Table> {
        let row = |site: &NmtSite| {
            let place = self.place(snapshot.source, site.line, site.line);
            vec![site.frame.clone(), format::size(site.size), site.kind.clone(), place]
        };
        let rows = snapshot.sites.iter().take(self.limits.details).map(row).collect();
        let note = self.more(snapshot.sites.len(), self.limits.details);
        let table = || Table { caption: self.word("text.sites"), rows, note, ..Table::default() };
        (!snapshot.sites.is_empty()).then(table)
    }

    pub(super) fn jstat(&self) -> Section {
        let blocks = self.first(&self.report.jstat, |table| vec![Block::Table(self.samples(table))]);
        self.section("jstat", "page.section.jstat", blocks)
    }

    fn samples(&self, table: &JstatTable) -> Table {
        let mut facts = vec![format!("jstat -{}", table.option)];
        facts.push(self.place(table.source, table.first_line, table.last_line));
        facts.extend(table.pid.map(|pid| self.pid(pid)));
        let every = |interval| i18n::fill(self.language, "text.every", &[("interval", &self.time(Some(interval)))]);
        facts.extend(table.interval.map(every));
        facts.extend(table.collector.clone());
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut first = 0;
        while first < table.rows && rows.len() < self.limits.rows {
            let cells = cells(table, first);
            let same = (first..table.rows).take_while(|row| self::cells(table, *row) == cells).count().max(1);
            let line = |row: usize| table.lines.get(row).copied().unwrap_or(0);
            let mut place = self.place(table.source, line(first), line(first + same - 1));
            if same > 1 {
                let count = i18n::number(same as u64);
                place = format!("{place} ({})", i18n::fill(self.language, "text.identical", &[("count", &count)]));
            }
            if table.restarts.contains(&first) {
                place = self.list(vec![place, self.word("text.restart")]);
            }
            rows.push(std::iter::once(place).chain(cells).collect());
            first += same;
        }
        let header = std::iter::once(String::new()).chain(table.columns.iter().map(|name| name.to_string())).collect();
        let caption = format!("{} ({})", self.list(facts), table.run);
        Table { caption, header, rows, note: self.more(table.rows, first) }
    }

    pub(super) fn gc_logs(&self) -> Section {
        let logs: Vec<(usize, &GcLog)> = self.report.gc_logs.iter().enumerate().collect();
        let blocks = self.first(&logs, |(at, log)| {
            let events: Vec<&GcEvent> =
                self.report.gc_events.iter().filter(|event| event.log as usize == *at).collect();
            let tables = std::iter::once(self.by_kind(log, &events)).chain(self.collections(log, &events));
            tables.map(Block::Table).collect()
        });
        self.section("gc-log", "page.section.gc-logs", blocks)
    }

    fn by_kind(&self, log: &GcLog, events: &[&GcEvent]) -> Table {
        let mut facts = vec![self.word("text.gc-log"), self.place(log.source, log.first_line, log.last_line)];
        facts.extend(log.pid.map(|pid| self.pid(pid)));
        facts.extend(log.collector.clone());
        facts.extend(log.jdk.as_ref().map(|jdk| format!("JDK {jdk}")));
        facts.extend(log.max_heap.map(|max| format!("{} {}", self.word("text.max-heap"), format::size(max))));
        // A stop that its collection tells again counts once.
        let events = monitor::once(events);
        let mut kinds: Vec<GcKind> = events.iter().map(|event| event.kind).collect();
        kinds.order();
        kinds.dedup();
        let rows = kinds.into_iter().map(|kind| {
            let of_kind = || events.iter().filter(|event| event.kind == kind);
            let durations = || of_kind().filter_map(|event| event.duration);
            let count = i18n::number(of_kind().count() as u64);
            vec![
                self.word(gc_kind_key(kind)),
                count,
                self.time(durations().reduce(Micros::plus)),
                self.time(durations().max()),
            ]
        });
        let header = vec![String::new(), self.word("text.count"), self.word("text.total"), self.word("text.longest")];
        let caption = format!("{} ({})", self.list(facts), log.run);
        Table { caption, header, rows: rows.collect(), note: String::new() }
    }

    /// The first events of a log.
    fn collections(&self, log: &GcLog, events: &[&GcEvent]) -> Option<Table> {
        let rows = events.iter().take(self.limits.details).map(|event| {
            let clock = event.time.map(|time| self.clock(time)).or(event.local_time.map(format::local_time));
            vec![
                event.uptime.map(|time| self.time(Some(time))).or(clock).unwrap_or_default(),
                event.name.clone(),
                event.cause.clone().unwrap_or_default(),
                self.time(event.duration),
                event.before.map(format::size).unwrap_or_default(),
                event.after.map(format::size).unwrap_or_default(),
                event.committed.map(format::size).unwrap_or_default(),
                self.place(log.source, event.line, event.line),
            ]
        });
        let header = [
            "page.gc.uptime",
            "page.gc.what",
            "page.gc.cause",
            "page.gc.duration",
            "page.gc.before",
            "page.gc.after",
            "page.gc.committed",
        ]
        .map(|key| self.word(key));
        (!events.is_empty()).then(|| Table {
            caption: self.word("text.gc-events"),
            header: header.into_iter().chain([String::new()]).collect(),
            rows: rows.collect(),
            note: self.more(events.len(), self.limits.details),
        })
    }

    pub(super) fn host(&self) -> Section {
        let blocks = self.first(&self.report.host, |host| {
            let mut facts = vec![self.word(host.kind.key()), self.place(host.source, host.first_line, host.last_line)];
            facts.extend(host.pid.map(|pid| self.pid(pid)));
            facts.extend(host.name.clone());
            facts.extend(host.time.map(|time| self.clock(time)).or(host.local_time.map(format::local_time)));
            let mut rows: Vec<Vec<String>> =
                host.sizes.iter().map(|(name, size)| vec![self.name(name), sizes(*size)]).collect();
            rows.extend(host.counts.iter().map(|(name, count)| vec![self.name(name), i18n::number(*count)]));
            rows.extend(
                host.words
                    .iter()
                    .map(|(name, word)| vec![self.name(name), names::said_word(self.language, name, word)]),
            );
            rows.extend((!host.flags.is_empty()).then(|| vec![self.word("page.host.flags"), host.flags.join(" ")]));
            vec![Block::Table(Table { caption: self.list(facts), rows, ..Table::default() })]
        });
        self.section("host", "page.section.host", blocks)
    }
}

/// The cells of a row as printed, without the zeros at their end.
fn cells(table: &JstatTable, row: usize) -> Vec<String> {
    let columns = table.data.0.iter();
    let cells = columns.map(|column| match column.text(row) {
        Some(text) => text.to_owned(),
        None => column.value(row).map_or_else(|| "-".to_owned(), |value| format!("{value}")),
    });
    cells.collect()
}

/// The catalogue key of a kind of collection.
fn gc_kind_key(kind: GcKind) -> &'static str {
    match kind {
        GcKind::Young => "gc.young",
        GcKind::Mixed => "gc.mixed",
        GcKind::Full => "gc.full",
        GcKind::ConcurrentPause => "gc.concurrent-pause",
        GcKind::Concurrent => "gc.concurrent",
        GcKind::Minor => "gc.minor",
        GcKind::Major => "gc.major",
        GcKind::Degenerated => "gc.degenerated",
        GcKind::AllocationStall => "gc.allocation-stall",
        GcKind::Failure => "gc.failure",
        GcKind::Other => "gc.other",
    }
}
