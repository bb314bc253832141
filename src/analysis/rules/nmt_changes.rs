//! How the parts of a JVM's memory changed by NMT: what the rules about native memory share.
//!
//! A diff has the change since its baseline; of several snapshots the last is compared with the first. The Java heap is
//! left out: it grows by design, up to its maximum.

use super::Incident;
use crate::analysis::accounting::category;
use crate::analysis::finding::Proof;
use crate::analysis::incident::line;
use crate::analysis::statement::Quantity;
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Bytes;

pub const MIB: i64 = 1024 * 1024;

/// Growth of an area with a cure of its own.
pub const AREA_LEAST: i64 = 8 * MIB;

/// The change of one category.
pub struct Change<'a> {
    pub category: &'a NmtCategory,
    pub delta: i64,
    pub at: Span,
}

/// How the memory of a run changed: the snapshot that shows it, and the change of every category in it.
pub struct Changes<'a> {
    pub snapshot: &'a NmtSnapshot,
    /// The snapshot that it is compared with; `None` in a diff.
    first: Option<&'a NmtSnapshot>,
    pub areas: Vec<Change<'a>>,
}

impl<'a> Changes<'a> {
    /// Of the last diff of a run, else of its first and last snapshots. A printed change needs no whole report: what is cut off can
    /// only have grown besides.
    pub fn of(incident: &Incident<'a>, run: &Run) -> Option<Changes<'a>> {
        let whole = |snapshot: &&NmtSnapshot| snapshot.complete && snapshot.total.committed.is_some();
        let is_diff = |snapshot: &&NmtSnapshot| snapshot.kind.ends_with("diff");
        let part =
            |snapshot: &&NmtSnapshot| snapshot.categories.iter().any(|category| category.committed_delta.is_some());
        let diffs = || incident.nmt(&run.id).rev().filter(is_diff);
        if let Some(snapshot) = diffs().find(whole).or_else(|| diffs().find(part)) {
            let change = |category: &'a NmtCategory| {
                let delta = category.committed_delta.unwrap_or_default().0;
                Change { category, delta, at: place(snapshot, category) }
            };
            return Some(Changes { snapshot, first: None, areas: snapshot.categories.iter().map(change).collect() });
        }
        let mut snapshots = incident.nmt(&run.id).filter(whole);
        let (first, snapshot) = (snapshots.next()?, snapshots.next_back()?);
        let change = |now: &'a NmtCategory| {
            let before = category(first, &now.name).and_then(|before| before.committed).unwrap_or_default();
            let delta = now.committed.unwrap_or_default().minus(before).0;
            Change { category: now, delta, at: place(snapshot, now) }
        };
        Some(Changes { snapshot, first: Some(first), areas: snapshot.categories.iter().map(change).collect() })
    }

    /// Outside of the heap. Of a diff that is cut off, by its total, else what is left of it.
    pub fn outside(&self) -> i64 {
        let heap = self.areas.iter().find(|change| change.category.name == "Java Heap");
        if self.is_diff()
            && !self.snapshot.complete
            && let (Some(total), Some(heap)) = (self.snapshot.total.committed_delta, heap)
        {
            return total.0.saturating_sub(heap.delta);
        }
        let outside = self.areas.iter().filter(|change| change.category.name != "Java Heap");
        outside.fold(0, |sum, change| sum.saturating_add(change.delta))
    }

    pub fn of_areas(&self, names: &[&str]) -> Option<(&Change<'a>, i64)> {
        let areas = || self.areas.iter().filter(|change| names.contains(&change.category.name.as_str()));
        let largest = areas().max_by_key(|change| change.delta)?;
        Some((largest, areas().fold(0, |sum, change| sum.saturating_add(change.delta))))
    }

    pub fn proof(&self, at: Span) -> Proof {
        let first = self.first.map(total_line);
        Proof::first(at).and(first)
    }

    /// `.diff` or `.snapshots`: since a baseline, or between snapshots.
    pub fn is_diff(&self) -> bool {
        self.first.is_none()
    }
}

pub fn place(snapshot: &NmtSnapshot, category: &NmtCategory) -> Span {
    category.at.get("committed").unwrap_or_else(|| line(snapshot.source, category.line))
}

pub fn total_line(snapshot: &NmtSnapshot) -> Span {
    snapshot.total.at.get("committed").unwrap_or_else(|| line(snapshot.source, snapshot.first_line))
}

/// A change that is known to be growth.
pub fn size(delta: i64) -> Quantity {
    Quantity::Size(Bytes(delta.unsigned_abs()))
}
