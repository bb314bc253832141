//! The grammar of one line: groups in parentheses, and in them values such as `malloc=337KB type=GC +151KB #4138 +1952`.

use crate::formats::{jdk_command, quantity};
use crate::units::Bytes;

/// A number and the text it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a, T> {
    /// The number.
    pub value: T,
    /// Its text, with sign and unit.
    pub text: &'a str,
}

/// A value with all that may follow it. Parts that are cut or not numbers are left out, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value<'a> {
    /// What stands before `=`, or the words before `#`: `reserved`, `malloc`, `instance classes`. Empty for a first
    /// amount without a name.
    pub key: &'a str,
    /// The amount in bytes.
    pub size: Option<Part<'a, u64>>,
    /// Unit of the amount in bytes.
    pub unit: u64,
    /// Change of the amount since the baseline, in bytes.
    pub size_delta: Option<Part<'a, i64>>,
    /// `#n`.
    pub count: Option<Part<'a, u64>>,
    /// Change of the count.
    pub count_delta: Option<Part<'a, i64>>,
    /// True if the amount stood there and was no number.
    pub broken: bool,
    /// True if the line ends right after digits without unit, so that some digits may be missing.
    pub open_ended: bool,
}

impl Value<'_> {
    /// Leaves out the part whose digits may be cut.
    pub fn without_open_end(mut self) -> Self {
        if std::mem::take(&mut self.open_ended) {
            let _ = self.count_delta.take().is_some()
                || self.count.take().is_some()
                || self.size_delta.take().is_some()
                || self.size.take().is_some();
        }
        self
    }
}

/// The values of a group or of a `Total:` line, with the category that a call site names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values<'a> {
    /// In printed order.
    pub list: Vec<Value<'a>>,
    /// `type=`, `tag=`, `Type=` or `Tag=`.
    pub tag: Option<&'a str>,
    /// True for `at peak`.
    pub at_peak: bool,
}

impl<'a> Values<'a> {
    /// The value of that key.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.list.iter().find(|value| value.key == key)
    }
}

/// Reads values. `closed` tells that the closing parenthesis follows: without it, digits at the end may be cut.
pub fn values(text: &str, closed: bool) -> Values<'_> {
    let mut values = Values::default();
    let mut expect = Expect::Nothing;
    let mut label: Option<(usize, usize)> = None;
    let mut tag_end = 0;
    for (at, word) in words(text) {
        let ends = at + word.len() == text.trim_end().len() && !closed;
        let first = word.as_bytes().first().copied().unwrap_or_default();
        match first {
            b'#' => {
                let digits = word.get(1..).unwrap_or_default();
                let count = quantity::whole(digits).map(|value| Part { value, text: digits });
                let named = label.take().and_then(|(start, end)| text.get(start..end));
                if let Some(key) = named {
                    values.list.push(Value { key, ..Value::default() });
                }
                if let Some(value) = values.list.last_mut().filter(|value| value.count.is_none()) {
                    value.broken |= count.is_none();
                    value.open_ended |= ends;
                    value.count = count;
                    expect = Expect::CountDelta;
                }
            }
            b'+' | b'-' => {
                if let Some(value) = values.list.last_mut() {
                    read_delta(value, expect, word, ends);
                }
                expect = match expect {
                    Expect::SizeDelta => Expect::Count,
                    _ => Expect::Nothing,
                };
                label = None;
            }
            _ => match word.split_once('=') {
                // `=51.99%`: a share, not an amount.
                Some(("", _)) => {}
                Some(("type" | "tag" | "Type" | "Tag", _)) => {
                    let start = at + word.find('=').map_or(0, |sign| sign + 1);
                    values.tag = text.get(start..).map(name_before_values).filter(|name| !name.is_empty());
                    tag_end = start + values.tag.map_or(0, str::len);
                    label = None;
                }
                Some((key, amount)) => {
                    values.list.push(read_value(key, amount, ends));
                    expect = Expect::SizeDelta;
                    label = None;
                }
                None if word == "peak" && text.get(..at).is_some_and(|before| before.trim_end().ends_with("at")) => {
                    values.at_peak = true;
                }
                // `malloc: 7302KB #8383` under the total.
                None if values.list.is_empty() && label.is_none() && first.is_ascii_digit() => {
                    values.list.push(read_value("", word, ends));
                    expect = Expect::SizeDelta;
                }
                None if at < tag_end => {}
                None => {
                    // Part of a name of two words, or a label such as `instance classes`.
                    let start = label.map_or(at, |(start, _)| start);
                    label = Some((start, at + word.len()));
                }
            },
        }
    }
    values
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Nothing,
    SizeDelta,
    Count,
    CountDelta,
}

