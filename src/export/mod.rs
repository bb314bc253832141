//! The report in other forms: for a terminal, for Markdown, for files. Each is a plain function of the report.

#![deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

pub mod csv;
pub mod document;
pub mod html;
pub mod json;
pub mod markdown;
pub(crate) mod markup;
pub mod png;
pub mod snippet;
pub mod svg;
#[cfg(not(target_arch = "wasm32"))]
mod table;
#[cfg(not(target_arch = "wasm32"))]
pub mod text;
