//! Takes off what a transport put before a line: quote marks, dmesg and syslog prefixes, journal fields, container
//! wrappers. Remembers time and host. One physical line may hold several logical ones.
//!
//! `prefix` knows everything that stands before a text on the same line, `journal` the forms that need more than one
//! line, `object` lines that are JSON, `dates` the words in dates. Order of work for one physical line: quote marks,
//! journal entry, JSON, then prefixes from the left until none matches, escapes, and messages glued into one line.

mod dates;
pub(crate) mod escapes;
mod folded;
mod journal;
mod object;
mod prefix;

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::civil;
use crate::detect::surroundings::{Surrounding, classify};
use crate::source::{Line, Span, Stamp, Wall};
use crate::warning::{Warning, WarningKind};

use journal::{Journal, Part};
use prefix::Seen;

/// Bytes of a container log line put together from partial ones at most.
const MAX_JOINED_BYTES: usize = 1 << 20;
/// What Markdown takes for code.
const INDENTS: [&str; 2] = ["    ", "\t"];
/// Bytes of a line that tell whether it is prose.
const MAX_PREVIOUS: usize = 200;
/// Wrappers inside wrappers: a container log of a journal entry of a kernel line.
const MAX_DEPTH: u8 = 3;

/// Per-source state of the transports: a journal entry's header holds for the lines below it.
#[derive(Debug, Default)]
pub struct Transport {
    journal: Journal,
    object: object::Pretty,
    happened: object::Happened,
    /// The minute that `dmesg -H` printed last.
    minute: Option<Wall>,
    /// Beginning of a container log line that goes on in the next.
    partial: String,
    /// What stands before every line of a code block, as Markdown wants it.
    indent: Option<&'static str>,
    /// The last line that was not blank, up to [`MAX_PREVIOUS`] bytes, and whether a blank one follows it.
    previous: String,
    after_blank: bool,
    /// The last line was a record of /dev/kmsg, which may be followed by ` KEY=value` lines.
    after_kmsg: bool,
    warnings: Vec<Warning>,
}

/// A physical line on its way to the readers.
#[derive(Clone, Copy)]
pub struct Physical<'a> {
    /// Index of the source.
    pub source: u16,
    /// Its number.
    pub number: u32,
    /// The whole of it.
    pub raw: &'a str,
}

/// What a transport of one line leaves of it.
pub(super) fn bare(text: &str) -> &str {
    let mut text = prefix::uncode(prefix::unquote(prefix::without_number(prefix::unquote(text)))).trim_end();
    for _ in 0..MAX_DEPTH {
        text = prefix::strip(text, &mut Seen::new(Stamp::default(), None));
    }
    text
}

/// What the text before a line tells of its time, host, and process.
pub(super) fn stamp_of(before: &str) -> Stamp<'_> {
    let mut seen = Seen::new(Stamp::default(), None);
    prefix::strip(before, &mut seen);
    let time = |word| civil::iso_time(word).filter(|(_, rest)| rest.is_empty()).map(|(wall, _)| wall);
    let words = || before.split([' ', '\t', ',', '|', '"', '[', ']']);
    seen.stamp.wall = seen.stamp.wall.or_else(|| words().find_map(time));
    seen.stamp
}

type Each<'e> = dyn FnMut(&Line<'_>) + 'e;

impl Transport {
    /// Hands each logical line of a physical one to `each`, of which `text` is what a frame leaves, and `outer` what that tells. Returns true if the line is the transport's own (a journal
    /// entry's header, a field without text for readers) and holds nothing else.
    pub fn unwrap(&mut self, physical: Physical<'_>, text: &str, outer: Stamp<'_>, each: &mut Each<'_>) -> bool {
        let Physical { source, number, raw } = physical;
        let plain = escapes::undo(text);
        let text = prefix::without_number(prefix::unquote(plain.as_deref().unwrap_or(text))).trim_end();
        let text = prefix::uncode(prefix::unquote(self.outdent(text)));
        let trimmed = text.trim_start();
        match self.journal.line(text, trimmed) {
            Part::None => {}
            Part::Own => {
                if let Some(micros) = self.journal.take_disagreement() {
                    let end = u32::try_from(raw.len()).unwrap_or(u32::MAX);
                    let span = Span { source, line: number, start: 0, end };
                    self.warnings.push(Warning { span, kind: WarningKind::ClocksDisagree { micros } });
                }
                return true;
            }
            Part::Message(message) => {
                let host = self.journal.host();
                let stamp = Stamp { host: host.as_deref(), ..self.journal.stamp() };
                self.lines(physical, message, stamp, 0, each);
                return false;
            }
        }
        match trimmed.as_bytes().first() {
            Some(b'{' | b'"' | b'}' | b'[' | b']' | b'0'..=b'9' | b'd' | 0x1e) => {
                if let Some(own) = self.object_line(physical, trimmed, each) {
                    return own;
                }
            }
            Some(b'A'..=b'Z') if self.after_kmsg && text.starts_with(' ') && journal::field(trimmed).is_some() => {
                return true;
            }
            _ => {}
        }
        self.after_kmsg = false;
        let outer = Stamp { wall: outer.wall.or(self.happened.time_of(number, trimmed)), ..outer };
        match escapes::breaks(text) {
            Some(lines) => self.lines(physical, &lines, outer, 0, each),
            None => self.emit(physical, text, outer, 0, each),
        }
        false
    }

