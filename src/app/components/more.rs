//! Long lists, a part at a time.

use yew::prelude::*;

use crate::app::words::use_words;
use crate::i18n::number;

#[derive(Properties, PartialEq)]
pub struct MoreProps {
    /// How many there are.
    pub total: usize,
    /// How many are shown.
    pub shown: usize,
    /// Asked for more.
    pub on_more: Callback<()>,
}

/// A button under a list that is not shown whole.
#[component]
pub fn More(MoreProps { total, shown, on_more }: &MoreProps) -> Html {
    let words = use_words();
    let left = total.saturating_sub(*shown);
    if left == 0 {
        return html! {};
    }
    let text = words.fill("page.more", &[("shown", &number(*shown as u64)), ("total", &number(*total as u64))]);
    html! {
        <p class="more"><button type="button" class="button" onclick={on_more.reform(|_| ())}>{ text }</button></p>
    }
}

/// How many items of a list are shown, and the callback that shows `step` more.
#[hook]
pub fn use_more(step: usize) -> (usize, Callback<()>) {
    let shown = use_state(|| step);
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |()| shown.set(shown.saturating_add(step)))
    };
    (*shown, on_more)
}
