//! The heap as a JVM prints it: `jcmd <pid> GC.heap_info`, at its end with `-Xlog:gc*` or `-XX:+PrintGCDetails`, in thread
//! dumps.
//!
//! ```text
//!  garbage-first heap   total 98304K, used 66232K [0x00000000fa000000, 0x0000000100000000)
//!   region size 1024K, 4 young (4096K), 2 survivors (2048K)
//!  PSYoungGen      total 24064K, used 9504K [0x00000000fe000000, 0x00000000fff00000, 0x0000000100000000)
//!   eden space 16384K, 13% used [0x00000000fe000000,0x00000000fe232c48,0x00000000ff000000)
//!  ZHeap           used 62M, capacity 96M, max capacity 96M
//!  98304K max, 98304K soft max, 98304K committed, 70350K used
//!  Metaspace       used 239K, committed 448K, reserved 1114112K
//! ```
//!
//! `total` is what is committed, of Serial and Parallel without one survivor space, so that only what is used is added up
//! to the heap. The addresses are where a part begins, ends, and may end at most; from the first to the last one is its maximum. Of
//! eden the second address is where its objects end. JDK 25 prints of G1 what is reserved, which is the maximum, and no Metaspace.

use crate::formats::draft::Draft;
use crate::formats::quantity::{binary, mixed, whole, with_unit};
use crate::source::Line;
use crate::units::Bytes;

/// A part of the heap with `total` and `used`.
struct Part {
    starts: &'static str,
    committed: &'static str,
    used: &'static str,
    collector: Option<&'static str>,
}

const fn part(starts: &'static str, names: [&'static str; 2], collector: Option<&'static str>) -> Part {
    let [committed, used] = names;
    Part { starts, committed, used, collector }
}

const HEAP: [&str; 2] = ["heap_committed", "heap_used"];
const YOUNG: [&str; 2] = ["young_committed", "young_used"];
const OLD: [&str; 2] = ["old_committed", "old_used"];
const PERM_USED: &str = "perm_used";
const PERM: [&str; 2] = ["perm_committed", PERM_USED];

const PARTS: &[Part] = &[
    part("garbage-first heap", HEAP, Some("G1")),
    part("def new generation", YOUNG, Some("Serial")),
    part("DefNew", YOUNG, Some("Serial")),
    part("PSYoungGen", YOUNG, Some("Parallel")),
    part("par new generation", YOUNG, Some("CMS")),
    part("tenured generation", OLD, None),
    part("Tenured", OLD, None),
    part("ParOldGen", OLD, Some("Parallel")),
    part("PSOldGen", OLD, Some("Parallel")),
    part("concurrent-mark-sweep perm gen", PERM, Some("CMS")),
    part("concurrent mark-sweep generation", OLD, Some("CMS")),
    part("concurrent-mark-sweep generation", OLD, Some("CMS")),
    part("compacting perm gen", PERM, None),
    part("PSPermGen", PERM, None),
];

/// True if the line can only be the first of a printed heap.
pub(super) fn is_heading(text: &str) -> bool {
    let values =
        |rest: &str| rest.contains(" total ") && rest.contains("K, used ") || rest.contains(" total reserved ");
    text == "Shenandoah Heap"
        || minecraft(text).is_some()
        || cassandra(text).is_some()
        || usage(text).is_some_and(|(names, _)| names == HEAP)
        || (text.starts_with("ZHeap ") && text.contains(" used ") && text.contains(" capacity "))
        || PARTS.iter().any(|part| text.strip_prefix(part.starts).is_some_and(values))
}

