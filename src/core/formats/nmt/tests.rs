use super::FORMAT;
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::model::readings::Readings;
use crate::source::Span;
use crate::units::{Bytes, SignedBytes};
use crate::warning::WarningKind;

fn read(text: &str) -> Readings {
    crate::formats::read_alone(&FORMAT, text)
}

fn one(text: &str) -> NmtSnapshot {
    let mut out = read(text);
    assert_eq!(out.nmt.len(), 1, "{:?}", out.nmt);
    out.nmt.remove(0)
}

fn names(snapshot: &NmtSnapshot) -> Vec<&str> {
    snapshot.categories.iter().map(|category| category.name.as_str()).collect()
}

fn category<'a>(snapshot: &'a NmtSnapshot, name: &str) -> &'a NmtCategory {
    snapshot.categories.iter().find(|category| category.name == name).expect("the category")
}

fn warnings(out: &Readings) -> Vec<&WarningKind> {
    out.warnings.iter().map(|warning| &warning.kind).collect()
}

const KB: u64 = 1024;

const SUMMARY: &str = "\
14830:

Native Memory Tracking:

(Omitting categories weighting less than 1KB)

Total: reserved=50KB, committed=40KB
       malloc: 30KB #12, peak=33KB #13
       mmap:   reserved=20KB, committed=10KB

-                 Java Heap (reserved=20KB, committed=10KB)
                            (mmap: reserved=20KB, committed=10KB)

