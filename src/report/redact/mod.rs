//! What leaves the page: a report with nothing in it but figures and words of ours.
//!
//! What passes is decided by what a field is, not by what its text looks like. Numbers of typed fields pass, however long. A
//! kind, a rule, the name of a figure passes because the program knows it ([`super::known`]); a sentence is said anew from its
//! redacted values. Names of hosts, processes, threads, files, paths, and ids become pseudonyms that mean something only within
//! this report (`host-1`). Of an option its name stays, and a value that is a figure. Quoted lines and messages keep the words of
//! the dictionary and the digits that are explained ([`quoted`]). A field of text that a later version adds goes until it is
//! listed here.

mod figures;
mod quoted;
mod shapes;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use self::figures::{Figures, Place, place_of};
use self::quoted::Digits;
use super::adopt::{Told, adopt};
use super::{REDUCED, Report, derive, known, vocabulary};
use crate::analysis::jvm_threads::is_own_name;
use crate::analysis::statement::Statement;
use crate::analysis::verdict::Verdict;
use crate::formats::hs_err;
use crate::i18n;
use crate::json;
use crate::model::application::Application;
use crate::model::gc::GcEvent;
use crate::model::host::{HostReading, JPS};
use crate::model::jstat::{Cells, Columns};
use crate::model::oom::Event;
use crate::model::prose::SaidOf;
use crate::model::record::{Record, Records as _};
use crate::order::Gather as _;

/// What stands in for words that go.
const GONE: &str = "…";
/// What pseudonyms stand for.
const KINDS: [&str; 7] = ["column", "file", "host", "id", "process", "thread", "word"];
/// Replacements that are listed for a preview at most.
const MAX_LISTED: usize = 400;
/// Maps whose keys may be words of a text.
const MAPS: [&str; 8] = ["at", "counts", "figures", "memory", "sizes", "stats", "values", "words"];

/// A report as it may leave, and what was taken out.
#[derive(Clone, Debug)]
pub struct Redacted {
    /// The report.
    pub report: Report,
    /// How many pieces of text of each kind were taken out or replaced: `host`, `path`, `process`, `word`, …
    pub removed: BTreeMap<&'static str, u32>,
    /// What was replaced, the first of them, for the one who shares: it never travels.
    pub replaced: Vec<Replacement>,
}

/// One piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Its kind.
    pub kind: &'static str,
    /// What stood there.
    pub original: String,
    /// What stands there now; empty if nothing does.
    pub now: String,
}

/// Takes out of a report what is not known to be harmless. Lines that evidence quotes stay, redacted, only `with_lines`.
/// A report that cannot be taken apart, which no report of ours is, comes back empty.
pub fn redact(report: &Report, with_lines: bool) -> Redacted {
    let language = report.language;
    let original = report;
    let mut report = report.clone();
    // Who shares gives it a name anew.
    report.name = None;
    forget_conclusions(&mut report);
    // Long columns are no tree of values: they are redacted as they are.
    let columns: Vec<Columns> = report.jstat.iter_mut().map(|table| std::mem::take(&mut table.data)).collect();
    let events = std::mem::take(&mut report.gc_events);
    // Numbers and a word of ours.
    let settings = std::mem::take(&mut report.settings);
    let walls: Vec<_> = report.jstat.iter_mut().map(|table| std::mem::take(&mut table.wall)).collect();
    let mut value = json::tree(&report);
    let mut redactor = Redactor { with_lines, figures: Figures::of(&value, original), ..Redactor::default() };
    redactor.learn(original);
    redactor.value(&mut value, "", "");
    let mut report = Report::from_tree(&value).unwrap_or_default();
    for ((table, columns), wall) in report.jstat.iter_mut().zip(columns).zip(walls) {
        table.data = redactor.columns(columns);
        table.columns = table.data.0.iter().map(|column| column.name.clone()).collect();
        table.wall = wall;
    }
    report.gc_events = events.into_iter().map(|event| redactor.event(event)).collect();
    report.language = language;
    report.settings = settings;
    // Concluded again from what is left, as whoever opens it does.
    let excerpts = derive::excerpts(&report);
    let told = Told::of(&mut report);
    Redacted { report: adopt(report, excerpts, told), removed: redactor.removed, replaced: redactor.replaced }
}

