//! Very many threads, or many new ones.

use super::nmt_changes::place;
use super::{Incident, Rule};
use crate::analysis::accounting::category;
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{host_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::model::kind::{ErrorKind, EventKind};
use crate::model::oom::Event;
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::ThreadCount, check };

/// Threads of a large server; more are rarely meant.
const MANY_THREADS: u64 = 1000;
/// Threads of one pool that are rarely meant.
const MANY_OF_POOL: u64 = 500;
/// Threads by which the kernel's own default of 32,768 processes and threads comes near.
const TOO_MANY: u64 = 10_000;
/// The part of all committed memory that stacks may have before they matter, as a divisor.
const PART_OF_MEMORY: u64 = 4;
/// What a stack has on 64-bit Linux and Windows where nobody sets it.
const STACK: u64 = 1024 * 1024;
/// Threads that came since the baseline.
const NEW_THREADS: i64 = 100;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let find = |run| check_run(incident, run).or_else(|| by_stacks(incident, run)).or_else(|| by_system(incident, run));
    let mut found: Vec<Finding> = incident.runs.iter().filter_map(find).collect();
    if found.is_empty() {
        found.extend(by_pool(incident));
    }
    found
}

/// By the numbers that a pool gives its threads, where the last of them did not start: as many were made, and few pools are to have so many.
fn by_pool(incident: &Incident<'_>) -> Option<Finding> {
    let of_pool = |event: &&Event| event.kind == EventKind::ThreadNotStarted && event.numbered >= Some(MANY_OF_POOL);
    let event = incident.readings.events.iter().filter(of_pool).max_by_key(|event| event.numbered)?;
    let at = event.at.get("numbered").unwrap_or_else(|| line(event.source, event.first_line));
    let count = Quantity::Count(event.numbered?);
    let claim = Statement::new("rule.thread-count.pool").with("count", count, Some(at));
    let run = incident.run_of_event(event);
    let finding = Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at)).about(run);
    Some(finding.then(Statement::new("rule.thread-count.pool.next")))
}

/// By the address space of the stacks, where a diff of NMT is cut off before the number of threads: stacks are little else.
pub fn by_stacks(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let snapshot = incident.nmt(&run.id).rfind(|snapshot| snapshot.kind.ends_with("diff"))?;
    let thread = category(snapshot, "Thread").filter(|thread| thread.threads.is_none())?;
    let (reserved, more) = (thread.reserved?, thread.reserved_delta?);
    let threads = u64::try_from(more.0).ok()? / STACK;
    if threads < NEW_THREADS.unsigned_abs() {
        return None;
    }
    let at = thread.at.get("reserved").unwrap_or_else(|| line(snapshot.source, thread.line));
    let claim = Statement::new("rule.thread-count.stacks.growing")
        .with("more", Quantity::Size(Bytes(more.0.unsigned_abs())), thread.at.get("reserved_delta").or(Some(at)))
        .with("reserved", Quantity::Size(reserved), Some(at))
        .with("count", Quantity::Count(threads / 100 * 100), None);
    let finding = Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at)).about(Some(&run.id));
    Some(finding.ask(Statement::new("rule.thread-count.next"), incident.command(Some(&run.id), Ask::ThreadsByName)))
}

/// By what the system counts of a JVM, which has no word on their memory.
fn by_system(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let counted = |host: &&HostReading| host.counts.get("threads").is_some_and(|count| *count >= MANY_THREADS);
    let host = incident.host(&run.id).rfind(counted).filter(|_| incident.is_jvm(run))?;
    let at = host.at.get("threads").unwrap_or_else(|| host_line(host));
    let count = Quantity::Count(*host.counts.get("threads")?);
    let claim = Statement::new("rule.thread-count.system").with("count", count, Some(at));
    let was_refused = incident.errors(&run.id).any(|error| error.kind == ErrorKind::NativeThread);
    let severity = severity(*host.counts.get("threads")?, was_refused);
    let finding = Finding::new(RULE.id, severity, claim, Proof::first(at)).about(Some(&run.id));
    Some(finding.ask(Statement::new("rule.thread-count.next"), incident.command(Some(&run.id), Ask::ThreadsByName)))
}

