//! What `free` and `/proc/meminfo` say about the machine, and the files of a control group about a container.

use super::{Bar, Picture, Stack, Wall, Words};
use crate::chart::theme::{Pattern, Role};
use crate::i18n::format;
use crate::model::host::HostReading;
use crate::model::kind::HostKind;
use crate::model::oom::Victim;
use crate::source::Span;
use crate::units::Bytes;

/// A size of a reading as a wall.
fn wall_by(words: &Words<'_>, key: &str, reading: &HostReading, name: &str) -> Option<Wall> {
    let size = *reading.sizes.get(name)?;
    let line = Span { source: reading.source, line: reading.first_line, start: 0, end: 0 };
    let label = words.fill(key, &[("size", &format::size(size))]);
    Some(Wall { label, at: size.as_f64(), is_beyond: false, span: Some(reading.at.get(name).unwrap_or(line)) })
}

/// With more than this part of its memory available a machine has plenty.
const PLENTY: u64 = 4;
/// Readings shown at most: the first and the latest.
const SHOWN: usize = 2;

impl Words<'_> {
    /// What a process is held against: the limit of the container that it was killed in or was read of, else the machine.
    pub(super) fn wall_of(&self, is_it: impl Fn(Option<&str>, Option<u32>) -> bool) -> Option<Wall> {
        let is_victim = |victim: &Victim| is_it(victim.run.as_deref(), Some(victim.pid));
        let kill = self.report.oom_kills.iter().rev().find(|kill| kill.victims.iter().any(is_victim));
        let read = || {
            let mut readings = self.report.host.iter().rev().filter(|known| is_it(known.run.as_deref(), known.pid));
            readings.find_map(|reading| wall_by(self, "chart.level.limit", reading, "limit"))
        };
        kill.and_then(|kill| self.wall_at_kill(kill)).or_else(read).or_else(|| self.ram())
    }

    /// The memory of the machine, where only one is read of.
    pub(super) fn ram(&self) -> Option<Wall> {
        let read = self.report.host.iter().filter_map(|reading| wall_by(self, "chart.level.ram", reading, "mem_total"));
        let killed = self.report.oom_kills.iter().filter(|kill| kill.ram.is_some());
        let mut walls = read.chain(killed.filter_map(|kill| self.ram_at_kill(kill)));
        // Two programs round it by their own rules.
        let is_near = |a: f64, b: f64| (a - b).abs() <= a.max(b) / 50.0;
        let first = walls.next()?;
        walls.all(|other| is_near(other.at, first.at)).then_some(first)
    }

    /// True for a machine that has plenty left: then it is not what ran out.
    pub(super) fn has_plenty(&self) -> bool {
        let left = |reading: &HostReading| {
            let (left, all) = (reading.sizes.get("mem_available")?, reading.sizes.get("mem_total")?);
            Some(left.0 > all.0 / PLENTY)
        };
        let told = || self.report.host.iter().filter(|reading| reading.kind.tells_machine());
        told().any(|reading| left(reading) == Some(true)) && told().all(|reading| left(reading) != Some(false))
    }

    /// One picture with the first and the last reading of the same machine.
    pub(super) fn machine_readings(&self) -> Option<Picture> {
        let all: Vec<&HostReading> = self
            .report
            .host
            .iter()
            .filter(|reading| matches!(reading.kind, HostKind::Free | HostKind::Meminfo))
            .filter(|reading| reading.sizes.contains_key("mem_total"))
            .collect();
        let chosen: Vec<&HostReading> = match all.as_slice() {
            [first, .., last] => [*first, *last].into_iter().take(SHOWN).collect(),
            few => few.to_vec(),
        };
        self.machine_picture(chosen.into_iter())
    }

    /// The machine by some of its readings.
    pub(super) fn machine_picture<'r>(&self, readings: impl Iterator<Item = &'r HostReading>) -> Option<Picture> {
        let bars: Vec<Bar> = readings.filter_map(|reading| self.machine_bar(reading)).collect();
        let ram = bars.iter().filter_map(|bar| bar.total).max()?;
        let wall = self.fill("chart.level.ram", &[("size", &format::size(ram))]);
        let span = bars.last().and_then(|bar| bar.span);
        Some(Picture {
            id: "machine".to_owned(),
            title: self.text("chart.picture.machine"),
            note: self.text("chart.note.machine"),
            top: 0.0,
            bars,
            walls: vec![Wall { label: wall, at: ram.as_f64(), is_beyond: false, span }],
            remarks: Vec::new(),
        })
    }

    /// A container's usage against its limit, by kind where the text tells kinds.
    pub(super) fn container_picture(&self, reading: &HostReading) -> Option<Picture> {
        let usage = reading.sizes.get("usage").copied()?;
        let line = Span { source: reading.source, line: reading.first_line, start: 0, end: 0 };
        let at = |key: &str| Some(reading.at.get(key).unwrap_or(line));
        let mut stack = Stack::default();
        for (role, pattern, label, keys) in [
            (Role::Resident, Pattern::Hatched, "chart.part.cgroup-anon", ["anon_hierarchical", "anon"].as_slice()),
            (Role::PageCache, Pattern::Dotted, "chart.part.cgroup-file", &["cache_hierarchical", "cache"]),
            (Role::Kernel, Pattern::Crossed, "chart.part.kernel", &["kernel"]),
            (Role::Native, Pattern::BackHatched, "chart.part.sockets", &["sock"]),
        ] {
            let found = keys.iter().find_map(|key| Some((*key, *reading.sizes.get(*key)?)));
            stack.push(
                role,
                pattern,
                self.text(label),
                found.map(|(_, size)| size),
                found.and_then(|(key, _)| at(key)),
            );
        }
        if stack.parts.is_empty() {
            let label = self.text("chart.series.container-usage");
            stack.push(Role::Committed, Pattern::Solid, label, Some(usage), at("usage"));
        }
        let (missing, surplus) = (self.text("chart.part.unaccounted"), self.text("chart.part.counted-twice"));
        stack.close(Role::Unaccounted, Pattern::Crossed, usage, missing, surplus, at("usage"));
        let (mut total, mut value, mut walls) = (usage, format::size(usage), Vec::new());
        if let Some(limit) = reading.sizes.get("limit").copied() {
            if limit > usage {
                let label = self.text("chart.part.below-limit");
                stack.close(Role::Free, Pattern::Outline, limit, label, String::new(), at("limit"));
                total = limit;
            }
            let label = self.fill("chart.level.limit", &[("size", &format::size(limit))]);
            walls.push(Wall { label, at: limit.as_f64(), is_beyond: false, span: at("limit") });
            value = self.fill("chart.value.of-limit", &[("size", &value), ("limit", &format::size(limit))]);
        }
        let bar = Bar {
            label: reading.name.clone().unwrap_or_else(|| self.reading_label(reading)),
            value,
            total: Some(total),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: true,
            span: at("usage"),
        };
        Some(Picture {
            id: "container".to_owned(),
            title: self.text("chart.picture.container"),
            note: self.text("chart.note.container"),
            top: 0.0,
            bars: vec![bar],
            walls,
            remarks: Vec::new(),
        })
    }

    fn reading_label(&self, reading: &HostReading) -> String {
        let arguments = [("what", &*self.text(reading.kind.key())), ("line", &reading.first_line.to_string())];
        self.fill("chart.bar.reading", &arguments)
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
        Some(Bar {
            label: self.reading_label(reading),
            value,
            total: Some(total),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: true,
            span: Some(at("mem_total").unwrap_or(line)),
        })
    }
}
