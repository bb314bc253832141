//! What this is, how it keeps its promise, and its keys.

use gloo::events::EventListener;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::hooks::open::is_taken;
use crate::app::words::use_words;

/// A button, and what it and the key `?` open.
#[component]
pub fn About() -> Html {
    let words = use_words();
    let dialog = use_node_ref();
    let show = {
        let dialog = dialog.clone();
        Callback::from(move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>().filter(|dialog| !dialog.open()) {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            }
        })
    };
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| dialog.cast::<HtmlDialogElement>().iter().for_each(|dialog| dialog.close()))
    };
    {
        let show = show.clone();
        use_effect_with((), move |()| {
            let listener = EventListener::new(&document(), "keydown", move |event| {
                if event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "?" && !is_taken(key)) {
                    show.emit(());
                }
            });
            move || drop(listener)
        });
    }
    let keys = ["page.about.keys.paste", "page.findings.keys", "page.about.keys.source", "page.timeline.keys"];
    html! {
        <>
            <button type="button" class="button button--quiet" aria-haspopup="dialog" aria-label={words.text("page.about")} title={words.text("page.about")}
                onclick={show.reform(|_: MouseEvent| ())}>{ "?" }</button>
            <dialog class="belongs" ref={dialog} aria-labelledby="about">
                <h2 id="about">{ words.text("page.about") }</h2>
                <p>{ words.text("page.lead") }</p>
                <p>{ words.text("page.promise.how") }</p>
                <h3>{ words.text("page.about.keys") }</h3>
                <ul class="finding__list">for key in keys { <li>{ words.text(key) }</li> }</ul>
                <p class="note">{ "oomscope " }{ env!("CARGO_PKG_VERSION") }{ " · MIT OR Apache-2.0" }</p>
                <p><button type="button" class="button" onclick={close}>{ words.text("page.share.close") }</button></p>
            </dialog>
        </>
    }
}
