//! Which words are a figure, a time, or a version to their last byte. Whatever is glued to one makes it none.

/// Bytes that a process can address (47 bits): no size in a log of a JVM is larger.
const MAX_SIZE: u128 = 1 << 47;
/// Microseconds of a year: nothing that is timed in a log takes longer.
const MAX_DURATION: u128 = 365 * 24 * 3600 * 1_000_000;
/// Digits of a number in a quoted line. Cards have thirteen and more.
const MAX_DIGITS: usize = 12;

/// A decimal number: its digits without the point, and how many of them stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// All digits.
    pub digits: u128,
    /// Those behind the point.
    pub decimals: u32,
}

/// What a unit counts, in its smallest part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// So many bytes.
    Size(u128),
    /// So many microseconds, times a thousand.
    Duration(u128),
    /// Hundredths.
    Share,
}

/// A number as programs print it: no zero before other digits, at most one point, with digits on both sides of it.
pub fn number(text: &str) -> Option<Number> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = whole == "0" || !whole.starts_with('0');
    if !all_digits(whole) || !is_plain || fraction.is_some_and(|fraction| !all_digits(fraction)) {
        return None;
    }
    let fraction = fraction.unwrap_or_default();
    let digits = format!("{whole}{fraction}").parse().ok()?;
    Some(Number { digits, decimals: u32::try_from(fraction.len()).ok()? })
}

/// Without a sign.
pub fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn unit(text: &str) -> Option<Unit> {
    const K: u128 = 1 << 10;
    Some(match text {
        "B" | "bytes" | "byte" => Unit::Size(1),
        "K" | "k" | "KB" | "kB" | "KiB" | "킬로" => Unit::Size(K),
        "M" | "m" | "MB" | "MiB" | "Mi" | "메가" | "메가바이트" => Unit::Size(K * K),
        "G" | "g" | "GB" | "GiB" | "Gi" | "기가" | "기가바이트" => Unit::Size(K * K * K),
        "T" | "t" | "TB" | "TiB" => Unit::Size(K * K * K * K),
        "pages" => Unit::Size(4 * K),
        "s" | "secs" | "seconds" | "sec" => Unit::Duration(1_000_000_000),
        "ms" => Unit::Duration(1_000_000),
        "us" => Unit::Duration(1000),
        "ns" => Unit::Duration(1),
        "%" => Unit::Share,
        _ => return None,
    })
}

fn fits(number: Number, unit: Unit) -> bool {
    let scale = 10_u128.saturating_pow(number.decimals);
    let is_at_most = |factor: u128, limit: u128| number.digits.saturating_mul(factor) <= limit.saturating_mul(scale);
    match unit {
        Unit::Size(bytes) => number.decimals <= 3 && is_at_most(bytes, MAX_SIZE),
        Unit::Duration(nanos) => number.decimals <= 7 && is_at_most(nanos, MAX_DURATION.saturating_mul(1000)),
        Unit::Share => number.decimals <= 2 && is_at_most(1, 6400),
    }
}

/// `699868kB`, `3.456ms`, `97.6%`: a number and its unit, no larger than such a thing can be.
pub fn is_quantity(text: &str) -> bool {
    let text = unsigned(text);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    text.split_at_checked(end).is_some_and(|(digits, behind)| is_quantity_of(digits, behind))
}

/// The same of a number whose unit is the next word: `699868 kB`.
pub fn is_quantity_of(digits: &str, behind: &str) -> bool {
    digits.len() <= MAX_DIGITS
        && number(unsigned(digits)).zip(unit(behind)).is_some_and(|(number, unit)| fits(number, unit))
}

/// The value of an option: bytes or a count, with the unit of options; or as much as there is.
pub fn is_option_value(text: &str) -> bool {
    let digits = text.strip_suffix(['k', 'K', 'm', 'M', 'g', 'G', 't', 'T']).unwrap_or(text);
    let behind = text.get(digits.len()..).unwrap_or_default();
    let is_size = |number| fits(number, unit(behind).unwrap_or(Unit::Size(1)));
    number(unsigned(digits)).is_some_and(|number| is_size(number) || behind.is_empty() && is_unlimited(number))
}

/// What stands for no limit: the largest number of 63 or 64 bits, as it is or rounded to pages, in bytes or kilobytes.
fn is_unlimited(number: Number) -> bool {
    const NEAR: u128 = 1 << 20;
    let at = |limit: u128| number.digits < limit && number.digits >= limit - NEAR;
    number.decimals == 0 && (at(1 << 63) || at(1 << 64))
}

