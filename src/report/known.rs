//! The closed vocabularies: words that stand in a report because this program writes them, and that may leave for that reason.
//!
//! A kind, a rule's id, the name of a figure is ours, whatever text it was read from; what people call their processes, hosts,
//! and categories is not. `vocabulary.txt` is something else: the dictionary of links, and of quoted lines.

use super::vocabulary;
use crate::analysis::rule_id::RuleId;
use crate::formats::jvm_options::BUILD_TOOLS;
use crate::formats::{FORMAT_IDS, jstat, jvm_flags, nmt};
use crate::i18n;
use crate::model::gc::GcKind;
use crate::model::kind::HostKind;
use crate::model::names;

/// True for the id of a rule.
pub fn rule(text: &str) -> bool {
    RuleId::of(text) != RuleId::Unknown
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
    matches!(text, "unified" | "legacy" | "monitor" | "hs-err" | "javacore" | "openj9" | "recording")
}

/// True for the kind of a GC event.
pub fn gc_kind(text: &str) -> bool {
    GcKind::WORDS.iter().any(|(word, _)| *word == text)
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
    names::is_known(text)
}

/// True for an environment variable that carries options of a JVM.
pub fn options_variable(text: &str) -> bool {
    matches!(text, "JAVA_OPTS" | "JAVA_TOOL_OPTIONS" | "JDK_JAVA_OPTIONS" | "_JAVA_OPTIONS")
        || BUILD_TOOLS.contains(&text)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::jvm_threads::is_own_name;

    #[test]
    fn columns_are_sorted() {
        assert!(PROCESS_COLUMNS.is_sorted_by(|a, b| a < b));
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
