//! The timeline: what a report says about when, as lanes on the clocks that the text really has.
//!
//! ```text
//! Report → Timeline (built once) → TimelineScene (one view of it, reduced to pixels) → draw_timeline | HTML labels
//! ```
//!
//! A section is one clock: UTC, the uptime of one JVM, or nothing but the order of samples. Lanes of a section share
//! its axis; lanes whose clocks cannot be joined never do.

mod align;
pub(in crate::chart) mod collections;
mod events;
mod explore;
mod gc_log;
mod host;
mod layout;
mod onset;
mod readout;
mod samples;
mod scene;
mod statistics;
mod table;

use std::collections::BTreeMap;
use std::rc::Rc;

pub use align::{ByHand, Placement};
pub use layout::{
    Align, Label, LabelKind, LaneBox, Layout, Rooms, SectionBox, draw_laid_out, draw_overview, draw_timeline,
};
pub use readout::{Readout, ReadoutRow, ReadoutValue};
pub(crate) use scene::value_ticks;
pub use scene::{Column, Curve, LaneScene, Overview, Point, SectionScene, Tick, TimelineScene, View};
pub use statistics::{LineRange, Spread, Statistic, Statistics};
pub use table::{DataTable, TableRow};

use crate::analysis::verdict::Short;
use crate::chart::runs::Runs;
use crate::chart::theme::Role;
use crate::chart::{InSteps, made};
use crate::civil::Zone;
use crate::i18n::{self, Language, format};
use crate::model::gc::GcEvent;
use crate::order::{Gather as _, InOrder as _};
use crate::report::Report;
use crate::source::Span;
use crate::timeline::reduce::{Pyramid, Times};
use crate::units::{Bytes, Micros};

/// Height of the lane of a small timeline.
const SMALL: f64 = 48.0;

/// Everything that can be drawn against time, built once per report and language.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Of the labels.
    pub language: Language,
    /// Dated ones first, then the processes in reading order.
    pub sections: Vec<Section>,
    /// What a reader placed on the dated axis.
    pub by_hand: Vec<ByHand>,
    /// Roles in use with their words, in the order in which they are drawn.
    pub legend: Legend,
}

/// Roles in use, each with its words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend(Vec<(Role, Vec<String>)>);

impl Legend {
    /// Of some sections.
    pub fn of(sections: &[Section]) -> Legend {
        let mut legend = Legend::default();
        legend.add(sections);
        legend
    }

    /// Takes in what further sections have.
    fn add(&mut self, sections: &[Section]) {
        // Capacities have the colour of what they bound, and one role may have several names.
        for series in sections.iter().flat_map(|section| &section.lanes).flat_map(|lane| &lane.series) {
            match self.0.iter_mut().find(|(role, _)| *role == series.role) {
                Some((_, labels)) if labels.contains(&series.label) => {}
                Some((_, labels)) => labels.push(series.label.clone()),
                None => self.0.push((series.role, vec![series.label.clone()])),
            }
        }
    }

    /// Roles with all their words.
    pub fn iter(&self) -> impl Iterator<Item = (Role, String)> {
        self.0.iter().map(|(role, labels)| (*role, labels.join(" · ")))
    }
}

/// Lanes that share one clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Stable within a report, for links: `utc`, `run-2.uptime`, `run-2.jstat-3`.
    pub id: String,
    /// What it is about: `pid 17692 · G1`.
    pub title: String,
    /// What its axis counts.
    pub clock: Clock,
    /// The clock in words, with its reservations.
    pub note: String,
    /// First and last time of anything in it.
    pub extent: (i64, i64),
    /// From top to bottom.
    pub lanes: Vec<Lane>,
    /// Stretches in which all samples are alike, or in which there are none.
    pub bands: Vec<Band>,
    /// The `jstat` tables in it.
    pub samples: Vec<Samples>,
}

impl Section {
    /// False for words and single moments.
    pub fn has_axis(&self) -> bool {
        let plots = |lane: &Lane| !lane.series.is_empty() && !lane.is_in_words();
        let mut moments = self.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.at);
        let first = moments.next();
        self.lanes.iter().any(plots) || first.is_some_and(|first| moments.any(|at| at != first))
    }
}

