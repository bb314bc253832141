//! The heap's size of small inputs: whom its commands are for, what its terms rest on, and whether its advice can be followed.

#[path = "support/corpus.rs"]
mod corpus;

use oomscope::analysis::sizing::{Origin, Sizing, Verdict};
use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::report::link;
use oomscope::report::open::Opened;
use oomscope::report::redact::redact;
use oomscope::units::Bytes;

fn read(text: &str) -> Report {
    corpus::read(text.as_bytes())
}

fn sized(text: &str) -> Sizing {
    read(text).sizing.unwrap_or_else(|| panic!("no heap size in\n{text}"))
}

/// The commands that would narrow the range, by what they tell.
fn asks(sizing: &Sizing) -> Vec<(&str, &str)> {
    sizing
        .missing
        .iter()
        .map(|gap| (gap.key.strip_prefix("sizing.missing.").unwrap_or(&gap.key), gap.command.as_str()))
        .collect()
}

/// Rows of a JVM that has collected.
const JSTAT: &str = "$ jstat -gc 4711 1000\n S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT    CGC    CGCT     GCT   \n\
    0.0   1024.0  0.0   1024.0  20480.0  10240.0   241664.0   102400.0   61440.0 60000.0 8192.0 7900.0    100    1.000   2      0.200   10      0.100    1.300\n";

#[test]
fn a_jvm_on_linux_is_asked_by_its_pid() {
    let sizing = sized(JSTAT);
    assert_eq!(
        asks(&sizing),
        [
            ("wall", "free -m; grep -H . /sys/fs/cgroup/memory.max"),
            ("nmt.off", "jcmd 4711 VM.native_memory summary"),
            ("live-set", "jcmd 4711 GC.class_histogram | sed -n '1,9p;$p'"),
            ("flags", "jcmd 4711 VM.flags"),
            ("requests", "date; jstat -gc -t 4711 1000 60"),
        ]
    );
}

#[test]
fn the_histogram_that_is_asked_for_is_the_live_set() {
    let answer = "$ jcmd 4711 GC.class_histogram | sed -n '1,9p;$p'\n4711:\n num     #instances         #bytes  class name (module)\n\
        -------------------------------------------------------\n   1:         14864       46555032  [B (java.base@17.0.15)\n\
        \x20  2:           687        2992760  [I (java.base@17.0.15)\nTotal        123302       92518392\n";
    let sizing = sized(&format!("{JSTAT}{answer}"));
    let live = sizing.terms.iter().find(|term| term.name == "live-set").expect("a live set");
    assert_eq!((live.bytes.0, live.line), (92_518_392, Some(10)));
    assert!(asks(&sizing).iter().all(|(name, _)| *name != "live-set"), "{:?}", asks(&sizing));
    assert!(sizing.caveats.iter().all(|caveat| caveat.key != "sizing.caveat.upper-bound"));
}

#[test]
fn what_runs_in_a_pod_is_asked_there() {
    let pod = "Containers:\n  app:\n    State:          Running\n    Limits:\n      memory:  512Mi\n";
    let sizing = sized(&format!("{pod}\n{JSTAT}"));
    assert!(!asks(&sizing).is_empty());
    for (name, command) in asks(&sizing) {
        assert!(command.starts_with("kubectl exec POD -c app -- "), "{name}: {command}");
    }
    assert!(asks(&sizing).iter().all(|(name, _)| *name != "wall"), "the limit is printed");
}

#[test]
fn a_jvm_that_was_killed_is_not_asked() {
    let kill = "Out of memory: Killed process 4711 (java) total-vm:4000000kB, anon-rss:699868kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1000kB oom_score_adj:0\n";
    let sizing = sized(&format!("{JSTAT}{kill}"));
    assert!(!asks(&sizing).is_empty());
    for (name, command) in asks(&sizing) {
        assert!(!command.contains("4711"), "{name}: {command}");
    }
    assert!(asks(&sizing).iter().any(|(name, _)| *name == "flags.next"), "{:?}", asks(&sizing));
}

#[test]
fn native_memory_tracking_that_is_on_is_not_asked_for() {
    let flags = "4711 java -XX:NativeMemoryTracking=summary -Xmx512m -jar app.jar\n";
    let sizing = sized(&format!("$ jps -lvm\n{flags}{JSTAT}"));
    assert!(asks(&sizing).contains(&("nmt", "jcmd 4711 VM.native_memory summary")), "{:?}", asks(&sizing));
    assert!(asks(&sizing).iter().all(|(name, _)| *name != "flags"), "-Xmx is printed");
}

