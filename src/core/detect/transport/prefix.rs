//! What stands before a text on the same line. Each function takes one prefix off or says no by the first few bytes.
//!
//! | first byte | prefixes |
//! |---|---|
//! | `[` | kernel time, `dmesg -T`, `-H`, `-d`, caller id, `kubectl logs --prefix`, Jenkins |
//! | `<` | priority, RFC 5424 |
//! | digit | ISO time (dmesg, journal, rsyslog, docker, CRI), Unix time, /dev/kmsg, Talos, logcat, Jenkins, line numbers |
//! | `#` | steps of builds (BuildKit), what GitHub and Azure mark |
//! | digit, `"` | rows of CSV with a time and a message |
//! | letter, `/` | syslog and journal headers, `dmesg -x`, `kernel:`, compose, file names of `grep` |

use crate::civil::{self, Civil};
use crate::detect::transport::dates;
use crate::source::{Stamp, Wall};
use crate::units::{Micros, fixed_decimal};

/// Prefixes on one line at most.
const MAX_PREFIXES: usize = 12;
/// A bracket, a host name, or a tag is no longer than this.
const MAX_WORD: usize = 128;
/// Columns of a table that holds a log.
const MAX_FIELDS: usize = 64;

/// What was found on the way.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) stamp: Stamp<'a>,
    /// The minute of `dmesg -H`, as known so far.
    pub(super) minute: Option<Wall>,
    /// A syslog or journal header: rsyslog's escapes may follow.
    pub(super) header: bool,
    /// A record of /dev/kmsg: `\x0a` may follow.
    pub(super) kmsg: bool,
    /// A header after which JSON may follow.
    pub(super) wrapped: bool,
    /// A CRI log line: true if it ends its text.
    pub(super) fragment: Option<bool>,
    /// The kernel's own time: the last of all prefixes.
    kernel_time: bool,
}

