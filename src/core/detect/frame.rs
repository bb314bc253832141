//! What stands around every line of a copied log, whoever put it there: the stamp of a build, the name of a container, a number, a
//! border, a comment sign, tags, quotation marks.
//!
//! ```text
//! orders         | 2025-08-05T03:54:03Z   S0     S1     E      O
//! [03:54:03] :     [Step 1/2] Last State:     Terminated
//! │ Mem:       16262144    15262144
//! <li>[12.345s][info][gc] GC(3) Pause Young (Normal) 24M->9M(64M) 3.456ms</li>
//! ```
//!
//! No list of programs is kept. Lines at the beginning of a text, and below one that nobody takes, wait for each other; if they begin
//! alike, and formats claim more of them without that than with it, it is a frame, and goes as long as lines have it. `transport` knows
//! the prefixes that carry a time, a host, or a process.

use std::borrow::Cow;

use crate::detect::ordinary::may_be_read;
use crate::detect::transport::escapes;

/// A sure claim against those of which a reader may think again.
pub(super) const SURE: usize = 8;
/// Lines that wait for each other at most.
const BATCH: usize = 8;
/// Bytes of a line that a frame may take.
const MAX_PREFIX: usize = 160;
/// Longest text in brackets that is one word of a frame.
const MAX_BRACKET: usize = 80;
/// Lines without the frame that end it,
const MAX_MISSES: u8 = 2;
/// and lines in it of which nobody takes one.
const MAX_IDLE: u32 = 256;
/// Full batches without a frame, one behind the other, after which only some of the lines wait.
const PATIENCE: u32 = 4;
/// Then one batch of so many lines does, and of twice as many after each that has none,
const SAMPLE: u32 = 16 * BATCH as u32;
/// so many times.
const RARER: u32 = 3;

/// What a line waits as.
pub(super) struct Held {
    /// Its number.
    pub(super) number: u32,
    /// One that copying put there.
    pub(super) is_between: bool,
    /// The line.
    pub(super) raw: String,
}

/// Lines that wait, and the frame that was found.
pub(super) struct Frames {
    held: Vec<Held>,
    /// What the lines that wait begin with.
    common: Vec<Common>,
    frame: Option<Frame>,
    misses: u8,
    /// Lines since one was taken.
    idle: u32,
    /// True at the beginning, and below a line that nobody took.
    is_cold: bool,
    failures: u32,
    /// Lines in batches that were not full, and had none either, since a line was taken.
    in_vain: usize,
    /// What the lines that wait end with.
    closers: Vec<&'static str>,
}

impl Default for Frames {
    fn default() -> Frames {
        Frames {
            held: Vec::new(),
            common: Vec::new(),
            frame: None,
            misses: 0,
            idle: 0,
            is_cold: true,
            failures: 0,
            in_vain: 0,
            closers: Vec::new(),
        }
    }
}

/// What a line of the frame is without it.
pub(super) struct Inside<'a> {
    /// What was taken off at the front.
    pub(super) before: Cow<'a, str>,
    /// The line itself.
    pub(super) text: Cow<'a, str>,
}

impl Inside<'_> {
    fn into_owned(self) -> Inside<'static> {
        Inside { before: Cow::Owned(self.before.into_owned()), text: Cow::Owned(self.text.into_owned()) }
    }
}

#[derive(Clone, Debug)]
struct Frame {
    tokens: Vec<Common>,
    /// Blanks behind them at most.
    pad: usize,
    /// What stands at the end, the last first.
    closers: Vec<&'static str>,
    /// Words are the same in each line.
    is_literal: bool,
}

/// What several lines have at one place.
#[derive(Clone, Debug)]
struct Common {
    kind: Kind,
    /// The word, as long as it is the same in all of them.
    word: Option<String>,
    /// Its number in the last of them, as long as it counts them.
    number: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Word,
    /// A time of day, a date, or a large number, as clocks print.
    Time,
    Blank,
    /// A text in brackets that begin with that.
    Bracket(char),
    /// The uptime that a JVM puts before what it logs: what follows is its own.
    Uptime,
    Mark(char),
}

/// A piece of a line.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
    /// Where it ends.
    end: usize,
}

