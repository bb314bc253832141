//! No room to copy into, and what is the same to other collectors.

use super::gc_warnings::each_run;
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::ToSpaceExhausted, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    // Since JDK 22 a region that native code holds counts as a failure as well; memory is not short then.
    let failed = |event: &&GcEvent| event.kind == GcKind::Failure && event.cause.as_deref() != Some("Pinned");
    let mut findings = each_run(incident, &RULE, failed, |events| {
        let all = |name: &str| events.iter().all(|event| event.name.eq_ignore_ascii_case(name));
        Some(match events {
            [] => return None,
            _ if events.iter().any(|event| event.name.eq_ignore_ascii_case("promotion failed")) => {
                "rule.to-space-exhausted.promotion"
            }
            _ if all("Out Of Memory") => "rule.to-space-exhausted.zgc",
            _ if all("concurrent mode failure") => "rule.to-space-exhausted.cms",
            _ => "rule.to-space-exhausted",
        })
    });
    for finding in &mut findings {
        let run = finding.run.clone().unwrap_or_default();
        if let Some((longest, at, is_full)) = longest_pause(incident, &run)
            && let Some(key) = with_pause(&finding.statement.key)
        {
            let claim = std::mem::take(&mut finding.statement);
            finding.statement =
                Statement { key: key.to_owned(), ..claim }.with("longest", Quantity::Duration(longest), Some(at));
            finding.evidence = finding.evidence.clone().and(Some(at));
            if longest < PAUSE_GOAL && !is_full {
                finding.severity = Severity::Notice;
            }
            if key == "rule.to-space-exhausted.promotion.pause" && incident.gc_events(&run).any(is_overtaken) {
                finding.statement.key = "rule.to-space-exhausted.promotion.overtaken".to_owned();
            }
            if key == "rule.to-space-exhausted.pause"
                && let Some((spent, at)) = undone(incident, &run)
            {
                finding.statement.key = "rule.to-space-exhausted.pause.undone".to_owned();
                let claim = std::mem::take(&mut finding.statement);
                finding.statement = claim.with("spent", Quantity::Duration(spent), Some(at));
            }
        }
        // The thread gets an `OutOfMemoryError`.
        if finding.statement.key == "rule.to-space-exhausted.zgc" {
            finding.severity = Severity::Critical;
            if let Some((live, used, at)) = left_of_cycle(incident, &run) {
                finding.statement.key = "rule.to-space-exhausted.zgc.live".to_owned();
                let claim = std::mem::take(&mut finding.statement);
                finding.statement =
                    claim.with("live", Quantity::Size(live), Some(at)).with("used", Quantity::Size(used), Some(at));
            }
        }
        if let Some((free, young, at)) = fragmented(incident, &run) {
            finding.statement.key = "rule.to-space-exhausted.fragmented".to_owned();
            let claim = std::mem::take(&mut finding.statement);
            finding.statement =
                claim.with("free", Quantity::Size(free), Some(at)).with("young", Quantity::Size(young), Some(at));
            finding.evidence = finding.evidence.clone().and(Some(at));
            finding.next.push(Statement::new("rule.to-space-exhausted.fragmented.next"));
        } else {
            if finding.statement.key.starts_with("rule.to-space-exhausted.promotion")
                && !finding.statement.key.ends_with(".overtaken")
                && let Some((free, at)) = free_at_failures(incident, &run)
            {
                finding.statement.key = "rule.to-space-exhausted.promotion.room".to_owned();
                let claim = std::mem::take(&mut finding.statement);
                finding.statement = claim.with("free", Quantity::Size(free), Some(at));
            }
            let collector = incident.run(&run).and_then(|run| run.collector.as_deref());
            let humongous = || {
                let caused = |event: &GcEvent| event.cause.as_deref().is_some_and(|cause| cause.contains("Humongous"));
                incident.gc_events(&run).any(caused)
            };
            finding.next.extend(match (finding.statement.key.as_str(), collector) {
                ("rule.to-space-exhausted.zgc" | "rule.to-space-exhausted.zgc.live", _) => {
                    Some(Statement::new("rule.allocation-stall.next"))
                }
                ("rule.to-space-exhausted.cms", _) | (_, Some("CMS")) => {
                    Some(Statement::new("rule.to-space-exhausted.cms.next"))
                }
                (_, Some("G1")) if humongous() => Some(Statement::new("rule.to-space-exhausted.humongous.next")),
                (_, Some("G1")) => Some(Statement::new("rule.to-space-exhausted.next")),
                _ => None,
            });
        }
    }
    findings
}

