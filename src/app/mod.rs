//! The page: one reducer (`session`), facts that a table shows (`facts`), assumptions that a reader changes (`knobs`), and
//! around them hooks and components.
//!
//! `address`, `cells`, `changes`, `session`, `facts`, `knobs`, `lines`, `processes`, `recent`, `tab`, `terms` and `window` know nothing of a browser and are tested on the host;
//! everything else needs feature `web`. Not here: reading, judging, wording.

pub mod address;
pub mod cells;
pub mod changes;
pub mod facts;
pub mod knobs;
pub mod lines;
pub mod recent;
pub mod session;
pub mod tab;
pub mod terms;
pub mod window;

#[cfg(feature = "web")]
mod components;
#[cfg(feature = "web")]
mod controls;
#[cfg(feature = "first")]
pub mod first;
#[cfg(feature = "web")]
mod history;
#[cfg(feature = "web")]
mod hooks;
#[cfg(feature = "web")]
mod intake;
#[cfg(feature = "web")]
mod page;
#[cfg(feature = "web")]
mod sealing;
#[cfg(feature = "web")]
mod sections;
#[cfg(feature = "web")]
mod steps;
#[cfg(feature = "web")]
mod words;

#[cfg(feature = "web")]
pub use page::start;
