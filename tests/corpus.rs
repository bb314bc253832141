//! Every corpus case against its accepted snapshot: the report as a terminal shows it, with ids and values in place of the
//! sentences that most reports share (how big the heap should be, what is missing). Cases of [`IN_FULL`] show these, too.
//!
//! `INSTA_UPDATE=always cargo test --test corpus` writes the snapshots anew. Read them like code: the commit that changes one
//! says why.

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use oomscope::analysis::finding::Severity;
use oomscope::analysis::gaps::Gap;
use oomscope::analysis::sizing::{Origin, Role, Sizing, Term};
use oomscope::analysis::statement::Statement;
use oomscope::export;
use oomscope::i18n::{Language, format};
use oomscope::model::run::Run;
use oomscope::report::Report;

/// Cases whose snapshot is the whole report, to be read when words change. What the others abbreviate is said by one of these.
const IN_FULL: &[&str] = &[
    "gc-log/elasticsearch-gc-monitor",
    "gc-log/g1-jdk17-direct-oom",
    "gc-log/g1-jdk17-metaspace-error",
    "gc-log/g1-jdk25-heap-space",
    "gc-log/jdk17-shenandoah-gc-star-time-uptime-pid",
    "gc-log/jdk8-cms-failures-and-exit",
    "gc-log/jdk17-z-gc",
    "gc-log/jdk8-g1-full-around-a-cycle",
    "heap-info/jdk8-jmap-heap",
    "heap-info/openj9-javacore-heap-full",
    "host/compose-limit-beside-a-killed-java",
    "host/free",
    "host/kubernetes-describe-containers",
    "host/lines-as-code",
    "host/pmap-x",
    "host/proc-status-of-a-container",
    "host/top-of-two-runs",
    "hs-err/jdk17-insufficient-memory",
    "hs-err/jdk17-no-thread",
    "hs-err/jdk25-crash-on-oom-shenandoah",
    "hs-err/jdk25-crash-on-oom-z",
    "hs-err/jdk8-without-marks",
    "incident/g1-jdk17-direct-oom",
    "incident/g1-jdk17-healthy",
    "incident/g1-jdk17-heap-killed",
    "incident/g1-jdk17-killed-twice",
    "incident/g1-jdk17-metaspace-error",
    "incident/g1-jdk17-native-killed",
    "incident/parallel-jdk17-heap-killed",
    "incident/parallel-jdk25-exit-on-oom",
    "incident/parallel-jdk25-metaspace-killed",
    "incident/serial-jdk25-in-a-container",
    "incident/serial-jdk25-threads-killed",
    "incident/z-jdk25-healthy",
    "incident/z-jdk25-heap-killed",
    "java-error/jdk17-gc-overhead-limit",
    "jstat/jdk17-one-row",
    "jvm-flags/argument-file",
    "killers/earlyoom",
    "mixed/draft-post",
    "mixed/gc-overhead-and-restart",
    "mixed/log-and-heap-dump-of-a-pod",
    "mixed/spark-on-yarn",
    "mixed/threads-at-the-limit-of-tasks",
    "nmt/one-line-per-category",
    "oom-killer/2.6.18-global",
    "oom-killer/3.16-debian8-global",
    "oom-killer/4.12-sles-swap",
    "oom-killer/6.14-global-with-swap",
    "oom-killer/cgroup-v1-trigger-is-not-the-victim",
    "oom-killer/transport-dmesg-t-in-one-line",
];

#[test]
fn every_case_gives_its_report() {
    let mut failed = Vec::new();
    for case in corpus::cases() {
        let report = corpus::read(&case.input);
        let text = if IN_FULL.contains(&case.name.as_str()) { in_full(&report) } else { abbreviated(report) };
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&case.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        // One case that differs does not hide the next.
        let compared = settings.bind(|| std::panic::catch_unwind(|| insta::assert_snapshot!("report", text)));
        if compared.is_err() {
            failed.push(case.name);
        }
    }
    assert!(failed.is_empty(), "reports that differ from their snapshot:\n{}", failed.join("\n"));
}

fn in_full(report: &Report) -> String {
    export::text::write(report, Language::En, None)
}