/// A line as it was before a page or a terminal showed it.
fn plain(raw: &str) -> Cow<'_, str> {
    escapes::undo(raw).map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// `{`, `"MESSAGE" : "…"`
fn is_of_object(line: &str) -> bool {
    let line = line.trim_start();
    let member = line.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(_, behind)| behind.trim_start());
    line.starts_with(['{', '}']) || member.is_some_and(|behind| behind.starts_with(':'))
}

/// The pieces of the front of a line, behind its indentation.
fn tokens(line: &str) -> Vec<Token<'_>> {
    let window = line.get(..line.floor_char_boundary(MAX_PREFIX)).unwrap_or(line);
    let mut tokens = Vec::new();
    let mut at = window.len() - window.trim_start_matches([' ', '\t']).len();
    while let Some(rest) = window.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let (kind, length) = match first {
            ' ' | '\t' => (Kind::Blank, rest.len() - rest.trim_start_matches([' ', '\t']).len()),
            '[' | '<' | '{' => {
                let close = match first {
                    '[' => ']',
                    '<' => '>',
                    _ => '}',
                };
                let end = rest.find(close).filter(|end| *end <= MAX_BRACKET);
                let is_uptime = |end: usize| rest.get(1..end).is_some_and(is_uptime);
                match end {
                    Some(end) if is_uptime(end) => (Kind::Uptime, end + 1),
                    Some(end) => (Kind::Bracket(first), end + 1),
                    None => (Kind::Mark(first), 1),
                }
            }
            first if is_of_word(first) => {
                let length = word_length(rest);
                let is_time = rest.get(..length).is_some_and(is_time);
                (if is_time { Kind::Time } else { Kind::Word }, length)
            }
            other => (Kind::Mark(other), other.len_utf8()),
        };
        let Some(text) = rest.get(..length) else { break };
        at += length;
        tokens.push(Token { kind, text, end: at });
    }
    tokens
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '/' | '@')
}

/// `12.345s`, `12345ms`, `12345678ns`
fn is_uptime(inside: &str) -> bool {
    let number = inside.trim_end_matches(|c: char| c.is_ascii_lowercase());
    matches!(inside.get(number.len()..), Some("s" | "ms" | "ns"))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// `03:54:03.123`, `2025-08-05T03:54:03Z`, `1754366043000`.
fn is_time(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_clock = word.contains(':') && digits >= 3 && word.bytes().filter(u8::is_ascii_alphabetic).count() <= 3;
    word.starts_with(|c: char| c.is_ascii_digit()) && (is_clock || digits == word.len() && digits >= 10)
}

/// A time and a path with a line are one word: a dash or a colon inside belongs to it, and a comma between digits.
fn word_length(text: &str) -> usize {
    let mut rest = text.char_indices().peekable();
    let mut last = ' ';
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map_or(' ', |(_, next)| *next);
        let is_inside = match c {
            ',' => last.is_ascii_digit() && next.is_ascii_digit(),
            ':' | '.' | '-' | '+' => next.is_alphanumeric(),
            _ => is_of_word(c),
        };
        if !is_inside {
            return at;
        }
        last = c;
    }
    text.len()
}

impl Common {
    /// Objects of JSON are read as what they are, and what a JVM logs with its time.
    fn is_of_object(&self) -> bool {
        match self.kind {
            Kind::Mark(mark) => mark == '{',
            Kind::Bracket(mark) => mark == '{' && self.word.as_ref().is_none_or(|word| word.contains("\":")),
            Kind::Uptime => true,
            Kind::Word | Kind::Time | Kind::Blank => false,
        }
    }

    fn of(token: &Token<'_>) -> Common {
        let number = Some(token).filter(|token| token.kind == Kind::Word).and_then(|token| number(token.text));
        Common { kind: token.kind, word: Some(token.text.to_owned()), number }
    }

    /// Notes the piece of the next line. `false` if it is another.
    fn note(&mut self, token: &Token<'_>) -> bool {
        if self.kind != token.kind {
            return false;
        }
        self.word.take_if(|word| word != token.text);
        self.number = self.number.and_then(|last| number(token.text).filter(|number| *number == last + 1));
        true
    }
}

/// The number of a line: `12`, `L12`.
fn number(word: &str) -> Option<u64> {
    word.strip_prefix('L').unwrap_or(word).parse().ok()
}

