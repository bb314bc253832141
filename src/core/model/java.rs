//! What the JVM itself says when memory runs out.

use std::collections::BTreeMap;

use super::kind::ErrorKind;
use crate::json::Json;
use crate::source::{Line, Places};
use crate::units::{Bytes, Micros};

/// An `OutOfMemoryError`, a refused start, or the head of an hs_err file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct JavaError {
    /// What ran out.
    pub kind: ErrorKind,
    /// The message as printed.
    pub message: String,
    /// Thread, where printed.
    pub thread: Option<String>,
    /// Process id, where printed.
    pub pid: Option<u32>,
    /// Absolute time, UTC.
    pub time: Option<Micros>,
    /// Wall-clock time as printed without zone, read as if UTC.
    pub local_time: Option<Micros>,
    /// True if the year of `time` or `local_time` is not in the text.
    #[json(omit)]
    pub year_unknown: bool,
    /// JVM uptime.
    pub uptime: Option<Micros>,
    /// Sizes the message gives, by word: `requested`, `limit`, `allocated`.
    #[json(omit)]
    pub sizes: BTreeMap<String, Bytes>,
    /// The file that was written of it, a heap dump or a crash file, with its folder as printed; or that could not be, where `heap_dump` is 0.
    pub file: Option<String>,
    /// Why the system refused, as it numbers reasons: what is printed, or Linux's number of the name that is.
    pub errno: Option<u32>,
    /// True if no line of a log shows it and words around the logs tell it.
    #[json(omit)]
    pub told: bool,
    /// How often the same message was seen.
    pub count: u64,
    /// Index of the source.
    pub source: u16,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Id of the run, once assembled.
    pub run: Option<String>,
    /// Where each field stands.
    #[json(omit)]
    pub at: Places,
}

/// What Windows calls it when RAM and paging file together have nothing left to promise, in whatever language.
const PAGING_FILE: u32 = 1455;

/// Where a crash's frame is in what hands out native memory, among the places of an error.
pub const IN_ALLOCATOR: &str = "in_allocator";

/// What Gradle says of the crash file of its daemon.
pub const CRASH_LOG: &str = "JVM crash log found";
/// OpenJ9's name of the error in its messages.
pub const OPENJ9_CLASS: &str = "java/lang/OutOfMemoryError";

impl JavaError {
    /// True if the system did not lack memory but refused: `EPERM` and `EACCES`. What a JVM prints beside the number is in the
    /// language of the system. Windows says `EACCES` where it has nothing left for a thread.
    pub fn is_forbidden(&self) -> bool {
        self.errno == Some(1)
            || self.errno == Some(13) && self.kind != ErrorKind::NativeThread
            || ["Operation not permitted", "Permission denied"].iter().any(|words| self.message.contains(words))
    }

    /// True if the JVM had no memory left even for the message that says which was short.
    pub fn is_uncaught(&self) -> bool {
        self.message.contains("UncaughtExceptionHandler")
    }

    /// True if only the file of a crash is told.
    pub fn is_of_crash_log(&self) -> bool {
        self.message == CRASH_LOG
    }

    /// True if OpenJ9 found no native memory, of which it needs a part in the lowest 4 GiB of its address space.
    pub fn is_of_openj9(&self) -> bool {
        self.message.contains("native memory exhausted")
    }

    /// True if Windows had nothing left to promise, whatever was free.
    pub fn is_of_paging_file(&self) -> bool {
        self.message.contains("paging file") || self.errno == Some(PAGING_FILE)
    }

    /// True if it is Windows that refused.
    pub fn is_of_windows(&self) -> bool {
        self.is_of_paging_file() || self.message.contains("DOS error")
    }

    /// True for a thread of the JVM itself, without which it does not start: `Cannot create worker GC thread. Out of system resources.`
    pub fn is_of_own_thread(&self) -> bool {
        self.kind == ErrorKind::NativeThread && self.message.starts_with("Cannot create ")
    }

    /// True for the head of a crash file that words quote.
    pub fn is_of_crash_head(&self) -> bool {
        self.message.starts_with("Out of Memory Error (")
    }

    /// True for the head of a crash file of a JVM that got no thread for its GC: `Out of Memory Error (workerManager.hpp:70)`.
    pub fn is_of_worker(&self) -> bool {
        self.message.starts_with("Out of Memory Error (workerManager.")
    }

    /// True for a JVM that found no address space for its heap.
    pub fn is_of_object_heap(&self) -> bool {
        // Nothing else that a start asks for has a size, which stands not in every release.
        self.kind == ErrorKind::Startup
            && (self.sizes.contains_key("requested") || self.message.contains("object heap"))
    }

    /// True for a start that was refused for what its options say, and not for memory.
    pub fn is_of_options(&self) -> bool {
        const MEMORY: [&str; 4] = ["Could not ", "instantiate heap", "paging file", "memory"];
        self.kind == ErrorKind::Startup
            && !self.is_of_object_heap()
            && !self.is_of_32_bits()
            && MEMORY.iter().all(|word| !self.message.contains(word))
    }

    /// True for a heap that the pointers of this JVM cannot reach.
    pub fn is_of_32_bits(&self) -> bool {
        self.message.contains("maximum representable size")
    }

    /// True if what failed was committing memory, which ends a JVM; what a library asks for need not.
    pub fn is_of_commit(&self) -> bool {
        self.message.contains("commit_memory")
    }

    /// True if it stands without a word on which memory was short.
    pub fn is_bare(&self) -> bool {
        self.message.ends_with("OutOfMemoryError")
    }

    /// True if a dump of the heap was tried and could not be written.
    pub fn dump_failed(&self) -> bool {
        self.sizes.get("heap_dump") == Some(&Bytes(0))
    }

    /// On one line so far.
    pub fn on(line: &Line<'_>, kind: ErrorKind, message: &str) -> JavaError {
        let (Line { source, number, .. }, message) = (*line, message.to_owned());
        JavaError { kind, message, count: 1, source, first_line: number, last_line: number, ..JavaError::default() }
    }

    /// The message without a full stop at its end, to stand in a sentence.
    pub fn quoted(&self) -> String {
        self.message.trim_end_matches('.').to_owned()
    }

    /// Takes over what another sight of it tells: the message of the one that stands first, and the process of the other, which names its own.
    pub fn join(&mut self, mut other: JavaError) {
        let differs = other.pid.is_some() && self.pid != other.pid;
        let pid = other.pid.or(self.pid);
        let place = other.at.get("pid").filter(|_| differs).or(self.at.get("pid")).or(other.at.get("pid"));
        let lines = (self.first_line.min(other.first_line), self.last_line.max(other.last_line));
        if other.first_line < self.first_line {
            std::mem::swap(self, &mut other);
        }
        if differs {
            (self.first_line, self.last_line) = lines;
        }
        self.pid = pid;
        self.file = self.file.take().or(other.file);
        self.time = self.time.or(other.time);
        self.local_time = self.local_time.or(other.local_time);
        self.uptime = self.uptime.or(other.uptime);
        self.errno = self.errno.or(other.errno);
        for name in ["time", "local_time", "uptime", "file", "errno"] {
            if let Some(span) = other.at.get(name).filter(|_| self.at.get(name).is_none()) {
                self.at.put(name, span);
            }
        }
        if let Some(span) = place {
            self.at.put("pid", span);
        }
    }
}
