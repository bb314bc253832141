//! Growth outside of the heap by NMT: in all, and of the areas that have a cure of their own (classes, threads, direct
//! memory, the compiler).
//!
//! A diff has the change since its baseline; of several snapshots the last is compared with the first. The Java heap is
//! left out: it grows by design, up to its maximum.

use super::incident::line;
use super::{Incident, Rule};
use crate::analysis::accounting::{self, category};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, SignedBytes};

pub static GROWTH: Rule = Rule { id: "nmt-diff-growth", check: growth };
pub static CLASSES: Rule = Rule { id: "class-growth", check: classes };
pub static THREADS: Rule = Rule { id: "thread-count", check: threads };
pub static DIRECT: Rule = Rule { id: "direct-memory", check: direct };
pub static COMPILER: Rule = Rule { id: "compiler-memory", check: compiler };
pub static STEADY: Rule = Rule { id: "native-memory-steady", check: steady };

const MIB: i64 = 1024 * 1024;
/// Growth outside of the heap worth telling …
const GROWTH_LEAST: i64 = 16 * MIB;
/// … if it is also this part, in hundredths, of what was there before.
const GROWTH_PART: i64 = 10;
/// Growth of an area with a cure of its own.
const AREA_LEAST: i64 = 8 * MIB;
/// Threads of a large server; more are rarely meant.
const MANY_THREADS: u64 = 1000;
/// Threads that came since the baseline.
const NEW_THREADS: i64 = 100;
/// Direct memory and the like that is a large part of a JVM.
const MUCH_DIRECT: Bytes = Bytes(64 * 1024 * 1024);
/// Compiler arenas are tens of MiB while something large is compiled and else next to nothing.
const MUCH_COMPILER: Bytes = Bytes(128 * 1024 * 1024);
/// Growth of compiler arenas since a baseline: they are given back after a compilation, so that this much stays is odd.
const COMPILER_GREW: i64 = 32 * MIB;
/// Committed memory that grew by no more than this part, in thousandths, does not grow.
const STEADY_PART: u64 = 10;

/// The change of one category.
struct Change<'a> {
    category: &'a NmtCategory,
    delta: i64,
    at: Span,
}

/// How the memory of a run changed: the snapshot that shows it, and the change of every category in it.
struct Changes<'a> {
    snapshot: &'a NmtSnapshot,
    /// The snapshot that it is compared with; `None` in a diff.
    first: Option<&'a NmtSnapshot>,
    areas: Vec<Change<'a>>,
}

impl<'a> Changes<'a> {
    /// Of the last diff of a run, else of its first and last snapshots.
    fn of(incident: &Incident<'a>, run: &Run) -> Option<Changes<'a>> {
        let whole = |snapshot: &&NmtSnapshot| snapshot.complete && snapshot.total.committed.is_some();
        let diff = incident.nmt(&run.id).rev().filter(whole).find(|snapshot| snapshot.kind.ends_with("diff"));
        if let Some(snapshot) = diff {
            let change = |category: &'a NmtCategory| {
                let delta = category.committed_delta.unwrap_or_default().0;
                Change { category, delta, at: place(snapshot, category) }
            };
            return Some(Changes { snapshot, first: None, areas: snapshot.categories.iter().map(change).collect() });
        }
        let mut snapshots = incident.nmt(&run.id).filter(whole);
        let (first, snapshot) = (snapshots.next()?, snapshots.next_back()?);
        let change = |now: &'a NmtCategory| {
            let before = category(first, &now.name).and_then(|before| before.committed).unwrap_or_default();
            let delta = now.committed.unwrap_or_default().minus(before).0;
            Change { category: now, delta, at: place(snapshot, now) }
        };
        Some(Changes { snapshot, first: Some(first), areas: snapshot.categories.iter().map(change).collect() })
    }

    fn outside(&self) -> i64 {
        let outside = self.areas.iter().filter(|change| change.category.name != "Java Heap");
        outside.fold(0, |sum, change| sum.saturating_add(change.delta))
    }

    fn of_areas(&self, names: &[&str]) -> Option<(&Change<'a>, i64)> {
        let areas = || self.areas.iter().filter(|change| names.contains(&change.category.name.as_str()));
        let largest = areas().max_by_key(|change| change.delta)?;
        Some((largest, areas().fold(0, |sum, change| sum.saturating_add(change.delta))))
    }

    fn proof(&self, at: Span) -> Proof {
        let first = self.first.map(total_line);
        Proof::first(at).and(first)
    }

    /// `.diff` or `.snapshots`: since a baseline, or between snapshots.
    fn is_diff(&self) -> bool {
        self.first.is_none()
    }
}

