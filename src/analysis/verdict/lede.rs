//! One to three sentences below the claim: the numbers that prove it, what they add up to, and how often it happened.

use super::lead::{What, is_around};
use super::witness::{LastFull, error_at, error_of, event_at, last_full, limit_at_kill, limit_of};
use std::collections::{BTreeMap, BTreeSet};

use super::{Case, MAX_LEDE, around};
use crate::analysis::accounting::{self, Known};
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::incident::{event_line, kill_line, line};
use crate::analysis::place::is_of_container;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::gc_log::monitor;
use crate::i18n::format;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::host::HostReading;
use crate::model::java::{IN_ALLOCATOR, JavaError};
use crate::model::joining::{NOT_OOMKILLED, START};
use crate::model::jstat::JstatTable;
use crate::model::kind::{ErrorKind, EventKind, HostKind, Strength};
use crate::model::nmt::NmtCategory;
use crate::model::oom::{Event, OomKill, OomScope, Victim};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

/// Findings that only repeat what the headline and the first sentence say.
const RESTATES: [RuleId; 12] = [
    RuleId::ContainerLimitReached,
    RuleId::CrashLoop,
    RuleId::HeapExhausted,
    RuleId::LimitHits,
    RuleId::MachineOutOfMemory,
    RuleId::MemoryRefused,
    RuleId::NoSwap,
    RuleId::RepeatedKills,
    RuleId::StatedCause,
    RuleId::TextAgainstEvidence,
    RuleId::TriggerThread,
    RuleId::VictimIsNotTrigger,
];

/// Memory of another process that is worth a word, as a part of the limit that both are under.
const MUCH_OF_LIMIT: u64 = 10;
/// The adjustment of a process that the kernel never kills.
const NEVER: i32 = -1000;

/// From this part of all swap on, what is free of it was not short.
const SWAP_LEFT: u64 = 4;

/// Names of others that are said.
const NAMED: usize = 4;

/// The sentences, the most telling first, without what the headline says already.
pub(super) fn say(case: &Case<'_>, headline: &Statement) -> Vec<Statement> {
    let mut said = Vec::new();
    match case.lead.what {
        What::Kill(kill, victim) => {
            said.extend(resident(case, kill, victim));
            said.extend(probable_limit(case, kill));
            said.extend(score(case, kill, Some(victim)));
            said.extend(around::limit_below_heap(case, kill, victim));
            // What is known of it says more than how much it is.
            let outside = outside_heap(case).filter(|_| why(case, Severity::Warning).next().is_none());
            said.extend(outside.map(|outside| {
                Statement::new("verdict.lede.outside-heap").with("outside", Quantity::Size(outside.least), None).with(
                    "heap",
                    Quantity::Size(outside.heap.bytes),
                    outside.heap.at,
                )
            }));
            said.extend(mostly_malloc(case));
            said.extend(shared_heap(case, victim));
            said.extend(swap_left(kill));
            said.extend(why(case, Severity::Warning).take(1).map(|finding| finding.statement.clone()));
            said.extend(repeated(case));
            said.extend(inside(kill, victim));
            said.extend(others(case));
            said.extend(other_jvms(case));
            said.extend(no_swap(kill));
            said.extend(of_rule(case, RuleId::VictimIsNotTrigger));
            said.extend(errors_beside(case));
            // What was measured says more than another setting.
            let measured = |finding: &&Finding| {
                matches!(finding.explains, Some(Quantity::Size(_))) && !finding.rule.is_of_settings()
            };
            said.extend(why(case, Severity::Warning).skip(1).find(measured).map(|finding| finding.statement.clone()));
        }
        What::Unfinished(kill) => {
            said.extend(chosen(kill).or_else(|| victim_unknown(kill)));
            said.extend(request(kill));
            said.extend(score(case, kill, None));
            said.extend(largest_at(kill));
            said.extend(repeated(case));
            said.extend(others(case));
            said.extend(why(case, Severity::Warning).take(1).map(|finding| finding.statement.clone()));
        }
        What::Event(event) => {
            if event.told {
                let of_container = event.kind.is_oomkilled();
                let key = if of_container { "verdict.lede.told.oomkilled" } else { "verdict.lede.told.event" };
                said.push(Statement::new(key));
            }
            if event.kind.is_sigterm() {
                said.push(Statement::new("verdict.lede.sigterm"));
            }
            let said_already = headline.values.contains_key("limit") || event.kind == EventKind::YarnVirtual;
            let platform = event.strength() == Some(Strength::Platform);
            let limit = limit_of(case, event).filter(|_| platform && !said_already);
            said.extend(limit.map(|limit| {
                Statement::new("verdict.lede.limit").with("limit", Quantity::Size(limit.bytes), limit.at)
            }));
            if event.strength() == Some(Strength::Jvm) {
                let what = Quantity::Term(event.kind.key().to_owned());
                let told = headline.key != "verdict.headline.event";
                said.extend(
                    told.then(|| Statement::new("verdict.lede.event").with("event", what, Some(event_at(event)))),
                );
                said.extend(error_of(case, event).map(|error| meaning(case, error)));
            }
            said.extend(over_quota(event));
            let outside = case.lead.run.filter(|_| event.kind == EventKind::Yarn);
            said.extend(
                outside.and_then(|run| Some(case.incident.outside_caps(run)?.tell("verdict.lede.outside-caps"))),
            );
            said.extend(mostly_malloc(case));
            said.extend(around::beside(case));
            said.extend(of_start(event));
            said.extend(lost_fork(case, event));
            said.extend(around::stated_limit(case, event));
            said.extend(around::beyond_resident(case));
            said.extend(around::limit_after(case, event));
            said.extend(guarded(event));
            said.extend(lasted(event));
            if event.kind == EventKind::PageAllocationFailure {
                let in_one_piece = event.sizes.contains_key("requested");
                let key =
                    if in_one_piece { "verdict.lede.page-allocation.piece" } else { "verdict.lede.page-allocation" };
                said.push(Statement::new(key));
            }
            said.extend(of_rule(case, RuleId::MemoryRefused).filter(|_| event.kind == EventKind::ThreadNotStarted));
            if event.kind == EventKind::CrashLoop || event.strength() == Some(Strength::Jvm) {
                said.extend(crash_loop(case));
            }
            if let Some(sender) = case.incident.sender(event) {
                let line = Quantity::Number(u64::from(sender.first_line));
                let key = match sender.kind {
                    EventKind::ProbeFailed => "verdict.lede.sender-probe",
                    _ => "verdict.lede.sender-stop",
                };
                said.push(Statement::new(key).with("line", line, Some(event_at(sender))));
            } else if event.kind.is_sigkill() {
                said.push(match event.at.get(NOT_OOMKILLED) {
                    Some(at) => Statement::new("verdict.lede.sender-not-limit").with(
                        "line",
                        Quantity::Number(u64::from(at.line)),
                        Some(at),
                    ),
                    None if event.kind == EventKind::Exit137 => Statement::new("verdict.lede.sender-unknown"),
                    None => Statement::new("verdict.lede.sender-unknown.bare"),
                });
            }
            said.extend(why(case, Severity::Warning).take(1).map(|finding| finding.statement.clone()));
            said.extend(still_alive(case));
            said.extend(others(case));
            said.extend(errors_beside(case).filter(|_| event.strength() != Some(Strength::Jvm)));
        }
        What::Counted(..) => said.extend(case.findings.iter().take(2).map(|finding| finding.statement.clone())),
        What::Error(error) => {
            said.push(meaning(case, error));
            said.extend(by_compiler(error));
            let frame = error.at.get(IN_ALLOCATOR).filter(|_| error.kind == ErrorKind::FatalError);
            said.extend(frame.map(|at| {
                let line = Quantity::Number(u64::from(at.line));
                Statement::new("verdict.lede.in-allocator").with("line", line, Some(at))
            }));
            said.extend(around::beside(case));
            said.extend(around::stated_room(case, error));
            said.extend(crash_loop(case));
            said.extend(why(case, Severity::Warning).take(1).map(|finding| finding.statement.clone()));
            said.extend(around::other_end(case));
            let other = |finding: &&Finding| is_of_error(finding) && finding.severity == Severity::Critical;
            let others = case.findings.iter().filter(other).map(|finding| finding.statement.clone());
            said.extend(others.filter(|other| !quotes(other, error)));
            said.extend(around::again(case));
            said.extend(last_full_collection(case));
            // The headline says already what was full.
            if said.len() > MAX_LEDE && said.first().is_some_and(|first| first.key == "verdict.lede.error") {
                said.remove(0);
            }
        }
        What::State(finding) => {
            said.push(finding.statement.clone());
            let other = |other: &&Finding| other.rule != finding.rule && other.severity <= Severity::Warning;
            // Where there was no room, another pause may be the longest.
            let stop = |other: &&Finding| finding.rule == RuleId::ToSpaceExhausted && other.rule == RuleId::LongestStop;
            let found = case.own_findings().find(other).or_else(|| case.own_findings().find(stop));
            said.extend(found.map(|finding| finding.statement.clone()));
            said.extend(last_full_collection(case));
        }
        What::Nothing => {
            said.extend(past_kill(case));
            let good = case.findings.iter().filter(|finding| finding.severity == Severity::Good);
            said.extend(good.map(|finding| finding.statement.clone()).take(2));
            said.extend(last_full_collection(case));
            said.extend(cause_of_full(case));
            said.extend(reported_gc(case));
            said.extend(busiest_table(case));
            said.extend(stated_outside(case));
            said.extend(stats_beyond(case));
            said.extend(limit_not_in_force(case));
            said.extend(snapshot(case));
            said.extend(mostly_malloc(case));
            said.extend(machine(case));
            said.extend(largest(case));
            // Where nothing stands out, what is worth knowing is all there is.
            let is_notice =
                |finding: &&Finding| finding.severity == Severity::Notice && finding.rule != RuleId::StatedCause;
            let notice = case.findings.iter().find(is_notice);
            said.extend(notice.filter(|_| said.is_empty()).map(|finding| finding.statement.clone()));
            if said.is_empty() {
                let key = nothing(case, headline);
                said.push(Statement::new(key));
                said.extend((key == "verdict.lede.nothing").then(|| Statement::new("verdict.lede.nothing.paste")));
            }
        }
    }
    if let Some(attempts) = attempts(case) {
        said.truncate(MAX_LEDE - 1);
        said.push(attempts);
    }
    if let Some(stated) = around::stated(case) {
        said.truncate(MAX_LEDE - 1);
        said.push(stated);
    }
    let mut seen = vec![headline.clone()];
    said.retain(|statement| {
        let new = !seen.contains(statement);
        seen.push(statement.clone());
        new
    });
    said
}

