//! Where everything of a scene stands, in CSS pixels, and how it is drawn. The page lays its texts over the canvas by
//! the same boxes, so that what is seen and what can be focused agree.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use super::{
    Band, BandKind, Column, Curve, LaneId, LaneScene, Overview, Point, Section, SectionScene, Style, Timeline,
    TimelineScene, View,
};
use crate::chart::measured::{fit, text_width, wrap};
pub use crate::chart::pen::Align;
use crate::chart::pen::{Drawn, Pen, Xy};
use crate::chart::places::side_by_side;
use crate::chart::theme::{ChartTheme, Dash, Pattern, Role};
use crate::i18n;
use crate::order::InOrder as _;
use crate::source::Span;

/// Height of a row of small text.
const ROW: f64 = 16.0;
/// Height of a section's title.
const TITLE: f64 = 20.0;
/// Between sections.
const SECTION_GAP: f64 = 18.0;
/// Between lanes.
const LANE_GAP: f64 = 8.0;
/// Above a plot, so that its highest label is clear of the legend.
const TOP: f64 = 5.0;
/// Above the first plot of a section with bands: what they are. Above the first of a process: what began there.
const BRACKETS: f64 = 14.0;
/// Right of the plots.
const RIGHT: f64 = 10.0;
/// Rows of labels in a lane of marks at most.
const MARK_ROWS: usize = 4;
/// Height of one.
const MARK_ROW: f64 = 18.0;

/// Boxes and texts of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width that was asked for.
    pub width: f64,
    /// Height that is needed.
    pub height: f64,
    /// One per section of the scene.
    pub sections: Vec<SectionBox>,
    /// All texts.
    pub labels: Vec<Label>,
    swatches: Vec<Swatch>,
    /// From ends of lines to their labels.
    leaders: Vec<(Role, [Xy; 2])>,
}

/// Where a section stands.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionBox {
    /// Which section of the timeline.
    pub at: usize,
    /// Of the section.
    pub id: String,
    /// Upper edge of its first lane.
    pub top: f64,
    /// Lower edge of its last lane.
    pub bottom: f64,
    /// Left edge of the plots.
    pub left: f64,
    /// Right edge of the plots.
    pub right: f64,
    /// Visible times.
    pub range: (i64, i64),
    /// One per lane of the section's scene.
    pub lanes: Vec<LaneBox>,
}

/// Where a lane's plot stands.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneBox {
    /// Of the lane.
    pub id: LaneId,
    /// Which lane of the section.
    pub at: usize,
    /// False for a lane that is not near the view and stands here for its marks.
    pub drawn: bool,
    /// Of the lane.
    pub owner: String,
    /// Where its room begins: the row of its title.
    pub start: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Where its marks stand, in the order of the scene, and the lines that they lead to.
    pub marks: Vec<(f64, f64, Span)>,
}

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Horizontal position, by `align`.
    pub x: f64,
    /// Its middle line.
    pub y: f64,
    /// What `x` is.
    pub align: Align,
    /// What it says.
    pub text: String,
    /// What it is.
    pub kind: LabelKind,
    /// The line it leads to.
    pub span: Option<Span>,
}

/// What a label is; a class name on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelKind {
    /// Of a section.
    Title,
    /// The clock of a section.
    Note,
    /// Whose lanes follow.
    Owner,
    /// Of a lane.
    Lane,
    /// On an axis.
    Tick,
    /// Beside a swatch.
    Legend,
    /// At the end of a line, in its colour.
    Series(Role),
    /// A lifetime total.
    Total,
    /// Beside a mark.
    Mark,
    /// In a band.
    Band,
}

impl LabelKind {
    /// Name for class names.
    pub fn name(self) -> &'static str {
        match self {
            LabelKind::Title => "title",
            LabelKind::Note => "note",
            LabelKind::Owner => "owner",
            LabelKind::Lane => "lane",
            LabelKind::Tick => "tick",
            LabelKind::Legend => "legend",
            LabelKind::Series(_) => "series",
            LabelKind::Total => "total",
            LabelKind::Mark => "mark",
            LabelKind::Band => "band",
        }
    }

    fn is_strong(self) -> bool {
        matches!(self, LabelKind::Title | LabelKind::Mark | LabelKind::Band | LabelKind::Owner | LabelKind::Total)
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Swatch {
    x: f64,
    y: f64,
    role: Role,
    style: Option<Style>,
}

impl SectionBox {
    /// Horizontal position of a time, also beyond the edges.
    pub fn x_of(&self, at: i64) -> f64 {
        let (from, to) = self.range;
        let length = to.saturating_sub(from).max(1) as f64;
        self.left + (at as f64 - from as f64) / length * (self.right - self.left)
    }

    /// Time at a horizontal position, within the visible times.
    pub fn time_at(&self, x: f64) -> i64 {
        let (from, to) = self.range;
        let share = ((x - self.left) / (self.right - self.left).max(1.0)).clamp(0.0, 1.0);
        from.saturating_add((to.saturating_sub(from) as f64 * share).round() as i64).clamp(from, to)
    }
}

impl Layout {
    /// Lays a scene out in that width.
    pub fn of(scene: &TimelineScene, width: f64, theme: &ChartTheme) -> Layout {
        Layout::with(scene, width, theme, None)
    }

    /// The same amid the room of what is not in the scene; how much what is in it takes is noted there.
    fn with(scene: &TimelineScene, width: f64, theme: &ChartTheme, mut rooms: Option<&mut Rooms>) -> Layout {
        let size = theme.font_size;
        let ticks = scene.sections.iter().flat_map(|section| &section.lanes).flat_map(|lane| &lane.ticks);
        let mut gutter = ticks.map(|tick| text_width(&tick.label, size)).fold(30.0_f64, f64::max).ceil() + 8.0;
        if let Some(rooms) = &mut rooms {
            // Plots keep their place while others come and go.
            rooms.gutter = rooms.gutter.max(gutter);
            gutter = rooms.gutter;
        }
        let mut ends = room_of_ends(scene, width, size);
        if let Some(rooms) = &mut rooms {
            rooms.ends = rooms.ends.max(ends);
            ends = rooms.ends;
        }
        let mut maker = Maker {
            size,
            width,
            left: gutter,
            right: (width - ends.max(RIGHT)).max(gutter + 20.0),
            has_ends: ends > RIGHT,
            y: 0.0,
            out: Layout {
                width,
                height: 0.0,
                sections: Vec::new(),
                labels: Vec::new(),
                swatches: Vec::new(),
                leaders: Vec::new(),
            },
        };
        for section in &scene.sections {
            match &mut rooms {
                Some(rooms) => {
                    maker.y = rooms.top(section.at);
                    maker.section(section, theme, rooms.sections.get_mut(section.at));
                }
                None => {
                    maker.y += if maker.y > 0.0 { SECTION_GAP } else { 0.0 };
                    maker.section(section, theme, None);
                }
            }
        }
        if !scene.rest.is_empty() {
            maker.y += SECTION_GAP;
            maker.rows(0.0, &[(scene.rest.clone(), None)], LabelKind::Note);
        }
        maker.out.height = rooms.map_or(maker.y, |rooms| rooms.height()).max(1.0);
        maker.out
    }

    /// The box of a section, if it is laid out.
    pub fn section(&self, at: usize) -> Option<&SectionBox> {
        self.sections.iter().find(|section| section.at == at)
    }

    /// The section whose lanes or axis are at that height.
    pub fn section_at(&self, y: f64) -> Option<&SectionBox> {
        self.sections.iter().find(|section| y >= section.top && y <= section.bottom + ROW)
    }
}

/// How much room everything of a long timeline takes: what was drawn once keeps its height, the others have the likeliest one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rooms {
    sections: Vec<Room>,
    gutter: f64,
    ends: f64,
}

