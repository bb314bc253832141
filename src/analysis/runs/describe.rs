//! What the readings of a run tell about its process: options, collector, maximum heap, JDK.

use super::{Kind, OpenRun};
use crate::model::jstat::{Cells, JstatTable};
use crate::model::kind::Witness;
use crate::model::nmt::NmtSnapshot;
use crate::model::readings::Readings;
use crate::source::Span;
use crate::units::Bytes;

/// Fills in what the members tell about the process.
pub(super) fn describe(open: &mut OpenRun, readings: &Readings) {
    let run = &mut open.run;
    for member in &open.members {
        match member.kind {
            Kind::Victim(at, nth) => {
                if let Some(victim) = readings.oom_kills.get(at).and_then(|kill| kill.victims.get(nth)) {
                    run.killed = true;
                    run.name.get_or_insert_with(|| victim.name.clone());
                    if let Some(span) = victim.at.get("name") {
                        run.at.put("name", span);
                    }
                }
            }
            Kind::Host(at) => {
                if let Some(host) = readings.host.get(at) {
                    let new: Vec<String> =
                        host.flags.iter().filter(|flag| !run.flags.contains(flag)).cloned().collect();
                    // What was only written down comes first, since the last of a kind counts.
                    let at = if host.kind.witness() == Witness::Written { 0 } else { run.flags.len() };
                    run.flags.splice(at..at, new);
                    if run.jdk.is_none() {
                        run.jdk = host.words.get("jdk").cloned();
                    }
                }
            }
            Kind::GcLog(at) => {
                if let Some(log) = readings.gc_logs.get(at) {
                    run.flags
                        .extend(log.flags.iter().filter(|flag| !run.flags.contains(flag)).cloned().collect::<Vec<_>>());
                    if log.jdk.is_some() {
                        run.jdk = log.jdk.clone();
                    }
                }
            }
            _ => {}
        }
    }
    describe_collector(open, readings);
    describe_max_heap(open, readings);
    let run = &mut open.run;
    if run.jdk.is_none() {
        let told = open.members.iter().find_map(|member| match member.kind {
            Kind::Nmt(at) => readings.nmt.get(at).and_then(|snapshot| snapshot.jdk.clone()),
            _ => None,
        });
        let told = told.or_else(|| {
            open.members.iter().find_map(|member| match member.kind {
                Kind::Jstat(at) => readings.jstat.get(at).and_then(|table| table.generation.clone()),
                _ => None,
            })
        });
        run.jdk = told;
    }
}

/// `ZGC` may be the generational one: heaps and options do not tell.
pub(super) fn same_collector(a: &str, b: &str) -> bool {
    a == b || (a.ends_with("ZGC") && b.ends_with("ZGC"))
}

/// Flags beat the GC log's banner, the banner beats what the counters look like. What only says ZGC gives way to what says
/// that it is the generational one.
fn describe_collector(open: &mut OpenRun, readings: &Readings) {
    let told = told_collectors(open, readings);
    let precise = told.iter().find(|(name, _)| name == "generational ZGC");
    let first = told.first().map(|first| if first.0 == "ZGC" { precise.unwrap_or(first) } else { first });
    if let Some((collector, reason)) = first {
        open.run.collector = Some(collector.clone());
        open.run.collector_reason = Some(reason.clone()).filter(|reason| !reason.is_empty());
    }
}

/// All that names a collector, the surest first, with its reason.
fn told_collectors(open: &OpenRun, readings: &Readings) -> Vec<(String, String)> {
    let run = &open.run;
    let mut found = Vec::new();
    let by_flag = run.flags.iter().rev().find_map(|flag| {
        Some(match flag.strip_prefix("-XX:+Use")? {
            "G1GC" => "G1",
            "SerialGC" => "Serial",
            "ParallelGC" | "ParallelOldGC" => "Parallel",
            "ConcMarkSweepGC" => "CMS",
            "ZGC" => "ZGC",
            "ShenandoahGC" => "Shenandoah",
            _ => return None,
        })
    });
    found.extend(by_flag.map(|collector| (collector.to_owned(), "collector.flag".to_owned())));
    for member in &open.members {
        found.extend(match member.kind {
            Kind::GcLog(at) => readings.gc_logs.get(at).and_then(|log| {
                let reason = if log.style == "hs-err" { "collector.hs-err" } else { "collector.gc-log" };
                Some((log.collector.clone()?, reason.to_owned()))
            }),
            Kind::Host(at) => readings.host.get(at).and_then(|host| {
                let reason =
                    if host.kind.witness() == Witness::File { "collector.hs-err" } else { "collector.heap-info" };
                Some((host.words.get("collector")?.clone(), reason.to_owned()))
            }),
            _ => None,
        });
    }
    for member in &open.members {
        if let Kind::Jstat(at) = member.kind
            && let Some(table) = readings.jstat.get(at)
            && let Some(collector) = &table.collector
        {
            found.push((collector.clone(), table.collector_reason.clone().unwrap_or_default()));
        }
    }
    found
}

