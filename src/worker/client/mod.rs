//! The page's side of the worker: starts it, hands jobs over, ends it. Where no worker can start, the worker's code runs
//! on the page's own thread, piece by piece, behind the same messages: the page itself carries no analyzer.

mod blobs;
mod serve;

pub use blobs::{read_range, unpacked};
pub use serve::{serve, serve_on};

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, ErrorEvent, MessageEvent, MessagePort, Worker};

use crate::i18n;
use crate::json;
use crate::worker::protocol::{Gathered, Problem, Reply, Request};

/// How long a worker may take to say that it has started before its code runs on the page.
const START_TIMEOUT_MS: u32 = 10_000;

/// Where `static/boot.js` leaves what the analyzer is started from: a promise of `{ url, module, onPage, worker }`. A worker at
/// `url` waits for the compiled `module`, then for the words; `worker`, if it is there, is one that has the module already;
/// `onPage()` promises the port of one that runs on the page.
const PARTS: &str = "oomscopeWorker";

/// What a message calls the catalogues for an analyzer, whose wasm carries none; the page leaves them by that name, too.
const WORDS: &str = "oomscopeWords";

/// Runs jobs, one at a time. A new one replaces one that is still running.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

struct Inner {
    on_reply: Box<dyn Fn(Reply)>,
    parts: RefCell<Option<Parts>>,
    state: RefCell<State>,
    /// Job that has not been answered yet.
    running: RefCell<Option<Job>>,
    /// What has arrived of its result.
    gathered: RefCell<Gathered>,
    /// What the browser keeps of a large report, which comes before the report.
    kept: RefCell<Option<Reply>>,
}

#[derive(Clone)]
struct Parts {
    url: String,
    module: JsValue,
    on_page: Option<Function>,
    /// Where the first worker is, until a client takes it.
    whole: JsValue,
}

/// What `static/boot.js` calls the worker that it started.
const FIRST: &str = "worker";

impl Parts {
    /// A worker that has its module: the first is there already.
    fn worker(&self) -> Result<Worker, JsValue> {
        if let Some(worker) = Reflect::get(&self.whole, &FIRST.into()).ok().and_then(|worker| worker.dyn_into().ok()) {
            Reflect::set(&self.whole, &FIRST.into(), &JsValue::NULL)?;
            return Ok(worker);
        }
        let worker = Worker::new(&self.url)?;
        let start = Object::new();
        Reflect::set(&start, &"module".into(), &self.module)?;
        worker.post_message(&start)?;
        Ok(worker)
    }
}

#[derive(Clone)]
struct Job {
    request: Request,
    blobs: Vec<Blob>,
}

enum State {
    /// The analyzer's files are still loading, or it is starting on the page.
    Loading,
    /// A worker has started, or is starting.
    Worker(Live),
    /// The worker's code runs on the page.
    Page { port: MessagePort, _message: Closure<dyn FnMut(MessageEvent)> },
    /// It cannot run at all, and why.
    Nowhere(String),
}

