//! The cross-hair of the timeline, what stands under it, and everything that pointer and keys do on it. Nothing here draws the
//! data again.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use super::chart_frame::{place, resize};
use super::fact::{Fact, HasTexts};
use crate::app::controls::{Controls, use_controls};
use crate::app::hooks::view::Look;
use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::chart::timeline::{Layout, Readout, Section, SectionBox, Timeline as Lanes, View};
use crate::i18n::{list, number};
use crate::source::Span;

/// Pixels that a press may move and still be a click.
const CLICK: f64 = 4.0;
/// How near to a mark a click must be.
const NEAR: f64 = 12.0;
/// Values and marks of one moment that are told.
const READ_OUT: usize = 40;
/// Lines that they stand on.
const LINES: usize = 3;
/// Milliseconds of rest before a value is announced.
const REST: u32 = 250;

/// Where the cross-hair is.
#[derive(Clone, Debug, PartialEq)]
struct Cursor {
    section: usize,
    at: i64,
    /// Stays when the pointer leaves.
    pinned: bool,
    /// The other end of a stretch that is being chosen.
    anchor: Option<i64>,
}

/// A press that has not ended.
#[derive(Clone)]
struct Drag {
    section: usize,
    x: f64,
    at: i64,
    pans: bool,
    /// The section that was placed by hand and is moved now.
    moves: Option<String>,
    view: View,
}

/// Cross-hair and selection, and in its own place the readout.
#[part]
pub fn TimelineCursor(
    lanes: &ByPtr<Lanes>,
    /// Where it stands.
    layout: &ByPtr<Layout>,
    view: &View,
    /// True while the next two clicks choose a range.
    choosing: &bool,
    /// The element that is pointed at.
    stage: &NodeRef,
    /// The element that tells what is under the cross-hair, if there is one.
    readout: &NodeRef,
    /// Id of the section whose end is told while nobody points anywhere. `None` for the first with samples.
    at_rest: &Option<String>,
    on_look: &Callback<Look>,
    /// Called with the section that the reader does something in.
    on_section: &Callback<String>,
    /// Called when the two clicks are done.
    on_choosing: &Callback<bool>,
) -> Html {
    let words = use_words();
    let controls = use_controls();
    // Without texts there are no lines to lead to.
    let has_texts = use_context::<HasTexts>().is_none_or(|HasTexts(has_texts)| has_texts);
    let cursor = use_state_eq(|| None::<Cursor>);
    let announced = use_state_eq(String::new);
    let resting: Rc<RefCell<Option<Timeout>>> = use_mut_ref(|| None);
    let drag: Rc<RefCell<Option<Drag>>> = use_mut_ref(|| None);
    let acting = Acting {
        words,
        lanes: lanes.clone(),
        layout: layout.clone(),
        view: view.clone(),
        choosing: *choosing,
        cursor: cursor.clone(),
        drag,
        on_look: on_look.clone(),
        on_section: on_section.clone(),
        on_choosing: on_choosing.clone(),
        controls: controls.filter(|_| has_texts),
        on_rest: {
            let announced = announced.setter();
            Callback::from(move |text: String| {
                let announced = announced.clone();
                *resting.borrow_mut() = Some(Timeout::new(REST, move || announced.set(text)));
            })
        },
    };
    // The listeners are made once and look here for what is true now.
    let now: Rc<RefCell<Option<Acting>>> = use_mut_ref(|| None);
    *now.borrow_mut() = Some(acting);
    use_effect_with(stage.clone(), move |stage| {
        let listeners = stage.cast::<Element>().map(|stage| listen(&stage, &now)).unwrap_or_default();
        move || {
            drop(listeners);
            // Holds handles that hold this effect.
            *now.borrow_mut() = None;
        }
    });

    let shown = cursor.as_ref().and_then(|cursor| Some((cursor.clone(), layout.section(cursor.section)?.clone())));
    let (line, selection) = (use_node_ref(), use_node_ref());
    {
        let (line, selection) = (line.clone(), selection.clone());
        use_effect_with(shown.clone(), move |shown| {
            let Some((cursor, section)) = shown else { return };
            let x = section.x_of(cursor.at).clamp(section.left, section.right);
            let height = section.bottom - section.top;
            if let Some(line) = line.cast::<HtmlElement>() {
                place(&line, (x, section.top));
                resize(&line, (1.0, height));
            }
            if let (Some(selection), Some(anchor)) = (selection.cast::<HtmlElement>(), cursor.anchor) {
                let other = section.x_of(anchor).clamp(section.left, section.right);
                place(&selection, (x.min(other), section.top));
                resize(&selection, ((x - other).abs(), height));
            }
        });
    }
    // Where nobody points, the end of what is seen is told: the readout is never empty, and does not change its height.
    let resting = || {
        let end = |section| Some((section, lanes.last_seen(section, view)?, None));
        match at_rest {
            Some(id) => end(lanes.section(id)?),
            None => lanes.sections.iter().find_map(end),
        }
    };
    let pointed =
        cursor.as_ref().and_then(|cursor| Some((lanes.sections.get(cursor.section)?, cursor.at, cursor.anchor)));
    let host = readout.cast::<Element>();
    let told = host
        .and_then(|host| Some((readout_of(words, lanes, view, pointed.or_else(resting)?, pointed.is_none()), host)));
    use_steady_height(readout, layout.width);
    html! {
        <>
            if let Some((cursor, _)) = &shown {
                if cursor.anchor.is_some() {
                    <div class="chart__selection" ref={selection} aria-hidden="true"></div>
                }
                <div class="chart__hair" ref={line} aria-hidden="true"></div>
            }
            <p class="visually-hidden" aria-live="polite">{ (*announced).clone() }</p>
            if let Some((told, host)) = told {
                { create_portal(told, host) }
            }
        </>
    }
}