/// Flags, GC log, capacity table, NMT reservation, in this order.
fn describe_max_heap(open: &mut OpenRun, readings: &Readings) {
    let collector = open.run.collector.clone();
    let mut found: Option<(u8, Bytes, &'static str, Option<Span>)> = None;
    let mut offer = |rank: u8, bytes: Option<Bytes>, reason: &'static str, span: Option<Span>| {
        if let Some(bytes) = bytes
            && found.is_none_or(|(known, ..)| rank < known)
        {
            found = Some((rank, bytes, reason, span));
        }
    };
    for member in &open.members {
        match member.kind {
            Kind::Host(at) => {
                if let Some(host) = readings.host.get(at) {
                    let (rank, reason) = match host.kind.witness() {
                        Witness::Heap => (2, "max-heap.heap-info"),
                        Witness::File => (1, "max-heap.hs-err"),
                        Witness::Written => (5, "max-heap.options"),
                        Witness::Options => (0, "max-heap.flags"),
                    };
                    offer(rank, host.sizes.get("heap_max").copied(), reason, host.at.get("heap_max"));
                }
            }
            Kind::GcLog(at) => {
                if let Some(log) = readings.gc_logs.get(at) {
                    let reason = if log.style == "hs-err" { "max-heap.hs-err" } else { "max-heap.gc-log" };
                    offer(1, log.max_heap, reason, log.at.get("max_heap"));
                }
            }
            Kind::Jstat(at) => {
                if let Some(table) = readings.jstat.get(at) {
                    let span =
                        table.lines.first().map(|line| Span { source: table.source, line: *line, start: 0, end: 0 });
                    offer(3, capacity_maximum(table, collector.as_deref()), "max-heap.gccapacity", span);
                }
            }
            Kind::Nmt(at) => {
                // ZGC reserves several times the maximum: address space, which shows by a machine that has nothing like it.
                let zgc = collector.as_deref().is_some_and(|name| name.contains("ZGC"));
                // Of a report in GB a half is lost on either side.
                let is_exact = |snapshot: &&NmtSnapshot| snapshot.scale < Bytes(1 << 30);
                if let Some(heap) = readings
                    .nmt
                    .get(at)
                    .filter(|_| !zgc)
                    .filter(is_exact)
                    .filter(|snapshot| !is_address_space(snapshot, readings))
                    .and_then(|snapshot| snapshot.categories.iter().find(|category| category.name == "Java Heap"))
                {
                    offer(4, heap.reserved, "max-heap.nmt", heap.at.get("reserved"));
                }
            }
            _ => {}
        }
    }
    if let Some((_, bytes, reason, span)) = found {
        open.run.max_heap = Some(bytes);
        open.run.max_heap_reason = Some(reason.to_owned());
        if let Some(span) = span {
            open.run.at.put("max_heap", span);
        }
    }
}

/// A reservation so many times what a machine has is no maximum that anybody set.
const TIMES: u64 = 4;
/// Without a machine in the text, neither is one of this size of which next to nothing is committed.
const HUGE: Bytes = Bytes(1 << 40);

/// True if the reservation of the heap is address space only.
fn is_address_space(snapshot: &NmtSnapshot, readings: &Readings) -> bool {
    let heap = snapshot.categories.iter().find(|category| category.name == "Java Heap");
    let Some((reserved, committed)) = heap.and_then(|heap| Some((heap.reserved?, heap.committed?))) else {
        return false;
    };
    match memory(readings) {
        Some(memory) => reserved.0 / TIMES >= memory.0 && committed < memory,
        None => reserved >= HUGE && committed.0 < reserved.0 / 16,
    }
}

/// The largest memory of a machine that a text names.
fn memory(readings: &Readings) -> Option<Bytes> {
    let machines = readings.host.iter().filter(|host| host.kind.tells_machine());
    let read = machines.filter_map(|host| host.sizes.get("mem_total").copied());
    read.chain(readings.oom_kills.iter().filter_map(|kill| kill.ram)).max()
}

/// The maximum heap of a `-gccapacity` table. In G1 and ZGC both maxima are the whole heap and are not added; in
/// Serial, Parallel, and CMS they are its two parts. Unknown collectors with equal maxima give no answer.
fn capacity_maximum(table: &JstatTable, collector: Option<&str>) -> Option<Bytes> {
    let last = table.rows.checked_sub(1)?;
    let kib_tenths = |name: &str| match &table.column(name)?.cells {
        Cells::Fixed { decimals: 1, values } => {
            values.get(last).filter(|value| *value >= 0).and_then(|value| u64::try_from(value).ok())
        }
        _ => None,
    };
    let old = kib_tenths("OGCMX")?;
    let is_one = matches!(collector, Some("G1" | "ZGC" | "generational ZGC" | "Shenandoah"));
    // `-gcoldcapacity` is only about a part of the heap, unless the heap has no parts.
    table.column("NGCMX").map(|_| ()).or(is_one.then_some(()))?;
    // G1 never has a first survivor space.
    let has_survivors = kib_tenths("S0C").is_some_and(|size| size > 0);
    let tenths = match (kib_tenths("NGCMX"), collector) {
        (None | Some(0), _) => old,
        (Some(young), Some("G1" | "ZGC" | "generational ZGC" | "Shenandoah")) => young.max(old),
        (Some(young), Some(_)) => young.checked_add(old)?,
        (Some(young), None) if young != old || has_survivors => young.checked_add(old)?,
        (Some(_), None) => return None,
    };
    Some(Bytes(tenths.checked_mul(1024)? / 10))
}
