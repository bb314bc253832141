//! What is shared: links and files of every corpus case open again, and hold nothing that was not chosen.

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/hour.rs"]
mod hour;

use hour::an_hour;
use oomscope::Analyzer;
use oomscope::analysis::rule_id::RuleId;
use oomscope::export::{self, Back};
use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::report::link::{self, LinkError};
use oomscope::report::open::{self, Opened};
use oomscope::report::redact::redact;
use oomscope::worker::share::kept;

const DRAFT: &[u8] = include_bytes!("corpus/mixed/draft-post/input.log");

fn analyze(text: &[u8], language: Language) -> Report {
    let mut analyzer = Analyzer::new(language);
    analyzer.open("draft-post.md");
    analyzer.feed(text);
    analyzer.finish().report
}

fn opened(link: &str) -> Report {
    match link::read(link) {
        Ok(Opened::Report(report)) => *report,
        Ok(Opened::Texts(_) | Opened::Sealed(_)) => panic!("no report"),
        Err(problem) => panic!("{problem:?}"),
    }
}

fn json(report: &Report) -> serde_json::Value {
    oomscope::json::tree(report)
}

/// Says where two reports differ.
fn difference(a: &serde_json::Value, b: &serde_json::Value, path: &str) -> Option<String> {
    use serde_json::Value;
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => difference(a, b, &format!("{path}.{key}")),
                (a, b) => Some(format!("{path}.{key}: {a:?} against {b:?}")),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| difference(a, b, &format!("{path}[{at}]")))
        }
        (a, b) if a == b => None,
        (a, b) => Some(format!("{path}: {a} against {b}")),
    }
}

#[test]
fn the_draft_fits_into_a_chat_message() {
    for language in Language::ALL {
        let report = analyze(DRAFT, language);
        let numbers = link::write(&redact(&report, false).report, link::MAX_CHARS);
        let lines = link::write(&redact(&report, true).report, link::MAX_CHARS);
        println!("numbers {}, lines {}", numbers.text.len(), lines.text.len());
        assert!(numbers.text.len() <= 1900, "numbers only: {}", numbers.text.len());
        assert!(lines.text.len() <= 3900, "with lines: {}", lines.text.len());
        assert_eq!((numbers.reduced, lines.reduced), (None, None));
    }
}

#[test]
fn a_report_survives_its_link() {
    let mut failed = Vec::new();
    for case in corpus::cases() {
        let whole = corpus::read(&case.input);
        for with_lines in [false, true] {
            let report = redact(&whole, with_lines).report;
            let link = link::write(&report, usize::MAX);
            if link.reduced.is_some() {
                continue;
            }
            match link::read(&link.text) {
                Ok(Opened::Report(back)) => {
                    if let Some(difference) = difference(&json(&report), &json(&back), "") {
                        failed.push(format!("{}: {difference}", case.name));
                    }
                }
                other => failed.push(format!("{}: {:?}", case.name, other.err())),
            }
        }
    }
    assert!(failed.is_empty(), "{} differ:\n{}", failed.len(), failed.join("\n"));
}

