//! Sizes as programs print them, and what their units mean: one function for every rule.
//!
//! | function | who prints so | `K`, `KB` | `KiB` | without unit |
//! | --- | --- | --- | --- | --- |
//! | [`amount`] | whoever says the unit elsewhere, in a heading or by a command | | | the unit said there |
//! | [`with_unit`] | the JVM: `24105M`, `1272 KB`, `459.3mb`, `74.23 KB` | 1024 | 1024 | no size: it was cut |
//! | [`or_bytes`] | messages of the JVM: `4194304KB`, `4194304` | 1024 | 1024 | bytes |
//! | [`option`] | options of the JVM: `2g`, `512M`, `1048576` | 1024 | none | bytes |
//! | [`binary`] | `free`, `top`, systemd and their like: `23Gi`, `11,2g`, `0B` | 1024 | 1024 | as said |
//! | [`mixed`] | docker and Kubernetes: `512.3kB`, `1536Mi`, `128974848000m` | 1000 | 1024 | bytes |
//! | [`grouped`] | Windows: `1,234,567 K` | | | a number |
//! | [`floating`] | Prometheus: `1.073741824E9` | | | bytes |

use std::ops::Range;

use crate::units::{Bytes, fixed_decimal};
pub(super) use crate::units::{GIB, KIB, MIB};

/// A decimal number, with a point or a comma, times `unit` bytes, rounded to a whole byte. `None` if it is no number,
/// has two points, or is too large.
pub(crate) fn amount(text: &str, unit: u64) -> Option<Bytes> {
    match whole(text) {
        // Nearly all are, and that is quick.
        Some(number) => number.checked_mul(unit).map(Bytes),
        None => ratio(text, u128::from(unit), 1),
    }
}

/// A number and its unit, right behind it or after a blank. `None` without unit: it was cut off.
pub(super) fn with_unit(text: &str) -> Option<Bytes> {
    let (number, word) = split(text);
    amount(number, unit(word.trim_start())?)
}

/// The same, where a number alone is bytes.
pub(super) fn or_bytes(text: &str) -> Option<Bytes> {
    whole(text).map(Bytes).or_else(|| with_unit(text))
}

/// The value of an option: a whole number of bytes, or of the unit whose letter follows. `None` for zero, which sets nothing.
pub fn option(text: &str) -> Option<Bytes> {
    let (number, letter) = split(text);
    let unit = match letter {
        "" => 1,
        "k" | "K" | "m" | "M" | "g" | "G" | "t" | "T" => power(letter, 1024)?,
        _ => return None,
    };
    whole(number)?.checked_mul(unit).filter(|bytes| *bytes > 0).map(Bytes)
}

/// Bytes of the unit that a word names, all of them powers of 1024: `B`, `bytes`, `K`, `kB`, `KB`, `KiB`, `m`, …
pub(super) fn unit(word: &str) -> Option<u64> {
    let letters = word.strip_suffix(['B', 'b']).unwrap_or(word);
    match letters.strip_suffix('i').unwrap_or(letters) {
        "" | "byte" | "bytes" => (!word.is_empty()).then_some(1),
        letter => power(letter, 1024),
    }
}

/// A number and its suffix: K, M, G, T, P, E, with or without `i`, with or without `B`, are powers of 1024; `B` is a
/// byte. A number without suffix is whole and counts `plain` bytes.
pub(super) fn binary(text: &str, plain: u64) -> Option<Bytes> {
    let (number, suffix) = split(text);
    match suffix {
        "" => whole(number).and_then(|number| number.checked_mul(plain)).map(Bytes),
        _ => amount(number, unit(suffix)?),
    }
}

