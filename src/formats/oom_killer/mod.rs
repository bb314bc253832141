//! Reads reports of the Linux OOM killer, 2.6 to 6.19, whole or in pieces.
//!
//! ```text
//! java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
//! memory: usage 4194304kB, limit 4194304kB, failcnt 3127
//! [  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name
//! [  48213]  1000 48213  2334720  1020928  1015808     5120         0  9437184        0           984 java
//! oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=aa11,mems_allowed=0,oom_memcg=/pod22,task_memcg=/pod22/aa11,task=java,pid=48213,uid=1000
//! Memory cgroup out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:9216kB oom_score_adj:984
//! ```
//!
//! What a line is, is decided by its shape and never by the kernel's version: distributions carry features between
//! versions. `invocation`, `cgroup`, `meminfo`, `table`, and `kill` each know one block; `report` puts them together; `merge`
//! finds events seen twice. Any block may be missing, and foreign lines may stand between any two lines. A report ends
//! where the next one of its host begins.
//!
//! The memory dump of a failed allocation looks the same and is no kill: it becomes an event of its own kind.

mod cgroup;
mod invocation;
mod kill;
mod meminfo;
mod merge;
mod reaper;
mod report;
mod table;
mod text;

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Claim, Format, Reader};
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::Wall;
use crate::source::{Line, Stamp};
use crate::units::Micros;
use crate::warning::{Warning, WarningKind, WarningSink};
use report::{Clock, Closed, Report, Section};
use text::{Piece, Text};

/// OOM killer.
pub static FORMAT: Format = Format { id: "oom-killer", claim, reader: || Box::new(OomReader::default()) };

/// A kill this long after a report's last line belongs to another report.
const CLOCK_JUMP: u64 = 300_000_000;
/// A report that begins this soon after the last line of another which has killed nobody yet runs beside it.
const MIXED_GAP: u64 = 1_000_000;
/// No program wraps lines shorter than this.
const MIN_WIDTH: usize = 40;
/// Reports open at once (one per host) at most.
const MAX_OPEN: usize = 64;
/// Physical lines that one wrapped line is put together from at most.
const MAX_PIECES: usize = 12;

/// Lines that say by themselves what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Invocation,
    Context,
    Kill,
    Choice,
    Header,
    TaskIn,
    Usage,
    Stats,
    MemInfo,
    MemLine,
    Reaper,
    Group,
    Sysrq,
    Panic,
    NoVictim,
    Failure,
}

fn start(body: &str) -> Option<Start> {
    static INVOKED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(invocation::INVOKED));
    static PROCESS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" process "));
    let bytes = body.as_bytes();
    let by_first = match bytes.first()? {
        b'[' => table::header(body).map(|_| Start::Header),
        b'm' | b's' | b'k' if cgroup::usage(body).is_some() => Some(Start::Usage),
        b's' | b'S' if is_sysrq(body) => Some(Start::Sysrq),
        b'o' if body.starts_with(reaper::REAPER) => Some(Start::Reaper),
        b'o' if body.starts_with(kill::CONTEXT) => Some(Start::Context),
        b'o' if body.starts_with("out of memory. panic_on_oom is selected") => Some(Start::Panic),
        b'K' if body.starts_with("Kernel panic - not syncing: ") && is_memory_panic(body) => Some(Start::Panic),
        b'T' | b'/' if cgroup::task_in(body).is_some() => Some(Start::TaskIn),
        b'T' if body.starts_with("Tasks in ") && body.contains(" due to memory.oom.group set") => Some(Start::Group),
        b'M' if body == "Mem-Info:" || body == "Mem-info:" => Some(Start::MemInfo),
        b'M' if body.starts_with(cgroup::STATS) => Some(Start::Stats),
        b'O' if body.starts_with("Out of memory and no killable processes") => Some(Start::NoVictim),
        b'M' if body.starts_with("Memory cgroup out of memory: no killable") => Some(Start::NoVictim),
        b'N' | b'D' | b'a' | b'H' | b'F' | b'T' | b'0'..=b'9' if meminfo::is_unmistakable(body) => Some(Start::MemLine),
        _ => None,
    };
    if by_first.is_some() {
        return by_first;
    }
    if INVOKED.find(bytes).is_some() {
        return Some(Start::Invocation);
    }
    if let Some(at) = PROCESS.find(bytes) {
        let before = body.get(..at).unwrap_or_default();
        if before.ends_with("illed") || body.contains(kill::KILLED) {
            return (!kill::kills(body).is_empty()).then_some(Start::Kill);
        }
        if before.ends_with("ill") && kill::choice(body).is_some() {
            return Some(Start::Choice);
        }
    }
    match bytes.first()? {
        _ if body.contains(": OOM victim ") && body.contains("already exiting") => Some(Start::NoVictim),
        _ if body.contains("page allocation ") && failure(body).is_some() => Some(Start::Failure),
        // Wrapped by another program: `Message: oom-kill:constraint=…`.
        _ if body.contains(kill::CONTEXT) => Some(Start::Context),
        _ => None,
    }
}

