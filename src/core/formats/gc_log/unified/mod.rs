//! The unified log of JDK 9 and newer: `-Xlog:gc`, `-Xlog:gc*`, with any decorations.
//!
//! ```text
//! [0.003s][info][gc          ] Using G1
//! [0.004s][info][gc,init     ] Heap Max Capacity: 256M
//! [0.190s][info][gc,heap     ] GC(0) Old regions: 2->4
//! [0.190s][info][gc,metaspace] GC(0) Metaspace: 206K(384K)->206K(384K) NonClass: … Class: 9K(128K)->9K(128K)
//! [0.190s][info][gc          ] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 5M->3M(10M) 10.619ms
//! [1.353s][info][gc          ] GC(0) Garbage Collection (Warmup) 40M(10%)->26M(7%)
//! ```
//!
//! Lines of one collection are joined by `GC(n)`; those of a concurrent cycle and of young pauses stand mixed. The last
//! line alone makes an event, so that a log without details gives the same events with fewer figures. Region counts become
//! sizes only where the region size is printed.

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests;

use super::decorations::{Decorations, peel};
use super::figures::Figures;
use super::phrases::{
    Topic, collector_named, collector_of, gc_number, is_banner, is_heap_line, is_neighbour, is_setting, is_sure,
    kind_of, mentions_error, split_cause, starts_run, topic_of, without_generation,
};
use super::{
    CLEARED, LONG, MAX_KEPT_LINES, UPTIME_DISORDER, change, millis, processor_time, seconds, set_wall, start_log,
};
use crate::formats::apart;
use crate::formats::draft::Draft;
use crate::formats::heap_info::metaspace::{Section, take as take_metaspace};
use crate::formats::quantity::with_unit;
use crate::formats::{Claim, heap_info};
use crate::look;
use crate::model::gc::{GcEvent, GcKind, GcLog};
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, HostKind};
use crate::model::readings::Readings;
use crate::source::{Line, Wall};
use crate::units::{Bytes, Micros};
use crate::warning::WarningKind;

/// JVM runs told apart in one source at most; beyond that the input is not a log.
const MAX_LOGS: usize = 256;
/// Collections under way at once at most: a young pause in a concurrent cycle makes two.
const MAX_PENDING: usize = 8;
/// A `GC(n)` further away than this follows a gap, or belongs to another JVM.
const NEAR_IDS: u64 = 4;
/// What a JVM prints of itself at its start.
const VERSION: &str = "Version: ";
/// Tags of what it prints where an allocation in its metaspace failed.
const REFUSED: &str = "gc,metaspace,freelist,oom";
/// What room classes must find below their limit.
const CLASSES_AT_ONCE: Bytes = Bytes(4 << 20);
/// What it prints before the name of its collector.
const BEFORE_NAME: [&str; 3] =
    ["CardTable entry size: ", "Heuristics ergonomically sets ", "Min heap equals to max heap"];

/// How surely a line belongs to a unified GC log.
pub(super) fn claim(body: &str) -> Claim {
    let Some(read) = find(body) else { return Claim::None };
    if is_sure(read.message) {
        return Claim::Strong;
    }
    match read.tags {
        Some(_) if !read.is_gc() || mentions_error(read.message) => Claim::None,
        Some(_) if read.has_clock() => Claim::Strong,
        _ if collector_named(read.message).is_some() => Claim::Weak,
        _ => Claim::None,
    }
}

/// Decorations at the start of the line, or after a prefix that no transport knows, or an undecorated message.
fn find(body: &str) -> Option<Decorations<'_>> {
    if body.starts_with('[')
        && let Some(read) = peel(body)
        && (read.tags.is_some() || read.has_clock())
    {
        return Some(read);
    }
    if body.starts_with("GC(") || body.starts_with("Using ") {
        return Some(Decorations { message: body, ..Decorations::default() });
    }
    find_embedded(body)
}

