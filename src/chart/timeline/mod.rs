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
mod readout;
mod samples;
mod scene;
mod statistics;
mod table;

use std::rc::Rc;

pub use align::{ByHand, Placement};
pub use layout::{Align, Label, LabelKind, LaneBox, Layout, SectionBox, draw_overview, draw_timeline};
pub use readout::{Readout, ReadoutRow};
pub(crate) use scene::value_ticks;
pub use scene::{Curve, LaneScene, Overview, Point, SectionScene, Tick, TimelineScene, View};
pub use statistics::{LineRange, Statistic, Statistics};
pub use table::{DataTable, TableRow};

use crate::chart::theme::Role;
use crate::i18n::{self, Language, format};
use crate::order::InOrder as _;
use crate::report::Report;
use crate::source::Span;
use crate::timeline::reduce::{Pyramid, Times};
use crate::units::{Bytes, Micros};

/// Everything that can be drawn against time, built once per report and language.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Of the labels.
    pub language: Language,
    /// Dated ones first, then the processes in reading order.
    pub sections: Vec<Section>,
    /// What a reader placed on the dated axis.
    pub by_hand: Vec<ByHand>,
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

/// What the axis of a section counts, in microseconds unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    /// Since the epoch, UTC.
    Utc,
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
    /// True if the text says when something happened, not only after what.
    pub fn is_known(self) -> bool {
        !matches!(self, Clock::FromFirst | Clock::Order)
    }

    /// True if differences are durations, so that rates may be told.
    pub fn has_time_base(self) -> bool {
        self != Clock::Order
    }
}

/// One strip of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// `events`, `heap`, `collections`, …
    pub id: &'static str,
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
        Series { role, label, style, times: Rc::clone(times), values, pyramid, on: None, places: Rc::clone(places) }
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
        let mut builder = Builder { report, language, sections: Vec::new() };
        builder.events();
        builder.host();
        builder.tables();
        builder.gc_logs();
        let mut sections = builder.sections;
        sections.retain_mut(|section| {
            section.lanes.retain(|lane| !lane.series.is_empty() || !lane.marks.is_empty() || !lane.totals.is_empty());
            section.extent = extent_of(section);
            !section.lanes.is_empty()
        });
        sections.order_by_key(|section| match section.clock {
            Clock::Utc => 0,
            Clock::Local => 1,
            Clock::Boot => 2,
            _ => 3,
        });
        for section in &mut sections {
            section.lanes.order_by_key(|lane| rank(lane.id));
            // Lanes of one process stay together, in the order in which processes first appear.
            let owners: Vec<String> = section.lanes.iter().map(|lane| lane.owner.clone()).collect();
            section.lanes.order_by_key(|lane| owners.iter().position(|owner| *owner == lane.owner));
        }
        Timeline { language, sections, by_hand: Vec::new() }
    }

    /// True if there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The section of that id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// All marks of a section in time order, for "next event".
    pub fn marks(&self, section: &Section) -> Vec<Mark> {
        let mut marks: Vec<Mark> = section.lanes.iter().flat_map(|lane| lane.marks.iter().cloned()).collect();
        marks.order_by_key(|mark| mark.at);
        marks
    }

    /// Roles in use with their words, for the legend, in the order in which they are drawn.
    pub fn legend(&self) -> Vec<(Role, String)> {
        let mut legend: Vec<(Role, String)> = Vec::new();
        for series in self.sections.iter().flat_map(|section| &section.lanes).flat_map(|lane| &lane.series) {
            match legend.iter_mut().find(|(role, _)| *role == series.role) {
                // Capacities have the colour of what they bound, and one role may have several names.
                Some((_, label)) if !label.split(" · ").any(|known| known == series.label) => {
                    label.push_str(" · ");
                    label.push_str(&series.label);
                }
                Some(_) => {}
                None => legend.push((series.role, series.label.clone())),
            }
        }
        legend
    }
}

/// From top to bottom: what happened, then what moved.
fn rank(lane: &str) -> usize {
    const ORDER: [&str; 13] = [
        "events",
        "heap",
        "heap-percent",
        "gc-heap",
        "collections",
        "gc-pauses",
        "rates",
        "metaspace",
        "metaspace-percent",
        "nmt",
        "resident",
        "container",
        "machine",
    ];
    ORDER.iter().position(|known| *known == lane).unwrap_or(ORDER.len())
}

fn extent_of(section: &Section) -> (i64, i64) {
    let series = section.lanes.iter().flat_map(|lane| &lane.series).filter_map(|series| series.times.extent());
    let marks = section.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| (mark.at, mark.at));
    series.chain(marks).reduce(|(from, to), (start, end)| (from.min(start), to.max(end))).unwrap_or((0, 0))
}

/// Collects sections while it walks through the report.
struct Builder<'a> {
    report: &'a Report,
    language: Language,
    sections: Vec<Section>,
}

impl Builder<'_> {
    /// The section of that id, made if it is not there yet.
    fn section(&mut self, id: &str, clock: Clock, title: impl FnOnce(&Self) -> String) -> &mut Section {
        let at = match self.sections.iter().position(|section| section.id == id) {
            Some(at) => at,
            None => {
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
                self.sections.len() - 1
            }
        };
        // The index was found or made in the line above.
        #[allow(clippy::indexing_slicing)]
        &mut self.sections[at]
    }

    fn clock_note(&self, clock: Clock) -> String {
        match clock {
            Clock::Utc => i18n::text(self.language, "chart.clock.utc"),
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
    fn dated(&mut self, clock: Clock) -> &mut Section {
        let id = match clock {
            Clock::Utc => "utc",
            Clock::Local => "local",
            Clock::Boot => "boot",
            Clock::Uptime | Clock::FromFirst | Clock::Order => "undated",
        };
        self.section(id, clock, |builder| match clock {
            Clock::Order => builder.text("chart.section.undated"),
            _ => builder.text("chart.section.dated"),
        })
    }

    /// How a process is called: `pid 17692 · G1`.
    fn process_title(&self, run: &str, pid: Option<u32>, collector: Option<&str>) -> String {
        let run = self.report.runs.iter().find(|known| !run.is_empty() && known.id == run);
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

impl Section {
    /// The lane of that id and owner, made if it is not there yet.
    fn lane(&mut self, id: &'static str, owner: &str, make: impl FnOnce() -> Lane) -> &mut Lane {
        let at = match self.lanes.iter().position(|lane| lane.id == id && lane.owner == owner) {
            Some(at) => at,
            None => {
                self.lanes.push(Lane { id, owner: owner.to_owned(), ..make() });
                self.lanes.len() - 1
            }
        };
        // The index was found or made in the line above.
        #[allow(clippy::indexing_slicing)]
        &mut self.lanes[at]
    }
}

impl Lane {
    fn new(id: &'static str, title: String, unit: Unit, height: f64) -> Lane {
        Lane {
            id,
            owner: String::new(),
            title,
            unit,
            height,
            series: Vec::new(),
            levels: Vec::new(),
            marks: Vec::new(),
            totals: Vec::new(),
            at_least: 0.0,
        }
    }
}
