//! What must not leave does not: secrets glued to whatever passes, and digits that are no figures, in every field of text.

use oomscope::analysis::finding::{Finding, Proof, Severity};
use oomscope::analysis::rule_id::RuleId;
use oomscope::analysis::statement::{Quantity, Statement};
use oomscope::i18n::Language;
use oomscope::model::gc::{GcEvent, GcLog};
use oomscope::model::host::HostReading;
use oomscope::model::java::JavaError;
use oomscope::model::jstat::{Cells, Column, Columns, JstatTable};
use oomscope::model::kind::{ErrorKind, EventKind, HostKind};
use oomscope::model::nmt::{NmtCategory, NmtRegions, NmtSite, NmtSnapshot};
use oomscope::model::oom::{CgroupAtKill, Event, OomKill, ProcessRow, Slab, Trigger, Victim};
use oomscope::model::run::Run;
use oomscope::report::redact::redact;
use oomscope::report::{Report, ReportWarning, Segment};
use oomscope::source::{SourceSummary, Span};
use oomscope::units::Bytes;
use oomscope::worker::share::{Include, Wish, share};

/// A report that holds each text in every field of text, and in every map as a key.
fn filled(texts: &[String]) -> Report {
    let mut report = Report { report_version: 1, ..Report::default() };
    let span = Span { source: 0, line: 7, start: 0, end: 1 };
    for text in texts {
        let said = || {
            ["name", "command", "message", "jdk", "area", "said"]
                .iter()
                .fold(Statement::new(text), |one, name| one.with(name, Quantity::Word(text.clone()), Some(span)))
                .with("event", Quantity::Term(text.clone()), None)
                .with(text, Quantity::Count(1), None)
        };
        let sizes = || [(text.clone(), Bytes(1))].into_iter().collect::<std::collections::BTreeMap<_, _>>();
        let some = || Some(text.clone());
        report.verdict.headline = said();
        report.verdict.lede.push(said());
        report.verdict.figures.push(said());
        report.sources.push(SourceSummary { name: text.clone(), bytes: 1, lines: 1, understood_lines: 1 });
        report.segments.push(Segment { format: text.clone(), source: 0, first_line: 1, last_line: 1, run: some() });
        report.runs.push(Run {
            id: text.clone(),
            name: some(),
            collector: some(),
            collector_reason: some(),
            jdk: some(),
            flags: vec![text.clone(), format!("-XX:{text}"), format!("-XX:HeapDumpPath={text}"), format!("-D{text}=1")],
            max_heap_reason: some(),
            ..Run::default()
        });
        let cells = Cells::Text { texts: vec![text.clone()], values: vec![0] };
        let column = |name: &str| Column { name: name.into(), cells: cells.clone() };
        let table = r#"{"run":"","source":0,"option":"gc","rows":1,"columns":[],"data":{},"lines":[9],"first_line":8,"last_line":9}"#;
        let table: JstatTable = oomscope::json::read(table.as_bytes()).expect("a table");
        report.jstat.push(JstatTable {
            run: text.clone(),
            option: text.clone(),
            generation: some(),
            collector: some(),
            collector_reason: some(),
            columns: vec![text.as_str().into(), "GCC".into()],
            data: Columns(vec![column(text), column("GCC")]),
            ..table
        });
        report.nmt.push(NmtSnapshot {
            run: text.clone(),
            kind: text.clone(),
            jdk: some(),
            categories: vec![NmtCategory { name: text.clone(), ..NmtCategory::default() }],
            regions: vec![NmtRegions { name: text.clone(), ..NmtRegions::default() }],
            sites: vec![NmtSite { frame: text.clone(), category: some(), kind: text.clone(), ..NmtSite::default() }],
            ..NmtSnapshot::default()
        });
        report.oom_kills.push(OomKill {
            host: some(),
            kernel: some(),
            constraint: some(),
            trigger: Some(Trigger { name: text.clone(), gfp_mask: some(), cpuset: some(), ..Trigger::default() }),
            victims: vec![Victim { name: text.clone(), run: some(), ..Victim::default() }],
            cgroup: Some(CgroupAtKill {
                path: format!("/{text}/{text}"),
                task_path: some(),
                stats: sizes(),
                ..CgroupAtKill::default()
            }),
            processes: vec![ProcessRow { name: text.clone(), ..ProcessRow::default() }],
            process_columns: vec![text.clone()],
            page_size_reason: some(),
            memory: sizes(),
            slabs: vec![Slab { name: text.clone(), ..Slab::default() }],
            trace: vec![text.clone()],
            ..OomKill::default()
        });
        report.gc_logs.push(GcLog {
            run: text.clone(),
            style: text.clone(),
            collector: some(),
            jdk: some(),
            flags: vec![text.clone()],
            ..GcLog::default()
        });
        let name = |name: String| GcEvent { name, cause: some(), figures: sizes(), ..GcEvent::default() };
        report.gc_events.push(name(text.clone()));
        report.gc_events.push(name(format!("Pause Full ({text})")));
        report.java_errors.push(JavaError {
            kind: ErrorKind::of(text),
            message: text.clone(),
            thread: some(),
            file: some(),
            sizes: sizes(),
            run: some(),
            ..JavaError::default()
        });
        report.java_errors.push(JavaError {
            kind: ErrorKind::Other,
            message: format!("java.lang.OutOfMemoryError: {text}"),
            ..JavaError::default()
        });
        report.events.push(Event {
            kind: EventKind::of(text),
            name: some(),
            sizes: sizes(),
            run: some(),
            ..Event::default()
        });
        let words = [
            "argument_file",
            "average",
            "cgroup",
            "clock",
            "collector",
            "from",
            "full_avg10",
            "jdk",
            "limit",
            "main",
            "oom_score_adj",
            "path",
            "some_avg300",
            "state",
            "user",
            "version",
            "other",
        ];
        report.host.push(HostReading {
            kind: HostKind::of(text),
            name: some(),
            sizes: sizes(),
            words: words.iter().map(|name| ((*name).to_owned(), text.clone())).collect(),
            flags: vec![text.clone()],
            run: some(),
            ..HostReading::default()
        });
        let values = ["column", "format", "layout", "command", "what", "of"];
        report.warnings.push(ReportWarning {
            source: 0,
            line: 7,
            kind: text.clone(),
            values: values.iter().map(|name| ((*name).to_owned(), text.clone())).collect(),
            text: text.clone(),
        });
        for excerpt in [
            text.clone(),
            format!("java {text}"),
            format!("{text} Killed"),
            format!("Killed process ({text}) total-vm:8kB {text} oom_score_adj:0"),
        ] {
            let finding = Finding::new(RuleId::of(text), Severity::Notice, said(), Proof::first(span))
                .or(said())
                .then(said())
                .about(Some(text));
            let mut finding = oomscope::json::tree(&finding);
            finding["evidence"][0]["excerpt"] = excerpt.into();
            report.findings.push(oomscope::json::of_tree(&finding).expect("a finding"));
        }
    }
    report
}

