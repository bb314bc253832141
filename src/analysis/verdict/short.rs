//! What of memory the answer is about: pictures show that first.

use super::Verdict;
use crate::analysis::rule_id::RuleId;

/// What ran out, or is about to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// The Java heap.
    Heap,
    /// Room for classes.
    Metaspace,
    /// Buffers outside of the heap.
    Direct,
    /// A container, at its limit.
    Container,
    /// The machine.
    Machine,
    /// What one process has resident.
    Process,
}

impl Verdict {
    /// What the headline says to be short. `None` if it is no memory that a picture shows, or nothing.
    pub fn short(&self) -> Option<Short> {
        let claim = self.headline.key.as_str();
        let claim = claim.strip_prefix("verdict.headline.").unwrap_or(claim);
        let mut words = claim.split('.');
        let (first, second) = (words.next()?, words.next().unwrap_or_default());
        match (first, second) {
            ("rule", rule) => of_rule(RuleId::of(rule)),
            ("heap" | "gc-overhead", _) => Some(Short::Heap),
            ("metaspace" | "class-space" | "permgen", _) => Some(Short::Metaspace),
            ("direct", _) => Some(Short::Direct),
            ("oomkilled" | "counted", _) => Some(Short::Container),
            ("killed" | "chosen" | "unfinished" | "no-killable", "limit" | "group") => Some(Short::Container),
            ("killed", "sysrq" | "nodes") => None,
            ("killed" | "chosen" | "unfinished" | "no-killable" | "panic", _) => Some(Short::Machine),
            _ => None,
        }
    }
}

fn of_rule(rule: RuleId) -> Option<Short> {
    Some(match rule {
        RuleId::HeapExhausted
        | RuleId::FullCollectionThrash
        | RuleId::RisingFloor
        | RuleId::HeapFullAfterCollecting
        | RuleId::OldGenerationSmall => Short::Heap,
        RuleId::ClassGrowth | RuleId::ClassSpaceNearlyFull | RuleId::MetaspaceNearlyFull => Short::Metaspace,
        RuleId::DirectMemory => Short::Direct,
        RuleId::ContainerLimitReached
        | RuleId::LimitBelowHeapPlusNative
        | RuleId::ContainerUnawareJdk
        | RuleId::LimitHits
        | RuleId::LimitNearlyReached
        | RuleId::PageCacheFillsLimit => Short::Container,
        RuleId::MachineOutOfMemory
        | RuleId::HeapMaxAboveRam
        | RuleId::MemoryNearlyGone
        | RuleId::SwapUsedUp
        | RuleId::Swapping => Short::Machine,
        RuleId::OutsideHeap | RuleId::RssNotExplainedByNmt | RuleId::CLibraryRetains => Short::Process,
        _ => return None,
    })
}
