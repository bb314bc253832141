//! Sizes that the words around the logs state: they stand in for what nothing measured, and never beside it.

use super::facts::{Count, Fact, Facts, LiveSet, Origin, Wall, WallKind};
use crate::analysis::incident::Incident;
use crate::model::prose::About;
use crate::units::Bytes;

/// What the prose states, where all of it agrees.
pub(super) fn gather(incident: &Incident<'_>) -> Facts {
    let of = |about: About| {
        let (_, name) = About::STATED.iter().find(|(known, _)| *known == about)?;
        incident.stated(name).map(|known| Fact { bytes: known.bytes, at: known.at, origin: Origin::Stated })
    };
    let (limit, ram) = (of(About::Limit), of(About::Ram));
    let wall = limit.map(|size| Wall { kind: WallKind::Limit, size });
    let mut facts = Facts {
        wall: wall.or(ram.map(|size| Wall { kind: WallKind::Ram, size })),
        ram: ram.or(limit),
        requests: incident.stated_count("stated_requests").map(|(count, at)| Count { count, at }),
        swap: of(About::Swap),
        ..Facts::default()
    };
    // Of several JVMs the prose does not say which it means.
    if incident.jvms() > 1 {
        return facts;
    }
    facts.max_heap = of(About::MaxHeap);
    facts.max_heaps = facts.max_heap.into_iter().collect();
    facts.live_sets = of(About::LiveSet).map(live_set).into_iter().collect();
    facts.non_heap = of(About::Used).zip(of(About::HeapCommitted)).and_then(|(resident, heap)| {
        let rest = resident.bytes.0.checked_sub(heap.bytes.0).filter(|rest| *rest > 0)?;
        Some(Fact { bytes: Bytes(rest), ..resident })
    });
    facts
}

fn live_set(size: Fact) -> LiveSet {
    LiveSet { run: String::new(), size, after_full: true, growing: false }
}

impl Facts {
    /// True if prose suffices for an answer: what there is for the heap, and what it needs or has.
    pub(super) fn suffices(&self) -> bool {
        self.wall.is_some() && (self.max_heap.is_some() || !self.live_sets.is_empty())
    }

    /// True if some of it is only stated.
    pub fn rests_on_prose(&self) -> bool {
        let facts = [self.wall.map(|wall| wall.size), self.ram, self.max_heap, self.non_heap];
        let known = facts.into_iter().flatten().chain(self.live_sets.iter().map(|live| live.size));
        known.chain(self.max_heaps.iter().copied()).any(|fact| fact.origin == Origin::Stated)
    }

    /// Takes from the prose what nothing measured.
    pub(super) fn fill(&mut self, stated: Facts) {
        let below = |stated: &Wall| {
            self.wall.is_none_or(|known| {
                // A limit on a machine whose memory is known is another thing than that.
                known.kind == WallKind::Ram && stated.kind == WallKind::Limit && stated.size.bytes < known.size.bytes
            })
        };
        if let Some(wall) = stated.wall.filter(below) {
            self.wall = Some(wall);
            self.others = None;
            self.ram = if wall.kind == WallKind::Limit { Some(wall.size) } else { self.ram };
        }
        self.ram = self.ram.or(stated.ram);
        if self.max_heaps.is_empty() {
            self.max_heap = self.max_heap.or(stated.max_heap);
            self.max_heaps = stated.max_heaps;
        }
        self.non_heap = self.non_heap.or(stated.non_heap);
        (self.requests, self.swap) = (stated.requests, stated.swap);
        if self.live_sets.is_empty() {
            self.live_sets = stated.live_sets;
        }
    }
}
