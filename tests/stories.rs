//! What the report says of the draft and of every real capture, in both languages: the story, the claims, and how big the heap
//! should have been. Read them as a reader would.

#[path = "support/corpus.rs"]
#[allow(dead_code)] // Only the cases are needed here.
mod corpus;

use std::fmt::Write as _;

use oomscope::analysis::sizing::compute;
use oomscope::analysis::statement::Statement;
use oomscope::i18n::Language;
use oomscope::report::Report;

/// The draft, and whole incidents as they were captured.
fn told() -> Vec<corpus::Case> {
    let told = |case: &corpus::Case| case.name.starts_with("incident/") || case.name == "mixed/draft-post";
    corpus::cases().into_iter().filter(told).collect()
}

fn tell(report: &Report, language: Language) -> String {
    let mut text = String::new();
    let mut say = |mark: &str, statement: &Statement| {
        let sentence = statement.say(language);
        assert!(!sentence.contains(['{', '}']), "not filled: {sentence}");
        let _ = writeln!(text, "{mark}{sentence}");
    };
    say("# ", &report.headline);
    report.story.iter().for_each(|sentence| say("", sentence));
    for finding in &report.findings {
        say(&format!("- {:?} ", finding.severity), &finding.statement);
        finding.rivals.iter().for_each(|rival| say("  or: ", rival));
        finding.next.iter().for_each(|next| say("  > ", next));
    }
    if let Some(sizing) = &report.sizing {
        // As a page that is switched to another language does it.
        let again = compute(&sizing.facts, &sizing.knobs, language);
        assert_eq!((again.floor, again.ceiling, &again.terms), (sizing.floor, sizing.ceiling, &sizing.terms));
        say("= ", &again.reason);
        let rest = again.current.iter().chain(&again.caveats).chain(&again.changes).chain(&again.sensitivity);
        rest.chain(again.scenarios.iter().map(|one| &one.statement))
            .chain(&again.decides)
            .for_each(|one| say("  ", one));
        for flag in &again.flags {
            say(&format!("  {}: ", flag.text), &flag.comment);
        }
    }
    text
}

#[test]
fn stories_are_told_in_both_languages() {
    let mut failed = Vec::new();
    for case in told() {
        let report = corpus::read(&case.input);
        let text = format!("{}\n{}", tell(&report, Language::En), tell(&report, Language::Ko));
        let name = case.name.rsplit('/').next().unwrap_or_default().to_owned();
        // One that differs does not hide the next.
        if std::panic::catch_unwind(|| insta::assert_snapshot!(name, text)).is_err() {
            failed.push(case.name);
        }
    }
    assert!(failed.is_empty(), "stories that differ from their snapshot:\n{}", failed.join("\n"));
}
