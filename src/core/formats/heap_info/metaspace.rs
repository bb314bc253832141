//! `jcmd <pid> VM.metaspace`, with and without `basic`.
//!
//! ```text
//! Total Usage - 2 loaders, 486 classes (479 shared):
//!        Both:    4 chunks,      4.26 MB capacity,  198.00 KB (  5%) committed,    74.23 KB (  2%) used, …
//! Virtual space:
//!       Class space:       64.00 MB reserved,     128.00 KB ( <1%) committed,  1 nodes.
//!              Both:      128.00 MB reserved,     320.00 KB ( <1%) committed.
//! MaxMetaspaceSize: unlimited
//! ```
//!
//! What is committed is taken from the virtual space, which is what the machine has given.

use crate::formats::draft::Draft;
use crate::formats::quantity::{self, GIB, amount, whole};
use crate::source::Line;
use crate::units::Bytes;

/// What the rows are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::formats) enum Section {
    /// `Usage per loader`, free lists, statistics.
    #[default]
    Other,
    Usage,
    Space,
}

/// True if the line starts an answer.
pub(super) fn is_heading(text: &str) -> bool {
    text.starts_with("Total Usage - ") && text.contains(" loaders, ") && text.contains(" classes")
}

/// Reads a line of the answer. `false` if it is none.
pub(in crate::formats) fn take(draft: &mut Draft, section: &mut Section, text: &str, line: &Line<'_>) -> bool {
    if let Some(rest) = text.strip_prefix("Total Usage - ") {
        for part in rest.split([',', '(']) {
            let Some((value, name)) = part.trim().split_once(' ') else { continue };
            let name = match name.trim_end_matches(':').trim() {
                "loader" | "loaders" => "class_loaders",
                "class" | "classes" => "classes",
                _ => continue,
            };
            draft.count(name, whole(value), line, value);
        }
        *section = Section::Usage;
        return true;
    }
    let heading = match text {
        "Usage:" => Some(Section::Usage),
        "Virtual space:" => Some(Section::Space),
        "Usage per loader:" | "Chunk freelists:" | "Waste (unused committed space):" | "Internal statistics:" => {
            Some(Section::Other)
        }
        _ => None,
    };
    if let Some(heading) = heading {
        *section = heading;
        draft.extend(line);
        return true;
    }
    if let Some((name, value)) = text.split_once(": ")
        && let Some(field) = match name {
            "MaxMetaspaceSize" => Some("metaspace_max"),
            "CompressedClassSpaceSize" => Some("class_space_max"),
            "Current GC threshold" => Some("metaspace_threshold"),
            _ => None,
        }
    {
        if let Some((number, unit)) = value.split_once(' ') {
            draft.size(field, size(number, unit.trim_end_matches('.')), line, value);
        }
        draft.extend(line);
        return true;
    }
    if row(draft, *section, text, line) {
        return true;
    }
    let silent = is_silent(text);
    if silent {
        draft.extend(line);
    }
    silent
}

/// Free lists, settings, and statistics.
fn is_silent(text: &str) -> bool {
    const STARTS: [&str; 22] = [
        "(percentages refer to total committed size",
        "CDS: ",
        "Committed unused: ",
        "Deallocated from ",
        "Encoding Range: ",
        "Free blocks: ",
        "In free chunks: ",
        "Initial GC threshold: ",
        "Klass ",
        "MetaspaceReclaimPolicy: ",
        "Narrow klass ",
        "Protection zone: ",
        "Total word size: ",
        "UseCompressedClassPointers ",
        "Waste in chunks in use: ",
        "-total-: ",
        "KlassAlignmentInBytes: ",
        "Virtual space list",
        "vsl ",
        "- node #",
        "- total ",
        "commit mask, base 0x",
    ];
    let setting = text.strip_prefix("- ").unwrap_or(text);
    let is_setting = setting.split_once(": ").is_some_and(|(name, value)| {
        value.ends_with('.')
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    });
    let is_list = text.split_once(':').is_some_and(|(size, rest)| {
        size.ends_with(['k', 'm']) && whole(size.trim_end_matches(['k', 'm'])).is_some() && !rest.is_empty()
    });
    // A map of an area: `3:0x00007fa36a000000:  (no chunks)`.
    let is_map = text.split_once(":0x").is_some_and(|(number, rest)| whole(number).is_some() && rest.contains(':'));
    is_setting || is_list || is_map || STARTS.iter().any(|start| text.starts_with(start))
}

/// `Both:  4 chunks,  4.26 MB capacity,  198.00 KB (  5%) committed,  74.23 KB (  2%) used`, `Class space: …`.
fn row(draft: &mut Draft, section: Section, text: &str, line: &Line<'_>) -> bool {
    let Some((label, rest)) = text.split_once(':') else { return false };
    let names = match label {
        "Both" => ["metaspace_used", "metaspace_committed", "metaspace_reserved"],
        "Class" | "Class space" => ["class_used", "class_committed", "class_reserved"],
        "Non-class" | "Non-Class" | "Non-class space" | "Non-Class space" => ["", "", ""],
        _ => return false,
    };
    draft.extend(line);
    let [used, committed, reserved] = names;
    if section == Section::Other || used.is_empty() {
        return true;
    }
    for part in rest.split(',') {
        // Without the share in brackets: `198.00 KB (  5%) committed`.
        let mut words =
            part.trim_end_matches(['.', ' ']).split([' ', '(', ')', '%', '<']).filter(|word| !word.is_empty());
        let (Some(number), Some(unit), Some(name)) = (words.next(), words.next(), words.next_back()) else { continue };
        let field = match (name, section) {
            ("used", Section::Usage) => used,
            ("committed", Section::Space) => committed,
            ("reserved", Section::Space) => reserved,
            _ => continue,
        };
        // JDK 25 says all of it above already, and the rounded `128.00 MB` is no better than its `131072K`.
        if draft.has(field) {
            continue;
        }
        draft.size(field, size(number, unit), line, number);
    }
    true
}

/// `232.56` and `KB`. Two decimals: exact to a hundredth of the unit, which of a gigabyte is too coarse.
fn size(number: &str, unit: &str) -> Option<Bytes> {
    let unit = quantity::unit(unit).filter(|unit| *unit < GIB || number.ends_with(".00"))?;
    amount(number, unit)
}
