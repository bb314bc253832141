//! The report as sections of sentences, lists, and tables, before it becomes Markdown or HTML.

use crate::analysis::finding::Severity;
use crate::analysis::sizing::{Role, Term};
use crate::analysis::statement::Statement;
use crate::export::text::{gc_kind_key, origin_key, outcome_key, row_cells, severity_key, sizes};
use crate::i18n::{self, Language, format};
use crate::model::gc::GcKind;
use crate::model::jstat::JstatTable;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{OomKill, OomScope};
use crate::report::Report;
use crate::units::{Bytes, Micros, SignedBytes};

/// A report in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// One line that names the incident.
    pub title: String,
    /// From the story to the sources.
    pub sections: Vec<Section>,
}

/// A part with a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Stable: `story`, `findings`, `sizing`, `runs`, `kills`, …
    pub id: &'static str,
    /// In the report's language.
    pub heading: String,
    /// In order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A sentence or two.
    Paragraph(String),
    /// Sentences.
    List(Vec<String>),
    /// Commands and options to copy, each with what it is for.
    Commands(Vec<(String, String)>),
    /// Rows under a header.
    Table(Table),
    /// A claim with its lines.
    Finding(Claim),
}

/// Rows under a header.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Column names; empty for a table of names and values.
    pub header: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
    /// Said under it: how many rows are left out.
    pub note: String,
}

/// A finding in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// How much it matters.
    pub severity: Severity,
    /// The same as a word.
    pub severity_word: String,
    /// The rule.
    pub rule: String,
    /// The sentence.
    pub claim: String,
    /// Where each line stands, and its text if that is part of the report.
    pub evidence: Vec<(String, String)>,
    /// What is said before other explanations.
    pub rivals_lead: String,
    /// Other explanations.
    pub rivals: Vec<String>,
    /// What to do next.
    pub next: Vec<String>,
}

/// How much of long lists is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a table of samples, identical ones as one.
    pub rows: usize,
    /// Items of other lists.
    pub items: usize,
}

impl Document {
    /// Of a report, in a language.
    pub fn of(report: &Report, language: Language, limits: Limits) -> Document {
        let maker = Maker { language, limits };
        let all = [
            maker.story(report),
            maker.findings(report),
            maker.sizing(report),
            maker.runs(report),
            maker.kills(report),
            maker.errors(report),
            maker.nmt(report),
            maker.jstat(report),
            maker.gc_logs(report),
            maker.host(report),
            maker.gaps(report),
            maker.warnings(report),
            maker.sources(report),
        ];
        let sections = all.into_iter().filter(|section| !section.blocks.is_empty()).collect();
        Document { title: report.headline.say(language), sections }
    }
}

struct Maker {
    language: Language,
    limits: Limits,
}

