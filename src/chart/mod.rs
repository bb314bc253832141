//! Pictures of a report: first a scene (plain numbers, labels, lines), then one drawing function for every backend.
//!
//! Here belong scenes, their layout, and drawing that is generic over plotters' `DrawingBackend`. Not here: reading,
//! judging (`analysis`), and files (`export`). Texts come from the catalogues, colours from a [`theme::ChartTheme`].

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice))]

#[cfg(feature = "web")]
pub mod canvas;
pub mod compare;
pub mod measured;
pub mod memory;
pub mod nmt_growth;
pub mod pen;
pub mod theme;
pub mod timeline;
