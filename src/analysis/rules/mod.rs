//! What can be said about an incident: one rule per file, each a pure function from the incident to findings.
//!
//! Here belong rules with their thresholds and what they share in looking things up. Not here: wording (`i18n`) and sums
//! that more than the rules need (`accounting`, `sizing`).

mod class_limits;
mod code_cache;
mod collections;
mod collector_by_machine;
mod collector_fell_behind;
mod container_limit_reached;
mod container_unaware;
mod explicit_collections;
#[cfg(test)]
mod fixture;
mod flags_contradict;
mod generations;
mod headroom;
mod heap_exhausted;
mod heap_max_above_ram;
pub mod incident;
mod kernel_memory;
mod limit_below_heap_plus_native;
mod limit_hits;
mod machine_out_of_memory;
mod native_growth;
mod repeated_kills;
mod rising_floor;
mod rss_gap;
mod swap;
mod text_against_evidence;
mod tracking;
mod victim_is_not_trigger;

pub use incident::Incident;

use crate::analysis::finding::Finding;
use crate::analysis::statement::Statement;
use crate::i18n::Language;
use crate::model::readings::Readings;
use crate::model::run::Run;

/// A rule.
pub struct Rule {
    /// Stable for ever: it stands in shared links. Retired, never renamed.
    pub id: &'static str,
    /// Every finding carries the lines it rests on.
    pub check: fn(&Incident<'_>) -> Vec<Finding>,
}

/// All rules. Of findings with the same rank, the earlier rule speaks first.
pub static RULES: &[&Rule] = &[
    &machine_out_of_memory::RULE,
    &container_limit_reached::RULE,
    &heap_exhausted::RULE,
    &limit_below_heap_plus_native::RULE,
    &heap_max_above_ram::RULE,
    &container_unaware::RULE,
    &limit_hits::RULE,
    &rss_gap::RULE,
    &collections::THRASH,
    &rising_floor::RULE,
    &generations::FULL_HEAP,
    &generations::OLD,
    &generations::PROMOTION,
    &generations::YOUNG,
    &native_growth::GROWTH,
    &native_growth::CLASSES,
    &native_growth::THREADS,
    &native_growth::DIRECT,
    &native_growth::COMPILER,
    &class_limits::CLASS_SPACE,
    &class_limits::METASPACE,
    &code_cache::RULE,
    &kernel_memory::RULE,
    &swap::SWAP_USED_UP,
    &repeated_kills::RULE,
    &collections::MANY_FULL,
    &collections::TIME_SHARE,
    &collector_fell_behind::TO_SPACE,
    &collector_fell_behind::STALL,
    &collector_fell_behind::DEGENERATED,
    &collector_fell_behind::HUMONGOUS,
    &flags_contradict::RULE,
    &swap::NO_SWAP,
    &victim_is_not_trigger::RULE,
    &victim_is_not_trigger::THREAD,
    &text_against_evidence::RULE,
    &tracking::DEFAULT_HEAP,
    &collector_by_machine::RULE,
    &class_limits::THRESHOLD,
    &explicit_collections::RULE,
    &tracking::NMT_OFF,
    &tracking::STILL,
    &collections::NO_ALARM,
    &headroom::RULE,
    &native_growth::STEADY,
];

/// What all rules find, the gravest first, said in a language.
pub fn check(readings: &Readings, runs: &[Run], language: Language) -> Vec<Finding> {
    let incident = Incident::new(readings, runs);
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.check)(&incident)).collect();
    findings.sort_by_key(Finding::rank);
    let say = |statements: &mut Vec<Statement>| {
        for statement in statements {
            *statement = std::mem::take(statement).said(language);
        }
    };
    for finding in &mut findings {
        finding.statement = std::mem::take(&mut finding.statement).said(language);
        finding.claim = finding.statement.text.clone();
        say(&mut finding.rivals);
        say(&mut finding.next);
        finding.evidence.quote(|source, line| readings.excerpts.get(&(source, line)).cloned());
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_documented_and_nothing_else_is() {
        let text = include_str!("../../../docs/rules.md");
        let documented: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(id, _)| id).collect();
        let missing: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| !documented.contains(id)).collect();
        assert!(missing.is_empty(), "not in docs/rules.md: {missing:?}");
        let unknown: Vec<&&str> = documented.iter().filter(|id| !RULES.iter().any(|rule| rule.id == **id)).collect();
        assert!(unknown.is_empty(), "no rule, but in docs/rules.md: {unknown:?}");
    }

    #[test]
    fn every_rule_has_an_id_of_its_own_in_lower_case_with_dashes() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')), "{ids:?}");
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
