//! What one line says of memory that ran out: exceptions in every dress, refused starts, notes about dumps.

use std::sync::LazyLock;

use memchr::memchr_iter;
use memchr::memmem::Finder;

use crate::formats::logger::{logged_time, without_level};
use crate::formats::quantity::is_digits;
use crate::look;
use crate::model::java::OPENJ9_CLASS;
use crate::model::kind::{ErrorKind, EventKind};
use crate::source::Line;

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    Thrown(Thrown<'a>),
    /// A start that was refused, with the reason if it stands on this line.
    Startup(&'a str),
    /// `The specified size exceeds the maximum representable size.`, below the option that gives it: Java has 32 bits.
    TooLarge(&'a str),
    /// `Error: Could not create the Java Virtual Machine.`
    NotCreated,
    CommitFailed {
        text: &'a str,
        bytes: &'a str,
    },
    HeapDump {
        pid: Option<&'a str>,
        bytes: Option<&'a str>,
        /// The file, with its folder as printed.
        file: Option<&'a str>,
    },
    /// A dump of the heap could not be written.
    NoHeapDump,
    /// `[os,thread] Failed to start thread "Unknown thread" - pthread_create failed (EAGAIN) for attributes: …`
    NoThread,
    /// `JVM crash log found: file:///home/user/hs_err_pid4711.log`
    CrashLog {
        file: &'a str,
        pid: Option<&'a str>,
    },
    /// `Attempt to protect stack guard pages failed.`
    NoGuard,
    /// Another program says it in its own words, or without the name of the error.
    Told {
        kind: ErrorKind,
        text: &'a str,
    },
}

/// An exception as it stands on a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Thrown<'a> {
    pub(super) class: &'a str,
    /// What follows the class; empty if nothing does.
    pub(super) message: &'a str,
    /// Class and message.
    pub(super) text: &'a str,
    pub(super) thread: Option<&'a str>,
    pub(super) pid: Option<&'a str>,
    /// Kind of the event if the JVM ends itself here.
    pub(super) ending: Option<EventKind>,
}

pub(super) const INITIALIZATION: &str = "Error occurred during initialization of VM";

/// Options about memory that the launcher or the JVM may refuse.
pub(super) const REFUSED_OPTIONS: &[&str] = &[
    "Invalid maximum heap size: ",
    "Invalid initial heap size: ",
    "Invalid minimum heap size: ",
    "Invalid thread stack size: ",
    "Invalid maximum direct memory size: ",
    "The Java thread stack size specified is too small",
    "Unrecognized VM option ",
    "Improperly specified VM option ",
];

/// `Could not reserve enough space for 2097152KB object heap`.
pub(super) fn is_reserve(text: &str) -> bool {
    text.starts_with("Could not reserve enough space for ")
}

/// What systems say of a file that cannot be written.
fn is_refused_file(text: &str) -> bool {
    const REASONS: [&str; 6] = [
        "File exists",
        "Is a directory",
        "No space left on device",
        "No such file or directory",
        "Permission denied",
        "Read-only file system",
    ];
    REASONS.iter().any(|reason| text.trim_end_matches('.').ends_with(reason))
}

/// What a line says. A transport takes `> `, which is Gradle's mark of what went wrong, for that of a quotation.
pub(super) fn seen<'a>(line: &Line<'a>) -> Option<Seen<'a>> {
    let marked = || {
        let text = line.raw.trim();
        let (kind, text) = without_class(text, text).filter(|_| text.starts_with("> "))?;
        Some(Seen::Told { kind, text })
    };
    let (body, _) = without_times(line.body.trim());
    read(body).or_else(marked).or_else(|| read_whole(quoted(body)?)).or_else(|| in_corners(body))
}

/// Without how often it came, which who sums a log up puts behind it: `Java heap space (×4)`, `(x4)`.
pub(super) fn without_times(text: &str) -> (&str, Option<u64>) {
    let counted = || {
        let (text, count) = text.trim_end().strip_suffix(')')?.rsplit_once(" (")?;
        let digits = count.strip_prefix(['×', 'x'])?;
        Some((text.trim_end(), digits.parse().ok().filter(|count| *count > 0)?))
    };
    counted().map_or((text, None), |(text, count)| (text, Some(count)))
}

/// A refused start between the quotation marks of Japanese and Chinese, which may end on the next line. Of other errors sentences tell.
fn in_corners(text: &str) -> Option<Seen<'_>> {
    let (_, inner) = text.split_once(['「', '『'])?;
    read_whole(without_corner(inner)).filter(|seen| matches!(seen, Seen::Startup(_)))
}

/// As far as such a quotation goes.
pub(super) fn without_corner(text: &str) -> &str {
    text.split(['」', '』']).next().unwrap_or(text).trim()
}

/// Lines at the beginning of a text on one of which its title stands.
pub(crate) const TITLE: u32 = 2;

/// True for the line of a start that was refused, which may be the title of a text: `Could not reserve enough space for 3145728KB object heap`.
pub(crate) fn is_refused_start(title: &str) -> bool {
    matches!(read(title), Some(Seen::Startup(_) | Seen::TooLarge(_)))
}

