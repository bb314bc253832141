//! The lines of a report that say by themselves what they are: headings, categories, totals, answers, dates.

use super::line::{self, Value, Values};
use super::names::{is_known, unified};
use crate::formats::date::read_date;
use crate::formats::quantity::is_digits;
use crate::model::kind::EventKind;
use crate::source::{Line, Stamp, Wall};

/// The part of a report that a line belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Section {
    #[default]
    Summary,
    Map,
    Files,
    Sites,
}

/// The first group of a category line.
#[derive(Debug)]
pub struct Header<'a> {
    pub(super) name: &'a str,
    pub(super) values: Values<'a>,
}

/// Reads `-   Java Heap (reserved=…, committed=…)`. Without its dash a line counts if the name is known, or if it
/// stands in a snapshot and nothing follows.
pub fn category(text: &str, in_snapshot: bool) -> Option<Header<'_>> {
    let mut groups = line::groups(text);
    let group = groups.next()?;
    if !group.inside.trim_start().starts_with("reserved=") {
        return None;
    }
    let (name, has_bullet) = line::without_bullet(group.before);
    if !line::is_name(name) {
        return None;
    }
    let mut values = line::values(group.inside, group.closed);
    values.list = values.list.into_iter().map(Value::without_open_end).collect();
    let whole = group.closed && values.get("committed").is_some();
    let whole = whole && values.list.iter().any(|value| value.size.is_some());
    let plausible = is_known(unified(name)) || (whole && has_bullet) || (whole && in_snapshot && text.ends_with(')'));
    (plausible && (whole || !group.closed)).then_some(Header { name, values })
}

/// True for `Total: reserved=…`.
pub fn is_total(text: &str) -> bool {
    text.strip_prefix("Total:")
        .and_then(|rest| rest.trim_start().strip_prefix("reserved="))
        .is_some_and(|amount| amount.starts_with(|c: char| c.is_ascii_digit()))
}

/// True for `Total: ...`, where somebody left the amounts out.
pub fn is_elided_total(text: &str) -> bool {
    text.strip_prefix("Total:").is_some_and(|rest| matches!(rest.trim(), "..." | "…" | "[...]" | "(...)"))
}

/// `(mmap: reserved=…, committed=…)` or `(malloc=… #12)`: a part of a category whose own line is not there, as `grep` leaves it. What it
/// is a part of.
pub(super) fn loose_part(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?;
    let part = ["mmap", "malloc", "arena"].iter().find(|part| inside.starts_with(**part))?;
    let behind = inside.get(part.len()..)?;
    let is_amount =
        behind.starts_with(": reserved=") || behind.strip_prefix('=')?.starts_with(|c: char| c.is_ascii_digit());
    is_amount.then(|| inside.get(..part.len())).flatten()
}

/// True for a line after which what follows is of another text: a fence, a time that stands alone, a sentence in a paragraph of its
/// own. A remark that lines were left out is none. `is_stamped` says that a logger put its time before the lines above.
pub(super) fn ends_text(line: &Line<'_>, after_blank: bool, is_stamped: bool) -> bool {
    const LEFT_OUT: [&str; 7] = ["omit", "skip", "snip", "trunc", "left out", "cut", "생략"];
    let text = line.body.trim();
    if text.starts_with("```") || text.starts_with("~~~") {
        return true;
    }
    if line.stamp != Stamp::default() {
        return false;
    }
    // A blank line behind a logger's time is a time alone, too.
    if !is_stamped && (is_time_alone(text) || date(line).is_some()) {
        return true;
    }
    let is_foreign = text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count() >= 4;
    let is_capital = text.starts_with(|c: char| c.is_ascii_uppercase());
    let ends = text.ends_with(['.', ':', '?', '!', '。']);
    let words = text.split_ascii_whitespace().count();
    let is_sentence = is_capital && ends && words >= 4 || is_foreign && words >= 3;
    let lower = text.to_ascii_lowercase();
    let is_own = section(text).is_some() || is_heading(text) || is_statistics(text);
    after_blank && is_sentence && !is_own && !text.contains('=') && !LEFT_OUT.iter().any(|word| lower.contains(word))
}

