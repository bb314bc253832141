//! What is printed is more than what is seen.

use gloo::events::EventListener;
use gloo::utils::window;
use yew::prelude::*;

/// True while the page is printed.
#[hook]
pub fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    let setter = printing.setter();
    use_effect_with((), move |()| {
        let listeners = [("beforeprint", true), ("afterprint", false)].map(|(name, begins)| {
            let setter = setter.clone();
            EventListener::new(&window(), name, move |_| setter.set(begins))
        });
        move || drop(listeners)
    });
    *printing
}
