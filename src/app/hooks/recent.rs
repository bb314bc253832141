//! The last reports in the browser's memory, and whether it keeps any.
//!
//! On unless the reader switches it off: the list holds what the browser's own history holds anyway, since the address bar
//! carries the same numbers, and unlike that it can be seen, and forgotten one by one.

use gloo::utils::window;
use web_sys::Storage;

use crate::analysis::sizing::Settings;
use crate::app::recent::{self, Recent};
use crate::json;
use crate::worker::share::Kept;

const LIST: &str = "oomscope.recent";
const OFF: &str = "oomscope.recent-off";

/// The browser's memory. `None` inside other sites' pages, or where the reader forbids it.
fn memory() -> Option<Storage> {
    // The first screen is also made where there is no browser (`crate::app::first`).
    if cfg!(not(target_arch = "wasm32")) {
        return None;
    }
    window().local_storage().ok().flatten()
}

/// True if the browser is to keep the last reports.
pub fn keeps_reports() -> bool {
    let is_unknown = cfg!(not(target_arch = "wasm32"));
    is_unknown || memory().is_some_and(|memory| memory.get_item(OFF).ok().flatten().is_none_or(|off| off != "true"))
}

/// Switches it on, or off and forgets all.
pub fn keep_reports(keep: bool) {
    let Some(memory) = memory() else { return };
    // A memory so full that this does not fit keeps no reports either.
    let _ = match keep {
        true => memory.remove_item(OFF),
        false => memory.remove_item(LIST).and_then(|()| memory.set_item(OFF, "true")),
    };
}

/// The last reports, newest first.
pub fn recent_reports() -> Vec<Recent> {
    if !keeps_reports() {
        return Vec::new();
    }
    let kept = memory().and_then(|memory| memory.get_item(LIST).ok()?);
    recent::within_bounds(kept.and_then(|kept| json::read(kept.as_bytes())).unwrap_or_default())
}

/// Keeps one more, if any are kept.
pub fn keep_report(kept: &Kept, settings: &Settings) {
    if keeps_reports() {
        let (title, link, settings) = (kept.title.clone(), kept.link.clone(), settings.clone());
        let one = Recent { title, link, settings, at: js_sys::Date::now() };
        write(&recent::with(&recent_reports(), one));
    }
}

/// Forgets one.
pub fn forget_report(link: &str) {
    if memory().is_some() {
        write(&recent::without(&recent_reports(), link));
    }
}

/// A full memory keeps fewer, and at last none.
fn write(list: &[Recent]) {
    let Some(memory) = memory() else { return };
    let mut list = list.to_vec();
    while memory.set_item(LIST, &json::text(&list)).is_err() && list.pop().is_some() {}
}
