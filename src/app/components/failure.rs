//! A job that came to nothing.

use oomscope_derive::part;
use yew::prelude::*;

use super::start_screen::StartScreen;
use crate::app::hooks::focus::use_focus_on;
use crate::app::words::{Words, use_words};
use crate::worker::protocol::Problem;

/// Why it came to nothing, above a box for the next attempt.
#[part]
pub fn Failure(problem: &Problem) -> Html {
    let words = use_words();
    let heading = use_node_ref();
    use_focus_on(&heading, problem.clone());
    html! {
        <>
            <section class="failure">
                <h2 ref={heading} tabindex="-1">{ words.text("page.failed") }</h2>
                <p>{ reason(words, problem) }</p>
            </section>
            <StartScreen notice={None} />
        </>
    }
}

/// Why a job came to nothing, in words.
pub fn reason(words: Words, problem: &Problem) -> String {
    match problem {
        Problem::Unreadable { name } => words.fill("page.failed.unreadable", &[("name", name)]),
        Problem::Unpackable { name } => words.fill("page.failed.unpackable", &[("name", name)]),
        Problem::TooManySources => words.text("page.failed.too-many"),
        Problem::Shared { key } => words.text(key),
        Problem::Memory => words.text("page.failed.memory"),
        Problem::Fault { message } => words.fill("page.failed.fault", &[("message", message)]),
    }
}