fn place(snapshot: &NmtSnapshot, category: &NmtCategory) -> Span {
    category.at.get("committed").unwrap_or_else(|| line(snapshot.source, category.line))
}

fn total_line(snapshot: &NmtSnapshot) -> Span {
    snapshot.total.at.get("committed").unwrap_or_else(|| line(snapshot.source, snapshot.first_line))
}

fn signed(delta: i64) -> Quantity {
    Quantity::SignedSize(SignedBytes(delta))
}

/// A change that is known to be growth.
fn size(delta: i64) -> Quantity {
    Quantity::Size(Bytes(delta.unsigned_abs()))
}

fn explains(delta: i64) -> Option<Quantity> {
    Some(size(delta))
}

fn growth(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| growth_of(incident, run)).collect()
}

fn growth_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let changes = Changes::of(incident, run)?;
    let delta = changes.outside();
    let now = i64::try_from(accounting::non_heap(changes.snapshot)?.bytes.0).ok()?;
    let before = now.saturating_sub(delta);
    if delta < GROWTH_LEAST || delta / GROWTH_PART < before / 100 {
        return None;
    }
    // Growth that a rule of its own tells is not told twice.
    let areas_told = [&["Class", "Metaspace"][..], &["Other"], &["Thread"]];
    let told = areas_told.iter().filter_map(|names| changes.of_areas(names));
    if told.map(|(_, delta)| delta).filter(|delta| *delta >= AREA_LEAST).max().unwrap_or_default() >= delta / 3 * 2 {
        return None;
    }
    let mut areas: Vec<&Change<'_>> =
        changes.areas.iter().filter(|change| change.category.name != "Java Heap" && change.delta > 0).collect();
    areas.sort_by_key(|change| std::cmp::Reverse(change.delta));
    let largest = areas.first()?;
    let total = total_line(changes.snapshot);
    let key = if changes.is_diff() { "rule.nmt-diff-growth" } else { "rule.nmt-diff-growth.snapshots" };
    let claim = Statement::new(key)
        .with("delta", size(delta), None)
        .with("area", Quantity::Word(largest.category.name.clone()), Some(largest.at))
        .with("largest", size(largest.delta), Some(largest.at));
    let proof = changes.proof(total).all(areas.iter().take(3).map(|change| change.at));
    Some(Finding::new(GROWTH.id, Severity::Warning, claim, proof).about(Some(&run.id)).explaining(explains(delta)))
}

fn classes(incident: &Incident<'_>) -> Vec<Finding> {
    incident
        .runs
        .iter()
        .filter_map(|run| classes_by_nmt(incident, run).or_else(|| classes_by_rows(incident, run)))
        .collect()
}

/// Up to JDK 15 classes are one area, later two.
fn classes_by_nmt(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let changes = Changes::of(incident, run)?;
    let (largest, delta) = changes.of_areas(&["Class", "Metaspace"]).filter(|(_, delta)| *delta >= AREA_LEAST)?;
    let class = changes.areas.iter().find(|change| change.category.name == "Class")?;
    let loaded = class.category.classes;
    let key = if loaded.is_some() { "rule.class-growth" } else { "rule.class-growth.no-count" };
    let mut claim = Statement::new(key).with("delta", size(delta), Some(largest.at));
    let mut proof = changes.proof(largest.at);
    if let Some(loaded) = loaded {
        let at = class.category.at.get("classes").or(Some(class.at));
        claim = claim.with("classes", Quantity::Count(loaded), at);
        proof = proof.and(at);
    }
    Some(class_finding(incident, run, claim, proof, delta))
}

