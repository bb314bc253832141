//! What must stay in a shared report does: whatever this program itself knows, and figures of any length.

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/shared.rs"]
mod shared;

use std::collections::{BTreeMap, BTreeSet};

use oomscope::Analyzer;
use oomscope::analysis::finding::{Finding, Proof, Severity};
use oomscope::analysis::rule_id::RuleId;
use oomscope::analysis::statement::{Quantity, Statement};
use oomscope::analysis::verdict::Verdict;
use oomscope::i18n::{self, Language};
use oomscope::model::host::HostReading;
use oomscope::model::java::JavaError;
use oomscope::model::kind::{ErrorKind, EventKind, HostKind};
use oomscope::model::names;
use oomscope::model::oom::Event;
use oomscope::report::redact::redact;
use oomscope::report::{Report, ReportWarning, link};
use oomscope::source::{SourceSummary, Span};
use oomscope::units::Bytes;
use oomscope::worker::share::Include;
use serde_json::Value;

const GONE: &str = "…";

/// Keys of the English catalogue.
fn keys() -> Vec<&'static str> {
    let text = include_str!("../src/core/i18n/en.rs");
    text.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.split_once('"')).map(|(key, _)| key).collect()
}

fn below<'a>(keys: &[&'a str], head: &str) -> Vec<&'a str> {
    keys.iter().filter_map(|key| key.strip_prefix(head)).filter(|rest| !rest.contains('.')).collect()
}

/// A report with everything in it that has a name of ours.
fn everything() -> Report {
    let keys = keys();
    let span = Span { source: 0, line: 1, start: 0, end: 1 };
    let mut report = Report { report_version: 1, ..Report::default() };
    report.sources.push(SourceSummary { name: "paste".into(), bytes: 10, lines: 9, understood_lines: 9 });
    for kind in EventKind::ALL {
        report.events.push(Event { kind: *kind, first_line: 1, last_line: 1, ..Event::default() });
    }
    for kind in HostKind::ALL {
        let largest = u64::try_from(i64::MAX).expect("positive");
        let sizes = names::all().map(|name| (name.to_owned(), Bytes(largest))).collect();
        let counts = names::all().map(|name| (name.to_owned(), largest)).collect();
        report.host.push(HostReading {
            kind: *kind,
            sizes,
            counts,
            first_line: 2,
            last_line: 2,
            ..HostReading::default()
        });
    }
    for kind in ErrorKind::ALL {
        let message = "java.lang.OutOfMemoryError: Java heap space".to_owned();
        report.java_errors.push(JavaError {
            kind: *kind,
            message,
            count: 1,
            first_line: 3,
            last_line: 3,
            ..JavaError::default()
        });
    }
    for kind in below(&keys, "warning.") {
        let of = |name: &str| match name {
            "missing" => "-9223372036854775808",
            "bytes" => "9223372036854775807",
            "format" => "oom-killer",
            "column" => "OU",
            "command" | "layout" | "what" => "jstat",
            _ => "7",
        };
        let names = i18n::placeholders(&format!("warning.{kind}")).expect("a sentence");
        let values: BTreeMap<String, String> =
            names.into_iter().map(|name| (name.to_owned(), of(name).to_owned())).collect();
        report.warnings.push(ReportWarning { source: 0, line: 4, kind: kind.into(), values, text: String::new() });
    }
    // Of a report that was cut down, conclusions travel.
    let values = [("kept", "1"), ("of", "2")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    report.warnings.push(ReportWarning { source: 0, line: 0, kind: "reduced".into(), values, text: String::new() });
    for rule in RuleId::ALL {
        let key = rule.key();
        let key =
            keys.iter().find(|known| **known == key || known.starts_with(&format!("{key}."))).expect("a sentence");
        let filled = |claim: Statement, name| claim.with(name, Quantity::Number(u64::MAX), Some(span));
        let claim = i18n::placeholders(key).expect("known").into_iter().fold(Statement::new(key), filled);
        report.findings.push(Finding::new(*rule, Severity::Notice, claim, Proof::first(span)));
    }
    report.verdict.headline = Statement::new("verdict.headline.no-end");
    for key in keys.iter().filter(|key| key.starts_with("verdict.")) {
        let filled = |said: Statement, name| said.with(name, Quantity::Term((*key).to_owned()), None);
        report.verdict.lede.push(i18n::placeholders(key).expect("known").into_iter().fold(Statement::new(key), filled));
    }
    report
}

fn is_lost(value: &Value, path: &str, lost: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| is_lost(item, path, lost)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "text")
            .for_each(|(name, value)| is_lost(value, &format!("{path}.{name}"), lost)),
        Value::String(text) if text.contains(GONE) => lost.push(format!("{path}: {text}")),
        _ => {}
    }
}

