//! Numbers in the words around the logs, mostly in English and Korean: sizes with a unit, percentages, and counts of processors.
//!
//! What a number is about is told from the words of its own sentence, between the numbers beside it. Where that is not
//! certain (a plan, a question, a bound, a rule of thumb), the number is kept without a meaning. A line or a row of a table that
//! is nothing but a name and one size says what it is about by its name. Nothing of the text is kept but the numbers and the
//! lines they stand on.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::signs::Signs;
use crate::formats::quantity;
use crate::model::prose::{About, Amount, ProseNumber};
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 4000;
/// Numbers kept over all sources.
pub(super) const MAX_NUMBERS: usize = 1000;

/// True for a line that may have a number that matters, were it prose.
pub(super) fn may_say(body: &str) -> bool {
    may_have_a_number(body) || names_bytes(body) || names_limit(body)
}

/// True if a line may set the limit of a container as Compose and `docker run` have it, a heap with a blank before its
/// size, or a machine by one letter: `a server with 2G`.
fn names_limit(body: &str) -> bool {
    static NAMES: LazyLock<Signs> = LazyLock::new(|| Signs::of(signs()));
    NAMES.are_in(body.as_bytes())
}

/// What of a sentence may matter without a number and its unit: an ordinary line of a log has none of it.
pub(super) fn signs() -> impl Iterator<Item = &'static str> {
    // A sentence begins with a large letter.
    let others = ["mem_limit", "--memory", "-Xmx ", "erver with ", "achine with ", "nstance with "];
    others.into_iter().chain(MEMORY_IS)
}

/// What stands right before the memory of a machine, of which people write one letter.
const MACHINE_WITH: [&str; 3] = ["server with ", "machine with ", "instance with "];

/// What stands right before the memory of somebody, of which people write one letter.
const MEMORY_IS: [&str; 6] = ["内存为", "内存是", "内存仅", "内存只有", "内存限制为", "内存上限为"];

/// What stands right before a limit that was set.
const LIMIT_TO: [&str; 4] =
    ["increased the limit to", "raised the limit to", "set the limit to", "lowered the limit to"];

/// What stands right before the limit of a container.
const LIMIT_SETS: [&str; 5] = ["mem_limit: ", "mem_limit:", "mem_limit=", "--memory=", "--memory "];

/// Notes the numbers of a line of prose.
pub fn read(line: &Line<'_>, out: &mut Readings) {
    if out.prose.len() >= MAX_NUMBERS || !may_say(line.body) {
        return;
    }
    let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    if let Some((number, about)) = labelled(&lower) {
        note(line, text, (number.start, number.end), number.amount, Some(about), out);
        out.keep(line);
        return;
    }
    let mut told = false;
    for (from, to) in sentences(&lower) {
        let Some(sentence) = lower.get(from..to) else { continue };
        let found = numbers(sentence);
        // Words are looked for with the blanks around them.
        let padded = format!(" {sentence} ");
        for (nth, number) in found.iter().enumerate() {
            if out.prose.len() >= MAX_NUMBERS {
                break;
            }
            let previous = nth.checked_sub(1).and_then(|at| found.get(at)).map_or(0, |other| other.end);
            let next = found.get(nth + 1).map_or(sentence.len(), |other| other.start);
            let around = Around {
                sentence: &padded,
                before: sentence.get(previous..number.start).unwrap_or_default(),
                // An option belongs to the number behind it.
                after: sentence.get(number.end..next).unwrap_or_default().trim_end_matches("xmx"),
                number: sentence.get(number.start..number.end).unwrap_or_default(),
            };
            // At the end of a text that is cut there, nobody knows what would follow.
            let is_open = line.is_cut() && from + number.end + 1 >= lower.len();
            let about = around.about(number.amount).filter(|_| !is_open);
            told |= about.is_some();
            note(line, text, (from + number.start, from + number.end), number.amount, about, out);
        }
    }
    if told {
        out.keep(line);
    }
}

/// Notes the number of a line that is nothing but a name and a size, where the line is no prose otherwise.
pub fn read_labelled(line: &Line<'_>, out: &mut Readings) {
    if line.body.len() > MAX_ROW || out.prose.len() >= MAX_NUMBERS || !may_say(line.body) {
        return;
    }
    let lower = line.body.to_ascii_lowercase();
    if let Some((number, about)) = labelled(&lower) {
        note(line, line.body, (number.start, number.end), number.amount, Some(about), out);
        out.keep(line);
    }
}

fn note(
    line: &Line<'_>,
    text: &str,
    (start, end): (usize, usize),
    amount: Amount,
    about: Option<About>,
    out: &mut Readings,
) {
    out.prose.push(ProseNumber {
        about,
        amount,
        text: text.get(start..end).unwrap_or_default().trim().to_owned(),
        span: line.span_of(text.get(start..end).unwrap_or_default()),
    });
}

/// Bytes of a row with a name and a size.
const MAX_ROW: usize = 200;

/// Names of rows, as posts and pull requests write them.
const NAMES: &[(&str, About)] = &[
    ("limit", About::Limit),
    ("memory limit", About::Limit),
    ("mem limit", About::Limit),
    ("container limit", About::Limit),
    ("container memory limit", About::Limit),
    ("pod limit", About::Limit),
    ("pod memory limit", About::Limit),
    ("limits: memory", About::Limit),
    ("container hard/soft memory", About::Limit),
    ("memory hard limit", About::Limit),
    ("hard limit", About::Limit),
    ("hard memory limit", About::Limit),
    ("memory limits (mib) - hard limit", About::Limit),
    ("limits.memory", About::Limit),
    ("resources.limits.memory", About::Limit),
    ("메모리 제한", About::Limit),
    ("컨테이너 메모리 제한", About::Limit),
    ("max heap", About::MaxHeap),
    ("max heap size", About::MaxHeap),
    ("maximum heap", About::MaxHeap),
    ("maximum heap size", About::MaxHeap),
    ("heap max", About::MaxHeap),
    ("xmx", About::MaxHeap),
    ("최대 힙", About::MaxHeap),
    ("live set", About::LiveSet),
    ("live set after full gc", About::LiveSet),
    ("heap after full gc", About::LiveSet),
    ("라이브 셋", About::LiveSet),
    ("rss", About::Used),
    ("rss usage", About::Used),
    ("process rss", About::Used),
    ("pod rss", About::Used),
    ("container rss", About::Used),
    ("resident", About::Used),
    ("resident memory", About::Used),
    ("resident set size", About::Used),
    ("heap committed", About::HeapCommitted),
    ("committed heap", About::HeapCommitted),
    ("java heap committed", About::HeapCommitted),
    ("ram", About::Ram),
    ("total ram", About::Ram),
    ("total memory", About::Ram),
    ("physical memory", About::Ram),
    ("system memory", About::Ram),
    ("node memory", About::Ram),
    ("host memory", About::Ram),
    ("server memory", About::Ram),
    ("서버 메모리", About::Ram),
];

