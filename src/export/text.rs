//! The report for a terminal: the same order as on the page, with line numbers.

use std::fmt::Write as _;

use crate::analysis::finding::Severity;
use crate::analysis::sizing::{Origin, Outcome, Role, Term};
use crate::export::table::plain;
use crate::i18n::{self, Language, format};
use crate::model::gc::GcKind;
use crate::model::jstat::JstatTable;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{OomKill, OomScope};
use crate::report::Report;
use crate::units::{Bytes, Micros, SignedBytes};

/// Processes of a kill that are listed, largest first.
const MAX_PROCESSES: usize = 10;
/// Rows of a table that are listed, identical ones as one.
const MAX_ROWS: usize = 60;
/// Collections of a GC log that are listed one by one.
const MAX_COLLECTIONS: usize = 20;

/// Writes the report.
pub fn write(report: &Report, language: Language) -> String {
    let mut text = Text { out: String::new(), language };
    let title = report.headline.say(language);
    let _ = writeln!(text.out, "{title}\n{}\n", "=".repeat(title.chars().count().min(80)));
    for sentence in &report.story {
        let _ = writeln!(text.out, "{}", sentence.say(language));
    }
    text.findings(report);
    text.sizing(report);
    text.runs(report);
    for kill in &report.oom_kills {
        text.kill(kill);
    }
    text.java_errors(report);
    text.events(report);
    for snapshot in &report.nmt {
        text.nmt(snapshot);
    }
    for table in &report.jstat {
        text.jstat(table);
    }
    text.gc_logs(report);
    text.host(report);
    text.gaps(report);
    text.warnings(report);
    text.sources(report);
    text.out
}

struct Text {
    out: String,
    language: Language,
}

