//! Which lines are of one event.

use super::exit_code::Asked;
use super::found::{Found, Role};
use super::recognise;
use crate::civil;
use crate::formats::Reader;
use crate::formats::date::read_date;
use crate::formats::java_error;
use crate::formats::quantity;
use crate::model::host::HostReading;
use crate::model::joining::{OF_FLINK, POD};
use crate::model::kind::{EventKind, HostKind};
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::{Line, Span, Stamp, Wall};
use crate::units::{Bytes, Micros, fixed_decimal};
use crate::warning::WarningKind;

/// Lines about one event stand within so many lines of each other,
const SAME_EVENT_LINES: u32 = 40;
/// and within this time, where they carry one.
const SAME_EVENT: u64 = 60_000_000;
/// Fields of one container's state stand within so many lines.
const STATE_LINES: u32 = 12;
/// Events whose lines may be mixed with each other's.
const MAX_RECENT: usize = 8;
/// Readings of earlyoom, and events, at most.
const MAX_KEPT: usize = 20_000;

#[derive(Default)]
pub(super) struct KillerReader {
    /// Events that following lines may belong to, latest last, with their last lines.
    recent: Vec<(usize, u32)>,
    /// The first line of a list of candidates, and its last.
    candidates: Option<(u32, u32)>,
    /// What is told of the event that the next line names.
    before: Option<Before>,
    /// When the container of an event started, where only that is known so far.
    started: Option<(usize, Wall)>,
    /// An exit code that the next line tells.
    asked: Option<Asked>,
    kept: usize,
}

/// Figures of an event, or of a container by its name, that stand above it.
struct Before {
    line: u32,
    name: Option<String>,
    sizes: Vec<(&'static str, Bytes, Span)>,
}

impl Reader for KillerReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if let Some((_, last)) = &mut self.candidates
            && line.since(*last) <= 2
            && is_candidate(line.body.trim())
        {
            *last = line.number;
            return true;
        }
        if self.exit_code(line, out) {
            return true;
        }
        let is_other =
            ["Name:", "State:", "Last State:", "\"State\": {"].iter().any(|key| line.body.trim().starts_with(key));
        if is_other || line.around.prompt == Some(line.number) {
            // Of another container.
            self.recent.clear();
        }
        let Some((at, last)) = self.recent.last().copied() else { return false };
        if line.since(last) <= STATE_LINES && self.state_line(at, line, out) {
            return true;
        }
        self.outcome_line(line, out)
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        self.asked = Asked::read(line, line.around.ran_jvm);
        if self.asked.is_some() {
            return true;
        }
        let Some(found) = recognise(line.body.trim()) else { return false };
        let found = if line.is_cut() { found.without_cut_numbers(line, out) } else { found };
        match found.role {
            Role::Figures(kind) => self.figures(kind, &found, line, out),
            Role::Measured(kind) => {
                self.figures(kind, &found, line, out);
                let sizes = found.sizes.iter().map(|(word, part, bytes)| (*word, *bytes, line.span_of(part)));
                let sizes = sizes.chain(quota(&found).map(|(quota, share)| (QUOTA, quota, line.span_of(share))));
                let name = found.name.map(str::to_owned);
                self.before = Some(Before { line: line.number, name, sizes: sizes.collect() });
            }
            Role::Before => {
                let sizes = found.sizes.iter().map(|(word, part, bytes)| (*word, *bytes, line.span_of(part)));
                let name = found.name.map(str::to_owned);
                self.before = Some(Before { line: line.number, name, sizes: sizes.collect() });
                out.keep(line);
            }
            Role::Candidates => self.candidates = Some((line.number, line.number)),
            _ => self.event(&found, line, out),
        }
        true
    }
}

/// A size that stands behind one of these keys and is not known yet; whole where the text ends with it, if its unit follows.
fn measured(event: &mut Event, line: &Line<'_>, is_cut: bool, keys: &[&str], word: &'static str) -> bool {
    let pair = line.body.trim().split_once([':', '=']).filter(|(key, _)| keys.contains(&key.trim_end()));
    let measured = pair.and_then(|(_, value)| {
        let (part, bytes) = quantity::front(value)?;
        Some((value.get(part)?, bytes))
    });
    let Some((part, bytes)) = measured else { return false };
    let whole = !is_cut || part.ends_with(|c: char| c.is_ascii_alphabetic());
    let new = whole && !event.sizes.contains_key(word);
    if new {
        event.sizes.insert(word.to_owned(), bytes);
        event.at.put(word, line.span_of(part));
    }
    new
}

