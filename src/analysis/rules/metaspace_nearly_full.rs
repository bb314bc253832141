//! A metaspace with a maximum is nearly used up, or committed up to its maximum while less is in use: then it is in pieces that many
//! class loaders hold, and none is free for the next.

use super::class_room::{Fill, by_reading, finding, nearly_full};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::Finding;
use crate::analysis::incident::{host_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::Quantity;
use crate::formats::quantity;
use crate::model::kind::ErrorKind;
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::MetaspaceNearlyFull, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let used = by_reading(incident, run, "metaspace_used", "metaspace_max").filter(nearly_full);
        if let Some(fill) = used.or_else(|| by_rows(incident, run, "MU").filter(nearly_full)) {
            return Some(finding(incident, &RULE, "rule.metaspace-nearly-full", run, fill));
        }
        let committed = by_reading(incident, run, "metaspace_committed", "metaspace_max").zip(by_reading(
            incident,
            run,
            "metaspace_used",
            "metaspace_max",
        ));
        let committed = committed.or_else(|| by_rows(incident, run, "MC").zip(by_rows(incident, run, "MU")));
        let Some((committed, used)) = committed.filter(|(committed, _)| is_all(committed)) else {
            let capacity = by_capacity(incident, run).filter(is_all)?;
            return Some(finding(incident, &RULE, "rule.metaspace-nearly-full.capacity", run, capacity));
        };
        let failed = incident.errors(&run.id).any(|error| error.kind == ErrorKind::Metaspace);
        let key = match failed {
            true => "rule.metaspace-nearly-full.pieces",
            false => "rule.metaspace-nearly-full.committed",
        };
        let mut finding = finding(incident, &RULE, key, run, used);
        finding.statement = finding.statement.with("committed", Quantity::Size(committed.0), Some(committed.1));
        Some(finding)
    };
    incident.runs.iter().filter_map(of_run).collect()
}

/// All of the maximum but what rounding takes: chunks have fixed sizes.
fn is_all((committed, _, room, _): &Fill) -> bool {
    room.0 > 0 && committed.0.saturating_mul(100) >= room.0.saturating_mul(98)
}

/// `MU` or `MC` of the last row against `-XX:MaxMetaspaceSize`.
fn by_rows(incident: &Incident<'_>, run: &Run, column: &str) -> Option<Fill> {
    let room = run.flags.iter().rev().find_map(|flag| quantity::option(flag.strip_prefix("-XX:MaxMetaspaceSize=")?))?;
    let with_flag = |flags: &[String]| flags.iter().any(|flag| flag.starts_with("-XX:MaxMetaspaceSize="));
    let host = incident.host(&run.id).find(|host| with_flag(&host.flags));
    incident.jstat(&run.id).rev().find_map(|table| {
        let last = table.rows.checked_sub(1)?;
        let at = line(table.source, table.lines.get(last).copied()?);
        let used = accounting::cell(table, column, last)?;
        Some((used, at, room, host.map(|host| host.at.get("flags").unwrap_or_else(|| host_line(host)))))
    })
}

/// `MC` of the last row of `jstat -gcmetacapacity` against `MCMX`. Without a class space that is no maximum, but what is reserved, which
/// grows with what is committed.
fn by_capacity(incident: &Incident<'_>, run: &Run) -> Option<Fill> {
    incident.jstat(&run.id).rev().find_map(|table| {
        let last = table.rows.checked_sub(1)?;
        let at = line(table.source, table.lines.get(last).copied()?);
        let cell = |column: &str| accounting::cell(table, column, last);
        cell("CCSMX").filter(|class_space| class_space.0 > 0)?;
        Some((cell("MC")?, at, cell("MCMX")?, Some(at)))
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

    #[test]
    fn capacities_tell_a_metaspace_at_its_maximum() {
        let rows = |committed: i64, class_space: i64| {
            let columns = [("MCMX", 1, [2_621_440]), ("MC", 1, [committed]), ("CCSMX", 1, [class_space])];
            let columns: Vec<(&str, u8, &[i64])> =
                columns.iter().map(|(name, part, cells)| (*name, *part, &cells[..])).collect();
            Fixture::of_one_run().jstat(Some("G1"), &columns)
        };
        assert_eq!(rows(2_621_440, 491_520).finding(&RULE).1, "rule.metaspace-nearly-full.capacity");
        assert_eq!(rows(2_000_000, 491_520).check(&RULE), []);
        assert_eq!(rows(2_621_440, 0).check(&RULE), [], "what is reserved grows");
    }

    #[test]
    fn a_metaspace_that_is_committed_up_to_its_maximum_is_told_however_little_is_in_use() {
        let with = |committed: u64| {
            let mut incident = metaspace(50, 100 << 20);
            for host in &mut incident.readings.host {
                host.sizes.insert("metaspace_committed".into(), mib(committed));
            }
            incident
        };
        assert_eq!(with(99).finding(&RULE).1, "rule.metaspace-nearly-full.committed");
        assert_eq!(with(90).check(&RULE), []);
    }
}
