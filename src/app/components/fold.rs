//! A section that is opened when somebody wants to read it: until then it costs no more than its heading.

use oomscope_derive::part;
use yew::prelude::*;

use crate::app::hooks::printing::use_printing;
use crate::i18n::number;

/// The section. Printed, it is open.
#[part]
pub fn Fold(id: &AttrValue, title: &AttrValue, count: &usize, children: &Html) -> Html {
    let open = use_state_eq(|| false);
    let printing = use_printing();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let is_open = *open || printing;
    let body = format!("{id}-body");
    html! {
        <section class="fold" aria-labelledby={id.clone()}>
            <h3 class="fold__title">
                <button type="button" id={id.clone()} class="fold__toggle" aria-expanded={is_open.to_string()} aria-controls={body.clone()} onclick={toggle}>{ title.clone() }</button>
                { " " }<small>{ number(*count as u64) }</small>
            </h3>
            <div class="fold__body" id={body} hidden={!is_open}>if is_open { { children.clone() } }</div>
        </section>
    }
}