/// The kind that stands for all that a daemon does to a process: what it did is told line by line.
fn daemon(kind: EventKind) -> EventKind {
    match kind {
        EventKind::EarlyoomAsked | EventKind::EarlyoomFailed => EventKind::Earlyoom,
        EventKind::NohangAsked | EventKind::NohangFailed | EventKind::NohangKilled => EventKind::Nohang,
        EventKind::SystemdOomdFailed => EventKind::SystemdOomd,
        kind => kind,
    }
}

/// What the lines below a request tell of its outcome: that the process ended by it, that it was killed, or that it did neither in
/// time.
fn outcome(daemon: EventKind, body: &str) -> Option<EventKind> {
    match daemon {
        // It asked, the process complied: the daemon ended it.
        EventKind::Earlyoom if body.starts_with("process ") && body.contains("exited after ") => Some(daemon),
        EventKind::Earlyoom if body.starts_with("escalating to SIGKILL") => Some(daemon),
        EventKind::Earlyoom if body.starts_with("kill failed") || body.ends_with(" did not exit") => {
            Some(EventKind::EarlyoomFailed)
        }
        EventKind::Nohang if body.contains("Sending SIGTERM") => Some(EventKind::NohangAsked),
        EventKind::Nohang if body.contains("Sending SIGKILL") => Some(EventKind::NohangKilled),
        EventKind::Nohang if body.contains("The victim died in ") => Some(EventKind::NohangKilled),
        EventKind::Nohang if body.contains("The victim doesn't respond on corrective action") => {
            Some(EventKind::NohangFailed)
        }
        _ => None,
    }
}

/// True for the code of an end without its reason.
fn is_code(kind: EventKind) -> bool {
    matches!(kind, EventKind::Exit137 | EventKind::Exit143)
}

/// The limit that follows from a use and from what part of the limit that is.
const QUOTA: &str = "quota_derived";

/// `mem=533M(104.2%)`: the limit of which both printed numbers are true, the roundest one, and where the part stands.
fn quota<'a>(found: &Found<'a>) -> Option<(Bytes, &'a str)> {
    let share = found.share?;
    let (_, part, usage) = found.sizes.iter().find(|(word, ..)| *word == "usage")?;
    let unit = quantity::front(&format!("1{}", part.trim_start_matches(|c: char| c.is_ascii_digit())))?.1;
    let tenths = u128::from(u64::try_from(fixed_decimal(share, 1)?).ok()?).checked_mul(2)?;
    // Half a unit, and half a tenth of a percent, to both sides.
    let (usage, half) = (u128::from(usage.0), u128::from(unit.0 / 2));
    let least = usage.checked_sub(half)? * 2000 / (tenths + 1);
    let most = (usage + half) * 2000 / tenths.checked_sub(1)?;
    let round = (20..50).rev().map(|power| most >> power << power).find(|size| *size >= least && *size > 0);
    let quota = round.or_else(|| (usage * 2000).checked_div(tenths))?;
    Some((Bytes(u64::try_from(quota).ok()?), share))
}

/// True for what a platform says that measures again and again.
fn is_of_quota(kind: EventKind) -> bool {
    matches!(kind, EventKind::MemoryLimitExceeded | EventKind::QuotaExceeded)
}

/// True if an exit code below such an event is of the same end.
fn says_why(kind: EventKind) -> bool {
    let by_limit = [EventKind::MemoryLimitExceeded, EventKind::Slurm, EventKind::Yarn, EventKind::YarnVirtual];
    kind.is_oomkilled() || by_limit.contains(&kind)
}

fn is_candidate(body: &str) -> bool {
    const STARTS: [&str; 10] = [
        "Path: ",
        "Memory Pressure Limit: ",
        "Pressure: Avg10: ",
        "Current Memory Usage: ",
        "Memory Min: ",
        "Memory Low: ",
        "Pgscan: ",
        "Last Pgscan: ",
        "Swap Usage: ",
        "No candidates",
    ];
    STARTS.iter().any(|start| body.starts_with(start))
}

