//! What a reader sets in place of what is assumed: it travels with a report, since no log tells it.

use std::collections::BTreeMap;
use std::fmt;

use super::knobs::{Collector, Knobs};
use crate::analysis::statement::{Quantity, Statement};
use crate::json::{Json, Reader, Schema, Shape, Writer};
use crate::model::kind::kinds;
use crate::units::{Bytes, MIB};

/// No size goes beyond this: 16 TiB.
const MOST: u64 = 16 * 1024 * 1024 * MIB;

kinds! {
    /// An assumption that is a number. Names are stable, since they stand in shared links.
    Field of "page.knob." {
        /// Requests in flight to plan for.
        Concurrency = "concurrency",
        /// Requests in flight in the run that failed.
        Failed = "failed",
        /// The heap maximum of that run.
        FailedHeap = "failed-heap",
        /// Heap that one of them holds.
        PerRequest = "per-request",
        /// What stays in the heap.
        LiveSet = "live-set",
        /// Margin, as a part of the wall.
        Safety = "safety",
        /// Memory of the machine.
        Ram = "ram",
        /// Memory that is added to the machine or to the limit.
        Added = "added",
        /// Swap.
        Swap = "swap",
        /// How many times the live set.
        Factor = "factor",
        /// How full the heap may be.
        Fill = "fill",
        /// Growth of compiled code.
        Code = "growth-code",
        /// Growth of classes.
        Metaspace = "growth-metaspace",
        /// Growth of direct buffers.
        Direct = "growth-direct",
        /// Growth of thread stacks.
        Threads = "growth-threads",
        /// What the allocator holds back.
        Malloc = "growth-malloc",
        /// The operating system.
        Os = "os",
        /// Files that should stay in memory.
        PageCache = "page-cache",
    }
}

impl Field {
    /// Its number among the knobs: a count, bytes, or thousandths; 0 for what is not known.
    fn place(self, knobs: &mut Knobs) -> Option<&mut u64> {
        Some(match self {
            Field::Concurrency => &mut knobs.concurrency,
            Field::Failed => &mut knobs.failed,
            Field::FailedHeap => &mut knobs.failed_heap.0,
            Field::PerRequest => &mut knobs.per_request.0,
            Field::LiveSet => &mut knobs.live_set.get_or_insert(Bytes(0)).0,
            Field::Safety => &mut knobs.safety,
            Field::Ram => &mut knobs.ram.get_or_insert(Bytes(0)).0,
            Field::Added => &mut knobs.added.0,
            Field::Swap => &mut knobs.swap.0,
            Field::Factor => &mut knobs.factor,
            Field::Fill => &mut knobs.fill,
            Field::Code => &mut knobs.growth.code.0,
            Field::Metaspace => &mut knobs.growth.metaspace.0,
            Field::Direct => &mut knobs.growth.direct.0,
            Field::Threads => &mut knobs.growth.threads.0,
            Field::Malloc => &mut knobs.growth.malloc.0,
            Field::Os => &mut knobs.os.0,
            Field::PageCache => &mut knobs.page_cache.0,
            Field::Unknown => return None,
        })
    }

    /// Its number: a count, bytes, or thousandths; 0 for what is not known.
    pub fn number(self, knobs: &Knobs) -> u64 {
        self.place(&mut knobs.clone()).map_or(0, |number| *number)
    }

    /// The knobs with another number, kept inside the bounds.
    pub fn set(self, knobs: &Knobs, number: u64) -> Knobs {
        let (least, most) = self.bounds();
        let mut knobs = knobs.clone();
        if let Some(place) = self.place(&mut knobs) {
            *place = number.clamp(least, most);
        }
        // Nothing stays in no heap, and no machine is without memory: zero takes the assumption back.
        for size in [&mut knobs.live_set, &mut knobs.ram] {
            *size = size.filter(|size| size.0 > 0);
        }
        knobs
    }

    /// A number of it as people read it.
    fn quantity(self, number: u64) -> Quantity {
        match self {
            Field::PerRequest
            | Field::LiveSet
            | Field::Ram
            | Field::FailedHeap
            | Field::Concurrency
            | Field::Failed
                if number == 0 =>
            {
                Quantity::Term("page.sizing.unknown".to_owned())
            }
            Field::Concurrency | Field::Failed => Quantity::Count(number),
            Field::Safety | Field::Fill | Field::Factor => Quantity::Share(number as i64 * 100),
            _ => Quantity::Size(Bytes(number)),
        }
    }