/// What the last cycle of ZGC marked as live, where it left a good deal more in use.
fn left_of_cycle(incident: &Incident<'_>, run: &str) -> Option<(Bytes, Bytes, Span)> {
    let of_cycle = |event: &&GcEvent| event.figures.contains_key("live") && event.after.is_some();
    let last = incident.gc_events(run).rfind(of_cycle)?;
    let (live, used) = (*last.figures.get("live")?, last.after?);
    (live.0 > 0 && live.0 < used.0 / 4 * 3).then(|| (live, used, event_line(incident.readings, last)))
}

/// The longest time that it took to undo what could not be copied.
fn undone(incident: &Incident<'_>, run: &str) -> Option<(Micros, Span)> {
    let failed = incident.gc_events(run).filter(|event| event.kind == GcKind::Failure);
    let longest = failed.max_by_key(|event| event.duration)?;
    Some((longest.duration?, event_line(incident.readings, longest)))
}

/// A promotion that failed while CMS was still collecting the old generation.
fn is_overtaken(event: &GcEvent) -> bool {
    event.kind == GcKind::Failure && event.cause.as_deref() == Some("concurrent mode failure")
}

/// G1's goal for a pause where nobody sets one: what ended sooner hurt nobody.
const PAUSE_GOAL: Micros = Micros(200_000);

/// The same claim with how long the longest of these pauses was.
fn with_pause(key: &str) -> Option<&'static str> {
    Some(match key {
        "rule.to-space-exhausted" => "rule.to-space-exhausted.pause",
        "rule.to-space-exhausted.promotion" => "rule.to-space-exhausted.promotion.pause",
        _ => return None,
    })
}

/// Tenths of the heap above which it is nearly full.
const NEARLY_FULL: u64 = 9;

/// The longest pause in which there was no room, where it stands, and whether one of them left a heap that is nearly full; `None` where
/// the length of one is not known.
fn longest_pause(incident: &Incident<'_>, run: &str) -> Option<(Micros, Span, bool)> {
    let events: Vec<&GcEvent> = incident.gc_events(run).collect();
    let pause = |failure: &GcEvent| {
        let is_its = |event: &&&GcEvent| {
            let same = event.line == failure.line || event.gc.is_some() && event.gc == failure.gc;
            event.pause && event.log == failure.log && same && event.duration.is_some()
        };
        events.iter().filter(is_its).max_by_key(|event| event.duration).copied()
    };
    let is_full = |pause: &&GcEvent| {
        let sizes = pause.after.zip(pause.committed);
        sizes.is_some_and(|(after, committed)| after.0 >= committed.0 / 10 * NEARLY_FULL)
    };
    let failed =
        events.iter().filter(|event| event.kind == GcKind::Failure && event.cause.as_deref() != Some("Pinned"));
    let pauses: Vec<&GcEvent> = failed.map(|failure| pause(failure)).collect::<Option<_>>()?;
    let longest = pauses.iter().max_by_key(|pause| pause.duration)?;
    Some((longest.duration?, event_line(incident.readings, longest), pauses.iter().any(is_full)))
}

/// The least that was free in the old generation when promotions failed, if that is known of all of them and it was full in none.
fn free_at_failures(incident: &Incident<'_>, run: &str) -> Option<(Bytes, Span)> {
    let events: Vec<&GcEvent> = incident.gc_events(run).collect();
    let failed = events.iter().filter(|event| event.kind == GcKind::Failure && event.name == "promotion failed");
    let free = failed.map(|failure| {
        let is_its = |event: &&&GcEvent| event.line == failure.line && event.log == failure.log && event.pause;
        let pause = events.iter().find(is_its)?;
        let (room, used) = (pause.figures.get("old_committed")?, pause.figures.get("old_before")?);
        let free = Bytes(room.0.checked_sub(used.0)?);
        (free.0 > room.0 / 10).then(|| (free, event_line(incident.readings, pause)))
    });
    let free: Vec<(Bytes, Span)> = free.collect::<Option<_>>()?;
    free.into_iter().min_by_key(|(free, _)| *free)
}

