//! How much of its time a JVM collects: full collections back to back, full collections instead of young ones, pauses in
//! general. And where a large count means nothing, so that nobody is alarmed by it.
//!
//! Collectors count differently (`docs/formats/jstat.md`): Shenandoah counts every phase as a full collection, CMS the
//! pauses of its cycles; for ZGC and Shenandoah the times are not the application's pauses.

use super::incident::{event_line, line};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::jstat::JstatTable;
use crate::model::readings::Readings;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Micros;

pub static THRASH: Rule = Rule { id: "full-collection-thrash", check: thrash };
pub static MANY_FULL: Rule = Rule { id: "many-full-collections", check: many_full };
pub static TIME_SHARE: Rule = Rule { id: "gc-share-of-time", check: time_share };
pub static NO_ALARM: Rule = Rule { id: "full-count-is-no-alarm", check: no_alarm };

/// Full collections in a row that are no accident.
const BACK_TO_BACK: usize = 3;
/// A shorter burst is over before anybody notices it.
const SHORTEST_BURST: Micros = Micros(1_000_000);
/// Share of the time, in hundredths, from which full collections stand in the way of the application.
const THRASH_WARNING: i64 = 20;
/// … and from which there is hardly an application left.
const THRASH_CRITICAL: i64 = 50;
/// Full collections from which their number says something.
const MANY: u64 = 10;
/// One full collection per so many young ones is too many: a healthy server has one in hours.
const YOUNG_PER_FULL: u64 = 20;
/// Part of the collection time, in hundredths, that full collections must have taken.
const FULL_PART: i64 = 25;
/// Share of the time, in hundredths, that collecting may take. The JVM's own goal is 1 to 8 (`GCTimeRatio`: 99 and 12).
const TIME_SHARE_WARNING: i64 = 10;
/// A shorter observation says nothing about a share.
const SHORTEST_SHARE: Micros = Micros(5_000_000);
/// A mean full "collection" of CMS or Shenandoah below this is a phase of a cycle that runs beside the application.
const PHASE: Micros = Micros(100_000);

/// The collectors whose `FGC` counts full collections.
fn counts_full(table: &JstatTable, run: &Run) -> bool {
    matches!(table.collector.as_deref().or(run.collector.as_deref()), Some("G1" | "Serial" | "Parallel"))
}

/// Seconds of a column with three decimals as microseconds.
fn time(table: &JstatTable, name: &str, row: usize) -> Option<Micros> {
    let column = table.column(name)?;
    let seconds = column.value(row)?;
    (0.0..1e12).contains(&seconds).then_some(Micros((seconds * 1e6).round() as i64))
}

fn count(table: &JstatTable, name: &str, row: usize) -> Option<u64> {
    table.column(name)?.fixed(row).and_then(|count| u64::try_from(count).ok())
}

fn row_line(table: &JstatTable, row: usize) -> Span {
    line(table.source, table.lines.get(row).copied().unwrap_or(table.first_line))
}

fn share(part: Micros, whole: Micros) -> Quantity {
    let thousandths = i128::from(part.0) * 100_000 / i128::from(whole.0.max(1));
    Quantity::Share(i64::try_from(thousandths).unwrap_or(i64::MAX))
}

fn at_least(part: Micros, whole: Micros, hundredths: i64) -> bool {
    whole.0 > 0 && i128::from(part.0) * 100 >= i128::from(whole.0) * i128::from(hundredths)
}

/// Full collections back to back.
struct Burst {
    count: u64,
    span: Micros,
    time: Micros,
    first: Span,
    last: Span,
}

