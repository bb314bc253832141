//! Reads figures that stand beside their names: `/proc/pressure/memory`, `oom_score`, `/proc/vmstat`, `/proc/user_beancounters`,
//! `atop`, `numastat -m`, `lsmem`, `systeminfo` of Windows, `vm_stat` and the memory line of `top` of macOS.
//!
//! ```text
//! MEM | tot    23.5G | free   15.0G | cache   6.0G | buff  132.3M | slab    1.1G |
//! Total Physical Memory:     16,264 MB
//! Pages free:                              123456.
//! ```
//!
//! Pages of macOS have the size that the first line says; those of beancounters are counted and not converted, since their size is not
//! in the text. Numbers without a name are read only behind the command that prints their file. `MB` of Windows and numastat
//! is MiB. Sources: kernel, `accounting/psi.rst`; proc_pid_oom_score(5); OpenVZ, `user_beancounters`; atop(1); numastat(8).

use super::draft::Draft;
use super::quantity::{MIB, amount, binary, grouped, whole};
use super::{Block, Context, Shape, meminfo};
use crate::civil::{iso_date, time_of_day};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::{Bytes, Micros};

pub(super) const SHAPE: Shape = Shape { tool: "figures", claim, open };

use HostKind::{Atop, Beancounters, Lsmem, Numastat, Pressure, ProcStatus, ProcVmstat, Systeminfo, TopSummary, VmStat};

/// Labels before a colon, who prints them, and our words. Empty: known, but not kept.
const LABELS: &[(HostKind, &str, &str)] = &[
    (Systeminfo, "Total Physical Memory", "mem_total"),
    (Systeminfo, "Available Physical Memory", "mem_available"),
    (Systeminfo, "Virtual Memory: Max Size", "commit_limit"),
    (Systeminfo, "Virtual Memory: In Use", "committed"),
    (Systeminfo, "Virtual Memory: Available", ""),
    (Systeminfo, "총 실제 메모리", "mem_total"),
    (Systeminfo, "사용 가능한 실제 메모리", "mem_available"),
    (Systeminfo, "가상 메모리: 최대 크기", "commit_limit"),
    (Systeminfo, "가상 메모리: 사용 중", "committed"),
    (Systeminfo, "가상 메모리: 사용 가능", ""),
    (Lsmem, "Total online memory", "mem_online"),
    (Lsmem, "Total offline memory", ""),
    (Lsmem, "Memory block size", ""),
    (VmStat, "Pages free", "mem_free"),
    (VmStat, "Pages active", "active"),
    (VmStat, "Pages inactive", "inactive"),
    (VmStat, "Pages wired down", "wired"),
    (VmStat, "File-backed pages", "cache"),
    (VmStat, "Anonymous pages", "anon"),
    (VmStat, "Pages occupied by compressor", "compressor"),
];

/// Cells of `atop`'s lines about memory and swap, and our words.
const ATOP: &[(&str, &str, &str)] = &[
    ("MEM", "tot", "mem_total"),
    ("MEM", "free", "mem_free"),
    ("MEM", "avail", "mem_available"),
    ("MEM", "cache", "cache"),
    ("MEM", "dirty", "dirty_file"),
    ("MEM", "buff", "buffers"),
    ("MEM", "slab", "slab"),
    ("MEM", "shmem", "shmem"),
    ("MEM", "pgtab", "page_tables"),
    ("SWP", "tot", "swap_total"),
    ("SWP", "free", "swap_free"),
    ("SWP", "swcac", "swap_cached"),
    ("SWP", "vmcom", "committed"),
    ("SWP", "vmlim", "commit_limit"),
];

/// Rows of beancounters that are kept, with the names of what is held, its limit, and its failures.
const BEANCOUNTERS: &[(&str, [&str; 3])] = &[
    ("privvmpages", ["privvmpages", "privvmpages_limit", "privvmpages_failures"]),
    ("physpages", ["physpages", "physpages_limit", "physpages_failures"]),
    ("oomguarpages", ["oomguarpages", "oomguarpages_limit", "oomguarpages_failures"]),
    ("swappages", ["swappages", "swappages_limit", "swappages_failures"]),
    ("numproc", ["pids", "pids_limit", "pids_failures"]),
];