fn is_sysrq(body: &str) -> bool {
    (body.starts_with("sysrq") || body.starts_with("SysRq")) && body.contains("Manual OOM execution")
}

fn is_memory_panic(body: &str) -> bool {
    body.contains("ut of memory") || body.contains("System is deadlocked on memory")
}

/// `java: page allocation failure: order:0, mode:0x…`: the thread, if the line is one.
fn failure(body: &str) -> Option<&str> {
    let at = body.find(": page allocation ")?;
    let rest = body.get(at + ": page allocation ".len()..)?;
    let known = rest.starts_with("failure") && rest.contains("order:") || rest.starts_with("stalls for ");
    known.then(|| body.get(..at).unwrap_or_default())
}

fn claim(line: &Line<'_>) -> Claim {
    let body = line.body.trim_start();
    if let Some(cells) = without_bars(body.trim_end()) {
        return if table::header(cells.trim()).is_some() { Claim::Strong } else { Claim::None };
    }
    if start(body).is_some() {
        Claim::Strong
    } else if body.starts_with('[') && table::is_likely_row(body) {
        Claim::Weak
    } else {
        Claim::None
    }
}

/// A line that ends too early, waiting for its rest.
#[derive(Debug)]
struct Pending {
    source: u16,
    uptime: Option<Micros>,
    wall: Option<Wall>,
    host: Option<String>,
    caller: Option<String>,
    body: String,
    pieces: Vec<Piece>,
    /// Blank lines do not end the wait; foreign ones do.
    kind: Wrapped,
}

/// Lines that are put together again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapped {
    Invocation,
    Context,
    Kill,
    Header,
    Row,
    Stats,
    TaskIn,
    Cpu,
    Reaper,
    Memory,
}

#[derive(Default)]
struct OomReader {
    open: Vec<Report>,
    pending: Option<Pending>,
    known: merge::Known,
    /// Kills still to come of reports whose lines are mixed.
    mixed: u32,
    /// Victims that only the reaper has named so far.
    unseen: reaper::Unseen,
    /// `=3D` was seen: an `=` at the end of a line only says that the line goes on.
    quoted_printable: bool,
}

impl Reader for OomReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.open.is_empty() && self.pending.is_none() {
            return false;
        }
        self.read(line, false, out)
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        self.read(line, true, out)
    }

    fn finish(&mut self, out: &mut Readings) {
        self.settle_pending(out);
        for report in std::mem::take(&mut self.open) {
            self.push(report, out);
        }
        std::mem::take(&mut self.unseen).settle(out);
    }
}

impl OomReader {
    fn read(&mut self, line: &Line<'_>, may_open: bool, out: &mut Readings) -> bool {
        let uncut;
        let mut text = Text::of(line);
        if text.body.contains("=3D") {
            self.quoted_printable = true;
            uncut = text.body.replace("=3D", "=");
            text.body = &uncut;
        }
        if out.unterminated == Some((line.source, line.number)) {
            text.body = without_begun_stamp(text.body);
        }
        let cut = if out.is_cut(line) { text::without_cut_number(text.body) } else { None };
        if let Some((whole, _)) = cut {
            text.body = whole;
        }
        if text.body.is_empty() {
            return false;
        }
        text.body = without_cut_mark(text.body);
        let cells;
        if let Some(plain) = without_bars(text.body) {
            cells = plain;
            text.body = cells.trim();
        }
        let taken = self.read_text(&text, may_open, out);
        if let Some((_, column)) = cut.filter(|_| taken) {
            out.warn_cut(line, column);
        }
        taken
    }

    fn read_text(&mut self, text: &Text<'_>, may_open: bool, out: &mut Readings) -> bool {
        if self.pending.is_some() {
            if self.join_pending(text, out) {
                return true;
            }
            self.settle_pending(out);
        }
        if let Some(kind) = self.wrapped(text) {
            let stamp = &text.line.stamp;
            self.pending = Some(Pending {
                source: text.line.source,
                uptime: stamp.uptime,
                wall: stamp.wall,
                host: stamp.host.map(str::to_owned),
                caller: stamp.caller.map(str::to_owned),
                body: text.body.to_owned(),
                pieces: vec![piece(text, 0)],
                kind,
            });
            return true;
        }
        self.take(text, may_open, out)
    }

