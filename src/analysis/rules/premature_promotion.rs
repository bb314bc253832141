//! Full collections that free most of the old generation: garbage that had not lived long.

use super::full_collections::{OFTEN, full, has_fixed_parts, part};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{event_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::GcEvent;
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::PrematurePromotion, check };

/// Part of the old generation, in hundredths, that a full collection must have freed.
const FREED: u64 = 50;

/// The old generation before and after a full collection.
struct Freed {
    before: Bytes,
    after: Bytes,
    at: Span,
}

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let rows = || incident.jstat(&run.id).map(freed_by_rows).max_by_key(Vec::len).unwrap_or_default();
        let freed = freed_by_log(incident, run);
        check_run(run, if freed.is_empty() { rows() } else { freed })
    };
    incident.runs.iter().filter(|run| has_fixed_parts(run)).filter_map(of_run).collect()
}

fn check_run(run: &Run, freed: Vec<Freed>) -> Option<Finding> {
    let much = |freed: &&Freed| part(freed.after, freed.before) <= 100 - FREED;
    let many: Vec<&Freed> = freed.iter().filter(much).collect();
    // Nearly all of them: one that frees much is what a full collection is for.
    if many.len() < OFTEN || many.len() * 4 < freed.len() * 3 {
        return None;
    }
    let (first, last) = (many.first()?, many.last()?);
    let claim = Statement::new("rule.premature-promotion")
        .with("count", Quantity::Count(many.len() as u64), None)
        .with("before", Quantity::Size(last.before), Some(last.at))
        .with("after", Quantity::Size(last.after), Some(last.at));
    let explains = Bytes(last.before.0.saturating_sub(last.after.0));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, Proof::first(first.at).and(Some(last.at)))
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(explains)))
            .then(Statement::new("rule.premature-promotion.next")),
    )
}

fn freed_by_log(incident: &Incident<'_>, run: &Run) -> Vec<Freed> {
    let of = |event: &&GcEvent| {
        let (before, after) = (event.figures.get("old_before").copied()?, event.figures.get("old_after").copied()?);
        Some(Freed { before, after, at: event_line(incident.readings, event) })
    };
    full(incident, run).iter().filter_map(of).collect()
}

/// Rows between which exactly one full collection was counted.
fn freed_by_rows(table: &JstatTable) -> Vec<Freed> {
    let full = |row: usize| table.column("FGC").and_then(|column| column.fixed(row));
    let old = |row: usize| accounting::cell(table, "OU", row);
    (1..accounting::rows_alive(table))
        .filter(|row| !table.restarts.contains(row))
        .filter(|row| full(row - 1).zip(full(*row)).is_some_and(|(before, now)| now == before.saturating_add(1)))
        .filter_map(|row| {
            let at = line(table.source, table.lines.get(row).copied()?);
            Some(Freed { before: old(row - 1)?, after: old(row)?, at })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn full_collections_that_free_half_each_time_mean_that_garbage_was_promoted() {
        let sizes = [(30, 60, 20); 4];
        assert_eq!(
            Fixture::full_collections("Parallel", "Ergonomics", &sizes).finding(&RULE).1,
            "rule.premature-promotion"
        );
        assert_eq!(
            Fixture::full_collections(
                "Parallel",
                "Ergonomics",
                &[(30, 60, 20), (50, 60, 45), (30, 60, 20), (50, 60, 45)]
            )
            .check(&RULE),
            []
        );
        assert_eq!(Fixture::full_collections("Parallel", "System.gc()", &sizes).check(&RULE), []);
        let used = [500_000, 200_000, 500_000, 200_000, 500_000, 200_000];
        let rows =
            Fixture::of_heap("Serial", 100).jstat(Some("Serial"), &[("OU", 1, &used), ("FGC", 0, &[0, 1, 1, 2, 2, 3])]);
        assert_eq!(rows.finding(&RULE).1, "rule.premature-promotion");
    }
}
