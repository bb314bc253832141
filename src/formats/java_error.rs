//! Reads what a JVM says when memory runs out: `OutOfMemoryError` of every kind, a refused start, a refused `mmap`.
//!
//! ```text
//! Exception in thread "main" java.lang.OutOfMemoryError: Java heap space
//!         at java.base/java.util.HashMap.resize(HashMap.java:702)
//! ```
//!
//! The exception may stand behind a logger's prefix, `Caused by:`, `Terminating due to` or other exceptions. Its stack trace
//! belongs to it and is not kept. The same message again is counted, not listed again, unless an hour, a prompt, or the beginning
//! of a GC log lies between.
//! Not here: the `#` block of a crash and hs_err files (`hs_err`). Sources: OpenJDK, `universe.cpp` (messages),
//! `debug.cpp` (`report_java_out_of_memory`), `arguments.cpp`; `java.nio.Bits`; Netty, `PlatformDependent`.

use std::sync::LazyLock;

use memchr::memchr_iter;
use memchr::memmem::Finder;

use super::logger::{logged_time, without_service};
use super::{Claim, Format, Reader};
use crate::model::java::JavaError;
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::{Line, Places, Span};
use crate::units::{Bytes, Micros};
use crate::warning::WarningKind;

/// `OutOfMemoryError` and its kin.
pub static FORMAT: Format = Format { id: "java-error", claim, reader: || Box::new(JavaErrorReader::default()) };

/// Different errors kept per source.
const MAX_ERRORS: usize = 500;
/// The same message later than this is another incident.
const SAME_INCIDENT: Micros = Micros(3_600_000_000);
/// Kind of the event that a thread was refused.
const NO_THREAD: &str = "thread-not-started";
/// Lines between an error and a note about its heap dump.
const NEAR: u32 = 50;

fn claim(line: &Line<'_>) -> Claim {
    if read(line.body.trim()).is_some() { Claim::Strong } else { Claim::None }
}

#[derive(Default)]
struct JavaErrorReader {
    known: Vec<Known>,
    /// Index in `known` and last line of a stack trace that may go on.
    trace: Option<(usize, u32)>,
    /// Index in the readings and line of a refused start that has not said why.
    startup: Option<(usize, u32)>,
    is_full: bool,
}

/// An error of this source.
struct Known {
    /// Index in the readings.
    at: usize,
    /// Kind, and message without its numbers.
    key: String,
    /// When it was seen last.
    moment: Moment,
    last_line: u32,
}

/// The time of a line.
#[derive(Clone, Copy, Debug, Default)]
struct Moment {
    time: Option<Micros>,
    local_time: Option<Micros>,
    year_unknown: bool,
    /// Where it stands.
    at: Option<Span>,
}

impl Moment {
    /// By the transport, by what a logger printed first on the line, or by the logger's line directly above it.
    fn of(line: &Line<'_>, out: &Readings) -> Moment {
        let openj9 =
            || line.body.split_once(OPENJ9_CLASS).and_then(|(_, rest)| logged_time(rest.split_once(" at ")?.1));
        let printed = || logged_time(line.body).or_else(openj9);
        let own = line.stamp.wall.filter(|wall| wall.year_known).or_else(printed);
        let above = || {
            // What the JVM itself prints comes some time after the last line of a logger.
            const OF_JVM: [&str; 4] =
                ["Exception in thread ", "Exception: ", "Terminating due to ", "Aborting due to "];
            let text = without_service(line.body).trim_start();
            let own = OF_JVM.iter().any(|start| text.starts_with(start));
            let logged = out.logged.as_ref().filter(|logged| !own && logged.is_above(line))?;
            (logged.wall.year_known || line.stamp.wall.is_none()).then_some((logged.wall, logged.span))
        };
        let told = own.map(|wall| (wall, line.span())).or_else(above);
        let Some((wall, at)) = told.or(line.stamp.wall.map(|wall| (wall, line.span()))) else {
            return Moment::default();
        };
        let year_unknown = !wall.year_known;
        match wall.zone_known {
            true => Moment { time: Some(wall.micros), local_time: None, year_unknown, at: Some(at) },
            false => Moment { time: None, local_time: Some(wall.micros), year_unknown, at: Some(at) },
        }
    }

    fn printed(&self) -> Option<Micros> {
        self.time.or(self.local_time)
    }
}

impl Reader for JavaErrorReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = without_service(line.body).trim();
        if let Some((known, last)) = self.trace {
            if line.number.saturating_sub(last) > 1 {
                self.trace = None;
            } else if is_trace(text) && read(text).is_none() {
                self.trace = Some((known, line.number));
                self.extend(known, line.number, out);
                return true;
            }
        }
        if let Some((at, first)) = self.startup
            && !text.is_empty()
        {
            self.startup = None;
            let follows = line.number.saturating_sub(first) <= 2 && !text.starts_with(['$', '#', '[', '>', '`']);
            if follows && read(text).is_none() && text.len() <= 300 {
                return self.say_why(at, line, text, out);
            }
        }
        false
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        match read(line.body.trim()) {
            Some(Seen::Thrown(thrown)) => self.thrown(line, &thrown, out),
            Some(Seen::Startup(INITIALIZATION)) => {
                let at = self.add(line, "startup", INITIALIZATION, Vec::new(), out);
                self.startup = at.map(|at| (at, line.number));
            }
            Some(Seen::Startup(text)) => {
                self.put(line, "startup", text, Vec::new(), out);
            }
            Some(Seen::NotCreated) => match self.known.last() {
                Some(known) if line.number.saturating_sub(known.last_line) <= 3 => {
                    self.extend(self.known.len() - 1, line.number, out);
                }
                _ => {
                    self.put(line, "startup", line.body.trim(), Vec::new(), out);
                }
            },
            Some(Seen::CommitFailed { text, bytes }) => {
                let sizes = vec![("requested", bytes)];
                self.put(line, "insufficient-memory", text, sizes, out);
            }
            Some(Seen::NoThread) => self.no_thread(line, out),
            Some(Seen::Told { kind, text }) => {
                self.put(line, kind, text, Vec::new(), out);
            }
            Some(Seen::Unread(what)) => {
                out.warn_line(line, WarningKind::Unreadable { format: what.to_owned() });
            }
            Some(Seen::HeapDump { pid, bytes }) => return self.heap_dump(line, pid, bytes, out),
            None => return false,
        }
        true
    }

    fn finish(&mut self, _: &mut Readings) {}
}