/// What stands between marks of Markdown that begin and end a line: a fence of one line, code, bold.
fn quoted(text: &str) -> Option<&str> {
    text.starts_with(['`', '*']).then_some(())?;
    let marks = ["```", "`", "**"];
    let inner = marks.iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark))?.trim();
    (!inner.is_empty() && !inner.contains('`')).then_some(inner)
}

/// What a text says that is nothing but that.
pub(super) fn read_whole(text: &str) -> Option<Seen<'_>> {
    read(text).filter(|seen| match seen {
        Seen::Thrown(thrown) => text.ends_with(thrown.text),
        _ => true,
    })
}

pub(super) fn read(text: &str) -> Option<Seen<'_>> {
    let bare = without_level(text);
    match bare.as_bytes().first()? {
        b'E' if bare == INITIALIZATION => return Some(Seen::Startup(bare)),
        // Posts join the two lines.
        b'E' if bare.starts_with(INITIALIZATION) => {
            let why = bare.get(INITIALIZATION.len()..)?.trim_start_matches([':', '.', ',', ' ']);
            return why.starts_with(|c: char| c.is_ascii_uppercase()).then_some(Seen::Startup(why));
        }
        b'C' if is_reserve(bare) => return Some(Seen::Startup(bare)),
        b'C' if bare == "Could not create the Java Virtual Machine." => return Some(Seen::NotCreated),
        b'A' if bare == "A fatal exception has occurred. Program will exit." => return Some(Seen::NotCreated),
        b'I' | b'T' | b'U' if REFUSED_OPTIONS.iter().any(|start| bare.starts_with(start)) => {
            return Some(Seen::Startup(bare));
        }
        b'T' if bare.trim_end_matches('.') == "The specified size exceeds the maximum representable size" => {
            return Some(Seen::TooLarge(bare.trim_end_matches('.')));
        }
        b'D' if bare.starts_with("Dumping heap to ") => {
            let digits = bare.rsplit_once("_pid").map_or("", |(_, rest)| rest);
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
            let pid = digits.get(..end).filter(|digits| !digits.is_empty());
            let (file, came) = bare.strip_prefix("Dumping heap to ")?.split_once(" ...").unzip();
            // Some loggers join the lines.
            let failed = came.is_some_and(is_refused_file);
            return Some(Seen::HeapDump { pid, bytes: failed.then_some("0"), file });
        }
        _ if let Some((kind, message)) = without_class(text, bare) => return Some(Seen::Told { kind, text: message }),
        b'E' | b'T' | b'D' | b'G' if let Some(kind) = gradle(bare) => return Some(Seen::Told { kind, text: bare }),
        b'#' if bare.contains(" Executing ") && bare.contains("\"kill ") => {
            // -XX:OnOutOfMemoryError="kill -9 %p" names the process.
            let (_, command) = bare.split_once("\"kill ")?;
            let digits = command.split_once('"')?.0.rsplit(' ').next()?;
            let pid = Some(digits).filter(|digits| is_digits(digits));
            return Some(Seen::HeapDump { pid, bytes: None, file: None });
        }
        b'J' if bare.starts_with("JVMDUMP") || bare.starts_with("JVM requested ") => return openj9_dump(bare),
        b'J' if bare.starts_with("JVMJ9") => return openj9_start(bare).then_some(Seen::Startup(bare)),
        b'1' => {
            if let Some(rest) = bare.strip_prefix("1TISIGINFO") {
                return openj9_javacore(rest);
            }
        }
        // `Unable to create java_pid3305.hprof: Permission denied`, or `File exists`: nothing was written.
        b'U' if bare.starts_with("Unable to create ") && (is_refused_file(bare) || bare.contains(".hprof: ")) => {
            return Some(Seen::NoHeapDump);
        }
        // Gradle, of its daemon.
        b'J' if let Some(file) = bare.strip_prefix("JVM crash log found: ") => {
            let file = file.trim();
            let file = file.strip_prefix("file:///").filter(|file| file.get(1..2) == Some(":")).unwrap_or(file);
            let digits = file.rsplit_once("_pid").and_then(|(_, rest)| rest.strip_suffix(".log"));
            return Some(Seen::CrashLog { file, pid: digits.filter(|digits| is_digits(digits)) });
        }
        b'D' if bare.starts_with("Dump file is incomplete: ") => return Some(Seen::NoHeapDump),
        b'H' if bare.starts_with("Heap dump file created [") => {
            let (bytes, _) = bare.split_once('[')?.1.split_once(" bytes")?;
            return Some(Seen::HeapDump { pid: None, bytes: Some(bytes), file: None });
        }
        _ => {}
    }
    if let Some((kind, words)) = without_name(text) {
        return Some(Seen::Told { kind, text: words });
    }
    let bytes = text.as_bytes();
    for at in memchr_iter(b'O', bytes) {
        if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"OutOf"))
            && let Some(thrown) = thrown(text, at).or_else(|| openj9(text, at))
        {
            return Some(Seen::Thrown(thrown));
        }
    }
    // What `FileChannel.map` throws where the JVM was refused the mapping.
    if let Some(thrown) = look::places(text, MAP_FAILED).find_map(|at| refused_mapping(text, at)) {
        return Some(Seen::Thrown(thrown));
    }
    // A start of OpenJ9 behind the tag of a test.
    if let Some(start) = look::places(text, " JVMJ9").find_map(|at| text.get(at + 1..)) {
        return openj9_start(start).then_some(Seen::Startup(start));
    }
    // Cloud Foundry's jvmkill.
    static RESOURCE: LazyLock<Finder<'static>> =
        LazyLock::new(|| Finder::new("Resource exhaustion event: the JVM was unable to "));
    if let Some(event) = RESOURCE.find(bytes).and_then(|at| text.get(at..)) {
        let kind = if event.contains("from the heap") { ErrorKind::HeapSpace } else { ErrorKind::NativeThread };
        let known = event.contains("from the heap") || event.contains("create a thread");
        return known.then(|| Seen::Told { kind, text: event.trim_end_matches('.') });
    }
    static REFUSED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("Failed to start th"));
    if let Some(refused) = REFUSED.find(bytes).and_then(|at| text.get(at..)) {
        let thread = ["Failed to start thread \"", "Failed to start the native thread for java.lang.Thread \""];
        return thread.iter().any(|words| refused.starts_with(words)).then_some(Seen::NoThread);
    }
    static GUARD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" stack guard pages failed"));
    if GUARD.find(bytes).and_then(|at| text.get(..at)).is_some_and(|before| before.contains("Attempt to ")) {
        return Some(Seen::NoGuard);
    }
    if !look::has(text, "os::commit_memory(") {
        return None;
    }
    let start = text.find("os::commit_memory(")?;
    let (call, rest) = text.get(start..)?.split_once(')')?;
    let bytes = call.split(',').nth(1)?.trim();
    // A page may have broken the line.
    let rest = rest.trim();
    (rest.is_empty() && is_digits(bytes) || rest.starts_with("failed")).then_some(())?;
    Some(Seen::CommitFailed { text: text.get(start..)?, bytes })
}