/// `app-1 says: [0.190s][info][gc] GC(0) …`: from `][gc` back over the groups that touch it.
fn find_embedded(body: &str) -> Option<Decorations<'_>> {
    let mut start = look::places(body, "][gc").next()? + 1;
    while body.as_bytes().get(start.checked_sub(1)?) == Some(&b']') {
        let Some(opening) = body.get(..start - 1)?.rfind('[') else { break };
        if body.get(opening..start)?.contains(' ') {
            break;
        }
        start = opening;
        if start == 0 {
            break;
        }
    }
    peel(body.get(start..)?).filter(Decorations::is_gc)
}

/// The unified logs of one source.
#[derive(Default)]
pub(super) struct Unified {
    logs: Vec<OpenLog>,
    current: usize,
    /// Lines carry a prefix that no transport knows.
    embedded: bool,
    /// A line without decorations has been read: its neighbours have none either.
    plain: bool,
    /// A line with a clock of the JVM and without tags has been read.
    untagged: bool,
    full: bool,
    /// A pause whose duration is missing, and its line: mail wraps long lines.
    wrapped: Option<(String, u32)>,
}

/// What is remembered of a log while it is read; the rest stands in the readings.
#[derive(Default)]
struct OpenLog {
    /// Index in `gc_logs`.
    index: usize,
    host: Option<String>,
    number: Option<u32>,
    /// The lone number turned out to be a thread, which changes from line to line.
    number_is_thread: bool,
    /// `Using …` has been read.
    has_banner: bool,
    /// `Version:`, `Memory:` and their like have been read.
    has_settings: bool,
    /// `Version:`, which a JVM prints once and behind the name of its collector.
    has_version: bool,
    /// Whether lines say the uptime, and the time of day: all lines of one output say the same of both.
    clocks: (bool, bool),
    has_gc: bool,
    last_uptime: Micros,
    last_line: u32,
    highest_gc: u64,
    /// The last collection that stopped the program, as whose number no later one has a smaller.
    last_pause: u64,
    region_size: Option<Bytes>,
    /// Figures of collections under way.
    pending: Vec<(u64, Figures)>,
    /// `GC(n)` and index of the last event, for figures that follow it.
    last_event: Option<(u64, usize)>,
    kept: u32,
    /// The heap at the end.
    exit: Option<Draft>,
    /// The metaspace that found no room.
    refused: Option<Refused>,
    /// Shenandoah says why before it degenerates.
    cancelled: Option<String>,
}

/// What is printed of a metaspace right before the error is thrown.
struct Refused {
    draft: Draft,
    section: Section,
    /// Index of the error.
    error: usize,
    /// Its part for classes had no room.
    of_classes: bool,
}