/// What the axis of a section counts, in microseconds unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    /// Since the epoch, UTC, and read in a zone.
    Utc(Zone),
    /// Since the epoch as if UTC; the zone is not printed.
    Local,
    /// Since the machine was started.
    Boot,
    /// Since the JVM was started.
    Uptime,
    /// Since the first sample, by the interval that was asked for. Nobody knows when that was.
    FromFirst,
    /// No time at all: the number of the sample.
    Order,
}

impl Clock {
    /// The zone that its times are read in.
    pub fn zone(self) -> Zone {
        match self {
            Clock::Utc(zone) => zone,
            _ => Zone::default(),
        }
    }

    /// True if the text says when something happened, not only after what.
    pub fn is_known(self) -> bool {
        !matches!(self, Clock::FromFirst | Clock::Order)
    }

    /// True if differences are durations, so that rates may be told.
    pub fn has_time_base(self) -> bool {
        self != Clock::Order
    }
}

/// Lanes from top to bottom: what happened, then what moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaneId {
    /// Kills, errors, crashes.
    Events,
    /// Of `jstat`.
    Heap,
    /// The same where only shares are printed.
    HeapPercent,
    /// Of a GC log.
    GcHeap,
    /// What counters say of GCs.
    Collections,
    /// What a GC log says of them.
    GcPauses,
    /// Allocation and promotion.
    Rates,
    /// Of `jstat`.
    Metaspace,
    /// The same where only shares are printed.
    MetaspacePercent,
    /// Buffers outside of the heap.
    Direct,
    /// What NMT counts.
    Nmt,
    /// Resident memory of processes.
    Resident,
    /// What a container uses.
    Container,
    /// What a machine has left.
    Machine,
}

impl LaneId {
    /// What it is called, as a key of the catalogues.
    const fn key(self) -> &'static str {
        match self {
            LaneId::Events => "chart.lane.events",
            LaneId::Heap => "chart.lane.heap",
            LaneId::HeapPercent => "chart.lane.heap-percent",
            LaneId::GcHeap => "chart.lane.gc-heap",
            LaneId::Collections => "chart.lane.collections-share",
            LaneId::GcPauses => "chart.lane.gc-pauses",
            LaneId::Rates => "chart.lane.rates",
            LaneId::Metaspace => "chart.lane.metaspace",
            LaneId::MetaspacePercent => "chart.lane.metaspace-percent",
            LaneId::Direct => "chart.lane.direct",
            LaneId::Nmt => "chart.lane.nmt",
            LaneId::Resident => "chart.lane.resident",
            LaneId::Container => "chart.lane.container",
            LaneId::Machine => "chart.lane.machine",
        }
    }

    /// True if that can be seen in it.
    const fn shows(self, short: Short) -> bool {
        match short {
            Short::Heap => matches!(self, LaneId::Heap | LaneId::HeapPercent | LaneId::GcHeap),
            Short::Metaspace => matches!(self, LaneId::Metaspace | LaneId::MetaspacePercent),
            Short::Direct => matches!(self, LaneId::Direct),
            Short::Container => matches!(self, LaneId::Container | LaneId::Resident),
            Short::Machine => matches!(self, LaneId::Machine | LaneId::Resident),
            Short::Process => matches!(self, LaneId::Resident),
        }
    }
}

/// One strip of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// What it shows.
    pub id: LaneId,
    /// Whose, where the section has several processes.
    pub owner: String,
    /// What it shows.
    pub title: String,
    /// Of its vertical axis.
    pub unit: Unit,
    /// In CSS pixels, without its title.
    pub height: f64,
    /// Painted in this order.
    pub series: Vec<Series>,
    /// Horizontal lines.
    pub levels: Vec<Level>,
    /// Things that happened at one time.
    pub marks: Vec<Mark>,
    /// Facts that belong to no single time: lifetime totals.
    pub totals: Vec<Total>,
    /// True if the answer is about what it shows: it stands before the others.
    pub leads: bool,
    /// The vertical axis reaches at least so far: lanes that are compared share their scale.
    pub at_least: f64,
}

/// What a lane's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// 0 to 100.
    Percent,
    /// A ratio.
    Share,
    /// Microseconds.
    Duration,
    /// None: marks only.
    Marks,
}

