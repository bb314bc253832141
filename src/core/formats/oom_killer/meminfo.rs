//! The memory of the machine: `Mem-Info:` and what follows it.
//!
//! ```text
//! active_anon:3801 inactive_anon:3990112 isolated_anon:0
//! Node 0 Normal free:61200kB min:61440kB low:76800kB high:92160kB … present:16777216kB managed:16384000kB …
//! lowmem_reserve[]: 0 0 0 0 0
//! Node 0 Normal: 1200*4kB (UME) 800*8kB (UME) … 0*4096kB = 61200kB
//! 4194304 pages RAM
//! ```
//!
//! System counters are pages, everything with `Node` is kB, `lowmem_reserve` is pages again. `Node 0 ` is missing on kernels
//! without NUMA. Source: Linux, `mm/show_mem.c` (`lib/show_mem.c`, `mm/page_alloc.c` before).

use super::text::{digits, is_count_pair};

/// A line of Mem-Info.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MemLine<'a> {
    /// System counters, in pages.
    Counters(&'a str),
    /// A node's figures, in kB.
    Node { node: u32, rest: &'a str },
    /// A zone's figures, in kB.
    Zone { node: u32, name: &'a str, rest: &'a str },
    /// `lowmem_reserve[]` of the zone just before, in pages.
    Reserve { rest: &'a str },
    /// Free blocks per order.
    Buddy { node: u32, name: &'a str, rest: &'a str, blocks: Blocks },
    /// A pool of huge pages: total and free in KiB, if the line does not end before.
    HugePages { rest: &'a str, sizes: Option<(u64, u64)> },
    /// `4194304 pages RAM`: what it is, and pages.
    Total { key: &'static str, pages: &'a str },
    /// `Free swap  = 0kB`: what it is, and kB.
    Swap { key: &'static str, kib: &'a str },
    /// Known, and nothing to keep.
    Skipped,
}

const ZONES: [&str; 6] = ["DMA", "DMA32", "Normal", "HighMem", "Movable", "Device"];

pub(super) fn mem_line(body: &str) -> Option<MemLine<'_>> {
    match body.as_bytes().first()? {
        b'0'..=b'9' => total(body),
        b'N' | b'D' | b'H' | b'M' => zone_or_node(body),
        b'l' => body.strip_prefix("lowmem_reserve[]:").map(|rest| MemLine::Reserve { rest }),
        b'h' if body.starts_with("hugepages_total=") => Some(pool(body)),
        b'F' if body.starts_with("Free pages:") => Some(MemLine::Skipped),
        b'F' => swap(body, "Free swap", "swap_free"),
        b'T' => swap(body, "Total swap", "swap_total"),
        b'S' => body.starts_with("Swap cache stats:").then_some(MemLine::Skipped),
        // 2.6.18: `cpu 0 hot: high 186, batch 31 used:30`, `Active:12 inactive:3 dirty:0 …`.
        b'c' if body.starts_with("cpu ") && body.contains(" batch ") => Some(MemLine::Skipped),
        // 2.6.28 to 2.6.31.
        b'A' if body.starts_with("Active_anon:") => Some(MemLine::Counters(body)),
        b'A' if body.starts_with("Active:") && body.contains(" inactive:") => Some(MemLine::Skipped),
        b'C' => {
            let rest = body.strip_prefix("CPU")?.trim_start();
            digits(rest).filter(|(_, rest)| rest.starts_with(": hi:")).map(|_| MemLine::Skipped)
        }
        b'a'..=b'z' => body.split_ascii_whitespace().all(is_count_pair).then_some(MemLine::Counters(body)),
        _ => None,
    }
}

impl MemLine<'_> {
    /// True for a line that only Mem-Info has, so that a paste may start there.
    pub(super) fn is_unmistakable(&self) -> bool {
        match self {
            MemLine::Zone { rest, .. } => rest.contains(" min:") && rest.contains(" low:"),
            MemLine::Node { .. } | MemLine::Buddy { .. } | MemLine::Swap { .. } => true,
            MemLine::Total { key, .. } => matches!(*key, "pagecache" | "ram"),
            MemLine::Counters(body) => body.starts_with("active_anon:") && body.contains(" inactive_anon:"),
            _ => false,
        }
    }

    /// Of a list of free blocks and a pool of huge pages: how much of it could be read, and whether its end is there.
    pub(super) fn list(&self) -> Option<(usize, bool)> {
        match self {
            MemLine::Buddy { rest, blocks, .. } => {
                // `44*32kB` and `(UME) 25*64kB`: the letters are a part too.
                let parts = blocks.counts.len() * 2 + rest.matches('(').count() + usize::from(rest.contains('='));
                Some((parts + usize::from(blocks.sum.is_some()), blocks.sum.is_some()))
            }
            MemLine::HugePages { sizes, .. } => Some((1 + usize::from(sizes.is_some()), sizes.is_some())),
            _ => None,
        }
    }
}

fn total(body: &str) -> Option<MemLine<'_>> {
    let (pages, rest) = digits(body)?;
    let key = match rest.trim() {
        "total pagecache pages" => "pagecache",
        "pages in swap cache" => "swapcache",
        "pages RAM" | "pages of RAM" => "ram",
        "pages reserved" | "reserved pages" => "reserved",
        "free pages" | "slab pages" | "pages swap cached" => return Some(MemLine::Skipped),
        "pages HighMem" | "pages HighMem/MovableOnly" => "highmem",
        "pages cma reserved" => "cma_reserved",
        "pages in pagetable cache" => "pagetable_cache",
        "pages hwpoisoned" => "hwpoisoned",
        "pages shared" => "shared",
        "pages non-shared" => "non_shared",
        _ => return None,
    };
    Some(MemLine::Total { key, pages })
}

