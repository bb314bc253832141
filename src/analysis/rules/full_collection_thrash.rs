//! Full GCs back to back, and whether the heap is the reason: a cause that has nothing to do with its size is named.

use super::full_collections::{frees_little, has_fixed_parts, is_of_heap};
use super::gc_time::{Clock, OLD, at_least, count, counts_full, fill, row_line, share, time};
use super::{Incident, Rule, pair_at_limit};
use crate::analysis::accounting;
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement, thousandths};
use crate::formats::gc_log::monitor;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static RULE: Rule = Rule { id: RuleId::FullCollectionThrash, check };

/// Full collections in a row that are no accident.
const BACK_TO_BACK: usize = 3;
/// Two are enough where the old generation stays this full, in thousandths of a percent.
const OLD_FULL: i64 = 99_000;
/// … or where each takes this long, …
const LONG: Micros = Micros(1_000_000);
/// … and next to nothing of the time, in hundredths, lies between them.
const TOUCH: i64 = 75;
/// A young GC of a monitor this short belongs to the full one that it is told with.
const BESIDE: Micros = Micros(100_000);
/// A shorter burst is over before anybody notices it.
const SHORTEST_BURST: Micros = Micros(1_000_000);
/// Share of the time, in hundredths, from which full collections stand in the way of the application.
const WARNING: i64 = 20;
/// … and from which there is hardly an application left.
const CRITICAL: i64 = 50;

/// An old generation that was never fuller, in thousandths of a percent, calls for no full GC.
const ROOM: i64 = 70_000;

/// Full collections back to back.
struct Burst {
    count: u64,
    span: Micros,
    time: Micros,
    first: Span,
    last: Span,
    /// The one cause of all of them, where it is not the heap.
    cause: Option<String>,
    /// How full the old generation was at most, in thousandths of a percent.
    old: Option<i64>,
    /// It was that full after each of them.
    stays_full: bool,
    /// What stayed in use, where they freed next to nothing.
    in_vain: Option<Bytes>,
}

/// Something else than the heap calls for all of them.
const CAUSE: &str = "rule.full-collection-thrash.cause";
/// They free next to nothing.
const VAIN: &str = "rule.full-collection-thrash.vain";
/// The old generation stays full.
const OLD_STAYS: &str = "rule.full-collection-thrash.old";
/// The old generation has room, and the cause is not known.
const UNLIKELY: &str = "rule.full-collection-thrash.room";

impl Burst {
    /// The key of what is told.
    fn told(&self) -> &'static str {
        match (&self.cause, self.old) {
            (Some(_), _) => CAUSE,
            (None, Some(old)) if old < ROOM => UNLIKELY,
            _ if self.in_vain.is_some() => VAIN,
            (None, Some(_)) if self.stays_full => OLD_STAYS,
            _ => "rule.full-collection-thrash",
        }
    }
}

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for run in incident.runs {
        let by_log = bursts_by_log(incident, run);
        let by_rows = incident.jstat(&run.id).filter(|table| counts_full(table, run)).flat_map(bursts_by_rows);
        let bad = by_log
            .into_iter()
            .chain(by_rows)
            .filter(|burst| burst.span >= SHORTEST_BURST && at_least(burst.time, burst.span, WARNING));
        let Some(worst) = bad.max_by_key(|burst| burst.time) else { continue };
        let severity = if at_least(worst.time, worst.span, CRITICAL) { Severity::Critical } else { Severity::Warning };
        let told = worst.told();
        let mut claim = Statement::new(told)
            .with("count", Quantity::Count(worst.count), None)
            .with("span", Quantity::Duration(worst.span), None)
            .with("share", share(worst.time, worst.span), None);
        if let Some(cause) = worst.cause.clone().filter(|_| told == CAUSE) {
            claim = claim.with("cause", Quantity::Word(cause), Some(worst.last));
        }
        if let Some(after) = worst.in_vain.filter(|_| told == VAIN) {
            claim = claim.with("after", Quantity::Size(after), Some(worst.last));
        }
        if let Some(old) = worst.old.filter(|_| matches!(told, UNLIKELY | OLD_STAYS)) {
            claim = claim.with("old", Quantity::Share(old), None);
        }
        let proof = Proof::first(worst.first).and(Some(worst.last));
        let of_classes = worst.cause.as_deref().is_some_and(|cause| cause.starts_with("Metadata"));
        let command = |ask: Ask| incident.command(Some(&run.id), ask);
        let finding = Finding::new(RULE.id, severity, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Duration(worst.time)));
        findings.push(match told {
            CAUSE if of_classes && pair_at_limit(incident, &run.id).is_some() => {
                finding.then(Statement::new("rule.metaspace-threshold-collections.limit.next"))
            }
            CAUSE if of_classes => finding.then(Statement::new("rule.metaspace-threshold-collections.next")),
            CAUSE => finding.then(Statement::new("rule.explicit-collections.next")),
            UNLIKELY => finding.ask(Statement::new("rule.full-collection-thrash.room.next"), command(Ask::GcCause)),
            _ => finding.ask(Statement::new("rule.full-collection-thrash.next"), command(Ask::Histogram)),
        });
    }
    findings
}