impl Unit {
    /// A value in words.
    pub fn format(self, language: Language, value: f64) -> String {
        let bytes = Bytes(value.round().max(0.0) as u64);
        match self {
            Unit::Bytes => format::size(bytes),
            Unit::BytesPerSecond => format::size_per_second(language, bytes),
            Unit::Percent => format::percent(language, value / 100.0),
            Unit::Share => format::percent(language, value),
            Unit::Duration => format::duration(language, Micros(value.round() as i64)),
            Unit::Marks => String::new(),
        }
    }

    /// A value to the last digit that was printed, where [`Unit::format`] leaves some out. `None` also for what was reckoned.
    pub fn exact(self, language: Language, value: f64) -> Option<String> {
        let bytes = Bytes(value.round().max(0.0) as u64);
        match self {
            Unit::Bytes => (!format::is_told_by_tenths(bytes)).then(|| format::exact_size(bytes)),
            Unit::Percent => {
                let printed = format::decimal(value, 2);
                (!printed.ends_with('0')).then(|| i18n::fill(language, "unit.percent", &[("n", &printed)]))
            }
            Unit::Duration => {
                let micros = value.round() as i64;
                let is_rounded = (10_000..999_500).contains(&micros) && micros % 1000 != 0;
                let millis = format::decimal(value / 1000.0, 3);
                is_rounded.then(|| i18n::fill(language, "unit.milliseconds", &[("n", &millis)]))
            }
            Unit::BytesPerSecond | Unit::Share | Unit::Marks => None,
        }
    }

    /// A round value on an axis, as short as it can be.
    pub fn tick(self, language: Language, value: f64) -> String {
        if value == 0.0 {
            return "0".to_owned();
        }
        self.format(language, value).replace(".0 ", " ").replace(".0%", "%")
    }
}

/// One series of numbers. Absent values are NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Colour, sign, and the name under which it can be hidden.
    pub role: Role,
    /// In words.
    pub label: String,
    /// How it is drawn.
    pub style: Style,
    /// When.
    pub times: Rc<Times>,
    /// What is drawn: the sum of itself and what it stands on.
    pub values: Vec<f64>,
    /// Over `values`.
    pub pyramid: Pyramid,
    /// Index of the lane's series on which it stands.
    pub on: Option<usize>,
    /// Line of each sample.
    pub places: Rc<Vec<Place>>,
    /// True if all its values are the same.
    pub is_still: bool,
}

impl Series {
    fn new(
        role: Role,
        label: String,
        style: Style,
        times: &Rc<Times>,
        values: Vec<f64>,
        places: &Rc<Vec<Place>>,
    ) -> Series {
        let pyramid = Pyramid::of(&values);
        let mut known = values.iter().filter(|value| !value.is_nan());
        let is_still = known.next().is_none_or(|first| known.all(|value| value == first));
        let (times, places) = (Rc::clone(times), Rc::clone(places));
        Series { role, label, style, times, values, pyramid, on: None, places, is_still }
    }

    /// The series' own value at a sample, without what it stands on. `None` if absent.
    pub fn own(&self, lane: &[Series], row: usize) -> Option<f64> {
        let value = |series: &Series| series.values.get(row).copied().filter(|value| !value.is_nan());
        let below = self.on.and_then(|on| lane.get(on)).and_then(value);
        Some(value(self)? - below.unwrap_or(0.0))
    }

    /// True if there is anything to draw.
    fn has_values(&self) -> bool {
        self.values.iter().any(|value| !value.is_nan())
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A filled area down to zero, with a line on top.
    Area,
    /// A line.
    Line,
    /// Points joined by a thin line.
    Points,
    /// A bar from the sample before to this one.
    Bars,
    /// A thin line from zero up to a marker.
    Stems,
    /// A marker at the top, whatever the value.
    Markers,
}

impl Style {
    /// True for what goes on from sample to sample.
    pub fn is_line(self) -> bool {
        matches!(self, Style::Area | Style::Line | Style::Points)
    }
}

/// A line of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Index of the source.
    pub source: u16,
    /// 1-based line.
    pub line: u32,
}

impl Place {
    /// The start of the line.
    pub fn span(self) -> Span {
        Span { source: self.source, line: self.line, start: 0, end: 0 }
    }
}

