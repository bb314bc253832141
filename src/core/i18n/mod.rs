//! All text that a person reads, in English and Korean: one catalogue each, both complete.
//!
//! A catalogue is a list of `key` and template. In a template `{name}` is replaced by the argument of that name,
//! `{name#one|other}` by the first form if the argument is 1 and the second otherwise, and `{name~은|는}` by the Korean
//! particle that fits the argument's last syllable (the first after a final consonant).

mod en;
pub mod format;
mod ko;
mod words;

pub use words::Words;

use std::collections::HashSet;
use std::iter;
use std::sync::OnceLock;

use crate::json::Json;
use crate::order::InOrder as _;

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Json)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::En, Language::Ko];

    /// The language that a tag such as `ko-KR` or `ko_KR.UTF-8` asks for.
    pub fn from_tag(tag: &str) -> Language {
        let tag = tag.to_ascii_lowercase();
        Language::ALL.into_iter().find(|language| tag.starts_with(language.tag())).unwrap_or_default()
    }

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::Ko => "한국어",
        }
    }

    /// `en` or `ko`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Ko => "ko",
        }
    }
}

/// A key and its message in every language, in their order.
type Row = [&'static str; Language::ALL.len() + 1];

/// Behind each key and each message.
const END: u8 = 0;

/// The rows as one text. Tables of their addresses and lengths would be a quarter more in every wasm, also when packed.
static ROWS: [u8; bytes_of(false)] = joined(false);
/// Those of the card for frames.
static ROWS_OF_CARD: [u8; bytes_of(true)] = joined(true);

/// What the card does not say: what the page's controls, tables, and dialogs and other forms of the report are made of, what to do, and how
/// big the heap should be.
const NOT_OF_CARD: [&str; 21] = [
    "application.",
    "brief.",
    "class.",
    "cli.",
    "collector.",
    "gap.",
    "html.",
    "join.",
    "jstat-column.",
    "markdown.",
    "max-heap.",
    "page.",
    "setting.",
    "share.",
    "sizing.",
    "snippet.",
    "term.",
    "text.",
    "verdict.action.",
    "verdict.part.",
    "warning.",
];
/// And of a rule's sentences those behind its claim.
const BEHIND_CLAIMS: [&str; 2] = [".next", ".rival"];
/// But of the page's what the card says, too.
const ALSO_OF_CARD: [&str; 2] = ["page.embed.", "page.section."];

/// True if a message is left out for a card.
const fn is_left_out(of_card: bool, key: &str) -> bool {
    let is_behind = begins(key, "rule.") && (has(key, BEHIND_CLAIMS[0]) || has(key, BEHIND_CLAIMS[1]));
    of_card && (is_behind || begins_any(key, &NOT_OF_CARD)) && !begins_any(key, &ALSO_OF_CARD)
}

const fn begins_any(text: &str, starts: &[&str]) -> bool {
    let mut at = 0;
    while at < starts.len() {
        if begins(text, starts[at]) {
            return true;
        }
        at += 1;
    }
    false
}

const fn has(text: &str, part: &str) -> bool {
    let mut from = 0;
    while from + part.len() <= text.len() {
        let (_, rest) = text.as_bytes().split_at(from);
        let (start, _) = rest.split_at(part.len());
        let mut at = 0;
        while at < part.len() && start[at] == part.as_bytes()[at] {
            at += 1;
        }
        if at == part.len() {
            return true;
        }
        from += 1;
    }
    false
}

const fn begins(text: &str, start: &str) -> bool {
    let (text, start) = (text.as_bytes(), start.as_bytes());
    let mut at = 0;
    while at < start.len() && at < text.len() && text[at] == start[at] {
        at += 1;
    }
    at == start.len()
}

const fn bytes_of(of_card: bool) -> usize {
    let (mut sum, mut at) = (0, 0);
    while at < en::MESSAGES.len() {
        let (key, english) = en::MESSAGES[at];
        if !is_left_out(of_card, key) {
            sum += key.len() + english.len() + ko::MESSAGES[at].1.len() + 3;
        }
        at += 1;
    }
    sum
}

const fn joined<const BYTES: usize>(of_card: bool) -> [u8; BYTES] {
    let mut out = [END; BYTES];
    let (mut end, mut at) = (0, 0);
    while at < en::MESSAGES.len() {
        let (key, english) = en::MESSAGES[at];
        if !is_left_out(of_card, key) {
            end = put(&mut out, end, key.as_bytes());
            end = put(&mut out, end, english.as_bytes());
            end = put(&mut out, end, ko::MESSAGES[at].1.as_bytes());
        }
        at += 1;
    }
    out
}

/// Where the next text begins.
const fn put(out: &mut [u8], start: usize, text: &[u8]) -> usize {
    let (mine, _) = out.split_at_mut(start).1.split_at_mut(text.len());
    mine.copy_from_slice(text);
    start + text.len() + 1
}

/// The rows where they were taken over.
static TAKEN: OnceLock<&'static str> = OnceLock::new();

/// The catalogues as one text. A wasm in which nothing calls this carries none.
pub fn carried() -> &'static str {
    std::str::from_utf8(&ROWS).unwrap_or_default()
}

