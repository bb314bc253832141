//! What `free` and `/proc/meminfo` say about the machine.

use super::{Bar, Picture, Stack, Wall, Words};
use crate::chart::theme::{Pattern, Role};
use crate::i18n::format;
use crate::model::host::HostReading;
use crate::source::Span;
use crate::units::Bytes;

/// Readings shown at most: the first and the latest.
const SHOWN: usize = 2;

impl Words<'_> {
    /// One picture with the first and the last reading of the same machine.
    pub(super) fn machine_readings(&self) -> Option<Picture> {
        let all: Vec<&HostReading> = self
            .report
            .host
            .iter()
            .filter(|reading| matches!(reading.kind.as_str(), "free" | "meminfo"))
            .filter(|reading| reading.sizes.contains_key("mem_total"))
            .collect();
        let chosen: Vec<&HostReading> = match all.as_slice() {
            [first, .., last] => [*first, *last].into_iter().take(SHOWN).collect(),
            few => few.to_vec(),
        };
        let bars: Vec<Bar> = chosen.into_iter().filter_map(|reading| self.machine_bar(reading)).collect();
        let ram = bars.iter().filter_map(|bar| bar.total).max()?;
        let wall = self.fill("chart.level.ram", &[("size", &format::size(ram))]);
        let span = bars.last().and_then(|bar| bar.span);
        Some(Picture {
            id: "machine".to_owned(),
            title: self.text("chart.picture.machine"),
            note: self.text("chart.note.machine"),
            top: 0.0,
            bars,
            walls: vec![Wall { label: wall, at: ram.as_f64(), span }],
            remarks: Vec::new(),
        })
    }

    fn machine_bar(&self, reading: &HostReading) -> Option<Bar> {
        let get = |key: &str| reading.sizes.get(key).copied();
        let add = |keys: &[&str]| keys.iter().filter_map(|key| get(key)).reduce(Bytes::plus);
        let total = get("mem_total")?;
        let free = get("mem_free")?;
        let cache = get("buffers_cache").or_else(|| add(&["buffers", "cache"]));
        let at = |key: &str| reading.at.get(key);
        let mut stack = Stack::default();
        let kernel = add(&["slab_reclaimable", "slab_unreclaimable", "kernel_stack", "page_tables"]);
        let used = match get("anon") {
            Some(anon) => Some(anon),
            // What `free` calls used has changed its meaning over the years; this has not.
            None => total.0.checked_sub(free.plus(cache.unwrap_or_default()).0).map(Bytes),
        };
        let used_key = if get("anon").is_some() { "chart.part.anonymous" } else { "chart.part.used" };
        stack.push(
            Role::OtherProcesses,
            Pattern::BackHatched,
            self.text(used_key),
            used,
            at("anon").or(at("mem_used")),
        );
        let cache_at = at("buffers_cache").or(at("cache"));
        stack.push(Role::PageCache, Pattern::Dotted, self.text("chart.part.page-cache"), cache, cache_at);
        if get("anon").is_some() {
            stack.push(
                Role::Kernel,
                Pattern::Crossed,
                self.text("chart.part.kernel"),
                kernel,
                at("slab_unreclaimable"),
            );
        }
        stack.push(Role::Free, Pattern::Outline, self.text("chart.part.free"), Some(free), at("mem_free"));
        stack.close(
            Role::Unaccounted,
            Pattern::Crossed,
            total,
            self.text("chart.part.unaccounted"),
            self.text("chart.part.counted-twice"),
            at("mem_total"),
        );
        let line = Span { source: reading.source, line: reading.first_line, start: 0, end: 0 };
        let value = match get("mem_available") {
            Some(available) => self.fill("chart.value.available", &[("size", &format::size(available))]),
            None => format::size(total),
        };
        let arguments = [("what", reading.kind.as_str()), ("line", &reading.first_line.to_string())];
        Some(Bar {
            label: self.fill("chart.bar.reading", &arguments),
            value,
            total: Some(total),
            parts: stack.parts,
            reserved: None,
            is_row: false,
            has_legend: true,
            span: Some(at("mem_total").unwrap_or(line)),
        })
    }
}
