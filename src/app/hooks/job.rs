//! The analysis behind the session: starts it, hears from it, ends it.

use yew::prelude::*;

use crate::app::controls::{Controls, PageSession};
use crate::app::history::address;
use crate::app::intake;
use crate::app::session::{Action, Origin, State};
use crate::worker::client::Client;
use crate::worker::protocol::{Reply, Request, Share, SourceToRead};

/// Runs the session's job. A job that the session no longer waits for is ended.
#[hook]
pub fn use_job(session: &PageSession, controls: &Controls) {
    let client = use_memo(controls.clone(), |controls| {
        let controls = controls.clone();
        Client::new(move |reply| {
            let action = match reply {
                Reply::Started | Reply::Part(..) | Reply::Column(..) => return,
                Reply::Progress(job, progress) => Action::Progressed(job, progress),
                Reply::Done(job, analysis) => Action::Finished(job, analysis),
                Reply::Failed(job, problem) => Action::Failed(Some(job), problem),
                Reply::Shared(job, shared) => Action::Written(job, shared),
                Reply::Sealed(_, link) => return controls.lock(&link),
                Reply::Kept(job, kept) => Action::Kept(job, kept),
                Reply::Opened(job, texts) => {
                    let texts = texts.iter().flat_map(|(name, text)| intake::of_text(text, name));
                    Action::Opened(job, texts.collect())
                }
            };
            controls.send(action);
        })
    });
    let texts = match &session.state {
        State::Reading(reading) => {
            // A report of another origin brings its own, unless the address says what was set of it.
            let told = || address().settings.filter(|_| reading.origin != Origin::HandedOver);
            let settings = if reading.is_same { Some(session.settings.clone()) } else { told() };
            Some((reading.texts.clone(), reading.origin, settings))
        }
        State::Empty | State::Opening | State::Ready(_) | State::Locked(_) | State::Failed(_) => None,
    };
    let language = session.language;
    let sharing = match (&session.state, &session.sharing) {
        (State::Ready(ready), Some(sharing)) => {
            let share = Share { wish: sharing.wish.clone(), of: ready.job };
            Some((ready.texts.clone(), share, Some(session.settings.clone())))
        }
        _ => None,
    };
    {
        let client = client.clone();
        use_effect_with(session.sharing.as_ref().map(|sharing| sharing.job), move |job| {
            let job = *job;
            if let (Some(job), Some((texts, share, settings))) = (job, sharing) {
                let sources =
                    texts.iter().map(|text| SourceToRead { name: text.name.clone(), bytes: text.bytes }).collect();
                let blobs = texts.iter().map(|text| text.blob.clone()).collect();
                client.start(Request { job, language, sources, share: Some(share), keep: false, settings }, blobs);
            }
            move || {
                if let Some(job) = job {
                    client.cancel(job);
                }
            }
        });
    }
    use_effect_with(session.running_job(), move |job| {
        let job = *job;
        if let (Some(job), Some((texts, origin, settings))) = (job, texts) {
            let sources =
                texts.iter().map(|text| SourceToRead { name: text.name.clone(), bytes: text.bytes }).collect();
            let blobs = texts.iter().map(|text| text.blob.clone()).collect();
            let keep = origin != Origin::Sealed;
            client.start(Request { job, language, sources, share: None, keep, settings }, blobs);
        }
        move || {
            if let Some(job) = job {
                client.cancel(job);
            }
        }
    });
}
