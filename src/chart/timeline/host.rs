//! Lanes of what stands around the JVM: resident memory, NMT snapshots, the container, the machine.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::events::{AT_ONCE, When};
use super::{Builder, Clock, Lane, LaneId, Level, Place, Series, Style, Unit};
use crate::analysis::accounting::category;
use crate::analysis::incident::host_line;
use crate::analysis::verdict::Short;
use crate::chart::theme::Role;
use crate::i18n::format;
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, Subject};
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::OomKill;
use crate::order::InOrder as _;
use crate::timeline::reduce::Times;
use crate::units::Bytes;

/// Which lane and series a dated size belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    section: String,
    clock: Clock,
    /// Of a section that has no other.
    title: String,
    /// Of one process.
    run: String,
    owner: String,
    lane: LaneId,
    order: u8,
    role: Role,
    label: &'static str,
}

type Points = BTreeMap<Key, Vec<(i64, f64, Place)>>;

/// Sizes with a time, as far as they were gathered.
#[derive(Default)]
pub(super) struct Sizes {
    points: Points,
    /// Readings, then snapshots, then kills that were looked at.
    next: usize,
    has_years: Option<bool>,
    /// Snapshots without a time so far, by process.
    undated: BTreeMap<String, i64>,
    /// Series of resident memory, which kills add to.
    resident: Option<BTreeMap<(String, Clock, String), Key>>,
}

impl Sizes {
    fn add(&mut self, key: Key, point: (i64, f64, Place)) {
        self.points.entry(key).or_default().push(point);
    }
}

/// Series that are laid out in one step.
const SERIES_AT_ONCE: usize = 200;

