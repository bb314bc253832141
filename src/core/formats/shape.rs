//! Lines as data: what a program prints, written down as one line of literals and captures.
//!
//! ```text
//! Killing process '{name}' with signal …¦…pid: {pid:digits}¦…VmRSS: {rss:size}
//! ```
//!
//! `…` is anything, up to the first place where the next literal stands. `{name:type}` is a capture (the types stand in
//! [`TYPES`]; without one it goes to the next literal; without a name it is read and forgotten; `?` behind it: it may be
//! missing). `{a|b|}` is one of these literals, and `{ }` any number of blanks. What stands behind `¦` may be missing; what then
//! comes is only looked for if it begins with `…`. A line that ends without `…` or `¦` must end there; a literal that ends in a
//! digit is not the beginning of a longer number.

use std::ops::Range;

use super::quantity::{self, MIB};
use crate::civil;
use crate::look;
use crate::order::InOrder as _;
use crate::source::Wall;
use crate::units::{Bytes, Micros};

/// A word in a line, with its name and what it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Capture<'a> {
    pub(super) name: &'static str,
    /// The text it stands in: its place, and whether it ends the line.
    pub(super) part: &'a str,
    pub(super) value: Value,
}

/// What a capture means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Text,
    Size(Bytes),
    Time(Wall),
}

/// Finds a value at the front of a text. The next literal stands at the second argument, if one follows.
type Read = fn(&str, Option<usize>) -> Option<(Range<usize>, Value)>;

/// The types of captures.
const TYPES: [(&str, Read); 14] = [
    ("", |text, next| Some((0..next.unwrap_or(text.len()), Value::Text))),
    ("word", |text, next| {
        run(text, |c| !c.is_whitespace())
            .filter(|(word, _)| next.is_none_or(|at| at <= word.end))
            .map(|(word, value)| (word.start..next.unwrap_or(word.end), value))
    }),
    // No capture of its own: any number of blanks, written `{ }`,
    (" ", |text, _| Some((0..text.len() - text.trim_start().len(), Value::Text))),
    // no letter of prose that is not English,
    ("ascii", |text, _| text.is_ascii().then_some((0..0, Value::Text))),
    // and the end of what a sentence says.
    ("end", |text, _| {
        // Programs say no second sentence.
        let is_prose = text.strip_prefix('.').is_some_and(|rest| rest.starts_with(' ') && rest.trim().contains(' '));
        let ends = text.is_empty() || text.starts_with([',', ')', '"', '}', '.', ';', '(']) || text.starts_with(" (");
        let ends = ends && !is_prose;
        (ends && text.len() <= 64).then_some((text.len()..text.len(), Value::Text))
    }),
    ("id", |text, _| {
        let (id, value) = run(text, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))?;
        let end = text.get(..id.end)?.trim_end_matches('.').len();
        Some((id.start..end.max(id.start), value))
    }),
    // The id of a batch job, without its steps.
    ("job", |text, _| {
        run(text, |c| !c.is_whitespace() && c != '.').filter(|_| text.starts_with(|c: char| c.is_ascii_digit()))
    }),
    ("digits", |text, _| run(text, |c| c.is_ascii_digit())),
    ("share", |text, _| run(text, |c| c.is_ascii_digit() || c == '.')),
    ("bytes", |text, _| number(text, 1)),
    ("MiB", |text, _| number(text, MIB)),
    ("size", |text, _| {
        let (part, size) = quantity::front(text)?;
        Some((part, Value::Size(size)))
    }),
    // Nanoseconds since the epoch.
    ("nanos", |text, _| {
        let (part, _) = run(text, |c| c.is_ascii_digit()).filter(|(part, _)| part.len() == 19)?;
        let nanos: i64 = text.get(part.clone())?.parse().ok()?;
        Some((part, Value::Time(Wall { micros: Micros(nanos / 1000), zone_known: true, year_known: true })))
    }),
    ("time", |text, _| {
        let (mut wall, rest) = civil::iso_time(text)?;
        wall.zone_known |= rest.starts_with(" UTC");
        Some((0..text.len() - rest.len(), Value::Time(wall)))
    }),
];

/// Characters of one kind, behind blanks.
fn run(text: &str, is_part: fn(char) -> bool) -> Option<(Range<usize>, Value)> {
    let start = text.len() - text.trim_start().len();
    let rest = text.get(start..)?;
    let end = start + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    (start < end).then_some((start..end, Value::Text))
}

