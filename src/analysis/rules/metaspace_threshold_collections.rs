//! Full collections that only classes called for.

use super::full_collections::Caused;
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::model::kind::ErrorKind;

pub static RULE: Rule = Rule { id: RuleId::MetaspaceThresholdCollections, check };

/// Starting takes one or two.
const THRESHOLD: Caused = Caused {
    cause: "Metadata GC",
    often: 4,
    claim: "rule.metaspace-threshold-collections",
    next: "rule.metaspace-threshold-collections.next",
};

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    // An error of the metaspace says more.
    if incident.readings.java_errors.iter().any(|error| error.kind == ErrorKind::Metaspace) {
        return Vec::new();
    }
    incident.runs.iter().filter_map(|run| THRESHOLD.check(&RULE, incident, run)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::model::gc::{GcEvent, GcKind};

    #[test]
    fn collections_for_the_threshold_count_from_the_fourth() {
        let log = |count: usize| {
            let event =
                GcEvent { kind: GcKind::Full, cause: Some("Metadata GC Threshold".into()), ..GcEvent::default() };
            Fixture::of_one_run().gc_log("Parallel", vec![event; count])
        };
        assert_eq!(log(4).finding(&RULE).1, "rule.metaspace-threshold-collections");
        assert_eq!(log(3).check(&RULE), []);
    }
}