/// What leaves of a report: as a tree, and in the forms that say things anew.
fn left(report: &Report) -> Vec<(String, String)> {
    let mut left = Vec::new();
    for with_lines in [false, true] {
        let report = redact(report, with_lines).report;
        left.push((format!("report, lines: {with_lines}"), oomscope::json::pretty(&report)));
    }
    let shared = share(report, &[], &Wish { include: Include::Lines, ..Wish::default() }, Language::En);
    let forms = [
        // What its link carries is the report above, and the letters of a link are no words.
        ("Markdown", shared.markdown.replace(&shared.link, "")),
        ("CSV", shared.csv),
        ("plain", shared.plain),
        ("brief", shared.brief),
        ("title", shared.title),
        ("table", shared.table),
    ];
    left.extend(forms.map(|(form, text)| (form.to_owned(), text)));
    left
}

/// The line of a text that holds something, for the message of a failing test.
fn holding<'a>(text: &'a str, holds: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    text.lines().find(|line| holds(line))
}

/// What passes in a quoted line.
const SHAPES: &[&str] = &[
    "699868kB",
    "+15KB",
    "512m",
    "1.5G",
    "3.456ms",
    "0.012s",
    "97.6%",
    "24M",
    "07:35:42",
    "07:35",
    "1:23.45",
    "2022-11-23",
    "2022-11-23T07:35:42.203997Z",
    "2022-11-23T07:35:42.203+0900",
    "[446869.056779]",
    "pid=4242",
    "anon-rss:699868kB",
    "oom_score_adj:0",
    "order=0",
    "GC(3)",
    "-Xmx512m",
    "-XX:MaxHeapSize=32178700288",
    "-XX:+UseG1GC",
    "java",
    "Killed",
    "G1",
    "17.0.9+9-LTS",
    "5.15.0-91-generic",
    "process-1",
    "run-1",
    "heap-space",
    "G1 Evacuation Pause",
    "Nov 23 07:35:42",
    "699868 kB",
    "0xcc0(GFP_KERNEL)",
];