/// The only number of a line that is nothing but a name and a size: `memory limit: 2000Mi`, `| live set | 36Mi |`,
/// `<td>RSS</td><td>1.9 GB</td>`, `limit    2000Mi`. A bare `limit` is that of memory only beside a unit of Kubernetes.
fn labelled(lower: &str) -> Option<(Found, About)> {
    if lower.len() > MAX_ROW {
        return None;
    }
    if let Some(found) = of_row(lower) {
        return Some(found);
    }
    let mut found = numbers(lower);
    if found.is_empty() && names_bytes(lower) {
        return in_bytes(lower);
    }
    if found.len() > 1 {
        found.retain(|number| matches!(number.amount, Amount::Size { .. }));
        return if found.len() == 2 { of_machine(lower, found) } else { None };
    }
    let number = found.pop().filter(|number| found.is_empty() && matches!(number.amount, Amount::Size { .. }))?;
    let (before, after) = (lower.get(..number.start)?, lower.get(number.end..)?);
    if !matches!(bare(after).as_str(), "" | "total") {
        return None;
    }
    let name = bare(before);
    let about = named(&name)?;
    let of_kubernetes = lower.get(number.start..number.end)?.ends_with(['i', 'I']);
    (name != "limit" || of_kubernetes).then_some((number, about))
}

/// `| Java | -Xmx4096m | how far the heap grows |`: the only size that fills a cell, with its name in front of it or in the cell before,
/// and words behind it, whatever they say.
fn of_row(lower: &str) -> Option<(Found, About)> {
    if !lower.contains(" | ") {
        return None;
    }
    let (mut start, mut before, mut only) = (0, "", None);
    for cell in lower.split('|') {
        let mut found = numbers(cell);
        if let (Some(mut number), true) = (found.pop(), found.is_empty())
            && bare(cell.get(number.end..)?).is_empty()
            && matches!(number.amount, Amount::Size { .. })
        {
            let own = bare(cell.get(..number.start)?);
            let is_comment = !own.is_empty() && named(&own).is_none();
            let name = if own.is_empty() { bare(before) } else { own };
            let of_kubernetes = cell.get(number.start..number.end)?.ends_with('i');
            let head = lower.get(..start)?;
            let is_hedged = HEDGES.iter().any(|word| head.contains(word));
            let about = named(&name).filter(|_| (name != "limit" || of_kubernetes) && !is_hedged);
            (number.start, number.end) = (number.start + start, number.end + start);
            if !is_comment && only.replace((number, about)).is_some() {
                return None;
            }
        }
        (start, before) = (start + cell.len() + 1, cell);
    }
    only.and_then(|(number, about)| Some((number, about?)))
}

/// `Memory: 236MiB / 957MiB` of neofetch, `Mem[|||||  236M/957M]` of htop: what is used of the machine's memory, and that.
fn of_machine(lower: &str, mut found: Vec<Found>) -> Option<(Found, About)> {
    let (all, used) = (found.pop()?, found.pop()?);
    let is_ratio = lower.get(used.end..all.start)?.trim() == "/";
    let name = lower.get(..used.start)?.trim_end_matches(['|', ' ', '#']).trim_start();
    let is_named = matches!(name, "memory:" | "mem[" | "ram:" | "mem:");
    let ends = lower.get(all.end..)?.trim_start_matches(|c: char| !c.is_alphanumeric());
    let ends = ends.is_empty() || ends.trim_end_matches(')').chars().all(|c| c.is_ascii_digit() || c == '%');
    (is_ratio && is_named && ends).then_some((all, About::Ram))
}

fn named(name: &str) -> Option<About> {
    NAMES.iter().find(|(known, _)| name == *known).map(|(_, about)| *about)
}

/// True if a short line may name a count of bytes.
fn names_bytes(line: &str) -> bool {
    static BYTES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("_bytes"));
    line.len() <= MAX_ROW && BYTES.find(line.as_bytes()).is_some()
}

/// Digits of a count of bytes that is the size of a process.
const DIGITS: usize = 7;

/// `rss_usage_in_bytes 4123456789`: a name that says the unit, and a number.
fn in_bytes(lower: &str) -> Option<(Found, About)> {
    let end = lower.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
    let text = lower.get(..end)?;
    let start = text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let digits = text.get(start..).filter(|digits| digits.len() >= DIGITS)?;
    let name = bare(text.get(..start)?.trim_end_matches(['"', ' ', ':', '=']).trim_start_matches([' ', '"', '{']));
    let name = [" in bytes", " bytes"].iter().find_map(|unit| name.strip_suffix(unit))?;
    let size = Bytes(digits.parse().ok()?);
    let is_alone = bare(lower.get(end..)?).trim_matches(['"', '}']).is_empty();
    let found = Found { start, end, amount: Amount::Size { binary: size, decimal: size } };
    named(name).filter(|_| is_alone).map(|about| (found, about))
}

