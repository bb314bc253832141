use super::*;
use crate::model::gc::GcKind;

/// Reads lines as the dispatcher would: what is open first, then by claim. Lines of others are passed over.
fn read(text: &str) -> Readings {
    let mut reader = Unified::default();
    let mut out = Readings::default();
    for (at, body) in text.lines().enumerate() {
        let line = Line { number: u32::try_from(at + 1).unwrap_or(u32::MAX), ..Line::of(body) };
        let _ = reader.resume(&line, &mut out) || (claim(body) > Claim::None && reader.open(&line, &mut out));
    }
    out
}

fn mib(count: u64) -> Option<Bytes> {
    Some(Bytes(count << 20))
}

#[test]
fn the_one_line_form_is_enough() {
    let out = read("[0.190s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 5M->3M(10M) 10.619ms");
    let [event] = out.gc_events.as_slice() else { panic!("one event") };
    assert_eq!((event.kind, event.gc, event.pause), (GcKind::Young, Some(0), true));
    assert_eq!(event.name, "Pause Young (Normal)");
    assert_eq!(event.cause.as_deref(), Some("G1 Evacuation Pause"));
    assert_eq!((event.before, event.after, event.committed), (mib(5), mib(3), mib(10)));
    assert_eq!((event.uptime, event.duration), (Some(Micros(190_000)), Some(Micros(10_619))));
    assert_eq!(out.gc_logs[0].collector.as_deref(), Some("G1"));
}

#[test]
fn the_banner_says_on_what_the_jvm_sized_itself() {
    let out = read(
        "[0.003s][info][gc,init] CardTable entry size: 512\n\
         [0.003s][info][gc     ] Using G1\n\
         [0.004s][info][gc,init] Version: 25.0.3+9-LTS (release)\n\
         [0.004s][info][gc,init] CPUs: 4 total, 2 available\n\
         [0.004s][info][gc,init] Memory: 320M\n\
         [0.004s][info][gc,init] Heap Region Size: 1M\n\
         [0.004s][info][gc,init] Heap Initial Capacity: 8M\n\
         [0.004s][info][gc,init] Heap Max Capacity: 400M",
    );
    let log = &out.gc_logs[0];
    assert_eq!((log.collector.as_deref(), log.jdk.as_deref(), log.cpus), (Some("G1"), Some("25.0.3+9-LTS"), Some(2)));
    assert_eq!((log.memory, log.max_heap, log.initial_heap, log.region_size), (mib(320), mib(400), mib(8), mib(1)));
    assert_eq!(log.at.get("max_heap").map(|span| (span.line, span.start, span.end)), Some((8, 43, 47)));
    assert_eq!((log.first_line, log.last_line), (1, 8));
}

#[test]
fn regions_become_sizes_only_where_their_size_is_printed() {
    let lines = "[1.0s][info][gc,heap] GC(4) Humongous regions: 7->5\n\
                 [1.0s][info][gc] GC(4) Pause Young (Normal) (G1 Humongous Allocation) 50M->40M(64M) 1.0ms";
    assert_eq!(read(lines).gc_events[0].figures.get("humongous_after"), None);
    let with_size = format!("[0.1s][info][gc,init] Heap Region Size: 2M\n{lines}");
    assert_eq!(read(&with_size).gc_events[0].figures.get("humongous_after").copied(), mib(10));
}

#[test]
fn young_pauses_and_concurrent_cycles_stand_mixed() {
    let out = read(
        "[0.1s][info][gc,init] Heap Region Size: 1M\n\
         [1.0s][info][gc] GC(5) Concurrent Mark Cycle\n\
         [1.1s][info][gc,start] GC(6) Pause Young (Normal) (G1 Evacuation Pause)\n\
         [1.1s][info][gc,heap] GC(6) Old regions: 2->9\n\
         [1.2s][info][gc] GC(5) Pause Remark 4M->4M(10M) 0.842ms\n\
         [1.3s][info][gc] GC(6) Pause Young (Normal) (G1 Evacuation Pause) 5M->3M(10M) 9.5ms\n\
         [1.4s][info][gc] GC(5) Concurrent Mark Cycle 45.160ms",
    );
    let kinds: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.gc, event.figures.len())).collect();
    assert_eq!(
        kinds,
        [(GcKind::ConcurrentPause, Some(5), 0), (GcKind::Young, Some(6), 2), (GcKind::Concurrent, Some(5), 0)]
    );
}

