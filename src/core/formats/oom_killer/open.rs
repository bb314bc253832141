//! The reports that may still get lines, one per host and caller at most times, and those that have ended.

use super::kill::Kill;
use super::merge;
use super::reaper::{self, Reaper};
use super::report::{self, Clock, Closed, Report};
use super::said::{Said, said};
use super::text::Text;
use crate::model::oom::{CLOCK_JUMP, OomKill};
use crate::model::readings::Readings;
use crate::source::{Line, Span, Stamp};
use crate::warning::{Warning, WarningKind, WarningSink};

/// A report that begins this soon after the last line of another which has killed nobody yet runs beside it.
const MIXED_GAP: u64 = 1_000_000;
/// Reports open at once (one per host) at most.
const MAX_OPEN: usize = 64;

/// Open reports, the one with the last line last.
#[derive(Default)]
pub(super) struct Open {
    reports: Vec<Report>,
    known: merge::Known,
    /// Kills still to come of reports whose lines are mixed.
    mixed: u32,
}

impl Open {
    pub(super) fn is_empty(&self) -> bool {
        self.reports.is_empty()
    }

    /// The open report of a host, and of a caller where lines name theirs. Lines without a host go to the report that had
    /// the last line.
    pub(super) fn of(&self, stamp: &Stamp<'_>) -> Option<&Report> {
        self.reports.get(self.at(stamp)?)
    }

    fn at(&self, stamp: &Stamp<'_>) -> Option<usize> {
        let fits = |own: Option<&str>, of: Option<&str>| own.zip(of).is_none_or(|(own, of)| own == of);
        self.reports.iter().rposition(|report| {
            fits(stamp.host, report.kill.host.as_deref()) && fits(stamp.caller, report.caller.as_deref())
        })
    }

    /// The open report that has killed a process.
    pub(super) fn killer_of(&mut self, pid: u32) -> Option<&mut Report> {
        self.reports.iter_mut().rev().find(|report| report.kill.victims.iter().any(|victim| victim.pid == pid))
    }

