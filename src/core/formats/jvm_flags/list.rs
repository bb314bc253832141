//! Options one after another in a line, which a terminal may have wrapped.

use super::{Placed, names, sizes, written};
use crate::formats::cut::is_whole_option;
use crate::formats::draft::Draft;
use crate::formats::jdk_command::pid_line;
use crate::formats::jvm_options::{is_option, stands_among_options};
use crate::source::Line;

/// Options kept of one list.
const MAX_OPTIONS: usize = 400;
/// A line that a terminal wrapped is at least this long.
const MIN_WRAPPED: usize = 60;

/// Options in printed order.
#[derive(Debug, Default)]
pub(super) struct List {
    options: Vec<Placed>,
    /// Options that were put together from two lines, by their index.
    torn: Vec<usize>,
    /// The last line, if it may go on.
    open: Option<End>,
    /// True if its lines hold one option each.
    single: bool,
    /// True if a JVM printed it, which does so in one line however long.
    printed: bool,
    /// True if it is of a command whose program has not come yet.
    command: bool,
}

/// How a line ended.
#[derive(Clone, Copy, Debug)]
struct End {
    line: u32,
    length: usize,
    /// True if the text ends in the middle of it.
    cut: bool,
    /// True if nothing stands behind the last option, so that it may be a part of one.
    tight: bool,
    /// True if a backslash says that the next line belongs to it.
    backslash: bool,
}

/// True if a line is nothing but options of a JVM.
pub(super) fn is_options(text: &str) -> bool {
    if !text.starts_with('-') || text.len() <= 4 {
        return false;
    }
    let mut words = text.split_ascii_whitespace();
    let first = words.next().unwrap_or_default();
    match first.starts_with("-X") {
        true => is_named_option(first) && words.all(|word| word.starts_with('-')),
        // `-server -Xmx1g`, `-Dfile.encoding=UTF-8 -Xmx1g`
        false => stands_among_options(first) && words.clone().any(is_named_option) && words.all(stands_among_options),
    }
}

/// True for a line of a list with one option a line, be it one that is kept or not.
pub(super) fn is_single(text: &str) -> bool {
    !text.contains([' ', '\t']) && text.len() > 2 && stands_among_options(text)
}

/// `-XX:+Name`, `-XX:Name=…`, `-Xmx…`: not `-XYZ`.
fn is_named_option(word: &str) -> bool {
    if let Some(flag) = word.strip_prefix("-XX:") {
        let name = flag.trim_start_matches(['+', '-']);
        return name.starts_with(|c: char| c.is_ascii_uppercase());
    }
    let known = ["-Xmx", "-Xms", "-Xmn", "-Xss", "-Xlog", "-Xloggc", "-Xint", "-Xcomp", "-Xrs", "-Xbatch", "-Xshare"];
    known.iter().any(|start| word.starts_with(start))
}

/// The options of a word that joins them by commas.
fn commas(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(word);
    std::iter::from_fn(move || {
        let word = rest?;
        let at = word.find(",-X").or_else(|| word.find(",-D"));
        rest = at.and_then(|at| word.get(at + 1..));
        at.map_or(Some(word), |at| word.get(..at))
    })
}

impl List {
    /// Adds the options of a text; other words are left out.
    pub(super) fn add(&mut self, text: &str, line: &Line<'_>) {
        let words = text.split([' ', '\t', '"', '\'', '`', '[', ']', '(', ')']);
        let words =
            words.flat_map(commas).map(|word| word.trim_matches(['\\', ',', '*'])).filter(|word| is_option(word));
        for word in words {
            if self.options.len() < MAX_OPTIONS {
                self.options.push((word.to_owned(), line.span_of(word)));
            }
        }
        // A terminal may have wrapped behind the dash.
        if line.raw.ends_with(" -") && line.raw.len() >= MIN_WRAPPED {
            self.options.push(("-".to_owned(), line.span()));
        }
        self.note_end(line);
    }

    fn note_end(&mut self, line: &Line<'_>) {
        let raw = line.raw.trim_end_matches(['\r', '\n']);
        let tight = !raw.ends_with([' ', '\t']);
        let (cut, backslash) = (line.is_unterminated(), raw.ends_with(['\\', '^']));
        self.open = Some(End { line: line.number, length: raw.len(), cut, tight, backslash });
    }

