//! What happened, in at most three sentences: who ended the process, what memory was short, what the JVM itself shows.
//!
//! A sentence is said only where a line carries it; with thin data the story says that it is thin.

use crate::analysis::decisive;
use crate::analysis::statement::{Quantity, Statement};
use crate::i18n::Language;
use crate::model::gc::GcKind;
use crate::model::java::JavaError;
use crate::model::jstat::JstatTable;
use crate::model::kind::{ErrorKind, Subject};
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{Event, OomKill, OomScope, Victim};
use crate::model::readings::Readings;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

/// The title of the report and its sentences.
pub struct Story {
    /// One line that names the incident.
    pub title: Statement,
    /// At most three.
    pub sentences: Vec<Statement>,
}

/// Tells the story of the readings.
pub fn tell(readings: &Readings, runs: &[Run], language: Language) -> Story {
    let mut sentences = Vec::new();
    let title;
    if let Some((kill, victim)) = decisive::kill(&readings.oom_kills, |_| true) {
        let (moment, when) = moment(kill);
        title = when
            .iter()
            .fold(Statement::new(&format!("title.killed{moment}")), |title, (time, at)| {
                title.with("time", time.clone(), *at)
            })
            .with("name", Quantity::Word(victim.name.clone()), victim.at.get("name"))
            .with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"));
        sentences.push(killed(kill, victim));
        sentences.extend(held(kill, victim));
        sentences.extend(tracked(readings, runs, victim));
    } else if let Some(error) = decisive_error(readings) {
        title =
            Statement::new("title.java-error").with("message", Quantity::Word(error.message.clone()), span_of(error));
        sentences.push(java_error(error));
    } else if let Some(event) = readings.events.iter().find(|event| event.kind.ends_process()) {
        let (about, sentence) = told_of(event);
        title = about;
        sentences.push(sentence);
    } else if let Some((about, sentence)) = unfinished(readings) {
        title = about;
        sentences.push(sentence);
    } else if is_empty(readings) {
        title = Statement::new("title.nothing");
        sentences.push(Statement::new("story.nothing-understood"));
    } else if shows_jvm(readings, runs) {
        title = Statement::new("title.no-end");
        sentences.push(Statement::new("story.no-end"));
    } else if let Some(event) = readings.events.last() {
        let (about, sentence) = told_of(event);
        title = about;
        sentences.push(sentence);
    } else {
        title = Statement::new("title.no-end.no-jvm");
        sentences.push(Statement::new("story.no-end.no-jvm"));
    }
    if sentences.len() < 3 {
        sentences.extend(last_full_collection(readings));
    }
    if sentences.len() < 3 {
        sentences.extend(busiest_table(&readings.jstat));
    }
    if sentences.len() < 3 && decisive::kill(&readings.oom_kills, |_| true).is_none() {
        sentences.extend(readings.nmt.last().and_then(snapshot));
    }
    sentences.truncate(3);
    Story {
        title: title.said(language),
        sentences: sentences.into_iter().map(|sentence| sentence.said(language)).collect(),
    }
}

/// True if nothing was read that a story could be about.
fn is_empty(readings: &Readings) -> bool {
    readings.jstat.is_empty()
        && readings.nmt.is_empty()
        && readings.oom_kills.is_empty()
        && readings.gc_logs.is_empty()
        && readings.gc_events.is_empty()
        && readings.events.is_empty()
        && readings.host.is_empty()
}

/// True if something was read that a JVM printed, or that is one.
fn shows_jvm(readings: &Readings, runs: &[Run]) -> bool {
    !(runs.is_empty()
        && readings.jstat.is_empty()
        && readings.nmt.is_empty()
        && readings.gc_logs.is_empty()
        && readings.gc_events.is_empty())
        || readings.host.iter().any(|host| host.kind.subject() == Subject::Jvm)
        || readings.events.iter().any(Event::is_answer_of_tool)
}

/// What an event says, as a title and as a sentence.
fn told_of(event: &Event) -> (Statement, Statement) {
    let at = Some(Span { source: event.source, line: event.first_line, start: 0, end: 0 });
    let kind = Quantity::Term(event.kind.key().to_owned());
    (
        Statement::new("title.event").with("event", kind.clone(), at),
        Statement::new("story.event").with("event", kind, at),
    )
}

/// The error that the story is about: the last one that says what ran out, else the last one.
fn decisive_error(readings: &Readings) -> Option<&JavaError> {
    let told = readings.java_errors.iter().rev().find(|error| error.kind != ErrorKind::Other);
    told.or(readings.java_errors.last())
}

