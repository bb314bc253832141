//! Effects that components need, one hook a file.

pub mod address;
pub mod dark;
pub mod drop;
pub mod focus;
pub mod job;
pub mod making;
pub mod moment;
pub mod open;
pub mod painted;
pub mod paste;
pub mod preferences;
pub mod printing;
pub mod recent;
pub mod requests;
pub mod second;
pub mod source_lines;
pub mod steps;
pub mod view;
pub mod width;
pub mod window;
