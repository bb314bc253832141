//! What was taken out, by kind and struck through, and every word of what travels.

use yew::prelude::*;

use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::worker::share::Shared;

/// Replacements that are listed.
const LISTED: usize = 400;

#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    /// All forms.
    pub shared: ByPtr<Shared>,
}

/// The preview.
#[component]
pub fn Preview(PreviewProps { shared }: &PreviewProps) -> Html {
    let words = use_words();
    html! {
        <>
            <h3>{ words.text("page.share.removed") }</h3>
            { removed(words, shared) }
            <details class="details">
                <summary>{ words.text("page.share.preview") }</summary>
                <pre class="share__preview" tabindex="0">{ &shared.json }</pre>
            </details>
        </>
    }
}

fn removed(words: Words, shared: &Shared) -> Html {
    if shared.removed.is_empty() {
        return html! { <p>{ words.text("page.share.removed.nothing") }</p> };
    }
    html! {
        <>
            <ul class="share__kinds">
                for (kind, count) in shared.removed.iter() {
                    <li>{ words.count(&format!("share.kind.{kind}"), u64::from(*count)) }</li>
                }
            </ul>
            <details class="details">
                <summary>{ words.text("page.share.removed.show") }</summary>
                <ul class="share__replaced">
                    for (_, original, now) in shared.replaced.iter().take(LISTED) {
                        <li><del>{ original }</del>{ " " }<ins>{ now }</ins></li>
                    }
                </ul>
            </details>
        </>
    }
}
