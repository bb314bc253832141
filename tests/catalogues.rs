//! Every message is used, and every message that is asked for exists.

#[path = "support/rust_source.rs"]
mod rust_source;

use oomscope::i18n::Language;
use oomscope::model::application::APPLICATIONS;
use rust_source::{SourceFile, source_files};

/// Keys that are put together at run time, and from what. Nothing else is: a message that cannot be searched for by its
/// key is hard to find.
const PUT_TOGETHER: &[(&str, &str)] = &[
    ("application.", "the id of a program"),
    ("class.", "LineClass::name"),
    ("error-kind.", "ErrorKind::key"),
    ("event.", "EventKind::key"),
    ("host-kind.", "HostKind::key"),
    ("jstat-column.", "JstatTable::columns"),
    ("page.knob.", "Field::name"),
    ("page.sizing.region.", "Stretch::kind"),
    ("share.kind.", "Redactor::count"),
    ("sizing.advice.", "advice::replay"),
    ("sizing.missing.", "Context::missing"),
    ("sizing.term.", "Term::name"),
    ("verdict.headline.rule.", "headline::by_finding"),
    ("warning.", "WarningKind::name"),
];

/// Literals that look like a key and are none.
const NO_KEYS: &[&str] = &[];

/// The catalogue's keys: in `("key", "template")` the literal after the parenthesis.
fn keys(files: &[SourceFile]) -> Vec<&str> {
    let english = files.iter().find(|file| file.path == "i18n/en.rs").expect("the English catalogue");
    let keys: Vec<&str> = english
        .literals
        .iter()
        .filter(|literal| english.code[..literal.at].trim_end().ends_with('('))
        .map(|literal| literal.text.as_str())
        .collect();
    assert!(!keys.is_empty(), "no keys were found in src/core/i18n/en.rs");
    keys
}

/// What may ask for a message: everything outside the catalogues.
fn askers(files: &[SourceFile]) -> impl Iterator<Item = &SourceFile> {
    let is_catalogue = |path: &str| Language::ALL.iter().any(|language| path == format!("i18n/{}.rs", language.tag()));
    files.iter().filter(move |file| !is_catalogue(&file.path))
}

/// `page.title`, `warning.cut-off`: words in lower case with dots between them.
fn looks_like_a_key(text: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    text.contains('.') && text.split('.').all(word)
}

/// The literals that stand as an argument of their own in calls of `i18n::text` and `i18n::fill`.
fn asked_for(file: &SourceFile) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for at in file.words("text").chain(file.words("fill")) {
        let before = file.code[..at].trim_end();
        let Some(arguments) = file.code[at + "text".len()..].strip_prefix('(') else { continue };
        if before.ends_with('.') || before.ends_with("fn") || (before.ends_with("::") && !before.ends_with("i18n::")) {
            continue;
        }
        let start = file.code.len() - arguments.len();
        let mut depth = 0_usize;
        for (offset, c) in arguments.char_indices() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                '"' if depth == 0 => {
                    let literal = file.literals.iter().find(|literal| literal.at == start + offset);
                    found.extend(literal.map(|literal| (literal.at, literal.text.as_str())));
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn every_message_is_used_somewhere() {
    let files = source_files();
    let unused: Vec<&str> = keys(&files)
        .into_iter()
        .filter(|key| !PUT_TOGETHER.iter().any(|(prefix, _)| key.starts_with(prefix)))
        .filter(|key| !askers(&files).any(|file| file.literals.iter().any(|literal| literal.text == *key)))
        .collect();
    assert!(unused.is_empty(), "in the catalogues, but nobody asks for: {}", unused.join(", "));
}

#[test]
fn every_program_has_a_name_and_a_place_for_its_options() {
    let files = source_files();
    let own: Vec<&str> = keys(&files).into_iter().filter(|key| key.starts_with("application.")).collect();
    let asked = APPLICATIONS.iter().flat_map(|application| {
        [format!("application.{}", application.id), format!("application.{}.options", application.id)]
    });
    let (mut own, mut asked) = (
        own.into_iter().filter(|key| !key.ends_with(".default")).map(str::to_owned).collect::<Vec<_>>(),
        asked.collect::<Vec<_>>(),
    );
    own.sort();
    asked.sort();
    assert_eq!(own, asked);
}

#[test]
fn every_message_that_is_asked_for_exists() {
    let files = source_files();
    let keys = keys(&files);
    let areas: Vec<&str> = keys.iter().filter_map(|key| key.split_once('.')).map(|(area, _)| area).collect();
    let mut missing = Vec::new();
    for file in askers(&files) {
        let by_look = file
            .literals
            .iter()
            .filter(|literal| looks_like_a_key(&literal.text) && !NO_KEYS.contains(&literal.text.as_str()))
            .filter(|literal| literal.text.split_once('.').is_some_and(|(area, _)| areas.contains(&area)))
            .map(|literal| (literal.at, literal.text.as_str()));
        for (at, key) in by_look.chain(asked_for(file)) {
            if !oomscope::i18n::knows(key) {
                missing.push(format!("{}: \"{key}\"", file.place(at)));
            }
        }
    }
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "not in the catalogues:\n{}", missing.join("\n"));
}

#[test]
fn every_prefix_of_keys_put_together_is_still_in_use() {
    let files = source_files();
    for (prefix, from) in PUT_TOGETHER {
        let formatted = format!("{prefix}{{");
        assert!(
            askers(&files).any(|file| file
                .literals
                .iter()
                .any(|literal| literal.text.starts_with(&formatted) || literal.text == *prefix)),
            "nobody puts a key together from `{prefix}` and {from} any more"
        );
    }
}

#[test]
fn a_call_is_searched_for_its_own_key_only() {
    let text =
        r#"text(l, "a.b"); i18n::fill(l, "c.d", &[("name", "x")]); area.fill("no"); Cow::text("no"); fn text("no")"#;
    let file = SourceFile::parse("report/mod.rs", text);
    assert_eq!(asked_for(&file).into_iter().map(|(_, key)| key).collect::<Vec<_>>(), ["a.b", "c.d"]);
}

#[test]
fn the_card_for_frames_carries_all_that_it_says() {
    let files = source_files();
    let carried: Vec<&str> = oomscope::i18n::carried_by_card().split('\0').step_by(3).collect();
    let says = |file: &&SourceFile| {
        matches!(file.path.as_str(), "embed.rs" | "export/svg.rs" | "export/card.rs" | "report/open.rs")
            || ["chart/", "analysis/verdict/"].iter().any(|folder| file.path.starts_with(folder))
    };
    let asked: Vec<(usize, &str)> = files.iter().filter(says).flat_map(asked_for).collect();
    let missing: Vec<&&str> = asked.iter().map(|(_, key)| key).filter(|key| !carried.contains(key)).collect();
    assert!(!asked.is_empty() && missing.is_empty(), "{missing:?}");
    assert!(carried.len() + 300 < oomscope::i18n::carried().split('\0').step_by(3).count());
}
