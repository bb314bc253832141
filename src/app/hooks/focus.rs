//! Where the focus goes.

use web_sys::HtmlElement;
use yew::prelude::*;

/// Focuses the element when `reason` changes, and once at the start.
#[hook]
pub fn use_focus_on<D: PartialEq + 'static>(node: &NodeRef, reason: D) {
    let node = node.clone();
    use_effect_with(reason, move |_| {
        if let Some(element) = node.cast::<HtmlElement>() {
            // Fails only for an element that cannot be focused; then the focus stays.
            let _ = element.focus();
        }
    });
}
