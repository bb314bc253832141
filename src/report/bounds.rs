//! How much a report from somebody else may hold. It is counted in one pass before anything of it is built, so that a small
//! file cannot ask for much memory or time.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::report::opened::LinkError;

/// Levels of a report, generously.
const MAX_DEPTH: u32 = 24;
/// Values of any kind: a `jstat` table of 350,000 rows has 7 million.
const MAX_VALUES: u32 = 8_000_000;
/// Objects and lists, each of which becomes a value of its own.
const MAX_NODES: u32 = 1_000_000;
/// Entries of one of the report's own lists, of which every one may be a record with all its fields.
const MAX_RECORDS: u32 = 20_000;
/// The same of collections, which are small.
const MAX_COLLECTIONS: u32 = 400_000;
/// Texts: every one is a value of its own.
const MAX_TEXTS: u32 = 1_500_000;
/// Bytes of a sentence or a name that is shown.
const MAX_TEXT: usize = 100_000;
/// Microseconds to the end of the year 9999, either way.
const MAX_TIME: i64 = 253_402_300_800_000_000;

/// What a report from somebody else says of itself, when it is not too large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measured {
    /// `report_version`.
    pub version: Option<u64>,
}

/// Counts what a report holds. Too much is [`LinkError::TooLarge`], what is no report [`LinkError::Damaged`].
pub(super) fn measure(json: &[u8]) -> Result<Measured, LinkError> {
    let mut counts = Counts::default();
    let mut json = serde_json::Deserializer::from_slice(json);
    let read = Node { counts: &mut counts, key: Key::Other, depth: 0, top: false }.deserialize(&mut json);
    match read {
        Ok(()) => Ok(Measured { version: counts.version }),
        Err(_) if counts.too_large => Err(LinkError::TooLarge),
        Err(_) => Err(LinkError::Damaged),
    }
}

#[derive(Default)]
struct Counts {
    values: u32,
    nodes: u32,
    texts: u32,
    version: Option<u64>,
    too_large: bool,
}

/// What the name of a field says about its value.
#[derive(Clone, Copy, PartialEq)]
enum Key {
    Version,
    Time,
    /// Collections.
    GcEvents,
    Other,
}

impl Key {
    fn of(name: &str) -> Key {
        match name {
            "report_version" => Key::Version,
            "time" | "local_time" | "local-time" | "uptime" | "duration" | "cpu" | "window" | "interval" | "start"
            | "wall" => Key::Time,
            "gc_events" => Key::GcEvents,
            _ => Key::Other,
        }
    }
}

/// A value in its place.
struct Node<'a> {
    counts: &'a mut Counts,
    key: Key,
    depth: u32,
    /// True for a value of the report itself.
    top: bool,
}

impl Node<'_> {
    fn refuse<E: Error>(self) -> E {
        self.counts.too_large = true;
        E::custom("too large")
    }

    fn number<E: Error>(self, time: Option<i64>) -> Result<(), E> {
        let fits = self.key != Key::Time || time.is_some_and(|time| (-MAX_TIME..=MAX_TIME).contains(&time));
        if fits { Ok(()) } else { Err(E::custom("no time")) }
    }

    /// One more list or object.
    fn enter<E: Error>(&mut self) -> Result<(), E> {
        self.counts.nodes += 1;
        if self.counts.nodes > MAX_NODES || self.depth >= MAX_DEPTH {
            self.counts.too_large = true;
            return Err(E::custom("too large"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.counts.values += 1;
        if self.counts.values > MAX_VALUES {
            return Err(self.refuse());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.number(Some(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        if self.top && self.key == Key::Version {
            self.counts.version = Some(number);
        }
        self.number(i64::try_from(number).ok())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.number(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.counts.texts += 1;
        if text.len() > MAX_TEXT || self.counts.texts > MAX_TEXTS { Err(self.refuse()) } else { Ok(()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.enter()?;
        let most = match self.key {
            _ if !self.top => u32::MAX,
            Key::GcEvents => MAX_COLLECTIONS,
            _ => MAX_RECORDS,
        };
        let mut count = 0;
        loop {
            let item = Node { counts: &mut *self.counts, key: self.key, depth: self.depth + 1, top: false };
            if items.next_element_seed(item)?.is_none() {
                return Ok(());
            }
            count += 1;
            if count > most {
                return Err(self.refuse());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<(), A::Error> {
        self.enter()?;
        while let Some(key) = fields.next_key_seed(Name { counts: &mut *self.counts })? {
            let top = self.depth == 0;
            fields.next_value_seed(Node { counts: &mut *self.counts, key, depth: self.depth + 1, top })?;
        }
        Ok(())
    }
}

/// The name of a field.
struct Name<'a> {
    counts: &'a mut Counts,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        if name.len() > MAX_TEXT {
            self.counts.too_large = true;
            return Err(E::custom("too large"));
        }
        Ok(Key::of(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Measured, LinkError> {
        measure(text.as_bytes())
    }

    #[test]
    fn a_report_tells_its_version() {
        assert_eq!(of(r#"{"report_version":1,"x":[{"report_version":7}]}"#), Ok(Measured { version: Some(1) }));
        assert_eq!(of("{}"), Ok(Measured { version: None }));
        assert_eq!(of("{"), Err(LinkError::Damaged));
    }

    #[test]
    fn a_time_beyond_any_calendar_is_no_time() {
        assert_eq!(of(r#"{"host":[{"time":9223372036854775807}]}"#), Err(LinkError::Damaged));
        assert_eq!(of(r#"{"host":[{"time":1.5}]}"#), Err(LinkError::Damaged));
        assert!(of(r#"{"host":[{"time":1669188942203997,"rss":9223372036854775807}]}"#).is_ok());
    }

    #[test]
    fn too_much_of_anything_is_refused() {
        let many = |item: &str, count: usize| vec![item; count].join(",");
        for text in [
            format!(r#"{{"host":[{}]}}"#, many("{}", MAX_RECORDS as usize + 1)),
            format!(r#"{{"x":[[{}]]}}"#, many("[]", MAX_NODES as usize)),
            format!(r#"{{"x":[[{}]]}}"#, many(r#""""#, MAX_TEXTS as usize + 1)),
            format!(r#"{{"x":"{}"}}"#, "x".repeat(MAX_TEXT + 1)),
            format!(r#"{{"{}":1}}"#, "x".repeat(MAX_TEXT + 1)),
            format!(r#"{{"x":{}{}}}"#, "[".repeat(MAX_DEPTH as usize), "]".repeat(MAX_DEPTH as usize)),
        ] {
            assert_eq!(of(&text), Err(LinkError::TooLarge), "{}", text.get(..40).unwrap_or_default());
        }
        assert!(of(&format!(r#"{{"gc_events":[{}]}}"#, many("{}", MAX_RECORDS as usize + 1))).is_ok());
    }
}