-                        GC (reserved=30KB, committed=30KB)
                            (malloc=30KB tag=GC #12) (peak=32KB #14)
";

#[test]
fn a_summary_gives_its_total_and_categories() {
    let out = read(SUMMARY);
    assert_eq!(warnings(&out), Vec::<&WarningKind>::new());
    let snapshot = one(SUMMARY);
    assert_eq!((snapshot.kind.as_str(), snapshot.pid, snapshot.complete), ("summary", Some(14830), true));
    assert_eq!((snapshot.first_line, snapshot.last_line, snapshot.scale), (1, 15, Bytes(KB)));
    assert_eq!(snapshot.total.committed, Some(Bytes(40 * KB)));
    assert_eq!(snapshot.total.malloc, Some(Bytes(30 * KB)));
    assert_eq!(names(&snapshot), ["Java Heap", "GC"]);
    let gc = category(&snapshot, "GC");
    assert_eq!((gc.malloc, gc.malloc_count, gc.malloc_peak), (Some(Bytes(30 * KB)), Some(12), Some(Bytes(32 * KB))));
    assert_eq!(gc.at.get("malloc"), Some(Span { source: 0, line: 15, start: 36, end: 40 }));
    assert_eq!(snapshot.jdk.as_deref(), Some("24+"));
}

#[test]
fn a_diff_keeps_changes_apart_from_values() {
    let snapshot = one("Total: reserved=1000KB +15KB, committed=500KB -5KB\n\
         -   Thread (reserved=1000KB +15KB, committed=500KB -5KB)\n    (thread #50 +2)\n\
         (stack: reserved=900KB +15KB, committed=400KB)\n (malloc=100KB #302 -1)\n");
    assert_eq!(snapshot.kind, "summary.diff");
    assert_eq!(snapshot.total.reserved_delta, Some(SignedBytes(15 << 10)));
    assert_eq!(snapshot.total.committed_delta, Some(SignedBytes(-5 << 10)));
    let thread = category(&snapshot, "Thread");
    assert_eq!((thread.threads, thread.threads_delta), (Some(50), Some(2)));
    assert_eq!((thread.malloc_delta, thread.malloc_count_delta), (None, Some(-1)));
    assert_eq!(thread.stack_reserved, Some(Bytes(900 * KB)));
}

#[test]
fn metadata_and_class_space_are_not_categories() {
    let snapshot = one("Total: reserved=100KB, committed=100KB\n\
         -  Class (reserved=100KB, committed=100KB)\n  (classes #30)\n  (  instance classes #20, array classes #10)\n\
           (mmap: reserved=100KB, committed=100KB)\n  (  Metadata:   )\n  (    reserved=60KB, committed=60KB)\n\
           (    used=50KB)\n  (    free=8KB)\n  (    waste=2KB =3,33%)\n  (  Class space:)\n\
           (    reserved=40KB, committed=40KB)\n  (    used=40KB)\n  (    waste=0KB =0.00%)\n");
    assert!(snapshot.complete);
    assert_eq!(names(&snapshot), ["Class"]);
    let spaces = &category(&snapshot, "Class").spaces;
    assert_eq!(spaces.iter().map(|space| space.name.as_str()).collect::<Vec<_>>(), ["Metadata", "Class space"]);
    assert_eq!(spaces.first().and_then(|space| space.free), Some(Bytes(8 * KB)));
    assert_eq!(spaces.last().and_then(|space| space.used), Some(Bytes(40 * KB)));
    assert_eq!(snapshot.jdk.as_deref(), Some("11-15"));
}

#[test]
fn lost_dashes_bullets_comments_and_foreign_lines_change_nothing() {
    let damaged = SUMMARY
        .replace("-                 Java", "Java")
        .replace("-                        GC", "* GC")
        .replace("committed=10KB)", "committed=10KB)   <--- the heap (reserved=1KB, committed=1KB)")
        .replace("                            (", "(")
        .replace("\n\n", "\n[12.3s][info][gc] GC(3) Pause Young 6M->1M(66M) 2.1ms\n");
    assert_eq!(names(&one(&damaged)), ["Java Heap", "GC"]);
    let (damaged, whole) = (one(&damaged), one(SUMMARY));
    assert_eq!(damaged.total.committed, whole.total.committed);
    for name in ["Java Heap", "GC"] {
        assert_eq!(category(&damaged, name).committed, category(&whole, name).committed);
        assert_eq!(category(&damaged, name).malloc, category(&whole, name).malloc);
    }
    assert!(damaged.complete);
}

#[test]
fn a_block_cut_anywhere_loses_values_but_changes_none() {
    let whole = one(SUMMARY);
    for end in 0..SUMMARY.len() {
        let out = read(SUMMARY.get(..end).unwrap_or_default());
        assert!(out.nmt.len() <= 1);
        let Some(cut) = out.nmt.first() else { continue };
        let same = |cut: Option<Bytes>, whole: Option<Bytes>| assert!(cut.is_none() || cut == whole, "at {end}");
        same(cut.total.reserved, whole.total.reserved);
        same(cut.total.committed, whole.total.committed);
        same(cut.total.malloc, whole.total.malloc);
        same(cut.total.mmap_committed, whole.total.mmap_committed);
        for category in &cut.categories {
            let whole = whole.categories.iter().find(|known| known.name == category.name).expect("no new name");
            same(category.reserved, whole.reserved);
            same(category.committed, whole.committed);
            same(category.malloc, whole.malloc);
            same(category.malloc_peak, whole.malloc_peak);
            assert!(category.malloc_count.is_none() || category.malloc_count == whole.malloc_count);
        }
        assert!(cut.complete || !out.warnings.is_empty(), "at {end}");
    }
}

#[test]
fn a_total_in_bytes_counts_only_if_something_follows() {
    let total = "Total: reserved=5000, committed=4000";
    assert_eq!(one(total).total.committed, None);
    assert_eq!(one(&format!("{total}\n-   GC (reserved=5000, committed=4000)\n")).total.committed, Some(Bytes(4000)));
}

#[test]
fn what_is_missing_is_named() {
    let text = "Total: reserved=500KB, committed=400KB\n-   GC (reserved=100KB, committed=90KB)\n  (malloc=100KB #2)\n";
    let out = read(text);
    assert!(!out.nmt.iter().any(|snapshot| snapshot.complete));
    let missing = |of: &str, missing| WarningKind::SumDiffers { of: of.to_owned(), missing };
    assert_eq!(warnings(&out), [&missing("committed", 310 << 10), &missing("GC", -10 << 10)], "of the total once");
}

#[test]
fn every_heading_total_and_repeated_category_begins_a_snapshot() {
    let part = "Total: reserved=5KB, committed=5KB\n-  GC (reserved=5KB, committed=5KB)\n (malloc=5KB #2)\n";
    assert_eq!(read(&format!("{part}{part}")).nmt.len(), 2);
    assert_eq!(read(&format!("{part}- GC (reserved=6KB, committed=6KB)\n")).nmt.len(), 2);
    let out = read(&format!("17:\n\nNative Memory Tracking:\n\n{part}18:\n\nNative Memory Tracking:\n\n{part}"));
    assert_eq!(out.nmt.iter().map(|snapshot| snapshot.pid).collect::<Vec<_>>(), [Some(17), Some(18)]);
    assert_eq!(out.warnings, []);
}

#[test]
fn a_number_with_a_colon_is_a_process_only_above_a_report() {
    let out = read("17:\nsomething else\n\n\n\n\nTotal: reserved=5KB, committed=5KB\n");
    assert_eq!(out.nmt.first().and_then(|snapshot| snapshot.pid), None);
    assert_eq!(read("17:\ngarbage-first heap").nmt, []);
}

#[test]
fn a_prompt_gives_the_pid_that_the_answer_has_lost() {
    let snapshot = one("$ jcmd 77 VM.native_memory summary.diff\nTotal: reserved=5KB, committed=5KB\n");
    assert_eq!((snapshot.pid, snapshot.kind.as_str()), (Some(77), "summary.diff"));
    let out = read("Total: reserved=5KB, committed=5KB\n> jcmd {PID} VM.native_memory summary.diff\n");
    assert_eq!(out.nmt.first().and_then(|snapshot| snapshot.pid), None);
}

#[test]
fn a_date_right_above_is_the_time_of_the_snapshot() {
    let snapshot =
        one("Sun Mar  1 10:15:00 UTC 2026\n7:\n\nNative Memory Tracking:\n\nTotal: reserved=5KB, committed=5KB\n");
    assert_eq!(snapshot.time.map(|time| time.0), Some(1_772_360_100_000_000));
    assert_eq!(snapshot.at.get("time").map(|span| span.line), Some(1));
}

#[test]
fn answers_without_a_report_are_events() {
    let kinds =
        |text: &str| read(text).events.into_iter().map(|event| (event.kind.name(), event.pid)).collect::<Vec<_>>();
    assert_eq!(kinds("9:\nNative memory tracking is not enabled\n"), [("nmt-not-enabled", Some(9))]);
    assert_eq!(kinds("$ jcmd 9 VM.native_memory baseline\n9:\nBaseline taken\n"), [("nmt-baseline", Some(9))]);
    assert_eq!(
        kinds("$ jcmd 9 VM.native_memory\njava.io.IOException: No such process\n\tat jdk.attach/x.y(Z.java:1)\n"),
        [("nmt-attach-failed", Some(9))]
    );
    assert_eq!(kinds("java.io.IOException: No such process\n"), []);
}

#[test]
fn statistics_are_labelled_and_give_no_memory() {
    let out =
        read("Native Memory Tracking Statistics:\nState: detail\n\nHash distribution:\n 1   entry: 57.\n\t0: 0\n");
    assert_eq!(out.nmt, []);
    assert_eq!(out.events.iter().map(|event| event.last_line).collect::<Vec<_>>(), [6]);
}

#[test]
fn detail_is_grouped() {
    let snapshot = one("\
Total: reserved=10MB, committed=4MB
- Java Heap (reserved=10MB, committed=4MB)
  (mmap: reserved=10MB, committed=4MB)

Virtual memory map:

[0x00000000fc000000 - 0x00000000fc800000] reserved 8MB for Java Heap from
    [0x00007fea2511a27c] ReservedSpace::reserve(unsigned long, bool)+0xac

\t[0x00000000fc000000 - 0x00000000fc200000] committed 2MB from
            [0x00007fea24932e26] Commit::it(unsigned long)+0x66

[0x00000000fd000000 - 0x00000000fd200000] reserved and committed 2MB for Java Heap from
    [0x00007fea2511a27c] ReservedSpace::reserve(unsigned long, bool)+0xac

        [0x00000000fd000000 - 0x00000000fd200000] committed 2MB from
Details:

[0x00007fea2511a27c] AllocateHeap(unsigned long)+0xac
[0x00007fea2511a27d] Table::grow(int, List<A, B>)+0x1
                             (malloc=3MB type=Internal #2) (peak=3MB #3)

[0x00007fea2511a27d]Table::grow(int, List<A, B>)+0x9
                             ((malloc=1MB type=Internal #3) (at peak))

[0x00007f7235c75b16]thread_native_entry(Thread*)+0xd6
                             (reserved=20MB, committed=1MB Tag=Thread Stack)

(1633 call sites weighting less than 1MB each omitted.)
");
    assert_eq!(snapshot.kind, "detail");
    let regions: Vec<_> =
        snapshot.regions.iter().map(|r| (r.name.as_str(), r.count, r.reserved.0 >> 20, r.committed.0 >> 20)).collect();
    assert_eq!(regions, [("Java Heap", 2, 10, 4)]);
    let sites: Vec<_> = snapshot
        .sites
        .iter()
        .map(|s| (s.frame.as_str(), s.size.0 >> 20, s.committed.map(|c| c.0 >> 20), s.count, s.sites))
        .collect();
    assert_eq!(
        sites,
        [("Table::grow(int, List<A, B>)", 4, None, Some(5), 2), ("thread_native_entry(Thread*)", 20, Some(1), None, 1)]
    );
    assert_eq!(snapshot.last_line, 29);
}

#[test]
fn names_of_older_versions_are_unified_and_unknown_ones_kept() {
    let snapshot = one(
        "Total:  reserved=40KB,  committed=40KB\n-  Memory Tracking (reserved=10KB, committed=10KB)\n (malloc=10KB, #66)\n\
         -  Pooled Free Chunks (reserved=10KB, committed=10KB)\n (malloc=10KB)\n\
         -  Synchronizer (reserved=10KB, committed=10KB)\n (malloc=10KB)\n\
         -  Wisp (reserved=10KB, committed=10KB)\n (malloc=10KB)\n",
    );
    assert_eq!(names(&snapshot), ["Native Memory Tracking", "Arena Chunk", "Synchronization", "Wisp"]);
    assert_eq!(category(&snapshot, "Native Memory Tracking").malloc_count, Some(66));
    assert!(snapshot.complete);
}

#[test]
fn parts_of_a_category_that_was_lost_are_not_given_to_the_one_before() {
    let snapshot =
        one("Total: reserved=40KB, committed=40KB\n-  GC (reserved=10KB, committed=10KB)\n (malloc=10KB #1)\n\
         (malloc=30KB #2)\n (arena=7KB #2)\n");
    let gc = category(&snapshot, "GC");
    assert_eq!((gc.malloc, gc.malloc_count, gc.arena), (Some(Bytes(10 * KB)), Some(1), None));
}

#[test]
fn prose_and_other_programs_are_left_alone() {
    for text in [
        "Total: 12 files",
        "The heap (reserved=5KB) is small",
        "Total reserved=5KB",
        "Metaspace       used 96K, committed 320K, reserved 1114112K",
        "see Native Memory Tracking: it helps",
        "- note (reserved=yes, committed=no)",
    ] {
        let out = read(text);
        assert_eq!((out.nmt.len(), out.events.len(), out.warnings.len()), (0, 0, 0), "{text}");
    }
}