/// `Error: Java heap space`, `[ERROR] GC overhead limit exceeded -> [Help 1]`: what Hadoop's client and Maven make of an error, by the
/// text without what stands before it. Kind and message.
fn without_class<'a>(text: &str, bare: &'a str) -> Option<(ErrorKind, &'a str)> {
    // `> Java heap space` is what Gradle says that went wrong.
    // `> Message: Metaspace` is what Android's lint says.
    let labelled = || bare.trim_start_matches("> ").strip_prefix("Message: ");
    let message =
        labelled().or_else(|| bare.strip_prefix("> ")).or(Some(bare).filter(|bare| bare.len() < text.len()))?;
    let message = message.split(" -> [Help ").next().unwrap_or(message).trim_end();
    let (_, kind) = MESSAGES.iter().find(|(phrase, _)| phrase.eq_ignore_ascii_case(message))?;
    Some((*kind, message))
}

/// What `FileChannel.map` throws where the JVM was refused the mapping.
pub(super) const MAP_FAILED: &str = "java.io.IOException: Map failed";

/// That exception at `at`, of a program or a logger, and not of a sentence.
fn refused_mapping(text: &str, at: usize) -> Option<Thrown<'_>> {
    let (before, after) = (text.get(..at)?, text.get(at + MAP_FAILED.len()..)?);
    let introduced = before.trim().is_empty()
        || before.trim_end().ends_with([':', '-', ']', '|', ';', '>', '='])
        || is_logged(before);
    let ends = after.trim().is_empty() || after.starts_with(['\\', '\t']) || after.starts_with(" at ");
    let (class, message) = MAP_FAILED.split_once(": ")?;
    let text = text.get(at..at + MAP_FAILED.len())?;
    (introduced && ends).then(|| Thrown { class, message, text, ..Thrown::default() })
}

/// What Windows says of a paging file that is too small, in the languages that people paste.
const PAGING_FILE: [&str; 10] = [
    "The paging file is too small for this operation to complete",
    "Die Auslagerungsdatei ist zu klein",
    "Le fichier de pagination est insuffisant",
    "El archivo de paginación es demasiado pequeño",
    "O arquivo de paginação é muito pequeno",
    "Il file di paging è insufficiente",
    "Файл подкачки слишком мал",
    "页面文件太小",
    "ページング ファイルが小さすぎる",
    "이 작업을 완료하기 위한 페이징 파일이 너무 작",
];
/// Its number.
const NO_PAGING_FILE: u32 = 1455;
/// What Java says of it where a process was to be started.
const NO_PROCESS: &str = "CreateProcess error=1455";

