//! `-verbose:gc` and `-Xverbosegclog` of OpenJ9 and IBM J9: elements of XML, of which one file never ends.
//!
//! ```text
//! <gc-start id="5" type="scavenge" contextid="4" timestamp="2014-09-25T11:55:05.882">
//!   <mem-info id="6" free="2097152" total="4194304" percent="50">
//! <gc-end id="8" type="scavenge" contextid="4" durationms="4.649" timestamp="2014-09-25T11:55:05.887" activeThreads="2">
//!   <mem-info id="9" free="3145728" total="4194304" percent="75">
//!     <mem type="nursery" free="1048576" total="2097152" percent="50">
//!     <mem type="tenure" free="2097152" total="2097152" percent="100">
//! ```
//!
//! One event per `gc-end`, with what was used before and after, and what the nursery and the tenure area hold then. A scavenge is a
//! young GC, one of the `global` type a full GC; a partial one of the balanced policy collects some regions. What a program asked for by
//! `System.gc()` stands in a `sys-start`. Sizes are bytes, times those of the wall clock, without a zone. Source: OpenJ9,
//! `VerboseHandlerOutput.cpp`, and its documentation of verbose GC logs.

use super::{MAX_KEPT_LINES, decimal, set_wall, start_log};
use crate::civil::iso_time;
use crate::formats::Claim;
use crate::formats::quantity::whole;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::units::Bytes;
use crate::warning::{Warning, WarningKind, WarningSink as _};

/// [`GcLog::style`](crate::model::gc::GcLog::style) of these logs.
pub const STYLE: &str = "openj9";

/// Options kept at most.
const MAX_FLAGS: usize = 200;
/// Lines of others between two elements of one log.
const APART: u32 = 40;

/// Elements by which a log is known wherever it begins; what stands in them is read below them only.
const OWN: [&str; 8] = [
    "<af-start ",
    "<cycle-start ",
    "<exclusive-start ",
    "<gc-end ",
    "<gc-start ",
    "<initialized ",
    "<sys-start ",
    "<verbosegc ",
];

/// How the names of all elements begin: other texts have lines in brackets, too.
const ELEMENTS: [&str; 36] = [
    "af-",
    "allocat",
    "arraylet",
    "attribute",
    "classunload",
    "cleanup",
    "concurrent-",
    "copy-failed",
    "cycle-",
    "exclusive-",
    "finalization",
    "gc-",
    "heap-",
    "initialized",
    "interface",
    "largest",
    "mem",
    "numa",
    "object-monitors",
    "ownableSynchronizers",
    "pending-finalizers",
    "percolate",
    "references",
    "region",
    "remembered-set",
    "response-info",
    "root-",
    "scavenger-info",
    "stringconstants",
    "sys-",
    "system",
    "trace",
    "verbosegc",
    "vmarg",
    "vmid",
    "warning",
];

/// The name of an element, of its beginning or its end.
fn element(text: &str) -> Option<&str> {
    let name = text.strip_prefix('<')?.trim_start_matches('/').split([' ', '>', '/']).next()?;
    ELEMENTS.iter().any(|start| name.starts_with(start)).then_some(name)
}

pub(super) fn claim(body: &str) -> Claim {
    let text = body.trim_start();
    let is_own = text.starts_with('<') && OWN.iter().any(|element| text.starts_with(element));
    let is_known =
        || text.starts_with("<verbosegc ") || attribute(text, "id").is_some() && attribute(text, "timestamp").is_some();
    if is_own && is_known() { Claim::Strong } else { Claim::None }
}

/// The value of an attribute: `free="2097152"`.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find(name)?;
        from = at + name.len();
        let is_whole = text.get(..at)?.ends_with([' ', '\t']);
        if let Some(value) = text.get(from..)?.strip_prefix("=\"").filter(|_| is_whole) {
            return value.split_once('"').map(|(value, _)| value);
        }
    }
}

