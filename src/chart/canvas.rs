//! Paints scenes on a `<canvas>`, sharp on every screen. Texts are left to the page, which lays them over the canvas.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_canvas::CanvasBackend;
use web_sys::HtmlCanvasElement;

use crate::chart::measured::Measured;
use crate::chart::memory::{MemoryScene, draw_memory};
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Overview, TimelineScene, draw_overview, draw_timeline};

/// Longest side of a canvas in its own pixels; browsers paint nothing on a longer one.
const LONGEST_SIDE: f64 = 16_000.0;

/// What paints on an area without texts.
type Area = DrawingArea<Measured<CanvasBackend>, Shift>;

/// Paints a timeline over the whole canvas of `size` CSS pixels. Nothing happens where the browser has no canvas.
pub fn paint_timeline(
    canvas: &HtmlCanvasElement,
    scene: &TimelineScene,
    theme: ChartTheme,
    size: (f64, f64),
    device_pixels: f64,
) {
    if let Some((area, theme)) = area(canvas, theme, size, device_pixels) {
        // A canvas does not fail; what is off it is cut.
        let _ = draw_timeline(&area, scene, &theme);
    }
}

/// The same for an overview.
pub fn paint_overview(
    canvas: &HtmlCanvasElement,
    overview: &Overview,
    theme: ChartTheme,
    size: (f64, f64),
    device_pixels: f64,
) {
    if let Some((area, theme)) = area(canvas, theme, size, device_pixels) {
        // A canvas does not fail; what is off it is cut.
        let _ = draw_overview(&area, overview, size, &theme);
    }
}

/// The same for a memory map.
pub fn paint_memory(
    canvas: &HtmlCanvasElement,
    scene: &MemoryScene,
    theme: ChartTheme,
    size: (f64, f64),
    device_pixels: f64,
) {
    if let Some((area, theme)) = area(canvas, theme, size, device_pixels) {
        // A canvas does not fail; what is off it is cut.
        let _ = draw_memory(&area, scene, &theme);
    }
}

/// An area of `size` CSS pixels, with as many pixels as the screen has for them.
fn area(
    canvas: &HtmlCanvasElement,
    theme: ChartTheme,
    (width, height): (f64, f64),
    device_pixels: f64,
) -> Option<(Area, ChartTheme)> {
    let longest = width.max(height).max(1.0);
    let scale = device_pixels.min(LONGEST_SIDE / longest);
    canvas.set_width((width * scale).round() as u32);
    canvas.set_height((height * scale).round() as u32);
    let backend = CanvasBackend::with_canvas_object(canvas.clone())?;
    Some((Measured::new(backend).without_text().into_drawing_area(), theme.at_scale(scale)))
}
