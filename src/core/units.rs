//! Sizes and times. Everything inside oomscope is bytes and microseconds; readers convert at the edge and nowhere else.

use crate::json::Json;

/// Bytes of a kibibyte.
pub const KIB: u64 = 1 << 10;
/// Bytes of a mebibyte.
pub const MIB: u64 = 1 << 20;
/// Bytes of a gibibyte.
pub const GIB: u64 = 1 << 30;

/// A memory size in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Json)]
pub struct Bytes(pub u64);

impl Bytes {
    /// Converts KiB (the `kB` of the kernel, the `KB` of the JVM). `None` if the product does not fit.
    pub fn from_kib(kib: u64) -> Option<Bytes> {
        kib.checked_mul(1024).map(Bytes)
    }

    /// Converts pages of `page_size` bytes. `None` if the product does not fit.
    pub fn from_pages(pages: u64, page_size: Bytes) -> Option<Bytes> {
        pages.checked_mul(page_size.0).map(Bytes)
    }

    /// For drawing and ratios only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// The sum, stopping at the largest value instead of wrapping.
    pub fn plus(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_add(other.0))
    }

    /// The difference, which may be negative; stops at the ends of `i64`.
    pub fn minus(self, other: Bytes) -> SignedBytes {
        let difference = i128::from(self.0) - i128::from(other.0);
        SignedBytes(difference.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }
}

/// A signed difference of sizes in bytes, as NMT diffs print them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Json)]
pub struct SignedBytes(pub i64);

/// Microseconds: a duration, a time since boot or since JVM start, or an absolute time since the Unix epoch in UTC.
/// The field's doc comment says which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Json)]
pub struct Micros(pub i64);

impl Micros {
    /// Whole seconds. `None` if they do not fit.
    pub fn from_seconds(seconds: i64) -> Option<Micros> {
        seconds.checked_mul(1_000_000).map(Micros)
    }

    /// The sum, stopping at the ends of `i64`.
    pub fn plus(self, other: Micros) -> Micros {
        Micros(self.0.saturating_add(other.0))
    }

    /// The difference, stopping at the ends of `i64`.
    pub fn minus(self, other: Micros) -> Micros {
        Micros(self.0.saturating_sub(other.0))
    }
}

/// Microseconds since the Unix epoch of a date and time of the Gregorian calendar, read as UTC. `None` if there is no
/// such date or time; second 60 is accepted as a leap second.
pub fn from_civil(date: (i64, u32, u32), time: (u32, u32, u32), micros: u32) -> Option<Micros> {
    let (year, month, day) = date;
    let (hour, minute, second) = time;
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days_in_month = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    let valid = (1..=days_in_month).contains(&day) && hour < 24 && minute < 60 && second <= 60 && micros < 1_000_000;
    if !valid || !(0..=9999).contains(&year) {
        return None;
    }
    // Years counted from March, so that the leap day is the last: days before a month are (153 m + 2) / 5.
    let shifted = year - i64::from(month <= 2);
    let months = i64::from((month + 9) % 12);
    let days = 365 * shifted + shifted.div_euclid(4) - shifted.div_euclid(100)
        + shifted.div_euclid(400)
        + (153 * months + 2) / 5
        + i64::from(day)
        - 719_469;
    let seconds = days * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    Some(Micros(seconds * 1_000_000 + i64::from(micros)))
}

/// Year, month, day.
pub type Date = (i64, u32, u32);
/// Hour, minute, second.
pub type Clock = (u32, u32, u32);

/// The date and time in UTC of microseconds since the Unix epoch; the fraction of the second is dropped.
pub fn to_civil(time: Micros) -> (Date, Clock) {
    let seconds = time.0.div_euclid(1_000_000);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 0000-03-01, in eras of 400 years.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    ((year, month as u32, day as u32), ((of_day / 3600) as u32, (of_day / 60 % 60) as u32, (of_day % 60) as u32))
}

/// Reads a decimal number as an integer scaled by `10^decimals`: `"5.534"` with 3 decimals is 5534. A decimal comma
/// is read like a point. Missing decimals count as zeros, superfluous ones make the answer `None` unless they are zero.
pub fn fixed_decimal(text: &str, decimals: u8) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut value: i64 = 0;
    let mut seen_digit = false;
    let mut point = false;
    let mut missing = decimals;
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                seen_digit = true;
                if point && missing == 0 {
                    if byte != b'0' {
                        return None;
                    }
                    continue;
                }
                if point {
                    missing -= 1;
                }
                value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
            }
            b'.' | b',' if !point => point = true,
            _ => return None,
        }
    }
    if !seen_digit {
        return None;
    }
    for _ in 0..missing {
        value = value.checked_mul(10)?;
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_decimal_keeps_its_digits() {
        assert_eq!(fixed_decimal("89281.0", 1), Some(892_810));
        assert_eq!(fixed_decimal("5,534", 3), Some(5534));
        assert_eq!(fixed_decimal("12", 1), Some(120));
        assert_eq!(fixed_decimal("1.25", 1), None);
        assert_eq!(fixed_decimal("1.2.3", 1), None);
        assert_eq!(fixed_decimal("", 1), None);
        assert_eq!(fixed_decimal("99999999999999999999", 0), None);
    }

    #[test]
    fn civil_dates_become_epoch_time() {
        assert_eq!(from_civil((1970, 1, 1), (0, 0, 0), 0), Some(Micros(0)));
        assert_eq!(from_civil((2022, 11, 23), (7, 35, 42), 203_997), Some(Micros(1_669_188_942_203_997)));
        assert_eq!(from_civil((2024, 2, 29), (0, 0, 0), 0), Some(Micros(1_709_164_800_000_000)));
        assert_eq!(from_civil((2023, 2, 29), (0, 0, 0), 0), None);
        for date in [(1970, 1, 1), (1999, 12, 31), (2000, 2, 29), (2024, 3, 1), (2100, 2, 28)] {
            let time = from_civil(date, (23, 59, 58), 0).expect("a date");
            assert_eq!(to_civil(time), (date, (23, 59, 58)));
        }
    }

    #[test]
    fn kib_that_do_not_fit_are_refused() {
        assert_eq!(Bytes::from_kib(699_868), Some(Bytes(716_664_832)));
        assert_eq!(Bytes::from_kib(u64::MAX), None);
    }
}
