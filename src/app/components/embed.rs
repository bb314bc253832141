//! The report inside another page: title, one sentence, memory and time, and the way to the whole report.

use gloo::utils::window;
use yew::prelude::*;

use super::fact::HasTexts;
use super::memory::MemoryMap;
use super::report::has_times;
use super::timeline::TimelinePicture;
use super::verdict::Subject;
use crate::app::address::EMBED;
use crate::app::controls::PageReady;
use crate::app::history::address;
use crate::app::words::use_words;
use crate::chart::memory::has_moments;

#[derive(Properties, PartialEq)]
pub struct EmbedScreenProps {
    /// The report.
    pub ready: PageReady,
}

/// The small report.
#[component]
pub fn EmbedScreen(EmbedScreenProps { ready }: &EmbedScreenProps) -> Html {
    let words = use_words();
    let report = &ready.report;
    html! {
        <ContextProvider<HasTexts> context={HasTexts(false)}>
            <div class="embed">
                <div class="embed__top">
                    <Subject ready={ready.clone()} />
                    <a class="embed__open" href={whole_address()} target="_blank" rel="noopener">{ words.text("page.embed.open") }{ " ↗" }</a>
                </div>
                <h1 class="embed__title">{ report.title_in(words.0) }</h1>
                if let Some(sentence) = report.verdict.lede.first() {
                    <p>{ sentence.say(words.0) }</p>
                }
                if has_moments(report) {
                    <section aria-label={words.text("page.section.memory")}><MemoryMap ready={ready.clone()} alone={true} /></section>
                }
                if has_times(report) {
                    <section aria-label={words.text("page.section.timeline")}><TimelinePicture ready={ready.clone()} /></section>
                }
            </div>
        </ContextProvider<HasTexts>>
    }
}

/// This address without the word that makes it small.
fn whole_address() -> String {
    let mut address = address();
    address.set_other(EMBED, None);
    let page = window().location().href().unwrap_or_default();
    format!("{}#{address}", page.split('#').next().unwrap_or_default())
}
