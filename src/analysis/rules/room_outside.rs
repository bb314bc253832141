//! What a heap leaves of the memory that holds it, against what a JVM needs besides.

use crate::analysis::accounting::Known;
use crate::analysis::incident::Incident;
use crate::analysis::rules::collector_by_machine_size::MEMORY;
use crate::analysis::sizing::{Collector, Knobs, outside_of};
use crate::units::Bytes;

/// Hundredths of the memory: a heap that leaves more of it is nobody's mistake, however small the memory is.
const LEFT: u64 = 15;

/// What holds the heap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// A limit of the process or of its container.
    Limit,
    /// The machine, which has an operating system and files besides.
    Machine,
}

/// What is left of `whole` beside a heap, if that is less than the JVM takes outside of it: as NMT counts it, else as servers do.
pub(super) fn too_little(
    incident: &Incident<'_>,
    run: &str,
    (heap, whole): (Bytes, Bytes),
    within: Within,
) -> Option<Bytes> {
    let left = whole.0.checked_sub(heap.0).map(Bytes)?;
    let named = incident.run(run).and_then(|run| Collector::named(run.collector.as_deref()?));
    let collector = named.unwrap_or(if whole < MEMORY { Collector::Serial } else { Collector::G1 });
    let of_jvm = incident.non_heap(run).map_or_else(|| outside_of(collector, heap), |Known { bytes, .. }| bytes);
    let knobs = Knobs::default();
    let needed = match within {
        Within::Limit => of_jvm,
        Within::Machine => of_jvm.plus(knobs.os).plus(knobs.page_cache),
    };
    let is_small = u128::from(left.0) * 100 < u128::from(whole.0) * u128::from(LEFT);
    (is_small && left < needed).then_some(left)
}
