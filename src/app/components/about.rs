//! What this is, how it keeps its promise, and its keys.

use gloo::events::EventListener;
use gloo::utils::document;
use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::modal::Modal;
use crate::app::history::page_address;
use crate::app::hooks::open::is_taken;
use crate::app::terms::TERMS;
use crate::app::words::use_words;

/// A button, and what it and the key `?` open.
#[part]
pub fn About() -> Html {
    let words = use_words();
    let open = use_state_eq(|| false);
    let set = {
        let open = open.setter();
        Callback::from(move |shown: bool| open.set(shown))
    };
    {
        let set = set.clone();
        use_effect_with((), move |()| {
            let listener = EventListener::new(&document(), "keydown", move |event| {
                if event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "?" && !is_taken(key)) {
                    set.emit(true);
                }
            });
            move || drop(listener)
        });
    }
    let name = words.text("page.about");
    let keys = ["page.about.keys.paste", "page.findings.keys", "page.about.keys.source", "page.timeline.keys"];
    html! {
        <>
            <button type="button" class="button button--quiet" aria-haspopup="dialog" aria-label={name.clone()} title={name.clone()}
                onclick={set.reform(|_: MouseEvent| true)}>{ "?" }</button>
            if *open {
                <Modal id="about" title={name} small=true on_close={set.reform(|()| false)}>
                    <p>{ words.text("page.lead") }</p>
                    <p>{ words.text("page.promise.how") }</p>
                    <details class="details">
                        <summary>{ words.text("page.about.terms") }</summary>
                        <dl class="terms">
                            for (term, about) in TERMS { <dt>{ words.text(term) }</dt><dd>{ words.text(about) }</dd> }
                        </dl>
                    </details>
                    <h3>{ words.text("page.about.keys") }</h3>
                    <ul class="finding__list">for key in keys { <li>{ words.text(key) }</li> }</ul>
                    // A page from disk is that file.
                    if !page_address().is_empty() {
                        <p><a href="oomscope.html" download="oomscope.html">{ words.text("page.about.file") }</a>{ ". " }{ words.text("page.about.file.how") }</p>
                    }
                    <p class="note">
                        { "oomscope " }{ env!("CARGO_PKG_VERSION") }
                        if let Some(commit) = option_env!("OOMSCOPE_BUILD") { { " (" }{ commit }{ ")" } }
                        { " · " }
                        if !page_address().is_empty() {
                            <a href="changes.txt" target="_blank">{ words.text("page.about.changes") }</a>{ " · " }
                        }
                        { "MIT OR Apache-2.0" }
                    </p>
                </Modal>
            }
        </>
    }
}
