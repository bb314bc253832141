//! The names of rules: a closed set, in the order in which rules speak.

use crate::model::kind::kinds;

kinds! {
    /// Of findings with the same rank, the rule that stands higher here speaks first. Names are stable for ever, since they stand in
    /// shared links: retired, never renamed.
    RuleId of "rule." {
        /// The machine itself, not a limit, ran out of memory, and the kernel ended a process.
        MachineOutOfMemory = "machine-out-of-memory",
        /// A control group reached its memory limit, and whose limit it was: the container's own, or that of a group above it.
        ContainerLimitReached = "container-limit-reached",
        /// The JVM itself reported that its heap, or memory it does not name, ran out: one finding per kind of `OutOfMemoryError` and per process.
        HeapExhausted = "heap-exhausted",
        /// The JVM was refused what is not its heap: native memory, a thread, a mapping, direct memory, room for classes, or its start.
        MemoryRefused = "memory-refused",
        /// The limit of a container is smaller than what the JVM may use by its own settings: heap maximum plus what it has outside of the heap.
        LimitBelowHeapPlusNative = "limit-below-heap-plus-native",
        /// The heap may grow beyond the memory of the machine.
        HeapMaxAboveRam = "heap-max-above-ram",
        /// A JDK that does not know of container limits sizes itself by the machine: before 8u191, JDK 9, or with container support switched off.
        ContainerUnawareJdk = "container-unaware-jdk",
        /// The kernel's own count of how often a container hit its limit, and of processes that it killed there.
        LimitHits = "limit-hits",
        /// A container that is all but at its limit, with nobody killed yet.
        LimitNearlyReached = "limit-nearly-reached",
        /// A process was larger than its own tracking can explain.
        RssNotExplainedByNmt = "rss-not-explained-by-nmt",
        /// Most of what a living JVM has resident cannot be its heap.
        OutsideHeap = "outside-heap",
        /// Full collections back to back.
        FullCollectionThrash = "full-collection-thrash",
        /// What stays in the heap after collecting rises and rises: a leak, or a cache without a bound.
        RisingFloor = "rising-floor",
        /// A heap that is full even right after full collections.
        HeapFullAfterCollecting = "heap-full-after-collecting",
        /// An old generation that is full while the rest of the heap is not.
        OldGenerationSmall = "old-generation-small",
        /// Full collections that free most of the old generation: garbage that had not lived long.
        PrematurePromotion = "premature-promotion",
        /// A young generation so small that it is collected all the time.
        YoungGenerationSmall = "young-generation-small",
        /// Growth outside of the heap in all.
        NmtDiffGrowth = "nmt-diff-growth",
        /// Classes that are loaded and loaded.
        ClassGrowth = "class-growth",
        /// Very many threads, or many new ones.
        ThreadCount = "thread-count",
        /// Direct memory that grows or is a large part of a JVM.
        DirectMemory = "direct-memory",
        /// Arenas of the compiler that are large or stay.
        CompilerMemory = "compiler-memory",
        /// The compressed class space is nearly used up.
        ClassSpaceNearlyFull = "class-space-nearly-full",
        /// A metaspace with a maximum is nearly used up.
        MetaspaceNearlyFull = "metaspace-nearly-full",
        /// The code cache is full: then nothing more is compiled, and what is hot and not yet compiled stays slow.
        CodeCacheFull = "code-cache-full",
        /// Memory of the kernel, which no process owns, fills a good part of the limit or of the machine.
        KernelMemory = "kernel-memory",
        /// Pages of files fill a good part of a container's limit.
        PageCacheFillsLimit = "page-cache-fills-limit",
        /// The C library keeps memory that was freed.
        CLibraryRetains = "c-library-retains",
        /// The machine is about to run out of memory, and nobody has been killed yet.
        MemoryNearlyGone = "memory-nearly-gone",
        /// Swap was used up, at a kill for the whole machine or by a reading of the machine.
        SwapUsedUp = "swap-used-up",
        /// Memory that the machine wrote to swap while it was watched.
        Swapping = "swapping",
        /// The same program was killed again and again: how often, how far apart, and whether it was larger every time.
        RepeatedKills = "repeated-kills",
        /// A container or a unit that is started again and again.
        CrashLoop = "crash-loop",
        /// Full collections instead of young ones, by the counters of a whole life.
        ManyFullCollections = "many-full-collections",
        /// How much of its time a JVM collects.
        GcShareOfTime = "gc-share-of-time",
        /// When it began: the moment from which GC takes a good part of the time.
        Onset = "onset",
        /// The longest stop of a GC log, what it freed, and whether the JVM had processors for it.
        LongestStop = "longest-stop",
        /// No room to copy into, and what is the same to other collectors.
        ToSpaceExhausted = "to-space-exhausted",
        /// Full collections that a full PermGen called for.
        PermgenFull = "permgen-full",
        /// Threads that waited for memory (ZGC).
        AllocationStall = "allocation-stall",
        /// Cycles finished while the application stands still (Shenandoah).
        DegeneratedCollection = "degenerated-collection",
        /// Collections started for an object of half a region or more (G1).
        HumongousAllocations = "humongous-allocations",
        /// Options of one command line that cannot all be meant: two maxima, two collectors, a share beside a size, parts larger than the whole.
        FlagsContradict = "flags-contradict",
        /// More heap than the maximum that is written down.
        UseAboveMaximum = "use-above-maximum",
        /// A limit of direct memory as large as the heap, which limits nothing.
        DirectLimitAsHeap = "direct-limit-as-heap",
        /// The machine had no swap at a kill for the whole machine.
        NoSwap = "no-swap",
        /// Another process than the one that was ended asked for the memory.
        VictimIsNotTrigger = "victim-is-not-trigger",
        /// The thread that asked for the memory has a name that tells that it is a JVM's.
        TriggerThread = "trigger-thread",
        /// Numbers of the prose that the logs certainly contradict, or that they show to be something else.
        TextAgainstEvidence = "text-against-evidence",
        /// A heap size that nobody chose.
        DefaultHeapInForce = "default-heap-in-force",
        /// The Serial collector that nobody chose: a JVM takes it on machines and in containers with fewer than two processors or less than 1792 MiB.
        CollectorByMachineSize = "collector-by-machine-size",
        /// Full collections that only classes called for.
        MetaspaceThresholdCollections = "metaspace-threshold-collections",
        /// Full collections that code asked for (`System.gc()`): their number says nothing about the heap, their time is still spent.
        ExplicitCollections = "explicit-collections",
        /// Native memory tracking was off.
        NmtNotEnabled = "nmt-not-enabled",
        /// Samples in which nothing moves.
        CountersDoNotMove = "counters-do-not-move",
        /// Where a large count of full collections means nothing, so that nobody is alarmed by it.
        FullCountIsNoAlarm = "full-count-is-no-alarm",
        /// Good news: over the time that was watched, the heap had room and collecting was cheap.
        HeapHasHeadroom = "heap-has-headroom",
        /// Good news: next to nothing moved by NMT.
        NativeMemorySteady = "native-memory-steady",
        /// A cause that the words around the logs state, or what helped.
        StatedCause = "stated-cause",
        /// Values that cannot be, which take part in no sum.
        ImpossibleValue = "impossible-value",
    }
}

