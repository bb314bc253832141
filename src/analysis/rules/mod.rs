//! What can be said about an incident: one rule per file, named after its id, each a pure function from the
//! incident to findings.
//!
//! Here belong rules with their thresholds and, in files that hold no rule, what they share in looking things up. Not here: wording (`i18n`) and sums
//! that more than the rules need (`accounting`, `sizing`).

mod allocation_stall;
mod class_growth;
mod class_room;
mod class_space_nearly_full;
mod code_cache_full;
mod collector_by_machine_size;
mod compiler_memory;
mod container_limit_reached;
mod container_unaware_jdk;
mod counters_do_not_move;
mod default_heap_in_force;
mod degenerated_collection;
mod direct_memory;
mod explicit_collections;
#[cfg(test)]
mod fixture;
mod flags_contradict;
mod full_collection_thrash;
mod full_collections;
mod full_count_is_no_alarm;
mod gc_share_of_time;
mod gc_time;
mod gc_warnings;
mod heap_exhausted;
mod heap_full_after_collecting;
mod heap_has_headroom;
mod heap_max_above_ram;
mod humongous_allocations;
pub mod incident;
mod kernel_memory;
mod limit_below_heap_plus_native;
mod limit_hits;
mod machine_out_of_memory;
mod many_full_collections;
mod metaspace_nearly_full;
mod metaspace_threshold_collections;
mod native_memory_steady;
mod nmt_changes;
mod nmt_diff_growth;
mod nmt_not_enabled;
mod no_swap;
mod old_generation_small;
mod premature_promotion;
mod repeated_kills;
mod rising_floor;
mod rss_not_explained_by_nmt;
mod swap_used_up;
mod text_against_evidence;
mod thread_count;
mod to_space_exhausted;
mod trigger;
mod trigger_thread;
mod victim_is_not_trigger;
mod young_generation_small;

pub use incident::Incident;

use crate::analysis::finding::Finding;
use crate::analysis::statement::Statement;
use crate::i18n::Language;
use crate::order::InOrder as _;

/// A rule.
pub struct Rule {
    /// Stable for ever: it stands in shared links. Retired, never renamed.
    pub id: &'static str,
    /// Every finding carries the lines it rests on.
    pub check: fn(&Incident<'_>) -> Vec<Finding>,
}

/// The rule that needs more than a report carries: the words around the logs.
pub const OF_PROSE: &str = text_against_evidence::RULE.id;

/// All rules. Of findings with the same rank, the earlier rule speaks first.
pub static RULES: &[&Rule] = &[
    &machine_out_of_memory::RULE,
    &container_limit_reached::RULE,
    &heap_exhausted::RULE,
    &limit_below_heap_plus_native::RULE,
    &heap_max_above_ram::RULE,
    &container_unaware_jdk::RULE,
    &limit_hits::RULE,
    &rss_not_explained_by_nmt::RULE,
    &full_collection_thrash::RULE,
    &rising_floor::RULE,
    &heap_full_after_collecting::RULE,
    &old_generation_small::RULE,
    &premature_promotion::RULE,
    &young_generation_small::RULE,
    &nmt_diff_growth::RULE,
    &class_growth::RULE,
    &thread_count::RULE,
    &direct_memory::RULE,
    &compiler_memory::RULE,
    &class_space_nearly_full::RULE,
    &metaspace_nearly_full::RULE,
    &code_cache_full::RULE,
    &kernel_memory::RULE,
    &swap_used_up::RULE,
    &repeated_kills::RULE,
    &many_full_collections::RULE,
    &gc_share_of_time::RULE,
    &to_space_exhausted::RULE,
    &allocation_stall::RULE,
    &degenerated_collection::RULE,
    &humongous_allocations::RULE,
    &flags_contradict::RULE,
    &no_swap::RULE,
    &victim_is_not_trigger::RULE,
    &trigger_thread::RULE,
    &text_against_evidence::RULE,
    &default_heap_in_force::RULE,
    &collector_by_machine_size::RULE,
    &metaspace_threshold_collections::RULE,
    &explicit_collections::RULE,
    &nmt_not_enabled::RULE,
    &counters_do_not_move::RULE,
    &full_count_is_no_alarm::RULE,
    &heap_has_headroom::RULE,
    &native_memory_steady::RULE,
];

/// Puts findings in order: the gravest first, and of the same rank those of the earlier rule.
pub fn order(findings: &mut [Finding]) {
    let place = |finding: &Finding| RULES.iter().position(|rule| rule.id == finding.rule);
    findings.order_by_key(|finding| (finding.rank(), place(finding)));
}

/// What all rules find, the gravest first, said in a language.
pub fn check(incident: &Incident<'_>, language: Language) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.check)(incident)).collect();
    order(&mut findings);
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
        finding.evidence.quote(|source, line| incident.readings.excerpts.get(&(source, line)).cloned());
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

    #[test]
    fn every_rule_has_a_file_of_its_own_named_after_its_id() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis/rules");
        for rule in RULES {
            let path = folder.join(rule.id.replace('-', "_")).with_extension("rs");
            let text = std::fs::read_to_string(&path).expect(rule.id);
            assert_eq!(text.matches("pub static ").count(), 1, "{}", rule.id);
            assert!(text.contains(&format!("id: {:?}", rule.id)), "{}", rule.id);
        }
    }
}