/// Full pauses that follow one another without a young one between them.
fn bursts_by_log(incident: &Incident<'_>, run: &Run) -> Vec<Burst> {
    let mut bursts: Vec<Burst> = Vec::new();
    let mut open: Vec<&GcEvent> = Vec::new();
    let mut close = |open: &mut Vec<&GcEvent>| {
        if let (Some(first), Some(last)) = (open.first(), open.last())
            && let stays_full = old_stays_full(run, open)
            && let clock = Clock::of(open)
            && let (Some((start, _)), Some((_, end))) =
                (clock.extent(incident.readings, first), clock.extent(incident.readings, last))
            && let spent = open.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus)
            && let is_long = open.iter().all(|event| event.duration >= Some(LONG))
            && let touch = at_least(spent, end.minus(start), TOUCH)
            && (open.len() >= BACK_TO_BACK || open.len() > 1 && (stays_full.is_some() || is_long && touch))
        {
            bursts.push(Burst {
                count: open.len() as u64,
                span: end.minus(start),
                time: spent,
                first: event_line(incident.readings, first),
                last: event_line(incident.readings, last),
                cause: first
                    .cause
                    .clone()
                    .filter(|cause| !is_of_heap(cause) && open.iter().all(|event| event.cause.as_ref() == Some(cause))),
                old: stays_full,
                stays_full: stays_full.is_some(),
                in_vain: last.after.filter(|_| open.iter().all(|event| frees_little(event))),
            });
        }
        open.clear();
    };
    let of_monitor = |event: &GcEvent| {
        let log = incident.readings.gc_logs.get(event.log as usize);
        log.is_some_and(|log| log.style == monitor::STYLE)
    };
    for event in incident.gc_events(&run.id) {
        match event.kind {
            GcKind::Full => open.push(event),
            GcKind::Young if event.duration < Some(BESIDE) && of_monitor(event) => {}
            GcKind::Young | GcKind::Mixed => close(&mut open),
            _ => {}
        }
    }
    close(&mut open);
    bursts
}

/// How full all of them left the old generation at least, where that is full.
fn old_stays_full(run: &Run, events: &[&GcEvent]) -> Option<i64> {
    let filled = |event: &&GcEvent| {
        let size = |name: &str| event.figures.get(name).copied();
        Some(thousandths(size("old_after")?, size("old_committed")?))
    };
    let shares: Option<Vec<i64>> = events.iter().map(filled).collect();
    shares?.into_iter().min().filter(|share| has_fixed_parts(run) && (OLD_FULL..=100_000).contains(share))
}

/// Rows each of which counts a full collection more.
fn bursts_by_rows(table: &JstatTable) -> Vec<Burst> {
    let Some(full) = table.column("FGC") else { return Vec::new() };
    let alive = accounting::rows_alive(table);
    // The rows before and at the end of each.
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for row in full.rises().take_while(|row| *row < alive).filter(|row| table.restarts.binary_search(row).is_err()) {
        match stretches.last_mut() {
            Some((_, end)) if *end + 1 == row => *end = row,
            _ => stretches.push((row - 1, row)),
        }
    }
    let burst = |(start, end): (usize, usize)| {
        let state =
            |row: usize| Some((count(table, "FGC", row)?, time(table, "FGCT", row)?, table.relative_time(row)?));
        let ((before, spent_before, from), (after, spent, to)) = (state(start)?, state(end)?);
        Some(Burst {
            count: after.saturating_sub(before),
            span: to.minus(from),
            time: spent.minus(spent_before),
            first: row_line(table, start),
            last: row_line(table, end),
            cause: cause(table, start + 1, end),
            stays_full: false,
            old: (start..=end)
                .map(|row| fill(table, &OLD, row))
                .collect::<Option<Vec<i64>>>()
                .and_then(|fills| fills.into_iter().max()),
            in_vain: None,
        })
    };
    stretches.into_iter().filter(|(start, end)| end - start >= BACK_TO_BACK).filter_map(burst).collect()
}