/// From here on a limit of beancounters is none.
const NO_LIMIT: u64 = i64::MAX as u64 >> 12;

/// `Total Physical Memory:     16,264 MB`: who prints it, our word, and the value.
fn label(body: &str) -> Option<(HostKind, &'static str, &str)> {
    let (label, value) = body.rsplit_once(':')?;
    let label = label.trim_end();
    let (program, _, name) = LABELS.iter().find(|(_, known, _)| *known == label)?;
    Some((*program, name, value.trim()))
}

/// Whose first line this is: each prints a kind of its own.
fn program(body: &str) -> Option<HostKind> {
    match body.as_bytes().first()? {
        b'A' if body.starts_with("ATOP - ") => Some(Atop),
        b'M' if body.starts_with("MEM | tot ") => Some(Atop),
        b'M' if body.starts_with("Mach Virtual Memory Statistics: (page size of ") => Some(VmStat),
        b'P' if body.starts_with("PhysMem: ") => Some(TopSummary),
        b'P' if body.starts_with("Per-node system memory usage (in MBs)") => Some(Numastat),
        b'u' if body
            .split_ascii_whitespace()
            .eq(["uid", "resource", "held", "maxheld", "barrier", "limit", "failcnt"]) =>
        {
            Some(Beancounters)
        }
        // Labels in Korean begin with the last two.
        b'T' | b'A' | b'V' | 0xec | 0xea if body.ends_with(['B', 'K', 'M', 'G', 'T']) => {
            let (program, _, value) = label(body)?;
            (program != VmStat && size(program, value).is_some()).then_some(program)
        }
        _ => None,
    }
}

fn claim(body: &str) -> Claim {
    if program(body).is_some() { Claim::Strong } else { Claim::None }
}

/// A size as this program prints it.
fn size(program: HostKind, value: &str) -> Option<Bytes> {
    match program {
        Systeminfo => grouped(value.strip_suffix("MB")?.trim_end())?.checked_mul(MIB).map(Bytes),
        _ => binary(value, 1).filter(|_| whole(value).is_none()),
    }
}

