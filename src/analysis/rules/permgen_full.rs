//! A full GC that a full PermGen called for, in releases before JDK 8.

use super::class_room::{Fill, finding};
use super::{Incident, Rule};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::Finding;
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::Statement;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::kind::ErrorKind;
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::PermgenFull, check };

/// The smallest of the maxima that JVMs have by default; below it PermGen only grows from where it began.
const SMALLEST: Bytes = Bytes(64 << 20);

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    // The error says more.
    if incident.readings.java_errors.iter().any(|error| error.kind == ErrorKind::Permgen) {
        return Vec::new();
    }
    let of_run = |run: &Run| {
        let fill = incident.gc_events(&run.id).rev().find_map(|event| full(incident, event))?;
        let mut finding = finding(incident, &RULE, "rule.permgen-full", run, fill);
        finding.next.clear();
        // A stop says more by its length than PermGen by its size.
        finding.explains = None;
        let command = incident.command(Some(&run.id), Ask::ClassLoaders);
        Some(finding.ask(Statement::new("rule.memory-refused.next.permgen"), command))
    };
    incident.runs.iter().filter_map(of_run).collect()
}

/// PermGen before a full GC that found it full while the old generation had room.
fn full(incident: &Incident<'_>, event: &GcEvent) -> Option<Fill> {
    let figure = |name: &str| event.figures.get(name).copied();
    let (used, room) = (figure("perm_before")?, figure("perm_committed")?);
    let (old, of) = (figure("old_before")?, figure("old_committed")?);
    let called = event.kind == GcKind::Full && old.0 < of.0 / 2 && room >= SMALLEST;
    let at = event_line(incident.readings, event);
    called.then_some((used, at, room, Some(at)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    #[test]
    fn a_full_gc_for_classes_is_told_and_a_permgen_that_grows_is_not() {
        let log = |kind: GcKind, room: u64, old: u64| {
            let mut incident = Fixture::events(kind, "", 0, 1);
            for event in &mut incident.readings.gc_events {
                let figures =
                    [("perm_before", room), ("perm_committed", room), ("old_before", old), ("old_committed", 1000)];
                event.figures = figures.map(|(name, size)| (name.to_owned(), mib(size))).into();
            }
            incident
        };
        assert_eq!(log(GcKind::Full, 80, 90).finding(&RULE).1, "rule.permgen-full");
        assert_eq!(log(GcKind::Full, 21, 90).check(&RULE), []);
        assert_eq!(log(GcKind::Full, 80, 900).check(&RULE), []);
        assert_eq!(log(GcKind::Young, 80, 90).check(&RULE), []);
    }
}
