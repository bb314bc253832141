//! The report inside another page, on one card: the answer, who had the memory, what moved, and the way to the whole report. A page
//! of its own (`static/embed.html`) with a wasm that opens links and draws, and reads no log; nothing takes the wheel from the page
//! around it.

use gloo::events::EventListener;
use gloo::utils::{document, document_element, window};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::analysis::finding::Severity;
use crate::export::svg::{self, Style};
use crate::i18n::{self, Language};
use crate::report::Report;
use crate::report::open::{self, Opened};

/// What ends or changes an address of a picture in a text.
const IN_ADDRESS: &AsciiSet = &CONTROLS.add(b'%').add(b'#').add(b'"').add(b'<').add(b'>');

/// Lines of the text that are there in any case.
const LINES: u32 = 3;
/// Height of a line of it, and the gap between two parts, in pixels of the style.
const LINE: f64 = 22.5;
const GAP: f64 = 8.0;

/// Shows the report of the address, and another one when the address or the width changes.
pub fn start() {
    i18n::take(i18n::carried_by_card());
    show();
    for change in ["hashchange", "resize"] {
        EventListener::new(&window(), change, |_| show()).forget();
    }
}

fn show() {
    let Some(root) = document().get_element_by_id("embed") else { return };
    let address = window().location().hash().unwrap_or_default();
    let language = language(&address);
    // Setting an attribute fails only for names that are none.
    let _ = document_element().set_attribute("lang", language.tag());
    root.set_text_content(None);
    let top = add(&root, "div", "embed__top", "");
    match open::text(&address) {
        Some(Ok(Opened::Report(report))) => card(&root, &top, &report, language),
        Some(Err(error)) => {
            add(&root, "p", "embed__lede", &i18n::text(language, error.key()));
        }
        // Logs are read, and passphrases asked for, on the page alone.
        Some(Ok(Opened::Texts(_) | Opened::Sealed(_))) | None => {
            add(&root, "p", "embed__lede", &i18n::text(language, "page.embed.elsewhere"));
        }
    }
    let whole = add(&top, "a", "embed__open", &format!("{} ↗", i18n::text(language, "page.embed.open")));
    for (name, value) in [("href", format!("./{address}").as_str()), ("target", "_blank"), ("rel", "noopener")] {
        let _ = whole.set_attribute(name, value);
    }
}

/// The address's language, else the browser's.
fn language(address: &str) -> Language {
    let named = address.trim_start_matches('#').split('&').find_map(|pair| pair.strip_prefix("lang="));
    Language::from_tag(&named.map(str::to_owned).or_else(|| window().navigator().language()).unwrap_or_default())
}

fn card(root: &Element, top: &Element, report: &Report, language: Language) {
    let title = report.title_in(language);
    document().set_title(&format!("{title} · oomscope"));
    let verdict = &report.verdict;
    let subject = add(top, "p", "subject", "");
    let tone = match Severity::from(verdict.outcome) {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
        Severity::Good => "good",
    };
    let outcome = i18n::text(language, verdict.outcome.key());
    add(&subject, "strong", &format!("subject__outcome subject__outcome--{tone}"), &outcome);
    for part in &verdict.subject {
        add(&subject, "span", "", &format!(" · {}", part.say(language)));
    }
    add(root, "h1", "embed__title", &title);
    let lede: Vec<String> = verdict.lede.iter().map(|sentence| sentence.say(language)).collect();
    let lede = add(root, "p", "embed__lede", &lede.join(" "));
    let charts = add(root, "div", "embed__charts", "");
    let width = u32::try_from(charts.client_width()).unwrap_or_default();
    // What the charts leave of their room is the text's, a line at a time.
    let mut left = f64::from(charts.client_height());
    let mut is_room = true;
    for drawn in svg::small(report, &Style::plain(language, width)).into_iter().flatten() {
        let picture = add(&charts, "img", "embed__chart", "");
        let address = format!("data:image/svg+xml,{}", utf8_percent_encode(&drawn.text, IN_ADDRESS));
        for (name, value) in [("src", &address), ("alt", &drawn.summary)] {
            let _ = picture.set_attribute(name, value);
        }
        let height = f64::from(drawn.height) + GAP;
        // One without room is not seen, and neither is what follows it.
        is_room &= height <= left;
        if is_room {
            left -= height;
        }
    }
    if let Some(lede) = lede.dyn_ref::<HtmlElement>() {
        let lines = LINES + (left / LINE).max(0.0) as u32;
        let _ = lede.style().set_property("-webkit-line-clamp", &lines.to_string());
    }
}

/// A new element with a text, at the end of another one.
fn add(parent: &Element, tag: &str, class: &str, text: &str) -> Element {
    #[expect(clippy::expect_used, reason = "the tags are ours")]
    let element = document().create_element(tag).expect("a tag of HTML");
    element.set_class_name(class);
    element.set_text_content((!text.is_empty()).then_some(text));
    let _ = parent.append_child(&element);
    element
}
