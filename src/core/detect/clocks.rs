//! Notes what every line says about clocks, whoever reads it: lines with time since boot and wall-clock time, starts of the
//! machine, dates with a year.
//!
//! ```text
//! -- Logs begin at Mon 2025-06-02 08:11:03 CEST, end at Tue 2025-08-05 04:00:00 CEST. --
//! -- Reboot --
//! Aug  5 03:54:03 web01 kernel: [81250.400101] eth0: link up
//! ```

use crate::civil::{self, Civil};
use crate::model::clock::{Anchor, Boot, ClockMarks, Dated};
use crate::source::Line;
use crate::units::Micros;

/// Kernel lines of several processors may stand in the wrong order by less than this.
const DISORDER: i64 = 5_000_000;
/// Two clocks that have moved against each other by this much get another anchor,
const DRIFT: u64 = 1_000_000;
/// and so they do after this long.
const OLD: u64 = 3_600_000_000;
/// Hosts of one source that are told apart at most.
const MAX_HOSTS: usize = 64;

/// The clocks of one source so far.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    hosts: Vec<HostClock>,
    dated: Option<Dated>,
}

#[derive(Debug)]
struct HostClock {
    host: Option<String>,
    uptime: Micros,
    /// Uptime of the last anchor and the wall-clock time at boot by it.
    anchor: Option<(Micros, Micros)>,
}

impl Clocks {
    pub(super) fn note(&mut self, line: &Line<'_>, marks: &mut ClockMarks) {
        if let Some(wall) = line.stamp.wall.filter(|wall| wall.year_known) {
            let now = (wall.micros, line.number);
            let dated = self.dated.get_or_insert(Dated { source: line.source, first: now, last: now });
            dated.first = dated.first.min(now);
            dated.last = dated.last.max(now);
        }
        if let Some(uptime) = line.stamp.uptime {
            self.uptime(uptime, line, marks);
        } else if let Some(text) = line.body.trim_start().strip_prefix("-- ") {
            self.header(text, line, marks);
        }
    }

    pub(super) fn finish(self, marks: &mut ClockMarks) {
        marks.dated.extend(self.dated);
    }

    fn uptime(&mut self, uptime: Micros, line: &Line<'_>, marks: &mut ClockMarks) {
        let host = line.stamp.host;
        let at = match self.hosts.iter().position(|known| known.host.as_deref() == host) {
            Some(at) => at,
            None if self.hosts.len() < MAX_HOSTS => {
                self.hosts.push(HostClock { host: host.map(str::to_owned), uptime, anchor: None });
                self.hosts.len() - 1
            }
            None => return marks.is_full = true,
        };
        let Some(known) = self.hosts.get_mut(at) else { return };
        if uptime.plus(Micros(DISORDER)) < known.uptime {
            marks.boot(Boot { source: line.source, line: line.number, host: known.host.clone() });
            known.anchor = None;
            known.uptime = uptime;
        }
        known.uptime = known.uptime.max(uptime);
        let Some(wall) = line.stamp.wall else { return };
        let start = wall.micros.minus(uptime);
        let is_new = known
            .anchor
            .is_none_or(|(then, known)| start.0.abs_diff(known.0) > DRIFT || uptime.0.abs_diff(then.0) > OLD);
        if is_new {
            known.anchor = Some((uptime, start));
            let host = known.host.clone();
            marks.anchor(Anchor { source: line.source, line: line.number, host, uptime, wall });
        }
    }

    /// Headers that `journalctl` prints between entries.
    fn header(&mut self, text: &str, line: &Line<'_>, marks: &mut ClockMarks) {
        let is_boot = text.starts_with("Reboot --") || text.starts_with("Boot ") && text.ends_with(" --");
        if is_boot {
            for known in &mut self.hosts {
                known.anchor = None;
                marks.boot(Boot { source: line.source, line: line.number, host: known.host.clone() });
            }
        }
        let rest = text.strip_prefix("Logs begin at ").or_else(|| text.strip_prefix("Journal begins at "));
        let Some((begin, end)) = rest.and_then(|rest| rest.split_once(", end")) else { return };
        if let (Some(begin), Some(end)) = (date(begin), date(end))
            && begin <= end
        {
            marks.dated.push(Dated { source: line.source, first: (begin, line.number), last: (end, line.number) });
        }
    }
}

/// The first date and time among words. A zone is left aside: a day more or less does not matter here.
fn date(text: &str) -> Option<Micros> {
    let mut words = text.split_ascii_whitespace();
    let (date, _) = words.find_map(civil::iso_date)?;
    let (time, _) = civil::time_of_day(words.next()?)?;
    Civil { time, ..date }.micros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Stamp, Wall};

    fn note(lines: &[(Option<i64>, Option<i64>, &str)]) -> ClockMarks {
        let mut marks = ClockMarks::default();
        let mut clocks = Clocks::default();
        for (number, (uptime, wall, body)) in (1..).zip(lines) {
            let wall =
                wall.map(|seconds| Wall { micros: Micros(seconds * 1_000_000), zone_known: false, year_known: true });
            let stamp = Stamp { uptime: uptime.map(|seconds| Micros(seconds * 1_000_000)), wall, ..Stamp::default() };
            clocks.note(&Line { number, stamp, ..Line::of(body) }, &mut marks);
        }
        clocks.finish(&mut marks);
        marks
    }

    #[test]
    fn a_line_with_two_clocks_is_an_anchor_until_they_drift() {
        let marks = note(&[
            (Some(10), None, "a"),
            (Some(20), Some(1020), "b"),
            (Some(30), Some(1030), "c"),
            (Some(40), Some(1043), "d"),
            (Some(4000), Some(5003), "e"),
        ]);
        let lines: Vec<u32> = marks.anchors.iter().map(|anchor| anchor.line).collect();
        assert_eq!(lines, [2, 4, 5]);
        assert!(marks.boots.is_empty());
    }

    #[test]
    fn time_that_runs_backwards_is_another_boot() {
        let marks = note(&[
            (Some(900), Some(1900), "a"),
            (Some(899), None, "b"),
            (Some(0), None, "c"),
            (Some(3), Some(2000), "d"),
        ]);
        assert_eq!(marks.boots.iter().map(|boot| boot.line).collect::<Vec<_>>(), [3]);
        assert_eq!(marks.anchors.iter().map(|anchor| anchor.line).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn the_header_of_a_journal_names_years() {
        let marks = note(&[
            (None, None, "-- Logs begin at Mon 2025-06-02 08:11:03 CEST, end at Tue 2025-08-05 04:00:00 CEST. --"),
            (None, None, "-- Journal begins at nowhere, ends at Tue 2025-08-05 04:00:00 CEST. --"),
        ]);
        let [range] = marks.dated.as_slice() else { panic!("{marks:?}") };
        assert_eq!((range.first, range.last), ((Micros(1_748_851_863_000_000), 1), (Micros(1_754_366_400_000_000), 1)));
    }

    #[test]
    fn a_reboot_line_starts_a_boot_of_every_host() {
        let marks = note(&[(Some(5), Some(9), "a"), (None, None, "-- Reboot --"), (Some(7), Some(19), "b")]);
        assert_eq!((marks.boots.len(), marks.anchors.len()), (1, 2));
    }
}
