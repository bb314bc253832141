//! Lanes of what stands around the JVM: resident memory, NMT snapshots, the container, the machine.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::events::When;
use super::{Builder, Clock, Lane, Level, Place, Series, Style, Unit};
use crate::chart::theme::Role;
use crate::i18n::format;
use crate::model::kind::Subject;
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
    owner: String,
    lane: &'static str,
    order: u8,
    role: Role,
    label: &'static str,
}

type Points = BTreeMap<Key, Vec<(i64, f64, Place)>>;

impl Builder<'_> {
    /// Sizes with a time become points on the lane they belong to. Snapshots without one keep their order; other
    /// readings without one are left to the memory map.
    pub(super) fn host(&mut self) {
        let report = self.report;
        let mut points: Points = BTreeMap::new();
        let has_years = self.has_local_years();
        for reading in &report.host {
            let of_jvm = reading.kind.subject() == Subject::Jvm;
            let when = When {
                utc: reading.time,
                local: reading.local_time.filter(|_| !reading.year_unknown || !has_years),
                uptime: reading.uptime.filter(|_| of_jvm),
                boot: reading.uptime.filter(|_| !of_jvm),
            };
            let run = reading.run.as_deref().unwrap_or_default();
            let Some((section, clock, at)) = self.place_in_time(when, run, reading.pid) else { continue };
            let place = Place { source: reading.source, line: reading.first_line };
            let title = self.process_title(run, reading.pid, None);
            for (name, lane, order, role, label) in [
                ("rss", "resident", 0, Role::Resident, "chart.series.resident"),
                ("usage", "container", 0, Role::Committed, "chart.series.container-usage"),
                ("mem_available", "machine", 0, Role::Free, "chart.series.available"),
                ("mem_free", "machine", 1, Role::PageCache, "chart.series.free"),
                ("swap_used", "machine", 2, Role::Swap, "chart.series.swap-used"),
            ] {
                let Some(size) = size_of(&reading.sizes, name) else { continue };
                let owner = if lane == "resident" { owner_on(clock, &title) } else { String::new() };
                let (section, title) = (section.clone(), title.clone());
                let points = points.entry(Key { section, clock, title, owner, lane, order, role, label }).or_default();
                let place = reading.at.get(name).map_or(place, |span| Place { source: span.source, line: span.line });
                points.push((at, size.as_f64(), place));
            }
        }
        self.snapshots(&mut points);
        let of_processes = points.keys().rev().filter(|key| key.lane == "resident");
        let resident: BTreeMap<(String, Clock, String), Key> =
            of_processes.map(|key| ((key.section.clone(), key.clock, key.owner.clone()), key.clone())).collect();
        for kill in &report.oom_kills {
            let local = kill.local_time.filter(|_| !kill.year_unknown || !has_years);
            let when = When { utc: kill.time, local, boot: kill.uptime, uptime: None };
            let Some((section, clock, at)) = self.place_in_time(when, "", None) else { continue };
            for victim in &kill.victims {
                let title = self.process_title(victim.run.as_deref().unwrap_or_default(), Some(victim.pid), None);
                let owner = owner_on(clock, &title);
                let known = resident.get(&(section.clone(), clock, owner)).and_then(|key| points.get_mut(key));
                if let (Some(points), Some(rss)) = (known, victim.resident()) {
                    points.push((at, rss.as_f64(), Place { source: kill.source, line: victim.line }));
                }
            }
        }
        for (key, mut points) in points {
            points.order_by_key(|(at, ..)| *at);
            let times = Rc::new(Times::listed(points.iter().map(|(at, ..)| *at).collect()));
            let values = points.iter().map(|(_, value, _)| *value).collect();
            let places = Rc::new(points.iter().map(|(.., place)| *place).collect());
            let series = Series::new(key.role, self.text(key.label), Style::Points, &times, values, &places);
            let title = match key.lane {
                "resident" => self.text("chart.lane.resident"),
                "container" => self.text("chart.lane.container"),
                "nmt" => self.text("chart.lane.nmt"),
                _ => self.text("chart.lane.machine"),
            };
            let limit = if key.lane == "container" { self.container_limit() } else { None };
            let section = self.section(&key.section, key.clock, |builder| match key.clock {
                Clock::Utc | Clock::Local | Clock::Boot => builder.text("chart.section.dated"),
                _ => key.title.clone(),
            });
            let lane = self.lane(section, key.lane, &key.owner, || Lane::new(key.lane, title, Unit::Bytes, 56.0));
            lane.series.push(series);
            if lane.levels.is_empty() {
                lane.levels.extend(limit);
            }
        }
    }

    fn snapshots(&mut self, points: &mut Points) {
        let report = self.report;
        let mut undated: BTreeMap<String, i64> = BTreeMap::new();
        for snapshot in &report.nmt {
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
                    let number = undated.entry(run.clone()).or_default();
                    *number += 1;
                    (format!("{run}.nmt"), Clock::Order, *number)
                }
            };
            let heap = snapshot.categories.iter().find(|category| category.name == "Java Heap");
            for (order, role, label, size, line) in [
                (
                    0,
                    Role::Committed,
                    "chart.series.nmt-committed",
                    snapshot.total.committed,
                    snapshot.total.at.get("committed").map_or(snapshot.first_line, |span| span.line),
                ),
                (
                    1,
                    Role::Old,
                    "chart.series.nmt-heap",
                    heap.and_then(|heap| heap.committed),
                    heap.map_or(snapshot.first_line, |heap| heap.line),
                ),
            ] {
                let Some(size) = size else { continue };
                let (section, title, owner) = (section.clone(), title.clone(), owner_on(clock, &title));
                let key = Key { section, clock, title, owner, lane: "nmt", order, role, label };
                let place = Place { source: snapshot.source, line };
                points.entry(key).or_default().push((at, size.as_f64(), place));
            }
        }
    }

    /// Section, clock and time of a record. `None` if it has no time.
    fn place_in_time(&self, when: When, run: &str, pid: Option<u32>) -> Option<(String, Clock, i64)> {
        let start = self.start_of(run);
        let joined = when.uptime.zip(start).map(|(uptime, start)| uptime.0.saturating_add(start));
        if let Some(at) = when.utc.map(|time| time.0).or(joined) {
            return Some(("utc".to_owned(), Clock::Utc, at));
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
        Clock::Utc | Clock::Local | Clock::Boot => title.to_owned(),
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
