//! One test per transport: what is left, and what was learnt on the way.

use super::*;
use crate::units::Micros;

const LOCAL: Wall = Wall { micros: Micros(0), zone_known: false, year_known: true };

/// 2025-08-05 03:54:03, as if UTC.
const MOMENT: i64 = 1_754_366_043_000_000;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Got {
    body: String,
    uptime: Option<i64>,
    wall: Option<Wall>,
    host: Option<String>,
    pid: Option<u32>,
}

fn unwrap_all(text: &str) -> Vec<Got> {
    let mut transport = Transport::default();
    let mut got = Vec::new();
    let mut each = |line: &Line<'_>| {
        got.push(Got {
            body: line.body.to_owned(),
            uptime: line.stamp.uptime.map(|micros| micros.0),
            wall: line.stamp.wall,
            host: line.stamp.host.map(str::to_owned),
            pid: line.pid().map(|(pid, _)| pid),
        });
    };
    for (number, raw) in (1..).zip(text.split('\n')) {
        transport.unwrap(Physical { source: 0, number, raw }, raw, Stamp::default(), &mut each);
    }
    transport.finish(0, &mut each);
    got
}

fn one(text: &str) -> Got {
    let got = unwrap_all(text);
    assert_eq!(got.len(), 1, "{text}: {got:?}");
    got.into_iter().next().expect("one line")
}

fn bodies(text: &str) -> Vec<String> {
    unwrap_all(text).into_iter().map(|got| got.body).collect()
}

fn utc(micros: i64) -> Option<Wall> {
    Some(Wall { micros: Micros(micros), zone_known: true, year_known: true })
}

fn local(micros: i64) -> Option<Wall> {
    Some(Wall { micros: Micros(micros), ..LOCAL })
}

fn no_year(micros: i64) -> Option<Wall> {
    Some(Wall { micros: Micros(micros), zone_known: false, year_known: false })
}

/// Aug 5 03:54:03 of 1970.
const IN_1970: i64 = 18_676_443_000_000;

#[test]
fn dmesg_gives_the_time_since_boot() {
    for text in [
        "[81250.400101] Mem-Info:",
        "[81250.400101 <    0.000012>] Mem-Info:",
        "kern  :warn  : [81250.400101] Mem-Info:",
        "<4>[81250.400101] Mem-Info:",
        "4,4100200,81250400101,-;Mem-Info:",
        "[81250.400101][ T7301] Mem-Info:",
        "[81250.400101][    C0] Mem-Info:",
        "> [81250.400101] Mem-Info:",
        "> > [81250.400101] Mem-Info:",
        "+[81250.400101] Mem-Info:",
        "    [81250.400101] Mem-Info:",
    ] {
        let got = one(text);
        assert_eq!((got.body.as_str(), got.uptime), ("Mem-Info:", Some(81_250_400_101)), "{text}");
    }
    assert_eq!(one("[    5.010203]  active_file:412").body, " active_file:412");
}

#[test]
fn wall_clocks_are_utc_only_with_a_zone() {
    for (text, wall) in [
        ("[Tue Aug  5 03:54:03 2025] x", local(MOMENT)),
        ("[Di Aug  5 03:54:03 2025] x", local(MOMENT)),
        ("[화  8월  5 03:54:03 2025] x", local(MOMENT)),
        ("[xx Yyy  5 03:54:03 2025] x", None),
        ("2025-08-05T05:54:03,000000+02:00 x", utc(MOMENT)),
        ("2025-08-05T03:54:03.000000000Z x", utc(MOMENT)),
        ("2025-08-05T03:54:03.000000000Z stdout F x", utc(MOMENT)),
        ("2025-08-05 03:54:03 +0000 x", utc(MOMENT)),
        ("192.0.2.91: kern:    info: [2025-08-05T03:54:03.000000000Z]: x", utc(MOMENT)),
        ("[Aug 5 03:54] x", no_year(IN_1970 - 3_000_000)),
        ("[Aug5 03:54] x", no_year(IN_1970 - 3_000_000)),
        (
            "{\"insertId\":\"a1\",\"jsonPayload\":{\"message\":\"x\"},\"timestamp\":\"2025-08-05T03:54:03Z\"}",
            utc(MOMENT),
        ),
        ("{\"_source\":{\"@timestamp\":\"2025-08-05T03:54:03.000Z\",\"message\":\"x\"}}", utc(MOMENT)),
        ("{\"version\":\"1.1\",\"host\":\"web01\",\"short_message\":\"x\"}", None),
        ("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2025-08-05T03:54:03.000000000Z\"}", utc(MOMENT)),
    ] {
        let got = one(text);
        assert_eq!((got.body.as_str(), got.wall), ("x", wall), "{text}");
    }
}

