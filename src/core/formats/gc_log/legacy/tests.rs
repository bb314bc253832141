use super::*;

/// Reads lines as the dispatcher would: what is open first, then by claim. Lines of others are passed over.
fn read(text: &str) -> Readings {
    let mut reader = Legacy::default();
    let mut out = Readings::default();
    for (at, body) in text.lines().enumerate() {
        let line = Line { number: u32::try_from(at + 1).unwrap_or(u32::MAX), ..Line::of(body) };
        let _ = reader.resume(&line, &mut out) || (claim(body) > Claim::None && reader.open(&line, &mut out));
    }
    out
}

fn kib(count: u64) -> Option<Bytes> {
    Some(Bytes(count << 10))
}

#[test]
fn a_decimal_comma_is_no_end_of_a_number() {
    let read = read(
        "4906,626: [Full GC [PSYoungGen: 1024K->0K(2048K)] [PSOldGen: 5120K->5100K(5121K)] 6144K->5100K(7169K), 3,5870630 secs] \
         [Times: user=3,50 sys=0,01, real=3,59 secs]\n\
         4912,626: [GC [PSYoungGen: 1024K->0K(2048K)] 6144K->5100K(7169K),0,0870630 secs]\n\
         4913,626: [GC [PSYoungGen: 1024K->0K(2048K)] 6144K->5100K(7169K),0.0870630 secs]\n",
    );
    let pauses: Vec<_> = read.gc_events.iter().map(|event| event.duration.map(|micros| micros.0)).collect();
    assert_eq!(pauses, [Some(3_587_063), Some(87_063), Some(87_063)]);
}

#[test]
fn a_young_collection_of_the_parallel_collector_is_one_line() {
    let out = read(
        "2017-07-27T11:46:46.456-0800: 2.145: [GC (Allocation Failure) [PSYoungGen: 524800K->87031K(611840K)] 524800K->499220K(2010112K), 0.3782684 secs] [Times: user=0.25 sys=0.89, real=0.38 secs] ",
    );
    let [event] = out.gc_events.as_slice() else { panic!("one event") };
    assert_eq!((event.kind, event.name.as_str()), (GcKind::Young, "GC"));
    assert_eq!(event.cause.as_deref(), Some("Allocation Failure"));
    assert_eq!((event.before, event.after, event.committed), (kib(524_800), kib(499_220), kib(2_010_112)));
    assert_eq!((event.uptime, event.duration), (Some(Micros(2_145_000)), Some(Micros(378_268))));
    assert_eq!(event.time, Some(Micros(1_501_184_806_456_000)));
    assert_eq!(event.figures.get("young_after").copied(), kib(87_031));
    assert_eq!(out.gc_logs[0].start, Some(Micros(1_501_184_804_311_000)));
    assert_eq!(out.gc_logs[0].collector.as_deref(), Some("Parallel"));
}

#[test]
fn a_full_collection_names_old_and_metaspace_and_what_metaspace_reserves() {
    let out = read(
        "8.1: [Full GC (Ergonomics) [PSYoungGen: 87031K->0K(611840K)] [ParOldGen: 1310720K->1300000K(1398272K)] 1397751K->1300000K(2010112K), [Metaspace: 3136K->3136K(1056768K)], 1.2807 secs] [Times: user=1.9 sys=0.0, real=1.28 secs]",
    );
    let event = &out.gc_events[0];
    assert_eq!((event.kind, event.cause.as_deref()), (GcKind::Full, Some("Ergonomics")));
    assert_eq!((event.before, event.after), (kib(1_397_751), kib(1_300_000)));
    assert_eq!(event.figures.get("old_committed").copied(), kib(1_398_272));
    assert_eq!(event.figures.get("metaspace_used").copied(), kib(3136));
    assert_eq!(event.figures.get("metaspace_reserved").copied(), kib(1_056_768));
    assert_eq!(event.figures.get("metaspace_committed"), None);
    assert!(out.excerpts.contains_key(&(0, 1)));
}