/// A promotion that failed although more was free in the old generation than the whole young one had: what was free is in pieces. CMS
/// does not compact. How much was free, what the young generation had, and where it stands.
fn fragmented(incident: &Incident<'_>, run: &str) -> Option<(Bytes, Bytes, Span)> {
    let failed = |event: &&&GcEvent| event.kind == GcKind::Failure && event.name == "promotion failed";
    let events: Vec<&GcEvent> = incident.gc_events(run).collect();
    let is_cms = incident.run(run).and_then(|run| run.collector.as_deref()) == Some("CMS");
    events.iter().filter(|_| is_cms).filter(failed).find_map(|failure| {
        // The failure is told by the line of the pause that it belongs to.
        let pause =
            events.iter().find(|event| event.line == failure.line && event.log == failure.log && event.pause)?;
        let size = |name: &str| pause.figures.get(name).copied();
        let free = Bytes(size("old_committed")?.0.checked_sub(size("old_before")?.0)?);
        let young = size("young_before")?;
        (free > young).then(|| (free, young, event_line(incident.readings, pause)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    #[test]
    fn a_failed_evacuation_is_told_but_not_a_pinned_region() {
        assert_eq!(Fixture::events(GcKind::Failure, "Allocation", 0, 1).finding(&RULE).1, "rule.to-space-exhausted");
        assert_eq!(Fixture::events(GcKind::Failure, "Pinned", 0, 9).check(&RULE), []);
    }

    #[test]
    fn how_long_the_pause_was_decides_how_grave_it_is() {
        let log = |duration: Option<i64>| {
            let at = |kind: GcKind, duration: Option<i64>| GcEvent {
                kind,
                gc: Some(7),
                duration: duration.map(Micros),
                pause: kind == GcKind::Young,
                ..GcEvent::default()
            };
            let events = vec![at(GcKind::Failure, None), at(GcKind::Young, duration)];
            let mut incident = Fixture::of_one_run().gc_log("G1", events);
            for (event, line) in incident.readings.gc_events.iter_mut().zip(100..) {
                event.line = line;
            }
            let (finding, key) = incident.finding(&RULE);
            (key, finding.severity)
        };
        assert_eq!(log(Some(3_200_000)), ("rule.to-space-exhausted.pause".to_owned(), Severity::Warning));
        assert_eq!(log(Some(199_000)), ("rule.to-space-exhausted.pause".to_owned(), Severity::Notice));
        assert_eq!(log(None), ("rule.to-space-exhausted".to_owned(), Severity::Warning));
    }

    #[test]
    fn an_allocation_that_zgc_could_not_serve_is_an_error_of_the_program() {
        let mut incident = Fixture::events(GcKind::Failure, "", 0, 2);
        incident.readings.gc_events.iter_mut().for_each(|event| event.name = "Out Of Memory".into());
        let (finding, key) = incident.finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.to-space-exhausted.zgc", Severity::Critical));
    }

    #[test]
    fn a_promotion_that_failed_with_room_left_failed_for_fragmentation() {
        let log = |old_before: u64| {
            let figures = [("old_before", old_before), ("old_committed", 1000), ("young_before", 100)];
            let pause = GcEvent {
                kind: GcKind::Full,
                pause: true,
                figures: figures.map(|(name, size)| (name.to_owned(), mib(size))).into(),
                ..GcEvent::default()
            };
            let failure = GcEvent { kind: GcKind::Failure, name: "promotion failed".into(), ..GcEvent::default() };
            let mut incident =
                Fixture::of_one_run().gc_log("CMS", vec![pause, failure]).run(|run| run.collector = Some("CMS".into()));
            incident.readings.gc_events.iter_mut().for_each(|event| event.line = 101);
            incident.finding(&RULE).1
        };
        assert_eq!(log(899), "rule.to-space-exhausted.fragmented");
        assert_eq!(log(900), "rule.to-space-exhausted.promotion");
    }

    #[test]
    fn what_failed_is_told_in_the_collectors_own_terms() {
        for (name, told) in [
            ("Out Of Memory", "rule.to-space-exhausted.zgc"),
            ("concurrent mode failure", "rule.to-space-exhausted.cms"),
            ("promotion failed", "rule.to-space-exhausted.promotion"),
        ] {
            let mut incident = Fixture::events(GcKind::Failure, "any", 0, 2);
            for event in &mut incident.readings.gc_events {
                event.name = name.into();
            }
            assert_eq!(incident.finding(&RULE).1, told);
        }
    }
}
