//! A tree of values as few bytes: records of one shape become columns, columns of numbers become differences, words of the
//! vocabulary become numbers.
//!
//! A column is a kind (or runs of kinds) and then the values of each kind together. Records hold the union of their fields,
//! each a column; lists hold their lengths and then one column of all their items (or, where all are of one short length,
//! a column per place).

use serde_json::{Map, Number, Value};

use crate::order::InOrder as _;
use crate::report::vocabulary;

/// Values that a link may hold: far more than one of ours, far less than what stops a browser.
const MAX_VALUES: usize = 600_000;
/// Levels of a report, generously.
const MAX_DEPTH: usize = 24;
/// Fields of a record.
const MAX_FIELDS: usize = 2048;
/// Lists of at most so many items have a column per place.
const MAX_PLACES: usize = 8;

const ABSENT: u8 = 0;
const NULL: u8 = 1;
const FALSE: u8 = 2;
const TRUE: u8 = 3;
const INTEGER: u8 = 4;
const FLOAT: u8 = 5;
const STRING: u8 = 6;
const LIST: u8 = 7;
const RECORD: u8 = 8;
const MIXED: u8 = 9;

/// Writes a value.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    column(&mut out, &[Some(value)]);
    out
}

/// Reads a value. `None` if the bytes are none of ours.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader { bytes, left: MAX_VALUES };
    let value = reader.column(1, 0)?.pop()??;
    reader.bytes.is_empty().then_some(value)
}

fn kind(value: Option<&Value>) -> u8 {
    match value {
        None => ABSENT,
        Some(Value::Null) => NULL,
        Some(Value::Bool(false)) => FALSE,
        Some(Value::Bool(true)) => TRUE,
        Some(Value::Number(number)) if integer(number).is_some() => INTEGER,
        Some(Value::Number(_)) => FLOAT,
        Some(Value::String(_)) => STRING,
        Some(Value::Array(_)) => LIST,
        Some(Value::Object(_)) => RECORD,
    }
}

fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

fn column(out: &mut Vec<u8>, values: &[Option<&Value>]) {
    let kinds: Vec<u8> = values.iter().map(|value| kind(*value)).collect();
    match kinds.first() {
        Some(first) if kinds.iter().all(|kind| kind == first) => out.push(*first),
        _ => {
            out.push(MIXED);
            let mut rest = kinds.as_slice();
            while let Some(first) = rest.first() {
                let run = rest.iter().take_while(|kind| *kind == first).count();
                // Kinds are below 16, so that a short run is one byte.
                number(out, (run as u128 - 1) << 4 | u128::from(*first));
                rest = rest.get(run..).unwrap_or_default();
            }
        }
    }
    let present = || values.iter().flatten();
    let integers: Vec<i128> = present().filter_map(|value| value.as_number().and_then(integer)).collect();
    let floats: Vec<f64> =
        present().filter_map(|value| value.as_number().filter(|n| integer(n).is_none())?.as_f64()).collect();
    let strings: Vec<&str> = present().filter_map(|value| value.as_str()).collect();
    let lists: Vec<&Vec<Value>> = present().filter_map(|value| value.as_array()).collect();
    let records: Vec<&Map<String, Value>> = present().filter_map(|value| value.as_object()).collect();
    write_integers(out, &integers);
    for float in floats {
        out.extend(float.to_le_bytes());
    }
    write_strings(out, &strings);
    write_lists(out, &lists);
    write_records(out, &records);
}

fn write_integers(out: &mut Vec<u8>, values: &[i128]) {
    let Some(first) = values.first() else { return };
    if values.iter().all(|value| value == first) {
        out.push(2);
        return number(out, zigzag(*first));
    }
    // Sizes are mostly whole KiB.
    let whole = values.iter().all(|value| value % 1024 == 0);
    let unit = if whole { 1024 } else { 1 };
    let plain: Vec<i128> = values.iter().map(|value| value / unit).collect();
    let mut before = 0;
    let steps: Vec<i128> = plain
        .iter()
        .map(|value| std::mem::replace(&mut before, *value))
        .zip(&plain)
        .map(|(before, value)| value - before)
        .collect();
    let bytes = |values: &[i128]| {
        let mut out = Vec::new();
        values.iter().for_each(|value| number(&mut out, zigzag(*value)));
        out
    };
    let (plain, steps) = (bytes(&plain), bytes(&steps));
    let flags = if whole { 4 } else { 0 };
    let (mode, bytes) = if cost(&steps) < cost(&plain) { (1, steps) } else { (0, plain) };
    out.push(mode | flags);
    out.extend(bytes);
}

/// What the bytes cost after packing, roughly: a repeated byte is nearly free.
fn cost(bytes: &[u8]) -> usize {
    bytes.len() + 4 * bytes.windows(2).filter(|pair| pair.first() != pair.last()).count()
}

