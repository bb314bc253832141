//! The dialog that hands a report on: what goes in, a link with its length, files, and snippets for other pages.

mod files;
mod link;
mod preview;
mod snippets;

use gloo::utils::window;
use oomscope_derive::part;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use self::files::Files;
use self::link::{Link, THRESHOLDS};
use self::preview::Preview;
use self::snippets::Snippets;
use super::modal::Modal;
use crate::app::address::LINK;
use crate::app::controls::{use_controls, with};
use crate::app::history::{address, page_address};
use crate::app::session::{Action, Sharing};
use crate::app::words::{Words, use_words};
use crate::export::brief::MAX_BYTES as MAX_BRIEF;
use crate::export::svg::Look;
use crate::i18n::number;
use crate::report::MAX_NAME;
use crate::worker::share::{Include, Wish};

const INCLUDES: [(Include, &str, &str); 3] = [
    (Include::Numbers, "page.share.numbers", "page.share.numbers.about"),
    (Include::Lines, "page.share.lines", "page.share.lines.about"),
    (Include::Whole, "page.share.whole", "page.share.whole.about"),
];

const LOOKS: [(Look, &str); 3] =
    [(Look::Both, "page.share.look.both"), (Look::Light, "page.theme.light"), (Look::Dark, "page.theme.dark")];

/// The dialog. The browser keeps the focus in it and closes it at Escape.
#[part]
pub fn ShareDialog(
    sharing: &Sharing,
    has_texts: &bool,
    /// Another report stands beside this one, and does not go with it.
    compares: &bool,
    title: &AttrValue,
) -> Html {
    let words = use_words();
    let controls = use_controls();
    let end = with(&controls, move |controls, ()| controls.send(Action::EndSharing));
    let on_wish = with(&controls, move |controls, wish: Wish| controls.send(Action::Share(wish)));
    html! {
        <Modal id="share-title" title={words.text("page.share.title")} on_close={end}>
            if *compares { <p class="notice">{ words.text("page.share.alone") }</p> }
            <Wishes wish={sharing.wish.clone()} {has_texts} {title} {on_wish} />
            <p class="notice">{ words.text("page.share.for-ever") }</p>
            <div aria-live="polite">
                if let Some(shared) = &sharing.shared {
                    <Link shared={shared.clone()} />
                    <h3>{ words.text("page.share.assistant") }</h3>
                    <p class="note">{ words.fill("page.share.assistant.about", &[("limit", &number(MAX_BRIEF as u64))]) }</p>
                    <Copyable label={words.text("page.share.assistant")} text={shared.brief.clone()} verb="page.share.assistant.copy" />
                    <h3>{ words.text("page.share.files") }</h3>
                    <Files shared={shared.clone()} look={sharing.wish.look} />
                    <Preview shared={shared.clone()} />
                    // A page from disk has no address that another page could lead to.
                    if !page_address().is_empty() { <Snippets shared={shared.clone()} look={sharing.wish.look} /> }
                } else {
                    <p>{ words.text("page.share.writing") }</p>
                }
            </div>
        </Modal>
    }
}

