//! What stands above every screen: the name, the promise, language, and colours.

use oomscope_derive::part;
use yew::prelude::*;

use super::about::About;
use crate::app::controls::{use_controls, with};
use crate::app::hooks::dark::is_system_dark;
use crate::app::hooks::preferences::{remember_language, remember_theme};
use crate::app::hooks::requests::use_requests_since_load;
use crate::app::session::{Action, Theme};
use crate::app::words::use_words;
use crate::i18n::Language;

/// The header.
#[part]
pub fn Header(theme: &Theme, at_start: &bool) -> Html {
    let words = use_words();
    let controls = use_controls();
    let again = with(&controls, move |controls, _: MouseEvent| controls.start_again());
    html! {
        <header class="header">
            <p class="header__name">{ "oomscope" }</p>
            <Promise />
            <div class="header__switches">
                if !at_start {
                    <button type="button" class="button" onclick={again}>{ words.text("page.start-again") }</button>
                }
                <LanguageSwitch />
                <ThemeSwitch theme={*theme} />
                <About />
            </div>
        </header>
    }
}

/// "Nothing is sent", with the count that shows it.
#[part]
fn Promise() -> Html {
    let words = use_words();
    let requests = use_requests_since_load();
    html! {
        <p class="promise" title={words.text("page.promise.how")}>
            { words.count("page.promise", u64::from(requests)) }
        </p>
    }
}

/// The other languages, each named in itself. One press changes everything on the page.
#[part]
fn LanguageSwitch() -> Html {
    let words = use_words();
    let controls = use_controls();
    let others = Language::ALL.into_iter().filter(|language| *language != words.0).map(|language| {
        let controls = controls.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            remember_language(language);
            if let Some(controls) = &controls {
                controls.send(Action::Speak(language));
            }
        });
        html! { <button type="button" class="button button--quiet" lang={language.tag()} {onclick}>{ language.own_name() }</button> }
    });
    others.collect()
}

/// As the system says, the other way, and as the system looks: the first press always changes something that is seen.
#[part]
pub fn ThemeSwitch(theme: &Theme) -> Html {
    let words = use_words();
    let controls = use_controls();
    let (key, sign) = match theme {
        Theme::Auto => ("page.theme.auto", "◐"),
        Theme::Light => ("page.theme.light", "○"),
        Theme::Dark => ("page.theme.dark", "●"),
    };
    let theme = *theme;
    let onclick = Callback::from(move |_: MouseEvent| {
        let next = theme.next(is_system_dark());
        remember_theme(next);
        if let Some(controls) = &controls {
            controls.send(Action::Look(next));
        }
    });
    let name = format!("{}: {}", words.text("page.theme"), words.text(key));
    html! { <button type="button" class="button button--quiet" aria-label={name.clone()} title={name} {onclick}>{ sign }</button> }
}
