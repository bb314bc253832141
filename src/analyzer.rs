//! The whole way from bytes to a report. The same code runs in the worker, on the page, in tests, and on the command line.

use crate::analysis;
use crate::analysis::rules::Incident;
use crate::analysis::sizing::Knobs;
use crate::detect::dispatch::{Dispatcher, LineClass};
use crate::detect::lines::LineSplitter;
use crate::i18n::Language;
use crate::model::readings::Readings;
use crate::report::{REPORT_VERSION, Report, ReportWarning, Segment};
use crate::source::{SourceSummary, Span};
use crate::timeline;
use crate::warning::{Warning, WarningKind, WarningSink};

/// Feeds on sources, piece by piece, and answers with a report.
///
/// ```
/// let mut analyzer = oomscope::Analyzer::new(oomscope::i18n::Language::En);
/// analyzer.open("paste");
/// analyzer.feed(b"Out of memory: Killed process 7 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n");
/// let analysis = analyzer.finish();
/// assert_eq!(analysis.report.sources.len(), 1);
/// ```
pub struct Analyzer {
    language: Language,
    readings: Readings,
    sources: Vec<SourceSummary>,
    maps: Vec<SourceMap>,
    open: Option<OpenSource>,
}

struct OpenSource {
    name: String,
    bytes: u64,
    splitter: LineSplitter,
    dispatcher: Dispatcher,
}

/// A report and what the page needs beside it to show the sources.
pub struct Analysis {
    /// The report.
    pub report: Report,
    /// One per source.
    pub maps: Vec<SourceMap>,
}

/// What every line of a source was, and where lines start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// Runs of lines of one class, from line 1 on.
    pub classes: Vec<(u32, LineClass)>,
    /// See [`LineSplitter::checkpoints`].
    pub checkpoints: Vec<u64>,
}

impl Analyzer {
    /// With the language of the report's sentences.
    pub fn new(language: Language) -> Analyzer {
        Analyzer { language, readings: Readings::default(), sources: Vec::new(), maps: Vec::new(), open: None }
    }

    /// Starts the next source; what is fed from now on belongs to it.
    pub fn open(&mut self, name: &str) {
        self.close();
        let source = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        self.readings.names.push(name.to_owned());
        self.open = Some(OpenSource {
            name: name.to_owned(),
            bytes: 0,
            splitter: LineSplitter::default(),
            dispatcher: Dispatcher::new(source),
        });
    }

    /// Feeds the open source, in pieces of any size.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.open.is_none() {
            self.open("");
        }
        let readings = &mut self.readings;
        let source = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        if let Some(OpenSource { bytes: total, splitter, dispatcher, .. }) = &mut self.open {
            *total += bytes.len() as u64;
            splitter.feed(bytes, &mut |line| take(source, &line, dispatcher, readings));
        }
    }

    /// Ends the open source.
    pub fn close(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let readings = &mut self.readings;
        let source = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        let dispatcher = &mut open.dispatcher;
        open.splitter.finish(&mut |line| {
            readings.unterminated = Some((source, line.number));
            take(source, &line, dispatcher, readings);
        });
        let (classes, understood_lines) = open.dispatcher.finish(readings);
        self.sources.push(SourceSummary {
            name: open.name,
            bytes: open.bytes,
            lines: open.splitter.lines(),
            understood_lines,
        });
        self.maps.push(SourceMap { classes, checkpoints: open.splitter.checkpoints().to_vec() });
    }

    /// Lines read so far, for progress.
    pub fn lines(&self) -> u64 {
        let closed: u64 = self.sources.iter().map(|source| u64::from(source.lines)).sum();
        closed + self.open.as_ref().map_or(0, |open| u64::from(open.splitter.lines()))
    }

    /// Joins what was read and makes the report.
    pub fn finish(mut self) -> Analysis {
        self.close();
        let mut readings = self.readings;
        let names: Vec<&str> = self.sources.iter().map(|source| source.name.as_str()).collect();
        timeline::clocks::join(&mut readings, &names);
        let runs = analysis::runs::assemble(&mut readings);
        let story = analysis::story::tell(&readings, &runs, self.language);
        let findings = analysis::rules::check(&readings, &runs, self.language);
        let sizing = analysis::sizing::gather(&Incident::new(&readings, &runs))
            .map(|facts| analysis::sizing::compute(&facts, &Knobs::default(), self.language));
        let gaps = analysis::gaps::find(&readings, &runs);
        let segments = segments(&readings);
        let warnings = warnings(&readings, self.language);
        let report = Report {
            report_version: REPORT_VERSION,
            title: story.title.text.clone(),
            headline: story.title,
            language: self.language,
            story: story.sentences,
            sources: self.sources,
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
        Analysis { report, maps: self.maps }
    }
}

fn take(source: u16, line: &crate::detect::lines::RawLine<'_>, dispatcher: &mut Dispatcher, readings: &mut Readings) {
    let whole = Span { source, line: line.number, start: 0, end: u32::try_from(line.text.len()).unwrap_or(u32::MAX) };
    if let Some(bytes) = line.cut_from {
        readings.warn(Warning { span: whole, kind: WarningKind::LongLine { bytes } });
    }
    if line.damaged {
        readings.warn(Warning { span: whole, kind: WarningKind::NotUtf8 });
    }
    dispatcher.line(line.number, line.text, readings);
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
        add(&host.kind, host.source, host.first_line, host.last_line, host.run.as_deref());
    }
    segments.sort_by_key(|segment| (segment.source, segment.first_line, segment.last_line));
    segments
}

fn warnings(readings: &Readings, language: Language) -> Vec<ReportWarning> {
    let dropped = readings.dropped_warnings;
    let too_many = (dropped > 0).then_some(Warning {
        span: Span { source: 0, line: 0, start: 0, end: 0 },
        kind: WarningKind::TooMany { dropped },
    });
    let mut warnings: Vec<&Warning> = readings.warnings.iter().collect();
    warnings.sort_by_key(|warning| (warning.span.source, warning.span.line));
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
