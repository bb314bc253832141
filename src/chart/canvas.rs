//! Paints scenes on a `<canvas>`, sharp on every screen. Texts are left to the page, which lays them over the canvas.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::chart::measured::Measured;
use crate::chart::memory::{MemoryScene, draw_memory};
use crate::chart::pen::Drawn;
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Layout, Overview, TimelineScene, draw_laid_out, draw_overview, draw_timeline};

/// Longest side of a canvas in its own pixels; browsers paint nothing on a longer one.
const LONGEST_SIDE: f64 = 16_000.0;

/// What paints on an area without texts.
type Area = DrawingArea<Measured<Canvas>, Shift>;

/// Paints a timeline over the whole canvas of `size` CSS pixels. Nothing happens where the browser has no canvas.
pub fn paint_timeline(
    canvas: &HtmlCanvasElement,
    scene: &TimelineScene,
    theme: ChartTheme,
    size: (f64, f64),
    device_pixels: f64,
) {
    paint(canvas, theme, size, device_pixels, 0.0, |area, theme| draw_timeline(area, scene, theme));
}

/// The same for a timeline that is laid out, from `top` on.
pub fn paint_part(
    canvas: &HtmlCanvasElement,
    (scene, layout): (&TimelineScene, &Layout),
    theme: ChartTheme,
    size: (f64, f64),
    top: f64,
    device_pixels: f64,
) {
    paint(canvas, theme, size, device_pixels, top, |area, theme| draw_laid_out(area, scene, layout, theme));
}

/// The same for an overview.
pub fn paint_overview(
    canvas: &HtmlCanvasElement,
    overview: &Overview,
    theme: ChartTheme,
    size: (f64, f64),
    device_pixels: f64,
) {
    paint(canvas, theme, size, device_pixels, 0.0, |area, theme| draw_overview(area, overview, size, theme));
}

/// The same for a memory map.
pub fn paint_memory(
    canvas: &HtmlCanvasElement,
    scene: &MemoryScene,
    theme: ChartTheme,
    size: (f64, f64),
    device_pixels: f64,
) {
    paint(canvas, theme, size, device_pixels, 0.0, |area, theme| draw_memory(area, scene, theme));
}

/// On an area of `size` CSS pixels, with as many pixels as the screen has for them.
fn paint(
    canvas: &HtmlCanvasElement,
    theme: ChartTheme,
    (width, height): (f64, f64),
    device_pixels: f64,
    top: f64,
    draw: impl FnOnce(&Area, &ChartTheme) -> Drawn<Measured<Canvas>>,
) {
    let longest = width.max(height).max(1.0);
    let scale = device_pixels.min(LONGEST_SIDE / longest);
    // A new size is a new picture for the browser, even if it is the old size.
    let size = ((width * scale).round() as u32, (height * scale).round() as u32);
    if (canvas.width(), canvas.height()) != size {
        canvas.set_width(size.0);
        canvas.set_height(size.1);
    }
    let Some(backend) = Canvas::on(canvas) else { return };
    // Fails only for numbers that are none. What is above the part falls off the canvas.
    let _ = backend.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    if top > 0.0 {
        backend.context.set_fill_style_str(&css((theme.background.0, theme.background.1, theme.background.2)));
        backend.context.fill_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        let _ = backend.context.translate(0.0, -(top * scale).round());
    }
    let area: Area = Measured::new(backend).without_text().into_drawing_area();
    // A canvas does not fail; what is off it is cut.
    let _ = draw(&area, &theme.at_scale(scale)).and_then(|()| area.present());
}

type Failure = <CanvasBackend as DrawingBackend>::ErrorType;
type Done = Result<(), DrawingErrorKind<Failure>>;

/// The canvas of plotters, with lines of one colour and width that follow each other as one path: a dashed line is hundreds
/// of pieces, and each change of the colour and each stroke is a call into the browser. Rectangles of one colour that follow
/// each other set it once. Other areas go straight through.
struct Canvas {
    plotters: CanvasBackend,
    /// The same one that `plotters` paints with.
    context: CanvasRenderingContext2d,
    stroked_with: Option<((u8, u8, u8), u32)>,
    filled_with: Option<(u8, u8, u8)>,
    /// True while a path has lines that are not stroked yet.
    is_open: bool,
}

impl Canvas {
    /// `None` where the browser has no canvas.
    fn on(canvas: &HtmlCanvasElement) -> Option<Canvas> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let plotters = CanvasBackend::with_canvas_object(canvas.clone())?;
        Some(Canvas { plotters, context, stroked_with: None, filled_with: None, is_open: false })
    }

    fn finish_lines(&mut self) {
        if self.is_open {
            self.context.stroke();
            self.is_open = false;
        }
    }

    /// Opens a path for lines of a style. Answers with what to add to coordinates, so that lines of an odd width meet
    /// the pixels.
    fn begin_lines(&mut self, style: &impl BackendStyle) -> f64 {
        let (rgb, width) = (style.color().rgb, style.stroke_width());
        if self.stroked_with != Some((rgb, width)) {
            self.finish_lines();
            self.context.set_stroke_style_str(&css(rgb));
            self.context.set_line_width(f64::from(width));
            self.stroked_with = Some((rgb, width));
        }
        if !self.is_open {
            self.context.begin_path();
            self.is_open = true;
        }
        if width % 2 == 1 { 0.5 } else { 0.0 }
    }

    /// For what is not batched: it lies above the lines before it.
    fn straight(&mut self) -> &mut CanvasBackend {
        self.finish_lines();
        self.filled_with = None;
        &mut self.plotters
    }
}

/// Colours of the charts are opaque.
fn css((r, g, b): (u8, u8, u8)) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

impl DrawingBackend for Canvas {
    type ErrorType = Failure;

    fn get_size(&self) -> (u32, u32) {
        self.plotters.get_size()
    }

    fn ensure_prepared(&mut self) -> Done {
        self.plotters.ensure_prepared()
    }

    fn present(&mut self) -> Done {
        self.straight().present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Done {
        self.straight().draw_pixel(at, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        let (x, y) = (f64::from(left), f64::from(top));
        let (width, height) = (f64::from(right) - x, f64::from(bottom) - y);
        if fill {
            self.finish_lines();
            let rgb = style.color().rgb;
            if self.filled_with != Some(rgb) {
                self.context.set_fill_style_str(&css(rgb));
                self.filled_with = Some(rgb);
            }
            self.context.fill_rect(x, y, width, height);
        } else {
            let by = self.begin_lines(style);
            self.context.rect(x + by, y + by, width, height);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        let mut path = path.into_iter();
        let Some((x, y)) = path.next() else { return Ok(()) };
        let by = self.begin_lines(style);
        self.context.move_to(f64::from(x) + by, f64::from(y) + by);
        for (x, y) in path {
            self.context.line_to(f64::from(x) + by, f64::from(y) + by);
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.straight().fill_polygon(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        // A ring is stroked in a style of its own.
        self.stroked_with = self.stroked_with.filter(|_| fill);
        self.straight().draw_circle(center, radius, style, fill)
    }
}
