//! Moments of which the text says who had memory: any of them can be looked at alone.

use super::{Picture, Words};
use crate::i18n::{self, Language, format};
use crate::model::host::HostReading;
use crate::model::jstat::JstatTable;
use crate::model::kind::HostKind;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::OomKill;
use crate::order::InOrder as _;
use crate::report::Report;
use crate::source::Span;
use crate::units::Micros;

/// A moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Stable within a report, for links: `kill-1`, `nmt-3`, `reading-12`, `heap-2`.
    pub id: String,
    /// What was read then, when, and on which line.
    pub label: String,
    /// The line.
    pub span: Span,
}

/// The moments of a report, in reading order.
pub fn moments(report: &Report, language: Language) -> Vec<Moment> {
    let words = Words::of(report, language);
    let drawn = words.sources().filter(|source| words.can_draw(source));
    let mut found: Vec<Moment> = drawn.map(|source| words.moment(&source)).collect();
    found.order_by_key(|moment| (moment.span.source, moment.span.line));
    found
}

/// True if there is any moment to look at.
pub fn has_moments(report: &Report) -> bool {
    let words = Words::of(report, Language::En);
    words.sources().any(|source| words.can_draw(&source))
}

/// True for what was read of a whole machine or container.
fn tells_memory(reading: &HostReading) -> bool {
    let has = |name: &str| reading.sizes.contains_key(name);
    (has("mem_total") && has("mem_free")) || (has("usage") && reading.kind != HostKind::KubernetesNode)
}