/// What the browser keeps of a report is the same again when it is opened from there, so that it stands there once.
#[test]
fn what_the_browser_keeps_stays_the_same_when_it_is_opened() {
    let mut failed = Vec::new();
    for case in corpus::cases() {
        let Some(first) = kept(&corpus::read(&case.input), Language::En) else { continue };
        let again = kept(&opened(&first.link), Language::En).expect("as short");
        if again != first {
            let difference = difference(&json(&opened(&first.link)), &json(&opened(&again.link)), "");
            failed.push(format!("{}: {difference:?}", case.name));
        }
    }
    assert!(failed.is_empty(), "{} differ:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn a_copy_without_long_series_leaves_the_report_alone_and_says_what_it_left_out() {
    let mut report = analyze(an_hour().as_bytes(), Language::En);
    let before = report.clone();
    let small = link::without_long_series(&mut report);
    assert_eq!(report, before);
    assert!(small.jstat[0].rows <= 2000 && small.jstat[0].rows > 1000, "{}", small.jstat[0].rows);
    let kept = kept(&small, Language::En).expect("a link");
    assert!(kept.link.len() <= 8000, "{}", kept.link.len());
    let back = opened(&kept.link);
    let said: Vec<_> = back.warnings.iter().filter(|warning| warning.kind == "reduced").collect();
    assert_eq!(said.len(), 1);
    let of: usize = said[0].values["of"].parse().expect("a number");
    assert!((3601..3620).contains(&of), "samples and entries: {of}");
    let old = |table: &oomscope::model::jstat::JstatTable| {
        (0..table.rows).filter_map(|row| table.column("OU")?.fixed(row)).max()
    };
    assert_eq!(old(&back.jstat[0]), old(&before.jstat[0]));
}

/// A command with the same word for every container, pod, and unit: of these only the place is the program's own.
fn without_names(command: &str) -> String {
    let mut named = false;
    let word = |word: &str| {
        let now = if named { "NAME".to_owned() } else { word.to_owned() };
        named = matches!(word, "exec" | "inspect" | "pod" | "status" | "-c");
        now
    };
    command.split(' ').map(word).collect::<Vec<_>>().join(" ").replace(" -c NAME", "")
}

#[test]
fn commands_to_copy_are_not_redacted() {
    for case in corpus::cases() {
        let report = corpus::read(&case.input);
        let redacted = redact(&report, false).report;
        let commands = |report: &Report| -> Vec<String> {
            let missing = report.sizing.iter().flat_map(|sizing| &sizing.missing);
            report.gaps.iter().chain(missing).map(|gap| without_names(&gap.command)).collect()
        };
        assert_eq!(commands(&report), commands(&redacted), "{}", case.name);
        let next = |report: &Report| -> Vec<String> {
            let values = report.findings.iter().flat_map(|finding| &finding.next);
            values
                .filter_map(|next| Some(without_names(&next.values.get("command")?.quantity.text(Language::En))))
                .collect()
        };
        assert_eq!(next(&report), next(&redacted), "{}", case.name);
    }
}

#[test]
fn every_file_opens_again() {
    for case in corpus::cases() {
        let report = redact(&corpus::read(&case.input), true).report;
        let html = export::html::write(&report, Language::Ko, &[], Back::default());
        let plain = oomscope::json::text(&report);
        for text in [html.as_str(), plain.as_str()] {
            match open::text(text) {
                Some(Ok(Opened::Report(back))) => {
                    let difference = difference(&json(&report), &json(&back), "");
                    assert_eq!(difference, None, "{}", case.name);
                }
                other => panic!("{}: {other:?}", case.name),
            }
        }
    }
}

#[test]
fn a_picture_opens_again() {
    use export::svg::{Picture, Style};
    let report = redact(&analyze(DRAFT, Language::Ko), false).report;
    let link = link::write(&report, link::MAX_CHARS).text;
    for picture in [Picture::Card, Picture::Report, Picture::Memory, Picture::Timeline] {
        let svg = export::svg::write(
            &report,
            picture,
            &Style { back: Back { link: &link, page: "" }, ..Style::plain(Language::Ko, 720) },
        )
        .expect("a picture");
        assert_eq!(open::text(&svg), Some(Ok(Opened::Report(Box::new(opened(&link))))));
    }
    let address = format!("https://example.com/oomscope/#lang=ko&r={link}&t=1");
    assert!(matches!(open::text(&address), Some(Ok(Opened::Report(_)))));
    assert_eq!(open::text("hello"), None);
}

#[test]
fn a_whole_paste_survives_its_link() {
    let texts = vec![("초안.md".to_owned(), String::from_utf8_lossy(DRAFT).into_owned())];
    assert_eq!(link::read(&link::write_texts(&texts)), Ok(Opened::Texts(texts)));
}

#[test]
fn a_damaged_link_is_refused() {
    let link = link::write(&redact(&analyze(DRAFT, Language::En), true).report, link::MAX_CHARS).text;
    for at in (0..link.len()).step_by(10) {
        assert!(link::read(&link[..at]).is_err(), "cut at {at}");
        for letter in ["A", "_", "%", "힙"] {
            let mut changed = link.clone();
            changed.replace_range(at..=at, letter);
            assert!(changed == link || link::read(&changed).is_err(), "{letter} at {at}");
        }
        let mut shorter = link.clone();
        shorter.remove(at);
        assert!(link::read(&shorter).is_err(), "without {at}");
    }
    assert_eq!(link::read(&link.replacen("1.", "3.", 1)), Err(LinkError::TooNew));
    assert_eq!(link::read(""), Err(LinkError::Damaged));
}

#[test]
fn random_links_are_refused() {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for length in 0..3000 {
        let mut text = String::from("1.");
        for _ in 0..length % 700 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push(char::from(letters[(state % 64) as usize]));
        }
        assert!(link::read(&text).is_err(), "{text}");
    }
}

