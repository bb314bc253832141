//! Printed dates and times. Zones never come from a database: a time is UTC only if the text says how far
//! it is from UTC, so all that is needed is days
//! from a civil date. Everything else stays a wall-clock time with its gaps named.

use crate::json::Json;
use crate::source::Wall;
use crate::units::{Micros, from_civil};

/// Twelve hours in microseconds.
const HALF_DAY: i64 = 12 * 3_600_000_000;

/// A date and time as printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Civil {
    /// Full year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// Time of day in microseconds.
    pub time: i64,
}

impl Civil {
    /// Microseconds since the epoch, as if UTC. `None` if there is no such date.
    pub fn micros(self) -> Option<Micros> {
        if !(1970..=2200).contains(&self.year) {
            return None;
        }
        let date = (i64::from(self.year), u32::from(self.month), u32::from(self.day));
        Some(from_civil(date, (0, 0, 0), 0)?.plus(Micros(self.time)))
    }
}

/// How far east of UTC times are printed, in minutes; 0 is UTC itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Json)]
pub struct Zone(pub i16);

impl Zone {
    /// True for UTC.
    pub fn is_utc(&self) -> bool {
        self.0 == 0
    }

    /// UTC in place of what is no zone on earth.
    pub fn if_any_clock_shows_it(self) -> Zone {
        if self.0.unsigned_abs() <= 14 * 60 { self } else { Zone::default() }
    }

    /// The time on the clocks of this zone.
    pub fn local(self, micros: Micros) -> Micros {
        micros.plus(Micros(i64::from(self.0) * 60_000_000))
    }

    /// The time in UTC of what the clocks of this zone show.
    pub fn utc(self, local: Micros) -> Micros {
        local.minus(Micros(i64::from(self.0) * 60_000_000))
    }

    /// `UTC`, `+02:00`.
    pub fn name(self) -> String {
        let minutes = self.0.unsigned_abs();
        let sign = if self.0 < 0 { '−' } else { '+' };
        if self.is_utc() { "UTC".to_owned() } else { format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60) }
    }

    /// The zone behind the first time of day of a line: `03:54:03+02:00`, `03:54:03.123 +0200`, `03:54:03 CEST`.
    pub fn of_line(line: &str) -> Option<Zone> {
        let bytes = line.as_bytes();
        let bytes = bytes.get(..IN_FRONT).unwrap_or(bytes);
        let at = memchr::memchr_iter(b':', bytes).filter_map(|at| at.checked_sub(2)).find(|at| {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            bytes.get(at + 5) == Some(&b':') && before.is_none_or(|byte| !byte.is_ascii_digit())
        })?;
        let (_, rest) = time_of_day(line.get(at..)?)?;
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let word = rest.split(|c: char| !c.is_ascii_uppercase()).next().unwrap_or_default();
        let offset = match zone_offset(rest) {
            // A range of times, not an offset.
            Some((_, rest)) if rest.starts_with(':') => return None,
            Some((offset, _)) => offset,
            None => zone_abbreviation(word).filter(|_| word.len() >= 3)?,
        };
        i16::try_from(offset.0 / 60_000_000).ok().map(Zone)
    }
}

/// Bytes of a line in which its own time stands.
const IN_FRONT: usize = 96;

/// Takes `hh:mm:ss` with an optional fraction (`.` or `,`, cut to microseconds) from the front: the time of day in
/// microseconds, and what follows.
pub fn time_of_day(text: &str) -> Option<(i64, &str)> {
    let bytes = text.as_bytes();
    let pair = |at: usize| -> Option<i64> {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(a @ b'0'..=b'9'), Some(b @ b'0'..=b'9')) => Some(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
            _ => None,
        }
    };
    if bytes.get(2) != Some(&b':') || bytes.get(5) != Some(&b':') {
        return None;
    }
    let (hour, minute, second) = (pair(0)?, pair(3)?, pair(6)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let whole = ((hour * 60 + minute) * 60 + second) * 1_000_000;
    let rest = text.get(8..)?;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some((whole, rest)) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Some((whole, rest));
    }
    let mut micros = 0;
    let mut scale = 100_000;
    for digit in fraction.bytes().take(digits.min(6)) {
        micros += i64::from(digit - b'0') * scale;
        scale /= 10;
    }
    Some((whole + micros, fraction.get(digits..)?))
}

