//! Where a value was read: sources, lines, and spans inside lines.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use crate::json::{Json, Reader, Schema, Shape, Writer, schema};
use crate::units::Micros;

/// Sources that one report can tell apart: each has a number of 16 bits, and the largest is no source.
pub const MAX_SOURCES: usize = u16::MAX as usize;

/// Bytes that a packed source may unpack to: any log fits, and what was made to unpack to a thousand times its size does not. Logs pack to
/// a tenth or a hundredth.
pub fn most_unpacked(packed: u64) -> u64 {
    const ALWAYS: u64 = 1 << 30;
    const RATIO: u64 = 200;
    packed.saturating_mul(RATIO).saturating_add(ALWAYS)
}

/// Part of one line of one source. Every value we show can answer "where did you read that?".
///
/// `start` and `end` are byte offsets in the line's decoded text; in JSON it is `[source, line, start, end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Index in the report's `sources`.
    pub source: u16,
    /// 1-based line number.
    pub line: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Json for Span {
    fn blank() -> Span {
        Span { source: 0, line: 0, start: 0, end: 0 }
    }

    fn write(&self, to: &mut Writer) {
        to.fields(&[&self.source, &self.line, &self.start, &self.end]);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        from.fields(&mut [&mut self.source, &mut self.line, &mut self.start, &mut self.end])
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema.tuple(&[u16::shape, u32::shape, u32::shape, u32::shape])
    }
}

/// One logical line as the readers see it: the text of the program that wrote it, without what a transport put around it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Index of the source.
    pub source: u16,
    /// 1-based number of the physical line.
    pub number: u32,
    /// How far the line of the text above stands from this one: 2 lines where copying put another behind each, else 1.
    pub step: u32,
    /// The physical line without its terminator.
    pub raw: &'a str,
    /// The line without quote marks, indentation by the transport, syslog header, kernel time and so on. Inner
    /// indentation is kept. Usually a part of `raw`; owned elsewhere where a transport had escaped it.
    pub body: &'a str,
    /// What the transport said about time and host.
    pub stamp: Stamp<'a>,
    /// What is known of the lines around it.
    pub around: &'a Around,
}

/// What readers may know of a line's surroundings without having taken them.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Number of a last line without line end: what stands at its end may be cut.
    pub unterminated: Option<u32>,
    /// The last `4711:`, which jcmd prints above its answers, or other words of who answers: process and place.
    pub answers: Option<(u32, Span)>,
    /// Number of the last prompt of a shell, for readers that count the same thing again.
    pub prompt: Option<u32>,
    /// True if the last command of a shell that did more than ask how another ended started a JVM.
    pub ran_jvm: bool,
    /// Number of the last line with text that a reader took: what stood above it led to that line.
    pub taken: Option<u32>,
    /// Number of the last line that recommends what stands below it.
    pub advice: Option<u32>,
    /// The last line with the time of a logger.
    pub logged: Option<Logged>,
}

#[cfg(test)]
impl Around {
    /// What is known from the beginning on of lines of a text.
    pub(crate) fn of(text: &str) -> Around {
        let last = u32::try_from(text.lines().count()).ok().filter(|_| !text.ends_with('\n'));
        Around { unterminated: last, ..Around::default() }
    }
}

/// Around a line that stands alone.
static NOTHING: Around =
    Around { unterminated: None, answers: None, prompt: None, ran_jvm: false, taken: None, advice: None, logged: None };

