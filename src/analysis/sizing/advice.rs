//! What common advice would have led to on the same host.

use super::facts::{Facts, WallKind};
use super::knobs::{Knobs, share};
use crate::json::Json;
use crate::units::{Bytes, MIB};

/// Below this, a JVM takes half of the memory. Measured with JDK 17 and 25, identical.
pub(super) const HALF_BELOW: Bytes = Bytes(252 * MIB);
/// From there up to four times this, a JVM takes this much.
pub(super) const FLAT: Bytes = Bytes(126 * MIB);
/// Threads that the buildpack calculator assumes.
const CALCULATOR_THREADS: u64 = 250;

/// One piece of advice and how it ends.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Replay {
    /// Catalogue key `sizing.advice.<name>`.
    pub name: String,
    /// The heap maximum it leads to.
    pub heap: Bytes,
    /// That and what was measured outside of the heap.
    pub total: Option<Bytes>,
    /// How it ends.
    pub outcome: Outcome,
}

/// How a heap maximum ends, once the heap is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
pub enum Outcome {
    /// Below the floor: heap space runs out.
    TooSmall,
    /// From floor to ceiling.
    Fits,
    /// Below the wall, but inside of the safety margin and the allowance for growth.
    Tight,
    /// Beyond the wall.
    Killed,
}

impl Outcome {
    /// Its catalogue key.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::TooSmall => "sizing.outcome.too-small",
            Outcome::Fits => "sizing.outcome.fits",
            Outcome::Tight => "sizing.outcome.tight",
            Outcome::Killed => "sizing.outcome.killed",
        }
    }
}

/// Replays the advice that the known facts suffice for.
pub(super) fn replay(
    facts: &Facts,
    knobs: &Knobs,
    wall: Option<Bytes>,
    floor: Option<Bytes>,
    ceiling: Option<Bytes>,
) -> Vec<Replay> {
    let (Some(wall), Some(ceiling), Some(non_heap)) = (wall, ceiling, facts.non_heap) else { return Vec::new() };
    let wall = wall.plus(knobs.swap);
    let outside = non_heap.bytes.plus(facts.untracked.map_or(Bytes(0), |fact| fact.bytes));
    let outcome = |heap: Bytes| match heap {
        heap if heap.plus(outside) > wall => Outcome::Killed,
        heap if floor.is_some_and(|floor| heap < floor) => Outcome::TooSmall,
        heap if heap <= ceiling => Outcome::Fits,
        _ => Outcome::Tight,
    };
    let mut advice: Vec<(&str, Bytes)> = Vec::new();
    if let Some(ram) = knobs.ram.or(facts.ram.map(|ram| ram.bytes)) {
        let ram = ram.plus(knobs.added);
        let is_limit = facts.wall.is_some_and(|wall| wall.kind == WallKind::Limit);
        let default = if facts.target.openj9 { default_heap_of_openj9(ram, is_limit) } else { default_heap(ram) };
        advice.push(("default", default));
        advice.push(("three-quarters", share(ram, 750)));
        if let Some(classes) = facts.classes {
            advice.extend(calculator(ram, classes, CALCULATOR_THREADS).map(|heap| ("calculator", heap)));
            let threads = facts.threads.and_then(|threads| calculator(ram, classes, threads));
            advice.extend(threads.map(|heap| ("calculator-threads", heap)));
        }
    }
    if let Some(live) = knobs.live_set.or(facts.live_sets.first().map(|live| live.size.bytes)) {
        advice.push(("three-live-sets", Bytes(live.0.saturating_mul(3))));
    }
    advice
        .into_iter()
        .map(|(name, heap)| Replay {
            name: name.to_owned(),
            heap,
            total: Some(heap.plus(outside)),
            outcome: outcome(heap),
        })
        .collect()
}

/// What a HotSpot JVM takes without any option: half of very little, 126 MiB of a little more, else a quarter.
pub(crate) fn default_heap(ram: Bytes) -> Bytes {
    heap_of_shares(ram, 25.0, 50.0)
}

/// What it takes where options set the two shares, in percent: the second where that is less than 126 MiB, else the first, and no less
/// than these.
pub(crate) fn heap_of_shares(ram: Bytes, most: f64, of_little: f64) -> Bytes {
    let share = |percent: f64| Bytes((ram.0 as f64 * percent / 100.0) as u64);
    match share(of_little) {
        little if little < FLAT => little,
        _ => share(most).max(FLAT),
    }
}

/// What OpenJ9 takes: a quarter of a machine, 25 GiB at most; in a container half of very little, all but 512 MiB of a little more, else
/// three quarters.
pub(crate) fn default_heap_of_openj9(memory: Bytes, is_limit: bool) -> Bytes {
    match memory.0 {
        memory if !is_limit => Bytes((memory / 4).min(25 << 30)),
        limit if limit < 1 << 30 => Bytes(limit / 2),
        limit if limit <= 2 << 30 => Bytes(limit - (512 << 20)),
        limit => Bytes(limit / 4 * 3),
    }
}

/// The formula of the buildpacks' memory calculator: all but 10 M of direct memory, 14,000,000 bytes and 5,800 per class
/// of metaspace, 240 M of code, and 1 M per thread. `None` if nothing is left.
fn calculator(ram: Bytes, classes: u64, threads: u64) -> Option<Bytes> {
    let metaspace = classes.checked_mul(5800)?.checked_add(14_000_000)?;
    let rest = threads.checked_add(10 + 240)?.checked_mul(MIB)?;
    ram.0.checked_sub(metaspace)?.checked_sub(rest).map(Bytes)
}
