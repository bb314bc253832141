//! Classes that are loaded and loaded.

use super::nmt_changes::{AREA_LEAST, Changes, size};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::ClassGrowth, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| by_nmt(incident, run).or_else(|| by_rows(incident, run))).collect()
}

/// Up to JDK 15 classes are one area, later two.
fn by_nmt(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let changes = Changes::of(incident, run)?;
    let (largest, delta) = changes.of_areas(&["Class", "Metaspace"]).filter(|(_, delta)| *delta >= AREA_LEAST)?;
    let class = changes.areas.iter().find(|change| change.category.name == "Class")?;
    let loaded = class.category.classes;
    let fewer = class.category.classes_delta.filter(|delta| *delta < 0);
    let key = match (loaded, fewer) {
        (Some(_), Some(_)) => "rule.class-growth.fewer",
        (Some(_), None) => "rule.class-growth",
        (None, _) => "rule.class-growth.no-count",
    };
    let mut claim = Statement::new(key).with("delta", size(delta), Some(largest.at));
    let mut proof = changes.proof(largest.at);
    if let Some(loaded) = loaded {
        let at = class.category.at.get("classes").or(Some(class.at));
        claim = claim.with("classes", Quantity::Count(loaded), at);
        if let Some(fewer) = fewer {
            claim = claim.with("fewer", Quantity::Count(fewer.unsigned_abs()), at);
        }
        proof = proof.and(at);
    }
    Some(finding(incident, run, claim, proof, delta))
}

/// By metaspace in use: it must still grow in the second half of the rows, when a server has loaded its classes.
fn by_rows(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    incident.jstat(&run.id).filter(|table| table.restarts.is_empty()).find_map(|table| {
        let last = accounting::rows_alive(table).checked_sub(1)?;
        let middle = last / 2;
        let used = |row: usize| accounting::cell(table, "MU", row);
        let late = used(last)?.minus(used(middle)?).0;
        let delta = used(last)?.minus(used(0)?).0;
        let at = |row: usize| table.lines.get(row).map(|number| line(table.source, *number));
        let span = table.relative_time(last)?.minus(table.relative_time(0)?);
        if late < AREA_LEAST / 2 || delta < AREA_LEAST {
            return None;
        }
        let claim = Statement::new("rule.class-growth.rows")
            .with("delta", size(delta), None)
            .with("used", Quantity::Size(used(last)?), at(last))
            .with("span", Quantity::Duration(span), None);
        let proof = Proof::first(at(0)?).and(at(middle)).and(at(last));
        Some(finding(incident, run, claim, proof, delta))
    })
}

fn finding(incident: &Incident<'_>, run: &Run, claim: Statement, proof: Proof, delta: i64) -> Finding {
    Finding::new(RULE.id, Severity::Warning, claim, proof)
        .about(Some(&run.id))
        .explaining(Some(size(delta)))
        .ask(Statement::new("rule.class-growth.next"), incident.command(Some(&run.id), Ask::ClassLoaders))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn classes_that_grow_are_told_and_classes_that_were_loaded_once_are_not() {
        assert_eq!(
            Fixture::nmt_diff(&[("Class", 30, 2), ("Metaspace", 40, 7)]).finding(&RULE).1,
            "rule.class-growth.no-count"
        );
        assert_eq!(Fixture::nmt_diff(&[("Class", 30, 2), ("Metaspace", 40, 3)]).check(&RULE), []);
        let rows = |used: &[i64]| Fixture::of_one_run().jstat(Some("G1"), &[("MU", 1, used)]);
        assert_eq!(rows(&[100_000, 150_000, 200_000, 250_000]).finding(&RULE).1, "rule.class-growth.rows");
        assert_eq!(rows(&[100_000, 240_000, 249_000, 250_000]).check(&RULE), []);
    }
}
