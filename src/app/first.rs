//! The first screen as HTML, made by its components on the host after a build, once in each language. It stands in `index.html`
//! and works through `static/boot.js` until the page takes its place; a test compares the two.

use std::sync::mpsc;

use yew::LocalServerRenderer;
use yew::platform::Runtime;
use yew::prelude::*;

use super::components::header::{Header, ThemeSwitch};
use super::components::reading::Opening;
use super::components::recent::RecentReport;
use super::components::start_screen::StartScreen;
use super::session::Theme;
use super::words::Words;
use crate::i18n::{self, Language};

#[derive(Properties, PartialEq)]
struct FirstProps {
    language: Language,
}

/// As `Page` shows it; behind that, in templates, what depends on the reader: `static/boot.js` puts it where it belongs.
#[component]
fn First(FirstProps { language }: &FirstProps) -> Html {
    let screen = html! {
        <div class="first" lang={language.tag()}>
            <Header theme={Theme::Auto} at_start=true />
            <main class="page">
                <StartScreen notice={None} />
                <Opening />
            </main>
            for theme in [Theme::Light, Theme::Dark] {
                <template data-theme={theme.name()}><ThemeSwitch {theme} /></template>
            }
            <template data-recent=""><RecentReport title="{title}" time="{time}" /></template>
        </div>
    };
    provide(Words(*language), screen)
}

/// All of them. `None` only where no thread can be started.
pub fn html() -> Option<String> {
    i18n::take(i18n::carried());
    let runtime = Runtime::builder().worker_threads(1).build().ok()?;
    let made = Language::ALL.into_iter().map(|language| {
        let (done, waits) = mpsc::channel();
        runtime.spawn_pinned(move || async move {
            let renderer = LocalServerRenderer::<First>::with_props(FirstProps { language }).hydratable(false);
            // Fails only if nobody waits any more.
            let _ = done.send(renderer.render().await);
        });
        waits.recv().ok()
    });
    made.collect()
}