#[test]
fn what_metaspace_brackets_mean_depends_on_their_number() {
    let pause = "[1.0s][info][gc] GC(0) Pause Full (System.gc()) 5M->3M(10M) 9.5ms";
    let new = read(&format!(
        "[1.0s][info][gc,metaspace] GC(0) Metaspace: 206K(384K)->207K(448K) NonClass: 197K(256K)->197K(256K) Class: 9K(128K)->9K(128K)\n{pause}"
    ));
    let figures = &new.gc_events[0].figures;
    assert_eq!(figures.get("metaspace_used").copied(), Some(Bytes(207 << 10)));
    assert_eq!(figures.get("metaspace_committed").copied(), Some(Bytes(448 << 10)));
    assert_eq!(figures.get("class_committed").copied(), Some(Bytes(128 << 10)));
    let old = read(&format!("[1.0s][info][gc,metaspace] GC(0) Metaspace: 6591K->6591K(1056768K)\n{pause}"));
    let figures = &old.gc_events[0].figures;
    assert_eq!(figures.get("metaspace_committed"), None);
    assert_eq!(figures.get("metaspace_reserved").copied(), Some(Bytes(1_056_768 << 10)));
    assert_eq!(old.gc_events[0].cause.as_deref(), Some("System.gc()"));
}

#[test]
fn an_evacuation_failure_is_an_event_of_its_own() {
    let old = read(
        "[9.0s][info][gc] GC(12) To-space exhausted\n\
         [9.0s][info][gc] GC(12) Pause Young (Mixed) (G1 Evacuation Pause) 60M->60M(64M) 8.0ms",
    );
    let kinds: Vec<_> = old.gc_events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [GcKind::Failure, GcKind::Mixed]);
    let new = read(
        "[9.0s][info][gc] GC(12) Pause Young (Normal) (G1 Evacuation Pause) (Evacuation Failure: Allocation) 60M->60M(64M) 8.0ms",
    );
    assert_eq!(new.gc_events[0].cause.as_deref(), Some("G1 Evacuation Pause"));
    assert_eq!((new.gc_events[1].kind, new.gc_events[1].cause.as_deref()), (GcKind::Failure, Some("Allocation")));
}

#[test]
fn zgc_takes_seconds_for_collections_and_milliseconds_for_pauses() {
    let out = read(
        "[1.0s][info][gc,phases] GC(3) y: Pause Mark Start 0.009ms\n\
         [1.0s][info][gc,heap  ] GC(3) y: Young Generation Statistics:\n\
         [1.0s][info][gc,heap  ] GC(3) y:      Used:       20M (8%)           32M (12%)          34M (13%)          36M (14%)    \n\
         [1.0s][info][gc,heap  ] GC(3) y:      Live:         -                16M (6%)           16M (6%)           15M (6%)     \n\
         [1.1s][info][gc       ] GC(3) Minor Collection (Allocation Rate) 80M(31%)->34M(13%) 0.029s\n\
         [1.2s][info][gc       ] Allocation Stall (main) 11.123ms\n\
         [1.3s][info][gc       ] Out Of Memory (worker (1))",
    );
    let [pause, minor, stall, failure] = out.gc_events.as_slice() else { panic!("four events") };
    assert_eq!((pause.kind, pause.duration), (GcKind::ConcurrentPause, Some(Micros(9))));
    assert_eq!((minor.kind, minor.duration, minor.pause), (GcKind::Minor, Some(Micros(29_000)), false));
    assert_eq!((minor.before, minor.after, minor.committed), (mib(80), mib(34), None));
    assert_eq!(minor.figures.get("young_live").copied(), mib(15));
    assert_eq!((stall.kind, stall.cause.as_deref(), stall.pause), (GcKind::AllocationStall, Some("main"), false));
    assert_eq!((failure.kind, failure.cause.as_deref()), (GcKind::Failure, Some("worker (1)")));
    assert_eq!(out.gc_logs[0].collector.as_deref(), Some("generational ZGC"));
}

