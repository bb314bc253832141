//! Collections in a recording of the flight recorder: `jfr view gc`, and `jfr print` of the events of collections.
//!
//! ```text
//! Start    GC ID Type                     Heap Before GC Heap After GC Longest Pause
//! -------- ----- ------------------------ -------------- ------------- -------------
//! 18:59:05     1 Young Garbage Collection        20.8 MB       19.8 MB       59.5 ms
//!
//! jdk.GCHeapSummary {
//!   startTime = 18:59:05.471 (2026-11-30)
//!   gcId = 1
//!   when = "After GC"
//!   heapSpace = {
//!     committedSize = 52.0 MB
//!     reservedSize = 200.0 MB
//!   }
//!   heapUsed = 19.8 MB
//! }
//! ```
//!
//! An old collection of the table may be a full one or a cycle of a concurrent collector, and no column says which. The events do:
//! `G1Full`, `SerialOld`, `ParallelOld` stop the application. Sources: OpenJDK, `metadata.xml`, `view.ini`; captured with JDK 17 and 25.

use super::{MAX_KEPT_LINES, decimal, set_wall, start_log};
use crate::civil::{iso_date, time_of_day};
use crate::formats::Claim;
use crate::formats::quantity::{grouped, with_unit};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::readings::Readings;
use crate::source::{Line, Wall};
use crate::units::{Bytes, Micros};

/// The name of such a log's style.
const STYLE: &str = "recording";
/// Collections whose summary and end may stand apart.
const MAX_OPEN: usize = 16;

/// True for an event that tells of a collection.
pub(crate) fn of_collections(name: &str) -> bool {
    matches!(
        name,
        "GCHeapSummary"
            | "GarbageCollection"
            | "YoungGarbageCollection"
            | "OldGarbageCollection"
            | "G1GarbageCollection"
    )
}

/// `size = 175.6 MB`: a field of an event.
pub(crate) fn field(body: &str) -> Option<(&str, &str)> {
    let (name, value) = body.split_once(" = ")?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then_some((name, value.trim()))
}

/// `18:59:05.471 (2026-11-30)`. Without a date it is no time.
pub(crate) fn started(printed: &str) -> Option<Wall> {
    let (time, rest) = time_of_day(printed)?;
    let (date, _) = iso_date(rest.trim_start().strip_prefix('(')?)?;
    let micros = Micros(date.micros()?.0.checked_add(time)?);
    Some(Wall { micros, zone_known: false, year_known: true })
}

/// True for the line below the columns of a table or a title.
pub(crate) fn is_rule(body: &str) -> bool {
    body.len() >= 5 && body.bytes().all(|byte| matches!(byte, b'-' | b' '))
}

/// `59.5 ms`, `2.1 s`, `2 m 9 s`.
fn duration(printed: &str) -> Option<Micros> {
    let mut total = Micros(0);
    let mut words = printed.split_ascii_whitespace();
    while let Some(number) = words.next() {
        let part = match words.next()? {
            "ms" => decimal(number, 3)?,
            "s" => decimal(number, 6)?,
            "m" => Micros(decimal(number, 6)?.0.checked_mul(60)?),
            _ => return None,
        };
        total = total.plus(part);
    }
    Some(total)
}

fn is_header(body: &str) -> bool {
    body.starts_with("Start") && body.contains("GC ID") && body.contains("Heap After GC")
}

pub(super) fn claim(body: &str) -> Claim {
    let name = || body.strip_prefix("jdk.")?.strip_suffix('{').map(str::trim_end);
    let is_own = match body.as_bytes().first() {
        Some(b'j') => name().is_some_and(of_collections),
        Some(b'S') => is_header(body),
        _ => false,
    };
    if is_own { Claim::Strong } else { Claim::None }
}

/// What kind of collection a collector's name tells, and whether all of it is a pause.
fn kind(collector: &str) -> (GcKind, bool) {
    match collector {
        "G1New" | "DefNew" | "ParallelScavenge" | "ParNew" => (GcKind::Young, true),
        "G1Full" | "SerialOld" | "ParallelOld" | "PSMarkSweep" => (GcKind::Full, true),
        "ZGC Minor" => (GcKind::Minor, false),
        "Z" | "ZGC Major" => (GcKind::Major, false),
        _ => (GcKind::Concurrent, false),
    }
}

/// The recording of one source.
#[derive(Default)]
pub(super) struct Recorded {
    log: Option<usize>,
    inside: Inside,
    last_line: u32,
    kept: u32,
    /// An event told the collector of a collection.
    is_named: bool,
    /// What is known of a collection so far, and the index of its event.
    open: Vec<(u64, GcEvent, Option<usize>)>,
}

