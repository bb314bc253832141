//! What became of a report when texts were added to it or taken out.

use crate::analysis::gaps::Gap;
use crate::analysis::statement::Statement;
use crate::report::Report;

/// What is not as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What was asked for before and is known now.
    pub filled: Vec<Gap>,
    /// The claim of before, if it is another one now.
    pub headline: Option<Statement>,
    /// What was said about the heap's size before, if that is another answer now.
    pub sizing: Option<Statement>,
}

impl Changes {
    /// Between a report and the same one with other texts.
    pub fn between(before: &Report, after: &Report) -> Changes {
        let is_open = |gap: &&Gap| after.gaps.iter().chain(&after.verdict.open).all(|open| open.key != gap.key);
        let filled = before.gaps.iter().filter(is_open).cloned().collect();
        let other = |before: &Statement, after: Option<&Statement>| {
            let same = after.is_some_and(|after| after.key == before.key && same_values(before, after));
            (!same).then(|| before.clone())
        };
        let headline = other(&before.verdict.headline, Some(&after.verdict.headline));
        let answer = |report: &'_ Report| report.sizing.as_ref().map(|sizing| sizing.reason.clone());
        let sizing = answer(before).and_then(|reason| other(&reason, answer(after).as_ref()));
        Changes { filled, headline, sizing }
    }
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
        let other = analysis_of("java.lang.OutOfMemoryError: Java heap space\n").report;
        assert_eq!(Changes::between(&other, &after).headline, Some(other.verdict.headline));
    }
}