#[test]
fn syslog_and_journal_headers_name_the_host() {
    for (text, wall) in [
        ("Aug  5 03:54:03 web01 kernel: x", no_year(IN_1970)),
        ("Aug 05 03:54:03 web01 kernel: x", no_year(IN_1970)),
        ("<4>Aug  5 03:54:03 web01 kernel: x", no_year(IN_1970)),
        ("août 05 03:54:03 web01 kernel: x", no_year(IN_1970)),
        (" 8월 05 03:54:03 web01 kernel: x", no_year(IN_1970)),
        ("8月 05 03:54:03 web01 kernel: x", no_year(IN_1970)),
        ("xyz 05 03:54:03 web01 kernel: x", None),
        ("Aug 05 03:54:03.000001 web01 kernel: x", no_year(IN_1970 + 1)),
        ("2025-08-05T05:54:03+0200 web01 kernel: x", utc(MOMENT)),
        ("2025-08-05T05:54:03.000000+02:00 web01 systemd[1]: x", utc(MOMENT)),
        ("Tue 2025-08-05 03:54:03 UTC web01 kernel: x", utc(MOMENT)),
        ("Tue 2025-08-05 05:54:03 CEST web01 kernel: x", utc(MOMENT)),
        ("Tue 2025-08-05 11:54:03 CST web01 kernel: x", local(MOMENT + 28_800_000_000)),
        ("1754366043.000000 web01 kernel: x", utc(MOMENT)),
        ("<4>1 2025-08-05T03:54:03.000000Z web01 kernel - - - x", utc(MOMENT)),
        ("web01 kernel: x", None),
    ] {
        let got = one(text);
        assert_eq!((got.body.as_str(), got.wall, got.host.as_deref()), ("x", wall, Some("web01")), "{text}");
    }
}

#[test]
fn a_line_may_carry_two_clocks() {
    let got = one("Aug  5 03:54:03 web01 kernel: [81250.400101] x");
    assert_eq!((got.body.as_str(), got.wall, got.uptime), ("x", no_year(IN_1970), Some(81_250_400_101)));
    let got = one("Aug  5 03:54:03 web01 kernel:[81250.400101] x");
    assert_eq!((got.body.as_str(), got.uptime), ("x", Some(81_250_400_101)));
    let got = one("[81250.400101] web01 kernel: x");
    assert_eq!((got.body.as_str(), got.uptime, got.host.as_deref()), ("x", Some(81_250_400_101), Some("web01")));
}

#[test]
fn what_only_looks_like_a_prefix_stays() {
    for text in [
        "[  48213]  1000 48213  2334720  1020928        5120         0           984 java",
        "[  pid  ]   uid  tgid total_vm      rss",
        "[0.123s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 3.1ms",
        "[2025-08-05T03:54:03.123+0000][info][gc] Using G1",
        "2025-08-05T03:54:03.123+0000: 1.234: [GC (Allocation Failure)  512K->488K(1024K), 0.0012 secs]",
        "  512.0  512.0  0.0   512.0   8192.0   1024.0",
        "-                 Java Heap (reserved=524288KB, committed=262144KB)",
        "                            (mmap: reserved=524288KB, committed=262144KB)",
        "Metaspace       used 4532K, committed 4864K, reserved 1056768K",
        "JAVA_OPTS=-Xmx512m",
        "| S0C | S1C |",
        "S0C | S1C",
        "At 12:30:00 we saw it die",
        " func+0x1a/0x30",
    ] {
        assert_eq!(one(text).body, text);
    }
}

