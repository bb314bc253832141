//! The reader.

use std::borrow::Cow;

use super::{Choice, Json, Presence, Record};

/// What is left of a JSON text.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    /// Lists and objects that are open.
    depth: u32,
}

/// Lists and objects in each other: far more than a report has, far fewer than the stack holds.
const MAX_DEPTH: u32 = 100;

impl<'a> Reader<'a> {
    /// At the start.
    pub fn of(json: &'a [u8]) -> Reader<'a> {
        Reader { rest: json, depth: 0 }
    }

    /// A value behind which nothing comes.
    pub(super) fn whole(&mut self, value: &mut dyn Json) -> Option<()> {
        value.read(self)?;
        self.peek().is_none().then_some(())
    }

    /// The next byte that is no white space.
    pub fn peek(&mut self) -> Option<u8> {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
        self.rest.first().copied()
    }

    /// Takes a byte, if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        is_next
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.takes(byte).then_some(())
    }

    /// Takes a word, if it is the next one.
    pub fn takes_word(&mut self, word: &str) -> bool {
        self.peek();
        match self.rest.strip_prefix(word.as_bytes()) {
            Some(rest) => self.rest = rest,
            None => return false,
        }
        true
    }

    /// The first bytes for which that holds.
    fn take_while(&mut self, holds: fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| !holds(*byte)).unwrap_or(self.rest.len());
        let (mine, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        self.rest = rest;
        mine
    }

    /// A number as it is written.
    pub fn number(&mut self) -> Option<&'a str> {
        self.peek();
        let number = self.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
        std::str::from_utf8(number).ok().filter(|number| !number.is_empty())
    }

    /// A whole number.
    pub(super) fn integer(&mut self) -> Option<i128> {
        let number = self.number()?;
        let digits = number.strip_prefix('-').unwrap_or(number);
        if digits.len() > 20 {
            return None;
        }
        let value = digits.bytes().try_fold(0_i128, |value, byte| match byte {
            b'0'..=b'9' => Some(value * 10 + i128::from(byte - b'0')),
            _ => None,
        })?;
        (!digits.is_empty()).then_some(if digits.len() < number.len() { -value } else { value })
    }

    /// A text.
    pub fn text(&mut self) -> Option<Cow<'a, str>> {
        self.expect(b'"')?;
        let plain = std::str::from_utf8(self.take_while(|byte| byte != b'"' && byte != b'\\')).ok()?;
        if self.takes_now(b'"') {
            return Some(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        while !self.takes_now(b'"') {
            if self.takes_now(b'\\') {
                text.push(self.escaped()?);
            }
            let plain = self.take_while(|byte| byte != b'"' && byte != b'\\');
            text.push_str(std::str::from_utf8(plain).ok()?);
            self.rest.first()?;
        }
        Some(Cow::Owned(text))
    }

    fn takes_now(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => self.rest = rest,
            _ => return false,
        }
        true
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Option<char> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(match first {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'"' | b'\\' | b'/' => char::from(*first),
            b'u' => {
                let mut code = self.four_digits()?;
                if (0xd800..0xdc00).contains(&code) && self.takes_now(b'\\') && self.takes_now(b'u') {
                    let low = self.four_digits()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    code = 0x10000 + ((code - 0xd800) << 10) + low;
                }
                char::from_u32(code)?
            }
            _ => return None,
        })
    }

    fn four_digits(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
    }

    /// The items of a list, each read by a function.
    pub fn list(&mut self, item: &mut dyn FnMut(&mut Reader<'a>) -> Option<()>) -> Option<()> {
        self.each(*b"[]", item)
    }

    fn each(&mut self, [open, close]: [u8; 2], item: &mut dyn FnMut(&mut Reader<'a>) -> Option<()>) -> Option<()> {
        self.expect(open)?;
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())?;
        if !self.takes(close) {
            loop {
                item(self)?;
                if self.takes(close) {
                    break;
                }
                self.expect(b',')?;
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// The fields of an object, each read by a function that gets its name.
    pub fn object(&mut self, field: &mut dyn FnMut(&str, &mut Reader<'a>) -> Option<()>) -> Option<()> {
        self.each(*b"{}", &mut |from| {
            let name = from.text()?;
            from.expect(b':')?;
            field(&name, from)
        })
    }

    /// A record. Its fields mostly come in order.
    pub fn record(&mut self, record: &mut dyn Record) -> Option<()> {
        let fields = record.fields();
        let (mut seen, mut next) = (0_u64, 0);
        self.object(&mut |name, from| {
            let is_it = |at: &usize| fields.get(*at).is_some_and(|(known, _)| *known == name);
            let Some(at) = Some(next).filter(is_it).or_else(|| (0..fields.len()).find(is_it)) else {
                return from.pass_over();
            };
            next = at + 1;
            if seen & 1 << at != 0 {
                return None;
            }
            seen |= 1 << at;
            record.field_mut(at)?.read(from)
        })?;
        let is_there =
            |(at, (_, presence)): (usize, &(&str, Presence))| *presence != Presence::Required || seen & 1 << at != 0;
        fields.iter().enumerate().all(is_there).then_some(())
    }

    /// The fields of a tuple: a single one stands by itself.
    pub fn fields(&mut self, fields: &mut [&mut dyn Json]) -> Option<()> {
        if let [only] = fields {
            return only.read(self);
        }
        let mut rest = fields.iter_mut();
        self.list(&mut |from| rest.next()?.read(from))?;
        rest.next().is_none().then_some(())
    }

    /// One of several kinds: its name, or an object with its name and its fields.
    pub fn choice(&mut self, choice: &mut dyn Choice) -> Option<()> {
        if self.peek() == Some(b'"') {
            let kind = self.text()?;
            return choice.read_as(&kind, &mut Reader::of(b""));
        }
        let mut count = 0;
        self.object(&mut |kind, from| {
            count += 1;
            choice.read_as(kind, from)
        })?;
        (count == 1).then_some(())
    }

    /// Any value.
    pub(super) fn pass_over(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            match self.peek()? {
                b'"' => drop(self.text()?),
                first @ (b'[' | b'{') => {
                    self.expect(first)?;
                    open.push(first + 2);
                }
                close @ (b']' | b'}') => {
                    self.expect(close)?;
                    (open.pop() == Some(close)).then_some(())?;
                }
                b',' | b':' if !open.is_empty() => self.rest = self.rest.get(1..)?,
                b't' | b'f' | b'n' => {
                    ["true", "false", "null"].into_iter().any(|word| self.takes_word(word)).then_some(())?;
                }
                _ => drop(self.number()?),
            }
            if open.is_empty() {
                return Some(());
            }
        }
    }
}
