//! No room to copy into, and what is the same to other collectors.

use super::gc_warnings::each_run;
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::model::gc::{GcEvent, GcKind};

pub static RULE: Rule = Rule { id: RuleId::ToSpaceExhausted, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    // Since JDK 22 a region that native code holds counts as a failure as well; memory is not short then.
    let failed = |event: &&GcEvent| event.kind == GcKind::Failure && event.cause.as_deref() != Some("Pinned");
    each_run(incident, &RULE, failed, |events| {
        let all = |name: &str| events.iter().all(|event| event.name == name);
        Some(match events {
            [] => return None,
            _ if all("Out Of Memory") => "rule.to-space-exhausted.zgc",
            _ if all("concurrent mode failure") => "rule.to-space-exhausted.cms",
            _ => "rule.to-space-exhausted",
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn a_failed_evacuation_is_told_but_not_a_pinned_region() {
        assert_eq!(Fixture::events(GcKind::Failure, "Allocation", 0, 1).finding(&RULE).1, "rule.to-space-exhausted");
        assert_eq!(Fixture::events(GcKind::Failure, "Pinned", 0, 9).check(&RULE), []);
    }

    #[test]
    fn what_failed_is_told_in_the_collectors_own_terms() {
        for (name, told) in [
            ("Out Of Memory", "rule.to-space-exhausted.zgc"),
            ("concurrent mode failure", "rule.to-space-exhausted.cms"),
            ("promotion failed", "rule.to-space-exhausted"),
        ] {
            let mut incident = Fixture::events(GcKind::Failure, "any", 0, 2);
            for event in &mut incident.readings.gc_events {
                event.name = name.into();
            }
            assert_eq!(incident.finding(&RULE).1, told);
        }
    }
}