fn thrash(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for run in incident.runs {
        let by_log = bursts_by_log(incident, run);
        let by_rows = incident.jstat(&run.id).filter(|table| counts_full(table, run)).flat_map(bursts_by_rows);
        let bad = by_log
            .into_iter()
            .chain(by_rows)
            .filter(|burst| burst.span >= SHORTEST_BURST && at_least(burst.time, burst.span, THRASH_WARNING));
        let Some(worst) = bad.max_by_key(|burst| burst.time) else { continue };
        let severity =
            if at_least(worst.time, worst.span, THRASH_CRITICAL) { Severity::Critical } else { Severity::Warning };
        let claim = Statement::new("rule.full-collection-thrash")
            .with("count", Quantity::Count(worst.count), None)
            .with("span", Quantity::Duration(worst.span), None)
            .with("share", share(worst.time, worst.span), None);
        let proof = Proof::first(worst.first).and(Some(worst.last));
        findings.push(
            Finding::new(THRASH.id, severity, claim, proof)
                .about(Some(&run.id))
                .explaining(Some(Quantity::Duration(worst.time)))
                .then(Statement::new("rule.full-collection-thrash.next").with(
                    "command",
                    Quantity::Word(format!("jcmd {} GC.class_histogram | head -25", incident.pid(Some(&run.id)))),
                    None,
                )),
        );
    }
    findings
}

/// When an event began and ended: the unified log is stamped at the end, that of JDK 8 at the beginning.
fn extent(readings: &Readings, event: &GcEvent) -> Option<(Micros, Micros)> {
    let (stamp, duration) = (event.uptime?, event.duration.unwrap_or_default());
    let is_legacy = readings.gc_logs.get(event.log as usize).is_some_and(|log| log.style == "legacy");
    Some(if is_legacy { (stamp, stamp.plus(duration)) } else { (stamp.minus(duration), stamp) })
}

/// Full pauses that follow one another without a young one between them.
fn bursts_by_log(incident: &Incident<'_>, run: &Run) -> Vec<Burst> {
    let mut bursts: Vec<Burst> = Vec::new();
    let mut open: Vec<&GcEvent> = Vec::new();
    let mut close = |open: &mut Vec<&GcEvent>| {
        if let (Some(first), Some(last)) = (open.first(), open.last())
            && open.len() >= BACK_TO_BACK
            && let (Some((start, _)), Some((_, end))) =
                (extent(incident.readings, first), extent(incident.readings, last))
        {
            bursts.push(Burst {
                count: open.len() as u64,
                span: end.minus(start),
                time: open.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus),
                first: event_line(incident.readings, first),
                last: event_line(incident.readings, last),
            });
        }
        open.clear();
    };
    for event in incident.gc_events(&run.id) {
        match event.kind {
            GcKind::Full => open.push(event),
            GcKind::Young | GcKind::Mixed => close(&mut open),
            _ => {}
        }
    }
    close(&mut open);
    bursts
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
        })
    };
    stretches.into_iter().filter(|(start, end)| end - start >= BACK_TO_BACK).filter_map(burst).collect()
}

fn many_full(incident: &Incident<'_>) -> Vec<Finding> {
    let thrashing = thrash(incident);
    let quiet = |run: &&Run| !thrashing.iter().any(|finding| finding.run.as_deref() == Some(run.id.as_str()));
    incident.runs.iter().filter(quiet).filter_map(|run| many_full_of(incident, run)).collect()
}

/// By the counters of the last row, which cover the whole life of the process: no clock is needed.
fn many_full_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let full_time = |table: &&JstatTable| {
        let last = table.rows.checked_sub(1)?;
        Some((count(table, "FGC", last)?, time(table, "FGCT", last)?, time(table, "GCT", last)?, last))
    };
    let table =
        incident.jstat(&run.id).filter(|table| counts_full(table, run)).rfind(|table| full_time(table).is_some())?;
    let (full, spent, all, last) = full_time(&table)?;
    let young = count(table, "YGC", last)?;
    if full < MANY || full.saturating_mul(YOUNG_PER_FULL) < young || !at_least(spent, all, FULL_PART) {
        return None;
    }
    let at = row_line(table, last);
    let mean = Micros(spent.0 / i64::try_from(full).ok()?.max(1));
    let claim = match run.pid {
        Some(pid) => Statement::new("rule.many-full-collections.pid").with(
            "pid",
            Quantity::Number(u64::from(pid)),
            run.at.get("pid"),
        ),
        None => Statement::new("rule.many-full-collections"),
    };
    let claim = claim
        .with("full", Quantity::Count(full), Some(at))
        .with("young", Quantity::Count(young), Some(at))
        .with("time", Quantity::Duration(spent), Some(at))
        .with("share", share(spent, all), None)
        .with("mean", Quantity::Duration(mean), None);
    Some(
        Finding::new(MANY_FULL.id, Severity::Warning, claim, Proof::first(at))
            .about(Some(&run.id))
            .explaining(Some(Quantity::Duration(spent))),
    )
}

