//! Every corpus case cut off, as a paste is that was selected by hand: behind a line, within one, before its last line end.
//! Never a panic; fields only drop out and never change their value.
//!
//! With `OOMSCOPE_EXHAUSTIVE=1` a case is cut at every line and at hundreds of bytes, otherwise at some of them.

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use corpus::{Case, Facts, cases, exhaustive, facts, read, wrong_in_each};

/// Cases in which a JVM refuses the options that earlier lines say.
const RETRACTED: [&str; 2] = ["java-error/jdk17-bad-heap-options", "java-error/jdk25-bad-heap-options"];

/// Values that a cut text has and the whole one has not, with a word on where it was cut.
fn invented(case: &Case, state: &str, cut: &Facts, whole: &Facts) -> Option<String> {
    let invented: Vec<&String> = cut.difference(whole).filter(|fact| !is_begun(fact, whole)).take(3).collect();
    (!invented.is_empty()).then(|| format!("{}, {state}: {invented:?}", case.name))
}

/// True for the beginning of a word, or of a list of words, that the whole text has at the same place: nothing shows that letters
/// are missing.
fn is_begun(fact: &str, whole: &Facts) -> bool {
    let begun = fact.trim_end_matches(['"', ']']);
    fact.ends_with(['"', ']'])
        && whole
            .range(begun.to_owned()..)
            .next()
            .is_some_and(|next| next.starts_with(begun) && next.ends_with(['"', ']']))
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

/// The cases whose end takes nothing back.
fn cases_told_in_order() -> Vec<(Case, Facts)> {
    let read = cases().into_iter().map(|case| {
        let report = read(&case.input);
        (case, report)
    });
    // One event in two transports is known as one by its kill, which may be cut off.
    let read = read.filter(|(case, report)| {
        !RETRACTED.contains(&case.name.as_str()) && report.oom_kills.iter().all(|kill| kill.also.is_empty())
    });
    read.map(|(case, report)| (case, facts(&report))).collect()
}

#[test]
fn a_case_cut_behind_a_line_loses_fields_and_changes_none() {
    let wrong = wrong_in_each(&cases_told_in_order(), |(case, whole)| {
        let cuts = line_cuts(&case.input).into_iter();
        let wrong = cuts.filter_map(|at| {
            let cut = facts(&read(&case.input[..at]));
            invented(case, &format!("cut behind byte {at}"), &cut, whole)
        });
        wrong.collect()
    });
    assert!(wrong.is_empty(), "values that the whole text does not have:\n{}", wrong.join("\n"));
}

#[test]
fn a_case_cut_within_a_line_loses_fields_and_changes_none() {
    let wrong = wrong_in_each(&cases_told_in_order(), |(case, whole)| {
        let cuts = byte_cuts(&case.input).into_iter();
        let wrong = cuts.filter_map(|at| {
            let cut = facts(&read(&case.input[..at]));
            invented(case, &format!("cut before byte {at}"), &cut, whole)
        });
        wrong.collect()
    });
    assert!(wrong.is_empty(), "values that the whole text does not have:\n{}", wrong.join("\n"));
}

#[test]
fn a_missing_last_line_end_costs_the_last_number_at_most() {
    let wrong = wrong_in_each(&cases(), |case| {
        let whole = facts(&read(&case.input));
        let without = facts(&read(case.input.trim_ascii_end()));
        let lost: Vec<&String> = whole.difference(&without).collect();
        let invented = invented(case, "without its last line end", &without, &whole);
        let lost = (lost.len() > 1).then(|| format!("{} without its last line end: lost {lost:?}", case.name));
        invented.into_iter().chain(lost).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
