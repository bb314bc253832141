//! Reads `/proc/meminfo`: `MemTotal:       24682416 kB`, one value per line, whole or grepped.
//!
//! `kB` means KiB. What a program may still have is `MemAvailable`, not `MemFree`. Source: `proc_meminfo(5)`.

use super::draft::Draft;
use super::quantity::{KIB, amount, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;

pub(super) const SHAPE: Shape = Shape { tool: "cat", claim, open };

/// The kernel's word, and ours. Empty: known, but not kept.
const KEYS: &[(&str, &str)] = &[
    ("MemTotal", "mem_total"),
    ("MemFree", "mem_free"),
    ("MemAvailable", "mem_available"),
    ("Buffers", "buffers"),
    ("Cached", "cache"),
    ("SwapCached", "swap_cached"),
    ("SwapTotal", "swap_total"),
    ("SwapFree", "swap_free"),
    ("Zswapped", "zswapped"),
    ("Dirty", "dirty_file"),
    ("AnonPages", "anon"),
    ("Mapped", "mapped"),
    ("Shmem", "shmem"),
    ("Slab", "slab"),
    ("SReclaimable", "slab_reclaimable"),
    ("SUnreclaim", "slab_unreclaimable"),
    ("KernelStack", "kernel_stack"),
    ("PageTables", "page_tables"),
    ("CommitLimit", "commit_limit"),
    ("Committed_AS", "committed"),
    ("VmallocUsed", ""),
    ("VmallocTotal", ""),
    ("VmallocChunk", ""),
    ("AnonHugePages", "anon_huge"),
    ("HugePages_Total", ""),
    ("HugePages_Free", ""),
    ("HugePages_Rsvd", ""),
    ("HugePages_Surp", ""),
    ("Hugepagesize", ""),
    ("Hugetlb", "huge_pages"),
    ("Active", ""),
    ("Inactive", ""),
    ("Active(anon)", ""),
    ("Inactive(anon)", ""),
    ("Active(file)", ""),
    ("Inactive(file)", ""),
    ("Unevictable", ""),
    ("Mlocked", ""),
    ("Zswap", ""),
    ("Writeback", ""),
    ("WritebackTmp", ""),
    ("KReclaimable", ""),
    ("SecPageTables", ""),
    ("NFS_Unstable", ""),
    ("Bounce", ""),
    ("Percpu", ""),
    ("HardwareCorrupted", ""),
    ("ShmemHugePages", ""),
    ("ShmemPmdMapped", ""),
    ("FileHugePages", ""),
    ("FilePmdMapped", ""),
    ("CmaTotal", ""),
    ("CmaFree", ""),
    ("Unaccepted", ""),
    ("Balloon", ""),
    ("HighTotal", ""),
    ("HighFree", ""),
    ("LowTotal", ""),
    ("LowFree", ""),
    ("DirectMap4k", ""),
    ("DirectMap2M", ""),
    ("DirectMap4M", ""),
    ("DirectMap1G", ""),
];

/// Our word for one of the kernel's, empty if it is not kept.
pub(super) fn name(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, name)| *name)
}

/// Our name and the digits. `None` if the line is none of meminfo's.
fn entry(body: &str) -> Option<(&'static str, &str)> {
    let body = body.strip_prefix("/proc/meminfo:").unwrap_or(body);
    if !body.as_bytes().first()?.is_ascii_uppercase() {
        return None;
    }
    let (key, value) = body.split_once(':')?;
    let value = value.trim();
    let name = name(key)?;
    let digits = match value.strip_suffix(" kB") {
        Some(digits) => digits,
        None if key.starts_with("HugePages_") => value,
        None => return None,
    };
    whole(digits).map(|_| (name, digits))
}

fn claim(body: &str) -> Claim {
    match entry(body) {
        Some((name, _)) if !name.is_empty() => Claim::Strong,
        _ => Claim::None,
    }
}

struct Meminfo {
    draft: Draft,
}

fn open(line: &Line<'_>, _: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let mut block = Meminfo { draft: Draft::new(HostKind::Meminfo, line) };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Meminfo {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some((name, digits)) = entry(line.body.trim_start()) else { return false };
        if self.draft.has(name) {
            // The same file once more.
            return false;
        }
        self.draft.extend(line);
        if !name.is_empty() {
            self.draft.size(name, amount(digits, KIB), line, digits);
            if name.starts_with("mem_") || name.starts_with("swap_") {
                out.keep(line);
            }
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn values_are_kib_and_know_their_places() {
        let text = "$ cat /proc/meminfo\nMemTotal:       24682416 kB\nMemFree:        12484572 kB\nMemAvailable:   23113848 kB\nHugePages_Total:       0\n";
        let reading = first(text, "meminfo");
        assert_eq!(reading.sizes.get("mem_total"), Some(&Bytes(24_682_416 * KIB)));
        assert_eq!(reading.at.get("mem_available").map(|span| (span.line, span.start, span.end)), Some((4, 16, 24)));
        assert_eq!((reading.first_line, reading.last_line), (2, 5));
    }

    #[test]
    fn the_same_file_twice_makes_two_readings() {
        let text = "MemTotal: 8 kB\nMemFree: 4 kB\nMemTotal: 8 kB\nMemFree: 2 kB\n";
        let free: Vec<Option<u64>> =
            read(text).host.iter().map(|reading| reading.sizes.get("mem_free").map(|size| size.0)).collect();
        assert_eq!(free, [Some(4096), Some(2048)]);
    }

    #[test]
    fn a_value_without_its_unit_is_not_read() {
        assert_eq!(read("MemTotal:       24682\n").host, []);
        assert_eq!(read("MemTotal:       24682 k").host, []);
        assert_eq!(read("Active: 12 kB\n").host, []);
    }
}
