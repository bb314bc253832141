//! A metaspace with a maximum is nearly used up.

use super::class_room::{Fill, by_reading, finding, nearly_full};
use super::incident::{host_line, line};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::formats::quantity;
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::MetaspaceNearlyFull, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let fill = by_reading(incident, run, "metaspace_used", "metaspace_max")
            .filter(nearly_full)
            .or_else(|| by_rows(incident, run).filter(nearly_full))?;
        Some(finding(incident, &RULE, "rule.metaspace-nearly-full", run, fill))
    };
    incident.runs.iter().filter_map(of_run).collect()
}

/// `MU` of the last row against `-XX:MaxMetaspaceSize`.
fn by_rows(incident: &Incident<'_>, run: &Run) -> Option<Fill> {
    let room = run.flags.iter().rev().find_map(|flag| quantity::option(flag.strip_prefix("-XX:MaxMetaspaceSize=")?))?;
    let with_flag = |flags: &[String]| flags.iter().any(|flag| flag.starts_with("-XX:MaxMetaspaceSize="));
    let host = incident.host(&run.id).find(|host| with_flag(&host.flags));
    incident.jstat(&run.id).rev().find_map(|table| {
        let last = table.rows.checked_sub(1)?;
        let at = line(table.source, table.lines.get(last).copied()?);
        let used = accounting::cell(table, "MU", last)?;
        Some((used, at, room, host.map(|host| host.at.get("flags").unwrap_or_else(|| host_line(host)))))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::kind::HostKind;
    use crate::units::Bytes;

    fn metaspace(used: u64, max: u64) -> Fixture {
        let mut incident = Fixture::of_one_run();
        let sizes = [("metaspace_used".to_owned(), mib(used)), ("metaspace_max".to_owned(), Bytes(max))].into();
        let reading =
            HostReading { kind: HostKind::HeapInfo, run: Some("run-1".into()), sizes, ..HostReading::default() };
        incident.readings.host.push(reading);
        incident
    }

    #[test]
    fn a_metaspace_near_its_maximum_is_told_and_one_without_a_maximum_is_not() {
        assert_eq!(metaspace(95, 100 << 20).finding(&RULE).1, "rule.metaspace-nearly-full");
        assert_eq!(metaspace(80, 100 << 20).check(&RULE), []);
        assert_eq!(metaspace(95, u64::MAX).check(&RULE), []);
        let rows = |used: i64| {
            Fixture::of_one_run()
                .run(|run| run.flags = vec!["-XX:MaxMetaspaceSize=100m".into()])
                .jstat(Some("G1"), &[("MU", 1, &[used * 10_240])])
        };
        assert_eq!(rows(95).finding(&RULE).1, "rule.metaspace-nearly-full");
        assert_eq!(rows(50).check(&RULE), []);
    }
}
