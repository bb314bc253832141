//! Who had the memory in two runs: native memory by category, and what the kernel saw when it killed them.

use super::{Difference, Held, Maker, Value, difference};
use crate::chart::memory::{Part, Picture, pictures_at_kill};
use crate::chart::theme::Role;
use crate::i18n::format;
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::model::oom::{OomKill, Victim};
use crate::order::InOrder as _;
use crate::source::Span;
use crate::units::Bytes;

/// Categories whose names changed with JDK 16.
const CLASS: &str = "Class";
const METASPACE: &str = "Metaspace";
/// Of the larger total: what is smaller on both sides is told as one row.
const SMALL_CATEGORY: f64 = 0.01;

/// A size and the line it was read from; `None` where one has it not.
type Cell = Option<(Bytes, Option<Span>)>;

/// A setting of both, with the line it was read from.
type Setting = (String, [Option<(String, Option<Span>)>; 2]);

impl<'a> Maker<'a> {
    /// Committed memory of the last snapshots: whole, then by category, the largest difference first. What is small in both is one row,
    /// so that the rows add up; what only one of them has stands there, too.
    pub(super) fn snapshots(&mut self) {
        let of = |side: Held<'a>| side.report.nmt.iter().rfind(|snapshot| snapshot.run == side.run.id);
        let [Some(first), Some(second)] = self.sides.map(of) else { return };
        let snapshots = [first, second];
        let (Some(whole), Some(other)) = (first.total.committed, second.total.committed) else { return };
        let at = |snapshot: &NmtSnapshot, line: u32| {
            (line > 0).then_some(Span { source: snapshot.source, line, start: 0, end: 0 })
        };
        let totals = [(whole, at(first, first.first_line)), (other, at(second, second.first_line))];
        // What the JDKs before 16 count as Class, later ones split.
        let is_split = snapshots.map(|snapshot| snapshot.categories.iter().any(|category| category.name == METASPACE));
        let group = |category: &NmtCategory| match category.name.as_str() {
            CLASS | METASPACE if is_split[0] != is_split[1] => format!("{CLASS} + {METASPACE}"),
            name => name.to_owned(),
        };
        let mut rows: Vec<(String, [Cell; 2])> = Vec::new();
        for (side, snapshot) in snapshots.into_iter().enumerate() {
            for category in &snapshot.categories {
                let Some(committed) = category.committed else { continue };
                let name = group(category);
                let known = rows.iter().position(|(known, _)| *known == name);
                let at_row = known.unwrap_or(rows.len());
                if known.is_none() {
                    rows.push((name, [None, None]));
                }
                let cell = rows.get_mut(at_row).and_then(|(_, cells)| cells.get_mut(side));
                if let Some(cell) = cell {
                    let before = cell.map_or(Bytes(0), |(size, _)| size);
                    *cell = Some((Bytes(before.0.saturating_add(committed.0)), at(snapshot, category.line)));
                }
            }
        }
        let larger = whole.max(other).as_f64().max(1.0);
        let size = |cell: &Cell| cell.map_or(0.0, |(size, _)| size.as_f64());
        rows.retain(|(_, cells)| cells.iter().any(|cell| size(cell) >= larger * SMALL_CATEGORY));
        rows.order_by_key(|(_, [a, b])| std::cmp::Reverse((size(a) - size(b)).abs() as u64));
        let rest = [0, 1].map(|side| {
            let shown: f64 = rows.iter().filter_map(|(_, cells)| cells.get(side)).map(size).sum();
            let whole = totals.get(side).map_or(0.0, |(size, _)| size.as_f64());
            (whole >= shown).then_some((Bytes((whole - shown) as u64), None))
        });
        self.native.push(self.held(self.word("chart.series.nmt-committed"), totals.map(Some), 0.9));
        for (name, cells) in rows {
            // A category weighs as much as its part of the whole.
            let weight = (size(&cells[0]).max(size(&cells[1])) / larger).min(1.0) * 0.8;
            self.native.push(self.held(format!("NMT {name}"), cells, weight));
        }
        if rest.iter().flatten().any(|(size, _)| size.0 > 0) {
            self.native.push(self.held(self.word("chart.compare.rest"), rest, 0.0));
        }
    }