impl<'a> Line<'a> {
    /// A line without any prefix, for tests and for text made by readers.
    pub fn of(raw: &'a str) -> Line<'a> {
        Line { source: 0, number: 1, step: 1, raw, body: raw, stamp: Stamp::default(), around: &NOTHING }
    }

    /// Lines of the text from the one with this number to this one; 1 for the next one.
    pub fn since(&self, number: u32) -> u32 {
        self.number.saturating_sub(number).div_ceil(self.step.max(1))
    }

    /// The process that printed the line, where the transport says it, and where it says so.
    pub fn pid(&self) -> Option<(u32, Span)> {
        let digits = self.stamp.pid?;
        Some((digits.parse().ok()?, self.span_of(digits)))
    }

    /// Where `part`, a piece of `raw` or `body`, stands. The whole line if it cannot be told.
    pub fn span_of(&self, part: &str) -> Span {
        let at = (part.as_ptr() as usize).wrapping_sub(self.raw.as_ptr() as usize);
        let at = if at <= self.raw.len() && at.saturating_add(part.len()) <= self.raw.len() {
            Some(at)
        } else if part.is_empty() {
            None
        } else {
            self.raw.find(part)
        };
        let (start, end) = match at {
            Some(start) => (start, start.saturating_add(part.len())),
            None => (0, self.raw.len()),
        };
        Span { source: self.source, line: self.number, start: clamp(start), end: clamp(end) }
    }

    /// True if the text ends with this line, and the line without its line end.
    pub fn is_unterminated(&self) -> bool {
        self.around.unterminated == Some(self.number)
    }

    /// The same, and what stands there may go on.
    pub fn is_cut(&self) -> bool {
        // One physical line may hold several.
        let last_word = |text: &str| text.rsplit(|c: char| !c.is_alphanumeric()).next().map(str::to_owned);
        self.is_unterminated() && last_word(self.raw.trim_end()) == last_word(self.body.trim_end())
    }

    /// The whole line.
    pub fn span(&self) -> Span {
        Span { source: self.source, line: self.number, start: 0, end: clamp(self.raw.len()) }
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Bytes kept of a line at most.
const MAX_EXCERPT_BYTES: usize = 400;

/// What is kept of a line's text.
pub fn excerpt(raw: &str) -> &str {
    let text = raw.trim_end();
    let mut end = text.len().min(MAX_EXCERPT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Lines that copying put between those of the texts, and readers do not see: stretches in which every second line is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copies(Vec<Stretch>);

/// The first and the last such line of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    source: u16,
    first: u32,
    last: u32,
}

impl Copies {
    /// Stretches that are remembered at most.
    const MAX: usize = 10_000;

    /// Notes such a line; they come in order.
    pub fn note(&mut self, source: u16, number: u32) {
        let known = self.0.len();
        match self.0.last_mut() {
            Some(stretch) if stretch.source == source && stretch.last.saturating_add(2) == number => {
                stretch.last = number;
            }
            _ if known < Copies::MAX => self.0.push(Stretch { source, first: number, last: number }),
            _ => {}
        }
    }

    /// Lines of the text from one of its lines to a later one: 1 to the next. 0 if it is none.
    pub fn apart(&self, source: u16, from: u32, to: u32) -> u32 {
        let start = self.0.partition_point(|stretch| (stretch.source, stretch.last) < (source, from));
        let here = self.0.get(start..).unwrap_or_default();
        let between = here.iter().take_while(|stretch| stretch.source == source && stretch.first < to).map(|stretch| {
            let before = |number: u32| number.clamp(stretch.first, stretch.last.saturating_add(1)) - stretch.first;
            before(to).div_ceil(2) - before(from).div_ceil(2).min(before(to).div_ceil(2))
        });
        to.saturating_sub(from).saturating_sub(between.sum())
    }
}

/// What a transport (dmesg, syslog, journal, container log) said about a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// Time since boot: the kernel's own timestamp.
    pub uptime: Option<Micros>,
    /// Wall-clock time.
    pub wall: Option<Wall>,
    /// Host name, where the transport prints one.
    pub host: Option<&'a str>,
    /// Thread or processor that printed a kernel line: `T7301`, `C0`.
    pub caller: Option<&'a str>,
    /// Process that printed the line, as syslog and the journal name it: `java[4711]: `.
    pub pid: Option<&'a str>,
}

/// A wall-clock time as printed, with what it leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Json)]
pub struct Wall {
    /// Microseconds since the Unix epoch; read as if UTC where no zone was printed.
    pub micros: Micros,
    /// True if the text named the zone, so that `micros` really is UTC.
    pub zone_known: bool,
    /// False for syslog's `Aug  5 03:54:03`, where the year is not printed and stands as 1970 in `micros`.
    pub year_known: bool,
}

/// The last line with the time of a logger, for an error that stands below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its time.
    pub wall: Wall,
    /// The line.
    pub span: Span,
    /// The last line of what the logger printed so far.
    pub last_line: u32,
    /// The line's text, for evidence.
    pub text: String,
}

impl Logged {
    /// For the first such line.
    pub fn new(wall: Wall, line: &Line<'_>) -> Logged {
        let mut logged = Logged { wall, span: line.span(), last_line: line.number, text: String::new() };
        logged.renew(wall, line);
        logged
    }

    /// Puts another line in place of this one.
    pub fn renew(&mut self, wall: Wall, line: &Line<'_>) {
        (self.wall, self.span, self.last_line) = (wall, line.span(), line.number);
        self.text.clear();
        self.text.push_str(excerpt(line.raw));
    }

    /// True if a line stands directly below what the logger printed.
    pub fn is_above(&self, line: &Line<'_>) -> bool {
        self.span.source == line.source && line.since(self.last_line) == 1
    }
}

impl Wall {
    /// The time in UTC, or else the one whose zone is not known.
    pub fn split(self) -> (Option<Micros>, Option<Micros>) {
        if self.zone_known { (Some(self.micros), None) } else { (None, Some(self.micros)) }
    }
}

/// Which field of a record was read where. In JSON an object from field name to `[source, line, start, end]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(Vec<(Cow<'static, str>, Span)>);

impl Places {
    /// Notes that `field` was read at `span`; a later note replaces an earlier one.
    pub fn put(&mut self, field: &'static str, span: Span) {
        self.insert(Cow::Borrowed(field), span);
    }

    /// Like [`Places::put`] for a field named after a key of the text: `memory.active_anon`.
    pub fn put_key(&mut self, field: String, span: Span) {
        self.insert(Cow::Owned(field), span);
    }

    /// Takes over what is noted there and not here.
    pub fn fill_from(&mut self, other: &Places) {
        for (field, span) in &other.0 {
            if self.get(field).is_none() {
                self.insert(field.clone(), *span);
            }
        }
    }

    /// Takes over where these fields stand, as far as it is noted there; in place of what is noted here.
    pub fn fill_some(&mut self, other: &Places, fields: &[&'static str]) {
        for field in fields {
            if let Some(span) = other.get(field) {
                self.put(field, span);
            }
        }
    }

    fn insert(&mut self, field: Cow<'static, str>, span: Span) {
        match self.0.binary_search_by(|(name, _)| name.cmp(&field)) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = span;
                }
            }
            Err(at) => self.0.insert(at, (field, span)),
        }
    }

