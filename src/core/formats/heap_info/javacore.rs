//! The heap in a javacore, the text that OpenJ9 and IBM J9 write when memory runs out.
//!
//! ```text
//! 1CIPROCESSID   Process ID: 4711 (0x1267)
//! 2CIUSERARG               -Xmx512m
//! 1STHEAPTOTAL   Total memory:                   536870912 (0x0000000020000000)
//! 1STHEAPINUSE   Total memory in use:            502287328 (0x000000001DF04BE0)
//! 2MEMUSER       +--VM: 2,280,088,336 bytes / 2423 allocations
//! 3MEMUSER       |  +--Classes: 4,682,840 bytes / 141 allocations
//! 3STHSTTYPE     08:48:06:800174000 GMT j9mm.134 -   Allocation failure end: newspace=1832822760/2415919104 oldspace=72120272/7247757312
//! ```
//!
//! The history of the collector has the newest line first, and says what is free of how much; from it comes a GC log (`javacore`) whose
//! last record may be a collection that still runs.
//! Every line begins with a tag. Bytes. The areas of native memory (`NATIVEMEMINFO`) are a tree, each the sum of what is below it. What is committed stands as the total; the maximum only among the options. Segments of
//! classes and of compiled code have totals of their own and are not read. Source: OpenJ9, `javadump.cpp`.

use crate::formats::draft::Draft;
use crate::formats::jvm_options::max_heap;
use crate::formats::quantity::{grouped, whole};
use crate::model::gc::{GcEvent, GcKind, GcLog};
use crate::model::host::HostReading;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::{Bytes, Micros};

/// Style of the GC log that comes of the history.
pub const STYLE: &str = "javacore";

/// True if the line can only be one of a javacore that says something of the heap.
pub(super) fn is_heading(text: &str) -> bool {
    ["1STHEAPTYPE ", "1STHEAPTOTAL ", "1CIPROCESSID ", "1MEMUSER ", "1STGCHTYPE "]
        .iter()
        .any(|tag| text.starts_with(tag))
        || text.starts_with(HISTORY) && text.contains(" GMT j9mm.")
}

const HISTORY: &str = "3STHSTTYPE ";

/// The collections of the history, the newest first.
#[derive(Debug, Default)]
pub(super) struct History {
    events: Vec<GcEvent>,
    /// The collection whose start stands below.
    open: Option<(GcEvent, Option<Micros>)>,
    /// First and last line.
    lines: Option<(u32, u32)>,
}

impl History {
    /// Reads a line of it: `02:54:10:345375000 GMT j9mm.470 -   Allocation failure cycle end: newspace=0/563609600 oldspace=…`.
    pub(super) fn take(&mut self, text: &str, line: &Line<'_>) {
        let Some((time, what)) = text.strip_prefix(HISTORY).and_then(|rest| rest.split_once(" GMT j9mm.")) else {
            return;
        };
        let Some((_, what)) = what.split_once(" -") else { return };
        if line.is_cut() && !text.contains(" loa=") {
            return;
        }
        let (first, _) = self.lines.unwrap_or((line.number, line.number));
        self.lines = Some((first, line.number));
        let what = what.trim_start();
        let heap = spaces(what).and_then(|(free, total, _)| Some((Bytes(total.checked_sub(free)?), Bytes(total))));
        let (name, _) = what.split_once(':').unwrap_or((what, ""));
        let new = || GcEvent {
            name: "Allocation failure".to_owned(),
            kind: GcKind::Young,
            pause: true,
            line: line.number,
            ..GcEvent::default()
        };
        match heap {
            Some((used, total)) if name.ends_with(" end") => {
                self.close();
                self.open = Some((GcEvent { after: Some(used), committed: Some(total), ..new() }, time_of_day(time)));
            }
            Some((used, total)) if name.ends_with(" start") => {
                // What stood above is lost: nobody knows what it was.
                let Some((mut event, end)) = self.open.take() else { return };
                event.before = Some(used);
                // Of one that still runs, this is the line that says something.
                event.line = if event.after.is_some() { event.line } else { line.number };
                event.committed = event.committed.or(Some(total));
                event.duration =
                    end.zip(time_of_day(time)).and_then(|(end, start)| end.0.checked_sub(start.0)).map(Micros);
                self.open = Some((event, None));
                self.close();
            }
            _ if name == "GlobalGC start" => self.open.get_or_insert_with(|| (new(), None)).0.kind = GcKind::Full,
            _ => {}
        }
    }

    fn close(&mut self) {
        self.events.extend(self.open.take().map(|(event, _)| event));
    }