struct Figures {
    draft: Draft,
    /// Bytes of a page of `vm_stat`.
    page: u64,
    /// Files whose numbers are still to come, and the process they are about.
    files: Vec<(&'static str, u32)>,
    /// The last column of `numastat` is the sum of all nodes.
    total: bool,
    group: bool,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let files: Vec<&str> = context
        .commands
        .iter()
        .filter(|command| command.tool == "cat")
        .flat_map(|command| command.arguments.iter().map(String::as_str))
        .collect();
    let scores: Vec<(&'static str, u32)> = files.iter().filter_map(|file| score(file)).collect();
    let program = match program(line.body.trim()) {
        Some(program) => program,
        None if context.claimed => return None,
        None if files.iter().any(|file| *file == "/proc/pressure/memory" || file.ends_with("memory.pressure")) => {
            Pressure
        }
        None if files.contains(&"/proc/vmstat") => ProcVmstat,
        None if !scores.is_empty() => ProcStatus,
        None => return None,
    };
    let mut block = Figures { draft: Draft::new(program, line), page: 0, files: scores, total: false, group: false };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

/// `/proc/4711/oom_score`: our word, and the process.
fn score(file: &str) -> Option<(&'static str, u32)> {
    let (pid, name) = file.strip_prefix("/proc/")?.split_once('/')?;
    let name = match name {
        "oom_score" => "oom_score",
        "oom_score_adj" => "oom_score_adj",
        _ => return None,
    };
    Some((name, pid.parse().ok()?))
}

impl Block for Figures {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let taken = match self.draft.reading.kind {
            Atop => self.atop(body, line),
            Beancounters => self.beancounter(body, line),
            Numastat => self.numastat(body, line),
            Pressure => self.pressure(body, line),
            ProcStatus => self.score(body, line),
            TopSummary => self.top_of_macos(body, line),
            VmStat => self.vm_stat(body, line),
            ProcVmstat => self.vmstat(body, line),
            _ => match label(body).filter(|(program, ..)| *program == self.draft.reading.kind) {
                Some((_, name, _)) if self.draft.has(name) => false,
                Some((program, name, value)) => {
                    self.put(name, size(program, value), line, value);
                    true
                }
                None => false,
            },
        };
        if taken {
            self.draft.extend(line);
            out.keep(line);
        }
        taken
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }

    fn patience(&self) -> u32 {
        // Between the lines about memory stand others.
        match self.draft.reading.kind {
            Atop => 6,
            Systeminfo => 3,
            _ => 0,
        }
    }
}

impl Figures {
    fn put(&mut self, name: &'static str, size: Option<Bytes>, line: &Line<'_>, part: &str) {
        if !name.is_empty() {
            self.draft.size(name, size, line, part);
        }
    }

    /// `MEM | tot    23.5G | free   15.0G |`, and the line with the date above it.
    fn atop(&mut self, body: &str, line: &Line<'_>) -> bool {
        if let Some(rest) = body.strip_prefix("ATOP - ") {
            let mut words = rest.split_ascii_whitespace().skip(1);
            let date = words.next().map(|date| date.replace('/', "-"));
            let civil = date.as_deref().and_then(iso_date).map(|(date, _)| date);
            let time = words.next().and_then(time_of_day).map(|(time, _)| time);
            if self.draft.is_empty() {
                let micros =
                    civil.zip(time).and_then(|(civil, time)| Some(Micros(civil.micros()?.0.checked_add(time)?)));
                self.draft.reading.local_time = micros;
                return true;
            }
            return false;
        }
        let Some((row, cells)) = body.split_once(" | ") else { return false };
        if !matches!(row, "MEM" | "SWP") || row == "MEM" && cells.starts_with("tot ") && self.draft.has("mem_total") {
            return false;
        }
        for cell in cells.split('|') {
            let Some((label, value)) = cell.trim().split_once(' ') else { continue };
            let value = value.trim_start();
            if let Some((.., name)) = ATOP.iter().find(|(known, cell, _)| *known == row && *cell == label) {
                self.put(name, size(Atop, value), line, value);
            }
        }
        true
    }

    /// `101:  kmemsize   9451254   14163968   50331648   56623104   0`
    fn beancounter(&mut self, body: &str, line: &Line<'_>) -> bool {
        if body.starts_with("uid ") {
            return self.draft.is_empty();
        }
        let mut words: Vec<&str> = body.split_ascii_whitespace().collect();
        if words.first().is_some_and(|word| word.ends_with(':')) {
            // The next container.
            if std::mem::replace(&mut self.group, true) {
                return false;
            }
            words.remove(0);
        }
        let [resource, held, _, _, limit, failures] = words.as_slice() else { return false };
        if ![held, limit, failures].iter().all(|word| whole(word).is_some()) {
            return false;
        }
        if *resource == "kmemsize" {
            self.put("kernel", amount(held, 1), line, held);
        }
        if let Some((_, names)) = BEANCOUNTERS.iter().find(|(known, _)| known == resource) {
            for (name, word) in names.iter().zip([held, limit, failures]) {
                self.draft.count(name, whole(word).filter(|number| *number < NO_LIMIT), line, word);
            }
        }
        true
    }

    /// `MemTotal                23642.21        23642.21`: the last column, if it is the sum.
    fn numastat(&mut self, body: &str, line: &Line<'_>) -> bool {
        if body.starts_with("Per-node ") || body.starts_with("Token ") || body.starts_with("----") {
            return self.draft.is_empty();
        }
        if body.starts_with("Node ") {
            self.total = body.ends_with(" Total");
            return self.draft.is_empty();
        }
        let Some((key, last)) = body.split_once(' ').and_then(|(key, rest)| Some((key, rest.split(' ').next_back()?)))
        else {
            return false;
        };
        let Some(size) = amount(last, MIB).filter(|_| last.contains('.')) else { return false };
        if self.total
            && let Some(name) = meminfo::name(key).filter(|name| !name.is_empty() && !self.draft.has(name))
        {
            self.put(name, Some(size), line, last);
        }
        true
    }

    /// `some avg10=12.31 avg60=8.02 avg300=3.11 total=123456789`
    fn pressure(&mut self, body: &str, line: &Line<'_>) -> bool {
        let mut words = body.split(' ');
        let names = match words.next() {
            Some("some") => ["some_avg10", "some_avg60", "some_avg300", "some_total"],
            Some("full") => ["full_avg10", "full_avg60", "full_avg300", "full_total"],
            _ => return false,
        };
        let [_, _, _, total] = names;
        if self.draft.has(total) {
            return false;
        }
        for (name, key) in names.into_iter().zip(["avg10=", "avg60=", "avg300=", "total="]) {
            let Some(value) = words.next().and_then(|word| word.strip_prefix(key)) else { return false };
            if name == total {
                self.draft.count(name, whole(value), line, value);
            } else if value.parse::<f64>().is_ok() {
                self.draft.word(name, value, line, value);
            }
        }
        true
    }

    /// A number, of the next file.
    fn score(&mut self, body: &str, line: &Line<'_>) -> bool {
        let Some((name, pid)) = self.files.first().copied() else { return false };
        if body.len() > 5 || body.parse::<i32>().is_err() || self.draft.reading.pid.is_some_and(|known| known != pid) {
            return false;
        }
        self.files.remove(0);
        self.draft.reading.pid = Some(pid);
        match whole(body) {
            Some(number) => self.draft.count(name, Some(number), line, body),
            None => self.draft.word(name, body, line, body),
        }
        true
    }

    /// `PhysMem: 15G used (2411M wired, 3501M compressor), 500M unused.`
    fn top_of_macos(&mut self, body: &str, line: &Line<'_>) -> bool {
        let Some(rest) = body.strip_prefix("PhysMem: ").filter(|_| self.draft.is_empty()) else { return false };
        let mut value = "";
        for word in rest.split([' ', '(', ')', ',', '.']) {
            let name = match word {
                "used" => "mem_used_with_cache",
                "wired" => "wired",
                "compressor" => "compressor",
                "unused" | "free" => "mem_free",
                "active" => "active",
                "inactive" => "inactive",
                _ => "",
            };
            self.put(name, size(TopSummary, value), line, value);
            value = word;
        }
        !self.draft.is_empty()
    }

    /// `Pages free:                              123456.`
    fn vm_stat(&mut self, body: &str, line: &Line<'_>) -> bool {
        if let Some((_, rest)) = body.split_once("(page size of ") {
            self.page = rest.strip_suffix(" bytes)").and_then(whole).unwrap_or_default();
            return self.page > 0 && self.draft.is_empty();
        }
        let Some((key, value)) = body.rsplit_once(':') else { return false };
        let value = value.trim();
        let Some(pages) = value.strip_suffix('.').filter(|digits| whole(digits).is_some()) else { return false };
        if let Some((.., name)) = LABELS.iter().find(|(program, known, _)| *program == VmStat && *known == key) {
            self.put(name, amount(pages, self.page), line, value);
        }
        true
    }

    /// `oom_kill 3`, among many others.
    fn vmstat(&mut self, body: &str, line: &Line<'_>) -> bool {
        let Some((key, value)) = body.split_once(' ') else { return false };
        if whole(value).is_none() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return false;
        }
        if key == "oom_kill" {
            self.draft.count("oom_kill", whole(value), line, value);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;

    #[test]
    fn lines_of_atop_are_one_reading_with_its_time() {
        let text = "ATOP - vm      2026/11/23  01:22:24      -----------------      6h22m25s elapsed\nPRC | sys    3m18s | user   1m44s | #proc     86 | #zombie    1 | #exit      0 |\nMEM | tot    23.5G | free   15.0G | cache   6.0G | buff  132.0M | slab    1.1G |\nMEM | numnode    1 | shmem   8.0M | shrss   0.0M | tcpsk   1.9M | udpsk   0.0M |\nSWP | tot     0.0M | free    0.0M | swcac   0.0M | vmcom 438.7M | vmlim  11.8G |\n";
        let out = read(text);
        assert_eq!(out.host.len(), 1);
        let reading = first(text, "atop");
        assert_eq!(reading.local_time, Some(Micros(1_795_396_944_000_000)));
        assert_eq!(reading.sizes.get("mem_total"), Some(&Bytes(47 << 29)));
        assert_eq!(
            (reading.sizes.get("shmem"), reading.sizes.get("swap_total")),
            (Some(&Bytes(8 << 20)), Some(&Bytes(0)))
        );
    }

    #[test]
    fn numbers_alone_are_read_behind_their_command() {
        let text = "$ cat /proc/4711/oom_score /proc/4711/oom_score_adj\n669\n-500\n";
        let reading = first(text, "proc-status");
        assert_eq!((reading.pid, reading.counts.get("oom_score")), (Some(4711), Some(&669)));
        assert_eq!(reading.words.get("oom_score_adj").map(String::as_str), Some("-500"));
        let text = "$ cat /proc/pressure/memory\nsome avg10=12.31 avg60=8.02 avg300=3.11 total=4635077\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=4427143\n";
        let reading = first(text, "pressure");
        assert_eq!(
            (reading.counts.get("some_total"), reading.words.get("some_avg10").map(String::as_str)),
            (Some(&4_635_077), Some("12.31"))
        );
        assert_eq!(first("$ grep oom /proc/vmstat\noom_kill 3\n", "proc-vmstat").counts.get("oom_kill"), Some(&3));
        assert_eq!(read("669\nsome avg10=12.31 avg60=8.02 avg300=3.11 total=4635077\noom_kill 3\n").host, []);
        assert_eq!(read("$ cat /proc/pressure/cpu\nsome avg10=12.31 avg60=8.02 avg300=3.11 total=4635077\n").host, []);
    }

    #[test]
    fn pages_of_beancounters_stay_pages() {
        let text = "Version: 2.5\n       uid  resource           held    maxheld    barrier      limit    failcnt\n      101:  kmemsize        9451254   14163968   50331648   56623104          0\n            privvmpages      131072     262144     262144     287744         12\n            physpages         65536     131072          0 9223372036854775807    0\n      102:  kmemsize        1   1   1   1          0\n";
        let reading = first(text, "beancounters");
        assert_eq!(reading.sizes.get("kernel"), Some(&Bytes(9_451_254)));
        assert_eq!(
            (reading.counts.get("privvmpages_limit"), reading.counts.get("privvmpages_failures")),
            (Some(&287_744), Some(&12))
        );
        assert_eq!(reading.counts.get("physpages_limit"), None);
    }

    #[test]
    fn the_machine_by_windows_macos_and_its_nodes() {
        let text = "Host Name:                 WEB01\nTotal Physical Memory:     16,264 MB\nAvailable Physical Memory: 8,123 MB\nVirtual Memory: Max Size:  18,696 MB\n";
        assert_eq!(first(text, "systeminfo").sizes.get("mem_total"), Some(&Bytes(16_264 * MIB)));
        assert_eq!(first(text, "systeminfo").sizes.get("commit_limit"), Some(&Bytes(18_696 * MIB)));
        assert_eq!(
            first("사용 가능한 실제 메모리:   8,123MB\n", "systeminfo").sizes.get("mem_available"),
            Some(&Bytes(8_123 * MIB))
        );
        let text = "Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages free:                                3000.\nPages wired down:                        200000.\n\"Translation faults\":                 123456789.\nFile-backed pages:                          100.\n";
        let reading = first(text, "vm-stat");
        assert_eq!(
            (reading.sizes.get("mem_free"), reading.sizes.get("cache")),
            (Some(&Bytes(3000 << 14)), Some(&Bytes(100 << 14)))
        );
        let text = "PhysMem: 15G used (2411M wired, 3501M compressor), 500M unused.\n";
        let reading = first(text, "top-summary");
        assert_eq!(
            (reading.sizes.get("mem_used_with_cache"), reading.sizes.get("mem_free")),
            (Some(&Bytes(15 << 30)), Some(&Bytes(500 * MIB)))
        );
        let text = "Per-node system memory usage (in MBs):\n                          Node 0          Node 1           Total\n                 --------------- --------------- ---------------\nMemTotal                   64.25           64.00          128.25\nMemFree                     1.00            2.00            3.00\n";
        assert_eq!(first(text, "numastat").sizes.get("mem_total"), Some(&Bytes(513 << 18)));
        assert_eq!(first("Total online memory:      24G\n", "lsmem").sizes.get("mem_online"), Some(&Bytes(24 << 30)));
    }
}
