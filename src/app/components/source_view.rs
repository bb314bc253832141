//! The text of a source as a windowed list: only the lines in view are in the document.

use gloo::events::EventListener;
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::app::controls::{PageReady, use_controls};
use crate::app::hooks::source_lines::{SourceLine, use_source_lines};
use crate::app::lines::{Stretches, sign};
use crate::app::session::{ByPtr, Shown};
use crate::app::words::{Words, use_words};
use crate::detect::dispatch::LineClass;
use crate::i18n::{knows, number};
use crate::source::Span;

/// Lines above and below the window that are kept ready.
const MARGIN: u32 = 20;
/// Lines in view at most.
const WINDOW: u32 = 60;
/// Browsers end at some millions of pixels: a longer source is shown in parts of so many lines.
const PART: u32 = 200_000;
/// Height of a row, should the document not tell.
const ROW: f64 = 22.0;

#[derive(Properties, PartialEq)]
pub struct SourceViewProps {
    /// The report with its texts.
    pub ready: PageReady,
    /// Which source.
    pub source: usize,
    /// Its lines' classes.
    pub stretches: ByPtr<Stretches>,
    /// The line asked for, if it is in this source.
    pub shown: Option<Shown>,
}

/// The list, with a bar above it while a line is shown that a number led to.
#[component]
pub fn SourceView(SourceViewProps { ready, source, stretches, shown }: &SourceViewProps) -> Html {
    let words = use_words();
    let pane = use_node_ref();
    let spacer = use_node_ref();
    let rows = use_node_ref();
    let total = stretches.lines();
    let part = use_state_eq(|| 0u32);
    let top = use_state_eq(|| 1u32);
    let row = row_height();

    let first_of_part = part.saturating_mul(PART).saturating_add(1);
    let last_of_part = first_of_part.saturating_add(PART).saturating_sub(1).min(total);
    let first = (*top).saturating_sub(MARGIN).max(first_of_part);
    let last = (*top).saturating_add(WINDOW).saturating_add(MARGIN).min(last_of_part);

    // Positions go through the style object: the page's policy allows no style attribute.
    {
        let (spacer, rows) = (spacer.clone(), rows.clone());
        use_effect_with((first_of_part, last_of_part, first), move |(from, to, first)| {
            let lines = to.saturating_add(1).saturating_sub(*from);
            set_style(&spacer, "height", f64::from(lines) * row);
            set_style(&rows, "top", f64::from(first.saturating_sub(*from)) * row);
        });
    }
    let onscroll = {
        let (pane, top) = (pane.clone(), top.setter());
        Callback::from(move |_: Event| {
            if let Some(pane) = pane.cast::<Element>() {
                let above = (f64::from(pane.scroll_top()) / row).max(0.0) as u32;
                top.set(first_of_part.saturating_add(above));
            }
        })
    };
    // Brings the line that was asked for into the middle.
    {
        let (pane, spacer, part, top) = (pane.clone(), spacer.clone(), part.setter(), top.setter());
        use_effect_with(*shown, move |shown| {
            let (Some(shown), Some(pane)) = (shown, pane.cast::<HtmlElement>()) else { return };
            let wanted = shown.span.line.saturating_sub(1) / PART;
            let first = wanted.saturating_mul(PART).saturating_add(1);
            let lines = total.min(first.saturating_add(PART).saturating_sub(1)).saturating_add(1).saturating_sub(first);
            part.set(wanted);
            set_style(&spacer, "height", f64::from(lines) * row);
            let height = f64::from(pane.client_height());
            let y = (f64::from(shown.span.line.saturating_sub(first)) + 0.5) * row - height / 2.0;
            pane.set_scroll_top(y.max(0.0) as i32);
            top.set(first.saturating_add((f64::from(pane.scroll_top()) / row) as u32));
        });
    }
    let blob = ready.texts.get(*source).map(|text| text.blob.clone()).unwrap_or_else(empty);
    let lines = use_source_lines(&blob, &ready.maps, *source, first, last);
    let target = shown.map(|shown| shown.span);
    let is_there = target.is_some_and(|span| lines.iter().any(|line| line.number == span.line));
    // Long lines: the marked part may stand far to the right.
    {
        let pane = pane.clone();
        use_effect_with((*shown, is_there), move |(_, is_there)| {
            let mark = is_there.then(|| pane.cast::<Element>()?.query_selector("mark").ok()?).flatten();
            if let (Some(mark), Some(pane)) = (mark, pane.cast::<Element>()) {
                bring_into_view_sideways(&pane, &mark);
            }
        });
    }
    let within = |line: u32| shown.is_some_and(|shown| line > shown.span.line && line <= shown.last);
    let warned = |line: u32| {
        ready.report.warnings.iter().any(|warning| usize::from(warning.source) == *source && warning.line == line)
    };
    let parts = total.saturating_sub(1) / PART + 1;
    let go_to_part = |nth: u32| {
        let (part, top, pane) = (part.setter(), top.setter(), pane.clone());
        Callback::from(move |_: MouseEvent| {
            part.set(nth);
            top.set(nth.saturating_mul(PART).saturating_add(1));
            if let Some(pane) = pane.cast::<Element>() {
                pane.set_scroll_top(0);
            }
        })
    };
    html! {
        <div class="source">
            if let Some(shown) = shown {
                <ShownBar shown={*shown} line={lines.iter().find(|line| line.number == shown.span.line).map(|line| line.text.clone())} />
            }
            if parts > 1 {
                <p class="source__parts">
                    <button type="button" class="button button--small" disabled={*part == 0} onclick={go_to_part(part.saturating_sub(1))}>{ words.text("page.part.before") }</button>
                    { " " }{ words.fill("page.part", &[("first", &number(first_of_part.into())), ("last", &number(last_of_part.into())), ("total", &number(total.into()))]) }{ " " }
                    <button type="button" class="button button--small" disabled={*part + 1 == parts} onclick={go_to_part(part.saturating_add(1))}>{ words.text("page.part.after") }</button>
                </p>
            }
            <div class="source__pane" ref={pane} tabindex="0" role="group" aria-label={words.text("page.source")} {onscroll}>
                <div class="source__spacer" ref={spacer}>
                    <ol class="source__rows" ref={rows}>
                        for line in lines {
                            { source_row(words, stretches, &line, target.filter(|span| span.line == line.number), within(line.number), warned(line.number)) }
                        }
                    </ol>
                </div>
            </div>
        </div>
    }
}

