//! A list of which only the rows near the view are in the document, wherever it scrolls: with the page or in a pane.
//!
//! ```text
//! let window = use_window(rows.len(), 30, 28.0);
//! <tbody ref={window.body()}>{ window.rows(Shape::Table, |nth| html! { <tr key={nth}>…</tr> }) }</tbody>
//! ```
//!
//! Each row is one element with its number as key. Where rows are left out stands a spacer of their height; the row with the
//! focus is never left out.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::utils::{document, window};
use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::printing::use_printing;
use crate::app::window::{Heights, PART, pieces};
use crate::app::words::Words;
use crate::i18n::number;

/// Rows of a long list that are printed.
const PRINTED: usize = 50;
/// What scrolls a long list that does not scroll with the page.
const PANE: &str = ".pane";
/// What stands for rows that are left out.
const SPACER: &str = "window__spacer";

/// What the rows are children of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `<tbody>`.
    Table,
    /// `<ul>` or `<ol>`.
    List,
    /// Anything else.
    Blocks,
}

/// A windowed list.
#[derive(Clone)]
pub struct Window {
    body: NodeRef,
    count: usize,
    whole: usize,
    /// Rows of the part that is shown.
    part: Range<usize>,
    pieces: Rc<Vec<Range<usize>>>,
    on_part: Callback<usize>,
    on_reveal: Callback<usize>,
}

/// A list of `count` rows of about `estimate` pixels. Up to `whole` of them are in the document all the time.
#[hook]
pub fn use_window(count: usize, whole: usize, estimate: f64) -> Window {
    let body = use_node_ref();
    let part_at = use_state_eq(|| 0usize);
    let first = part_at.saturating_mul(PART);
    let part = if first < count { first..first.saturating_add(PART).min(count) } else { 0..count.min(PART) };
    let heights = use_memo((part.clone(), whole, estimate.to_bits()), |(part, whole, estimate)| {
        RefCell::new(Heights::new(part.len(), *whole, f64::from_bits(*estimate)))
    });
    let near = use_state_eq(|| heights.borrow().near(None));
    let focused = use_state_eq(|| None::<usize>);
    let wanted = use_state_eq(|| None::<(usize, u32)>);
    let printing = use_printing();

    let shown = if printing { 0..part.len().min(PRINTED.max(whole)) } else { clamped(&near, part.len()) };
    let kept = [*focused, wanted.map(|(row, _)| row)].into_iter().flatten();
    let kept = kept.filter(|row| part.contains(row)).map(|row| row - part.start);
    let shown = Rc::new(pieces(shown, kept, part.len()));
    let now: Rc<RefCell<Now>> =
        use_mut_ref(|| Now { heights: Rc::clone(&heights), pieces: Rc::clone(&shown), first: 0 });
    *now.borrow_mut() = Now { heights: Rc::clone(&heights), pieces: Rc::clone(&shown), first: part.start };

    let look = {
        let (body, now, near) = (body.clone(), Rc::clone(&now), near.setter());
        move || {
            let view = body.cast::<Element>().and_then(|body| seen_of(&body));
            let rows = now.borrow().heights.borrow().near(view);
            near.set(rows);
        }
    };
    {
        let (body, now, focused) = (body.clone(), Rc::clone(&now), focused.setter());
        use_effect_with((), move |()| {
            let listener = body.cast::<Element>().map(|body| {
                let list = body.clone();
                EventListener::new(&body, "focusin", move |event| {
                    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                    if let Some(row) = target.and_then(|target| now.borrow().row_of(&list, &target)) {
                        focused.set(Some(row));
                    }
                })
            });
            move || drop(listener)
        });
    }
    use_on_move(&body, look.clone());
    // Measures what is there, gives spacers their heights, and leaves what is seen where it was.
    {
        let (body, now) = (body.clone(), Rc::clone(&now));
        use_effect(move || {
            if let Some(body) = body.cast::<Element>() {
                now.borrow().settle(&body);
                look();
            }
        });
    }
    {
        let (body, now) = (body.clone(), Rc::clone(&now));
        use_effect_with(*wanted, move |wanted| {
            let element = wanted.and_then(|(row, _)| now.borrow().element(&body.cast()?, row));
            if let Some(element) = element {
                // Fails only for an element that cannot be focused; then the focus stays.
                let _ = element.focus();
            }
        });
    }
    let on_part = {
        let setter = part_at.setter();
        use_callback((), move |part: usize, ()| setter.set(part))
    };
    let on_reveal = {
        let (wanted, part) = (wanted, part_at.setter());
        Callback::from(move |row: usize| {
            part.set(row / PART);
            wanted.set(Some((row, wanted.map_or(0, |(_, asked)| asked.wrapping_add(1)))));
        })
    };
    Window { body, count, whole, part, pieces: shown, on_part, on_reveal }
}

