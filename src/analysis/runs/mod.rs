//! Which readings belong to one process, and why.
//!
//! Readings of one pid are one run. Readings without a pid join a run only where something in the text ties them to it;
//! otherwise they stay apart. Host pids and container pids are not the same numbers, so equal small pids of different
//! hosts are not joined either.

use super::parts::{self, Parts};
use crate::formats::containers;
use crate::formats::jvm_options::is_jvm;
use crate::model::host::HostReading;
use crate::model::jstat::{Cells, JstatTable};
use crate::model::nmt::NmtSnapshot;
use crate::model::readings::Readings;
use crate::model::run::{Join, Run};
use crate::source::Span;
use crate::units::Bytes;

/// Assembles runs in order of appearance and writes their ids into the readings.
pub fn assemble(readings: &mut Readings) -> Vec<Run> {
    parts::drop_repeated_rows(&mut readings.jstat);
    let parts = parts::find(readings);
    let mut members = members(readings);
    members.sort_by_key(|member| (member.is_loose, member.span.source, member.span.line));
    let mut runs: Vec<OpenRun> = Vec::new();
    let mut loose: Vec<Member> = Vec::new();
    for member in members {
        let joined = member.pid.and_then(|pid| {
            let killed = |run: &OpenRun| run.members.iter().any(|other| matches!(other.kind, Kind::Victim(..)));
            // Nobody dies twice: a second kill of the same pid is another process.
            let other_life = |run: &OpenRun| matches!(member.kind, Kind::Victim(..)) && killed(run);
            let reason = |run: &OpenRun| (run.run.pid == Some(pid) && !other_life(run)).then_some("join.pid");
            runs.iter().enumerate().find_map(|(at, run)| reason(run).map(|reason| (at, reason)))
        });
        let joined = joined.or_else(|| join_without_pid(&member, &runs, readings, &parts));
        match joined {
            None if member.is_loose => loose.push(member),
            Some((at, reason)) => {
                if let Some(open) = runs.get_mut(at) {
                    open.run.joined.push(Join { reason: reason.to_owned(), span: member.span });
                    open.members.push(member);
                }
            }
            None => {
                let mut run = Run { pid: member.pid, ..Run::default() };
                if let (Some(_), Some(span)) = (member.pid, member.pid_span) {
                    run.at.put("pid", span);
                }
                runs.push(OpenRun { run, members: vec![member] });
            }
        }
    }
    join_container_pids(&mut runs, readings);
    for open in &mut runs {
        describe(open, readings);
    }
    join_only_jvm(&mut runs, readings);
    join_only_options(&mut runs, &loose, readings);
    join_limits(&mut runs, readings);
    for (at, open) in runs.iter_mut().enumerate() {
        open.run.id = format!("run-{}", at + 1);
        for member in &open.members {
            name_run(readings, member.kind, &open.run.id);
        }
    }
    parts::settle(readings, &parts);
    parts::prefer_logs(readings);
    runs.into_iter().map(|open| open.run).collect()
}

/// Lines between the options that a JVM prints and the beginning of its log.
const OPTIONS_BEFORE_LOG: u32 = 4;

struct OpenRun {
    run: Run,
    members: Vec<Member>,
}

/// A reading that belongs to some process.
#[derive(Clone, Copy)]
struct Member {
    kind: Kind,
    pid: Option<u32>,
    pid_span: Option<Span>,
    /// Its first line.
    span: Span,
    last_line: u32,
    /// Options of some JVM: they belong to a run only where something ties them to it, and are none of their own.
    is_loose: bool,
}

/// Which list, and where in it.
#[derive(Clone, Copy)]
enum Kind {
    Jstat(usize),
    Nmt(usize),
    Victim(usize, usize),
    GcLog(usize),
    JavaError(usize),
    Host(usize),
    Event(usize),
}

