//! Asks whether what was handed over beside a report belongs to it.

use std::rc::Rc;

use oomscope_derive::part;
use yew::prelude::*;

use super::modal::Modal;
use crate::app::controls::{use_controls, with};
use crate::app::intake::PageText;
use crate::app::session::{Action, Decision};
use crate::app::words::{size, use_words};
use crate::i18n::list;

/// Texts that are named.
const NAMED: usize = 5;

/// The question. Enter adds.
#[part]
pub fn Belongs(texts: &Rc<Vec<PageText>>) -> Html {
    let words = use_words();
    let controls = use_controls();
    let decide = with(&controls, move |controls, decision: Decision| controls.send(Action::Decide(decision)));
    let choice = |decision: Decision| decide.reform(move |_: MouseEvent| decision);
    let named = texts.iter().map(|text| format!("{} ({})", text.name, size(text.bytes)));
    html! {
        <Modal id="belongs" title={words.text("page.belongs")} small=true on_close={decide.reform(|()| Decision::PutAway)}>
            <p>{ list(words.0, "list.items", named.take(NAMED).collect::<Vec<_>>()) }</p>
            <p class="dialog__ways">
                <button type="button" class="button button--main" autofocus=true onclick={choice(Decision::Adds)}>{ words.text("page.belongs.add") }</button>
                <button type="button" class="button" onclick={choice(Decision::StandsAlone)}>{ words.text("page.belongs.alone") }</button>
            </p>
        </Modal>
    }
}
