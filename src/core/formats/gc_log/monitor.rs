//! What programs say about the collections of their own JVM: Cassandra, Elasticsearch and OpenSearch, Hadoop and HBase,
//! Ignite, Graylog.
//!
//! ```text
//! INFO  [Service Thread] 2016-05-09 18:55:54,123 GCInspector.java:258 - ParNew GC in 234ms.  CMS Old Gen: 12345 -> 23456; Par Eden Space: 671088640 -> 0; Par Survivor Space: 0 -> 83886080
//!  INFO [ScheduledTasks:1] 2013-05-09 18:56:54,123 GCInspector.java (line 122) GC for ParNew: 1234 ms for 1 collections, 5123456789 used; max is 8126464000
//! [2019-01-11T17:18:55,167][INFO ][o.e.m.j.JvmGcMonitorService] [node] [gc][young][5332][98] duration [726ms], collections [1]/[1s], total [726ms]/[9.5s], memory [459.3mb]->[384.4mb]/[1007.3mb], all_pools {[young] [107.6mb]->[16.2mb]/[133.1mb]}{[survivor] …}{[old] [335mb]->[351.5mb]/[857.6mb]}
//! INFO util.JvmPauseMonitor: Detected pause in JVM or host machine (eg GC): pause of approximately 2345ms
//! GC pool 'ParNew' had collection(s): count=1 time=2345ms
//! ```
//!
//! They print what lasted long and leave out the rest. Cassandra's figures are those of the collection, and a pool that did not
//! change is left out: without all three pools there is no sum. Elasticsearch looks once a second, so that its figures hold
//! what was allocated around the collection, and its durations are sums where `collections` counts several. An old generation
//! of which it is not said how it was collected is a major collection, since CMS does it while the application runs, unless the one
//! who looks was stopped as well. Sources:
//! `org.apache.cassandra.service.GCInspector`, `org.elasticsearch.monitor.jvm.JvmGcMonitorService`,
//! `org.apache.hadoop.util.JvmPauseMonitor`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{MAX_KEPT_LINES, millis, seconds, set_wall, start_log};
use crate::formats::Claim;
use crate::formats::apart;
use crate::formats::cut::without_last_word;
use crate::formats::logger::logged_time;
use crate::formats::quantity::with_unit;
use crate::look;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::readings::Readings;
use crate::source::{Line, Stamp, Wall};
use crate::units::{Bytes, Micros};

/// The name of such a log's style.
pub const STYLE: &str = "monitor";
/// Nodes told apart in one source at most.
const MAX_LOGS: usize = 64;

/// A line of such a program.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// A collection or a pause.
    Event(Box<Collection>),
    /// `GC pool 'ParNew' had collection(s): count=1 time=2345ms`, which stands below a pause and has its time.
    Pool(Box<Collection>),
    /// `No GCs detected`.
    NoPool,
}

/// What a line says of a collection.
#[derive(Debug, Default, PartialEq, Eq)]
struct Collection {
    event: GcEvent,
    /// Elasticsearch's node.
    node: String,
    max_heap: Option<Bytes>,
    collector: Option<&'static str>,
    /// It is not the sum of several.
    is_one: bool,
}

/// How surely a line is one of these.
pub(super) fn claim(body: &str) -> Claim {
    match read(body) {
        Some(Said::NoPool) => Claim::None,
        Some(_) => Claim::Strong,
        None if is_begun(body) => Claim::Strong,
        None => Claim::None,
    }
}

/// True for the beginning of a line of Elasticsearch, of which a terminal or a chat put the rest on the next line.
pub(super) fn is_begun(body: &str) -> bool {
    const NAMES: [&str; 2] = ["JvmGcMonitorService]", "[monitor.jvm"];
    let of_monitor = |at: usize| NAMES.iter().any(|name| body.get(..at).is_some_and(|before| before.contains(name)));
    // The node stands on the line below the logger's name.
    let of_node = || body.starts_with('[') && body.contains("duration");
    look::places(body, "[gc][").next().is_some_and(|at| of_monitor(at) || of_node())
}

