//! When it began: the moment from which GC takes a good part of the time, in a series that was quiet before.
//!
//! What GC took up to each moment is a curve. Of a series whose pace changes once, that curve lies below the straight line from its
//! first point to its last, and is furthest from it where the pace changes.

use super::gc_time::{counts_full, counts_pauses, extent, row_line, time};
use super::{Incident, Rule};
use crate::analysis::accounting;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::jstat::JstatTable;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Micros;

pub static RULE: Rule = Rule { id: RuleId::Onset, check };

/// Share of the time, in thousandths of a percent, that GC takes from the onset on.
const AFTER: i128 = 10_000;
/// How many times the share before that is at least, …
const TIMES: i128 = 4;
/// … which was no more than this itself.
const BEFORE: i128 = 5_000;
/// How long both parts of the series are at least: shorter ones are a start, or a burst.
const LEAST: i64 = 10_000_000;
/// Points before the onset, and rises after it.
const POINTS: usize = 3;
/// The end of a series that is told beside the whole …
const LAST: i64 = 60_000_000;
/// … if it is worse by this part, in hundredths.
const WORSE: i128 = 150;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

/// What GC took up to a moment, and where that stands.
#[derive(Clone, Copy)]
struct Point {
    /// The clock of the series.
    at: i64,
    /// All of the time that was spent so far.
    spent: i64,
    line: Span,
}

/// A series of them.
struct Series {
    points: Vec<Point>,
    /// Key of what is counted.
    what: &'static str,
    /// The clock is the uptime of the JVM; else it starts with the first sample.
    is_uptime: bool,
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let tables = incident.jstat(&run.id).flat_map(|table| by_rows(table, run));
    let mut all = by_log(incident, run).into_iter().chain(tables);
    let (series, knee) = all.find_map(|series| knee(&series.points).map(|knee| (series, knee)))?;
    let (first, onset, last) = (series.points.first()?, series.points.get(knee)?, series.points.last()?);
    let after = share(onset, last)?;
    // The last minute hurts more than the whole.
    let end = series.points.iter().rev().find(|point| last.at - point.at >= LAST).and_then(|point| share(point, last));
    let end = end.filter(|end| *end * 100 >= after * WORSE);
    let key = match (series.is_uptime, end) {
        (true, None) => "rule.onset",
        (true, Some(_)) => "rule.onset.last",
        (false, None) => "rule.onset.samples",
        (false, Some(_)) => "rule.onset.samples.last",
    };
    let percent = |share: i128| Quantity::Share(i64::try_from(share.min(100_000)).unwrap_or(0));
    let mut claim = Statement::new(key)
        .with("from", Quantity::Duration(Micros(onset.at)), Some(onset.line))
        .with("what", Quantity::Term(series.what.to_owned()), None)
        .with("after", percent(after), None)
        .with("before", percent(share(first, onset)?), None);
    if let Some(end) = end {
        claim = claim.with("end", percent(end), None);
    }
    let proof = Proof::first(first.line).and(Some(onset.line)).and(Some(last.line));
    let time = Micros(last.spent.saturating_sub(onset.spent));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(Some(&run.id))
            .explaining(Some(Quantity::Duration(time))),
    )
}

/// Part of the time between two points, in thousandths of a percent.
fn share(from: &Point, to: &Point) -> Option<i128> {
    let span = i128::from(to.at) - i128::from(from.at);
    (span > 0).then(|| (i128::from(to.spent) - i128::from(from.spent)) * 100_000 / span)
}

/// How often a pace may change within a series.
const CHANGES: usize = 4;

/// The point from which the pace is another, if it is so much higher that nobody would call it chance. Where the pace rises again later,
/// the curve turns most there, and the onset lies before that.
fn knee(points: &[Point]) -> Option<usize> {
    let (first, last) = (points.first()?, points.last()?);
    let mut part = points;
    for _ in 0..CHANGES {
        let knee = lowest(part)?;
        let onset = points.get(knee)?;
        let (before, after) = (share(first, onset)?, share(onset, last)?);
        if before <= BEFORE {
            let is_long = onset.at - first.at >= LEAST && last.at - onset.at >= LEAST;
            // One long stop is no pace.
            let rest = points.get(knee..).unwrap_or_default();
            let rise = |pair: &[Point]| match pair {
                [a, b] => b.spent.saturating_sub(a.spent),
                _ => 0,
            };
            let rises = || rest.windows(2).map(rise).filter(|rise| *rise > 0);
            let largest = rises().max().unwrap_or_default();
            let is_pace = rises().count() >= POINTS && largest <= (last.spent - onset.spent) / 2;
            let has_points = knee + 1 >= POINTS && is_pace;
            let is_onset = (AFTER..=100_000).contains(&after) && before * TIMES <= after;
            return (is_long && has_points && is_onset).then_some(knee);
        }
        part = points.get(..=knee)?;
    }
    None
}

/// The point that lies furthest below the straight line from the first to the last.
fn lowest(points: &[Point]) -> Option<usize> {
    let (first, last) = (points.first()?, points.last()?);
    let (width, height) =
        (i128::from(last.at) - i128::from(first.at), i128::from(last.spent) - i128::from(first.spent));
    if width <= 0 || height <= 0 {
        return None;
    }
    // How far it is, times the width.
    let below = |point: &Point| {
        height * (i128::from(point.at) - i128::from(first.at))
            - width * (i128::from(point.spent) - i128::from(first.spent))
    };
    points.iter().enumerate().max_by_key(|(_, point)| below(point)).map(|(at, _)| at).filter(|at| *at > 0)
}

