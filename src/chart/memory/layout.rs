//! Where everything of the memory map stands, in CSS pixels, and how it is drawn.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use super::{Bar, Gap, MemoryScene, Part, Picture};
use crate::chart::measured::{fit, text_width, wrap};
use crate::chart::pen::{Align, Drawn, Pen, Xy};
use crate::chart::places::side_by_side;
use crate::chart::theme::{ChartTheme, Dash, Pattern, Role};
use crate::chart::timeline::{Unit, value_ticks};
use crate::i18n::Language;
use crate::i18n::format::{signed_size, size};
use crate::source::Span;
use crate::units::Bytes;

/// Height of a row of small text.
const ROW: f64 = 16.0;
/// Height of a picture's title.
const TITLE: f64 = 20.0;
/// Between pictures.
const GAP: f64 = 22.0;
/// Height of a bar.
const BAR: f64 = 20.0;
/// Height of a bar in a breakdown.
const ROW_BAR: f64 = 11.0;
/// So much room between two bars is none for a text.
const CLEAR: f64 = 8.0;
/// From a part to its label below.
const LEADER: f64 = 6.0;
/// From this width on labels stand beside the bars, below it above them.
const WIDE: f64 = 560.0;

/// Boxes and texts of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryLayout {
    /// Width that was asked for.
    pub width: f64,
    /// Height that is needed.
    pub height: f64,
    /// One per picture.
    pub pictures: Vec<PictureBox>,
    /// All texts.
    pub labels: Vec<MemoryLabel>,
    swatches: Vec<(f64, f64, Role, Pattern)>,
    /// Where labels stand on parts: the pattern makes room for them.
    plates: Vec<Plate>,
    /// From parts that are too narrow for their labels to these.
    leaders: Vec<[Xy; 2]>,
}

/// The room of a label on a part.
#[derive(Clone, Debug, PartialEq)]
struct Plate {
    from: Xy,
    to: Xy,
    role: Role,
    pattern: Pattern,
}

/// Where a picture stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureBox {
    /// Of the picture.
    pub id: String,
    /// Upper edge of its bars.
    pub top: f64,
    /// Lower edge of its bars.
    pub bottom: f64,
    /// Where zero is.
    pub left: f64,
    /// Where the scale ends.
    pub right: f64,
    /// One per bar.
    pub bars: Vec<BarBox>,
    ticks: Vec<f64>,
}

/// Where a bar stands.
#[derive(Clone, Debug, PartialEq)]
pub struct BarBox {
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Left and right edge of each part.
    pub parts: Vec<(f64, f64)>,
    /// Right edge of reserved address space, and whether it is cut there.
    pub reserved: Option<(f64, bool)>,
    /// Both ends of the difference to the bar that it is held against, and the room that its label takes in it.
    pub gap: Option<(f64, f64, f64)>,
}

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryLabel {
    /// Horizontal position, by `align`.
    pub x: f64,
    /// Its middle line.
    pub y: f64,
    /// What `x` is.
    pub align: Align,
    /// What it says.
    pub text: String,
    /// What it is.
    pub kind: MemoryLabelKind,
    /// The line it leads to.
    pub span: Option<Span>,
}

/// What a label is; a class name on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryLabelKind {
    /// Of a picture.
    Title,
    /// How to read it.
    Note,
    /// Of a bar.
    Bar,
    /// The figure of a bar.
    Value,
    /// Beside a swatch.
    Legend,
    /// On a part, or led to from it.
    Part,
    /// Of the difference of two bars.
    Gap,
    /// On the axis.
    Tick,
    /// Of a limit.
    Wall,
    /// What follows.
    Remark,
}

impl MemoryLabelKind {
    /// Name for class names.
    pub fn name(self) -> &'static str {
        match self {
            MemoryLabelKind::Title => "title",
            MemoryLabelKind::Note => "note",
            MemoryLabelKind::Bar => "bar",
            MemoryLabelKind::Value => "value",
            MemoryLabelKind::Legend => "legend",
            MemoryLabelKind::Part => "part",
            MemoryLabelKind::Gap => "gap",
            MemoryLabelKind::Tick => "tick",
            MemoryLabelKind::Wall => "wall",
            MemoryLabelKind::Remark => "remark",
        }
    }
}