/// Without the marks of tables and lists, its blanks single.
fn bare(cell: &str) -> String {
    let mut words = String::new();
    let mut in_tag = false;
    for c in cell.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => {}
            '|' | '*' | '`' | '_' | '\t' => words.push(' '),
            c => words.push(c),
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_matches([' ', ':', '=', '-', '.', ',', ';']).to_owned()
}

/// A quick look, since most lines of most logs have digits: is there a digit before what may be a unit?
pub(super) fn may_have_a_number(body: &str) -> bool {
    let bytes = body.as_bytes().get(..MAX_LINE).unwrap_or(body.as_bytes());
    if !may_have_a_unit(bytes) {
        return false;
    }
    let mut before = 0;
    let mut in_option = false;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_digit() {
            let is_set =
                || before == b'=' && at.checked_sub(2).and_then(|at| bytes.get(at)).is_some_and(|x| x | 0x20 == b'x');
            in_option |= before | 0x20 == b'x' || is_set();
        } else if before.is_ascii_digit() {
            let blank = usize::from(*byte == b' ');
            let next = |offset: usize| bytes.get(at + blank + offset).map_or(0, |byte| byte | 0x20);
            let unit = match next(0) {
                b'%' => true,
                b'k' | b'm' | b'g' | b't' => in_option || matches!(next(1), b'b' | b'e' | b'i' | 0x80..),
                b'b' => next(1) == b'y',
                b'p' => next(1) == b'e',
                b'c' => matches!(next(1), b'o' | b'p'),
                b'v' => next(1) == b'c',
                0x80.. => bytes.get(at + blank..).is_some_and(begins_with_unit),
                _ => false,
            };
            if unit {
                return true;
            }
            in_option = false;
        }
        before = *byte;
    }
    false
}

/// A quicker one, which compilers do with many bytes at once: does what a unit may begin with stand behind a digit, or behind a blank
/// that does?
fn may_have_a_unit(bytes: &[u8]) -> bool {
    let begins = |byte: u8| {
        let is_letter = |letter: u8| u8::from(byte | 0x20 == letter);
        let letters = is_letter(b'k') | is_letter(b'm') | is_letter(b'g') | is_letter(b't') | is_letter(b'b');
        letters | is_letter(b'p') | is_letter(b'c') | is_letter(b'v') | u8::from(byte == b'%') | byte >> 7
    };
    let is_digit = |byte: u8| u8::from(byte.is_ascii_digit());
    let follows = |a: u8, b: u8, c: u8| (is_digit(b) | u8::from(b == b' ') & is_digit(a)) & begins(c);
    let (behind, far) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    let first = bytes.first().zip(behind.first()).map_or(0, |(a, b)| follows(0, *a, *b));
    first != 0 || bytes.iter().zip(behind).zip(far).fold(0, |any, ((a, b), c)| any | follows(*a, *b, *c)) != 0
}

/// Where sentences begin and end: after a full stop, a question or exclamation mark that blanks or the end follow.
fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = matches!(c, '.' | '?' | '!' | '。') && chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if ends {
            let end = at + c.len_utf8();
            sentences.push((start, end));
            start = end;
        }
    }
    if start < text.len() {
        sentences.push((start, text.len()));
    }
    sentences
}

struct Found {
    start: usize,
    end: usize,
    amount: Amount,
}

/// Units of sizes with their power of 1024, the longest first. After `m` and `g` alone only an option is a size.
const UNITS: &[(&str, u32)] = &[
    ("bytes", 0),
    ("바이트", 0),
    ("kilobytes", 1),
    ("megs", 2),
    ("gigs", 3),
    ("gig", 3),
    ("megabytes", 2),
    ("gigabytes", 3),
    ("킬로바이트", 1),
    ("메가바이트", 2),
    ("기가바이트", 3),
    ("kib", 1),
    ("mib", 2),
    ("gib", 3),
    ("tib", 4),
    ("гб", 3),
    ("Гб", 3),
    ("ГБ", 3),
    ("мб", 2),
    ("МБ", 2),
    ("메가", 2),
    ("기가", 3),
    ("테라", 4),
    ("kb", 1),
    ("mb", 2),
    ("gb", 3),
    ("tb", 4),
    ("mi", 2),
    ("gi", 3),
    ("k", 1),
    ("m", 2),
    ("g", 3),
];
/// Words for shares.
const SHARES: [&str; 3] = ["%", "퍼센트", "percent"];
/// Words for processors.
const PROCESSORS: &[&str] = &["vcpus", "vcpu", "cpus", "cpu", "cores", "core", "코어"];

/// True for what begins with a unit in another script.
fn begins_with_unit(text: &[u8]) -> bool {
    let mut units = UNITS.iter().map(|(unit, _)| unit).chain(PROCESSORS).chain(&SHARES);
    units.any(|unit| !unit.is_ascii() && text.starts_with(unit.as_bytes()))
}

/// Numbers of a sentence in lower case that have a unit which is understood.
fn numbers(sentence: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = sentence.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let start = at + offset;
        let rest = sentence.get(start..).unwrap_or_default();
        let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
        let digits = rest.get(..length).unwrap_or_default().trim_end_matches(['.', ',']);
        at = start + length.max(1);
        let before = sentence.get(..start).unwrap_or_default();
        let option = ["xmx", "-xmx ", "xmx="]
            .iter()
            .chain(&LIMIT_SETS)
            .chain(&MACHINE_WITH)
            .chain(&MEMORY_IS)
            .any(|option| before.ends_with(option));
        // A part of a word, a version, a path, a date, an address, or a range is no number of its own.
        let plain =
            before.strip_suffix('~').filter(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '/'));
        let last = plain.unwrap_or(before).chars().next_back();
        let alone = option || last.is_none_or(|c| !c.is_ascii_alphanumeric() && !"-_./:=#@~".contains(c));
        if !alone {
            continue;
        }
        let tail = rest.get(digits.len()..).unwrap_or_default();
        let Some((amount, unit)) = amount(digits, tail, option) else { continue };
        let end = start + digits.len() + unit;
        at = at.max(end);
        found.push(Found { start, end, amount });
    }
    found
}