/// The room of a section.
#[derive(Clone, Debug, Default, PartialEq)]
struct Room {
    /// Of its title and its clock.
    head: f64,
    /// Of each lane, with what stands between it and the one above.
    lanes: Vec<f64>,
    /// Of all lanes.
    sum: f64,
}

impl Room {
    fn of(section: &Section) -> Room {
        let mut owner = "";
        let lanes = section.lanes.iter().enumerate().map(|(at, lane)| {
            let gap = if at > 0 { LANE_GAP } else { 0.0 };
            let is_next = lane.owner != std::mem::replace(&mut owner, &lane.owner) && !lane.owner.is_empty();
            gap + if is_next { ROW } else { 0.0 } + ROW + TOP + lane.height
        });
        let lanes: Vec<f64> = lanes.collect();
        Room { head: TITLE, sum: lanes.iter().sum(), lanes }
    }

    /// With the axis below the lanes.
    fn height(&self) -> f64 {
        self.head + self.sum + ROW
    }

    /// Of some of the lanes.
    fn of_lanes(&self, lanes: Range<usize>) -> f64 {
        self.lanes.get(lanes).unwrap_or_default().iter().sum()
    }

    /// The lanes between two heights below the section's upper edge.
    fn near(&self, top: f64, bottom: f64) -> Range<usize> {
        let mut y = self.head;
        let mut ends = self.lanes.iter().map(|lane| {
            y += lane;
            y
        });
        let first = ends.position(|end| end >= top).unwrap_or(self.lanes.len());
        let mut y = self.head + self.of_lanes(0..first);
        let rest = self.lanes.iter().skip(first).take_while(|lane| {
            let start = y;
            y += **lane;
            start <= bottom
        });
        first..first + rest.count()
    }
}

impl Rooms {
    /// Of a timeline that nothing was drawn of.
    fn of(timeline: &Timeline) -> Rooms {
        Rooms { sections: timeline.sections.iter().map(Room::of).collect(), gutter: 0.0, ends: 0.0 }
    }

    /// Upper edges of the sections.
    fn tops(&self) -> impl Iterator<Item = (f64, &Room)> {
        let mut next = 0.0;
        self.sections.iter().map(move |room| {
            let top = next;
            next += room.height() + SECTION_GAP;
            (top, room)
        })
    }

    fn top(&self, section: usize) -> f64 {
        self.tops().nth(section).map_or(0.0, |(top, _)| top)
    }

    fn height(&self) -> f64 {
        self.tops().last().map_or(0.0, |(top, room)| top + room.height())
    }

    /// The sections between two heights, and of each the lanes.
    fn near(&self, top: f64, bottom: f64) -> Vec<(usize, Range<usize>)> {
        let tops = self.tops().enumerate();
        let near = tops.filter(|(_, (start, room))| start + room.height() >= top && *start <= bottom);
        near.map(|(at, (start, room))| (at, room.near(top - start, bottom - start))).collect()
    }
}

/// Lanes up to which all are drawn.
const ALL_LANES: usize = 40;
/// Lanes of a timeline that are drawn in a file.
const IN_A_FILE: usize = 200;
/// Pixels above and below the view in which lanes are drawn.
const MARGIN: f64 = 400.0;
/// What is drawn may be lower or higher than it was thought, and then other lanes are near.
const TRIES: usize = 3;

impl Timeline {
    /// True if not all of it is drawn at once.
    pub fn is_long(&self) -> bool {
        let mut lanes = self.sections.iter().flat_map(|section| &section.lanes);
        lanes.nth(ALL_LANES).is_some()
    }

    /// What of it is drawn in a file: all of it, or of a long one the beginning, with a sentence that says so.
    pub fn beginning(&self, columns: usize) -> TimelineScene {
        let mut room = IN_A_FILE;
        let near = self.sections.iter().enumerate().map_while(|(at, section)| {
            let lanes = section.lanes.len().min(room);
            room -= lanes;
            (lanes > 0).then_some((at, 0..lanes))
        });
        let near: Vec<(usize, Range<usize>)> = near.collect();
        let all: usize = self.sections.iter().map(|section| section.lanes.len()).sum();
        let left = all - near.iter().map(|(_, lanes)| lanes.len()).sum::<usize>();
        let count = i18n::number(left as u64);
        let rest = match left {
            0 => String::new(),
            _ => i18n::fill(self.language, "chart.rest", &[("count", &count)]),
        };
        TimelineScene { rest, ..self.scene_of(&View::default(), columns, near) }
    }

    /// What is drawn while the view reaches from `top` to `bottom` of the picture, and where everything stands. Of the others
    /// nothing is made, however many they are.
    pub fn near(
        &self,
        view: &View,
        width: f64,
        theme: &ChartTheme,
        (top, bottom): (f64, f64),
        rooms: &mut Rooms,
    ) -> (TimelineScene, Layout) {
        let columns = (width as usize).max(1);
        if !self.is_long() {
            let scene = self.scene(view, columns);
            let layout = Layout::of(&scene, width, theme);
            return (scene, layout);
        }
        if rooms.sections.len() != self.sections.len() {
            *rooms = Rooms::of(self);
        }
        let mut near = rooms.near(top - MARGIN, bottom + MARGIN);
        let mut tries = 0;
        loop {
            let scene = self.scene_of(view, columns, near.iter().cloned());
            let layout = Layout::with(&scene, width, theme, Some(rooms));
            let now = rooms.near(top - MARGIN, bottom + MARGIN);
            tries += 1;
            if now == near || tries == TRIES {
                return (scene, layout);
            }
            near = now;
        }
    }
}

/// A line or an area, or a level, at the right edge of its plot.
#[derive(Clone, Debug, PartialEq)]
struct End {
    role: Role,
    /// Name and figure.
    text: String,
    span: Option<Span>,
    /// Where it ends; of an area the middle of what is its own.
    value: f64,
}

/// Numbers in order; those that are none stand anywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ByValue(f64);

impl Eq for ByValue {}

