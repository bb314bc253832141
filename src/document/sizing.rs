//! The size of the heap: what it was reckoned from, and what common advice would have led to.

use super::tables::{Column, Row, RowKind, Table, cell};
use super::{Cell, Part, Teller};
use crate::analysis::sizing::{Facts, Outcome, Role, Sizing, Term};
use crate::i18n::format;
use crate::source::Span;
use crate::units::Bytes;

impl Teller<'_> {
    /// The terms of the maximum and their sum, then those of the minimum and theirs.
    pub fn sizing_terms(&self, sizing: &Sizing) -> Table {
        let (floor, ceiling): (Vec<&Term>, Vec<&Term>) = sizing.terms.iter().partition(|term| term.role == Role::Floor);
        let below_zero = |short: Bytes| self.words.fill("sizing.below-zero", &[("size", &format::size(short))]);
        let below_zero = sizing.shortfall().map(below_zero);
        let mut rows = Vec::new();
        let sums = [(ceiling, sizing.ceiling, "text.ceiling", below_zero), (floor, sizing.floor, "text.floor", None)];
        for (terms, sum, key, remark) in sums {
            rows.extend(terms.into_iter().map(|term| self.term(term)));
            rows.extend(sum.map(|sum| {
                let total = [format!("= {}", self.word(key)), format::size(sum), remark.unwrap_or_default()];
                Row::of(total.map(cell).into()).that_is(RowKind::Total)
            }));
        }
        let keys = ["page.memory.what", "page.memory.size", "page.sizing.origin"].into_iter().enumerate();
        let column = |(nth, key): (usize, &str)| Column { is_number: nth == 1, ..Column::of(self.word(key)) };
        let columns = keys.filter(|_| self.is_page()).map(column).collect();
        Table::of(self.word(if self.is_page() { "page.sizing.terms" } else { "text.sizing-terms" }), columns, rows)
    }

    fn term(&self, term: &Term) -> Row {
        let (sign, kind) = match term.role {
            Role::Adds | Role::Floor => ("+ ", RowKind::Plain),
            Role::Takes => ("− ", RowKind::Plain),
            // What is a part of the term above stands a little to the right, where blanks count.
            Role::Aside => ("  ", RowKind::Part),
        };
        let name = self.word(&format!("sizing.term.{}", term.name));
        let name = term.area.as_ref().map_or_else(|| name.clone(), |area| format!("{name}: {area}"));
        let of = |text: String| -> Cell { vec![Part::of(text).at(term.at)] };
        let cells = vec![cell(format!("{sign}{name}")), of(format::size(term.bytes)), of(self.word(term.origin.key()))];
        let (source, line) = term.at.map_or((0, term.line), |Span { source, line, .. }| (source, Some(line)));
        Row::of(cells).on(source, line.unwrap_or(0), line.unwrap_or(0)).that_is(kind)
    }

    /// What common advice would have led to, on the page with the line at which it fails.
    pub fn sizing_advice(&self, sizing: &Sizing) -> Table {
        let at = |outcome: Outcome, facts: &Facts| match outcome {
            Outcome::Killed => facts.wall.and_then(|wall| wall.size.at),
            Outcome::TooSmall => {
                facts.exhausted.or(facts.live_sets.first().map(|live| live.size)).and_then(|fact| fact.at)
            }
            Outcome::Fits | Outcome::Tight => None,
        };
        let total = |total: Option<Bytes>| self.is_page().then(|| cell(total.map(format::size).unwrap_or_default()));
        let rows = sizing.advice.iter().map(|replay| {
            let first = [cell(self.word(&format!("sizing.advice.{}", replay.name))), cell(format::size(replay.heap))];
            let end = Part::of(self.word(replay.outcome.key())).at(at(replay.outcome, &sizing.facts));
            Row::of(first.into_iter().chain(total(replay.total)).chain([vec![end]]).collect())
        });
        let column = |(key, is_number): (&str, bool)| Column { is_number, ..Column::of(self.word(key)) };
        let columns = [
            ("page.sizing.advice.who", false),
            ("page.sizing.advice.heap", true),
            ("page.sizing.advice.total", true),
            ("page.sizing.advice.end", false),
        ];
        let columns = columns.into_iter().filter(|_| self.is_page()).map(column).collect();
        let caption = self.word(if self.is_page() { "page.sizing.advice" } else { "text.sizing-advice" });
        Table::of(caption, columns, rows.collect())
    }
}