/// A horizontal line.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Colour and sign.
    pub role: Role,
    /// In words, with its value.
    pub label: String,
    /// Where.
    pub value: f64,
    /// Line it was read from.
    pub span: Option<Span>,
}

/// Something that happened at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at: i64,
    /// Between which two moments, where the text does not say when: `at` is then in their middle, and measured by nobody.
    pub between: Option<(i64, i64)>,
    /// Colour and sign.
    pub role: Role,
    /// A few words.
    pub label: String,
    /// A sentence.
    pub detail: String,
    /// Line it was read from.
    pub span: Span,
}

/// A fact without a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// In words.
    pub label: String,
    /// Line it was read from.
    pub span: Span,
}

/// A stretch of a section that stands out.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Start.
    pub from: i64,
    /// End.
    pub to: i64,
    /// What it is.
    pub kind: BandKind,
    /// In words.
    pub label: String,
    /// The same where there is little room.
    pub short: String,
    /// The line it starts with.
    pub span: Span,
    /// Whose lanes it is about; empty for all of the section.
    pub owner: String,
}

/// Why a stretch stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandKind {
    /// All samples are alike: nothing moved.
    Identical,
    /// No samples, though there should be.
    Gap,
    /// Before it one JVM, after it another.
    Restart,
    /// From its start on GC takes a good part of the time, as a finding says.
    Onset,
}

/// A `jstat` table as part of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Index in the report.
    pub table: usize,
    /// When its rows were taken.
    pub times: Rc<Times>,
}

impl Timeline {
    /// Lays out everything of the report that has a place in time or order.
    pub fn of(report: &Report, language: Language) -> Timeline {
        made::<Making>(report, language)
    }

    /// Only what the `jstat` tables of one run say.
    pub fn of_run(report: &Report, run: &str, language: Language) -> Timeline {
        let mut builder = Builder::of(report, language, Vec::new(), Places::default());
        for at in builder.tables() {
            if report.jstat.get(at).is_some_and(|table| table.run == run) {
                builder.table(at);
            }
        }
        builder.places.before_logs = builder.sections.len();
        builder.sections.iter_mut().for_each(|section| lanes_in_order(section, None));
        let sections = in_order(builder.sections, &builder.places);
        Timeline { language, legend: Legend::of(&sections), sections, by_hand: Vec::new() }
    }

    /// The lane in which most can be seen to move, alone: what there is room for on a card. `None` where nothing moves.
    pub fn small(&self) -> Option<Timeline> {
        let lanes = self.sections.iter().flat_map(|section| section.lanes.iter().map(move |lane| (section, lane)));
        let moving = lanes.filter(|(_, lane)| !lane.series.is_empty() && !lane.is_still());
        let (section, lane) = moving
            .min_by_key(|(section, lane)| (!section.clock.has_time_base(), !lane.leads, !lane.id.shows(Short::Heap)))?;
        let lane = Lane { height: lane.height.min(SMALL), ..lane.clone() };
        let mut section = Section { lanes: vec![lane], ..section.clone() };
        section.extent = extent_of(&section);
        let sections = vec![section];
        Some(Timeline { language: self.language, legend: Legend::of(&sections), sections, by_hand: Vec::new() })
    }

    /// True if there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The section of that id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The zone of the logs, if any time is known in UTC.
    pub fn zone(&self) -> Option<Zone> {
        self.sections.iter().find_map(|section| match section.clock {
            Clock::Utc(zone) => Some(zone),
            _ => None,
        })
    }

    /// All marks of a section in time order, for "next event".
    pub fn marks(&self, section: &Section) -> Vec<Mark> {
        let mut marks: Vec<Mark> = section.lanes.iter().flat_map(|lane| lane.marks.iter().cloned()).collect();
        marks.order_by_key(|mark| mark.at);
        marks
    }
}

fn extent_of(section: &Section) -> (i64, i64) {
    let series = section.lanes.iter().flat_map(|lane| &lane.series).filter_map(|series| series.times.extent());
    let marks = section.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| (mark.at, mark.at));
    series.chain(marks).reduce(|(from, to), (start, end)| (from.min(start), to.max(end))).unwrap_or((0, 0))
}

