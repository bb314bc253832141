//! Asks whether what was handed over beside a report belongs to it.

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::app::controls::use_controls;
use crate::app::intake::PageText;
use crate::app::session::Action;
use crate::app::words::{size, use_words};
use crate::i18n::list;

/// Texts that are named.
const NAMED: usize = 5;

#[derive(Properties, PartialEq)]
pub struct BelongsProps {
    /// What was handed over.
    pub texts: Rc<Vec<PageText>>,
}

/// The question. Its first answer, and Enter, adds.
#[component]
pub fn Belongs(BelongsProps { texts }: &BelongsProps) -> Html {
    let words = use_words();
    let controls = use_controls();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let send = |action: Rc<dyn Fn() -> Action<web_sys::Blob>>| {
        let controls = controls.clone();
        Callback::from(move |()| {
            if let Some(controls) = &controls {
                controls.send(action());
            }
        })
    };
    let add = {
        let texts = Rc::clone(texts);
        send(Rc::new(move || Action::Add(Vec::clone(&texts))))
    };
    let (alone, away) = (send(Rc::new(|| Action::Decide(true))), send(Rc::new(|| Action::Decide(false))));
    let named = texts.iter().map(|text| format!("{} ({})", text.name, size(text.bytes)));
    html! {
        <dialog class="belongs" ref={dialog} aria-labelledby="belongs" oncancel={away.reform(|_: Event| ())}>
            <h2 id="belongs">{ words.text("page.belongs") }</h2>
            <p>{ list(words.0, "list.items", named.take(NAMED).collect::<Vec<_>>()) }</p>
            <p class="belongs__ways">
                <button type="button" class="button button--main" onclick={add.reform(|_: MouseEvent| ())}>{ words.text("page.belongs.add") }</button>
                <button type="button" class="button" onclick={alone.reform(|_: MouseEvent| ())}>{ words.text("page.belongs.alone") }</button>
                <button type="button" class="button button--quiet" onclick={away.reform(|_: MouseEvent| ())}>{ words.text("page.cancel") }</button>
            </p>
        </dialog>
    }
}
