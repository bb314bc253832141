//! Errors and kills that the words around the logs tell: "since Monday we get java.lang.OutOfMemoryError: Java heap space", "the pod was
//! OOMKilled".
//!
//! A sentence that names an error or a kill may report it, or explain it, advise against it, or ask about it in general. It is
//! believed only where its own words say that it was seen: somebody got it, or something failed with it. In languages whose verb comes
//! last the first sign behind it decides, in the others the words of its clause before it. What is not certain is not told.
//! Nothing of the text is kept but the error or the kind of kill, and its line.

use std::sync::LazyLock;

use memchr::{memchr3_iter, memmem::Finder};

use super::signs::Signs;
use crate::formats::is_subject;
use crate::formats::java_error::{TITLE, is_error_line, named};
use crate::look;
use crate::model::java::JavaError;
use crate::model::kind::{ErrorKind, EventKind};
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::{Line, Places};

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 4000;
/// Errors and kills kept over all sources: one of a kind and source.
const MAX_TOLD: usize = 100;

/// Notes the errors and the kills that a line of prose tells.
pub fn read(line: &Line<'_>, out: &mut Readings) {
    note_denied(line, out);
    note_crash(line, out);
    let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default();
    let is_title = title(line.number, text).is_some_and(is_error_line);
    let mut from = 0;
    while let Some(mention) = next_mention(text, from) {
        from = mention.end;
        if out.told.len() + out.told_ends.len() >= MAX_TOLD || !is_title && !is_reported(line.number, text, &mention) {
            continue;
        }
        let words = text.get(mention.start..mention.end).unwrap_or_default();
        let mut at = Places::default();
        match of_container(text, &mention).map_or(mention.of, Of::End) {
            Of::Error(kind, said) => {
                let message = match said {
                    // People call a kill by the kernel the same.
                    "" if kind == ErrorKind::DirectBuffer => "OutOfDirectMemoryError".to_owned(),
                    "" if !words.contains("OutOfMemory") => "OOM".to_owned(),
                    "" => "java.lang.OutOfMemoryError".to_owned(),
                    said => format!("java.lang.OutOfMemoryError: {said}"),
                };
                if out.told.iter().any(|known| (known.kind, known.source) == (kind, line.source)) {
                    continue;
                }
                at.put("message", line.span_of(words));
                out.told.push(JavaError { told: true, at, ..JavaError::on(line, kind, &message) });
            }
            Of::End(kind) => {
                if out.told_ends.iter().any(|known| (known.kind, known.source) == (kind, line.source)) {
                    continue;
                }
                out.told_ends.push(Event { told: true, ..Event::on(line, kind) });
            }
        }
        out.keep(line);
    }
}

/// `OOM` of a container that hit its limit is its kill, which people call the same as the error.
fn of_container(text: &str, mention: &Mention<'_>) -> Option<EventKind> {
    let (before, after) = (text.get(..mention.start)?, text.get(mention.end..)?);
    let is_bare =
        matches!(mention.of, Of::Error(_, "")) && !text.get(mention.start..mention.end)?.contains("OutOfMemory");
    let sentence = Words::of(text.get(begin_of_sentence(before)..mention.end + end_of_sentence(after))?);
    let of_limit =
        sentence.has(&[" limit ", " limits "]) && !sentence.has(&[" heap ", " xmx", " metaspace ", " direct "]);
    (is_bare && of_limit).then(|| kill_of_container(text))
}

/// Whose word a kill of a container is, by the names that stand beside it.
fn kill_of_container(text: &str) -> EventKind {
    match DOCKER.iter().any(|name| text.contains(name)) {
        true => EventKind::DockerOomkilled,
        false => EventKind::KubernetesOomkilled,
    }
}

/// Notes the head of a crash file that a sentence quotes: `crashes with "Out of Memory Error (workerManager.hpp:70), pid=1, tid=1"`.
fn note_crash(line: &Line<'_>, out: &mut Readings) {
    const HEAD: &str = "Out of Memory Error (";
    let Some(at) = look::places(line.body, HEAD).next().filter(|_| out.told.len() < MAX_TOLD) else { return };
    let (Some(before), Some(said)) = (line.body.get(..at), line.body.get(at..)) else { return };
    let Some((said, place)) = said.find(')').and_then(|end| Some((said.get(..end + 1)?, said.get(HEAD.len()..end)?)))
    else {
        return;
    };
    let is_place = place.split_once(':').is_some_and(|(file, number)| {
        (file.ends_with(".cpp") || file.ends_with(".hpp")) && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    // Without words before it, or behind the mark of the file, it is the line itself.
    let is_sentence = before.trim().contains(' ') && !before.trim_start().starts_with(['#', '/']);
    let sentence = Words::of(before.get(begin_of_sentence(before)..).unwrap_or_default());
    if !is_place || !is_sentence || sentence.has(ENGLISH_GENERAL) {
        return;
    }
    let of_thread = place.starts_with("workerManager.");
    let kind = if of_thread { ErrorKind::NativeThread } else { ErrorKind::InsufficientMemory };
    if out.told.iter().all(|known| (known.kind, known.source) != (kind, line.source)) {
        let mut at = Places::default();
        at.put("message", line.span_of(said));
        out.told.push(JavaError { told: true, at, ..JavaError::on(line, kind, said) });
        out.keep(line);
    }
}

/// Notes that a container says of itself that it was not killed for its memory: `"OOMKilled": false`, `OOMKilled=false`.
fn note_denied(line: &Line<'_>, out: &mut Readings) {
    static NAME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("OOMKilled"));
    let Some(start) = NAME.find(line.body.as_bytes()).filter(|_| out.denied.len() < MAX_TOLD) else { return };
    let Some(rest) = line.body.get(start + "OOMKilled".len()..) else { return };
    let value =
        rest.trim_start_matches(['"', ' ']).strip_prefix([':', '=']).map(|value| value.trim_start_matches([' ', '"']));
    let is_false = value
        .and_then(|value| value.strip_prefix("false"))
        .is_some_and(|rest| !line.is_cut() && !rest.starts_with(|c: char| c.is_alphanumeric()));
    if is_false {
        out.denied.push(
            line.span_of(line.body.get(start..).and_then(|text| text.get(.."OOMKilled".len())).unwrap_or_default()),
        );
        out.keep(line);
    }
}

/// What stands behind the mark of a title.
fn title(number: u32, text: &str) -> Option<&str> {
    text.trim_start().strip_prefix("# ").filter(|_| number <= TITLE).map(str::trim)
}

/// What a text names, which it may report.
struct Mention<'a> {
    start: usize,
    end: usize,
    of: Of<'a>,
}