    /// Goes on with a line that continues the last one. `false` if this is none.
    pub(super) fn go_on(&mut self, text: &str, line: &Line<'_>) -> bool {
        let Some(end) = self.open.filter(|end| line.since(end.line) == 1) else { return false };
        if end.backslash && !text.is_empty() {
            self.add(text, line);
            return true;
        }
        if self.command {
            return self.command_goes_on(text, end, line);
        }
        if !self.printed || self.single || end.length < MIN_WRAPPED || pid_line(text).is_some() {
            return false;
        }
        let mut words = text.split_ascii_whitespace();
        let Some(first) = words.next() else { return false };
        if is_options(text) {
            self.add(text, line);
            return true;
        }
        // The rest of an option, alone or before others.
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"+-=_.%/:".contains(&byte);
        let part = !first.starts_with('-') && first.bytes().all(letters);
        if !part || !words.clone().all(is_option) {
            return false;
        }
        // It then stands in two lines: its place is the beginning.
        let Some((last, _)) = self.options.last_mut().filter(|_| end.tight) else { return false };
        last.push_str(first);
        self.torn.push(self.options.len() - 1);
        let rest = text.get(first.len()..).unwrap_or_default();
        self.add(rest, line);
        true
    }

    /// The rest of a command that a page or a terminal wrapped, and perhaps of an option at its front.
    fn command_goes_on(&mut self, text: &str, end: End, line: &Line<'_>) -> bool {
        let first = text.split(' ').next().unwrap_or_default();
        let rest = text.get(first.len()..).unwrap_or_default();
        let options = if text.starts_with(['-', '"', '\'']) { text } else { rest };
        let is_option = |word: &str| stands_among_options(word.trim_start_matches(['"', '\'']));
        if end.length < MIN_WRAPPED || !options.split_ascii_whitespace().next().is_some_and(is_option) {
            return false;
        }
        let is_torn =
            |(_, span): &&mut Placed| options.len() < text.len() && usize::try_from(span.end) == Ok(end.length);
        if let Some((last, _)) = self.options.last_mut().filter(is_torn) {
            last.push_str(first);
            self.torn.push(self.options.len() - 1);
        }
        let (options, has_program) = written::until_program(options);
        self.add(options, line);
        self.command = !has_program;
        true
    }

    /// It is of a command whose program has not come yet.
    pub(super) fn note_command(&mut self, line: &Line<'_>) {
        self.command = true;
        self.note_end(line);
    }

    /// True for a line that is long enough to have been wrapped.
    pub(super) fn may_wrap(line: &Line<'_>) -> bool {
        line.raw.trim_end().len() >= MIN_WRAPPED
    }

    /// A JVM printed it.
    pub(super) fn note_printed(&mut self) {
        self.printed = true;
    }

    /// Its lines hold one option each.
    pub(super) fn note_single(&mut self) {
        self.single = true;
    }

    /// See [`List::note_single`].
    pub(super) fn is_of_single(&self) -> bool {
        self.single
    }

    /// No line can continue it.
    pub(super) fn end(&mut self) {
        self.open = None;
    }

    /// True if no more is kept.
    pub(super) fn is_full(&self) -> bool {
        self.options.len() >= MAX_OPTIONS
    }

    /// An option that a table spells out.
    pub(super) fn push(&mut self, option: Placed) {
        if !self.is_full() {
            self.options.push(option);
        }
    }

    /// Writes the options and the sizes among them into a reading; the last of a name counts.
    pub(super) fn put(mut self, draft: &mut Draft) {
        // A wrapped option stands where it begins, before the line that is cut.
        let ends_text = self.open.is_some_and(|end| end.cut && end.tight && end.line >= draft.reading.last_line);
        if ends_text && let Some((begun, _)) = self.options.pop_if(|(option, _)| !is_whole_option(option)) {
            // It may be about what another says, too, which then does not count.
            let name = begun.trim_end_matches(|c: char| c.is_ascii_digit());
            self.options.retain(|(option, _)| !option.starts_with(name));
        }
        let torn = self.torn;
        let whole = (0..).zip(self.options).filter(|(at, (option, _))| {
            let name_is_sure = || names::is_known(option) && sizes::is_plausible(option);
            names::is_option_by_shape(option) && (!torn.contains(at) || name_is_sure())
        });
        for (at, (option, span)) in whole.map(|(_, placed)| placed).enumerate() {
            if let Some((name, size)) = sizes::of_option(&option) {
                draft.reading.sizes.insert(name.to_owned(), size);
                draft.reading.at.put(name, span);
            }
            draft.reading.at.put_key(format!("flags.{at}"), span);
            draft.reading.flags.push(option);
        }
    }
}