/// `07:35:42`, `07:35`, `1:23.45`, `2022-11-23`, `2022-11-23T07:35:42.203997Z`, `2022-11-23T07:35:42.203+0900`.
pub fn is_time(text: &str) -> bool {
    match text.split_once('T') {
        Some((date, clock)) => is_date(date) && is_zoned(clock),
        None => is_date(text) || is_zoned(text),
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text.split('-').map(of_two_digits).collect();
    let is_year = |text: &str| {
        text.len() == 4 && text.starts_with("20") && of_two_digits(text.get(2..).unwrap_or_default()).is_some()
    };
    let year = text.split('-').next().unwrap_or_default();
    is_year(year) && matches!(parts.as_slice(), [_, Some(1..=12), Some(1..=31)])
}

fn of_two_digits(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_zoned(text: &str) -> bool {
    if let Some(clock) = text.strip_suffix('Z') {
        return is_clock(clock);
    }
    let Some(at) = text.rfind(['+', '-']) else { return is_clock(text) };
    let (clock, zone) = text.split_at_checked(at).unwrap_or((text, ""));
    let zone = zone.get(1..).unwrap_or_default();
    let digits: String = zone.chars().filter(|c| *c != ':').collect();
    let shaped = matches!(zone.len(), 2 | 4) && !zone.contains(':') || zone.len() == 5 && zone.get(2..3) == Some(":");
    let hours = digits.get(..2).and_then(of_two_digits);
    let minutes = digits.get(2..).filter(|minutes| !minutes.is_empty()).map_or(Some(0), of_two_digits);
    is_clock(clock) && shaped && matches!((hours, minutes), (Some(..=14), Some(0 | 15 | 30 | 45)))
}

fn is_clock(text: &str) -> bool {
    let (clock, fraction) = text.split_once(['.', ',']).map_or((text, None), |(clock, rest)| (clock, Some(rest)));
    let is_fraction =
        |text: &str| matches!(text.len(), 2 | 3 | 6 | 9) && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = clock.split(':').collect();
    let first = |text: &str| match text.len() {
        1 => text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit())),
        _ => of_two_digits(text),
    };
    let is_clock = match parts.as_slice() {
        [hour, minute, second] => {
            matches!(
                (first(hour), of_two_digits(minute), of_two_digits(second)),
                (Some(..=23), Some(..=59), Some(..=60))
            )
        }
        [minute, second] => matches!((first(minute), of_two_digits(second)), (Some(..=59), Some(..=59))),
        _ => false,
    };
    is_clock && fraction.is_none_or(is_fraction)
}

/// `446869.056779`, as kernels print the time since boot between brackets.
pub fn is_since_boot(text: &str) -> bool {
    let (seconds, fraction) = text.split_once('.').unwrap_or_default();
    fraction.len() == 6 && seconds.len() <= 8 && number(text).is_some()
}

/// The beginning of a version that is one, in pieces between dashes: `17.0.9+9`, `LTS`; `5.15.0`, `91`, `generic`.
pub fn version(text: &str, knows: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut known = Vec::new();
    let mut segments = text.split('-');
    let Some(first) = segments.next().filter(|first| is_version_number(first)) else { return known };
    known.push(first);
    let points = first.matches('.').count();
    for (at, segment) in segments.enumerate() {
        // `91`, `1160.el7.x86_64`, `190.747.amzn2.x86_64`: what a distribution counts stands first, behind three numbers.
        let mut parts = segment.split(['.', '+']).skip_while(|part| at == 0 && points >= 2 && is_small(part, 4));
        let numbers = segment.split(['.', '+']).take_while(|part| is_small(part, 4)).count();
        let is_word = |part: &str| knows(part) || ["rc", "b", "deb", "el", "ea"].iter().any(|head| counted(part, head));
        if numbers > 2 || !parts.all(is_word) {
            break;
        }
        known.push(segment);
    }
    known
}