/// Digits that count so many bytes each.
fn number(text: &str, unit: u64) -> Option<(Range<usize>, Value)> {
    let (part, _) = run(text, |c| c.is_ascii_digit())?;
    let size = quantity::whole(text.get(part.clone())?)?.checked_mul(unit)?;
    Some((part, Value::Size(Bytes(size))))
}

enum Part {
    Anything,
    /// One of these, the first that fits.
    Literal(Vec<String>),
    Capture {
        name: &'static str,
        read: Read,
        optional: bool,
    },
}

/// The parts of a section. A literal or nothing stands before each pair of braces.
fn section(text: &'static str) -> Vec<Part> {
    let mut parts = Vec::new();
    for piece in text.split_inclusive('}') {
        let (plain, inside) = piece.split_once('{').unwrap_or((piece, "|"));
        for (index, text) in plain.split('…').enumerate() {
            if index > 0 {
                parts.push(Part::Anything);
            }
            literal(&mut parts, &[text]);
        }
        let inside = inside.trim_end_matches('}');
        if inside.contains('|') {
            literal(&mut parts, &inside.split('|').collect::<Vec<_>>());
            continue;
        }
        let (name, of) = inside.split_once(':').unwrap_or((inside.trim(), if inside == " " { inside } else { "" }));
        let (of, optional) = of.strip_suffix('?').map_or((of, false), |of| (of, true));
        let read = TYPES.iter().find(|(known, _)| *known == of).map_or((|_, _| None) as Read, |(_, read)| *read);
        parts.push(Part::Capture { name, read, optional });
    }
    parts
}

/// Literals behind each other are one.
fn literal(parts: &mut Vec<Part>, options: &[&str]) {
    if options.iter().all(|text| text.is_empty()) {
        return;
    }
    match parts.last_mut() {
        Some(Part::Literal(known)) => {
            *known = known.iter().flat_map(|first| options.iter().map(move |next| format!("{first}{next}"))).collect();
        }
        _ => parts.push(Part::Literal(options.iter().map(|&text| text.to_owned()).collect())),
    }
}

/// The literals of which one is in every such line: the longest.
fn needles(sections: &[Vec<Part>]) -> &[String] {
    let literals = sections.first().into_iter().flatten().filter_map(|part| match part {
        Part::Literal(options) => Some(options.as_slice()),
        _ => None,
    });
    literals.max_by_key(|options| options.iter().map(String::len).min()).unwrap_or_default()
}

fn read<'a>(sections: &[Vec<Part>], body: &'a str) -> Option<Vec<Capture<'a>>> {
    let mut captures = Vec::new();
    let (first, others) = sections.split_first()?;
    let mut at = read_section(first, body, 0, &mut captures)?;
    if others.is_empty() && !matches!(first.last(), Some(Part::Anything)) && at < body.len() {
        return None;
    }
    let mut follows = true;
    for section in others {
        let known = captures.len();
        let is_tried = follows || matches!(section.first(), Some(Part::Anything));
        let end = if is_tried { read_section(section, body, at, &mut captures) } else { None };
        follows = end.is_some();
        match end {
            Some(end) => at = end,
            None => captures.truncate(known),
        }
    }
    captures.retain(|capture| !capture.name.is_empty());
    Some(captures)
}

/// Where the section ends.
fn read_section<'a>(parts: &[Part], body: &'a str, from: usize, out: &mut Vec<Capture<'a>>) -> Option<usize> {
    let mut at = from;
    let mut far = false;
    for (part, next) in parts.iter().zip(parts.iter().skip(1).map(Some).chain([None])) {
        let rest = body.get(at..)?;
        match part {
            Part::Anything => far = true,
            Part::Literal(options) => {
                at += match far {
                    true => find(options, rest)?.end,
                    false => options.iter().filter_map(|option| fits(option, rest, 0)).next()?,
                };
                far = false;
            }
            Part::Capture { name, read, optional } => {
                let stop = match next {
                    Some(Part::Literal(options)) => find(options, rest).map(|found| Some(found.start)),
                    _ => Some(None),
                };
                match stop.and_then(|stop| read(rest, stop)) {
                    Some((range, value)) => {
                        at += range.end;
                        out.push(Capture { name, part: rest.get(range)?, value });
                    }
                    None if *optional => {}
                    None => return None,
                }
            }
        }
    }
    Some(at)
}

/// Where the first of the literals stands.
fn find(options: &[String], text: &str) -> Option<Range<usize>> {
    let places =
        options.iter().filter_map(|option| look::places(text, option).find_map(|at| Some(at..fits(option, text, at)?)));
    places.min_by_key(|found| found.start)
}

