//! What both charts draw with: lines with dashes, areas with patterns, markers and texts, in CSS pixels on any backend.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle, text_anchor};
use plotters_backend::DrawingBackend;

use crate::chart::theme::{ChartTheme, Dash, Marker, Pattern};

/// What drawing ends with.
pub type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

/// A point in CSS pixels.
pub(crate) type Xy = (f64, f64);

/// Where a text's position is in relation to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At its start.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

/// A line longer than so many times the width of the drawing is drawn unbroken: its dashes could not be seen.
const MAX_DASHED: f64 = 8.0;

/// Draws on an area in the colours of a theme.
pub(crate) struct Pen<'a, B: DrawingBackend> {
    area: &'a DrawingArea<B, Shift>,
    theme: &'a ChartTheme,
}

impl<'a, B: DrawingBackend> Pen<'a, B> {
    pub(crate) fn new(area: &'a DrawingArea<B, Shift>, theme: &'a ChartTheme) -> Pen<'a, B> {
        Pen { area, theme }
    }

    /// Width of the area in CSS pixels.
    pub(crate) fn width(&self) -> f64 {
        f64::from(self.area.dim_in_pixel().0) / self.theme.scale
    }

    fn at(&self, (x, y): Xy) -> (i32, i32) {
        // `f64::round` is a call in WebAssembly, `floor` an instruction.
        let pixel = |at: f64| (at * self.theme.scale + 0.5).floor() as i32;
        (pixel(x), pixel(y))
    }

    fn stroke(&self, color: RGBColor, width: f64) -> ShapeStyle {
        color.stroke_width((width * self.theme.scale).round().max(1.0) as u32)
    }

    pub(crate) fn fill(&self, color: RGBColor) -> Drawn<B> {
        self.area.fill(&color)
    }

    /// A filled rectangle.
    pub(crate) fn rect(&self, from: Xy, to: Xy, color: RGBColor) -> Drawn<B> {
        self.area.draw(&Rectangle::new([self.at(from), self.at(to)], color.filled()))
    }

    /// Its outline, inside of it.
    pub(crate) fn frame(&self, from: Xy, to: Xy, color: RGBColor, dash: Dash) -> Drawn<B> {
        let (left, right) = (from.0 + 0.5, (to.0 - 0.5).max(from.0 + 0.5));
        let (top, bottom) = (from.1 + 0.5, (to.1 - 0.5).max(from.1 + 0.5));
        self.line(&[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], color, 1.0, dash)
    }

    /// A polygon.
    pub(crate) fn area(&self, corners: &[Xy], color: RGBColor) -> Drawn<B> {
        let corners: Vec<(i32, i32)> = corners.iter().map(|corner| self.at(*corner)).collect();
        self.area.draw(&Polygon::new(corners, color.filled()))
    }

    /// A line through points, broken up by the dash.
    pub(crate) fn line(&self, points: &[Xy], color: RGBColor, width: f64, dash: Dash) -> Drawn<B> {
        let style = self.stroke(color, width);
        let pieces = dash.pieces();
        if pieces.is_empty() || points.windows(2).map(distance).sum::<f64>() > self.width() * MAX_DASHED {
            return self.path(points, style);
        }
        for piece in dashes(points, pieces) {
            self.path(&piece, style)?;
        }
        Ok(())
    }

    fn path(&self, points: &[Xy], style: ShapeStyle) -> Drawn<B> {
        if points.len() < 2 {
            return Ok(());
        }
        self.area.draw(&PathElement::new(corners(points.iter().map(|point| self.at(*point))), style))
    }

    /// A rectangle filled as its pattern says: tint, lines or dots, and outline.
    pub(crate) fn pattern(&self, from: Xy, to: Xy, color: RGBColor, tint: RGBColor, pattern: Pattern) -> Drawn<B> {
        if to.0 - from.0 < 0.5 {
            return Ok(());
        }
        if pattern != Pattern::Outline {
            self.rect(from, to, tint)?;
        }
        let lines = |rises: bool| -> Drawn<B> {
            const STEP: f64 = 6.0;
            let (width, height) = (to.0 - from.0, to.1 - from.1);
            let mut start = -height;
            while start < width {
                // A line of 45 degrees from the bottom (or top) edge, cut to the rectangle.
                let (near, far) = (start.max(0.0), (start + height).min(width));
                if far > near {
                    let y = |x: f64| if rises { to.1 - (x - start) } else { from.1 + (x - start) };
                    let line = [(from.0 + near, y(near)), (from.0 + far, y(far))];
                    self.line(&line, color, 1.0, Dash::Solid)?;
                }
                start += STEP;
            }
            Ok(())
        };
        match pattern {
            Pattern::Solid | Pattern::Outline => {}
            Pattern::Hatched => lines(true)?,
            Pattern::BackHatched => lines(false)?,
            Pattern::Crossed => {
                lines(true)?;
                lines(false)?;
            }
            Pattern::Dotted => {
                let (mut y, mut odd) = (from.1 + 3.0, false);
                while y < to.1 - 1.0 {
                    let mut x = from.0 + if odd { 5.0 } else { 2.0 };
                    while x < to.0 - 1.0 {
                        self.rect((x, y), (x + 1.0, y + 1.0), color)?;
                        x += 6.0;
                    }
                    y += 4.0;
                    odd = !odd;
                }
            }
        }
        let dash = if pattern == Pattern::Outline { Dash::Dashed } else { Dash::Solid };
        self.frame(from, to, color, dash)
    }

    /// A point in its form, `size` across.
    pub(crate) fn marker(&self, (x, y): Xy, marker: Marker, size: f64, color: RGBColor) -> Drawn<B> {
        let r = size / 2.0;
        let radius = (r * self.theme.scale).round().max(1.0) as i32;
        match marker {
            Marker::Disc => self.area.draw(&Circle::new(self.at((x, y)), radius, color.filled())),
            Marker::Ring => {
                self.area.draw(&Circle::new(self.at((x, y)), radius, self.theme.background.filled()))?;
                self.area.draw(&Circle::new(self.at((x, y)), radius, self.stroke(color, 1.5)))
            }
            Marker::Square => self.rect((x - r, y - r), (x + r, y + r), color),
            Marker::Diamond => self.area(&[(x, y - r), (x + r, y), (x, y + r), (x - r, y)], color),
            Marker::Triangle => self.area(&[(x, y - r), (x + r, y + r), (x - r, y + r)], color),
            Marker::Cross => {
                self.line(&[(x - r, y - r), (x + r, y + r)], color, 2.0, Dash::Solid)?;
                self.line(&[(x - r, y + r), (x + r, y - r)], color, 2.0, Dash::Solid)
            }
        }
    }

    /// A text whose middle line is at `y`.
    pub(crate) fn text(
        &self,
        text: &str,
        (x, y): Xy,
        align: Align,
        size: f64,
        bold: bool,
        color: RGBColor,
    ) -> Drawn<B> {
        let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(self.theme.font), size * self.theme.scale, style);
        let h_pos = match align {
            Align::Start => text_anchor::HPos::Left,
            Align::Middle => text_anchor::HPos::Center,
            Align::End => text_anchor::HPos::Right,
        };
        let style = TextStyle::from(font).color(&color).pos(text_anchor::Pos::new(h_pos, text_anchor::VPos::Center));
        self.area.draw_text(text, &style, self.at((x, y)))
    }
}

