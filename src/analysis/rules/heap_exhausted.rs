//! The JVM itself reported that its heap ran out.

use super::errors::told;
use super::{Incident, Rule};
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::model::kind::ErrorKind;

pub static RULE: Rule = Rule { id: RuleId::HeapExhausted, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    told(incident, &RULE, |kind| kind.is_of_heap() || kind == ErrorKind::Other)
}
