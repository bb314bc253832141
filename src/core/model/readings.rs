//! Everything that readers produced from all sources, before it is joined.

use std::collections::BTreeMap;

use crate::model::application::{APPLICATIONS, Application};
use crate::model::clock::ClockMarks;
use crate::model::gc::{GcEvent, GcLog};
use crate::model::host::HostReading;
use crate::model::java::{JavaError, OPENJ9_CLASS};
use crate::model::joining::NOT_OOMKILLED;
use crate::model::jstat::JstatTable;
use crate::model::kind::{ErrorKind, EventKind, HostKind, Strength};
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{Event, OomKill};
use crate::model::prose::{About, Amount, ProseNumber, Said, SaidOf};
use crate::model::record::with_records;
use crate::model::relation::Relations;
use crate::order::InOrder as _;
use crate::source::{Copies, Line, Span, excerpt};
use crate::warning::{Warning, WarningKind, WarningSink};

/// Hundredths by which two sizes in words may differ that mean the same.
const ROUNDED: u64 = 4;

/// Lines between the exit code of a container and what else its state says.
const OF_STATE: u32 = 12;

/// Lines kept as text for evidence at most, over all sources.
const MAX_EXCERPTS: usize = 8192;
/// Of these, lines that are kept only because they stand early: in most pastes that is all that a reader took.
const MAX_EARLY: usize = 4096;
/// Warnings kept at most.
const MAX_WARNINGS: usize = 1000;

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// Names of the sources, by index.
    pub names: Vec<String>,
    /// `jstat` tables.
    pub jstat: Vec<JstatTable>,
    /// NMT snapshots.
    pub nmt: Vec<NmtSnapshot>,
    /// Kernel kills.
    pub oom_kills: Vec<OomKill>,
    /// GC logs.
    pub gc_logs: Vec<GcLog>,
    /// Their events.
    pub gc_events: Vec<GcEvent>,
    /// `OutOfMemoryError` and its kin.
    pub java_errors: Vec<JavaError>,
    /// Other killers and look-alikes.
    pub events: Vec<Event>,
    /// Machine, container, and process figures.
    pub host: Vec<HostReading>,
    /// What readers noted of records of others in the source that is read; used up when it ends.
    pub relations: Relations,
    /// What the words around the logs say in numbers.
    pub prose: Vec<ProseNumber>,
    /// Causes that these words state, and what helped; used up when all is read.
    pub said: Vec<Said>,
    /// Errors that only these words tell, one of a kind and source; used up when all is read.
    pub told: Vec<JavaError>,
    /// Kills that only these words tell, likewise.
    pub told_ends: Vec<Event>,
    /// The systems that prompts and words name, one of a kind; used up likewise.
    pub systems: Vec<(&'static str, Span)>,
    /// Sources that begin with one line that was read and a blank one: what people put above a post.
    pub titles: Vec<u16>,
    /// Where somebody else begins to speak.
    pub voices: Vec<Span>,
    /// Where a container says of itself that it was not killed for its memory; used up when words and logs are joined.
    pub denied: Vec<Span>,
    /// The system that a sign of its own tells; used up likewise.
    pub certain_system: Option<(&'static str, Span)>,
    /// The programs that lines show; used up likewise.
    pub applications: Vec<(&'static Application, Span)>,
    /// What lines say about clocks; used up when times are joined.
    pub clocks: ClockMarks,
    /// Text of lines that evidence may quote, by source and line.
    pub excerpts: BTreeMap<(u16, u32), String>,
    /// Lines that copying put between others.
    pub copies: Copies,
    /// What could not be used.
    pub warnings: Vec<Warning>,
    /// Warnings that were not kept.
    pub dropped_warnings: u64,
}

with_records!(hold_records Readings);

impl Readings {
    /// Puts the errors and the kills that words tell among the others, before those of logs, where no log shows one of the kind.
    pub fn join_told(&mut self) {
        self.join_titles();
        let mut kinds: Vec<ErrorKind> = self.java_errors.iter().map(|error| error.kind).collect();
        let mut ends: Vec<EventKind> =
            self.events.iter().map(|event| event.kind).filter(|kind| kind.ends_process()).collect();
        // A kill for memory, by whatever shows it, is the one that words tell; and any end is the one with a code.
        let by_log = !self.oom_kills.is_empty() || ends.iter().any(|kind| kind.strength() < Some(Strength::Told));
        let mut told_ends = std::mem::take(&mut self.told_ends);
        told_ends.order_by_key(|event| event.kind.strength());
        told_ends.retain(|event| {
            let is_new =
                !by_log && (event.kind != EventKind::Exit137 || ends.is_empty()) && !ends.contains(&event.kind);
            ends.push(event.kind);
            is_new
        });
        self.join_denied(&mut told_ends);
        let mut told = std::mem::take(&mut self.told);
        // OpenJ9 writes its dumps without the reason, which the words beside them give.
        let mut unnamed = self.java_errors.iter_mut().filter(|error| error.message == OPENJ9_CLASS);
        let mut named = told.iter().enumerate().filter(|(_, error)| error.kind != ErrorKind::Other);
        if let (Some(error), None, Some((at, said)), None) =
            (unnamed.next(), unnamed.next(), named.next(), named.next())
            && said.source == error.source
        {
            (error.kind, error.message) = (said.kind, said.message.clone());
            let place = said.at.get("message");
            place.into_iter().for_each(|place| error.at.put("message", place));
            told.remove(at);
            kinds = self.java_errors.iter().map(|error| error.kind).collect();
        }
        // An error without its message is any of the others; and `OOM` is what people call a kill, too.
        told.order_by_key(|error| error.kind == ErrorKind::Other);
        told.retain(|error| {
            let is_killed = error.message == "OOM" && (by_log || !told_ends.is_empty());
            let is_new = match error.kind {
                ErrorKind::Other => kinds.is_empty() && !is_killed,
                kind => !kinds.contains(&kind),
            };
            kinds.push(error.kind);
            is_new
        });
        self.java_errors.splice(0..0, told);
        self.events.splice(0..0, told_ends);
    }

    /// Leaves out what the title of a post says of an error or an end that stands below it.
    fn join_titles(&mut self) {
        for source in std::mem::take(&mut self.titles) {
            let errors: Vec<(ErrorKind, String)> = self
                .java_errors
                .iter()
                .filter(|own| own.source == source && own.first_line > 1)
                .map(|own| (own.kind, own.message.clone()))
                .collect();
            self.java_errors.retain(|own| {
                let is_title = own.source == source
                    && own.last_line == 1
                    && own.time.or(own.local_time).is_none()
                    && own.pid.is_none();
                !is_title
                    || !errors.iter().any(|(kind, message)| *kind == own.kind && message.starts_with(&own.message))
            });
            let ends: Vec<EventKind> = self
                .events
                .iter()
                .filter(|own| own.source == source && own.first_line > 1)
                .map(|own| own.kind)
                .collect();
            self.events.retain(|own| {
                let is_title = own.source == source && own.last_line == 1 && own.time.or(own.local_time).is_none();
                !is_title || own.name.is_some() || own.pid.is_some() || !ends.contains(&own.kind)
            });
        }
    }

    /// Tells ends by an exit code that the container's own limit was not the reason, and kills in words that they are of another time.
    fn join_denied(&mut self, told_ends: &mut [Event]) {
        let denied = std::mem::take(&mut self.denied);
        let near = |event: &Event| {
            let is_near = |at: &&Span| {
                let (first, last) =
                    (event.first_line.saturating_sub(OF_STATE), event.last_line.saturating_add(OF_STATE));
                at.source == event.source && (first..=last).contains(&at.line)
            };
            denied.iter().copied().find(|at| is_near(&at))
        };
        let codes = self.events.iter_mut().chain(told_ends.iter_mut()).filter(|event| event.kind == EventKind::Exit137);
        for event in codes {
            if let Some(at) = near(event) {
                event.at.put(NOT_OOMKILLED, at);
            }
        }
        for event in told_ends.iter_mut().filter(|event| event.kind.is_oomkilled()) {
            if let Some(at) = denied.iter().find(|at| at.source == event.source) {
                event.at.put(NOT_OOMKILLED, *at);
            }
        }
    }

    /// Notes that words name a system.
    pub fn note_system(&mut self, name: &'static str, at: Span) {
        if !self.systems.iter().any(|(known, _)| *known == name) {
            self.systems.push((name, at));
        }
    }

    /// Notes what only one system has: then all that names another is about something else.
    pub fn note_certain_system(&mut self, name: &'static str, at: Span) {
        self.certain_system.get_or_insert((name, at));
    }

    /// Notes that a line shows a program: once in so many lines, since a log says so over and over.
    pub fn note_application(&mut self, application: &'static Application, at: Span) {
        let is_near = |&(known, other): &(&'static Application, Span)| {
            known == application && other.source == at.source && at.line.saturating_sub(other.line) < APPLICATION_AGAIN
        };
        if self.applications.len() < MAX_APPLICATIONS && !self.applications.iter().rev().any(is_near) {
            self.applications.push((application, at));
        }
    }

    /// Makes readings of the programs that the input is about, where anything ended or failed: of each of a source at its line nearest to that.
    fn join_applications(&mut self) {
        let mut applications = std::mem::take(&mut self.applications);
        let errors = self.java_errors.iter().map(|error| (error.source, error.first_line));
        let events = self.events.iter().map(|event| (event.source, event.first_line));
        let kills = self.oom_kills.iter().map(|kill| (kill.source, kill.first_line));
        let ends: Vec<(u16, u32)> = errors.chain(events).chain(kills).take(MAX_ENDS).collect();
        let apart = |at: Span| {
            let own = ends.iter().filter(|(source, _)| *source == at.source);
            own.map(|(_, line)| line.abs_diff(at.line)).min()
        };
        applications.retain(|(_, at)| apart(*at).is_some());
        applications.order_by_key(|(_, at)| apart(*at));
        let mut known: Vec<(&str, u16)> = Vec::new();
        for (application, at) in applications {
            if known.contains(&(application.id, at.source)) {
                continue;
            }
            known.push((application.id, at.source));
            let mut stated = stated_on(at);
            stated.words.insert(APPLICATION.to_owned(), application.id.to_owned());
            stated.at.put(APPLICATION, at);
            self.host.push(stated);
        }
    }

    /// The program that a line of a source is about: the one shown nearest to it, once all is read.
    pub fn application(&self, source: u16, line: u32) -> Option<&'static Application> {
        let shown = self.host.iter().filter(|host| host.source == source);
        let shown = shown.filter_map(|host| Some((Application::of(host.words.get(APPLICATION)?)?, host.first_line)));
        // What it started stands before it where both are near.
        let near = |at: u32| at.abs_diff(line) / NEAR_LINES;
        let place = |application: &Application| APPLICATIONS.iter().position(|known| known.id == application.id);
        let shown = shown.min_by_key(|(application, at)| (near(*at), place(application)));
        shown.map(|(application, _)| application)
    }

    /// Makes readings of the sizes and of the system that words state, of each where all of them agree.
    pub fn join_stated(&mut self) {
        let only = match self.systems.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let certain = self.certain_system.filter(|_| self.oom_kills.is_empty());
        if let Some((name, at)) = certain.or(only).filter(|(name, _)| *name != LINUX) {
            let mut stated = stated_on(at);
            stated.words.insert("platform".to_owned(), name.to_owned());
            stated.at.put("platform", at);
            self.host.push(stated);
        }
        self.join_said();
        self.join_applications();
        for (about, name) in About::STATED {
            let mut said = self.prose.iter().filter(|number| number.about == Some(about));
            let Some(ProseNumber { amount, span: at, .. }) = said.next().cloned() else { continue };
            // People round what a program prints.
            let is_about = |other: &ProseNumber| match amount {
                Amount::Size { binary, .. } => other.amount.means(binary, ROUNDED),
                _ => false,
            };
            let agree = said.all(|other| other.amount.is_same(&amount) || is_about(other));
            let mut stated = stated_on(at);
            match amount {
                Amount::Size { binary, .. } if agree && binary.0 > 0 => {
                    stated.sizes.insert(name.to_owned(), binary);
                }
                Amount::Count(count) if agree && count > 0 => {
                    stated.counts.insert(name.to_owned(), count);
                }
                _ => continue,
            }
            stated.at.put(name, at);
            self.host.push(stated);
        }
    }

    /// Makes readings of the cause that the words of each source state, and of what helped: the last of them, since people find it late.
    fn join_said(&mut self) {
        let said = std::mem::take(&mut self.said);
        let mut sources: Vec<u16> = said.iter().map(|said| said.span.source).collect();
        sources.dedup();
        for (source, of) in sources.into_iter().flat_map(|source| SaidOf::ALL.map(|of| (source, of))) {
            let own = || said.iter().filter(|said| said.span.source == source && said.of == of);
            let Some(Said { span, .. }) = own().rfind(|said| !said.below).or_else(|| own().next()) else { continue };
            let mut stated = stated_on(*span);
            stated.words.insert(SAID.to_owned(), of.name().to_owned());
            stated.at.put(SAID, *span);
            self.host.push(stated);
        }
    }

    /// Keeps the text of a line that evidence may quote: headings, totals, kill lines, first and last rows.
    pub fn keep(&mut self, line: &Line<'_>) {
        if self.excerpts.len() >= MAX_EXCERPTS {
            return;
        }
        self.excerpts.entry((line.source, line.number)).or_insert_with(|| excerpt(line.raw).to_owned());
    }

    /// Keeps the text of a line that a reader took, as long as there is room for any: what rules will quote is not known yet.
    pub fn keep_early(&mut self, source: u16, number: u32, raw: &str) {
        if self.excerpts.len() < MAX_EARLY {
            self.keep_text(source, number, raw);
        }
    }

    /// Keeps the text of a line that has passed.
    pub fn keep_text(&mut self, source: u16, number: u32, text: &str) {
        if self.excerpts.len() < MAX_EXCERPTS {
            self.excerpts.entry((source, number)).or_insert_with(|| excerpt(text).to_owned());
        }
    }

    /// Warns that a value at the end of a cut line was left out.
    pub fn warn_cut(&mut self, line: &Line<'_>, column: &str) {
        self.warn_line(line, WarningKind::CutNumber { column: column.to_owned() });
    }

    /// Warns about a whole line.
    pub fn warn_line(&mut self, line: &Line<'_>, kind: WarningKind) {
        self.warn(Warning { span: line.span(), kind });
    }
}

/// What a sentence states, as a word of a reading.
pub const SAID: &str = "states";

/// A program that a line shows, as a word of a reading.
pub const APPLICATION: &str = "application";
/// Lines after which a program is noted again.
const APPLICATION_AGAIN: u32 = 20;
/// Lines that are as near as a neighbouring one.
const NEAR_LINES: u32 = 60;
/// Ends and failures of which one is looked for near a program.
const MAX_ENDS: usize = 1000;
/// Programs noted at most, over all sources.
const MAX_APPLICATIONS: usize = 100;

/// The system that is assumed where nothing tells another.
pub const LINUX: &str = "linux";

/// What words state on a line.
fn stated_on(at: Span) -> HostReading {
    let Span { source, line, .. } = at;
    HostReading { kind: HostKind::Stated, source, first_line: line, last_line: line, ..HostReading::default() }
}

impl WarningSink for Readings {
    fn warn(&mut self, warning: Warning) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning);
        } else {
            self.dropped_warnings = self.dropped_warnings.saturating_add(1);
        }
    }
}
