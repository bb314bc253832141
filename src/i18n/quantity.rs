//! Sizes, durations, shares and times as a person reads them; the same in both languages, always with their unit.

/// A size in binary units with at most two decimals: `683.5 MiB`, `1.07 GiB`, `512 MiB`, `96 B`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = "KiB";
    for next in UNITS.into_iter().skip(1) {
        if value < 1023.95 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    let decimals = if unit != "KiB" && unit != "MiB" && value < 9.995 { 2 } else { 1 };
    format!("{} {unit}", trimmed(value, decimals))
}

/// A difference of sizes with its sign: `+245.9 MiB`, `−3 KiB`, `0 B`.
pub fn signed_size(bytes: i64) -> String {
    match bytes {
        0 => size(0),
        1.. => format!("+{}", size(bytes.unsigned_abs())),
        _ => format!("\u{2212}{}", size(bytes.unsigned_abs())),
    }
}

/// A duration: `135 µs`, `21.5 ms`, `18.955 s`, `3 min 5 s`, `2 h 5 min`, `5 d 4 h`.
pub fn duration(micros: i64) -> String {
    let sign = if micros < 0 { "\u{2212}" } else { "" };
    let abs = micros.unsigned_abs();
    let text = match abs {
        0 => "0 s".to_owned(),
        1..1_000 => format!("{abs} µs"),
        1_000..1_000_000 => {
            let millis = abs as f64 / 1e3;
            format!("{} ms", trimmed(millis, if millis < 100.0 { 2 } else { 1 }))
        }
        1_000_000..120_000_000 => format!("{} s", trimmed(abs as f64 / 1e6, 3)),
        _ => {
            let seconds = (abs + 500_000) / 1_000_000;
            let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
            match (days, hours) {
                (0, 0) => two(minutes, "min", seconds % 60, "s"),
                (0, _) => two(hours, "h", minutes % 60, "min"),
                _ => two(days, "d", hours % 24, "h"),
            }
        }
    };
    format!("{sign}{text}")
}

fn two(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    if small == 0 { format!("{large} {large_unit}") } else { format!("{large} {large_unit} {small} {small_unit}") }
}

/// A ratio as a percentage: `0.43` is `43 %`, `0.0042` is `0.42 %`.
pub fn percent(ratio: f64) -> String {
    let value = ratio * 100.0;
    format!("{} %", trimmed(value, if value.abs() < 9.95 { 2 } else { 1 }))
}

/// At most `decimals` decimals, without zeros at the end.
pub fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    let text = if text == "-0" { "0" } else { text };
    text.replace('-', "\u{2212}")
}

/// A date and time of microseconds since the epoch: `2022-11-23 07:35:42`. The caller adds the zone, if it is known.
pub fn date_time(micros: i64) -> String {
    let (date, time) = date_and_time(micros);
    format!("{date} {time}")
}

/// The same in two parts: `2022-11-23` and `07:35:42`.
pub fn date_and_time(micros: i64) -> (String, String) {
    let seconds = micros.div_euclid(1_000_000);
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(day);
    (
        format!("{year:04}-{month:02}-{day:02}"),
        format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60),
    )
}

/// Year, month, day of a number of days since the epoch (proleptic Gregorian). Source: the usual era arithmetic.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_binary_unit() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(4096), "4 KiB");
        assert_eq!(size(699_868 * 1024), "683.5 MiB");
        assert_eq!(size(512 << 20), "512 MiB");
        assert_eq!(size((1 << 30) + (75 << 20)), "1.07 GiB");
        assert_eq!(size((1 << 20) - 1), "1 MiB");
        assert_eq!(size(u64::MAX), "16 EiB");
        assert_eq!(signed_size(251_789 * 1024), "+245.9 MiB");
        assert_eq!(signed_size(-2048), "\u{2212}2 KiB");
    }

    #[test]
    fn a_duration_has_the_unit_that_fits() {
        assert_eq!(duration(135), "135 µs");
        assert_eq!(duration(135_393), "135.4 ms");
        assert_eq!(duration(18_955_000), "18.955 s");
        assert_eq!(duration(12_000_000), "12 s");
        assert_eq!(duration(185_000_000), "3 min 5 s");
        assert_eq!(duration(-7_500_000_000), "\u{2212}2 h 5 min");
        assert_eq!(duration(446_880_000_000), "5 d 4 h");
        assert_eq!(duration(i64::MIN), "\u{2212}106751991 d 4 h");
    }

    #[test]
    fn a_time_is_read_from_the_epoch() {
        assert_eq!(date_time(1_669_188_942_203_997), "2022-11-23 07:35:42");
        assert_eq!(date_time(-1), "1969-12-31 23:59:59");
        assert_eq!(date_time(i64::MAX).len(), "294247-01-10 04:00:54".len());
    }

    #[test]
    fn a_share_keeps_small_values_apart_from_none() {
        assert_eq!(percent(0.0042), "0.42 %");
        assert_eq!(percent(0.435), "43.5 %");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(trimmed(-0.001, 1), "0");
    }
}
