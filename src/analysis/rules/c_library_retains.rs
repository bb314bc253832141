//! The C library keeps memory that was freed: `C-Heap outstanding allocations: …, retained: …` of `jcmd VM.info` and crash files, and
//! what `jcmd System.trim_native_heap` made it give back.

use super::{Incident, Rule};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::kind::HostKind;
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::CLibraryRetains, check };

/// Retained memory worth telling …
const LEAST: Bytes = Bytes(64 << 20);
/// … if it is also this part, in hundredths, of what the C library holds in all.
const PART: u64 = 25;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    given_back(incident, run).or_else(|| retained(incident, run))
}

/// What it had kept is what it gave back when it was asked to.
fn given_back(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let host = incident.host(&run.id).rev().find(|host| host.kind == HostKind::TrimNativeHeap)?;
    let (before, after) = (*host.sizes.get("rss_swap_before")?, *host.sizes.get("rss_swap_after")?);
    let freed = Bytes(before.0.checked_sub(after.0)?);
    if freed < LEAST || u128::from(freed.0) * 100 < u128::from(before.0) * u128::from(PART) {
        return None;
    }
    let at = host.at.get("rss_swap_before").unwrap_or_else(|| host_line(host));
    let claim = Statement::new("rule.c-library-retains.trimmed")
        .with("freed", Quantity::Size(freed), Some(at))
        .with("before", Quantity::Size(before), Some(at))
        .with("after", Quantity::Size(after), host.at.get("rss_swap_after"));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at))
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(freed)))
            .then(Statement::new("rule.c-library-retains.trimmed.next")),
    )
}

fn retained(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let host = incident.host(&run.id).rev().find(|host| host.sizes.contains_key("c_heap_retained"))?;
    let (used, retained) = (*host.sizes.get("c_heap")?, *host.sizes.get("c_heap_retained")?);
    if retained < LEAST || u128::from(retained.0) * 100 < u128::from(used.plus(retained).0) * u128::from(PART) {
        return None;
    }
    let at = host.at.get("c_heap_retained").unwrap_or_else(|| host_line(host));
    let claim = Statement::new("rule.c-library-retains").with("retained", Quantity::Size(retained), Some(at)).with(
        "used",
        Quantity::Size(used),
        host.at.get("c_heap"),
    );
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at))
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(retained)))
            .ask(Statement::new("rule.c-library-retains.next"), incident.command(Some(&run.id), Ask::TrimNativeHeap)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::host::HostReading;

    #[test]
    fn memory_that_the_c_library_keeps_is_told_where_it_is_much() {
        let with = |used: u64, retained: u64| {
            let sizes = [("c_heap".to_owned(), mib(used)), ("c_heap_retained".to_owned(), mib(retained))].into();
            let mut incident = Fixture::of_one_run();
            incident.readings.host.push(HostReading {
                kind: HostKind::VmInfo,
                run: Some("run-1".into()),
                sizes,
                ..HostReading::default()
            });
            incident
        };
        assert_eq!(with(45, 2055).finding(&RULE).1, "rule.c-library-retains");
        assert_eq!(with(45, 63).check(&RULE), []);
        assert_eq!(with(400, 100).check(&RULE), []);
    }
    #[test]
    fn what_it_gave_back_when_it_was_asked_is_what_it_had_kept() {
        let with = |after: u64| {
            let sizes = [("rss_swap_before".to_owned(), mib(5832)), ("rss_swap_after".to_owned(), mib(after))].into();
            let mut incident = Fixture::of_one_run();
            incident.readings.host.push(HostReading {
                kind: HostKind::TrimNativeHeap,
                run: Some("run-1".into()),
                sizes,
                ..HostReading::default()
            });
            incident
        };
        assert_eq!(with(2410).finding(&RULE).1, "rule.c-library-retains.trimmed");
        assert_eq!(with(5000).check(&RULE), []);
    }
}