    /// True where nothing that a line before began goes on: no entry of a journal, no object, no line in parts, no block of code.
    pub fn is_idle(&self) -> bool {
        self.journal.is_idle()
            && self.object.is_idle()
            && self.partial.is_empty()
            && self.indent.is_none()
            && !self.after_kmsg
    }

    /// Takes the indentation of a code block off, which begins behind a blank line below prose.
    fn outdent<'t>(&mut self, text: &'t str) -> &'t str {
        if text.is_empty() {
            self.after_blank = true;
            return text;
        }
        let starts = self.after_blank || self.previous.is_empty();
        if self.indent.is_some_and(|indent| !text.starts_with(indent)) {
            self.indent = None;
        }
        if self.indent.is_none() && starts {
            let indent = INDENTS
                .iter()
                .find(|indent| text.strip_prefix(**indent).is_some_and(|rest| !rest.starts_with([' ', '\t'])));
            self.indent =
                indent.filter(|_| matches!(classify(&self.previous), Surrounding::Blank | Surrounding::Prose)).copied();
        }
        self.after_blank = false;
        self.previous.clear();
        self.previous.push_str(text.get(..MAX_PREVIOUS).unwrap_or(text));
        self.indent.and_then(|indent| text.strip_prefix(indent)).unwrap_or(text)
    }

    /// The source has ended: hands over a message whose entry was cut off.
    pub fn finish(&mut self, source: u16, each: &mut Each<'_>) {
        if let Some(message) = self.object.finish() {
            self.object_message(source, &message, each);
        }
    }

    /// What was noticed about clocks since the last call.
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// JSON over many lines, or one object. `None` if it is neither.
    fn object_line(&mut self, physical: Physical<'_>, trimmed: &str, each: &mut Each<'_>) -> Option<bool> {
        match self.object.line(physical.number, physical.raw, trimmed) {
            object::Part::None => {}
            object::Part::Own => return Some(true),
            object::Part::Message(message) => {
                self.object_message(physical.source, &message, each);
                return Some(false);
            }
        }
        let one = trimmed.strip_prefix("data: ").unwrap_or(trimmed);
        if !one.starts_with(['{', '\u{1e}']) {
            return None;
        }
        let message = object::one_line(one)?;
        let stamp = Stamp { host: message.host.as_deref(), ..message.stamp };
        self.lines(physical, &message.text, stamp, 1, each);
        Some(false)
    }

    fn object_message(&mut self, source: u16, message: &object::Pending, each: &mut Each<'_>) {
        let physical = Physical { source, number: message.number, raw: &message.raw };
        let stamp = Stamp { host: message.message.host.as_deref(), ..message.message.stamp };
        self.lines(physical, &message.message.text, stamp, 1, each);
    }

    /// A text that may hold several lines.
    fn lines(&mut self, physical: Physical<'_>, text: &str, outer: Stamp<'_>, depth: u8, each: &mut Each<'_>) {
        for part in text.trim_end().split('\n') {
            self.emit(physical, part.trim_end(), outer, depth, each);
        }
    }

    /// One line of text: prefixes off, escapes undone, glued messages parted.
    fn emit(&mut self, physical: Physical<'_>, text: &str, outer: Stamp<'_>, depth: u8, each: &mut Each<'_>) {
        let mut seen = Seen::new(outer, self.minute);
        let rest = prefix::strip(text, &mut seen);
        let rest = if rest.len() < text.len() { prefix::uncode(rest) } else { rest };
        self.minute = seen.minute;
        if let Some(whole) = seen.fragment {
            if self.partial.len().saturating_add(rest.len()) > MAX_JOINED_BYTES {
                self.partial.clear();
            }
            if !whole {
                self.partial.push_str(rest);
                // The blanks at its end stand between two words.
                self.partial
                    .extend(physical.raw.trim_end_matches(['\r', '\n']).chars().rev().take_while(|c| *c == ' '));
                return;
            }
            if depth < MAX_DEPTH {
                let mut joined = std::mem::take(&mut self.partial);
                if joined.is_empty() {
                    return self.lines(physical, rest, seen.stamp, depth + 1, each);
                }
                joined.push_str(rest);
                return self.lines(physical, &joined, seen.stamp, depth + 1, each);
            }
        }
        if (seen.wrapped || depth > 0)
            && depth < MAX_DEPTH
            && rest.starts_with('{')
            && let Some(message) = object::one_line(rest)
        {
            let host = message.host.as_deref().or(seen.stamp.host);
            let stamp = Stamp {
                host,
                wall: message.stamp.wall.or(seen.stamp.wall),
                uptime: message.stamp.uptime.or(seen.stamp.uptime),
                caller: None,
                pid: seen.stamp.pid,
            };
            return self.lines(physical, &message.text, stamp, depth + 1, each);
        }
        self.after_kmsg = seen.kmsg;
        if seen.kmsg && rest.contains("\\x") {
            let plain = escapes::hex(rest);
            return plain.split('\n').for_each(|part| part_glued(physical, part, seen.stamp, each));
        }
        if seen.header && rest.contains("#0") {
            let plain = escapes::rsyslog(rest);
            return plain.split('\n').for_each(|part| part_glued(physical, part, seen.stamp, each));
        }
        match folded::lines(rest) {
            Some(lines) => lines.into_iter().for_each(|part| part_glued(physical, part, seen.stamp, each)),
            None => part_glued(physical, rest, seen.stamp, each),
        }
    }
}

