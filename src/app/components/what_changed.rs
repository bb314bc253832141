//! What texts that were added or taken out changed, above the answer.

use oomscope_derive::part;
use yew::prelude::*;

use crate::analysis::gaps::Gap;
use crate::app::changes::Changes;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::i18n::list;

/// The list.
#[part]
pub fn WhatChanged(changes: &ByPtr<Changes>) -> Html {
    let words = use_words();
    let Changes { filled, learnt, headline, lede, findings, actions, sizing, again } = &**changes;
    let learnt: Vec<String> = learnt.iter().map(|(key, value)| format!("{} {value}", words.text(key))).collect();
    let before = [("page.changes.headline", headline), ("page.changes.sizing", sizing)];
    let new = [("page.changes.lede", lede), ("page.changes.finding", findings), ("page.changes.action", actions)];
    let new = new.into_iter().flat_map(|(key, all)| all.iter().map(move |said| (key, said)));
    let mut names: Vec<&str> = Vec::new();
    for name in filled.iter().map(name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let unchanged = Changes { filled: filled.clone(), again: again.clone(), ..Changes::default() };
    html! {
        <ul class="changes" aria-label={words.text("page.changes")}>
            for name in names { <li>{ "✓ " }{ words.text("page.changes.filled") }{ " " }{ words.text(name) }</li> }
            if !learnt.is_empty() {
                <li>{ words.fill("page.changes.learnt", &[("what", &list(words.0, "list.items", learnt))]) }</li>
            }
            for (key, said) in new { <li>{ words.fill(key, &[("said", &said.say(words.0))]) }</li> }
            for (key, said) in before {
                if let Some(said) = said { <li>{ words.fill(key, &[("before", &said.say(words.0))]) }</li> }
            }
            if **changes == unchanged { <li>{ words.text("page.changes.same") }</li> }
            if let Some(name) = again { <li>{ words.fill("page.changes.again", &[("name", name)]) }</li> }
        </ul>
    }
}

/// What was asked for, in a word.
fn name(gap: &Gap) -> &'static str {
    match gap.key.split('.').nth(1).unwrap_or_default() {
        "argument-file" | "flags" => "page.changes.filled.flags",
        "clock" => "page.changes.filled.clock",
        "crash-file" => "page.changes.filled.crash-file",
        "gc-log" => "page.changes.filled.gc-log",
        "limit" => "page.changes.filled.limit",
        "machine" => "page.changes.filled.machine",
        "nmt" => "page.changes.filled.nmt",
        "resident" => "page.changes.filled.resident",
        _ => "page.changes.filled.kernel",
    }
}
