//! What would make the report stronger.

use oomscope_derive::part;
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::story::Explained;
use crate::app::controls::PageReady;
use crate::app::words::use_words;

/// Commands, the most telling per minute first.
#[part]
pub fn Gaps(ready: &PageReady) -> Html {
    let words = use_words();
    html! {
        <ul class="commands__list">
            for gap in ready.report.gaps.iter() {
                <li class="command" key={gap.key.clone()}>
                    <span class="command__about"><Explained text={words.text(&gap.key)} /></span>
                    <code class="command__text">{ &gap.command }</code>
                    <CopyButton text={gap.command.clone()} />
                </li>
            }
        </ul>
    }
}