impl PartialOrd for ByValue {
    fn partial_cmp(&self, other: &ByValue) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByValue {
    fn cmp(&self, other: &ByValue) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// From this width on there may be labels at the ends of lines.
const WIDE: f64 = 640.0;
/// Height of one.
const END_ROW: f64 = 13.0;
/// How far they may reach over their plot.
const OVER: f64 = 6.0;
/// From the end of a line to its label.
const LEADER: f64 = 12.0;
/// A line must reach into this last part of what is seen: what ended long before is not told at the edge.
const LAST_PART: i64 = 5;

/// Width that labels at the ends of lines may have.
fn most_of_ends(width: f64) -> f64 {
    if width < WIDE { 0.0 } else { (width * 0.3).min(230.0) }
}

/// Room that a scene needs right of its plots for labels at the ends of lines; none where it is narrow.
fn room_of_ends(scene: &TimelineScene, width: f64, size: f64) -> f64 {
    let lanes = scene.sections.iter().flat_map(|section| section.lanes.iter().map(move |lane| (section, lane)));
    let ends = lanes.filter_map(|(section, lane)| ends_of(section, lane, size, most_of_ends(width))).flatten();
    let widest = ends.map(|end| text_width(&end.text, size)).fold(0.0_f64, f64::max);
    if widest > 0.0 { (widest + LEADER + 2.0).ceil() } else { 0.0 }
}

/// What is told at the ends of a lane's lines. `None` for a lane with something else in it, with more than its height bears, or with
/// a text that is too wide: that has a legend.
fn ends_of(section: &SectionScene, lane: &LaneScene, size: f64, most: f64) -> Option<Vec<End>> {
    let (from, to) = section.range;
    let late = to.saturating_sub(to.saturating_sub(from) / LAST_PART);
    if !lane.drawn || lane.curves.is_empty() || !lane.curves.iter().all(|curve| curve.style.is_line()) {
        return None;
    }
    let mut ends: Vec<End> = Vec::new();
    for curve in &lane.curves {
        if ends.iter().any(|end| end.role == curve.role) {
            return None;
        }
        let last = curve.pieces.iter().flatten().rfind(|point| point.at <= to).filter(|point| point.at >= late)?;
        let text = format!("{} {}", curve.label, curve.figure).trim_end().to_owned();
        ends.push(End { role: curve.role, text, span: Some(last.place.span()), value: last.value });
    }
    // Areas stand on each other, painted from the highest down.
    let areas = lane.curves.iter().take_while(|curve| curve.style == Style::Area).count();
    let below: Vec<f64> = ends.iter().skip(1).map(|end| end.value).collect();
    for (at, end) in ends.iter_mut().enumerate().take(areas) {
        let below = if at + 1 < areas { below.get(at).copied().unwrap_or_default() } else { 0.0 };
        end.value = f64::midpoint(end.value, below);
    }
    ends.extend(lane.levels.iter().map(|level| End {
        role: level.role,
        text: level.label.clone(),
        span: level.span,
        value: level.value,
    }));
    let fits = ends.iter().all(|end| text_width(&end.text, size) <= most - LEADER)
        && ends.len() as f64 * END_ROW <= lane.height + 2.0 * OVER;
    fits.then_some(ends)
}

/// Room below words that no plot follows.
const UNDER_WORDS: f64 = 6.0;

struct Maker {
    size: f64,
    width: f64,
    left: f64,
    right: f64,
    /// True if there is room for labels at the ends of lines.
    has_ends: bool,
    y: f64,
    out: Layout,
}

impl Maker {
    fn label(&mut self, x: f64, y: f64, align: Align, text: String, kind: LabelKind, span: Option<Span>) {
        if !text.is_empty() {
            self.out.labels.push(Label { x, y, align, text, kind, span });
        }
    }

    /// From the height on at which it is, amid the room of its lanes that are not in the scene.
    fn section(&mut self, section: &SectionScene, theme: &ChartTheme, mut room: Option<&mut Room>) {
        let start = self.y;
        let title = fit(&section.title, theme.title_size, self.width);
        let title_width = text_width(&title, theme.title_size) * 1.08;
        let note_width = text_width(&section.note, self.size);
        self.label(0.0, self.y + TITLE / 2.0, Align::Start, title, LabelKind::Title, None);
        if title_width + 12.0 + note_width <= self.width {
            self.label(self.width, self.y + TITLE / 2.0, Align::End, section.note.clone(), LabelKind::Note, None);
            self.y += TITLE;
        } else {
            self.y += TITLE;
            self.rows(0.0, &[(section.note.clone(), None)], LabelKind::Note);
        }
        let first_top = self.y;
        let mut owner = section.owner_above.as_str();
        let mut lanes = Vec::new();
        let mut next = 0;
        for lane in &section.lanes {
            if let Some(room) = &room {
                self.y += room.of_lanes(next..lane.at);
            }
            let start = self.y;
            if lane.drawn {
                if self.y > first_top {
                    self.y += LANE_GAP;
                }
                if lane.owner != owner && !lane.owner.is_empty() {
                    let text = fit(&lane.owner, self.size, self.width);
                    self.label(0.0, self.y + ROW / 2.0, Align::Start, text, LabelKind::Owner, None);
                    self.y += ROW;
                }
                owner = &lane.owner;
                let first = section.first_plot.is_none_or(|first| lane.at <= first);
                lanes.push(self.lane(section, lane, first));
            } else {
                let height = room.as_ref().map_or(0.0, |room| room.of_lanes(lane.at..lane.at + 1));
                lanes.push(self.not_drawn(section, lane, height));
            }
            if let Some(room) = &mut room {
                // A lane of which nothing is seen has no room.
                let unseen = next.max(section.near.start)..lane.at.min(section.near.end);
                room.lanes.get_mut(unseen).into_iter().flatten().for_each(|lane| *lane = 0.0);
                room.lanes.get_mut(lane.at).into_iter().for_each(|lane| *lane = self.y - start);
            }
            next = lane.at + 1;
        }
        if let Some(room) = room {
            let unseen = next.max(section.near.start)..section.near.end;
            room.lanes.get_mut(unseen).into_iter().flatten().for_each(|lane| *lane = 0.0);
            self.y += room.of_lanes(next..room.lanes.len());
            room.head = first_top - start;
            room.sum = room.lanes.iter().sum();
        }
        let section_box = SectionBox {
            at: section.at,
            id: section.id.clone(),
            top: first_top,
            bottom: self.y,
            left: self.left,
            right: self.right,
            range: section.range,
            lanes,
        };
        self.ticks(section, &section_box);
        self.bands(section, &section_box);
        self.y += if section.has_axis { ROW } else { 0.0 };
        self.out.sections.push(section_box);
    }

    /// A lane that takes that much room and is not drawn.
    fn not_drawn(&mut self, section: &SectionScene, lane: &LaneScene, height: f64) -> LaneBox {
        let start = self.y;
        self.y += height;
        let top = (start + ROW).min(self.y);
        let section_box = self.section_box(section, top);
        let marks = lane.marks.iter().map(|mark| (section_box.x_of(mark.at), top + 12.0, mark.span)).collect();
        LaneBox { id: lane.id, at: lane.at, drawn: false, owner: lane.owner.clone(), start, top, bottom: self.y, marks }
    }

    fn lane(&mut self, section: &SectionScene, lane: &LaneScene, first: bool) -> LaneBox {
        let start = self.y;
        // Title, then the legend, in as many rows as it needs.
        let title = fit(&lane.title, self.size, self.width - 4.0);
        let mut x = text_width(&title, self.size) + 16.0;
        self.label(0.0, self.y + ROW / 2.0, Align::Start, title, LabelKind::Lane, None);
        let ends = ends_of(section, lane, self.size, most_of_ends(self.width)).filter(|_| self.has_ends);
        let mut roles: Vec<(Role, Option<Style>, String, Option<Span>)> = Vec::new();
        // Painted from the highest down, named from the lowest up.
        let areas = lane.curves.iter().filter(|curve| matches!(curve.style, Style::Area | Style::Bars)).rev();
        let lines = lane.curves.iter().filter(|curve| !matches!(curve.style, Style::Area | Style::Bars));
        for curve in areas.chain(lines).filter(|_| ends.is_none()) {
            if !roles.iter().any(|(role, style, ..)| *role == curve.role && *style == Some(curve.style)) {
                roles.push((
                    curve.role,
                    Some(curve.style),
                    format!("{} {}", curve.label, curve.figure).trim_end().to_owned(),
                    None,
                ));
            }
        }
        let levels = lane.levels.iter().filter(|_| ends.is_none());
        roles.extend(levels.map(|level| (level.role, Some(Style::Line), level.label.clone(), level.span)));
        roles.extend(lane.beyond.iter().map(|level| (level.role, None, format!("↑ {}", level.label), level.span)));
        for (role, style, text, span) in roles {
            let swatch = if style.is_some() { 20.0 } else { 0.0 };
            let text = fit(&text, self.size, self.width - swatch - 8.0);
            let needed = swatch + text_width(&text, self.size);
            if x + needed > self.width && x > 8.0 {
                x = 8.0;
                self.y += ROW;
            }
            let y = self.y + ROW / 2.0;
            if style.is_some() {
                self.out.swatches.push(Swatch { x, y, role, style });
            }
            self.label(x + swatch, y, Align::Start, text, LabelKind::Legend, span);
            x += needed + 14.0;
        }
        self.y += ROW;
        let totals: Vec<(String, Option<Span>)> =
            lane.totals.iter().map(|total| (total.label.clone(), Some(total.span))).collect();
        self.rows(8.0, &totals, LabelKind::Total);
        if lane.curves.is_empty() && !totals.is_empty() {
            self.y += UNDER_WORDS;
        }
        let is_bracketed = section.bands.iter().any(|band| band.kind != BandKind::Onset);
        if first && !lane.curves.is_empty() && is_bracketed {
            self.y += BRACKETS;
        }
        let has_onset = lane.opens && section.bands.iter().any(|band| is_onset_of(band, lane));
        if has_onset {
            self.y += BRACKETS;
        }
        if !lane.curves.is_empty() {
            self.y += if lane.marks.is_empty() { TOP } else { MARK_ROW };
        }
        let top = self.y;
        let mut marks = Vec::new();
        let mut height = if lane.curves.is_empty() && lane.marks.is_empty() { 0.0 } else { lane.height };
        if !lane.curves.is_empty() {
            marks = self.marks_above(section, lane, top);
        } else if !lane.marks.is_empty() {
            let (places, rows) =
                if section.has_axis { self.marks(section, lane, top) } else { self.moments(lane, top) };
            marks = places;
            height = rows as f64 * MARK_ROW + 6.0;
        }
        let bottom = top + height;
        for tick in lane.ticks.iter().filter(|_| !lane.curves.is_empty()) {
            let y = y_of(top, bottom, lane.top, tick.at);
            self.label(self.left - 6.0, y, Align::End, tick.label.clone(), LabelKind::Tick, None);
        }
        self.ends(lane, ends.unwrap_or_default(), (top, bottom));
        self.y = bottom;
        LaneBox { id: lane.id, at: lane.at, drawn: true, owner: lane.owner.clone(), start, top, bottom, marks }
    }

    /// Names and figures at the ends of lines, as near to them as the others let them.
    fn ends(&mut self, lane: &LaneScene, mut ends: Vec<End>, (top, bottom): (f64, f64)) {
        ends.order_by_key(|end| std::cmp::Reverse(ByValue(end.value)));
        let y = |value: f64| y_of(top, bottom, lane.top, value);
        let middles: Vec<f64> = ends.iter().map(|end| y(end.value)).collect();
        let sizes = vec![END_ROW; ends.len()];
        let reach = (top - OVER, bottom + OVER);
        let Some(starts) = side_by_side(&middles, &sizes, 0.0, reach) else { return };
        for ((end, middle), start) in ends.into_iter().zip(middles).zip(starts) {
            let (x, y) = (self.right + LEADER, start + END_ROW / 2.0);
            self.out.leaders.push((end.role, [(self.right + 1.0, middle), (x - 2.0, y)]));
            self.label(x, y, Align::Start, end.text, LabelKind::Series(end.role), end.span);
        }
    }

    /// Texts one after the other, wrapped.
    fn rows(&mut self, left: f64, texts: &[(String, Option<Span>)], kind: LabelKind) {
        let mut x = left;
        for (text, span) in texts {
            for (part, text) in wrap(text, self.size, self.width - left).into_iter().enumerate() {
                let needed = text_width(&text, self.size);
                if part > 0 || (x > left && x + needed > self.width) {
                    x = left;
                    self.y += ROW;
                }
                self.label(x, self.y + ROW / 2.0, Align::Start, text, kind, *span);
                x += needed + 18.0;
            }
        }
        if !texts.is_empty() {
            self.y += ROW;
        }
    }

    /// Marks with their labels beside them, in rows so that labels do not touch.
    fn marks(&mut self, section: &SectionScene, lane: &LaneScene, top: f64) -> (Vec<(f64, f64, Span)>, usize) {
        let mut ends = [f64::NEG_INFINITY; MARK_ROWS];
        let mut places = Vec::new();
        let mut rows = 1;
        let section_box = self.section_box(section, top);
        for mark in &lane.marks {
            let x = section_box.x_of(mark.at);
            let full = text_width(&mark.label, self.size) * 1.08;
            let (room_right, room_left) = (self.width - x - 10.0, x - 10.0);
            // Beside the mark, or where neither side has room for it, on the row below.
            let below = full > room_right.max(room_left);
            let on_right = room_right >= full || room_right >= room_left;
            let text = fit(&mark.label, self.size, self.width / 1.08);
            let width = text_width(&text, self.size) * 1.08;
            let (start, label_x, align) = match (below, on_right) {
                (true, _) => {
                    let start = (x - width / 2.0).clamp(0.0, (self.width - width).max(0.0));
                    (start, start, Align::Start)
                }
                (false, true) => (x - 6.0, x + 10.0, Align::Start),
                (false, false) => (x - 10.0 - width, x - 10.0, Align::End),
            };
            let end = if below || !on_right { (start + width).max(x + 6.0) } else { x + 10.0 + width };
            let needed = if below { 2 } else { 1 };
            let free = ends.windows(needed).position(|rows| rows.iter().all(|taken| *taken < start.min(x - 6.0)));
            let row = free.unwrap_or(MARK_ROWS - needed);
            let y = top + 12.0 + row as f64 * MARK_ROW;
            places.push((x, y, mark.span));
            rows = rows.max(row + 1);
            if free.is_some() {
                ends.iter_mut().skip(row).take(needed).for_each(|taken| *taken = end + 8.0);
                rows = rows.max(row + needed);
                let y = if below { y + MARK_ROW } else { y };
                self.label(label_x, y, align, text, LabelKind::Mark, Some(mark.span));
            }
        }
        (places, rows)
    }

    /// Marks in one row above a plot; of those that stand close together the last is named.
    fn marks_above(&mut self, section: &SectionScene, lane: &LaneScene, top: f64) -> Vec<(f64, f64, Span)> {
        let section_box = self.section_box(section, top);
        let y = top - MARK_ROW / 2.0;
        let places: Vec<(f64, f64, Span)> =
            lane.marks.iter().map(|mark| (section_box.x_of(mark.at), y, mark.span)).collect();
        for (at, (mark, (x, ..))) in lane.marks.iter().zip(&places).enumerate() {
            let end = places.get(at + 1).map_or(self.width, |(next, ..)| next - 8.0);
            if text_width(&mark.label, self.size) * 1.08 <= end - x - 10.0 {
                self.label(x + 10.0, y, Align::Start, mark.label.clone(), LabelKind::Mark, Some(mark.span));
            }
        }
        places
    }

    /// Moments without an axis: a list, each with all its words.
    fn moments(&mut self, lane: &LaneScene, top: f64) -> (Vec<(f64, f64, Span)>, usize) {
        const LEFT: f64 = 18.0;
        let (mut places, mut rows) = (Vec::new(), 0);
        for mark in &lane.marks {
            let y = |row: usize| top + 12.0 + row as f64 * MARK_ROW;
            places.push((LEFT - 10.0, y(rows), mark.span));
            for line in wrap(&mark.label, self.size, (self.width - LEFT) / 1.08) {
                self.label(LEFT, y(rows), Align::Start, line, LabelKind::Mark, Some(mark.span));
                rows += 1;
            }
        }
        (places, rows)
    }

    /// The plots of a section without its lanes.
    fn section_box(&self, section: &SectionScene, top: f64) -> SectionBox {
        SectionBox {
            at: section.at,
            id: String::new(),
            top,
            bottom: top,
            left: self.left,
            right: self.right,
            range: section.range,
            lanes: Vec::new(),
        }
    }

    fn ticks(&mut self, section: &SectionScene, section_box: &SectionBox) {
        let y = section_box.bottom + ROW / 2.0 + 2.0;
        let mut taken = f64::NEG_INFINITY;
        for tick in &section.ticks {
            let x = section_box.x_of(tick.at as i64);
            let width = text_width(&tick.label, self.size);
            let start = (x - width / 2.0).clamp(0.0, (self.width - width).max(0.0));
            if start > taken + 8.0 {
                self.label(start, y, Align::Start, tick.label.clone(), LabelKind::Tick, None);
                taken = start + width;
            }
        }
    }

    /// What began is named where it began, over the first plot of its process and all brackets.
    fn onsets(&mut self, section: &SectionScene, section_box: &SectionBox) {
        let is_bracketed = section.bands.iter().any(|band| band.kind != BandKind::Onset);
        // Of two on one lane that would touch the first is named.
        let mut taken: Vec<(usize, f64)> = Vec::new();
        for (band, lane) in section.onsets() {
            let Some(lane_box) = section_box.lanes.iter().find(|known| known.at == lane.at && known.drawn) else {
                continue;
            };
            let brackets = if is_bracketed && Some(lane.at) == section.first_plot { BRACKETS } else { 0.0 };
            let y = lane_box.top - brackets - BRACKETS / 2.0 - 1.0;
            let (from, _) = band_edges(section_box, band.from, band.to);
            let left = taken.iter().filter(|(at, _)| *at == lane.at).map(|(_, end)| *end).fold(0.0, f64::max);
            let place = |(text, is_moved): (&String, bool)| {
                let width = text_width(text, self.size) * 1.08;
                let start = from.min(self.width - width).max(0.0);
                (start >= left && (is_moved || start >= from)).then_some((start, width))
            };
            // The short words where it began rather than all of them beside it.
            let ways = [(&band.label, false), (&band.short, false), (&band.label, true), (&band.short, true)];
            let fits = ways.into_iter().find_map(|way| Some((way.0, place(way)?)));
            if let Some((text, (start, width))) = fits {
                taken.push((lane.at, start + width + 12.0));
                self.label(start, y, Align::Start, text.clone(), LabelKind::Band, Some(band.span));
            }
        }
    }

    fn bands(&mut self, section: &SectionScene, section_box: &SectionBox) {
        let lane = section_box.lanes.iter().find(|lane| Some(lane.at) == section.first_plot);
        self.onsets(section, section_box);
        let Some(lane) = lane.filter(|lane| lane.drawn) else { return };
        for band in section.bands.iter().filter(|band| band.kind != BandKind::Onset) {
            let (from, to) = band_edges(section_box, band.from, band.to);
            let needed = text_width(&band.label, self.size) * 1.08;
            let y = lane.top - BRACKETS / 2.0 - 1.0;
            if let Some(text) = band_label(band, to - from, self.size) {
                self.label((from + to) / 2.0, y, Align::Middle, text.to_owned(), LabelKind::Band, Some(band.span));
            } else if band.kind == BandKind::Restart && to + needed + 4.0 <= section_box.right {
                let text = band.label.clone();
                self.label(to + 4.0, y, Align::Start, text, LabelKind::Band, Some(band.span));
            }
        }
    }
}

/// True if it began in what the lane shows.
fn is_onset_of(band: &Band, lane: &LaneScene) -> bool {
    band.kind == BandKind::Onset && lane.is_about(band)
}

/// What is said over a band of that width. `None` if it is too narrow for any word.
fn band_label(band: &Band, width: f64, size: f64) -> Option<&str> {
    let fits = |text: &&str| band.kind != BandKind::Restart && text_width(text, size) * 1.08 + 14.0 <= width;
    [band.label.as_str(), band.short.as_str()].into_iter().find(fits)
}

fn band_edges(section: &SectionBox, from: i64, to: i64) -> (f64, f64) {
    (section.x_of(from).clamp(section.left, section.right), section.x_of(to).clamp(section.left, section.right))
}

fn y_of(top: f64, bottom: f64, highest: f64, value: f64) -> f64 {
    let share = if highest > 0.0 { (value / highest).clamp(0.0, 1.0) } else { 0.0 };
    bottom - share * (bottom - top)
}

/// Draws a scene over the whole width of the area. Texts too, unless the backend leaves them to the page.
pub fn draw_timeline<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    scene: &TimelineScene,
    theme: &ChartTheme,
) -> Drawn<B> {
    let layout = Layout::of(scene, Pen::new(area, theme).width(), theme);
    draw_laid_out(area, scene, &layout, theme)
}

/// Draws a scene that is laid out already; lanes that only take their room are left out.
pub fn draw_laid_out<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    scene: &TimelineScene,
    layout: &Layout,
    theme: &ChartTheme,
) -> Drawn<B> {
    let pen = Pen::new(area, theme);
    pen.fill(theme.background)?;
    let sections = scene.sections.iter().zip(&layout.sections);
    for (section, section_box) in sections.filter(|(section, _)| section.lanes.iter().any(|lane| lane.drawn)) {
        draw_bands(&pen, section, section_box, theme)?;
        let lanes = section.lanes.iter().zip(&section_box.lanes);
        for (lane, lane_box) in lanes.filter(|(lane, _)| lane.drawn) {
            draw_lane(&pen, lane, lane_box, section_box, theme)?;
        }
        draw_brackets(&pen, section, section_box, theme)?;
        draw_marks(&pen, section, section_box, theme)?;
        draw_axis(&pen, section, section_box, theme)?;
    }
    for swatch in &layout.swatches {
        draw_swatch(&pen, swatch, theme)?;
    }
    for (role, leader) in &layout.leaders {
        pen.line(leader, theme.color(*role), 1.0, Dash::Solid)?;
    }
    for label in &layout.labels {
        draw_label(&pen, label, theme)?;
    }
    Ok(())
}

