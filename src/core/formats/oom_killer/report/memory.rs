//! The memory of the machine in a report: counters, nodes, zones, slab caches.

use std::collections::BTreeMap;

use super::{MAX_ENTRIES, MAX_GROUPS, Report, Section, kib};
use crate::formats::oom_killer::meminfo::MemLine;
use crate::formats::oom_killer::text::{Pair, Text, is_count_pair, pairs};
use crate::formats::quantity::is_digits;
use crate::model::oom::{MemoryNode, MemoryZone, Slab};
use crate::units::Bytes;

/// A list of figures that goes on in the next line does so here at the latest, where blank lines stand between all lines.
const LINES_TO_REST: u32 = 2;

/// Whose figures a wrapped line goes on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bag {
    Counters,
    Node(usize),
    Zone(usize),
    Stats,
}

impl Report {
    pub(super) fn slab(&mut self, name: &str, used: u64, total: u64, line: u32) {
        if let (Some(used), Some(total)) = (Bytes::from_kib(used), Bytes::from_kib(total))
            && self.kill.slabs.len() < MAX_ENTRIES
        {
            self.kill.slabs.push(Slab { name: name.to_owned(), used, total, line });
        }
    }

    pub(super) fn begin_memory(&mut self) {
        self.has_memory = true;
        self.section = Section::Memory;
    }

    pub(super) fn memory(&mut self, found: MemLine<'_>, text: &Text<'_>) {
        self.begin_memory();
        let line = text.line.number;
        match found {
            MemLine::Counters(counters) => {
                for pair in pairs(counters) {
                    self.counter(&pair, text);
                }
                self.keep_tail(Bag::Counters, counters);
            }
            MemLine::Node { node, rest } if self.kill.nodes.len() < MAX_GROUPS => {
                self.kill.nodes.push(MemoryNode { node, memory: sizes(rest), line });
                self.keep_tail(Bag::Node(self.kill.nodes.len() - 1), rest);
            }
            MemLine::Zone { node, name, rest } => {
                if let Some((at, zone)) = self.zone(node, name, line) {
                    zone.memory.append(&mut sizes(rest));
                    self.keep_tail(Bag::Zone(at), rest);
                }
            }
            MemLine::Reserve { rest } => {
                let pages = rest.split_ascii_whitespace().map_while(|word| word.parse().ok()).take(16).collect();
                if let Some(at) = self.kill.zones.len().checked_sub(1) {
                    self.reserves.push((at, pages));
                }
            }
            MemLine::Buddy { node, name, rest, blocks } => {
                if let Some(page) = blocks.page.filter(|page| page.is_power_of_two() && (4..=1024).contains(page)) {
                    self.buddy_kib = self.buddy_kib.or(Some((page, text.span_of(rest))));
                }
                if let Some((_, zone)) = self.zone(node, name, line) {
                    zone.free_blocks = blocks.counts;
                }
            }
            MemLine::HugePages { rest, sizes: Some(sizes) } if self.adds(text.body) => {
                self.huge_pages(sizes, rest, text)
            }
            MemLine::Total { key, pages } => {
                if let Ok(value) = pages.parse() {
                    self.counters.push((key.to_owned(), value, text.span_of(pages)));
                }
            }
            MemLine::Swap { key, kib: digits } => {
                let size = kib(&mut self.kill.at, key, Some(digits), text);
                let swap = if key == "swap_free" { &mut self.kill.swap_free } else { &mut self.kill.swap_total };
                *swap = size;
            }
            MemLine::Node { .. } | MemLine::HugePages { .. } | MemLine::Skipped => {}
        }
    }

    /// Adds a pool: total and free in KiB.
    fn huge_pages(&mut self, (total, free): (u64, u64), rest: &str, text: &Text<'_>) {
        self.huge = (self.huge.0.saturating_add(total), self.huge.1.saturating_add(free));
        for (key, kib) in [("hugepages_total", self.huge.0), ("hugepages_free", self.huge.1)] {
            if let Some(size) = Bytes::from_kib(kib) {
                self.kill.memory.insert(key.to_owned(), size);
                self.kill.at.put_key(format!("memory.{key}"), text.span_of(rest));
            }
        }
    }

