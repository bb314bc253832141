//! The dialog that asks for a second report.

use oomscope_derive::part;
use yew::prelude::*;

use super::failure::reason;
use super::hand_over::{ChooseFiles, PasteBox};
use super::modal::Modal;
use crate::app::address::LINK;
use crate::app::controls::use_controls;
use crate::app::history::address;
use crate::app::hooks::recent::recent_reports;
use crate::app::hooks::second::{Second, SecondControls};
use crate::app::intake::{self, PASTE_NAME};
use crate::app::recent::Recent;
use crate::app::words::use_words;

/// The dialog. While it is open, what is pasted, dropped or chosen is the second report.
#[part]
pub fn CompareWith(second: &Second, controls: &SecondControls) -> Html {
    let words = use_words();
    let page = use_controls();
    {
        let controls = controls.clone();
        use_effect_with((), move |()| {
            if let Some(page) = &page {
                page.hand_over_to(Some(Callback::from(move |texts| controls.read(texts))));
            }
            move || {
                if let Some(page) = page {
                    page.hand_over_to(None);
                }
            }
        });
    }
    let forget = {
        let controls = controls.clone();
        Callback::from(move |()| controls.forget())
    };
    // The open report is no other one: the address holds it.
    let recent = use_memo((), |()| {
        let mut recent = recent_reports();
        recent.retain(|one| address().other(LINK) != Some(one.link.as_str()));
        recent
    });
    let report = |one: &Recent| {
        let (controls, link) = (controls.clone(), one.link.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            controls.read(intake::of_text(&format!("#r={link}"), PASTE_NAME));
        });
        html! { <button type="button" class="button button--small recent__open" {onclick}>{ &one.title }</button> }
    };
    html! {
        <Modal id="compare-with-title" title={words.text("page.compare.with")} on_close={forget}>
            <p>{ words.text("page.compare.with.lead") }</p>
            <PasteBox />
            <p><ChooseFiles /></p>
            if !recent.is_empty() {
                <p id="compare-recent">{ words.text("page.compare.recent") }</p>
                <ul class="recent__list" aria-labelledby="compare-recent">
                    for one in recent.iter() { <li>{ report(one) }</li> }
                </ul>
            }
            <p role="status">
                {
                    match second {
                        Second::Reading(_) => words.text("page.reading"),
                        Second::Failed(None) => words.text("page.notice.nothing"),
                        Second::Failed(Some(problem)) => reason(words, problem),
                        Second::Unwanted | Second::Asked | Second::Ready(_) => String::new(),
                    }
                }
            </p>
        </Modal>
    }
}
