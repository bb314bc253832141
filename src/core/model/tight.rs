//! Lists take room ahead as they grow, four entries at least. Where tens of thousands of records have lists of one entry each, that
//! is most of their memory; what is whole gives it back.

use super::jstat::{Cells, JstatTable};
use super::nmt::NmtSnapshot;
use super::oom::OomKill;

/// What can give back the room that its lists took ahead.
pub trait Tight {
    /// Gives it back.
    fn tighten(&mut self);
}

impl Tight for JstatTable {
    fn tighten(&mut self) {
        self.columns.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.wall.shrink_to_fit();
        self.at.tighten();
        self.data.0.shrink_to_fit();
        for column in &mut self.data.0 {
            match &mut column.cells {
                Cells::Fixed { values, .. } => values.tighten(),
                Cells::Text { texts, values } => {
                    texts.shrink_to_fit();
                    values.shrink_to_fit();
                }
            }
        }
    }
}

impl Tight for NmtSnapshot {
    fn tighten(&mut self) {
        self.at.tighten();
        self.total.at.tighten();
        self.categories.shrink_to_fit();
        for category in &mut self.categories {
            category.at.tighten();
            category.spaces.shrink_to_fit();
        }
        self.regions.shrink_to_fit();
        self.sites.shrink_to_fit();
    }
}

impl Tight for OomKill {
    fn tighten(&mut self) {
        self.at.tighten();
        self.victims.shrink_to_fit();
        self.victims.iter_mut().for_each(|victim| victim.at.tighten());
        self.processes.shrink_to_fit();
        self.process_columns.shrink_to_fit();
        self.nodes.shrink_to_fit();
        self.zones.shrink_to_fit();
        self.slabs.shrink_to_fit();
        self.trace.shrink_to_fit();
        self.reaped.shrink_to_fit();
    }
}