/// Draws an overview over the whole area.
pub fn draw_overview<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    overview: &Overview,
    (width, height): (f64, f64),
    theme: &ChartTheme,
) -> Drawn<B> {
    let pen = Pen::new(area, theme);
    pen.fill(theme.background)?;
    let section = SectionBox {
        at: 0,
        id: String::new(),
        top: 0.0,
        bottom: height,
        left: 0.0,
        right: width,
        range: overview.range,
        lanes: Vec::new(),
    };
    if let Some(lane) = &overview.lane {
        let lane = LaneScene { ticks: Vec::new(), levels: Vec::new(), ..lane.clone() };
        let lane_box = LaneBox {
            id: lane.id,
            at: 0,
            drawn: true,
            owner: String::new(),
            start: 0.0,
            top: 3.0,
            bottom: height - 1.0,
            marks: Vec::new(),
        };
        draw_lane(&pen, &lane, &lane_box, &section, theme)?;
    }
    for at in &overview.marks {
        let x = section.x_of(*at);
        pen.line(&[(x, 0.0), (x, height)], theme.color(Role::Wall), 1.0, Dash::Solid)?;
    }
    pen.line(&[(0.0, height - 0.5), (width, height - 0.5)], theme.muted, 1.0, Dash::Solid)
}

fn draw_label<B: DrawingBackend>(pen: &Pen<'_, B>, label: &Label, theme: &ChartTheme) -> Drawn<B> {
    let color = match label.kind {
        LabelKind::Series(role) => theme.color(role),
        kind if kind.is_strong() => theme.text,
        _ => theme.muted,
    };
    let bold = matches!(label.kind, LabelKind::Title | LabelKind::Mark | LabelKind::Owner | LabelKind::Band);
    let size = if label.kind == LabelKind::Title { theme.title_size } else { theme.font_size };
    pen.text(&label.text, (label.x, label.y), label.align, size, bold, color)
}