impl Builder<'_> {
    /// Gathers the next of the sizes with a time, which become points on the lane they belong to. Snapshots without one keep
    /// their order; other readings without one are left to the memory map. True once all are there.
    pub(super) fn sizes(&self, sizes: &mut Sizes) -> bool {
        let report = self.report;
        let (readings, snapshots) = (report.host.len(), report.nmt.len());
        let all = readings + snapshots + report.oom_kills.len();
        let end = sizes.next.saturating_add(AT_ONCE).min(all);
        let has_years = *sizes.has_years.get_or_insert_with(|| self.has_local_years());
        for at in sizes.next..end {
            if let Some(reading) = report.host.get(at) {
                self.reading(reading, has_years, sizes);
            } else if let Some(snapshot) = report.nmt.get(at - readings) {
                self.snapshot(snapshot, sizes);
            } else if let Some(kill) = report.oom_kills.get(at - readings - snapshots) {
                self.killed(kill, has_years, sizes);
            }
        }
        sizes.next = end;
        end == all
    }

    fn reading(&self, reading: &HostReading, has_years: bool, sizes: &mut Sizes) {
        let of_jvm = reading.kind.subject() == Subject::Jvm;
        let when = When {
            utc: reading.time,
            local: reading.local_time.filter(|_| !reading.year_unknown || !has_years),
            uptime: reading.uptime.filter(|_| of_jvm),
            boot: reading.uptime.filter(|_| !of_jvm),
        };
        let run = reading.run.as_deref().unwrap_or_default();
        let Some((section, clock, at)) = self.place_in_time(when, run, reading.pid) else { return };
        let place = Place { source: reading.source, line: reading.first_line };
        let title = self.process_title(run, reading.pid, None);
        for (name, lane, order, role, label) in [
            ("rss", LaneId::Resident, 0, Role::Resident, "chart.series.resident"),
            ("direct_used", LaneId::Direct, 0, Role::Native, "chart.series.direct"),
            ("usage", LaneId::Container, 0, Role::Committed, "chart.series.container-usage"),
            ("mem_available", LaneId::Machine, 0, Role::Free, "chart.series.available"),
            ("mem_free", LaneId::Machine, 1, Role::PageCache, "chart.series.free"),
            ("swap_used", LaneId::Machine, 2, Role::Swap, "chart.series.swap-used"),
        ] {
            let Some(size) = size_of(&reading.sizes, name) else { continue };
            let is_of_process = matches!(lane, LaneId::Resident | LaneId::Direct);
            let owner = if is_of_process { owner_on(clock, &title) } else { String::new() };
            let (section, title) = (section.clone(), title.clone());
            let place = reading.at.get(name).map_or(place, |span| Place { source: span.source, line: span.line });
            let run = if is_of_process { run.to_owned() } else { String::new() };
            let key = Key { section, clock, title, run, owner, lane, order, role, label };
            sizes.add(key, (at, size.as_f64(), place));
        }
    }

    fn snapshot(&self, snapshot: &NmtSnapshot, sizes: &mut Sizes) {
        let when = When { utc: snapshot.time, uptime: snapshot.uptime, ..When::default() };
        let title = self.process_title(&snapshot.run, snapshot.pid, None);
        let (section, clock, at) = match self.place_in_time(when, &snapshot.run, snapshot.pid) {
            Some(place) => place,
            None => {
                let run = match (snapshot.run.as_str(), snapshot.pid) {
                    ("", Some(pid)) => format!("pid-{pid}"),
                    ("", None) => "process".to_owned(),
                    (run, _) => run.to_owned(),
                };
                let section = format!("{run}.nmt");
                let number = sizes.undated.entry(run).or_default();
                *number += 1;
                (section, Clock::Order, *number)
            }
        };
        let total = snapshot.total.at.get("committed").map_or(snapshot.first_line, |span| span.line);
        let total = snapshot.total.committed.map(|committed| (committed, total));
        let of = |name: &str| category(snapshot, name).and_then(|category| Some((category.committed?, category.line)));
        // Until JDK 10 direct buffers were in `Internal`, with much else.
        let internal = || of("Internal").filter(|_| self.report.verdict.short() == Some(Short::Direct));
        let direct = of("Other").map(|other| (other, "chart.series.nmt-other"));
        let direct = direct.or_else(|| Some((internal()?, "chart.series.nmt-internal")));
        for (lane, order, role, label, size) in [
            (LaneId::Nmt, 0, Role::Committed, "chart.series.nmt-committed", total),
            (LaneId::Nmt, 1, Role::Old, "chart.series.nmt-heap", of("Java Heap")),
            (LaneId::Direct, 1, Role::Native, direct.map_or("", |(_, label)| label), direct.map(|(size, _)| size)),
        ] {
            let Some((size, line)) = size else { continue };
            let (section, title, owner) = (section.clone(), title.clone(), owner_on(clock, &title));
            let key = Key { section, clock, title, run: snapshot.run.clone(), owner, lane, order, role, label };
            sizes.add(key, (at, size.as_f64(), Place { source: snapshot.source, line }));
        }
    }

    /// What a process had when it was killed is the last of what it had before.
    fn killed(&self, kill: &OomKill, has_years: bool, sizes: &mut Sizes) {
        let Sizes { points, resident, .. } = sizes;
        let resident = resident.get_or_insert_with(|| {
            let of_processes = points.keys().rev().filter(|key| key.lane == LaneId::Resident);
            of_processes.map(|key| ((key.section.clone(), key.clock, key.owner.clone()), key.clone())).collect()
        });
        if resident.is_empty() {
            return;
        }
        let local = kill.local_time.filter(|_| !kill.year_unknown || !has_years);
        let when = When { utc: kill.time, local, boot: kill.uptime, uptime: None };
        let Some((section, clock, at)) = self.place_in_time(when, "", None) else { return };
        for victim in &kill.victims {
            let title = self.process_title(victim.run.as_deref().unwrap_or_default(), Some(victim.pid), None);
            let owner = owner_on(clock, &title);
            let known = resident.get(&(section.clone(), clock, owner)).and_then(|key| points.get_mut(key));
            if let (Some(points), Some(rss)) = (known, victim.resident()) {
                points.push((at, rss.as_f64(), Place { source: kill.source, line: victim.line }));
            }
        }
    }

    /// Lays the next series of what was gathered out. True once all are.
    pub(super) fn host(&mut self, sizes: &mut Sizes) -> bool {
        for _ in 0..SERIES_AT_ONCE {
            let Some((key, mut points)) = sizes.points.pop_first() else { return true };
            points.order_by_key(|(at, ..)| *at);
            let times = Rc::new(Times::listed(points.iter().map(|(at, ..)| *at).collect()));
            let values = points.iter().map(|(_, value, _)| *value).collect();
            let places = Rc::new(points.iter().map(|(.., place)| *place).collect());
            let series = Series::new(key.role, self.text(key.label), Style::Points, &times, values, &places);
            let limit = self.limit_of(&key);
            let section = self.section(&key.section, key.clock, |builder| match key.clock {
                Clock::Utc(_) | Clock::Local | Clock::Boot => builder.text("chart.section.dated"),
                _ => key.title.clone(),
            });
            let language = self.language;
            let lane = self.lane(section, key.lane, &key.owner, || Lane::new(key.lane, language, Unit::Bytes, 56.0));
            lane.series.push(series);
            if lane.levels.is_empty() {
                lane.levels.extend(limit);
            }
        }
        sizes.points.is_empty()
    }

    /// Section, clock and time of a record. `None` if it has no time.
    fn place_in_time(&self, when: When, run: &str, pid: Option<u32>) -> Option<(String, Clock, i64)> {
        let start = self.start_of(run);
        let joined = when.uptime.zip(start).map(|(uptime, start)| uptime.0.saturating_add(start));
        if let Some(at) = when.utc.map(|time| time.0).or(joined) {
            return Some(("utc".to_owned(), Clock::Utc(self.report.zone), at));
        }
        if let Some(at) = when.local {
            return Some(("local".to_owned(), Clock::Local, at.0));
        }
        if let Some(at) = when.boot {
            return Some(("boot".to_owned(), Clock::Boot, at.0));
        }
        let at = when.uptime?;
        let run = match (run, pid) {
            ("", Some(pid)) => format!("pid-{pid}"),
            ("", None) => "process".to_owned(),
            (run, _) => run.to_owned(),
        };
        Some((format!("{run}.uptime"), Clock::Uptime, at.0))
    }

    /// What bounds what a series shows.
    fn limit_of(&self, key: &Key) -> Option<Level> {
        let short = self.report.verdict.short();
        match key.lane {
            LaneId::Container => self.container_limit(),
            LaneId::Resident if short == Some(Short::Container) => self.container_limit(),
            LaneId::Direct => {
                self.option_level(&key.run, "-XX:MaxDirectMemorySize=").or_else(|| self.direct_limit(&key.run))
            }
            LaneId::Machine => self.ram(),
            _ => None,
        }
    }

    /// The limit that was reached, as the error tells it.
    fn direct_limit(&self, run: &str) -> Option<Level> {
        let is_told = |error: &&JavaError| error.kind == ErrorKind::DirectBuffer && error.run.as_deref() == Some(run);
        let error = self.report.java_errors.iter().find(is_told)?;
        let limit = error.sizes.get("limit")?;
        let label = self.fill("chart.level.limit", &[("size", &format::size(*limit))]);
        let span = error.at.get("limit").unwrap_or(Place { source: error.source, line: error.first_line }.span());
        Some(Level { role: Role::Max, label, value: limit.as_f64(), span: Some(span) })
    }

    fn ram(&self) -> Option<Level> {
        let mut machines =
            self.report.host.iter().filter_map(|reading| Some((reading, reading.sizes.get("mem_total")?)));
        let (reading, total) = machines.next()?;
        // Two programs round it by their own rules; of two machines none is drawn.
        let is_near = |other: &Bytes| other.0.abs_diff(total.0) <= total.0 / 50;
        machines.all(|(_, other)| is_near(other)).then_some(())?;
        let label = self.fill("chart.level.ram", &[("size", &format::size(*total))]);
        let span = reading.at.get("mem_total").unwrap_or_else(|| host_line(reading));
        Some(Level { role: Role::Max, label, value: total.as_f64(), span: Some(span) })
    }

    fn container_limit(&self) -> Option<Level> {
        let reading = self.report.host.iter().find(|reading| reading.sizes.contains_key("limit"))?;
        let limit = reading.sizes.get("limit")?;
        let label = self.fill("chart.level.limit", &[("size", &format::size(*limit))]);
        let place = Place { source: reading.source, line: reading.first_line };
        let span = Some(reading.at.get("limit").unwrap_or(place.span()));
        Some(Level { role: Role::Wall, label, value: limit.as_f64(), span })
    }
}

/// Lanes of a shared clock say whose they are; a section of one process says it once.
fn owner_on(clock: Clock, title: &str) -> String {
    match clock {
        Clock::Utc(_) | Clock::Local | Clock::Boot => title.to_owned(),
        Clock::Uptime | Clock::FromFirst | Clock::Order => String::new(),
    }
}

/// A size by name; used swap may stand as total and free.
fn size_of(sizes: &BTreeMap<String, Bytes>, name: &str) -> Option<Bytes> {
    let size = sizes.get(name).copied();
    match name {
        "swap_used" => size.or_else(|| {
            let (total, free) = (sizes.get("swap_total")?, sizes.get("swap_free")?);
            total.0.checked_sub(free.0).filter(|_| total.0 > 0).map(Bytes)
        }),
        _ => size,
    }
}