impl<'a> Seen<'a> {
    pub(super) fn new(stamp: Stamp<'a>, minute: Option<Wall>) -> Seen<'a> {
        Seen { stamp, minute, header: false, kmsg: false, wrapped: false, fragment: None, kernel_time: false }
    }

    /// The outer of two times stands, unless the inner says more about zone or year.
    fn put_wall(&mut self, wall: Option<Wall>) {
        let says = |wall: &Wall| u8::from(wall.zone_known) * 2 + u8::from(wall.year_known);
        if let Some(wall) = wall
            && self.stamp.wall.as_ref().is_none_or(|outer| says(outer) < says(&wall))
        {
            self.stamp.wall = Some(wall);
        }
    }
}

/// Takes off the marks of one line of code in Markdown, or of the first or last of several, which a log may begin right behind. Others
/// in the line stay with them.
pub(super) fn uncode(text: &str) -> &str {
    let trimmed = text.trim_start();
    if let Some(log) = trimmed.strip_prefix("```").filter(|rest| is_dated(rest)) {
        return log.trim_end_matches('`').trim_end();
    }
    let marks = memchr::memchr_iter(b'`', text.as_bytes()).take(3).count();
    let bare = match marks {
        1 => trimmed.strip_prefix('`').or_else(|| text.strip_suffix('`')),
        2 => trimmed.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')),
        _ => None,
    };
    bare.map_or(text, str::trim_end)
}

/// True for what begins with a date or a time, as no language of code does.
fn is_dated(text: &str) -> bool {
    let text = text.trim_start_matches(['[', '(']);
    text.starts_with(|c: char| c.is_ascii_digit()) && text.contains([' ', 'T']) && text.contains([':', '-', '/'])
}

/// Takes quote marks of mails and Markdown off. Indentation behind them stays.
pub(super) fn unquote(text: &str) -> &str {
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix('>') {
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    rest
}

/// Takes the number of a line off, as `cat -n` and `nl` print it: right-aligned in six columns, and a tab.
pub(super) fn without_number(text: &str) -> &str {
    let Some((number, rest)) = text.split_once('\t') else { return text };
    let digits = number.trim_start_matches(' ');
    let is_number = number.len() >= 6 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && number.len() == digits.len().max(6) { rest } else { text }
}

/// Takes all prefixes off. Indentation, list marks, table bars, and diff marks go only if a prefix follows.
pub(super) fn strip<'a>(text: &'a str, seen: &mut Seen<'a>) -> &'a str {
    let mut rest = text;
    if let Some(b' ' | b'\t' | b'+' | b'-' | b'*' | b'|') = text.as_bytes().first() {
        let inner = text.trim_start_matches([' ', '\t', '+', '-', '*', '|']);
        match one(inner, seen) {
            Some(next) => rest = next,
            None => return text,
        }
    }
    for _ in 0..MAX_PREFIXES {
        match one(rest, seen) {
            Some(next) => rest = next,
            None => break,
        }
        if seen.fragment.is_some() || seen.kernel_time {
            break;
        }
    }
    rest
}

fn one<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    match text.as_bytes().first()? {
        b'[' => bracket(text, seen),
        b'<' => priority(text, seen),
        b'0'..=b'9' => digits(text, seen),
        b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => letters(text, seen).or_else(|| file_name(text, seen)),
        b'/' | b'.' => file_name(text, seen),
        b'"' => csv(text, seen),
        // How jobs of GitHub and Azure mark what went wrong: `##[error]text`.
        b'#' => match text.strip_prefix("##[") {
            Some(rest) => rest.split_once(']').map(|(_, rest)| rest),
            None => step_of_build(text),
        },
        _ => None,
    }
}

/// `#59 121.6 text`: a step of a build of BuildKit, and its seconds.
fn step_of_build(text: &str) -> Option<&str> {
    let (step, rest) = text.strip_prefix('#')?.split_once(' ')?;
    let (seconds, rest) = rest.split_once(' ')?;
    let (whole, part) = seconds.split_once('.')?;
    let is_number = |digits: &str| (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    [step, whole, part].into_iter().all(is_number).then_some(rest)
}

/// Exactly one blank: what follows may be indented.
fn after_blank(text: &str) -> &str {
    text.strip_prefix([' ', '\t']).unwrap_or(text)
}

fn bracket<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    if let Some((uptime, rest)) = uptime(text) {
        seen.stamp.uptime = Some(uptime);
        seen.kernel_time = true;
        // `dmesg -r` of a log that was written by `dmesg -r`.
        let rest = priority(rest, seen).unwrap_or(rest);
        let rest = match caller(rest) {
            Some((caller, rest)) => {
                seen.stamp.caller = Some(caller);
                rest
            }
            None => rest,
        };
        return Some(host_before_kernel(rest, seen).or_else(|| tag(rest, seen, true)).unwrap_or(rest));
    }
    let end = memchr::memchr(b']', text.as_bytes().get(..MAX_WORD.min(text.len()))?)?;
    let inside = text.get(1..end)?;
    let rest = after_blank(text.get(end + 1..)?);
    if let Some(delta) = inside.trim_start().strip_prefix(['+', '-']) {
        // dmesg -H: the time since the line before. Only the minute is printed, so no more is said.
        fixed_decimal(delta, 6)?;
        seen.put_wall(seen.minute);
        return Some(rest);
    }
    if let Some((wall, "")) = civil::iso_time(inside)
        && let Some(rest) = text.get(end + 1..).and_then(|rest| rest.strip_prefix(": "))
    {
        // Talos without the address of its node: `kern:    info: [2025-08-05T03:54:03.100200300Z]: `.
        seen.put_wall(Some(wall));
        return Some(rest);
    }
    if let Some((wall, "")) = civil::iso_time(inside)
        && text.get(end + 1..).is_some_and(|rest| rest.starts_with("Container "))
    {
        // YARN's diagnostics: `[2019-02-13 07:44:33.796]Container [pid=…`.
        seen.put_wall(Some(wall));
        return Some(rest);
    }
    if inside.ends_with('Z')
        && let Some((wall, "")) = civil::iso_time(inside)
        && text.get(end + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    {
        // A build of Jenkins with full times. A JVM prints `+0000` in this place.
        seen.put_wall(Some(wall));
        seen.wrapped = true;
        return Some(rest);
    }
    if let Some((processor, time)) = inside.split_once('-')
        && let Some((seconds, fraction)) = time.split_once('.')
        && [processor, seconds, fraction].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        && (1..=2).contains(&processor.len())
        && fraction.len() == 4
    {
        // Televisions of Samsung: `[2-3219.1870] `.
        seen.stamp.uptime = fixed_decimal(time, 6).map(Micros);
        seen.kernel_time = true;
        return Some(rest);
    }
    if let Some(path) = inside.strip_prefix("pod/") {
        seen.wrapped |= path.contains('/');
        return path.contains('/').then_some(rest);
    }
    let (before, last) = inside.rsplit_once([' ', '\t'])?;
    if last.len() == 4 && last.bytes().all(|b| b.is_ascii_digit()) {
        return dmesg_t(before, last, seen).then_some(rest);
    }
    if last.len() == 5 && last.as_bytes().get(2) == Some(&b':') {
        return dmesg_h(before, last, seen).then_some(rest);
    }
    None
}

/// Takes `[81250.400101] ` or `[81250.400101 <    0.000012>] ` from the front: the time since boot. A row of the process
/// table, `[  48213]`, has no point and is none.
pub(super) fn uptime(text: &str) -> Option<(Micros, &str)> {
    let inside = text.strip_prefix('[')?.trim_start();
    let seconds = inside.bytes().take_while(u8::is_ascii_digit).count();
    let end = seconds.checked_add(7)?;
    if !(1..=12).contains(&seconds) || inside.as_bytes().get(seconds) != Some(&b'.') {
        return None;
    }
    let micros = fixed_decimal(inside.get(..end)?, 6)?;
    let rest = inside.get(end..)?;
    let rest = match rest.strip_prefix(']') {
        Some(rest) => rest,
        None => {
            let delta = rest.trim_start().strip_prefix('<')?;
            let (delta, rest) = delta.split_once(']')?;
            if !delta.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b' ' | b'>' | b'+' | b'-')) {
                return None;
            }
            rest
        }
    };
    Some((Micros(micros), after_blank(rest)))
}

