//! What could not be used, line by line.

use oomscope_derive::part;
use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::use_words;
use crate::report::Report;

/// Warnings that are in the document all the time.
const WHOLE: usize = 25;
/// Height of a warning, about.
const ROW: f64 = 28.0;

/// The list.
#[part]
pub fn Warnings(ready: &PageReady) -> Html {
    let words = use_words();
    let warnings = ready.report.warnings_by_kind();
    let window = use_window(warnings.len(), WHOLE, ROW);
    let fact = |source: u16, line: u32| {
        let at = line_span(source, line)?;
        Some(html! { <Fact text={words.fill("page.line", &[("n", &line.to_string())])} {at} /> })
    };
    let item = |nth: usize| {
        let Some((warning, others)) = warnings.get(nth) else { return html! {} };
        html! {
                    <li key={nth} aria-posinset={window.position(nth)} aria-setsize={window.size()}>
                        if let Some(fact) = fact(warning.source, warning.line) { { fact }{ ": " } }
                        { warning.say(words.0) }
                        if !others.is_empty() {
                            { " " }{ words.count("page.warnings.alike", others.len() as u64) }
                            { for others.iter().take(Report::ALIKE).map(|line| html! { <>{ " " }{ fact(warning.source, *line) }</> }) }
                            if others.len() > Report::ALIKE { { " …" } }
                        }
                    </li>
        }
    };
    html! {
        <>
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.section.warnings")}>
                <ul class="warnings window" ref={window.body()}>{ window.rows(Shape::List, item) }</ul>
            </Pane>
        </>
    }
}
