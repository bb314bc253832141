//! One view of a timeline: visible ranges, reduced series, ticks. Numbers and words, no pixels but the width.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use super::events::when_in_words;
use super::readout::between_in_words;
use super::{
    Band, BandKind, Clock, Lane, LaneId, Level, Mark, Place, Placement, Section, Series, Style, Timeline, Total, Unit,
};
use crate::chart::theme::Role;
use crate::civil::Zone;
use crate::i18n::{self, Language, format};
use crate::order::InOrder as _;
use crate::timeline::reduce::{Spread, Times, Window, spreads, visible};
use crate::units::Micros;

/// What the reader chose to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Visible part of a section, by its id; a section that is not here is shown whole.
    pub ranges: Vec<(String, (i64, i64))>,
    /// Series not shown.
    pub hidden: Vec<Role>,
    /// Sections without a clock that the reader placed on the dated axis.
    pub aligned: Vec<Placement>,
    /// The zone in which times are told that are known in UTC. `None` for that of the logs.
    pub zone: Option<Zone>,
}

impl View {
    /// True if series of that role are not shown.
    pub fn hides(&self, role: Role) -> bool {
        self.hidden.contains(&role)
    }

    /// The clock of a section as it is told.
    pub fn clock(&self, section: &Section) -> Clock {
        match (section.clock, self.zone) {
            (Clock::Utc(_), Some(zone)) => Clock::Utc(zone),
            (clock, _) => clock,
        }
    }

    /// Visible part of a section, a little more than everything if none is chosen. What a range from elsewhere has
    /// beyond the section is left out.
    pub fn range(&self, section: &Section) -> (i64, i64) {
        let chosen = self.ranges.iter().find(|(id, _)| *id == section.id).map(|(_, range)| *range);
        let (first, last) = whole(section);
        let seen = chosen.map(|(from, to)| (from.max(first), to.min(last)));
        seen.filter(|(from, to)| from < to).unwrap_or((first, last))
    }
}

/// The whole section, never empty, with some room where it is only a moment.
pub(super) fn whole(section: &Section) -> (i64, i64) {
    let (from, to) = section.extent;
    let room = match (section.clock, to.saturating_sub(from)) {
        (Clock::Order, 0) => 1,
        (_, 0) => 30_000_000,
        (Clock::Order, _) => return (from, to),
        // Marks at the very edge would be cut in half.
        (_, length) => (length / 60).max(1),
    };
    let has_marks_at = |at: i64| section.lanes.iter().flat_map(|lane| &lane.marks).any(|mark| mark.at == at);
    let moment = from == to;
    let before = if moment || has_marks_at(from) { room } else { 0 };
    let after = if moment || has_marks_at(to) { room } else { 0 };
    (from.saturating_sub(before), to.saturating_add(after))
}

/// What a drawing function needs, and what the page shows around it.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineScene {
    /// From top to bottom; of a long timeline only those near the view.
    pub sections: Vec<SectionScene>,
    /// What of the timeline is left out, in a sentence; empty if nothing is.
    pub rest: String,
    /// The picture in a sentence.
    pub summary: String,
}

/// A section as seen.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionScene {
    /// Which section of the timeline.
    pub at: usize,
    /// Of the section.
    pub id: String,
    /// Of the section.
    pub title: String,
    /// The clock in words.
    pub note: String,
    /// Of the section.
    pub clock: Clock,
    /// Visible times.
    pub range: (i64, i64),
    /// True if it is not the whole.
    pub zoomed: bool,
    /// False for words and single moments, which need none.
    pub has_axis: bool,
    /// Of the axis.
    pub ticks: Vec<Tick>,
    /// Lanes of the section that are drawn, as far as there is something in them. The others only take their room.
    pub near: Range<usize>,
    /// Whose the lane above those is; empty without one.
    pub owner_above: String,
    /// The first lane of the section with numbers to draw.
    pub first_plot: Option<usize>,
    /// Lanes with something in them that are drawn, and those with marks that reach into them.
    pub lanes: Vec<LaneScene>,
    /// Within the visible times.
    pub bands: Vec<Band>,
}

impl SectionScene {
    /// What began within the visible times, with the first lane of whom it is about.
    pub fn onsets(&self) -> impl Iterator<Item = (&Band, &LaneScene)> {
        let onsets = self.bands.iter().filter(|band| band.kind == BandKind::Onset);
        onsets.filter_map(|band| Some((band, self.lanes.iter().find(|lane| lane.opens && lane.is_about(band))?)))
    }
}