    /// What kind of line this is, if it ends too early.
    fn wrapped(&self, text: &Text<'_>) -> Option<Wrapped> {
        let body = text.body;
        // Even a whole line waits for the next if its last number may go on there.
        let ends_in_number = body.ends_with(|c: char| c.is_ascii_digit());
        match start(body) {
            Some(Start::Invocation) if ends_in_number || invocation::is_cut(body) => Some(Wrapped::Invocation),
            Some(Start::Context) if ends_in_number || kill::is_context_cut(body) => Some(Wrapped::Context),
            Some(Start::Kill) if ends_in_number || kill::may_be_cut(body) => Some(Wrapped::Kill),
            Some(Start::Stats) if cgroup::stats_heading(body).is_none() => Some(Wrapped::Stats),
            Some(Start::Header) if !table::header(body).is_some_and(|columns| table::is_whole(&columns)) => {
                Some(Wrapped::Header)
            }
            Some(Start::TaskIn) => Some(Wrapped::TaskIn),
            Some(Start::Reaper) if !body.contains("shmem-rss:") || !body.ends_with("kB") => Some(Wrapped::Reaper),
            None | Some(Start::MemLine) => {
                let report = self.open.get(self.report(&text.line.stamp)?)?;
                if body.starts_with("Task in /") {
                    return Some(Wrapped::TaskIn);
                }
                if report.section == Section::Head && invocation::cpu(body).is_some_and(|cpu| cpu.kernel.is_none()) {
                    return Some(Wrapped::Cpu);
                }
                if report.section == Section::Memory && meminfo::is_list_cut(body) {
                    return Some(Wrapped::Memory);
                }
                let columns = report.columns.as_deref()?;
                let (_, rest) = table::bracket(body)?;
                let rest = rest.strip_suffix('=').filter(|_| self.quoted_printable).unwrap_or(rest);
                let numbers = rest.split_ascii_whitespace().count();
                let all = rest.split_ascii_whitespace().all(|word| word.parse::<i64>().is_ok());
                (all && numbers > 1 && numbers < columns.len()).then_some(Wrapped::Row)
            }
            _ => None,
        }
    }

