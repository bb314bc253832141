//! Swap was used up, at a kill for the whole machine or by a reading of the machine.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{first_line, host_line, kill_line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::model::oom::OomScope;

pub static RULE: Rule = Rule { id: RuleId::SwapUsedUp, check };

/// Free swap that is as good as none, as a part of the total: the kernel keeps a few pages back.
const AS_GOOD_AS_NONE: u64 = 50;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let found = incident.decisive(|kill| {
        kill.scope == OomScope::Global
            && kill
                .swap_total
                .zip(kill.swap_free)
                .is_some_and(|(total, free)| total.0 > 0 && free.0 <= total.0 / AS_GOOD_AS_NONE)
    });
    let Some((kill, victim)) = found else { return by_host(incident).into_iter().collect() };
    let Some((total, free)) = kill.swap_total.zip(kill.swap_free) else { return Vec::new() };
    let at = kill.at.get("swap_free").unwrap_or_else(|| first_line(kill));
    let claim = Statement::new("rule.swap-used-up")
        .with("total", Quantity::Size(total), kill.at.get("swap_total"))
        .with("free", Quantity::Size(free), Some(at));
    let proof = Proof::first(at).and(kill.at.get("swap_total")).and(Some(kill_line(kill)));
    vec![
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(victim.run.as_deref())
            .explaining(Some(Quantity::Size(total))),
    ]
}

/// By the last reading of the machine that knows of swap; of a text with a kill, the kill's own figures count.
fn by_host(incident: &Incident<'_>) -> Option<Finding> {
    let of_machine = |host: &&HostReading| host.kind.tells_machine() && host.sizes.contains_key("swap_total");
    let host = incident.readings.host.iter().rev().find(of_machine)?;
    let (total, free) = (*host.sizes.get("swap_total")?, *host.sizes.get("swap_free")?);
    if total.0 == 0 || free.0 > total.0 / AS_GOOD_AS_NONE || !incident.readings.oom_kills.is_empty() {
        return None;
    }
    let at = host.at.get("swap_free").unwrap_or_else(|| host_line(host));
    let claim = Statement::new("rule.swap-used-up.host")
        .with("total", Quantity::Size(total), host.at.get("swap_total"))
        .with("free", Quantity::Size(free), Some(at));
    let proof = Proof::first(at).and(host.at.get("swap_total"));
    Some(Finding::new(RULE.id, Severity::Warning, claim, proof).explaining(Some(Quantity::Size(total))))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::kind::HostKind;

    #[test]
    fn swap_that_is_full_is_told() {
        assert_eq!(Fixture::swap_at_kill(OomScope::Global, 2048, 0).finding(&RULE).1, "rule.swap-used-up");
    }

    #[test]
    fn swap_that_the_machine_has_used_up_is_told_without_a_kill() {
        let host = |free: u64| {
            let sizes = [("swap_total".to_owned(), mib(2048)), ("swap_free".to_owned(), mib(free))].into();
            let mut incident = Fixture::of_one_run();
            incident.readings.host.push(HostReading { kind: HostKind::Free, sizes, ..HostReading::default() });
            incident
        };
        assert_eq!(host(40).finding(&RULE).1, "rule.swap-used-up.host");
        assert_eq!(host(41).check(&RULE), []);
    }

    #[test]
    fn free_swap_and_no_swap_are_no_findings() {
        assert_eq!(Fixture::swap_at_kill(OomScope::Global, 2048, 100).check(&RULE), []);
        assert_eq!(Fixture::swap_at_kill(OomScope::Global, 0, 0).check(&RULE), []);
    }

    #[test]
    fn swap_of_the_machine_says_nothing_of_a_limit() {
        assert_eq!(Fixture::swap_at_kill(OomScope::Cgroup, 2048, 0).check(&RULE), []);
    }
}
