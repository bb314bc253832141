//! What can wait until something is seen.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

/// True once the browser has painted the component for the first time, or from the start where nobody looks.
#[hook]
pub fn use_painted() -> bool {
    let painted = use_state_eq(|| document().hidden());
    let setter = painted.setter();
    use_effect_with((), move |()| {
        // Callbacks of a frame come before its painting, the tasks that they leave after it.
        let task: Rc<RefCell<Option<Timeout>>> = Rc::default();
        let on_frame = {
            let task = Rc::clone(&task);
            Closure::<dyn FnMut()>::new(move || {
                let setter = setter.clone();
                *task.borrow_mut() = Some(Timeout::new(0, move || setter.set(true)));
            })
        };
        // Fails only where there are no windows.
        let frame = window().request_animation_frame(on_frame.as_ref().unchecked_ref());
        move || {
            if let Ok(frame) = frame {
                let _ = window().cancel_animation_frame(frame);
            }
            drop((on_frame, task));
        }
    });
    *painted
}

/// How many of `count` parts of a page are to be there: none until the first painting, then one more with every task, so that
/// none of them takes long; all of them where nobody looks.
#[hook]
pub fn use_stages(count: usize) -> usize {
    let painted = use_painted();
    let stage = use_state_eq(|| if document().hidden() { count } else { 0 });
    let now = if painted { (*stage).min(count) } else { 0 };
    {
        let setter = stage.setter();
        use_effect_with((painted, now, count), move |(painted, now, count)| {
            let next = if document().hidden() { *count } else { now + 1 };
            let waits = *painted && now < count;
            let timeout = waits.then(|| Timeout::new(0, move || setter.set(next)));
            move || drop(timeout)
        });
    }
    now
}
