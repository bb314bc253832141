//! One file (or folder) per log format. A format says which lines it claims, and its reader turns lines into records.
//!
//! Here belongs everything that knows how a program prints. Not here: prefixes of transports (`detect`), joining
//! (`timeline`, `analysis`). Readers are fed line by line and keep values and places, never the text.

#![deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod apart;
pub mod containers;
mod cut;
mod date;
mod draft;
pub mod gc_log;
pub mod heap_info;
pub mod host;
pub mod hs_err;
pub mod java_error;
pub mod jdk_command;
pub mod jstat;
pub mod jvm_flags;
pub mod jvm_options;
pub mod killers;
pub(crate) mod logger;
pub mod nmt;
pub mod oom_killer;
pub mod prompt;
pub mod quantity;
mod shape;

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::readings::Readings;
use crate::source::Line;

/// A log format.
pub struct Format {
    /// Stable name in reports: `jstat`, `nmt`, `oom-killer`, …
    pub id: &'static str,
    /// How surely a line, seen alone, belongs to this format.
    pub claim: fn(&Line<'_>) -> Claim,
    /// Makes a reader for one source.
    pub reader: fn() -> Box<dyn Reader>,
}

/// How surely a line, seen alone, belongs to a format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// It does not.
    #[default]
    None,
    /// It may: taken only if no open reader wants it and no other format claims it.
    Weak,
    /// It does.
    Strong,
}

/// Reads one format in one source, over any number of blocks. Lines of others may stand between its own.
///
/// The order in which a line is offered: `resume` of the reader that took the last line, then `open` of the format
/// with the strongest claim, then `resume` of the other readers (latest first), then `open` of weak claims.
pub trait Reader {
    /// Takes a row of a bulk table that is open (`jstat` rows, GC log lines), from the untouched line before any
    /// transport is looked for: the fast path. Formats without bulk tables leave this alone.
    fn bulk(&mut self, _line: &Line<'_>, _out: &mut Readings) -> bool {
        false
    }

    /// Takes a line that surely belongs to what is open: says so and reads it. `false` leaves the line to others.
    /// Must be quick to say no. Called with blank lines too, where the answer does not matter.
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool;

    /// Takes a line that the format claimed. `false` if on a closer look it is not its own.
    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool;

    /// The source has ended: hands over what is open.
    fn finish(&mut self, _out: &mut Readings) {}
}

/// The arguments of `docker run` and its like. Such a line tells two formats of different things: of the container's limit,
/// and of the options of the JVM in it.
pub(crate) fn container_start(text: &str) -> Option<&str> {
    static VERBS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [" run ", " create "].map(Finder::new));
    if !VERBS.iter().any(|verb| verb.find(text.as_bytes()).is_some()) {
        return None;
    }
    ["docker run ", "podman run ", "docker create ", "nerdctl run "]
        .iter()
        .find_map(|command| Some(text.split_once(command)?.1))
}

/// What a shell says of a JVM that was killed, or aborted itself: `run.sh: line 3: 4711 Killed   java -Xmx8g …`, its process, if printed, and its
/// command. Such a line tells two formats of different things: of the end, and of the options.
pub(crate) fn killed_command(text: &str) -> Option<(&str, &str)> {
    static WORDS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["illed ", "borted "].map(Finder::new));
    let (at, word) = WORDS.iter().find_map(|word| Some((word.find(text.as_bytes())?, word.needle().len())))?;
    let before = text.get(..at)?.strip_suffix(['K', 'k', 'A'])?.trim_end();
    let command = text.get(at + word..)?.trim_start();
    let command = command.strip_prefix("(core dumped)").map_or(command, str::trim_start);
    let command = without_wrapper(command);
    if !jvm_options::is_jvm(jvm_options::program_of(command))
        || !(before.contains(": line ") || before.starts_with(['[', 'z']))
    {
        return None;
    }
    let pid = before.rsplit([' ', '\t']).next().unwrap_or_default();
    Some((if pid.parse::<u32>().is_ok() { pid } else { "" }, command))
}

/// A command without what only starts it.
fn without_wrapper(command: &str) -> &str {
    ["nohup ", "sudo ", "exec ", "time "].iter().find_map(|by| command.strip_prefix(by)).unwrap_or(command)
}

