//! A second report, to be held against the one that is shown. It is read by a worker of its own, which ends with the
//! reading, and is forgotten with the screen.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::intake;
use crate::app::intake::PageText;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::i18n::Language;
use crate::report::Report;
use crate::worker::client::Client;
use crate::worker::protocol::{Problem, Progress, Reply, Request, SourceToRead};

/// Where the second report stands.
#[derive(Clone, PartialEq)]
pub enum Second {
    /// Nobody wants one.
    Unwanted,
    /// The reader is asked for it.
    Asked,
    /// Nothing came of the last attempt. `None`: there was no text in it.
    Failed(Option<Problem>),
    /// It is read.
    Reading(Progress),
    /// It is there.
    Ready(SecondReport),
}

/// The second report.
#[derive(Clone, PartialEq)]
pub struct SecondReport {
    /// The report.
    pub report: ByPtr<Report>,
    /// What it was made of.
    pub texts: Rc<Vec<PageText>>,
}

/// Asks for the second report, reads it, and puts it away.
#[derive(Clone)]
pub struct SecondControls {
    state: UseStateSetter<Second>,
    language: Language,
    /// Number of the last attempt; what is heard of others is late.
    attempt: Rc<Cell<u32>>,
    client: Rc<RefCell<Option<Client>>>,
}

impl PartialEq for SecondControls {
    fn eq(&self, other: &SecondControls) -> bool {
        Rc::ptr_eq(&self.client, &other.client) && self.language == other.language
    }
}

/// The second report and its controls.
#[hook]
pub fn use_second_report() -> (Second, SecondControls) {
    let words = use_words();
    let state = use_state_eq(|| Second::Unwanted);
    let (attempt, client) = (use_memo((), |()| Cell::new(0)), use_mut_ref(|| None));
    let controls = SecondControls { state: state.setter(), language: words.0, attempt, client };
    {
        let controls = controls.clone();
        use_effect_with((), move |()| move || controls.end());
    }
    ((*state).clone(), controls)
}

impl SecondControls {
    /// Asks for a report.
    pub fn ask(&self) {
        self.state.set(Second::Asked);
    }

    /// No second report any more.
    pub fn forget(&self) {
        self.end();
        self.state.set(Second::Unwanted);
    }

    /// Reads what was handed over.
    pub fn read(&self, texts: Vec<PageText>) {
        self.end();
        if texts.is_empty() {
            self.state.set(Second::Failed(None));
            return;
        }
        let total = texts.iter().fold(0, |sum: u64, text| sum.saturating_add(text.bytes));
        self.state.set(Second::Reading(Progress { total, ..Progress::default() }));
        let (controls, attempt) = (self.clone(), self.attempt.get());
        spawn_local(async move {
            let prepared = intake::prepared(texts).await;
            if controls.attempt.get() != attempt {
                return;
            }
            match prepared {
                Ok(texts) => controls.start(attempt, texts),
                Err(problem) => controls.state.set(Second::Failed(Some(problem))),
            }
        });
    }

    fn start(&self, job: u32, texts: Vec<PageText>) {
        let sources = texts.iter().map(|text| SourceToRead { name: text.name.clone(), bytes: text.bytes }).collect();
        let blobs = texts.iter().map(|text| text.blob.clone()).collect();
        let (controls, texts) = (self.clone(), Rc::new(texts));
        let client = Client::new(move |reply| controls.hear(job, &texts, reply));
        client
            .start(Request { job, language: self.language, sources, share: None, keep: false, settings: None }, blobs);
        *self.client.borrow_mut() = Some(client);
    }

    fn hear(&self, attempt: u32, texts: &Rc<Vec<PageText>>, reply: Reply) {
        if self.attempt.get() != attempt {
            return;
        }
        match reply {
            Reply::Started | Reply::Part(..) | Reply::Column(..) | Reply::Shared(..) | Reply::Kept(..) => {}
            Reply::Progress(_, progress) => self.state.set(Second::Reading(progress)),
            Reply::Opened(_, texts) => {
                self.read(texts.iter().flat_map(|(name, text)| intake::of_text(text, name)).collect());
            }
            Reply::Sealed(..) => {
                self.end();
                self.state.set(Second::Failed(Some(Problem::Shared { key: "page.compare.sealed".to_owned() })));
            }
            Reply::Failed(_, problem) => {
                self.end();
                self.state.set(Second::Failed(Some(problem)));
            }
            Reply::Done(_, analysis) => {
                self.end();
                let report = ByPtr::new(analysis.report);
                self.state.set(Second::Ready(SecondReport { report, texts: Rc::clone(texts) }));
            }
        }
    }

    /// Ends what is under way.
    fn end(&self) {
        self.attempt.set(self.attempt.get().wrapping_add(1));
        if let Some(client) = self.client.take() {
            client.end();
        }
    }
}
