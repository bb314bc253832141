//! Follows the lines of a source and makes snapshots and events of them.

use std::collections::BTreeSet;

use super::check::check;
use super::detail::Detail;
use super::line::{self, Group, Part, Prompt, Value, Values};
use super::names::{Trait, is_known, jdk_of, unified};
use crate::formats::Reader;
use crate::formats::date::read_date;
use crate::model::nmt::{NmtCategory, NmtSnapshot, NmtSpace, NmtTotal};
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::{Line, Places, Span, Wall};
use crate::units::{Bytes, SignedBytes};
use crate::warning::{Warning, WarningKind, WarningSink};

/// Foreign lines that may stand inside a snapshot at a stretch; what comes later belongs to something else.
const MAX_GAP: u32 = 200;
/// A process id, a prompt or a date counts for a heading at most so many lines below it.
const NEAR: u32 = 4;
/// Categories of one snapshot; a JDK has about thirty.
const MAX_CATEGORIES: usize = 200;

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
    fn is_near(&self, line: u32) -> bool {
        line.saturating_sub(self.span.line) <= NEAR
    }
}

#[derive(Clone, Debug)]
struct NotedPrompt {
    pid: Option<(u32, Span)>,
    kind: String,
}

#[derive(Debug, Default)]
struct Open {
    snapshot: NmtSnapshot,
    detail: Detail,
    section: Section,
    context: Context,
    traits: BTreeSet<Trait>,
    is_diff: bool,
    is_detail: bool,
    /// True if more than a heading says that there is a snapshot: a process id, a prompt, a scale.
    announced: bool,
    /// Takes back a number without unit at the end of the last line, should the source end there: it may be cut.
    provisional: Option<fn(&mut NmtTotal)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Summary,
    Map,
    Files,
    Sites,
}

/// What a line in parentheses belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Context {
    #[default]
    Nothing,
    Total,
    Category,
    Space,
}

impl Reader for NmtReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if let Some(open) = &mut self.open {
            open.provisional = None;
            if line.number.saturating_sub(open.snapshot.last_line) > MAX_GAP {
                self.close(out);
            }
        }
        let expects = self.open.is_some()
            || self.statistics.is_some()
            || self.exception.is_some()
            || self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line.number));
        expects && self.read(line, out)
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.open.as_ref().is_some_and(|open| line.number.saturating_sub(open.snapshot.last_line) > MAX_GAP) {
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
            return self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line.number));
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
            let near = line.number.saturating_sub(statistics.last_line) <= NEAR;
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
        let prompt = self.prompt.take().filter(|prompt| prompt.is_near(line.number));
        let pid = self.pid.take().filter(|pid| pid.is_near(line.number));
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
        let above = self.date.take().filter(|date| date.is_near(top)).map(|date| (date.value, date.span));
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
            if line.number.saturating_sub(*last) == 1 && text.starts_with("at ") {
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
        if !self.prompt.as_ref().is_some_and(|prompt| prompt.is_near(line.number)) {
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
        let prompt = self.prompt.take().filter(|prompt| prompt.is_near(line.number));
        let pid = self.pid.take().filter(|pid| pid.is_near(line.number)).map(|pid| (pid.value, pid.span));
        if let Some((pid, span)) = pid.or(prompt.and_then(|prompt| prompt.value.pid)) {
            event.pid = Some(pid);
            event.at.put("pid", span);
        }
        let date = self.date.take().filter(|date| date.is_near(line.number)).map(|date| date.value);
        match date.or(line.stamp.wall.filter(|wall| wall.year_known)) {
            Some(wall) if wall.zone_known => event.time = Some(wall.micros),
            Some(wall) => event.local_time = Some(wall.micros),
            None => {}
        }
        event
    }
}

impl Open {
    fn has_content(&self) -> bool {
        let total = &self.snapshot.total;
        total.reserved.is_some()
            || total.committed.is_some()
            || !self.snapshot.categories.is_empty()
            || self.is_in_detail()
    }

    fn is_in_detail(&self) -> bool {
        self.section != Section::Summary
    }

    fn has_category(&self, name: &str) -> bool {
        let name = unified(name);
        self.snapshot.categories.iter().any(|category| category.name == name)
    }

    fn total(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        let rest = text.split_once(':').map_or("", |(_, rest)| rest);
        self.context = Context::Total;
        let mut values = line::values(rest, false);
        if values.get("committed").is_none() {
            // The line is cut, and perhaps inside of the number.
            values.list = values.list.into_iter().map(Value::without_open_end).collect();
        }
        for mut value in values.list {
            let is_reserved = match value.key {
                "reserved" => true,
                "committed" => false,
                _ => continue,
            };
            self.note_scale(&value);
            self.is_diff |= value.size_delta.is_some();
            let take_back: fn(&mut NmtTotal) = match (is_reserved, value.size_delta.is_some()) {
                (true, true) => |total| total.reserved_delta = None,
                (true, false) => |total| total.reserved = None,
                (false, true) => |total| total.committed_delta = None,
                (false, false) => |total| total.committed = None,
            };
            self.provisional = self.settle(&mut value, take_back);
            let total = &mut self.snapshot.total;
            let mut put = Put { line, at: &mut total.at, out };
            if is_reserved {
                put.size("reserved", &mut total.reserved, &value);
                put.change("reserved_delta", &mut total.reserved_delta, value.size_delta);
            } else {
                put.size("committed", &mut total.committed, &value);
                put.change("committed_delta", &mut total.committed_delta, value.size_delta);
            }
        }
        true
    }

