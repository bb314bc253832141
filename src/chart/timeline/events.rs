//! What happened at one time: kernel kills, errors of the JVM, other killers. What has no clock stands between the lines of a log
//! that it was printed amid, else on no axis.

use super::readout::between_in_words;
use super::{Builder, Clock, Lane, LaneId, Mark, Place, Unit};
use crate::chart::theme::Role;
use crate::i18n::{self, Language};
use crate::model::oom::OomKill;
use crate::model::record::{Record, Records as _};
use crate::order::InOrder as _;
use crate::source::Span;
use crate::units::Micros;

/// The clocks that a record may carry.
#[derive(Clone, Copy, Default)]
pub(super) struct When {
    pub(super) utc: Option<Micros>,
    pub(super) local: Option<Micros>,
    pub(super) boot: Option<Micros>,
    pub(super) uptime: Option<Micros>,
}

/// What stands so many lines from a log's own lines is printed amid them.
const AMID: u32 = 60;

/// Events that are marked, and kills that are gathered, in one step.
pub(super) const AT_ONCE: usize = 500;

/// What happened, as far as it was gathered.
#[derive(Default)]
pub(super) struct Gathered {
    found: Vec<Happening>,
    /// Kills that are in it.
    kills: usize,
    has_years: Option<bool>,
}

/// How far the marking is.
pub(super) struct Marked {
    next: usize,
    boot_start: Option<i64>,
}

/// Something that happened at one time.
#[derive(Clone)]
pub(super) struct Happening {
    when: When,
    /// Of the run whose uptime `when` may carry.
    run: String,
    pid: Option<u32>,
    role: Role,
    label: String,
    span: Span,
    /// The last of its lines.
    last: u32,
    /// True for one without a clock that stands on an axis already.
    is_marked: bool,
}

