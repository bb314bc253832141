//! The page's side of the worker: starts it, hands jobs over, ends it. Where no worker can start, the page does the same
//! work itself, piece by piece.

mod blobs;
mod serve;

pub use blobs::{read_range, unpacked};
pub use serve::serve;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker};

use crate::worker::protocol::{Problem, Reply, Request};

/// How long a worker may take to say that it has started before the page does the work itself.
const START_TIMEOUT_MS: u32 = 10_000;

/// Where `static/boot.js` leaves what a worker is started from: a promise of `{ url, module }`.
const PARTS: &str = "oomscopeWorker";

/// Runs jobs, one at a time. A new one replaces one that is still running.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

struct Inner {
    on_reply: Box<dyn Fn(Reply)>,
    parts: RefCell<Option<Parts>>,
    state: RefCell<State>,
    /// Job that has not been answered yet.
    running: RefCell<Option<Job>>,
}

#[derive(Clone)]
struct Parts {
    url: String,
    module: JsValue,
}

#[derive(Clone)]
struct Job {
    request: Request,
    blobs: Vec<Blob>,
    /// Set when a job on the page shall stop.
    stop: Rc<Cell<bool>>,
}

enum State {
    /// The worker's files are still loading.
    Loading,
    /// Started, or starting.
    Worker(Live),
    /// No worker can start here.
    Page,
}

struct Live {
    worker: Worker,
    started: Rc<Cell<bool>>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(ErrorEvent)>,
    _timeout: Timeout,
}

impl Client {
    /// Starts the worker as soon as its files are there.
    pub fn new(on_reply: impl Fn(Reply) + 'static) -> Client {
        let client = Client(Rc::new(Inner {
            on_reply: Box::new(on_reply),
            parts: RefCell::new(None),
            state: RefCell::new(State::Loading),
            running: RefCell::new(None),
        }));
        spawn_local({
            let client = client.clone();
            async move {
                *client.0.parts.borrow_mut() = loaded_parts().await;
                client.start_worker();
            }
        });
        client
    }

    /// Runs a job; replies come to `on_reply`.
    pub fn start(&self, request: Request, blobs: Vec<Blob>) {
        if let Some(job) = self.0.running.borrow().as_ref().map(|job| job.request.job) {
            self.cancel(job);
        }
        let job = Job { request, blobs, stop: Rc::default() };
        *self.0.running.borrow_mut() = Some(job.clone());
        self.hand_over(job);
    }

    /// Ends the job if it is still running. A busy worker cannot listen, so it is ended with its job and started anew.
    pub fn cancel(&self, job: u32) {
        let running = self.0.running.borrow_mut().take_if(|running| running.request.job == job);
        let Some(running) = running else { return };
        running.stop.set(true);
        let had_worker = matches!(*self.0.state.borrow(), State::Worker(_));
        if had_worker {
            self.start_worker();
        }
    }

    fn hand_over(&self, job: Job) {
        match &*self.0.state.borrow() {
            State::Loading => {}
            State::Page => self.run_here(job),
            State::Worker(live) => {
                let message = Object::new();
                let request = serde_json::to_string(&job.request).unwrap_or_default();
                let blobs: Array = job.blobs.iter().collect();
                // Setting a property of a fresh object cannot fail.
                let _ = Reflect::set(&message, &"request".into(), &request.into());
                let _ = Reflect::set(&message, &"blobs".into(), &blobs);
                if let Err(error) = live.worker.post_message(&message) {
                    self.answer(Reply::Failed(job.request.job, fault(&error)));
                }
            }
        }
    }

