use super::*;
use crate::formats::apart;
use crate::model::joining;
use crate::model::kind::ErrorKind;
use crate::units::{Bytes, Micros};

fn run(text: &str) -> Readings {
    crate::formats::read_alone(&FORMAT, text)
}

#[test]
fn sections_cut_out_of_a_file_are_read_alone() {
    let out = run("container (cgroup) information:\ncontainer_type: cgroupv2\ncpu_quota: 200000\n\
         memory_limit_in_bytes: 1048576 k\nmemory_usage_in_bytes: 1040384 k\nmaximum number of tasks: 4096\n\n\
         Memory: 4k page, physical 24682416k(23337400k free), swap 0k(0k free)\n\n\
         Process Memory:\nVirtual Size: 2642992K (peak: 2645904K)\n\
         Resident Set Size: 91504K (peak: 91504K) (anon: 68260K, file: 23244K, shmem: 0K)\nsome other words: 5K\n\n\
         GC Precious Log:\n CPUs: 2 total, 2 available\n Memory: 24103M\n Heap Max Capacity: 48M\n");
    let [reading] = out.host.as_slice() else { panic!("one reading") };
    let size = |name: &str| reading.sizes.get(name).map(|size| size.0 >> 10);
    assert_eq!((size("limit"), size("usage"), size("physical")), (Some(1_048_576), Some(1_040_384), Some(24_682_416)));
    assert_eq!((size("rss"), size("rss_anon"), size("heap_max")), (Some(91_504), Some(68_260), Some(48 << 10)));
    assert_eq!((reading.kind.name(), reading.counts.get("tasks_max")), ("hs-err", Some(&4096)));
    let out = run("GC Precious Log:\n Memory: 24103M\n");
    assert_eq!(out.host.first().and_then(|reading| reading.sizes.get("physical")), Some(&Bytes(24_103 << 20)));
    assert_eq!(run("Process Memory:\nis what we look at\n").host, []);
}

const FILE: &str = "\
#
# There is insufficient memory for the Java Runtime Environment to continue.
# Native memory allocation (mmap) failed to map 188416 bytes. Error detail: committing reserved memory.
#
#  Out of Memory Error (os_linux.cpp:2832), pid=2042, tid=2045
#
# JRE version: OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6-Debian-1deb12u1)
# Java VM: OpenJDK 64-Bit Server VM (17.0.15+6, mixed mode, sharing, serial gc, linux-amd64)
#

---------------  S U M M A R Y ------------

Command Line: -XX:+UseSerialGC -Xmx400m Kinds -not-mine
Time: Sun Nov 22 13:30:03 2026 UTC elapsed time: 0.212484 seconds (0d 0h 0m 0s)

---------------  P R O C E S S  ---------------

