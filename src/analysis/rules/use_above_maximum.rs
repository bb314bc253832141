//! More heap than the maximum that is written down: the setting did not reach this JVM, or is another one's.

use super::nmt_changes::place;
use super::{Incident, Rule};
use crate::analysis::accounting::{self, Known, category};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::UseAboveMaximum, check };

/// How far above the maximum, in hundredths of it: collectors align a heap to their regions.
const ABOVE: u64 = 110;
/// … and by how much at least.
const LEAST: Bytes = Bytes(32 << 20);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let heap = incident.max_heap(&run.id)?;
    let used = [by_log(incident, run), by_rows(incident, run), by_nmt(incident, run)];
    let used = used.into_iter().flatten().max_by_key(|used| used.bytes)?;
    let above = u128::from(used.bytes.0) * 100 > u128::from(heap.bytes.0) * u128::from(ABOVE);
    if !above || used.bytes.0.saturating_sub(heap.bytes.0) < LEAST.0 {
        return None;
    }
    let claim = Statement::new("rule.use-above-maximum").with("used", Quantity::Size(used.bytes), used.at).with(
        "heap",
        Quantity::Size(heap.bytes),
        heap.at,
    );
    let mut lines = [heap.at, used.at].into_iter().flatten();
    let proof = Proof::first(lines.next()?).all(lines);
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(used.bytes)))
            .ask(Statement::new("rule.use-above-maximum.next"), incident.command(Some(&run.id), Ask::Flags)),
    )
}

fn by_log(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    let event = incident.gc_events(&run.id).filter(|event| event.after.is_some()).max_by_key(|event| event.after)?;
    Some(Known { bytes: event.after?, at: Some(event_line(incident.readings, event)) })
}

/// What is in use of all spaces in the last rows.
fn by_rows(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    incident.jstat(&run.id).rev().find_map(|table| {
        let last = table.rows.checked_sub(1)?;
        let young = ["EU", "S0U", "S1U"].iter().filter_map(|name| accounting::cell(table, name, last));
        let bytes = young.fold(accounting::cell(table, "OU", last)?, Bytes::plus);
        Some(Known { bytes, at: Some(super::gc_time::row_line(table, last)) })
    })
}

fn by_nmt(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    incident.nmt(&run.id).rev().filter(|snapshot| snapshot.scale < Bytes(1 << 30)).find_map(|snapshot| {
        let heap = category(snapshot, "Java Heap")?;
        Some(Known { bytes: heap.committed?, at: Some(place(snapshot, heap)) })
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    #[test]
    fn more_heap_than_the_written_maximum_is_told() {
        let with = |committed: u64| Fixture::of_heap("G1", 512).nmt(mib(2000), mib(committed));
        assert_eq!(with(564).finding(&RULE).1, "rule.use-above-maximum");
        assert_eq!(with(563).check(&RULE), []);
        let rows = |used: i64| Fixture::of_heap("Serial", 512).jstat(Some("Serial"), &[("OU", 1, &[used * 10_240])]);
        assert_eq!(rows(600).finding(&RULE).1, "rule.use-above-maximum");
        assert_eq!(rows(500).check(&RULE), []);
    }
}
