//! The block and the file while they are read: what each line of them says.

use super::history::{self, History};
use super::{
    ABORTED, FORMAT, MAX_FLAGS, OUT_OF_MEMORY, PARTS, is_hex, is_part, is_section_rule, kernel_limit, without_mark,
};
use crate::formats::apart;
use crate::formats::date::read_date;
use crate::formats::jdk_command::jdk_version;
use crate::formats::jvm_options::{is_option, max_heap};
use crate::formats::quantity::{grouped, is_digits, with_unit};
use crate::formats::{Claim, FORMATS, gc_log, java_error};
use crate::model::host::HostReading;
use crate::model::java::{IN_ALLOCATOR, JavaError};
use crate::model::kind::ErrorKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::units::{Bytes, Micros, fixed_decimal};

/// What Windows calls resident memory.
/// What may be promised in all, and what is left of it.
const PAGE_FILE: &str = "TotalPageFile size ";
const COMMIT_CHARGE: &str = "current process commit charge (\"private bytes\")";
const WORKING_SET: &str = "current process WorkingSet (physical memory assigned to process)";

/// A block, and the file it stands in once a section has been seen.
#[derive(Default)]
pub(super) struct Open {
    /// The prompt of a shell above it: what stands above that is of another process.
    pub(super) prompt: Option<u32>,
    pub(super) error: Option<JavaError>,
    pub(super) reading: HostReading,
    pub(super) is_file: bool,
    /// Nothing but the list of collections, cut out of a file.
    pub(super) is_list: bool,
    /// Nothing but sections, cut out of a file.
    pub(super) is_parts: bool,
    /// Headings of these.
    pub(super) parts: Vec<String>,
    /// The block's first line has no `#`.
    pub(super) is_bare: bool,
    /// It begins with the mark of a title before its own.
    pub(super) is_title: bool,
    pub(super) section: String,
    pub(super) is_windows: bool,
    /// Inside the block of Native Memory Tracking.
    pub(super) in_nmt: bool,
    pub(super) unknown: u32,
    pub(super) young_used: Option<Bytes>,
    /// A count that stands on the next line, as in JDK 11.
    pub(super) awaited: Option<&'static str>,
    pub(super) history: History,
    /// First and last line of the heap's history.
    pub(super) history_lines: Option<(u32, u32)>,
}

/// True for a platform other than Linux with 64 bits, as the JVM names it, or for its system alone.
pub fn is_notable_platform(name: &str) -> bool {
    const NAMES: [&str; 8] = [
        "bsd-aarch64",
        "bsd-amd64",
        "linux-x86",
        "macos",
        "windows",
        "windows-aarch64",
        "windows-amd64",
        "windows-x86",
    ];
    NAMES.contains(&name)
}

/// `C  [libc.so.6+0x781ca]  malloc_set_state+0x68a`, `V  [libjvm.so+0x8d6a5e]  os::malloc(unsigned long)+0x8e`: the frame of a crash in
/// what hands out native memory.
fn in_allocator(text: &str) -> bool {
    const NAMES: [&str; 8] = ["malloc", "_int_malloc", "free", "_int_free", "cfree", "realloc", "calloc", "os::malloc"];
    let frame =
        ["C  [", "V  ["].iter().find_map(|start| text.strip_prefix(start)).and_then(|rest| rest.split_once("]  "));
    let name = frame.map(|(_, function)| function.split(['+', '(']).next().unwrap_or_default());
    name.is_some_and(|name| NAMES.contains(&name) || name.starts_with("malloc_") || name.starts_with("_int_re"))
}

