//! Splits bytes into lines and decodes them. The page uses the same code to show a source, so numbers always agree.

use std::borrow::Cow;

use crate::visible::is_formatting;

/// A line longer than this is read only up to here.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// Byte offsets are noted for every n-th line, so that a window of a large source can be read without the rest.
pub const LINES_PER_CHECKPOINT: u32 = 256;

/// Bytes that are checked at once, and so are still near when their lines are read.
const BLOCK: usize = 1 << 14;

/// Bytes of a source that tell its encoding,
pub const HEAD_BYTES: usize = 256;
/// and so many without a NUL byte that tell that it is a plain text.
const MIN_TEXT: usize = 4;

/// A decoded line.
#[derive(Debug)]
pub struct RawLine<'a> {
    /// 1-based.
    pub number: u32,
    /// The text without terminator, escape sequences, and NUL bytes; other blanks made plain.
    pub text: &'a str,
    /// Bytes of the line if it is longer than [`MAX_LINE_BYTES`].
    pub cut_from: Option<u64>,
    /// True if some bytes were not UTF-8.
    pub damaged: bool,
    /// False for the rest of a source behind its last line end: it may go on.
    pub ended: bool,
}

/// Splits a stream at LF, CRLF, and lone CR, and at what word processors and web pages put there ([`line_break`]).
#[derive(Debug, Default)]
pub struct LineSplitter {
    carry: Vec<u8>,
    /// The first bytes of a source, until there are enough to tell its encoding.
    head: Vec<u8>,
    /// Bytes of the unfinished line that were not kept.
    dropped: u64,
    started: bool,
    after_cr: bool,
    lines: u32,
    offset: u64,
    /// Where the unfinished line starts.
    line_start: u64,
    checkpoints: Vec<u64>,
    /// Up to here some line is not clean, so that each is checked by itself.
    mixed_until: u64,
    utf16: Option<Utf16>,
}

#[derive(Debug)]
struct Utf16 {
    big_endian: bool,
    odd: Option<u8>,
    high: Option<u16>,
}

impl LineSplitter {
    /// For a part of a source that starts at a line of its own inside it: what only the beginning of a source tells is
    /// not looked for.
    pub fn inside() -> LineSplitter {
        LineSplitter { started: true, ..LineSplitter::default() }
    }

    /// Feeds bytes; complete lines go to `each`.
    pub fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(RawLine<'_>)) {
        if self.started {
            self.feed_encoded(bytes, each);
            return;
        }
        if self.head.is_empty() && !may_tell_more(bytes) {
            self.start(bytes, each);
            return;
        }
        self.head.extend_from_slice(bytes);
        if !may_tell_more(&self.head) {
            let head = std::mem::take(&mut self.head);
            self.start(&head, each);
        }
    }

