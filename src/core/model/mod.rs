//! What happened: the records that readers make from text, as they also stand in the report (format 1).
//!
//! Here belong plain values with their units and places. Not here: how they are read (`formats`), joined (`timeline`,
//! `analysis`) or worded (`i18n`). Absent values are `None`, never zero.

pub mod application;
pub mod clock;
pub mod gc;
pub mod host;
pub mod java;
pub mod joining;
pub mod jstat;
pub mod kind;
pub mod names;
pub mod nmt;
pub mod numbers;
pub mod oom;
pub mod prose;
pub mod readings;
pub mod record;
pub mod relation;
pub mod run;
pub mod tight;
