//! Reads Native Memory Tracking.
use super::{Claim, Format, Reader};
use crate::model::readings::Readings;
use crate::source::Line;

/// NMT.
pub static FORMAT: Format = Format { id: "nmt", claim: |_| Claim::None, reader: || Box::new(NmtReader) };

struct NmtReader;

impl Reader for NmtReader {
    fn resume(&mut self, _: &Line<'_>, _: &mut Readings) -> bool {
        false
    }
    fn open(&mut self, _: &Line<'_>, _: &mut Readings) -> bool {
        false
    }
    fn finish(&mut self, _: &mut Readings) {}
}
