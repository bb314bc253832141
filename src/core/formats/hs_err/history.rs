//! `GC Heap History`: the collections before the crash, of which the file lists the heap before and after.
//!
//! ```text
//! GC Heap History (20 events):
//! Event: 1.796 GC heap before
//! {Heap before GC invocations=58 (full 0):
//!  def new generation   total 14784K, used 13164K [0x00000000fd000000, 0x00000000fe000000, 0x00000000fe000000)
//!  tenured generation   total 32768K, used 0K [0x00000000fe000000, 0x0000000100000000, 0x0000000100000000)
//! }
//! Event: 1.812 GC heap after
//! {Heap after GC invocations=59 (full 0):
//! ```
//!
//! JDK 8 leaves out the brackets between the two, JDK 25 puts both headings into one line: `Event: 0.154 {heap Before GC
//! invocations=2 (full 0):`. Two blocks of one collection become an event; one alone, at the list's beginning or at the crash,
//! does not. A collection was a full one if the count in brackets rose with it, which ZGC and Shenandoah count otherwise.

use crate::formats::draft::Draft;
use crate::formats::heap_info;
use crate::model::gc::{GcEvent, GcKind, GcLog};
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::units::{Bytes, Micros, fixed_decimal};

/// The collections that a file lists.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Time of the block that comes or is being read.
    uptime: Option<Micros>,
    open: Option<Heap>,
    before: Option<Heap>,
    /// Full collections after the last one.
    full: Option<u64>,
    /// By the names of the generations.
    collector: Option<String>,
    /// By the addresses of its parts, and where they stand.
    max_heap: Option<(Bytes, Option<Span>)>,
    events: Vec<GcEvent>,
}

/// The heap before or after a collection.
#[derive(Debug)]
struct Heap {
    is_before: bool,
    invocations: u64,
    full: u64,
    uptime: Option<Micros>,
    line: u32,
    draft: Draft,
}

impl Heap {
    fn size(&self, name: &str) -> Option<Bytes> {
        self.draft.reading.sizes.get(name).copied()
    }

    /// A young GC empties eden; where objects stay in it, and none in the survivor spaces, a full GC found no room for them.
    fn keeps_eden(&self) -> bool {
        let young = self.size("eden_used").zip(self.size("young_used"));
        young.is_some_and(|(eden, young)| eden > Bytes(0) && young <= eden.plus(Bytes(1024)))
    }
}

/// How the heading of a list begins.
pub(super) const SECTION: &str = "GC Heap History (";

/// True for a line that only such a list has: its heading, or one above a heap with its time.
pub(super) fn is_start(text: &str) -> bool {
    let is_timed = || {
        let what = text.strip_prefix("Event: ").and_then(|event| event.split_once(' ')).map(|(_, what)| what);
        what.is_some_and(|what| matches!(what, "GC heap before" | "GC heap after") || heading(what).is_some())
    };
    (text.ends_with(" events):") && is_section(text)) || is_timed()
}

/// True for the headings of the lists that are read here.
pub(super) fn is_section(section: &str) -> bool {
    section.starts_with(SECTION) || section.starts_with("GC Heap Usage History (")
}

impl History {
    /// Reads a line of the list. `false` if it is none.
    pub(super) fn take(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        let mut rest = text;
        if let Some(event) = text.strip_prefix("Event: ") {
            self.end_block();
            let (seconds, what) = event.split_once(' ').unwrap_or((event, ""));
            self.uptime = fixed_decimal(&seconds.replace(',', "."), 6).map(Micros);
            rest = what.trim_start();
            if matches!(rest, "GC heap before" | "GC heap after") {
                return true;
            }
        }
        if let Some((is_before, invocations, full)) = heading(rest) {
            self.end_block();
            let draft = Draft::new(HostKind::HeapInfo, line);
            let uptime = self.uptime.take();
            self.open = Some(Heap { is_before, invocations, full, uptime, line: line.number, draft });
            if !is_before {
                out.keep(line);
            }
            return true;
        }
        if text == "}" {
            self.end_block();
            return true;
        }
        match &mut self.open {
            Some(heap) => heap_info::take_printed(&mut heap.draft, text, line),
            // A heap that has lost its heading is of no known time.
            None => {
                !text.ends_with(':') && heap_info::take_printed(&mut Draft::new(HostKind::HeapInfo, line), text, line)
            }
        }
    }

    fn end_block(&mut self) {
        let Some(heap) = self.open.take() else { return };
        let reading = &heap.draft.reading;
        // The first one, as a cut list has it, too.
        let max_heap = heap.size("heap_max").map(|max| (max, reading.at.get("heap_max")));
        self.max_heap = self.max_heap.take().or(max_heap);
        if heap.is_before {
            self.before = Some(heap);
            return;
        }
        let earlier = self.full.replace(heap.full);
        let Some(before) = self.before.take() else { return };
        // The count goes up before the heap is printed, or between the two.
        let same = heap.invocations.checked_sub(before.invocations).is_some_and(|more| more <= 1);
        let (Some(used_before), Some(used_after)) = (before.size("heap_used"), heap.size("heap_used")) else { return };
        if !same || heap.uptime < before.uptime {
            return;
        }
        let collector = heap.draft.reading.words.get("collector").map(String::as_str);
        self.collector = collector.map(str::to_owned).or(self.collector.take());
        let counts_full = matches!(collector, Some("Serial" | "Parallel" | "CMS" | "G1"));
        // ZGC and Shenandoah list whole cycles, in which the application runs.
        let duration = heap.uptime.zip(before.uptime).and_then(|(after, before)| after.0.checked_sub(before.0));
        let was_full =
            heap.full > before.full || earlier.is_some_and(|earlier| before.full > earlier) || heap.keeps_eden();
        let figures = [
            ("old_used", "old_after"),
            ("old_committed", "old_committed"),
            ("old_max", "old_max"),
            ("perm_used", "perm_used"),
        ];
        let figures = figures.into_iter().filter_map(|(name, figure)| Some((figure.to_owned(), heap.size(name)?)));
        self.events.push(GcEvent {
            kind: if was_full && counts_full { GcKind::Full } else { GcKind::Other },
            name: "Heap after GC".to_owned(),
            uptime: heap.uptime,
            duration: duration.filter(|duration| *duration > 0).map(Micros),
            pause: counts_full,
            before: Some(used_before),
            after: Some(used_after),
            committed: heap.size("heap_committed"),
            figures: figures.collect(),
            line: heap.line,
            ..GcEvent::default()
        });
    }

