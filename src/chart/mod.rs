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
mod places;
mod runs;
pub mod theme;
pub mod timeline;

use crate::i18n::Language;
use crate::report::Report;

/// What is made of a report in steps, so that nobody has to wait for all of it at once.
pub trait InSteps {
    /// What comes of it.
    type Made;

    /// At the start.
    fn begin(language: Language) -> Self;

    /// Goes on while it may, always with the same report. True when it is made.
    fn go_on(&mut self, report: &Report, may_go_on: &mut dyn FnMut() -> bool) -> bool;

    /// What was made.
    fn made(self) -> Self::Made;
}

/// Makes all of it at once.
pub fn made<S: InSteps>(report: &Report, language: Language) -> S::Made {
    let mut steps = S::begin(language);
    steps.go_on(report, &mut || true);
    steps.made()
}
