//! Reads the `#` block that a JVM prints when it crashes or is refused memory, and the hs_err file it writes then.
//!
//! ```text
//! # There is insufficient memory for the Java Runtime Environment to continue.
//! # Native memory allocation (mmap) failed to map 188416 bytes. Error detail: committing reserved memory.
//! #  Out of Memory Error (os_linux.cpp:2832), pid=2042, tid=2045
//!
//! ---------------  S U M M A R Y ------------
//! Command Line: -XX:+UseSerialGC -Xms16m -Xmx400m Kinds heap
//! ```
//!
//! The block becomes a [`JavaError`], the file a [`HostReading`] of kind `hs-err`: options, heap, metaspace, resident memory,
//! the C heap, `/proc/meminfo`, the control group; the collections before it become a [`GcLog`]. Its Native Memory Tracking
//! is read by `nmt` and gets the file's process, time and uptime from here. Registers, stacks, maps and event lists are taken
//! and not kept. The size that was refused is the last straw, not the cause. Source: OpenJDK, `vmError.cpp`, `os_linux.cpp`.

mod history;

use super::cut::{is_whole, without_last_word};
use super::date::read_date;
use super::jdk_command::jdk_version;
use super::jvm_options::{is_option, max_heap};
use super::prompt::is_prompt;
use super::{Claim, FORMATS, Format, Reader, gc_log, host, java_error, jstat, killers, oom_killer};
use crate::model::gc::{GcEvent, GcLog};
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::units::{Bytes, Micros, fixed_decimal};
use history::History;

/// Crashes and hs_err files.
pub static FORMAT: Format = Format { id: "hs-err", claim, reader: || Box::new(HsErrReader::default()) };

/// Lines between a block and the file's first section, or a block and the refused commit above it.
const NEAR: u32 = 20;
/// Lines of others inside a file at a stretch: the tracker's block is shorter.
const MAX_GAP: u32 = 400;
/// Lines of unknown shape at a stretch; the file has been cut off where more follow.
const MAX_UNKNOWN: u32 = 60;
/// Lines between the `4711:` of jcmd and the first section.
const MAX_ANSWER: u32 = 8;
/// Options kept.
const MAX_FLAGS: usize = 400;

const INSUFFICIENT: &str = "There is insufficient memory for the Java Runtime Environment to continue.";
/// What a JVM says that crashes because memory ran out, before the message of the error.
const ABORTED: &str = "fatal error: OutOfMemory encountered: ";
const OUT_OF_MEMORY: &str = "java.lang.OutOfMemoryError";
const FATAL: &str = "A fatal error has been detected by the Java Runtime Environment:";

fn claim(line: &Line<'_>) -> Claim {
    let text = line.body.trim();
    let own = match text.as_bytes().first() {
        Some(b'#' | b'T' | b'A') => is_first(text),
        Some(b'-') => is_section_rule(text),
        Some(b'G' | b'E') if history::is_start(text) => true,
        Some(b'G' | b'P' | b'c' | b'M' | b'/') => is_part(text),
        _ => false,
    };
    if own { Claim::Strong } else { Claim::None }
}

/// Sections that people cut out of a file.
const PARTS: [&str; 3] = ["GC Precious Log:", "Process Memory:", "container (cgroup) information:"];

/// True for the heading of such a section, and for lines that say by themselves what they are.
fn is_part(text: &str) -> bool {
    let is_memory = || {
        text.starts_with("Memory: ") && text.contains("k page, ") && text.contains("physical ") && text.ends_with(')')
    };
    PARTS.contains(&text) || is_memory() || text.starts_with("/proc/sys/") && kernel_limit(text).is_some()
}

/// `/proc/sys/kernel/threads-max (system-wide limit on the number of threads): 192686`: our name of it.
fn kernel_limit(text: &str) -> Option<&'static str> {
    const LIMITS: [(&str, &str); 3] =
        [("/threads-max ", "threads_max"), ("/max_map_count ", "max_map_count"), ("/pid_max ", "pid_max")];
    let own = text.starts_with("/proc/sys/") && text.contains("):");
    LIMITS.iter().find(|(mark, _)| own && text.contains(mark)).map(|(_, name)| *name)
}

/// What a line of the block says. Web pages take `#` for the mark of a heading and leave it out.
fn without_mark(text: &str) -> &str {
    text.trim_start_matches(['#', ' '])
}

/// True for the line that a block begins with.
fn is_first(text: &str) -> bool {
    matches!(without_mark(text), INSUFFICIENT | FATAL)
}

/// True for a line of a block that has lost its marks.
fn is_bare(text: &str) -> bool {
    const STARTS: [&str; 12] = [
        "Native memory allocation ",
        "Possible reasons:",
        "The system is out of physical RAM or swap space",
        "The process is running with CompressedOops enabled",
        "In 32 bit mode, the process size limit was hit",
        "An error report file with more information is saved as",
        "Out of Memory Error (",
        "JRE version:",
        "Java VM:",
        "Internal Error (",
        "fatal error: ",
        "This output file may be truncated or incomplete.",
    ];
    let is_file = || text.contains("hs_err_pid") && !text.contains(' ');
    let is_signal = || text.contains(", pid=") && text.contains(", tid=");
    STARTS.iter().any(|start| text.starts_with(start)) || is_file() || is_signal()
}

/// `---------------  S U M M A R Y ------------`
fn is_section_rule(text: &str) -> bool {
    text.starts_with("------------")
        && ["S U M M A R Y", "T H R E A D", "P R O C E S S", "S Y S T E M"].iter().any(|name| text.contains(name))
}

#[derive(Default)]
struct HsErrReader {
    open: Option<Open>,
    /// What files said about the process, for the tracker's snapshots inside them.
    done: Vec<HostReading>,
}

