//! Dates that stand alone on a line or behind a word: what `date` prints, and ISO 8601.

use crate::civil::{Civil, english_month, in_zone, iso_time, of_twelve_hours, time_of_day};
use crate::formats::quantity::is_digits;
use crate::source::Wall;
use crate::units::Micros;

/// Reads a text that is a date and nothing else: `Wed Mar  1 10:15:00 UTC 2026`, `Wed Mar  1 10:15:00 2026 UTC`,
/// `Wed 01 Mar 2026 10:15:00 AM UTC`, `2026-03-01T10:15:00.123+0100`, `2026-03-01 10:15:00 UTC`.
pub fn read_date(text: &str) -> Option<Wall> {
    let text = text.trim();
    if !(15..=45).contains(&text.len()) {
        return None;
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let (wall, zone) = iso_time(text)?;
        return if zone.is_empty() { Some(wall) } else { zoned(wall.micros, zone.strip_prefix(' ')?) };
    }
    let mut words = text.split_ascii_whitespace();
    let weekday = words.next()?.trim_end_matches(',');
    if !["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&weekday) {
        return None;
    }
    let mut civil = Civil::default();
    let (mut time, mut zone, mut afternoon) = (None, "", None);
    for word in words {
        if let Some(month) = english_month(word) {
            civil.month = month;
        } else if word.contains(':') {
            time = Some(time_of_day(word).filter(|(_, rest)| rest.is_empty())?.0);
        } else if matches!(word, "AM" | "PM") {
            afternoon = Some(word == "PM");
        } else if is_digits(word) {
            match word.len() {
                4 => civil.year = word.parse().ok()?,
                1 | 2 => civil.day = word.parse().ok()?,
                _ => return None,
            }
        } else if zone.is_empty() {
            zone = word;
        } else {
            return None;
        }
    }
    civil.time = match afternoon {
        Some(_) if time? >= 13 * 3_600_000_000 => return None,
        Some(afternoon) => of_twelve_hours(time?, afternoon),
        None => time?,
    };
    zoned(civil.micros()?, zone)
}

/// A printed time with a word behind it. `None` if the word is no zone at all.
fn zoned(micros: Micros, zone: &str) -> Option<Wall> {
    let wall = in_zone(micros, zone);
    let may_be = zone.len() <= 5 && zone.bytes().all(|byte| byte.is_ascii_uppercase());
    (wall.zone_known || may_be).then_some(wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_shape_are_the_same_moment() {
        let utc = read_date("2026-03-01T10:15:00Z").expect("a date");
        assert!(utc.zone_known);
        for text in [
            "Sun Mar  1 10:15:00 UTC 2026",
            "Sun Mar  1 10:15:00 2026 UTC",
            "Sun Mar  1 19:15:00 KST 2026",
            "Sun 01 Mar 2026 10:15:00 AM UTC",
            "2026-03-01T11:15:00.000+0100",
            "2026-03-01 10:15:00 UTC",
        ] {
            assert_eq!(read_date(text), Some(utc), "{text}");
        }
    }

    #[test]
    fn a_zone_that_means_several_offsets_is_not_known() {
        let ambiguous = read_date("Sun Mar  1 10:15:00 CST 2026").expect("a date");
        assert!(!ambiguous.zone_known);
        assert_eq!(Some(ambiguous), read_date("2026-03-01 10:15:00"));
    }

    #[test]
    fn other_lines_are_no_dates() {
        for text in ["Sun is shining at 10:15:00", "2026-13-01T10:15:00", "2026-03-01 10:15:00 starting", "Mon", ""] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
