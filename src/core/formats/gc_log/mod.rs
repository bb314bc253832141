//! Reads GC logs: the unified log of JDK 9 and newer, and the log of JDK 8 and older.
//!
//! ```text
//! [0.190s][info][gc          ] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 5M->3M(10M) 10.619ms
//! 2017-07-27T11:46:46.456-0800: 2.145: [GC (Allocation Failure)  524800K->499220K(2010112K), 0.3782684 secs]
//! ```
//!
//! What programs say of their own collections (Cassandra, Elasticsearch, Hadoop) is read here, too: `monitor`; the XML of OpenJ9:
//! `openj9`; and what the JDK prints of a recording: `recording`.
//!
//! One [`GcEvent`] per collection or pause, at the line that ends it; the figures of the lines around it (regions,
//! generations, metaspace) go into `figures`. Starts and phases are taken and make no event. One [`GcLog`] per JVM run:
//! an uptime that falls back, a second banner, or another pid starts the next one.
//!
//! Sizes are binary (`1M` = 1,048,576 B) and as coarse as printed. Sources: OpenJDK, `gc/shared/gcTraceTime.inline.hpp`,
//! `logging/logDecorators.hpp`, `gc/z/zStat.cpp`, `gc/shenandoah/`; JDK 8 `gc_implementation/`, `PrintGCDetails`.

mod decorations;
mod figures;
mod legacy;
pub mod monitor;
pub mod openj9;
mod phrases;
pub(crate) mod recording;
mod unified;

use crate::formats::quantity::with_unit;
use crate::formats::{Claim, Format, Reader};
use crate::model::gc::{GcEvent, GcLog};
use crate::model::readings::Readings;
use crate::source::{Line, Places, Wall};
use crate::units::{Bytes, Micros};

/// GC logs.
pub static FORMAT: Format = Format { id: "gc-log", claim, reader: || Box::new(GcLogReader::default()) };

/// True for a message of a collector about its settings: `Heap Max Capacity: 48M`, as crash files repeat it.
pub(crate) fn is_setting(message: &str) -> bool {
    phrases::is_banner(message)
}

fn claim(line: &Line<'_>) -> Claim {
    let (body, openj9) = (line.body, openj9::claim(line.body));
    unified::claim(body)
        .max(legacy::claim(body))
        .max(monitor::claim(body))
        .max(openj9)
        .max(recording::claim(body.trim()))
}

#[derive(Default)]
struct GcLogReader {
    unified: unified::Unified,
    legacy: legacy::Legacy,
    monitors: monitor::Monitors,
    verbose: openj9::Verbose,
    recorded: recording::Recorded,
}

impl Reader for GcLogReader {
    fn bulk(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        // The rest of a record may have any shape: only without its prefix is it told.
        let is_plain =
            line.body.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '[' | '{' | ' ' | '\t'));
        is_plain && !self.legacy.is_in_record() && self.resume(line, out)
    }

    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        self.unified.resume(line, out)
            || self.monitors.resume(line, out)
            || !monitor::is_begun(line.body) && self.legacy.resume(line, out)
            || self.verbose.resume(line, out)
            || self.recorded.resume(line, out)
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if unified::claim(line.body) > Claim::None {
            self.unified.open(line, out)
        } else if legacy::claim(line.body) > Claim::None {
            self.legacy.open(line, out)
        } else if openj9::claim(line.body) > Claim::None {
            self.verbose.open(line, out)
        } else if recording::claim(line.body.trim()) > Claim::None {
            self.recorded.open(line)
        } else {
            self.monitors.open(line, out)
        }
    }

    fn finish(&mut self, out: &mut Readings) {
        self.unified.finish(out);
        self.legacy.finish();
        self.verbose.finish(out);
        self.recorded.finish(out);
    }
}

/// What ZGC says when it frees what nothing but soft references holds.
pub const CLEARED: &str = "Clearing All Soft References";

/// Lines of full collections and failures kept as text per log; the rest of the excerpts is for others.
const MAX_KEPT_LINES: u32 = 300;
/// An uptime that falls back by less is disorder between threads, not a restart.
const UPTIME_DISORDER: Micros = Micros(1_000_000);

/// Starts a log and returns its index.
fn start_log(style: &str, line: &Line<'_>, out: &mut Readings) -> usize {
    let mut at = Places::default();
    if let Some((_, span)) = line.pid() {
        at.put("pid", span);
    }
    out.gc_logs.push(GcLog {
        pid: line.pid().map(|(pid, _)| pid),
        at,
        source: line.source,
        style: style.to_owned(),
        first_line: line.number,
        last_line: line.number,
        ..GcLog::default()
    });
    out.gc_logs.len().saturating_sub(1)
}