/// Takes out what is concluded again from the redacted readings, so that it has no part in the numbers of pseudonyms. What a
/// report quotes stays, and what it says where its readings no longer tell it.
fn forget_conclusions(report: &mut Report) {
    if report.warnings.iter().any(|warning| warning.kind == REDUCED) {
        return;
    }
    for finding in report.findings.iter_mut().filter(|finding| !finding.rule.is_of_prose()) {
        finding.statement = Statement::default();
        finding.rivals.clear();
        finding.next.clear();
    }
    report.verdict = Verdict::default();
    report.headline = Statement::default();
    report.sizing = None;
    report.story.clear();
    report.runs.clear();
    report.segments.clear();
    report.gaps.clear();
}

#[derive(Default)]
struct Redactor {
    with_lines: bool,
    /// Numbers that the report carries anyway.
    figures: Figures,
    /// Ids that the report gives its runs.
    runs: BTreeSet<String>,
    /// Processes of the report.
    pids: BTreeSet<u32>,
    /// Pseudonyms by what they stand for.
    names: HashMap<String, String>,
    /// What errors said, and what of it is left.
    messages: HashMap<String, String>,
    /// Where the line stands that is quoted, or the record that says something.
    place: Option<Place>,
    counters: HashMap<&'static str, u32>,
    removed: BTreeMap<&'static str, u32>,
    replaced: Vec<Replacement>,
}

impl Redactor {
    /// Gives pseudonyms to the names that fields hold, so that sentences and lines use the same.
    fn learn(&mut self, report: &Report) {
        self.runs = (1_u32..).zip(&report.runs).map(|(number, _)| format!("run-{number}")).gathered();
        self.pids = report.runs.iter().filter_map(|run| run.pid).gathered();
        // A new kind of record says here what it names.
        for record in report.records() {
            match record {
                Record::Kill(kill) => {
                    for name in kill.victims.iter().map(|victim| &victim.name) {
                        self.process(name);
                    }
                    if let Some(host) = &kill.host {
                        self.pseudonym("host", host);
                    }
                    let processes = kill.processes.iter().map(|process| &process.name);
                    for name in processes.chain(kill.trigger.as_ref().map(|trigger| &trigger.name)) {
                        self.process(name);
                    }
                }
                Record::Event(Event { name, .. }) | Record::Host(HostReading { name, .. }) => {
                    if let Some(name) = name {
                        self.process(name);
                    }
                }
                Record::Error(error) => {
                    if let Some(thread) = &error.thread {
                        self.name("thread", thread);
                    }
                }
                Record::Jstat(_) | Record::Nmt(_) | Record::GcLog(_) => {}
            }
        }
        for error in &report.java_errors {
            let place = Some((u64::from(error.source), u64::from(error.first_line)));
            for said in [error.quoted(), error.message.clone()] {
                let left = self.message(&said, place);
                self.messages.insert(said, left);
            }
        }
        self.removed.clear();
        self.replaced.clear();
    }

    fn count(&mut self, kind: &'static str, original: &str, now: &str) {
        if original.is_empty() {
            return;
        }
        let count = self.removed.entry(kind).or_default();
        *count = count.saturating_add(1);
        let replacement = || Replacement { kind, original: original.to_owned(), now: now.to_owned() };
        if self.replaced.len() < MAX_LISTED && !self.replaced.iter().any(|known| known.original == original) {
            self.replaced.push(replacement());
        }
    }

    /// The same name for the same thing throughout the report.
    fn pseudonym(&mut self, kind: &'static str, original: &str) -> String {
        let kind = pseudonym_kind(original).unwrap_or(kind);
        let now = match self.names.get(original) {
            Some(known) => known.clone(),
            None => {
                let counter = self.counters.entry(kind).or_default();
                *counter = counter.saturating_add(1);
                let name = format!("{kind}-{counter}");
                self.names.insert(original.to_owned(), name.clone());
                name
            }
        };
        self.count(kind, original, &now);
        now
    }

    /// A name: itself if it is a word of the dictionary, else a pseudonym.
    fn name(&mut self, kind: &'static str, text: &str) -> String {
        if text.is_empty() || text == GONE || vocabulary::knows(text) || is_own_name(text) {
            return text.to_owned();
        }
        self.pseudonym(kind, text)
    }

    /// The name of a process, which may be its whole command.
    fn process(&mut self, text: &str) -> String {
        let program = text.split_ascii_whitespace().next().unwrap_or_default();
        let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
        if program != text && matches!(program, "java" | "jsvc") {
            self.count("command", text, program);
            return program.to_owned();
        }
        self.name("process", text)
    }