/// The name of the program that a command starts: `java` of `"/usr/bin/java" -Xmx1g …`.
fn name_of_command(command: &str) -> &str {
    let program = jvm_options::program_of(without_wrapper(command)).trim_matches(jvm_options::MARKS);
    program.rsplit(['/', '\\']).next().unwrap_or(program)
}

/// True for the subject of a mail or the title of a thread: `Re: java.lang.OutOfMemoryError`. What it quotes stands below, or nowhere.
pub(crate) fn is_subject(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["re", "fwd", "fw", "aw", "wg", "tr", "rv", "subject", "betreff", "title", "제목", "回复"];
    const LONGEST: usize = "subject:".len();
    let colon = text.bytes().take(LONGEST).position(|byte| byte == b':');
    let word = colon
        .and_then(|at| text.get(..at))
        .filter(|word| text.get(word.len() + 1..).is_some_and(|rest| rest.starts_with(' ')));
    word.is_some_and(|word| WORDS.contains(&word.to_lowercase().as_str()))
}

/// True for a sentence, or a comment, that begins with a condition: `# If you see exit code 137 …`, `만약 …`. It tells of no run.
pub(crate) fn is_condition(text: &str) -> bool {
    const WORDS: [&str; 17] = [
        "if ",
        "in case ",
        "when you ",
        "whenever you ",
        "falls ",
        "wenn ",
        "sofern ",
        "si ",
        "caso ",
        "se ",
        "если ",
        "만약",
        "만일",
        "如果",
        "若",
        "もし",
        "万が一",
    ];
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "#/*->•·`\"'(".contains(c));
    if text.starts_with(|first: char| first.is_ascii() && !"iIwWfFsScC".contains(first)) {
        return false;
    }
    let start: String = text.chars().take(LONGEST_CONDITION).flat_map(char::to_lowercase).collect();
    WORDS.iter().any(|word| start.starts_with(word))
}

/// Characters of the longest word that begins a condition.
const LONGEST_CONDITION: usize = 14;

/// True for a sentence that recommends what stands below it: `You should start java with the following options:`.
pub(crate) fn is_advice(text: &str) -> bool {
    const WORDS: [&str; 17] = [
        "should",
        "recommend",
        "suggest",
        "advis",
        "please ",
        "you can",
        "you may",
        "you need",
        "you have to",
        "try ",
        "sollte",
        "empf",
        "권장",
        "추천",
        "建议",
        "推奨",
        "рекоменд",
    ];
    let text = text.trim_end();
    text.len() <= MAX_ADVICE && text.ends_with([':', '：']) && {
        let text = text.to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    }
}

/// Bytes of a sentence that introduces what it recommends.
const MAX_ADVICE: usize = 300;

/// All formats. On equal claims the earlier one wins.
pub const FORMATS: &[&Format] = &[
    &oom_killer::FORMAT,
    &killers::FORMAT,
    &nmt::FORMAT,
    &jstat::FORMAT,
    &gc_log::FORMAT,
    &java_error::FORMAT,
    &jvm_flags::FORMAT,
    &hs_err::FORMAT,
    &host::FORMAT,
    &heap_info::FORMAT,
];

/// Their names in the same order. The page needs no more of them, and must not link the readers that hang on [`FORMATS`].
pub static FORMAT_IDS: [&str; FORMATS.len()] = {
    let mut ids = [""; FORMATS.len()];
    let mut at = 0;
    while at < ids.len() {
        #[expect(clippy::indexing_slicing, reason = "computed by the compiler, where no iterator runs")]
        {
            ids[at] = FORMATS[at].id;
        }
        at += 1;
    }
    ids
};

/// What one format alone makes of a text, fed as the dispatcher does when there is no other. For tests.
#[cfg(test)]
pub(crate) fn read_alone(format: &Format, text: &str) -> Readings {
    let mut out = Readings::default();
    let mut reader = (format.reader)();
    for (number, raw) in (1..).zip(text.lines()) {
        let line = Line { number, ..Line::of(raw) };
        let _ =
            reader.resume(&line, &mut out) || ((format.claim)(&line) != Claim::None && reader.open(&line, &mut out));
    }
    reader.finish(&mut out);
    crate::model::joining::join(0, &mut out);
    out
}