/// A place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// On the axis.
    pub at: f64,
    /// In words.
    pub label: String,
}

/// A lane as seen.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneScene {
    /// Which lane of the section.
    pub at: usize,
    /// False for a lane that is not near the view: it has only what reaches into others.
    pub drawn: bool,
    /// Of the lane.
    pub id: LaneId,
    /// Of the lane.
    pub owner: String,
    /// True for the first lane with numbers of its process.
    pub opens: bool,
    /// Of the lane.
    pub title: String,
    /// Of the lane.
    pub unit: Unit,
    /// Of the plot, in CSS pixels.
    pub height: f64,
    /// Upper end of the vertical axis; the lower one is zero.
    pub top: f64,
    /// Of the vertical axis.
    pub ticks: Vec<Tick>,
    /// In the order of painting.
    pub curves: Vec<Curve>,
    /// Within the axis.
    pub levels: Vec<Level>,
    /// Beyond the axis: named at its edge.
    pub beyond: Vec<Level>,
    /// Within the visible times.
    pub marks: Vec<Mark>,
    /// Lifetime totals.
    pub totals: Vec<Total>,
}

impl LaneScene {
    /// True if a band is about what the lane shows.
    pub fn is_about(&self, band: &Band) -> bool {
        band.owner.is_empty() || band.owner == self.owner
    }
}

/// A series as seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Of the series.
    pub role: Role,
    /// Of the series.
    pub label: String,
    /// Of the series.
    pub style: Style,
    /// Its last visible value, or the largest one of bars and stems, in words.
    pub figure: String,
    /// Stretches without absent samples.
    pub pieces: Vec<Vec<Point>>,
    /// The same by pixel columns, where samples are so many that lines through all of them would be a blot; empty where they are not.
    pub columns: Vec<Vec<Column>>,
}

/// The samples of a pixel column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// In the middle of them.
    pub at: i64,
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Their mean.
    pub mean: f64,
}

/// A sample as seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub at: i64,
    /// The sample before it, where one is: the start of a bar.
    pub since: i64,
    /// What.
    pub value: f64,
    /// Line it was read from.
    pub place: Place,
}

/// A whole section in one low lane, to move the visible part about in.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// All times of the section.
    pub range: (i64, i64),
    /// Its first lane with numbers, if it has one.
    pub lane: Option<LaneScene>,
    /// When something happened.
    pub marks: Vec<i64>,
}

/// Height of a lane in which nothing moves.
const STILL: f64 = 52.0;
/// Sections that the summary speaks of.
const SUMMED: usize = 12;
/// Marks that are all drawn; of more, one of each kind in a pixel column.
const ALL_MARKS: usize = 500;

