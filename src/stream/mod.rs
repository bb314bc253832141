//! Incidents out of a log that does not end: a line of JSON for each, as soon as it is complete, in bounded memory.
//!
//! The lines of a stream are kept in a window. When enough came together, or nothing came for a while, the window is read like a text
//! ([`Analyzer`]), its records are joined into incidents ([`groups`]), and each one that is complete is read once more by itself, so that
//! what is said of it does not depend on where the window was cut. Then the window goes, but for what may not be complete yet.
//!
//! An incident is complete when so many lines came behind it that no reader waits for more of it ([`LINES_BEHIND`]), when nothing more of it
//! came for [`QUIET`], or when the stream ends. A kernel's report that does not say yet whom it killed is waited for longer ([`PATIENCE`]).

mod groups;
mod incident;
mod seen;

use std::collections::VecDeque;
use std::time::Duration;

pub use incident::{INCIDENT_VERSION, Incident, OOM_KILL};
pub use seen::Seen;

use self::groups::{Group, Marks};
use crate::Analyzer;
use crate::detect::lines::LineSplitter;
use crate::i18n::Language;
use crate::report::redact::redact;

/// Lines behind a record after which no reader waits for more of it (`detect::dispatch`), and a few.
pub const LINES_BEHIND: u64 = 320;
/// How long nothing more comes of an incident that is complete.
pub const QUIET: Duration = Duration::from_secs(2);
/// How long a report of the kernel is waited for that does not tell yet whom it killed, and an error that is told again and again.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How long lines wait at most until they are looked at while more come.
const MOST_WAIT: Duration = Duration::from_secs(5);
/// Bytes that are looked at together,
const WINDOW: usize = 2 << 20;
/// and at which all that was found is told, complete or not.
const MOST: usize = 8 << 20;
/// Lines kept where nothing was found: an incident may have begun in them.
const KEPT: u64 = 32;
/// Kills of which others may tell later.
const ECHOES: usize = 64;

/// A stream of lines, and what of it is not told yet.
pub struct Stream {
    settings: Settings,
    splitter: LineSplitter,
    /// Lines of the window, each with a line end, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// Lines before the window, since the beginning of the stream.
    before: u64,
    /// Lines of the window that were looked at.
    looked: usize,
    /// Bytes at which it is looked at next.
    next_size: usize,
    looked_at: Duration,
    fed_at: Duration,
    waits: bool,
    marks: VecDeque<Mark>,
    /// Files that the stream went through, and the line of the stream before each.
    files: VecDeque<(u64, u64)>,
    /// Bytes of the file that were fed.
    offset: u64,
    /// First and last lines in the window that were told.
    told: Vec<(u64, u64)>,
    echoes: VecDeque<Marks>,
}

/// How incidents are told.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What the stream is called.
    pub source: String,
    /// Language of the headlines.
    pub language: Language,
    /// The machine, where the log does not name it.
    pub host: Option<String>,
    /// Without names of the log.
    pub numbers_only: bool,
}

/// How far the stream was at a moment.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// Lines of the stream that were complete.
    lines: u64,
    file: u64,
    /// Byte of the file at which the next line begins.
    offset: u64,
    at: Duration,
}

/// From where a stream is to be read again, so that nothing is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Which file, counted from 0 on.
    pub file: u64,
    /// Byte in it.
    pub offset: u64,
    /// Lines of the file before.
    pub lines: u64,
}

impl Stream {
    /// At the beginning of a file, or at a position of it.
    pub fn new(settings: Settings, from: Position) -> Stream {
        let splitter = if from.offset == 0 { LineSplitter::default() } else { LineSplitter::inside() };
        Stream {
            settings,
            splitter,
            text: String::new(),
            ends: Vec::new(),
            before: from.lines,
            looked: 0,
            next_size: WINDOW,
            looked_at: Duration::ZERO,
            fed_at: Duration::ZERO,
            waits: false,
            marks: VecDeque::from([Mark { lines: from.lines, file: 0, offset: from.offset, at: Duration::ZERO }]),
            files: VecDeque::from([(0, 0)]),
            offset: from.offset,
            told: Vec::new(),
            echoes: VecDeque::new(),
        }
    }