/// Where a moment comes from, with its place in the report's list.
enum Source<'a> {
    Kill(usize, &'a OomKill),
    Snapshot(usize, &'a NmtSnapshot),
    Reading(usize, &'a HostReading),
    Heap(usize, &'a JstatTable),
}

impl<'a> Words<'a> {
    /// What may be a moment.
    fn sources(&self) -> impl Iterator<Item = Source<'a>> {
        let report = self.report;
        let kills = report.oom_kills.iter().enumerate().map(|(at, kill)| Source::Kill(at, kill));
        let snapshots = report.nmt.iter().enumerate().filter(|(_, snapshot)| !snapshot.categories.is_empty());
        let readings = report.host.iter().enumerate().filter(|(_, reading)| tells_memory(reading));
        let heaps = self.tables.iter().map(|(at, table)| Source::Heap(*at, table));
        kills
            .chain(snapshots.map(|(at, snapshot)| Source::Snapshot(at, snapshot)))
            .chain(readings.map(|(at, reading)| Source::Reading(at, reading)))
            .chain(heaps)
    }

    /// True if there are pictures of it.
    fn can_draw(&self, source: &Source<'_>) -> bool {
        match source {
            Source::Kill(at, kill) => {
                kill.victims.iter().any(|victim| self.victim_bar(kill, victim).is_some())
                    || !self.pictures_of_kill(*at, kill).is_empty()
            }
            Source::Snapshot(..) => true,
            Source::Reading(_, reading) => self.pictures_of_reading(reading).is_some(),
            Source::Heap(_, table) => self.heap_bar(table).is_some(),
        }
    }

    fn pictures_of_reading(&self, reading: &HostReading) -> Option<Vec<Picture>> {
        let picture = self.machine_picture(std::iter::once(reading));
        Some(vec![picture.or_else(|| self.container_picture(reading))?])
    }

    fn moment(&self, source: &Source<'_>) -> Moment {
        let span = |source: u16, line: u32| Span { source, line, start: 0, end: 0 };
        let (id, what, when, span) = match source {
            Source::Kill(at, kill) => {
                let victims: Vec<String> = kill.victims.iter().map(|victim| self.victim_label(victim)).collect();
                let what = self.fill("chart.moment.kill", &[("who", &victims.join(", "))]);
                let when = kill.time.or(kill.local_time).or(kill.uptime).map(|_| self.kill_time(kill));
                (format!("kill-{}", at + 1), what, when, span(kill.source, kill.first_line))
            }
            Source::Snapshot(at, snapshot) => {
                let what = format!("NMT {} {}", snapshot.kind, self.process(&snapshot.run, snapshot.pid));
                let uptime = ("chart.time.uptime", snapshot.uptime);
                let when = self.when(snapshot.time, snapshot.local_time, uptime);
                (format!("nmt-{}", at + 1), what, when, span(snapshot.source, snapshot.first_line))
            }
            Source::Reading(at, reading) => {
                let name = reading.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
                let when = self.when(reading.time, reading.local_time, ("chart.time.boot", reading.uptime));
                (
                    format!("reading-{}", at + 1),
                    format!("{}{name}", reading.kind),
                    when,
                    span(reading.source, reading.first_line),
                )
            }
            Source::Heap(at, table) => {
                let what = self.fill("chart.moment.heap", &[("who", &self.process(&table.run, table.pid))]);
                (format!("heap-{}", at + 1), what, None, span(table.source, table.last_line))
            }
        };
        let line = self.fill("chart.moment.line", &[("line", &span.line.to_string())]);
        let file = self.report.sources.get(usize::from(span.source)).filter(|_| self.report.sources.len() > 1);
        let parts = [Some(what), when, file.map(|file| file.name.clone()), Some(line)];
        Moment { id, label: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "), span }
    }

    fn when(&self, time: Option<Micros>, local: Option<Micros>, elapsed: (&str, Option<Micros>)) -> Option<String> {
        let said = |key: &str, time: String| i18n::fill(self.language, key, &[("time", &time)]);
        time.map(format::time)
            .or_else(|| local.map(|time| said("chart.time.local", format::local_time(time))))
            .or_else(|| elapsed.1.map(|time| said(elapsed.0, format::duration(self.language, time))))
    }

    /// The pictures of a moment, by its id. `None` if there is no such moment, or nothing to draw.
    pub(super) fn pictures_of(&self, moment: &str) -> Option<Vec<Picture>> {
        let (kind, number) = moment.rsplit_once('-')?;
        let at = number.parse::<usize>().ok()?.checked_sub(1)?;
        match kind {
            "kill" => {
                Some(self.pictures_of_kill(at, self.report.oom_kills.get(at)?)).filter(|pictures| !pictures.is_empty())
            }
            "nmt" => {
                let snapshot = self.report.nmt.get(at).filter(|snapshot| !snapshot.categories.is_empty())?;
                Some(vec![self.nmt_alone(at, snapshot)])
            }
            "reading" => {
                let reading = self.report.host.get(at).filter(|reading| tells_memory(reading))?;
                self.pictures_of_reading(reading)
            }
            "heap" => {
                let (_, table) = self.tables.iter().find(|(known, _)| *known == at)?;
                Some(vec![self.heap_picture(std::iter::once(*table))?])
            }
            _ => None,
        }
    }

    /// What the kernel saw, and what was last read of the killed processes before.
    fn pictures_of_kill(&self, at: usize, kill: &OomKill) -> Vec<Picture> {
        let mut pictures: Vec<Picture> =
            self.container_at_kill(at, kill).into_iter().chain(self.machine_at_kill(at, kill)).collect();
        let is_killed =
            |run: &str| !run.is_empty() && kill.victims.iter().any(|victim| victim.run.as_deref() == Some(run));
        let mut snapshots = self.report.nmt.iter().enumerate();
        let is_theirs = |snapshot: &NmtSnapshot| !snapshot.categories.is_empty() && is_killed(&snapshot.run);
        if let Some((at, snapshot)) = snapshots.rfind(|(_, snapshot)| is_theirs(snapshot)) {
            pictures.push(self.nmt_in_the_end(at, snapshot));
        }
        pictures.extend(self.victims_not_yet_shown(at, kill, &pictures));
        let tables = self.tables.iter().map(|(_, table)| *table);
        pictures.extend(self.heap_picture(tables.filter(|table| is_killed(&table.run))));
        pictures
    }
}