fn members(readings: &Readings) -> Vec<Member> {
    let line = |source, line| Span { source, line, start: 0, end: 0 };
    let mut members = Vec::new();
    for (at, table) in readings.jstat.iter().enumerate() {
        members.push(Member {
            kind: Kind::Jstat(at),
            pid: table.pid,
            pid_span: table.at.get("pid"),
            span: line(table.source, table.first_line),
            last_line: table.last_line,
            is_loose: false,
        });
    }
    for (at, snapshot) in readings.nmt.iter().enumerate() {
        members.push(Member {
            kind: Kind::Nmt(at),
            pid: snapshot.pid,
            pid_span: snapshot.at.get("pid"),
            span: line(snapshot.source, snapshot.first_line),
            last_line: snapshot.last_line,
            is_loose: false,
        });
    }
    for (at, kill) in readings.oom_kills.iter().enumerate() {
        for (nth, victim) in kill.victims.iter().enumerate() {
            members.push(Member {
                kind: Kind::Victim(at, nth),
                pid: Some(victim.pid),
                pid_span: victim.at.get("pid"),
                span: line(kill.source, victim.line),
                last_line: kill.last_line,
                is_loose: false,
            });
        }
    }
    for (at, log) in readings.gc_logs.iter().enumerate() {
        members.push(Member {
            kind: Kind::GcLog(at),
            pid: log.pid,
            pid_span: log.at.get("pid"),
            span: line(log.source, log.first_line),
            last_line: log.last_line,
            is_loose: false,
        });
    }
    for (at, error) in readings.java_errors.iter().enumerate() {
        members.push(Member {
            kind: Kind::JavaError(at),
            pid: error.pid,
            pid_span: error.at.get("pid"),
            span: line(error.source, error.first_line),
            last_line: error.last_line,
            is_loose: false,
        });
    }
    for (at, host) in readings.host.iter().enumerate() {
        let is_loose = host.pid.is_none() && is_of_some_jvm(&host.kind);
        let of_process =
            host.pid.is_some() || is_loose || matches!(host.kind.as_str(), "vm-flags" | "heap-info" | "command-line");
        if of_process && is_java(host.name.as_deref(), &host.kind) {
            members.push(Member {
                kind: Kind::Host(at),
                pid: host.pid,
                pid_span: host.at.get("pid"),
                span: line(host.source, host.first_line),
                last_line: host.last_line,
                is_loose,
            });
        }
    }
    for (at, event) in readings.events.iter().enumerate() {
        if event.pid.is_some() && event.kind.starts_with("nmt-") || event.kind == "jstat-failed" {
            members.push(Member {
                kind: Kind::Event(at),
                pid: event.pid,
                pid_span: event.at.get("pid"),
                span: line(event.source, event.first_line),
                last_line: event.last_line,
                is_loose: false,
            });
        }
    }
    members
}

/// Options without a process: of the JVM beside them, of one that only printed them, or of one that is yet to start.
fn is_of_some_jvm(kind: &str) -> bool {
    matches!(kind, "print-flags" | "flags-final" | "vm-settings" | "options")
}

/// Rows of `ps`, `top`, and the like and files of `/proc` are about all kinds of programs; other readings with a pid are about a
/// JVM. Of a file without a name it is assumed.
fn is_java(name: Option<&str>, kind: &str) -> bool {
    let program = name.and_then(|name| name.split_ascii_whitespace().next()).unwrap_or_default();
    match kind {
        "ps" | "top" | "pidstat" | "smem" | "tasklist" | "get-process" => is_jvm(program),
        "proc-status" | "smaps" | "pmap" => program.is_empty() || program.rsplit('/').next() == Some("java"),
        _ => true,
    }
}