/// A timeline that is made in steps, so that nobody has to wait for all of it at once.
pub struct Making {
    timeline: Timeline,
    places: Places,
    stage: Stage,
}

/// What of a report is laid out next.
enum Stage {
    Events(events::Gathered),
    /// What happened, and how much of it has its mark.
    Marks(Vec<events::Happening>, events::Marked),
    Sizes(host::Sizes),
    Host(host::Sizes),
    /// Tables in the order in which they are laid out, how many of them are, and the one that is being laid out.
    Tables(Vec<usize>, usize, Option<samples::Rows>),
    /// Events of each log, and how many logs are laid out.
    Logs(Vec<Vec<u32>>, usize),
    /// How many sections have their lanes in order.
    Lanes(usize),
    /// How many of them, in their own order, are in the legend.
    Legend(usize),
    Done,
}

/// Sections whose lanes are put in order, or taken into the legend, in one step.
const SECTIONS_AT_ONCE: usize = 500;

/// Where sections and lanes stand.
#[derive(Default)]
struct Places {
    sections: BTreeMap<String, usize>,
    lanes: BTreeMap<(usize, LaneId, String), usize>,
    /// Sections of tables, each with its first table.
    tables: BTreeMap<usize, usize>,
    /// Sections that were there before those of GC logs.
    before_logs: usize,
    /// What happened at no time that the text tells, in reading order.
    undated: Vec<events::Happening>,
}

impl InSteps for Making {
    type Made = Timeline;

    fn begin(language: Language) -> Making {
        let timeline = Timeline { language, sections: Vec::new(), by_hand: Vec::new(), legend: Legend::default() };
        Making { timeline, places: Places::default(), stage: Stage::Events(events::Gathered::default()) }
    }

    fn go_on(&mut self, report: &Report, may_go_on: &mut dyn FnMut() -> bool) -> bool {
        let language = self.timeline.language;
        let sections = std::mem::take(&mut self.timeline.sections);
        let places = std::mem::take(&mut self.places);
        let mut builder = Builder::of(report, language, sections, places);
        let mut stage = std::mem::replace(&mut self.stage, Stage::Done);
        loop {
            stage = match stage {
                Stage::Events(mut gathered) => match builder.gather(&mut gathered) {
                    true => {
                        let (happenings, marked) = builder.happenings(gathered);
                        Stage::Marks(happenings, marked)
                    }
                    false => Stage::Events(gathered),
                },
                Stage::Marks(happenings, mut marked) => match builder.mark(&happenings, &mut marked) {
                    true => Stage::Sizes(host::Sizes::default()),
                    false => Stage::Marks(happenings, marked),
                },
                Stage::Sizes(mut sizes) => match builder.sizes(&mut sizes) {
                    true => Stage::Host(sizes),
                    false => Stage::Sizes(sizes),
                },
                Stage::Host(mut sizes) => match builder.host(&mut sizes) {
                    true => Stage::Tables(builder.tables(), 0, None),
                    false => Stage::Host(sizes),
                },
                Stage::Tables(order, next, Some(rows)) => Stage::Tables(order, next, builder.lay_out(rows)),
                Stage::Tables(order, next, None) => match order.get(next) {
                    Some(at) => {
                        let rows = builder.begin_table(*at);
                        Stage::Tables(order, next + 1, rows)
                    }
                    None => {
                        builder.places.before_logs = builder.sections.len();
                        let mut of_logs: Vec<Vec<u32>> = vec![Vec::new(); report.gc_logs.len()];
                        for (at, event) in (0u32..).zip(&report.gc_events) {
                            of_logs.get_mut(event.log as usize).into_iter().for_each(|events| events.push(at));
                        }
                        Stage::Logs(of_logs, 0)
                    }
                },
                Stage::Logs(of_logs, next) => match (report.gc_logs.get(next), of_logs.get(next)) {
                    (Some(log), Some(events)) => {
                        let events: Vec<&GcEvent> =
                            events.iter().filter_map(|at| report.gc_events.get(*at as usize)).collect();
                        if !events.is_empty() {
                            builder.gc_log(next, log, &events);
                        }
                        Stage::Logs(of_logs, next + 1)
                    }
                    _ => {
                        builder.onsets();
                        Stage::Lanes(0)
                    }
                },
                Stage::Lanes(next) => {
                    let end = next.saturating_add(SECTIONS_AT_ONCE).min(builder.sections.len());
                    let short = report.verdict.short();
                    let sections = builder.sections.get_mut(next..end).into_iter().flatten();
                    sections.for_each(|section| lanes_in_order(section, short));
                    if end == builder.sections.len() {
                        builder.sections = in_order(builder.sections, &builder.places);
                        builder.places = Places::default();
                        Stage::Legend(0)
                    } else {
                        Stage::Lanes(end)
                    }
                }
                Stage::Legend(next) => {
                    let end = next.saturating_add(SECTIONS_AT_ONCE).min(builder.sections.len());
                    self.timeline.legend.add(builder.sections.get(next..end).unwrap_or_default());
                    if end == builder.sections.len() { Stage::Done } else { Stage::Legend(end) }
                }
                Stage::Done => {
                    self.timeline.sections = builder.sections;
                    return true;
                }
            };
            if !may_go_on() {
                self.timeline.sections = builder.sections;
                self.places = builder.places;
                self.stage = stage;
                return false;
            }
        }
    }