/// From where to where an element is seen, in pixels from its upper edge, in steps of `step` pixels; `None` while it is not
/// laid out.
#[hook]
pub fn use_seen(node: &NodeRef, step: f64) -> Option<(f64, f64)> {
    let seen = use_state_eq(|| None::<(f64, f64)>);
    let look = {
        let (node, seen) = (node.clone(), seen.setter());
        move || {
            let view = node.cast::<Element>().and_then(|element| seen_of(&element));
            seen.set(view.map(|(top, bottom)| ((top / step).floor() * step, (bottom / step).ceil() * step)));
        }
    };
    use_on_move(node, look.clone());
    use_effect_with((), move |()| look());
    *seen
}

/// Calls back after whatever moves the element or the view.
#[hook]
fn use_on_move(node: &NodeRef, look: impl Fn() + Clone + 'static) {
    let node = node.clone();
    use_effect_with((), move |()| {
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: true };
        let (on_scroll, on_resize) = (look.clone(), look.clone());
        let listeners = [
            EventListener::new_with_options(&document(), "scroll", options, move |_| on_scroll()),
            EventListener::new(&window(), "resize", move |_| on_resize()),
        ];
        let on_size = Closure::<dyn FnMut()>::new(look);
        let observer = ResizeObserver::new(on_size.as_ref().unchecked_ref::<Function>()).ok();
        if let Some(observer) = &observer {
            node.cast::<Element>().iter().for_each(|element| observer.observe(element));
            document().body().iter().for_each(|page| observer.observe(page));
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((listeners, on_size));
        }
    });
}

impl Window {
    /// For the element whose children the rows are.
    pub fn body(&self) -> NodeRef {
        self.body.clone()
    }

    /// True if not all rows are in the document: then the list scrolls in a pane of its own.
    pub fn is_long(&self) -> bool {
        self.count > self.whole
    }

    /// The rows that are in the document, from the first on.
    pub fn shown(&self) -> Vec<Range<usize>> {
        self.pieces.iter().map(|piece| self.part.start + piece.start..self.part.start + piece.end).collect()
    }

    /// The class of what scrolls the list.
    pub fn pane(&self) -> Option<&'static str> {
        self.is_long().then_some("pane")
    }

    /// Puts the focus on a row, which is brought into the document and into view.
    pub fn reveal(&self) -> Callback<usize> {
        self.on_reveal.clone()
    }

    /// How many rows a table has, with so many above the first. `None` if all of them are there.
    pub fn row_count(&self, above: usize) -> Option<String> {
        self.is_long().then(|| (self.count + above).to_string())
    }

    /// Which row of the table one is.
    pub fn row_index(&self, row: usize, above: usize) -> Option<String> {
        self.is_long().then(|| (row + above + 1).to_string())
    }

    /// Which item of the list one is.
    pub fn position(&self, row: usize) -> Option<String> {
        self.row_index(row, 0)
    }

    /// How many items the list has.
    pub fn size(&self) -> Option<String> {
        self.row_count(0)
    }

    /// The rows that are needed, and spacers for the others.
    pub fn rows(&self, shape: Shape, row: impl Fn(usize) -> Html) -> Html {
        let mut out: Vec<Html> = Vec::new();
        // Those at the ends stay while rows come and go: without their heights the list would be short for a moment, and
        // what scrolls it would move.
        let ends = self.is_long();
        for (nth, piece) in self.pieces.iter().enumerate() {
            if nth > 0 || ends {
                out.push(spacer(shape, nth));
            }
            out.extend(piece.clone().map(|at| row(self.part.start + at)));
        }
        if ends {
            out.push(spacer(shape, usize::MAX));
        }
        out.into_iter().collect()
    }

    /// The list in what scrolls it, so that the page does not become longer with it; a short one stands in the page as it is.
    pub fn list(&self, words: Words, name: &str, list: Html) -> Html {
        let long = self.is_long();
        // The same element either way, so that what it holds stays when the list grows.
        html! {
            <>
                { self.parts(words) }
                <div class={if long { "pane pane--blocks" } else { "blocks" }} tabindex={long.then_some("0")} role={long.then_some("group")}
                    aria-label={long.then(|| words.text(name))}>
                    { list }
                </div>
            </>
        }
    }

    /// The same of blocks one below the other.
    pub fn blocks(&self, words: Words, name: &str, block: impl Fn(usize) -> Html) -> Html {
        let rows = self.rows(Shape::Blocks, block);
        self.list(words, name, html! { <div class="window" ref={self.body()}>{ rows }</div> })
    }

    /// What stands above a list that is longer than a browser can scroll, and says on paper how much of it there is.
    pub fn parts(&self, words: Words) -> Html {
        let total = number(self.count as u64);
        let first = number(self.part.start as u64 + 1);
        let (at, last_part) = (self.part.start / PART, self.count.saturating_sub(1) / PART);
        let go = |to: usize| self.on_part.reform(move |_: MouseEvent| to);
        html! {
            <>
                if last_part > 0 {
                    <p class="source__parts">
                        <button type="button" class="button button--small" disabled={at == 0} onclick={go(at.saturating_sub(1))}>{ words.text("page.part.before") }</button>
                        { " " }{ words.fill("page.window.part", &[("first", &first), ("last", &number(self.part.end as u64)), ("total", &total)]) }{ " " }
                        <button type="button" class="button button--small" disabled={at == last_part} onclick={go(at + 1)}>{ words.text("page.part.after") }</button>
                    </p>
                }
                if self.is_long() {
                    <p class="window__printed">{ words.fill("page.window.printed", &[("n", &number(PRINTED as u64)), ("total", &total)]) }</p>
                }
            </>
        }
    }
}

