//! The control group of a report: whose limit was reached, its counters and statistics.

use super::memory::Bag;
use super::{MAX_ENTRIES, MAX_GROUPS, Report, Section, kib, name_group, number};
use crate::formats::oom_killer::cgroup::{self, Counter, Usage};
use crate::formats::oom_killer::kill::Kill;
use crate::formats::oom_killer::text::{Pair, Text, pairs};
use crate::formats::quantity::is_digits;
use crate::model::readings::Readings;
use crate::source::Span;
use crate::units::Bytes;
use crate::warning::{Warning, WarningKind, WarningSink};

impl Report {
    /// The container of OpenVZ that ran out, which is a group of its own: `Out of memory in UB 101: OOM killed process …`.
    pub(in crate::formats::oom_killer) fn beancounter(&mut self, found: &Kill<'_>, text: &Text<'_>) {
        let path = found.whole.split_once(" in UB ").and_then(|(before, rest)| {
            let number = rest.split(':').next().filter(|number| is_digits(number))?;
            let start = before.len() + " in ".len();
            found.whole.get(start..start + "UB ".len() + number.len())
        });
        if let Some(path) = path.filter(|_| self.kill.cgroup.is_none()) {
            name_group(self.kill.cgroup.get_or_insert_default(), path, text);
        }
    }

    pub(super) fn task_in(&mut self, task: &str, limit: &str, text: &Text<'_>) {
        self.section = Section::Cgroup;
        let group = self.kill.cgroup.get_or_insert_default();
        name_group(group, limit, text);
        group.task_path = Some(task.to_owned());
        group.at.put("task_path", text.span_of(task));
    }

    pub(super) fn usage(&mut self, found: &Usage<'_>, text: &Text<'_>) {
        self.section = Section::Cgroup;
        let group = self.kill.cgroup.get_or_insert_default();
        let at = &mut group.at;
        if let Some(limit) = found.limit.and_then(|limit| limit.parse().ok())
            && cgroup::is_unlimited(limit)
        {
            self.unlimited_kib = self.unlimited_kib.or(cgroup::page_size_of_unlimited(limit));
        }
        let limit = found.limit.filter(|limit| limit.parse().is_ok_and(|limit| !cgroup::is_unlimited(limit)));
        match found.counter {
            Counter::Memory => {
                group.usage = kib(at, "usage", found.usage, text);
                group.limit = kib(at, "limit", limit, text);
                group.failcnt = number(at, "failcnt", found.failcnt, text);
            }
            Counter::MemoryAndSwap | Counter::Swap => {
                group.swap_usage = kib(at, "swap_usage", found.usage, text);
                group.swap_limit = kib(at, "swap_limit", limit, text);
                group.swap_includes_memory = found.counter == Counter::MemoryAndSwap;
            }
            Counter::Kernel => group.kmem_usage = kib(at, "kmem_usage", found.usage, text),
        }
    }

    /// The heading of statistics, with those that follow on the same line.
    pub(super) fn stats_heading(&mut self, path: &str, stats: &str, text: &Text<'_>) {
        self.section = Section::Stats;
        self.message = 0;
        self.last_stat = None;
        let group = self.kill.cgroup.get_or_insert_default();
        if group.path.is_empty() {
            name_group(group, path, text);
        }
        if stats.is_empty() {
            return;
        }
        self.bag = None;
        if self.adds(path) {
            for pair in pairs(stats) {
                self.old_stat(&pair, text);
            }
            self.keep_tail(Bag::Stats, stats);
        }
    }

    /// True for what was not added to a sum yet: two loggers may have written the same line.
    pub(super) fn adds(&mut self, of: &str) -> bool {
        let new = self.added.len() < MAX_ENTRIES && !self.added.iter().any(|known| known == of);
        if new {
            self.added.push(of.to_owned());
        }
        new
    }

    /// `cache:1024KB` of the one-line style. Each group of the tree has such a line of its own figures, so they add up.
    pub(super) fn old_stat(&mut self, pair: &Pair<'_>, text: &Text<'_>) {
        let group = self.kill.cgroup.get_or_insert_default();
        let Some(size) = pair.value().and_then(Bytes::from_kib) else { return };
        if pair.unit != "KB" || !cgroup::is_size(pair.key) || group.stats.len() >= MAX_GROUPS {
            return;
        }
        self.summed = true;
        let sum = group.stats.entry(pair.key.to_owned()).or_default();
        *sum = sum.plus(size);
        let field = format!("stats.{}", pair.key);
        if group.at.get(&field).is_none() {
            group.at.put_key(field, text.span_of(pair.digits));
        }
    }

    /// `anon 4261412864`.
    pub(super) fn stat(&mut self, name: &str, digits: &str, text: &Text<'_>) {
        // Without a prefix of its own, or on the same physical line, it is part of one long message.
        let continued = text.line.raw.trim() == text.body || self.stat_line == text.line.number;
        self.message = if continued { self.message.saturating_add(text.body.len() + 1) } else { text.body.len() + 1 };
        self.stat_line = text.line.number;
        let group = self.kill.cgroup.get_or_insert_default();
        let Ok(value) = digits.parse::<u64>() else { return };
        if group.stats.len() + group.counts.len() >= MAX_GROUPS || name.starts_with("hierarchical_") && value >= 1 << 62
        {
            return;
        }
        if cgroup::is_size(name) {
            group.stats.insert(name.to_owned(), Bytes(value));
        } else {
            group.counts.insert(name.to_owned(), value);
        }
        group.at.put_key(format!("stats.{name}"), text.span_of(digits));
        self.last_stat = Some(name.to_owned());
    }

    /// The statistics have ended. Those of a message that the kernel may have cut lose their last number.
    pub(in super::super) fn end_stats(&mut self, line: u32, out: &mut Readings) {
        if self.section != Section::Stats {
            return;
        }
        self.section = Section::Cgroup;
        if let (true, Some(name), Some(group)) =
            (cgroup::CUT_MESSAGE_BYTES.contains(&self.message), self.last_stat.take(), &mut self.kill.cgroup)
        {
            group.stats.remove(&name);
            group.counts.remove(&name);
            let span = Span { source: self.kill.source, line, start: 0, end: 0 };
            out.warn(Warning { span, kind: WarningKind::NotANumber { column: name } });
        }
    }
}