/// By metaspace in use: it must still grow in the second half of the rows, when a server has loaded its classes.
fn classes_by_rows(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    incident.jstat(&run.id).filter(|table| table.restarts.is_empty()).find_map(|table| {
        let last = accounting::rows_alive(table).checked_sub(1)?;
        let middle = last / 2;
        let used = |row: usize| accounting::cell(table, "MU", row);
        let late = used(last)?.minus(used(middle)?).0;
        let delta = used(last)?.minus(used(0)?).0;
        let at = |row: usize| table.lines.get(row).map(|number| line(table.source, *number));
        let span = table.relative_time(last)?.minus(table.relative_time(0)?);
        if late < AREA_LEAST / 2 || delta < AREA_LEAST {
            return None;
        }
        let claim = Statement::new("rule.class-growth.rows")
            .with("delta", size(delta), None)
            .with("used", Quantity::Size(used(last)?), at(last))
            .with("span", Quantity::Duration(span), None);
        let proof = Proof::first(at(0)?).and(at(middle)).and(at(last));
        Some(class_finding(incident, run, claim, proof, delta))
    })
}

fn class_finding(incident: &Incident<'_>, run: &Run, claim: Statement, proof: Proof, delta: i64) -> Finding {
    let command = format!("jcmd {} VM.classloader_stats", incident.pid(Some(&run.id)));
    Finding::new(CLASSES.id, Severity::Warning, claim, proof)
        .about(Some(&run.id))
        .explaining(explains(delta))
        .then(Statement::new("rule.class-growth.next").with("command", Quantity::Word(command), None))
}

fn threads(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| threads_of(incident, run)).collect()
}

fn threads_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let snapshot = incident
        .nmt(&run.id)
        .rev()
        .find(|snapshot| category(snapshot, "Thread").is_some_and(|c| c.threads.is_some()))?;
    let thread = category(snapshot, "Thread")?;
    let count = thread.threads?;
    let first = incident.nmt(&run.id).find_map(|snapshot| Some((snapshot, category(snapshot, "Thread")?.threads?)));
    let since = thread.threads_delta.or_else(|| {
        let (_, before) = first.filter(|(other, _)| !std::ptr::eq(*other, snapshot))?;
        i64::try_from(count).ok()?.checked_sub(i64::try_from(before).ok()?)
    });
    let grew = since.filter(|since| *since >= NEW_THREADS);
    if count < MANY_THREADS && grew.is_none() {
        return None;
    }
    let at = thread.at.get("threads").unwrap_or_else(|| place(snapshot, thread));
    let committed = thread.committed?;
    let reserved = thread.stack_reserved.or(thread.reserved)?;
    let stack = Bytes(reserved.0.checked_div(count)?);
    let key = if grew.is_some() { "rule.thread-count.growing" } else { "rule.thread-count" };
    let mut claim = Statement::new(key)
        .with("count", Quantity::Count(count), Some(at))
        .with("committed", Quantity::Size(committed), Some(place(snapshot, thread)))
        .with("stack", Quantity::Size(stack), None);
    if let Some(grew) = grew {
        claim = claim.with("more", Quantity::Count(grew.unsigned_abs()), thread.at.get("threads_delta").or(Some(at)));
    }
    let command = format!(
        "jcmd {} Thread.print | grep '^\"' | cut -d'\"' -f2 | sed 's/[0-9]*$//' | sort | uniq -c",
        incident.pid(Some(&run.id))
    );
    let proof = Proof::first(at).and(Some(place(snapshot, thread)));
    Some(
        Finding::new(THREADS.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(committed)))
            .then(Statement::new("rule.thread-count.next").with("command", Quantity::Word(command), None)),
    )
}

fn direct(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| direct_of(incident, run)).collect()
}

/// `Other` of JDK 11 and newer is mostly direct buffers; older JDKs have them in `Internal`, with much else.
fn direct_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let snapshot = incident.nmt(&run.id).next_back()?;
    let other = category(snapshot, "Other")?;
    let committed = other.committed?;
    let delta = Changes::of(incident, run).and_then(|changes| Some(changes.of_areas(&["Other"])?.1));
    let grew = delta.filter(|delta| *delta >= AREA_LEAST);
    let much = committed >= MUCH_DIRECT && committed.0 >= snapshot.total.committed?.0 / 4;
    if grew.is_none() && !much {
        return None;
    }
    let at = place(snapshot, other);
    let key = if grew.is_some() { "rule.direct-memory.growing" } else { "rule.direct-memory" };
    let mut claim = Statement::new(key).with("committed", Quantity::Size(committed), Some(at));
    if let Some(grew) = grew {
        claim = claim.with("delta", size(grew), other.at.get("committed_delta"));
    }
    let mut finding = Finding::new(DIRECT.id, Severity::Warning, claim, Proof::first(at))
        .about(Some(&run.id))
        .explaining(Some(Quantity::Size(committed)));
    let capped = run.flags.iter().any(|flag| flag.contains("MaxDirectMemorySize=") && !flag.ends_with("=0"));
    finding = match (capped, incident.max_heap(&run.id)) {
        (true, _) => finding,
        (false, Some(heap)) if !run.flags.is_empty() => finding
            .then(Statement::new("rule.direct-memory.uncapped").with("heap", Quantity::Size(heap.bytes), heap.at)),
        _ => finding.then(Statement::new("rule.direct-memory.next")),
    };
    Some(finding)
}

