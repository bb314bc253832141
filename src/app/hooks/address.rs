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

/// A number that the browser keeps beside this step of its history, also over a reload.
pub fn step() -> Option<f64> {
    window().history().ok()?.state().ok()?.as_f64()
}

/// A new step of that number, also where the address stays as it is.
pub fn push_step(step: Option<f64>, change: impl FnOnce(&mut Address)) {
    let mut after = address();
    change(&mut after);
    put(&after, &step.map_or(JsValue::NULL, JsValue::from), true);
}

/// The same in place of this step.
pub fn replace_step(step: Option<f64>, change: impl FnOnce(&mut Address)) {
    let mut after = address();
    change(&mut after);
    put(&after, &step.map_or(JsValue::NULL, JsValue::from), false);
}

fn write(change: impl FnOnce(&mut Address), is_step: bool) {
    let before = address();
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        put(&after, &step().map_or(JsValue::NULL, JsValue::from), is_step);
    }
}

fn put(address: &Address, state: &JsValue, is_step: bool) {
    let location = window().location();
    let page = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let fragment = address.to_string();
    let url = if fragment.is_empty() { page } else { format!("{page}#{fragment}") };
    let Ok(history) = window().history() else { return };
    // A browser may refuse (a page from disk, too many steps in a short time): then only the link is missing.
    let _ = if is_step {
        history.push_state_with_url(state, "", Some(&url))
    } else {
        history.replace_state_with_url(state, "", Some(&url))
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
