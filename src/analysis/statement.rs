//! A sentence with its numbers still in it: said in any language, every number leading to its line.

use std::collections::BTreeMap;

use crate::civil::Zone;
use crate::i18n::{self, Language, Piece, format};
use crate::json::{Choice as _, Json, Reader, Schema, Shape, Writer, schema};
use crate::source::Span;
use crate::units::{Bytes, Micros, SignedBytes};

/// A catalogue key and what fills it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Statement {
    /// Catalogue key.
    pub key: String,
    /// Values by placeholder.
    #[json(omit)]
    pub values: BTreeMap<String, Value>,
    /// The sentence in the report's language, for readers of the JSON.
    pub text: String,
}

/// A value of a sentence and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub quantity: Quantity,
    /// Where it was read. `None` for a value computed from several lines.
    pub at: Option<Span>,
}

/// One object: the name of the quantity's kind with its value, and the place.
impl Json for Value {
    fn blank() -> Value {
        Value { quantity: Quantity::blank(), at: None }
    }

    fn write(&self, to: &mut Writer) {
        to.choice_and(&self.quantity, "at", &self.at);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        let mut quantities = 0;
        from.object(&mut |name, from| match name {
            "at" => self.at.read(from),
            kind => {
                quantities += 1;
                self.quantity.read_as(kind, from)
            }
        })?;
        (quantities == 1).then_some(())
    }

    fn shape(schema: &mut Schema) -> Shape {
        let mut properties = {
            let kinds = Quantity::shape(schema);
            schema.kinds_of(&kinds)
        };
        properties.insert("at".to_owned(), Span::shape(schema));
        schema::object(properties)
    }
}

/// Kinds of values; each kind is written by the rules of the language.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub enum Quantity {
    /// Bytes.
    Size(Bytes),
    /// A difference of sizes.
    SignedSize(SignedBytes),
    /// A whole number.
    Count(u64),
    /// A pid or another number that is a name: never grouped.
    Number(u64),
    /// A duration in microseconds.
    Duration(Micros),
    /// An absolute time: microseconds since the epoch, UTC.
    Time(Micros),
    /// The same, to be read in the zone of the logs.
    ZonedTime(Micros, Zone),
    /// A wall-clock time whose zone is not known.
    LocalTime(Micros),
    /// A share in thousandths of a percent.
    Share(i64),
    /// A name from the text.
    Word(String),
    /// A catalogue key, said in the reader's language.
    Term(String),
}

impl Quantity {
    /// A time as the logs print it.
    pub fn time(micros: Micros, zone: Zone) -> Quantity {
        if zone.is_utc() { Quantity::Time(micros) } else { Quantity::ZonedTime(micros, zone) }
    }

    /// A part of a whole, as a share.
    pub fn share_of(part: Bytes, whole: Bytes) -> Quantity {
        Quantity::Share(thousandths(part, whole))
    }

    /// A time that is told in a zone, in UTC.
    pub fn in_utc(&self) -> Option<String> {
        match self {
            Quantity::ZonedTime(micros, _) => Some(format::time(*micros, Zone::default())),
            _ => None,
        }
    }

    /// As a person reads it.
    pub fn text(&self, language: Language) -> String {
        match self {
            Quantity::Size(bytes) => format::size(*bytes),
            Quantity::SignedSize(bytes) => format::signed_size(*bytes),
            Quantity::Count(count) => i18n::number(*count),
            Quantity::Number(number) => number.to_string(),
            Quantity::Duration(micros) => format::duration(language, rounded(*micros)),
            Quantity::Time(micros) => format::time(*micros, Zone::default()),
            Quantity::ZonedTime(micros, zone) => format::time(*micros, *zone),
            Quantity::LocalTime(micros) => format::local_time(*micros),
            Quantity::Share(share) => format::percent(language, *share as f64 / 1e5),
            Quantity::Word(word) => word.clone(),
            Quantity::Term(key) => i18n::text(language, key),
        }
    }
}

/// Characters of a name or a message in a sentence: a longer one loses its middle. All of it stands in the evidence.
const MOST: usize = 250;
/// Characters of such a one that stay at its end.
const AT_END: usize = 60;

fn shortened(word: &str) -> String {
    let count = if word.len() > MOST { word.chars().count() } else { 0 };
    if count <= MOST {
        return word.to_owned();
    }
    let start: String = word.chars().take(MOST - AT_END).collect();
    let end: String = word.chars().skip(count - AT_END).collect();
    format!("{} … {}", start.trim_end(), end.trim_start())
}

/// A part of a whole in thousandths of a percent; of nothing everything is the most there is.
pub fn thousandths(part: Bytes, whole: Bytes) -> i64 {
    let share = u128::from(part.0) * 100_000 / u128::from(whole.0.max(1));
    i64::try_from(share).unwrap_or(i64::MAX)
}

/// A duration to three digits, which is what matters in a sentence; tables have all of them.
fn rounded(Micros(micros): Micros) -> Micros {
    let step: i64 = match micros.unsigned_abs() {
        9_995_000.. => 100_000,
        999_500.. => 10_000,
        _ => 1,
    };
    // Not a whole step: half of it is added to what is left.
    let up = micros.saturating_add(step / 2 * micros.signum());
    Micros(up - up % step)
}

