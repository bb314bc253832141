//! Ctrl+V anywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, EventTarget, HtmlInputElement};
use yew::prelude::*;

use crate::app::controls::Controls;
use crate::app::intake::{self, PASTE_NAME};

/// Takes every paste on the page before a text area could, which would hold megabytes and stop answering. What is pasted into a
/// field of one line (a title, a number, a passphrase) belongs there.
#[hook]
pub fn use_paste_anywhere(controls: &Controls) {
    use_effect_with(controls.clone(), |controls| {
        let controls = controls.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "paste", options, move |event| {
            let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data) else { return };
            if event.target().is_some_and(|target| is_field(&target)) {
                return;
            }
            event.prevent_default();
            controls.read(intake::of_transfer(&data, PASTE_NAME));
        });
        move || drop(listener)
    });
}

/// True for a field that one types into.
fn is_field(target: &EventTarget) -> bool {
    const PRESSED: [&str; 4] = ["checkbox", "file", "radio", "range"];
    target.dyn_ref::<HtmlInputElement>().is_some_and(|input| !PRESSED.contains(&input.type_().as_str()))
}
