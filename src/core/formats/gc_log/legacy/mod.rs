//! The GC log of JDK 8 and older: `-verbose:gc`, `-XX:+PrintGC`, `-XX:+PrintGCDetails`.
//!
//! ```text
//! OpenJDK 64-Bit Server VM (25.252-b09) for linux-amd64 JRE (1.8.0_252-b09), built on …
//! Memory: 4k page, physical 32648484k(13543556k free), swap 0k(0k free)
//! CommandLine flags: -XX:MaxHeapSize=2147483648 -XX:+UseParallelGC
//! 2.145: [GC (Allocation Failure) [PSYoungGen: 524800K->87031K(611840K)] 524800K->499220K(2010112K), 0.3782684 secs] [Times: …]
//! 9.120: [GC pause (G1 Evacuation Pause) (young), 0.0123456 secs]
//!    [Eden: 24.0M(24.0M)->0.0B(13.0M) Survivors: 0.0B->3072.0K Heap: 24.0M(256.0M)->5120.0K(256.0M)]
//! ```
//!
//! A record runs from `[GC` or `[Full GC` to its closing bracket, over several lines where the JVM prints ages or
//! concurrent phases in between; lines of the application among them are left alone. Times are those of the beginning of
//! the pause. Flags are in bytes. The brackets after Metaspace hold what is reserved, not what is committed.

mod record;
#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use record::{details, parse};

use super::{
    LONG, MAX_KEPT_LINES, UPTIME_DISORDER, change, millis, processor_time, seconds, set_wall, size_of, start_log,
};
use crate::civil::iso_time;
use crate::formats::Claim;
use crate::formats::cut::without_last_word;
use crate::formats::quantity::with_unit;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::readings::Readings;
use crate::source::{Line, Wall, excerpt};
use crate::units::{Bytes, Micros};

/// Lines of one record at most.
const MAX_RECORD_LINES: u32 = 40;
/// Bytes of one record at most.
const MAX_RECORD_BYTES: usize = 16 << 10;
/// Lines after a pause in which its details may follow.
const MAX_DETAIL_LINES: u32 = 80;
/// Flags kept at most.
const MAX_FLAGS: usize = 200;
/// Logs told apart in one source at most.
const MAX_LOGS: usize = 256;

/// How surely a line belongs to a legacy GC log.
pub(super) fn claim(body: &str) -> Claim {
    if find_record(body).is_some()
        || is_headless(body.trim_start())
        // With decorations it is the unified log's.
        || (is_stopped_line(body) && !body.starts_with('['))
        || is_vm_banner(body)
        || body.starts_with("CommandLine flags: -")
    {
        Claim::Strong
    } else if is_heap_block(body) {
        Claim::Weak
    } else {
        Claim::None
    }
}

/// Where a record starts, and the stamps before it.
struct Start<'a> {
    wall: Option<Wall>,
    uptime: Option<Micros>,
    /// From the bracket on.
    text: &'a str,
}

/// Finds the bracket that starts a record; only the first few can, behind stamps and an unknown prefix.
fn find_record(body: &str) -> Option<Start<'_>> {
    memchr::memchr_iter(b'[', body.as_bytes()).take(4).find_map(|at| {
        let (before, text) = body.split_at_checked(at)?;
        is_record(text).then(|| {
            let (wall, uptime) = stamps(before);
            Start { wall, uptime, text }
        })
    })
}

/// `(concurrent mode failure): 1048576K->185976K(1048576K), 1.49 secs] …`: the end of a record of which the line above is not there.
fn is_headless(text: &str) -> bool {
    text.starts_with("(concurrent mode failure): ") && text.contains("->") && text.contains(" secs]")
}

