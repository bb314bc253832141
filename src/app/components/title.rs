//! The title of a report, and a pencil that changes it in place.

use std::rc::Rc;

use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::story::whole;
use crate::app::controls::{PageReady, use_controls};
use crate::app::session::Action;
use crate::app::terms::of_heading;
use crate::app::words::use_words;
use crate::report::MAX_NAME;

/// The title.
#[part]
pub fn Title(
    ready: &PageReady,
    /// The heading, for who leads the focus there.
    heading: &NodeRef,
) -> Html {
    let words = use_words();
    let controls = use_controls();
    let typing = use_state_eq(|| false);
    let (field, pencil) = (use_node_ref(), use_node_ref());
    {
        let (field, pencil) = (field.clone(), pencil.clone());
        let was_typing = use_mut_ref(|| false);
        use_effect_with(*typing, move |typing| {
            let target = if *typing { field.cast::<HtmlElement>() } else { pencil.cast() };
            if was_typing.replace(*typing) != *typing {
                // Fails only for an element that cannot be focused; then the focus stays.
                let _ = target.map(|target| target.focus());
                if let Some(field) = field.cast::<HtmlInputElement>().filter(|_| *typing) {
                    field.select();
                }
            }
        });
    }
    // The field that is taken away loses the focus, too: that is no second end.
    let ended = use_mut_ref(|| false);
    let headline = ready.report.verdict.headline.say(words.0);
    let end = {
        let headline = headline.clone();
        let (typing, ended) = (typing.setter(), Rc::clone(&ended));
        Callback::from(move |name: Option<String>| {
            if ended.replace(true) {
                return;
            }
            typing.set(false);
            if let (Some(name), Some(controls)) = (name, &controls) {
                // The headline is no name of its own.
                controls.send(Action::Name(if name.trim() == headline { String::new() } else { name }));
            }
        })
    };
    if !*typing {
        let name = words.text("page.title.change");
        let onclick = {
            let typing = typing.setter();
            Callback::from(move |_: MouseEvent| {
                ended.replace(false);
                typing.set(true);
            })
        };
        return html! {
            <div class="report__name">
                <h1 class="report__title" ref={heading} tabindex="-1">{ whole(of_heading(&ready.title(words.0))) }</h1>
                <button type="button" class="button button--quiet report__pencil" ref={pencil} aria-label={name.clone()} title={name} {onclick}>{ "✎" }</button>
                // What the report says first stays, whatever it is called.
                if ready.name.is_some() { <p class="report__headline">{ headline }</p> }
            </div>
        };
    }
    let typed = |event: &Event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        field.map(|field| field.value())
    };
    let onblur = {
        let end = end.clone();
        Callback::from(move |event: FocusEvent| end.emit(typed(&event)))
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            // Else the pencil, which gets the focus, hears it, too.
            event.prevent_default();
            end.emit(typed(&event));
        }
        "Escape" => end.emit(None),
        _ => {}
    });
    html! {
        <input class="field report__name" ref={field} aria-label={words.text("page.title.change")} maxlength={MAX_NAME.to_string()}
            value={ready.title(words.0)} placeholder={headline} {onblur} {onkeydown} />
    }
}
