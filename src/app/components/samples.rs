//! Incidents to try without logs of one's own, each with what it answers.

use oomscope_derive::part;
use yew::prelude::*;

use crate::app::controls::{use_controls, with};
use crate::app::intake;
use crate::app::words::use_words;

/// An example: its name as a file, its text, what it is called, and what it answers, as keys of the catalogues.
type Sample = (&'static str, &'static str, &'static str, &'static str);

/// All of real logs: captured, shortened where nothing depends on it, the first with our own words around them.
const SAMPLES: [Sample; 5] = [
    (
        "one-gigabyte-server.md",
        include_str!("../../../static/samples/one-gigabyte-server.md"),
        "page.sample.one-gigabyte-server",
        "page.sample.one-gigabyte-server.promise",
    ),
    (
        "container-kill.log",
        include_str!("../../../static/samples/container-kill.log"),
        "page.sample.container-kill",
        "page.sample.container-kill.promise",
    ),
    (
        "heap-space.log",
        include_str!("../../../static/samples/heap-space.log"),
        "page.sample.heap-space",
        "page.sample.heap-space.promise",
    ),
    (
        "metaspace.log",
        include_str!("../../../static/samples/metaspace.log"),
        "page.sample.metaspace",
        "page.sample.metaspace.promise",
    ),
    (
        "threads.log",
        include_str!("../../../static/samples/threads.log"),
        "page.sample.threads",
        "page.sample.threads.promise",
    ),
];

/// The list of them.
#[part]
pub fn Samples() -> Html {
    let words = use_words();
    let controls = use_controls();
    let sample = |(name, text, key, promise): Sample| {
        let onclick = with(&controls, move |controls, _: MouseEvent| controls.read(intake::of_text(text, name)));
        html! {
            <li key={name}>
                <button type="button" class="button samples__sample" {onclick}>
                    { words.text(key) }
                    <span class="samples__promise">{ words.text(promise) }</span>
                </button>
            </li>
        }
    };
    html! {
        <section aria-labelledby="samples">
            <h2 id="samples">{ words.text("page.samples") }</h2>
            <ul class="samples">for one in SAMPLES { { sample(one) } }</ul>
        </section>
    }
}
