//! Follows the lines of a source and makes snapshots and events of them.

use super::jfr;
use super::landmarks::{
    Section, answer, category, date, ends_text, is_elided_total, is_heading, is_statistics, is_total, loose_part,
};
use super::line::{self, Prompt};
use super::snapshot::{Context, Open};
use crate::formats::Reader;
use crate::formats::apart;
use crate::model::kind::EventKind;
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::{Line, Span, Stamp, Wall};

/// Reads NMT in one source.
#[derive(Debug, Default)]
pub struct NmtReader {
    open: Option<Open>,
    statistics: Option<Event>,
    pid: Option<Noted<u32>>,
    prompt: Option<Noted<NotedPrompt>>,
    date: Option<Noted<Wall>>,
    /// Index of the event of an exception that answers a prompt, and the last line of its stack trace.
    exception: Option<(usize, u32)>,
    /// The last blank line.
    blank: u32,
    /// The title of a view of a recording, and whether it is the one of committed memory.
    view: Option<(bool, u32)>,
}

/// Something on a line that may belong to what comes next.
#[derive(Clone, Debug)]
struct Noted<T> {
    value: T,
    span: Span,
}

impl<T> Noted<T> {
    fn is_near(&self, line: &Line<'_>) -> bool {
        line.since(self.span.line) <= apart::INSIDE
    }
}

#[derive(Clone, Debug)]
struct NotedPrompt {
    pid: Option<(u32, Span)>,
    kind: String,
}

impl Reader for NmtReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if line.body.trim().is_empty() {
            self.blank = line.number;
        }
        if let Some(open) = &mut self.open {
            open.provisional = None;
            let far = line.since(open.snapshot.last_line) > apart::IN_A_REPORT;
            if far || open.has_content() && ends_text(line, line.since(self.blank) == 1, open.is_stamped) {
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
        if self.open.as_ref().is_some_and(|open| line.since(open.snapshot.last_line) > apart::IN_A_REPORT) {
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
    fn has_led_elsewhere(&self, date: &Noted<Wall>, line: &Line<'_>) -> bool {
        let own = |line: u32| {
            self.prompt.as_ref().is_some_and(|prompt| prompt.span.line == line)
                || self.pid.as_ref().is_some_and(|pid| pid.span.line == line)
        };
        line.around.taken.is_some_and(|line| line > date.span.line && !own(line))
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
        self.date = self.date.take().filter(|date| !self.has_led_elsewhere(date, line));
        if let Some(wall) = date(line) {
            self.date = Some(Noted { value: wall, span: line.span() });
            return false;
        }
        if let Some(taken) = self.recording(line, text, out) {
            return taken;
        }
        if is_heading(text) {
            self.close(out);
            if text.starts_with("Native Memory Tracking S") {
                self.statistics = Some(self.event(EventKind::NmtStatistics, line));
            } else {
                self.start(line, out);
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
            let near = line.since(statistics.last_line) <= apart::INSIDE;
            if near && is_statistics(text) {
                statistics.last_line = line.number;
                return true;
            }
        }
        if is_total(text) {
            if self.open.as_ref().is_none_or(Open::has_content) {
                self.start(line, out);
            }
            out.keep(line);
            return self.with_open(line, |open| open.total(line, text, out));
        }
        if is_elided_total(text) {
            self.start(line, out);
            return self.with_open(line, |open| {
                open.context = Context::Total;
                true
            });
        }
        if text.starts_with("(Omitting categories weighting less than ") {
            if self.open.as_ref().is_none_or(Open::has_content) {
                self.start(line, out);
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
                self.start(line, out);
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
                self.start(line, out);
            }
            out.keep(line);
            return self.with_open(line, |open| open.category(line, text, &header, out));
        }
        if let Some(part) = loose_part(text) {
            let asked = self.open.is_none() && self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line));
            if asked {
                self.start(line, out);
            }
            if asked || self.open.as_ref().is_some_and(|open| open.is_loose) {
                return self.with_open(line, |open| open.loose(line, part, text, out));
            }
        }
        self.with_open(line, |open| open.inner(line, text, out))
    }

    /// Takes a view of a flight recording. `None` for every other line.
    fn recording(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> Option<bool> {
        if let Some(is_committed) = jfr::title(text) {
            self.close(out);
            self.view = Some((is_committed, line.number));
            return Some(is_committed);
        }
        if jfr::is_header(text) {
            let (is_committed, at) = self.view.take()?;
            if !is_committed || line.since(at) > apart::INSIDE {
                return Some(false);
            }
            self.start(line, out);
            out.keep(line);
            return Some(self.with_open(line, |open| {
                open.is_recorded = true;
                open.is_diff = true;
                true
            }));
        }
        if !self.open.as_ref().is_some_and(|open| open.is_recorded) {
            return None;
        }
        if jfr::is_rule(text) {
            return Some(self.with_open(line, |_| true));
        }
        let row = jfr::row(text)?;
        out.keep(line);
        Some(self.with_open(line, |open| open.recorded(line, &row)))
    }

    fn with_open(&mut self, line: &Line<'_>, read: impl FnOnce(&mut Open) -> bool) -> bool {
        let Some(open) = &mut self.open else { return false };
        let taken = read(open);
        if taken {
            open.is_stamped = line.stamp != Stamp::default();
            open.snapshot.last_line = line.number;
        }
        taken
    }

    /// Opens a snapshot and gives it what stood right above.
    fn start(&mut self, line: &Line<'_>, out: &mut Readings) {
        self.close(out);
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
            (snapshot.time, snapshot.local_time) = wall.split();
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
        if let Some((at, last)) = &mut self.exception {
            if line.since(*last) == 1 && text.starts_with("at ") {
                *last = line.number;
                if let Some(event) = out.events.get_mut(*at) {
                    event.last_line = line.number;
                }
                return true;
            }
            self.exception = None;
        }
        let kind = if text.starts_with("java.lang.IllegalArgumentException: Unknown argument") {
            EventKind::NmtUnknownArgument
        } else if text == "This option is deprecated and will be ignored." {
            EventKind::NmtOptionIgnored
        } else if text.starts_with("com.sun.tools.attach.") || text.starts_with("java.io.IOException: ") {
            EventKind::NmtAttachFailed
        } else {
            return false;
        };
        if !self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line)) {
            return false;
        }
        let event = self.event(kind, line);
        self.exception = (kind != EventKind::NmtOptionIgnored).then_some((out.events.len(), line.number));
        out.events.push(event);
        out.keep(line);
        true
    }

    /// An answer that is no report, with the process it came from.
    fn event(&mut self, kind: EventKind, line: &Line<'_>) -> Event {
        let mut event = Event::on(line, kind);
        let prompt = self.prompt.take().filter(|prompt| prompt.is_near(line));
        let pid = self.pid.take().filter(|pid| pid.is_near(line)).map(|pid| (pid.value, pid.span));
        if let Some((pid, span)) = pid.or(prompt.and_then(|prompt| prompt.value.pid)) {
            event.pid = Some(pid);
            event.at.put("pid", span);
        }
        let date = self.date.take().filter(|date| date.is_near(line)).map(|date| date.value);
        if let Some(wall) = date.or(line.stamp.wall.filter(|wall| wall.year_known)) {
            (event.time, event.local_time) = wall.split();
        }
        event
    }
}
