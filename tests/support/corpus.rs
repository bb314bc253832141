//! The cases of `tests/corpus`, and what was read from a text as a set of facts.

#![allow(dead_code)] // Not every test binary uses all of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use oomscope::i18n::Language;
use oomscope::report::Report;
use serde_json::Value;

/// One folder of the corpus.
pub struct Case {
    /// `jstat/jdk17-gc-g1`.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// What was pasted.
    pub input: Vec<u8>,
}

/// All cases, by name.
pub fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut cases = Vec::new();
    for format in folders(&root) {
        for folder in folders(&format) {
            let name = folder.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
            let input = std::fs::read(folder.join("input.log")).unwrap_or_else(|error| panic!("{name}: {error}"));
            cases.push(Case { name, folder, input });
        }
    }
    assert!(!cases.is_empty(), "no cases found");
    cases
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(path)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// True if every place is to be tried (`make test-host`), false if a sample will do.
pub fn exhaustive() -> bool {
    std::env::var("OOMSCOPE_EXHAUSTIVE").is_ok_and(|value| value == "1")
}

/// What `check` finds wrong in each of the cases, asked on all processors, in the order of the cases.
pub fn wrong_in_each<T: Sync>(cases: &[T], check: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let next_case = || {
        let nth = next.fetch_add(1, Ordering::Relaxed);
        cases.get(nth).map(|case| (nth, case))
    };
    let work = || std::iter::from_fn(next_case).map(|(nth, case)| (nth, check(case))).collect::<Vec<_>>();
    let mut wrong: Vec<(usize, Vec<String>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect()
    });
    wrong.sort();
    wrong.into_iter().flat_map(|(_, wrong)| wrong).collect()
}

/// Reads a text as one source.
pub fn read(input: &[u8]) -> Report {
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    analyzer.open("input.log");
    for chunk in input.chunks(4093) {
        analyzer.feed(chunk);
    }
    analyzer.finish().report
}

/// Lines of a text as the analyzer counts them.
pub fn lines(text: &[u8]) -> u64 {
    let mut splitter = oomscope::detect::lines::LineSplitter::default();
    let mut lines = 0;
    splitter.feed(text, &mut |_| lines += 1);
    lines
}

/// Fields that are told from all that was read: more makes them more precise, and which line shows a program goes by the ends near it.
const INFERRED: &[&str] = &["application", "collector"];

/// Lists whose records are sums over all that was read so far, and so grow with it.
const SUMS: &[&str] = &["nmt.regions", "nmt.sites"];

/// See [`facts`].
pub type Facts = BTreeSet<String>;

/// Facts of a text before which `lines` lines were put, as of the text alone.
pub fn moved_up(facts: &Facts, lines: u64) -> Facts {
    facts
        .iter()
        .filter_map(|fact| {
            let (line, rest) = fact.split_once(' ')?;
            Some(format!("{} {rest}", line.parse::<u64>().ok()?.checked_sub(lines)?))
        })
        .collect()
}

/// Facts of a text alone, as of the text below `lines` others.
pub fn moved_down(facts: &Facts, lines: u64) -> Facts {
    facts
        .iter()
        .filter_map(|fact| {
            let (line, rest) = fact.split_once(' ')?;
            Some(format!("{} {rest}", line.parse::<u64>().ok()? + lines))
        })
        .collect()
}

/// Everything that was read and where: `line field value`, for every value that a report shows beside its line.
pub fn facts(report: &Report) -> Facts {
    let mut facts = BTreeSet::new();
    each_fact(report, &mut |line, field, value| {
        facts.insert(format!("{line} {field} {value}"));
    });
    facts
}

/// Hands over every value that a report shows beside its line: line, field, value.
pub fn each_fact(report: &Report, each: &mut dyn FnMut(u64, &str, &Value)) {
    let json = oomscope::json::tree(report);
    for list in ["jstat", "nmt", "oom_kills", "gc_logs", "gc_events", "java_errors", "events", "host"] {
        if let Some(records) = json.get(list) {
            collect(records, list, each);
        }
    }
}

fn collect(value: &Value, path: &str, each: &mut dyn FnMut(u64, &str, &Value)) {
    let number = |line: &Value| line.as_u64().expect("a line's number");
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, each)),
        Value::Object(fields) => {
            if let (Some(Value::Array(lines)), Some(Value::Object(data))) = (fields.get("lines"), fields.get("data")) {
                for (column, cells) in data {
                    let field = format!("{path}.{column}");
                    let cells = cells.as_array().map(Vec::as_slice).unwrap_or_default();
                    for (line, cell) in lines.iter().zip(cells) {
                        if !cell.is_null() && cell != "" {
                            each(number(line), &field, cell);
                        }
                    }
                }
                return;
            }
            if let Some(Value::Object(at)) = fields.get("at") {
                for (field, span) in at {
                    let (outer, inner) = field.split_once('.').unwrap_or((field, ""));
                    let value = ["sizes", "counts", "words"]
                        .iter()
                        .find_map(|map| fields.get(*map)?.get(field))
                        .or_else(|| if inner.is_empty() { fields.get(outer) } else { fields.get(outer)?.get(inner) });
                    if let Some(value) = value.filter(|_| !INFERRED.contains(&field.as_str())) {
                        each(number(&span[1]), &format!("{path}.{field}"), value);
                    }
                }
            } else if let Some(line) = fields.get("line") {
                for (field, value) in fields {
                    if field != "line" && (value.is_number() || value.is_string()) && field != "log" {
                        each(number(line), &format!("{path}.{field}"), value);
                    }
                }
            }
            for (field, value) in fields {
                let path = format!("{path}.{field}");
                if (value.is_array() || value.is_object()) && field != "at" && !SUMS.contains(&path.as_str()) {
                    collect(value, &path, each);
                }
            }
        }
        _ => {}
    }
}