    /// The report that has killed a process and is over.
    pub(super) fn closed_killer_of<'a>(&mut self, pid: u32, out: &'a mut Readings) -> Option<&'a mut OomKill> {
        let at = self.known.killer_of(pid, &out.oom_kills)?;
        out.oom_kills.get_mut(at)
    }

    fn last_of(&mut self, at: usize) -> Option<&mut Report> {
        if at + 1 != self.reports.len() {
            let report = self.reports.remove(at);
            self.reports.push(report);
        }
        self.reports.last_mut()
    }

    /// Makes the report whose victim is announced by this pid the current one.
    pub(super) fn expect(&mut self, pid: u32, host: Option<&str>) -> bool {
        let same_host = |of: Option<&str>| host.zip(of).is_none_or(|(host, of)| host == of);
        let expected = |report: &Report| {
            report.expects() == Some(pid) && !report.has_victim() && same_host(report.kill.host.as_deref())
        };
        let at = self.reports.iter().rposition(expected);
        at.and_then(|at| self.last_of(at)).is_some()
    }

    /// The report that goes on with this line, last in the list from now on.
    pub(super) fn current(&mut self, text: &Text<'_>) -> Option<&mut Report> {
        let at = self.at(&text.line.stamp)?;
        self.last_of(at)
    }

    /// The open report if `fits`, else a new one.
    pub(super) fn current_or_next(
        &mut self,
        text: &Text<'_>,
        fits: impl Fn(&Report) -> bool,
        out: &mut Readings,
    ) -> Option<&mut Report> {
        let clock = Clock::of(&text.line.stamp);
        let near = |report: &Report| report.last.distance(&clock).is_none_or(|jump| jump <= CLOCK_JUMP);
        if !self.current(text).is_some_and(|report| fits(report) && near(report)) {
            self.close_before(text, out);
            self.open(&text.line, out);
        }
        self.current(text)
    }

    /// Ends the host's report, and those of other callers, which are over once somebody was killed.
    fn close_before(&mut self, text: &Text<'_>, out: &mut Readings) {
        if let Some(at) = self.at(&text.line.stamp) {
            self.close(at, out);
        }
        let host = text.line.stamp.host;
        let is_over = |report: &Report| report.has_victim() && report.kill.host.as_deref() == host;
        while let Some(at) = self.reports.iter().position(is_over) {
            self.close(at, out);
        }
    }

    /// Opens a report beside those that are open.
    pub(super) fn open(&mut self, line: &Line<'_>, out: &mut Readings) {
        if self.reports.len() >= MAX_OPEN {
            self.close(0, out);
        }
        let mut report = Report::new(line);
        report.mixed = self.mixed > 0;
        self.reports.push(report);
    }

    /// A second report begins before the first has killed: their lines are mixed, and only the kernel's caller ids could
    /// tell them apart.
    pub(super) fn note_mixed(&mut self, text: &Text<'_>, out: &mut Readings) {
        let clock = Clock::of(&text.line.stamp);
        let Some(report) = self.current(text) else { return };
        let unfinished = report.invoked && !report.has_victim() && !report.excused && !report.has_context;
        if unfinished && clock.uptime.is_some() && report.last.distance(&clock).is_some_and(|gap| gap <= MIXED_GAP) {
            report.mixed = true;
            self.mixed = self.mixed.max(1).saturating_add(1);
            out.warn_line(&text.line, WarningKind::Interleaved);
        }
    }

    /// Opens the dump of a failed allocation. One amid a report that has killed nobody yet leaves that open: the kernel refuses other
    /// threads while it looks for a victim.
    pub(super) fn failure(&mut self, text: &Text<'_>, out: &mut Readings) -> Option<&mut Report> {
        let clock = Clock::of(&text.line.stamp);
        let amid =
            |report: &Report| report.is_unfinished() && report.last.distance(&clock).is_none_or(|gap| gap <= MIXED_GAP);
        if !self.current(text).is_some_and(|report| amid(report)) {
            return self.current_or_next(text, |_| false, out);
        }
        self.open(&text.line, out);
        self.reports.last_mut()
    }

    /// Ends the dump of a failed allocation that stands amid a report, where a line goes on with the report and not with the dump.
    pub(super) fn end_failure(&mut self, text: &Text<'_>, own: Option<&Said<'_>>, out: &mut Readings) {
        let Some(at) = self.at(&text.line.stamp) else { return };
        let Some(dump) = self.reports.get(at).filter(|report| report.failure.is_some()) else { return };
        let host = text.line.stamp.host;
        let of_host = |report: &&Report| host.zip(report.kill.host.as_deref()).is_none_or(|(host, of)| host == of);
        let others = self.reports.get(..at).unwrap_or_default();
        let Some(report) = others.iter().rev().find(|report| report.is_unfinished() && of_host(report)) else { return };
        let number = text.line.number;
        let goes_on = |report: &Report| match own {
            Some(own) if own.is_own() => report.fits(own),
            _ => report.hear(said(text.body), text.body, number).is_some(),
        };
        let of_dump = match dump.kill.first_line == dump.kill.last_line {
            true => dump.is_headed_by(text.body),
            false => goes_on(dump),
        };
        if !of_dump && goes_on(report) {
            self.close(at, out);
        }
    }

    /// One of the mixed reports has had its kill.
    pub(super) fn note_kill(&mut self) {
        self.mixed = self.mixed.saturating_sub(1);
    }

    /// Ends all reports.
    pub(super) fn finish(&mut self, out: &mut Readings) {
        for report in std::mem::take(&mut self.reports) {
            self.push(report, out);
        }
    }

    fn close(&mut self, at: usize, out: &mut Readings) {
        let report = self.reports.remove(at);
        self.push(report, out);
    }

    fn push(&mut self, report: Report, out: &mut Readings) {
        let asked = report.asked();
        let kill = match report.close(out) {
            Closed::Kill(kill) => *kill,
            Closed::Event(event) => return out.events.push(*event),
            Closed::Nothing => return,
        };
        let same = self.known.same_event(&out.oom_kills, &kill, asked.as_ref());
        if let Some(asked) = asked {
            self.known.note_asked(same.unwrap_or(out.oom_kills.len()), asked);
        }
        let Some((at, known)) = same.and_then(|at| Some((at, out.oom_kills.get_mut(at)?))) else {
            return out.oom_kills.push(kill);
        };
        let span = Span { source: kill.source, line: kill.first_line, start: 0, end: 0 };
        merge::join(known, kill);
        self.known.note(at, known);
        out.warn(Warning { span, kind: WarningKind::Duplicate });
    }
}

/// Victims of whom only the reaper's line has been seen so far.
#[derive(Default)]
pub(super) struct Unseen(Vec<Report>);

impl Unseen {
    /// False if the line names nobody.
    pub(super) fn take(&mut self, found: &Reaper<'_>, text: &Text<'_>) -> bool {
        let kill = Kill { pid: found.pid, comm: found.comm, ..Kill::default() };
        let Some(victim) = report::victim(&kill, text).filter(|_| !found.comm.is_empty()) else { return false };
        if self.0.len() < reaper::MAX_REAPED {
            let mut report = Report::new(&text.line);
            report.touch(text);
            report.victim(&kill, victim, text);
            reaper::reaped(&mut report.kill, found, text.line.number);
            self.0.push(report);
        }
        true
    }

    /// Notes each as a kill that a report before it may be of.
    pub(super) fn settle(self, out: &mut Readings) {
        for report in self.0 {
            if let Closed::Kill(kill) = report.close(out) {
                out.relations.reaped.push(*kill);
            }
        }
    }
}