struct Live {
    worker: Worker,
    started: Rc<Cell<bool>>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(ErrorEvent)>,
    _timeout: Timeout,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Client {
    /// Starts the worker as soon as its files are there.
    pub fn new(on_reply: impl Fn(Reply) + 'static) -> Client {
        // Setting a property of the global object cannot fail.
        let _ = Reflect::set(&js_sys::global(), &WORDS.into(), &i18n::carried().into());
        let client = Client(Rc::new(Inner {
            on_reply: Box::new(on_reply),
            parts: RefCell::new(None),
            state: RefCell::new(State::Loading),
            running: RefCell::new(None),
            gathered: RefCell::default(),
            kept: RefCell::default(),
        }));
        spawn_local({
            let client = client.clone();
            async move {
                match loaded_parts().await {
                    Ok(parts) => {
                        *client.0.parts.borrow_mut() = Some(parts);
                        client.start_worker();
                    }
                    Err(error) => client.give_up(&error),
                }
            }
        });
        client
    }

    /// Runs a job; replies come to `on_reply`.
    pub fn start(&self, request: Request, blobs: Vec<Blob>) {
        if let Some(job) = self.0.running.borrow().as_ref().map(|job| job.request.job) {
            self.cancel(job);
        }
        let job = Job { request, blobs };
        *self.0.running.borrow_mut() = Some(job.clone());
        self.hand_over(job);
    }

    /// Ends the job if it is still running. A busy worker cannot listen, so it is ended with its job and started anew.
    pub fn cancel(&self, job: u32) {
        let running = self.0.running.borrow_mut().take_if(|running| running.request.job == job);
        if running.is_none() {
            return;
        }
        self.0.kept.take();
        let is_worker = match &*self.0.state.borrow() {
            State::Page { port, .. } => {
                // Listens between two pieces. Posting fails only for what cannot be cloned; numbers can.
                let _ = port.post_message(&job.into());
                false
            }
            State::Worker(_) => true,
            State::Loading | State::Nowhere(_) => false,
        };
        if is_worker {
            self.start_worker();
        }
    }

    /// Ends the worker, too: this client runs nothing any more.
    pub fn end(&self) {
        let client = self.clone();
        // The closures that may call this live in the state that is replaced here: let them return first.
        spawn_local(async move {
            client.0.running.borrow_mut().take();
            client.0.state.replace(State::Nowhere(String::new()));
        });
    }

    fn hand_over(&self, job: Job) {
        let message = Object::new();
        let request = json::text(&job.request);
        let blobs: Array = job.blobs.iter().collect();
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&message, &"request".into(), &request.into());
        let _ = Reflect::set(&message, &"blobs".into(), &blobs);
        let posted = match &*self.0.state.borrow() {
            State::Loading => Ok(()),
            State::Worker(live) => live.worker.post_message(&message),
            State::Page { port, .. } => port.post_message(&message),
            State::Nowhere(why) => Err(why.into()),
        };
        if let Err(error) = posted {
            self.answer(Reply::Failed(job.request.job, fault(&error)));
        }
    }

    /// Passes a reply on if it is about the job that runs.
    fn answer(&self, reply: Reply) {
        let (job, is_last) = match &reply {
            Reply::Started => return,
            Reply::Kept(job, _) => {
                match self.is_running(*job) {
                    true => *self.0.kept.borrow_mut() = Some(reply),
                    // The job is over, and another may run.
                    false => (self.0.on_reply)(reply),
                }
                return;
            }
            Reply::Progress(job, _) | Reply::Part(job, ..) | Reply::Column(job, ..) => (*job, false),
            Reply::Done(job, _)
            | Reply::Failed(job, _)
            | Reply::Opened(job, _)
            | Reply::Sealed(job, _)
            | Reply::Shared(job, _) => (*job, true),
        };
        if !self.is_running(job) {
            return;
        }
        let replies = match is_last {
            true => [Some(reply), self.0.kept.take()],
            false => return (self.0.on_reply)(reply),
        };
        let ended = self.0.running.borrow_mut().take();
        let is_large = ended.is_some_and(|job| job.request.is_large());
        let client = self.clone();
        let pass_on = move || replies.into_iter().flatten().for_each(|reply| (client.0.on_reply)(reply));
        if !is_large || !matches!(&*self.0.state.borrow(), State::Worker(_)) {
            return pass_on();
        }
        // Memory that a worker once had is its own until it ends: after a large text another takes its place, and what the page
        // makes of the report comes in between. The closures that may call this live in the state that is replaced here: let
        // them return first.
        let client = self.clone();
        spawn_local(async move {
            client.end_worker();
            pass_on();
            client.start_worker();
        });
    }

    fn is_running(&self, job: u32) -> bool {
        self.0.running.borrow().as_ref().is_some_and(|running| running.request.job == job)
    }

    /// Ends the worker, if there is one.
    fn end_worker(&self) {
        let mut state = self.0.state.borrow_mut();
        if matches!(*state, State::Worker(_)) {
            *state = State::Loading;
        }
    }

    /// Starts a worker in place of the one there may be, and gives it the job that waits.
    fn start_worker(&self) {
        if matches!(&*self.0.state.borrow(), State::Nowhere(_)) {
            return;
        }
        self.end_worker();
        let Some(parts) = self.0.parts.borrow().clone() else { return };
        match self.live(&parts) {
            Ok(live) => {
                *self.0.state.borrow_mut() = State::Worker(live);
                self.resume();
            }
            Err(_) => self.start_on_page(),
        }
    }

