//! Growth outside of the heap in all.

use super::nmt_changes::{AREA_LEAST, Change, Changes, MIB, size, total_line};
use super::{Incident, Rule, class_growth, direct_memory, thread_count};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::order::InOrder as _;

pub static RULE: Rule = Rule { id: RuleId::NmtDiffGrowth, check };

/// Growth outside of the heap worth telling …
const GROWTH_LEAST: i64 = 16 * MIB;
/// … if it is also this part, in hundredths, of what was there before.
const GROWTH_PART: i64 = 10;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let changes = Changes::of(incident, run)?;
    let delta = changes.outside();
    let Some(now) = accounting::non_heap(changes.snapshot) else { return of_part(incident, run, &changes) };
    let now = i64::try_from(now.bytes.0).ok()?;
    let before = now.saturating_sub(delta);
    if delta < GROWTH_LEAST || delta / GROWTH_PART < before / 100 {
        return None;
    }
    // Growth that a rule of its own tells is not told twice.
    let areas_told = [&["Class", "Metaspace"][..], &["Other"], &["Thread"]];
    let told = areas_told.iter().filter_map(|names| changes.of_areas(names));
    if told.map(|(_, delta)| delta).filter(|delta| *delta >= AREA_LEAST).max().unwrap_or_default() >= delta / 3 * 2 {
        return None;
    }
    let mut areas: Vec<&Change<'_>> =
        changes.areas.iter().filter(|change| change.category.name != "Java Heap" && change.delta > 0).collect();
    areas.order_by_key(|change| std::cmp::Reverse(change.delta));
    let largest = areas.first()?;
    let total = total_line(changes.snapshot);
    // Of a report that is cut off, the rows that are there may explain next to nothing of what its total says.
    let known = areas.iter().fold(0_i64, |sum, change| sum.saturating_add(change.delta));
    let is_cut = !changes.snapshot.complete && known < delta / 2;
    let key = match (is_cut, changes.is_diff()) {
        (true, _) => "rule.nmt-diff-growth.cut",
        (false, true) => "rule.nmt-diff-growth",
        (false, false) => "rule.nmt-diff-growth.snapshots",
    };
    let by_threads = || thread_count::by_stacks(incident, run).is_some();
    let severity = if is_cut && by_threads() { Severity::Notice } else { Severity::Warning };
    let claim = Statement::new(key)
        .with("delta", size(delta), None)
        .with("area", Quantity::Word(largest.category.name.clone()), Some(largest.at))
        .with("largest", size(largest.delta), Some(largest.at));
    let proof = changes.proof(total).all(areas.iter().take(3).map(|change| change.at));
    Some(Finding::new(RULE.id, severity, claim, proof).about(Some(&run.id)).explaining(Some(size(delta))))
}

/// Of a part of a diff, without its total: the category that grew most.
fn of_part(incident: &Incident<'_>, run: &Run, changes: &Changes<'_>) -> Option<Finding> {
    let grew =
        changes.areas.iter().filter(|change| change.category.name != "Java Heap").max_by_key(|change| change.delta)?;
    let now = grew.category.committed?;
    let before = i64::try_from(now.0).ok()?.saturating_sub(grew.delta);
    if !changes.is_diff() || grew.delta < GROWTH_LEAST || grew.delta / GROWTH_PART < before / 100 {
        return None;
    }
    let told =
        |rule: &Rule| (rule.check)(incident).iter().any(|finding| finding.run.as_deref() == Some(run.id.as_str()));
    if [&class_growth::RULE, &direct_memory::RULE, &thread_count::RULE].into_iter().any(told) {
        return None;
    }
    let claim = Statement::new("rule.nmt-diff-growth.part")
        .with("area", Quantity::Word(grew.category.name.clone()), Some(grew.at))
        .with("delta", size(grew.delta), Some(grew.at))
        .with("now", Quantity::Size(now), Some(grew.at));
    let proof = changes.proof(grew.at);
    Some(Finding::new(RULE.id, Severity::Warning, claim, proof).about(Some(&run.id)).explaining(Some(size(grew.delta))))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::nmt::NmtCategory;
    use crate::units::SignedBytes;

    #[test]
    fn growth_outside_of_the_heap_is_told_with_the_area_that_grew_most() {
        let (finding, key) = Fixture::nmt_diff(&[("Code", 30, 2), ("GC", 40, 30)]).finding(&RULE);
        assert_eq!(key, "rule.nmt-diff-growth");
        assert_eq!(
            finding.statement.values.get("area").map(|value| &value.quantity),
            Some(&Quantity::Word("GC".into()))
        );
        assert_eq!(finding.explains, Some(Quantity::Size(mib(32))));
    }

    #[test]
    fn growth_of_the_heap_and_small_growth_are_not_told() {
        assert_eq!(Fixture::nmt_diff(&[("Code", 30, 10)]).check(&RULE), []);
        assert_eq!(Fixture::nmt_diff(&[("Code", 30, 2), ("Other", 40, 30)]).check(&RULE), [], "told as direct memory");
        let mut heap = Fixture::nmt_diff(&[]);
        for category in heap.readings.nmt.iter_mut().flat_map(|snapshot| &mut snapshot.categories) {
            category.committed_delta = Some(SignedBytes(90 * MIB));
        }
        assert_eq!(heap.check(&RULE), []);
    }

    fn cut(mut incident: Fixture) -> Fixture {
        incident.readings.nmt.iter_mut().for_each(|snapshot| snapshot.complete = false);
        incident
    }

    #[test]
    fn a_printed_change_needs_no_whole_report() {
        let mut diff = cut(Fixture::nmt_diff(&[("GC", 90, 50)]));
        diff.readings.nmt.iter_mut().for_each(|snapshot| snapshot.total.committed_delta = Some(SignedBytes(60 * MIB)));
        let heap =
            diff.readings.nmt.iter_mut().flat_map(|snapshot| &mut snapshot.categories).find(|c| c.name == "Java Heap");
        heap.expect("a heap").committed_delta = Some(SignedBytes(2 * MIB));
        assert_eq!(diff.finding(&RULE).0.explains, Some(Quantity::Size(mib(58))));
        let mut part = cut(Fixture::nmt_diff(&[("Internal", 96, 85)]));
        for snapshot in &mut part.readings.nmt {
            snapshot.total = Default::default();
        }
        assert_eq!(part.finding(&RULE).1, "rule.nmt-diff-growth.part");
        let mut still = cut(Fixture::nmt_diff(&[("Internal", 96, 15)]));
        still.readings.nmt.iter_mut().for_each(|snapshot| snapshot.total = Default::default());
        assert_eq!(still.check(&RULE), []);
    }

    #[test]
    fn between_snapshots_the_last_is_compared_with_the_first() {
        let grown = Fixture::of_one_run().nmt(mib(150), mib(100)).nmt(mib(200), mib(100));
        assert_eq!(grown.check(&RULE), [], "no area is known to have grown");
        let mut grown = grown;
        for (snapshot, size) in grown.readings.nmt.iter_mut().zip([50, 100]) {
            let code = NmtCategory { name: "Code".into(), committed: Some(mib(size)), ..NmtCategory::default() };
            snapshot.categories.push(code);
        }
        assert_eq!(grown.finding(&RULE).1, "rule.nmt-diff-growth.snapshots");
    }
}
