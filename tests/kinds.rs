//! Every kind is wired everywhere: it has an example, which is read, said in both languages, shared, and opened again, and it is
//! documented. `kept.rs` says the same of all names at once.

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/examples.rs"]
mod examples;
#[path = "support/shared.rs"]
mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use oomscope::export::{self, Back};
use oomscope::i18n::{self, Language};
use oomscope::model::host::HostReading;
use oomscope::model::kind::{ErrorKind, EventKind, HostKind};
use oomscope::model::names;
use oomscope::report::redact::redact;
use oomscope::report::{Report, link};
use oomscope::units::Bytes;

/// What the corpus holds of kinds and of names of figures.
#[derive(Default)]
struct Seen {
    host: BTreeSet<HostKind>,
    events: BTreeSet<EventKind>,
    errors: BTreeSet<ErrorKind>,
    names: BTreeSet<String>,
}

fn seen() -> Seen {
    let mut seen = Seen::default();
    let cases = corpus::cases().into_iter().map(|case| case.input).collect::<Vec<_>>();
    for input in cases {
        let report = corpus::read(&input);
        for host in &report.host {
            seen.host.insert(host.kind);
            seen.names.extend(host.sizes.keys().chain(host.counts.keys()).chain(host.words.keys()).cloned());
        }
        for event in &report.events {
            seen.events.insert(event.kind);
            seen.names.extend(event.sizes.keys().cloned());
        }
        seen.errors.extend(report.java_errors.iter().map(|error| error.kind));
        seen.names.extend(report.java_errors.iter().flat_map(|error| error.sizes.keys().cloned()));
    }
    seen
}

/// The kinds in a report: names, with what they are called in a language.
fn kinds(report: &Report, language: Language) -> BTreeMap<&'static str, String> {
    let host = report.host.iter().map(|host| (host.kind.name(), host.kind.key()));
    let events = report.events.iter().map(|event| (event.kind.name(), event.kind.key()));
    let errors = report.java_errors.iter().map(|error| (error.kind.name(), error.kind.key()));
    host.chain(events).chain(errors).map(|(name, key)| (name, i18n::text(language, key))).collect()
}

/// Names and examples of all kinds.
fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let host = HostKind::ALL.iter().map(|kind| (kind.name(), examples::host(*kind)));
    let events = EventKind::ALL.iter().map(|kind| (kind.name(), examples::event(*kind)));
    host.chain(events).chain(ErrorKind::ALL.iter().map(|kind| (kind.name(), examples::error(*kind))))
}

