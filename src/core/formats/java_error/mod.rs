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

mod message;

#[cfg(test)]
mod tests;

use message::{
    INITIALIZATION, MAP_FAILED, Seen, Thrown, dumped, gradle, is_reserve, is_trace, read, read_whole, seen, sizes_of,
    without_corner, without_times,
};
pub(crate) use message::{TITLE, is_refused_start, named};
pub(super) use message::{errno_of, kind_of};

use super::logger::{logged_time, without_level, without_service};
use super::quantity::or_bytes;
use super::{Claim, Format, Reader};
use crate::formats::apart;
use crate::look;
use crate::model::java::{CRASH_LOG, JavaError, OPENJ9_CLASS};
use crate::model::kind::{ErrorKind, EventKind};
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

/// True for the line of an error and nothing else: no words of a person stand around it.
pub(crate) fn is_error_line(text: &str) -> bool {
    matches!(read_whole(text), Some(Seen::Thrown(_)))
}

fn claim(line: &Line<'_>) -> Claim {
    if seen(line).is_some() { Claim::Strong } else { Claim::None }
}

#[derive(Default)]
struct JavaErrorReader {
    known: Vec<Known>,
    /// Index in `known` and last line of a stack trace that may go on.
    trace: Option<(usize, u32)>,
    /// Its last line ends behind the `at` of a frame.
    is_begun: bool,
    /// Line of an error that stood in the words of a logger, which prints the exception itself below.
    told: Option<u32>,
    /// Index in the readings and line of a refused start that has not said why.
    startup: Option<(usize, u32)>,
    /// Index in the readings and line of a refusal whose reason may stand on the next one.
    broken: Option<(usize, u32)>,
    /// Index of the event that stacks got no guard pages.
    unguarded: Option<usize>,
    /// Index of the event that a thread was refused.
    refused: Option<usize>,
    /// A dump of OpenJ9 whose error was not seen yet: its file and its process.
    dump: Option<(Printed, Option<Printed>)>,
    is_full: bool,
}

/// Words and their place.
type Printed = (String, Span);

/// An error of this source.
struct Known {
    /// Index in the readings.
    at: usize,
    /// Kind, and message without its numbers.
    key: String,
    /// When it was seen last.
    moment: Moment,
    last_line: u32,
    /// Only another program said it so far, in its own words: Gradle, or the library that was refused a mapping.
    told: bool,
    /// Only the title of the text says it so far, which is told again below.
    titled: bool,
    /// The process by the tag of its line, which may be that of a wrapper.
    tag: Option<u32>,
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
    fn of(line: &Line<'_>) -> Moment {
        let openj9 =
            || logged_time(line.body.get(look::places(line.body, OPENJ9_CLASS).next()?..)?.split_once(" at ")?.1);
        let printed = || logged_time(line.body).or_else(openj9);
        let own = line.stamp.wall.filter(|wall| wall.year_known).or_else(printed);
        let above = || {
            // What the JVM itself prints comes some time after the last line of a logger.
            const OF_JVM: [&str; 4] =
                ["Exception in thread ", "Exception: ", "Terminating due to ", "Aborting due to "];
            let text = without_service(line.body).trim_start();
            let own = OF_JVM.iter().any(|start| text.starts_with(start));
            let logged = line.around.logged.as_ref().filter(|logged| !own && logged.is_above(line))?;
            (logged.wall.year_known || line.stamp.wall.is_none()).then_some((logged.wall, logged.span))
        };
        let told = own.map(|wall| (wall, line.span())).or_else(above);
        let Some((wall, at)) = told.or(line.stamp.wall.map(|wall| (wall, line.span()))) else {
            return Moment::default();
        };
        let (time, local_time) = wall.split();
        Moment { time, local_time, year_unknown: !wall.year_known, at: Some(at) }
    }

    fn printed(&self) -> Option<Micros> {
        self.time.or(self.local_time)
    }
}

