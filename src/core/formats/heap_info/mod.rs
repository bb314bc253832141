//! What the JDK's tools say about a heap: `GC.heap_info` and the heap that a JVM prints at its end, `VM.metaspace`,
//! `jmap -heap`, class histograms.
//!
//! ```text
//! $ jcmd 4711 GC.heap_info
//! 4711:
//!  garbage-first heap   total 98304K, used 66232K [0x00000000fa000000, 0x0000000100000000)
//! ```
//!
//! Each answer becomes one [`HostReading`](crate::model::host::HostReading): `heap-info`, `metaspace`, `histogram`.

mod histogram;
pub mod javacore;
mod jmap;
pub(super) mod metaspace;
mod printed;

use crate::formats::apart;
use crate::formats::draft::Draft;
use crate::formats::jdk_command::{Asked, JdkCommand, attached, pid_line, read_command};
use crate::formats::{Claim, Format, Reader};
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;

/// Answers about the heap.
pub static FORMAT: Format = Format { id: "heap-info", claim, reader: || Box::new(HeapInfoReader::default()) };

fn claim(line: &Line<'_>) -> Claim {
    let text = line.body.trim();
    let strong = printed::is_heading(text)
        || printed::is_metaspace(text)
        || metaspace::is_heading(text)
        || jmap::is_heading(text)
        || histogram::is_heading(text)
        || javacore::is_heading(text)
        || asks(text).is_some();
    if strong {
        Claim::Strong
    } else if histogram::is_row(text) || text == "Usage:" {
        Claim::Weak
    } else {
        Claim::None
    }
}

/// A command whose answer is read here.
fn asks(text: &str) -> Option<JdkCommand<'_>> {
    read_command(text).filter(|command| match command.tool {
        "jcmd" => matches!(command.asks, "GC.heap_info" | "GC.class_histogram" | "VM.metaspace"),
        "jmap" => ["-heap", "--heap", "-histo"].iter().any(|asks| command.asks.starts_with(asks)),
        _ => false,
    })
}

/// True if a histogram will count live objects only, after a full GC: what jcmd does unless it is told otherwise.
fn counts_live(command: &JdkCommand<'_>, text: &str) -> bool {
    match command.tool {
        "jcmd" => !text.contains(" -all"),
        _ => command.asks.starts_with("-histo:live"),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Printed,
    Metaspace(metaspace::Section),
    Jmap(jmap::Section),
    /// With true, of live objects only.
    Histogram(bool),
    Javacore,
}

impl Kind {
    fn of_reading(self) -> HostKind {
        match self {
            Kind::Printed | Kind::Jmap(_) | Kind::Javacore => HostKind::HeapInfo,
            Kind::Metaspace(_) => HostKind::Metaspace,
            Kind::Histogram(_) => HostKind::Histogram,
        }
    }

    /// True if a heading of that kind may stand inside of this answer.
    fn goes_on_as(self, kind: Kind) -> bool {
        self == kind || (matches!(self, Kind::Histogram(_)) && matches!(kind, Kind::Histogram(_)))
    }

    fn take(&mut self, draft: &mut Draft, text: &str, line: &Line<'_>) -> bool {
        match self {
            Kind::Printed => printed::take(draft, text, line),
            Kind::Metaspace(section) => {
                metaspace::take(draft, section, text, line)
                    || (printed::is_metaspace(text) && printed::take(draft, text, line))
            }
            Kind::Jmap(section) => jmap::take(draft, section, text, line),
            Kind::Histogram(live) => histogram::take(draft, *live, text, line),
            Kind::Javacore => javacore::take(draft, text, line),
        }
    }
}

#[derive(Default)]
struct HeapInfoReader {
    asked: Asked,
    /// True if the command that was seen last asks for live objects only.
    asks_live: Option<bool>,
    block: Option<Block>,
}

/// An answer that is being read.
struct Block {
    kind: Kind,
    draft: Draft,
    /// Of a javacore.
    history: javacore::History,
    foreign: u32,
}

impl Block {
    fn take(&mut self, text: &str, line: &Line<'_>) -> bool {
        if self.kind == Kind::Javacore {
            self.history.take(text, line);
        }
        self.kind.take(&mut self.draft, text, line)
    }
}

impl Reader for HeapInfoReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(block) = &mut self.block else { return false };
        let text = line.body.trim();
        if text.is_empty() {
            return true;
        }
        if pid_line(text).is_some() || asks(text).is_some() {
            self.close(out);
            return false;
        }
        if !starts_anew(block, text) && block.take(text, line) {
            block.foreign = 0;
            out.keep(line);
            return true;
        }
        block.foreign += 1;
        if block.foreign > apart::INSIDE {
            self.close(out);
        }
        false
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = line.body.trim();
        if let Some(command) = asks(text) {
            self.close(out);
            self.asked.note(&command, line);
            self.asks_live = Some(counts_live(&command, text));
            return true;
        }
        let kind = if printed::is_heading(text) || printed::is_metaspace(text) {
            Kind::Printed
        } else if metaspace::is_heading(text) || text == "Usage:" {
            Kind::Metaspace(metaspace::Section::Other)
        } else if jmap::is_heading(text) {
            Kind::Jmap(jmap::Section::None)
        } else if javacore::is_heading(text) {
            Kind::Javacore
        } else {
            Kind::Histogram(false)
        };
        // Metaspace below a heap belongs to it; above the rest of VM.metaspace it is its first line.
        if let Some(block) = &mut self.block
            && kind.of_reading() == HostKind::Metaspace
            && block.kind == Kind::Printed
            && !block.draft.reading.sizes.keys().any(|name| name.starts_with("heap_") || name.starts_with("old_"))
        {
            block.kind = kind;
            block.draft.reading.kind = kind.of_reading();
        } else if !self.block.as_ref().is_some_and(|block| block.kind.goes_on_as(kind) && !starts_anew(block, text)) {
            self.close(out);
            self.asked.note_pid(line);
            let mut draft = Draft::new(kind.of_reading(), line);
            let mut kind = kind;
            let asked = self.asked.pid(line);
            if let (Some((pid, _)), Kind::Histogram(live)) = (asked, &mut kind) {
                // Of the tools whose table has this heading only jcmd prints a number above it.
                *live =
                    self.asks_live.unwrap_or_else(|| line.around.answers.is_some_and(|(answers, _)| answers == pid));
            }
            self.asks_live = None;
            draft.process(asked);
            self.block = Some(Block { kind, draft, history: javacore::History::default(), foreign: 0 });
        }
        let Some(block) = &mut self.block else { return false };
        let taken = block.take(text, line);
        if taken {
            out.keep(line);
        }
        taken
    }

    fn finish(&mut self, out: &mut Readings) {
        self.close(out);
    }
}

