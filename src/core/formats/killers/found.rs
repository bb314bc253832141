//! What one line says.

use crate::formats::name_of_command;
use crate::formats::shape::{Capture, Value};
use crate::model::kind::{EventKind, HostKind};
use crate::model::readings::Readings;
use crate::source::{Line, Wall};
use crate::units::Bytes;

/// A line that one of these programs prints.
pub(super) struct Shape {
    pub(super) kind: EventKind,
    pub(super) role: Role,
    /// In the language of `formats/shape.rs`. The captures `name`, `pid`, `restarts`, and `time` are the event's, all others are sizes.
    pub(super) line: &'static str,
    /// An example of it.
    #[cfg(test)]
    pub(super) sample: &'static str,
}

impl Shape {
    pub(super) const fn role(self, role: Role) -> Shape {
        Shape { role, ..self }
    }

    /// What it is called where that is no event.
    #[cfg(test)]
    pub(super) fn name(&self) -> &'static str {
        match self.role {
            Role::Figures(kind) | Role::Measured(kind) => kind.name(),
            _ => self.kind.name(),
        }
    }

    pub(super) const fn more(self) -> Shape {
        self.role(Role::More)
    }
}

/// What a line is in what it tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Role {
    #[default]
    Event,
    /// An event, but not surely a log line when seen alone.
    WeakEvent,
    /// Goes on with an event of the same kind if there is one.
    More,
    /// Figures of a machine or a container, which such a program prints, too.
    Figures(HostKind),
    /// Figures of a container, which are those of the event that the next line tells, if it tells one.
    Measured(HostKind),
    /// Figures of the event that the next line tells.
    Before,
    /// The head of the list of candidates that oomd prints before it kills.
    Candidates,
}

/// What a line says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found<'a> {
    pub(super) kind: EventKind,
    pub(super) role: Role,
    pub(super) name: Option<&'a str>,
    pub(super) pid: Option<&'a str>,
    /// How often it was started anew.
    pub(super) restarts: Option<&'a str>,
    /// In percent, the part of a limit that is in use.
    pub(super) share: Option<&'a str>,
    /// When, where the line itself says it.
    pub(super) time: Option<(&'a str, Wall)>,
    /// Word, the text it stands in, bytes.
    pub(super) sizes: Vec<(&'static str, &'a str, Bytes)>,
}

impl<'a> Found<'a> {
    pub(super) fn new(shape: &Shape, captures: Vec<Capture<'a>>) -> Found<'a> {
        let mut found = Found { kind: shape.kind, role: shape.role, ..Found::default() };
        for Capture { name, part, value } in captures {
            match (name, value) {
                (_, Value::Size(bytes)) => found.sizes.push((name, part, bytes)),
                (_, Value::Time(wall)) => found.time = Some((part, wall)),
                ("pid", Value::Text) => found.pid = Some(part).filter(|pid| pid.parse::<u32>().is_ok()),
                ("restarts", Value::Text) => found.restarts = Some(part),
                ("share", Value::Text) => found.share = Some(part),
                (_, Value::Text) => {
                    // A shell prints the whole command.
                    let name =
                        if shape.kind == EventKind::ShellKilled { name_of_command(part.trim()) } else { part.trim() };
                    // Somebody may have put dots in its place.
                    let is_name = |name: &&str| name.len() <= 256 && name.contains(char::is_alphanumeric);
                    found.name = Some(name).filter(is_name);
                }
            }
        }
        found
    }

    /// What is left if the text ends with this line, and perhaps in the middle of a number.
    pub(super) fn without_cut_numbers(mut self, line: &Line<'_>, out: &mut Readings) -> Found<'a> {
        let body = line.body.trim_end();
        let mut is_cut = |word: &str, part: &str| {
            let ends = body.as_bytes().as_ptr_range().end == part.as_bytes().as_ptr_range().end;
            // Attributes behind the id of a container tell its name.
            let id = word == "name" && self.kind == EventKind::ContainerOom;
            // Of a program's path the last folder may be what is left.
            let before = body.strip_suffix(part).unwrap_or_default();
            let folder = word == "name" && before.ends_with(['/', '\\']) && !part.contains('.');
            let cut = ends && (id || part.ends_with(|c: char| c.is_ascii_digit() || c == '.') || folder);
            if cut {
                out.warn_cut(line, word);
            }
            cut
        };
        self.pid = self.pid.filter(|pid| !is_cut("pid", pid));
        self.name = self.name.filter(|name| !is_cut("name", name));
        self.restarts = self.restarts.filter(|restarts| !is_cut("restarts", restarts));
        self.share = self.share.filter(|share| !is_cut("share", share));
        self.sizes.retain(|(word, part, _)| !is_cut(word, part));
        self
    }
}
