//! What `jfr view native-memory-committed` prints of a recording: each category at its first and its last event.
//!
//! ```text
//!                   Native Memory Committed
//!
//! Memory Type                First Observed   Average Last Observed   Maximum
//! -------------------------- -------------- --------- ------------- ---------
//! Java Heap                         64.0 MB   64.0 MB       64.0 MB   64.0 MB
//! Other                             34.0 kB 681 bytes       0 bytes   34.0 kB
//! ```
//!
//! Units are powers of 1024. Another view has the same columns for what is reserved, so the title tells which it is. Source: OpenJDK,
//! `jdk.jfr.internal.query`, `view.ini`; captured with JDK 25.

use crate::formats::quantity;
use crate::units::Bytes;

/// A category of a recording, with the texts of its first and last amount.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    pub(super) first: Bytes,
    pub(super) last: Bytes,
    pub(super) printed: &'a str,
}

/// True for the title of the view that is read. The reserved memory of a recording has a title of its own.
pub(super) fn title(text: &str) -> Option<bool> {
    match text {
        "Native Memory Committed" => Some(true),
        "Native Memory Reserved" => Some(false),
        _ => None,
    }
}

/// True for the columns of both views.
pub(super) fn is_header(text: &str) -> bool {
    text.starts_with("Memory Type")
        && text
            .split_ascii_whitespace()
            .eq(["Memory", "Type", "First", "Observed", "Average", "Last", "Observed", "Maximum"])
}

/// True for the line below the columns.
pub(super) fn is_rule(text: &str) -> bool {
    text.len() > 20 && text.bytes().all(|byte| matches!(byte, b'-' | b' '))
}

/// `Java Heap   64.0 MB   64.0 MB   64.0 MB   64.0 MB`.
pub(super) fn row(text: &str) -> Option<Row<'_>> {
    let mut rest = text.trim_end();
    let mut amounts = [""; 4];
    for amount in amounts.iter_mut().rev() {
        let (before, unit) = rest.rsplit_once(' ')?;
        let number = before.trim_end().rsplit(' ').next()?;
        let from = before.trim_end().len().checked_sub(number.len())?;
        *amount = rest.get(from..)?;
        matches!(unit, "bytes" | "byte" | "kB" | "MB" | "GB" | "TB").then_some(())?;
        rest = rest.get(..from)?.trim_end();
    }
    let [first, _, last, _] = amounts;
    let is_name = !rest.is_empty() && rest.len() <= 40 && rest.starts_with(|c: char| c.is_ascii_alphabetic());
    is_name.then_some(Row { name: rest, first: size(first)?, last: size(last)?, printed: last })
}

fn size(text: &str) -> Option<Bytes> {
    match text.strip_suffix(" bytes").or_else(|| text.strip_suffix(" byte")) {
        Some(bytes) => quantity::whole(bytes).map(Bytes),
        None => quantity::front(text).map(|(_, size)| size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_name_and_four_amounts() {
        let read = row("Shared class space           13.6 MB   13.6 MB       13.5 MB   13.6 MB").expect("a row");
        assert_eq!((read.name, read.first.0 >> 10, read.last.0 >> 10), ("Shared class space", 13_926, 13_824));
        let read = row("Other                 34.0 kB 681 bytes       0 bytes   34.0 kB").expect("a row");
        assert_eq!((read.name, read.first, read.last, read.printed), ("Other", Bytes(34_816), Bytes(0), "0 bytes"));
        for other in ["Java Heap 64.0 MB", "64.0 MB 64.0 MB 64.0 MB 64.0 MB", "Java Heap  1 2 3 4"] {
            assert_eq!(row(other), None, "{other}");
        }
    }
}
