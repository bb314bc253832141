//! Every corpus case cut off, as a paste is that was selected by hand: behind a line, within one, before its last line end.
//! Never a panic; fields only drop out and never change their value.
//!
//! With `OOMSCOPE_EXHAUSTIVE=1` a case is cut at every line and at hundreds of bytes, otherwise at some of them.

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use corpus::{Case, Facts, cases, exhaustive, facts, read, wrong_in_each};

/// Values that later lines take back, as the beginning of a case's name and of a field: options that a JVM then refuses, and those
/// of a command that only asks a JVM for something, which `-version` at its end shows. Threads are counted as far as they are listed, and the highest number of a pool is told.
/// An error that a sentence tells is that of the log below it.
const RETRACTED: [(&str, &str); 10] = [
    ("host/answers-of-jdk17", "host.pool"),
    ("host/answers-of-jdk17", "host.threads"),
    ("java-error/jdk17-bad-heap-options", "host."),
    ("java-error/jdk25-bad-heap-options", "host."),
    ("java-error/reason-in-capitals-and-quotes", "java_errors.message"),
    ("java-error/threads-not-started", "events.numbered"),
    ("java-error/titles-and-sentences", "java_errors.message"),
    ("jvm-flags/jdk17-print-command-line-flags", "host.heap_max"),
    ("jvm-flags/jdk25-print-command-line-flags", "host.heap_max"),
    ("jvm-flags/jdk8-print-flags-final", "host.heap_max"),
];

/// Values that only an earlier line explains: the command above says in which unit `free` prints, and what went before a collection
/// in a list of them says of which kind it was.
const EXPLAINED_ABOVE: [(&str, &str); 2] = [("host/free", "host."), ("hs-err/jdk8", "gc_events.kind")];

/// A case with what its whole text says.
struct Read {
    case: Case,
    whole: Facts,
    /// Field and value of each fact. One kill in two transports is known as one by its last line; until then the second is another,
    /// of which all is true.
    of_second_kill: Facts,
}

fn read_whole() -> Vec<Read> {
    let read = cases().into_iter().map(|case| {
        let report = read(&case.input);
        let whole = facts(&report);
        let twice = report.oom_kills.iter().any(|kill| !kill.also.is_empty());
        let of_kills = whole.iter().filter(|_| twice).filter_map(|fact| fact.split_once(' '));
        let of_second_kill = of_kills.map(|(_, said)| said.to_owned()).filter(|said| said.starts_with("oom_kills."));
        Read { of_second_kill: of_second_kill.collect(), whole, case }
    });
    read.collect()
}

/// True for a field of a case that the list names.
fn is_listed(list: &[(&str, &str)], case: &Case, said: &str) -> bool {
    list.iter().any(|(name, field)| case.name.starts_with(name) && said.starts_with(field))
}

/// Values that a cut text has and the whole one has not, with a word on where it was cut.
fn invented(read: &Read, state: &str, cut: &Facts) -> Option<String> {
    let is_right = |fact: &str| {
        let said = fact.split_once(' ').map_or(fact, |(_, said)| said);
        let of_second_kill = || read.of_second_kill.contains(said) || is_begun(said, &read.of_second_kill);
        is_begun(fact, &read.whole) || of_second_kill() || is_listed(&RETRACTED, &read.case, said)
    };
    let invented: Vec<&String> = cut.difference(&read.whole).filter(|fact| !is_right(fact)).take(3).collect();
    (!invented.is_empty()).then(|| format!("{}, {state}: {invented:?}", read.case.name))
}

/// True for the beginning of a word, or of a list of words, that the whole text has at the same place: nothing shows that letters
/// are missing.
fn is_begun(fact: &str, whole: &Facts) -> bool {
    let begun = fact.trim_end_matches(['"', ']']);
    let next = || whole.range(begun.to_owned()..).next();
    fact.ends_with(['"', ']']) && next().is_some_and(|next| next.starts_with(begun) && next.ends_with(['"', ']']))
}

/// Where lines begin behind the first one: all places, or some that are spread over the text.
fn line_cuts(input: &[u8]) -> Vec<usize> {
    let ends = input.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let places: Vec<usize> = ends.filter(|at| *at < input.len()).collect();
    let every = if exhaustive() { 1 } else { places.len() / 12 + 1 };
    places.into_iter().step_by(every).collect()
}