#[test]
fn a_wall_clock_keeps_the_blanks_behind_it() {
    assert_eq!(one("2025-08-05 03:54:03   512.0  512.0").body, "  512.0  512.0");
    assert_eq!(one("Aug 05 03:54:03   512.0  512.0").body, "  512.0  512.0");
    assert_eq!(
        one("2025-08-05 03:54:03.123 ERROR 1 --- [main] o.e.App : gone").body,
        "ERROR 1 --- [main] o.e.App : gone"
    );
}

#[test]
fn a_thread_behind_a_level_is_no_process() {
    let of = |line: &str| one(line).pid;
    assert_eq!(of("2024-03-01 12:00:00,123 ERROR worker[3]: java.lang.OutOfMemoryError: Java heap space"), None);
    assert_eq!(of("Mar  1 12:00:00 web01 java[4711]: java.lang.OutOfMemoryError: Java heap space"), Some(4711));
}

#[test]
fn a_verbose_entry_lends_its_time_to_its_message() {
    let got = unwrap_all(
        "Wed 2022-11-23 07:35:42.203997 UTC [s=4b;i=6ed5;b=e1;m=680b78ad03;t=5ee1e55f68c5d;x=66]\n    \
         _HOSTNAME=web01\n    MESSAGE=active_anon:1\n             active_file:2\nprose",
    );
    let times: Vec<_> = got.iter().map(|got| (got.body.as_str(), got.wall, got.uptime)).collect();
    let wall = utc(1_669_188_942_203_997);
    let uptime = Some(446_869_056_771);
    assert_eq!(times, [("active_anon:1", wall, uptime), (" active_file:2", wall, uptime), ("prose", None, None)]);
    assert_eq!(got.first().and_then(|got| got.host.as_deref()), Some("web01"));
}

#[test]
fn two_clocks_of_one_header_that_disagree_are_told() {
    let mut transport = Transport::default();
    let header = "Wed 2022-11-23 07:35:43.203997 UTC [s=4b;i=6ed5;b=e1;m=680b78ad03;t=5ee1e55f68c5d;x=66]";
    assert!(transport.unwrap(Physical { source: 0, number: 1, raw: header }, header, Stamp::default(), &mut |_| {}));
    let kinds: Vec<_> = transport.take_warnings().into_iter().map(|warning| warning.kind).collect();
    assert_eq!(kinds, [WarningKind::ClocksDisagree { micros: 1_000_000 }]);
}

#[test]
fn an_exported_entry_may_hold_several_lines() {
    let got = unwrap_all(
        "__CURSOR=s=6e;i=4e0;m=5204d3a8;t=660dd2588a8c2\n__REALTIME_TIMESTAMP=1795352794015938\n_HOSTNAME=vm\nMESSAGE\n\
         \u{1b}\u{3}active_anon:1\n active_file:2\n_SOURCE_MONOTONIC_TIMESTAMP=1376046332\n\nprose",
    );
    let bodies: Vec<_> = got.iter().map(|got| got.body.as_str()).collect();
    assert_eq!(bodies, ["active_anon:1", " active_file:2", "", "prose"]);
    assert_eq!(got.first().and_then(|got| got.wall), utc(1_795_352_794_015_938));
    assert_eq!(got.last().and_then(|got| got.wall), None);
}

#[test]
fn a_json_entry_may_hold_its_text_as_bytes() {
    let got = one("{\"MESSAGE\":[71,67,32,0,255],\"__REALTIME_TIMESTAMP\":\"1795352794015938\",\"_HOSTNAME\":\"vm\",\
         \"_SOURCE_MONOTONIC_TIMESTAMP\":\"1376046332\"}");
    assert_eq!(got.body, "GC \0\u{fffd}");
    assert_eq!((got.wall, got.uptime), (utc(1_795_352_794_015_938), Some(1_376_046_332)));
    assert_eq!(one("data: {\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"1795352794015938\"}").body, "x");
}