/// A block, and the file it stands in once a section has been seen.
#[derive(Default)]
struct Open {
    error: Option<JavaError>,
    reading: HostReading,
    is_file: bool,
    /// Nothing but the list of collections, cut out of a file.
    is_list: bool,
    /// Nothing but sections, cut out of a file.
    is_parts: bool,
    /// Headings of these.
    parts: Vec<String>,
    /// The block's first line has no `#`.
    is_bare: bool,
    section: String,
    /// Inside the block of Native Memory Tracking.
    in_nmt: bool,
    unknown: u32,
    young_used: Option<Bytes>,
    /// A count that stands on the next line, as in JDK 11.
    awaited: Option<&'static str>,
    /// A count at the end of the last line.
    pending: Option<(&'static str, u64, Span)>,
    history: History,
    /// First and last line of the heap's history.
    history_lines: Option<(u32, u32)>,
}

impl Reader for HsErrReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(open) = &mut self.open else { return false };
        open.keep_pending();
        let text = line.body.trim();
        if is_prompt(text) {
            self.close(out);
            return false;
        }
        let gap = line.number.saturating_sub(open.reading.last_line);
        if !open.is_file {
            let goes_on = match open.is_bare {
                true => gap <= NEAR && is_bare(text),
                false => gap <= 1 && text.starts_with('#'),
            };
            if goes_on && !is_first(text) {
                // The message may be said twice, and without its end it would be another one.
                let says = without_mark(text);
                let is_message = ["Cannot create ", "fatal error: "].iter().any(|start| says.starts_with(start));
                if !(is_message && out.is_cut(line)) {
                    open.head_line(line, text);
                }
                return true;
            }
            if gap > NEAR {
                self.close(out);
            }
            return false;
        }
        let max_gap = if open.is_list || open.is_parts { NEAR } else { MAX_GAP };
        if gap > max_gap {
            self.close(out);
            return false;
        }
        if text.is_empty() || is_first(text) {
            return false;
        }
        // A crash file that was cut may stand above something else.
        if is_of_others(line, text) {
            self.close(out);
            return false;
        }
        if open.is_list {
            return open.history_line(line, text, out);
        }
        let begins = |words: [&str; 2]| words.iter().any(|word| text.starts_with(word));
        let text = match out.is_cut(line) {
            // Of a date the zone may be missing.
            true if begins(["Time: ", "time: "]) && !text.contains(" elapsed ") => return true,
            true if begins(["Command Line:", "jvm_args:"]) || !is_whole(text) => without_last_word(text),
            _ => text,
        };
        if open.is_parts {
            return open.part_line(line, text);
        }
        let taken = open.file_line(line, text, out);
        if text == "END." || open.unknown > MAX_UNKNOWN {
            self.close(out);
        }
        taken
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = line.body.trim();
        if is_part(text) && (self.resume(line, out) || self.part_of_block(line, text)) {
            return true;
        }
        out.keep(line);
        if is_section_rule(text) {
            let follows = |open: &Open| open.is_file || line.number.saturating_sub(open.reading.last_line) <= NEAR;
            if !self.open.as_ref().is_some_and(follows) {
                self.close(out);
                self.start(line);
                self.answer(line, out);
            }
            if let Some(open) = &mut self.open {
                open.is_file = true;
                (open.is_list, open.is_parts) = (false, false);
                open.in_nmt = false;
                open.unknown = 0;
                open.section = String::new();
                open.reading.last_line = line.number;
            }
            return true;
        }
        self.close(out);
        self.start(line);
        if is_part(text) {
            self.answer(line, out);
            if let Some(open) = &mut self.open {
                (open.is_file, open.is_parts) = (true, true);
                open.part_line(line, text);
            }
            return true;
        }
        if history::is_start(text) {
            if let Some(open) = &mut self.open {
                (open.is_file, open.is_list) = (true, true);
                history::SECTION.clone_into(&mut open.section);
                open.history_line(line, text, out);
            }
            return true;
        }
        if let Some(open) = &mut self.open {
            let says = without_mark(text);
            let kind = if says == INSUFFICIENT { "insufficient-memory" } else { "fatal-error" };
            open.is_bare = says == text;
            open.error = Some(JavaError {
                kind: kind.to_owned(),
                message: says.trim_end_matches(['.', ':']).to_owned(),
                count: 1,
                source: line.source,
                first_line: line.number,
                last_line: line.number,
                ..JavaError::default()
            });
        }
        true
    }

    fn finish(&mut self, out: &mut Readings) {
        self.close(out);
        for file in self.done.drain(..) {
            let inside = |reading: &HostReading| {
                reading.source == file.source
                    && (file.first_line..=file.last_line).contains(&reading.first_line)
                    && reading.pid.is_none()
            };
            for flags in out.host.iter_mut().filter(|reading| reading.kind == "flags-final" && inside(reading)) {
                flags.pid = file.pid;
                if let Some(span) = file.at.get("pid") {
                    flags.at.put("pid", span);
                }
            }
            for snapshot in &mut out.nmt {
                let inside = snapshot.source == file.source
                    && (file.first_line..=file.last_line).contains(&snapshot.first_line)
                    && snapshot.pid.is_none();
                if !inside {
                    continue;
                }
                snapshot.pid = file.pid;
                snapshot.uptime = file.uptime;
                snapshot.time = snapshot.time.or(file.time);
                snapshot.local_time = snapshot.local_time.or(file.local_time);
                for name in ["pid", "time", "uptime"] {
                    if let Some(span) = file.at.get(name) {
                        snapshot.at.put(name, span);
                    }
                }
            }
        }
    }
}

impl HsErrReader {
    fn start(&mut self, line: &Line<'_>) {
        self.open = Some(Open {
            reading: HostReading {
                kind: "hs-err".to_owned(),
                source: line.source,
                first_line: line.number,
                last_line: line.number,
                ..HostReading::default()
            },
            ..Open::default()
        });
    }

    /// A section right below the block of a crash is of the same process.
    fn part_of_block(&mut self, line: &Line<'_>, text: &str) -> bool {
        let near = |open: &&mut Open| !open.is_file && line.number.saturating_sub(open.reading.last_line) <= NEAR;
        let Some(open) = self.open.as_mut().filter(near) else { return false };
        (open.is_file, open.is_parts) = (true, true);
        open.part_line(line, text)
    }

