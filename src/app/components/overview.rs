//! The whole of a section in a low strip, with a window over what is seen: drag the window to move it, drag beside it
//! for another range.

use std::cell::RefCell;
use std::rc::Rc;

use oomscope_derive::part;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, PointerEvent};
use yew::prelude::*;

use super::chart_frame::{place, resize};
use crate::app::hooks::dark::Dark;
use crate::app::hooks::view::Look;
use crate::app::hooks::width::use_width;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::canvas::paint_overview;
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Timeline as Lanes, View};

/// Height in CSS pixels.
const HEIGHT: f64 = 32.0;
/// Width of the window at least: it must stay a thing to press.
const LEAST: f64 = 12.0;

/// What a press on the strip does.
#[derive(Clone)]
enum Drag {
    /// Moves the window: where it was pressed, and the view then.
    Window(f64, View),
    /// Chooses another range from here on.
    Range(f64),
}

/// The strip. Everything it does the keys and the two inputs do as well; nothing but a picture for those who listen.
#[part]
pub fn OverviewStrip(lanes: &ByPtr<Lanes>, view: &View, section: &String, on_look: &Callback<Look>) -> Html {
    let words = use_words();
    let dark = use_context::<Dark>().is_some_and(|Dark(dark)| dark);
    let (strip, canvas, window) = (use_node_ref(), use_node_ref(), use_node_ref());
    let width = use_width(&strip);
    let drag: Rc<RefCell<Option<Drag>>> = use_mut_ref(|| None);
    let overview = use_memo((lanes.clone(), section.clone(), width as usize), |(lanes, id, width)| {
        Some(ByPtr::new(lanes.overview(lanes.section(id)?, (*width).max(1))))
    });
    let overview = (*overview).clone();
    {
        let canvas = canvas.clone();
        use_effect_with((overview.clone(), width, dark), move |(overview, width, dark)| {
            let (Some(canvas), Some(overview)) = (canvas.cast::<HtmlCanvasElement>(), overview) else { return };
            if *width > 0.0 {
                resize(&canvas, (*width, HEIGHT));
                let theme = if *dark { ChartTheme::dark() } else { ChartTheme::light() };
                let pixels = gloo::utils::window().device_pixel_ratio();
                paint_overview(&canvas, overview, theme, (*width, HEIGHT), pixels);
            }
        });
    }
    let shown = lanes.section(section).zip(overview.as_ref()).map(|(section, overview)| {
        let (from, to) = view.range(section);
        let (first, last) = overview.range;
        let length = last.saturating_sub(first).max(1) as f64;
        let x_of = move |at: i64| at.saturating_sub(first) as f64 / length * width;
        let (left, right) = (x_of(from), x_of(to));
        let wide = (right - left).max(LEAST).min(width);
        ((left.min(width - wide).max(0.0), wide), (first, length))
    });
    {
        let window = window.clone();
        use_effect_with(shown.map(|(window, _)| window), move |shown| {
            if let (Some((left, wide)), Some(window)) = (shown, window.cast::<HtmlElement>()) {
                place(&window, (*left, 0.0));
                resize(&window, (*wide, HEIGHT));
            }
        });
    }
    let Some((_, (first, length))) = shown else { return html! {} };
    let time_at = move |x: f64| first.saturating_add((x / width.max(1.0) * length).round() as i64);
    let x_of = {
        let strip = strip.clone();
        move |event: &PointerEvent| {
            let bounds = strip.cast::<Element>().map(|strip| strip.get_bounding_client_rect());
            bounds.map_or(0.0, |bounds| f64::from(event.client_x()) - bounds.left())
        }
    };
    let press = |is_window: bool| {
        let (drag, x_of, view, strip) = (Rc::clone(&drag), x_of.clone(), view.clone(), strip.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            event.stop_propagation();
            event.prevent_default();
            if let Some(strip) = strip.cast::<Element>() {
                // Without capture a drag ends at the edge, which is no harm.
                let _ = strip.set_pointer_capture(event.pointer_id());
            }
            let x = x_of(&event);
            *drag.borrow_mut() = Some(if is_window { Drag::Window(x, view.clone()) } else { Drag::Range(x) });
        })
    };
    let (on_strip, on_window) = (press(false), press(true));
    let onpointermove = {
        let (drag, x_of, lanes, id) = (Rc::clone(&drag), x_of.clone(), lanes.clone(), section.clone());
        let (view, on_look) = (view.clone(), on_look.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(drag), Some(section)) = (drag.borrow().clone(), lanes.section(&id)) else { return };
            let x = x_of(&event);
            match drag {
                Drag::Window(start, before) => {
                    let (from, to) = before.range(section);
                    let by = ((x - start) / width.max(1.0) * length).round() as i64;
                    let moved = before.with_range(section, from.saturating_add(by), to.saturating_add(by));
                    on_look.emit(Look::Along(moved));
                }
                Drag::Range(start) if (x - start).abs() > 4.0 => {
                    on_look.emit(Look::Along(view.with_range(section, time_at(start), time_at(x))));
                }
                Drag::Range(_) => {}
            }
        })
    };
    let onpointerup = {
        let (lanes, id, view, on_look) = (lanes.clone(), section.clone(), view.clone(), on_look.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(Drag::Range(start)) = drag.borrow_mut().take() else { return };
            let (x, Some(section)) = (x_of(&event), lanes.section(&id)) else { return };
            // A click moves the middle of the window here.
            if (x - start).abs() <= 4.0 {
                let (from, to) = view.range(section);
                let by = time_at(x).saturating_sub(from.saturating_add(to.saturating_sub(from) / 2));
                on_look.emit(Look::At(view.with_range(section, from.saturating_add(by), to.saturating_add(by))));
            }
        })
    };
    html! {
        <div class="overview" ref={strip} title={words.text("page.timeline.overview")} aria-hidden="true"
            onpointerdown={on_strip} {onpointermove} {onpointerup}>
            <canvas ref={canvas}></canvas>
            <div class="overview__window" ref={window} onpointerdown={on_window}></div>
        </div>
    }
}