#[test]
fn a_pretty_entry_is_handed_over_at_its_end() {
    let text =
        "{\n\t\"MESSAGE\" : \"x\",\n\t\"__REALTIME_TIMESTAMP\" : \"1795352794015938\",\n\t\"_HOSTNAME\" : \"vm\"\n}";
    let got = unwrap_all(text);
    // Nobody knows the first brace before its members have come.
    assert_eq!(bodies(text), ["{", "x"]);
    let last = got.last().expect("two lines");
    assert_eq!((last.wall, last.host.as_deref()), (utc(1_795_352_794_015_938), Some("vm")));
    assert_eq!(bodies(&format!("{text}\n{text}")), ["{", "x", "x"]);
    assert_eq!(bodies("{\n  \"OOMKilled\": true\n}"), ["{", "  \"OOMKilled\": true", "}"]);
}

#[test]
fn names_and_numbers_that_a_tool_put_before_a_prefix_come_off() {
    for text in [
        "   2  [ 7321.123457] Mem-Info:",
        "12:[ 7321.123457] Mem-Info:",
        "kern.log:12:Aug  5 03:54:03 web01 kernel: [ 7321.123457] Mem-Info:",
        "/var/log/messages:Aug  5 03:54:03 web01 kernel: [ 7321.123457] Mem-Info:",
        "kern.log.2.gz:Aug  5 03:54:03 web01 kernel: [ 7321.123457] Mem-Info:",
        "kern.log-Aug  5 03:54:03 web01 kernel: [ 7321.123457] Mem-Info:",
        "messages-12-Aug  5 03:54:03 web01 kernel: [ 7321.123457] Mem-Info:",
    ] {
        let got = one(text);
        assert_eq!((got.body.as_str(), got.uptime), ("Mem-Info:", Some(7_321_123_457)), "{text}");
    }
    for text in ["12 pages", "1 2 3 4", "a/b: text", "12:text", "3: [GC"] {
        assert_eq!(bodies(text), [text]);
    }
}

#[test]
fn callers_of_telephones_come_off() {
    for text in [
        "[ 7321.123457] I[1:           java: 4801] Mem-Info:",
        "[ 7321.123457]  (1)[4801:java]Mem-Info:",
        "[ 7321.123457][ T4801] Mem-Info:",
        "[ 7321.123457] <4>Mem-Info:",
    ] {
        assert_eq!(bodies(text), ["Mem-Info:"], "{text}");
    }
    // A row of a process table is no caller.
    assert_eq!(bodies("[ 7321.123457] [  480]  1000   480"), ["[  480]  1000   480"]);
}

#[test]
fn a_line_in_parts_is_joined() {
    let text = "2025-08-05T03:54:03.1Z stderr P Out of mem\n2025-08-05T03:54:03.2Z stderr F ory";
    assert_eq!(bodies(text), ["Out of memory"]);
    let text = "2025-08-05T03:54:03.1Z stdout P Out of \r\n2025-08-05T03:54:03.2Z stdout F memory\r";
    assert_eq!(bodies(text), ["Out of memory"]);
    let got = one("2025-08-05T03:54:03.1Z stdout F [81250.400101] Mem-Info:");
    assert_eq!((got.body.as_str(), got.uptime), ("Mem-Info:", Some(81_250_400_101)));
}

#[test]
fn escaped_and_glued_lines_are_parted() {
    assert_eq!(bodies("Aug 05 03:54:03 web01 kernel: a:1#012 b:2#011x"), ["a:1", " b:2\tx"]);
    assert_eq!(bodies("6,41,81250400101,-;a:1\\x0a b:2\n SUBSYSTEM=cpu"), ["a:1", " b:2"]);
    let got =
        unwrap_all("Aug  5 03:54:03 web01 kernel: [7000.000001] one Aug  5 03:54:04 web01 kernel: [7001.000002] two");
    let parts: Vec<_> = got.iter().map(|got| (got.body.as_str(), got.uptime)).collect();
    assert_eq!(parts, [("one", Some(7_000_000_001)), ("two", Some(7_001_000_002))]);
}

