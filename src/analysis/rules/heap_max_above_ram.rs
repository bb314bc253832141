//! The heap may grow to all the memory of the machine, or beyond it.

use super::room_outside::{Within, too_little};
use super::{Incident, Rule};
use crate::analysis::accounting::Known;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::OomScope;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::HeapMaxAboveRam, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, &run.id)).collect()
}

fn check_run(incident: &Incident<'_>, run: &str) -> Option<Finding> {
    let heap = incident.max_heap(run)?;
    let (ram, source) = match (incident.ram(Some(run)), incident.memory_seen(run)) {
        (Some(ram), _) => (ram, Source::Machine),
        (None, Some(seen)) => (seen, Source::Seen),
        (None, None) => (by_score(incident, run)?, Source::Score),
    };
    let over = heap.bytes.0.checked_sub(ram.bytes.0);
    // A smaller limit has a rule of its own.
    let left = || {
        let within = if source == Source::Seen { Within::Limit } else { Within::Machine };
        let left = too_little(incident, run, (heap.bytes, ram.bytes), within);
        left.filter(|_| incident.limit(run).is_none_or(|limit| limit.bytes >= ram.bytes))
    };
    let (key, left) = match (over, source) {
        (Some(0), Source::Machine | Source::Seen) => ("rule.heap-max-above-ram.all", None),
        (Some(_), Source::Machine) => ("rule.heap-max-above-ram", None),
        (Some(_), Source::Seen) => ("rule.heap-max-above-ram.seen", None),
        (Some(_), Source::Score) => ("rule.heap-max-above-ram.score", None),
        (None, Source::Score) => ("rule.heap-max-above-ram.score.close", Some(left()?)),
        (None, Source::Seen) => ("rule.heap-max-above-ram.seen.close", Some(left()?)),
        (None, Source::Machine) => ("rule.heap-max-above-ram.close", Some(left()?)),
    };
    let claim = Statement::new(key).with("heap", Quantity::Size(heap.bytes), heap.at).with(
        "ram",
        Quantity::Size(ram.bytes),
        ram.at,
    );
    let claim = left.into_iter().fold(claim, |claim, left| claim.with("left", Quantity::Size(left), None));
    let mut lines = [heap.at, ram.at].into_iter().flatten();
    let proof = Proof::first(lines.next()?).all(lines);
    let killed = incident.run(run).is_some_and(|run| run.killed);
    let severity = if killed { Severity::Critical } else { Severity::Warning };
    let finding = Finding::new(RULE.id, severity, claim, proof).about(Some(run));
    let finding = finding.explaining(Some(Quantity::Size(Bytes(over.unwrap_or_default()))));
    // Of a machine the rule about its kill says the same.
    let next = match source {
        Source::Seen => Statement::new("rule.heap-max-above-ram.next"),
        Source::Machine | Source::Score => {
            Statement::new("rule.machine-out-of-memory.heap").with("heap", Quantity::Size(heap.bytes), heap.at)
        }
    };
    Some(finding.then(next.with("option", incident.heap_option(run), None)))
}

/// How the memory is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// It is that of the machine.
    Machine,
    /// The JVM saw it when it started.
    Seen,
    /// By the score of a process that the kernel killed; swap counts, too.
    Score,
}

/// A smaller score is rounded too much to reckon with.
const LEAST_SCORE: i64 = 50;

/// Memory and swap of the machine that a run was killed on, by its score.
fn by_score(incident: &Incident<'_>, run: &str) -> Option<Known> {
    let mut kills = incident.kills_of(run).rev().filter(|(kill, _)| kill.scope == OomScope::Global);
    kills.find_map(|(kill, victim)| {
        let (score, at) = victim.share_of_all(kill).filter(|(score, _)| *score >= LEAST_SCORE)?;
        Some(Known { bytes: victim.all_by_score(kill, score)?, at: Some(at) })
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib, span};
    use super::*;

    fn incident(heap: u64) -> Fixture {
        Fixture::of_one_run()
            .run(|run| {
                run.max_heap = Some(mib(heap));
                run.at.put("max_heap", span(2));
            })
            .kill(OomScope::Global, |kill| kill.ram = Some(mib(1000)))
    }

    #[test]
    fn a_heap_maximum_above_the_memory_of_the_machine_is_told() {
        assert_eq!(incident(1024).finding(&RULE).1, "rule.heap-max-above-ram");
    }

    #[test]
    fn without_the_machine_the_memory_that_the_jvm_saw_counts() {
        let seen = |memory| {
            let mut incident = Fixture::of_one_run().gc_log("G1", Vec::new()).run(|run| {
                run.max_heap = Some(mib(400));
                run.at.put("max_heap", span(2));
            });
            incident.readings.gc_logs.iter_mut().for_each(|log| log.memory = Some(mib(memory)));
            incident
        };
        assert_eq!(seen(320).finding(&RULE).1, "rule.heap-max-above-ram.seen");
        assert_eq!(seen(401).finding(&RULE).1, "rule.heap-max-above-ram.seen.close");
        assert_eq!(seen(600).check(&RULE), []);
    }

    #[test]
    fn a_heap_maximum_of_all_memory_leaves_nothing_for_the_rest() {
        assert_eq!(incident(1000).finding(&RULE).1, "rule.heap-max-above-ram.all");
        assert_eq!(incident(999).finding(&RULE).1, "rule.heap-max-above-ram.close");
    }

    #[test]
    fn a_heap_maximum_that_leaves_little_of_the_machine_is_told_and_one_that_leaves_much_is_not() {
        assert_eq!(incident(880).finding(&RULE).1, "rule.heap-max-above-ram.close");
        assert_eq!(incident(840).check(&RULE), []);
        // Of a large machine even a tenth is more than a JVM needs besides.
        let large = |heap: u64| {
            let mut incident = incident(heap);
            incident.readings.oom_kills.iter_mut().for_each(|kill| kill.ram = Some(mib(64 << 10)));
            incident.check(&RULE).len()
        };
        assert_eq!([large(58 << 10), large(63 << 10)], [0, 1]);
    }

    #[test]
    fn the_score_of_a_kill_tells_the_memory_of_the_machine() {
        let killed = |heap: u64, score: i64, adjustment: i32| {
            let mut incident = incident(heap);
            for kill in &mut incident.readings.oom_kills {
                kill.ram = None;
                for victim in &mut kill.victims {
                    victim.anon_rss = Some(mib(900));
                    victim.score = Some(score);
                    victim.oom_score_adj = Some(adjustment);
                }
            }
            incident.check(&RULE).pop().map(|finding| finding.statement.key)
        };
        assert_eq!(killed(1100, 900, 0).as_deref(), Some("rule.heap-max-above-ram.score"));
        assert_eq!(killed(950, 900, 0).as_deref(), Some("rule.heap-max-above-ram.score.close"));
        assert_eq!([killed(950, 450, 0), killed(1100, 900, 300), killed(1100, 20, 0)], [None, None, None]);
    }
}
