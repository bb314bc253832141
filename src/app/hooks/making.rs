//! What is made of a report: at once where that is quick, else in slices, so that the page stays alive.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use gloo::utils::window;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::session::ByPtr;
use crate::chart::InSteps;
use crate::i18n::Language;
use crate::report::Report;

/// Milliseconds of one slice. Its last step goes beyond that, by up to the lane of a long table.
const SLICE: f64 = 12.0;

/// What it is of.
type Of = (ByPtr<Report>, Language);

/// What comes of these steps. `None` until it is made.
#[hook]
pub fn use_made<S>(report: &ByPtr<Report>, language: Language) -> Option<ByPtr<S::Made>>
where
    S: InSteps + 'static,
    S::Made: 'static,
{
    let of: Of = (report.clone(), language);
    let made = use_state_eq(|| None::<(Of, ByPtr<S::Made>)>);
    let begun = use_memo(of.clone(), |(report, language)| {
        let mut steps = S::begin(*language);
        match slice(&mut steps, report) {
            true => Begun::Made(ByPtr::new(steps.made())),
            false => Begun::Going(RefCell::new(Some(steps))),
        }
    });
    {
        let (begun, setter) = (Rc::clone(&begun), made.setter());
        use_effect_with(of.clone(), move |of| {
            let stopped = Rc::new(RefCell::new(false));
            let going = match &*begun {
                Begun::Going(steps) => steps.borrow_mut().take(),
                Begun::Made(_) => None,
            };
            if let Some(mut steps) = going {
                let (of, stopped) = (of.clone(), Rc::clone(&stopped));
                spawn_local(async move {
                    loop {
                        TimeoutFuture::new(0).await;
                        if *stopped.borrow() {
                            return;
                        }
                        if slice(&mut steps, &of.0) {
                            break;
                        }
                    }
                    setter.set(Some((of, ByPtr::new(steps.made()))));
                });
            }
            move || *stopped.borrow_mut() = true
        });
    }
    match &*begun {
        Begun::Made(made) => Some(made.clone()),
        Begun::Going(_) => made.as_ref().filter(|(made_of, _)| *made_of == of).map(|(_, made)| made.clone()),
    }
}

enum Begun<S: InSteps> {
    Made(ByPtr<S::Made>),
    Going(RefCell<Option<S>>),
}

fn slice(steps: &mut impl InSteps, report: &Report) -> bool {
    let now = || window().performance().map_or(0.0, |clock| clock.now());
    let end = now() + SLICE;
    steps.go_on(report, &mut || now() < end)
}
