//! Lines as they were printed: of the words, those of the dictionary stay; of the digits, those that the line or the report
//! explains.
//!
//! The rule for digits, of which everything else follows: a number passes in a quotation if
//!
//! 1. the report carries it anyway as a figure read from that line ([`super::figures`]), or
//! 2. a unit of size, time, or share is behind it, and it is no larger than such a thing can be, or
//! 3. a name of ours is before it (`pid`, `order`, `oom_score_adj`, an option of a JVM) that takes no larger one, or
//! 4. it is part of a time: a clock, a date, the day behind a month, the seconds since boot between brackets.
//!
//! Numbers beside each other, with nothing but blanks between, are a group, of which the first rule alone lets pass. A word
//! passes as a number, a time, or an option only if all of it is one.

use super::figures::Place;
use super::shapes::{is_option_value, is_quantity, is_quantity_of, is_since_boot, is_time, number, unsigned};
use super::{GONE, Redactor};
use crate::report::{known, vocabulary};

/// Which digits stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// Those that are explained, in a line that stands there.
    Explained(Option<Place>),
    /// None that stand for themselves: the text is a name.
    Never,
    /// Also numbers of commands and pids: the text is a command that this program composed.
    Composed,
}

/// A word and what stands around it.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    /// What stands between the word before and this one.
    between: &'a str,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Errors of Windows about memory: the paging file is too small, and the like.
const WINDOWS: [&str; 5] = ["1450", "1453", "1454", "1455", "1816"];
/// Numbers that commands of ours hold and that are no pids: samples, milliseconds, lines around a match, kilobytes.
const COMPOSED: [u128; 10] = [3, 5, 15, 20, 25, 60, 80, 1000, 60_000, 65_536];

impl Redactor {
    /// Words that are known, numbers that are explained, and what stands between them; words beside each other that go leave
    /// one mark.
    pub(super) fn line(&mut self, text: &str, digits: Digits) -> String {
        let words = words(text);
        let mut out = String::with_capacity(text.len());
        for (at, word) in words.iter().enumerate() {
            push_between(&mut out, word.between);
            let now = self.word(&words, at, digits);
            if now == GONE && out.trim_end().ends_with(GONE) {
                // One mark, and one blank after it.
                out.truncate(out.trim_end().len());
            } else {
                out.push_str(&now);
            }
        }
        out.trim_end().to_owned()
    }

    fn word(&mut self, words: &[Word<'_>], at: usize, digits: Digits) -> String {
        let Some(word) = words.get(at).map(|word| word.text) else { return String::new() };
        let bare = bare(words, at);
        let is_sign = word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_punctuation());
        if word == GONE || is_sign || bare.is_empty() {
            return word.chars().filter(|c| *c == '…' || c.is_ascii_punctuation()).collect();
        }
        if vocabulary::knows(word) || vocabulary::knows(bare) || self.explained(words, at, digits) {
            return word.to_owned();
        }
        if let Some(name) = self.names.get(word).cloned() {
            self.count("process", word, &name);
            return name;
        }
        if bare.starts_with("-X") {
            return self.option(word);
        }
        self.gone(kind_of(word), word)
    }

    fn explained(&self, words: &[Word<'_>], at: usize, digits: Digits) -> bool {
        if digits == Digits::Never {
            return false;
        }
        let bare = bare(words, at);
        let is_in_group = is_in_group(words, at);
        let carried = |text: &str| match digits {
            Digits::Explained(place) => number(unsigned(text)).is_some_and(|number| self.figures.carry(place, number)),
            Digits::Composed => self.is_composed(text),
            Digits::Never => false,
        };
        if carried(bare) || !is_in_group && is_quantity(bare) || is_time(bare) {
            return true;
        }
        if is_day(words, at) || is_month(words, at) || is_boot_time(words, at) {
            return true;
        }
        let is_counted = |unit: &Word<'_>| {
            is_blank(unit.between) && is_quantity_of(bare, unit.text.trim_end_matches([',', '.', ':', ';']))
        };
        let is_named = |name: &str, between: &str| names(name, between, bare);
        let next = at.checked_add(1).and_then(|next| words.get(next));
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let between = words.get(at).map(|word| word.between).unwrap_or_default();
        if !is_in_group && (next.is_some_and(is_counted) || before.is_some_and(|word| is_named(word.text, between))) {
            return true;
        }
        // `anon-rss:699868kB`, `oom_score_adj:0`, `memory:usage`: a name and what it is, joined.
        let parts: Vec<&str> = bare.split(':').collect();
        let passes = |at: usize, part: &str| {
            let name = at.checked_sub(1).and_then(|before| parts.get(before)).copied().unwrap_or_default();
            part.is_empty()
                || vocabulary::knows(part)
                || carried(part)
                || vocabulary::knows(name) && is_quantity(part)
                || names(name, ":", part)
        };
        let has_word = parts.first().is_some_and(|part| vocabulary::knows(part));
        has_word && matches!(parts.len(), 2..=4) && parts.iter().enumerate().all(|(at, part)| passes(at, part))
    }

    /// A number of a command that this program composed: one of its own, or a pid of the report.
    fn is_composed(&self, text: &str) -> bool {
        let is_pid = |digits| u32::try_from(digits).is_ok_and(|pid| self.pids.contains(&pid));
        number(unsigned(text)).is_some_and(|n| n.decimals == 0 && (COMPOSED.contains(&n.digits) || is_pid(n.digits)))
    }
}