impl KillerReader {
    fn event(&mut self, found: &Found<'_>, line: &Line<'_>, out: &mut Readings) {
        if let Some(at) = self.same_event(found, line, out) {
            self.measured(at, found, line, out);
            return self.extend(at, found, line, out);
        }
        if is_code(found.kind)
            && line.stamp.wall.is_none()
            && let Some((at, last)) = self.recent.last().copied()
            && line.since(last) <= STATE_LINES
            && out.events.get(at).is_some_and(|event| says_why(event.kind))
        {
            // The code of a container whose state says already why it ended.
            return self.extend(at, &Found::default(), line, out);
        }
        if self.kept >= MAX_KEPT {
            if self.kept == MAX_KEPT {
                out.warn_line(line, WarningKind::LimitReached { what: "events".to_owned() });
                self.kept += 1;
            }
            return;
        }
        self.kept += 1;
        let mut event = Event { uptime: line.stamp.uptime, ..Event::on(line, found.kind) };
        // A program may go on below a line that has its time.
        let logged = line.around.logged.as_ref().filter(|logged| {
            found.kind == EventKind::Exit137 && line.stamp == Stamp::default() && logged.last_line + 1 == line.number
        });
        set_time(&mut event, line.stamp.wall.or(logged.map(|logged| logged.wall)));
        if let Some((first, last)) = self.candidates.take()
            && found.kind == EventKind::SystemdOomd
            && line.since(last) <= SAME_EVENT_LINES
        {
            event.first_line = first;
        }
        if let Some(sizes) = self.told_before(found, line) {
            for (word, bytes, span) in sizes {
                // Which limit it is, only this line tells.
                let word = match (found.kind, word) {
                    (EventKind::YarnVirtual, "usage") => "virtual",
                    (EventKind::YarnVirtual, "limit") => "limit_virtual",
                    _ => word,
                };
                event.sizes.insert(word.to_owned(), bytes);
                event.at.put(word, span);
            }
        }
        fill(&mut event, found, line);
        const FLINK: &str = "org.apache.flink";
        if matches!(found.kind, EventKind::Yarn | EventKind::YarnVirtual)
            && let Some(teller) = line.raw.find(FLINK).and_then(|at| line.raw.get(at..at + FLINK.len()))
        {
            event.at.put(OF_FLINK, line.span_of(teller));
        }
        out.keep(line);
        self.note(out.events.len(), line.number);
        out.events.push(event);
    }

    /// What the line above told of the event of this line.
    fn told_before(&mut self, found: &Found<'_>, line: &Line<'_>) -> Option<Vec<(&'static str, Bytes, Span)>> {
        let Before { line: above, name, sizes } = self.before.take()?;
        (found.name == name.as_deref() && line.since(above) <= 2).then_some(sizes)
    }

    /// What was measured before a line that goes on with an event: the most counts.
    fn measured(&mut self, at: usize, found: &Found<'_>, line: &Line<'_>, out: &mut Readings) {
        if !is_of_quota(found.kind) {
            return;
        }
        let (Some(sizes), Some(event)) = (self.told_before(found, line), out.events.get_mut(at)) else { return };
        for (word, bytes, span) in sizes {
            if event.sizes.get(word).is_none_or(|known| word != QUOTA && *known < bytes) {
                event.sizes.insert(word.to_owned(), bytes);
                event.at.put(word, span);
            }
        }
    }

    /// The answer to `echo $?`.
    fn exit_code(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let Some(asked) = self.asked.take_if(|_| !body.is_empty()) else { return false };
        // The last line may be cut in the middle of the number.
        let Some(kind) = asked.answer(body).filter(|_| line.since(asked.line) <= 2 && !line.is_cut()) else {
            return false;
        };
        if self.kept >= MAX_KEPT {
            return false;
        }
        self.kept += 1;
        let mut event =
            Event { kind, source: line.source, first_line: asked.line, last_line: line.number, ..Event::default() };
        if let Some((pid, at)) = asked.pid {
            event.pid = Some(pid);
            event.at.put("pid", at);
        }
        out.keep(line);
        out.events.push(event);
        true
    }