/// A number of bytes, in hexadecimal where it begins with `0x`.
fn bytes(value: &str) -> Option<Bytes> {
    match value.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(Bytes),
        None => whole(value).map(Bytes),
    }
}

fn kind(of: &str) -> GcKind {
    match of {
        "scavenge" => GcKind::Young,
        "partial gc" => GcKind::Mixed,
        "global mark phase" => GcKind::ConcurrentPause,
        _ if of.starts_with("global") => GcKind::Full,
        _ => GcKind::Other,
    }
}

/// Which element the lines stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Start,
    End,
    Other,
}

/// The log of one source.
#[derive(Default)]
pub(super) struct Verbose {
    open: Option<Open>,
}

struct Open {
    /// The log, once something was read of it.
    index: Option<usize>,
    first: Span,
    last_line: u32,
    inside: Inside,
    /// What was used when the collection began.
    before: Option<Bytes>,
    cause: Option<&'static str>,
    /// Index of the event of the last `gc-end`.
    event: Option<usize>,
    kept: u32,
}

impl Verbose {
    /// Takes a line of an open log.
    pub(super) fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = line.body.trim();
        let Some(open) = self.open.as_mut().filter(|open| line.since(open.last_line) <= APART) else { return false };
        if element(text).is_none() || text.starts_with("<verbosegc ") {
            return false;
        }
        open.last_line = line.number;
        open.element(text, line, out);
        true
    }

    /// Takes a line that was claimed.
    pub(super) fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        self.finish(out);
        let mut open = Open {
            index: None,
            first: line.span(),
            last_line: line.number,
            inside: Inside::Other,
            before: None,
            cause: None,
            event: None,
            kept: 0,
        };
        open.element(line.body.trim(), line, out);
        self.open = Some(open);
        true
    }

    /// The log ends here.
    pub(super) fn finish(&mut self, out: &mut Readings) {
        if let Some(open) = self.open.take().filter(|open| open.index.is_none()) {
            out.warn(Warning {
                span: open.first,
                kind: WarningKind::Unreadable { format: "verbose:gc (OpenJ9)".to_owned() },
            });
        }
    }
}

impl Open {
    /// The log of which something was read on this line.
    fn log(&mut self, line: &Line<'_>, out: &mut Readings) -> usize {
        let first = self.first.line;
        let index = *self.index.get_or_insert_with(|| start_log(STYLE, line, out));
        if let Some(log) = out.gc_logs.get_mut(index) {
            log.first_line = log.first_line.min(first);
        }
        index
    }

    fn element(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) {
        if let Some(log) = self.index.and_then(|index| out.gc_logs.get_mut(index)) {
            log.last_line = line.number;
        }
        let Some(name) = element(text) else { return };
        let ends = text.starts_with("</");
        match name {
            // The heap before stays until the collection has ended.
            "gc-start" | "gc-end" if ends => self.inside = Inside::Other,
            "gc-start" => (self.inside, self.before) = (Inside::Start, None),
            "gc-end" => self.collected(text, line, out),
            "mem-info" if !ends => self.memory(text, out),
            "mem" if !ends && self.inside == Inside::End => self.area(text, out),
            "af-start" => self.cause = Some("Allocation Failure"),
            "sys-start" if attribute(text, "reason") == Some("explicit") => self.cause = Some("System.gc()"),
            "af-end" | "sys-end" => self.cause = None,
            "attribute" => self.setting(text, line, out),
            "vmarg" => self.option(text, line, out),
            _ => {}
        }
    }

    fn collected(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) {
        (self.inside, self.event) = (Inside::End, None);
        let Some(of) = attribute(text, "type") else { return };
        let kind = kind(of);
        let mut event = GcEvent {
            log: u32::try_from(self.log(line, out)).unwrap_or(u32::MAX),
            kind,
            name: of.to_owned(),
            cause: self.cause.map(str::to_owned),
            duration: attribute(text, "durationms").and_then(|printed| decimal(printed, 3)),
            pause: kind != GcKind::Other,
            before: self.before.take(),
            line: line.number,
            ..GcEvent::default()
        };
        let wall = attribute(text, "timestamp").and_then(iso_time).map(|(wall, _)| wall);
        set_wall(&mut event, wall.or(line.stamp.wall));
        if self.kept < MAX_KEPT_LINES {
            self.kept += 1;
            out.keep(line);
        }
        self.event = Some(out.gc_events.len());
        out.gc_events.push(event);
    }