/// That something is started again and again, which may be what the answer is about.
fn crash_loop(case: &Case<'_>) -> Option<Statement> {
    of_rule(case, RuleId::CrashLoop)
}

/// What a rule says of the process.
fn of_rule(case: &Case<'_>, rule: RuleId) -> Option<Statement> {
    case.own_findings().find(|finding| finding.rule == rule).map(|finding| finding.statement.clone())
}

/// That it was the JVM's compiler that was refused memory, which is no memory of the program's.
fn by_compiler(error: &JavaError) -> Option<Statement> {
    let thread = error.thread.as_deref().filter(|name| error.kind.is_refusal() && name.contains(" CompilerThread"))?;
    let thread = Quantity::Word(thread.to_owned());
    Some(Statement::new("verdict.lede.compiler-thread").with("thread", thread, error.at.get("thread")))
}

/// How the starts of a program in one text ended, where there are several, and they ended in different ways.
fn attempts(case: &Case<'_>) -> Option<Statement> {
    let readings = case.incident.readings;
    let events = readings.events.iter().filter(|event| event.kind.ends_process() && !event.told);
    let events = events.filter_map(|event| Some((event.at.get(START)?, event.kind.key(), event_at(event))));
    let errors = readings.java_errors.iter().filter(|error| !error.told && !error.is_bare());
    let errors = errors.filter_map(|error| Some((error.at.get(START)?, error.kind.key(), error_at(error))));
    // What a JVM says of its end says more than the code of it.
    let mut ends: BTreeMap<(u16, u32), (&str, Span)> = BTreeMap::new();
    for (start, key, at) in errors.chain(events) {
        ends.entry((start.source, start.line)).or_insert((key, at));
    }
    let differ = ends.values().any(|(key, _)| ends.values().any(|(other, _)| other != key));
    let mut ends = ends.into_values().filter(|_| differ);
    let (first, second, third) = (ends.next()?, ends.next()?, ends.next());
    let more = ends.count() as u64;
    let key = match (third, more) {
        (None, _) => "verdict.lede.attempts.two",
        (Some(_), 0) => "verdict.lede.attempts.three",
        (Some(_), _) => "verdict.lede.attempts.more",
    };
    let all = [Some(("first", first)), Some(("second", second)), third.map(|third| ("third", third))];
    let statement = all.into_iter().flatten().fold(Statement::new(key), |statement, (name, (what, at))| {
        statement.with(name, Quantity::Term(what.to_owned()), Some(at)).with(
            &format!("{name}_line"),
            Quantity::Number(u64::from(at.line)),
            Some(at),
        )
    });
    Some(if more > 0 { statement.with("count", Quantity::Count(more), None) } else { statement })
}

