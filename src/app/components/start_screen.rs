//! The first screen: one box for everything, and what to do without logs.

use gloo::utils::window;
use oomscope_derive::part;
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::hand_over::{ChooseFiles, PasteBox};
use super::recent::RecentReports;
use super::samples::Samples;
use super::story::explain;
use crate::app::hooks::recent::recent_reports;
use crate::app::session::Notice;
use crate::app::words::use_words;

/// What to run, and the catalogue key of what it tells.
const COMMANDS: [(&str, &str); 5] = [
    ("journalctl -k --utc --no-pager | grep -i -B 80 -A 5 'killed process'", "page.command.kernel"),
    ("jstat -gc -t PID 1000 60", "page.command.jstat"),
    ("jcmd PID VM.native_memory summary", "page.command.nmt"),
    ("jcmd PID VM.flags", "page.command.flags"),
    ("free -m", "page.command.free"),
];

/// The page of the build that is here now. Fails where the browser forbids it; then the old one stays.
fn reload() {
    let _ = window().location().reload();
}

/// The first screen.
#[part]
pub fn StartScreen(notice: &Option<Notice>) -> Html {
    let words = use_words();
    // Where there are none yet, the switch that keeps none stands last.
    let has_recent = use_memo((), |()| !recent_reports().is_empty());
    html! {
        <div class="start">
            <p class="notice newer">
                { words.text("page.newer") }{ " " }
                <button type="button" class="button button--small" onclick={|_: MouseEvent| reload()}>{ words.text("page.newer.reload") }</button>
            </p>
            <h1 class="start__question">{ words.text("page.question") }</h1>
            <p class="start__lead">{ words.text("page.lead") }</p>
            <PasteBox />
            if let Some(notice) = notice {
                <p class="notice">{ words.text(notice.key()) }</p>
            }
            <div class="start__ways">
                <ChooseFiles />
                <span class="start__drop by-keyboard">{ words.text("page.drop") }</span>
            </div>
            <Samples />
            if *has_recent { <RecentReports /> }
            <section class="commands" aria-labelledby="commands">
                <h2 id="commands">{ words.text("page.commands") }</h2>
                <p>{ words.text("page.commands.lead") }</p>
                <ul class="commands__list">
                    for (command, about) in COMMANDS {
                        <li class="command" key={command}>
                            <span class="command__about">{ explain(words, &words.text(about)) }</span>
                            <code class="command__text">{ command }</code>
                            <CopyButton text={command} />
                        </li>
                    }
                </ul>
            </section>
            if !*has_recent { <RecentReports /> }
        </div>
    }
}
