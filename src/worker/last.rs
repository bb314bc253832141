//! The report that a worker made last: what is handed on of it needs no second reading.

use crate::report::Report;
use crate::worker::protocol::Request;

/// The last report, with the job that made it.
#[derive(Default)]
pub struct Last(Option<(u32, Report)>);

impl Last {
    /// Keeps the report that a job made of what was asked for, in place of the one before. Of large texts none is kept: their
    /// memory is given back.
    pub fn keep(&mut self, job: u32, request: &Request, report: &Report) {
        self.0 = (!request.is_large()).then(|| (job, report.clone()));
    }

    /// The report, if that job made the last one.
    pub fn made_by(&self, job: u32) -> Option<&Report> {
        self.0.as_ref().filter(|(known, _)| *known == job).map(|(_, report)| report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use crate::worker::protocol::SourceToRead;

    #[test]
    fn the_last_report_is_there_and_no_other_and_no_large_one() {
        let request = |bytes: u64| {
            let sources = vec![SourceToRead { name: "a.log".to_owned(), bytes }];
            Request { job: 1, language: Language::En, sources, share: None, keep: false, settings: None }
        };
        let report = Report { title: "one".to_owned(), ..Report::default() };
        let mut last = Last::default();
        assert_eq!(last.made_by(0), None);
        last.keep(1, &request(9), &report);
        assert_eq!((last.made_by(1), last.made_by(2)), (Some(&report), None));
        last.keep(2, &request(9), &report);
        assert_eq!((last.made_by(1), last.made_by(2)), (None, Some(&report)));
        last.keep(3, &request(1 << 30), &report);
        assert_eq!((last.made_by(2), last.made_by(3)), (None, None));
    }
}