/// What says it without naming the error: Netty's message behind a program's own words, OpenJ9's trace, the agent that Cloud Foundry adds
/// (`jvmkill`), and Windows alone. Kind and words.
fn without_name(text: &str) -> Option<(ErrorKind, &str)> {
    static SIGNS: LazyLock<[Finder<'static>; 6]> = LazyLock::new(|| {
        let jdk = "bytes of direct buffer memory (allocated: ";
        ["byte(s) of direct memory (used: ", jdk, " returning NULL! ", "due to excessive GC", EXHAUSTED, COMPILATION]
            .map(Finder::new)
    });
    let [netty, jdk, refused, excessive, exhausted, compilation] = &*SIGNS;
    let bytes = text.as_bytes();
    if compilation.find(bytes).is_some() {
        return Some((ErrorKind::HeapSpace, COMPILATION));
    }
    if jdk.find(bytes).is_some() && !text.contains("OutOfMemoryError") {
        let words = text.get(text.rfind("Cannot reserve ")?..)?;
        return Some((ErrorKind::DirectBuffer, words.get(..words.find(')')? + 1)?));
    }
    if netty.find(bytes).is_some() && !text.contains("OutOfDirectMemoryError") {
        let (_, words) = text.split_at_checked(text.find("failed to allocate ")?)?;
        let end = words.find(')').and_then(|first| Some(first + 1 + words.get(first + 1..)?.find(')')? + 1));
        return Some((ErrorKind::DirectBuffer, words.get(..end.unwrap_or(words.len()))?));
    }
    if refused.find(bytes).is_some() && text.contains(" bytes requested for object of class ") {
        let words = text.get(text.find("J9Allocate")?..)?;
        return Some((ErrorKind::HeapSpace, words.split(" for object of class ").next()?));
    }
    if excessive.find(bytes).is_some() {
        return Some((ErrorKind::GcOverhead, text.get(text.find("Forcing J9Allocate")?..)?.trim_end()));
    }
    if let Some(at) = exhausted.find(bytes) {
        let words = text.get(at..)?.trim_end();
        let kind = match words.get(EXHAUSTED.len()..)?.trim_end_matches('.') {
            "allocate memory from the heap" => ErrorKind::HeapSpace,
            "create a thread" => ErrorKind::NativeThread,
            _ => return None,
        };
        return Some((kind, words));
    }
    // A process that could not be started.
    if let Some(at) = look::places(text, NO_PROCESS).next() {
        return Some((ErrorKind::Native, text.get(at..)?.trim_end()));
    }
    let words = text.trim_start_matches(['"', '\'', '«', '“', ' ']);
    let whole = words.trim_end_matches(['"', '\'', '»', '”', ' ', '.', '。']);
    let alone = PAGING_FILE.iter().any(|start| words.starts_with(start)) && whole.len() <= MAX_SENTENCE;
    alone.then_some((ErrorKind::Native, whole))
}

/// What the Kotlin compiler says of a heap that is full.
const COMPILATION: &str = "Not enough memory to run compilation";
/// What the agent says before it kills the JVM that it is in.
const EXHAUSTED: &str = "Resource exhaustion event: the JVM was unable to ";
/// Bytes of the one sentence of Windows.
const MAX_SENTENCE: usize = 120;

/// `Expiring Daemon because JVM heap space is exhausted`, and what else Gradle says when its daemon has no memory left: kind.
pub(super) fn gradle(text: &str) -> Option<ErrorKind> {
    if text == COMPILATION {
        return Some(ErrorKind::HeapSpace);
    }
    const STARTS: [&str; 4] =
        ["Expiring Daemon ", "The Daemon will expire ", "Daemon will be stopped ", "Gradle build daemon "];
    let rest = STARTS.iter().find_map(|start| text.strip_prefix(start))?.trim_end_matches('.');
    if rest.ends_with("JVM garbage collector is thrashing") {
        return Some(ErrorKind::GcOverhead);
    }
    let (_, what) = rest.rsplit_once("JVM ")?;
    match what.strip_suffix(" is exhausted").unwrap_or(what).to_ascii_lowercase().as_str() {
        "heap space" | "tenured space" => Some(ErrorKind::HeapSpace),
        "metaspace" => Some(ErrorKind::Metaspace),
        "memory" => Some(ErrorKind::Other),
        _ => None,
    }
}

/// `JVMJ9VM011W Unable to load j9jit29: The paging file is too small for this operation to complete.`: why a start was refused, among
/// what OpenJ9 says of all else.
fn openj9_start(text: &str) -> bool {
    let is_library = || text.contains(" Unable to load ") && text.contains(": ");
    is_library() || [": Failed to instantiate heap", " too small, must be "].iter().any(|reason| text.contains(reason))
}