/// Takes `[Tue Aug  5 03:54:03 2025] ` from the front.
pub(super) fn date(text: &str) -> Option<(Wall, &str)> {
    let mut seen = Seen::new(Stamp::default(), None);
    let rest = bracket(text, &mut seen)?;
    seen.stamp.wall.filter(|wall| wall.year_known).map(|wall| (wall, rest))
}

/// Takes a caller id from the front: `[ T7301] `, `[    C0] `, in newest kernels with a name behind it. Kernels of telephones
/// print processor, name, and thread: `I[3:   kswapd0:   56] `, ` (3)[56:kswapd0]`.
pub(super) fn caller(text: &str) -> Option<(&str, &str)> {
    let window = text.get(..40).unwrap_or(text);
    let end = memchr::memchr(b']', window.as_bytes())?;
    let (before, inside) = text.get(..end)?.split_once('[')?;
    let rest = text.get(end + 1..)?;
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let id = inside.trim_start();
    let word = id.split([' ', '/']).next().unwrap_or(id);
    if before.is_empty() && word.strip_prefix(['T', 'C']).is_some_and(is_number) {
        return Some((word, after_blank(rest)));
    }
    let mut parts = id.splitn(2, ':');
    let (first, second) = (parts.next()?.trim(), parts.next()?.trim());
    let thread = match before.trim_start() {
        "" | "I" | "W" | "E" | "D" | "V" => second.rsplit(':').next()?.trim(),
        processor => {
            let processor = processor.strip_prefix('(')?.strip_suffix(')')?;
            return (is_number(processor) && is_number(first)).then_some((first, after_blank(rest)));
        }
    };
    (is_number(first) && first.len() <= 3 && second.contains(':') && is_number(thread))
        .then_some((thread, after_blank(rest)))
}

/// Takes `12:`, `12-`, or a number and blanks from the front, with the prefix that must follow: `grep -n`, `cat -n`.
fn numbered<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let number = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(number..).filter(|_| (1..=7).contains(&number))?;
    if let Some(rest) = rest.strip_prefix([':', '-']) {
        return behind_name(rest, seen);
    }
    // Behind blanks only the kernel's own time is sure: `ps -o pid,lstart` prints a number and a date.
    let rest = rest.trim_start_matches([' ', '\t', '|']);
    uptime(rest).and_then(|_| bracket(rest, seen))
}