    /// A number without unit at the end of a line counts in a report in bytes, as long as something follows; in any
    /// other report it is cut.
    fn settle(&self, value: &mut Value<'_>, take_back: fn(&mut NmtTotal)) -> Option<fn(&mut NmtTotal)> {
        if !value.open_ended {
            return None;
        }
        if self.snapshot.scale == Bytes(1) {
            return Some(take_back);
        }
        *value = value.clone().without_open_end();
        None
    }

    fn note_scale(&mut self, value: &Value<'_>) {
        if self.snapshot.scale == Bytes(0) && value.unit > 0 {
            self.snapshot.scale = Bytes(value.unit);
        }
    }

    /// `malloc:` and `mmap:` under the total, `malloc=` in diffs of newer JDKs.
    fn under_total(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        if let Some(rest) = text.strip_prefix("malloc") {
            self.traits.insert(if rest.starts_with('=') { Trait::TotalMallocOfDiff } else { Trait::TotalMalloc });
            self.is_diff |= rest.starts_with('=');
            let Some(rest) = rest.strip_prefix([':', '=']) else { return false };
            let mut values = line::values(rest, false);
            self.note_peak(&values);
            let Some(value) = values.list.first_mut() else { return false };
            // Only the amount is kept, and a count behind it shows that it is whole.
            self.provisional = match value.count {
                Some(_) => None,
                None => self.settle(value, |total| total.malloc = None),
            };
            let total = &mut self.snapshot.total;
            let mut put = Put { line, at: &mut total.at, out };
            put.size("malloc", &mut total.malloc, value);
            self.is_diff |= value.size_delta.is_some();
            return true;
        }
        let Some(rest) = text.strip_prefix("mmap:") else { return false };
        let mut values = line::values(rest, false);
        for value in &mut values.list {
            let (take_back, name): (fn(&mut NmtTotal), _) = match value.key {
                "reserved" => (|total| total.mmap_reserved = None, "mmap_reserved"),
                "committed" => (|total| total.mmap_committed = None, "mmap_committed"),
                _ => continue,
            };
            let open_delta = value.open_ended && value.size_delta.is_some();
            self.provisional = if open_delta { None } else { self.settle(value, take_back) };
            let total = &mut self.snapshot.total;
            let slot = if name == "mmap_reserved" { &mut total.mmap_reserved } else { &mut total.mmap_committed };
            Put { line, at: &mut total.at, out }.size(name, slot, value);
            self.is_diff |= value.size_delta.is_some();
        }
        true
    }

    fn category(&mut self, line: &Line<'_>, text: &str, header: &Header<'_>, out: &mut Readings) -> bool {
        self.context = Context::Category;
        if self.snapshot.categories.len() >= MAX_CATEGORIES {
            self.context = Context::Nothing;
            return true;
        }
        self.traits.extend(Trait::of_name(header.name));
        let mut category =
            NmtCategory { name: unified(header.name).to_owned(), line: line.number, ..NmtCategory::default() };
        category.at.put("name", line.span_of(header.name));
        let mut put = Put { line, at: &mut category.at, out };
        for value in &header.values.list {
            match value.key {
                "reserved" => {
                    put.size("reserved", &mut category.reserved, value);
                    put.change("reserved_delta", &mut category.reserved_delta, value.size_delta);
                }
                "committed" => {
                    put.size("committed", &mut category.committed, value);
                    put.change("committed_delta", &mut category.committed_delta, value.size_delta);
                }
                "readonly" => {
                    self.traits.insert(Trait::ReadOnly);
                }
                _ => {}
            }
        }
        if let Some(value) = header.values.list.first() {
            self.note_scale(value);
        }
        self.is_diff |= header.values.list.iter().any(|value| value.size_delta.is_some());
        self.snapshot.categories.push(category);
        // Flattened pastes carry the parts on the same line.
        for group in line::groups(text).skip(1) {
            if !self.group(line, &group, out) {
                break;
            }
        }
        true
    }

