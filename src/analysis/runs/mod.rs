//! Which readings belong to one process, and why.
//!
//! Readings of one pid are one run. Readings without a pid join a run only where something in the text ties them to it;
//! otherwise they stay apart. Host pids and container pids are not the same numbers, so equal small pids of different
//! hosts are not joined either.

mod assembly;
mod describe;
mod share;

use std::collections::BTreeMap;

use self::assembly::Assembly;
use self::describe::{describe, same_collector};
use super::parts;
use crate::formats::containers;
use crate::formats::jvm_options::{BUILD_TOOLS, is_jvm};
use crate::model::application::Application;
use crate::model::host::{HostReading, JPS};
use crate::model::jstat::JstatTable;
use crate::model::kind::{EventKind, HostKind, Subject, Unnamed};
use crate::model::readings::Readings;
use crate::model::record::{Record, Records as _};
use crate::model::run::{Join, Run};
use crate::order::{Gather as _, InOrder as _};
use crate::source::Span;

/// Bare options, one beside the other, that are a list of them.
const LISTED: usize = 3;

/// Assembles runs in order of appearance and writes their ids into the readings.
pub fn assemble(readings: &mut Readings) -> Vec<Run> {
    parts::drop_repeated_rows(&mut readings.jstat);
    let parts = parts::find(readings);
    let mut members = members(readings);
    members.order_by_key(|member| (member.is_loose, member.span.source, member.span.line));
    let mut assembly = Assembly::of(readings);
    let mut loose: Vec<Member> = Vec::new();
    for member in members {
        match assembly.run_of(&member, readings, &parts) {
            None if member.is_loose => loose.push(member),
            joined => assembly.add(member, joined, readings),
        }
    }
    let mut runs = assembly.runs;
    join_container_pids(&mut runs, readings);
    for open in &mut runs {
        describe(open, readings);
    }
    join_only_jvm(&mut runs, readings);
    join_only_errors(&mut runs, readings);
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
    let mut runs: Vec<Run> = runs.into_iter().map(|open| open.run).collect();
    share::fill(&mut runs, readings);
    name_collectors(readings, &runs);
    runs
}

/// What the columns of a table mean depends on the collector, which options or a log of the same process may tell.
fn name_collectors(readings: &mut Readings, runs: &[Run]) {
    let known = |run: &Run| Some((run.id.clone(), (run.collector.clone()?, run.collector_reason.clone())));
    let by_run: BTreeMap<String, (String, Option<String>)> = runs.iter().filter_map(known).gathered();
    let lacks = |table: &&mut JstatTable| table.collector.is_none() && table.column("FGC").is_some();
    for table in readings.jstat.iter_mut().filter(lacks) {
        if let Some((collector, reason)) = by_run.get(&table.run) {
            (table.collector, table.collector_reason) = (Some(collector.clone()), reason.clone());
        }
    }
}

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
    /// Options of some JVM, or the end of some process: they belong to a run only where something ties them to it, and are none of their own.
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
    let (mut members, mut bare): (Vec<Member>, Vec<Member>) = Default::default();
    for (at, record) in readings.numbered() {
        let head = record.head();
        let member = Member {
            kind: Kind::Host(at),
            pid: head.pid,
            pid_span: head.at.get("pid"),
            span: head.line(),
            last_line: head.last_line,
            is_loose: false,
        };
        match record {
            Record::Jstat(_) => members.push(Member { kind: Kind::Jstat(at), ..member }),
            Record::Nmt(_) => members.push(Member { kind: Kind::Nmt(at), ..member }),
            Record::GcLog(_) => members.push(Member { kind: Kind::GcLog(at), ..member }),
            // What words tell names no process.
            Record::Error(error) if error.told => {}
            Record::Error(_) => members.push(Member { kind: Kind::JavaError(at), ..member }),
            Record::Kill(kill) => members.extend(kill.victims.iter().enumerate().map(|(nth, victim)| Member {
                kind: Kind::Victim(at, nth),
                pid: Some(victim.pid),
                pid_span: victim.at.get("pid"),
                span: Span { line: victim.line, ..member.span },
                ..member
            })),
            Record::Event(event) => {
                let is_of_jvm = event.pid.is_some() || event.kind == EventKind::JstatFailed;
                let is_answer = event.is_answer_of_tool() && is_of_jvm;
                // That a process ended makes no run: of which kind it was is not said.
                let is_loose = !is_answer;
                let is_end = event.pid.is_some() && event.kind.ends_process();
                members.extend((is_answer || is_end).then_some(Member { kind: Kind::Event(at), is_loose, ..member }));
            }
            Record::Host(host) => {
                let is_loose = host.pid.is_none() && host.kind.unnamed() == Unnamed::SomeJvm;
                let of_process = host.pid.is_some() || host.kind.unnamed() != Unnamed::NoProcess;
                // `jps` lists itself.
                let is_jps = host.words.get("main").is_some_and(|main| main == JPS);
                let is_other = is_jps || is_of_build_tool(host, readings);
                let is_member = of_process && !is_other && is_java(host.name.as_deref(), host.kind);
                // Columns without a name are of a JVM where their process is known to be one.
                let is_bare = !is_member && host.pid.is_some() && host.name.is_none();
                let into = if is_member { &mut members } else { &mut bare };
                into.extend((is_member || is_bare).then_some(Member { is_loose, ..member }));
            }
        }
    }
    bare.retain(|member| {
        members.iter().any(|known| known.pid == member.pid && known.span.source == member.span.source)
    });
    members.extend(bare);
    members
}

