//! Who asked for the memory that was not there: another process than the one that was ended, or a thread whose name tells
//! that it is a JVM's.
//!
//! The kernel prints the thread's id and its name cut to 15 bytes; the process table has process ids. So another process is
//! certain only if the table has a row of that very id, and the same process only if the table of a control group has no
//! other row.

use super::incident::{first_line, kill_line, line};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::{OomKill, OomScope, Trigger, Victim};

pub static RULE: Rule = Rule { id: "victim-is-not-trigger", check: another_process };
pub static THREAD: Rule = Rule { id: "trigger-thread", check: thread };

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

/// A kill, its victim, and the thread that asked.
type Asked<'a> = (&'a OomKill, &'a Victim, &'a Trigger);

/// The decisive kill of those whose trigger is another thread than the victim's first.
fn asked<'a>(incident: &Incident<'a>, of: impl Fn(&OomKill, &Trigger) -> bool) -> Option<Asked<'a>> {
    let (kill, victim) = incident.decisive(|kill| {
        let other = |trigger: &&Trigger| trigger.tid != kill.victims.first().map(|victim| victim.pid);
        kill.scope != OomScope::Sysrq && kill.trigger.as_ref().filter(other).is_some_and(|trigger| of(kill, trigger))
    })?;
    Some((kill, victim, kill.trigger.as_ref()?))
}

fn named(key: &str, (_, victim, trigger): Asked<'_>) -> Statement {
    Statement::new(key)
        .with("trigger", Quantity::Word(trigger.name.clone()), trigger.at.get("name"))
        .with("name", Quantity::Word(victim.name.clone()), victim.at.get("name"))
        .with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"))
}

fn notice(rule: &Rule, claim: Statement, (kill, victim, trigger): Asked<'_>, row: Option<u32>) -> Finding {
    let asked = trigger.at.get("name").unwrap_or_else(|| first_line(kill));
    let proof = Proof::first(asked).and(row.map(|row| line(kill.source, row))).and(Some(kill_line(kill)));
    Finding::new(rule.id, Severity::Notice, claim, proof).about(victim.run.as_deref())
}

/// The row of the process table that has the trigger's id.
fn own_row(kill: &OomKill, trigger: &Trigger) -> Option<u32> {
    kill.processes.iter().find(|row| Some(row.pid) == trigger.tid).map(|row| row.line)
}

fn another_process(incident: &Incident<'_>) -> Vec<Finding> {
    let Some(asked) = asked(incident, |kill, trigger| own_row(kill, trigger).is_some()) else { return Vec::new() };
    let row = own_row(asked.0, asked.2);
    vec![notice(&RULE, named("rule.victim-is-not-trigger", asked), asked, row)]
}

fn thread(incident: &Incident<'_>) -> Vec<Finding> {
    let told = |kill: &OomKill, trigger: &Trigger| own_row(kill, trigger).is_none() && job(&trigger.name).is_some();
    let Some(asked) = asked(incident, told) else { return Vec::new() };
    let (kill, victim, trigger) = asked;
    let Some(job) = job(&trigger.name) else { return Vec::new() };
    // The one who asks is in the group; with a single process in it, the thread is that process's.
    let only = matches!(kill.processes.as_slice(), [row] if row.pid == victim.pid) && kill.scope == OomScope::Cgroup;
    let key = if only { "rule.trigger-thread.own" } else { "rule.trigger-thread" };
    let claim = named(key, asked).with("job", Quantity::Term(job.to_owned()), trigger.at.get("name"));
    let row = kill.processes.first().filter(|_| only).map(|row| row.line);
    vec![notice(&THREAD, claim, asked, row)]
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
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::oom::ProcessRow;

    fn incident(trigger: &str, tid: u32, rows: &[u32]) -> Fixture {
        Fixture::of_one_run().kill(OomScope::Global, |kill| {
            kill.trigger = Some(Trigger { name: trigger.into(), tid: Some(tid), ..Trigger::default() });
            let row = |pid: &u32| ProcessRow {
                pid: *pid,
                name: trigger.into(),
                rss: Some(mib(1)),
                line: 3,
                ..ProcessRow::default()
            };
            kill.processes = rows.iter().map(row).collect();
        })
    }

    #[test]
    fn another_process_of_the_table_asked_for_the_memory() {
        let (finding, key) = incident("rsyslogd", 40, &[77, 40]).finding(&RULE);
        assert_eq!(key, "rule.victim-is-not-trigger");
        assert_eq!(finding.evidence.iter().map(|evidence| evidence.line).collect::<Vec<_>>(), [1, 3, 5]);
    }

    #[test]
    fn a_thread_of_a_jvm_is_decoded() {
        assert_eq!(incident("C2 CompilerThre", 95, &[77]).finding(&THREAD).1, "rule.trigger-thread");
        assert_eq!(job("pool-1-thread-12"), Some("thread.pool"));
        assert_eq!(job("pool-keeper"), None);
        assert_eq!(job("G1 Conc#0"), Some("thread.gc"));
        assert_eq!(job("VM Threads"), None);
    }

    #[test]
    fn in_a_group_of_one_process_the_thread_is_its_own() {
        let mut incident = incident("GC Thread#0", 95, &[77]);
        assert_eq!(incident.finding(&THREAD).1, "rule.trigger-thread");
        for kill in &mut incident.readings.oom_kills {
            kill.scope = OomScope::Cgroup;
        }
        assert_eq!(incident.finding(&THREAD).1, "rule.trigger-thread.own");
    }

    #[test]
    fn a_thread_that_may_be_anybodys_is_not_told() {
        for (name, tid) in [("java", 95), ("java", 77), ("VM Thread", 77)] {
            assert_eq!(incident(name, tid, &[77]).check(&RULE), []);
            assert_eq!(incident(name, tid, &[77]).check(&THREAD), []);
        }
    }
}
