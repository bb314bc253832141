//! The report in other forms: for a terminal, for Markdown, for files. Each is a plain function of the report.

#![deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

pub mod brief;
mod card;
pub mod csv;
pub mod document;
pub mod html;
pub mod json;
pub mod markdown;
pub(crate) mod markup;
pub mod png;
#[cfg(not(target_arch = "wasm32"))]
pub mod schema;
pub mod snippet;
pub mod svg;
#[cfg(not(target_arch = "wasm32"))]
mod table;
#[cfg(not(target_arch = "wasm32"))]
pub mod text;

use crate::analysis::statement::Quantity;
use crate::report::Report;
use crate::visible::is_hidden;

/// The way from an export back to its report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Back<'a> {
    /// Address of the page, empty if it is not known.
    pub page: &'a str,
    /// What a shared link carries, empty if nothing is carried.
    pub link: &'a str,
}

impl<'a> Back<'a> {
    /// The page, if what is said to be its address can be one.
    fn page(&self) -> &'a str {
        let is_none = |c: char| is_hidden(c) || c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`');
        if self.page.contains(is_none) { "" } else { self.page.trim_end_matches('#') }
    }

    /// What stands behind the address of the page. `None` if nothing is carried, or more than mail, issues, and the browser's own
    /// history take well.
    fn fragment(&self) -> Option<String> {
        let is_short = !self.link.is_empty() && self.link.len() <= MOST_IN_TEXT;
        is_short.then(|| format!("{}#r={}", self.page(), self.link))
    }
}

/// Characters of a link that stands in a text.
const MOST_IN_TEXT: usize = 8000;

/// What a file of the report is called, without its ending: `oomscope-java-16021-2022-11-23`, as far as that is known.
pub fn file_stem(report: &Report) -> String {
    let value = |name: &str| report.verdict.subject.iter().find_map(|part| part.values.get(name));
    let name = value("name").and_then(|value| match &value.quantity {
        Quantity::Word(name) => Some(name.chars().filter(char::is_ascii_alphanumeric).take(24).collect::<String>()),
        _ => None,
    });
    let pid = value("pid").and_then(|value| match value.quantity {
        Quantity::Number(pid) => Some(pid.to_string()),
        _ => None,
    });
    let parts = [Some("oomscope".to_owned()), name, pid, report.verdict.day()];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    #[test]
    fn a_file_is_called_after_its_incident() {
        let stem = |text: &str| file_stem(&analysis_of(text).report);
        let kill = "2022-11-23T07:35:42+0000 web01 kernel: Out of memory: Killed process 7 (../C2 a) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n";
        assert_eq!(stem(kill), "oomscope-C2a-7-2022-11-23");
        assert_eq!(stem("java.lang.OutOfMemoryError: Java heap space\n"), "oomscope");
    }
}