impl Unified {
    /// Takes a line whose shape alone says that it is one of the open log.
    pub fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.logs.is_empty() {
            return false;
        }
        if self.go_on(line, out) {
            return true;
        }
        let read = match line.body.as_bytes().first() {
            Some(b'[') => peel(line.body).or_else(|| self.embedded.then(|| find_embedded(line.body)).flatten()),
            Some(_) if self.plain => Some(Decorations { message: line.body, ..Decorations::default() }),
            Some(b'G') if line.body.starts_with("GC(") => {
                Some(Decorations { message: line.body, ..Decorations::default() })
            }
            Some(_) if self.embedded => find_embedded(line.body),
            _ => None,
        };
        let Some(read) = read else { return false };
        let is_neighbour_of_gc = read.tags.is_some() && !read.is_gc();
        let mine = match read.tags {
            Some(_) if read.is_gc() => {
                (read.has_clock() || read.level.is_some())
                    && (read.level == Some("info") || !mentions_error(read.message))
            }
            Some(tags) => read.has_clock() && is_neighbour(tags) && !mentions_error(read.message),
            // Without tags the message must tell, unless the clock is one that only a JVM prints.
            None if self.untagged && (read.uptime.is_some() || read.has_nanos) => !mentions_error(read.message),
            None => is_sure(read.message) || (is_banner(read.message) && self.is_starting()),
        };
        // What stands beside collections starts no log.
        mine && (!is_neighbour_of_gc || self.may_continue(&read)) && self.take(read, line, out)
    }

    fn may_continue(&self, read: &Decorations<'_>) -> bool {
        let entry = Entry::new(*read);
        self.logs.iter().any(|log| log.may_continue(&entry))
    }

    /// Takes a line that was claimed.
    pub fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(read) = find(line.body) else { return false };
        let starts_here = line.body.starts_with('[') && peel(line.body) == Some(read);
        self.plain |= read.tags.is_none() && !read.has_clock();
        self.untagged |= read.tags.is_none() && (read.uptime.is_some() || read.has_nanos);
        self.embedded |= !starts_here && !self.plain;
        self.take(read, line, out)
    }

    /// Takes `4090M->4088M(4096M) 5123.456ms` and `5123.456ms` on a line of their own, right below the pause.
    fn go_on(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some((before, number)) = self.wrapped.take_if(|_| !line.body.starts_with('[')) else { return false };
        let rest = line.body.trim();
        let (sizes, duration) = rest.rsplit_once(' ').unwrap_or(("", rest));
        let is_rest = sizes.is_empty() || change(sizes).is_some();
        let Some(duration) = duration.strip_suffix("ms").and_then(millis).filter(|_| is_rest) else { return false };
        if line.since(number) != 1 {
            return false;
        }
        if let Some(event) = out.gc_events.last_mut().filter(|event| event.line == number) {
            event.duration = event.duration.or(Some(duration));
            return true;
        }
        let body = format!("{before} {rest}");
        find(&body).is_some_and(|read| self.take(read, &Line { body: &body, ..*line }, out))
    }

    /// The source has ended: hands over what is open.
    pub fn finish(&mut self, out: &mut Readings) {
        for log in &mut self.logs {
            log.finish(out);
        }
    }

    /// True while only the banner has been read.
    fn is_starting(&self) -> bool {
        self.logs.get(self.current).is_some_and(|log| log.has_banner && !log.has_gc)
    }

    fn take(&mut self, read: Decorations<'_>, line: &Line<'_>, out: &mut Readings) -> bool {
        let entry = Entry::new(read);
        let is_short = entry.gc.is_some() && matches!(entry.topic, Topic::Gc | Topic::Unknown);
        // Not inside of a number.
        let is_short = is_short && entry.message.starts_with("Pause ") && entry.message.trim_end().ends_with(')');
        self.wrapped = is_short.then(|| (line.body.trim_end().to_owned(), line.number));
        if self.select(&entry, line, out)
            && let Some(log) = self.logs.get_mut(self.current)
        {
            log.note_clocks(&entry, line, out);
            match entry.gc {
                Some(gc) => log.collection(gc, &entry, line, out),
                None => log.notice(&entry, line, out),
            }
        }
        true
    }

    /// Makes the log of this line the current one. `false` if there are too many.
    fn select(&mut self, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) -> bool {
        let host = entry.read.host.or(line.stamp.host);
        // A number that another log has is a pid, whatever else the line looks like.
        let number = entry.read.number;
        let is_known = number.is_some()
            && self.logs.get(self.current).is_some_and(|log| log.number != number && !log.number_is_thread)
            && self.logs.iter().any(|log| log.number == number);
        if let Some(log) = self.logs.get_mut(self.current)
            && log.is_same_process(entry, host, is_known)
            && log.may_continue(entry)
            && log.is_near(entry)
        {
            return true;
        }
        // After a gap the ids jump. Where lines of several JVMs stand mixed, another log may fit better.
        let mut fitting = None;
        for (at, log) in self.logs.iter_mut().enumerate() {
            let is_current = at == self.current;
            let is_active = is_current || line.since(log.last_line) <= apart::IN_A_LOG;
            if log.is_same_process(entry, host, is_known)
                && log.may_continue(entry)
                && (is_active || log.number.is_some())
            {
                let rank = (is_active && log.is_near(entry), is_current, log.last_line);
                if fitting.is_none_or(|(best, _)| rank > best) {
                    fitting = Some((rank, at));
                }
            }
        }
        if let Some((_, at)) = fitting {
            self.current = at;
            return true;
        }
        if self.logs.len() >= MAX_LOGS {
            if !self.full {
                self.full = true;
                out.warn_line(line, WarningKind::LimitReached { what: "gc-logs".to_owned() });
            }
            return false;
        }
        let index = start_log("unified", line, out);
        self.current = self.logs.len();
        self.logs.push(OpenLog {
            index,
            host: host.map(str::to_owned),
            number: entry.read.number,
            clocks: entry.clocks(),
            ..OpenLog::default()
        });
        true
    }
}