    /// A line inside a snapshot that is neither total nor category.
    fn inner(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        if let Some(section) = section(text) {
            self.section = section;
            self.is_detail = true;
            self.context = Context::Nothing;
            return true;
        }
        if text.starts_with('[')
            && let Some(symbol) = line::frame(text)
        {
            // Diffs of call sites follow the summary without a heading.
            if self.section == Section::Summary {
                self.section = Section::Sites;
                self.is_detail = true;
                self.context = Context::Nothing;
            }
            if self.section == Section::Sites {
                self.detail.frame(symbol);
            }
            return true;
        }
        if self.context == Context::Total && self.under_total(line, text, out) {
            return true;
        }
        if self.is_in_detail() {
            if text.starts_with('(') && text.contains(" call sites weighting less than ") {
                return true;
            }
            // 7u40: `from [Thread::record_stack_base_and_size()+0xca]`.
            if self.section == Section::Map && text.starts_with("from [") {
                return true;
            }
            if self.section == Section::Files && text.starts_with("[0x") {
                return true;
            }
            return self.section == Section::Sites && self.site(line, text);
        }
        if is_statistics(text) && (text.starts_with("Preinit state:") || self.context == Context::Nothing) {
            self.context = Context::Nothing;
            return true;
        }
        let mut taken = false;
        for group in line::groups(text) {
            if !self.group(line, &group, out) {
                break;
            }
            taken = true;
        }
        taken
    }

    fn site(&mut self, line: &Line<'_>, text: &str) -> bool {
        let Some(group) = line::groups(text).next().filter(|group| group.before.trim().is_empty()) else {
            return false;
        };
        let inside = group.inside.trim_start();
        let inside = inside.strip_prefix("mmap:").unwrap_or(inside);
        let mut values = line::values(inside, group.closed);
        values.list = values.list.into_iter().map(Value::without_open_end).collect();
        self.is_diff |= values.list.iter().any(|value| value.size_delta.is_some() || value.count_delta.is_some());
        self.detail.site(line, &values).is_some()
    }

    /// Reads a group in parentheses that belongs to a category or to a block inside it. False if it does not.
    fn group(&mut self, line: &Line<'_>, group: &Group<'_>, out: &mut Readings) -> bool {
        let before = group.before.trim();
        if !before.is_empty() && before != ":" {
            return false;
        }
        let inside = group.inside.trim();
        let name = inside.trim_end_matches(':').trim_end();
        if matches!(name, "Metadata" | "Class space") && group.closed {
            return self.space_heading(line, inside, name, before);
        }
        let label = inside.split_once(':').map_or("", |(label, _)| label);
        let (label, inside) = match label {
            "mmap" | "stack" => (label, inside.get(label.len() + 1..).unwrap_or_default()),
            _ => ("", inside),
        };
        let mut values = line::values(inside, group.closed);
        values.list = values.list.into_iter().map(Value::without_open_end).collect();
        let Some(key) = values.list.first().map(|value| value.key) else {
            if values.at_peak {
                self.at_peak(line, group.inside);
            }
            return values.at_peak;
        };
        let is_space = label.is_empty() && matches!(key, "reserved" | "used" | "free" | "waste");
        let taken = match self.context {
            Context::Space if is_space => self.space_values(line, &values, out),
            Context::Category | Context::Space if !is_space => self.category_values(line, label, &values, inside, out),
            // The line that said whose part this is has been lost.
            Context::Nothing | Context::Total | Context::Category | Context::Space => {
                is_space
                    || !label.is_empty()
                    || matches!(key, "malloc" | "arena" | "peak" | "tracking overhead" | "overhead" | "classes")
                    || key.ends_with(" classes")
                    || key.starts_with("thread")
            }
        };
        if taken {
            self.is_diff |= values.list.iter().any(|value| value.size_delta.is_some() || value.count_delta.is_some());
        }
        taken
    }

    fn note_peak(&mut self, values: &Values<'_>) {
        if values.at_peak || values.get("peak").is_some() {
            self.traits.insert(Trait::Peak);
        }
    }

    fn space_heading(&mut self, line: &Line<'_>, inside: &str, name: &str, before: &str) -> bool {
        let Some(category) = self.snapshot.categories.last_mut() else { return false };
        if self.context == Context::Nothing || category.spaces.len() >= 2 {
            return false;
        }
        self.traits.insert(Trait::MetadataBlock);
        if before == ":" {
            self.traits.insert(Trait::StrayColon);
        }
        self.is_diff |= !inside.ends_with(':');
        let mut space = NmtSpace { name: name.to_owned(), line: line.number, ..NmtSpace::default() };
        space.at.put("name", line.span_of(name));
        category.spaces.push(space);
        self.context = Context::Space;
        true
    }