    fn counter(&mut self, pair: &Pair<'_>, text: &Text<'_>) {
        if let (Some(value), "") = (pair.value(), pair.unit)
            && self.counters.len() < MAX_GROUPS
        {
            self.counters.push((pair.key.to_ascii_lowercase(), value, text.span_of(pair.digits)));
        }
    }

    fn zone(&mut self, node: u32, name: &str, line: u32) -> Option<(usize, &mut MemoryZone)> {
        let known = self.kill.zones.iter().position(|zone| zone.node == node && zone.name == name);
        let at = match known {
            Some(at) => at,
            None if self.kill.zones.len() < MAX_GROUPS => {
                self.kill.zones.push(MemoryZone { node, name: name.to_owned(), line, ..MemoryZone::default() });
                self.kill.zones.len() - 1
            }
            None => return None,
        };
        self.kill.zones.get_mut(at).map(|zone| (at, zone))
    }

    /// True right below the figures of a node or a zone.
    pub(super) fn is_in_zone(&self) -> bool {
        matches!(self.bag, Some((Bag::Node(_) | Bag::Zone(_), _)))
    }

    pub(super) fn keep_tail(&mut self, bag: Bag, text: &str) {
        self.bag = text.split_ascii_whitespace().next_back().map(|tail| (bag, tail.to_owned()));
    }

    /// Takes the rest of a line that had been wrapped, if it is one: words of `key:value`, the first perhaps without its
    /// beginning.
    pub(in super::super) fn continued(&mut self, text: &Text<'_>) -> bool {
        let Some((bag, tail)) = self.bag.clone() else { return false };
        let Some(first) = text.body.split_ascii_whitespace().next() else { return false };
        if text.line.since(self.kill.last_line) > LINES_TO_REST {
            return false;
        }
        let unit = match bag {
            Bag::Counters => "",
            Bag::Node(_) | Bag::Zone(_) => "kB",
            Bag::Stats => "KB",
        };
        let is_whole = |word: &str| {
            let digits = word.split_once(':').and_then(|(_, value)| value.strip_suffix(unit));
            digits.is_some_and(is_digits)
        };
        let joined = format!("{tail}{first}");
        // `inactive_` is no word without the `file:692KB` that follows.
        let half_a_key = !tail.contains(':') && !unit.is_empty();
        let first_is_rest =
            (half_a_key || !is_whole(first)) && is_whole(&joined) && (!is_whole(&tail) || unit.is_empty());
        let words: Vec<Pair<'_>> = pairs(text.body).skip(usize::from(half_a_key && first_is_rest)).collect();
        let others = text.body.split_ascii_whitespace().count().saturating_sub(usize::from(first_is_rest));
        let fit = words.iter().filter(|pair| pair.unit == unit || pair.unit == "kB" || pair.unit == "KB").count();
        let plausible = if first_is_rest { fit + 2 >= others } else { fit > 0 && fit + 2 >= others };
        if !plausible
            || (unit.is_empty()
                && !text.body.split_ascii_whitespace().skip(usize::from(first_is_rest)).all(is_count_pair))
        {
            return false;
        }
        let repaired = if first_is_rest { pairs(&joined).next().filter(|pair| pair.unit == unit) } else { None };
        for pair in repaired.iter().chain(&words) {
            match bag {
                Bag::Counters => {
                    self.counters.retain(|(key, _, _)| key != pair.key);
                    self.counter(pair, text);
                }
                Bag::Node(at) => {
                    if let Some(node) = self.kill.nodes.get_mut(at) {
                        put_size(&mut node.memory, pair);
                    }
                }
                Bag::Zone(at) => {
                    if let Some(zone) = self.kill.zones.get_mut(at) {
                        put_size(&mut zone.memory, pair);
                    }
                }
                Bag::Stats => self.old_stat(pair, text),
            }
        }
        self.keep_tail(bag, text.body);
        true
    }
}

fn sizes(text: &str) -> BTreeMap<String, Bytes> {
    let mut memory = BTreeMap::new();
    for pair in pairs(text) {
        put_size(&mut memory, &pair);
    }
    memory
}

fn put_size(memory: &mut BTreeMap<String, Bytes>, pair: &Pair<'_>) {
    if matches!(pair.unit, "kB" | "KB")
        && memory.len() < MAX_GROUPS
        && let Some(size) = pair.value().and_then(Bytes::from_kib)
    {
        memory.insert(pair.key.to_owned(), size);
    }
}
