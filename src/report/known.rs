//! The closed vocabularies: words that stand in a report because this program writes them, and that may leave for that reason.
//!
//! A kind, a rule's id, the name of a figure is ours, whatever text it was read from; what people call their processes, hosts,
//! and categories is not. `vocabulary.txt` is something else: the dictionary of links, and of quoted lines.

use super::vocabulary;
use crate::analysis::rules::RULES;
use crate::formats::{FORMAT_IDS, jstat, jvm_flags, nmt};
use crate::i18n;
use crate::model::kind::HostKind;

/// True for the id of a rule.
pub fn rule(text: &str) -> bool {
    RULES.iter().any(|rule| rule.id == text)
}

/// True for the kind of a warning: every one has its sentence.
pub fn warning(text: &str) -> bool {
    i18n::knows(&format!("warning.{text}"))
}

/// True for what a segment is called: a format, or the kind of a host reading.
pub fn segment(text: &str) -> bool {
    FORMAT_IDS.contains(&text) || HostKind::of(text).name() == text
}

/// True for the kind of an NMT report.
pub fn nmt_kind(text: &str) -> bool {
    matches!(text, "summary" | "summary.diff" | "detail" | "detail.diff")
}

/// True for the kind of an NMT call site.
pub fn nmt_site(text: &str) -> bool {
    matches!(text, "malloc" | "mmap")
}

/// True for the name of an NMT category, or of a block inside one, that OpenJDK prints.
pub fn category(text: &str) -> bool {
    nmt::is_category(text) || matches!(text, "Class space" | "Metadata")
}

/// True for the style of a GC log.
pub fn gc_style(text: &str) -> bool {
    matches!(text, "unified" | "legacy" | "monitor" | "hs-err")
}

/// True for the kind of a GC event.
pub fn gc_kind(text: &str) -> bool {
    serde_json::from_value::<crate::model::gc::GcKind>(text.into()).is_ok()
}

/// True for a collector.
pub fn collector(text: &str) -> bool {
    matches!(
        text,
        "CMS"
            | "Epsilon"
            | "G1"
            | "Parallel"
            | "Serial"
            | "Shenandoah"
            | "ZGC"
            | "generational Shenandoah"
            | "generational ZGC"
    )
}

/// True for an option of `jstat`, without its dash.
pub fn jstat_option(text: &str) -> bool {
    jstat::is_option(text)
}

/// True for a column of `jstat`, and for the second of a name that it prints twice.
pub fn jstat_column(text: &str) -> bool {
    jstat::is_column(text.strip_suffix("#2").unwrap_or(text))
}

/// True for a range of JDKs that a layout tells: `11+`, `7-10`.
pub fn jdk_range(text: &str) -> bool {
    let number = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_suffix('+').is_some_and(number)
        || text.split_once('-').is_some_and(|(from, to)| number(from) && number(to))
}

/// True for a column of the kernel's table of processes.
pub fn process_column(text: &str) -> bool {
    PROCESS_COLUMNS.binary_search(&text).is_ok()
}

/// True for what says how a page size is known.
pub fn page_size_reason(text: &str) -> bool {
    matches!(text, "architecture" | "buddy" | "kill-line" | "unlimited-limit")
}

/// True for the reach of an OOM kill, as the kernel names it.
pub fn constraint(text: &str) -> bool {
    matches!(text, "CONSTRAINT_CPUSET" | "CONSTRAINT_MEMCG" | "CONSTRAINT_MEMORY_POLICY" | "CONSTRAINT_NONE")
}

/// True for a zone of memory.
pub fn zone(text: &str) -> bool {
    matches!(text, "DMA" | "DMA32" | "Device" | "HighMem" | "Movable" | "Normal")
}

/// True for a field of a record that `at` gives a place.
pub fn field(text: &str) -> bool {
    let list = |name: &str| text.strip_prefix(name).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    vocabulary::knows(text) || list("flags.") || matches!(text, "chosen.pid" | "heap_dump" | "year")
}

/// True for the name of a size, a count, or a word of a reading.
pub fn figure(text: &str) -> bool {
    FIGURES.binary_search(&text).is_ok() || WORDS.binary_search(&text).is_ok()
}

/// True for an environment variable that carries options of a JVM.
pub fn options_variable(text: &str) -> bool {
    matches!(text, "JAVA_OPTS" | "JAVA_TOOL_OPTIONS" | "JDK_JAVA_OPTIONS" | "_JAVA_OPTIONS")
}

/// True for an option (`-XX:`) whose name a JVM has.
pub fn option(name: &str) -> bool {
    let is_shaped = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().filter(u8::is_ascii_uppercase).count() > 1
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    jvm_flags::is_option_name(name) || is_shaped && vocabulary::knows(name)
}

