//! Ways to add logs to the report: a box and files, at once or in a dialog.

use oomscope_derive::part;
use yew::prelude::*;

use super::hand_over::{ChooseFiles, PasteBox};
use super::modal::Modal;
use crate::app::controls::use_controls;
use crate::app::words::use_words;

/// The button, and the dialog that it opens.
#[part]
pub fn AddLogs() -> Html {
    let words = use_words();
    let open = use_state_eq(|| false);
    let set = |to: bool| {
        let open = open.setter();
        move || open.set(to)
    };
    let (show, close) = (set(true), set(false));
    html! {
        <>
            <button type="button" class="button button--small" aria-haspopup="dialog" onclick={move |_: MouseEvent| show()}>{ words.text("page.add") }</button>
            if *open {
                <Modal id="add-logs-title" title={words.text("page.add.title")} small=true on_close={move |()| close()}>
                    <p>{ words.text("page.add.lead") }</p>
                    <AddBox />
                </Modal>
            }
        </>
    }
}

/// While it is there, what is pasted, dropped, or chosen belongs to the report.
#[part]
pub fn AddBox() -> Html {
    let page = use_controls();
    use_effect_with((), move |()| {
        if let Some(page) = &page {
            let adding = page.clone();
            page.hand_over_to(Some(Callback::from(move |texts| adding.add(texts))));
        }
        move || {
            if let Some(page) = page {
                page.hand_over_to(None);
            }
        }
    });
    html! {
        <>
            <PasteBox />
            <p><ChooseFiles /></p>
        </>
    }
}
