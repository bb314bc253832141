//! A section that is opened when somebody wants to read it: until then it costs no more than its heading.

use yew::prelude::*;

use crate::app::hooks::printing::use_printing;
use crate::i18n::number;

#[derive(Properties, PartialEq)]
pub struct FoldProps {
    /// Of its heading.
    pub id: AttrValue,
    /// What it holds.
    pub title: AttrValue,
    /// How many.
    pub count: usize,
    /// What opens.
    pub children: Html,
}

/// The section. Printed, it is open.
#[component]
pub fn Fold(FoldProps { id, title, count, children }: &FoldProps) -> Html {
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