fn time_share(incident: &Incident<'_>) -> Vec<Finding> {
    let thrashing = thrash(incident);
    let quiet = |run: &&Run| !thrashing.iter().any(|finding| finding.run.as_deref() == Some(run.id.as_str()));
    incident.runs.iter().filter(quiet).filter_map(|run| time_share_of(incident, run)).collect()
}

fn time_share_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let by_rows = incident.jstat(&run.id).filter(|table| counts_full(table, run)).filter_map(|table| {
        let last = accounting::rows_alive(table).checked_sub(1)?;
        let span = table.relative_time(last)?.minus(table.relative_time(0)?);
        let spent = time(table, "GCT", last)?.minus(time(table, "GCT", 0)?);
        (spent.0 >= 0 && table.restarts.is_empty()).then_some((spent, span, row_line(table, 0), row_line(table, last)))
    });
    let events: Vec<&GcEvent> =
        incident.gc_events(&run.id).filter(|event| event.pause && event.uptime.is_some()).collect();
    let by_log = events.first().zip(events.last()).and_then(|(first, last)| {
        let ((_, from), (_, to)) = (extent(incident.readings, first)?, extent(incident.readings, last)?);
        let span = to.minus(from);
        let spent = events.iter().skip(1).filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
        Some((spent, span, event_line(incident.readings, first), event_line(incident.readings, last)))
    });
    let long = by_rows.chain(by_log).filter(|(_, span, ..)| *span >= SHORTEST_SHARE);
    let (spent, span, first, last) =
        long.max_by_key(|(spent, span, ..)| spent.0.saturating_mul(1000) / span.0.max(1))?;
    if !at_least(spent, span, TIME_SHARE_WARNING) {
        return None;
    }
    let claim = Statement::new("rule.gc-share-of-time")
        .with("share", share(spent, span), None)
        .with("time", Quantity::Duration(spent), None)
        .with("span", Quantity::Duration(span), None);
    let severity = if at_least(spent, span, THRASH_CRITICAL) { Severity::Critical } else { Severity::Warning };
    let proof = Proof::first(first).and(Some(last));
    Some(
        Finding::new(TIME_SHARE.id, severity, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Duration(spent))),
    )
}

fn no_alarm(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| no_alarm_of(incident, run)).collect()
}