/// A number and its suffix where `Ki`, `Mi`, … are powers of 1024 and `k`, `K`, `M`, … powers of 1000, as docker and
/// Kubernetes mean them. `m` is a thousandth, as Kubernetes prints fractions. Without suffix it is bytes. Old versions of
/// docker put a blank before it.
pub(super) fn mixed(text: &str) -> Option<Bytes> {
    let (number, suffix) = split(text);
    let suffix = suffix.strip_prefix(' ').unwrap_or(suffix);
    if suffix == "m" {
        return ratio(number, 1, 1000);
    }
    let letters = suffix.strip_suffix('B').unwrap_or(suffix);
    let unit = match letters.strip_suffix('i') {
        Some(letters) => power(letters, 1024)?,
        None if letters.is_empty() => 1,
        None => power(letters, 1000)?,
    };
    amount(number, unit)
}

/// A size at the front of a text, and where it stands: `14210 MiB`, `5204Ki`, `2.1 GB`, `123B`, `16384 megabytes`, all of them
/// powers of 1024.
pub(super) fn front(text: &str) -> Option<(Range<usize>, Bytes)> {
    let start = text.len() - text.trim_start().len();
    let text = text.get(start..)?;
    let end = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let value = fixed_decimal(text.get(..end)?, 3)?;
    let unit = text.get(end..)?.trim_start();
    let scale: i64 = match unit.as_bytes().first() {
        Some(b'K' | b'k') => 1 << 10,
        Some(b'M') => 1 << 20,
        Some(b'm') if unit.starts_with("megabytes") => 1 << 20,
        Some(b'G') => 1 << 30,
        Some(b'T') => 1 << 40,
        Some(b'B') | None => 1,
        Some(_) if !unit.starts_with(|c: char| c.is_ascii_alphanumeric()) => 1,
        Some(_) => return None,
    };
    let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
    let letters = if unit.starts_with("megabytes") { letters } else { letters.min(3) };
    let end = start + text.len() - unit.len() + letters;
    let bytes = value.checked_mul(scale)? / 1000;
    Some((start..end, Bytes(u64::try_from(bytes).ok()?)))
}

/// True for nothing but digits, at least one.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number without sign or separators.
pub(super) fn whole(text: &str) -> Option<u64> {
    is_digits(text).then(|| text.parse().ok()).flatten()
}

/// A whole number in the groups of any locale: `1,234,567`, `1.234.567`, with thin blanks, `12,34,567`.
pub(super) fn grouped(text: &str) -> Option<u64> {
    let mut groups = text.split([',', '.', '\u{a0}', '\u{202f}']).rev();
    let last = groups.next()?;
    let mut number = last.to_owned();
    for (at, group) in groups.enumerate() {
        if at == 0 && last.len() != 3 || !(1..=3).contains(&group.len()) {
            return None;
        }
        number.insert_str(0, group);
    }
    whole(&number)
}

/// Bytes as a floating-point number, which are whole and not negative.
pub(super) fn floating(text: &str) -> Option<Bytes> {
    let number = text.parse::<f64>().ok()?;
    ((0.0..9.0e15).contains(&number) && number.fract() == 0.0).then_some(Bytes(number as u64))
}

