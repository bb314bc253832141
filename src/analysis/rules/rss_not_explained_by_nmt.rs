//! A process was larger than its own tracking can explain.
//!
//! NMT is taken at some moment before the kill, so the heap may have grown since, up to its maximum: only what lies beyond
//! that is certainly not NMT's. Where the heap's room explains the difference as well, both explanations stand.

use super::{Incident, Rule};
use crate::analysis::accounting::{self, Known, category};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{host_line, kill_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::kind::Subject;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{OomKill, OomScope, Victim};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::RssNotExplainedByNmt, check };

/// A sum explains what was resident if it reaches that many hundredths of it: figures of two moments are never equal.
const ENOUGH: u128 = 95;

/// Mapped code of the JVM and its libraries is not in NMT either; a difference below this is that.
const LEAST: Bytes = Bytes(32 * 1024 * 1024);
/// … and below this part, in hundredths, of what was resident.
const PART: u64 = 10;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let kill = incident.decisive(|kill| kill.scope != OomScope::Sysrq);
    let killed = kill.and_then(|(kill, victim)| by_kill(incident, kill, victim));
    let living = incident.runs.iter().filter(|run| !run.killed).filter_map(|run| by_reading(incident, run));
    killed.into_iter().chain(living).collect()
}

/// A difference of a living process from which it hurts.
const MUCH: Bytes = Bytes(256 * 1024 * 1024);

/// Of a living process: what `ps`, `top`, or a file of `/proc` says is resident, against the total of its last NMT report. Not all that
/// is committed is resident, so the difference is a lower bound.
fn by_reading(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    if run.collector.as_deref().is_some_and(|name| name.contains("ZGC")) {
        return None;
    }
    let snapshot = incident.nmt(&run.id).rev().find(|snapshot| snapshot.total.committed.is_some())?;
    let host = incident
        .host(&run.id)
        .rev()
        .find(|host| host.kind.subject() == Subject::Process && host.sizes.contains_key("rss"))?;
    let shared = host.sizes.get("rss_shmem").is_some_and(|shmem| shmem.0 > 0);
    let (rss, committed) = (*host.sizes.get("rss")?, snapshot.total.committed?);
    let gap = gap(rss, committed).filter(|_| !shared && snapshot.scale < Bytes(1 << 30))?;
    let at = host.at.get("rss").unwrap_or_else(|| host_line(host));
    let mut claim = Statement::new("rule.rss-not-explained-by-nmt.living");
    if let Some(pid) = run.pid {
        claim.key = "rule.rss-not-explained-by-nmt.living.pid".to_owned();
        claim = claim.with("pid", Quantity::Number(u64::from(pid)), run.at.get("pid"));
    }
    let claim = claim
        .with("rss", Quantity::Size(rss), Some(at))
        .with("committed", Quantity::Size(committed), Some(total_line(snapshot)))
        .with("gap", Quantity::Size(gap), None);
    let proof = Proof::first(at).and(Some(total_line(snapshot)));
    let severity = if gap >= MUCH { Severity::Warning } else { Severity::Notice };
    let command = |ask: Ask| incident.command(Some(&run.id), ask);
    Some(
        Finding::new(RULE.id, severity, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(gap)))
            .ask(Statement::new("rule.rss-not-explained-by-nmt.next.rollup"), command(Ask::Resident))
            .ask(Statement::new("rule.rss-not-explained-by-nmt.next.native-heap"), command(Ask::NativeHeap))
            .ask(Statement::new("rule.rss-not-explained-by-nmt.next.libraries"), command(Ask::Mappings)),
    )
}

