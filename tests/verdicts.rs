//! What a report says first against what an expert reads from the same input. The expert's note stands in the `about.md` of a
//! case, written before the report was read; its facts are lines of a block `expert`:
//!
//! ```text
//! outcome: killed                     what became of the process; alternatives with ` | `
//! headline: java, 256.0 MiB           words that the one claim must contain
//! says: 275.9 MiB                     words anywhere in the answer
//! not: OutOfMemoryError               words nowhere in the answer
//! finding: critical heap-exhausted    a finding and its severity
//! no-finding: heap-has-headroom
//! command: jcmd 17692                 a part of a command that is offered
//! no-command: jcmd 16021              a part of no command that is offered
//! first: count the threads            words of what is to be done first
//! ```
//!
//! A fact behind `not yet:` is one that the program does not meet; once it does, the words have to go.

#[path = "support/corpus.rs"]
mod corpus;

use oomscope::analysis::finding::Severity;
use oomscope::analysis::verdict::{Outcome, Short};
use oomscope::i18n::Language;
use oomscope::report::Report;

/// Marks a fact that is not met yet.
const NOT_YET: &str = "not yet";
/// How many there may be: it only goes down.
const MOST_WISHES: usize = 3;

/// A fact of a note.
struct Fact {
    key: String,
    value: String,
}

/// The facts of a case's note; none if there is no note.
fn facts(about: &str) -> Vec<Fact> {
    let block = about.split("```expert\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let lines = block.lines().filter_map(|line| line.split_once(':'));
    lines.map(|(key, value)| Fact { key: key.trim().to_owned(), value: value.trim().to_owned() }).collect()
}

/// All that the answer says, and the commands that the whole report offers.
struct Said {
    outcome: String,
    headline: String,
    answer: String,
    findings: Vec<String>,
    commands: Vec<String>,
    first: String,
}

fn said(report: &Report) -> Said {
    let verdict = &report.verdict;
    let parts = [&verdict.subject, &verdict.lede, &verdict.figures, &verdict.explanations, &verdict.actions]
        .into_iter()
        .flatten();
    let mut answer: Vec<String> = parts.clone().map(|one| one.say(Language::En)).collect();
    answer.push(verdict.headline.say(Language::En));
    answer.extend(
        verdict.open.iter().flat_map(|gap| [gap.command.clone(), oomscope::i18n::text(Language::En, &gap.key)]),
    );
    let next = report.findings.iter().flat_map(|finding| &finding.next);
    let in_sentences = parts.chain(next).filter_map(|one| one.values.get("command"));
    let mut commands: Vec<String> = in_sentences.map(|command| command.quantity.text(Language::En)).collect();
    commands.extend(report.gaps.iter().map(|gap| gap.command.clone()));
    let outcome = oomscope::json::tree(&verdict.outcome);
    let severity = |finding: &oomscope::analysis::finding::Finding| format!("{:?}", finding.severity).to_lowercase();
    Said {
        outcome: outcome.as_str().unwrap_or_default().to_owned(),
        headline: verdict.headline.say(Language::En).to_lowercase(),
        answer: answer.join("\n").to_lowercase(),
        findings: report.findings.iter().map(|one| format!("{} {}", severity(one), one.rule.name())).collect(),
        commands,
        first: verdict.actions.first().map(|action| action.say(Language::En).to_lowercase()).unwrap_or_default(),
    }
}

/// True if the report meets a fact.
fn is_met(said: &Said, fact: &Fact) -> bool {
    let words = || fact.value.split(", ").map(|word| word.trim_matches('"').to_lowercase());
    match fact.key.as_str() {
        "outcome" => fact.value.split('|').any(|outcome| outcome.trim() == said.outcome),
        "headline" => words().all(|word| said.headline.contains(&word)),
        "says" => words().all(|word| said.answer.contains(&word)),
        "not" => words().all(|word| !said.answer.contains(&word)),
        "finding" => said.findings.contains(&fact.value),
        "no-finding" => said.findings.iter().all(|finding| !finding.ends_with(&format!(" {}", fact.value))),
        "command" => said.commands.iter().any(|command| command.contains(&fact.value)),
        "no-command" => said.commands.iter().all(|command| !command.contains(&fact.value)),
        "first" => words().all(|word| said.first.contains(&word)),
        key => panic!("no such fact: {key}"),
    }
}

#[test]
fn every_answer_says_what_an_expert_read() {
    let (mut notes, mut missed, mut wishes, mut granted) = (0, Vec::new(), 0, Vec::new());
    for case in corpus::cases() {
        let about = std::fs::read_to_string(case.folder.join("about.md")).unwrap_or_default();
        let facts = facts(&about);
        if facts.is_empty() {
            continue;
        }
        notes += 1;
        let said = said(&corpus::read(&case.input));
        let (wished, stated): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| fact.key == NOT_YET);
        wishes += wished.len();
        let inner = |fact: &&Fact| {
            let (key, value) = fact.value.split_once(':').expect("a fact behind the words");
            Fact { key: key.trim().to_owned(), value: value.trim().to_owned() }
        };
        let met = wished.iter().map(inner).filter(|fact| is_met(&said, fact));
        granted.extend(met.map(|fact| format!("{}: {}: {}", case.name, fact.key, fact.value)));
        let failed = stated.into_iter().filter(|fact| !is_met(&said, fact));
        missed.extend(
            failed.map(|fact| {
                format!("{}: {}: {} [{}] {}", case.name, fact.key, fact.value, said.outcome, said.headline)
            }),
        );
    }
    assert!(missed.is_empty(), "{} facts of {notes} notes are not met:\n{}", missed.len(), missed.join("\n"));
    assert!(granted.is_empty(), "met by now:\n{}", granted.join("\n"));
    assert!(notes >= 80, "{notes} notes");
    assert!(wishes <= MOST_WISHES, "{wishes} facts are not met yet");
}