    /// Where `field` was read.
    pub fn get(&self, field: &str) -> Option<Span> {
        let at = self.0.binary_search_by(|(name, _)| name.as_ref().cmp(field)).ok()?;
        self.0.get(at).map(|(_, span)| *span)
    }

    /// Forgets where `field` was read.
    pub fn remove(&mut self, field: &str) {
        self.0.retain(|(name, _)| name != field);
    }

    /// Gives back the room that was taken ahead.
    pub fn tighten(&mut self) {
        self.0.shrink_to_fit();
    }

    /// True if nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All notes, by field name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        self.0.iter().map(|(name, span)| (name.as_ref(), *span))
    }
}

impl Json for Places {
    fn blank() -> Places {
        Places::default()
    }

    fn write(&self, to: &mut Writer) {
        to.object(&mut |to| self.0.iter().for_each(|(field, span)| to.field(field, span)));
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        from.object(&mut |field, from| {
            let mut span = Span::blank();
            span.read(from)?;
            self.insert(Name::from(field).0, span);
            Some(())
        })
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema::by_name(&Span::shape(schema))
    }
}

/// A name that thousands of records have, of fields or columns: kept once for all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(Cow<'static, str>);

/// Names that are kept once, at most: there are a few hundred.
const MAX_NAMES: usize = 4096;

