//! Long series made shorter, so that a link fits: rows and collections go, minima and maxima stay. Of very many records
//! whole ones go, too, so that there always is a link.

use std::collections::BTreeSet;

use crate::model::gc::{GcEvent, GcKind};
use crate::model::jstat::{Cells, Column, Columns, JstatTable};
use crate::model::record::Records as _;
use crate::order::InOrder as _;
use crate::report::{REDUCED, Report, ReportWarning};

/// Rows that a series keeps, step by step. The first step keeps all.
const KEPT: [usize; 9] = [usize::MAX, 2000, 1000, 500, 250, 120, 60, 30, 12];
/// Records that every list keeps in the steps after those.
const RECORDS: [usize; 3] = [200, 40, 8];
/// More records than a link in an address has room for: then most of them are not copied at all.
const MANY: usize = 4000;
/// Steps that can be asked for.
pub(super) const STEPS: usize = KEPT.len() + RECORDS.len();

/// What a reduced report says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reduced {
    /// Samples, collections, and processes that are kept.
    pub kept: usize,
    /// Of so many.
    pub of: usize,
}

/// A copy whose long series have at most the rows of the first step that leaves some out. They are not copied before, nor
/// are the records that no link of that length can hold.
pub(super) fn without_long_series(report: &mut Report) -> Report {
    let of = total(report);
    let most = KEPT.get(1).copied().unwrap_or_default();
    let records = if records(report) > MANY { RECORDS.first().copied().unwrap_or_default() } else { usize::MAX };
    let tables = spread(report.jstat.len(), records);
    let tables = tables.filter_map(|at| Some(without_long_columns(report.jstat.get_mut(at)?, most))).collect();
    let mut small = with_records(report, records, tables, reduced_events(&report.gc_events, most));
    let kept = total(&small);
    if kept < of {
        say_so(&mut small, Reduced { kept, of });
    }
    small
}

fn without_long_columns(table: &mut JstatTable, most: usize) -> JstatTable {
    let rows = if table.rows > most { kept_rows(table, most) } else { (0..table.rows).collect() };
    let data = std::mem::take(&mut table.data);
    let lines = std::mem::take(&mut table.lines);
    let wall = std::mem::take(&mut table.wall);
    let mut small = table.clone();
    (table.data, table.lines, table.wall) = (data, lines, wall);
    keep_rows(&mut small, table, &rows);
    small
}

/// The first step that is worth a try for a link of so many characters: of very many records none has room for all.
pub(super) fn first_step(report: &Report, limit: usize) -> usize {
    // A record in fewer than two characters says nothing of its own.
    let always = RECORDS.first().copied().unwrap_or_default();
    match records(report) {
        records if records > (limit / 2).max(always) => KEPT.len(),
        // Nothing that long is a link; to try costs more than to reduce.
        _ if items(report) > 20_000 => 1,
        _ => 0,
    }
}

/// The report of a step. `None` if it is the same as that of the step before.
pub(super) fn reduced(report: &Report, step: usize) -> Option<(Report, Option<Reduced>)> {
    let most = KEPT.get(step).or(KEPT.last()).copied()?;
    if step == 0 {
        return Some((report.clone(), None));
    }
    let mut smaller = match step.checked_sub(KEPT.len()) {
        Some(further) => {
            let records = RECORDS.get(further).copied()?;
            let tables = spread(report.jstat.len(), records).filter_map(|at| report.jstat.get(at).cloned());
            with_records(report, records, tables.collect(), report.gc_events.clone())
        }
        None => report.clone(),
    };
    for table in smaller.jstat.iter_mut().filter(|table| table.rows > most) {
        let whole = table.clone();
        keep_rows(table, &whole, &kept_rows(&whole, most));
    }
    smaller.gc_events = reduced_events(&smaller.gc_events, most);
    for kill in &mut smaller.oom_kills {
        kill.processes.order_by_key(|process| std::cmp::Reverse(process.rss));
        kill.processes.truncate(most);
        if step > 4 {
            kill.slabs.truncate(most / 4);
            kill.nodes.truncate(most / 4);
            kill.zones.truncate(most / 4);
        }
    }
    for snapshot in &mut smaller.nmt {
        snapshot.regions.truncate(most);
        snapshot.sites.truncate(most);
    }
    smaller.host.truncate(most);
    smaller.warnings.truncate(most / 2);
    if step > 4 {
        for finding in smaller.findings.iter_mut() {
            finding.next.truncate(2);
        }
    }
    let kept = total(&smaller);
    if kept == total(report) && smaller.segments.len() == report.segments.len() {
        return None;
    }
    // As many as there were before anything was left out.
    let said = report.warnings.iter().find(|warning| warning.kind == REDUCED);
    let before = said.and_then(|warning| warning.values.get("of")?.parse().ok());
    let reduced = Reduced { kept, of: before.unwrap_or_else(|| total(report)).max(kept) };
    say_so(&mut smaller, reduced);
    Some((smaller, Some(reduced)))
}