/// `[GC (`, `[GC pause (`, `[Full GC 123K->`, `[CMS-concurrent-…`.
fn is_record(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("[CMS-concurrent-") {
        return rest.starts_with(|c: char| c.is_ascii_lowercase());
    }
    if is_shenandoah(text) {
        return true;
    }
    // A native image of GraalVM 20 to 22.
    if text.starts_with("[Incremental GC (") {
        return text.contains("->");
    }
    let Some(rest) = text.strip_prefix("[Full GC").or_else(|| text.strip_prefix("[GC")) else { return false };
    let rest = rest.strip_prefix("--").unwrap_or(rest).trim_start();
    const WORDS: [&str; 7] = ["(", "pause ", "remark", "cleanup", "concurrent-", "--[", "["];
    // JDK 6 and 7 put no blank before what is nested: `[Full GC0.855: [SoftReference, …`, `[GC[YG occupancy: …`.
    WORDS.iter().any(|word| rest.starts_with(word))
        || (rest.starts_with(|c: char| c.is_ascii_digit()) && (rest.contains("->") || is_stamp(rest)))
}

/// `62.106: [Rescan (parallel)`, and `62.106:` at the end of a line: the time of what is nested.
fn is_stamp(text: &str) -> bool {
    let stamp = text.split('[').next().unwrap_or_default().trim_end();
    stamp.ends_with(':') && stamp.contains(['.', ','])
}

/// `[Pause Final Mark 900M->900M(2048M), 1.234 ms]`: Shenandoah for JDK 8.
fn is_shenandoah(text: &str) -> bool {
    const WORDS: [&str; 4] = ["[Pause Init ", "[Pause Final ", "[Pause Degenerated GC", "[Pause Full"];
    WORDS.iter().any(|word| text.starts_with(word))
        || (text.starts_with("[Concurrent ") && text.trim_end().ends_with(" ms]"))
}

/// `2017-07-27T11:46:46.456-0800: 2.145: ` at the end of what stands before a record; either may be missing.
fn stamps(before: &str) -> (Option<Wall>, Option<Micros>) {
    let mut wall = None;
    let mut uptime = None;
    for word in before.split_ascii_whitespace().rev().take(3) {
        // `#12:` is -XX:+PrintGCID.
        let Some(word) = word.trim_start_matches('"').strip_suffix(':') else { break };
        if word.starts_with('#') {
            continue;
        }
        if let Some((read, rest)) = iso_time(word).filter(|(_, rest)| rest.is_empty() || rest.starts_with(':')) {
            wall = Some(read);
            uptime = uptime.or_else(|| seconds(rest.strip_prefix(':')?));
        } else if uptime.is_none() && word.contains(['.', ',']) {
            uptime = seconds(word);
        }
    }
    (wall, uptime)
}

fn is_stopped_line(body: &str) -> bool {
    static PHRASES: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| {
        ["Total time for which application threads were stopped: ", "Application time: "].map(Finder::new)
    });
    PHRASES.iter().any(|phrase| phrase.find(body.as_bytes()).is_some()) && body.contains(" seconds")
}

fn is_vm_banner(body: &str) -> bool {
    (body.starts_with("OpenJDK ") || body.starts_with("Java HotSpot(TM) "))
        && body.contains(" VM (")
        && body.contains(" JRE (")
}

/// -XX:+PrintHeapAtGC prints the heap around each record; its figures stand in the record too.
/// JDK 5 and 6 write `gc`, and put the second heading behind the record.
fn is_heap_block(body: &str) -> bool {
    const STARTS: [&str; 4] = [
        "{Heap before GC invocations=",
        "Heap after GC invocations=",
        "{Heap before gc invocations=",
        "Heap after gc invocations=",
    ];
    STARTS.iter().any(|start| body.starts_with(start))
}

/// The legacy logs of one source.
#[derive(Default)]
pub(super) struct Legacy {
    logs: Vec<OpenLog>,
    record: Option<Record>,
    /// Between `{Heap before GC` and `}`.
    in_heap_block: bool,
    /// The last pause and its line: details follow.
    details: Option<(usize, u32)>,
}