/// True if all is read that such a line says: a comma at its end goes on to the pools.
fn is_whole(said: &Collection, body: &str) -> bool {
    said.event.name == OVERHEAD || said.event.after.is_some() && !body.trim_end().ends_with(',')
}

/// The logs of one source.
#[derive(Default)]
pub(super) struct Monitors {
    logs: Vec<OpenLog>,
    /// Index and line of the last pause whose pools may follow.
    pause: Option<(usize, u32)>,
    /// A line of Elasticsearch whose rest may follow.
    wrapped: Option<Wrapped>,
}

/// A line that ends too early.
struct Wrapped {
    /// What has been put together so far.
    body: String,
    /// Its last line.
    last: u32,
    /// The time of a logger right above it.
    above: Option<Wall>,
    /// Index of the event that was made of it.
    event: Option<usize>,
    /// A line that did not go on with it, as it stands: behind a prefix it may.
    passed: Option<u32>,
}

/// Bytes of a wrapped line at most.
const MAX_WRAPPED: usize = 2000;

struct OpenLog {
    node: String,
    index: usize,
    kept: u32,
}

impl Monitors {
    /// Takes a line that says what was collected in the last pause.
    pub(super) fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.goes_on(line, out) {
            return true;
        }
        let Some((at, _)) = self.pause.filter(|(_, first)| line.since(*first) <= apart::INSIDE) else {
            return false;
        };
        match read(line.body) {
            Some(Said::Pool(mut pool)) => {
                if let Some(pause) = out.gc_events.get(at) {
                    (pool.event.time, pool.event.local_time) = (pause.time, pause.local_time);
                    if pool.event.kind == GcKind::Major && pool.event.is_all_of(pause) {
                        // CMS ran in the foreground: nothing else did.
                        (pool.event.kind, pool.event.pause) = (GcKind::Full, pool.is_one);
                    }
                }
                self.put(*pool, line, out)
            }
            Some(Said::NoPool) => true,
            _ => false,
        }
    }

    /// Takes a line that was claimed.
    pub(super) fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        // Digits at the very end may be missing.
        let body = if line.is_cut() { without_last_word(line.body) } else { line.body };
        let before = out.gc_events.len();
        let (taken, is_whole) = match read(body) {
            Some(Said::Event(said) | Said::Pool(said)) => {
                let is_whole = is_whole(&said, body);
                (self.put(*said, line, out), is_whole)
            }
            Some(Said::NoPool) => return false,
            None => (true, false),
        };
        let event = (out.gc_events.len() > before).then_some(before);
        self.wrapped = (!is_whole && is_begun(line.body)).then(|| Wrapped {
            body: line.body.to_owned(),
            last: line.number,
            above: line.around.logged.as_ref().filter(|logged| logged.is_above(line)).map(|logged| logged.wall),
            event,
            passed: None,
        });
        taken
    }

    /// Takes the rest of a line that was wrapped: what can be read of both together says more than before.
    fn goes_on(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let rest = line.body.trim();
        let begins = |text: &str| {
            text.starts_with(['[', '{', ']', '}', ',']) || text.starts_with(|c: char| c.is_ascii_lowercase())
        };
        let Some(mut wrapped) = self.wrapped.take_if(|wrapped| !rest.is_empty() || line.since(wrapped.last) > 1) else {
            return false;
        };
        let is_other = wrapped.passed.is_some_and(|passed| passed != line.number);
        if is_other || line.since(wrapped.last) > 2 || is_begun(rest) || wrapped.body.len() > MAX_WRAPPED {
            return false;
        }
        if !begins(rest) {
            wrapped.passed = Some(line.number);
            self.wrapped = Some(wrapped);
            return false;
        }
        wrapped.passed = None;
        if !wrapped.body.ends_with(['[', '>', '/', '{']) {
            wrapped.body.push(' ');
        }
        wrapped.body.push_str(rest);
        wrapped.last = line.number;
        match read(&wrapped.body) {
            Some(Said::Event(said)) if said.event.after.is_some() || said.event.name == OVERHEAD => {
                // What was read of its beginning says less.
                if wrapped.event.is_some_and(|at| at + 1 == out.gc_events.len()) {
                    out.gc_events.pop();
                }
                let (at, goes_on) = (out.gc_events.len(), !is_whole(&said, &wrapped.body));
                let stamp = Stamp { wall: line.stamp.wall.or(wrapped.above), ..line.stamp };
                let taken = self.put(*said, &Line { body: &wrapped.body, stamp, ..*line }, out);
                wrapped.event = (out.gc_events.len() > at).then_some(at);
                self.wrapped = Some(wrapped).filter(|_| goes_on);
                taken
            }
            _ => {
                self.wrapped = Some(wrapped);
                true
            }
        }
    }

    fn put(&mut self, said: Collection, line: &Line<'_>, out: &mut Readings) -> bool {
        let Collection { mut event, node, max_heap, collector, .. } = said;
        let place = match self.logs.iter().position(|log| log.node == node) {
            Some(place) => place,
            None if self.logs.len() < MAX_LOGS => {
                self.logs.push(OpenLog { node, index: start_log(STYLE, line, out), kept: 0 });
                self.logs.len() - 1
            }
            None => return false,
        };
        let Some(open) = self.logs.get_mut(place) else { return false };
        if let Some(log) = out.gc_logs.get_mut(open.index) {
            log.last_line = log.last_line.max(line.number);
            if let (None, Some(max)) = (log.max_heap, max_heap) {
                log.max_heap = Some(max);
                log.at.put("max_heap", line.span());
            }
            if let (None, Some(collector)) = (&log.collector, collector) {
                log.collector = Some(collector.to_owned());
                log.at.put("collector", line.span());
            }
        }
        // What was noted of the same second says less.
        let repeats = |known: &GcEvent| {
            event.name == OVERHEAD && event.gc.is_some() && known.gc == event.gc && known.log as usize == open.index
        };
        if out.gc_events.iter().rev().take(4).any(repeats) {
            return true;
        }
        event.log = u32::try_from(open.index).unwrap_or(u32::MAX);
        event.line = line.number;
        let own = line.stamp.wall.filter(|wall| wall.year_known);
        if event.time.is_none() && event.local_time.is_none() {
            set_wall(&mut event, own.or_else(|| logged_time(line.body)));
        }
        if open.kept < MAX_KEPT_LINES {
            open.kept += 1;
            out.keep(line);
        }
        if event.name == PAUSE {
            self.pause = Some((out.gc_events.len(), line.number));
        }
        out.gc_events.push(event);
        true
    }
}