    /// The least and the most that can be set.
    pub fn bounds(self) -> (u64, u64) {
        match self {
            Field::Concurrency | Field::Failed => (0, 100_000),
            Field::Safety => (0, 900),
            Field::Fill => (100, 1000),
            Field::Factor => (1000, 10_000),
            _ => (0, MOST),
        }
    }
}

/// What a reader set: only what differs from what was assumed.
/// As text, in JSON and in addresses, `concurrency:20,collector:G1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Counts, bytes, and thousandths by name.
    numbers: BTreeMap<Field, u64>,
    /// The collector that is tried.
    collector: Option<Collector>,
}

impl Settings {
    /// What leads from the one to the other.
    pub fn between(start: &Knobs, now: &Knobs) -> Settings {
        let numbers = Field::ALL.iter().map(|field| (*field, field.number(now)));
        let numbers = numbers.filter(|(field, number)| *number != field.number(start)).collect();
        Settings { numbers, collector: now.collector.filter(|_| now.collector != start.collector) }
    }

    /// True if nothing was set.
    pub fn is_empty(&self) -> bool {
        *self == Settings::default()
    }

    /// What was set, each in a sentence.
    pub fn told(&self) -> Vec<Statement> {
        let tell = |key: &str, value: Quantity| {
            let name = Quantity::Term(key.to_owned());
            Statement::new("sizing.caveat.set").with("name", name, None).with("value", value, None)
        };
        let mut told: Vec<Statement> =
            self.numbers.iter().map(|(field, number)| tell(field.key(), field.quantity(*number))).collect();
        if let Some(collector) = self.collector {
            told.push(tell("page.knob.collector", Quantity::Word(collector.name().to_owned())));
        }
        told
    }

    /// The knobs as they are set.
    pub fn over(&self, knobs: &Knobs) -> Knobs {
        let set = self.numbers.iter().fold(knobs.clone(), |knobs, (field, number)| field.set(&knobs, *number));
        Knobs { collector: self.collector.or(set.collector), ..set }
    }

    /// From text. What is not understood is as if it were not there.
    pub fn read(text: &str) -> Settings {
        let mut settings = Settings::default();
        for (name, value) in text.split(',').filter_map(|pair| pair.split_once(':')) {
            if name == COLLECTOR {
                settings.collector = Collector::named(value);
            } else if let Ok(number) = value.parse() {
                settings.numbers.insert(Field::of(name), number);
            }
        }
        settings.numbers.remove(&Field::Unknown);
        settings
    }
}

/// The name of the collector among the numbers.
const COLLECTOR: &str = "collector";

impl fmt::Display for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = self.numbers.iter().map(|(field, number)| format!("{field}:{number}"));
        let collector = self.collector.map(|collector| format!("{COLLECTOR}:{}", collector.name()));
        out.write_str(&numbers.chain(collector).collect::<Vec<_>>().join(","))
    }
}

impl Json for Settings {
    fn blank() -> Settings {
        Settings::default()
    }

    fn write(&self, to: &mut Writer) {
        to.text(&self.to_string());
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = Settings::read(&from.text()?);
        Some(())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn shape(schema: &mut Schema) -> Shape {
        String::shape(schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_leads_from_other_assumptions_to_the_same_numbers() {
        let start = Knobs::default();
        assert!(Settings::between(&start, &start).is_empty());
        let now = Field::Concurrency.set(&Field::Ram.set(&start, 1 << 30), 20);
        let now = Knobs { collector: Some(Collector::Serial), ..now };
        let settings = Settings::between(&start, &now);
        assert_eq!(settings.over(&start), now);
        let other = Knobs { safety: 50, ..Knobs::default() };
        let over = settings.over(&other);
        assert_eq!((over.concurrency, over.ram, over.safety), (20, Some(Bytes(1 << 30)), 50));
        assert_eq!(settings.to_string(), "concurrency:20,ram:1073741824,collector:Serial");
        assert_eq!(Settings::read(&settings.to_string()), settings);
        for nothing in ["", "tides:7", "concurrency", "concurrency:x", "collector:CMS"] {
            assert!(Settings::read(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn settings_of_others_stay_in_bounds_and_what_is_not_known_goes() {
        let json = r#""safety:99999,fill:0,tides:7,live-set:0""#;
        let settings: Settings = crate::json::read(json.as_bytes()).expect("readable");
        let knobs = settings.over(&Knobs::default());
        assert_eq!((knobs.safety, knobs.fill, knobs.live_set), (900, 100, None));
        assert_eq!(crate::json::text(&settings), r#""live-set:0,safety:99999,fill:0""#);
    }
}