#[test]
fn a_record_that_was_wrapped_is_the_same_or_none() {
    let record = "2014-07-18T16:19:16.794+0800: 1630.821: [GC 1630.821: [DefNew: 1005567K->111679K(1005568K), 0.9152360 secs]1631.736: [Tenured: 2573912K->1340650K(2574068K), 1.8511050 secs] 3122548K->1340650K(3579636K), [Perm : 17882K->17882K(21248K)], 2.7854350 secs] [Times: user=2.57 sys=0.22, real=2.79 secs]";
    let whole = read(record).gc_events;
    let mut same = 0;
    for width in 40..record.len() {
        let rows: Vec<&str> = record.as_bytes().chunks(width).filter_map(|row| std::str::from_utf8(row).ok()).collect();
        let wrapped = read(&rows.join("\n")).gc_events;
        let like = |event: &GcEvent| {
            let whole = whole.first().cloned().unwrap_or_default();
            let no_change = |a: Option<Bytes>, b| a.is_none() || a == b;
            no_change(event.before, whole.before)
                && no_change(event.after, whole.after)
                && no_change(event.committed, whole.committed)
                && (event.duration.is_none() || event.duration == whole.duration)
                && event.figures.iter().all(|(name, size)| whole.figures.get(name) == Some(size))
        };
        assert!(wrapped.iter().all(like), "at {width}: {wrapped:?}");
        same += usize::from(wrapped == whole);
    }
    assert!(same * 3 > record.len() - 40, "{same} of {}", record.len() - 40);
    let mailed = record.replace("[Tenured: ", "[Tenured:\n").replace(" 3122548K", "\n3122548K");
    assert_eq!(read(&mailed).gc_events, whole);
}

#[test]
fn old_g1_and_shenandoah_of_jdk_8_are_read() {
    let out = read(
        "1.234: [GC pause (young), 0.00594747 secs]\n   [Parallel Time:   5.1 ms]\n   [ 8M->1M(16M)]\n [Times: user=0.01 sys=0.00, real=0.01 secs]",
    );
    let event = &out.gc_events[0];
    assert_eq!((event.before, event.after, event.committed), (kib(8 << 10), kib(1 << 10), kib(16 << 10)));
    let out = read(
        "100.001: [Pause Init Mark, 0.8 ms]\n100.100: [Concurrent marking 800M->900M(2048M), 99.123 ms]\n101.110: [Pause Full 2000M->1800M(2048M), 1234.567 ms]",
    );
    let kinds: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.after)).collect();
    assert_eq!(
        kinds,
        [(GcKind::ConcurrentPause, None), (GcKind::Concurrent, kib(900 << 10)), (GcKind::Full, kib(1800 << 10))]
    );
    assert_eq!(out.gc_logs[0].collector.as_deref(), Some("Shenandoah"));
}

#[test]
fn the_banner_gives_version_memory_and_flags() {
    let out = read(
        "OpenJDK 64-Bit Server VM (25.252-b09) for linux-amd64 JRE (1.8.0_252-b09), built on Apr 14 2020 by \"x\" with gcc 4.8\n\
         Memory: 4k page, physical 32648484k(13543556k free), swap 0k(0k free)\n\
         CommandLine flags: -XX:InitialHeapSize=536870912 -XX:MaxHeapSize=2147483648 -XX:+PrintGC -XX:+UseParallelGC ",
    );
    let log = &out.gc_logs[0];
    assert_eq!((log.jdk.as_deref(), log.memory), (Some("1.8.0_252-b09"), kib(32_648_484)));
    assert_eq!((log.max_heap, log.initial_heap), (Some(Bytes(2 << 30)), Some(Bytes(512 << 20))));
    assert_eq!((log.collector.as_deref(), log.flags.len()), (Some("Parallel"), 4));
    assert_eq!((log.first_line, log.last_line), (1, 3));
}