    /// `<mem-info id="9" free="3145728" total="4194304" percent="75">`.
    fn memory(&mut self, text: &str, out: &mut Readings) {
        let Some((used, total)) = used_of(text) else { return };
        match self.inside {
            Inside::Start => self.before = Some(used),
            Inside::End => {
                if let Some(event) = self.event.and_then(|at| out.gc_events.get_mut(at)) {
                    (event.after, event.committed) = (Some(used), Some(total));
                }
            }
            Inside::Other => {}
        }
    }

    /// `<mem type="tenure" free="2097152" total="2097152" percent="100">`.
    fn area(&mut self, text: &str, out: &mut Readings) {
        let names = match attribute(text, "type") {
            Some("nursery") => ["young_after", "young_committed"],
            Some("tenure") => ["old_after", "old_committed"],
            _ => return,
        };
        let Some((used, total)) = used_of(text) else { return };
        if let Some(event) = self.event.and_then(|at| out.gc_events.get_mut(at)) {
            for (name, size) in names.into_iter().zip([used, total]) {
                event.figures.insert(name.to_owned(), size);
            }
        }
    }

    /// `<attribute name="maxHeapSize" value="0x20000000" />`.
    fn setting(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) {
        let (Some(name), Some(value)) = (attribute(text, "name"), attribute(text, "value")) else { return };
        if !["initialHeapSize", "maxHeapSize", "numCPUs", "physicalMemory"].contains(&name) {
            return;
        }
        let index = self.log(line, out);
        let Some(log) = out.gc_logs.get_mut(index) else { return };
        let at = match name {
            "maxHeapSize" if log.max_heap.is_none() => {
                log.max_heap = bytes(value);
                "max_heap"
            }
            "initialHeapSize" if log.initial_heap.is_none() => {
                log.initial_heap = bytes(value);
                "initial_heap"
            }
            "physicalMemory" if log.memory.is_none() => {
                log.memory = bytes(value);
                "memory"
            }
            "numCPUs" if log.cpus.is_none() => {
                log.cpus = bytes(value).and_then(|count| u32::try_from(count.0).ok());
                "cpus"
            }
            _ => return,
        };
        log.at.put(at, line.span_of(value));
        out.keep(line);
    }

    /// `<vmarg name="-Xmx512m" />`.
    fn option(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) {
        let Some(flag) = attribute(text, "name").filter(|flag| flag.starts_with("-X")) else { return };
        let index = self.log(line, out);
        let Some(log) = out.gc_logs.get_mut(index).filter(|log| log.flags.len() < MAX_FLAGS) else { return };
        // All of them stand from the first one on.
        if log.flags.is_empty() {
            log.at.put("flags", line.span_of(flag));
        }
        log.flags.push(flag.to_owned());
        out.keep(line);
    }
}

