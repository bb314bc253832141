//! A cause that the words of the input state, or what helped, quoted as theirs.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::Statement;
use crate::model::prose::SaidOf;

pub static RULE: Rule = Rule { id: RuleId::StatedCause, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of = |of: SaidOf| {
        let mut spans = incident.said(of);
        let proof = Proof::first(spans.next()?).all(spans);
        let key = match of {
            SaidOf::Cause => "rule.stated-cause",
            SaidOf::Remedy => "rule.stated-cause.remedy",
        };
        Some(Finding::new(RULE.id, Severity::Notice, Statement::new(key), proof))
    };
    SaidOf::ALL.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, span};
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::kind::HostKind;
    use crate::model::readings::SAID;

    #[test]
    fn what_words_state_is_quoted_and_other_statements_are_not() {
        let stated = |name: &'static str, value: &str| {
            let mut incident = Fixture::of_one_run();
            let mut host = HostReading { kind: HostKind::Stated, ..HostReading::default() };
            host.words.insert(name.to_owned(), value.to_owned());
            host.at.put(name, span(3));
            incident.readings.host.push(host);
            incident.check(&RULE).into_iter().map(|finding| finding.statement.key).collect::<Vec<_>>()
        };
        assert_eq!(stated(SAID, "cause"), ["rule.stated-cause"]);
        assert_eq!(stated(SAID, "remedy"), ["rule.stated-cause.remedy"]);
        assert!(stated("platform", "windows").is_empty());
    }
}
