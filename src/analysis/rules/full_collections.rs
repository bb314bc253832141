//! Full collections that the heap itself called for, and those for another cause: what several rules share.

use super::{Incident, Rule, rising_floor};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::run::Run;
use crate::units::{Bytes, Micros};

/// Full collections that are no accident.
pub const OFTEN: usize = 3;

/// Hundredths.
pub fn part(of: Bytes, whole: Bytes) -> u64 {
    u64::try_from(u128::from(of.0) * 100 / u128::from(whole.0.max(1))).unwrap_or(u64::MAX)
}

/// Full collections that something else than a full heap called for.
pub struct Caused {
    /// How their cause begins.
    pub cause: &'static str,
    /// How many of them are no accident.
    pub often: usize,
    /// Key of what is told, with `count` and `time`.
    pub claim: &'static str,
    /// Key of the next step.
    pub next: &'static str,
}

impl Caused {
    /// Their number and the time that they took, if there are enough of them in a run.
    pub fn check(&self, rule: &Rule, incident: &Incident<'_>, run: &Run) -> Option<Finding> {
        let caused = |event: &&GcEvent| {
            event.kind == GcKind::Full && event.cause.as_deref().is_some_and(|cause| cause.starts_with(self.cause))
        };
        let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(caused).collect();
        let (first, last) = (events.first()?, events.last()?);
        if events.len() < self.often {
            return None;
        }
        let time = events.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
        let claim = Statement::new(self.claim).with("count", Quantity::Count(events.len() as u64), None).with(
            "time",
            Quantity::Duration(time),
            None,
        );
        let proof = Proof::first(event_line(incident.readings, first)).and(Some(event_line(incident.readings, last)));
        Some(
            Finding::new(rule.id, Severity::Notice, claim, proof)
                .about(Some(&run.id))
                .explaining(Some(Quantity::Duration(time)))
                .then(Statement::new(self.next)),
        )
    }
}

/// True unless something else than the heap called for a full GC: code, a tool, or the metaspace.
pub fn is_of_heap(cause: &str) -> bool {
    const OTHERS: [&str; 6] = ["System", "Metadata", "Heap Dump", "Heap Inspection", "Diagnostic", "JvmtiEnv"];
    !OTHERS.iter().any(|other| cause.contains(other))
}

/// True if a GC left what it found, but for a hundredth.
pub fn frees_nothing(event: &GcEvent) -> bool {
    event.before.zip(event.after).is_some_and(|(before, after)| after.0 >= before.0 - before.0 / 100)
}

/// True if a GC freed no more than a fiftieth of what it found, as the JVM's own `GCHeapFreeLimit` has it.
pub fn frees_little(event: &GcEvent) -> bool {
    event.before.zip(event.after).is_some_and(|(before, after)| after.0 >= before.0 - before.0 / 50)
}

/// Full collections of a run that the heap itself called for.
pub fn full<'a>(incident: &Incident<'a>, run: &Run) -> Vec<&'a GcEvent> {
    let asked = |event: &&GcEvent| event.kind == GcKind::Full && event.cause.as_deref().is_none_or(is_of_heap);
    incident.gc_events(&run.id).filter(asked).collect()
}

/// Sizes of generations are fixed parts only with these; G1, ZGC, and Shenandoah move the border themselves.
pub fn has_fixed_parts(run: &Run) -> bool {
    matches!(run.collector.as_deref(), Some("Serial" | "Parallel" | "CMS"))
}

/// The last full collections of a log, if there are enough.
pub fn last_full<'a>(incident: &Incident<'a>, run: &Run) -> Option<Vec<&'a GcEvent>> {
    let mut events = full(incident, run);
    let start = events.len().checked_sub(OFTEN)?;
    Some(events.split_off(start))
}

/// What is told as an error or as a rise is not told again, and another border between generations would not help.
pub fn is_told(incident: &Incident<'_>, run: &Run) -> bool {
    incident.errors(&run.id).any(|error| error.kind.is_of_heap()) || rising_floor::check_run(incident, run).is_some()
}