    /// The log of the process that the rest names, in order of time.
    pub(super) fn put(mut self, reading: &HostReading, out: &mut Readings) {
        // Of one whose start is missing nobody knows what it was.
        if self.open.as_ref().is_some_and(|(event, _)| event.kind == GcKind::Full) {
            self.close();
        }
        let known = |event: &GcEvent| event.before.or(event.after).is_some();
        let (Some((first_line, last_line)), Ok(log)) = (self.lines, u32::try_from(out.gc_logs.len())) else { return };
        if !self.events.iter().any(known) {
            return;
        }
        out.gc_logs.push(GcLog {
            source: reading.source,
            style: STYLE.to_owned(),
            pid: reading.pid,
            first_line,
            last_line,
            ..GcLog::default()
        });
        out.gc_events.extend(self.events.into_iter().rev().filter(known).map(|event| GcEvent { log, ..event }));
    }
}

/// `02:54:11:368162000`.
fn time_of_day(printed: &str) -> Option<Micros> {
    let mut parts = printed.trim().split(':').map(str::parse::<i64>);
    let mut next = || parts.next()?.ok();
    let (hours, minutes, seconds, nanos) = (next()?, next()?, next()?, next()?);
    Some(Micros(((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + nanos / 1000))
}

/// True for the first line of another one.
pub(super) fn is_title(text: &str) -> bool {
    text.starts_with("1TISIGINFO ") || text.starts_with("0SECTION       TITLE ")
}

/// Reads a line of a javacore. `false` if it is none.
pub(super) fn take(draft: &mut Draft, text: &str, line: &Line<'_>) -> bool {
    let (tag, rest) = text.split_once(' ').unwrap_or((text, ""));
    if !is_tag(tag) || is_title(text) {
        return false;
    }
    draft.extend(line);
    if is_heading(text) && !draft.reading.words.contains_key("vendor") {
        draft.word("vendor", "OpenJ9", line, tag);
    }
    let printed = rest.split_once(": ").map(|(_, value)| value.trim_start().split(' ').next().unwrap_or_default());
    let heap = match tag {
        "1STHEAPTOTAL" => Some("heap_committed"),
        "1STHEAPINUSE" => Some("heap_used"),
        _ => None,
    };
    match (heap, printed) {
        // The same number in hexadecimal follows.
        (Some(name), Some(printed)) if rest.ends_with(')') && !draft.has(name) => {
            draft.size(name, whole(printed).map(Bytes), line, printed);
        }
        (None, Some(pid)) if tag == "1CIPROCESSID" => draft.pid(line, pid),
        _ if tag.ends_with("MEMUSER") => {
            if let Some((name, printed)) = area(rest).filter(|(name, _)| !draft.has(name)) {
                draft.size(name, grouped(printed).map(Bytes), line, printed);
            }
        }
        _ if tag == "3STHSTTYPE" && !draft.has("heap_used") => {
            if let Some((free, total, printed)) = spaces(rest) {
                draft.size("heap_committed", Some(Bytes(total)), line, printed);
                draft.size("heap_used", total.checked_sub(free).map(Bytes), line, printed);
            }
        }
        _ if tag == "2CIUSERARG" => {
            if let Some((size, option)) = max_heap(&[rest.trim()]) {
                draft.size("heap_max", Some(size), line, option);
            }
        }
        _ => {}
    }
    true
}

/// `newspace=1832822760/2415919104 oldspace=72120272/7247757312`: what is free, how much there is, and the text of both.
fn spaces(text: &str) -> Option<(u64, u64, &str)> {
    let from = text.find("newspace=").or_else(|| text.find("oldspace="))?;
    let printed = text.get(from..)?.split(" loa=").next()?.split(" requestedbytes=").next()?.trim_end();
    printed.split(' ').try_fold((0u64, 0u64, printed), |(free, total, printed), space| {
        let (of_space, of_total) = space.split_once('=')?.1.split_once('/')?;
        Some((free.checked_add(whole(of_space)?)?, total.checked_add(whole(of_total)?)?, printed))
    })
}

/// Areas of native memory that are kept, and our words. The heap stands among them, as a part of what the collector has.
const AREAS: [(&str, &str); 8] = [
    ("Class Libraries", "native_libraries"),
    ("Classes", "native_classes"),
    ("Direct Byte Buffers", "native_direct"),
    ("JIT", "native_jit"),
    ("Java Heap", "native_heap"),
    ("JRE", "native_memory"),
    ("Memory Manager (GC)", "native_gc"),
    ("Threads", "native_threads"),
];

/// `|  +--Classes: 4,682,840 bytes / 141 allocations`: our word, and the number.
fn area(rest: &str) -> Option<(&'static str, &str)> {
    let (label, amount) = rest.trim_start_matches([' ', '|', '+', '-']).split_once(": ")?;
    let (_, name) = AREAS.iter().find(|(known, _)| *known == label)?;
    Some((name, amount.split_once(" bytes / ")?.0))
}

/// `1STHEAPTOTAL`, `NULL`.
fn is_tag(tag: &str) -> bool {
    let is_word = |word: &str| {
        let all = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        all && word.len() >= 4 && word.starts_with(|c: char| c.is_ascii_uppercase())
    };
    tag == "NULL" || (tag.starts_with(|c: char| c.is_ascii_digit()) && tag.get(1..).is_some_and(is_word))
}