impl Text {
    fn word(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    fn heading(&mut self, heading: &str) {
        let _ = writeln!(self.out, "\n{heading}");
    }

    fn lines(&self, first: u32, last: u32) -> String {
        let (key, first, last) =
            (if first == last { "text.line" } else { "text.lines" }, first.to_string(), last.to_string());
        i18n::fill(self.language, key, &[("first", &first), ("last", &last)])
    }

    fn runs(&mut self, report: &Report) {
        if report.runs.is_empty() {
            return;
        }
        let heading = self.word("text.runs");
        self.heading(&heading);
        let mut rows = Vec::new();
        for run in &report.runs {
            let reason =
                |key: &Option<String>| key.as_deref().map(|key| format!(" ({})", self.word(key))).unwrap_or_default();
            let mut facts = Vec::new();
            if run.killed {
                facts.push(self.word("text.killed"));
            }
            if let Some(collector) = &run.collector {
                facts.push(format!("{collector}{}", reason(&run.collector_reason)));
            }
            if let Some(max) = run.max_heap {
                facts.push(format!(
                    "{} {}{}",
                    self.word("text.max-heap"),
                    format::size(max),
                    reason(&run.max_heap_reason)
                ));
            }
            if let Some(jdk) = &run.jdk {
                facts.push(format!("JDK {jdk}"));
            }
            rows.push(vec![
                run.id.clone(),
                run.pid.map_or_else(|| self.word("text.no-pid"), |pid| format!("pid {pid}")),
                run.name.clone().unwrap_or_default(),
                facts.join(", "),
            ]);
        }
        self.out.push_str(&plain(&[], &rows));
    }

    fn kill(&mut self, kill: &OomKill) {
        let scope = match kill.scope {
            OomScope::Global => "scope.global",
            OomScope::Cgroup => "scope.cgroup",
            OomScope::Cpuset => "scope.cpuset",
            OomScope::Policy => "scope.policy",
            OomScope::Sysrq => "scope.sysrq",
            OomScope::Unknown => "scope.unknown",
        };
        let heading = format!(
            "{}, {} ({})",
            self.word("text.kill"),
            self.lines(kill.first_line, kill.last_line),
            self.word(scope)
        );
        self.heading(&heading);
        let mut rows = Vec::new();
        let mut fact = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                rows.push(vec![i18n::text(self.language, key), value]);
            }
        };
        fact("text.time", kill.time.map(format::time));
        fact("text.local-time", kill.local_time.map(format::local_time));
        fact("text.uptime", kill.uptime.map(|time| format::duration(self.language, time)));
        fact("text.host", kill.host.clone());
        fact("text.kernel", kill.kernel.clone());
        fact(
            "text.trigger",
            kill.trigger.as_ref().map(|trigger| {
                let order = trigger.order.map(|order| format!(", order {order}")).unwrap_or_default();
                format!("{}{order} {}", trigger.name, trigger.gfp_mask.clone().unwrap_or_default())
            }),
        );
        if let Some(cgroup) = &kill.cgroup {
            fact("text.cgroup", Some(cgroup.path.clone()));
            fact("text.usage", cgroup.usage.map(sizes));
            fact("text.limit", cgroup.limit.map(sizes));
            for key in ["anon", "file", "kernel", "sock", "shmem", "total_rss", "total_cache"] {
                if let Some(size) = cgroup.stats.get(key) {
                    rows.push(vec![key.to_owned(), sizes(*size)]);
                }
            }
        }
        let mut fact = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                rows.push(vec![i18n::text(self.language, key), value]);
            }
        };
        fact("text.ram", kill.ram.map(sizes));
        fact("text.swap-total", kill.swap_total.map(sizes));
        fact("text.swap-free", kill.swap_free.map(sizes));
        fact("text.page-size", kill.page_size.map(sizes));
        self.out.push_str(&plain(&[], &rows));
        for victim in &kill.victims {
            let _ = writeln!(
                self.out,
                "  {} {} (pid {}), {}",
                self.word("text.killed"),
                victim.name,
                victim.pid,
                self.lines(victim.line, victim.line)
            );
            let parts = [
                ("anon-rss", victim.anon_rss),
                ("file-rss", victim.file_rss),
                ("shmem-rss", victim.shmem_rss),
                ("pgtables", victim.pgtables),
            ];
            let mut rows: Vec<Vec<String>> = parts
                .iter()
                .filter_map(|(name, size)| size.map(|size| vec![format!("  {name}"), sizes(size)]))
                .collect();
            if let Some(total_vm) = victim.total_vm {
                rows.push(vec![
                    "  total-vm".to_owned(),
                    format!("{} ({})", sizes(total_vm), self.word("text.address-space")),
                ]);
            }
            if let Some(adjustment) = victim.oom_score_adj {
                rows.push(vec!["  oom_score_adj".to_owned(), adjustment.to_string()]);
            }
            self.out.push_str(&plain(&[], &rows));
        }
        self.processes(kill);
    }

    fn processes(&mut self, kill: &OomKill) {
        if kill.processes.is_empty() {
            return;
        }
        let mut processes: Vec<_> = kill.processes.iter().collect();
        processes.sort_by_key(|process| std::cmp::Reverse(process.rss));
        let rows: Vec<Vec<String>> = processes
            .iter()
            .take(MAX_PROCESSES)
            .map(|process| {
                let size = |size: Option<Bytes>| size.map_or_else(|| "-".to_owned(), format::size);
                vec![
                    process.pid.to_string(),
                    process.name.clone(),
                    size(process.rss),
                    size(process.swap),
                    process.oom_score_adj.map_or_else(|| "-".to_owned(), |adjustment| adjustment.to_string()),
                    self.lines(process.line, process.line),
                ]
            })
            .collect();
        let header = ["pid", "name", "rss", "swap", "oom_score_adj", ""].map(str::to_owned);
        self.out.push_str(&plain(&header, &rows));
        self.more(kill.processes.len(), MAX_PROCESSES);
    }

    fn more(&mut self, all: usize, shown: usize) {
        if all > shown {
            let count = i18n::number((all - shown) as u64);
            let _ = writeln!(self.out, "  {}", i18n::fill(self.language, "text.more", &[("count", &count)]));
        }
    }

    fn java_errors(&mut self, report: &Report) {
        for error in &report.java_errors {
            let heading = format!("{}, {}", error.message, self.lines(error.first_line, error.last_line));
            self.heading(&heading);
            let mut rows = vec![vec![self.word("text.kind"), error.kind.clone()]];
            rows.extend(error.thread.iter().map(|thread| vec![self.word("text.thread"), thread.clone()]));
            rows.extend(error.pid.iter().map(|pid| vec!["pid".to_owned(), pid.to_string()]));
            rows.extend(error.sizes.iter().map(|(name, size)| vec![name.clone(), sizes(*size)]));
            if error.count > 1 {
                rows.push(vec![self.word("text.count"), i18n::number(error.count)]);
            }
            self.out.push_str(&plain(&[], &rows));
        }
    }

    fn events(&mut self, report: &Report) {
        for event in &report.events {
            let heading = format!(
                "{}, {}",
                self.word(&format!("event.{}", event.kind)),
                self.lines(event.first_line, event.last_line)
            );
            self.heading(&heading);
            let mut rows = Vec::new();
            rows.extend(event.time.iter().map(|time| vec![self.word("text.time"), format::time(*time)]));
            rows.extend(
                event.local_time.iter().map(|time| vec![self.word("text.local-time"), format::local_time(*time)]),
            );
            rows.extend(
                event.uptime.iter().map(|time| vec![self.word("text.uptime"), format::duration(self.language, *time)]),
            );
            rows.extend(event.pid.iter().map(|pid| vec!["pid".to_owned(), pid.to_string()]));
            rows.extend(event.name.iter().map(|name| vec![self.word("text.name"), name.clone()]));
            rows.extend(event.sizes.iter().map(|(name, size)| vec![name.clone(), sizes(*size)]));
            self.out.push_str(&plain(&[], &rows));
        }
    }

    fn nmt(&mut self, snapshot: &NmtSnapshot) {
        let pid = snapshot.pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
        let heading = format!(
            "NMT {}, {}{pid} ({})",
            snapshot.kind,
            self.lines(snapshot.first_line, snapshot.last_line),
            snapshot.run
        );
        self.heading(&heading);
        let kib = |size: Option<Bytes>| size.map_or_else(|| "-".to_owned(), |size| i18n::number(size.0 / 1024));
        let delta = |delta: Option<SignedBytes>| delta.map(format::signed_size).unwrap_or_default();
        let total = &snapshot.total;
        let mut rows = vec![vec![
            self.word("text.total"),
            kib(total.reserved),
            kib(total.committed),
            delta(total.reserved_delta),
            delta(total.committed_delta),
            if snapshot.complete { self.word("text.adds-up") } else { self.word("text.incomplete") },
        ]];
        for category in &snapshot.categories {
            let mut facts = Vec::new();
            facts.extend(category.threads.map(|threads| format!("{} {threads}", self.word("text.threads"))));
            facts.extend(category.classes.map(|classes| format!("{} {classes}", self.word("text.classes"))));
            facts.extend(category.malloc.map(|malloc| format!("malloc {}", format::size(malloc))));
            facts.extend(category.mmap_committed.map(|mmap| format!("mmap {}", format::size(mmap))));
            facts.extend(category.arena.map(|arena| format!("arena {}", format::size(arena))));
            rows.push(vec![
                category.name.clone(),
                kib(category.reserved),
                kib(category.committed),
                delta(category.reserved_delta),
                delta(category.committed_delta),
                facts.join(", "),
            ]);
        }
        let header = ["", "text.reserved-kib", "text.committed-kib", "text.delta", "text.delta", ""]
            .map(|key| if key.is_empty() { String::new() } else { self.word(key) });
        self.out.push_str(&plain(&header, &rows));
        for site in snapshot.sites.iter().take(5) {
            let _ = writeln!(self.out, "  {} {} {}", format::size(site.size), site.kind, site.frame);
        }
    }

    fn jstat(&mut self, table: &JstatTable) {
        let mut facts = vec![self.lines(table.first_line, table.last_line)];
        facts.extend(table.pid.map(|pid| format!("pid {pid}")));
        facts.extend(
            table
                .interval
                .map(|interval| format!("{} {}", self.word("text.every"), format::duration(self.language, interval))),
        );
        facts.extend(table.collector.clone());
        let heading = format!("jstat -{}, {} ({})", table.option, facts.join(", "), table.run);
        self.heading(&heading);
        let mut header: Vec<String> = table.columns.clone();
        header.push(String::new());
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut first = 0;
        while first < table.rows && rows.len() < MAX_ROWS {
            let cells = row_cells(table, first);
            let same = (first..table.rows).take_while(|row| row_cells(table, *row) == cells).count().max(1);
            let line = |row: usize| table.lines.get(row).copied().unwrap_or(0);
            let mut where_ = self.lines(line(first), line(first + same - 1));
            if same > 1 {
                let count = i18n::number(same as u64);
                where_ = format!("{where_} ({})", i18n::fill(self.language, "text.identical", &[("count", &count)]));
            }
            let mut cells = cells;
            if table.restarts.contains(&first) {
                where_ = format!("{where_} {}", self.word("text.restart"));
            }
            cells.push(where_);
            rows.push(cells);
            first += same;
        }
        self.out.push_str(&plain(&header, &rows));
        self.more(table.rows, first);
    }

    fn gc_logs(&mut self, report: &Report) {
        for (at, log) in report.gc_logs.iter().enumerate() {
            let mut facts = vec![self.lines(log.first_line, log.last_line)];
            facts.extend(log.pid.map(|pid| format!("pid {pid}")));
            facts.extend(log.collector.clone());
            facts.extend(log.jdk.as_ref().map(|jdk| format!("JDK {jdk}")));
            facts.extend(log.max_heap.map(|max| format!("{} {}", self.word("text.max-heap"), format::size(max))));
            let heading = format!("{}, {} ({})", self.word("text.gc-log"), facts.join(", "), log.run);
            self.heading(&heading);
            let events: Vec<_> = report.gc_events.iter().filter(|event| event.log as usize == at).collect();
            let mut rows = Vec::new();
            let mut kinds: Vec<GcKind> = events.iter().map(|event| event.kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                let of_kind = || events.iter().filter(|event| event.kind == kind);
                let total = of_kind().filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
                let longest = of_kind().filter_map(|event| event.duration).max();
                rows.push(vec![
                    self.word(gc_kind_key(kind)),
                    i18n::number(of_kind().count() as u64),
                    format::duration(self.language, total),
                    longest.map(|time| format::duration(self.language, time)).unwrap_or_default(),
                ]);
            }
            let header = ["", "text.count", "text.total", "text.longest"]
                .map(|key| if key.is_empty() { String::new() } else { self.word(key) });
            self.out.push_str(&plain(&header, &rows));
            let rows: Vec<Vec<String>> = events
                .iter()
                .take(MAX_COLLECTIONS)
                .map(|event| {
                    let size = |size: Option<Bytes>| size.map(format::size).unwrap_or_default();
                    vec![
                        event
                            .uptime
                            .map(|time| format::duration(self.language, time))
                            .or(event.time.map(format::time))
                            .unwrap_or_default(),
                        event.name.clone(),
                        event.cause.clone().unwrap_or_default(),
                        event.duration.map(|time| format::duration(self.language, time)).unwrap_or_default(),
                        format!("{} → {} ({})", size(event.before), size(event.after), size(event.committed)),
                        self.lines(event.line, event.line),
                    ]
                })
                .collect();
            self.out.push_str(&plain(&[], &rows));
            self.more(events.len(), MAX_COLLECTIONS);
        }
    }

    fn host(&mut self, report: &Report) {
        for host in &report.host {
            let mut facts = vec![self.lines(host.first_line, host.last_line)];
            facts.extend(host.pid.map(|pid| format!("pid {pid}")));
            facts.extend(host.name.clone());
            let heading = format!("{}, {}", host.kind, facts.join(", "));
            self.heading(&heading);
            let mut rows: Vec<Vec<String>> =
                host.sizes.iter().map(|(name, size)| vec![name.clone(), sizes(*size)]).collect();
            rows.extend(host.counts.iter().map(|(name, count)| vec![name.clone(), i18n::number(*count)]));
            rows.extend(host.words.iter().map(|(name, word)| vec![name.clone(), word.clone()]));
            self.out.push_str(&plain(&[], &rows));
            if !host.flags.is_empty() {
                let _ = writeln!(self.out, "  {}", host.flags.join(" "));
            }
        }
    }

    fn findings(&mut self, report: &Report) {
        if report.findings.is_empty() {
            return;
        }
        let heading = self.word("text.findings");
        self.heading(&heading);
        for finding in &report.findings {
            let severity = self.word(severity_key(finding.severity));
            let claim = finding.statement.say(self.language);
            let _ = writeln!(self.out, "\n  {severity}: {claim} [{}]", finding.rule);
            for evidence in &finding.evidence {
                let line = self.lines(evidence.line, evidence.line);
                let excerpt = evidence.excerpt.trim();
                let colon = if excerpt.is_empty() { "" } else { ": " };
                let _ = writeln!(self.out, "    {line}{colon}{excerpt}");
            }
            if !finding.rivals.is_empty() {
                let _ = writeln!(self.out, "    {}", self.word("text.rivals"));
            }
            for rival in &finding.rivals {
                let _ = writeln!(self.out, "    - {}", rival.say(self.language));
            }
            for next in &finding.next {
                let _ = writeln!(self.out, "    > {}", next.say(self.language));
            }
        }
    }

    fn sizing(&mut self, report: &Report) {
        let Some(sizing) = &report.sizing else { return };
        let heading = self.word("text.sizing");
        self.heading(&heading);
        let sentences = std::iter::once(&sizing.reason)
            .chain(&sizing.current)
            .chain(&sizing.caveats)
            .chain(&sizing.changes)
            .chain(sizing.scenarios.iter().map(|scenario| &scenario.statement))
            .chain(&sizing.decides)
            .chain(&sizing.sensitivity);
        for sentence in sentences {
            let _ = writeln!(self.out, "  {}", sentence.say(self.language));
        }
        let mut rows: Vec<Vec<String>> = sizing.terms.iter().map(|term| self.term(term)).collect();
        let sum =
            |key: &str, size: Option<Bytes>| size.map(|size| vec!["=".into(), format::size(size), self.word(key)]);
        rows.extend(sum("text.ceiling", sizing.ceiling));
        rows.extend(sum("text.floor", sizing.floor));
        self.out.push_str(&plain(&[], &rows));
        if !sizing.advice.is_empty() {
            let _ = writeln!(self.out, "  {}:", self.word("text.sizing-advice"));
        }
        let advice = sizing.advice.iter().map(|replay| {
            vec![
                self.word(&format!("sizing.advice.{}", replay.name)),
                format::size(replay.heap),
                self.word(outcome_key(replay.outcome)),
            ]
        });
        let advice: Vec<Vec<String>> = advice.collect();
        self.out.push_str(&plain(&[], &advice));
        if !sizing.flags.is_empty() {
            let _ = writeln!(self.out, "  {}:", self.word("text.sizing-flags"));
        }
        let flags = sizing.flags.iter().map(|flag| vec![flag.text.clone(), flag.comment.say(self.language)]);
        let flags: Vec<Vec<String>> = flags.collect();
        self.out.push_str(&plain(&[], &flags));
        for gap in &sizing.missing {
            let _ = writeln!(self.out, "  {}\n    {}", self.word(&gap.key), gap.command);
        }
    }

    fn term(&self, term: &Term) -> Vec<String> {
        let sign = match term.role {
            Role::Adds | Role::Floor => "+",
            Role::Takes => "\u{2212}",
            Role::Aside => "",
        };
        let name = self.word(&format!("sizing.term.{}", term.name));
        let name = term.area.as_ref().map_or_else(|| name.clone(), |area| format!("  {name}: {area}"));
        let line = term.line.map(|line| self.lines(line, line)).unwrap_or_default();
        vec![sign.to_owned(), format::size(term.bytes), name, self.word(origin_key(term.origin)), line]
    }

    fn gaps(&mut self, report: &Report) {
        if report.gaps.is_empty() {
            return;
        }
        let heading = self.word("text.gaps");
        self.heading(&heading);
        for gap in &report.gaps {
            let _ = writeln!(self.out, "  {}\n    {}", self.word(&gap.key), gap.command);
        }
    }

    fn warnings(&mut self, report: &Report) {
        if report.warnings.is_empty() {
            return;
        }
        let heading = self.word("text.warnings");
        self.heading(&heading);
        for warning in &report.warnings {
            let _ = writeln!(self.out, "  {}: {}", self.lines(warning.line, warning.line), warning.text);
        }
    }

    fn sources(&mut self, report: &Report) {
        let heading = self.word("text.sources");
        self.heading(&heading);
        for source in &report.sources {
            let arguments = [
                ("bytes", format::size(Bytes(source.bytes))),
                ("lines", i18n::number(u64::from(source.lines))),
                ("understood", i18n::number(u64::from(source.understood_lines))),
            ];
            let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let _ = writeln!(self.out, "  {}: {}", source.name, i18n::fill(self.language, "text.source", &arguments));
        }
    }
}

