//! Clocks: anchors between them and alignment with stated uncertainty; reduction of series to pixels.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice))]

pub mod clocks;
pub mod reduce;