impl Statement {
    /// A sentence without values yet.
    pub fn new(key: &str) -> Statement {
        Statement { key: key.to_owned(), ..Statement::default() }
    }

    /// Adds a value.
    pub fn with(mut self, name: &str, quantity: Quantity, at: Option<Span>) -> Statement {
        self.values.insert(name.to_owned(), Value { quantity, at });
        self
    }

    /// The sentence in pieces; a piece of an argument comes with the place it was read.
    pub fn pieces(&self, language: Language) -> Vec<(Piece, Option<Span>)> {
        let sizes = || {
            self.values.values().filter_map(|value| match value.quantity {
                Quantity::Size(bytes) => Some(bytes),
                _ => None,
            })
        };
        // More decimals tell two sizes apart.
        let is_clearer = |bytes: Bytes| {
            let differs = |other: Bytes, decimals| format::size_to(other, decimals) != format::size_to(bytes, decimals);
            sizes().any(|other| other != bytes && !differs(other, 1) && differs(other, 2))
        };
        let text = |(name, value): (&String, &Value)| match &value.quantity {
            Quantity::Size(bytes) if is_clearer(*bytes) => format::size_to(*bytes, 2),
            // A command is whole, or it is none.
            Quantity::Word(word) if name != "command" => shortened(word),
            quantity => quantity.text(language),
        };
        let texts: Vec<(&str, String)> = self.values.iter().map(|value| (value.0.as_str(), text(value))).collect();
        let arguments: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        i18n::pieces(language, &self.key, &arguments)
            .into_iter()
            .map(|piece| {
                let at = piece.argument.as_deref().and_then(|name| self.values.get(name)).and_then(|value| value.at);
                (piece, at)
            })
            .collect()
    }

    /// The number of a key figure, or from one to another, and apart from it what it is.
    pub fn figure(&self, language: Language) -> (Vec<(Piece, Option<Span>)>, String) {
        let mut pieces = self.pieces(language);
        let is_value = |(piece, _): &(Piece, Option<Span>)| piece.argument.is_some();
        let last = pieces.iter().rposition(is_value).map_or(0, |last| last + 1);
        let after: String = pieces.drain(last..).map(|(piece, _)| piece.text).collect();
        let first = pieces.iter().position(is_value).unwrap_or_default();
        let before: String = pieces.drain(..first).map(|(piece, _)| piece.text).collect();
        (pieces, format!("{before}{after}").trim_matches([' ', ':']).to_owned())
    }

    /// The line on which began what it says to have begun, if it says so.
    pub fn onset(&self) -> Option<Span> {
        let is_onset = self.key.starts_with("rule.onset");
        self.values.get("from").filter(|_| is_onset)?.at
    }

    /// The sentence.
    pub fn say(&self, language: Language) -> String {
        self.pieces(language).into_iter().map(|(piece, _)| piece.text).collect()
    }

    /// The same with `text` filled in.
    pub fn said(mut self, language: Language) -> Statement {
        self.text = self.say(language);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_its_number_and_apart_what_it_is() {
        let figure = Statement::new("verdict.figure.resident").with("value", Quantity::Size(Bytes(1 << 20)), None);
        let said = |language| {
            let (value, label) = figure.figure(language);
            (value.into_iter().map(|(piece, _)| piece.text).collect::<String>(), label)
        };
        assert_eq!(said(Language::En), ("1.0 MiB".to_owned(), "resident when killed".to_owned()));
        assert_eq!(said(Language::Ko).0, "1.0 MiB");
    }

    #[test]
    fn sizes_that_differ_do_not_look_alike() {
        let of = |used: u64| {
            let size = |mib: u64| Quantity::Size(Bytes(mib << 20));
            let claim = Statement::new("verdict.headline.rule.heap-has-headroom").with("used", size(used), None);
            claim.with("heap", size(2150), None).say(Language::En)
        };
        assert!(of(2134).ends_with("2.08 GiB of 2.10 GiB"), "{}", of(2134));
        assert!(of(2149).ends_with("2.1 GiB of 2.1 GiB"), "{}", of(2149));
    }

    #[test]
    fn a_long_message_loses_its_middle_and_a_command_nothing() {
        let long = format!("java.lang.OutOfMemoryError: {} the end", "파일 ".repeat(200));
        let say = |key: &str, name: &str| {
            Statement::new(key).with(name, Quantity::Word(long.clone()), None).say(Language::En)
        };
        let said = say("verdict.lede.error", "message");
        assert!(
            said.contains("java.lang.OutOfMemoryError: 파일") && said.contains(" … ") && said.contains("the end"),
            "{said}"
        );
        assert!(said.chars().count() < 300, "{said}");
        assert!(say("verdict.action.signal", "command").contains(&long));
    }

    #[test]
    fn durations_in_sentences_have_three_digits() {
        let said = |micros| Quantity::Duration(Micros(micros)).text(Language::En);
        assert_eq!([94_261_000, 8_076_000, 9_996_000].map(said), ["94.3 s", "8.08 s", "10 s"]);
        assert_eq!([-2_345_000, 253_000, 120_000_000].map(said), ["−2.35 s", "253 ms", "2 min"]);
    }
}
