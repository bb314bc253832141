//! The same report seen twice, through two transports or pasted twice, is one event.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::oom::{OomKill, Victim};
use crate::order::InOrder as _;
use crate::source::Span;
use crate::units::Micros;

/// Two sights of one kill are at most this far apart on the same clock.
pub(super) const SAME_KILL: u64 = 60_000_000;
/// Two sights of a report without a kill.
const SAME_REPORT: u64 = 5_000_000;

/// Events that are compared with a new one at most, of each kind that it may be the same as.
const COMPARED: usize = 512;

/// Where the events are found that a new one may be a second sight of: those that killed the same process, and those that
/// were at the same time.
#[derive(Default)]
pub(super) struct Known {
    /// Events that it holds, from the first on.
    count: usize,
    victims: BTreeSet<(u32, usize)>,
    /// Of those that name who asked for memory, on each clock.
    times: [BTreeSet<(Micros, usize)>; 3],
    /// When that was, on each clock; the kill itself may be seconds later.
    asked: BTreeMap<usize, Asked>,
}

/// When memory was asked for: since boot, in UTC, and on a clock whose zone is not known.
pub(super) type Asked = [Option<Micros>; 3];

/// True if that is one moment on a clock that both name: the same thread may ask again two seconds later. Wall clocks are printed in
/// seconds by some.
fn is_one_moment(a: &Asked, b: &Asked) -> bool {
    const UNITS: [i64; 3] = [1000, 1_000_000, 1_000_000];
    let shared = a.iter().zip(b).zip(UNITS).find_map(|((a, b), unit)| Some((((*a)?), (*b)?, unit)));
    shared.is_some_and(|(a, b, unit)| a.0.div_euclid(unit) == b.0.div_euclid(unit))
}

impl Known {
    /// The latest of the events that is the same as a new one.
    pub(super) fn same_event(&mut self, events: &[OomKill], new: &OomKill, asked: Option<&Asked>) -> Option<usize> {
        self.follow(events);
        let one_moment = |at| Some(is_one_moment(self.asked.get(&at)?, asked?));
        let is_same = |at: &usize| events.get(*at).is_some_and(|known| is_same(known, new, one_moment(*at)));
        let by_victim = ends(new).and_then(|(pid, _)| self.of_victim(pid).take(COMPARED).find(is_same));
        let by_time = self.times.iter().zip(times(new)).filter_map(|(known, time)| {
            let first = time?.0.saturating_sub_unsigned(SAME_REPORT);
            let last = time?.0.saturating_add_unsigned(SAME_REPORT);
            let near = known.range((Micros(first), 0)..=(Micros(last), usize::MAX)).rev().take(COMPARED);
            near.map(|(_, at)| *at).filter(is_same).max()
        });
        by_time.chain(by_victim).max()
    }

    /// The latest of the events that killed a process.
    pub(super) fn killer_of(&mut self, pid: u32, events: &[OomKill]) -> Option<usize> {
        self.follow(events);
        let killed = |event: &OomKill| event.victims.iter().any(|victim| victim.pid == pid);
        self.of_victim(pid).find(|at| events.get(*at).is_some_and(killed))
    }

    /// Events that killed a process, the latest first.
    fn of_victim(&self, pid: u32) -> impl Iterator<Item = usize> {
        self.victims.range((pid, 0)..=(pid, usize::MAX)).rev().map(|(_, at)| *at)
    }

    /// Takes in the events that came since.
    fn follow(&mut self, events: &[OomKill]) {
        for (at, event) in events.iter().enumerate().skip(self.count) {
            self.note(at, event);
        }
        self.count = events.len();
    }

    /// Takes in when the memory of an event was asked for.
    pub(super) fn note_asked(&mut self, at: usize, asked: Asked) {
        let known = self.asked.entry(at).or_default();
        for (known, asked) in known.iter_mut().zip(asked) {
            *known = known.or(asked);
        }
    }

    /// Takes in an event, or what has become known of it.
    pub(super) fn note(&mut self, at: usize, event: &OomKill) {
        let chosen = ends(event).filter(|_| event.victims.is_empty());
        self.victims.extend(
            event.victims.iter().map(|victim| victim.pid).chain(chosen.map(|(pid, _)| pid)).map(|pid| (pid, at)),
        );
        for (known, time) in self.times.iter_mut().zip(times(event)).filter(|_| event.trigger.is_some()) {
            known.extend(time.map(|time| (time, at)));
        }
    }
}

