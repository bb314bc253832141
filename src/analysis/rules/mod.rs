//! What can be said about an incident: one rule per file, named after its id, each a pure function from the
//! incident to findings.
//!
//! Here belong rules with their thresholds and, in files that hold no rule, what they share in looking things up. Not here: wording (`i18n`) and sums
//! that more than the rules need (`accounting`, `sizing`).

mod allocation_stall;
mod c_library_retains;
mod class_growth;
mod class_room;
mod class_space_nearly_full;
mod code_cache_full;
pub(crate) mod collector_by_machine_size;
mod compiler_memory;
mod container_limit_reached;
mod container_unaware_jdk;
mod counters_do_not_move;
mod crash_loop;
mod default_heap_in_force;
mod degenerated_collection;
mod direct_limit_as_heap;
mod direct_memory;
mod errors;
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
mod impossible_value;
mod kernel_memory;
mod limit_below_heap_plus_native;
mod limit_hits;
mod limit_nearly_reached;
mod longest_stop;
mod machine_out_of_memory;
mod many_full_collections;
mod memory_nearly_gone;
mod memory_refused;
mod metaspace_nearly_full;
mod metaspace_threshold_collections;
mod native_memory_steady;
mod nmt_changes;
mod nmt_diff_growth;
mod nmt_not_enabled;
mod no_swap;
mod old_generation_small;
mod onset;
mod outside_heap;
mod page_cache_fills_limit;
mod permgen_full;
mod premature_promotion;
mod repeated_kills;
mod rising_floor;
mod room_outside;
mod rss_not_explained_by_nmt;
mod stated_cause;
mod swap_used_up;
mod swapping;
mod task_limits;
mod text_against_evidence;
mod thread_count;
mod to_space_exhausted;
mod trigger;
mod trigger_thread;
mod use_above_maximum;
mod victim_is_not_trigger;
mod young_generation_small;

pub(crate) use errors::{Refusal, refusal};
pub(crate) use heap_full_after_collecting::heap_left_full;

pub use full_collections::is_of_heap;
pub use machine_out_of_memory::mostly;
pub use metaspace_threshold_collections::pair_at_limit;

use crate::analysis::finding::Finding;
use crate::analysis::incident::Incident;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::Statement;
use crate::i18n::Language;
use crate::order::InOrder as _;

/// A rule.
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// Every finding carries the lines it rests on.
    pub check: fn(&Incident<'_>) -> Vec<Finding>,
}

