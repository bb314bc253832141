//! Joins half-told times to what other lines say: time since boot to the wall clock where a line of the same boot carries
//! both, and a date without a year to the year of a line whose date is near. What nothing tells stays open.

use crate::civil::Civil;
use crate::model::clock::{Anchor, Boot, Dated};
use crate::model::oom::OomKill;
use crate::model::readings::Readings;
use crate::model::record::{Moment, Record, RecordMut, Records as _};
use crate::order::InOrder as _;
use crate::source::{Span, Wall};
use crate::units::{Micros, to_civil};
use crate::warning::{Warning, WarningKind, WarningSink};

/// A date is near another if it is at most this far away: the same date a year on is then far from it.
const NEAR: u64 = 31 * 86_400 * 1_000_000;
/// Lines of one boot may stand in the wrong order by less than this.
const DISORDER: i64 = 5_000_000;
/// Clocks before and after a time that differ by more say nothing about it.
const STEP: u64 = 60_000_000;
/// Dates without a year that are further apart have New Year between them; their order in the text is right.
const HALF_A_YEAR: u64 = 183 * 86_400 * 1_000_000;

/// Joins what can be joined, warns about what was joined or stays open, and puts kills and events into time order.
pub fn join(readings: &mut Readings, sources: &[&str]) {
    let anchors = anchors(readings);
    let evidence = evidence(readings);
    let mut boots = std::mem::take(&mut readings.clocks.boots);
    boots.order_by_key(|boot| (boot.source, boot.line));
    let is_full = readings.clocks.is_full;
    let mut told = Vec::new();
    for mut moment in readings.records_mut().filter_map(RecordMut::moment) {
        if !is_full && let Some(line) = moment.join_boot(&anchors, &boots) {
            told.push((moment.source, moment.line, WarningKind::ClockJoined { place: line.to_string() }));
        }
        if *moment.year_unknown {
            let kind = match moment.join_year(&evidence) {
                Some((year, span)) => WarningKind::YearJoined { year, place: place(span, moment.source, sources) },
                None => WarningKind::YearUnknown,
            };
            told.push((moment.source, moment.line, kind));
        }
    }
    sort_kills(&mut readings.oom_kills);
    readings.events.order_by_key(|event| (event.source, event.first_line));
    // Said once per source and reason, at the first line.
    let mut said: Vec<(u16, WarningKind)> = Vec::new();
    told.order_by_key(|(source, line, _)| (*source, *line));
    for (source, line, kind) in told {
        if !said.contains(&(source, kind.clone())) && said.len() < 64 {
            said.push((source, kind.clone()));
            readings.warn(Warning { span: Span { source, line, start: 0, end: 0 }, kind });
        }
    }
}

