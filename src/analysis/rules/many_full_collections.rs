//! Full collections instead of young ones, by the counters of a whole life.

use super::gc_time::{at_least, count, counts_full, mean_full, row_line, share, time};
use super::{Incident, Rule, full_collection_thrash};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::jstat::JstatTable;
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::ManyFullCollections, check };

/// Full collections from which their number says something.
const MANY: u64 = 10;
/// One full collection per so many young ones is too many: a healthy server has one in hours.
const YOUNG_PER_FULL: u64 = 20;
/// Part of the collection time, in hundredths, that full collections must have taken.
const FULL_PART: i64 = 25;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let thrashing = (full_collection_thrash::RULE.check)(incident);
    let quiet = |run: &&Run| !thrashing.iter().any(|finding| finding.run.as_deref() == Some(run.id.as_str()));
    incident.runs.iter().filter(quiet).filter_map(|run| check_run(incident, run)).collect()
}

/// By the counters of the last row, which cover the whole life of the process: no clock is needed.
fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let full_time = |table: &&JstatTable| {
        let last = table.rows.checked_sub(1)?;
        Some((count(table, "FGC", last)?, time(table, "FGCT", last)?, time(table, "GCT", last)?, last))
    };
    let table =
        incident.jstat(&run.id).filter(|table| counts_full(table, run)).rfind(|table| full_time(table).is_some())?;
    let (full, spent, all, last) = full_time(&table)?;
    let young = count(table, "YGC", last)?;
    if full < MANY || full.saturating_mul(YOUNG_PER_FULL) < young || !at_least(spent, all, FULL_PART) {
        return None;
    }
    let at = row_line(table, last);
    let mean = mean_full(table, last)?;
    let claim = match run.pid {
        Some(pid) => Statement::new("rule.many-full-collections.pid").with(
            "pid",
            Quantity::Number(u64::from(pid)),
            run.at.get("pid"),
        ),
        None => Statement::new("rule.many-full-collections"),
    };
    let claim = claim
        .with("full", Quantity::Count(full), Some(at))
        .with("young", Quantity::Count(young), Some(at))
        .with("time", Quantity::Duration(spent), Some(at))
        .with("share", share(spent, all), Some(at))
        .with("mean", Quantity::Duration(mean), Some(at));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at))
            .about(Some(&run.id))
            .explaining(Some(Quantity::Duration(spent))),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn a_full_collection_for_every_few_young_ones_is_too_many() {
        let (finding, key) = Fixture::collections("G1", &[(958, 5534, 140, 18_955)]).finding(&RULE);
        assert_eq!(key, "rule.many-full-collections.pid");
        assert_eq!(
            finding.statement.say(crate::i18n::Language::En),
            "pid 77: 140 full GCs took 19 s, 77.4% of all GC time (135 ms each on average); there were also 958 young GCs."
        );
    }

    #[test]
    fn a_few_full_collections_among_many_young_ones_are_not() {
        assert_eq!(Fixture::collections("G1", &[(958, 5534, 9, 18_955)]).check(&RULE), []);
        assert_eq!(Fixture::collections("G1", &[(9580, 5534, 14, 18_955)]).check(&RULE), []);
        assert_eq!(Fixture::collections("G1", &[(100, 5534, 14, 200)]).check(&RULE), []);
    }
}