impl JavaErrorReader {
    fn thrown(&mut self, line: &Line<'_>, thrown: &Thrown<'_>, out: &mut Readings) {
        let kind = kind_of(thrown.class, thrown.message);
        let pid = thrown.pid.and_then(|digits| digits.parse::<u32>().ok().map(|pid| (pid, digits)));
        let is_cause = self.trace.is_some_and(|(known, last)| {
            let same = self.known.get(known).is_some_and(|known| known.key == key_of(kind, thrown.text));
            same && line.number.saturating_sub(last) <= 1 && line.body.trim_start().starts_with("Caused by: ")
        });
        if is_cause && let Some((known, _)) = self.trace {
            // The trace of an exception that carries the message already.
            self.trace = Some((known, line.number));
            self.extend(known, line.number, out);
            return;
        }
        let Some(at) = self.put(line, kind, thrown.text, sizes_of(thrown.message), out) else { return };
        if let Some(error) = out.java_errors.get_mut(at) {
            if let Some(thread) = thrown.thread.filter(|_| error.thread.is_none()) {
                error.thread = Some(thread.to_owned());
                error.at.put("thread", line.span_of(thread));
            }
            if let Some((pid, digits)) = pid.filter(|_| error.pid.is_none()) {
                error.pid = Some(pid);
                error.at.put("pid", line.span_of(digits));
            }
        }
        self.trace = self.known.iter().position(|known| known.at == at).map(|known| (known, line.number));
        if let Some(kind) = thrown.ending {
            out.events.push(event(kind, line, out));
        }
    }

    /// A thread that did not start, of which the JVM warns each time.
    fn no_thread(&mut self, line: &Line<'_>, out: &mut Readings) {
        let near = |event: &&mut Event| {
            event.kind == NO_THREAD
                && event.source == line.source
                && line.number.saturating_sub(event.last_line) <= NEAR
        };
        if let Some(event) = out.events.iter_mut().rev().find(near) {
            event.last_line = line.number;
            return;
        }
        out.keep(line);
        out.events.push(event(NO_THREAD, line, out));
    }

