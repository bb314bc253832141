//! The heap may grow to all the memory of the machine, or beyond it.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::HeapMaxAboveRam, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, &run.id)).collect()
}

fn check_run(incident: &Incident<'_>, run: &str) -> Option<Finding> {
    let heap = incident.max_heap(run)?;
    let (ram, key) = match incident.ram(Some(run)) {
        Some(ram) => (ram, "rule.heap-max-above-ram"),
        None => (incident.memory_seen(run)?, "rule.heap-max-above-ram.seen"),
    };
    let over = heap.bytes.0.checked_sub(ram.bytes.0)?;
    let key = if over == 0 { "rule.heap-max-above-ram.all" } else { key };
    let claim = Statement::new(key).with("heap", Quantity::Size(heap.bytes), heap.at).with(
        "ram",
        Quantity::Size(ram.bytes),
        ram.at,
    );
    let mut lines = [heap.at, ram.at].into_iter().flatten();
    let proof = Proof::first(lines.next()?).all(lines);
    let killed = incident.run(run).is_some_and(|run| run.killed);
    let severity = if killed { Severity::Critical } else { Severity::Warning };
    let finding = Finding::new(RULE.id, severity, claim, proof).about(Some(run));
    let finding = finding.explaining(Some(Quantity::Size(Bytes(over))));
    Some(finding.then(Statement::new("rule.heap-max-above-ram.next")))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib, span};
    use super::*;
    use crate::model::oom::OomScope;

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
        assert_eq!(seen(401).check(&RULE), []);
    }

    #[test]
    fn a_heap_maximum_of_all_memory_leaves_nothing_for_the_rest() {
        assert_eq!(incident(1000).finding(&RULE).1, "rule.heap-max-above-ram.all");
        assert_eq!(incident(999).check(&RULE), []);
    }
}