/// `JVMDUMP039I Processing dump event "systhrow", detail "java/lang/OutOfMemoryError" at 2021/06/30 14:25:21 - please wait.`
/// and the lines below it, of which the names of files hold the process.
pub(super) fn openj9_dump(text: &str) -> Option<Seen<'_>> {
    let (id, rest) = text.split_once(' ')?;
    let says = rest.trim_start();
    if says.starts_with("Processing dump event \"systhrow\", detail \"") {
        return dumped(text).map(Seen::Thrown);
    }
    // `heapdump.20210630.142521.4711.0002.phd`: date, time, process, number.
    let digits = || {
        let (_, name) = says.split_once("dump.").or_else(|| says.split_once("javacore."))?;
        let mut parts = name.split('.');
        let (date, time, pid) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next()?;
        (date.len() == 8 && time.len() == 6 && is_digits(pid)).then_some(pid)
    };
    let known = ["JVMDUMP032I", "JVMDUMP010I", "JVMDUMP013I", "JVM"].contains(&id);
    let file = says.strip_prefix("Heap dump written to ").filter(|path| path.ends_with(".phd"));
    known.then(|| Seen::HeapDump { pid: digits(), bytes: None, file })
}

/// The error that a dump was made of: `Processed dump event "systhrow", detail "java/lang/OutOfMemoryError".`
pub(super) fn dumped(text: &str) -> Option<Thrown<'_>> {
    let (before, _) =
        text.split_once(OPENJ9_CLASS).filter(|(before, _)| before.contains(" dump event \"systhrow\""))?;
    let start = before.len();
    let class = text.get(start..start + OPENJ9_CLASS.len())?;
    let message = text.get(start..)?.split_once('"')?.0;
    Some(Thrown { class, message: "", text: message, ..Thrown::default() })
}

/// `"java/lang/OutOfMemoryError" "native memory exhausted"` wherever people quote it, with the simple name at `at`.
fn openj9(text: &str, at: usize) -> Option<Thrown<'_>> {
    let start = at.checked_sub(OPENJ9_CLASS.len() - "OutOfMemoryError".len())?;
    let class = text.get(start..start + OPENJ9_CLASS.len()).filter(|class| *class == OPENJ9_CLASS)?;
    let message = known_phrase(text.get(start + class.len()..)?.trim_start_matches([':', ' ', '"', '*', '(']))?;
    Some(Thrown { class, message, text: message, ..Thrown::default() })
}

/// `1TISIGINFO     Dump Event "systhrow" (00040000) Detail "java/lang/OutOfMemoryError" "Java heap space" received`.
pub(super) fn openj9_javacore(text: &str) -> Option<Seen<'_>> {
    let (before, rest) = text.split_once(OPENJ9_CLASS)?;
    before.contains("\"systhrow\"").then_some(())?;
    // A detail that is cut off says less than it is.
    let message = match rest.strip_prefix("\" \"") {
        Some(rest) => rest.split_once('"')?.0,
        None => rest.starts_with("\" ").then_some("")?,
    };
    let class = text.get(before.len()..before.len() + OPENJ9_CLASS.len())?;
    let shown = if message.is_empty() { class } else { message };
    Some(Seen::Thrown(Thrown { class, message, text: shown, ..Thrown::default() }))
}

/// Reads the exception whose simple name begins at `at`. `None` for options, file names, and words about it.
pub(super) fn thrown(text: &str, at: usize) -> Option<Thrown<'_>> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$');
    let start = text.get(..at)?.trim_end_matches(in_name).len();
    let name_end = text.get(at..)?.find(|c: char| !in_name(c)).map_or(text.len(), |length| at + length);
    let class = text.get(start..name_end)?;
    let is_own = class == "java.lang.OutOfMemoryError" || class.rsplit('.').next() == Some("OutOfDirectMemoryError");
    if !is_own && class != "OutOfMemoryError" {
        return None;
    }
    let (before, after) = (text.get(..start)?, text.get(name_end..)?);
    // `(java.lang.OutOfMemoryError) Java heap space`
    let bracketed = before.strip_suffix('(').zip(after.strip_prefix(')'));
    let start = if bracketed.is_some() { start - 1 } else { start };
    let (before, after) = bracketed.map_or((before, after), |(before, after)| (before, after.trim_start()));
    let printed = without_tail(after.strip_prefix(':').map_or(after, str::trim_start));
    // A quotation ends with its mark.
    let quoted = if before.ends_with('"') { printed.split('"').next() } else { None };
    let printed = quoted.map_or(printed, |quoted| quoted.trim_end_matches('\\'));
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
        || before.ends_with('=') && is_field(after)
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
        "Terminating due to" => Some(EventKind::ExitOnOom),
        "Aborting due to" => Some(EventKind::CrashOnOom),
        _ => None,
    };
    const INTRODUCTIONS: &[&str] =
        &["due to", "exception is", "Exception", "ERROR", "WARN", "FATAL", "SEVERE", "INFO", "error", "WARNING"];
    // What a sentence quotes is no line of a log, and the value of a field is.
    let in_sentence =
        before.strip_suffix('"').is_some_and(|outer| outer.ends_with(' ')) && !before.contains(['{', '=', '[']);
    let introduced = before_word.is_empty()
        || before_word.ends_with([':', '-', ']', '|', ';', '>', '"', ')', '}', '#', '=', ',']) && !in_sentence
        || INTRODUCTIONS.iter().any(|word| before_word.ends_with(word))
        || is_logged(before)
        || is_file(before_word) && known_phrase(message) == Some(message) && after.ends_with(message);
    if !introduced {
        return None;
    }
    if before.contains("throw new ") {
        return None;
    }
    let message_end = text.find(message).filter(|_| !message.is_empty()).map_or(name_end, |at| {
        let from = text.get(name_end..).and_then(|rest| rest.find(message)).map_or(at, |found| name_end + found);
        from + message.len()
    });
    if known_phrase(message) == Some(message) && is_words(text.get(message_end..)?) && !is_logged(before) {
        return None;
    }
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
            Some(word).filter(|word| is_digits(word))
        }),
        ending,
    })
}

