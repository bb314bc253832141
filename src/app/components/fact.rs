//! A number that leads to its line.

use oomscope_derive::part;
use yew::prelude::*;

use crate::app::controls::use_controls;
use crate::app::words::use_words;
use crate::source::Span;

/// False for a report that came without its texts, as a context: then a line has a number and nowhere to lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasTexts(pub bool);

/// Characters of a value that stays on one line.
const LONG: usize = 30;

/// A value from the text; a press shows the line it stands on.
#[part]
pub fn Fact(
    text: &AttrValue,
    /// Where it was read. Without, it is text like any other.
    #[prop_or_default]
    at: &Option<Span>,
    /// The same in other words, for who asks.
    #[prop_or_default]
    also: &Option<AttrValue>,
    /// False where the same value can be reached elsewhere: then Tab passes it.
    #[prop_or(true)]
    by_key: &bool,
) -> Html {
    let words = use_words();
    let controls = use_controls();
    let has_texts = use_context::<HasTexts>().is_none_or(|HasTexts(has_texts)| has_texts);
    let (Some(at), Some(controls)) = (*at, controls) else {
        return html! { <span title={also.clone()}>{ text.clone() }</span> };
    };
    let onclick = Callback::from(move |event: MouseEvent| controls.show(at, &event));
    let line = words.fill("page.fact.line", &[("n", &at.line.to_string())]);
    let line = also.as_ref().map_or_else(|| line.clone(), |also| format!("{also} · {line}"));
    if !has_texts {
        return html! { <span class="value" title={line}>{ text.clone() }</span> };
    }
    let tabindex = (!by_key).then_some("-1");
    if text.chars().count() > LONG {
        // A button is a box of its own, which a sentence would have to flow around.
        let onclick = onclick.reform(|event: MouseEvent| {
            event.prevent_default();
            event
        });
        return html! { <a href="#" class="fact" title={line} {tabindex} {onclick}>{ text.clone() }</a> };
    }
    html! { <button type="button" class="fact" title={line} {tabindex} {onclick}>{ text.clone() }</button> }
}
