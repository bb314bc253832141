//! What lines of all kinds say about clocks: enough to place a time that one line leaves half told.

use crate::civil::Zone;
use crate::source::Wall;
use crate::units::Micros;

/// Anchors and boots of all sources at most. What comes after them joins nothing.
const MAX_MARKS: usize = 4096;

/// A line that carries time since boot and wall-clock time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Index of the source.
    pub source: u16,
    /// Line.
    pub line: u32,
    /// Host, where the line names one.
    pub host: Option<String>,
    /// Time since boot.
    pub uptime: Micros,
    /// Wall-clock time.
    pub wall: Wall,
}

/// A line from which on the machine has been started anew, or lines of the same start are repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boot {
    /// Index of the source.
    pub source: u16,
    /// Line.
    pub line: u32,
    /// Host, where the line names one.
    pub host: Option<String>,
}

/// Dates with a year, from the earliest to the latest, and where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Index of the source.
    pub source: u16,
    /// The earliest and its line.
    pub first: (Micros, u32),
    /// The latest and its line.
    pub last: (Micros, u32),
}

/// What was noted.
#[derive(Clone, Debug, Default)]
pub struct ClockMarks {
    /// Lines with two clocks: per boot the first, and more where the clocks drift apart or hours have passed.
    pub anchors: Vec<Anchor>,
    /// Starts of machines.
    pub boots: Vec<Boot>,
    /// One per source with dated lines, and one per range that a journal's header names.
    pub dated: Vec<Dated>,
    /// Not everything could be noted.
    pub is_full: bool,
    /// The zone in which lines print their times, and whether all of them agree.
    pub zone: Option<(Zone, bool)>,
}

impl ClockMarks {
    /// Notes a line with two clocks.
    pub fn anchor(&mut self, anchor: Anchor) {
        if self.has_room() {
            self.anchors.push(anchor);
        }
    }

    /// Notes the zone in which a line prints its time.
    pub fn zone(&mut self, zone: Zone) {
        let (first, agree) = self.zone.unwrap_or((zone, true));
        self.zone = Some((first, agree && first == zone));
    }

    /// The zone of all times that name one; UTC where there are several, or none.
    pub fn common_zone(&self) -> Zone {
        self.zone.filter(|(_, agree)| *agree).map(|(zone, _)| zone).unwrap_or_default()
    }

    /// Notes the start of a machine.
    pub fn boot(&mut self, boot: Boot) {
        if self.has_room() {
            self.boots.push(boot);
        }
    }

    fn has_room(&mut self) -> bool {
        self.is_full |= self.anchors.len() + self.boots.len() >= MAX_MARKS;
        !self.is_full
    }
}