#[test]
fn g1_prints_the_heap_below_the_pause() {
    let out = read(
        "9.120: [GC pause (G1 Evacuation Pause) (young) (to-space exhausted), 0.0123456 secs]\n\
         \u{20}  [Parallel Time: 10.2 ms, GC Workers: 8]\n\
         \u{20}     [GC Worker Start (ms): Min: 9120.0, Avg: 9120.1, Max: 9120.2, Diff: 0.2]\n\
         \u{20}  [Eden: 24.0M(24.0M)->0.0B(13.0M) Survivors: 0.0B->3072.0K Heap: 24.5M(256.0M)->5120.0K(256.0M)]\n\
         \u{20}[Times: user=0.05 sys=0.01, real=0.01 secs] \n\
         9.140: [GC concurrent-mark-start]\n\
         9.150: [GC concurrent-mark-end, 0.0100000 secs]\n\
         9.151: [GC remark 9.151: [Finalize Marking, 0.0001 secs] 9.152: [GC ref-proc, 0.0002 secs] 9.153: [Unloading, 0.0003 secs], 0.0032 secs]\n\
         9.160: [GC cleanup 5686K->5600K(8192K), 0.0005250 secs]",
    );
    let kinds: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.name.as_str(), event.line)).collect();
    assert_eq!(
        kinds,
        [
            (GcKind::Young, "GC pause (young)", 1),
            (GcKind::Failure, "to-space exhausted", 1),
            (GcKind::Concurrent, "GC concurrent-mark-end", 7),
            (GcKind::ConcurrentPause, "GC remark", 8),
            (GcKind::ConcurrentPause, "GC cleanup", 9),
        ]
    );
    let pause = &out.gc_events[0];
    assert_eq!((pause.before, pause.after, pause.committed), (kib(25_088), kib(5120), kib(262_144)));
    assert_eq!(pause.figures.get("survivor_after").copied(), kib(3072));
    assert_eq!(out.gc_events[3].duration, Some(Micros(3200)));
    assert_eq!(out.gc_events[4].before, kib(5686));
    assert_eq!(out.gc_logs[0].last_line, 9);
}

#[test]
fn a_record_goes_on_over_ages_and_lines_of_the_application() {
    let out = read(
        "2.145: [GC (Allocation Failure) 2.145: [ParNew\n\
         Desired survivor size 17432576 bytes, new threshold 6 (max 6)\n\
         - age   1:    4194304 bytes,    4194304 total\n\
         2026-01-01 12:00:00 INFO a line of the application 99K->98K(100K)\n\
         : 272640K->34048K(306688K), 0.0844702 secs] 272640K->69574K(1014528K), 0.0845560 secs] [Times: user=0.2 sys=0.0, real=0.08 secs]",
    );
    let [event] = out.gc_events.as_slice() else { panic!("one event") };
    assert_eq!((event.line, event.before, event.after), (1, kib(272_640), kib(69_574)));
    assert_eq!(event.figures.get("young_after").copied(), kib(34_048));
}

#[test]
fn failures_of_cms_are_events_and_end_in_a_full_collection() {
    let out = read(
        "5.0: [GC (CMS Initial Mark) [1 CMS-initial-mark: 300000K(349760K)] 310000K(506816K), 0.0012 secs] [Times: user=0.0 sys=0.0, real=0.0 secs]\n\
         5.1: [CMS-concurrent-mark-start]\n\
         5.3: [Full GC (Allocation Failure) 5.3: [CMS5.4: [CMS-concurrent-mark: 0.100/0.200 secs] [Times: user=0.3 sys=0.0, real=0.2 secs] \n\
         \u{20}(concurrent mode failure): 349760K->349759K(349760K), 1.2000 secs] 506815K->400000K(506816K), [Metaspace: 3000K->3000K(1056768K)], 1.2300 secs] [Times: user=1.2 sys=0.0, real=1.23 secs]\n\
         7.0: [GC (Allocation Failure) 7.0: [ParNew (promotion failed): 150000K->149000K(157248K), 0.1000 secs]7.1: [CMS: 349759K->200000K(349760K), 0.5000 secs] 499759K->200000K(506816K), [Metaspace: 3000K->3000K(1056768K)], 0.6000 secs]",
    );
    let kinds: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.name.as_str())).collect();
    assert_eq!(
        kinds,
        [
            (GcKind::ConcurrentPause, "GC (CMS Initial Mark)"),
            (GcKind::Full, "Full GC"),
            (GcKind::Failure, "concurrent mode failure"),
            (GcKind::Full, "GC"),
            (GcKind::Failure, "promotion failed"),
        ]
    );
    assert_eq!((out.gc_events[0].after, out.gc_events[0].committed), (kib(310_000), kib(506_816)));
    assert_eq!(out.gc_events[1].figures.get("old_after").copied(), kib(349_759));
    assert_eq!((out.gc_events[1].before, out.gc_events[1].duration), (kib(506_815), Some(Micros(1_230_000))));
    assert_eq!(out.gc_logs[0].collector.as_deref(), Some("CMS"));
}