/// `Heap memory: init 54525952, used 376444072, committed 402653184, max 402653184` of an agent, and the same by `MemoryUsage` of Java:
/// `init = 54525952(53248K) used = 376444072(367621K) committed = 402653184(393216K) max = 402653184(393216K)`. Our names of what is
/// committed and used, and the amounts that are committed, used, and the maximum.
fn usage(text: &str) -> Option<([&'static str; 2], [&str; 3])> {
    let may_be = text.ends_with(|c: char| c.is_ascii_digit() || c == ')');
    let (label, rest) = may_be.then(|| text.split_once("init "))??;
    let label = label.to_ascii_lowercase();
    // `CMS Old Gen Heap memory:` of Cassandra is a part of it.
    if POOLS.iter().any(|pool| label.contains(pool)) {
        return None;
    }
    let names = match label.contains("heap") {
        true if label.contains("non") => ["nonheap_committed", "nonheap_used"],
        true => HEAP,
        false => return None,
    };
    let amount = |name: &str| {
        let (_, value) = rest.split_once(name)?;
        let value = value.trim_start_matches([' ', '=']);
        let end = value.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
        value.get(..end).filter(|_| end > 0)
    };
    Some((names, [amount("committed ")?, amount("used ")?, amount("max ")?]))
}

/// Pools of which a program prints the use as it prints that of the heap.
const POOLS: [&str; 6] = ["eden space ", "survivor space ", "old gen ", "tenured gen ", "perm gen ", "code cache "];

/// `… CassandraDaemon.java:394 - Heap size: 1063256064/1063256064`, and with units since 4.0: what is committed, and the maximum.
fn cassandra(text: &str) -> Option<[&str; 2]> {
    let (before, sizes) = text.split_once(" - Heap size: ")?;
    let (committed, max) = sizes.trim_end().split_once('/')?;
    let is_size = |size: &str| size_of(size).is_some_and(|size| size.0 >= 1 << 20);
    (before.contains("CassandraDaemon") && is_size(committed) && is_size(max)).then_some([committed, max])
}

fn size_of(text: &str) -> Option<Bytes> {
    whole(text).map(Bytes).or_else(|| mixed(text))
}

/// `Memory: 8952144 bytes (8 MB) / 1073741824 bytes (1024 MB) up to 1073741824 bytes (1024 MB)` of Minecraft's crash reports:
/// what is free of what is committed, and the maximum.
fn minecraft(text: &str) -> Option<[&str; 3]> {
    let (free, rest) = text.strip_prefix("Memory: ")?.split_once(" bytes (")?;
    let (_, rest) = rest.split_once(") / ")?;
    let (committed, rest) = rest.split_once(" bytes (")?;
    let (_, rest) = rest.split_once(") up to ")?;
    let (max, rest) = rest.split_once(" bytes (")?;
    let all = [free, committed, max];
    (rest.ends_with(')') && all.iter().all(|number| whole(number).is_some())).then_some(all)
}

/// True if the line is that of the permanent generation, the last one of a heap of JDK 7 and older.
pub(super) fn is_perm(text: &str) -> bool {
    PARTS.iter().any(|part| part.used == PERM_USED && text.starts_with(part.starts))
}

/// True if the line is that of Metaspace or the class space.
pub(super) fn is_metaspace(text: &str) -> bool {
    let rest = text.strip_prefix("Metaspace").or_else(|| text.strip_prefix("class space"));
    rest.is_some_and(|rest| {
        rest.starts_with(' ') && rest.trim_start().starts_with("used ") && rest.contains(" reserved ")
    })
}

/// Reads a line of a printed heap. `false` if it is none.
pub(super) fn take(draft: &mut Draft, text: &str, line: &Line<'_>) -> bool {
    if let Some((part, rest)) = PARTS.iter().find_map(|part| Some((part, text.strip_prefix(part.starts)?))) {
        draft.extend(line);
        if let Some(collector) = part.collector {
            draft.word("collector", collector, line, part_of(text, part.starts.len()));
        }
        for (name, value, size) in values(rest) {
            match name {
                // JDK 25, of G1: the whole reservation is the maximum.
                "total reserved" => draft.size("heap_max", size, line, value),
                "total" | "committed" => draft.size(part.committed, size, line, value),
                "used" => draft.size(part.used, size, line, value),
                _ => {}
            }
        }
        let name_of_max = match part.committed {
            "heap_committed" => "heap_max",
            "old_committed" => "old_max",
            "young_committed" => "young_max",
            _ => "",
        };
        let committed = draft.reading.sizes.get(part.committed).copied();
        if let (Some((printed, [first, .., last])), Some(committed)) =
            (addresses(rest).as_ref().map(|(printed, all)| (*printed, all.as_slice())), committed)
        {
            let size = last.checked_sub(*first).map(Bytes).filter(|size| *size >= committed && !name_of_max.is_empty());
            draft.size(name_of_max, size, line, printed);
        }
        // Of the two generations together what is committed is not known: `total` leaves out a survivor space.
        let size = |draft: &Draft, name: &str| draft.reading.sizes.get(name).copied();
        for [young, old, heap] in [["young_used", "old_used", "heap_used"], ["young_max", "old_max", "heap_max"]] {
            if let (Some(young), Some(old), None) = (size(draft, young), size(draft, old), size(draft, heap)) {
                draft.size(heap, Some(young.plus(old)), line, text);
            }
        }
        return true;
    }
    if let Some([free, committed, max]) = minecraft(text) {
        let bytes = |printed| whole(printed).map(Bytes);
        draft.size("heap_max", bytes(max), line, max);
        draft.size("heap_committed", bytes(committed), line, committed);
        let used = bytes(committed).zip(bytes(free)).and_then(|(all, free)| all.0.checked_sub(free.0).map(Bytes));
        draft.size("heap_used", used, line, text);
        return true;
    }
    if let Some([committed, max]) = cassandra(text) {
        draft.size("heap_max", size_of(max), line, max);
        draft.size("heap_committed", size_of(committed), line, committed);
        return true;
    }
    if let Some((names, [committed, used, max])) = usage(text) {
        let [name, name_of_used] = names;
        draft.size(name, whole(committed).map(Bytes), line, committed);
        draft.size(name_of_used, whole(used).map(Bytes), line, used);
        if names == HEAP {
            draft.size("heap_max", whole(max).map(Bytes), line, max);
        }
        draft.extend(line);
        return true;
    }
    if let Some(rest) = text.strip_prefix("ZHeap ") {
        draft.word("collector", "ZGC", line, part_of(text, 5));
        for (name, value, size) in values(rest) {
            match name {
                "used" => draft.size("heap_used", size, line, value),
                "capacity" => draft.size("heap_committed", size, line, value),
                "max capacity" => draft.size("heap_max", size, line, value),
                _ => {}
            }
        }
        return true;
    }
    if text == "Shenandoah Heap" {
        draft.word("collector", "Shenandoah", line, text);
        return true;
    }
    let names = if text.starts_with("Metaspace ") {
        ["metaspace_used", "metaspace_capacity", "metaspace_committed", "metaspace_reserved"]
    } else if text.starts_with("class space ") {
        ["class_used", "class_capacity", "class_committed", "class_reserved"]
    } else {
        let silent = is_silent(text);
        if silent {
            draft.extend(line);
        }
        return silent || spaces(draft, text, line) || shenandoah(draft, text, line);
    };
    let [used, capacity, committed, reserved] = names;
    let rest = text.strip_prefix("Metaspace").or_else(|| text.strip_prefix("class space")).unwrap_or_default();
    for (name, value, size) in values(rest) {
        let name = match name {
            "used" => used,
            "capacity" => capacity,
            "committed" => committed,
            "reserved" => reserved,
            _ => continue,
        };
        draft.size(name, size, line, value);
    }
    draft.extend(line);
    true
}

/// `eden space 16384K, 13% used [`, `region size 1024K, 4 young (4096K), 2 survivors (2048K)`.
fn spaces(draft: &mut Draft, text: &str, line: &Line<'_>) -> bool {
    if let Some(rest) = text.strip_prefix("region size ") {
        for part in rest.split(", ") {
            let (value, name) = if let Some((count, value)) = part.split_once(" (") {
                let Some(value) = value.strip_suffix(')') else { continue };
                (value, if count.ends_with(" young") { "young_regions" } else { "survivor_regions" })
            } else {
                (part, "region_size")
            };
            draft.size(name, with_unit(value), line, value);
        }
        return true;
    }
    let spaces = [("eden space ", "eden_committed"), ("from space ", ""), ("to   space ", ""), ("object space ", "")];
    let generic = ["the space ", "the  space "].iter().any(|start| text.starts_with(start));
    if let Some((rest, name)) = spaces.iter().find_map(|(start, name)| Some((text.strip_prefix(start)?, *name))) {
        let value = rest.split(',').next().unwrap_or(rest);
        if !name.is_empty() {
            draft.size(name, with_unit(value), line, value);
            if let Some((printed, [first, top, _])) =
                addresses(rest).as_ref().map(|(printed, all)| (*printed, all.as_slice()))
            {
                draft.size("eden_used", top.checked_sub(*first).map(Bytes), line, printed);
            }
        }
        draft.extend(line);
        return rest.contains("% used");
    }
    if generic {
        draft.extend(line);
    }
    generic
}

/// `98304K max, 98304K soft max, 98304K committed, 70350K used` and `384 x 256K regions`.
fn shenandoah(draft: &mut Draft, text: &str, line: &Line<'_>) -> bool {
    if draft.reading.words.get("collector").is_none_or(|collector| collector != "Shenandoah") {
        return false;
    }
    if let Some((count, rest)) = text.split_once(" x ")
        && whole(count).is_some()
        && let Some(size) = rest.strip_suffix(" regions")
    {
        draft.size("region_size", binary(size, 1).filter(|_| whole(size).is_none()), line, size);
        return true;
    }
    let mut found = false;
    for part in text.split(", ") {
        let Some((value, name)) = part.split_once(' ') else { continue };
        let name = match name {
            "max" | "total" => "heap_max",
            "committed" => "heap_committed",
            "used" => "heap_used",
            _ => continue,
        };
        if let Some(size) = with_unit(value) {
            draft.size(name, Some(size), line, value);
            found = true;
        }
    }
    found
}

/// Lines of a printed heap that say nothing for us.
fn is_silent(text: &str) -> bool {
    const STARTS: [&str; 12] = [
        "Status: ",
        "Reserved region:",
        "- [0x",
        "Collection set:",
        "- map (",
        "Cache  ",
        "size classes ",
        "No shared spaces configured.",
        "ro space ",
        "rw space ",
        "Tlab ",
        "Heap Region Table",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
}

/// `[0x00000000fd000000, 0x00000000fe000000, 0x00000000fe000000)`: what stands in the brackets, and as numbers.
fn addresses(rest: &str) -> Option<(&str, Vec<u64>)> {
    let (printed, _) = rest.split_once('[')?.1.split_once(')')?;
    let address = |part: &str| u64::from_str_radix(part.trim().strip_prefix("0x")?, 16).ok();
    Some((printed, printed.split(',').map(address).collect::<Option<_>>()?))
}

/// `total reserved 98304K, committed 98304K, used 57166K [0x…` as names and values; the value alone keeps its place.
fn values(rest: &str) -> impl Iterator<Item = (&str, &str, Option<Bytes>)> {
    let rest = rest.split(" [").next().unwrap_or(rest);
    rest.split(',').filter_map(|part| {
        let (name, value) = part.trim().rsplit_once(' ')?;
        Some((name.trim(), value, with_unit(value)))
    })
}

fn part_of(text: &str, end: usize) -> &str {
    text.get(..end).unwrap_or(text)
}