#[test]
fn openj9_is_not_asked_for_what_hotspot_tells() {
    let text = "NULL           ------------------------------------------------------------------------\n0SECTION       TITLE subcomponent dump routine\n\
        0SECTION       ENVINFO subcomponent dump routine\n1CIPROCESSID   Process ID: 4711 (0x1267)\n1CIJAVAVERSION JRE 17 Linux amd64-64 (build 17.0.9)\n\
        1CIVMVERSION   Eclipse OpenJ9 VM\n2CIUSERARG               -Xmx512m\n0SECTION       MEMINFO subcomponent dump routine\n\
        1STHEAPTYPE    Object Memory\n1STHEAPTOTAL   Total memory:        536870912 (0x0000000020000000)\n\
        1STHEAPINUSE   Total memory in use: 400000000 (0x0000000017D78400)\n$ free -m\n              total        used        free      shared  buff/cache   available\nMem:           3900        1500        1000          10        1400        2200\nSwap:             0           0           0\n";
    // HotSpot would be asked for its native memory, its live set, and its options.
    assert_eq!(asks(&sized(text)), []);
}

/// A post without a log.
const POST: &str = "Our pod was OOMKilled again last night, and nobody knows why the heap grows.\n\n| what | size |\n| --- | --- |\n\
    | live set | 136Mi |\n| heap committed | 1205Mi |\n| RSS | 1900Mi |\n| container limit | 2000Mi |\n\n\
    We run it with -Xmx1500m since last week.\n";

/// What the post says of the JVM, as it prints it.
const MEASURED: &str = "$ jcmd 1 VM.native_memory summary\n1:\n\nNative Memory Tracking:\n\nTotal: reserved=2831155KB, committed=1945600KB\n\
    -                 Java Heap (reserved=1536000KB, committed=1233920KB)\n                            (mmap: reserved=1536000KB, committed=1233920KB)\n\n\
    -                     Class (reserved=1295155KB, committed=711680KB)\n                            (classes #21034)\n                            (mmap: reserved=1295155KB, committed=711680KB)\n\n\
    $ jcmd 1 GC.class_histogram\n1:\n num     #instances         #bytes  class name (module)\n-------------------------------------------------------\n\
    \x20  1:         14864      140000000  [B (java.base@17.0.15)\nTotal        123302      142606336\n";

fn terms(sizing: &Sizing) -> Vec<(&str, u64, Origin, Option<u32>)> {
    let known = sizing.terms.iter().filter(|term| term.origin != Origin::Assumed);
    known.map(|term| (term.name.as_str(), term.bytes.0 >> 20, term.origin, term.line)).collect()
}

#[test]
fn a_post_without_logs_gets_its_arithmetic() {
    let sizing = sized(POST);
    assert_eq!(
        terms(&sizing),
        [
            ("limit", 2000, Origin::Stated, Some(8)),
            ("outside", 695, Origin::Stated, Some(7)),
            ("live-set", 136, Origin::Stated, Some(5)),
        ]
    );
    assert_eq!(sizing.facts.max_heap.map(|heap| (heap.bytes.0 >> 20, heap.origin)), Some((1500, Origin::Stated)));
    assert_eq!(sizing.verdict, Verdict::Range);
    assert!(sizing.caveats.iter().any(|caveat| caveat.key == "sizing.caveat.stated"));
}

#[test]
fn what_is_stated_never_stands_above_what_is_measured() {
    let limit = "Containers:\n  app:\n    State:          Running\n    Limits:\n      memory:  512Mi\n";
    let sizing = sized(&format!("{POST}\n{limit}\n{JSTAT}"));
    let known = terms(&sizing);
    assert!(known.contains(&("limit", 512, Origin::Measured, Some(16))), "{known:?}");
    assert!(known.iter().all(|(name, _, origin, _)| *name != "live-set" || *origin == Origin::Measured), "{known:?}");
}

#[test]
fn what_is_stated_does_not_come_first() {
    let offers = |report: &Report| {
        let actions = report.verdict.actions.iter().filter(|action| action.key == "verdict.action.heap").count();
        let figures = report.verdict.figures.iter().filter(|figure| figure.key == "verdict.figure.heap-range").count();
        (actions, figures)
    };
    let error = "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat com.acme.Main.main(Main.java:12)\n";
    let stated = read(&format!("{error}\n{POST}"));
    assert_eq!(stated.sizing.as_ref().map(|sizing| sizing.verdict), Some(Verdict::Range), "the prose suffices");
    assert_eq!(offers(&stated), (0, 0), "{:?}", stated.verdict);
    // The same sizes, measured.
    let limit = "Containers:\n  app:\n    State:          Running\n    Limits:\n      memory:  2000Mi\n";
    let measured = read(&format!("{limit}\n{MEASURED}"));
    assert_eq!(measured.sizing.as_ref().map(|sizing| sizing.verdict), Some(Verdict::Range), "{:?}", measured.sizing);
    assert_eq!(offers(&measured).1, 1, "{:?}", measured.verdict);
}

#[test]
fn sizes_that_contradict_each_other_are_none() {
    let sizing = sized(&format!("{POST}The staging pod runs with -Xmx900m.\n"));
    assert_eq!(sizing.facts.max_heap, None);
}

#[test]
fn what_is_stated_travels_with_a_link() {
    let report = read(POST);
    let sizing = report.sizing.as_ref().expect("a section");
    for with_lines in [false, true] {
        let link = link::write(&redact(&report, with_lines).report, link::MAX_CHARS);
        let Ok(Opened::Report(opened)) = link::read(&link.text) else { panic!("a report") };
        let opened = opened.sizing.expect("a section");
        assert_eq!((opened.floor, opened.ceiling, terms(&opened)), (sizing.floor, sizing.ceiling, terms(sizing)));
    }
}

