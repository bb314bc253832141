//! Numbers of the prose that the logs certainly contradict, or that they show to be something else.
//!
//! A number is compared only where its sentence says what it is about (`detect::prose`) and the logs leave one answer. A
//! maximum heap is contradicted if no number of the whole prose can mean it: a text that names two settings and shows the
//! logs of one is right. Said and shown differ by more than rounding and the two meanings of `MB` explain.

use std::collections::BTreeSet;

use super::{Incident, Rule};
use crate::analysis::accounting::Known;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{first_line, kill_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::sizing::default_heap;
use crate::analysis::statement::{Quantity, Statement, thousandths};
use crate::model::prose::{About, Amount, ProseNumber};
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::TextAgainstEvidence, check };

/// Hundredths by which a heap maximum in words may differ: people round, and collectors align.
const ROUNDED: u64 = 6;
/// … and memory of a machine: firmware and kernel keep a part, and clouds sell round numbers.
const SOLD: u64 = 20;
/// … and the address space of a process, which nobody rounds much.
const ADDRESSES: u64 = 4;
/// How much larger an address space must be than what was resident, for nobody to have meant the latter.
const MUCH_LARGER: u64 = 2;
/// Points by which a share may differ, in thousandths of a percent.
const POINTS: i64 = 10_000;
/// A default may be taken of a little less memory than the text says; twice as much or half is another thing.
const DEFAULT_FACTOR: u64 = 2;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    if incident.readings.prose.is_empty() {
        return Vec::new();
    }
    let mut findings = max_heap(incident);
    findings.extend(default(incident));
    findings.extend(ram(incident));
    findings.extend(limit(incident));
    findings.extend(address_space(incident));
    findings.extend(heap_share(incident));
    findings.extend(processors(incident));
    findings.retain(|finding| !is_of_another(incident, finding));
    findings
}

/// True if somebody else speaks where the number is said than where the logs stand: two people, two settings.
fn is_of_another(incident: &Incident<'_>, finding: &Finding) -> bool {
    let is_between = |voice: &Span| {
        let of = || finding.evidence.iter().filter(|own| own.source == voice.source).map(|own| own.line);
        of().any(|line| line < voice.line) && of().any(|line| line >= voice.line)
    };
    incident.readings.voices.iter().any(is_between)
}

/// What the prose says about something, in reading order.
fn about<'a>(incident: &Incident<'a>, what: About) -> impl DoubleEndedIterator<Item = &'a ProseNumber> {
    incident.readings.prose.iter().filter(move |number| number.about == Some(what))
}

fn finding(
    number: &ProseNumber,
    claim: Statement,
    shown: impl IntoIterator<Item = Span>,
    run: Option<&str>,
) -> Finding {
    let claim = claim.with("said", Quantity::Word(number.text.clone()), Some(number.span));
    Finding::new(RULE.id, Severity::Notice, claim, Proof::first(number.span).all(shown)).about(run)
}

/// Maxima that the logs show and the prose nowhere names, each beside the last one that was named before it.
fn max_heap(incident: &Incident<'_>) -> Vec<Finding> {
    let mut told: BTreeSet<Bytes> = BTreeSet::new();
    let mut findings = Vec::new();
    for run in incident.runs {
        let Some(Known { bytes, at: Some(at) }) = incident.max_heap(&run.id) else { continue };
        let named = incident.readings.prose.iter().any(|number| number.amount.means(bytes, ROUNDED));
        if named || told.contains(&bytes) {
            continue;
        }
        let before = |number: &&ProseNumber| (number.span.source, number.span.line) < (at.source, at.line);
        let said = about(incident, About::MaxHeap).rfind(before).or_else(|| about(incident, About::MaxHeap).next());
        let Some(said) = said else { continue };
        told.insert(bytes);
        // Another JVM may have what the prose says.
        let maxima = incident.runs.iter().filter_map(|other| incident.max_heap(&other.id));
        let other = maxima.filter(|other| said.amount.means(other.bytes, ROUNDED)).find_map(|other| other.at);
        let key = match other {
            Some(_) => "rule.text-against-evidence.max-heap.both",
            None => "rule.text-against-evidence.max-heap",
        };
        let claim = Statement::new(key).with("heap", Quantity::Size(bytes), Some(at));
        findings.push(finding(said, claim, [at].into_iter().chain(other), Some(&run.id)));
    }
    findings
}

