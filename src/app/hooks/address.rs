//! Changes of the address that the reader makes.

use gloo::events::EventListener;
use gloo::utils::window;
use yew::prelude::*;

use crate::app::address::Address;
use crate::app::history::address;

/// Called with what the address says after Back, Forward, or a change by hand.
#[hook]
pub fn use_address_changes(on_change: Callback<Address>) {
    use_effect_with(on_change, |on_change| {
        let on_change = on_change.clone();
        let listener = EventListener::new(&window(), "popstate", move |_| on_change.emit(address()));
        move || drop(listener)
    });
}
