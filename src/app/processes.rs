//! The process table of a kill, sorted by any of its columns.

use std::cmp::Ordering;

use crate::analysis::badness::{Badness, Score, was_killed};
use crate::model::oom::{OomKill, ProcessRow};
use crate::order::InOrder as _;
use crate::report::Report;
use crate::units::Bytes;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
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

impl Column {
    /// In the order in which they stand.
    pub const ALL: [Column; 12] = [
        Column::Name,
        Column::Pid,
        Column::Rss,
        Column::Score,
        Column::Swap,
        Column::Anon,
        Column::File,
        Column::Shmem,
        Column::PageTables,
        Column::TotalVm,
        Column::Adjustment,
        Column::Uid,
    ];

    /// Catalogue key of its heading.
    pub fn key(self) -> &'static str {
        match self {
            Column::Name => "page.process.name",
            Column::Pid => "page.process.pid",
            Column::Uid => "page.process.uid",
            Column::Score => "page.process.score",
            Column::Rss => "page.process.rss",
            Column::Anon => "page.process.anon",
            Column::File => "page.process.file",
            Column::Shmem => "page.process.shmem",
            Column::Swap => "page.process.swap",
            Column::PageTables => "page.process.pgtables",
            Column::TotalVm => "page.process.total-vm",
            Column::Adjustment => "page.process.score-adj",
        }
    }

    /// True for texts, which start with A; numbers start with the largest.
    pub fn starts_ascending(self) -> bool {
        matches!(self, Column::Name | Column::Pid | Column::Uid)
    }
}

/// A process as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// Index of its row in the kill's table.
    pub row: usize,
    /// As printed.
    pub process: ProcessRow,
    /// Computed again.
    pub score: Score,
    /// True for a victim.
    pub killed: bool,
    /// True for the one that asked for the memory.
    pub trigger: bool,
    /// True if it is a JVM, by its name or because something else in the text is about it.
    pub java: bool,
}

impl Process {
    /// A size of a column of sizes.
    pub fn size(&self, column: Column) -> Option<Bytes> {
        let ProcessRow { total_vm, rss, rss_anon, rss_file, rss_shmem, pgtables, swap, .. } = &self.process;
        match column {
            Column::Rss => *rss,
            Column::Anon => *rss_anon,
            Column::File => *rss_file,
            Column::Shmem => *rss_shmem,
            Column::Swap => *swap,
            Column::PageTables => *pgtables,
            Column::TotalVm => *total_vm,
            Column::Name | Column::Pid | Column::Uid | Column::Score | Column::Adjustment => None,
        }
    }
}

/// All processes of a kill's table, as printed.
pub fn processes(report: &Report, kill: &OomKill, badness: &Badness) -> Vec<Process> {
    let mut known: Vec<u32> = report.jstat.iter().filter_map(|table| table.pid).collect();
    known.extend(report.nmt.iter().filter_map(|snapshot| snapshot.pid));
    known.extend(report.gc_logs.iter().filter_map(|log| log.pid));
    known.order();
    let trigger = kill.trigger.as_ref().and_then(|trigger| trigger.tid);
    let scores = badness.scores.iter().copied().chain(std::iter::repeat(Score::Unknown));
    let rows = kill.processes.iter().zip(scores).enumerate();
    rows.map(|(row, (process, score))| Process {
        row,
        score,
        killed: was_killed(kill, process),
        trigger: trigger == Some(process.pid),
        java: is_java(&process.name) || known.binary_search(&process.pid).is_ok(),
        process: process.clone(),
    })
    .collect()
}

fn is_java(name: &str) -> bool {
    matches!(name, "java" | "javaw" | "jsvc" | "java.exe")
}

/// The columns in which something is printed.
pub fn columns(processes: &[Process]) -> Vec<Column> {
    let has = |column: Column| match column {
        Column::Name | Column::Pid => true,
        Column::Uid => processes.iter().any(|process| process.process.uid.is_some()),
        Column::Score => processes.iter().any(|process| process.score != Score::Unknown),
        Column::Adjustment => processes.iter().any(|process| process.process.oom_score_adj.is_some()),
        _ => processes.iter().any(|process| process.size(column).is_some()),
    };
    Column::ALL.into_iter().filter(|column| has(*column)).collect()
}

/// Sorts by a column; what is absent comes last either way, and equals stay in printed order.
pub fn sort(processes: &mut [Process], column: Column, ascending: bool) {
    processes.order_by(|a, b| {
        let order = compare(a, b, column, ascending);
        order.then(a.row.cmp(&b.row))
    });
}

fn compare(a: &Process, b: &Process, column: Column, ascending: bool) -> Ordering {
    fn by<T: Ord>(a: Option<T>, b: Option<T>, ascending: bool) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) if ascending => a.cmp(&b),
            (Some(a), Some(b)) => b.cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }
    match column {
        Column::Name => by(Some(a.process.name.to_lowercase()), Some(b.process.name.to_lowercase()), ascending),
        Column::Pid => by(Some(a.process.pid), Some(b.process.pid), ascending),
        Column::Uid => by(a.process.uid, b.process.uid, ascending),
        Column::Adjustment => by(a.process.oom_score_adj, b.process.oom_score_adj, ascending),
        Column::Score => {
            let known = |score: Score| (score != Score::Unknown).then_some(score);
            by(known(a.score), known(b.score), ascending)
        }
        _ => by(a.size(column), b.size(column), ascending),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::oom::{Trigger, Victim};

    fn process(pid: u32, name: &str, rss: Option<u64>) -> ProcessRow {
        ProcessRow { pid, name: name.into(), rss: rss.map(Bytes), ..ProcessRow::default() }
    }

    fn listed() -> Vec<Process> {
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
        processes(&Report::default(), &kill, &Badness::of(&kill))
    }

    fn pids(processes: &[Process]) -> Vec<u32> {
        processes.iter().map(|process| process.process.pid).collect()
    }

    #[test]
    fn every_column_sorts_and_absent_values_come_last_either_way() {
        let mut processes = listed();
        sort(&mut processes, Column::Rss, false);
        assert_eq!(pids(&processes), [5, 6, 9, 7]);
        sort(&mut processes, Column::Rss, true);
        assert_eq!(pids(&processes), [9, 5, 6, 7]);
        sort(&mut processes, Column::Name, true);
        assert_eq!(pids(&processes), [6, 5, 7, 9]);
        sort(&mut processes, Column::Pid, false);
        assert_eq!(pids(&processes), [9, 7, 6, 5]);
    }

    #[test]
    fn victim_trigger_and_java_are_told_apart() {
        let processes = listed();
        let marks: Vec<(bool, bool, bool)> =
            processes.iter().map(|process| (process.killed, process.trigger, process.java)).collect();
        assert_eq!(marks, [(false, false, false), (true, false, true), (false, false, false), (false, true, false)]);
    }

    #[test]
    fn columns_without_any_value_are_not_shown() {
        assert_eq!(columns(&listed()), [Column::Name, Column::Pid, Column::Rss, Column::Score]);
    }
}