/// Both the readable and the exact size.
pub(crate) fn sizes(bytes: Bytes) -> String {
    format!("{} ({})", format::size(bytes), format::exact_size(bytes))
}

/// The catalogue key of a severity.
pub fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "severity.critical",
        Severity::Warning => "severity.warning",
        Severity::Notice => "severity.notice",
        Severity::Good => "severity.good",
    }
}

/// The catalogue key of how a term is known.
pub fn origin_key(origin: Origin) -> &'static str {
    match origin {
        Origin::Measured => "sizing.origin.measured",
        Origin::Flags => "sizing.origin.flags",
        Origin::Default => "sizing.origin.default",
        Origin::Assumed => "sizing.origin.assumed",
    }
}

/// The catalogue key of how a heap maximum ends.
pub fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::TooSmall => "sizing.outcome.too-small",
        Outcome::Fits => "sizing.outcome.fits",
        Outcome::Tight => "sizing.outcome.tight",
        Outcome::Killed => "sizing.outcome.killed",
    }
}

/// The catalogue key of a kind of collection.
pub fn gc_kind_key(kind: GcKind) -> &'static str {
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

/// The cells of a row as printed, without the zeros at their end.
pub(crate) fn row_cells(table: &JstatTable, row: usize) -> Vec<String> {
    table
        .data
        .0
        .iter()
        .map(|column| match column.text(row) {
            Some(text) => text.to_owned(),
            None => column.value(row).map_or_else(|| "-".to_owned(), |value| format!("{value}")),
        })
        .collect()
}