/// A default that no JDK of these logs takes with the memory that the text names.
fn default(incident: &Incident<'_>) -> Option<Finding> {
    let said = about(incident, About::DefaultHeap).next()?;
    let ram = about(incident, About::Ram).next()?;
    let (Amount::Size { binary: heap, .. }, Amount::Size { binary: memory, .. }) = (said.amount, ram.amount) else {
        return None;
    };
    // Where the logs know the memory, they are asked.
    let memory = incident.machine_size("mem_total").map_or(memory, |known| known.bytes);
    let taken = default_heap(memory);
    if heap.0.saturating_mul(DEFAULT_FACTOR) >= taken.0 && heap.0 <= taken.0.saturating_mul(DEFAULT_FACTOR) {
        return None;
    }
    // JDK 10 and newer, by what the logs show; older ones knew other defaults.
    let modern = |jdk: &str| {
        jdk.split(|c: char| !c.is_ascii_digit()).next().and_then(|major| major.parse().ok()) >= Some(10_u32)
    };
    let run = incident.runs.iter().find(|run| run.jdk.as_deref().is_some_and(modern));
    let (jdk, run, at) = match run {
        Some(run) => {
            let table = || incident.jstat(&run.id).next().map(|table| line(table.source, table.first_line));
            let log = || {
                let log = incident.gc_logs(&run.id).next()?;
                Some(line(log.source, log.first_line))
            };
            let at = run.at.get("jdk").or_else(table).or_else(log).or_else(|| run.at.get("pid"));
            (run.jdk.clone()?, Some(run.id.as_str()), at)
        }
        None => {
            let snapshot = incident.readings.nmt.iter().find(|snapshot| snapshot.jdk.as_deref().is_some_and(modern))?;
            (snapshot.jdk.clone()?, Some(snapshot.run.as_str()), Some(line(snapshot.source, snapshot.first_line)))
        }
    };
    let claim = Statement::new("rule.text-against-evidence.default-heap")
        .with("ram", Quantity::Word(ram.text.clone()), Some(ram.span))
        .with("jdk", Quantity::Word(jdk), at)
        .with("default", Quantity::Size(taken), None);
    Some(finding(said, claim, [ram.span].into_iter().chain(at), run))
}

/// Memory of the machine, where all that the prose says of it is something else.
fn ram(incident: &Incident<'_>) -> Option<Finding> {
    let known = incident.ram(None)?;
    let at = known.at?;
    let said = || about(incident, About::Ram);
    let agrees = incident.readings.prose.iter().any(|number| number.amount.means(known.bytes, SOLD));
    let other = said().next().filter(|_| !agrees && incident.jvms() <= 1)?;
    let claim = Statement::new("rule.text-against-evidence.ram").with("ram", Quantity::Size(known.bytes), Some(at));
    Some(finding(other, claim, [at], None))
}

/// The memory limit, where the logs know exactly one.
fn limit(incident: &Incident<'_>) -> Option<Finding> {
    let of_kills = incident.readings.oom_kills.iter().filter_map(|kill| {
        let cgroup = kill.cgroup.as_ref()?;
        Some((cgroup.limit?, cgroup.at.get("limit").unwrap_or_else(|| first_line(kill))))
    });
    let of_files = incident.readings.host.iter().filter(|host| host.pid.is_none()).filter_map(|host| {
        Some((*host.sizes.get("limit")?, host.at.get("limit").unwrap_or_else(|| line(host.source, host.first_line))))
    });
    let mut limits = of_kills.chain(of_files);
    let (bytes, at) = limits.next()?;
    if limits.any(|(other, _)| other != bytes) {
        return None;
    }
    let agrees = incident.readings.prose.iter().any(|number| number.amount.means(bytes, ROUNDED));
    let said = about(incident, About::Limit).next().filter(|_| !agrees)?;
    let claim = Statement::new("rule.text-against-evidence.limit").with("limit", Quantity::Size(bytes), Some(at));
    Some(finding(said, claim, [at], None))
}