/// Takes a file name, perhaps with a line number, from the front, with the prefix that must follow: `grep` in many files.
fn file_name<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let window = text.as_bytes().get(..MAX_WORD.min(text.len()))?;
    let word = window.iter().take_while(|b| !b.is_ascii_whitespace()).count();
    for at in memchr::memchr2_iter(b':', b'-', window.get(..word)?).take(16) {
        let name = text.get(..at)?;
        let is_file = name.contains('/') || name.contains(".log") || name.ends_with(".txt") || name.ends_with(".gz");
        if !is_file && !matches!(name, "messages" | "syslog" | "kern" | "dmesg") {
            continue;
        }
        let rest = text.get(at + 1..)?;
        if let Some(found) = behind_name(rest, seen).or_else(|| numbered(rest, seen)) {
            return Some(found);
        }
    }
    None
}

/// A prefix that may stand behind a name or number put before it.
fn behind_name<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    match text.as_bytes().first()? {
        b'[' => bracket(text, seen),
        b'<' => priority(text, seen),
        b'0'..=b'9' => iso(text, seen),
        b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => letters(text, seen),
        _ => None,
    }
}

/// `Tue Aug  5 03:54:03` and `2025`. A bracket of that form is always a prefix; words in an unknown language give no
/// date.
fn dmesg_t(before: &str, year: &str, seen: &mut Seen<'_>) -> bool {
    let Some((date, time)) = before.rsplit_once(' ') else { return false };
    let Some((time, "")) = civil::time_of_day(time) else { return false };
    let mut words = date.split_whitespace().rev();
    let Some(day) = words.next().and_then(day) else { return false };
    let month = words.next().and_then(dates::month);
    let year = year.parse().unwrap_or_default();
    let micros = month.and_then(|month| Civil { year, month, day, time }.micros());
    seen.put_wall(micros.map(|micros| Wall { micros, zone_known: false, year_known: true }));
    true
}

/// `Nov22` or `Nov 22` and `12:58`.
fn dmesg_h(before: &str, minute: &str, seen: &mut Seen<'_>) -> bool {
    let Some((time, _)) = civil::time_of_day(&format!("{minute}:00")) else { return false };
    let date = before.trim();
    let word = date.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some(day) = date.get(word.len()..).and_then(day) else { return false };
    if word.is_empty() {
        return false;
    }
    seen.minute = dates::month(word.trim()).and_then(|month| without_year(month, day, time));
    seen.put_wall(seen.minute);
    true
}

fn day(word: &str) -> Option<u8> {
    let digits = word.strip_suffix(['.', '日', '일']).unwrap_or(word);
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten().filter(|day| (1..=31).contains(day))
}

/// A date without a year stands in 1970, or in 1972 if that year has no such day.
fn without_year(month: u8, day: u8, time: i64) -> Option<Wall> {
    let of = |year| Civil { year, month, day, time }.micros();
    of(1970).or_else(|| of(1972)).map(|micros| Wall { micros, zone_known: false, year_known: false })
}

fn priority<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let inside = text.strip_prefix('<')?;
    let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return None;
    }
    let rest = inside.get(digits..)?.strip_prefix('>')?;
    Some(rfc5424(rest, seen).unwrap_or(rest))
}

/// `1 2025-08-05T03:54:03.123456Z web01 kernel - - - `.
fn rfc5424<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let rest = text.strip_prefix("1 ")?;
    let (wall, rest) = match rest.strip_prefix("- ") {
        Some(rest) => (None, rest),
        None => civil::iso_time(rest).map(|(wall, rest)| (Some(wall), rest.strip_prefix(' ').unwrap_or(rest)))?,
    };
    let mut words = rest.splitn(5, ' ');
    let (host, _app, _process, _id) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let rest = words.next()?;
    let rest = match rest.strip_prefix('-') {
        Some(rest) => rest,
        None if rest.starts_with('[') => rest.get(rest.find("] ").map_or(rest.len(), |at| at + 1)..)?,
        None => return None,
    };
    seen.put_wall(wall);
    seen.stamp.host = (host != "-").then_some(host);
    seen.header = true;
    seen.wrapped = true;
    Some(after_blank(rest).trim_start_matches('\u{feff}'))
}

