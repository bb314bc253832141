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
/// settings could be compared.
pub fn did_it_help(reports: [&Report; 2], settings: Option<&[Difference]>, language: Language) -> String {
    let outcomes = reports.map(|report| report.verdict.outcome);
    let [before, after] = outcomes.map(|outcome| i18n::text(language, outcome.key()));
    let verdict = i18n::text(language, verdict(outcomes));
    let values = [("verdict", verdict.as_str()), ("before", &before), ("after", &after)];
    let told = i18n::fill(language, "chart.compare.outcome", &values);
    let Some(settings) = settings else { return told };
    let changed = settings.iter().take(SETTINGS).map(|row| {
        let [first, second] = row.values.each_ref().map(|value| value.text.as_str());
        i18n::fill(language, "chart.compare.values", &[("label", &row.label), ("first", first), ("second", second)])
    });
    let changed: Vec<String> = changed.collect();
    let changed = match changed.is_empty() {
        true => i18n::text(language, "chart.compare.changed.nothing"),
        false => {
            let what = i18n::list(language, "list.items", changed);
            i18n::fill(language, "chart.compare.changed", &[("what", &what)])
        }
    };
    format!("{told} {changed}")
}

/// How each of two reports ended, as a row. Of two runs of one report nothing is known of each.
pub(super) fn row([first, second]: [Side<'_>; 2], language: Language) -> Option<Difference> {
    let word = |side: Side<'_>| i18n::text(language, side.report.verdict.outcome.key());
    let values = [first, second].map(|side| Value { text: word(side), printed: None, span: None });
    let label = i18n::text(language, "chart.compare.outcome.row");
    let is_of_two = !std::ptr::eq(first.report, second.report);
    is_of_two.then_some(Difference { label, values, change: String::new(), weight: 0.0 })
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
