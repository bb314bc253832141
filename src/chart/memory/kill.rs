//! What the kernel saw when it killed: a container against its limit, or the machine; and the killed process.

use super::{Bar, Picture, Remark, Stack, Wall, Words};
use crate::chart::theme::{Pattern, Role};
use crate::i18n::{self, format};
use crate::model::oom::{CgroupAtKill, OomKill, Victim};
use crate::source::Span;
use crate::units::Bytes;

impl Words<'_> {
    /// Anonymous, file, kernel and socket memory of the control group against its limit.
    pub(super) fn container_at_kill(&self, at: usize, kill: &OomKill) -> Option<Picture> {
        let cgroup = kill.cgroup.as_ref()?;
        let mut stack = Stack::default();
        for (role, pattern, key, size, name) in cgroup_parts(cgroup) {
            stack.push(role, pattern, self.text(key), size, cgroup.at.get(name));
        }
        let usage = cgroup.usage.or_else(|| Some(stack.sum()).filter(|sum| sum.0 > 0))?;
        let usage_span = cgroup.at.get("usage");
        stack.close(
            Role::Unaccounted,
            Pattern::Crossed,
            usage,
            self.text("chart.part.unaccounted"),
            self.text("chart.part.counted-twice"),
            usage_span,
        );
        let mut total = usage;
        let mut walls = Vec::new();
        let mut value = format::size(usage);
        if let Some(limit) = cgroup.limit {
            if limit > usage {
                let label = self.text("chart.part.below-limit");
                stack.close(Role::Free, Pattern::Outline, limit, label, String::new(), cgroup.at.get("limit"));
                total = limit;
            }
            let label = self.fill("chart.level.limit", &[("size", &format::size(limit))]);
            walls.push(Wall { label, at: limit.as_f64(), is_beyond: false, span: cgroup.at.get("limit") });
            value = self.fill("chart.value.of-limit", &[("size", &value), ("limit", &format::size(limit))]);
        }
        let remarks = self.beyond_limit(kill, cgroup).into_iter().collect();
        let label = self.fill("chart.bar.container", &[("path", &cgroup.path)]).trim_end().to_owned();
        let span = usage_span.or(kill_span(kill));
        let mut bars = vec![Bar {
            label,
            value,
            total: Some(total),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: true,
            span,
        }];
        bars.extend(kill.victims.iter().filter_map(|victim| self.victim_bar(kill, victim)));
        Some(Picture {
            id: format!("kill-{}-container", at + 1),
            title: self.fill("chart.picture.container-at-kill", &[("time", &self.kill_time(kill))]),
            note: self.text("chart.note.container"),
            top: 0.0,
            bars,
            walls,
            remarks,
        })
    }

    /// RAM by what it was used for, from Mem-Info; never from the sum of what processes map.
    pub(super) fn machine_at_kill(&self, at: usize, kill: &OomKill) -> Option<Picture> {
        let ram = kill.ram?;
        let sizes = |keys: &[&str]| -> Option<Bytes> {
            keys.iter().filter_map(|key| kill.memory.get(*key).copied()).reduce(Bytes::plus)
        };
        let span = |key: &str| kill.at.get(&format!("memory.{key}"));
        let anonymous = sizes(&["active_anon", "inactive_anon", "isolated_anon", "unevictable"])?;
        let victims = kill.victims.iter().filter_map(|victim| victim.anon_rss).reduce(Bytes::plus);
        let mut stack = Stack::default();
        for victim in &kill.victims {
            let label =
                self.fill("chart.part.victim-anon", &[("name", &victim.name), ("pid", &victim.pid.to_string())]);
            // Printed a moment later than the counters: not more than they say.
            let size = victim.anon_rss.map(|size| size.min(anonymous));
            stack.push(Role::Resident, Pattern::Hatched, label, size, victim.at.get("anon_rss"));
        }
        let others = Bytes(anonymous.0.saturating_sub(victims.unwrap_or_default().0));
        let label = self.text("chart.part.other-anon");
        stack.push(Role::OtherProcesses, Pattern::BackHatched, label, Some(others), span("inactive_anon"));
        let file = sizes(&["active_file", "inactive_file", "isolated_file"]);
        let label = self.text("chart.part.page-cache");
        stack.push(Role::PageCache, Pattern::Dotted, label, file, span("inactive_file"));
        let stacks = kill.nodes.iter().filter_map(|node| node.memory.get("kernel_stack").copied()).reduce(Bytes::plus);
        let kernel = sizes(&["slab_reclaimable", "slab_unreclaimable", "slab", "pagetables", "sec_pagetables"]);
        let kernel = kernel.into_iter().chain(stacks).reduce(Bytes::plus);
        let label = self.text("chart.part.kernel");
        stack.push(Role::Kernel, Pattern::Crossed, label, kernel, span("slab_unreclaimable"));
        let free = sizes(&["free", "free_pcp"]);
        stack.push(Role::Free, Pattern::Outline, self.text("chart.part.free"), free, span("free"));
        stack.close(
            Role::Unaccounted,
            Pattern::Crossed,
            ram,
            self.text("chart.part.unaccounted"),
            self.text("chart.part.counted-twice"),
            kill.at.get("ram"),
        );
        let mut bars = vec![Bar {
            label: self.text("chart.bar.machine"),
            value: format::size(ram),
            total: Some(ram),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: true,
            span: kill.at.get("ram").or(kill_span(kill)),
        }];
        // With a container the victim stands beside it already.
        if kill.cgroup.is_none() {
            bars.extend(kill.victims.iter().filter_map(|victim| self.victim_bar(kill, victim)));
        }
        Some(Picture {
            id: format!("kill-{}-machine", at + 1),
            title: self.fill("chart.picture.machine-at-kill", &[("time", &self.kill_time(kill))]),
            note: self.text("chart.note.machine"),
            top: 0.0,
            bars,
            walls: self.ram_at_kill(kill).into_iter().collect(),
            remarks: Vec::new(),
        })
    }

    /// Victims of whom nothing but the kill line is known, if no picture shows them already.
    pub(super) fn victims_not_yet_shown(&self, at: usize, kill: &OomKill, pictures: &[Picture]) -> Option<Picture> {
        let is_shown = |victim: &&Victim| {
            let name = self.victim_label(victim);
            pictures.iter().flat_map(|picture| &picture.bars).any(|bar| bar.label == name)
        };
        let hidden = kill.victims.iter().filter(|victim| !is_shown(victim));
        let bars: Vec<Bar> = hidden.filter_map(|victim| self.victim_bar(kill, victim)).collect();
        (!bars.is_empty()).then(|| Picture {
            id: format!("kill-{}", at + 1),
            title: self.fill("chart.picture.kill", &[("time", &self.kill_time(kill))]),
            note: String::new(),
            top: 0.0,
            bars,
            walls: self.wall_at_kill(kill).or_else(|| self.ram()).into_iter().collect(),
            remarks: Vec::new(),
        })
    }

    /// How a victim's bar is called; also tells whether it is shown already.
    pub(super) fn victim_label(&self, victim: &Victim) -> String {
        self.fill("chart.bar.victim", &[("name", &victim.name), ("pid", &victim.pid.to_string())])
    }

    /// Resident memory by kind, hatched. Address space is not drawn: it is not memory.
    pub(super) fn victim_bar(&self, kill: &OomKill, victim: &Victim) -> Option<Bar> {
        let total = victim.resident()?;
        let line = Span { source: kill.source, line: victim.line.max(kill.first_line), start: 0, end: 0 };
        let span = Some(victim.resident_at().unwrap_or(line));
        if is_impossible(victim) {
            return Some(Bar {
                label: self.victim_label(victim),
                value: self.fill("chart.value.impossible", &[("size", &format::size(total))]),
                total: None,
                parts: Vec::new(),
                reserved: None,
                gap: None,
                is_row: false,
                has_legend: false,
                span,
            });
        }
        let mut stack = Stack::default();
        for (key, size, name) in [
            ("chart.part.anon-rss", victim.anon_rss, "anon_rss"),
            ("chart.part.file-rss", victim.file_rss, "file_rss"),
            ("chart.part.shmem-rss", victim.shmem_rss, "shmem_rss"),
            ("chart.series.resident", victim.rss, "rss"),
        ] {
            let role = if matches!(name, "anon_rss" | "rss") { Role::Resident } else { Role::PageCache };
            stack.push(role, Pattern::Hatched, self.text(key), size, victim.at.get(name));
        }
        Some(Bar {
            label: self.victim_label(victim),
            value: self.fill("chart.value.resident", &[("size", &format::size(total))]),
            total: Some(total),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: true,
            span,
        })
    }

    /// What held a process that was killed: the limit of its container, else the machine.
    pub(super) fn wall_at_kill(&self, kill: &OomKill) -> Option<Wall> {
        let limit = kill.cgroup.as_ref().and_then(|cgroup| Some((cgroup.limit?, cgroup.at.get("limit"))));
        match limit {
            Some((limit, span)) => {
                let label = self.fill("chart.level.limit", &[("size", &format::size(limit))]);
                Some(Wall { label, at: limit.as_f64(), is_beyond: false, span })
            }
            None => self.ram_at_kill(kill),
        }
    }

    /// The machine's memory, as the kernel printed it.
    pub(super) fn ram_at_kill(&self, kill: &OomKill) -> Option<Wall> {
        let ram = kill.ram?;
        let label = self.fill("chart.level.ram", &[("size", &format::size(ram))]);
        Some(Wall { label, at: ram.as_f64(), is_beyond: false, span: kill.at.get("ram") })
    }

    /// Of a process that has more resident than its container may have, why that can be.
    fn beyond_limit(&self, kill: &OomKill, cgroup: &CgroupAtKill) -> Option<Remark> {
        let limit = cgroup.limit?;
        let victim = kill.victims.iter().find(|victim| victim.resident().is_some_and(|resident| resident > limit))?;
        let is_explained = victim.anon_rss.is_some_and(|anon| anon <= limit);
        let arguments = [("who", &*self.victim_label(victim)), ("limit", &*format::size(limit))];
        let key = if is_explained { "chart.remark.files-beyond" } else { "chart.remark.beyond" };
        Some(Remark { text: self.fill(key, &arguments), span: victim.resident_at() })
    }

    /// When the kernel killed, as far as a clock says so.
    pub(super) fn kill_time(&self, kill: &OomKill) -> String {
        match (kill.time, kill.local_time, kill.uptime) {
            (Some(time), ..) => format::time(time, self.report.zone),
            (_, Some(time), _) => i18n::fill(self.language, "chart.time.local", &[("time", &format::local_time(time))]),
            (_, _, Some(time)) => {
                i18n::fill(self.language, "chart.time.boot", &[("time", &format::duration(self.language, time))])
            }
            _ => self.text("chart.time.unknown"),
        }
    }
}

