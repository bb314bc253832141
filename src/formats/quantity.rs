//! Sizes as tools for people print them: `1.5Gi`, `2537.6m`, `11,2g`, `1.482GiB`, `1536Mi`, `128974848000m`.

use crate::units::Bytes;

/// 1024 bytes.
pub(super) const KIB: u64 = 1 << 10;
/// 1024 KiB.
pub(super) const MIB: u64 = 1 << 20;
/// 1024 MiB.
pub(super) const GIB: u64 = 1 << 30;

/// A decimal number, with a point or a comma, times `unit` bytes, rounded to a whole byte. `None` if it is no number,
/// has two points, or is too large.
pub(super) fn amount(text: &str, unit: u64) -> Option<Bytes> {
    ratio(text, u128::from(unit), 1)
}

/// A number and its suffix: K, M, G, T, P, E, with or without `i`, with or without `B`, are powers of 1024; `B` is a
/// byte. A number without suffix is whole and counts `plain` bytes.
pub(super) fn binary(text: &str, plain: u64) -> Option<Bytes> {
    let (number, suffix) = split(text);
    match suffix {
        "" => whole(number).and_then(|number| number.checked_mul(plain)).map(Bytes),
        "B" | "b" => amount(number, 1),
        _ => {
            let letters = suffix.strip_suffix(['B', 'b']).unwrap_or(suffix);
            let letters = letters.strip_suffix('i').unwrap_or(letters);
            amount(number, power(letters, 1024)?)
        }
    }
}

/// A number and its suffix where `Ki`, `Mi`, … are powers of 1024 and `k`, `K`, `M`, … powers of 1000, as docker and
/// Kubernetes mean them. `m` is a thousandth, as Kubernetes prints fractions. Without suffix it is bytes.
pub(super) fn mixed(text: &str) -> Option<Bytes> {
    let (number, suffix) = split(text);
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

/// A whole number without sign or separators.
pub(super) fn whole(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Digits and points, and what follows.
fn split(text: &str) -> (&str, &str) {
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