#[derive(Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Table,
    Event(Box<Event>),
}

/// An event that is being read.
#[derive(Default, PartialEq, Eq)]
struct Event {
    wall: Option<Wall>,
    gc: Option<u64>,
    after: Option<bool>,
    used: Option<Bytes>,
    committed: Option<Bytes>,
    reserved: Option<Bytes>,
    name: String,
    cause: Option<String>,
    pauses: Option<Micros>,
    nested: bool,
}

impl Recorded {
    pub(super) fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if self.inside == Inside::Nothing || body.is_empty() || line.since(self.last_line) > 2 {
            return false;
        }
        let is_taken = match &mut self.inside {
            Inside::Table => is_rule(body) || self.row(body, line, out),
            Inside::Event(event) => {
                match field(body) {
                    Some((name, printed)) => event.put(name, printed),
                    None if body != "}" => return false,
                    None if std::mem::take(&mut event.nested) => {}
                    None => self.end(line, out),
                }
                true
            }
            Inside::Nothing => false,
        };
        if is_taken {
            self.last_line = line.number;
        }
        is_taken
    }

    pub(super) fn open(&mut self, line: &Line<'_>) -> bool {
        self.last_line = line.number;
        self.inside = if is_header(line.body.trim()) { Inside::Table } else { Inside::Event(Box::default()) };
        true
    }

    fn log(&mut self, line: &Line<'_>, out: &mut Readings) -> u32 {
        let index = *self.log.get_or_insert_with(|| start_log(STYLE, line, out));
        if let Some(log) = out.gc_logs.get_mut(index) {
            log.last_line = line.number;
        }
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn keep(&mut self, line: &Line<'_>, out: &mut Readings) {
        if self.kept < MAX_KEPT_LINES {
            self.kept += 1;
            out.keep(line);
        }
    }

    /// `18:59:05     1 Young Garbage Collection        20.8 MB       19.8 MB       59.5 ms`.
    fn row(&mut self, body: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let read = || {
            let (_, rest) = time_of_day(body)?;
            let (gc, rest) = rest.trim_start().split_once(' ')?;
            let cells: Vec<&str> = rest.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
            let [name, before, after, pause] = cells.as_slice() else { return None };
            Some((
                grouped(gc).or_else(|| gc.parse().ok())?,
                *name,
                with_unit(before)?,
                with_unit(after)?,
                duration(pause)?,
            ))
        };
        let Some((gc, name, before, after, pause)) = read() else { return false };
        let kind = match name {
            "Young Garbage Collection" => GcKind::Young,
            "Old Garbage Collection" => GcKind::Major,
            _ => GcKind::Other,
        };
        let log = self.log(line, out);
        self.keep(line, out);
        out.gc_events.push(GcEvent {
            log,
            kind,
            gc: Some(gc),
            name: name.to_owned(),
            duration: Some(pause),
            pause: true,
            before: Some(before),
            after: Some(after),
            line: line.number,
            ..GcEvent::default()
        });
        true
    }

    /// An event has ended: what it says goes to what others say of the same collection.
    fn end(&mut self, line: &Line<'_>, out: &mut Readings) {
        let Inside::Event(event) = std::mem::take(&mut self.inside) else { return };
        let Some(gc) = event.gc else { return };
        let log = self.log(line, out);
        if let (Some(reserved), Some(log)) = (event.reserved, out.gc_logs.get_mut(log as usize)) {
            log.max_heap.get_or_insert(reserved);
        }
        if self.open.len() > MAX_OPEN {
            let (_, oldest, index) = self.open.remove(0);
            self.put_unnamed(oldest, index, out);
        }
        let at = self.open.iter().position(|(known, ..)| *known == gc).unwrap_or_else(|| {
            self.open.push((gc, GcEvent { log, gc: Some(gc), line: line.number, ..GcEvent::default() }, None));
            self.open.len() - 1
        });
        let Some((_, known, index)) = self.open.get_mut(at) else { return };
        event.put_into(known);
        if known.name.is_empty() {
            return;
        }
        self.is_named = true;
        match index.and_then(|index| out.gc_events.get_mut(index)) {
            Some(written) => known.clone_into(written),
            None => {
                *index = Some(out.gc_events.len());
                out.gc_events.push(known.clone());
                self.keep(line, out);
            }
        }
    }

    /// A collection of which only the heap is printed, in a text that names none.
    fn put_unnamed(&self, event: GcEvent, index: Option<usize>, out: &mut Readings) {
        if !self.is_named && index.is_none() && event.after.is_some() {
            out.gc_events.push(event);
        }
    }

    /// The source has ended. A single collection may only have lost its name.
    pub(super) fn finish(&mut self, out: &mut Readings) {
        let open = std::mem::take(&mut self.open);
        if open.len() > 1 {
            open.into_iter().for_each(|(_, event, index)| self.put_unnamed(event, index, out));
        }
    }
}

