//! Sizes that the words around the logs state: they stand in for what nothing measured, and never beside it.

use super::facts::{Fact, Facts, LiveSet, Origin, Wall, WallKind};
use super::model::{Sizing, compute};
use crate::analysis::incident::Incident;
use crate::i18n::Language;
use crate::model::prose::{About, Amount};
use crate::units::Bytes;

/// What the prose states, where all of it agrees.
pub(super) fn gather(incident: &Incident<'_>) -> Facts {
    let of = |about: About| {
        let numbers = incident.readings.prose.iter().filter(|number| number.about == Some(about));
        let mut sizes = numbers.filter_map(|number| match number.amount {
            Amount::Size { binary, .. } => Some((binary, number.span)),
            Amount::Share(_) | Amount::Count(_) => None,
        });
        let (bytes, at) = sizes.next()?;
        let agrees = bytes.0 > 0 && sizes.all(|(other, _)| other == bytes);
        agrees.then_some(Fact { bytes, at: Some(at), origin: Origin::Stated })
    };
    let (limit, ram) = (of(About::Limit), of(About::Ram));
    let wall = limit.map(|size| Wall { kind: WallKind::Limit, size });
    let mut facts = Facts {
        wall: wall.or(ram.map(|size| Wall { kind: WallKind::Ram, size })),
        ram: ram.or(limit),
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

/// The same answer with what prose states where nothing was measured.
pub(crate) fn with_prose(sizing: Option<Sizing>, stated: &Sizing, language: Language) -> Sizing {
    let mut facts = sizing.map(|sizing| sizing.facts).unwrap_or_default();
    facts.fill(stated.facts.clone());
    compute(&facts, &facts.knobs(), language)
}

impl Sizing {
    /// No answer, but what prose states for one; `None` if that is nothing.
    pub(crate) fn stated(&self) -> Option<Sizing> {
        self.facts.rests_on_prose().then(|| Sizing { facts: self.facts.stated(), ..Sizing::default() })
    }
}

fn live_set(size: Fact) -> LiveSet {
    LiveSet { run: String::new(), size, after_full: true, growing: false }
}

impl Facts {
    /// True if prose suffices for an answer: what there is for the heap, and what it needs or has.
    pub(super) fn suffices(&self) -> bool {
        self.wall.is_some() && (self.max_heap.is_some() || !self.live_sets.is_empty())
    }

    /// Only what the prose states.
    fn stated(&self) -> Facts {
        let only = |fact: Option<Fact>| fact.filter(|fact| fact.origin == Origin::Stated);
        let lives = self.live_sets.iter().filter(|live| live.size.origin == Origin::Stated);
        Facts {
            wall: self.wall.filter(|wall| wall.size.origin == Origin::Stated),
            ram: only(self.ram),
            max_heap: only(self.max_heap),
            max_heaps: self.max_heaps.iter().filter(|heap| heap.origin == Origin::Stated).copied().collect(),
            non_heap: only(self.non_heap),
            live_sets: lives.map(|live| live_set(live.size)).take(1).collect(),
            ..Facts::default()
        }
    }

    /// True if some of it is only stated.
    pub fn rests_on_prose(&self) -> bool {
        self.stated() != Facts::default()
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
        if self.live_sets.is_empty() {
            self.live_sets = stated.live_sets;
        }
    }
}