impl Timeline {
    /// The whole of a section on `columns` pixels.
    pub fn overview(&self, section: &Section, columns: usize) -> Overview {
        let range = whole(section);
        let seen = |lanes: &[Lane]| Seen::of(section, lanes, range, columns, self.language);
        let view = View::default();
        let lanes = section.lanes.iter().filter(|lane| !lane.series.is_empty());
        let mut scenes = lanes.filter_map(|lane| lane_scene(0, lane, &view, &seen(std::slice::from_ref(lane))));
        let lane = scenes.find(|lane| !lane.curves.is_empty());
        let seen = seen(&[]);
        let marks = section.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| (seen.column(mark.at), mark.at));
        let mut columns = BTreeSet::new();
        Overview { range, lane, marks: marks.filter(|(column, _)| columns.insert(*column)).map(|(_, at)| at).collect() }
    }

    /// What of the timeline is seen on `columns` pixels.
    pub fn scene(&self, view: &View, columns: usize) -> TimelineScene {
        let all = self.sections.iter().enumerate().map(|(at, section)| (at, 0..section.lanes.len()));
        self.scene_of(view, columns, all)
    }

    /// The same of only these sections, and of each only these lanes.
    pub(super) fn scene_of(
        &self,
        view: &View,
        columns: usize,
        near: impl IntoIterator<Item = (usize, Range<usize>)>,
    ) -> TimelineScene {
        let sections = near.into_iter().filter_map(|(at, near)| {
            let section = self.sections.get(at)?;
            Some(section_scene((at, section), near, view, columns, self.language))
        });
        TimelineScene { sections: sections.collect(), rest: String::new(), summary: self.summary() }
    }

    /// The picture in a sentence, for those who do not see it.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        for section in self.sections.iter().take(SUMMED) {
            for mark in section.lanes.iter().flat_map(|lane| &lane.marks).take(3) {
                parts.push(mark.detail.clone());
            }
            for band in section.bands.iter().filter(|band| band.kind == BandKind::Onset) {
                let time = self.time_in_words(section.clock, band.from);
                let arguments = [("who", section.title.as_str()), ("time", &time), ("what", &band.label)];
                parts.push(i18n::fill(self.language, "chart.summary.onset", &arguments));
            }
            let Some(samples) = section.samples.first() else { continue };
            let count = i18n::number(samples.times.len() as u64);
            let identical = section
                .bands
                .iter()
                .any(|band| band.kind == BandKind::Identical && samples.times.extent() == Some((band.from, band.to)));
            let heap = section.lanes.iter().find(|lane| lane.id == LaneId::Heap).and_then(|lane| lane.series.first());
            let last = heap.and_then(|series| series.values.iter().rev().find(|value| !value.is_nan()));
            let mut arguments = vec![("who", section.title.as_str()), ("count", count.as_str())];
            let used = last.map(|value| Unit::Bytes.format(self.language, *value));
            let key = match (&used, heap) {
                (Some(used), Some(series)) => {
                    arguments.push(("what", &series.label));
                    arguments.push(("used", used));
                    if identical { "chart.summary.samples-idle" } else { "chart.summary.samples-heap" }
                }
                _ => "chart.summary.samples",
            };
            parts.push(i18n::fill(self.language, key, &arguments));
        }
        let left = self.sections.len().saturating_sub(SUMMED);
        if left > 0 {
            let count = i18n::number(left as u64);
            parts.push(i18n::fill(self.language, "chart.summary.more", &[("count", &count)]));
        }
        if !parts.is_empty() {
            return i18n::list(self.language, "list.clauses", parts);
        }
        // Two runs that are compared have lanes and no samples of one run.
        let lanes = self.sections.iter().take(SUMMED).flat_map(|section| &section.lanes);
        let titles: Vec<String> = lanes.map(|lane| lane.title.clone()).filter(|title| !title.is_empty()).collect();
        match titles.is_empty() {
            true => i18n::text(self.language, "chart.summary.empty"),
            false => i18n::list(self.language, "list.items", titles),
        }
    }
}

fn section_scene(
    (at, section): (usize, &Section),
    near: Range<usize>,
    view: &View,
    columns: usize,
    language: Language,
) -> SectionScene {
    let (range, clock) = (view.range(section), view.clock(section));
    let seen = Seen::of(section, section.lanes.get(near.clone()).unwrap_or_default(), range, columns, language);
    let lanes = section.lanes.iter().enumerate().filter_map(|(at, lane)| match near.contains(&at) {
        true => lane_scene(at, lane, view, &seen),
        false => {
            let walls = seen.marks(lane, |mark| mark.role == Role::Wall);
            (!walls.is_empty()).then(|| room_of(at, lane, walls))
        }
    });
    let lanes: Vec<LaneScene> = lanes.collect();
    let has_plot = |(at, lane): (usize, &Lane)| match near.contains(&at) {
        true => lanes.iter().any(|drawn| drawn.at == at && !drawn.curves.is_empty()),
        false => !lane.series.is_empty() && !lane.is_in_words(),
    };
    let first_plot = section.lanes.iter().enumerate().position(has_plot);
    let opening = match section.bands.iter().any(|band| band.kind == BandKind::Onset) {
        true => first_plots(section, has_plot),
        false => Vec::new(),
    };
    let has_axis = section.has_axis();
    let mut lanes = lanes;
    lanes.iter_mut().for_each(|lane| lane.opens = opening.contains(&lane.at));
    for mark in lanes.iter_mut().flat_map(|lane| &mut lane.marks) {
        // A moment without an axis says itself when it was, and one that is not known, between which two.
        let time = match mark.between {
            Some(between) => Some(between_in_words(language, clock, between)),
            None => when_in_words(language, clock, mark.at).filter(|_| !has_axis),
        };
        if let Some(time) = time {
            mark.label = format!("{time}: {}", mark.label);
        }
    }
    let above = near.start.checked_sub(1).and_then(|above| section.lanes.get(above));
    let overlaps = |from: i64, to: i64| from <= range.1 && to >= range.0;
    let bands = section.bands.iter().filter(|band| overlaps(band.from, band.to)).cloned().collect();
    SectionScene {
        at,
        id: section.id.clone(),
        title: section.title.clone(),
        note: note(section, clock, &lanes, language),
        clock,
        range,
        zoomed: range != whole(section),
        has_axis,
        ticks: if has_axis { time_ticks(language, clock, range, columns) } else { Vec::new() },
        owner_above: above.map(|lane| lane.owner.clone()).unwrap_or_default(),
        near,
        first_plot,
        lanes,
        bands,
    }
}

