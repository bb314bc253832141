//! Offers each line to the readers and notes what every line was.

use crate::detect::clocks::Clocks;
use crate::detect::prose;
use crate::detect::surroundings::{Surrounding, classify};
use crate::detect::transport::{Transport, escapes::may_be_escaped};
use crate::formats::containers::Containers;
use crate::formats::jdk_command::pid_line;
use crate::formats::prompt::is_prompt;
use crate::formats::{Claim, FORMAT_IDS, FORMATS, Reader, container_start, logger};
use crate::model::readings::Readings;
use crate::source::{Line, Stamp};
use crate::units::Micros;
use crate::warning::WarningSink;

/// What a line turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineClass {
    /// Taken by the format at this index of [`FORMATS`].
    Format(u8),
    /// Belongs to the transport, for example the header of a journal entry.
    Transport,
    /// Around the logs.
    Around(Surrounding),
}

impl LineClass {
    /// True if somebody made sense of the line as part of an incident.
    pub fn is_understood(self) -> bool {
        match self {
            LineClass::Format(_) | LineClass::Transport => true,
            LineClass::Around(around) => matches!(around, Surrounding::Fence | Surrounding::Prompt),
        }
    }

    /// Name for reports and catalogue keys: a format's id, `transport`, `blank`, `fence`, `prompt`, `prose`, `other`.
    pub fn name(self) -> &'static str {
        match self {
            LineClass::Format(at) => FORMAT_IDS.get(usize::from(at)).unwrap_or(&"other"),
            LineClass::Transport => "transport",
            LineClass::Around(Surrounding::Blank) => "blank",
            LineClass::Around(Surrounding::Fence) => "fence",
            LineClass::Around(Surrounding::Prompt) => "prompt",
            LineClass::Around(Surrounding::Prose) => "prose",
            LineClass::Around(Surrounding::Other) => "other",
        }
    }
}

/// The readers of one source.
pub struct Dispatcher {
    source: u16,
    transport: Transport,
    clocks: Clocks,
    containers: Containers,
    readers: Vec<Box<dyn Reader>>,
    /// Indexes of readers that have taken a line, latest last.
    recent: Vec<usize>,
    classes: Vec<(u32, LineClass)>,
    understood: u32,
    /// See [`Line::step`], of the next line.
    step: u32,
    /// The last line that the kernel timed, and who took it.
    timed: Timed,
}

/// A line with the kernel's time.
#[derive(Default)]
struct Timed {
    uptime: Option<Micros>,
    body: String,
    reader: Option<usize>,
}

impl Timed {
    /// True for the same line from another logger, whatever that puts before it. The kernel says nothing twice in one microsecond.
    fn is_of(&self, line: &Line<'_>) -> bool {
        self.uptime.is_some() && self.uptime == line.stamp.uptime && self.body == line.body && !line.body.is_empty()
    }
}

impl Dispatcher {
    /// For one source.
    pub fn new(source: u16) -> Dispatcher {
        Dispatcher {
            source,
            transport: Transport::default(),
            clocks: Clocks::default(),
            containers: Containers::default(),
            readers: FORMATS.iter().map(|format| (format.reader)()).collect(),
            recent: Vec::new(),
            classes: Vec::new(),
            understood: 0,
            step: 1,
            timed: Timed::default(),
        }
    }

    /// Reads one physical line.
    pub fn line(&mut self, number: u32, raw: &str, out: &mut Readings) {
        let class = self.route_physical(number, raw, out);
        self.note_class(class);
        self.step = 1;
    }

    /// Passes a line over that copying put behind another: a blank one, or the same once more.
    pub fn pass_over(&mut self, number: u32, raw: &str, out: &mut Readings) {
        self.step = 2;
        out.copies.note(self.source, number);
        let around = classify(raw);
        let class = match self.classes.last() {
            Some((_, class)) if around != Surrounding::Blank => *class,
            _ => LineClass::Around(around),
        };
        self.note_class(class);
    }

    fn note_class(&mut self, class: LineClass) {
        if class.is_understood() {
            self.understood = self.understood.saturating_add(1);
        }
        match self.classes.last_mut() {
            Some((count, last)) if *last == class => *count = count.saturating_add(1),
            _ => self.classes.push((1, class)),
        }
    }

    /// The source has ended.
    pub fn finish(mut self, out: &mut Readings) -> (Vec<(u32, LineClass)>, u32) {
        let mut transport = std::mem::take(&mut self.transport);
        transport.finish(self.source, &mut |line| {
            self.route(line, out);
        });
        for reader in &mut self.readers {
            reader.finish(out);
        }
        self.containers.settle(self.source, out);
        self.clocks.finish(&mut out.clocks);
        (self.classes, self.understood)
    }