    fn columns(&mut self, mut columns: Columns) -> Columns {
        for column in &mut columns.0 {
            if !known::jstat_column(&column.name) {
                column.name = self.pseudonym("column", &column.name).as_str().into();
            }
            if let Cells::Text { texts, .. } = &mut column.cells {
                for text in texts {
                    *text = self.phrase(text);
                }
            }
        }
        columns
    }

    fn event(&mut self, mut event: GcEvent) -> GcEvent {
        event.name = self.phrase(&event.name);
        event.cause = event.cause.map(|cause| self.phrase(&cause));
        event.figures.retain(|name, _| known::figure(name));
        event
    }

    fn value(&mut self, value: &mut Value, key: &str, parent: &str) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::Array(items) => {
                if is_span(key, items) {
                    // Where in its line a value stands tells how long the words before it were.
                    for item in items.iter_mut().skip(2) {
                        *item = Value::from(0);
                    }
                    return;
                }
                for item in items {
                    self.value(item, key, parent);
                }
            }
            Value::Object(map) => self.object(map, key, parent),
            Value::String(text) => {
                let redacted = self.string(text, key, parent);
                *text = redacted;
            }
        }
    }

    fn object(&mut self, map: &mut Map<String, Value>, key: &str, parent: &str) {
        // A sentence may have a value, and the verdict has figures, that are called like one of the maps.
        if MAPS.contains(&key) && !matches!(parent, "values" | "verdict") {
            let names: Vec<String> = map.keys().filter(|name| !is_entry(name, key)).cloned().collect();
            for name in names {
                map.remove(&name);
                self.count("field", &name, "");
            }
        }
        if map.contains_key("excerpt") {
            self.place = place_of(map);
        } else if let Some(line) = map.get("first_line").and_then(Value::as_u64) {
            self.place = map.get("source").and_then(Value::as_u64).map(|source| (source, line));
        }
        for (name, value) in map.iter_mut() {
            self.value(value, name, key);
        }
    }

    /// A text by the field that it stands in, and by what that field belongs to.
    fn string(&mut self, text: &str, key: &str, parent: &str) -> String {
        match (parent, key) {
            (_, "excerpt") if self.with_lines => self.line(text, Digits::Explained(self.place)),
            (_, "excerpt") => {
                self.count("line", text, "");
                String::new()
            }
            ("flags", "text") | (_, "flags") => self.option(text),
            // Said anew.
            (_, "claim" | "title" | "text") => String::new(),
            ("values", _) => self.warning_value(text, key),
            ("words", _) => self.word_of_reading(text, key),
            // Types of their own.
            (_, "language" | "severity" | "scope" | "verdict" | "weakest" | "origin" | "role" | "outcome") => {
                text.to_owned()
            }
            ("events" | "host" | "java_errors" | "wall", "kind") => text.to_owned(),
            ("warnings", "kind") => self.known(text, known::warning),
            ("nmt", "kind") => self.known(text, known::nmt_kind),
            ("sites", "kind") => self.known(text, known::nmt_site),
            ("segments", "format") => self.known(text, known::segment),
            (_, "rule") => self.known(text, known::rule),
            (_, "collector") => self.known(text, known::collector),
            (_, "style") => self.known(text, known::gc_style),
            (_, "generation") => self.known(text, known::jdk_range),
            ("jstat", "option") => self.known(text, known::jstat_option),
            ("zones", "name") => self.known(text, known::zone),
            (_, "constraint") => self.known(text, known::constraint),
            (_, "process_columns") => self.known(text, known::process_column),
            (_, "page_size_reason") => self.known(text, known::page_size_reason),
            ("advice", "name") => self.known(text, |name| i18n::knows(&format!("sizing.advice.{name}"))),
            ("terms", "name") => self.known(text, |name| i18n::knows(&format!("sizing.term.{name}"))),
            (_, "term" | "key" | "reason" | "collector_reason" | "max_heap_reason") => self.known(text, i18n::knows),
            (_, "run" | "id") => {
                let is_own = text.is_empty() || self.runs.contains(text);
                self.known(text, |_| is_own)
            }
            (_, "host") => self.pseudonym("host", text),
            (_, "path" | "task_path" | "cpuset") => self.path(text),
            (_, "thread") => self.name("thread", text),
            // Folders are of the machine, and the name that a JVM gives is not.
            ("java_errors", "file") if shapes::is_default_file(file_name(text)) => file_name(text).to_owned(),
            (_, "file") => self.name("file", text),
            ("sources", "name") => self.name("file", text),
            ("categories" | "areas" | "regions" | "spaces", "name") | (_, "category" | "area") => self.category(text),
            ("slabs", "name") => self.name("word", text),
            (_, "name") => self.process(text),
            (_, "message") => self.message(text, self.place),
            (_, "jdk" | "kernel") => self.version(text),
            (_, "gfp_mask") => self.mask(text),
            (_, "frame" | "trace") => self.phrase(text),
            (_, "command") => self.line(text, Digits::Composed),
            ("command", "word") => self.line(text, Digits::Composed),
            ("jdk", "word") => self.version(text),
            (_, "word") => self.word_of_sentence(text),
            // Set from the data.
            ("jstat", "columns") => String::new(),
            _ => self.gone("word", text),
        }
    }

    /// A word of a closed vocabulary.
    fn known(&mut self, text: &str, knows: impl Fn(&str) -> bool) -> String {
        if text.is_empty() || knows(text) { text.to_owned() } else { self.gone("word", text) }
    }

    /// A name of several words, among them no digits but those of known words.
    fn phrase(&mut self, text: &str) -> String {
        if known::gc_cause(text) || vocabulary::knows(text) {
            return text.to_owned();
        }
        if let Some(name) = self.names.get(text).cloned() {
            self.count("thread", text, &name);
            return name;
        }
        self.line(text, Digits::Never)
    }

    fn category(&mut self, text: &str) -> String {
        if known::category(text) { text.to_owned() } else { self.name("word", text) }
    }

    /// What an error says. The same wherever it is said.
    fn message(&mut self, text: &str, place: Option<Place>) -> String {
        if vocabulary::knows(text) {
            return text.to_owned();
        }
        self.line(text, Digits::Explained(place))
    }

    fn word_of_sentence(&mut self, text: &str) -> String {
        if let Some(left) = self.messages.get(text).cloned() {
            return left;
        }
        if known::category(text) || shapes::is_quantity(text) {
            return text.to_owned();
        }
        if text.starts_with('/') {
            return self.path(text);
        }
        if text.starts_with('-') {
            return self.option(text);
        }
        if text.contains(char::is_whitespace) && !self.names.contains_key(text) {
            return self.line(text, Digits::Explained(None));
        }
        self.name("word", text)
    }

    /// A word of a reading of the host, by its name.
    fn word_of_reading(&mut self, text: &str, name: &str) -> String {
        let is_share = |text: &str| shapes::number(text).is_some_and(|n| n.decimals <= 2 && n.digits <= 10_000);
        match name {
            "collector" => self.known(text, known::collector),
            "jdk" | "kernel_release" => self.version(text),
            "vendor" => self.known(text, |text| matches!(text, "HotSpot" | "OpenJ9")),
            "platform" => self.known(text, hs_err::is_notable_platform),
            "machine" => {
                self.known(text, |text| matches!(text, "aarch64" | "armv7l" | "i686" | "ppc64le" | "s390x" | "x86_64"))
            }
            "version" => self.known(text, |text| matches!(text, "v1" | "v2")),
            "cgroup" => self.known(text, |text| matches!(text, "cgroupv1" | "cgroupv2")),
            "average" => self.known(text, |text| text == "since-boot"),
            "limit" => self.known(text, |text| text == "none"),
            "application" => self.known(text, |text| Application::of(text).is_some()),
            "states" => self.known(text, |text| SaidOf::ALL.iter().any(|of| of.name() == text)),
            "state" => self.known(text, |text| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_uppercase())),
            "from" => self.known(text, known::options_variable),
            "clock" => self.known(text, shapes::is_time),
            "oom_score_adj" => self.known(text, |text| {
                shapes::number(shapes::unsigned(text)).is_some_and(|n| n.decimals == 0 && n.digits <= 1000)
            }),
            "full_avg10" | "full_avg60" | "full_avg300" | "some_avg10" | "some_avg60" | "some_avg300" => {
                self.known(text, is_share)
            }
            "path" | "argument_file" => self.path(text),
            // The tool that lists the others.
            "main" if text == JPS => text.to_owned(),
            _ => self.name("word", text),
        }
    }

    /// What fills the sentence of a warning, by its name.
    fn warning_value(&mut self, text: &str, name: &str) -> String {
        let is_figure = |text: &str| {
            text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
                || text.parse::<u64>().is_ok_and(|number| number.to_string() == text)
        };
        let is_count = |text: &str| is_figure(text) && text.len() <= 8;
        let of_table = |text: &str| {
            let command = |word: &str| {
                matches!(word, "jstat" | "ps" | "aux" | "free" | "-ef" | "-m" | "-h")
                    || word.strip_prefix('-').is_some_and(known::jstat_option)
            };
            let mut words = text.split_ascii_whitespace();
            words.all(|word| known::process_column(word) || command(word) || vocabulary::knows(word))
        };
        match name {
            "expected" | "found" | "first" | "last" | "missing" | "micros" | "year" | "page_size" | "bytes"
            | "dropped" | "kept" => self.known(text, is_figure),
            "of" => self.known(text, |text| {
                is_count(text) || known::figure(text) || known::field(text) || known::category(text)
            }),
            "format" => self.known(text, known::segment),
            "what" => {
                self.known(text, |text| known::segment(text) || matches!(text, "NMT detail" | "events" | "gc-logs"))
            }
            "layout" | "command" => self.known(text, |text| text == "verbose:gc (OpenJ9)" || of_table(text)),
            "place" => {
                let (file, line) = text.rsplit_once(':').unwrap_or(("", text));
                let line = self.known(line, is_figure);
                if file.is_empty() { line } else { format!("{}:{line}", self.name("file", file)) }
            }
            "column"
                if known::jstat_column(text)
                    || known::figure(text)
                    || known::field(text)
                    || known::process_column(text) =>
            {
                text.to_owned()
            }
            "column" => self.name("column", text),
            _ => self.gone("word", text),
        }
    }

    /// `17.0.9+9-LTS`, `5.15.0-91-generic`, `11+`: a number with points, one more, and words that are known.
    fn version(&mut self, text: &str) -> String {
        let known = shapes::version(text, vocabulary::knows).join("-");
        if known == text || known::jdk_range(text) || text == GONE {
            return text.to_owned();
        }
        let now = if known.is_empty() { GONE.to_owned() } else { format!("{known}-{GONE}") };
        if now != text {
            self.count("version", text, &now);
        }
        now
    }

    /// `0xcc0(GFP_KERNEL)`: bits, and their names.
    fn mask(&mut self, text: &str) -> String {
        let (bits, names) = text.split_once('(').unwrap_or((text, ")"));
        let hex = bits.strip_prefix("0x").unwrap_or_default();
        let is_mask = matches!(hex.len(), 1..=8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let names = names.strip_suffix(')').unwrap_or("?");
        let is_name = |name: &str| {
            name.is_empty()
                || name.contains("GFP_")
                    && name.bytes().all(|b| b == b'_' || b.is_ascii_uppercase())
                    && name.len() <= 24
        };
        if is_mask && names.split('|').all(is_name) { text.to_owned() } else { self.gone("word", text) }
    }

    /// A control group: what software made it stays, ids and names go.
    fn path(&mut self, text: &str) -> String {
        let segment = |redactor: &mut Redactor, segment: &str| -> String {
            let head = segment
                .split_once('-')
                .filter(|(head, _)| pseudonym_kind(segment).is_none() && vocabulary::knows(head));
            match head {
                Some((head, rest)) => format!("{head}-{}", redactor.name("id", rest)),
                None => redactor.name("id", segment),
            }
        };
        let parts: Vec<String> = text.split('/').map(|part| segment(self, part)).collect();
        parts.join("/")
    }

    /// An option of a JVM: its name if it is known, its value if it is a figure or a word that options take.
    fn option(&mut self, text: &str) -> String {
        if vocabulary::knows(text) {
            return text.to_owned();
        }
        let sized =
            ["-Xmx", "-Xms", "-Xmn", "-Xss"].into_iter().find_map(|name| Some((name, text.strip_prefix(name)?)));
        if let Some((name, value)) = sized {
            return if shapes::is_option_value(value) {
                text.to_owned()
            } else {
                self.gone_to("option", text, format!("{name}{GONE}"))
            };
        }
        // That a log is written stays; where to does not.
        let logs = ["-Xlog:gc", "-Xloggc:", "-Xverbosegclog:"].into_iter().find(|name| text.starts_with(name));
        if let Some(name) = logs {
            return self.gone_to("option", text, format!("{name}{GONE}"));
        }
        if let Some(count) = text
            .strip_prefix("MALLOC_ARENA_MAX=")
            .filter(|count| shapes::number(count).is_some_and(|n| n.digits <= 1024))
        {
            return format!("MALLOC_ARENA_MAX={count}");
        }
        let Some(rest) = text.strip_prefix("-XX:") else { return self.gone("option", text) };
        let (name, value) = rest.split_once('=').map_or((rest, None), |(name, value)| (name, Some(value)));
        let bare = name.strip_prefix(['+', '-']).unwrap_or(name);
        if !known::option(bare) {
            return self.gone("option", text);
        }
        let is_word = |value: &str| matches!(value, "summary" | "detail" | "off" | "none" | "true" | "false");
        let passes = |value: &str| !known::option_of_text(bare) && (shapes::is_option_value(value) || is_word(value));
        match value {
            Some(value) if bare != name || !passes(value) => self.gone_to("option", text, format!("-XX:{name}={GONE}")),
            _ => text.to_owned(),
        }
    }

    fn gone(&mut self, kind: &'static str, text: &str) -> String {
        self.gone_to(kind, text, GONE.to_owned())
    }

    fn gone_to(&mut self, kind: &'static str, text: &str, now: String) -> String {
        if now != text {
            self.count(kind, text, &now);
        }
        now
    }
}

