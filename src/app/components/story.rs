//! Sentences with their numbers as links.

use yew::prelude::*;

use super::fact::Fact;
use crate::analysis::statement::Statement;
use crate::app::words::use_words;

#[derive(Properties, PartialEq)]
pub struct SentenceProps {
    /// What is said.
    pub statement: Statement,
}

/// One sentence.
#[component]
pub fn Sentence(SentenceProps { statement }: &SentenceProps) -> Html {
    let words = use_words();
    html! {
        for (piece, at) in statement.pieces(words.0) {
            if piece.argument.is_some() {
                <Fact text={piece.text} {at} also={piece.argument.and_then(|name| statement.values.get(&name)?.quantity.in_utc())} />
            } else {
                { piece.text }
            }
        }
    }
}
