//! How much a report from somebody else may hold. It is counted in one pass before anything of it is built, so that a small
//! file cannot ask for much memory or time.

use crate::json::Reader;
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
    let mut from = Reader::of(json);
    let read = counts.value(&mut from, Place { key: Key::Other, depth: 0, top: false });
    match read {
        Some(()) if from.peek().is_none() => Ok(Measured { version: counts.version }),
        _ if counts.too_large => Err(LinkError::TooLarge),
        _ => Err(LinkError::Damaged),
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

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place {
    key: Key,
    depth: u32,
    /// True for a value of the report itself.
    top: bool,
}

impl Counts {
    /// `None` and a mark where there is more than may be.
    fn within(&mut self, is_within: bool) -> Option<()> {
        self.too_large |= !is_within;
        is_within.then_some(())
    }

    fn text(&mut self, text: &str) -> Option<()> {
        self.within(text.len() <= MAX_TEXT)
    }

    fn value(&mut self, from: &mut Reader<'_>, place: Place) -> Option<()> {
        self.values += 1;
        self.within(self.values <= MAX_VALUES)?;
        match from.peek()? {
            b'"' => {
                self.texts += 1;
                self.within(self.texts <= MAX_TEXTS)?;
                self.text(&from.text()?)
            }
            b'[' | b'{' => self.node(from, place),
            b't' | b'f' | b'n' => ["true", "false", "null"].into_iter().any(|word| from.takes_word(word)).then_some(()),
            _ => self.number(from.number()?, place),
        }
    }

    fn number(&mut self, number: &str, place: Place) -> Option<()> {
        if place.top && place.key == Key::Version {
            self.version = number.parse().ok();
        }
        let is_number = number.parse::<f64>().is_ok();
        let is_time = || number.parse().is_ok_and(|time: i64| (-MAX_TIME..=MAX_TIME).contains(&time));
        (is_number && (place.key != Key::Time || is_time())).then_some(())
    }

    /// A list or an object.
    fn node(&mut self, from: &mut Reader<'_>, place: Place) -> Option<()> {
        self.nodes += 1;
        self.within(self.nodes <= MAX_NODES && place.depth < MAX_DEPTH)?;
        let inside = Place { depth: place.depth + 1, top: false, ..place };
        if from.peek() == Some(b'[') {
            let most = match place.key {
                _ if !place.top => u32::MAX,
                Key::GcEvents => MAX_COLLECTIONS,
                _ => MAX_RECORDS,
            };
            let mut count = 0;
            return from.list(&mut |from| {
                count += 1;
                self.value(from, inside)?;
                self.within(count <= most)
            });
        }
        from.object(&mut |name, from| {
            self.text(name)?;
            self.value(from, Place { key: Key::of(name), top: place.depth == 0, ..inside })
        })
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
