//! What a report becomes once nothing more comes.

use super::{Report, Section};
use crate::formats::oom_killer::table::{self, RawRow};
use crate::model::kind::EventKind;
use crate::model::oom::{Chosen, Event, OomKill, OomScope, ProcessRow, Trigger};
use crate::model::readings::Readings;
use crate::source::Span;
use crate::units::Bytes;
use crate::warning::{Warning, WarningKind, WarningSink};

/// No kernel hands out larger pieces.
const MAX_ORDER: u32 = 20;

impl Report {
    /// Nothing more comes: converts what was kept as printed.
    pub(in super::super) fn close(mut self, out: &mut Readings) -> Closed {
        self.drop_open_sums();
        if self.mixed {
            self.keep_own_lines();
        }
        self.end_stats(self.kill.last_line, out);
        self.set_clock();
        self.convert(out);
        self.settle_scope();
        self.settle_victims();
        self.name_processes();
        let kill = &self.kill;
        if self.mixed && kill.victims.is_empty() && !self.invoked && !self.excused {
            return Closed::Nothing;
        }
        // Other dumps of the kernel name a cpuset, too.
        let is_cpuset_alone = self.failure.is_none() && kill.memory.is_empty() && kill.trigger.is_some();
        if !self.is_kill() && is_cpuset_alone {
            return Closed::Nothing;
        }
        if !self.is_kill() {
            return Closed::Event(Box::new(self.into_event()));
        }
        if self.invoked && kill.victims.is_empty() && !self.excused && !self.sysrq && !self.mixed {
            let span = Span { source: kill.source, line: kill.last_line, start: 0, end: 0 };
            out.warn(Warning { span, kind: WarningKind::CutOff { format: "oom-killer".to_owned() } });
        }
        Closed::Kill(Box::new(self.kill))
    }

    /// False for memory figures alone, and for those of an allocation that failed.
    fn is_kill(&self) -> bool {
        let kill = &self.kill;
        let by_line = self.invoked || self.has_context || self.excused || self.sysrq;
        let by_figure = !kill.victims.is_empty()
            || !kill.processes.is_empty()
            || !kill.process_columns.is_empty()
            || kill.chosen.is_some()
            || kill.cgroup.is_some();
        (by_line || by_figure) && self.failure.is_none()
    }

    /// Old kernels name a victim by the thread that was chosen. The only process of its name with its very address space is the one.
    fn name_processes(&mut self) {
        let OomKill { victims, processes, chosen, source, .. } = &mut self.kill;
        for victim in victims {
            // A child that was killed instead of it has the same address space.
            let is_child = chosen.as_ref().is_some_and(|chosen| chosen.pid != victim.pid);
            if is_child || processes.iter().any(|row| row.pid == victim.pid) {
                continue;
            }
            let own = |row: &&ProcessRow| row.total_vm == victim.total_vm && row.name == victim.name;
            let mut rows = processes.iter().filter(own).filter(|_| victim.total_vm.is_some());
            if let (Some(row), None) = (rows.next(), rows.next()) {
                victim.pid = row.pid;
                victim.at.put("pid", Span { source: *source, line: row.line, start: 0, end: 0 });
            }
        }
    }

    /// Puts what other lines say of the victims to them.
    fn settle_victims(&mut self) {
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
        let event = self.failure.unwrap_or_else(|| Event { kind: EventKind::MemoryInfo, ..Event::default() });
        let mut event = Event {
            source: kill.source,
            first_line: kill.first_line,
            last_line: kill.last_line,
            time: kill.time,
            local_time: kill.local_time,
            uptime: kill.uptime,
            year_unknown: kill.year_unknown,
            ..event
        };
        for (name, field, size) in [
            ("free", "memory.free", kill.memory.get("free").copied()),
            ("ram", "ram", kill.ram),
            ("swap_total", "swap_total", kill.swap_total),
            ("swap_free", "swap_free", kill.swap_free),
        ] {
            event.sizes.extend(size.map(|size| (name.to_owned(), size)));
            if let Some(at) = kill.at.get(field).filter(|_| size.is_some()) {
                event.at.put(name, at);
            }
        }
        let pieces = |(order, at): (u32, Span)| Some((kill.page_size?.0.checked_mul(1_u64.checked_shl(order)?)?, at));
        if let Some((bytes, at)) = self.order.filter(|(order, _)| (1..MAX_ORDER).contains(order)).and_then(pieces) {
            event.sizes.insert("requested".to_owned(), Bytes(bytes));
            event.at.put("requested", at);
        }
        event
    }

    /// The time of the report is that of the death; without one, of the first line with a clock.
    fn set_clock(&mut self) {
        let clock = if self.death.is_known() { self.death } else { self.first };
        self.kill.uptime = clock.uptime.or(self.first.uptime);
        if let Some(wall) = clock.wall.or(self.first.wall) {
            (self.kill.time, self.kill.local_time) = wall.split();
            self.kill.year_unknown = !wall.zone_known && !wall.year_known;
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
        let needed = self.order.is_some_and(|(order, _)| order > 0)
            || !self.rows.is_empty()
            || !self.counters.is_empty()
            || !self.reserves.is_empty();
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

    /// Converts what was printed in pages, and the rows.
    fn convert(&mut self, out: &mut Readings) {
        let columns = self.settle_columns(out);
        let page = self.page_size(&columns, out);
        let rows = std::mem::take(&mut self.rows);
        self.fix_pgtables(&rows, &columns);
        let table_page = page.filter(|page| tables_are_pages(self.kill.kernel.as_deref().unwrap_or_default(), *page));
        self.kill.processes = rows.iter().map(|row| process(row, &columns, page, table_page)).collect();
        if let Some(page) = page {
            self.convert_memory(page);
        }
    }

    fn convert_memory(&mut self, page: Bytes) {
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
        let scopes = [
            Some(OomScope::Sysrq).filter(|_| self.sysrq),
            Some(self.scope),
            Some(OomScope::Cgroup).filter(|_| self.kill.cgroup.is_some()),
            Some(self.trace_scope),
            Some(OomScope::Global).filter(|_| self.has_memory),
        ];
        let known = scopes.into_iter().flatten().find(|scope| *scope != OomScope::Unknown);
        self.kill.scope = known.unwrap_or_default();
    }
}

/// A report that has ended.
pub(in super::super) enum Closed {
    Kill(Box<OomKill>),
    Event(Box<Event>),
    Nothing,
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
