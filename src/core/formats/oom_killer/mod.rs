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
//! versions. `invocation`, `cgroup`, `meminfo`, `table`, and `kill` each know one block; `said` asks them what a line says, once;
//! `wrapped` joins lines that had been one; `open` knows which report a line goes on with; `report` puts what was said together;
//! `merge` finds events seen twice. Any block may be missing, and foreign lines may stand between any two lines. A report ends
//! where the next one of its host begins.
//!
//! The memory dump of a failed allocation looks the same and is no kill: it becomes an event of its own kind.

mod cgroup;
mod invocation;
mod kill;
mod meminfo;
mod merge;
mod open;
mod reaper;
mod report;
mod said;
mod table;
mod text;
mod wrapped;

use super::{Claim, Format, Reader};
use crate::model::oom::{OomKill, OomScope};
use crate::model::readings::Readings;
use crate::source::{Line, Span, Stamp};
use crate::warning::{Warning, WarningKind, WarningSink};
use kill::{Choice, Kill};
use open::{Open, Unseen};
use reaper::Reaper;
use report::{Clock, Report};
use said::{End, Said, said};
use text::Text;
use wrapped::Pending;

/// OOM killer.
pub static FORMAT: Format = Format { id: "oom-killer", claim, reader: || Box::new(OomReader::default()) };

fn claim(line: &Line<'_>) -> Claim {
    let body = line.body.trim_start();
    if let Some(cells) = without_bars(body.trim_end()) {
        return if table::header(cells.trim()).is_some() { Claim::Strong } else { Claim::None };
    }
    if said(body).is_some_and(|said| said.is_own() && is_printed(&said, body)) {
        Claim::Strong
    } else if body.starts_with('[') && table::likely_row(body, 0).is_some() {
        Claim::Weak
    } else {
        Claim::None
    }
}

/// True for a whole line of a kill or a choice, and nothing else.
pub(crate) fn says_whom(body: &str) -> bool {
    let is_kill = matches!(said(body), Some(Said::Kills(..) | Said::Choice(_)));
    is_kill && kill::is_whole(body) && body.starts_with(|first: char| first.is_ascii_uppercase())
}

/// True right behind the mark of a heading.
fn is_behind_mark(line: &Line<'_>) -> bool {
    line.raw.split(line.body).next().is_some_and(|before| before.ends_with("# "))
}

/// What the title of a post says of a kill belongs to the report below it that lacks that, and is none beside the kill itself.
fn join_title(Title { source, line, is_marked }: Title, out: &mut Readings) {
    let is_title = |kill: &OomKill| (kill.source, kill.first_line, kill.last_line) == (source, line, line);
    let Some(at) = out.oom_kills.iter().position(is_title) else { return };
    // Below the first line, whoever gives the sizes is a log.
    let is_logged = |kill: &OomKill| kill.victims.iter().any(|victim| victim.resident().is_some());
    if !is_marked && line > 1 && out.oom_kills.get(at).is_some_and(is_logged) {
        return;
    }
    let title = out.oom_kills.remove(at);
    let whom = |kill: &OomKill| {
        let victim = kill.victims.first().map(|victim| (victim.pid, victim.name.clone()));
        victim.or_else(|| kill.chosen.as_ref().map(|chosen| (chosen.pid, chosen.name.clone())))
    };
    let who_asked = |kill: &OomKill| kill.trigger.as_ref().map(|trigger| trigger.name.clone());
    let (named, asked) = (whom(&title), who_asked(&title));
    let size = |kill: &OomKill| kill.victims.first().and_then(|victim| victim.total_vm);
    let differs = |kill: &OomKill| size(kill).zip(size(&title)).is_some_and(|(one, other)| one != other);
    let says_same = |kill: &OomKill| match named.is_some() {
        true => whom(kill) == named && !differs(kill),
        false => who_asked(kill) == asked,
    };
    let is_told = out.oom_kills.iter().any(|kill| kill.source == source && says_same(kill));
    // Without a mark it is the first line, or only the report below was written by a clock.
    let is_apart = |kill: &OomKill| {
        is_marked || kill.time.or(kill.local_time).or(kill.uptime).is_some() || line == 1 && kill.first_line > line + 1
    };
    let is_below = |kill: &&mut OomKill| kill.source == source && kill.first_line > line;
    let mut others = out.oom_kills.iter_mut().filter(is_below);
    match (others.next(), others.next()) {
        (Some(first), _) if !is_apart(first) => out.oom_kills.insert(at, title),
        (Some(only), None) if named.is_some() && whom(only).is_none() && !only.panic && !only.no_killable => {
            (only.chosen, only.victims) = (title.chosen, title.victims);
            only.also.push(Span { source, line, start: 0, end: 0 });
            if only.scope == OomScope::Unknown {
                only.scope = title.scope;
            }
        }
        _ if is_told => {}
        _ => out.oom_kills.insert(at, title),
    }
}

