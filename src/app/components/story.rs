//! Sentences with their numbers as links, and their terms explained.

use oomscope_derive::part;
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::fact::Fact;
use crate::analysis::gaps::Gap;
use crate::analysis::statement::Statement;
use crate::app::terms::{explained, of_command, with_options};
use crate::app::words::{Words, use_words};
use crate::i18n::Piece;
use crate::source::Span;

/// The way from a sentence about when something began to its place in the timeline, as a context: called with the line that
/// it began on.
#[derive(Clone, Debug, PartialEq)]
pub struct ToTimeline(pub Callback<Span>);

/// One sentence.
#[part]
pub fn Sentence(
    statement: &Statement,
    /// False where its numbers can be reached elsewhere: then Tab passes them.
    #[prop_or(true)]
    by_key: &bool,
) -> Html {
    let words = use_words();
    let to_timeline = use_context::<ToTimeline>();
    let onset =
        to_timeline.zip(statement.onset()).map(|(ToTimeline(show), line)| show.reform(move |_: MouseEvent| line));
    html! {
        <>
        for (piece, at, point) in pointed(statement.pieces(words.0)) {
            if piece.argument.is_some() {
                <span class={(piece.text.chars().count() <= SHORT).then_some("whole")}>
                    <Fact text={piece.text} {at} by_key={*by_key} also={piece.argument.and_then(|name| statement.values.get(&name)?.quantity.in_utc())} />{ point }
                </span>
            } else {
                { explain(words, &piece.text) }
            }
        }
        if let Some(onclick) = onset {
            { " " }<button type="button" class="to-timeline" {onclick}>{ words.text("page.timeline.show-onset") }</button>
        }
        </>
    }
}

/// Characters of a value that stays on one line with what follows it.
const SHORT: usize = 16;
/// Characters behind a value, up to a blank, that stay with it.
const POINT: usize = 4;

/// Pieces of a sentence, each value with the point or the particle behind it: a button is a box, and browsers break a line
/// behind it.
fn pointed(pieces: Vec<(Piece, Option<Span>)>) -> Vec<(Piece, Option<Span>, String)> {
    let mut pointed: Vec<(Piece, Option<Span>, String)> = Vec::new();
    for (mut piece, at) in pieces {
        if let Some((_, _, point)) = pointed.last_mut().filter(|(before, ..)| before.argument.is_some())
            && piece.argument.is_none()
        {
            let end = piece.text.find(char::is_whitespace).unwrap_or(piece.text.len());
            let (with_it, rest) = piece.text.split_at_checked(end).unwrap_or_default();
            if with_it.chars().count() <= POINT {
                (*point, piece.text) = (with_it.to_owned(), rest.to_owned());
            }
        }
        pointed.push((piece, at, String::new()));
    }
    pointed
}

/// Words whose terms say what they are to who points at them; About has them all.
pub fn explain(words: Words, text: &str) -> Html {
    html! {
        for (part, about) in explained(text, words.0) {
            if let Some(about) = about {
                <abbr class="term" title={words.text(about)}>{ part.to_owned() }</abbr>
            } else {
                { whole(with_options(part)) }
            }
        }
    }
}

/// Parts of a text, those whole that are to stay on one line.
pub fn whole(parts: Vec<(&str, bool)>) -> Html {
    html! {
        for (part, is_whole) in parts {
            if is_whole { <span class="whole">{ part.to_owned() }</span> } else { { part.to_owned() } }
        }
    }
}

/// Sentences in a list.
pub fn sentences(statements: &[Statement]) -> Html {
    html! { <ul class="finding__list">for statement in statements { <li><Sentence statement={statement.clone()} /></li> }</ul> }
}

/// Commands, each after what it is for, to be copied.
pub fn commands(words: Words, gaps: &[Gap]) -> Html {
    html! {
        <ul class="commands__list">
            for gap in gaps {
                <li class="command" key={gap.key.clone()}>
                    <span class="command__about">{ explain(words, &words.text(&gap.key)) }</span>
                    <code class="command__text">{ whole(of_command(&gap.command)) }</code>
                    <CopyButton text={gap.command.clone()} />
                </li>
            }
        </ul>
    }
}
