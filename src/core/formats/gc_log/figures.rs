//! The figures of the lines around an event of the unified log: regions, generations, metaspace, ZGC's tables.

use super::change;
use crate::formats::quantity::with_unit;
use crate::model::gc::GcEvent;
use crate::units::Bytes;

/// Figures of one collection, by the names under which they go into the report.
#[derive(Default)]
pub(super) struct Figures {
    values: Vec<(&'static str, Bytes)>,
    section: Section,
}

/// Which table of ZGC's statistics the rows belong to.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Section {
    /// The only one of single-generation ZGC.
    #[default]
    Whole,
    Heap,
    Young,
    Old,
}

/// The committed heap, which has a field of its own in an event.
const COMMITTED: &str = "committed";

impl Figures {
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.section == Section::Whole
    }

    /// Puts the figures into the event.
    pub fn attach(&self, event: &mut GcEvent) {
        for (name, value) in &self.values {
            if *name == COMMITTED {
                event.committed = event.committed.or(Some(*value));
            } else {
                event.figures.insert((*name).to_owned(), *value);
            }
        }
    }

    fn put(&mut self, name: &'static str, value: Option<Bytes>) {
        let Some(value) = value else { return };
        match self.values.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.values.push((name, value)),
        }
    }

    /// `Eden regions: 6->0(11)`, `DefNew: …`, a row of ZGC's tables. The collector, if the line tells it.
    pub fn read_heap(&mut self, message: &str, region_size: Option<Bytes>) -> Option<&'static str> {
        let (label, rest) = message.split_once(':')?;
        let label = label.trim_start();
        let (before, after) = match label {
            "Eden regions" => ("eden_before", "eden_after"),
            "Survivor regions" => ("survivor_before", "survivor_after"),
            "Old regions" => ("old_before", "old_after"),
            "Humongous regions" => ("humongous_before", "humongous_after"),
            "DefNew" | "ParNew" | "PSYoungGen" => return self.read_young(label, rest),
            "Tenured" | "ParOldGen" | "PSOldGen" | "CMS" => return self.read_old(label, rest),
            _ => {
                self.read_z_row(label, rest);
                return None;
            }
        };
        if let (Some(region_size), Some((count_before, count_after))) = (region_size, rest.trim().split_once("->")) {
            let count_after = count_after.split_once('(').map_or(count_after, |(count, _)| count);
            let in_bytes = |count: &str| count.parse::<u64>().ok()?.checked_mul(region_size.0).map(Bytes);
            self.put(before, in_bytes(count_before));
            self.put(after, in_bytes(count_after));
        }
        Some("G1")
    }

    /// `2176K(2432K)->255K(2432K) Eden: 2176K(2176K)->0K(2176K) From: 0K(256K)->255K(256K)`.
    fn read_young(&mut self, label: &str, rest: &str) -> Option<&'static str> {
        let mut words = rest.split_ascii_whitespace();
        let young = change(words.next()?)?;
        self.put("young_before", young.before);
        self.put("young_after", young.after);
        self.put("young_committed", young.after_of);
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            let (before, after) = match name {
                "Eden:" => ("eden_before", "eden_after"),
                "From:" => ("survivor_before", "survivor_after"),
                _ => continue,
            };
            if let Some(part) = change(value) {
                self.put(before, part.before);
                self.put(after, part.after);
            }
        }
        Some(match label {
            "PSYoungGen" => "Parallel",
            "ParNew" => "CMS",
            _ => "Serial",
        })
    }

    fn read_old(&mut self, label: &str, rest: &str) -> Option<&'static str> {
        let old = change(rest.split_ascii_whitespace().next()?)?;
        self.put("old_before", old.before);
        self.put("old_after", old.after);
        self.put("old_committed", old.after_of);
        (label == "CMS").then_some("CMS")
    }

    /// A row of ZGC's tables: `Used:  40M (10%)  44M (11%)  40M (10%)  26M (7%) …`, at mark start, mark end, relocate
    /// start, and relocate end. `-` is a value that there is not.
    fn read_z_row(&mut self, label: &str, rest: &str) {
        match label {
            "Heap Statistics" => self.section = Section::Heap,
            "Young Generation Statistics" => self.section = Section::Young,
            "Old Generation Statistics" => self.section = Section::Old,
            "Used" | "Live" | "Capacity" => {
                let mut columns = rest.split_ascii_whitespace().filter(|word| !word.starts_with('(')).map(with_unit);
                let (start, end) = (columns.next().flatten(), columns.nth(2).flatten());
                match (label, self.section) {
                    ("Capacity", Section::Whole | Section::Heap) => self.put(COMMITTED, end),
                    ("Live", Section::Whole) => self.put("live", end),
                    ("Live", Section::Young) => self.put("young_live", end),
                    ("Live", Section::Old) => self.put("old_live", end),
                    ("Used", Section::Young) => {
                        self.put("young_before", start);
                        self.put("young_after", end);
                    }
                    ("Used", Section::Old) => {
                        self.put("old_before", start);
                        self.put("old_after", end);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// `Metaspace: 206K(384K)->206K(384K) NonClass: … Class: 9K(128K)->9K(128K)` is used(committed). With one pair of
    /// brackets (JDK 15 and older) it is used(reserved). ZGC prints `0M used, 0M committed, 1088M reserved`.
    pub fn read_metaspace(&mut self, message: &str) {
        let Some(rest) = message.strip_prefix("Metaspace: ") else { return };
        if rest.contains(" used, ") {
            for part in rest.split(", ") {
                let Some((value, what)) = part.trim().split_once(' ') else { continue };
                // Whole MiB, rounded down: 0M says nothing.
                let value = with_unit(value).filter(|value| value.0 > 0);
                match what {
                    "used" => self.put("metaspace_used", value),
                    "committed" => self.put("metaspace_committed", value),
                    "reserved" => self.put("metaspace_reserved", value),
                    _ => {}
                }
            }
            return;
        }
        let mut words = rest.split_ascii_whitespace();
        let Some(all) = words.next().and_then(change) else { return };
        self.put("metaspace_used", all.after);
        let in_brackets = if all.before_of.is_some() { "metaspace_committed" } else { "metaspace_reserved" };
        self.put(in_brackets, all.after_of);
        let class = words.skip_while(|word| *word != "Class:").nth(1).and_then(change);
        if let Some(class) = class.filter(|class| class.before_of.is_some()) {
            self.put("class_used", class.after);
            self.put("class_committed", class.after_of);
        }
    }
}
