//! Which readings belong to one process, and why.

use crate::model::readings::Readings;
use crate::model::run::Run;

/// Assembles runs and writes their ids into the readings. What cannot be told to be one process stays apart.
pub fn assemble(_readings: &mut Readings) -> Vec<Run> {
    Vec::new()
}
