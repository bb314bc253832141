//! The report: the seam between reading and showing. Format 1 is public; `docs/report-format.md` documents it.
//!
//! Here belong the report's shape, its version, and upgrades from older versions.

#![deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod adopt;
mod bounds;
pub mod derive;
pub mod known;
pub mod link;
pub mod open;
mod opened;
pub mod redact;
mod vocabulary;

use std::collections::BTreeMap;

use crate::analysis::finding::Finding;
use crate::analysis::gaps::Gap;
use crate::analysis::sizing::{Settings, Sizing, compute};
use crate::analysis::statement::{Quantity, Statement};
use crate::analysis::verdict::Verdict;
use crate::civil::Zone;
use crate::i18n::{self, Language};
use crate::json::{self, Json};
use crate::model::gc::{GcEvent, GcLog};
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::jstat::JstatTable;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{Event, OomKill};
use crate::model::record::with_records;
use crate::model::run::Run;
use crate::source::SourceSummary;
use crate::units::Bytes;

/// The version that this build writes.
pub const REPORT_VERSION: u32 = 1;

/// What was understood of all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Report {
    /// [`REPORT_VERSION`].
    pub report_version: u32,
    /// One line that names the incident.
    pub title: String,
    /// What its author calls it, in place of the title.
    pub name: Option<String>,
    /// Language of `title`, `claim` and `text`.
    pub language: Language,
    /// The answer: what happened, why, what to do.
    #[json(default)]
    pub verdict: Verdict,
    /// The headline of the verdict, for readers of older reports.
    #[json(default)]
    pub headline: Statement,
    /// The sentences of the verdict, for readers of older reports.
    #[json(default)]
    pub story: Vec<Statement>,
    /// The zone in which the logs print their times, where all agree: people read times in it. In here they are UTC.
    #[json(omit)]
    pub zone: Zone,
    /// What was pasted.
    pub sources: Vec<SourceSummary>,
    /// Recognised blocks in reading order.
    pub segments: Vec<Segment>,
    /// Processes.
    pub runs: Vec<Run>,
    /// `jstat` tables.
    pub jstat: Vec<JstatTable>,
    /// NMT snapshots.
    pub nmt: Vec<NmtSnapshot>,
    /// Kernel kills in time order.
    pub oom_kills: Vec<OomKill>,
    /// GC logs.
    #[json(omit)]
    pub gc_logs: Vec<GcLog>,
    /// Events of GC logs.
    pub gc_events: Vec<GcEvent>,
    /// What the JVM said.
    pub java_errors: Vec<JavaError>,
    /// Other killers and look-alikes.
    #[json(omit)]
    pub events: Vec<Event>,
    /// Machine, container, and process figures.
    pub host: Vec<HostReading>,
    /// What it means, most severe first.
    pub findings: Vec<Finding>,
    /// How big the heap should have been. `None` if nothing in the text tells.
    pub sizing: Option<Sizing>,
    /// What its reader set in place of what the heap's size would assume.
    #[json(omit)]
    pub settings: Settings,
    /// What would make the report stronger, most telling per minute first.
    #[json(default)]
    pub gaps: Vec<Gap>,
    /// What could not be used.
    pub warnings: Vec<ReportWarning>,
}

with_records!(hold_records Report);

/// A recognised block of a source.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Segment {
    /// Format id.
    pub format: String,
    /// Index of the source.
    pub source: u16,
    /// First line, 1-based.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Id of the run it belongs to.
    pub run: Option<String>,
}

/// A warning as the report carries it.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct ReportWarning {
    /// Index of the source.
    pub source: u16,
    /// 1-based line.
    pub line: u32,
    /// [`crate::warning::WarningKind::name`].
    pub kind: String,
    /// What fills the sentence `warning.<kind>`, to say it in another language.
    #[json(omit)]
    pub values: BTreeMap<String, String>,
    /// The sentence in the report's language.
    pub text: String,
}

/// The lists that every report has, empty or not; others may be absent.
#[doc(hidden)]
pub const LISTS: [&str; 11] = [
    "sources",
    "segments",
    "runs",
    "jstat",
    "nmt",
    "oom_kills",
    "gc_events",
    "java_errors",
    "host",
    "findings",
    "warnings",
];

/// Kind of the warning of a report that was cut down to fit into a link.
pub(crate) const REDUCED: &str = "reduced";

/// Characters of a report's name.
pub const MAX_NAME: usize = 200;

/// A title as it is kept: one line, of a length that titles have. `None` for a blank one.
pub fn name_of(typed: &str) -> Option<String> {
    let name: String = typed.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_NAME).collect();
    (!name.is_empty()).then_some(name)
}