fn compiler(incident: &Incident<'_>) -> Vec<Finding> {
    let one = |run: &Run| {
        let snapshot = incident.nmt(&run.id).next_back()?;
        let compiler = category(snapshot, "Compiler")?;
        let committed = compiler.committed?;
        let at = place(snapshot, compiler);
        let delta = Changes::of(incident, run).and_then(|changes| Some(changes.of_areas(&["Compiler"])?.1));
        let grew = delta.filter(|delta| *delta >= COMPILER_GREW);
        if committed < MUCH_COMPILER && grew.is_none() {
            return None;
        }
        let key = if grew.is_some() { "rule.compiler-memory.growing" } else { "rule.compiler-memory" };
        let mut claim = Statement::new(key).with("committed", Quantity::Size(committed), Some(at));
        if let Some(grew) = grew {
            claim = claim.with("delta", size(grew), compiler.at.get("committed_delta"));
        }
        Some(
            Finding::new(COMPILER.id, Severity::Warning, claim, Proof::first(at))
                .about(Some(&run.id))
                .explaining(Some(Quantity::Size(committed))),
        )
    };
    incident.runs.iter().filter_map(one).collect()
}

/// Good news: a diff in which next to nothing moved.
fn steady(incident: &Incident<'_>) -> Vec<Finding> {
    let one = |run: &Run| {
        let changes = Changes::of(incident, run)?;
        let total = changes.snapshot.total.committed?;
        let delta = changes.areas.iter().fold(0_i64, |sum, change| sum.saturating_add(change.delta));
        let still = u64::try_from(delta).unwrap_or(0) <= total.0 / 1000 * STEADY_PART
            && changes.areas.iter().all(|change| change.delta < MIB);
        let dead = run.killed
            || incident.readings.java_errors.iter().any(|error| incident.run_of_error(error) == Some(&run.id));
        if !still || dead {
            return None;
        }
        let at = total_line(changes.snapshot);
        let key = if changes.is_diff() { "rule.native-memory-steady" } else { "rule.native-memory-steady.snapshots" };
        let claim = Statement::new(key).with("delta", signed(delta), Some(at)).with(
            "committed",
            Quantity::Size(total),
            Some(at),
        );
        Some(Finding::new(STEADY.id, Severity::Good, claim, changes.proof(at)).about(Some(&run.id)))
    };
    incident.runs.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    /// A diff with 200 MiB committed, of it 100 for the heap, and areas with what they have and how much they grew, in MiB.
    fn diff(areas: &[(&str, u64, i64)]) -> Fixture {
        let mut incident = Fixture::of_one_run().nmt(mib(200), mib(100));
        for snapshot in &mut incident.readings.nmt {
            snapshot.kind = "summary.diff".into();
            snapshot.categories.extend(areas.iter().map(|(name, size, delta)| NmtCategory {
                name: (*name).into(),
                committed: Some(mib(*size)),
                reserved: Some(mib(*size)),
                committed_delta: Some(SignedBytes(delta * MIB)),
                line: 22,
                ..NmtCategory::default()
            }));
        }
        incident
    }

    #[test]
    fn growth_outside_of_the_heap_is_told_with_the_area_that_grew_most() {
        let (finding, key) = diff(&[("Code", 30, 2), ("GC", 40, 30)]).finding(&GROWTH);
        assert_eq!(key, "rule.nmt-diff-growth");
        assert_eq!(
            finding.statement.values.get("area").map(|value| &value.quantity),
            Some(&Quantity::Word("GC".into()))
        );
        assert_eq!(finding.explains, Some(Quantity::Size(mib(32))));
    }

    #[test]
    fn growth_of_the_heap_and_small_growth_are_not_told() {
        assert_eq!(diff(&[("Code", 30, 10)]).check(&GROWTH), []);
        assert_eq!(diff(&[("Code", 30, 2), ("Other", 40, 30)]).check(&GROWTH), [], "told as direct memory");
        let mut heap = diff(&[]);
        for category in heap.readings.nmt.iter_mut().flat_map(|snapshot| &mut snapshot.categories) {
            category.committed_delta = Some(SignedBytes(90 * MIB));
        }
        assert_eq!(heap.check(&GROWTH), []);
    }

    #[test]
    fn between_snapshots_the_last_is_compared_with_the_first() {
        let grown = Fixture::of_one_run().nmt(mib(150), mib(100)).nmt(mib(200), mib(100));
        assert_eq!(grown.check(&GROWTH), [], "no area is known to have grown");
        let mut grown = grown;
        for (snapshot, size) in grown.readings.nmt.iter_mut().zip([50, 100]) {
            let code = NmtCategory { name: "Code".into(), committed: Some(mib(size)), ..NmtCategory::default() };
            snapshot.categories.push(code);
        }
        assert_eq!(grown.finding(&GROWTH).1, "rule.nmt-diff-growth.snapshots");
    }

    #[test]
    fn classes_that_grow_are_told_and_classes_that_were_loaded_once_are_not() {
        assert_eq!(diff(&[("Class", 30, 2), ("Metaspace", 40, 7)]).finding(&CLASSES).1, "rule.class-growth.no-count");
        assert_eq!(diff(&[("Class", 30, 2), ("Metaspace", 40, 3)]).check(&CLASSES), []);
        let rows = |used: &[i64]| Fixture::of_one_run().jstat(Some("G1"), &[("MU", 1, used)]);
        assert_eq!(rows(&[100_000, 150_000, 200_000, 250_000]).finding(&CLASSES).1, "rule.class-growth.rows");
        assert_eq!(rows(&[100_000, 240_000, 249_000, 250_000]).check(&CLASSES), []);
    }

    fn with_threads(count: u64, delta: Option<i64>) -> Fixture {
        let mut incident = diff(&[("Thread", 60, 0)]);
        for category in incident.readings.nmt.iter_mut().flat_map(|snapshot| &mut snapshot.categories) {
            category.threads = (category.name == "Thread").then_some(count);
            category.threads_delta = delta;
        }
        incident
    }

    #[test]
    fn a_thousand_threads_or_a_hundred_new_ones_are_many() {
        assert_eq!(with_threads(1000, None).finding(&THREADS).1, "rule.thread-count");
        assert_eq!(with_threads(300, Some(100)).finding(&THREADS).1, "rule.thread-count.growing");
        assert_eq!(with_threads(999, Some(99)).check(&THREADS), []);
    }

    #[test]
    fn direct_memory_is_told_if_it_grows_or_is_a_large_part() {
        assert_eq!(diff(&[("Other", 30, 8)]).finding(&DIRECT).1, "rule.direct-memory.growing");
        assert_eq!(diff(&[("Other", 64, 0)]).finding(&DIRECT).1, "rule.direct-memory");
        assert_eq!(diff(&[("Other", 40, 7)]).check(&DIRECT), []);
    }

    #[test]
    fn compiler_arenas_of_hundreds_of_mib_are_told() {
        assert_eq!(diff(&[("Compiler", 128, 0)]).finding(&COMPILER).1, "rule.compiler-memory");
        assert_eq!(diff(&[("Compiler", 127, 0)]).check(&COMPILER), []);
        assert_eq!(diff(&[("Compiler", 60, 32)]).finding(&COMPILER).1, "rule.compiler-memory.growing");
        assert_eq!(diff(&[("Compiler", 60, 31)]).check(&COMPILER), []);
    }

    #[test]
    fn memory_that_does_not_move_is_good_news_unless_the_process_died() {
        assert_eq!(diff(&[("Code", 30, 0)]).finding(&STEADY).1, "rule.native-memory-steady");
        assert_eq!(diff(&[("Code", 30, 1)]).check(&STEADY), []);
        assert_eq!(diff(&[("Code", 30, 0)]).run(|run| run.killed = true).check(&STEADY), []);
    }
}