fn digits<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    match text.as_bytes().get(4) {
        Some(b'-') if text.as_bytes().get(7) == Some(&b'-') => return iso(text, seen),
        _ => {}
    }
    if text.as_bytes().get(2) == Some(&b'-')
        && let Some(rest) = logcat(text, seen)
    {
        return Some(rest);
    }
    if let Some(rest) = timestamper(text) {
        return Some(rest);
    }
    if text.as_bytes().get(2) == Some(&b'/')
        && let Some(rest) = of_spark(text, seen)
    {
        return Some(rest);
    }
    let number = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(number)? {
        b',' => kmsg(text, seen),
        b'.' if number == 10 => unix(text, seen),
        b'.' if number <= 3 => talos(text, seen),
        b':' | b'-' | b' ' | b'\t' | b'|' => numbered(text, seen),
        // `8월 05 03:54:03 web01 kernel: `
        0x80.. if number <= 2 => letters(text, seen),
        _ => None,
    }
}

/// `17/11/25 18:23:24 ERROR YarnScheduler: …`: Spark prints a year of two digits, the month, and the day before the level.
fn of_spark<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    const LEVELS: [&str; 5] = ["ERROR ", "WARN ", "INFO ", "DEBUG ", "FATAL "];
    let (date, rest) = text.split_at_checked("17/11/25".len())?;
    let (wall, rest) = civil::iso_time(&format!("20{}{}", date.replace('/', "-"), rest.get(.."_18:23:24".len())?))
        .filter(|(_, left)| left.is_empty())
        .map(|(wall, _)| (wall, rest.get("_18:23:24".len()..)))?;
    let rest = rest?.strip_prefix(' ').filter(|rest| LEVELS.iter().any(|level| rest.starts_with(level)))?;
    seen.put_wall(Some(wall));
    Some(rest)
}

/// `02:22:43  JVMDUMP039I …`: Jenkins puts the time of the day, without a date, and two blanks before the lines of a build. Tables
/// with such a time have other gaps and small letters.
fn timestamper(text: &str) -> Option<&str> {
    let (time, rest) = text.split_once("  ")?;
    let is_time = time.len() == 8 && time.as_bytes().get(2) == Some(&b':') && civil::time_of_day(time).is_some();
    (is_time && rest.starts_with(|c: char| c.is_ascii_uppercase() || matches!(c, '#' | '[' | '\t'))).then_some(rest)
}

/// A time in ISO order, and what its writer put behind it.
fn iso<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (mut wall, rest) = civil::iso_time(text)?;
    if rest.starts_with(',') {
        return csv(text, seen);
    }
    let mut rest = rest.strip_prefix([' ', '\t'])?;
    if !wall.zone_known {
        let (word, tail) = rest.split_once([' ', '\t'])?;
        let numeric = word.starts_with(['+', '-']) || word == "UTC";
        if let Some(offset) = numeric.then(|| civil::zone_abbreviation(word)).flatten() {
            wall.micros = wall.micros.minus(offset);
            wall.zone_known = true;
            rest = tail;
        }
    }
    seen.put_wall(Some(wall));
    seen.wrapped = true;
    if let Some((whole, rest)) = cri(rest) {
        seen.fragment = Some(whole);
        return Some(rest);
    }
    if let Some(rest) = gitlab(rest) {
        return Some(rest);
    }
    Some(logcat_source(rest).or_else(|| host_and_tag(rest, seen, true)).unwrap_or(rest))
}

/// `11-22 03:14:15.926  1234  1234 I `, `11-22 03:14:15.926 I/`: Android's logcat. The tag stays, since the kernel's messages have none.
fn logcat<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (date, rest) = text.split_once(' ')?;
    let (month, day_word) = date.split_once('-')?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    let (time, rest) = civil::time_of_day(rest)?;
    let rest = logcat_source(rest.strip_prefix(' ')?)?;
    seen.put_wall(without_year(month, day(day_word)?, time));
    seen.wrapped = true;
    Some(rest)
}

/// `1234  1234 I `, before them perhaps the user, or `I/`: who wrote a line of logcat, and how important it is.
fn logcat_source(text: &str) -> Option<&str> {
    let is_level = |word: &str| matches!(word, "V" | "D" | "I" | "W" | "E" | "F" | "S");
    if let Some((level, rest)) = text.split_at_checked(2)
        && level.strip_suffix('/').is_some_and(is_level)
    {
        return Some(rest);
    }
    let mut rest = text;
    for numbers in 0..=3 {
        let (word, tail) = rest.trim_start().split_once(' ')?;
        if numbers >= 2 && is_level(word) {
            // Messages without a tag keep its colon.
            let message = tail.trim_start();
            return Some(message.strip_prefix(": ").unwrap_or(message));
        }
        let is_user = numbers == 0 && is_host(word);
        if !is_user && !word.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        rest = tail;
    }
    None
}

