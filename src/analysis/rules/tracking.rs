//! What the evidence itself lacks: tracking that was off, counters that stand still, a heap size that nobody chose.

use super::incident::{host_line, line};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::source::Span;

pub static NMT_OFF: Rule = Rule { id: "nmt-not-enabled", check: nmt_off };
pub static STILL: Rule = Rule { id: "counters-do-not-move", check: still };
pub static DEFAULT_HEAP: Rule = Rule { id: "default-heap-in-force", check: default_heap };

/// Samples that show that nothing moves.
const SAMPLES: usize = 3;

fn nmt_off(incident: &Incident<'_>) -> Vec<Finding> {
    let Some(event) = incident.readings.events.iter().find(|event| event.kind == "nmt-not-enabled") else {
        return Vec::new();
    };
    let at = line(event.source, event.first_line);
    let claim = Statement::new("rule.nmt-not-enabled");
    let finding = Finding::new(NMT_OFF.id, Severity::Notice, claim, Proof::first(at)).about(event.run.as_deref());
    let option = Quantity::Word("-XX:NativeMemoryTracking=summary".into());
    vec![finding.then(Statement::new("rule.nmt-not-enabled.next").with("command", option, None))]
}

fn still(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in incident.readings.jstat.iter().filter_map(|table| still_table(incident, table)) {
        // Several tables of one process tell the same.
        let same = |known: &&mut Finding| known.run == finding.run && known.statement.key == finding.statement.key;
        match findings.iter_mut().find(same) {
            Some(known) if count_of(known) >= count_of(&finding) => {
                known.evidence = known.evidence.clone().all(lines_of(&finding));
            }
            Some(known) => *known = Finding { evidence: finding.evidence.clone().all(lines_of(known)), ..finding },
            None => findings.push(finding),
        }
    }
    findings
}

fn count_of(finding: &Finding) -> u64 {
    match finding.statement.values.get("count").map(|value| &value.quantity) {
        Some(Quantity::Count(count)) => *count,
        _ => 0,
    }
}

fn lines_of(finding: &Finding) -> Vec<Span> {
    finding.evidence.iter().map(|evidence| line(evidence.source, evidence.line)).collect()
}

/// Only where what is in use is sampled: capacities stand still in the busiest of servers.
fn still_table(incident: &Incident<'_>, table: &JstatTable) -> Option<Finding> {
    let samples_use = ["EU", "E", "OU", "O"].iter().any(|name| table.column(name).is_some());
    if !samples_use {
        return None;
    }
    let moved = (1..table.rows).any(|row| !accounting::same_but_time(table, row - 1, row));
    let at = |row: usize| table.lines.get(row).map(|number| line(table.source, *number));
    let last = table.rows.checked_sub(1)?;
    let (key, from) = if moved {
        let alive = accounting::rows_alive(table);
        let killed = incident.run(&table.run).is_some_and(|run| run.killed);
        let key = if killed { "rule.counters-do-not-move.dead" } else { "rule.counters-do-not-move.tail" };
        (key, alive.checked_sub(1)?)
    } else if table.pid.is_some() {
        ("rule.counters-do-not-move.pid", 0)
    } else {
        ("rule.counters-do-not-move", 0)
    };
    let count = table.rows.checked_sub(from)?;
    if count < SAMPLES {
        return None;
    }
    let mut claim = Statement::new(key).with("count", Quantity::Count(count as u64), at(from));
    if !moved && let Some(pid) = table.pid {
        claim = claim.with("pid", Quantity::Number(u64::from(pid)), table.at.get("pid"));
    }
    let proof = Proof::first(at(from)?).and(at(last));
    Some(Finding::new(STILL.id, Severity::Notice, claim, proof).about(Some(&table.run)))
}

fn default_heap(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| default_heap_of(incident, run)).collect()
}