fn swap<'a>(body: &'a str, words: &str, key: &'static str) -> Option<MemLine<'a>> {
    let value = body.strip_prefix(words)?.trim_start().strip_prefix('=')?.trim_start();
    let (kib, unit) = digits(value)?;
    Some(if unit.starts_with("kB") { MemLine::Swap { key, kib } } else { MemLine::Skipped })
}

fn zone_or_node(body: &str) -> Option<MemLine<'_>> {
    let (node, rest) = match body.strip_prefix("Node ") {
        Some(rest) => {
            let (node, rest) = digits(rest)?;
            (node.parse().ok()?, rest.trim_start())
        }
        None => (0, body),
    };
    if rest.starts_with("hugepages_total=") {
        return Some(pool(rest));
    }
    let end = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, tail) = rest.split_at_checked(end)?;
    if ZONES.contains(&name) {
        if let Some(blocks) = tail.strip_prefix(':') {
            return blocks.contains('*').then(|| MemLine::Buddy { node, name, rest: blocks, blocks: buddy(blocks) });
        }
        let tail = tail.trim_start();
        if tail.starts_with("per-cpu:") {
            return Some(MemLine::Skipped);
        }
        return tail.starts_with("free:").then_some(MemLine::Zone { node, name, rest: tail });
    }
    (rest.len() < body.len() && rest.starts_with("active_anon:")).then_some(MemLine::Node { node, rest })
}

/// Free blocks per order, the size of the first kind of block, which is a page, and the sum; sizes in KiB.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Blocks {
    pub(super) counts: Vec<u64>,
    pub(super) page: Option<u64>,
    pub(super) sum: Option<u64>,
}

fn buddy(rest: &str) -> Blocks {
    let (blocks, sum) = match rest.split_once('=') {
        Some((blocks, sum)) => (blocks, digits(sum.trim_start()).filter(|(_, unit)| unit.starts_with("kB"))),
        None => (rest, None),
    };
    let mut counts = Vec::new();
    let mut page = None;
    let mut expected = None;
    for word in blocks.split_ascii_whitespace() {
        let Some((count, size)) = word.split_once('*') else { continue };
        let Some(size) = size.strip_suffix("kB").and_then(|size| size.parse::<u64>().ok()) else { break };
        let Ok(count) = count.parse() else { break };
        // Each kind is twice as large as the one before: anything else is no longer this list.
        if expected.is_some_and(|expected| expected != size) || counts.len() >= 32 {
            break;
        }
        expected = size.checked_mul(2);
        page = page.or(Some(size));
        counts.push(count);
    }
    Blocks { counts, page, sum: sum.and_then(|(sum, _)| sum.parse().ok()) }
}