/// Puts it among the warnings, in place of what an earlier reduction said.
fn say_so(report: &mut Report, Reduced { kept, of }: Reduced) {
    report.warnings.retain(|warning| warning.kind != REDUCED);
    report.warnings.push(ReportWarning {
        source: 0,
        line: 0,
        kind: REDUCED.to_owned(),
        values: [("kept".to_owned(), kept.to_string()), ("of".to_owned(), of.to_string())].into(),
        text: String::new(),
    });
}

/// Samples and entries.
fn total(report: &Report) -> usize {
    items(report).saturating_add(records(report))
}

/// Everything of which there may be very much.
fn items(report: &Report) -> usize {
    let rows: usize = report.jstat.iter().map(|table| table.rows).sum();
    let kills = |kill: &crate::model::oom::OomKill| kill.processes.len() + kill.slabs.len() + kill.zones.len();
    let processes: usize = report.oom_kills.iter().map(kills).sum();
    let sites: usize = report.nmt.iter().map(|snapshot| snapshot.regions.len() + snapshot.sites.len()).sum();
    rows + processes + sites + report.gc_events.len() + report.host.len() + report.warnings.len()
}

/// Readings, each of which may hold very much by itself, and findings.
fn records(report: &Report) -> usize {
    let readings = report.jstat.len() + report.nmt.len() + report.oom_kills.len() + report.gc_logs.len();
    readings + report.java_errors.len() + report.events.len() + report.findings.len()
}

/// A copy with the given tables and collections, and at most so many records of every other list: the gravest or first ones
/// where it is sorted so, else the ends and some between them, and of the runs those that are still spoken of.
fn with_records(report: &Report, most: usize, jstat: Vec<JstatTable>, gc_events: Vec<GcEvent>) -> Report {
    fn part<T: Clone>(list: &[T], most: usize) -> Vec<T> {
        spread(list.len(), most).filter_map(|at| list.get(at).cloned()).collect()
    }
    fn first<T: Clone>(list: &[T], most: usize) -> Vec<T> {
        list.iter().take(most).cloned().collect()
    }
    let mut small = Report {
        report_version: report.report_version,
        title: report.title.clone(),
        name: report.name.clone(),
        language: report.language,
        verdict: report.verdict.clone(),
        headline: report.headline.clone(),
        story: report.story.clone(),
        zone: report.zone,
        sources: report.sources.clone(),
        segments: part(&report.segments, most),
        runs: Vec::new(),
        jstat,
        nmt: part(&report.nmt, most),
        oom_kills: part(&report.oom_kills, most),
        gc_logs: first(&report.gc_logs, most),
        gc_events,
        java_errors: part(&report.java_errors, most),
        events: part(&report.events, most),
        host: report.host.clone(),
        findings: first(&report.findings, most),
        sizing: report.sizing.clone(),
        settings: report.settings.clone(),
        gaps: first(&report.gaps, most),
        warnings: report.warnings.clone(),
    };
    // Collections name their log by its number.
    let logs = small.gc_logs.len();
    small.gc_events.retain(|event| (event.log as usize) < logs);
    for kill in &mut small.oom_kills {
        kill.victims.truncate(most);
        kill.reaped.truncate(most);
    }
    small.runs = match most {
        usize::MAX => report.runs.clone(),
        _ => {
            let named = named(&small);
            report.runs.iter().filter(|run| named.contains(run.id.as_str())).cloned().collect()
        }
    };
    small
}

/// The runs that a report speaks of.
fn named(report: &Report) -> BTreeSet<&str> {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    named.extend(report.records().filter_map(|record| record.head().run));
    named.extend(report.segments.iter().filter_map(|segment| segment.run.as_deref()));
    named.extend(report.findings.iter().filter_map(|finding| finding.run.as_deref()));
    named.extend(report.sizing.iter().filter_map(|sizing| sizing.run.as_deref()));
    let victims = report.oom_kills.iter().flat_map(|kill| &kill.victims);
    named.extend(victims.filter_map(|victim| victim.run.as_deref()));
    named
}

/// At most so many places of a list, evenly, both ends among them.
fn spread(count: usize, most: usize) -> impl Iterator<Item = usize> {
    let places = count.min(most);
    let gaps = places.saturating_sub(1).max(1);
    (0..places).map(move |at| if count > most { at * (count - 1) / gaps } else { at })
}

