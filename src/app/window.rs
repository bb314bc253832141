//! Long lists of which only the rows near the view are in the document: where rows stand, and which of them are needed.
//!
//! Rows have the height that was measured when they were last seen, and one estimate for all that were not seen yet.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::order::InOrder as _;

/// Pixels above and below the view in which rows are kept ready.
const MARGIN: f64 = 200.0;
/// The view counts in steps of so many pixels, so that not every pixel of scrolling is a change.
const STEP: f64 = 100.0;
/// Pixels of a list that nobody looks at: what tells that there is one, and how high its rows are.
const UNSEEN: f64 = 400.0;
/// Browsers end at some millions of pixels: a longer list is shown in parts of so many rows.
pub const PART: usize = 100_000;

/// Where the rows of a list stand, in pixels from its upper edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Heights {
    count: usize,
    whole: usize,
    estimate: f64,
    measured: BTreeMap<usize, f64>,
}

impl Heights {
    /// Of `count` rows that have about that height; up to `whole` of them are no burden.
    pub fn new(count: usize, whole: usize, estimate: f64) -> Heights {
        Heights { count, whole, estimate: estimate.max(1.0), measured: BTreeMap::new() }
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Notes the height of a row that is in the document.
    pub fn measure(&mut self, row: usize, height: f64) {
        if height > 0.0 && row < self.count {
            self.measured.insert(row, height);
        }
    }

    /// The upper edge of a row.
    pub fn top(&self, row: usize) -> f64 {
        let row = row.min(self.count);
        let known = self.measured.range(..row).fold(0.0, |sum, (_, height)| sum + height - self.estimate);
        row as f64 * self.estimate + known
    }

    /// The whole list.
    pub fn total(&self) -> f64 {
        self.top(self.count)
    }

    /// The row at that height, the nearest one beyond the ends.
    pub fn row_at(&self, y: f64) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.top(middle + 1) <= y { low = middle + 1 } else { high = middle }
        }
        low.min(self.count.saturating_sub(1))
    }

    /// The rows that are needed while the view reaches from `top` to `bottom` of the list. `None`: nobody can say.
    pub fn near(&self, view: Option<(f64, f64)>) -> Range<usize> {
        if self.count <= self.whole {
            return 0..self.count;
        }
        let beginning = || 0..(self.row_at(UNSEEN) + 1).min(self.count);
        let Some((top, bottom)) = view else { return beginning() };
        if bottom < -MARGIN {
            return beginning();
        }
        if top > self.total() + MARGIN {
            return self.row_at(self.total() - UNSEEN)..self.count;
        }
        let first = ((top - MARGIN) / STEP).floor() * STEP;
        let last = ((bottom + MARGIN) / STEP).ceil() * STEP;
        self.row_at(first)..(self.row_at(last) + 1).min(self.count)
    }
}

/// What is in the document, in order and without a row twice: the rows that are needed, and around each row of `kept` its
/// neighbours, so that the keyboard leads on from there.
pub fn pieces(near: Range<usize>, kept: impl IntoIterator<Item = usize>, count: usize) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> =
        kept.into_iter().filter(|row| *row < count).map(|row| row.saturating_sub(1)..(row + 2).min(count)).collect();
    ranges.push(near);
    ranges.order_by_key(|range| range.start);
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match pieces.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => pieces.push(range),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_in_the_document_whole() {
        assert_eq!(Heights::new(70, 70, 28.0).near(None), 0..70);
        assert_eq!(Heights::new(70, 70, 28.0).near(Some((90_000.0, 91_000.0))), 0..70);
        assert_eq!(Heights::new(0, 70, 28.0).near(None), 0..0);
    }

    #[test]
    fn of_a_long_list_only_rows_near_the_view_are_needed() {
        let heights = Heights::new(1_000_000, 30, 20.0);
        assert_eq!(heights.near(Some((0.0, 800.0))), 0..51);
        assert_eq!(heights.near(Some((10_000_000.0, 10_000_800.0))), 499_990..500_051);
        assert_eq!(heights.near(Some((-5_000.0, -4_000.0))), 0..21, "the list is below the view");
        assert_eq!(heights.near(Some((30_000_000.0, 30_001_000.0))), 999_980..1_000_000, "it is above");
    }

    #[test]
    fn scrolling_a_little_needs_nothing_new() {
        let heights = Heights::new(10_000, 30, 20.0);
        assert_eq!(heights.near(Some((1_010.0, 1_810.0))), heights.near(Some((1_090.0, 1_890.0))));
    }

    #[test]
    fn what_was_measured_moves_what_stands_below() {
        let mut heights = Heights::new(100, 5, 50.0);
        heights.measure(3, 400.0);
        assert_eq!((heights.top(3), heights.top(4), heights.total()), (150.0, 550.0, 5_350.0));
        assert_eq!([149.0, 150.0, 549.0, 550.0, 1e9].map(|y| heights.row_at(y)), [2, 3, 3, 4, 99]);
    }

    #[test]
    fn the_row_with_the_focus_stays_with_its_neighbours() {
        assert_eq!(pieces(500..560, [3], 1_000), [2..5, 500..560]);
        assert_eq!(pieces(500..560, [0, 560, 999], 1_000), [0..2, 500..562, 998..1_000]);
        assert_eq!(pieces(0..10, [10], 11).first(), Some(&(0..11)));
        assert!(pieces(0..0, [7], 5).is_empty());
    }
}
