//! Bytes as the text of a link: packed with a dictionary, a check sum, base64url.

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// Bytes that a link may unpack to.
const MAX_BYTES: usize = 12 << 20;
/// What typical reports look like, written by a test. A part of version 1: never changed.
static DICTIONARY: &[u8] = include_bytes!("dictionary-1.bin");

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Why a text is not unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unpackable {
    /// It is damaged.
    Damaged,
    /// It unpacks to more than a link may hold.
    TooLarge,
}

/// Packs bytes.
pub(super) fn pack(bytes: &[u8]) -> String {
    let mut checked = Vec::with_capacity(bytes.len() + 4);
    checked.extend(check_sum(bytes).to_le_bytes());
    checked.extend(bytes);
    to_letters(&deflate(&checked))
}

/// Unpacks a text.
pub(super) fn unpack(text: &str) -> Result<Vec<u8>, Unpackable> {
    let packed = from_letters(text).ok_or(Unpackable::Damaged)?;
    let bytes = inflate(&packed)?;
    if has_loose_bit(&packed, &bytes) {
        return Err(Unpackable::Damaged);
    }
    let (sum, rest) = bytes.split_first_chunk::<4>().ok_or(Unpackable::Damaged)?;
    if u32::from_le_bytes(*sum) == check_sum(rest) { Ok(rest.to_vec()) } else { Err(Unpackable::Damaged) }
}

/// True if a bit of the last byte stands behind the end of the stream: who writes one leaves it out.
fn has_loose_bit(packed: &[u8], bytes: &[u8]) -> bool {
    let mut without = packed.to_vec();
    let Some(last) = without.last_mut().filter(|last| **last > 0) else { return false };
    *last &= !(1 << last.ilog2());
    inflate(&without).is_ok_and(|other| other == bytes)
}

/// FNV-1a: tells damage, not malice.
fn check_sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum: u32, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// A deflate stream whose window starts with the dictionary: that is packed first, up to a byte's boundary, and its bytes
/// are thrown away.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let flags = create_comp_flags_from_zip_params(10, 0, 0);
    let mut compressor = CompressorOxide::new(flags);
    let mut out = Vec::new();
    run(&mut compressor, DICTIONARY, TDEFLFlush::Sync, &mut out);
    out.clear();
    run(&mut compressor, bytes, TDEFLFlush::Finish, &mut out);
    out
}

fn run(compressor: &mut CompressorOxide, mut input: &[u8], flush: TDEFLFlush, out: &mut Vec<u8>) {
    let mut buffer = vec![0_u8; 1 << 15];
    loop {
        let (status, read, written) = compress(compressor, input, &mut buffer, flush);
        input = input.get(read..).unwrap_or_default();
        out.extend(buffer.get(..written).unwrap_or_default());
        let full = written == buffer.len();
        let more = match status {
            TDEFLStatus::Okay => full || !input.is_empty(),
            TDEFLStatus::Done | TDEFLStatus::BadParam | TDEFLStatus::PutBufFailed => false,
        };
        if !more {
            return;
        }
    }
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, Unpackable> {
    let start = DICTIONARY.len();
    let mut size = (packed.len().saturating_mul(8)).clamp(1 << 12, MAX_BYTES);
    loop {
        let mut out = Vec::with_capacity(start.saturating_add(size));
        out.extend(DICTIONARY);
        out.resize(start.saturating_add(size), 0);
        let mut inflater = DecompressorOxide::new();
        let (status, _, written) =
            decompress(&mut inflater, packed, &mut out, start, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
        match status {
            TINFLStatus::Done => {
                return Ok(out.get(start..start.saturating_add(written)).unwrap_or_default().to_vec());
            }
            TINFLStatus::HasMoreOutput if size < MAX_BYTES => size = size.saturating_mul(4).min(MAX_BYTES),
            TINFLStatus::HasMoreOutput => return Err(Unpackable::TooLarge),
            _ => return Err(Unpackable::Damaged),
        }
    }
}

/// Bytes as base64url without padding.
pub(super) fn to_letters(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let all = chunk.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let letter = (all >> (18 - 6 * place)) & 63;
            out.push(LETTERS.get(letter as usize).copied().unwrap_or(b'A').into());
        }
    }
    out
}

/// And back.
pub(super) fn from_letters(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut all = 0_u32;
        for letter in chunk {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'-' => 62,
                b'_' => 63,
                _ => return None,
            };
            all = all << 6 | u32::from(value);
        }
        let bytes = match chunk.len() {
            4 => 3,
            3 => 2,
            2 => 1,
            _ => return None,
        };
        all <<= 6 * (4 - chunk.len());
        // Bits behind the last byte mean nothing, and nobody writes them.
        if all.trailing_zeros() < 24 - 8 * bytes as u32 {
            return None;
        }
        out.extend(all.to_be_bytes().iter().skip(1).take(bytes));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive() {
        for length in [0, 1, 2, 3, 100, 40_000, 400_000] {
            let bytes: Vec<u8> = (0..length).map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            assert_eq!(unpack(&pack(&bytes)), Ok(bytes), "{length}");
        }
    }

    #[test]
    fn a_changed_letter_is_noticed() {
        let text = pack(b"total committed reserved");
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("letters");
            assert!(changed == text || unpack(&changed).is_err(), "{at}");
        }
    }

    #[test]
    fn a_bomb_is_refused() {
        let packed = to_letters(&deflate(&vec![0; MAX_BYTES + 1000]));
        assert!(packed.len() < 30_000);
        assert_eq!(unpack(&packed), Err(Unpackable::TooLarge));
    }
}