/// A line taken apart.
struct Entry<'a> {
    read: Decorations<'a>,
    /// `GC(n)`.
    gc: Option<u64>,
    /// What follows `GC(n)`, or the whole message.
    message: &'a str,
    topic: Topic,
    /// It is the first message of a collector.
    starts_run: bool,
}

impl<'a> Entry<'a> {
    fn new(read: Decorations<'a>) -> Entry<'a> {
        let topic = topic_of(read.tags);
        match gc_number(read.message) {
            Some((gc, message)) => Entry { read, gc: Some(gc), message, topic, starts_run: false },
            None => Entry { read, gc: None, message: read.message, topic, starts_run: starts_run(read.message) },
        }
    }

    /// Whether the line says the uptime, and the time of day.
    fn clocks(&self) -> (bool, bool) {
        (self.read.uptime.is_some(), self.read.wall.is_some())
    }

    /// A collection that stops the program from its beginning to its end.
    fn is_collection(&self) -> bool {
        ["Pause Young", "Pause Full"].iter().any(|name| self.message.starts_with(name))
    }

    /// It is printed before the first collection.
    fn is_of_start(&self) -> bool {
        self.gc.is_none() && (collector_named(self.message).is_some() || is_setting(self.message))
    }
}

impl OpenLog {
    fn is_same_process(&mut self, entry: &Entry<'_>, host: Option<&str>, is_known: bool) -> bool {
        if let (Some(mine), Some(host)) = (self.host.as_deref(), host)
            && mine != host
        {
            return false;
        }
        let (Some(mine), Some(number)) = (self.number, entry.read.number) else { return true };
        if mine == number || self.number_is_thread {
            return true;
        }
        if is_known {
            return false;
        }
        // A lone number is a pid or a tid. It is a tid if another thread goes on with the same collection, or with the
        // concurrent cycle that a pause has started, or if the main thread has only printed the banner.
        let goes_on = entry.gc.is_some_and(|gc| {
            let next_is_concurrent = gc == self.highest_gc.saturating_add(1) && !entry.message.starts_with("Pause ");
            (self.has_gc && (gc == self.highest_gc || next_is_concurrent))
                || (!self.has_gc && (self.has_banner || self.has_settings) && gc == 0)
        });
        let in_time = entry.read.uptime.is_none_or(|uptime| uptime >= self.last_uptime);
        self.number_is_thread = entry.read.thread.is_none() && goes_on && in_time;
        self.number_is_thread
    }

    /// True if a line with this time and number may follow what was read.
    fn may_continue(&self, entry: &Entry<'_>) -> bool {
        let clocks = entry.clocks();
        if clocks != (false, false) && clocks != self.clocks {
            return false;
        }
        let goes_back = entry.read.uptime.is_some_and(|uptime| uptime < self.last_uptime);
        let is_first =
            BEFORE_NAME.iter().any(|start| entry.message.starts_with(start)) || entry.starts_run && goes_back;
        let is_again = (entry.starts_run && self.has_banner)
            || (self.has_version && (is_first || entry.message.starts_with(VERSION)))
            || (self.has_gc && entry.is_of_start());
        let is_before = entry.gc.is_some_and(|gc| gc < self.last_pause) && entry.is_collection();
        if is_again || is_before {
            return false;
        }
        match entry.read.uptime {
            Some(uptime) => uptime.plus(UPTIME_DISORDER) >= self.last_uptime,
            None => entry.gc.is_none_or(|gc| gc.saturating_add(2 * NEAR_IDS) >= self.highest_gc),
        }
    }

