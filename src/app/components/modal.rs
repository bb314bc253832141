//! A dialog over the page: it has a title and a button that closes it, and the browser keeps the focus in it until Escape.

use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::app::words::use_words;

/// The dialog, open for as long as it is there.
#[part]
pub fn Modal(
    id: &AttrValue,
    title: &AttrValue,
    /// True for a short one.
    #[prop_or_default]
    small: &bool,
    on_close: &Callback<()>,
    children: &Html,
) -> Html {
    let words = use_words();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
                // What is made behind the dialog's opening is no start for the browser.
                let first = dialog.query_selector("[autofocus]").ok().flatten();
                let _ = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()).map(|first| first.focus());
            }
        });
    }
    html! {
        <dialog class={classes!("dialog", small.then_some("dialog--small"))} ref={dialog} aria-labelledby={id.clone()} onclose={on_close.reform(|_: Event| ())}>
            <div class="dialog__head">
                <h2 id={id.clone()}>{ title.clone() }</h2>
                <button type="button" class="button button--small" onclick={on_close.reform(|_: MouseEvent| ())}>{ words.text("page.share.close") }</button>
            </div>
            { children.clone() }
        </dialog>
    }
}