impl Moment<'_> {
    /// Tells the wall-clock time from time since boot. The line that carries both clocks, if one does.
    fn join_boot(&mut self, anchors: &[Anchor], boots: &[Boot]) -> Option<u32> {
        let uptime = self.since_boot.filter(|_| self.time.is_none() && self.local_time.is_none())?;
        let of_source = || anchors.iter().filter(|anchor| anchor.source == self.source);
        let named = |anchor: &&Anchor| anchor.host.is_some();
        let hosts = of_source().find(named).map(|first| of_source().filter(named).all(|next| next.host == first.host));
        let same_boot = |anchor: &&Anchor| {
            let (first, last) = (anchor.line.min(self.line), anchor.line.max(self.line));
            let (earlier, later) =
                if anchor.line <= self.line { (anchor.uptime, uptime) } else { (uptime, anchor.uptime) };
            let runs_on = earlier <= later.plus(Micros(DISORDER));
            runs_on
                && !between(boots, self.source, first, last)
                    .iter()
                    .any(|boot| boot.host == anchor.host || boot.host.as_deref() == self.host)
        };
        let same_host = |anchor: &&Anchor| match (self.host, anchor.host.as_deref()) {
            (Some(own), Some(other)) => own == other,
            (None, Some(_)) => hosts == Some(true),
            (_, None) => true,
        };
        let usable = || of_source().filter(same_host).filter(same_boot);
        let before = usable().filter(|anchor| anchor.uptime <= uptime).max_by_key(|anchor| anchor.uptime);
        let after = usable().filter(|anchor| anchor.uptime > uptime).min_by_key(|anchor| anchor.uptime);
        let start = |anchor: &Anchor| anchor.wall.micros.minus(anchor.uptime);
        let best = match (before, after) {
            (Some(before), Some(after)) => {
                let comparable =
                    (before.wall.zone_known, before.wall.year_known) == (after.wall.zone_known, after.wall.year_known);
                if comparable && start(before).0.abs_diff(start(after).0) > STEP {
                    return None;
                }
                if uptime.minus(before.uptime) <= after.uptime.minus(uptime) { before } else { after }
            }
            (before, after) => before.or(after)?,
        };
        let Wall { zone_known, year_known, .. } = best.wall;
        let micros = start(best).plus(uptime);
        *(if zone_known { &mut *self.time } else { &mut *self.local_time }) = Some(micros);
        *self.year_unknown = !year_known;
        self.at.put("clock", Span { source: best.source, line: best.line, start: 0, end: 0 });
        Some(best.line)
    }

    /// Tells the year from the nearest dates that have one. The year and where it stands.
    fn join_year(&mut self, evidence: &[Dated]) -> Option<(i64, Span)> {
        let printed = (*self.local_time).or(*self.time)?;
        let own = evidence.iter().filter(|dated| dated.source == self.source);
        let (micros, span) = agreed(printed, own).or_else(|| agreed(printed, evidence.iter()))?;
        *(if self.time.is_some() { &mut *self.time } else { &mut *self.local_time }) = Some(micros);
        *self.year_unknown = false;
        self.at.put("year", span);
        Some((to_civil(micros).0.0, span))
    }
}

/// The boots of a source behind a line, up to another.
fn between(boots: &[Boot], source: u16, first: u32, last: u32) -> &[Boot] {
    let up_to = |line: u32| boots.partition_point(|boot| (boot.source, boot.line) <= (source, line));
    boots.get(up_to(first)..up_to(last)).unwrap_or_default()
}

/// The date with the year in which it is near to any of these dates, if they all agree on it.
fn agreed<'a>(printed: Micros, evidence: impl Iterator<Item = &'a Dated>) -> Option<(Micros, Span)> {
    let mut found: Option<(Micros, Span)> = None;
    for dated in evidence {
        let Some((micros, line)) = near(printed, dated) else { continue };
        match found {
            Some((known, _)) if known != micros => return None,
            Some(_) => {}
            None => found = Some((micros, Span { source: dated.source, line, start: 0, end: 0 })),
        }
    }
    found
}

/// The date in the year in which it is near to these dates, and the line of the nearer one. `None` if that is no year, or
/// more than one.
fn near(printed: Micros, dated: &Dated) -> Option<(Micros, u32)> {
    let ((_, month, day), _) = to_civil(printed);
    let year_of = |micros: Micros| i32::try_from(to_civil(micros).0.0).unwrap_or(i32::MAX - 2);
    let time = printed.0.rem_euclid(86_400_000_000);
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let mut found = None;
    for year in year_of(dated.first.0) - 1..=year_of(dated.last.0).min(year_of(dated.first.0) + 50) + 1 {
        let Some(micros) = (Civil { year, month, day, time }).micros() else { continue };
        let to_first = dated.first.0.0.saturating_sub(micros.0);
        let to_last = micros.0.saturating_sub(dated.last.0.0);
        let distance = u64::try_from(to_first.max(to_last)).unwrap_or(0);
        if distance <= NEAR {
            if found.is_some() {
                return None;
            }
            let is_first = micros.0.abs_diff(dated.first.0.0) <= micros.0.abs_diff(dated.last.0.0);
            found = Some((micros, if is_first { dated.first.1 } else { dated.last.1 }));
        }
    }
    found
}