/// True for the path of a test or a source, behind which a runner names its error: `java/nio/LargeWrite.java OutOfMemoryError: …`.
fn is_file(before: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or(before);
    [".java", ".kt", ".scala", ".sh"].iter().any(|end| word.ends_with(end)) && word.contains('/')
}

/// True if the next word is a field of its own, ` allocatedMiB=688`.
fn is_field(after: &str) -> bool {
    let word = after.strip_prefix(' ').and_then(|rest| rest.split(' ').next());
    word.and_then(|word| word.split_once('=')).is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
    })
}

/// True if what stands behind a message goes on in words for people: another sentence, or a script that no JVM writes.
fn is_words(behind: &str) -> bool {
    let next = behind.trim_start_matches([' ', '`', '"', '\'', '*', ')']).chars().next();
    let sentence = behind.strip_prefix(". ").is_some_and(|next| next.starts_with(|c: char| c.is_uppercase()));
    sentence || next.is_some_and(|c| !c.is_ascii() && c.is_alphabetic())
}

/// True if a logger wrote the line: its time, and its level.
fn is_logged(before: &str) -> bool {
    const LEVELS: [&str; 6] = ["ERROR", "WARN", "WARNING", "FATAL", "SEVERE", "CRITICAL"];
    let mut words = before.split(|c: char| !c.is_ascii_alphabetic());
    words.any(|word| LEVELS.contains(&word)) && logged_time(before).is_some()
}

pub(super) fn quoted_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    Some(rest.split_once('"')?.0)
}

/// Cuts what a JSON log, or a logger that flattens stack traces, puts behind a message.
pub(super) fn without_tail(text: &str) -> &str {
    let mut end = text.len().min(300);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let end =
        ["\\n", "\\r", "\\t", "\t", "\",\"", "\"}"].iter().filter_map(|mark| look::places(text, mark).next()).min();
    text.get(..end.unwrap_or(text.len())).unwrap_or_default().trim_end()
}

/// Messages of the JVM and its libraries, and their kinds.
pub(super) const MESSAGES: &[(&str, ErrorKind)] = &[
    ("Java heap space", ErrorKind::HeapSpace),
    // GraalVM's native images.
    ("Garbage-collected heap size exceeded", ErrorKind::HeapSpace),
    ("GC overhead limit exceeded", ErrorKind::GcOverhead),
    ("Metaspace", ErrorKind::Metaspace),
    ("Compressed class space", ErrorKind::ClassSpace),
    ("PermGen space", ErrorKind::Permgen),
    ("Direct buffer memory", ErrorKind::DirectBuffer),
    ("Cannot reserve ", ErrorKind::DirectBuffer),
    ("unable to create new native thread", ErrorKind::NativeThread),
    ("unable to create native thread", ErrorKind::NativeThread),
    // OpenJ9's.
    ("Failed to create a thread", ErrorKind::NativeThread),
    ("native memory exhausted", ErrorKind::Native),
    // `Unsafe.allocateMemory`.
    ("Unable to allocate ", ErrorKind::Native),
    ("Requested array size exceeds VM limit", ErrorKind::ArraySize),
    ("Required array ", ErrorKind::ArraySize),
    ("Required length exceeds implementation limit", ErrorKind::ArraySize),
    ("Map failed", ErrorKind::MapFailed),
    // Android's.
    ("Failed to allocate a ", ErrorKind::HeapSpace),
    ("pthread_create (", ErrorKind::NativeThread),
    ("Could not allocate JNI Env", ErrorKind::NativeThread),
];

/// True if a text begins with a message, which people write with other capitals.
fn begins(text: &str, phrase: &str) -> bool {
    text.as_bytes().get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase.as_bytes()))
}

/// The fixed message that a text begins with, without what a person or a logger wrote behind it.
pub(super) fn known_phrase(text: &str) -> Option<&str> {
    let (phrase, _) = MESSAGES.iter().find(|(phrase, _)| begins(text, phrase))?;
    let rest = text.get(phrase.len()..)?;
    // `Metaspaces are …` is no message; `…: failed reallocation of scalar replaced objects` and figures belong to it.
    if phrase.ends_with(' ') || rest.starts_with(':') {
        return Some(text);
    }
    (!rest.starts_with(|c: char| c.is_ascii_alphanumeric())).then(|| text.get(..phrase.len()))?
}

/// An error that words name: `OutOfMemoryError: Metaspace`, `OOM (Java heap space)`, or without its message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    /// Where its name begins, and where its message ends.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: ErrorKind,
    /// One of the fixed messages, as it is written; empty where only the error is named.
    pub(crate) message: &'a str,
}

