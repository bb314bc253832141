//! Reads OOM-killer reports.
use super::{Claim, Format, Reader};
use crate::model::readings::Readings;
use crate::source::Line;

/// OOM killer.
pub static FORMAT: Format = Format { id: "oom-killer", claim: |_| Claim::None, reader: || Box::new(OomReader) };

struct OomReader;

impl Reader for OomReader {
    fn resume(&mut self, _: &Line<'_>, _: &mut Readings) -> bool {
        false
    }
    fn open(&mut self, _: &Line<'_>, _: &mut Readings) -> bool {
        false
    }
    fn finish(&mut self, _: &mut Readings) {}
}
