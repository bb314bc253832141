//! `jmap -histo <pid>`, `jcmd <pid> GC.class_histogram`: the classes with the most bytes.
//!
//! ```text
//!  num     #instances         #bytes  class name (module)
//! -------------------------------------------------------
//!    1:         14864       46555032  [B (java.base@17.0.15)
//! Total         23302       32518392
//! ```
//!
//! Shallow sizes of live objects and, of jmap without `:live` and jcmd with `-all`, of garbage; without it the total is the live
//! set, and called so. The first rows are kept, each as
//! `class:<name>` in sizes and counts.

use crate::formats::draft::Draft;
use crate::formats::quantity::whole;
use crate::source::Line;
use crate::units::Bytes;

/// Rows kept.
const MAX_ROWS: u64 = 25;
/// A class name longer than this is not one.
const MAX_NAME: usize = 200;

/// True if the line names the columns.
pub(super) fn is_heading(text: &str) -> bool {
    text.starts_with("num ") && text.contains("#instances") && text.contains("#bytes") && text.contains("class name")
}

/// A row, for pastes without heading.
pub(super) fn is_row(text: &str) -> bool {
    row(text).is_some()
}

/// Reads a line of the table. `false` if it is none.
pub(super) fn take(draft: &mut Draft, live: bool, text: &str, line: &Line<'_>) -> bool {
    if let Some(rest) = text.strip_prefix("Total ") {
        let mut words = rest.split_ascii_whitespace();
        if let (Some(instances), Some(bytes)) = (words.next(), words.next())
            && let (Some(count), Some(size)) = (whole(instances), whole(bytes))
        {
            draft.count("instances", Some(count), line, instances);
            draft.size(if live { "live" } else { "total" }, Some(Bytes(size)), line, bytes);
            return true;
        }
        return false;
    }
    let is_rule = || text.starts_with("---") && text.bytes().all(|byte| byte == b'-');
    if is_heading(text) || (draft.reading.sizes.is_empty() && is_rule()) {
        draft.extend(line);
        return true;
    }
    let Some((number, instances, bytes, name)) = row(text) else { return false };
    draft.extend(line);
    if number <= MAX_ROWS {
        draft.class(name, instances, Bytes(bytes), line);
    }
    true
}

/// `1:  14864  46555032  [B (java.base@17.0.15)`.
fn row(text: &str) -> Option<(u64, u64, u64, &str)> {
    let (number, rest) = text.split_once(':')?;
    let mut words = rest.split_ascii_whitespace();
    let read = (whole(number)?, whole(words.next()?)?, whole(words.next()?)?, words.next()?);
    let module = words.next().is_none_or(|word| word.starts_with('('));
    (module && words.next().is_none() && read.3.len() <= MAX_NAME).then_some(read)
}
