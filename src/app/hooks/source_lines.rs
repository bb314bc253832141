//! Lines of a source, read from its `Blob` when they come into view.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;
use yew::prelude::*;

use crate::analyzer::SourceMap;
use crate::app::session::ByPtr;
use crate::detect::lines::{LINES_PER_CHECKPOINT, LineSplitter};
use crate::order::Gather as _;
use crate::source::Span;
use crate::worker::client::read_range;

/// Bytes of a line that are shown.
pub const SHOWN_BYTES: usize = 4000;

/// Bytes read from the blob at once.
const PIECE: u64 = 1 << 20;

/// Blocks of lines that are kept.
const KEPT_BLOCKS: usize = 24;

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceLine {
    /// 1-based.
    pub number: u32,
    /// Its text, cut at [`SHOWN_BYTES`].
    pub text: String,
    /// True if it was cut.
    pub cut: bool,
}

#[derive(Default)]
struct Blocks {
    read: BTreeMap<u32, Rc<Vec<SourceLine>>>,
    under_way: BTreeSet<u32>,
}

/// The lines as far as they are read; the rest is on its way and renders the component again.
#[hook]
pub fn use_source_lines(
    blob: &Blob,
    maps: &ByPtr<Vec<SourceMap>>,
    source: usize,
    wanted: &BTreeSet<u32>,
) -> BTreeMap<u32, SourceLine> {
    let blocks = use_mut_ref(Blocks::default);
    let update = use_force_update();
    let needed: BTreeSet<u32> = wanted.iter().map(|line| block_of(*line)).gathered();
    {
        let (blob, maps, blocks) = (blob.clone(), maps.clone(), Rc::clone(&blocks));
        use_effect_with(needed.clone(), move |needed| {
            for block in needed.iter().copied() {
                let known = blocks.borrow().read.contains_key(&block);
                if known || !blocks.borrow_mut().under_way.insert(block) {
                    continue;
                }
                let (blob, maps, blocks, update) = (blob.clone(), maps.clone(), Rc::clone(&blocks), update.clone());
                spawn_local(async move {
                    let lines = read_block(&blob, maps.get(source), block).await;
                    keep(&mut blocks.borrow_mut(), block, lines);
                    update.force_update();
                });
            }
        });
    }
    let blocks = blocks.borrow();
    let lines = needed.iter().filter_map(|block| blocks.read.get(block)).flat_map(|lines| lines.iter());
    lines.filter(|line| wanted.contains(&line.number)).map(|line| (line.number, line.clone())).collect()
}

/// Where the text stands next after a line, or from the beginning on; capital letters count as small ones.
pub async fn find_text(blob: &Blob, (map, source): (&SourceMap, u16), after: u32, text: &str) -> Option<Span> {
    let (text, start) = (text.to_ascii_lowercase(), block_of(after.saturating_add(1)));
    let count = u32::try_from(map.checkpoints.len()).ok()?;
    // The block where it starts is searched once more at the end, for what stands above.
    let (below, above) = (start..count, 0..start.saturating_add(1).min(count));
    for (block, wrapped) in below.map(|block| (block, false)).chain(above.map(|block| (block, true))) {
        let lines = read_block(blob, Some(map), block).await;
        let mut places = lines.iter().filter(|line| wrapped || line.number > after).filter_map(|line| {
            let start = line.text.to_ascii_lowercase().find(&text)?;
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            Some(Span { source, line: line.number, start: place(start), end: place(start + text.len()) })
        });
        if let Some(place) = places.next() {
            return Some(place);
        }
    }
    None
}

/// How many lines hold the text; `None` once nobody wants to know.
pub async fn count_text(blob: &Blob, map: &SourceMap, text: &str, is_wanted: impl Fn() -> bool) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let mut count = 0_u64;
    for block in 0..u32::try_from(map.checkpoints.len()).ok()? {
        let lines = read_block(blob, Some(map), block).await;
        if !is_wanted() {
            return None;
        }
        count += lines.iter().filter(|line| line.text.to_ascii_lowercase().contains(&text)).count() as u64;
    }
    Some(count)
}

fn block_of(line: u32) -> u32 {
    line.saturating_sub(1) / LINES_PER_CHECKPOINT
}

/// Keeps a block, and of the others those that are nearest to it.
fn keep(blocks: &mut Blocks, block: u32, lines: Vec<SourceLine>) {
    blocks.under_way.remove(&block);
    blocks.read.insert(block, Rc::new(lines));
    while blocks.read.len() > KEPT_BLOCKS {
        let farthest = blocks.read.keys().copied().max_by_key(|known| known.abs_diff(block));
        if let Some(farthest) = farthest {
            blocks.read.remove(&farthest);
        }
    }
}

/// Reads the lines between two checkpoints, with the code that numbered them.
async fn read_block(blob: &Blob, map: Option<&SourceMap>, block: u32) -> Vec<SourceLine> {
    let checkpoint = |at: u32| map?.checkpoints.get(usize::try_from(at).ok()?).copied();
    let Some(start) = checkpoint(block) else { return Vec::new() };
    let end = checkpoint(block.saturating_add(1)).unwrap_or(blob.size() as u64);
    let first = block.saturating_mul(LINES_PER_CHECKPOINT);
    let mut splitter = if start == 0 { LineSplitter::default() } else { LineSplitter::inside() };
    let lines = RefCell::new(Vec::new());
    let mut take = |line: crate::detect::lines::RawLine<'_>| {
        let mut shown = line.text.len().min(SHOWN_BYTES);
        while !line.text.is_char_boundary(shown) {
            shown -= 1;
        }
        lines.borrow_mut().push(SourceLine {
            number: first.saturating_add(line.number),
            text: line.text.get(..shown).unwrap_or_default().to_owned(),
            cut: shown < line.text.len() || line.cut_from.is_some(),
        });
    };
    let mut at = start;
    while at < end {
        let to = at.saturating_add(PIECE).min(end);
        let Some(bytes) = read_range(blob, at, to).await else { break };
        splitter.feed(&bytes, &mut take);
        at = to;
    }
    splitter.finish(&mut take);
    lines.into_inner()
}
