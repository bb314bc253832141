//! What stands around the evidence that leads: the line of a log that says why, and what else ended in the same input.

use super::Case;
use super::lead::What;
use super::witness::{event_at, limit_at_kill, limit_of};
use crate::analysis::addressee::Vendor;
use crate::analysis::sizing::default_heap;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::java::JavaError;
use crate::model::joining::BESIDE;
use crate::model::kind::EventKind;
use crate::model::oom::{Event, OomKill, OomScope, Victim};
use crate::model::prose::SaidOf;
use crate::source::Span;
use crate::units::{Bytes, Micros};

/// Lines below an error among which the end of its own process stands.
const OWN: u32 = 60;
/// Later than this it is the end of another one.
const LATER: Micros = Micros(600_000_000);

/// What the log says right above or below of why it came, in its own words where they are at hand.
pub(super) fn beside(case: &Case<'_>) -> Option<Statement> {
    let at = match case.lead.what {
        What::Error(error) => error.at.get(BESIDE),
        What::Event(event) => event.at.get(BESIDE),
        _ => None,
    }?;
    let line = Quantity::Number(u64::from(at.line));
    Some(match quoted(case, at) {
        Some(words) => Statement::new("verdict.lede.beside").with("line", line, Some(at)).with(
            "quote",
            Quantity::Word(words),
            Some(at),
        ),
        None => Statement::new("verdict.lede.beside.line").with("line", line, Some(at)),
    })
}

/// The limit that only words state of a container that was killed at its limit, beside the heap that it was to hold.
pub(super) fn stated_limit(case: &Case<'_>, event: &Event) -> Option<Statement> {
    let is_killed = event.kind.is_oomkilled() || event.kind == EventKind::ContainerOom;
    let limit = case.incident.stated("stated_limit").filter(|_| is_killed && limit_of(case, event).is_none())?;
    let heap = case.lead.run.and_then(|run| case.incident.max_heap(run));
    let rest = heap.and_then(|heap| limit.bytes.0.checked_sub(heap.bytes.0).map(|rest| (heap, Bytes(rest))));
    let key = if rest.is_some() { "verdict.lede.stated-limit.heap" } else { "verdict.lede.stated-limit" };
    let statement = Statement::new(key).with("limit", Quantity::Size(limit.bytes), limit.at);
    Some(match rest {
        Some((heap, rest)) => {
            statement.with("heap", Quantity::Size(heap.bytes), heap.at).with("rest", Quantity::Size(rest), None)
        }
        None => statement,
    })
}

/// What the words say a container's JVM has resident, where that is far below the limit that it was killed for: something else fills it.
pub(super) fn beyond_resident(case: &Case<'_>) -> Option<Statement> {
    let What::Event(event) = case.lead.what else { return None };
    let stated = |name| case.incident.stated(name).filter(|_| event.told && event.kind.is_oomkilled());
    let (limit, rss) = (stated("stated_limit")?, stated("stated_resident")?);
    let rest = limit.bytes.0.checked_sub(rss.bytes.0).filter(|rest| is_share(*rest, limit.bytes, BEYOND))?;
    let statement = Statement::new("verdict.lede.beyond-resident").with("rss", Quantity::Size(rss.bytes), rss.at);
    Some(statement.with("rest", Quantity::Size(Bytes(rest)), None))
}

/// That a victim that held far less than its heap may take was killed for a limit that is lower than was believed.
pub(super) fn limit_below_heap(case: &Case<'_>, kill: &OomKill, victim: &Victim) -> Option<Statement> {
    let is_unknown = limit_at_kill(case, kill).is_none() && victim.swapped(kill).is_none();
    let known = || case.lead.run.and_then(|run| case.incident.max_heap(run));
    let stated = || case.incident.stated("stated_heap_max").filter(|_| case.incident.jvms() <= 1);
    let heap = known().or_else(stated).filter(|_| kill.scope == OomScope::Cgroup && is_unknown)?;
    (victim.resident()?.0 < heap.bytes.0 / 2)
        .then(|| Statement::new("verdict.lede.limit-below-heap").with("heap", Quantity::Size(heap.bytes), heap.at))
}

/// Hundredths of a limit that a JVM leaves to others: page cache, the kernel, and shared memory.
const BEYOND: u64 = 15;
/// Hundredths of all memory that leave a heap little room to grow, …
const MOST: u64 = 60;
/// … and those with which something else would have failed before the heap.
const ALL: u64 = 95;

fn is_share(part: u64, of: Bytes, hundredths: u64) -> bool {
    u128::from(part) * 100 >= u128::from(of.0) * u128::from(hundredths)
}

/// What the words say there is for a heap that was full: that it has most of it already, or what a JVM takes of a limit by itself.
pub(super) fn stated_room(case: &Case<'_>, error: &JavaError) -> Option<Statement> {
    let incident = case.incident;
    let stated = |name| incident.stated(name).filter(|_| error.kind.is_of_heap() && incident.jvms() <= 1);
    let limit = stated("stated_limit");
    let all = limit.or_else(|| stated("stated_ram"))?;
    let heap = case.lead.run.and_then(|run| incident.max_heap(run)).or_else(|| stated("stated_heap_max"));
    let Some(heap) = heap else {
        limit.filter(|_| case.addressee.vendor == Vendor::HotSpot)?;
        let statement =
            Statement::new("verdict.lede.default-of-limit").with("limit", Quantity::Size(all.bytes), all.at);
        return Some(statement.with("heap", Quantity::Size(default_heap(all.bytes)), None));
    };
    let is_most = is_share(heap.bytes.0, all.bytes, MOST) && !is_share(heap.bytes.0, all.bytes, ALL);
    is_most.then(|| {
        Statement::new("verdict.lede.little-room").with("heap", Quantity::Size(heap.bytes), heap.at).with(
            "all",
            Quantity::Size(all.bytes),
            all.at,
        )
    })
}