fn spacer(shape: Shape, nth: usize) -> Html {
    let key = format!("spacer-{nth}");
    match shape {
        Shape::Table => html! { <tr {key} class={SPACER} aria-hidden="true"><td colspan="1000"></td></tr> },
        Shape::List => html! { <li {key} class={SPACER} aria-hidden="true"></li> },
        Shape::Blocks => html! { <div {key} class={SPACER} aria-hidden="true"></div> },
    }
}

/// What is in the document just now.
struct Now {
    heights: Rc<RefCell<Heights>>,
    pieces: Rc<Vec<Range<usize>>>,
    /// The first row of the part.
    first: usize,
}

impl Now {
    /// The row that an element belongs to.
    fn row_of(&self, body: &Element, inside: &Element) -> Option<usize> {
        let mut rows = self.rows(body);
        rows.find(|(_, element)| element.contains(Some(inside))).map(|(row, _)| self.first + row)
    }

    /// The element of a row of the whole list.
    fn element(&self, body: &Element, row: usize) -> Option<HtmlElement> {
        let mut rows = self.rows(body);
        rows.find(|(at, _)| self.first + at == row).and_then(|(_, element)| element.dyn_into().ok())
    }

    fn rows(&self, body: &Element) -> impl Iterator<Item = (usize, Element)> {
        let elements = children(body).into_iter().filter(|element| !element.class_list().contains(SPACER));
        let rows: Vec<usize> = self.pieces.iter().cloned().flatten().collect();
        rows.into_iter().zip(elements)
    }

    fn settle(&self, body: &Element) {
        let elements = children(body);
        let spacers: Vec<&Element> = elements.iter().filter(|element| element.class_list().contains(SPACER)).collect();
        if spacers.is_empty() {
            return;
        }
        let seen = seen_of(body).map(|(top, _)| top).filter(|top| *top > 0.0);
        let mut heights = self.heights.borrow_mut();
        let anchor = seen.map(|top| heights.row_at(top)).map(|row| (row, heights.top(row)));
        for (row, element) in self.rows(body) {
            // Between blocks there may be a gap, which belongs to the one above it.
            let top = element.get_bounding_client_rect().top();
            let below = element.next_element_sibling().map(|next| next.get_bounding_client_rect().top());
            let bottom = below.unwrap_or_else(|| element.get_bounding_client_rect().bottom());
            heights.measure(row, bottom - top);
        }
        let ends = [0].into_iter().chain(self.pieces.iter().map(|piece| piece.end));
        let starts = self.pieces.iter().map(|piece| piece.start).chain([heights.count()]);
        for ((end, start), spacer) in ends.zip(starts).zip(spacers) {
            if let Some(spacer) = spacer.dyn_ref::<HtmlElement>() {
                let height = heights.top(start) - heights.top(end);
                // Fails only for names that are none.
                let _ = spacer.style().set_property("height", &format!("{height}px"));
            }
        }
        // While rows come and go the list is as long as before, or what scrolls it would move. Rows of a table would become taller.
        if let Some(list) = body.dyn_ref::<HtmlElement>().filter(|list| list.tag_name() != "TBODY") {
            let _ = list.style().set_property("min-height", &format!("{}px", heights.top(heights.count())));
        }
        let moved = anchor.map_or(0.0, |(row, before)| heights.top(row) - before);
        if moved.abs() >= 1.0 {
            match body.closest(PANE).ok().flatten() {
                Some(pane) => pane.set_scroll_top(pane.scroll_top() + moved.round() as i32),
                None => window().scroll_by_with_x_and_y(0.0, moved),
            }
        }
    }
}

/// A range of another list, or of this one before it became shorter.
fn clamped(rows: &Range<usize>, count: usize) -> Range<usize> {
    rows.start.min(count)..rows.end.min(count)
}

fn children(body: &Element) -> Vec<Element> {
    let children = body.children();
    (0..children.length()).filter_map(|at| children.item(at)).collect()
}

/// From where to where a list is seen, in pixels from its upper edge. `None` while it is not laid out.
fn seen_of(body: &Element) -> Option<(f64, f64)> {
    let list = body.get_bounding_client_rect();
    let height = window().inner_height().ok()?.as_f64()?;
    let pane = body.closest(PANE).ok().flatten().map(|pane| pane.get_bounding_client_rect());
    let (top, bottom) = pane.map_or((0.0, height), |pane| (pane.top().max(0.0), pane.bottom().min(height)));
    // A pane that is itself out of view shows nothing of the list.
    let (top, bottom) = if top <= bottom { (top, bottom) } else { (0.0, height) };
    (list.width() > 0.0).then(|| (top - list.top(), bottom - list.top()))
}
