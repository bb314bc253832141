//! Moments of which the text says who had memory: any of them can be looked at alone.

use super::{Picture, Words};
use crate::chart::{InSteps, made};
use crate::i18n::{self, Language, format};
use crate::model::host::HostReading;
use crate::model::jstat::JstatTable;
use crate::model::kind::HostKind;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{OomKill, Victim};
use crate::order::{Gather as _, InOrder as _};
use crate::report::Report;
use crate::source::Span;
use crate::units::Micros;

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    kind: Kind,
    /// Place in the report's list.
    at: usize,
    /// The line.
    pub span: Span,
}

/// What was read then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Kill,
    Snapshot,
    Reading,
    Heap,
}

impl Moment {
    /// Stable within a report, for links: `kill-1`, `nmt-3`, `reading-12`, `heap-2`.
    pub fn id(&self) -> String {
        let kind = match self.kind {
            Kind::Kill => "kill",
            Kind::Snapshot => "nmt",
            Kind::Reading => "reading",
            Kind::Heap => "heap",
        };
        format!("{kind}-{}", self.at + 1)
    }

    /// What was read then, when, and on which line. With the report that it is of.
    pub fn label(&self, report: &Report, language: Language) -> String {
        let words = Words::of(report, language);
        words.source(self.kind, self.at).map(|source| words.label(&source, self.span)).unwrap_or_default()
    }
}

/// The moments of a report, in reading order.
pub fn moments(report: &Report) -> Vec<Moment> {
    made::<Moments>(report, Language::En)
}

/// True if there is any moment to look at.
pub fn has_moments(report: &Report) -> bool {
    let mut moments = Moments::begin(Language::En);
    loop {
        let is_made = moments.go_on(report, &mut || false);
        if is_made || !moments.found.is_empty() {
            return !moments.found.is_empty();
        }
    }
}

/// Moments of a report that are looked for in steps.
#[derive(Default)]
pub struct Moments {
    found: Vec<Moment>,
    /// Kinds of which all were looked at.
    kinds: usize,
    /// What of the next kind was looked at.
    next: usize,
    /// Of each process the last table, once somebody asked.
    tables: Option<Vec<usize>>,
}

/// Moments that are looked at in one step.
const AT_ONCE: usize = 200;

impl InSteps for Moments {
    type Made = Vec<Moment>;

    fn begin(_: Language) -> Moments {
        Moments::default()
    }

    fn go_on(&mut self, report: &Report, may_go_on: &mut dyn FnMut() -> bool) -> bool {
        const KINDS: [Kind; 4] = [Kind::Kill, Kind::Snapshot, Kind::Reading, Kind::Heap];
        let words = Words::of(report, Language::En);
        while let Some(kind) = KINDS.get(self.kinds) {
            let tables = match kind {
                Kind::Heap => &*self.tables.get_or_insert_with(|| words.tables().iter().map(|(at, _)| *at).collect()),
                _ => &Vec::new(),
            };
            let count = match kind {
                Kind::Kill => report.oom_kills.len(),
                Kind::Snapshot => report.nmt.len(),
                Kind::Reading => report.host.len(),
                Kind::Heap => tables.len(),
            };
            let end = self.next.saturating_add(AT_ONCE).min(count);
            for nth in self.next..end {
                let at = tables.get(nth).copied().unwrap_or(nth);
                let Some(source) = words.source(*kind, at).filter(|source| words.can_draw(source)) else { continue };
                self.found.push(Moment { kind: *kind, at, span: source.span() });
            }
            (self.kinds, self.next) = if end == count { (self.kinds + 1, 0) } else { (self.kinds, end) };
            if !may_go_on() {
                break;
            }
        }
        let is_made = self.kinds == KINDS.len();
        if is_made {
            self.found.order_by_key(|moment| (moment.span.source, moment.span.line));
        }
        is_made
    }

    fn made(self) -> Vec<Moment> {
        self.found
    }
}

/// True for what was read of a whole machine or container.
fn tells_memory(reading: &HostReading) -> bool {
    let has = |name: &str| reading.sizes.contains_key(name);
    (has("mem_total") && has("mem_free")) || (has("usage") && reading.kind != HostKind::KubernetesNode)
}

