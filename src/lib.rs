//! Reads what people have when a JVM ran out of memory and says what happened.
//!
//! ```text
//! bytes → lines → segments → readings (+ warnings) → incident (runs, timeline) → findings → Report → scene → pixels | exports
//! ```
//!
//! [`Analyzer`] goes from bytes to a [`report::Report`]; everything right of the report needs only the report. Text flows
//! one way: `json ← units, source, civil, visible, warning, i18n ← model ← formats ← detect ← timeline ← analysis ← report ← chart ← document ← export ←
//! embed ← worker ← app`, and a test fails on an arrow to the right.

pub mod analysis;
pub mod analyzer;
pub mod app;
pub mod chart;
pub mod document;
#[cfg(feature = "web")]
pub mod embed;
pub mod export;
pub mod report;
#[cfg(not(target_arch = "wasm32"))]
pub mod stream;
pub mod worker;

pub use analyzer::{Analysis, Analyzer};
#[doc(inline)]
pub use oomscope_core::{
    civil, detect, formats, i18n, json, look, model, order, source, timeline, units, visible, warning,
};
