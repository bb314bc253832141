//! What could not be used, line by line.

use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::more::{More, use_more};
use crate::app::page::PageReady;
use crate::app::words::use_words;

/// Warnings shown at once.
const STEP: usize = 25;

#[derive(Properties, PartialEq)]
pub struct WarningsProps {
    /// The report.
    pub ready: PageReady,
}

/// The list.
#[component]
pub fn Warnings(WarningsProps { ready }: &WarningsProps) -> Html {
    let words = use_words();
    let (shown, on_more) = use_more(STEP);
    let warnings = &ready.report.warnings;
    html! {
        <>
            <ul class="warnings">
                for warning in warnings.iter().take(shown) {
                    <li>
                        if let Some(at) = line_span(warning.source, warning.line) {
                            <Fact text={words.fill("page.line", &[("n", &warning.line.to_string())])} {at} />{ ": " }
                        }
                        { warning.say(words.0) }
                    </li>
                }
            </ul>
            <More total={warnings.len()} {shown} {on_more} />
        </>
    }
}
