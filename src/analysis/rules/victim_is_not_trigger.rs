//! Who asked for the memory that was not there: another process than the one that was ended, or a thread of a JVM that its
//! name tells.
//!
//! The kernel prints the thread's id and its name cut to 15 bytes; the process table has process ids. So another process is
//! certain only if the table has a row of that very id.

use super::incident::{first_line, kill_line, line};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::{OomKill, OomScope, Trigger, Victim};

pub static RULE: Rule = Rule { id: "victim-is-not-trigger", check };

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
    let told = incident.decisive(|kill| {
        kill.scope != OomScope::Sysrq
            && kill.victims.first().is_some_and(|victim| {
                kill.trigger.as_ref().is_some_and(|trigger| claim(kill, trigger, victim).is_some())
            })
    });
    let Some((kill, victim)) = told else { return Vec::new() };
    let Some((trigger, (statement, row))) =
        kill.trigger.as_ref().and_then(|trigger| Some((trigger, claim(kill, trigger, victim)?)))
    else {
        return Vec::new();
    };
    let asked = trigger.at.get("name").unwrap_or_else(|| first_line(kill));
    let proof = Proof::first(asked).and(row.map(|row| line(kill.source, row))).and(Some(kill_line(kill)));
    vec![Finding::new(RULE.id, Severity::Notice, statement, proof).about(victim.run.as_deref())]
}

/// What can be said for certain, and the row of the process table that shows it.
fn claim(kill: &OomKill, trigger: &Trigger, victim: &Victim) -> Option<(Statement, Option<u32>)> {
    let at = trigger.at.get("name");
    let named = |key: &str| {
        Statement::new(key)
            .with("trigger", Quantity::Word(trigger.name.clone()), at)
            .with("name", Quantity::Word(victim.name.clone()), victim.at.get("name"))
            .with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"))
    };
    let tid = trigger.tid?;
    if tid == victim.pid {
        return None;
    }
    if let Some(row) = kill.processes.iter().find(|row| row.pid == tid) {
        return Some((named("rule.victim-is-not-trigger"), Some(row.line)));
    }
    let job = job(&trigger.name)?;
    let statement = named("rule.victim-is-not-trigger.thread").with("job", Quantity::Term(job.to_owned()), at);
    Some((statement, None))
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
        assert_eq!(incident("C2 CompilerThre", 95, &[77]).finding(&RULE).1, "rule.victim-is-not-trigger.thread");
        assert_eq!(job("pool-1-thread-12"), Some("thread.pool"));
        assert_eq!(job("pool-keeper"), None);
        assert_eq!(job("G1 Conc#0"), Some("thread.gc"));
        assert_eq!(job("VM Threads"), None);
    }

    #[test]
    fn a_thread_that_may_be_anybodys_is_not_told() {
        assert_eq!(incident("java", 95, &[77]).check(&RULE), []);
        assert_eq!(incident("java", 77, &[77]).check(&RULE), []);
    }
}