/// True for an option whose value is a path, a command, or another text of people.
pub fn option_of_text(name: &str) -> bool {
    matches!(name, "ErrorFile" | "HeapDumpPath" | "LogFile" | "OnError" | "OnOutOfMemoryError" | "StartFlightRecording")
}

/// True for a cause of a collection that a JVM has.
pub fn gc_cause(text: &str) -> bool {
    jstat::is_cause(text)
}

/// Sorted.
const PROCESS_COLUMNS: &[&str] = &[
    "cpu",
    "name",
    "nr_pmds",
    "nr_ptes",
    "oom_adj",
    "oom_score_adj",
    "pgtables_bytes",
    "pid",
    "rss",
    "rss_anon",
    "rss_file",
    "rss_shmem",
    "swapents",
    "tgid",
    "total_vm",
    "uid",
];

/// Sorted. What words of readings are called.
const WORDS: &[&str] = &[
    "argument_file",
    "average",
    "cgroup",
    "clock",
    "collector",
    "from",
    "full_avg10",
    "full_avg300",
    "full_avg60",
    "jdk",
    "limit",
    "main",
    "oom_score_adj",
    "path",
    "some_avg10",
    "some_avg300",
    "some_avg60",
    "state",
    "user",
    "version",
];

/// Sorted. What sizes and counts are called: of machines, containers, processes, of GC events, and what kernels print by name.
pub const FIGURES: &[&str] = &[
    "Balloon",
    "active",
    "active_anon",
    "active_file",
    "allocatable",
    "allocated",
    "anon",
    "anon_hierarchical",
    "anon_huge",
    "anon_thp",
    "anonymous",
    "arenas_seen",
    "blocked",
    "boost",
    "bounce",
    "buffers",
    "buffers_cache",
    "c_heap",
    "c_heap_retained",
    "cache",
    "cache_hierarchical",
    "class_capacity",
    "class_committed",
    "class_loaders",
    "class_reserved",
    "class_space_max",
    "class_used",
    "classes",
    "cma_reserved",
    "code_cache",
    "code_cache_max",
    "code_cache_used",
    "commit_limit",
    "committed",
    "compressor",
    "container_pid",
    "direct_capacity",
    "direct_max",
    "direct_used",
    "dirty",
    "dirty_file",
    "eden_after",
    "eden_before",
    "eden_committed",
    "eden_used",
    "file",
    "file_dirty",
    "file_mapped",
    "file_pmdmapped",
    "file_thp",
    "file_writeback",
    "footprint",
    "free",
    "free_cma",
    "free_highatomic",
    "free_pcp",
    "full_total",
    "heap_committed",
    "heap_dump",
    "heap_initial",
    "heap_max",
    "heap_soft_max",
    "heap_used",
    "hierarchical_memory_limit",
    "hierarchical_memsw_limit",
    "high",
    "highmem",
    "huge_pages",
    "hugepages_free",
    "hugepages_total",
    "hugetlb",
    "humongous_after",
    "humongous_before",
    "hwpoisoned",
    "inactive",
    "inactive_anon",
    "inactive_file",
    "inactive_file_hierarchical",
    "instances",
    "isolated(anon)",
    "isolated(file)",
    "isolated_anon",
    "isolated_file",
    "java_threads",
    "kernel",
    "kernel_misc_reclaimable",
    "kernel_stack",
    "limit",
    "limit_hierarchical",
    "limit_hits",
    "limit_soft",
    "limit_swap",
    "limit_virtual",
    "limit_with_swap",
    "live",
    "local_pcp",
    "low",
    "managed",
    "mapped",
    "mapped_capacity",
    "mapped_file",
    "mapped_used",
    "max_map_count",
    "mem_available",
    "mem_free",
    "mem_free_with_cache",
    "mem_online",
    "mem_total",
    "mem_used",
    "mem_used_with_cache",
    "metaspace_capacity",
    "metaspace_committed",
    "metaspace_max",
    "metaspace_reserved",
    "metaspace_threshold",
    "metaspace_used",
    "min",
    "mlock",
    "mlocked",
    "native",
    "non_shared",
    "nonheap_committed",
    "nonheap_used",
    "numa_hint_faults",
    "numa_pages_migrated",
    "numa_pte_updates",
    "numa_task_migrated",
    "numa_task_swapped",
    "old_after",
    "old_before",
    "old_committed",
    "old_live",
    "old_used",
    "oom",
    "oom_group_kill",
    "oom_kill",
    "oom_kill_disable",
    "oom_score",
    "oom_score_adj",
    "oomguarpages",
    "oomguarpages_failures",
    "oomguarpages_limit",
    "page_tables",
    "pagecache",
    "pagetables",
    "percpu",
    "perm_committed",
    "perm_max",
    "perm_used",
    "pgactivate",
    "pgdeactivate",
    "pgdemote_direct",
    "pgdemote_khugepaged",
    "pgdemote_kswapd",
    "pgdemote_proactive",
    "pgfault",
    "pglazyfree",
    "pglazyfreed",
    "pgmajfault",
    "pgpgin",
    "pgpgout",
    "pgpromote_success",
    "pgrefill",
    "pgscan",
    "pgscan_direct",
    "pgscan_khugepaged",
    "pgscan_kswapd",
    "pgscan_proactive",
    "pgsteal",
    "pgsteal_direct",
    "pgsteal_khugepaged",
    "pgsteal_kswapd",
    "pgsteal_proactive",
    "physical",
    "physical_free",
    "physpages",
    "physpages_failures",
    "physpages_limit",
    "pid_max",
    "pids",
    "pids_failures",
    "pids_limit",
    "present",
    "private_bytes",
    "private_clean",
    "private_dirty",
    "privvmpages",
    "privvmpages_failures",
    "privvmpages_limit",
    "processes",
    "pss",
    "pss_anon",
    "pss_dirty",
    "pss_file",
    "pss_shmem",
    "ram_max",
    "region_size",
    "request",
    "requested",
    "reserved",
    "reserved_highatomic",
    "rss",
    "rss_anon",
    "rss_file",
    "rss_huge",
    "rss_peak",
    "rss_shared",
    "rss_shmem",
    "runnable",
    "sec_pagetables",
    "shared",
    "shared_clean",
    "shared_dirty",
    "shmem",
    "shmem_pmdmapped",
    "shmem_thp",
    "slab",
    "slab_reclaimable",
    "slab_unreclaimable",
    "sock",
    "sock_throttled",
    "soft_limit_hits",
    "some_total",
    "survivor_after",
    "survivor_before",
    "survivor_committed",
    "survivor_regions",
    "survivor_used",
    "swap",
    "swap_cached",
    "swap_free",
    "swap_hierarchical",
    "swap_in",
    "swap_out",
    "swap_pss",
    "swap_total",
    "swap_used",
    "swapcache",
    "swapcached",
    "swappages",
    "swappages_failures",
    "swappages_limit",
    "swpin_zero",
    "swpout_zero",
    "tasks",
    "tasks_max",
    "thp_collapse_alloc",
    "thp_fault_alloc",
    "thp_split_page",
    "thp_split_pmd",
    "thp_swpout",
    "thp_swpout_fallback",
    "thread_stack",
    "threads",
    "threads_max",
    "total",
    "total_active_anon",
    "total_active_file",
    "total_anon_thp",
    "total_bounce",
    "total_cache",
    "total_dirty",
    "total_inactive_anon",
    "total_inactive_file",
    "total_mapped_file",
    "total_mlock",
    "total_pgactivate",
    "total_pgdeactivate",
    "total_pgfault",
    "total_pgmajfault",
    "total_pgpgin",
    "total_pgpgout",
    "total_rss",
    "total_rss_huge",
    "total_shmem",
    "total_swap",
    "total_swapcached",
    "total_unevictable",
    "total_workingset_activate_anon",
    "total_workingset_activate_file",
    "total_workingset_nodereclaim",
    "total_workingset_refault_anon",
    "total_workingset_refault_file",
    "total_workingset_restore_anon",
    "total_workingset_restore_file",
    "total_writeback",
    "under_oom",
    "unevictable",
    "unstable",
    "usage",
    "usage_peak",
    "usage_with_swap",
    "usage_with_swap_peak",
    "used",
    "uss",
    "virtual",
    "virtual_peak",
    "vmalloc",
    "waste",
    "wired",
    "working_set",
    "workingset_activate",
    "workingset_activate_anon",
    "workingset_activate_file",
    "workingset_nodereclaim",
    "workingset_refault",
    "workingset_refault_anon",
    "workingset_refault_file",
    "workingset_restore",
    "workingset_restore_anon",
    "workingset_restore_extra",
    "workingset_restore_file",
    "writeback",
    "writeback_tmp",
    "writepending",
    "young_after",
    "young_before",
    "young_committed",
    "young_initial",
    "young_live",
    "young_max",
    "young_regions",
    "young_used",
    "zspages",
    "zswap",
    "zswapped",
    "zswpin",
    "zswpout",
    "zswpwb",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::jvm_threads::is_own_name;

    #[test]
    fn lists_are_sorted() {
        for list in [PROCESS_COLUMNS, WORDS, FIGURES] {
            assert!(list.is_sorted_by(|a, b| a < b), "{:?}", list.windows(2).find(|pair| pair[0] >= pair[1]));
        }
    }

    #[test]
    fn what_people_write_is_in_no_list() {
        for text in ["", "…", "password", "class:com.acme.Invoice", "acme", "12345678", "event", "kernel "] {
            assert!(!is_own_name(text), "{text}");
            assert!(HostKind::of(text) == HostKind::Unknown && !rule(text) && !collector(text), "{text}");
            assert!(!figure(text) && !option(text) && !jstat_column(text) && !category(text), "{text}");
        }
    }
}