/// Where another line stands, as a warning says it: its number, with the source's name if it is another source.
fn place(span: Span, own: u16, sources: &[&str]) -> String {
    match sources.get(usize::from(span.source)).filter(|_| span.source != own) {
        Some(name) => format!("{name}:{}", span.line),
        None => span.line.to_string(),
    }
}

/// Lines with two clocks: those noted on the way, and kills that were seen through two transports.
fn anchors(readings: &mut Readings) -> Vec<Anchor> {
    let mut anchors = std::mem::take(&mut readings.clocks.anchors);
    for kill in &readings.oom_kills {
        let wall = match (kill.time, kill.local_time) {
            (Some(micros), _) => Wall { micros, zone_known: true, year_known: !kill.year_unknown },
            (None, Some(micros)) => Wall { micros, zone_known: false, year_known: !kill.year_unknown },
            (None, None) => continue,
        };
        let Some(uptime) = kill.uptime.filter(|_| !kill.also.is_empty()) else { continue };
        let own = Span { source: kill.source, line: kill.first_line, start: 0, end: 0 };
        for span in kill.also.iter().copied().chain([own]) {
            anchors.push(Anchor { source: span.source, line: span.line, host: kill.host.clone(), uptime, wall });
        }
    }
    anchors
}

/// Dates with a year: of any line, and those that readers found inside theirs.
fn evidence(readings: &mut Readings) -> Vec<Dated> {
    let mut evidence: Vec<Dated> = Vec::new();
    let mut add = |source: u16, line: u32, time: Option<Micros>| {
        let Some(time) = time else { return };
        let now = (time, line);
        match evidence.iter_mut().rev().find(|known| known.source == source) {
            Some(known) => (known.first, known.last) = (known.first.min(now), known.last.max(now)),
            None => evidence.push(Dated { source, first: now, last: now }),
        }
    };
    for event in &readings.gc_events {
        let source = usize::try_from(event.log).ok().and_then(|log| readings.gc_logs.get(log)).map(|log| log.source);
        if let Some(source) = source {
            add(source, event.line, event.time.or(event.local_time));
        }
    }
    for table in &readings.jstat {
        for (wall, line) in table.wall.iter().zip(&table.lines) {
            add(table.source, *line, *wall);
        }
    }
    // What a kill is dated by stands in front of its lines, and is noted where they are read.
    for record in readings.records().filter(|record| !matches!(record, Record::Kill(_))) {
        let head = record.head();
        add(head.source, head.first_line, head.date().filter(|_| !head.year_unknown));
    }
    evidence.append(&mut readings.clocks.dated);
    evidence
}

