//! Who had the memory in two runs: native memory by category, and what the kernel saw when it killed them.

use super::{Held, Maker, Value};
use crate::chart::memory::{Part, Picture, pictures_at_kill};
use crate::chart::theme::Role;
use crate::i18n::format;
use crate::model::nmt::NmtSnapshot;
use crate::model::oom::{OomKill, Victim};
use crate::source::Span;
use crate::units::Bytes;

/// A setting of both, with the line it was read from.
type Setting = (String, [Option<(String, Option<Span>)>; 2]);

impl<'a> Maker<'a> {
    /// Committed memory of the last snapshots, whole and by category.
    pub(super) fn snapshots(&mut self) {
        let of = |side: Held<'a>| side.report.nmt.iter().rfind(|snapshot| snapshot.run == side.run.id);
        let [Some(first), Some(second)] = self.sides.map(of) else { return };
        let show = |size: Bytes, snapshot: &NmtSnapshot, line: u32| Value {
            text: format::size(size),
            printed: None,
            span: (line > 0).then_some(Span { source: snapshot.source, line, start: 0, end: 0 }),
        };
        if let (Some(a), Some(b)) = (first.total.committed, second.total.committed) {
            let values = [show(a, first, first.first_line), show(b, second, second.first_line)];
            let label = self.word("chart.series.nmt-committed");
            self.add(
                label,
                values,
                format::change(self.language, a.as_f64(), b.as_f64()),
                (a.as_f64(), b.as_f64()),
                0.9,
            );
        }
        let whole = first.total.committed.unwrap_or_default().as_f64().max(1.0);
        for category in &first.categories {
            let Some(other) = second.categories.iter().find(|other| other.name == category.name) else { continue };
            let (Some(a), Some(b)) = (category.committed, other.committed) else { continue };
            if a == b {
                continue;
            }
            let values = [show(a, first, category.line), show(b, second, other.line)];
            // A category weighs as much as its part of the whole.
            let weight = (a.as_f64().max(b.as_f64()) / whole).min(1.0) * 0.8;
            let label = format!("NMT {}", category.name);
            self.add(
                label,
                values,
                format::change(self.language, a.as_f64(), b.as_f64()),
                (a.as_f64(), b.as_f64()),
                weight,
            );
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

    /// The container's limit and the machine's memory when the kernel killed.
    pub(super) fn limits_at_kill(&self) -> [Setting; 2] {
        let kills = self.sides.map(kill_of);
        let limit = kills.map(|kill| {
            let cgroup = kill?.1.cgroup.as_ref()?;
            Some((format::size(cgroup.limit?), cgroup.at.get("limit")))
        });
        let ram = kills.map(|kill| Some((format::size(kill?.1.ram?), kill?.1.at.get("ram"))));
        [(self.word("chart.compare.limit"), limit), (self.word("chart.compare.ram"), ram)]
    }

    fn size(&mut self, label: String, sizes: [(Bytes, Option<Span>); 2], weight: f64) {
        let [a, b] = sizes.map(|(size, _)| size.as_f64());
        let values = sizes.map(|(size, span)| Value { text: format::size(size), printed: None, span });
        self.add(label, values, format::change(self.language, a, b), (a, b), weight);
    }
}

/// The last kill of a run, with its place in the report.
fn kill_of(side: Held<'_>) -> Option<(usize, &OomKill, &Victim)> {
    let kills = side.report.oom_kills.iter().enumerate().rev();
    kills
        .flat_map(|(at, kill)| kill.victims.iter().map(move |victim| (at, kill, victim)))
        .find(|(_, _, victim)| victim.run.as_ref() == Some(&side.run.id))
}