fn is_small(text: &str, digits: usize) -> bool {
    !text.is_empty() && text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `rc4`, `b13`, `el10`.
fn counted(text: &str, head: &str) -> bool {
    text.strip_prefix(head).is_some_and(|rest| is_small(rest, 2))
}

/// `17`, `17.0.9+9`, `1.8.0_292`, `11.0.20.1+1`, `6.18.44`.
fn is_version_number(text: &str) -> bool {
    let (numbers, build) = text.split_once('+').map_or((text, None), |(numbers, build)| (numbers, Some(build)));
    let (numbers, update) =
        numbers.split_once('_').map_or((numbers, None), |(numbers, update)| (numbers, Some(update)));
    let parts: Vec<&str> = numbers.split('.').collect();
    let is_short = |text: Option<&str>| text.is_none_or(|text| is_small(text, 3));
    // Four numbers are an address in the network, unless the second is the one that a JDK never counts, or a kernel is as old.
    let is_no_address = parts.len() < 4
        || parts.get(1) == Some(&"0") && parts.first().is_some_and(|first| *first != "10")
        || numbers.starts_with("2.6.");
    let is_feature =
        parts.first().is_some_and(|first| is_small(first, 2) && first.parse::<u32>().is_ok_and(|n| n < 60));
    let is_build = build.is_none_or(|build| build.is_empty() || is_small(build, 3));
    is_feature
        && parts.len() <= 5
        && parts.iter().all(|part| is_small(part, 3))
        && is_no_address
        && is_build
        && is_short(update)
}

/// The name that a JVM gives to a heap dump or a crash file: nothing in it but numbers of its own.
pub fn is_default_file(name: &str) -> bool {
    const SHAPES: [(&str, &str, usize); 3] =
        [("java_pid", ".hprof", 1), ("hs_err_pid", ".log", 1), ("heapdump.", ".phd", 4)];
    let is_number = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    SHAPES.iter().any(|(start, end, numbers)| {
        let inner = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        inner.is_some_and(|inner| inner.split('.').count() == *numbers && inner.split('.').all(is_number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_one_to_its_last_byte_and_no_larger_than_it_can_be() {
        for text in ["699868kB", "+15KB", "3.456ms", "97.6%", "512m", "17179869184KB", "0.0034560s", "2082907KB"] {
            assert!(is_quantity(text), "{text}");
        }
        for text in [
            "",
            "1",
            "01012345678kB",
            "4111111111111111kB",
            "4111111111111111ns",
            "12.34.56kB",
            "5kBx",
            "821012345678kB",
            "-",
            "1.kB",
            ".5kB",
            "１２kB",
            "12\u{200b}kB",
            "10123456789s",
            "123456%",
            "9001011234567B",
        ] {
            assert!(!is_quantity(text), "{text}");
        }
    }

    #[test]
    fn a_time_is_one_to_its_last_byte() {
        for text in [
            "07:35:42",
            "07:35",
            "1:23.45",
            "2022-11-23",
            "2022-11-23T07:35:42.203997Z",
            "2022-11-23T07:35:42.203+0900",
            "2022-11-23T07:35:42+09:00",
            "07:35:42,203",
            "2022-11-23T07:35:42-05",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "",
            "07:35:41-appuser-web-prod-seoul-3",
            "07:35-hunter2secret",
            "2022-11-23T07:35:41.203+0900-db01",
            "25:00:00",
            "12:34:56:78",
            "07:35:42+1234",
            "07:35:42.9001011234567",
            "00:1a:2b",
            "1990-01-01",
            "2022-13-01",
            "T",
            "Z",
            "+",
            "07:35:42Z1",
            "07:35:42+",
            "4111:11",
            "2022-11-23-07",
            "٠٧:٣٥",
        ] {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn an_option_takes_sizes_and_no_limit() {
        for text in
            ["512m", "32178700288", "0", "-1", "75.0", "9223372036854775807", "18446744073709547520", "1099511627776"]
        {
            assert!(is_option_value(text), "{text}");
        }
        for text in ["4111111111111111", "01012345678", "512mb", "m", "", "5m1234"] {
            assert!(!is_option_value(text), "{text}");
        }
    }

    #[test]
    fn a_version_is_no_address_and_no_telephone_number() {
        let whole = |text: &str| {
            version(text, |word| ["LTS", "generic", "x86_64", "el7", "amzn2", "Debian", "amd64"].contains(&word))
                .join("-")
                == text
        };
        for text in [
            "17.0.9+9-LTS",
            "5.15.0-91-generic",
            "3.10.0-1160.el7.x86_64",
            "5.10.199-190.747.amzn2.x86_64",
            "1.8.0_292-b10",
            "21.0.2",
            "11.0.20.1+1",
            "2.6.35.7",
            "6.19.0-rc4",
        ] {
            assert!(whole(text), "{text}");
        }
        for text in [
            "10.12.33.44",
            "192.168.77.1",
            "82-10-1234-5678",
            "10-1234-5678",
            "900101-1234567",
            "4111.1111",
            "10.0.0.1",
        ] {
            assert!(!whole(text), "{text}");
        }
    }

    #[test]
    fn only_the_names_that_jvms_give_to_files_are_no_secrets() {
        for name in ["java_pid1853.hprof", "hs_err_pid2042.log", "heapdump.20210630.142521.17.0002.phd"] {
            assert!(is_default_file(name), "{name}");
        }
        for name in
            ["orders.hprof", "java_pid.hprof", "java_pid1-acme.hprof", "java_pid123456789.hprof", "heapdump.1.phd"]
        {
            assert!(!is_default_file(name), "{name}");
        }
    }
}
