//! What a JVM was refused that is not its heap: native memory, threads, mappings, direct memory, room for classes, or its start. More heap
//! helps with none of it.

use super::errors::{by_warning, told};
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::model::kind::ErrorKind;

pub static RULE: Rule = Rule { id: RuleId::MemoryRefused, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let mut findings = told(incident, &RULE, |kind| !kind.is_of_heap() && kind != ErrorKind::Other);
    findings.extend(by_warning(incident, &RULE));
    findings
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::super::heap_exhausted;
    use super::*;
    use crate::model::java::JavaError;

    #[test]
    fn of_each_error_one_rule_tells_and_of_those_that_are_not_about_the_heap_this_one() {
        let tells = |rule: &Rule, kind: ErrorKind| {
            let mut incident = Fixture::of_one_run();
            let error =
                JavaError { kind, message: "message".into(), first_line: 4, last_line: 4, ..JavaError::default() };
            incident.readings.java_errors = vec![error];
            incident.check(rule).len()
        };
        for kind in ErrorKind::ALL.iter().copied().filter(|kind| *kind != ErrorKind::FatalError) {
            let of_heap = kind.is_of_heap() || kind == ErrorKind::Other;
            assert_eq!((tells(&heap_exhausted::RULE, kind), tells(&RULE, kind)), (of_heap.into(), (!of_heap).into()));
        }
    }
}