    /// Tries to put a line to the one that waits. True if it was its rest.
    fn join_pending(&mut self, text: &Text<'_>, out: &mut Readings) -> bool {
        let Some(pending) = &mut self.pending else { return false };
        let stamp = text.line.stamp;
        // The rest of a line stands alone on its own: what a transport split off or stripped is none.
        let marks = |c: char| matches!(c, '>' | '|' | '+' | '-' | '*' | ' ' | '\t');
        let alone =
            text.line.raw.trim_start_matches(marks).trim_end() == text.line.body.trim_start_matches(marks).trim_end();
        let bare = stamp == Stamp::default();
        let same_time = (stamp.uptime, stamp.wall) == (pending.uptime, pending.wall);
        if !alone || !(bare || same_time) || start(text.body).is_some() || pending.pieces.len() >= MAX_PIECES {
            return false;
        }
        let columns = self.open.last().and_then(|report| report.columns.as_deref());
        let score = |body: &str| fields(pending.kind, body, columns);
        let soft = pending.body.strip_suffix('=').filter(|_| self.quoted_printable);
        let head = soft.unwrap_or(&pending.body);
        let glued = format!("{head}{}", text.body);
        let spaced = format!("{head} {}", text.body);
        let (now, as_glued, as_spaced) = (score(head), score(&glued), score(&spaced));
        let best = if as_glued > as_spaced || (as_glued == as_spaced && prefers_glue(pending.kind, head, text.body)) {
            (as_glued, glued, head.len())
        } else {
            (as_spaced, spaced, head.len() + 1)
        };
        // A piece of a path says nothing yet, but it is one word, and no wider than what was wrapped.
        let width = pending.pieces.first().map_or(0, |piece| piece.raw.len());
        let is_elision =
            !text.body.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ',' | '-' | '_'));
        // The owner stands behind all paths.
        let paths_are_whole = pending.kind == Wrapped::Context && !kill::is_context_cut(head);
        let in_path = bare
            && !paths_are_whole
            && !is_elision
            && width >= MIN_WIDTH
            && text.line.raw.len() <= width + 2
            && matches!(pending.kind, Wrapped::Context | Wrapped::Stats | Wrapped::TaskIn)
            && !text.body.contains(' ')
            && text.body.contains(['/', ',', '=', '.', '-', '_', ':']);
        let raw = text.line.raw.strip_prefix("> ").unwrap_or(text.line.raw);
        let is_rest = bare && !raw.starts_with([' ', '\t']) && is_rest_of_number(head, text.body);
        if best.0 <= now && !is_rest && !in_path {
            return false;
        }
        let Some(mut pending) = self.pending.take() else { return false };
        pending.pieces.push(piece(text, best.2));
        pending.body = best.1;
        if is_rest && out.is_cut(&text.line) {
            // The rest of the number may lack digits, too.
            let number = text::without_cut_number(&pending.body).map(|(whole, key)| (whole.len(), key.to_owned()));
            if let Some((end, key)) = number {
                pending.body.truncate(end);
                out.warn_cut(&text.line, &key);
            }
        }
        if let Some(report) = self.open.last_mut() {
            report.repaired = true;
        }
        // A line as long as the first may have been wrapped as well.
        let may_go_on = text.line.raw.len() >= width;
        let whole = !may_go_on
            && match pending.kind {
                Wrapped::Invocation => !invocation::is_cut(&pending.body),
                Wrapped::Context => !kill::is_context_cut(&pending.body),
                Wrapped::Kill | Wrapped::Reaper => false,
                Wrapped::Cpu => invocation::cpu(&pending.body).is_some_and(|cpu| cpu.kernel.is_some()),
                Wrapped::Memory => !meminfo::is_list_cut(&pending.body),
                Wrapped::Stats => cgroup::stats_heading(&pending.body).is_some(),
                Wrapped::TaskIn => false,
                Wrapped::Header => table::header(&pending.body).is_some_and(|columns| table::is_whole(&columns)),
                Wrapped::Row => table::row(&pending.body, columns_of(&self.open), 0).is_some(),
            };
        self.pending = Some(pending);
        if whole {
            self.settle_pending(out);
        }
        true
    }

    /// Reads the line that waited, with what came of it.
    fn settle_pending(&mut self, out: &mut Readings) {
        let Some(pending) = self.pending.take() else { return };
        let Some(first) = pending.pieces.first() else { return };
        let (host, caller) = (pending.host.as_deref(), pending.caller.as_deref());
        let stamp = Stamp { uptime: pending.uptime, wall: pending.wall, host, caller };
        let line =
            Line { source: pending.source, number: first.number, body: &pending.body, stamp, ..Line::of(&first.raw) };
        let text = Text { line, body: &pending.body, pieces: &pending.pieces };
        self.take(&text, true, out);
        if let Some(last) = pending.pieces.get(1..).and_then(<[Piece]>::last) {
            out.warn_line(&line, WarningKind::WrapRepaired);
            let rest = Line { number: last.number, raw: &last.raw, ..line };
            out.keep(&rest);
        }
    }

    /// The open report of a host, and of a caller where lines name theirs. Lines without a host go to the report that had
    /// the last line.
    fn report(&self, stamp: &Stamp<'_>) -> Option<usize> {
        let fits = |own: Option<&str>, of: Option<&str>| own.zip(of).is_none_or(|(own, of)| own == of);
        self.open.iter().rposition(|report| {
            fits(stamp.host, report.kill.host.as_deref()) && fits(stamp.caller, report.caller.as_deref())
        })
    }

    /// Makes the report whose victim is announced by this pid the current one.
    fn expect(&mut self, pid: u32, host: Option<&str>) -> bool {
        let same_host = |of: Option<&str>| host.zip(of).is_none_or(|(host, of)| host == of);
        let expected = |report: &Report| {
            report.expects() == Some(pid) && !report.has_victim() && same_host(report.kill.host.as_deref())
        };
        match self.open.iter().rposition(expected) {
            Some(at) => {
                let report = self.open.remove(at);
                self.open.push(report);
                true
            }
            None => false,
        }
    }

    /// The report that goes on with this line, last in the list from now on.
    fn current(&mut self, text: &Text<'_>) -> Option<&mut Report> {
        let at = self.report(&text.line.stamp)?;
        if at + 1 != self.open.len() {
            let report = self.open.remove(at);
            self.open.push(report);
        }
        let report = self.open.last_mut()?;
        Some(report)
    }

    /// Ends the host's report and opens the next.
    fn next(&mut self, text: &Text<'_>, out: &mut Readings) -> Option<&mut Report> {
        if let Some(at) = self.report(&text.line.stamp) {
            let report = self.open.remove(at);
            self.push(report, out);
        }
        // Reports of other callers are over once somebody was killed.
        let host = text.line.stamp.host;
        let is_over = |report: &Report| report.has_victim() && report.kill.host.as_deref() == host;
        while let Some(at) = self.open.iter().position(is_over) {
            let report = self.open.remove(at);
            self.push(report, out);
        }
        if self.open.len() >= MAX_OPEN {
            let report = self.open.remove(0);
            self.push(report, out);
        }
        self.open_new(&text.line);
        self.open.last_mut()
    }

    fn open_new(&mut self, line: &Line<'_>) {
        let mut report = Report::new(line);
        report.mixed = self.mixed > 0;
        self.open.push(report);
    }

    /// A second report begins before the first has killed: their lines are mixed, and only the kernel's caller ids could
    /// tell them apart.
    fn note_mixed(&mut self, text: &Text<'_>, out: &mut Readings) {
        let clock = Clock::of(&text.line.stamp);
        let Some(report) = self.current(text) else { return };
        let unfinished = report.invoked && !report.has_victim() && !report.excused && !report.has_context;
        if unfinished && clock.uptime.is_some() && report.last.distance(&clock).is_some_and(|gap| gap <= MIXED_GAP) {
            report.mixed = true;
            self.mixed = self.mixed.max(1).saturating_add(1);
            out.warn_line(&text.line, WarningKind::Interleaved);
        }
    }

    /// The open report if `fits`, else a new one.
    fn current_or_next(
        &mut self,
        text: &Text<'_>,
        fits: impl Fn(&Report) -> bool,
        out: &mut Readings,
    ) -> Option<&mut Report> {
        let clock = Clock::of(&text.line.stamp);
        let goes_on = self
            .current(text)
            .is_some_and(|report| fits(report) && report.last.distance(&clock).is_none_or(|jump| jump <= CLOCK_JUMP));
        if goes_on { self.current(text) } else { self.next(text, out) }
    }

    fn push(&mut self, report: Report, out: &mut Readings) {
        match report.close(out) {
            Closed::Event(event) => out.events.push(event),
            Closed::Nothing => {}
            Closed::Kill(kill) => {
                let same = self.known.same_event(&out.oom_kills, &kill);
                match same.and_then(|at| Some((at, out.oom_kills.get_mut(at)?))) {
                    Some((at, known)) => {
                        let span = crate::source::Span { source: kill.source, line: kill.first_line, start: 0, end: 0 };
                        merge::join(known, *kill);
                        self.known.note(at, known);
                        out.warn(Warning { span, kind: WarningKind::Duplicate });
                    }
                    None => out.oom_kills.push(*kill),
                }
            }
        }
    }

    /// Reads a whole line. False if it is not part of a report.
    fn take(&mut self, text: &Text<'_>, may_open: bool, out: &mut Readings) -> bool {
        match start(text.body) {
            Some(start) => self.take_start(start, text, out),
            None => self.take_inner(text, out) || (may_open && self.take_first_row(text, out)),
        }
    }

    fn take_start(&mut self, start: Start, text: &Text<'_>, out: &mut Readings) -> bool {
        let body = text.body;
        let source = text.line.source;
        if !matches!(start, Start::Stats | Start::MemLine)
            && let Some(report) = self.current(text)
        {
            report.end_stats(source, text.line.number, out);
        }
        if matches!(
            start,
            Start::Invocation
                | Start::Context
                | Start::Kill
                | Start::Choice
                | Start::Usage
                | Start::MemInfo
                | Start::Panic
                | Start::Stats
        ) {
            out.keep(&text.line);
        }
        match start {
            Start::Invocation => {
                let Some(found) = invocation::invocation(body) else { return false };
                self.note_mixed(text, out);
                let fits = |report: &Report| report.sysrq && !report.invoked && !report.has_victim();
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.invocation(&found, text);
                }
            }
            Start::Sysrq => {
                if let Some(report) = self.next(text, out) {
                    report.sysrq = true;
                }
            }
            Start::Failure => {
                let name = failure(body).map(str::trim).unwrap_or_default();
                if let Some(report) = self.next(text, out) {
                    report.failure = Some(Event {
                        kind: "page-allocation-failure".to_owned(),
                        name: (!name.is_empty() && name.len() <= 32).then(|| name.to_owned()),
                        ..Event::default()
                    });
                }
            }
            Start::Context => {
                let Some(found) = kill::context(body) else { return false };
                let fits = |report: &Report| !report.has_victim() && !report.has_context && report.failure.is_none();
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.context(&found, text);
                }
            }
            Start::Choice => {
                let Some(found) = kill::choice(body) else { return false };
                let fits =
                    |report: &Report| !report.has_victim() && report.kill.chosen.is_none() && report.failure.is_none();
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.choice(&found, text);
                }
            }
            Start::Kill => return self.take_kills(text, out),
            Start::Header => {
                let Some(mut columns) = table::header(body) else { return false };
                if !table::is_whole(&columns) {
                    let whole = table::complete(&columns);
                    let layout = whole.as_ref().map_or_else(|| columns.join(" "), |columns| columns.join(" "));
                    out.warn_line(&text.line, WarningKind::LayoutInferred { layout });
                    // Without all columns the rows themselves must tell.
                    columns = whole.unwrap_or_default();
                }
                let fits = |report: &Report| !report.has_victim() && !report.has_table() && !report.has_context;
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.header(columns);
                }
            }
            Start::TaskIn => {
                let Some((task, limit)) = cgroup::task_in(body) else { return false };
                let limit = if out.is_cut(&text.line) { "" } else { limit };
                let fits =
                    |report: &Report| !report.has_victim() && !report.has_table() && report.kill.cgroup.is_none();
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.task_in(task, limit, text);
                }
            }
            Start::Usage => {
                let Some(found) = cgroup::usage(body) else { return false };
                let again = found.counter == cgroup::Counter::Memory;
                let fits = |report: &Report| {
                    let known = report.kill.cgroup.as_ref().is_some_and(|group| group.usage.is_some());
                    !(report.has_victim() || report.has_table() || again && known)
                };
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.usage(&found, text);
                }
            }
            Start::Stats => {
                let Some((path, stats)) = cgroup::stats_heading(body) else { return false };
                let fits = |report: &Report| !report.has_victim() && !report.has_table();
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.end_stats(source, text.line.number, out);
                    report.stats_heading(path, stats, text);
                }
            }
            Start::MemInfo => {
                let fits = |report: &Report| !report.has_victim() && !report.has_table() && !report.has_memory;
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.has_memory = true;
                    report.section = Section::Memory;
                }
            }
            Start::MemLine => {
                let Some(found) = meminfo::mem_line(body) else { return false };
                let fits = |report: &Report| !report.has_victim() && !report.has_table();
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.memory(&found, text);
                }
            }
            Start::Reaper => return self.take_reaper(text, out),
            Start::Group => {
                if let Some(report) = self.current_or_next(text, |_| true, out) {
                    report.kill.group_kill = true;
                }
            }
            Start::Panic | Start::NoVictim => {
                // Nothing follows a panic: what comes then is of the next boot.
                let fits = |report: &Report| report.failure.is_none() && !report.kill.panic;
                if let Some(report) = self.current_or_next(text, fits, out) {
                    report.excuse(body, start == Start::Panic);
                }
            }
        }
        self.touch(text)
    }

    fn touch(&mut self, text: &Text<'_>) -> bool {
        if let Some(report) = self.current(text) {
            report.touch(text);
        }
        true
    }

    fn take_kills(&mut self, text: &Text<'_>, out: &mut Readings) -> bool {
        let mut taken = false;
        for found in kill::kills(text.body) {
            let Some(victim) = report::victim(&found, text) else { continue };
            taken = true;
            let clock = Clock::of(&text.line.stamp);
            let same = |report: &Report| {
                let near = report.last.distance(&clock).is_none_or(|gap| gap <= merge::SAME_KILL);
                near && report.kill.victims.iter().any(|known| {
                    let same_sizes = known.total_vm == victim.total_vm && known.anon_rss == victim.anon_rss;
                    // A group kill names the first victim again.
                    known.pid == victim.pid && (same_sizes || report.kill.group_kill)
                })
            };
            // A report that names its victim beforehand is not that of another.
            let other = |report: &Report| {
                !report.has_victim()
                    && report.kill.chosen.is_none()
                    && report.expects().is_some_and(|pid| pid != victim.pid)
            };
            let fits = |report: &Report| {
                // Lines of one group have the same transport.
                let of_group = report.kill.group_kill && report.last.is_known() == clock.is_known();
                let is_open = !report.has_victim() && !report.kill.panic;
                report.failure.is_none() && (is_open || of_group || same(report))
            };
            if !self.expect(victim.pid, text.line.stamp.host) && self.current(text).is_some_and(|report| other(report))
            {
                if self.open.len() >= MAX_OPEN {
                    let report = self.open.remove(0);
                    self.push(report, out);
                }
                self.open_new(&text.line);
            }
            let Some(report) = self.current_or_next(text, fits, out) else { continue };
            // Choice and deed glued into one line.
            if let Some(choice) =
                kill::choice(text.body).filter(|_| !report.has_victim() && report.kill.chosen.is_none())
            {
                report.choice(&choice, text);
            }
            if !same(report) {
                report.victim(&found, victim, text);
                self.mixed = self.mixed.saturating_sub(1);
            } else if !report.kill.group_kill {
                let span = text.span_of(found.whole);
                report.kill.also.push(span);
                out.warn(Warning { span, kind: WarningKind::Duplicate });
            }
            self.touch(text);
        }
        taken
    }

    /// A reaper's line belongs to the report of its victim, which may have ended, or not be in the text.
    fn take_reaper(&mut self, text: &Text<'_>, out: &mut Readings) -> bool {
        let Some(found) = reaper::reaper(text.body) else { return true };
        let Ok(pid) = found.pid.parse::<u32>() else { return true };
        let line = text.line.number;
        let has = |kill: &crate::model::oom::OomKill| kill.victims.iter().any(|victim| victim.pid == pid);
        if let Some(report) = self.open.iter_mut().rev().find(|report| has(&report.kill)) {
            reaper::reaped(&mut report.kill, &found, line);
            report.touch(text);
        } else if let Some(at) = self.known.killer_of(pid, &out.oom_kills)
            && let Some(kill) = out.oom_kills.get_mut(at)
        {
            reaper::reaped(kill, &found, line);
        } else if self.unseen.take(&found, text) {
            out.keep(&text.line);
        }
        true
    }

    /// A line that is part of a report only because of the lines before it.
    fn take_inner(&mut self, text: &Text<'_>, out: &mut Readings) -> bool {
        let line = text.line.number;
        let bare = text.line.stamp == Stamp::default() || text.line.raw.trim() == text.line.body.trim();
        let Some(report) = self.current(text) else { return false };
        let body = text.body;
        if report.section == Section::Stats
            && let Some((name, digits)) = cgroup::stat(body)
        {
            report.stat(name, digits, text);
            report.touch(text);
            return true;
        }
        let taken = match body.as_bytes().first() {
            Some(b'[') if table::bracket(body).is_some() => match table::row(body, report.columns.as_deref(), line) {
                Some(row) if !report.kill.panic && (!report.has_victim() || report.section == Section::Table) => {
                    report.end_stats(text.line.source, line, out);
                    report.row(row);
                    true
                }
                _ => false,
            },
            _ if report.section == Section::Head && (report.invoked || report.failure.is_some()) => {
                take_head(report, text)
            }
            _ => false,
        };
        let taken = taken
            || body.starts_with("Tasks state (memory values in pages)")
            || (body.ends_with(" callbacks suppressed")
                && (body.starts_with("dump_header:") || body.starts_with("oom_kill_process:")))
            || (body.starts_with("Memory cgroup min protection ") && report.section != Section::Done)
            || (report.section != Section::Done && take_memory(report, text, line))
            || (bare && report.continued(text));
        if taken {
            report.touch(text);
        }
        taken
    }

    /// A row of a table whose header is missing.
    fn take_first_row(&mut self, text: &Text<'_>, out: &mut Readings) -> bool {
        if !table::is_likely_row(text.body) {
            return false;
        }
        let Some(row) = table::row(text.body, None, text.line.number) else { return false };
        if self.current(text).is_some_and(|report| report.columns.is_some() && report.section == Section::Table) {
            return false; // It does not fit the table's own header.
        }
        let fits = |report: &Report| !report.has_victim() && report.failure.is_none() && !report.kill.panic;
        if let Some(report) = self.current_or_next(text, fits, out) {
            report.row(row);
        }
        self.touch(text)
    }
}