/// A row of comma-separated values, as viewers of logs export them: its longest field of several words, and the time of another.
fn csv<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (mut message, mut wall, mut fields) = ("", None, 0);
    let mut rest = text;
    loop {
        let (field, tail) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = memchr::memmem::find_iter(quoted.as_bytes(), b"\"")
                    .find(|at| matches!(quoted.as_bytes().get(at + 1), None | Some(b',')))?;
                (quoted.get(..end)?, quoted.get(end + 1..)?)
            }
            None => rest.split_at_checked(memchr::memchr(b',', rest.as_bytes()).unwrap_or(rest.len()))?,
        };
        fields += 1;
        match civil::iso_time(field) {
            Some((time, "" | " UTC")) => wall = wall.or(Some(time)),
            _ if field.contains(' ') && field.len() > message.len() => message = field,
            _ => {}
        }
        match tail.strip_prefix(',') {
            Some(tail) if fields < MAX_FIELDS && !tail.starts_with(' ') => rest = tail,
            None if tail.is_empty() => break,
            _ => return None,
        }
    }
    seen.put_wall(Some(wall.filter(|_| !message.is_empty())?));
    seen.wrapped = true;
    Some(message.trim_start())
}

/// `00O text`, `01E text`: which stream of a job of GitLab a line is of.
fn gitlab(text: &str) -> Option<&str> {
    let (stream, rest) = text.split_at_checked(4)?;
    let [a, b, letter, mark] = stream.as_bytes() else { return None };
    let is_stream = a.is_ascii_digit() && b.is_ascii_digit() && matches!(letter, b'O' | b'E');
    (is_stream && matches!(mark, b' ' | b'+')).then_some(rest)
}

/// `stdout F text`: true if the line ends its text.
fn cri(text: &str) -> Option<(bool, &str)> {
    let rest = text.strip_prefix("stdout ").or_else(|| text.strip_prefix("stderr "))?;
    let (tag, rest) = rest.split_at_checked(1)?;
    match tag {
        "F" => Some((true, after_blank(rest))),
        "P" => Some((false, after_blank(rest))),
        _ => None,
    }
}

/// `4,1166,874274919,-;text`: priority, sequence, microseconds since boot, flags.
fn kmsg<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (head, rest) =
        text.split_at_checked(memchr::memchr(b';', text.as_bytes().get(..MAX_WORD.min(text.len()))?)?)?;
    let mut parts = head.split(',');
    parts.next()?.parse::<u32>().ok()?;
    parts.next()?.parse::<u64>().ok()?;
    let micros = parts.next()?.parse().ok()?;
    parts.next()?;
    seen.stamp.caller = parts.find_map(|part| part.strip_prefix("caller="));
    seen.stamp.uptime = Some(Micros(micros));
    seen.kmsg = true;
    rest.strip_prefix(';')
}

/// `1754358843.123456 web01 kernel: `.
fn unix<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (time, rest) = text.split_once(' ')?;
    if time.len() != 17 {
        return None;
    }
    let micros = fixed_decimal(time, 6)?;
    let rest = host_and_tag(rest, seen, true)?;
    seen.put_wall(Some(Wall { micros: Micros(micros), zone_known: true, year_known: true }));
    Some(rest)
}

/// `192.0.2.91: kern:    info: [2025-08-05T03:54:03.100200300Z]: `.
fn talos<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    text.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
    let (host, rest) = text.split_once(": ")?;
    if host.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'.')) || rest.len() > 1 << 16 {
        return None;
    }
    let (facility, rest) = rest.split_once(':')?;
    let (level, rest) = rest.split_once(": [")?;
    if !is_facility(facility.trim()) || level.len() > 16 {
        return None;
    }
    let (wall, rest) = civil::iso_time(rest)?;
    seen.put_wall(Some(wall));
    seen.stamp.host = Some(host);
    Some(after_blank(rest.strip_prefix("]:")?))
}

fn is_facility(word: &str) -> bool {
    matches!(word, "kern" | "user" | "mail" | "daemon" | "auth" | "syslog" | "lpr" | "news" | "cron" | "authpriv")
}

