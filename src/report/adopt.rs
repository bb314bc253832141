//! A report from somebody else, made this version's own.
//!
//! What was read is data: figures, names, quoted lines, and the name that its author gave it. What oomscope says about
//! them is said again by the version that opens it: verdict, runs, findings, heap size, gaps, and with them every
//! command and option that can be copied. Whoever wrote a report has no words of ours to put there.
//!
//! Two things cannot be concluded again from what travels: what a report said before its long series were reduced to fit,
//! and what of the words around the logs contradicts them. Of those the figures are taken and put into sentences of this version's
//! catalogue; a sentence that this version does not know goes, and commands are always this version's own.

use std::mem::take;

use crate::analysis::finding::Finding;
use crate::analysis::rules;
use crate::analysis::sizing::{self, Sizing};
use crate::analysis::statement::{Quantity, Statement};
use crate::analysis::verdict::Verdict;
use crate::i18n;
use crate::model::run::Run;
use crate::report::derive::{self, Excerpts};
use crate::report::{REDUCED, Report, ReportWarning, say_set};

/// What a report concludes, where that travelled with it.
#[derive(Default)]
pub(super) struct Told {
    /// Its answer.
    pub verdict: Option<Verdict>,
    /// Its runs, by which its readings are named.
    pub runs: Option<Vec<Run>>,
    /// Its findings.
    pub findings: Option<Vec<Found>>,
    /// Its answer about the heap, which may be that there is none.
    pub sizing: Option<Option<Sizing>>,
}

/// A finding as it travels.
pub(super) enum Found {
    /// The one of that number among those that follow from the readings.
    Again(usize),
    /// The finding itself.
    Told(Box<Finding>),
}

impl Told {
    /// All that a whole report concludes.
    pub fn of(report: &mut Report) -> Told {
        Told {
            verdict: Some(take(&mut report.verdict)),
            runs: Some(take(&mut report.runs)),
            findings: Some(
                take(&mut report.findings).into_iter().map(|finding| Found::Told(Box::new(finding))).collect(),
            ),
            sizing: Some(report.sizing.take()),
        }
    }
}

/// Sentences of one part of an answer; what has more is nobody's answer.
const MAX_SENTENCES: usize = 400;

/// The same report with everything concluded anew from its readings. `excerpts` are its quoted lines.
pub(super) fn adopt(mut report: Report, excerpts: Excerpts, told: Told) -> Report {
    let name = report.name.take().unwrap_or_default();
    report.warnings.retain_mut(is_known);
    report.zone = report.zone.if_any_clock_shows_it();
    report.jstat.iter_mut().for_each(|table| keep_known(&mut table.collector_reason));
    // What says of itself that it was cut down was concluded from more than is left.
    let reduced = report.warnings.iter().any(|warning| warning.kind == REDUCED);
    let ours = if reduced { cut_down(report, excerpts, told) } else { whole(report, excerpts, told) };
    let language = ours.language;
    ours.named(&name).said(language)
}

/// Of a whole report only what the words around the logs contradict does not follow from its readings.
fn whole(report: Report, excerpts: Excerpts, told: Told) -> Report {
    let mut ours = derive::again(report, excerpts);
    let of_prose = told.findings.into_iter().flatten().filter_map(|found| match found {
        Found::Told(told) if told.rule.is_of_prose() => finding(*told, &ours.findings),
        Found::Told(_) | Found::Again(_) => None,
    });
    let of_prose: Vec<Finding> = of_prose.collect();
    ours.findings.extend(of_prose);
    rules::order(&mut ours.findings);
    ours
}