/// CPU line, stack, registers.
fn take_head(report: &mut Report, text: &Text<'_>) -> bool {
    if let Some(found) = invocation::cpu(text.body) {
        report.cpu(&found, text);
        return true;
    }
    if invocation::is_head_line(text.body) {
        return true;
    }
    match invocation::frame(text.body) {
        Some(function) => {
            report.frame(function);
            true
        }
        None => false,
    }
}

/// Memory figures, slab caches, allocation profiles.
fn take_memory(report: &mut Report, text: &Text<'_>, line: u32) -> bool {
    let body = text.body;
    if body.starts_with("Unreclaimable slab info:") {
        report.section = Section::Slab;
        return true;
    }
    if body.starts_with("Memory allocations") {
        report.section = Section::Allocations;
        return true;
    }
    match report.section {
        Section::Slab => {
            if let Some((name, used, total)) = meminfo::slab_row(body) {
                report.slab(name, used, total, line);
                return true;
            }
            if body.starts_with("Name ") && body.ends_with("Total") {
                return true;
            }
        }
        Section::Allocations if body.contains(" func:") => return true,
        _ => {}
    }
    let found = meminfo::mem_line(body);
    // Where lines were left out, the totals may stand alone below the head.
    let is_total = matches!(found, Some(meminfo::MemLine::Total { .. } | meminfo::MemLine::Swap { .. }));
    if !(report.has_memory || is_total && report.invoked) {
        return false;
    }
    match found {
        // Counters stand above nodes and zones: this is the rest of a line.
        Some(meminfo::MemLine::Counters) if report.is_in_zone() => false,
        Some(found) => {
            report.memory(&found, text);
            true
        }
        None => false,
    }
}