/// The amount, and how many bytes of `tail` its unit takes.
fn amount(digits: &str, tail: &str, option: bool) -> Option<(Amount, usize)> {
    let blanks = tail.len() - tail.trim_start_matches(' ').len();
    if blanks > 1 {
        return None;
    }
    let word = tail.get(blanks..)?;
    let ends = |length: usize| {
        word.get(length..).and_then(|rest| rest.chars().next()).is_none_or(|c| !c.is_ascii_alphanumeric())
    };
    let thousandths = thousandths(digits)?;
    if let Some((unit, power)) = UNITS.iter().find(|(unit, _)| word.starts_with(unit) && ends(unit.len())) {
        // `20m` may be minutes or metres, `3g` a network; before its own word a letter is enough.
        let behind = word.get(unit.len()..).unwrap_or_default().trim_start();
        let is_named = ["内存", "記憶", "メモリ", "메모리", "램"].iter().any(|memory| behind.starts_with(memory));
        if unit.len() == 1 && !(option && blanks == 0) && !is_named {
            return None;
        }
        let number = digits.replace(',', "");
        let times = |base: u64| quantity::amount(&number, base.checked_pow(*power)?);
        return Some((Amount::Size { binary: times(1024)?, decimal: times(1000)? }, blanks + unit.len()));
    }
    for unit in SHARES {
        if word.starts_with(unit) {
            return Some((Amount::Share(i64::try_from(thousandths).ok()?), blanks + unit.len()));
        }
    }
    let core = PROCESSORS.iter().find(|unit| word.starts_with(**unit))?;
    (thousandths.is_multiple_of(1000)).then_some((Amount::Count(thousandths / 1000), blanks + core.len()))
}

/// `1,024` and `1.5` as thousandths. A comma is a separator of groups of three.
fn thousandths(digits: &str) -> Option<u64> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.iter().skip(1).all(|group| group.len() == 3);
    if !grouped || part.len() > 3 || part.contains(['.', ',']) {
        return None;
    }
    let whole: u64 = groups.concat().parse().ok()?;
    let part: u64 = if part.is_empty() { 0 } else { format!("{part:0<3}").parse().ok()? };
    whole.checked_mul(1000)?.checked_add(part)
}

/// Words that make a sentence a plan, a question, a wish, advice, history, or somebody else's case.
const HEDGES: &[&str] = &[
    "предлага",
    "предложен",
    "propose",
    "proposal",
    "suggest",
    "should",
    "could",
    "would",
    "might",
    " may ",
    "maybe",
    " if ",
    "whether",
    "try ",
    "plan",
    "recommend",
    "suggest",
    "usually",
    "typical",
    "for example",
    "e.g.",
    "instead of",
    "not ",
    "n't",
    "?",
    "more than",
    "less than",
    "at least",
    "at most",
    "up to",
    "about half",
    "used to",
    " old ",
    "previous",
    "another",
    " other ",
    " each",
    "如果",
    "如在",
    "应该",
    "建议",
    "하면",
    "한다면",
    "라면",
    "해야",
    "할까",
    "을까",
    "는지",
    "예정",
    "계획",
    "권장",
    "추천",
    "예를 들",
    "보통",
    "일반적",
    "아니",
    "않",
    "못",
    "이상",
    "이하",
    "미만",
    "초과",
    "대신",
    "혹은",
    "또는",
    "예전",
    "과거",
    "이전",
    "다른",
];
/// Characters before a number in which a word says that it is in use: further away it is about something else.
const NEAR: usize = 14;
/// Words of memory that is used or left, not of a size that was set.
const IN_USE: &[&str] = &[
    "used",
    "usage",
    "using",
    "uses",
    "left",
    "free",
    "available",
    "remain",
    "live",
    "after",
    "grew",
    "grow",
    "rose",
    "climb",
    "사용",
    "점유",
    "차지",
    "남",
    "여유",
];

struct Around<'a> {
    sentence: &'a str,
    before: &'a str,
    after: &'a str,
    number: &'a str,
}

/// Words that may stand between a name and its size.
const BETWEEN: &[&str] = &[
    "of", "is", "was", "at", "to", "the", "a", "=", ":", "~", "≈", "around", "about", "roughly", "grew", "grows",
    "rose", "remains", "remained", "climbed", "usage", "reached", "reaches", "hit", "stays", "stayed", "size", "가",
    "이", "는", "은", "약",
];
/// What is said of resident memory, the live set, the committed heap, and a limit right before a number.
const SAID: &[(&str, About)] = &[
    ("container hard/soft memory", About::Limit),
    ("memory hard limit", About::Limit),
    ("hard memory limit", About::Limit),
    ("live set", About::LiveSet),
    ("라이브 셋", About::LiveSet),
    ("heap committed", About::HeapCommitted),
    ("committed heap", About::HeapCommitted),
    ("rss", About::Used),
    ("memory limit", About::Limit),
    ("container limit", About::Limit),
    ("pod limit", About::Limit),
    ("메모리 제한", About::Limit),
    // Beside a unit of Kubernetes only.
    ("limit", About::Limit),
];

/// What has a limit.
const CONTAINER: &[&str] =
    &["container", "pod", "컨테이너", "파드", "contenedor", "contêiner", "контейнер", "コンテナ", "容器"];
/// Verbs at the head of a sentence that recommends.
const ADVISES: &[&str] = &[
    "add ",
    "consider ",
    "ensure ",
    "increase ",
    "make sure ",
    "please ",
    "raise ",
    "run ",
    "set ",
    "specify ",
    "start ",
    "use ",
];

