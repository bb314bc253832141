//! The report as JSON: format 1 as `docs/report-format.md` has it.

use crate::json;
use crate::report::Report;
use crate::visible::shown_in_json;

/// Writes the file. What is hidden in strings is escaped, so that it can be printed anywhere.
pub fn write(report: &Report) -> String {
    let mut out = shown_in_json(&json::pretty(report)).into_owned();
    out.push('\n');
    out
}