#[test]
fn a_failed_promotion_is_a_full_collection_though_the_line_of_the_old_generation_is_lost() {
    let out = read(
        "9.0: [GC (Allocation Failure) 9.0: [ParNew (promotion failed): 150000K->149000K(157248K), 0.1000 secs] 499759K->200000K(506816K), 0.6000 secs]",
    );
    let event = &out.gc_events[0];
    assert_eq!((event.kind, event.after), (GcKind::Full, kib(200_000)));
    assert_eq!(event.figures.get("young_after"), None);
    assert_eq!(out.gc_events[1].kind, GcKind::Failure);
    let out = read(
        "9.5: [GC 9.5: [ParNew (promotion failed): 2007040K->2007040K(2007040K), 4.3393411 secs] 5167424K->5187429K(12394496K) icms_dc=7 , 4.3398519 secs]",
    );
    let kinds: Vec<GcKind> = out.gc_events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [GcKind::Young, GcKind::Failure]);
}

#[test]
fn a_date_may_touch_the_uptime() {
    let out = read(
        "2019-12-18T16:06:46.508+0800:0.458: [GC pause (G1 Evacuation Pause) (young) 5M->1M(10M), 0.0017942 secs]",
    );
    assert_eq!(out.gc_events[0].uptime, Some(Micros(458_000)));
    assert_eq!(out.gc_events[0].time, Some(Micros(1_576_656_406_508_000)));
}

#[test]
fn a_warning_inside_a_record_and_the_source_of_a_page_change_nothing() {
    let out = read(
        "6901.217: [GC 6901.217: [ParNew: 261760K-&gt;261760K(261952K), 0.0000570 secs]6901.217: [CMSJava HotSpot(TM) Server VM warning: bailing out to foreground collection\n\
         6905.1: [CMS-concurrent-mark: 3.9/4.0 secs] [Times: user=4.0 sys=0.1, real=4.00 secs]\n\
         \u{20}(concurrent mode failure): 1796901K-&gt;1078231K(1835008K), 96.6130290 secs] 2058661K-&gt;1078231K(2096960K), 96.6140400 secs]",
    );
    let full = &out.gc_events[0];
    assert_eq!((full.kind, full.before, full.after), (GcKind::Full, kib(2_058_661), kib(1_078_231)));
    assert_eq!(full.figures.get("old_after").copied(), kib(1_078_231));
    assert_eq!(out.gc_events[1].name, "concurrent mode failure");
}

#[test]
fn logs_without_details_say_the_same_with_fewer_words() {
    let out = read(
        "1.0: [GC (CMS Initial Mark)  200000K(506816K), 0.0012351 secs]\n\
         2.0: [GC (CMS Final Remark)  443617K->444720K(619684K), 0.0163264 secs]\n\
         3.0: [GC pause (G1 Evacuation Pause) (young)-- 250M->250M(256M), 0.5056000 secs]",
    );
    let read: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.name.as_str())).collect();
    assert_eq!(
        read,
        [
            (GcKind::ConcurrentPause, "GC (CMS Initial Mark)"),
            (GcKind::Young, "GC (CMS Final Remark)"),
            (GcKind::Young, "GC pause (young)"),
            (GcKind::Failure, "to-space exhausted"),
        ]
    );
}

#[test]
fn a_collection_inside_a_remark_is_an_event_of_its_own() {
    let out = read(
        "4237.297: [GC[YG occupancy: 905227 K (4194240 K)]4237.297: [GC 4237.297: [ParNew: 905227K->0K(4194240K), 0.0563254 secs] 5160073K->4271964K(12582848K), 0.0565896 secs] [Times: user=0.59 sys=0.01, real=0.06 secs]\n\
         4237.354: [Rescan (parallel) , 0.0002254 secs]4237.354: [weak refs processing, 0.0001194 secs] [1 CMS-remark: 4271964K(8388608K)] 4271964K(12582848K), 0.1005000 secs] [Times: user=0.8 sys=0.0, real=0.10 secs]",
    );
    let [young, remark] = out.gc_events.as_slice() else { panic!("two events") };
    assert_eq!((young.kind, young.before, young.after), (GcKind::Young, kib(5_160_073), kib(4_271_964)));
    assert_eq!(
        (remark.kind, remark.after, remark.duration),
        (GcKind::ConcurrentPause, kib(4_271_964), Some(Micros(100_500)))
    );
}

