//! Values that cannot be: a counter of 64 bits that fell below zero, a part above its total, more resident than there is address space.
//! They are said to be so, and take part in no sum.

use super::{Incident, Rule};
use crate::analysis::accounting::is_impossible;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{kill_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{OomKill, Victim};
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::ImpossibleValue, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let last = |run: &str| incident.nmt(run).rev().find_map(by_nmt);
    let by_nmt = incident.runs.iter().filter_map(|run| last(&run.id));
    let by_kill = incident.kills().last().and_then(|(kill, victim)| by_kill(kill, victim));
    by_nmt.chain(by_kill).collect()
}

/// The largest of the impossible categories.
fn by_nmt(snapshot: &NmtSnapshot) -> Option<Finding> {
    let impossible = || snapshot.categories.iter().filter(|category| is_impossible(snapshot, category));
    let worst = impossible().max_by_key(|category| category.committed.max(category.reserved))?;
    let at = |category: &crate::model::nmt::NmtCategory| {
        category.at.get("committed").unwrap_or_else(|| line(snapshot.source, category.line))
    };
    let total_at = snapshot.total.at.get("committed");
    let key =
        if snapshot.total.committed.is_some() { "rule.impossible-value" } else { "rule.impossible-value.no-total" };
    let mut claim = Statement::new(key).with("area", Quantity::Word(worst.name.clone()), worst.at.get("name")).with(
        "value",
        Quantity::Size(worst.committed.max(worst.reserved)?),
        Some(at(worst)),
    );
    if let Some(total) = snapshot.total.committed {
        claim = claim.with("total", Quantity::Size(total), total_at);
    }
    let proof = Proof::first(at(worst)).and(total_at).all(impossible().map(at));
    Some(Finding::new(RULE.id, Severity::Notice, claim, proof).about(Some(&snapshot.run)))
}

/// More resident than the process has address space: a number of the line is damaged.
fn by_kill(kill: &OomKill, victim: &Victim) -> Option<Finding> {
    let (resident, total): (Bytes, Bytes) = (victim.resident()?, victim.total_vm?);
    let at: Span = victim.resident_at().unwrap_or_else(|| kill_line(kill));
    (resident > total).then(|| {
        let claim = Statement::new("rule.impossible-value.resident")
            .with("rss", Quantity::Size(resident), Some(at))
            .with("total", Quantity::Size(total), victim.at.get("total_vm"));
        Finding::new(RULE.id, Severity::Notice, claim, Proof::first(at)).about(victim.run.as_deref())
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::nmt::NmtCategory;
    use crate::model::oom::OomScope;

    fn with(category: NmtCategory) -> Fixture {
        let mut incident = Fixture::of_one_run().nmt(mib(300), mib(100));
        incident.readings.nmt.iter_mut().for_each(|snapshot| snapshot.categories.push(category.clone()));
        incident
    }

    #[test]
    fn counters_below_zero_and_parts_above_the_whole_are_said_to_be_impossible() {
        let area = |committed: Bytes| NmtCategory {
            name: "Arena Chunk".into(),
            committed: Some(committed),
            ..NmtCategory::default()
        };
        assert_eq!(with(area(Bytes(u64::MAX - 99))).finding(&RULE).1, "rule.impossible-value");
        assert_eq!(with(area(mib(301))).finding(&RULE).1, "rule.impossible-value");
        assert_eq!(with(area(mib(300))).check(&RULE), []);
    }

    #[test]
    fn more_resident_than_address_space_cannot_be() {
        let killed = |total: u64| {
            Fixture::of_one_run().kill(OomScope::Global, |kill| {
                kill.victims.iter_mut().for_each(|victim| victim.total_vm = Some(mib(total)));
            })
        };
        assert_eq!(killed(299).finding(&RULE).1, "rule.impossible-value.resident");
        assert_eq!(killed(300).check(&RULE), []);
    }
}