    fn is_near(&self, entry: &Entry<'_>) -> bool {
        entry.gc.is_none_or(|gc| gc.abs_diff(self.highest_gc) <= NEAR_IDS)
    }

    fn note_clocks(&mut self, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        let read = &entry.read;
        self.last_line = line.number;
        if let Some(uptime) = read.uptime {
            self.last_uptime = self.last_uptime.max(uptime);
        }
        if let Some(gc) = entry.gc {
            // Concurrent ones are told later than those that began after them.
            if self.has_gc && gc > self.highest_gc.saturating_add(NEAR_IDS) {
                out.warn_line(line, WarningKind::GcsMissing { first: self.highest_gc + 1, last: gc - 1 });
            }
            self.has_gc = true;
            self.highest_gc = self.highest_gc.max(gc);
            if entry.is_collection() {
                self.last_pause = gc;
            }
        }
        let Some(log) = out.gc_logs.get_mut(self.index) else { return };
        log.last_line = log.last_line.max(line.number);
        if self.number_is_thread {
            log.pid = None;
        } else if log.pid.is_none() {
            log.pid = self.number;
        }
        if log.start.is_none()
            && let (Some(uptime), Some(Wall { micros, zone_known: true, year_known: true })) = (read.uptime, read.wall)
        {
            log.start = Some(micros.minus(uptime));
            log.at.put("start", line.span());
        }
    }

    /// A line without `GC(n)`: the banner, stalls.
    fn notice(&mut self, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        if entry.topic == Topic::Exit {
            self.exit(entry, line, out);
            return;
        }
        if entry.read.tags == Some(REFUSED) {
            self.refuse(entry, line, out);
            return;
        }
        if !matches!(entry.topic, Topic::Gc | Topic::Init | Topic::Heap | Topic::Unknown) {
            return;
        }
        let message = entry.message;
        self.has_version |= message.starts_with(VERSION);
        if let Some(collector) = collector_named(message) {
            self.has_banner = true;
            if let Some(log) = out.gc_logs.get_mut(self.index)
                && log.collector.is_none()
            {
                log.collector = Some(collector.to_owned());
                log.at.put("collector", line.span_of(message));
                out.keep(line);
            }
            return;
        }
        for stall in ["Allocation Stall (", "Relocation Stall ("] {
            if let Some(rest) = message.strip_prefix(stall) {
                self.stall(stall, rest, entry, line, out);
                return;
            }
        }
        if let Some(thread) = message.strip_prefix("Out Of Memory (").and_then(|rest| rest.strip_suffix(')')) {
            let event = GcEvent {
                kind: GcKind::Failure,
                name: "Out Of Memory".to_owned(),
                cause: Some(thread.to_owned()),
                ..GcEvent::default()
            };
            self.push(event, entry, line, out);
            return;
        }
        if let Some(cause) = message.strip_prefix("Cancelling GC: ") {
            self.cancelled = Some(cause.trim_end().to_owned());
            return;
        }
        if message == "To-space exhausted" {
            self.failure(None, message, None, entry, line, out);
            return;
        }
        if let Some(log) = out.gc_logs.get_mut(self.index)
            && banner_field(log, message, line).is_some()
        {
            self.has_settings = true;
            self.region_size = log.region_size;
            out.keep(line);
        }
    }

    /// The heap that is printed when the JVM ends becomes a reading of its own.
    fn exit(&mut self, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        if entry.message.trim_end() == "Heap" {
            self.finish(out);
            let mut draft = Draft::new(HostKind::HeapAtExit, line);
            draft.reading.pid = out.gc_logs.get(self.index).and_then(|log| log.pid);
            draft.reading.uptime = entry.read.uptime;
            self.exit = Some(draft);
        } else if let Some(draft) = &mut self.exit
            && heap_info::take_printed(draft, entry.message, line)
        {
            self.keep(line, out);
        }
    }

