//! The worker's side: listens for requests and answers them.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use super::blobs;
use crate::worker::protocol::{Problem, Reply, Request};

/// Listens until the page ends the worker.
pub fn serve() {
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        if let Some((request, blobs)) = unpack(&event.data()) {
            spawn_local(answer(request, blobs));
        }
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    post(Reply::Started);
}

fn unpack(message: &JsValue) -> Option<(Request, Vec<Blob>)> {
    let request = Reflect::get(message, &"request".into()).ok()?.as_string()?;
    let blobs: Array = Reflect::get(message, &"blobs".into()).ok()?.dyn_into().ok()?;
    let blobs = blobs.iter().filter_map(|blob| blob.dyn_into().ok()).collect();
    Some((serde_json::from_str(&request).ok()?, blobs))
}

async fn answer(request: Request, texts: Vec<Blob>) {
    let job = request.job;
    std::panic::set_hook(Box::new(move |panic| {
        post(Reply::Failed(job, Problem::Fault { message: panic.to_string() }));
    }));
    let on_progress = |progress| {
        post(Reply::Progress(job, progress));
        true
    };
    match blobs::analyse(&request, &texts, blobs::PIECE_IN_WORKER, on_progress).await {
        Ok(Some(analysis)) => post(Reply::Done(job, Box::new(analysis))),
        Ok(None) => {}
        Err(problem) => post(Reply::Failed(job, problem)),
    }
}

/// Posts a reply; its buffer changes hands.
fn post(reply: Reply) {
    let bytes = Uint8Array::from(reply.encode().as_slice());
    let moved = Array::of1(&bytes.buffer());
    // Fails only for what cannot be cloned; bytes can.
    let _ = scope().post_message_with_transfer(&bytes, &moved);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
