//! Which rows of a long table are kept: its beginning, and every row that says more than all before.

/// Rows of one table that are kept whatever they say.
pub(super) const MAX_ROWS: u64 = 120;

/// What the rows of one table have said so far.
pub(super) struct Series {
    /// Rows so far.
    pub(super) rows: u64,
    lowest_free: u64,
    highest_swap: u64,
}

impl Default for Series {
    fn default() -> Series {
        Series { rows: 0, lowest_free: u64::MAX, highest_swap: 0 }
    }
}

impl Series {
    /// True if the row is kept: free memory, and whatever tells of swapping, together.
    pub(super) fn keeps(&mut self, free: Option<u64>, swap: u64) -> bool {
        let free = free.unwrap_or(u64::MAX);
        let telling = free < self.lowest_free || swap > self.highest_swap;
        self.lowest_free = self.lowest_free.min(free);
        self.highest_swap = self.highest_swap.max(swap);
        self.rows = self.rows.saturating_add(1);
        telling || self.rows <= MAX_ROWS
    }
}
