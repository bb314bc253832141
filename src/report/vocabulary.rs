//! The words that a report is made of: names of fields, columns, counters, categories, and what the programs print around
//! them. Links write them as numbers, so that their order is fixed for ever and new ones go to the end. In quoted lines
//! redaction lets them pass; kinds, rules, and names of figures pass by [`super::known`].

use std::collections::HashMap;
use std::sync::OnceLock;

/// One word, or words that always stand together, a line.
const TEXT: &str = include_str!("vocabulary.txt");

struct Index {
    words: Vec<&'static str>,
    numbers: HashMap<&'static str, u32>,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let words: Vec<&'static str> = TEXT.lines().collect();
        let numbers = words.iter().zip(0_u32..).map(|(word, number)| (*word, number)).collect();
        Index { words, numbers }
    })
}

/// The number of a word.
pub fn number(word: &str) -> Option<u32> {
    index().numbers.get(word).copied()
}

/// The word of a number.
pub fn word(number: u32) -> Option<&'static str> {
    index().words.get(usize::try_from(number).ok()?).copied()
}

/// True for a word of the vocabulary.
pub fn knows(word: &str) -> bool {
    number(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_twice_and_every_word_has_its_number() {
        assert_eq!(index().words.len(), index().numbers.len());
        for at in 0..index().words.len() as u32 {
            assert_eq!(word(at).and_then(number), Some(at));
        }
    }

    #[test]
    fn the_first_words_keep_their_numbers() {
        // Links that were given away name words by number.
        assert_eq!((word(0), word(5), word(100), word(1000)), (Some("line"), Some("name"), WORD_100, WORD_1000));
    }

    const WORD_100: Option<&str> = Some("page_cache");
    const WORD_1000: Option<&str> = Some("SHR");
}
