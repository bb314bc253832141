//! The words of the page: the catalogues with the page's language already chosen.

use yew::prelude::*;

use crate::i18n::{self, Language, format};
use crate::units::Bytes;

/// The page's language, as a context: components that only show words do not follow every change of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// The message.
    pub fn text(self, key: &str) -> String {
        i18n::text(self.0, key)
    }

    /// The message with arguments.
    pub fn fill(self, key: &str, arguments: &[(&str, &str)]) -> String {
        i18n::fill(self.0, key, arguments)
    }

    /// `line 34`, `lines 34–38`.
    pub fn lines(self, first: u32, last: u32) -> String {
        let [from, to] = [first, last].map(|line| i18n::number(line.into()));
        match first == last {
            true => self.fill("page.line", &[("n", &from)]),
            false => self.fill("page.lines", &[("first", &from), ("last", &to)]),
        }
    }

    /// The message with one number, grouped. Its plural follows the number.
    pub fn count(self, key: &str, count: u64) -> String {
        i18n::fill(self.0, key, &[("n", &i18n::number(count))])
    }
}

/// The words in the page's language.
#[hook]
pub fn use_words() -> Words {
    use_context::<Words>().unwrap_or(Words(Language::En))
}

/// `1.5 MiB`, from a plain number of bytes.
pub fn size(bytes: u64) -> String {
    format::size(Bytes(bytes))
}
