//! From readings to a report, and again: a report carries its readings, so that what follows from them need not travel.

use std::collections::BTreeMap;

use super::{REPORT_VERSION, Report, ReportWarning, Segment};
use crate::analysis;
use crate::analysis::rules::Incident;
use crate::analysis::sizing::Knobs;
use crate::analysis::statement::Statement;
use crate::i18n::Language;
use crate::model::readings::Readings;
use crate::order::InOrder as _;
use crate::source::{SourceSummary, Span};
use crate::warning::{Warning, WarningKind};

/// The lines that evidence may quote, by source and line.
pub type Excerpts = BTreeMap<(u16, u32), String>;

/// Hands the name of the run of every reading to a function, in an order that stays; an empty one is that of no run.
macro_rules! each_run {
    ($of:ident, $act:expr) => {{
        let act: &mut dyn FnMut(&mut String) = &mut $act;
        let maybe = &mut |run: &mut Option<String>| {
            let mut name = run.take().unwrap_or_default();
            act(&mut name);
            *run = Some(name).filter(|name| !name.is_empty());
        };
        $of.oom_kills.iter_mut().flat_map(|kill| &mut kill.victims).for_each(|victim| maybe(&mut victim.run));
        $of.java_errors.iter_mut().for_each(|error| maybe(&mut error.run));
        $of.events.iter_mut().for_each(|event| maybe(&mut event.run));
        $of.host.iter_mut().for_each(|host| maybe(&mut host.run));
        $of.jstat.iter_mut().for_each(|table| act(&mut table.run));
        $of.nmt.iter_mut().for_each(|snapshot| act(&mut snapshot.run));
        $of.gc_logs.iter_mut().for_each(|log| act(&mut log.run));
    }};
}

/// Joins what was read and says what it means.
pub fn report(mut readings: Readings, sources: Vec<SourceSummary>, language: Language) -> Report {
    let runs = analysis::runs::assemble(&mut readings);
    let incident = Incident::new(&readings, &runs);
    let findings = analysis::rules::check(&incident, language);
    let sizing = analysis::sizing::gather(&incident)
        .map(|facts| analysis::sizing::compute(&facts, &Knobs::of(&facts), language));
    let gaps = analysis::gaps::find(&incident);
    let verdict = analysis::verdict::tell(&incident, &findings, sizing.as_ref(), &gaps, language);
    let segments = segments(&readings);
    let warnings = warnings(&readings, language);
    let mut report = Report {
        report_version: REPORT_VERSION,
        title: String::new(),
        name: None,
        language,
        verdict,
        headline: Statement::default(),
        story: Vec::new(),
        sources,
        segments,
        runs,
        jstat: readings.jstat,
        nmt: readings.nmt,
        oom_kills: readings.oom_kills,
        gc_logs: readings.gc_logs,
        gc_events: readings.gc_events,
        java_errors: readings.java_errors,
        events: readings.events,
        host: readings.host,
        findings,
        sizing,
        gaps,
        warnings,
    };
    report.repeat_verdict();
    report
}

/// The lines that a report's evidence quotes.
pub fn excerpts(report: &Report) -> Excerpts {
    let evidence = report.findings.iter().flat_map(|finding| finding.evidence.iter());
    evidence
        .filter(|evidence| !evidence.excerpt.is_empty())
        .map(|evidence| ((evidence.source, evidence.line), evidence.excerpt.clone()))
        .collect()
}

/// The same report from its own readings. Warnings stay as they are: what was not understood is not in the readings.
pub fn again(report: Report, excerpts: Excerpts) -> Report {
    let Report { language, sources, jstat, nmt, oom_kills, gc_logs, gc_events, java_errors, events, host, .. } = report;
    let warnings = report.warnings;
    let mut readings = Readings {
        jstat,
        nmt,
        oom_kills,
        gc_logs,
        gc_events,
        java_errors,
        events,
        host,
        excerpts,
        ..Readings::default()
    };
    // As if no run had been assembled yet.
    each_run!(readings, |run: &mut String| run.clear());
    Report { warnings, ..self::report(readings, sources, language) }
}

/// The same, but the readings go on naming the runs that they name now.
pub fn again_in_the_same_runs(mut report: Report, excerpts: Excerpts) -> Report {
    let mut names = Vec::new();
    each_run!(report, |run: &mut String| names.push(run.clone()));
    let mut again = self::again(report, excerpts);
    let mut names = names.into_iter();
    each_run!(again, |run: &mut String| *run = names.next().unwrap_or_default());
    again
}

fn segments(readings: &Readings) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut add = |format: &str, source, first_line, last_line, run: Option<&str>| {
        segments.push(Segment {
            format: format.to_owned(),
            source,
            first_line,
            last_line,
            run: run.filter(|run| !run.is_empty()).map(str::to_owned),
        });
    };
    for table in &readings.jstat {
        add("jstat", table.source, table.first_line, table.last_line, Some(&table.run));
    }
    for snapshot in &readings.nmt {
        add("nmt", snapshot.source, snapshot.first_line, snapshot.last_line, Some(&snapshot.run));
    }
    for kill in &readings.oom_kills {
        let run = kill.victims.iter().find_map(|victim| victim.run.as_deref());
        add("oom-killer", kill.source, kill.first_line, kill.last_line, run);
    }
    for log in &readings.gc_logs {
        let format = if log.style == "hs-err" { "hs-err" } else { "gc-log" };
        add(format, log.source, log.first_line, log.last_line, Some(&log.run));
    }
    for error in &readings.java_errors {
        add("java-error", error.source, error.first_line, error.last_line, error.run.as_deref());
    }
    for event in &readings.events {
        add("event", event.source, event.first_line, event.last_line, event.run.as_deref());
    }
    for host in &readings.host {
        add(host.kind.name(), host.source, host.first_line, host.last_line, host.run.as_deref());
    }
    segments.order_by_key(|segment| (segment.source, segment.first_line, segment.last_line));
    segments
}

fn warnings(readings: &Readings, language: Language) -> Vec<ReportWarning> {
    let dropped = readings.dropped_warnings;
    let too_many = (dropped > 0).then_some(Warning {
        span: Span { source: 0, line: 0, start: 0, end: 0 },
        kind: WarningKind::TooMany { dropped },
    });
    let mut warnings: Vec<&Warning> = readings.warnings.iter().collect();
    warnings.order_by_key(|warning| (warning.span.source, warning.span.line));
    warnings
        .into_iter()
        .chain(too_many.as_ref())
        .map(|warning| {
            let values = warning.kind.arguments().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let kind = warning.kind.name().to_owned();
            let Span { source, line, .. } = warning.span;
            let warning = ReportWarning { source, line, kind, values, text: String::new() };
            ReportWarning { text: warning.say(language), ..warning }
        })
        .collect()
}
