//! Journal entries over several lines: `journalctl -o verbose` (a header, then indented fields) and `-o export` (fields,
//! then a blank line).
//!
//! ```text
//! Wed 2025-08-06 07:35:42.203997 UTC [s=4b7f…;i=6ed5;b=e10d…;m=680b78ad03;t=63bac6a2f4b1d;x=66d2…]
//!     _HOSTNAME=web01
//!     MESSAGE=Out of memory: Killed process …
//! ```
//!
//! In the cursor `t` is the wall-clock time and `m` the time since boot, both hexadecimal microseconds. Source: systemd,
//! `systemd.journal-fields(7)` and "Journal Export Formats".

use crate::civil::{self, Civil};
use crate::source::{Stamp, Wall};
use crate::units::Micros;

/// What a line is to a journal entry.
pub(super) enum Part<'a> {
    /// Not part of one.
    None,
    /// Header or field.
    Own,
    /// Text for readers.
    Message(&'a str),
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    None,
    Verbose,
    Export,
}

#[derive(Debug, Default)]
pub(super) struct Journal {
    kind: Kind,
    wall: Option<Wall>,
    uptime: Option<Micros>,
    host: Option<String>,
    /// The text goes on in the next lines.
    in_message: bool,
    /// The next line begins with the length of the text (export of a text with several lines).
    length_expected: bool,
    disagreement: Option<i64>,
}

impl Journal {
    /// True outside of entries.
    pub(super) fn is_idle(&self) -> bool {
        self.kind == Kind::None && !self.in_message && !self.length_expected
    }

    /// `text` is the line, `trimmed` the same without indentation.
    pub(super) fn line<'a>(&mut self, text: &'a str, trimmed: &'a str) -> Part<'a> {
        if trimmed.is_empty() {
            if self.kind == Kind::Export && !self.length_expected {
                self.end();
            }
            return Part::None;
        }
        if trimmed.ends_with(']') && self.header(trimmed) {
            return Part::Own;
        }
        if self.length_expected {
            self.length_expected = false;
            self.in_message = true;
            return Part::Message(without_length(text));
        }
        if let Some((name, value)) = field(trimmed) {
            return self.field(name, value, text.len() > trimmed.len());
        }
        match self.kind {
            Kind::None => Part::None,
            Kind::Export if trimmed == "MESSAGE" => {
                self.length_expected = true;
                Part::Own
            }
            Kind::Export if self.in_message => Part::Message(text),
            Kind::Verbose if text.starts_with([' ', '\t']) && self.in_message => {
                let indent = text.len().saturating_sub(trimmed.len()).min(12);
                Part::Message(text.get(indent..).unwrap_or(trimmed))
            }
            Kind::Verbose | Kind::Export => {
                self.end();
                Part::None
            }
        }
    }

    /// Time of the entry. The host stands apart because it may be printed after the header.
    pub(super) fn stamp(&self) -> Stamp<'static> {
        Stamp { uptime: self.uptime, wall: self.wall, ..Stamp::default() }
    }

    pub(super) fn host(&self) -> Option<String> {
        self.host.clone()
    }

    /// The header's two clocks differ by this many microseconds.
    pub(super) fn take_disagreement(&mut self) -> Option<i64> {
        self.disagreement.take()
    }

    /// The host stays: entries of one journal follow each other, and not every output names it.
    fn end(&mut self) {
        let host = self.host.take();
        *self = Journal { host, ..Journal::default() };
    }

    fn header(&mut self, text: &str) -> bool {
        let Some((before, cursor)) = text.split_once(" [s=") else { return false };
        let Some(cursor) = cursor.strip_suffix(']') else { return false };
        let (wall, uptime) = read_cursor(cursor);
        let printed = printed_time(before);
        if wall.is_none() && printed.is_none() {
            return false;
        }
        self.end();
        self.host = None;
        self.kind = Kind::Verbose;
        self.uptime = uptime;
        self.wall = match (printed, wall) {
            (Some(printed), Some(wall)) if printed.zone_known => {
                let difference = printed.micros.minus(wall.micros).0;
                self.disagreement = (difference != 0).then_some(difference);
                Some(printed)
            }
            (printed, wall) => wall.or(printed),
        };
        true
    }

    fn field<'a>(&mut self, name: &str, value: &'a str, indented: bool) -> Part<'a> {
        if name == "MESSAGE" {
            self.in_message = true;
            return Part::Message(value);
        }
        let starts = matches!(name, "__CURSOR" | "__REALTIME_TIMESTAMP") && !indented;
        if self.kind == Kind::None && !starts {
            return Part::None;
        }
        if self.kind == Kind::Verbose && self.in_message && !indented && !name.starts_with('_') {
            self.end();
            return Part::None;
        }
        self.in_message = false;
        match name {
            "__CURSOR" => {
                self.end();
                self.host = None;
                self.kind = Kind::Export;
                (self.wall, self.uptime) = read_cursor(value);
            }
            "__REALTIME_TIMESTAMP" => {
                self.kind = Kind::Export;
                self.wall = value.parse().ok().map(utc).or(self.wall);
            }
            "__MONOTONIC_TIMESTAMP" => self.uptime = value.parse().ok().map(Micros).or(self.uptime),
            // When the kernel wrote it, a little before the journal took it.
            "_SOURCE_MONOTONIC_TIMESTAMP" => self.uptime = value.parse().ok().map(Micros).or(self.uptime),
            "_HOSTNAME" => self.host = Some(value.to_owned()),
            _ => {}
        }
        Part::Own
    }
}

/// `NAME=value` with a name as the journal forms it: capitals, digits, and `_`.
pub(super) fn field(text: &str) -> Option<(&str, &str)> {
    if !matches!(text.as_bytes().first()?, b'_' | b'A'..=b'Z') {
        return None;
    }
    let name = text.bytes().take_while(|b| matches!(b, b'_' | b'A'..=b'Z' | b'0'..=b'9')).count();
    let (name, rest) = text.split_at_checked(name)?;
    rest.strip_prefix('=').filter(|_| name.len() > 1).map(|value| (name, value))
}

/// `t` and `m` of a cursor.
pub(super) fn read_cursor(cursor: &str) -> (Option<Wall>, Option<Micros>) {
    let part = |name: &str| {
        let value = cursor.split(';').find_map(|part| part.strip_prefix(name))?;
        i64::from_str_radix(value, 16).ok()
    };
    (part("t=").map(utc), part("m=").map(Micros))
}

pub(super) fn utc(micros: i64) -> Wall {
    Wall { micros: Micros(micros), zone_known: true, year_known: true }
}

/// `Wed 2022-11-23 07:35:42.203997 UTC`.
fn printed_time(text: &str) -> Option<Wall> {
    let mut words = text.split_whitespace();
    let (date, rest) = words.find_map(civil::iso_date)?;
    if !rest.is_empty() {
        return None;
    }
    let (time, "") = civil::time_of_day(words.next()?)? else { return None };
    let micros = Civil { time, ..date }.micros()?;
    Some(civil::in_zone(micros, words.next().unwrap_or_default()))
}

/// Takes the eight length bytes (little endian) off the first line of an exported text. NUL bytes are gone by now, so
/// one or two characters are left of them.
fn without_length(text: &str) -> &str {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return text };
    let after_first = chars.as_str();
    let odd = |c: char| c.is_control() || c == '\u{fffd}';
    match chars.next() {
        Some(second) if odd(second) => chars.as_str(),
        _ if odd(first) => after_first,
        // A printable length: at least as long as its first line.
        _ if u32::from(first) as usize > after_first.len() => after_first,
        _ => text,
    }
}