    /// Without a crash above, it is what `jcmd <pid> VM.info` answers, if that says who answers.
    fn answer(&mut self, line: &Line<'_>, out: &Readings) {
        let near = |at: &Span| at.source == line.source && line.number.saturating_sub(at.line) <= MAX_ANSWER;
        if let Some(open) = &mut self.open
            && let Some((pid, at)) = out.answers.filter(|(_, at)| near(at))
        {
            open.reading.kind = "vm-info".to_owned();
            open.reading.pid = Some(pid);
            open.reading.at.put("pid", at);
        }
    }

    fn close(&mut self, out: &mut Readings) {
        let Some(mut open) = self.open.take() else { return };
        if out.unterminated != Some((open.reading.source, open.reading.last_line)) {
            open.keep_pending();
        }
        // The sentence alone, as in a headline, tells of no error.
        let is_headline = |error: &JavaError| open.is_bare && error.pid.is_none() && error.sizes.is_empty();
        if let Some(error) = open.error.filter(|error| !is_headline(error)) {
            name_the_aborted(&error, out);
            put_error(error, out);
        }
        put_history(open.history, open.history_lines, &open.reading, out);
        let says = !open.is_parts || !open.reading.sizes.is_empty() || !open.reading.counts.is_empty();
        if open.is_file && !open.is_list && says {
            self.done.push(HostReading { flags: Vec::new(), ..open.reading.clone() });
            out.host.push(open.reading);
        }
    }
}

/// The collections that the file lists become a log of their own.
fn put_history(history: History, lines: Option<(u32, u32)>, reading: &HostReading, out: &mut Readings) {
    let (events, collector) = history.finish();
    let (Some((first_line, last_line)), false) = (lines, events.is_empty()) else { return };
    let Ok(log) = u32::try_from(out.gc_logs.len()) else { return };
    let mut known = GcLog {
        source: reading.source,
        style: "hs-err".to_owned(),
        pid: reading.pid,
        collector: reading.words.get("collector").cloned().or(collector),
        jdk: reading.words.get("jdk").cloned(),
        first_line,
        last_line,
        ..GcLog::default()
    };
    for name in ["pid", "collector", "jdk"] {
        if let Some(span) = reading.at.get(name) {
            known.at.put(name, span);
        }
    }
    out.gc_logs.push(known);
    out.gc_events.extend(events.into_iter().map(|event| GcEvent { log, ..event }));
}

/// `Aborting due to java.lang.OutOfMemoryError: …` stands right above the block of the crash that follows.
fn name_the_aborted(error: &JavaError, out: &mut Readings) {
    let Some(span) = error.at.get("pid") else { return };
    let is_above = |source: u16, last_line: u32| {
        source == error.source && last_line < error.first_line && error.first_line - last_line <= 3
    };
    for event in &mut out.events {
        if event.kind == "crash-on-oom" && event.pid.is_none() && is_above(event.source, event.last_line) {
            event.pid = error.pid;
            event.at.put("pid", span);
            for thrown in &mut out.java_errors {
                if thrown.pid.is_none() && thrown.source == event.source && thrown.last_line == event.last_line {
                    thrown.pid = error.pid;
                    thrown.at.put("pid", span);
                }
            }
        }
    }
}

/// Hands over the error of a block. The refused commit that stands right above it, and the same block printed once more,
/// are the same error.
fn put_error(error: JavaError, out: &mut Readings) {
    let same = |known: &&mut JavaError| {
        known.source == error.source
            && known.kind == error.kind
            && match (known.pid, error.pid) {
                (Some(pid), Some(other)) if !error.message.starts_with(ABORTED) => {
                    pid == other && known.message == error.message
                }
                _ if let Some(what) = error.message.strip_prefix(ABORTED) => {
                    known.message.strip_prefix(OUT_OF_MEMORY).is_some_and(|said| said.ends_with(what))
                        && known.last_line <= error.first_line
                        && error.first_line - known.last_line <= NEAR
                }
                _ => {
                    (known.message == error.message || known.sizes.contains_key("requested"))
                        && known.sizes.get("requested") == error.sizes.get("requested")
                        && known.last_line <= error.first_line
                        && error.first_line - known.last_line <= NEAR
                }
            }
    };
    let Some(known) = out.java_errors.iter_mut().find(same) else {
        out.java_errors.push(error);
        return;
    };
    if known.pid.is_none() {
        known.last_line = error.last_line;
    }
    known.pid = known.pid.or(error.pid);
    known.time = known.time.or(error.time);
    known.local_time = known.local_time.or(error.local_time);
    known.uptime = known.uptime.or(error.uptime);
    for name in ["pid", "time", "uptime"] {
        if let Some(span) = error.at.get(name).filter(|_| known.at.get(name).is_none()) {
            known.at.put(name, span);
        }
    }
}

