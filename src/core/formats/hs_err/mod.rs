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

mod file;
mod history;
#[cfg(test)]
mod tests;

use super::cut::{is_whole, without_last_word};
use super::logger::without_level;
use super::prompt::is_prompt;
use super::{Claim, Format, Reader, gc_log, host, java_error, jstat, killers, oom_killer};
use crate::formats::apart;
use crate::model::gc::{GcEvent, GcLog};
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, EventKind, HostKind};
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::model::relation::{Belonging, Crash, Relations, Whole};
use crate::source::Line;
use file::Open;
pub use file::is_notable_platform;
use history::History;

/// Crashes and hs_err files.
pub static FORMAT: Format = Format { id: "hs-err", claim, reader: || Box::new(HsErrReader::default()) };

/// Lines between a block and the file's first section, or a block and the refused commit above it.
const NEAR: u32 = 20;
/// Lines of others inside a file at a stretch: the tracker's block is shorter.
const MAX_GAP: u32 = 400;
/// Options kept.
const MAX_FLAGS: usize = 400;

const INSUFFICIENT: &str = "There is insufficient memory for the Java Runtime Environment to continue";
/// What a JVM says that crashes because memory ran out, before the message of the error.
const ABORTED: &str = "fatal error: OutOfMemory encountered: ";
const OUT_OF_MEMORY: &str = "java.lang.OutOfMemoryError";
const FATAL: &str = "A fatal error has been detected by the Java Runtime Environment";

/// The line without what stands around it; exports of log servers put a comma behind every line.
fn text_of<'a>(line: &Line<'a>) -> &'a str {
    let text = line.body.trim().trim_end_matches(',');
    let said = text.trim_end_matches(['.', ':']);
    let begins = said.ends_with(INSUFFICIENT) || said.ends_with(FATAL);
    if begins { without_level(text) } else { text }
}

fn claim(line: &Line<'_>) -> Claim {
    let text = text_of(line);
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
    matches!(without_mark(text).trim_end_matches(['.', ':']), INSUFFICIENT | FATAL)
}