    /// The event that a line says more about.
    fn same_event(&self, found: &Found<'_>, line: &Line<'_>, out: &Readings) -> Option<usize> {
        self.recent.iter().rev().find(|(at, last)| says_more(*at, *last, found, line, out)).map(|(at, _)| *at)
    }

    fn note(&mut self, at: usize, line: u32) {
        self.recent.retain(|(known, _)| *known != at);
        if self.recent.len() >= MAX_RECENT {
            self.recent.remove(0);
        }
        self.recent.push((at, line));
    }

    fn extend(&mut self, at: usize, found: &Found<'_>, line: &Line<'_>, out: &mut Readings) {
        if let Some(event) = out.events.get_mut(at) {
            event.last_line = line.number;
            if event.time.or(event.local_time).is_none() && event.uptime.is_none() {
                set_time(event, line.stamp.wall);
            }
            // That nohang acts says less than what it did.
            let goes_on = daemon(event.kind) == daemon(found.kind) && found.kind != EventKind::Nohang;
            // That it asks once more says less than that the process did not end.
            let has_failed = matches!(event.kind, EventKind::EarlyoomFailed | EventKind::NohangFailed);
            let asks = matches!(found.kind, EventKind::EarlyoomAsked | EventKind::NohangAsked);
            let goes_on = goes_on && !(has_failed && asks);
            if (event.kind == EventKind::Exit137 || goes_on) && found.kind != EventKind::Unknown {
                event.kind = found.kind;
            }
            fill(event, found, line);
            self.note(at, line.number);
        }
    }

    fn figures(&mut self, kind: HostKind, found: &Found<'_>, line: &Line<'_>, out: &mut Readings) {
        if self.kept >= MAX_KEPT {
            return;
        }
        self.kept += 1;
        let mut reading = HostReading { uptime: line.stamp.uptime, ..HostReading::on(line, kind) };
        if let Some(wall) = line.stamp.wall {
            (reading.time, reading.local_time) = wall.split();
            reading.year_unknown = !wall.year_known;
        }
        for (word, part, bytes) in &found.sizes {
            reading.at.put(word, line.span_of(part));
            reading.sizes.insert((*word).to_owned(), *bytes);
        }
        if let Some(name) = found.name {
            reading.name = Some(name.to_owned());
            reading.at.put("name", line.span_of(name));
        }
        if let Some((bytes, share)) = quota(found) {
            reading.at.put(QUOTA, line.span_of(share));
            reading.sizes.insert(QUOTA.to_owned(), bytes);
        }
        out.keep(line);
        out.host.push(reading);
    }

    /// What came of the latest request of a daemon. A line that names a process is about that one.
    fn outcome_line(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if recognise(body).is_some() {
            return false; // It speaks for itself.
        }
        let pid = body.strip_prefix("process ").and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
        for (at, last) in self.recent.iter().rev().copied().collect::<Vec<_>>() {
            let Some(event) = out.events.get_mut(at).filter(|event| event.source == line.source) else { continue };
            let Some(kind) = outcome(daemon(event.kind), body) else { continue };
            if line.since(last) > SAME_EVENT_LINES || pid.zip(event.pid).is_some_and(|(pid, own)| pid != own) {
                continue;
            }
            event.kind = kind;
            event.last_line = line.number;
            out.keep(line);
            self.note(at, line.number);
            return true;
        }
        false
    }

