//! The link, its length against what takes it, and a passphrase for it.

use oomscope_derive::part;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use super::{Copyable, link_address};
use crate::app::sealing::{can_seal, seal};
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::i18n::number;
use crate::worker::share::Shared;

/// What a link may have to fit, from the strictest on.
pub const THRESHOLDS: [(usize, &str); 4] = [
    (1900, "page.share.fits.chat"),
    (3900, "page.share.fits.slack"),
    (8000, "page.share.fits.mail"),
    (60_000, "page.share.fits.browser"),
];

/// The link, open or under a passphrase.
#[part]
pub fn Link(shared: &ByPtr<Shared>) -> Html {
    let words = use_words();
    let sealed = use_state_eq(|| None::<String>);
    {
        let sealed = sealed.setter();
        use_effect_with(shared.clone(), move |_| sealed.set(None));
    }
    let url = link_address(words, sealed.as_ref().unwrap_or(&shared.link));
    let length = url.chars().count();
    let fits = THRESHOLDS.iter().find(|(most, _)| length <= *most).map_or("page.share.fits.nothing", |(_, key)| *key);
    html! {
        <>
            <h3>{ words.text("page.share.link") }</h3>
            <Copyable label={words.text("page.share.link")} text={url} />
            <p class="note">{ words.fill("page.share.length", &[("n", &number(length as u64))]) }{ " " }{ words.text(fits) }</p>
            if let Some((kept, of)) = shared.reduced {
                <p class="notice">{ words.fill("warning.reduced", &[("kept", &number(kept as u64)), ("of", &number(of as u64))]) }</p>
            }
            if sealed.is_some() {
                <p class="notice">{ words.text("page.passphrase.done") }</p>
            } else {
                <PassphraseForm link={shared.link.clone()} on_sealed={let sealed = sealed.setter(); move |link| sealed.set(Some(link))} />
            }
        </>
    }
}

/// Puts the link under a passphrase.
#[part]
fn PassphraseForm(link: &AttrValue, on_sealed: &Callback<String>) -> Html {
    let words = use_words();
    let field = use_node_ref();
    let onsubmit = {
        let (link, field, on_sealed) = (link.clone(), field.clone(), on_sealed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let passphrase = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let (link, on_sealed) = (link.clone(), on_sealed.clone());
            if !passphrase.is_empty() {
                spawn_local(async move {
                    if let Some(link) = seal(&link, &passphrase).await {
                        on_sealed.emit(link);
                    }
                });
            }
        })
    };
    html! {
        <details class="details">
            <summary>{ words.text("page.passphrase.add") }</summary>
            if can_seal() {
                <form class="passphrase__form" {onsubmit}>
                    <label for="link-passphrase">{ words.text("page.passphrase") }</label>
                    <input id="link-passphrase" class="passphrase__field" type="password" autocomplete="new-password" required=true ref={field} />
                    <button type="submit" class="button">{ words.text("page.passphrase.use") }</button>
                </form>
                <p class="note">{ words.text("page.passphrase.about") }</p>
            } else {
                <p class="note">{ words.text("page.passphrase.cannot") }</p>
            }
        </details>
    }
}
