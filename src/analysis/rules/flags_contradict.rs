//! Options of one command line that cannot all be meant: two maxima, two collectors, a share beside a size, parts larger
//! than the whole. The JVM takes one of them, silently or with a refusal to start.
//!
//! Only options as somebody wrote them are judged: `VM.flags` prints what the JVM made of them, where a size stands beside
//! the share that it was computed from.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::quantity;
use crate::model::host::HostReading;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::FlagsContradict, check };

/// Shares of the memory that a size makes void.
const SHARES: &[&str] = &["-XX:MaxRAMPercentage=", "-XX:MinRAMPercentage=", "-XX:MaxRAMFraction="];

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for host in incident.readings.host.iter().filter(|host| host.kind.quotes_command_line()) {
        let at = host.at.get("flags").unwrap_or_else(|| host_line(host));
        for (severity, claim) in contradictions(host) {
            let run = host.run.as_deref();
            let told = |known: &Finding| known.run.as_deref() == run && same(&known.statement, &claim);
            if !findings.iter().any(told) {
                let finding = Finding::new(RULE.id, severity, claim, Proof::first(at)).about(run);
                findings.push(finding.then(Statement::new("rule.flags-contradict.next")));
            }
        }
    }
    findings
}

fn same(one: &Statement, other: &Statement) -> bool {
    one.key == other.key
        && one.values.values().map(|value| &value.quantity).eq(other.values.values().map(|v| &v.quantity))
}

fn claim(key: &str, one: &str, other: &str) -> Statement {
    let word = |text: &str| Quantity::Word(text.to_owned());
    Statement::new(key).with("one", word(one), None).with("other", word(other), None)
}

fn contradictions(host: &HostReading) -> Vec<(Severity, Statement)> {
    let flags = || host.flags.iter().map(String::as_str);
    let size = |prefixes: &[&str]| {
        let of = |flag: &str| prefixes.iter().find_map(|prefix| quantity::option(flag.strip_prefix(prefix)?));
        flags().filter_map(|flag| Some((flag.to_owned(), of(flag)?))).collect::<Vec<(String, Bytes)>>()
    };
    let mut found = Vec::new();
    let maxima = size(&["-Xmx", "-XX:MaxHeapSize="]);
    let last = maxima.last();
    if let (Some(first), Some(last)) = (maxima.iter().rev().find(|(_, bytes)| Some(*bytes) != last.map(|l| l.1)), last)
    {
        found.push((Severity::Warning, claim("rule.flags-contradict.twice", &first.0, &last.0)));
    }
    let collectors: Vec<&str> = flags().filter(|flag| is_collector(flag)).collect();
    if let (Some(first), Some(other)) =
        (collectors.first(), collectors.iter().find(|flag| Some(*flag) != collectors.first()))
    {
        found.push((Severity::Warning, claim("rule.flags-contradict.collectors", first, other)));
    }
    if let Some(max) = last {
        if let Some(share) = flags().find(|flag| SHARES.iter().any(|share| flag.starts_with(share))) {
            found.push((Severity::Notice, claim("rule.flags-contradict.share", share, &max.0)));
        }
        let larger = |prefixes: &[&str], or_equal: bool| {
            let last = size(prefixes).pop()?;
            (last.1 > max.1 || or_equal && last.1 == max.1).then_some(last)
        };
        if let Some(initial) = larger(&["-Xms", "-XX:InitialHeapSize="], false) {
            found.push((Severity::Warning, claim("rule.flags-contradict.initial", &initial.0, &max.0)));
        }
        if let Some(young) = larger(&["-Xmn", "-XX:MaxNewSize=", "-XX:NewSize="], true) {
            found.push((Severity::Warning, claim("rule.flags-contradict.young", &young.0, &max.0)));
        }
    }
    found
}

/// `-XX:+UseG1GC`. `UseParNewGC` and `UseParallelOldGC` only go with another.
fn is_collector(flag: &str) -> bool {
    let name = flag.strip_prefix("-XX:+Use").and_then(|flag| flag.strip_suffix("GC"));
    matches!(name, Some("Serial" | "Parallel" | "G1" | "ConcMarkSweep" | "Z" | "Shenandoah" | "Epsilon"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::model::kind::HostKind;

    fn started(kind: HostKind, flags: &[&str]) -> Vec<String> {
        let mut incident = Fixture::of_one_run();
        incident.readings.host.push(HostReading {
            kind,
            run: Some("run-1".into()),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            first_line: 3,
            ..HostReading::default()
        });
        incident.check(&RULE).into_iter().map(|finding| finding.statement.key).collect()
    }

    #[test]
    fn options_that_cannot_all_be_meant_are_told() {
        let told = |flags: &[&str]| started(HostKind::CommandLine, flags);
        assert_eq!(told(&["-Xmx1g", "-Xmx512m"]), ["rule.flags-contradict.twice"]);
        assert_eq!(told(&["-XX:+UseG1GC", "-XX:+UseSerialGC"]), ["rule.flags-contradict.collectors"]);
        assert_eq!(told(&["-Xmx1g", "-XX:MaxRAMPercentage=75"]), ["rule.flags-contradict.share"]);
        assert_eq!(told(&["-Xms2g", "-Xmx1g"]), ["rule.flags-contradict.initial"]);
        assert_eq!(told(&["-Xmn1024m", "-Xmx1g"]), ["rule.flags-contradict.young"]);
    }

    #[test]
    fn options_that_go_together_are_not() {
        let told = |flags: &[&str]| started(HostKind::CommandLine, flags);
        assert_eq!(told(&["-Xms1g", "-Xmx1g", "-Xmn512m", "-XX:+UseG1GC"]), [""; 0]);
        assert_eq!(told(&["-Xmx1g", "-Xmx1024m"]), [""; 0], "the same twice");
        assert_eq!(told(&["-XX:+UseConcMarkSweepGC", "-XX:+UseParNewGC"]), [""; 0]);
        assert_eq!(told(&["-XX:-UseG1GC", "-XX:+UseSerialGC"]), [""; 0]);
        assert_eq!(told(&["-XX:InitialRAMPercentage=5", "-Xmx1g"]), [""; 0]);
        assert_eq!(started(HostKind::VmFlags, &["-XX:MaxHeapSize=1073741824", "-XX:MaxRAMPercentage=75"]), [""; 0]);
    }
}
