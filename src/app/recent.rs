//! The last reports in this browser: a title, a time, and the link that the address bar held, each with numbers only.
//!
//! What the browser kept is read like any other input: another version, or somebody at its tools, may have written it.

use crate::analysis::sizing::Settings;
use crate::json::Json;

/// Reports that are kept.
pub const MOST: usize = 5;
/// Characters of a title that are kept.
const TITLE: usize = 200;
/// Characters of a link that are kept.
const LINK: usize = 60_000;

/// One of the last reports.
#[derive(Clone, Debug, Default, PartialEq, Json)]
pub struct Recent {
    /// A line without names from the logs.
    pub title: String,
    /// What stands behind `r=`.
    pub link: String,
    /// What its reader set of the heap's size.
    #[json(default)]
    pub settings: Settings,
    /// When it was looked at last, in milliseconds since the epoch.
    pub at: f64,
}

/// The list with one more report at its head, in place of what it held of the same one.
pub fn with(list: &[Recent], mut report: Recent) -> Vec<Recent> {
    report.title = report.title.chars().take(TITLE).collect();
    let others = list.iter().filter(|known| known.link != report.link).cloned();
    within_bounds(std::iter::once(report.clone()).chain(others).collect())
}

/// The list without a report.
pub fn without(list: &[Recent], link: &str) -> Vec<Recent> {
    list.iter().filter(|known| known.link != link).cloned().collect()
}

/// What a list may hold of what it holds.
pub fn within_bounds(list: Vec<Recent>) -> Vec<Recent> {
    let fits = |report: &Recent| {
        (1..=LINK).contains(&report.link.len())
            && report.title.chars().count() <= TITLE
            && report.at.is_finite()
            && report.link.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    list.into_iter().filter(fits).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(link: &str) -> Recent {
        Recent { title: format!("title of {link}"), link: link.to_owned(), at: 1.0, ..Recent::default() }
    }

    fn links(list: &[Recent]) -> Vec<&str> {
        list.iter().map(|report| report.link.as_str()).collect()
    }

    #[test]
    fn five_are_kept_the_newest_first() {
        let list = (1..=7).fold(Vec::new(), |list, at| with(&list, report(&format!("1.{at}"))));
        assert_eq!(links(&list), ["1.7", "1.6", "1.5", "1.4", "1.3"]);
        assert_eq!(links(&without(&list, "1.5")), ["1.7", "1.6", "1.4", "1.3"]);
    }

    #[test]
    fn one_that_is_opened_again_comes_first_and_stands_there_once() {
        let list = with(&with(&with(&[], report("1.a")), report("1.b")), report("1.a"));
        assert_eq!(links(&list), ["1.a", "1.b"]);
    }

    #[test]
    fn what_somebody_else_wrote_into_the_list_is_left_out() {
        let odd = ["", "1.a&embed=1", "javascript:alert(1)", &"a".repeat(LINK + 1)].map(report);
        assert_eq!(within_bounds(odd.to_vec()), []);
        assert_eq!(within_bounds(vec![Recent { at: f64::NAN, ..report("1.a") }]), []);
        let long = with(&[], Recent { title: "길".repeat(TITLE + 1), ..report("1.a") });
        assert_eq!(long[0].title.chars().count(), TITLE);
    }
}