impl Open {
    /// A line of the `#` block.
    fn head_line(&mut self, line: &Line<'_>, text: &str) {
        self.reading.last_line = line.number;
        let text = without_mark(text);
        if let Some(digits) = between(text, ", pid=", ",").or_else(|| between(text, "hs_err_pid", ".log")) {
            self.pid(line, digits);
        }
        if let Some(version) = text.strip_prefix("JRE version: ").and_then(jre_version) {
            self.word(line, "jdk", version);
        }
        if let Some(version) = text.strip_prefix("Java VM: ").and_then(|vm| between(vm, " VM (", ",")) {
            self.word(line, "jdk", version);
        }
        if text.starts_with("Java VM: ")
            && let Some((collector, printed)) = collector(text)
        {
            self.reading.words.insert("collector".to_owned(), collector.to_owned());
            self.reading.at.put("collector", line.span_of(printed));
        }
        let Some(error) = &mut self.error else { return };
        error.last_line = line.number;
        if let Some(size) =
            between(text, "failed to map ", " bytes").or_else(|| between(text, "failed to allocate ", " bytes"))
            && text.starts_with("Native memory allocation ")
        {
            let text = text.trim_end_matches('.');
            error.message = text.to_owned();
            error.at.put("message", line.span_of(text));
            if let Ok(bytes) = size.parse() {
                error.sizes.insert("requested".to_owned(), Bytes(bytes));
                error.at.put("requested", line.span_of(size));
            }
        } else if text.starts_with("Cannot create ") && text.contains(" thread") {
            let text = text.trim_end_matches('.');
            error.kind = "native-thread".to_owned();
            error.message = text.to_owned();
            error.at.put("message", line.span_of(text));
        } else if error.kind == "fatal-error" {
            if let Some(what) = text.strip_prefix(ABORTED) {
                // -XX:+CrashOnOutOfMemoryError.
                error.kind = java_error::kind_of(OUT_OF_MEMORY, what).to_owned();
            }
            if ["fatal error: ", "Error: ", "guarantee(", "assert("].iter().any(|start| text.starts_with(start)) {
                error.message = text.to_owned();
                error.at.put("message", line.span_of(text));
            } else if let Some((what, _)) = text.split_once(", pid=") {
                // What an internal error is about stands on the next line.
                error.message = what.to_owned();
                if !what.starts_with("Internal Error") {
                    error.at.put("message", line.span_of(what));
                }
            }
        }
    }

    /// A line of the file. False for lines that another format knows better.
    fn file_line(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        if text == "Native Memory Tracking:" {
            self.in_nmt = true;
            return false;
        }
        if self.in_nmt {
            let other_section = is_section_rule(text) || text.starts_with("Preinit state:");
            if !other_section && (text.contains("(reserved=") || text.starts_with(['(', '-']) || is_nmt_total(text)) {
                return false;
            }
            self.in_nmt = !other_section;
        }
        if history::is_heading(text) && !history::is_section(&self.section) {
            // The list has lost its heading.
            history::SECTION.clone_into(&mut self.section);
        }
        if self.history_line(line, text, out) {
            return true;
        }
        let known = self.value_line(line, text) || is_shape(line.body, text) || self.is_metaspace_history(text);
        if !known {
            let others = FORMATS.iter().filter(|format| format.id != FORMAT.id);
            if others.into_iter().any(|format| (format.claim)(line) == Claim::Strong) {
                return false;
            }
        }
        if text.ends_with(':') && !line.body.starts_with([' ', '\t']) && !text.starts_with("Event: ") {
            text.trim_end_matches(':').clone_into(&mut self.section);
        }
        if known && ["Heap address:", "Resident Set Size:", "Command Line:"].iter().any(|start| text.starts_with(start))
        {
            out.keep(line);
        }
        self.unknown = if known { 0 } else { self.unknown.saturating_add(1) };
        if self.unknown > MAX_UNKNOWN {
            return false;
        }
        if known {
            self.reading.last_line = line.number;
        }
        true
    }

    /// A line of a section that stands alone.
    fn part_line(&mut self, line: &Line<'_>, text: &str) -> bool {
        if PARTS.contains(&text) {
            // A section that comes again is of another file.
            if self.parts.iter().any(|known| known == text) {
                return false;
            }
            self.parts.push(text.to_owned());
            text.trim_end_matches(':').clone_into(&mut self.section);
        } else if is_part(text) {
            let known = kernel_limit(text)
                .map_or(self.reading.sizes.contains_key("swap_total"), |name| self.reading.counts.contains_key(name));
            if known {
                return false;
            }
            self.section.clear();
            self.value_line(line, text);
        } else {
            let key = text.split_once(':').map_or("", |(key, _)| key);
            let taken = match self.section.as_str() {
                _ if self.awaited.is_some() => self.value_line(line, text),
                "Process Memory" => {
                    const KEYS: [&str; 5] = [
                        "Virtual Size",
                        "Resident Set Size",
                        "Swapped out",
                        "C-Heap outstanding allocations",
                        "glibc malloc tunables",
                    ];
                    KEYS.contains(&key) && (self.value_line(line, text) || key == "glibc malloc tunables")
                }
                "container (cgroup) information" => is_container_key(key) && self.value_line(line, text),
                "GC Precious Log" => gc_log::is_setting(text) && (self.value_line(line, text) || self.ram(line, text)),
                _ => false,
            };
            if !taken {
                return false;
            }
        }
        self.reading.last_line = line.number;
        true
    }

    /// `Memory: 24103M`, coarser than what the file prints at its end. True in any case: it is one of the collector's settings.
    fn ram(&mut self, line: &Line<'_>, text: &str) -> bool {
        if let Some(printed) = text.strip_prefix("Memory: ") {
            self.size(line, "physical", printed);
        }
        true
    }

    /// A line of the list of collections.
    fn history_line(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        let taken = history::is_section(&self.section) && self.history.take(line, text, out);
        if taken {
            let (first, _) = self.history_lines.unwrap_or((line.number, line.number));
            self.history_lines = Some((first, line.number));
            self.reading.last_line = line.number;
            self.unknown = 0;
        }
        taken
    }

    /// Lists of JDK 25 that repeat the metaspace at each collection.
    fn is_metaspace_history(&self, text: &str) -> bool {
        self.section.starts_with("Metaspace Usage History (")
            && (text.starts_with("Metaspace ") || text.starts_with("class space "))
    }

