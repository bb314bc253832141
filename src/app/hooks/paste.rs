//! Ctrl+V anywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;
use yew::prelude::*;

use crate::app::controls::Controls;
use crate::app::intake::{self, PASTE_NAME};

/// Takes every paste on the page before a text area could, which would hold megabytes and stop answering.
#[hook]
pub fn use_paste_anywhere(controls: &Controls) {
    use_effect_with(controls.clone(), |controls| {
        let controls = controls.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "paste", options, move |event| {
            let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data) else { return };
            event.prevent_default();
            controls.read(intake::of_transfer(&data, PASTE_NAME));
        });
        move || drop(listener)
    });
}
