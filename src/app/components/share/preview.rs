//! What was taken out, by kind and struck through, and every word of what travels.

use oomscope_derive::part;
use yew::prelude::*;

use crate::app::hooks::window::{Shape, use_window};
use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::worker::share::Shared;

/// Replacements that are listed.
const LISTED: usize = 400;
/// Lines of what travels that are in the document all the time.
const WHOLE: usize = 400;
/// Height of a line, about.
const LINE: f64 = 18.0;

/// The preview.
#[part]
pub fn Preview(shared: &ByPtr<Shared>) -> Html {
    let words = use_words();
    html! {
        <>
            <h3>{ words.text("page.share.removed") }</h3>
            { removed(words, shared) }
            <details class="details">
                <summary>{ words.text("page.share.preview") }</summary>
                <Lines shared={shared.clone()} />
            </details>
        </>
    }
}

/// Every word of what travels, line by line.
#[part]
fn Lines(shared: &ByPtr<Shared>) -> Html {
    let words = use_words();
    let ends = use_memo(shared.clone(), |shared| -> Vec<usize> {
        shared.json.match_indices('\n').map(|(at, _)| at).chain([shared.json.len()]).collect()
    });
    let window = use_window(ends.len(), WHOLE, LINE);
    let line = |nth: usize| {
        let start = nth.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| end + 1);
        let line = ends.get(nth).and_then(|end| shared.json.get(start..*end)).unwrap_or_default().to_owned();
        html! { <div key={nth}>{ line }</div> }
    };
    let lines = window.rows(Shape::Blocks, line);
    window.list(
        words,
        "page.share.preview",
        html! { <pre class="share__preview" tabindex="0" ref={window.body()}>{ lines }</pre> },
    )
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
