//! A line that a terminal, a mail, or a chat had wrapped, on its way to become one again.
//!
//! Whether the next line is the rest is told by what both say together: it is if more can be read than before, with a blank at
//! the seam or without.

use crate::formats::quantity::is_digits;
use crate::source::{Around, Line, Stamp, Wall};
use crate::units::Micros;

use super::said::{Reach, Seam};
use super::text::{self, Piece, Text};

/// No program wraps lines shorter than this.
const MIN_WIDTH: usize = 40;
/// Physical lines that one wrapped line is put together from at most.
const MAX_PIECES: usize = 12;

/// A line that ends too early, waiting for its rest. Blank lines do not end the wait; foreign ones do.
#[derive(Debug)]
pub(super) struct Pending {
    source: u16,
    uptime: Option<Micros>,
    wall: Option<Wall>,
    host: Option<String>,
    caller: Option<String>,
    around: Around,
    body: String,
    pieces: Vec<Piece>,
}

impl Pending {
    pub(super) fn new(text: &Text<'_>) -> Pending {
        let Stamp { uptime, wall, host, caller, .. } = text.line.stamp;
        Pending {
            source: text.line.source,
            uptime,
            wall,
            host: host.map(str::to_owned),
            caller: caller.map(str::to_owned),
            around: text.line.around.clone(),
            body: text.body.to_owned(),
            pieces: vec![Piece::of(text, 0)],
        }
    }

    /// What has been put together so far.
    pub(super) fn text(&self) -> Text<'_> {
        let first = self.pieces.first().map(|first| Line { number: first.number, ..Line::of(&first.raw) });
        let (host, caller) = (self.host.as_deref(), self.caller.as_deref());
        let stamp = Stamp { uptime: self.uptime, wall: self.wall, host, caller, pid: None };
        let line = Line {
            source: self.source,
            body: &self.body,
            stamp,
            around: &self.around,
            ..first.unwrap_or(Line::of(""))
        };
        Text { line, body: &self.body, pieces: &self.pieces }
    }

    /// The last of several physical lines.
    pub(super) fn last(&self) -> Option<Line<'_>> {
        let last = self.pieces.get(1..)?.last()?;
        Some(Line { number: last.number, raw: &last.raw, ..self.text().line })
    }

    /// Takes a line as the rest, if it is. `reach` tells how far a text can be read, `soft` that `=` at the end of a line only
    /// says that it goes on.
    pub(super) fn join(&mut self, text: &Text<'_>, soft: bool, reach: impl Fn(&str) -> Option<Reach>) -> bool {
        let head = self.body.strip_suffix('=').filter(|_| soft).unwrap_or(&self.body);
        let Some(now) = reach(head).filter(|_| self.may_join(text)) else { return false };
        let fields = |body: &str| reach(body).map_or(0, |reach| reach.fields);
        let glued = format!("{head}{}", text.body);
        let spaced = format!("{head} {}", text.body);
        let (as_glued, as_spaced) = (fields(&glued), fields(&spaced));
        let in_path = now.seam == Seam::Path && self.is_in_path(text);
        if as_glued.max(as_spaced) <= now.fields && !in_path && !self.ends_in_number_of(text, head) {
            return false;
        }
        let is_glued = as_glued > as_spaced || as_glued == as_spaced && prefers_glue(now.seam, head, text.body);
        let start = head.len() + usize::from(!is_glued);
        self.body = if is_glued { glued } else { spaced };
        self.pieces.push(Piece::of(text, start));
        true
    }

    /// True if a line may be the rest: it stands alone on its own, so that no transport has split or stripped it.
    fn may_join(&self, text: &Text<'_>) -> bool {
        let Line { stamp, raw, body, .. } = text.line;
        let marks = |c: char| matches!(c, '>' | '|' | '+' | '-' | '*' | ' ' | '\t');
        let is_alone = raw.trim_start_matches(marks).trim_end() == body.trim_start_matches(marks).trim_end();
        let same_time = (stamp.uptime, stamp.wall) == (self.uptime, self.wall);
        self.pieces.len() < MAX_PIECES && (stamp == Stamp::default() || same_time) && is_alone
    }

    /// Bytes of the first physical line.
    fn width(&self) -> usize {
        self.pieces.first().map_or(0, |piece| piece.raw.len())
    }

    /// A piece of a path says nothing yet, but it is one word, and no wider than what was wrapped.
    fn is_in_path(&self, text: &Text<'_>) -> bool {
        let starts = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ',' | '-' | '_');
        text.line.stamp == Stamp::default()
            && self.width() >= MIN_WIDTH
            && text.line.raw.len() <= self.width() + 2
            && text.body.starts_with(starts)
            && !text.body.contains(' ')
            && text.body.contains(['/', ',', '=', '.', '-', '_', ':'])
    }

    /// True for the rest of a number, at the beginning of its line.
    fn ends_in_number_of(&self, text: &Text<'_>, head: &str) -> bool {
        let raw = text.line.raw.strip_prefix("> ").unwrap_or(text.line.raw);
        text.line.stamp == Stamp::default() && !raw.starts_with([' ', '\t']) && is_rest_of_number(head, text.body)
    }

    /// Takes off a number at the end that may lack digits still: what it was about.
    pub(super) fn drop_cut_number(&mut self) -> Option<String> {
        let (end, key) = text::without_cut_number(&self.body).map(|(whole, key)| (whole.len(), key.to_owned()))?;
        self.body.truncate(end);
        Some(key)
    }

    /// A line as long as the first may have been wrapped as well.
    pub(super) fn is_filled(&self, text: &Text<'_>) -> bool {
        text.line.raw.len() >= self.width()
    }
}

/// A line of nothing but a few digits behind a number that may go on.
fn is_rest_of_number(head: &str, tail: &str) -> bool {
    tail.len() <= 4 && is_digits(tail) && text::without_cut_number(head).is_some()
}

/// Both ways to join read the same: glue if the seam is inside a number, a path, or a name, which rarely has blanks.
fn prefers_glue(seam: Seam, head: &str, tail: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    match seam {
        Seam::Glue => true,
        // Only the words between two paths have blanks.
        Seam::Path => tail.split(' ').next() != Some("killed") && !head.ends_with(" of") && !head.ends_with(" limit"),
        Seam::Blank if head.ends_with(digit) && tail.starts_with(digit) => true,
        Seam::Blank => head.rfind('(') > head.rfind(')') && !head.ends_with('(') && tail.contains(')'),
    }
}
