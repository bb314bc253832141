//! `jmap -heap <pid>` (JDK 8 and older), `jhsdb jmap --heap --pid <pid>` (newer).
//!
//! ```text
//! Attaching to process ID 4711, please wait...
//! JVM version is 25.252-b09
//! Parallel GC with 4 thread(s)
//!
//! Heap Configuration:
//!    MaxHeapSize              = 4294967296 (4096.0MB)
//!
//! Heap Usage:
//! PS Young Generation
//! Eden Space:
//!    capacity = 67108864 (64.0MB)
//!    used     = 31457280 (30.0MB)
//! PS Old Generation
//!    capacity = 179306496 (171.0MB)
//! ```

use crate::formats::draft::Draft;
use crate::formats::jdk_command::{attached, jdk_version};
use crate::formats::quantity::whole;
use crate::source::Line;
use crate::units::Bytes;

/// The space that `capacity` and `used` belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Section {
    #[default]
    None,
    Heap,
    Young,
    Eden,
    Survivor,
    Old,
    Perm,
    /// The second survivor space, which is empty.
    Empty,
}

/// `MaxMetaspaceSize` where there is no limit is a little less than this.
const UNLIMITED: u64 = 1 << 60;

/// True if the line can only be one of such an answer's first.
pub(super) fn is_heading(text: &str) -> bool {
    matches!(text, "Heap Configuration:" | "Heap Usage:") || attached(text).is_some()
}

/// Reads a line of the answer. `false` if it is none.
pub(super) fn take(draft: &mut Draft, section: &mut Section, text: &str, line: &Line<'_>) -> bool {
    if let Some(pid) = attached(text) {
        draft.pid(line, pid);
        return true;
    }
    if let Some(version) = text.strip_prefix("JVM version is ") {
        draft.word("jdk", &jdk_version(version), line, version);
        return true;
    }
    if let Some(collector) = collector(text) {
        draft.word("collector", collector, line, text);
        return true;
    }
    if let Some((name, value)) = text.split_once('=') {
        return setting(draft, *section, name.trim(), value.trim(), line);
    }
    let named = match text {
        "G1 Heap:" => Section::Heap,
        "New Generation (Eden + 1 Survivor Space):" => Section::Young,
        "Eden Space:" => Section::Eden,
        "Survivor Space:" | "From Space:" => Section::Survivor,
        "To Space:" => Section::Empty,
        "G1 Old Generation:"
        | "PS Old Generation"
        | "concurrent mark-sweep generation:"
        | "tenured generation:"
        | "Tenured Generation:" => Section::Old,
        "PS Perm Generation" | "Perm Generation:" => Section::Perm,
        "G1 Young Generation:" | "PS Young Generation" | "Heap Configuration:" | "Heap Usage:" => Section::None,
        _ => {
            let silent = text.ends_with("% used")
                || text.ends_with(" compiler detected.")
                || text.contains(" interned Strings occupying ")
                || matches!(text, "Debugger attached successfully." | "using thread-local object allocation.")
                || text.starts_with("using parallel threads");
            if silent {
                draft.extend(line);
            }
            return silent;
        }
    };
    *section = named;
    draft.extend(line);
    true
}

fn collector(text: &str) -> Option<&'static str> {
    let (name, rest) = text.split_once(" GC")?;
    let known = match name {
        "Parallel" => "Parallel",
        "Garbage-First (G1)" => "G1",
        "Mark Sweep Compact" => "Serial",
        "Concurrent Mark-Sweep" => "CMS",
        "Z" | "The Z" => "ZGC",
        "Shenandoah" => "Shenandoah",
        _ => return None,
    };
    (rest.is_empty() || rest.starts_with(" with ")).then_some(known)
}

/// `MaxHeapSize = 4294967296 (4096.0MB)`, `capacity = 67108864 (64.0MB)`, `NewRatio = 2`.
fn setting(draft: &mut Draft, section: Section, name: &str, value: &str, line: &Line<'_>) -> bool {
    let number = value.split(' ').next().unwrap_or(value);
    let field = match (name, section) {
        ("MaxHeapSize", _) => "heap_max",
        ("NewSize", _) => "young_initial",
        ("MaxNewSize", _) => "young_max",
        ("MetaspaceSize", _) => "metaspace_threshold",
        ("MaxMetaspaceSize", _) => "metaspace_max",
        ("CompressedClassSpaceSize", _) => "class_space_max",
        ("MaxPermSize", _) => "perm_max",
        ("G1HeapRegionSize", _) => "region_size",
        ("capacity", Section::Heap) => "heap_committed",
        ("used", Section::Heap) => "heap_used",
        ("capacity", Section::Young) => "young_committed",
        ("used", Section::Young) => "young_used",
        ("capacity", Section::Eden) => "eden_committed",
        ("used", Section::Eden) => "eden_used",
        ("capacity", Section::Survivor) => "survivor_committed",
        ("used", Section::Survivor) => "survivor_used",
        ("capacity", Section::Old) => "old_committed",
        ("used", Section::Old) => "old_used",
        ("capacity", Section::Perm) => "perm_committed",
        ("used", Section::Perm) => "perm_used",
        (
            "MinHeapFreeRatio" | "MaxHeapFreeRatio" | "OldSize" | "NewRatio" | "SurvivorRatio" | "PermSize" | "regions",
            _,
        )
        | ("capacity" | "used" | "free", _) => "",
        _ => return false,
    };
    // The number in brackets shows that the one before it is whole.
    let size = whole(number).filter(|number| *number < UNLIMITED).map(Bytes);
    let size = size.filter(|size| value.ends_with("MB)") && !(field == "region_size" && *size == Bytes(0)));
    // A second value is that of a space whose heading is missing.
    if !field.is_empty() && !draft.has(field) {
        draft.size(field, size, line, number);
    }
    draft.extend(line);
    true
}