    /// `Metaspace (data) allocation failed for size 7`: the error that is thrown next, with the metaspace as `VM.metaspace` tells it.
    fn refuse(&mut self, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        let message = entry.message.trim();
        if let Some(part) = message.strip_prefix("Metaspace (").filter(|rest| rest.contains(") allocation failed")) {
            let pid = out.gc_logs.get(self.index).and_then(|log| log.pid);
            let mut draft = Draft::new(HostKind::Metaspace, line);
            (draft.reading.pid, draft.reading.uptime) = (pid, entry.read.uptime);
            let known = self.refused.take().map(|refused| refused.error);
            let error = known.unwrap_or(out.java_errors.len());
            if let Some(again) = out.java_errors.get_mut(error) {
                again.count = again.count.saturating_add(1);
            } else {
                let mut error = JavaError::on(line, ErrorKind::Metaspace, message);
                (error.pid, error.uptime) = (pid, entry.read.uptime);
                (error.time, error.local_time) = entry.read.wall.or(line.stamp.wall).map_or((None, None), Wall::split);
                error.at.put("message", line.span_of(message));
                out.java_errors.push(error);
            }
            self.keep(line, out);
            self.refused =
                Some(Refused { draft, section: Section::default(), error, of_classes: part.starts_with("class") });
        } else if let Some(refused) = &mut self.refused
            && take_metaspace(&mut refused.draft, &mut refused.section, message, line)
        {
            self.keep(line, out);
        }
    }

    fn finish(&mut self, out: &mut Readings) {
        if let Some(Refused { draft, error, of_classes, .. }) = self.refused.take() {
            let size = |name: &str| draft.reading.sizes.get(name).map_or(Bytes(0), |size| *size);
            // The JVM's own test of which of its two limits it was.
            let is_full = size("class_committed").plus(CLASSES_AT_ONCE) > size("class_space_max");
            if let Some(error) = out.java_errors.get_mut(error).filter(|_| of_classes && is_full) {
                error.kind = ErrorKind::ClassSpace;
            }
            draft.push(out);
        }
        if let Some(draft) = self.exit.take() {
            draft.push(out);
        }
    }

    /// `Allocation Stall (thread) 11.123ms`: one thread waited for memory.
    fn stall(&mut self, name: &str, rest: &str, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        let Some((thread, duration)) = rest.rsplit_once(") ") else { return };
        let Some(duration) = duration.trim_end().strip_suffix("ms").and_then(millis) else { return };
        let event = GcEvent {
            kind: GcKind::AllocationStall,
            name: name.trim_end_matches([' ', '(']).to_owned(),
            cause: Some(thread.to_owned()),
            duration: Some(duration),
            ..GcEvent::default()
        };
        self.push(event, entry, line, out);
    }

    /// A line with `GC(n)`.
    fn collection(&mut self, gc: u64, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        let message = entry.message;
        let bare = without_generation(message);
        match entry.topic {
            Topic::Heap => self.heap(gc, bare, out),
            Topic::Metaspace => self.note(gc, out, |figures| figures.read_metaspace(bare)),
            Topic::Gc => self.end(gc, entry, line, out),
            Topic::Phases if bare.starts_with("Pause ") => self.end(gc, entry, line, out),
            Topic::Ergo if matches!(bare.trim_end(), "Promotion failed" | "Concurrent mode failure") => {
                self.failure(Some(gc), bare.trim_end(), None, entry, line, out);
            }
            Topic::Ergo if bare.starts_with("Attempting ") => self.keep(line, out),
            Topic::Other | Topic::Unknown if bare.trim_end() == CLEARED => {
                self.suppose("ZGC", out);
                self.push(GcEvent { gc: Some(gc), name: CLEARED.to_owned(), ..GcEvent::default() }, entry, line, out);
            }
            Topic::Unknown if bare.starts_with("Metaspace: ") => {
                self.note(gc, out, |figures| figures.read_metaspace(bare))
            }
            Topic::Unknown if is_heap_line(bare) => self.heap(gc, bare, out),
            _ if bare.starts_with("User=") => {
                if let Some((last, at)) = self.last_event
                    && last == gc
                    && let Some(event) = out.gc_events.get_mut(at).filter(|event| event.pause)
                {
                    event.cpu = processor_time(bare);
                }
            }
            Topic::Unknown => self.end(gc, entry, line, out),
            Topic::Start | Topic::Phases | Topic::Init | Topic::Ergo | Topic::Exit | Topic::Other => {}
        }
    }