fn write_strings(out: &mut Vec<u8>, strings: &[&str]) {
    let Some(first) = strings.first() else { return };
    let same = strings.len() > 1 && strings.iter().all(|string| string == first);
    if strings.len() > 1 {
        out.push(u8::from(same));
    }
    for string in strings.iter().take(if same { 1 } else { strings.len() }) {
        write_string(out, string);
    }
}

fn write_string(out: &mut Vec<u8>, string: &str) {
    match vocabulary::number(string) {
        Some(word) => number(out, u128::from(word) << 1 | 1),
        None => {
            number(out, (string.len() as u128) << 1);
            out.extend(string.as_bytes());
        }
    }
}

fn write_lists(out: &mut Vec<u8>, lists: &[&Vec<Value>]) {
    let Some(first) = lists.first() else { return };
    let lengths: Vec<i128> = lists.iter().map(|list| list.len() as i128).collect();
    write_integers(out, &lengths);
    let places = first.len();
    if lists.len() > 1 && (1..=MAX_PLACES).contains(&places) && lists.iter().all(|list| list.len() == places) {
        for place in 0..places {
            let items: Vec<Option<&Value>> = lists.iter().map(|list| list.get(place)).collect();
            column(out, &items);
        }
        return;
    }
    let items: Vec<Option<&Value>> = lists.iter().flat_map(|list| list.iter()).map(Some).collect();
    if !items.is_empty() {
        column(out, &items);
    }
}

fn write_records(out: &mut Vec<u8>, records: &[&Map<String, Value>]) {
    if records.is_empty() {
        return;
    }
    let mut fields: Vec<&str> = records.iter().flat_map(|record| record.keys()).map(String::as_str).collect();
    fields.order();
    fields.dedup();
    number(out, fields.len() as u128);
    for field in &fields {
        write_string(out, field);
    }
    for field in fields {
        let values: Vec<Option<&Value>> = records.iter().map(|record| record.get(field)).collect();
        column(out, &values);
    }
}

fn zigzag(value: i128) -> u128 {
    if value < 0 { (value.unsigned_abs() - 1) << 1 | 1 } else { value.unsigned_abs() << 1 }
}