impl Reader for JavaErrorReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = without_level(without_service(line.body).trim());
        if let Some((known, last)) = self.trace {
            if line.since(last) > 1 {
                self.trace = None;
            } else if (is_trace(text) || self.is_begun && is_frame(text)) && read(text).is_none() {
                self.trace = Some((known, line.number));
                self.is_begun = text == "at";
                self.note_array(known, text, out);
                self.extend(known, line.number, out);
                return true;
            }
        }
        if let Some((at, _)) = self.broken.take().filter(|(_, first)| line.since(*first) == 1) {
            let rest = text.trim_start_matches([' ', '*', '#', '/', '>']);
            let goes_on = rest.starts_with("failed;") || rest.starts_with("error=");
            if let Some(error) = out.java_errors.get_mut(at).filter(|_| goes_on) {
                error.message = format!("{} {rest}", error.message);
                error.last_line = error.last_line.max(line.number);
                if let Some((errno, printed)) = whole_errno(line) {
                    error.errno = Some(errno);
                    error.at.put("errno", line.span_of(printed));
                }
                out.keep(line);
                return true;
            }
        }
        if let Some((at, first)) = self.startup
            && !text.is_empty()
        {
            self.startup = None;
            let text = without_corner(text);
            let follows = line.since(first) <= 2 && !text.starts_with(['$', '#', '[', '>', '`']);
            if follows && (read(text).is_none() || is_reserve(text)) && text.len() <= 300 {
                return self.say_why(at, line, text, out);
            }
        }
        false
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        match seen(line) {
            Some(Seen::Thrown(thrown)) => self.thrown(line, &thrown, out),
            Some(Seen::Startup(INITIALIZATION)) => {
                let at = self.add(line, ErrorKind::Startup, INITIALIZATION, Vec::new(), out);
                self.startup = at.map(|at| (at, line.number));
            }
            Some(Seen::Startup(text)) => {
                self.put(line, ErrorKind::Startup, text, sizes_of(text), out);
            }
            Some(Seen::NotCreated) => match self.known.last() {
                Some(known) if line.since(known.last_line) <= 3 => {
                    self.extend(self.known.len() - 1, line.number, out);
                }
                _ => {
                    self.put(line, ErrorKind::Startup, line.body.trim(), Vec::new(), out);
                }
            },
            Some(Seen::TooLarge(text)) => match self.known.last() {
                Some(known) if line.since(known.last_line) <= 2 && known.key.starts_with("startup ") => {
                    if let Some(error) = out.java_errors.get_mut(known.at)
                        && !error.message.contains(text)
                    {
                        error.message = format!("{}. {text}", error.message.trim_end_matches('.'));
                        out.keep(line);
                    }
                    self.extend(self.known.len() - 1, line.number, out);
                }
                _ => {
                    self.put(line, ErrorKind::Startup, text, Vec::new(), out);
                }
            },
            Some(Seen::CommitFailed { text, bytes }) => {
                let sizes = vec![("requested", bytes)];
                let at = self.put(line, ErrorKind::InsufficientMemory, text, sizes, out);
                self.broken = at.filter(|_| whole_errno(line).is_none()).map(|at| (at, line.number));
            }
            Some(Seen::NoThread) => self.no_thread(line, out),
            Some(Seen::CrashLog { file, pid }) => crash_log(line, file, pid, out),
            Some(Seen::NoGuard) => self.no_guard(line, out),
            Some(Seen::Told { kind, text }) => self.other_words(line, kind, text, out),
            Some(Seen::HeapDump { pid, bytes, file }) => {
                if self.heap_dump(line, pid, bytes, file, out) {
                    return true;
                }
                // What came of it may be all that is left of it, or stand above it.
                let Some(thrown) = dumped(line.body) else {
                    let place = |text: &str| (text.to_owned(), line.span_of(text));
                    self.dump = file.map(|file| (place(file), pid.map(place))).or(self.dump.take());
                    return false;
                };
                self.thrown(line, &thrown, out);
            }
            Some(Seen::NoHeapDump) => return self.no_heap_dump(line, out),
            None => return false,
        }
        true
    }
}