    /// Feeds bytes that came at a moment of a clock of the caller's. Incidents that are complete go to `tell`.
    pub fn feed(&mut self, bytes: &[u8], now: Duration, tell: &mut dyn FnMut(Incident)) {
        // A long piece may hold many windows.
        for piece in bytes.chunks(WINDOW / 4) {
            let (text, ends) = (&mut self.text, &mut self.ends);
            self.splitter.feed(piece, &mut |line| push(text, ends, line.text));
            self.offset += piece.len() as u64;
            self.mark(now);
            self.fed_at = now;
            if self.text.len() >= self.next_size {
                self.look(now, false, tell);
            }
        }
        self.tick(now, tell);
    }

    /// Looks what became complete as time went by.
    pub fn tick(&mut self, now: Duration, tell: &mut dyn FnMut(Incident)) {
        let has_news = self.looked < self.ends.len();
        let is_quiet = now.saturating_sub(self.fed_at) >= QUIET;
        let since = now.saturating_sub(self.looked_at);
        let is_due = match is_quiet {
            true => self.looked_at < self.fed_at + QUIET || since >= QUIET,
            false => since >= MOST_WAIT,
        };
        if (has_news || self.waits) && is_due {
            self.look(now, false, tell);
        }
    }

    /// The stream goes on in another file, from its beginning on: lines are counted anew, and what began in the last one may go on.
    pub fn next_file(&mut self, now: Duration) {
        self.end_line();
        let lines = self.lines();
        let file = self.files.back().map_or(0, |(file, _)| file + 1);
        self.files.push_back((file, lines));
        self.splitter = LineSplitter::default();
        self.offset = 0;
        self.mark(now);
    }

    /// The stream ended: all that is left is complete.
    pub fn finish(&mut self, now: Duration, tell: &mut dyn FnMut(Incident)) {
        self.end_line();
        self.look(now, true, tell);
    }

    /// From where to read after a restart. What was told before is told once more if it stands there: [`Seen`] knows it.
    pub fn position(&self) -> Position {
        let mark = self.marks.iter().rev().find(|mark| mark.lines <= self.before).or(self.marks.front());
        mark.map_or(Position::default(), |mark| {
            let before = self.files.iter().find(|(file, _)| *file == mark.file).map_or(0, |(_, lines)| *lines);
            Position { file: mark.file, offset: mark.offset, lines: mark.lines.saturating_sub(before) }
        })
    }

    /// Bytes of text that it holds.
    pub fn held(&self) -> usize {
        self.text.len()
    }

    /// Lines of the stream so far.
    fn lines(&self) -> u64 {
        self.before + self.ends.len() as u64
    }

    fn end_line(&mut self) {
        let (text, ends) = (&mut self.text, &mut self.ends);
        self.splitter.finish(&mut |line| push(text, ends, line.text));
    }

    fn mark(&mut self, now: Duration) {
        self.splitter.forget_lines();
        let mark = Mark {
            lines: self.lines(),
            file: self.files.back().map_or(0, |(file, _)| *file),
            offset: self.offset.saturating_sub(self.splitter.unfinished()),
            at: now,
        };
        match self.marks.back_mut() {
            // Lines that came at once.
            Some(last) if last.lines == mark.lines && last.file == mark.file => last.offset = mark.offset,
            _ => self.marks.push_back(mark),
        }
    }

    /// When a line of the stream was complete.
    fn came(&self, line: u64) -> Duration {
        self.marks.iter().find(|mark| mark.lines >= line).map_or(self.fed_at, |mark| mark.at)
    }

