//! A link under a passphrase: asks for it before anything of the report is there.

use oomscope_derive::part;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use crate::app::controls::use_controls;
use crate::app::hooks::focus::use_focus_on;
use crate::app::sealing::{can_seal, unseal};
use crate::app::words::use_words;

/// The question, and a sentence where the answer was not the right one.
#[part]
pub fn PassphraseScreen(link: &AttrValue) -> Html {
    let words = use_words();
    let controls = use_controls();
    let heading = use_node_ref();
    use_focus_on(&heading, link.clone());
    let field = use_node_ref();
    let refused = use_state_eq(|| false);
    let works = use_state_eq(|| false);
    let onsubmit = {
        let (link, field, refused, works) = (link.clone(), field.clone(), refused.setter(), works.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let passphrase = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let Some(controls) = controls.clone().filter(|_| !*works && !passphrase.is_empty()) else { return };
            let (link, refused, works) = (link.clone(), refused.clone(), works.setter());
            works.set(true);
            refused.set(false);
            spawn_local(async move {
                match unseal(&link, &passphrase).await {
                    Some(inside) => controls.unlocked(&inside),
                    None => refused.set(true),
                }
                works.set(false);
            });
        })
    };
    html! {
        <section class="passphrase">
            <h1 ref={heading} tabindex="-1">{ words.text("page.locked") }</h1>
            if can_seal() {
                <p>{ words.text("page.locked.about") }</p>
                <form class="passphrase__form" {onsubmit}>
                    <label for="passphrase">{ words.text("page.passphrase") }</label>
                    <input id="passphrase" class="passphrase__field" type="password" autocomplete="off" ref={field}
                        aria-describedby="passphrase-refused" />
                    <button type="submit" class="button button--main">{ words.text("page.locked.open") }</button>
                </form>
                <p id="passphrase-refused" role="alert">
                    if *refused { { words.text("page.locked.refused") } } else if *works { { words.text("page.locked.works") } }
                </p>
            } else {
                <p>{ words.text("page.passphrase.cannot") }</p>
            }
        </section>
    }
}
