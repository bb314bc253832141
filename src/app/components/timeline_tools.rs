//! Around the timeline: the legend, and buttons and fields for everything that a drag, a wheel or a key does.

use oomscope_derive::part;
use wasm_bindgen::JsValue;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::chooser::Chooser;
use crate::app::hooks::view::Look;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::theme::Role;
use crate::chart::timeline::{Clock, Section, Timeline as Lanes, View};
use crate::civil::Zone;

/// A button per series: a press hides it or shows it again, a double press or one with Alt shows it alone.
#[part]
pub fn Legend(lanes: &ByPtr<Lanes>, view: &View, on_look: &Callback<Look>) -> Html {
    let words = use_words();
    let all: Vec<Role> = lanes.legend.iter().map(|(role, _)| role).collect();
    // One series alone needs no legend, unless it is hidden.
    if all.len() < 2 && view.hidden.is_empty() {
        return html! {};
    }
    let item = |role: Role, label: String| {
        let emit = |change: fn(&View, Role, &[Role]) -> View| {
            let (view, all, on_look) = (view.clone(), all.clone(), on_look.clone());
            Callback::from(move |()| on_look.emit(Look::At(change(&view, role, &all))))
        };
        let (toggle, isolate) = (emit(|view, role, _| view.toggled(role)), emit(View::isolated));
        let onclick = {
            let isolate = isolate.clone();
            // The second click of a double one takes back what the first did.
            Callback::from(move |event: MouseEvent| if event.alt_key() { isolate.emit(()) } else { toggle.emit(()) })
        };
        let pressed = if view.hides(role) { "false" } else { "true" };
        html! {
            <li key={role.name()}>
                <button type="button" class="series" aria-pressed={pressed} {onclick} ondblclick={isolate.reform(|_| ())}>
                    <span class={classes!("swatch", format!("swatch--{}", role.name()))} aria-hidden="true"></span>{ label }
                </button>
            </li>
        }
    };
    html! {
        <ul class="series-list" aria-label={words.text("page.timeline.series")} title={words.text("page.timeline.series.how")}>
            for (role, label) in lanes.legend.iter() {
                { item(role, label) }
            }
        </ul>
    }
}

/// Fields for the range and buttons to zoom.
#[part]
pub fn RangeTools(
    lanes: &ByPtr<Lanes>,
    view: &View,
    section: &String,
    /// True while the next two clicks choose a range.
    choosing: &bool,
    on_look: &Callback<Look>,
    on_section: &Callback<String>,
    /// Called when the reader wants to choose by two clicks, or no longer.
    on_choosing: &Callback<bool>,
) -> Html {
    let words = use_words();
    let id = section;
    let (from_field, to_field) = (use_node_ref(), use_node_ref());
    let wrong = use_state_eq(|| None::<String>);
    let range = lanes.section(id).map(|section| view.range(section));
    {
        // What is typed gives way to what is seen.
        let (from_field, to_field, lanes, id, shown) =
            (from_field.clone(), to_field.clone(), lanes.clone(), id.clone(), view.clone());
        use_effect_with((range, id.clone(), lanes.clone(), view.zone), move |_| {
            let Some((section, (from, to))) = lanes.section(&id).zip(range) else { return };
            for (field, at) in [(&from_field, from), (&to_field, to)] {
                if let Some(field) = field.cast::<HtmlInputElement>() {
                    field.set_value(&lanes.time_to_type(section, &shown, at));
                }
            }
        });
    }
    let Some(section) = lanes.section(id) else { return html! {} };
    let onsubmit = {
        let (lanes, view, id, on_look, wrong) =
            (lanes.clone(), view.clone(), id.clone(), on_look.clone(), wrong.clone());
        let (from_field, to_field) = (from_field.clone(), to_field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(section) = lanes.section(&id) else { return };
            // What nobody changed is as exact as it was, though it is told in fewer digits.
            let typed = |field: &NodeRef, seen: i64| {
                let text = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
                let is_same = text == lanes.time_to_type(section, &view, seen);
                if is_same { Ok(seen) } else { lanes.typed_time(section, &view, &text).ok_or(text) }
            };
            let (from, to) = view.range(section);
            match (typed(&from_field, from), typed(&to_field, to)) {
                (Ok(from), Ok(to)) => {
                    wrong.set(None);
                    on_look.emit(Look::At(view.with_range(section, from, to)));
                }
                (Err(text), _) | (_, Err(text)) => wrong.set(Some(text)),
            }
        })
    };
    let section_at = lanes.sections.iter().position(|section| section.id == *id);
    let name = {
        let lanes = lanes.clone();
        Callback::from(move |at: usize| lanes.sections.get(at).map(|section| section.title.clone()).unwrap_or_default())
    };
    let on_choice = {
        let (lanes, on_section) = (lanes.clone(), on_section.clone());
        Callback::from(move |at: Option<usize>| {
            if let Some(section) = at.and_then(|at| lanes.sections.get(at)) {
                on_section.emit(section.id.clone());
            }
        })
    };
    let button = |key: &str, sign: &str, disabled: bool, change: fn(&View, &Section) -> View| {
        let (lanes, view, id, on_look) = (lanes.clone(), view.clone(), id.clone(), on_look.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(section) = lanes.section(&id) {
                on_look.emit(Look::At(change(&view, section)));
            }
        });
        let name = words.text(key);
        html! { <button type="button" class="button button--small button--icon" aria-label={name.clone()} title={name} {disabled} {onclick}>{ sign }</button> }
    };
    let whole = view.range(section) == View::default().range(section);
    let reset = {
        let (view, on_look) = (view.clone(), on_look.clone());
        Callback::from(move |_: MouseEvent| on_look.emit(Look::At(view.reset())))
    };
    let choose = {
        let choosing = *choosing;
        on_choosing.reform(move |_: MouseEvent| !choosing)
    };
    html! {
        <form class="range-tools" {onsubmit} aria-label={words.text("page.timeline.range")}>
            if lanes.sections.len() > 1 {
                <Chooser label={words.text("page.timeline.section")} count={lanes.sections.len()} chosen={section_at} {name} few={true}
                    steps={(words.text("page.chooser.before").into(), words.text("page.chooser.after").into())} on_choose={on_choice} />
            }
            { button("page.timeline.closer", "+", false, |view, section| view.zoomed(section, middle_of(view, section), 0.5)) }
            { button("page.timeline.farther", "−", whole, |view, section| view.zoomed(section, middle_of(view, section), 2.0)) }
            { button("page.timeline.earlier", "‹", whole, |view, section| view.panned(section, -0.5)) }
            { button("page.timeline.later", "›", whole, |view, section| view.panned(section, 0.5)) }
            if lanes.is_zoomed(view) {
                <button type="button" class="button button--small button--reset" onclick={reset}>{ words.text("page.timeline.reset") }</button>
            }
            <ZoneChoice lanes={lanes.clone()} view={view.clone()} on_look={on_look.clone()} />
            <label>{ words.text("page.timeline.from") }{ " " }<input type="text" class="field" ref={from_field} autocomplete="off" /></label>
            <label>{ words.text("page.timeline.to") }{ " " }<input type="text" class="field" ref={to_field} autocomplete="off" /></label>
            <button type="submit" class="button button--small">{ words.text("page.timeline.show") }</button>
            <button type="button" class="button button--small" aria-pressed={if *choosing { "true" } else { "false" }} onclick={choose}>
                { words.text("page.timeline.two-clicks") }
            </button>
            <p class="range-tools__wrong" role="status">
                if let Some(text) = &*wrong {
                    { words.fill("page.timeline.wrong", &[("text", text)]) }
                }
            </p>
        </form>
    }
}

