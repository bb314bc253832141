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

use std::borrow::Cow;

use super::{MAX_KEPT_LINES, UPTIME_DISORDER, change, millis, seconds, set_wall, size, size_of, start_log};
use crate::civil::iso_time;
use crate::formats::Claim;
use crate::formats::cut::without_last_word;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::readings::Readings;
use crate::source::{Line, Wall};
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

/// `[GC (`, `[GC pause (`, `[Full GC 123K->`, `[CMS-concurrent-…`.
fn is_record(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("[CMS-concurrent-") {
        return rest.starts_with(|c: char| c.is_ascii_lowercase());
    }
    if is_shenandoah(text) {
        return true;
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
        let Some(word) = word.strip_suffix(':') else { break };
        if word.starts_with('#') {
            continue;
        }
        if let Some((read, "")) = iso_time(word) {
            wall = Some(read);
        } else if uptime.is_none() && word.contains(['.', ',']) {
            uptime = seconds(word);
        }
    }
    (wall, uptime)
}

fn is_stopped_line(body: &str) -> bool {
    const PHRASES: [&str; 2] = ["Total time for which application threads were stopped: ", "Application time: "];
    PHRASES.iter().any(|phrase| body.contains(phrase)) && body.contains(" seconds")
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
    /// The last pause, and the line after which details no longer belong to it.
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
        if trimmed.starts_with("[Times: user=") || is_ergonomics(trimmed) {
            self.touch(line, out);
            return true;
        }
        if let Some((event, last)) = self.details
            && line.number <= last
            && trimmed.starts_with('[')
            && (body.starts_with(' ') || is_detail(trimmed))
        {
            if trimmed.starts_with("[Eden: ") {
                details(trimmed, event, out);
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
            let flags = if out.is_cut(line) { without_last_word(flags) } else { flags };
            self.flags(flags, line, out);
            return true;
        }
        if let Some(physical) = body.strip_prefix("Memory: ").and_then(|rest| rest.split_once("k page, physical "))
            && let Some(log) = self.current(out)
            && line.number.saturating_sub(log.last_line) <= 2
            && log.memory.is_none()
        {
            let value = physical.1.split('(').next().unwrap_or_default();
            log.memory = size(value);
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
        if falls_back && !self.new_log(line, out) {
            return;
        }
        if let Some(log) = self.logs.last_mut() {
            log.last_uptime = start.uptime.or(log.last_uptime);
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
        });
        self.append(start.text, line, out);
    }

    /// A line inside an open record; only what the JVM may have printed there.
    fn go_on(&mut self, trimmed: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let after_stamps = trimmed
            .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | ' ' | '-' | 'T' | '+'));
        let mine =
            trimmed.starts_with(['[', ':', ',', '(', ']']) || after_stamps.starts_with('[') || is_ergonomics(trimmed);
        let adjacent = self.current(out).is_some_and(|log| log.last_line.saturating_add(1) == line.number);
        let mine = mine || (adjacent && is_rest(trimmed));
        if !mine {
            // Something else: the record is over if it does not go on soon.
            if let Some(record) = &mut self.record {
                record.lines += 1;
                // Wrapped inside of a word: what follows would be taken for something else.
                let torn = record.last_line.saturating_add(1) == line.number
                    && record.text.ends_with(|c: char| c.is_ascii_alphanumeric());
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
        if !record.text.is_empty() && !inside {
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
        event.log = u32::try_from(log.index).unwrap_or(u32::MAX);
        event.line = record.first_line;
        event.uptime = record.uptime;
        set_wall(&mut event, record.wall);
        if let Some(log) = out.gc_logs.get_mut(log.index)
            && log.collector.is_none()
        {
            log.collector = read.collector.map(str::to_owned);
        }
        let failure = read.failure.map(|name| GcEvent {
            kind: GcKind::Failure,
            name: name.to_owned(),
            cause: None,
            duration: None,
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
        if event.pause {
            self.details = Some((out.gc_events.len(), line.number.saturating_add(MAX_DETAIL_LINES)));
        }
        out.gc_events.push(event);
        if let Some(failure) = failure {
            self.keep(line, out);
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

/// What a whole record says.
struct Read {
    event: GcEvent,
    failure: Option<&'static str>,
    collector: Option<&'static str>,
    /// A collection inside the pause: `-XX:+CMSScavengeBeforeRemark`.
    inner: Option<GcEvent>,
}

/// Reads a record from its opening bracket on. `None` for phases and for what has neither heap nor duration.
fn parse(text: &str) -> Option<Read> {
    let (own, nested) = take_apart(text)?;
    let (is_full, rest) = match own.strip_prefix("Full GC") {
        Some(rest) => (true, rest),
        None => (false, own.strip_prefix("GC").unwrap_or(&own)),
    };
    if let Some(phase) = own.strip_prefix("CMS-concurrent-") {
        return parse_cms_phase(phase);
    }
    if own.starts_with("Pause ") || own.starts_with("Concurrent ") {
        return parse_shenandoah(&own);
    }
    let duration = duration_of(rest);
    if let Some(phase) = rest.trim_start().strip_prefix("concurrent-") {
        // One event per cycle: the end of marking is the phase that all cycles have.
        let is_mark_end = phase.starts_with("mark-end");
        let event = GcEvent {
            kind: GcKind::Concurrent,
            name: "GC concurrent-mark-end".to_owned(),
            duration: Some(duration?),
            ..GcEvent::default()
        };
        return is_mark_end.then_some(Read { event, failure: None, collector: Some("G1"), inner: None });
    }
    if rest.split_ascii_whitespace().any(|word| word == ":" || word.ends_with("):")) {
        // The bracket of a generation is lost, and what stands behind its colon is not of the whole heap.
        return None;
    }
    let mut read = Read {
        event: GcEvent { duration, pause: true, ..GcEvent::default() },
        failure: None,
        collector: None,
        inner: None,
    };
    let (before, after, committed) = heap_of(rest);
    (read.event.before, read.event.after, read.event.committed) = (before, after, committed);
    let mut collects_old = false;
    let mut concurrent_pause = None;
    for block in &nested {
        if block.starts_with("[GC ") && block.contains("[ParNew") {
            let inner = parse(block)?;
            read.collector = read.collector.or(inner.collector);
            read.inner = Some(inner.event);
            continue;
        }
        let Some((inner, _)) = take_apart(block) else { continue };
        let (label, values) = inner.split_once(':').unwrap_or((&inner, ""));
        match label.trim_start_matches("1 ").trim_end() {
            "CMS-initial-mark" => concurrent_pause = Some("CMS-initial-mark"),
            "CMS-remark" => concurrent_pause = Some("CMS-remark"),
            _ => {}
        }
        match read.block(label, &inner, values) {
            Block::Old => collects_old = true,
            Block::Other => {}
            // A label that was torn: the record may be of another kind than it seems.
            Block::Unknown => return None,
        }
    }
    let failed = |name: &str| rest.contains(name) || nested.iter().any(|block| block.contains(name));
    if read.collector.is_some_and(|collector| matches!(collector, "CMS" | "Serial"))
        && (failed("(promotion failed)") || failed("(concurrent mode failure)"))
    {
        // The old generation is collected in the same pause, even where its line is lost.
        collects_old = true;
    }
    if collects_old && !is_full {
        // The young generation failed first, and what is printed behind its arrow is not what the pause left in it.
        read.event.figures.remove("young_after");
    }
    read.failure = read.failure.or(failure_in(rest));
    if rest.contains(")-- ") {
        // `[GC pause (G1 Evacuation Pause) (young)-- 250M->250M(256M), 0.5 secs]`, without details.
        read.failure = read.failure.or(Some("to-space exhausted"));
    } else if rest.starts_with("--") || rest.contains(" --") {
        read.failure = read.failure.or(Some("promotion failed"));
    }
    read.name(is_full || collects_old, is_full, rest, concurrent_pause);
    (read.event.duration.is_some() || read.event.after.is_some()).then_some(read)
}

/// `Pause Full 2000M->1800M(2048M), 1234.567 ms`.
fn parse_shenandoah(own: &str) -> Option<Read> {
    let (what, duration) = own.rsplit_once(", ")?;
    let duration = millis(duration.trim_end().strip_suffix(" ms")?)?;
    let (name, heap) = match what.rsplit_once(' ') {
        Some((name, last)) if change(last).is_some() => (name, change(last)),
        _ => (what, None),
    };
    let kind = match () {
        () if name.starts_with("Pause Full") => GcKind::Full,
        () if name.starts_with("Pause Degenerated") => GcKind::Degenerated,
        () if name.starts_with("Pause ") => GcKind::ConcurrentPause,
        () if heap.is_some() => GcKind::Concurrent,
        () => return None,
    };
    let heap = heap.unwrap_or_default();
    let event = GcEvent {
        kind,
        name: name.to_owned(),
        duration: Some(duration),
        pause: kind != GcKind::Concurrent,
        before: heap.before,
        after: heap.after,
        committed: heap.after_of,
        ..GcEvent::default()
    };
    Some(Read { event, failure: None, collector: Some("Shenandoah"), inner: None })
}

/// `[CMS-concurrent-mark: 0.012/0.013 secs]`: processor and elapsed time. Other phases of the cycle make no event.
fn parse_cms_phase(phase: &str) -> Option<Read> {
    let times = phase.strip_prefix("mark: ")?.strip_suffix(" secs")?;
    let duration = seconds(times.split_once('/')?.1)?;
    let event = GcEvent {
        kind: GcKind::Concurrent,
        name: "CMS-concurrent-mark".to_owned(),
        duration: Some(duration),
        ..GcEvent::default()
    };
    Some(Read { event, failure: None, collector: Some("CMS"), inner: None })
}

/// What a bracket inside a record is about.
enum Block {
    /// The old generation, which was collected.
    Old,
    /// Another part of memory, or none.
    Other,
    /// Sizes changed, and it is not known whose.
    Unknown,
}

impl Read {
    /// Reads `PSYoungGen: 524800K->87031K(611840K)` and its like.
    fn block(&mut self, label: &str, inner: &str, values: &str) -> Block {
        let label = label.trim_start();
        // `CMS2.2: [CMS-concurrent-mark: …] (concurrent mode failure): 3K->2K(4K)`: the stamp stands in the label.
        let word = label.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        self.failure = self.failure.or(failure_in(inner));
        // Two changes in one bracket: the end of one generation and the beginning of the next are lost.
        let changed = || {
            let mut changes = inner.split_ascii_whitespace().filter_map(|word| change(word.trim_end_matches(',')));
            changes.next().filter(|_| changes.next().is_none())
        };
        let figures = &mut self.event.figures;
        let mut put = |name: &str, value: Option<Bytes>| {
            if let Some(value) = value {
                figures.insert(name.to_owned(), value);
            }
        };
        match word {
            "PSYoungGen" | "DefNew" | "ParNew" => {
                self.collector = Some(match word {
                    "PSYoungGen" => "Parallel",
                    "DefNew" => "Serial",
                    _ => "CMS",
                });
                if let Some(young) = changed() {
                    put("young_before", young.before);
                    put("young_after", young.after);
                    put("young_committed", young.after_of);
                }
            }
            "CMS" if label.starts_with("CMS Perm") => perm(changed(), &mut put),
            "CMS" if label.starts_with("CMS-") => {}
            // `[CMSJava HotSpot(TM) Server VM warning: bailing out to foreground collection`
            "ParOldGen" | "PSOldGen" | "Tenured" | "CMS" | "CMSJava" | "CMSOpenJDK" => {
                self.collector = self.collector.or(match word {
                    "Tenured" => Some("Serial"),
                    "ParOldGen" | "PSOldGen" => Some("Parallel"),
                    _ => Some("CMS"),
                });
                let Some(old) = changed() else { return Block::Unknown };
                put("old_before", old.before);
                put("old_after", old.after);
                put("old_committed", old.after_of);
                return Block::Old;
            }
            "Metaspace" => {
                if let Some(metaspace) = changed() {
                    put("metaspace_used", metaspace.after);
                    put("metaspace_reserved", metaspace.after_of);
                }
            }
            "PSPermGen" | "Perm" => perm(changed(), &mut put),
            _ if label.starts_with("1 CMS-") => {
                self.collector = Some("CMS");
                if let Some((used, committed)) = values.split_ascii_whitespace().find_map(size_of) {
                    put("old_after", Some(used));
                    put("old_committed", committed);
                }
            }
            _ if changed().is_some() => return Block::Unknown,
            _ => {}
        }
        Block::Other
    }

    /// Kind, name, and cause from what stands in round brackets.
    fn name(&mut self, collects_all: bool, is_full: bool, rest: &str, concurrent_pause: Option<&str>) {
        let event = &mut self.event;
        let groups = groups(rest);
        let has = |word: &str| groups.contains(&word);
        let start = rest.trim_start();
        let head = if is_full {
            "Full GC"
        } else if start.starts_with("pause") {
            "GC pause"
        } else if start.starts_with("remark") {
            "GC remark"
        } else if start.starts_with("cleanup") {
            "GC cleanup"
        } else {
            "GC"
        };
        event.name = head.to_owned();
        let descriptors = ["young", "mixed", "initial-mark", "partial", "CMS Initial Mark", "CMS Final Remark"];
        for group in groups.iter().filter(|group| descriptors.contains(group)) {
            event.name.push_str(&format!(" ({group})"));
        }
        if event.name == "GC"
            && let Some(pause) = concurrent_pause
        {
            event.name = format!("GC {pause}");
        }
        event.cause = groups
            .iter()
            .find(|group| !descriptors.contains(group) && failure_in(&format!("({group})")).is_none())
            .map(|group| (*group).to_owned());
        // Without details only the words say it; what collects on the way has a heap before.
        let marks = (has("CMS Initial Mark") || has("CMS Final Remark")) && event.before.is_none();
        if marks {
            self.collector = Some("CMS");
        }
        event.kind = if collects_all {
            GcKind::Full
        } else if marks || matches!(head, "GC remark" | "GC cleanup") || concurrent_pause.is_some() {
            GcKind::ConcurrentPause
        } else if has("mixed") {
            GcKind::Mixed
        } else {
            GcKind::Young
        };
        if head.starts_with("GC ") {
            self.collector = Some("G1");
        }
    }
}

fn perm(changed: Option<super::Change>, put: &mut dyn FnMut(&str, Option<Bytes>)) {
    if let Some(perm) = changed {
        put("perm_used", perm.after);
        put("perm_committed", perm.after_of);
    }
}

/// The text of a bracket without the brackets inside it, and those.
fn take_apart(text: &str) -> Option<(String, Vec<&str>)> {
    let inner = text.strip_prefix('[')?;
    let mut own = String::new();
    let mut nested = Vec::new();
    let mut depth = 0usize;
    let mut from = 0;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'[' => {
                if depth == 0 {
                    own.push_str(inner.get(from..at)?);
                    own.push(' ');
                    from = at;
                }
                depth += 1;
            }
            b']' if depth == 0 => {
                own.push_str(inner.get(from..at)?);
                return Some((own, nested));
            }
            b']' => {
                depth -= 1;
                if depth == 0 {
                    nested.push(inner.get(from..=at)?);
                    from = at + 1;
                }
            }
            _ => {}
        }
    }
    None
}

/// The last `N secs`.
fn duration_of(text: &str) -> Option<Micros> {
    let (before, _) = text.rsplit_once(" secs")?;
    seconds(before.rsplit([' ', ',']).next()?)
}

/// `524800K->499220K(2010112K)`, or `10K(506816K)` of a pause that collects nothing.
fn heap_of(text: &str) -> (Option<Bytes>, Option<Bytes>, Option<Bytes>) {
    let mut words = text.split_ascii_whitespace().map(|word| word.trim_end_matches(','));
    if let Some(heap) = words.clone().find_map(change) {
        return (heap.before, heap.after, heap.after_of);
    }
    match words.find_map(|word| size_of(word).filter(|(_, committed)| committed.is_some())) {
        Some((used, committed)) => (None, Some(used), committed),
        None => (None, None, None),
    }
}

/// What stands in round brackets after a blank: `(System.gc())` as `System.gc()`, but not `499220K(2010112K)`.
fn groups(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut groups = Vec::new();
    let mut depth = 0usize;
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' if depth > 0 => depth += 1,
            b'(' if at == 0 || bytes.get(at - 1).is_some_and(|b| *b == b' ') => {
                depth = 1;
                from = at + 1;
            }
            b')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    groups.extend(text.get(from..at));
                }
            }
            _ => {}
        }
    }
    groups
}