impl Builder<'_> {
    /// Gathers the next of all that happened. What a tool answered is no event of the JVM's life. True once all is there.
    pub(super) fn gather(&self, gathered: &mut Gathered) -> bool {
        let has_years = *gathered.has_years.get_or_insert_with(|| self.has_local_years());
        let kills = &self.report.oom_kills;
        let end = gathered.kills.saturating_add(AT_ONCE).min(kills.len());
        for kill in kills.get(gathered.kills..end).unwrap_or_default() {
            self.kill(kill, has_years, &mut gathered.found);
        }
        gathered.kills = end;
        let is_whole = end == kills.len();
        if is_whole {
            gathered.found.extend(self.errors(has_years));
        }
        is_whole
    }

    /// What was gathered, in reading order, to be marked.
    pub(super) fn happenings(&self, gathered: Gathered) -> (Vec<Happening>, Marked) {
        let mut happenings = gathered.found;
        happenings.order_by_key(|happening| (happening.span.source, happening.span.line));
        (happenings, Marked { next: 0, boot_start: self.boot_start() })
    }

    /// Marks the next events on the clock that each has; those without one wait for the logs. True once all are looked at.
    pub(super) fn mark(&mut self, happenings: &[Happening], marked: &mut Marked) -> bool {
        let end = marked.next.saturating_add(AT_ONCE).min(happenings.len());
        for happening in happenings.get(marked.next..end).unwrap_or_default() {
            let Happening { when, run, pid, role, label, span, .. } = happening;
            let started = self.start_of(run);
            let joined = when.uptime.zip(started).map(|(uptime, start)| uptime.0.saturating_add(start));
            let booted = when.boot.zip(marked.boot_start).map(|(uptime, start)| uptime.0.saturating_add(start));
            let (clock, at) =
                match (when.utc.map(|time| time.0).or(joined).or(booted), when.local, when.boot, when.uptime) {
                    (Some(at), ..) => (Clock::Utc(self.report.zone), at),
                    (_, Some(at), ..) => (Clock::Local, at.0),
                    (_, _, Some(at), _) => (Clock::Boot, at.0),
                    (_, _, _, Some(at)) => (Clock::Uptime, at.0),
                    _ => {
                        self.places.undated.push(happening.clone());
                        continue;
                    }
                };
            let detail = match when_in_words(self.language, clock, at) {
                Some(time) => {
                    let time = match clock {
                        Clock::Utc(_) => time,
                        Clock::Local => self.fill("chart.time.local", &[("time", &time)]),
                        Clock::Boot => self.fill("chart.time.boot", &[("time", &time)]),
                        _ => self.fill("chart.time.uptime", &[("time", &time)]),
                    };
                    format!("{time}: {label}")
                }
                None => label.clone(),
            };
            let section = match clock {
                Clock::Uptime => {
                    let process = self.process_title(run, *pid, None);
                    let run = match (run.as_str(), pid) {
                        ("", Some(pid)) => format!("pid-{pid}"),
                        ("", None) => "process".to_owned(),
                        (run, _) => run.to_owned(),
                    };
                    self.section(&format!("{run}.uptime"), clock, |_| process)
                }
                _ => self.dated(clock),
            };
            let mark = Mark { at, between: None, role: *role, label: label.clone(), detail, span: *span };
            self.events(section).marks.push(mark);
        }
        marked.next = end;
        end == happenings.len()
    }

    fn events(&mut self, section: usize) -> &mut Lane {
        let language = self.language;
        self.lane(section, LaneId::Events, "", || Lane::new(LaneId::Events, language, Unit::Marks, 34.0))
    }

    /// Marks what has no clock and was printed amid the lines of a log, between the times of the line above and the line below.
    pub(super) fn amid(
        &mut self,
        (section, clock, run): (usize, Clock, &str),
        lines: impl Iterator<Item = (i64, Place)>,
    ) {
        if self.places.undated.is_empty() || !clock.is_known() {
            return;
        }
        let mut above: Option<(i64, Place)> = None;
        let mut marks = Vec::new();
        for (to, below) in lines {
            let Some((from, above)) = above.replace((to, below)) else { continue };
            if above.source != below.source || above.line.saturating_add(1) >= below.line {
                continue;
            }
            let undated = &mut self.places.undated;
            let first =
                undated.partition_point(|found| (found.span.source, found.span.line) <= (above.source, above.line));
            let end = below.line.min(above.line.saturating_add(AMID));
            let between = undated.get_mut(first..).into_iter().flatten();
            let between = between.take_while(|found| found.span.source == above.source && found.span.line < end);
            let is_of_another = |found: &Happening| !run.is_empty() && !found.run.is_empty() && found.run != run;
            for found in between.filter(|found| !found.is_marked && below.line.saturating_sub(found.last) <= AMID) {
                if is_of_another(found) {
                    continue;
                }
                found.is_marked = true;
                let detail = format!("{}: {}", between_in_words(self.language, clock, (from, to)), found.label);
                let Happening { role, ref label, span, .. } = *found;
                marks.push(Mark {
                    at: from.midpoint(to),
                    between: Some((from, to)),
                    role,
                    label: label.clone(),
                    detail,
                    span,
                });
            }
        }
        if !marks.is_empty() {
            self.events(section).marks.extend(marks);
        }
    }

    fn kill(&self, kill: &OomKill, has_years: bool, out: &mut Vec<Happening>) {
        let local = kill.local_time.filter(|_| !kill.year_unknown || !has_years);
        let when = When { utc: kill.time, local, boot: kill.uptime, uptime: None };
        let span = Span { source: kill.source, line: kill.first_line, start: 0, end: 0 };
        for victim in &kill.victims {
            let pid = victim.pid.to_string();
            let mut arguments = vec![("name", victim.name.as_str()), ("pid", pid.as_str())];
            let size = victim.resident().map(i18n::format::size);
            let label = match &size {
                Some(size) => {
                    arguments.push(("size", size));
                    self.fill("chart.mark.kill-resident", &arguments)
                }
                None => self.fill("chart.mark.kill", &arguments),
            };
            let span = Span { line: victim.line.max(1), ..span };
            let run = victim.run.clone().unwrap_or_default();
            out.push(Happening {
                when,
                run,
                pid: Some(victim.pid),
                role: Role::Wall,
                label,
                span,
                last: span.line,
                is_marked: false,
            });
        }
        if kill.victims.is_empty() {
            let label = self.text(match kill {
                OomKill { panic: true, .. } => "chart.mark.panic",
                OomKill { no_killable: true, .. } => "chart.mark.no-killable",
                _ => "chart.mark.oom",
            });
            let last = kill.last_line;
            out.push(Happening {
                when,
                run: String::new(),
                pid: None,
                role: Role::Wall,
                label,
                span,
                last,
                is_marked: false,
            });
        }
    }

    fn errors(&self, has_years: bool) -> Vec<Happening> {
        let mut out = Vec::new();
        for error in &self.report.java_errors {
            let count = i18n::number(error.count);
            let label = match error.count {
                0 | 1 => error.message.clone(),
                _ => self.fill("chart.mark.repeated", &[("what", &error.message), ("count", &count)]),
            };
            out.push(Happening {
                when: When {
                    utc: error.time,
                    local: error.local_time.filter(|_| !error.year_unknown || !has_years),
                    boot: None,
                    uptime: error.uptime,
                },
                run: error.run.clone().unwrap_or_default(),
                pid: error.pid,
                role: Role::FullGc,
                label,
                span: Span { source: error.source, line: error.first_line, start: 0, end: 0 },
                last: error.last_line,
                is_marked: false,
            });
        }
        for event in self.report.events.iter().filter(|event| !event.is_answer_of_tool()) {
            let what = self.text(event.kind.key());
            let label = match &event.name {
                Some(name) => format!("{what}: {name}"),
                None => what,
            };
            out.push(Happening {
                when: When {
                    utc: event.time,
                    local: event.local_time.filter(|_| !event.year_unknown || !has_years),
                    boot: event.uptime,
                    uptime: None,
                },
                run: event.run.clone().unwrap_or_default(),
                pid: event.pid,
                role: Role::Wall,
                label,
                span: Span { source: event.source, line: event.first_line, start: 0, end: 0 },
                last: event.last_line,
                is_marked: false,
            });
        }
        out
    }

    /// True if some local time has a year: then one without stands on no axis beside it.
    pub(super) fn has_local_years(&self) -> bool {
        let report = self.report;
        report.gc_events.iter().any(|event| event.local_time.is_some())
            || report.jstat.iter().any(|table| !table.wall_zone_known && table.wall.iter().any(Option::is_some))
            || report.records().map(Record::head).any(|head| head.local_time.is_some() && !head.year_unknown)
    }

    /// Absolute start of the machine, if a kill carries both clocks and all that do agree to a few seconds. Kernel
    /// time and wall time drift apart, so this is good for order and not for milliseconds.
    fn boot_start(&self) -> Option<i64> {
        let starts = self.report.oom_kills.iter().filter_map(|kill| kill.time.zip(kill.uptime));
        let starts: Vec<i64> = starts.map(|(time, uptime)| time.0.saturating_sub(uptime.0)).collect();
        let (first, last) = (starts.iter().min()?, starts.iter().max()?);
        (last.saturating_sub(*first) < 5_000_000).then_some(*first)
    }
}

/// A time of a clock as text. `None` for clocks that tell none.
pub(super) fn when_in_words(language: Language, clock: Clock, at: i64) -> Option<String> {
    match clock {
        Clock::Utc(zone) => Some(i18n::format::time(Micros(at), zone)),
        Clock::Local => Some(i18n::format::local_time(Micros(at))),
        Clock::Boot | Clock::Uptime | Clock::FromFirst => Some(i18n::format::duration(language, Micros(at))),
        Clock::Order => None,
    }
}
