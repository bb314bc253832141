//! The words of the unified log: which messages are a collector's, what they are about, and what a pause is called.

use crate::model::gc::GcKind;

/// A message that only a collector writes: `GC(12) Pause Young …`.
pub(super) fn is_sure(message: &str) -> bool {
    const PHRASES: [&str; 20] = [
        "Pause ",
        "Concurrent ",
        "Garbage Collection (",
        "Minor Collection (",
        "Major Collection (",
        "Eden regions: ",
        "Survivor regions: ",
        "Old regions: ",
        "Archive regions: ",
        "Humongous regions: ",
        "Metaspace: ",
        "User=",
        "To-space exhausted",
        "DefNew: ",
        "Tenured: ",
        "PSYoungGen: ",
        "ParOldGen: ",
        "ParNew: ",
        "CMS: ",
        "Using ",
    ];
    let Some((_, rest)) = gc_number(message) else { return is_of_thread(message) };
    let rest = rest.trim_start();
    let rest = without_generation(rest);
    PHRASES.iter().any(|phrase| rest.starts_with(phrase))
}

/// What ZGC says of a thread that waited for memory, or got none: `Allocation Stall (main) 11.123ms`, `Out Of Memory (main)`.
fn is_of_thread(message: &str) -> bool {
    let of = |start: &str| message.strip_prefix(start).is_some_and(|rest| rest.contains(')'));
    of("Allocation Stall (") && message.trim_end().ends_with("ms") || of("Out Of Memory (") && message.ends_with(')')
}

/// Belongs to the reader of Java errors, whoever printed it.
pub(super) fn mentions_error(message: &str) -> bool {
    message.contains("OutOfMemoryError")
}

/// `GC(12) rest` as 12 and `rest`.
pub(super) fn gc_number(message: &str) -> Option<(u64, &str)> {
    let (number, rest) = message.strip_prefix("GC(")?.split_once(')')?;
    Some((number.parse().ok()?, rest.strip_prefix(' ')?))
}

/// Without the `Y: `, `y: `, `O: ` of generational ZGC.
pub(super) fn without_generation(text: &str) -> &str {
    match text.as_bytes() {
        [b'Y' | b'y' | b'O', b':', b' ', ..] => text.get(3..).unwrap_or(text),
        _ => text,
    }
}

/// Tags other than `gc` that stand in the same file and say nothing for us.
pub(super) fn is_neighbour(tags: &str) -> bool {
    let first = tags.split(',').next().unwrap_or_default();
    matches!(
        first,
        "safepoint"
            | "age"
            | "biasedlocking"
            | "cds"
            | "class"
            | "codecache"
            | "compilation"
            | "heap"
            | "jit"
            | "logging"
            | "metaspace"
            | "module"
            | "monitorinflation"
            | "nmt"
            | "oopstorage"
            | "pagesize"
            | "startuptime"
            | "stringdedup"
            | "stringtable"
            | "symboltable"
            | "task"
    )
}

/// The collector of a whole `Using …` message.
pub(super) fn collector_named(message: &str) -> Option<&'static str> {
    Some(match message.trim_end() {
        "Using G1" => "G1",
        "Using Serial" => "Serial",
        "Using Parallel" => "Parallel",
        "Using Concurrent Mark Sweep" => "CMS",
        "Using Epsilon" => "Epsilon",
        "Using The Z Garbage Collector" | "Initializing The Z Garbage Collector" => "ZGC",
        message if message.starts_with("Using Shenandoah") => "Shenandoah",
        _ => return None,
    })
}

/// The first message of a collector.
pub(super) fn starts_run(message: &str) -> bool {
    (message.starts_with("Using ") || message.starts_with("Initializing The Z"))
        && message != "Using The Z Garbage Collector"
        && collector_named(message).is_some()
}

/// What a JVM prints of its settings before the first collection, and never again.
pub(super) fn is_setting(message: &str) -> bool {
    const STARTS: [&str; 11] = [
        "CPUs: ",
        "CardTable entry size: ",
        "Heuristics ergonomically sets ",
        "Heap Initial Capacity: ",
        "Heap Max Capacity: ",
        "Heap Region Size: ",
        "Heap address: 0x",
        "Large Page Support: ",
        "Memory: ",
        "Min heap equals to max heap",
        "Version: ",
    ];
    STARTS.iter().any(|start| message.starts_with(start))
}

/// A message of the start of a run, for lines whose tags are not printed.
pub(super) fn is_banner(message: &str) -> bool {
    const STARTS: [&str; 24] = [
        "CDS archive(s) mapped at: ",
        "CPUs: ",
        "CardTable entry size: ",
        "Compressed Oops: ",
        "Compressed class space mapped at: ",
        "Concurrent Refinement Workers: ",
        "Concurrent Workers: ",
        "Encoding Range: ",
        "Heap Initial Capacity: ",
        "Heap Max Capacity: ",
        "Heap Min Capacity: ",
        "Heap Region Size: ",
        "Heap address: 0x",
        "Klass ",
        "Large Page Support: ",
        "Memory: ",
        "NUMA Support: ",
        "Narrow klass ",
        "Parallel Workers: ",
        "Periodic GC: ",
        "Pre-touch: ",
        "Protection zone: ",
        "UseCompressedClassPointers ",
        "Version: ",
    ];
    collector_named(message).is_some() || STARTS.iter().any(|start| message.starts_with(start))
}

