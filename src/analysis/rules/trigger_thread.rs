//! The thread that asked for the memory has a name that tells that it is a JVM's.

use super::trigger::{asked, named, notice, own_row};
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::jvm_threads::job;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::Quantity;
use crate::model::oom::{OomKill, OomScope, Trigger};

pub static RULE: Rule = Rule { id: RuleId::TriggerThread, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let told = |kill: &OomKill, trigger: &Trigger| own_row(kill, trigger).is_none() && job(&trigger.name).is_some();
    let Some(asked) = asked(incident, told) else { return Vec::new() };
    let (kill, victim, trigger) = asked;
    let Some(job) = job(&trigger.name) else { return Vec::new() };
    // The one who asks is in the group; with a single process in it, the thread is that process's.
    let only = matches!(kill.processes.as_slice(), [row] if row.pid == victim.pid) && kill.scope == OomScope::Cgroup;
    let key = if only { "rule.trigger-thread.own" } else { "rule.trigger-thread" };
    let claim = named(key, asked).with("job", Quantity::Term(job.to_owned()), trigger.at.get("name"));
    let row = kill.processes.first().filter(|_| only).map(|row| row.line);
    vec![notice(&RULE, claim, asked, row)]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn a_thread_of_a_jvm_is_decoded() {
        assert_eq!(Fixture::triggered("C2 CompilerThre", 95, &[77]).finding(&RULE).1, "rule.trigger-thread");
    }

    #[test]
    fn in_a_group_of_one_process_the_thread_is_its_own() {
        let mut incident = Fixture::triggered("GC Thread#0", 95, &[77]);
        assert_eq!(incident.finding(&RULE).1, "rule.trigger-thread");
        for kill in &mut incident.readings.oom_kills {
            kill.scope = OomScope::Cgroup;
        }
        assert_eq!(incident.finding(&RULE).1, "rule.trigger-thread.own");
    }

    #[test]
    fn a_thread_that_may_be_anybodys_is_not_told() {
        for (name, tid) in [("java", 95), ("java", 77), ("VM Thread", 77)] {
            assert_eq!(Fixture::triggered(name, tid, &[77]).check(&RULE), []);
        }
    }
}