#[test]
fn a_long_series_is_reduced_to_fit_and_says_so() {
    let report = redact(&analyze(an_hour().as_bytes(), Language::En), false).report;
    for limit in [3900, 8000, 60_000] {
        let link = link::write(&report, limit);
        assert!(link.text.len() <= limit, "{} for {limit}", link.text.len());
        let back = opened(&link.text);
        if let Some(reduced) = link.reduced {
            assert!(reduced.kept < reduced.of);
            assert!(back.warnings.iter().any(|warning| warning.kind == "reduced"));
        }
        assert_eq!(link.reduced.is_none(), limit == 60_000);
        // What was found in the whole series is still said.
        assert_eq!(json(&back)["findings"], json(&report)["findings"]);
        assert_eq!(back.title, report.title);
        let (table, whole) = (&back.jstat[0], &report.jstat[0]);
        for name in ["OU", "EU", "YGC"] {
            let values = |table: &oomscope::model::jstat::JstatTable| -> Vec<i64> {
                (0..table.rows).filter_map(|row| table.column(name)?.fixed(row)).collect()
            };
            assert_eq!(values(table).iter().max(), values(whole).iter().max(), "{name}");
            assert_eq!(values(table).iter().min(), values(whole).iter().min(), "{name}");
        }
        assert_eq!(table.value("OU", table.rows - 1), whole.value("OU", 3599));
        let peak = (0..table.rows).find(|row| table.value("OU", *row) == Some(104_000.0)).expect("the peak");
        assert_eq!(table.relative_time(peak), whole.relative_time(1777));
    }
}

/// However much there is, a link holds the gravest of it and says that it is not all.
#[test]
fn of_very_many_records_a_link_holds_some_and_says_so() {
    let mut text = String::new();
    let mut state = 88_172_645_463_325_252_u64;
    for number in 0..4000_u64 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let (rss, rest) = (state % 8_000_000, state / 8_000_000);
        text.push_str(&format!(
            "[{}.{:06}] Out of memory: Killed process {} (java) total-vm:{}kB, anon-rss:{rss}kB, file-rss:{}kB, shmem-rss:{}kB, UID:0 pgtables:{}kB oom_score_adj:0\n",
            number * 97 + 3,
            rest % 1_000_000,
            1000 + rest % 4_000_000,
            rss + rest % 90_000_000,
            rest % 99_991,
            rest % 9973,
            rest % 49_999,
        ));
    }
    let report = redact(&analyze(text.as_bytes(), Language::En), false).report;
    assert_eq!(report.oom_kills.len(), 4000);
    for limit in [8000, link::MAX_CHARS] {
        let link = link::write(&report, limit);
        println!("{limit}: {} {:?}", link.text.len(), link.reduced);
        assert!(link.text.len() <= limit, "{} for {limit}", link.text.len());
        let reduced = link.reduced.expect("reduced");
        assert!(reduced.kept < reduced.of && reduced.of >= 4000, "{reduced:?}");
        let back = opened(&link.text);
        assert!(back.warnings.iter().any(|warning| warning.kind == "reduced"));
        assert_eq!(back.title, report.title);
        assert_eq!(
            back.findings.first().map(|finding| &finding.claim),
            report.findings.first().map(|finding| &finding.claim)
        );
        let ends = |report: &Report| {
            [report.oom_kills.first().cloned(), report.oom_kills.last().cloned()]
                .map(|kill| json(&Report { oom_kills: kill.into_iter().collect(), ..Report::default() }))
        };
        assert_eq!(ends(&back), ends(&report));
    }
    assert!(kept(&report, Language::En).is_some_and(|kept| kept.link.len() <= 8000));
}

