//! How big should the heap be? A floor, a ceiling, and every term of both with its origin.
//!
//! ```text
//! ceiling = wall - safety - what else lives below the wall - (outside of the heap: measured + allowance for growth)
//! floor   = max( k * L, (L + C * P) / fill, a heap that is known not to have been enough )
//! ```
//!
//! `L` is the live set, `C` the requests to plan for, `P` the heap that one of them holds: as the reader sets it, else what
//! each of the requests held at least when the heap ran out. [`gather`] takes from an incident
//! what was measured; [`compute`] is a pure function of that and of what a reader may set, so that a page can do it again
//! with every move of a slider. Between floor and ceiling any value works; with the floor above the ceiling none does, and
//! that is said. Nothing here is surer than its weakest term.

mod advice;
mod facts;
mod knobs;
mod model;
mod settings;
mod stated;
#[cfg(test)]
mod tests;

pub use advice::{Outcome, Replay};
pub(crate) use advice::{default_heap, default_heap_of_openj9, heap_of_shares};
pub(crate) use facts::grows;
pub use facts::{Area, Count, Fact, Facts, LiveSet, Origin, Target, Wall, WallKind, gather};
pub use knobs::{Collector, Growth, Knobs};
pub(crate) use model::outside_of;
pub use model::{Flag, Role, Scenario, Sizing, Term, Verdict, compute};
pub use settings::{Field, Settings};
