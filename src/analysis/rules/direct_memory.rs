//! Direct memory that grows or is a large part of a JVM.

use super::nmt_changes::{AREA_LEAST, Changes, place, size};
use super::{Incident, Rule};
use crate::analysis::accounting::category;
use crate::analysis::addressee::Addressee;
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

/// Releases until this have direct buffers in `Internal`.
const LAST_INTERNAL: u32 = 10;

/// `Other` of JDK 11 and newer is mostly direct buffers; older JDKs have them in `Internal`, with much else.
fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let snapshot = incident.nmt(&run.id).next_back()?;
    let is_old = || Addressee::of(incident, Some(&run.id)).jdk.1 <= LAST_INTERNAL;
    let old = || category(snapshot, "Internal").filter(|_| is_old()).map(|area| (area, "Internal"));
    let (other, name) = category(snapshot, "Other").map(|area| (area, "Other")).or_else(old)?;
    let committed = other.committed?;
    let delta = Changes::of(incident, run).and_then(|changes| Some(changes.of_areas(&[name])?.1));
    let grew = delta.filter(|delta| *delta >= AREA_LEAST);
    let much = committed >= MUCH_DIRECT && committed.0 >= snapshot.total.committed?.0 / 4;
    if grew.is_none() && !much {
        return None;
    }
    let at = place(snapshot, other);
    let key = match (name, grew) {
        ("Internal", Some(_)) => "rule.direct-memory.internal.growing",
        ("Internal", None) => "rule.direct-memory.internal",
        (_, Some(_)) => "rule.direct-memory.growing",
        (_, None) => "rule.direct-memory",
    };
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

    #[test]
    fn until_jdk_10_it_is_in_internal() {
        let of = |jdk: &str| Fixture::nmt_diff(&[("Internal", 64, 0)]).run(|run| run.jdk = Some(jdk.into()));
        assert_eq!(of("7-10").finding(&RULE).1, "rule.direct-memory.internal");
        assert_eq!(of("11+").check(&RULE), []);
    }
}
