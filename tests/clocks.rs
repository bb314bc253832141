//! Half-told times joined to what other lines of a paste say.

use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::units::Micros;

const KILL: &str =
    "Out of memory: Killed process 7 (java) total-vm:8192kB, anon-rss:4096kB, file-rss:0kB, shmem-rss:0kB";

fn report(sources: &[String]) -> Report {
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    for (number, source) in sources.iter().enumerate() {
        analyzer.open(&format!("source-{number}"));
        analyzer.feed(source.as_bytes());
    }
    analyzer.finish().report
}

/// UTC, local, year unknown of every kill, and the kinds of warnings.
type KillTimes = Vec<(Option<i64>, Option<i64>, bool)>;

fn times(sources: &[String]) -> (KillTimes, Vec<String>) {
    let report = report(sources);
    let seconds = |time: Option<Micros>| time.map(|time| time.0 / 1_000_000);
    let kills =
        report.oom_kills.iter().map(|kill| (seconds(kill.time), seconds(kill.local_time), kill.year_unknown)).collect();
    (kills, report.warnings.into_iter().map(|warning| warning.text).collect())
}

/// 2025-08-05 03:54:03, and the same day in 1970.
const IN_2025: i64 = 1_754_366_043;
const YEARLESS: i64 = 18_676_443;

/// The moment that the answer names.
fn told(sources: &[String]) -> (String, Vec<i64>) {
    let report = report(sources);
    let subject = report.verdict.subject.iter().map(|part| part.text.clone()).collect::<Vec<_>>().join(", ");
    (subject, report.oom_kills.iter().filter_map(|kill| kill.time).map(|time| time.0 / 1_000_000).collect())
}

#[test]
fn a_time_is_told_in_the_zone_of_the_log() {
    let of = |stamp: &str| format!("{stamp} web01 kernel: {KILL}\n");
    let (subject, times) = told(&[of("2025-08-05T12:54:03+09:00")]);
    assert!(subject.contains("2025-08-05 12:54:03 +09:00"), "{subject}");
    assert_eq!(times, [IN_2025], "the record is in UTC");
    let (subject, _) = told(&[of("2025-08-05T12:54:03+09:00"), of("2025-08-05T05:54:04+02:00")]);
    assert!(subject.contains("2025-08-05 03:54:03 UTC"), "several zones: {subject}");
}

#[test]
fn utc_is_told_on_request_and_after_a_link() {
    let report = report(&[format!("2025-08-05T12:54:03+09:00 web01 kernel: {KILL}\n")]);
    let text = |report: &Report| oomscope::export::text::write(report, Language::En, None);
    assert!(text(&report).contains("12:54:03 +09:00") && !text(&report).contains("UTC"), "{}", text(&report));
    let link = oomscope::report::link::write(&report, usize::MAX);
    let Ok(oomscope::report::open::Opened::Report(opened)) = oomscope::report::link::read(&link.text) else {
        panic!("a report")
    };
    assert_eq!(opened.zone, report.zone);
    let utc = text(&report.in_utc());
    assert!(utc.contains("2025-08-05 03:54:03 UTC") && !utc.contains("12:54:03 +09:00"), "{utc}");
}

#[test]
fn a_year_that_no_line_tells_stays_open() {
    let (kills, warnings) = times(&[format!("Aug  5 03:54:03 web01 kernel: {KILL}\n")]);
    assert_eq!(kills, [(None, Some(YEARLESS), true)]);
    assert_eq!(warnings, ["The year is not printed."]);
}

#[test]
fn a_dated_line_near_by_tells_the_year() {
    let syslog = format!("Aug  5 03:54:03 web01 kernel: {KILL}\n");
    for (line, place) in [
        ("2025-08-05T03:40:00Z web01 app[1]: started\n", "1"),
        ("[Di Aug  5 02:00:00 2025] eth0: link up\n", "1"),
        ("-- Logs begin at Mon 2025-06-02 08:11:03 CEST, end at Tue 2025-08-05 04:00:00 CEST. --\n", "1"),
        (
            "[2025-08-05T03:50:00.000+0000][12.5s][info][gc] GC(3) Pause Young (Normal) (G1 Evacuation Pause) 20M->10M(64M) 3.1ms\n",
            "1",
        ),
        ("2025-08-05T03:50:00.000+0000: 12.5: [Full GC (Ergonomics)  20M->10M(64M), 0.1 secs]\n", "1"),
    ] {
        let (kills, warnings) = times(&[format!("{line}{syslog}")]);
        assert_eq!(kills, [(None, Some(IN_2025), false)], "{line}");
        let said = format!("The year is not printed; 2025 is that of the nearest dated line ({place}).");
        assert_eq!(warnings, [said], "{line}");
    }
    let (kills, warnings) = times(&["2025-08-05T03:40:00Z web01 app[1]: started\n".to_owned(), syslog]);
    assert_eq!(kills, [(None, Some(IN_2025), false)]);
    assert_eq!(warnings, ["The year is not printed; 2025 is that of the nearest dated line (source-0:1)."]);
}

#[test]
fn a_date_half_a_year_away_tells_no_year() {
    let (kills, _) =
        times(&[format!("2025-02-05T03:40:00Z web01 app[1]: started\nAug  5 03:54:03 web01 kernel: {KILL}\n")]);
    assert_eq!(kills, [(None, Some(YEARLESS), true)]);
}

#[test]
fn time_since_boot_is_joined_where_a_line_of_the_boot_has_both_clocks() {
    let anchor = "2025-08-05T03:53:03.000000+00:00 web01 kernel: [81190.400000] eth0: link up\n";
    let (kills, warnings) = times(&[format!("{anchor}[81250.400000] {KILL}\n")]);
    assert_eq!(kills, [(Some(IN_2025), None, false)]);
    assert_eq!(warnings, ["Only time since boot is printed; the time of day comes from a line with both (1)."]);
    // Also when it follows, and with the year joined on top.
    let syslog = "Aug  5 03:55:03 web01 kernel: [81310.400000] eth0: link up\n";
    let (kills, _) = times(&[format!("[81250.400000] {KILL}\n{syslog}2025-08-05T04:00:00Z end\n")]);
    assert_eq!(kills, [(None, Some(IN_2025), false)]);
}

#[test]
fn another_boot_another_host_or_another_file_joins_nothing() {
    let anchor = "2025-08-05T03:53:03.000000+00:00 web01 kernel: [81190.400000] eth0: link up\n";
    let kill = format!("[  250.400000] {KILL}\n");
    assert_eq!(times(&[format!("{anchor}{kill}")]).0, [(None, None, false)]);
    let other = anchor.replace("web01", "web02");
    let kill = format!("[81250.400000] {KILL}\n");
    assert_eq!(times(&[format!("{anchor}{other}{kill}")]).0, [(None, None, false)]);
    assert_eq!(times(&[anchor.to_owned(), kill]).0, [(None, None, false)]);
}

#[test]
fn one_kill_in_two_transports_dates_the_others_of_its_boot() {
    let second = KILL.replace("Killed process 7", "Killed process 8");
    let dmesg = format!("[81250.400000] {KILL}\n[81310.400000] {second}\n");
    let journal = format!("2025-08-05T03:54:03.000000+00:00 web01 kernel: {KILL}\n");
    assert_eq!(times(&[dmesg, journal]).0, [(Some(IN_2025), None, false), (Some(IN_2025 + 60), None, false)]);
}
