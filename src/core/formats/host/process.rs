//! A table of processes, as `ps` and `top` print it: which rows are kept.
//!
//! Kept are all JVMs and the largest of the others, because they compete for the same memory. Threads of one process are
//! one row: they share its memory.

use super::draft::Draft;
use super::quantity::{KIB, binary, whole};
use crate::formats::jvm_options::{command_line, is_jvm, max_heap};
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::order::InOrder as _;
use crate::source::Line;
use crate::units::{Bytes, Micros};

/// What only looks at the table, which is printed along.
const VIEWERS: &[&str] = &["grep", "egrep", "rg", "ps", "top", "sort", "head", "less"];
/// Processes that are no JVM, kept of one table.
const MAX_OTHERS: usize = 20;
/// JVMs kept of one table.
const MAX_JVMS: usize = 200;

/// The rows of one table that are kept so far.
#[derive(Debug, Default)]
pub(super) struct Processes {
    jvms: Vec<Draft>,
    others: Vec<Draft>,
    /// Threads stand among the processes, as in htop.
    pub(super) with_threads: bool,
}

/// The first `count - 1` words and the rest, which may have blanks. `None` if there are not that many.
pub(super) fn cells(body: &str, count: usize) -> Option<Vec<&str>> {
    let mut cells = Vec::with_capacity(count);
    let mut rest = body.trim();
    while cells.len() + 1 < count {
        let (word, tail) = rest.split_once([' ', '\t'])?;
        cells.push(word);
        rest = tail.trim_start();
    }
    cells.push(rest);
    (!rest.is_empty()).then_some(cells)
}

/// A size in KiB, or with a suffix. Less than one of the suffix's unit (`0.1g`) has lost too many digits to be a size.
pub(super) fn memory(cell: &str) -> Option<Bytes> {
    binary(cell, KIB).filter(|_| whole(cell).is_some() || !cell.starts_with('0'))
}

/// `[[dd-]hh:]mm:ss`, or seconds alone.
pub(super) fn elapsed(cell: &str) -> Option<Micros> {
    let (days, clock) = match cell.split_once('-') {
        Some((days, clock)) => (whole(days)?, clock),
        None => (0, cell),
    };
    let mut seconds = 0_u64;
    for part in clock.split(':') {
        seconds = seconds.checked_mul(60)?.checked_add(whole(part)?)?;
    }
    let seconds = days.checked_mul(86_400)?.checked_add(seconds)?;
    Micros::from_seconds(i64::try_from(seconds).ok()?)
}

/// Reads one cell by its column. False if a number should stand there and does not.
pub(super) fn read_cell(draft: &mut Draft, column: &str, cell: &str, line: &Line<'_>) -> bool {
    match column {
        "PID" => {
            draft.pid(line, cell);
            return draft.reading.pid.is_some();
        }
        "PPID" => return whole(cell).is_some(),
        "USER" | "RUSER" | "EUSER" | "UID" => {
            // Behind the number of the line that `grep -n` puts before it; no user has a colon.
            let user = cell.rsplit_once(':').map_or(cell, |(_, user)| user);
            // The kernel puts the process into brackets there, in a table of its own.
            if user.starts_with('[') {
                return false;
            }
            draft.word("user", user, line, user);
        }
        "S" | "STAT" | "STATE" => {
            let letter = cell.get(..1).unwrap_or(cell);
            draft.word("state", letter, line, letter);
        }
        "VIRT" | "VSZ" | "VSIZE" => return put(draft, "virtual", cell, line),
        "RES" | "RSS" | "RSZ" | "RSIZE" => return put(draft, "rss", cell, line),
        "SHR" => return put(draft, "rss_shared", cell, line),
        "SWAP" | "SWAPSZ" => return put(draft, "swap", cell, line),
        "NLWP" | "THCNT" | "nTH" => draft.count("threads", whole(cell), line, cell),
        "ELAPSED" => draft.reading.uptime = elapsed(cell),
        "COMMAND" | "CMD" | "ARGS" | "COMM" => command(draft, cell, line),
        _ => {}
    }
    true
}

/// True if the cell is such as a size looks, read or not.
fn put(draft: &mut Draft, name: &'static str, cell: &str, line: &Line<'_>) -> bool {
    draft.size(name, memory(cell), line, cell);
    cell == "-" || binary(cell, KIB).is_some()
}

/// What stands in the path of a JVM that is OpenJ9.
const OPENJ9: [&str; 3] = ["openj9", "semeru", "/ibm-java"];

/// The program, and of a JVM its options and its main class.
pub(super) fn command(draft: &mut Draft, text: &str, line: &Line<'_>) {
    // `ps f` and `ps --forest` draw lines before the command.
    let text = text.trim_start_matches(['|', '\\', '_', ' ', '`', '-', '├', '└', '─', '│']);
    let program = text.split([' ', '\t']).next().unwrap_or(text);
    draft.name(line, program);
    if let Some(found) = command_line(text) {
        if OPENJ9.iter().any(|sign| program.contains(sign)) {
            draft.word("vendor", "OpenJ9", line, program);
        }
        if let Some((size, option)) = max_heap(&found.options) {
            draft.size("heap_max", Some(size), line, option);
        }
        if let Some(file) = found.argument_file {
            draft.word("argument_file", file, line, file);
        }
        draft.flags(&found.options, line, text);
        if let Some(main) = found.main {
            draft.word("main", main, line, main);
        }
    }
}