enum Of<'a> {
    /// An error and its message, which may be empty.
    Error(ErrorKind, &'a str),
    /// An end.
    End(EventKind),
}

/// The first error or end from `from` on.
fn next_mention(text: &str, from: usize) -> Option<Mention<'_>> {
    let error = named(text, from);
    let error =
        error.map(|named| Mention { start: named.start, end: named.end, of: Of::Error(named.kind, named.message) });
    let end = end_from(text, from);
    match (error, end) {
        (Some(error), Some(end)) if end.start <= error.start => Some(end),
        (error, end) => error.or(end),
    }
}

/// What people call a kill for memory.
const KILLS: [(&str, bool); 7] = [
    ("oomkilled", true),
    ("oom-killed", true),
    ("oom killed", true),
    ("oom-killer", false),
    ("oom killer", false),
    ("out of memory killer", false),
    ("out-of-memory killer", false),
];
/// Words that 137 follows where it is how a process ended.
const CODES: [&str; 17] = [
    "code",
    "status",
    "exit value",
    "exit",
    "exited",
    "exitcode",
    "código",
    "codigo",
    "saída",
    "salida",
    "кодом",
    "код",
    "コード",
    "코드",
    "码",
    "代码",
    "코드는",
];
/// Names of Docker beside which a kill is its own, and not one of Kubernetes, which coined the word.
const DOCKER: [&str; 6] = ["docker", "Docker", "도커", "compose", "Compose", "mem_limit"];

/// The next kill that a text names, or the exit code of one.
fn end_from(text: &str, from: usize) -> Option<Mention<'_>> {
    let alone = |start: usize, end: usize| {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(end..).and_then(|after| after.chars().next());
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '=');
        !before.is_some_and(in_name) && !after.is_some_and(in_name)
    };
    // Few lines have any of it.
    static SIGNS: LazyLock<[Finder<'static>; 5]> =
        LazyLock::new(|| ["OOM", "oom", "137", "memory killer", "memory-killer"].map(Finder::new));
    if !SIGNS.iter().any(|sign| sign.find(text.as_bytes()).is_some()) {
        return None;
    }
    memchr3_iter(b'o', b'O', b'1', text.as_bytes()).filter(|at| *at >= from).find_map(|start| {
        let rest = text.get(start..)?;
        let begins =
            |word: &str| rest.as_bytes().get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word.as_bytes()));
        if let Some((word, of_container)) = KILLS.iter().find(|(word, _)| begins(word)) {
            let kind = if *of_container { kill_of_container(text) } else { EventKind::OomKiller };
            let end = start + word.len();
            // A line of the kernel that is quoted, which names who asked and not whom it killed.
            let is_quoted = text.get(..start)?.ends_with("invoked ");
            return (alone(start, end) && !is_quoted).then_some(Mention { start, end, of: Of::End(kind) });
        }
        let before = text.get(..start)?.trim_end_matches([' ', ':', '=', '`', '\'', '"', '(', '*', '：']);
        let end = start + "137".len();
        let follows = || {
            [" error code", " exit code"].iter().any(|word| text.get(end..).is_some_and(|rest| rest.starts_with(word)))
        };
        let is_code = begins("137") && (CODES.iter().any(|word| before.to_lowercase().ends_with(word)) || follows());
        (is_code && alone(start, end)).then_some(Mention { start, end, of: Of::End(EventKind::Exit137) })
    })
}

/// True if the sentence says that it was seen.
fn is_reported(number: u32, text: &str, mention: &Mention<'_>) -> bool {
    let trimmed = text.trim_start();
    let has_message = matches!(mention.of, Of::Error(_, said) if !said.is_empty());
    // Who answers speaks of what the one who asked has pasted.
    if has_message && Words::of(text).has(&OF_READER) {
        return true;
    }
    let written = |rest: &str| Words::of(rest.get(..end_of_sentence(rest)).unwrap_or(rest)).has(&DUMPED);
    if has_message && text.get(mention.end..).is_some_and(written) {
        return true;
    }
    // A heading of Markdown reports what is the writer's own; `#!` and `//` begin code. A title that ends with an error is of the writer.
    let ends = has_message && text.get(mention.end..).is_some_and(|rest| rest.trim().is_empty());
    let is_title = ends && title(number, text).is_some();
    let is_heading = !is_title && trimmed.trim_start_matches('#').starts_with(' ') && trimmed.starts_with('#');
    if !is_heading && !is_title && trimmed.starts_with(['#', '/']) || is_subject(trimmed) {
        return false;
    }
    let (before, after) = (text.get(..mention.start).unwrap_or_default(), text.get(mention.end..).unwrap_or_default());
    let sentence = Words::of(before.get(begin_of_sentence(before)..).unwrap_or_default());
    let clause = Words::of(before.get(begin_of_clause(before)..).unwrap_or_default());
    let rest = Words::of(after.get(..end_of_sentence(after)).unwrap_or(after));
    // A sentence of its own: what was seen, behind what was not asked.
    let is_alone = |words: &Words| words.0.trim().is_empty();
    let behind_sentence = before.trim_end().ends_with(['.', '。']) && !before.trim_end().ends_with("..");
    if has_message && behind_sentence && is_alone(&sentence) && is_alone(&rest) {
        return true;
    }
    let is_end = matches!(mention.of, Of::End(_));
    let is_own = |tongue: &VerbBefore| !is_heading || sentence.has(tongue.own) || rest.has(tongue.own);
    let is_denied = || rest.has(&[" false "]);
    // "It is what the OOM killer looks at": what it does, and not what it did.
    if matches!(mention.of, Of::End(EventKind::OomKiller)) && rest.starts_with(&DOES) {
        return false;
    }
    is_end && is_labelled(before) && !is_denied()
        || VERB_BEFORE.iter().any(|tongue| tongue.reports(&sentence, &clause, &rest, &mention.of) && is_own(tongue))
        || VERB_BEHIND.iter().any(|tongue| tongue.reports(&clause, &rest))
}

/// True behind a label of what came of a run: `- outcome: killed by the kernel (exit 137)`.
fn is_labelled(before: &str) -> bool {
    const LABELS: [&str; 4] = ["outcome:", "outcome**:", "Outcome:", "Outcome**:"];
    LABELS.iter().any(|label| before.contains(label))
}

/// True where a sentence ends: a mark with a blank or nothing behind it, or one of a script that needs none.
fn ends_sentence(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some('。' | '！' | '？') => true,
        Some('.' | '!' | '?') => chars.next().is_none_or(char::is_whitespace),
        _ => false,
    }
}