/// What is remembered of a log while it is read.
#[derive(Default)]
struct OpenLog {
    index: usize,
    last_uptime: Option<Micros>,
    last_wall: Option<Micros>,
    has_events: bool,
    kept: u32,
}

/// A record whose closing bracket has not come yet.
struct Record {
    text: String,
    /// Lengths of the last and of the longest line.
    width: usize,
    widest: usize,
    /// Length of the lines that a terminal has wrapped inside of a number.
    wrapped: Option<usize>,
    /// Numbers have been put together from lines that no terminal wraps so.
    is_torn: bool,
    depth: i32,
    lines: u32,
    first_line: u32,
    /// Last line that was put into the text.
    last_line: u32,
    wall: Option<Wall>,
    uptime: Option<Micros>,
    /// Its first line, if it goes on in others: what is said of it is said of that line.
    opening: String,
}

impl Legacy {
    /// True if the closing bracket of a record has not come yet.
    pub fn is_in_record(&self) -> bool {
        self.record.is_some()
    }

    /// Takes a line that surely belongs to the open log.
    pub fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.logs.is_empty() {
            return false;
        }
        let body = line.body;
        let trimmed = body.trim_start();
        if self.in_heap_block {
            if trimmed.trim_end() == "}" {
                self.in_heap_block = false;
                return true;
            }
            if is_generation(trimmed) {
                return true;
            }
        }
        if let Some(start) = find_record(body) {
            let is_phase = ["[CMS-concurrent-", "[GC concurrent-"].iter().any(|phase| start.text.starts_with(phase));
            if self.record.is_some() && is_phase {
                self.go_on(trimmed, line, out);
            } else if self.is_of_next(line, out) && !self.new_log(line, out) {
                return false;
            } else {
                self.start(start, line, out);
            }
            return true;
        }
        if is_heap_block(body) {
            self.in_heap_block = true;
            return true;
        }
        if trimmed.starts_with("Desired survivor size ") || trimmed.starts_with("- age ") {
            self.touch(line, out);
            return true;
        }
        if is_stopped_line(body) {
            self.touch(line, out);
            return true;
        }
        if self.record.is_some() {
            return self.go_on(trimmed, line, out);
        }
        if is_headless(trimmed) {
            let text = format!("[Full GC [CMS {}", trimmed.trim_end());
            self.start(Start { wall: None, uptime: None, text: &text }, line, out);
            return true;
        }
        if trimmed.starts_with("[Times: user=") || is_ergonomics(trimmed) {
            // Behind the details of G1.
            if let Some((event, first)) = self.details
                && line.since(first) <= MAX_DETAIL_LINES
                && let Some(known) = out.gc_events.get_mut(event).filter(|event| event.cpu.is_none())
            {
                known.cpu = processor_time(trimmed);
            }
            self.touch(line, out);
            return true;
        }
        if let Some((event, first)) = self.details
            && line.since(first) <= MAX_DETAIL_LINES
            && trimmed.starts_with('[')
            && (body.starts_with(' ') || is_detail(trimmed))
        {
            if trimmed.starts_with("[Eden: ") {
                details(trimmed, event, out);
            } else if let Some(spent) = trimmed.strip_prefix("[Evacuation Failure: ")
                && let Some(pause) = out.gc_events.get(event).map(|pause| pause.line)
                && let Some(failure) = out.gc_events.get_mut(event.saturating_add(1))
                && (failure.kind, failure.line) == (GcKind::Failure, pause)
            {
                // What it took to undo what could not be copied, which is a part of the pause.
                failure.duration = spent.strip_suffix(" ms]").and_then(millis);
            } else if let Some(known) = out.gc_events.get_mut(event).filter(|event| event.after.is_none())
                && let Some(heap) =
                    trimmed.strip_prefix("[ ").and_then(|rest| change(rest.strip_suffix(']')?.trim_end()))
            {
                // JDK 6 prints only the heap: `[ 8M->1M(16M)]`.
                (known.before, known.after, known.committed) = (heap.before, heap.after, heap.after_of);
            }
            self.touch(line, out);
            return true;
        }
        if let Some(flags) = body.strip_prefix("CommandLine flags: ") {
            let flags = if line.is_cut() { without_last_word(flags) } else { flags };
            self.flags(flags, line, out);
            return true;
        }
        if let Some(physical) = body.strip_prefix("Memory: ").and_then(|rest| rest.split_once("k page, physical "))
            && let Some(log) = self.current(out)
            && line.since(log.last_line) <= 2
            && log.memory.is_none()
        {
            let value = physical.1.split('(').next().unwrap_or_default();
            log.memory = with_unit(value);
            log.last_line = line.number;
            log.at.put("memory", line.span_of(value));
            out.keep(line);
            return true;
        }
        false
    }

    /// Takes a line that was claimed.
    pub fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if is_vm_banner(line.body) {
            self.banner(line, out);
            return true;
        }
        if self.logs.is_empty() && !self.new_log(line, out) {
            return false;
        }
        self.resume(line, out)
    }

    /// The source has ended: what is open has no end.
    pub fn finish(&mut self) {
        self.record = None;
    }

    fn current<'a>(&self, out: &'a mut Readings) -> Option<&'a mut crate::model::gc::GcLog> {
        out.gc_logs.get_mut(self.logs.last()?.index)
    }

    /// True if a shell started another JVM since the last line of the open log.
    fn is_of_next(&self, line: &Line<'_>, out: &mut Readings) -> bool {
        let last = self.current(out).map(|log| log.last_line);
        line.around.ran_jvm && line.around.prompt > last && self.logs.last().is_some_and(|log| log.has_events)
    }

    fn touch(&self, line: &Line<'_>, out: &mut Readings) {
        if let Some(log) = self.current(out) {
            log.last_line = log.last_line.max(line.number);
        }
    }

    fn new_log(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.logs.len() >= MAX_LOGS {
            return false;
        }
        let index = start_log("legacy", line, out);
        self.logs.push(OpenLog { index, ..OpenLog::default() });
        self.record = None;
        self.details = None;
        true
    }

    fn banner(&mut self, line: &Line<'_>, out: &mut Readings) {
        if !self.new_log(line, out) {
            return;
        }
        let jdk = line.body.split_once(" JRE (").and_then(|(_, rest)| rest.split_once(')')).map(|(jdk, _)| jdk);
        if let (Some(jdk), Some(log)) = (jdk, self.current(out)) {
            log.jdk = Some(jdk.to_owned());
            log.at.put("jdk", line.span_of(jdk));
        }
        out.keep(line);
    }

    /// `CommandLine flags: -XX:MaxHeapSize=2147483648 …`: sizes in bytes; the last occurrence wins.
    fn flags(&mut self, flags: &str, line: &Line<'_>, out: &mut Readings) {
        if self.logs.last().is_some_and(|log| log.has_events) && !self.new_log(line, out) {
            return;
        }
        self.touch(line, out);
        let Some(log) = self.current(out) else { return };
        for flag in flags.split_ascii_whitespace().filter(|flag| flag.starts_with('-')) {
            let bytes = |name| flag.strip_prefix(name)?.parse::<u64>().ok().map(Bytes);
            if let Some(max_heap) = bytes("-XX:MaxHeapSize=") {
                log.max_heap = Some(max_heap);
                log.at.put("max_heap", line.span_of(flag));
            } else if let Some(initial_heap) = bytes("-XX:InitialHeapSize=") {
                log.initial_heap = Some(initial_heap);
                log.at.put("initial_heap", line.span_of(flag));
            } else if let Some(region_size) = bytes("-XX:G1HeapRegionSize=") {
                log.region_size = Some(region_size);
                log.at.put("region_size", line.span_of(flag));
            } else if let Some(collector) = collector_of_flag(flag) {
                log.collector = Some(collector.to_owned());
                log.at.put("collector", line.span_of(flag));
            }
            if log.flags.len() < MAX_FLAGS {
                log.flags.push(flag.to_owned());
            }
        }
        out.keep(line);
    }

    fn start(&mut self, start: Start<'_>, line: &Line<'_>, out: &mut Readings) {
        let falls_back = self.logs.last().is_some_and(|log| {
            let behind = |time: Option<Micros>, last: Option<Micros>| {
                time.zip(last).is_some_and(|(time, last)| time.plus(UPTIME_DISORDER) < last)
            };
            behind(start.uptime, log.last_uptime) || behind(start.wall.map(|wall| wall.micros), log.last_wall)
        });
        // A JVM that started anew is young. What is a little earlier, below words, is another excerpt of the log.
        let is_excerpt = self.logs.last().is_some_and(|log| {
            let is_old = start.uptime.zip(log.last_uptime).is_some_and(|(time, last)| time.0 >= last.0 / 2);
            is_old && start.wall.is_none() && log.last_wall.is_none()
        }) && self.current(out).is_some_and(|log| line.since(log.last_line) > 1);
        if falls_back && !is_excerpt && !self.new_log(line, out) {
            return;
        }
        if let Some(log) = self.logs.last_mut() {
            let last = log.last_uptime.filter(|_| is_excerpt);
            log.last_uptime = start.uptime.max(last).or(log.last_uptime);
            log.last_wall = start.wall.map(|wall| wall.micros).or(log.last_wall);
        }
        if let Some(log) = self.current(out) {
            log.last_line = log.last_line.max(line.number);
            if log.start.is_none()
                && let (Some(uptime), Some(Wall { micros, zone_known: true, .. })) = (start.uptime, start.wall)
            {
                log.start = Some(micros.minus(uptime));
                log.at.put("start", line.span());
            }
        }
        if start.text.starts_with("[Full GC") {
            self.keep(line, out);
        }
        self.record = Some(Record {
            text: String::new(),
            width: 0,
            widest: 0,
            wrapped: None,
            is_torn: false,
            depth: 0,
            lines: 0,
            first_line: line.number,
            last_line: line.number,
            wall: start.wall.or(line.stamp.wall),
            uptime: start.uptime,
            opening: String::new(),
        });
        self.append(start.text, line, out);
        if let Some(record) = &mut self.record {
            record.opening = excerpt(line.raw).to_owned();
        }
    }

    /// A line inside an open record; only what the JVM may have printed there.
    fn go_on(&mut self, trimmed: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let after_stamps = trimmed
            .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | ' ' | '-' | 'T' | '+'));
        let mine =
            trimmed.starts_with(['[', ':', ',', '(', ']']) || after_stamps.starts_with('[') || is_ergonomics(trimmed);
        let adjacent = self.current(out).is_some_and(|log| line.since(log.last_line) == 1);
        let is_torn_word = |record: &Record| tears_secs(&record.text, trimmed);
        let mine = mine || (adjacent && (is_rest(trimmed) || self.record.as_ref().is_some_and(is_torn_word)));
        if !mine {
            // Something else: the record is over if it does not go on soon.
            if let Some(record) = &mut self.record {
                record.lines += 1;
                // Wrapped inside of a word: what follows would be taken for something else.
                let torn =
                    line.since(record.last_line) == 1 && record.text.ends_with(|c: char| c.is_ascii_alphanumeric());
                if torn || record.lines > MAX_RECORD_LINES {
                    self.record = None;
                }
            }
            return false;
        }
        self.append(trimmed, line, out);
        self.touch(line, out);
        true
    }

    fn append(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) {
        let Some(record) = &mut self.record else { return };
        // The source of a web page.
        let unescaped =
            if text.contains("-&gt;") { Cow::Owned(text.replace("-&gt;", "->")) } else { Cow::Borrowed(text) };
        let (text, behind) = split_behind(&unescaped);
        self.in_heap_block |= is_heap_block(behind);
        // A terminal wraps inside of numbers, and mail only at blanks.
        let is_unit = |text: &str| {
            let mut chars = text.chars();
            chars.next().is_some_and(|c| matches!(c, 'K' | 'M' | 'G' | 'B'))
                && chars.next().is_some_and(|c| matches!(c, '-' | '(' | ')'))
        };
        let inside = record.text.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
            && (text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '>')) || is_unit(text));
        if !record.text.is_empty() && !inside && !tears_secs(&record.text, text) {
            record.text.push(' ');
        }
        if inside {
            let width = *record.wrapped.get_or_insert(record.width);
            record.is_torn |= width != record.width;
        }
        record.last_line = line.number;
        record.width = line.raw.len();
        record.widest = record.widest.max(record.width);
        record.text.push_str(text);
        record.lines += 1;
        for byte in text.bytes() {
            match byte {
                b'[' => record.depth += 1,
                b']' => record.depth -= 1,
                _ => {}
            }
        }
        if record.depth <= 0 {
            let is_whole =
                |record: &Record| !record.is_torn && record.wrapped.is_none_or(|width| width == record.widest);
            if let Some(record) = self.record.take().filter(is_whole) {
                self.complete(&record, line, out);
            }
        } else if record.lines > MAX_RECORD_LINES || record.text.len() > MAX_RECORD_BYTES {
            self.record = None;
        }
    }

    fn complete(&mut self, record: &Record, line: &Line<'_>, out: &mut Readings) {
        let Some(read) = parse(&record.text) else { return };
        let Some(log) = self.logs.last_mut() else { return };
        log.has_events = true;
        let mut event = read.event;
        event.cpu = processor_time(&record.text).filter(|_| event.pause);
        event.log = u32::try_from(log.index).unwrap_or(u32::MAX);
        event.line = record.first_line;
        event.uptime = record.uptime;
        set_wall(&mut event, record.wall);
        if let Some(log) = out.gc_logs.get_mut(log.index)
            && log.collector.is_none()
        {
            log.collector = read.collector.map(str::to_owned);
        }
        // CMS was collecting the old generation into which nothing could be moved.
        let overtaken = |name: &str| name == "promotion failed" && record.text.contains("(concurrent mode failure)");
        let failure = read.failure.map(|name| GcEvent {
            kind: GcKind::Failure,
            name: name.to_owned(),
            cause: overtaken(name).then(|| "concurrent mode failure".to_owned()),
            duration: None,
            cpu: None,
            pause: false,
            before: None,
            after: None,
            committed: None,
            figures: Default::default(),
            ..event.clone()
        });
        if let Some(inner) = read.inner {
            let GcEvent { log, line, uptime, time, local_time, .. } = event;
            out.gc_events.push(GcEvent { log, line, uptime, time, local_time, ..inner });
        }
        if event.pause && event.duration.is_some_and(|duration| duration >= LONG) {
            self.keep(line, out);
            if record.first_line != line.number {
                out.keep_text(line.source, record.first_line, &record.opening);
            }
        }
        if event.pause {
            self.details = Some((out.gc_events.len(), line.number));
        }
        out.gc_events.push(event);
        if let Some(failure) = failure {
            self.keep(line, out);
            if record.first_line != line.number {
                out.keep_text(line.source, record.first_line, &record.opening);
            }
            out.gc_events.push(failure);
        }
    }

    fn keep(&mut self, line: &Line<'_>, out: &mut Readings) {
        if let Some(log) = self.logs.last_mut()
            && log.kept < MAX_KEPT_LINES
        {
            log.kept += 1;
            out.keep(line);
        }
    }
}

