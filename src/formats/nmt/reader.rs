//! Follows the lines of a source and makes snapshots and events of them.

use super::line::{self, Prompt, Value, Values};
use super::names::{is_known, unified};
use super::snapshot::{Context, Open, Section};
use crate::formats::Reader;
use crate::formats::date::read_date;
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::{Line, Span, Wall};

/// Foreign lines that may stand inside a snapshot at a stretch; what comes later belongs to something else.
const MAX_GAP: u32 = 200;
/// A process id, a prompt or a date counts for a heading at most so many lines below it.
const NEAR: u32 = 4;

/// Reads NMT in one source.
#[derive(Debug, Default)]
pub struct NmtReader {
    open: Option<Open>,
    statistics: Option<Event>,
    pid: Option<Noted<u32>>,
    prompt: Option<Noted<NotedPrompt>>,
    date: Option<Noted<Wall>>,
    /// Line of an exception that answers a prompt, or of the last line of its stack trace.
    exception: Option<u32>,
}

/// Something on a line that may belong to what comes next.
#[derive(Clone, Debug)]
struct Noted<T> {
    value: T,
    span: Span,
}

impl<T> Noted<T> {
    fn is_near(&self, line: &Line<'_>) -> bool {
        line.since(self.span.line) <= NEAR
    }
}

#[derive(Clone, Debug)]
struct NotedPrompt {
    pid: Option<(u32, Span)>,
    kind: String,
}

impl Reader for NmtReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if let Some(open) = &mut self.open {
            open.provisional = None;
            if line.since(open.snapshot.last_line) > MAX_GAP {
                self.close(out);
            }
        }
        let expects = self.open.is_some()
            || self.statistics.is_some()
            || self.exception.is_some()
            || self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line));
        expects && self.read(line, out)
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.open.as_ref().is_some_and(|open| line.since(open.snapshot.last_line) > MAX_GAP) {
            self.close(out);
        }
        self.read(line, out)
    }

    fn finish(&mut self, out: &mut Readings) {
        if let Some(open) = &mut self.open
            && let Some(take_back) = open.provisional.take()
        {
            take_back(&mut open.snapshot.total);
        }
        self.close(out);
    }
}

impl NmtReader {
    /// True if something else than the question for a snapshot was read below a date, which is then the time of that.
    fn has_led_elsewhere(&self, date: &Noted<Wall>, out: &Readings) -> bool {
        let own = |line: u32| {
            self.prompt.as_ref().is_some_and(|prompt| prompt.span.line == line)
                || self.pid.as_ref().is_some_and(|pid| pid.span.line == line)
        };
        out.taken.is_some_and(|(source, line)| source == date.span.source && line > date.span.line && !own(line))
    }