impl Open {
    /// A line of the `#` block.
    pub(super) fn head_line(&mut self, line: &Line<'_>, text: &str) {
        self.reading.last_line = line.number;
        let text = without_mark(text);
        self.is_windows |= text.starts_with("Java VM: ") && text.contains(" windows-");
        if let Some(digits) = between(text, ", pid=", ",").or_else(|| between(text, "hs_err_pid", ".log")) {
            self.pid(line, digits);
        }
        if let Some(version) = text.strip_prefix("JRE version: ").and_then(jre_version) {
            self.word(line, "jdk", version);
        }
        if let Some(version) = text.strip_prefix("Java VM: ").and_then(|vm| between(vm, " VM (", ",")) {
            self.word(line, "jdk", version);
        }
        // `…, serial gc, windows-amd64)`, `… mixed mode windows-x86 )`
        let platform = text.strip_suffix(')').and_then(|text| text.trim_end().rsplit(' ').next());
        if let Some(platform) = platform.filter(|name| text.starts_with("Java VM: ") && is_notable_platform(name)) {
            self.word(line, "platform", platform);
        }
        if text.starts_with("Java VM: ")
            && let Some((collector, printed)) = collector(text)
        {
            self.reading.words.insert("collector".to_owned(), collector.to_owned());
            self.reading.at.put("collector", line.span_of(printed));
        }
        let Some(error) = &mut self.error else { return };
        error.last_line = line.number;
        if in_allocator(text) {
            error.at.put(IN_ALLOCATOR, line.span_of(text));
        }
        let path = match text.rsplit_once("saved as") {
            Some((_, path)) => path.trim_start_matches([':', ' ']),
            // A line of its own is the path; anything else is a sentence.
            None => Some(text).filter(|text| !text.contains(char::is_whitespace)).unwrap_or_default(),
        };
        let is_own = |name: &str| name.starts_with("hs_err_pid") && name.ends_with(".log");
        if path.rsplit(['/', '\\']).next().is_some_and(is_own) {
            error.file = Some(path.to_owned());
            error.at.put("file", line.span_of(path));
        }
        if let Some(size) =
            between(text, "failed to map ", " bytes").or_else(|| between(text, "failed to allocate ", " bytes"))
            && text.starts_with("Native memory allocation ")
        {
            let text = text.trim_end_matches('.');
            error.message = text.to_owned();
            error.at.put("message", line.span_of(text));
            // Some locales, and people who copy it, group the digits.
            if let Some(bytes) = grouped(size) {
                error.sizes.insert("requested".to_owned(), Bytes(bytes));
                error.at.put("requested", line.span_of(size));
            }
        } else if text.starts_with("Cannot create ") && text.contains(" thread") {
            let text = text.trim_end_matches('.');
            error.kind = ErrorKind::NativeThread;
            error.message = text.to_owned();
            error.at.put("message", line.span_of(text));
        } else if error.kind == ErrorKind::FatalError {
            if let Some(what) = text.strip_prefix(ABORTED) {
                // -XX:+CrashOnOutOfMemoryError.
                error.kind = java_error::kind_of(OUT_OF_MEMORY, what);
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
    pub(super) fn file_line(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
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
        if self.unknown > apart::IN_A_LOG {
            return false;
        }
        if known {
            self.reading.last_line = line.number;
        }
        true
    }

    /// A line of a section that stands alone.
    pub(super) fn part_line(&mut self, line: &Line<'_>, text: &str) -> bool {
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
                // Windows prints these below `Memory:`.
                "" if key == WORKING_SET || key == COMMIT_CHARGE => self.value_line(line, text),
                "" if text.starts_with(PAGE_FILE) => self.value_line(line, text),
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
    pub(super) fn history_line(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
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
            && is_digits(text)
        {
            self.count(line, name, text);
            return true;
        }
        if text.starts_with("OS: Windows ") || text.starts_with("Windows ") && text.contains(" Build ") {
            self.is_windows = true;
            self.system(line, "windows");
        } else if text.starts_with("OS:") && text.contains("uname:Darwin") || text.starts_with("uname: Darwin ") {
            self.system(line, "macos");
        }
        let (key, value) = match text.split_once(':') {
            Some((key, value)) => (key, value.trim()),
            None => ("", ""),
        };
        if text.starts_with(PAGE_FILE) {
            // Windows counts physical memory in.
            self.sizes(line, text, &[("commit_limit", PAGE_FILE), ("commit_free", "(AvailPageFile size ")]);
            self.system(line, "windows");
            return true;
        }
        if key.starts_with("Current thread")
            && let (Some(error), Some(name)) = (&mut self.error, between(value, "\"", "\""))
        {
            error.thread = Some(name.to_owned());
            error.at.put("thread", line.span_of(name));
            return true;
        }
        if text.starts_with("rlimit") {
            self.sizes(line, text, &[("address_space_max", ", AS "), ("data_max", ", DATA ")]);
            return true;
        }
        match (self.section.as_str(), key) {
            // JDK 11 prints it below the section about the container, without a heading.
            (_, "Memory") if value.contains("physical ") => {
                self.sizes(line, value, &[("physical", "physical "), ("physical_free", "(")]);
                match value.split_once("swap ") {
                    // Windows counts physical memory in.
                    Some((_, all)) if self.is_windows => {
                        self.sizes(line, all, &[("commit_limit", ""), ("commit_free", "(")]);
                    }
                    Some((_, swap)) => self.sizes(line, swap, &[("swap_total", ""), ("swap_free", "(")]),
                    None => {}
                }
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
            (_, WORKING_SET) => {
                self.sizes(line, value, &[("rss", ""), ("rss_peak", "peak: ")]);
            }
            (_, COMMIT_CHARGE) => self.sizes(line, value, &[("private", "")]),
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
            "rss_usage_in_bytes" => "anon",
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
        let bytes = with_unit(value).or_else(|| value.parse().ok().map(Bytes).filter(|bytes| bytes.0 >= 1 << 20));
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
                self.young_used = with_unit(printed);
                self.size(line, "young_used", printed);
                return;
            }
            self.size(line, "old_used", printed);
            if let (Some(young), Some(old)) = (self.young_used, with_unit(printed)) {
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
        let (time, local_time) = wall.split();
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

    /// Keeps the system, where the line about the JVM did not name it.
    fn system(&mut self, line: &Line<'_>, name: &str) {
        if !self.reading.words.contains_key("platform") {
            self.word(line, "platform", name);
        }
    }

    /// Keeps a size. The first of a name stays: what the file repeats comes from event lists.
    fn size(&mut self, line: &Line<'_>, name: &'static str, printed: &str) {
        let Some(bytes) = with_unit(printed) else { return };
        if !self.reading.sizes.contains_key(name) {
            self.reading.sizes.insert(name.to_owned(), bytes);
            self.reading.at.put(name, line.span_of(printed));
        }
    }

    /// Keeps a count, unless the source ends with it: it may be cut.
    fn count(&mut self, line: &Line<'_>, name: &'static str, printed: &str) {
        if let Ok(count) = printed.parse()
            && !line.is_unterminated()
            && !self.reading.counts.contains_key(name)
        {
            self.reading.counts.insert(name.to_owned(), count);
            self.reading.at.put(name, line.span_of(printed));
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
pub(super) fn is_container_key(key: &str) -> bool {
    let is_name = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (is_name && key.contains('_')) || key.ends_with(" number of tasks")
}

/// `Total:`, `malloc:` and `mmap:` of Native Memory Tracking.
pub(super) fn is_nmt_total(text: &str) -> bool {
    ["Total: reserved=", "malloc: ", "mmap: "].iter().any(|start| text.starts_with(start))
}

/// True for the young generation of Serial, Parallel and CMS, false for the old one, `None` for other lines.
pub(super) fn generation(text: &str) -> Option<bool> {
    const YOUNG: &[&str] = &["def new generation ", "par new generation ", "DefNew ", "PSYoungGen "];
    const OLD: &[&str] =
        &["tenured generation ", "Tenured ", "ParOldGen ", "PSOldGen ", "concurrent mark-sweep generation "];
    let has_total = text.contains(" total ");
    let starts = |names: &[&str]| has_total && names.iter().any(|name| text.starts_with(name));
    if starts(YOUNG) { Some(true) } else { starts(OLD).then_some(false) }
}

/// The collector, by the name it has in runs, and the text it was read from.
pub(super) fn collector(text: &str) -> Option<(&'static str, &str)> {
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
pub(super) fn jre_version(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Runtime Environment")?;
    let short = between(rest, "(", ")")?;
    let old = short.contains(".0_");
    between(rest, "(build ", ")").filter(|_| old).or(Some(short))
}

pub(super) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

/// The amount right behind a word: `46003K` in `used 46003K [0x…`.
pub(super) fn amount_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let rest = if mark.is_empty() { text } else { text.split_once(mark)?.1 };
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    rest.get(..end).filter(|amount| amount.starts_with(|c: char| c.is_ascii_digit()))
}

/// Lines that only an hs_err file has, and in large numbers: frames, threads, registers, maps, events, headings.
pub(super) fn is_shape(body: &str, text: &str) -> bool {
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
