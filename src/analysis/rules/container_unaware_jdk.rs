//! A JVM that does not see the limit of its container sizes itself by the machine.
//!
//! Before 8u191 and in JDK 9 none does (JDK-8146115), and none with container support switched off. On kernels that list no memory
//! controller in `/proc/cgroups` (from 6.12 on, without control groups v1) newer ones do not either, unless they have
//! JDK-8347811 and JDK-8349988. Which updates have them is not judged here: what the JVM says of itself is, and a heap that it
//! chose and that is larger than the limit.

use super::{Incident, Rule};
use crate::analysis::addressee::is_unaware;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::model::kind::HostKind;
use crate::model::oom::OomScope;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::ContainerUnawareJdk, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_runs: Vec<Finding> = incident.runs.iter().filter_map(|run| check_run(incident, run)).collect();
    if of_runs.is_empty() { by_default(incident).into_iter().collect() } else { of_runs }
}

/// A JVM that only printed what it would do: its heap is above the limit, so it did not see it.
fn by_default(incident: &Incident<'_>) -> Option<Finding> {
    let limit = incident.only_limit()?;
    let printed =
        |host: &&HostReading| matches!(host.kind, HostKind::FlagsFinal | HostKind::PrintFlags | HostKind::VmSettings);
    let by_hand = |host: &HostReading| host.flags.iter().any(|flag| flag.starts_with("-Xmx"));
    let host = incident.readings.host.iter().rev().filter(printed).find(|host| !by_hand(host))?;
    let heap = *host.sizes.get("heap_max").filter(|heap| **heap > limit.bytes)?;
    let heap_at = host.at.get("heap_max").unwrap_or_else(|| host_line(host));
    let controller = not_found(incident);
    let key = if controller.is_some() {
        "rule.container-unaware-jdk.controller"
    } else {
        "rule.container-unaware-jdk.default"
    };
    let claim = Statement::new(key).with("heap", Quantity::Size(heap), Some(heap_at)).with(
        "limit",
        Quantity::Size(limit.bytes),
        limit.at,
    );
    let killed = incident.readings.events.iter().any(|event| event.kind.is_oomkilled())
        || incident.readings.oom_kills.iter().any(|kill| kill.scope == OomScope::Cgroup);
    let severity = if killed { Severity::Critical } else { Severity::Warning };
    let proof = Proof::first(heap_at).and(limit.at).and(controller);
    let run = host.run.as_deref().or(match incident.runs {
        [only] => Some(only.id.as_str()),
        _ => None,
    });
    Some(
        Finding::new(RULE.id, severity, claim, proof)
            .about(run)
            .explaining(Some(Quantity::Size(Bytes(heap.0.saturating_sub(limit.bytes.0)))))
            .then(Statement::new("rule.container-unaware-jdk.next")),
    )
}

/// Where a JVM says that it does not find the memory controller.
fn not_found(incident: &Incident<'_>) -> Option<Span> {
    let says = |host: &&HostReading| host.counts.get("memory_controller") == Some(&0);
    let host = incident.readings.host.iter().find(says)?;
    Some(host.at.get("memory_controller").unwrap_or_else(|| host_line(host)))
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let limit = incident.limit(&run.id)?;
    let off = run.flags.iter().find(|flag| *flag == "-XX:-UseContainerSupport");
    let old = run.jdk.as_deref().is_some_and(is_unaware);
    let controller = not_found(incident);
    // It sized itself by a memory that is not the limit.
    let seen = incident.memory_seen(&run.id).filter(|seen| seen.bytes > limit.bytes);
    // A maximum within the limit was set by hand, or the limit is as large as the machine.
    let heap = incident.max_heap(&run.id).filter(|heap| heap.bytes > limit.bytes)?;
    let far_below = incident.ram(Some(&run.id)).is_none_or(|ram| limit.bytes.0 <= ram.bytes.0 / 2);
    let by_hand = run.flags.iter().any(|flag| flag.starts_with("-Xmx"));
    if by_hand || !(controller.is_some() || seen.is_some() || (off.is_some() || old) && far_below) {
        return None;
    }
    let key = match (off, old, controller, seen) {
        (Some(_), ..) => "rule.container-unaware-jdk.off",
        (None, true, ..) => "rule.container-unaware-jdk",
        (None, false, Some(_), _) => "rule.container-unaware-jdk.controller",
        (None, false, None, _) => "rule.container-unaware-jdk.seen",
    };
    let mut claim = Statement::new(key).with("heap", Quantity::Size(heap.bytes), heap.at).with(
        "limit",
        Quantity::Size(limit.bytes),
        limit.at,
    );
    if key == "rule.container-unaware-jdk" {
        claim = claim.with("jdk", Quantity::Word(run.jdk.clone()?), run.at.get("jdk"));
    }
    if let Some(seen) = seen.filter(|_| key == "rule.container-unaware-jdk.seen") {
        claim = claim.with("seen", Quantity::Size(seen.bytes), seen.at);
    }
    let mut lines = [heap.at, limit.at, seen.and_then(|seen| seen.at), controller].into_iter().flatten();
    let proof = Proof::first(lines.next()?).all(lines);
    let over = Bytes(heap.bytes.0.saturating_sub(limit.bytes.0));
    let severity = if incident.is_oomkilled(&run.id) { Severity::Critical } else { Severity::Warning };
    Some(
        Finding::new(RULE.id, severity, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(over)))
            .then(Statement::new("rule.container-unaware-jdk.next")),
    )
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

    fn printed(heap: u64, flags: &[&str]) -> Fixture {
        let mut incident = Fixture::of_one_run().kill(OomScope::Cgroup, |kill| {
            kill.cgroup = cgroup("/docker/1", None, Some(mib(512)));
        });
        incident.readings.host.push(HostReading {
            kind: HostKind::VmSettings,
            sizes: [("heap_max".to_owned(), mib(heap))].into(),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            ..HostReading::default()
        });
        incident
    }

    #[test]
    fn a_default_heap_above_the_limit_was_chosen_without_seeing_it() {
        let (finding, key) = printed(4096, &[]).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.container-unaware-jdk.default", Severity::Critical));
        assert_eq!(printed(500, &[]).check(&RULE), []);
        assert_eq!(printed(4096, &["-Xmx4g"]).check(&RULE), []);
        let mut says = printed(4096, &[]);
        let counts = [("memory_controller".to_owned(), 0)].into();
        says.readings.host.push(HostReading { kind: HostKind::Cgroup, counts, ..HostReading::default() });
        assert_eq!(says.finding(&RULE).1, "rule.container-unaware-jdk.controller");
    }

    #[test]
    fn a_jvm_that_saw_more_memory_than_its_limit_does_not_see_it() {
        let mut seen = incident("17.0.15", 4096).gc_log("G1", vec![]);
        seen.readings.gc_logs.iter_mut().for_each(|log| log.memory = Some(mib(16_384)));
        assert_eq!(seen.finding(&RULE).1, "rule.container-unaware-jdk.seen");
        assert_eq!(seen.run(|run| run.flags = vec!["-Xmx4g".into()]).check(&RULE), []);
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