fn by_kill(incident: &Incident<'_>, kill: &OomKill, victim: &Victim) -> Option<Finding> {
    // Single-generation ZGC maps its heap three times, and the kernel may count it as often.
    let run = victim.run.as_deref()?;
    let shared = victim.shmem_rss.is_some_and(|shmem| shmem.0 > 0);
    let zgc = incident.run(run).and_then(|run| run.collector.as_deref()).is_some_and(|name| name.contains("ZGC"));
    if shared || zgc || victim.name != "java" {
        return None;
    }
    let resident =
        Known { bytes: victim.resident()?, at: Some(victim.resident_at().unwrap_or_else(|| kill_line(kill))) };
    let usable = |snapshot: &&NmtSnapshot| accounting::non_heap(snapshot).is_some();
    if let Some(snapshot) = incident.nmt(run).rev().find(usable) {
        return own(incident, kill, victim, resident, snapshot);
    }
    // Inside of its container nearly every JVM is process 1: that number names none of the host's.
    let is_named = |snapshot: &NmtSnapshot| snapshot.pid.is_some_and(|pid| pid != 1 || kill.scope != OomScope::Cgroup);
    let mut unnamed = incident.readings.nmt.iter().filter(usable).filter(|snapshot| !is_named(snapshot));
    let snapshot = unnamed.next_back().filter(|last| unnamed.all(|other| other.run == last.run))?;
    let elsewhere = incident.readings.nmt.iter().any(is_named);
    if elsewhere { None } else { assumed(incident, kill, victim, resident, snapshot) }
}

/// The difference, if it is large enough to be told.
fn gap(resident: Bytes, committed: Bytes) -> Option<Bytes> {
    let gap = Bytes(resident.0.checked_sub(committed.0)?);
    (gap >= LEAST && gap.0 >= resident.0 / 100 * PART).then_some(gap)
}

fn total_line(snapshot: &NmtSnapshot) -> Span {
    snapshot.total.at.get("committed").unwrap_or_else(|| line(snapshot.source, snapshot.first_line))
}

/// NMT of the very process.
fn own(
    incident: &Incident<'_>,
    kill: &OomKill,
    victim: &Victim,
    resident: Known,
    snapshot: &NmtSnapshot,
) -> Option<Finding> {
    let committed = snapshot.total.committed?;
    let gap = gap(resident.bytes, committed)?;
    let heap = category(snapshot, "Java Heap")?;
    let largest = incident.max_heap(&snapshot.run).map_or(heap.reserved, |heap| Some(heap.bytes))?;
    let room = Bytes(largest.0.saturating_sub(heap.committed?.0));
    let certain = Bytes(gap.0.saturating_sub(room.0));
    let is_certain = certain >= LEAST;
    let key = if is_certain { "rule.rss-not-explained-by-nmt" } else { "rule.rss-not-explained-by-nmt.or-heap" };
    let mut claim = claim(key, victim, resident, committed, snapshot).with("gap", Quantity::Size(gap), None);
    if is_certain {
        claim = claim.with("room", Quantity::Size(room), heap.at.get("committed")).with(
            "certain",
            Quantity::Size(certain),
            None,
        );
    }
    let proof = Proof::first(resident.at.unwrap_or_else(|| kill_line(kill))).and(Some(total_line(snapshot)));
    let severity = if is_certain { Severity::Warning } else { Severity::Notice };
    let mut finding = Finding::new(RULE.id, severity, claim, proof)
        .about(victim.run.as_deref())
        .explaining(Some(Quantity::Size(if is_certain { certain } else { gap })));
    if is_certain {
        return Some(candidates(incident, finding, victim, certain));
    }
    finding = finding
        .or(Statement::new("rule.rss-not-explained-by-nmt.rival.grew").with(
            "room",
            Quantity::Size(room),
            heap.at.get("committed"),
        ))
        .or(Statement::new("rule.rss-not-explained-by-nmt.rival.untracked").with("gap", Quantity::Size(gap), None))
        .ask(
            Statement::new("rule.rss-not-explained-by-nmt.next.together"),
            incident.command(victim.run.as_deref(), Ask::ResidentAndCommitted),
        );
    Some(finding)
}

