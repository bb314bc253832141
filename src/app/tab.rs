//! What the browser's tab says of a report. Tabs are seen in meetings, in screenshots, and in the browser's history: what became of
//! the process and on which day stand there, no name and no line of a log.

use crate::analysis::verdict::Verdict;
use crate::i18n::{Language, fill, text};

/// What the author calls the report, else the outcome of the verdict and its day, as far as it is known.
pub fn title(verdict: &Verdict, name: Option<&str>, language: Language) -> String {
    if let Some(name) = name {
        return name.to_owned();
    }
    let kind = text(language, verdict.outcome.key());
    match verdict.day() {
        Some(day) => fill(language, "page.tab.dated", &[("kind", &kind), ("date", &day)]),
        None => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    const KILL: &str = "2022-11-23T07:35:42+0000 web01 kernel: Out of memory: Killed process 7 (acme-secret) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n";

    #[test]
    fn a_tab_names_the_incident_and_its_day_and_no_process() {
        let report = analysis_of(KILL).report;
        assert_eq!(title(&report.verdict, None, Language::En), "Killed, 2022-11-23");
        assert_eq!(title(&report.verdict, None, Language::Ko), "강제 종료됨, 2022-11-23");
        assert_eq!(title(&analysis_of("hello").report.verdict, None, Language::En), "Nothing recognised");
    }

    #[test]
    fn the_day_is_that_of_the_logs() {
        let report = analysis_of(&KILL.replace("T07:35:42+0000", "T01:35:42+0900")).report;
        assert_eq!(title(&report.verdict, None, Language::En), "Killed, 2022-11-23");
    }

    #[test]
    fn a_day_of_an_unknown_year_is_none() {
        let report = analysis_of("Nov 23 07:35:42 web01 kernel: Out of memory: Killed process 7 (java)\n").report;
        assert_eq!(title(&report.verdict, None, Language::En), "Killed");
    }

    #[test]
    fn a_title_of_its_author_is_the_tabs() {
        assert_eq!(title(&analysis_of(KILL).report.verdict, Some("Our outage"), Language::Ko), "Our outage");
    }
}