/// `776295K->500656K(1014208K)Heap after gc invocations=371:`: options print what they have to say in the middle of a record.
fn split_behind(text: &str) -> (&str, &str) {
    let glued = [")Heap after ", ")After GC:"].iter().find_map(|glued| text.find(glued));
    glued.and_then(|at| text.split_at_checked(at + 1)).unwrap_or((text, ""))
}

/// True where a line ends inside of the word behind a duration, `15.7989680 sec` and `s]`: no figure is torn.
fn tears_secs(before: &str, text: &str) -> bool {
    (1..4).any(|at| {
        let (head, tail) = "secs".split_at_checked(at).unwrap_or_default();
        let figure = before.strip_suffix(head).and_then(|before| before.strip_suffix(' '));
        figure.is_some_and(|figure| figure.ends_with(|c: char| c.is_ascii_digit()))
            && text.strip_prefix(tail).is_some_and(|rest| rest.starts_with([']', ',']))
    })
}

/// How a record may go on where somebody wrapped it: with a change of sizes, a duration, times of processors.
fn is_rest(trimmed: &str) -> bool {
    let word = trimmed.split_ascii_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches([',', ']']);
    let starts = ["secs]", "secs,", "user=", "sys=", "real=", "->"].iter().any(|start| trimmed.starts_with(start));
    let figure = change(word).is_some() || size_of(word).is_some_and(|(_, of)| of.is_some());
    let digits = trimmed.starts_with(|c: char| c.is_ascii_digit()) && iso_time(trimmed).is_none();
    starts || figure || (digits && (trimmed.contains("->") || trimmed.contains(" secs]")))
}

