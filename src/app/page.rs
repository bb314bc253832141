//! The page as a whole: session, controls, and which screen stands where.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Element, HtmlElement};
use yew::prelude::*;

use super::components::embed::EmbedScreen;
use super::components::failure::Failure;
use super::components::header::Header;
use super::components::passphrase::PassphraseScreen;
use super::components::reading::ReadingScreen;
use super::components::report::ReportScreen;
use super::components::start_screen::StartScreen;
use super::hooks::dark::{Dark, use_dark};
use super::hooks::drop::use_drop_anywhere;
use super::hooks::job::use_job;
use super::hooks::open::use_open_line;
use super::hooks::paste::use_paste_anywhere;
use super::hooks::preferences::{remembered_language, remembered_theme, use_document};
use super::hooks::steps::{Steps, is_embedded, use_steps};
use super::intake;
use super::session::{Action, Notice, Origin, Ready, Session, State, Text};
use super::tab;
use super::words::Words;
use crate::source::Span;

/// The session with texts as the browser keeps them.
pub type PageSession = Session<Blob>;
/// A text as the browser keeps it.
pub type PageText = Text<Blob>;
/// A report with its texts.
pub type PageReady = Ready<Blob>;

/// Puts the page into its place.
pub fn start() {
    let root = gloo::utils::document().get_element_by_id("app");
    if let Some(root) = root {
        root.set_text_content(None);
        yew::Renderer::<Page>::with_root(root).render();
    }
}

/// What buttons need: never changes, so that they are not rendered again with every change of the session.
#[derive(Clone)]
pub struct Controls {
    dispatch: UseReducerDispatcher<PageSession>,
    /// The number that led to the shown line.
    origin: Rc<RefCell<Option<HtmlElement>>>,
    /// Takes what is handed over in place of the page, while a second report is asked for.
    taker: Rc<RefCell<Option<Callback<Vec<PageText>>>>>,
    steps: Steps,
}

impl PartialEq for Controls {
    fn eq(&self, other: &Controls) -> bool {
        self.dispatch == other.dispatch
    }
}

impl Controls {
    /// Something happened.
    pub fn send(&self, action: Action<Blob>) {
        self.dispatch.dispatch(action);
    }

    /// Texts were handed over: unpacks them if need be, then reads them.
    pub fn read(&self, texts: Vec<PageText>) {
        let taker = self.taker.borrow().clone();
        if let Some(taker) = taker {
            taker.emit(texts);
            return;
        }
        if texts.is_empty() {
            self.send(Action::Tell(Notice::Nothing));
            return;
        }
        self.open(texts, Origin::HandedOver);
    }

    /// A link was handed over, or picked: the address leads to it then.
    pub fn enter(&self, link: &str) {
        self.steps.enter(link, self);
    }

    /// What was handed over is a link under a passphrase.
    pub(super) fn lock(&self, link: &str) {
        self.steps.become_link(link, self);
    }

    /// The link that was under a passphrase.
    pub fn unlocked(&self, link: &str) {
        self.open(intake::of_link(link), Origin::Sealed);
    }

    /// The reader ends the job.
    pub fn cancel(&self) {
        self.send(Action::Cancel);
        self.steps.take_back();
    }

    /// The reader puts the report away; Back leads to it again.
    pub fn start_again(&self) {
        self.send(Action::StartAgain);
        self.steps.leave();
    }

    /// Where in the browser's history the page stands.
    pub(super) fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Reads texts that came from somewhere.
    pub(super) fn open(&self, texts: Vec<PageText>, origin: Origin) {
        if texts.iter().any(|text| text.name.ends_with(".gz")) {
            self.send(Action::Tell(Notice::Unpacking));
        }
        let controls = self.clone();
        spawn_local(async move {
            match intake::prepared(texts).await {
                Ok(texts) => controls.send(Action::Read(texts, origin)),
                Err(problem) => controls.send(Action::Failed(None, problem)),
            }
        });
    }

    /// From now on what is handed over goes there; with `None` it is the page's again.
    pub fn hand_over_to(&self, taker: Option<Callback<Vec<PageText>>>) {
        *self.taker.borrow_mut() = taker;
    }