fn no_alarm_of(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    incident.jstat(&run.id).find_map(|table| {
        let last = table.rows.checked_sub(1)?;
        let at = row_line(table, last);
        let collector = run.collector.as_deref().or(table.collector.as_deref())?;
        let claim = match collector {
            "Shenandoah" | "CMS" => {
                let full = count(table, "FGC", last).filter(|full| *full >= MANY)?;
                let spent = time(table, "FGCT", last)?;
                let short = spent.0 / i64::try_from(full).ok()?.max(1) < PHASE.0;
                let key = match collector {
                    "Shenandoah" => "rule.full-count-is-no-alarm.shenandoah",
                    _ if short => "rule.full-count-is-no-alarm.cms",
                    _ => return None,
                };
                Statement::new(key).with("count", Quantity::Count(full), Some(at))
            }
            name if name.contains("ZGC") => {
                let column = table.column("O")?;
                let always = (0..table.rows).all(|row| column.value(row) == Some(100.0));
                always.then(|| {
                    Statement::new("rule.full-count-is-no-alarm.zgc").with("share", Quantity::Share(100_000), Some(at))
                })?
            }
            _ => return None,
        };
        Some(Finding::new(NO_ALARM.id, Severity::Notice, claim, Proof::first(at)).about(Some(&run.id)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    /// A table with a row every second: counts and times of young and full collections.
    fn table(collector: &str, rows: &[(i64, i64, i64, i64)]) -> Fixture {
        let column = |pick: fn(&(i64, i64, i64, i64)) -> i64| rows.iter().map(pick).collect::<Vec<_>>();
        Fixture::of_one_run().jstat(
            Some(collector),
            &[
                ("YGC", 0, &column(|row| row.0)),
                ("YGCT", 3, &column(|row| row.1)),
                ("FGC", 0, &column(|row| row.2)),
                ("FGCT", 3, &column(|row| row.3)),
                ("GCT", 3, &column(|row| row.1 + row.3)),
            ],
        )
    }

    const THRASHING: [(i64, i64, i64, i64); 5] =
        [(9, 90, 0, 0), (9, 90, 2, 700), (9, 90, 4, 1500), (9, 90, 6, 2300), (9, 90, 8, 3100)];

    #[test]
    fn full_collections_in_every_interval_are_thrash() {
        let (finding, _) = table("Serial", &THRASHING).finding(&THRASH);
        assert_eq!(finding.severity, Severity::Critical);
        assert_eq!(finding.explains, Some(Quantity::Duration(Micros(3_100_000))));
        assert_eq!(finding.evidence.len(), 2);
    }

    #[test]
    fn the_same_counters_of_shenandoah_are_phases() {
        assert_eq!(table("Shenandoah", &THRASHING).check(&THRASH), []);
        assert_eq!(table("Shenandoah", &THRASHING).check(&TIME_SHARE), []);
        let hundreds = [(0, 0, 400, 900), (0, 0, 800, 1900)];
        assert_eq!(table("Shenandoah", &hundreds).finding(&NO_ALARM).1, "rule.full-count-is-no-alarm.shenandoah");
        assert_eq!(table("CMS", &hundreds).finding(&NO_ALARM).1, "rule.full-count-is-no-alarm.cms");
    }

    #[test]
    fn full_collections_now_and_then_are_not_thrash() {
        let now_and_then = [(9, 90, 0, 0), (12, 99, 1, 400), (15, 120, 1, 400), (18, 130, 2, 800), (22, 140, 2, 800)];
        assert_eq!(table("Serial", &now_and_then).check(&THRASH), []);
    }

    #[test]
    fn a_full_collection_for_every_few_young_ones_is_too_many() {
        let (finding, key) = table("G1", &[(958, 5534, 140, 18_955)]).finding(&MANY_FULL);
        assert_eq!(key, "rule.many-full-collections.pid");
        assert_eq!(
            finding.statement.say(crate::i18n::Language::En),
            "The JVM with pid 77 had done 140 full collections for 958 young ones; they took 18.955 s, 77.4% of all its collection time, 135 ms each on average."
        );
    }

    #[test]
    fn a_few_full_collections_among_many_young_ones_are_not() {
        assert_eq!(table("G1", &[(958, 5534, 9, 18_955)]).check(&MANY_FULL), []);
        assert_eq!(table("G1", &[(9580, 5534, 14, 18_955)]).check(&MANY_FULL), []);
        assert_eq!(table("G1", &[(100, 5534, 14, 200)]).check(&MANY_FULL), []);
    }

    #[test]
    fn a_tenth_of_the_time_in_pauses_is_too_much() {
        let rows = |each: i64| (0..8).map(|at| (at * 10, at * each, 0, 0)).collect::<Vec<_>>();
        assert_eq!(table("Parallel", &rows(110)).finding(&TIME_SHARE).1, "rule.gc-share-of-time");
        assert_eq!(table("Parallel", &rows(90)).check(&TIME_SHARE), []);
    }

    #[test]
    fn without_a_clock_there_is_no_share_of_the_time() {
        let mut incident = table("Parallel", &(0..8).map(|at| (at, at * 500, 0, 0)).collect::<Vec<_>>());
        for table in &mut incident.readings.jstat {
            table.interval = None;
        }
        assert_eq!(incident.check(&TIME_SHARE), []);
    }

    #[test]
    fn an_old_generation_that_is_always_full_means_nothing_in_generational_zgc() {
        let full = Fixture::of_one_run().jstat(Some("generational ZGC"), &[("O", 2, &[10_000, 10_000])]);
        assert_eq!(full.finding(&NO_ALARM).1, "rule.full-count-is-no-alarm.zgc");
    }
}