#[test]
fn exports_of_every_case_hold_together() {
    use export::svg::{Picture, Style};
    for case in corpus::cases() {
        let report = redact(&corpus::read(&case.input), true).report;
        for language in Language::ALL {
            let markdown = export::markdown::write(&report, language, Back::default());
            assert!(markdown.chars().count() < export::markdown::MAX_CHARS, "{}", case.name);
            let svg = export::svg::write(&report, Picture::Report, &Style::plain(language, 360)).expect("a card");
            assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count(), "{}", case.name);
        }
        let csv = export::csv::write(&report);
        assert!(csv.starts_with("table,run,"));
    }
    let html =
        export::html::write(&redact(&analyze(DRAFT, Language::Ko), true).report, Language::Ko, &[], Back::default());
    println!("html {}", html.len());
    assert!(html.len() < 300_000, "{}", html.len());
}

/// Links that were given away open for ever. Never written anew: a new form gets a new version and new fixtures.
#[test]
fn old_links_open() {
    let fixture = |name: &str| {
        let path = format!("{}/tests/links/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).expect("a fixture")
    };
    for name in ["1-draft-numbers", "1-draft-lines", "1-draft-korean"] {
        let Some(Ok(Opened::Report(report))) = open::text(&fixture(name)) else { panic!("{name} does not open") };
        let kill = &report.oom_kills[0];
        assert_eq!(kill.victims[0].anon_rss.map(|size| size.0), Some(699_868 * 1024), "{name}");
        assert_eq!((kill.victims[0].pid, kill.victims[0].line), (16021, kill.first_line), "{name}");
        assert_eq!(kill.time.map(|time| time.0), Some(1_669_188_942_203_997), "{name}");
        assert_eq!(report.nmt[0].total.committed.map(|size| size.0), Some(448_079 * 1024), "{name}");
        assert_eq!(report.nmt[0].categories.len(), 16, "{name}");
        assert_eq!(report.jstat.iter().map(|table| table.rows).collect::<Vec<_>>(), [1, 12, 6], "{name}");
        assert_eq!(report.jstat[1].value("OU", 11), Some(89_281.0), "{name}");
        assert!(report.findings.iter().any(|finding| finding.rule == RuleId::MachineOutOfMemory), "{name}");
        let quotes = report.findings.iter().flat_map(|finding| finding.evidence.iter());
        let quoted = quotes.filter(|evidence| !evidence.excerpt.is_empty()).count();
        assert_eq!(quoted > 0, name == "1-draft-lines", "{name}");
        let language = if name == "1-draft-korean" { Language::Ko } else { Language::En };
        assert_eq!(report.language, language);
    }
    let Some(Ok(Opened::Report(report))) = open::text(&fixture("1-hour-reduced")) else { panic!("does not open") };
    assert!(report.warnings.iter().any(|warning| warning.kind == "reduced"));
    assert_eq!(
        report.jstat[0].column("OU").and_then(|column| (0..column.len()).filter_map(|row| column.fixed(row)).max()),
        Some(1_040_000)
    );
    assert!(matches!(open::text(&fixture("1-whole")), Some(Ok(Opened::Texts(texts))) if texts.len() == 1));
}

fn named(text: &str) -> Report {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open("/home/alice/incident.log");
    analyzer.feed(text.as_bytes());
    analyzer.finish().report
}

const KILL: &str = "Nov 23 07:35:42 web-prod-3 kernel: Out of memory: Killed process 7 (acme-billing) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

#[test]
fn a_kill_keeps_its_numbers_and_loses_its_names() {
    let redacted = redact(&named(KILL), true);
    let text = oomscope::json::text(&redacted.report);
    for secret in ["web-prod", "acme", "alice"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let victim = redacted.report.oom_kills.first().and_then(|kill| kill.victims.first()).expect("a victim");
    assert_eq!((victim.name.as_str(), victim.anon_rss.map(|size| size.0)), ("process-1", Some(4_096_000)));
    assert!(redacted.report.title.contains("process-1"), "{}", redacted.report.title);
    let excerpt = &redacted.report.findings.first().expect("a finding").evidence[0].excerpt;
    assert!(excerpt.contains("Killed process 7 (process-1) total-vm:8000kB, anon-rss:4000kB"), "{excerpt}");
    assert!(redacted.removed.get("host").is_some_and(|count| *count > 0), "{:?}", redacted.removed);
}

#[test]
fn numbers_only_has_no_lines() {
    let redacted = redact(&named(KILL), false);
    let mut excerpts = redacted.report.findings.iter().flat_map(|finding| &finding.evidence);
    assert!(excerpts.all(|evidence| evidence.excerpt.is_empty()));
}

#[test]
fn a_link_is_a_link_wherever_its_report_stands() {
    assert!(open::may_be_shared(b"https://example.org/oomscope/#lang=en&r=1.abc\n"));
    assert!(open::may_be_shared(b"https://example.org/oomscope/#r=1.abc&lang=en"));
    assert!(!open::may_be_shared(b"GET /search?q=java&r=1 took 3 s"));
}

/// What a report says follows from what it carries: opened, it says the same, though none of its conclusions is taken over.
#[test]
fn a_report_is_concluded_again_from_its_readings() {
    let mut failed = Vec::new();
    for case in corpus::cases() {
        let report = corpus::read(&case.input);
        let plain = oomscope::json::text(&report);
        let back = match open::text(&plain) {
            Some(Ok(Opened::Report(back))) => back,
            other => panic!("{}: {other:?}", case.name),
        };
        if let Some(difference) = difference(&json(&report), &json(&back), "") {
            failed.push(format!("{}: {difference}", case.name));
        }
    }
    assert!(failed.is_empty(), "{} differ:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn markdown_and_html_lead_back_and_markdown_opens_again() {
    let report = redact(&analyze(DRAFT, Language::En), false).report;
    let link = link::write(&report, link::MAX_CHARS).text;
    for page in ["https://oomscope.example/", ""] {
        let back = Back { page, link: &link };
        let markdown = export::markdown::write(&report, Language::En, back);
        assert!(
            !markdown.lines().any(|line| line.starts_with("|  |  |") && line.trim_matches(['|', ' ']).is_empty()),
            "a table without a head"
        );
        assert!(!markdown.contains("machine-out-of-memory"), "an id beside a claim");
        for text in [markdown.clone(), markdown.replace('\n', "\r\n"), format!("\n{markdown}\n\n")] {
            assert!(open::may_be_shared(text.as_bytes()));
            let Some(Ok(Opened::Report(opened))) = open::text(&text) else { panic!("does not open: {text}") };
            assert_eq!(opened.verdict.headline, report.verdict.headline);
        }
        let html = export::html::write(&report, Language::En, &[], back);
        assert_eq!(html.contains(&format!("<a href=\"{page}#r={link}\">")), !page.is_empty());
        // What somebody wrote around it is read as what it is.
        let post = format!("# Our outage\n\nWe were down.\n\n{markdown}");
        assert_eq!(open::text(&post), None);
    }
}
