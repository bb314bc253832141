//! The address bar.

use gloo::events::EventListener;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::app::address::Address;

/// What it says now.
pub fn address() -> Address {
    Address::read(&window().location().hash().unwrap_or_default())
}

/// Changes it in place: no step on the way back.
pub fn replace_address(change: impl FnOnce(&mut Address)) {
    write(change, false);
}

/// Changes it so that the browser's Back leads to what it said before.
pub fn push_address(change: impl FnOnce(&mut Address)) {
    write(change, true);
}

fn write(change: impl FnOnce(&mut Address), is_step: bool) {
    let before = address();
    let mut after = before.clone();
    change(&mut after);
    if after == before {
        return;
    }
    let location = window().location();
    let page = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let fragment = after.to_string();
    let url = if fragment.is_empty() { page } else { format!("{page}#{fragment}") };
    let Ok(history) = window().history() else { return };
    // A browser may refuse (a page from disk, too many steps in a short time): then only the link is missing.
    let _ = if is_step {
        history.push_state_with_url(&JsValue::NULL, "", Some(&url))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&url))
    };
}

/// Called with what the address says after Back, Forward, or a change by hand.
#[hook]
pub fn use_address_changes(on_change: Callback<Address>) {
    use_effect_with(on_change, |on_change| {
        let on_change = on_change.clone();
        let listener = EventListener::new(&window(), "popstate", move |_| on_change.emit(address()));
        move || drop(listener)
    });
}