/// What has no value at a moment is left out; the element stays as high as it was, so that nothing below it moves.
#[hook]
fn use_steady_height(element: &NodeRef, width: f64) {
    let tallest = use_mut_ref(|| (0.0, 0));
    let element = element.clone();
    use_effect(move || {
        let Some(element) = element.cast::<HtmlElement>() else { return };
        let mut tallest = tallest.borrow_mut();
        if tallest.0 != width {
            // Fails only for a name that is none.
            let _ = element.style().remove_property("min-height");
            *tallest = (width, 0);
        }
        let height = element.offset_height();
        if height > tallest.1 {
            *tallest = (width, height);
            let _ = element.style().set_property("min-height", &format!("{height}px"));
        }
    });
}

/// The exact values of one moment and where they were read.
fn readout_of(
    words: Words,
    lanes: &Lanes,
    view: &View,
    (section, at, anchor): (&Section, i64, Option<i64>),
    at_rest: bool,
) -> Html {
    let readout = lanes.readout(section, view, at);
    let range = anchor.map(|anchor| range_in_words(words, lanes, (section, view), anchor, at));
    let now = || lanes.moment_in_words(view.clock(section), at, 1);
    let time = readout.as_ref().map_or_else(now, |readout| readout.time.clone());
    let lines = readout.as_ref().map(Readout::lines).unwrap_or_default();
    let mut rows = readout.map(|readout| readout.rows).unwrap_or_default();
    let left = rows.len().saturating_sub(READ_OUT);
    rows.truncate(READ_OUT);
    let mut owner = String::new();
    let has_owners = rows.iter().any(|row| Some(&row.owner) != rows.first().map(|first| &first.owner));
    let rows = rows.into_iter().map(|row| {
        let is_next = has_owners && row.owner != owner;
        owner.clone_from(&row.owner);
        html! {
            <>
                if is_next { <li class="readout__owner">{ row.owner }</li> }
                <li class="readout__value">
                    <span class={format!("swatch swatch--{}", row.role.name())} aria-hidden="true"></span>
                    { row.label }{ " " }
                    if let Some(lane) = row.lane { <small>{ lane }</small>{ " " } }
                    <Fact text={row.value.text} at={row.value.span} by_key={false} />
                    if let Some(exact) = row.value.exact { { " " }<small>{ exact }</small> }
                </li>
            </>
        }
    });
    html! {
        <>
            <p class={classes!("readout__when", at_rest.then_some("readout__when--rest"))}>
                <span>{ &section.title }</span>
                <strong>{ range.unwrap_or(time) }</strong>
                for line in lines.iter().take(LINES) {
                    <Fact text={words.fill("page.line", &[("n", &number(line.line.into()))])} at={*line} />
                }
                for mark in lanes.marks_at(section, at).take(READ_OUT) { <Fact text={lanes.mark_in_words(section, view, mark)} at={mark.span} /> }
            </p>
            <ul class="readout__values">
                for row in rows { { row } }
                if left > 0 { <li>{ words.fill("page.timeline.more-values", &[("n", &number(left as u64))]) }</li> }
            </ul>
        </>
    }
}

