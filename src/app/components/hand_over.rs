//! Ways to hand something over that a person can see: a box and a file picker. Pasting and dropping work anywhere.

use gloo::utils::window;
use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement, InputEvent as WebInputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::controls::use_controls;
use crate::app::intake::{self, PASTE_NAME};
use crate::app::words::use_words;

/// The file picker, as a button.
#[part]
pub fn ChooseFiles() -> Html {
    let words = use_words();
    let controls = use_controls();
    let onchange = Callback::from(move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let (Some(files), Some(controls)) = (input.and_then(|input| input.files()), &controls) {
            controls.read(intake::of_files(&files));
        }
    });
    html! {
        <label class="button button--file">
            <input type="file" multiple=true {onchange} />
            { words.text("page.choose-files") }
        </label>
    }
}

/// Pastes go past it into a blob; what is typed, or comes in by other ways (dictation, a phone's keyboard), is read from
/// here.
#[part]
pub fn PasteBox() -> Html {
    let words = use_words();
    let controls = use_controls();
    let area = use_node_ref();
    let typed = use_state_eq(|| false);
    let read = {
        let (area, controls) = (area.clone(), controls.clone());
        Callback::from(move |()| {
            if let (Some(area), Some(controls)) = (area.cast::<HtmlTextAreaElement>(), &controls) {
                controls.read(intake::of_text(&area.value(), PASTE_NAME));
            }
        })
    };
    let oninput = {
        let (area, typed, read) = (area.clone(), typed.setter(), read.clone());
        Callback::from(move |event: WebInputEvent| {
            let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
            typed.set(area.text_length() > 0);
            let not_typed = ["insertFromPaste", "insertFromDrop", "insertReplacementText"];
            if not_typed.contains(&event.input_type().as_str()) && area.text_length() > 0 {
                read.emit(());
            }
        })
    };
    let onkeydown = {
        let read = read.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                read.emit(());
            }
        })
    };
    // Of the first screen that is made before there is a browser, `static/boot.js` changes the keys.
    let in_browser = cfg!(target_arch = "wasm32");
    let is_mac = in_browser && window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"));
    let keys = if is_mac { "⌘V" } else { "Ctrl+V" };
    html! {
        <div class="paste">
            <label class="paste__label" for="paste">
                { words.text("page.paste") }
                <span class="by-keyboard">{ words.fill("page.paste.keys", &[("keys", keys)]) }</span>
            </label>
            <textarea id="paste" class="paste__box" ref={area} rows="5" spellcheck="false" autocomplete="off"
                placeholder={words.text("page.paste.placeholder")} {oninput} {onkeydown} />
            <button type="button" class="button button--main" hidden={!*typed} onclick={read.reform(|_| ())}>
                { words.text("page.paste.read") }
            </button>
        </div>
    }
}
