//! A word looked for in a text, at many of its bytes at once. The standard library prepares each search anew, which costs more than
//! to look through a line.

/// True if a word stands in a text.
pub fn has(text: &str, word: &str) -> bool {
    places(text, word).next().is_some()
}

/// Where a word stands in a text, each time; none of them begins inside another.
pub fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let first = word.first().copied().filter(|_| may_have(text, word));
    let mut free = 0;
    first.into_iter().flat_map(move |first| memchr::memchr_iter(first, text)).filter(move |at| {
        let is_place = *at >= free && text.get(*at..).is_some_and(|rest| rest.starts_with(word));
        if is_place {
            free = at + word.len();
        }
        is_place
    })
}

/// True if the first and the last byte of a word stand as far apart as in it.
fn may_have(text: &[u8], word: &[u8]) -> bool {
    let ([first, ..], [.., last]) = (word, word) else { return true };
    let far = text.get(word.len() - 1..).unwrap_or_default();
    text.iter().zip(far).fold(false, |any, (one, other)| any | (one == first) & (other == last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_the_standard_library_finds_them() {
        let texts =
            ["", "a", "ab", "aba", "abab", "x abab y", "Out of memory: Killed process 7 (java)", "메모리가 부족합니다"];
        for text in texts {
            for word in
                ["a", "b", "ab", "ba", "bab", "Killed", ")", "메모리", "리", "Out of memory: Killed process 7 (java) "]
            {
                assert_eq!(has(text, word), text.contains(word), "{text:?} {word:?}");
                let expected: Vec<usize> = text.match_indices(word).map(|(at, _)| at).collect();
                assert_eq!(places(text, word).collect::<Vec<_>>(), expected, "{text:?} {word:?}");
            }
        }
    }
}
