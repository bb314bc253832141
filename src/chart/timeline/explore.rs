//! Moving about in a timeline: zoom, pan, steps from sample to sample and from event to event. Every function takes a
//! view and answers with another; the page keeps the history.

use super::readout::moment;
use super::scene::whole;
use super::{Clock, Mark, Section, Timeline, View};
use crate::chart::theme::Role;
use crate::civil::{self, Zone};
use crate::i18n::{self, Language};
use crate::units::{self, Micros};

/// The shortest stretch that can be shown, in microseconds: a tenth of what `jstat` can tell.
const SHORTEST: i64 = 10_000;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Parts of what is seen that times are told apart by: about a pixel.
const GRAINS: i64 = 500;

impl View {
    /// Shows that part of a section; the whole of it if the part is all there is. Too short a part is made longer.
    pub fn with_range(&self, section: &Section, from: i64, to: i64) -> View {
        let (first, last) = whole(section);
        let least = if section.clock == Clock::Order { 1 } else { SHORTEST }.min(last.saturating_sub(first).max(1));
        let (mut from, mut to) = (from.min(to), from.max(to));
        let short = least.saturating_sub(to.saturating_sub(from)).max(0);
        from = from.saturating_sub(short / 2);
        to = to.saturating_add(short - short / 2);
        let length = to.saturating_sub(from);
        if from < first {
            (from, to) = (first, first.saturating_add(length));
        }
        if to > last {
            (from, to) = (last.saturating_sub(length), last);
        }
        let range = (from.max(first), to.min(last));
        let mut view = self.clone();
        view.ranges.retain(|(id, _)| *id != section.id);
        if range != (first, last) {
            view.ranges.push((section.id.clone(), range));
        }
        view
    }

    /// How finely times of a section are told, in microseconds: to the second, and finer where less is seen.
    pub fn grain(&self, section: &Section) -> i64 {
        if section.clock == Clock::Order {
            return 1;
        }
        let (from, to) = self.range(section);
        let finest = to.saturating_sub(from) / GRAINS;
        std::iter::successors(Some(SECOND), |grain| Some(grain / 10)).find(|grain| *grain <= finest.max(1)).unwrap_or(1)
    }

    /// Shows everything again; hidden series stay hidden.
    pub fn reset(&self) -> View {
        View { ranges: Vec::new(), ..self.clone() }
    }

    /// Shows `factor` times as much, with `at` staying where it is.
    pub fn zoomed(&self, section: &Section, at: i64, factor: f64) -> View {
        let (from, to) = self.range(section);
        let at = at.clamp(from, to);
        let scaled = |distance: i64| (distance as f64 * factor.clamp(0.01, 100.0)).round() as i64;
        let (before, after) = (at.saturating_sub(from), to.saturating_sub(at));
        self.with_range(section, at.saturating_sub(scaled(before)), at.saturating_add(scaled(after)))
    }

    /// Moves the visible part by a share of itself, as far as there is anything.
    pub fn panned(&self, section: &Section, share: f64) -> View {
        let (from, to) = self.range(section);
        let by = (to.saturating_sub(from) as f64 * share).round() as i64;
        self.with_range(section, from.saturating_add(by), to.saturating_add(by))
    }

    /// Tells times in that zone; with `None` in that of the logs.
    pub fn told_in(&self, zone: Option<Zone>) -> View {
        View { zone, ..self.clone() }
    }

    /// Places a section without a clock on the dated axis, or moves it there.
    pub fn placed(&self, id: &str, first: i64, last: i64) -> View {
        let mut view = self.unplaced(id);
        view.aligned.push((id.to_owned(), (first.min(last), first.max(last))));
        view
    }

    /// Takes a section off the dated axis again.
    pub fn unplaced(&self, id: &str) -> View {
        let mut view = self.clone();
        view.aligned.retain(|(known, _)| known != id);
        view
    }