impl Event {
    fn put(&mut self, name: &str, printed: &str) {
        let text = printed.trim_matches('"');
        match name {
            "startTime" => self.wall = started(printed),
            "gcId" => self.gc = grouped(printed).or_else(|| printed.parse().ok()),
            "when" => self.after = Some(text == "After GC"),
            "heapUsed" => self.used = with_unit(printed),
            "committedSize" => self.committed = with_unit(printed),
            "reservedSize" => self.reserved = with_unit(printed),
            "name" => text.clone_into(&mut self.name),
            "cause" => self.cause = Some(text.to_owned()),
            "sumOfPauses" => self.pauses = duration(printed),
            _ => {}
        }
        self.nested |= printed == "{";
    }

    fn put_into(&self, known: &mut GcEvent) {
        match self.after {
            Some(false) => known.before = self.used,
            Some(true) => (known.after, known.committed) = (self.used, self.committed),
            None => {}
        }
        if self.name.is_empty() {
            // The end counts, which the summary after it tells.
            if known.name.is_empty() {
                set_wall(known, self.wall);
            }
            return;
        }
        let (kind, pause) = kind(&self.name);
        (known.kind, known.pause) = (kind, pause);
        self.name.clone_into(&mut known.name);
        known.cause = self.cause.clone();
        known.duration = self.pauses;
        if known.time.is_none() && known.local_time.is_none() {
            set_wall(known, self.wall);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::FORMAT;
    use super::*;
    use crate::formats::read_alone;

    #[test]
    fn a_table_tells_each_collection() {
        let out = read_alone(
            &FORMAT,
            "                                Garbage Collections\n\n\
             Start    GC ID Type                     Heap Before GC Heap After GC Longest Pause\n\
             -------- ----- ------------------------ -------------- ------------- -------------\n\
             18:59:05     1 Young Garbage Collection        20.8 MB       19.8 MB       59.5 ms\n\
             18:59:05     2 Old Garbage Collection          29.8 MB       29.8 MB           0 s\n",
        );
        let [young, old] = out.gc_events.as_slice() else { panic!("two: {:?}", out.gc_events) };
        assert_eq!((young.kind, young.gc, young.duration), (GcKind::Young, Some(1), Some(Micros(59_500))));
        assert_eq!((old.kind, old.after), (GcKind::Major, Some(Bytes(31_247_565))));
    }

    #[test]
    fn heaps_without_collections_are_read_where_there_are_several() {
        let summary = |gc: u32| {
            format!("jdk.GCHeapSummary {{\n  gcId = {gc}\n  when = \"After GC\"\n  heapUsed = {gc}.0 MB\n}}\n\n")
        };
        assert_eq!(read_alone(&FORMAT, &summary(1)).gc_events, []);
        let many: String = (1..=40).map(summary).collect();
        assert_eq!(read_alone(&FORMAT, &many).gc_events.len(), 40);
    }

    #[test]
    fn the_events_of_a_collection_are_one() {
        let summary = |when: &str, time: &str, used: &str| {
            format!(
                "jdk.GCHeapSummary {{\n  startTime = {time} (2026-11-30)\n  gcId = 7\n  when = \"{when}\"\n  heapSpace = {{\n    committedSize = 52.0 MB\n    reservedSize = 200.0 MB\n  }}\n  heapUsed = {used}\n}}\n\n"
            )
        };
        let collection = "jdk.GarbageCollection {\n  startTime = 18:59:05.412 (2026-11-30)\n  duration = 76.9 ms\n  gcId = 7\n  name = \"G1Full\"\n  cause = \"System.gc()\"\n  sumOfPauses = 76.9 ms\n}\n";
        let text = summary("Before GC", "18:59:05.412", "199.0 MB")
            + collection
            + &summary("After GC", "18:59:05.489", "12.5 MB");
        let out = read_alone(&FORMAT, &text);
        let [full] = out.gc_events.as_slice() else { panic!("one: {:?}", out.gc_events) };
        assert_eq!((full.kind, full.pause, full.duration), (GcKind::Full, true, Some(Micros(76_900))));
        assert_eq!((full.before, full.after), (Some(Bytes(199 << 20)), Some(Bytes(13_107_200))));
        assert_eq!((full.cause.as_deref(), full.committed), (Some("System.gc()"), Some(Bytes(52 << 20))));
        assert_eq!(out.gc_logs[0].max_heap, Some(Bytes(200 << 20)));
    }
}