/// The limit that was set after a container was killed.
pub(super) fn limit_after(case: &Case<'_>, event: &Event) -> Option<Statement> {
    let is_killed = event.kind.is_oomkilled() || event.kind == EventKind::ContainerOom;
    let host = case
        .incident
        .readings
        .host
        .iter()
        .filter(|_| is_killed)
        .rfind(|host| host.sizes.contains_key("limit_after"))?;
    let at = host.at.get("limit_after");
    let statement =
        Statement::new("verdict.lede.limit-after").with("limit", Quantity::Size(*host.sizes.get("limit_after")?), at);
    Some(statement.with("line", Quantity::Number(u64::from(at.map_or(host.first_line, |at| at.line))), at))
}

/// A line in its own words, where they are at hand: of what redaction leaves nothing can be read.
fn quoted(case: &Case<'_>, at: Span) -> Option<String> {
    let is_whole = |text: &&String| text.matches('…').count() <= 1;
    let text = case.incident.readings.excerpts.get(&(at.source, at.line)).filter(is_whole)?;
    Some(quote(text)).filter(|text| !text.is_empty())
}

/// The last other end that the input reports beside an error.
pub(super) fn other_end(case: &Case<'_>) -> Option<Statement> {
    let What::Error(error) = case.lead.what else { return None };
    let ends = |event: &&Event| {
        let is_end = event.kind.ends_process() && !matches!(event.kind, EventKind::CrashLoop | EventKind::Exit0);
        !event.told && (is_end || event.kind == EventKind::ForkRefused)
    };
    let events = case.incident.readings.events.iter().rev().filter(ends);
    let event = events.into_iter().find(|event| !is_own(case, error, event))?;
    let at = Some(event_at(event));
    let key = if event.name.is_some() { "verdict.lede.other-end.name" } else { "verdict.lede.other-end" };
    let statement = Statement::new(key).with("event", Quantity::Term(event.kind.key().to_owned()), at).with(
        "line",
        Quantity::Number(u64::from(event.first_line)),
        at,
    );
    Some(match &event.name {
        Some(name) => statement.with("name", Quantity::Word(name.clone()), event.at.get("name").or(at)),
        None => statement,
    })
}

/// True if an end may be that of the process that reported the error.
fn is_own(case: &Case<'_>, error: &JavaError, event: &Event) -> bool {
    let run = case.incident.run_of_event(event);
    let time = |time: Option<Micros>, local: Option<Micros>| time.or(local);
    let apart = time(event.time, event.local_time)
        .zip(time(error.time, error.local_time))
        .is_some_and(|(end, error)| end.minus(error).0.abs() > LATER.0);
    let below = event.first_line.checked_sub(error.last_line);
    let is_below = event.source == error.source && below.is_some_and(|lines| lines <= OWN);
    // A start of its own is told with the other starts.
    run.is_some() && run == case.lead.run || is_below && !apart
}

/// That the same error stands in the input more than once, as that of another process or of another time.
pub(super) fn again(case: &Case<'_>) -> Option<Statement> {
    let What::Error(lead) = case.lead.what else { return None };
    let same = |error: &&JavaError| !error.told && error.kind == lead.kind && error.quoted() == lead.quoted();
    let mut others = case.incident.readings.java_errors.iter().filter(same);
    let first = others.next()?;
    let count = 1 + others.count() as u64;
    let at = super::witness::error_at(first);
    (count > 1).then(|| {
        Statement::new("verdict.lede.again").with("count", Quantity::Count(count), Some(at)).with(
            "line",
            Quantity::Number(u64::from(at.line)),
            Some(at),
        )
    })
}

/// Characters of a sentence that are quoted.
const QUOTED: usize = 240;

/// The cause that the writer gives, else what helped: in the writer's own words, where they are at hand.
pub(super) fn stated(case: &Case<'_>) -> Option<Statement> {
    let said = |of: SaidOf| case.incident.said(of).last();
    let (key, named, at) = match (said(SaidOf::Cause), said(SaidOf::Remedy)) {
        (Some(at), _) => ("verdict.lede.stated-cause", "verdict.lede.stated-cause.line", at),
        (None, Some(at)) => ("verdict.lede.stated-remedy", "verdict.lede.stated-remedy.line", at),
        (None, None) => return None,
    };
    let line = Quantity::Number(u64::from(at.line));
    Some(match quoted(case, at) {
        Some(text) => Statement::new(key).with("line", line, Some(at)).with("quote", Quantity::Word(text), Some(at)),
        None => Statement::new(named).with("line", line, Some(at)),
    })
}

/// A sentence without the marks of Markdown around it or what a logger puts before it, and no more of it than is read at a glance.
fn quote(text: &str) -> String {
    let is_logged = text.starts_with(|c: char| c.is_ascii_digit() || c == '[');
    let text = text.split_once(" - ").filter(|_| is_logged).map_or(text, |(_, words)| words);
    let text = text.trim_start_matches(['#', '*', '>', '-', ' ']).trim_end_matches(['*', ' ']);
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
