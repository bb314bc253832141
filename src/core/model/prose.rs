//! What the words around the logs say in numbers, where it is clear what a number is about.

use crate::source::Span;
use crate::units::Bytes;

/// A number in prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProseNumber {
    /// What it is about. `None` where that is not certain: then it only shows that the text knows the number.
    pub about: Option<About>,
    /// The number.
    pub amount: Amount,
    /// As written: `256MB`, `1기가`.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A maximum heap that is or was in force.
    MaxHeap,
    /// A maximum heap that nobody had set.
    DefaultHeap,
    /// The memory of a machine.
    Ram,
    /// The memory limit of a container.
    Limit,
    /// Resident memory that a process is said to have used.
    Used,
    /// What is live in the heap.
    LiveSet,
    /// Committed heap.
    HeapCommitted,
    /// The heap as a part of the memory of a machine or container.
    HeapShare,
    /// Processors.
    Processors,
    /// Requests that are served at once.
    Requests,
    /// Swap of a machine.
    Swap,
}

impl About {
    /// The sizes and counts that are readings of their own where the words agree, and their names there.
    pub const STATED: [(About, &'static str); 8] = [
        (About::HeapCommitted, "stated_heap_committed"),
        (About::Limit, "stated_limit"),
        (About::LiveSet, "stated_live_set"),
        (About::MaxHeap, "stated_heap_max"),
        (About::Ram, "stated_ram"),
        (About::Requests, "stated_requests"),
        (About::Swap, "stated_swap"),
        (About::Used, "stated_resident"),
    ];
}

/// A sentence that states a cause, or what helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it states.
    pub of: SaidOf,
    /// True if it is only what stands below a heading that announces it.
    pub below: bool,
    /// Where.
    pub span: Span,
}

/// What a sentence states of what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidOf {
    /// Why it happened.
    Cause,
    /// What helped.
    Remedy,
}

impl SaidOf {
    /// All of them.
    pub const ALL: [SaidOf; 2] = [SaidOf::Cause, SaidOf::Remedy];

    /// The word for it in a reading.
    pub const fn name(self) -> &'static str {
        match self {
            SaidOf::Cause => "cause",
            SaidOf::Remedy => "remedy",
        }
    }
}

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A size as written: `value` thousandths of a unit, which people mean as a power of 1024 or of 1000.
    Size {
        /// Read with 1024.
        binary: Bytes,
        /// Read with 1000.
        decimal: Bytes,
    },
    /// Thousandths of a percent.
    Share(i64),
    /// A whole number.
    Count(u64),
}

impl Amount {
    /// True for the same number. Of sizes, read with 1024.
    pub fn is_same(&self, other: &Amount) -> bool {
        match (self, other) {
            (Amount::Size { binary, .. }, Amount::Size { binary: other, .. }) => binary == other,
            _ => self == other,
        }
    }

    /// True if a size may be what was meant, with so many hundredths of difference: people round, and `MB` is two units.
    pub fn means(&self, size: Bytes, hundredths: u64) -> bool {
        let near = |said: &Bytes| {
            u128::from(said.0.abs_diff(size.0)) * 100 <= u128::from(said.0.max(size.0)) * u128::from(hundredths)
        };
        match self {
            Amount::Size { binary, decimal } => near(binary) || near(decimal),
            Amount::Share(_) | Amount::Count(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_in_words_is_either_of_two_sizes() {
        let said = Amount::Size { binary: Bytes(256 << 20), decimal: Bytes(256_000_000) };
        assert!(said.means(Bytes(256 << 20), 0) && said.means(Bytes(256_000_000), 0));
        assert!(said.means(Bytes(250 << 20), 5));
        assert!(!said.means(Bytes(512 << 20), 5));
    }
}