    /// Notes an error, or counts it if it is known. Its index in the readings; `None` if there are too many.
    fn put(
        &mut self,
        line: &Line<'_>,
        kind: &str,
        text: &str,
        sizes: Vec<(&'static str, &str)>,
        out: &mut Readings,
    ) -> Option<usize> {
        let key = key_of(kind, text);
        let moment = Moment::of(line, out);
        // Behind a prompt, or the beginning of a log, it is another JVM's.
        let log = out.gc_logs.last().map(|log| (log.source, log.first_line));
        let others = [out.prompt, log].into_iter().flatten().filter(|(source, _)| *source == line.source);
        let others = others.map(|(_, begin)| begin).max();
        let apart = |known: &Known| {
            if others.is_some_and(|begin| begin > known.last_line) {
                return true;
            }
            known.moment.printed().zip(moment.printed()).is_some_and(|(before, now)| {
                known.moment.year_unknown == moment.year_unknown && now.minus(before).0.abs() > SAME_INCIDENT.0
            })
        };
        // The text may end in the middle of a message that it has before.
        let words = |key: &str| key.split_once(' ').map(|(_, words)| words.to_owned()).unwrap_or_default();
        let begun = out.is_cut(line).then(|| match key.trim_end_matches([':', ' ']).ends_with("OutOfMemoryError") {
            true => String::new(),
            false => words(&key),
        });
        let same = |known: &Known| {
            known.key == key || begun.as_deref().is_some_and(|begun| words(&known.key).starts_with(begun))
        };
        if let Some(known) = self.known.iter_mut().rev().find(|known| same(known) && !apart(known)) {
            known.last_line = line.number;
            if moment.printed().is_some() {
                known.moment = moment;
            }
            let error = out.java_errors.get_mut(known.at)?;
            // One line may say it in its message and in its trace.
            error.count = error.count.saturating_add(u64::from(error.last_line != line.number));
            error.last_line = line.number;
            return Some(known.at);
        }
        self.add(line, kind, text, sizes, out)
    }

    /// Notes an error that is not known. Its index in the readings; `None` if there are too many.
    fn add(
        &mut self,
        line: &Line<'_>,
        kind: &str,
        text: &str,
        sizes: Vec<(&'static str, &str)>,
        out: &mut Readings,
    ) -> Option<usize> {
        out.keep(line);
        let moment = Moment::of(line, out);
        let Moment { time, local_time, year_unknown, at } = moment;
        if self.known.len() >= MAX_ERRORS {
            if !std::mem::replace(&mut self.is_full, true) {
                out.warn_line(line, WarningKind::LimitReached { what: "java-error".to_owned() });
            }
            return None;
        }
        let mut places = Places::default();
        // The reason of a refused start stands on the next line and takes the place of this one.
        if text != INITIALIZATION {
            places.put("message", line.span_of(text));
        }
        let mut error = JavaError {
            kind: kind.to_owned(),
            message: text.to_owned(),
            time,
            local_time,
            year_unknown,
            count: 1,
            source: line.source,
            first_line: line.number,
            last_line: line.number,
            ..JavaError::default()
        };
        // A time without its year is not what it will be.
        if let Some(at) = at.filter(|_| !year_unknown) {
            places.put(if time.is_some() { "time" } else { "local_time" }, at);
            if at.line != line.number {
                out.keep_logged();
            }
        }
        put_sizes(line, &mut error, &mut places, &sizes);
        error.at = places;
        let at = out.java_errors.len();
        out.java_errors.push(error);
        self.known.push(Known { at, key: key_of(kind, text), moment, last_line: line.number });
        Some(at)
    }

    fn extend(&mut self, known: usize, last_line: u32, out: &mut Readings) {
        let Some(known) = self.known.get_mut(known) else { return };
        known.last_line = last_line;
        if let Some(error) = out.java_errors.get_mut(known.at) {
            error.last_line = last_line;
        }
    }

    /// The line below `Error occurred during initialization of VM`, which was noted at `at`.
    fn say_why(&mut self, at: usize, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        let key = key_of("startup", text);
        let is_last = at + 1 == out.java_errors.len() && self.known.last().is_some_and(|known| known.at == at);
        if is_last && self.known.iter().any(|known| known.key == key) {
            // The same start failed for the same reason before.
            out.java_errors.pop();
            self.known.pop();
            self.put(line, "startup", text, Vec::new(), out);
            return true;
        }
        out.keep(line);
        let Some(error) = out.java_errors.get_mut(at) else { return false };
        if let Some(known) = self.known.iter_mut().find(|known| known.at == at) {
            known.key = key;
            known.last_line = line.number;
        }
        error.last_line = line.number;
        error.message = text.to_owned();
        let mut places = std::mem::take(&mut error.at);
        places.put("message", line.span_of(text));
        put_sizes(line, error, &mut places, &sizes_of(text));
        error.at = places;
        true
    }

    /// `Dumping heap to java_pid1853.hprof ...`, `Heap dump file created [34380032 bytes in 0.066 secs]`.
    fn heap_dump(&mut self, line: &Line<'_>, pid: Option<&str>, bytes: Option<&str>, out: &mut Readings) -> bool {
        let near = |known: &&mut Known| line.number.saturating_sub(known.last_line) <= NEAR;
        let Some(known) = self.known.iter_mut().max_by_key(|known| known.last_line).filter(near) else {
            return false;
        };
        let Some(error) = out.java_errors.get_mut(known.at) else { return false };
        known.last_line = line.number;
        error.last_line = line.number;
        if let Some((pid, digits)) = pid.and_then(|digits| Some((digits.parse().ok()?, digits)))
            && error.pid.is_none()
        {
            error.pid = Some(pid);
            error.at.put("pid", line.span_of(digits));
        }
        if let Some((bytes, digits)) = bytes.and_then(|digits| Some((digits.parse().ok()?, digits))) {
            error.sizes.entry("heap_dump".to_owned()).or_insert_with(|| {
                error.at.put("heap_dump", line.span_of(digits));
                Bytes(bytes)
            });
        }
        out.keep(line);
        true
    }
}

/// An event on one line, at its time.
fn event(kind: &str, line: &Line<'_>, out: &Readings) -> Event {
    let Moment { time, local_time, year_unknown, .. } = Moment::of(line, out);
    Event {
        kind: kind.to_owned(),
        time,
        local_time,
        year_unknown,
        source: line.source,
        first_line: line.number,
        last_line: line.number,
        ..Event::default()
    }
}

fn put_sizes(line: &Line<'_>, error: &mut JavaError, places: &mut Places, sizes: &[(&'static str, &str)]) {
    for (name, printed) in sizes {
        if let Some(bytes) = size(printed) {
            error.sizes.insert((*name).to_owned(), bytes);
            places.put(name, line.span_of(printed));
        }
    }
}

/// `4194304`, `4194304KB`, `4194304 KB`.
fn size(text: &str) -> Option<Bytes> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: u64 = digits.parse().ok()?;
    match text.get(digits.len()..)?.trim() {
        "" => Some(Bytes(number)),
        "KB" => Bytes::from_kib(number),
        _ => None,
    }
}