/// NMT of a process that the text does not name: if it is the same program, two stories give the same sum.
fn assumed(
    incident: &Incident<'_>,
    kill: &OomKill,
    victim: &Victim,
    resident: Known,
    snapshot: &NmtSnapshot,
) -> Option<Finding> {
    let committed = snapshot.total.committed?;
    let gap = gap(resident.bytes, committed)?;
    let native = accounting::non_heap(snapshot)?;
    let heap = category(snapshot, "Java Heap")?;
    let (stayed, largest) = (heap.committed?, heap.reserved?);
    // Process 1 of a container is named, by a number that the host does not know.
    let key = match snapshot.pid {
        Some(_) => "rule.rss-not-explained-by-nmt.container",
        None => "rule.rss-not-explained-by-nmt.unnamed",
    };
    let claim = claim(key, victim, resident, committed, snapshot).with("gap", Quantity::Size(gap), None);
    let at = resident.at.unwrap_or_else(|| kill_line(kill));
    let mut proof = Proof::first(at).and(Some(total_line(snapshot))).and(heap.at.get("reserved"));
    let grown = native.bytes.plus(largest);
    let grew = Statement::new("rule.rss-not-explained-by-nmt.rival.heap-grew")
        .with("heap", Quantity::Size(largest), heap.at.get("reserved"))
        .with("native", Quantity::Size(native.bytes), native.at)
        .with("sum", Quantity::Size(grown), None)
        .with("share", Quantity::share_of(resident.bytes, grown), None);
    // Without an option, direct buffers may take as much as the heap.
    let shown = incident.runs.iter().find(|run| run.max_heap == Some(stayed) && run.pid.is_some());
    let key = match shown {
        Some(_) => "rule.rss-not-explained-by-nmt.rival.direct.shown",
        None => "rule.rss-not-explained-by-nmt.rival.direct",
    };
    let mut direct = Statement::new(key)
        .with("heap", Quantity::Size(stayed), heap.at.get("committed"))
        .with("gap", Quantity::Size(gap), None)
        .with("sum", Quantity::Size(native.bytes.plus(stayed).plus(stayed)), None);
    if let Some((run, pid)) = shown.and_then(|run| Some((run, run.pid?))) {
        direct = direct.with("pid", Quantity::Number(u64::from(pid)), run.at.get("max_heap"));
        proof = proof.and(run.at.get("max_heap"));
    }
    let decides =
        |key: &str| Statement::new(key).with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"));
    // Where the heap had no room to grow, or a full one explains too little, there is only one story.
    let explains = u128::from(grown.0) * 100 >= u128::from(resident.bytes.0) * ENOUGH;
    let finding = Finding::new(RULE.id, Severity::Warning, claim, proof)
        .about(victim.run.as_deref())
        .explaining(Some(Quantity::Size(gap)));
    if largest <= stayed || !explains {
        return Some(candidates(incident, finding, victim, gap));
    }
    let finding = finding.or(grew).or(direct);
    Some(match incident.command_for_maximum(victim.run.as_deref()) {
        None => finding.then(decides("rule.rss-not-explained-by-nmt.next.script")),
        command => finding.ask(decides("rule.rss-not-explained-by-nmt.next.flags"), command),
    })
}

fn claim(key: &str, victim: &Victim, resident: Known, committed: Bytes, snapshot: &NmtSnapshot) -> Statement {
    Statement::new(key)
        .with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"))
        .with("rss", Quantity::Size(resident.bytes), resident.at)
        .with("committed", Quantity::Size(committed), Some(total_line(snapshot)))
}