/// The run that a reading without a pid belongs to, with the reason.
fn join_without_pid(
    member: &Member,
    runs: &[OpenRun],
    readings: &Readings,
    parts: &Parts,
) -> Option<(usize, &'static str)> {
    if member.pid.is_some() {
        return None;
    }
    let find = |reason: &'static str, test: &dyn Fn(&Member) -> bool| {
        runs.iter().rposition(|run| run.members.iter().any(test)).map(|at| (at, reason))
    };
    match member.kind {
        // Several snapshots of one heap, one after the other, without a pid between them.
        Kind::Nmt(at) => {
            let snapshot = readings.nmt.get(at)?;
            find("join.same-heap", &|other| match other.kind {
                Kind::Nmt(other_at) => readings.nmt.get(other_at).is_some_and(|other| {
                    other.pid.is_none() && other.source == snapshot.source && same_reservations(other, snapshot)
                }),
                _ => false,
            })
        }
        // Tables of several options of one JVM: what both print is the same or grows.
        Kind::Jstat(at) => {
            let table = readings.jstat.get(at)?;
            find("join.same-counters", &|other| match other.kind {
                Kind::Jstat(other_at) => readings.jstat.get(other_at).is_some_and(|other| {
                    other.pid.is_none()
                        && (other.source == table.source || follows(other, table))
                        && continues(other, table)
                }),
                _ => false,
            })
        }
        // Files of one log, and copies.
        Kind::GcLog(at) => find(parts.reason(at)?, &|other| match other.kind {
            Kind::GcLog(other_at) => parts.are_one(at, other_at),
            _ => false,
        }),
        // What the JVM prints into the same stream as its GC log.
        Kind::JavaError(_) => find("join.same-stream", &|other| match other.kind {
            Kind::GcLog(_) => {
                other.span.source == member.span.source
                    && other.span.line <= member.span.line
                    && member.span.line <= other.last_line.saturating_add(60)
            }
            _ => false,
        }),
        // The heap that a JVM prints at its end, and the options that it prints before it starts its log.
        Kind::Host(_) => find("join.same-stream", &|other| match other.kind {
            Kind::GcLog(_) => {
                let starts = if member.is_loose { OPTIONS_BEFORE_LOG } else { 0 };
                let lines = other.span.line.saturating_sub(starts)..=other.last_line.saturating_add(2);
                let own = if member.is_loose { member.last_line } else { member.span.line };
                other.span.source == member.span.source && lines.contains(&own)
            }
            // The error of which it ended stands between the log and the heap.
            Kind::JavaError(_) => {
                let below = other.span.line..=other.last_line.saturating_add(3);
                !member.is_loose && other.span.source == member.span.source && below.contains(&member.span.line)
            }
            _ => false,
        }),
        _ => None,
    }
}

/// One process under its pid on the host and its pid in the container, where `/proc/PID/status` says that they are one.
/// Where several processes have that pid in their containers, nothing tells which of them is meant.
fn join_container_pids(runs: &mut Vec<OpenRun>, readings: &Readings) {
    let both = |host: &HostReading| {
        let inner = u32::try_from(*host.counts.get("container_pid")?).ok()?;
        let outer = host.pid.filter(|outer| *outer != inner)?;
        Some((outer, inner, host.at.get("container_pid")?))
    };
    let mut pairs: Vec<(u32, u32, Span)> = readings.host.iter().filter_map(both).collect();
    pairs.sort_unstable();
    pairs.dedup_by_key(|(outer, inner, _)| (*outer, *inner));
    for (outer, inner, span) in &pairs {
        let is_of = |run: &OpenRun, pid: u32| run.run.pid == Some(pid);
        // The kernel only knows pids of the host.
        let killed = |run: &OpenRun| run.members.iter().any(|member| matches!(member.kind, Kind::Victim(..)));
        let alone = pairs.iter().filter(|(_, other, _)| other == inner).count() == 1;
        let inside = runs.iter().position(|run| is_of(run, *inner) && !killed(run)).filter(|_| alone);
        let (Some(inside), true) = (inside, runs.iter().any(|run| is_of(run, *outer))) else { continue };
        let inside = runs.remove(inside);
        if let Some(open) = runs.iter_mut().find(|run| is_of(run, *outer)) {
            open.run.joined.push(Join { reason: "join.container-pid".to_owned(), span: *span });
            open.run.joined.extend(inside.run.joined);
            open.members.extend(inside.members);
        }
    }
}

/// Runs without a pid beside the one JVM that the text names, of the same maximum heap and no other collector: GC logs,
/// NMT, and errors of one process are mostly pasted without its pid. With two JVMs in the text they stay apart.
fn join_only_jvm(runs: &mut Vec<OpenRun>, readings: &Readings) {
    let is_jvm = |run: &OpenRun| run.run.pid.is_some() && run.run.max_heap.is_some();
    let named_jvms = runs.iter().filter(|run| run.run.pid.is_some() && has_jvm_reading(run)).count();
    let (Some(only), 1) = (runs.iter().position(is_jvm), named_jvms) else { return };
    let (mut rest, mut joined) = (Vec::new(), Vec::new());
    let (max_heap, collector) = match runs.get(only) {
        Some(run) => (run.run.max_heap, run.run.collector.clone()),
        None => return,
    };
    for run in runs.drain(..) {
        let same_heap = run.run.pid.is_none() && run.run.max_heap.is_some() && run.run.max_heap == max_heap;
        let other_collector = matches!((&run.run.collector, &collector), (Some(a), Some(b)) if !same_collector(a, b));
        if same_heap && !other_collector { joined.push(run) } else { rest.push(run) }
    }
    *runs = rest;
    if let Some(open) = runs.iter_mut().find(|run| is_jvm(run)) {
        for run in joined {
            open.run.joined.extend(
                run.members.iter().map(|member| Join { reason: "join.only-jvm".to_owned(), span: member.span }),
            );
            open.run.joined.extend(run.run.joined);
            open.members.extend(run.members);
        }
        open.run = Run {
            pid: open.run.pid,
            joined: std::mem::take(&mut open.run.joined),
            at: open.run.at.clone(),
            ..Run::default()
        };
        describe(open, readings);
    }
}