/// The report without the sentences about the heap's size and about what is missing; then their ids and values.
fn abbreviated(mut report: Report) -> String {
    let (sizing, gaps) = (report.sizing.take(), std::mem::take(&mut report.gaps));
    let open = report.verdict.open.take();
    let mut text = in_full(&report);
    if let Some(gap) = &open {
        let _ = write!(text, "\nOpen, by id\n  {}\n", asked_for(std::slice::from_ref(gap), &report.runs));
    }
    if let Some(sizing) = &sizing {
        let _ = write!(text, "\nHeap size, by ids\n{}", answer(sizing, &report.runs));
    }
    if !gaps.is_empty() {
        let _ = write!(text, "\nGaps, by ids\n  {}\n", asked_for(&gaps, &report.runs));
    }
    text
}

/// The last word of a key.
fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// What a statement says, by its key and its values.
fn said(statement: &Statement) -> String {
    let values: Vec<String> =
        statement.values.iter().map(|(name, value)| format!("{name} {}", value.quantity.text(Language::En))).collect();
    if values.is_empty() { statement.key.clone() } else { format!("{} ({})", statement.key, values.join(", ")) }
}

/// What is missing, each with the process that its command asks.
fn asked_for(gaps: &[Gap], runs: &[Run]) -> String {
    let named = |gap: &Gap| {
        let pids = runs.iter().filter_map(|run| run.pid).map(|pid| pid.to_string());
        let pid = pids.into_iter().find(|pid| gap.command.split(' ').any(|word| word == pid));
        pid.map_or_else(|| gap.key.clone(), |pid| format!("{} {pid}", gap.key))
    };
    gaps.iter().map(named).collect::<Vec<_>>().join(", ")
}

fn answer(sizing: &Sizing, runs: &[Run]) -> String {
    let mut text = String::new();
    for statement in statements(sizing) {
        let _ = writeln!(text, "  {}", said(statement));
    }
    for (sum, name, roles) in [
        (sizing.ceiling, "ceiling", [Role::Adds, Role::Takes, Role::Aside].as_slice()),
        (sizing.floor, "floor", &[Role::Floor]),
    ] {
        let terms = || sizing.terms.iter().filter(|term| roles.contains(&term.role));
        for term in terms().filter(|term| term.origin != Origin::Assumed) {
            let line = term.line.map(|line| format!(", line {line}")).unwrap_or_default();
            let _ = writeln!(text, "  {}, {}{line}", self::term(term), last(term.origin.key()));
        }
        let assumed: Vec<String> = terms().filter(|term| term.origin == Origin::Assumed).map(self::term).collect();
        if !assumed.is_empty() {
            let _ = writeln!(text, "  assumed: {}", assumed.join(", "));
        }
        if let Some(sum) = sum {
            let _ = writeln!(text, "  = {name} {}", format::size(sum));
        }
    }
    if let Some(short) = sizing.shortfall() {
        let _ = writeln!(text, "  short of nothing by {}", format::size(short));
    }
    let advice = sizing
        .advice
        .iter()
        .map(|replay| format!("{} {} {}", replay.name, format::size(replay.heap), last(replay.outcome.key())))
        .collect::<Vec<_>>();
    let flags = sizing.flags.iter().map(|flag| format!("{} {}", flag.text, said(&flag.comment))).collect::<Vec<_>>();
    for (name, list) in
        [("advice", advice.join(", ")), ("options", flags.join(", ")), ("missing", asked_for(&sizing.missing, runs))]
    {
        if !list.is_empty() {
            let _ = writeln!(text, "  {name}: {list}");
        }
    }
    text
}

/// All but those of options, in the order of the page.
fn statements(sizing: &Sizing) -> impl Iterator<Item = &Statement> {
    let first = sizing
        .facts
        .subject
        .iter()
        .chain([&sizing.reason])
        .chain(&sizing.current)
        .chain(&sizing.caveats)
        .chain(&sizing.changes);
    let scenarios = sizing.scenarios.iter().map(|scenario| &scenario.statement);
    first.chain(&sizing.decides).chain(scenarios).chain(&sizing.sensitivity)
}