#[test]
fn whatever_this_program_names_survives_redaction_and_a_link() {
    let report = everything();
    for with_lines in [false, true] {
        let redacted = redact(&report, with_lines);
        let mut lost = Vec::new();
        is_lost(&oomscope::json::tree(&redacted.report), "", &mut lost);
        assert!(lost.is_empty(), "{} lost: {:?}", lost.len(), lost.iter().take(20).collect::<Vec<_>>());
        assert_eq!(redacted.removed, BTreeMap::new(), "{:?}", redacted.replaced);
        let back = shared::opened(&link::write(&redacted.report, usize::MAX).text);
        assert_eq!(back.events.len(), report.events.len());
        for (was, is) in report.events.iter().zip(&back.events) {
            assert_eq!(was.kind, is.kind);
        }
        for (was, is) in report.host.iter().zip(&back.host) {
            assert_eq!((&was.kind, &was.sizes, &was.counts), (&is.kind, &is.sizes, &is.counts));
        }
        for (was, is) in report.java_errors.iter().zip(&back.java_errors) {
            assert_eq!((&was.kind, &was.message), (&is.kind, &is.message));
        }
        for (was, is) in report.warnings.iter().zip(&back.warnings) {
            assert_eq!((&was.kind, &was.values), (&is.kind, &is.values));
        }
        let rules = |report: &Report| report.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>();
        assert_eq!(rules(&redacted.report), rules(&report));
        let terms = |report: &Report| {
            report.verdict.lede.iter().map(|one| (one.key.clone(), one.values.clone())).collect::<Vec<_>>()
        };
        let (is, was) = (terms(&redacted.report), terms(&report));
        let changed: Vec<_> = was.iter().zip(&is).filter(|(was, is)| was != is).take(5).collect();
        assert!(changed.is_empty() && is.len() == was.len(), "{} of {}: {changed:?}", is.len(), was.len());
    }
}

#[test]
fn every_output_names_every_kind_of_event() {
    let _keys = keys();
    let report = Report { findings: Vec::new(), verdict: Verdict::default(), ..everything() };
    let outputs = shared::outputs(&report, Include::Numbers);
    for (form, text) in &outputs {
        assert!(!text.contains("event.…") && !text.contains("warning.…"), "{form}");
    }
    for form in ["link", "JSON", "PNG"] {
        let (_, text) = outputs.iter().find(|(name, _)| *name == form).expect("a form");
        for kind in EventKind::ALL {
            assert!(text.contains(kind.name()), "{kind} in {form}");
        }
    }
}

