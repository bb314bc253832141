//! Another process than the one that was ended asked for the memory.

use super::trigger::{asked, named, notice, own_row};
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;

pub static RULE: Rule = Rule { id: RuleId::VictimIsNotTrigger, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let Some(asked) = asked(incident, |kill, trigger| own_row(kill, trigger).is_some()) else { return Vec::new() };
    let row = own_row(asked.0, asked.2);
    vec![notice(&RULE, named("rule.victim-is-not-trigger", asked), asked, row)]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn another_process_of_the_table_asked_for_the_memory() {
        let (finding, key) = Fixture::triggered("rsyslogd", 40, &[77, 40]).finding(&RULE);
        assert_eq!(key, "rule.victim-is-not-trigger");
        assert_eq!(finding.evidence.iter().map(|evidence| evidence.line).collect::<Vec<_>>(), [1, 3, 5]);
    }

    #[test]
    fn a_thread_is_no_other_process() {
        for (name, tid) in [("java", 95), ("java", 77), ("VM Thread", 77)] {
            assert_eq!(Fixture::triggered(name, tid, &[77]).check(&RULE), []);
        }
    }
}
