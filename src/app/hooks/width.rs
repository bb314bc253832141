//! How wide an element is, as it changes.

use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::printing::use_printing;

/// Width of what is drawn on paper: between the margins of A4, upright.
const PAPER: f64 = 690.0;

/// Width of the element's content in whole CSS pixels; 0 before it is in the document. While the page is printed, that of paper.
#[hook]
pub fn use_width(node: &NodeRef) -> f64 {
    let width = use_state_eq(|| 0.0f64);
    let printing = use_printing();
    {
        let (node, width) = (node.clone(), width.setter());
        use_effect_with((), move |()| {
            let measure = {
                let node = node.clone();
                Closure::<dyn FnMut()>::new(move || {
                    if let Some(element) = node.cast::<Element>() {
                        width.set(f64::from(element.client_width()));
                    }
                })
            };
            let observer = ResizeObserver::new(measure.as_ref().unchecked_ref::<Function>()).ok();
            if let (Some(observer), Some(element)) = (&observer, node.cast::<Element>()) {
                observer.observe(&element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(measure);
            }
        });
    }
    if printing { PAPER } else { *width }
}
