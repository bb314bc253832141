//! What could not be used. Never fatal: the reader has already gone on.

use crate::source::Span;

/// Something in the input that was not used, or used with a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: WarningKind,
}

/// The kinds of warnings. The sentence for a person comes from the catalogue (`warning.<name>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// Fewer values than the header has columns; the row was skipped.
    ShortRow {
        /// Columns of the header.
        expected: usize,
        /// Values found.
        found: usize,
    },
    /// More values than the header has columns; the row was skipped.
    LongRow {
        /// Columns of the header.
        expected: usize,
        /// Values found.
        found: usize,
    },
    /// The value was left out; the rest of the record was kept.
    NotANumber {
        /// Column or field.
        column: String,
    },
    /// The text ends in the middle of a line, right behind this value, which may lack digits; it was left out.
    CutNumber {
        /// Column or field.
        column: String,
    },
    /// A block ends before its end: some of it was not pasted.
    CutOff {
        /// What is cut: a format's id.
        format: String,
    },
    /// The parts do not add up to the printed total.
    SumDiffers {
        /// What was summed.
        of: String,
        /// Printed minus summed, in bytes.
        missing: i64,
    },
    /// One row contradicts itself (used above capacity, times that do not add up): counters were read while moving.
    TornSample {
        /// Column.
        column: String,
    },
    /// Many rows contradict themselves: the columns may be misread.
    ColumnsMayBeMisread,
    /// A table without its header; the columns were told by their number.
    LayoutInferred {
        /// What was assumed.
        layout: String,
    },
    /// Numbers without unit; it was told from their size.
    UnitInferred {
        /// The command that prints such numbers.
        command: String,
    },
    /// A row that a terminal or mail program had wrapped was put together again.
    WrapRepaired,
    /// Two clocks of one line disagree.
    ClocksDisagree {
        /// Difference in microseconds.
        micros: i64,
    },
    /// The page size is not printed and was assumed.
    PageSizeAssumed {
        /// Bytes.
        page_size: u64,
    },
    /// The numbers of collections jump: what stood between is not there.
    GcsMissing {
        /// The first number that is missing.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// The year is not printed and left open.
    YearUnknown,
    /// The year is not printed and was taken from another line.
    YearJoined {
        /// The year.
        year: i64,
        /// Number of the line, after the source's name if it is another source.
        place: String,
    },
    /// Only time since boot is printed; the wall-clock time was told by a line that carries both.
    ClockJoined {
        /// Number of the line.
        place: String,
    },
    /// Lines of two reports alternate; only what each line says by itself was used.
    Interleaved,
    /// A row repeats what another transport already said and was merged.
    Duplicate,
    /// A line longer than the limit; only its beginning was read.
    LongLine {
        /// Bytes of the line.
        bytes: u64,
    },
    /// Bytes that are not UTF-8; shown as U+FFFD.
    NotUtf8,
    /// More warnings of this source than are kept.
    TooMany {
        /// How many were dropped.
        dropped: u64,
    },
    /// The input looks like this format but nothing could be read from it.
    Unreadable {
        /// A format's id.
        format: String,
    },
    /// A limit of the work was reached; what came after was not read.
    LimitReached {
        /// What was limited.
        what: String,
    },
}

impl WarningKind {
    /// The name used in JSON and as `warning.<name>` in the catalogues.
    pub fn name(&self) -> &'static str {
        match self {
            WarningKind::ShortRow { .. } => "short-row",
            WarningKind::LongRow { .. } => "long-row",
            WarningKind::NotANumber { .. } => "not-a-number",
            WarningKind::CutNumber { .. } => "cut-number",
            WarningKind::CutOff { .. } => "cut-off",
            WarningKind::SumDiffers { .. } => "sum-differs",
            WarningKind::TornSample { .. } => "torn-sample",
            WarningKind::ColumnsMayBeMisread => "columns-may-be-misread",
            WarningKind::LayoutInferred { .. } => "layout-inferred",
            WarningKind::UnitInferred { .. } => "unit-inferred",
            WarningKind::WrapRepaired => "wrap-repaired",
            WarningKind::ClocksDisagree { .. } => "clocks-disagree",
            WarningKind::PageSizeAssumed { .. } => "page-size-assumed",
            WarningKind::GcsMissing { .. } => "gcs-missing",
            WarningKind::YearUnknown => "year-unknown",
            WarningKind::YearJoined { .. } => "year-joined",
            WarningKind::ClockJoined { .. } => "clock-joined",
            WarningKind::Interleaved => "interleaved",
            WarningKind::Duplicate => "duplicate",
            WarningKind::LongLine { .. } => "long-line",
            WarningKind::NotUtf8 => "not-utf8",
            WarningKind::TooMany { .. } => "too-many",
            WarningKind::Unreadable { .. } => "unreadable",
            WarningKind::LimitReached { .. } => "limit-reached",
        }
    }

    /// The arguments of the sentence, by placeholder name.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            WarningKind::ShortRow { expected, found } | WarningKind::LongRow { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
            WarningKind::NotANumber { column }
            | WarningKind::CutNumber { column }
            | WarningKind::TornSample { column } => vec![("column", column.clone())],
            WarningKind::CutOff { format } | WarningKind::Unreadable { format } => vec![("format", format.clone())],
            WarningKind::SumDiffers { of, missing } => {
                vec![("of", of.clone()), ("missing", missing.to_string())]
            }
            WarningKind::LayoutInferred { layout } => vec![("layout", layout.clone())],
            WarningKind::UnitInferred { command } => vec![("command", command.clone())],
            WarningKind::ClocksDisagree { micros } => vec![("micros", micros.to_string())],
            WarningKind::YearJoined { year, place } => vec![("year", year.to_string()), ("place", place.clone())],
            WarningKind::GcsMissing { first, last } => vec![("first", first.to_string()), ("last", last.to_string())],
            WarningKind::ClockJoined { place } => vec![("place", place.clone())],
            WarningKind::PageSizeAssumed { page_size } => vec![("page_size", page_size.to_string())],
            WarningKind::LongLine { bytes } => vec![("bytes", bytes.to_string())],
            WarningKind::TooMany { dropped } => vec![("dropped", dropped.to_string())],
            WarningKind::LimitReached { what } => vec![("what", what.clone())],
            WarningKind::ColumnsMayBeMisread
            | WarningKind::WrapRepaired
            | WarningKind::YearUnknown
            | WarningKind::Interleaved
            | WarningKind::Duplicate
            | WarningKind::NotUtf8 => Vec::new(),
        }
    }
}

/// Where readers put warnings. `Vec` keeps them; another sink may count or stop caring.
pub trait WarningSink {
    /// Takes one warning.
    fn warn(&mut self, warning: Warning);
}

impl WarningSink for Vec<Warning> {
    fn warn(&mut self, warning: Warning) {
        self.push(warning);
    }
}