/// What people wrote down of options belongs to the only JVM of the text if it is all the same options.
/// Without any JVM in the text they are one of their own.
fn join_only_options(runs: &mut Vec<OpenRun>, loose: &[Member], readings: &Readings) {
    let host = |member: &Member| match member.kind {
        // Of bare options nobody says that a JVM has them.
        Kind::Host(at) => readings.host.get(at).filter(|host| {
            host.kind == "options" && ["from", "main"].iter().any(|word| host.words.contains_key(*word))
        }),
        _ => None,
    };
    let written: Vec<&Member> = loose.iter().filter(|member| host(member).is_some()).collect();
    let mut maxima = written.iter().filter_map(|member| host(member)?.sizes.get("heap_max"));
    let first = maxima.next();
    if written.is_empty() || maxima.any(|other| Some(other) != first) {
        return;
    }
    if runs.is_empty() && first.is_some() {
        let mut run = OpenRun { run: Run::default(), members: written.into_iter().copied().collect() };
        describe(&mut run, readings);
        runs.push(run);
        return;
    }
    let [only] = runs.as_mut_slice() else { return };
    let victims = only.members.iter().filter_map(|member| match member.kind {
        Kind::Victim(at, nth) => readings.oom_kills.get(at)?.victims.get(nth),
        _ => None,
    });
    if !has_jvm_reading(only) && !victims.into_iter().any(|victim| victim.name == "java") {
        return;
    }
    for member in written {
        only.run.joined.push(Join { reason: "join.only-options".to_owned(), span: member.span });
        only.members.push(*member);
    }
    only.run = Run {
        pid: only.run.pid,
        joined: std::mem::take(&mut only.run.joined),
        at: only.run.at.clone(),
        ..Run::default()
    };
    describe(only, readings);
}

/// The limit of the container that a JVM runs in: the one whose options it has, else, of the only JVM of the text, the only one
/// that was killed.
fn join_limits(runs: &mut [OpenRun], readings: &Readings) {
    let only_jvm = runs.len() == 1;
    let mut killed = readings.events.iter().filter(|event| event.kind.ends_with("oomkilled"));
    let first_killed = killed.next().and_then(|event| event.name.as_deref());
    let only_killed =
        first_killed.filter(|first| only_jvm && killed.all(|event| event.name.as_deref() == Some(*first)));
    for open in runs {
        let by_options = open.members.iter().find_map(|member| match member.kind {
            Kind::Host(at) => readings.host.get(at).filter(|host| host.kind == "options")?.name.as_deref(),
            _ => None,
        });
        let container = by_options.map(|name| (name, "join.container-options"));
        let Some((name, reason)) = container.or(only_killed.map(|name| (name, "join.container-killed"))) else {
            continue;
        };
        for (at, host) in readings.host.iter().enumerate() {
            let is_limit =
                matches!(host.kind.as_str(), "docker" | "ecs" | "kubernetes") && host.sizes.contains_key("limit");
            if is_limit && host.name.as_deref().is_some_and(|other| containers::is_same(other, name)) {
                let span = Span { source: host.source, line: host.first_line, start: 0, end: 0 };
                open.run.joined.push(Join { reason: reason.to_owned(), span });
                open.members.push(Member {
                    kind: Kind::Host(at),
                    pid: None,
                    pid_span: None,
                    span,
                    last_line: host.last_line,
                    is_loose: false,
                });
            }
        }
    }
}

fn has_jvm_reading(run: &OpenRun) -> bool {
    run.members.iter().any(|member| !matches!(member.kind, Kind::Victim(..) | Kind::Event(_)))
}

