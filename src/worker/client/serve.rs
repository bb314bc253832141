//! The analyzer's side: listens for requests and answers them.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

use super::{WORDS, blobs};
use crate::analyzer::Analysis;
use crate::i18n;
use crate::json;
use crate::report::open::Opened;
use crate::report::{Report, link};
use crate::worker::last::Last;
use crate::worker::protocol::{Problem, Reply, Request, Share};
use crate::worker::share::{Include, kept, share};

/// Where `static/boot.js` leaves the port for an analyzer that runs on the page.
const PORT: &str = "oomscopePort";

/// Parts of a report that the page has not taken in yet, at most.
const MAX_ON_THEIR_WAY: u32 = 16;

/// Who asks.
#[derive(Clone)]
enum Asker {
    /// The page, of this worker. It ends the worker to cancel a job.
    Page(DedicatedWorkerGlobalScope),
    /// The page, on whose thread this runs. It posts a job's number to cancel the job.
    Port(MessagePort),
}

/// What the page says about jobs that run.
#[derive(Default)]
struct Told {
    /// The job that it cancelled last.
    cancelled: Cell<u32>,
    /// Parts that it has not taken in yet.
    on_their_way: Cell<u32>,
    waits: RefCell<Option<Waker>>,
}

impl Told {
    /// The page has taken in a part.
    fn taken_in(&self) {
        self.on_their_way.set(self.on_their_way.get().saturating_sub(1));
        if let Some(waits) = self.waits.take() {
            waits.wake();
        }
    }

    /// Waits until one more part may go. Parts that the page has no time for would stand beside what they were made of.
    async fn has_room(&self) {
        poll_fn(|context| {
            if self.on_their_way.get() < MAX_ON_THEIR_WAY {
                return Poll::Ready(());
            }
            self.waits.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
        self.on_their_way.set(self.on_their_way.get() + 1);
    }
}

/// Listens until the page ends the worker, or goes.
pub fn serve() {
    let global = js_sys::global();
    let port = Reflect::get(&global, &PORT.into()).ok().and_then(|port| port.dyn_into().ok());
    match port {
        Some(port) => serve_on(port),
        None => listen(Asker::Page(global.unchecked_into())),
    }
}

/// Listens on a port of the page on whose thread this runs.
pub fn serve_on(port: MessagePort) {
    listen(Asker::Port(port));
}

fn listen(asker: Asker) {
    let told = Rc::<Told>::default();
    let last = Rc::<RefCell<Last>>::default();
    let listener = {
        let asker = asker.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if data.as_bool() == Some(true) {
                told.taken_in();
            } else if let Some(job) = data.as_f64() {
                told.cancelled.set(job as u32);
            } else if takes_words(&data) {
                post(&asker, Reply::Started);
            } else if let Some((request, blobs)) = unpack(&data) {
                spawn_local(answer(asker.clone(), told.clone(), last.clone(), request, blobs));
            }
        })
    };
    let handler = Some(listener.as_ref().unchecked_ref());
    match &asker {
        Asker::Page(scope) => scope.set_onmessage(handler),
        Asker::Port(port) => port.set_onmessage(handler),
    }
    listener.forget();
    // On the page the words are there; to a worker the page sends them once it is there itself.
    if takes_words(&js_sys::global()) {
        post(&asker, Reply::Started);
    }
}

/// Takes the words, if they are there.
fn takes_words(from: &JsValue) -> bool {
    let words = Reflect::get(from, &WORDS.into()).ok().and_then(|words| words.as_string());
    let is_there = words.is_some();
    if let Some(words) = words {
        i18n::take(words.leak());
    }
    is_there
}

fn unpack(message: &JsValue) -> Option<(Request, Vec<Blob>)> {
    let request = Reflect::get(message, &"request".into()).ok()?.as_string()?;
    let blobs: Array = Reflect::get(message, &"blobs".into()).ok()?.dyn_into().ok()?;
    let blobs = blobs.iter().filter_map(|blob| blob.dyn_into().ok()).collect();
    Some((json::read(request.as_bytes())?, blobs))
}

async fn answer(asker: Asker, told: Rc<Told>, last: Rc<RefCell<Last>>, request: Request, texts: Vec<Blob>) {
    let job = request.job;
    std::panic::set_hook({
        let asker = asker.clone();
        Box::new(move |panic| post(&asker, Reply::Failed(job, Problem::Fault { message: panic.to_string() })))
    });
    let whole = match &request.share {
        Some(Share { wish, .. }) if wish.include == Include::Whole => blobs::whole(&request, &texts).await,
        _ => Vec::new(),
    };
    let handed_on = |report: &Report, wanted: &Share| {
        let set = request.as_set(report);
        Reply::Shared(job, Box::new(share(set.as_ref().unwrap_or(report), &whole, &wanted.wish, request.language)))
    };
    if let Some(wanted) = &request.share
        && let Some(report) = last.borrow().made_by(wanted.of)
    {
        return post(&asker, handed_on(report, wanted));
    }
    let piece = match &asker {
        Asker::Page(_) => blobs::PIECE_IN_WORKER,
        Asker::Port(_) => blobs::PIECE_ON_PAGE,
    };
    let on_progress = |progress| {
        post(&asker, Reply::Progress(job, progress));
        told.cancelled.get() != job
    };
    let analysis = match blobs::opened(&request, &texts).await {
        Some(Ok(Opened::Report(report))) => Ok(Some(Analysis { report: *report, maps: Vec::new() })),
        Some(Ok(Opened::Texts(texts))) => return post(&asker, Reply::Opened(job, texts)),
        Some(Ok(Opened::Sealed(link))) => return post(&asker, Reply::Sealed(job, link)),
        Some(Err(problem)) => Err(Problem::Shared { key: problem.key().to_owned() }),
        None => blobs::analyse(&request, &texts, piece, on_progress).await,
    };
    match (analysis, &request.share) {
        (Ok(Some(mut analysis)), None) => {
            analysis.report = request.as_set(&analysis.report).unwrap_or(analysis.report);
            last.borrow_mut().keep(job, &request, &analysis.report);
            let mut small = request.keep.then(|| link::without_long_series(&mut analysis.report));
            let keeps = |small: Report| post(&asker, Reply::Kept(job, kept(&small, request.language)));
            // A large report is the last that this worker says.
            if request.is_large() {
                small.take().map(keeps);
            }
            told.on_their_way.set(0);
            for reply in Reply::Done(job, Box::new(analysis)).in_parts() {
                told.has_room().await;
                if told.cancelled.get() == job {
                    return;
                }
                post(&asker, reply);
            }
            small.map(keeps);
        }
        (Ok(Some(analysis)), Some(wanted)) => {
            post(&asker, handed_on(&analysis.report, wanted));
            last.borrow_mut().keep(wanted.of, &request, &analysis.report);
        }
        (Ok(None), _) => {}
        (Err(problem), _) => post(&asker, Reply::Failed(job, problem)),
    }
}

/// Posts a reply; its buffer changes hands.
fn post(asker: &Asker, reply: Reply) {
    let bytes = Uint8Array::from(reply.encode().as_slice());
    let moved = Array::of1(&bytes.buffer());
    // Fails only for what cannot be cloned; bytes can.
    let _ = match asker {
        Asker::Page(scope) => scope.post_message_with_transfer(&bytes, &moved),
        Asker::Port(port) => port.post_message_with_transferable(&bytes, &moved),
    };
}