/// The same without what only the page says.
pub fn carried_by_card() -> &'static str {
    std::str::from_utf8(&ROWS_OF_CARD).unwrap_or_default()
}

/// Takes the catalogues over, before the first message is said. In the browser nothing is said without, so that of several wasm one
/// carries them.
pub fn take(catalogues: &'static str) {
    let _ = TAKEN.set(catalogues);
}

/// All messages, sorted by key.
fn rows() -> &'static [Row] {
    static CATALOGUE: OnceLock<Vec<Row>> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let in_browser = cfg!(target_arch = "wasm32");
        let texts = TAKEN.get().copied().unwrap_or_else(|| if in_browser { "" } else { carried() });
        let mut texts = texts.split(char::from(END));
        iter::from_fn(|| Some([texts.next()?, texts.next()?, texts.next()?])).collect()
    })
}

/// The message without arguments. An unknown key is answered by the key itself, so that a mistake is seen and not fatal.
pub fn text(language: Language, key: &str) -> String {
    fill(language, key, &[])
}

/// The message with arguments filled in.
pub fn fill(language: Language, key: &str, arguments: &[(&str, &str)]) -> String {
    pieces(language, key, arguments).into_iter().map(|piece| piece.text).collect()
}

/// The texts as one, put together by a list pattern of the catalogue: `list.items`, `list.clauses`, `list.units`.
pub fn list(language: Language, pattern: &str, texts: impl IntoIterator<Item = String>) -> String {
    let join = |before: String, next: String| fill(language, pattern, &[("before", &before), ("next", &next)]);
    texts.into_iter().reduce(join).unwrap_or_default()
}

/// A piece of a message: the template's own text, or an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What is shown.
    pub text: String,
    /// Name of the argument it came from.
    pub argument: Option<String>,
}

/// The message as pieces, so that a page can make links of its arguments.
pub fn pieces(language: Language, key: &str, arguments: &[(&str, &str)]) -> Vec<Piece> {
    match template(language, key) {
        Some(template) => expand(template, arguments),
        None => vec![Piece { text: key.to_owned(), argument: None }],
    }
}

/// True if all catalogues know the key.
pub fn knows(key: &str) -> bool {
    Language::ALL.into_iter().all(|language| template(language, key).is_some())
}

/// True for the name of an argument of some message.
pub fn is_placeholder(name: &str) -> bool {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| rows().iter().flat_map(|[_, template, ..]| names_in(template)).collect()).contains(name)
}

/// Names of the placeholders of a message, sorted, each once. `None` for an unknown key.
pub fn placeholders(key: &str) -> Option<Vec<&'static str>> {
    template(Language::En, key).map(names_in)
}

fn names_in(template: &'static str) -> Vec<&'static str> {
    let inside = template.split('{').skip(1).filter_map(|part| part.split_once('}'));
    let mut names: Vec<&str> = inside.filter_map(|(inside, _)| inside.split(['#', '~']).next()).collect();
    names.order();
    names.dedup();
    names
}

fn template(language: Language, key: &str) -> Option<&'static str> {
    let at = rows().binary_search_by(|[known, ..]| known.cmp(&key)).ok()?;
    rows().get(at)?.get(language as usize + 1).copied()
}