/// What an end or a refusal means that a program tells of one that it started.
fn of_start(event: &Event) -> Option<Statement> {
    let key = match (event.kind, event.errno) {
        (EventKind::DaemonLost, _) => "verdict.lede.daemon-lost",
        (EventKind::ExecutorLost, _) => "verdict.lede.executor-lost",
        (EventKind::ForkLost, _) => "verdict.lede.fork-lost",
        (EventKind::ForkRefused, Some(EAGAIN)) => "verdict.lede.fork.tasks",
        (EventKind::ForkRefused, _) if event.lacks_memory() => "verdict.lede.fork.memory",
        (EventKind::MemoryCalculator, _) => "verdict.lede.memory-calculator",
        _ => return None,
    };
    Some(Statement::new(key))
}

/// That what a shell saw killed was the JVM that Surefire lost.
fn lost_fork(case: &Case<'_>, event: &Event) -> Option<Statement> {
    let is_lost = |other: &&Event| {
        let below = other.first_line.checked_sub(event.last_line);
        other.kind == EventKind::ForkLost
            && other.source == event.source
            && below.is_some_and(|lines| lines <= FORK_BELOW)
    };
    let lost = case.incident.readings.events.iter().filter(|_| event.kind == EventKind::ShellKilled).find(is_lost)?;
    let at = Some(event_at(lost));
    Some(Statement::new("verdict.lede.fork-killed").with("line", Quantity::Number(u64::from(lost.first_line)), at))
}

/// Lines between what a shell says of a process and what Maven makes of it.
const FORK_BELOW: u32 = 60;

/// A kill that only words tell and that is over: where it is told, and the limit that they give beside it.
fn past_kill(case: &Case<'_>) -> Option<Statement> {
    let event = case.incident.readings.events.iter().rev().find(|event| event.is_past())?;
    let at = event_at(event);
    let is_beside = |place: Span| (place.source, place.line) == (at.source, at.line);
    let limit = case.incident.stated("stated_limit").filter(|limit| limit.at.is_some_and(is_beside));
    let key = if limit.is_some() { "verdict.lede.past-kill.limit" } else { "verdict.lede.past-kill" };
    let statement = Statement::new(key).with("line", Quantity::Number(u64::from(at.line)), Some(at));
    Some(match limit {
        Some(limit) => statement.with("limit", Quantity::Size(limit.bytes), limit.at),
        None => statement,
    })
}

/// That what is over its quota lives, and how much the quota is, where that follows from what is printed.
fn over_quota(event: &Event) -> Vec<Statement> {
    let lives = (event.kind == EventKind::QuotaExceeded).then(|| Statement::new("verdict.lede.quota"));
    let quota = event.sizes.get("quota_derived").zip(event.sizes.get("usage"));
    let derived = quota.map(|(quota, usage)| {
        Statement::new("verdict.lede.quota.derived")
            .with("quota", Quantity::Size(*quota), event.at.get("quota_derived"))
            .with("usage", Quantity::Size(*usage), event.at.get("usage"))
    });
    lives.into_iter().chain(derived).collect()
}

/// That a program kept to a limit of its own, and what it refused.
fn guarded(event: &Event) -> Option<Statement> {
    event.strength().filter(|strength| *strength == Strength::Guard)?;
    Some(match event.sizes.get("requested") {
        Some(size) => {
            let at = event.at.get("requested").or(Some(event_at(event)));
            Statement::new("verdict.lede.guard.size").with("size", Quantity::Size(*size), at)
        }
        None => Statement::new("verdict.lede.guard"),
    })
}

/// How long a container had run, and how often it was started anew.
fn lasted(event: &Event) -> Option<Statement> {
    let at = Some(event_at(event));
    let lasted = event.lasted.map(Quantity::Duration);
    let restarts = event.restarts.filter(|count| *count > 0).map(Quantity::Count);
    let key = match (&lasted, &restarts) {
        (Some(_), Some(_)) => "verdict.lede.lasted.restarts",
        (Some(_), None) => "verdict.lede.lasted",
        (None, Some(_)) => "verdict.lede.restarts",
        (None, None) => return None,
    };
    let add = |statement: Statement, name: &str, quantity: Option<Quantity>| match quantity {
        Some(quantity) => statement.with(name, quantity, at),
        None => statement,
    };
    Some(add(add(Statement::new(key), "lasted", lasted), "count", restarts))
}

/// The findings that say why, of at least that severity, about the process that leads.
fn why<'a>(case: &'a Case<'_>, least: Severity) -> impl Iterator<Item = &'a Finding> {
    let tells = move |finding: &&Finding| finding.severity <= least && !RESTATES.contains(&finding.rule);
    case.own_findings().filter(tells)
}

/// True if a finding is about an error that the JVM reported.
fn is_of_error(finding: &Finding) -> bool {
    matches!(finding.rule, RuleId::HeapExhausted | RuleId::MemoryRefused)
}

/// What a JVM reported beside the end that leads, which may be of another run.
fn errors_beside(case: &Case<'_>) -> Option<Statement> {
    let error = |finding: &&Finding| is_of_error(finding) && finding.severity == Severity::Critical;
    case.findings.iter().find(error).map(|finding| finding.statement.clone())
}

/// True if a sentence is about this message.
fn quotes(statement: &Statement, error: &JavaError) -> bool {
    let message = statement.values.get("message").map(|value| &value.quantity);
    matches!(message, Some(Quantity::Word(word)) if *word == error.quoted())
}

/// What an error means, by the finding that quotes it; else its message.
fn meaning(case: &Case<'_>, error: &JavaError) -> Statement {
    let at = Some(error_at(error));
    if error.told {
        return Statement::new(match error.kind {
            ErrorKind::Other if error.is_bare() => "verdict.lede.told.bare",
            ErrorKind::Other => "verdict.lede.told.oom",
            kind if kind.is_of_heap() => "verdict.lede.told",
            _ => "verdict.lede.told.refused",
        });
    }
    if error.is_of_crash_log() {
        return Statement::new("verdict.lede.crash-log");
    }
    let message = Quantity::Word(error.quoted());
    let tells = |finding: &&Finding| {
        is_of_error(finding) && error.kind != ErrorKind::HeapSpace && quotes(&finding.statement, error)
    };
    if let Some(finding) = case.findings.iter().find(tells) {
        return finding.statement.clone();
    }
    match error.count {
        0 | 1 => Statement::new("verdict.lede.error").with("message", message, at),
        count => Statement::new("verdict.lede.error.several").with("message", message, at).with(
            "count",
            Quantity::Count(count),
            at,
        ),
    }
}