/// OpenJ9 tells what it has outside of its heap in its javacore: 835.9 MiB in all less the 512.1 of the heap. NMT is HotSpot's.
#[test]
fn a_javacore_measures_what_openj9_has_outside_of_its_heap() {
    let text = "1TISIGINFO     Dump Event \"systhrow\" (00040000) Detail \"java/lang/OutOfMemoryError\" \"Java heap space\" received\n\
        1CIPROCESSID   Process ID: 1 (0x1)\n2CIUSERARG               -Xmx512m\n\
        1STHEAPTOTAL   Total memory:                   536870912 (0x0000000020000000)\n\
        0SECTION       NATIVEMEMINFO subcomponent dump routine\n0MEMUSER\n\
        1MEMUSER       JRE: 876,543,210 bytes / 9423 allocations\n2MEMUSER       +--VM: 776,088,336 bytes / 7423 allocations\n\
        3MEMUSER       |  +--Memory Manager (GC): 560,966,784 bytes / 744 allocations\n\
        4MEMUSER       |  |  +--Java Heap: 536,940,544 bytes / 1 allocation\n\
        2MEMUSER       +--JIT: 70,123,456 bytes / 900 allocations\n\
        $ docker inspect app | grep -i memory\n            \"Memory\": 2147483648,\n";
    let sizing = sized(text);
    let known = terms(&sizing);
    assert!(known.contains(&("native", 323, Origin::Measured, Some(7))), "{known:?}");
    assert!(sizing.terms.iter().all(|term| !["metaspace", "code", "gc"].contains(&term.name.as_str())), "{known:?}");
    assert!(sizing.missing.iter().all(|gap| !gap.command.contains("VM.native_memory")), "{:?}", sizing.missing);
}

#[test]
fn prose_that_sizes_nothing_makes_no_section() {
    let post = "We moved to a new office with 20 GB of photos. The upload limit is 20 MB, the log grew to 9.8 GB.\n\
        | step | before | after |\n| --- | --- | --- |\n| image | 300 MB | 120 MB |\n| limit | 20 MB | 30 MB |\n\
        The RSS feed is 3 MB long, and a rate limit of 2 GB per hour holds. If the heap is 2 GB, say so.\n";
    assert_eq!(read(post).sizing, None);
}

#[test]
fn where_something_else_ran_out_its_limit_is_named_and_the_heap_gets_no_advice() {
    let report = read(include_str!("../static/samples/metaspace.log"));
    let sizing = report.sizing.expect("much is known of its memory");
    assert!(
        sizing
            .reason
            .text
            .starts_with("Metaspace ran out, not the heap. The limit to size is -XX:MaxMetaspaceSize, now 64.0 MiB.")
    );
    assert!(sizing.flags.is_empty() && sizing.recommended.is_none() && sizing.changes.is_empty());
    let figures: Vec<&str> = report.verdict.figures.iter().map(|figure| figure.key.as_str()).collect();
    assert!(figures.iter().all(|key| !key.contains("range")), "{figures:?}");

    let error = "Exception in thread \"main\" java.lang.OutOfMemoryError: Cannot reserve 8388608 bytes of direct buffer memory (allocated: 60817408, limit: 67108864)\n";
    let healthy = include_str!("corpus/incident/g1-jdk17-healthy/input.log");
    let sizing = read(&format!("{healthy}\n{error}")).sizing.expect("much is known of its memory");
    assert!(
        sizing.reason.text.contains("64.0 MiB was not enough, the request that failed needed at least 66.0 MiB"),
        "{}",
        sizing.reason.text
    );
}

#[test]
fn what_prose_says_of_the_load_is_set_and_decides_nothing_that_comes_first() {
    let draft = include_str!("corpus/mixed/draft-post/input.log");
    let report = read(draft);
    let sizing = report.sizing.expect("much is known of its memory");
    assert_eq!((sizing.knobs.concurrency, sizing.knobs.failed), (20, 20));
    assert_eq!(sizing.facts.swap.map(|swap| swap.bytes), Some(Bytes(2 << 30)));
    assert!(sizing.terms.iter().all(|term| term.name != "swap"), "swap only moves the wall");
    let without: String =
        draft.lines().filter(|line| !line.contains("동시에")).map(|line| format!("{line}\n")).collect();
    assert_eq!(read(&without).verdict.headline.text, report.verdict.headline.text);
}

#[test]
fn where_nothing_is_recognised_commands_print_what_would_be() {
    let report = read("hello world\nmy java app died last night\n");
    let commands: Vec<String> = report
        .verdict
        .actions
        .iter()
        .filter_map(|action| Some(action.values.get("command")?.quantity.text(Language::En)))
        .collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert!(commands[0].contains("journalctl") || commands[0].contains("dmesg"), "{commands:?}");
    assert!(commands[1].contains("jstat"), "{commands:?}");
    assert!(report.verdict.lede.iter().any(|sentence| sentence.text.contains("OutOfMemoryError")));
}