impl MemoryLayout {
    /// Lays a scene out in that width.
    pub fn of(scene: &MemoryScene, width: f64, theme: &ChartTheme) -> MemoryLayout {
        let out = MemoryLayout {
            width,
            height: 0.0,
            pictures: Vec::new(),
            labels: Vec::new(),
            swatches: Vec::new(),
            plates: Vec::new(),
            leaders: Vec::new(),
        };
        let language = scene.language;
        let mut maker = Maker { language, size: theme.font_size, title_size: theme.title_size, width, y: 0.0, out };
        for picture in &scene.pictures {
            maker.picture(picture);
        }
        maker.out.height = maker.y.max(1.0);
        maker.out
    }
}

struct Maker {
    language: Language,
    size: f64,
    title_size: f64,
    width: f64,
    y: f64,
    out: MemoryLayout,
}

impl Maker {
    fn label(&mut self, x: f64, align: Align, text: String, kind: MemoryLabelKind, span: Option<Span>) {
        self.label_at(x, self.y + ROW / 2.0, align, text, kind, span);
    }

    fn label_at(&mut self, x: f64, y: f64, align: Align, text: String, kind: MemoryLabelKind, span: Option<Span>) {
        if !text.is_empty() {
            self.out.labels.push(MemoryLabel { x, y, align, text, kind, span });
        }
    }

    fn paragraph(&mut self, text: &str, kind: MemoryLabelKind, span: Option<Span>) {
        if text.is_empty() {
            return;
        }
        for line in wrap(text, self.size, self.width) {
            self.label(0.0, Align::Start, line, kind, span);
            self.y += ROW;
        }
    }

    fn picture(&mut self, picture: &Picture) {
        if self.y > 0.0 {
            self.y += GAP;
        }
        self.y += (TITLE - ROW) / 2.0;
        let title = fit(&picture.title, self.title_size * 1.08, self.width);
        self.label(0.0, Align::Start, title, MemoryLabelKind::Title, None);
        self.y += TITLE - (TITLE - ROW) / 2.0;
        self.paragraph(&picture.note, MemoryLabelKind::Note, None);
        let wide = self.width >= WIDE;
        let widest = |texts: &mut dyn Iterator<Item = &str>, most: f64| {
            texts.map(|text| text_width(text, self.size)).fold(40.0_f64, f64::max).min(most).ceil() + 10.0
        };
        let (left, right) = match wide {
            true => (
                widest(&mut picture.bars.iter().map(|bar| bar.label.as_str()), self.width * 0.28),
                self.width - widest(&mut picture.bars.iter().map(|bar| bar.value.as_str()), self.width * 0.30),
            ),
            false => (0.0, self.width - 8.0),
        };
        let x_of = |value: f64| left + (value / picture.top.max(1.0)).clamp(0.0, 1.0) * (right - left);
        for wall in &picture.walls {
            let label = match wall.is_beyond {
                true => crate::i18n::fill(self.language, "chart.wall.beyond", &[("wall", &wall.label)]),
                false => wall.label.clone(),
            };
            let text = fit(&label, self.size, self.width);
            // Written bold.
            let half = text_width(&text, self.size) * 1.08 / 2.0;
            if wall.is_beyond {
                self.label(right, Align::End, text, MemoryLabelKind::Wall, wall.span);
                continue;
            }
            let x = x_of(wall.at).clamp(half, (self.width - half).max(half));
            self.label(x, Align::Middle, text, MemoryLabelKind::Wall, wall.span);
        }
        self.y += if picture.walls.is_empty() { 4.0 } else { ROW };
        let top = self.y;
        let mut bars = Vec::new();
        for bar in &picture.bars {
            bars.push(self.bar(bar, picture, wide, left, right, &x_of));
        }
        let bottom = self.y;
        let (_, ticks) = value_ticks(self.language, Unit::Bytes, picture.top, (right - left) * 26.0 / 90.0);
        let ticks: Vec<_> = ticks.into_iter().filter(|tick| tick.at <= picture.top).collect();
        for tick in &ticks {
            let half = text_width(&tick.label, self.size) / 2.0;
            let x = x_of(tick.at).clamp(half, (self.width - half).max(half));
            self.y += 3.0;
            self.label(x, Align::Middle, tick.label.clone(), MemoryLabelKind::Tick, None);
            self.y -= 3.0;
        }
        self.y += ROW + 3.0;
        for remark in &picture.remarks {
            self.paragraph(&remark.text, MemoryLabelKind::Remark, remark.span);
        }
        let ticks = ticks.iter().map(|tick| x_of(tick.at)).collect();
        self.out.pictures.push(PictureBox { id: picture.id.clone(), top, bottom, left, right, bars, ticks });
    }

