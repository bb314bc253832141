//! Rows of `-XX:+PrintFlagsFinal`, and of `[Global flags]` in crash files.
//!
//! ```text
//!     uintx MaxHeapSize                             := 4294967296                          {product}
//!    size_t MaxHeapSize                              = 268435456                                 {product} {ergonomic}
//! ```
//!
//! Until JDK 8 `:=` says that the value is not the default; from 9 on the last brackets say where it comes from.

use super::list::List;
use super::sizes;
use crate::formats::draft::Draft;
use crate::source::Line;

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    is_bool: bool,
    name: &'a str,
    value: &'a str,
    /// True if it is not the default.
    is_set: bool,
}

/// Reads a row. `None` if the line is none, or cut.
pub(super) fn row(text: &str) -> Option<Row<'_>> {
    const TYPES: [&str; 11] =
        ["bool", "int", "uint", "intx", "uintx", "int64_t", "uint64_t", "size_t", "double", "ccstr", "ccstrlist"];
    let (kind, rest) = text.split_once(' ')?;
    if !TYPES.contains(&kind) || !text.ends_with('}') {
        return None;
    }
    let (name, rest) = rest.trim_start().split_once(' ')?;
    let identifier = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let rest = rest.trim_start();
    let (marked, rest) = match rest.strip_prefix(":=") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix('=')?),
    };
    let (value, attributes) = rest.split_once('{')?;
    let origin = attributes.split_once('{').map(|(_, origin)| origin.trim_end_matches('}'));
    let is_set = origin.map_or(marked, |origin| origin != "default");
    identifier.then(|| Row { is_bool: kind == "bool", name, value: value.trim(), is_set })
}

/// Keeps what was set, and sizes in any case.
pub(super) fn take(draft: &mut Draft, list: &mut List, row: &Row<'_>, line: &Line<'_>) {
    draft.extend(line);
    if let Some((name, size)) = sizes::of_flag(row.name, row.value)
        && !draft.has(name)
    {
        draft.size(name, Some(size), line, row.value);
    }
    if row.is_set {
        let option = match (row.is_bool, row.value) {
            (true, "true") => format!("-XX:+{}", row.name),
            (true, _) => format!("-XX:-{}", row.name),
            (false, value) => format!("-XX:{}={value}", row.name),
        };
        list.push((option, line.span_of(row.name)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_its_value_is_the_default() {
        let read = |text| row(text).map(|row| (row.name, row.value, row.is_set));
        assert_eq!(
            read("uintx MaxHeapSize    := 4294967296       {product}"),
            Some(("MaxHeapSize", "4294967296", true))
        );
        assert_eq!(
            read("size_t MaxHeapSize   = 268435456   {product} {ergonomic}"),
            Some(("MaxHeapSize", "268435456", true))
        );
        assert_eq!(
            read("intx ThreadStackSize  = 1024  {pd product} {default}"),
            Some(("ThreadStackSize", "1024", false))
        );
        assert_eq!(
            read("ccstrlist OnOutOfMemoryError =   {product} {default}"),
            Some(("OnOutOfMemoryError", "", false))
        );
        assert_eq!(read("size_t MaxHeapSize  = 2684354"), None);
        assert_eq!(read("int main() { return a = {}; }"), None);
    }
}
