//! What of the timeline is seen. It lives in the address bar, so that a link and a reload lead to it and the browser's
//! Back to the range before.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use yew::prelude::*;

use super::address::use_address_changes;
use crate::app::address::Address;
use crate::app::history::{address, push_address, replace_address};
use crate::chart::timeline::View;

/// What the reader does with the view.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Looks at something else; Back leads to what was seen before.
    At(View),
    /// Moves on while a drag or a wheel lasts; all of it is one step for Back.
    Along(View),
}

/// Milliseconds after which moving on is another step.
const PAUSE: f64 = 1000.0;
/// Milliseconds of rest before the address bar follows.
const REST: u32 = 200;

/// The view and the way to change it.
#[hook]
pub fn use_view() -> (View, Callback<Look>) {
    let view = use_state_eq(|| address().view);
    let moved: Rc<Cell<f64>> = use_memo((), |()| Cell::new(f64::NEG_INFINITY));
    let resting: Rc<RefCell<Option<Timeout>>> = use_mut_ref(|| None);
    let on_look = {
        let setter = view.setter();
        use_callback((), move |look: Look, ()| {
            let (view, steps) = match look {
                Look::At(view) => {
                    moved.set(f64::NEG_INFINITY);
                    // Hiding a series is no place to go back to.
                    let before = address().view;
                    let steps = view.ranges != before.ranges || view.aligned != before.aligned;
                    (view, steps)
                }
                Look::Along(view) => {
                    let now = window().performance().map_or(0.0, |clock| clock.now());
                    let steps = now - moved.replace(now) > PAUSE;
                    (view, steps)
                }
            };
            setter.set(view.clone());
            *resting.borrow_mut() = None;
            if steps {
                push_address(|address| address.view = view);
            } else {
                *resting.borrow_mut() =
                    Some(Timeout::new(REST, move || replace_address(|address| address.view = view)));
            }
        })
    };
    let on_change = {
        let setter = view.setter();
        use_callback((*view).clone(), move |address: Address, shown: &View| {
            // Back leads to other ranges, and series and zone stay as they are; where the ranges are the same, somebody typed.
            let typed = (&address.view.ranges, &address.view.aligned) == (&shown.ranges, &shown.aligned);
            let View { hidden, zone, .. } = if typed { &address.view } else { shown }.clone();
            setter.set(View { hidden: hidden.clone(), zone, ..address.view });
            replace_address(|address| (address.view.hidden, address.view.zone) = (hidden, zone));
        })
    };
    use_address_changes(on_change);
    ((*view).clone(), on_look)
}
