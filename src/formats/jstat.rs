//! Reads `jstat` tables.
use super::{Claim, Format, Reader};
use crate::model::readings::Readings;
use crate::source::Line;

/// jstat.
pub static FORMAT: Format = Format { id: "jstat", claim: |_| Claim::None, reader: || Box::new(JstatReader) };

struct JstatReader;

impl Reader for JstatReader {
    fn resume(&mut self, _: &Line<'_>, _: &mut Readings) -> bool {
        false
    }
    fn open(&mut self, _: &Line<'_>, _: &mut Readings) -> bool {
        false
    }
    fn finish(&mut self, _: &mut Readings) {}
}
