//! Which readings belong to one process.

use oomscope::model::run::Run;
use oomscope::units::Bytes;

fn runs_of(text: &str) -> Vec<Run> {
    let mut analyzer = oomscope::Analyzer::new(oomscope::i18n::Language::En);
    analyzer.feed(text.as_bytes());
    analyzer.finish().report.runs
}

const HEADER: &str = "NGCMN    NGCMX     NGC     S0C   S1C       EC      OGCMN      OGCMX       OGC         OC       MCMN     MCMX      MC     CCSMN    CCSMX     CCSC    YGC    FGC   CGC";

#[test]
fn both_maxima_of_g1_are_the_whole_heap() {
    let row = "0.0 262144.0 157696.0 0.0 1024.0 156672.0 0.0 262144.0 104448.0 104448.0 0.0 1124352.0 86128.0 0.0 1048576.0 10536.0 958 140 519";
    let runs = runs_of(&format!("$ jstat -gccapacity 17692\n{HEADER}\n{row}\n"));
    assert_eq!(runs.first().and_then(|run| run.max_heap), Some(Bytes(262_144 * 1024)));
    assert_eq!(runs.first().and_then(|run| run.pid), Some(17692));
}

#[test]
fn the_maxima_of_serial_are_added() {
    let row = "10240.0 87360.0 10240.0 1024.0 1024.0 8192.0 20480.0 174784.0 20480.0 20480.0 0.0 1124352.0 86128.0 0.0 1048576.0 10536.0 958 140 -";
    let runs = runs_of(&format!("$ jstat -gccapacity 7\n{HEADER}\n{row}\n"));
    assert_eq!(runs.first().and_then(|run| run.max_heap), Some(Bytes((87_360 + 174_784) * 1024)));
}

#[test]
fn tables_of_different_pids_stay_apart() {
    let row = "0.0 262144.0 157696.0 0.0 1024.0 156672.0 0.0 262144.0 104448.0 104448.0 0.0 1124352.0 86128.0 0.0 1048576.0 10536.0 958 140 519";
    let text = format!(
        "jstat -gccapacity 1\n{HEADER}\n{row}\njstat -gccapacity 2\n{HEADER}\n{row}\njstat -gccapacity 1\n{HEADER}\n{row}\n"
    );
    let pids: Vec<Option<u32>> = runs_of(&text).iter().map(|run| run.pid).collect();
    assert_eq!(pids, [Some(1), Some(2)]);
}

/// The report of several files, in the order in which they were handed in.
fn report_of(files: &[(&str, &str)]) -> oomscope::report::Report {
    let mut analyzer = oomscope::Analyzer::new(oomscope::i18n::Language::En);
    for (name, text) in files {
        analyzer.open(name);
        analyzer.feed(text.as_bytes());
    }
    analyzer.finish().report
}

fn young(uptime: &str, gc: u32, after: u32) -> String {
    format!(
        "[{uptime}s][info][gc] GC({gc}) Pause Young (Normal) (G1 Evacuation Pause) 66M->{after}M(128M) {gc}.125ms\n"
    )
}

#[test]
fn rotated_files_of_a_unified_log_are_one_run_in_the_order_of_time() {
    let first = format!("[0.010s][info][gc] Using G1\n{}{}", young("1.500", 0, 10), young("2.500", 1, 11));
    let second = format!("{}{}", young("3.500", 2, 12), young("4.500", 3, 13));
    let report = report_of(&[("gc.log", &second), ("gc.log.0", &first)]);
    assert_eq!(report.runs.len(), 1);
    assert_eq!(report.runs[0].joined[0].reason, "join.goes-on");
    let numbers: Vec<Option<u64>> = report.gc_events.iter().map(|event| event.gc).collect();
    assert_eq!(numbers, [Some(0), Some(1), Some(2), Some(3)]);
    assert!(report.gc_logs.iter().all(|log| log.run == "run-1"));
}

#[test]
fn what_two_files_of_a_log_share_counts_once() {
    let whole = format!("[0.010s][info][gc] Using G1\n{}{}", young("1.500", 0, 10), young("2.500", 1, 11));
    let longer = format!("{whole}{}", young("3.500", 2, 12));
    let report = report_of(&[("gc.log", &whole), ("gc-again.log", &longer)]);
    assert_eq!((report.runs.len(), report.gc_events.len()), (1, 3));
    assert_eq!(report.runs[0].joined[0].reason, "join.same-events");
}

