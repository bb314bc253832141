//! Sizes and times. Everything inside oomscope is bytes and microseconds; readers convert at the edge and nowhere else.

use serde::{Deserialize, Serialize};

/// A memory size in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignedBytes(pub i64);

/// Microseconds: a duration, a time since boot or since JVM start, or an absolute time since the Unix epoch in UTC.
/// The field's doc comment says which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// Whole seconds. `None` if they do not fit.
    pub fn from_seconds(seconds: i64) -> Option<Micros> {
        seconds.checked_mul(1_000_000).map(Micros)
    }

    /// For drawing and ratios only.
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / 1e6
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
    fn kib_that_do_not_fit_are_refused() {
        assert_eq!(Bytes::from_kib(699_868), Some(Bytes(716_664_832)));
        assert_eq!(Bytes::from_kib(u64::MAX), None);
    }
}