fn letters<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let window = bytes.get(..64.min(bytes.len()))?;
    let Some(colon) = memchr::memchr(b':', window) else { return compose(text, seen) };
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    if digit(colon.checked_sub(1)) && digit(colon.checked_sub(2)) && bytes.get(colon + 3) == Some(&b':') {
        return dated(text, colon.checked_sub(2)?, seen).or_else(|| compose(text, seen));
    }
    if let Some(rest) = text.strip_prefix("kernel:") {
        seen.header = true;
        return Some(after_blank(rest));
    }
    dmesg_x(text, colon).or_else(|| host_before_kernel(text, seen)).or_else(|| compose(text, seen))
}

/// `kern  :warn  : `.
fn dmesg_x(text: &str, colon: usize) -> Option<&str> {
    if !is_facility(text.get(..colon)?.trim_end()) {
        return None;
    }
    let (level, rest) = text.get(colon + 1..)?.split_once(':')?;
    let known = matches!(
        level.trim_end(),
        "emerg" | "alert" | "crit" | "err" | "warn" | "warning" | "notice" | "info" | "debug"
    );
    known.then(|| after_blank(rest))
}

/// `web01 kernel: `, without a time or behind one.
fn host_before_kernel<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let blank = memchr::memchr(b' ', text.as_bytes().get(..MAX_WORD.min(text.len()))?)?;
    let (host, rest) = text.split_at_checked(blank)?;
    let rest = rest.strip_prefix(" kernel:")?;
    if !is_host(host) {
        return None;
    }
    seen.stamp.host = Some(host);
    seen.header = true;
    Some(after_blank(rest))
}

/// `orders-1  | `.
fn compose<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (name, rest) = text.split_once(" | ").or_else(|| Some((text.strip_suffix(" |")?, "")))?;
    let name = name.trim_end();
    let number = name.rsplit(['-', '_']).next().filter(|number| number.len() < name.len())?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let is_container = digits && name.len() <= 64 && is_host(name);
    seen.wrapped |= is_container;
    is_container.then_some(rest)
}

/// A header with words before `hh:mm:ss`, which stands at `at`: syslog, journal, OpenWrt.
fn dated<'a>(text: &'a str, at: usize, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (date, rest) = text.split_at_checked(at)?;
    let (time, rest) = civil::time_of_day(rest)?;
    let date = date.strip_suffix([' ', 'T'])?;
    let last = date.split_whitespace().next_back()?;
    if let Some((date, "")) = civil::iso_date(last) {
        return full(Civil { time, ..date }, rest, seen);
    }
    let mut words = date.split_whitespace().rev();
    let (mut day_word, mut year) = (words.next()?, None);
    if day_word.len() == 4 {
        year = day_word.parse::<i32>().ok();
        day_word = words.next()?;
    }
    let mut month_word = words.next()?;
    if day(day_word).is_none() {
        // `16 avril`
        std::mem::swap(&mut day_word, &mut month_word);
        dates::month(month_word)?;
    }
    let day = day(day_word)?;
    // `kern.log-Aug`: a file name of `grep -C`.
    let month_word = month_word.rsplit(['-', ':']).next().unwrap_or(month_word);
    let month = dates::month(month_word);
    if words.count() > 1 {
        return None;
    }
    // earlyoom prints `Jun 12 06:39:16: `, with nothing else before its words.
    let is_bare = rest.starts_with(": ");
    let mut rest = rest.strip_prefix(' ').or_else(|| rest.strip_prefix(": "))?;
    if let Some((word, tail)) = rest.split_once(' ')
        && year.is_none()
        && word.len() == 4
        && word.starts_with("20")
        && let Ok(number) = word.parse()
    {
        year = Some(number);
        rest = tail;
    }
    let behind = if is_bare { None } else { host_and_tag(rest, seen, false) };
    if month.is_none() && behind.is_none() {
        return None;
    }
    seen.put_wall(month.and_then(|month| match year {
        Some(year) => {
            let micros = Civil { year, month, day, time }.micros()?;
            Some(Wall { micros, zone_known: false, year_known: true })
        }
        None => without_year(month, day, time),
    }));
    seen.wrapped = true;
    Some(behind.unwrap_or(rest))
}

/// `Tue 2025-08-05 03:54:03 CEST web01 kernel: `, from behind the time on.
fn full<'a>(date: Civil, rest: &'a str, seen: &mut Seen<'a>) -> Option<&'a str> {
    let (zone, rest) = rest.strip_prefix(' ')?.split_once(' ')?;
    let rest = host_and_tag(rest, seen, false)?;
    seen.put_wall(date.micros().map(|micros| civil::in_zone(micros, zone)));
    seen.wrapped = true;
    Some(rest)
}