fn range_in_words(words: Words, lanes: &Lanes, (section, view): (&Section, &View), a: i64, b: i64) -> String {
    let grain = view.grain(section);
    let [from, to] = [a.min(b), a.max(b)].map(|at| lanes.moment_in_words(view.clock(section), at, grain));
    words.fill("page.timeline.from-to", &[("from", &from), ("to", &to)])
}

/// What pointer and keys act on.
#[derive(Clone)]
struct Acting {
    words: Words,
    lanes: ByPtr<Lanes>,
    layout: ByPtr<Layout>,
    view: View,
    choosing: bool,
    cursor: UseStateHandle<Option<Cursor>>,
    drag: Rc<RefCell<Option<Drag>>>,
    on_look: Callback<Look>,
    on_section: Callback<String>,
    on_choosing: Callback<bool>,
    controls: Option<Controls>,
    on_rest: Callback<String>,
}

fn listen(stage: &Element, now: &Rc<RefCell<Option<Acting>>>) -> Vec<EventListener> {
    let on = |name: &'static str, act: fn(&Acting, &Element, &web_sys::Event)| {
        let (now, element) = (Rc::clone(now), stage.clone());
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(stage, name, options, move |event| {
            let acting = now.borrow().clone();
            if let Some(acting) = acting {
                act(&acting, &element, event);
            }
        })
    };
    vec![
        on("pointerdown", Acting::press),
        on("pointermove", Acting::move_to),
        on("pointerup", Acting::release),
        on("pointercancel", |acting, _, _| {
            acting.drag.borrow_mut().take();
        }),
        on("pointerleave", |acting, _, _| acting.leave()),
        on("dblclick", |acting, stage, event| {
            if acting.place_of(stage, event).is_some() {
                acting.reset();
            }
        }),
        on("wheel", Acting::wheel),
        on("keydown", Acting::key),
    ]
}

impl Acting {
    fn section(&self, at: usize) -> Option<&Section> {
        self.lanes.sections.get(at)
    }

    /// A section with its place; only where it is near the view.
    fn placed(&self, at: usize) -> Option<(&Section, &SectionBox)> {
        self.section(at).zip(self.layout.section(at))
    }

