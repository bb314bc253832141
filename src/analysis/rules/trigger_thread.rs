//! The thread that asked for the memory has a name that tells that it is a JVM's.

use super::trigger::{asked, named, notice, own_row};
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::statement::Quantity;
use crate::model::oom::{OomKill, OomScope, Trigger};

pub static RULE: Rule = Rule { id: "trigger-thread", check };

/// Names of threads that only a JVM has, cut as the kernel cuts them, and what they do (catalogue keys). A name that ends
/// with `*` here is a beginning. Source: OpenJDK and OpenJ9, thread names.
const THREADS: &[(&str, &str)] = &[
    ("C1 CompilerThre*", "thread.compiler"),
    ("C2 CompilerThre*", "thread.compiler"),
    ("JIT Compilation*", "thread.compiler"),
    ("Common-Cleaner", "thread.java"),
    ("Finalizer", "thread.java"),
    ("ForkJoinPool*", "thread.pool"),
    ("G1 *", "thread.gc"),
    ("GC Slave", "thread.gc"),
    ("GC Thread#*", "thread.gc"),
    ("GC task thread#*", "thread.gc"),
    ("Gang worker#*", "thread.gc"),
    ("ParGC Thread#*", "thread.gc"),
    ("Reference Handl*", "thread.java"),
    ("Service Thread", "thread.vm"),
    ("Shenandoah*", "thread.gc"),
    ("Signal Dispatch*", "thread.vm"),
    ("VM Periodic Tas*", "thread.vm"),
    ("VM Thread", "thread.vm"),
    ("XDirector", "thread.gc"),
    ("XDriver*", "thread.gc"),
    ("XWorker*", "thread.gc"),
    ("ZDirector", "thread.gc"),
    ("ZDriver*", "thread.gc"),
    ("ZWorker*", "thread.gc"),
    ("http-nio-*", "thread.http"),
    ("https-jsse-*", "thread.http"),
    ("pool-*-thread-*", "thread.pool"),
];

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

/// True for the name of a Java launcher, or of a thread that only a JVM has.
pub(super) fn names_a_jvm(name: &str) -> bool {
    matches!(name, "java" | "javaw" | "jsvc") || job(name).is_some()
}

/// What a thread of that name does in a JVM.
fn job(name: &str) -> Option<&'static str> {
    let matches = |pattern: &str| {
        let mut parts = pattern.split('*');
        let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
        if !pattern.contains('*') {
            return rest.is_empty();
        }
        for part in parts {
            match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        true
    };
    THREADS.iter().find(|(pattern, _)| matches(pattern)).map(|(_, job)| *job)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn a_thread_of_a_jvm_is_decoded() {
        assert_eq!(Fixture::triggered("C2 CompilerThre", 95, &[77]).finding(&RULE).1, "rule.trigger-thread");
        assert_eq!(job("pool-1-thread-12"), Some("thread.pool"));
        assert_eq!(job("pool-keeper"), None);
        assert_eq!(job("G1 Conc#0"), Some("thread.gc"));
        assert_eq!(job("VM Threads"), None);
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