/// Words between blanks and commas. A comma between digits belongs to the word, so that it fails to be a number.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let is_break = move |at: usize| match bytes.get(at) {
        Some(b' ' | b'\t') => true,
        Some(b',') => !bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        _ => false,
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && is_break(at) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && !is_break(at) {
            at += 1;
        }
        text.get(start..at).filter(|word| !word.is_empty()).map(|word| (start, word))
    })
}

fn read_value<'a>(key: &'a str, text: &'a str, ends: bool) -> Value<'a> {
    match size(text) {
        Some((_, unit)) if ends && unit == 1 => {
            Value { key, unit, open_ended: true, size: part(text), ..Value::default() }
        }
        Some((_, unit)) => Value { key, unit, size: part(text), ..Value::default() },
        None => Value { key, broken: true, ..Value::default() },
    }
}

fn part(text: &str) -> Option<Part<'_, u64>> {
    size(text).map(|(value, _)| Part { value, text })
}

fn read_delta<'a>(value: &mut Value<'a>, expect: Expect, word: &'a str, ends: bool) {
    let magnitude = word.get(1..).unwrap_or_default();
    let Some((amount, unit)) = size(magnitude) else { return };
    let Ok(amount) = i64::try_from(amount) else { return };
    let amount = if word.starts_with('-') { -amount } else { amount };
    // `committed=448079KB +7`: the line is cut in the change.
    let cut = ends && unit == 1 && value.unit != 1 && expect == Expect::SizeDelta;
    value.open_ended = ends && unit == 1 && !cut;
    match expect {
        _ if cut => {}
        Expect::SizeDelta => {
            // JDK 17 prints the change of an arena without its unit: `(arena=24KB +4 #42 +6)`.
            let amount = if unit == 1 {
                i64::try_from(value.unit).ok().and_then(|unit| amount.checked_mul(unit))
            } else {
                Some(amount)
            };
            value.size_delta = amount.map(|value| Part { value, text: word });
        }
        Expect::CountDelta if unit == 1 => value.count_delta = Some(Part { value: amount, text: word }),
        Expect::CountDelta | Expect::Count | Expect::Nothing => {}
    }
}

/// A number with unit, in bytes, and the unit in bytes. No unit means bytes.
pub fn size(text: &str) -> Option<(u64, u64)> {
    let (number, word) = quantity::split(text);
    let unit = match word {
        "" => 1,
        "KB" | "MB" | "GB" => quantity::unit(word)?,
        _ => return None,
    };
    Some((quantity::whole(number)?.checked_mul(unit)?, unit))
}

/// A name such as `Native Memory Tracking`, up to the first number behind it.
fn name_before_values(text: &str) -> &str {
    let end = words(text)
        .take_while(|(_, word)| !word.starts_with(['#', '+', '-']) && !word.contains('='))
        .map(|(at, word)| at + word.len())
        .last();
    text.get(..end.unwrap_or(0)).unwrap_or_default().trim()
}

/// Something in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    /// What stands before it on the line, after the group before.
    pub before: &'a str,
    /// What stands in it.
    pub inside: &'a str,
    /// False if the line ends, or another group begins, before the closing parenthesis.
    pub closed: bool,
}