    fn route_physical(&mut self, number: u32, raw: &str, out: &mut Readings) -> LineClass {
        // Bulk rows (jstat, GC logs) carry no transport prefix: try the last reader first.
        if let Some(latest) = self.recent.last().copied()
            && !may_be_escaped(raw)
        {
            let body = raw.trim_ascii_end();
            let line = Line { source: self.source, number, step: self.step, raw, body, stamp: Stamp::default() };
            if let Some(reader) = self.readers.get_mut(latest)
                && reader.bulk(&line, out)
            {
                out.taken = Some((self.source, number));
                return class_of(latest);
            }
        }
        let mut transport = std::mem::take(&mut self.transport);
        let mut taken = None;
        let step = self.step;
        let own = transport.unwrap(self.source, number, raw, &mut |line| {
            let line = &Line { step, ..*line };
            if let Some(reader) = self.route(line, out) {
                if !line.body.trim_ascii().is_empty() {
                    out.taken = Some((line.source, line.number));
                }
                taken = Some(reader);
            }
        });
        for warning in transport.take_warnings() {
            out.warn(warning);
        }
        self.transport = transport;
        match taken {
            Some(reader) => class_of(reader),
            None if own => LineClass::Transport,
            None => {
                let around = classify(raw);
                if around == Surrounding::Prose {
                    prose::read(&Line { source: self.source, number, ..Line::of(raw) }, out);
                }
                LineClass::Around(around)
            }
        }
    }

    fn route(&mut self, line: &Line<'_>, out: &mut Readings) -> Option<usize> {
        self.clocks.note(line, &mut out.clocks);
        if self.timed.is_of(line) {
            return self.timed.reader;
        }
        let reader = self.offer(line, out);
        self.timed.uptime = line.stamp.uptime;
        if line.stamp.uptime.is_some() {
            self.timed.body.clear();
            self.timed.body.push_str(line.body);
            self.timed.reader = reader;
        }
        reader
    }

    fn offer(&mut self, line: &Line<'_>, out: &mut Readings) -> Option<usize> {
        self.containers.note(line, out.is_cut(line));
        if let Some((pid, word)) = pid_line(line.body) {
            out.answers = Some((pid, line.span_of(word)));
        } else if is_prompt(line.body) {
            out.prompt = Some((line.source, line.number));
        }
        if container_start(line.body).is_some() {
            return self.route_to_all(line, out);
        }
        if let Some(latest) = self.recent.last().copied()
            && self.resume(latest, line, out)
        {
            return Some(latest);
        }
        if line.body.trim().is_empty() {
            return None;
        }
        let mut weak = Vec::new();
        for (at, format) in FORMATS.iter().enumerate() {
            match (format.claim)(line) {
                Claim::Strong if self.open(at, line, out) => return Some(at),
                Claim::Weak => weak.push(at),
                Claim::Strong | Claim::None => {}
            }
        }
        for at in self.recent.iter().rev().skip(1).copied().collect::<Vec<_>>() {
            if self.resume(at, line, out) {
                return Some(at);
            }
        }
        let taken = weak.into_iter().find(|at| self.open(*at, line, out));
        if taken.is_none() {
            logger::note(line, out);
        }
        taken
    }

    /// Offers a line that tells several formats of different things to each that claims it; the first one counts.
    fn route_to_all(&mut self, line: &Line<'_>, out: &mut Readings) -> Option<usize> {
        let mut first = None;
        for (at, format) in FORMATS.iter().enumerate() {
            if (format.claim)(line) == Claim::Strong && self.open(at, line, out) {
                first = first.or(Some(at));
            }
        }
        first
    }

    fn resume(&mut self, at: usize, line: &Line<'_>, out: &mut Readings) -> bool {
        let taken = self.readers.get_mut(at).is_some_and(|reader| reader.resume(line, out));
        if taken {
            self.note_recent(at);
        }
        taken
    }

    fn open(&mut self, at: usize, line: &Line<'_>, out: &mut Readings) -> bool {
        let taken = self.readers.get_mut(at).is_some_and(|reader| reader.open(line, out));
        if taken {
            self.note_recent(at);
        }
        taken
    }

    fn note_recent(&mut self, at: usize) {
        if self.recent.last() != Some(&at) {
            self.recent.retain(|known| *known != at);
            self.recent.push(at);
        }
    }
}

fn class_of(reader: usize) -> LineClass {
    LineClass::Format(u8::try_from(reader).unwrap_or(u8::MAX))
}