/// A line of the heap's regions or generations, for logs whose tags are not printed.
pub(super) fn is_heap_line(message: &str) -> bool {
    const LABELS: [&str; 11] = [
        "Eden regions: ",
        "Survivor regions: ",
        "Old regions: ",
        "Humongous regions: ",
        "DefNew: ",
        "ParNew: ",
        "PSYoungGen: ",
        "Tenured: ",
        "ParOldGen: ",
        "PSOldGen: ",
        "CMS: ",
    ];
    LABELS.iter().any(|label| message.starts_with(label))
}

/// The kind of a collection. `None` for phases of a concurrent cycle that say nothing about the heap.
pub(super) fn kind_of(phrase: &str, has_heap: bool) -> Option<GcKind> {
    let Some(pause) = phrase.strip_prefix("Pause ") else {
        return if phrase.starts_with("Minor Collection") || phrase.starts_with("Minor Garbage Collection") {
            Some(GcKind::Minor)
        } else if ["Major Collection", "Major Garbage Collection", "Garbage Collection"]
            .iter()
            .any(|start| phrase.starts_with(start))
        {
            Some(GcKind::Major)
        } else if phrase.starts_with("Concurrent ") {
            let whole = matches!(phrase, "Concurrent Mark Cycle" | "Concurrent Undo Cycle" | "Concurrent Cycle");
            (whole || has_heap).then_some(GcKind::Concurrent)
        } else {
            has_heap.then_some(GcKind::Other)
        };
    };
    Some(if pause.starts_with("Full") {
        GcKind::Full
    } else if pause.starts_with("Degenerated") {
        GcKind::Degenerated
    } else if pause.starts_with("Mixed") || pause.starts_with("Young (Mixed)") {
        GcKind::Mixed
    } else if pause.starts_with("Young") || pause.starts_with("Incremental GC") || pause.starts_with("Initial Mark (") {
        // With a cause it is G1's, which collects the young generation in it; CMS prints none.
        GcKind::Young
    } else {
        GcKind::ConcurrentPause
    })
}

/// Parts a phrase into its name and its cause, and a third bracket's evacuation failure.
pub(super) fn split_cause(phrase: &str, kind: GcKind) -> (&str, Option<&str>, Option<&str>) {
    /// Kinds of young pauses, which belong to the name.
    const YOUNG: [&str; 6] =
        ["(Normal)", "(Concurrent Start)", "(Prepare Mixed)", "(Mixed)", "(Initial Mark)", "(Concurrent End)"];
    let has_cause = matches!(kind, GcKind::Young | GcKind::Mixed | GcKind::Full | GcKind::Minor | GcKind::Major);
    if !has_cause {
        return (phrase, None, None);
    }
    let (phrase, failure) = match phrase.rsplit_once('(') {
        Some((before, last)) if last.starts_with("Evacuation Failure") => {
            let what = last.trim_end_matches(')').split_once(": ").map_or("unknown", |(_, what)| what);
            (before.trim_end(), Some(what))
        }
        _ => (phrase, None),
    };
    let Some(opening) = phrase.find('(') else { return (phrase, None, failure) };
    let (name, brackets) = phrase.split_at(opening);
    for young in YOUNG {
        if let Some(rest) = brackets.strip_prefix(young) {
            let name = phrase.get(..opening + young.len()).unwrap_or(phrase);
            return (name, in_brackets(rest), failure);
        }
    }
    (name.trim_end(), in_brackets(brackets), failure)
}

fn in_brackets(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('(')?.strip_suffix(')')
}

/// What a phrase tells about the collector.
pub(super) fn collector_of(kind: GcKind, name: &str, cause: Option<&str>) -> Option<&'static str> {
    if name.starts_with("Garbage Collection") {
        return Some("ZGC");
    }
    if matches!(kind, GcKind::Minor) || name.starts_with("Major ") {
        return Some("generational ZGC");
    }
    if cause.is_some_and(|cause| cause.starts_with("G1 ")) {
        return Some("G1");
    }
    if matches!(kind, GcKind::Degenerated)
        || name.starts_with("Pause Init Mark")
        || name.starts_with("Pause Final Update Refs")
    {
        return Some("Shenandoah");
    }
    None
}

/// What the second tag says about a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// `gc`: what is printed without details.
    Gc,
    Start,
    Heap,
    Metaspace,
    Phases,
    Init,
    Ergo,
    /// The heap that is printed when the JVM ends.
    Exit,
    /// Tags are not printed: the message must tell.
    Unknown,
    /// Nothing that is kept.
    Other,
}

pub(super) fn topic_of(tags: Option<&str>) -> Topic {
    match tags {
        None => Topic::Unknown,
        Some("gc") => Topic::Gc,
        Some("gc,phases") => Topic::Phases,
        Some("gc,heap") => Topic::Heap,
        Some("gc,metaspace") => Topic::Metaspace,
        Some("gc,start") => Topic::Start,
        Some("gc,init" | "gc,heap,coops") => Topic::Init,
        Some("gc,ergo" | "gc,promotion") => Topic::Ergo,
        Some("gc,heap,exit" | "gc,exit") => Topic::Exit,
        Some(_) => Topic::Other,
    }
}