/// What is used and what there is, of an element with `free` and `total`.
fn used_of(text: &str) -> Option<(Bytes, Bytes)> {
    let (free, total) = (whole(attribute(text, "free")?)?, whole(attribute(text, "total")?)?);
    Some((Bytes(total.checked_sub(free)?), Bytes(total)))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::super::FORMAT;
    use super::*;
    use crate::units::Micros;

    const LOG: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<verbosegc xmlns="http://www.ibm.com/j9/verbosegc" version="7ab9a7f">
<initialized id="1" timestamp="2021-06-30T14:20:01.093">
  <attribute name="gcPolicy" value="-Xgcpolicy:gencon" />
  <attribute name="maxHeapSize" value="0x20000000" />
  <system>
    <attribute name="physicalMemory" value="8347553792" />
    <attribute name="numCPUs" value="4" />
  </system>
  <vmargs>
    <vmarg name="-Xmx512m" />
    <vmarg name="-Dapp.secret=x" />
  </vmargs>
</initialized>
<cycle-start id="4" type="scavenge" contextid="0" timestamp="2021-06-30T14:20:05.878" intervalms="225.424" />
<gc-start id="5" type="scavenge" contextid="4" timestamp="2021-06-30T14:20:05.882">
  <mem-info id="6" free="2097152" total="4194304" percent="50">
    <mem type="nursery" free="0" total="2097152" percent="0" />
  </mem-info>
</gc-start>
<gc-end id="8" type="scavenge" contextid="4" durationms="4.649" usertimems="8.000" timestamp="2021-06-30T14:20:05.887" activeThreads="2">
  <mem-info id="9" free="3145728" total="4194304" percent="75">
    <mem type="nursery" free="1048576" total="2097152" percent="50">
      <mem type="allocate" free="1048576" total="1572864" percent="66" />
    </mem>
    <mem type="tenure" free="2097152" total="2097152" percent="100">
      <mem type="soa" free="1992704" total="1992704" percent="100" />
    </mem>
  </mem-info>
</gc-end>
<sys-start reason="explicit" id="20" timestamp="2021-06-30T14:21:00.001" intervalms="1.0" />
<gc-start id="22" type="global" contextid="21" timestamp="2021-06-30T14:21:00.002">
  <mem-info id="23" free="0" total="4194304" percent="0">
  </mem-info>
</gc-start>
<gc-end id="25" type="global" contextid="21" durationms="1012.5" timestamp="2021-06-30T14:21:01.015">
  <mem-info id="26" free="1024" total="4194304" percent="0">
  </mem-info>
</gc-end>
<sys-end id="27" timestamp="2021-06-30T14:21:01.016" />
"#;

    #[test]
    fn collections_and_settings_of_openj9_are_read() {
        let out = crate::formats::read_alone(&FORMAT, LOG);
        let [log] = out.gc_logs.as_slice() else { panic!("{:?}", out.gc_logs) };
        assert_eq!((log.style.as_str(), log.max_heap, log.cpus), (STYLE, Some(Bytes(512 << 20)), Some(4)));
        assert_eq!((log.memory, log.flags.as_slice()), (Some(Bytes(8_347_553_792)), &["-Xmx512m".to_owned()][..]));
        let [young, full] = out.gc_events.as_slice() else { panic!("{:?}", out.gc_events) };
        assert_eq!((young.kind, young.duration, young.pause), (GcKind::Young, Some(Micros(4_649)), true));
        let mib = |mib: u64| Some(Bytes(mib << 20));
        assert_eq!((young.before, young.after, young.committed), (mib(2), mib(1), mib(4)));
        assert_eq!(
            (young.figures.get("young_after").copied(), young.figures.get("old_after")),
            (mib(1), Some(&Bytes(0)))
        );
        assert!(young.local_time.is_some() && young.time.is_none() && young.cause.is_none());
        assert_eq!((full.kind, full.cause.as_deref()), (GcKind::Full, Some("System.gc()")));
        assert_eq!((full.before, full.after), (mib(4), Some(Bytes((4 << 20) - 1024))));
    }

    #[test]
    fn a_head_alone_is_named_and_no_log() {
        let out = crate::formats::read_alone(
            &FORMAT,
            "<verbosegc xmlns=\"http://www.ibm.com/j9/verbosegc\" version=\"R28\">\n",
        );
        assert_eq!((out.gc_logs.len(), out.warnings.len()), (0, 1));
    }

    #[test]
    fn other_elements_are_no_log_of_openj9() {
        for text in [
            "<gc-start>",
            "<gc-end type=\"global\">",
            "<mem-info id=\"1\" free=\"1\" total=\"2\">",
            "<p id=\"1\" timestamp=\"x\">",
        ] {
            assert_eq!(claim(text), Claim::None, "{text}");
        }
    }
}