/// What the victim held, as a share of what there was.
fn resident(case: &Case<'_>, kill: &OomKill, victim: &Victim) -> Option<Statement> {
    let rss = victim.resident()?;
    let name = Quantity::Word(victim.name.clone());
    if let Some((swap, at)) = victim.swapped(kill).filter(|(swap, _)| swap.0 >= rss.0 / SWAPPED) {
        return Some(resident_and_swapped(kill, victim, rss, (swap, at)));
    }
    let limit = limit_at_kill(case, kill).map(|limit| (limit.bytes, limit.at));
    let ram = || case.incident.ram(victim.run.as_deref()).map(|ram| (ram.bytes, ram.at));
    let whole = match kill.scope {
        OomScope::Cgroup => limit.map(|whole| ("verdict.lede.resident.limit", whole)),
        OomScope::Global => ram().map(|whole| ("verdict.lede.resident.ram", whole)),
        _ => None,
    };
    // Pages of files count where they were read first, so that more can be resident than the limit allows.
    let shared = limit.zip(victim.anon_rss).zip(victim.file_rss).filter(|(((limit, _), anon), file)| {
        kill.scope == OomScope::Cgroup && file.0 > 0 && anon <= limit && rss > *limit
    });
    // A part that is larger than its whole proves nothing.
    let whole = whole.filter(|(_, (whole, _))| *whole >= rss && whole.0 > 0);
    let key = match whole {
        Some((key, _)) => key,
        None if shared.is_some() => "verdict.lede.resident.files",
        None => "verdict.lede.resident",
    };
    let statement = Statement::new(key).with("name", name, victim.at.get("name").or(Some(kill_line(kill)))).with(
        "rss",
        Quantity::Size(rss),
        victim.resident_at(),
    );
    Some(match whole {
        Some((_, (whole, at))) => {
            statement.with("whole", Quantity::Size(whole), at).with("share", Quantity::share_of(rss, whole), None)
        }
        None => match shared {
            Some((((limit, at), _), files)) => statement.with("whole", Quantity::Size(limit), at).with(
                "files",
                Quantity::Size(files),
                victim.at.get("file_rss").or(Some(kill_line(kill))),
            ),
            None => statement,
        },
    })
}

/// A limit on threads or processes was reached.
const EAGAIN: u32 = 11;

/// Less than this part of what is resident is too little swap to be told.
const SWAPPED: u64 = 20;

/// What the victim held in memory and in swap, and of how much where one limit counts both.
fn resident_and_swapped(kill: &OomKill, victim: &Victim, rss: Bytes, (swap, at): (Bytes, Span)) -> Statement {
    let sum = rss.plus(swap);
    let limit = kill.cgroup.as_ref().filter(|_| kill.scope == OomScope::Cgroup).and_then(|cgroup| {
        let both = cgroup.swap_limit.filter(|limit| cgroup.swap_includes_memory && *limit >= sum)?;
        Some((both, cgroup.at.get("swap_limit").or(Some(kill_line(kill)))))
    });
    let key = if limit.is_some() { "verdict.lede.resident.swap.limit" } else { "verdict.lede.resident.swap" };
    let statement = Statement::new(key)
        .with("name", Quantity::Word(victim.name.clone()), victim.at.get("name").or(Some(kill_line(kill))))
        .with("rss", Quantity::Size(rss), victim.resident_at())
        .with("swap", Quantity::Size(swap), Some(at))
        .with("sum", Quantity::Size(sum), None);
    match limit {
        Some((both, at)) => statement.with("whole", Quantity::Size(both), at),
        None => statement,
    }
}

/// What the kernel's score says of a machine whose memory is not in the input: the score is the share of memory and swap that the
/// process held, in thousandths, moved by its adjustment.
fn score(case: &Case<'_>, kill: &OomKill, victim: Option<&Victim>) -> Option<Statement> {
    let (score, at) = victim.map_or_else(|| kill.share_of_chosen(), |victim| victim.share_of_all(kill))?;
    let ram = case.incident.ram(victim.and_then(|victim| victim.run.as_deref()));
    (kill.scope == OomScope::Global && ram.is_none()).then(|| {
        let all = victim.and_then(|victim| victim.all_by_score(kill, score));
        let key = if all.is_some() { "verdict.lede.score.all" } else { "verdict.lede.score" };
        let statement = Statement::new(key)
            .with("score", Quantity::Number(u64::try_from(score).unwrap_or_default()), Some(at))
            .with("share", Quantity::Share(score * 100), Some(at));
        all.into_iter().fold(statement, |statement, all| statement.with("all", Quantity::Size(all), None))
    })
}

/// Memory of a killed JVM that cannot have been its heap.
pub(super) struct Outside {
    /// At least so much.
    least: Bytes,
    /// Its maximum heap.
    pub(super) heap: Known,
}

/// The same, if it is most of what the process had resident: then another heap changes little.
pub(super) fn outside_heap(case: &Case<'_>) -> Option<Outside> {
    let What::Kill(_, victim) = case.lead.what else { return None };
    let (rss, heap) = (victim.resident()?, case.incident.max_heap_or_stated(case.lead.run?)?);
    let least = rss.0.checked_sub(heap.bytes.0).filter(|least| *least > rss.0 / 2).map(Bytes)?;
    Some(Outside { least, heap })
}

/// The limit that was reached, where only what was charged then is in the input and that is a round size but for a few pages.
fn probable_limit(case: &Case<'_>, kill: &OomKill) -> Option<Statement> {
    const ROUND: u64 = 64 << 20;
    const FEW_PAGES: u64 = 128 << 10;
    let cgroup = kill.cgroup.as_ref().filter(|cgroup| cgroup.limit.is_none() && cgroup.usage.is_none())?;
    let unknown = kill.scope == OomScope::Cgroup && limit_at_kill(case, kill).is_none();
    let (rss, cache) = (cgroup.stats.get("rss")?, cgroup.stats.get("cache")?);
    let charged = rss.plus(*cache);
    let limit = Bytes(charged.0.next_multiple_of(ROUND));
    (unknown && charged.0 > 0 && limit.0 - charged.0 <= FEW_PAGES).then(|| {
        Statement::new("verdict.lede.probable-limit").with("limit", Quantity::Size(limit), None).with(
            "charged",
            Quantity::Size(charged),
            cgroup.at.get("stats.rss"),
        )
    })
}

