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

/// The lines `first..=last` as far as they are read; the rest is on its way and renders the component again.
#[hook]
pub fn use_source_lines(
    blob: &Blob,
    maps: &ByPtr<Vec<SourceMap>>,
    source: usize,
    first: u32,
    last: u32,
) -> Vec<SourceLine> {
    let blocks = use_mut_ref(Blocks::default);
    let update = use_force_update();
    let (from, to) = (block_of(first), block_of(last));
    {
        let (blob, maps, blocks) = (blob.clone(), maps.clone(), Rc::clone(&blocks));
        use_effect_with((from, to), move |(from, to)| {
            for block in *from..=*to {
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
    (from..=to)
        .filter_map(|block| blocks.read.get(&block))
        .flat_map(|lines| lines.iter())
        .filter(|line| (first..=last).contains(&line.number))
        .cloned()
        .collect()
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