/// Rows of `ps`, `top`, and the like and files of `/proc` are about all kinds of programs; other readings with a pid are about a
/// JVM. Of a file without a name it is assumed.
fn is_java(name: Option<&str>, kind: HostKind) -> bool {
    let program = name.and_then(|name| name.split_ascii_whitespace().next()).unwrap_or_default();
    match kind.subject() {
        Subject::Process if kind.is_file_of_process() => {
            program.is_empty() || program.rsplit('/').next() == Some("java")
        }
        Subject::Process => is_jvm(program),
        _ => true,
    }
}

/// Options of a build tool reach its own JVM, not those that it starts for tests: an error that is not in the tool's own words may be
/// of either.
fn is_of_build_tool(host: &HostReading, readings: &Readings) -> bool {
    let of_jvm = || readings.java_errors.iter().any(|error| !error.told && error.message.contains("OutOfMemoryError"));
    host.words.get("from").is_some_and(|from| BUILD_TOOLS.contains(&from.as_str())) && of_jvm()
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
    pairs.order();
    pairs.dedup_by_key(|(outer, inner, _)| (*outer, *inner));
    let mut outer_pids: BTreeMap<u32, usize> = BTreeMap::new();
    for (_, inner, _) in &pairs {
        *outer_pids.entry(*inner).or_default() += 1;
    }
    let mut places: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, run) in runs.iter().enumerate() {
        if let Some(pid) = run.run.pid {
            places.entry(pid).or_default().push(at);
        }
    }
    let mut slots: Vec<Option<OpenRun>> = runs.drain(..).map(Some).collect();
    for (outer, inner, span) in pairs.iter().filter(|(_, inner, _)| outer_pids.get(inner) == Some(&1)) {
        let first = |pid: &u32, fits: &dyn Fn(&OpenRun) -> bool| {
            let is_left = |at: &usize| slots.get(*at).and_then(Option::as_ref).is_some_and(fits);
            places.get(pid)?.iter().copied().find(is_left)
        };
        // The kernel only knows pids of the host.
        let (inside, outside) = (first(inner, &|run| !run.run.killed), first(outer, &|_| true));
        let (Some(inside), Some(outside)) = (inside, outside) else { continue };
        let Some(inside) = slots.get_mut(inside).and_then(Option::take) else { continue };
        if let Some(Some(open)) = slots.get_mut(outside) {
            open.run.joined.push(Join { reason: "join.container-pid".to_owned(), span: *span });
            open.run.joined.extend(inside.run.joined);
            open.members.extend(inside.members);
        }
    }
    runs.extend(slots.into_iter().flatten());
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
        anew(open, readings);
    }
}

