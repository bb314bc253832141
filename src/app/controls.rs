//! What buttons and hooks tell the page.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Element, FocusOptions, HtmlElement};
use yew::prelude::*;

use super::intake::{self, PageText};
use super::session::{Action, Notice, Origin, Ready, Session};
use super::steps::{Leads, Steps};
use crate::analysis::sizing::Settings;
use crate::source::Span;

/// The session with texts as the browser keeps them.
pub type PageSession = Session<Blob>;
/// A report with its texts.
pub type PageReady = Ready<Blob>;

/// What buttons need: never changes, so that they are not rendered again with every change of the session.
#[derive(Clone)]
pub struct Controls {
    dispatch: UseReducerDispatcher<PageSession>,
    /// The number that led to the shown line.
    origin: Rc<RefCell<Option<HtmlElement>>>,
    /// The number that led to the line that is shown.
    said: Rc<RefCell<String>>,
    /// Takes what is handed over in place of the page, while a second report is asked for.
    taker: Rc<RefCell<Option<Callback<Vec<PageText>>>>>,
    steps: Steps,
}

/// What the page does when something happens.
pub fn with<E: 'static>(controls: &Option<Controls>, act: impl Fn(&Controls, E) + 'static) -> Callback<E> {
    let controls = controls.clone();
    Callback::from(move |event: E| {
        if let Some(controls) = &controls {
            act(controls, event);
        }
    })
}

impl PartialEq for Controls {
    fn eq(&self, other: &Controls) -> bool {
        self.dispatch == other.dispatch
    }
}

impl Controls {
    /// For the session that this dispatches to.
    pub fn new(dispatch: UseReducerDispatcher<PageSession>) -> Controls {
        Controls { dispatch, origin: Rc::default(), said: Rc::default(), taker: Rc::default(), steps: Steps::default() }
    }

    /// Something happened.
    pub fn send(&self, action: Action<Blob>) {
        self.dispatch.dispatch(action);
    }

    /// Texts were handed over: unpacks them if need be, then reads them, or asks whether they belong to the report.
    pub fn read(&self, texts: Vec<PageText>) {
        let taker = self.taker.borrow().clone();
        if let Some(taker) = taker {
            taker.emit(texts);
        } else {
            self.take(texts, Action::HandOver);
        }
    }

    /// Texts were handed over that belong to the report.
    pub fn add(&self, texts: Vec<PageText>) {
        self.take(texts, Action::Add);
    }

    fn take(&self, texts: Vec<PageText>, action: fn(Vec<PageText>) -> Action<Blob>) {
        if texts.is_empty() {
            self.send(Action::Tell(Notice::Nothing));
            return;
        }
        let controls = self.clone();
        self.prepare(texts, async move |texts| {
            // What oomscope wrote is a report of its own.
            let is_report = intake::is_report(&texts).await;
            controls.send(if is_report { Action::Read(texts, Origin::HandedOver) } else { action(texts) });
        });
    }

    /// A link was picked, with what was set of its report: the address leads to it then.
    pub fn enter(&self, link: &str, settings: &Settings) {
        self.go(self.steps.enter(link, settings));
    }

    /// What was handed over is a link under a passphrase.
    pub(super) fn lock(&self, link: &str) {
        self.go(self.steps.become_link(link));
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

    /// Goes where the address leads, unless that is what is shown.
    pub(super) fn follow(&self) {
        self.go(self.steps.follow());
    }

    /// The same at the start; what was handed over before that comes first.
    pub(super) fn begin(&self) {
        let leads = self.steps.follow();
        let leads_nowhere = leads.is_none();
        self.go(leads);
        match intake::early() {
            Some(texts) => self.read(texts),
            None if leads_nowhere => self.send(Action::StartAgain),
            None => {}
        }
    }

    fn go(&self, leads: Option<Leads>) {
        match leads {
            Some(Leads::To(texts, origin)) => self.open(texts, origin),
            Some(Leads::ToSealed(link)) => self.send(Action::Lock(link)),
            Some(Leads::ToStart) => self.send(Action::StartAgain),
            None => {}
        }
    }

    /// Where in the browser's history the page stands.
    pub(super) fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Reads texts that came from somewhere.
    pub(super) fn open(&self, texts: Vec<PageText>, origin: Origin) {
        let controls = self.clone();
        self.prepare(texts, async move |texts| controls.send(Action::Read(texts, origin)));
    }

    /// Unpacks texts if need be, then hands them on.
    fn prepare(&self, texts: Vec<PageText>, then: impl AsyncFnOnce(Vec<PageText>) + 'static) {
        if texts.iter().any(|text| text.name.ends_with(".gz")) {
            self.send(Action::Tell(Notice::Unpacking));
        }
        let controls = self.clone();
        spawn_local(async move {
            match intake::prepared(texts).await {
                Ok(texts) => then(texts).await,
                Err(problem) => controls.send(Action::Failed(None, problem)),
            }
        });
    }

    /// From now on what is handed over goes there; with `None` it is the page's again.
    pub fn hand_over_to(&self, taker: Option<Callback<Vec<PageText>>>) {
        *self.taker.borrow_mut() = taker;
    }

    /// Opens the source; `event` is the click that the way back ends at.
    pub fn open_source(&self, event: &MouseEvent) {
        self.start_from(event);
        self.send(Action::OpenSource);
    }

    /// Opens the source from where the focus is.
    pub fn show_source(&self) {
        *self.origin.borrow_mut() = document().active_element().and_then(|element| element.dyn_into().ok());
        self.send(Action::OpenSource);
    }

    /// Leads to a line; `event` is the click on the number, which the way back ends at.
    pub fn show(&self, span: Span, event: &MouseEvent) {
        self.start_from(event);
        let number = self.origin.borrow().as_ref().and_then(|origin| origin.text_content());
        *self.said.borrow_mut() = number.unwrap_or_default();
        self.send(Action::Show(span));
    }

    /// Leads to a line that no number led to.
    pub fn show_line(&self, span: Span) {
        self.said.borrow_mut().clear();
        self.send(Action::Show(span));
    }

    /// The number that led to the line that is shown; empty if none did.
    pub fn said(&self) -> String {
        self.said.borrow().clone()
    }

    /// The same for several lines.
    pub fn show_lines(&self, first: Span, last: u32, event: &MouseEvent) {
        self.start_from(event);
        self.said.borrow_mut().clear();
        self.send(Action::ShowLines(first, last));
    }

    /// Leads to a line from where the focus is.
    pub fn show_from(&self, span: Span, origin: Option<HtmlElement>) {
        *self.origin.borrow_mut() = origin;
        self.show_line(span);
    }

    fn start_from(&self, event: &MouseEvent) {
        // Yew listens at the root, so the event's own current target is not the button.
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button, a").ok().flatten());
        *self.origin.borrow_mut() = button.and_then(|button| button.dyn_into().ok());
    }

    /// Back to the number.
    pub fn go_back(&self) {
        self.send(Action::GoBack);
        if let Some(origin) = self.origin.borrow_mut().take() {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // Fails only for an element that cannot be focused; then the focus stays.
            let _ = origin.focus_with_options(&options);
        }
    }
}

/// The controls.
#[hook]
pub fn use_controls() -> Option<Controls> {
    use_context::<Controls>()
}
