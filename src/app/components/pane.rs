//! What a long list scrolls in, so that the page does not become longer with it; a short one stands in the page as it is.

use oomscope_derive::part;
use yew::prelude::*;

/// The pane.
#[part]
pub fn Pane(
    /// True if not all of the list is in the document.
    long: &bool,
    name: &AttrValue,
    children: &Html,
) -> Html {
    // The same element either way, so that what it holds stays when the list grows.
    html! {
        <div class={if *long { "pane pane--blocks" } else { "blocks" }} tabindex={long.then_some("0")} role={long.then_some("group")}
            aria-label={long.then(|| name.clone())}>
            { children.clone() }
        </div>
    }
}