fn expand(template: &str, arguments: &[(&str, &str)]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut plain = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        let Some((inside, tail)) = after.split_once('}') else {
            plain.push('{');
            rest = after;
            break;
        };
        rest = tail;
        let (name, form) = match inside.find(['#', '~']) {
            Some(at) => inside.split_at(at),
            None => (inside, ""),
        };
        let value = arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        match (value, form.split_at_checked(1)) {
            (Some(value), Some(("#", forms))) => {
                let (one, other) = forms.split_once('|').unwrap_or((forms, forms));
                plain.push_str(if value == "1" { one } else { other });
            }
            (Some(value), Some(("~", forms))) => {
                let (closed, open) = forms.split_once('|').unwrap_or((forms, forms));
                plain.push_str(match final_sound(value) {
                    FinalSound::Consonant => closed,
                    FinalSound::Rieul if closed.starts_with('으') => open,
                    FinalSound::Rieul => closed,
                    FinalSound::Vowel => open,
                });
            }
            (Some(value), _) => {
                if !plain.is_empty() {
                    out.push(Piece { text: std::mem::take(&mut plain), argument: None });
                }
                out.push(Piece { text: value.to_owned(), argument: Some(name.to_owned()) });
            }
            (None, _) => {
                plain.push('{');
                plain.push_str(inside);
                plain.push('}');
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        out.push(Piece { text: plain, argument: None });
    }
    out
}

/// The sound that decides between the forms of a Korean particle.
enum FinalSound {
    Vowel,
    /// A consonant, except before 으로.
    Rieul,
    Consonant,
}

/// How a Korean reader ends the word: by the final of a Hangul syllable, or the name of a digit (영 일 삼 육 칠 팔) or of a
/// Latin letter (l m n r). A word of small letters is read as one: broker 브로커, cgroup 시그룹. `%` is read 퍼센트.
///
/// A bracket behind a word leaves the word its particle: 제한(mem_limit)을.
fn final_sound(word: &str) -> FinalSound {
    let bracket = word.strip_suffix(')').and_then(|word| word.rsplit_once('('));
    let word = bracket.map(|(before, _)| before.trim_end()).filter(|before| !before.is_empty()).unwrap_or(word);
    let mut ends = word.chars().rev().filter(|c| c.is_alphanumeric() || *c == '%');
    let last = ends.next();
    let behind_vowel = ends.next().is_some_and(|before| "aeiou".contains(before));
    match last {
        Some('r') if behind_vowel => FinalSound::Vowel,
        Some('p') if behind_vowel => FinalSound::Consonant,
        Some(c @ '가'..='힣') => match (c as u32 - '가' as u32) % 28 {
            0 => FinalSound::Vowel,
            8 => FinalSound::Rieul,
            _ => FinalSound::Consonant,
        },
        Some('1' | '7' | '8' | 'l' | 'r' | 'L' | 'R') => FinalSound::Rieul,
        Some('0' | '3' | '6' | 'm' | 'n' | 'M' | 'N') => FinalSound::Consonant,
        _ => FinalSound::Vowel,
    }
}

/// Group separators for whole numbers; the same in both languages.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_takes_names_plurals_and_particles() {
        fn expand(template: &str, arguments: &[(&str, &str)]) -> String {
            super::expand(template, arguments).into_iter().map(|piece| piece.text).collect()
        }
        assert_eq!(expand("{n} {n#line|lines}", &[("n", "1")]), "1 line");
        assert_eq!(expand("{n} {n#line|lines}", &[("n", "2")]), "2 lines");
        assert_eq!(expand("{who}{who~은|는} 죽었다", &[("who", "커널")]), "커널은 죽었다");
        assert_eq!(expand("{who}{who~은|는} 죽었다", &[("who", "java")]), "java는 죽었다");
        assert_eq!(expand("{share}{share~이|가}", &[("share", "43.3%")]), "43.3%가");
        assert_eq!(expand("{what}{what~을|를}", &[("what", "제한(mem_limit)")]), "제한(mem_limit)을");
        assert_eq!(expand("{what}{what~을|를}", &[("what", "java (4713)")]), "java (4713)를");
        assert_eq!(expand("{what}{what~을|를}", &[("what", "(86.1%)")]), "(86.1%)를");
        let by = ["13초로", "13분으로", "4일로", "7로", "6으로"].map(|said| {
            let word = said.trim_end_matches('로').trim_end_matches('으');
            (expand("{time}{time~으로|로}", &[("time", word)]), said.to_owned())
        });
        by.into_iter().for_each(|(made, said)| assert_eq!(made, said));
        assert_eq!(expand("{absent} {", &[]), "{absent} {");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(699_868), "699,868");
        assert_eq!(number(12), "12");
    }

    #[test]
    fn the_help_of_the_command_line_names_every_language() {
        let tags = Language::ALL.map(Language::tag).join("|");
        assert!(Language::ALL.iter().all(|language| text(*language, "cli.help").contains(&tags)), "no {tags}");
    }

    #[test]
    fn all_catalogues_are_sorted_and_have_the_same_keys_and_placeholders() {
        let keys = |messages: &[(&'static str, &str)]| messages.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        for messages in [en::MESSAGES, ko::MESSAGES] {
            assert!(keys(messages).is_sorted_by(|a, b| a < b), "not sorted");
            assert_eq!(keys(messages), keys(en::MESSAGES));
            for ((key, english), (_, other)) in en::MESSAGES.iter().zip(messages) {
                assert_eq!(names_in(english), names_in(other), "{key}");
            }
        }
        assert_eq!(rows().len(), en::MESSAGES.len());
        for (row, (english, korean)) in rows().iter().zip(en::MESSAGES.iter().zip(ko::MESSAGES)) {
            assert_eq!(*row, [english.0, english.1, korean.1]);
        }
    }
}
