//! The block of a control group that reached its limit.
//!
//! ```text
//! memory: usage 4194304kB, limit 4194304kB, failcnt 3127
//! swap: usage 0kB, limit 0kB, failcnt 0
//! Memory cgroup stats for /kubepods.slice/kubepods-pod22.slice:
//! anon 4261412864
//! pgmajfault 5120
//! ```
//!
//! Until 5.2 the statistics are one line of `cache:1024KB rss:…` per group of the tree; from 5.3 on one `name number` per
//! line, sizes in bytes. Until 6.3 those lines are one message, which the kernel cuts near 1000 characters: the last
//! number of a long one is not to be trusted. Source: Linux, `mm/memcontrol.c` (`mem_cgroup_print_oom_meminfo`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::formats::oom_killer::text::{digits, measured};
use crate::formats::quantity::is_digits;
use crate::order::Gather as _;

/// A message of this length may have been cut by the kernel; a longer text cannot be one message.
pub(super) const CUT_MESSAGE_BYTES: std::ops::RangeInclusive<usize> = 940..=1030;

/// The counters that a usage line may speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counter {
    Memory,
    /// v1: memory and swap together.
    MemoryAndSwap,
    /// v2.
    Swap,
    /// v1.
    Kernel,
}

/// `memory: usage 4194304kB, limit 4194304kB, failcnt 3127`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Usage<'a> {
    pub(super) counter: Counter,
    pub(super) usage: Option<&'a str>,
    pub(super) limit: Option<&'a str>,
    pub(super) failcnt: Option<&'a str>,
}

pub(super) fn usage(body: &str) -> Option<Usage<'_>> {
    let (counter, rest) = if let Some(rest) = body.strip_prefix("memory: ") {
        (Counter::Memory, rest)
    } else if let Some(rest) = body.strip_prefix("memory+swap: ") {
        (Counter::MemoryAndSwap, rest)
    } else if let Some(rest) = body.strip_prefix("swap: ") {
        (Counter::Swap, rest)
    } else {
        (Counter::Kernel, body.strip_prefix("kmem: ")?)
    };
    if !rest.trim_start().starts_with("usage ") {
        return None;
    }
    let failcnt = rest.find("failcnt ").and_then(|at| digits(rest.get(at + 8..)?)).map(|(count, _)| count);
    Some(Usage { counter, usage: measured(rest, "usage ", "kB"), limit: measured(rest, "limit ", "kB"), failcnt })
}

/// 2^62 bytes and more are "no limit": the largest number, rounded down to a page. 32-bit kernels have one of their own.
pub(super) fn is_unlimited(kib: u64) -> bool {
    kib >= 1 << 52 || kib == 8_589_934_588
}

/// The page size in KiB that the printed "no limit" was rounded to.
pub(super) fn page_size_of_unlimited(kib: u64) -> Option<u64> {
    match (1_u64 << 53).checked_sub(kib)? {
        pages @ (4 | 16 | 64) => Some(pages),
        _ => None,
    }
}

/// `Task in <task path> killed as a result of limit of <limit path>`, also without the first words, which are a message of their
/// own in some logs.
pub(super) fn task_in(body: &str) -> Option<(&str, &str)> {
    let path = body.strip_prefix("Task in ").unwrap_or(body);
    path.starts_with('/')
        .then_some(path)?
        .split_once(" killed as a result of limit of ")
        .map(|(task, limit)| (task, limit.trim_end()))
}

pub(super) const STATS: &str = "Memory cgroup stats for ";

/// `Memory cgroup stats for <path>:` and what follows on the line.
pub(super) fn stats_heading(body: &str) -> Option<(&str, &str)> {
    let rest = body.strip_prefix(STATS)?;
    // A path may hold a colon; the statistics of one line never hold `: `.
    match rest.split_once(": ") {
        Some((path, stats)) => Some((path, stats)),
        None => rest.strip_suffix(':').map(|path| (path, "")),
    }
}

/// `anon 4261412864`.
pub(super) fn stat(body: &str) -> Option<(&str, &str)> {
    let (name, number) = body.split_once([' ', '\t'])?;
    let number = number.trim();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (is_name && is_digits(number)).then_some((name, number))
}

/// Statistics in bytes, also with `total_` before them.
static SIZES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "anon file kernel kernel_stack pagetables sec_pagetables percpu sock vmalloc shmem zswap zswapped file_mapped \
     file_dirty file_writeback swapcached anon_thp file_thp shmem_thp inactive_anon active_anon inactive_file \
     active_file unevictable slab_reclaimable slab_unreclaimable slab hugetlb cache rss rss_huge mapped_file dirty \
     writeback swap hierarchical_memory_limit hierarchical_memsw_limit"
        .split(' ')
        .gathered()
});

/// True for statistics in bytes; the others count events or are of unknown unit.
pub(super) fn is_size(name: &str) -> bool {
    let name = name.strip_prefix("total_").unwrap_or(name);
    SIZES.contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usage_of_every_counter_is_read() {
        let line = "memory+swap: usage 524288kB, limit 9007199254740988kB, failcnt 77";
        let expected = Usage {
            counter: Counter::MemoryAndSwap,
            usage: Some("524288"),
            limit: Some("9007199254740988"),
            failcnt: Some("77"),
        };
        assert_eq!(usage(line), Some(expected));
        assert_eq!(usage("memory: usage 5242").map(|found| found.usage), Some(None));
        assert_eq!(usage("memory: low on the host"), None);
    }

    #[test]
    fn the_largest_numbers_are_no_limits() {
        for kib in [9_007_199_254_740_988, 9_007_199_254_740_991, 18_014_398_509_481_983, 8_589_934_588] {
            assert!(is_unlimited(kib), "{kib}");
        }
        assert!(!is_unlimited(8_589_934_592));
        assert_eq!(page_size_of_unlimited(9_007_199_254_740_988), Some(4));
        assert_eq!(page_size_of_unlimited(9_007_199_254_740_928), Some(64));
        assert_eq!(page_size_of_unlimited(9_007_199_254_740_991), None);
    }

    #[test]
    fn counts_are_no_sizes() {
        assert!(is_size("total_rss") && is_size("anon_thp"));
        assert!(!is_size("pgfault") && !is_size("workingset_refault_file") && !is_size("thp_fault_alloc"));
    }

    #[test]
    fn both_forms_of_statistics_have_a_heading() {
        assert_eq!(stats_heading("Memory cgroup stats for /a:b:"), Some(("/a:b", "")));
        assert_eq!(stats_heading("Memory cgroup stats for /a: cache:1KB rss:2KB"), Some(("/a", "cache:1KB rss:2KB")));
        assert_eq!(stat("anon 12"), Some(("anon", "12")));
        assert_eq!(stat("anon 12 13"), None);
    }
}