const SEPARATORS: &[&str] = &[
    "", " ", "-", "+", ".", ":", "_", "/", "=", "@", ",", ";", "|", "(", "[", "'", "\"", "#", "~", "T", "Z",
    "\u{200b}", "\t", "…",
];

#[test]
fn a_secret_glued_to_either_end_of_what_passes_stays_here() {
    let secrets = [
        "hunter2secret",
        "appuser-web-prod-seoul-3",
        "k8Xq",
        "4111111111111111",
        "01012345678",
        "9001011234567",
        "8812",
    ];
    let mut texts = Vec::new();
    let exhaustive = std::env::var("OOMSCOPE_EXHAUSTIVE").is_ok_and(|value| value == "1");
    for (at, shape) in SHAPES.iter().enumerate() {
        for (place, separator) in SEPARATORS.iter().enumerate() {
            for (nth, secret) in secrets.into_iter().enumerate() {
                // Each pair takes its turn with another secret, or all of them where everything is tried.
                if !exhaustive && (at + place) % secrets.len() != nth {
                    continue;
                }
                let is_number = secret.bytes().all(|byte| byte.is_ascii_digit());
                // Digits that touch digits, or are joined to them by a point, are another number, and four of them are as good a one.
                let is_larger = |touches: Option<char>| {
                    is_number
                        && matches!(*separator, "" | ".")
                        && secret.len() < 10
                        && touches.is_some_and(|c| c.is_ascii_digit())
                };
                if !is_larger(shape.chars().next()) {
                    texts.push(format!("{secret}{separator}{shape}"));
                }
                if !is_larger(shape.chars().last()) {
                    texts.push(format!("{shape}{separator}{secret}"));
                }
            }
        }
    }
    let mut leaks = Vec::new();
    for texts in texts.chunks(400) {
        let report = filled(texts);
        let left = redact(&report, true).report;
        let left = oomscope::json::pretty(&left);
        for secret in secrets {
            leaks
                .extend(holding(&left, &|line| line.contains(secret)).map(|line| format!("{secret}: {}", line.trim())));
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

/// Cards, telephone and resident numbers, passwords, addresses: no figure of any field.
const DIGITS: &[&str] = &[
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4111_1111_1111_1111",
    "4111/1111/1111/1111",
    "4111:1111:1111:1111",
    "4111=1111=1111=1111",
    "4111@1111",
    "4111+1111+1111+1111",
    "4111,1111,1111,1111",
    "4111;1111",
    "4111|1111",
    "4111\u{a0}1111\u{3000}1111\u{2009}1111",
    "4111\u{200b}1111\u{200b}1111\u{feff}1111",
    "4111  1111",
    "4111 - 1111 - 1111 - 1111",
    "(4111) (1111)",
    "4111#1111",
    "4111*1111",
    "4111'1111",
    "01012345678",
    "010-1234-5678",
    "010 1234 5678",
    "(010) 1234-5678",
    "010.1234.5678",
    "+82 10 1234 5678",
    "+82-10-1234-5678",
    "+821012345678",
    "1012345678",
    "900101-1234567",
    "900101 1234567",
    "9001011234567",
    "900101/1234567",
    "123-45-6789",
    "password=123456",
    "password: 123456",
    "password:123456",
    "pin: 8812",
    "pin 8812",
    "pin=8812",
    "code: 123456",
    "user 123456",
    "user=123456",
    "kill 123456",
    "number 123456",
    "id 123456",
    "id=123456",
    "key:123456",
    "name=123456",
    "class 123456",
    "heap 4111 1111 1111 1111 kB",
    "4111111111111111 kB",
    "4111111111111111kB",
    "4111111111111111B",
    "4111111111111111ns",
    "01012345678kB",
    "pid 4111111111111111",
    "pid=01012345678",
    "pid 4111 1111 1111 1111",
    "UID:4111111111111111",
    "oom_score_adj:123456",
    "GC(4111111111111111)",
    "order=123456",
    "-Xmx4111111111111111",
    "-Xss01012345678",
    "-XX:Foo=12345678901",
    "-XX:HeapDumpPath=123456",
    "-XX:OnError=123456",
    "-XX:user=123456",
    "-XX:MaxHeapSize=4111111111111111",
    "MaxHeapSize=4111111111111111",
    "-Xlog:123456",
    "４１１１１１１１",
    "٤١١١١١١١",
    "४१११११११",
    "10.12.33.44",
    "192.168.77.1:5432",
    "2001:db8:85a3::8a2e:370:7334",
    "00:1a:2b:3c:4d:5e",
    "0x7f3a5c001234",
    "7f3a5c001234",
    "run-900101",
    "id-123456",
    "process-123456",
    "thread-01012345678",
    "user-123456.slice",
    "07:35:42.123456789012",
    "07:35:42+123456",
    "1990-01-01",
    "1990-12-24T07:35:42",
    "12:34:56:78",
    "1234:5678",
    "[4111111111.123456]",
    "[1234 5678]",
    "<123456>",
    "#123456",
    "ABCD1234",
    "S01234",
    "class:123456",
    "S0#1234",
    "0123456",
    "123456.00",
    "1234.56",
    "1234.5678",
    "123456%",
    "1e123456",
    "0b123456",
    "12345678x",
    "v1.123456",
    "rc123456",
    "b123456",
    "17.0.9+123456",
    "1.8.0_123456",
];

#[test]
fn digits_that_are_no_figure_stay_here() {
    let digits: Vec<String> = DIGITS.iter().map(|text| (*text).to_owned()).collect();
    let many = |line: &str| {
        let longest = line.split(|c: char| !c.is_numeric()).map(|run| run.chars().count()).max().unwrap_or_default();
        longest >= 4 || line.chars().any(|c| c.is_numeric() && !c.is_ascii())
    };
    let mut leaks = Vec::new();
    for text in digits {
        for (form, left) in left(&filled(std::slice::from_ref(&text))) {
            // Where the forms explain what the title is about, they name versions of JDKs and years of their own.
            leaks.extend(holding(&left, &many).map(|line| format!("{text:?} in {form}: {}", line.trim())));
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn what_follows_a_time_stays_here() {
    let log = "07:35:41-appuser-web-prod-seoul-3 java.lang.OutOfMemoryError: Java heap space\n\
        Exception in thread \"07:35:42-deploybot@db01.internal.acme\" java.lang.OutOfMemoryError: Java heap space\n\
        \tat com.acme.billing.InvoiceRunner.run(InvoiceRunner.java:42)\n\
        [2022-11-23T07:35:41.203+0900-db01.internal.acme][1.012s][info][gc] GC(0) Pause Young (Normal) (07:35-hunter2secret) 24M->3M(256M) 3.456ms\n\
        [2022-11-23T07:35:42.203+0900][2.012s][info][gc] GC(1) Pause Full (card 4111 1111 1111 1111) 250M->249M(256M) 345.678ms\n\
        [2022-11-23T07:35:43.203+0900][3.012s][info][gc] GC(2) Pause Full (G1 Compaction Pause) 250M->249M(256M) 345.678ms\n\
        Nov 23 07:35:41 host1 kernel: [446869.056779] Memory cgroup out of memory: Killed process 4242 (java) total-vm:3328880kB, anon-rss:699868kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:2004kB oom_score_adj:0 cust 010 1234 5678 rrn 900101 1234567 password=123456 pin: 8812\n";
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    analyzer.feed(log.as_bytes());
    let report = analyzer.finish().report;
    for (form, text) in left(&report) {
        for secret in
            ["appuser", "seoul", "deploybot", "acme", "hunter2", "4111", "1111", "900101", "1234567", "123456", "8812"]
        {
            let found =
                holding(&text, &|line| line.contains(secret) && !line.contains("\"bytes\"") && !line.contains("2010"));
            assert_eq!(found, None, "{secret} in {form}");
        }
    }
    let lines = redact(&report, true).report;
    let quoted = oomscope::json::text(&lines.findings);
    assert!(quoted.contains("Nov 23 07:35:41 host-1 kernel: [446869.056779] Memory cgroup out of memory: Killed process 4242 (java) total-vm:3328880kB"), "{quoted}");
}

#[test]
fn the_number_of_an_error_stays_and_no_other_number_in_its_place_does() {
    let log = "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00007fd4e61b8000, 188416, 0) failed; error='Not enough space' (errno=12)\n\
        java.lang.OutOfMemoryError: pthread_create (1040KB stack) failed: Try again, error 11\n\
        OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x0000000085330000, 2060255232, 0) failed; error='The paging file is too small for this operation to complete' (DOS error/errno=1455)\n\
        java.lang.OutOfMemoryError: hunter2 (errno=8812), error 4111\n";
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    analyzer.feed(log.as_bytes());
    for (form, text) in left(&analyzer.finish().report) {
        for secret in ["hunter2", "8812", "4111"] {
            assert!(!text.contains(secret), "{secret} in {form}");
        }
        if form == "Markdown" {
            for number in ["errno=12", "error 11", "errno=1455", "paging file is too small", "Try again"] {
                assert!(text.contains(number), "{number} in {form}: {text}");
            }
        }
    }
}
