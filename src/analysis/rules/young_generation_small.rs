//! A young generation so small that it is collected all the time.

use super::full_collections::{has_fixed_parts, part};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{event_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::YoungGenerationSmall, check };

/// Part of the heap, in hundredths, up to which a young generation is small. The default is a third.
const YOUNG_PART: u64 = 10;
/// Young collections in a second that are many, …
const YOUNG_PER_SECOND: u64 = 2;
/// … if it goes on for so long.
const YOUNG_SPAN: Micros = Micros(10_000_000);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter(|run| has_fixed_parts(run)).filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let heap = incident.max_heap(&run.id)?;
    let (young, count, span, first, last) =
        young_by_log(incident, run).or_else(|| incident.jstat(&run.id).find_map(young_by_rows))?;
    let per_second = u128::from(count) * 1_000_000 / u128::from(span.0.unsigned_abs().max(1));
    if span < YOUNG_SPAN || per_second < u128::from(YOUNG_PER_SECOND) || part(young, heap.bytes) > YOUNG_PART {
        return None;
    }
    let claim = Statement::new("rule.young-generation-small")
        .with("young", Quantity::Size(young), Some(last))
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("count", Quantity::Count(count), None)
        .with("span", Quantity::Duration(span), None);
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, Proof::first(first).and(Some(last)).and(heap.at))
            .about(Some(&run.id))
            .then(Statement::new("rule.young-generation-small.next")),
    )
}

type Young = (Bytes, u64, Micros, Span, Span);

fn young_by_log(incident: &Incident<'_>, run: &Run) -> Option<Young> {
    let young: Vec<&GcEvent> = incident.gc_events(&run.id).filter(|event| event.kind == GcKind::Young).collect();
    let (first, last) = (young.first()?, young.last()?);
    let size = young.iter().filter_map(|event| event.figures.get("young_committed")).max()?;
    let span = last.uptime?.minus(first.uptime?);
    let lines = |event| event_line(incident.readings, event);
    Some((*size, young.len() as u64, span, lines(first), lines(last)))
}

fn young_by_rows(table: &JstatTable) -> Option<Young> {
    let last = accounting::rows_alive(table).checked_sub(1)?;
    let capacity = ["S0C", "S1C", "EC"].iter().map(|name| accounting::cell(table, name, last));
    let size = capacity.collect::<Option<Vec<Bytes>>>()?.into_iter().fold(Bytes(0), Bytes::plus);
    let young = |row: usize| table.column("YGC").and_then(|column| column.fixed(row));
    let count = u64::try_from(young(last)?.checked_sub(young(0)?)?).ok().filter(|_| table.restarts.is_empty())?;
    let span = table.relative_time(last)?.minus(table.relative_time(0)?);
    let at = |row: usize| table.lines.get(row).map(|number| line(table.source, *number));
    Some((size, count, span, at(0)?, at(last)?))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn a_small_young_generation_that_is_collected_all_the_time_is_told() {
        let rows = |collections: i64, eden: i64| {
            let young: Vec<i64> = (0..12).map(|row| row * collections).collect();
            let (zero, eden) = ([0; 12], [eden * 10_240; 12]);
            Fixture::of_heap("Serial", 1000)
                .jstat(Some("Serial"), &[("S0C", 1, &zero), ("S1C", 1, &zero), ("EC", 1, &eden), ("YGC", 0, &young)])
        };
        assert_eq!(rows(2, 100).finding(&RULE).1, "rule.young-generation-small");
        assert_eq!(rows(1, 100).check(&RULE), []);
        assert_eq!(rows(2, 200).check(&RULE), []);
    }
}
