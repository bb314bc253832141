//! What the report was made of, each text of it to be taken out.

use oomscope_derive::part;
use yew::prelude::*;

use crate::app::controls::{PageReady, use_controls, with};
use crate::app::session::Action;
use crate::app::words::{size, use_words};

/// Texts that are named.
const NAMED: usize = 200;

/// The list.
#[part]
pub fn SourcesList(ready: &PageReady) -> Html {
    let words = use_words();
    let controls = use_controls();
    let several = ready.texts.len() > 1;
    let take_out = |nth: usize| with(&controls, move |controls, _: MouseEvent| controls.send(Action::TakeOut(nth)));
    html! {
        <ul class="sources">
            for (nth, source) in ready.report.sources.iter().enumerate().take(NAMED) {
                <li key={nth} class="sources__one">
                    <span>{ &source.name }</span>
                    { " " }<small class="note">{ size(source.bytes) }{ ", " }{ words.count("page.contents.lines", u64::from(source.lines)) }</small>
                    if several && !ready.maps.is_empty() {
                        { " " }<button type="button" class="button button--small" aria-label={format!("{}: {}", words.text("page.sources.take-out"), source.name)}
                            onclick={take_out(nth)}>{ words.text("page.sources.take-out") }</button>
                    }
                </li>
            }
        </ul>
    }
}
