//! What texts that were added or taken out changed, above the answer.

use oomscope_derive::part;
use yew::prelude::*;

use crate::app::changes::Changes;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::i18n::list;

/// The list.
#[part]
pub fn WhatChanged(changes: &ByPtr<Changes>) -> Html {
    let words = use_words();
    let Changes { filled, learnt, headline, lede, findings, actions, sizing } = &**changes;
    let learnt: Vec<String> = learnt.iter().map(|(key, value)| format!("{} {value}", words.text(key))).collect();
    let before = [("page.changes.headline", headline), ("page.changes.sizing", sizing)];
    let new = [("page.changes.lede", lede), ("page.changes.finding", findings), ("page.changes.action", actions)];
    let new = new.into_iter().flat_map(|(key, all)| all.iter().map(move |said| (key, said)));
    let unchanged = Changes { filled: filled.clone(), ..Changes::default() };
    html! {
        <ul class="changes" aria-label={words.text("page.changes")}>
            for gap in filled.iter() {
                <li title={words.text(&gap.key)}>{ "✓ " }{ words.text("page.changes.filled") }{ " " }<code>{ &gap.command }</code></li>
            }
            if !learnt.is_empty() {
                <li>{ words.fill("page.changes.learnt", &[("what", &list(words.0, "list.items", learnt))]) }</li>
            }
            for (key, said) in new { <li>{ words.fill(key, &[("said", &said.say(words.0))]) }</li> }
            for (key, said) in before {
                if let Some(said) = said { <li>{ words.fill(key, &[("before", &said.say(words.0))]) }</li> }
            }
            if **changes == unchanged { <li>{ words.text("page.changes.same") }</li> }
        </ul>
    }
}
