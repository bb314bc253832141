//! What became of a report when texts were added to it or taken out.

use crate::analysis::finding::Severity;
use crate::analysis::gaps::Gap;
use crate::analysis::statement::{Quantity, Statement};
use crate::i18n::format;
use crate::model::run::Run;
use crate::order::InOrder as _;
use crate::report::Report;
use crate::source::SourceSummary;

/// Findings that are named.
const MOST: usize = 3;

/// What is not as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What was asked for before and is known now.
    pub filled: Vec<Gap>,
    /// What is known of a process now and was not before: what it is called, as a key of the catalogues, and its value.
    pub learnt: Vec<(&'static str, String)>,
    /// The claim of before, if it is another one now.
    pub headline: Option<Statement>,
    /// Sentences of the answer that are new.
    pub lede: Vec<Statement>,
    /// Claims of findings that are new and stand in no sentence of the answer.
    pub findings: Vec<Statement>,
    /// What is to be done now and was not before.
    pub actions: Vec<Statement>,
    /// What was said about the heap's size before, if that is another answer now.
    pub sizing: Option<Statement>,
    /// The name of the text that came again, by all that is known of both.
    pub again: Option<String>,
}

impl Changes {
    /// Between a report and the same one with other texts.
    pub fn between(before: &Report, after: &Report) -> Changes {
        // What is to be done asks for it all the same.
        let command = |gap: &Gap| Quantity::Word(gap.command.clone());
        let is_asked = |gap: &Gap| {
            let asked = after.verdict.actions.iter().filter_map(|action| action.values.get("command"));
            asked.into_iter().any(|asked| asked.quantity == command(gap))
        };
        let is_filled =
            |gap: &&Gap| after.gaps.iter().chain(&after.verdict.open).all(|open| open.key != gap.key) && !is_asked(gap);
        let filled = before.gaps.iter().filter(is_filled).cloned().collect();
        let other = |before: &Statement, after: Option<&Statement>| {
            let same = after.is_some_and(|after| is_same(before, after));
            (!same).then(|| before.clone())
        };
        let headline = other(&before.verdict.headline, Some(&after.verdict.headline));
        let answer = |report: &'_ Report| report.sizing.as_ref().map(|sizing| sizing.reason.clone());
        let sizing = answer(before).and_then(|reason| other(&reason, answer(after).as_ref()));
        let new = |before: &[Statement], now: &[Statement]| -> Vec<Statement> {
            now.iter().filter(|now| before.iter().all(|before| !is_same(before, now))).cloned().collect()
        };
        let claims = |report: &Report| -> Vec<Statement> {
            let told = report.findings.iter().filter(|finding| finding.severity <= Severity::Warning);
            told.map(|finding| finding.statement.clone()).collect()
        };
        let lede = new(&before.verdict.lede, &after.verdict.lede);
        let mut findings = new(&after.verdict.lede, &new(&claims(before), &claims(after)));
        findings.truncate(MOST);
        let actions = new(&before.verdict.actions, &after.verdict.actions);
        let learnt = learnt(&before.runs, &after.runs);
        Changes { filled, learnt, headline, lede, findings, actions, sizing, again: again(before, after) }
    }
}

/// The text of before that is as long as the only new one, in bytes and in lines.
fn again(before: &Report, after: &Report) -> Option<String> {
    let new = after.sources.last().filter(|_| after.sources.len() == before.sources.len() + 1)?;
    let size = |source: &SourceSummary| (source.bytes, source.lines, source.understood_lines);
    before.sources.iter().find(|old| size(old) == size(new)).map(|old| old.name.clone())
}

/// Facts of runs that no run had before, each once.
fn learnt(before: &[Run], after: &[Run]) -> Vec<(&'static str, String)> {
    let facts = |runs: &[Run]| -> Vec<(&'static str, String)> {
        let of = |run: &Run| {
            let heap = run.max_heap.map(format::size);
            let collector = ("chart.compare.collector", run.collector.clone());
            [collector, ("chart.compare.max-heap", heap), ("chart.compare.jdk", run.jdk.clone())]
        };
        runs.iter().flat_map(of).filter_map(|(key, value)| Some((key, value?))).collect()
    };
    let known = facts(before);
    let mut new = facts(after);
    new.retain(|fact| !known.contains(fact));
    new.order();
    new.dedup();
    new
}

fn is_same(a: &Statement, b: &Statement) -> bool {
    a.key == b.key && same_values(a, b)
}

/// The same numbers, wherever they stand now.
fn same_values(a: &Statement, b: &Statement) -> bool {
    let values = |statement: &Statement| -> Vec<_> {
        statement.values.iter().map(|(name, value)| (name.clone(), value.quantity.clone())).collect()
    };
    values(a) == values(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    const KILL: &str = "[ 12.5] Out of memory: Killed process 7 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";
    const FREE: &str = "$ free -m\n               total        used        free      shared  buff/cache   available\nMem:             981         900          20           0          61          30\nSwap:              0           0           0\n";

    #[test]
    fn an_answer_to_a_question_is_told_and_a_claim_that_stays_is_not() {
        let (before, after) = (analysis_of(KILL).report, analysis_of(&format!("{FREE}{KILL}")).report);
        let changes = Changes::between(&before, &after);
        let keys: Vec<&str> = changes.filled.iter().map(|gap| gap.key.as_str()).collect();
        assert_eq!(keys, ["gap.machine"]);
        assert_eq!(changes.headline, None, "it is the same claim on another line");
        assert_eq!(Changes::between(&after, &after), Changes::default());
        let mut twice = before.clone();
        twice.sources.extend(before.sources.first().cloned());
        let again = before.sources.first().map(|source| source.name.clone());
        assert_eq!(Changes::between(&before, &twice), Changes { again, ..Changes::default() });
        let other = analysis_of("java.lang.OutOfMemoryError: Java heap space\n").report;
        assert_eq!(Changes::between(&other, &after).headline, Some(other.verdict.headline));
    }

    #[test]
    fn findings_and_steps_that_are_new_are_named() {
        let flags = "$ jcmd 7 VM.flags\n7:\n-XX:MaxHeapSize=4294967296 -XX:MaxMetaspaceSize=67108864 -XX:+UseG1GC\n";
        let (before, after) = (analysis_of(&format!("{FREE}{KILL}")), analysis_of(&format!("{FREE}{flags}{KILL}")));
        let (before, after) = (before.report, after.report);
        let changes = Changes::between(&before, &after);
        assert!(!changes.actions.is_empty() || !changes.findings.is_empty(), "{changes:?}");
        assert!(changes.findings.iter().all(|claim| !after.verdict.lede.contains(claim)));
    }

    #[test]
    fn what_options_told_is_named() {
        let error = "java.lang.OutOfMemoryError: Java heap space\n";
        let flags = "$ jcmd 4711 VM.flags\n4711:\n-XX:InitialHeapSize=67108864 -XX:MaxHeapSize=67108864 -XX:+UseG1GC\n";
        let (before, after) = (analysis_of(error).report, analysis_of(&format!("{error}{flags}")).report);
        let changes = Changes::between(&before, &after);
        assert!(changes.filled.iter().any(|gap| gap.key.starts_with("gap.flags")), "{changes:?}");
        let learnt = [("chart.compare.collector", "G1".to_owned()), ("chart.compare.max-heap", "64.0 MiB".to_owned())];
        assert_eq!(changes.learnt, learnt);
        assert!(changes.headline.is_some(), "it names the maximum now");
    }
}