/// What the last report says that names nobody who was killed.
fn unfinished(readings: &Readings) -> Option<(Statement, Statement)> {
    let kill = readings.oom_kills.last()?;
    if kill.panic {
        return Some((Statement::new("title.panic"), Statement::new("story.panic")));
    }
    let limit = kill.cgroup.as_ref().and_then(|cgroup| Some((cgroup.limit?, cgroup.at.get("limit"))));
    let sentence = if let Some(chosen) = &kill.chosen {
        let at = kill.at.get("chosen.pid");
        Statement::new("story.unfinished.chosen").with("name", Quantity::Word(chosen.name.clone()), at).with(
            "pid",
            Quantity::Number(u64::from(chosen.pid)),
            at,
        )
    } else if let Some((limit, at)) = limit {
        Statement::new("story.unfinished.limit").with("limit", Quantity::Size(limit), at)
    } else if let Some(trigger) = &kill.trigger {
        Statement::new("story.unfinished.trigger").with(
            "name",
            Quantity::Word(trigger.name.clone()),
            trigger.at.get("name"),
        )
    } else {
        Statement::new("story.unfinished")
    };
    Some((Statement::new("title.unfinished"), sentence))
}

/// When the kill happened, with the suffix of the keys that say so: `.at` on the wall clock, `.up` since boot.
fn moment(kill: &OomKill) -> (&'static str, Option<(Quantity, Option<Span>)>) {
    let (suffix, time, field) = match (kill.time, kill.local_time, kill.uptime) {
        (Some(time), ..) => (".at", Quantity::Time(time), "time"),
        (_, Some(time), _) => (".at", Quantity::LocalTime(time), "local_time"),
        (.., Some(uptime)) => (".up", Quantity::Duration(uptime), "uptime"),
        _ => return ("", None),
    };
    let at = kill.at.get(field).or_else(|| kill.at.get("time")).unwrap_or_else(|| kill_line(kill));
    (suffix, Some((time, Some(at))))
}

fn kill_line(kill: &OomKill) -> Span {
    let line = decisive::victim(kill).map_or(kill.first_line, |victim| victim.line);
    Span { source: kill.source, line, start: 0, end: 0 }
}

fn killed(kill: &OomKill, victim: &Victim) -> Statement {
    let limit = kill.cgroup.as_ref().and_then(|cgroup| cgroup.limit.map(|limit| (limit, cgroup.at.get("limit"))));
    let who = match (kill.scope, limit) {
        (OomScope::Global, _) => "global",
        (OomScope::Cgroup, Some(_)) => "limit",
        (OomScope::Cgroup, None) => "cgroup",
        (OomScope::Cpuset | OomScope::Policy, _) => "nodes",
        (OomScope::Sysrq, _) => "sysrq",
        (OomScope::Unknown, _) => "unknown",
    };
    let (moment, when) = moment(kill);
    let mut statement = Statement::new(&format!("story.killed.{who}{moment}"))
        .with("name", Quantity::Word(victim.name.clone()), victim.at.get("name"))
        .with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"));
    if let Some((time, at)) = when {
        statement = statement.with("time", time, at);
    }
    if let (OomScope::Cgroup, Some((limit, at))) = (kill.scope, limit) {
        statement = statement.with("limit", Quantity::Size(limit), at);
    }
    statement
}

/// What the victim held, by the kill line.
fn held(kill: &OomKill, victim: &Victim) -> Option<Statement> {
    let anon = victim.anon_rss?;
    let at = victim.at.get("anon_rss");
    let no_swap = kill.swap_total == Some(Bytes(0));
    let key = match (victim.total_vm, no_swap) {
        (Some(_), true) => "story.held.address-space.no-swap",
        (Some(_), false) => "story.held.address-space",
        (None, true) => "story.held.no-swap",
        (None, false) => "story.held",
    };
    let mut statement = Statement::new(key).with("anon", Quantity::Size(anon), at);
    if let Some(total_vm) = victim.total_vm {
        statement = statement.with("total_vm", Quantity::Size(total_vm), victim.at.get("total_vm"));
    }
    if no_swap {
        statement = statement.with("swap", Quantity::Size(Bytes(0)), kill.at.get("swap_total"));
    }
    Some(statement)
}

/// What NMT knew of the killed process, or of a process that may or may not be it.
fn tracked(readings: &Readings, runs: &[Run], victim: &Victim) -> Option<Statement> {
    let own = |snapshot: &&NmtSnapshot| victim.run.as_deref() == Some(snapshot.run.as_str());
    let snapshot = readings.nmt.iter().rev().find(own).or_else(|| readings.nmt.last())?;
    let committed = snapshot.total.committed?;
    let value = Quantity::Size(committed);
    let at = snapshot.total.at.get("committed");
    if own(&snapshot) {
        let gap = victim.resident()?.minus(committed);
        let key = if gap.0 >= 0 { "story.tracked.less" } else { "story.tracked.more" };
        return Some(Statement::new(key).with("committed", value, at).with(
            "gap",
            Quantity::Size(Bytes(gap.0.unsigned_abs())),
            None,
        ));
    }
    let run = runs.iter().find(|run| run.id == snapshot.run)?;
    let statement = match run.pid {
        Some(pid) => {
            Statement::new("story.tracked.other").with("pid", Quantity::Number(u64::from(pid)), run.at.get("pid"))
        }
        None => Statement::new("story.tracked.unnamed"),
    };
    Some(statement.with("committed", value, at))
}