fn draw_swatch<B: DrawingBackend>(pen: &Pen<'_, B>, swatch: &Swatch, theme: &ChartTheme) -> Drawn<B> {
    let Swatch { x, y, role, style } = swatch;
    let (color, sign) = (theme.color(*role), role.sign());
    match style {
        Some(Style::Area | Style::Bars) => {
            pen.pattern((*x, y - 5.0), (x + 15.0, y + 5.0), color, theme.tint(*role), sign.pattern)
        }
        Some(Style::Points | Style::Stems | Style::Markers) => pen.marker((x + 8.0, *y), sign.marker, 8.0, color),
        _ => pen.line(&[(*x, *y), (x + 15.0, *y)], color, 2.0, sign.dash),
    }
}

fn draw_bands<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    section: &SectionScene,
    section_box: &SectionBox,
    theme: &ChartTheme,
) -> Drawn<B> {
    let shaded = section.bands.iter().filter(|band| !matches!(band.kind, BandKind::Restart | BandKind::Onset));
    for band in shaded {
        let (from, to) = band_edges(section_box, band.from, band.to);
        for lane in section_box.lanes.iter().filter(|lane| lane.drawn && lane.marks.is_empty()) {
            pen.rect((from, lane.top), (to, lane.bottom), theme.band)?;
        }
    }
    for band in section.bands.iter().filter(|band| band.kind == BandKind::Onset) {
        let (from, to) = band_edges(section_box, band.from, band.to);
        let lanes = section.lanes.iter().zip(&section_box.lanes);
        for (_, lane) in lanes.filter(|(scene, lane)| lane.drawn && !scene.curves.is_empty() && scene.is_about(band)) {
            pen.rect((from, lane.top), (to, lane.bottom), theme.onset())?;
        }
    }
    Ok(())
}