#[test]
fn a_code_block_of_markdown_loses_its_indentation() {
    let text = "We saw this:\n\n    Heap:\n      used 5K\n\n    Total\n  done";
    assert_eq!(bodies(text), ["We saw this:", "", "Heap:", "  used 5K", "", "Total", "  done"]);
    assert_eq!(bodies("\ta\n\t\tb"), ["a", "\tb"]);
    // What a program indents below its own line stays.
    assert_eq!(bodies("0x1f 12: 7\n\n    no safepoint"), ["0x1f 12: 7", "", "    no safepoint"]);
    assert_eq!(bodies("         total   used\nMem:  1  2"), ["         total   used", "Mem:  1  2"]);
}

#[test]
fn numbers_of_lines_are_taken_off() {
    assert_eq!(bodies("     9\tMem-Info:\n    10\t\n123456\t a"), ["Mem-Info:", "", " a"]);
    assert_eq!(bodies("9\tMem-Info:"), ["9\tMem-Info:"]);
}

#[test]
fn names_of_compose_stand_before_any_line() {
    assert_eq!(bodies("web-1  | Mem-Info\nweb-1  | 2025 a\nweb-1  |"), ["Mem-Info", "2025 a", ""]);
    let wrapped = "web-1  | 2025-08-05T03:54:03.100Z stdout F Mem-Info:";
    assert_eq!(bodies(wrapped), ["Mem-Info:"]);
}

#[test]
fn lines_in_marks_of_code_lose_them_and_others_keep_them() {
    assert_eq!(bodies("`$ free -m`"), ["$ free -m"]);
    assert_eq!(bodies("> `  PID USER\n  645 java`"), ["  PID USER", "  645 java"]);
    assert_eq!(bodies("see `free -m` and `top`"), ["see `free -m` and `top`"]);
    assert_eq!(bodies("```\n``a``"), ["```", "``a``"]);
    assert_eq!(bodies("`ps` says"), ["`ps` says"]);
}

#[test]
fn logcat_gives_time_and_keeps_the_tag() {
    let message = "lowmemorykiller: Kill 'com.example.app' (48213), uid 10123";
    for text in [
        format!("08-05 03:54:03.000   710   710 I {message}"),
        format!("08-05 03:54:03.000  1000   710   710 I {message}"),
        format!("08-05 03:54:03.000 I/{message}"),
    ] {
        let got = one(&text);
        assert_eq!((got.body.as_str(), got.wall), (message, no_year(IN_1970)), "{text}");
    }
    let got = one(&format!("2025-08-05 03:54:03.000 +0000   710   710 I {message}"));
    assert_eq!((got.body.as_str(), got.wall), (message, utc(MOMENT)));
    assert_eq!(
        one("08-05 03:54:03.000     0     0 E Killed process 4822 (java) total-vm:8kB").body,
        "Killed process 4822 (java) total-vm:8kB"
    );
    assert_eq!(one("08-05 03:54:03.000 some words of a person").wall, None);
}

#[test]
fn a_row_of_csv_is_its_longest_words_and_its_time() {
    let message = "Out of memory: Killed process 4711 (java)";
    for text in [
        format!("\"2025-08-05T03:54:03Z\",\"web01\",\"{message}\""),
        format!("2025-08-05T03:54:03Z,web01,{message}"),
        format!("\"web01\",\"kernel: {message}\",\"2025-08-05T03:54:03Z\""),
    ] {
        let got = one(&text);
        assert_eq!((got.body.as_str(), got.wall), (message, utc(MOMENT)), "{text}");
    }
    for text in ["2025-08-05T03:54:03Z,12,48", "\"a b\", \"c\"", "\"a b\",\"c d\""] {
        assert_eq!(one(text).body, text);
    }
}

#[test]
fn jenkins_puts_the_time_of_the_day_and_two_blanks() {
    let got = one("02:22:43  # There is insufficient memory for the Java Runtime Environment to continue.");
    assert_eq!(got.body, "# There is insufficient memory for the Java Runtime Environment to continue.");
    assert_eq!(got.wall, None);
    for table in ["02:22:43     UID       PID", "02:22:43  0.0  1.0", "02:22:43 AM  CPU"] {
        assert_eq!(one(table).body, table);
    }
}
