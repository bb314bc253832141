//! Native memory tracking was off.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::kind::EventKind;

pub static RULE: Rule = Rule { id: RuleId::NmtNotEnabled, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let Some(event) = incident.readings.events.iter().find(|event| event.kind == EventKind::NmtNotEnabled) else {
        return Vec::new();
    };
    let at = line(event.source, event.first_line);
    let claim = Statement::new("rule.nmt-not-enabled");
    let finding = Finding::new(RULE.id, Severity::Notice, claim, Proof::first(at)).about(event.run.as_deref());
    let option = Quantity::Word("-XX:NativeMemoryTracking=summary".into());
    vec![finding.then(Statement::new("rule.nmt-not-enabled.next").with("command", option, None))]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::model::oom::Event;

    #[test]
    fn tracking_that_is_off_is_told_with_the_option_to_add() {
        let mut incident = Fixture::of_one_run();
        assert_eq!(incident.check(&RULE), []);
        incident.readings.events.push(Event { kind: EventKind::NmtNotEnabled, first_line: 3, ..Event::default() });
        assert_eq!(incident.finding(&RULE).0.next.len(), 1);
    }
}