/// Errors without a pid beside the one JVM of the text are its own: a log names no process, and what was asked about it does.
fn join_only_errors(runs: &mut Vec<OpenRun>, readings: &Readings) {
    let is_error = |run: &OpenRun| {
        run.run.pid.is_none() && run.members.iter().all(|member| matches!(member.kind, Kind::JavaError(_)))
    };
    let mut others = runs.iter().filter(|run| !is_error(run));
    if !others.next().is_some_and(has_jvm_reading) || others.next().is_some() {
        return;
    }
    let (errors, mut rest): (Vec<OpenRun>, Vec<OpenRun>) = runs.drain(..).partition(is_error);
    if let Some(open) = rest.first_mut() {
        for member in errors.into_iter().flat_map(|run| run.members) {
            open.run.joined.push(Join { reason: "join.only-jvm".to_owned(), span: member.span });
            open.members.push(member);
        }
        anew(open, readings);
    }
    *runs = rest;
}

/// Describes a run again, of which there is more now.
fn anew(open: &mut OpenRun, readings: &Readings) {
    open.run = Run {
        pid: open.run.pid,
        joined: std::mem::take(&mut open.run.joined),
        at: open.run.at.clone(),
        ..Run::default()
    };
    describe(open, readings);
}

/// What people wrote down of options belongs to the only JVM of the text if it is all the same options.
/// Without any JVM in the text they are one of their own.
fn join_only_options(runs: &mut Vec<OpenRun>, loose: &[Member], readings: &Readings) {
    let host = |member: &Member| match member.kind {
        // Of one or two bare options nobody says that a JVM has them; a list of them is a file of options.
        Kind::Host(at) => readings.host.get(at).filter(|host| {
            // Sizes without options are those that a program says of its own JVM.
            let is_told = host.flags.is_empty() || ["from", "main"].iter().any(|word| host.words.contains_key(*word));
            host.kind == HostKind::Options && (is_told || host.flags.len() >= LISTED)
        }),
        _ => None,
    };
    // Of several JVMs' options, those of the one that failed.
    let failed = readings.java_errors.last().and_then(|error| readings.application(error.source, error.first_line));
    let is_of = |member: &Member, application: &Application| {
        host(member).and_then(|host| host.words.get("from")).is_some_and(|from| *from == application.variable)
    };
    let has_own = |application: &&Application| loose.iter().any(|member| is_of(member, application));
    let failed = failed.filter(has_own);
    let is_own = |member: &&Member| host(member).is_some() && failed.is_none_or(|failed| is_of(member, failed));
    let written: Vec<&Member> = loose.iter().filter(is_own).collect();
    let mut maxima = written.iter().filter_map(|member| host(member)?.sizes.get("heap_max"));
    let first = maxima.next();
    if written.is_empty() || maxima.any(|other| Some(other) != first) {
        return;
    }
    let sets_heap = || {
        written
            .iter()
            .filter_map(|member| host(member))
            .any(|host| host.flags.iter().any(|flag| share::sets_share(flag)))
    };
    if runs.is_empty() && (first.is_some() || sets_heap()) {
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
    anew(only, readings);
}

/// The limit of the container that a JVM runs in: the one whose options it has, else, of the only JVM of the text, the only one
/// that was killed.
fn join_limits(runs: &mut [OpenRun], readings: &Readings) {
    let only_jvm = runs.len() == 1;
    let mut killed = readings.events.iter().filter(|event| event.kind.is_oomkilled());
    let first_killed = killed.next().and_then(|event| event.name.as_deref());
    let only_killed =
        first_killed.filter(|first| only_jvm && killed.all(|event| event.name.as_deref() == Some(*first)));
    for open in runs {
        let by_options = open.members.iter().find_map(|member| match member.kind {
            Kind::Host(at) => readings.host.get(at).filter(|host| host.kind == HostKind::Options)?.name.as_deref(),
            _ => None,
        });
        let container = by_options.map(|name| (name, "join.container-options"));
        let Some((name, reason)) = container.or(only_killed.map(|name| (name, "join.container-killed"))) else {
            continue;
        };
        for (at, host) in readings.host.iter().enumerate() {
            let is_limit = host.kind.defines_container() && host.sizes.contains_key("limit");
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
