//! The answer that a report says first: what happened to whom, why, what to do, and what is not known.
//!
//! It is made of the strongest evidence ([`lead`]), of the findings, and of the heap's size. Title, terminal, Markdown, HTML,
//! pictures, and the page say it from here, so that there is one narrator.

mod actions;
mod around;
mod explain;
mod figures;
mod headline;
pub(super) mod lead;
mod lede;
mod remedy;
mod short;
mod witness;

pub use short::Short;

use crate::analysis::addressee::Addressee;
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::gaps::Gap;
use crate::analysis::incident::Incident;
use crate::analysis::sizing::Sizing;
use crate::analysis::statement::{Quantity, Statement};
use crate::i18n::Language;
use crate::json::Json;
use crate::units::to_civil;

/// Parts of the answer that are said at most: sentences, figures, explanations, actions.
const MAX_LEDE: usize = 3;
const MAX_FIGURES: usize = 4;
const MAX_EXPLANATIONS: usize = 3;
const MAX_ACTIONS: usize = 3;

/// A kernel that knows no year counts from 1970: before this one the year is not known.
const FIRST_YEAR: i64 = 1980;

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Verdict {
    /// What became of the process.
    pub outcome: Outcome,
    /// Who and when: process, container, time. Empty where nobody is named.
    #[json(omit)]
    pub subject: Vec<Statement>,
    /// One claim: what happened and why.
    pub headline: Statement,
    /// One to three sentences: the numbers that prove it, and what they add up to.
    pub lede: Vec<Statement>,
    /// The numbers that decide, at most four.
    #[json(omit)]
    pub figures: Vec<Statement>,
    /// Explanations that remain: none, or at least two.
    #[json(omit)]
    pub explanations: Vec<Statement>,
    /// What to do, in order, at most three. A value named `command` is one to copy.
    #[json(omit)]
    pub actions: Vec<Statement>,
    /// The missing fact that would change the answer, and what gets it.
    pub open: Option<Gap>,
}

/// What became of the process, or how it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Json)]
pub enum Outcome {
    /// Somebody killed it.
    Killed,
    /// It ended itself.
    Exited,
    /// It aborted.
    Crashed,
    /// It did not start, or was refused what it asked for.
    Refused,
    /// Its pod was evicted.
    Evicted,
    /// The JVM reported an `OutOfMemoryError`; whether it went on is not said.
    OutOfMemory,
    /// Nearly all of its time goes into collecting.
    Thrashing,
    /// What it holds grows.
    Growing,
    /// It stood still for long.
    Stopped,
    /// Nothing ended, and something is wrong.
    AtRisk,
    /// Nothing ended, and what was measured is good.
    Healthy,
    /// Nothing ended, and nothing more can be said.
    NothingFound,
    /// Nothing was recognised.
    #[default]
    NothingRecognised,
}

impl Outcome {
    /// What it is called, as a key of the catalogues.
    pub const fn key(self) -> &'static str {
        match self {
            Outcome::Killed => "outcome.killed",
            Outcome::Exited => "outcome.exited",
            Outcome::Crashed => "outcome.crashed",
            Outcome::Refused => "outcome.refused",
            Outcome::Evicted => "outcome.evicted",
            Outcome::OutOfMemory => "outcome.out-of-memory",
            Outcome::Thrashing => "outcome.thrashing",
            Outcome::Growing => "outcome.growing",
            Outcome::Stopped => "outcome.stopped",
            Outcome::AtRisk => "outcome.at-risk",
            Outcome::Healthy => "outcome.healthy",
            Outcome::NothingFound => "outcome.nothing-found",
            Outcome::NothingRecognised => "outcome.nothing-recognised",
        }
    }
}