fn span_of(error: &JavaError) -> Option<Span> {
    error.at.get("message").or(Some(Span { source: error.source, line: error.first_line, start: 0, end: 0 }))
}

fn java_error(error: &JavaError) -> Statement {
    let key = match error.kind {
        ErrorKind::HeapSpace | ErrorKind::GcOverhead => "story.java-error.heap",
        ErrorKind::ArraySize => "story.java-error.array",
        ErrorKind::Metaspace | ErrorKind::ClassSpace | ErrorKind::Permgen => "story.java-error.classes",
        ErrorKind::DirectBuffer => "story.java-error.direct",
        ErrorKind::NativeThread => "story.java-error.threads",
        ErrorKind::FatalError => "story.java-error.crash",
        ErrorKind::Startup => "story.java-error.startup",
        ErrorKind::Other | ErrorKind::Unknown => "story.java-error.other",
        ErrorKind::InsufficientMemory | ErrorKind::MapFailed | ErrorKind::Native => "story.java-error.native",
    };
    Statement::new(key).with("message", Quantity::Word(error.quoted()), span_of(error))
}

/// What a full collection could not free any more.
fn last_full_collection(readings: &Readings) -> Option<Statement> {
    let events = &readings.gc_events;
    let last = events.iter().rev().find(|event| event.kind == GcKind::Full && event.after.is_some())?;
    let (after, committed) = last.after.zip(last.committed)?;
    let log = readings.gc_logs.get(last.log as usize)?;
    let at = Some(Span { source: log.source, line: last.line, start: 0, end: 0 });
    let count = events.iter().filter(|event| event.kind == GcKind::Full && event.log == last.log).count();
    Some(
        Statement::new("story.last-full")
            .with("after", Quantity::Size(after), at)
            .with("committed", Quantity::Size(committed), at)
            .with("count", Quantity::Count(count as u64), None),
    )
}

/// The table with the most time in full collections, and whether anything moved while it was sampled.
fn busiest_table(tables: &[JstatTable]) -> Option<Statement> {
    let last = |table: &JstatTable, name| table.rows.checked_sub(1).and_then(|row| table.value(name, row));
    // Of these, one counts phases as full collections, the other the pauses of its cycles.
    let counts_others = |table: &&JstatTable| !matches!(table.collector.as_deref(), Some("Shenandoah" | "CMS"));
    let table = tables
        .iter()
        .filter(counts_others)
        .filter(|table| last(table, "FGC").is_some_and(|count| count > 0.0) && last(table, "FGCT").is_some())
        .max_by(|a, b| last(a, "FGCT").unwrap_or(0.0).total_cmp(&last(b, "FGCT").unwrap_or(0.0)))?;
    let count = last(table, "FGC")?;
    // Of less than a millisecond there is nothing to tell.
    let time = last(table, "FGCT").filter(|time| *time > 0.0)?;
    let at = table.lines.last().map(|line| Span { source: table.source, line: *line, start: 0, end: 0 });
    let statement = match table.pid {
        Some(pid) => Statement::new("story.full-collections.pid").with(
            "pid",
            Quantity::Number(u64::from(pid)),
            table.at.get("pid"),
        ),
        None => Statement::new("story.full-collections"),
    };
    Some(
        statement
            .with("count", Quantity::Count(count as u64), at)
            .with("time", Quantity::Duration(Micros((time * 1e6) as i64)), at)
            .with("mean", Quantity::Duration(Micros((time / count * 1e6) as i64)), None),
    )
}

/// What a snapshot alone says.
fn snapshot(snapshot: &NmtSnapshot) -> Option<Statement> {
    let committed = snapshot.total.committed?;
    let largest =
        snapshot.categories.iter().filter(|category| category.committed.is_some()).max_by_key(|c| c.committed)?;
    let size = largest.committed?;
    // Of a report that is not whole, a category counts as the largest only if the rest cannot hold a larger one.
    let is_largest = snapshot.complete || size.0 > committed.0 / 2;
    let statement = Statement::new(if is_largest { "story.snapshot" } else { "story.snapshot.total" }).with(
        "committed",
        Quantity::Size(committed),
        snapshot.total.at.get("committed"),
    );
    Some(match is_largest {
        true => statement.with("category", Quantity::Word(largest.name.clone()), None).with(
            "largest",
            Quantity::Size(size),
            largest.at.get("committed"),
        ),
        false => statement,
    })
}
