//! What the report says of the draft and of every real capture, in both languages: the story, the claims, and how big the heap
//! should have been. Read them as a reader would.

#[path = "support/corpus.rs"]
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
    let verdict = &report.verdict;
    say("# ", &verdict.headline);
    for (mark, part) in [
        ("", &verdict.subject),
        ("", &verdict.lede),
        ("# ", &verdict.figures),
        ("? ", &verdict.explanations),
        ("> ", &verdict.actions),
    ] {
        part.iter().for_each(|sentence| say(mark, sentence));
    }
    for finding in &report.findings {
        say(&format!("- {:?} ", finding.severity), &finding.statement);
        finding.rivals.iter().for_each(|rival| say("  or: ", rival));
        finding.next.iter().for_each(|next| say("  > ", next));
    }
    if let Some(sizing) = &report.sizing {
        // As a page that is switched to another language does it.
        let again = compute(&sizing.facts, &sizing.knobs, language);
        assert_eq!((again.floor, again.ceiling, &again.terms), (sizing.floor, sizing.ceiling, &sizing.terms));
        again.facts.subject.iter().chain([&again.reason]).for_each(|one| say("= ", one));
        let rest = again.current.iter().chain(&again.caveats).chain(&again.changes).chain(&again.sensitivity);
        rest.chain(&again.decides)
            .chain(again.scenarios.iter().map(|one| &one.statement))
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

/// The limit and the kernel's memory by the kill, the rest by NMT; what is left after the margin and the allowance is the ceiling.
#[test]
fn of_a_captured_container_kill_the_ceiling_is_arithmetic() {
    let case = told().into_iter().find(|case| case.name == "incident/g1-jdk17-heap-killed").expect("the case");
    let sizing = corpus::read(&case.input).sizing.expect("an answer");
    let measured = [("limit", "limit 262144kB"), ("kernel", "usage 1396kB"), ("non-heap", "committed=333256KB")];
    let text = String::from_utf8_lossy(&case.input);
    for (name, printed) in measured {
        let term = sizing.terms.iter().find(|term| term.name == name).unwrap_or_else(|| panic!("no {name}"));
        let line = term.line.and_then(|line| text.lines().nth(line as usize - 1)).unwrap_or_default();
        assert!(line.contains(printed), "{name}: {line}");
    }
    let term =
        |name: &str| sizing.terms.iter().filter(|term| term.name.starts_with(name)).map(|term| term.bytes.0).sum();
    let (limit, kernel): (u64, u64) = (term("limit"), term("kernel"));
    let (safety, non_heap, growth): (u64, u64, u64) = (term("safety"), term("non-heap"), term("growth-"));
    assert_eq!((limit, kernel, non_heap), (262_144 * 1024, 1396 * 1024, (333_256 - 262_144) * 1024));
    assert_eq!(safety, (limit - kernel) / 10);
    assert_eq!(sizing.ceiling.map(|ceiling| ceiling.0), Some(limit - kernel - safety - non_heap - growth));
}