    fn read(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = line.body.trim();
        if text.is_empty() {
            return false;
        }
        let first = text.as_bytes().first().copied().unwrap_or_default();
        if first.is_ascii_digit()
            && let Some(pid) = line::pid_line(text)
        {
            self.pid = Some(Noted { value: pid.value, span: line.span_of(pid.text) });
            return self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line));
        }
        self.date = self.date.take().filter(|date| !self.has_led_elsewhere(date, out));
        if let Some(wall) = date(line) {
            self.date = Some(Noted { value: wall, span: line.span() });
            return false;
        }
        if is_heading(text) {
            self.close(out);
            if text.starts_with("Native Memory Tracking S") {
                self.statistics = Some(self.event("nmt-statistics", line));
            } else {
                self.start(line);
            }
            out.keep(line);
            return true;
        }
        if let Some(kind) = answer(text) {
            self.close(out);
            let event = self.event(kind, line);
            out.events.push(event);
            out.keep(line);
            return true;
        }
        if let Some(prompt) = line::prompt(text).filter(|_| text.contains("VM.native_memory")) {
            self.close(out);
            self.note_prompt(line, prompt);
            return true;
        }
        if self.exception(line, text, out) {
            return true;
        }
        if let Some(statistics) = &mut self.statistics {
            let near = line.since(statistics.last_line) <= NEAR;
            if near && is_statistics(text) {
                statistics.last_line = line.number;
                return true;
            }
        }
        if is_total(text) {
            if self.open.as_ref().is_none_or(Open::has_content) {
                self.close(out);
                self.start(line);
            }
            out.keep(line);
            return self.with_open(line, |open| open.total(line, text, out));
        }
        if text.starts_with("(Omitting categories weighting less than ") {
            if self.open.as_ref().is_none_or(Open::has_content) {
                self.close(out);
                self.start(line);
            }
            return self.with_open(line, |open| {
                open.announced = true;
                true
            });
        }
        if first == b'['
            && let Some(entry) = line::map_entry(text)
        {
            if self.open.is_none() {
                self.start(line);
            }
            return self.with_open(line, |open| {
                open.is_detail = true;
                open.context = Context::Nothing;
                if open.section == Section::Summary {
                    open.section = Section::Map;
                }
                if open.section == Section::Map {
                    open.detail.region(line, &entry);
                }
                true
            });
        }
        if let Some(header) = category(text, self.open.is_some()) {
            if self.open.as_ref().is_none_or(|open| open.has_category(header.name) || open.section != Section::Summary)
            {
                self.close(out);
                self.start(line);
            }
            out.keep(line);
            return self.with_open(line, |open| open.category(line, text, &header, out));
        }
        self.with_open(line, |open| open.inner(line, text, out))
    }

    fn with_open(&mut self, line: &Line<'_>, read: impl FnOnce(&mut Open) -> bool) -> bool {
        let Some(open) = &mut self.open else { return false };
        let taken = read(open);
        if taken {
            open.snapshot.last_line = line.number;
        }
        taken
    }

    /// Opens a snapshot and gives it what stood right above.
    fn start(&mut self, line: &Line<'_>) {
        let mut open = Open::default();
        let snapshot = &mut open.snapshot;
        snapshot.source = line.source;
        snapshot.first_line = line.number;
        snapshot.last_line = line.number;
        let mut top = line.number;
        let prompt = self.prompt.take().filter(|prompt| prompt.is_near(line));
        let pid = self.pid.take().filter(|pid| pid.is_near(line));
        if let Some(prompt) = prompt {
            top = prompt.span.line;
            open.announced = true;
            open.is_diff = prompt.value.kind.ends_with(".diff");
            open.is_detail = prompt.value.kind.starts_with("detail");
            if let Some((pid, span)) = prompt.value.pid {
                snapshot.pid = Some(pid);
                snapshot.at.put("pid", span);
            }
        }
        if let Some(pid) = pid {
            top = top.min(pid.span.line);
            open.announced = true;
            snapshot.first_line = pid.span.line;
            snapshot.pid = Some(pid.value);
            snapshot.at.put("pid", pid.span);
        }
        let top = Line { number: top, ..*line };
        let above = self.date.take().filter(|date| date.is_near(&top)).map(|date| (date.value, date.span));
        let stamp = line.stamp.wall.filter(|wall| wall.year_known).map(|wall| (wall, line.span()));
        if let Some((wall, span)) = above.or(stamp) {
            match wall.zone_known {
                true => snapshot.time = Some(wall.micros),
                false => snapshot.local_time = Some(wall.micros),
            }
            snapshot.at.put("time", span);
        }
        self.open = Some(open);
    }

    fn close(&mut self, out: &mut Readings) {
        if let Some(statistics) = self.statistics.take() {
            out.events.push(statistics);
        }
        self.exception = None;
        if let Some(open) = self.open.take() {
            open.finish(out);
        }
    }

    fn note_prompt(&mut self, line: &Line<'_>, prompt: Prompt<'_>) {
        let pid = prompt.pid.map(|pid| (pid.value, line.span_of(pid.text)));
        self.prompt = Some(Noted { value: NotedPrompt { pid, kind: prompt.kind.to_owned() }, span: line.span() });
        self.pid = None;
    }

    /// Takes what only a `jcmd … VM.native_memory` right above makes an answer of NMT: an exception with its stack trace.
    fn exception(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        if let Some(last) = &mut self.exception {
            if line.since(*last) == 1 && text.starts_with("at ") {
                *last = line.number;
                if let Some(event) = out.events.last_mut() {
                    event.last_line = line.number;
                }
                return true;
            }
            self.exception = None;
        }
        let kind = if text.starts_with("java.lang.IllegalArgumentException: Unknown argument") {
            "nmt-unknown-argument"
        } else if text == "This option is deprecated and will be ignored." {
            "nmt-option-ignored"
        } else if text.starts_with("com.sun.tools.attach.") || text.starts_with("java.io.IOException: ") {
            "nmt-attach-failed"
        } else {
            return false;
        };
        if !self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line)) {
            return false;
        }
        let event = self.event(kind, line);
        out.events.push(event);
        out.keep(line);
        self.exception = Some(line.number).filter(|_| kind != "nmt-option-ignored");
        true
    }

    /// An answer that is no report, with the process it came from.
    fn event(&mut self, kind: &str, line: &Line<'_>) -> Event {
        let mut event = Event {
            kind: kind.to_owned(),
            source: line.source,
            first_line: line.number,
            last_line: line.number,
            ..Event::default()
        };
        let prompt = self.prompt.take().filter(|prompt| prompt.is_near(line));
        let pid = self.pid.take().filter(|pid| pid.is_near(line)).map(|pid| (pid.value, pid.span));
        if let Some((pid, span)) = pid.or(prompt.and_then(|prompt| prompt.value.pid)) {
            event.pid = Some(pid);
            event.at.put("pid", span);
        }
        let date = self.date.take().filter(|date| date.is_near(line)).map(|date| date.value);
        match date.or(line.stamp.wall.filter(|wall| wall.year_known)) {
            Some(wall) if wall.zone_known => event.time = Some(wall.micros),
            Some(wall) => event.local_time = Some(wall.micros),
            None => {}
        }
        event
    }
}