    /// Reads the window, tells what is complete, and lets go of what is read.
    fn look(&mut self, now: Duration, is_end: bool, tell: &mut dyn FnMut(Incident)) {
        let lines = self.lines();
        let is_full = self.text.len() >= MOST;
        let mut keep = lines.saturating_sub(KEPT).max(self.before) + 1;
        let mut waiting = None;
        for group in self.groups() {
            let of_stream = |line: u32| self.before + u64::from(line);
            let (first, last, lead) = (of_stream(group.first), of_stream(group.last), of_stream(group.lead));
            if self.told.iter().any(|(from, to)| (*from..=*to).contains(&lead)) {
                continue;
            }
            let quiet = now.saturating_sub(self.came(last));
            let is_quiet = quiet >= if group.is_whole { QUIET } else { PATIENCE };
            let is_old = group.is_whole && now.saturating_sub(self.came(first)) >= PATIENCE;
            if is_end || is_full || is_quiet || is_old || lines.saturating_sub(last) >= LINES_BEHIND {
                self.tell(&group, tell);
                self.told.push((first, last));
            } else {
                waiting = waiting.or(Some(first));
            }
        }
        // A reader that begins in the middle of what was told would tell it once more.
        keep = self.told.iter().map(|(_, last)| last + 1).fold(keep, u64::max);
        self.waits = waiting.is_some();
        self.let_go(if is_end || is_full { lines + 1 } else { waiting.unwrap_or(keep).min(keep) });
        self.looked = self.ends.len();
        self.looked_at = now;
        self.next_size = self.text.len() + WINDOW;
    }

    /// The incidents of the window, complete or not.
    fn groups(&self) -> Vec<Group> {
        let mut analyzer = Analyzer::new(self.settings.language);
        analyzer.open(&self.settings.source);
        analyzer.feed(self.text.as_bytes());
        groups::of(&analyzer.finish().report)
    }

    /// Tells an incident, unless it only tells of one that was told.
    fn tell(&mut self, group: &Group, tell: &mut dyn FnMut(Incident)) {
        if self.echoes.iter().any(|told| group.is_echo_of(told)) {
            return;
        }
        let text = self.text_of(group.first, group.last);
        let mut analyzer = Analyzer::new(self.settings.language);
        analyzer.open(&self.settings.source);
        analyzer.feed(text.as_bytes());
        let mut report = analyzer.finish().report;
        if self.settings.numbers_only {
            report = redact(&report, false).report;
        }
        let lead = group.lead - group.first + 1;
        let Some(mut incident) = Incident::of(&report, self.settings.language, Some(lead)) else { return };
        let line = self.before + u64::from(group.first);
        let file = self.files.iter().rev().find(|(_, before)| *before < line).map_or(0, |(_, before)| *before);
        incident.first_line = line - file;
        incident.last_line = self.before + u64::from(group.last) - file;
        incident.source = report.sources.first().map(|source| source.name.clone()).unwrap_or_default();
        incident.host = incident.host.or_else(|| self.settings.host.clone());
        incident.name_it(&self.settings.source, &text);
        if group.has_echoes() {
            if self.echoes.len() >= ECHOES {
                self.echoes.pop_front();
            }
            self.echoes.push_back(group.marks.clone());
        }
        tell(incident);
    }

    /// Lines of the window, counted from 1 on.
    fn text_of(&self, first: u32, last: u32) -> String {
        let end_of = |line: u32| line.checked_sub(1).map_or(Some(&0), |at| self.ends.get(at as usize));
        let start = end_of(first.saturating_sub(1)).copied().unwrap_or_default();
        let end = end_of(last).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default().to_owned()
    }

    /// Drops the lines before one of the stream.
    fn let_go(&mut self, keep: u64) {
        let lines = usize::try_from(keep.saturating_sub(self.before + 1)).unwrap_or(usize::MAX).min(self.ends.len());
        let bytes = lines.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or_default();
        self.text.drain(..bytes);
        self.ends.drain(..lines);
        self.ends.iter_mut().for_each(|end| *end -= bytes);
        self.before += lines as u64;
        let before = self.before;
        self.told.retain(|(_, last)| *last > before);
        // One mark, and one file, at or before the window tells where to begin again.
        while self.marks.get(1).is_some_and(|next| next.lines <= before) {
            self.marks.pop_front();
        }
        let first = self.marks.front().map_or(0, |mark| mark.file);
        while self.files.get(1).is_some_and(|(file, lines)| *file <= first && *lines <= before) {
            self.files.pop_front();
        }
        if self.text.capacity() > 2 * WINDOW && self.text.len() < WINDOW {
            self.text.shrink_to(WINDOW);
            self.ends.shrink_to(WINDOW / 64);
        }
    }
}

fn push(text: &mut String, ends: &mut Vec<usize>, line: &str) {
    text.push_str(line);
    text.push('\n');
    ends.push(text.len());
}
