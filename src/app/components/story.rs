//! Sentences with their numbers as links.

use yew::prelude::*;

use super::fact::Fact;
use crate::analysis::statement::Statement;
use crate::app::words::use_words;

#[derive(Properties, PartialEq)]
pub struct SentenceProps {
    /// What is said.
    pub statement: Statement,
    /// False where its numbers can be reached elsewhere: then Tab passes them.
    #[prop_or(true)]
    pub by_key: bool,
}

/// One sentence.
#[component]
pub fn Sentence(SentenceProps { statement, by_key }: &SentenceProps) -> Html {
    let words = use_words();
    html! {
        for (piece, at) in statement.pieces(words.0) {
            if piece.argument.is_some() {
                <Fact text={piece.text} {at} by_key={*by_key} also={piece.argument.and_then(|name| statement.values.get(&name)?.quantity.in_utc())} />
            } else {
                { piece.text }
            }
        }
    }
}
