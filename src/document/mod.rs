//! What was read, as facts and tables: each described once, every text with the place where it stands. The page makes links of the
//! places, exports say the lines.

#![deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod events;
mod gc;
mod host;
mod jstat;
mod kills;
mod nmt;
mod processes;
mod sizing;
mod tables;

pub use processes::By;
pub use tables::{Column, Of, Row, RowKind, Table};

use crate::i18n::{self, Words, format};
use crate::model::names;
use crate::report::Report;
use crate::source::{Places, Span};
use crate::units::{Bytes, Micros};

/// What a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A value, a name.
    #[default]
    Plain,
    /// Words of a log.
    Code,
    /// What else is known.
    Aside,
    /// How to understand it.
    Note,
    /// What it is marked as.
    Mark,
    /// A frame of a stack.
    Frame,
    /// The colour of a series, by its name.
    Swatch,
    /// A small picture of its course: places of its line in a field of 120 by 24.
    Course,
}

/// A text, and where it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// As it is read.
    pub text: String,
    /// The same to the last digit, where that says more.
    pub exact: Option<String>,
    /// Its place.
    pub at: Option<Span>,
    /// What it is.
    pub style: Style,
}

impl Part {
    /// A text without a place.
    pub fn of(text: impl Into<String>) -> Part {
        Part { text: text.into(), ..Part::default() }
    }

    /// A size.
    pub fn size(bytes: Bytes) -> Part {
        let exact = (bytes.0 >= 1024).then(|| format::exact_size(bytes));
        Part { exact, ..Part::of(format::size(bytes)) }
    }

    /// The same with its place.
    pub fn at(self, at: Option<Span>) -> Part {
        Part { at, ..self }
    }

    /// The same as what it is.
    pub fn styled(self, style: Style) -> Part {
        Part { style, ..self }
    }

    /// In one text: the readable size, and the exact one where that says more.
    pub fn plain(&self) -> String {
        match &self.exact {
            None => self.text.clone(),
            Some(exact) if self.text.ends_with(" KiB") => exact.clone(),
            Some(exact) => format!("{} ({exact})", self.text),
        }
    }
}

impl From<String> for Part {
    fn from(text: String) -> Part {
        Part::of(text)
    }
}

/// What stands in one place: a value, and what is said about it.
pub type Cell = Vec<Part>;

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is of, where that has a key in the catalogues.
    pub key: &'static str,
    /// What it is, in words.
    pub name: String,
    /// What is known of it.
    pub cell: Cell,
}

/// For whom something is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For the page, where numbers lead to their lines and long tables scroll.
    Page,
    /// For a text.
    Text,
}

/// Who describes a report.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    /// What is described.
    pub report: &'a Report,
    /// In which language.
    pub words: Words,
    /// For whom.
    pub form: Form,
}

impl Teller<'_> {
    fn is_page(&self) -> bool {
        self.form == Form::Page
    }

    fn word(&self, key: &str) -> String {
        self.words.text(key)
    }

    /// A time in the zone of the logs, else as it was printed.
    fn clock(&self, time: Option<Micros>, local: Option<Micros>) -> Option<String> {
        time.map(|time| format::time(time, self.report.zone)).or(local.map(format::local_time))
    }

    fn duration(&self, time: Micros) -> String {
        format::duration(self.words.0, time)
    }

    /// What a size, a count, or a word of a reading is called.
    fn name(&self, name: &str) -> String {
        names::said(self.words.0, name)
    }

    fn pid(&self, pid: u32) -> String {
        self.words.fill("page.pid", &[("pid", &pid.to_string())])
    }

    /// The pid; on the page also that there is none.
    fn whose(&self, pid: Option<u32>) -> Option<Part> {
        let unknown = || self.is_page().then(|| self.word("page.pid.unknown"));
        pid.map(|pid| self.pid(pid)).or_else(unknown).map(Part::of)
    }

    /// Several in one text.
    pub fn list(&self, parts: &[Part]) -> String {
        i18n::list(self.words.0, "list.items", parts.iter().map(Part::plain).collect::<Vec<_>>())
    }

    /// Where something stands; with the name of its source, where there are several.
    pub fn place(&self, source: u16, first: u32, last: u32) -> Part {
        let key = if first == last { "text.line" } else { "text.lines" };
        let lines = self.words.fill(key, &[("first", &first.to_string()), ("last", &last.to_string())]);
        let named = self.report.sources.get(usize::from(source)).filter(|_| self.report.sources.len() > 1);
        let text = match named {
            Some(named) => self.words.fill("text.of-source", &[("source", &named.name), ("lines", &lines)]),
            None => lines,
        };
        Part::of(text).at(line_span(source, first))
    }
}

/// The start of a line, as a span: for values of which only the line is known.
pub fn line_span(source: u16, line: u32) -> Option<Span> {
    (line > 0).then_some(Span { source, line, start: 0, end: u32::MAX })
}

/// Gathers the facts of a record; what is absent is none.
struct Facts<'a> {
    words: Words,
    places: &'a Places,
    /// Where a value stands whose own place is not noted.
    otherwise: Option<Span>,
    facts: Vec<Fact>,
}

impl<'a> Facts<'a> {
    fn of(teller: &Teller<'_>, places: &'a Places, otherwise: Option<Span>) -> Facts<'a> {
        Facts { words: teller.words, places, otherwise, facts: Vec::new() }
    }

    /// What was read as `field`, under a name.
    fn push(&mut self, (key, name): (&'static str, String), field: &str, part: Part) {
        let part = part.at(self.places.get(field).or(self.otherwise));
        self.facts.push(Fact { key, name, cell: vec![part] });
    }

    /// A text under a key of the catalogues.
    fn text(&mut self, key: &'static str, field: &str, value: Option<String>) -> &mut Self {
        if let Some(value) = value {
            self.push((key, self.words.text(key)), field, value.into());
        }
        self
    }

    /// Sizes under keys of the catalogues.
    fn sizes(&mut self, sizes: &[(&'static str, &str, Option<Bytes>)]) -> &mut Self {
        for (key, field, size) in sizes {
            if let Some(size) = size {
                self.push((key, self.words.text(key)), field, Part::size(*size));
            }
        }
        self
    }

    /// What must not be misunderstood about the fact before, if that is of this key.
    fn noted(&mut self, of: &str, key: &str) -> &mut Self {
        let note = Part::of(self.words.text(key)).styled(Style::Note);
        if let Some(fact) = self.facts.last_mut().filter(|fact| fact.key == of) {
            fact.cell.push(note);
        }
        self
    }
}
