//! The numbers that a report carries anyway, by the line that they were read from: in a quotation of that line they tell
//! nothing more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::shapes::Number;
use crate::model::jstat::{ABSENT, Cells, JstatTable};
use crate::order::Gather as _;
use crate::report::Report;

/// Index of a source and number of a line.
pub type Place = (u64, u64);

/// A number of the report: an integer, and how many of its digits stand behind the point.
type Figure = (u64, u32);

/// What a log may print one of, in bytes or microseconds.
const UNITS: [u128; 9] = [1, 1000, 1_000_000, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 20, 1 << 30];

/// Numbers by line.
#[derive(Debug, Default)]
pub struct Figures(BTreeMap<Place, Vec<Figure>>);

impl Figures {
    /// The numbers that were read from lines that a report quotes; `report` is the same as a tree, without its long columns.
    pub fn of(report: &Value, whole: &Report) -> Figures {
        let mut quoted: BTreeSet<Place> =
            whole.java_errors.iter().map(|error| (u64::from(error.source), u64::from(error.first_line))).gathered();
        quotations(report, &mut quoted);
        let mut figures = Figures(quoted.into_iter().map(|place| (place, Vec::new())).gathered());
        if let Value::Object(lists) = report {
            for (name, list) in lists {
                // What follows from the readings was read nowhere.
                if !matches!(
                    name.as_str(),
                    "findings" | "verdict" | "headline" | "story" | "sizing" | "gaps" | "warnings"
                ) {
                    figures.collect(list, 0);
                }
            }
        }
        for table in &whole.jstat {
            figures.table(table);
        }
        for event in &whole.gc_events {
            let source =
                usize::try_from(event.log).ok().and_then(|log| whole.gc_logs.get(log)).map_or(0, |log| log.source);
            let Some(figures) = figures.0.get_mut(&(u64::from(source), u64::from(event.line))) else { continue };
            let sizes = [event.before, event.after, event.committed]
                .into_iter()
                .flatten()
                .chain(event.figures.values().copied());
            let times = [event.duration, event.uptime].into_iter().flatten().map(|time| time.0.unsigned_abs());
            figures.extend(sizes.map(|size| size.0).chain(times).chain(event.gc).map(|number| (number, 0)));
        }
        figures
    }

    /// True for a number that was read from that line, in whatever unit it is printed.
    pub fn carry(&self, place: Option<Place>, number: Number) -> bool {
        let figures = place.and_then(|place| self.0.get(&place)).map(Vec::as_slice).unwrap_or_default();
        figures.iter().any(|(value, decimals)| {
            let (value, decimals) = (u128::from(*value), *decimals);
            let scaled = value.saturating_mul(10_u128.saturating_pow(number.decimals));
            if decimals > 0 {
                return scaled == number.digits.saturating_mul(10_u128.saturating_pow(decimals));
            }
            if value == 0 || number.decimals > 9 {
                return value == number.digits;
            }
            // Fractions are rounded to bytes and microseconds.
            let slack = 10_u128.saturating_pow(number.decimals);
            UNITS.iter().any(|unit| number.digits.saturating_mul(*unit).abs_diff(scaled) < slack)
        })
    }

    fn add(&mut self, place: Place, value: &Value) {
        let Some(figures) = self.0.get_mut(&place) else { return };
        let number = value.as_u64().or_else(|| value.as_i64().map(i64::unsigned_abs));
        figures.extend(number.map(|number| (number, 0)));
    }

    fn collect(&mut self, value: &Value, source: u64) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, source)),
            Value::Object(record) => self.record(record, source),
            _ => {}
        }
    }

    fn record(&mut self, record: &Map<String, Value>, source: u64) {
        let source = record.get("source").and_then(Value::as_u64).unwrap_or(source);
        if let Some(Value::Object(at)) = record.get("at") {
            for (field, span) in at {
                let place = span.get(0).and_then(Value::as_u64).zip(span.get(1).and_then(Value::as_u64));
                let value = value_of(record, field);
                if let Some((place, value)) = place.zip(value) {
                    self.add(place, value);
                }
            }
        }
        if let Some(line) = record.get("line").and_then(Value::as_u64) {
            for value in record.values() {
                self.add((source, line), value);
            }
        }
        record.iter().filter(|(name, _)| *name != "at").for_each(|(_, value)| self.collect(value, source));
    }

    fn table(&mut self, table: &JstatTable) {
        for (row, line) in table.lines.iter().enumerate() {
            let Some(figures) = self.0.get_mut(&(u64::from(table.source), u64::from(*line))) else { continue };
            for column in &table.data.0 {
                if let Cells::Fixed { decimals, values } = &column.cells {
                    let value = values.get(row).filter(|value| *value != ABSENT);
                    figures.extend(value.map(|value| (value.unsigned_abs(), u32::from(*decimals))));
                }
            }
        }
    }
}

/// The value that a place belongs to: a field, an entry of one of the maps, or `memory.free`.
fn value_of<'a>(record: &'a Map<String, Value>, field: &str) -> Option<&'a Value> {
    let in_map = |map: &str, name: &str| record.get(map).and_then(|map| map.get(name));
    record
        .get(field)
        .or_else(|| ["sizes", "counts"].into_iter().find_map(|map| in_map(map, field)))
        .or_else(|| field.split_once('.').and_then(|(map, name)| in_map(map, name).or_else(|| in_map("counts", name))))
}

fn quotations(value: &Value, into: &mut BTreeSet<Place>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| quotations(item, into)),
        Value::Object(map) => {
            if map.contains_key("excerpt") {
                into.extend(place_of(map));
            }
            map.values().for_each(|value| quotations(value, into));
        }
        _ => {}
    }
}

/// Where a record stands.
pub fn place_of(map: &Map<String, Value>) -> Option<Place> {
    map.get("source").and_then(Value::as_u64).zip(map.get("line").and_then(Value::as_u64))
}