    fn bar(
        &mut self,
        bar: &Bar,
        picture: &Picture,
        wide: bool,
        left: f64,
        right: f64,
        x_of: &dyn Fn(f64) -> f64,
    ) -> BarBox {
        let height = if bar.is_row { ROW_BAR } else { BAR };
        let value_width = text_width(&bar.value, self.size);
        if wide {
            let pitch = if bar.is_row { ROW } else { BAR + 6.0 };
            self.y += (pitch - ROW) / 2.0;
            let label = fit(&bar.label, self.size, left - 10.0);
            self.label(0.0, Align::Start, label, MemoryLabelKind::Bar, bar.span);
            let value = fit(&bar.value, self.size, self.width - right - 10.0);
            self.label(right + 10.0, Align::Start, value, MemoryLabelKind::Value, bar.span);
            self.y -= (pitch - ROW) / 2.0;
            self.y += (pitch - height) / 2.0;
        } else {
            let label = fit(&bar.label, self.size, self.width - value_width - 12.0);
            self.label(0.0, Align::Start, label, MemoryLabelKind::Bar, bar.span);
            let value = fit(&bar.value, self.size, self.width);
            self.label(self.width, Align::End, value, MemoryLabelKind::Value, bar.span);
            self.y += ROW;
        }
        let top = self.y;
        self.y += height + if wide && !bar.is_row { 3.0 } else { 2.5 };
        let parts = bar.parts.iter().map(|part| (x_of(part.from), x_of(part.to))).collect();
        let parts: Vec<(f64, f64)> = parts;
        let reserved = bar.reserved.map(|reserved| (x_of(reserved.as_f64()), reserved.as_f64() > picture.top));
        let gap = bar.gap.as_ref().map(|gap| self.gap(gap, (x_of(gap.from), x_of(gap.to)), top + height / 2.0));
        if !bar.is_row && bar.parts.len() > 1 {
            let outside = self.inside(bar, &parts, (top, top + height));
            if bar.has_legend {
                self.outside(bar, &parts, &outside, (if wide { left } else { 0.0 }, top + height));
            }
        }
        if !wide {
            self.y += 3.0;
        }
        BarBox { top, bottom: top + height, parts, reserved, gap }
    }

    /// The difference in the room that the shorter bar leaves; where even its figure finds no room there, it has none.
    fn gap(&mut self, gap: &Gap, (from, to): (f64, f64), middle: f64) -> (f64, f64, f64) {
        let size = signed_size(gap.size);
        let texts = [format!("{size} {}", gap.label), size];
        let fits = |text: &&String| text_width(text, self.size) + 24.0 <= to - from;
        let text = texts.iter().find(fits).cloned().unwrap_or_default();
        let room = if text.is_empty() { 0.0 } else { text_width(&text, self.size) + 10.0 };
        self.label_at((from + to) / 2.0, middle, Align::Middle, text, MemoryLabelKind::Gap, gap.span);
        (from, to, room)
    }

    /// Labels on the parts that have room for them; answers with the parts that have none.
    fn inside(&mut self, bar: &Bar, boxes: &[(f64, f64)], (top, bottom): (f64, f64)) -> Vec<usize> {
        let mut outside = Vec::new();
        for (at, (part, (from, to))) in bar.parts.iter().zip(boxes).enumerate() {
            // The figures of a breakdown stand in its rows.
            let short = (!bar.has_legend).then(|| part.label.clone());
            let texts = std::iter::once(named(part)).chain(short);
            let mut fitting = texts.filter(|text| text_width(text, self.size) + 6.0 <= to - from);
            let Some(text) = fitting.next() else {
                outside.push(at);
                continue;
            };
            let (middle, half) = ((from + to) / 2.0, text_width(&text, self.size) / 2.0 + 2.0);
            let (from, to) = ((middle - half, top + 2.0), (middle + half, bottom - 2.0));
            self.out.plates.push(Plate { from, to, role: part.role, pattern: part.pattern });
            self.label_at(middle, (top + bottom) / 2.0, Align::Middle, text, MemoryLabelKind::Part, part.span);
        }
        outside
    }

