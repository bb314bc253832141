//! What a text leaves in doubt that ends in the middle of a line: a number at its very end may lack digits, a word letters.
//!
//! A paste usually has no line end behind its last line, so the missing line end alone says nothing. A number is left out, with a
//! warning, unless it shows that it is whole: by its unit, its decimals, or because nothing can follow it.

use crate::units::MIB;

/// The text without a last word that nothing stands behind.
pub(super) fn without_last_word(text: &str) -> &str {
    text.rfind(char::is_whitespace).and_then(|at| text.get(..at)).unwrap_or_default()
}

/// True if a number could have more digits: `0` could not, nor one that would then be above the largest.
pub(super) fn may_go_on(digits: &str, largest: u64) -> bool {
    digits.parse::<u64>().is_ok_and(|number| number > 0 && number.checked_mul(10).is_some_and(|next| next <= largest))
}

/// True if a value that ends a text shows that nothing is missing: it does not end in a digit, or it is 0, or many bytes that are
/// whole MiB, which the beginning of a number of bytes hardly ever is (512 MiB are the beginning of 5 GiB).
pub(super) fn is_whole(value: &str) -> bool {
    let before = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = value.strip_prefix(before).unwrap_or_default();
    let part = before.ends_with(['.', ',']);
    let is_size = |number: u64| number >= MIB * 128 && number.is_multiple_of(MIB);
    number.is_empty() || !part && (number == "0" || number.parse().is_ok_and(is_size))
}

/// The same of an option of a JVM, whose names say nothing about their end: only a size with its unit, or in bytes, is whole.
pub(super) fn is_whole_option(option: &str) -> bool {
    let size = option.strip_suffix(['k', 'K', 'm', 'M', 'g', 'G']).unwrap_or(option);
    let before = size.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_size =
        before.len() < size.len() && (before.ends_with('=') || matches!(before, "-Xmx" | "-Xms" | "-Xmn" | "-Xss"));
    is_size && (size.len() < option.len() || is_whole(option))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_zeros_and_units_are_whole() {
        for whole in ["0", "none", "1048576K", "536870912", "swap 0"] {
            assert!(is_whole(whole), "{whole}");
        }
        for doubtful in ["53687091", "4096", "6291456", "530575360", "0.0", "1.5", "22571", "10"] {
            assert!(!is_whole(doubtful), "{doubtful}");
        }
        assert!(is_whole_option("-Xmx2g") && is_whole_option("-XX:MaxHeapSize=402653184"));
        assert!(!is_whole_option("-Xmx2") && !is_whole_option("-XX:+UseG1G") && !is_whole_option("-XX:MaxHeapSi"));
    }

    #[test]
    fn a_number_shows_that_it_is_whole() {
        assert!(may_go_on("98", 1000) && may_go_on("100", 1000) && may_go_on("4213", u64::MAX));
        assert!(!may_go_on("0", u64::MAX) && !may_go_on("984", 1000) && !may_go_on("1000", 1000));
    }

    #[test]
    fn the_last_word_is_what_no_blank_ends() {
        assert_eq!(without_last_word("-Xms64m -Xmx4"), "-Xms64m");
        assert_eq!(without_last_word("-Xms64m -Xmx4g "), "-Xms64m -Xmx4g");
        assert_eq!(without_last_word("-Xmx4"), "");
    }
}
