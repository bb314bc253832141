//! Did it help? What became of two reports, held against each other.

use super::{Difference, Side, Value};
use crate::analysis::finding::Severity;
use crate::analysis::statement::Quantity;
use crate::analysis::verdict::Outcome;
use crate::i18n::{self, Language};
use crate::report::Report;
use crate::units::Micros;

/// Settings that the sentence names.
const SETTINGS: usize = 3;
/// What is told where it got worse although the end did not.
const FELT: [&str; 3] = ["chart.compare.longest", "chart.compare.paused", "chart.compare.share"];
/// How many times as much is clearly worse.
const CLEARLY: f64 = 1.25;

/// True if the first of two reports is of a later time than the second, as far as both tell.
pub fn is_later(first: &Report, second: &Report) -> bool {
    time(first).zip(time(second)).is_some_and(|(first, second)| first > second)
}

/// When it happened, by what the answer says of it.
fn time(report: &Report) -> Option<Micros> {
    let values = report.verdict.subject.iter().flat_map(|statement| statement.values.values());
    let times = values.filter_map(|value| match value.quantity {
        Quantity::Time(micros) | Quantity::ZonedTime(micros, _) => Some(micros),
        _ => None,
    });
    times.max()
}

/// Whether it helped, from what became of the report of before and that of after, and what was set otherwise; `None` where no
/// settings could be compared. `measures` are what was measured of both.
pub fn did_it_help(
    reports: [&Report; 2],
    settings: Option<&[Difference]>,
    measures: &[Difference],
    language: Language,
) -> String {
    let outcomes = reports.map(|report| report.verdict.outcome);
    let [before, after] = outcomes.map(|outcome| i18n::text(language, outcome.key()));
    let key = verdict(outcomes);
    let verdict = i18n::text(language, key);
    let values = [("verdict", verdict.as_str()), ("before", &before), ("after", &after)];
    let mut told = i18n::fill(language, "chart.compare.outcome", &values);
    if let Some(but) = but_worse(key, measures, language) {
        told = format!("{told} {but}");
    }
    let Some(settings) = settings else { return told };
    // `-Xmx` is the maximum of the heap once more.
    let texts = |row: &Difference| row.values.each_ref().map(|value| value.text.clone());
    let is_told = |nth: usize, row: &Difference| {
        row.label.starts_with('-') && settings.iter().take(nth).any(|other| texts(other) == texts(row))
    };
    let rows = settings.iter().enumerate().filter(|(nth, row)| !is_told(*nth, row));
    let changed: Vec<String> = rows.take(SETTINGS).map(|(_, row)| with_values(row, language)).collect();
    let changed = match changed.is_empty() {
        true => i18n::text(language, "chart.compare.changed.nothing"),
        false => {
            let what = i18n::list(language, "list.items", changed);
            i18n::fill(language, "chart.compare.changed", &[("what", &what)])
        }
    };
    let several = settings.len() > 1 && is_other(key);
    let several = if several { i18n::text(language, "chart.compare.several") } else { String::new() };
    format!("{told} {changed} {several}").trim_end().to_owned()
}

/// True for an answer that something must have led to.
fn is_other(verdict: &str) -> bool {
    let others = ["helped", "no-end", "partly", "other-end", "worse"];
    others.into_iter().any(|key| verdict.strip_prefix("chart.compare.verdict.") == Some(key))
}

/// A row as `label before → after`.
fn with_values(row: &Difference, language: Language) -> String {
    let [first, second] = row.values.each_ref().map(|value| value.text.as_str());
    i18n::fill(language, "chart.compare.values", &[("label", &row.label), ("first", first), ("second", second)])
}

/// Pauses and GC that got clearly worse although the end is as good as before, or better.
fn but_worse(verdict: &str, measures: &[Difference], language: Language) -> Option<String> {
    let is_well = ["helped", "no-end", "partly", "same"];
    if !is_well.into_iter().any(|key| verdict.strip_prefix("chart.compare.verdict.") == Some(key)) {
        return None;
    }
    let felt = FELT.map(|key| i18n::text(language, key));
    let worse = measures.iter().filter(|row| row.grown >= CLEARLY && felt.contains(&row.label));
    let worse: Vec<String> = worse.map(|row| with_values(row, language)).collect();
    let what = (!worse.is_empty()).then(|| i18n::list(language, "list.items", worse))?;
    Some(i18n::fill(language, "chart.compare.but-worse", &[("what", &what)]))
}

