//! The machine had no swap at a kill for the whole machine.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{first_line, kill_line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::OomScope;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::NoSwap, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let found = incident.decisive(|kill| kill.scope == OomScope::Global && kill.swap_total == Some(Bytes(0)));
    let Some((kill, victim)) = found else { return Vec::new() };
    let at = kill.at.get("swap_total").unwrap_or_else(|| first_line(kill));
    let claim = Statement::new("rule.no-swap").with("swap", Quantity::Size(Bytes(0)), Some(at));
    let proof = Proof::first(at).and(Some(kill_line(kill)));
    vec![Finding::new(RULE.id, Severity::Notice, claim, proof).about(victim.run.as_deref())]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn a_machine_without_swap_is_told() {
        assert_eq!(Fixture::swap_at_kill(OomScope::Global, 0, 0).finding(&RULE).1, "rule.no-swap");
    }

    #[test]
    fn swap_and_swap_of_which_nothing_is_said_are_no_findings() {
        assert_eq!(Fixture::swap_at_kill(OomScope::Global, 2048, 100).check(&RULE), []);
        assert_eq!(Fixture::of_one_run().kill(OomScope::Global, |_| ()).check(&RULE), []);
    }

    #[test]
    fn swap_of_the_machine_says_nothing_of_a_limit() {
        assert_eq!(Fixture::swap_at_kill(OomScope::Cgroup, 0, 0).check(&RULE), []);
    }
}