/// Address space that the prose counts as memory in use.
fn address_space(incident: &Incident<'_>) -> Option<Finding> {
    let (kill, victim) = incident.decisive(|_| true)?;
    let (total, rss) = victim.total_vm.zip(victim.resident())?;
    if total.0 < rss.0.saturating_mul(MUCH_LARGER) {
        return None;
    }
    let said = about(incident, About::Used)
        .find(|number| number.amount.means(total, ADDRESSES) && !number.amount.means(rss, SOLD))?;
    let at = victim.at.get("total_vm").unwrap_or_else(|| kill_line(kill));
    let claim = Statement::new("rule.text-against-evidence.address-space")
        .with("total_vm", Quantity::Size(total), Some(at))
        .with("rss", Quantity::Size(rss), victim.resident_at());
    Some(finding(said, claim, [at], victim.run.as_deref()))
}

/// The heap as a part of the memory of the only JVM's machine or container.
fn heap_share(incident: &Incident<'_>) -> Option<Finding> {
    let [run] = incident.runs else { return None };
    let heap = incident.max_heap(&run.id)?;
    let ram = incident.limit(&run.id).or_else(|| incident.ram(Some(&run.id)))?;
    let share = thousandths(heap.bytes, ram.bytes);
    let differs = |number: &&ProseNumber| match number.amount {
        Amount::Share(said) => said.abs_diff(share) > POINTS.unsigned_abs(),
        Amount::Size { .. } | Amount::Count(_) => false,
    };
    // A text that knows the heap knows what part it is of what.
    let knows = incident.readings.prose.iter().any(|number| number.amount.means(heap.bytes, ROUNDED));
    let all = !knows && about(incident, About::HeapShare).all(|number| differs(&number));
    let said = about(incident, About::HeapShare).next().filter(|_| all)?;
    let claim = Statement::new("rule.text-against-evidence.heap-share")
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("ram", Quantity::Size(ram.bytes), ram.at)
        .with("share", Quantity::Share(share), None);
    Some(finding(said, claim, [heap.at, ram.at].into_iter().flatten(), Some(&run.id)))
}