/// Digits and points, and what follows.
pub(super) fn split(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')).count();
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn power(letter: &str, base: u64) -> Option<u64> {
    let exponent = match letter {
        "K" | "k" => 1,
        "M" | "m" => 2,
        "G" | "g" => 3,
        "T" | "t" => 4,
        "P" | "p" => 5,
        "E" | "e" => 6,
        _ => return None,
    };
    base.checked_pow(exponent)
}

fn ratio(text: &str, unit: u128, divisor: u128) -> Option<Bytes> {
    let mut digits: u128 = 0;
    let mut divisor = divisor;
    let mut point = false;
    let mut any = false;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                digits = digits.checked_mul(10)?.checked_add(u128::from(byte - b'0'))?;
                if point {
                    divisor = divisor.checked_mul(10)?;
                }
            }
            b'.' | b',' if !point => point = true,
            _ => return None,
        }
    }
    if !any {
        return None;
    }
    let bytes = digits.checked_mul(unit)?.checked_add(divisor / 2)? / divisor;
    u64::try_from(bytes).ok().map(Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_of_free_and_top_are_powers_of_1024() {
        assert_eq!(binary("23Gi", 1), Some(Bytes(23 * GIB)));
        assert_eq!(binary("1.5G", 1), Some(Bytes(3 * GIB / 2)));
        assert_eq!(binary("2537.6m", KIB), Some(Bytes(2_660_866_458)));
        assert_eq!(binary("11,2g", KIB), Some(Bytes(12_025_908_429)));
        assert_eq!(binary("0B", KIB), Some(Bytes(0)));
        assert_eq!(binary("151944", KIB), Some(Bytes(151_944 * KIB)));
    }

    #[test]
    fn sizes_of_the_jvm_need_their_unit() {
        assert_eq!(with_unit("24105M"), Some(Bytes(24_105 << 20)));
        assert_eq!(with_unit("3072.0K"), Some(Bytes(3072 << 10)));
        assert_eq!(with_unit("0,5G"), Some(Bytes(512 << 20)));
        assert_eq!(with_unit("459.3mb"), Some(Bytes(481_610_957)));
        assert_eq!(with_unit("24682416 kB"), Some(Bytes(24_682_416 << 10)));
        assert_eq!(with_unit("96 bytes"), Some(Bytes(96)));
        assert_eq!(with_unit("0B"), Some(Bytes(0)));
        for none in ["241", "M", "", "K 1", "1.2.3M", "99999999999999999999T"] {
            assert_eq!(with_unit(none), None, "{none}");
        }
    }

    #[test]
    fn messages_of_the_jvm_print_bytes_without_unit() {
        assert_eq!(or_bytes("4194304"), Some(Bytes(4_194_304)));
        assert_eq!(or_bytes("4194304 KB"), Some(Bytes(4_194_304 << 10)));
        assert_eq!(or_bytes("4194304 pages"), None);
    }

    #[test]
    fn options_are_whole_and_more_than_nothing() {
        assert_eq!(
            (option("2g"), option("512M"), option("1048576")),
            (Some(Bytes(2 << 30)), Some(Bytes(512 << 20)), Some(Bytes(1 << 20)))
        );
        for none in ["0", "1.5g", "2gb", "", "g", "99999999999999999999g"] {
            assert_eq!(option(none), None, "{none}");
        }
    }

    #[test]
    fn groups_have_three_digits_or_as_many_as_a_locale_has() {
        assert_eq!(
            (grouped("1,234,567"), grouped("16.271"), grouped("1\u{202f}234")),
            (Some(1_234_567), Some(16_271), Some(1234))
        );
        assert_eq!((grouped("1,31,072"), grouped("131072")), (Some(131_072), Some(131_072)));
        assert_eq!((grouped("1.5"), grouped("1234,567"), grouped(",123"), grouped("")), (None, None, None, None));
    }

    #[test]
    fn floating_numbers_are_bytes_if_they_are_whole() {
        assert_eq!(
            (floating("1.073741824E9"), floating("1.5"), floating("-1.0"), floating("NaN")),
            (Some(Bytes(GIB)), None, None, None)
        );
    }

    #[test]
    fn a_number_with_separators_but_no_suffix_is_refused() {
        assert_eq!(binary("1,234,567", KIB), None);
        assert_eq!(binary("1.5", KIB), None);
        assert_eq!(binary("13170392+", KIB), None);
        assert_eq!(binary("", KIB), None);
        assert_eq!(binary("99999999999999999999E", KIB), None);
    }

    #[test]
    fn kubernetes_tells_binary_from_decimal() {
        assert_eq!(mixed("1536Mi"), Some(Bytes(1536 * MIB)));
        assert_eq!(mixed("1536M"), Some(Bytes(1_536_000_000)));
        assert_eq!(mixed("1.482GiB"), Some(Bytes(1_591_285_383)));
        assert_eq!(mixed("128974848000m"), Some(Bytes(128_974_848)));
        assert_eq!(mixed("128974848"), Some(Bytes(128_974_848)));
        assert_eq!(mixed("512.3kB"), Some(Bytes(512_300)));
        assert_eq!(mixed("lots"), None);
    }
}
