//! The process table of a kill, sorted by any of its columns.

use std::cmp::Ordering;

use super::tables::{Column, Made, Row, RowKind, cell};
use super::{Part, Style, Teller, line_span};
use crate::analysis::badness::{Badness, Score, was_killed};
use crate::i18n::format;
use crate::model::oom::{OomKill, ProcessRow};
use crate::order::InOrder as _;
use crate::units::Bytes;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Process name.
    Name,
    /// Process id.
    Pid,
    /// Owner.
    Uid,
    /// Score, computed again.
    Score,
    /// Resident memory.
    Rss,
    /// Anonymous part.
    Anon,
    /// File part.
    File,
    /// Shared memory part.
    Shmem,
    /// Swapped out.
    Swap,
    /// Page tables.
    PageTables,
    /// Address space.
    TotalVm,
    /// Adjustment.
    Adjustment,
}

impl By {
    /// In the order in which they stand.
    const ALL: [By; 12] = [
        By::Name,
        By::Pid,
        By::Rss,
        By::Score,
        By::Swap,
        By::Anon,
        By::File,
        By::Shmem,
        By::PageTables,
        By::TotalVm,
        By::Adjustment,
        By::Uid,
    ];

    /// Catalogue key of its heading.
    fn key(self) -> &'static str {
        match self {
            By::Name => "page.process.name",
            By::Pid => "page.process.pid",
            By::Uid => "page.process.uid",
            By::Score => "page.process.score",
            By::Rss => "page.process.rss",
            By::Anon => "page.process.anon",
            By::File => "page.process.file",
            By::Shmem => "page.process.shmem",
            By::Swap => "page.process.swap",
            By::PageTables => "page.process.pgtables",
            By::TotalVm => "page.process.total-vm",
            By::Adjustment => "page.process.score-adj",
        }
    }

    /// True for texts, which start with A; numbers start with the largest.
    pub fn starts_ascending(self) -> bool {
        matches!(self, By::Name | By::Pid | By::Uid)
    }

    /// A size of a column of sizes.
    fn size(self, process: &ProcessRow) -> Option<Bytes> {
        match self {
            By::Rss => process.rss,
            By::Anon => process.rss_anon,
            By::File => process.rss_file,
            By::Shmem => process.rss_shmem,
            By::Swap => process.swap,
            By::PageTables => process.pgtables,
            By::TotalVm => process.total_vm,
            By::Name | By::Pid | By::Uid | By::Score | By::Adjustment => None,
        }
    }

    /// True if something is printed of it.
    fn is_known(self, process: &ProcessRow, score: Score) -> bool {
        match self {
            By::Name | By::Pid => true,
            By::Uid => process.uid.is_some(),
            By::Score => score != Score::Unknown,
            By::Adjustment => process.oom_score_adj.is_some(),
            _ => self.size(process).is_some(),
        }
    }

    /// What is absent comes last either way.
    fn compare(self, (a, of_a): (&ProcessRow, Score), (b, of_b): (&ProcessRow, Score), ascending: bool) -> Ordering {
        fn by<T: Ord>(a: Option<T>, b: Option<T>, ascending: bool) -> Ordering {
            match (a, b) {
                (Some(a), Some(b)) if ascending => a.cmp(&b),
                (Some(a), Some(b)) => b.cmp(&a),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        }
        let known = |score: Score| (score != Score::Unknown).then_some(score);
        match self {
            By::Name => by(Some(a.name.to_lowercase()), Some(b.name.to_lowercase()), ascending),
            By::Pid => by(Some(a.pid), Some(b.pid), ascending),
            By::Uid => by(a.uid, b.uid, ascending),
            By::Adjustment => by(a.oom_score_adj, b.oom_score_adj, ascending),
            By::Score => by(known(of_a), known(of_b), ascending),
            _ => by(self.size(a), self.size(b), ascending),
        }
    }
}

