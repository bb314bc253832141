//! Placing a section without a clock on the dated axis: two fields, and a drag once it is there.

use oomscope_derive::part;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::hooks::view::Look;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::timeline::{Clock, Timeline as Lanes, View};

/// Fields for a section that can be placed, and what was placed already.
#[part]
pub fn AlignTools(
    /// The lanes as the text has them.
    unaligned: &ByPtr<Lanes>,
    lanes: &ByPtr<Lanes>,
    view: &View,
    section: &String,
    on_look: &Callback<Look>,
) -> Html {
    let id = section;
    let words = use_words();
    let (first_field, last_field) = (use_node_ref(), use_node_ref());
    let wrong = use_state_eq(|| None::<String>);
    let section = lanes.section(id).filter(|section| lanes.can_align(section));
    let onsubmit = {
        let (lanes, view, id, on_look, wrong) =
            (lanes.clone(), view.clone(), id.clone(), on_look.clone(), wrong.clone());
        let (first_field, last_field) = (first_field.clone(), last_field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some((section, dated)) = lanes.section(&id).zip(lanes.dated()) else { return };
            let typed =
                |field: &NodeRef| field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let time = |text: &str| lanes.typed_time(dated, &view, text);
            let (first_text, last_text) = (typed(&first_field), typed(&last_field));
            let length = section.extent.1.saturating_sub(section.extent.0);
            let Some(first) = time(&first_text) else { return wrong.set(Some(first_text)) };
            let last = match last_text.trim() {
                // The interval is known, so the length is.
                "" if section.clock != Clock::Order || length == 0 => Some(first.saturating_add(length)),
                text => time(text),
            };
            let Some(last) = last.filter(|last| *last >= first) else { return wrong.set(Some(last_text)) };
            wrong.set(None);
            on_look.emit(Look::At(view.placed(&id, first, last)));
        })
    };
    let undo = |id: &str| {
        let (view, id, on_look) = (view.clone(), id.to_owned(), on_look.clone());
        Callback::from(move |_: MouseEvent| on_look.emit(Look::At(view.unplaced(&id))))
    };
    let example = lanes.dated().map(|dated| lanes.time_to_type(dated, view, dated.extent.0)).unwrap_or_default();
    html! {
        <>
            if section.is_some() {
                <form class="range-tools" {onsubmit} aria-label={words.text("page.align.place")}>
                    <span class="note">{ words.text("page.align.how") }</span>
                    <label>{ words.text("page.align.first") }{ " " }<input type="text" class="field field--date" ref={first_field} placeholder={example} autocomplete="off" /></label>
                    <label>{ words.text("page.align.last") }{ " " }<input type="text" class="field field--date" ref={last_field} autocomplete="off" /></label>
                    <button type="submit" class="button button--small">{ words.text("page.align.place") }</button>
                    <p class="range-tools__wrong" role="status">
                        if let Some(text) = &*wrong { { words.fill("page.timeline.wrong", &[("text", text)]) } }
                    </p>
                </form>
            }
            for placed in lanes.by_hand.iter() {
                <p class="range-tools">
                    { words.fill("page.align.placed", &[("who", &placed.owner)]) }
                    <button type="button" class="button button--small" onclick={undo(&placed.id)}>
                        { words.text("page.align.undo") }
                        <span class="visually-hidden">{ " " }{ unaligned.section(&placed.id).map(|section| section.title.clone()).unwrap_or_default() }</span>
                    </button>
                </p>
            }
        </>
    }
}