/// Makes a table's columns, lines, and times those of some of the rows of `whole`, of which it is a copy.
fn keep_rows(table: &mut JstatTable, whole: &JstatTable, rows: &[usize]) {
    let original = |row: usize| whole.kept.get(row).copied().unwrap_or(u32::try_from(row).unwrap_or(u32::MAX));
    if rows.len() < whole.rows {
        table.kept = rows.iter().map(|row| original(*row)).collect();
    }
    let restarts = whole.restarts.iter().map(|restart| rows.partition_point(|row| row < restart));
    table.restarts = restarts.filter(|row| *row < rows.len()).collect();
    table.restarts.dedup();
    let column = |column: &Column| {
        let cells = match &column.cells {
            Cells::Fixed { decimals, values } => {
                let values = rows.iter().filter_map(|row| values.get(*row)).collect();
                Cells::Fixed { decimals: *decimals, values }
            }
            Cells::Text { texts, values } => Cells::Text { texts: texts.clone(), values: pick(values, rows) },
        };
        Column { name: column.name.clone(), cells }
    };
    table.data = Columns(whole.data.0.iter().map(column).collect());
    table.lines = pick(&whole.lines, rows);
    table.wall = pick(&whole.wall, rows);
    table.rows = rows.len();
}

fn pick<T: Clone>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().filter_map(|row| values.get(*row).cloned()).collect()
}

/// Rows that stay: the ends, both sides of a restart, every column's minimum and maximum, and of even stretches the rows
/// with the smallest and the largest of the columns that matter most.
fn kept_rows(table: &JstatTable, most: usize) -> Vec<usize> {
    let mut kept = vec![0, table.rows.saturating_sub(1)];
    for restart in table.restarts.iter().take(most / 4) {
        kept.extend([restart.saturating_sub(1), *restart]);
    }
    for column in &table.data.0 {
        kept.extend(extremes(column, 0, table.rows));
    }
    let leading: Vec<&Column> =
        ["OU", "O", "EU", "E", "MU"].iter().filter_map(|name| table.column(name)).take(2).collect();
    let leading = if leading.is_empty() { table.data.0.iter().take(1).collect() } else { leading };
    let room = most.saturating_sub(kept.len()).max(2);
    let stretches = (room / (2 * leading.len().max(1))).max(1);
    for stretch in 0..stretches {
        let (from, to) = (stretch * table.rows / stretches, (stretch + 1) * table.rows / stretches);
        for column in &leading {
            kept.extend(extremes(column, from, to));
        }
    }
    kept.order();
    kept.dedup();
    kept.retain(|row| *row < table.rows);
    kept
}

/// The first rows of a stretch that hold its smallest and its largest number.
fn extremes(column: &Column, from: usize, to: usize) -> Vec<usize> {
    let mut found: Option<((i64, usize), (i64, usize))> = None;
    for row in from..to {
        let Some(value) = column.fixed(row) else { continue };
        let (smallest, largest) = found.get_or_insert(((value, row), (value, row)));
        if value < smallest.0 {
            *smallest = (value, row);
        } else if value > largest.0 {
            *largest = (value, row);
        }
    }
    found.into_iter().flat_map(|(smallest, largest)| [smallest.1, largest.1]).collect()
}

fn reduced_events(events: &[GcEvent], most: usize) -> Vec<GcEvent> {
    let count = events.len();
    if count <= most {
        return events.to_vec();
    }
    let mut kept = vec![0, count - 1];
    let grave =
        |kind: GcKind| matches!(kind, GcKind::Full | GcKind::Failure | GcKind::AllocationStall | GcKind::Degenerated);
    let graves: Vec<usize> = (0..count).filter(|at| events.get(*at).is_some_and(|event| grave(event.kind))).collect();
    if graves.len() <= most / 4 {
        kept.extend(&graves);
    }
    let stretches = (most / 4).max(1);
    for stretch in 0..stretches {
        let range = stretch * count / stretches..(stretch + 1) * count / stretches;
        let of = |at: usize| events.get(at);
        kept.extend(range.clone().max_by_key(|at| of(*at).and_then(|event| event.duration)));
        kept.extend(range.clone().max_by_key(|at| of(*at).and_then(|event| event.before.max(event.after))));
        kept.extend(
            range
                .clone()
                .filter(|at| of(*at).is_some_and(|event| event.after.is_some()))
                .min_by_key(|at| of(*at).and_then(|event| event.after)),
        );
    }
    kept.order();
    kept.dedup();
    pick(events, &kept)
}