/// The next error from `from` on that a text names: by the class, and by what people call it.
pub(crate) fn named(text: &str, from: usize) -> Option<Named<'_>> {
    const NAMES: [&str; 5] = ["OutOfMemoryError", "OutOfMemory", "OutOfDirectMemoryError", "OOME", "OOM"];
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$' | '/');
    memchr_iter(b'O', text.as_bytes().get(from..)?).find_map(|at| {
        let at = from + at;
        let rest = text.get(at..)?;
        let name = NAMES.iter().find(|name| rest.starts_with(**name))?;
        let before = text.get(..at)?;
        let package = ["java.lang.", "java/lang/"].iter().find(|package| before.ends_with(**package));
        let start = at - package.map_or(0, |package| package.len());
        if text.get(..start)?.ends_with(in_name) {
            return None;
        }
        let behind = rest.get(name.len()..)?;
        let end = at + name.len();
        let found = with_message(start, end, behind)
            .or_else(|| with_reason(start, end, behind))
            .or_else(|| alone(start, end, behind).map(|alone| behind_reason(text, alone)))?;
        let kind = if name.contains("Direct") { ErrorKind::DirectBuffer } else { found.kind };
        Some(Named { kind, ..found })
    })
}

/// The error with the message that stands behind its name.
fn with_message(start: usize, named: usize, behind: &str) -> Option<Named<'_>> {
    let between = |c: char| c == ' ' || c.is_ascii_punctuation() && c != '.' && c != '$' || "：（「『“–—".contains(c);
    let said = behind.trim_start_matches(between);
    let gap = behind.len() - said.len();
    if gap == 0 || gap > MAX_BETWEEN {
        return None;
    }
    let (phrase, kind) = MESSAGES.iter().chain(SHORTENED).find(|(phrase, _)| begins(said, phrase))?;
    // Particles of Korean and Japanese stand right behind it.
    let goes_on = said.get(phrase.len()..)?.starts_with(|c: char| c.is_ascii_alphanumeric());
    let length = match phrase.ends_with(' ') {
        // A size belongs to it, and what the size is of.
        true => phrase.len() + length_of_size(said.get(phrase.len()..)?),
        false if goes_on => return None,
        false => phrase.len(),
    };
    let message = said.get(..length)?.trim_end_matches(['.', ' ']);
    Some(Named { start, end: named + gap + message.len(), kind: *kind, message })
}

/// What people leave of a message.
const SHORTENED: &[(&str, ErrorKind)] = &[("heap space", ErrorKind::HeapSpace)];

/// The message behind words that make it the reason: `OutOfMemoryErrors due to Metaspace`.
fn with_reason(start: usize, named: usize, behind: &str) -> Option<Named<'_>> {
    const BETWEEN: [&str; 7] =
        [" due to ", " because of ", " caused by ", " complaining about ", " in ", " with ", " for "];
    let rest = behind.strip_prefix('s').unwrap_or(behind);
    let said = BETWEEN.iter().find_map(|words| rest.strip_prefix(words))?;
    let said = said.strip_prefix("the ").unwrap_or(said).trim_start_matches(['`', '"', '\'', '*']);
    let (phrase, kind) =
        MESSAGES.iter().chain(SHORTENED).find(|(phrase, _)| !phrase.ends_with(' ') && begins(said, phrase))?;
    let (message, after) = said.split_at_checked(phrase.len())?;
    let end = named + behind.len() - after.len();
    (!after.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some(Named { start, end, kind: *kind, message })
}

/// The same with its message right before it: `a Java heap space OutOfMemoryError`.
fn behind_reason<'a>(text: &'a str, alone: Named<'a>) -> Named<'a> {
    let before = text.get(..alone.start).unwrap_or_default().trim_end_matches([' ', '-', '`', '"', '\'', '*']);
    let reason = MESSAGES.iter().chain(SHORTENED).find_map(|(phrase, kind)| {
        let start = before.len().checked_sub(phrase.len())?;
        let message = before.get(start..).filter(|words| words.eq_ignore_ascii_case(phrase))?;
        let is_word = !before.get(..start)?.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
        is_word.then_some(Named { start, kind: *kind, message, ..alone })
    });
    reason.unwrap_or(alone)
}

/// The error alone: not in code, not with another message, and not as a part of another name, of which `OOM killer` is one.
fn alone(start: usize, named: usize, behind: &str) -> Option<Named<'_>> {
    let plural = behind.strip_prefix('s').map_or(0, |_| 1);
    let rest = behind.get(plural..)?;
    let words = rest.trim_start_matches(['-', ' ']);
    let other = ["kill", "score", "adj", "protect", "group"].iter().any(|word| begins(words, word));
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '(' | '_' | '$' | '=' | '/' | '{');
    let in_path = rest.starts_with(['.', '-']) && rest.get(1..)?.starts_with(|c: char| c.is_ascii_alphanumeric());
    let goes_on = rest.strip_prefix(": ").is_some_and(|said| said.starts_with(|c: char| c.is_alphanumeric()));
    (!other && !in_path && !goes_on && !rest.starts_with(in_name)).then_some(Named {
        start,
        end: named,
        kind: ErrorKind::Other,
        message: "",
    })
}

