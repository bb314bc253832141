//! The exact values at one time, for the cross-hair.

use super::events::when_in_words;
use super::{Clock, Lane, Mark, Section, Series, Style, Timeline, View};
use crate::chart::theme::Role;
use crate::i18n::{self, Language, format};
use crate::source::Span;
use crate::units::Micros;

/// What stands under the cross-hair.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Time of the nearest sample, on the section's clock.
    pub at: i64,
    /// The same in words.
    pub time: String,
    /// Lane by lane: the drawn series that have a value then.
    pub rows: Vec<ReadoutRow>,
}

/// One series of a readout.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadoutRow {
    /// Whose, where the section has several processes.
    pub owner: String,
    /// What its lane shows, where another lane has a series of that name, too.
    pub lane: Option<String>,
    /// Of the series.
    pub role: Role,
    /// Of the series.
    pub label: String,
    /// What it was at that time.
    pub value: ReadoutValue,
}

/// One value of a readout.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadoutValue {
    /// With its unit, as it is told everywhere.
    pub text: String,
    /// To the last digit, where that says more.
    pub exact: Option<String>,
    /// Line it was read from.
    pub span: Span,
}

impl Readout {
    /// The lines that the values stand on, each once.
    pub fn lines(&self) -> Vec<Span> {
        let mut lines: Vec<Span> = Vec::new();
        for span in self.rows.iter().map(|row| row.value.span) {
            if !lines.iter().any(|known| (known.source, known.line) == (span.source, span.line)) {
                lines.push(span);
            }
        }
        lines
    }
}

impl Timeline {
    /// The values of all visible series at their samples nearest to `time`. `None` if there are none.
    pub fn readout(&self, section: &Section, view: &View, time: i64) -> Option<Readout> {
        // What has one value stands in words beside it.
        let lanes = || section.lanes.iter().filter(|lane| !lane.is_in_words());
        let series = || lanes().flat_map(|lane| lane.series.iter().map(move |series| (lane, series)));
        let nearest = |times: &crate::timeline::reduce::Times| times.nearest(time).and_then(|at| times.at(at));
        let at = series().filter_map(|(_, series)| nearest(&series.times)).min_by_key(|at| at.abs_diff(time))?;
        let shown = series().filter(|(_, series)| !view.hides(series.role));
        let is_twice = |lane: &Lane, label: &str| {
            let mut others = lanes().filter(|other| other.owner == lane.owner && other.id != lane.id);
            others.any(|other| other.series.iter().any(|series| series.label == label))
        };
        let rows = shown.filter_map(|(lane, series)| {
            Some(ReadoutRow {
                value: self.value_at((section, lane), series, at)?,
                owner: lane.owner.clone(),
                lane: is_twice(lane, &series.label).then(|| lane.title.clone()),
                role: series.role,
                label: series.label.clone(),
            })
        });
        Some(Readout { at, time: self.moment_in_words(view.clock(section), at, EXACT), rows: rows.collect() })
    }

    /// The value of a series at its sample nearest to `at`.
    fn value_at(&self, (section, lane): (&Section, &Lane), series: &Series, at: i64) -> Option<ReadoutValue> {
        let row = series.times.nearest(at)?;
        // Another table of the section: its sample belongs to this moment only if it was taken near it.
        let near = series.times.at(row)?.abs_diff(at) <= near_enough(section, &series.times);
        let own = series.own(&lane.series, row).filter(|_| near)?;
        let (text, exact) = match series.style {
            Style::Markers => (i18n::number(own.max(0.0) as u64), None),
            _ => (lane.unit.format(self.language, own), lane.unit.exact(self.language, own)),
        };
        Some(ReadoutValue { text, exact, span: series.places.get(row).copied().unwrap_or_default().span() })
    }

    /// The last sample of what is seen of a section: what is told while nobody points anywhere. `None` without samples.
    pub fn last_seen(&self, section: &Section, view: &View) -> Option<i64> {
        let (from, to) = view.range(section);
        let lanes = section.lanes.iter().filter(|lane| !lane.is_in_words());
        let series = lanes.flat_map(|lane| &lane.series).filter(|series| !view.hides(series.role));
        let last = |series: &Series| series.times.at(series.times.first_from(to.saturating_add(1)).checked_sub(1)?);
        series.filter_map(last).filter(|at| *at >= from).max()
    }

    /// A time of a clock to the second, with the clock's name.
    pub fn time_in_words(&self, clock: Clock, at: i64) -> String {
        self.with_clock(clock, when_in_words(self.language, clock, at).unwrap_or_else(|| at.to_string()))
    }

    /// The same as finely as it is looked at, by [`View::grain`].
    pub fn moment_in_words(&self, clock: Clock, at: i64, grain: i64) -> String {
        self.with_clock(clock, moment(self.language, clock, at, grain).unwrap_or_else(|| at.to_string()))
    }

