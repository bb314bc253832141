//! The first screen: one box for everything, and what to do without logs.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement, InputEvent as WebInputEvent, KeyboardEvent};
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::recent::RecentReports;
use crate::app::hooks::paste::PASTE_NAME;
use crate::app::intake;
use crate::app::page::{Controls, use_controls};
use crate::app::session::Notice;
use crate::app::words::use_words;

/// Made of real logs, with our own words around them.
const SAMPLE: &str = include_str!("../../../static/samples/one-gigabyte-server.md");
const SAMPLE_NAME: &str = "one-gigabyte-server.md";

/// What to run, and the catalogue key of what it tells.
const COMMANDS: [(&str, &str); 6] = [
    ("journalctl -k --utc --no-pager | grep -i -B 80 -A 5 'killed process'", "page.command.kernel"),
    ("jstat -gc -t PID 1000 60", "page.command.jstat"),
    ("jcmd PID VM.native_memory summary", "page.command.nmt"),
    ("jcmd PID VM.flags", "page.command.flags"),
    ("free -m", "page.command.free"),
    ("top -b -n 1 -o %MEM | head -20", "page.command.top"),
];

#[derive(Properties, PartialEq)]
pub struct StartScreenProps {
    /// About the last attempt.
    pub notice: Option<Notice>,
}

/// The first screen.
#[component]
pub fn StartScreen(StartScreenProps { notice }: &StartScreenProps) -> Html {
    let words = use_words();
    let controls = use_controls();
    let on_sample = with(&controls, |controls, _: MouseEvent| controls.read(intake::of_text(SAMPLE, SAMPLE_NAME)));
    let on_files = with(&controls, |controls, event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(files) = input.and_then(|input| input.files()) {
            controls.read(intake::of_files(&files));
        }
    });
    html! {
        <div class="start">
            <h1 class="start__question">{ words.text("page.question") }</h1>
            <p class="start__lead">{ words.text("page.lead") }</p>
            <PasteBox />
            if let Some(notice) = notice {
                <p class="notice">{ words.text(notice.key()) }</p>
            }
            <div class="start__ways">
                <label class="button button--file">
                    <input type="file" multiple=true onchange={on_files} />
                    { words.text("page.choose-files") }
                </label>
                <button type="button" class="button" onclick={on_sample}>{ words.text("page.sample") }</button>
                <span class="start__drop">{ words.text("page.drop") }</span>
            </div>
            <RecentReports />
            <section class="commands" aria-labelledby="commands">
                <h2 id="commands">{ words.text("page.commands") }</h2>
                <p>{ words.text("page.commands.lead") }</p>
                <ul class="commands__list">
                    for (command, about) in COMMANDS {
                        <li class="command" key={command}>
                            <span class="command__about">{ words.text(about) }</span>
                            <code class="command__text">{ command }</code>
                            <CopyButton text={command} />
                        </li>
                    }
                </ul>
            </section>
        </div>
    }
}

/// Pastes go past it into a blob; what is typed, or comes in by other ways (dictation, a phone's keyboard), is read from
/// here.
#[component]
fn PasteBox() -> Html {
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
    html! {
        <div class="paste">
            <label class="paste__label" for="paste">{ words.text("page.paste") }</label>
            <textarea id="paste" class="paste__box" ref={area} rows="5" spellcheck="false" autocomplete="off"
                placeholder={words.text("page.paste.placeholder")} {oninput} {onkeydown} />
            if *typed {
                <button type="button" class="button button--main" onclick={read.reform(|_| ())}>
                    { words.text("page.paste.read") }
                </button>
            }
        </div>
    }
}

fn with<E: 'static>(controls: &Option<Controls>, act: impl Fn(&Controls, E) + 'static) -> Callback<E> {
    let controls = controls.clone();
    Callback::from(move |event| {
        if let Some(controls) = &controls {
            act(controls, event);
        }
    })
}
