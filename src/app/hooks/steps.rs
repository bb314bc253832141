//! The browser's history follows the reports, and they follow it.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::BeforeUnloadEvent;
use yew::prelude::*;

use super::recent::keep_report;
use crate::app::controls::{Controls, PageSession};
use crate::app::history::replace_address;
use crate::app::intake::PASTE_NAME;
use crate::app::session::{Origin, State};
use crate::app::steps::keep_in_tab;

/// Follows the browser's history, and lets it follow the reports.
#[hook]
pub fn use_steps(session: &PageSession, controls: &Controls) {
    use_effect_with(controls.clone(), |controls| {
        let controls = controls.clone();
        controls.begin();
        let listener = EventListener::new(&window(), "popstate", move |_| controls.follow());
        move || drop(listener)
    });
    let reading = match &session.state {
        State::Reading(reading) if reading.origin == Origin::HandedOver => Some((reading.job, reading.texts.clone())),
        _ => None,
    };
    let ready = match &session.state {
        State::Ready(ready) => Some((ready.job, ready.texts.clone(), ready.origin)),
        _ => None,
    };
    {
        let controls = controls.clone();
        use_effect_with(reading.as_ref().map(|(job, _)| *job), move |_| {
            if let Some((_, texts)) = reading {
                controls.steps().begin(&texts);
            }
        });
    }
    let ready_job = ready.as_ref().map(|(job, ..)| *job);
    let at_risk = use_state_eq(|| false);
    {
        let (controls, at_risk) = (controls.clone(), at_risk.setter());
        use_effect_with(ready_job, move |_| {
            at_risk.set(false);
            let Some((_, texts, origin)) = ready else { return };
            if let (Origin::HandedOver, Some(step)) = (origin, controls.steps().arrive()) {
                spawn_local(async move {
                    // A file can be handed over again; a paste may be the only copy.
                    let is_kept = keep_in_tab(step, &texts).await;
                    at_risk.set(!is_kept && texts.iter().any(|text| text.name == PASTE_NAME));
                });
            }
        });
    }
    {
        let controls = controls.clone();
        use_effect_with((session.kept.clone(), session.settings.clone()), move |(kept, settings)| {
            if let Some(kept) = kept.as_ref() {
                controls.steps().carry(&kept.link);
                keep_report(kept, settings);
            }
        });
    }
    // A reload leads to what was set, too.
    let shown = match &session.state {
        State::Ready(ready) => Some((session.settings.clone(), !ready.report.settings.is_empty())),
        _ => None,
    };
    use_effect_with((ready_job, shown), |(_, shown)| {
        if let Some((settings, brought)) = shown {
            replace_address(|address| {
                // Also that nothing is set any more, where the report brings settings along.
                let tells = *brought || address.settings.is_some() || !settings.is_empty();
                address.settings = tells.then(|| settings.clone());
            });
        }
    });
    use_effect_with(*at_risk, |at_risk| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = at_risk.then(|| {
            EventListener::new_with_options(&window(), "beforeunload", options, |event| {
                event.prevent_default();
                if let Some(event) = event.dyn_ref::<BeforeUnloadEvent>() {
                    event.set_return_value("kept nowhere else");
                }
            })
        });
        move || drop(listener)
    });
}
