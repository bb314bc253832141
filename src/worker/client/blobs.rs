//! Reading `Blob`s: in pieces for the analyzer, in ranges for the source view, and unpacked on arrival.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader, ReadableWritablePair, TextDecodeOptions, TextDecoder};

use crate::analyzer::Analysis;
use crate::detect::lines::{Encoding, HEAD_BYTES, encoding_of};
use crate::report::link::LinkError;
use crate::report::open::{self, Opened};
use crate::source::{MAX_SOURCES, most_unpacked};
use crate::worker::protocol::{Problem, Progress, Request};
use crate::worker::run::Run;

#[wasm_bindgen]
extern "C" {
    /// Everywhere since 2023, but still behind a flag in web-sys.
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Bytes of the browser's, whose memory is given back at once: its garbage would be collected a hundred megabytes later.
/// `None` if there is no memory for them.
pub(super) fn taken_out(sent: &Uint8Array) -> Option<Vec<u8>> {
    // Room that is there is given back, so that it is there for the copy, which asks for it without a way out.
    Vec::<u8>::new().try_reserve_exact(sent.length() as usize).ok()?;
    let bytes = sent.to_vec();
    // A browser from before 2024 leaves it to the garbage.
    let _ = sent.buffer().transfer_with_length(0);
    Some(bytes)
}

/// Bytes handed to the analyzer at once in a worker.
pub(super) const PIECE_IN_WORKER: u64 = 1 << 20;

/// The same on the page, where the reader wants to scroll in between.
pub(super) const PIECE_ON_PAGE: u64 = 1 << 17;

/// At most one progress message in this time.
const PROGRESS_EVERY_MS: u64 = 100;

/// Runs a request over its texts. `on_progress` answers whether to go on; `None` if it said no.
pub(super) async fn analyse(
    request: &Request,
    blobs: &[Blob],
    piece_size: u64,
    mut on_progress: impl FnMut(Progress) -> bool,
) -> Result<Option<Analysis>, Problem> {
    if request.sources.len() > MAX_SOURCES {
        return Err(Problem::TooManySources);
    }
    let start = js_sys::Date::now();
    let mut next_message = PROGRESS_EVERY_MS;
    let mut run = Run::new(request, piece_size);
    while let Some(piece) = run.wants() {
        let unreadable = || {
            let name = request.sources.get(piece.source).map(|source| source.name.clone());
            Problem::Unreadable { name: name.unwrap_or_default() }
        };
        let blob = blobs.get(piece.source).ok_or_else(unreadable)?;
        let bytes = read_range(blob, piece.start, piece.end).await.ok_or_else(unreadable)?;
        run.take(&bytes);
        let elapsed = (js_sys::Date::now() - start).max(0.0) as u64;
        if elapsed >= next_message {
            next_message = elapsed + PROGRESS_EVERY_MS;
            if !on_progress(run.progress(elapsed)) {
                return Ok(None);
            }
        }
    }
    Ok(Some(run.finish()))
}

/// Bytes that are unpacked in the page's memory before they are handed to the browser.
const PART_OF_UNPACKED: u64 = 8 << 20;

/// Bytes of a file that was shared, at most.
const MAX_SHARED: u64 = open::MAX_BYTES as u64;

/// What somebody shared, opened. `None` if it is a text like any other.
pub(super) async fn opened(request: &Request, blobs: &[Blob]) -> Option<Result<Opened, LinkError>> {
    let ([source], [blob]) = (request.sources.as_slice(), blobs) else { return None };
    if !open::may_be_shared(&read_range(blob, 0, open::HEAD_BYTES as u64).await?) {
        return None;
    }
    if source.bytes > MAX_SHARED {
        return Some(Err(LinkError::TooLarge));
    }
    open::bytes(&read_range(blob, 0, source.bytes).await?)
}

/// The texts themselves, as far as a file may hold them.
pub(super) async fn whole(request: &Request, blobs: &[Blob]) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (source, blob) in request.sources.iter().zip(blobs) {
        let bytes = read_range(blob, 0, source.bytes.min(MAX_SHARED)).await.unwrap_or_default();
        texts.push((source.name.clone(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    texts
}

/// The bytes `start..end`, fewer at the end of the text. `None` if the browser cannot read it any more.
pub async fn read_range(blob: &Blob, start: u64, end: u64) -> Option<Vec<u8>> {
    let slice = blob.slice_with_f64_and_f64(start as f64, end as f64).ok()?;
    let buffer = JsFuture::from(slice.array_buffer()).await.ok()?;
    taken_out(&Uint8Array::new(&buffer))
}

/// The text as UTF-8 without gzip around it, so that line numbers and byte offsets mean the same everywhere. A text that
/// is neither packed nor UTF-16 is handed back as it is. `None` if it cannot be unpacked.
pub async fn unpacked(blob: Blob) -> Option<Blob> {
    let mut blob = blob;
    if read_range(&blob, 0, 2).await?.starts_with(&[0x1f, 0x8b]) {
        blob = gunzipped(&blob).await?;
    }
    let label = match encoding_of(&read_range(&blob, 0, HEAD_BYTES as u64).await?) {
        Encoding::Utf8 => return Some(blob),
        Encoding::Utf16Le => "utf-16le",
        Encoding::Utf16Be => "utf-16be",
    };
    let decoder = TextDecoder::new_with_label(label).ok()?;
    let more_follows = TextDecodeOptions::new();
    more_follows.set_stream(true);
    let size = blob.size() as u64;
    let parts = Array::new();
    let mut start = 0;
    while start < size {
        let bytes = read_range(&blob, start, start.saturating_add(PIECE_IN_WORKER)).await?;
        let text = decoder.decode_with_u8_array_and_options(&bytes, &more_follows).ok()?;
        parts.push(&Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?.into());
        start = start.saturating_add(PIECE_IN_WORKER);
    }
    Blob::new_with_blob_sequence(&parts).ok()
}

async fn gunzipped(blob: &Blob) -> Option<Blob> {
    let gunzip = DecompressionStream::new("gzip").ok()?;
    let stream = blob.stream().pipe_through(gunzip.unchecked_ref::<ReadableWritablePair>());
    let reader = stream.get_reader().dyn_into::<ReadableStreamDefaultReader>().ok()?;
    let most = most_unpacked(blob.size() as u64);
    let (parts, pieces) = (Array::new(), Array::new());
    let (mut size, mut held) = (0, 0);
    loop {
        let read = JsFuture::from(reader.read()).await.ok()?;
        let has_ended = Reflect::get(&read, &"done".into()).ok()?.is_truthy();
        if !has_ended {
            let piece = Reflect::get(&read, &"value".into()).ok()?.dyn_into::<Uint8Array>().ok()?;
            held += u64::from(piece.byte_length());
            pieces.push(&piece);
        }
        if size + held > most {
            // What it says to that does not matter any more.
            let _ = reader.cancel();
            return None;
        }
        // A `Blob` may stand on the disk.
        if has_ended || held >= PART_OF_UNPACKED {
            parts.push(&Blob::new_with_u8_array_sequence(&pieces).ok()?.into());
            pieces.set_length(0);
            size += std::mem::take(&mut held);
        }
        if has_ended {
            return Blob::new_with_blob_sequence(&parts).ok();
        }
    }
}