/// Kind, and message without its numbers: direct memory is refused with other figures every time.
fn key_of(kind: &str, text: &str) -> String {
    // The same error stands with its package, without, and in a javacore without its class.
    let text = text.strip_prefix("java.lang.").unwrap_or(text);
    let text = text.strip_prefix("OutOfMemoryError: ").unwrap_or(text);
    let words: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    format!("{kind} {words}")
}

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
enum Seen<'a> {
    Thrown(Thrown<'a>),
    /// A start that was refused, with the reason if it stands on this line.
    Startup(&'a str),
    /// `Error: Could not create the Java Virtual Machine.`
    NotCreated,
    CommitFailed {
        text: &'a str,
        bytes: &'a str,
    },
    HeapDump {
        pid: Option<&'a str>,
        bytes: Option<&'a str>,
    },
    /// `[os,thread] Failed to start thread "Unknown thread" - pthread_create failed (EAGAIN) for attributes: …`
    NoThread,
    /// Another program says it in its own words, or without the name of the error.
    Told {
        kind: &'static str,
        text: &'a str,
    },
    /// The beginning of a log of another JVM, of which nothing else is read.
    Unread(&'static str),
}

/// An exception as it stands on a line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Thrown<'a> {
    class: &'a str,
    /// What follows the class; empty if nothing does.
    message: &'a str,
    /// Class and message.
    text: &'a str,
    thread: Option<&'a str>,
    pid: Option<&'a str>,
    /// Kind of the event if the JVM ends itself here.
    ending: Option<&'static str>,
}

const INITIALIZATION: &str = "Error occurred during initialization of VM";

/// Options about memory that the launcher or the JVM may refuse.
const REFUSED_OPTIONS: &[&str] = &[
    "Invalid maximum heap size: ",
    "Invalid initial heap size: ",
    "Invalid minimum heap size: ",
    "Invalid thread stack size: ",
    "Invalid maximum direct memory size: ",
    "The Java thread stack size specified is too small",
    "Unrecognized VM option ",
    "Improperly specified VM option ",
];

fn read(text: &str) -> Option<Seen<'_>> {
    match text.as_bytes().first()? {
        b'E' if text == INITIALIZATION => return Some(Seen::Startup(text)),
        b'E' if text == "Error: Could not create the Java Virtual Machine." => return Some(Seen::NotCreated),
        b'E' if text == "Error: A fatal exception has occurred. Program will exit." => return Some(Seen::NotCreated),
        b'I' | b'T' | b'U' if REFUSED_OPTIONS.iter().any(|start| text.starts_with(start)) => {
            return Some(Seen::Startup(text));
        }
        b'D' if text.starts_with("Dumping heap to ") => {
            let digits = text.rsplit_once("_pid").map_or("", |(_, rest)| rest);
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
            return Some(Seen::HeapDump { pid: digits.get(..end).filter(|digits| !digits.is_empty()), bytes: None });
        }
        b'E' | b'[' if let Some((kind, message)) = without_class(text) => {
            return Some(Seen::Told { kind, text: message });
        }
        b'E' | b'T' | b'D' if let Some(kind) = gradle(text) => return Some(Seen::Told { kind, text }),
        b'#' if text.contains(" Executing ") && text.contains("\"kill ") => {
            // -XX:OnOutOfMemoryError="kill -9 %p" names the process.
            let (_, command) = text.split_once("\"kill ")?;
            let digits = command.split_once('"')?.0.rsplit(' ').next()?;
            let pid = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            return Some(Seen::HeapDump { pid, bytes: None });
        }
        b'J' if text.starts_with("JVMDUMP") => return openj9_dump(text),
        b'<' if text.starts_with("<verbosegc ") => return Some(Seen::Unread("verbose:gc (OpenJ9)")),
        b'1' => {
            if let Some(rest) = text.strip_prefix("1TISIGINFO") {
                return openj9_javacore(rest);
            }
        }
        b'H' if text.starts_with("Heap dump file created [") => {
            let (bytes, _) = text.split_once('[')?.1.split_once(" bytes")?;
            return Some(Seen::HeapDump { pid: None, bytes: Some(bytes) });
        }
        _ => {}
    }
    let bytes = text.as_bytes();
    for at in memchr_iter(b'O', bytes) {
        if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"OutOf"))
            && let Some(thrown) = thrown(text, at)
        {
            return Some(Seen::Thrown(thrown));
        }
    }
    let refused = ["Failed to start thread \"", "Failed to start the native thread for java.lang.Thread \""];
    static TAGS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("[os,thread"));
    if TAGS.find(bytes).is_some() && refused.iter().any(|words| text.contains(words)) {
        return Some(Seen::NoThread);
    }
    if !text.contains("os::commit_memory(") {
        return None;
    }
    let start = text.find("os::commit_memory(")?;
    let (call, rest) = text.get(start..)?.split_once(')')?;
    let bytes = call.split(',').nth(1)?.trim();
    rest.trim_start().starts_with("failed").then_some(())?;
    Some(Seen::CommitFailed { text: text.get(start..)?, bytes })
}

/// `Error: Java heap space`, `[ERROR] GC overhead limit exceeded -> [Help 1]`: what Hadoop's client and Maven make of an error.
/// Kind and message.
fn without_class(text: &str) -> Option<(&'static str, &str)> {
    let message = text.strip_prefix("Error: ").or_else(|| text.strip_prefix("[ERROR] "))?;
    let message = message.split(" -> [Help ").next().unwrap_or(message).trim_end();
    let (_, kind) = MESSAGES.iter().find(|(phrase, _)| *phrase == message)?;
    Some((kind, message))
}

/// `Expiring Daemon because JVM heap space is exhausted`, and what else Gradle says when its daemon has no memory left: kind.
fn gradle(text: &str) -> Option<&'static str> {
    let what = text
        .strip_prefix("Expiring Daemon because JVM ")
        .and_then(|rest| rest.strip_suffix(" is exhausted"))
        .or_else(|| text.strip_prefix("The Daemon will expire after the build after running out of JVM "))
        .or_else(|| text.strip_prefix("Daemon will be stopped at the end of the build after running out of JVM "))?;
    match what.trim_end_matches('.') {
        "heap space" | "heap Space" => Some("heap-space"),
        "Metaspace" => Some("metaspace"),
        "memory" => Some("other"),
        _ => None,
    }
}

