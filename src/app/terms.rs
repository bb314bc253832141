//! Words of the trade that a sentence explains: what they mean stands beside them, and all of them in About.

use crate::i18n::{Language, knows, text};
use crate::order::InOrder as _;

/// Keys of the catalogues: `<key>` is how sentences call it, `<key>.about` what it is.
pub const TERMS: [(&str, &str); 8] = [
    ("term.resident", "term.resident.about"),
    ("term.committed", "term.committed.about"),
    ("term.reserved", "term.reserved.about"),
    ("term.nmt", "term.nmt.about"),
    ("term.live-set", "term.live-set.about"),
    ("term.full-gc", "term.full-gc.about"),
    ("term.metaspace", "term.metaspace.about"),
    ("term.direct-buffer", "term.direct-buffer.about"),
];

/// A text in parts, each with what explains it, as a key of the catalogues: each term once, where it comes first.
pub fn explained(said: &str, language: Language) -> Vec<(&str, Option<&'static str>)> {
    let mut found: Vec<(usize, usize, &'static str)> = Vec::new();
    for (key, about) in TERMS.into_iter().filter(|(key, _)| knows(key)) {
        let word = text(language, key);
        if let Some(at) = place(said, &word) {
            found.push((at, at + word.len(), about));
        }
    }
    found.order();
    let mut parts = Vec::new();
    let mut end = 0;
    for (from, to, about) in found.into_iter() {
        // Of two that overlap the first counts.
        if let (Some(before), Some(word)) = (said.get(end..from), said.get(from..to)) {
            parts.extend((!before.is_empty()).then_some((before, None)));
            parts.push((word, Some(about)));
            end = to;
        }
    }
    parts.extend(said.get(end..).filter(|rest| !rest.is_empty()).map(|rest| (rest, None)));
    parts
}

/// Where a word stands by itself; particles and endings of letters that are not ASCII may follow it.
fn place(said: &str, word: &str) -> Option<usize> {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    said.match_indices(word).map(|(at, _)| at).find(|at| {
        let (before, rest) = said.split_at_checked(*at).unwrap_or_default();
        let after = rest.get(word.len()..).unwrap_or_default();
        let plural = after.strip_prefix('s').unwrap_or(after);
        !is_part(before.chars().next_back()) && !is_part(plural.chars().next())
    })
}

/// Characters of an option that stays on one line; a longer one breaks before its words.
const ON_ONE_LINE: usize = 13;
/// The same in a command.
const IN_COMMAND: usize = 26;

/// A text in parts, each with whether it is to stay on one line: browsers break options of a JVM behind their hyphen.
pub fn with_options(said: &str) -> Vec<(&str, bool)> {
    whole_options(said, ON_ONE_LINE)
}

/// A command in parts, in the same way: it has a line of its own, where more of an option finds room.
pub fn of_command(said: &str) -> Vec<(&str, bool)> {
    whole_options(said, IN_COMMAND)
}

/// A heading in parts, in the same way; a number stays with its unit, too.
pub fn of_heading(said: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    for (part, is_whole) in with_options(said) {
        let mut rest = part;
        while let Some((from, to)) = size_in(rest).filter(|_| !is_whole) {
            let (before, after) = rest.split_at_checked(to).unwrap_or_default();
            let (before, size) = before.split_at_checked(from).unwrap_or_default();
            parts.extend((!before.is_empty()).then_some((before, false)));
            parts.push((size, true));
            rest = after;
        }
        parts.extend((!rest.is_empty()).then_some((rest, is_whole)));
    }
    parts
}

/// Where the first number with a unit of sizes stands.
fn size_in(text: &str) -> Option<(usize, usize)> {
    [" KiB", " MiB", " GiB", " TiB"]
        .iter()
        .flat_map(|unit| text.match_indices(unit))
        .map(|(at, unit)| {
            let number = text.get(..at).unwrap_or_default();
            let from = number.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',').len();
            (from, at + unit.len())
        })
        .min()
}