/// When an event was, on each clock.
fn times(event: &OomKill) -> [Option<Micros>; 3] {
    [event.uptime, event.time, event.local_time]
}

/// True if both show the same event: same victim with the same sizes, or, where one shows no kill, the same request at the
/// same time, which is `one_moment` where both tell when that was.
fn is_same(a: &OomKill, b: &OomKill, one_moment: Option<bool>) -> bool {
    if let (Some(a), Some(b)) = (&a.host, &b.host)
        && short(a) != short(b)
    {
        return false;
    }
    let distance = a.apart(b);
    match (a.victims.first(), b.victims.first()) {
        (Some(first), Some(second)) => {
            let sizes = equal_sizes(first, second);
            let same = first.pid == second.pid
                && (first.name == second.name || first.name.is_empty() || second.name.is_empty());
            match (same, sizes, distance) {
                (true, Some(sizes), Some(distance)) => distance <= SAME_KILL && (sizes > 0 || distance <= SAME_REPORT),
                // Without any clock it is a quotation, which may be shortened to the name.
                (true, Some(_), None) if !first.name.is_empty() && !second.name.is_empty() && is_quoted(a, b) => true,
                // No clock in common: only exact sizes tell.
                (true, Some(sizes), None) => sizes >= 2,
                _ => false,
            }
        }
        // The line of a kill, and the report that chose that process, pasted above or below it.
        (first, second)
            if first.is_some() != second.is_some()
                && (is_line(a) || is_line(b))
                && ends(a).is_some()
                && ends(a) == ends(b) =>
        {
            distance.is_none_or(|distance| distance <= SAME_KILL)
        }
        (first, second) => {
            let (Some(x), Some(y)) = (&a.trigger, &b.trigger) else { return false };
            let same = x.name == y.name && x.gfp_mask == y.gfp_mask && x.order == y.order;
            let whole =
                first.is_none() && second.is_none() || a.kernel.is_none() || b.kernel.is_none() || x.tid == y.tid;
            same && whole
                && x.tid.zip(y.tid).is_none_or(|(x, y)| x == y)
                && one_moment.unwrap_or(true)
                && distance.is_some_and(|distance| distance <= SAME_REPORT)
        }
    }
}

/// Whom a report killed, or chose where that is all it shows: the process and its name.
fn ends(kill: &OomKill) -> Option<(u32, &str)> {
    let killed = kill.victims.first().map(|victim| (victim.pid, victim.name.as_str()));
    killed.or_else(|| kill.chosen.as_ref().map(|chosen| (chosen.pid, chosen.name.as_str())))
}

/// True for no more than the line of a kill.
fn is_line(kill: &OomKill) -> bool {
    kill.trigger.is_none() && !kill.victims.is_empty()
}

/// True if one of them is no more than the line of the kill, without a clock.
fn is_quoted(a: &OomKill, b: &OomKill) -> bool {
    let is_timeless = |kill: &OomKill| kill.trigger.is_none() && times(kill).iter().all(Option::is_none);
    is_timeless(a) || is_timeless(b)
}

/// `web01` of `web01.example.org`.
fn short(host: &str) -> &str {
    host.split('.').next().unwrap_or(host)
}

/// How many sizes both print. `None` if they differ in one.
fn equal_sizes(a: &Victim, b: &Victim) -> Option<usize> {
    let pairs = [
        (a.total_vm, b.total_vm),
        (a.anon_rss, b.anon_rss),
        (a.file_rss, b.file_rss),
        (a.shmem_rss, b.shmem_rss),
        (a.rss, b.rss),
    ];
    let mut equal = 0;
    for (a, b) in pairs {
        if let (Some(a), Some(b)) = (a, b) {
            if a != b {
                return None;
            }
            equal += 1;
        }
    }
    Some(equal)
}

