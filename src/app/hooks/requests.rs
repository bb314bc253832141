//! What the page asked of the network after it was loaded.

use gloo::utils::window;
use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    PerformanceEntry, PerformanceObserver, PerformanceObserverEntryList, PerformanceObserverInit,
    PerformanceResourceTiming,
};
use yew::prelude::*;

/// Requests since load, as the browser counts them. The policy that boot.js sets forbids them; this shows it.
#[hook]
pub fn use_requests_since_load() -> u32 {
    let requests = use_state_eq(|| 0u32);
    let setter = requests.setter();
    use_effect_with((), move |()| {
        let since = window().performance().map_or(0.0, |performance| performance.now());
        let mut count = 0u32;
        let listener =
            Closure::<dyn FnMut(PerformanceObserverEntryList)>::new(move |entries: PerformanceObserverEntryList| {
                let new = entries.get_entries().iter().filter(|entry| is_request(entry, since)).count();
                count = count.saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
                setter.set(count);
            });
        let observer = PerformanceObserver::new(listener.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            let kinds = Array::of1(&JsValue::from_str("resource"));
            observer.observe(&PerformanceObserverInit::new(&kinds));
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(listener);
        }
    });
    *requests
}

/// Not what the page hands to itself as a blob, nor what its service worker had here when the browser asked (the web manifest), nor
/// that service worker, which only some browsers count.
fn is_request(entry: &JsValue, since: f64) -> bool {
    let is_kept = entry.dyn_ref::<PerformanceResourceTiming>().is_some_and(|timing| timing.worker_start() > 0.0);
    entry.dyn_ref::<PerformanceEntry>().is_some_and(|entry| {
        let name = entry.name();
        let is_own = ["blob:", "data:"].iter().any(|own| name.starts_with(own)) || name.ends_with("/sw.js");
        entry.start_time() > since && !is_kept && !is_own
    })
}