    /// Leads to a line; `event` is the click on the number, which the way back ends at.
    pub fn show(&self, span: Span, event: &MouseEvent) {
        self.start_from(event);
        self.send(Action::Show(span));
    }

    /// The same for several lines.
    pub fn show_lines(&self, first: Span, last: u32, event: &MouseEvent) {
        self.start_from(event);
        self.send(Action::ShowLines(first, last));
    }

    /// Leads to a line from where the focus is.
    pub fn show_from(&self, span: Span, origin: Option<HtmlElement>) {
        *self.origin.borrow_mut() = origin;
        self.send(Action::Show(span));
    }

    fn start_from(&self, event: &MouseEvent) {
        // Yew listens at the root, so the event's own current target is not the button.
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button").ok().flatten());
        *self.origin.borrow_mut() = button.and_then(|button| button.dyn_into().ok());
    }

    /// Back to the number.
    pub fn go_back(&self) {
        self.send(Action::GoBack);
        if let Some(origin) = self.origin.borrow_mut().take() {
            // Fails only for an element that cannot be focused; then the focus stays.
            let _ = origin.focus();
        }
    }
}

/// The controls.
#[hook]
pub fn use_controls() -> Option<Controls> {
    use_context::<Controls>()
}

/// What the browser's tab says.
fn title(session: &PageSession) -> String {
    match &session.state {
        State::Ready(ready) => format!("{} · oomscope", tab::title(&ready.report, session.language)),
        State::Empty | State::Reading(_) | State::Locked(_) | State::Failed(_) => "oomscope".to_owned(),
    }
}

/// Everything.
#[component]
pub fn Page() -> Html {
    let session = use_reducer(|| PageSession::new(remembered_language(), remembered_theme()));
    let controls = use_memo((), |()| Controls {
        dispatch: session.dispatcher(),
        origin: Rc::default(),
        taker: Rc::default(),
        steps: Steps::default(),
    });
    let controls = (*controls).clone();
    let words = Words(session.language);
    use_document(session.language, session.theme, title(&session));
    use_job(&session, &controls);
    use_open_line(&session, &controls);
    use_steps(&session, &controls);
    use_paste_anywhere(&controls);
    let dark = use_dark(session.theme);
    let dragging = use_drop_anywhere(&controls);

    let embedded = is_embedded();
    let main = match &session.state {
        State::Ready(ready) if embedded => html! { <EmbedScreen ready={ready.clone()} /> },
        State::Empty => html! { <StartScreen notice={session.notice.clone()} /> },
        State::Reading(reading) => html! { <ReadingScreen progress={reading.progress} /> },
        State::Ready(ready) => html! {
            <ReportScreen ready={ready.clone()} shown={session.shown} notice={session.notice.clone()} sharing={session.sharing.clone()} />
        },
        State::Locked(link) => html! { <PassphraseScreen link={link.clone()} /> },
        State::Failed(problem) => html! { <Failure problem={problem.clone()} /> },
    };
    let at_start = matches!(session.state, State::Empty);
    let status = match (&session.state, &session.notice) {
        (State::Reading(_), _) => words.text("page.status.reading"),
        (State::Ready(_), None) => words.text("page.status.ready"),
        (_, Some(notice)) => words.text(notice.key()),
        (State::Empty | State::Locked(_) | State::Failed(_), None) => String::new(),
    };
    html! {
        <ContextProvider<Words> context={words}>
            <ContextProvider<Dark> context={dark}>
            <ContextProvider<Controls> context={controls}>
                // Shown by `static/boot.js` when nothing here can be rendered any more.
                <p id="ended" class="notice notice--ended" role="alert" hidden=true>{ words.text("page.ended") }</p>
                if !embedded { <Header theme={session.theme} {at_start} /> }
                <main class="page">{ main }</main>
                <p class="visually-hidden" role="status">{ status }</p>
                if dragging {
                    <div class="drop-hint" aria-hidden="true"><p>{ words.text("page.drop.here") }</p></div>
                }
            </ContextProvider<Controls>>
            </ContextProvider<Dark>>
        </ContextProvider<Words>>
    }
}
