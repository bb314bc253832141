//! Good news: next to nothing moved by NMT.

use super::nmt_changes::{Changes, MIB, total_line};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::nmt::NmtSnapshot;
use crate::model::run::Run;
use crate::units::SignedBytes;

pub static RULE: Rule = Rule { id: RuleId::NativeMemorySteady, check };

/// Committed memory that grew by no more than this part, in thousandths, does not grow.
const STEADY_PART: u64 = 10;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    // A part of a report that stands elsewhere may be of the same process.
    let grew = |snapshot: &NmtSnapshot| {
        snapshot.categories.iter().any(|category| category.committed_delta.is_some_and(|delta| delta.0 >= MIB))
    };
    if incident.readings.nmt.iter().any(grew) {
        return Vec::new();
    }
    let one = |run: &Run| {
        let changes = Changes::of(incident, run).filter(|changes| changes.snapshot.complete)?;
        let total = changes.snapshot.total.committed?;
        let delta = changes.areas.iter().fold(0_i64, |sum, change| sum.saturating_add(change.delta));
        let still = u64::try_from(delta).unwrap_or(0) <= total.0 / 1000 * STEADY_PART
            && changes.areas.iter().all(|change| change.delta < MIB);
        let dead = run.killed || incident.errors(&run.id).next().is_some();
        if !still || dead {
            return None;
        }
        let at = total_line(changes.snapshot);
        let key = if changes.is_diff() { "rule.native-memory-steady" } else { "rule.native-memory-steady.snapshots" };
        let claim = Statement::new(key).with("delta", Quantity::SignedSize(SignedBytes(delta)), Some(at)).with(
            "committed",
            Quantity::Size(total),
            Some(at),
        );
        Some(Finding::new(RULE.id, Severity::Good, claim, changes.proof(at)).about(Some(&run.id)))
    };
    incident.runs.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn memory_that_does_not_move_is_good_news_unless_the_process_died() {
        assert_eq!(Fixture::nmt_diff(&[("Code", 30, 0)]).finding(&RULE).1, "rule.native-memory-steady");
        assert_eq!(Fixture::nmt_diff(&[("Code", 30, 1)]).check(&RULE), []);
        assert_eq!(Fixture::nmt_diff(&[("Code", 30, 0)]).run(|run| run.killed = true).check(&RULE), []);
    }
}
