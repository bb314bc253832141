//! From bytes to lines to readers: encodings, transports (dmesg, syslog, journal, container logs), and which format
//! takes which line in a text that also holds prose, prompts, and fences.

#![deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod application;
mod beside;
mod cause;
mod class;
mod clocks;
pub mod dispatch;
pub mod doubling;
mod frame;
pub mod lines;
mod load;
mod ordinary;
mod prose;
mod repeats;
mod signs;
pub mod surroundings;
pub mod system;
mod told;
pub mod transport;