/// A process that was killed, or that ran out of something: somebody reads the report who has to do something about it.
#[test]
fn every_grave_answer_says_what_to_do_or_what_to_ask() {
    let mut silent = Vec::new();
    for (name, input) in corpus::cases().into_iter().map(|case| (case.name, case.input)).chain(judged()) {
        let verdict = corpus::read(&input).verdict;
        let is_grave = Severity::from(verdict.outcome) == Severity::Critical;
        let asks = verdict.question().is_some_and(|gap| !gap.command.is_empty());
        // Of a part of a crash file the rest is asked for.
        let is_helped = !verdict.actions.is_empty() || asks && verdict.outcome == Outcome::Crashed;
        if is_grave && !is_helped {
            silent.push(format!("{name}: {:?}, {}", verdict.outcome, verdict.headline.text));
        }
    }
    assert!(silent.is_empty(), "{} answers leave their reader alone:\n{}", silent.len(), silent.join("\n"));
}

/// The small inputs of `tests/judgement`.
fn judged() -> impl Iterator<Item = (String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judgement");
    let paths = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|kind| kind == "txt")).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).expect("a text")))
}

/// What the first screen promises of its samples, the answer tells.
#[test]
fn samples_keep_their_promise() {
    let promises: [(&str, &[&str]); 5] = [
        ("one-gigabyte-server.md", &["outcome: killed", "the kernel killed java", "683.5 MiB"]),
        ("container-kill.log", &["outcome: killed", "limit of 225.0 MiB", "maximum heap of 240.0 MiB"]),
        ("heap-space.log", &["outcome: exited", "heap was full at its maximum of 128.0 MiB", "a leak"]),
        ("metaspace.log", &["outcome: exited", "Metaspace was full", "A larger heap does not help"]),
        ("threads.log", &["outcome: killed", "1,204 threads", "Raise the limit to about"]),
    ];
    for (name, told) in promises {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static/samples").join(name);
        let text = std::fs::read_to_string(path).expect("a sample");
        let said = said(&corpus::read(text.as_bytes()));
        let answer = format!("outcome: {}\n{}", said.outcome, said.answer).to_lowercase();
        for words in told {
            assert!(answer.contains(&words.to_lowercase()), "{name} does not say {words}:\n{answer}");
        }
    }
}

/// Which memory the answer is about decides what pictures show first.
#[test]
fn what_the_headline_is_about_is_told_of_what_was_read() {
    let short = |text: &str| corpus::read(text.as_bytes()).verdict.short();
    let error = |what: &str| short(&format!("Exception in thread \"main\" java.lang.OutOfMemoryError: {what}\n"));
    assert_eq!(error("Java heap space"), Some(Short::Heap));
    assert_eq!(error("GC overhead limit exceeded"), Some(Short::Heap));
    assert_eq!(error("Metaspace"), Some(Short::Metaspace));
    assert_eq!(error("Compressed class space"), Some(Short::Metaspace));
    assert_eq!(error("Direct buffer memory"), Some(Short::Direct));
    assert_eq!(error("unable to create new native thread"), None);
    let killed = "Killed process 7 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";
    assert_eq!(short(&format!("[ 12.5] Memory cgroup out of memory: {killed}")), Some(Short::Container));
    assert_eq!(short(&format!("[ 12.5] Out of memory: {killed}")), Some(Short::Machine));
    assert_eq!(short("hello"), None);
}
