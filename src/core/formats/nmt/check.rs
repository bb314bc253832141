//! What must add up in a snapshot. Where it does not, the paste is damaged or the reader wrong: said as a warning, never
//! a reason to leave something out.

use super::names::CATEGORIES;
use crate::model::nmt::{NmtCategory, NmtSnapshot, NmtSpace};
use crate::units::Bytes;
use crate::warning::WarningKind;

/// What does not add up, with the line it stands in, and whether the categories add up to the total.
pub fn check(snapshot: &NmtSnapshot) -> (Vec<(u32, WarningKind)>, bool) {
    let mut doubts = Vec::new();
    let complete = check_total(snapshot, &mut doubts);
    for (at, category) in snapshot.categories.iter().enumerate() {
        let is_last = at + 1 == snapshot.categories.len();
        check_category(category, snapshot.scale, is_last && !complete, &mut doubts);
    }
    (doubts, complete)
}

type Doubts = Vec<(u32, WarningKind)>;

fn check_total(snapshot: &NmtSnapshot, doubts: &mut Doubts) -> bool {
    let total = &snapshot.total;
    let unit = snapshot.scale.0.max(1);
    let line = total.at.get("reserved").map_or(snapshot.last_line, |span| span.line);
    let (Some(reserved), Some(committed)) = (total.reserved, total.committed) else {
        doubts.push((snapshot.last_line, cut_off()));
        return false;
    };
    if snapshot.categories.is_empty() {
        doubts.push((snapshot.last_line, cut_off()));
        return false;
    }
    // Every printed amount is rounded by half a unit; at a coarse scale many categories are not printed at all.
    let rounded = if unit > 1024 { snapshot.categories.len().max(CATEGORIES) } else { snapshot.categories.len() };
    let tolerance = if unit == 1 { 0 } else { (rounded as u64).saturating_mul(unit) / 2 };
    let sum = |of: fn(&NmtCategory) -> Option<Bytes>| {
        let parts: Option<Vec<Bytes>> = snapshot.categories.iter().map(of).collect();
        parts.map(|parts| parts.into_iter().fold(Bytes(0), Bytes::plus))
    };
    let mut complete = true;
    for (name, printed, sum) in
        [("committed", committed, sum(|c| c.committed)), ("reserved", reserved, sum(|c| c.reserved))]
    {
        match sum {
            Some(sum) if sum.0.abs_diff(printed.0) <= tolerance => {}
            // What is missing of the one is missing of the other: told once.
            Some(sum) => {
                complete = false;
                if doubts.is_empty() {
                    doubts.push((line, WarningKind::SumDiffers { of: name.to_owned(), missing: printed.minus(sum).0 }));
                }
            }
            None => complete = false,
        }
    }
    if !complete && doubts.is_empty() {
        doubts.push((snapshot.last_line, cut_off()));
    }
    if reserved < committed {
        doubts.push((line, torn("Total committed")));
    }
    let parts =
        [(total.mmap_reserved, reserved, "Total reserved"), (total.mmap_committed, committed, "Total committed")];
    for (mmap, printed, name) in parts {
        if let (Some(malloc), Some(mmap)) = (total.malloc, mmap) {
            let missing = printed.minus(malloc.plus(mmap)).0;
            if missing.unsigned_abs() > rounding(unit, 3) {
                doubts.push((line, WarningKind::SumDiffers { of: name.to_owned(), missing }));
            }
        }
    }
    complete
}

fn check_category(category: &NmtCategory, scale: Bytes, may_be_cut: bool, doubts: &mut Doubts) {
    let unit = scale.0.max(1);
    let name = &category.name;
    let ordered = [
        (category.reserved, category.committed, "committed"),
        (category.mmap_reserved, category.mmap_committed, "mmap committed"),
        (category.stack_reserved, category.stack_committed, "stack committed"),
        (category.malloc_peak, category.malloc, "malloc"),
        (category.arena_peak, category.arena, "arena"),
    ];
    for (larger, smaller, what) in ordered {
        if let (Some(larger), Some(smaller)) = (larger, smaller)
            && larger < smaller
        {
            doubts.push((category.line, torn(&format!("{name} {what}"))));
        }
    }
    for space in &category.spaces {
        check_space(space, unit, doubts);
    }
    let everywhere = [category.malloc, category.arena, category.tracking_overhead];
    let reserved = [category.mmap_reserved, category.stack_reserved];
    let committed = [category.mmap_committed, category.stack_committed];
    if everywhere.iter().chain(&reserved).all(Option::is_none) {
        // Every category has a part; one without has lost it, unless its parts are below the scale.
        if category.reserved.is_some_and(|size| size.0 > unit.saturating_mul(2)) {
            doubts.push((category.line, cut_off()));
        }
        return;
    }
    for (printed, own) in [(category.reserved, reserved), (category.committed, committed)] {
        let Some(printed) = printed else { continue };
        let sum = everywhere.iter().chain(&own).flatten().fold(Bytes(0), |sum, part| sum.plus(*part));
        let missing = printed.minus(sum).0;
        // Parts below half a unit are not printed.
        if missing.unsigned_abs() > rounding(unit, 6) {
            let kind = if may_be_cut && missing > 0 {
                cut_off()
            } else {
                WarningKind::SumDiffers { of: name.clone(), missing }
            };
            doubts.push((category.line, kind));
            return;
        }
    }
}

fn check_space(space: &NmtSpace, unit: u64, doubts: &mut Doubts) {
    if let (Some(reserved), Some(committed)) = (space.reserved, space.committed)
        && reserved < committed
    {
        doubts.push((space.line, torn(&format!("{} committed", space.name))));
    }
    if let (Some(committed), Some(used), Some(waste)) = (space.committed, space.used, space.waste) {
        let sum = used.plus(waste).plus(space.free.unwrap_or_default());
        if sum.0.abs_diff(committed.0) > rounding(unit, 4) {
            doubts.push((space.line, torn(&format!("{} waste", space.name))));
        }
    }
}

/// By how much `numbers` printed numbers may miss each other.
fn rounding(unit: u64, numbers: u64) -> u64 {
    if unit == 1 { 0 } else { unit.saturating_mul(numbers) / 2 }
}

fn cut_off() -> WarningKind {
    WarningKind::CutOff { format: "nmt".to_owned() }
}

fn torn(column: &str) -> WarningKind {
    WarningKind::TornSample { column: column.to_owned() }
}
