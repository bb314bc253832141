//! What the browser's tab says of a report. Tabs are seen in meetings, in screenshots, and in the browser's history: the kind of the
//! incident and its day stand there, no process and no line of a log.

use crate::i18n::{Language, fill, text};
use crate::report::Report;
use crate::units::{Micros, to_civil};

/// What the author calls the report, else its kind and its day, as far as they are known.
pub fn title(report: &Report, language: Language) -> String {
    if let Some(name) = &report.name {
        return name.clone();
    }
    let kind = text(language, if report.oom_kills.is_empty() { "page.tab.memory" } else { "page.tab.killed" });
    let kills = report.oom_kills.iter().map(|kill| (kill.time.or(kill.local_time), kill.year_unknown));
    let errors = report.java_errors.iter().map(|error| (error.time.or(error.local_time), error.year_unknown));
    match kills.chain(errors).find_map(|(time, year_unknown)| time.filter(|_| !year_unknown)) {
        Some(time) => fill(language, "page.tab.dated", &[("kind", &kind), ("date", &day(time))]),
        None => kind,
    }
}

/// `2022-11-23`
fn day(time: Micros) -> String {
    let ((year, month, day), _) = to_civil(time);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    const KILL: &str = "2022-11-23T07:35:42+0000 web01 kernel: Out of memory: Killed process 7 (acme-secret) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n";

    #[test]
    fn a_tab_names_the_incident_and_its_day_and_no_process() {
        let report = analysis_of(KILL).report;
        assert_eq!(title(&report, Language::En), "OOM report, 2022-11-23");
        assert_eq!(title(&report, Language::Ko), "OOM 보고서, 2022-11-23");
        assert_eq!(title(&analysis_of("hello").report, Language::En), "Memory report");
    }

    #[test]
    fn a_title_of_its_author_is_the_tabs() {
        assert_eq!(title(&analysis_of(KILL).report.named("Our outage"), Language::Ko), "Our outage");
    }
}