_java_thread_list=0x00007fd4e00a3400, length=11, elements={
Heap address: 0x00000000e7000000, size: 400 MB, Compressed Oops mode: 32-bit

Heap:
 def new generation   total 47424K, used 5200K [0x00000000e7000000, 0x00000000ea370000, 0x00000000ef550000)
 tenured generation   total 142096K, used 142090K [0x00000000ef550000, 0x00000000fdc95000, 0x0000000100000000)
 Metaspace       used 136K, committed 320K, reserved 1114112K

GC Heap History (2 events):
Event: 0.164 GC heap before
{Heap before GC invocations=3 (full 0):
 def new generation   total 4928K, used 449K [0x00000000e7000000, 0x00000000e7550000, 0x00000000ef550000)
}

---------------  S Y S T E M  ---------------

/proc/meminfo:
MemTotal:       24682416 kB
SwapTotal:             0 kB

container (cgroup) information:
container_type: cgroupv2
memory_limit_in_bytes: 524288 k
memory_usage_in_bytes: 530888 k
memory_soft_limit_in_bytes: unlimited

Process Memory:
Virtual Size: 2808552K (peak: 2939624K)
Resident Set Size: 230772K (peak: 230773K) (anon: 210436K, file: 20336K, shmem: 0K)
C-Heap outstanding allocations: 2833K, retained: 1374K

Memory: 4k page, physical 24682416k(12740488k free), swap 7k(3k free)

END.
after the end
";

#[test]
fn the_block_is_an_error_and_the_file_a_reading() {
    let out = run(FILE);
    let error = out.java_errors.first().expect("an error");
    assert_eq!((error.kind.name(), error.pid), ("insufficient-memory", Some(2042)));
    assert_eq!(error.sizes.get("requested"), Some(&Bytes(188_416)));
    assert_eq!(error.uptime, Some(Micros(212_484)));
    assert_eq!(error.time, Some(Micros(1_795_354_203_000_000)));
    let reading = out.host.first().expect("a reading");
    let kib = |name: &str| reading.sizes.get(name).map(|bytes| bytes.0 / 1024);
    assert_eq!(reading.pid, Some(2042));
    assert_eq!((kib("rss"), kib("rss_peak"), kib("rss_anon")), (Some(230_772), Some(230_773), Some(210_436)));
    assert_eq!((kib("virtual"), kib("c_heap"), kib("c_heap_retained")), (Some(2_808_552), Some(2833), Some(1374)));
    assert_eq!((kib("heap_max"), kib("heap_used")), (Some(409_600), Some(147_290)));
    assert_eq!((kib("metaspace_used"), kib("metaspace_committed")), (Some(136), Some(320)));
    assert_eq!((kib("mem_total"), kib("physical"), kib("swap_total")), (Some(24_682_416), Some(24_682_416), Some(0)));
    assert_eq!((kib("limit"), kib("usage"), kib("limit_soft")), (Some(524_288), Some(530_888), None));
    assert_eq!(reading.counts.get("java_threads"), Some(&11));
    assert_eq!(reading.flags, ["-XX:+UseSerialGC", "-Xmx400m"]);
    let word = |name: &str| reading.words.get(name).map(String::as_str);
    assert_eq!((word("jdk"), word("collector"), word("cgroup")), (Some("17.0.15+6"), Some("Serial"), Some("cgroupv2")));
    assert_eq!((reading.first_line, reading.last_line), (2, 51));
}

#[test]
fn a_block_alone_is_an_error_without_a_reading() {
    let out = run(
        "# A fatal error has been detected by the Java Runtime Environment:\n#\n#  Internal Error (debug.cpp:362), pid=2086, tid=2087\n\
         #  fatal error: OutOfMemory encountered: Java heap space\n#\nsomething else\n# a comment of somebody else, much later\n",
    );
    let error = out.java_errors.first().expect("an error");
    assert_eq!((error.kind.name(), error.pid, error.last_line), ("heap-space", Some(2086), 5));
    assert_eq!(error.message, "fatal error: OutOfMemory encountered: Java heap space");
    assert_eq!(out.host, []);
}

#[test]
fn heaps_of_all_collectors_are_read() {
    let heap = |line: &str| {
        let out = run(&format!("---------------  P R O C E S S  ---------------\nHeap:\n{line}\nEND.\n"));
        let sizes = out.host.first().map(|reading| reading.sizes.clone()).unwrap_or_default();
        ["heap_used", "heap_committed", "heap_max"].map(|name| sizes.get(name).map(|bytes| bytes.0 >> 20))
    };
    assert_eq!(heap(" garbage-first heap   total 49152K, used 46080K [0x0, 0x1)"), [Some(45), Some(48), None]);
    assert_eq!(
        heap(" garbage-first heap   total reserved 51200K, committed 49152K, used 46080K [0x0, 0x1)"),
        [Some(45), Some(48), None]
    );
    assert_eq!(heap(" ZHeap           used 46M, capacity 47M, max capacity 48M"), [Some(46), Some(47), Some(48)]);
    assert_eq!(heap("  49152K max, 49152K soft max, 48128K committed, 47104K used"), [Some(46), Some(47), Some(48)]);
}

#[test]
fn a_file_without_its_end_does_not_swallow_what_follows() {
    let cut: String = FILE.split_inclusive('\n').take(20).collect();
    let prose = "Some words that somebody wrote about it.\n".repeat(100);
    let out = run(&format!("{cut}{prose}"));
    assert!(out.host.first().is_some_and(|reading| reading.last_line < 20 + 2 + apart::IN_A_LOG));
    let out = run(&format!("{cut}$ free -m\nMem: 1 2 3\n"));
    assert_eq!(out.host.first().map(|reading| reading.last_line), Some(19));
}

#[test]
fn the_commit_that_was_refused_above_the_block_is_the_same_error() {
    let mut out = Readings::default();
    out.java_errors.push(JavaError {
        kind: ErrorKind::InsufficientMemory,
        sizes: [("requested".to_owned(), Bytes(188_416))].into(),
        first_line: 1,
        last_line: 1,
        ..JavaError::default()
    });
    let error = JavaError {
        kind: ErrorKind::InsufficientMemory,
        sizes: [("requested".to_owned(), Bytes(188_416))].into(),
        pid: Some(7),
        first_line: 3,
        last_line: 9,
        ..JavaError::default()
    };
    let second = JavaError { pid: Some(8), first_line: 90, ..error.clone() };
    note_error(error, None, &mut out);
    joining::join(0, &mut out);
    assert_eq!(out.java_errors.iter().map(|e| (e.pid, e.last_line)).collect::<Vec<_>>(), [(Some(7), 9)]);
    let above = JavaError { first_line: 85, last_line: 86, ..out.java_errors.first().cloned().expect("an error") };
    let mut block = JavaError { first_line: 80, last_line: 84, ..second.clone() };
    block.join(JavaError { errno: Some(1), ..above });
    assert_eq!((block.errno, block.first_line), (Some(1), 80), "what the warning below says of the reason stays");
    note_error(second, None, &mut out);
    joining::join(0, &mut out);
    assert_eq!(out.java_errors.len(), 2);
}

#[test]
fn what_windows_calls_swap_is_its_commit_limit() {
    let file = |system: &str| {
        let text = format!(
            "---------------  S Y S T E M  ---------------\n\n{system}\n\nMemory: 4k page, physical 16619872k(1523456k free), swap 25532768k(102400k free)\n\nEND.\n"
        );
        run(&text).host.into_iter().next().expect("a file").sizes
    };
    let kib = |count: u64| Some(Bytes(count << 10));
    let windows = file("OS: Windows 10.0 , 64 bit Build 19041 (10.0.19041.546)");
    assert_eq!((windows.get("commit_limit").copied(), windows.get("swap_total")), (kib(25_532_768), None));
    let linux = file("OS:Red Hat Enterprise Linux Server release 7.9 (Maipo)");
    assert_eq!((linux.get("swap_total").copied(), linux.get("swap_free").copied()), (kib(25_532_768), kib(102_400)));
}