/// What a band is stands over the first lane, between brackets.
fn draw_brackets<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    section: &SectionScene,
    section_box: &SectionBox,
    theme: &ChartTheme,
) -> Drawn<B> {
    for band in section.bands.iter().filter(|band| band.kind == BandKind::Onset) {
        let x = section_box.x_of(band.from);
        let lanes = section.lanes.iter().zip(&section_box.lanes);
        let lanes = lanes.filter(|(scene, lane)| lane.drawn && !scene.curves.is_empty() && scene.is_about(band));
        for (_, lane) in lanes.filter(|_| (section_box.left..=section_box.right).contains(&x)) {
            pen.line(&[(x, lane.top), (x, lane.bottom)], theme.color(Role::FullGc), 1.0, Dash::Dashed)?;
        }
    }
    let lane = section_box.lanes.iter().find(|lane| Some(lane.at) == section.first_plot);
    let Some(lane) = lane.filter(|lane| lane.drawn) else { return Ok(()) };
    let y = lane.top - BRACKETS / 2.0 - 1.0;
    for band in section.bands.iter().filter(|band| band.kind != BandKind::Onset) {
        let (from, to) = band_edges(section_box, band.from, band.to);
        if band.kind == BandKind::Restart {
            for lane in section_box.lanes.iter().filter(|lane| lane.drawn) {
                pen.line(&[(to, lane.top), (to, lane.bottom)], theme.text, 1.0, Dash::Dashed)?;
            }
            continue;
        }
        let dash = if band.kind == BandKind::Gap { Dash::Dotted } else { Dash::Solid };
        let middle = (from + to) / 2.0;
        if let Some(text) = band_label(band, to - from, theme.font_size) {
            let label = text_width(text, theme.font_size) * 1.08 + 10.0;
            pen.line(&[(from, y), (middle - label / 2.0, y)], theme.muted, 1.0, dash)?;
            pen.line(&[(middle + label / 2.0, y), (to, y)], theme.muted, 1.0, dash)?;
        } else if to - from > 3.0 {
            pen.line(&[(from, y), (to, y)], theme.muted, 1.0, dash)?;
        }
        for x in [from, to] {
            pen.line(&[(x, y - 4.0), (x, y + 4.0)], theme.muted, 1.0, Dash::Solid)?;
        }
    }
    Ok(())
}

fn draw_axis<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    section: &SectionScene,
    section_box: &SectionBox,
    theme: &ChartTheme,
) -> Drawn<B> {
    let SectionBox { left, right, bottom, .. } = section_box;
    if !section.has_axis {
        return Ok(());
    }
    pen.line(&[(*left, *bottom), (*right, *bottom)], theme.muted, 1.0, Dash::Solid)?;
    for tick in &section.ticks {
        let x = section_box.x_of(tick.at as i64);
        pen.line(&[(x, *bottom), (x, bottom + 3.0)], theme.muted, 1.0, Dash::Solid)?;
    }
    Ok(())
}

/// Every mark on its lane, and the end of a process through all lanes.
fn draw_marks<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    section: &SectionScene,
    section_box: &SectionBox,
    theme: &ChartTheme,
) -> Drawn<B> {
    for (lane, lane_box) in section.lanes.iter().zip(&section_box.lanes) {
        for (mark, (x, y, _)) in lane.marks.iter().zip(&lane_box.marks) {
            let color = theme.color(mark.role);
            if mark.role == Role::Wall && section.has_axis {
                for other in section_box.lanes.iter().filter(|other| other.drawn) {
                    // Labels stand below their marks; the line would cross them.
                    let bottom = if other.marks.is_empty() { other.bottom } else { other.bottom.min(*y) };
                    pen.line(&[(*x, other.top), (*x, bottom)], color, 1.0, Dash::Solid)?;
                }
            }
            if lane.drawn {
                // Where it is only known between which two moments, from one to the other.
                let ends = mark.between.map(|(from, to)| band_edges(section_box, from, to));
                if let Some((from, to)) = ends.filter(|(from, to)| to - from > 10.0) {
                    pen.line(&[(from, *y), (to, *y)], color, 1.0, Dash::Solid)?;
                    for end in [from, to] {
                        pen.line(&[(end, y - 4.0), (end, y + 4.0)], color, 1.0, Dash::Solid)?;
                    }
                }
                pen.marker((*x, *y), mark.role.sign().marker, 9.0, color)?;
            }
        }
    }
    Ok(())
}

fn draw_lane<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    lane: &LaneScene,
    lane_box: &LaneBox,
    section: &SectionBox,
    theme: &ChartTheme,
) -> Drawn<B> {
    let plot = Plot { section, top: lane_box.top, bottom: lane_box.bottom, highest: lane.top };
    for tick in lane.ticks.iter().filter(|_| !lane.curves.is_empty()) {
        let y = plot.y(tick.at);
        pen.line(&[(section.left, y), (section.right, y)], theme.grid, 1.0, Dash::Solid)?;
    }
    for curve in &lane.curves {
        draw_curve(pen, curve, &plot, theme)?;
    }
    for level in &lane.levels {
        let y = plot.y(level.value);
        let color = theme.color(level.role);
        pen.line(&[(section.left, y), (section.right, y)], color, 1.5, level.role.sign().dash)?;
    }
    Ok(())
}

struct Plot<'a> {
    section: &'a SectionBox,
    top: f64,
    bottom: f64,
    highest: f64,
}

