//! Sizes, times, and counts as people read them; the same in both languages unless said otherwise.

use super::number;
use crate::units::{Bytes, Micros, SignedBytes, to_civil};

/// `683.5 MiB`: the largest unit that keeps the number at 1 or above, one decimal above bytes.
pub fn size(bytes: Bytes) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes.0 < 1024 {
        return format!("{} B", bytes.0);
    }
    let mut value = bytes.as_f64() / 1024.0;
    let mut units = UNITS.iter();
    let mut unit = units.next().copied().unwrap_or_default();
    for next in units {
        // 1023.95 would be rounded to 1024.0.
        if value < 1023.95 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    format!("{value:.1} {unit}")
}

/// `+245.9 MiB`, `−3.0 KiB`, `0 B`.
pub fn signed_size(bytes: SignedBytes) -> String {
    let magnitude = size(Bytes(bytes.0.unsigned_abs()));
    match bytes.0.signum() {
        1 => format!("+{magnitude}"),
        -1 => format!("−{magnitude}"),
        _ => magnitude,
    }
}

/// `699,868 KiB`: the exact number where it is whole KiB, else bytes.
pub fn exact_size(bytes: Bytes) -> String {
    if bytes.0 >= 1024 && bytes.0.is_multiple_of(1024) {
        format!("{} KiB", number(bytes.0 / 1024))
    } else {
        format!("{} B", number(bytes.0))
    }
}

/// `135 ms`, `18.955 s`, `4 min 10 s`, `124 h 8 min`, `3 d 4 h`. In units that need no translation.
pub fn duration(micros: Micros) -> String {
    let total = micros.0.unsigned_abs();
    let sign = if micros.0 < 0 { "−" } else { "" };
    let seconds = total / 1_000_000;
    let text = if total < 1000 {
        format!("{total} µs")
    } else if total < 10_000 {
        trimmed(total as f64 / 1e3, 1, "ms")
    } else if total < 1_000_000 {
        format!("{:.0} ms", total as f64 / 1e3)
    } else if seconds < 120 {
        trimmed(total as f64 / 1e6, 3, "s")
    } else if seconds < 7200 {
        format!("{} min {} s", seconds / 60, seconds % 60)
    } else if seconds < 200 * 3600 {
        format!("{} h {} min", seconds / 3600, seconds / 60 % 60)
    } else {
        format!("{} d {} h", seconds / 86_400, seconds / 3600 % 24)
    };
    format!("{sign}{text}")
}

fn trimmed(value: f64, decimals: usize, unit: &str) -> String {
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} {unit}")
}

/// `2022-11-23 07:35:42 UTC`.
pub fn time(micros: Micros) -> String {
    format!("{} UTC", local_time(micros))
}

/// `2022-11-23 07:35:42`, for wall-clock times whose zone is not known. Times whose year is not known either stand in the
/// first years of the epoch, before any log of this kind was written: `11-23 07:35:42`.
pub fn local_time(micros: Micros) -> String {
    let ((year, month, day), (hour, minute, second)) = to_civil(micros);
    let rest = format!("{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    if year <= 1972 { rest } else { format!("{year:04}-{rest}") }
}

/// `12.3 %`, with more decimals below one percent.
pub fn percent(ratio: f64) -> String {
    let value = ratio * 100.0;
    if value != 0.0 && value.abs() < 1.0 { format!("{value:.2} %") } else { format!("{value:.1} %") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_in_the_largest_fitting_unit() {
        assert_eq!(size(Bytes(699_868 * 1024)), "683.5 MiB");
        assert_eq!(size(Bytes(1023)), "1023 B");
        assert_eq!(size(Bytes(1024 * 1024 - 1)), "1.0 MiB");
        assert_eq!(size(Bytes(u64::MAX)), "16.0 EiB");
        assert_eq!(signed_size(SignedBytes(-3072)), "−3.0 KiB");
        assert_eq!(exact_size(Bytes(699_868 * 1024)), "699,868 KiB");
    }

    #[test]
    fn durations_are_written_in_fitting_units() {
        let texts: Vec<String> =
            [999, 1500, 135_393, 18_955_000, 250_000_000, 446_881_000_000].map(|m| duration(Micros(m))).into();
        assert_eq!(texts, ["999 µs", "1.5 ms", "135 ms", "18.955 s", "4 min 10 s", "124 h 8 min"]);
    }

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(time(Micros(1_669_188_942_203_997)), "2022-11-23 07:35:42 UTC");
    }

    #[test]
    fn a_time_without_a_year_shows_none() {
        assert_eq!(local_time(Micros(18_676_443_000_000)), "08-05 03:54:03");
    }
}