    /// Starts the worker's code on the page, and gives it the job that waits.
    fn start_on_page(&self) {
        let on_page = self.0.parts.borrow().as_ref().and_then(|parts| parts.on_page.clone());
        let client = self.clone();
        spawn_local(async move {
            match port_on_page(on_page).await {
                Ok(port) => {
                    let message = client.listener(Rc::default());
                    port.set_onmessage(Some(message.as_ref().unchecked_ref()));
                    *client.0.state.borrow_mut() = State::Page { port, _message: message };
                    client.resume();
                }
                Err(error) => client.give_up(&error),
            }
        });
    }

    fn give_up(&self, error: &JsValue) {
        let Problem::Fault { message } = fault(error) else { return };
        *self.0.state.borrow_mut() = State::Nowhere(message);
        self.resume();
    }

    fn resume(&self) {
        let waiting = self.0.running.borrow().clone();
        if let Some(job) = waiting {
            self.hand_over(job);
        }
    }

    fn live(&self, parts: &Parts) -> Result<Live, JsValue> {
        let worker = parts.worker()?;
        let started = Rc::new(Cell::new(false));
        let message = self.listener(started.clone());
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
        let words = Object::new();
        // Made once: a string of the browser's out of ours takes its time.
        Reflect::set(&words, &WORDS.into(), &Reflect::get(&js_sys::global(), &WORDS.into())?)?;
        worker.post_message(&words)?;
        Ok(Live { worker, started, _message: message, _error: error, _timeout: timeout })
    }

    /// Passes on what the analyzer says; `started` is set by its first word.
    fn listener(&self, started: Rc<Cell<bool>>) -> Closure<dyn FnMut(MessageEvent)> {
        let client = self.clone();
        Closure::new(move |event: MessageEvent| {
            started.set(true);
            // What the page cannot take in must not end the page.
            let Some(bytes) = blobs::taken_out(event.data().unchecked_ref()) else {
                let job = client.0.running.borrow().as_ref().map(|running| running.request.job);
                if let Some(job) = job {
                    client.answer(Reply::Failed(job, Problem::Memory));
                }
                return;
            };
            let reply = Reply::decode(&bytes);
            drop(bytes);
            if matches!(reply, Some(Reply::Part(..) | Reply::Column(..))) {
                client.makes_room();
            }
            let reply = reply.and_then(|reply| client.0.gathered.borrow_mut().take(reply));
            if let Some(reply) = reply {
                client.answer(reply);
            }
        })
    }

    /// Says that a part of a report has been taken in: another may be on its way.
    fn makes_room(&self) {
        let taken_in = JsValue::TRUE;
        // Posting fails only for what cannot be cloned; a flag can.
        let _ = match &*self.0.state.borrow() {
            State::Worker(live) => live.worker.post_message(&taken_in),
            State::Page { port, .. } => port.post_message(&taken_in),
            State::Loading | State::Nowhere(_) => Ok(()),
        };
    }

    /// A worker that never started is replaced by its code on the page; one that broke down takes its job with it.
    fn worker_died(&self, message: &str) {
        let started = matches!(&*self.0.state.borrow(), State::Worker(live) if live.started.get());
        let client = self.clone();
        let message = message.to_owned();
        // The closures that call this live in the state that is replaced here: let them return first.
        spawn_local(async move {
            client.end_worker();
            if started {
                let job = client.0.running.borrow().as_ref().map(|running| running.request.job);
                if let Some(job) = job {
                    client.answer(Reply::Failed(job, Problem::of_breakdown(&message)));
                }
                client.start_worker();
            } else {
                client.start_on_page();
            }
        });
    }
}

async fn loaded_parts() -> Result<Parts, JsValue> {
    let promise = Reflect::get(&js_sys::global(), &PARTS.into())?.dyn_into::<Promise>()?;
    let parts = JsFuture::from(promise).await?;
    let url = Reflect::get(&parts, &"url".into())?.as_string().unwrap_or_default();
    let module = Reflect::get(&parts, &"module".into())?;
    let on_page = Reflect::get(&parts, &"onPage".into())?.dyn_into().ok();
    Ok(Parts { url, module, on_page, whole: parts })
}

async fn port_on_page(on_page: Option<Function>) -> Result<MessagePort, JsValue> {
    let on_page = on_page.ok_or_else(|| JsValue::from("no worker"))?;
    let promise = on_page.call0(&JsValue::NULL)?.dyn_into::<Promise>()?;
    JsFuture::from(promise).await?.dyn_into()
}

fn fault(error: &JsValue) -> Problem {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    let message = message.or_else(|| error.as_string());
    Problem::Fault { message: message.unwrap_or_else(|| format!("{error:?}")) }
}