fn same_reservations(a: &NmtSnapshot, b: &NmtSnapshot) -> bool {
    let heap = |snapshot: &NmtSnapshot| {
        snapshot.categories.iter().find(|category| category.name == "Java Heap").and_then(|category| category.reserved)
    };
    heap(a).is_some() && heap(a) == heap(b)
}

/// True if the rows of `later`, in another file, start within a minute after those of `earlier`, by the JVM's own clock.
fn follows(earlier: &JstatTable, later: &JstatTable) -> bool {
    let last = earlier.rows.checked_sub(1).and_then(|row| earlier.column("Timestamp")?.fixed(row));
    let first = later.column("Timestamp").and_then(|column| column.fixed(0));
    last.zip(first).and_then(|(last, first)| first.checked_sub(last)).is_some_and(|tenths| (1..=600).contains(&tenths))
}

/// True if `later` can be the same JVM a moment after `earlier`: counters and capacities that both print differ by
/// nothing in capacity and by little in counts.
fn continues(earlier: &JstatTable, later: &JstatTable) -> bool {
    let last = |name: &str| earlier.rows.checked_sub(1).and_then(|row| earlier.column(name)?.fixed(row));
    let first = |name: &str| later.column(name)?.fixed(0);
    let mut compared = 0;
    for name in ["YGC", "FGC", "CGC"] {
        if let (Some(before), Some(after)) = (last(name), first(name)) {
            if after < before || after - before > 1000 {
                return false;
            }
            compared += 1;
        }
    }
    let capacities = ["CCSC", "MC"].iter().filter(|name| last(name).is_some() && first(name).is_some());
    let equal = capacities.clone().all(|name| last(name) == first(name));
    compared >= 1 && (last("YGC") == first("YGC") || (capacities.count() > 0 && equal))
}

/// Fills in what the members tell about the process.
fn describe(open: &mut OpenRun, readings: &Readings) {
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
                    let at = if host.kind == "options" { 0 } else { run.flags.len() };
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
fn same_collector(a: &str, b: &str) -> bool {
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
                let reason = if matches!(host.kind.as_str(), "hs-err" | "vm-info") {
                    "collector.hs-err"
                } else {
                    "collector.heap-info"
                };
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
                    let (rank, reason) = match host.kind.as_str() {
                        "heap-info" => (2, "max-heap.heap-info"),
                        "hs-err" | "vm-info" => (1, "max-heap.hs-err"),
                        // Others may overrule it.
                        "options" => (5, "max-heap.options"),
                        _ => (0, "max-heap.flags"),
                    };
                    offer(rank, host.sizes.get("heap_max").copied(), reason, host.at.get("heap_max"));
                }
            }
            Kind::GcLog(at) => {
                if let Some(log) = readings.gc_logs.get(at) {
                    offer(1, log.max_heap, "max-heap.gc-log", log.at.get("max_heap"));
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
                // ZGC reserves several times the maximum.
                let zgc = collector.as_deref().is_some_and(|name| name.contains("ZGC"));
                // Of a report in GB a half is lost on either side.
                let is_exact = |snapshot: &&NmtSnapshot| snapshot.scale < Bytes(1 << 30);
                if let Some(heap) = readings
                    .nmt
                    .get(at)
                    .filter(|_| !zgc)
                    .filter(is_exact)
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

fn name_run(readings: &mut Readings, kind: Kind, id: &str) {
    let id = id.to_owned();
    match kind {
        Kind::Jstat(at) => {
            if let Some(table) = readings.jstat.get_mut(at) {
                table.run = id;
            }
        }
        Kind::Nmt(at) => {
            if let Some(snapshot) = readings.nmt.get_mut(at) {
                snapshot.run = id;
            }
        }
        Kind::Victim(at, nth) => {
            if let Some(victim) = readings.oom_kills.get_mut(at).and_then(|kill| kill.victims.get_mut(nth)) {
                victim.run = Some(id);
            }
        }
        Kind::GcLog(at) => {
            if let Some(log) = readings.gc_logs.get_mut(at) {
                log.run = id;
            }
        }
        Kind::JavaError(at) => {
            if let Some(error) = readings.java_errors.get_mut(at) {
                error.run = Some(id);
            }
        }
        Kind::Host(at) => {
            if let Some(host) = readings.host.get_mut(at) {
                host.run = Some(id);
            }
        }
        Kind::Event(at) => {
            if let Some(event) = readings.events.get_mut(at) {
                event.run = Some(id);
            }
        }
    }
}