    /// Moves a placed section along the axis.
    pub fn moved(&self, id: &str, by: i64) -> View {
        let placed = self.aligned.iter().find(|(known, _)| known == id).map(|(_, range)| *range);
        placed.map_or_else(
            || self.clone(),
            |(first, last)| self.placed(id, first.saturating_add(by), last.saturating_add(by)),
        )
    }

    /// Hides a series, or shows it again.
    pub fn toggled(&self, role: Role) -> View {
        let mut view = self.clone();
        match view.hidden.iter().position(|hidden| *hidden == role) {
            Some(at) => {
                view.hidden.remove(at);
            }
            None => view.hidden.push(role),
        }
        view
    }

    /// Shows only that series of all; shows all if it is the only one already.
    pub fn isolated(&self, role: Role, all: &[Role]) -> View {
        let others: Vec<Role> = all.iter().copied().filter(|other| *other != role).collect();
        let alone = !self.hides(role) && others.iter().all(|other| self.hides(*other));
        View { hidden: if alone { Vec::new() } else { others }, ..self.clone() }
    }
}

/// `61 min 31.5 s` as any of our languages writes it. `None` for what is no such sequence of different units.
fn in_units(text: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 6] = [
        ("unit.days", DAY),
        ("unit.hours", 3600 * SECOND),
        ("unit.minutes", 60 * SECOND),
        ("unit.seconds", SECOND),
        ("unit.milliseconds", 1000),
        ("unit.microseconds", 1),
    ];
    let unit_of = |name: &str| {
        let is = |language: &Language, key: &str| i18n::fill(*language, key, &[("n", "")]).trim() == name;
        UNITS.into_iter().find(|(key, _)| Language::ALL.iter().any(|language| is(language, key))).map(|(_, unit)| unit)
    };
    let (mut micros, mut last, mut rest) = (0_i64, i64::MAX, text.trim());
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | ','))?;
        let (amount, after) = rest.split_at_checked(digits)?;
        let after = after.trim_start();
        let end = after.find(|c: char| c.is_ascii_digit() || c.is_whitespace()).unwrap_or(after.len());
        let (name, after) = after.split_at_checked(end)?;
        let unit = unit_of(name).filter(|unit| *unit < last)?;
        let amount = i128::from(units::fixed_decimal(amount, 6).filter(|amount| *amount >= 0)?);
        micros = micros.checked_add(i64::try_from(amount * i128::from(unit) / i128::from(SECOND)).ok()?)?;
        (last, rest) = (unit, after.trim_start());
    }
    (last < i64::MAX).then_some(micros)
}

impl Timeline {
    /// True if some section is not shown whole.
    pub fn is_zoomed(&self, view: &View) -> bool {
        let mut chosen = view.ranges.iter().filter_map(|(id, _)| self.section(id));
        chosen.any(|section| view.range(section) != whole(section))
    }

    /// A time as a reader would type it, and as the axis tells it, as finely as can be seen: `07:35:42`, with its day where the
    /// section has several; `61 min 31.5 s`; `#12`.
    pub fn time_to_type(&self, section: &Section, view: &View, at: i64) -> String {
        let (clock, grain) = (view.clock(section), view.grain(section));
        let Some(moment) = moment(self.language, clock, at, grain) else { return format!("#{at}") };
        match clock {
            Clock::Utc(_) | Clock::Local => {
                let moment = moment.strip_suffix(clock.zone().name().as_str()).unwrap_or(&moment).trim_end();
                let day = |at: i64| clock.zone().local(Micros(at)).0.div_euclid(DAY);
                let (first, last) = whole(section);
                let time = moment.split_once(' ').map(|(_, time)| time).filter(|_| day(first) == day(last));
                time.unwrap_or(moment).to_owned()
            }
            _ => moment,
        }
    }