/// Notes the pieces of the next line. Returns how many of them are the same.
fn note_all(common: &mut [Common], tokens: &[Token<'_>]) -> usize {
    let mut pairs = common.iter_mut().zip(tokens);
    pairs.position(|(common, token)| !common.note(token)).unwrap_or(common.len().min(tokens.len()))
}

/// What stands at the end of lines, the last first: borders, tags, marks, line ends as text.
fn closers(line: &str) -> Vec<&'static str> {
    const CLOSERS: [&str; 12] = ["│", "┃", "|", "<br>", "<br/>", "<br />", "\\n", "\"", "'", "`", "*", ">"];
    let mut found = Vec::new();
    let mut rest = line.trim_end();
    while let Some(closer) = CLOSERS.iter().find(|closer| rest.ends_with(**closer)).filter(|_| found.len() < 8) {
        if *closer == ">" {
            let Some(at) = rest.rfind("</") else { break };
            rest = rest.get(..at).unwrap_or_default().trim_end();
        } else {
            rest = rest.strip_suffix(closer).unwrap_or(rest).trim_end();
        }
        found.push(*closer);
    }
    found
}

/// A line without what stands at its end. A comma or a plus behind a quotation mark separates the lines of a list.
fn without_closers<'a>(line: &'a str, closers: &[&str]) -> &'a str {
    let mut rest = without_separator(line);
    for closer in closers {
        let inner = match *closer {
            ">" => rest.ends_with('>').then(|| rest.rfind("</")).flatten().and_then(|at| rest.get(..at)),
            closer => rest.strip_suffix(closer),
        };
        let Some(inner) = inner else { break };
        rest = inner.trim_end();
    }
    rest
}

fn without_separator(line: &str) -> &str {
    let line = line.trim_end();
    let inner = line.trim_end_matches([',', '+', ';', ' ']);
    if inner.len() < line.len() && inner.ends_with('"') { inner } else { line }
}

impl Frame {
    /// A line without the frame. `None` if it has none.
    fn inside<'a>(&self, line: &'a str) -> Option<Inside<'a>> {
        let found = tokens(line);
        let is_same = |(common, token): (&Common, &Token<'_>)| {
            let is_word = !self.is_literal || common.kind != Kind::Word || common.word.as_deref() == Some(token.text);
            common.kind == token.kind && is_word
        };
        let is_all = self.tokens.iter().zip(&found).all(is_same);
        let is_short = found.len() < self.tokens.len();
        if !is_all || is_short && self.tokens.get(found.len()..)?.iter().any(|token| token.kind != Kind::Blank) {
            return None;
        }
        let end = self
            .tokens
            .len()
            .checked_sub(1)
            .and_then(|last| found.get(last).or(found.last()))
            .map_or(0, |token| token.end);
        let (before, rest) = line.split_at_checked(end)?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = rest.get(blanks.min(self.pad)..).unwrap_or(rest);
        if self.closers.is_empty() {
            return Some(Inside { before: Cow::Borrowed(before), text: Cow::Borrowed(rest) });
        }
        let rest = without_closers(rest, &self.closers);
        let is_quoted = self.closers.contains(&"\"") && (rest.contains('\\') || rest.contains("\"\""));
        let text = match is_quoted {
            true => {
                Cow::Owned(rest.replace("\\\"", "\"").replace("\"\"", "\"").replace("\\t", "\t").replace("\\\\", "\\"))
            }
            false => Cow::Borrowed(rest),
        };
        Some(Inside { before: Cow::Borrowed(before), text })
    }
}

/// True for a mark that no sentence puts behind a word at its beginning.
fn is_sure(kind: Kind) -> bool {
    match kind {
        Kind::Bracket(_) | Kind::Time => true,
        Kind::Mark(mark) => {
            !matches!(mark, ':' | '.' | '-' | '(' | ')' | ',' | '\'' | '"' | '`' | '=' | '%' | '$' | '!' | '?')
        }
        Kind::Word | Kind::Blank | Kind::Uptime => false,
    }
}