fn chosen(kill: &OomKill) -> Option<Statement> {
    let chosen = kill.chosen.as_ref()?;
    let at = Some(line(kill.source, chosen.line));
    Some(Statement::new("verdict.lede.chosen").with("name", Quantity::Word(chosen.name.clone()), at).with(
        "pid",
        Quantity::Number(u64::from(chosen.pid)),
        at,
    ))
}

/// That nothing says whom the kernel killed, where the headline does not say it.
fn victim_unknown(kill: &OomKill) -> Option<Statement> {
    let said = kill.panic
        || kill.no_killable
        || kill.cgroup.as_ref().is_some_and(|cgroup| cgroup.limit.is_some())
        || kill.trigger.is_none();
    (!said).then(|| Statement::new("verdict.lede.victim-unknown"))
}

/// What the request of a report tells that was cut before its figures: whose limit it probably was, or that it asked for pages in one piece.
fn request(kill: &OomKill) -> Option<Statement> {
    let trigger = kill.trigger.as_ref().filter(|_| kill.memory.is_empty() && kill.cgroup.is_none())?;
    if trigger.in_container && kill.scope == OomScope::Unknown {
        return Some(Statement::new("verdict.lede.in-container"));
    }
    let order = trigger.order.and_then(|order| u32::try_from(order).ok()).filter(|order| (2..=10).contains(order))?;
    let pages = Quantity::Count(1 << order);
    Some(Statement::new("verdict.lede.in-one-piece").with("pages", pages, trigger.at.get("order")))
}

/// How often the kernel killed or chose, where it was more than once.
fn repeated(case: &Case<'_>) -> Option<Statement> {
    let kills = &case.incident.readings.oom_kills;
    let zone = case.incident.readings.clocks.common_zone();
    let lead = match case.lead.what {
        What::Kill(_, victim) => victim.name.as_str(),
        What::Unfinished(kill) => kill.chosen.as_ref()?.name.as_str(),
        _ => return None,
    };
    let of_name = |kill: &&OomKill| match kill.chosen.as_ref() {
        _ if kill.victims.iter().any(|victim| victim.name == lead) => true,
        Some(chosen) => kill.victims.is_empty() && chosen.name == lead,
        None => false,
    };
    let own: Vec<&OomKill> = kills.iter().filter(of_name).collect();
    let (first, last) = (own.first()?, own.last()?);
    let time = |kill: &OomKill| {
        let time = kill.time.map(|time| Quantity::time(time, zone)).or(kill.local_time.map(Quantity::LocalTime))?;
        Some((time, Some(kill_line(kill))))
    };
    let pid_of = |kill: &&&OomKill| {
        let victim = kill.victims.iter().find(|victim| victim.name == lead).map(|victim| victim.pid);
        victim.or(kill.chosen.as_ref().map(|chosen| chosen.pid))
    };
    let mut pids: Vec<String> = own.iter().filter_map(|kill| pid_of(&kill)).map(|pid| pid.to_string()).collect();
    pids.dedup();
    if pids.len() > NAMED {
        pids.truncate(NAMED);
        pids.push("…".to_owned());
    }
    let statement = |key: &str| {
        Statement::new(key)
            .with("name", Quantity::Word(lead.to_owned()), None)
            .with("pids", Quantity::Word(pids.join(", ")), None)
            .with("count", Quantity::Count(own.len() as u64), Some(kill_line(first)))
    };
    Some(match (own.len(), time(first), time(last)) {
        (1, ..) => return None,
        (_, Some((from, first)), Some((to, last))) if from != to => {
            statement("verdict.lede.repeated").with("from", from, first).with("to", to, last)
        }
        _ => statement("verdict.lede.repeated.undated"),
    })
}

fn no_swap(kill: &OomKill) -> Option<Statement> {
    let none = kill.swap_total == Some(Bytes(0)) && kill.scope == OomScope::Global;
    none.then(|| {
        Statement::new("verdict.lede.no-swap").with("swap", Quantity::Size(Bytes(0)), kill.at.get("swap_total"))
    })
}

/// That the machine had swap left when it had no memory: what filled it could not go there.
fn swap_left(kill: &OomKill) -> Option<Statement> {
    let (total, free) = kill.swap_total.zip(kill.swap_free).filter(|_| kill.scope == OomScope::Global)?;
    (free.0 >= total.0 / SWAP_LEFT && free.0 > 0).then(|| {
        Statement::new("verdict.lede.swap-left").with("free", Quantity::Size(free), kill.at.get("swap_free")).with(
            "total",
            Quantity::Size(total),
            kill.at.get("swap_total"),
        )
    })
}

/// Whose end the input reports besides. Beside a kill of the kernel only other kills count: what a container's or a service's keeper
/// says may be the same end.
fn others(case: &Case<'_>) -> Option<Statement> {
    let readings = case.incident.readings;
    let lead = lead_name(case)?;
    let kills = readings.oom_kills.iter().flat_map(|kill| &kill.victims);
    let killed = kills.map(|victim| (victim.name.as_str(), Some(victim.pid), victim.resident()));
    let by_kernel = !matches!(case.lead.what, What::Event(_));
    let events = readings.events.iter().filter(|event| {
        !by_kernel && event.kind.ends_process() && event.kind != EventKind::CrashLoop && !is_around(event)
    });
    // Of two with one name, the one whose pid is printed is not the one without.
    let lead_has_pid = !matches!(case.lead.what, What::Event(event) if event.pid.is_none());
    // A unit has one name, and a program any number of processes.
    let is_unit = [".service", ".scope", ".slice"].iter().any(|kind| lead.ends_with(kind));
    let is_other = |(name, pid, _): &Named<'_>| *name != lead || !lead_has_pid && !is_unit && pid.is_some();
    // One other killer is named with what it did.
    let mut acts = events.clone().filter(|event| event.strength() == Some(Strength::UserSpace));
    let act = acts.next().filter(|act| acts.all(|other| other.kind == act.kind));
    let others: Vec<Named<'_>> = killed.chain(events.filter_map(named)).filter(is_other).collect();
    let others: Vec<Named<'_>> = match seen_by_another(case) {
        Some(same) => others.into_iter().filter(|other| Some(*other) != named(same)).collect(),
        None => others,
    };
    let is_all = |act: &&Event| others.iter().all(|(name, ..)| Some(*name) == act.name.as_deref());
    let (names, left_out) = listed(others.iter().copied())?;
    if let Some(act) = act.filter(is_all).filter(|_| left_out == 0) {
        let what = Quantity::Term(act.kind.key().to_owned());
        let statement = Statement::new("verdict.lede.others.event").with("event", what, Some(event_at(act)));
        return Some(statement.with("names", Quantity::Word(names), None));
    }
    let key = if left_out == 0 { "verdict.lede.others" } else { "verdict.lede.others.more" };
    let statement = Statement::new(key).with("names", Quantity::Word(names), None);
    Some(match left_out {
        0 => statement,
        more => statement.with("count", Quantity::Count(more as u64), None),
    })
}

