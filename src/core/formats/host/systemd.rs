//! Reads memory settings of systemd's units, `systemctl show`, and the memory line of `systemctl status`.
//!
//! ```text
//! MemoryMax=1536M
//!      Memory: 1.4G (max: 1.5G available: 92.3M peak: 1.4G)
//! ```
//!
//! `systemctl status` names its unit in the first line; what stands below it is read as far as it is about memory and tasks.
//! K, M, G, and T are powers of 1024; `infinity` is no limit; percentages are left out. Source: `systemd.resource-control(5)`.

use super::draft::Draft;
use super::quantity::{binary, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const SHAPE: Shape = Shape { tool: "systemctl", claim, open };

/// Settings and properties, and our words.
const NAMES: &[(&str, &str)] = &[
    ("MemoryMax", "limit"),
    ("MemoryLimit", "limit"),
    ("MemoryHigh", "limit_soft"),
    ("MemorySwapMax", "limit_swap"),
    ("MemorySwapCurrent", "swap"),
    ("MemoryCurrent", "usage"),
    ("MemoryPeak", "usage_peak"),
];

/// The same, of numbers.
const COUNTS: &[(&str, &str)] = &[
    ("TasksMax", "pids_limit"),
    ("TasksCurrent", "pids"),
    ("LimitNPROCSoft", "user_processes_max"),
    ("LimitNPROC", "user_processes_max"),
    ("LimitNOFILESoft", "open_files_max"),
    ("LimitNOFILE", "open_files_max"),
];

/// 2^64-1, which older versions print for "no limit", and everything near it.
const NO_LIMIT: u64 = 1 << 60;

fn claim(body: &str) -> Claim {
    if assignment(body).is_some() || counted(body).is_some() || status(body, false).is_some() || unit(body).is_some() {
        Claim::Strong
    } else {
        Claim::None
    }
}

/// `MemoryMax=1536M`.
fn assignment(body: &str) -> Option<(&'static str, &str)> {
    let (key, value) = body.trim_end().split_once('=')?;
    let (_, name) = NAMES.iter().find(|(known, _)| *known == key)?;
    let known = value == "infinity" || value.ends_with('%') || size(value).is_some();
    known.then_some((*name, value))
}

/// `TasksMax=4915`, `LimitNPROC=4096:8192` of a unit, `LimitNPROCSoft=4096` of `systemctl show`: the soft limit is the one that is reached.
fn counted(body: &str) -> Option<(&'static str, &str)> {
    let (key, value) = body.trim_end().split_once('=')?;
    let (_, name) = COUNTS.iter().find(|(known, _)| *known == key)?;
    let value = value.split(':').next()?;
    (value == "infinity" || whole(value).is_some()).then_some((*name, value))
}

fn size(value: &str) -> Option<Bytes> {
    binary(value, 1).filter(|_| !value.ends_with('i'))
}

/// `● orders.service - Orders`: the unit.
fn unit(body: &str) -> Option<&str> {
    let rest = ["● ", "○ ", "× ", "↻ ", "* "].iter().find_map(|mark| body.strip_prefix(mark))?;
    let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let kind = name.rsplit_once('.').is_some_and(|(_, kind)| matches!(kind, "service" | "scope" | "slice"));
    (kind && (rest.is_empty() || rest.starts_with("- "))).then_some(name)
}

/// Labels of the lines below the name of a unit.
const LABELS: &[&str] = &[
    "Loaded",
    "Drop-In",
    "Active",
    "TriggeredBy",
    "Docs",
    "Process",
    "Main PID",
    "Status",
    "IP",
    "IO",
    "Tasks",
    "CPU",
    "Duration",
    "Mem peak",
    "Invocation",
    "CGroup",
];

/// `Memory: 1.4G (limit: 1.5G)`: what is used, and what stands in brackets. Without brackets only below the name of a unit.
fn status(body: &str, named: bool) -> Option<(&str, &str)> {
    let rest = body.strip_prefix("Memory: ")?;
    if named && size(rest.trim_end()).is_some_and(|_| whole(rest.trim_end()).is_none()) {
        return Some((rest.trim_end(), ""));
    }
    let (usage, rest) = rest.split_once(" (")?;
    let known = ["limit: ", "max: ", "high: ", "peak: "].iter().any(|word| rest.starts_with(word));
    (known && binary(usage, 1).is_some()).then(|| (usage, rest.trim_end().trim_end_matches(')')))
}

struct Unit {
    draft: Draft,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    if !context.claimed {
        return None;
    }
    let mut block = Unit { draft: Draft::new(HostKind::Systemd, line) };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Unit {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if let Some(name) = unit(body) {
            if self.draft.reading.name.is_some() || !self.draft.is_empty() {
                return false;
            }
            self.draft.name(line, name);
            return true;
        }
        let named = self.draft.reading.name.is_some();
        if let Some((label, rest)) = body.split_once(": ").filter(|(label, _)| named && LABELS.contains(label)) {
            // How a unit ended is read by others.
            if rest.contains("oom-kill") || rest.contains("code=killed") {
                return false;
            }
            if label == "Tasks" && !self.draft.has("pids") {
                let (tasks, limit) = rest.split_once(" (limit: ").unwrap_or((rest, ""));
                self.draft.count("pids", whole(tasks), line, tasks);
                let limit = limit.trim_end_matches(')');
                self.draft.count("pids_limit", whole(limit), line, limit);
            }
            return true;
        }
        if let Some((name, value)) = assignment(body) {
            if self.draft.has(name) {
                return false;
            }
            if value == "infinity" || size(value).is_some_and(|size| size.0 >= NO_LIMIT) {
                if name == "limit" {
                    self.draft.word("limit", "none", line, value);
                }
            } else {
                // Less than a megabyte is not a limit for anything: the number has been cut.
                let size = size(value).filter(|size| size.0 >= 1 << 20);
                self.draft.size(name, size, line, value);
            }
            self.draft.extend(line);
            out.keep(line);
            return true;
        }
        if let Some((name, value)) = counted(body) {
            // The soft limit follows the hard one of the same name.
            if self.draft.has(name) && !body.contains("Soft=") {
                return false;
            }
            match whole(value).filter(|count| *count < NO_LIMIT) {
                Some(count) => self.draft.count(name, Some(count), line, value),
                None => self.draft.word(name, "none", line, value),
            }
            out.keep(line);
            return true;
        }
        let Some((usage, rest)) = status(body, named).filter(|_| !self.draft.has("usage")) else { return false };
        self.draft.size("usage", binary(usage, 1), line, usage);
        let mut before = "";
        for (word, value) in rest.split_ascii_whitespace().zip(rest.split_ascii_whitespace().skip(1)) {
            let name = match word {
                "limit:" | "max:" => "limit",
                "high:" => "limit_soft",
                "peak:" if before != "swap" => "usage_peak",
                "swap:" => "swap",
                _ => "",
            };
            before = word;
            if name.is_empty() {
                continue;
            }
            self.draft.size(name, binary(value, 1).filter(|_| whole(value).is_none()), line, value);
        }
        out.keep(line);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }

    fn patience(&self) -> u32 {
        // How a unit ended stands between its name and its memory.
        if self.draft.reading.name.is_some() { 6 } else { 3 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use crate::units::Bytes;

    #[test]
    fn limits_of_units_are_powers_of_1024() {
        let unit = first("[Service]\nExecStart=/usr/bin/true\nMemoryHigh=1G\nMemoryMax=1536M\n", "systemd");
        assert_eq!(unit.sizes.get("limit"), Some(&Bytes(1536 << 20)));
        assert_eq!(unit.sizes.get("limit_soft"), Some(&Bytes(1 << 30)));
        let unit = first("MemoryCurrent=1073741824\nMemoryMax=infinity\n", "systemd");
        assert_eq!((unit.sizes.get("usage"), unit.sizes.get("limit")), (Some(&Bytes(1 << 30)), None));
        assert_eq!(unit.words.get("limit").map(String::as_str), Some("none"));
        assert_eq!(first("MemoryMax=50%\n", "systemd").sizes.get("limit"), None);
    }

    #[test]
    fn below_the_name_of_a_unit_its_memory_and_tasks_are_read() {
        let text = "● orders.service - Orders\n     Loaded: loaded (/etc/systemd/system/orders.service; enabled)\n   Main PID: 4711 (java)\n      Tasks: 48 (limit: 4620)\n     Memory: 1.5G\n        CPU: 3min 2.1s\n";
        let unit = first(text, "systemd");
        assert_eq!((unit.name.as_deref(), unit.sizes.get("usage")), (Some("orders.service"), Some(&Bytes(3 << 29))));
        assert_eq!((unit.counts.get("pids"), unit.counts.get("pids_limit")), (Some(&48), Some(&4620)));
        let swap = first("     Memory: 1.5G (peak: 1.9G swap: 1.0M swap peak: 3.0M)\n", "systemd");
        assert_eq!(
            (swap.sizes.get("usage_peak"), swap.sizes.get("swap")),
            (first("     Memory: 1.5G (peak: 1.9G)\n", "systemd").sizes.get("usage_peak"), Some(&Bytes(1 << 20)))
        );
    }

    #[test]
    fn limits_of_tasks_and_processes_are_numbers() {
        let shown = first("TasksMax=512\nLimitNPROC=31202\nLimitNPROCSoft=4096\n", "systemd");
        assert_eq!(shown.counts.get("user_processes_max"), Some(&4096));
        let unit = first("[Service]\nTasksMax=512\nLimitNPROC=4096:8192\nMemoryMax=1G\n", "systemd");
        assert_eq!((unit.counts.get("pids_limit"), unit.counts.get("user_processes_max")), (Some(&512), Some(&4096)));
        assert_eq!(unit.sizes.get("limit"), Some(&Bytes(1 << 30)));
        let shown = first("TasksCurrent=4912\nTasksMax=infinity\n", "systemd");
        assert_eq!(
            (shown.counts.get("pids"), shown.words.get("pids_limit").map(String::as_str)),
            (Some(&4912), Some("none"))
        );
        assert_eq!(read("TasksMax=15%\nTasksMax is what we set\n").host, []);
    }

    #[test]
    fn the_status_of_a_unit_says_usage_and_limit() {
        for text in ["     Memory: 1.5G (limit: 2.0G)\n", "     Memory: 1.5G (max: 2.0G available: 5.0M peak: 1.9G)\n"]
        {
            let unit = first(text, "systemd");
            assert_eq!(
                (unit.sizes.get("usage"), unit.sizes.get("limit")),
                (Some(&Bytes(3 << 29)), Some(&Bytes(2 << 30)))
            );
        }
        assert_eq!(
            read("Memory: 4k page, physical 24684084k(21560232k free), swap 0k(0k free)\nMemory: 1.4G\n").host,
            []
        );
    }
}