/// OpenJ9's name of the error in its messages.
const OPENJ9_CLASS: &str = "java/lang/OutOfMemoryError";

/// `JVMDUMP039I Processing dump event "systhrow", detail "java/lang/OutOfMemoryError" at 2021/06/30 14:25:21 - please wait.`
/// and the lines below it, of which the names of files hold the process.
fn openj9_dump(text: &str) -> Option<Seen<'_>> {
    let (id, rest) = text.split_once(' ')?;
    let says = rest.trim_start();
    if says.starts_with("Processing dump event \"systhrow\", detail \"") {
        let (before, _) = text.split_once(OPENJ9_CLASS)?;
        let start = before.len();
        let class = text.get(start..start + OPENJ9_CLASS.len())?;
        let message = text.get(start..)?.split_once('"')?.0;
        return Some(Seen::Thrown(Thrown { class, message: "", text: message, ..Thrown::default() }));
    }
    // `heapdump.20210630.142521.4711.0002.phd`: date, time, process, number.
    let digits = || {
        let (_, name) = says.split_once("dump.").or_else(|| says.split_once("javacore."))?;
        let mut parts = name.split('.');
        let (date, time, pid) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next()?;
        (date.len() == 8 && time.len() == 6 && pid.bytes().all(|byte| byte.is_ascii_digit())).then_some(pid)
    };
    let known = ["JVMDUMP032I", "JVMDUMP010I", "JVMDUMP013I"].contains(&id);
    known.then(|| Seen::HeapDump { pid: digits(), bytes: None })
}

/// `1TISIGINFO     Dump Event "systhrow" (00040000) Detail "java/lang/OutOfMemoryError" "Java heap space" received`.
fn openj9_javacore(text: &str) -> Option<Seen<'_>> {
    let (before, rest) = text.split_once(OPENJ9_CLASS)?;
    before.contains("\"systhrow\"").then_some(())?;
    let message = rest.strip_prefix("\" \"").and_then(|rest| Some(rest.split_once('"')?.0)).unwrap_or_default();
    let class = text.get(before.len()..before.len() + OPENJ9_CLASS.len())?;
    let shown = if message.is_empty() { class } else { message };
    Some(Seen::Thrown(Thrown { class, message, text: shown, ..Thrown::default() }))
}

/// Reads the exception whose simple name begins at `at`. `None` for options, file names, and words about it.
fn thrown(text: &str, at: usize) -> Option<Thrown<'_>> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$');
    let start = text.get(..at)?.trim_end_matches(in_name).len();
    let name_end = text.get(at..)?.find(|c: char| !in_name(c)).map_or(text.len(), |length| at + length);
    let class = text.get(start..name_end)?;
    let is_own = matches!(class, "java.lang.OutOfMemoryError" | "io.netty.util.internal.OutOfDirectMemoryError");
    if !is_own && class != "OutOfMemoryError" {
        return None;
    }
    let (before, after) = (text.get(..start)?, text.get(name_end..)?);
    let printed = without_tail(after.strip_prefix(':').map_or(after, str::trim_start));
    let alone = |phrase: &&str| {
        let behind = after.trim_start().strip_prefix(*phrase).unwrap_or(".");
        before.trim().is_empty() && (behind.is_empty() || behind.starts_with("  "))
    };
    let message = if let Some(phrase) = known_phrase(printed) {
        phrase
    } else if let Some(phrase) = known_phrase(after.trim_start()).filter(alone) {
        // `OutOfMemoryError Java heap space  java.util.Arrays.copyOf (Arrays.java:3332)`: Clojure.
        phrase
    } else if after.starts_with(':') {
        printed
    } else if after.starts_with(" (no error message)")
        || after.is_empty()
        || after.starts_with(['\\', '"', '\n', '\t', ',', ')', ';'])
    {
        ""
    } else if after.starts_with(" thrown from ") || after.starts_with(" occurred ") {
        printed.trim()
    } else {
        return None;
    };
    if !is_own && known_phrase(message).is_none() {
        return None;
    }
    let before_word = before.trim_end();
    let ending = match before_word {
        "Terminating due to" => Some("exit-on-oom"),
        "Aborting due to" => Some("crash-on-oom"),
        _ => None,
    };
    const INTRODUCTIONS: &[&str] =
        &["due to", "exception is", "Exception", "ERROR", "WARN", "FATAL", "SEVERE", "INFO", "error", "WARNING"];
    let introduced = before_word.is_empty()
        || before_word.ends_with([':', '-', ']', '|', ';', '>', '"', ')', '}', '#', '=', ','])
        || INTRODUCTIONS.iter().any(|word| before_word.ends_with(word));
    if !introduced {
        return None;
    }
    let message_end = text.find(message).filter(|_| !message.is_empty()).map_or(name_end, |at| {
        let from = text.get(name_end..).and_then(|rest| rest.find(message)).map_or(at, |found| name_end + found);
        from + message.len()
    });
    Some(Thrown {
        class,
        message,
        text: text.get(start..message_end)?,
        thread: quoted_after(before, "in thread \"").or_else(|| quoted_after(after, "in thread \"")).or_else(|| {
            let (_, rest) = before.split_once(" --- [")?;
            Some(rest.split_once(']')?.0.trim()).filter(|thread| !thread.is_empty())
        }),
        pid: before.split_once(" --- [").and_then(|(before, _)| {
            let word = before.rsplit(' ').next()?;
            word.bytes().all(|byte| byte.is_ascii_digit()).then_some(word).filter(|word| !word.is_empty())
        }),
        ending,
    })
}

fn quoted_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    Some(rest.split_once('"')?.0)
}