/// The groups of a line; parentheses doubled by JDK 25 count once.
pub fn groups(text: &str) -> impl Iterator<Item = Group<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (before, after) = rest.split_once('(')?;
        let after = after.trim_start_matches('(');
        let end = after.find(['(', ')']).unwrap_or(after.len());
        let (inside, tail) = after.split_at_checked(end)?;
        let closed = tail.starts_with(')');
        rest = tail.strip_prefix(')').unwrap_or(tail);
        Some(Group { before, inside, closed })
    })
}

/// Marks that start a category line: the dash, and what Markdown and word processors make of it.
const BULLETS: &[char] = &['-', '*', '•', '–', '—', '·', '−'];

/// Text before a category's group without its bullet, and whether there was one.
pub fn without_bullet(text: &str) -> (&str, bool) {
    let text = text.trim();
    let name = text.strip_prefix(BULLETS).map(|rest| rest.trim_start_matches(BULLETS).trim_start());
    (name.unwrap_or(text), name.is_some())
}

/// True for what may be a category's name: words, no punctuation.
pub fn is_name(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '/' | '.' | '&' | '-'))
}

/// One entry of the virtual memory map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapEntry<'a> {
    /// Size of the address range, or the printed amount if the two contradict each other.
    pub size: Bytes,
    /// True if the range is reserved here (and not a committed piece of the range above).
    pub reserved: bool,
    /// True if it is committed.
    pub committed: bool,
    /// Category.
    pub name: Option<&'a str>,
}

/// Reads `[0x… - 0x…] reserved and committed 64MB for Java Heap from`. `None` for anything else, and for a size that is
/// no number.
pub fn map_entry(text: &str) -> Option<MapEntry<'_>> {
    let (range, rest) = text.trim_start().strip_prefix("[0x")?.split_once(']')?;
    let (from, to) = range.split_once(" - 0x")?;
    let rest = rest.trim_start();
    let (reserved, committed, rest) = if let Some(rest) = rest.strip_prefix("reserved and committed ") {
        (true, true, rest)
    } else if let Some(rest) = rest.strip_prefix("reserved ") {
        (true, false, rest)
    } else {
        (false, true, rest.strip_prefix("committed ")?)
    };
    let (amount, rest) = rest.trim_start().split_once(' ').unwrap_or((rest.trim(), ""));
    let (printed, unit) = size(amount)?;
    let range = u64::from_str_radix(to, 16).ok()?.checked_sub(u64::from_str_radix(from, 16).ok()?);
    let exact = range.filter(|range| range.abs_diff(printed) <= unit);
    let name = rest.trim_start().strip_prefix("for ").map(str::trim_end);
    let name = name.map(|name| name.strip_suffix("from").unwrap_or(name).trim_end()).filter(|name| is_name(name));
    Some(MapEntry { size: Bytes(exact.unwrap_or(printed)), reserved, committed, name })
}

/// Reads a frame `[0x00007f…] Symbol(args)+0x97 in libx.so`: the symbol without its offset; the library if there is no
/// symbol; empty if nothing is known. `None` if the line is no frame.
pub fn frame(text: &str) -> Option<&str> {
    let text = text.trim();
    if text == "[BOOTSTRAP]" {
        return Some(text);
    }
    let (address, symbol) = text.strip_prefix("[0x")?.split_once(']')?;
    if address.is_empty() || !address.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let symbol = symbol.trim();
    let library = symbol.rsplit_once(" in ").map(|(before, library)| (before.trim(), library.trim()));
    let (symbol, library) = library.unwrap_or((symbol, symbol.strip_prefix("in ").unwrap_or_default()));
    let name = symbol.rsplit_once("+0x").map_or(symbol, |(name, _)| name).trim_end();
    Some(if name.is_empty() || name.starts_with("in ") { library } else { name })
}