    /// The log of the collections, of which the caller knows the rest, and these in printed order.
    pub(super) fn finish(mut self, mut log: GcLog) -> (GcLog, Vec<GcEvent>) {
        self.end_block();
        log.collector = log.collector.or(self.collector);
        if let Some((max, at)) = self.max_heap {
            log.max_heap = Some(max);
            at.into_iter().for_each(|at| log.at.put("max_heap", at));
        }
        (log, self.events)
    }
}

/// True for the line above a heap, with or without its time.
pub(super) fn is_heading(text: &str) -> bool {
    let rest = text.strip_prefix("Event: ").and_then(|event| event.split_once(' ')).map_or(text, |(_, what)| what);
    heading(rest).is_some()
}

/// `{Heap before GC invocations=58 (full 0):`, `{heap After GC invocations=3 (full 0):`.
fn heading(text: &str) -> Option<(bool, u64, u64)> {
    let text = text.strip_prefix('{').unwrap_or(text);
    let text = text.strip_prefix("Heap ").or_else(|| text.strip_prefix("heap "))?;
    let (when, rest) = text.split_once(" GC invocations=")?;
    let is_before = match when {
        "before" | "Before" => true,
        "after" | "After" => false,
        _ => return None,
    };
    let (invocations, full) = rest.split_once(" (full ")?;
    Some((is_before, invocations.parse().ok()?, full.strip_suffix("):")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<GcEvent> {
        let (mut history, mut out) = (History::default(), Readings::default());
        for (number, raw) in (1..).zip(text.lines()) {
            history.take(&Line { number, ..Line::of(raw) }, raw.trim(), &mut out);
        }
        history.finish(GcLog::default()).1
    }

    fn mib(size: Option<Bytes>) -> Option<u64> {
        size.map(|size| size.0 >> 20)
    }

    #[test]
    fn the_heap_before_and_after_is_one_collection() {
        let events = read(
            "Event: 0.200 GC heap before\n{Heap before GC invocations=3 (full 0):\n def new generation   total 14336K, used 12288K [0x0, 0x1)\n\
             \x20tenured generation   total 32768K, used 1024K [0x0, 0x1)\n Metaspace       used 133K, committed 320K, reserved 1114112K\n}\n\
             Event: 0.260 GC heap after\n{Heap after GC invocations=4 (full 1):\n def new generation   total 14784K, used 0K [0x0, 0x1)\n\
             \x20tenured generation   total 32768K, used 2048K [0x0, 0x1)\n}\n\
             Event: 0.272 GC heap before\n{Heap before GC invocations=4 (full 1):\n def new generation   total 14784K, used 4K [0x0, 0x1)\n",
        );
        let [event] = events.as_slice() else { panic!("one collection: {events:?}") };
        assert_eq!((event.kind, event.uptime, event.line), (GcKind::Full, Some(Micros(260_000)), 8));
        assert_eq!((mib(event.before), mib(event.after), event.committed), (Some(13), Some(2), None));
    }

    #[test]
    fn jdk_8_has_no_bracket_between_and_counts_before() {
        let block = |when: &str, count: u32, full: u32, used: &str| {
            format!(
                "{when} GC invocations={count} (full {full}):\n garbage-first heap   total 49152K, used {used} [0x0, 0x1)\n"
            )
        };
        let events = read(&format!(
            "Event: 1.0 GC heap before\n{{Heap{}Event: 1.1 GC heap after\nHeap{}}}\nEvent: 2.0 GC heap before\n{{Heap{}Event: 2.5 GC heap after\nHeap{}}}\n",
            block(" before", 7, 2, "40960K"),
            block(" after", 7, 2, "20480K"),
            block(" before", 8, 3, "45056K"),
            block(" after", 8, 3, "44032K"),
        ));
        let kinds: Vec<_> = events.iter().map(|event| (event.kind, mib(event.after), mib(event.committed))).collect();
        assert_eq!(kinds, [(GcKind::Other, Some(20), Some(48)), (GcKind::Full, Some(43), Some(48))]);
    }

    #[test]
    fn jdk_25_has_both_in_one_line_and_what_is_torn_is_no_collection() {
        let heap = " ZHeap           used 46M, capacity 48M, max capacity 48M\n";
        let events = read(&format!(
            "Event: 0.1 {{heap Before GC invocations=2 (full 0):\n{heap}}}\nEvent: 0.2 {{heap After GC invocations=3 (full 1):\n{heap}}}\n\
             Event: 0.3 {{heap Before GC invocations=3 (full 1):\n[… 8 lines left out …]\nEvent: 0.9 {{heap After GC invocations=9 (full 1):\n{heap}}}\n",
        ));
        let [event] = events.as_slice() else { panic!("one collection: {events:?}") };
        assert_eq!((event.kind, mib(event.after)), (GcKind::Other, Some(46)));
        assert_eq!(heading("{Heap before GC invocations=58 (full"), None);
    }
}