/// Where the literal ends that stands here, unless it is the beginning of a longer number.
fn fits(option: &str, text: &str, at: usize) -> Option<usize> {
    let behind = text.get(at..)?.strip_prefix(option)?;
    let goes_on = option.ends_with(|c: char| c.is_ascii_digit()) && behind.starts_with(|c: char| c.is_ascii_digit());
    (!goes_on).then_some(at + option.len())
}

/// Shapes of a list, of which one look at the line finds those that are worth a try: two words, since one has bits for 128.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Mask(u128, u128);

impl Mask {
    const BITS: usize = 256;

    /// With one more shape.
    fn with(self, shape: usize) -> Mask {
        match shape.checked_sub(128) {
            None => Mask(self.0 | 1 << shape, self.1),
            Some(shape) => Mask(self.0, self.1 | 1 << shape),
        }
    }

    fn or(self, other: Mask) -> Mask {
        Mask(self.0 | other.0, self.1 | other.1)
    }

    /// Takes the first of them out.
    fn take_first(&mut self) -> Option<usize> {
        let (word, from) = if self.0 != 0 { (&mut self.0, 0) } else { (&mut self.1, 128) };
        let first = (*word != 0).then(|| word.trailing_zeros() as usize)?;
        *word &= *word - 1;
        Some(from + first)
    }
}

/// So many bytes of a literal of each shape are looked for,
const NEEDLE: usize = 6;
/// by windows of four of them,
const WINDOW: usize = 4;
/// so that it is enough to look at each third place.
const STEP: usize = NEEDLE - WINDOW + 1;

/// A list of shapes. The first that fits a line is the one.
pub(super) struct Shapes {
    /// Their sections: the first must be there, the others may.
    patterns: Vec<Vec<Vec<Part>>>,
    /// Bits of the windows that occur: most lines have none of them.
    known: Vec<u64>,
    /// Windows and the shapes that have them, sorted.
    windows: Vec<(u32, Mask)>,
    /// Shapes without a literal that is long enough.
    always: Mask,
}

impl Shapes {
    pub(super) fn new(lines: impl Iterator<Item = &'static str>) -> Shapes {
        let patterns: Vec<_> = lines.map(|line| line.split('¦').map(section).collect::<Vec<_>>()).collect();
        assert!(patterns.len() <= Mask::BITS, "a longer list needs a wider mask, or to be two");
        let mut windows: Vec<(u32, Mask)> = Vec::new();
        let mut always = Mask::default();
        for (pattern, bit) in patterns.iter().zip(0..) {
            let needles = needles(pattern);
            if needles.is_empty() || needles.iter().any(|needle| needle.len() < NEEDLE) {
                always = always.with(bit);
                continue;
            }
            for needle in needles {
                // Letters occur everywhere.
                let rare = |piece: &&[u8]| piece.iter().filter(|byte| !byte.is_ascii_lowercase()).count();
                let piece = needle.as_bytes().windows(NEEDLE).max_by_key(rare).unwrap_or_default();
                windows.extend(piece.windows(WINDOW).map(|window| (window_of(window), Mask::default().with(bit))));
            }
        }
        windows.order();
        windows.dedup_by(|(window, mask), (kept, of)| {
            if window == kept {
                *of = of.or(*mask);
            }
            window == kept
        });
        let mut known = vec![0; 1 << 10];
        for (window, _) in &windows {
            let (at, bit) = place(*window);
            if let Some(word) = known.get_mut(at) {
                *word |= bit;
            }
        }
        Shapes { patterns, known, windows, always }
    }

    /// Which shape the line has, and what stands in it.
    pub(super) fn read<'a>(&self, body: &'a str) -> Option<(usize, Vec<Capture<'a>>)> {
        let mut mask = self.always;
        for window in body.as_bytes().windows(WINDOW).step_by(STEP).map(window_of) {
            let (at, bit) = place(window);
            if self.known.get(at).is_some_and(|word| word & bit != 0)
                && let Ok(found) = self.windows.binary_search_by_key(&window, |(known, _)| *known)
            {
                mask = self.windows.get(found).map_or(mask, |(_, of)| mask.or(*of));
            }
        }
        while let Some(index) = mask.take_first() {
            if let Some(captures) = self.patterns.get(index).and_then(|pattern| read(pattern, body)) {
                return Some((index, captures));
            }
        }
        None
    }
}

fn window_of(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

/// The place of a window among the bits.
fn place(window: u32) -> (usize, u64) {
    let hash = window.wrapping_mul(0x9E37_79B1) >> 16;
    ((hash >> 6) as usize, 1 << (hash & 63))
}