/// True for a mark with which a sentence may end.
fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '。' | '！' | '？')
}

pub(super) fn begin_of_sentence(before: &str) -> usize {
    let mut marks = before.char_indices().rev().filter(|(_, c)| is_end(*c));
    let last = marks.find(|(at, _)| before.get(*at..).is_some_and(ends_sentence));
    last.map_or(0, |(at, c)| at + c.len_utf8())
}

pub(super) fn end_of_sentence(after: &str) -> usize {
    let mut marks = after.char_indices().filter(|(_, c)| is_end(*c));
    let first = marks.find(|(at, _)| after.get(*at..).is_some_and(ends_sentence));
    // The mark belongs to it: it may be one of a question.
    first.map_or(after.len(), |(at, c)| at + c.len_utf8())
}

fn begin_of_clause(before: &str) -> usize {
    let open = before.trim_end_matches(|c: char| c == ' ' || c.is_ascii_punctuation() || "「『“（：".contains(c)).len();
    let text = before.get(..open).unwrap_or_default();
    let marks = text.rfind([',', ';', ':', '(', '，', '、', '；', '：', '（', '—', '…']);
    let mark = marks.and_then(|at| Some(at + text.get(at..)?.chars().next()?.len_utf8())).unwrap_or(0);
    mark.max(begin_of_sentence(text))
}

/// Words in lower case with one blank around each, so that ` get ` is a word and ` bekomm` the beginning of one.
pub(super) struct Words(String);

impl Words {
    pub(super) fn of(text: &str) -> Words {
        let mut words = String::with_capacity(text.len() + 2);
        words.push(' ');
        let mut put = |c: char| match c {
            '’' => words.push('\''),
            c if c.is_alphanumeric() || matches!(c, '\'' | '?' | '？') => words.push(c),
            _ if words.ends_with(' ') => {}
            _ => words.push(' '),
        };
        for c in text.chars() {
            // Most are, and tables of letters take long.
            if c.is_ascii() {
                put(c.to_ascii_lowercase());
            } else {
                c.to_lowercase().for_each(&mut put);
            }
        }
        if !words.ends_with(' ') {
            words.push(' ');
        }
        Words(words)
    }

    pub(super) fn have(&self, signs: &Signs) -> bool {
        signs.are_in(self.0.as_bytes())
    }

    pub(super) fn has(&self, any: &[&str]) -> bool {
        any.iter().any(|word| self.0.contains(word))
    }

    /// The last of them, as many as have so many characters.
    fn last(&self, characters: usize) -> Words {
        let from = self.0.char_indices().rev().nth(characters).map_or(0, |(at, _)| at);
        Words(self.0.get(from..).unwrap_or_default().to_owned())
    }

    /// What stands behind the last of some words; all of them where there is none.
    fn behind(&self, any: &[&str]) -> Words {
        let from = any.iter().filter_map(|word| Some(self.0.rfind(word)? + word.trim_end().len())).max().unwrap_or(0);
        Words(self.0.get(from..).unwrap_or_default().to_owned())
    }

    fn starts_with(&self, any: &[&str]) -> bool {
        any.iter().any(|word| self.0.starts_with(word))
    }

    /// Where the first of some words begins.
    fn first(&self, any: &[&str]) -> Option<usize> {
        any.iter().filter_map(|word| self.0.find(word)).min()
    }
}

/// What sentences are made of in a language whose verb comes before the error.
struct VerbBefore {
    /// Verbs that say by themselves that it was seen.
    seen: &'static [&'static str],
    /// Verbs that say so of somebody's own program, or of something that goes on; of programs at large they explain.
    happens: &'static [&'static str],
    /// Words that say of a kill or an exit code that it was seen.
    ended: &'static [&'static str],
    /// The same of somebody's own program.
    ends: &'static [&'static str],
    /// Whose it is, or how often.
    own: &'static [&'static str],
    /// Words that make the clause a condition, a possibility, advice, a denial, or an explanation.
    general: &'static [&'static str],
    /// Words of a condition that may follow.
    condition: &'static [&'static str],
    /// With which a question asks for the reason of what was seen.
    why: &'static [&'static str],
    /// One of which stands beside the name of a killer where it killed, and is not only spoken of; none where verbs say it.
    killing: &'static [&'static str],
}

impl VerbBefore {
    fn reports(&self, sentence: &Words, clause: &Words, rest: &Words, of: &Of<'_>) -> bool {
        let is_end = matches!(of, Of::End(_));
        // What is told of one setting was tried.
        let is_own = [sentence, rest].iter().any(|words| words.has(self.own) || words.has(SETTINGS));
        // "Can anybody tell me why I get …": what is asked for is the reason.
        let clause = &clause.behind(self.why);
        let verb = clause.last(NEAR);
        let close = clause.last(if is_end { CLOSE } else { 0 });
        let is_killer = matches!(of, Of::End(EventKind::OomKiller)) && !self.killing.is_empty();
        let kills = !is_killer || sentence.has(self.killing) || rest.has(self.killing);
        // "The container … OOM killed", in one thought with who has it.
        let has = matches!(of, Of::End(kind) if kind.is_oomkilled()) && verb.has(&HAS_ONE);
        let ends = verb.has(self.happens) || has || close.has(self.ends) && kills;
        let is_seen = (verb.has(self.seen) || close.has(self.ended)) && (is_own || !rest.has(self.condition));
        let asks = rest.has(&["?", "？"]) && !sentence.has(self.why);
        (is_seen || ends && is_own && !asks) && !clause.has(self.general)
    }
}

/// What sentences are made of in a language whose verb comes behind the error.
struct VerbBehind {
    /// What says that it was seen.
    seen: &'static [&'static str],
    /// What says something else, wherever it comes first.
    general: &'static [&'static str],
    /// Endings of a verb that make it a condition or a denial.
    unless: &'static [&'static str],
    /// Words before the error that make it an example or a condition.
    opening: &'static [&'static str],
}

/// Words of who reads the log of somebody else.
const OF_READER: [&str; 8] = [
    " looking at line ",
    " looking at your log ",
    " looking at your logs ",
    " in your log ",
    " in your logs ",
    " your log shows ",
    " your logs show ",
    " your crash report ",
];
/// What came of an error that was there.
const DUMPED: [&str; 3] = [" dump was generated ", " dump was written ", " dump was created "];
/// Options of a run that was tried.
const SETTINGS: &[&str] = &[" xmx", " maxrampercentage "];
/// What a killer does at any time.
#[rustfmt::skip]
const DOES: [&str; 18] = [
    " looks ", " look ", " uses ", " considers ", " counts ", " checks ", " chooses ", " picks ", " selects ", " takes into ", " sees ", " cares ",
    " measures ", " works ", " is based ", " score", " watches ", " acts on ",
];
/// Verbs of who has a container that was killed.
const HAS_ONE: [&str; 3] = [" having a ", " have a ", " had a "];