/// Cuts a line into words and what stands between them; the last of them is empty.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(|c: char| !is_between(c)).unwrap_or(rest.len());
        let (between, after) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = after.find(is_between).unwrap_or(after.len());
        let (text, after) = after.split_at_checked(end).unwrap_or((after, ""));
        words.push(Word { text, between });
        rest = after;
    }
    words
}

/// The word without signs of the sentence behind it, and without the half of an arrow: `24M-` of `24M->3M`.
fn bare<'a>(words: &[Word<'a>], at: usize) -> &'a str {
    let text = words.get(at).map(|word| word.text).unwrap_or_default();
    let arrow = at.checked_add(1).and_then(|next| words.get(next)).is_some_and(|next| next.between.starts_with('>'));
    let text = if arrow { text.strip_suffix('-').unwrap_or(text) } else { text };
    text.trim_end_matches([':', '.', ','])
}

/// What stands between words. Letters of other scripts are words.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "()[]{}<>=,;\"'|`*#!?".contains(c)
}

fn is_blank(between: &str) -> bool {
    !between.is_empty() && between.chars().all(char::is_whitespace)
}

/// Blanks and signs as they are; control characters and marks of direction go.
fn push_between(out: &mut String, between: &str) {
    out.extend(between.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
}

/// True for digits with a neighbour of digits: of `4111 1111 1111 1111` no part is a number of its own.
fn is_in_group(words: &[Word<'_>], at: usize) -> bool {
    let is_sign = |word: &Word<'_>| !word.text.chars().any(char::is_alphanumeric);
    let is_digits = |word: &Word<'_>| {
        word.text.bytes().any(|byte| byte.is_ascii_digit())
            && word.text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_punctuation())
            && !is_time(word.text)
    };
    let (before, behind) = words.split_at_checked(at).unwrap_or_default();
    let nearest = [before.iter().rev().find(|word| !is_sign(word)), behind.iter().skip(1).find(|word| !is_sign(word))];
    nearest.into_iter().flatten().any(is_digits)
}

/// True for a number behind a name that says what it is, and that takes none as large as a card or a telephone has.
fn names(name: &str, between: &str, text: &str) -> bool {
    let name = name.trim_end_matches([':', '.']);
    if let Some(option) = name.strip_prefix("-XX:") {
        return between == "=" && known::option(option) && !known::option_of_text(option) && is_option_value(text);
    }
    if known::option(name) && between.trim() == "=" {
        return !known::option_of_text(name) && is_option_value(text);
    }
    if name == "GC" && between == "(" {
        return number(text).is_some_and(|number| number.decimals == 0 && number.digits < 10_000_000);
    }
    let is_error = matches!(name, "errno" | "error" | "error/errno");
    if is_error && WINDOWS.contains(&text) {
        return true;
    }
    let most = match name {
        _ if is_error => 255,
        "pid" | "PID" | "tgid" | "tid" | "process" => 4_194_304,
        "UID" | "uid" => 999_999,
        "score" | "badness" => 10_000,
        "CPU" => 8192,
        "Node" | "mems_allowed" | "oom_score_adj" => 1024,
        "code" | "Code" | "status" => 255,
        "order" => 64,
        _ => return false,
    };
    let is_joint = between.chars().all(|c| c.is_whitespace() || "=:".contains(c));
    is_joint && number(unsigned(text)).is_some_and(|number| number.decimals == 0 && number.digits <= most)
}

/// `Nov` of `Nov 23 07:35:42`.
fn is_month(words: &[Word<'_>], at: usize) -> bool {
    words.get(at).is_some_and(|word| MONTHS.contains(&word.text))
        && at.checked_add(1).is_some_and(|day| is_day(words, day))
}

/// `23` of `Nov 23 07:35:42`.
fn is_day(words: &[Word<'_>], at: usize) -> bool {
    let month = at.checked_sub(1).and_then(|before| words.get(before));
    let clock = at.checked_add(1).and_then(|next| words.get(next));
    let Some(day) = words.get(at) else { return false };
    month.is_some_and(|month| MONTHS.contains(&month.text))
        && is_blank(day.between)
        && day.text.len() <= 2
        && number(day.text).is_some_and(|day| day.decimals == 0 && (1..=31).contains(&day.digits))
        && clock.is_some_and(|clock| is_blank(clock.between) && is_time(clock.text))
}

/// `446869.056779` of `[446869.056779] `.
fn is_boot_time(words: &[Word<'_>], at: usize) -> bool {
    let behind = at.checked_add(1).and_then(|next| words.get(next)).map(|next| next.between).unwrap_or_default();
    words.get(at).is_some_and(|word| word.between.trim_end().ends_with('[') && is_since_boot(word.text))
        && behind.starts_with(']')
}

/// What a word that goes looks like, for the count.
fn kind_of(word: &str) -> &'static str {
    let digits_and = |more: &str| word.chars().all(|c| c.is_ascii_hexdigit() || more.contains(c));
    if word.contains('@') {
        "user"
    } else if word.contains(['/', '\\']) {
        "path"
    } else if word.matches('.').count() == 3 && digits_and(".:") || word.matches(':').count() >= 3 && digits_and(":.") {
        "address"
    } else if word.len() >= 8 && digits_and("-x") {
        "id"
    } else {
        "word"
    }
}