/// A row of the heap that -XX:+PrintHeapAtGC prints.
fn is_generation(trimmed: &str) -> bool {
    const WORDS: [&str; 20] = [
        "PSYoungGen",
        "ParOldGen",
        "PSOldGen",
        "PSPermGen",
        "eden space",
        "from space",
        "to   space",
        "object space",
        "the space",
        "def new",
        "par new",
        "tenured gen",
        "concurrent mark-sweep",
        "concurrent-mark-sweep",
        "garbage-first heap",
        "region size",
        "Metaspace",
        "class space",
        "compacting perm",
        "No shared spaces",
    ];
    WORDS.iter().any(|word| trimmed.starts_with(word)) || is_heap_block(trimmed)
}

/// A detail of a pause of G1, by its words: web pages take the blanks before it away.
fn is_detail(trimmed: &str) -> bool {
    const LABELS: [&str; 20] = [
        "[Eden: ",
        "[Parallel Time: ",
        "[GC Worker ",
        "[Ext Root Scanning ",
        "[Update RS ",
        "[Processed Buffers: ",
        "[Scan RS ",
        "[Code Root ",
        "[Object Copy ",
        "[Termination ",
        "[Clear CT: ",
        "[Other: ",
        "[Choose CSet: ",
        "[Ref Proc: ",
        "[Ref Enq: ",
        "[Redirty Cards: ",
        "[Humongous Register: ",
        "[Humongous Reclaim: ",
        "[Free CSet: ",
        "[Evacuation Failure: ",
    ];
    LABELS.iter().any(|label| trimmed.starts_with(label))
}

/// -XX:+PrintAdaptiveSizePolicy prints its reasoning in the middle of a record.
fn is_ergonomics(trimmed: &str) -> bool {
    trimmed.starts_with("AdaptiveSize") || trimmed.contains(": [G1Ergonomics (")
}

fn collector_of_flag(flag: &str) -> Option<&'static str> {
    Some(match flag {
        "-XX:+UseSerialGC" => "Serial",
        "-XX:+UseParallelGC" | "-XX:+UseParallelOldGC" => "Parallel",
        "-XX:+UseConcMarkSweepGC" => "CMS",
        "-XX:+UseG1GC" => "G1",
        "-XX:+UseShenandoahGC" => "Shenandoah",
        _ => return None,
    })
}