impl Plot<'_> {
    fn y(&self, value: f64) -> f64 {
        y_of(self.top, self.bottom, self.highest, value)
    }

    fn x(&self, at: i64) -> f64 {
        self.section.x_of(at)
    }

    fn is_inside(&self, x: f64) -> bool {
        x >= self.section.left - 0.5 && x <= self.section.right + 0.5
    }

    /// The points of a piece, cut at the left and the right edge.
    fn cut(&self, piece: &[Point]) -> Vec<Xy> {
        let (left, right) = (self.section.left, self.section.right);
        let points: Vec<Xy> = piece.iter().map(|point| (self.x(point.at), self.y(point.value))).collect();
        let mut out: Vec<Xy> = Vec::with_capacity(points.len() + 2);
        for pair in points.windows(2) {
            let ([from, to], true) =
                ([pair.first(), pair.last()].map(|p| p.copied().unwrap_or_default()), pair.len() == 2)
            else {
                continue;
            };
            if to.0 < left || from.0 > right {
                continue;
            }
            let at = |x: f64| {
                let share = if to.0 > from.0 { (x - from.0) / (to.0 - from.0) } else { 0.0 };
                (x, from.1 + (to.1 - from.1) * share)
            };
            let start = if from.0 < left { at(left) } else { from };
            let end = if to.0 > right { at(right) } else { to };
            if out.last() != Some(&start) {
                out.push(start);
            }
            out.push(end);
        }
        if out.is_empty() {
            out.extend(points.into_iter().filter(|(x, _)| self.is_inside(*x)).take(1));
        }
        out
    }
}

fn draw_curve<B: DrawingBackend>(pen: &Pen<'_, B>, curve: &Curve, plot: &Plot<'_>, theme: &ChartTheme) -> Drawn<B> {
    let (color, tint, sign) = (theme.color(curve.role), theme.tint(curve.role), curve.role.sign());
    if !curve.columns.is_empty() {
        return curve.columns.iter().try_for_each(|columns| draw_columns(pen, (curve, columns), plot, theme));
    }
    for piece in &curve.pieces {
        match curve.style {
            Style::Area | Style::Line | Style::Points => {
                let points = plot.cut(piece);
                if curve.style == Style::Area && points.len() > 1 {
                    draw_area(pen, &points, plot, color, tint, sign.pattern)?;
                }
                let width = if curve.style == Style::Points { 1.0 } else { 1.5 };
                let dash = if curve.style == Style::Area { Dash::Solid } else { sign.dash };
                pen.line(&points, color, width, dash)?;
                // A sample without neighbours is no line.
                if curve.style == Style::Points || points.len() == 1 {
                    for point in points.iter().filter(|(x, _)| plot.is_inside(*x)) {
                        pen.marker(*point, sign.marker, 6.0, color)?;
                    }
                }
            }
            Style::Bars => {
                for point in piece.iter().filter(|point| point.value > 0.0) {
                    let from = plot.x(point.since).clamp(plot.section.left, plot.section.right);
                    let to = plot.x(point.at).clamp(plot.section.left, plot.section.right);
                    if to > plot.section.left || from < plot.section.right {
                        let gap = if to - from > 4.0 { 1.0 } else { 0.0 };
                        let (from, to) =
                            ((from + gap).min(to - 1.0).max(plot.section.left), to.max(plot.section.left + 1.0));
                        // What moved at all is seen.
                        let top = plot.y(point.value).min(plot.bottom - 1.0);
                        if to - from > 6.0 {
                            pen.pattern((from, top), (to, plot.bottom), color, tint, sign.pattern)?;
                        } else {
                            pen.rect((from, top), (to, plot.bottom), color)?;
                        }
                    }
                }
            }
            Style::Stems | Style::Markers => {
                for point in piece {
                    let x = plot.x(point.at);
                    if !plot.is_inside(x) {
                        continue;
                    }
                    if curve.style == Style::Markers {
                        pen.marker((x, plot.top + 4.0), sign.marker, 7.0, color)?;
                        continue;
                    }
                    let y = plot.y(point.value);
                    pen.line(&[(x, plot.bottom), (x, y)], color, 1.0, Dash::Solid)?;
                    pen.marker((x, y), sign.marker, 5.0, color)?;
                }
            }
        }
    }
    Ok(())
}

/// Many samples in every pixel column: from the smallest to the largest of each, and a line through their means.
fn draw_columns<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    (curve, columns): (&Curve, &[Column]),
    plot: &Plot<'_>,
    theme: &ChartTheme,
) -> Drawn<B> {
    let (color, sign) = (theme.color(curve.role), curve.role.sign());
    let edge = |value: fn(&Column) -> f64| -> Vec<Xy> {
        let (left, right) = (plot.section.left, plot.section.right);
        columns.iter().map(|column| (plot.x(column.at).clamp(left, right), plot.y(value(column)))).collect()
    };
    let means = edge(|column| column.mean);
    if curve.style == Style::Area && means.len() > 1 {
        draw_area(pen, &means, plot, color, theme.tint(curve.role), sign.pattern)?;
    }
    let (high, low) = (edge(|column| column.high), edge(|column| column.low));
    // A band is never so thin that it cannot be seen.
    let low = low.into_iter().zip(&high).map(|((x, y), high)| (x, y.max(high.1 + 1.0)));
    let corners: Vec<Xy> = high.iter().copied().chain(low.rev()).collect();
    pen.area(&corners, theme.spread(curve.role))?;
    pen.line(&means, color, 1.5, if curve.style == Style::Area { Dash::Solid } else { sign.dash })
}

