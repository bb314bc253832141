//! The lanes of two runs on one axis.

use std::rc::Rc;

use super::{Side, names};
use crate::chart::timeline::{Clock, Lane, LaneId, Legend, Section, Series, Style, Timeline, Unit};
use crate::i18n;
use crate::timeline::reduce::Times;

/// The lanes of two runs on one axis that starts with the first sample of each. `None` if one of them has no samples.
/// Without a time base for both, the axis counts samples.
pub fn side_by_side(sides: [(&Timeline, Side<'_>); 2]) -> Option<Timeline> {
    const COMPARED: [LaneId; 5] =
        [LaneId::Heap, LaneId::HeapPercent, LaneId::Collections, LaneId::Rates, LaneId::Metaspace];
    let [(Timeline { language, .. }, first), (_, second)] = sides;
    let mut found = Vec::new();
    for ((timeline, Side { report, run }), name) in sides.into_iter().zip(names([first, second], *language)?) {
        let run = report.runs.get(run)?;
        let of_run = |section: &&Section| {
            let tables = section.samples.iter().filter_map(|samples| report.jstat.get(samples.table));
            tables.into_iter().any(|table| table.run == run.id)
        };
        let section = timeline.sections.iter().find(of_run)?;
        let samples = section.samples.iter().find(|samples| {
            report.jstat.get(samples.table).is_some_and(|table| table.run == run.id && table.column("OU").is_some())
        })?;
        found.push((name, section, Rc::clone(&samples.times)));
    }
    let in_time = found.iter().all(|(_, section, _)| section.clock.has_time_base());
    let clock = if in_time { Clock::FromFirst } else { Clock::Order };
    let mut lanes: Vec<Lane> = Vec::new();
    for id in COMPARED {
        let mut together: Vec<Lane> = Vec::new();
        for (owner, section, times) in &found {
            let start = times.at(0)?;
            let moved = Rc::new(relative(times, start, in_time));
            let lane = section
                .lanes
                .iter()
                .find(|lane| lane.id == id && lane.series.iter().any(|series| Rc::ptr_eq(&series.times, times)));
            let Some(lane) = lane else { continue };
            // Shares of a duration mean nothing where the axis counts samples.
            if !in_time && matches!(lane.unit, Unit::Share | Unit::BytesPerSecond) {
                continue;
            }
            let mut lane = lane.clone();
            lane.owner.clone_from(owner);
            for series in &mut lane.series {
                if Rc::ptr_eq(&series.times, times) {
                    series.times = Rc::clone(&moved);
                }
            }
            lane.series = only(lane.series, &moved);
            lane.totals.clear();
            if !lane.series.is_empty() {
                together.push(lane);
            }
        }
        // One scale for both, so that what looks higher is higher.
        let highest = together.iter().map(highest).fold(0.0, f64::max);
        for lane in &mut together {
            lane.at_least = highest;
        }
        lanes.extend(together);
    }
    if lanes.is_empty() {
        return None;
    }
    let extents = lanes.iter().flat_map(|lane| &lane.series).filter_map(|series| series.times.extent());
    let extent = extents.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
    let section = Section {
        id: "compare".to_owned(),
        title: names.join(" · "),
        clock,
        note: i18n::text(*language, if in_time { "chart.compare.axis" } else { "chart.compare.axis-order" }),
        extent,
        lanes,
        bands: Vec::new(),
        samples: Vec::new(),
    };
    let sections = vec![section];
    Some(Timeline { language: *language, legend: Legend::of(&sections), sections, by_hand: Vec::new() })
}

fn relative(times: &Times, start: i64, in_time: bool) -> Times {
    match times {
        _ if !in_time => Times::Even { start: 0, step: 1, len: times.len() },
        Times::Even { start: from, step, len } => {
            Times::Even { start: from.saturating_sub(start), step: *step, len: *len }
        }
        Times::Listed(times) => Times::listed(times.iter().map(|at| at.saturating_sub(start)).collect()),
    }
}

/// The series with these times. Stacks refer to others by place, which moves.
fn only(series: Vec<Series>, times: &Rc<Times>) -> Vec<Series> {
    let kept: Vec<usize> =
        series.iter().enumerate().filter(|(_, series)| Rc::ptr_eq(&series.times, times)).map(|(at, _)| at).collect();
    let moved = |on: usize| kept.iter().position(|at| *at == on);
    let series = series.into_iter().filter(|series| Rc::ptr_eq(&series.times, times));
    series.map(|series| Series { on: series.on.and_then(moved), ..series }).collect()
}

/// The largest value of a lane, with the levels that would be drawn.
fn highest(lane: &Lane) -> f64 {
    let values = lane.series.iter().filter(|series| series.style != Style::Markers).filter_map(|series| {
        let (_, row) = series.pyramid.extremes(&series.values, 0..series.values.len())?;
        series.values.get(row).copied()
    });
    let highest = values.fold(0.0, f64::max);
    lane.levels.iter().map(|level| level.value).filter(|level| *level <= highest * 4.0).fold(highest, f64::max)
}