/// Hands over a text, split where a kernel time or a syslog header stands in the middle: messages glued into one line.
fn part_glued<'a>(physical: Physical<'a>, text: &'a str, stamp: Stamp<'a>, each: &mut Each<'_>) {
    let Physical { source, number, raw } = physical;
    let mut stamp = stamp;
    let mut rest = text;
    while let Some((before, next, after)) = next_glued(rest, stamp) {
        each(&Line { source, number, body: before, stamp, ..Line::of(raw) });
        (stamp, rest) = (next, after);
    }
    each(&Line { source, number, body: rest.trim_end(), stamp, ..Line::of(raw) });
}

/// The first message glued behind another: what stands before it, its stamp, and its text.
fn next_glued<'a>(text: &'a str, stamp: Stamp<'a>) -> Option<(&'a str, Stamp<'a>, &'a str)> {
    let timed = next_timed(text, stamp);
    let headed = next_headed(text, stamp);
    match (&timed, &headed) {
        (Some((timed, ..)), Some((headed, ..))) if timed.len() < headed.len() => {}
        (_, Some(_)) => return headed,
        _ => {}
    }
    timed
}

/// By a time in brackets, as the kernel or `dmesg -T` prints it.
fn next_timed<'a>(text: &'a str, stamp: Stamp<'a>) -> Option<(&'a str, Stamp<'a>, &'a str)> {
    for at in memchr::memchr_iter(b'[', text.as_bytes()).filter(|at| *at > 0) {
        let (before, from) = text.split_at_checked(at)?;
        let found = match from.as_bytes().get(1) {
            Some(b' ' | b'0'..=b'9') => {
                prefix::uptime(from).map(|(uptime, after)| (Stamp { uptime: Some(uptime), ..stamp }, after))
            }
            Some(b'A'..=b'Z' | 0x80..) => {
                prefix::date(from).map(|(wall, after)| (Stamp { wall: Some(wall), ..stamp }, after))
            }
            _ => None,
        };
        if let Some((next, after)) = found {
            let (caller, rest) = match prefix::caller(after) {
                Some((caller, rest)) => (Some(caller), rest),
                None => (None, after),
            };
            let before = prefix::without_trailing_header(before.trim_end());
            return Some((before, Stamp { caller, ..next }, rest));
        }
    }
    None
}

/// By a syslog header of the kernel: `Aug  5 03:54:03 web01 kernel: `.
fn next_headed<'a>(text: &'a str, stamp: Stamp<'a>) -> Option<(&'a str, Stamp<'a>, &'a str)> {
    static TAG: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" kernel: "));
    for at in TAG.find_iter(text.as_bytes()) {
        let whole = text.get(..at + " kernel:".len())?;
        let before = prefix::without_trailing_header(whole);
        if before.is_empty() || before.len() == whole.len() {
            continue;
        }
        let mut seen = Seen::new(Stamp::default(), None);
        let rest = prefix::strip(text.get(before.len()..)?.trim_start(), &mut seen);
        return Some((before, Stamp { uptime: seen.stamp.uptime.or(stamp.uptime), ..seen.stamp }, rest));
    }
    None
}

#[cfg(test)]
mod tests;
