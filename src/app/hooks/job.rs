//! The analysis behind the session: starts it, hears from it, ends it.

use yew::prelude::*;

use crate::app::page::{Controls, PageSession};
use crate::app::session::{Action, State};
use crate::worker::client::Client;
use crate::worker::protocol::{Reply, Request, SourceToRead};

/// Runs the session's job. A job that the session no longer waits for is ended.
#[hook]
pub fn use_job(session: &PageSession, controls: &Controls) {
    let client = use_memo(controls.clone(), |controls| {
        let controls = controls.clone();
        Client::new(move |reply| {
            let action = match reply {
                Reply::Started => return,
                Reply::Progress(job, progress) => Action::Progressed(job, progress),
                Reply::Done(job, analysis) => Action::Finished(job, analysis),
                Reply::Failed(job, problem) => Action::Failed(Some(job), problem),
            };
            controls.send(action);
        })
    });
    let texts = match &session.state {
        State::Reading(reading) => Some(reading.texts.clone()),
        State::Empty | State::Ready(_) | State::Failed(_) => None,
    };
    let language = session.language;
    use_effect_with(session.running_job(), move |job| {
        let job = *job;
        if let (Some(job), Some(texts)) = (job, texts) {
            let sources =
                texts.iter().map(|text| SourceToRead { name: text.name.clone(), bytes: text.bytes }).collect();
            let blobs = texts.iter().map(|text| text.blob.clone()).collect();
            client.start(Request { job, language, sources }, blobs);
        }
        move || {
            if let Some(job) = job {
                client.cancel(job);
            }
        }
    });
}
