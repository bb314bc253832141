//! Whom the kernel had to choose: the score by which it ranks processes when memory is gone, computed again from the
//! process table.
//!
//! `oom_badness` adds resident pages, swapped-out pages and page tables, then `oom_score_adj` thousandths of all memory
//! that may be used; -1000 exempts a process. Until 4.17 a process of the administrator counted 3 % less, which the
//! table does not show. Source: Linux, `mm/oom_kill.c`.

use crate::model::oom::{OomKill, OomScope, ProcessRow};
use crate::units::{Bytes, SignedBytes};

/// `oom_score_adj` that exempts a process.
const EXEMPT: i32 = -1000;

/// What the kernel makes of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Score {
    /// Needs a number that is not in the text.
    Unknown,
    /// Must not be killed.
    Exempt,
    /// In bytes, as far as pages allow; the largest goes first.
    Known(SignedBytes),
}

/// The scores of a process table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Badness {
    /// One per row.
    pub scores: Vec<Score>,
    /// The row with the highest score that was not killed.
    pub runner_up: Option<usize>,
    /// The highest score of a process that was killed.
    pub victim: Option<usize>,
}

impl Badness {
    /// Computes the scores of all rows. Empty without a table.
    pub fn of(kill: &OomKill) -> Badness {
        let all = allowed(kill);
        let scores: Vec<Score> = kill.processes.iter().map(|process| score(process, all)).collect();
        let highest = |killed: bool| {
            let rows = kill.processes.iter().zip(&scores).enumerate();
            let rows = rows.filter(|(_, (process, score))| {
                matches!(score, Score::Known(_)) && was_killed(kill, process) == killed
            });
            // Of equals the kernel keeps the first.
            rows.rev().max_by_key(|(_, (_, score))| **score).map(|(row, _)| row)
        };
        Badness { runner_up: highest(false), victim: highest(true), scores }
    }

    /// True if the process that was killed has the highest score, false if another one has. `None` if a score is missing.
    pub fn agrees(&self) -> Option<bool> {
        if self.scores.contains(&Score::Unknown) {
            return None;
        }
        let victim = self.scores.get(self.victim?)?;
        Some(self.runner_up.and_then(|row| self.scores.get(row)).is_none_or(|other| other <= victim))
    }
}

/// True if the process is among those killed.
pub fn was_killed(kill: &OomKill, process: &ProcessRow) -> bool {
    kill.victims.iter().any(|victim| victim.pid == process.pid)
}

/// All memory that could be used: memory and swap, or the limits of the group.
fn allowed(kill: &OomKill) -> Option<Bytes> {
    if kill.scope != OomScope::Cgroup {
        return Some(kill.ram?.plus(kill.swap_total.unwrap_or_default()));
    }
    let group = kill.cgroup.as_ref()?;
    match (group.limit, group.swap_limit) {
        (_, Some(both)) if group.swap_includes_memory => Some(both),
        (Some(limit), swap) => Some(limit.plus(swap.or(kill.swap_total).unwrap_or_default())),
        (None, _) => None,
    }
}

fn score(process: &ProcessRow, all: Option<Bytes>) -> Score {
    let adjustment = process.oom_score_adj.unwrap_or(0);
    if adjustment <= EXEMPT {
        return Score::Exempt;
    }
    let Some(rss) = process.rss else { return Score::Unknown };
    let held = [process.swap, process.pgtables].into_iter().flatten().fold(rss, Bytes::plus);
    let held = i128::from(held.0);
    let extra = match (adjustment, all) {
        (0, _) => 0,
        (_, None) => return Score::Unknown,
        (_, Some(all)) => i128::from(all.0) * i128::from(adjustment) / 1000,
    };
    i64::try_from(held + extra).map_or(Score::Unknown, |score| Score::Known(SignedBytes(score)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::oom::Victim;
    use crate::units::MIB;

    fn process(pid: u32, rss: u64, adjustment: i32) -> ProcessRow {
        ProcessRow {
            pid,
            name: format!("p{pid}"),
            rss: Some(Bytes(rss * MIB)),
            pgtables: Some(Bytes(MIB)),
            swap: Some(Bytes(2 * MIB)),
            oom_score_adj: Some(adjustment),
            ..ProcessRow::default()
        }
    }

    fn kill(processes: Vec<ProcessRow>, victim: u32) -> OomKill {
        OomKill {
            scope: OomScope::Global,
            ram: Some(Bytes(900 * MIB)),
            swap_total: Some(Bytes(100 * MIB)),
            victims: vec![Victim { pid: victim, ..Victim::default() }],
            processes,
            ..OomKill::default()
        }
    }

    fn mib(score: Score) -> Option<i64> {
        match score {
            Score::Known(SignedBytes(bytes)) => Some(bytes / MIB as i64),
            _ => None,
        }
    }

    #[test]
    fn resident_swapped_and_page_tables_count_and_the_adjustment_is_thousandths_of_everything() {
        let kill =
            kill(vec![process(1, 600, 0), process(2, 300, 500), process(3, 700, -1000), process(4, 650, -200)], 2);
        let badness = Badness::of(&kill);
        assert_eq!(
            badness.scores.iter().map(|score| mib(*score)).collect::<Vec<_>>(),
            [Some(603), Some(803), None, Some(453)]
        );
        assert_eq!((badness.victim, badness.runner_up, badness.agrees()), (Some(1), Some(0), Some(true)));
        assert_eq!(badness.scores[2], Score::Exempt);
    }

    #[test]
    fn a_choice_that_the_scores_do_not_explain_is_said_to_be_one() {
        let badness = Badness::of(&kill(vec![process(1, 600, 0), process(2, 300, 0)], 2));
        assert_eq!((badness.runner_up, badness.agrees()), (Some(0), Some(false)));
    }

    #[test]
    fn without_the_size_of_everything_an_adjusted_process_has_no_score() {
        let mut kill = kill(vec![process(1, 600, 0), process(2, 300, 500)], 1);
        kill.ram = None;
        let badness = Badness::of(&kill);
        assert_eq!((badness.scores[1], badness.agrees()), (Score::Unknown, None));
        kill.processes.clear();
        assert_eq!(Badness::of(&kill), Badness::default());
        assert_eq!(Badness::default().agrees(), None);
    }

    #[test]
    fn nothing_overflows() {
        let huge = ProcessRow {
            rss: Some(Bytes(u64::MAX)),
            swap: Some(Bytes(u64::MAX)),
            oom_score_adj: Some(i32::MAX),
            ..ProcessRow::default()
        };
        let mut kill = kill(vec![huge], 9);
        kill.ram = Some(Bytes(u64::MAX));
        assert_eq!(Badness::of(&kill).scores, [Score::Unknown]);
    }
}