impl RuleId {
    /// The rule of that name; of one that this version does not know there is none.
    pub fn rule(self) -> Option<&'static Rule> {
        Some(match self {
            RuleId::MachineOutOfMemory => &machine_out_of_memory::RULE,
            RuleId::ContainerLimitReached => &container_limit_reached::RULE,
            RuleId::HeapExhausted => &heap_exhausted::RULE,
            RuleId::MemoryRefused => &memory_refused::RULE,
            RuleId::LimitBelowHeapPlusNative => &limit_below_heap_plus_native::RULE,
            RuleId::HeapMaxAboveRam => &heap_max_above_ram::RULE,
            RuleId::ContainerUnawareJdk => &container_unaware_jdk::RULE,
            RuleId::LimitHits => &limit_hits::RULE,
            RuleId::LimitNearlyReached => &limit_nearly_reached::RULE,
            RuleId::RssNotExplainedByNmt => &rss_not_explained_by_nmt::RULE,
            RuleId::OutsideHeap => &outside_heap::RULE,
            RuleId::FullCollectionThrash => &full_collection_thrash::RULE,
            RuleId::RisingFloor => &rising_floor::RULE,
            RuleId::HeapFullAfterCollecting => &heap_full_after_collecting::RULE,
            RuleId::OldGenerationSmall => &old_generation_small::RULE,
            RuleId::PrematurePromotion => &premature_promotion::RULE,
            RuleId::YoungGenerationSmall => &young_generation_small::RULE,
            RuleId::NmtDiffGrowth => &nmt_diff_growth::RULE,
            RuleId::ClassGrowth => &class_growth::RULE,
            RuleId::ThreadCount => &thread_count::RULE,
            RuleId::DirectMemory => &direct_memory::RULE,
            RuleId::CompilerMemory => &compiler_memory::RULE,
            RuleId::ClassSpaceNearlyFull => &class_space_nearly_full::RULE,
            RuleId::MetaspaceNearlyFull => &metaspace_nearly_full::RULE,
            RuleId::CodeCacheFull => &code_cache_full::RULE,
            RuleId::KernelMemory => &kernel_memory::RULE,
            RuleId::PageCacheFillsLimit => &page_cache_fills_limit::RULE,
            RuleId::CLibraryRetains => &c_library_retains::RULE,
            RuleId::MemoryNearlyGone => &memory_nearly_gone::RULE,
            RuleId::SwapUsedUp => &swap_used_up::RULE,
            RuleId::Swapping => &swapping::RULE,
            RuleId::RepeatedKills => &repeated_kills::RULE,
            RuleId::CrashLoop => &crash_loop::RULE,
            RuleId::ManyFullCollections => &many_full_collections::RULE,
            RuleId::GcShareOfTime => &gc_share_of_time::RULE,
            RuleId::Onset => &onset::RULE,
            RuleId::LongestStop => &longest_stop::RULE,
            RuleId::PermgenFull => &permgen_full::RULE,
            RuleId::ToSpaceExhausted => &to_space_exhausted::RULE,
            RuleId::AllocationStall => &allocation_stall::RULE,
            RuleId::DegeneratedCollection => &degenerated_collection::RULE,
            RuleId::HumongousAllocations => &humongous_allocations::RULE,
            RuleId::FlagsContradict => &flags_contradict::RULE,
            RuleId::UseAboveMaximum => &use_above_maximum::RULE,
            RuleId::DirectLimitAsHeap => &direct_limit_as_heap::RULE,
            RuleId::NoSwap => &no_swap::RULE,
            RuleId::VictimIsNotTrigger => &victim_is_not_trigger::RULE,
            RuleId::TriggerThread => &trigger_thread::RULE,
            RuleId::TextAgainstEvidence => &text_against_evidence::RULE,
            RuleId::DefaultHeapInForce => &default_heap_in_force::RULE,
            RuleId::CollectorByMachineSize => &collector_by_machine_size::RULE,
            RuleId::MetaspaceThresholdCollections => &metaspace_threshold_collections::RULE,
            RuleId::ExplicitCollections => &explicit_collections::RULE,
            RuleId::NmtNotEnabled => &nmt_not_enabled::RULE,
            RuleId::CountersDoNotMove => &counters_do_not_move::RULE,
            RuleId::FullCountIsNoAlarm => &full_count_is_no_alarm::RULE,
            RuleId::HeapHasHeadroom => &heap_has_headroom::RULE,
            RuleId::NativeMemorySteady => &native_memory_steady::RULE,
            RuleId::StatedCause => &stated_cause::RULE,
            RuleId::ImpossibleValue => &impossible_value::RULE,
            RuleId::Unknown => return None,
        })
    }
}

/// All rules, in the order in which they speak.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    RuleId::ALL.iter().filter_map(|id| id.rule())
}

/// Puts findings in order: the gravest first, and of the same rank those of the earlier rule.
pub fn order(findings: &mut [Finding]) {
    findings.order_by_key(|finding| (finding.rank(), finding.rule));
}

/// What all rules find, the gravest first, said in a language.
pub fn check(incident: &Incident<'_>, language: Language) -> Vec<Finding> {
    let mut findings: Vec<Finding> = all().flat_map(|rule| (rule.check)(incident)).collect();
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
        let missing: Vec<&RuleId> = RuleId::ALL.iter().filter(|id| !documented.contains(&id.name())).collect();
        assert!(missing.is_empty(), "not in docs/rules.md: {missing:?}");
        let unknown: Vec<&&str> = documented.iter().filter(|id| RuleId::of(id) == RuleId::Unknown).collect();
        assert!(unknown.is_empty(), "no rule, but in docs/rules.md: {unknown:?}");
    }

    #[test]
    fn every_id_is_one_of_its_own_in_lower_case_with_dashes_and_leads_to_its_rule() {
        let mut names: Vec<&str> = RuleId::ALL.iter().map(|id| id.name()).collect();
        assert!(names.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')), "{names:?}");
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(RuleId::ALL.iter().all(|id| id.rule().is_some_and(|rule| rule.id == *id)));
    }

    #[test]
    fn every_rule_has_a_file_of_its_own_named_after_its_id() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis/rules");
        for id in RuleId::ALL {
            let path = folder.join(id.name().replace('-', "_")).with_extension("rs");
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(text.matches("pub static ").count(), 1, "{id}");
            assert!(text.contains(&format!("id: RuleId::{id:?},")), "{id}");
        }
    }
}