fn source_row(
    words: crate::app::words::Words,
    stretches: &Stretches,
    line: &SourceLine,
    target: Option<Span>,
    within: bool,
    warned: bool,
) -> Html {
    let class = stretches.class(line.number);
    let name = class.map_or("other", |class| class.name());
    let shown = if target.is_some() { Some("line--shown") } else { within.then_some("line--within") };
    let id = target.map(|span| format!("L{}-{}", span.source, span.line));
    html! {
        <li key={line.number} {id} class={classes!("line", format!("line--{name}"), shown)}>
            <span class="line__number">{ line.number }</span>
            <span class="line__sign" aria-hidden="true">{ class.map(sign).unwrap_or_default() }</span>
            if let Some(class) = class { <span class="visually-hidden">{ class_name(words, class) }</span> }
            <span class="line__warning">{ if warned { "!" } else { "" } }</span>
            <span class="line__text">
                { marked(&line.text, target) }
                if line.cut { <small class="note">{ " … " }{ words.text("page.source.cut") }</small> }
            </span>
        </li>
    }
}

/// The text with the part that was asked for marked; the whole line if the part cannot be told.
fn marked(text: &str, target: Option<Span>) -> Html {
    let Some(span) = target else { return html! { { text } } };
    let (start, end) = (span.start as usize, (span.end as usize).min(text.len()));
    let parts = (start < end).then(|| Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))).flatten();
    let (before, part, after) = parts.unwrap_or(("", text, ""));
    html! { <>{ before }<mark>{ part }</mark>{ after }</> }
}

