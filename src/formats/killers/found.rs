//! What one line says, and the words and sizes in it.

use crate::civil;
use crate::model::readings::Readings;
use crate::source::{Line, Wall};
use crate::units::{Bytes, fixed_decimal};

/// What a line says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found<'a> {
    pub(super) kind: &'static str,
    pub(super) name: Option<&'a str>,
    pub(super) pid: Option<&'a str>,
    /// When, where the line itself says it.
    pub(super) time: Option<(&'a str, Wall)>,
    /// Word, the text it stands in, bytes.
    pub(super) sizes: Vec<(&'static str, &'a str, Bytes)>,
    /// Goes on with an event of the same kind rather than being one.
    pub(super) follows: bool,
    /// Not surely a log line when seen alone.
    pub(super) weak: bool,
}

impl<'a> Found<'a> {
    pub(super) fn new(kind: &'static str) -> Found<'a> {
        Found { kind, ..Found::default() }
    }

    pub(super) fn named(kind: &'static str, name: &'a str) -> Found<'a> {
        let name = name.trim();
        Found { kind, name: (!name.is_empty() && name.len() <= 256).then_some(name), ..Found::default() }
    }

    pub(super) fn pid(self, pid: Option<&'a str>) -> Found<'a> {
        Found { pid: pid.filter(|pid| pid.parse::<u32>().is_ok()), ..self }
    }

    pub(super) fn time(self, part: Option<&'a str>) -> Found<'a> {
        let time = part.and_then(|part| {
            let (wall, rest) = civil::iso_time(part)?;
            Some((part.get(..part.len() - rest.len())?, wall))
        });
        Found { time, ..self }
    }

    pub(super) fn size(mut self, word: &'static str, part: Option<(&'a str, Bytes)>) -> Found<'a> {
        self.sizes.extend(part.map(|(part, bytes)| (word, part, bytes)));
        self
    }

    /// What is left if the text ends with this line, and perhaps in the middle of a number.
    pub(super) fn without_cut_numbers(mut self, line: &Line<'_>, out: &mut Readings) -> Found<'a> {
        let body = line.body.trim_end();
        let mut is_cut = |word: &str, part: &str| {
            let ends = body.as_bytes().as_ptr_range().end == part.as_bytes().as_ptr_range().end;
            // Attributes behind the id of a container tell its name.
            let id = word == "name" && self.kind == "container-oom";
            let cut = ends && (id || part.ends_with(|c: char| c.is_ascii_digit() || c == '.'));
            if cut {
                out.warn_cut(line, word);
            }
            cut
        };
        self.pid = self.pid.filter(|pid| !is_cut("pid", pid));
        self.name = self.name.filter(|name| !is_cut("name", name));
        self.sizes.retain(|(word, part, _)| !is_cut(word, part));
        self
    }

    pub(super) fn following(self) -> Found<'a> {
        Found { follows: true, ..self }
    }

    pub(super) fn weakly(self) -> Found<'a> {
        Found { weak: true, ..self }
    }
}

/// `mem avail: 21790 of 23909 MiB (91.14%), swap free: 0 of 0 MiB ( 0.00%)`.
#[derive(Debug, PartialEq)]
pub(super) struct Status<'a> {
    pub(super) sizes: Vec<(&'static str, &'a str, Bytes)>,
}

pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = text.split_once(before)?.1;
    rest.split_once(after).map(|(inside, _)| inside)
}

pub(super) fn behind<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.split_once(before).map(|(_, rest)| rest)
}

pub(super) fn digits(text: &str) -> Option<&str> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..count).filter(|digits| !digits.is_empty())
}

/// `14210 MiB`, `5204Ki`, `2.1 GB`, `123B` at the front: programs here mean powers of 1024 by all of them.
pub(super) fn size(text: &str) -> Option<(&str, Bytes)> {
    let text = text.trim_start();
    let number = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let value = fixed_decimal(text.get(..number)?, 3)?;
    let rest = text.get(number..)?;
    let unit = rest.trim_start();
    let scale: i64 = match unit.as_bytes().first() {
        Some(b'K' | b'k') => 1 << 10,
        Some(b'M') => 1 << 20,
        Some(b'm') if unit.starts_with("megabytes") => 1 << 20,
        Some(b'G') => 1 << 30,
        Some(b'T') => 1 << 40,
        Some(b'B') | None => 1,
        Some(_) if number == text.len() || !unit.starts_with(|c: char| c.is_ascii_alphanumeric()) => 1,
        Some(_) => return None,
    };
    let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
    let end = text.len() - unit.len() + letters.min(3);
    let bytes = value.checked_mul(scale)? / 1000;
    Some((text.get(..end)?, Bytes(u64::try_from(bytes).ok()?)))
}

/// Digits alone: bytes.
pub(super) fn size_of_bytes(text: &str) -> Option<(&str, Bytes)> {
    let bytes = text.parse().ok()?;
    Some((text, Bytes(bytes)))
}