    /// What happened and when, as the reader wants times to be told.
    pub fn mark_in_words(&self, section: &Section, view: &View, mark: &Mark) -> String {
        if let Some(between) = mark.between {
            return format!("{}: {}", between_in_words(self.language, view.clock(section), between), mark.label);
        }
        match moment(self.language, view.clock(section), mark.at, EXACT) {
            Some(_) => format!("{}: {}", self.moment_in_words(view.clock(section), mark.at, EXACT), mark.label),
            None => mark.label.clone(),
        }
    }

    fn with_clock(&self, clock: Clock, time: String) -> String {
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

/// To the microsecond.
pub(super) const EXACT: i64 = 1;

/// A time of a clock to a grain of so many microseconds, so that two that differ by one do not look alike. `None` for clocks
/// that tell none.
pub(super) fn moment(language: Language, clock: Clock, at: i64, grain: i64) -> Option<String> {
    let grain = grain.max(1);
    let at = Micros(at.saturating_add(grain / 2).div_euclid(grain).saturating_mul(grain));
    match clock {
        Clock::Utc(zone) => Some(format!("{} {}", format::local_moment(zone.local(at)), zone.name())),
        Clock::Local => Some(format::local_moment(at)),
        Clock::Boot | Clock::Uptime | Clock::FromFirst => Some(format::elapsed(language, at)),
        Clock::Order => None,
    }
}

/// That it was between two moments, to the microsecond; of one day the day is told once.
pub(super) fn between_in_words(language: Language, clock: Clock, (from, to): (i64, i64)) -> String {
    let [mut from, mut to] = [from, to].map(|at| moment(language, clock, at, EXACT).unwrap_or_else(|| at.to_string()));
    if let (Clock::Utc(_) | Clock::Local, Some((day, _))) = (clock, from.split_once(' ')) {
        to = to.strip_prefix(day).map_or(to.clone(), |time| time.trim_start().to_owned());
        let zone = clock.zone().name();
        from = from.strip_suffix(zone.as_str()).map_or(from.clone(), |time| time.trim_end().to_owned());
    }
    i18n::fill(language, "chart.time.between", &[("from", &from), ("to", &to)])
}

/// Half of the usual step of a series, or a hundredth of the section.
fn near_enough(section: &Section, times: &crate::timeline::reduce::Times) -> u64 {
    let (from, to) = section.extent;
    let hundredth = to.abs_diff(from) / 100;
    let step = times.extent().map_or(0, |(first, last)| last.abs_diff(first) / (times.len() as u64).max(1));
    hundredth.max(step / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::super::Unit;
    use super::*;
    use crate::analyzer::analysis_of;
    use crate::i18n::Language;

    #[test]
    fn values_are_told_to_the_last_digit_with_their_line_and_keep_their_places() {
        let text = include_str!("../../../tests/corpus/mixed/draft-post/input.log");
        let timeline = Timeline::of(&analysis_of(text).report, Language::En);
        let section = timeline.sections.iter().find(|section| section.title.contains("17692")).expect("it is there");
        let view = View::default();
        let at = timeline.last_seen(section, &view).expect("samples");
        assert_eq!(at, 11_000_000);
        let readout = timeline.readout(section, &view, at).expect("samples");
        let told: Vec<_> = readout
            .rows
            .iter()
            .map(|row| (row.label.as_str(), row.value.text.as_str(), row.value.exact.as_deref()))
            .take(3)
            .collect();
        assert_eq!(
            told,
            [
                ("old generation in use", "87.2 MiB", Some("89,281 KiB")),
                ("survivor", "1.0 MiB", None),
                ("eden", "26.0 MiB", None)
            ]
        );
        assert_eq!(readout.lines().iter().map(|line| line.line).collect::<Vec<_>>(), [185]);
        let before = timeline.readout(section, &view, 3_400_000).expect("samples");
        assert_eq!((before.at, before.rows.len()), (3_000_000, readout.rows.len()));
        assert_eq!(before.lines()[0].line, 177);
        let part = view.with_range(section, 0, 4_600_000);
        assert_eq!(timeline.last_seen(section, &part), Some(4_000_000));
    }

    #[test]
    fn pauses_are_told_in_the_digits_that_logs_have() {
        let told = |unit: Unit, value| (unit.format(Language::En, value), unit.exact(Language::En, value));
        assert_eq!(told(Unit::Duration, 135_393.0), ("135 ms".into(), Some("135.393 ms".into())));
        assert_eq!(told(Unit::Duration, 135_000.0), ("135 ms".into(), None));
        assert_eq!(told(Unit::Percent, 87.53), ("87.5%".into(), Some("87.53%".into())));
        assert_eq!(told(Unit::Share, 0.123_456).1, None, "what was reckoned has no exact digits");
    }
}