#[test]
fn every_kind_is_read_from_its_example_and_said_and_shared() {
    let mut wrong = Vec::new();
    for (kind, example) in examples() {
        let report = corpus::read(example.as_bytes());
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{kind} is not {what}: {example}"));
            }
        };
        expect(kinds(&report, Language::En).contains_key(kind), "read");
        let shared = shared::opened(&link::write(&redact(&report, false).report, usize::MAX).text);
        for language in Language::ALL {
            expect(kinds(&shared, language) == kinds(&report, language), "shared");
            let words = kinds(&report, language).remove(kind).unwrap_or_default();
            for (form, text) in [
                ("terminal", export::text::write(&report, language, None)),
                ("Markdown", export::markdown::write(&shared, language, Back::default())),
            ] {
                expect(
                    text.replace(['`', '\\'], "").contains(&words),
                    &format!("called {words} in the {form} ({language:?})"),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_case_has_a_kind_or_a_name_that_nobody_knows() {
    let seen = seen();
    assert!(!seen.host.contains(&HostKind::Unknown), "a reader gives a reading a kind that is none");
    assert!(!seen.events.contains(&EventKind::Unknown), "a reader gives an event a kind that is none");
    assert!(!seen.errors.contains(&ErrorKind::Unknown), "a reader gives an error a kind that is none");
    let raw: Vec<&String> =
        seen.names.iter().filter(|name| !names::is_known(name) && !name.starts_with("class:")).collect();
    assert!(raw.is_empty(), "names without words: {raw:?}");
}

#[test]
fn no_table_of_an_export_shows_a_name_that_has_words() {
    let sizes = names::NAMES.iter().map(|(name, _)| ((*name).to_owned(), Bytes(1))).collect();
    let host = HostReading { kind: HostKind::Cgroup, sizes, first_line: 1, last_line: 1, ..HostReading::default() };
    let report = Report { host: vec![host], ..Report::default() };
    for language in Language::ALL {
        let text = export::text::write(&report, language, None);
        let cells: BTreeSet<&str> = text.lines().filter_map(|line| Some(line.trim().split_once("  ")?.0)).collect();
        for (name, key) in names::NAMES {
            let words = i18n::text(language, key);
            assert!(cells.contains(words.as_str()), "{name} in {language:?}");
            assert!(words == *name || !cells.contains(name), "{name} is shown raw in {language:?}");
        }
    }
}

#[test]
fn every_kind_and_every_name_has_words_in_both_languages() {
    let kinds = HostKind::ALL.iter().map(|kind| kind.key()).chain([HostKind::Unknown.key()]);
    let events = EventKind::ALL.iter().map(|kind| kind.key()).chain([EventKind::Unknown.key()]);
    let errors = ErrorKind::ALL.iter().map(|kind| kind.key()).chain([ErrorKind::Unknown.key()]);
    for key in kinds.chain(events).chain(errors).chain(names::NAMES.iter().map(|(_, key)| *key)) {
        for language in Language::ALL {
            assert!(i18n::knows(key) && !i18n::text(language, key).is_empty(), "{key}");
        }
    }
    for (name, _) in names::NAMES {
        assert_ne!(names::said(Language::En, name), *name, "shown raw");
    }
}

#[test]
fn every_kind_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let formats = fs::read_dir(root.join("formats")).expect("the formats").map(|entry| entry.expect("a file").path());
    let documents: String = formats
        .chain([root.join("report-format.md")])
        .map(|path| fs::read_to_string(path).expect("a document"))
        .collect::<Vec<_>>()
        .join("\n");
    let names = (HostKind::ALL.iter().map(|kind| kind.name()))
        .chain(EventKind::ALL.iter().map(|kind| kind.name()))
        .chain(ErrorKind::ALL.iter().map(|kind| kind.name()));
    let missing: Vec<&str> = names.filter(|name| !documents.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not documented: {}", missing.join(", "));
}

/// Every field of a record that the corpus has stands in its part of the document.
#[test]
fn every_field_is_documented() {
    let document = include_str!("../docs/report-format.md");
    let part = |name: &str| {
        let heading = |line: &str| line.starts_with("## ") && line.contains(&format!("`{name}`"));
        let from = document.lines().skip_while(|line| !heading(line)).skip(1);
        from.take_while(|line| !line.starts_with("## ")).collect::<Vec<_>>().join("\n")
    };
    let mut missing = BTreeSet::new();
    let mut check = |list: &str, record: &serde_json::Value| {
        let part = part(list);
        let words: BTreeSet<&str> = part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let fields = record.as_object().into_iter().flat_map(|record| record.keys());
        missing.extend(fields.filter(|field| !words.contains(field.as_str())).map(|field| format!("{list}.{field}")));
    };
    for case in corpus::cases() {
        let report = oomscope::json::tree(&corpus::read(&case.input));
        for list in
            ["runs", "jstat", "nmt", "oom_kills", "gc_logs", "gc_events", "java_errors", "events", "host", "findings"]
        {
            let records = report.get(list).and_then(|list| list.as_array());
            records.into_iter().flatten().for_each(|record| check(list, record));
        }
        for name in ["verdict", "sizing"] {
            report.get(name).into_iter().for_each(|record| check(name, record));
        }
        for name in ["facts", "knobs"] {
            report.get("sizing").and_then(|sizing| sizing.get(name)).into_iter().for_each(|part| check("sizing", part));
        }
    }
    assert!(missing.is_empty(), "not in docs/report-format.md: {missing:?}");
}