/// The same end as another program saw it: the only one of its kind with the same figures, of which one has a pid and the other does not.
fn seen_by_another<'a>(case: &Case<'a>) -> Option<&'a Event> {
    let What::Event(lead) = case.lead.what else { return None };
    let is_same = |event: &&Event| {
        event.kind == lead.kind && !event.sizes.is_empty() && event.pid.is_some() != lead.pid.is_some() && {
            let shared = event.sizes.iter().filter_map(|(name, size)| Some((size, lead.sizes.get(name)?)));
            let mut shared = shared.peekable();
            shared.peek().is_some() && shared.all(|(own, other)| own == other)
        }
    };
    let mut same = case.incident.readings.events.iter().filter(is_same);
    same.next().filter(|_| same.next().is_none())
}

/// Whom a daemon asked to end in vain.
fn still_alive(case: &Case<'_>) -> Option<Statement> {
    let lead = lead_name(case)?;
    let failed = |event: &&Event| matches!(event.kind, EventKind::EarlyoomFailed | EventKind::NohangFailed);
    let asked = case.incident.readings.events.iter().filter(failed).filter_map(named);
    let (names, _) = listed(asked.filter(|(name, ..)| *name != lead))?;
    Some(Statement::new("verdict.lede.still-alive").with("names", Quantity::Word(names), None))
}

/// Whom the headline names; an empty name if nobody.
fn lead_name<'a>(case: &Case<'a>) -> Option<&'a str> {
    match case.lead.what {
        What::Kill(_, victim) => Some(victim.name.as_str()),
        What::Unfinished(kill) => Some(kill.chosen.as_ref().map(|chosen| chosen.name.as_str()).unwrap_or_default()),
        What::Event(event) => Some(event.name.as_deref().unwrap_or_default()),
        _ => None,
    }
}

/// A process, or what is called by a name: the name, the process, and what it had.
type Named<'a> = (&'a str, Option<u32>, Option<Bytes>);

fn named(event: &Event) -> Option<Named<'_>> {
    let size = ["rss", "usage"].iter().find_map(|name| event.sizes.get(*name).copied());
    Some((event.name.as_deref()?, event.pid, size))
}

/// `java (48213, 42.9 GiB), orders`, and how many more names there are.
fn listed<'a>(all: impl Iterator<Item = Named<'a>>) -> Option<(String, usize)> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut told: Vec<String> = Vec::new();
    for (name, pid, size) in all.filter(|(name, ..)| !name.is_empty()) {
        if !known.insert(name) {
            continue;
        }
        if told.len() < NAMED {
            let details: Vec<String> =
                pid.map(|pid| pid.to_string()).into_iter().chain(size.map(format::size)).collect();
            let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
            told.push(format!("{name}{details}"));
        }
    }
    (!told.is_empty()).then(|| (told.join(", "), known.len() - told.len()))
}

/// ZGC has its heap in shared memory, which a group counts as cache, and which some JDKs map more than once.
fn shared_heap(case: &Case<'_>, victim: &Victim) -> Option<Statement> {
    let collector = case.lead.run.and_then(|run| case.incident.run(run)?.collector.as_deref());
    let (shared, resident) = (victim.shmem_rss?, victim.resident()?);
    let is_much = shared.0 >= resident.0 / 4;
    collector.filter(|name| name.contains("ZGC") && is_much)?;
    let at = victim.at.get("shmem_rss");
    Some(Statement::new("verdict.lede.shared-heap").with("shared", Quantity::Size(shared), at))
}

/// Who else had a good part of the limit that was reached: the kernel lists nobody but those of the group.
fn inside(kill: &OomKill, victim: &Victim) -> Option<Statement> {
    let least = kill.cgroup.as_ref()?.limit?.0 / MUCH_OF_LIMIT;
    let others = kill.processes.iter().filter(|row| row.pid != victim.pid && row.rss.is_some_and(|rss| rss.0 >= least));
    let is_group = kill.scope == OomScope::Cgroup;
    let (names, _) = listed(others.filter(|_| is_group).map(|row| (row.name.as_str(), Some(row.pid), row.rss)))?;
    Some(Statement::new("verdict.lede.inside").with("names", Quantity::Word(names), None))
}

/// JVMs of the text beside the one that was killed: what is measured of them says nothing of it.
fn other_jvms(case: &Case<'_>) -> Option<Statement> {
    let own = [case.lead.run, case.seen_inside()];
    // What a container calls by a pid of its own may be the one that was killed.
    let is_inside = |run: &Run| run.pid.is_some_and(is_of_container);
    let others =
        case.incident.runs.iter().filter(|run| !own.contains(&Some(run.id.as_str())) && !run.killed && !is_inside(run));
    let others = others.filter(|run| case.incident.is_jvm(run));
    let mut pids: Vec<String> = others.filter_map(|run| run.pid).map(|pid| pid.to_string()).collect();
    pids.truncate(NAMED);
    (!pids.is_empty())
        .then(|| Statement::new("verdict.lede.other-jvms").with("pids", Quantity::Word(pids.join(", ")), None))
}

/// The largest process when the kernel found no memory and killed nobody.
fn largest_at(kill: &OomKill) -> Option<Statement> {
    if !kill.panic && !kill.no_killable {
        return None;
    }
    let row = kill.processes.iter().max_by_key(|row| row.rss)?;
    let at = Some(line(kill.source, row.line));
    let spared = row.oom_score_adj == Some(NEVER) && kill.no_killable;
    let key = match (kill.panic, spared) {
        (true, _) => "verdict.lede.largest.panic",
        (false, true) => "verdict.lede.largest.spared",
        (false, false) => "verdict.lede.largest",
    };
    let statement = Statement::new(key)
        .with("name", Quantity::Word(row.name.clone()), at)
        .with("pid", Quantity::Number(u64::from(row.pid)), at)
        .with("rss", Quantity::Size(row.rss?), at);
    Some(statement)
}

/// How much memory the machine has to give, by the last reading that says it.
fn machine(case: &Case<'_>) -> Option<Statement> {
    let both = |host: &HostReading| {
        let (available, total) = (*host.sizes.get("mem_available")?, *host.sizes.get("mem_total")?);
        (host.kind.tells_machine() && available <= total).then_some((available, total, host.at.clone()))
    };
    let (available, total, at) = case.incident.readings.host.iter().rev().find_map(both)?;
    Some(
        Statement::new("verdict.lede.machine")
            .with("available", Quantity::Size(available), at.get("mem_available"))
            .with("total", Quantity::Size(total), at.get("mem_total")),
    )
}