    fn run_here(&self, job: Job) {
        let client = self.clone();
        spawn_local(async move {
            let Job { request, blobs, stop } = job;
            let on_progress = {
                let (client, job, stop) = (client.clone(), request.job, stop.clone());
                move |progress| {
                    client.answer(Reply::Progress(job, progress));
                    !stop.get()
                }
            };
            let reply = match blobs::analyse(&request, &blobs, blobs::PIECE_ON_PAGE, on_progress).await {
                Ok(Some(analysis)) => Reply::Done(request.job, Box::new(analysis)),
                Ok(None) => return,
                Err(problem) => Reply::Failed(request.job, problem),
            };
            client.answer(reply);
        });
    }

    /// Passes a reply on if it is about the job that runs.
    fn answer(&self, reply: Reply) {
        let (job, is_last) = match &reply {
            Reply::Started => return,
            Reply::Progress(job, _) => (*job, false),
            Reply::Done(job, _) | Reply::Failed(job, _) => (*job, true),
        };
        let current = self.0.running.borrow().as_ref().is_some_and(|running| running.request.job == job);
        if !current {
            return;
        }
        if is_last {
            self.0.running.borrow_mut().take();
        }
        (self.0.on_reply)(reply);
    }

    /// Starts a worker in place of the one there may be, and gives it the job that waits.
    fn start_worker(&self) {
        if let State::Worker(live) = std::mem::replace(&mut *self.0.state.borrow_mut(), State::Loading) {
            live.worker.terminate();
        }
        let parts = self.0.parts.borrow().clone();
        let state = parts.and_then(|parts| self.live(&parts).ok()).map_or(State::Page, State::Worker);
        *self.0.state.borrow_mut() = state;
        self.resume();
    }

    fn resume(&self) {
        let waiting = self.0.running.borrow().clone();
        if let Some(job) = waiting {
            self.hand_over(job);
        }
    }

    fn live(&self, parts: &Parts) -> Result<Live, JsValue> {
        let worker = Worker::new(&parts.url)?;
        let started = Rc::new(Cell::new(false));
        let message = {
            let (client, started) = (self.clone(), started.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                started.set(true);
                let bytes = Uint8Array::new(&event.data()).to_vec();
                if let Some(reply) = Reply::decode(&bytes) {
                    client.answer(reply);
                }
            })
        };
        let error = {
            let client = self.clone();
            Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
                event.prevent_default();
                client.worker_died(&event.message());
            })
        };
        let timeout = {
            let (client, started) = (self.clone(), started.clone());
            Timeout::new(START_TIMEOUT_MS, move || {
                if !started.get() {
                    client.worker_died("");
                }
            })
        };
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        worker.post_message(&parts.module)?;
        Ok(Live { worker, started, _message: message, _error: error, _timeout: timeout })
    }

    /// A worker that never started leaves the work to the page; one that broke down takes its job with it.
    fn worker_died(&self, message: &str) {
        let started = matches!(&*self.0.state.borrow(), State::Worker(live) if live.started.get());
        let client = self.clone();
        let message = message.to_owned();
        // The closures that call this live in the state that is replaced here: let them return first.
        spawn_local(async move {
            if started {
                let job = client.0.running.borrow().as_ref().map(|running| running.request.job);
                if let Some(job) = job {
                    client.answer(Reply::Failed(job, Problem::Fault { message }));
                }
                client.start_worker();
            } else {
                if let State::Worker(live) = std::mem::replace(&mut *client.0.state.borrow_mut(), State::Page) {
                    live.worker.terminate();
                }
                client.resume();
            }
        });
    }
}

async fn loaded_parts() -> Option<Parts> {
    let promise = Reflect::get(&js_sys::global(), &PARTS.into()).ok()?.dyn_into::<js_sys::Promise>().ok()?;
    let parts = JsFuture::from(promise).await.ok()?;
    let url = Reflect::get(&parts, &"url".into()).ok()?.as_string()?;
    let module = Reflect::get(&parts, &"module".into()).ok()?;
    Some(Parts { url, module })
}

fn fault(error: &JsValue) -> Problem {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    Problem::Fault { message: message.unwrap_or_else(|| format!("{error:?}")) }
}
