//! Where everything of the memory map stands, in CSS pixels, and how it is drawn.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use super::{Bar, MemoryScene, Part, Picture};
use crate::chart::measured::{fit, text_width, wrap};
use crate::chart::pen::{Align, Drawn, Pen};
use crate::chart::theme::{ChartTheme, Dash, Pattern, Role};
use crate::chart::timeline::{Unit, value_ticks};
use crate::i18n::Language;
use crate::source::Span;

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
    /// Right edge of the outline of reserved address space, and whether it is cut there.
    pub reserved: Option<(f64, bool)>,
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
            MemoryLabelKind::Tick => "tick",
            MemoryLabelKind::Wall => "wall",
            MemoryLabelKind::Remark => "remark",
        }
    }
}

impl MemoryLayout {
    /// Lays a scene out in that width.
    pub fn of(scene: &MemoryScene, width: f64, theme: &ChartTheme) -> MemoryLayout {
        let out = MemoryLayout { width, height: 0.0, pictures: Vec::new(), labels: Vec::new(), swatches: Vec::new() };
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
        let y = self.y + ROW / 2.0;
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
            let text = fit(&wall.label, self.size, self.width);
            let half = text_width(&text, self.size) / 2.0;
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
        let reserved = bar.reserved.map(|reserved| (x_of(reserved.as_f64()), reserved.as_f64() > picture.top));
        if bar.has_legend && bar.parts.len() > 1 {
            self.legend(&bar.parts, if wide { left } else { 0.0 });
        }
        if !wide {
            self.y += 3.0;
        }
        BarBox { top, bottom: top + height, parts, reserved }
    }

    fn legend(&mut self, parts: &[Part], left: f64) {
        let mut x = left;
        for part in parts {
            let size = crate::i18n::format::size(crate::units::Bytes(part.size.0.unsigned_abs()));
            let sign = if part.size.0 < 0 { "−" } else { "" };
            let text = fit(&format!("{} {sign}{size}", part.label), self.size, self.width - left - 20.0);
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
    for (x, y, role, pattern) in &layout.swatches {
        pen.pattern((*x, y - 5.0), (x + 15.0, y + 5.0), theme.color(*role), theme.tint(*role), *pattern)?;
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
            let (color, tint) = (theme.color(part.role), theme.tint(part.role));
            pen.pattern((*from, bar_box.top), (to, bar_box.bottom), color, tint, part.pattern)?;
        }
    }
    pen.line(&[(*left, *bottom), (*right, *bottom)], theme.muted, 1.0, Dash::Solid)?;
    for wall in &picture.walls {
        let x = left + (wall.at / picture.top.max(1.0)).clamp(0.0, 1.0) * (right - left);
        pen.line(&[(x, top - 2.0), (x, *bottom)], theme.color(Role::Wall), 2.0, Dash::Solid)?;
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
    let color = theme.color(Role::Capacity);
    if !cut {
        return pen.frame((left, bar.top), (end, bar.bottom), color, Dash::Dashed);
    }
    let (top, bottom, middle) = (bar.top + 0.5, bar.bottom - 0.5, (bar.top + bar.bottom) / 2.0);
    pen.line(&[(left, top), (end - 5.0, top)], color, 1.0, Dash::Dashed)?;
    pen.line(&[(left, bottom), (end - 5.0, bottom)], color, 1.0, Dash::Dashed)?;
    let reach = (bottom - top) / 2.0;
    pen.line(&[(end - reach, top), (end, middle), (end - reach, bottom)], color, 1.5, Dash::Solid)
}