/// A line that may be the heading of the report below it.
#[derive(Clone, Copy)]
struct Title {
    source: u16,
    line: u32,
    is_marked: bool,
}

#[derive(Default)]
struct OomReader {
    open: Open,
    pending: Option<Pending>,
    /// Victims that only the reaper has named so far.
    unseen: Unseen,
    /// The first line that says whom a kill took, or who asked, where it may be a heading.
    title: Option<Title>,
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
        let is_first = self.open.is_empty() && out.oom_kills.iter().all(|kill| kill.source != line.source);
        let is_marked = is_behind_mark(line);
        let is_bare = line.stamp == Stamp::default() && line.raw.trim() == line.body.trim();
        if is_first && (is_marked || is_bare) {
            self.title = self.title.or(Some(Title { source: line.source, line: line.number, is_marked }));
        }
        self.read(line, true, out)
    }

    fn finish(&mut self, out: &mut Readings) {
        self.settle_pending(out);
        self.open.finish(out);
        std::mem::take(&mut self.unseen).settle(out);
        if let Some(title) = self.title.take() {
            join_title(title, out);
        }
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
        if line.is_unterminated() {
            text.body = without_begun_stamp(text.body);
        }
        let cut = if line.is_cut() { text::without_cut_number(text.body) } else { None };
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
        let own = said(text.body).filter(|said| is_printed(said, text.body));
        if self.pending.is_some() {
            if !own.as_ref().is_some_and(Said::is_own) && self.join_pending(text, out) {
                return true;
            }
            self.settle_pending(out);
        }
        self.open.end_failure(text, own.as_ref(), out);
        let said = heard(own, self.open.of(&text.line.stamp), text.body, text.line.number);
        if said.as_ref().and_then(|said| said.reach(text.body)).is_some_and(|reach| reach.end != End::Whole) {
            self.pending = Some(Pending::new(text));
            return true;
        }
        self.take(said, text, may_open, out)
    }

    /// Tries to put a line to the one that waits. True if it was its rest.
    fn join_pending(&mut self, text: &Text<'_>, out: &mut Readings) -> bool {
        let Some(mut pending) = self.pending.take() else { return false };
        let line = pending.text().line;
        let (number, report) = (line.number, self.open.of(&line.stamp));
        let reach = |body: &str| heard(said(body), report, body, number)?.reach(body);
        let joined = pending.join(text, self.quoted_printable, reach);
        // The rest of a number may lack digits, too.
        if joined
            && text.line.is_cut()
            && let Some(key) = pending.drop_cut_number()
        {
            out.warn_cut(&text.line, &key);
        }
        let is_whole = || reach(pending.text().body).is_some_and(|reach| reach.end != End::Cut);
        let settles = joined && !pending.is_filled(text) && is_whole();
        self.pending = Some(pending);
        if settles {
            self.settle_pending(out);
        }
        joined
    }

    /// Reads the line that waited, with what came of it.
    fn settle_pending(&mut self, out: &mut Readings) {
        let Some(pending) = self.pending.take() else { return };
        let text = pending.text();
        let said = heard(said(text.body), self.open.of(&text.line.stamp), text.body, text.line.number);
        self.take(said, &text, true, out);
        if let Some(last) = pending.last() {
            out.warn_line(&text.line, WarningKind::WrapRepaired);
            out.keep(&last);
        }
    }

    /// Reads a whole line. False if it is not part of a report.
    fn take(&mut self, said: Option<Said<'_>>, text: &Text<'_>, may_open: bool, out: &mut Readings) -> bool {
        match said {
            Some(said) if said.is_own() => self.take_own(said, text, out),
            said => self.take_inner(said, text, out) || (may_open && self.take_first_row(text, out)),
        }
    }

    /// A line that says by itself what it is.
    fn take_own(&mut self, said: Said<'_>, text: &Text<'_>, out: &mut Readings) -> bool {
        if !matches!(said, Said::Stats(_) | Said::Memory(_))
            && let Some(report) = self.open.current(text)
        {
            report.end_stats(text.line.number, out);
        }
        if said.is_evidence() {
            out.keep(&text.line);
        }
        match &said {
            Said::Kills(kills, choice) => return self.take_kills(kills, choice.as_ref(), text, out),
            Said::Reaper(found) => {
                if let Some(found) = found {
                    self.take_reaper(found, text, out);
                }
                return true;
            }
            Said::Stats(None) => return false,
            Said::Invocation(_) => self.open.note_mixed(text, out),
            Said::Failure(..) => {
                if let Some(report) = self.open.failure(text, out) {
                    report.take(said, text, out);
                    report.touch(text);
                }
                return true;
            }
            _ => {}
        }
        if let Some(report) = self.open.current_or_next(text, |report| report.fits(&said), out) {
            report.take(said, text, out);
            report.touch(text);
        }
        true
    }

    fn take_kills(
        &mut self,
        kills: &[Kill<'_>],
        choice: Option<&Choice<'_>>,
        text: &Text<'_>,
        out: &mut Readings,
    ) -> bool {
        let mut taken = false;
        for found in kills {
            let Some(victim) = report::victim(found, text) else { continue };
            taken = true;
            let announced = self.open.expect(victim.pid, text.line.stamp.host);
            if !announced && self.open.current(text).is_some_and(|report| report.expects_other(victim.pid)) {
                self.open.open(&text.line, out);
            }
            let clock = Clock::of(&text.line.stamp);
            let fits = |report: &Report| report.fits_kill(&victim, &clock);
            let Some(report) = self.open.current_or_next(text, fits, out) else { continue };
            if let Some(choice) = choice.filter(|_| !report.has_victim() && report.kill.chosen.is_none()) {
                report.choice(choice, text);
            }
            let again = report.has_killed(&victim, &clock);
            report.touch(text);
            if !again {
                report.victim(found, victim, text);
                report.beancounter(found, text);
                self.open.note_kill();
            } else if !report.kill.group_kill {
                let span = text.span_of(found.whole);
                report.kill.also.push(span);
                out.warn(Warning { span, kind: WarningKind::Duplicate });
            }
        }
        taken
    }

    /// A reaper's line belongs to the report of its victim, which may have ended, or not be in the text.
    fn take_reaper(&mut self, found: &Reaper<'_>, text: &Text<'_>, out: &mut Readings) {
        let Ok(pid) = found.pid.parse::<u32>() else { return };
        let line = text.line.number;
        if let Some(report) = self.open.killer_of(pid) {
            reaper::reaped(&mut report.kill, found, line);
            report.touch(text);
        } else if let Some(kill) = self.open.closed_killer_of(pid, out) {
            reaper::reaped(kill, found, line);
        } else if self.unseen.take(found, text) {
            out.keep(&text.line);
        }
    }

    /// A line that is part of a report only because of the lines before it.
    fn take_inner(&mut self, said: Option<Said<'_>>, text: &Text<'_>, out: &mut Readings) -> bool {
        let is_bare = text.line.stamp == Stamp::default() || text.line.raw.trim() == text.line.body.trim();
        let Some(report) = self.open.current(text) else { return false };
        let is_evidence = said.as_ref().is_some_and(Said::is_evidence);
        let taken = said.is_some_and(|said| report.take(said, text, out)) || is_bare && report.continued(text);
        if taken {
            report.touch(text);
            if is_evidence {
                out.keep(&text.line);
            }
        }
        taken
    }

    /// A row of a table whose header is missing.
    fn take_first_row(&mut self, text: &Text<'_>, out: &mut Readings) -> bool {
        let Some(row) = table::likely_row(text.body, text.line.number) else { return false };
        if self.open.current(text).is_some_and(|report| report.is_in_table()) {
            return false; // It does not fit the table's own header.
        }
        if let Some(report) = self.open.current_or_next(text, Report::fits_row, out) {
            report.row(row);
            report.touch(text);
        }
        true
    }
}

/// False for words about a kill that no program printed: a heading, a subject, a sentence. The sizes of the victim are proof enough.
fn is_printed(said: &Said<'_>, body: &str) -> bool {
    match said {
        Said::Invocation(found) => found.is_of_kernel,
        Said::Kills(kills, _) => kills.iter().any(Kill::has_sizes) || kill::is_whole(body),
        Said::Choice(_) => kill::is_whole(body),
        Said::NobodyToKill => !body.contains("..") || body.ends_with('.'),
        _ => true,
    }
}

/// What a line says by itself, or else as a part of a report.
fn heard<'a>(own: Option<Said<'a>>, report: Option<&Report>, body: &'a str, line: u32) -> Option<Said<'a>> {
    match own {
        Some(own) if own.is_own() => Some(own),
        own => report?.hear(own, body, line),
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