/// True if more is resident than there is address space: a number of the line is damaged.
pub(super) fn is_impossible(victim: &Victim) -> bool {
    victim.resident().zip(victim.total_vm).is_some_and(|(resident, total)| resident > total)
}

fn kill_span(kill: &OomKill) -> Option<Span> {
    Some(Span { source: kill.source, line: kill.first_line, start: 0, end: 0 })
}

type CgroupPart = (Role, Pattern, &'static str, Option<Bytes>, &'static str);

/// What a control group's statistics say, without counting a page twice. Version 2 names `anon`, `file`, `kernel`,
/// `sock`; version 1 `rss` and `cache` (totals of the hierarchy as `total_…`) and counts kernel memory apart.
fn cgroup_parts(cgroup: &CgroupAtKill) -> Vec<CgroupPart> {
    let get = |key: &str| cgroup.stats.get(key).copied();
    if get("anon").is_some() || get("file").is_some() {
        let kernel = get("kernel").or_else(|| {
            let parts = ["kernel_stack", "pagetables", "sec_pagetables", "percpu", "vmalloc", "slab"];
            parts.into_iter().filter_map(get).reduce(Bytes::plus)
        });
        return vec![
            (Role::Resident, Pattern::Hatched, "chart.part.cgroup-anon", get("anon"), "stats.anon"),
            (Role::PageCache, Pattern::Dotted, "chart.part.cgroup-file", get("file"), "stats.file"),
            (Role::Kernel, Pattern::Crossed, "chart.part.kernel", kernel, "stats.kernel"),
            (Role::Native, Pattern::BackHatched, "chart.part.sockets", get("sock"), "stats.sock"),
        ];
    }
    let (rss, rss_at) = match get("total_rss") {
        Some(total) => (Some(total), "stats.total_rss"),
        None => (get("rss"), "stats.rss"),
    };
    let (cache, cache_at) = match get("total_cache") {
        Some(total) => (Some(total), "stats.total_cache"),
        None => (get("cache"), "stats.cache"),
    };
    vec![
        (Role::Resident, Pattern::Hatched, "chart.part.cgroup-anon", rss, rss_at),
        (Role::PageCache, Pattern::Dotted, "chart.part.cgroup-file", cache, cache_at),
        (Role::Kernel, Pattern::Crossed, "chart.part.kernel", cgroup.kmem_usage, "kmem_usage"),
    ]
}