fn number(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// Values that may still be made.
    left: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (mine, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(mine)
    }

    fn number(&mut self) -> Option<u128> {
        let mut value = 0_u128;
        for shift in (0..77).step_by(7) {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// Pays for values that are about to be made.
    fn pay(&mut self, count: usize) -> Option<()> {
        self.left = self.left.checked_sub(count)?;
        Some(())
    }

    fn column(&mut self, count: usize, depth: usize) -> Option<Vec<Option<Value>>> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.pay(count)?;
        let kinds = self.kinds(count)?;
        let of = |wanted: u8| kinds.iter().filter(|kind| **kind == wanted).count();
        let mut integers = self.integers(of(INTEGER))?.into_iter();
        let mut floats = Vec::new();
        for _ in 0..of(FLOAT) {
            floats.push(f64::from_le_bytes(self.take(8)?.try_into().ok()?));
        }
        let mut floats = floats.into_iter();
        let mut strings = self.strings(of(STRING))?.into_iter();
        let mut lists = self.lists(of(LIST), depth)?.into_iter();
        let mut records = self.records(of(RECORD), depth)?.into_iter();
        let mut values = Vec::with_capacity(count);
        for kind in kinds {
            values.push(match kind {
                ABSENT => None,
                NULL => Some(Value::Null),
                FALSE => Some(Value::Bool(false)),
                TRUE => Some(Value::Bool(true)),
                INTEGER => {
                    let value = integers.next()?;
                    let signed = i64::try_from(value).map(Number::from);
                    Some(Value::Number(signed.or_else(|_| u64::try_from(value).map(Number::from)).ok()?))
                }
                FLOAT => Some(Value::Number(Number::from_f64(floats.next()?)?)),
                STRING => Some(Value::String(strings.next()?)),
                LIST => Some(Value::Array(lists.next()?)),
                RECORD => Some(Value::Object(records.next()?)),
                _ => return None,
            });
        }
        Some(values)
    }

    fn kinds(&mut self, count: usize) -> Option<Vec<u8>> {
        let first = self.byte()?;
        if first != MIXED {
            return Some(vec![first; count]);
        }
        let mut kinds = Vec::with_capacity(count);
        while kinds.len() < count {
            let run = self.number()?;
            let length = usize::try_from(run >> 4).ok()?.checked_add(1)?;
            if length > count - kinds.len() {
                return None;
            }
            kinds.resize(kinds.len() + length, (run & 15) as u8);
        }
        Some(kinds)
    }

    fn integers(&mut self, count: usize) -> Option<Vec<i128>> {
        if count == 0 {
            return Some(Vec::new());
        }
        let mode = self.byte()?;
        let signed = |value: u128| {
            let half = i128::try_from(value >> 1).unwrap_or_default();
            if value & 1 == 1 { -half - 1 } else { half }
        };
        if mode == 2 {
            let value = signed(self.number()?);
            return Some(vec![value; count]);
        }
        if mode & !5 != 0 {
            return None;
        }
        let unit = if mode & 4 == 4 { 1024 } else { 1 };
        let mut values = Vec::with_capacity(count);
        let mut before = 0_i128;
        for _ in 0..count {
            let value = signed(self.number()?);
            before = if mode & 1 == 1 { before.checked_add(value)? } else { value };
            values.push(before.checked_mul(unit)?);
        }
        Some(values)
    }

    fn strings(&mut self, count: usize) -> Option<Vec<String>> {
        let same = count > 1
            && match self.byte()? {
                0 => false,
                1 => true,
                _ => return None,
            };
        if same {
            let text = self.string()?;
            // A long text many times over is more than it paid for.
            self.pay(text.len().checked_mul(count)? / 16)?;
            return Some(vec![text; count]);
        }
        let mut strings = Vec::with_capacity(count.min(self.bytes.len()));
        for _ in 0..count {
            strings.push(self.string()?);
        }
        Some(strings)
    }

    fn string(&mut self) -> Option<String> {
        let head = self.number()?;
        let value = head >> 1;
        if head & 1 == 1 {
            return vocabulary::word(u32::try_from(value).ok()?).map(str::to_owned);
        }
        let text = self.take(usize::try_from(value).ok()?)?;
        String::from_utf8(text.to_vec()).ok()
    }

    fn lists(&mut self, count: usize, depth: usize) -> Option<Vec<Vec<Value>>> {
        if count == 0 {
            return Some(Vec::new());
        }
        let lengths: Option<Vec<usize>> =
            self.integers(count)?.into_iter().map(|length| usize::try_from(length).ok()).collect();
        let lengths = lengths?;
        let places = *lengths.first()?;
        if count > 1 && (1..=MAX_PLACES).contains(&places) && lengths.iter().all(|length| *length == places) {
            let mut lists: Vec<Vec<Value>> = vec![Vec::new(); count];
            for _ in 0..places {
                for (list, item) in lists.iter_mut().zip(self.column(count, depth + 1)?) {
                    list.push(item?);
                }
            }
            return Some(lists);
        }
        let total = lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length))?;
        let items = if total == 0 { Vec::new() } else { self.column(total, depth + 1)? };
        let mut items = items.into_iter();
        lengths.into_iter().map(|length| items.by_ref().take(length).collect::<Option<Vec<Value>>>()).collect()
    }

    fn records(&mut self, count: usize, depth: usize) -> Option<Vec<Map<String, Value>>> {
        if count == 0 {
            return Some(Vec::new());
        }
        let fields = self.count().filter(|fields| *fields <= MAX_FIELDS)?;
        let mut names = Vec::with_capacity(fields);
        for _ in 0..fields {
            names.push(self.string()?);
        }
        let mut records = vec![Map::new(); count];
        for name in names {
            for (record, value) in records.iter_mut().zip(self.column(count, depth + 1)?) {
                if let Some(value) = value {
                    record.insert(name.clone(), value);
                }
            }
        }
        Some(records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn survives(value: Value) {
        assert_eq!(read(&write(&value)), Some(value));
    }

    #[test]
    fn values_of_every_kind_survive() {
        survives(json!(null));
        survives(json!([]));
        survives(json!({}));
        survives(json!([1, -1, 0, i64::MIN, u64::MAX, 1.5, "java", "힙", true, false, null, [], {}]));
        survives(json!([{"name": "java", "rss": 4096}, {"name": "x", "rss": 8192, "at": {"rss": [0, 1, 0, 0]}}, {}]));
        survives(json!([[1, 2], [3, 4], [5, 6]]));
        survives(json!([[1], [], [2, 3]]));
        survives(json!({"a": [1024, 2048, 4096], "b": [7, 7, 7, 7], "c": [1, 2, 3, 4, 5], "d": ["x", "x"]}));
    }

    #[test]
    fn what_is_cut_or_changed_is_refused_or_another_value_but_never_a_fault() {
        let value = json!([{"name": "java", "rss": [4096, 1, 2]}, {"name": "x", "rss": []}]);
        let bytes = write(&value);
        for at in 0..bytes.len() {
            assert_eq!(read(&bytes[..at]), None);
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let _ = read(&changed);
            }
        }
    }

    #[test]
    fn a_few_bytes_cannot_ask_for_many_values() {
        // A list of 2^40 nulls, and a record of a thousand fields of a long constant list.
        let mut bytes = vec![LIST, 2];
        number(&mut bytes, 1 << 41);
        bytes.push(NULL);
        assert_eq!(read(&bytes), None);
    }
}
