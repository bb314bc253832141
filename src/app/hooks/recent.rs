//! The last reports in the browser's memory, and whether it keeps any.
//!
//! On unless the reader switches it off: the list holds what the browser's own history holds anyway, since the address bar
//! carries the same numbers, and unlike that it can be seen, and forgotten one by one.

use gloo::storage::{LocalStorage, Storage};
use gloo::utils::window;

use crate::app::recent::{self, Recent};
use crate::worker::share::Kept;

const LIST: &str = "oomscope.recent";
const OFF: &str = "oomscope.recent-off";

/// Without the browser's memory (inside other sites' pages, or where the reader forbids it) gloo would end the page.
fn has_memory() -> bool {
    window().local_storage().ok().flatten().is_some()
}

/// True if the browser is to keep the last reports.
pub fn keeps_reports() -> bool {
    has_memory() && !LocalStorage::get::<bool>(OFF).unwrap_or_default()
}

/// Switches it on, or off and forgets all.
pub fn keep_reports(keep: bool) {
    if !has_memory() {
        return;
    }
    if keep {
        LocalStorage::delete(OFF);
    } else {
        LocalStorage::delete(LIST);
        // A memory so full that this does not fit keeps no reports either.
        let _ = LocalStorage::set(OFF, true);
    }
}

/// The last reports, newest first.
pub fn recent_reports() -> Vec<Recent> {
    if !keeps_reports() {
        return Vec::new();
    }
    recent::within_bounds(LocalStorage::get(LIST).unwrap_or_default())
}

/// Keeps one more, if any are kept.
pub fn keep_report(kept: &Kept) {
    if keeps_reports() {
        let one = Recent { title: kept.title.clone(), link: kept.link.clone(), at: js_sys::Date::now() };
        write(&recent::with(&recent_reports(), one));
    }
}

/// Forgets one.
pub fn forget_report(link: &str) {
    if has_memory() {
        write(&recent::without(&recent_reports(), link));
    }
}

/// A full memory keeps fewer, and at last none.
fn write(list: &[Recent]) {
    for length in (0..=list.len()).rev() {
        if LocalStorage::set(LIST, list.get(..length).unwrap_or_default()).is_ok() {
            return;
        }
    }
}