/// The first group of a category line.
#[derive(Debug)]
pub struct Header<'a> {
    pub(super) name: &'a str,
    pub(super) values: Values<'a>,
}

/// Reads `-   Java Heap (reserved=…, committed=…)`. Without its dash a line counts if the name is known, or if it
/// stands in a snapshot and nothing follows.
pub fn category(text: &str, in_snapshot: bool) -> Option<Header<'_>> {
    let mut groups = line::groups(text);
    let group = groups.next()?;
    if !group.inside.trim_start().starts_with("reserved=") {
        return None;
    }
    let (name, has_bullet) = line::without_bullet(group.before);
    if !line::is_name(name) {
        return None;
    }
    let mut values = line::values(group.inside, group.closed);
    values.list = values.list.into_iter().map(Value::without_open_end).collect();
    let whole = group.closed && values.get("committed").is_some();
    let whole = whole && values.list.iter().any(|value| value.size.is_some());
    let plausible = is_known(unified(name)) || (whole && has_bullet) || (whole && in_snapshot && text.ends_with(')'));
    (plausible && (whole || !group.closed)).then_some(Header { name, values })
}

/// True for `Total: reserved=…`.
pub fn is_total(text: &str) -> bool {
    text.strip_prefix("Total:")
        .and_then(|rest| rest.trim_start().strip_prefix("reserved="))
        .is_some_and(|amount| amount.starts_with(|c: char| c.is_ascii_digit()))
}

/// True for the lines that begin a report.
pub fn is_heading(text: &str) -> bool {
    text == "Native Memory Tracking:" || text == "Native Memory Tracking Statistics:"
}

/// A date alone on its line. The transport takes `Wed Mar  4 09:00:01` off `Wed Mar  4 09:00:01 UTC 2026` as if a log
/// had put it there, so the untouched line counts too.
pub fn date(line: &Line<'_>) -> Option<Wall> {
    let read = |text: &str| {
        let first = text.as_bytes().first()?;
        matches!(first, b'1'..=b'2' | b'M' | b'T' | b'W' | b'F' | b'S').then(|| read_date(text))?
    };
    read(line.body.trim()).or_else(|| read(line.raw.trim()))
}

/// The kind of event that an answer without report is.
pub fn answer(text: &str) -> Option<&'static str> {
    let text = text.trim_end_matches('.');
    Some(match text {
        "Baseline taken" | "Baseline succeeded" | "Successfully baselined" => "nmt-baseline",
        "No baseline for comparison" | "No baseline to compare, run 'baseline' command first" => "nmt-no-baseline",
        "No detail baseline for comparison" => "nmt-no-detail-baseline",
        "Detail tracking is not enabled" => "nmt-no-detail",
        "Native memory tracking is not enabled" => "nmt-not-enabled",
        _ if text.starts_with("Native memory tracking has been ") => "nmt-shut-down",
        _ if text.ends_with("PrintNMTStatistics is disabled, because native memory tracking is not enabled") => {
            "nmt-not-enabled"
        }
        _ => return None,
    })
}

pub(super) fn section(text: &str) -> Option<Section> {
    Some(match text {
        "Virtual memory map:" => Section::Map,
        "Details:" => Section::Sites,
        "Memory file details" => Section::Files,
        _ if text.starts_with("Memory map of ") => Section::Files,
        _ => return None,
    })
}

/// True for lines of `statistics`, and of `Preinit state` behind a summary in hs_err files.
pub(super) fn is_statistics(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "State: summary",
        "State: detail",
        "Malloc allocation site table",
        "Tracking stack depth: ",
        "Total entries: ",
        "Empty entries",
        "Hash distribution:",
        "Bucket chain length distribution:",
        "unused: ",
        "longest: ",
        "median: ",
        "most entries: ",
        "Call stack depth distribution:",
        "Preinit state:",
        "entries: ",
        "pre-init mallocs: ",
        "MallocLimit",
    ];
    if STARTS.iter().any(|start| text.starts_with(start)) {
        return true;
    }
    // `11 buckets are empty.`, ` 1   entry: 57.`, `10 entries: 1.`, `0: 0`
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == text.len() {
        return false;
    }
    let rest = rest.trim_start();
    let digits = |text: &str| {
        let text = text.trim().trim_end_matches('.');
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    rest.starts_with("buckets are empty")
        || ["entry:", "entries:", ":"].iter().any(|mark| rest.strip_prefix(mark).is_some_and(digits))
}