/// Characters before an error among which the verb stands that is about it.
const NEAR: usize = 60;
/// The same of the words that say of a kill that it happened, most of which say nothing by themselves.
const CLOSE: usize = 24;
/// Characters behind a verb that its ending takes.
const ENDING: usize = 8;

impl VerbBehind {
    fn reports(&self, clause: &Words, rest: &Words) -> bool {
        let Some(at) = rest.first(self.seen) else { return false };
        if clause.has(self.opening) || rest.first(self.general).is_some_and(|general| general < at) {
            return false;
        }
        let verb: String = rest.0.get(at..).unwrap_or_default().chars().take(ENDING).collect();
        !self.unless.iter().any(|ending| verb.contains(ending))
    }
}

#[rustfmt::skip]
const ENGLISH_GENERAL: &[&str] = &[
    " if ", " whether ", " how ", " avoid", " prevent", " fix", " to solve ", " solve ", " solving ", " resolv",
    " to handle ", " handle ", " handling ", " catch ", " catching ", " can ", " can't ", " could ", " may ", " might ",
    " would ", " should ", " will ", " want to get ", " want to see ", " possible", " possibly ", " maybe ", " cause ",
    " causes ", " means ", " meaning ", " no ", " not ", "n't ", " never ", " without a ", " without an ",
    " without getting ", " without the ", " without seeing ", " instead ", " such as ", " for example ", " e g ",
    " usually ", " typical", " commonly ", " you ", " your ", " article ", " tutorial ", " chapter ", " guide ",
    " all about ", " article about ", " know about ", " learn about ", " question about ", " questions about ",
    " read about ", " talk about ", " think about ", " unless ", " rather than ", " simulate", " to trigger ",
    " in case ", " to throw ", " a jvm ", " the jvm throws ", " java throws ", " difference ", " kinds of ",
    " types of ", " ensure ", " otherwise ",
];

