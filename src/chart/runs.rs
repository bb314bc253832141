//! The runs of a report by their ids, for those who ask for many of them.

use std::cell::OnceCell;

use crate::model::run::Run;
use crate::order::InOrder as _;

/// Runs to be found by id. Reports of ours number them, so that nearly always the number leads there, and nothing is made
/// beforehand.
pub(super) struct Runs<'a> {
    runs: &'a [Run],
    /// Places in the order of their ids.
    sorted: OnceCell<Vec<usize>>,
}

impl<'a> Runs<'a> {
    pub(super) fn of(runs: &'a [Run]) -> Runs<'a> {
        Runs { runs, sorted: OnceCell::new() }
    }

    /// The place of a run. `None` for no id, and for one that no run has.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        if id.is_empty() {
            return None;
        }
        let number = id.strip_prefix("run-").and_then(|number| number.parse::<usize>().ok());
        let likely = number.and_then(|number| number.checked_sub(1));
        likely.filter(|at| self.id(*at) == id).or_else(|| self.searched(id))
    }

    pub(super) fn get(&self, id: &str) -> Option<&'a Run> {
        self.runs.get(self.place(id)?)
    }

    fn id(&self, at: usize) -> &'a str {
        self.runs.get(at).map_or("", |run| &run.id)
    }

    /// Of two with one id the first.
    fn searched(&self, id: &str) -> Option<usize> {
        let sorted = self.sorted.get_or_init(|| {
            let mut places: Vec<usize> = (0..self.runs.len()).collect();
            places.order_by_key(|at| self.id(*at));
            places
        });
        let first = sorted.partition_point(|at| self.id(*at) < id);
        sorted.get(first).copied().filter(|at| self.id(*at) == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_wherever_it_stands() {
        let of = |ids: &[&str]| ids.iter().map(|id| Run { id: (*id).to_owned(), ..Run::default() }).collect();
        let ours: Vec<Run> = of(&["run-1", "run-2", "run-3"]);
        let runs = Runs::of(&ours);
        assert_eq!(
            ["run-1", "run-3", "run-4", "run-0", "run-", "x", ""].map(|id| runs.place(id)),
            [Some(0), Some(2), None, None, None, None, None]
        );
        let others: Vec<Run> = of(&["run-7", "", "run-2000000000", "b", "a", "b"]);
        let runs = Runs::of(&others);
        let places = ["run-7", "run-2000000000", "a", "b", "run-1", ""].map(|id| runs.place(id));
        assert_eq!(places, [Some(0), Some(2), Some(4), Some(3), None, None]);
    }
}
