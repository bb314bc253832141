//! Category names, and what they tell about the JDK.

use std::collections::BTreeSet;

/// Today's name of a category: some were renamed, none changed its meaning with its name.
pub fn unified(name: &str) -> &str {
    match name {
        "Synchronizer" => "Synchronization",
        "Memory Tracking" => "Native Memory Tracking",
        "Pooled Free Chunks" => "Arena Chunk",
        "Shared spaces for classes" => "Shared class space",
        other => other,
    }
}

/// Names that OpenJDK prints. Vendor builds have more; those are kept as they are.
const KNOWN: &[&str] = &[
    "Arena Chunk",
    "Arguments",
    "Class",
    "Code",
    "Compiler",
    "GC",
    "GCCardSet",
    "Internal",
    "JNI",
    "JVMCI",
    "Java Heap",
    "Logging",
    "Metaspace",
    "Module",
    "Native Memory Tracking",
    "Object Monitors",
    "Other",
    "Safepoint",
    "Serviceability",
    "Shared class space",
    "Statistics",
    "String Deduplication",
    "Symbol",
    "Synchronization",
    "Test",
    "Thread",
    "Thread Stack",
    "Tracing",
    "Unknown",
];

/// As many categories as a JDK has, about: so many may be rounded or left out at a coarse scale.
pub const CATEGORIES: usize = KNOWN.len();

/// True for a name, unified, that OpenJDK prints.
pub fn is_known(name: &str) -> bool {
    KNOWN.binary_search(&name).is_ok()
}

/// Something in the layout that not every JDK prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trait {
    /// `(malloc=27KB, #66)`, or the names of 7u40.
    CommaBeforeCount,
    /// `Synchronizer`.
    Synchronizer,
    /// `Synchronization`.
    Synchronization,
    /// `(classes #n)` of Class.
    Classes,
    /// `(  instance classes #n, array classes #m)`.
    InstanceClasses,
    /// `(  Metadata:   )`.
    MetadataBlock,
    /// `(    free=…)` in it.
    MetadataFree,
    /// The block's end without `free=`.
    MetadataWithoutFree,
    /// `: (  Metadata)` in diffs.
    StrayColon,
    /// `(thread #n)`.
    Thread,
    /// `(threads #n)`.
    Threads,
    /// `malloc:` under the total.
    TotalMalloc,
    /// `malloc=` as a paragraph of its own in diffs.
    TotalMallocOfDiff,
    /// `peak=` or `at peak`.
    Peak,
    /// `mmap` or `stack` with a peak.
    MmapPeak,
    /// `tag=` in a summary.
    Tag,
    /// `readonly=`.
    ReadOnly,
    /// Logging, Arguments, Module.
    ModuleAge,
    /// Safepoint.
    Safepoint,
    /// Metaspace.
    Metaspace,
    /// String Deduplication, Object Monitors.
    Since17,
    /// GCCardSet.
    CardSet,
    /// JNI.
    Jni,
}

impl Trait {
    /// First and last JDK generation with this trait.
    fn range(self) -> (u32, Option<u32>) {
        match self {
            Trait::CommaBeforeCount => (7, Some(8)),
            Trait::Synchronizer => (9, Some(12)),
            Trait::Synchronization => (12, None),
            Trait::Classes => (7, None),
            Trait::InstanceClasses | Trait::MetadataBlock | Trait::Safepoint => (11, None),
            Trait::MetadataFree => (11, Some(15)),
            Trait::MetadataWithoutFree | Trait::Metaspace => (16, None),
            Trait::StrayColon => (11, Some(21)),
            Trait::Thread => (7, Some(21)),
            Trait::Threads | Trait::ReadOnly => (22, None),
            Trait::MmapPeak => (21, None),
            Trait::TotalMalloc | Trait::Peak | Trait::Since17 => (17, None),
            Trait::TotalMallocOfDiff | Trait::CardSet => (18, None),
            Trait::Tag | Trait::Jni => (24, None),
            Trait::ModuleAge => (9, None),
        }
    }

    /// The trait that a category's printed name is.
    pub fn of_name(printed: &str) -> Option<Trait> {
        Some(match printed {
            "Memory Tracking" | "Pooled Free Chunks" => Trait::CommaBeforeCount,
            "Synchronizer" => Trait::Synchronizer,
            "Synchronization" => Trait::Synchronization,
            "Logging" | "Arguments" | "Module" => Trait::ModuleAge,
            "Safepoint" => Trait::Safepoint,
            "Metaspace" => Trait::Metaspace,
            "String Deduplication" | "Object Monitors" => Trait::Since17,
            "GCCardSet" => Trait::CardSet,
            "JNI" => Trait::Jni,
            _ => return None,
        })
    }
}

/// The JDK generations that print all these traits: `11-15`, `25+`, `17`. `None` if nothing is told, or if the traits
/// contradict each other.
pub fn jdk_of(traits: &BTreeSet<Trait>) -> Option<String> {
    let (mut first, mut last) = (7, None::<u32>);
    for (low, high) in traits.iter().map(|known| known.range()) {
        first = first.max(low);
        last = match (last, high) {
            (Some(last), Some(high)) => Some(last.min(high)),
            (last, high) => last.or(high),
        };
    }
    // Until 10 Class has a count of classes and nothing else about them.
    let bare = traits.contains(&Trait::Classes)
        && !traits.contains(&Trait::InstanceClasses)
        && !traits.contains(&Trait::MetadataBlock);
    if bare && first <= 10 {
        last = Some(last.map_or(10, |last| last.min(10)));
    }
    match last {
        Some(last) if last < first => None,
        Some(last) if last == first => Some(first.to_string()),
        Some(last) => Some(format!("{first}-{last}")),
        None if first > 7 => Some(format!("{first}+")),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_sorted() {
        assert!(KNOWN.is_sorted());
        assert!(is_known("GC") && is_known("GCCardSet") && !is_known("Wisp"));
    }

    #[test]
    fn the_layout_tells_the_jdk() {
        let jdk = |traits: &[Trait]| jdk_of(&traits.iter().copied().collect());
        assert_eq!(jdk(&[Trait::Classes, Trait::InstanceClasses, Trait::MetadataFree]).as_deref(), Some("11-15"));
        assert_eq!(jdk(&[Trait::Classes, Trait::Thread]).as_deref(), Some("7-10"));
        assert_eq!(jdk(&[Trait::Tag, Trait::Threads]).as_deref(), Some("24+"));
        assert_eq!(jdk(&[Trait::Tag, Trait::Thread]), None);
        assert_eq!(jdk(&[]), None);
    }
}