    /// Section and position of an event over the plots. `None` over buttons and beside them.
    fn place_of(&self, stage: &Element, event: &web_sys::Event) -> Option<(usize, f64, f64)> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        if target.closest("button").ok().flatten().is_some() {
            return None;
        }
        let (x, y) = position(stage, event)?;
        let section = self.layout.section_at(y)?;
        (x >= section.left - NEAR && x <= section.right + NEAR).then_some((section.at, x, y))
    }

    /// What a reader placed in the lane at that height.
    fn placed_at(&self, section: &SectionBox, y: f64) -> Option<String> {
        let lane = section.lanes.iter().find(|lane| y <= lane.bottom)?;
        self.lanes.by_hand.iter().find(|placed| placed.owner == lane.owner).map(|placed| placed.id.clone())
    }

    /// The sample nearest to a time, as far as it is seen.
    fn nearest(&self, section: &Section, at: i64) -> i64 {
        let sample = self.lanes.readout(section, &self.view, at).map(|readout| readout.at);
        let (from, to) = self.view.range(section);
        sample.filter(|sample| (from..=to).contains(sample)).unwrap_or(at)
    }

    fn look(&self, section: &Section, look: Look) {
        self.on_section.emit(section.id.clone());
        self.on_look.emit(look);
    }

    fn reset(&self) {
        self.cursor.set(None);
        self.on_choosing.emit(false);
        self.on_look.emit(Look::At(self.view.reset()));
    }

    fn press(&self, stage: &Element, event: &web_sys::Event) {
        let Some(pointer) = event.dyn_ref::<PointerEvent>().filter(|pointer| pointer.button() == 0) else { return };
        let Some((section, x, y)) = self.place_of(stage, event) else { return };
        let Some((_, section_box)) = self.placed(section) else { return };
        let moves = pointer.alt_key().then(|| self.placed_at(section_box, y)).flatten();
        // Without capture a drag ends at the edge, which is no harm.
        let _ = stage.set_pointer_capture(pointer.pointer_id());
        // Dragging would select the texts.
        event.prevent_default();
        if let Some(stage) = stage.dyn_ref::<HtmlElement>() {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = stage.focus_with_options(&options);
        }
        let (at, pans) = (section_box.time_at(x), pointer.shift_key());
        *self.drag.borrow_mut() = Some(Drag { section, x, at, pans, moves, view: self.view.clone() });
    }

    fn move_to(&self, stage: &Element, event: &web_sys::Event) {
        let drag = self.drag.borrow().clone();
        if let Some(drag) = drag {
            let (Some((section, section_box)), Some((x, _))) = (self.placed(drag.section), position(stage, event))
            else {
                return;
            };
            if (x - drag.x).abs() <= CLICK {
                return;
            }
            if let Some(id) = &drag.moves {
                let length = section_box.range.1.saturating_sub(section_box.range.0) as f64;
                let by = (x - drag.x) / (section_box.right - section_box.left).max(1.0) * length;
                // The axis must stay under the pointer, though its extent follows what is on it.
                let (from, to) = section_box.range;
                let view = drag.view.with_range(section, from, to).moved(id, by.round() as i64);
                self.look(section, Look::Along(view));
            } else if drag.pans {
                let share = (drag.x - x) / (section_box.right - section_box.left).max(1.0);
                self.look(section, Look::Along(drag.view.panned(section, share)));
            } else {
                let at = section_box.time_at(x);
                self.cursor.set(Some(Cursor { section: drag.section, at, pinned: false, anchor: Some(drag.at) }));
            }
            return;
        }
        let anchor = self.cursor.as_ref().filter(|_| self.choosing).and_then(|cursor| cursor.anchor);
        if anchor.is_none() && self.cursor.as_ref().is_some_and(|cursor| cursor.pinned) {
            return;
        }
        match self.place_of(stage, event) {
            Some((at, x, _)) => {
                let Some((section, section_box)) = self.placed(at) else { return };
                // The second end of a range stays in the section of the first.
                if anchor.is_some() && self.cursor.as_ref().is_some_and(|cursor| cursor.section != at) {
                    return;
                }
                let time = self.nearest(section, section_box.time_at(x));
                self.cursor.set(Some(Cursor { section: at, at: time, pinned: anchor.is_some(), anchor }));
            }
            None => self.leave(),
        }
    }

    fn release(&self, stage: &Element, event: &web_sys::Event) {
        let Some(drag) = self.drag.borrow_mut().take() else { return };
        let (Some((section, section_box)), Some((x, y))) = (self.placed(drag.section), position(stage, event)) else {
            return;
        };
        if (x - drag.x).abs() > CLICK {
            if !drag.pans && drag.moves.is_none() {
                self.zoom(section, drag.at, section_box.time_at(x));
            }
            return;
        }
        let at = self.nearest(section, section_box.time_at(x));
        let before = (*self.cursor).clone().filter(|cursor| cursor.section == drag.section && cursor.pinned);
        // The second of two clicks: after the button, or with Shift after the cross-hair was set.
        let first = match &before {
            Some(cursor) if self.choosing => cursor.anchor,
            Some(cursor) if drag.pans => Some(cursor.at),
            _ => None,
        };
        if let Some(first) = first {
            self.zoom(section, first, at);
            self.on_choosing.emit(false);
            return;
        }
        self.on_section.emit(section.id.clone());
        if self.choosing {
            self.set(Cursor { section: drag.section, at, pinned: true, anchor: Some(at) });
            return;
        }
        if let (Some(span), Some(controls)) = (self.mark_near(drag.section, x, y), &self.controls) {
            controls.show_from(span, stage.dyn_ref::<HtmlElement>().cloned());
            return;
        }
        match before {
            // A second click on the same sample lets the cross-hair go.
            Some(cursor) if cursor.at == at => self.cursor.set(None),
            _ => self.set(Cursor { section: drag.section, at, pinned: true, anchor: None }),
        }
    }

    fn zoom(&self, section: &Section, a: i64, b: i64) {
        self.cursor.set(None);
        self.on_rest.emit(range_in_words(self.words, &self.lanes, (section, &self.view), a, b));
        self.look(section, Look::At(self.view.with_range(section, a, b)));
    }

    fn mark_near(&self, section: usize, x: f64, y: f64) -> Option<Span> {
        let (_, section_box) = self.placed(section)?;
        for lane_box in &section_box.lanes {
            let mut marks = lane_box.marks.iter().filter(|_| lane_box.drawn);
            if let Some((.., span)) = marks.find(|(at, height, _)| (at - x).hypot(height - y) <= NEAR) {
                return Some(*span);
            }
        }
        None
    }

    fn leave(&self) {
        if self.drag.borrow().is_none() && self.cursor.as_ref().is_some_and(|cursor| !cursor.pinned) {
            self.cursor.set(None);
        }
    }

    /// Plain wheel scrolls the page; with Ctrl or Cmd it zooms where the pointer is.
    fn wheel(&self, stage: &Element, event: &web_sys::Event) {
        let Some(wheel) = event.dyn_ref::<WheelEvent>().filter(|wheel| wheel.ctrl_key() || wheel.meta_key()) else {
            return;
        };
        let Some((at, x, _)) = self.place_of(stage, event) else { return };
        let Some((section, section_box)) = self.placed(at) else { return };
        event.prevent_default();
        let factor = (wheel.delta_y().clamp(-300.0, 300.0) / 300.0).exp();
        self.look(section, Look::Along(self.view.zoomed(section, section_box.time_at(x), factor)));
    }

    fn key(&self, stage: &Element, event: &web_sys::Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        // Buttons over the canvas keep their keys, and the browser those with Alt, Ctrl and Cmd.
        let on_stage = event.target().is_some_and(|target| target.dyn_ref::<Element>() == Some(stage));
        if !on_stage || key.ctrl_key() || key.meta_key() {
            return;
        }
        let name = key.key();
        let now = (*self.cursor).clone();
        let section_at = now.as_ref().map_or(0, |cursor| cursor.section);
        let Some(section) = self.section(section_at) else { return };
        let range = self.view.range(section);
        let at = now.as_ref().map_or(range.0, |cursor| cursor.at);
        let anchor = now.as_ref().and_then(|cursor| cursor.anchor);
        let pinned = |section: usize, at: i64, anchor: Option<i64>| Cursor { section, at, pinned: true, anchor };
        match (name.as_str(), key.alt_key()) {
            ("ArrowLeft", true) => {
                let _ = window().history().and_then(|history| history.back());
            }
            (_, true) => return,
            ("ArrowLeft" | "ArrowRight", _) => {
                let forward = name == "ArrowRight";
                let next = match &now {
                    Some(_) => self.lanes.next_sample(section, &self.view, at, forward).unwrap_or(at),
                    None => self.nearest(section, if forward { range.0 } else { range.1 }),
                };
                let anchor = if key.shift_key() { anchor.or(Some(at)) } else { anchor.filter(|_| self.choosing) };
                self.follow(section, next);
                self.set(pinned(section_at, next, anchor));
            }
            ("Home" | "End", _) => {
                let next = self.nearest(section, if name == "Home" { range.0 } else { range.1 });
                let anchor = if key.shift_key() { anchor.or(Some(at)) } else { None };
                self.set(pinned(section_at, next, anchor));
            }
            ("ArrowUp" | "ArrowDown", _) => {
                let last = self.lanes.sections.len().saturating_sub(1);
                let next = match (name.as_str(), &now) {
                    (_, None) => 0,
                    ("ArrowUp", _) => section_at.saturating_sub(1),
                    _ => section_at.saturating_add(1).min(last),
                };
                let Some(section) = self.section(next) else { return };
                let at = self.nearest(section, self.view.range(section).0);
                self.on_section.emit(section.id.clone());
                self.set(pinned(next, at, None));
            }
            ("[" | "]", _) => {
                let Some(mark) = self.lanes.next_mark(section, at, name == "]") else {
                    self.on_rest.emit(self.words.text("page.timeline.no-event"));
                    return;
                };
                self.follow(section, mark.at);
                self.set(pinned(section_at, mark.at, None));
            }
            ("+" | "=", _) => self.look(section, Look::At(self.view.zoomed(section, at, 0.5))),
            ("-", _) => self.look(section, Look::At(self.view.zoomed(section, at, 2.0))),
            (",", _) => self.look(section, Look::Along(self.view.panned(section, -0.25))),
            (".", _) => self.look(section, Look::Along(self.view.panned(section, 0.25))),
            ("Enter", _) => match (&now, anchor) {
                (Some(_), Some(anchor)) => {
                    self.zoom(section, anchor, at);
                    self.on_choosing.emit(false);
                }
                (Some(_), None) if self.choosing => self.set(pinned(section_at, at, Some(at))),
                (Some(_), None) => {
                    let sample = |readout: Readout| readout.lines().first().copied();
                    let mark = self.lanes.marks_at(section, at).next().map(|mark| mark.span);
                    let span = mark.or_else(|| self.lanes.readout(section, &self.view, at).and_then(sample));
                    if let (Some(span), Some(controls)) = (span, &self.controls) {
                        controls.show_from(span, stage.dyn_ref::<HtmlElement>().cloned());
                    }
                }
                (None, _) => return,
            },
            ("Escape" | "0", _) => self.reset(),
            _ => return,
        }
        event.prevent_default();
    }

    /// Keeps the cross-hair in view.
    fn follow(&self, section: &Section, at: i64) {
        let (from, to) = self.view.range(section);
        if !(from..=to).contains(&at) {
            let half = to.saturating_sub(from) / 2;
            let view = self.view.with_range(section, at.saturating_sub(half), at.saturating_add(half));
            self.look(section, Look::Along(view));
        }
    }

    /// Sets the cross-hair and says what is there once it rests.
    fn set(&self, cursor: Cursor) {
        if let Some(section) = self.section(cursor.section) {
            let mut parts: Vec<String> = vec![section.title.clone()];
            if let Some(anchor) = cursor.anchor {
                parts.push(range_in_words(self.words, &self.lanes, (section, &self.view), anchor, cursor.at));
            }
            let marks = self.lanes.marks_at(section, cursor.at).take(READ_OUT);
            parts.extend(marks.map(|mark| self.lanes.mark_in_words(section, &self.view, mark)));
            if let Some(readout) = self.lanes.readout(section, &self.view, cursor.at) {
                let values = readout.rows.iter().take(READ_OUT).map(|row| format!("{} {}", row.label, row.value.text));
                parts.extend(std::iter::once(readout.time.clone()).chain(values));
            }
            self.on_rest.emit(list(self.words.0, "list.items", parts));
        }
        self.cursor.set(Some(cursor));
    }
}

/// Where an event is on the stage.
fn position(stage: &Element, event: &web_sys::Event) -> Option<(f64, f64)> {
    let event = event.dyn_ref::<MouseEvent>()?;
    let bounds = stage.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top()))
}