/// An area is its tint and, as the second sign, sparse lines or dots in it.
fn draw_area<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    points: &[Xy],
    plot: &Plot<'_>,
    color: plotters::style::RGBColor,
    tint: plotters::style::RGBColor,
    pattern: Pattern,
) -> Drawn<B> {
    let mut corners = points.to_vec();
    corners.extend(points.last().map(|(x, _)| (*x, plot.bottom)));
    corners.extend(points.first().map(|(x, _)| (*x, plot.bottom)));
    pen.area(&corners, tint)?;
    let spacing = match pattern {
        Pattern::Solid | Pattern::Outline => return Ok(()),
        Pattern::Dotted => 8.0,
        _ => 14.0,
    };
    // Short strokes that hang from the line tell the areas apart in grey.
    let mut next = (points.first().map_or(0.0, |(x, _)| *x) / spacing).ceil() * spacing;
    for pair in points.windows(2) {
        let [(x0, y0), (x1, y1)] = [pair.first(), pair.last()].map(|point| point.copied().unwrap_or_default());
        while next <= x1 && next >= x0 {
            let y = if x1 > x0 { y0 + (y1 - y0) * (next - x0) / (x1 - x0) } else { y0 };
            let length = (plot.bottom - y).min(7.0).min(plot.section.right - next);
            match pattern {
                Pattern::Dotted if length > 4.0 => pen.rect((next, y + 3.0), (next + 1.5, y + 4.5), color)?,
                Pattern::Hatched => pen.line(&[(next, y + length), (next + length, y)], color, 1.0, Dash::Solid)?,
                _ => pen.line(&[(next, y), (next + length, y + length)], color, 1.0, Dash::Solid)?,
            }
            next += spacing;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Lane, Legend, Mark, Place, Section, Series, Unit};
    use super::*;
    use crate::chart::timeline::Clock;
    use crate::i18n::Language;
    use crate::timeline::reduce::Times;
    use std::rc::Rc;

    /// So many processes on one axis, each with a lane, and an event of each.
    fn crowded(owners: usize, marks: i64) -> Timeline {
        let times = Rc::new(Times::Even { start: 0, step: 1_000_000, len: 50 });
        let places = Rc::new(vec![Place { source: 0, line: 1 }; 50]);
        let values: Vec<f64> = (0..50).map(|row| f64::from(row) * 1e6).collect();
        let span = Span { source: 0, line: 1, start: 0, end: 0 };
        let mark = |at: i64| Mark {
            between: None,
            at: at * 49_000_000 / marks.max(1),
            role: Role::Wall,
            label: "killed".into(),
            detail: String::new(),
            span,
        };
        let mut events = Lane::new(LaneId::Events, Language::En, Unit::Marks, 34.0);
        events.marks = (0..marks).map(mark).collect();
        let lanes = (0..owners).map(|owner| Lane {
            owner: format!("pid {owner}"),
            series: vec![Series::new(Role::Old, "old".into(), Style::Area, &times, values.clone(), &places)],
            ..Lane::new(LaneId::Heap, Language::En, Unit::Bytes, 100.0)
        });
        let section = Section {
            id: "utc".into(),
            title: "Times".into(),
            clock: Clock::Utc(crate::civil::Zone::default()),
            note: "UTC".into(),
            extent: (0, 49_000_000),
            lanes: std::iter::once(events).chain(lanes).collect(),
            bands: Vec::new(),
            samples: Vec::new(),
        };
        Timeline { language: Language::En, sections: vec![section], by_hand: Vec::new(), legend: Legend::default() }
    }

    #[test]
    fn of_two_thousand_lanes_only_those_near_the_view_are_drawn() {
        let timeline = crowded(2_000, 3);
        let (theme, mut rooms) = (ChartTheme::light(), Rooms::default());
        let (_, at_top) = timeline.near(&View::default(), 900.0, &theme, (0.0, 800.0), &mut rooms);
        assert!(at_top.height > 200_000.0, "all lanes have their room: {}", at_top.height);
        let seen = (100_000.0, 100_800.0);
        let (scene, layout) = timeline.near(&View::default(), 900.0, &theme, seen, &mut rooms);
        let drawn: Vec<&LaneBox> = layout.sections[0].lanes.iter().filter(|lane| lane.drawn).collect();
        assert!((5..30).contains(&drawn.len()), "{} lanes are drawn", drawn.len());
        assert!(layout.labels.len() < 300, "{} labels", layout.labels.len());
        assert_eq!(scene.sections[0].lanes.iter().filter(|lane| !lane.curves.is_empty()).count(), drawn.len());
        let covered = drawn
            .iter()
            .fold((f64::MAX, 0.0_f64), |(top, bottom), lane| (top.min(lane.start), bottom.max(lane.bottom)));
        assert!(covered.0 <= seen.0 && covered.1 >= seen.1, "the view is covered: {covered:?}");
    }

    #[test]
    fn of_fifty_thousand_sections_only_those_near_the_view_are_made() {
        let section = |at: usize| Section { id: format!("run-{at}"), ..crowded(2, 1).sections.remove(0) };
        let mut timeline = crowded(0, 0);
        let one = section(0);
        timeline.sections = (0..50_000).map(|at| Section { id: format!("run-{at}"), ..one.clone() }).collect();
        let (theme, mut rooms) = (ChartTheme::light(), Rooms::default());
        let (_, layout) = timeline.near(&View::default(), 900.0, &theme, (0.0, 800.0), &mut rooms);
        let middle = layout.height / 2.0;
        let (scene, layout) = timeline.near(&View::default(), 900.0, &theme, (middle, middle + 800.0), &mut rooms);
        assert!((2..12).contains(&scene.sections.len()), "{} sections", scene.sections.len());
        assert_eq!(scene.sections.len(), layout.sections.len());
        let (first, last) = (layout.sections.first().expect("one"), layout.sections.last().expect("one"));
        assert!(first.top <= middle && last.bottom >= middle + 800.0, "the view is covered");
        assert!((24_000..26_000).contains(&first.at) && layout.section(first.at) == Some(first));
    }

    #[test]
    fn of_a_long_timeline_a_file_shows_the_beginning_and_says_so() {
        let timeline = crowded(2_000, 3);
        let scene = timeline.beginning(900);
        let lanes: usize = scene.sections.iter().map(|section| section.lanes.len()).sum();
        let layout = Layout::of(&scene, 900.0, &ChartTheme::light());
        let last = layout.labels.last().expect("labels");
        assert_eq!((lanes, last.text.as_str()), (IN_A_FILE, "1,801 more charts are not drawn here."));
        assert!(last.y < layout.height);
        assert_eq!(crowded(3, 1).beginning(900), crowded(3, 1).scene(&View::default(), 900));
    }

    #[test]
    fn what_stands_in_the_view_stays_where_it_is_while_others_come_and_go() {
        let timeline = crowded(200, 3);
        let (theme, mut rooms) = (ChartTheme::light(), Rooms::default());
        let mut tops = |seen: (f64, f64)| -> Vec<(usize, f64)> {
            let (_, layout) = timeline.near(&View::default(), 900.0, &theme, seen, &mut rooms);
            layout.sections[0].lanes.iter().map(|lane| (lane.at, lane.top)).collect()
        };
        (0..20).for_each(|step| _ = tops((f64::from(step) * 800.0, f64::from(step + 1) * 800.0)));
        let before = tops((12_000.0, 12_800.0));
        tops((0.0, 800.0));
        assert_eq!(tops((12_000.0, 12_800.0)), before);
        let moved = tops((12_300.0, 13_100.0));
        let both: Vec<_> = before.iter().filter(|(at, _)| moved.iter().any(|(other, _)| other == at)).collect();
        assert!(both.len() > 4 && both.iter().all(|lane| moved.contains(lane)), "{before:?} {moved:?}");
    }

    #[test]
    fn lines_are_named_at_their_ends_in_their_colour_and_labels_do_not_touch() {
        let timeline = crowded(1, 1);
        let mut section = timeline.sections[0].clone();
        let lane = section.lanes.iter_mut().find(|lane| lane.id == LaneId::Heap).expect("a lane of numbers");
        let old = lane.series[0].clone();
        // As high as the area is.
        let values: Vec<f64> = old.values.iter().map(|value| value * 0.5).collect();
        lane.series.push(Series::new(Role::Capacity, "committed".into(), Style::Line, &old.times, values, &old.places));
        let timeline = Timeline { sections: vec![section], ..timeline };
        let ends = |width: f64| -> Vec<(String, f64, f64)> {
            let scene = timeline.scene(&View::default(), width as usize);
            let layout = Layout::of(&scene, width, &ChartTheme::light());
            let ends = layout.labels.iter().filter(|label| matches!(label.kind, LabelKind::Series(_)));
            let right = layout.sections[0].right;
            ends.map(|label| (label.text.clone(), label.x - right, label.y)).collect()
        };
        let wide = ends(900.0);
        assert_eq!(wide.iter().map(|end| end.0.as_str()).collect::<Vec<_>>(), ["old 46.7 MiB", "committed 23.4 MiB"]);
        assert!(wide.iter().all(|end| end.1 == LEADER), "right of the plot: {wide:?}");
        assert!((wide[0].2 - wide[1].2).abs() >= END_ROW - 0.1, "{wide:?}");
        assert!(ends(400.0).is_empty(), "a narrow picture has a legend");
    }

    #[test]
    fn of_a_hundred_thousand_marks_no_more_are_drawn_than_can_be_told_apart() {
        let timeline = crowded(1, 100_000);
        let scene = timeline.scene(&View::default(), 900);
        let events = scene.sections[0].lanes.iter().find(|lane| lane.id == LaneId::Events).expect("a lane of events");
        assert!((800..=910).contains(&events.marks.len()), "{} marks", events.marks.len());
        assert!(timeline.overview(&timeline.sections[0], 900).marks.len() <= 910);
    }
}