#[test]
fn details_of_g1_may_have_lost_the_blanks_before_them() {
    let out = read(
        "0.268: [GC pause (G1 Evacuation Pause) (young), 0.0047637 secs]\n[Parallel Time: 4.1 ms, GC Workers: 1]\n\
         [Eden: 6144.0K(6144.0K)->0.0B(4096.0K) Survivors: 0.0B->2048.0K Heap: 6144.0K(128.0M)->1085.5K(128.0M)]",
    );
    assert_eq!((out.gc_events[0].before, out.gc_events[0].committed), (kib(6144), kib(131_072)));
}

#[test]
fn older_jdks_put_no_blank_and_no_cause() {
    let out = read(
        "0.844: [Full GC0.855: [SoftReference, 0 refs, 0.0000230 secs]0.855: [JNI Weak Reference, 0.0000090 secs] 17M->3756K(13M), 0.0236280 secs]\n\
         46.371: [GC pause (young)46.373: [SoftReference, 0 refs, 0.0000380 secs], 0.0024170 secs]\n\
         62.105: [GC[YG occupancy: 1655877 K (2534400 K)]62.106: [Rescan (parallel) , 0.4786020 secs] [1 CMS-remark: 5212294K(8448000K)] 6868172K(10982400K), 0.5986920 secs]\n\
         70.0: [Full GC (System) [PSYoungGen: 1K->0K(9K)] [PSOldGen: 5K->4K(8K)] 6K->4K(17K) [PSPermGen: 3K->3K(21K)], 0.0100 secs]\n\
         71.0: [GC-- [PSYoungGen: 9K->9K(9K)] 17K->17K(17K), 0.0100 secs]",
    );
    let read: Vec<_> = out.gc_events.iter().map(|event| (event.name.as_str(), event.duration.map(|d| d.0))).collect();
    assert_eq!(
        read,
        [
            ("Full GC", Some(23_628)),
            ("GC pause (young)", Some(2417)),
            ("GC CMS-remark", Some(598_692)),
            ("Full GC", Some(10_000)),
            ("GC", Some(10_000)),
            ("promotion failed", None),
        ]
    );
    assert_eq!(out.gc_events[3].cause.as_deref(), Some("System"));
    assert_eq!(out.gc_events[3].figures.get("perm_committed").copied(), kib(21));
}

#[test]
fn an_uptime_that_falls_back_is_a_new_run() {
    let out = read(
        "90.0: [GC (Allocation Failure)  6M->2M(64M), 0.0010000 secs]\n\
         0.5: [GC (Allocation Failure)  5M->1M(64M), 0.0010000 secs]",
    );
    assert_eq!(out.gc_logs.len(), 2);
    assert_eq!(out.gc_events[1].log, 1);
}

#[test]
fn heaps_around_records_are_taken_and_stopped_times_make_no_event() {
    let mut reader = Legacy::default();
    let mut out = Readings::default();
    let line = Line::of("1.0: [GC (Allocation Failure)  6M->2M(64M), 0.0010000 secs]");
    assert!(reader.open(&line, &mut out));
    for body in [
        "{Heap before GC invocations=1 (full 0):",
        " PSYoungGen      total 611840K, used 524800K [0x0, 0x1, 0x2)",
        "  eden space 524800K, 100% used [0x0,0x1,0x2)",
        " Metaspace       used 3136K, capacity 4500K, committed 4864K, reserved 1056768K",
        "}",
        "1.1: Total time for which application threads were stopped: 0.0012 seconds, Stopping threads took: 0.0001 seconds",
    ] {
        assert!(reader.resume(&Line::of(body), &mut out), "{body}");
    }
    assert!(!reader.resume(&Line::of(" eden space 1K"), &mut out));
    assert_eq!(out.gc_events.len(), 1);
}