/// Where a moment comes from.
enum Source<'a> {
    Kill(usize, &'a OomKill),
    Snapshot(&'a NmtSnapshot),
    Reading(&'a HostReading),
    Heap(&'a JstatTable),
}

impl Source<'_> {
    fn span(&self) -> Span {
        let (source, line) = match self {
            Source::Kill(_, kill) => (kill.source, kill.first_line),
            Source::Snapshot(snapshot) => (snapshot.source, snapshot.first_line),
            Source::Reading(reading) => (reading.source, reading.first_line),
            Source::Heap(table) => (table.source, table.last_line),
        };
        Span { source, line, start: 0, end: 0 }
    }
}

impl<'a> Words<'a> {
    /// What may be a moment.
    fn source(&self, kind: Kind, at: usize) -> Option<Source<'a>> {
        let report = self.report;
        Some(match kind {
            Kind::Kill => Source::Kill(at, report.oom_kills.get(at)?),
            Kind::Snapshot => Source::Snapshot(report.nmt.get(at).filter(|snapshot| !snapshot.categories.is_empty())?),
            Kind::Reading => Source::Reading(report.host.get(at).filter(|reading| tells_memory(reading))?),
            Kind::Heap => Source::Heap(report.jstat.get(at)?),
        })
    }

    /// True if there are pictures of it.
    fn can_draw(&self, source: &Source<'_>) -> bool {
        match source {
            Source::Kill(at, kill) => {
                kill.victims.iter().any(|victim| self.victim_bar(kill, victim).is_some())
                    || self.container_at_kill(*at, kill).is_some()
                    || self.machine_at_kill(*at, kill).is_some()
                    || kill.victims.iter().any(|victim| self.was_measured(victim))
            }
            Source::Snapshot(..) => true,
            Source::Reading(reading) => self.pictures_of_reading(reading).is_some(),
            Source::Heap(table) => self.heap_bar(table).is_some(),
        }
    }

    /// True if NMT or a table tells what a killed process had.
    fn was_measured(&self, victim: &Victim) -> bool {
        let Some(run) = victim.run.as_deref().filter(|run| !run.is_empty()) else { return false };
        let (snapshots, tables) = self.measured.get_or_init(|| {
            let snapshots = self.report.nmt.iter().filter(|snapshot| !snapshot.categories.is_empty());
            let tables = self.tables().iter().map(|(_, table)| (table.run.as_str(), *table));
            (snapshots.map(|snapshot| snapshot.run.as_str()).gathered(), tables.gathered())
        });
        snapshots.contains(run) || tables.get(run).is_some_and(|table| self.heap_bar(table).is_some())
    }

    fn pictures_of_reading(&self, reading: &HostReading) -> Option<Vec<Picture>> {
        let picture = self.machine_picture(std::iter::once(reading));
        Some(vec![picture.or_else(|| self.container_picture(reading))?])
    }

    fn label(&self, source: &Source<'_>, span: Span) -> String {
        let (what, when) = match source {
            Source::Kill(_, kill) => {
                let victims: Vec<String> = kill.victims.iter().map(|victim| self.victim_label(victim)).collect();
                let what = self.fill("chart.moment.kill", &[("who", &victims.join(", "))]);
                (what, kill.time.or(kill.local_time).or(kill.uptime).map(|_| self.kill_time(kill)))
            }
            Source::Snapshot(snapshot) => {
                let what = format!("NMT {} {}", snapshot.kind, self.process(&snapshot.run, snapshot.pid));
                let uptime = ("chart.time.uptime", snapshot.uptime);
                (what, self.when(snapshot.time, snapshot.local_time, uptime))
            }
            Source::Reading(reading) => {
                let name = reading.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
                let when = self.when(reading.time, reading.local_time, ("chart.time.boot", reading.uptime));
                (format!("{}{name}", reading.kind), when)
            }
            Source::Heap(table) => {
                (self.fill("chart.moment.heap", &[("who", &self.process(&table.run, table.pid))]), None)
            }
        };
        let line = self.fill("chart.moment.line", &[("line", &span.line.to_string())]);
        let file = self.report.sources.get(usize::from(span.source)).filter(|_| self.report.sources.len() > 1);
        let parts = [Some(what), when, file.map(|file| file.name.clone()), Some(line)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn when(&self, time: Option<Micros>, local: Option<Micros>, elapsed: (&str, Option<Micros>)) -> Option<String> {
        let said = |key: &str, time: String| i18n::fill(self.language, key, &[("time", &time)]);
        time.map(|time| format::time(time, self.report.zone))
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
                Some(self.nmt_alone(at, snapshot))
            }
            "reading" => {
                let reading = self.report.host.get(at).filter(|reading| tells_memory(reading))?;
                self.pictures_of_reading(reading)
            }
            "heap" => {
                let (_, table) = self.tables().iter().find(|(known, _)| *known == at)?;
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
            pictures.extend(self.nmt_in_the_end(at, snapshot));
        }
        pictures.extend(self.victims_not_yet_shown(at, kill, &pictures));
        // Who was killed is mostly not known, and tables are many.
        if kill.victims.iter().any(|victim| victim.run.as_ref().is_some_and(|run| !run.is_empty())) {
            let tables = self.tables().iter().map(|(_, table)| *table);
            pictures.extend(self.heap_picture(tables.filter(|table| is_killed(&table.run))));
        }
        pictures
    }
}