    /// True if the line carries a value that is kept, or might.
    fn value_line(&mut self, line: &Line<'_>, text: &str) -> bool {
        if let Some(name) = self.awaited.take()
            && text.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.count(line, name, text);
            return true;
        }
        let (key, value) = match text.split_once(':') {
            Some((key, value)) => (key, value.trim()),
            None => ("", ""),
        };
        match (self.section.as_str(), key) {
            // JDK 11 prints it below the section about the container, without a heading.
            (_, "Memory") if value.contains("physical ") => {
                self.sizes(line, value, &[("physical", "physical "), ("physical_free", "("), ("swap_total", "swap ")])
            }
            ("/proc/meminfo", _) if value.ends_with(" kB") => {
                let name = match key {
                    "MemTotal" => "mem_total",
                    "MemFree" => "mem_free",
                    "MemAvailable" => "mem_available",
                    "Buffers" => "buffers",
                    "Cached" => "cache",
                    "SwapTotal" => "swap_total",
                    "SwapFree" => "swap_free",
                    "CommitLimit" => "commit_limit",
                    "Committed_AS" => "committed",
                    _ => return true,
                };
                self.size(line, name, value);
            }
            ("Process Memory", "Virtual Size") => {
                self.sizes(line, value, &[("virtual", ""), ("virtual_peak", "peak: ")])
            }
            ("Process Memory", "Resident Set Size") => self.sizes(
                line,
                value,
                &[
                    ("rss", ""),
                    ("rss_peak", "peak: "),
                    ("rss_anon", "anon: "),
                    ("rss_file", "file: "),
                    ("rss_shmem", "shmem: "),
                ],
            ),
            ("Process Memory", "Swapped out") => self.sizes(line, value, &[("swap", "")]),
            // Above 2 GB old C libraries count from zero again, and the JVM says so.
            ("Process Memory", "C-Heap outstanding allocations") if !value.contains("wrapped") => {
                self.sizes(line, value, &[("c_heap", ""), ("c_heap_retained", "retained: ")]);
            }
            ("container (cgroup) information", _) => self.cgroup(line, key, value),
            ("Heap", _) => self.heap(line, text),
            ("Metaspace", _) if text.starts_with("Metaspace ") => self.metaspace(line, text),
            ("Metaspace", _) if text.starts_with("class space ") => self.class_space(line, text),
            (_, "Command Line") => self.flags(line, value),
            (_, "jvm_args") if self.reading.flags.is_empty() => self.flags(line, value),
            // Said above already.
            (_, "jvm_args" | "java_command" | "java_class_path (initial)" | "Launcher Type") => {}
            (_, "Time" | "time") => self.time(line, value),
            (_, "elapsed time") => self.uptime(line, value),
            (_, "Heap address") => {
                if let Some(size) = between(value, "size: ", ",") {
                    self.size(line, "heap_max", size);
                }
            }
            (_, "Heap Max Capacity" | "Max Capacity") => self.size(line, "heap_max", value),
            (_, "CodeCache") => self.sizes(line, value, &[("code_cache", "size="), ("code_cache_used", " used=")]),
            (_, "current process WorkingSet (physical memory assigned to process)") => {
                self.sizes(line, value, &[("rss", ""), ("rss_peak", "peak: ")]);
            }
            (_, "vm_info") => {
                if let Some(version) = between(value, "VM (", ")").or_else(|| between(value, " (", ")")) {
                    self.word(line, "jdk", version);
                }
            }
            _ => {
                if let Some(name) = kernel_limit(text) {
                    self.awaited = value.is_empty().then_some(name);
                    self.count(line, name, value);
                } else if let Some(length) = between(text, "length=", ",").filter(|_| text.contains("_thread_list=")) {
                    self.count(line, "java_threads", length);
                } else {
                    return false;
                }
            }
        }
        true
    }

    fn cgroup(&mut self, line: &Line<'_>, key: &str, value: &str) {
        let name = match key {
            "container_type" if matches!(value, "cgroupv1" | "cgroupv2") => return self.word(line, "cgroup", value),
            "memory_limit_in_bytes" => "limit",
            "memory_usage_in_bytes" => "usage",
            "memory_max_usage_in_bytes" => "usage_peak",
            "memory_soft_limit_in_bytes" => "limit_soft",
            "memory_and_swap_limit_in_bytes" => "limit_with_swap",
            "maximum number of tasks" => return self.count(line, "tasks_max", value),
            "current number of tasks" => return self.count(line, "tasks", value),
            _ => return,
        };
        if name == "limit" && value == "unlimited" {
            return self.word(line, name, "none");
        }
        // `unlimited`, `-1`, and v1's largest number of pages all mean that there is no limit. JDK 11 prints bytes, later
        // ones kilobytes whose unit may be cut off, and nobody runs a JVM in less than a megabyte.
        let bytes = suffixed(value).or_else(|| value.parse().ok().map(Bytes).filter(|bytes| bytes.0 >= 1 << 20));
        if let Some(bytes) = bytes.filter(|bytes| bytes.0 < 1 << 60) {
            self.reading.sizes.insert(name.to_owned(), bytes);
            self.reading.at.put(name, line.span_of(value));
        }
    }

    fn heap(&mut self, line: &Line<'_>, text: &str) {
        if text.starts_with("garbage-first heap ") {
            match text.contains("committed ") {
                true => self.sizes(line, text, &[("heap_committed", "committed "), ("heap_used", "used ")]),
                false => self.sizes(line, text, &[("heap_committed", "total "), ("heap_used", "used ")]),
            }
        } else if text.starts_with("ZHeap ") {
            let names = [("heap_used", "used "), ("heap_committed", " capacity "), ("heap_max", "max capacity ")];
            self.sizes(line, text, &names);
        } else if text.contains(" soft max, ") {
            for (name, mark) in [("heap_max", " max"), ("heap_committed", " committed"), ("heap_used", " used")] {
                let printed = text.split(", ").find_map(|part| part.strip_suffix(mark));
                if let Some(printed) = printed.filter(|printed| !printed.contains(' ')) {
                    self.size(line, name, printed);
                }
            }
        } else if text.starts_with("Metaspace ") {
            self.metaspace(line, text);
        } else if text.starts_with("class space ") {
            self.class_space(line, text);
        } else if let Some(is_young) = generation(text) {
            // `total` leaves out one survivor space, so it is not what the heap has committed.
            let Some(printed) = amount_after(text, "used ") else { return };
            if is_young {
                self.young_used = suffixed(printed);
                self.size(line, "young_used", printed);
                return;
            }
            self.size(line, "old_used", printed);
            if let (Some(young), Some(old)) = (self.young_used, suffixed(printed)) {
                self.reading.sizes.entry("heap_used".to_owned()).or_insert(young.plus(old));
                self.reading.at.put("heap_used", line.span_of(text));
            }
        }
    }

    fn metaspace(&mut self, line: &Line<'_>, text: &str) {
        let names =
            [("metaspace_used", "used "), ("metaspace_committed", "committed "), ("metaspace_reserved", "reserved ")];
        self.sizes(line, text, &names);
    }

    fn class_space(&mut self, line: &Line<'_>, text: &str) {
        let names = [("class_used", "used "), ("class_committed", "committed "), ("class_reserved", "reserved ")];
        self.sizes(line, text, &names);
    }

    fn flags(&mut self, line: &Line<'_>, value: &str) {
        let words = value.split_ascii_whitespace().take_while(|word| word.starts_with('-'));
        let flags: Vec<&str> = words.filter(|word| is_option(word)).take(MAX_FLAGS).collect();
        if let Some((size, option)) = max_heap(&flags)
            && !self.reading.sizes.contains_key("heap_max")
        {
            self.reading.sizes.insert("heap_max".to_owned(), size);
            self.reading.at.put("heap_max", line.span_of(option));
        }
        self.reading.flags = flags.into_iter().map(str::to_owned).collect();
        self.reading.at.put("flags", line.span_of(value));
    }

    fn time(&mut self, line: &Line<'_>, value: &str) {
        let (date, elapsed) = value.split_once(" elapsed time: ").unwrap_or((value, ""));
        if !elapsed.is_empty() {
            self.uptime(line, elapsed);
        }
        let Some(wall) = read_date(date) else { return };
        let (time, local_time) = if wall.zone_known { (Some(wall.micros), None) } else { (None, Some(wall.micros)) };
        let name = if wall.zone_known { "time" } else { "local_time" };
        self.reading.time = time;
        self.reading.local_time = local_time;
        self.reading.at.put(name, line.span_of(date));
        if let Some(error) = &mut self.error {
            error.time = time;
            error.local_time = local_time;
            error.at.put(name, line.span_of(date));
        }
    }

    fn uptime(&mut self, line: &Line<'_>, value: &str) {
        let Some((seconds, _)) = value.split_once(" seconds") else { return };
        let Some(uptime) = fixed_decimal(seconds, 6).map(Micros) else { return };
        self.reading.uptime = Some(uptime);
        self.reading.at.put("uptime", line.span_of(seconds));
        if let Some(error) = &mut self.error {
            error.uptime = Some(uptime);
            error.at.put("uptime", line.span_of(seconds));
        }
    }

    fn pid(&mut self, line: &Line<'_>, digits: &str) {
        let Ok(pid) = digits.parse() else { return };
        let span: Span = line.span_of(digits);
        if self.reading.pid.is_none() {
            self.reading.pid = Some(pid);
            self.reading.at.put("pid", span);
        }
        if let Some(error) = self.error.as_mut().filter(|error| error.pid.is_none()) {
            error.pid = Some(pid);
            error.at.put("pid", span);
        }
    }

    /// Keeps the amounts behind some words of a text; an empty word is the text's beginning.
    fn sizes(&mut self, line: &Line<'_>, text: &str, names: &[(&'static str, &str)]) {
        for (name, mark) in names {
            if let Some(printed) = amount_after(text, mark) {
                self.size(line, name, printed);
            }
        }
    }

    /// Keeps a size. The first of a name stays: what the file repeats comes from event lists.
    fn size(&mut self, line: &Line<'_>, name: &'static str, printed: &str) {
        let Some(bytes) = suffixed(printed) else { return };
        if !self.reading.sizes.contains_key(name) {
            self.reading.sizes.insert(name.to_owned(), bytes);
            self.reading.at.put(name, line.span_of(printed));
        }
    }

    /// Keeps a count as soon as another line follows: at the end of the source it may be cut.
    fn count(&mut self, line: &Line<'_>, name: &'static str, printed: &str) {
        self.pending = printed.parse().ok().map(|count| (name, count, line.span_of(printed)));
    }

    fn keep_pending(&mut self) {
        let Some((name, count, span)) = self.pending.take() else { return };
        if !self.reading.counts.contains_key(name) {
            self.reading.counts.insert(name.to_owned(), count);
            self.reading.at.put(name, span);
        }
    }

    fn word(&mut self, line: &Line<'_>, name: &'static str, word: &str) {
        if !self.reading.words.contains_key(name) && !word.is_empty() {
            let known = if name == "jdk" { jdk_version(word) } else { word.into() };
            self.reading.words.insert(name.to_owned(), known.into_owned());
            self.reading.at.put(name, line.span_of(word));
        }
    }
}