/// What goes in, its title, how long the link may be, and the colours of pictures.
#[part]
fn Wishes(wish: &Wish, has_texts: &bool, title: &AttrValue, on_wish: &Callback<Wish>) -> Html {
    let words = use_words();
    let with = |change: fn(&mut Wish, &str)| {
        let (wish, on_wish) = (wish.clone(), on_wish.clone());
        Callback::from(move |event: Event| {
            let mut wish = wish.clone();
            change(&mut wish, &value(&event));
            on_wish.emit(wish);
        })
    };
    let include = |(include, name, about): (Include, &str, &str)| {
        let (wish, on_wish) = (wish.clone(), on_wish.clone());
        let checked = wish.include == include;
        let onchange = Callback::from(move |_: Event| on_wish.emit(Wish { include, ..wish.clone() }));
        html! {
            <label class="share__choice">
                <input type="radio" name="include" {checked} {onchange} />
                <span><strong>{ words.text(name) }</strong>{ " " }<small class="note">{ words.text(about) }</small></span>
            </label>
        }
    };
    let on_name = with(|wish, value| value.clone_into(&mut wish.name));
    let on_limit = with(|wish, value| wish.limit = value.parse().unwrap_or(wish.limit));
    let on_look = with(|wish, value| {
        let look = LOOKS.iter().find(|(_, key)| *key == value);
        wish.look = look.map_or(wish.look, |(look, _)| *look);
    });
    let limits = THRESHOLDS.iter().rev().map(|(limit, _)| *limit);
    html! {
        <>
            <fieldset class="share__what">
                <legend>{ words.text("page.share.what") }</legend>
                for one in INCLUDES.into_iter().filter(|(include, ..)| *has_texts || *include != Include::Whole) { { include(one) } }
            </fieldset>
            <div class="share__wishes">
                <label class="share__wish share__wish--name">
                    { words.text("page.share.name") }
                    <input class="share__field" maxlength={MAX_NAME.to_string()} placeholder={title.clone()} value={wish.name.clone()} onchange={on_name} />
                </label>
                <label class="share__wish">
                    { words.text("page.share.limit") }
                    <select class="share__field" onchange={on_limit}>
                        for limit in limits {
                            <option value={limit.to_string()} selected={wish.limit == limit}>
                                { words.fill("page.share.limit.characters", &[("n", &number(limit as u64))]) }
                            </option>
                        }
                    </select>
                </label>
                <label class="share__wish">
                    { words.text("page.share.look") }
                    <select class="share__field" onchange={on_look}>
                        for (look, key) in LOOKS {
                            <option value={key} selected={wish.look == look}>{ words.text(key) }</option>
                        }
                    </select>
                </label>
            </div>
        </>
    }
}

/// What a field or a list says.
fn value(event: &Event) -> String {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let field = target.as_ref().and_then(|target| target.dyn_ref::<HtmlInputElement>()).map(|field| field.value());
    let list = target.as_ref().and_then(|target| target.dyn_ref::<HtmlSelectElement>()).map(|list| list.value());
    field.or(list).unwrap_or_default()
}

/// The page's address with the report, the view, and the language that the reader sees.
fn link_address(words: Words, link: &str) -> String {
    let mut address = address();
    address.language = Some(words.0);
    address.set_other(LINK, Some(link));
    format!("{}#{address}", page_address())
}

/// The address of the card for a frame in another page.
fn card_address(words: Words, link: &str) -> String {
    let page = page_address();
    let folder = page.rfind('/').and_then(|at| page.get(..=at)).unwrap_or_default();
    format!("{folder}embed.html#lang={}&{LINK}={link}", words.0.tag())
}

/// A text to select, and a button that copies it, which says `verb`.
#[part]
fn Copyable(label: &AttrValue, text: &AttrValue, #[prop_or("page.copy")] verb: &&'static str) -> Html {
    let words = use_words();
    // The text of the last attempt, and whether the clipboard took it: another text is not copied yet.
    let attempt = use_state_eq(|| None::<(AttrValue, bool)>);
    let onclick = {
        let (text, attempt) = (text.clone(), attempt.setter());
        Callback::from(move |_: MouseEvent| {
            let promise = window().navigator().clipboard().write_text(&text);
            let (text, attempt) = (text.clone(), attempt.clone());
            spawn_local(async move { attempt.set(Some((text, JsFuture::from(promise).await.is_ok()))) });
        })
    };
    let is_long = text.contains('\n');
    let onfocus = Callback::from(|event: FocusEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(field) = target.as_ref().and_then(|target| target.dyn_ref::<HtmlInputElement>()) {
            field.select();
        } else if let Some(field) = target.as_ref().and_then(|target| target.dyn_ref::<HtmlTextAreaElement>()) {
            field.select();
        }
    });
    let key = match &*attempt {
        Some((of, true)) if of == text => "page.copy.done",
        Some((of, false)) if of == text => "page.copy.refused",
        _ => verb,
    };
    html! {
        <div class="copyable">
            if is_long {
                <textarea class="copyable__text" readonly=true rows="4" aria-label={label.clone()} value={text.clone()} {onfocus} />
            } else {
                <input class="copyable__text" readonly=true aria-label={label.clone()} value={text.clone()} {onfocus} />
            }
            <button type="button" class="button button--main" aria-label={format!("{}: {label}", words.text(key))} {onclick}>{ words.text(key) }</button>
        </div>
    }
}