    /// Puts figures to a collection that has not ended, or to one that just has.
    fn note(&mut self, gc: u64, out: &mut Readings, apply: impl FnOnce(&mut Figures)) {
        if let Some((_, figures)) = self.pending.iter_mut().find(|(pending, _)| *pending == gc) {
            apply(figures);
            return;
        }
        let mut fresh = Figures::default();
        apply(&mut fresh);
        if let Some((last, at)) = self.last_event
            && last == gc
            && let Some(event) = out.gc_events.get_mut(at)
        {
            fresh.attach(event);
        } else if !fresh.is_empty() {
            if self.pending.len() >= MAX_PENDING {
                self.pending.remove(0);
            }
            self.pending.push((gc, fresh));
        }
    }

    fn heap(&mut self, gc: u64, message: &str, out: &mut Readings) {
        let region_size = self.region_size;
        let mut collector = None;
        self.note(gc, out, |figures| collector = figures.read_heap(message, region_size));
        if let Some(collector) = collector {
            self.suppose(collector, out);
        }
    }

    /// The last line of a collection: phrase, heap before and after, duration. One without either is its first line.
    fn end(&mut self, gc: u64, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        let bare = without_generation(entry.message);
        if bare.starts_with("To-space exhausted") {
            self.failure(Some(gc), "To-space exhausted", None, entry, line, out);
            return;
        }
        // A line quoted as code, or in a table.
        let mut phrase = entry.message.trim_end_matches(['`', '|', ' ', '\t', '\r']);
        let mut duration = None;
        if let Some((before, last)) = phrase.rsplit_once(' ') {
            let read = match last.strip_suffix("ms") {
                Some(last) => millis(last),
                None => last.strip_suffix('s').and_then(seconds),
            };
            if read.is_some() {
                (phrase, duration) = (before, read);
            }
        }
        let mut heap = None;
        if let Some((before, last)) = phrase.rsplit_once(' ')
            && let Some(read) = change(last)
        {
            (phrase, heap) = (before, Some(read));
        }
        if duration.is_none() && heap.is_none() {
            return;
        }
        let Some(kind) = kind_of(without_generation(phrase), heap.is_some()) else { return };
        let (name, cause, failure) = split_cause(phrase, kind);
        let mut event = GcEvent {
            kind,
            gc: Some(gc),
            name: name.to_owned(),
            cause: cause.map(str::to_owned),
            duration,
            pause: bare.starts_with("Pause "),
            ..GcEvent::default()
        };
        if let Some(heap) = heap {
            (event.before, event.after, event.committed) = (heap.before, heap.after, heap.after_of);
            event.filled = heap.after_part;
            if let Some(at) = self.pending.iter().position(|(pending, _)| *pending == gc) {
                self.pending.remove(at).1.attach(&mut event);
            }
            self.last_event = Some((gc, out.gc_events.len()));
        }
        if event.cause.is_none() && matches!(kind, GcKind::Degenerated | GcKind::Full) {
            event.cause = self.cancelled.take();
        }
        if let Some(collector) = collector_of(kind, name, cause) {
            self.suppose(collector, out);
        }
        let is_long = event.pause && duration.is_some_and(|duration| duration >= LONG);
        if is_long || matches!(kind, GcKind::Full | GcKind::Degenerated) {
            self.keep(line, out);
        }
        self.push(event, entry, line, out);
        if let Some(failure) = failure {
            self.failure(Some(gc), "Evacuation Failure", Some(failure), entry, line, out);
        }
    }