/// Takes `web01 kernel: ` or `web01 systemd[1]: ` from the front, also without the host. `strict` is for times that
/// programs of all kinds print: there only a tag that is surely one counts.
fn host_and_tag<'a>(text: &'a str, seen: &mut Seen<'a>, strict: bool) -> Option<&'a str> {
    let (first, after) = text.split_once(' ')?;
    if first == "kernel:" {
        seen.header = true;
        return Some(after);
    }
    if let Some(rest) = tag(text, seen, true) {
        // `journalctl --no-hostname`.
        seen.header = true;
        return Some(rest);
    }
    if !strict && first.ends_with(':') && after.starts_with('<') {
        // `crashlog: <6>`, as routers of Asus keep the log of before a crash.
        return Some(after);
    }
    if !is_host(first) || first.len() > MAX_WORD {
        return None;
    }
    // OpenWrt: no host.
    if first.split_once('.').is_some_and(|(facility, _)| is_facility(facility)) {
        return tag(text, seen, strict);
    }
    if let Some(rest) = tag(after, seen, strict) {
        let level = matches!(first, "TRACE" | "DEBUG" | "INFO" | "WARN" | "WARNING" | "ERROR" | "FATAL" | "SEVERE");
        if strict && level {
            seen.stamp.pid = None;
            return None;
        }
        seen.stamp.host = Some(first);
        seen.header = true;
        return Some(rest);
    }
    None
}

/// Takes `kernel: `, `systemd[1]: `, or `kern.warn kernel: ` from the front.
fn tag<'a>(text: &'a str, seen: &mut Seen<'a>, strict: bool) -> Option<&'a str> {
    let text = match text.split_once(' ') {
        Some((word, rest)) if word.split_once('.').is_some_and(|(facility, _)| is_facility(facility)) => rest,
        _ => text,
    };
    if let Some(rest) = text.strip_prefix("kernel:") {
        return Some(after_blank(rest));
    }
    let end = memchr::memchr3(b' ', b':', b'[', text.as_bytes().get(..MAX_WORD.min(text.len()))?)?;
    if end == 0 {
        return None;
    }
    let rest = text.get(end..)?;
    if let Some(pid) = rest.strip_prefix('[') {
        let (pid, rest) = pid.split_once(']')?;
        let digits = !pid.is_empty() && pid.len() <= 10 && pid.bytes().all(|b| b.is_ascii_digit());
        let rest = rest.strip_prefix(':').filter(|_| digits)?;
        seen.stamp.pid = text.get(..end).filter(|name| is_own(name)).map(|_| pid);
        return Some(after_blank(rest));
    }
    rest.strip_prefix(':').filter(|_| !strict).and_then(|rest| rest.strip_prefix(' '))
}

/// True for the name of a program that speaks for itself. What keeps others logs its own process, and the driver of Docker puts the
/// daemon's behind the id of a container.
fn is_own(name: &str) -> bool {
    #[rustfmt::skip]
    const OTHERS: [&str; 19] = [
        "conmon", "containerd", "cri-", "crio", "crun", "docker", "earlyoom", "kernel", "kubelet", "logger", "lxc", "nerdctl",
        "nohang", "podman", "runc", "runsv", "s6-", "supervisor", "systemd",
    ];
    let is_id = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    !is_id && !OTHERS.iter().any(|other| name.starts_with(other))
}

fn is_host(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'/'))
}

/// Takes a syslog header off the end of a text: what is left of the next message where two were glued together.
pub(super) fn without_trailing_header(text: &str) -> &str {
    let Some(before) = text.strip_suffix("kernel:") else { return text };
    let mut rest = before.trim_end();
    let mut take = || -> Option<&str> {
        let (before, word) = rest.rsplit_once(' ')?;
        rest = before.trim_end();
        Some(word)
    };
    let mut header = || -> Option<()> {
        take().filter(|host| is_host(host))?;
        let time = take()?;
        if civil::iso_time(time).is_some() {
            return Some(());
        }
        civil::time_of_day(time)?;
        take().and_then(day)?;
        take().and_then(dates::month).map(|_| ())
    };
    if header().is_some() { rest } else { text }
}
