//! A heap size that nobody chose.

use super::{Incident, Rule};
use crate::analysis::addressee::{Addressee, Vendor};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::sizing::{default_heap, default_heap_of_openj9};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::java::JavaError;
use crate::model::kind::HostKind;
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::DefaultHeapInForce, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).chain(by_limit(incident)).collect()
}

/// A heap that was full in a container whose limit is known, while no option of the input sets a heap.
fn by_limit(incident: &Incident<'_>) -> Option<Finding> {
    let of_heap = |error: &&JavaError| error.kind.is_of_heap() && !error.told;
    let error = incident.readings.java_errors.iter().rev().find(of_heap)?;
    let told = |run: &Run| run.max_heap.is_some() || !run.flags.is_empty();
    let limit = incident.only_limit().filter(|_| !incident.runs.iter().any(told))?;
    let own = Addressee::of(incident, incident.run_of_error(error));
    // Its default is a part of the machine's memory.
    if own.unaware {
        return None;
    }
    let heap = match own.vendor {
        Vendor::HotSpot => default_heap(limit.bytes),
        Vendor::OpenJ9 => default_heap_of_openj9(limit.bytes, true),
    };
    let claim = Statement::new("rule.default-heap-in-force.limit").with("heap", Quantity::Size(heap), None).with(
        "limit",
        Quantity::Size(limit.bytes),
        limit.at,
    );
    let finding = Finding::new(RULE.id, Severity::Warning, claim, Proof::first(limit.at?));
    Some(finding.about(incident.run_of_error(error)).then(Statement::new("rule.default-heap-in-force.limit.next")))
}

/// Only a command line that is there as a whole shows that an option is not in it.
fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let lines = || incident.host(&run.id).filter(|host| host.kind == HostKind::CommandLine);
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
    let heap = incident.max_heap(&run.id);
    // The default is a part of what the JVM saw, whatever there was besides.
    let seen = incident.memory_seen(&run.id);
    let ram = seen.or_else(|| incident.limit(&run.id)).or_else(|| incident.ram(Some(&run.id)));
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
    Some(Finding::new(RULE.id, Severity::Notice, claim, proof).about(Some(&run.id)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::oom::OomScope;

    fn started(flags: &[&str]) -> Fixture {
        let mut incident = Fixture::of_one_run().run(|run| run.max_heap = Some(mib(64)));
        incident.readings.host.push(HostReading {
            kind: HostKind::CommandLine,
            run: Some("run-1".into()),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            ..HostReading::default()
        });
        incident
    }

    #[test]
    fn a_command_line_without_a_heap_size_leaves_the_default() {
        assert_eq!(started(&["-XX:+UseG1GC"]).finding(&RULE).1, "rule.default-heap-in-force.heap");
        assert_eq!(started(&["-Xmx1g"]).check(&RULE), []);
        assert_eq!(started(&["-XX:MaxRAMPercentage=75.0"]).check(&RULE), []);
        assert_eq!(Fixture::of_one_run().check(&RULE), []);
    }

    #[test]
    fn the_memory_that_the_jvm_saw_goes_before_that_of_the_machine() {
        let mut incident = started(&[]).kill(OomScope::Global, |kill| kill.ram = Some(mib(1000))).gc_log("G1", vec![]);
        let told = |incident: &Fixture| {
            let (finding, key) = incident.finding(&RULE);
            assert_eq!(key, "rule.default-heap-in-force.of");
            finding.statement.values.get("ram").map(|value| value.quantity.clone())
        };
        assert_eq!(told(&incident), Some(Quantity::Size(mib(1000))));
        incident.readings.gc_logs.iter_mut().for_each(|log| log.memory = Some(mib(256)));
        assert_eq!(told(&incident), Some(Quantity::Size(mib(256))));
    }
}
