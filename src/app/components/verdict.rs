//! The answer: what became of whom, the numbers that prove it, what to do, and what is not known.

use oomscope_derive::part;
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::fact::Fact;
use super::findings::tone;
use super::story::{Sentence, explain};
use crate::analysis::finding::Severity;
use crate::analysis::statement::Statement;
use crate::app::controls::PageReady;
use crate::app::words::{Words, use_words};
use crate::source::Span;

/// Outcome and subject; stands above the headline.
#[part]
pub fn Subject(ready: &PageReady) -> Html {
    let words = use_words();
    let verdict = &ready.report.verdict;
    html! {
        <p class="subject">
            <strong class={format!("subject__outcome subject__outcome--{}", tone(Severity::from(verdict.outcome)))}>{ words.text(verdict.outcome.key()) }</strong>
            for part in verdict.subject.iter() {
                { " · " }<Sentence statement={part.clone()} by_key={false} />
            }
        </p>
    }
}

/// Everything below the headline.
#[part]
pub fn Answer(ready: &PageReady) -> Html {
    let words = use_words();
    let verdict = &ready.report.verdict;
    // What the sentences lead to already, Tab passes in the figures.
    let told: Vec<Span> =
        verdict.lede.iter().flat_map(|statement| statement.pieces(words.0)).filter_map(|(_, place)| place).collect();
    let has_more = !verdict.explanations.is_empty() || verdict.question().is_some();
    html! {
        <div class="answer">
            <div class="answer__lede">
                for statement in verdict.lede.iter() { <Sentence statement={statement.clone()} />{ " " } }
            </div>
            if !verdict.figures.is_empty() {
                <ul class="figures" aria-label={words.text("verdict.part.figures")}>
                    for figure in verdict.figures.iter() { <li class="figures__item">{ key_figure(words, figure, &told) }</li> }
                </ul>
            }
            <div class={classes!("answer__ways", has_more.then_some("answer__ways--two"))}>
                if !verdict.actions.is_empty() {
                    <section aria-labelledby="actions">
                        <h2 id="actions">{ words.text("verdict.part.actions") }</h2>
                        <ol class="actions">
                            for action in verdict.actions.iter() { <li class="actions__item">{ action_to_take(words, action) }</li> }
                        </ol>
                    </section>
                }
                if has_more {
                    <section aria-labelledby="explanations">
                        <h2 id="explanations">{ words.text(if verdict.explanations.is_empty() { "verdict.part.open" } else { "verdict.part.explanations" }) }</h2>
                        <ul class="explanations">
                            for one in verdict.explanations.iter() { <li class="explanations__item"><p><Sentence statement={one.clone()} /></p></li> }
                            if let Some(gap) = verdict.question() {
                                <li class="explanations__item">
                                    <p>{ explain(words, &words.text(&gap.key)) }</p>
                                    { command(&gap.command) }
                                </li>
                            }
                        </ul>
                    </section>
                }
            </div>
        </div>
    }
}

/// A command, to be copied.
fn command(text: &str) -> Html {
    html! { <p class="command"><code class="command__text">{ text }</code><CopyButton text={text.to_owned()} /></p> }
}

/// A number, or from one to another, and by itself what it is.
fn key_figure(words: Words, figure: &Statement, told: &[Span]) -> Html {
    let (value, label) = figure.figure(words.0);
    let value = value.into_iter().map(|(piece, at)| match piece.argument {
        Some(_) => html! { <Fact text={piece.text} {at} by_key={at.is_none_or(|at| !told.contains(&at))} /> },
        None => html! { piece.text },
    });
    html! {
        <>
            <span class="figures__value">{ for value }</span>
            { " " }
            <span>{ explain(words, &label) }</span>
        </>
    }
}

/// What to do; its command stands by itself, to be copied.
fn action_to_take(words: Words, action: &Statement) -> Html {
    let mut commands = Vec::new();
    let mut text = Vec::new();
    for (piece, at) in action.pieces(words.0) {
        match piece.argument.as_deref() {
            Some("command") => commands.push(piece.text),
            Some(_) => text.push(html! { <Fact text={piece.text} {at} /> }),
            None => text.push(html! { { explain(words, &piece.text) } }),
        }
    }
    html! {
        <>
            <p>{ for text }</p>
            for text in commands { { command(&text) } }
        </>
    }
}