impl Maker {
    fn word(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    fn say(&self, statements: &[Statement]) -> Vec<String> {
        statements.iter().map(|statement| statement.say(self.language)).collect()
    }

    fn lines(&self, first: u32, last: u32) -> String {
        let (key, first, last) =
            (if first == last { "text.line" } else { "text.lines" }, first.to_string(), last.to_string());
        i18n::fill(self.language, key, &[("first", &first), ("last", &last)])
    }

    fn more(&self, all: usize, shown: usize) -> String {
        match all.checked_sub(shown).filter(|left| *left > 0) {
            Some(left) => i18n::fill(self.language, "text.more", &[("count", &i18n::number(left as u64))]),
            None => String::new(),
        }
    }

    fn story(&self, report: &Report) -> Section {
        let blocks = if report.story.is_empty() { vec![] } else { vec![Block::List(self.say(&report.story))] };
        Section { id: "story", heading: self.word("page.section.story"), blocks }
    }

    fn findings(&self, report: &Report) -> Section {
        let claim = |finding: &crate::analysis::finding::Finding| {
            let evidence = finding
                .evidence
                .iter()
                .map(|evidence| (self.lines(evidence.line, evidence.line), evidence.excerpt.trim().to_owned()));
            Block::Finding(Claim {
                severity: finding.severity,
                severity_word: self.word(severity_key(finding.severity)),
                rule: finding.rule.clone(),
                claim: finding.statement.say(self.language),
                evidence: evidence.collect(),
                rivals_lead: self.word("text.rivals"),
                rivals: self.say(&finding.rivals),
                next: self.say(&finding.next),
            })
        };
        let blocks = report.findings.iter().map(claim).collect();
        Section { id: "findings", heading: self.word("text.findings"), blocks }
    }

    fn sizing(&self, report: &Report) -> Section {
        let mut blocks = Vec::new();
        if let Some(sizing) = &report.sizing {
            blocks.push(Block::Paragraph(sizing.reason.say(self.language)));
            let sentences: Vec<String> = sizing
                .current
                .iter()
                .chain(&sizing.caveats)
                .chain(&sizing.changes)
                .chain(sizing.scenarios.iter().map(|scenario| &scenario.statement))
                .chain(&sizing.decides)
                .chain(&sizing.sensitivity)
                .map(|statement| statement.say(self.language))
                .collect();
            blocks.extend((!sentences.is_empty()).then_some(Block::List(sentences)));
            let mut rows: Vec<Vec<String>> = sizing.terms.iter().map(|term| self.term(term)).collect();
            let sum = |key: &str, size: Option<Bytes>| {
                size.map(|size| vec![format!("= {}", self.word(key)), format::size(size), String::new(), String::new()])
            };
            rows.extend(sum("text.ceiling", sizing.ceiling));
            rows.extend(sum("text.floor", sizing.floor));
            blocks
                .extend((!rows.is_empty()).then(|| {
                    Block::Table(Table { caption: self.word("text.sizing-terms"), rows, ..Table::default() })
                }));
            let advice = sizing.advice.iter().map(|replay| {
                vec![
                    self.word(&format!("sizing.advice.{}", replay.name)),
                    format::size(replay.heap),
                    self.word(outcome_key(replay.outcome)),
                ]
            });
            let rows: Vec<Vec<String>> = advice.collect();
            blocks.extend(
                (!rows.is_empty()).then(|| {
                    Block::Table(Table { caption: self.word("text.sizing-advice"), rows, ..Table::default() })
                }),
            );
            let flags = sizing.flags.iter().map(|flag| (flag.text.clone(), flag.comment.say(self.language)));
            let missing = sizing.missing.iter().map(|gap| (gap.command.clone(), self.word(&gap.key)));
            let commands: Vec<(String, String)> = flags.chain(missing).collect();
            blocks.extend((!commands.is_empty()).then_some(Block::Commands(commands)));
        }
        Section { id: "sizing", heading: self.word("text.sizing"), blocks }
    }

    fn term(&self, term: &Term) -> Vec<String> {
        let sign = match term.role {
            Role::Adds | Role::Floor => "+ ",
            Role::Takes => "− ",
            Role::Aside => "",
        };
        let name = self.word(&format!("sizing.term.{}", term.name));
        let name = term.area.as_ref().map_or_else(|| name.clone(), |area| format!("{name}: {area}"));
        let line = term.line.map(|line| self.lines(line, line)).unwrap_or_default();
        vec![format!("{sign}{name}"), format::size(term.bytes), self.word(origin_key(term.origin)), line]
    }

    fn runs(&self, report: &Report) -> Section {
        let rows: Vec<Vec<String>> = report
            .runs
            .iter()
            .take(self.limits.items)
            .map(|run| {
                let mut facts = Vec::new();
                if run.killed {
                    facts.push(self.word("text.killed"));
                }
                let reason = |key: &Option<String>| {
                    key.as_deref().map(|key| format!(" ({})", self.word(key))).unwrap_or_default()
                };
                let collector = run.collector.as_ref();
                facts.extend(collector.map(|collector| format!("{collector}{}", reason(&run.collector_reason))));
                facts.extend(run.max_heap.map(|max| {
                    format!("{} {}{}", self.word("text.max-heap"), format::size(max), reason(&run.max_heap_reason))
                }));
                facts.extend(run.jdk.as_ref().map(|jdk| format!("JDK {jdk}")));
                let pid = run.pid.map_or_else(|| self.word("text.no-pid"), |pid| format!("pid {pid}"));
                vec![run.id.clone(), pid, run.name.clone().unwrap_or_default(), facts.join(", ")]
            })
            .collect();
        let note = self.more(report.runs.len(), rows.len());
        let table = Block::Table(Table { rows, note, ..Table::default() });
        let blocks = if report.runs.is_empty() { vec![] } else { vec![table] };
        Section { id: "runs", heading: self.word("text.runs"), blocks }
    }

    fn kills(&self, report: &Report) -> Section {
        let mut blocks: Vec<Block> =
            report.oom_kills.iter().take(self.limits.items).flat_map(|kill| self.kill(kill)).collect();
        let more = self.more(report.oom_kills.len(), self.limits.items);
        blocks.extend((!more.is_empty()).then_some(Block::Paragraph(more)));
        Section { id: "kills", heading: self.word("page.section.kills"), blocks }
    }

    fn kill(&self, kill: &OomKill) -> Vec<Block> {
        let scope = match kill.scope {
            OomScope::Global => "scope.global",
            OomScope::Cgroup => "scope.cgroup",
            OomScope::Cpuset => "scope.cpuset",
            OomScope::Policy => "scope.policy",
            OomScope::Sysrq => "scope.sysrq",
            OomScope::Unknown => "scope.unknown",
        };
        let place = self.lines(kill.first_line, kill.last_line);
        let caption = format!("{}, {place} ({})", self.word("text.kill"), self.word(scope));
        let mut rows = Vec::new();
        let mut fact = |name: String, value: Option<String>| {
            rows.extend(value.map(|value| vec![name, value]));
        };
        fact(self.word("text.time"), kill.time.map(format::time));
        fact(self.word("text.local-time"), kill.local_time.map(format::local_time));
        fact(self.word("text.uptime"), kill.uptime.map(|time| format::duration(self.language, time)));
        fact(self.word("text.host"), kill.host.clone());
        fact(self.word("text.kernel"), kill.kernel.clone());
        fact(self.word("text.trigger"), kill.trigger.as_ref().map(|trigger| trigger.name.clone()));
        if let Some(cgroup) = &kill.cgroup {
            fact(self.word("text.cgroup"), Some(cgroup.path.clone()));
            fact(self.word("text.usage"), cgroup.usage.map(sizes));
            fact(self.word("text.limit"), cgroup.limit.map(sizes));
        }
        fact(self.word("text.ram"), kill.ram.map(sizes));
        fact(self.word("text.swap-total"), kill.swap_total.map(sizes));
        fact(self.word("text.swap-free"), kill.swap_free.map(sizes));
        fact(self.word("text.page-size"), kill.page_size.map(sizes));
        for victim in &kill.victims {
            let who = format!("{} (pid {}), {}", victim.name, victim.pid, self.lines(victim.line, victim.line));
            fact(self.word("text.killed"), Some(who));
            fact("anon-rss".to_owned(), victim.anon_rss.map(sizes));
            fact("file-rss".to_owned(), victim.file_rss.map(sizes));
            fact("shmem-rss".to_owned(), victim.shmem_rss.map(sizes));
            fact("pgtables".to_owned(), victim.pgtables.map(sizes));
            let total_vm = |size| format!("{} ({})", sizes(size), self.word("text.address-space"));
            fact("total-vm".to_owned(), victim.total_vm.map(total_vm));
            fact("oom_score_adj".to_owned(), victim.oom_score_adj.map(|adjustment| adjustment.to_string()));
        }
        let mut blocks = vec![Block::Table(Table { caption, rows, ..Table::default() })];
        if !kill.processes.is_empty() {
            let mut processes: Vec<_> = kill.processes.iter().collect();
            processes.sort_by_key(|process| std::cmp::Reverse(process.rss));
            let size = |size: Option<Bytes>| size.map_or_else(|| "-".to_owned(), format::size);
            let rows = processes.iter().take(self.limits.items).map(|process| {
                vec![
                    process.name.clone(),
                    process.pid.to_string(),
                    size(process.rss),
                    size(process.swap),
                    process.oom_score_adj.map_or_else(|| "-".to_owned(), |adjustment| adjustment.to_string()),
                ]
            });
            blocks.push(Block::Table(Table {
                caption: self.word("text.runs"),
                header: ["name", "pid", "rss", "swap", "oom_score_adj"].map(str::to_owned).into(),
                rows: rows.collect(),
                note: self.more(kill.processes.len(), self.limits.items),
            }));
        }
        blocks
    }

    fn errors(&self, report: &Report) -> Section {
        let mut rows = Vec::new();
        for error in &report.java_errors {
            let mut facts = vec![error.kind.clone()];
            facts.extend(error.thread.as_ref().map(|thread| format!("{} {thread}", self.word("text.thread"))));
            facts.extend(error.pid.map(|pid| format!("pid {pid}")));
            facts.extend(error.sizes.iter().map(|(name, size)| format!("{name} {}", format::size(*size))));
            facts.extend((error.count > 1).then(|| format!("×{}", i18n::number(error.count))));
            rows.push(vec![error.message.clone(), facts.join(", "), self.lines(error.first_line, error.last_line)]);
        }
        for event in &report.events {
            let mut facts = Vec::new();
            facts.extend(event.time.map(format::time));
            facts.extend(event.local_time.map(format::local_time));
            facts.extend(event.pid.map(|pid| format!("pid {pid}")));
            facts.extend(event.name.clone());
            facts.extend(event.sizes.iter().map(|(name, size)| format!("{name} {}", format::size(*size))));
            let what = self.word(&format!("event.{}", event.kind));
            rows.push(vec![what, facts.join(", "), self.lines(event.first_line, event.last_line)]);
        }
        let note = self.more(rows.len(), self.limits.items);
        rows.truncate(self.limits.items);
        let empty = rows.is_empty();
        let table = Block::Table(Table { rows, note, ..Table::default() });
        let blocks = if empty { vec![] } else { vec![table] };
        Section { id: "errors", heading: self.word("page.section.errors"), blocks }
    }

    fn nmt(&self, report: &Report) -> Section {
        let mut blocks: Vec<Block> =
            report.nmt.iter().take(self.limits.items).map(|snapshot| self.snapshot(snapshot)).collect();
        let more = self.more(report.nmt.len(), self.limits.items);
        blocks.extend((!more.is_empty()).then_some(Block::Paragraph(more)));
        Section { id: "nmt", heading: self.word("page.section.nmt"), blocks }
    }

    fn snapshot(&self, snapshot: &NmtSnapshot) -> Block {
        let kib = |size: Option<Bytes>| size.map_or_else(|| "-".to_owned(), |size| i18n::number(size.0 / 1024));
        let delta = |delta: Option<SignedBytes>| delta.map(format::signed_size).unwrap_or_default();
        let total = &snapshot.total;
        let is_diff = snapshot.kind.ends_with("diff");
        let row = |name: String, reserved, committed, by_reserved, by_committed| {
            let mut row = vec![name, kib(committed), kib(reserved)];
            if is_diff {
                row.extend([delta(by_committed), delta(by_reserved)]);
            }
            row
        };
        let mut rows = vec![row(
            self.word("text.total"),
            total.reserved,
            total.committed,
            total.reserved_delta,
            total.committed_delta,
        )];
        rows.extend(snapshot.categories.iter().map(|category| {
            let (name, reserved, committed) = (category.name.clone(), category.reserved, category.committed);
            row(name, reserved, committed, category.reserved_delta, category.committed_delta)
        }));
        let mut header = vec![String::new(), self.word("text.committed-kib"), self.word("text.reserved-kib")];
        if is_diff {
            header.extend([self.word("text.delta"), self.word("text.delta")]);
        }
        let pid = snapshot.pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
        let place = self.lines(snapshot.first_line, snapshot.last_line);
        let adds_up = self.word(if snapshot.complete { "text.adds-up" } else { "text.incomplete" });
        let caption = format!("NMT {}{pid}, {place}, {adds_up}", snapshot.kind);
        Block::Table(Table { caption, header, rows, note: String::new() })
    }

    fn jstat(&self, report: &Report) -> Section {
        let blocks = report.jstat.iter().take(self.limits.items).map(|table| self.table(table)).collect();
        Section { id: "jstat", heading: self.word("page.section.jstat"), blocks }
    }

    fn table(&self, table: &JstatTable) -> Block {
        let mut facts = vec![self.lines(table.first_line, table.last_line)];
        facts.extend(table.pid.map(|pid| format!("pid {pid}")));
        let every = |interval| format!("{} {}", self.word("text.every"), format::duration(self.language, interval));
        facts.extend(table.interval.map(every));
        facts.extend(table.collector.clone());
        let mut header = vec![String::new()];
        header.extend(table.columns.iter().cloned());
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut first = 0;
        while first < table.rows && rows.len() < self.limits.rows {
            let cells = row_cells(table, first);
            let same = (first..table.rows).take_while(|row| row_cells(table, *row) == cells).count().max(1);
            let line = |row: usize| table.lines.get(row).copied().unwrap_or(0);
            let mut place = self.lines(line(first), line(first + same - 1));
            if same > 1 {
                let count = i18n::number(same as u64);
                place = format!("{place} ({})", i18n::fill(self.language, "text.identical", &[("count", &count)]));
            }
            rows.push(std::iter::once(place).chain(cells).collect());
            first += same;
        }
        let caption = format!("jstat -{}, {}", table.option, facts.join(", "));
        Block::Table(Table { caption, header, rows, note: self.more(table.rows, first) })
    }

    fn gc_logs(&self, report: &Report) -> Section {
        let mut blocks = Vec::new();
        for (at, log) in report.gc_logs.iter().enumerate().take(self.limits.items) {
            let mut facts = vec![self.lines(log.first_line, log.last_line)];
            facts.extend(log.pid.map(|pid| format!("pid {pid}")));
            facts.extend(log.collector.clone());
            facts.extend(log.jdk.as_ref().map(|jdk| format!("JDK {jdk}")));
            facts.extend(log.max_heap.map(|max| format!("{} {}", self.word("text.max-heap"), format::size(max))));
            let events: Vec<_> = report.gc_events.iter().filter(|event| event.log as usize == at).collect();
            let mut kinds: Vec<GcKind> = events.iter().map(|event| event.kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let rows = kinds.into_iter().map(|kind| {
                let of_kind = || events.iter().filter(|event| event.kind == kind);
                let total = of_kind().filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
                let longest = of_kind().filter_map(|event| event.duration).max();
                vec![
                    self.word(gc_kind_key(kind)),
                    i18n::number(of_kind().count() as u64),
                    format::duration(self.language, total),
                    longest.map(|time| format::duration(self.language, time)).unwrap_or_default(),
                ]
            });
            let header =
                vec![String::new(), self.word("text.count"), self.word("text.total"), self.word("text.longest")];
            let caption = format!("{}, {}", self.word("text.gc-log"), facts.join(", "));
            blocks.push(Block::Table(Table { caption, header, rows: rows.collect(), note: String::new() }));
        }
        Section { id: "gc-log", heading: self.word("page.section.gc-logs"), blocks }
    }

    fn host(&self, report: &Report) -> Section {
        let mut blocks = Vec::new();
        for host in report.host.iter().take(self.limits.items) {
            let mut facts = vec![host.kind.clone(), self.lines(host.first_line, host.last_line)];
            facts.extend(host.pid.map(|pid| format!("pid {pid}")));
            facts.extend(host.name.clone());
            let mut rows: Vec<Vec<String>> =
                host.sizes.iter().map(|(name, size)| vec![name.clone(), sizes(*size)]).collect();
            rows.extend(host.counts.iter().map(|(name, count)| vec![name.clone(), i18n::number(*count)]));
            rows.extend(host.words.iter().map(|(name, word)| vec![name.clone(), word.clone()]));
            rows.extend((!host.flags.is_empty()).then(|| vec!["flags".to_owned(), host.flags.join(" ")]));
            blocks.push(Block::Table(Table { caption: facts.join(", "), rows, ..Table::default() }));
        }
        let more = self.more(report.host.len(), self.limits.items);
        blocks.extend((!more.is_empty()).then_some(Block::Paragraph(more)));
        Section { id: "host", heading: self.word("page.section.host"), blocks }
    }

    fn gaps(&self, report: &Report) -> Section {
        let commands: Vec<_> = report.gaps.iter().map(|gap| (gap.command.clone(), self.word(&gap.key))).collect();
        let blocks = if commands.is_empty() { vec![] } else { vec![Block::Commands(commands)] };
        Section { id: "gaps", heading: self.word("text.gaps"), blocks }
    }

    fn warnings(&self, report: &Report) -> Section {
        let mut sentences: Vec<String> = report
            .warnings
            .iter()
            .take(self.limits.items)
            .map(|warning| {
                let text = warning.say(self.language);
                if warning.line == 0 { text } else { format!("{}: {text}", self.lines(warning.line, warning.line)) }
            })
            .collect();
        let more = self.more(report.warnings.len(), self.limits.items);
        sentences.extend((!more.is_empty()).then_some(more));
        let blocks = if sentences.is_empty() { vec![] } else { vec![Block::List(sentences)] };
        Section { id: "warnings", heading: self.word("text.warnings"), blocks }
    }

    fn sources(&self, report: &Report) -> Section {
        let sentences: Vec<String> = report
            .sources
            .iter()
            .take(self.limits.items)
            .map(|source| {
                let bytes = format::size(Bytes(source.bytes));
                let lines = i18n::number(u64::from(source.lines));
                let understood = i18n::number(u64::from(source.understood_lines));
                let arguments = [("bytes", &*bytes), ("lines", &*lines), ("understood", &*understood)];
                format!("{}: {}", source.name, i18n::fill(self.language, "text.source", &arguments))
            })
            .collect();
        let blocks = if sentences.is_empty() { vec![] } else { vec![Block::List(sentences)] };
        Section { id: "sources", heading: self.word("text.sources"), blocks }
    }
}