fn whole_options(said: &str, on_one_line: usize) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = said;
    while let Some(start) = option_in(rest) {
        let (before, option) = rest.split_at_checked(start).unwrap_or_default();
        let is_of_option = |c: char| c.is_ascii_alphanumeric() || "-:=+.".contains(c);
        let end = option.find(|c| !is_of_option(c)).unwrap_or(option.len());
        let mut name = option.get(..end).unwrap_or_default().trim_end_matches(['.', ':', '-']);
        rest = option.get(name.len()..).unwrap_or_default();
        parts.extend((!before.is_empty()).then_some((before, false)));
        while let Some((word, others)) = (name.len() > on_one_line).then(|| first_word(name)).flatten() {
            parts.push((word, true));
            name = others;
        }
        parts.push((name, true));
    }
    parts.extend((!rest.is_empty()).then_some((rest, false)));
    parts
}

/// `-XX:Max` and `MetaspaceSize`. `None` for a single word.
fn first_word(name: &str) -> Option<(&str, &str)> {
    let mut letters = name.char_indices().zip(name.chars().skip(1));
    let ((at, _), _) = letters.find(|((_, c), next)| c.is_ascii_lowercase() && next.is_ascii_uppercase())?;
    name.split_at_checked(at + 1)
}

fn option_in(text: &str) -> Option<usize> {
    let is_start =
        |at: &usize| text.get(..*at).is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '-'));
    let is_named =
        |at: &usize| text.get(at + 1..).is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    text.match_indices('-').map(|(at, _)| at).find(|at| is_start(at) && is_named(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_explained_once_and_only_where_it_stands_by_itself() {
        let parts = explained("resident: 4 MiB resident, non-resident; 3 full GCs", Language::En);
        assert_eq!(
            parts,
            [
                ("resident", Some("term.resident.about")),
                (": 4 MiB resident, non-resident; 3 ", None),
                ("full GC", Some("term.full-gc.about")),
                ("s", None),
            ]
        );
        assert_eq!(explained("RSS는 4 MiB", Language::Ko), [("RSS", Some("term.resident.about")), ("는 4 MiB", None)]);
        assert_eq!(explained("", Language::En), []);
    }

    #[test]
    fn a_short_option_is_kept_whole_and_a_long_one_breaks_before_a_word() {
        let parts = with_options("For 20 requests, -Xmx between 1 and 2 fits; set -XX:MaxMetaspaceSize. No pre-X.");
        let options: Vec<&str> = parts.iter().filter(|(_, whole)| *whole).map(|(part, _)| *part).collect();
        assert_eq!(options, ["-Xmx", "-XX:Max", "MetaspaceSize"]);
        let all: String = parts.into_iter().map(|(part, _)| part).collect();
        assert_eq!(all, "For 20 requests, -Xmx between 1 and 2 fits; set -XX:MaxMetaspaceSize. No pre-X.");
        assert_eq!(with_options(""), []);
        assert_eq!(
            of_command("-Xmx238m -XX:MaxMetaspaceSize=9m"),
            [("-Xmx238m", true), (" ", false), ("-XX:MaxMetaspaceSize=9m", true)]
        );
    }

    #[test]
    fn a_heading_keeps_a_number_with_its_unit_and_an_option_whole() {
        let parts = of_heading("The limit of 128.0 MiB and ulimit -v");
        let kept: Vec<&str> = parts.iter().filter(|(_, whole)| *whole).map(|(part, _)| *part).collect();
        assert_eq!(kept, ["128.0 MiB", "-v"]);
        assert_eq!(parts.into_iter().map(|(part, _)| part).collect::<String>(), "The limit of 128.0 MiB and ulimit -v");
    }

    #[test]
    fn no_term_is_a_part_of_another() {
        for language in Language::ALL {
            for (key, _) in TERMS {
                let word = text(language, key);
                assert_eq!(explained(&word, language).len(), 1, "{word}");
            }
        }
    }
}
