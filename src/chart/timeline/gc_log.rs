//! Lanes of GC logs: pauses by kind and duration, the heap before and after.

use std::rc::Rc;

use super::{Band, BandKind, Builder, Clock, Lane, LaneId, Level, Mark, Place, Series, Style, Unit};
use crate::chart::theme::Role;
use crate::civil::Zone;
use crate::i18n;
use crate::model::gc::{GcEvent, GcKind, GcLog};
use crate::order::InOrder as _;
use crate::timeline::reduce::Times;

impl Builder<'_> {
    /// A log on its own clock: the JVM's uptime, or wall time.
    pub(super) fn gc_log(&mut self, index: usize, log: &GcLog, events: &[&GcEvent]) {
        let (mut clock, mut dated) = choose_clock(events, self.report.zone);
        dated.order_by_key(|(at, _)| *at);
        if dated.is_empty() {
            return;
        }
        let title = self.process_title(&log.run, log.pid, log.collector.as_deref());
        let run = match (log.run.as_str(), log.pid) {
            ("", Some(pid)) => format!("pid-{pid}"),
            ("", None) => format!("gc-log-{}", index + 1),
            (run, _) => run.to_owned(),
        };
        if let (Clock::Uptime, Some(start)) = (clock, log.start) {
            clock = Clock::Utc(self.report.zone);
            for (at, _) in &mut dated {
                *at = at.saturating_add(start.0);
            }
        }
        let lanes = [self.gc_heap(log, &dated), self.gc_pauses(log, &dated)];
        let bands = self.cut_out(log, &dated);
        let (id, owner) = match clock {
            Clock::Utc(_) => ("utc".to_owned(), title.clone()),
            Clock::Local => ("local".to_owned(), title.clone()),
            _ => (format!("{run}.uptime"), String::new()),
        };
        let section = self.section(&id, clock, |builder| match clock {
            Clock::Utc(_) | Clock::Local => builder.text("chart.section.dated"),
            _ => title,
        });
        for lane in lanes.into_iter().flatten() {
            let target =
                self.lane(section, lane.id, &owner, || Lane { series: Vec::new(), marks: Vec::new(), ..lane.clone() });
            target.series.extend(lane.series);
            target.marks.extend(lane.marks);
        }
        self.at(section).bands.extend(bands);
        let lines = dated.iter().map(|(at, event)| (*at, Place { source: log.source, line: event.line }));
        self.amid((section, clock, &log.run), lines);
    }

    /// A saw: what was in use before and after each collection, and what was committed.
    fn gc_heap(&self, log: &GcLog, dated: &[(i64, &GcEvent)]) -> Option<Lane> {
        let mut used = (Vec::new(), Vec::new(), Vec::new());
        let mut committed = (Vec::new(), Vec::new(), Vec::new());
        let mut before: Option<u64> = None;
        for (at, event) in dated {
            let place = Place { source: log.source, line: event.line };
            // Lines that were cut out: nothing is known of the time between.
            if cut_between(before, event.gc) {
                used.0.push(*at);
                used.1.push(f64::NAN);
                used.2.push(place);
            }
            before = event.gc.or(before);
            let end = at.saturating_add(event.duration.filter(|_| event.pause).map_or(0, |duration| duration.0));
            // Decorations stand at the end of a collection, as the line is written then.
            let start = at.saturating_sub(end.saturating_sub(*at));
            for (time, value) in [(start, event.before), (*at, event.after)] {
                if let Some(value) = value {
                    used.0.push(time);
                    used.1.push(value.as_f64());
                    used.2.push(place);
                }
            }
            if let Some(value) = event.committed {
                committed.0.push(*at);
                committed.1.push(value.as_f64());
                committed.2.push(place);
            }
        }
        let mut lane = Lane::new(LaneId::GcHeap, self.language, Unit::Bytes, 96.0);
        for (role, key, style, (times, values, places)) in [
            (Role::Old, "chart.series.heap-used", Style::Area, used),
            (Role::Capacity, "chart.series.capacity", Style::Line, committed),
        ] {
            let times = Rc::new(Times::listed(times));
            let series = Series::new(role, self.text(key), style, &times, values, &Rc::new(places));
            if series.has_values() {
                lane.series.push(series);
            }
        }
        let max = log.max_heap.map(|max| {
            let label = self.fill("chart.level.max", &[("size", &Unit::Bytes.format(self.language, max.as_f64()))]);
            Level { role: Role::Max, label, value: max.as_f64(), span: log.at.get("max_heap") }
        });
        lane.levels.extend(max.or_else(|| self.max_heap(&log.run)));
        (!lane.series.is_empty()).then_some(lane)
    }

    /// Pauses as stems, as high as they were long.
    fn gc_pauses(&self, log: &GcLog, dated: &[(i64, &GcEvent)]) -> Option<Lane> {
        let mut lane = Lane::new(LaneId::GcPauses, self.language, Unit::Duration, 64.0);
        for (role, key, kinds) in [
            (Role::ConcurrentGc, "chart.series.concurrent-pauses", &[GcKind::ConcurrentPause, GcKind::Concurrent][..]),
            (Role::YoungGc, "chart.series.young-pauses", &[GcKind::Young, GcKind::Mixed, GcKind::Minor, GcKind::Other]),
            (Role::FullGc, "chart.series.full-pauses", &[GcKind::Full, GcKind::Major, GcKind::Degenerated]),
            (Role::Wall, "chart.series.stalls", &[GcKind::AllocationStall]),
        ] {
            let found = dated.iter().filter(|(_, event)| kinds.contains(&event.kind));
            // A stall stops one thread, not all: it is no pause, and is drawn as what it is.
            let found = found.filter(|(_, event)| event.pause || event.kind == GcKind::AllocationStall);
            let mut times = Vec::new();
            let mut values = Vec::new();
            let mut places = Vec::new();
            for (at, event) in found {
                let Some(duration) = event.duration else { continue };
                times.push(*at);
                values.push(duration.0 as f64);
                places.push(Place { source: log.source, line: event.line });
            }
            if !values.is_empty() {
                let times = Rc::new(Times::listed(times));
                lane.series.push(Series::new(role, self.text(key), Style::Stems, &times, values, &Rc::new(places)));
            }
        }
        for (at, event) in dated.iter().filter(|(_, event)| event.kind == GcKind::Failure) {
            let span = Place { source: log.source, line: event.line }.span();
            lane.marks.push(Mark {
                at: *at,
                between: None,
                role: Role::FullGc,
                label: event.name.clone(),
                detail: event.name.clone(),
                span,
            });
        }
        (!lane.series.is_empty() || !lane.marks.is_empty()).then_some(lane)
    }

    /// Stretches whose lines are not in the paste, told by the numbers of collections.
    fn cut_out(&self, log: &GcLog, dated: &[(i64, &GcEvent)]) -> Vec<Band> {
        let mut bands = Vec::new();
        let mut before: Option<(i64, u64)> = None;
        for (at, event) in dated {
            let Some(number) = event.gc else { continue };
            if let Some((from, last)) = before.filter(|(_, last)| cut_between(Some(*last), Some(number))) {
                let count = i18n::number(number.saturating_sub(last).saturating_sub(1));
                let label = self.fill("chart.band.cut-out", &[("count", &count)]);
                let span = Place { source: log.source, line: event.line }.span();
                let owner = String::new();
                bands.push(Band { from, to: *at, kind: BandKind::Gap, label, short: count, span, owner });
            }
            before = Some((*at, before.map_or(number, |(_, last)| last.max(number))));
        }
        bands
    }
}

/// Numbers of concurrent cycles and pauses interleave, so only a jump over several is a cut.
fn cut_between(before: Option<u64>, now: Option<u64>) -> bool {
    const USUAL_JUMP: u64 = 4;
    before.zip(now).is_some_and(|(before, now)| now > before.saturating_add(USUAL_JUMP))
}

/// The clock that most events carry, and those that carry it.
fn choose_clock<'a>(events: &[&'a GcEvent], zone: Zone) -> (Clock, Vec<(i64, &'a GcEvent)>) {
    let on = |clock: Clock| -> Vec<(i64, &'a GcEvent)> {
        let time = |event: &GcEvent| match clock {
            Clock::Uptime => event.uptime,
            Clock::Utc(_) => event.time,
            _ => event.local_time,
        };
        events.iter().filter_map(|event| Some((time(event)?.0, *event))).collect()
    };
    let mut best = (Clock::Uptime, on(Clock::Uptime));
    for clock in [Clock::Utc(zone), Clock::Local] {
        let found = on(clock);
        if found.len() > best.1.len() {
            best = (clock, found);
        }
    }
    best
}