/// `12:30 UTC`, `12:30:05`, `3:07 PM:`.
fn is_time_alone(text: &str) -> bool {
    let mut words = text.trim_end_matches(':').split(' ');
    let time = words.next().unwrap_or_default();
    let parts: Vec<&str> = time.split(':').collect();
    let is_clock =
        (2..=3).contains(&parts.len()) && parts.iter().all(|part| (1..=2).contains(&part.len()) && is_digits(part));
    let zone = words.next().unwrap_or_default();
    is_clock && words.next().is_none() && zone.len() <= 5 && zone.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// True for the lines that begin a report.
pub fn is_heading(text: &str) -> bool {
    text == "Native Memory Tracking:" || text == "Native Memory Tracking Statistics:"
}

/// A date alone on its line. The transport takes `Wed Mar  4 09:00:01` off `Wed Mar  4 09:00:01 UTC 2026` as if a log
/// had put it there, so the untouched line counts too.
pub fn date(line: &Line<'_>) -> Option<Wall> {
    let read = |text: &str| {
        let first = text.as_bytes().first()?;
        matches!(first, b'1'..=b'2' | b'M' | b'T' | b'W' | b'F' | b'S').then(|| read_date(text))?
    };
    read(line.body.trim()).or_else(|| read(line.raw.trim()))
}

/// The kind of event that an answer without report is.
pub fn answer(text: &str) -> Option<EventKind> {
    let text = text.trim_end_matches('.');
    Some(match text {
        "Baseline taken" | "Baseline succeeded" | "Successfully baselined" => EventKind::NmtBaseline,
        "No baseline for comparison" | "No baseline to compare, run 'baseline' command first" => {
            EventKind::NmtNoBaseline
        }
        "No detail baseline for comparison" => EventKind::NmtNoDetailBaseline,
        "Detail tracking is not enabled" => EventKind::NmtNoDetail,
        "Native memory tracking is not enabled" => EventKind::NmtNotEnabled,
        _ if text.starts_with("Native memory tracking has been ") => EventKind::NmtShutDown,
        _ if text.ends_with("PrintNMTStatistics is disabled, because native memory tracking is not enabled") => {
            EventKind::NmtNotEnabled
        }
        _ => return None,
    })
}

/// The part that a heading begins.
pub(super) fn section(text: &str) -> Option<Section> {
    Some(match text {
        "Virtual memory map:" => Section::Map,
        "Details:" => Section::Sites,
        "Memory file details" => Section::Files,
        _ if text.starts_with("Memory map of ") => Section::Files,
        _ => return None,
    })
}

/// True for lines of `statistics`, and of `Preinit state` behind a summary in hs_err files.
pub(super) fn is_statistics(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "State: summary",
        "State: detail",
        "Malloc allocation site table",
        "Tracking stack depth: ",
        "Total entries: ",
        "Empty entries",
        "Hash distribution:",
        "Bucket chain length distribution:",
        "unused: ",
        "longest: ",
        "median: ",
        "most entries: ",
        "Call stack depth distribution:",
        "Preinit state:",
        "entries: ",
        "pre-init mallocs: ",
        "MallocLimit",
    ];
    if STARTS.iter().any(|start| text.starts_with(start)) {
        return true;
    }
    // `11 buckets are empty.`, ` 1   entry: 57.`, `10 entries: 1.`, `0: 0`
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == text.len() {
        return false;
    }
    let rest = rest.trim_start();
    let digits = |text: &str| is_digits(text.trim().trim_end_matches('.'));
    rest.starts_with("buckets are empty")
        || ["entry:", "entries:", ":"].iter().any(|mark| rest.strip_prefix(mark).is_some_and(digits))
}