impl Report {
    /// From its JSON. Every way goes through this one, so that the reading of JSON is in the wasm once. `None` if it is none.
    fn from_json(json: &[u8]) -> Option<Report> {
        json::read(json)
    }

    /// From a tree of values.
    fn from_tree(tree: &serde_json::Value) -> Option<Report> {
        json::of_tree(tree)
    }

    /// What its author calls it, else the title in that language.
    pub fn title_in(&self, language: Language) -> String {
        self.name.clone().unwrap_or_else(|| self.verdict.headline.say(language))
    }

    /// The same by the name that its author gives it; blank, it has none.
    pub fn named(mut self, name: &str) -> Report {
        self.name = name_of(name);
        self
    }

    /// The same with what its reader set. The answer that comes first stays: it rests on what was read.
    pub fn set(mut self, settings: Settings) -> Report {
        let differs = settings != self.settings;
        if let Some(sizing) = self.sizing.as_mut().filter(|_| differs) {
            *sizing = compute(&sizing.facts, &settings.over(&sizing.facts.knobs()), self.language);
            say_set(sizing, &settings, self.language);
        }
        self.settings = settings;
        self
    }

    /// Lines of warnings of one kind that are named behind the first.
    pub const ALIKE: usize = 8;

    /// Warnings, three or more of one kind in one source as one: the first, and the lines of the others.
    pub fn warnings_by_kind(&self) -> Vec<(&ReportWarning, Vec<u32>)> {
        let mut kinds: Vec<Vec<&ReportWarning>> = Vec::new();
        for warning in &self.warnings {
            let same = |of: &&mut Vec<&ReportWarning>| {
                of.first().is_some_and(|first| first.kind == warning.kind && first.source == warning.source)
            };
            match kinds.iter_mut().find(same) {
                Some(of) => of.push(warning),
                None => kinds.push(vec![warning]),
            }
        }
        let told = kinds.into_iter().flat_map(|of| match of.as_slice() {
            [first, others @ ..] if others.len() > 1 => vec![(*first, others.iter().map(|other| other.line).collect())],
            _ => of.into_iter().map(|one| (one, Vec::new())).collect(),
        });
        told.collect()
    }

    /// Title, headline, and story are those of the verdict.
    fn repeat_verdict(&mut self) {
        self.title.clone_from(&self.verdict.headline.text);
        self.headline.clone_from(&self.verdict.headline);
        self.story.clone_from(&self.verdict.lede);
    }

    /// The same with all times told in UTC.
    pub fn in_utc(mut self) -> Report {
        self.zone = Zone::default();
        self.verdict.statements(&mut |statement| {
            for value in statement.values.values_mut() {
                if let Quantity::ZonedTime(_, zone) = &mut value.quantity {
                    *zone = Zone::default();
                }
            }
        });
        let language = self.language;
        self.said(language)
    }

    /// The same with every sentence said in that language: for a report whose sentences did not travel, or are another
    /// language's.
    pub fn said(mut self, language: Language) -> Report {
        let one = |statement: &mut Statement| *statement = std::mem::take(statement).said(language);
        self.language = language;
        self.verdict.statements(&mut |statement| one(statement));
        self.repeat_verdict();
        for finding in &mut self.findings {
            one(&mut finding.statement);
            finding.claim.clone_from(&finding.statement.text);
            finding.rivals.iter_mut().for_each(one);
            finding.next.iter_mut().for_each(one);
        }
        if let Some(sizing) = &mut self.sizing {
            sizing.say(language);
        }
        for warning in &mut self.warnings {
            warning.text = warning.say(language);
        }
        self
    }
}

/// Says of an answer what of its assumptions was set by hand.
fn say_set(sizing: &mut Sizing, settings: &Settings, language: Language) {
    sizing.caveats.extend(settings.told().into_iter().map(|told| told.said(language)));
}

impl ReportWarning {
    /// The sentence in any language.
    pub fn say(&self, language: Language) -> String {
        // What a sum lacks is a number of bytes with its sign.
        let size = |value: &str| value.parse::<i64>().ok().map(|bytes| i18n::format::size(Bytes(bytes.unsigned_abs())));
        let missing = self.values.get("missing").and_then(|value| size(value));
        let said = |name: &str| missing.as_deref().filter(|_| name == "missing");
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(name, value)| (name.as_str(), said(name).unwrap_or(value))).collect();
        i18n::fill(language, &format!("warning.{}", self.kind), &values)
    }
}
