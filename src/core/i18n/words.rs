//! The catalogues with a language already chosen.

use super::{Language, fill, number, text};

/// Words in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// The message.
    pub fn text(self, key: &str) -> String {
        text(self.0, key)
    }

    /// The message with arguments.
    pub fn fill(self, key: &str, arguments: &[(&str, &str)]) -> String {
        fill(self.0, key, arguments)
    }

    /// `line 34`, `lines 34–38`.
    pub fn lines(self, first: u32, last: u32) -> String {
        let [from, to] = [first, last].map(|line| number(line.into()));
        match first == last {
            true => self.fill("page.line", &[("n", &from)]),
            false => self.fill("page.lines", &[("first", &from), ("last", &to)]),
        }
    }

    /// The message with one number, grouped. Its plural follows the number.
    pub fn count(self, key: &str, count: u64) -> String {
        self.fill(key, &[("n", &number(count))])
    }
}