/// True for the keys of the section about the container.
fn is_container_key(key: &str) -> bool {
    let is_name = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (is_name && key.contains('_')) || key.ends_with(" number of tasks")
}

/// `Total:`, `malloc:` and `mmap:` of Native Memory Tracking.
fn is_nmt_total(text: &str) -> bool {
    ["Total: reserved=", "malloc: ", "mmap: "].iter().any(|start| text.starts_with(start))
}

/// True for the young generation of Serial, Parallel and CMS, false for the old one, `None` for other lines.
fn generation(text: &str) -> Option<bool> {
    const YOUNG: &[&str] = &["def new generation ", "par new generation ", "DefNew ", "PSYoungGen "];
    const OLD: &[&str] =
        &["tenured generation ", "Tenured ", "ParOldGen ", "PSOldGen ", "concurrent mark-sweep generation "];
    let has_total = text.contains(" total ");
    let starts = |names: &[&str]| has_total && names.iter().any(|name| text.starts_with(name));
    if starts(YOUNG) { Some(true) } else { starts(OLD).then_some(false) }
}

/// The collector, by the name it has in runs, and the text it was read from.
fn collector(text: &str) -> Option<(&'static str, &str)> {
    let printed = text.split(", ").find(|part| part.ends_with(" gc"))?;
    let name = match printed {
        "g1 gc" => "G1",
        "serial gc" => "Serial",
        "parallel gc" => "Parallel",
        "concurrent mark sweep gc" => "CMS",
        "z gc" => "ZGC",
        "shenandoah gc" => "Shenandoah",
        _ => return None,
    };
    Some((name, printed))
}