impl From<&str> for Name {
    fn from(name: &str) -> Name {
        thread_local! {
            static KNOWN: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
        }
        Name(KNOWN.with_borrow_mut(|known| match known.get(name) {
            Some(known) => Cow::Borrowed(*known),
            None if known.len() < MAX_NAMES && name.len() < 64 => {
                let kept: &'static str = Box::leak(Box::from(name));
                known.insert(kept);
                Cow::Borrowed(kept)
            }
            None => Cow::Owned(name.to_owned()),
        }))
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, name: &str) -> bool {
        self.0 == name
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, name: &&str) -> bool {
        self.0 == *name
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Json for Name {
    fn blank() -> Name {
        Name(Cow::Borrowed(""))
    }

    fn write(&self, to: &mut Writer) {
        to.text(self);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = Name::from(&*from.text()?);
        Some(())
    }

    fn shape(schema: &mut Schema) -> Shape {
        String::shape(schema)
    }
}

/// A source as the report lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct SourceSummary {
    /// File name, or what the page calls a paste.
    pub name: String,
    /// Size as it came, before decoding.
    pub bytes: u64,
    /// Number of lines.
    pub lines: u32,
    /// Lines that a reader took, and prompts and fences around them.
    pub understood_lines: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_line_knows_where_it_stands() {
        let line = Line { number: 7, ..Line::of("[ 1.0] Killed process 12 (java)") };
        let part = line.raw.get(7..13).unwrap_or_default();
        assert_eq!(line.span_of(part), Span { source: 0, line: 7, start: 7, end: 13 });
        assert_eq!(line.span_of(&String::from("12")), Span { source: 0, line: 7, start: 22, end: 24 });
        assert_eq!(line.span_of(&String::from("absent")).end, 31);
    }

    #[test]
    fn lines_that_copying_put_between_others_do_not_count() {
        let mut copies = Copies::default();
        (2..20).step_by(2).for_each(|number| copies.note(0, number));
        (31..40).step_by(2).for_each(|number| copies.note(0, number));
        for (from, to, apart) in [(1, 3, 1), (3, 5, 1), (1, 19, 9), (19, 20, 1), (21, 22, 1), (17, 32, 13), (3, 3, 0)] {
            assert_eq!(copies.apart(0, from, to), apart, "{from} to {to}");
        }
        assert_eq!((copies.apart(1, 3, 5), copies.apart(0, 5, 3)), (2, 0));
    }

    #[test]
    fn places_survive_json() {
        let mut places = Places::default();
        places.put("anon_rss", Span { source: 0, line: 3, start: 4, end: 9 });
        let json = crate::json::text(&places);
        assert_eq!(json, r#"{"anon_rss":[0,3,4,9]}"#);
        assert_eq!(crate::json::read::<Places>(json.as_bytes()).expect("reads"), places);
    }

    #[test]
    fn the_name_of_a_field_is_kept_once_for_all_records() {
        let read = || crate::json::read::<Places>(r#"{"anon_rss":[0,3,4,9]}"#.as_bytes()).expect("reads");
        let (one, other) = (read(), read());
        let name = |places: &Places| places.iter().next().map(|(name, _)| name.as_ptr());
        assert!(name(&one).is_some() && name(&one) == name(&other));
        let long = format!("{{\"{}\":[0,3,4,9]}}", "x".repeat(200));
        assert_ne!(
            name(&crate::json::read(long.as_bytes()).expect("reads")),
            name(&crate::json::read(long.as_bytes()).expect("reads"))
        );
    }
}