    /// Labels below the bar for parts that are too narrow, each led to from its part; where that would be a tangle, beside
    /// swatches.
    fn outside(&mut self, bar: &Bar, boxes: &[(f64, f64)], which: &[usize], (left, bottom): (f64, f64)) {
        let parts: Vec<(&Part, f64, String)> = which
            .iter()
            .filter_map(|at| {
                let (part, (from, to)) = bar.parts.get(*at).zip(boxes.get(*at))?;
                let text = fit(&named(part), self.size, self.width - left);
                Some((part, (from + to) / 2.0, text))
            })
            .collect();
        let widths: Vec<f64> = parts.iter().map(|(_, _, text)| text_width(text, self.size)).collect();
        let middles: Vec<f64> = parts.iter().map(|(_, middle, _)| *middle).collect();
        let Some(starts) = in_a_row(&middles, &widths, left, self.width) else {
            let parts: Vec<&Part> = parts.iter().map(|(part, ..)| *part).collect();
            return self.legend(&parts, left);
        };
        if parts.is_empty() {
            return;
        }
        self.y += LEADER;
        for ((part, middle, text), start) in parts.into_iter().zip(starts) {
            let foot = middle.clamp(start + 2.0, start + text_width(&text, self.size) - 2.0);
            self.out.leaders.push([(middle, bottom), (foot, bottom + LEADER + 3.0)]);
            self.label(start, Align::Start, text, MemoryLabelKind::Part, part.span);
        }
        self.y += ROW;
    }

    fn legend(&mut self, parts: &[&Part], left: f64) {
        let mut x = left;
        for part in parts {
            let text = fit(&named(part), self.size, self.width - left - 20.0);
            let needed = 20.0 + text_width(&text, self.size);
            if x > left && x + needed > self.width {
                x = left;
                self.y += ROW;
            }
            self.out.swatches.push((x, self.y + ROW / 2.0, part.role, part.pattern));
            self.label(x + 20.0, Align::Start, text, MemoryLabelKind::Legend, part.span);
            x += needed + 14.0;
        }
        self.y += ROW + 2.0;
    }
}

/// A part with its figure.
fn named(part: &Part) -> String {
    let size = size(Bytes(part.size.0.unsigned_abs()));
    let sign = if part.size.0 < 0 { "−" } else { "" };
    format!("{} {sign}{size}", part.label)
}

/// Where texts of these widths begin in one row, each as near to its middle as the others let it. `None` without room for all,
/// or where one would stand so far from its middle that nobody sees the two together.
fn in_a_row(middles: &[f64], widths: &[f64], left: f64, right: f64) -> Option<Vec<f64>> {
    const BETWEEN: f64 = 12.0;
    const FARTHEST: f64 = 36.0;
    let starts = side_by_side(middles, widths, BETWEEN, (left, right))?;
    let distance = |((middle, width), start): ((&f64, &f64), &f64)| (start - middle).max(middle - start - width);
    let are_near = middles.iter().zip(widths).zip(&starts).all(|label| distance(label) <= FARTHEST);
    are_near.then_some(starts)
}

/// Draws a scene over the whole width of the area. Texts too, unless the backend leaves them to the page.
pub fn draw_memory<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    scene: &MemoryScene,
    theme: &ChartTheme,
) -> Drawn<B> {
    let pen = Pen::new(area, theme);
    let layout = MemoryLayout::of(scene, pen.width(), theme);
    pen.fill(theme.background)?;
    for (picture, picture_box) in scene.pictures.iter().zip(&layout.pictures) {
        draw_picture(&pen, picture, picture_box, theme)?;
    }
    for Plate { from, to, role, pattern } in &layout.plates {
        pen.rect(*from, *to, if *pattern == Pattern::Outline { theme.band } else { theme.tint(*role) })?;
    }
    for leader in &layout.leaders {
        pen.line(leader, theme.muted, 1.0, Dash::Solid)?;
    }
    for (x, y, role, pattern) in &layout.swatches {
        draw_part(&pen, (*x, y - 5.0), (x + 15.0, y + 5.0), (*role, *pattern), theme)?;
    }
    for label in &layout.labels {
        let strong = !matches!(label.kind, MemoryLabelKind::Note | MemoryLabelKind::Tick | MemoryLabelKind::Legend);
        let bold = matches!(label.kind, MemoryLabelKind::Title | MemoryLabelKind::Wall);
        let color = match label.kind {
            MemoryLabelKind::Wall => theme.color(Role::Wall),
            _ if strong => theme.text,
            _ => theme.muted,
        };
        let size = if label.kind == MemoryLabelKind::Title { theme.title_size } else { theme.font_size };
        pen.text(&label.text, (label.x, label.y), label.align, size, bold, color)?;
    }
    Ok(())
}