fn term(term: &Term) -> String {
    let sign = match term.role {
        Role::Adds | Role::Floor => "+ ",
        Role::Takes => "− ",
        Role::Aside => "of that ",
    };
    let name = term.area.as_ref().unwrap_or(&term.name);
    format!("{sign}{name} {}", format::size(term.bytes))
}

/// Ids of what a report says about the heap's size and about what is missing.
fn ids(report: &Report) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = report.gaps.iter().map(|gap| gap.key.clone()).collect();
    if let Some(sizing) = &report.sizing {
        ids.extend(statements(sizing).chain(sizing.flags.iter().map(|flag| &flag.comment)).map(|one| one.key.clone()));
        ids.extend(sizing.missing.iter().map(|gap| gap.key.clone()));
        ids.extend(sizing.terms.iter().map(|term| format!("sizing.term.{}", term.name)));
        ids.extend(sizing.advice.iter().map(|replay| format!("sizing.advice.{}", replay.name)));
        ids.extend(sizing.advice.iter().map(|replay| replay.outcome.key().to_owned()));
    }
    ids
}

#[test]
fn what_most_snapshots_abbreviate_one_of_them_says_in_full() {
    let (mut abbreviated, mut in_full) = (BTreeMap::new(), BTreeSet::new());
    let mut left: BTreeSet<&str> = IN_FULL.iter().copied().collect();
    for case in corpus::cases() {
        let ids = ids(&corpus::read(&case.input));
        if left.remove(case.name.as_str()) {
            in_full.extend(ids);
        } else {
            for id in ids {
                abbreviated.entry(id).or_insert(case.name.clone());
            }
        }
    }
    assert!(left.is_empty(), "no such cases: {left:?}");
    abbreviated.retain(|id, _| !in_full.contains(id));
    assert!(abbreviated.is_empty(), "said by these cases and by none of IN_FULL; add one for each: {abbreviated:#?}");
}

#[test]
fn captures_of_sound_servers_raise_no_alarm() {
    let sound = ["incident/g1-jdk17-healthy", "incident/z-jdk25-healthy"];
    let cases: Vec<corpus::Case> = corpus::cases().into_iter().filter(|case| case.name.contains("-healthy")).collect();
    assert!(sound.iter().all(|name| cases.iter().any(|case| case.name == *name)), "the captures are there");
    for case in cases {
        let findings = corpus::read(&case.input).findings;
        let alarms: Vec<&str> = findings
            .iter()
            .filter(|finding| matches!(finding.severity, Severity::Critical | Severity::Warning))
            .map(|finding| finding.claim.as_str())
            .collect();
        assert!(alarms.is_empty(), "{}: {alarms:#?}", case.name);
    }
}

#[test]
fn a_report_survives_json() {
    for case in corpus::cases() {
        let report = corpus::read(&case.input);
        let json = oomscope::json::text(&report);
        let back: oomscope::report::Report =
            oomscope::json::read(json.as_bytes()).unwrap_or_else(|| panic!("{}", case.name));
        let again = oomscope::json::tree(&back);
        let first: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(again, first, "{}", case.name);
    }
}

#[test]
fn cases_beside_each_other_lose_nothing() {
    // Each case as a source of its own beside its neighbour, as two files dropped together.
    let cases = corpus::cases();
    for pair in cases.windows(2) {
        let [first, second] = pair else { continue };
        let mut analyzer = oomscope::Analyzer::new(Language::En);
        for case in pair {
            analyzer.open(&case.name);
            analyzer.feed(&case.input);
        }
        let together = analyzer.finish().report;
        if together.oom_kills.iter().any(|kill| !kill.also.is_empty()) {
            continue; // One kill in two transports is one kill.
        }
        let together = corpus::facts(&together);
        for case in [first, second] {
            let alone = corpus::facts(&corpus::read(&case.input));
            // The system is one of the whole input.
            let lost = alone.difference(&together).filter(|fact| !fact.contains(" host.platform "));
            let lost: Vec<&String> = lost.take(3).collect();
            assert!(lost.is_empty(), "{} beside {} and {}: lost {lost:#?}", case.name, first.name, second.name);
        }
    }
}
