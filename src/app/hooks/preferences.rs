//! Language and theme: as the reader chose, else as the browser says.

use gloo::utils::{document, window};
use yew::prelude::*;

use crate::app::history::replace_address;
use crate::app::session::Theme;
use crate::i18n::Language;

const LANGUAGE: &str = "oomscope.language";
const THEME: &str = "oomscope.theme";

/// The address's language, else the chosen one, else the browser's: `static/boot.js` decides it before anything is painted.
pub fn first_language() -> Language {
    Language::from_tag(&attribute("lang").unwrap_or_default())
}

/// The chosen theme, else the system's; decided there, too.
pub fn first_theme() -> Theme {
    attribute("data-theme").and_then(|name| Theme::from_name(&name)).unwrap_or_default()
}

/// True where it found that the address leads to a report, or took what was handed over already.
pub fn is_opening() -> bool {
    attribute("data-opening").is_some()
}

fn attribute(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Remembers a choice. Where the browser does not let us, the choice holds until the page is closed.
pub fn remember_language(language: Language) {
    keep(LANGUAGE, language.tag());
    replace_address(|address| address.language = Some(language));
}

/// The same for the theme.
pub fn remember_theme(theme: Theme) {
    keep(THEME, theme.name());
}

/// The browser's memory. `None` inside other sites' pages, and where the reader forbids it; gloo would end the page there.
fn memory() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn keep(name: &str, value: &str) {
    if let Some(memory) = memory() {
        // A full memory forgets.
        let _ = memory.set_item(name, &format!("\"{value}\""));
    }
}

/// Tells the document its language, theme, and title.
#[hook]
pub fn use_document(language: Language, theme: Theme, title: String) {
    use_effect_with(title, |title| document().set_title(title));
    use_effect_with((language, theme), |(language, theme)| {
        if let Some(root) = document().document_element() {
            // Setting an attribute fails only for names that are none.
            let _ = root.set_attribute("lang", language.tag());
            let _ = match theme {
                Theme::Auto => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
            };
        }
    });
}