/// Writes a wall-clock time where the event has room for it.
fn set_wall(event: &mut GcEvent, wall: Option<Wall>) {
    if let Some(wall) = wall.filter(|wall| wall.year_known) {
        (event.time, event.local_time) = wall.split();
    }
}

/// `before(limit)->after(limit)`, the brackets as printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Change {
    before: Option<Bytes>,
    /// In brackets after `before`: how much was committed then.
    before_of: Option<Bytes>,
    after: Option<Bytes>,
    /// In brackets after `after`: committed, or reserved, as the line means it. `None` for percentages.
    after_of: Option<Bytes>,
    /// In brackets after `after`: hundredths of the maximum heap.
    after_part: Option<u64>,
}

/// `6M->1M(66M)`, `2176K(2432K)->255K(2432K)`, `40M(10%)->26M(7%)`, `0.0B->3072.0K`.
fn change(text: &str) -> Option<Change> {
    let (before, after) = text.split_once('>')?;
    let before = before.strip_suffix('-')?;
    let (before, before_of) = size_of(before)?;
    let after_part = after.strip_suffix("%)").and_then(|after| after.split_once('(')?.1.parse().ok());
    let (after, after_of) = size_of(after)?;
    Some(Change { before: Some(before), before_of, after: Some(after), after_of, after_part })
}

/// `66M` or `1M(66M)` or `40M(10%)`.
fn size_of(text: &str) -> Option<(Bytes, Option<Bytes>)> {
    let Some((used, rest)) = text.split_once('(') else { return Some((with_unit(text)?, None)) };
    let rest = rest.strip_suffix(')')?;
    let of = if rest.ends_with('%') { None } else { Some(with_unit(rest)?) };
    Some((with_unit(used)?, of))
}

/// Seconds with any number of decimals, rounded to microseconds.
fn seconds(text: &str) -> Option<Micros> {
    decimal(text, 6)
}

/// A pause of this length is told about, so that its line is kept.
const LONG: Micros = Micros(1_000_000);

/// Time of processors, user and system together: `user=0.25 sys=0.89, real=0.38`, `User=0.03s Sys=0.00s Real=0.03s`. `None` unless
/// all of it is there, since digits at the end of a text may be missing.
fn processor_time(text: &str) -> Option<Micros> {
    let (_, rest) = text.rsplit_once("user=").or_else(|| text.rsplit_once("User="))?;
    let (user, rest) = rest.split_once(" sys=").or_else(|| rest.split_once(" Sys="))?;
    let (system, _) = rest.split_once(", real=").or_else(|| rest.split_once(" Real="))?;
    let time = |text: &str| seconds(text.trim_end_matches('s'));
    Some(time(user)?.plus(time(system)?))
}

/// Milliseconds with any number of decimals, rounded to microseconds.
fn millis(text: &str) -> Option<Micros> {
    decimal(text, 3)
}

/// A decimal number times `10^decimals`, further digits rounded; a decimal comma is read like a point.
fn decimal(text: &str, decimals: u32) -> Option<Micros> {
    let mut value: i64 = 0;
    let mut missing = decimals;
    let mut in_fraction = false;
    let mut round_up = None;
    let mut bytes = text.bytes();
    // A number starts with a digit, so that `.5` and an empty text are none.
    let first = bytes.next().filter(u8::is_ascii_digit)?;
    value += i64::from(first - b'0');
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            if in_fraction || !matches!(byte, b'.' | b',') {
                return None;
            }
            in_fraction = true;
        } else if !in_fraction || missing > 0 {
            missing -= u32::from(in_fraction);
            value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
        } else {
            round_up.get_or_insert(digit >= 5);
        }
    }
    for _ in 0..missing {
        value = value.checked_mul(10)?;
    }
    value.checked_add(i64::from(round_up.unwrap_or(false))).map(Micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_what_stands_in_brackets_apart() {
        let read = change("2176K(2432K)->255K(2432K)").unwrap_or_default();
        assert_eq!(read.before, Some(Bytes(2176 << 10)));
        assert_eq!(read.before_of, Some(Bytes(2432 << 10)));
        let of_maximum = change("40M(10%)->26M(7%)").unwrap_or_default();
        assert_eq!((of_maximum.after_of, of_maximum.after_part), (None, Some(7)));
        assert_eq!(change("6M->1M(66"), None);
    }

    #[test]
    fn durations_are_rounded_to_microseconds() {
        assert_eq!(millis("2.117"), Some(Micros(2117)));
        assert_eq!(seconds("0.3782684"), Some(Micros(378_268)));
        assert_eq!(seconds("0,0125"), Some(Micros(12_500)));
        assert_eq!(seconds("1.2.3"), None);
        assert_eq!(seconds("99999999999999"), None);
    }
}
