//! Sizes, times, and counts as people read them. What CLDR writes differently in English and Korean takes the language;
//! binary sizes (`683.5 MiB`) and dates (`2022-11-23 07:35:42 UTC`, ISO 8601) are those of the logs in both.

use super::{Language, number};
use crate::civil::Zone;
use crate::i18n;
use crate::units::{Bytes, Micros, SignedBytes, to_civil};

/// `683.5 MiB`: the largest unit that keeps the number at 1 or above, one decimal above bytes.
pub fn size(bytes: Bytes) -> String {
    size_to(bytes, 1)
}

/// The same with so many decimals.
pub fn size_to(bytes: Bytes, decimals: usize) -> String {
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
    format!("{value:.decimals$} {unit}")
}

/// True if the one decimal of [`size`] tells all: of `2.1 GB` that a program prints, no more is known.
pub fn is_told_by_tenths(bytes: Bytes) -> bool {
    let unit = (1..=6).map(|power| 1024_f64.powi(power)).take_while(|unit| bytes.as_f64() / unit >= 0.99995).last();
    unit.is_none_or(|unit| {
        let tenths = (bytes.as_f64() / unit * 10.0).round();
        (tenths / 10.0 * unit - bytes.as_f64()).abs() < 1.0
    })
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

/// `135 ms`, `18.955 s`, `4 min 10 s`, `31 h 8 min`, `5 d 4 h`; in Korean `135ms`, `18.955초`, `4분 10초`, `31시간 8분`, `5일 4시간`: CLDR's
/// narrow units, which leave out a second unit that is zero.
pub fn duration(language: Language, micros: Micros) -> String {
    let total = micros.0.unsigned_abs();
    let sign = if micros.0 < 0 { "−" } else { "" };
    let seconds = total / 1_000_000;
    let one = |key: &str, value: String| i18n::fill(language, key, &[("n", &value)]);
    let two = |(first, amount), (second, rest)| {
        let first = one(first, number(amount));
        if rest == 0 { first } else { i18n::list(language, "list.units", [first, one(second, number(rest))]) }
    };
    let text = match total {
        0 => one("unit.seconds", number(0)),
        1..1000 => one("unit.microseconds", number(total)),
        1000..10_000 => one("unit.milliseconds", trimmed(total as f64 / 1e3, 1)),
        10_000..999_500 => one("unit.milliseconds", decimal(total as f64 / 1e3, 0)),
        _ if seconds < 120 => one("unit.seconds", trimmed(total as f64 / 1e6, 3)),
        _ if seconds < 7200 => two(("unit.minutes", seconds / 60), ("unit.seconds", seconds % 60)),
        _ if seconds < 48 * 3600 => two(("unit.hours", seconds / 3600), ("unit.minutes", seconds / 60 % 60)),
        _ => two(("unit.days", seconds / 86_400), ("unit.hours", seconds / 3600 % 24)),
    };
    format!("{sign}{text}")
}

/// `61 min 31.5 s`: a time since a start with all that is not zero, for axes and fields, where two that differ must not look
/// alike.
pub fn elapsed(language: Language, micros: Micros) -> String {
    let total = micros.0.unsigned_abs();
    if total < 120_000_000 {
        return match total {
            0..1_000_000 => duration_in_digits(language, micros),
            _ => one_unit(language, "unit.seconds", signed(micros, trimmed(total as f64 / 1e6, 6))),
        };
    }
    let seconds = total / 1_000_000;
    // Hours from two on, days from two on, as in durations.
    let (days, hours) = match seconds {
        0..7200 => (0, 0),
        7200..172_800 => (0, seconds / 3600),
        _ => (seconds / 86_400, seconds / 3600 % 24),
    };
    let minutes = (seconds - days * 86_400 - hours * 3600) / 60;
    let rest = (total % 60_000_000) as f64 / 1e6;
    let mut parts: Vec<String> = [("unit.days", days), ("unit.hours", hours), ("unit.minutes", minutes)]
        .into_iter()
        .filter(|(_, amount)| *amount > 0)
        .map(|(key, amount)| one_unit(language, key, number(amount)))
        .collect();
    if rest > 0.0 {
        parts.push(one_unit(language, "unit.seconds", trimmed(rest, 6)));
    }
    signed(micros, i18n::list(language, "list.units", parts))
}

/// `0 s`, `250 µs`, `12.5 ms`.
fn duration_in_digits(language: Language, micros: Micros) -> String {
    let total = micros.0.unsigned_abs();
    match total {
        0 => one_unit(language, "unit.seconds", number(0)),
        1..1000 => one_unit(language, "unit.microseconds", signed(micros, number(total))),
        _ => one_unit(language, "unit.milliseconds", signed(micros, trimmed(total as f64 / 1e3, 3))),
    }
}

fn one_unit(language: Language, key: &str, amount: String) -> String {
    i18n::fill(language, key, &[("n", &amount)])
}

fn signed(micros: Micros, text: String) -> String {
    if micros.0 < 0 { format!("−{text}") } else { text }
}

/// `2022-11-23 07:35:42.5`: [`local_time`] with as many digits of the second as are not zero.
pub fn local_moment(micros: Micros) -> String {
    let digits = format!("{:06}", micros.0.rem_euclid(1_000_000));
    let digits = digits.trim_end_matches('0');
    let time = local_time(micros);
    if digits.is_empty() { time } else { format!("{time}.{digits}") }
}

/// `2.5`, `89,281.0`: grouped, with so many decimals. Decimal point and group separator are the same in both languages.
pub fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    match (whole.parse().map(number), fraction) {
        (Ok(whole), "") => whole,
        (Ok(whole), fraction) => format!("{whole}.{fraction}"),
        // Negative, too large, or no number at all.
        (Err(_), _) => text,
    }
}