/// What a format calls a reading is on a list; where this fails, `model::names` lacks a name.
#[test]
fn no_case_of_the_corpus_loses_a_kind_a_rule_or_a_figure() {
    let cases = corpus::cases();
    let lost = corpus::wrong_in_each(&cases, |case| {
        let whole = corpus::read(&case.input);
        let report = redact(&whole, false).report;
        let mut lost = BTreeSet::new();
        let mut check = |what: &str, was: &str, is: &str| {
            if was != is {
                lost.insert(format!("{}: {what} {was} is {is}", case.name));
            }
        };
        whole.events.iter().zip(&report.events).for_each(|(was, is)| check("event", was.kind.name(), is.kind.name()));
        whole
            .java_errors
            .iter()
            .zip(&report.java_errors)
            .for_each(|(was, is)| check("error", was.kind.name(), is.kind.name()));
        whole.segments.iter().zip(&report.segments).for_each(|(was, is)| check("segment", &was.format, &is.format));
        whole
            .findings
            .iter()
            .zip(&report.findings)
            .for_each(|(was, is)| check("rule", was.rule.name(), is.rule.name()));
        whole.warnings.iter().zip(&report.warnings).for_each(|(was, is)| check("warning", &was.kind, &is.kind));
        whole.gc_events.iter().zip(&report.gc_events).for_each(|(was, is)| {
            check("GC figures", &format!("{:?}", was.figures), &format!("{:?}", is.figures));
        });
        for (was, is) in whole.host.iter().zip(&report.host) {
            check("host", was.kind.name(), is.kind.name());
            // Classes are words of the application.
            let names = |host: &HostReading| {
                let names = host.sizes.keys().chain(host.counts.keys()).chain(host.words.keys());
                names.filter(|name| !name.starts_with("class:")).cloned().collect::<Vec<_>>().join(" ")
            };
            check("figures", &names(was), &names(is));
        }
        for (was, is) in whole.oom_kills.iter().zip(&report.oom_kills) {
            check(
                "memory",
                &format!("{:?}{:?}{:?}", was.memory, was.zones, was.nodes),
                &format!("{:?}{:?}{:?}", is.memory, is.zones, is.nodes),
            );
            let stats = |kill: &oomscope::model::oom::OomKill| {
                format!("{:?}", kill.cgroup.as_ref().map(|group| (&group.stats, &group.counts)))
            };
            check("stats", &stats(was), &stats(is));
            check(
                "chosen",
                &format!("{:?}", was.chosen.as_ref().map(|chosen| chosen.pid)),
                &format!("{:?}", is.chosen.as_ref().map(|chosen| chosen.pid)),
            );
        }
        for (was, is) in whole.jstat.iter().zip(&report.jstat) {
            check("option", &was.option, &is.option);
            check("columns", &format!("{:?}", was.columns), &format!("{:?}", is.columns));
        }
        for (was, is) in whole.sizing.iter().zip(&report.sizing) {
            was.terms.iter().zip(&is.terms).for_each(|(was, is)| check("term", &was.name, &is.name));
            was.flags.iter().zip(&is.flags).for_each(|(was, is)| check("flag", &was.text, &is.text));
            was.advice.iter().zip(&is.advice).for_each(|(was, is)| check("advice", &was.name, &is.name));
        }
        report
            .verdict
            .lede
            .iter()
            .for_each(|one| check("sentence", "", if one.key.contains(GONE) { GONE } else { "" }));
        let collectors = |report: &Report| report.runs.iter().map(|run| run.collector.clone()).collect::<Vec<_>>();
        check("collectors", &format!("{:?}", collectors(&whole)), &format!("{:?}", collectors(&report)));
        lost.into_iter().collect()
    });
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
}

/// A telling of what a reader gets from quoted lines: their figures.
#[test]
fn lines_of_the_draft_keep_their_figures() {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.feed(include_bytes!("corpus/mixed/draft-post/input.log"));
    let whole = analyzer.finish().report;
    let report = redact(&whole, true).report;
    let quotes = |report: &Report| -> Vec<String> {
        let evidence = report.findings.iter().flat_map(|finding| finding.evidence.iter());
        evidence.map(|evidence| evidence.excerpt.clone()).collect()
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    for (was, is) in quotes(&whole).iter().zip(quotes(&report)) {
        println!("{was}\n{is}\n");
        // What people write in sentences is no line of a log.
        assert!(!was.is_ascii() || digits(&is) * 10 >= digits(was) * 9, "{was}\n{is}");
    }
}
