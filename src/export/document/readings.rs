//! The sections that list what was read: processes, kills, errors, tables, logs.

use super::{Block, Maker, Section, Table};
use crate::document::{self as described, By, Fact, Of, Row};
use crate::i18n::{self, format};
use crate::model::gc::GcLog;
use crate::model::jstat::JstatTable;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::OomKill;

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
        let all: Vec<(usize, &OomKill)> = self.report.oom_kills.iter().enumerate().collect();
        let blocks = self.first(&all, |(at, kill)| {
            let facts = Table { caption: self.kill_caption(kill), rows: self.kill_facts(kill), ..Table::default() };
            let processes = self.teller().table(&Of::Processes(*at, By::Rss, false));
            let processes = self.described(&processes, self.limits.details, false);
            let processes = Some(processes).filter(|processes| !processes.rows.is_empty());
            std::iter::once(facts).chain(processes).map(Block::Table).collect()
        });
        self.section("kills", "page.section.kills", blocks)
    }

    fn kill_caption(&self, kill: &OomKill) -> String {
        let place = self.place(kill.source, kill.first_line, kill.last_line);
        format!("{} ({})", self.list(vec![self.word("text.kill"), place]), self.teller().kill_scope(kill))
    }

    fn kill_facts(&self, kill: &OomKill) -> Vec<Vec<String>> {
        let teller = self.teller();
        let mut rows = self.facts([teller.kill_time(kill), teller.kill_around(kill)].concat());
        for victim in &kill.victims {
            let pid = victim.pid.to_string();
            let who = i18n::fill(self.language, "text.who", &[("name", &victim.name), ("pid", &pid)]);
            let who = self.list(vec![who, self.place(kill.source, victim.line, victim.line)]);
            rows.push(vec![self.word("text.victim"), who]);
            rows.extend(self.facts(teller.victim(kill, victim)));
        }
        rows
    }

    /// A name and a value each.
    fn facts(&self, facts: Vec<Fact>) -> Vec<Vec<String>> {
        let teller = self.teller();
        facts.into_iter().map(|fact| vec![fact.name, teller.list(&fact.cell)]).collect()
    }

    /// The first rows of a table, each with its lines in front or behind.
    pub(super) fn described(&self, of: &described::Table, limit: usize, lines_first: bool) -> Table {
        let teller = self.teller();
        let rows = (0..of.len().min(limit)).map(|nth| teller.row(of, nth));
        let rows = rows.map(|row| {
            let mut cells: Vec<String> = row.cells.iter().map(|cell| teller.list(cell)).collect();
            let place = row.lines.map(|(source, first, last)| self.place(source, first, last));
            cells.splice(if lines_first { 0..0 } else { cells.len()..cells.len() }, place);
            cells
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let mut header: Vec<String> = of.columns.iter().map(|column| column.name.clone()).collect();
        if !header.is_empty() && rows.iter().all(|row| row.len() > header.len()) {
            header.insert(if lines_first { 0 } else { header.len() }, String::new());
        }
        Table { caption: of.caption.clone(), header, rows, note: self.more(of.len(), limit) }
    }

    pub(super) fn errors(&self) -> Section {
        let rows = self.report.java_errors.iter().map(|error| self.teller().error(error));
        self.entries("errors", "page.section.errors", rows.collect())
    }

    pub(super) fn events(&self) -> Section {
        let rows = self.report.events.iter().map(|event| self.teller().event(event));
        self.entries("events", "page.section.events", rows.collect())
    }

    fn entries(&self, id: &'static str, heading: &str, rows: Vec<Row>) -> Section {
        let table = self.described(&described::Table::of(String::new(), Vec::new(), rows), self.limits.items, false);
        let blocks = if table.rows.is_empty() { vec![] } else { vec![Block::Table(table)] };
        self.section(id, heading, blocks)
    }

    pub(super) fn nmt(&self) -> Section {
        let all: Vec<(usize, &NmtSnapshot)> = self.report.nmt.iter().enumerate().collect();
        let blocks = self.first(&all, |(at, snapshot)| {
            let teller = self.teller();
            let mut table = self.described(&teller.nmt_categories(snapshot), usize::MAX, false);
            table.caption = format!("{}, {} ({})", table.caption, teller.nmt_seal(snapshot), snapshot.run);
            let sites = self.described(&teller.table(&Of::Sites(*at, String::new())), self.limits.details, false);
            let sites = Some(sites).filter(|sites| !sites.rows.is_empty());
            std::iter::once(table).chain(sites).map(Block::Table).collect()
        });
        self.section("nmt", "page.section.nmt", blocks)
    }

    pub(super) fn jstat(&self) -> Section {
        let all: Vec<(usize, &JstatTable)> = self.report.jstat.iter().enumerate().collect();
        let blocks = self.first(&all, |(at, table)| vec![Block::Table(self.samples(*at, table))]);
        self.section("jstat", "page.section.jstat", blocks)
    }

    fn samples(&self, at: usize, table: &JstatTable) -> Table {
        let teller = self.teller();
        let of = teller.table(&Of::Samples(at));
        let mut made = self.described(&of, self.limits.rows, true);
        let mut first = 0;
        for (nth, cells) in made.rows.iter_mut().enumerate() {
            let same = teller.row(&of, nth).same;
            let Some(place) = cells.first_mut() else { continue };
            if same > 1 {
                let count = i18n::number(same as u64);
                *place = format!("{place} ({})", i18n::fill(self.language, "text.identical", &[("count", &count)]));
            }
            if table.restarts.contains(&first) {
                *place = self.list(vec![std::mem::take(place), self.word("text.restart")]);
            }
            first += same;
        }
        made.caption = format!("{} ({})", made.caption, table.run);
        made.note = self.more(table.rows, first);
        made
    }

    pub(super) fn gc_logs(&self) -> Section {
        let all: Vec<(usize, &GcLog)> = self.report.gc_logs.iter().enumerate().collect();
        let blocks = self.first(&all, |(at, log)| {
            let teller = self.teller();
            let mut kinds = self.described(&teller.gc_kinds(*at), usize::MAX, false);
            kinds.caption = format!("{} ({})", kinds.caption, log.run);
            if kinds.rows.is_empty() {
                kinds.header.clear();
            }
            let events = self.described(&teller.table(&Of::Collections(*at)), self.limits.details, false);
            let events = Some(events).filter(|events| !events.rows.is_empty());
            std::iter::once(kinds).chain(events).map(Block::Table).collect()
        });
        self.section("gc-log", "page.section.gc-logs", blocks)
    }

    pub(super) fn host(&self) -> Section {
        let blocks = self.first(&self.report.host, |host| {
            let teller = self.teller();
            let (caption, rows) = (teller.list(&teller.host_caption(host)), self.facts(teller.host_facts(host)));
            vec![Block::Table(Table { caption, rows, ..Table::default() })]
        });
        self.section("host", "page.section.host", blocks)
    }
}
