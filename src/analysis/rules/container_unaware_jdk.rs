//! A JDK that does not know of container limits sizes itself by the machine: before 8u191, JDK 9, or with container support
//! switched off. Source: JDK-8146115, backported to 8u191.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::ContainerUnawareJdk, check };

/// First update of JDK 8 that reads the limits.
const AWARE_8: u32 = 191;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let limit = incident.limit(&run.id)?;
    let off = run.flags.iter().find(|flag| *flag == "-XX:-UseContainerSupport");
    let old = run.jdk.as_deref().is_some_and(is_unaware);
    // A maximum within the limit was set by hand, or the limit is as large as the machine.
    let heap = incident.max_heap(&run.id).filter(|heap| heap.bytes > limit.bytes)?;
    let far_below = incident.ram(Some(&run.id)).is_none_or(|ram| limit.bytes.0 <= ram.bytes.0 / 2);
    let by_hand = run.flags.iter().any(|flag| flag.starts_with("-Xmx"));
    if (off.is_none() && !old) || !far_below || by_hand {
        return None;
    }
    let key = if off.is_some() { "rule.container-unaware-jdk.off" } else { "rule.container-unaware-jdk" };
    let mut claim = Statement::new(key).with("heap", Quantity::Size(heap.bytes), heap.at).with(
        "limit",
        Quantity::Size(limit.bytes),
        limit.at,
    );
    if off.is_none() {
        claim = claim.with("jdk", Quantity::Word(run.jdk.clone()?), run.at.get("jdk"));
    }
    let mut lines = [heap.at, limit.at].into_iter().flatten();
    let proof = Proof::first(lines.next()?).all(lines);
    let over = Bytes(heap.bytes.0.saturating_sub(limit.bytes.0));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(over)))
            .then(Statement::new("rule.container-unaware-jdk.next")),
    )
}

/// Certain only: `1.8.0_131-b11`, `8u131`, `25.131-b11` (HotSpot's own number), `9.0.4`.
fn is_unaware(jdk: &str) -> bool {
    let numbers: Vec<u32> = jdk
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let old_update = |update: u32| update < AWARE_8;
    match (jdk, numbers.as_slice()) {
        (jdk, [1, 8, 0, update, ..]) if jdk.starts_with("1.8.0_") => old_update(*update),
        (jdk, [8, update, ..]) if jdk.starts_with("8u") => old_update(*update),
        // HotSpot 25 is that of JDK 8; JDK 25 has no build of two parts.
        (jdk, [25, update, ..]) if *update >= 20 && jdk.contains("-b") => old_update(*update),
        (jdk, [9, ..]) => jdk.starts_with("9.") || jdk.starts_with("9+"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib, span};
    use super::*;
    use crate::model::oom::OomScope;

    fn incident(jdk: &str, heap: u64) -> Fixture {
        Fixture::of_one_run()
            .run(|run| {
                run.jdk = Some(jdk.into());
                run.max_heap = Some(mib(heap));
                run.at.put("max_heap", span(2));
            })
            .kill(OomScope::Cgroup, |kill| {
                kill.ram = Some(mib(16_384));
                kill.cgroup = cgroup("/docker/1", None, Some(mib(512)));
            })
    }

    #[test]
    fn an_old_jdk_with_a_heap_sized_by_the_machine_is_told() {
        assert_eq!(incident("1.8.0_131-b11", 4096).finding(&RULE).1, "rule.container-unaware-jdk");
        assert_eq!(incident("9.0.4+11", 4096).finding(&RULE).1, "rule.container-unaware-jdk");
        let off = incident("17.0.15", 4096).run(|run| run.flags = vec!["-XX:-UseContainerSupport".into()]);
        assert_eq!(off.finding(&RULE).1, "rule.container-unaware-jdk.off");
    }

    #[test]
    fn a_jdk_that_knows_limits_or_a_heap_set_by_hand_is_not() {
        for jdk in ["1.8.0_191-b12", "25.252-b09", "17.0.15", "25.0.3+9-LTS", "7-10", "8-9"] {
            assert_eq!(incident(jdk, 4096).check(&RULE), [], "{jdk}");
        }
        assert_eq!(incident("1.8.0_131-b11", 400).check(&RULE), []);
        let by_hand = incident("1.8.0_131-b11", 4096).run(|run| run.flags = vec!["-Xmx4g".into()]);
        assert_eq!(by_hand.check(&RULE), []);
    }
}