    /// Hands over an unfinished last line.
    pub fn finish(&mut self, each: &mut dyn FnMut(RawLine<'_>)) {
        if !self.head.is_empty() {
            let head = std::mem::take(&mut self.head);
            self.start(&head, each);
        }
        if !self.carry.is_empty() || self.dropped > 0 {
            let carry = std::mem::take(&mut self.carry);
            self.emit(&carry, false, each);
        }
    }

    fn start(&mut self, bytes: &[u8], each: &mut dyn FnMut(RawLine<'_>)) {
        self.started = true;
        self.checkpoints.push(0);
        self.utf16 = sniff_utf16(bytes);
        let plain = bytes.strip_prefix(b"\xEF\xBB\xBF");
        if plain.is_some() {
            self.offset = 3;
            self.line_start = 3;
        }
        self.feed_encoded(plain.unwrap_or(bytes), each);
    }

    fn feed_encoded(&mut self, bytes: &[u8], each: &mut dyn FnMut(RawLine<'_>)) {
        if self.utf16.is_some() {
            let decoded = self.decode_utf16(bytes);
            self.feed_utf8(decoded.as_bytes(), each);
        } else {
            self.feed_utf8(bytes, each);
        }
    }

    /// Lines handed over so far.
    pub fn lines(&self) -> u32 {
        self.lines
    }

    /// Byte offset of line 1, 1 + [`LINES_PER_CHECKPOINT`], and so on.
    pub fn checkpoints(&self) -> &[u64] {
        &self.checkpoints
    }

    /// Bytes of the line that is not complete yet.
    pub fn unfinished(&self) -> u64 {
        self.head.len() as u64 + self.offset.saturating_sub(self.line_start)
    }

    /// Forgets where lines began and how many there were, of a source without an end.
    pub fn forget_lines(&mut self) {
        self.checkpoints.clear();
        self.lines = 0;
    }

    fn feed_utf8(&mut self, bytes: &[u8], each: &mut dyn FnMut(RawLine<'_>)) {
        let mut rest = bytes;
        if self.after_cr {
            // The CR that ended the last chunk has ended its line already.
            self.after_cr = false;
            if let Some(tail) = rest.strip_prefix(b"\n") {
                self.offset += 1;
                self.line_start = self.offset;
                rest = tail;
                self.move_last_checkpoint();
            }
        }
        loop {
            if self.carry.is_empty() && self.dropped == 0 {
                rest = self.feed_clean(rest, each);
            }
            let Some(at) = memchr::memchr2(b'\n', b'\r', rest) else { break };
            let (line, tail) = rest.split_at(at);
            let crlf = tail.starts_with(b"\r\n");
            let tail = tail.get(if crlf { 2 } else { 1 }..).unwrap_or_default();
            if tail.is_empty() && !crlf && rest.last() == Some(&b'\r') {
                self.after_cr = true;
            }
            self.offset += (rest.len() - tail.len()) as u64;
            if self.carry.is_empty() && self.dropped == 0 {
                self.emit(line, true, each);
            } else {
                self.keep(line);
                let carry = std::mem::take(&mut self.carry);
                self.emit(&carry, true, each);
                self.carry = carry;
                self.carry.clear();
            }
            rest = tail;
        }
        self.keep(rest);
        self.offset += rest.len() as u64;
    }

    /// The fast path: whole lines of which each byte is read as it stands, checked many at once. Returns what is left, from the first
    /// other line on.
    fn feed_clean<'a>(&mut self, bytes: &'a [u8], each: &mut dyn FnMut(RawLine<'_>)) -> &'a [u8] {
        let mut rest = bytes;
        while self.offset >= self.mixed_until
            && let Some(end) = memchr::memrchr(b'\n', rest.get(..BLOCK).unwrap_or(rest))
        {
            let (block, behind) = rest.split_at(end + 1);
            let Some(text) = std::str::from_utf8(block).ok().filter(|_| is_clean(block)) else {
                self.mixed_until = self.offset + block.len() as u64;
                break;
            };
            rest = behind;
            let mut from = 0;
            for end in memchr::memchr_iter(b'\n', block) {
                let line = text.get(from..end).unwrap_or_default();
                from = end + 1;
                self.offset += line.len() as u64 + 1;
                self.next_line(self.offset);
                each(RawLine { number: self.lines, text: line, cut_from: None, damaged: false, ended: true });
            }
        }
        self.feed_clean_lines(rest, each)
    }

    /// The same line by line: one ends like those of DOS, is longer than a block, or is not clean.
    fn feed_clean_lines<'a>(&mut self, bytes: &'a [u8], each: &mut dyn FnMut(RawLine<'_>)) -> &'a [u8] {
        let mut rest = bytes;
        while let Some(at) = memchr::memchr(b'\n', rest) {
            let (line, tail) = rest.split_at(at);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let clean = line.len() <= MAX_LINE_BYTES && is_clean(line);
            let Some(text) = clean.then(|| std::str::from_utf8(line).ok()).flatten() else { break };
            rest = tail.get(1..).unwrap_or_default();
            self.offset += at as u64 + 1;
            self.next_line(self.offset);
            each(RawLine { number: self.lines, text, cut_from: None, damaged: false, ended: true });
        }
        rest
    }

    /// Counts a line; the next one starts at `start`.
    fn next_line(&mut self, start: u64) {
        self.lines = self.lines.saturating_add(1);
        self.line_start = start;
        if self.lines.is_multiple_of(LINES_PER_CHECKPOINT) {
            self.checkpoints.push(start);
        }
    }

    fn keep(&mut self, part: &[u8]) {
        let room = MAX_LINE_BYTES.saturating_sub(self.carry.len()).min(part.len());
        self.carry.extend_from_slice(part.get(..room).unwrap_or_default());
        self.dropped += (part.len() - room) as u64;
    }

    fn emit(&mut self, line: &[u8], ended: bool, each: &mut dyn FnMut(RawLine<'_>)) {
        let whole = line.len() as u64 + std::mem::take(&mut self.dropped);
        let mut kept = line.get(..MAX_LINE_BYTES).unwrap_or(line);
        let cut_from = (whole > kept.len() as u64).then_some(whole);
        while let Some((at, length)) = line_break(kept) {
            let (piece, rest) = kept.split_at(at);
            kept = rest.get(length..).unwrap_or_default();
            if kept.is_empty() {
                // It stands before another line end.
                kept = piece;
                break;
            }
            self.next_line(self.line_start + (at + length) as u64);
            let (text, damaged) = decode_line(piece);
            each(RawLine { number: self.lines, text: &text, cut_from: None, damaged, ended: true });
        }
        self.next_line(self.offset);
        let (text, damaged) = decode_line(kept);
        each(RawLine { number: self.lines, text: &text, cut_from, damaged, ended });
    }

    fn move_last_checkpoint(&mut self) {
        if self.lines > 0
            && self.lines.is_multiple_of(LINES_PER_CHECKPOINT)
            && let Some(last) = self.checkpoints.last_mut()
        {
            *last = self.offset;
        }
    }

    fn decode_utf16(&mut self, bytes: &[u8]) -> String {
        let Some(state) = self.utf16.as_mut() else { return String::new() };
        let mut units = Vec::with_capacity(bytes.len() / 2 + 2);
        units.extend(state.high.take());
        let mut bytes = bytes.iter().copied();
        let mut first = state.odd.take().or_else(|| bytes.next());
        while let Some(one) = first {
            let Some(two) = bytes.next() else {
                state.odd = Some(one);
                break;
            };
            units.push(if state.big_endian { u16::from_be_bytes([one, two]) } else { u16::from_le_bytes([one, two]) });
            first = bytes.next();
        }
        if let Some(last) = units.last().copied().filter(|unit| (0xD800..0xDC00).contains(unit)) {
            units.pop();
            state.high = Some(last);
        }
        char::decode_utf16(units).filter(|c| *c != Ok('\u{feff}')).map(|c| c.unwrap_or('\u{fffd}')).collect()
    }
}

fn sniff_utf16(bytes: &[u8]) -> Option<Utf16> {
    let big_endian = match encoding_of(bytes) {
        Encoding::Utf8 => return None,
        Encoding::Utf16Le => false,
        Encoding::Utf16Be => true,
    };
    Some(Utf16 { big_endian, odd: None, high: None })
}

/// True if the next bytes may still tell the encoding of a source that begins like this: it holds a NUL byte, a part of a byte
/// order mark, or too little of anything.
fn may_tell_more(start: &[u8]) -> bool {
    let is_text = |bytes: &[u8]| memchr::memchr(0, bytes).is_none();
    match start {
        [] | [_] => true,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => false,
        [0xEF, ..] if start.len() < 3 => true,
        _ => start.len() < HEAD_BYTES && !start.get(..MIN_TEXT).is_some_and(is_text),
    }
}

/// How a source is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or something that is read as if it were.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// The encoding that the beginning of a source ([`HEAD_BYTES`] of it, if there are so many) tells: UTF-16 by its byte order mark,
/// or by a text in which NUL bytes stand at every other place, as often as blanks, digits, and Latin letters do in a log.
pub fn encoding_of(start: &[u8]) -> Encoding {
    match start {
        [0xFF, 0xFE, ..] => return Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => return Encoding::Utf16Be,
        _ => {}
    }
    let (pairs, _) = start.get(..HEAD_BYTES).unwrap_or(start).as_chunks::<2>();
    let high_last = pairs.iter().filter(|[high, low]| *high != 0 && *low == 0).count();
    let high_first = pairs.iter().filter(|[high, low]| *high == 0 && *low != 0).count();
    let enough = pairs.len().div_ceil(4).max(3);
    match (high_last, high_first) {
        (count, 0) if count >= enough => Encoding::Utf16Le,
        (0, count) if count >= enough => Encoding::Utf16Be,
        _ => Encoding::Utf8,
    }
}

/// Decodes one line: lossy UTF-8 as a terminal would show it, without escape sequences, control characters, and characters of no
/// width; blanks of every kind are plain ones. The second value is true if bytes were not UTF-8.
pub fn decode_line(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    // The check alone is several times faster than the repair, and almost every line passes it.
    let (text, damaged) = match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (String::from_utf8_lossy(bytes), true),
    };
    let is_odd = |c: char| is_control(c) || is_blank(c) || is_formatting(c);
    if is_plain(bytes) || !text.contains(is_odd) {
        return (text, damaged);
    }
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\u{9b}' => skip_control_sequence(&mut chars),
            '\u{8}' => {
                clean.pop();
            }
            c if is_control(c) || is_formatting(c) => {}
            c if is_blank(c) => clean.push(' '),
            c => clean.push(c),
        }
    }
    (Cow::Owned(clean), damaged)
}

/// Place and length of the first line end that is neither LF nor CR: U+2028, U+2029, U+0085, VT, and FF, but not where a page begins,
/// nor in the binary length of a journal's field.
fn line_break(line: &[u8]) -> Option<(usize, usize)> {
    if is_plain(line) {
        return None;
    }
    let length_at = |at: usize| match line.get(at..)? {
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => Some(3),
        [0xC2, 0x85, ..] => Some(2),
        [0xB | 0xC, 0, ..] => None,
        [0xB | 0xC, ..] if at > 0 => Some(1),
        _ => None,
    };
    (0..line.len()).find_map(|at| Some((at, length_at(at)?)))
}

/// True for ASCII without control characters but tabs and line feeds. Looks at every byte of a piece, which compilers do with many
/// bytes at once.
fn is_plain(bytes: &[u8]) -> bool {
    let plain = |byte: &u8| matches!(byte, b'\t' | b'\n' | b' '..=b'~');
    bytes.chunks(1 << 10).all(|piece| piece.iter().fold(true, |all, byte| all & plain(byte)))
}

/// True if nothing in lines of UTF-8 is taken off, made a blank, or a line end: they have no control characters but tabs and line feeds,
/// and only characters of which the first byte says that they are none of those ([`decode_line`]). Latin, Cyrillic, Hangul, and Han are so.
fn is_clean(bytes: &[u8]) -> bool {
    let clean =
        |byte: &u8| matches!(byte, b'\t' | b'\n' | b' '..=b'~' | 0x80..=0xBF | 0xC3..=0xCB | 0xCE..=0xD7 | 0xE4..=0xED);
    bytes.chunks(1 << 10).all(|piece| piece.iter().fold(true, |all, byte| all & clean(byte)))
}

/// What a terminal obeys or does not show. Other control characters stay: the journal's export counts in them.
fn is_control(c: char) -> bool {
    matches!(c, '\0' | '\u{7}' | '\u{8}' | '\u{b}' | '\u{c}' | '\u{e}' | '\u{f}' | '\u{1b}' | '\u{7f}'..='\u{9f}')
}

fn is_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Skips the rest of an escape sequence: CSI up to its final byte, a command of the system or of a device up to BEL or ST, else
/// one character behind those of the class that names a set of characters (`ESC ( B`).
fn skip_escape(chars: &mut Chars<'_>) {
    match chars.next() {
        Some('[') => skip_control_sequence(chars),
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' {
                    break;
                }
                if c == '\u{1b}' {
                    chars.next();
                    break;
                }
            }
        }
        Some(' '..='/') => while chars.next().is_some_and(|c| (' '..='/').contains(&c)) {},
        _ => {}
    }
}

fn skip_control_sequence(chars: &mut Chars<'_>) {
    while let Some(c) = chars.next_if(|c| (' '..='~').contains(c)) {
        if ('@'..='~').contains(&c) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_line_is_read_as_it_stands() {
        for c in ('\0'..=char::MAX).filter(|c| is_clean(c.to_string().as_bytes())) {
            let text = format!("a{c}b");
            assert!(c == '\t' || decode_line(text.as_bytes()) == (Cow::Borrowed(&*text), false), "{c:?}");
            assert_eq!(line_break(text.as_bytes()), None, "{c:?}");
        }
        assert!(is_clean("주문 4711 이 저장되었습니다. Zażółć, Ёж, 你".as_bytes()));
    }

    fn split(chunks: &[&[u8]]) -> Vec<String> {
        let mut splitter = LineSplitter::default();
        let mut lines = Vec::new();
        for chunk in chunks {
            splitter.feed(chunk, &mut |line| lines.push(line.text.to_owned()));
        }
        splitter.finish(&mut |line| lines.push(line.text.to_owned()));
        lines
    }

    #[test]
    fn all_line_ends_are_known_at_every_cut() {
        let text = b"one\r\ntwo\rthree\n\nfive";
        let whole = split(&[text]);
        assert_eq!(whole, ["one", "two", "three", "", "five"]);
        for at in 0..text.len() {
            let (a, b) = text.split_at(at);
            assert_eq!(split(&[a, b]), whole, "cut at {at}");
        }
    }

    #[test]
    fn line_ends_of_word_processors_and_web_pages_are_known() {
        let text = "one\u{2028}two\u{2029}three\u{85}four\u{b}five\nsix\u{c}seven\u{2028}\n\u{c}eight\u{2028}";
        let lines = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
        assert_eq!(split(&[text.as_bytes()]), lines);
        for at in 0..text.len() {
            let (a, b) = text.as_bytes().split_at(at);
            assert_eq!(split(&[a, b]), lines, "cut at {at}");
        }
    }

    #[test]
    fn a_checkpoint_is_where_its_line_starts() {
        for end in ["\n", "\r\n", "\r", "\u{2028}", "\u{b}"] {
            let text: String = (1..=600).map(|number| format!("{number}{end}")).collect();
            let mut splitter = LineSplitter::default();
            splitter.feed(text.as_bytes(), &mut |_| {});
            splitter.finish(&mut |_| {});
            let starts: Vec<&str> = splitter.checkpoints().iter().filter_map(|at| text.get(*at as usize..)).collect();
            assert_eq!(starts.len(), 3, "{end:?}");
            for (start, first) in starts.iter().zip(["1", "257", "513"]) {
                assert!(start.starts_with(&format!("{first}{end}")), "{end:?}");
            }
        }
    }

    #[test]
    fn utf16_of_both_orders_is_read_at_every_cut() {
        let text = "가나 jstat\r\n😀 row\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut with_mark = vec![0xFF, 0xFE];
        with_mark.extend(&little);
        let mut big = vec![0xFE, 0xFF];
        big.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        for at in 0..with_mark.len() {
            let (a, b) = with_mark.split_at(at);
            assert_eq!(split(&[a, b]), ["가나 jstat", "😀 row"], "cut at {at}");
        }
        assert_eq!(split(&[&big]), ["가나 jstat", "😀 row"]);
    }

    #[test]
    fn colours_nul_bytes_and_odd_blanks_go() {
        assert_eq!(decode_line(b"\x1b[31mKilled\x1b[0m\x00 \xC2\xA0x").0, "Killed  x");
        assert!(decode_line(b"\xff\xfe!").1);
        assert_eq!(decode_line("\u{2003}8\u{202f}192\u{3000}kB\u{200b}\u{2069}".as_bytes()).0, " 8 192 kB");
    }

    #[test]
    fn what_a_terminal_obeys_is_not_shown() {
        for (sent, shown) in [
            ("\x1b(B\x1b[mKilled\x1b[K\x0f", "Killed"),
            ("\x1b]8;;http://a/12\x1b\\Killed\x1b]8;;\x07 7", "Killed 7"),
            ("\x1b]0;root@web01: /12\x07# free", "# free"),
            ("\x1bPtmux;12\x1b\\Killed", "Killed"),
            ("\u{9b}31mKilled\u{9b}0m", "Killed"),
            ("\x1b[?25l\x1b7Killed\x1b8\x1b=", "Killed"),
            ("K\x08Ki\x08illed \x08\x0b\x0c", "Killed"),
        ] {
            assert_eq!(decode_line(sent.as_bytes()).0, shown, "{sent:?}");
        }
    }

    #[test]
    fn utf16_without_a_mark_is_known_by_its_nul_bytes_alone() {
        let korean = "[화  8월  5 03:54:03 2025] memory: usage 4194304kB, limit 4194304kB\n";
        let little: Vec<u8> = korean.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = korean.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((encoding_of(&little), encoding_of(&big)), (Encoding::Utf16Le, Encoding::Utf16Be));
        // A log that was cut while its writer kept its place, one with stray NUL bytes, and a number in eight bytes.
        let zeros = [&[0; 300][..], b"[0.1s] GC(0)"].concat();
        for text in [&zeros[..], b"1\0 2\0 12345678901234567890", b"MESSAGE\n\x1b\x03\0\0\0\0\0\0active_anon"] {
            assert_eq!(encoding_of(text), Encoding::Utf8, "{text:?}");
        }
    }

    #[test]
    fn checkpoints_point_at_line_starts() {
        let mut text = Vec::new();
        for line in 1..=600 {
            text.extend_from_slice(format!("line {line}\r\n").as_bytes());
        }
        for at in [text.len(), 3, 2814, 2815, 2816, 2817] {
            let mut splitter = LineSplitter::default();
            let (a, b) = text.split_at(at);
            splitter.feed(a, &mut |_| {});
            splitter.feed(b, &mut |_| {});
            for (nth, offset) in splitter.checkpoints().iter().enumerate() {
                let start = text.get(*offset as usize..).unwrap_or_default();
                let expected = format!("line {}\r", nth as u32 * LINES_PER_CHECKPOINT + 1);
                assert!(start.starts_with(expected.as_bytes()), "checkpoint {nth} after a cut at {at}");
            }
            assert_eq!(splitter.checkpoints().len(), 3);
        }
    }

    #[test]
    fn a_line_without_end_is_bounded() {
        let mut splitter = LineSplitter::default();
        let chunk = vec![b'x'; 1 << 20];
        for _ in 0..5 {
            splitter.feed(&chunk, &mut |_| panic!("no line yet"));
        }
        let mut seen = Vec::new();
        splitter.finish(&mut |line| seen.push((line.text.len(), line.cut_from)));
        assert_eq!(seen, [(MAX_LINE_BYTES, Some(5 << 20))]);
    }
}