#[derive(Properties, PartialEq)]
struct ShownBarProps {
    shown: Shown,
    /// The line's text, once it is read.
    line: Option<String>,
}

/// Says which line is shown and leads back to the number. Takes the focus; Escape goes back, too.
#[component]
fn ShownBar(ShownBarProps { shown, line }: &ShownBarProps) -> Html {
    let words = use_words();
    let controls = use_controls();
    let button = use_node_ref();
    {
        let button = button.clone();
        use_effect_with(*shown, move |_| {
            if let Some(button) = button.cast::<HtmlElement>() {
                // Fails only for an element that cannot be focused; then the focus stays.
                let _ = button.focus();
                bring_section_into_view(&button);
            }
        });
    }
    let back = Callback::from(move |()| {
        if let Some(controls) = &controls {
            controls.go_back();
        }
    });
    {
        let back = back.clone();
        use_effect_with((), move |()| {
            let listener = EventListener::new(&document(), "keydown", move |event| {
                if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
                    back.emit(());
                }
            });
            move || drop(listener)
        });
    }
    html! {
        <p class="source__shown">
            <button type="button" class="button button--small" ref={button} aria-describedby="shown-line" onclick={back.reform(|_| ())}>
                { words.text("page.back") }
            </button>
            { " " }<span id="shown-line">
                { lines_in_words(words, shown) }
                <span class="visually-hidden">{ ": " }{ line.clone().unwrap_or_default() }</span>
            </span>
        </p>
    }
}

fn lines_in_words(words: crate::app::words::Words, shown: &Shown) -> String {
    let first = number(shown.span.line.into());
    if shown.last == shown.span.line {
        return words.fill("page.line", &[("n", &first)]);
    }
    words.fill("page.lines", &[("first", &first), ("last", &number(shown.last.into()))])
}

/// On a narrow page the source stands above or below what was read: scroll there.
fn bring_section_into_view(inside: &HtmlElement) {
    if let Ok(Some(section)) = inside.closest(".source") {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        section.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn bring_into_view_sideways(pane: &Element, mark: &Element) {
    let (pane_box, mark_box) = (pane.get_bounding_client_rect(), mark.get_bounding_client_rect());
    let third = pane_box.width() / 3.0;
    if mark_box.left() < pane_box.left() + third.min(120.0) || mark_box.right() > pane_box.right() {
        let by = mark_box.left() - pane_box.left() - third;
        pane.set_scroll_left(pane.scroll_left() + by as i32);
    }
}

fn set_style(node: &NodeRef, name: &str, pixels: f64) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // Fails only for names that are none.
        let _ = element.style().set_property(name, &format!("{pixels}px"));
    }
}

/// `--source-row` in pixels: it follows the reader's font size.
fn row_height() -> f64 {
    let token = || {
        let root = document().document_element()?;
        let style = window().get_computed_style(&root).ok()??;
        let rem: f64 = style.get_property_value("font-size").ok()?.trim_end_matches("px").parse().ok()?;
        let rows: f64 = style.get_property_value("--source-row").ok()?.trim().trim_end_matches("rem").parse().ok()?;
        Some(rem * rows)
    };
    token().filter(|row| *row > 1.0).unwrap_or(ROW)
}

fn empty() -> web_sys::Blob {
    // A report always comes with its texts; this stands in where the type allows that it does not.
    web_sys::Blob::new().unwrap_or_else(|_| wasm_bindgen::JsValue::UNDEFINED.unchecked_into())
}

/// What a kind of line is called.
pub fn class_name(words: Words, class: LineClass) -> String {
    let key = format!("class.{}", class.name());
    if knows(&key) { words.text(&key) } else { class.name().to_owned() }
}
