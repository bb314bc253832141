//! Pieces of a report for the text of a post or a message: a table of the findings, and plain text.

use crate::export::document::severity_key;
use crate::export::markdown::escaped;
use crate::i18n::{self, Language};
use crate::report::Report;
use crate::visible::shown_line;

/// Findings that go into a snippet.
const MOST: usize = 12;

/// The findings as a Markdown table.
pub fn table(report: &Report, language: Language) -> String {
    let word = |key| i18n::text(language, key);
    let mut rows = vec![
        format!("**{}**\n", escaped(&report.title_in(language))),
        format!("| {} | {} |", word("snippet.severity"), word("snippet.finding")),
        "| --- | --- |".to_owned(),
    ];
    let findings = findings(report, language);
    rows.extend(findings.iter().map(|(severity, claim)| format!("| {} | {} |", escaped(severity), escaped(claim))));
    rows.join("\n") + "\n"
}

/// Title, story, and findings as plain text.
pub fn plain(report: &Report, language: Language) -> String {
    let mut lines = vec![report.title_in(language), String::new()];
    lines.extend(report.verdict.lede.iter().map(|sentence| sentence.say(language)));
    let findings = findings(report, language);
    if !findings.is_empty() {
        lines.push(String::new());
    }
    lines.extend(findings.iter().map(|(severity, claim)| format!("- {severity}: {claim}")));
    lines.iter().map(|line| shown_line(line)).collect::<Vec<_>>().join("\n") + "\n"
}

/// Severity and claim of each.
fn findings(report: &Report, language: Language) -> Vec<(String, String)> {
    let findings = report.findings.iter().take(MOST);
    findings
        .map(|finding| (i18n::text(language, severity_key(finding.severity)), finding.statement.say(language)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    const KILL: &str =
        "Out of memory: Killed process 7 (a|b) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

    #[test]
    fn a_table_has_a_row_for_each_finding_and_names_end_no_cell() {
        let report = analysis_of(KILL).report;
        let table = table(&report, Language::En);
        assert!(table.contains("| Severity | Finding |\n| --- | --- |\n| Critical |"), "{table}");
        assert!(table.contains("a\\|b"), "{table}");
        assert_eq!(table.lines().filter(|line| line.starts_with("| ")).count(), report.findings.len() + 2);
    }

    #[test]
    fn plain_text_tells_the_story_and_the_findings() {
        let report = analysis_of(KILL).report;
        let text = plain(&report, Language::Ko);
        assert!(text.starts_with(&report.title_in(Language::Ko)), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("- ")).count(), report.findings.len());
    }
}