/// Bytes before which to cut: spread over the whole text, most of them inside a number; every one of a short text.
fn byte_cuts(input: &[u8]) -> BTreeSet<usize> {
    let count = if exhaustive() { 240 } else { 16 };
    if input.len() <= count * 2 {
        return (0..input.len()).collect();
    }
    let is_digit = |at: usize| input.get(at).is_some_and(u8::is_ascii_digit);
    let inside = |at: usize| at > 0 && is_digit(at - 1) && is_digit(at);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let places = (0..count).map(|nth| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (input.len() * nth + (state >> 33) as usize % input.len()) / count;
        if nth % 6 == 5 { at } else { (at..input.len()).find(|at| inside(*at)).unwrap_or(at) }
    });
    places.collect()
}

#[test]
fn a_case_cut_behind_a_line_loses_fields_and_changes_none() {
    let wrong = wrong_in_each(&read_whole(), |case| {
        let input = &case.case.input;
        let cuts = line_cuts(input).into_iter();
        cuts.filter_map(|at| invented(case, &format!("cut behind byte {at}"), &facts(&read(&input[..at])))).collect()
    });
    assert!(wrong.is_empty(), "values that the whole text does not have:\n{}", wrong.join("\n"));
}

#[test]
fn a_case_cut_within_a_line_loses_fields_and_changes_none() {
    let wrong = wrong_in_each(&read_whole(), |case| {
        let input = &case.case.input;
        let cuts = byte_cuts(input).into_iter();
        cuts.filter_map(|at| invented(case, &format!("cut before byte {at}"), &facts(&read(&input[..at])))).collect()
    });
    assert!(wrong.is_empty(), "values that the whole text does not have:\n{}", wrong.join("\n"));
}

/// What a line says of a field: `line field`.
fn field_of(fact: &str) -> &str {
    fact.match_indices(' ').nth(1).map_or(fact, |(at, _)| &fact[..at])
}

/// True for the name of a container whose pod an earlier line names: `app` for `orders-7c9f/app`.
fn is_without_pod(fact: &str, whole: &Facts) -> bool {
    let field = field_of(fact);
    let name = fact[field.len()..].trim_start_matches([' ', '"']);
    field.ends_with(".name")
        && whole.iter().any(|known| field_of(known) == field && known.ends_with(&format!("/{name}")))
}

#[test]
fn a_case_that_starts_in_the_middle_gives_no_line_another_meaning() {
    let wrong = wrong_in_each(&read_whole(), |Read { case, whole, .. }| {
        let fields: BTreeSet<&str> = whole.iter().map(|fact| field_of(fact)).collect();
        let cuts = line_cuts(&case.input).into_iter();
        let wrong = cuts.filter_map(|at| {
            let above = case.input[..at].iter().filter(|byte| **byte == b'\n').count();
            let rest = corpus::moved_down(&facts(&read(&case.input[at..])), above as u64);
            let is_other = |fact: &&String| {
                let said = fact.split_once(' ').map_or(fact.as_str(), |(_, said)| said);
                fields.contains(field_of(fact))
                    && !is_listed(&EXPLAINED_ABOVE, case, said)
                    && !is_without_pod(fact, whole)
            };
            let others: Vec<&String> = rest.difference(whole).filter(is_other).take(3).collect();
            (!others.is_empty()).then(|| format!("{} from byte {at} on: {others:?}", case.name))
        });
        wrong.collect()
    });
    assert!(wrong.is_empty(), "values that the whole text does not have:\n{}", wrong.join("\n"));
}

#[test]
fn a_missing_last_line_end_costs_the_last_number_at_most() {
    let wrong = wrong_in_each(&read_whole(), |case| {
        let without = facts(&read(case.case.input.trim_ascii_end()));
        let lost: Vec<&String> = case.whole.difference(&without).collect();
        let lost = (lost.len() > 1).then(|| format!("{} without its last line end: lost {lost:?}", case.case.name));
        invented(case, "without its last line end", &without).into_iter().chain(lost).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
