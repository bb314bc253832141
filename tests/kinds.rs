//! Every kind is wired everywhere: read somewhere in the corpus, named in both languages, documented. That it is kept by what is
//! shared says `kept.rs`.

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use oomscope::i18n::{self, Language};
use oomscope::model::kind::{ErrorKind, EventKind, HostKind};
use oomscope::model::names;

/// What the corpus holds of kinds and of names of figures.
#[derive(Default)]
struct Seen {
    host: BTreeSet<HostKind>,
    events: BTreeSet<EventKind>,
    errors: BTreeSet<ErrorKind>,
    names: BTreeSet<String>,
}

/// Lines of kinds that no case of the corpus shows.
const LINES: [&str; 9] = [
    "resources {\n  memory = 1024\n}\n",
    "Container exited with a non-zero exit code 143. Exit code is 143\n",
    "[  12.345678] java: vmalloc: allocation failure: 2147483648 bytes, mode:0xcc2\n",
    "4711:\nNative memory tracking has been shutdown by user\n",
    "[  12.345678] Mem-Info:\n[  12.345679] active_anon:1 inactive_anon:2 isolated_anon:0\n[  12.345680] Node 0 active_anon:4kB inactive_anon:8kB\n",
    "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at pc=0x00007f1, pid=7, tid=8\n#\n",
    "java.lang.OutOfMemoryError: Map failed\n",
    "java.lang.OutOfMemoryError: requested 32756 bytes for ChunkPool::allocate. Out of swap space?\n",
    "java.lang.OutOfMemoryError: PermGen space\n",
];

fn seen() -> Seen {
    let mut seen = Seen::default();
    let cases = corpus::cases().into_iter().map(|case| case.input).collect::<Vec<_>>();
    for input in cases.into_iter().chain(LINES.map(|lines| lines.as_bytes().to_vec())) {
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

#[test]
fn every_kind_is_read_in_some_case_and_every_case_has_known_kinds_only() {
    let seen = seen();
    let missing: Vec<&str> = (HostKind::ALL.iter().filter(|kind| !seen.host.contains(kind)).map(|kind| kind.name()))
        .chain(EventKind::ALL.iter().filter(|kind| !seen.events.contains(kind)).map(|kind| kind.name()))
        .chain(ErrorKind::ALL.iter().filter(|kind| !seen.errors.contains(kind)).map(|kind| kind.name()))
        .collect();
    assert!(missing.is_empty(), "in no case of the corpus and no line here: {}", missing.join(", "));
    assert!(!seen.host.contains(&HostKind::Unknown), "a reader gives a reading a kind that is none");
    assert!(!seen.events.contains(&EventKind::Unknown), "a reader gives an event a kind that is none");
    assert!(!seen.errors.contains(&ErrorKind::Unknown), "a reader gives an error a kind that is none");
    let raw: Vec<&String> =
        seen.names.iter().filter(|name| !names::is_known(name) && !name.starts_with("class:")).collect();
    assert!(raw.is_empty(), "names without words: {raw:?}");
}

#[test]
fn every_kind_and_every_name_has_words_in_both_languages() {
    let kinds = HostKind::ALL.iter().map(|kind| kind.key()).chain([HostKind::Unknown.key()]);
    let events = EventKind::ALL.iter().map(|kind| kind.key()).chain([EventKind::Unknown.key()]);
    let errors = ErrorKind::ALL.iter().map(|kind| kind.key()).chain([ErrorKind::Unknown.key()]);
    for key in kinds.chain(events).chain(errors).chain(names::NAMES.iter().map(|(_, key)| *key)) {
        for language in [Language::En, Language::Ko] {
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