#[test]
fn shenandoah_says_why_it_degenerates() {
    let out = read(
        "[3.0s][info][gc] Cancelling GC: Allocation Failure\n\
         [3.1s][info][gc] GC(7) Pause Init Mark (unload classes) 0.033ms\n\
         [3.2s][info][gc] GC(7) Concurrent marking (unload classes) 4.100ms\n\
         [3.3s][info][gc] GC(7) Pause Degenerated GC (Mark) 250M->100M(256M) 12.500ms\n\
         [3.4s][info][gc] GC(8) Concurrent cleanup 75M->74M(86M) 0.035ms",
    );
    let names: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.name.as_str())).collect();
    assert_eq!(
        names,
        [
            (GcKind::ConcurrentPause, "Pause Init Mark (unload classes)"),
            (GcKind::Degenerated, "Pause Degenerated GC (Mark)"),
            (GcKind::Concurrent, "Concurrent cleanup"),
        ]
    );
    assert_eq!(out.gc_events[1].cause.as_deref(), Some("Allocation Failure"));
    assert_eq!(out.gc_logs[0].collector.as_deref(), Some("Shenandoah"));
}

#[test]
fn an_uptime_that_falls_back_or_a_second_banner_is_a_new_run() {
    let out = read(
        "[0.003s][info][gc] Using Serial\n\
         [90.1s][info][gc] GC(40) Pause Full (Allocation Failure) 60M->60M(64M) 8.0ms\n\
         [0.003s][info][gc] Using Serial\n\
         [0.100s][info][gc] GC(0) Pause Young (Allocation Failure) 6M->2M(64M) 1.0ms\n\
         [0.004s][info][gc] Using Serial\n\
         [0.101s][info][gc] GC(0) Pause Young (Allocation Failure) 6M->2M(64M) 1.0ms",
    );
    assert_eq!(out.gc_logs.len(), 3);
    assert_eq!(out.gc_events.iter().map(|event| event.log).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!((out.gc_logs[0].last_line, out.gc_logs[1].first_line), (2, 3));
}

#[test]
fn pids_part_logs_and_threads_do_not() {
    let pids = read(
        "[1.0s][4711][info][gc] GC(3) Pause Young (Allocation Failure) 6M->2M(64M) 1.0ms\n\
         [1.1s][4790][info][gc] GC(9) Pause Young (Allocation Failure) 7M->2M(64M) 1.0ms\n\
         [1.2s][4711][info][gc] GC(4) Pause Young (Allocation Failure) 6M->2M(64M) 1.0ms",
    );
    assert_eq!(pids.gc_logs.iter().map(|log| log.pid).collect::<Vec<_>>(), [Some(4711), Some(4790)]);
    assert_eq!(pids.gc_events.iter().map(|event| event.log).collect::<Vec<_>>(), [0, 1, 0]);
    let banners = read(
        "[0.0s][4711][info][gc] Using Serial\n\
         [0.1s][4790][info][gc] Using Parallel\n\
         [5.0s][4711][info][gc] GC(0) Pause Young (Allocation Failure) 6M->2M(64M) 1.0ms\n\
         [5.1s][4790][info][gc] GC(0) Pause Young (Allocation Failure) 7M->2M(64M) 1.0ms",
    );
    assert_eq!(banners.gc_logs.iter().map(|log| log.pid).collect::<Vec<_>>(), [Some(4711), Some(4790)]);
    assert_eq!(banners.gc_events.iter().map(|event| event.log).collect::<Vec<_>>(), [0, 1]);
    let both = read(
        "[1.0s][4711][4712][info][gc] GC(3) Pause Young (Allocation Failure) 6M->2M(64M) 1.0ms\n\
         [1.1s][4711][4713][info][gc] GC(4) Concurrent Mark Cycle 1.0ms",
    );
    assert_eq!((both.gc_logs.len(), both.gc_logs[0].pid), (1, Some(4711)));
    let threads = read(
        "[0.0s][4712][info][gc] Using G1\n\
         [1.0s][4720][info][gc] GC(0) Pause Young (Concurrent Start) (G1 Evacuation Pause) 6M->2M(64M) 1.0ms\n\
         [1.1s][4725][info][gc] GC(1) Concurrent Mark Cycle 1.0ms",
    );
    assert_eq!((threads.gc_logs.len(), threads.gc_logs[0].pid), (1, None));
}

#[test]
fn both_clocks_on_a_line_tell_when_the_jvm_started() {
    let out = read("[2026-03-01T10:15:02.500+0100][2.500s][info][gc] GC(0) Pause Remark 4M->4M(10M) 0.842ms");
    assert_eq!(out.gc_logs[0].start, Some(Micros(1_772_356_500_000_000)));
    assert_eq!(out.gc_events[0].time, Some(Micros(1_772_356_502_500_000)));
}

#[test]
fn few_or_no_decorations_are_enough_for_a_sure_message() {
    let plain = read(
        "Using G1\nHeap Region Size: 1M\nHeap Max Capacity: 256M\n\
         GC(0) Old regions: 3->4\nGC(0) Pause Young (Normal) (G1 Evacuation Pause) 5M->3M(10M) 10.619ms",
    );
    assert_eq!((plain.gc_logs[0].max_heap, plain.gc_events.len()), (mib(256), 1));
    assert_eq!(plain.gc_events[0].figures.get("old_after").copied(), mib(4));
    let uptime = read("[2.1s] GC(3) Pause Full (Ergonomics) 7M->5M(13M) 6.208ms");
    assert_eq!(uptime.gc_events[0].uptime, Some(Micros(2_100_000)));
    let embedded = read(
        "app-1 says: [0.190s][info][gc] GC(0) Pause Remark 5M->3M(10M) 1.5ms\n\
         app-1 says: [0.290s][info][gc] GC(1) Pause Remark 6M->3M(10M) 1.5ms",
    );
    assert_eq!(embedded.gc_events.len(), 2);
    assert_eq!(embedded.gc_events[1].uptime, Some(Micros(290_000)));
}

#[test]
fn of_two_counts_of_nanoseconds_the_second_is_the_uptime() {
    let out = read(
        "[2516606894242ns][4828991ns] Using G1\n\
         [2516632604286ns][30539035ns] CPUs: 2 total, 2 available\n\
         [2516681921196ns][79855946ns] GC(0) Using 2 workers of 2 for full compaction\n\
         [2516683787171ns][81721882ns] GC(0) Pause Full (System.gc()) 7M->5M(13M) 6.208ms",
    );
    assert_eq!(out.gc_events[0].uptime, Some(Micros(81_721)));
    assert_eq!((out.gc_logs[0].last_line, out.gc_logs[0].cpus), (4, Some(2)));
    let one = read("[2516683787171ns] GC(0) Pause Full (System.gc()) 7M->5M(13M) 6.208ms");
    assert_eq!(one.gc_events[0].uptime, None);
}

#[test]
fn a_line_quoted_as_code_is_whole() {
    let out = read("`[4.1s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 5.456ms`");
    assert_eq!(out.gc_events[0].duration, Some(Micros(5456)));
}

#[test]
fn lines_of_others_are_left_to_them() {
    for body in [
        "[   81.250400] Out of memory: Killed process 7 (java) total-vm:8kB",
        "[81.250400] oom-killer invoked",
        "[info][app] started in 3 s",
        "[2026-03-01T10:15:02.123+0100][info][main] ready",
        "[12:01:02] [INFO] GC is a word",
        "[5.1s][warning][os,thread] Failed to start thread \"Unknown thread\" - pthread_create failed (EAGAIN)",
        "[5.1s][warning][gc] java.lang.OutOfMemoryError: Java heap space",
        "GC(0) is the first collection",
        "We are Using G1",
    ] {
        assert_eq!(claim(body), Claim::None, "{body}");
    }
    let mut reader = Unified::default();
    let mut out = Readings::default();
    assert!(reader.open(&Line::of("[0.003s][info][gc] Using G1"), &mut out));
    assert!(!reader.resume(&Line::of("[5.1s][warning][os,thread] Failed to start thread"), &mut out));
    assert!(!reader.resume(&Line::of("[5.1s][error][gc] java.lang.OutOfMemoryError"), &mut out));
    assert!(!reader.resume(&Line::of("[   81.250400] Out of memory"), &mut out));
    assert!(reader.resume(&Line::of("[5.1s][info][safepoint] Safepoint \"Cleanup\", Time since last: 1 ns"), &mut out));
}

#[test]
fn a_line_cut_anywhere_loses_values_and_changes_none() {
    let whole = "[0.190s][info][gc] GC(12) Pause Young (Normal) (G1 Evacuation Pause) 15M->13M(110M) 10.619ms";
    let full = read(whole).gc_events.remove(0);
    for at in 0..whole.len() {
        for event in read(whole.get(..at).unwrap_or_default()).gc_events {
            assert!(
                event.duration.is_none() && (event.before, event.after) == (full.before, full.after),
                "cut at {at}"
            );
            assert_eq!((&event.name, &event.cause), (&full.name, &full.cause), "cut at {at}");
        }
        for event in read(whole.get(at..).unwrap_or_default()).gc_events {
            assert!(event.uptime.is_none_or(|uptime| Some(uptime) == full.uptime), "cut before {at}");
            assert_eq!((event.after, event.duration), (full.after, full.duration), "cut before {at}");
        }
    }
}

#[test]
fn native_images_print_two_decimals_and_no_size_of_the_heap() {
    let out = read("[0.345s] GC(1) Pause Incremental GC (Collect on allocation) 5.25M->1.50M 1.125ms");
    let [event] = out.gc_events.as_slice() else { panic!("one event") };
    assert_eq!((event.kind, event.name.as_str()), (GcKind::Young, "Pause Incremental GC"));
    assert_eq!(event.cause.as_deref(), Some("Collect on allocation"));
    let size = |quarters: u64| Some(Bytes(quarters << 18));
    assert_eq!((event.before, event.after, event.committed), (size(21), size(6), None));
}

#[test]
fn a_pause_that_mail_wrapped_is_read_whole_and_no_torn_number() {
    let pause = "[10.123s][info][gc] GC(41) Pause Full (G1 Compaction Pause)";
    for text in [
        format!("{pause}\n4090M->4088M(4096M) 5123.456ms\n"),
        format!("{pause} 4090M->4088M(4096M)\n5123.456ms\n"),
        format!("{pause} 4090M->4088M(4096M) 5\n123.456ms\n"),
    ] {
        let out = crate::formats::read_alone(&super::super::FORMAT, &text);
        let read: Vec<_> = out.gc_events.iter().map(|event| (event.after, event.duration)).collect();
        let whole = [(Some(Bytes(4088 << 20)), Some(Micros(5_123_456)))];
        assert!(
            read == whole || text.contains(" 5\n") && read.iter().all(|(_, duration)| duration.is_none()),
            "{text}: {read:?}"
        );
    }
}