/// Processors that the JVM found, where there is one GC log.
fn processors(incident: &Incident<'_>) -> Option<Finding> {
    let [log] = incident.readings.gc_logs.as_slice() else { return None };
    let (cpus, at) = (u64::from(log.cpus?), log.at.get("cpus")?);
    let all = about(incident, About::Processors).all(|number| number.amount != Amount::Count(cpus));
    let said = about(incident, About::Processors).next().filter(|_| all && incident.jvms() <= 1)?;
    let claim = Statement::new("rule.text-against-evidence.processors").with("count", Quantity::Count(cpus), Some(at));
    Some(finding(said, claim, [at], Some(&log.run)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib, span};
    use super::*;
    use crate::model::gc::GcLog;
    use crate::model::oom::OomScope;

    fn says(mut incident: Fixture, numbers: &[(Option<About>, u64)]) -> Fixture {
        for (nth, (about, size)) in (1..).zip(numbers) {
            incident.readings.prose.push(ProseNumber {
                about: *about,
                amount: Amount::Size { binary: mib(*size), decimal: Bytes(size * 1_000_000) },
                text: format!("{size}MB"),
                span: span(nth),
            });
        }
        incident
    }

    fn with_heap(heap: u64) -> Fixture {
        Fixture::of_one_run().run(|run| {
            run.max_heap = Some(mib(heap));
            run.at.put("max_heap", span(20));
        })
    }

    fn keys(incident: &Fixture) -> Vec<String> {
        incident.check(&RULE).into_iter().map(|finding| finding.statement.key).collect()
    }

    #[test]
    fn a_maximum_heap_that_the_text_never_names_is_told_with_both_lines() {
        let (finding, key) =
            says(with_heap(512), &[(Some(About::MaxHeap), 128), (Some(About::MaxHeap), 256)]).finding(&RULE);
        assert_eq!(key, "rule.text-against-evidence.max-heap");
        assert_eq!(finding.evidence.iter().map(|evidence| evidence.line).collect::<Vec<_>>(), [2, 20]);
        assert!(finding.statement.say(crate::i18n::Language::En).contains("256MB"));
    }

    #[test]
    fn a_text_that_knows_the_number_anywhere_is_right() {
        assert_eq!(keys(&says(with_heap(512), &[(Some(About::MaxHeap), 256), (None, 512)])), [""; 0]);
        assert_eq!(keys(&says(with_heap(250), &[(Some(About::MaxHeap), 256)])), [""; 0], "rounded");
        assert_eq!(keys(&says(with_heap(512), &[(None, 256)])), [""; 0], "nothing certain is said");
    }

    #[test]
    fn a_default_that_no_jdk_takes_is_told_only_of_a_known_jdk() {
        let numbers = [(Some(About::DefaultHeap), 64), (Some(About::Ram), 1024)];
        assert_eq!(keys(&says(Fixture::of_one_run(), &numbers)), [""; 0]);
        let known = says(Fixture::of_one_run().run(|run| run.jdk = Some("17.0.15".into())), &numbers);
        assert_eq!(keys(&known), ["rule.text-against-evidence.default-heap"]);
        let right = [(Some(About::DefaultHeap), 240), (Some(About::Ram), 1024)];
        assert_eq!(keys(&says(Fixture::of_one_run().run(|run| run.jdk = Some("11-15".into())), &right)), [""; 0]);
    }

    #[test]
    fn memory_and_limit_are_compared_beyond_rounding() {
        let ram = |size| {
            says(
                Fixture::of_one_run().kill(OomScope::Global, |kill| kill.ram = Some(mib(950))),
                &[(Some(About::Ram), size)],
            )
        };
        assert_eq!(keys(&ram(4096)), ["rule.text-against-evidence.ram"]);
        assert_eq!(keys(&ram(1024)), [""; 0]);
        let limit = |size| {
            let killed = Fixture::of_one_run()
                .kill(OomScope::Cgroup, |kill| kill.cgroup = cgroup("/docker/1", None, Some(mib(512))));
            says(killed, &[(Some(About::Limit), size)])
        };
        assert_eq!(keys(&limit(1024)), ["rule.text-against-evidence.limit"]);
        assert_eq!(keys(&limit(512)), [""; 0]);
    }

    #[test]
    fn address_space_taken_for_memory_is_told() {
        let used = |size| {
            let killed = Fixture::of_one_run().kill(OomScope::Global, |kill| {
                for victim in &mut kill.victims {
                    victim.total_vm = Some(mib(3250));
                }
            });
            says(killed, &[(Some(About::Used), size)])
        };
        assert_eq!(keys(&used(3200)), ["rule.text-against-evidence.address-space"]);
        assert_eq!(keys(&used(300)), [""; 0]);
        assert_eq!(keys(&used(2000)), [""; 0], "some other moment");
    }

    #[test]
    fn shares_and_processors_are_compared() {
        let said = |amount, about| ProseNumber { about: Some(about), amount, text: "75 %".into(), span: span(1) };
        let mut incident = with_heap(500).kill(OomScope::Global, |kill| kill.ram = Some(mib(1000)));
        incident.readings.prose.push(said(Amount::Share(75_000), About::HeapShare));
        assert_eq!(keys(&incident), ["rule.text-against-evidence.heap-share"]);
        incident.readings.prose.push(said(Amount::Share(50_000), About::HeapShare));
        assert_eq!(keys(&incident), [""; 0]);
        let mut log = GcLog { cpus: Some(2), run: "run-1".into(), ..GcLog::default() };
        log.at.put("cpus", span(9));
        let mut incident = Fixture::of_one_run();
        incident.readings.gc_logs.push(log);
        incident.readings.prose.push(said(Amount::Count(4), About::Processors));
        assert_eq!(keys(&incident), ["rule.text-against-evidence.processors"]);
        incident.readings.prose.push(said(Amount::Count(2), About::Processors));
        assert_eq!(keys(&incident), [""; 0]);
    }
}