/// Many threads that do not grow in number and hold little are how some servers are built.
fn severity(count: u64, matters: bool) -> Severity {
    if matters || count >= TOO_MANY { Severity::Warning } else { Severity::Notice }
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let snapshot = incident
        .nmt(&run.id)
        .rev()
        .find(|snapshot| category(snapshot, "Thread").is_some_and(|c| c.threads.is_some()))?;
    let thread = category(snapshot, "Thread")?;
    let count = thread.threads?;
    let first = incident.nmt(&run.id).find_map(|snapshot| Some((snapshot, category(snapshot, "Thread")?.threads?)));
    let since = thread.threads_delta.or_else(|| {
        let (_, before) = first.filter(|(other, _)| !std::ptr::eq(*other, snapshot))?;
        i64::try_from(count).ok()?.checked_sub(i64::try_from(before).ok()?)
    });
    let grew = since.filter(|since| *since >= NEW_THREADS);
    if count < MANY_THREADS && grew.is_none() {
        return None;
    }
    let at = thread.at.get("threads").unwrap_or_else(|| place(snapshot, thread));
    let committed = thread.committed?;
    let reserved = thread.stack_reserved.or(thread.reserved)?;
    let stack = Bytes(reserved.0.checked_div(count)?);
    let key = if grew.is_some() { "rule.thread-count.growing" } else { "rule.thread-count" };
    let mut claim = Statement::new(key)
        .with("count", Quantity::Count(count), Some(at))
        .with("committed", Quantity::Size(committed), Some(place(snapshot, thread)))
        .with("stack", Quantity::Size(stack), None);
    if let Some(grew) = grew {
        claim = claim.with("more", Quantity::Count(grew.unsigned_abs()), thread.at.get("threads_delta").or(Some(at)));
    }
    let proof = Proof::first(at).and(Some(place(snapshot, thread)));
    let total = snapshot.total.committed.filter(|total| committed.0 >= total.0 / PART_OF_MEMORY);
    Some(
        Finding::new(RULE.id, severity(count, grew.is_some() || total.is_some()), claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(committed)))
            .ask(Statement::new("rule.thread-count.next"), incident.command(Some(&run.id), Ask::ThreadsByName)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    fn with_threads(count: u64, delta: Option<i64>) -> Fixture {
        let mut incident = Fixture::nmt_diff(&[("Thread", 60, 0)]);
        for category in incident.readings.nmt.iter_mut().flat_map(|snapshot| &mut snapshot.categories) {
            category.threads = (category.name == "Thread").then_some(count);
            category.threads_delta = delta;
        }
        incident
    }

    #[test]
    fn a_thousand_threads_or_a_hundred_new_ones_are_many() {
        assert_eq!(with_threads(1000, None).finding(&RULE).1, "rule.thread-count");
        assert_eq!(with_threads(300, Some(100)).finding(&RULE).1, "rule.thread-count.growing");
        assert_eq!(with_threads(999, Some(99)).check(&RULE), []);
    }

    #[test]
    fn threads_that_the_system_counts_are_told_where_nmt_does_not() {
        let counted = |threads: u64| {
            let mut incident = Fixture::of_one_run();
            let counts = [("threads".to_owned(), threads)].into();
            incident.readings.host.push(HostReading { run: Some("run-1".into()), counts, ..HostReading::default() });
            incident
        };
        let severity = |count| counted(count).finding(&RULE).0.severity;
        assert_eq!(counted(1000).finding(&RULE).1, "rule.thread-count.system");
        assert_eq!([severity(1000), severity(10_000)], [Severity::Notice, Severity::Warning]);
        assert_eq!(counted(999).check(&RULE), []);
    }
}