    fn failure(
        &mut self,
        gc: Option<u64>,
        name: &str,
        cause: Option<&str>,
        entry: &Entry<'_>,
        line: &Line<'_>,
        out: &mut Readings,
    ) {
        self.keep(line, out);
        let cause = cause.map(str::to_owned);
        self.push(
            GcEvent { kind: GcKind::Failure, gc, name: name.to_owned(), cause, ..GcEvent::default() },
            entry,
            line,
            out,
        );
    }

    fn push(&mut self, mut event: GcEvent, entry: &Entry<'_>, line: &Line<'_>, out: &mut Readings) {
        event.log = u32::try_from(self.index).unwrap_or(u32::MAX);
        event.line = line.number;
        event.uptime = entry.read.uptime;
        set_wall(&mut event, entry.read.wall.or(line.stamp.wall));
        out.gc_events.push(event);
    }

    /// Notes the collector that the lines tell, where no banner does. ZGC's generations show only later.
    fn suppose(&self, collector: &str, out: &mut Readings) {
        if let Some(log) = out.gc_logs.get_mut(self.index)
            && (log.collector.is_none() || collector == "generational ZGC")
            && log.collector.as_deref() != Some(collector)
        {
            log.collector = Some(collector.to_owned());
        }
    }

    fn keep(&mut self, line: &Line<'_>, out: &mut Readings) {
        if self.kept < MAX_KEPT_LINES {
            self.kept += 1;
            out.keep(line);
        }
    }
}

/// Reads a line of the banner into the log. The name of the field it set, `None` if it is no such line or not the first.
fn banner_field(log: &mut GcLog, message: &str, line: &Line<'_>) -> Option<&'static str> {
    fn fill(slot: &mut Option<Bytes>, text: &str) -> bool {
        let read = if slot.is_none() { with_unit(text.trim_end()) } else { None };
        *slot = slot.or(read);
        read.is_some()
    }
    let (label, value) = message.split_once(": ")?;
    let (field, set) = match label {
        "Version" if log.jdk.is_none() => {
            log.jdk = value.split_once(" (").map(|(version, _)| version.to_owned());
            ("jdk", log.jdk.is_some())
        }
        "CPUs" if log.cpus.is_none() => {
            log.cpus = value.split_once(" total, ").and_then(|(_, rest)| rest.split_once(" available")?.0.parse().ok());
            ("cpus", log.cpus.is_some())
        }
        "Memory" => ("memory", fill(&mut log.memory, value)),
        "Heap Max Capacity" | "Max Capacity" => ("max_heap", fill(&mut log.max_heap, value)),
        "Heap Initial Capacity" | "Initial Capacity" => ("initial_heap", fill(&mut log.initial_heap, value)),
        "Heap Region Size" | "Heap region size" => ("region_size", fill(&mut log.region_size, value)),
        "GC Workers for Old Generation" if log.collector.as_deref() != Some("generational ZGC") => {
            log.collector = Some("generational ZGC".to_owned());
            ("collector", true)
        }
        // JDK 9 to 13: `Heap address: 0x…, size: 256 MB, Compressed Oops mode: 32-bit`.
        "Heap address" if log.max_heap.is_none() => {
            let megabytes = value.split_once("size: ").and_then(|(_, rest)| rest.split_once(" MB,"));
            log.max_heap =
                megabytes.and_then(|(number, _)| number.parse::<u64>().ok()?.checked_mul(1 << 20).map(Bytes));
            ("max_heap", log.max_heap.is_some())
        }
        _ => return None,
    };
    set.then(|| {
        log.at.put(field, line.span_of(value));
        field
    })
}