fn draw_picture<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    picture: &Picture,
    picture_box: &PictureBox,
    theme: &ChartTheme,
) -> Drawn<B> {
    let PictureBox { top, bottom, left, right, .. } = picture_box;
    for (bar, bar_box) in picture.bars.iter().zip(&picture_box.bars) {
        // Texts may stand between the bars: no line crosses them.
        for x in &picture_box.ticks {
            pen.line(&[(*x, bar_box.top - 2.0), (*x, bar_box.bottom + 2.0)], theme.grid, 1.0, Dash::Solid)?;
        }
        if let Some((end, cut)) = bar_box.reserved {
            draw_outline(pen, *left, end, bar_box, cut, theme)?;
        }
        for (part, (from, to)) in bar.parts.iter().zip(&bar_box.parts) {
            // A part is never so thin that it cannot be seen, and stands apart from the next.
            let to = if to - from > 3.0 { to - 1.0 } else { to.max(from + 1.0) };
            draw_part(pen, (*from, bar_box.top), (to, bar_box.bottom), (part.role, part.pattern), theme)?;
        }
        if let Some((from, to, room)) = bar_box.gap {
            draw_gap(pen, (from, to), room, bar_box, theme)?;
        }
    }
    pen.line(&[(*left, *bottom), (*right, *bottom)], theme.muted, 1.0, Dash::Solid)?;
    for wall in picture.walls.iter().filter(|wall| !wall.is_beyond) {
        let x = left + (wall.at / picture.top.max(1.0)).clamp(0.0, 1.0) * (right - left);
        // From bar to bar where no text stands between them.
        let mut end = top - 2.0;
        for bar in &picture_box.bars {
            let start = if bar.top - end <= CLEAR { end } else { bar.top - 3.0 };
            pen.line(&[(x, start), (x, bar.bottom + 3.0)], theme.color(Role::Wall), 2.0, Dash::Solid)?;
            end = bar.bottom + 3.0;
        }
    }
    Ok(())
}

/// A part: what is only there to be used is pale.
fn draw_part<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    from: Xy,
    to: Xy,
    (role, pattern): (Role, Pattern),
    theme: &ChartTheme,
) -> Drawn<B> {
    if pattern == Pattern::Outline {
        pen.rect(from, to, theme.band)?;
        return pen.frame(from, to, theme.grid, Dash::Solid);
    }
    pen.pattern(from, to, theme.color(role), theme.tint(role), pattern)
}

/// From one end to the other, with its label between.
fn draw_gap<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    (from, to): (f64, f64),
    room: f64,
    bar: &BarBox,
    theme: &ChartTheme,
) -> Drawn<B> {
    let (y, middle) = ((bar.top + bar.bottom) / 2.0, (from + to) / 2.0);
    for x in [from + 1.0, to - 1.0] {
        pen.line(&[(x, bar.top), (x, bar.bottom)], theme.text, 1.0, Dash::Solid)?;
    }
    for (from, to) in [(from + 1.0, middle - room / 2.0), (middle + room / 2.0, to - 1.0)] {
        pen.line(&[(from, y), (to.max(from), y)], theme.text, 1.0, Dash::Solid)?;
    }
    Ok(())
}

/// Reserved address space; open at the right end where it is longer than the scale.
fn draw_outline<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    left: f64,
    end: f64,
    bar: &BarBox,
    cut: bool,
    theme: &ChartTheme,
) -> Drawn<B> {
    let (top, bottom, middle) = (bar.top, bar.bottom, (bar.top + bar.bottom) / 2.0);
    let reach = if cut { (bottom - top) / 2.0 } else { 0.0 };
    pen.rect((left, top), (end - reach, bottom), theme.band)?;
    if !cut {
        return pen.frame((left, top), (end, bottom), theme.grid, Dash::Solid);
    }
    let arrow = [(end - reach, top + 0.5), (end, middle), (end - reach, bottom - 0.5)];
    pen.area(&arrow, theme.band)?;
    pen.line(&arrow, theme.muted, 1.5, Dash::Solid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_narrow_parts_share_a_row_as_near_to_them_as_they_can_be() {
        assert_eq!(in_a_row(&[100.0, 110.0], &[40.0, 40.0], 0.0, 400.0), Some(vec![59.0, 111.0]));
        assert_eq!(in_a_row(&[5.0, 395.0], &[300.0, 300.0], 0.0, 400.0), None, "no room");
        assert_eq!(in_a_row(&[300.0, 301.0, 302.0, 303.0], &[90.0; 4], 0.0, 400.0), None, "a tangle");
        assert_eq!(in_a_row(&[], &[], 0.0, 400.0), Some(Vec::new()));
    }
}