impl Frames {
    /// True if a line is to wait for the next ones.
    pub(super) fn wants(&self, number: u32, raw: &str) -> bool {
        let is_sample = || match self.failures.checked_sub(PATIENCE) {
            Some(failures) => number % (SAMPLE << failures.min(RARER)) < BATCH as u32,
            None => true,
        };
        // Objects of JSON are read as what they are, and may go on over many lines.
        let is_open = || is_sample() && !raw.trim().is_empty() && !is_of_object(&plain(raw));
        !self.held.is_empty() || self.is_cold && self.frame.is_none() && is_open()
    }

    /// True if a frame was found and has not ended.
    pub(super) fn has_one(&self) -> bool {
        self.frame.is_some()
    }

    /// True if lines wait.
    pub(super) fn is_waiting(&self) -> bool {
        !self.held.is_empty()
    }

    /// True if a line has nothing around it that those that wait have.
    pub(super) fn breaks(&self, raw: &str) -> bool {
        if raw.trim().is_empty() || self.common.is_empty() {
            return false;
        }
        let raw = &plain(raw);
        if is_of_object(raw) {
            return true;
        }
        let found = tokens(raw);
        let mut common = self.common.clone();
        let same = note_all(&mut common, &found);
        common.truncate(same);
        let is_short = same == found.len();
        !is_short
            && (1..=same).all(|length| !is_prefix(&common, length))
            && alike(&self.closers, &closers(without_separator(raw))) == 0
    }

    /// Lets a line wait. True if that is enough of them.
    pub(super) fn hold(&mut self, number: u32, raw: &str, is_between: bool) -> bool {
        if !is_between && !raw.trim().is_empty() {
            let plain = plain(raw);
            let found = tokens(&plain);
            let of_line = closers(without_separator(&plain));
            if self.common.is_empty() {
                self.common = found.iter().map(Common::of).collect();
                self.closers = of_line;
            } else {
                let same = note_all(&mut self.common, &found);
                // A line that holds nothing but the frame.
                if same < found.len() {
                    self.common.truncate(same);
                    self.closers.truncate(alike(&self.closers, &of_line));
                }
            }
        }
        self.held.push(Held { number, is_between, raw: raw.to_owned() });
        self.held.iter().filter(|held| !held.is_between && !held.raw.trim().is_empty()).count() >= BATCH
            || self.held.len() >= 4 * BATCH
    }

    /// The lines that have waited; what follows stands in the frame that they have, if they have one: `known` says how much of
    /// its front the transports take off, `rate` how surely a format claims it.
    pub(super) fn settle(&mut self, known: impl Fn(&str) -> usize, rate: impl Fn(&str) -> usize) -> Vec<Held> {
        let common = std::mem::take(&mut self.common);
        let held = std::mem::take(&mut self.held);
        let lines: Vec<Cow<'_, str>> = held
            .iter()
            .filter(|held| !held.is_between && !held.raw.trim().is_empty())
            .map(|held| plain(held.raw.trim_end()))
            .collect();
        let lines: Vec<&str> = lines.iter().map(Cow::as_ref).collect();
        self.frame = found(&common, &std::mem::take(&mut self.closers), &lines, known, rate);
        (self.misses, self.idle) = (0, 0);
        match self.frame {
            None if lines.len() >= BATCH => self.failures = self.failures.saturating_add(1),
            None => {
                self.in_vain = self.in_vain.saturating_add(lines.len());
                if self.in_vain > MAX_IDLE as usize {
                    self.failures = self.failures.max(PATIENCE);
                }
            }
            Some(_) => (self.failures, self.in_vain) = (0, 0),
        }
        held
    }

    /// A line without the frame that was found.
    pub(super) fn inside<'a>(&mut self, raw: &'a str) -> Option<Inside<'a>> {
        let frame = self.frame.as_ref()?;
        if raw.trim().is_empty() {
            return None;
        }
        let inside = match escapes::undo(raw) {
            None => frame.inside(raw),
            Some(plain) => frame.inside(&plain).map(Inside::into_owned),
        };
        self.misses = if inside.is_some() { 0 } else { self.misses.saturating_add(1) };
        if self.misses >= MAX_MISSES {
            self.frame = None;
        }
        inside
    }

    /// Notes whether a line with text was taken.
    pub(super) fn note(&mut self, is_taken: bool) {
        self.is_cold = !is_taken;
        self.idle = self.idle.saturating_add(1);
        if is_taken {
            (self.failures, self.in_vain, self.idle) = (0, 0, 0);
        } else if self.idle > MAX_IDLE && self.frame.take().is_some() {
            self.failures = PATIENCE;
        }
    }
}