/// Length of `1048576 bytes of direct buffer memory` and the like at the beginning of a text.
fn length_of_size(text: &str) -> usize {
    let number = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let units = [" bytes of direct buffer memory", " bytes", ""];
    let unit = units.into_iter().find(|unit| text.get(number..).is_some_and(|rest| rest.starts_with(unit)));
    number + unit.unwrap_or_default().len()
}

/// Bytes between the name of an error and its message: a colon, quotation marks.
const MAX_BETWEEN: usize = 8;

/// The kind of an error by its class and its message.
pub(in crate::formats) fn kind_of(class: &str, message: &str) -> ErrorKind {
    if class.ends_with("OutOfDirectMemoryError") {
        return ErrorKind::DirectBuffer;
    }
    if message.contains("Out of swap space?") {
        return ErrorKind::Native;
    }
    let known = MESSAGES.iter().find(|(phrase, _)| begins(message, phrase));
    known.map_or(ErrorKind::Other, |(_, kind)| *kind)
}

/// The last number of Linux; those of Windows go higher.
const MAX_ERRNO: u32 = 133;

/// The reason that the system gave, by its number or its name, and where it stands: `(errno=12)`, `retVal …, errno 11`, `error=11,`,
/// `pthread_create failed (EAGAIN)`.
pub(in crate::formats) fn errno_of(text: &str) -> Option<(u32, &str)> {
    const NAMES: [(&str, u32); 5] = [("EPERM", 1), ("EAGAIN", 11), ("ENOMEM", 12), ("EACCES", 13), ("EINVAL", 22)];
    if let Some(words) = PAGING_FILE.iter().find(|words| text.contains(**words)) {
        return Some((NO_PAGING_FILE, text.get(text.find(words)?..)?.get(..words.len())?));
    }
    let named = || {
        let (_, rest) = text.split_once(" failed (E")?;
        let start = text.len() - rest.len() - 1;
        let name = text.get(start..)?.split(')').next()?;
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, number)| (*number, name))
    };
    let numbered = |mark: &str| {
        let (_, rest) = text.split_once(mark)?;
        let digits = rest.get(..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()))?;
        let number = digits.parse().ok()?;
        (number <= MAX_ERRNO || text.contains("DOS error") || text.contains(NO_PROCESS)).then_some((number, digits))
    };
    named().or_else(|| ["errno=", "errno ", "error="].iter().find_map(|mark| numbered(mark)))
}

/// The sizes a message gives, as printed.
pub(super) fn sizes_of(message: &str) -> Vec<(&'static str, &str)> {
    // What stands before and behind a size: without the latter some of its digits may be cut.
    const MARKS: &[(&str, &str, &[&str])] = &[
        ("requested", "Cannot reserve ", &[" bytes"]),
        ("requested", "failed to allocate ", &[" byte"]),
        ("requested", "Failed to allocate a ", &[" byte"]),
        ("requested", "Unable to acquire ", &[" bytes of memory"]),
        ("requested", "Unable to allocate ", &[" bytes"]),
        ("requested", "request ", &[" bytes"]),
        ("requested", "instantiate heap.  ", &["G requested", "M requested", "K requested"]),
        ("requested", "instantiate heap; ", &["G requested", "M requested", "K requested"]),
        ("requested", "Could not reserve enough space for ", &["KB object heap", " KB object heap"]),
        ("class_reserved", "Could not allocate compressed class space: ", &[" bytes"]),
        ("allocated", "(allocated: ", &[","]),
        ("allocated", "(used: ", &[","]),
        ("limit", "limit: ", &[")"]),
        ("limit", "max: ", &[")"]),
    ];
    let mut sizes: Vec<(&'static str, &str)> = Vec::new();
    for (name, before, behind) in MARKS {
        let Some(rest) = look::places(message, before).next().and_then(|at| message.get(at + before.len()..)) else {
            continue;
        };
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let tail = rest.get(digits..).unwrap_or_default();
        let Some(follows) = behind.iter().find(|behind| tail.starts_with(**behind)) else { continue };
        let unit = if follows.ends_with(" requested") { 1 } else { follows.find("KB").map_or(0, |at| at + 2) };
        if let Some(printed) = rest.get(..digits + unit)
            && sizes.iter().all(|(known, _)| known != name)
        {
            sizes.push((name, printed));
        }
    }
    sizes
}

/// True for the lines of a stack trace below an exception.
pub(super) fn is_trace(text: &str) -> bool {
    let frame = text.strip_prefix("at ").is_some_and(|rest| rest.contains('(') || rest.contains('.'));
    let omitted = text.strip_prefix("... ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // A page broke the line behind it.
    let begun = text == "at";
    frame
        || omitted
        || begun
        || ["Caused by: ", "Suppressed: ", "Wrapped by: "].iter().any(|start| text.starts_with(start))
}
