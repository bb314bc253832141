//! Native Memory Tracking: categories, call sites, and what grew from snapshot to snapshot.

use super::tables::{Column, Row, RowKind, Table, cell};
use super::{Cell, Part, Style, Teller, line_span};
use crate::chart::nmt_growth::{History, call_sites, in_order, is_own_cost};
use crate::i18n::{format, number};
use crate::model::nmt::{NmtCategory, NmtSite, NmtSnapshot, Sum};
use crate::source::{Places, Span};
use crate::units::{Bytes, SignedBytes};

/// Committed and reserved, each with its change.
type Amounts<'a> = (&'a Places, [(&'static str, Option<Bytes>); 2], [(&'static str, Option<SignedBytes>); 2]);

impl Teller<'_> {
    /// Which report, and of whom.
    pub fn nmt_caption(&self, snapshot: &NmtSnapshot) -> Cell {
        let mut caption = vec![Part::of(format!("NMT {}", snapshot.kind))];
        caption.push(self.place(snapshot.source, snapshot.first_line, snapshot.last_line));
        caption.extend(self.whose(snapshot.pid));
        caption
    }

    /// Whether its categories add up.
    pub fn nmt_seal(&self, snapshot: &NmtSnapshot) -> String {
        let [on_page, in_text] = match snapshot.sum() {
            Sum::AddsUp => ["page.nmt.complete", "text.adds-up"],
            Sum::TooCoarse => ["page.nmt.coarse", "text.too-coarse"],
            Sum::Differs => ["page.nmt.incomplete", "text.incomplete"],
        };
        let count = snapshot.categories.len() as u64;
        if self.is_page() { self.words.count(on_page, count) } else { self.word(in_text) }
    }

    /// The total, and its categories: on the page those of a diff by growth, others largest first, with their parts; in a text as
    /// they were printed, with how they were come by.
    pub fn nmt_categories(&self, snapshot: &NmtSnapshot) -> Table {
        let is_diff = snapshot.kind.ends_with("diff");
        let keys = match self.is_page() {
            true => ["page.nmt.committed", "page.nmt.committed-delta", "page.nmt.reserved", "page.nmt.reserved-delta"],
            false => ["text.committed-kib", "text.delta", "text.reserved-kib", "text.delta"],
        };
        let numbers = keys.into_iter().enumerate().filter(|(nth, _)| is_diff || nth % 2 == 0);
        let numbers = numbers.map(|(_, key)| Column::of_numbers(self.word(key)));
        let first = if self.is_page() { self.word("page.nmt.category") } else { String::new() };
        let mut columns: Vec<Column> = std::iter::once(Column::of(first)).chain(numbers).collect();
        columns.extend((!self.is_page()).then(Column::default));

        let total = &snapshot.total;
        let of_total = (
            &total.at,
            [("committed", total.committed), ("reserved", total.reserved)],
            [("committed_delta", total.committed_delta), ("reserved_delta", total.reserved_delta)],
        );
        // Where the amounts themselves were left out, what they are made of is all that is told.
        let made_of = [("malloc", total.malloc), ("mmap", total.mmap_committed)];
        let made_of = made_of.into_iter().filter(|_| total.committed.is_none());
        let made_of = made_of.filter_map(|(name, size)| Some(format!("{name} {}", format::size(size?)).into()));
        let name = cell(self.word("page.nmt.total"));
        let total = self.amounts(name, snapshot, snapshot.first_line, of_total, made_of.collect());
        let mut rows = vec![total.that_is(RowKind::Total)];
        let categories = if self.is_page() { in_order(snapshot) } else { snapshot.categories.iter().collect() };
        for category in categories {
            let amounts = (
                &category.at,
                [("committed", category.committed), ("reserved", category.reserved)],
                [("committed_delta", category.committed_delta), ("reserved_delta", category.reserved_delta)],
            );
            let name = self.category(snapshot, category);
            rows.push(self.amounts(name, snapshot, category.line, amounts, self.parts(category)));
            if self.is_page() {
                rows.extend(category.spaces.iter().map(|space| {
                    let name = [("name", &*space.name), ("category", &*category.name)];
                    let at = |field: &str| space.at.get(field).or(line_span(snapshot.source, space.line));
                    let used = |used| self.words.fill("page.nmt.used", &[("size", &format::size(used))]);
                    let used = space.used.map(|size| Part::of(used(size)).at(at("used")).styled(Style::Aside));
                    let name = std::iter::once(Part::of(self.words.fill("page.nmt.part", &name))).chain(used).collect();
                    let sizes = [("committed", space.committed), ("reserved", space.reserved)];
                    let none = [("committed_delta", None), ("reserved_delta", None)];
                    // Part of the category above it, never a summand of its own.
                    self.amounts(name, snapshot, space.line, (&space.at, sizes, none), cell("")).that_is(RowKind::Part)
                }));
            }
        }
        Table::of(self.list(&self.nmt_caption(snapshot)), columns, rows)
    }

    /// A category's name; on the page with what it counts.
    fn category(&self, snapshot: &NmtSnapshot, category: &NmtCategory) -> Cell {
        let mut name = cell(&*category.name);
        if self.is_page() {
            let own = || Part::of(self.word("page.nmt.own-cost")).styled(Style::Note);
            name.extend(is_own_cost(category).then(own));
            let counts =
                [("threads", "page.nmt.threads", category.threads), ("classes", "page.nmt.classes", category.classes)];
            name.extend(counts.into_iter().filter_map(|(field, key, count)| {
                let at = category.at.get(field).or(line_span(snapshot.source, category.line));
                Some(Part::of(self.words.count(key, count?)).at(at).styled(Style::Aside))
            }));
        }
        name
    }

    /// How a category was come by, and what it counts.
    fn parts(&self, category: &NmtCategory) -> Cell {
        let counts = [("text.threads", category.threads), ("text.classes", category.classes)];
        let counts = counts.into_iter().filter_map(|(key, count)| Some((self.word(key), number(count?))));
        let sizes = [("malloc", category.malloc), ("mmap", category.mmap_committed), ("arena", category.arena)];
        let sizes = sizes.into_iter().filter_map(|(name, size)| Some((name.to_owned(), format::size(size?))));
        counts.chain(sizes).map(|(name, value)| format!("{name} {value}").into()).collect()
    }

    /// A row of the table of a snapshot.
    fn amounts(
        &self,
        name: Cell,
        snapshot: &NmtSnapshot,
        line: u32,
        (places, sizes, deltas): Amounts<'_>,
        parts: Cell,
    ) -> Row {
        let at = |field: &str| places.get(field).or(line_span(snapshot.source, line));
        let mut cells = vec![name];
        for ((field, size), (delta_field, delta)) in sizes.into_iter().zip(deltas) {
            cells.push(self.amount(size, snapshot.scale, at(field)));
            if snapshot.kind.ends_with("diff") {
                cells.push(self.change(delta, snapshot.scale, at(delta_field)));
            }
        }
        cells.extend((!self.is_page()).then_some(parts));
        Row::of(cells)
    }

    /// On the page readable and as it was printed, in a text in KiB.
    fn amount(&self, size: Option<Bytes>, scale: Bytes, at: Option<Span>) -> Cell {
        let Some(size) = size else { return cell(if self.is_page() { "" } else { "-" }) };
        if !self.is_page() {
            return cell(number(size.0 / 1024));
        }
        let exact = printed(size, scale).unwrap_or_else(|| format!("{} B", number(size.0)));
        vec![Part { exact: Some(exact), ..Part::of(format::size(size)) }.at(at)]
    }

    fn change(&self, delta: Option<SignedBytes>, scale: Bytes, at: Option<Span>) -> Cell {
        match delta {
            Some(delta) if !self.is_page() => cell(format::signed_size(delta)),
            Some(delta) if delta.0 != 0 => {
                let text = printed_difference(delta, scale).unwrap_or_else(|| format::signed_size(delta));
                vec![Part::of(text).at(at)]
            }
            _ => cell(""),
        }
    }

    /// What grew from snapshot to snapshot of a JVM, with a small picture each.
    pub fn nmt_history(&self, history: &History) -> Table {
        let run = self.report.runs.iter().find(|run| run.id == history.run);
        let who = self.whose(run.and_then(|run| run.pid)).unwrap_or_default().text;
        let count = number(history.snapshots.len() as u64);
        let end = |at: Option<&usize>| {
            let snapshot = self.report.nmt.get(*at?)?;
            line_span(snapshot.source, snapshot.first_line)
        };
        let (first, last) = (end(history.snapshots.first()), end(history.snapshots.last()));
        let rows = history.rows.iter().map(|growth| {
            let mut told = growth.values.iter().flatten();
            let from = told.next().copied().unwrap_or_default();
            let to = told.next_back().copied().unwrap_or(from);
            let is_total = growth.name.is_empty();
            let name = if is_total { self.word("page.nmt.total") } else { growth.name.clone() };
            let own = || Part::of(self.word("page.nmt.own-cost")).styled(Style::Aside);
            let change = if growth.growth.0 == 0 { String::new() } else { format::signed_size(growth.growth) };
            let kind = match (is_total, growth.own) {
                (true, _) => RowKind::Total,
                (false, true) => RowKind::Part,
                (false, false) => RowKind::Plain,
            };
            let size = |size: Bytes, at: Option<Span>| vec![Part::of(format::size(size)).at(at)];
            let course = vec![Part::of(course(&growth.values)).styled(Style::Course)];
            let name = std::iter::once(name.into()).chain(growth.own.then(own)).collect();
            Row::of(vec![name, course, size(from, first), size(to, last), cell(change)]).that_is(kind)
        });
        let column = |(key, is_number): (&str, bool)| Column { is_number, ..Column::of(self.word(key)) };
        let columns = [
            ("page.nmt.category", false),
            ("page.nmt.course", false),
            ("page.nmt.first", true),
            ("page.nmt.last", true),
            ("page.nmt.growth", true),
        ];
        let caption = self.words.fill("page.nmt.history", &[("who", &who), ("n", &count)]);
        Table::of(caption, columns.map(column).into(), rows.collect())
    }

    /// Who asked for the memory: on the page by category, as far as all words of a search are in it; in a text as they were printed.
    pub(super) fn sites(&self, at: usize, search: &str) -> Table {
        let Some(snapshot) = self.report.nmt.get(at) else { return Table::default() };
        let on = |row: Row, line: u32| row.on(snapshot.source, line, line);
        if !self.is_page() {
            let cells = |site: &NmtSite| vec![cell(&*site.frame), cell(format::size(site.size)), cell(&*site.kind)];
            let rows = snapshot.sites.iter().map(|site| on(Row::of(cells(site)), site.line)).collect();
            return Table::of(self.word("text.sites"), Vec::new(), rows);
        }
        let has_deltas = snapshot.sites.iter().any(|site| site.delta.is_some());
        let words = ["page.nmt.site", "page.nmt.kind"].map(|key| Column::of(self.word(key)));
        let numbers = [Some("page.memory.size"), has_deltas.then_some("page.nmt.growth"), Some("page.nmt.count")];
        let numbers = numbers.into_iter().flatten().map(|key| Column::of_numbers(self.word(key)));
        let grown = |delta: Option<SignedBytes>| {
            let text = delta.filter(|delta| delta.0 != 0).map(format::signed_size).unwrap_or_default();
            has_deltas.then(|| cell(text))
        };
        let row = |first: [Cell; 2], size: Part, delta: Option<SignedBytes>, count: Option<u64>| {
            let rest =
                std::iter::once(vec![size]).chain(grown(delta)).chain([cell(count.map(number).unwrap_or_default())]);
            Row::of(first.into_iter().chain(rest).collect())
        };
        let mut rows = Vec::new();
        for group in call_sites(snapshot, search) {
            let name =
                if group.category.is_empty() { self.word("page.nmt.no-category") } else { group.category.to_owned() };
            let count = Some(group.sites.len() as u64);
            let sum = row([cell(name), cell("")], format::size(group.size).into(), group.delta, count);
            rows.push(sum.that_is(RowKind::Total));
            rows.extend(group.sites.into_iter().map(|site| {
                let size = Part::of(format::size(site.size)).at(line_span(snapshot.source, site.line));
                let first = [vec![Part::of(&*site.frame).styled(Style::Frame)], cell(&*site.kind)];
                on(row(first, size, site.delta, site.count), site.line).that_is(RowKind::Part)
            }));
        }
        Table::of(self.word("page.nmt.site"), words.into_iter().chain(numbers).collect(), rows)
    }
}