    /// What a reader typed as a time of a section: a date and time or a time of the visible day; `61 min 31 s`, seconds with or
    /// without `s`, `m:ss`, `h:mm:ss`; the number of a sample. `None` if it is none of these.
    pub fn typed_time(&self, section: &Section, view: &View, text: &str) -> Option<i64> {
        let text = text.trim();
        let clock = view.clock(section);
        match clock {
            Clock::Order => text.strip_prefix('#').unwrap_or(text).parse().ok(),
            Clock::Utc(_) | Clock::Local => {
                let zone = clock.zone();
                // What names another zone is meant in that.
                let text = text.strip_suffix(zone.name().as_str()).unwrap_or(text).trim_end();
                let (text, zone) =
                    text.strip_suffix("UTC").map_or((text, zone), |text| (text.trim_end(), Zone::default()));
                let with_seconds = |text: &str| {
                    if text.matches(':').count() == 1 { format!("{text}:00") } else { text.to_owned() }
                };
                if let Some((wall, rest)) = civil::iso_time(&with_seconds(text)) {
                    let micros = if wall.zone_known { wall.micros } else { zone.utc(wall.micros) };
                    return rest.is_empty().then_some(micros.0);
                }
                let padded = with_seconds(text);
                let (time, rest) = civil::time_of_day(&padded)?;
                let day = zone.local(Micros(view.range(section).0)).0.div_euclid(DAY).checked_mul(DAY)?;
                rest.is_empty().then_some(())?;
                Some(zone.utc(Micros(day.checked_add(time)?)).0)
            }
            _ => {
                let (sign, text) = text.strip_prefix(['-', '−']).map_or((1, text), |text| (-1, text));
                if let Some(micros) = in_units(text) {
                    return Some(micros * sign);
                }
                let text = text.strip_suffix('s').unwrap_or(text).trim_end();
                let mut micros: i64 = 0;
                for part in text.split(':') {
                    let part = units::fixed_decimal(part, 6).filter(|part| *part >= 0)?;
                    micros = micros.checked_mul(60)?.checked_add(part)?;
                }
                micros.checked_mul(sign)
            }
        }
    }