/// What a `jcmd … VM.native_memory …` command says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The process id with its text.
    pub pid: Option<Part<'a, u32>>,
    /// `summary`, `summary.diff`, …; empty if not given.
    pub kind: &'a str,
}

/// Finds such a command in a line, whatever shell stands before it.
pub fn prompt(text: &str) -> Option<Prompt<'_>> {
    const KINDS: [&str; 6] = ["summary", "detail", "baseline", "summary.diff", "detail.diff", "statistics"];
    let command = jdk_command::read_command(text).filter(|command| command.asks == "VM.native_memory")?;
    let (_, rest) = text.split_once(command.asks)?;
    let words = rest.split(['|', '>', '&', ';']).next().unwrap_or_default().split_ascii_whitespace();
    let mut words = words.map(|word| word.trim_matches(['`', '"', '\'', ',', '.', ')']));
    let kind = words.find(|word| KINDS.contains(word)).unwrap_or_default();
    Some(Prompt { pid: command.pid.map(|(value, text)| Part { value, text }), kind })
}

/// Reads `14830:`, the line that `jcmd` puts before every answer.
pub fn pid_line(text: &str) -> Option<Part<'_, u32>> {
    jdk_command::pid_line(text).map(|(value, text)| Part { value, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(text: &str) -> Vec<(&str, Option<u64>, Option<i64>)> {
        let read = values(text, true);
        read.list.iter().map(|v| (v.key, v.size.map(|s| s.value), v.size_delta.map(|d| d.value))).collect()
    }

    #[test]
    fn an_amount_carries_its_change() {
        assert_eq!(
            sizes("reserved=499KB +182KB, committed=499KB -1KB"),
            [("reserved", Some(499 << 10), Some(182 << 10)), ("committed", Some(499 << 10), Some(-1024))]
        );
        assert_eq!(sizes("mmap=1GB"), [("mmap", Some(1 << 30), None)]);
        assert_eq!(sizes("malloc=62"), [("malloc", Some(62), None)]);
    }

    #[test]
    fn the_type_of_a_call_site_stands_between_value_and_change() {
        let read = values("malloc=269KB type=Native Memory Tracking +143KB #3446 +1829", true);
        assert_eq!(read.tag, Some("Native Memory Tracking"));
        let malloc = read.get("malloc").expect("malloc");
        assert_eq!(malloc.size_delta.map(|d| d.value), Some(143 << 10));
        assert_eq!(malloc.count.map(|c| c.value), Some(3446));
        assert_eq!(malloc.count_delta.map(|c| c.value), Some(1829));
        assert_eq!(values("reserved=20MB +3MB, committed=1MB Type=Thread Stack", true).tag, Some("Thread Stack"));
        let read = values("malloc=258KB tag=Native Memory Tracking #3156", true);
        assert_eq!(read.get("malloc").and_then(|malloc| malloc.count.map(|count| count.value)), Some(3156));
    }

    #[test]
    fn counts_are_named_by_the_words_before_them() {
        let read = values("  instance classes #13293 +5, array classes #829", true);
        assert_eq!(read.get("instance classes").and_then(|v| v.count).map(|c| c.value), Some(13293));
        assert_eq!(read.get("instance classes").and_then(|v| v.count_delta).map(|c| c.value), Some(5));
        assert_eq!(read.get("array classes").and_then(|v| v.count).map(|c| c.value), Some(829));
    }

    #[test]
    fn jdk_17_leaves_the_unit_off_the_change_of_an_arena() {
        assert_eq!(sizes("arena=24KB +4 #42 +6"), [("arena", Some(24 << 10), Some(4 << 10))]);
        assert_eq!(sizes("arena=24432 +3600 #42 +6"), [("arena", Some(24432), Some(3600))]);
    }

    #[test]
    fn a_pre_release_comma_before_the_count_is_accepted() {
        let read = values("malloc=27KB, #66", true);
        assert_eq!(read.get("malloc").and_then(|v| v.count).map(|c| c.value), Some(66));
    }

    #[test]
    fn thousands_separators_and_decimals_are_no_numbers() {
        assert_eq!(
            sizes("reserved=1,638KB, committed=5KB"),
            [("reserved", None, None), ("committed", Some(5120), None)]
        );
        assert_eq!(sizes("reserved=1.5GB"), [("reserved", None, None)]);
        assert_eq!(sizes("reserved=99999999999999999GB"), [("reserved", None, None)]);
    }

    #[test]
    fn digits_at_the_end_of_an_open_group_may_be_cut() {
        let read = values("reserved=524288KB, committed=2621", false);
        assert!(read.get("committed").is_some_and(|v| v.open_ended));
        assert!(read.get("reserved").is_some_and(|v| !v.open_ended));
        assert!(values("malloc=1883KB #328", false).get("malloc").is_some_and(|v| v.open_ended));
        assert!(values("malloc=1883K", false).get("malloc").is_some_and(|v| v.broken));
    }

    #[test]
    fn a_share_is_no_amount() {
        assert_eq!(sizes("    waste=63KB =32.98% -52KB"), [("waste", Some(63 << 10), Some(-52 << 10))]);
        assert_eq!(sizes("    waste=0KB =0,00%"), [("waste", Some(0), None)]);
    }

    #[test]
    fn groups_are_found_with_and_without_their_end() {
        let list: Vec<_> = groups("  ((malloc=3MB tag=Internal #3) (at peak))").map(|g| (g.inside, g.closed)).collect();
        assert_eq!(list, [("malloc=3MB tag=Internal #3", true), ("at peak", true)]);
        let list: Vec<_> = groups("- GC (reserved=1KB, comm").map(|g| (g.before, g.inside, g.closed)).collect();
        assert_eq!(list, [("- GC ", "reserved=1KB, comm", false)]);
    }

    #[test]
    fn map_entries_are_told_from_frames() {
        let text = "[0x00000000fc000000 - 0x0000000100000000] reserved and committed 64MB for Java Heap from";
        let entry = map_entry(text).expect("an entry");
        assert_eq!(
            (entry.size, entry.reserved, entry.committed, entry.name),
            (Bytes(64 << 20), true, true, Some("Java Heap"))
        );
        let entry = map_entry("\t[0x00007fea04ee2000 - 0x00007fea04ef8000] committed 88KB ").expect("an entry");
        assert_eq!((entry.size, entry.reserved, entry.name), (Bytes(88 << 10), false, None));
        assert_eq!(frame(text), None);
    }

    #[test]
    fn a_frame_gives_its_symbol() {
        assert_eq!(frame("[0x00007f72369299df]JavaMain+0x8f in libjli.so"), Some("JavaMain"));
        assert_eq!(
            frame("    [0x00007fea248be6de] FileMapInfo::map() [clone .part.0]+0x92e"),
            Some("FileMapInfo::map() [clone .part.0]")
        );
        assert_eq!(frame("[0x00007f721f945085]"), Some(""));
        assert_eq!(frame("[0x00007f721f945085] in libx.so"), Some("libx.so"));
        assert_eq!(frame("[info][gc] GC(0)"), None);
    }

    #[test]
    fn a_prompt_gives_pid_and_kind() {
        let read = |text| prompt(text).map(|p| (p.pid.map(|pid| pid.value), p.kind));
        assert_eq!(read("$ jcmd 8346 VM.native_memory summary.diff scale=MB"), Some((Some(8346), "summary.diff")));
        assert_eq!(read("[root@h ~]# /opt/jdk/bin/jcmd 1 VM.native_memory"), Some((Some(1), "")));
        assert_eq!(read("> jcmd {PID} VM.native_memory baseline"), Some((None, "baseline")));
        assert_eq!(read("jcmd 8346 GC.heap_info"), None);
    }
}