/// Parts of a process with limits of their own.
const PARTS: &[&str] = &[
    "metaspace",
    "permgen",
    "direct",
    "code cache",
    "codecache",
    "stack",
    "buffer",
    "메타스페이스",
    "다이렉트",
    "元空间",
    "直接内存",
    "メタスペース",
];
/// What has a stack.
const THREADS: [&str; 4] = ["thread", "스레드", "线程", "スレッド"];
/// What has memory of its own.
const MACHINE: &[&str] = &[
    "server",
    "machine",
    "instance",
    " vm",
    "host",
    "laptop",
    " box",
    "vps",
    "서버",
    "인스턴스",
    "장비",
    "호스트",
    "servidor",
    "máquina",
    "rechner",
    "maschine",
    "peer",
    "droplet",
    "сервер",
    "машин",
    "サーバ",
    "服务器",
    "虚拟机",
];
const MEMORY: &[&str] = &[
    "memory",
    " ram",
    "메모리",
    " 램",
    "램이",
    "램은",
    "memoria",
    "memória",
    "speicher",
    "памят",
    "ОЗУ",
    "メモリ",
    "内存",
];
const LIMIT: &[&str] = &["limit", "한도", "제한", "리밋", "límite", "лимит", "制限", "限制"];
/// Words right before a size that somebody or something has.
const HAS: &[&str] = &[
    " with ",
    " has ",
    " have ",
    " gets ",
    " tem ",
    " com ",
    " tiene ",
    " con ",
    " hat ",
    " mit ",
    "имеет ",
    " with only ",
];
/// What is no memory, and named after a container or a server.
const IS_FILE: &[&str] = &["image", "registry", "log", "dump", "disk"];