/// The clock in words, and how to read what is drawn of many samples.
fn note(section: &Section, clock: Clock, lanes: &[LaneScene], language: Language) -> String {
    let note = if clock == section.clock { section.note.clone() } else { clock.zone().name() };
    let is_dense = lanes.iter().flat_map(|lane| &lane.curves).any(|curve| !curve.columns.is_empty());
    let dense = is_dense.then(|| i18n::text(language, "chart.note.dense"));
    [Some(note), dense].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The first lane with numbers of each process.
fn first_plots(section: &Section, has_plot: impl Fn((usize, &Lane)) -> bool) -> Vec<usize> {
    let mut owners: BTreeSet<&str> = BTreeSet::new();
    let plots = section.lanes.iter().enumerate().filter(|plot| has_plot(*plot));
    plots.filter(|(_, lane)| owners.insert(&lane.owner)).map(|(at, _)| at).collect()
}

/// A lane that is not drawn, with the marks that reach into other lanes.
fn room_of(at: usize, lane: &Lane, marks: Vec<Mark>) -> LaneScene {
    LaneScene {
        at,
        drawn: false,
        id: lane.id,
        owner: lane.owner.clone(),
        opens: false,
        title: String::new(),
        unit: lane.unit,
        height: lane.height,
        top: 1.0,
        ticks: Vec::new(),
        curves: Vec::new(),
        levels: Vec::new(),
        beyond: Vec::new(),
        marks,
        totals: Vec::new(),
    }
}

/// Stretches of which nothing is known, in order.
fn breaks(section: &Section) -> Vec<(i64, i64)> {
    let unknown = section.bands.iter().filter(|band| matches!(band.kind, BandKind::Gap | BandKind::Restart));
    let mut breaks: Vec<(i64, i64)> = unknown.map(|band| (band.from, band.to)).collect();
    breaks.order();
    breaks
}

/// What of a section is seen.
struct Seen {
    range: (i64, i64),
    columns: usize,
    language: Language,
    /// Stretches that no line may cross, in order.
    breaks: Vec<(i64, i64)>,
    /// For all times that series of the lanes have.
    windows: Vec<(Rc<Times>, Window)>,
}

impl Seen {
    /// For these lanes of the section.
    fn of(section: &Section, lanes: &[Lane], range: (i64, i64), columns: usize, language: Language) -> Seen {
        let mut windows: Vec<(Rc<Times>, Window)> = Vec::new();
        for series in lanes.iter().flat_map(|lane| &lane.series) {
            if !windows.iter().any(|(times, _)| Rc::ptr_eq(times, &series.times)) {
                windows.push((Rc::clone(&series.times), Window::of(&series.times, range.0, range.1, columns)));
            }
        }
        Seen { range, columns, language, breaks: breaks(section), windows }
    }

    fn window(&self, series: &Series) -> Option<&Window> {
        let window = self.windows.iter().find(|(times, _)| Rc::ptr_eq(times, &series.times));
        window.map(|(_, window)| window)
    }

    /// The samples of a series that are drawn.
    fn samples(&self, series: &Series) -> Vec<Option<usize>> {
        self.window(series).map(|window| visible(window, &series.values, &series.pyramid)).unwrap_or_default()
    }

    /// Pixel columns of a series with many samples in each.
    fn columns(&self, series: &Series) -> Vec<Vec<Column>> {
        let spreads = self.window(series).map(|window| spreads(window, &series.values, &series.pyramid));
        let columns = spreads.unwrap_or_default().into_iter().map(|spread| {
            let Spread { samples, low, high, mean } = spread?;
            let (first, last) = (series.times.at(samples.start)?, series.times.at(samples.end.checked_sub(1)?)?);
            Some(Column { at: first.midpoint(last), low, high, mean })
        });
        self.in_pieces(columns, |column| column.at)
    }

    /// What stands without anything absent between.
    fn in_pieces<T>(&self, all: impl Iterator<Item = Option<T>>, at: impl Fn(&T) -> i64) -> Vec<Vec<T>> {
        let mut pieces: Vec<Vec<T>> = Vec::new();
        let mut piece: Vec<T> = Vec::new();
        for next in all {
            let goes_on = next
                .as_ref()
                .is_some_and(|next| piece.last().is_none_or(|before| !self.is_broken(at(before), at(next))));
            if !goes_on {
                pieces.push(std::mem::take(&mut piece));
            }
            piece.extend(next);
        }
        pieces.push(piece);
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    /// The pixel column of a time.
    fn column(&self, at: i64) -> i64 {
        let (from, to) = self.range;
        let length = to.saturating_sub(from).max(1) as f64;
        (at.saturating_sub(from) as f64 / length * self.columns as f64) as i64
    }

    /// The marks of a lane that are drawn.
    fn marks(&self, lane: &Lane, which: impl Fn(&Mark) -> bool) -> Vec<Mark> {
        let (from, to) = self.range;
        let seen = || lane.marks.iter().filter(|mark| (from..=to).contains(&mark.at) && which(mark));
        if seen().nth(ALL_MARKS).is_none() {
            return seen().cloned().collect();
        }
        let mut taken: BTreeSet<(i64, &'static str)> = BTreeSet::new();
        seen().filter(|mark| taken.insert((self.column(mark.at), mark.role.name()))).cloned().collect()
    }

    /// True if a line between the two would cross a stretch of which nothing is known.
    fn is_broken(&self, from: i64, to: i64) -> bool {
        let first = self.breaks.partition_point(|(start, _)| *start < from);
        self.breaks.get(first).is_some_and(|(_, end)| *end <= to)
    }
}

fn lane_scene(at: usize, lane: &Lane, view: &View, seen: &Seen) -> Option<LaneScene> {
    let range = seen.range;
    let curves: Vec<Curve> = lane
        .series
        .iter()
        .filter(|series| !view.hides(series.role))
        .map(|series| curve(lane, series, seen))
        .filter(|curve| !curve.pieces.is_empty())
        // Bars that are all zero are no bars; the lane says so in words.
        .filter(|curve| curve.style != Style::Bars || curve.pieces.iter().flatten().any(|point| point.value > 0.0))
        .collect();
    // Stacked series are painted from the highest down, lines over areas.
    let mut curves = curves;
    curves.order_by_key(|curve| match curve.style {
        Style::Area | Style::Bars => 0,
        _ => 1,
    });
    let stacked = curves.iter().take_while(|curve| matches!(curve.style, Style::Area | Style::Bars)).count();
    if let Some(stacked) = curves.get_mut(..stacked) {
        stacked.reverse();
    }
    let marks = seen.marks(lane, |_| true);
    if curves.is_empty() && lane.marks.is_empty() && lane.totals.is_empty() {
        return None;
    }
    let highest = curves
        .iter()
        .filter(|curve| curve.style != Style::Markers)
        .flat_map(|curve| curve.pieces.iter().flatten())
        .filter(|point| (range.0..=range.1).contains(&point.at))
        .fold(lane.at_least, |highest, point| highest.max(point.value));
    // A limit that would press everything flat is named at the edge instead.
    let (levels, beyond): (Vec<Level>, Vec<Level>) = lane
        .levels
        .iter()
        .filter(|level| !view.hides(level.role))
        .cloned()
        .partition(|level| level.value <= highest * 4.0 && level.value > 0.0);
    let highest = levels.iter().fold(highest, |highest, level| highest.max(level.value));
    let mut totals = lane.totals.clone();
    let (curves, levels, height) = if lane.is_in_words() {
        totals.splice(0..0, in_words(&curves, &levels));
        (Vec::new(), Vec::new(), 0.0)
    } else {
        (curves, levels, if lane.is_still() { lane.height.min(STILL) } else { lane.height })
    };
    let (top, ticks) = value_ticks(seen.language, lane.unit, highest, height);
    Some(LaneScene {
        at,
        drawn: true,
        id: lane.id,
        owner: lane.owner.clone(),
        opens: false,
        title: lane.title.clone(),
        unit: lane.unit,
        height,
        top,
        ticks,
        curves,
        levels,
        beyond,
        marks,
        totals,
    })
}

/// Each curve and level with its value, from the lowest up.
fn in_words(curves: &[Curve], levels: &[Level]) -> Vec<Total> {
    let curve = |curve: &Curve| {
        let point = curve.pieces.last().and_then(|piece| piece.last())?;
        Some(Total {
            label: format!("{} {}", curve.label, curve.figure).trim_end().to_owned(),
            span: point.place.span(),
        })
    };
    let level = |level: &Level| Some(Total { label: level.label.clone(), span: level.span? });
    let stacked = curves.iter().take_while(|curve| curve.style == Style::Area).count();
    let (areas, lines) = curves.split_at(stacked);
    areas.iter().rev().chain(lines).filter_map(curve).chain(levels.iter().filter_map(level)).collect()
}

fn curve(lane: &Lane, series: &Series, seen: &Seen) -> Curve {
    let points = seen.samples(series).into_iter().map(|index| {
        let index = index?;
        let (at, value) = (series.times.at(index)?, *series.values.get(index)?);
        let since = index.checked_sub(1).and_then(|before| series.times.at(before)).unwrap_or(at);
        Some(Point { at, since, value, place: series.places.get(index).copied().unwrap_or_default() })
    });
    let pieces = seen.in_pieces(points, |point| point.at);
    let columns = if series.style.is_line() { seen.columns(series) } else { Vec::new() };
    let figure = figure(lane, series, seen.range, seen.language);
    Curve { role: series.role, label: series.label.clone(), style: series.style, figure, pieces, columns }
}

fn figure(lane: &Lane, series: &Series, (from, to): (i64, i64), language: Language) -> String {
    let (first, end) = (series.times.first_from(from), series.times.first_from(to.saturating_add(1)));
    let below = series.on.and_then(|on| lane.series.get(on));
    let own = |row: usize| series.own(&lane.series, row);
    let rows = first..end.min(series.values.len());
    match series.style {
        Style::Markers => String::new(),
        Style::Area | Style::Line | Style::Points => {
            rows.rev().find_map(own).map_or(String::new(), |value| lane.unit.format(language, value))
        }
        Style::Bars | Style::Stems => {
            // Of a stacked series the largest sum is not always its own largest part; with few samples look at all.
            let largest = match below {
                None => series.pyramid.extremes(&series.values, rows).and_then(|(_, row)| own(row)),
                Some(_) if rows.len() > 20_000 => None,
                Some(_) => rows.filter_map(own).reduce(f64::max),
            };
            largest.map_or(String::new(), |value| {
                i18n::fill(language, "chart.figure.up-to", &[("value", &lane.unit.format(language, value))])
            })
        }
    }
}

/// The upper end of an axis that starts at zero, a little above the highest value, and round ticks below it, as many
/// as a plot of that height can bear.
pub(crate) fn value_ticks(language: Language, unit: Unit, highest: f64, height: f64) -> (f64, Vec<Tick>) {
    let room = (height / 26.0).floor().clamp(1.0, 4.0);
    let (top, step) = match unit {
        Unit::Marks => return (1.0, Vec::new()),
        Unit::Percent => (100.0, if room < 2.0 { 100.0 } else { 50.0 }),
        _ if !(highest > 0.0 && highest.is_finite()) => (1.0, f64::INFINITY),
        Unit::Bytes | Unit::BytesPerSecond => (highest * 1.04, (highest / room).max(1.0).log2().ceil().exp2()),
        Unit::Share | Unit::Duration => (highest * 1.04, round_decimal(highest / room)),
    };
    let step = if step > top { step / 2.0 } else { step };
    let count = (top / step).floor().clamp(0.0, 8.0) as u32;
    let ticks = (0..=count).map(|at| if at == 0 { 0.0 } else { f64::from(at) * step });
    (top, ticks.map(|at| Tick { at, label: unit.tick(language, at) }).collect())
}

/// The next of 1, 2, 5, 10, … at or above.
fn round_decimal(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1e-9).log10().floor());
    let factors = [1.0, 2.0, 5.0, 10.0];
    factors.into_iter().map(|factor| factor * power).find(|step| *step >= value * 0.999).unwrap_or(power * 10.0)
}

/// Round times in the visible range, as many as find room.
fn time_ticks(language: Language, clock: Clock, (from, to): (i64, i64), columns: usize) -> Vec<Tick> {
    // Round on the clocks of the zone.
    let local = |at: i64| clock.zone().local(Micros(at)).0;
    let (from, to) = (local(from), local(to));
    const SECOND: i64 = 1_000_000;
    const STEPS: [i64; 31] = [
        1,
        10,
        100,
        1_000,
        2_000,
        5_000,
        10_000,
        20_000,
        50_000,
        100_000,
        200_000,
        500_000,
        SECOND,
        2 * SECOND,
        5 * SECOND,
        10 * SECOND,
        15 * SECOND,
        30 * SECOND,
        60 * SECOND,
        120 * SECOND,
        300 * SECOND,
        600 * SECOND,
        900 * SECOND,
        1_800 * SECOND,
        3_600 * SECOND,
        7_200 * SECOND,
        14_400 * SECOND,
        43_200 * SECOND,
        86_400 * SECOND,
        7 * 86_400 * SECOND,
        28 * 86_400 * SECOND,
    ];
    let room = (columns / 90).clamp(2, 12) as i64;
    let length = to.saturating_sub(from).max(1);
    let step = match clock {
        Clock::Order => (length / room).max(1),
        _ => {
            let fits = STEPS.into_iter().find(|step| length / step <= room);
            fits.unwrap_or_else(|| {
                (length / room / (28 * 86_400 * SECOND)).saturating_add(1).saturating_mul(28 * 86_400 * SECOND)
            })
        }
    };
    let mut ticks = Vec::new();
    let mut at = from.div_euclid(step).saturating_mul(step);
    let mut day = String::new();
    let repeats = length >= 86_400 * SECOND;
    while at <= to && ticks.len() < 64 {
        if at >= from {
            let stands = clock.zone().utc(Micros(at)).0;
            ticks.push(Tick { at: stands as f64, label: tick_label(language, clock, (at, step), repeats, &mut day) });
        }
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    ticks
}

/// `repeats` says that the axis is longer than a day.
fn tick_label(language: Language, clock: Clock, (at, step): (i64, i64), repeats: bool, day: &mut String) -> String {
    match clock {
        Clock::Order => format!("#{at}"),
        Clock::Utc(_) | Clock::Local => {
            let moment = format::local_time(Micros(at));
            let (date, time) = moment.split_once(' ').unwrap_or((&moment, ""));
            // As many digits as tell two neighbours apart.
            let digits = (0..6).find(|digits| step % 10_i64.pow(6 - digits) == 0).unwrap_or(6) as usize;
            let micros = format!("{:06}", at.rem_euclid(1_000_000));
            let fraction =
                micros.get(..digits).filter(|_| digits > 0).map(|digits| format!(".{digits}")).unwrap_or_default();
            let time = match step {
                86_400_000_000.. => String::new(),
                60_000_000.. => time.rsplit_once(':').map_or(time, |(minutes, _)| minutes).to_owned(),
                _ => format!("{time}{fraction}"),
            };
            let (is_same, is_first) = (*day == date, day.is_empty());
            date.clone_into(day);
            match (is_same, date.split_once('-')) {
                (true, _) if !repeats => time,
                // Where times of day come again, each has its day; its year the first.
                (_, Some((year, rest))) if repeats && !is_first && year.len() == 4 && !time.is_empty() => {
                    format!("{rest} {time}")
                }
                _ => format!("{date} {time}").trim_end().to_owned(),
            }
        }
        _ => format::elapsed(language, Micros(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_an_axis_differ_from_each_other_at_every_zoom() {
        let zones = [Zone::default(), Zone(540), Zone(-210)].map(Clock::Utc);
        let dated = zones.into_iter().chain([Clock::Local]).map(|clock| (clock, 1_669_188_942_203_997));
        let clocks = [Clock::Boot, Clock::Uptime, Clock::FromFirst].map(|clock| (clock, 3_691_000_123));
        for (clock, from) in dated.chain(clocks).chain([(Clock::Order, 12_345)]) {
            for language in Language::ALL {
                let lengths = std::iter::successors(Some(3_i64), |length| length.checked_mul(3)).take(32);
                for length in lengths.filter(|length| *length < 4_000_000_000_000_000) {
                    let ticks = time_ticks(language, clock, (from, from + length), 900);
                    let mut labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
                    labels.sort_unstable();
                    assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{clock:?}, {length}: {labels:?}");
                    assert!(ticks.len() >= 2 || length < 10, "{clock:?}, {length}: {labels:?}");
                }
            }
        }
    }
}