/// What it may be, each with the command that would show it. Mapped files only where enough file pages were resident.
fn candidates(incident: &Incident<'_>, finding: Finding, victim: &Victim, gap: Bytes) -> Finding {
    let command = |ask: Ask| incident.command(victim.run.as_deref(), ask);
    let finding = finding
        .ask(Statement::new("rule.rss-not-explained-by-nmt.next.arenas"), command(Ask::Arenas))
        .ask(Statement::new("rule.rss-not-explained-by-nmt.next.retained"), command(Ask::TrimNativeHeap))
        .ask(Statement::new("rule.rss-not-explained-by-nmt.next.libraries"), command(Ask::Mappings));
    match victim.file_rss.filter(|file| file.0 >= gap.0 / 4) {
        Some(file) => finding.ask(
            Statement::new("rule.rss-not-explained-by-nmt.next.files").with(
                "file",
                Quantity::Size(file),
                victim.at.get("file_rss"),
            ),
            command(Ask::MappedFiles),
        ),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::kind::HostKind;

    /// 300 MiB resident, beside so much in the NMT of the same or of an unnamed process.
    fn incident(committed: u64, heap: u64, max: u64, same: bool) -> Fixture {
        let mut incident = Fixture::of_one_run().nmt(mib(committed), mib(heap)).kill(OomScope::Cgroup, |_| ());
        for snapshot in &mut incident.readings.nmt {
            snapshot.run = if same { "run-1" } else { "run-2" }.into();
            for category in &mut snapshot.categories {
                category.reserved = Some(mib(max));
            }
        }
        incident
    }

    #[test]
    fn what_even_a_full_heap_does_not_explain_is_told_with_candidates() {
        let (finding, key) = incident(200, 90, 100, true).finding(&RULE);
        assert_eq!(key, "rule.rss-not-explained-by-nmt");
        assert_eq!(finding.explains, Some(Quantity::Size(mib(90))));
        assert_eq!((finding.rivals.len(), finding.next.len()), (0, 3));
    }

    #[test]
    fn where_the_heap_may_have_grown_both_explanations_stand() {
        let (finding, key) = incident(200, 50, 200, true).finding(&RULE);
        assert_eq!(key, "rule.rss-not-explained-by-nmt.or-heap");
        assert_eq!(finding.rivals.len(), 2);
    }

    #[test]
    fn with_the_tracking_of_an_unnamed_process_the_claim_says_so() {
        let (finding, key) = incident(200, 100, 200, false).finding(&RULE);
        assert_eq!(key, "rule.rss-not-explained-by-nmt.unnamed");
        assert_eq!(finding.rivals.len(), 2);
        let sums: Vec<_> =
            finding.rivals.iter().filter_map(|rival| rival.values.get("sum")).map(|value| &value.quantity).collect();
        assert_eq!(sums, [&Quantity::Size(mib(300)), &Quantity::Size(mib(300))]);
    }

    #[test]
    fn a_living_process_is_held_against_its_nmt_as_well() {
        let with = |rss: u64| {
            let mut incident = Fixture::of_one_run().nmt(mib(600), mib(260));
            incident.readings.host.push(HostReading {
                kind: HostKind::Ps,
                run: Some("run-1".into()),
                sizes: [("rss".to_owned(), mib(rss))].into(),
                ..HostReading::default()
            });
            incident
        };
        let (finding, key) = with(704).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.rss-not-explained-by-nmt.living.pid", Severity::Notice));
        assert_eq!(with(900).finding(&RULE).0.severity, Severity::Warning);
        assert_eq!(with(660).check(&RULE), []);
        assert_eq!(with(400).check(&RULE), []);
        assert_eq!(with(704).run(|run| run.collector = Some("ZGC".into())).check(&RULE), []);
    }

    #[test]
    fn process_1_of_a_container_may_be_the_one_that_was_killed() {
        let of_pid = |pid: u32, scope: OomScope| {
            let mut incident = incident(200, 100, 200, false);
            incident.readings.nmt.iter_mut().for_each(|snapshot| snapshot.pid = Some(pid));
            incident.readings.oom_kills.iter_mut().for_each(|kill| kill.scope = scope);
            incident.check(&RULE).into_iter().map(|finding| finding.statement.key).collect::<Vec<String>>()
        };
        assert_eq!(of_pid(1, OomScope::Cgroup), ["rule.rss-not-explained-by-nmt.container"]);
        assert_eq!(of_pid(2, OomScope::Cgroup), [""; 0]);
        assert_eq!(of_pid(1, OomScope::Global), [""; 0]);
    }

    #[test]
    fn a_small_difference_and_more_committed_than_resident_are_normal() {
        assert_eq!(incident(270, 100, 200, true).check(&RULE), []);
        assert_eq!(incident(400, 100, 200, true).check(&RULE), []);
    }

    #[test]
    fn a_heap_that_is_counted_several_times_explains_nothing() {
        let shared = Fixture::of_one_run().nmt(mib(100), mib(50)).kill(OomScope::Cgroup, |kill| {
            kill.victims.iter_mut().for_each(|victim| victim.shmem_rss = Some(mib(100)));
        });
        assert_eq!(shared.check(&RULE), []);
    }
}
