//! A report as the text of a link: everything that it takes to show it again, behind the `#` of an address.
//!
//! ```text
//! 1.eJx…   version, a point, base64url of a packed tree of values
//! 2.AQA…   the same under a passphrase ([`sealed`])
//! ```
//!
//! A link carries the readings. What follows from them (runs, story, findings, sizing) is made again by the version that
//! opens it, and travels only where it cannot be made again: of a report whose long series were reduced to fit.
//! `docs/report-format.md` documents the form; links of `tests/links` open for ever.

mod columns;
mod pack;
mod reduce;
pub mod sealed;
mod shrink;

use serde_json::Value;

pub use super::opened::LinkError;
use super::opened::{Opened, texts_of};
use super::{Report, bounds};
use crate::json;
use pack::Unpackable;
pub use reduce::Reduced;

/// Links start with it.
const VERSION: &str = "1.";
/// Characters of a link that browsers keep.
pub const MAX_CHARS: usize = 60_000;

/// Characters that are unpacked at all: whole texts may take many.
const MAX_PACKED: usize = 24 << 20;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What stands after `r=`.
    pub text: String,
    /// What was left out to fit; `None` if nothing was.
    pub reduced: Option<Reduced>,
}

/// Writes a report in at most `limit` characters, if that can be: long series are reduced, keeping minima and maxima, no
/// further than it takes. Of very much the shortest form is longer, and the caller has to look.
pub fn write(report: &Report, limit: usize) -> Link {
    let link = |step: usize| {
        let (smaller, reduced) = reduce::reduced(report, step)?;
        Some(Link { text: write_whole(smaller), reduced })
    };
    let mut last = Link { text: String::new(), reduced: None };
    // Every step is shorter than the one before, so that not each needs to be tried: in wider and wider strides until one is
    // short enough, then by halves.
    let (mut fitting, mut from, mut to, mut stride) = (None, reduce::first_step(report, limit), reduce::STEPS, 0);
    while from < to {
        let step = if fitting.is_none() { (from + stride).min(to - 1) } else { from.midpoint(to) };
        stride = 2 * stride + 1;
        match link(step) {
            Some(link) if link.text.len() <= limit => {
                fitting = Some(link);
                to = step;
            }
            longer => {
                last = longer.unwrap_or(last);
                from = step + 1;
            }
        }
    }
    fitting.unwrap_or(last)
}

/// A copy of the report whose long series are as short as a link could take them at most; of those themselves no copy is
/// made, which is why this takes the report for itself meanwhile.
pub fn without_long_series(report: &mut Report) -> Report {
    reduce::without_long_series(report)
}

/// Writes the pasted texts themselves, with their names.
pub fn write_texts(texts: &[(String, String)]) -> String {
    packed(&serde_json::json!({ "texts": texts }))
}

/// Opens a link.
pub fn read(text: &str) -> Result<Opened, LinkError> {
    if sealed::is_sealed(text) {
        return sealed::Sealed::read(text).map(|_| Opened::Sealed(text.to_owned()));
    }
    if text.len() > MAX_PACKED {
        return Err(LinkError::TooLarge);
    }
    let (version, rest) = text.split_once('.').ok_or(LinkError::Damaged)?;
    if format!("{version}.") != VERSION {
        let is_number = !version.is_empty() && version.len() < 6 && version.bytes().all(|byte| byte.is_ascii_digit());
        return Err(if is_number { LinkError::TooNew } else { LinkError::Damaged });
    }
    let bytes = pack::unpack(rest).map_err(|problem| match problem {
        Unpackable::Damaged => LinkError::Damaged,
        Unpackable::TooLarge => LinkError::TooLarge,
    })?;
    let mut value = columns::read(&bytes).ok_or(LinkError::Damaged)?;
    drop(bytes);
    if let Some(texts) = value.get_mut("texts") {
        return texts_of(&json::bytes(texts));
    }
    bounds::measure(&json::bytes(&value))?;
    Ok(Opened::Report(Box::new(shrink::grown(value).ok_or(LinkError::Damaged)?)))
}

fn write_whole(report: Report) -> String {
    packed(&shrink::shrunk(report))
}

fn packed(value: &Value) -> String {
    format!("{VERSION}{}", pack::pack(&columns::write(value)))
}

/// The bytes of a report before they are packed: what the dictionary is made of.
#[doc(hidden)]
pub fn bytes_of(report: &Report) -> Vec<u8> {
    columns::write(&shrink::shrunk(report.clone()))
}

/// The tree of values that a link carries, for those who try what becomes of another one.
#[doc(hidden)]
pub fn tree_of(report: &Report) -> Value {
    shrink::shrunk(report.clone())
}

/// A link that carries any tree of values.
#[doc(hidden)]
pub fn of_tree(tree: &Value) -> String {
    packed(tree)
}

/// Characters that each part of a report takes, for those who make links shorter.
#[doc(hidden)]
pub fn parts_of(report: &Report) -> Vec<(String, usize)> {
    let parts = shrink::shrunk(report.clone());
    parts.as_object().into_iter().flatten().map(|(name, part)| (name.clone(), packed(part).len())).collect()
}