fn distance(pair: &[Xy]) -> f64 {
    match pair {
        [(x0, y0), (x1, y1)] => ((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)).sqrt(),
        _ => 0.0,
    }
}

/// A line in whole pixels without the points that change nothing: those on the way along a row or a column of pixels.
fn corners(points: impl Iterator<Item = (i32, i32)>) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> = Vec::with_capacity(points.size_hint().0);
    for next in points {
        if let [.., before, last] = out.as_mut_slice() {
            let goes_on = |from: i32, by: i32, to: i32| (from <= by && by <= to) || (from >= by && by >= to);
            let along_row = before.1 == last.1 && last.1 == next.1 && goes_on(before.0, last.0, next.0);
            let along_column = before.0 == last.0 && last.0 == next.0 && goes_on(before.1, last.1, next.1);
            if along_row || along_column {
                *last = next;
                continue;
            }
        }
        out.push(next);
    }
    out
}

/// The drawn pieces of a dashed line.
fn dashes(points: &[Xy], pieces: &[u32]) -> Vec<Vec<Xy>> {
    let mut out = Vec::new();
    let mut lengths = pieces.iter().map(|piece| f64::from(*piece)).cycle();
    let mut left = lengths.next().unwrap_or(1.0);
    let mut drawing = true;
    let mut piece: Vec<Xy> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let [mut from, to] = [pair.first(), pair.last()].map(|point| point.copied().unwrap_or_default());
        let mut rest = distance(pair);
        while rest > left {
            let share = left / rest;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            rest -= left;
            if drawing {
                piece.push(from);
                out.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            drawing = !drawing;
            left = lengths.next().unwrap_or(1.0).max(0.5);
        }
        left -= rest;
        if drawing {
            piece.push(to);
        }
    }
    if drawing && piece.len() > 1 {
        out.push(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_corners_and_ends() {
        let of = |points: &[(i32, i32)]| corners(points.iter().copied());
        assert_eq!(of(&[(0, 5), (1, 5), (2, 5), (3, 5)]), [(0, 5), (3, 5)]);
        assert_eq!(of(&[(0, 5), (1, 5), (1, 2), (1, 9), (2, 9)]), [(0, 5), (1, 5), (1, 2), (1, 9), (2, 9)]);
        assert_eq!(of(&[(4, 4), (4, 4)]), [(4, 4), (4, 4)]);
        assert_eq!(of(&[(0, 0), (5, 5), (9, 9)]), [(0, 0), (5, 5), (9, 9)]);
    }

    #[test]
    fn a_dashed_line_is_drawn_in_pieces() {
        let pieces = dashes(&[(0.0, 0.0), (12.0, 0.0), (12.0, 4.0)], &[6, 4]);
        assert_eq!(pieces, [vec![(0.0, 0.0), (6.0, 0.0)], vec![(10.0, 0.0), (12.0, 0.0), (12.0, 4.0)]]);
        assert!(dashes(&[], &[6, 4]).is_empty());
    }
}