/// True if the line repeats what the answer has already: another answer begins.
fn starts_anew(block: &Block, text: &str) -> bool {
    let has = |name| block.draft.has(name);
    match block.kind {
        Kind::Printed if printed::is_perm(text) => has("perm_used"),
        Kind::Printed => {
            (printed::is_heading(text)
                && (has("heap_used") || has("metaspace_used") || (has("young_used") && has("old_used"))))
                || (text.starts_with("Metaspace ") && has("metaspace_used"))
        }
        Kind::Metaspace(_) => metaspace::is_heading(text) && has("classes"),
        Kind::Jmap(_) => attached(text).is_some() || (text == "Heap Configuration:" && has("heap_max")),
        Kind::Javacore => text.starts_with("1CIPROCESSID ") && block.draft.reading.pid.is_some(),
        Kind::Histogram(_) => histogram::is_heading(text) && !block.draft.reading.sizes.is_empty(),
    }
}

impl HeapInfoReader {
    fn close(&mut self, out: &mut Readings) {
        if let Some(block) = self.block.take() {
            block.history.put(&block.draft.reading, out);
            block.draft.push(out);
        }
    }
}

/// Reads the heap that a JVM prints at its end into a GC log, whose lines say to whom it belongs.
pub(super) fn take_printed(draft: &mut Draft, text: &str, line: &Line<'_>) -> bool {
    printed::take(draft, text.trim(), line)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::formats::jdk_command::answering;
    use crate::model::host::HostReading;
    use crate::source::Around;
    use crate::units::Bytes;

    /// Reads lines as the dispatcher would; `4711:` is announced to all readers.
    fn read(text: &str) -> Vec<HostReading> {
        let mut reader = HeapInfoReader::default();
        let mut out = Readings::default();
        let mut around = Around::of(text);
        for (number, body) in (1..).zip(text.lines()) {
            let line = Line { number, ..Line::of(body) };
            around.answers = answering(body).map(|(pid, word)| (pid, line.span_of(word))).or(around.answers);
            let line = Line { around: &around, ..line };
            let _ = reader.resume(&line, &mut out) || (claim(&line) > Claim::None && reader.open(&line, &mut out));
        }
        reader.finish(&mut out);
        out.host
    }

    fn kib(reading: &HostReading, name: &str) -> Option<u64> {
        reading.sizes.get(name).map(|size| size.0 / 1024)
    }

    #[test]
    fn a_crash_report_of_minecraft_tells_what_is_free() {
        let text = "\tMemory: 8952144 bytes (8 MB) / 1073741824 bytes (1024 MB) up to 2147483648 bytes (2048 MB)\n";
        let read = read(text);
        let [heap] = read.as_slice() else { panic!("one reading") };
        assert_eq!((kib(heap, "heap_max"), kib(heap, "heap_committed")), (Some(2 << 20), Some(1 << 20)));
        assert_eq!(heap.sizes.get("heap_used"), Some(&Bytes(1_073_741_824 - 8_952_144)));
    }

    #[test]
    fn a_program_prints_what_java_says_of_its_heap() {
        let agent = "   Heap memory: init 54525952, used 376444072, committed 402653184, max 402653184\n   Non-heap memory: init 2555904, used 88233904, committed 91750400, max -1\n";
        let java = "Heap Memory Usage: init = 54525952(53248K) used = 376444072(367621K) committed = 402653184(393216K) max = 402653184(393216K)\n";
        for (text, nonheap) in [(agent, Some(&Bytes(91_750_400))), (java, None)] {
            let read = read(text);
            let [heap] = read.as_slice() else { panic!("one reading: {read:?}") };
            assert_eq!(
                (heap.sizes.get("heap_max"), heap.sizes.get("heap_used")),
                (Some(&Bytes(402_653_184)), Some(&Bytes(376_444_072)))
            );
            assert_eq!(heap.sizes.get("nonheap_committed"), nonheap);
        }
    }

    #[test]
    fn a_javacore_tells_the_heap_behind_its_tags() {
        let read = read(
            "1CIPROCESSID   Process ID: 4711 (0x1267)\n2CIUSERARG               -Xmx512m\n\
             1STHEAPREGION  0x00007F64000A69C0 0x00007F63E0000000 0x00007F63F8000000 0x0000000018000000 Generational/Tenured Region\n\
             NULL\n1STHEAPTOTAL   Total memory:                   449708032 (0x000000001ACE0000)\n\
             1STHEAPINUSE   Total memory in use:              1262320 (0x00000000001342F0)\n\
             1STHEAPFREE    Total memory free:              448445712 (0x000000001ABABD10)\nNULL\n\
             1STSEGTOTAL    Total memory:                   802660800 (0x000000002FD7A1C0)\n",
        );
        let [heap] = read.as_slice() else { panic!("one reading") };
        assert_eq!((heap.pid, heap.kind.name()), (Some(4711), "heap-info"));
        let size = |name: &str| heap.sizes.get(name).map(|size| size.0);
        assert_eq!((size("heap_committed"), size("heap_used")), (Some(449_708_032), Some(1_262_320)));
        assert_eq!(size("heap_max"), Some(512 << 20));
    }

    #[test]
    fn the_history_of_a_javacore_tells_what_is_free() {
        let read = read(
            "1STGCHTYPE     GC History  \n3STHSTTYPE     08:48:06:800804000 GMT j9mm.84 -   Forcing J9AllocateIndexableObject() to fail due to excessive GC \n3STHSTTYPE     08:48:06:800174000 GMT j9mm.134 -   Allocation failure end: newspace=1832822760/2415919104 oldspace=72120272/7247757312 loa=72120272/72476672 \n3STHSTTYPE     08:48:04:911149000 GMT j9mm.469 -   Allocation failure cycle start: newspace=1/2 oldspace=1/2 loa=1/2 requestedbytes=329392 \n",
        );
        let [heap] = read.as_slice() else { panic!("one reading: {read:?}") };
        let size = |name: &str| heap.sizes.get(name).map(|size| size.0);
        assert_eq!((size("heap_committed"), size("heap_used")), (Some(9_663_676_416), Some(7_758_733_384)));
    }

    #[test]
    fn a_javacore_tells_its_areas_of_native_memory() {
        let read = read(
            "0SECTION       NATIVEMEMINFO subcomponent dump routine\nNULL           =================================\n0MEMUSER\n\
             1MEMUSER       JRE: 2,569,088,312 bytes / 4653 allocations\n1MEMUSER       |\n\
             2MEMUSER       +--VM: 2,280,088,336 bytes / 2423 allocations\n2MEMUSER       |  |\n\
             3MEMUSER       |  +--Classes: 4,682,840 bytes / 141 allocations\n\
             3MEMUSER       |  +--Memory Manager (GC): 2,054,966,784 bytes / 433 allocations\n3MEMUSER       |  |  |\n\
             4MEMUSER       |  |  +--Java Heap: 2,014,113,792 bytes / 1 allocation\n\
             3MEMUSER       |  +--Threads: 10,970,016 bytes / 156 allocations\n",
        );
        let [areas] = read.as_slice() else { panic!("{read:?}") };
        let size = |name: &str| areas.sizes.get(name).map(|size| size.0);
        assert_eq!((size("native_memory"), size("native_classes")), (Some(2_569_088_312), Some(4_682_840)));
        assert_eq!((size("native_gc"), size("native_threads")), (Some(2_054_966_784), Some(10_970_016)));
        assert_eq!(areas.words.get("vendor").map(String::as_str), Some("OpenJ9"));
    }

    #[test]
    fn g1_says_total_and_from_jdk_25_what_is_reserved() {
        let read = read(
            "$ jcmd 32144 GC.heap_info\n32144:\n garbage-first heap   total 98304K, used 66232K [0x00000000fa000000, 0x0000000100000000)\n\
             \x20 region size 1024K, 4 young (4096K), 2 survivors (2048K)\n Metaspace       used 239K, committed 448K, reserved 1114112K\n\
             \x20 class space    used 6K, committed 128K, reserved 1048576K\n\n\
             3641:\ngarbage-first heap   total reserved 98304K, committed 90112K, used 57166K [0x00000000fa000000, 0x0000000100000000)\n",
        );
        let [old, new] = read.as_slice() else { panic!("two readings") };
        assert_eq!((old.pid, old.kind.name()), (Some(32144), "heap-info"));
        assert_eq!(
            (kib(old, "heap_committed"), kib(old, "heap_used"), kib(old, "heap_max")),
            (Some(98_304), Some(66_232), Some(98_304))
        );
        assert_eq!((kib(old, "region_size"), kib(old, "young_regions")), (Some(1024), Some(4096)));
        assert_eq!((kib(old, "metaspace_used"), kib(old, "class_committed")), (Some(239), Some(128)));
        assert_eq!(old.words.get("collector").map(String::as_str), Some("G1"));
        assert_eq!(
            (new.pid, kib(new, "heap_max"), kib(new, "heap_committed")),
            (Some(3641), Some(98_304), Some(90_112))
        );
        assert_eq!(new.at.get("heap_used").map(|span| (span.line, span.start, span.end)), Some((9, 67, 73)));
    }

    #[test]
    fn generations_stay_apart() {
        let read = read(
            " PSYoungGen      total 24064K, used 9504K [0x0, 0x1, 0x2)\n  eden space 16384K, 13% used [0x0,0x1,0x2)\n\
             \x20 from space 7680K, 94% used [0x0,0x1,0x2)\n  to   space 7680K, 0% used [0x0,0x1,0x2)\n\
             \x20ParOldGen       total 60928K, used 47659K [0x0, 0x1, 0x2)\n  object space 60928K, 78% used [0x0,0x1,0x2)\n\
             \x20Metaspace       used 61010K, capacity 64870K, committed 65280K, reserved 1105920K\n",
        );
        let [heap] = read.as_slice() else { panic!("one reading") };
        assert_eq!(
            (kib(heap, "young_used"), kib(heap, "old_used"), kib(heap, "heap_used")),
            (Some(9504), Some(47_659), Some(57_163))
        );
        assert_eq!((kib(heap, "metaspace_capacity"), kib(heap, "metaspace_committed")), (Some(64_870), Some(65_280)));
        assert_eq!((heap.first_line, heap.last_line, heap.pid), (1, 7, None));
    }

    #[test]
    fn zgc_and_shenandoah_name_their_maximum() {
        let read = read(
            " ZHeap           used 62M, capacity 96M, max capacity 128M\n\n\
             7:\nShenandoah Heap\n 98304K max, 98304K soft max, 65536K committed, 60350K used\n 384 x 256K regions\n\
             Status: not cancelled\nReserved region:\n - [0x00000000fa000000, 0x0000000100000000) \n",
        );
        let [z, shenandoah] = read.as_slice() else { panic!("two readings") };
        assert_eq!((kib(z, "heap_used"), kib(z, "heap_max")), (Some(62 << 10), Some(128 << 10)));
        assert_eq!((kib(shenandoah, "heap_max"), kib(shenandoah, "heap_committed")), (Some(98_304), Some(65_536)));
        assert_eq!((kib(shenandoah, "heap_used"), kib(shenandoah, "region_size")), (Some(60_350), Some(256)));
        assert_eq!((shenandoah.pid, shenandoah.last_line), (Some(7), 9));
    }

    #[test]
    fn metaspace_is_committed_by_its_virtual_space() {
        let read = read(
            "$ jcmd 26543 VM.metaspace\n26543:\n\nTotal Usage - 2 loaders, 486 classes (479 shared):\n\
             \x20      Both:    4 chunks,      4.26 MB capacity,  198.00 KB (  5%) committed,    74.25 KB (  2%) used,   123.77 KB (  3%) free\n\
             Virtual space:\n  Class space:       64.00 MB reserved,     128.00 KB ( <1%) committed,  1 nodes.\n\
             \x20        Both:      128.00 MB reserved,     320.00 KB ( <1%) committed. \n\nMaxMetaspaceSize: 64.00 MB\n",
        );
        let [metaspace] = read.as_slice() else { panic!("one reading") };
        assert_eq!((metaspace.kind.name(), metaspace.pid), ("metaspace", Some(26_543)));
        assert_eq!(metaspace.sizes.get("metaspace_used"), Some(&Bytes(76_032)));
        assert_eq!((kib(metaspace, "metaspace_committed"), kib(metaspace, "class_committed")), (Some(320), Some(128)));
        assert_eq!((kib(metaspace, "metaspace_max"), metaspace.counts.get("classes")), (Some(65_536), Some(&486)));
    }

    #[test]
    fn jmap_names_the_space_above_its_figures() {
        let read = read(
            "Attaching to process ID 4711, please wait...\nDebugger attached successfully.\nJVM version is 25.252-b09\n\n\
             Parallel GC with 4 thread(s)\n\nHeap Configuration:\n   MaxHeapSize              = 4294967296 (4096.0MB)\n\
             \x20  MaxMetaspaceSize         = 17592186044415 MB\n   G1HeapRegionSize         = 0 (0.0MB)\n\nHeap Usage:\nPS Young Generation\nEden Space:\n\
             \x20  capacity = 67108864 (64.0MB)\n   used     = 31457280 (30.0MB)\n   free     = 35651584 (34.0MB)\n   46.875% used\n\
             PS Old Generation\n   capacity = 179306496 (171.0MB)\n   used     = 104857600 (100.0MB)\n",
        );
        let [heap] = read.as_slice() else { panic!("one reading") };
        assert_eq!((heap.pid, heap.words.get("jdk").map(String::as_str)), (Some(4711), Some("1.8.0_252")));
        assert_eq!(
            (kib(heap, "heap_max"), kib(heap, "metaspace_max"), kib(heap, "region_size")),
            (Some(4 << 20), None, None)
        );
        assert_eq!((kib(heap, "eden_used"), kib(heap, "old_committed")), (Some(30 << 10), Some(171 << 10)));
        assert_eq!(heap.words.get("collector").map(String::as_str), Some("Parallel"));
    }

    #[test]
    fn a_histogram_keeps_its_first_classes_and_the_total() {
        let text = " num     #instances         #bytes  class name (module)\n-------------------------------------------------------\n\
                    \x20  1:         14864       46555032  [B (java.base@17.0.15)\n   2:             3            96  com.acme.Order\nTotal         23302       32518392\n";
        let read_all = read(text);
        let [table] = read_all.as_slice() else { panic!("one reading") };
        assert_eq!((table.kind.name(), table.sizes.get("class:[B")), ("histogram", Some(&Bytes(46_555_032))));
        assert_eq!(
            (table.counts.get("class:com.acme.Order"), table.sizes.get("total")),
            (Some(&3), Some(&Bytes(32_518_392)))
        );
        assert_eq!(table.sizes.get("live"), None, "whether garbage is counted is not told");
        for (above, live) in [
            ("$ jcmd 4711 GC.class_histogram\n4711:\n", true),
            ("4711:\n", true),
            ("$ jmap -histo:live 4711\n", true),
            ("$ jcmd 4711 GC.class_histogram -all\n4711:\n", false),
            ("$ jmap -histo 4711\n", false),
        ] {
            let asked = read(&format!("{above}{text}"));
            assert_eq!(asked[0].sizes.contains_key("live"), live, "{above}");
        }
        let cut = read(text.get(..text.find("Order").unwrap_or_default() + 3).unwrap_or_default());
        assert_eq!(cut[0].sizes.keys().collect::<Vec<_>>(), ["class:[B"]);
    }

    #[test]
    fn what_is_cut_or_belongs_to_others_is_left_out() {
        assert!(
            read(" garbage-first heap   total 98304K, used 662")
                .iter()
                .all(|heap| !heap.sizes.contains_key("heap_used"))
        );
        for body in [
            "Metaspace is used a lot, and reserved too",
            "the space between",
            "Heap dump file created",
            "1: 2 3 dogs bark",
        ] {
            assert_eq!(claim(&Line::of(body)), Claim::None, "{body}");
        }
    }
}
