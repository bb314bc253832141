//! The bracket groups before a message of the unified log.
//!
//! Their order is fixed, which of them are printed is not: time, utctime, uptime, timemillis, uptimemillis, timenanos,
//! uptimenanos, hostname, pid, tid, level, tags. Each tells itself by its shape, except a lone number (pid or tid).

use super::decimal;
use crate::civil::iso_time;
use crate::source::Wall;
use crate::units::Micros;

/// What stood in brackets before a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Decorations<'a> {
    /// `[12.345s]` or `[12345ms]`.
    pub uptime: Option<Micros>,
    /// `[2026-03-01T10:15:02.123+0100]` or `[1700000000000ms]`.
    pub wall: Option<Wall>,
    /// `[2516606894242ns]`.
    pub has_nanos: bool,
    pub host: Option<&'a str>,
    /// First bare number: the pid if a second one follows, else pid or tid.
    pub number: Option<u32>,
    /// Second bare number: the tid.
    pub thread: Option<u32>,
    pub level: Option<&'a str>,
    /// Without the blanks that pad them.
    pub tags: Option<&'a str>,
    pub message: &'a str,
}

impl Decorations<'_> {
    /// True if a clock of the JVM stands on the line.
    pub fn has_clock(&self) -> bool {
        self.uptime.is_some() || self.wall.is_some() || self.has_nanos
    }

    /// True if `gc` is the first tag, as it is in all GC messages.
    pub fn is_gc(&self) -> bool {
        self.tags.is_some_and(|tags| tags == "gc" || tags.starts_with("gc,"))
    }
}

/// The longest group: a hostname.
const MAX_GROUP: usize = 80;
/// Milliseconds above this are a time since 1970, below it a time since JVM start: 3 years of one, 1973 of the other.
const MILLIS_SINCE_EPOCH: i64 = 100_000_000_000;

/// Takes the decorations off. `None` if the line does not start with groups of these shapes.
pub(super) fn peel(text: &str) -> Option<Decorations<'_>> {
    let mut found = Decorations::default();
    let mut rest = text;
    while found.tags.is_none()
        && let Some(inner) = rest.strip_prefix('[')
    {
        // The two groups that almost every line has, in one pass each.
        if found.level.is_none() {
            if let Some(after) = inner.strip_prefix("info]") {
                found.level = inner.get(..4);
                rest = after;
                continue;
            }
            if let Some((uptime, after)) = leading_uptime(inner) {
                found.uptime = Some(uptime);
                rest = after;
                continue;
            }
        }
        let end = inner.as_bytes().iter().take(MAX_GROUP).position(|b| *b == b']')?;
        let (group, after) = inner.split_at_checked(end)?;
        rest = after.get(1..)?;
        found.add(group, !rest.starts_with('['))?;
    }
    if rest.len() == text.len() {
        return None;
    }
    found.message = rest.strip_prefix(' ').unwrap_or(rest);
    Some(found)
}

/// `12.345s]` with exactly three decimals, as the JVM prints them, and what follows.
fn leading_uptime(text: &str) -> Option<(Micros, &str)> {
    let mut seconds: i64 = 0;
    for (at, byte) in text.bytes().enumerate().take(12) {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            seconds = seconds * 10 + i64::from(digit);
            continue;
        }
        let [b'.' | b',', a, b, c, b's', b']', ..] = text.as_bytes().get(at..)? else { return None };
        let mut millis: i64 = 0;
        for digit in [a, b, c] {
            millis = millis * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        return (at > 0).then_some((Micros((seconds * 1000 + millis) * 1000), text.get(at + 6..)?));
    }
    None
}

