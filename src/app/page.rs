//! The page as a whole: session, controls, and which screen stands where.

use oomscope_derive::part;
use yew::prelude::*;

use super::components::belongs::Belongs;
use super::components::failure::Failure;
use super::components::header::Header;
use super::components::passphrase::PassphraseScreen;
use super::components::reading::{Opening, ReadingScreen};
use super::components::report::ReportScreen;
use super::components::start_screen::StartScreen;
use super::controls::{Controls, PageSession};
use super::hooks::dark::use_dark;
use super::hooks::drop::use_drop_anywhere;
use super::hooks::job::use_job;
use super::hooks::open::use_open_source;
use super::hooks::paste::use_paste_anywhere;
use super::hooks::preferences::{first_language, first_theme, is_opening, use_document};
use super::hooks::steps::use_steps;
use super::session::State;
use super::tab;
use super::words::Words;
use crate::i18n;

/// Puts the page into its place.
pub fn start() {
    i18n::take(i18n::carried());
    let root = gloo::utils::document().get_element_by_id("app");
    if let Some(root) = root {
        root.set_text_content(None);
        yew::Renderer::<Page>::with_root(root).render();
    }
}

/// What the browser's tab says.
fn title(session: &PageSession) -> String {
    match &session.state {
        State::Ready(ready) => {
            format!("{} · oomscope", tab::title(&ready.report.verdict, ready.name.as_deref(), session.language))
        }
        State::Empty | State::Opening | State::Reading(_) | State::Locked(_) | State::Failed(_) => {
            "oomscope".to_owned()
        }
    }
}

/// Everything.
#[part]
pub fn Page() -> Html {
    let session = use_reducer(|| {
        let start = if is_opening() { PageSession::opening } else { PageSession::new };
        start(first_language(), first_theme())
    });
    let controls = use_memo((), |()| Controls::new(session.dispatcher()));
    let controls = (*controls).clone();
    let words = Words(session.language);
    use_document(session.language, session.theme, title(&session));
    use_job(&session, &controls);
    use_open_source(&session, &controls);
    use_paste_anywhere(&controls);
    let dark = use_dark(session.theme);
    let dragging = use_drop_anywhere(&controls);
    // After what takes pastes and drops: what came before is taken over here.
    use_steps(&session, &controls);

    let main = match &session.state {
        _ if session.is_opening() => html! { <Opening key="opening" /> },
        State::Opening => Html::default(),
        State::Empty => html! { <StartScreen key="start" notice={session.notice.clone()} /> },
        State::Reading(reading) => html! { <ReadingScreen key="reading" progress={reading.progress} /> },
        State::Ready(ready) => html! {
            <ReportScreen key="report" ready={ready.clone()} source_open={session.source_open} shown={session.shown} notice={session.notice.clone()} sharing={session.sharing.clone()} settings={session.settings.clone()} />
        },
        State::Locked(link) => html! { <PassphraseScreen key="locked" link={link.clone()} /> },
        State::Failed(problem) => html! { <Failure key="failed" problem={problem.clone()} /> },
    };
    let at_start = matches!(session.state, State::Empty) || session.is_opening();
    let status = match (&session.state, &session.notice) {
        (State::Reading(_), _) => words.text("page.status.reading"),
        (State::Ready(_), None) => words.text("page.status.ready"),
        (_, Some(notice)) => words.text(notice.key()),
        (State::Empty | State::Opening | State::Locked(_) | State::Failed(_), None) => String::new(),
    };
    let page = html! {
        <>
            // Shown by `static/boot.js` when nothing here can be rendered any more.
            <p id="ended" class="notice notice--ended" role="alert" hidden=true>{ words.text("page.ended") }</p>
            <Header theme={session.theme} {at_start} />
            <main class="page">{ main }</main>
            if let Some(texts) = &session.offered { <Belongs texts={texts.clone()} /> }
            <p class="visually-hidden" role="status">{ status }</p>
            if dragging {
                <div class="drop-hint" aria-hidden="true"><p>{ words.text("page.drop.here") }</p></div>
            }
        </>
    };
    provide(words, provide(dark, provide(controls, page)))
}