/// The process that was looked at, or the largest that was listed.
fn largest(case: &Case<'_>) -> Option<Statement> {
    let rss = |host: &&HostReading| host.sizes.get("rss").copied().filter(|_| host.pid.is_some());
    let all = || case.incident.readings.host.iter().filter(|host| rss(host).is_some());
    let host = all().max_by_key(rss)?;
    let key = match (&host.name, all().any(|other| other.pid != host.pid)) {
        (Some(_), true) => "verdict.lede.largest",
        (None, true) => "verdict.lede.largest.unnamed",
        (Some(_), false) => "verdict.lede.process",
        (None, false) => "verdict.lede.process.unnamed",
    };
    let statement = Statement::new(key).with("pid", Quantity::Number(u64::from(host.pid?)), host.at.get("pid")).with(
        "rss",
        Quantity::Size(rss(&host)?),
        host.at.get("rss"),
    );
    Some(match &host.name {
        Some(name) => statement.with("name", Quantity::Word(name.clone()), host.at.get("name")),
        None => statement,
    })
}

/// What the last full collection of the process could not free.
fn last_full_collection(case: &Case<'_>) -> Option<Statement> {
    let LastFull { after, committed, at, count, goes_on, causes, .. } = last_full(case)?;
    // A heap at its maximum counts without one survivor space in some collectors: that is no other ceiling than the one beside it.
    let heap = case.lead.run.and_then(|run| case.incident.max_heap_or_stated(run)).map(|heap| heap.bytes);
    let committed = heap.filter(|heap| *heap >= committed && committed.0 >= heap.0 / 10 * 9).unwrap_or(committed);
    let at = Some(at);
    let cause = match causes.as_slice() {
        [] | [("", _)] => None,
        [(only, _)] => Some((*only).to_owned()),
        several if several.len() > 3 || several.iter().any(|(cause, _)| cause.is_empty()) => None,
        several => {
            let named = |(cause, count): &(&str, usize)| match count {
                1 => (*cause).to_owned(),
                _ => format!("{cause} ×{count}"),
            };
            Some(several.iter().map(named).collect::<Vec<_>>().join(", "))
        }
    };
    let cause = cause.filter(|_| !goes_on);
    let key = match (count, &cause) {
        _ if goes_on => "verdict.lede.last-full.ended",
        (1, None) => "verdict.lede.last-full.only",
        (1, Some(_)) => "verdict.lede.last-full.only.caused",
        (_, None) => "verdict.lede.last-full",
        (_, Some(_)) => "verdict.lede.last-full.caused",
    };
    let mut statement =
        Statement::new(key).with("after", Quantity::Size(after), at).with("committed", Quantity::Size(committed), at);
    if let Some(cause) = cause {
        statement = statement.with("cause", Quantity::Word(cause), at);
    }
    Some(if count == 1 { statement } else { statement.with("count", Quantity::Count(count as u64), None) })
}

/// What it means that nothing but classes, or code, called for full GCs, where they are too few for a finding.
fn cause_of_full(case: &Case<'_>) -> Option<Statement> {
    let LastFull { at, causes, metaspace, .. } = last_full(case)?;
    let told = |rule: RuleId| case.findings.iter().any(|finding| finding.rule == rule);
    let [(cause, _)] = causes.as_slice() else { return None };
    if *cause == "Metadata GC Threshold" && !told(RuleId::MetaspaceThresholdCollections) {
        let used = metaspace?;
        return Some(Statement::new("verdict.lede.full-of-classes").with("used", Quantity::Size(used), Some(at)));
    }
    let of_code = cause.starts_with("System") && !told(RuleId::ExplicitCollections);
    of_code.then(|| Statement::new("verdict.lede.full-of-code"))
}

/// The table with the most time in full collections.
fn busiest_table(case: &Case<'_>) -> Option<Statement> {
    let last = |table: &JstatTable, name| table.rows.checked_sub(1).and_then(|row| table.value(name, row));
    // Of these, one counts phases as full collections, the other the pauses of its cycles.
    let of_run = |table: &JstatTable| case.incident.run(&table.run)?.collector.as_deref();
    let counts_others =
        |table: &&JstatTable| !matches!(table.collector.as_deref().or(of_run(table)), Some("Shenandoah" | "CMS"));
    let table = case
        .incident
        .readings
        .jstat
        .iter()
        .filter(counts_others)
        .filter(|table| last(table, "FGC").is_some_and(|count| count > 0.0) && last(table, "FGCT").is_some())
        .max_by(|a, b| last(a, "FGCT").unwrap_or(0.0).total_cmp(&last(b, "FGCT").unwrap_or(0.0)))?;
    let count = last(table, "FGC")?;
    // Of less than a millisecond there is nothing to tell.
    let time = last(table, "FGCT").filter(|time| *time > 0.0)?;
    if let Some(freed) = last_full_of_rows(table) {
        return Some(freed);
    }
    let at = table.lines.last().map(|line| Span { source: table.source, line: *line, start: 0, end: 0 });
    Some(
        Statement::new("verdict.lede.full-collections")
            .with("count", Quantity::Count(count as u64), at)
            .with("time", Quantity::Duration(Micros((time * 1e6) as i64)), at)
            .with("mean", Quantity::Duration(Micros((time / count * 1e6) as i64)), None),
    )
}

/// What the last full GC between two samples left in the old generation: more than a mean of a whole life.
fn last_full_of_rows(table: &JstatTable) -> Option<Statement> {
    let value = |name: &str, row: usize| table.value(name, row);
    let is_one = |row: &usize| {
        let before = row.checked_sub(1).and_then(|before| value("FGC", before));
        before.zip(value("FGC", *row)).is_some_and(|(before, after)| after == before + 1.0)
            && table.restarts.binary_search(row).is_err()
    };
    let row = (1..table.rows).rev().find(is_one)?;
    let size = |row: usize| accounting::cell(table, "OU", row).filter(|size| size.0 > 0);
    let (before, after) = (size(row - 1)?, size(row)?);
    let time = value("FGCT", row)? - value("FGCT", row - 1)?;
    let at = Some(Span { source: table.source, line: *table.lines.get(row)?, start: 0, end: 0 });
    (time > 0.0 && after < before).then(|| {
        Statement::new("verdict.lede.full-collection.rows")
            .with("time", Quantity::Duration(Micros((time * 1e6).round() as i64)), at)
            .with("before", Quantity::Size(before), at)
            .with("after", Quantity::Size(after), at)
    })
}

