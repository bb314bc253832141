//! Memory that the machine wrote to swap while it was watched.

use super::{Incident, Rule};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::Swapping, check };

/// Less is what no program misses.
const LEAST: Bytes = Bytes(256 << 20);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_machine = |host: &&HostReading| host.kind.tells_machine() && host.sizes.contains_key("swap_used");
    let readings: Vec<&HostReading> = incident.readings.host.iter().filter(of_machine).collect();
    let total = |host: &HostReading| ["mem_total", "swap_total"].map(|name| host.sizes.get(name).copied());
    let series = readings.chunk_by(|a, b| a.kind == b.kind && a.source == b.source && total(a) == total(b));
    series.filter_map(|series| by_series(incident, series)).take(1).collect()
}

/// The largest rise from one reading to a later one of the same command.
fn by_series(incident: &Incident<'_>, series: &[&HostReading]) -> Option<Finding> {
    let used = |host: &HostReading| host.sizes.get("swap_used").copied().unwrap_or_default();
    let mut lowest = *series.first()?;
    let mut rise: Option<(&HostReading, &HostReading, u64)> = None;
    for host in series {
        if used(host) < used(lowest) {
            lowest = host;
        }
        let by = used(host).0 - used(lowest).0;
        if by >= LEAST.0 && rise.is_none_or(|(.., most)| by > most) {
            rise = Some((lowest, host, by));
        }
    }
    let (from, to, by) = rise?;
    let at = |host: &HostReading| host.at.get("swap_used").unwrap_or_else(|| host_line(host));
    let claim = Statement::new("rule.swapping").with("from", Quantity::Size(used(from)), Some(at(from))).with(
        "to",
        Quantity::Size(used(to)),
        Some(at(to)),
    );
    let proof = Proof::first(at(from)).and(Some(at(to)));
    let finding = Finding::new(RULE.id, Severity::Warning, claim, proof).explaining(Some(Quantity::Size(Bytes(by))));
    Some(finding.ask(Statement::new("rule.machine-out-of-memory.others"), incident.command(None, Ask::Processes)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::kind::HostKind;

    fn watched(used: &[u64]) -> Fixture {
        let mut incident = Fixture::default();
        incident.readings.host.extend(used.iter().map(|used| HostReading {
            kind: HostKind::Vmstat,
            sizes: [("swap_used".to_owned(), mib(*used))].into(),
            ..HostReading::default()
        }));
        incident
    }

    #[test]
    fn the_largest_rise_of_swap_is_told() {
        let finding = watched(&[100, 400, 940, 20]).finding(&RULE).0;
        assert_eq!(finding.explains, Some(Quantity::Size(mib(840))));
        assert_eq!(watched(&[940, 20, 275]).check(&RULE), []);
    }
}