/// How each of two reports ended, as a row. Of two runs of one report nothing is known of each.
pub(super) fn row([first, second]: [Side<'_>; 2], language: Language) -> Option<Difference> {
    let word = |side: Side<'_>| i18n::text(language, side.report.verdict.outcome.key());
    let values = [first, second].map(|side| Value { text: word(side), printed: None, span: None });
    let label = i18n::text(language, "chart.compare.outcome.row");
    let is_of_two = !std::ptr::eq(first.report, second.report);
    is_of_two.then_some(Difference { label, values, change: String::new(), weight: 0.0, grown: 0.0 })
}

/// The key of the answer. What no log shows is not what did not happen.
fn verdict([before, after]: [Outcome; 2]) -> &'static str {
    let is_silent = |outcome| matches!(outcome, Outcome::NothingFound | Outcome::NothingRecognised);
    let ends = |outcome| Severity::from(outcome) == Severity::Critical;
    match (before, after) {
        (Outcome::NothingRecognised, _) | (_, Outcome::NothingRecognised) => "chart.compare.verdict.unclear",
        (before, after) if is_silent(before) && is_silent(after) => "chart.compare.verdict.unclear",
        (before, after) if ends(before) && is_silent(after) => "chart.compare.verdict.no-end",
        (before, after) if ends(before) && ends(after) && before == after => "chart.compare.verdict.not",
        (before, after) if ends(before) && ends(after) => "chart.compare.verdict.other-end",
        (before, after) if ends(before) && after == Outcome::Healthy => "chart.compare.verdict.helped",
        (before, _) if ends(before) => "chart.compare.verdict.partly",
        (_, after) if ends(after) => "chart.compare.verdict.worse",
        (before, after) if before == after => "chart.compare.verdict.same",
        (_, Outcome::Healthy) => "chart.compare.verdict.helped",
        (Outcome::Healthy, _) => "chart.compare.verdict.worse",
        _ => "chart.compare.verdict.unclear",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_that_got_longer_is_told_beside_an_end_that_got_better() {
        let row = |key: &str, grown: f64| {
            let values = ["50 ms", "98 ms"].map(|text| Value { text: text.to_owned(), printed: None, span: None });
            Difference { label: i18n::text(Language::En, key), values, change: String::new(), weight: 0.0, grown }
        };
        let told = |verdict, rows: &[Difference]| but_worse(verdict, rows, Language::En);
        let longer = [row("chart.compare.longest", 1.96), row("chart.compare.pauses", 9.0)];
        let said = told("chart.compare.verdict.helped", &longer).expect("a sentence");
        assert!(said.contains("longest pause 50 ms → 98 ms") && !said.contains("pauses"), "{said}");
        assert_eq!(told("chart.compare.verdict.worse", &longer), None);
        assert_eq!(told("chart.compare.verdict.same", &[row("chart.compare.longest", 1.2)]), None);
    }

    #[test]
    fn only_what_was_seen_to_be_well_has_helped() {
        for (before, after, key) in [
            (Outcome::Killed, Outcome::Healthy, "helped"),
            (Outcome::Killed, Outcome::NothingFound, "no-end"),
            (Outcome::Killed, Outcome::Killed, "not"),
            (Outcome::Killed, Outcome::OutOfMemory, "other-end"),
            (Outcome::Killed, Outcome::AtRisk, "partly"),
            (Outcome::Healthy, Outcome::Killed, "worse"),
            (Outcome::Growing, Outcome::Healthy, "helped"),
            (Outcome::AtRisk, Outcome::AtRisk, "same"),
            (Outcome::NothingFound, Outcome::NothingFound, "unclear"),
            (Outcome::NothingRecognised, Outcome::Killed, "unclear"),
        ] {
            assert_eq!(verdict([before, after]), format!("chart.compare.verdict.{key}"), "{before:?} {after:?}");
        }
    }
}