/// A row of a Markdown table without its bars.
fn without_bars(body: &str) -> Option<String> {
    (body.starts_with("| [") && body.ends_with('|')).then(|| body.replace('|', " "))
}

/// A pager marks a line that it cut by `>` or `…`; the last word is then half a word.
fn without_cut_mark(body: &str) -> &str {
    let Some(cut) = body.strip_suffix('…').or_else(|| body.strip_suffix('>')) else { return body };
    if body.len() < 40 || body.ends_with("K>") {
        return body;
    }
    cut.rsplit_once([' ', '\t']).map_or(body, |(whole, _)| whole.trim_end().trim_end_matches(','))
}

/// Where several lines came as one, the last may be no more than the beginning of its stamp: `… java [Thu Mar 16`.
fn without_begun_stamp(body: &str) -> &str {
    match body.rsplit_once(" [") {
        Some((whole, begun)) if !begun.contains(']') => whole.trim_end(),
        _ => body,
    }
}

fn piece(text: &Text<'_>, start: usize) -> Piece {
    let offset = usize::try_from(text.line.span_of(text.body).start).unwrap_or_default();
    Piece { start, offset, number: text.line.number, raw: text.line.raw.to_owned() }
}

fn columns_of(open: &[Report]) -> Option<&[String]> {
    open.last().and_then(|report| report.columns.as_deref())
}

