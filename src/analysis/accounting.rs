//! Sums of memory that never count a thing twice: what NMT tracks, what is resident, and what neither explains.

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

/// The category of that name. Names are unified by the reader; no part of a name matches.
pub fn category<'a>(snapshot: &'a NmtSnapshot, name: &str) -> Option<&'a NmtCategory> {
    snapshot.categories.iter().find(|category| category.name == name)
}

/// Committed memory outside of the Java heap: the total without the category `Java Heap`. `None` if either is missing,
/// for instance in a block that was cut off.
pub fn non_heap(snapshot: &NmtSnapshot) -> Option<Known> {
    let heap = category(snapshot, "Java Heap")?.committed?;
    let rest = snapshot.total.committed?.0.checked_sub(heap.0)?;
    Some(Known { bytes: Bytes(rest), at: snapshot.total.at.get("committed") })
}