    fn made(self) -> Timeline {
        self.timeline
    }
}

/// From what happened over what the answer is about to what else moved; lanes of one process stay together, in the order in
/// which processes first appear.
fn lanes_in_order(section: &mut Section, short: Option<Short>) {
    for lane in &mut section.lanes {
        lane.leads = short.is_some_and(|short| lane.id.shows(short));
    }
    section.lanes.retain(|lane| {
        let has_any = !lane.series.is_empty() || !lane.marks.is_empty() || !lane.totals.is_empty();
        // One figure of many of NMT's stands in the memory map.
        has_any && (lane.id != LaneId::Direct || lane.leads || !lane.is_still())
    });
    section.extent = extent_of(section);
    section.lanes.order_by_key(|lane| (lane.id != LaneId::Events, !lane.leads, lane.id));
    if section.lanes.iter().all(|lane| lane.owner.is_empty()) {
        return;
    }
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for lane in &section.lanes {
        let next = owners.len();
        owners.entry(lane.owner.clone()).or_insert(next);
    }
    section.lanes.order_by_key(|lane| owners.get(&lane.owner).copied());
}

/// Dated sections first, then the processes in reading order.
fn in_order(sections: Vec<Section>, places: &Places) -> Vec<Section> {
    let mut ranked: Vec<(usize, Section)> = sections
        .into_iter()
        .enumerate()
        .map(|(at, section)| match places.tables.get(&at) {
            _ if at >= places.before_logs => (usize::MAX, section),
            Some(table) => (table + 1, section),
            None => (0, section),
        })
        .filter(|(_, section)| !section.lanes.is_empty())
        .collect();
    ranked.order_by_key(|(rank, section)| {
        let clock = match section.clock {
            Clock::Utc(_) => 0,
            Clock::Local => 1,
            Clock::Boot => 2,
            Clock::Uptime | Clock::FromFirst => 3,
            Clock::Order => 4,
        };
        (clock, *rank)
    });
    ranked.into_iter().map(|(_, section)| section).collect()
}

/// Absolute starts of JVMs, by run, as far as a line tells them.
fn starts(report: &Report) -> BTreeMap<&str, i64> {
    let logs = report.gc_logs.iter().rev().filter(|log| !log.run.is_empty());
    logs.filter_map(|log| Some((log.run.as_str(), log.start?.0))).gathered()
}

/// Collects sections while it walks through the report.
struct Builder<'a> {
    report: &'a Report,
    language: Language,
    sections: Vec<Section>,
    places: Places,
    runs: Runs<'a>,
    starts: BTreeMap<&'a str, i64>,
}