/// How many of two lists begin alike.
fn alike(a: &[&str], b: &[&str]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// True if a frame may end behind so many pieces that lines have in common.
fn is_prefix(common: &[Common], length: usize) -> bool {
    let Some((last, tokens)) = common.get(..length).and_then(|tokens| Some((tokens.last()?.kind, tokens))) else {
        return false;
    };
    let is_literal = tokens.iter().all(|token| token.kind != Kind::Word || token.word.is_some());
    let is_numbered = tokens.first().is_some_and(|token| token.number.is_some());
    let is_sure = tokens.iter().any(|token| is_sure(token.kind));
    // `PRIORITY=4`, `MESSAGE=…`: fields of an entry.
    let names = tokens.iter().zip(tokens.iter().skip(1));
    let mut fields = names.filter(|(name, sign)| sign.kind == Kind::Mark('=') && name.word.is_none());
    match last {
        _ if tokens.iter().any(Common::is_of_object) || fields.next().is_some() => false,
        Kind::Blank | Kind::Uptime => false,
        Kind::Word | Kind::Time => {
            let is_end = common.get(length).is_some_and(|next| next.kind == Kind::Blank);
            is_end && (is_sure || is_literal || is_numbered && length == 1)
        }
        Kind::Mark(_) | Kind::Bracket(_) => is_sure || is_literal || is_numbered && length == 2,
    }
}

/// How many of the closers close something that the tokens opened, or always end a line.
fn closed(tokens: &[Common], closers: &[&'static str]) -> usize {
    let opened = |closer: &str| {
        tokens.iter().filter(|token| matches!(token.kind, Kind::Mark(mark) if closer.starts_with(mark))).count()
    };
    let is_closed = |(at, closer): (usize, &&'static str)| match *closer {
        ">" => tokens.iter().any(|token| token.kind == Kind::Bracket('<')),
        "|" | "\"" | "'" | "`" | "*" => {
            let same = closers.iter().take(at + 1).filter(|other| *other == closer).count();
            opened(closer) >= same
        }
        _ => true,
    };
    closers.iter().enumerate().take_while(|pair| is_closed(*pair)).count()
}

/// The frame of these lines, which have so much in common at their beginning and at their end.
fn found(
    common: &[Common],
    closers: &[&'static str],
    lines: &[&str],
    known: impl Fn(&str) -> usize,
    rate: impl Fn(&str) -> usize,
) -> Option<Frame> {
    if lines.len() < 2 || !lines.iter().any(|line| may_be_read(line)) {
        return None;
    }
    let plain: usize = lines.iter().map(|line| rate(line)).sum();
    let mut best: Option<((usize, usize), Frame)> = None;
    for length in 0..=common.len() {
        let tokens = common.get(..length)?.to_vec();
        let closers = closers.get(..closed(&tokens, closers))?.to_vec();
        if !(is_prefix(common, length) || length == 0 && !closers.is_empty()) {
            continue;
        }
        let is_sure = tokens.iter().any(|token| is_sure(token.kind));
        let is_numbered = tokens.first().is_some_and(|token| token.number.is_some());
        let mut frame = Frame { tokens, pad: 0, closers, is_literal: !is_sure && !is_numbered };
        let indent = |line: &&str| {
            let inside = frame.inside(line)?;
            let text = inside.text.trim_start_matches([' ', '\t']);
            (!text.is_empty()).then_some(inside.text.len() - text.len())
        };
        let is_within_known = |line: &&str| {
            frame.inside(line).is_some_and(|inside| !line.is_empty() && inside.before.len() < known(line))
        };
        let has_none = |line: &&str| frame.inside(line).is_none();
        let is_known = |line: &&str| frame.inside(line).is_some_and(|inside| inside.before.len() <= known(line));
        if frame.closers.is_empty() && lines.iter().all(is_known) {
            continue;
        }
        if lines.iter().any(has_none) || length > 0 && lines.iter().any(is_within_known) {
            continue;
        }
        let Some(pad) = lines.iter().filter_map(indent).min() else { continue };
        frame.pad = pad;
        let rates: Vec<usize> =
            lines.iter().filter_map(|line| frame.inside(line)).map(|inside| rate(&inside.text)).collect();
        let inside: usize = rates.iter().sum();
        // What stands on both sides of every line is none of what the line says.
        let is_sure = || frame.closers.iter().any(|closer| !matches!(*closer, "|" | "\"" | "'" | "`" | "*"));
        let is_escaped = || lines.iter().any(|line| line.contains("\\\"") || line.contains("\"\""));
        let is_around = !frame.closers.is_empty() && (is_sure() || is_escaped() || inside * 2 >= SURE * lines.len());
        let score = (inside, frame.closers.len());
        if rates.contains(&SURE)
            && inside >= plain + usize::from(!is_around)
            && best.as_ref().is_none_or(|(most, _)| score > *most)
        {
            best = Some((score, frame));
        }
    }
    best.map(|(_, frame)| frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of the lines of a text of which those with these words are claimed.
    fn inside(text: &str, claimed: &[&str]) -> Vec<String> {
        let mut frames = Frames::default();
        for (number, line) in (1..).zip(text.lines()) {
            assert!(!frames.breaks(line), "{line}");
            frames.hold(number, line, false);
        }
        let rate = |text: &str| if claimed.iter().any(|word| text.starts_with(word)) { SURE } else { 0 };
        let held = frames.settle(|_| 0, rate);
        let left = |line: &Held| frames.inside(&line.raw).map(|inside| inside.text.into_owned());
        held.iter().map(left).map(Option::unwrap_or_default).collect()
    }

    #[test]
    fn what_every_line_begins_with_goes() {
        for text in [
            "00:00:01.5  Mem: 7\n00:00:02.5   used\n",
            "orders | Mem: 7\norders |  used\n",
            "│ Mem: 7\n│  used\n",
            "9. Mem: 7\n10.  used\n",
            "orders-7d9f x2x Mem: 7\norders-7d9f x2x  used\n",
            "<li>Mem: 7</li>\n<li> used</li>\n",
            "\"Mem: 7\\n\" +\n\" used\\n\"\n",
        ] {
            assert_eq!(inside(text, &["Mem:"]), ["Mem: 7", " used"], "{text}");
        }
    }

    #[test]
    fn nothing_is_taken_off_what_nobody_claims_and_off_sentences() {
        for text in ["we saw: Mem: 7\nand then: used\n", "orders | a\norders | b\n", "| Mem: 7\n* used\n"] {
            let mut frames = Frames::default();
            for (number, line) in (1..).zip(text.lines()) {
                if frames.is_waiting() && frames.breaks(line) {
                    frames.settle(|_| 0, |text| SURE * usize::from(text.starts_with("Mem:")));
                }
                frames.hold(number, line, false);
            }
            frames.settle(|_| 0, |text| SURE * usize::from(text.starts_with("Mem:")));
            assert!(frames.frame.is_none(), "{text}");
        }
    }

    #[test]
    fn lines_without_the_frame_end_it() {
        let mut frames = Frames::default();
        frames.hold(1, "orders | Mem: 7", false);
        frames.hold(2, "orders | used", false);
        frames.settle(|_| 0, |text| SURE * usize::from(text.starts_with("Mem:")));
        assert!(frames.inside("orders | more").is_some() && frames.inside("a sentence").is_none());
        assert!(frames.inside("orders |").is_some_and(|inside| inside.text.is_empty()));
        assert!(frames.inside("another").is_none() && frames.inside("a third").is_none());
        assert!(frames.inside("orders | more").is_none());
    }

    #[test]
    fn a_frame_of_which_nobody_takes_a_line_goes() {
        let mut frames = Frames::default();
        frames.hold(1, "orders | Mem: 7", false);
        frames.hold(2, "orders | used", false);
        frames.settle(|_| 0, |text| SURE * usize::from(text.starts_with("Mem:")));
        frames.note(true);
        (0..MAX_IDLE).for_each(|_| frames.note(false));
        assert!(frames.has_one());
        frames.note(false);
        assert!(!frames.has_one());
    }
}