impl<'a> Decorations<'a> {
    fn add(&mut self, group: &'a str, is_last: bool) -> Option<()> {
        let first = group.bytes().next()?;
        if first.is_ascii_digit() && self.level.is_none() {
            if let Some(uptime) = group.strip_suffix("ms") {
                return self.add_millis(decimal(uptime, 0)?.0);
            }
            if let Some(nanos) = group.strip_suffix("ns") {
                // One alone may be `timenanos`, which counts from anywhere; the second of two is `uptimenanos`.
                let nanos = decimal(nanos, 0)?.0;
                if self.has_nanos {
                    self.uptime = self.uptime.or(Some(Micros(nanos / 1000)));
                }
                self.has_nanos = true;
                return Some(());
            }
            if let Some(uptime) = group.strip_suffix('s')
                && let Some(uptime) = decimal(uptime, 6)
            {
                self.uptime = Some(uptime);
                return Some(());
            }
            if group.len() >= 19
                && let Some((wall, "")) = iso_time(group)
            {
                self.wall = Some(wall);
                return Some(());
            }
            if let Ok(number) = group.parse::<u32>() {
                match (self.number, self.thread) {
                    (None, None) => self.number = Some(number),
                    (Some(_), None) => self.thread = Some(number),
                    _ => return None,
                }
                return Some(());
            }
            return self.add_host(group);
        }
        let word = group.trim_end_matches(' ');
        if self.level.is_none() && matches!(word, "error" | "warning" | "info" | "debug" | "trace") {
            self.level = Some(word);
            return Some(());
        }
        let like_tags = first.is_ascii_lowercase()
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b',' | b'_' | b'+'));
        if like_tags && (self.level.is_some() || is_last) {
            self.tags = Some(word);
            return Some(());
        }
        self.add_host(group)
    }

    fn add_millis(&mut self, millis: i64) -> Option<()> {
        let micros = Micros(millis.checked_mul(1000)?);
        if millis >= MILLIS_SINCE_EPOCH {
            self.wall = self.wall.or(Some(Wall { micros, zone_known: true, year_known: true }));
        } else {
            self.uptime = self.uptime.or(Some(micros));
        }
        Some(())
    }

    /// A hostname: one word, after the clocks and before the pid.
    fn add_host(&mut self, group: &'a str) -> Option<()> {
        let one_word = group.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        let in_place = self.host.is_none() && self.number.is_none() && self.level.is_none();
        (one_word && in_place).then(|| self.host = Some(group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_decorations_are_uptime_level_and_tags() {
        let read = peel("[0.190s][info][gc,heap     ] GC(0) Old regions: 2->4").expect("decorated");
        assert_eq!(read.uptime, Some(Micros(190_000)));
        assert_eq!(read.level, Some("info"));
        assert_eq!(read.tags, Some("gc,heap"));
        assert_eq!(read.message, "GC(0) Old regions: 2->4");
        assert_eq!(peel("[0,595s][info][gc] x").and_then(|read| read.uptime), Some(Micros(595_000)));
    }

    #[test]
    fn all_decorations_tell_themselves_by_their_shape() {
        let line = "[2026-03-01T10:15:02.123+0100][2026-03-01T09:15:02.123+0000][12.345s][1772356502123ms][12345ms]\
                    [123456789012345ns][12345678901ns][web-1][4711][4712][debug][gc,start    ] GC(3) Pause Full (System.gc())";
        let read = peel(line).expect("decorated");
        assert_eq!(read.wall.map(|wall| wall.micros), Some(Micros(1_772_356_502_123_000)));
        assert_eq!(read.uptime, Some(Micros(12_345_000)));
        assert_eq!((read.host, read.number, read.thread), (Some("web-1"), Some(4711), Some(4712)));
        assert_eq!((read.level, read.tags), (Some("debug"), Some("gc,start")));
        assert_eq!(read.message, "GC(3) Pause Full (System.gc())");
    }

    #[test]
    fn a_single_group_of_letters_is_the_tags() {
        assert_eq!(peel("[gc] GC(0) x").and_then(|read| read.tags), Some("gc"));
        assert_eq!(peel("[info][gc] GC(0) x").and_then(|read| read.level), Some("info"));
    }

    #[test]
    fn kernel_times_and_bracketed_words_are_no_decorations() {
        assert_eq!(peel("[   81.250400] Out of memory: Killed process 7 (java)"), None);
        assert_eq!(peel("[81.250400] oom-killer").and_then(|read| read.uptime), None);
        assert_eq!(peel("[main] INFO app").and_then(|read| read.level), None);
        assert_eq!(peel("[info] started").and_then(|read| read.tags), None);
        assert_eq!(peel("no bracket"), None);
        assert_eq!(peel("[unclosed"), None);
    }
}