impl RuleId {
    /// Needs more than a report carries: the words around the logs.
    pub fn is_of_prose(self) -> bool {
        self == RuleId::TextAgainstEvidence
    }

    /// About what grows outside of the heap and does not stop by itself.
    pub fn is_of_growth(self) -> bool {
        matches!(self, RuleId::ClassGrowth | RuleId::DirectMemory | RuleId::NmtDiffGrowth | RuleId::ThreadCount)
    }

    /// About collections: how long they stop a JVM, or what they leave.
    pub fn is_of_gc(self) -> bool {
        matches!(
            self,
            RuleId::AllocationStall
                | RuleId::DegeneratedCollection
                | RuleId::FullCollectionThrash
                | RuleId::GcShareOfTime
                | RuleId::HeapFullAfterCollecting
                | RuleId::HumongousAllocations
                | RuleId::LongestStop
                | RuleId::ManyFullCollections
                | RuleId::OldGenerationSmall
                | RuleId::Onset
                | RuleId::PrematurePromotion
                | RuleId::RisingFloor
                | RuleId::ToSpaceExhausted
                | RuleId::YoungGenerationSmall
        )
    }

    /// About what somebody set, which comes before what it led to.
    pub fn is_of_settings(self) -> bool {
        matches!(
            self,
            RuleId::DirectLimitAsHeap
                | RuleId::FlagsContradict
                | RuleId::HeapMaxAboveRam
                | RuleId::LimitBelowHeapPlusNative
        )
    }
}