/// Takes `2025-08-05` from the front.
pub fn iso_date(text: &str) -> Option<(Civil, &str)> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = digits(parts.next()?, 2)?;
    let civil = Civil {
        year: i32::try_from(year).ok()?,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
        time: 0,
    };
    civil.micros().map(|_| (civil, rest))
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Takes a date and time in ISO order from the front: `2025-08-05T03:54:03.123456+02:00`, `2025-08-05 03:54:03,123`,
/// `...Z`, `...+0200`. A zone must follow without a blank.
pub fn iso_time(text: &str) -> Option<(Wall, &str)> {
    let (date, rest) = iso_date(text)?;
    let (time, rest) = time_of_day(rest.strip_prefix(['T', 't', ' '])?)?;
    let micros = Civil { time, ..date }.micros()?;
    match zone_offset(rest) {
        Some((offset, rest)) => Some((Wall { micros: micros.minus(offset), zone_known: true, year_known: true }, rest)),
        None => Some((Wall { micros, zone_known: false, year_known: true }, rest)),
    }
}

/// Takes `Z`, `+02:00`, `+0200`, or `+02` from the front: the offset from UTC.
pub fn zone_offset(text: &str) -> Option<(Micros, &str)> {
    if let Some(rest) = text.strip_prefix(['Z', 'z']) {
        return (!rest.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some((Micros(0), rest));
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = digits(text.get(1..3)?, 2)?;
    let rest = text.get(3..)?;
    let after_colon = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = match after_colon.get(..2).and_then(|pair| digits(pair, 2)) {
        Some(minutes) => (minutes, after_colon.get(2..)?),
        None => (0, rest),
    };
    if hours > 14 || minutes > 59 || rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((Micros(sign * i64::from(hours * 60 + minutes) * 60_000_000), rest))
}

/// The offset of a zone abbreviation as the system's database prints it. Only those that mean one offset everywhere:
/// `CST`, `IST`, `PST` and their like stay unknown.
pub fn zone_abbreviation(name: &str) -> Option<Micros> {
    let minutes = match name {
        "UTC" | "GMT" | "WET" | "UCT" => 0,
        "CET" | "WEST" | "WAT" => 60,
        "CEST" | "EET" | "SAST" | "CAT" => 120,
        "EEST" | "MSK" | "EAT" => 180,
        "WIB" => 420,
        "HKT" | "AWST" => 480,
        "KST" | "JST" => 540,
        "AEST" => 600,
        "AEDT" => 660,
        "NZST" => 720,
        "NZDT" => 780,
        "EDT" => -240,
        "EST" => -300,
        "MDT" => -360,
        "PDT" => -420,
        _ => return zone_offset(name).filter(|(_, rest)| rest.is_empty()).map(|(offset, _)| offset),
    };
    Some(Micros(minutes * 60_000_000))
}

/// A printed time as UTC where the word for its zone means one offset everywhere.
pub fn in_zone(micros: Micros, zone: &str) -> Wall {
    match zone_abbreviation(zone) {
        Some(offset) => Wall { micros: micros.minus(offset), zone_known: true, year_known: true },
        None => Wall { micros, zone_known: false, year_known: true },
    }
}

/// The number of a month by its English abbreviation, in any letter case.
pub fn english_month(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if word.len() != 3 {
        return None;
    }
    (1..).zip(MONTHS).find(|(_, name)| word.eq_ignore_ascii_case(name)).map(|(month, _)| month)
}

/// The time of day that a clock of twelve hours means.
pub fn of_twelve_hours(time: i64, afternoon: bool) -> i64 {
    time % HALF_DAY + if afternoon { HALF_DAY } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_of_a_line_is_the_one_behind_its_time() {
        for (line, zone) in [
            ("2022-11-23T16:35:42.203997+09:00 web01 kernel: x", Some(540)),
            ("[2022-11-23T16:35:42.203+0900][info][gc] GC(1) Pause", Some(540)),
            ("2022-11-23 07:35:42,203 -0330 INFO", Some(-210)),
            ("{\"time\":\"2022-11-23T07:35:42Z\"}", Some(0)),
            ("Tue 2025-08-05 03:54:03 CEST web01 kernel: x", Some(120)),
            ("Aug  5 03:54:03 UTC 2025", Some(0)),
            ("Aug  5 03:54:03 web01 kernel: x", None),
            ("2022-11-23 07:35:42 WARN x", None),
            ("07:35:42 CST x", None),
            ("from 07:35:42-08:00:00", None),
            ("a:b:c", None),
            ("", None),
        ] {
            assert_eq!(Zone::of_line(line), zone.map(Zone), "{line}");
        }
        assert_eq!(Zone(540).utc(Zone(540).local(Micros(7))), Micros(7));
        assert_eq!((Zone(-210).if_any_clock_shows_it(), Zone(i16::MIN).if_any_clock_shows_it()), (Zone(-210), Zone(0)));
    }

    #[test]
    fn iso_times_are_utc_only_with_a_zone() {
        let (wall, rest) = iso_time("2022-11-23T07:35:42.203997Z text").expect("reads");
        assert_eq!((wall.micros, wall.zone_known, rest), (Micros(1_669_188_942_203_997), true, " text"));
        let (wall, rest) = iso_time("2022-11-23 16:35:42,203997+09:00").expect("reads");
        assert_eq!((wall.micros, rest), (Micros(1_669_188_942_203_997), ""));
        let (wall, rest) = iso_time("2022-11-23T16:35:42+0900: 1.2: [GC").expect("reads");
        assert_eq!((wall.micros, rest), (Micros(1_669_188_942_000_000), ": 1.2: [GC"));
        let (wall, rest) = iso_time("2022-11-23 07:35:42 INFO").expect("reads");
        assert_eq!((wall.zone_known, wall.year_known, rest), (false, true, " INFO"));
        assert_eq!(iso_time("2022-11-23T25:35:42Z"), None);
        assert_eq!(iso_time("2022-13-23T05:35:42Z"), None);
        assert_eq!(iso_time("2022-11-2"), None);
    }

    #[test]
    fn twelve_at_night_is_the_first_hour() {
        let hours = |hours: i64| hours * 3_600_000_000;
        assert_eq!((of_twelve_hours(hours(12), false), of_twelve_hours(hours(12), true)), (0, hours(12)));
        assert_eq!((of_twelve_hours(hours(9), false), of_twelve_hours(hours(9), true)), (hours(9), hours(21)));
    }

    #[test]
    fn nanoseconds_are_cut_to_microseconds() {
        assert_eq!(time_of_day("00:00:01.123456789Z"), Some((1_123_456, "Z")));
        assert_eq!(time_of_day("00:00:01.5"), Some((1_500_000, "")));
        assert_eq!(time_of_day("00:00:01."), Some((1_000_000, ".")));
    }

    #[test]
    fn only_unambiguous_abbreviations_are_offsets() {
        assert_eq!(zone_abbreviation("CEST"), Some(Micros(7_200_000_000)));
        assert_eq!(zone_abbreviation("+09"), Some(Micros(32_400_000_000)));
        assert_eq!(zone_abbreviation("-0330"), Some(Micros(-12_600_000_000)));
        assert_eq!(zone_abbreviation("CST"), None);
        assert_eq!(zone_abbreviation("IST"), None);
    }
}
