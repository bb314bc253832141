//! Files and text dropped anywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::DragEvent;
use yew::prelude::*;

use crate::app::controls::Controls;
use crate::app::intake::{self, PASTE_NAME};

/// Takes what is dropped. True while something is dragged over the page.
#[hook]
pub fn use_drop_anywhere(controls: &Controls) -> bool {
    let dragging = use_state_eq(|| false);
    let setter = dragging.setter();
    use_effect_with(controls.clone(), move |controls| {
        let controls = controls.clone();
        let listeners = ["dragover", "dragleave", "drop"].map(|kind| {
            let (controls, setter) = (controls.clone(), setter.clone());
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document(), kind, options, move |event| {
                let Some(event) = event.dyn_ref::<DragEvent>() else { return };
                event.prevent_default();
                match kind {
                    "dragover" => setter.set(true),
                    // Only leaving the page itself leads nowhere else.
                    "dragleave" => setter.set(event.related_target().is_some()),
                    _ => {
                        setter.set(false);
                        if let Some(data) = event.data_transfer() {
                            controls.read(intake::of_transfer(&data, PASTE_NAME));
                        }
                    }
                }
            })
        });
        move || drop(listeners)
    });
    *dragging
}
