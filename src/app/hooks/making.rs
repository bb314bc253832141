//! The timeline of a report: at once where it is small, else in slices, so that the page stays alive.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use gloo::utils::window;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::session::ByPtr;
use crate::chart::timeline::{Making, Timeline};
use crate::i18n::Language;
use crate::report::Report;

/// Milliseconds of one slice.
const SLICE: f64 = 30.0;

/// What a timeline is of.
type Of = (ByPtr<Report>, Language);

/// The timeline. `None` until it is made.
#[hook]
pub fn use_timeline_of(report: &ByPtr<Report>, language: Language) -> Option<ByPtr<Timeline>> {
    let of: Of = (report.clone(), language);
    let made = use_state_eq(|| None::<(Of, ByPtr<Timeline>)>);
    let begun = use_memo(of.clone(), |(report, language)| {
        let mut making = Making::new(*language);
        let is_made = slice(&mut making, report);
        match is_made {
            true => Begun::Made(ByPtr::new(making.timeline())),
            false => Begun::Going(RefCell::new(Some(making))),
        }
    });
    {
        let (begun, setter) = (Rc::clone(&begun), made.setter());
        use_effect_with(of.clone(), move |of| {
            let stopped = Rc::new(RefCell::new(false));
            let going = match &*begun {
                Begun::Going(making) => making.borrow_mut().take(),
                Begun::Made(_) => None,
            };
            if let Some(mut making) = going {
                let (of, stopped) = (of.clone(), Rc::clone(&stopped));
                spawn_local(async move {
                    loop {
                        TimeoutFuture::new(0).await;
                        if *stopped.borrow() {
                            return;
                        }
                        if slice(&mut making, &of.0) {
                            break;
                        }
                    }
                    setter.set(Some((of, ByPtr::new(making.timeline()))));
                });
            }
            move || *stopped.borrow_mut() = true
        });
    }
    match &*begun {
        Begun::Made(timeline) => Some(timeline.clone()),
        Begun::Going(_) => made.as_ref().filter(|(made_of, _)| *made_of == of).map(|(_, timeline)| timeline.clone()),
    }
}

enum Begun {
    Made(ByPtr<Timeline>),
    Going(RefCell<Option<Making>>),
}

fn slice(making: &mut Making, report: &Report) -> bool {
    let now = || window().performance().map_or(0.0, |clock| clock.now());
    let end = now() + SLICE;
    making.go_on(report, &mut || now() < end)
}
