//! The compressed class space is nearly used up.

use super::class_room::{Fill, by_reading, finding, nearly_full};
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::incident::line;
use crate::analysis::rule_id::RuleId;
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::ClassSpaceNearlyFull, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let fill = by_reading(incident, run, "class_used", "class_space_max")
            .or_else(|| by_nmt(incident, run))
            .filter(nearly_full)?;
        Some(finding(incident, &RULE, "rule.class-space-nearly-full", run, fill))
    };
    incident.runs.iter().filter_map(of_run).collect()
}

/// The class space is reserved at once, so its reservation is its room.
fn by_nmt(incident: &Incident<'_>, run: &Run) -> Option<Fill> {
    let snapshot = incident.nmt(&run.id).next_back()?;
    let space =
        snapshot.categories.iter().flat_map(|category| &category.spaces).find(|space| space.name == "Class space")?;
    let at = |name| space.at.get(name).unwrap_or_else(|| line(snapshot.source, space.line));
    Some((space.used?, at("used"), space.reserved?, Some(at("reserved"))))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::nmt::NmtSpace;

    fn nmt(used: u64) -> Fixture {
        let mut incident = Fixture::of_one_run().nmt(mib(300), mib(100));
        for category in incident.readings.nmt.iter_mut().flat_map(|snapshot| &mut snapshot.categories) {
            category.spaces.push(NmtSpace {
                name: "Class space".into(),
                reserved: Some(mib(100)),
                used: Some(mib(used)),
                line: 24,
                ..NmtSpace::default()
            });
        }
        incident
    }

    #[test]
    fn a_class_space_that_is_nearly_used_up_is_told() {
        assert_eq!(nmt(90).finding(&RULE).1, "rule.class-space-nearly-full");
        assert_eq!(nmt(89).check(&RULE), []);
    }
}