    /// Lines that only mean something below an event: when a container ended, how often it was restarted.
    fn state_line(&mut self, at: usize, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let is_cut = line.is_cut();
        let Some(event) = out.events.get_mut(at).filter(|event| event.source == line.source) else { return false };
        let is_container = event.kind.is_oomkilled() || is_code(event.kind);
        let key = body.trim_start_matches(['"', '-', ' ']);
        let next = ["terminated", "lastState", "state", "State:", "Last State:"];
        // `  proxy:` in a description: the next container.
        let is_name =
            body.strip_suffix(':').is_some_and(|name| !name.contains([' ', '"', ':'])) && !body.starts_with("Limits");
        if is_container && (is_name || next.iter().any(|word| key.starts_with(word))) {
            // Of another container, or of another end of this one.
            self.recent.retain(|(known, _)| *known != at);
            return false;
        }
        let taken = match event.kind {
            _ if is_container => {
                let is = |words: &[&str]| words.iter().any(|word| key.starts_with(word));
                let is_end = is(&["Finished:", "finishedAt", "FinishedAt"]);
                let is_start = is(&["Started:", "startedAt", "StartedAt"]);
                let is_restarts = is(&["Restart Count:", "restartCount", "RestartCount"]);
                if is_end && let Some((part, wall)) = printed_time(key) {
                    set_time(event, Some(wall));
                    event.at.put("time", line.span_of(part));
                }
                if is_start && let Some((part, wall)) = printed_time(key) {
                    self.started = Some((at, wall));
                    event.at.put("lasted", line.span_of(part));
                }
                if let Some((_, wall)) = self.started.filter(|(of, _)| *of == at) {
                    event.lasted = lasted(event, wall);
                }
                if is_restarts {
                    restarts(event, line, key, is_cut);
                }
                is_end || is_start || is_restarts || is(&["Exit Code:", "exitCode"])
            }
            // What LSF, `seff` of Slurm, and Torque measured.
            EventKind::MemoryLimitExceeded | EventKind::Slurm => {
                measured(event, line, is_cut, &["Max Memory", "Memory Utilized", "resources_used.mem"], "usage")
            }
            kind if daemon(kind) == EventKind::Nohang => measured(event, line, is_cut, &["Victim VmRSS"], "rss"),
            _ => false,
        };
        if taken {
            event.last_line = line.number;
            self.note(at, line.number);
        }
        taken
    }
}

/// True if a line says more about the event at this index.
fn says_more(at: usize, last: u32, found: &Found<'_>, line: &Line<'_>, out: &Readings) -> bool {
    let Some(event) = out.events.get(at).filter(|event| event.source == line.source) else { return false };
    let near = line.since(last) <= SAME_EVENT_LINES;
    // Where the state prints when it ended, the time of the line is that of whoever asked.
    let stamp = line.stamp.wall.filter(|_| event.at.get("time").is_none());
    let (time, local_time) = stamp.or(found.time.map(|(_, wall)| wall)).map(Wall::split).unwrap_or_default();
    let apart = |a: Option<Micros>, b: Option<Micros>| a.zip(b).is_some_and(|(a, b)| a.0.abs_diff(b.0) > SAME_EVENT);
    if !near || apart(event.time, time) || apart(event.local_time, local_time) || apart(event.uptime, line.stamp.uptime)
    {
        return false;
    }
    let named = match (&event.name, found.name) {
        (Some(known), Some(name)) => known == name,
        _ => true,
    };
    let of_pid = event.pid.zip(found.pid.and_then(|pid| pid.parse::<u32>().ok())).is_none_or(|(a, b)| a == b);
    // Two platforms say the same of themselves; only one of them prints times.
    let timed = (time.is_some(), local_time.is_some()) == (event.time.is_some(), event.local_time.is_some());
    let of_pid = of_pid && (timed || !is_of_quota(found.kind));
    let limits = found.sizes.iter().filter(|(word, ..)| *word == "limit");
    let of_limit = limits.into_iter().all(|(word, _, limit)| event.sizes.get(*word).is_none_or(|known| known == limit));
    let is_earlyoom = found.kind == EventKind::EarlyoomLowMemory || daemon(found.kind) == EventKind::Earlyoom;
    let same =
        daemon(event.kind) == daemon(found.kind) && (found.role == Role::More || is_earlyoom && found.pid.is_some());
    // The processes stand before the group they are of.
    let oomd = event.kind == EventKind::SystemdOomd
        && found.kind == EventKind::SystemdOomd
        && (found.role == Role::More || event.name.is_none());
    // The state of a unit stands above the lines of its journal.
    let of_unit = matches!(event.kind, EventKind::SystemdUnitKilled | EventKind::SystemdUnitOom);
    let status = of_unit && found.kind == event.kind && event.name.is_none();
    // In YAML the code stands before the reason.
    let reason = event.kind == EventKind::Exit137
        && found.kind.is_oomkilled()
        && line.since(last) <= STATE_LINES
        && found.name.is_none();
    ((same || status) && named && of_pid && of_limit) || oomd || reason
}