/// A line from zero to the largest value; the numbers stand beside it.
fn course(values: &[Option<Bytes>]) -> String {
    let highest = values.iter().flatten().map(|value| value.as_f64()).fold(1.0, f64::max);
    let step = 116.0 / (values.len().saturating_sub(1).max(1) as f64);
    let known = values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?.as_f64())));
    let place =
        |(at, value): (usize, f64)| format!("{:.1},{:.1}", 2.0 + at as f64 * step, 22.0 - value / highest * 20.0);
    known.map(place).collect::<Vec<_>>().join(" ")
}

/// A size in the unit in which it was printed: `448,079 KB`. `None` if it is not whole in that unit.
fn printed(bytes: Bytes, scale: Bytes) -> Option<String> {
    let unit = match scale.0 {
        1 => "B",
        1024 => "KB",
        0x10_0000 => "MB",
        0x4000_0000 => "GB",
        _ => return None,
    };
    bytes.0.is_multiple_of(scale.0).then(|| format!("{} {unit}", number(bytes.0 / scale.0)))
}

/// A difference in the unit in which it was printed: `+79 KB`.
fn printed_difference(bytes: SignedBytes, scale: Bytes) -> Option<String> {
    let sign = if bytes.0 < 0 { "−" } else { "+" };
    Some(format!("{sign}{}", printed(Bytes(bytes.0.unsigned_abs()), scale)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_the_unit_of_the_text() {
        assert_eq!(printed(Bytes(448_079 * 1024), Bytes(1024)).as_deref(), Some("448,079 KB"));
        assert_eq!(printed(Bytes(1000), Bytes(1024)), None);
        assert_eq!(printed(Bytes(1000), Bytes(0)), None);
        assert_eq!(printed_difference(SignedBytes(-3072), Bytes(1024)).as_deref(), Some("−3 KB"));
    }
}
