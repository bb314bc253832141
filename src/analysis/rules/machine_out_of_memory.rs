//! The machine itself, not a limit, ran out of memory, and the kernel ended a process.

use super::{Incident, Rule};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{kill_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::kind::EventKind;
use crate::model::oom::{Event, OomKill, OomScope, ProcessRow, Victim};
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::MachineOutOfMemory, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let Some((kill, victim)) = incident.decisive(|kill| kill.scope == OomScope::Global) else {
        return by_kubelet(incident).into_iter().collect();
    };
    let ram = incident.ram(victim.run.as_deref());
    let rss = victim.resident();
    let key = match (ram, rss) {
        (Some(_), Some(_)) => "rule.machine-out-of-memory.ram",
        (None, Some(_)) => "rule.machine-out-of-memory",
        (_, None) => "rule.machine-out-of-memory.bare",
    };
    let mut claim = Statement::new(key).with("name", Quantity::Word(victim.name.clone()), victim.at.get("name")).with(
        "pid",
        Quantity::Number(u64::from(victim.pid)),
        victim.at.get("pid"),
    );
    if let Some(rss) = rss {
        claim = claim.with("rss", Quantity::Size(rss), victim.resident_at());
        if let Some(ram) = ram {
            claim = claim.with("ram", Quantity::Size(ram.bytes), ram.at);
        }
    }
    let proof = Proof::first(kill_line(kill)).and(ram.and_then(|ram| ram.at));
    let mut finding = Finding::new(RULE.id, Severity::Critical, claim, proof)
        .about(victim.run.as_deref())
        .explaining(rss.map(Quantity::Size));
    let worth = rss.unwrap_or_default().0 / WORTH_A_LOOK;
    // Of a table without its head nobody knows which row is the largest.
    let whole = !kill.process_columns.is_empty();
    let next = next_largest(kill, victim.pid).filter(|(_, other)| whole && other.0 > worth);
    // A heap that was all but there explains the victim's size, unless another process is nearly as large.
    let held = victim.held(kill);
    let heap = victim.run.as_deref().and_then(|run| incident.max_heap(run));
    let other = next.map_or(Bytes(0), |(_, other)| other);
    let heap = heap.filter(|heap| held.is_some_and(|held| held.0 >= heap.bytes.0 / 5 * 4 && other.0 < held.0 / 2));
    finding = match (next, heap) {
        (_, Some(heap)) => {
            // The heap is at most its maximum: what was resident beyond a good part more is something else.
            let outside = rss.and_then(|rss| rss.0.checked_sub(heap.bytes.0)).filter(|rest| *rest > heap.bytes.0 / 4);
            let next = Statement::new(match outside {
                Some(_) => "rule.machine-out-of-memory.outside",
                None => "rule.machine-out-of-memory.heap",
            });
            let next = next.with("heap", Quantity::Size(heap.bytes), heap.at);
            let next =
                outside.into_iter().fold(next, |next, rest| next.with("outside", Quantity::Size(Bytes(rest)), None));
            let run = victim.run.as_deref().unwrap_or_default();
            finding.then(next.with("option", incident.heap_option(run), None))
        }
        (Some((other, rss)), None) => finding.then(
            Statement::new("rule.machine-out-of-memory.next-largest")
                .with("name", Quantity::Word(other.name.clone()), Some(line(kill.source, other.line)))
                .with("pid", Quantity::Number(u64::from(other.pid)), None)
                .with("rss", Quantity::Size(rss), Some(line(kill.source, other.line))),
        ),
        (None, None) if let Some(next) = like_another(incident, victim) => finding.then(next),
        (None, None) if let Some((share, at)) = incident.most_of_machine(kill) => {
            finding.then(mostly(incident, victim.run.as_deref(), &victim.name, (share, at)))
        }
        (None, None) => finding.ask(
            Statement::new("rule.machine-out-of-memory.others"),
            incident.command(victim.run.as_deref(), Ask::Processes),
        ),
    };
    vec![finding]
}

