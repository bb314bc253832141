//! The Serial collector that nobody chose: a JVM takes it on machines and in containers with fewer than two processors or
//! less than 1792 MiB. Source: OpenJDK, `os::is_server_class_machine` (2 GiB less 256 MiB that firmware may keep). From JDK 27 on
//! it takes G1 everywhere (JEP 523).

use super::{Incident, Rule};
use crate::analysis::addressee::Addressee;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::GcLog;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::CollectorByMachineSize, check };

/// Processors from which a machine is a server …
const PROCESSORS: u32 = 2;
/// … with at least this much memory.
pub(crate) const MEMORY: Bytes = Bytes(1792 << 20);

/// The first release that takes G1 whatever the machine is.
pub(crate) const G1_EVERYWHERE: u32 = 27;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.readings.gc_logs.iter().filter_map(|log| check_log(incident, log)).collect()
}

fn check_log(incident: &Incident<'_>, log: &GcLog) -> Option<Finding> {
    if log.collector.as_deref() != Some("Serial") {
        return None;
    }
    let run = incident.run(&log.run);
    let chosen = |flag: &String| flag.starts_with("-XX:+Use") && flag.ends_with("GC");
    if run.is_some_and(|run| run.flags.iter().any(chosen)) || log.flags.iter().any(chosen) {
        return None;
    }
    if Addressee::of(incident, Some(&log.run)).jdk.0 >= G1_EVERYWHERE {
        return None;
    }
    let few = log.cpus.filter(|cpus| *cpus < PROCESSORS).zip(log.at.get("cpus"));
    let little = log.memory.filter(|memory| *memory < MEMORY).zip(log.at.get("memory"));
    let (claim, at) = match (few, little) {
        (Some((cpus, at)), _) => {
            let count = Quantity::Count(u64::from(cpus));
            (Statement::new("rule.collector-by-machine-size.processors").with("count", count, Some(at)), at)
        }
        (None, Some((memory, at))) => {
            let size = Quantity::Size(memory);
            (Statement::new("rule.collector-by-machine-size").with("memory", size, Some(at)), at)
        }
        (None, None) => return None,
    };
    Some(
        Finding::new(RULE.id, Severity::Notice, claim, Proof::first(at).and(log.at.get("collector")))
            .about(Some(&log.run)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib, span};
    use super::*;

    fn log(collector: &str, cpus: u32, memory: u64) -> Fixture {
        let mut incident = Fixture::of_one_run().gc_log(collector, Vec::new());
        for log in &mut incident.readings.gc_logs {
            (log.cpus, log.memory) = (Some(cpus), Some(mib(memory)));
            log.at.put("cpus", span(3));
            log.at.put("memory", span(4));
        }
        incident
    }

    #[test]
    fn serial_on_a_small_machine_is_told() {
        assert_eq!(log("Serial", 1, 4096).finding(&RULE).1, "rule.collector-by-machine-size.processors");
        assert_eq!(log("Serial", 2, 1791).finding(&RULE).1, "rule.collector-by-machine-size");
    }

    #[test]
    fn serial_on_a_server_or_by_option_is_not() {
        assert_eq!(log("Serial", 2, 1792).check(&RULE), []);
        assert_eq!(log("G1", 1, 500).check(&RULE), []);
        let chosen = log("Serial", 1, 500).run(|run| run.flags = vec!["-XX:+UseSerialGC".into()]);
        assert_eq!(chosen.check(&RULE), []);
        let of = |jdk: &str| log("Serial", 1, 500).run(|run| run.jdk = Some(jdk.into()));
        assert_eq!(of("27").check(&RULE), [], "there it takes G1");
        assert_eq!(of("26.0.1").finding(&RULE).1, "rule.collector-by-machine-size.processors");
    }
}
