//! Samples in which nothing moves: the JVM was idle, or hung, or they were all taken within one full GC.

use super::gc_time::{EDEN, OLD, fill, mean_full};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::jstat::JstatTable;
use crate::source::Span;

pub static RULE: Rule = Rule { id: RuleId::CountersDoNotMove, check };

/// Samples that show that nothing moves.
const SAMPLES: usize = 3;
/// A space that calls for a GC, in thousandths of a percent.
const FULL: i64 = 99_000;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in incident.readings.jstat.iter().filter_map(|table| check_table(incident, table)) {
        // Several tables of one process tell the same.
        let same = |known: &&mut Finding| known.run == finding.run && known.statement.key == finding.statement.key;
        match findings.iter_mut().find(same) {
            Some(known) if count_of(known) >= count_of(&finding) => {
                known.evidence = known.evidence.clone().all(lines_of(&finding));
            }
            Some(known) => *known = Finding { evidence: finding.evidence.clone().all(lines_of(known)), ..finding },
            None => findings.push(finding),
        }
    }
    findings
}

fn count_of(finding: &Finding) -> u64 {
    match finding.statement.values.get("count").map(|value| &value.quantity) {
        Some(Quantity::Count(count)) => *count,
        _ => 0,
    }
}

fn lines_of(finding: &Finding) -> Vec<Span> {
    finding.evidence.iter().map(|evidence| line(evidence.source, evidence.line)).collect()
}

/// Only where what is in use is sampled: capacities stand still in the busiest of servers.
fn check_table(incident: &Incident<'_>, table: &JstatTable) -> Option<Finding> {
    let samples_use = ["EU", "E", "OU", "O"].iter().any(|name| table.column(name).is_some());
    if !samples_use {
        return None;
    }
    let moved = (1..table.rows).any(|row| !accounting::same_but_time(table, row - 1, row));
    let at = |row: usize| table.lines.get(row).map(|number| line(table.source, *number));
    let last = table.rows.checked_sub(1)?;
    let (key, from) = if moved {
        let alive = accounting::rows_alive(table);
        let killed = incident.run(&table.run).is_some_and(|run| run.killed);
        let key = if killed { "rule.counters-do-not-move.dead" } else { "rule.counters-do-not-move.tail" };
        (key, alive.checked_sub(1)?)
    } else if table.pid.is_some() {
        ("rule.counters-do-not-move.pid", 0)
    } else {
        ("rule.counters-do-not-move", 0)
    };
    let count = table.rows.checked_sub(from)?;
    if count < SAMPLES {
        return None;
    }
    let span = table.relative_time(last).zip(table.relative_time(from)).map(|(end, start)| end.minus(start));
    let mean = mean_full(table, last);
    let killed = incident.run(&table.run).is_some_and(|run| run.killed);
    if !killed && may_be_in_gc(table, last) && mean.is_some_and(|mean| span.is_none_or(|span| span <= mean)) {
        let mut claim =
            Statement::new("rule.counters-do-not-move.full-gc").with("count", Quantity::Count(count as u64), at(from));
        claim = mean.into_iter().fold(claim, |claim, mean| claim.with("mean", Quantity::Duration(mean), at(last)));
        let proof = Proof::first(at(from)?).and(at(last));
        return Some(Finding::new(RULE.id, Severity::Notice, claim, proof).about(Some(&table.run)));
    }
    let mut claim = Statement::new(key).with("count", Quantity::Count(count as u64), at(from));
    if !moved && let Some(pid) = table.pid {
        claim = claim.with("pid", Quantity::Number(u64::from(pid)), table.at.get("pid"));
    }
    let proof = Proof::first(at(from)?).and(at(last));
    Some(Finding::new(RULE.id, Severity::Notice, claim, proof).about(Some(&table.run)))
}

/// True if a GC may be under way: `GCC` names its cause, or eden and the old generation are full and it does not say `No GC`.
fn may_be_in_gc(table: &JstatTable, row: usize) -> bool {
    let is_full = |space| fill(table, space, row).is_some_and(|fill| fill >= FULL);
    match table.column("GCC").and_then(|column| column.text(row)) {
        Some("No GC") => false,
        Some(_) => true,
        None => is_full(&EDEN) && is_full(&OLD),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn three_equal_samples_give_no_rate() {
        let rows = |used: &[i64]| Fixture::of_one_run().jstat(Some("G1"), &[("OU", 1, used)]);
        assert_eq!(rows(&[5, 5, 5]).finding(&RULE).1, "rule.counters-do-not-move.pid");
        assert_eq!(rows(&[1, 2, 5, 5, 5]).finding(&RULE).1, "rule.counters-do-not-move.tail");
        assert_eq!(
            rows(&[1, 2, 5, 5, 5]).run(|run| run.killed = true).finding(&RULE).1,
            "rule.counters-do-not-move.dead"
        );
        assert_eq!(rows(&[5, 5]).check(&RULE), []);
        assert_eq!(rows(&[5, 5, 5, 6]).check(&RULE), []);
    }

    #[test]
    fn samples_within_a_full_gc_are_not_idle() {
        let rows = |eden: i64, mean: i64| {
            let columns = [("E", 2, [eden; 3]), ("O", 2, [10_000; 3]), ("FGC", 0, [9; 3]), ("FGCT", 3, [9 * mean; 3])];
            let columns: Vec<(&str, u8, &[i64])> =
                columns.iter().map(|(name, decimals, cells)| (*name, *decimals, &cells[..])).collect();
            Fixture::of_one_run().jstat(None, &columns)
        };
        assert_eq!(rows(10_000, 5_000).finding(&RULE).1, "rule.counters-do-not-move.full-gc");
        assert_eq!(rows(10_000, 1_999).finding(&RULE).1, "rule.counters-do-not-move.pid", "they span two seconds");
        assert_eq!(rows(4_000, 5_000).finding(&RULE).1, "rule.counters-do-not-move.pid");
    }

    #[test]
    fn capacities_may_stand_still() {
        assert_eq!(Fixture::of_one_run().jstat(None, &[("OC", 1, &[5, 5, 5])]).check(&RULE), []);
    }
}