impl Processes {
    /// Keeps a row if it is worth it.
    pub(super) fn add(&mut self, draft: Draft) {
        let pid = draft.reading.pid;
        let name = draft.reading.name.as_deref().unwrap_or_default();
        if self.jvms.iter().chain(&self.others).any(|known| known.reading.pid == pid) {
            return;
        }
        if is_jvm(name) {
            if self.jvms.len() < MAX_JVMS {
                self.jvms.push(draft);
            }
            return;
        }
        if name.rsplit('/').next().is_some_and(|name| VIEWERS.contains(&name)) {
            return;
        }
        if draft.reading.sizes.get("rss").is_none_or(|rss| *rss == Bytes(0)) {
            return;
        }
        self.others.push(draft);
        if self.others.len() > MAX_OTHERS {
            let smallest = (0..self.others.len()).min_by_key(|at| self.others.get(*at).map(size));
            if let Some(at) = smallest {
                self.others.remove(at);
            }
        }
    }

    /// True if one of them is a JVM.
    pub(super) fn has_jvm(&self) -> bool {
        !self.jvms.is_empty()
    }

    /// True if several rows of JVMs are one process: its threads, each with the whole memory. `ps` prints their process.
    fn are_threads(&self) -> bool {
        let memory = |draft: &Draft| {
            let sizes = &draft.reading.sizes;
            (sizes.get("virtual").copied(), sizes.get("rss").copied())
        };
        let Some(first) = self.jvms.first().filter(|draft| draft.reading.kind != HostKind::Ps).map(memory) else {
            return false;
        };
        self.jvms.len() >= 3 && first.1.is_some() && self.jvms.iter().all(|draft| memory(draft) == first)
    }

    /// Threads of one JVM show its memory, and their numbers are higher than its own.
    fn drop_threads(&mut self) {
        let memory =
            |draft: &Draft| ["virtual", "rss", "rss_shared"].map(|name| draft.reading.sizes.get(name).copied());
        let mut known = Vec::new();
        self.jvms.order_by_key(|draft| draft.reading.pid);
        self.jvms.retain(|draft| {
            let this = (memory(draft), draft.reading.flags.clone());
            let is_new = !known.contains(&this);
            known.push(this);
            is_new
        });
        self.others.retain(|draft| known.iter().all(|(of_jvm, _)| *of_jvm != memory(draft)));
    }

    /// Hands over the kept rows in the order of their lines.
    pub(super) fn push(mut self, out: &mut Readings) {
        if self.with_threads {
            self.drop_threads();
        } else if self.are_threads() {
            self.jvms.clear();
        }
        let mut rows: Vec<Draft> = self.jvms.into_iter().chain(self.others).collect();
        rows.order_by_key(|draft| draft.reading.first_line);
        for draft in rows {
            let name = draft.reading.name.as_deref().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
            // `p` may be the beginning of `ps`.
            if name.is_empty() || !(draft.is_cut() && VIEWERS.iter().any(|viewer| viewer.starts_with(name))) {
                draft.push(out);
            }
        }
    }
}

fn size(draft: &Draft) -> Bytes {
    draft.reading.sizes.get("rss").copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elapsed_times_are_read_with_and_without_days() {
        assert_eq!(elapsed("00:08"), Some(Micros(8_000_000)));
        assert_eq!(elapsed("1-02:03:04"), Some(Micros(93_784_000_000)));
        assert_eq!(elapsed("3600"), Some(Micros(3_600_000_000)));
        assert_eq!(elapsed("-"), None);
    }

    #[test]
    fn less_than_one_of_a_unit_is_no_size() {
        assert_eq!(memory("0.1g"), None);
        assert_eq!(memory("0"), Some(Bytes(0)));
        assert_eq!(memory("73.3m"), Some(Bytes(76_860_621)));
    }

    #[test]
    fn only_the_largest_of_the_others_are_kept() {
        let mut processes = Processes::default();
        for pid in 1..=40_u32 {
            let row = format!("{pid} {} worker", pid * 100);
            let line = Line { number: pid, ..Line::of(&row) };
            let mut draft = Draft::new(HostKind::Ps, &line);
            for (column, cell) in ["PID", "RSS", "CMD"].iter().zip(cells(&row, 3).expect("three cells")) {
                assert!(read_cell(&mut draft, column, cell, &line));
            }
            processes.add(draft);
        }
        let mut out = Readings::default();
        processes.push(&mut out);
        let pids: Vec<Option<u32>> = out.host.iter().map(|reading| reading.pid).collect();
        assert_eq!((pids.len(), pids.first(), pids.last()), (20, Some(&Some(21)), Some(&Some(40))));
    }
}