    /// The sample of any visible series next to `at` in a direction: the time to which an arrow key leads.
    pub fn next_sample(&self, section: &Section, view: &View, at: i64, forward: bool) -> Option<i64> {
        let series = section.lanes.iter().flat_map(|lane| &lane.series).filter(|series| !view.hides(series.role));
        let times = series.filter_map(|series| {
            if forward {
                series.times.at(series.times.first_from(at.checked_add(1)?))
            } else {
                series.times.at(series.times.first_from(at).checked_sub(1)?)
            }
        });
        let marks = section.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.at);
        let marks = marks.filter(|mark| if forward { *mark > at } else { *mark < at });
        if forward { times.chain(marks).min() } else { times.chain(marks).max() }
    }

    /// The event next to `at` in a direction.
    pub fn next_mark<'a>(&self, section: &'a Section, at: i64, forward: bool) -> Option<&'a Mark> {
        let marks = section.lanes.iter().flat_map(|lane| &lane.marks);
        if forward {
            marks.filter(|mark| mark.at > at).min_by_key(|mark| mark.at)
        } else {
            marks.filter(|mark| mark.at < at).max_by_key(|mark| mark.at)
        }
    }

    /// All events of a section at exactly that time.
    pub fn marks_at<'a>(&self, section: &'a Section, at: i64) -> impl Iterator<Item = &'a Mark> {
        section.lanes.iter().flat_map(|lane| &lane.marks).filter(move |mark| mark.at == at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lane, LaneId, Legend, Place, Series, Style, Unit};
    use super::*;
    use crate::i18n::Language;
    use crate::source::Span;
    use crate::timeline::reduce::Times;
    use std::rc::Rc;

    fn section() -> Section {
        let times = Rc::new(Times::Even { start: 0, step: 1_000_000, len: 101 });
        let places = Rc::new(vec![Place::default(); 101]);
        let series = Series::new(Role::Old, "old".into(), Style::Area, &times, vec![1.0; 101], &places);
        let span = Span { source: 0, line: 1, start: 0, end: 0 };
        let mark = Mark {
            at: 50_500_000,
            between: None,
            role: Role::Wall,
            label: "killed".into(),
            detail: String::new(),
            span,
        };
        let lane = Lane {
            series: vec![series],
            marks: vec![mark],
            ..Lane::new(LaneId::Heap, Language::En, Unit::Bytes, 100.0)
        };
        Section {
            id: "run-1".into(),
            title: String::new(),
            clock: Clock::Uptime,
            note: String::new(),
            extent: (0, 100_000_000),
            lanes: vec![lane],
            bands: Vec::new(),
            samples: Vec::new(),
        }
    }

    #[test]
    fn a_range_stays_inside_and_never_becomes_empty() {
        let (section, view) = (section(), View::default());
        assert_eq!(view.with_range(&section, 20_000_000, 10_000_000).range(&section), (10_000_000, 20_000_000));
        assert_eq!(view.with_range(&section, -5_000_000, 5_000_000).range(&section), (0, 10_000_000));
        assert_eq!(view.with_range(&section, 50_000_000, 50_000_000).range(&section), (49_995_000, 50_005_000));
        assert_eq!(view.with_range(&section, i64::MIN, i64::MAX), view);
    }

    #[test]
    fn zooming_keeps_the_place_and_resetting_twice_is_resetting_once() {
        let (section, view) = (section(), View::default());
        let closer = view.zoomed(&section, 40_000_000, 0.5);
        assert_eq!(closer.range(&section), (20_000_000, 70_000_000));
        assert_eq!(closer.panned(&section, 0.1).range(&section), (25_000_000, 75_000_000));
        assert_eq!(closer.panned(&section, -9.0).range(&section), (0, 50_000_000));
        assert_eq!(closer.reset(), view);
        assert_eq!(closer.reset().reset(), view);
        assert_eq!(closer.zoomed(&section, 40_000_000, 2.0), view);
    }

    #[test]
    fn a_typed_time_is_read_as_it_is_written() {
        let timeline =
            Timeline { language: Language::En, sections: Vec::new(), by_hand: Vec::new(), legend: Legend::default() };
        let (mut section, view) = (section(), View::default());
        for (clock, text, at) in [
            (Clock::Uptime, "12.5 s", 12_500_000),
            (Clock::Uptime, "−250 ms", -250_000),
            (Clock::Uptime, "61 min 31.5 s", 3_691_500_000),
            (Clock::Uptime, "5 d 4 h 8 min 1 s", 446_881_000_000),
            (Clock::Order, "#7", 7),
            (Clock::Utc(Zone::default()), "07:35:42", 1_669_188_942_000_000),
            (Clock::Utc(Zone(540)), "16:35:42", 1_669_188_942_000_000),
            (Clock::Local, "07:35:42.06", 1_669_188_942_060_000),
        ] {
            section.clock = clock;
            section.extent = match clock {
                Clock::Utc(_) | Clock::Local => (1_669_188_932_000_000, 1_669_188_952_000_000),
                _ => (0, 20_000_000),
            };
            assert_eq!(timeline.time_to_type(&section, &view, at), text);
            assert_eq!(timeline.typed_time(&section, &view, text), Some(at), "{text}");
        }
        section.extent = (1_669_188_942_000_000, 1_669_388_942_000_000);
        assert_eq!(
            timeline.time_to_type(&section, &view, 1_669_188_942_000_000),
            "2022-11-23 07:35:42",
            "of several days"
        );
        section.extent = (0, 100_000_000);
        assert_eq!(
            timeline.time_to_type(&Section { clock: Clock::Uptime, ..section.clone() }, &view, 12_345_678),
            "12.3 s"
        );
        section.clock = Clock::Uptime;
        let typed = |section: &Section, text: &str| timeline.typed_time(section, &view, text);
        assert_eq!(typed(&section, " 1:02:03,5 s"), Some(3_723_500_000));
        assert_eq!(typed(&section, "12.5"), Some(12_500_000));
        assert_eq!(typed(&section, "-0.25"), Some(-250_000));
        assert_eq!(typed(&section, "61분 31.5초"), Some(3_691_500_000));
        assert_eq!(typed(&section, "2h1min"), Some(7_260_000_000));
        for nonsense in [
            "s",
            "5 s 1 min",
            "1 s 2 s",
            "9999999999999 d",
            "5 x",
            "",
            "soon",
            "1e3",
            "99999999999999999999",
            "1::2",
            "--1",
        ] {
            assert_eq!(typed(&section, nonsense), None, "{nonsense}");
        }
        section.clock = Clock::Utc(Zone(540));
        section.extent = (1_669_188_942_000_000, 1_669_188_962_000_000);
        assert_eq!(typed(&section, "16:36"), Some(1_669_188_960_000_000));
        assert_eq!(typed(&section, "2022-11-23 16:35:42 +09:00"), Some(1_669_188_942_000_000));
        assert_eq!(typed(&section, "2022-11-23 07:35:42 UTC"), Some(1_669_188_942_000_000));
        section.clock = Clock::Utc(Zone::default());
        section.extent = (1_669_188_942_000_000, 1_669_188_962_000_000);
        assert_eq!(typed(&section, "07:36"), Some(1_669_188_960_000_000));
        assert_eq!(typed(&section, "2022-11-23 07:35:42 UTC"), Some(1_669_188_942_000_000));
        assert_eq!(typed(&section, "2022-11-23"), None);
    }

    #[test]
    fn times_are_told_and_read_in_the_zone_that_the_reader_chose() {
        let timeline =
            Timeline { language: Language::En, sections: Vec::new(), by_hand: Vec::new(), legend: Legend::default() };
        let at = 1_669_188_942_000_000;
        let section = Section { clock: Clock::Utc(Zone(120)), extent: (at, at + 60_000_000), ..section() };
        for (zone, field, told) in [
            (None, "09:35:42", "2022-11-23 09:35:42 +02:00"),
            (Some(Zone(0)), "07:35:42", "2022-11-23 07:35:42 UTC"),
            (Some(Zone(540)), "16:35:42", "2022-11-23 16:35:42 +09:00"),
        ] {
            let view = View::default().told_in(zone);
            assert_eq!(timeline.time_to_type(&section, &view, at), field);
            assert_eq!(timeline.typed_time(&section, &view, field), Some(at));
            assert_eq!(timeline.moment_in_words(view.clock(&section), at, SECOND), told);
            assert_eq!(view.reset(), view, "the zone stays");
        }
        let uptime = Section { clock: Clock::Uptime, ..section };
        assert_eq!(View::default().told_in(Some(Zone(540))).clock(&uptime), Clock::Uptime);
    }

    #[test]
    fn arrows_lead_from_sample_to_sample_and_brackets_to_events() {
        let section = section();
        let timeline =
            Timeline { language: Language::En, sections: Vec::new(), by_hand: Vec::new(), legend: Legend::default() };
        let view = View::default();
        assert_eq!(timeline.next_sample(&section, &view, 2_000_000, true), Some(3_000_000));
        assert_eq!(timeline.next_sample(&section, &view, 2_000_000, false), Some(1_000_000));
        assert_eq!(timeline.next_sample(&section, &view, 50_000_000, true), Some(50_500_000));
        assert_eq!(timeline.next_sample(&section, &view, 0, false), None);
        assert_eq!(timeline.next_mark(&section, 0, true).map(|mark| mark.at), Some(50_500_000));
        assert_eq!(timeline.next_mark(&section, 50_500_000, true), None);
    }

    #[test]
    fn a_series_is_hidden_shown_or_alone() {
        let all = [Role::Old, Role::Eden, Role::Max];
        let view = View::default().toggled(Role::Eden);
        assert!(view.hides(Role::Eden) && !view.toggled(Role::Eden).hides(Role::Eden));
        let alone = view.isolated(Role::Old, &all);
        assert!(!alone.hides(Role::Old) && alone.hides(Role::Eden) && alone.hides(Role::Max));
        assert_eq!(alone.isolated(Role::Old, &all), View::default());
    }
}
