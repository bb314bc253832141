//! Reads what people have when a JVM ran out of memory and says what happened.
//!
//! ```text
//! bytes → lines → segments → readings (+ warnings) → incident (runs, timeline) → findings → Report → scene → pixels | exports
//! ```
//!
//! [`Analyzer`] goes from bytes to a [`report::Report`]; everything right of the report needs only the report. Text flows
//! one way: `json ← units, source, civil, visible, warning, i18n ← model ← formats ← detect ← timeline ← analysis ← report ← chart ← export ←
//! embed ← worker ← app`, and a test fails on an arrow to the right.

pub mod analysis;
pub mod analyzer;
pub mod app;
pub mod chart;
pub mod civil;
pub mod detect;
#[cfg(feature = "web")]
pub mod embed;
pub mod export;
pub mod formats;
pub mod i18n;
pub mod json;
pub mod model;
pub mod order;
pub mod report;
pub mod source;
pub mod timeline;
pub mod units;
pub mod visible;
pub mod warning;
pub mod worker;

pub use analyzer::{Analysis, Analyzer};
