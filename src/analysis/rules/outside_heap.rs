//! Of what a living JVM has resident, more cannot be its heap than can be, and nothing in the input says what the rest is.

use super::{Incident, Rule};
use crate::analysis::accounting::Known;
use crate::analysis::addressee::{Addressee, Ask, Vendor};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::model::kind::{HostKind, Subject};
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::OutsideHeap, check };

/// What a JVM of any size may take beside its heap without a question.
const USUAL: Bytes = Bytes(512 << 20);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    // Who was killed is told with what was resident then.
    if !incident.readings.oom_kills.is_empty() {
        return Vec::new();
    }
    incident.runs.iter().filter_map(|run| of_run(incident, run)).collect()
}

fn of_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    // NMT says what it is; single-generation ZGC maps its heap several times.
    let is_counted = incident.nmt(&run.id).next().is_some();
    if is_counted || run.collector.as_deref().is_some_and(|name| name.contains("ZGC")) {
        return None;
    }
    let heap = incident.max_heap(&run.id)?;
    let rss = resident(incident, run)?;
    let outside = rss.bytes.0.checked_sub(heap.bytes.0).map(Bytes)?;
    if outside.0 <= rss.bytes.0 / 2 || outside <= USUAL {
        return None;
    }
    let claim = Statement::new("rule.outside-heap")
        .with("rss", Quantity::Size(rss.bytes), rss.at)
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("outside", Quantity::Size(outside), None);
    let proof = Proof::first(rss.at?).and(heap.at);
    let finding = Finding::new(RULE.id, Severity::Warning, claim, proof).about(Some(&run.id));
    let finding = finding.explaining(Some(Quantity::Size(outside)));
    let (key, ask) = match Addressee::of(incident, Some(&run.id)).vendor {
        Vendor::OpenJ9 => ("rule.outside-heap.next.openj9", Ask::Flags),
        Vendor::HotSpot => ("rule.outside-heap.next", Ask::NativeMemory),
    };
    Some(finding.ask(Statement::new(key), incident.command(Some(&run.id), ask)))
}

/// What the process has resident by the last reading of it, else what its container uses if it is the only JVM.
fn resident(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    let own = |host: &&HostReading| host.kind.subject() == Subject::Process && host.sizes.contains_key("rss");
    let of = |host: &HostReading, name: &str| {
        Some(Known { bytes: *host.sizes.get(name)?, at: Some(host.at.get(name).unwrap_or_else(|| host_line(host))) })
    };
    let container = || {
        let stats = |host: &&HostReading| matches!(host.kind, HostKind::DockerStats | HostKind::Crictl);
        let mut all = incident.readings.host.iter().filter(stats);
        all.next().filter(|_| all.next().is_none() && incident.jvms() <= 1).and_then(|host| of(host, "usage"))
    };
    incident.host(&run.id).rev().find(own).and_then(|host| of(host, "rss")).or_else(container)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    fn read(rss: u64) -> Fixture {
        let mut incident = Fixture::of_one_run().run(|run| run.max_heap = Some(mib(1000)));
        let run = Some("run-1".to_owned());
        let sizes = [("rss".to_owned(), mib(rss))].into();
        incident.readings.host.push(HostReading { kind: HostKind::Ps, run, sizes, ..HostReading::default() });
        incident
    }

    #[test]
    fn a_process_of_which_most_is_no_heap_is_told() {
        let (finding, key) = read(2001).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.outside-heap", Severity::Warning));
        assert_eq!(finding.explains, Some(Quantity::Size(mib(1001))));
    }

    #[test]
    fn a_process_of_which_half_may_be_heap_is_not() {
        assert_eq!(read(2000).check(&RULE), []);
    }
}