/// How grave an outcome is.
impl From<Outcome> for Severity {
    fn from(outcome: Outcome) -> Severity {
        match outcome {
            Outcome::Killed
            | Outcome::Exited
            | Outcome::Crashed
            | Outcome::Refused
            | Outcome::Evicted
            | Outcome::OutOfMemory => Severity::Critical,
            Outcome::Thrashing | Outcome::Growing | Outcome::Stopped | Outcome::AtRisk => Severity::Warning,
            Outcome::NothingFound | Outcome::NothingRecognised => Severity::Notice,
            Outcome::Healthy => Severity::Good,
        }
    }
}

/// What the parts of the answer are made of.
struct Case<'a> {
    incident: &'a Incident<'a>,
    findings: &'a [Finding],
    sizing: Option<&'a Sizing>,
    gaps: &'a [Gap],
    lead: lead::Lead<'a>,
    addressee: Addressee,
}

impl Case<'_> {
    /// The findings about the process that leads, or about no process.
    fn own_findings(&self) -> impl Iterator<Item = &Finding> {
        let own = [self.lead.run, self.seen_inside()];
        self.findings.iter().filter(move |finding| finding.run.as_deref().is_none_or(|run| own.contains(&Some(run))))
    }

    /// The run that is the killed process as its container sees it, if one may be.
    fn seen_inside(&self) -> Option<&str> {
        self.addressee.seen_inside(self.incident, self.lead.run)
    }
}

/// Says the answer in a language.
pub fn tell(
    incident: &Incident<'_>,
    findings: &[Finding],
    sizing: Option<&Sizing>,
    gaps: &[Gap],
    language: Language,
) -> Verdict {
    let lead = lead::find(incident, findings);
    let addressee = Addressee::of(incident, lead.run);
    let case = Case { incident, findings, sizing, gaps, lead, addressee };
    let (outcome, headline) = headline::say(&case);
    let mut verdict = Verdict {
        outcome,
        subject: headline::subject(&case),
        lede: lede::say(&case, &headline),
        figures: figures::choose(&case),
        explanations: explain::remaining(&case),
        actions: actions::choose(&case, &headline),
        open: actions::open(&case),
        headline,
    };
    verdict.lede.truncate(MAX_LEDE);
    verdict.figures.truncate(MAX_FIGURES);
    verdict.explanations.truncate(MAX_EXPLANATIONS);
    verdict.actions.truncate(MAX_ACTIONS);
    actions::name_size(&case, &mut verdict.actions);
    actions::name_next_run(&case, &mut verdict.actions);
    verdict.said(language)
}

impl Verdict {
    /// The same in another language.
    pub fn said(mut self, language: Language) -> Verdict {
        self.statements(&mut |statement| *statement = std::mem::take(statement).said(language));
        self
    }

    /// The open question, unless an action asks it already.
    pub fn question(&self) -> Option<&Gap> {
        let asks = |gap: &Gap, action: &Statement| {
            let command = action.values.get("command").map(|command| &command.quantity);
            matches!(command, Some(Quantity::Word(command)) if *command == gap.command)
        };
        self.open.as_ref().filter(|gap| !self.actions.iter().any(|action| asks(gap, action)))
    }

    /// The day of the subject as the logs print it, `2022-11-23`, where they tell its year.
    pub fn day(&self) -> Option<String> {
        let mut values = self.subject.iter().flat_map(|part| part.values.values());
        let time = values.find_map(|value| match value.quantity {
            Quantity::Time(time) | Quantity::LocalTime(time) => Some(time),
            Quantity::ZonedTime(time, zone) => Some(zone.local(time)),
            _ => None,
        })?;
        let ((year, month, day), _) = to_civil(time);
        (year >= FIRST_YEAR).then(|| format!("{year:04}-{month:02}-{day:02}"))
    }

    /// Hands every sentence to `each`, which may change it.
    pub fn statements(&mut self, each: &mut dyn FnMut(&mut Statement)) {
        each(&mut self.headline);
        [&mut self.subject, &mut self.lede, &mut self.figures, &mut self.explanations, &mut self.actions]
            .into_iter()
            .flatten()
            .for_each(each);
    }
}
