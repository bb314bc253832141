//! The report as JSON: format 1 as `docs/report-format.md` has it.

use crate::report::Report;
use crate::visible::shown_in_json;

/// Writes the file. What is hidden in strings is escaped, so that it can be printed anywhere.
pub fn write(report: &Report) -> String {
    let json = serde_json::to_string_pretty(report).unwrap_or_default();
    let mut out = shown_in_json(&json).into_owned();
    out.push('\n');
    out
}
