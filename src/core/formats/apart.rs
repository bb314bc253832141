//! How many lines of others may stand between two lines that belong together.
//!
//! A paste is put together by hand and by loggers that write at the same time, so hardly anything stands in one piece; and
//! what comes too late belongs to something else. These are the distances that readers share. Those of one format alone (a
//! header above its row, the lines of one record) stand with it.

/// Inside one answer, or from a line to what it says more about: a note that lines were cut out, the rest of a wrapped line,
/// a heading, one or two lines of another log.
pub(super) const INSIDE: u32 = 4;

/// From a command, or the `4711:` of jcmd, to its answer: blanks, warnings of the launcher, a title of the tool.
pub(super) const TO_ANSWER: u32 = 8;

/// Between messages about one thing in a log in which others write: an error and its heap dump, two JVMs that take turns.
pub(super) const IN_A_LOG: u32 = 64;

/// Inside a long table or report, at a stretch: rows come once a second, and meanwhile a whole block of another log.
pub(super) const IN_A_REPORT: u32 = 200;
