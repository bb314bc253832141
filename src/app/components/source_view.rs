//! The text of a source as a windowed list: only the lines in view are in the document, and long ones wrap.

use std::collections::BTreeSet;

use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::app::cells::Cells;
use crate::app::controls::PageReady;
use crate::app::hooks::source_lines::{SourceLine, use_source_lines};
use crate::app::hooks::window::{Shape, use_window};
use crate::app::lines::{Stretches, sign};
use crate::app::session::{ByPtr, Shown};
use crate::app::words::{Words, use_words};
use crate::detect::dispatch::LineClass;
use crate::i18n::knows;
use crate::order::Gather as _;
use crate::source::Span;

/// Lines that are in the document all the time, so that the browser finds words in them.
const WHOLE: usize = 600;
/// Height of a line, about.
const ROW: f64 = 22.0;

/// The list.
#[part]
pub fn SourceView(
    ready: &PageReady,
    source: &usize,
    /// The lines that are shown, and their classes.
    stretches: &ByPtr<Stretches>,
    /// The line asked for, if it is in this source.
    shown: &Option<Shown>,
    /// The cells of it that the number was read from.
    cells: &Option<Cells>,
) -> Html {
    let words = use_words();
    let window = use_window(stretches.count(), WHOLE, ROW);
    let wanted: BTreeSet<u32> =
        window.shown().into_iter().flatten().filter_map(|row| stretches.line_at(row)).gathered();
    let blob = ready.texts.get(*source).map(|text| text.blob.clone()).unwrap_or_else(empty);
    let lines = use_source_lines(&blob, &ready.maps, *source, &wanted);
    let is_there = shown.is_some_and(|shown| lines.contains_key(&shown.span.line));
    {
        let (reveal, stretches) = (window.reveal(), stretches.clone());
        use_effect_with(*shown, move |shown| {
            if let Some(shown) = shown {
                reveal.emit(stretches.place_of(shown.span.line));
            }
        });
    }
    // Once it is read, what was asked for stands in the middle.
    {
        let body = window.body();
        use_effect_with((*shown, is_there), move |(_, is_there)| {
            let mark = is_there.then(|| body.cast::<Element>()?.query_selector("mark").ok()?).flatten();
            if let Some((mark, pane)) = mark.and_then(|mark| Some((mark.clone(), mark.closest(".pane").ok()??))) {
                let (mark, view) = (mark.get_bounding_client_rect(), pane.get_bounding_client_rect());
                let off = mark.top() + mark.height() / 2.0 - view.top() - view.height() / 2.0;
                pane.set_scroll_top(pane.scroll_top() + off as i32);
            }
        });
    }
    let is_within = |line: u32| shown.is_some_and(|shown| line > shown.span.line && line <= shown.last);
    let is_warned = |line: u32| {
        ready.report.warnings.iter().any(|warning| usize::from(warning.source) == *source && warning.line == line)
    };
    let row = |nth: usize| {
        let Some(number) = stretches.line_at(nth) else { return html! {} };
        let target = shown.map(|shown| shown.span).filter(|span| span.line == number);
        let marks = Marks {
            class: stretches.class(number),
            target,
            cells: target.and(cells.as_ref()),
            within: is_within(number),
            warned: is_warned(number),
        };
        source_row(words, number, lines.get(&number), &marks)
    };
    html! {
        <>
            { window.parts(words) }
            <div class="source__pane pane" tabindex="0" role="group" aria-label={words.text("page.source")}>
                <ol class="source__rows window" ref={window.body()}>{ window.rows(Shape::List, row) }</ol>
            </div>
        </>
    }
}

/// What is special about a line.
struct Marks<'a> {
    class: Option<LineClass>,
    /// What of it was asked for.
    target: Option<Span>,
    /// Its cells that were asked for.
    cells: Option<&'a Cells>,
    /// One of several lines that were asked for.
    within: bool,
    /// A warning is about it.
    warned: bool,
}

fn source_row(words: Words, number: u32, line: Option<&SourceLine>, marks: &Marks<'_>) -> Html {
    let Marks { class, target, cells, within, warned } = *marks;
    let name = class.map_or("other", |class| class.name());
    let shown = if target.is_some() { Some("line--shown") } else { within.then_some("line--within") };
    let id = target.map(|span| format!("L{}-{}", span.source, span.line));
    html! {
        <li key={number} {id} tabindex="-1" class={classes!("line", format!("line--{name}"), shown)}>
            <span class="line__number">{ number }</span>
            <span class="line__sign" aria-hidden="true">{ class.map(sign).unwrap_or_default() }</span>
            if let Some(class) = class { <span class="visually-hidden">{ class_name(words, class) }</span> }
            <span class="line__warning">{ if warned { "!" } else { "" } }</span>
            <span class="line__text">
                if let Some(line) = line {
                    { marked(&line.text, target, cells) }
                    if line.cut { <small class="note">{ " … " }{ words.text("page.source.cut") }</small> }
                }
            </span>
        </li>
    }
}

/// The text with the part that was asked for marked; the whole line if the part cannot be told.
fn marked(text: &str, target: Option<Span>, cells: Option<&Cells>) -> Html {
    let Some(span) = target else { return html! { { text } } };
    if let Some(places) = cells.and_then(|cells| cells.places(text)) {
        let mut end = 0;
        let mut parts = Vec::new();
        for place in places {
            parts.push(html! { <>{ text.get(end..place.start) }<mark>{ text.get(place.clone()) }</mark></> });
            end = place.end;
        }
        return html! { <>{ for parts }{ text.get(end..) }</> };
    }
    let (start, end) = (span.start as usize, (span.end as usize).min(text.len()));
    let parts = (start < end).then(|| Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))).flatten();
    let (before, part, after) = parts.unwrap_or(("", text, ""));
    html! { <>{ before }<mark>{ part }</mark>{ after }</> }
}

/// No text.
pub fn empty() -> web_sys::Blob {
    // A report always comes with its texts; this stands in where the type allows that it does not.
    web_sys::Blob::new().unwrap_or_else(|_| wasm_bindgen::JsValue::UNDEFINED.unchecked_into())
}

/// What a kind of line is called.
pub fn class_name(words: Words, class: LineClass) -> String {
    let key = format!("class.{}", class.name());
    if knows(&key) { words.text(&key) } else { class.name().to_owned() }
}