#[test]
fn logs_of_replicas_stay_apart() {
    let first = format!("[0.010s][info][gc] Using G1\n{}{}", young("1.500", 0, 10), young("2.500", 1, 11));
    let other = format!("[0.010s][info][gc] Using G1\n{}{}", young("1.501", 0, 10), young("2.600", 1, 9));
    assert_eq!(report_of(&[("a/gc.log", &first), ("b/gc.log", &other)]).runs.len(), 2);
    let later = format!("{}{}", young("9.000", 7, 12), young("9.500", 8, 13));
    assert_eq!(report_of(&[("a.log", &first), ("b.log", &later)]).runs.len(), 2);
}

#[test]
fn rotated_files_of_an_old_log_are_told_by_name_or_by_the_start() {
    let line = |date: &str, uptime: &str| {
        format!(
            "{date}{uptime}: [GC (Allocation Failure) [PSYoungGen: 524800K->87031K(611840K)] 524800K->499220K(2010112K), 0.3782684 secs]\n"
        )
    };
    let (first, second) = (line("", "2.145"), line("", "9.145"));
    let report = report_of(&[("gc.log.0", &first), ("gc.log.1.current", &second)]);
    assert_eq!(report.runs.len(), 1);
    assert_eq!(report.runs[0].joined[0].reason, "join.rotated");
    assert_eq!(report_of(&[("orders.log", &first), ("payments.log", &second)]).runs.len(), 2);
    let first = line("2017-07-27T11:46:46.456-0800: ", "2.145");
    let second = line("2017-07-27T11:46:53.456-0800: ", "9.145");
    let report = report_of(&[("x", &second), ("y", &first)]);
    assert_eq!(report.runs[0].joined[0].reason, "join.same-start");
    assert_eq!(report.gc_events[0].uptime.map(|uptime| uptime.0), Some(2_145_000));
    let other = line("2017-07-27T12:46:53.456-0800: ", "9.145");
    assert_eq!(report_of(&[("gc.log.0", &first), ("gc.log.1", &other)]).runs.len(), 2);
}

#[test]
fn rows_of_jstat_that_come_twice_count_once() {
    let header = "Timestamp         S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     CGC    CGCT       GCT\n";
    let row = |time: &str, gcs: u32| {
        format!(
            "{time}   0.00  99.00  11.00  52.00  97.00  93.00     {gcs}    0.100     2    0.200     -     -      0.300\n"
        )
    };
    let first = format!("$ jstat -gcutil -t 7 1s\n{header}{}{}{}", row("10.1", 5), row("11.1", 5), row("12.1", 6));
    let second = format!("$ jstat -gcutil -t 7 1s\n{header}{}{}{}", row("11.1", 5), row("12.1", 6), row("13.1", 6));
    let report = report_of(&[("jstat.log", &first), ("jstat.log.1", &second)]);
    let rows: Vec<usize> = report.jstat.iter().map(|table| table.rows).collect();
    assert_eq!((report.runs.len(), rows), (1, vec![3, 1]));
}

#[test]
fn a_report_in_gigabytes_is_too_coarse_for_the_maximum_of_the_heap() {
    let nmt = |unit: &str| {
        format!(
            "Native Memory Tracking:\n\nTotal: reserved=3{unit}, committed=2{unit}\n-                 Java Heap (reserved=1{unit}, committed=1{unit})\n                            (mmap: reserved=1{unit}, committed=1{unit})\n"
        )
    };
    let max_heap = |unit| runs_of(&nmt(unit)).first().and_then(|run| run.max_heap);
    assert_eq!((max_heap("GB"), max_heap("MB")), (None, Some(Bytes(1 << 20))));
}

/// Two programs started one after the other, whose collections have no clock: the prompt tells them apart, and each has the maximum
/// heap of its own command. What a shell only shows of a log goes on.
#[test]
fn a_jvm_that_a_prompt_starts_has_a_log_of_its_own() {
    let gc = |heap: &str| format!("[GC (Allocation Failure)  16384K->2048K({heap}K), 0.0021 secs]\n");
    let java = |heap: &str| format!("$ java -XX:+PrintGC -Xmx{heap} Test\n");
    let text = [java("64m"), gc("62976"), gc("62976"), java("512m"), gc("502784"), gc("502784")].concat();
    let report = report_of(&[("paste", &text)]);
    assert_eq!(report.gc_logs.len(), 2);
    let heaps: Vec<_> = report.runs.iter().map(|run| run.max_heap.map(|heap| heap.0 >> 20)).collect();
    assert_eq!(heaps, [Some(64), Some(512)]);
    let shown = ["$ tail gc.log\n".to_owned(), gc("62976"), "$ tail gc.log\n".to_owned(), gc("62976")].concat();
    assert_eq!(report_of(&[("paste", &shown)]).gc_logs.len(), 1);
}