/// Collections that stand below a stop at most.
const POOLS: usize = 4;

/// Without the stops whose collection stands below them, was most of them, and took at least as long: the same told twice.
pub fn once<'a>(events: &[&'a GcEvent]) -> Vec<&'a GcEvent> {
    let moment = |event: &GcEvent| event.time.or(event.local_time);
    let is_told_below = |at: usize, stop: &GcEvent| {
        let is_its = |event: &&&GcEvent| event.log == stop.log && event.name != PAUSE && moment(event) == moment(stop);
        let mut below = events.iter().skip(at + 1).take(POOLS).take_while(is_its);
        stop.name == PAUSE && below.any(|event| event.is_most_of(stop) && event.duration >= stop.duration)
    };
    events.iter().enumerate().filter(|(at, stop)| !is_told_below(*at, stop)).map(|(_, event)| *event).collect()
}

/// What Elasticsearch calls its share of time.
pub const OVERHEAD: &str = "overhead";
/// What Graylog finds too long, whichever collector it was.
pub const REPORTED: &str = "GC";
/// What a pause of the machine or of the JVM is called.
const PAUSE: &str = "Detected pause";

fn read(body: &str) -> Option<Said> {
    // All of them have one of these; a quick no for almost every line.
    static WORDS: LazyLock<[Finder<'static>; 3]> = LazyLock::new(|| ["[gc]", "GC", "JVM"].map(Finder::new));
    if WORDS.iter().all(|word| word.find(body.as_bytes()).is_none()) {
        return None;
    }
    let has = |mark| look::places(body, mark).next();
    if let Some(at) = has("[gc][") {
        return elasticsearch(body.get(..at)?, body.get(at + "[gc]".len()..)?);
    }
    if let Some(at) = has("GCInspector") {
        return cassandra(body.get(at..)?);
    }
    if let Some(at) = has("Detected pause in JVM or host machine") {
        let (_, printed) = body.get(at..)?.split_once("pause of approximately ")?;
        let duration = millis(printed.split_once("ms")?.0)?;
        return Some(Said::Event(Box::new(Collection { event: pause(duration), ..Collection::default() })));
    }
    if let Some(at) = has("Possible too long JVM pause: ") {
        let (_, printed) = body.get(at..)?.split_once(": ")?;
        let duration = millis(printed.split_once(" milliseconds")?.0)?;
        return Some(Said::Event(Box::new(Collection { event: pause(duration), ..Collection::default() })));
    }
    if let Some(at) = has("GC duration: ") {
        // Graylog, which does not say of which collector.
        let (printed, rest) = body.get(at + "GC duration: ".len()..)?.split_once(" ms, GC threshold: ")?;
        rest.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
        let (kind, name, duration) = (GcKind::Other, REPORTED.to_owned(), Some(millis(printed)?));
        let event = GcEvent { kind, name, duration, ..GcEvent::default() };
        return Some(Said::Event(Box::new(Collection { event, ..Collection::default() })));
    }
    if let Some(at) = has("GC pool '") {
        let (pool, rest) = body.get(at + "GC pool '".len()..)?.split_once('\'')?;
        let (count, time) = rest.strip_prefix(" had collection(s): count=")?.split_once(" time=")?;
        let (kind, collector) = bean(pool)?;
        let event = GcEvent {
            kind,
            name: pool.to_owned(),
            duration: Some(millis(time.trim_end().strip_suffix("ms")?)?),
            pause: count == "1" && matches!(kind, GcKind::Young | GcKind::Full | GcKind::ConcurrentPause),
            ..GcEvent::default()
        };
        let is_one = count == "1";
        return Some(Said::Pool(Box::new(Collection { event, collector, is_one, ..Collection::default() })));
    }
    (body.trim_end().ends_with("No GCs detected")).then_some(Said::NoPool)
}

/// A pause of the JVM or of the machine.
fn pause(duration: Micros) -> GcEvent {
    GcEvent { kind: GcKind::Other, name: PAUSE.to_owned(), duration: Some(duration), pause: true, ..GcEvent::default() }
}

/// Kind and collector by the name that a JVM gives its collection.
fn bean(name: &str) -> Option<(GcKind, Option<&'static str>)> {
    Some(match name {
        "ParNew" => (GcKind::Young, Some("CMS")),
        "ConcurrentMarkSweep" => (GcKind::Major, Some("CMS")),
        "PS Scavenge" => (GcKind::Young, Some("Parallel")),
        "PS MarkSweep" => (GcKind::Full, Some("Parallel")),
        "Copy" => (GcKind::Young, Some("Serial")),
        "MarkSweepCompact" => (GcKind::Full, Some("Serial")),
        "G1 Young Generation" => (GcKind::Young, Some("G1")),
        "G1 Old Generation" => (GcKind::Full, Some("G1")),
        "G1 Concurrent GC" => (GcKind::ConcurrentPause, Some("G1")),
        "ZGC" | "ZGC Cycles" | "ZGC Major Cycles" => (GcKind::Concurrent, Some("ZGC")),
        "ZGC Pauses" | "ZGC Major Pauses" | "ZGC Minor Pauses" => (GcKind::ConcurrentPause, Some("ZGC")),
        "Shenandoah Cycles" => (GcKind::Concurrent, Some("Shenandoah")),
        "Shenandoah Pauses" => (GcKind::ConcurrentPause, Some("Shenandoah")),
        // Elasticsearch's own words.
        "young" => (GcKind::Young, None),
        "old" => (GcKind::Major, None),
        _ => return None,
    })
}

/// `GCInspector.java:258 - ParNew GC in 234ms.  CMS Old Gen: 1 -> 2; …`, and the older `GC for ParNew: 1234 ms for 1
/// collections, 5 used; max is 8`.
fn cassandra(text: &str) -> Option<Said> {
    let mut said = Collection::default();
    let event = &mut said.event;
    if let Some((_, rest)) = text.split_once("GC for ") {
        let (name, rest) = rest.split_once(": ")?;
        let (kind, collector) = bean(name)?;
        let (duration, rest) = rest.split_once(" ms for ")?;
        let (count, rest) = rest.split_once(" collections, ")?;
        let (used, rest) = rest.split_once(" used")?;
        event.after = Some(Bytes(used.parse().ok()?));
        event.duration = Some(millis(duration)?);
        said.max_heap = rest.split_once("max is ").and_then(|(_, max)| max.trim().parse().ok()).map(Bytes);
        (event.kind, event.name, said.collector) = (kind, name.to_owned(), collector);
        event.pause = count == "1" && matches!(kind, GcKind::Young | GcKind::Full);
        return Some(Said::Event(Box::new(said)));
    }
    let (before, rest) = text.split_once(" GC in ")?;
    let name = before.rsplit([']', ')', '-', ':']).next()?.trim();
    let (kind, collector) = bean(name)?;
    let (duration, pools) = rest.split_once("ms.")?;
    (event.kind, event.name, said.collector) = (kind, name.to_owned(), collector);
    event.duration = Some(millis(duration)?);
    event.pause = matches!(kind, GcKind::Young | GcKind::Full | GcKind::ConcurrentPause);
    let mut heap = [None; 3];
    for pool in pools.split(';') {
        let Some((pool, change)) = pool.rsplit_once(": ") else { continue };
        let Some((before, after)) = change.split_once(" -> ") else { continue };
        let (Ok(before), Ok(after)) = (before.trim().parse(), after.trim().parse()) else { continue };
        let part = put_pool(event, pool.trim(), Bytes(before), Bytes(after));
        if let Some(slot) = part.and_then(|part| heap.get_mut(part)) {
            *slot = Some((Bytes(before), Bytes(after)));
        }
    }
    if let [Some(eden), Some(survivor), Some(old)] = heap {
        event.before = Some(eden.0.plus(survivor.0).plus(old.0));
        event.after = Some(eden.1.plus(survivor.1).plus(old.1));
    }
    Some(Said::Event(Box::new(said)))
}

/// The place of the old generation among the parts of the heap.
const OLD: usize = 2;

/// Notes a pool's figures. Which part of the heap it is: eden, survivors, old.
fn put_pool(event: &mut GcEvent, pool: &str, before: Bytes, after: Bytes) -> Option<usize> {
    let (name, place) = match pool {
        "young" | "Eden Space" | "Par Eden Space" | "PS Eden Space" | "G1 Eden Space" => ("eden", Some(0)),
        "survivor" | "Survivor Space" | "Par Survivor Space" | "PS Survivor Space" | "G1 Survivor Space" => {
            ("survivor", Some(1))
        }
        "old" | "CMS Old Gen" | "PS Old Gen" | "G1 Old Gen" | "Tenured Gen" => ("old", Some(OLD)),
        "Metaspace" => {
            event.figures.insert("metaspace_used".to_owned(), after);
            return None;
        }
        "CMS Perm Gen" | "PS Perm Gen" | "G1 Perm Gen" | "Perm Gen" => {
            event.figures.insert("perm_used".to_owned(), after);
            return None;
        }
        _ => return None,
    };
    event.figures.insert(format!("{name}_before"), before);
    event.figures.insert(format!("{name}_after"), after);
    place
}

/// `[young][5332][98] duration [726ms], collections [1]/[1s], …, memory […]->[…]/[…], all_pools {…}`, and `[5332] overhead,
/// spent [726ms] collecting in the last [1s]`.
fn elasticsearch(before: &str, text: &str) -> Option<Said> {
    let node = before.trim_end().strip_suffix(']').and_then(|before| Some(before.rsplit_once('[')?.1));
    let mut said = Collection { node: node.unwrap_or_default().to_owned(), ..Collection::default() };
    let event = &mut said.event;
    if let Some((sequence, rest)) = text.split_once("] overhead, spent ") {
        let (spent, rest) = bracket(rest)?;
        event.gc = Some(sequence.strip_prefix('[')?.parse().ok()?);
        event.duration = Some(time(spent)?);
        let (of, _) = bracket(rest.split_once("in the last ")?.1)?;
        event.window = Some(time(of)?);
        (event.kind, event.name) = (GcKind::Other, OVERHEAD.to_owned());
        return Some(Said::Event(Box::new(said)));
    }
    let (name, rest) = bracket(text)?;
    let (kind, collector) = bean(name)?;
    let (sequence, rest) = bracket(rest)?;
    // Some versions, and people who type it off, leave blanks out.
    let (duration, rest) = bracket(rest.split_once("duration")?.1.trim_start())?;
    let (count, rest) = bracket(rest.split_once("collections")?.1.trim_start())?;
    event.window = rest.strip_prefix('/').and_then(bracket).and_then(|(of, _)| time(of));
    (event.kind, event.name, said.collector) = (kind, name.to_owned(), collector);
    event.gc = sequence.parse().ok();
    event.duration = Some(time(duration)?);
    // Who looks every second looked late: the application stood still. Of G1, whose young generation has no size of its own, the old GCs
    // are full ones; what it does beside the application is another's bean.
    let stood_still = event.window.zip(event.duration).is_some_and(|(window, spent)| {
        window.0 >= 2_000_000 && spent <= window && spent.0.saturating_mul(10) >= window.0.saturating_mul(7)
    });
    if kind == GcKind::Major && (stood_still || is_of_g1(rest)) {
        event.kind = GcKind::Full;
    }
    event.pause = count == "1" && event.kind != GcKind::Major;
    if let Some((_, rest)) = rest.split_once("memory")
        && let Some((before, after, max)) = change(rest.trim_start())
    {
        (event.before, event.after) = (Some(before), Some(after));
        said.max_heap = Some(max);
    }
    for pool in rest.split('{').skip(1) {
        if let Some((name, rest)) = bracket(pool)
            && let Some((before, after, room)) = change(rest.trim_start())
            && put_pool(event, name, before, after) == Some(OLD)
        {
            event.figures.insert("old_committed".to_owned(), room);
        }
    }
    Some(Said::Event(Box::new(said)))
}

/// True for pools of which the young one has no maximum.
fn is_of_g1(pools: &str) -> bool {
    let young = pools.split('{').find_map(|pool| change(pool.strip_prefix("[young]")?.trim_start()));
    young.is_some_and(|(.., max)| max.0 == 0)
}

/// `[459.3mb]->[384.4mb]/[1007.3mb]`.
fn change(text: &str) -> Option<(Bytes, Bytes, Bytes)> {
    let (before, rest) = bracket(text)?;
    let (after, rest) = bracket(rest.strip_prefix("->")?)?;
    let (max, _) = bracket(rest.strip_prefix('/')?)?;
    Some((with_unit(before)?, with_unit(after)?, with_unit(max)?))
}

fn bracket(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('[')?.split_once(']')
}

/// `726ms`, `1.2s`, `5.2m`, `1.5h`.
fn time(text: &str) -> Option<Micros> {
    if let Some(text) = text.strip_suffix("ms") {
        return millis(text);
    }
    let (digits, factor) = match text.as_bytes().last()? {
        b's' => (text.strip_suffix('s')?, 1),
        b'm' => (text.strip_suffix('m')?, 60),
        b'h' => (text.strip_suffix('h')?, 3600),
        _ => return None,
    };
    seconds(digits)?.0.checked_mul(factor).map(Micros)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn run(text: &str) -> Readings {
        crate::formats::read_alone(&super::super::FORMAT, text)
    }

    #[test]
    fn a_line_of_elasticsearch_that_was_wrapped_or_typed_off_is_read() {
        let whole = "[2023-04-01T10:12:20,345][WARN ][o.e.m.j.JvmGcMonitorService] [es-1] [gc][old][123470][13] duration [28.1s], \
                     collections [1]/[28.9s], total [28.1s]/[4.6m], memory [30.9gb]->[30.4gb]/[31gb], all_pools {[old] [29.9gb]->[30.4gb]/[31gb]}";
        let expected = run(whole).gc_events;
        assert_eq!(expected.iter().map(|event| event.after).collect::<Vec<_>>(), [with_unit("30.4gb")]);
        for (from, to) in [
            ("collections [", "collections["),
            ("duration [", "duration\n["),
            (" collections", "\ncollections"),
            ("memory [", "memory\n["),
            (
                ", collections [1]/[28.9s], total [28.1s]/[4.6m], memory [30.9gb]->[30.4gb]/[31gb], all_pools",
                ", \n\ncollections [1]/[28.9s], total [28.1s]/[4.6m], memory [30.9gb]->[30.4gb]/[31gb],\n\nall_pools",
            ),
            ("]->[30.4gb]/[31gb], all", "]->\n[30.4gb]/[31gb], all"),
        ] {
            let out = run(&whole.replace(from, to));
            let known = |events: &[GcEvent]| {
                events.iter().map(|e| (e.duration, e.before, e.after, e.local_time)).collect::<Vec<_>>()
            };
            assert_eq!(known(&out.gc_events), known(&expected), "{to}");
            assert_eq!(out.gc_logs.iter().map(|log| log.max_heap).collect::<Vec<_>>(), [with_unit("31gb")], "{to}");
        }
        let share = "[2023-04-01T10:11:50,345][WARN ][o.e.m.j.JvmGcMonitorService] [es-1] [gc][123461]\n\
                     overhead, spent [25.4s] collecting in the last [25.9s]\nand then it went on\n";
        let share = run(share);
        assert_eq!(share.gc_events.iter().map(|event| event.duration).collect::<Vec<_>>(), [time("25.4s")]);
    }

    #[test]
    fn cassandra_prints_bytes_and_leaves_out_what_did_not_change() {
        let out = run(
            "INFO  [Service Thread] 2016-05-09 18:55:54,123 GCInspector.java:258 - ParNew GC in 234ms.  CMS Old Gen: 100 -> 300; Par Eden Space: 671088640 -> 0; Par Survivor Space: 0 -> 83886080\n\
             WARN  [Service Thread] 2016-05-09 18:56:54,123 GCInspector.java:256 - ConcurrentMarkSweep GC in 5234ms.  CMS Old Gen: 8234567000 -> 2345678000; Metaspace: 5 -> 6; \n\
             \u{20}INFO [ScheduledTasks:1] 2013-05-09 18:56:54,123 GCInspector.java (line 122) GC for ParNew: 1234 ms for 1 collections, 5123456789 used; max is 8126464000",
        );
        let [young, old, before_2] = out.gc_events.as_slice() else { panic!("three events") };
        assert_eq!((young.kind, young.duration, young.pause), (GcKind::Young, Some(Micros(234_000)), true));
        assert_eq!((young.before, young.after), (Some(Bytes(671_088_740)), Some(Bytes(83_886_380))));
        assert_eq!(
            (old.kind, old.before, old.figures.get("old_after")),
            (GcKind::Major, None, Some(&Bytes(2_345_678_000)))
        );
        assert_eq!(old.figures.get("metaspace_used"), Some(&Bytes(6)));
        assert_eq!((before_2.after, before_2.duration), (Some(Bytes(5_123_456_789)), Some(Micros(1_234_000))));
        assert!(young.local_time.is_some() && young.time.is_none());
        assert_eq!((out.gc_logs.len(), out.gc_logs[0].max_heap), (1, Some(Bytes(8_126_464_000))));
        assert_eq!(out.gc_logs[0].collector.as_deref(), Some("CMS"));
    }

    #[test]
    fn elasticsearch_prints_binary_units_and_several_nodes() {
        let out = run(
            "[2019-01-11T17:18:55,167][INFO ][o.e.m.j.JvmGcMonitorService] [a] [gc][young][5332][98] duration [726ms], collections [1]/[1s], total [726ms]/[9.5s], memory [459.3mb]->[384.4mb]/[1007.3mb], all_pools {[young] [107.6mb]->[16.2mb]/[133.1mb]}{[survivor] [16.6mb]->[16.6mb]/[16.6mb]}{[old] [335mb]->[351.5mb]/[857.6mb]}\n\
             [2019-01-11T17:18:55,170][WARN ][o.e.m.j.JvmGcMonitorService] [a] [gc][5332] overhead, spent [726ms] collecting in the last [1s]\n\
             [2019-01-11T17:18:56,170][WARN ][o.e.m.j.JvmGcMonitorService] [a] [gc][5333] overhead, spent [1.2m] collecting in the last [1.3m]\n\
             [2019-01-11T17:18:57,167][WARN ][o.e.m.j.JvmGcMonitorService] [b] [gc][old][125][7] duration [11.2s], collections [2]/[12s], total [11.2s]/[33.4s], memory [3.9gb]->[3.8gb]/[4gb], all_pools {[young] [266.2mb]->[0b]/[266.2mb]}",
        );
        let read: Vec<_> = out
            .gc_events
            .iter()
            .map(|event| (event.log, event.kind, event.duration.map(|time| time.0), event.pause))
            .collect();
        assert_eq!(
            read,
            [
                (0, GcKind::Young, Some(726_000), true),
                (0, GcKind::Other, Some(72_000_000), false),
                (1, GcKind::Full, Some(11_200_000), false)
            ]
        );
        assert_eq!(out.gc_events[0].before, Some(Bytes(481_610_957)));
        assert_eq!(out.gc_events[0].figures.get("old_before"), Some(&Bytes(335 << 20)));
        assert_eq!(out.gc_logs[1].max_heap, Some(Bytes(4 << 30)));
        let old = out.gc_events[0].figures.get("old_committed");
        assert!(old.is_some_and(|old| old.0 >> 20 == 857), "{old:?}");
    }

    #[test]
    fn a_pause_and_the_collections_in_it_are_events_of_one_time() {
        let out = run(
            "2019-11-05 10:07:27,123 INFO  [JvmPauseMonitor] util.JvmPauseMonitor: Detected pause in JVM or host machine (eg GC): pause of approximately 2345ms\n\
             GC pool 'G1 Young Generation' had collection(s): count=1 time=100ms\n\
             GC pool 'G1 Old Generation' had collection(s): count=2 time=2245ms\n\
             2019-11-05 10:09:27,123 WARN  [JvmPauseMonitor] util.JvmPauseMonitor: Detected pause in JVM or host machine (eg GC): pause of approximately 11213ms\n\
             No GCs detected",
        );
        let read: Vec<_> = out
            .gc_events
            .iter()
            .map(|event| (event.kind, event.duration.map(|time| time.0 / 1000), event.pause))
            .collect();
        assert_eq!(
            read,
            [
                (GcKind::Other, Some(2345), true),
                (GcKind::Young, Some(100), true),
                (GcKind::Full, Some(2245), false),
                (GcKind::Other, Some(11213), true)
            ]
        );
        assert_eq!(out.gc_events[2].local_time, out.gc_events[0].local_time);
        assert_eq!((out.gc_logs[0].collector.as_deref(), out.gc_logs[0].last_line), (Some("G1"), 4));
    }

    #[test]
    fn ignite_tells_of_pauses_as_well() {
        let out = run(
            "[2020-01-01 00:00:00,000][WARN ][jvm-pause-detector-worker][IgniteKernal] Possible too long JVM pause: 1234 milliseconds.",
        );
        let pause = &out.gc_events[0];
        assert_eq!((pause.kind, pause.duration, pause.pause), (GcKind::Other, Some(Micros(1_234_000)), true));
        assert!(pause.local_time.is_some());
    }

    #[test]
    fn other_words_are_left_alone() {
        for body in [
            "[gc][young] is what we call it",
            "GCInspector.java says nothing",
            "GC pool 'x' had collection(s): count=1",
            "No GCs detected here",
            "[gc][5301] overhead, spent [361ms",
        ] {
            assert_eq!(claim(body), Claim::None, "{body}");
        }
    }
}
