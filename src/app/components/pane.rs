//! What a long list scrolls in, so that the page does not become longer with it; a short one stands in the page as it is.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PaneProps {
    /// True if not all of the list is in the document.
    pub long: bool,
    /// What the list is of.
    pub name: AttrValue,
    /// The list.
    pub children: Html,
}

/// The pane.
#[component]
pub fn Pane(PaneProps { long, name, children }: &PaneProps) -> Html {
    // The same element either way, so that what it holds stays when the list grows.
    html! {
        <div class={if *long { "pane pane--blocks" } else { "blocks" }} tabindex={long.then_some("0")} role={long.then_some("group")}
            aria-label={long.then(|| name.clone())}>
            { children.clone() }
        </div>
    }
}