/// The zone in which times are told: the logs', UTC, or the reader's. Nothing where these are one, or no time is known in UTC.
#[part]
fn ZoneChoice(lanes: &ByPtr<Lanes>, view: &View, on_look: &Callback<Look>) -> Html {
    let words = use_words();
    let dated = lanes.sections.iter().find(|section| matches!(section.clock, Clock::Utc(_)));
    let Some((logs, dated)) = lanes.zone().zip(dated) else { return html! {} };
    // Without a zone of its own: what was chosen elsewhere, as a link has it.
    let mut zones: Vec<(Zone, &str)> = vec![(logs, "page.timeline.zone.logs")];
    let others = [Some((Zone::default(), "")), here(dated.extent.0).map(|zone| (zone, "page.timeline.zone.here"))];
    for (zone, key) in others.into_iter().flatten().chain(view.zone.map(|zone| (zone, ""))) {
        if !zones.iter().any(|(known, _)| *known == zone) {
            zones.push((zone, key));
        }
    }
    if zones.len() < 2 {
        return html! {};
    }
    let chosen = view.zone.unwrap_or(logs);
    let onchange = {
        let (view, on_look) = (view.clone(), on_look.clone());
        Callback::from(move |event: Event| {
            let value = event.target_dyn_into::<HtmlSelectElement>().and_then(|select| select.value().parse().ok());
            let zone = value.map(Zone).filter(|zone| *zone != logs);
            on_look.emit(Look::At(view.told_in(zone)));
        })
    };
    let option = |(zone, key): &(Zone, &str)| {
        let name = zone.name();
        let name = if key.is_empty() { name } else { words.fill(key, &[("zone", &name)]) };
        html! { <option value={zone.0.to_string()} selected={*zone == chosen}>{ name }</option> }
    };
    html! {
        <label>{ words.text("page.timeline.zone") }{ " " }<select class="field" {onchange}>{ for zones.iter().map(option) }</select></label>
    }
}

/// The zone of the reader's clock at that time. `None` for what is no zone on earth.
fn here(at: i64) -> Option<Zone> {
    let minutes = js_sys::Date::new(&JsValue::from_f64(at as f64 / 1000.0)).get_timezone_offset();
    let zone = Zone(-minutes.round() as i16);
    Some(zone).filter(|zone| minutes.is_finite() && zone.if_any_clock_shows_it() == *zone)
}

fn middle_of(view: &View, section: &Section) -> i64 {
    let (from, to) = view.range(section);
    from.saturating_add(to.saturating_sub(from) / 2)
}
