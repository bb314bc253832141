//! Whether the page is dark right now: canvases do not know CSS.

use gloo::events::EventListener;
use gloo::utils::window;
use yew::prelude::*;

use super::printing::use_printing;
use crate::app::session::Theme;

/// As a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dark(pub bool);

/// By the chosen theme, else by the system's, as it changes. Paper is light.
#[hook]
pub fn use_dark(theme: Theme) -> Dark {
    let system = use_state_eq(|| false);
    let printing = use_printing();
    {
        let system = system.setter();
        use_effect_with((), move |()| {
            let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
            let listener = query.map(|query| {
                system.set(query.matches());
                let changed = query.clone();
                EventListener::new(&query, "change", move |_| system.set(changed.matches()))
            });
            move || drop(listener)
        });
    }
    match theme {
        _ if printing => Dark(false),
        Theme::Auto => Dark(*system),
        Theme::Light => Dark(false),
        Theme::Dark => Dark(true),
    }
}

/// True where the system is dark right now.
pub fn is_system_dark() -> bool {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches())
}
