//! The whole way from bytes to a report. The same code runs in the worker, on the page, in tests, and on the command line.

use crate::analysis::verdict::Outcome;
use crate::detect::dispatch::{Dispatcher, LineClass};
use crate::detect::doubling::{Copied, Doubling};
use crate::detect::lines::{LineSplitter, RawLine};
use crate::i18n::Language;
use crate::model::readings::Readings;
use crate::model::tight::Tight;
use crate::report::{Report, derive};
use crate::source::{MAX_SOURCES, SourceSummary, Span};
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
    /// How many tables, snapshots, and kills have given back the room that their lists took ahead.
    tight: [usize; 3],
}

struct OpenSource {
    name: String,
    bytes: u64,
    splitter: LineSplitter,
    doubling: Doubling,
    dispatcher: Dispatcher,
}

/// A report and what the page needs beside it to show the sources.
#[derive(Default)]
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
        let (readings, sources, maps) = (Readings::default(), Vec::new(), Vec::new());
        Analyzer { language, readings, sources, maps, open: None, tight: [0; 3] }
    }

    /// Starts the next source; what is fed from now on belongs to it. Nothing is taken of more sources than [`MAX_SOURCES`], which callers
    /// refuse with words.
    pub fn open(&mut self, name: &str) {
        self.close();
        if self.sources.len() >= MAX_SOURCES {
            return;
        }
        let source = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        self.readings.names.push(name.to_owned());
        self.open = Some(OpenSource {
            name: name.to_owned(),
            bytes: 0,
            splitter: LineSplitter::default(),
            doubling: Doubling::default(),
            dispatcher: Dispatcher::new(source),
        });
    }

    /// Reads every line of the open source, also those that could be passed over: for comparison.
    pub fn read_every_line(&mut self) {
        if let Some(open) = &mut self.open {
            open.dispatcher.passing_over_none();
        }
    }

    /// Feeds the open source, in pieces of any size.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.open.is_none() {
            self.open("");
        }
        let readings = &mut self.readings;
        let source = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        if let Some(OpenSource { bytes: total, splitter, doubling, dispatcher, .. }) = &mut self.open {
            *total += bytes.len() as u64;
            splitter.feed(bytes, &mut |line| {
                note_damage(source, &line, readings);
                doubling.line(line.number, line.text, &mut |number, text, copied| {
                    take(number, text, copied, dispatcher, readings);
                });
            });
        }
        let [jstat, nmt, kills] = &mut self.tight;
        tighten(&mut self.readings.jstat, jstat);
        tighten(&mut self.readings.nmt, nmt);
        tighten(&mut self.readings.oom_kills, kills);
    }

    /// Ends the open source.
    pub fn close(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let readings = &mut self.readings;
        let source = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        let (dispatcher, doubling) = (&mut open.dispatcher, &mut open.doubling);
        open.splitter.finish(&mut |line| {
            if !line.ended {
                dispatcher.ends_in(line.number);
            }
            note_damage(source, &line, readings);
            doubling.line(line.number, line.text, &mut |number, text, copied| {
                take(number, text, copied, dispatcher, readings);
            });
        });
        open.doubling.finish(&mut |number, text, copied| take(number, text, copied, dispatcher, readings));
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
        self.readings.join_told();
        self.readings.join_stated();
        let names: Vec<&str> = self.sources.iter().map(|source| source.name.as_str()).collect();
        timeline::clocks::join(&mut self.readings, &names);
        let mut report = derive::report(self.readings, self.sources, self.language);
        if report.verdict.outcome == Outcome::NothingRecognised {
            // A prompt and a fence are lines of logs only where there is one.
            report.sources.iter_mut().for_each(|source| source.understood_lines = 0);
        }
        Analysis { report, maps: self.maps }
    }
}

/// What is made of a text, in English. For tests.
#[cfg(test)]
pub(crate) fn analysis_of(text: &str) -> Analysis {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open("paste");
    analyzer.feed(text.as_bytes());
    analyzer.finish()
}

/// Makes the records tight that came since.
fn tighten(records: &mut [impl Tight], done: &mut usize) {
    records.get_mut(*done..).into_iter().flatten().for_each(Tight::tighten);
    *done = records.len();
}

fn note_damage(source: u16, line: &RawLine<'_>, readings: &mut Readings) {
    let whole = Span { source, line: line.number, start: 0, end: u32::try_from(line.text.len()).unwrap_or(u32::MAX) };
    if let Some(bytes) = line.cut_from {
        readings.warn(Warning { span: whole, kind: WarningKind::LongLine { bytes } });
    }
    if line.damaged {
        readings.warn(Warning { span: whole, kind: WarningKind::NotUtf8 });
    }
}

fn take(number: u32, text: &str, copied: Copied, dispatcher: &mut Dispatcher, readings: &mut Readings) {
    match copied {
        Copied::Own => dispatcher.line(number, text, readings),
        Copied::Between => dispatcher.pass_over(number, text, readings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_keeps_no_room_that_its_lists_took_ahead() {
        let text = "Native Memory Tracking:\n\nTotal: reserved=9KB, committed=5KB\n\
                    -                 Java Heap (reserved=9KB, committed=5KB)\n\nend of it\n\nmore\n";
        let mut analyzer = Analyzer::new(Language::En);
        analyzer.open("paste");
        analyzer.feed(text.repeat(3).as_bytes());
        analyzer.feed(text.as_bytes());
        let snapshots = &analyzer.readings.nmt;
        let tight = snapshots.iter().filter(|snapshot| snapshot.categories.capacity() == snapshot.categories.len());
        assert!(tight.count() >= 2, "{} snapshots", snapshots.len());
    }

    #[test]
    fn sources_that_have_no_number_of_their_own_are_not_taken_for_others() {
        let mut analyzer = Analyzer::new(Language::En);
        analyzer.sources = vec![SourceSummary::default(); MAX_SOURCES - 1];
        for name in ["last", "too many"] {
            analyzer.open(name);
            analyzer.feed(b"Out of memory: Killed process 7 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB\n");
        }
        analyzer.close();
        let kills: Vec<u16> = analyzer.readings.oom_kills.iter().map(|kill| kill.source).collect();
        assert_eq!((analyzer.sources.len(), kills), (MAX_SOURCES, vec![u16::MAX - 1]));
        assert_eq!(analyzer.sources.last().map(|source| source.name.as_str()), Some("last"));
    }
}