/// How much of a line of this kind could be read.
fn fields(kind: Wrapped, body: &str, columns: Option<&[String]>) -> usize {
    let some = |known: bool| usize::from(known);
    match kind {
        Wrapped::Invocation => invocation::invocation(body).map_or(0, |found| {
            1 + some(found.gfp_mask.is_some()) + some(found.order.is_some()) + some(found.oom_score_adj.is_some())
        }),
        Wrapped::Context => kill::context(body).map_or(0, |found| {
            [found.oom_memcg, found.task_memcg, found.task, found.pid, found.uid]
                .iter()
                .filter(|field| field.is_some())
                .count()
                + some(found.constraint.is_some())
                + some(found.global)
        }),
        Wrapped::Kill => kill::kills(body).last().map_or(0, |found| {
            [
                found.uid,
                found.total_vm,
                found.anon_rss,
                found.file_rss,
                found.shmem_rss,
                found.rss,
                found.swap,
                found.pgtables,
                found.oom_score_adj,
            ]
            .iter()
            .filter(|field| field.is_some())
            .count()
                + some(!found.comm.is_empty())
        }),
        Wrapped::Header => table::header(body).map_or(0, |columns| {
            let known = |column: &&String| {
                matches!(
                    column.as_str(),
                    "uid"
                        | "tgid"
                        | "total_vm"
                        | "rss"
                        | "rss_anon"
                        | "rss_file"
                        | "rss_shmem"
                        | "cpu"
                        | "oom_adj"
                        | "nr_ptes"
                        | "nr_pmds"
                        | "pgtables_bytes"
                        | "swapents"
                        | "oom_score_adj"
                        | "name"
                )
            };
            // Half a column is worse than none.
            let known = columns.iter().filter(known).count();
            known.saturating_sub(columns.len() - known)
        }),
        Wrapped::Stats => cgroup::stats_heading(body).map_or(0, |(_, stats)| 1 + text::pairs(stats).count()),
        Wrapped::TaskIn => some(cgroup::task_in(body).is_some()),
        Wrapped::Cpu => invocation::cpu(body).map_or(0, |cpu| 1 + some(cpu.kernel.is_some())),
        Wrapped::Reaper => reaper::reaper(body).map_or(0, |found| {
            [found.anon_rss, found.file_rss, found.shmem_rss].iter().filter(|field| field.is_some()).count()
        }),
        Wrapped::Memory => meminfo::list_length(body),
        Wrapped::Row => match table::row(body, columns, 0) {
            Some(_) => 100,
            None => {
                let words = body.split_once(']').map_or("", |(_, rest)| rest).split_ascii_whitespace();
                let numbers = words.clone().count();
                if words.clone().all(|word| word.parse::<i64>().is_ok()) { numbers } else { 0 }
            }
        },
    }
}

/// A line of nothing but a few digits behind a number that may go on.
fn is_rest_of_number(head: &str, tail: &str) -> bool {
    tail.len() <= 4 && tail.bytes().all(|b| b.is_ascii_digit()) && text::without_cut_number(head).is_some()
}

/// Both ways to join read the same: glue if the seam is inside a name, which rarely has blanks.
/// A row that reads well when glued has been cut inside a number; with a blank the last number would go to the name.
fn prefers_glue(kind: Wrapped, head: &str, tail: &str) -> bool {
    if matches!(kind, Wrapped::Row | Wrapped::Context | Wrapped::Stats | Wrapped::Cpu | Wrapped::Memory)
        || is_rest_of_number(head, tail)
    {
        return true;
    }
    if kind == Wrapped::TaskIn {
        // Only the words between the two paths have blanks.
        return !tail.starts_with("killed") && !head.ends_with(" of") && !head.ends_with("limit");
    }
    let digit = |c: char| c.is_ascii_digit();
    if head.ends_with(digit) && tail.starts_with(digit) {
        return true;
    }
    let inside_name = head.rfind('(') > head.rfind(')');
    inside_name && !head.ends_with('(') && tail.contains(')')
}
