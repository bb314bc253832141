//! Copies a text and says so.

use gloo::utils::window;
use oomscope_derive::part;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use crate::app::words::use_words;

#[derive(Clone, Copy, PartialEq)]
enum Copied {
    NotYet,
    Yes,
    Refused,
}

/// A small button beside a command.
#[part]
pub fn CopyButton(
    /// What is copied; also the button's name for a reader who does not see what stands beside it.
    text: &AttrValue,
) -> Html {
    let words = use_words();
    let copied = use_state_eq(|| Copied::NotYet);
    let onclick = {
        let (text, copied) = (text.clone(), copied.setter());
        Callback::from(move |_| {
            let (promise, copied) = (window().navigator().clipboard().write_text(&text), copied.clone());
            spawn_local(async move {
                copied.set(if JsFuture::from(promise).await.is_ok() { Copied::Yes } else { Copied::Refused });
            });
        })
    };
    let label = words.text(match *copied {
        Copied::NotYet => "page.copy",
        Copied::Yes => "page.copy.done",
        Copied::Refused => "page.copy.refused",
    });
    let name = format!("{label}: {text}");
    html! { <button type="button" class="button button--small" aria-label={name} {onclick}>{ label }</button> }
}