/// What was outside of the heap, if the process that was killed had that of the only other JVM in the input, which may be its successor.
fn like_another(incident: &Incident<'_>, victim: &Victim) -> Option<Statement> {
    let mut known = incident.runs.iter().filter(|run| Some(run.id.as_str()) != victim.run.as_deref());
    let other = known.next().filter(|_| incident.jvms() == 2)?;
    let (heap, pid) = (incident.max_heap(&other.id)?, other.pid?);
    let outside = victim.resident()?.0.checked_sub(heap.bytes.0).filter(|rest| *rest > heap.bytes.0 / 4)?;
    let next = Statement::new("rule.machine-out-of-memory.outside.like");
    let next =
        next.with("heap", Quantity::Size(heap.bytes), heap.at).with("outside", Quantity::Size(Bytes(outside)), None);
    let next = next.with("pid", Quantity::Number(u64::from(pid)), other.at.get("pid"));
    Some(next.with("option", incident.heap_option(&other.id), None))
}

/// What helps where one process held most of the memory: no other is worth a look.
pub fn mostly(incident: &Incident<'_>, run: Option<&str>, name: &str, (share, at): (i64, Option<Span>)) -> Statement {
    let is_jvm = run.and_then(|run| incident.run(run)).is_some_and(|run| incident.is_jvm(run));
    let key = if is_jvm { "rule.machine-out-of-memory.mostly.jvm" } else { "rule.machine-out-of-memory.mostly" };
    let statement = Statement::new(key).with("name", Quantity::Word(name.to_owned()), None).with(
        "share",
        Quantity::Share(share),
        at,
    );
    if is_jvm { statement.with("option", incident.heap_option(run.unwrap_or_default()), None) } else { statement }
}

/// By the kubelet, which hands on what the kernel says of its node.
fn by_kubelet(incident: &Incident<'_>) -> Option<Finding> {
    let of_node = |event: &&Event| event.kind == EventKind::KubernetesSystemOom;
    let event = incident.readings.events.iter().rfind(of_node).filter(|_| incident.readings.oom_kills.is_empty())?;
    let (name, pid) = (event.name.clone()?, event.pid?);
    let at = line(event.source, event.first_line);
    let claim = Statement::new("rule.machine-out-of-memory.bare")
        .with("name", Quantity::Word(name), Some(event.at.get("name").unwrap_or(at)))
        .with("pid", Quantity::Number(u64::from(pid)), Some(event.at.get("pid").unwrap_or(at)));
    let finding = Finding::new(RULE.id, Severity::Critical, claim, Proof::first(at)).about(event.run.as_deref());
    Some(finding.ask(Statement::new("rule.machine-out-of-memory.others"), incident.command(None, Ask::Processes)))
}

/// Another process is worth a look if it holds more than this part of the victim's memory.
const WORTH_A_LOOK: u64 = 20;

/// The largest process of the table besides the victim.
fn next_largest(kill: &OomKill, victim: u32) -> Option<(&ProcessRow, Bytes)> {
    let others = kill.processes.iter().filter(|row| row.pid != victim);
    others.filter_map(|row| Some((row, row.rss?))).max_by_key(|(_, rss)| *rss)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib};
    use super::*;

    #[test]
    fn a_kill_for_the_whole_machine_is_critical() {
        let incident = Fixture::of_one_run().kill(OomScope::Global, |kill| kill.ram = Some(mib(900)));
        let (finding, key) = incident.finding(&RULE);
        assert_eq!(key, "rule.machine-out-of-memory.ram");
        assert_eq!(finding.severity, Severity::Critical);
        assert_eq!(finding.evidence.iter().map(|evidence| evidence.line).collect::<Vec<_>>(), [1, 5]);
        assert_eq!(finding.explains, Some(Quantity::Size(mib(300))));
    }

    #[test]
    fn a_kill_for_a_limit_or_by_hand_is_not_the_machine() {
        let limited = Fixture::of_one_run()
            .kill(OomScope::Cgroup, |kill| kill.cgroup = cgroup("/docker/1", None, Some(mib(300))))
            .kill(OomScope::Sysrq, |_| ());
        assert_eq!(limited.check(&RULE), []);
    }

    #[test]
    fn what_the_kubelet_says_of_its_node_is_the_kernels_word() {
        let mut incident = Fixture::default();
        let (kind, name) = (EventKind::KubernetesSystemOom, Some("java".to_owned()));
        incident.readings.events.push(Event { kind, name, pid: Some(7), first_line: 3, ..Event::default() });
        assert_eq!(incident.finding(&RULE).1, "rule.machine-out-of-memory.bare");
        assert_eq!(incident.kill(OomScope::Cgroup, |_| {}).check(&RULE), []);
    }
}
