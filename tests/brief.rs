//! The brief of every incident of the corpus: it is small, says what the whole answer says, and names nobody.

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use oomscope::analysis::finding::Severity;
use oomscope::export::brief::{self, MAX_BYTES, MAX_FINDINGS};
use oomscope::i18n::{Language, text};
use oomscope::report::Report;
use oomscope::report::redact::redact;

/// Cases in which something ended or ran out.
fn incidents() -> Vec<(corpus::Case, Report)> {
    let read = corpus::cases().into_iter().map(|case| {
        let report = corpus::read(&case.input);
        (case, report)
    });
    read.filter(|(_, report)| Severity::from(report.verdict.outcome) == Severity::Critical).collect()
}

/// The facts of an expert's note that are claims (`tests/verdicts.rs` tells the format), by their key.
fn claims(case: &corpus::Case) -> Vec<(String, String)> {
    let about = std::fs::read_to_string(case.folder.join("about.md")).unwrap_or_default();
    let block = about.split("```expert\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let facts = block.lines().filter_map(|line| line.split_once(':'));
    facts.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect()
}

fn words(value: &str) -> impl Iterator<Item = String> {
    value.split(", ").map(|word| word.trim_matches('"').to_lowercase())
}

/// What a brief of a case gets wrong.
fn wrong(case: &corpus::Case, report: &Report, checked: &mut u32) -> Vec<String> {
    let numbers = redact(report, false);
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let brief = brief::write(report, language);
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{} ({}): {what}", case.name, language.tag()));
            }
        };
        check(brief.len() <= MAX_BYTES, &format!("{} bytes", brief.len()));
        let verdict = &numbers.report.verdict;
        let headline = verdict.headline.say(language);
        check(brief.contains(&headline), &format!("not the headline: {headline}"));
        check(brief.contains(&text(language, verdict.outcome.key())), "not the outcome");
        let listed = numbers.report.findings.iter().filter(|one| brief.contains(&format!("[{}] ", one.rule.name())));
        check(listed.count() >= usize::from(!report.findings.is_empty()), "no finding");
        check(
            brief.lines().filter(|line| line.contains(" [") && line.contains("] file")).count() <= MAX_FINDINGS,
            "many findings",
        );
        for replaced in numbers.replaced.iter().filter(|replaced| !matches!(replaced.kind, "command" | "line")) {
            let original = replaced.original.trim();
            let is_ours = ["maximum", "system"].contains(&original);
            check(
                original.len() < 6 || is_ours || !brief.contains(original),
                &format!("{}: {original}", replaced.kind),
            );
        }
    }
    wrong.extend(facts(case, &numbers.report, checked));
    wrong
}

/// Claims of the note that hold of what is shared and not of the brief.
fn facts(case: &corpus::Case, numbers: &Report, checked: &mut u32) -> Vec<String> {
    let brief = brief::write(numbers, Language::En).to_lowercase();
    let verdict = &numbers.verdict;
    let headline = verdict.headline.say(Language::En).to_lowercase();
    let lede: String = verdict.lede.iter().map(|one| one.say(Language::En).to_lowercase() + "\n").collect();
    let graver = numbers.findings.iter().take(2).map(|one| one.rule.name()).collect::<BTreeSet<_>>();
    let mut wrong = Vec::new();
    for (key, value) in claims(case) {
        let holds = match key.as_str() {
            "headline" => words(&value).all(|word| !headline.contains(&word) || brief.contains(&word)),
            "says" => words(&value).all(|word| !lede.contains(&word) || brief.contains(&word)),
            "not" => words(&value).all(|word| {
                !brief.contains(&word) || numbers.findings.iter().any(|one| one.claim.to_lowercase().contains(&word))
            }),
            "finding" => value.split_once(' ').is_none_or(|(severity, rule)| {
                !graver.contains(rule) || brief.contains(&format!("{severity} [{rule}]"))
            }),
            _ => continue,
        };
        *checked += 1;
        if !holds {
            wrong.push(format!("{}: {key}: {value}", case.name));
        }
    }
    wrong
}

#[test]
fn every_incident_has_a_brief_that_is_small_and_says_the_same() {
    let incidents = incidents();
    assert!(incidents.len() >= 50, "{} incidents", incidents.len());
    let (mut failed, mut checked) = (Vec::new(), 0);
    for (case, report) in &incidents {
        failed.extend(wrong(case, report, &mut checked));
    }
    assert!(failed.is_empty(), "{} of {} incidents:\n{}", failed.len(), incidents.len(), failed.join("\n"));
    assert!(checked >= 200, "{checked} facts of experts");
    println!("{} incidents, {checked} facts", incidents.len());
}

#[test]
fn it_opens_again_from_a_shared_report_as_the_same_brief() {
    for (case, report) in incidents().into_iter().step_by(9) {
        let shared = oomscope::export::json::write(&redact(&report, true).report);
        let opened = oomscope::report::open::text(&shared).expect("ours").expect("opens");
        let oomscope::report::open::Opened::Report(opened) = opened else { panic!("{}: no report", case.name) };
        for language in Language::ALL {
            assert_eq!(brief::write(&opened, language), brief::write(&report, language), "{}", case.name);
        }
    }
}
