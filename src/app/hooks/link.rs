//! A report in the address bar: opened when the page starts, and when the address is changed.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::window;
use yew::prelude::*;

use super::address::address;
use crate::app::intake;
use crate::app::page::Controls;

/// The key of the report in the address.
pub const LINK: &str = "r";
/// The key that says that the page stands in another one.
pub const EMBED: &str = "embed";
/// Name of what came by a link among the sources.
const LINK_NAME: &str = "link";

/// Opens what the address carries, each link once.
#[hook]
pub fn use_link(controls: &Controls) {
    let opened: Rc<RefCell<String>> = use_mut_ref(String::new);
    use_effect_with(controls.clone(), move |controls| {
        let open = {
            let (controls, opened) = (controls.clone(), Rc::clone(&opened));
            move || {
                let address = address();
                let link = address.other(LINK).unwrap_or_default();
                if !link.is_empty() && *opened.borrow() != link {
                    link.clone_into(&mut opened.borrow_mut());
                    controls.open(intake::of_text(&format!("#{LINK}={link}"), LINK_NAME));
                }
            }
        };
        open();
        let listener = EventListener::new(&window(), "hashchange", move |_| open());
        move || drop(listener)
    });
}