#[rustfmt::skip]
static VERB_BEFORE: &[VerbBefore] = &[
    // English.
    VerbBefore {
        seen: &[
            " got ", " getting ", " saw ", " seeing ", " seen ", " received ", " receiving ", " ran into ",
            " running into ", " threw ", " thrown ", " throwing ", " failed with ", " failing with ", " crashed with ",
            " crashing with ", " died with ", " dying with ", " died of ", " died from ", " killed by ", " hit ",
            " hitting ", " faced ", " facing ", " encountered ", " encountering ", " experienced ", " experiencing ",
            " reported ", " reporting ", " logged ", " ended with ", " ended in ", " exited with ", " stopped with ",
            " went down with ", " aborted with ", " caused by ", " resulted in ", " terminated with ", " broke with ",
            " in the log ", " in the logs ", " in the log file ", " in my log ", " in my logs ", " logs show ", " log shows ", " log says ", " logs say ", " error is ", " error was ", " exception is ",
            " exception was ", " following error ", " following exception ", " this error ", " this exception ",
            " same error ", " same exception ", " with error ", " with the error ", " with the exception ",
            " the log had ", " logs had ", " because of ", " went oom ", " error message ", " giving me ", " gave me ",
            " gave us ", " gives me ", " gives us ",
        ],
        happens: &[
            " get ", " gets ", " see ", " sees ", " receive ", " receives ", " hit ", " hits ", " run into ",
            " runs into ", " throws ", " throw ", " is throwing ", " fails with ", " fail with ", " crashes with ",
            " crash with ", " dies with ", " dies of ", " die with ", " die of ", " face ", " faces ", " encounter ",
            " encounters ", " experience ", " experiences ", " reports ", " logs ", " shows ", " ends with ",
            " ends in ", " exits with ", " stops with ", " goes down with ", " have an ", " having an ", " raises ",
            " dies ", " crashes ", " fails ", " aborts ", " abort with ", " restarts ", " restart with ", " is down ",
            " prints ", " says ", " then ", " until ",
        ],
        ended: &[" was ", " were ", " been ", " being ", " got ", " exited ", " reason ", " due to "],
        ends: &[" gets ", " get ", " is ", " are ", " by the ", " with ", " status ", " state ", " exits ", " shows "],
        own: &[
            " i ", " i'm ", " i've ", " we ", " we're ", " we've ", " my ", " our ", " me ", " us ", " every ",
            " keeps ", " keep ", " kept ", " again ", " daily ", " nightly ", " randomly ", " constantly ", " still ",
            " minutes ", " hours ", " hour ", " days ", " this morning ", " this week ", " last night ", " since ",
            " today ", " yesterday ", " times ", " twice ", " while running on ",
        ],
        general: ENGLISH_GENERAL,
        condition: &[" if "],
        why: &[" why "],
        killing: &[
            " kill", " kicked ", " kicks ", " struck ", " strikes ", " terminat", " invoked ", " victim ", " triggered ", " shot ", " took ",
            " takes ", " ended ", " ends ", " died ", " dies ", " hit ", " hits ", " got ", " gets ", " reap",
        ],
    },
    // German.
    VerbBefore {
        seen: &[
            " bekam", " erhielt", " warf ", " geworfen ", " abgestürzt ", " gestorben ", " aufgetreten ", " trat ",
            " gesehen ", " kam ", " flog ", " fiel ", " starb ", " stürzte ", " endete ", " brach ", " scheiterte ",
            " meldete ",
        ],
        happens: &[
            " bekomm", " erhalt", " erhält ", " wirft ", " sehe ", " sehen ", " stürzt ", " bricht ", " kommt ",
            " haben ", " habe ", " scheitert ", " läuft ", " stirbt ", " fliegt ", " meldet ", " endet ", " tritt ",
            " steigt ", " steht ",
        ],
        ended: &[" wurde ", " wurden ", " worden ", " grund "],
        ends: &[" wird ", " werden ", " vom ", " mit ", " status "],
        own: &[
            " ich ", " wir ", " unser", " mein", " uns ", " mir ", " jede ", " jeden ", " täglich ", " ständig ",
            " immer wieder ", " seit ", " heute ", " gestern ", " bei uns ",
        ],
        general: &[
            " wenn ", " falls ", " kann ", " könn", " würde", " soll", " vermeid", " verhinder", " beheb", " wie ",
            " kein", " nicht ", " ohne ", " statt ", " beispiel", " z b ", " normalerweise ", " meist", " man ",
            " bedeutet ", " ob ", " sie ", " nie ",
        ],
        condition: &[" wenn ", " falls "],
        why: &[" warum ", " wieso ", " weshalb "],
        killing: &[],
    },
    // Spanish.
    VerbBefore {
        seen: &[
            " obtengo ", " obtenemos ", " obtuv", " recibo ", " recibimos ", " recibí ", " veo ", " vemos ", " me da ",
            " nos da ", " me sale ", " nos sale ", " me aparece ", " nos aparece ", " me lanza ", " nos lanza ",
            " lanzó ", " falló ", " murió ", " cayó ", " salió ", " apareció ", " se produjo ", " ocurrió ",
            " obteniendo ", " lanzando ", " recibiendo ", " tenemos ", " tuvimos ", " arrojó ",
        ],
        happens: &[
            " lanza ", " falla ", " cae ", " muere ", " da ", " sale ", " aparece ", " arroja ", " muestra ", " tengo ",
            " termina ",
        ],
        ended: &[" fue ", " fueron ", " sido "],
        ends: &[" es ", " está ", " con ", " estado ", " por "],
        own: &[
            " me ", " mi ", " mis ", " nos ", " nuestr", " cada ", " todos los ", " todas las ", " desde ", " hoy ",
            " ayer ", " siempre que ", " otra vez ", " sigue ",
        ],
        general: &[
            " si ", " puede", " podría", " evitar", " cómo ", " como ", " solucionar", " corregir", " no ", " sin ",
            " ejemplo ", " suele", " significa", " nunca ", " en lugar ", " deb",
        ],
        condition: &[" si "],
        why: &[" por qué ", " porque "],
        killing: &[],
    },
    // Portuguese.
    VerbBefore {
        seen: &[
            " ocorreu ", " ocorrendo ", " ocorreram ", " deu ", " dando ", " estourou ", " estourando ", " recebi ",
            " recebemos ", " recebendo ", " apareceu ", " aparecendo ", " lançou ", " lançando ", " caiu ", " caindo ",
            " falhou ", " falhando ", " morreu ", " morrendo ", " travou ", " tivemos ", " estou tendo ", " estamos tendo ",
            " obtive ", " obtendo ", " gerou ", " gerando ", " aconteceu ", " acontecendo ", " seguinte erro ",
        ],
        happens: &[
            " ocorre ", " recebo ", " dá ", " da ", " estoura ", " aparece ", " lança ", " cai ", " falha ", " morre ", " trava ",
            " temos ", " tenho ", " gera ", " acontece ", " mostra ", " erro de ",
        ],
        ended: &[" foi ", " foram ", " sido "],
        ends: &[" é ", " está ", " pelo ", " com ", " status "],
        own: &[
            " meu ", " minha ", " nosso ", " nossa ", " nos ", " me ", " cada ", " todo dia ", " todos os ", " toda ",
            " desde ", " hoje ", " ontem ", " sempre que ", " de novo ", " aqui ",
        ],
        general: &[
            " se ", " pode", " poderia", " evitar", " como ", " corrigir", " resolver", " não ", " sem ", " exemplo ",
            " costuma", " significa", " nunca ", " em vez ", " dev",
        ],
        condition: &[" se "],
        why: &[" por que ", " porque "],
        killing: &[],
    },
    // Russian.
    VerbBefore {
        seen: &[
            " получаю", " получаем", " получил", " вижу ", " видим ", " упал", " вылетел", " вылетает", " возник",
            " появил", " ловлю", " ловим", " словил", " поймал", " вываливается", " выдает", " выдаёт", " выдал",
            " крашится", " умер", " умирает", " падает", " падают", " выбросил", " бросил", " завершился",
            " завершилась", " завершилось", " рухнул",
        ],
        happens: &[" бросает ", " выбрасывает ", " возникает ", " появляется ", " случается ", " лезет ", " сыпется "],
        ended: &[" был ", " была ", " убит", " прибил"],
        ends: &[" убивает ", " с ", " статус ", " от "],
        own: &[
            " у нас ", " у меня ", " мой ", " моя ", " моё", " мое", " моей ", " моём ", " моего ", " наш", " каждый ", " каждую ", " каждые ", " снова ", " постоянно ",
            " сегодня ", " вчера ",
        ],
        general: &[
            " если ", " может", " могут ", " как ", " избежать", " избег", " исправ", " не ", " без ", " например ",
            " обычно ", " означает", " что такое ", " вместо ", " чтобы ", " будет ", " нет ", " когда ",
        ],
        condition: &[" если ", " когда "],
        why: &[" почему ", " из за чего "],
        killing: &[],
    },
    // Chinese, which has no blanks.
    VerbBefore {
        seen: &[
            "报错", "报出", "报了", "报 ", "出现", "抛出", "抛 ", "遇到", "发生了", "提示", "显示", "收到", "得到", "碰到", "日志", "出了", "挂了", "崩溃",
        ],
        happens: &[],
        ended: &["被", "退出", "状态", "重启", "杀"],
        ends: &[],
        own: &[],
        general: &[
            "如果", "可能", "会", "若", "如何", "怎么", "怎样", "避免", "防止", "解决", "处理", "不", "没有", "例如", "比如", "一般", "通常", "可以",
            "什么是", "当", "时抛", "时就", "则", "常见", "容易", "未",
        ],
        condition: &["如果"],
        why: &["为什么", "为何"],
        killing: &[],
    },
];

