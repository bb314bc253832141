//! The virtual memory map and the call sites of detail reports: summed while they pass, never kept one by one.

use std::collections::BTreeMap;

use super::line::{MapEntry, Values};
use super::names::unified;
use crate::model::nmt::{NmtRegions, NmtSite};
use crate::order::InOrder as _;
use crate::source::Line;
use crate::units::{Bytes, SignedBytes};

/// Groups summed at a time; a JDK with detail has about two thousand call sites.
const MAX_GROUPS: usize = 4096;
/// Groups of call sites handed over, largest first: as many as a person may look at.
const KEPT_SITES: usize = 64;
/// Bytes kept of a symbol.
const MAX_SYMBOL: usize = 200;

/// Sums of one detail report.
#[derive(Debug, Default)]
pub struct Detail {
    regions: Vec<NmtRegions>,
    /// Where the committed pieces below the last range belong. `None` if the range is committed as a whole.
    region: Option<usize>,
    sites: BTreeMap<(String, Option<String>, &'static str), NmtSite>,
    /// First frame outside the tracker, or the first of all as long as all are its own; and whether it is.
    frame: Option<(String, bool)>,
    /// True if there were more groups than are summed.
    pub overflow: bool,
}

impl Detail {
    /// Takes an entry of the map.
    pub fn region(&mut self, line: &Line<'_>, entry: &MapEntry<'_>) {
        if !entry.reserved {
            if let Some(region) = self.region.and_then(|at| self.regions.get_mut(at)) {
                region.committed = region.committed.plus(entry.size);
            }
            return;
        }
        let name = unified(entry.name.unwrap_or("Unknown"));
        let at = match self.regions.iter().position(|region| region.name == name) {
            Some(at) => at,
            None if self.regions.len() < 256 => {
                self.regions.push(NmtRegions { name: name.to_owned(), line: line.number, ..NmtRegions::default() });
                self.regions.len() - 1
            }
            None => {
                self.overflow = true;
                self.region = None;
                return;
            }
        };
        if let Some(region) = self.regions.get_mut(at) {
            region.count = region.count.saturating_add(1);
            region.reserved = region.reserved.plus(entry.size);
            if entry.committed {
                region.committed = region.committed.plus(entry.size);
            }
        }
        // JDK 25 lists the pieces of a range that it has already called committed.
        self.region = Some(at).filter(|_| !entry.committed);
    }

    /// Takes a frame of a call site.
    pub fn frame(&mut self, symbol: &str) {
        let own = is_trackers_own(symbol);
        if self.frame.as_ref().is_none_or(|(known, was_own)| *was_own && (!own || known.is_empty())) {
            let end = symbol.floor_char_boundary(MAX_SYMBOL.min(symbol.len()));
            self.frame = Some((symbol.get(..end).unwrap_or_default().to_owned(), own));
        }
    }

    /// Takes the last line of a call site. `None` if it is none.
    pub fn site(&mut self, line: &Line<'_>, values: &Values<'_>) -> Option<()> {
        let (frame, _) = self.frame.take().unwrap_or_default();
        let (kind, main) = match values.get("malloc") {
            Some(malloc) => ("malloc", malloc),
            None => ("mmap", values.get("reserved")?),
        };
        let size = Bytes(main.size?.value);
        let committed = values.get("committed").and_then(|value| value.size).map(|size| Bytes(size.value));
        let key = (frame, values.tag.map(unified).map(str::to_owned), kind);
        if self.sites.len() >= MAX_GROUPS && !self.sites.contains_key(&key) {
            self.overflow = true;
            return Some(());
        }
        let site = self.sites.entry(key.clone()).or_insert_with(|| NmtSite {
            frame: key.0,
            category: key.1,
            kind: kind.to_owned(),
            line: line.number,
            ..NmtSite::default()
        });
        site.sites = site.sites.saturating_add(1);
        site.size = site.size.plus(size);
        if let Some(committed) = committed {
            site.committed = Some(site.committed.unwrap_or_default().plus(committed));
        }
        if let Some(delta) = main.size_delta {
            site.delta = Some(SignedBytes(site.delta.unwrap_or_default().0.saturating_add(delta.value)));
        }
        if let Some(count) = main.count {
            site.count = Some(site.count.unwrap_or_default().saturating_add(count.value));
        }
        Some(())
    }

    /// The sums: regions as they appeared, the largest call sites.
    pub fn finish(self) -> (Vec<NmtRegions>, Vec<NmtSite>) {
        let mut sites: Vec<NmtSite> = self.sites.into_values().collect();
        let is_diff = sites.iter().any(|site| site.delta.is_some());
        sites.order_by_key(|site| {
            let change = site.delta.unwrap_or_default().0.unsigned_abs();
            let weight = if is_diff { change } else { site.committed.unwrap_or(site.size).0 };
            (std::cmp::Reverse(weight), site.line)
        });
        sites.truncate(KEPT_SITES);
        (self.regions, sites)
    }
}

/// Frames that only hand an allocation on: they say nothing about who asked.
fn is_trackers_own(symbol: &str) -> bool {
    const OWN: &[&str] = &[
        "AllocateHeap",
        "ArrayAllocator",
        "CHeapObj",
        "MallocSiteTable::",
        "MallocTracker::",
        "MemTracker::",
        "MemoryReserver::",
        "NativeCallStack::",
        "ReallocateHeap",
        "ReservedSpace::",
        "os::malloc",
        "os::realloc",
        "os::reserve_memory",
        "os::strdup",
    ];
    symbol.is_empty() || OWN.iter().any(|own| symbol.starts_with(own)) || symbol.contains("::operator new")
}