/// The version in `Java(TM) SE Runtime Environment (8.0_91-b14) (build 1.8.0_91-b14)`: the short one, but of JDK 8 and older the
/// whole one.
fn jre_version(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Runtime Environment")?;
    let short = between(rest, "(", ")")?;
    let old = short.contains(".0_");
    between(rest, "(build ", ")").filter(|_| old).or(Some(short))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

/// The amount right behind a word: `46003K` in `used 46003K [0x…`.
fn amount_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let rest = if mark.is_empty() { text } else { text.split_once(mark)?.1 };
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    rest.get(..end).filter(|amount| amount.starts_with(|c: char| c.is_ascii_digit()))
}

/// Reads `48M`, `48 MB`, `2642992K`, `1272Kb`, `24682416 kB`: binary units, whole numbers. A number without unit is cut.
fn suffixed(text: &str) -> Option<Bytes> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "k" | "kb" => 10,
        "m" | "mb" => 20,
        "g" | "gb" => 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift).map(Bytes)
}

/// Lines that only an hs_err file has, and in large numbers: frames, threads, registers, maps, events, headings.
fn is_shape(body: &str, text: &str) -> bool {
    let address = |text: &str| text.starts_with("0x") || text.starts_with("=>0x");
    let frame = ["V  [", "C  [", "j  ", "J ", "v  ~", "Event: ", "GC Heap", "{Heap ", "}", "|", "Total: "]
        .iter()
        .any(|start| text.starts_with(start));
    let mapping = text
        .split_once('-')
        .is_some_and(|(from, rest)| from.len() >= 5 && is_hex(from) && rest.split(' ').next().is_some_and(is_hex));
    let heading = text.ends_with(':') && !body.starts_with([' ', '\t']) && text.len() < 100;
    address(text) || frame || mapping || heading || text == "END." || text == "No events"
}

