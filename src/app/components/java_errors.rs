//! What the JVM itself said, and what else ended processes.

use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::use_words;
use crate::i18n::{format, number};
use crate::model::names;

/// Rows that are in the document all the time.
const WHOLE: usize = 25;
/// Height of a row, about.
const ROW: f64 = 28.0;

#[derive(Properties, PartialEq)]
pub struct ErrorsProps {
    /// The report.
    pub ready: PageReady,
}

/// Errors of the JVM.
#[component]
pub fn JavaErrors(ErrorsProps { ready }: &ErrorsProps) -> Html {
    let words = use_words();
    let errors = &ready.report.java_errors;
    let window = use_window(errors.len(), WHOLE, ROW);
    let item = |nth: usize| {
        let Some(error) = errors.get(nth) else { return html! {} };
        html! {
                    <li key={nth} aria-posinset={window.position(nth)} aria-setsize={window.size()}>
                        <Fact text={words.fill("page.line", &[("n", &error.first_line.to_string())])} at={line_span(error.source, error.first_line)} />
                        { ": " }<code>{ &error.message }</code>
                        if let Some(thread) = &error.thread {
                            { " " }<small>{ words.fill("page.error.thread", &[("name", thread)]) }</small>
                        }
                        if error.told { { " " }<small>{ words.text("text.told") }</small> }
                        if error.count > 1 { { " " }<small>{ format!("×{}", number(error.count)) }</small> }
                        if let Some(time) = error.time.map(|time| format::time(time, ready.report.zone)).or(error.local_time.map(format::local_time)) {
                            { " " }<small>{ time }</small>
                        }
                    </li>
        }
    };
    html! {
        <>
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.section.errors")}>
                <ul class="events window" ref={window.body()}>{ window.rows(Shape::List, item) }</ul>
            </Pane>
        </>
    }
}

/// Other killers and look-alikes.
#[component]
pub fn Events(ErrorsProps { ready }: &ErrorsProps) -> Html {
    let words = use_words();
    let events = &ready.report.events;
    let window = use_window(events.len(), WHOLE, ROW);
    let item = |nth: usize| {
        let Some(event) = events.get(nth) else { return html! {} };
        html! {
                    <li key={nth} aria-posinset={window.position(nth)} aria-setsize={window.size()}>
                        <Fact text={words.fill("page.line", &[("n", &event.first_line.to_string())])} at={line_span(event.source, event.first_line)} />
                        { ": " }
                        { words.text(event.kind.key()) }
                        if let Some(name) = &event.name { { " " }<code>{ name }</code> }
                        if let Some(pid) = event.pid { { " " }<small>{ words.fill("page.pid", &[("pid", &pid.to_string())]) }</small> }
                        if event.told { { " " }<small>{ words.text("text.told") }</small> }
                        if let Some(time) = event.lasted {
                            { " " }<small>{ words.fill("text.lasted", &[("time", &format::duration(words.0, time))]) }</small>
                        }
                        if let Some(count) = event.restarts {
                            { " " }<small>{ words.fill("text.restarts", &[("count", &number(count))]) }</small>
                        }
                        for (name, size) in event.sizes.iter() {
                            { " " }<small>{ format!("{} {}", names::said(words.0, name), format::size(*size)) }</small>
                        }
                        if let Some(time) = event.time.map(|time| format::time(time, ready.report.zone)).or(event.local_time.map(format::local_time)) {
                            { " " }<small>{ time }</small>
                        }
                    </li>
        }
    };
    html! {
        <>
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.section.events")}>
                <ul class="events window" ref={window.body()}>{ window.rows(Shape::List, item) }</ul>
            </Pane>
        </>
    }
}
