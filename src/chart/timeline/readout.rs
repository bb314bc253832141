//! The exact values at one time, for the cross-hair.

use super::events::when_in_words;
use super::{Clock, Section, Style, Timeline, View};
use crate::chart::theme::Role;
use crate::i18n;
use crate::source::Span;

/// What stands under the cross-hair.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Time of the nearest sample, on the section's clock.
    pub at: i64,
    /// The same in words.
    pub time: String,
    /// Lane by lane.
    pub rows: Vec<ReadoutRow>,
}

/// One value of a readout.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadoutRow {
    /// Of the series.
    pub role: Role,
    /// Of the series.
    pub label: String,
    /// With its unit.
    pub value: String,
    /// Line it was read from.
    pub span: Span,
}

impl Timeline {
    /// The values of all visible series at their samples nearest to `time`. `None` if there are none.
    pub fn readout(&self, section: &Section, view: &View, time: i64) -> Option<Readout> {
        let series = || section.lanes.iter().flat_map(|lane| lane.series.iter().map(move |series| (lane, series)));
        let nearest = |times: &crate::timeline::reduce::Times| times.nearest(time).and_then(|at| times.at(at));
        let at = series().filter_map(|(_, series)| nearest(&series.times)).min_by_key(|at| at.abs_diff(time))?;
        let mut rows = Vec::new();
        for (lane, series) in series().filter(|(_, series)| !view.hides(series.role)) {
            let Some(row) = series.times.nearest(at) else { continue };
            // Another table of the section: its sample belongs to this moment only if it was taken near it.
            let near =
                series.times.at(row).is_some_and(|taken| taken.abs_diff(at) <= near_enough(section, &series.times));
            let Some(own) = series.own(&lane.series, row).filter(|_| near) else { continue };
            let value = match (series.style, lane.unit) {
                (Style::Markers, _) => i18n::number(own.max(0.0) as u64),
                (_, unit) => unit.format(self.language, own),
            };
            let span = series.places.get(row).copied().unwrap_or_default().span();
            rows.push(ReadoutRow { role: series.role, label: series.label.clone(), value, span });
        }
        Some(Readout { at, time: self.time_in_words(section.clock, at), rows })
    }

    /// A time of a clock, with the clock's name.
    pub fn time_in_words(&self, clock: Clock, at: i64) -> String {
        let time = when_in_words(self.language, clock, at).unwrap_or_else(|| at.to_string());
        let arguments = [("time", time.as_str())];
        match clock {
            Clock::Utc(_) => time,
            Clock::Local => i18n::fill(self.language, "chart.time.local", &arguments),
            Clock::Boot => i18n::fill(self.language, "chart.time.boot", &arguments),
            Clock::Uptime => i18n::fill(self.language, "chart.time.uptime", &arguments),
            Clock::FromFirst => i18n::fill(self.language, "chart.time.from-first", &arguments),
            Clock::Order => i18n::fill(self.language, "chart.time.order", &arguments),
        }
    }
}

/// Half of the usual step of a series, or a hundredth of the section.
fn near_enough(section: &Section, times: &crate::timeline::reduce::Times) -> u64 {
    let (from, to) = section.extent;
    let hundredth = to.abs_diff(from) / 100;
    let step = times.extent().map_or(0, |(first, last)| last.abs_diff(first) / (times.len() as u64).max(1));
    hundredth.max(step / 2 + 1)
}