/// Only a command line that is there as a whole shows that an option is not in it.
fn default_heap_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let lines = || {
        let whole = |host: &&HostReading| host.kind == "command-line" && host.run.as_deref() == Some(run.id.as_str());
        incident.readings.host.iter().filter(whole)
    };
    let given = |flag: &String| {
        ["-Xmx", "-mx", "-XX:MaxHeapSize=", "-XX:MaxRAM", "-XX:Flags=", "-XX:VMOptionsFile=", "@"]
            .iter()
            .any(|option| flag.starts_with(option))
    };
    let host = lines().next()?;
    if lines().any(|host| host.flags.iter().any(given)) {
        return None;
    }
    let at = host_line(host);
    let (heap, ram) = (incident.max_heap(&run.id), incident.limit(&run.id).or_else(|| incident.ram(Some(&run.id))));
    let key = match (heap, ram) {
        (Some(_), Some(_)) => "rule.default-heap-in-force.of",
        (Some(_), None) => "rule.default-heap-in-force.heap",
        _ => "rule.default-heap-in-force",
    };
    let mut claim = Statement::new(key);
    let mut proof = Proof::first(at);
    if let Some(heap) = heap {
        claim = claim.with("heap", Quantity::Size(heap.bytes), heap.at);
        proof = proof.and(heap.at);
        if let Some(ram) = ram {
            claim = claim.with("ram", Quantity::Size(ram.bytes), ram.at);
            proof = proof.and(ram.at);
        }
    }
    Some(Finding::new(DEFAULT_HEAP.id, Severity::Notice, claim, proof).about(Some(&run.id)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::oom::Event;

    #[test]
    fn tracking_that_is_off_is_told_with_the_option_to_add() {
        let mut incident = Fixture::of_one_run();
        assert_eq!(incident.check(&NMT_OFF), []);
        incident.readings.events.push(Event { kind: "nmt-not-enabled".into(), first_line: 3, ..Event::default() });
        assert_eq!(incident.finding(&NMT_OFF).0.next.len(), 1);
    }

    #[test]
    fn three_equal_samples_give_no_rate() {
        let rows = |used: &[i64]| Fixture::of_one_run().jstat(Some("G1"), &[("OU", 1, used)]);
        assert_eq!(rows(&[5, 5, 5]).finding(&STILL).1, "rule.counters-do-not-move.pid");
        assert_eq!(rows(&[1, 2, 5, 5, 5]).finding(&STILL).1, "rule.counters-do-not-move.tail");
        assert_eq!(
            rows(&[1, 2, 5, 5, 5]).run(|run| run.killed = true).finding(&STILL).1,
            "rule.counters-do-not-move.dead"
        );
        assert_eq!(rows(&[5, 5]).check(&STILL), []);
        assert_eq!(rows(&[5, 5, 5, 6]).check(&STILL), []);
    }

    #[test]
    fn capacities_may_stand_still() {
        assert_eq!(Fixture::of_one_run().jstat(None, &[("OC", 1, &[5, 5, 5])]).check(&STILL), []);
    }

    fn started(flags: &[&str]) -> Fixture {
        let mut incident = Fixture::of_one_run().run(|run| run.max_heap = Some(mib(64)));
        incident.readings.host.push(HostReading {
            kind: "command-line".into(),
            run: Some("run-1".into()),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            ..HostReading::default()
        });
        incident
    }

    #[test]
    fn a_command_line_without_a_heap_size_leaves_the_default() {
        assert_eq!(started(&["-XX:+UseG1GC"]).finding(&DEFAULT_HEAP).1, "rule.default-heap-in-force.heap");
        assert_eq!(started(&["-Xmx1g"]).check(&DEFAULT_HEAP), []);
        assert_eq!(started(&["-XX:MaxRAMPercentage=75.0"]).check(&DEFAULT_HEAP), []);
        assert_eq!(Fixture::of_one_run().check(&DEFAULT_HEAP), []);
    }
}