/// Cuts what a JSON log, or a logger that flattens stack traces, puts behind a message.
fn without_tail(text: &str) -> &str {
    let mut end = text.len().min(300);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let end = ["\\n", "\\r", "\\t", "\t", "\",\"", "\"}"].iter().filter_map(|mark| text.find(mark)).min();
    text.get(..end.unwrap_or(text.len())).unwrap_or_default().trim_end()
}

/// Messages of the JVM and its libraries, and their kinds.
const MESSAGES: &[(&str, &str)] = &[
    ("Java heap space", "heap-space"),
    // GraalVM's native images.
    ("Garbage-collected heap size exceeded", "heap-space"),
    ("GC overhead limit exceeded", "gc-overhead"),
    ("Metaspace", "metaspace"),
    ("Compressed class space", "class-space"),
    ("PermGen space", "permgen"),
    ("Direct buffer memory", "direct-buffer"),
    ("Cannot reserve ", "direct-buffer"),
    ("unable to create new native thread", "native-thread"),
    ("unable to create native thread", "native-thread"),
    ("Requested array size exceeds VM limit", "array-size"),
    ("Required array ", "array-size"),
    ("Required length exceeds implementation limit", "array-size"),
    ("Map failed", "map-failed"),
    // Android's.
    ("Failed to allocate a ", "heap-space"),
    ("pthread_create (", "native-thread"),
    ("Could not allocate JNI Env", "native-thread"),
];

/// The fixed message that a text begins with, without what a person or a logger wrote behind it.
fn known_phrase(text: &str) -> Option<&str> {
    let (phrase, _) = MESSAGES.iter().find(|(phrase, _)| text.starts_with(phrase))?;
    let rest = text.get(phrase.len()..)?;
    // `Metaspaces are …` is no message; `…: failed reallocation of scalar replaced objects` and figures belong to it.
    if phrase.ends_with(' ') || rest.starts_with(':') {
        return Some(text);
    }
    (!rest.starts_with(|c: char| c.is_alphanumeric())).then(|| text.get(..phrase.len()))?
}

/// The kind of an error by its class and its message.
pub(super) fn kind_of(class: &str, message: &str) -> &'static str {
    if class.ends_with("OutOfDirectMemoryError") {
        return "direct-buffer";
    }
    if message.contains("Out of swap space?") {
        return "native";
    }
    let known = MESSAGES.iter().find(|(phrase, _)| message.starts_with(phrase));
    known.map_or("other", |(_, kind)| kind)
}

