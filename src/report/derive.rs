//! From readings to a report, and again: a report carries its readings, so that what follows from them need not travel.

use std::collections::BTreeMap;

use super::{REPORT_VERSION, Report, ReportWarning, Segment};
use crate::analysis;
use crate::analysis::incident::Incident;
use crate::analysis::sizing::{Facts, Settings};
use crate::analysis::statement::Statement;
use crate::i18n::Language;
use crate::model::readings::Readings;
use crate::model::record::{Head, Record, Records};
use crate::order::{Gather as _, InOrder as _};
use crate::source::{SourceSummary, Span};
use crate::warning::{Warning, WarningKind};

/// The lines that evidence may quote, by source and line.
pub type Excerpts = BTreeMap<(u16, u32), String>;

/// Hands the name of the run of every record to a function, in an order that stays; an empty one is that of no run.
fn each_run(records: &mut impl Records, act: &mut dyn FnMut(&mut String)) {
    records.records_mut().for_each(|record| record.each_run(act));
}

/// Joins what was read and says what it means.
pub fn report(mut readings: Readings, sources: Vec<SourceSummary>, language: Language) -> Report {
    let runs = analysis::runs::assemble(&mut readings);
    let incident = Incident::new(&readings, &runs);
    let findings = analysis::rules::check(&incident, language);
    let facts = analysis::sizing::gather(&incident);
    let size = |facts: Facts| analysis::sizing::compute(&facts, &facts.knobs(), language);
    let gaps = analysis::gaps::find(&incident);
    // What is only said in prose decides nothing that comes first.
    let measured = facts.clone().filter(|facts| !facts.rests_on_prose());
    let measured = measured.map(|facts| size(Facts { requests: None, ..facts }));
    let verdict = analysis::verdict::tell(&incident, &findings, measured.as_ref(), &gaps, language);
    let sizing = facts.map(size);
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
        zone: readings.clocks.common_zone(),
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
        settings: Settings::default(),
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
        .gathered()
}

/// The same report from its own readings. Warnings stay as they are: what was not understood is not in the readings.
pub fn again(report: Report, excerpts: Excerpts) -> Report {
    let Report { language, sources, jstat, nmt, oom_kills, gc_logs, gc_events, java_errors, events, host, .. } = report;
    let (warnings, settings) = (report.warnings, report.settings);
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
    readings.clocks.zone(report.zone);
    // As if no run had been assembled yet.
    each_run(&mut readings, &mut |run| run.clear());
    Report { warnings, ..self::report(readings, sources, language) }.set(settings)
}

/// The same, but the readings go on naming the runs that they name now.
pub fn again_in_the_same_runs(mut report: Report, excerpts: Excerpts) -> Report {
    let mut names = Vec::new();
    each_run(&mut report, &mut |run| names.push(run.clone()));
    let mut again = self::again(report, excerpts);
    let mut names = names.into_iter();
    each_run(&mut again, &mut |run| *run = names.next().unwrap_or_default());
    again
}

fn segments(readings: &Readings) -> Vec<Segment> {
    let segment = |record: Record<'_>| {
        let Head { source, first_line, last_line, run, .. } = record.head();
        Segment { format: record.format().to_owned(), source, first_line, last_line, run: run.map(str::to_owned) }
    };
    let mut segments: Vec<Segment> = readings.records().map(segment).collect();
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
            let values = warning.kind.arguments().into_iter().map(|(name, value)| (name.to_owned(), value)).gathered();
            let kind = warning.kind.name().to_owned();
            let Span { source, line, .. } = warning.span;
            let warning = ReportWarning { source, line, kind, values, text: String::new() };
            ReportWarning { text: warning.say(language), ..warning }
        })
        .collect()
}
