//! What texts that were added or taken out changed, above the answer.

use yew::prelude::*;

use crate::app::changes::Changes;
use crate::app::session::ByPtr;
use crate::app::words::use_words;

#[derive(Properties, PartialEq)]
pub struct WhatChangedProps {
    /// Against the report before.
    pub changes: ByPtr<Changes>,
}

/// The list.
#[component]
pub fn WhatChanged(WhatChangedProps { changes }: &WhatChangedProps) -> Html {
    let words = use_words();
    let Changes { filled, headline, sizing } = &**changes;
    let before = [("page.changes.headline", headline), ("page.changes.sizing", sizing)];
    html! {
        <ul class="changes" aria-label={words.text("page.changes")}>
            for gap in filled.iter() {
                <li title={words.text(&gap.key)}>{ "✓ " }{ words.text("page.changes.filled") }{ " " }<code>{ &gap.command }</code></li>
            }
            for (key, said) in before {
                if let Some(said) = said { <li>{ words.fill(key, &[("before", &said.say(words.0))]) }</li> }
            }
            if headline.is_none() { <li>{ words.text("page.changes.same") }</li> }
        </ul>
    }
}