/// The sizes a message gives, as printed.
fn sizes_of(message: &str) -> Vec<(&'static str, &str)> {
    // What stands before and behind a size: without the latter some of its digits may be cut.
    const MARKS: &[(&str, &str, &[&str])] = &[
        ("requested", "Cannot reserve ", &[" bytes"]),
        ("requested", "failed to allocate ", &[" byte"]),
        ("requested", "Failed to allocate a ", &[" byte"]),
        ("requested", "Unable to acquire ", &[" bytes of memory"]),
        ("requested", "request ", &[" bytes"]),
        ("requested", "Could not reserve enough space for ", &["KB object heap", " KB object heap"]),
        ("requested", "Could not allocate compressed class space: ", &[" bytes"]),
        ("allocated", "(allocated: ", &[","]),
        ("allocated", "(used: ", &[","]),
        ("limit", "limit: ", &[")"]),
        ("limit", "max: ", &[")"]),
    ];
    let mut sizes: Vec<(&'static str, &str)> = Vec::new();
    for (name, before, behind) in MARKS {
        let Some((_, rest)) = message.split_once(before) else { continue };
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let tail = rest.get(digits..).unwrap_or_default();
        let Some(follows) = behind.iter().find(|behind| tail.starts_with(**behind)) else { continue };
        let unit = follows.find("KB").map_or(0, |at| at + 2);
        if let Some(printed) = rest.get(..digits + unit)
            && sizes.iter().all(|(known, _)| known != name)
        {
            sizes.push((name, printed));
        }
    }
    sizes
}

/// True for the lines of a stack trace below an exception.
fn is_trace(text: &str) -> bool {
    let frame = text.strip_prefix("at ").is_some_and(|rest| rest.contains('(') || rest.contains('.'));
    let omitted = text.strip_prefix("... ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    frame || omitted || ["Caused by: ", "Suppressed: ", "Wrapped by: "].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Readings {
        crate::formats::read_alone(&FORMAT, text)
    }

    fn one(text: &str) -> JavaError {
        let mut out = run(text);
        assert_eq!(out.java_errors.len(), 1, "{:?}", out.java_errors);
        out.java_errors.remove(0)
    }

    fn kind(text: &str) -> String {
        one(text).kind
    }

    #[test]
    fn every_message_has_its_kind() {
        let of = |message: &str| kind(&format!("Exception in thread \"main\" java.lang.OutOfMemoryError: {message}"));
        assert_eq!(of("Java heap space"), "heap-space");
        assert_eq!(of("Java heap space: failed reallocation of scalar replaced objects"), "heap-space");
        assert_eq!(of("GC overhead limit exceeded"), "gc-overhead");
        assert_eq!(of("Metaspace"), "metaspace");
        assert_eq!(of("Compressed class space"), "class-space");
        assert_eq!(of("PermGen space"), "permgen");
        assert_eq!(of("Direct buffer memory"), "direct-buffer");
        assert_eq!(of("unable to create new native thread"), "native-thread");
        assert_eq!(
            of("unable to create native thread: possibly out of memory or process/resource limits reached"),
            "native-thread"
        );
        assert_eq!(of("Requested array size exceeds VM limit"), "array-size");
        assert_eq!(of("Map failed"), "map-failed");
        assert_eq!(of("request 32756 bytes for ChunkPool::allocate. Out of swap space?"), "native");
        assert_eq!(of("something new"), "other");
    }

    #[test]
    fn an_exception_gives_its_thread_and_its_trace_is_taken() {
        let error = one(
            "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:1)\n\t... 3 more\n",
        );
        assert_eq!(error.thread.as_deref(), Some("main"));
        assert_eq!(error.message, "java.lang.OutOfMemoryError: Java heap space");
        assert_eq!((error.first_line, error.last_line, error.count), (1, 3, 1));
        assert_eq!(error.at.get("thread").map(|span| (span.start, span.end)), Some((21, 25)));
    }

    #[test]
    fn direct_memory_names_its_figures() {
        let error = one(
            "java.lang.OutOfMemoryError: Cannot reserve 1048576 bytes of direct buffer memory (allocated: 16777216, limit: 16777217)",
        );
        let size = |name: &str| error.sizes.get(name).map(|bytes| bytes.0);
        assert_eq!(
            (size("requested"), size("allocated"), size("limit")),
            (Some(1_048_576), Some(16_777_216), Some(16_777_217))
        );
        let error = one(
            "io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 16 byte(s) of direct memory (used: 7, max: 9)",
        );
        assert_eq!((error.kind.as_str(), error.sizes.get("limit")), ("direct-buffer", Some(&Bytes(9))));
    }

    #[test]
    fn the_same_message_is_counted() {
        let line = "java.lang.OutOfMemoryError: Cannot reserve 10 bytes of direct buffer memory (allocated: 4, limit: 5)\n\tat a.b(C.java)\n";
        let error = one(&format!("{line}{}", line.replace("10", "12")));
        assert_eq!((error.count, error.last_line), (2, 4));
        let later = "2026-03-01T10:00:00Z ERROR java.lang.OutOfMemoryError: Metaspace\n2026-03-01T23:00:00Z ERROR java.lang.OutOfMemoryError: Metaspace\n";
        assert_eq!(run(later).java_errors.iter().filter(|error| error.time.is_some()).count(), 2);
    }

    #[test]
    fn a_cause_that_repeats_its_exception_is_not_counted_again() {
        let error = one(
            "2026-03-01 10:15:02.123 ERROR 4711 --- [nio-8080-exec-1] o.a.c.C : Handler dispatch failed; nested exception is java.lang.OutOfMemoryError: Java heap space\n\
             \tat a.b(C.java)\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat c.d(E.java)\n",
        );
        assert_eq!((error.count, error.last_line, error.pid), (1, 4, Some(4711)));
        assert_eq!(error.thread.as_deref(), Some("nio-8080-exec-1"));
        assert!(error.local_time.is_some() && error.time.is_none());
    }

    #[test]
    fn a_heap_dump_gives_the_pid() {
        let error = one("java.lang.OutOfMemoryError: Java heap space\nDumping heap to java_pid1853.hprof ...\n\
             Heap dump file created [34380032 bytes in 0.066 secs]\n\
             Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n");
        assert_eq!((error.pid, error.count), (Some(1853), 2));
        assert_eq!(error.sizes.get("heap_dump"), Some(&Bytes(34_380_032)));
        assert_eq!(
            run("Dumping heap to /tmp/x.hprof ...\nHeap dump file created [5 bytes in 1 secs]\n").java_errors,
            []
        );
    }

    #[test]
    fn what_other_programs_and_systems_say_has_its_kind() {
        let of = |text: &str| kind(&format!("java.lang.OutOfMemoryError: {text}"));
        assert_eq!(
            of("Failed to allocate a 4194316 byte allocation with 1048576 free bytes and 3MB until OOM"),
            "heap-space"
        );
        assert_eq!(of("pthread_create (1040KB stack) failed: Try again"), "native-thread");
        assert_eq!(kind("> java.lang.OutOfMemoryError (no error message)"), "other");
        assert_eq!(kind("Expiring Daemon because JVM heap space is exhausted"), "heap-space");
        assert_eq!(kind("The Daemon will expire after the build after running out of JVM Metaspace."), "metaspace");
        assert_eq!(kind("Error: GC overhead limit exceeded"), "gc-overhead");
        assert_eq!(kind("[ERROR] Java heap space -> [Help 1]"), "heap-space");
        assert_eq!(kind("OutOfMemoryError Java heap space  java.util.Arrays.copyOf (Arrays.java:3332)"), "heap-space");
        assert_eq!(
            run("Error: Java heap space is what we saw\nOutOfMemoryError Java heap space is common\n").java_errors,
            []
        );
        let spark = one(
            "#\n# java.lang.OutOfMemoryError: Java heap space\n# -XX:OnOutOfMemoryError=\"kill -9 %p\"\n#   Executing /bin/sh -c \"kill -9 4711\"...\n",
        );
        assert_eq!((spark.kind.as_str(), spark.pid), ("heap-space", Some(4711)));
        assert_eq!(one("java.lang.OutOfMemoryError: Metaspace\nOutOfMemoryError: Metaspace\n").count, 2);
    }

    #[test]
    fn threads_that_did_not_start_are_one_event() {
        let line = "[94.1s][warning][os,thread] Failed to start the native thread for java.lang.Thread \"Repo-1\"\n\
                    [94.1s][warning][os,thread] Failed to start thread \"Unknown thread\" - pthread_create failed (EAGAIN) for attributes: stacksize: 1024k, guardsize: 0k, detached.\n";
        let out = run(&line.repeat(3));
        let events: Vec<_> =
            out.events.iter().map(|event| (event.kind.as_str(), event.first_line, event.last_line)).collect();
        assert_eq!((events, out.java_errors.len()), (vec![("thread-not-started", 1, 6)], 0));
    }

    #[test]
    fn a_service_in_front_of_each_line_does_not_part_an_error_from_its_trace() {
        let error = one(
            "kafka-1  | java.lang.OutOfMemoryError: Map failed\nkafka-1  | \tat sun.nio.ch.FileChannelImpl.map0(Native Method)\n",
        );
        assert_eq!((error.first_line, error.last_line), (1, 2));
    }

    #[test]
    fn openj9_says_when_and_who() {
        let error = one(
            "JVMDUMP039I Processing dump event \"systhrow\", detail \"java/lang/OutOfMemoryError\" at 2021/06/30 14:25:21 - please wait.\n\
             JVMDUMP032I JVM requested Heap dump using '/app/heapdump.20210630.142521.17.0002.phd' in response to an event\n\
             JVMDUMP010I Heap dump written to /app/heapdump.20210630.142521.17.0002.phd\n\
             JVMDUMP013I Processed dump event \"systhrow\", detail \"java/lang/OutOfMemoryError\".\n",
        );
        assert_eq!((error.kind.as_str(), error.count, error.pid, error.last_line), ("other", 1, Some(17), 4));
        assert_eq!(error.local_time, Some(Micros(1_625_063_121_000_000)));
        let error = one(
            "1TISIGINFO     Dump Event \"systhrow\" (00040000) Detail \"java/lang/OutOfMemoryError\" \"Java heap space\" received",
        );
        assert_eq!((error.kind.as_str(), error.message.as_str()), ("heap-space", "Java heap space"));
        let unread = run("<verbosegc xmlns=\"http://www.ibm.com/j9/verbosegc\" version=\"R28\">\n");
        assert_eq!(
            unread.warnings.iter().map(|warning| &warning.kind).collect::<Vec<_>>(),
            [&WarningKind::Unreadable { format: "verbose:gc (OpenJ9)".to_owned() }]
        );
        assert_eq!(run("JVMDUMP006I Processing dump event \"user\", detail \"\" - please wait.").java_errors, []);
    }

    #[test]
    fn a_jvm_that_ends_itself_is_an_event() {
        let out = run("Terminating due to java.lang.OutOfMemoryError: Java heap space\n");
        assert_eq!(out.events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["exit-on-oom"]);
        assert_eq!(out.java_errors.iter().map(|error| error.kind.as_str()).collect::<Vec<_>>(), ["heap-space"]);
    }

    #[test]
    fn a_refused_start_says_why() {
        let error = one(
            "Error occurred during initialization of VM\nCould not reserve enough space for 4194304KB object heap\n",
        );
        assert_eq!((error.kind.as_str(), error.first_line, error.last_line), ("startup", 1, 2));
        assert_eq!(error.sizes.get("requested"), Some(&Bytes(4 << 30)));
        let out = run(
            "Error occurred during initialization of VM\nInitial heap size set to a larger value than the maximum heap size\n\
             Invalid maximum heap size: -Xmx4x\nError: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.\n\
             Error occurred during initialization of VM\nToo small maximum heap\n",
        );
        let messages: Vec<_> = out.java_errors.iter().map(|error| (error.message.as_str(), error.count)).collect();
        assert_eq!(
            messages,
            [
                ("Initial heap size set to a larger value than the maximum heap size", 1),
                ("Invalid maximum heap size: -Xmx4x", 1),
                ("Too small maximum heap", 1)
            ]
        );
        let again = "Error occurred during initialization of VM\nToo small maximum heap\n".repeat(3);
        assert_eq!((one(&again).count, one(&again).last_line), (3, 6));
    }

    #[test]
    fn a_failed_commit_is_read_in_any_language() {
        let error = one(
            "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00000000fc7b0000, 196608, 0) failed; error='메모리를 할당할 수 없습니다' (errno=12)",
        );
        assert_eq!((error.kind.as_str(), error.sizes.get("requested")), ("insufficient-memory", Some(&Bytes(196_608))));
    }

    #[test]
    fn words_about_the_error_are_no_error() {
        for text in [
            "We saw java.lang.OutOfMemoryError in production.",
            "-XX:+HeapDumpOnOutOfMemoryError -XX:+ExitOnOutOfMemoryError",
            "`java.lang.OutOfMemoryError: Java heap space`가 발생했습니다",
            "the OutOfMemoryError: it hurts",
            "\tat com.example.OutOfMemoryErrorHandler.run(H.java:3)",
            "jvm_args: -XX:OnOutOfMemoryError=kill",
        ] {
            assert_eq!(run(text).java_errors, [], "{text}");
        }
    }

    #[test]
    fn a_json_log_gives_the_message_without_its_trace() {
        let error =
            one(r#"{"level":"ERROR","message":"java.lang.OutOfMemoryError: Java heap space\n\tat a.b(C.java:1)\n"}"#);
        assert_eq!(error.message, "java.lang.OutOfMemoryError: Java heap space");
        let error = one(r#"{"level":"ERROR","stack":"java.lang.OutOfMemoryError: odd one\n\tat a.b(C.java:1)\n"}"#);
        assert_eq!(error.message, "java.lang.OutOfMemoryError: odd one");
    }
}