fn cut_down(report: Report, excerpts: Excerpts, told: Told) -> Report {
    let mut ours = match told.runs {
        Some(runs) => {
            let ours = derive::again_in_the_same_runs(report, excerpts);
            Report { runs: runs.into_iter().filter(|run| is_run(&run.id)).map(run).collect(), ..ours }
        }
        None => derive::again(report, excerpts),
    };
    if let Some(found) = told.findings {
        let again = take(&mut ours.findings);
        let one = |found: Found| match found {
            Found::Again(at) => again.get(at).cloned(),
            Found::Told(told) => finding(*told, &again),
        };
        ours.findings = found.into_iter().filter_map(one).collect();
    }
    ours.verdict = told.verdict.and_then(|told| answer(told, &ours.verdict)).unwrap_or(ours.verdict);
    if let Some(told) = told.sizing {
        // Commands are always this version's own.
        let commands = ours.sizing.take().map(|ours| ours.facts.commands).unwrap_or_default();
        ours.sizing = told.map(|told| {
            let mut facts = told.facts;
            facts.caveats = take(&mut facts.caveats).into_iter().filter_map(|told| sentence(told, "sizing")).collect();
            facts.subject = facts.subject.and_then(|told| sentence(told, "sizing"));
            facts.elsewhere = facts.elsewhere.and_then(|told| sentence(told, "sizing"));
            facts.run = facts.run.filter(|run| is_run(run));
            facts.commands = commands;
            let mut sizing = sizing::compute(&facts, &told.knobs, ours.language);
            say_set(&mut sizing, &ours.settings, ours.language);
            sizing
        });
    }
    ours
}

/// An answer in sentences of this version, with the actions and the question that this version has there.
fn answer(mut told: Verdict, ours: &Verdict) -> Option<Verdict> {
    told.actions.clear();
    for part in [&mut told.subject, &mut told.lede, &mut told.figures, &mut told.explanations] {
        part.truncate(MAX_SENTENCES);
    }
    let mut known = true;
    told.statements(&mut |statement| {
        let told = take(statement);
        let own = ["verdict", "rule"].iter().find_map(|part| sentence(told.clone(), part));
        known &= own.is_some();
        *statement = own.unwrap_or_default();
    });
    known.then(|| Verdict { actions: ours.actions.clone(), open: ours.open.clone(), ..told })
}

/// A finding of a rule that this version has, with the next steps that this version takes there.
fn finding(told: Finding, again: &[Finding]) -> Option<Finding> {
    told.rule.rule()?;
    let key = told.rule.key();
    let next = again.iter().find(|ours| ours.rule == told.rule).map(|ours| ours.next.clone());
    Some(Finding {
        statement: sentence(told.statement, key)?,
        rivals: told.rivals.into_iter().map(|rival| sentence(rival, key)).collect::<Option<_>>()?,
        next: next.unwrap_or_default(),
        run: told.run.filter(|run| is_run(run)),
        explains: told.explains.filter(|amount| !matches!(amount, Quantity::Word(_) | Quantity::Term(_))),
        ..Finding::new(told.rule, told.severity, Statement::default(), told.evidence)
    })
}

/// A sentence of this version's catalogue, of the given part of it, with all its values and no other.
fn sentence(told: Statement, part: &str) -> Option<Statement> {
    let of_part = told.key.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let names = i18n::placeholders(&told.key).filter(|_| of_part)?;
    let fits = told.values.keys().map(String::as_str).eq(names);
    let harmless = told.values.iter().all(|(name, value)| match &value.quantity {
        Quantity::Term(key) => i18n::knows(key),
        Quantity::Word(_) => name != "command",
        _ => true,
    });
    (fits && harmless).then_some(told)
}

/// A warning of this version, with the values that its sentence names.
fn is_known(warning: &mut ReportWarning) -> bool {
    let Some(names) = i18n::placeholders(&format!("warning.{}", warning.kind)) else { return false };
    warning.values.retain(|name, _| names.contains(&name.as_str()));
    true
}

fn run(mut run: Run) -> Run {
    keep_known(&mut run.collector_reason);
    keep_known(&mut run.max_heap_reason);
    run.joined.retain(|join| i18n::knows(&join.reason));
    run
}

/// Drops a reason that is no key of the catalogues.
fn keep_known(reason: &mut Option<String>) {
    *reason = reason.take().filter(|key| i18n::knows(key));
}

/// `run-1`: how reports name runs.
fn is_run(id: &str) -> bool {
    id.strip_prefix("run-").is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