/// True for a line that no crash file has.
fn is_of_others(line: &Line<'_>, text: &str) -> bool {
    let claims = |format: &Format| (format.claim)(line) == Claim::Strong;
    // The file has `/proc/meminfo`.
    let is_of_host = || !text.ends_with(" kB") && claims(&host::FORMAT);
    claims(&oom_killer::FORMAT)
        || claims(&killers::FORMAT)
        || claims(&jstat::FORMAT)
        || claims(&gc_log::FORMAT)
        || is_of_host()
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Readings {
        crate::formats::read_alone(&FORMAT, text)
    }

    #[test]
    fn sections_cut_out_of_a_file_are_read_alone() {
        let out = run("container (cgroup) information:\ncontainer_type: cgroupv2\ncpu_quota: 200000\n\
             memory_limit_in_bytes: 1048576 k\nmemory_usage_in_bytes: 1040384 k\nmaximum number of tasks: 4096\n\n\
             Memory: 4k page, physical 24682416k(23337400k free), swap 0k(0k free)\n\n\
             Process Memory:\nVirtual Size: 2642992K (peak: 2645904K)\n\
             Resident Set Size: 91504K (peak: 91504K) (anon: 68260K, file: 23244K, shmem: 0K)\nsome other words: 5K\n\n\
             GC Precious Log:\n CPUs: 2 total, 2 available\n Memory: 24103M\n Heap Max Capacity: 48M\n");
        let [reading] = out.host.as_slice() else { panic!("one reading") };
        let size = |name: &str| reading.sizes.get(name).map(|size| size.0 >> 10);
        assert_eq!(
            (size("limit"), size("usage"), size("physical")),
            (Some(1_048_576), Some(1_040_384), Some(24_682_416))
        );
        assert_eq!((size("rss"), size("rss_anon"), size("heap_max")), (Some(91_504), Some(68_260), Some(48 << 10)));
        assert_eq!((reading.kind.as_str(), reading.counts.get("tasks_max")), ("hs-err", Some(&4096)));
        let out = run("GC Precious Log:\n Memory: 24103M\n");
        assert_eq!(out.host.first().and_then(|reading| reading.sizes.get("physical")), Some(&Bytes(24_103 << 20)));
        assert_eq!(run("Process Memory:\nis what we look at\n").host, []);
    }

    const FILE: &str = "\
#
# There is insufficient memory for the Java Runtime Environment to continue.
# Native memory allocation (mmap) failed to map 188416 bytes. Error detail: committing reserved memory.
#
#  Out of Memory Error (os_linux.cpp:2832), pid=2042, tid=2045
#
# JRE version: OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6-Debian-1deb12u1)
# Java VM: OpenJDK 64-Bit Server VM (17.0.15+6, mixed mode, sharing, serial gc, linux-amd64)
#

---------------  S U M M A R Y ------------

Command Line: -XX:+UseSerialGC -Xmx400m Kinds -not-mine
Time: Sun Nov 22 13:30:03 2026 UTC elapsed time: 0.212484 seconds (0d 0h 0m 0s)

---------------  P R O C E S S  ---------------

_java_thread_list=0x00007fd4e00a3400, length=11, elements={
Heap address: 0x00000000e7000000, size: 400 MB, Compressed Oops mode: 32-bit

Heap:
 def new generation   total 47424K, used 5200K [0x00000000e7000000, 0x00000000ea370000, 0x00000000ef550000)
 tenured generation   total 142096K, used 142090K [0x00000000ef550000, 0x00000000fdc95000, 0x0000000100000000)
 Metaspace       used 136K, committed 320K, reserved 1114112K

GC Heap History (2 events):
Event: 0.164 GC heap before
{Heap before GC invocations=3 (full 0):
 def new generation   total 4928K, used 449K [0x00000000e7000000, 0x00000000e7550000, 0x00000000ef550000)
}

---------------  S Y S T E M  ---------------

/proc/meminfo:
MemTotal:       24682416 kB
SwapTotal:             0 kB

container (cgroup) information:
container_type: cgroupv2
memory_limit_in_bytes: 524288 k
memory_usage_in_bytes: 530888 k
memory_soft_limit_in_bytes: unlimited

Process Memory:
Virtual Size: 2808552K (peak: 2939624K)
Resident Set Size: 230772K (peak: 230773K) (anon: 210436K, file: 20336K, shmem: 0K)
C-Heap outstanding allocations: 2833K, retained: 1374K

Memory: 4k page, physical 24682416k(12740488k free), swap 7k(3k free)

END.
after the end
";

    #[test]
    fn the_block_is_an_error_and_the_file_a_reading() {
        let out = run(FILE);
        let error = out.java_errors.first().expect("an error");
        assert_eq!((error.kind.as_str(), error.pid), ("insufficient-memory", Some(2042)));
        assert_eq!(error.sizes.get("requested"), Some(&Bytes(188_416)));
        assert_eq!(error.uptime, Some(Micros(212_484)));
        assert_eq!(error.time, Some(Micros(1_795_354_203_000_000)));
        let reading = out.host.first().expect("a reading");
        let kib = |name: &str| reading.sizes.get(name).map(|bytes| bytes.0 / 1024);
        assert_eq!(reading.pid, Some(2042));
        assert_eq!((kib("rss"), kib("rss_peak"), kib("rss_anon")), (Some(230_772), Some(230_773), Some(210_436)));
        assert_eq!((kib("virtual"), kib("c_heap"), kib("c_heap_retained")), (Some(2_808_552), Some(2833), Some(1374)));
        assert_eq!((kib("heap_max"), kib("heap_used")), (Some(409_600), Some(147_290)));
        assert_eq!((kib("metaspace_used"), kib("metaspace_committed")), (Some(136), Some(320)));
        assert_eq!(
            (kib("mem_total"), kib("physical"), kib("swap_total")),
            (Some(24_682_416), Some(24_682_416), Some(0))
        );
        assert_eq!((kib("limit"), kib("usage"), kib("limit_soft")), (Some(524_288), Some(530_888), None));
        assert_eq!(reading.counts.get("java_threads"), Some(&11));
        assert_eq!(reading.flags, ["-XX:+UseSerialGC", "-Xmx400m"]);
        let word = |name: &str| reading.words.get(name).map(String::as_str);
        assert_eq!(
            (word("jdk"), word("collector"), word("cgroup")),
            (Some("17.0.15+6"), Some("Serial"), Some("cgroupv2"))
        );
        assert_eq!((reading.first_line, reading.last_line), (2, 51));
    }

    #[test]
    fn a_block_alone_is_an_error_without_a_reading() {
        let out = run(
            "# A fatal error has been detected by the Java Runtime Environment:\n#\n#  Internal Error (debug.cpp:362), pid=2086, tid=2087\n\
             #  fatal error: OutOfMemory encountered: Java heap space\n#\nsomething else\n# a comment of somebody else, much later\n",
        );
        let error = out.java_errors.first().expect("an error");
        assert_eq!((error.kind.as_str(), error.pid, error.last_line), ("heap-space", Some(2086), 5));
        assert_eq!(error.message, "fatal error: OutOfMemory encountered: Java heap space");
        assert_eq!(out.host, []);
    }

    #[test]
    fn heaps_of_all_collectors_are_read() {
        let heap = |line: &str| {
            let out = run(&format!("---------------  P R O C E S S  ---------------\nHeap:\n{line}\nEND.\n"));
            let sizes = out.host.first().map(|reading| reading.sizes.clone()).unwrap_or_default();
            ["heap_used", "heap_committed", "heap_max"].map(|name| sizes.get(name).map(|bytes| bytes.0 >> 20))
        };
        assert_eq!(heap(" garbage-first heap   total 49152K, used 46080K [0x0, 0x1)"), [Some(45), Some(48), None]);
        assert_eq!(
            heap(" garbage-first heap   total reserved 51200K, committed 49152K, used 46080K [0x0, 0x1)"),
            [Some(45), Some(48), None]
        );
        assert_eq!(heap(" ZHeap           used 46M, capacity 47M, max capacity 48M"), [Some(46), Some(47), Some(48)]);
        assert_eq!(
            heap("  49152K max, 49152K soft max, 48128K committed, 47104K used"),
            [Some(46), Some(47), Some(48)]
        );
    }

    #[test]
    fn a_file_without_its_end_does_not_swallow_what_follows() {
        let cut: String = FILE.split_inclusive('\n').take(20).collect();
        let prose = "Some words that somebody wrote about it.\n".repeat(100);
        let out = run(&format!("{cut}{prose}"));
        assert!(out.host.first().is_some_and(|reading| reading.last_line < 20 + 2 + MAX_UNKNOWN));
        let out = run(&format!("{cut}$ free -m\nMem: 1 2 3\n"));
        assert_eq!(out.host.first().map(|reading| reading.last_line), Some(19));
    }

    #[test]
    fn the_commit_that_was_refused_above_the_block_is_the_same_error() {
        let mut out = Readings::default();
        out.java_errors.push(JavaError {
            kind: "insufficient-memory".to_owned(),
            sizes: [("requested".to_owned(), Bytes(188_416))].into(),
            first_line: 1,
            last_line: 1,
            ..JavaError::default()
        });
        let error = JavaError {
            kind: "insufficient-memory".to_owned(),
            sizes: [("requested".to_owned(), Bytes(188_416))].into(),
            pid: Some(7),
            first_line: 3,
            last_line: 9,
            ..JavaError::default()
        };
        put_error(error.clone(), &mut out);
        assert_eq!(out.java_errors.iter().map(|e| (e.pid, e.last_line)).collect::<Vec<_>>(), [(Some(7), 9)]);
        put_error(JavaError { pid: Some(8), first_line: 90, ..error }, &mut out);
        assert_eq!(out.java_errors.len(), 2);
    }
}