impl Around<'_> {
    fn about(&self, amount: Amount) -> Option<About> {
        let sentence = |words: &[&str]| words.iter().any(|word| self.sentence.contains(word));
        let beside = |words: &[&str]| words.iter().any(|word| self.before.contains(word) || self.next().contains(word));
        match amount {
            Amount::Share(_) => {
                let heap = sentence(&["max heap", "maximum heap", "최대 힙", "힙 최대", "-xmx", "maxrampercentage"]);
                let whole = beside(&["memory", "ram", "container", "limit", "메모리", "램", "컨테이너", "한도"]);
                (heap && whole && !self.is_hedged() && !self.is_in_use() && !sentence(&["default", "기본"]))
                    .then_some(About::HeapShare)
            }
            Amount::Count(_) => (!self.is_hedged()
                && beside(&[
                    "server",
                    "machine",
                    "instance",
                    "host",
                    "container",
                    "pod",
                    "서버",
                    "인스턴스",
                    "장비",
                    "컨테이너",
                ]))
            .then_some(About::Processors),
            Amount::Size { .. } => self.about_size(&sentence, &beside),
        }
    }

    /// True for a plan, a question, advice, or somebody else's case.
    fn is_hedged(&self) -> bool {
        let start = self.sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
        // A month is no possibility.
        let sentence = self.sentence.replace(" in may ", " ");
        HEDGES.iter().any(|word| sentence.contains(word)) || ADVISES.iter().any(|verb| start.starts_with(verb))
    }

    /// The same number in no more than its clause.
    fn clause(&self) -> Around<'_> {
        let at = self.sentence.find(self.before).unwrap_or(0) + self.before.len();
        let (head, tail) = self.sentence.split_at_checked(at).unwrap_or((self.sentence, ""));
        let start = head.rfind([',', ';', '(']).unwrap_or(0);
        let end = tail.find([',', ';', ')']).map_or(self.sentence.len(), |end| at + end);
        Around { sentence: self.sentence.get(start..end).unwrap_or(self.sentence), ..*self }
    }

    /// True if the number is one of memory in use, or left.
    fn is_in_use(&self) -> bool {
        let start = self.before.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
        let near = self.before.get(start..).unwrap_or_default();
        IN_USE.iter().any(|word| near.contains(word) || self.next().contains(word))
    }

    /// The words right behind a number, up to where another thought may begin.
    fn next(&self) -> &str {
        let end = self.after.find([',', ';', '(', ')']).unwrap_or(self.after.len()).min(40);
        let mut end = end;
        while !self.after.is_char_boundary(end) {
            end -= 1;
        }
        self.after.get(..end).unwrap_or_default()
    }

    /// What a name right before the number says, with nothing between them but words such as "of" and "grew to".
    fn said(&self) -> Option<About> {
        let between = |words: &str| {
            let mut words = words.split([' ', ',', '(', ')']).filter(|word| !word.is_empty());
            words.all(|word| BETWEEN.contains(&word.trim_end_matches(':')) || word == ":")
        };
        let of_kubernetes = self.number.ends_with('i');
        let found = SAID.iter().find(|(name, _)| {
            let last = self.before.rfind(name);
            let alone = |at: usize| {
                self.before.get(..at).and_then(|rest| rest.chars().next_back()).is_none_or(|c| !c.is_alphanumeric())
            };
            let follows = |at: usize| self.before.get(at + name.len()..).is_some_and(between);
            last.is_some_and(|at| alone(at) && follows(at)) && (*name != "limit" || of_kubernetes)
        });
        found.map(|(_, about)| *about)
    }

    /// What a size is about, by all words around it. The unit of a column (`4 kB pages`) is nobody's memory, and what limits a part
    /// of a process limits no container.
    fn about_size(&self, sentence: &dyn Fn(&[&str]) -> bool, beside: &dyn Fn(&[&str]) -> bool) -> Option<About> {
        let next = self.next().trim_start_matches([' ', '-']);
        let is_unit = ["page", "block", "chunk", "页", "페이지", "ページ"].iter().any(|word| next.starts_with(word));
        // A limit of the heap is its maximum, whoever sets it, and none of the process.
        let of_heap =
            self.before.rfind("limit").and_then(|at| self.before.get(at..)).is_some_and(|of| of.contains("heap"));
        let of_part = |about: &About| *about == About::Limit && (beside(PARTS) || of_heap);
        // `limit of 512 MiB exceeded with …` is the report of a program, which has a reader.
        let is_report = next.starts_with("exceeded");
        self.about_any(sentence, beside).filter(|about| !is_unit && !is_report && !of_part(about))
    }

    fn about_any(&self, sentence: &dyn Fn(&[&str]) -> bool, beside: &dyn Fn(&[&str]) -> bool) -> Option<About> {
        if let Some(about) = self.said().filter(|_| !self.is_hedged()) {
            return Some(about);
        }
        // Nothing is killed for that one.
        if self.before.contains("soft limit") {
            return None;
        }
        if MACHINE_WITH.iter().any(|of| self.before.ends_with(of)) && self.number.ends_with('g') {
            return Some(About::Ram).filter(|_| !self.is_hedged());
        }
        if LIMIT_SETS.iter().any(|set| self.before.ends_with(set)) {
            return Some(About::Limit).filter(|_| !self.is_hedged());
        }
        let heap = beside(&["max heap", "maximum heap", "heap max", "최대 힙", "힙 최대", "xmx", "maxheapsize"])
            || beside(&["heap size", "힙 크기", "힙 사이즈", "힙을", "heap to", "heap of", "of heap"])
            || self.before.ends_with("jvm set at ")
            || self.before.ends_with("jvm set to ");
        // "heap (-Xmx) - metaspace - stacks of threads (1 MB each)": what stands last is what the size is of.
        let behind = self.before.rfind("xmx").and_then(|at| self.before.get(at + "xmx".len()..)).unwrap_or_default();
        if PARTS.iter().chain(&THREADS).any(|word| behind.contains(word)) {
            return None;
        }
        if heap && sentence(&["default", "기본"]) {
            return (!self.is_in_use() && !sentence(&["?", "하면", "이하", "이상"])).then_some(About::DefaultHeap);
        }
        let before = self.before.trim_end();
        let is_maximum = before.ends_with("xmx")
            || before.ends_with("xmx=")
            || [" is", " of", " to", ":", " ="]
                .iter()
                .any(|word| before.strip_suffix(word).is_some_and(|before| before.trim_end().ends_with("xmx")));
        if heap && !is_maximum && beside(&["min", "initial", "xms", "초기", "최소"]) {
            return None;
        }
        let set = beside(&["max", "최대", "xmx"])
            || sentence(&[
                "raised",
                "set ",
                "set the",
                "increased",
                "gave",
                "올렸",
                "늘렸",
                "설정",
                "할당",
                "지정",
                "줬",
                "주었",
            ]);
        // The option alone says what is set; what follows behind a comma is another thought, unless the option is what the sentence is
        // about.
        let is_subject = self.before.trim_matches(|c: char| !c.is_alphanumeric()) == "xmx";
        let is_hedged = if is_maximum && !is_subject { self.clause().is_hedged() } else { self.is_hedged() };
        if heap && set && !is_hedged && !self.is_in_use() {
            return Some(About::MaxHeap);
        }
        // Options that follow have words in their names.
        if is_maximum {
            return None;
        }
        let process = beside(&["java", "jvm", "process", "자바", "프로세스"]);
        if process && beside(&["used", "using", "uses", "사용", "점유", "차지"]) && !self.is_hedged() {
            return Some(About::Used);
        }
        if self.is_hedged() || heap || self.is_in_use() || beside(&["disk", "디스크"]) {
            return None;
        }
        // "4 GB of memory and no swap" is said of memory.
        let behind = self.next().trim_start_matches([' ', '-']);
        let behind = behind.strip_prefix("of ").unwrap_or(behind);
        let of_memory = ["ram", "memory"].iter().any(|word| behind.starts_with(word));
        if beside(&["swap", "스왑"]) && !of_memory {
            return Some(About::Swap);
        }
        // "That was with 4 GB." and "I increased the limit to 4 GB".
        let is_alone = self.next().trim().is_empty() || self.next().trim_start().starts_with(['.', ',']);
        let before = self.before.trim_end();
        if before.ends_with(" was with") && is_alone || LIMIT_TO.iter().any(|words| before.ends_with(words)) {
            return Some(About::Limit);
        }
        // "until they hit the 3 GB limit and OOM".
        let is_hit = || self.next().trim_start_matches([' ', '-']).starts_with("limit") && sentence(&["oom"]);
        if (beside(CONTAINER) || beside(MEMORY)) && beside(LIMIT) || is_hit() {
            return Some(About::Limit);
        }
        if beside(&["more", "add", "추가", "더 "]) {
            return None;
        }
        let is_had = HAS.iter().any(|word| self.before.ends_with(word));
        if self.is_of(CONTAINER) || is_had && beside(CONTAINER) && (beside(MEMORY) || self.next().trim().is_empty()) {
            return Some(About::Limit);
        }
        let total = self.next().trim_end_matches(['.', ' ']).ends_with(" total");
        let memory = beside(MEMORY) || total;
        let machine = beside(MACHINE) || sentence(MACHINE) && (of_memory || self.before.contains("크기"));
        (self.is_of(MACHINE) || self.is_of(&["vm ", "vm."]) || memory && machine).then_some(About::Ram)
    }

    /// True if the number belongs to what is named right behind it: `a 4GB container`, `an 8 GB server`.
    fn is_of(&self, names: &[&str]) -> bool {
        let next = self.next().trim_start_matches([' ', '-']);
        let rest = names.iter().find_map(|name| next.strip_prefix(name));
        rest.is_some_and(|rest| !IS_FILE.iter().any(|word| rest.trim_start().starts_with(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(Option<About>, String)> {
        let mut out = Readings::default();
        read(&Line::of(text), &mut out);
        out.prose.into_iter().map(|number| (number.about, number.text)).collect()
    }

    fn one(text: &str) -> Option<About> {
        let told = told(text);
        assert_eq!(told.len(), 1, "{told:?}");
        told[0].0
    }

    #[test]
    fn a_maximum_heap_that_was_set_is_understood_in_both_languages() {
        for text in [
            "단순히 최대 힙 크기를 256MB로 올렸습니다.",
            "그래서 -Xmx256m 옵션으로 다시 띄웠습니다.",
            "We had raised the maximum heap to 256 MB, without any word from Java.",
            "但是需要更多（配置文件里设置-Xms1G -Xmx1G）",
            "Then I set the heap to 1.5 GB and restarted.",
            "최대 힙은 2기가로 설정했습니다.",
        ] {
            assert_eq!(one(text), Some(About::MaxHeap), "{text}");
        }
    }

    #[test]
    fn short_words_for_sizes_are_understood() {
        for (text, about) in [
            ("The CI machine is a `mac_mini` with **~12 GB RAM**, and hosts three JVMs.", About::Ram),
            ("使用docker运行，并限制内存为2G", About::Limit),
            ("Our server has 4 gigs of memory.", About::Ram),
            ("The daemon was configured with `-Xmx8G`, which lets it take up to the whole machine.", About::MaxHeap),
            ("My JVM's Xmx is 2GB, and there is not much else.", About::MaxHeap),
            ("The RSS remains at 2.2GB.", About::Used),
            ("It runs on a 1 Gb peer.", About::Ram),
        ] {
            assert_eq!(one(text), Some(about), "{text}");
        }
        let both = told("Java heap space with JVM set at 650 mb on 1 Gb peer.");
        assert_eq!(both.iter().map(|(about, _)| *about).collect::<Vec<_>>(), [Some(About::MaxHeap), Some(About::Ram)]);
        for text in ["If I set -Xmx8G, it dies.", "-Xmx8G should do, I think."] {
            assert_eq!(one(text), None, "{text}");
        }
        assert_eq!(told("see ~/12 GB and a~12 GB"), [(None, "12 GB".to_owned())][..0]);
    }

    #[test]
    fn plans_questions_and_bounds_say_nothing_certain() {
        for text in [
            "We should set the maximum heap to 512 MB.",
            "최대 힙을 512MB로 올리면 어떨까요?",
            "If the max heap is 4 GB, the pod dies.",
            "The maximum heap is at least 2 GB.",
            "We used to run with a max heap of 2 GB on the old servers.",
            "이전에는 최대 힙을 2GB로 설정했습니다.",
            "The heap is 300 MB used after a collection.",
            "I propose to add -Xmx250m to the command line of java.",
            "предложение добавить `-Xmx250m` в строку запуска `java`",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }

    #[test]
    fn advice_units_of_columns_and_limits_of_parts_say_nothing_of_the_run() {
        for text in [
            "Use -Xmx1g for such a job.",
            "Set the maximum heap to 2 GB on the server.",
            "* total_vm: virtual memory of the machine (in 4 kB pages)",
            "The memory of the server is counted in 4 KB pages.",
            "We limited the memory of MetaSpace and DirectMemory to 128MB.",
            "ce n'est pas un problème de RAM, le script de lancement limite le heap space à 1536 MB",
            "메타스페이스 메모리 제한은 256MB입니다.",
        ] {
            assert!(told(text).iter().all(|(about, _)| about.is_none()), "{text}: {:?}", told(text));
        }
    }

    #[test]
    fn memory_of_a_machine_a_limit_and_a_default_are_told_apart() {
        assert_eq!(one("이미지 서버는 t4.micro를 사용하고 있었고 메모리 크기는 1GB 였습니다."), Some(About::Ram));
        assert_eq!(one("A small machine with 1 GB of memory."), Some(About::Ram));
        assert_eq!(one("The container has a memory limit of 512Mi."), Some(About::Limit));
        assert_eq!(one("기본 최대 힙 크기를 확인해보니 64MB였습니다."), Some(About::DefaultHeap));
        assert_eq!(one("600MB 정도 남아있는 것을 확인했습니다."), None);
        assert_eq!(one("스왑 공간을 2GB 더 할당하였습니다."), Some(About::Swap));
        assert_eq!(one("After that we added 2 GB of swap space."), Some(About::Swap));
        assert_eq!(one("We should add 2 GB of swap."), None);
        assert_eq!(one("The java process used 3.3GB when it died."), Some(About::Used));
    }

    #[test]
    fn what_a_size_belongs_to_is_understood_in_small_words() {
        for (text, about) in [
            ("We run it in a 4GB container.", About::Limit),
            ("The pod has 4 GB of memory.", About::Limit),
            ("O container tem 4GB de memória.", About::Limit),
            ("The container limit is 2Gi", About::Limit),
            ("컨테이너 메모리 제한은 2GB입니다.", About::Limit),
            ("It happens on an 8 GB server, too.", About::Ram),
            ("machine with 8 GB of RAM", About::Ram),
            ("The machine has 31 GB total.", About::Ram),
            ("서버 메모리는 8GB입니다.", About::Ram),
            ("서버 메모리는 8GB이고 힙은 안 정했습니다.", About::Ram),
            ("El servidor tiene 16 GB de memoria.", About::Ram),
            ("Der Server hat 16 GB Arbeitsspeicher.", About::Ram),
            ("На сервере 8 ГБ памяти.", About::Ram),
            ("服务器是8G内存。", About::Ram),
            ("サーバのメモリは8GBです。", About::Ram),
            ("The process was using 5,632,425,984 bytes when it was killed.", About::Used),
            ("RAM: 31 GB total", About::Ram),
            ("The machine has 4 GB of memory and no swap.", About::Ram),
            ("The box has 2GB memory, and no more.", About::Ram),
            ("We run it on an 8GB VM.", About::Ram),
            ("Running it on a server with 2G ends in an error", About::Ram),
            ("It grows until it hits the 3GB limit and OOMs.", About::Limit),
            ("With `mem_limit: 2g` it started.", About::Limit),
            ("We run it by docker run --memory=512m, and it ends.", About::Limit),
        ] {
            assert_eq!(one(text), Some(about), "{text}");
        }
        let both = told("Host: 4 vCPU, 8 GB RAM.");
        let abouts = both.iter().map(|(about, _)| *about).collect::<Vec<_>>();
        assert_eq!(abouts, [Some(About::Processors), Some(About::Ram)]);
        let both = told("서버 메모리는 8GB이고 -Xmx4g로 실행 중입니다.");
        assert_eq!(both.iter().map(|(about, _)| *about).collect::<Vec<_>>(), [Some(About::Ram), Some(About::MaxHeap)]);
        for text in [
            "root java -Xmx128m -XX:+UseS",
            "We push a 4GB container image.",
            "The pod memory grows to 4 GB within a day.",
            "A 20 GB server log.",
            "The jvm overhead memory was 172.8 mb.",
            "The server has a disk of 200 GB.",
            "The container writes 5,632,425,984 bytes of logs.",
        ] {
            assert!(told(text).iter().all(|(about, _)| about.is_none()), "{text}: {:?}", told(text));
        }
        for text in ["rss_usage_in_bytes 4123456789", "\"rss_usage_in_bytes\": 4123456789", "rss_bytes=4123456789"] {
            let mut out = Readings::default();
            read_labelled(&Line::of(text), &mut out);
            let number = out.prose.first().map(|number| (number.about, number.amount));
            let size = Amount::Size { binary: Bytes(4_123_456_789), decimal: Bytes(4_123_456_789) };
            assert_eq!(number, Some((Some(About::Used), size)), "{text}");
        }
    }

    #[test]
    fn what_a_name_right_before_says_is_understood() {
        for (text, about) in [
            ("RSS grew to 9.8 GB over the weekend.", About::Used),
            ("The live set is about 36 MiB.", About::LiveSet),
            ("Heap committed: 1205Mi, the rest is native.", About::HeapCommitted),
            ("It runs with a limit of 2000Mi on every node.", About::Limit),
            ("라이브 셋은 36MiB였습니다.", About::LiveSet),
            ("- limits: memory: 2000Mi", About::Limit),
            ("The process has a RSS usage of 2.5GB.", About::Used),
            ("It has Container Hard/Soft Memory 500 MiB.", About::Limit),
            ("- Memory hard limit: 0.9GB", About::Limit),
            ("资源：JVM -Xmx 1500m", About::MaxHeap),
            ("| live set | 36Mi |", About::LiveSet),
            ("| Java app | `-Xmx4096m` | how far the heap may grow: 4 GB |", About::MaxHeap),
            ("| Pod | memory limit: 8192Mi | what the pod may take |", About::Limit),
            ("| **Heap committed** | `1205Mi` |", About::HeapCommitted),
            ("<tr><td>RSS</td><td>1.9 GB</td></tr>", About::Used),
            ("memory limit      2000Mi", About::Limit),
            ("limit 2000Mi", About::Limit),
        ] {
            assert_eq!(one(text), Some(about), "{text}");
        }
        let mut out = Readings::default();
        read_labelled(&Line::of("limit: 2000Mi"), &mut out);
        assert_eq!(out.prose.first().and_then(|number| number.about), Some(About::Limit));
    }

    #[test]
    fn what_shows_a_machine_at_a_glance_says_its_memory() {
        for text in ["Memory: 236MiB / 957MiB ", "Memory: 1.2 GiB / 3.8 GiB (31%)"] {
            let mut out = Readings::default();
            read_labelled(&Line::of(text), &mut out);
            let found = out.prose.first().map(|number| (number.about, number.text.starts_with(['9', '3'])));
            assert_eq!(found, Some((Some(About::Ram), true)), "{text}");
        }
        assert!(told("Memory: 236MiB / 957MiB of 12 pods").iter().all(|(about, _)| about.is_none()));
    }

    #[test]
    fn ordinary_prose_with_sizes_says_nothing() {
        for text in [
            "The upload limit is 20 MB.",
            "| limit | 20 MB |",
            "A rate limit of 2 GB per hour.",
            "The log file grew to 9.8 GB.",
            "The RSS feed is 3 MB long.",
            "An RSS reader that downloads 5 MB.",
            "We should set the limit to 2Gi.",
            "If the live set is 3 GB, the heap is too small.",
            "| step | 20 MB | 30 MB |",
            "| image size | 300 MB |",
            "The live settings file has 3 MB.",
            "Each request uploads an image of 10 MB.",
            "limit: 2000 MB of downloads",
            "The disk has a limit of 20 GB.",
            "RSS should stay below 2 GB.",
            "Their memory limit is not 2 GB.",
            "堆内存(-Xmx) - Metaspace - 线程栈(每个线程1MB左右)",
            "heap (-Xmx), then stacks of threads of 1 MB each",
        ] {
            assert!(told(text).iter().all(|(about, _)| about.is_none()), "{text}: {:?}", told(text));
        }
    }

    #[test]
    fn parts_and_processors_are_read() {
        assert_eq!(one("The maximum heap is 75 % of the container's memory."), Some(About::HeapShare));
        assert_eq!(one("The machine has 4 cores."), Some(About::Processors));
        assert_eq!(one("서버는 2코어입니다."), Some(About::Processors));
    }

    #[test]
    fn versions_dates_and_other_numbers_are_none() {
        for text in
            ["JDK 17.0.15 on 2022-11-20", "20개의 이미지", "v1.5gb", "a 3g network, 20m", "10..20 MB MB", "run-3mb"]
        {
            assert!(told(text).iter().all(|(about, _)| about.is_none()), "{text}: {:?}", told(text));
        }
        assert_eq!(told("1,5 GB"), []);
        assert_eq!(told("heap 12,345 KB"), [(None, "12,345 kb".to_uppercase())]);
    }

    #[test]
    fn lines_without_units_are_passed_over_quickly() {
        for text in ["12:00:01 worker-3 handled a request in 12 ms", "a 3 x 4 grid", "7", "x1 y2 1.5"] {
            assert!(!may_have_a_number(text), "{text}");
        }
        for text in ["-Xmx256m", "1 GB", "1기가", "75%", "75 퍼센트", "4 cores", "2 vCPU", "3 Percent"] {
            assert!(may_have_a_number(text), "{text}");
        }
    }

    #[test]
    fn any_line_is_survived() {
        for text in ["9".repeat(5000), format!("{}MB", "9".repeat(40)), "가".repeat(3000) + "1MB", "1. 2? 3! 4%".into()]
        {
            told(&text);
        }
    }
}
