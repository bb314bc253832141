//! The last reports in this browser: each opens again or is forgotten, and a switch keeps none.

use oomscope_derive::part;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::app::controls::{use_controls, with};
use crate::app::hooks::recent::{forget_report, keep_reports, keeps_reports, recent_reports};
use crate::app::recent::Recent;
use crate::app::words::use_words;

/// The last reports, and what is kept of them.
#[part]
pub fn RecentReports() -> Html {
    let words = use_words();
    let controls = use_controls();
    let keeps = use_state_eq(keeps_reports);
    let list = use_state_eq(recent_reports);
    let on_switch = {
        let (keeps, list) = (keeps.clone(), list.setter());
        Callback::from(move |_: Event| {
            keep_reports(!*keeps);
            keeps.set(keeps_reports());
            list.set(recent_reports());
        })
    };
    let report = |one: &Recent| {
        let Recent { title, link, settings, at } = one.clone();
        let on_open = {
            let link = link.clone();
            with(&controls, move |controls, _: MouseEvent| controls.enter(&link, &settings))
        };
        let on_forget = {
            let (list, link) = (list.setter(), link.clone());
            Callback::from(move |_: MouseEvent| {
                forget_report(&link);
                list.set(recent_reports());
            })
        };
        let time = js_sys::Date::new(&JsValue::from_f64(at)).to_locale_string(words.0.tag(), &JsValue::UNDEFINED);
        html! { <RecentReport key={link} {title} time={String::from(time)} {on_open} {on_forget} /> }
    };
    html! {
        <section class="recent" aria-labelledby="recent">
            <h2 id="recent">{ words.text("page.recent") }</h2>
            if !list.is_empty() {
                <ul class="recent__list">
                    for one in list.iter() { { report(one) } }
                </ul>
            }
            <label class="recent__switch">
                <input type="checkbox" checked={*keeps} onchange={on_switch} />
                { words.text("page.recent.keep") }
            </label>
            <p class="note" hidden={!*keeps}>{ words.text("page.recent.on") }</p>
            <p class="note" hidden={*keeps}>{ words.text("page.recent.off") }</p>
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct RecentReportProps {
    /// Its title.
    pub title: AttrValue,
    /// When it was looked at, in words.
    pub time: AttrValue,
    /// Opens it.
    #[prop_or_default]
    pub on_open: Callback<MouseEvent>,
    /// Forgets it.
    #[prop_or_default]
    pub on_forget: Callback<MouseEvent>,
}

/// One of them.
#[component]
pub fn RecentReport(props: &RecentReportProps) -> Html {
    let words = use_words();
    let RecentReportProps { title, time, on_open, on_forget } = props;
    html! {
        <li class="recent__report">
            <button type="button" class="button recent__open" onclick={on_open}>
                { title }
                <span class="recent__time">{ time }</span>
            </button>
            <button type="button" class="button button--small" aria-label={words.fill("page.recent.forget.one", &[("title", title)])} onclick={on_forget}>
                { words.text("page.recent.forget") }
            </button>
        </li>
    }
}
