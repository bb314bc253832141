//! How many requests at once the words around the logs speak of: `20 concurrent requests`, `twenty readers at the same time`,
//! `동시에 20개의 요청`. A bound or a range is no number.

use std::sync::LazyLock;

use super::prose::MAX_NUMBERS;
use super::signs::Signs;
use crate::model::prose::{About, Amount, ProseNumber};
use crate::model::readings::Readings;
use crate::source::Line;

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 1000;
/// No server of one JVM has more at once.
const MOST: u64 = 100_000;
/// Words between a number of requests and what says that they are at once.
const APART: usize = 4;
/// Bytes between the Korean word and its number.
const APART_IN_KOREAN: usize = 40;
/// Words between the number and the Korean word, with what is left of the number's own.
const WORDS_IN_KOREAN: usize = 2;

/// What is there at once.
const WHAT: &[&str] = &[
    "call", "client", "customer", "download", "job", "player", "reader", "request", "session", "upload", "user",
    "visitor", "writer",
];
const AT_ONCE: &[&str] = &["concurrent", "parallel", "simultaneous"];
/// What follows those that are there at once.
const TOGETHER: &[&str] = &["concurrently", "simultaneously", "at once", "at the same time", "in parallel"];
/// One of them is in every line that speaks of it.
pub(super) const SIGNS: &[&str] = &["oncurrent", "imultaneous", "arallel", "at once", "same time", KOREAN];
const WORDS: &[(&str, u64)] = &[
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("hundred", 100),
];
/// Words of a number that is only a bound.
const BOUNDS: &[&str] = &["and", "least", "most", "or", "over", "than", "to"];
const KOREAN: &str = "동시";
const COUNTERS: &[&str] = &["개", "명", "건"];
const BOUNDS_IN_KOREAN: &[&str] = &["이상", "이하", "미만", "초과", "최대", "최소"];

/// Notes how many requests at once a line of prose speaks of.
pub(super) fn read(line: &Line<'_>, out: &mut Readings) {
    let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default();
    static ANY: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS.iter().copied()));
    if out.prose.len() >= MAX_NUMBERS || !ANY.are_in(text.as_bytes()) {
        return;
    }
    let Some((count, said)) = korean(text).or_else(|| english(text)) else { return };
    if line.is_cut() || count == 0 || count > MOST {
        return;
    }
    let (about, amount) = (Some(About::Requests), Amount::Count(count));
    out.prose.push(ProseNumber { about, amount, text: said.to_owned(), span: line.span_of(said) });
    out.keep(line);
}

fn english(text: &str) -> Option<(u64, &str)> {
    let words: Vec<&str> =
        text.split([' ', '\t', ',', '.', ';', '(', ')', '"']).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let count = number(word)?;
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
        let is_bound = BOUNDS.iter().any(|bound| before.eq_ignore_ascii_case(bound)) || number(before).is_some();
        let rest = words.get(at + 1..)?;
        (!is_bound && are_at_once(rest)).then_some((count, *word))
    })
}

/// True for what follows a number of requests at once.
fn are_at_once(rest: &[&str]) -> bool {
    let lower: Vec<String> = rest.iter().take(APART + 2).map(|word| word.to_ascii_lowercase()).collect();
    let is =
        |at: usize, known: &[&str]| lower.get(at).is_some_and(|word| known.iter().any(|known| word.starts_with(known)));
    let together = || {
        lower.get(1..).is_some_and(|rest| {
            let rest = rest.join(" ");
            TOGETHER.iter().any(|words| rest.contains(words))
        })
    };
    is(0, AT_ONCE) && (is(1, WHAT) || is(2, WHAT)) || is(0, WHAT) && together()
}

fn number(word: &str) -> Option<u64> {
    let lower = word.to_ascii_lowercase();
    let named = WORDS.iter().find(|(name, _)| *name == lower).map(|(_, number)| *number);
    named.or_else(|| word.parse().ok())
}

fn korean(text: &str) -> Option<(u64, &str)> {
    let at = text.find(KOREAN)?;
    if BOUNDS_IN_KOREAN.iter().any(|word| text.contains(word)) {
        return None;
    }
    let (before, after) = (text.get(..at)?, text.get(at + KOREAN.len()..)?);
    counted(after).filter(|(start, ..)| *start <= APART_IN_KOREAN).map(|(_, count, said)| (count, said)).or_else(|| {
        // `20개의 동시 요청`, `20개의 이미지가 동시에`.
        let end = before.rfind(|c: char| c.is_ascii_digit())? + 1;
        let (counted, behind) = before.split_at_checked(end)?;
        let behind = COUNTERS.iter().find_map(|counter| behind.trim_start().strip_prefix(counter))?;
        let is_near = behind.split_whitespace().count() <= WORDS_IN_KOREAN && !behind.contains(['.', ',', ':']);
        let digits = counted.get(counted.trim_end_matches(|c: char| c.is_ascii_digit()).len()..)?;
        Some((digits.parse().ok()?, digits)).filter(|_| is_near)
    })
}

/// The first number of a text, if a counter of requests or people follows.
fn counted(text: &str) -> Option<(usize, u64, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, behind) = rest.split_at_checked(length)?;
    COUNTERS.iter().find(|counter| behind.trim_start().starts_with(**counter))?;
    Some((start, digits.parse().ok()?, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<u64> {
        let mut out = Readings::default();
        read(&Line::of(text), &mut out);
        out.prose.first().map(|number| match number.amount {
            Amount::Count(count) => count,
            Amount::Size { .. } | Amount::Share(_) => panic!("no count"),
        })
    }

    #[test]
    fn requests_at_once_are_counted_in_both_languages() {
        for text in [
            "A load test with twenty concurrent readers ended it within",
            "It fails with 20 concurrent requests.",
            "We sent 20 image requests? No: 20 requests at the same time.",
            "the test has 20 simultaneous upload requests",
            "20 users hit it concurrently",
            "동시에 20개의 요청을 버티는 것을 목표로 잡았습니다.",
            "커널이 죽이는 일은 없어졌지만 동시에 20개가 들어오면 힙 부족 오류는 그대로였습니다.",
            "동시 접속자가 20명일 때 죽었습니다.",
            "20개의 동시 요청을 보냈습니다.",
            "한 번에 20개의 썸네일 동시 요청만 견디면 됩니다.",
            "20개의 썸네일이 동시에 요청될 때는 힙이 모자랐습니다.",
        ] {
            assert_eq!(told(text), Some(20), "{text}");
        }
    }

    #[test]
    fn bounds_collectors_and_other_numbers_are_no_load() {
        for text in [
            "up to 20 concurrent requests",
            "10 or 20 concurrent requests",
            "twenty five concurrent users",
            "GC(20) Concurrent Mark Cycle",
            "20 concurrent GC threads",
            "4 parallel workers of G1",
            "20 requests per second",
            "2022 concurrent mode failure",
            "동시에 20MB를 씁니다.",
            "동시에 20개 이상이면 실패합니다.",
            "동시성 문제는 2022년부터 있었습니다.",
            "",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