/// True for a line of a block that has lost its marks.
fn is_bare(text: &str) -> bool {
    const STARTS: [&str; 15] = [
        "Native memory allocation ",
        "Problematic frame:",
        "C  [",
        "V  [",
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
}

impl Reader for HsErrReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(open) = &mut self.open else { return false };
        let text = text_of(line);
        if is_prompt(text) {
            self.close(out);
            return false;
        }
        let gap = line.since(open.reading.last_line);
        if !open.is_file {
            let text = without_level(text);
            let goes_on = match open.is_bare {
                true => gap <= NEAR && is_bare(text),
                false => gap <= 1 && text.starts_with('#'),
            };
            if goes_on && !is_first(text) {
                // The message may be said twice, and without its end it would be another one.
                let says = without_mark(text);
                let is_message = ["Cannot create ", "fatal error: "].iter().any(|start| says.starts_with(start));
                if !(is_message && line.is_cut()) {
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
        let text = match line.is_cut() {
            // Of a date the zone may be missing.
            true if begins(["Time: ", "time: "]) && !text.contains(" elapsed ") => return true,
            true if begins(["Command Line:", "jvm_args:"]) || !is_whole(text) => without_last_word(text),
            _ => text,
        };
        if open.is_parts {
            return open.part_line(line, text);
        }
        let taken = open.file_line(line, text, out);
        if text == "END." || open.unknown > apart::IN_A_LOG {
            self.close(out);
        }
        taken
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = text_of(line);
        if is_part(text) && (self.resume(line, out) || self.part_of_block(line, text)) {
            return true;
        }
        out.keep(line);
        if is_section_rule(text) {
            let follows = |open: &Open| open.is_file || line.since(open.reading.last_line) <= NEAR;
            if !self.open.as_ref().is_some_and(follows) {
                self.close(out);
                self.start(line);
                self.answer(line);
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
            self.answer(line);
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
            let kind =
                if says.starts_with(INSUFFICIENT) { ErrorKind::InsufficientMemory } else { ErrorKind::FatalError };
            open.is_bare = says == text;
            open.is_title = text.starts_with("# #");
            open.error = Some(JavaError::on(line, kind, says.trim_end_matches(['.', ':'])));
        }
        true
    }

    fn finish(&mut self, out: &mut Readings) {
        self.close(out);
    }
}

impl HsErrReader {
    fn start(&mut self, line: &Line<'_>) {
        let (prompt, reading) = (line.around.prompt, HostReading::on(line, HostKind::HsErr));
        self.open = Some(Open { prompt, reading, ..Open::default() });
    }

    /// A section right below the block of a crash is of the same process.
    fn part_of_block(&mut self, line: &Line<'_>, text: &str) -> bool {
        let near = |open: &&mut Open| !open.is_file && line.since(open.reading.last_line) <= NEAR;
        let Some(open) = self.open.as_mut().filter(near) else { return false };
        (open.is_file, open.is_parts) = (true, true);
        open.part_line(line, text)
    }

    /// Without a crash above, it is what `jcmd <pid> VM.info` answers, if that says who answers.
    fn answer(&mut self, line: &Line<'_>) {
        if let Some(open) = &mut self.open
            && let Some((pid, at)) = line.around.answers.filter(|(_, at)| line.since(at.line) <= apart::TO_ANSWER)
        {
            open.reading.kind = HostKind::VmInfo;
            open.reading.pid = Some(pid);
            open.reading.at.put("pid", at);
        }
    }

    fn close(&mut self, out: &mut Readings) {
        let Some(open) = self.open.take() else { return };
        // The sentence alone, as in a headline, tells of no error; in a title that begins with its mark it is told.
        let is_alone = |error: &JavaError| error.pid.is_none() && error.sizes.is_empty();
        match open.error {
            Some(error) if open.is_title && is_alone(&error) => out.told.push(JavaError { told: true, ..error }),
            Some(error) if !(open.is_bare && is_alone(&error)) => note_error(error, open.prompt, out),
            _ => {}
        }
        put_history((open.history, open.is_list), open.history_lines, &open.reading, out);
        let says = !open.is_parts || !open.reading.sizes.is_empty() || !open.reading.counts.is_empty();
        // Of a block alone the error tells all but where it happened.
        let is_told = open.is_file || open.reading.words.contains_key("platform");
        if is_told && !open.is_list && says {
            let HostReading { first_line, last_line, pid, uptime, time, local_time, .. } = open.reading;
            let to = Whole::CrashFile { pid, uptime, time, local_time, at: open.reading.at.clone() };
            out.relations.wholes.push(Belonging { first_line, last_line, to });
            out.host.push(open.reading);
        }
    }
}

/// The collections that the file lists become a log of their own.
fn put_history(
    (history, is_list): (History, bool),
    lines: Option<(u32, u32)>,
    reading: &HostReading,
    out: &mut Readings,
) {
    let Some((first_line, last_line)) = lines else { return };
    let Ok(log) = u32::try_from(out.gc_logs.len()) else { return };
    let mut known = GcLog {
        source: reading.source,
        style: "hs-err".to_owned(),
        pid: reading.pid,
        collector: reading.words.get("collector").cloned(),
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
    let (known, events) = history.finish(known);
    // Without a collection a list that stands alone says nothing but the maximum.
    if events.is_empty() && (known.max_heap.is_none() || !is_list) {
        return;
    }
    out.gc_logs.push(known);
    out.gc_events.extend(events.into_iter().map(|event| GcEvent { log, ..event }));
}

/// Notes the error of a block: the same block printed once more is the same error, and so may be the refused commit that stands right
/// above it. `Aborting due to java.lang.OutOfMemoryError: …` above it is of the same process.
fn note_error(mut error: JavaError, prompt: Option<u32>, out: &mut Readings) {
    java_error::tell_errno(&mut error, out);
    let Readings { java_errors, events, relations: Relations { crashes, .. }, copies, .. } = out;
    let above = |source: u16, last_line: u32| {
        let is_above = source == error.source && last_line <= error.first_line && prompt < Some(last_line);
        is_above.then(|| copies.apart(source, last_line, error.first_line))
    };
    // A wrapper may print the file before what the JVM said of it.
    let is_near = |known: &JavaError| {
        let (upper, lower) = match known.first_line <= error.first_line {
            true => (known.last_line, error.first_line),
            false => (error.last_line, known.first_line),
        };
        known.source == error.source && copies.apart(error.source, upper, lower) <= NEAR
    };
    let same = |known: &JavaError| {
        let is_above = || above(known.source, known.last_line).is_some_and(|lines| lines <= NEAR);
        known.source == error.source
            && known.kind == error.kind
            && match (known.pid, error.pid) {
                // A warning has no pid but that of who logged it.
                (Some(pid), Some(other)) if !error.message.starts_with(ABORTED) => {
                    let is_warning = known.message.starts_with("os::commit_memory(") && is_near(known);
                    let requested = error.sizes.get("requested");
                    let is_same = requested.is_some() && known.sizes.get("requested") == requested;
                    pid == other && (known.message == error.message || is_same) || is_warning && is_same
                }
                _ if let Some(what) = error.message.strip_prefix(ABORTED) => {
                    // A dump of the heap names its process; the tag of a line may name a wrapper.
                    let is_other = known.sizes.contains_key("heap_dump") && known.pid != error.pid;
                    let says = known.message.strip_prefix(OUT_OF_MEMORY).is_some_and(|said| said.ends_with(what));
                    says && is_above() && !is_other
                }
                _ => {
                    (known.message == error.message || known.sizes.contains_key("requested"))
                        && known.sizes.get("requested") == error.sizes.get("requested")
                        && is_near(known)
                }
            }
    };
    if let Some(known) = crashes.iter_mut().find(|known| same(&known.error)) {
        known.error.join(error);
        return;
    }
    let is_told = |at: usize| crashes.iter().any(|known| known.told == Some(at));
    let told = (0..).zip(&*java_errors).find(|(at, known)| same(known) && !is_told(*at)).map(|(at, _)| at);
    let announces = |event: &Event| {
        event.kind == EventKind::CrashOnOom && matches!(above(event.source, event.last_line), Some(1..=3))
    };
    let aborted: Vec<usize> = (0..).zip(&*events).filter(|(_, event)| announces(event)).map(|(at, _)| at).collect();
    let line_of = |at: &usize| events.get(*at).map(|event| event.last_line);
    let is_of = |thrown: &JavaError| {
        thrown.source == error.source && aborted.iter().filter_map(line_of).any(|line| line == thrown.last_line)
    };
    let thrown = (0..).zip(&*java_errors).filter(|(_, thrown)| is_of(thrown)).map(|(at, _)| at).collect();
    crashes.push(Crash { error, told, aborted, thrown });
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