    fn space_values(&mut self, line: &Line<'_>, values: &Values<'_>, out: &mut Readings) -> bool {
        let Some(space) = self.snapshot.categories.last_mut().and_then(|category| category.spaces.last_mut()) else {
            return false;
        };
        for value in &values.list {
            let (name, slot) = match value.key {
                "reserved" => ("reserved", &mut space.reserved),
                "committed" => ("committed", &mut space.committed),
                "used" => ("used", &mut space.used),
                "free" => ("free", &mut space.free),
                "waste" => ("waste", &mut space.waste),
                _ => continue,
            };
            if name == "free" {
                self.traits.insert(Trait::MetadataFree);
            } else if name == "waste" && !self.traits.contains(&Trait::MetadataFree) {
                self.traits.insert(Trait::MetadataWithoutFree);
            }
            Put { line, at: &mut space.at, out }.size(name, slot, value);
        }
        true
    }

    fn category_values(
        &mut self,
        line: &Line<'_>,
        label: &str,
        values: &Values<'_>,
        inside: &str,
        out: &mut Readings,
    ) -> bool {
        self.note_traits(label, values, inside);
        let Some(category) = self.snapshot.categories.last_mut() else { return false };
        let part = category.last_part(line.number);
        let c = category;
        let mut put = Put { line, at: &mut c.at, out };
        // A second part of the same kind: the line of its category is missing, and so is the owner of what follows.
        let is_lost = match (label, values.list.first().map(|value| value.key)) {
            ("mmap", _) => c.mmap_reserved.is_some(),
            ("stack", _) => c.stack_reserved.is_some(),
            (_, Some("malloc")) => c.malloc.is_some(),
            (_, Some("arena")) => c.arena.is_some(),
            (_, Some("overhead")) => c.tracking_overhead.is_some(),
            (_, Some("classes")) => c.classes.is_some(),
            (_, Some("thread" | "threads")) => c.threads.is_some(),
            _ => false,
        };
        if is_lost {
            self.context = Context::Nothing;
            return true;
        }
        for value in &values.list {
            match (label, value.key) {
                ("mmap", "reserved") => {
                    put.size("mmap_reserved", &mut c.mmap_reserved, value);
                    put.change("mmap_reserved_delta", &mut c.mmap_reserved_delta, value.size_delta);
                }
                ("mmap", "committed") => {
                    put.size("mmap_committed", &mut c.mmap_committed, value);
                    put.change("mmap_committed_delta", &mut c.mmap_committed_delta, value.size_delta);
                }
                ("stack", "reserved") => put.size("stack_reserved", &mut c.stack_reserved, value),
                ("stack", "committed") => put.size("stack_committed", &mut c.stack_committed, value),
                ("mmap" | "stack", _) => {}
                (_, "malloc") => {
                    put.size("malloc", &mut c.malloc, value);
                    put.change("malloc_delta", &mut c.malloc_delta, value.size_delta);
                    put.count("malloc_count", &mut c.malloc_count, value.count);
                    put.count("malloc_count_delta", &mut c.malloc_count_delta, value.count_delta);
                }
                (_, "arena") => {
                    put.size("arena", &mut c.arena, value);
                    put.change("arena_delta", &mut c.arena_delta, value.size_delta);
                }
                // Behind the part it belongs to, on the same line.
                (_, "peak") => match part {
                    Some("arena") => put.size("arena_peak", &mut c.arena_peak, value),
                    Some(_) => put.size("malloc_peak", &mut c.malloc_peak, value),
                    None => return false,
                },
                // `tracking overhead=`
                (_, "overhead") => put.size("tracking_overhead", &mut c.tracking_overhead, value),
                (_, "classes") => {
                    put.count("classes", &mut c.classes, value.count);
                    put.count("classes_delta", &mut c.classes_delta, value.count_delta);
                }
                (_, "thread" | "threads") => {
                    put.count("threads", &mut c.threads, value.count);
                    put.count("threads_delta", &mut c.threads_delta, value.count_delta);
                }
                (_, "instance classes" | "array classes") => {}
                _ => return false,
            }
        }
        let count = |key| values.get(key).and_then(|value| value.count).map(|count| count.value);
        if let (Some(instance), Some(array)) = (count("instance classes"), count("array classes"))
            && let Some(classes) = c.classes
            && instance.checked_add(array) != Some(classes)
        {
            put.out.warn_line(line, WarningKind::TornSample { column: "classes".to_owned() });
        }
        self.context = Context::Category;
        true
    }

    fn note_traits(&mut self, label: &str, values: &Values<'_>, inside: &str) {
        let peak = values.at_peak || values.get("peak").is_some();
        let has = |key: &str| values.get(key).is_some();
        let seen = [
            (peak, Trait::Peak),
            (peak && !label.is_empty(), Trait::MmapPeak),
            (has("malloc") && inside.contains(" tag="), Trait::Tag),
            (has("malloc") && inside.contains(", #"), Trait::CommaBeforeCount),
            (has("classes"), Trait::Classes),
            (has("instance classes"), Trait::InstanceClasses),
            (has("thread"), Trait::Thread),
            (has("threads"), Trait::Threads),
        ];
        self.traits.extend(seen.into_iter().filter(|(seen, _)| *seen).map(|(_, known)| known));
    }