fn failure_in(text: &str) -> Option<&'static str> {
    ["to-space exhausted", "to-space overflow", "promotion failed", "concurrent mode failure"]
        .into_iter()
        .find(|failure| text.strip_prefix('(').unwrap_or(text).contains(failure) && text.contains('('))
}

/// `[Eden: 24.0M(24.0M)->0.0B(13.0M) Survivors: 0.0B->3072.0K Heap: 24.0M(256.0M)->5120.0K(256.0M)], [Metaspace: …]`.
fn details(text: &str, event: usize, out: &mut Readings) {
    let Some(event) = out.gc_events.get_mut(event) else { return };
    let mut words = text.split_ascii_whitespace();
    while let Some(label) = words.next() {
        let value = || change(words.clone().next()?.trim_end_matches([']', ',']));
        let names = match label.trim_start_matches('[') {
            "Eden:" => ["eden_before", "eden_after", ""],
            "Survivors:" => ["survivor_before", "survivor_after", ""],
            "Metaspace:" => ["", "metaspace_used", "metaspace_reserved"],
            "Heap:" => {
                if let Some(heap) = value() {
                    event.before = event.before.or(heap.before);
                    event.after = event.after.or(heap.after);
                    event.committed = event.committed.or(heap.after_of);
                }
                continue;
            }
            _ => continue,
        };
        let Some(read) = value() else { continue };
        for (name, value) in names.into_iter().zip([read.before, read.after, read.after_of]) {
            if let Some(value) = value.filter(|_| !name.is_empty()) {
                event.figures.insert(name.to_owned(), value);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// Reads lines as the dispatcher would: what is open first, then by claim. Lines of others are passed over.
    fn read(text: &str) -> Readings {
        let mut reader = Legacy::default();
        let mut out = Readings::default();
        for (at, body) in text.lines().enumerate() {
            let line = Line { number: u32::try_from(at + 1).unwrap_or(u32::MAX), ..Line::of(body) };
            let _ = reader.resume(&line, &mut out) || (claim(body) > Claim::None && reader.open(&line, &mut out));
        }
        out
    }

    fn kib(count: u64) -> Option<Bytes> {
        Some(Bytes(count << 10))
    }

    #[test]
    fn a_young_collection_of_the_parallel_collector_is_one_line() {
        let out = read(
            "2017-07-27T11:46:46.456-0800: 2.145: [GC (Allocation Failure) [PSYoungGen: 524800K->87031K(611840K)] 524800K->499220K(2010112K), 0.3782684 secs] [Times: user=0.25 sys=0.89, real=0.38 secs] ",
        );
        let [event] = out.gc_events.as_slice() else { panic!("one event") };
        assert_eq!((event.kind, event.name.as_str()), (GcKind::Young, "GC"));
        assert_eq!(event.cause.as_deref(), Some("Allocation Failure"));
        assert_eq!((event.before, event.after, event.committed), (kib(524_800), kib(499_220), kib(2_010_112)));
        assert_eq!((event.uptime, event.duration), (Some(Micros(2_145_000)), Some(Micros(378_268))));
        assert_eq!(event.time, Some(Micros(1_501_184_806_456_000)));
        assert_eq!(event.figures.get("young_after").copied(), kib(87_031));
        assert_eq!(out.gc_logs[0].start, Some(Micros(1_501_184_804_311_000)));
        assert_eq!(out.gc_logs[0].collector.as_deref(), Some("Parallel"));
    }

    #[test]
    fn a_full_collection_names_old_and_metaspace_and_what_metaspace_reserves() {
        let out = read(
            "8.1: [Full GC (Ergonomics) [PSYoungGen: 87031K->0K(611840K)] [ParOldGen: 1310720K->1300000K(1398272K)] 1397751K->1300000K(2010112K), [Metaspace: 3136K->3136K(1056768K)], 1.2807 secs] [Times: user=1.9 sys=0.0, real=1.28 secs]",
        );
        let event = &out.gc_events[0];
        assert_eq!((event.kind, event.cause.as_deref()), (GcKind::Full, Some("Ergonomics")));
        assert_eq!((event.before, event.after), (kib(1_397_751), kib(1_300_000)));
        assert_eq!(event.figures.get("old_committed").copied(), kib(1_398_272));
        assert_eq!(event.figures.get("metaspace_used").copied(), kib(3136));
        assert_eq!(event.figures.get("metaspace_reserved").copied(), kib(1_056_768));
        assert_eq!(event.figures.get("metaspace_committed"), None);
        assert!(out.excerpts.contains_key(&(0, 1)));
    }

    #[test]
    fn a_record_that_was_wrapped_is_the_same_or_none() {
        let record = "2014-07-18T16:19:16.794+0800: 1630.821: [GC 1630.821: [DefNew: 1005567K->111679K(1005568K), 0.9152360 secs]1631.736: [Tenured: 2573912K->1340650K(2574068K), 1.8511050 secs] 3122548K->1340650K(3579636K), [Perm : 17882K->17882K(21248K)], 2.7854350 secs] [Times: user=2.57 sys=0.22, real=2.79 secs]";
        let whole = read(record).gc_events;
        let mut same = 0;
        for width in 40..record.len() {
            let rows: Vec<&str> =
                record.as_bytes().chunks(width).filter_map(|row| std::str::from_utf8(row).ok()).collect();
            let wrapped = read(&rows.join("\n")).gc_events;
            let like = |event: &GcEvent| {
                let whole = whole.first().cloned().unwrap_or_default();
                let no_change = |a: Option<Bytes>, b| a.is_none() || a == b;
                no_change(event.before, whole.before)
                    && no_change(event.after, whole.after)
                    && no_change(event.committed, whole.committed)
                    && (event.duration.is_none() || event.duration == whole.duration)
                    && event.figures.iter().all(|(name, size)| whole.figures.get(name) == Some(size))
            };
            assert!(wrapped.iter().all(like), "at {width}: {wrapped:?}");
            same += usize::from(wrapped == whole);
        }
        assert!(same * 3 > record.len() - 40, "{same} of {}", record.len() - 40);
        let mailed = record.replace("[Tenured: ", "[Tenured:\n").replace(" 3122548K", "\n3122548K");
        assert_eq!(read(&mailed).gc_events, whole);
    }

    #[test]
    fn old_g1_and_shenandoah_of_jdk_8_are_read() {
        let out = read(
            "1.234: [GC pause (young), 0.00594747 secs]\n   [Parallel Time:   5.1 ms]\n   [ 8M->1M(16M)]\n [Times: user=0.01 sys=0.00, real=0.01 secs]",
        );
        let event = &out.gc_events[0];
        assert_eq!((event.before, event.after, event.committed), (kib(8 << 10), kib(1 << 10), kib(16 << 10)));
        let out = read(
            "100.001: [Pause Init Mark, 0.8 ms]\n100.100: [Concurrent marking 800M->900M(2048M), 99.123 ms]\n101.110: [Pause Full 2000M->1800M(2048M), 1234.567 ms]",
        );
        let kinds: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.after)).collect();
        assert_eq!(
            kinds,
            [(GcKind::ConcurrentPause, None), (GcKind::Concurrent, kib(900 << 10)), (GcKind::Full, kib(1800 << 10))]
        );
        assert_eq!(out.gc_logs[0].collector.as_deref(), Some("Shenandoah"));
    }

    #[test]
    fn the_banner_gives_version_memory_and_flags() {
        let out = read(
            "OpenJDK 64-Bit Server VM (25.252-b09) for linux-amd64 JRE (1.8.0_252-b09), built on Apr 14 2020 by \"x\" with gcc 4.8\n\
             Memory: 4k page, physical 32648484k(13543556k free), swap 0k(0k free)\n\
             CommandLine flags: -XX:InitialHeapSize=536870912 -XX:MaxHeapSize=2147483648 -XX:+PrintGC -XX:+UseParallelGC ",
        );
        let log = &out.gc_logs[0];
        assert_eq!((log.jdk.as_deref(), log.memory), (Some("1.8.0_252-b09"), kib(32_648_484)));
        assert_eq!((log.max_heap, log.initial_heap), (Some(Bytes(2 << 30)), Some(Bytes(512 << 20))));
        assert_eq!((log.collector.as_deref(), log.flags.len()), (Some("Parallel"), 4));
        assert_eq!((log.first_line, log.last_line), (1, 3));
    }

    #[test]
    fn g1_prints_the_heap_below_the_pause() {
        let out = read(
            "9.120: [GC pause (G1 Evacuation Pause) (young) (to-space exhausted), 0.0123456 secs]\n\
             \u{20}  [Parallel Time: 10.2 ms, GC Workers: 8]\n\
             \u{20}     [GC Worker Start (ms): Min: 9120.0, Avg: 9120.1, Max: 9120.2, Diff: 0.2]\n\
             \u{20}  [Eden: 24.0M(24.0M)->0.0B(13.0M) Survivors: 0.0B->3072.0K Heap: 24.5M(256.0M)->5120.0K(256.0M)]\n\
             \u{20}[Times: user=0.05 sys=0.01, real=0.01 secs] \n\
             9.140: [GC concurrent-mark-start]\n\
             9.150: [GC concurrent-mark-end, 0.0100000 secs]\n\
             9.151: [GC remark 9.151: [Finalize Marking, 0.0001 secs] 9.152: [GC ref-proc, 0.0002 secs] 9.153: [Unloading, 0.0003 secs], 0.0032 secs]\n\
             9.160: [GC cleanup 5686K->5600K(8192K), 0.0005250 secs]",
        );
        let kinds: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.name.as_str(), event.line)).collect();
        assert_eq!(
            kinds,
            [
                (GcKind::Young, "GC pause (young)", 1),
                (GcKind::Failure, "to-space exhausted", 1),
                (GcKind::Concurrent, "GC concurrent-mark-end", 7),
                (GcKind::ConcurrentPause, "GC remark", 8),
                (GcKind::ConcurrentPause, "GC cleanup", 9),
            ]
        );
        let pause = &out.gc_events[0];
        assert_eq!((pause.before, pause.after, pause.committed), (kib(25_088), kib(5120), kib(262_144)));
        assert_eq!(pause.figures.get("survivor_after").copied(), kib(3072));
        assert_eq!(out.gc_events[3].duration, Some(Micros(3200)));
        assert_eq!(out.gc_events[4].before, kib(5686));
        assert_eq!(out.gc_logs[0].last_line, 9);
    }

    #[test]
    fn a_record_goes_on_over_ages_and_lines_of_the_application() {
        let out = read(
            "2.145: [GC (Allocation Failure) 2.145: [ParNew\n\
             Desired survivor size 17432576 bytes, new threshold 6 (max 6)\n\
             - age   1:    4194304 bytes,    4194304 total\n\
             2026-01-01 12:00:00 INFO a line of the application 99K->98K(100K)\n\
             : 272640K->34048K(306688K), 0.0844702 secs] 272640K->69574K(1014528K), 0.0845560 secs] [Times: user=0.2 sys=0.0, real=0.08 secs]",
        );
        let [event] = out.gc_events.as_slice() else { panic!("one event") };
        assert_eq!((event.line, event.before, event.after), (1, kib(272_640), kib(69_574)));
        assert_eq!(event.figures.get("young_after").copied(), kib(34_048));
    }

    #[test]
    fn failures_of_cms_are_events_and_end_in_a_full_collection() {
        let out = read(
            "5.0: [GC (CMS Initial Mark) [1 CMS-initial-mark: 300000K(349760K)] 310000K(506816K), 0.0012 secs] [Times: user=0.0 sys=0.0, real=0.0 secs]\n\
             5.1: [CMS-concurrent-mark-start]\n\
             5.3: [Full GC (Allocation Failure) 5.3: [CMS5.4: [CMS-concurrent-mark: 0.100/0.200 secs] [Times: user=0.3 sys=0.0, real=0.2 secs] \n\
             \u{20}(concurrent mode failure): 349760K->349759K(349760K), 1.2000 secs] 506815K->400000K(506816K), [Metaspace: 3000K->3000K(1056768K)], 1.2300 secs] [Times: user=1.2 sys=0.0, real=1.23 secs]\n\
             7.0: [GC (Allocation Failure) 7.0: [ParNew (promotion failed): 150000K->149000K(157248K), 0.1000 secs]7.1: [CMS: 349759K->200000K(349760K), 0.5000 secs] 499759K->200000K(506816K), [Metaspace: 3000K->3000K(1056768K)], 0.6000 secs]",
        );
        let kinds: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.name.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (GcKind::ConcurrentPause, "GC (CMS Initial Mark)"),
                (GcKind::Full, "Full GC"),
                (GcKind::Failure, "concurrent mode failure"),
                (GcKind::Full, "GC"),
                (GcKind::Failure, "promotion failed"),
            ]
        );
        assert_eq!((out.gc_events[0].after, out.gc_events[0].committed), (kib(310_000), kib(506_816)));
        assert_eq!(out.gc_events[1].figures.get("old_after").copied(), kib(349_759));
        assert_eq!((out.gc_events[1].before, out.gc_events[1].duration), (kib(506_815), Some(Micros(1_230_000))));
        assert_eq!(out.gc_logs[0].collector.as_deref(), Some("CMS"));
    }

    #[test]
    fn a_failed_promotion_is_a_full_collection_though_the_line_of_the_old_generation_is_lost() {
        let out = read(
            "9.0: [GC (Allocation Failure) 9.0: [ParNew (promotion failed): 150000K->149000K(157248K), 0.1000 secs] 499759K->200000K(506816K), 0.6000 secs]",
        );
        let event = &out.gc_events[0];
        assert_eq!((event.kind, event.after), (GcKind::Full, kib(200_000)));
        assert_eq!(event.figures.get("young_after"), None);
        assert_eq!(out.gc_events[1].kind, GcKind::Failure);
    }

    #[test]
    fn a_warning_inside_a_record_and_the_source_of_a_page_change_nothing() {
        let out = read(
            "6901.217: [GC 6901.217: [ParNew: 261760K-&gt;261760K(261952K), 0.0000570 secs]6901.217: [CMSJava HotSpot(TM) Server VM warning: bailing out to foreground collection\n\
             6905.1: [CMS-concurrent-mark: 3.9/4.0 secs] [Times: user=4.0 sys=0.1, real=4.00 secs]\n\
             \u{20}(concurrent mode failure): 1796901K-&gt;1078231K(1835008K), 96.6130290 secs] 2058661K-&gt;1078231K(2096960K), 96.6140400 secs]",
        );
        let full = &out.gc_events[0];
        assert_eq!((full.kind, full.before, full.after), (GcKind::Full, kib(2_058_661), kib(1_078_231)));
        assert_eq!(full.figures.get("old_after").copied(), kib(1_078_231));
        assert_eq!(out.gc_events[1].name, "concurrent mode failure");
    }

    #[test]
    fn logs_without_details_say_the_same_with_fewer_words() {
        let out = read(
            "1.0: [GC (CMS Initial Mark)  200000K(506816K), 0.0012351 secs]\n\
             2.0: [GC (CMS Final Remark)  443617K->444720K(619684K), 0.0163264 secs]\n\
             3.0: [GC pause (G1 Evacuation Pause) (young)-- 250M->250M(256M), 0.5056000 secs]",
        );
        let read: Vec<_> = out.gc_events.iter().map(|event| (event.kind, event.name.as_str())).collect();
        assert_eq!(
            read,
            [
                (GcKind::ConcurrentPause, "GC (CMS Initial Mark)"),
                (GcKind::Young, "GC (CMS Final Remark)"),
                (GcKind::Young, "GC pause (young)"),
                (GcKind::Failure, "to-space exhausted"),
            ]
        );
    }

    #[test]
    fn a_collection_inside_a_remark_is_an_event_of_its_own() {
        let out = read(
            "4237.297: [GC[YG occupancy: 905227 K (4194240 K)]4237.297: [GC 4237.297: [ParNew: 905227K->0K(4194240K), 0.0563254 secs] 5160073K->4271964K(12582848K), 0.0565896 secs] [Times: user=0.59 sys=0.01, real=0.06 secs]\n\
             4237.354: [Rescan (parallel) , 0.0002254 secs]4237.354: [weak refs processing, 0.0001194 secs] [1 CMS-remark: 4271964K(8388608K)] 4271964K(12582848K), 0.1005000 secs] [Times: user=0.8 sys=0.0, real=0.10 secs]",
        );
        let [young, remark] = out.gc_events.as_slice() else { panic!("two events") };
        assert_eq!((young.kind, young.before, young.after), (GcKind::Young, kib(5_160_073), kib(4_271_964)));
        assert_eq!(
            (remark.kind, remark.after, remark.duration),
            (GcKind::ConcurrentPause, kib(4_271_964), Some(Micros(100_500)))
        );
    }

    #[test]
    fn details_of_g1_may_have_lost_the_blanks_before_them() {
        let out = read(
            "0.268: [GC pause (G1 Evacuation Pause) (young), 0.0047637 secs]\n[Parallel Time: 4.1 ms, GC Workers: 1]\n\
             [Eden: 6144.0K(6144.0K)->0.0B(4096.0K) Survivors: 0.0B->2048.0K Heap: 6144.0K(128.0M)->1085.5K(128.0M)]",
        );
        assert_eq!((out.gc_events[0].before, out.gc_events[0].committed), (kib(6144), kib(131_072)));
    }

    #[test]
    fn older_jdks_put_no_blank_and_no_cause() {
        let out = read(
            "0.844: [Full GC0.855: [SoftReference, 0 refs, 0.0000230 secs]0.855: [JNI Weak Reference, 0.0000090 secs] 17M->3756K(13M), 0.0236280 secs]\n\
             46.371: [GC pause (young)46.373: [SoftReference, 0 refs, 0.0000380 secs], 0.0024170 secs]\n\
             62.105: [GC[YG occupancy: 1655877 K (2534400 K)]62.106: [Rescan (parallel) , 0.4786020 secs] [1 CMS-remark: 5212294K(8448000K)] 6868172K(10982400K), 0.5986920 secs]\n\
             70.0: [Full GC (System) [PSYoungGen: 1K->0K(9K)] [PSOldGen: 5K->4K(8K)] 6K->4K(17K) [PSPermGen: 3K->3K(21K)], 0.0100 secs]\n\
             71.0: [GC-- [PSYoungGen: 9K->9K(9K)] 17K->17K(17K), 0.0100 secs]",
        );
        let read: Vec<_> =
            out.gc_events.iter().map(|event| (event.name.as_str(), event.duration.map(|d| d.0))).collect();
        assert_eq!(
            read,
            [
                ("Full GC", Some(23_628)),
                ("GC pause (young)", Some(2417)),
                ("GC CMS-remark", Some(598_692)),
                ("Full GC", Some(10_000)),
                ("GC", Some(10_000)),
                ("promotion failed", None),
            ]
        );
        assert_eq!(out.gc_events[3].cause.as_deref(), Some("System"));
        assert_eq!(out.gc_events[3].figures.get("perm_committed").copied(), kib(21));
    }

    #[test]
    fn an_uptime_that_falls_back_is_a_new_run() {
        let out = read(
            "90.0: [GC (Allocation Failure)  6M->2M(64M), 0.0010000 secs]\n\
             0.5: [GC (Allocation Failure)  5M->1M(64M), 0.0010000 secs]",
        );
        assert_eq!(out.gc_logs.len(), 2);
        assert_eq!(out.gc_events[1].log, 1);
    }

    #[test]
    fn heaps_around_records_are_taken_and_stopped_times_make_no_event() {
        let mut reader = Legacy::default();
        let mut out = Readings::default();
        let line = Line::of("1.0: [GC (Allocation Failure)  6M->2M(64M), 0.0010000 secs]");
        assert!(reader.open(&line, &mut out));
        for body in [
            "{Heap before GC invocations=1 (full 0):",
            " PSYoungGen      total 611840K, used 524800K [0x0, 0x1, 0x2)",
            "  eden space 524800K, 100% used [0x0,0x1,0x2)",
            " Metaspace       used 3136K, capacity 4500K, committed 4864K, reserved 1056768K",
            "}",
            "1.1: Total time for which application threads were stopped: 0.0012 seconds, Stopping threads took: 0.0001 seconds",
        ] {
            assert!(reader.resume(&Line::of(body), &mut out), "{body}");
        }
        assert!(!reader.resume(&Line::of(" eden space 1K"), &mut out));
        assert_eq!(out.gc_events.len(), 1);
    }

    #[test]
    fn lines_of_others_are_left_to_them() {
        for body in [
            "[GC] collected 12 documents",
            "[GC pauses] are short",
            "2026-01-01 12:00:00,123 [GC-thread-1] INFO started",
            "INFO [Full GCs] none",
            "OpenJDK Runtime Environment (build 1.8.0_252-b09)",
            "the [GC 12 things] list",
        ] {
            assert_eq!(claim(body), Claim::None, "{body}");
        }
    }

    #[test]
    fn a_record_cut_anywhere_loses_values_and_changes_none() {
        let whole = "8.1: [Full GC (System.gc()) [PSYoungGen: 87031K->0K(611840K)] [ParOldGen: 1310720K->1300000K(1398272K)] 1397751K->1300000K(2010112K), [Metaspace: 3136K->3136K(1056768K)], 1.2807 secs] [Times: user=1.9 sys=0.0, real=1.28 secs]";
        let full = read(whole).gc_events.remove(0);
        assert_eq!(full.cause.as_deref(), Some("System.gc()"));
        for at in 0..whole.len() {
            for event in read(whole.get(..at).unwrap_or_default()).gc_events {
                assert_eq!(event, full, "cut at {at}");
            }
            for event in read(whole.get(at..).unwrap_or_default()).gc_events {
                let uptime = event.uptime;
                assert_eq!(GcEvent { uptime: full.uptime, ..event }, full, "cut before {at}");
                assert!(uptime.is_none_or(|uptime| Some(uptime) <= full.uptime), "cut before {at}");
            }
        }
    }
}