/// A path without its folders.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The kind of a pseudonym of ours, which stands in a report that is redacted once more; it gets one of that kind again.
fn pseudonym_kind(text: &str) -> Option<&'static str> {
    let (kind, number) = text.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    KINDS.into_iter().find(|known| is_number && *known == kind)
}

/// True for a name that may stand in one of the maps.
fn is_entry(name: &str, map: &str) -> bool {
    match map {
        // Of a sentence, the names of its placeholders.
        "values" => i18n::is_placeholder(name),
        "at" => {
            let figure = name.strip_prefix("stats.").or_else(|| name.strip_prefix("memory.")).unwrap_or(name);
            known::figure(figure) || known::field(name)
        }
        _ => known::figure(name),
    }
}

/// `[source, line, start, end]`.
fn is_span(key: &str, items: &[Value]) -> bool {
    let numbers = items.len() == 4 && items.iter().all(Value::is_u64);
    numbers && !matches!(key, "lowmem_reserve" | "free_blocks" | "lines" | "restarts" | "kept")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        Redactor::default().line(text, Digits::Explained(None))
    }

    #[test]
    fn a_line_keeps_what_is_known() {
        assert_eq!(
            line("Total: reserved=2082907KB +15KB, committed=448079KB +79KB"),
            "Total: reserved=2082907KB +15KB, committed=448079KB +79KB"
        );
        assert_eq!(line("connect to 10.0.0.1:5432 as alice@db.example.com failed"), "… to … failed");
        assert_eq!(line("2022-11-23T07:35:42.203997Z kernel"), "2022-11-23T07:35:42.203997Z kernel");
        assert_eq!(line("4111111111111111 010-1234-5678 00:1a:2b:3c:4d:5e 123-45-6789"), "…");
        assert_eq!(line("비밀 고객 java"), "… java");
    }

    #[test]
    fn an_option_keeps_its_name_and_a_number() {
        let mut redactor = Redactor::default();
        let mut option = |text: &str| redactor.option(text);
        assert_eq!(option("-Xmx512m"), "-Xmx512m");
        assert_eq!(option("-XX:MaxMetaspaceSize=96m"), "-XX:MaxMetaspaceSize=96m");
        assert_eq!(option("-XX:HeapDumpPath=/home/alice/dumps"), "-XX:HeapDumpPath=…");
        assert_eq!(option("-XX:+UseG1GC"), "-XX:+UseG1GC");
        assert_eq!(option("-javaagent:/opt/acme/agent.jar=token=abc"), "…");
        assert_eq!(option("-XX:+AcmeSecret"), "…");
    }

    #[test]
    fn a_version_keeps_its_numbers_and_known_words() {
        let mut redactor = Redactor::default();
        let mut version = |text: &str| redactor.version(text);
        assert_eq!(version("17.0.9+9-LTS"), "17.0.9+9-LTS");
        assert_eq!(version("5.15.0-91-generic"), "5.15.0-91-generic");
        assert_eq!(version("11+"), "11+");
        assert_eq!(version("17-21"), "17-21");
        assert_eq!(version("6.1.0-18-acme-build"), "6.1.0-18-…");
        assert_eq!(version("17.0.9+9-10.12.33.44"), "17.0.9+9-…");
    }

    #[test]
    fn a_control_group_keeps_what_made_it() {
        let mut redactor = Redactor::default();
        assert_eq!(redactor.path("/kubepods/burstable/pod3f6c1a52/8d1f0c5e7a4b"), "/kubepods/burstable/id-1/id-2");
    }
}
