//! What was recognised.

use crate::model::kind::HostKind;
use crate::report::Report;

/// What was recognised, for the chip: the catalogue key of the kind, how many, and the id of the section that shows it.
pub fn recognised(report: &Report) -> Vec<(&'static str, u64, &'static str)> {
    let count = |items: usize| items as u64;
    let errors = report.java_errors.iter().fold(0, |sum: u64, error| sum.saturating_add(error.count.max(1)));
    [
        ("page.chip.kills", count(report.oom_kills.len()), "kills"),
        ("page.chip.errors", errors, "errors"),
        ("page.chip.events", count(report.events.len()), "events"),
        ("page.chip.nmt", count(report.nmt.len()), "nmt"),
        ("page.chip.jstat", count(report.jstat.len()), "jstat"),
        ("page.chip.gc-logs", count(report.gc_logs.len()), "gc-log"),
        // What only words state was not read from the machine.
        ("page.chip.host", count(report.host.iter().filter(|host| host.kind != HostKind::Stated).count()), "host"),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chip_names_only_what_is_there() {
        assert_eq!(recognised(&Report::default()), []);
    }
}