/// Puts a second sight of an event to the first. What shows more becomes the event, the other place goes to `also`.
pub(super) fn join(known: &mut OomKill, new: OomKill) {
    let fullness = |kill: &OomKill| {
        (
            usize::from(kill.trigger.is_some()),
            kill.processes.len(),
            kill.memory.len(),
            usize::from(!kill.victims.is_empty()),
        )
    };
    let other = if fullness(&new) > fullness(known) { std::mem::replace(known, new) } else { new };
    let place = |kill: &OomKill| {
        let line = kill.victims.first().map_or(kill.first_line, |victim| victim.line);
        Span { source: kill.source, line, start: 0, end: 0 }
    };
    known.also.push(place(&other));
    known.also.extend(other.also);
    fill_clock(known, &other.time, other.local_time, other.year_unknown);
    known.uptime = known.uptime.or(other.uptime);
    known.host = known.host.take().or(other.host);
    known.kernel = known.kernel.take().or(other.kernel);
    known.constraint = known.constraint.take().or(other.constraint);
    known.cgroup = known.cgroup.take().or(other.cgroup);
    known.chosen = known.chosen.take().or(other.chosen);
    known.trigger = known.trigger.take().or(other.trigger);
    if known.scope == Default::default() {
        known.scope = other.scope;
    }
    if known.victims.is_empty() {
        known.victims = other.victims;
    }
    if known.reaped.is_empty() {
        known.reaped = other.reaped;
    }
    if known.processes.is_empty() {
        known.processes = other.processes;
        known.process_columns = other.process_columns;
    }
    known.at.fill_from(&other.at);
    known.also.order();
    known.also.dedup();
}

/// A time whose zone is known replaces one whose zone is not, and a printed year an assumed one.
fn fill_clock(known: &mut OomKill, time: &Option<Micros>, local: Option<Micros>, year_unknown: bool) {
    if known.time.is_some() {
        return;
    }
    if time.is_some() {
        known.time = *time;
        known.local_time = None;
        known.year_unknown = false;
    } else if local.is_some() && (known.local_time.is_none() || known.year_unknown && !year_unknown) {
        known.local_time = local;
        known.year_unknown = year_unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    fn kill(pid: u32, time: Option<i64>, uptime: Option<i64>) -> OomKill {
        let sizes = (Some(Bytes(8192)), Some(Bytes(4096)));
        let victim =
            Victim { pid, name: "java".to_owned(), total_vm: sizes.0, anon_rss: sizes.1, line: 7, ..Victim::default() };
        OomKill { time: time.map(Micros), uptime: uptime.map(Micros), victims: vec![victim], ..OomKill::default() }
    }

    fn same_event(events: &[OomKill], new: &OomKill) -> Option<usize> {
        Known::default().same_event(events, new, None)
    }

    #[test]
    fn one_kill_on_two_clocks_is_one_event() {
        let mut first = kill(7, Some(5_000_000), None);
        let second = kill(7, None, Some(99));
        assert_eq!(same_event(std::slice::from_ref(&first), &second), Some(0));
        join(&mut first, second);
        assert_eq!((first.time, first.uptime, first.also.len()), (Some(Micros(5_000_000)), Some(Micros(99)), 1));
    }

    #[test]
    fn the_same_pid_later_or_elsewhere_is_another_event() {
        let first = kill(7, Some(0), None);
        assert_eq!(same_event(std::slice::from_ref(&first), &kill(7, Some(61_000_000), None)), None);
        assert_eq!(same_event(std::slice::from_ref(&first), &kill(8, Some(0), None)), None);
        let here = OomKill { host: Some("web01".to_owned()), ..kill(7, Some(0), None) };
        let there = OomKill { host: Some("web02".to_owned()), ..kill(7, Some(0), None) };
        let full = OomKill { host: Some("web01.example.org".to_owned()), ..kill(7, Some(0), None) };
        assert_eq!(same_event(std::slice::from_ref(&here), &there), None);
        assert_eq!(same_event(&[here], &full), Some(0));
    }
    #[test]
    fn what_a_second_sight_tells_leads_to_a_third() {
        let trigger = || Some(crate::model::oom::Trigger { name: "java".to_owned(), ..Default::default() });
        let request = |time, uptime| OomKill { trigger: trigger(), victims: Vec::new(), ..kill(0, time, uptime) };
        let mut known = Known::default();
        let mut events = vec![kill(8, Some(0), None), OomKill { trigger: trigger(), ..kill(7, None, Some(99)) }];
        let second = OomKill { time: Some(Micros(500_000_000)), ..kill(7, None, Some(99)) };
        assert_eq!(known.same_event(&events, &request(Some(500_000_000), None), None), None);
        assert_eq!(known.same_event(&events, &second, None), Some(1));
        join(&mut events[1], second);
        known.note(1, &events[1]);
        assert_eq!(known.same_event(&events, &request(Some(501_000_000), None), None), Some(1));
        assert_eq!(known.killer_of(7, &events), Some(1));
    }
}