/// What a text has room for.
const IN_TEXT: [By; 5] = [By::Name, By::Pid, By::Rss, By::Swap, By::Adjustment];

impl Teller<'_> {
    pub(super) fn processes(&self, at: usize, by: By, ascending: bool) -> (Made, Vec<Score>) {
        let Some(kill) = self.report.oom_kills.get(at) else { return Default::default() };
        let mut scores = Badness::of(kill).scores;
        scores.resize(kill.processes.len(), Score::Unknown);
        let all: Vec<(&ProcessRow, Score)> = kill.processes.iter().zip(scores.iter().copied()).collect();
        let is_known = |by: By| all.iter().any(|(process, score)| by.is_known(process, *score));
        let is_shown = |by: &By| if self.is_page() { is_known(*by) } else { IN_TEXT.contains(by) };
        let columns: Vec<By> = By::ALL.into_iter().filter(is_shown).collect();
        let by = if columns.contains(&by) { by } else { By::Rss };
        let mut rows: Vec<(usize, usize)> = (0..all.len()).map(|row| (row, row)).collect();
        rows.order_by(|(a, _), (b, _)| match (all.get(*a), all.get(*b)) {
            (Some(a), Some(b)) => by.compare(*a, *b, ascending),
            _ => Ordering::Equal,
        });
        let column = |by: By| {
            let name = self.word(by.key());
            Column { by: Some(by), is_number: by != By::Name, ..Column::of(name) }
        };
        ((self.word("page.kill.process-table"), columns.into_iter().map(column).collect(), rows), scores)
    }

    pub(super) fn process(&self, at: usize, row: usize, score: Score, columns: &[Column]) -> Option<Row> {
        let kill = self.report.oom_kills.get(at)?;
        let process = kill.processes.get(row)?;
        let killed = was_killed(kill, process);
        let absent = || if self.is_page() { "–" } else { "-" }.to_owned();
        let text = |by: By| match by {
            By::Uid => process.uid.map(|uid| uid.to_string()),
            By::Adjustment => process.oom_score_adj.map(|adjustment| adjustment.to_string()),
            By::Score => self.score(score),
            _ => by.size(process).map(format::size),
        };
        let cells = columns.iter().filter_map(|column| column.by).map(|by| match by {
            By::Name => std::iter::once(Part::of(&*process.name)).chain(self.marks(kill, process, killed)).collect(),
            By::Pid => vec![Part::of(process.pid.to_string()).at(line_span(kill.source, process.line))],
            by => cell(text(by).unwrap_or_else(absent)),
        });
        let kind = if killed { RowKind::Marked } else { RowKind::Plain };
        Some(Row::of(cells.collect()).on(kill.source, process.line, process.line).that_is(kind))
    }

    fn marks(&self, kill: &OomKill, process: &ProcessRow, killed: bool) -> Vec<Part> {
        if !self.is_page() {
            return Vec::new();
        }
        let asked = kill.trigger.as_ref().and_then(|trigger| trigger.tid) == Some(process.pid);
        let marks = [
            (killed, "page.process.killed"),
            (asked, "page.process.trigger"),
            (self.is_java(process), "page.process.java"),
        ];
        let marks = marks.into_iter().filter(|(is, _)| *is);
        marks.map(|(_, key)| Part::of(self.word(key)).styled(Style::Mark)).collect()
    }

    /// True if it is a JVM, by its name or because something else in the text is about it.
    fn is_java(&self, process: &ProcessRow) -> bool {
        let report = self.report;
        let known = report.jstat.iter().map(|table| table.pid);
        let known = known.chain(report.nmt.iter().map(|snapshot| snapshot.pid));
        let mut known = known.chain(report.gc_logs.iter().map(|log| log.pid));
        matches!(&*process.name, "java" | "javaw" | "jsvc" | "java.exe") || known.any(|pid| pid == Some(process.pid))
    }

    fn score(&self, score: Score) -> Option<String> {
        match score {
            Score::Known(score) => Some(format::signed_size(score).trim_start_matches('+').to_owned()),
            Score::Exempt => Some(self.word("page.process.exempt")),
            Score::Unknown => None,
        }
    }

    /// Whether the score explains the choice, and who would have been next.
    pub fn badness(&self, kill: &OomKill) -> String {
        let badness = Badness::of(kill);
        let named = |row: Option<usize>| {
            let row = row?;
            let process = kill.processes.get(row)?;
            let score = badness.scores.get(row).filter(|score| matches!(score, Score::Known(_)))?;
            let arguments =
                [("name", &*process.name), ("pid", &*process.pid.to_string()), ("score", &*self.score(*score)?)];
            Some(self.words.fill("page.kill.scored", &arguments))
        };
        let [victim, next] = [badness.victim, badness.runner_up].map(named);
        let key = match (&victim, &next, badness.agrees()) {
            (Some(_), Some(_), Some(true)) => "page.kill.score-agrees",
            (Some(_), Some(_), Some(false)) => "page.kill.score-differs",
            (Some(_), None, _) => "page.kill.score-only",
            (_, Some(_), _) => "page.kill.score-next",
            (None, None, _) => "page.kill.score-unknown",
        };
        self.words.fill(key, &[("victim", &victim.unwrap_or_default()), ("next", &next.unwrap_or_default())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Form, Of, Table};
    use crate::i18n::{Language, Words};
    use crate::model::oom::{Trigger, Victim};
    use crate::report::Report;

    fn process(pid: u32, name: &str, rss: Option<u64>) -> ProcessRow {
        ProcessRow { pid, name: name.into(), rss: rss.map(Bytes), ..ProcessRow::default() }
    }

    /// What is seen of four processes, sorted.
    fn seen<T>(by: By, ascending: bool, see: impl Fn(&Teller<'_>, &Table) -> T) -> T {
        let kill = OomKill {
            processes: vec![
                process(7, "sshd", None),
                process(5, "java", Some(900)),
                process(6, "Bash", Some(900)),
                process(9, "tool", Some(20)),
            ],
            victims: vec![Victim { pid: 5, ..Victim::default() }],
            trigger: Some(Trigger { tid: Some(9), ..Trigger::default() }),
            ..OomKill::default()
        };
        let report = Report { oom_kills: vec![kill], ..Report::default() };
        let teller = Teller { report: &report, words: Words(Language::En), form: Form::Page };
        see(&teller, &teller.table(&Of::Processes(0, by, ascending)))
    }

    fn cells(by: By, ascending: bool, column: usize) -> Vec<String> {
        let text = |teller: &Teller<'_>, table: &Table, nth| teller.list(&teller.row(table, nth).cells[column]);
        seen(by, ascending, |teller, table| (0..table.len()).map(|nth| text(teller, table, nth)).collect())
    }

    #[test]
    fn every_column_sorts_and_absent_values_come_last_either_way() {
        assert_eq!(cells(By::Rss, false, 1), ["5", "6", "9", "7"]);
        assert_eq!(cells(By::Rss, true, 1), ["9", "5", "6", "7"]);
        assert_eq!(cells(By::Name, true, 1), ["6", "5", "7", "9"]);
        assert_eq!(cells(By::Pid, false, 1), ["9", "7", "6", "5"]);
    }

    #[test]
    fn victim_trigger_and_java_are_told_apart() {
        assert_eq!(cells(By::Pid, true, 0), ["java, killed, JVM", "Bash", "sshd", "tool, asked for memory"]);
    }

    #[test]
    fn columns_without_any_value_are_not_shown() {
        let columns = seen(By::Pid, true, |_, table| table.columns.iter().map(|column| column.by).collect::<Vec<_>>());
        assert_eq!(columns, [By::Name, By::Pid, By::Rss, By::Score].map(Some));
    }
}
