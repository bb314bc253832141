//! Direct memory that grows or is a large part of a JVM.

use super::nmt_changes::{AREA_LEAST, Changes, place, size};
use super::{Incident, Rule};
use crate::analysis::accounting::category;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::DirectMemory, check };

/// Direct memory and the like that is a large part of a JVM.
const MUCH_DIRECT: Bytes = Bytes(64 * 1024 * 1024);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

/// `Other` of JDK 11 and newer is mostly direct buffers; older JDKs have them in `Internal`, with much else.
fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let snapshot = incident.nmt(&run.id).next_back()?;
    let other = category(snapshot, "Other")?;
    let committed = other.committed?;
    let delta = Changes::of(incident, run).and_then(|changes| Some(changes.of_areas(&["Other"])?.1));
    let grew = delta.filter(|delta| *delta >= AREA_LEAST);
    let much = committed >= MUCH_DIRECT && committed.0 >= snapshot.total.committed?.0 / 4;
    if grew.is_none() && !much {
        return None;
    }
    let at = place(snapshot, other);
    let key = if grew.is_some() { "rule.direct-memory.growing" } else { "rule.direct-memory" };
    let mut claim = Statement::new(key).with("committed", Quantity::Size(committed), Some(at));
    if let Some(grew) = grew {
        claim = claim.with("delta", size(grew), other.at.get("committed_delta"));
    }
    let mut finding = Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at))
        .about(Some(&run.id))
        .explaining(Some(Quantity::Size(committed)));
    let capped = run.flags.iter().any(|flag| flag.contains("MaxDirectMemorySize=") && !flag.ends_with("=0"));
    finding = match (capped, incident.max_heap(&run.id)) {
        (true, _) => finding,
        (false, Some(heap)) if !run.flags.is_empty() => finding
            .then(Statement::new("rule.direct-memory.uncapped").with("heap", Quantity::Size(heap.bytes), heap.at)),
        _ => finding.then(Statement::new("rule.direct-memory.next")),
    };
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn direct_memory_is_told_if_it_grows_or_is_a_large_part() {
        assert_eq!(Fixture::nmt_diff(&[("Other", 30, 8)]).finding(&RULE).1, "rule.direct-memory.growing");
        assert_eq!(Fixture::nmt_diff(&[("Other", 64, 0)]).finding(&RULE).1, "rule.direct-memory");
        assert_eq!(Fixture::nmt_diff(&[("Other", 40, 7)]).check(&RULE), []);
    }
}
