//! The words of the page: in a context, so that components that only show words do not follow every change of the session.

use yew::prelude::*;

pub use crate::i18n::Words;
use crate::i18n::{Language, format};
use crate::units::Bytes;

/// The words in the page's language.
#[hook]
pub fn use_words() -> Words {
    use_context::<Words>().unwrap_or(Words(Language::En))
}

/// `1.5 MiB`, from a plain number of bytes.
pub fn size(bytes: u64) -> String {
    format::size(Bytes(bytes))
}
