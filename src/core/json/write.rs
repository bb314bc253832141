//! The writer.

use super::{Json, Presence, Record};

/// A JSON text that is written.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// How deep it stands, where every value has a line.
    indent: Option<usize>,
    /// True where nothing stands in the list or object yet.
    is_first: bool,
}

impl Writer {
    /// With a line for every value.
    pub(super) fn in_lines() -> Writer {
        Writer { indent: Some(0), ..Writer::default() }
    }

    /// What was written.
    pub(super) fn bytes(self) -> Vec<u8> {
        self.out
    }

    /// What stands as it is: `true`, a number.
    pub fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// A whole number.
    pub(super) fn integer(&mut self, negative: bool, mut magnitude: u64) {
        let mut digits = [0; 20];
        let mut count = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (magnitude % 10) as u8;
            magnitude /= 10;
            count += 1;
            if magnitude == 0 {
                break;
            }
        }
        if negative {
            self.out.push(b'-');
        }
        self.out.extend_from_slice(digits.get(digits.len() - count..).unwrap_or_default());
    }

    /// A number of so many decimals, without zeros at its end.
    pub fn decimal(&mut self, scaled: i64, decimals: u8) {
        let scale = 10_u64.saturating_pow(u32::from(decimals));
        let magnitude = scaled.unsigned_abs();
        self.integer(scaled < 0, magnitude / scale);
        self.out.push(b'.');
        let mut left = magnitude % scale;
        for power in (0..u32::from(decimals)).rev() {
            let unit = 10_u64.saturating_pow(power);
            self.out.push(b'0' + (left / unit) as u8);
            left %= unit;
            if left == 0 {
                return;
            }
        }
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.out.push(b'"');
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\')) {
            let (plain, special) = rest.split_at_checked(at).unwrap_or_default();
            self.out.extend_from_slice(plain);
            let Some((special, behind)) = special.split_first() else { break };
            rest = behind;
            let short = match special {
                0x8 => b'b',
                0xc => b'f',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                b'"' | b'\\' => *special,
                _ => {
                    let hex = |digit: u8| char::from_digit(u32::from(digit), 16).map_or(b'0', |digit| digit as u8);
                    self.out.extend_from_slice(&[b'\\', b'u', b'0', b'0', hex(special >> 4), hex(special & 15)]);
                    continue;
                }
            };
            self.out.extend_from_slice(&[b'\\', short]);
        }
        self.out.extend_from_slice(rest);
        self.out.push(b'"');
    }

    fn open(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.indent = self.indent.map(|indent| indent + 1);
        self.is_first = true;
    }

    fn close(&mut self, bracket: u8) {
        self.indent = self.indent.map(|indent| indent.saturating_sub(1));
        if !self.is_first {
            self.begin_line();
        }
        self.is_first = false;
        self.out.push(bracket);
    }

    /// Before a value of a list or an object.
    fn next(&mut self) {
        if !self.is_first {
            self.out.push(b',');
        }
        self.is_first = false;
        self.begin_line();
    }

    fn begin_line(&mut self) {
        if let Some(indent) = self.indent {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * indent, b' ');
        }
    }

    /// A list, of which a function writes the items by [`Writer::item`].
    pub fn list(&mut self, items: &mut dyn FnMut(&mut Writer)) {
        self.open(b'[');
        items(self);
        self.close(b']');
    }

    /// An item of a list.
    pub fn item(&mut self, item: &dyn Json) {
        self.next();
        item.write(self);
    }

    /// An object, of which a function writes the fields by [`Writer::field`].
    pub fn object(&mut self, fields: &mut dyn FnMut(&mut Writer)) {
        self.open(b'{');
        fields(self);
        self.close(b'}');
    }

    /// A field of an object.
    pub fn field(&mut self, name: &str, value: &dyn Json) {
        self.name(name);
        value.write(self);
    }

    /// A record.
    pub fn record(&mut self, record: &dyn Record) {
        self.object(&mut |to| {
            for (at, (name, presence)) in record.fields().iter().enumerate() {
                let field = record.field(at).filter(|field| *presence != Presence::Omitted || !field.is_absent());
                if let Some(field) = field {
                    to.field(name, field);
                }
            }
        });
    }

    /// The fields of a tuple: a single one stands by itself.
    pub fn fields(&mut self, fields: &[&dyn Json]) {
        match fields {
            [only] => only.write(self),
            fields => self.list(&mut |to| fields.iter().for_each(|field| to.item(*field))),
        }
    }

    /// One of several kinds, with its fields.
    pub fn choice(&mut self, kind: &str, fields: &[&dyn Json]) {
        self.open(b'{');
        self.name(kind);
        self.fields(fields);
        self.close(b'}');
    }

    /// One of several kinds that has fields, and in its object another value, if there is one.
    pub fn choice_and(&mut self, choice: &dyn Json, name: &str, other: &dyn Json) {
        choice.write(self);
        if !other.is_absent() && self.out.pop() == Some(b'}') {
            if self.indent.is_some() {
                let end = self.out.trim_ascii_end().len();
                self.out.truncate(end);
            }
            self.indent = self.indent.map(|indent| indent + 1);
            self.field(name, other);
            self.close(b'}');
        }
    }

    fn name(&mut self, name: &str) {
        self.next();
        self.text(name);
        self.raw(if self.indent.is_some() { ": " } else { ":" });
    }
}
