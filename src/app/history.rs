//! The address bar and the browser's history.

use std::cell::Cell;

use gloo::utils::window;
use wasm_bindgen::JsValue;

use crate::app::address::{Address, Open};

thread_local! {
    /// True while the newest step is the one on which the source was opened.
    static OPENED_LAST: Cell<bool> = const { Cell::new(false) };
}

/// Opens the source by a step of its own, so that the browser's Back closes it.
pub fn open_source(open: Open) {
    push_address(|address| address.open = Some(open));
    OPENED_LAST.set(true);
}

/// Closes it: by going back where that leads to the page without it, else in place.
pub fn close_source() {
    let goes_back = OPENED_LAST.replace(false);
    // Without a history there is nothing to go back in.
    if !goes_back || window().history().and_then(|history| history.back()).is_err() {
        replace_address(|address| address.open = None);
    }
}

/// What the address says now.
pub fn address() -> Address {
    Address::read(&window().location().hash().unwrap_or_default())
}

/// Where the page stands: its address without what follows `#`. Empty for a page from disk, whose address names folders of the reader
/// and leads nobody else anywhere.
pub fn page_address() -> String {
    let page = window().location().href().unwrap_or_default();
    if page.starts_with("file:") {
        return String::new();
    }
    page.split('#').next().unwrap_or_default().to_owned()
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
        OPENED_LAST.set(false);
        history.push_state_with_url(state, "", Some(&url))
    } else {
        history.replace_state_with_url(state, "", Some(&url))
    };
}
