//! Input as it should not be: a partial report and clear warnings, text kept as text, no panic.

use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::units::Bytes;

fn read(input: &[u8]) -> Report {
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    analyzer.open("paste");
    analyzer.feed(input);
    analyzer.finish().report
}

fn warnings(report: &Report) -> Vec<&str> {
    report.warnings.iter().map(|warning| warning.kind.as_str()).collect()
}

const KILL: &str = "Out of memory: Killed process 16021 (java) total-vm:3328880kB, anon-rss:699868kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:2004kB oom_score_adj:0";

#[test]
fn an_empty_paste_gives_an_empty_report_that_says_so() {
    let report = read(b"");
    assert!(report.segments.is_empty());
    let story: Vec<&str> = report.story.iter().map(|sentence| sentence.key.as_str()).collect();
    assert_eq!(story, ["verdict.lede.nothing", "verdict.lede.nothing.paste"]);
}

#[test]
fn prose_alone_shows_no_incident() {
    let prose = "우리 서버의 JVM이 OOM killer에게 죽었습니다. OutOfMemoryError도 있었습니다.\nThe old generation was at 95 % and the kernel killed process 12.\nWe ran jstat and jcmd, 256MB of heap.\n";
    let report = read(prose.as_bytes());
    // The first sentence reports a kill: it is told as said.
    assert!(report.events.iter().all(|event| event.told), "{:?}", report.events);
    assert_eq!((report.oom_kills.len(), report.java_errors.len(), report.runs.len()), (0, 0, 0));
    assert_eq!(report.sources[0].understood_lines, 0);
    assert_eq!(report.sources[0].lines, 3);
}

#[test]
fn half_an_nmt_block_says_what_is_missing() {
    let block = "Native Memory Tracking:\n\nTotal: reserved=2082907KB, committed=448079KB\n\n-                 Java Heap (reserved=524288KB, committed=262144KB)\n                            (mmap: reserved=524288KB, committed=262144KB)\n\n-                     Class (reserved=11180";
    let report = read(block.as_bytes());
    assert_eq!(report.nmt.len(), 1);
    assert!(!report.nmt[0].complete);
    assert_eq!(report.nmt[0].total.committed, Bytes::from_kib(448_079));
    assert!(!report.warnings.is_empty(), "a cut block is said to be cut");
}

#[test]
fn a_row_cut_in_the_middle_is_skipped_and_said() {
    let table = "  S0     S1     E      O      M     CCS    YGC     YGCT     FGC    FGCT     CGC    CGCT       GCT\n  0.00  92.91  69.03  61.83  30.11   3.40    172     1.077     1     0.035    14     0.010     1.122\n  0.00  92.30  28.72  69.8";
    let report = read(table.as_bytes());
    assert_eq!(report.jstat[0].rows, 1);
    assert_eq!(warnings(&report), ["short-row"]);
}

#[test]
fn two_kills_in_one_line_are_two_kills() {
    let second = KILL.replace("16021", "16022").replace("699868", "499868");
    let report = read(format!("[ 7001.000001] {KILL} [ 7002.000002] {second}\n").as_bytes());
    let victims: Vec<(u32, Option<Bytes>)> =
        report.oom_kills.iter().flat_map(|kill| &kill.victims).map(|victim| (victim.pid, victim.anon_rss)).collect();
    assert_eq!(victims, [(16021, Bytes::from_kib(699_868)), (16022, Bytes::from_kib(499_868))]);
}

#[test]
fn bytes_that_are_not_utf8_cost_only_themselves() {
    let mut input = b"caf\xe9 au lait\n".to_vec();
    input.extend_from_slice(KILL.as_bytes());
    input.extend_from_slice(b"\n\xff\xfe\x80\n");
    let report = read(&input);
    assert_eq!(report.oom_kills.len(), 1);
    assert_eq!(warnings(&report), ["not-utf8", "not-utf8"]);
}

#[test]
fn a_line_of_five_megabytes_is_bounded_and_the_next_is_read() {
    let mut input = vec![b'x'; 5_000_000];
    input.push(b'\n');
    input.extend_from_slice(KILL.as_bytes());
    let report = read(&input);
    assert_eq!(report.sources[0].lines, 2);
    assert_eq!(report.oom_kills.len(), 1);
    assert_eq!(warnings(&report), ["long-line"]);
}

#[test]
fn markup_in_a_process_name_stays_text() {
    let report = read(KILL.replace("(java)", "(<script>alert(1)</script>)").as_bytes());
    assert_eq!(report.oom_kills[0].victims[0].name, "<script>alert(1)</script>");
}

#[test]
fn numbers_too_large_for_a_size_are_left_out() {
    let report = read(KILL.replace("699868", "99999999999999999999999").as_bytes());
    let anon = report.oom_kills.first().and_then(|kill| kill.victims.first()).and_then(|victim| victim.anon_rss);
    assert_eq!(anon, None);
}

#[test]
fn short_lines_that_come_again_and_again_cost_no_line_and_no_number() {
    for fillers in [
        &["\n"][..],
        &["a\n"],
        &["\n", "a\n", "bc d\n"],
        &["  \r\n"],
        &["\u{b}\n"],
        &["12\n", "\n"],
        &["It was late.\n"],
    ] {
        let read_with = |times: usize| {
            let filler: String = fillers.iter().copied().cycle().take(times).collect();
            let mut analyzer = oomscope::Analyzer::new(Language::En);
            analyzer.open("paste");
            let second = KILL.replace("16021", "16022");
            analyzer.feed(format!("[ 7001.1] {KILL}\n{filler}[ 7002.1] {second}\n4711:\nBaseline taken\n").as_bytes());
            analyzer.finish()
        };
        let (few, many) = (read_with(240), read_with(60_000));
        let lines = |analysis: &oomscope::Analysis| analysis.report.sources[0].lines;
        assert_eq!(lines(&many) - lines(&few), 60_000 - 240, "{fillers:?}");
        assert_eq!(many.report.sources[0].understood_lines, few.report.sources[0].understood_lines, "{fillers:?}");
        let counted: u32 = many.maps[0].classes.iter().map(|(count, _)| count).sum();
        assert_eq!(counted, lines(&many), "{fillers:?}");
        let places = |analysis: &oomscope::Analysis| {
            let kills = analysis.report.oom_kills.iter().map(|kill| (kill.first_line, kill.last_line));
            let events = analysis.report.events.iter().map(|event| (event.first_line, event.first_line));
            kills.chain(events).collect::<Vec<_>>()
        };
        let moved = places(&few).into_iter().map(|(first, last)| match first {
            1 => (first, last),
            _ => (first + lines(&many) - lines(&few), last + lines(&many) - lines(&few)),
        });
        assert_eq!(places(&many), moved.collect::<Vec<_>>(), "{fillers:?}");
    }
}

#[test]
fn a_table_goes_on_behind_blank_lines_however_many_they_are() {
    let table = |blanks: usize| {
        format!(
            "$ jstat -gcutil 7 1s\n  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT\n  0.00  12.50  40.00  80.00  97.00  95.00      3    0.120     1    0.050    0.170\n{}  0.00  12.50  41.00  80.00  97.00  95.00      3    0.120     1    0.050    0.170\n",
            "\n".repeat(blanks)
        )
    };
    for blanks in [1, 100, 20_000] {
        let report = read(table(blanks).as_bytes());
        assert_eq!(report.jstat.iter().map(|table| table.rows).collect::<Vec<_>>(), [2], "{blanks}");
        assert_eq!(report.jstat[0].lines, [3, 4 + blanks as u32]);
    }
}