/// Sorts by time. Kills of one clock are sorted among themselves; how two clocks relate is not known, so the places that
/// each clock's kills take stay with them. Time since boot sorts nothing: where it runs backwards the machine was started
/// again, and the order of the text is right.
fn sort_kills(kills: &mut Vec<OomKill>) {
    let clock = |kill: &OomKill| match kill {
        OomKill { time: Some(time), year_unknown: false, .. } => Some((0, *time)),
        OomKill { local_time: Some(time), year_unknown: false, .. } => Some((1, *time)),
        OomKill { local_time: Some(time), .. } => Some((2, *time)),
        _ => None,
    };
    // A report ends where its host's next one begins, so those of several hosts end in another order than they stand in.
    kills.order_by_key(|kill| (kill.source, kill.first_line));
    let mut slots: Vec<Option<OomKill>> = std::mem::take(kills).into_iter().map(Some).collect();
    for kind in 0..3 {
        let places: Vec<usize> = slots
            .iter()
            .enumerate()
            .filter(|(_, kill)| kill.as_ref().and_then(clock).is_some_and(|(of, _)| of == kind))
            .map(|(place, _)| place)
            .collect();
        let mut events: Vec<OomKill> = places.iter().filter_map(|place| slots.get_mut(*place)?.take()).collect();
        let times = || events.iter().filter_map(|kill| clock(kill).map(|(_, time)| time));
        let spread = times().max().zip(times().min()).map_or(0, |(last, first)| last.0.abs_diff(first.0));
        if kind < 2 || spread < HALF_A_YEAR {
            events.order_by_key(|kill| clock(kill).map(|(_, time)| time));
        }
        for (place, kill) in places.into_iter().zip(events) {
            if let Some(slot) = slots.get_mut(place) {
                *slot = Some(kill);
            }
        }
    }
    kills.extend(slots.into_iter().flatten());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kill(pid: u32, time: Option<i64>, uptime: Option<i64>) -> OomKill {
        let victim = crate::model::oom::Victim { pid, ..Default::default() };
        OomKill { time: time.map(Micros), uptime: uptime.map(Micros), victims: vec![victim], ..OomKill::default() }
    }

    fn pids(kills: &[OomKill]) -> Vec<u32> {
        kills.iter().flat_map(|kill| kill.victims.iter().map(|victim| victim.pid)).collect()
    }

    fn day(year: i32, month: u8, day: u8) -> Micros {
        Civil { year, month, day, time: 0 }.micros().expect("a date")
    }

    fn dated(first: Micros, last: Micros) -> Dated {
        Dated { source: 0, first: (first, 3), last: (last, 9) }
    }

    #[test]
    fn without_a_clock_kills_stand_as_in_the_text() {
        let at = |pid, line| OomKill { first_line: line, ..kill(pid, None, None) };
        let mut kills = vec![at(2, 6), at(1, 4), at(3, 7)];
        sort_kills(&mut kills);
        assert_eq!(pids(&kills), [1, 2, 3]);
    }

    #[test]
    fn each_clock_is_sorted_among_its_own() {
        let mut kills =
            vec![kill(1, Some(9), None), kill(2, None, Some(5)), kill(3, Some(4), None), kill(4, None, Some(1))];
        sort_kills(&mut kills);
        assert_eq!(pids(&kills), [3, 2, 1, 4]);
    }

    #[test]
    fn dates_without_a_year_keep_their_order_over_new_year() {
        let of = |pid, month, of| OomKill {
            local_time: Some(day(1970, month, of)),
            year_unknown: true,
            ..kill(pid, None, None)
        };
        let mut kills = vec![of(1, 12, 31), of(2, 1, 2)];
        sort_kills(&mut kills);
        assert_eq!(pids(&kills), [1, 2]);
        let mut kills = vec![of(1, 8, 5), of(2, 8, 4)];
        sort_kills(&mut kills);
        assert_eq!(pids(&kills), [2, 1]);
    }

    #[test]
    fn a_year_is_told_by_a_date_that_is_near_in_one_year_only() {
        let new_year = dated(day(2025, 1, 1), day(2025, 1, 3));
        assert_eq!(near(day(1970, 12, 31), &new_year), Some((day(2024, 12, 31), 3)));
        assert_eq!(near(day(1970, 1, 9), &new_year), Some((day(2025, 1, 9), 9)));
        assert_eq!(near(day(1970, 8, 5), &new_year), None);
        let years = dated(day(2023, 6, 1), day(2025, 6, 1));
        assert_eq!(near(day(1970, 8, 5), &years), None);
        let leap = dated(day(2024, 3, 1), day(2024, 3, 1));
        assert_eq!(near(day(1972, 2, 29), &leap), Some((day(2024, 2, 29), 3)));
    }

    #[test]
    fn dates_that_disagree_tell_no_year() {
        let evidence = [dated(day(2024, 8, 5), day(2024, 8, 5)), dated(day(2025, 8, 5), day(2025, 8, 5))];
        assert_eq!(agreed(day(1970, 8, 1), evidence.iter()), None);
        // Years that leave it open say nothing against one that does not.
        let with_years = [dated(day(2023, 6, 1), day(2025, 6, 1)), dated(day(2024, 8, 5), day(2024, 8, 5))];
        assert_eq!(agreed(day(1970, 8, 1), with_years.iter()).map(|(micros, _)| micros), Some(day(2024, 8, 1)));
        assert_eq!(agreed(day(1970, 8, 1), evidence.iter().take(1)).map(|(micros, _)| micros), Some(day(2024, 8, 1)));
    }
}
