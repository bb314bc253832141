//! What could not be used, line by line.

use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::use_words;

/// Warnings that are in the document all the time.
const WHOLE: usize = 25;
/// Height of a warning, about.
const ROW: f64 = 28.0;

#[derive(Properties, PartialEq)]
pub struct WarningsProps {
    /// The report.
    pub ready: PageReady,
}

/// The list.
#[component]
pub fn Warnings(WarningsProps { ready }: &WarningsProps) -> Html {
    let words = use_words();
    let warnings = &ready.report.warnings;
    let window = use_window(warnings.len(), WHOLE, ROW);
    let item = |nth: usize| {
        let Some(warning) = warnings.get(nth) else { return html! {} };
        html! {
                    <li key={nth} aria-posinset={window.position(nth)} aria-setsize={window.size()}>
                        if let Some(at) = line_span(warning.source, warning.line) {
                            <Fact text={words.fill("page.line", &[("n", &warning.line.to_string())])} {at} />{ ": " }
                        }
                        { warning.say(words.0) }
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