impl<'a> Builder<'a> {
    fn of(report: &'a Report, language: Language, sections: Vec<Section>, places: Places) -> Builder<'a> {
        Builder { report, language, sections, places, runs: Runs::of(&report.runs), starts: starts(report) }
    }

    /// The section of that id, made if it is not there yet.
    fn section(&mut self, id: &str, clock: Clock, title: impl FnOnce(&Self) -> String) -> usize {
        if let Some(at) = self.places.sections.get(id) {
            return *at;
        }
        let title = title(self);
        let note = self.clock_note(clock);
        self.sections.push(Section {
            id: id.to_owned(),
            title,
            clock,
            note,
            extent: (0, 0),
            lanes: Vec::new(),
            bands: Vec::new(),
            samples: Vec::new(),
        });
        let at = self.sections.len() - 1;
        self.places.sections.insert(id.to_owned(), at);
        at
    }

    /// The section at that place.
    // Places of sections are found or made by `section`, and none is taken away.
    #[allow(clippy::indexing_slicing)]
    fn at(&mut self, section: usize) -> &mut Section {
        &mut self.sections[section]
    }

    /// The lane of that id and owner, if it is there.
    fn known_lane(&self, section: usize, id: LaneId, owner: &str) -> Option<&Lane> {
        let at = self.places.lanes.get(&(section, id, owner.to_owned()))?;
        self.sections.get(section)?.lanes.get(*at)
    }

    /// The lane of that id and owner, made if it is not there yet.
    // The index was found or made in the line above.
    #[allow(clippy::indexing_slicing)]
    fn lane(&mut self, section: usize, id: LaneId, owner: &str, make: impl FnOnce() -> Lane) -> &mut Lane {
        let lanes = &mut self.sections[section].lanes;
        let at = *self.places.lanes.entry((section, id, owner.to_owned())).or_insert_with(|| {
            lanes.push(Lane { id, owner: owner.to_owned(), ..make() });
            lanes.len() - 1
        });
        &mut self.sections[section].lanes[at]
    }

    fn clock_note(&self, clock: Clock) -> String {
        match clock {
            Clock::Utc(zone) => zone.name(),
            Clock::Local => i18n::text(self.language, "chart.clock.local"),
            Clock::Boot => i18n::text(self.language, "chart.clock.boot"),
            Clock::Uptime => i18n::text(self.language, "chart.clock.uptime"),
            Clock::FromFirst => i18n::text(self.language, "chart.clock.from-first"),
            Clock::Order => i18n::text(self.language, "chart.clock.order"),
        }
    }

    fn text(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    fn fill(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        i18n::fill(self.language, key, arguments)
    }

    /// Section of a dated reading: the shared one of its clock.
    fn dated(&mut self, clock: Clock) -> usize {
        let id = match clock {
            Clock::Local => "local",
            Clock::Boot => "boot",
            _ => "utc",
        };
        self.section(id, clock, |builder| builder.text("chart.section.dated"))
    }

    /// How a process is called: `pid 17692 · G1`.
    fn process_title(&self, run: &str, pid: Option<u32>, collector: Option<&str>) -> String {
        let run = self.runs.get(run);
        let pid = pid.or_else(|| run.and_then(|run| run.pid));
        let name = run.and_then(|run| run.name.as_deref());
        let mut parts = Vec::new();
        match pid {
            Some(pid) => parts.push(self.fill("chart.process", &[("pid", &pid.to_string())])),
            None => parts.push(self.text("chart.process-unknown")),
        }
        parts.extend(name.map(str::to_owned));
        parts.extend(run.and_then(|run| run.collector.as_deref()).or(collector).map(str::to_owned));
        parts.join(" · ")
    }
}

impl Lane {
    fn new(id: LaneId, language: Language, unit: Unit, height: f64) -> Lane {
        Lane {
            id,
            owner: String::new(),
            title: i18n::text(language, id.key()),
            unit,
            height,
            series: Vec::new(),
            levels: Vec::new(),
            marks: Vec::new(),
            totals: Vec::new(),
            leads: false,
            at_least: 0.0,
        }
    }

    /// True if no series of it ever changes. Lanes that are compared move against each other.
    fn is_still(&self) -> bool {
        self.at_least == 0.0 && self.series.iter().all(|series| series.is_still)
    }

    /// True if a line of words says all of it: what has one value needs no axis. The heap of several samples stays a picture.
    fn is_in_words(&self) -> bool {
        let has_one_sample = || self.series.iter().all(|series| series.values.len() <= 1);
        self.marks.is_empty() && self.is_still() && (self.id != LaneId::Heap || has_one_sample())
    }
}
