//! Full collections that only classes called for.

use super::full_collections::Caused;
use super::{Incident, Rule};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::kind::ErrorKind;
use crate::model::run::Run;
use crate::units::Micros;

pub static RULE: Rule = Rule { id: RuleId::MetaspaceThresholdCollections, check };

/// Starting takes one or two.
const THRESHOLD: Caused = Caused {
    cause: "Metadata GC",
    often: 4,
    claim: "rule.metaspace-threshold-collections",
    next: "rule.metaspace-threshold-collections.next",
};

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    // An error of the metaspace says more.
    if incident.readings.java_errors.iter().any(|error| error.kind == ErrorKind::Metaspace) {
        return Vec::new();
    }
    let of_run = |run: &Run| at_limit(incident, run).or_else(|| THRESHOLD.check(&RULE, incident, run));
    incident.runs.iter().filter_map(of_run).collect()
}

/// Two full GCs this close together …
const SOON: Micros = Micros(60_000_000);
/// … of which the second leaves the metaspace within so many thousandths of the first are no threshold that moves: it moves by a half.
const SAME: u64 = 10;

/// The last two full GCs of a run that the metaspace called for, where they left it as it was: it cannot grow, and nothing of it goes.
pub fn pair_at_limit<'a>(incident: &Incident<'a>, run: &str) -> Option<(&'a GcEvent, &'a GcEvent)> {
    // A cause that only a metaspace without room has follows the threshold.
    let of_classes = |cause: &str| cause.starts_with("Metadata") || cause.starts_with("Last ditch");
    let full = incident.gc_events(run).filter(|event| event.kind == GcKind::Full);
    let mut own = full.filter(|event| event.cause.as_deref().is_some_and(of_classes)).rev();
    let (last, before) = (own.next()?, own.next()?);
    let used = |event: &GcEvent| event.figures.get("metaspace_used").map(|used| used.0);
    let (earlier, later) = (used(before)?, used(last)?);
    let is_same = earlier > 0 && earlier.abs_diff(later) <= earlier / 1000 * SAME;
    let apart = |one: Option<Micros>, other: Option<Micros>| Some(other?.0.checked_sub(one?.0)?.unsigned_abs());
    let apart = apart(before.uptime, last.uptime)
        .or_else(|| apart(before.time, last.time))
        .or_else(|| apart(before.local_time, last.local_time))?;
    (is_same && apart <= SOON.0.unsigned_abs()).then_some((before, last))
}

fn at_limit(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let (before, last) = pair_at_limit(incident, &run.id)?;
    let at = event_line(incident.readings, last);
    let size = |name: &str| last.figures.get(name).map(|bytes| Quantity::Size(*bytes));
    let key = match size("metaspace_reserved") {
        Some(_) => "rule.metaspace-threshold-collections.limit.reserved",
        None => "rule.metaspace-threshold-collections.limit",
    };
    let claim = Statement::new(key).with("used", size("metaspace_used")?, Some(at));
    let claim =
        size("metaspace_reserved").into_iter().fold(claim, |claim, size| claim.with("reserved", size, Some(at)));
    let proof = Proof::first(event_line(incident.readings, before)).and(Some(at));
    let finding = Finding::new(RULE.id, Severity::Warning, claim, proof).about(Some(&run.id));
    let next = Statement::new("rule.metaspace-threshold-collections.limit.next");
    Some(
        finding
            .then(next)
            .ask(Statement::new("rule.class-growth.next"), incident.command(Some(&run.id), Ask::ClassLoaders)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn collections_for_the_threshold_count_from_the_fourth() {
        let log = |count: usize| {
            let event =
                GcEvent { kind: GcKind::Full, cause: Some("Metadata GC Threshold".into()), ..GcEvent::default() };
            Fixture::of_one_run().gc_log("Parallel", vec![event; count])
        };
        assert_eq!(log(4).finding(&RULE).1, "rule.metaspace-threshold-collections");
        assert_eq!(log(3).check(&RULE), []);
    }

    #[test]
    fn a_metaspace_that_stays_is_at_its_limit() {
        let log = |used: [u64; 2], seconds: i64| {
            let event = |(at, used): (i64, u64)| GcEvent {
                kind: GcKind::Full,
                cause: Some("Metadata GC Threshold".into()),
                uptime: Some(Micros(at * 1_000_000)),
                figures: [("metaspace_used".to_owned(), Bytes(used << 20))].into(),
                ..GcEvent::default()
            };
            let [first, second] = used;
            Fixture::of_one_run().gc_log("Parallel", vec![event((9, first)), event((9 + seconds, second))])
        };
        assert_eq!(log([340, 340], 3).finding(&RULE).1, "rule.metaspace-threshold-collections.limit");
        assert_eq!(log([20, 34], 3).check(&RULE), [], "the classes of a start");
        assert_eq!(log([340, 340], 3600).check(&RULE), [], "what was loaded goes again");
    }
}
