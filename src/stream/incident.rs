//! One incident in one line of JSON: who, where, when, what is said of it, and its figures.

use std::collections::BTreeMap;

use crate::analysis::finding::Severity;
use crate::analysis::verdict::Outcome;
use crate::i18n::Language;
use crate::json::{self, Json};
use crate::model::java::JavaError;
use crate::model::oom::{Event, OomKill, OomScope};
use crate::report::Report;
use crate::units::{Bytes, Micros};
use crate::visible::shown_in_json;

/// The version of the line.
pub const INCIDENT_VERSION: u32 = 1;
/// What a kill by the kernel is called; other incidents are called as in the report.
pub const OOM_KILL: &str = "oom-kill";

/// An incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Incident {
    /// [`INCIDENT_VERSION`].
    pub incident_version: u32,
    /// The same for the same event, however often and by whom its log is read: of what happened, to whom, and when. Where the log has no
    /// clock, of its lines and their place. Out of a report, which may know its time by other lines, it may be another.
    pub id: String,
    /// `oom-kill`, the kind of an error (`heap-space`), or of an event (`docker-oomkilled`), as in the report.
    pub kind: String,
    /// What became of it, as in the report.
    pub outcome: Outcome,
    /// How grave that is.
    pub severity: Option<Severity>,
    /// The answer in one sentence.
    pub headline: String,
    /// When: microseconds since the epoch, UTC.
    pub time: Option<Micros>,
    /// The wall-clock time as printed, where no zone is named.
    pub local_time: Option<Micros>,
    /// Since the start of the machine or of the JVM.
    pub uptime: Option<Micros>,
    /// Where: the machine.
    pub host: Option<String>,
    /// Who ran out.
    pub scope: Option<OomScope>,
    /// The control group that hit its limit.
    pub cgroup: Option<String>,
    /// The control group of the process.
    pub task: Option<String>,
    /// Who: the process, of several killed ones the first.
    pub pid: Option<u32>,
    /// Its name, or that of the container or unit.
    pub name: Option<String>,
    /// The thread that says so, of an error.
    pub thread: Option<String>,
    /// What it says, of an error.
    pub message: Option<String>,
    /// How often it says so.
    pub count: Option<u64>,
    /// Other processes killed with it.
    #[json(omit)]
    pub others: Vec<u32>,
    /// The thread whose request could not be met.
    pub trigger: Option<String>,
    /// Sizes in bytes, and scores, by the names of the report.
    #[json(omit)]
    pub figures: BTreeMap<String, i64>,
    /// What else in the same lines tells of it, by kind.
    #[json(omit)]
    pub witnesses: Vec<String>,
    /// Rules that say something of it.
    #[json(omit)]
    pub rules: Vec<String>,
    /// Where it was read.
    pub source: String,
    /// First line there, from 1 on.
    pub first_line: u64,
    /// Last line.
    pub last_line: u64,
}

