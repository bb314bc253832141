//! GC logs: what each says about itself, its collections by kind, and each of them.

use super::tables::{Column, Made, Row, Table, cell};
use super::{Cell, Part, Teller};
use crate::formats::gc_log::monitor;
use crate::i18n::number;
use crate::model::gc::{GcEvent, GcKind, GcLog};
use crate::order::InOrder as _;
use crate::units::{Bytes, Micros};

impl Teller<'_> {
    /// Of whom it is, and what it says of the JVM.
    pub fn gc_caption(&self, log: &GcLog) -> Cell {
        let mut caption: Cell =
            vec![self.word("text.gc-log").into(), self.place(log.source, log.first_line, log.last_line)];
        let mut said = |field: &str, text: Option<String>| {
            caption.extend(text.map(|text| Part::of(text).at(log.at.get(field))));
        };
        said("pid", log.pid.map(|pid| self.pid(pid)));
        said("collector", log.collector.clone());
        said("jdk", log.jdk.as_ref().map(|jdk| format!("JDK {jdk}")));
        let named = |key: &str, value: String| format!("{} {value}", self.word(key));
        let size = |size: Bytes| Part::size(size).text;
        said("max_heap", log.max_heap.map(|max| named("text.max-heap", size(max))));
        if self.is_page() {
            said("memory", log.memory.map(|memory| named("page.gc.memory", size(memory))));
            said("cpus", log.cpus.map(|cpus| named("page.gc.cpus", cpus.to_string())));
        }
        caption
    }

    /// How many collections there are of each kind, and how long they took.
    pub fn gc_kinds(&self, at: usize) -> Table {
        let events: Vec<&GcEvent> = self.events_of(at).map(|(_, event)| event).collect();
        // A stop that its collection tells again counts once.
        let events = monitor::once(&events);
        let mut kinds: Vec<GcKind> = events.iter().map(|event| event.kind).collect();
        kinds.order();
        kinds.dedup();
        let time = |time: Option<Micros>| cell(time.map(|time| self.duration(time)).unwrap_or_default());
        let rows = kinds.into_iter().map(|kind| {
            let of_kind = || events.iter().filter(|event| event.kind == kind);
            let durations = || of_kind().filter_map(|event| event.duration);
            Row::of(vec![
                cell(self.word(gc_kind_key(kind))),
                cell(number(of_kind().count() as u64)),
                time(durations().reduce(Micros::plus)),
                time(durations().max()),
            ])
        });
        let numbers = ["text.count", "text.total", "text.longest"].map(|key| Column::of_numbers(self.word(key)));
        let caption = self.report.gc_logs.get(at).map(|log| self.list(&self.gc_caption(log)));
        let kind = Column::of(if self.is_page() { self.word("page.gc.what") } else { String::new() });
        let columns = std::iter::once(kind).chain(numbers).collect();
        Table::of(caption.unwrap_or_default(), columns, rows.collect())
    }

    /// How many collections there are.
    pub fn gc_count(&self, at: usize) -> usize {
        self.events_of(at).count()
    }

    fn events_of(&self, log: usize) -> impl Iterator<Item = (usize, &GcEvent)> {
        self.report.gc_events.iter().enumerate().filter(move |(_, event)| event.log as usize == log)
    }

    pub(super) fn collections(&self, at: usize) -> Made {
        let column = |(key, is_number): (&str, bool)| Column { is_number, ..Column::of(self.word(key)) };
        let columns = [
            ("page.gc.uptime", true),
            ("page.gc.what", false),
            ("page.gc.cause", false),
            ("page.gc.duration", true),
            ("page.gc.before", true),
            ("page.gc.after", true),
            ("page.gc.committed", true),
        ];
        let caption = self.word(if self.is_page() { "page.gc.table" } else { "text.gc-events" });
        let rows = self.events_of(at).map(|(event, _)| (at, event)).collect();
        (caption, columns.map(column).into(), rows)
    }

    pub(super) fn collection(&self, at: usize) -> Option<Row> {
        let event = self.report.gc_events.get(at)?;
        let source = self.report.gc_logs.get(event.log as usize).map_or(0, |log| log.source);
        let duration = |time: Option<Micros>| time.map(|time| self.duration(time));
        let size = |size: Option<Bytes>| cell(size.map(|size| Part::size(size).text).unwrap_or_default());
        let when = duration(event.uptime).or_else(|| self.clock(event.time, event.local_time));
        let cells = vec![
            cell(when.unwrap_or_default()),
            cell(&*event.name),
            cell(event.cause.clone().unwrap_or_default()),
            cell(duration(event.duration).unwrap_or_default()),
            size(event.before),
            size(event.after),
            size(event.committed),
        ];
        Some(Row::of(cells).on(source, event.line, event.line))
    }
}

/// The catalogue key of a kind of collection.
fn gc_kind_key(kind: GcKind) -> &'static str {
    match kind {
        GcKind::Young => "gc.young",
        GcKind::Mixed => "gc.mixed",
        GcKind::Full => "gc.full",
        GcKind::ConcurrentPause => "gc.concurrent-pause",
        GcKind::Concurrent => "gc.concurrent",
        GcKind::Minor => "gc.minor",
        GcKind::Major => "gc.major",
        GcKind::Degenerated => "gc.degenerated",
        GcKind::AllocationStall => "gc.allocation-stall",
        GcKind::Failure => "gc.failure",
        GcKind::Other => "gc.other",
    }
}
