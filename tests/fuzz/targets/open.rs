//! What somebody shared, bytes or changed reports in every form: no panic, no memory beyond the limit that the runner sets, and
//! no command that is not ours. Whatever opens is written in every form again.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oomscope::Analyzer;
use oomscope::export::svg::{Picture, Style};
use oomscope::export::{Back, csv, html, markdown, png, snippet, svg, text};
use oomscope::i18n::Language;
use oomscope::report::open::{self, Opened};
use oomscope::report::redact::redact;
use oomscope::report::{Report, link};
use serde_json::{Value, json};

/// Reports that are changed, as JSON and as the tree of a link.
static REPORTS: LazyLock<Vec<[Value; 2]>> = LazyLock::new(|| {
    let names = [
        "mixed/draft-post",
        "incident/serial-jdk25-in-a-container",
        "killers/yarn-slurm-cloud",
        "nmt/jdk17-detail-diff",
        "oom-killer/6.1-cgroup-v2-kubernetes-pod",
        "hs-err/jdk17-crash-on-oom-g1",
        "gc-log/jdk17-g1-gc",
    ];
    names
        .map(|name| {
            let path = format!("{}/../corpus/{name}/input.log", env!("CARGO_MANIFEST_DIR"));
            let mut analyzer = Analyzer::new(Language::En);
            analyzer.open(name);
            analyzer.feed(&std::fs::read(path).expect("a case"));
            let report = analyzer.finish().report;
            let mut whole = oomscope::json::tree(&report);
            let cut_down = json!({ "source": 0, "line": 0, "kind": "reduced", "values": { "kept": "1", "of": "2" }, "text": "" });
            whole["warnings"].as_array_mut().expect("a list").push(cut_down);
            [whole, link::tree_of(&report)]
        })
        .to_vec()
});

/// What nobody's log says and no advice may.
const FOREIGN: &str = "curl evil.example";

/// True for what may be there several times without becoming large.
fn is_small(value: &Value) -> bool {
    value.to_string().len() < 2000
}

/// Bytes by which all changes together may let a report grow: what is opened is written in every form, and a report of tens of
/// thousands of records takes its time at that. `scripts/attack` opens files as large as may be.
const MOST_GROWTH: usize = 400_000;
/// What one more value costs at least, whatever it is: a record of `{}` becomes one with all fields, and a row in every form.
const VALUE: usize = 200;
/// Changes of one input, so that what is wrapped each time stays within the stack.
const MOST_CHANGES: usize = 200;

/// Takes so many values of a size out of what is left to grow by; as many as fit.
fn fitting(room: &mut usize, count: usize, size: usize) -> usize {
    let count = count.min(*room / (size + VALUE));
    *room -= count * (size + VALUE);
    count
}

/// Changes the value at the end of a way through the tree.
fn change(value: &mut Value, way: &mut dyn Iterator<Item = u8>, room: &mut usize) {
    let Some(step) = way.next() else { return };
    let leaves = step >= 0xe0;
    let step = usize::from(step);
    match value {
        Value::Array(items) if !leaves && !items.is_empty() => {
            let at = step % items.len();
            return change(&mut items[at], way, room);
        }
        Value::Object(map) if !leaves && !map.is_empty() => {
            let at = step % map.len();
            return change(map.values_mut().nth(at).expect("within"), way, room);
        }
        _ => {}
    }
    match way.next().unwrap_or_default() % 12 {
        0 => *value = Value::Null,
        1 => *value = json!(u64::MAX),
        2 => *value = json!(i64::MIN),
        3 => *value = json!(1e300),
        4 => *value = json!(FOREIGN),
        5 => *value = json!("rule.heap-exhausted.next.heap"),
        6 => {
            let length = usize::from(way.next().unwrap_or_default()) * 500;
            *value = json!("x".repeat(length * fitting(room, 1, length)));
        }
        7 if is_small(value) && fitting(room, 1, value.to_string().len()) == 1 => {
            *value = json!([value.clone(), value.clone()])
        }
        8 => *value = json!({ FOREIGN: value.clone() }),
        9 => *value = json!(way.next().unwrap_or_default()),
        10 => {
            if let Value::Array(items) = value
                && let Some(first) = items.first().cloned()
                && is_small(&first)
            {
                let count = fitting(room, 500, first.to_string().len());
                items.extend(std::iter::repeat_n(first, count));
            }
        }
        _ => {
            if let Value::Object(map) = value {
                let name = map.keys().nth(usize::from(way.next().unwrap_or_default()) % map.len().max(1)).cloned();
                name.and_then(|name| map.remove(&name));
            }
        }
    }
}

fn tried(opened: Option<Result<Opened, link::LinkError>>) {
    let Some(Ok(Opened::Report(report))) = opened else { return };
    let report: Report = *report;
    let missing = report.sizing.iter().flat_map(|sizing| &sizing.missing);
    assert!(!report.gaps.iter().chain(missing).any(|gap| gap.command.contains(FOREIGN)));
    assert!(!report.sizing.iter().flat_map(|sizing| &sizing.flags).any(|flag| flag.text.contains(FOREIGN)));
    let next = report.findings.iter().flat_map(|finding| finding.next.iter().chain([&finding.statement]));
    let commands = next.filter_map(|next| next.values.get("command"));
    assert!(!commands.into_iter().any(|command| command.quantity.text(Language::En).contains(FOREIGN)));
    let shared = redact(&report, true).report;
    let carried = link::write(&shared, link::MAX_CHARS).text;
    assert!(link::read(&carried).is_ok(), "what is shared opens");
    let _ = (text::write(&report, Language::En, Some(80)), markdown::write(&report, Language::Ko, Back::default()), csv::write(&report));
    let _ = (html::write(&report, Language::En, &[], Back::default()), snippet::plain(&report, Language::Ko));
    for picture in [Picture::Card, Picture::Report, Picture::Timeline, Picture::Memory] {
        let _ = svg::write(&report, picture, &Style { back: Back { link: &carried, page: "" }, ..Style::plain(Language::En, 720) });
    }
}

fuzz_target!(|input: &[u8]| {
    let [form, which, rest @ ..] = input else { return };
    if *form >= 0xf0 {
        return tried(open::bytes(rest));
    }
    let [whole, tree] = &REPORTS[usize::from(*which) % REPORTS.len()];
    let mut changed = if form % 2 == 0 { whole.clone() } else { tree.clone() };
    let mut way = rest.iter().copied().peekable();
    let mut room = MOST_GROWTH;
    for _ in 0..MOST_CHANGES {
        if way.peek().is_none() {
            break;
        }
        change(&mut changed, &mut way, &mut room);
    }
    let json = || format!("{{\"report_version\":1,{}", changed.to_string().replacen("\"report_version\":1,", "", 1).trim_start_matches('{'));
    tried(match form % 8 {
        0 | 2 | 4 => open::text(&json()),
        6 => open::text(&format!("<!DOCTYPE html><meta content=\"oomscope 1\"><script type=\"application/json\" id=\"{}\">{}</script>", html::REPORT_ID, json())),
        1 | 3 => Some(link::read(&link::of_tree(&changed))),
        5 => open::text(&format!("<svg><metadata id=\"oomscope-report\">{}</metadata></svg>", link::of_tree(&changed))),
        _ => {
            let mut empty = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
            empty.extend([0; 17]);
            open::png(&png::with_link(&empty, &link::of_tree(&changed)))
        }
    });
});