/// Full GCs, else all pauses, as the counters of `jstat` have them.
fn by_rows(table: &JstatTable, run: &Run) -> Vec<Series> {
    if !table.restarts.is_empty() {
        return Vec::new();
    }
    let stamps = table.column("Timestamp");
    let clock = |row: usize| match stamps {
        Some(stamps) => stamps.fixed(row)?.checked_mul(100_000),
        None => Some(table.relative_time(row)?.0),
    };
    let series = |column: &str, what: &'static str| {
        let point = |row: usize| {
            Some(Point { at: clock(row)?, spent: time(table, column, row)?.0, line: row_line(table, row) })
        };
        let points = (0..accounting::rows_alive(table)).filter_map(point).collect();
        Series { points, what, is_uptime: stamps.is_some() }
    };
    let full = counts_full(table, run).then(|| series("FGCT", "onset.full"));
    let all = counts_pauses(table, run).then(|| series("GCT", "onset.pauses"));
    full.into_iter().chain(all).collect()
}

/// Full GCs, else all pauses of a log: before and after each.
fn by_log(incident: &Incident<'_>, run: &Run) -> Vec<Series> {
    let series = |is_one: fn(&GcEvent) -> bool, what: &'static str| {
        let mut spent = 0_i64;
        let mut points: Vec<Point> = Vec::new();
        // The log begins with its first event of any kind.
        for event in incident.gc_events(&run.id) {
            let Some((from, to)) = extent(incident.readings, event) else { continue };
            let line = event_line(incident.readings, event);
            if points.last().is_none_or(|last| last.at <= from.0) {
                points.push(Point { at: from.0, spent, line });
                if is_one(event) {
                    spent = spent.saturating_add(to.0.saturating_sub(from.0));
                    points.push(Point { at: to.0, spent, line });
                }
            }
        }
        Series { points, what, is_uptime: true }
    };
    vec![
        series(|event| event.pause && event.kind == GcKind::Full, "onset.full"),
        series(|event| event.pause, "onset.pauses"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    /// Rows every second, with so many milliseconds of full GCs in each.
    fn rows(spent: &[i64]) -> Fixture {
        let sum: Vec<i64> = spent
            .iter()
            .scan(0, |sum, each| {
                *sum += each;
                Some(*sum)
            })
            .collect();
        let rows: Vec<(i64, i64, i64, i64)> = sum.iter().map(|spent| (9, 90, spent / 100, *spent)).collect();
        Fixture::collections("Serial", &rows)
    }

    fn quiet_then(quiet: usize, each: i64, seconds: usize) -> Vec<i64> {
        [vec![5; quiet], vec![each; seconds]].concat()
    }

    #[test]
    fn a_series_that_was_quiet_tells_when_it_began() {
        let (finding, key) = rows(&quiet_then(40, 300, 20)).finding(&RULE);
        assert_eq!(key, "rule.onset.samples");
        let value = |name: &str| finding.statement.values.get(name).map(|value| value.quantity.clone());
        assert_eq!(value("from"), Some(Quantity::Duration(Micros(39_000_000))));
        assert_eq!(value("after"), Some(Quantity::Share(30_000)));
    }

    #[test]
    fn the_last_minute_is_told_where_it_is_worse() {
        let worse = [quiet_then(60, 150, 120), vec![600; 60]].concat();
        assert_eq!(rows(&worse).finding(&RULE).1, "rule.onset.samples.last");
    }

    #[test]
    fn an_even_pace_a_burst_at_the_start_and_a_short_series_have_no_onset() {
        assert_eq!(rows(&quiet_then(40, 5, 20)).check(&RULE), []);
        assert_eq!(rows(&quiet_then(0, 300, 60)).check(&RULE), []);
        assert_eq!(rows(&[quiet_then(0, 300, 20), vec![5; 40]].concat()).check(&RULE), []);
        assert_eq!(rows(&quiet_then(9, 300, 20)).check(&RULE), []);
        assert_eq!(rows(&quiet_then(40, 300, 8)).check(&RULE), []);
        assert_eq!(rows(&quiet_then(40, 90, 20)).check(&RULE), [], "less than a tenth of the time");
        let one_stop = [quiet_then(40, 0, 1), vec![9000], vec![0; 20]].concat();
        assert_eq!(rows(&one_stop).check(&RULE), [], "one stop is no pace");
        let mostly_one = [quiet_then(40, 0, 1), vec![9000], vec![200; 20]].concat();
        assert_eq!(rows(&mostly_one).check(&RULE), [], "nor with small ones around it");
    }

    #[test]
    fn a_log_tells_it_by_its_pauses() {
        let event = |at: i64, millis: i64| GcEvent {
            kind: GcKind::Full,
            pause: true,
            uptime: Some(Micros(at * 1_000_000)),
            duration: Some(Micros(millis * 1000)),
            ..GcEvent::default()
        };
        let quiet = (1..=4).map(|at| event(at * 30, 10));
        let busy = (1..=30).map(|at| event(120 + at, 400));
        let (finding, key) = Fixture::of_one_run().gc_log("any", quiet.chain(busy).collect()).finding(&RULE);
        assert_eq!((key.as_str(), finding.severity), ("rule.onset", Severity::Warning));
    }
}
