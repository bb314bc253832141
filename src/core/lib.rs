//! From the bytes of logs to records, and what all else stands on: what has to be fast, as a crate of its own, so that it alone is built
//! for speed and the rest of the worker for size. `oomscope` offers its modules as its own.

pub mod civil;
pub mod detect;
pub mod formats;
pub mod i18n;
pub mod json;
pub mod look;
pub mod model;
pub mod order;
pub mod source;
pub mod timeline;
pub mod units;
pub mod visible;
pub mod warning;