#[rustfmt::skip]
static VERB_BEHIND: &[VerbBehind] = &[
    // English: "OutOfMemoryError: Metaspace was thrown".
    VerbBehind {
        seen: &[
            " occurred ", " happened ", " was thrown ", " was logged ", " was raised ", " appeared ", " showed up ",
            " came up ", " has occurred ", " keeps ", " crashed ", " killed ", " kills our ", " kills my ", " brought down ", " took down ",
            " started to appear ", " in our logs ", " in our log ", " in my logs ", " in my log ",
            " in production since ", " every night ", " every day ",
        ],
        general: &[
            " if ", " can ", " may ", " might ", " could ", " would ", " should ", " will ", " mean", " when ",
            " occurs ", " happens ", " is ", " are ", " indicates ", " avoid", " prevent", " fix", " not ", "n't ",
            " never ", " you ", " usually ", " often ", "?", " how ", " what ",
        ],
        unless: &[],
        opening: ENGLISH_GENERAL,
    },
    // German: "… ist aufgetreten", "… bekommen".
    VerbBehind {
        seen: &[" aufgetreten ", " bekommen ", " abgestürzt ", " geworfen ", " gestorben ", " gesehen ", " beendet "],
        general: &[" wenn ", " kann ", " könn", " nicht ", " bedeutet ", " vermeid", " beheb", "?"],
        unless: &[],
        opening: &[" wenn ", " falls ", " kein", " kann ", " könn", " ohne ", " wie "],
    },
    // Spanish, Portuguese, and Russian: "… apareció", "… ocorreu", "… возникла".
    VerbBehind {
        seen: &[
            " ocurrió ", " apareció ", " se produjo ", " mató ", " ocorreu ", " apareceu ", " aconteceu ", " estourou ", " matou ",
            " derrubou ", " возник", " появил", " случил", " произош", " вылетел", " убил", " прибил",
        ],
        general: &[" si ", " puede", " no ", " se ", " pode ", " não ", " если ", " может", " не ", " означает", "?"],
        unless: &[],
        opening: &[
            " si ", " evitar", " cómo ", " se ", " como ", " pode ", " если ", " как ", " может", " без ", " избежать",
        ],
    },
    // Korean.
    VerbBehind {
        seen: &[
            "발생했", "발생하였", "발생하고 있", "발생하며", "발생하여", "발생해서", "발생해 ", "발생됩니다", "발생되고", "났", "나고 있", "나면서", "나서 ", "나네",
            "나는데", "뜨는데", "떠요", "나요", "납니다", "떴", "뜹니다", "뜨네", "뜨면서", "떠서", "뜨고", "나왔", "나옵니다", "나와서", "나오고", "터졌",
            "터집니다", "터지고", "터져", "찍혔", "찍힙니다", "찍혀", "남았", "남아 ", "던지고", "던졌", "죽었", "죽습니다", "죽어", "죽고", "내려갔", "내려가",
            "뻗", "떨어졌", "떨어집니다", "떨어지고", "보입니다", "보였", "보이고", "겪", "종료됐", "종료되었", "종료됩니다", "멈췄", "실패했", "실패합니다", "마주쳤",
            "만났", "났다", "뜬다", "난다", "죽는다", "터진다", "떨어진다", "나타났", "나타나고", "발생 ", "발생함", "터짐", "되었", "됐", "됩니다", "되고 ",
            "되면서", "당했", "당합니다", "당하고", "재시작", "종료되", "죽였", "죽이", "확인했", "확인되",
        ],
        general: &[
            "수 있", "방법", "해결", "이란", "란 ", "원인", "방지", "예방", "막기", "막으려", "피하", "않", "없", "아니", " 안 ", "보통", "의미", "대신",
            "무엇", "때문에 발생할", "발생하면", "발생할", "나면 ", "뜨면", "경우", "대처", "대응", "처리하", "라면", "되면 ", "뜻",
        ],
        unless: &["을 때", "생 원인", "생 시", "생 이유", "생 조건", "생 상황", "다면", "을 경우", "을 수", "을까", "지 않", "으면", "한 경우", "는 경우"],
        opening: &["예를 들", "만약", "만일", "흔한", "대표적"],
    },
    // Japanese.
    VerbBehind {
        seen: &[
            "発生しまし", "発生した", "発生して", "発生しており", "になってしま", "出た", "出て", "出まし", "出ました", "出ます", "出る", "出力され", "になりま", "になった",
            "落ちま", "落ちた", "落ちて", "で死", "死にま", "スローされ", "表示され", "起き", "吐い", "吐き", "エラーになり", "失敗し", "クラッシュし", "停止し",
            "投げられ", "発生中", "で落ち", "記録され", "されまし", "された", "されて", "に殺され", "再起動", "終了し", "強制終了",
        ],
        general: &[
            "場合", "可能性", "ことがあ", "方法", "対処", "対策", "原因", "とは", "防", "避け", "ない", "ません", "なら", "れば", "たら", "とき", "意味",
            "解決", "かもしれ", "解説", "について", "発生する",
        ],
        unless: &["場合", "たら", "とき", "た時", "ない", "うる", "得る", "ません", "やすい", "れば", "る場", "る可", "ること"],
        opening: &["例えば", "たとえば", "もし", "よくある"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::java_error::FORMAT;
    use crate::model::kind::ErrorKind;

    fn told(text: &str) -> Vec<(ErrorKind, String)> {
        let mut out = Readings::default();
        read(&Line::of(text), &mut out);
        out.told.into_iter().map(|error| (error.kind, error.message)).collect()
    }

    #[test]
    fn a_sentence_that_says_it_was_seen_is_believed() {
        let mut wrong = Vec::new();
        for (text, kind) in [
            (
                "After two hours I get java.lang.OutOfMemoryError: Java heap space and have to restart.",
                ErrorKind::HeapSpace,
            ),
            (
                "The build failed, caused by a java.lang.OutOfMemoryError: GC overhead limit exceeded",
                ErrorKind::GcOverhead,
            ),
            ("we see `OutOfMemoryError: Metaspace` every night", ErrorKind::Metaspace),
            (
                "If we set -Xmx4g, we get \"java.lang.OutOfMemoryError: Java heap space\" within a minute.",
                ErrorKind::HeapSpace,
            ),
            ("My consumer throws java.lang.OutOfMemoryError: Direct buffer memory", ErrorKind::DirectBuffer),
            (
                "Tomcat crashed with OutOfMemoryError (unable to create new native thread) twice.",
                ErrorKind::NativeThread,
            ),
            (
                "When I read a large file after about two hours I get java.lang.OutOfMemoryError: Java heap space",
                ErrorKind::HeapSpace,
            ),
            ("Can anyone tell me why I get java.lang.OutOfMemoryError: Java heap space?", ErrorKind::HeapSpace),
            ("I started to get OutOfMemoryError: Metaspace without any change.", ErrorKind::Metaspace),
            // The reason stands beside the name in other words than the JVM's own.
            ("My app throws a java.lang.OutOfMemoryError due to Metaspace.", ErrorKind::Metaspace),
            ("After upgrading we see OutOfMemoryErrors in direct buffer memory.", ErrorKind::DirectBuffer),
            ("I see java.lang.OutOfMemoryError because of GC overhead limit exceeded.", ErrorKind::GcOverhead),
            ("Our service dies with OutOfMemoryError: heap space every night.", ErrorKind::HeapSpace),
            ("We got a Java heap space OutOfMemoryError yesterday.", ErrorKind::HeapSpace),
            ("Why does our job fail with java.lang.OutOfMemoryError: Java heap space?", ErrorKind::HeapSpace),
            ("> As you can see, it died with **OutOfMemoryError: Compressed class space**.", ErrorKind::ClassSpace),
            ("Then an OutOfMemoryError: Metaspace was thrown on two of the nodes.", ErrorKind::Metaspace),
            ("Getting OOM: Java heap space on the workers since the upgrade", ErrorKind::HeapSpace),
            (
                "배포 후 `java.lang.OutOfMemoryError: Java heap space`가 발생했는데 어떻게 해결하나요?",
                ErrorKind::HeapSpace,
            ),
            ("새벽마다 OutOfMemoryError: Metaspace 로 서버가 죽습니다.", ErrorKind::Metaspace),
            (
                "로그를 보니 java.lang.OutOfMemoryError: GC overhead limit exceeded 에러가 찍혀 있었습니다.",
                ErrorKind::GcOverhead,
            ),
            ("빌드하면 java.lang.OutOfMemoryError: Metaspace 에러가 나는데 도와주세요.", ErrorKind::Metaspace),
            ("Jenkins dies every few days with an \"OutOfMemoryError: Metaspace\".", ErrorKind::Metaspace),
            (
                "It throws an exception java.lang.OutOfMemoryError: Java heap space after 10 minutes.",
                ErrorKind::HeapSpace,
            ),
            ("- -Xmx512m: works for 2 hours then java.lang.OutOfMemoryError: Java heap space", ErrorKind::HeapSpace),
            (
                "Unfortunately the import aborts with OutOfMemoryError: Java heap space every time.",
                ErrorKind::HeapSpace,
            ),
            ("昨夜 java.lang.OutOfMemoryError: Java heap space が発生しました。", ErrorKind::HeapSpace),
            ("バッチを流すと「java.lang.OutOfMemoryError: Metaspace」で落ちます。", ErrorKind::Metaspace),
            ("线上服务今天早上报错 java.lang.OutOfMemoryError: Java heap space，怎么解决？", ErrorKind::HeapSpace),
            ("启动之后抛出了java.lang.OutOfMemoryError：Metaspace。", ErrorKind::Metaspace),
            (
                "Seit dem Update bekommen wir jede Nacht java.lang.OutOfMemoryError: Java heap space.",
                ErrorKind::HeapSpace,
            ),
            ("Der Dienst ist mit OutOfMemoryError: Metaspace abgestürzt.", ErrorKind::Metaspace),
            ("Al arrancar me da java.lang.OutOfMemoryError: Java heap space.", ErrorKind::HeapSpace),
            ("После часа работы сервис падает с java.lang.OutOfMemoryError: Java heap space.", ErrorKind::HeapSpace),
            ("У нас приложение выбрасывает OutOfMemoryError: GC overhead limit exceeded", ErrorKind::GcOverhead),
        ] {
            let told = told(text);
            if told.iter().map(|(kind, _)| *kind).ne([kind]) {
                wrong.push(format!("not believed: {text}"));
            }
            if !crate::formats::read_alone(&FORMAT, text).java_errors.is_empty() {
                wrong.push(format!("taken for a line of a log: {text}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    fn ends(text: &str) -> Vec<EventKind> {
        let mut out = Readings::default();
        read(&Line::of(text), &mut out);
        out.told_ends.into_iter().map(|end| end.kind).collect()
    }

    #[test]
    fn an_error_without_its_message_is_believed_like_one_with_it() {
        let mut wrong = Vec::new();
        for (text, message) in [
            ("We saw java.lang.OutOfMemoryError in production.", "java.lang.OutOfMemoryError"),
            ("We get an OutOfMemoryError in the metaspaces of two apps.", "java.lang.OutOfMemoryError"),
            ("After two hours we get java.lang.OutOfMemoryError and the pod restarts.", "java.lang.OutOfMemoryError"),
            ("# Our batch job keeps throwing OutOfMemoryError", "java.lang.OutOfMemoryError"),
            ("어제 새벽에 운영 서버에서 OOM이 발생했습니다.", "OOM"),
            ("배치를 돌리면 OutOfMemoryError가 뜬다.", "java.lang.OutOfMemoryError"),
            ("트래픽이 몰리자 OOM이 터졌다", "OOM"),
            ("OOM으로 톰캣이 죽었습니다.", "OOM"),
            ("Ontem ocorreu um OutOfMemoryError no nosso servidor.", "java.lang.OutOfMemoryError"),
            ("Deu OutOfMemoryError de novo na aplicação.", "java.lang.OutOfMemoryError"),
            ("Gestern ist unser Dienst mit einem OutOfMemoryError abgestürzt.", "java.lang.OutOfMemoryError"),
            ("Ayer se produjo un OutOfMemoryError en mi servicio.", "java.lang.OutOfMemoryError"),
            ("Сервис упал с OutOfMemoryError после обновления.", "java.lang.OutOfMemoryError"),
            ("昨晩 OutOfMemoryError が発生しました。", "java.lang.OutOfMemoryError"),
            ("线上服务出现了OutOfMemoryError。", "java.lang.OutOfMemoryError"),
        ] {
            if told(text) != [(ErrorKind::Other, message.to_owned())] {
                wrong.push(text);
            }
        }
        for text in [
            "A java.lang.OutOfMemoryError is thrown when there is no room for an object.",
            "How do I find the reason of an OutOfMemoryError?",
            "We set -XX:+HeapDumpOnOutOfMemoryError and -XX:+ExitOnOutOfMemoryError.",
            "try { load(); } catch (OutOfMemoryError e) { log(e); }",
            "We throw new OutOfMemoryError(\"too large\") there.",
            "We got it by reading OutOfMemoryError.java twice.",
            "We got an oom_score of 900.",
            "OOM 발생 원인과 해결 방법",
            "OOM이 발생하면 힙 덤프를 남깁니다.",
            "Como evitar OutOfMemoryError?",
            "OutOfMemoryError とは何か",
        ] {
            if !told(text).is_empty() {
                wrong.push(text);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_kill_that_a_sentence_reports_is_believed() {
        let mut wrong = Vec::new();
        for (text, kind) in [
            ("My java pod gets OOMKilled every few hours.", EventKind::KubernetesOomkilled),
            ("The pod was OOMKilled twice today, and nobody knows why.", EventKind::KubernetesOomkilled),
            ("# Pod keeps getting OOMKilled", EventKind::KubernetesOomkilled),
            ("It restarted with the reason: OOMKilled.", EventKind::KubernetesOomkilled),
            ("Our docker container is OOMKilled after an hour", EventKind::DockerOomkilled),
            ("I am having a container with one JVM OOM killed once a day.", EventKind::KubernetesOomkilled),
            ("Our memory grows until it hits the 3GB limit and we get an OOM.", EventKind::KubernetesOomkilled),
            ("With mem_limit: 1g our container was OOM-killed at start.", EventKind::DockerOomkilled),
            ("The OOM killer killed our java process at night.", EventKind::OomKiller),
            ("It was killed by the OOM-killer.", EventKind::OomKiller),
            ("The container exits with exit code 137 every night, without any log.", EventKind::Exit137),
            ("we keep seeing `exit code: 137` on the build agents", EventKind::Exit137),
            ("CI failed three times with exit code 137 on one test, while all tests pass locally.", EventKind::Exit137),
            ("our docker image shows 137 error code", EventKind::Exit137),
            ("the image of our shop shows 137 error code while running on an instance", EventKind::Exit137),
            ("파드가 OOMKilled로 계속 재시작됩니다.", EventKind::KubernetesOomkilled),
            ("OOM Killer가 자바 프로세스를 죽였습니다.", EventKind::OomKiller),
            ("컨테이너가 종료 코드 137로 죽었다.", EventKind::Exit137),
            ("Der Pod wurde OOMKilled.", EventKind::KubernetesOomkilled),
            ("El pod fue OOMKilled otra vez.", EventKind::KubernetesOomkilled),
            ("Meu pod foi OOMKilled ontem.", EventKind::KubernetesOomkilled),
            ("Под был OOMKilled.", EventKind::KubernetesOomkilled),
            ("Pod が OOMKilled で再起動を繰り返しました。", EventKind::KubernetesOomkilled),
            ("线上的 Pod 被 OOMKilled 了。", EventKind::KubernetesOomkilled),
        ] {
            if ends(text) != [kind] {
                wrong.push(text);
            }
        }
        for text in [
            "What does exit code 137 mean?",
            "How can I avoid that a pod is OOMKilled?",
            "If the limit is reached, the container is OOMKilled.",
            "A pod may be OOMKilled without a log.",
            "The OOM killer chooses the process with the highest score.",
            "We watch the working set, and it is what the OOM killer looks at.",
            "My notes are about the OOM killer.",
            "Our dashboard shows what the OOM killer uses.",
            "We have 137 pods with code review.",
            "OOMKilled とは",
            "OOMKilled 원인과 해결",
            "파드가 OOMKilled 되면 재시작됩니다.",
            "如果 Pod 被 OOMKilled，就会重启。",
        ] {
            if !ends(text).is_empty() {
                wrong.push(text);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn what_explains_advises_denies_or_asks_in_general_is_not_believed() {
        let mut wrong = Vec::new();
        for text in [
            "How to avoid java.lang.OutOfMemoryError: Java heap space",
            "How can I fix the OutOfMemoryError: Java heap space?",
            "If you see OutOfMemoryError: Metaspace, raise -XX:MaxMetaspaceSize.",
            "A full old generation can throw OutOfMemoryError: Java heap space.",
            "The JVM throws java.lang.OutOfMemoryError: GC overhead limit exceeded when 98% of the time goes into GC.",
            "With -XX:+HeapDumpOnOutOfMemoryError: Java heap space is dumped.",
            "## Getting OutOfMemoryError: Java heap space",
            "# OutOfMemoryError",
            "java.lang.OutOfMemoryError: Metaspace explained",
            "With the new limit we no longer get OutOfMemoryError: Metaspace.",
            "We don't get an OutOfMemoryError: Java heap space, the process just grows.",
            "} catch (OutOfMemoryError e) {",
            "throw new OutOfMemoryError(\"Java heap space\");",
            "// we get OutOfMemoryError: Java heap space here",
            "In this article we see how OutOfMemoryError: Metaspace comes about.",
            "It would fail with an OutOfMemoryError: Java heap space instead of being killed.",
            "Will my service get an OutOfMemoryError: Direct buffer memory?",
            "There are many kinds of errors, such as OutOfMemoryError: unable to create new native thread.",
            "OutOfMemoryError: Java heap space means that the heap is full.",
            "OutOfMemoryError: Java heap space occurs when the heap is too small.",
            "힙이 부족하면 OutOfMemoryError: Java heap space가 발생할 수 있습니다.",
            "OutOfMemoryError: Metaspace가 발생하면 MaxMetaspaceSize를 올립니다.",
            "OutOfMemoryError: Java heap space 해결 방법을 정리했습니다.",
            "java.lang.OutOfMemoryError: Java heap space가 발생했을 때 확인할 것들",
            "이제 OutOfMemoryError: Metaspace가 나지 않습니다.",
            "OutOfMemoryError: Java heap space が発生した場合の対処法",
            "OutOfMemoryError: Java heap space とは",
            "Metaspace が不足すると OutOfMemoryError: Metaspace が発生します。",
            "Most developers get java.lang.OutOfMemoryError: Java heap space sooner or later.",
            "A java.lang.OutOfMemoryError: Java heap space is thrown when there is no room for an object.",
            "OutOfMemoryError: Java heap space 에러는 힙이 가득 찼을 때 발생합니다.",
            "OutOfMemoryError: Metaspace が発生する原因",
            "当堆内存不足时，会抛出 OutOfMemoryError: Java heap space。",
            "如何解决 java.lang.OutOfMemoryError: Java heap space",
            "Wenn man OutOfMemoryError: Java heap space bekommt, hilft mehr Heap.",
            "Wie kann ich OutOfMemoryError: Metaspace vermeiden?",
            "Cómo evitar java.lang.OutOfMemoryError: Java heap space",
            "Если приложение падает с OutOfMemoryError: Java heap space, увеличьте -Xmx.",
            "Как исправить java.lang.OutOfMemoryError: Java heap space",
        ] {
            if !told(text).is_empty() {
                wrong.push(text);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn its_place_is_where_it_stands_and_one_of_a_kind_is_kept() {
        let mut out = Readings::default();
        read(&Line::of("Then we got OutOfMemoryError: Metaspace, and later I got `OOM (Java heap space)`."), &mut out);
        read(&Line { number: 2, ..Line::of("We got OutOfMemoryError: Metaspace again.") }, &mut out);
        let places: Vec<_> = out.told.iter().filter_map(|error| error.at.get("message")).collect();
        assert_eq!(
            places.iter().map(|span| (span.line, span.start, span.end)).collect::<Vec<_>>(),
            [(1, 12, 39), (1, 58, 78)]
        );
        assert_eq!(
            out.told.last().map(|error| error.message.as_str()),
            Some("java.lang.OutOfMemoryError: Java heap space")
        );
    }
}