impl JavaErrorReader {
    fn thrown(&mut self, line: &Line<'_>, thrown: &Thrown<'_>, out: &mut Readings) {
        let kind = kind_of(thrown.class, thrown.message);
        let pid = thrown.pid.and_then(|digits| digits.parse::<u32>().ok().map(|pid| (pid, digits)));
        let is_bare = line.body.trim_start().starts_with(thrown.text);
        let is_told = is_bare && self.told.is_some_and(|told| line.since(told) <= 1);
        self.told = (!is_bare).then_some(line.number);
        let is_cause = self.trace.is_some_and(|(known, last)| {
            let same = self.known.get(known).is_some_and(|known| known.key == key_of(kind, thrown.text));
            same && line.since(last) <= 1 && (is_told || line.body.trim_start().starts_with("Caused by: "))
        });
        // The head of `-XX:OnOutOfMemoryError`, which stands below the error.
        if is_head_of_command(line.body) {
            let key = key_of(kind, thrown.text);
            let begin = begin_of_process(line, out);
            let near = |known: &Known| line.since(known.last_line) <= apart::IN_A_LOG && begin <= Some(known.last_line);
            let of_it = |known: &Known| known.key == key && near(known);
            if let Some(known) = self.known.iter().rposition(of_it) {
                self.extend(known, line.number, out);
                return;
            }
        }
        if is_cause && let Some((known, _)) = self.trace {
            // The trace of an exception that carries the message already.
            self.trace = Some((known, line.number));
            self.extend(known, line.number, out);
            return;
        }
        // What the library throws for an error that the JVM had.
        let of_library = thrown.text == MAP_FAILED;
        let same = self.same_nearby(line, kind, thrown.text, out).filter(|(_, of_told)| *of_told || of_library);
        if let Some((known, _)) = same {
            self.say_again(known, line, kind, Some(thrown.text).filter(|_| !of_library), out);
            self.trace = Some((known, line.number));
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
        if let Some(known) = self.known.iter_mut().find(|known| known.at == at && of_library) {
            known.told = true;
        }
        if let Some(kind) = thrown.ending {
            out.events.push(event(kind, line));
        }
    }

    /// What another program makes of an error: the same one again where it is known nearby.
    fn other_words(&mut self, line: &Line<'_>, kind: ErrorKind, text: &str, out: &mut Readings) {
        let same = self.same_nearby(line, kind, text, out).filter(|(_, of_told)| *of_told || gradle(text).is_some());
        if let Some((known, _)) = same {
            return self.say_again(known, line, kind, None, out);
        }
        let at = self.put(line, kind, text, sizes_of(text), out);
        if let Some(known) = self.known.iter_mut().find(|known| Some(known.at) == at) {
            known.told = gradle(text).is_some();
        }
    }

    /// The known error that another message is about, if other words said it: of its kind, nearby, and of the same process; and whether
    /// only another program said that.
    fn same_nearby(&self, line: &Line<'_>, kind: ErrorKind, text: &str, out: &Readings) -> Option<(usize, bool)> {
        let (begin, key) = (begin_of_process(line, out), key_of(kind, text));
        let at = self.known.iter().rposition(|known| {
            let other = out.java_errors.get(known.at).map(|error| error.kind);
            let is_same = other == Some(kind) || [other, Some(kind)].contains(&Some(ErrorKind::Other));
            let is_near = line.since(known.last_line) <= apart::IN_A_LOG && begin <= Some(known.last_line);
            is_same && is_near && known.key != key
        })?;
        Some((at, self.known.get(at)?.told))
    }

    /// A known error in other words: those of the JVM, where they are given, are its message, and a kind that is told says more than none.
    fn say_again(&mut self, at: usize, line: &Line<'_>, kind: ErrorKind, own: Option<&str>, out: &mut Readings) {
        self.extend(at, line.number, out);
        let Some(known) = self.known.get_mut(at) else { return };
        let Some(error) = out.java_errors.get_mut(known.at) else { return };
        if kind != ErrorKind::Other {
            error.kind = kind;
        }
        if let Some(text) = own {
            (known.told, known.key) = (false, key_of(kind, text));
            error.message = text.to_owned();
            error.at.put("message", line.span_of(text));
            out.keep(line);
        }
    }

    /// Guard pages of a stack, of which the JVM warns each time.
    fn no_guard(&mut self, line: &Line<'_>, out: &mut Readings) {
        let goes_on = |event: &Event| line.since(event.last_line) <= apart::IN_A_LOG;
        match self.unguarded.and_then(|at| out.events.get_mut(at)).filter(|event| goes_on(event)) {
            Some(event) => event.last_line = line.number,
            None => {
                self.unguarded = Some(out.events.len());
                out.keep(line);
                out.events.push(event(EventKind::GuardPagesFailed, line));
            }
        }
    }

    /// A thread that did not start, of which the JVM warns each time.
    fn no_thread(&mut self, line: &Line<'_>, out: &mut Readings) {
        let (begin, errno) = (begin_of_process(line, out), whole_errno(line));
        let goes_on = |event: &Event| {
            let says_other = errno.zip(event.errno).is_some_and(|((errno, _), known)| errno != known);
            line.since(event.last_line) <= apart::IN_A_LOG && begin <= Some(event.last_line) && !says_other
        };
        let at = self.refused.filter(|at| out.events.get(*at).is_some_and(goes_on)).unwrap_or(out.events.len());
        if at == out.events.len() {
            out.keep(line);
            out.events.push(event(EventKind::ThreadNotStarted, line));
            self.refused = Some(at);
        }
        let highest = out.events.get(at).and_then(|event| event.numbered);
        let numbered = number_of_pool(line.body).filter(|(number, _)| Some(*number) > highest);
        if numbered.is_some() {
            out.keep(line);
        }
        let Some(event) = out.events.get_mut(at) else { return };
        event.last_line = line.number;
        // The highest of a pool is how many it has started.
        if let Some((number, printed)) = numbered {
            event.numbered = Some(number);
            event.at.put("numbered", line.span_of(printed));
        }
        if let Some((errno, printed)) = errno.filter(|_| event.errno.is_none()) {
            event.errno = Some(errno);
            event.at.put("errno", line.span_of(printed));
        }
    }

    /// Notes an error, or counts it if it is known. Its index in the readings; `None` if there are too many.
    fn put(
        &mut self,
        line: &Line<'_>,
        kind: ErrorKind,
        text: &str,
        sizes: Vec<(&'static str, &str)>,
        out: &mut Readings,
    ) -> Option<usize> {
        let key = key_of(kind, text);
        let moment = Moment::of(line);
        let begin = begin_of_process(line, out);
        let apart = |known: &Known| {
            let is_other = known.tag.zip(line.pid()).is_some_and(|(tag, (pid, _))| tag != pid);
            if begin > Some(known.last_line) || is_other {
                return true;
            }
            known.moment.printed().zip(moment.printed()).is_some_and(|(before, now)| {
                known.moment.year_unknown == moment.year_unknown && now.minus(before).0.abs() > SAME_INCIDENT.0
            })
        };
        // The text may end in the middle of a message that it has before.
        let words = |key: &str| key.split_once(' ').map(|(_, words)| words.to_owned()).unwrap_or_default();
        let begun = line.is_cut().then(|| match key.trim_end_matches([':', ' ']).ends_with("outofmemoryerror") {
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
            // One line may say it in its message and in its trace; and with the same bytes in use, and no time, it is one told again.
            let of_state = sizes.iter().any(|(name, _)| *name == "allocated");
            let again = of_state && error.message == text && moment.printed().is_none() || known.titled;
            known.titled = false;
            let again = error.last_line == line.number || again;
            error.count = error.count.saturating_add(if again { 0 } else { times(line.body) });
            error.last_line = line.number;
            return Some(known.at);
        }
        self.add(line, kind, text, sizes, out)
    }

    /// Notes an error that is not known. Its index in the readings; `None` if there are too many.
    fn add(
        &mut self,
        line: &Line<'_>,
        kind: ErrorKind,
        text: &str,
        sizes: Vec<(&'static str, &str)>,
        out: &mut Readings,
    ) -> Option<usize> {
        out.keep(line);
        let moment = Moment::of(line);
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
        let mut error = JavaError { time, local_time, year_unknown, ..JavaError::on(line, kind, text) };
        // A time without its year is not what it will be.
        if let Some(at) = at.filter(|_| !year_unknown) {
            places.put(if time.is_some() { "time" } else { "local_time" }, at);
            if at.line != line.number
                && let Some(logged) = &line.around.logged
            {
                out.keep_text(at.source, at.line, &logged.text);
            }
        }
        error.count = times(line.body);
        put_sizes(line, &mut error, &mut places, &sizes);
        if let Some((errno, printed)) = whole_errno(line) {
            error.errno = Some(errno);
            places.put("errno", line.span_of(printed));
        }
        if let Some((pid, span)) = line.pid() {
            error.pid = Some(pid);
            places.put("pid", span);
        }
        error.at = places;
        if let Some(((file, place), pid)) =
            self.dump.take().filter(|((_, at), _)| text == OPENJ9_CLASS && line.since(at.line) <= apart::INSIDE)
        {
            error.at.put("file", place);
            error.file = Some(file);
            if let Some((pid, (_, place))) = pid.and_then(|pid| Some((pid.0.parse().ok()?, pid))) {
                error.pid = Some(pid);
                error.at.put("pid", place);
            }
        }
        tell_errno(&mut error, out);
        let at = out.java_errors.len();
        out.java_errors.push(error);
        self.known.push(Known {
            at,
            key: key_of(kind, text),
            moment,
            last_line: line.number,
            told: false,
            titled: line.number <= TITLE && line.raw.starts_with("# "),
            tag: line.pid().map(|(pid, _)| pid),
        });
        Some(at)
    }

    fn extend(&mut self, known: usize, last_line: u32, out: &mut Readings) {
        let Some(known) = self.known.get_mut(known) else { return };
        known.last_line = last_line;
        if let Some(error) = out.java_errors.get_mut(known.at) {
            error.last_line = last_line;
        }
    }

    /// A collection that doubles its array says by its frame what no message does: the array would pass the limit of 2 GiB.
    fn note_array(&self, known: usize, frame: &str, out: &mut Readings) {
        const GROWS: [&str; 2] = [".hugeCapacity(", ".hugeLength("];
        let Some(error) = self.known.get(known).and_then(|known| out.java_errors.get_mut(known.at)) else { return };
        if error.kind == ErrorKind::Other && error.is_bare() && GROWS.iter().any(|name| frame.contains(name)) {
            error.kind = ErrorKind::ArraySize;
        }
    }

    /// The line below `Error occurred during initialization of VM`, which was noted at `at`.
    fn say_why(&mut self, at: usize, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        let key = key_of(ErrorKind::Startup, text);
        let is_last = at + 1 == out.java_errors.len() && self.known.last().is_some_and(|known| known.at == at);
        if is_last && self.known.iter().any(|known| known.key == key) {
            // The same start failed for the same reason before.
            out.java_errors.pop();
            self.known.pop();
            self.put(line, ErrorKind::Startup, text, sizes_of(text), out);
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

    /// `Unable to create java_pid1853.hprof: Permission denied`: nothing was written.
    fn no_heap_dump(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let told = self.heap_dump(line, None, None, None, out);
        let known = self.known.iter().max_by_key(|known| known.last_line).filter(|_| told);
        if let Some(error) = known.and_then(|known| out.java_errors.get_mut(known.at)) {
            error.sizes.entry("heap_dump".to_owned()).or_insert_with(|| {
                error.at.put("heap_dump", line.span_of(line.body));
                Bytes(0)
            });
        }
        told
    }

    /// `Dumping heap to java_pid1853.hprof ...`, `Heap dump file created [34380032 bytes in 0.066 secs]`.
    fn heap_dump(
        &mut self,
        line: &Line<'_>,
        pid: Option<&str>,
        bytes: Option<&str>,
        file: Option<&str>,
        out: &mut Readings,
    ) -> bool {
        let near = |known: &&mut Known| line.since(known.last_line) <= apart::IN_A_LOG;
        let Some(known) = self.known.iter_mut().max_by_key(|known| known.last_line).filter(near) else {
            return false;
        };
        let Some(error) = out.java_errors.get_mut(known.at) else { return false };
        known.last_line = line.number;
        error.last_line = line.number;
        if let Some((pid, digits)) = pid.and_then(|digits| Some((digits.parse().ok()?, digits)))
            && error.pid != Some(pid)
        {
            // A script may have logged for the JVM.
            error.pid = Some(pid);
            error.at.put("pid", line.span_of(digits));
        }
        if let Some((bytes, digits)) = bytes.and_then(|digits| Some((digits.parse().ok()?, digits))) {
            error.sizes.entry("heap_dump".to_owned()).or_insert_with(|| {
                error.at.put("heap_dump", line.span_of(digits));
                Bytes(bytes)
            });
        }
        if let Some(file) = file.filter(|file| error.file.is_none() && !file.is_empty()) {
            error.file = Some(file.to_owned());
            error.at.put("file", line.span_of(file));
        }
        out.keep(line);
        true
    }
}

/// How often a line says of itself that it came: `Java heap space (×4)`.
fn times(text: &str) -> u64 {
    without_times(text).1.unwrap_or(1)
}

/// `java.lang.Thread.run(Thread.java:745)`
fn is_frame(text: &str) -> bool {
    !text.contains(' ') && text.contains('.') && text.ends_with(')')
}

/// What the system said when it refused a thread, by the warning right above the error that follows.
pub(super) fn tell_errno(error: &mut JavaError, out: &Readings) {
    let is_above = |event: &&Event| {
        event.kind == EventKind::ThreadNotStarted
            && event.source == error.source
            && event.last_line <= error.first_line
            && out.copies.apart(event.source, event.last_line, error.first_line) <= 3
    };
    if error.kind == ErrorKind::NativeThread
        && error.errno.is_none()
        && let Some(event) = out.events.iter().rev().find(is_above)
    {
        error.errno = event.errno;
        if let Some(span) = event.at.get("errno") {
            error.at.put("errno", span);
        }
    }
}

/// A crash of which only the file is told: why it crashed stands there.
fn crash_log(line: &Line<'_>, file: &str, digits: Option<&str>, out: &mut Readings) {
    let file = file.strip_prefix("file:").unwrap_or(file);
    let mut error = JavaError::on(line, ErrorKind::FatalError, CRASH_LOG);
    error.file = Some(file.to_owned());
    error.at.put("file", line.span_of(file));
    if let Some((pid, digits)) =
        digits.and_then(|digits| Some((digits.parse().ok()?, digits))).filter(|_| !line.is_cut())
    {
        error.pid = Some(pid);
        error.at.put("pid", line.span_of(digits));
    }
    out.keep(line);
    out.java_errors.push(error);
}

/// The number at the end of a thread's name, by which its pool tells it from its others.
fn number_of_pool(text: &str) -> Option<(u64, &str)> {
    let (_, rest) = text.split_once("java.lang.Thread \"")?;
    let name = rest.split_once('"')?.0;
    let digits = name.get(name.trim_end_matches(|c: char| c.is_ascii_digit()).len()..)?;
    Some((digits.parse().ok()?, digits))
}

/// The reason of the system on a line; `None` if the text ends behind its number, of which digits may be missing.
fn whole_errno<'a>(line: &Line<'a>) -> Option<(u32, &'a str)> {
    errno_of(line.body).filter(|(_, printed)| !(line.is_cut() && line.body.trim_end().ends_with(printed)))
}

/// An event on one line, at its time.
fn event(kind: EventKind, line: &Line<'_>) -> Event {
    let Moment { time, local_time, year_unknown, .. } = Moment::of(line);
    let mut at = Places::default();
    if let Some((_, span)) = line.pid() {
        at.put("pid", span);
    }
    Event { pid: line.pid().map(|(pid, _)| pid), at, time, local_time, year_unknown, ..Event::on(line, kind) }
}

fn put_sizes(line: &Line<'_>, error: &mut JavaError, places: &mut Places, sizes: &[(&'static str, &str)]) {
    for (name, printed) in sizes {
        if let Some(bytes) = or_bytes(printed) {
            error.sizes.insert((*name).to_owned(), bytes);
            places.put(name, line.span_of(printed));
        }
    }
}

/// Line of the last prompt, or of the beginning of a log, in this source: what stands above is another JVM's.
fn begin_of_process(line: &Line<'_>, out: &Readings) -> Option<u32> {
    let log = out.gc_logs.last().filter(|log| log.source == line.source).map(|log| log.first_line);
    line.around.prompt.max(log)
}

/// `# java.lang.OutOfMemoryError: Java heap space`.
fn is_head_of_command(body: &str) -> bool {
    body.trim_start().starts_with("# java.lang.OutOfMemoryError")
}

/// What the JVM says of an error that it could not print.
const UNCAUGHT: &str = "thrown from the UncaughtExceptionHandler in thread";

/// Kind, and message without its numbers: direct memory is refused with other figures every time.
fn key_of(kind: ErrorKind, text: &str) -> String {
    // The same error stands with its package, without, and in a javacore without its class.
    let text = text.strip_prefix("java.lang.").unwrap_or(text);
    let text = text.strip_prefix("OutOfMemoryError: ").unwrap_or(text);
    // OpenJ9 says the same of each of its libraries: `JVMJ9VM011W Unable to load j9jit29: …`.
    let text = if text.starts_with("JVMJ9") { text.rsplit(": ").next().unwrap_or(text) } else { text };
    // Whose handler it was is no other error, unless the program ends with the thread.
    let text = if look::has(text, UNCAUGHT) && !text.ends_with("\"main\"") { UNCAUGHT } else { text };
    let mut key = format!("{kind} ");
    // People quote it with other capitals.
    for c in text.chars().filter(|c| !c.is_ascii_digit()) {
        match c.is_ascii() {
            true => key.push(c.to_ascii_lowercase()),
            false => key.extend(c.to_lowercase()),
        }
    }
    key
}