#[test]
fn lines_of_others_are_left_to_them() {
    for body in [
        "[GC] collected 12 documents",
        "[GC pauses] are short",
        "2026-01-01 12:00:00,123 [GC-thread-1] INFO started",
        "INFO [Full GCs] none",
        "OpenJDK Runtime Environment (build 1.8.0_252-b09)",
        "the [GC 12 things] list",
    ] {
        assert_eq!(claim(body), Claim::None, "{body}");
    }
}

#[test]
fn a_record_cut_anywhere_loses_values_and_changes_none() {
    let whole = "8.1: [Full GC (System.gc()) [PSYoungGen: 87031K->0K(611840K)] [ParOldGen: 1310720K->1300000K(1398272K)] 1397751K->1300000K(2010112K), [Metaspace: 3136K->3136K(1056768K)], 1.2807 secs] [Times: user=1.9 sys=0.0, real=1.28 secs]";
    let full = read(whole).gc_events.remove(0);
    assert_eq!(full.cause.as_deref(), Some("System.gc()"));
    for at in 0..whole.len() {
        for event in read(whole.get(..at).unwrap_or_default()).gc_events {
            assert!(event.cpu.is_none_or(|cpu| Some(cpu) == full.cpu), "cut at {at}");
            assert_eq!(GcEvent { cpu: full.cpu, ..event }, full, "cut at {at}");
        }
        for event in read(whole.get(at..).unwrap_or_default()).gc_events {
            let uptime = event.uptime;
            assert_eq!(GcEvent { uptime: full.uptime, cpu: full.cpu, ..event }, full, "cut before {at}");
            assert!(uptime.is_none_or(|uptime| Some(uptime) <= full.uptime), "cut before {at}");
        }
    }
}

#[test]
fn native_images_name_their_collections_otherwise() {
    let out = read(
        "[Incremental GC (CollectOnAllocation) 261888K->13312K, 0.0080420 secs]\n[Full GC (CollectOnAllocation) 26112K->3072K, 0.0082440 secs]",
    );
    let [young, full] = out.gc_events.as_slice() else { panic!("two events") };
    assert_eq!((young.kind, young.before, young.after), (GcKind::Young, kib(261_888), kib(13_312)));
    assert_eq!(young.cause.as_deref(), Some("CollectOnAllocation"));
    assert_eq!(full.kind, GcKind::Full);
}

#[test]
fn times_of_processors_are_those_of_the_record() {
    let cpu = |text: &str| read(text).gc_events.first().and_then(|event| event.cpu).map(|time| time.0);
    let record = "8.1: [Full GC (Ergonomics) [PSYoungGen: 87031K->0K(611840K)] [ParOldGen: 1310720K->1300000K(1398272K)] 1397751K->1300000K(2010112K), [Metaspace: 3136K->3136K(1056768K)], 1.2807 secs] [Times: user=1.9 sys=0.25, real=1.28 secs]";
    assert_eq!(cpu(record), Some(2_150_000));
    let cut = record.split_once(", real").expect("the end").0;
    assert_eq!(cpu(cut), None, "digits may be missing");
    let details = "1.234: [GC pause (young), 0.00594747 secs]\n   [Parallel Time:   5.1 ms]\n   [ 8M->1M(16M)]\n [Times: user=0.01 sys=0.00, real=0.01 secs]";
    assert_eq!(cpu(details), Some(10_000));
}

#[test]
fn a_line_that_ends_inside_of_the_word_behind_a_duration_goes_on() {
    let text = "35333.562: [GC 35333.562: [ParNew (promotion failed): 1877376K->1877376K(1877376K), 15.7989680 sec\n\
                s] 35349.361: [CMS: 2144171K->2129287K(2146304K), 10.4200280 secs] 3514052K->2129287K(4023680K), [CMS Perm : 119979K->118652K(190132K)], 26.2193500 secs] [Times: user=30.35 sys=5.19, real=26.22 secs]\n";
    let out = crate::formats::read_alone(&super::super::FORMAT, text);
    assert_eq!(out.gc_events.first().and_then(|event| event.duration), Some(Micros(26_219_350)));
}
