//! From readings to what they mean: which belong to one run, and what that says.
//!
//! Here belong joining, accounting, and rules. Not here: wording (`i18n`) and drawing (`chart`).

#![deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

pub mod accounting;
pub mod addressee;
pub mod badness;
pub mod control_group;
pub mod decisive;
pub mod finding;
pub mod gaps;
pub mod incident;
pub mod jvm_threads;
mod parts;
mod place;
pub mod rule_id;
pub mod rules;
pub mod runs;
pub mod sizing;
pub mod statement;
pub mod verdict;