fn pool(rest: &str) -> MemLine<'_> {
    MemLine::HugePages { rest, sizes: huge_pages(rest) }
}

/// `hugepages_total=8 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB`: total and free in KiB.
fn huge_pages(rest: &str) -> Option<(u64, u64)> {
    let value = |key: &str| {
        let at = rest.find(key)? + key.len();
        digits(rest.get(at..)?)
    };
    let (size, unit) = value("hugepages_size=")?;
    if !unit.starts_with("kB") {
        return None;
    }
    let size: u64 = size.parse().ok()?;
    let of = |key| value(key)?.0.parse::<u64>().ok()?.checked_mul(size);
    Some((of("hugepages_total=")?, of("hugepages_free=")?))
}

/// A row of "Unreclaimable slab info": name, used and total in KiB.
pub(super) fn slab_row(body: &str) -> Option<(&str, u64, u64)> {
    let mut words = body.split_ascii_whitespace().rev();
    let total = words.next()?.strip_suffix("KB")?.parse().ok()?;
    let used = words.next()?.strip_suffix("KB")?.parse().ok()?;
    let name = words.next()?;
    words.next().is_none().then_some((name, used, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart_by_their_first_words() {
        let zone = "Node 0 Normal free:61200kB min:61440kB low:76800kB";
        assert_eq!(
            mem_line(zone),
            Some(MemLine::Zone { node: 0, name: "Normal", rest: "free:61200kB min:61440kB low:76800kB" })
        );
        assert!(matches!(mem_line("DMA32 free:61200kB min:1kB"), Some(MemLine::Zone { node: 0, name: "DMA32", .. })));
        assert!(matches!(mem_line("Node 1 active_anon:12kB"), Some(MemLine::Node { node: 1, .. })));
        assert!(matches!(
            mem_line("Node 1 Movable: 1*4kB (M) = 4kB"),
            Some(MemLine::Buddy { node: 1, name: "Movable", .. })
        ));
        assert_eq!(mem_line("Node 0 DMA per-cpu:"), Some(MemLine::Skipped));
        assert_eq!(mem_line("CPU    0: hi:    0, btch:   1 usd:   0"), Some(MemLine::Skipped));
        assert_eq!(mem_line("98304 pages reserved"), Some(MemLine::Total { key: "reserved", pages: "98304" }));
        assert_eq!(mem_line("Free swap  = 12kB"), Some(MemLine::Swap { key: "swap_free", kib: "12" }));
        assert_eq!(
            mem_line("free:33120 free_pcp:61 free_cma:0"),
            Some(MemLine::Counters("free:33120 free_pcp:61 free_cma:0"))
        );
        for foreign in ["Normal people", "Node 18 is out", "12 pages read", "took: 12", "Device: sda"] {
            assert_eq!(mem_line(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn the_first_block_is_a_page() {
        let blocks = Blocks { counts: vec![1200, 800, 0], page: Some(4), sum: Some(11_200) };
        assert_eq!(buddy(" 1200*4kB (UME) 800*8kB (UME) 0*16kB = 11200kB"), blocks);
        assert_eq!(buddy(" 3*64kB (U) 1*128").counts, [3]);
    }

    #[test]
    fn huge_pages_are_sizes() {
        let line = "hugepages_total=8 hugepages_free=2 hugepages_surp=0 hugepages_size=2048kB";
        assert_eq!(huge_pages(line), Some((16_384, 4096)));
        assert_eq!(huge_pages("hugepages_total=8 hugepages_size=20"), None);
    }

    #[test]
    fn slab_rows_have_three_words() {
        assert_eq!(slab_row("dentry                 120KB        480KB"), Some(("dentry", 120, 480)));
        assert_eq!(slab_row("Name                      Used          Total"), None);
    }
}