/// The one cause that `jstat -gccause` prints in all of these rows, where it is not the heap.
fn cause(table: &JstatTable, from: usize, to: usize) -> Option<String> {
    let column = table.column("LGCC")?;
    let cause = column.text(from)?;
    let same = (from..=to).all(|row| column.text(row) == Some(cause));
    (same && !is_of_heap(cause)).then(|| cause.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;

    const THRASHING: [(i64, i64, i64, i64); 5] =
        [(9, 90, 0, 0), (9, 90, 2, 700), (9, 90, 4, 1500), (9, 90, 6, 2300), (9, 90, 8, 3100)];

    #[test]
    fn full_collections_in_every_interval_are_thrash() {
        let (finding, _) = Fixture::collections("Serial", &THRASHING).finding(&RULE);
        assert_eq!(finding.severity, Severity::Critical);
        assert_eq!(finding.explains, Some(Quantity::Duration(Micros(3_100_000))));
        assert_eq!(finding.evidence.len(), 2);
    }

    #[test]
    fn the_same_counters_of_shenandoah_are_phases() {
        assert_eq!(Fixture::collections("Shenandoah", &THRASHING).check(&RULE), []);
    }

    fn with(columns: &[(&str, u8, &[i64])]) -> Fixture {
        let mut incident = Fixture::collections("Serial", &THRASHING);
        let more = Fixture::of_one_run().jstat(None, columns);
        let columns = more.readings.jstat.into_iter().flat_map(|table| table.data.0);
        incident.readings.jstat.iter_mut().for_each(|table| table.data.0.extend(columns.clone()));
        incident
    }

    #[test]
    fn with_room_in_the_old_generation_the_heap_is_not_the_reason() {
        let (finding, key) = with(&[("O", 2, &[3_800, 3_700, 3_800, 3_800, 3_600])]).finding(&RULE);
        assert_eq!(key, "rule.full-collection-thrash.room");
        assert_eq!(finding.statement.values.get("old").map(|value| &value.quantity), Some(&Quantity::Share(38_000)));
        assert_eq!(
            with(&[("O", 2, &[3_800, 9_700, 3_800, 3_800, 3_600])]).finding(&RULE).1,
            "rule.full-collection-thrash"
        );
    }

    #[test]
    fn a_cause_besides_the_heap_is_named() {
        let log = |cause: &str| {
            let mut incident = Fixture::events(GcKind::Full, cause, 900_000, 4);
            for (at, event) in incident.readings.gc_events.iter_mut().enumerate() {
                event.uptime = Some(Micros(at as i64 * 1_000_000));
            }
            incident.finding(&RULE).1
        };
        assert_eq!(log("System.gc()"), "rule.full-collection-thrash.cause");
        assert_eq!(log("Ergonomics"), "rule.full-collection-thrash");
    }

    #[test]
    fn full_collections_that_free_next_to_nothing_are_told_as_such() {
        let log = |after: u64| {
            let mut incident = Fixture::events(GcKind::Full, "Collect on allocation", 900_000, 4);
            for (at, event) in incident.readings.gc_events.iter_mut().enumerate() {
                event.uptime = Some(Micros(at as i64 * 1_000_000));
                (event.before, event.after) = (Some(mib(346)), Some(mib(after)));
            }
            incident.finding(&RULE).1
        };
        assert_eq!(log(342), "rule.full-collection-thrash.vain");
        assert_eq!(log(300), "rule.full-collection-thrash");
    }

    #[test]
    fn full_collections_now_and_then_are_not_thrash() {
        let now_and_then = [(9, 90, 0, 0), (12, 99, 1, 400), (15, 120, 1, 400), (18, 130, 2, 800), (22, 140, 2, 800)];
        assert_eq!(Fixture::collections("Serial", &now_and_then).check(&RULE), []);
    }
}