    /// `(at peak)` behind a part: it has never been larger.
    fn at_peak(&mut self, line: &Line<'_>, text: &str) {
        self.traits.insert(Trait::Peak);
        if self.context != Context::Category {
            return;
        }
        let Some(category) = self.snapshot.categories.last_mut() else { return };
        match category.last_part(line.number) {
            Some("arena") => {
                category.arena_peak = category.arena;
                category.at.put("arena_peak", line.span_of(text));
            }
            Some("malloc") => {
                category.malloc_peak = category.malloc;
                category.at.put("malloc_peak", line.span_of(text));
            }
            _ => {}
        }
    }

    fn finish(mut self, out: &mut Readings) {
        let place = Span { source: self.snapshot.source, line: self.snapshot.first_line, start: 0, end: 0 };
        if !self.has_content() {
            if self.announced {
                out.warn(Warning { span: place, kind: WarningKind::CutOff { format: "nmt".to_owned() } });
            }
            return;
        }
        let mut snapshot = self.snapshot;
        snapshot.kind = match (self.is_detail, self.is_diff) {
            (false, false) => "summary",
            (false, true) => "summary.diff",
            (true, false) => "detail",
            (true, true) => "detail.diff",
        }
        .to_owned();
        snapshot.jdk = jdk_of(&self.traits);
        if std::mem::take(&mut self.detail.overflow) {
            out.warn(Warning { span: place, kind: WarningKind::LimitReached { what: "NMT detail".to_owned() } });
        }
        (snapshot.regions, snapshot.sites) = self.detail.finish();
        let (doubts, complete) = check(&snapshot);
        snapshot.complete = complete;
        for (line, kind) in doubts {
            let total = snapshot.total.at.get("reserved");
            let categories = snapshot.categories.iter().filter_map(|category| category.at.get("name"));
            let span = total.into_iter().chain(categories).find(|span| span.line == line);
            out.warn(Warning { span: span.unwrap_or(Span { line, ..place }), kind });
        }
        out.nmt.push(snapshot);
    }
}

impl NmtCategory {
    /// The part read from this line, if it can have a peak.
    fn last_part(&self, line: u32) -> Option<&'static str> {
        ["malloc", "arena"].into_iter().find(|part| self.at.get(part).is_some_and(|span| span.line == line))
    }
}

/// Writes values with their places.
struct Put<'a, 'l> {
    line: &'a Line<'l>,
    at: &'a mut Places,
    out: &'a mut Readings,
}

impl Put<'_, '_> {
    fn size(&mut self, name: &'static str, slot: &mut Option<Bytes>, value: &Value<'_>) {
        if let Some(size) = value.size {
            *slot = Some(Bytes(size.value));
            self.at.put(name, self.line.span_of(size.text));
        } else if value.broken {
            self.out.warn_line(self.line, WarningKind::NotANumber { column: name.to_owned() });
        }
    }

    fn change(&mut self, name: &'static str, slot: &mut Option<SignedBytes>, delta: Option<Part<'_, i64>>) {
        if let Some(delta) = delta {
            *slot = Some(SignedBytes(delta.value));
            self.at.put(name, self.line.span_of(delta.text));
        }
    }

    fn count<T: Copy>(&mut self, name: &'static str, slot: &mut Option<T>, count: Option<Part<'_, T>>) {
        if let Some(count) = count {
            *slot = Some(count.value);
            self.at.put(name, self.line.span_of(count.text));
        }
    }
}

/// The first group of a category line.
#[derive(Debug)]
pub struct Header<'a> {
    name: &'a str,
    values: Values<'a>,
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

fn section(text: &str) -> Option<Section> {
    Some(match text {
        "Virtual memory map:" => Section::Map,
        "Details:" => Section::Sites,
        "Memory file details" => Section::Files,
        _ if text.starts_with("Memory map of ") => Section::Files,
        _ => return None,
    })
}

/// True for lines of `statistics`, and of `Preinit state` behind a summary in hs_err files.
fn is_statistics(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::nmt::FORMAT;

    fn read(text: &str) -> Readings {
        crate::formats::read_alone(&FORMAT, text)
    }

    fn one(text: &str) -> NmtSnapshot {
        let mut out = read(text);
        assert_eq!(out.nmt.len(), 1, "{:?}", out.nmt);
        out.nmt.remove(0)
    }

    fn names(snapshot: &NmtSnapshot) -> Vec<&str> {
        snapshot.categories.iter().map(|category| category.name.as_str()).collect()
    }

    fn category<'a>(snapshot: &'a NmtSnapshot, name: &str) -> &'a NmtCategory {
        snapshot.categories.iter().find(|category| category.name == name).expect("the category")
    }

    fn warnings(out: &Readings) -> Vec<&WarningKind> {
        out.warnings.iter().map(|warning| &warning.kind).collect()
    }

    const KB: u64 = 1024;

    const SUMMARY: &str = "\
14830:

Native Memory Tracking:

(Omitting categories weighting less than 1KB)

Total: reserved=50KB, committed=40KB
       malloc: 30KB #12, peak=33KB #13
       mmap:   reserved=20KB, committed=10KB

-                 Java Heap (reserved=20KB, committed=10KB)
                            (mmap: reserved=20KB, committed=10KB)

-                        GC (reserved=30KB, committed=30KB)
                            (malloc=30KB tag=GC #12) (peak=32KB #14)
";

    #[test]
    fn a_summary_gives_its_total_and_categories() {
        let out = read(SUMMARY);
        assert_eq!(warnings(&out), Vec::<&WarningKind>::new());
        let snapshot = one(SUMMARY);
        assert_eq!((snapshot.kind.as_str(), snapshot.pid, snapshot.complete), ("summary", Some(14830), true));
        assert_eq!((snapshot.first_line, snapshot.last_line, snapshot.scale), (1, 15, Bytes(KB)));
        assert_eq!(snapshot.total.committed, Some(Bytes(40 * KB)));
        assert_eq!(snapshot.total.malloc, Some(Bytes(30 * KB)));
        assert_eq!(names(&snapshot), ["Java Heap", "GC"]);
        let gc = category(&snapshot, "GC");
        assert_eq!(
            (gc.malloc, gc.malloc_count, gc.malloc_peak),
            (Some(Bytes(30 * KB)), Some(12), Some(Bytes(32 * KB)))
        );
        assert_eq!(gc.at.get("malloc"), Some(Span { source: 0, line: 15, start: 36, end: 40 }));
        assert_eq!(snapshot.jdk.as_deref(), Some("24+"));
    }

    #[test]
    fn a_diff_keeps_changes_apart_from_values() {
        let snapshot = one("Total: reserved=1000KB +15KB, committed=500KB -5KB\n\
             -   Thread (reserved=1000KB +15KB, committed=500KB -5KB)\n    (thread #50 +2)\n\
             (stack: reserved=900KB +15KB, committed=400KB)\n (malloc=100KB #302 -1)\n");
        assert_eq!(snapshot.kind, "summary.diff");
        assert_eq!(snapshot.total.reserved_delta, Some(SignedBytes(15 << 10)));
        assert_eq!(snapshot.total.committed_delta, Some(SignedBytes(-5 << 10)));
        let thread = category(&snapshot, "Thread");
        assert_eq!((thread.threads, thread.threads_delta), (Some(50), Some(2)));
        assert_eq!((thread.malloc_delta, thread.malloc_count_delta), (None, Some(-1)));
        assert_eq!(thread.stack_reserved, Some(Bytes(900 * KB)));
    }

    #[test]
    fn metadata_and_class_space_are_not_categories() {
        let snapshot = one("Total: reserved=100KB, committed=100KB\n\
             -  Class (reserved=100KB, committed=100KB)\n  (classes #30)\n  (  instance classes #20, array classes #10)\n\
               (mmap: reserved=100KB, committed=100KB)\n  (  Metadata:   )\n  (    reserved=60KB, committed=60KB)\n\
               (    used=50KB)\n  (    free=8KB)\n  (    waste=2KB =3,33%)\n  (  Class space:)\n\
               (    reserved=40KB, committed=40KB)\n  (    used=40KB)\n  (    waste=0KB =0.00%)\n");
        assert!(snapshot.complete);
        assert_eq!(names(&snapshot), ["Class"]);
        let spaces = &category(&snapshot, "Class").spaces;
        assert_eq!(spaces.iter().map(|space| space.name.as_str()).collect::<Vec<_>>(), ["Metadata", "Class space"]);
        assert_eq!(spaces.first().and_then(|space| space.free), Some(Bytes(8 * KB)));
        assert_eq!(spaces.last().and_then(|space| space.used), Some(Bytes(40 * KB)));
        assert_eq!(snapshot.jdk.as_deref(), Some("11-15"));
    }

    #[test]
    fn lost_dashes_bullets_comments_and_foreign_lines_change_nothing() {
        let damaged = SUMMARY
            .replace("-                 Java", "Java")
            .replace("-                        GC", "* GC")
            .replace("committed=10KB)", "committed=10KB)   <--- the heap (reserved=1KB, committed=1KB)")
            .replace("                            (", "(")
            .replace("\n\n", "\n[12.3s][info][gc] GC(3) Pause Young 6M->1M(66M) 2.1ms\n");
        assert_eq!(names(&one(&damaged)), ["Java Heap", "GC"]);
        let (damaged, whole) = (one(&damaged), one(SUMMARY));
        assert_eq!(damaged.total.committed, whole.total.committed);
        for name in ["Java Heap", "GC"] {
            assert_eq!(category(&damaged, name).committed, category(&whole, name).committed);
            assert_eq!(category(&damaged, name).malloc, category(&whole, name).malloc);
        }
        assert!(damaged.complete);
    }

    #[test]
    fn a_block_cut_anywhere_loses_values_but_changes_none() {
        let whole = one(SUMMARY);
        for end in 0..SUMMARY.len() {
            let out = read(SUMMARY.get(..end).unwrap_or_default());
            assert!(out.nmt.len() <= 1);
            let Some(cut) = out.nmt.first() else { continue };
            let same = |cut: Option<Bytes>, whole: Option<Bytes>| assert!(cut.is_none() || cut == whole, "at {end}");
            same(cut.total.reserved, whole.total.reserved);
            same(cut.total.committed, whole.total.committed);
            same(cut.total.malloc, whole.total.malloc);
            same(cut.total.mmap_committed, whole.total.mmap_committed);
            for category in &cut.categories {
                let whole = whole.categories.iter().find(|known| known.name == category.name).expect("no new name");
                same(category.reserved, whole.reserved);
                same(category.committed, whole.committed);
                same(category.malloc, whole.malloc);
                same(category.malloc_peak, whole.malloc_peak);
                assert!(category.malloc_count.is_none() || category.malloc_count == whole.malloc_count);
            }
            assert!(cut.complete || !out.warnings.is_empty(), "at {end}");
        }
    }

    #[test]
    fn a_total_in_bytes_counts_only_if_something_follows() {
        let total = "Total: reserved=5000, committed=4000";
        assert_eq!(one(total).total.committed, None);
        assert_eq!(
            one(&format!("{total}\n-   GC (reserved=5000, committed=4000)\n")).total.committed,
            Some(Bytes(4000))
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let text =
            "Total: reserved=500KB, committed=400KB\n-   GC (reserved=100KB, committed=90KB)\n  (malloc=100KB #2)\n";
        let out = read(text);
        assert!(!out.nmt.iter().any(|snapshot| snapshot.complete));
        let missing = |of: &str, missing| WarningKind::SumDiffers { of: of.to_owned(), missing };
        assert_eq!(
            warnings(&out),
            [&missing("reserved", 400 << 10), &missing("committed", 310 << 10), &missing("GC", -10 << 10)]
        );
    }

    #[test]
    fn every_heading_total_and_repeated_category_begins_a_snapshot() {
        let part = "Total: reserved=5KB, committed=5KB\n-  GC (reserved=5KB, committed=5KB)\n (malloc=5KB #2)\n";
        assert_eq!(read(&format!("{part}{part}")).nmt.len(), 2);
        assert_eq!(read(&format!("{part}- GC (reserved=6KB, committed=6KB)\n")).nmt.len(), 2);
        let out = read(&format!("17:\n\nNative Memory Tracking:\n\n{part}18:\n\nNative Memory Tracking:\n\n{part}"));
        assert_eq!(out.nmt.iter().map(|snapshot| snapshot.pid).collect::<Vec<_>>(), [Some(17), Some(18)]);
        assert_eq!(out.warnings, []);
    }

    #[test]
    fn a_number_with_a_colon_is_a_process_only_above_a_report() {
        let out = read("17:\nsomething else\n\n\n\n\nTotal: reserved=5KB, committed=5KB\n");
        assert_eq!(out.nmt.first().and_then(|snapshot| snapshot.pid), None);
        assert_eq!(read("17:\ngarbage-first heap").nmt, []);
    }

    #[test]
    fn a_prompt_gives_the_pid_that_the_answer_has_lost() {
        let snapshot = one("$ jcmd 77 VM.native_memory summary.diff\nTotal: reserved=5KB, committed=5KB\n");
        assert_eq!((snapshot.pid, snapshot.kind.as_str()), (Some(77), "summary.diff"));
        let out = read("Total: reserved=5KB, committed=5KB\n> jcmd {PID} VM.native_memory summary.diff\n");
        assert_eq!(out.nmt.first().and_then(|snapshot| snapshot.pid), None);
    }

    #[test]
    fn a_date_right_above_is_the_time_of_the_snapshot() {
        let snapshot =
            one("Sun Mar  1 10:15:00 UTC 2026\n7:\n\nNative Memory Tracking:\n\nTotal: reserved=5KB, committed=5KB\n");
        assert_eq!(snapshot.time.map(|time| time.0), Some(1_772_360_100_000_000));
        assert_eq!(snapshot.at.get("time").map(|span| span.line), Some(1));
    }

    #[test]
    fn answers_without_a_report_are_events() {
        let kinds = |text: &str| read(text).events.into_iter().map(|event| (event.kind, event.pid)).collect::<Vec<_>>();
        assert_eq!(kinds("9:\nNative memory tracking is not enabled\n"), [("nmt-not-enabled".to_owned(), Some(9))]);
        assert_eq!(
            kinds("$ jcmd 9 VM.native_memory baseline\n9:\nBaseline taken\n"),
            [("nmt-baseline".to_owned(), Some(9))]
        );
        assert_eq!(
            kinds("$ jcmd 9 VM.native_memory\njava.io.IOException: No such process\n\tat jdk.attach/x.y(Z.java:1)\n"),
            [("nmt-attach-failed".to_owned(), Some(9))]
        );
        assert_eq!(kinds("java.io.IOException: No such process\n"), []);
    }

    #[test]
    fn statistics_are_labelled_and_give_no_memory() {
        let out =
            read("Native Memory Tracking Statistics:\nState: detail\n\nHash distribution:\n 1   entry: 57.\n\t0: 0\n");
        assert_eq!(out.nmt, []);
        assert_eq!(out.events.iter().map(|event| event.last_line).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn detail_is_grouped() {
        let snapshot = one("\
Total: reserved=10MB, committed=4MB
- Java Heap (reserved=10MB, committed=4MB)
  (mmap: reserved=10MB, committed=4MB)

Virtual memory map:

[0x00000000fc000000 - 0x00000000fc800000] reserved 8MB for Java Heap from
    [0x00007fea2511a27c] ReservedSpace::reserve(unsigned long, bool)+0xac

\t[0x00000000fc000000 - 0x00000000fc200000] committed 2MB from
            [0x00007fea24932e26] Commit::it(unsigned long)+0x66

[0x00000000fd000000 - 0x00000000fd200000] reserved and committed 2MB for Java Heap from
    [0x00007fea2511a27c] ReservedSpace::reserve(unsigned long, bool)+0xac

        [0x00000000fd000000 - 0x00000000fd200000] committed 2MB from
Details:

[0x00007fea2511a27c] AllocateHeap(unsigned long)+0xac
[0x00007fea2511a27d] Table::grow(int, List<A, B>)+0x1
                             (malloc=3MB type=Internal #2) (peak=3MB #3)

[0x00007fea2511a27d]Table::grow(int, List<A, B>)+0x9
                             ((malloc=1MB type=Internal #3) (at peak))

[0x00007f7235c75b16]thread_native_entry(Thread*)+0xd6
                             (reserved=20MB, committed=1MB Tag=Thread Stack)

(1633 call sites weighting less than 1MB each omitted.)
");
        assert_eq!(snapshot.kind, "detail");
        let regions: Vec<_> = snapshot
            .regions
            .iter()
            .map(|r| (r.name.as_str(), r.count, r.reserved.0 >> 20, r.committed.0 >> 20))
            .collect();
        assert_eq!(regions, [("Java Heap", 2, 10, 4)]);
        let sites: Vec<_> = snapshot
            .sites
            .iter()
            .map(|s| (s.frame.as_str(), s.size.0 >> 20, s.committed.map(|c| c.0 >> 20), s.count, s.sites))
            .collect();
        assert_eq!(
            sites,
            [
                ("Table::grow(int, List<A, B>)", 4, None, Some(5), 2),
                ("thread_native_entry(Thread*)", 20, Some(1), None, 1)
            ]
        );
        assert_eq!(snapshot.last_line, 29);
    }

    #[test]
    fn names_of_older_versions_are_unified_and_unknown_ones_kept() {
        let snapshot = one(
            "Total:  reserved=40KB,  committed=40KB\n-  Memory Tracking (reserved=10KB, committed=10KB)\n (malloc=10KB, #66)\n\
             -  Pooled Free Chunks (reserved=10KB, committed=10KB)\n (malloc=10KB)\n\
             -  Synchronizer (reserved=10KB, committed=10KB)\n (malloc=10KB)\n\
             -  Wisp (reserved=10KB, committed=10KB)\n (malloc=10KB)\n",
        );
        assert_eq!(names(&snapshot), ["Native Memory Tracking", "Arena Chunk", "Synchronization", "Wisp"]);
        assert_eq!(category(&snapshot, "Native Memory Tracking").malloc_count, Some(66));
        assert!(snapshot.complete);
    }

    #[test]
    fn parts_of_a_category_that_was_lost_are_not_given_to_the_one_before() {
        let snapshot =
            one("Total: reserved=40KB, committed=40KB\n-  GC (reserved=10KB, committed=10KB)\n (malloc=10KB #1)\n\
             (malloc=30KB #2)\n (arena=7KB #2)\n");
        let gc = category(&snapshot, "GC");
        assert_eq!((gc.malloc, gc.malloc_count, gc.arena), (Some(Bytes(10 * KB)), Some(1), None));
    }

    #[test]
    fn prose_and_other_programs_are_left_alone() {
        for text in [
            "Total: 12 files",
            "The heap (reserved=5KB) is small",
            "Total reserved=5KB",
            "Metaspace       used 96K, committed 320K, reserved 1114112K",
            "see Native Memory Tracking: it helps",
            "- note (reserved=yes, committed=no)",
        ] {
            let out = read(text);
            assert_eq!((out.nmt.len(), out.events.len(), out.warnings.len()), (0, 0, 0), "{text}");
        }
    }
}
