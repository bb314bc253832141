//! Words in dates: months as `dmesg -T`, syslog, and `journalctl` print them, which follow the locale.

use crate::civil::english_month;

/// The number of a month by its printed name, in any letter case, with or without a full stop. English, and the usual
/// abbreviations of German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Swedish, and Danish. Chinese, Japanese,
/// and Korean print a number and a sign (`8月`, `8월`).
pub(super) fn month(word: &str) -> Option<u8> {
    let word = word.trim_end_matches(['.', ',']);
    if let Some(digits) = word.strip_suffix('月').or_else(|| word.strip_suffix('월')) {
        return digits.trim().parse().ok().filter(|month| (1..=12).contains(month));
    }
    if word.is_ascii() {
        return english_month(word).or_else(|| other(&word.to_ascii_lowercase()));
    }
    if word.len() > 24 { None } else { other(&word.to_lowercase()) }
}

fn other(word: &str) -> Option<u8> {
    // No word stands for two months in these languages: `mar` is March in all of them, `mai` May, `lis` November (Polish).
    Some(match word {
        "january" | "januar" | "janvier" | "janv" | "ene" | "gen" | "sty" | "янв" | "января" => 1,
        "february" | "februar" | "février" | "févr" | "fév" | "fev" | "febr" | "lut" | "фев" | "февраля" => {
            2
        }
        "march" | "märz" | "mär" | "mrz" | "mars" | "mrt" | "marz" | "мар" | "марта" => 3,
        "april" | "avril" | "avr" | "abr" | "kwi" | "апр" | "апреля" => 4,
        "mai" | "maj" | "mei" | "mag" | "мая" | "май" => 5,
        "june" | "juni" | "juin" | "giu" | "cze" | "июн" | "июня" => 6,
        "july" | "juli" | "juillet" | "juil" | "lug" | "lip" | "июл" | "июля" => 7,
        "august" | "août" | "aoû" | "ago" | "aug" | "sie" | "авг" | "августа" => 8,
        "september" | "sept" | "septembre" | "set" | "wrz" | "сен" | "сентября" => 9,
        "october" | "oktober" | "okt" | "octobre" | "out" | "ott" | "paź" | "окт" | "октября" => 10,
        "november" | "novembre" | "lis" | "ноя" | "ноября" => 11,
        "december" | "dezember" | "dez" | "décembre" | "déc" | "dic" | "gru" | "дек" | "декабря" => 12,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_several_languages_are_known() {
        for (word, number) in [("Aug", 8), ("août", 8), ("Dez", 12), ("апр", 4), ("4월", 4), ("12月", 12), ("mars", 3)]
        {
            assert_eq!(month(word), Some(number), "{word}");
        }
        assert_eq!(month("kernel"), None);
        assert_eq!(month("13月"), None);
    }
}