/// What a snapshot alone says.
fn snapshot(case: &Case<'_>) -> Option<Statement> {
    let snapshot = case.incident.readings.nmt.last()?;
    let committed = snapshot.total.committed?;
    let sound = snapshot.categories.iter().filter(|category| category.committed.is_some_and(|size| size <= committed));
    let largest = sound.max_by_key(|category| category.committed);
    // Of a report that is not whole, a category counts as the largest only if the rest cannot hold a larger one.
    let largest =
        largest.filter(|largest| snapshot.complete || largest.committed.is_some_and(|size| size.0 > committed.0 / 2));
    let key = if largest.is_some() { "verdict.lede.snapshot" } else { "verdict.lede.snapshot.total" };
    let statement =
        Statement::new(key).with("committed", Quantity::Size(committed), snapshot.total.at.get("committed"));
    Some(match largest.and_then(|largest| Some((largest, largest.committed?))) {
        Some((largest, size)) => statement.with("category", Quantity::Word(largest.name.clone()), None).with(
            "largest",
            Quantity::Size(size),
            largest.at.get("committed"),
        ),
        None => statement,
    })
}

/// That most of what NMT counts is malloc, where no category of it is in the input that says more: then it is no heap.
pub(super) fn mostly_malloc(case: &Case<'_>) -> Option<Statement> {
    let all = &case.incident.readings.nmt;
    let snapshot = all.last().filter(|last| all.iter().all(|other| other.run == last.run))?;
    let (malloc, committed) = snapshot.total.malloc.zip(snapshot.total.committed)?;
    let is_listed = |category: &NmtCategory| category.committed.is_some_and(|size| size.0 >= malloc.0 / 2);
    let is_most = malloc.0 > committed.0 / 2 && malloc >= MUCH_MALLOC && malloc <= committed;
    (is_most && !snapshot.categories.iter().any(is_listed)).then(|| {
        Statement::new("verdict.lede.malloc")
            .with("malloc", Quantity::Size(malloc), snapshot.total.at.get("malloc"))
            .with("committed", Quantity::Size(committed), snapshot.total.at.get("committed"))
    })
}

/// More than a JVM takes by malloc for itself.
const MUCH_MALLOC: Bytes = Bytes(1 << 30);

/// What the words around NMT say is resident beyond all that it counts.
fn stated_outside(case: &Case<'_>) -> Option<Statement> {
    let snapshot = case.incident.readings.nmt.last()?;
    let committed = snapshot.total.committed?;
    let resident = case.incident.stated("stated_resident").filter(|_| case.incident.jvms() <= 1)?;
    let gap = Bytes(resident.bytes.0.checked_sub(committed.0)?);
    (gap.0 >= committed.0 / MUCH_OF_LIMIT).then(|| {
        Statement::new("verdict.lede.stated-outside")
            .with("rss", Quantity::Size(resident.bytes), resident.at)
            .with("committed", Quantity::Size(committed), snapshot.total.at.get("committed"))
            .with("gap", Quantity::Size(gap), None)
    })
}

/// That a container uses more than the heap that words state by a quarter, by `docker stats`, which once counted page cache, too.
fn stats_beyond(case: &Case<'_>) -> Option<Statement> {
    let heap = case.incident.stated("stated_heap_max")?;
    let stats = case.incident.readings.host.iter().filter(|host| host.kind == HostKind::DockerStats);
    let (host, usage) =
        stats.filter_map(|host| Some((host, *host.sizes.get("usage")?))).max_by_key(|(_, usage)| *usage)?;
    let more = usage.0.checked_sub(heap.bytes.0).filter(|more| *more >= heap.bytes.0 / 4)?;
    Some(
        Statement::new("verdict.lede.stats-beyond")
            .with("name", Quantity::Word(host.name.clone()?), host.at.get("name"))
            .with("usage", Quantity::Size(usage), host.at.get("usage"))
            .with("heap", Quantity::Size(heap.bytes), heap.at)
            .with("more", Quantity::Size(Bytes(more)), None),
    )
}

/// That a container uses more than the limit that it is defined with, and has another one.
fn limit_not_in_force(case: &Case<'_>) -> Option<Statement> {
    let hosts = || case.incident.readings.host.iter();
    let mut defined = hosts().filter(|host| host.kind.defines_container() && host.sizes.contains_key("limit"));
    let mut stats = hosts().filter(|host| host.kind == HostKind::DockerStats);
    let (Some(defined), None, Some(stats), None) = (defined.next(), defined.next(), stats.next(), stats.next()) else {
        return None;
    };
    let size = |host: &HostReading, name: &str| Some((*host.sizes.get(name)?, host.at.get(name)));
    let (limit, usage, other) = (size(defined, "limit")?, size(stats, "usage")?, size(stats, "limit")?);
    (usage.0 > limit.0 && other.0 > limit.0).then(|| {
        Statement::new("verdict.lede.limit-not-in-force")
            .with("limit", Quantity::Size(limit.0), limit.1)
            .with("usage", Quantity::Size(usage.0), usage.1)
            .with("other", Quantity::Size(other.0), other.1)
    })
}

/// The longest GC of which a program says only how long it was.
fn reported_gc(case: &Case<'_>) -> Option<Statement> {
    let readings = case.incident.readings;
    let of_monitor = |event: &&GcEvent| {
        let style = readings.gc_logs.get(event.log as usize).map(|log| log.style.as_str());
        event.kind == GcKind::Other && !event.pause && event.name == monitor::REPORTED && style == Some(monitor::STYLE)
    };
    let longest = readings.gc_events.iter().filter(of_monitor).max_by_key(|event| event.duration)?;
    let at = Some(event_line(readings, longest));
    Some(Statement::new("verdict.lede.reported-gc").with("duration", Quantity::Duration(longest.duration?), at))
}

/// What there is to say where nothing stands out, which can be said only of what was compared with something.
fn nothing(case: &Case<'_>, headline: &Statement) -> &'static str {
    let readings = case.incident.readings;
    let of_machine = |host: &HostReading| {
        host.kind.tells_machine() && ["mem_available", "mem_free"].iter().any(|name| host.sizes.contains_key(*name))
    };
    let compared =
        !(readings.gc_events.is_empty() && readings.jstat.is_empty()) || readings.host.iter().any(of_machine);
    match headline.key.as_str() {
        "verdict.headline.nothing" => "verdict.lede.nothing",
        "verdict.headline.crash-file" => "verdict.lede.crash-file",
        _ if compared => "verdict.lede.nothing-stands-out",
        _ => "verdict.lede.nothing-compared",
    }
}
