//! Reports as steps of the browser's history: each one that is handed over is a new step whose address carries its numbers,
//! so that the address can be copied at any time, and a reload, Back, and Forward lead to it again. Its texts stay with the
//! step: in this page's memory, and, if they are short enough, in the tab's, which outlives a reload and ends with the tab.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::utils::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

use super::address::LINK;
use super::history::{address, push_step, replace_address, replace_step, step};
use super::intake::{self, PageText};
use super::session::Origin;
use crate::analysis::sizing::Settings;
use crate::json;
use crate::report::link::sealed::is_sealed;

/// What the keys of texts in the tab's memory begin with; the number of their step follows.
const TEXTS: &str = "oomscope.texts.";
/// Bytes of texts that the tab's memory takes; browsers give it five million characters.
const MOST_BYTES: u64 = 2 << 20;
/// Steps whose texts stay in the page's memory, however long they are.
const MOST_STEPS: usize = 5;

/// Where in the browser's history the page stands.
#[derive(Clone, Default)]
pub struct Steps(Rc<Inner>);

#[derive(Default)]
struct Inner {
    at: RefCell<Place>,
    /// Where it stood before the job that runs.
    before: RefCell<Option<Place>>,
    /// Texts of steps, the newest last.
    texts: RefCell<Vec<(f64, Rc<Vec<PageText>>)>>,
    /// True once anything was read: the view in the address belongs to that.
    has_read: Cell<bool>,
}

/// What tells one report of the history from another.
#[derive(Clone, Debug, Default, PartialEq)]
struct Place {
    /// Number of the step, of what was handed over here.
    step: Option<f64>,
    /// The report in the address.
    link: Option<String>,
}

impl Place {
    fn now() -> Place {
        Place { step: step(), link: address().other(LINK).filter(|link| !link.is_empty()).map(str::to_owned) }
    }

    /// True if `later` shows the same report, maybe another part of it.
    fn is_same(&self, later: &Place) -> bool {
        match later.step {
            Some(_) => later.step == self.step,
            None => later.link == self.link && (later.link.is_some() || self.step.is_none()),
        }
    }
}

/// What the address leads to.
pub enum Leads {
    /// Texts, or a link as a text.
    To(Vec<PageText>, Origin),
    /// A link under a passphrase.
    ToSealed(String),
    /// The first screen.
    ToStart,
}

impl Steps {
    /// Texts were handed over: a new step, without the view of the report before.
    pub fn begin(&self, texts: &Rc<Vec<PageText>>) {
        let Inner { at, before, texts: known, has_read } = &*self.0;
        let step = js_sys::Date::now().max(known.borrow().last().map_or(0.0, |(last, _)| last + 1.0));
        let keeps_view = !has_read.replace(true) && at.borrow().link.is_none();
        push_step(Some(step), |address| {
            if !keeps_view {
                address.forget_view();
            }
            address.set_other(LINK, None);
        });
        let mut known = known.borrow_mut();
        known.push((step, Rc::clone(texts)));
        if known.len() > MOST_STEPS {
            known.remove(0);
        }
        *before.borrow_mut() = Some(at.replace(Place { step: Some(step), link: None }));
    }

    /// The reader ended the job: back to where the page stood before it.
    pub fn take_back(&self) {
        if let Some(before) = self.0.before.take() {
            *self.0.at.borrow_mut() = before;
            // Without a history there is nothing to go back in.
            let _ = window().history().and_then(|history| history.back());
        }
    }

    /// The reader puts the report away.
    pub fn leave(&self) {
        push_step(None, |address| {
            address.forget_view();
            address.set_other(LINK, None);
        });
        *self.0.at.borrow_mut() = Place::default();
    }

    /// A link as if the address had led to it.
    pub fn enter(&self, link: &str, settings: &Settings) -> Option<Leads> {
        push_step(None, |address| {
            address.forget_view();
            address.settings = Some(settings.clone()).filter(|settings| !settings.is_empty());
            address.set_other(LINK, Some(link));
        });
        self.follow()
    }

    /// What was handed over as this step turned out to be a link, which the address itself can hold.
    pub fn become_link(&self, link: &str) -> Option<Leads> {
        replace_step(None, |address| address.set_other(LINK, Some(link)));
        self.follow()
    }

    /// What the address leads to; `None` if that is what is shown.
    pub fn follow(&self) -> Option<Leads> {
        let place = Place::now();
        let last = self.0.at.replace(place.clone());
        if last.is_same(&place) {
            // Typed beside the report, the address has lost the number of its step.
            self.0.at.borrow_mut().step = last.step;
            return None;
        }
        self.0.before.take();
        let known = place.step.and_then(|step| self.texts_of(step));
        let leads = match (known, &place.link) {
            (Some(texts), _) => Leads::To(texts, Origin::Address),
            (None, Some(link)) if is_sealed(link) => Leads::ToSealed(link.clone()),
            (None, Some(link)) => {
                let origin = if place.step.is_some() { Origin::AddressAlone } else { Origin::Address };
                Leads::To(intake::of_link(link), origin)
            }
            (None, None) => return Some(Leads::ToStart),
        };
        self.0.has_read.set(true);
        Some(leads)
    }

    /// The report is there: number of its step, if it has one.
    pub fn arrive(&self) -> Option<f64> {
        self.0.before.take();
        self.0.at.borrow().step
    }

    fn texts_of(&self, step: f64) -> Option<Vec<PageText>> {
        let known = self.0.texts.borrow();
        match known.iter().find(|(known, _)| *known == step) {
            Some((_, texts)) => Some(texts.to_vec()),
            None => texts_in_tab(step),
        }
    }

    /// What the browser keeps of the report that is shown is there.
    pub fn carry(&self, link: &str) {
        if address().other(LINK).is_none() {
            replace_address(|address| address.set_other(LINK, Some(link)));
            self.0.at.borrow_mut().link = Some(link.to_owned());
        }
    }
}

/// The tab's memory. `None` inside other sites' pages.
fn tab_memory() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps texts over a reload of the tab. False if they are too long for that, or the browser does not let us.
pub async fn keep_in_tab(step: f64, texts: &[PageText]) -> bool {
    let bytes = texts.iter().fold(0, |sum: u64, text| sum.saturating_add(text.bytes));
    let Some(memory) = tab_memory().filter(|_| bytes <= MOST_BYTES) else { return false };
    let mut whole: Vec<(String, String)> = Vec::with_capacity(texts.len());
    for text in texts {
        let Ok(content) = JsFuture::from(text.blob.text()).await else { return false };
        whole.push((text.name.clone(), content.as_string().unwrap_or_default()));
    }
    let (key, whole) = (format!("{TEXTS}{step}"), json::text(&whole));
    if memory.set_item(&key, &whole).is_ok() {
        return true;
    }
    // Full: what was read before makes room.
    let keys: Vec<String> = (0..memory.length().unwrap_or(0)).filter_map(|at| memory.key(at).ok()?).collect();
    for key in keys.iter().filter(|key| key.starts_with(TEXTS)) {
        let _ = memory.remove_item(key);
    }
    memory.set_item(&key, &whole).is_ok()
}

fn texts_in_tab(step: f64) -> Option<Vec<PageText>> {
    let kept = tab_memory()?.get_item(&format!("{TEXTS}{step}")).ok()??;
    let texts: Vec<(String, String)> = json::read(kept.as_bytes())?;
    Some(texts.iter().flat_map(|(name, text)| intake::of_text(text, name)).collect())
        .filter(|texts: &Vec<_>| !texts.is_empty())
}