fn trimmed(value: f64, decimals: usize) -> String {
    decimal(value, decimals).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `2022-11-23 07:35:42 UTC`, `2022-11-23 16:35:42 +09:00`.
pub fn time(micros: Micros, zone: Zone) -> String {
    format!("{} {}", local_time(zone.local(micros)), zone.name())
}

/// `2022-11-23 07:35:42`, for wall-clock times whose zone is not known. Times whose year is not known either stand in the
/// first years of the epoch, before any log of this kind was written: `11-23 07:35:42`.
pub fn local_time(micros: Micros) -> String {
    let ((year, month, day), (hour, minute, second)) = to_civil(micros);
    let rest = format!("{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    if year <= 1972 { rest } else { format!("{year:04}-{rest}") }
}

/// `12.3%`, with more decimals below one percent.
pub fn percent(language: Language, ratio: f64) -> String {
    let value = ratio * 100.0;
    let decimals = if value != 0.0 && value.abs() < 0.995 { 2 } else { 1 };
    i18n::fill(language, "unit.percent", &[("n", &decimal(value, decimals))])
}

/// `+2.5%`, `−43%`: how far the second is from the first. Empty where that is next to nothing or the first is nothing.
pub fn change(language: Language, first: f64, second: f64) -> String {
    let percent = (second / first - 1.0) * 100.0;
    if first <= 0.0 || !first.is_finite() || !second.is_finite() || percent.abs() < 0.05 {
        return String::new();
    }
    let rounded = decimal(percent.abs(), if percent.abs() < 10.0 { 1 } else { 0 });
    let sign = if percent < 0.0 { "−" } else { "+" };
    format!("{sign}{}", i18n::fill(language, "unit.percent", &[("n", &rounded)]))
}

/// `64.0 MiB/s`.
pub fn size_per_second(language: Language, bytes: Bytes) -> String {
    i18n::fill(language, "unit.per-second", &[("size", &size(bytes))])
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
    fn durations_are_written_in_fitting_units_of_the_language() {
        let micros =
            [0, 999, 1500, 135_393, 18_955_000, 250_000_000, 446_881_000_000, 270_000_000_000_000, 300_000_000];
        let texts = |language| micros.map(|micros| duration(language, Micros(micros)));
        assert_eq!(
            texts(Language::En),
            ["0 s", "999 µs", "1.5 ms", "135 ms", "18.955 s", "4 min 10 s", "5 d 4 h", "3,125 d", "5 min"]
        );
        assert_eq!(
            texts(Language::Ko),
            ["0초", "999µs", "1.5ms", "135ms", "18.955초", "4분 10초", "5일 4시간", "3,125일", "5분"]
        );
        assert_eq!(duration(Language::Ko, Micros(-783_000_000)), "−13분 3초");
    }

    #[test]
    fn two_times_since_a_start_that_differ_do_not_look_alike() {
        let told = |language| {
            let micros = [0, 250, 12_500, 1_500_000, 3_691_500_000, 7_260_000_000, -90_000_000, 446_881_000_001];
            micros.map(|micros| elapsed(language, Micros(micros)))
        };
        assert_eq!(
            told(Language::En),
            ["0 s", "250 µs", "12.5 ms", "1.5 s", "61 min 31.5 s", "2 h 1 min", "−90 s", "5 d 4 h 8 min 1.000001 s"]
        );
        assert_eq!(
            told(Language::Ko),
            ["0초", "250µs", "12.5ms", "1.5초", "61분 31.5초", "2시간 1분", "−90초", "5일 4시간 8분 1.000001초"]
        );
        assert_eq!(local_moment(Micros(1_669_188_942_203_997)), "2022-11-23 07:35:42.203997");
        assert_eq!(local_moment(Micros(1_669_188_942_500_000)), "2022-11-23 07:35:42.5");
    }

    #[test]
    fn shares_and_rates_are_written_by_the_rules_of_the_language() {
        let shares = |language| [0.0, 0.001_2, 0.432, 0.999_9, 12.5].map(|ratio| percent(language, ratio));
        assert_eq!(shares(Language::En), ["0.0%", "0.12%", "43.2%", "100.0%", "1,250.0%"]);
        assert_eq!(shares(Language::Ko), shares(Language::En));
        let changes = [(100.0, 57.0), (100.0, 102.5), (1.0, 20.0), (100.0, 100.01), (0.0, 1.0)];
        let changes = changes.map(|(first, second)| change(Language::Ko, first, second));
        assert_eq!(changes, ["−43%", "+2.5%", "+1,900%", "", ""]);
        assert_eq!(size_per_second(Language::Ko, Bytes(64 << 20)), "64.0 MiB/s");
    }

    #[test]
    fn times_name_their_zone() {
        let at = |minutes| time(Micros(1_669_188_942_203_997), Zone(minutes));
        assert_eq!(at(0), "2022-11-23 07:35:42 UTC");
        assert_eq!((at(540).as_str(), at(-210).as_str()), ("2022-11-23 16:35:42 +09:00", "2022-11-23 04:05:42 −03:30"));
    }

    #[test]
    fn a_time_without_a_year_shows_none() {
        assert_eq!(local_time(Micros(18_676_443_000_000)), "08-05 03:54:03");
    }
}