/// What leads an incident.
pub(super) enum Lead<'a> {
    Kill(&'a OomKill),
    Error(&'a JavaError),
    Event(&'a Event),
}

impl Incident {
    /// The incident of a report: its kill, else its error, else the end of a process. Of several the one that begins at `line`, else
    /// the first. `None` if nothing in it ended, and nothing was refused.
    pub(super) fn of(report: &Report, language: Language, line: Option<u32>) -> Option<Incident> {
        let lead = lead(report, line)?;
        let verdict = &report.verdict;
        let severity = Severity::from(verdict.outcome);
        if severity != Severity::Critical && !matches!(lead, Lead::Kill(_)) {
            return None;
        }
        let mut incident = match lead {
            Lead::Kill(kill) => of_kill(kill),
            Lead::Error(error) => of_error(error),
            Lead::Event(event) => of_event(event),
        };
        incident.incident_version = INCIDENT_VERSION;
        (incident.outcome, incident.severity) = (verdict.outcome, Some(severity));
        incident.headline = verdict.headline.say(language);
        incident.rules = report.findings.iter().map(|finding| finding.rule.name().to_owned()).collect();
        incident.rules.dedup();
        let errors = report.java_errors.iter().map(|error| error.kind.name());
        let events = report.events.iter().map(|event| event.kind.name());
        for kind in errors.chain(events).filter(|kind| *kind != incident.kind) {
            if !incident.witnesses.iter().any(|known| known == kind) {
                incident.witnesses.push(kind.to_owned());
            }
        }
        Some(incident)
    }

    /// The incident of a report that was read elsewhere, if something ended in it.
    pub fn of_report(report: &Report, language: Language) -> Option<Incident> {
        let mut incident = Incident::of(report, language, None)?;
        incident.source = report.sources.first().map(|source| source.name.clone()).unwrap_or_default();
        let source = incident.source.clone();
        incident.name_it(&source, "");
        Some(incident)
    }

    /// The line, without its end. What is hidden in names is escaped, so that it can be printed anywhere.
    pub fn line(&self) -> String {
        shown_in_json(&json::text(self)).into_owned()
    }

    /// True if it says when it happened: such an event is known again wherever it is read.
    pub(super) fn has_clock(&self) -> bool {
        self.time.is_some() || self.local_time.is_some() || self.uptime.is_some()
    }

    /// Gives it its id. A kill on a machine that is named is the same in all logs of that machine; what else there is belongs to its source,
    /// and without a clock to its lines.
    pub(super) fn name_it(&mut self, source: &str, text: &str) {
        let clock = [self.time, self.local_time, self.uptime].map(|time| time.map(|time| time.0));
        let whom = (&self.host, self.pid, &self.name, &self.thread);
        let is_of_machine = self.kind == OOM_KILL && self.host.is_some() && self.has_clock();
        let source = if is_of_machine { "" } else { source };
        let place = if self.has_clock() { String::new() } else { format!("{text}|{}", self.first_line) };
        let event = format!("{}|{whom:?}|{clock:?}|{:?}|{source}|{place}", self.kind, self.message);
        self.id = format!("{:016x}", hash(event.as_bytes()));
    }
}

/// Characters of a name or a message in a line, so that what collects lines takes all of them.
const MOST: usize = 1000;

/// A text of a log that goes into a line.
fn short(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn lead(report: &Report, line: Option<u32>) -> Option<Lead<'_>> {
    let is_it = |first: u32| line.is_none_or(|line| line == first);
    let kills = || report.oom_kills.iter();
    let errors = || report.java_errors.iter().filter(|error| !error.told);
    let events = || report.events.iter().filter(|event| super::groups::leads(event));
    let kill = kills().find(|kill| is_it(kill.first_line)).or(kills().next());
    let error = || errors().find(|error| is_it(error.first_line)).or(errors().next());
    let event = || {
        let strongest = events().min_by_key(|event| event.strength());
        events().find(|event| line.is_some() && is_it(event.first_line)).or(strongest)
    };
    kill.map(Lead::Kill).or_else(|| error().map(Lead::Error)).or_else(|| event().map(Lead::Event))
}

fn of_kill(kill: &OomKill) -> Incident {
    let victim = kill.victims.first();
    let mut figures = BTreeMap::new();
    let mut put = |name: &str, size: Option<Bytes>| {
        figures.extend(size.and_then(|size| Some((name.to_owned(), i64::try_from(size.0).ok()?))));
    };
    if let Some(victim) = victim {
        put("anon_rss", victim.anon_rss);
        put("file_rss", victim.file_rss);
        put("shmem_rss", victim.shmem_rss);
        put("rss", victim.resident());
        put("total_vm", victim.total_vm);
        put("pgtables", victim.pgtables);
        put("swap", victim.swapped(kill).map(|(size, _)| size));
    }
    if let Some(cgroup) = &kill.cgroup {
        put("usage", cgroup.usage);
        put("limit", cgroup.limit);
        put("swap_usage", cgroup.swap_usage);
        put("swap_limit", cgroup.swap_limit);
    }
    put("ram", kill.ram);
    put("swap_total", kill.swap_total);
    put("swap_free", kill.swap_free);
    let adjusted = victim.and_then(|victim| victim.oom_score_adj);
    figures.extend(adjusted.map(|by| ("oom_score_adj".to_owned(), i64::from(by))));
    Incident {
        kind: OOM_KILL.to_owned(),
        time: kill.time,
        local_time: kill.local_time,
        uptime: kill.uptime,
        host: kill.host.as_deref().map(short),
        scope: Some(kill.scope),
        cgroup: kill.cgroup.as_ref().map(|cgroup| short(&cgroup.path)).filter(|path| !path.is_empty()),
        task: kill.cgroup.as_ref().and_then(|cgroup| cgroup.task_path.as_deref()).map(short),
        pid: victim.map(|victim| victim.pid),
        name: victim.map(|victim| victim.name.clone()),
        others: kill.victims.iter().skip(1).take(MOST).map(|victim| victim.pid).collect(),
        trigger: kill.trigger.as_ref().map(|trigger| trigger.name.clone()),
        figures,
        first_line: kill.first_line.into(),
        last_line: kill.last_line.into(),
        ..Incident::default()
    }
}

fn sizes(sizes: &BTreeMap<String, Bytes>) -> BTreeMap<String, i64> {
    sizes.iter().filter_map(|(name, size)| Some((name.clone(), i64::try_from(size.0).ok()?))).collect()
}

fn of_error(error: &JavaError) -> Incident {
    Incident {
        kind: error.kind.name().to_owned(),
        time: error.time,
        local_time: error.local_time,
        uptime: error.uptime,
        pid: error.pid,
        thread: error.thread.as_deref().map(short),
        message: Some(short(&error.message)),
        count: Some(error.count),
        figures: sizes(&error.sizes),
        first_line: error.first_line.into(),
        last_line: error.last_line.into(),
        ..Incident::default()
    }
}

fn of_event(event: &Event) -> Incident {
    Incident {
        kind: event.kind.name().to_owned(),
        time: event.time,
        local_time: event.local_time,
        uptime: event.uptime,
        pid: event.pid,
        name: event.name.as_deref().map(short),
        figures: sizes(&event.sizes),
        first_line: event.first_line.into(),
        last_line: event.last_line.into(),
        ..Incident::default()
    }
}
