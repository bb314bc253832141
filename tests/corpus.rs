//! Every corpus case against its accepted snapshot: the report as a terminal shows it.
//!
//! `INSTA_UPDATE=always cargo test --test corpus` writes the snapshots anew. Read them like code: the commit that changes one
//! says why.

#[path = "support/corpus.rs"]
mod corpus;

use oomscope::analysis::finding::Severity;
use oomscope::export;
use oomscope::i18n::Language;

#[test]
fn every_case_gives_its_report() {
    let mut failed = Vec::new();
    for case in corpus::cases() {
        let text = export::text::write(&corpus::read(&case.input), Language::En, None);
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
        let json = serde_json::to_string(&report).expect("a report is JSON");
        let back: oomscope::report::Report =
            serde_json::from_str(&json).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let again = serde_json::to_value(&back).expect("a report is JSON");
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
            let lost: Vec<&String> = alone.difference(&together).take(3).collect();
            assert!(lost.is_empty(), "{} beside {} and {}: lost {lost:#?}", case.name, first.name, second.name);
        }
    }
}
