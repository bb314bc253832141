//! Sums of memory that never count a thing twice: what NMT tracks, what is resident, and what neither explains.

use crate::model::jstat::{Cells, Column, JstatTable};
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::source::Span;
use crate::units::Bytes;

/// A size and where it was read. `at` is `None` for a sum over several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The size.
    pub bytes: Bytes,
    /// The line it leads to.
    pub at: Option<Span>,
}

/// The category of that name, if its values can be. Names are unified by the reader; no part of a name matches.
pub fn category<'a>(snapshot: &'a NmtSnapshot, name: &str) -> Option<&'a NmtCategory> {
    snapshot
        .categories
        .iter()
        .find(|category| category.name == name)
        .filter(|category| !is_impossible(snapshot, category))
}

/// No address space is larger: what is printed above it is a number below zero.
const WRAPPED: Bytes = Bytes(1 << 60);

/// True for a category with values that cannot be: a counter of 64 bits that fell below zero, or a part above its total. It takes part in
/// no sum and in no severity.
pub fn is_impossible(snapshot: &NmtSnapshot, category: &NmtCategory) -> bool {
    let above = |part: Option<Bytes>, whole: Option<Bytes>| {
        // Both are rounded to the unit.
        part.zip(whole).is_some_and(|(part, whole)| part.0 > whole.0.saturating_add(snapshot.scale.0))
    };
    let wrapped = |size: Option<Bytes>| size.is_some_and(|size| size >= WRAPPED);
    wrapped(category.reserved) || wrapped(category.committed) || above(category.committed, snapshot.total.committed)
}

/// Committed memory outside of the Java heap: the total without the category `Java Heap`. `None` if either is missing,
/// for instance in a block that was cut off.
pub fn non_heap(snapshot: &NmtSnapshot) -> Option<Known> {
    // Of a report in GB each of the two is off by up to a half.
    let exact = Some(snapshot).filter(|snapshot| snapshot.scale < Bytes(1 << 30))?;
    let heap = category(exact, "Java Heap")?.committed?;
    let rest = snapshot.total.committed?.0.checked_sub(heap.0)?;
    Some(Known { bytes: Bytes(rest), at: snapshot.total.at.get("committed") })
}

/// What the heap had in the last row of a `jstat` table that has capacities.
pub fn committed_heap(table: &JstatTable) -> Option<Known> {
    committed_at(table, rows_alive(table).checked_sub(1)?)
}

/// The same in a row.
pub fn committed_at(table: &JstatTable, row: usize) -> Option<Known> {
    let young = ["S0C", "S1C"].iter().filter_map(|name| cell(table, name, row));
    let bytes = young.fold(cell(table, "EC", row)?.plus(cell(table, "OC", row)?), Bytes::plus);
    let at = table.lines.get(row).map(|line| Span { source: table.source, line: *line, start: 0, end: 0 });
    Some(Known { bytes, at })
}

/// A column of sizes (KiB with decimals) for reading many rows of it.
pub struct Sizes<'a> {
    column: &'a Column,
    scale: u64,
}

impl<'a> Sizes<'a> {
    /// The column of that name. `None` if absent or not of numbers.
    pub fn of(table: &'a JstatTable, name: &str) -> Option<Sizes<'a>> {
        let column = table.column(name)?;
        let Cells::Fixed { decimals, .. } = column.cells else { return None };
        Some(Sizes { column, scale: 10_u64.checked_pow(u32::from(decimals))? })
    }

    /// The cell in bytes. `None` if absent, negative, or too large.
    pub fn at(&self, row: usize) -> Option<Bytes> {
        let fixed = u64::try_from(self.column.fixed(row)?).ok()?;
        let scaled = fixed.checked_mul(1024)?;
        // Sizes have one decimal, and dividing by a constant is several times as fast.
        Some(Bytes(if self.scale == 10 { scaled / 10 } else { scaled / self.scale }))
    }
}

/// A size cell of `jstat` (KiB with decimals) in bytes. `None` if absent or not a size.
pub fn cell(table: &JstatTable, name: &str, row: usize) -> Option<Bytes> {
    Sizes::of(table, name)?.at(row)
}

/// Rows up to the last in which anything but the clock moved: `jstat` goes on printing the last sample of a process that
/// has died. A table in which nothing ever moves has all its rows.
pub fn rows_alive(table: &JstatTable) -> usize {
    let still = |row: usize| (1..table.rows).contains(&row) && same_but_time(table, row - 1, row);
    let mut rows = table.rows;
    while rows > 0 && still(rows - 1) {
        rows -= 1;
    }
    if rows <= 1 { table.rows } else { rows }
}

/// True if two rows have the same cells, whatever their `Timestamp`.
pub fn same_but_time(table: &JstatTable, one: usize, other: usize) -> bool {
    table.data.0.iter().filter(|column| column.name != "Timestamp").all(|column| match &column.cells {
        Cells::Fixed { values, .. } => values.get(one) == values.get(other),
        Cells::Text { values, .. } => values.get(one) == values.get(other),
    })
}
