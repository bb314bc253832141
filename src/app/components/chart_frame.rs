//! A canvas with its texts as HTML over it: they can be selected, read aloud, and followed to their lines.

use std::rc::Rc;

use gloo::utils::window;
use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use super::fact::Fact;
use crate::app::hooks::dark::Dark;
use crate::app::session::ByPtr;
use crate::chart::memory::MemoryLabel;
use crate::chart::pen::Align;
use crate::chart::theme::{ChartTheme, Role};
use crate::chart::timeline::{Label, LabelKind};
use crate::source::Span;

/// A text over a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartText {
    /// Where, in CSS pixels: `x` by `align`, `y` of its middle line.
    pub at: (f64, f64),
    /// What `x` is.
    pub align: Align,
    /// What it says.
    pub text: String,
    /// What it is; ends a class name.
    pub kind: &'static str,
    /// What it is the name of, in whose colour it stands.
    pub role: Option<Role>,
    /// The line it leads to.
    pub span: Option<Span>,
}

impl From<&Label> for ChartText {
    fn from(label: &Label) -> ChartText {
        let Label { x, y, align, text, kind, span } = label;
        let role = match kind {
            LabelKind::Series(role) => Some(*role),
            _ => None,
        };
        ChartText { at: (*x, *y), align: *align, text: text.clone(), kind: kind.name(), role, span: *span }
    }
}

impl From<&MemoryLabel> for ChartText {
    fn from(label: &MemoryLabel) -> ChartText {
        let MemoryLabel { x, y, align, text, kind, span } = label;
        ChartText { at: (*x, *y), align: *align, text: text.clone(), kind: kind.name(), role: None, span: *span }
    }
}

/// Paints a canvas in a theme, of a size in CSS pixels, with so many of its own pixels for one of those.
type Painter = dyn Fn(&HtmlCanvasElement, ChartTheme, (f64, f64), f64);

/// A painter, compared by address.
#[derive(Clone)]
pub struct Paint(pub Rc<Painter>);

impl PartialEq for Paint {
    fn eq(&self, other: &Paint) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The frame.
#[part]
pub fn ChartFrame(
    /// The picture's size in CSS pixels.
    size: &(f64, f64),
    /// From where to where it is painted, if not all of it is.
    #[prop_or_default]
    part: &Option<(f64, f64)>,
    texts: &ByPtr<Vec<ChartText>>,
    paint: &Paint,
    #[prop_or_default] children: &Html,
) -> Html {
    let dark = use_context::<Dark>().is_some_and(|Dark(dark)| dark);
    let canvas = use_node_ref();
    let labels = use_node_ref();
    let room = use_node_ref();
    {
        let (canvas, room) = (canvas.clone(), room.clone());
        use_effect_with((*size, *part, paint.clone(), dark), move |((width, height), part, paint, dark)| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>().filter(|_| *width > 0.0) else { return };
            let (top, bottom) = part.unwrap_or((0.0, *height));
            if let Some(room) = room.cast::<HtmlElement>() {
                resize(&room, (*width, *height));
            }
            place(&canvas, (0.0, top));
            resize(&canvas, (*width, bottom - top));
            let theme = if *dark { ChartTheme::dark() } else { ChartTheme::light() };
            (paint.0)(&canvas, theme, (*width, bottom - top), window().device_pixel_ratio());
        });
    }
    // Positions go through the style object: the page's policy allows no style attribute.
    {
        let labels = labels.clone();
        use_effect_with(texts.clone(), move |texts| {
            let Some(labels) = labels.cast::<Element>() else { return };
            let elements = labels.children();
            for (nth, text) in (0..elements.length()).zip(texts.iter()) {
                if let Some(element) = elements.item(nth).and_then(|element| element.dyn_into().ok()) {
                    place(&element, text.at);
                }
            }
        });
    }
    html! {
        <>
            if part.is_some() { <div ref={room} class="chart__room" aria-hidden="true"></div> }
            <canvas ref={canvas} class={classes!("chart__canvas", part.map(|_| "chart__canvas--part"))} aria-hidden="true" />
            <div ref={labels} class="chart__labels">
                for text in texts.iter() {
                    <span class={classes!("chart__label", format!("chart__label--{}", text.kind), align_class(text.align), text.role.map(|role| format!("swatch--{}", role.name())))}>
                        // The table behind the picture has them all.
                        <Fact text={text.text.clone()} at={text.span} by_key={false} />
                    </span>
                }
            </div>
            { children.clone() }
        </>
    }
}

/// Puts an element to a place over the chart.
pub fn place(element: &HtmlElement, (x, y): (f64, f64)) {
    set_pixels(element, [("left", x), ("top", y)]);
}

/// Gives an element a size.
pub fn resize(element: &HtmlElement, (width, height): (f64, f64)) {
    set_pixels(element, [("width", width), ("height", height)]);
}

/// Through the style object: the page's policy allows no style attribute.
fn set_pixels<const N: usize>(element: &HtmlElement, properties: [(&str, f64); N]) {
    for (name, pixels) in properties {
        // Fails only for names that are none.
        let _ = element.style().set_property(name, &format!("{pixels}px"));
    }
}

fn align_class(align: Align) -> &'static str {
    match align {
        Align::Start => "chart__label--start",
        Align::Middle => "chart__label--middle",
        Align::End => "chart__label--end",
    }
}