fn set_time(event: &mut Event, wall: Option<Wall>) {
    if let Some(wall) = wall {
        (event.time, event.local_time) = wall.split();
        event.year_unknown = !wall.year_known;
    }
}

fn fill(event: &mut Event, found: &Found<'_>, line: &Line<'_>) {
    if found.kind == EventKind::ForkRefused && event.errno.is_none() {
        // A shell says it in words.
        const WORDS: [(&str, u32); 3] = [("fork: retry", 11), ("Resource temporarily", 11), ("Cannot allocate", 12)];
        let in_words = || {
            let (start, word, errno) =
                WORDS.iter().find_map(|(word, errno)| Some((line.body.find(word)?, word, errno)))?;
            Some((*errno, line.body.get(start..start + word.len())?))
        };
        if let Some((errno, printed)) = java_error::errno_of(line.body).or_else(in_words) {
            event.errno = Some(errno);
            event.at.put("errno", line.span_of(printed));
        }
    }
    if let Some((part, wall)) = found.time.filter(|_| event.time.is_none() && event.local_time.is_none()) {
        (event.time, event.local_time) = wall.split();
        event.at.put("time", line.span_of(part));
    }
    if let Some(name) = found.name.filter(|_| event.name.is_none()) {
        event.name = Some(name.to_owned());
        event.at.put("name", line.span_of(name));
        // Only a row of `kubectl get pods` has a name beside it.
        if found.kind == EventKind::KubernetesOomkilled {
            event.at.put(POD, line.span_of(name));
        }
    }
    if let Some(pid) = found.pid.filter(|_| event.pid.is_none()) {
        event.pid = pid.parse().ok();
        event.at.put("pid", line.span_of(pid));
    }
    let restarts = found.restarts.and_then(|digits| Some((digits.parse::<u64>().ok()?, digits)));
    if let Some((count, digits)) = restarts.filter(|(count, _)| event.restarts.is_none_or(|known| known < *count)) {
        event.restarts = Some(count);
        event.at.put("restarts", line.span_of(digits));
    }
    for (word, part, bytes) in &found.sizes {
        // A platform measures again and again: the most counts.
        let more = is_of_quota(event.kind) && event.sizes.get(*word).is_some_and(|known| known < bytes);
        if more || !event.sizes.contains_key(*word) {
            event.sizes.insert((*word).to_owned(), *bytes);
            event.at.put(word, line.span_of(part));
        }
    }
}

/// How long a container ran that started at this time. `None` without both times on one clock, or if it ended before it started.
fn lasted(event: &Event, started: Wall) -> Option<Micros> {
    let ended = if started.zone_known { event.time } else { event.local_time };
    let lasted = Micros(ended?.0.checked_sub(started.micros.0)?);
    (lasted.0 >= 0 && event.at.get("time").is_some()).then_some(lasted)
}

/// `Restart Count:  6`, `restartCount: 6`, `"restartCount": 6,`.
fn restarts(event: &mut Event, line: &Line<'_>, key: &str, is_cut: bool) {
    let Some((_, value)) = key.split_once(':') else { return };
    let digits = value.trim().trim_end_matches(',');
    if let Ok(count) = digits.parse()
        && event.restarts.is_none()
        && !(is_cut && line.body.trim_end().ends_with(digits))
    {
        event.restarts = Some(count);
        event.at.put("restarts", line.span_of(digits));
    }
}

/// `Finished:      Tue, 05 Aug 2025 03:54:03 +0200`, `"FinishedAt": "2025-08-05T03:54:03.1Z"`.
fn printed_time(text: &str) -> Option<(&str, Wall)> {
    let (_, value) = text.split_once(':')?;
    let value = value.trim_start_matches([' ', '"', '\'', '\t']);
    if let Some((wall, rest)) = civil::iso_time(value) {
        return Some((value.get(..value.len() - rest.len())?, wall));
    }
    let date = value.trim_end();
    read_date(date).map(|wall| (date, wall))
}
