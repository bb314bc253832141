//! What a reader may set, with the values that stand for "nothing was said".

use crate::json::Json;
use crate::units::{Bytes, MIB};

/// What no log tells, and what a reader may want to try.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
#[json(default)]
pub struct Knobs {
    /// Requests in flight at once to plan for; 0 if nothing is known of them.
    pub concurrency: u64,
    /// Requests in flight in the run that failed; 0 if nothing is known of them.
    pub failed: u64,
    /// The heap maximum of that run, of those that it may have had; 0 while that is open.
    pub failed_heap: Bytes,
    /// Heap that one of them holds; 0 if unknown.
    pub per_request: Bytes,
    /// Part of the wall that is left alone, in thousandths.
    pub safety: u64,
    /// Another collector than the one in use.
    pub collector: Option<Collector>,
    /// Swap that the machine would get: it moves the wall and costs pauses.
    pub swap: Bytes,
    /// Memory that is added to the machine or to the limit: it moves the wall.
    pub added: Bytes,
    /// Memory of the machine, where no line tells it.
    pub ram: Option<Bytes>,
    /// Live set, where no line tells it or the reader knows better.
    pub live_set: Option<Bytes>,
    /// How many times the live set the heap should be, in thousandths: 1500 tight, 2000 normal, 3000 comfortable.
    pub factor: u64,
    /// How full the heap may be with all requests in flight, in thousandths.
    pub fill: u64,
    /// What may still grow outside of the heap.
    pub growth: Growth,
    /// What the operating system takes of a machine.
    pub os: Bytes,
    /// Files that should stay in memory.
    pub page_cache: Bytes,
}

impl Default for Knobs {
    fn default() -> Knobs {
        Knobs {
            concurrency: 0,
            failed: 0,
            failed_heap: Bytes(0),
            per_request: Bytes(0),
            safety: 100,
            collector: None,
            swap: Bytes(0),
            added: Bytes(0),
            ram: None,
            live_set: None,
            factor: 2000,
            fill: 800,
            growth: Growth::default(),
            os: Bytes(200 * MIB),
            page_cache: Bytes(75 * MIB),
        }
    }
}

/// Allowances for growth after the measurement. Experience, not measured here: a warmed-up server compiles, loads, and
/// buffers a little more than at the moment of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
#[json(default)]
pub struct Growth {
    /// Compiled code.
    pub code: Bytes,
    /// Classes.
    pub metaspace: Bytes,
    /// Direct buffers.
    pub direct: Bytes,
    /// Thread stacks.
    pub threads: Bytes,
    /// What the allocator holds back.
    pub malloc: Bytes,
}

impl Default for Growth {
    fn default() -> Growth {
        Growth {
            code: Bytes(40 * MIB),
            metaspace: Bytes(16 * MIB),
            direct: Bytes(24 * MIB),
            threads: Bytes(4 * MIB),
            malloc: Bytes(24 * MIB),
        }
    }
}

/// Collectors that can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
pub enum Collector {
    /// `-XX:+UseSerialGC`.
    Serial,
    /// `-XX:+UseParallelGC`.
    Parallel,
    /// `-XX:+UseG1GC`.
    G1,
    /// `-XX:+UseZGC`.
    Z,
    /// `-XX:+UseShenandoahGC`.
    Shenandoah,
}

impl Collector {
    /// All of them.
    pub const ALL: [Collector; 5] =
        [Collector::Serial, Collector::Parallel, Collector::G1, Collector::Z, Collector::Shenandoah];

    /// The collector of that name, as runs name it. CMS is no choice any more.
    pub fn named(name: &str) -> Option<Collector> {
        Some(match name {
            "Serial" => Collector::Serial,
            "Parallel" => Collector::Parallel,
            "G1" => Collector::G1,
            "Shenandoah" => Collector::Shenandoah,
            name if name.contains("ZGC") => Collector::Z,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Collector::Serial => "Serial",
            Collector::Parallel => "Parallel",
            Collector::G1 => "G1",
            Collector::Z => "ZGC",
            Collector::Shenandoah => "Shenandoah",
        }
    }

    /// The flag that chooses it.
    pub fn flag(self) -> &'static str {
        match self {
            Collector::Serial => "-XX:+UseSerialGC",
            Collector::Parallel => "-XX:+UseParallelGC",
            Collector::G1 => "-XX:+UseG1GC",
            Collector::Z => "-XX:+UseZGC",
            Collector::Shenandoah => "-XX:+UseShenandoahGC",
        }
    }

    /// An estimate of what its own structures take for a heap of that size; grows with the heap. G1: 45 MiB and 3 %, from
    /// figures of small heaps; Parallel: 50 to 100 MiB are reported for 3 GiB; Serial: two card tables' worth; ZGC and
    /// Shenandoah: by hearsay. From JDK 26 on G1 has a second card table, 2 MiB for each GiB (JEP 522).
    pub fn structures(self, heap: Bytes, jdk: Option<(u32, u32)>) -> Bytes {
        let (fixed, thousandths) = match self {
            Collector::Serial => (5, 4),
            Collector::Parallel => (5, 35),
            Collector::G1 if jdk.is_some_and(|(first, _)| first >= 26) => (45, 32),
            Collector::G1 => (45, 30),
            Collector::Z | Collector::Shenandoah => (16, 30),
        };
        Bytes((fixed * MIB).saturating_add(share(heap, thousandths).0))
    }
}

/// That many thousandths of a size, rounded down.
pub(super) fn share(of: Bytes, thousandths: u64) -> Bytes {
    let share = u128::from(of.0) * u128::from(thousandths) / 1000;
    Bytes(u64::try_from(share).unwrap_or(u64::MAX))
}
