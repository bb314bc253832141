//! Which words are options by their shape, and the names that a JVM prints unasked, to tell a torn option that was put together
//! rightly from two halves of different ones.

/// True unless an option lacks a part: `-XX:+Name`, `-XX:Name=value`, and everything that is no `-XX:`.
pub(super) fn is_option_by_shape(option: &str) -> bool {
    let Some(flag) = option.strip_prefix("-XX:") else { return option.len() > 2 };
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match flag.strip_prefix(['+', '-']) {
        Some(name) => is_name(name),
        None => flag.split_once('=').is_some_and(|(name, _)| is_name(name)),
    }
}

/// True for an option whose name a JVM prints, and for options without a name of that kind.
pub(super) fn is_known(option: &str) -> bool {
    let Some(flag) = option.strip_prefix("-XX:") else { return true };
    let name = flag.trim_start_matches(['+', '-']);
    let name = name.split_once('=').map_or(name, |(name, _)| name);
    is_name(name)
}

/// True for the name of an option (`-XX:`) that a JVM prints or that people set often.
pub(super) fn is_name(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

/// Sorted. What `VM.flags`, `jinfo -flags`, and `-XX:+PrintCommandLineFlags` print of JDK 7 to 25, and what people set often.
const NAMES: &[&str] = &[
    "ActiveProcessorCount",
    "AlwaysPreTouch",
    "CICompilerCount",
    "CMSClassUnloadingEnabled",
    "CMSInitiatingOccupancyFraction",
    "CMSParallelRemarkEnabled",
    "CompressedClassSpaceSize",
    "ConcGCThreads",
    "CrashOnOutOfMemoryError",
    "DisableExplicitGC",
    "ErrorFile",
    "ExitOnOutOfMemoryError",
    "ExplicitGCInvokesConcurrent",
    "FlightRecorder",
    "G1ConcRefinementThreads",
    "G1EagerReclaimRemSetThreshold",
    "G1HeapRegionSize",
    "G1HeapWastePercent",
    "G1MaxNewSizePercent",
    "G1MixedGCCountTarget",
    "G1NewSizePercent",
    "G1RemSetArrayOfCardsEntries",
    "G1RemSetHowlMaxNumBuckets",
    "G1RemSetHowlNumBuckets",
    "G1ReservePercent",
    "GCDrainStackTargetSize",
    "GCLogFileSize",
    "GCTimeRatio",
    "HeapDumpOnOutOfMemoryError",
    "HeapDumpPath",
    "InitialBootClassLoaderMetaspaceSize",
    "InitialCodeCacheSize",
    "InitialHeapSize",
    "InitialRAMPercentage",
    "InitiatingHeapOccupancyPercent",
    "LargePageSizeInBytes",
    "ManagementServer",
    "MarkStackSize",
    "MaxDirectMemorySize",
    "MaxGCPauseMillis",
    "MaxHeapFreeRatio",
    "MaxHeapSize",
    "MaxMetaspaceSize",
    "MaxNewSize",
    "MaxPermSize",
    "MaxRAM",
    "MaxRAMFraction",
    "MaxRAMPercentage",
    "MaxTenuringThreshold",
    "MetaspaceSize",
    "MinHeapDeltaBytes",
    "MinHeapSize",
    "MinRAMPercentage",
    "NativeMemoryTracking",
    "NewRatio",
    "NewSize",
    "NonNMethodCodeHeapSize",
    "NonProfiledCodeHeapSize",
    "NumberOfGCLogFiles",
    "OldPLABSize",
    "OldSize",
    "OmitStackTraceInFastThrow",
    "OnError",
    "OnOutOfMemoryError",
    "ParallelGCThreads",
    "ParallelRefProcEnabled",
    "PermSize",
    "PrintAdaptiveSizePolicy",
    "PrintCommandLineFlags",
    "PrintGC",
    "PrintGCApplicationStoppedTime",
    "PrintGCDateStamps",
    "PrintGCDetails",
    "PrintGCTimeStamps",
    "PrintHeapAtGC",
    "PrintTenuringDistribution",
    "ProfiledCodeHeapSize",
    "ReservedCodeCacheSize",
    "SegmentedCodeCache",
    "SoftMaxHeapSize",
    "StartFlightRecording",
    "SurvivorRatio",
    "ThreadStackSize",
    "TieredCompilation",
    "UnlockDiagnosticVMOptions",
    "UnlockExperimentalVMOptions",
    "UseAdaptiveSizePolicy",
    "UseCGroupMemoryLimitForHeap",
    "UseCMSInitiatingOccupancyOnly",
    "UseCompressedClassPointers",
    "UseCompressedOops",
    "UseConcMarkSweepGC",
    "UseContainerSupport",
    "UseFastAccessorMethods",
    "UseFastUnorderedTimeStamps",
    "UseG1GC",
    "UseGCLogFileRotation",
    "UseLargePages",
    "UseLargePagesIndividualAllocation",
    "UseNUMA",
    "UseNUMAInterleaving",
    "UseParNewGC",
    "UseParallelGC",
    "UseParallelOldGC",
    "UseSerialGC",
    "UseShenandoahGC",
    "UseStringDeduplication",
    "UseTLAB",
    "UseZGC",
    "ZGenerational",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_of_an_option_is_none() {
        for option in ["-XX:+UseG1GC", "-XX:-UseTLAB", "-XX:MaxHeapSize=1", "-Xmx1g", "-server", "-XX:OnError=kill"] {
            assert!(is_option_by_shape(option), "{option}");
        }
        for half in ["-XX:MaxHea", "-XX:+MaxHeap=4", "-XX:", "-XX:+", "-X", "-XX:=4", "-XX:Max Heap"] {
            assert!(!is_option_by_shape(half), "{half}");
        }
    }

    #[test]
    fn names_are_sorted_and_known() {
        assert!(NAMES.is_sorted());
        assert!(is_known("-XX:MaxHeapSize=1") && is_known("-XX:+UseG1GC") && is_known("-Xmx1g"));
        assert!(!is_known("-XX:G1HeapRege=256") && !is_known("-XX:+UseParal"));
    }
}