    /// A size of both, or of the one that has it.
    fn held(&self, label: String, cells: [Cell; 2], weight: f64) -> Difference {
        let values = cells.map(|cell| match cell {
            Some((size, span)) => Value { text: format::size(size), printed: None, span },
            None => Value { text: "–".to_owned(), ..Value::default() },
        });
        match cells {
            [Some((a, _)), Some((b, _))] => {
                let (a, b) = (a.as_f64(), b.as_f64());
                difference(label, values, format::change(self.language, a, b), (a, b), weight)
            }
            _ => Difference { label, values, change: String::new(), weight: 0.0, grown: 0.0 },
        }
    }

    /// Resident memory of the killed processes, and what container and machine held besides.
    pub(super) fn kills(&mut self) {
        let [Some(first), Some(second)] = self.sides.map(kill_of) else { return };
        let resident = |(_, kill, victim): (usize, &OomKill, &Victim)| {
            let line = Span { source: kill.source, line: victim.line.max(kill.first_line), start: 0, end: 0 };
            Some((victim.resident()?, Some(victim.resident_at().unwrap_or(line))))
        };
        if let (Some(a), Some(b)) = (resident(first), resident(second)) {
            self.size(self.word("chart.compare.resident-at-kill"), [a, b], 1.0);
        }
        let pictures = |side: Held<'_>, at: usize| pictures_at_kill(side.report, self.language, at);
        let (a, b) = (pictures(self.sides[0], first.0), pictures(self.sides[1], second.0));
        for (kind, key) in
            [("container", "chart.compare.container-at-kill"), ("machine", "chart.compare.machine-at-kill")]
        {
            let bar = |pictures: &[Picture]| -> Option<(f64, Vec<Part>)> {
                let bar = pictures.iter().find(|picture| picture.id.ends_with(kind))?.bars.first()?;
                Some((bar.total?.as_f64().max(1.0), bar.parts.clone()))
            };
            let (Some((whole, parts)), Some((_, others))) = (bar(&a), bar(&b)) else { continue };
            for part in parts.iter().filter(|part| part.role != Role::Unaccounted) {
                let Some(other) = others.iter().find(|other| other.label == part.label) else { continue };
                let [size, beside] = [part.size, other.size].map(|size| Bytes(size.0.unsigned_abs()));
                // A part weighs as much as it takes of the whole.
                let weight = (size.max(beside).as_f64() / whole).min(1.0) * 0.8;
                let label = format!("{}: {}", self.word(key), part.label);
                self.size(label, [(size, part.span), (beside, other.span)], weight);
            }
        }
    }

    /// The container's limit, and the machine's memory when the kernel killed. A limit is also known where nobody was killed.
    pub(super) fn limits(&self) -> [Setting; 2] {
        let limit = self.sides.map(|side| {
            let of_kill = kill_of(side).and_then(|(_, kill, _)| {
                let cgroup = kill.cgroup.as_ref()?;
                Some((cgroup.limit?, cgroup.at.get("limit")))
            });
            let limit = of_kill.or_else(|| limit_of_sizing(side))?;
            Some((format::size(limit.0), limit.1))
        });
        let ram = self.sides.map(|side| {
            let (_, kill, _) = kill_of(side)?;
            Some((format::size(kill.ram?), kill.at.get("ram")))
        });
        [(self.word("chart.compare.limit"), limit), (self.word("chart.compare.ram"), ram)]
    }

    pub(super) fn size(&mut self, label: String, sizes: [(Bytes, Option<Span>); 2], weight: f64) {
        let [a, b] = sizes.map(|(size, _)| size.as_f64());
        let values = sizes.map(|(size, span)| Value { text: format::size(size), printed: None, span });
        self.add(label, values, format::change(self.language, a, b), (a, b), weight);
    }
}

/// The last kill of a run, with its place in the report.
/// The limit that the heap's size was reckoned from, as it was read.
fn limit_of_sizing(side: Held<'_>) -> Option<(Bytes, Option<Span>)> {
    let sizing = side.report.sizing.as_ref().filter(|sizing| sizing.run.as_ref() == Some(&side.run.id))?;
    let limit = sizing.terms.iter().find(|term| term.name == "limit" && term.at.is_some())?;
    Some((limit.bytes, limit.at))
}

fn kill_of(side: Held<'_>) -> Option<(usize, &OomKill, &Victim)> {
    let kills = side.report.oom_kills.iter().enumerate().rev();
    kills
        .flat_map(|(at, kill)| kill.victims.iter().map(move |victim| (at, kill, victim)))
        .find(|(_, _, victim)| victim.run.as_ref() == Some(&side.run.id))
}
