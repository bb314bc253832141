//! While a job runs: how far it is, and the way out.

use oomscope_derive::part;
use yew::prelude::*;

use crate::app::controls::{use_controls, with};
use crate::app::words::{size, use_words};
use crate::i18n::number;
use crate::worker::protocol::Progress;

/// Before anything can be told: a word, once it takes longer than a moment.
#[part]
pub fn Opening() -> Html {
    let words = use_words();
    html! { <p class="opening">{ words.text("page.reading") }</p> }
}

/// Bytes, lines, lines a second, and Cancel.
#[part]
pub fn ReadingScreen(progress: &Progress) -> Html {
    let words = use_words();
    let controls = use_controls();
    let onclick = with(&controls, move |controls, _: MouseEvent| controls.cancel());
    let Progress { bytes, total, lines, elapsed_ms } = *progress;
    let per_second = lines.saturating_mul(1000).checked_div(elapsed_ms).unwrap_or(0);
    let figures = words.fill(
        "page.reading.figures",
        &[("bytes", &size(bytes)), ("total", &size(total)), ("n", &number(lines)), ("rate", &number(per_second))],
    );
    html! {
        <section class="reading">
            <h1>{ words.text("page.reading") }</h1>
            <progress class="reading__bar" max={total.max(1).to_string()} value={bytes.to_string()}
                aria-label={words.text("page.reading")} />
            <p class="reading__figures">{ figures }</p>
            <button type="button" class="button" {onclick}>{ words.text("page.cancel") }</button>
        </section>
    }
}
