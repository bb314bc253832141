//! Ordinary lines of logs, of which most of a journal and of an application's log is made: a date, a program or a level, and words in
//! which nothing speaks of memory, of an end, or of a JVM. No reader opens with one, and none of them says anything to a line
//! further below, so where nothing was read for a while the dispatcher passes over them ([`super::dispatch`]).
//!
//! ```text
//! Mar  1 12:00:00 web-1 sshd[4711]: Accepted publickey for deploy from 10.0.3.7 port 52110 ssh2
//! 2024-03-01 12:00:00.123 INFO  [http-nio-8080-exec-3] c.e.orders.OrderService - Order 4711 saved in 12 ms
//! 10.0.3.7 - - [01/Mar/2024:12:00:00 +0000] "GET /api/v1/items/7 HTTP/1.1" 200 512
//!         at com.example.orders.OrderService.save(OrderService.java:12)
//! ```

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::detect::signs::Signs;
use crate::detect::{load, prose};
use crate::look;

/// What an ordinary line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ordinary<'a> {
    /// Nothing on it.
    Blank,
    /// A line of a stack trace.
    Trace(&'a str),
    /// A line of a logger, and what it says.
    Logged(&'a str),
    /// A line of the kernel, whose time counts.
    Kernel(&'a str),
    /// Words, with the marks of sentences and numbers at most, and without a date.
    Words(&'a str),
}

impl<'a> Ordinary<'a> {
    /// What it says.
    pub(super) fn said(self) -> &'a str {
        match self {
            Ordinary::Blank => "",
            Ordinary::Trace(said) | Ordinary::Logged(said) | Ordinary::Kernel(said) | Ordinary::Words(said) => said,
        }
    }
}

/// Of lines that were passed over, those that matter to what may follow: the last line of a logger, the trace below it, of which the
/// end is enough, and a blank line below that; above them those with the first and the last date, where it has a year.
#[derive(Debug, Default)]
pub(super) struct Passed {
    pub(super) earliest: Kept,
    pub(super) latest: Kept,
    pub(super) logged: Kept,
    pub(super) trace: Kept,
    /// The first line of the trace; 0 where words stand in its place, with which a logger does not go on.
    pub(super) first_of_trace: u32,
    pub(super) blank: Kept,
}

/// A line that was passed over.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// 0 for none.
    pub(super) number: u32,
    pub(super) text: String,
}

impl Kept {
    fn put(&mut self, number: u32, text: &str) {
        self.number = number;
        self.text.clear();
        self.text.push_str(text);
    }
}

impl Passed {
    /// Notes a line.
    pub(super) fn put(&mut self, number: u32, raw: &str, what: Ordinary<'_>) {
        match what {
            Ordinary::Logged(_) => {
                self.leave_behind();
                self.logged.put(number, raw);
            }
            Ordinary::Trace(_) => {
                self.blank.number = 0;
                if self.first_of_trace == 0 || self.trace.number.saturating_add(1) != number {
                    self.first_of_trace = number;
                }
                self.trace.put(number, raw);
            }
            Ordinary::Words(_) => {
                (self.blank.number, self.first_of_trace) = (0, 0);
                self.trace.put(number, raw);
            }
            Ordinary::Blank => self.blank.put(number, raw),
            Ordinary::Kernel(_) => self.leave_behind(),
        }
    }

    /// Another line follows.
    fn leave_behind(&mut self) {
        if self.logged.number > 0 && may_have_year(&self.logged.text) {
            if self.earliest.number == 0 || date(&self.logged.text) < date(&self.earliest.text) {
                self.earliest.put(self.logged.number, &self.logged.text);
            }
            if self.latest.number == 0 || date(&self.logged.text) >= date(&self.latest.text) {
                std::mem::swap(&mut self.logged, &mut self.latest);
            }
        }
        (self.logged.number, self.trace.number, self.first_of_trace, self.blank.number) = (0, 0, 0, 0);
    }

    /// Nothing was passed over.
    pub(super) fn clear(&mut self) {
        (self.earliest.number, self.latest.number) = (0, 0);
        (self.logged.number, self.trace.number, self.first_of_trace, self.blank.number) = (0, 0, 0, 0);
    }
}

/// False for `Mar  1 12:00:00`, as `syslog` has it.
fn may_have_year(line: &str) -> bool {
    !line.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// `2024-03-01 12:00:00.123`, which sorts as it is.
fn date(line: &str) -> &[u8] {
    let line = line.strip_prefix('[').unwrap_or(line).as_bytes();
    line.get(.."2024-03-01 12:00:00.123".len()).unwrap_or(line)
}

/// What the line is, if it is ordinary. Most lines are told by their first bytes; the rest costs two looks at each byte.
pub(super) fn ordinary(raw: &str) -> Option<Ordinary<'_>> {
    let text = raw.trim_ascii_end();
    if text.is_empty() {
        return Some(Ordinary::Blank);
    }
    if is_frame(text) {
        return Some(Ordinary::Trace(text));
    }
    let line = line(text).or_else(|| is_words(text).then_some(Ordinary::Words(text)))?;
    (!text.ends_with([':', '#']) && !SIGNS.are_in(line.said().as_bytes())).then_some(line)
}

/// True for words in which nothing stands that a format may begin with.
pub(super) fn is_said(body: &str) -> bool {
    let text = body.trim_ascii_end();
    is_words(text) && !may_be_read(text)
}

/// True for a line in which something stands that a format may begin with.
pub(super) fn may_be_read(line: &str) -> bool {
    SIGNS.are_in(line.as_bytes())
}

/// True for a line of a log, ordinary or not: no person wrote it.
pub(super) fn is_of_log(raw: &str) -> bool {
    let text = raw.trim_ascii_end();
    is_frame(text) || line(text).is_some()
}

/// `        at com.example.Worker.run(Worker.java:12) ~[app.jar:na]`, `        ... 42 common frames omitted`.
fn is_frame(text: &str) -> bool {
    static PLACE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(".java:"));
    if !text.starts_with([' ', '\t']) {
        return false;
    }
    let line = text.trim_ascii_start();
    let is_call = || line.starts_with("at ") && line.ends_with([')', ']']) && PLACE.find(line.as_bytes()).is_some();
    is_call() || line.starts_with("... ") && [" more", " common frames omitted"].iter().any(|end| line.ends_with(end))
}

/// `com.example.orders.OrderNotFoundException: no order 4711`, `Caused by: …`.
fn is_exception(text: &str) -> bool {
    let class = text.strip_prefix("Caused by: ").unwrap_or(text);
    let end = class.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'$' | b'_'));
    let (name, rest) = class.split_at(end.unwrap_or(class.len()));
    (rest.is_empty() || rest.starts_with(": "))
        && name.contains('.')
        && (name.ends_with("Exception") || name.ends_with("Error"))
}

/// What stands behind the date, and the program or the level, that loggers, `syslog`, and web servers print. `None` for any other line.
fn line(text: &str) -> Option<Ordinary<'_>> {
    match text.as_bytes() {
        [b'A'..=b'Z', b'a'..=b'z', b'a'..=b'z', b' ', ..] => {
            let (program, said) = split_at_byte(behind_host(text)?, b' ')?;
            let program = program.strip_suffix(':')?;
            let is_kernel = program == "kernel";
            let said = match said.strip_prefix('[') {
                Some(timed) if is_kernel => timed.split_once("] ")?.1,
                _ => said,
            };
            // What else the kernel and its helpers say is read.
            let is_other =
                program.starts_with("kernel") && !is_kernel || program.as_bytes().windows(3).any(|of| of == b"oom");
            let line = if is_kernel { Ordinary::Kernel(said) } else { Ordinary::Logged(said) };
            (begins_as_said(said.as_bytes()) && !is_other).then_some(line)
        }
        [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..] => levelled(text).map(Ordinary::Logged),
        [b'[', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..] => {
            levelled(text.get(1..)?).map(Ordinary::Logged)
        }
        // Only the log of a web server has such a line.
        [b'0'..=b'9', ..] => is_access(text).then_some(Ordinary::Logged(text)),
        [b'a'..=b'z' | b'C', ..] => is_exception(text).then_some(Ordinary::Trace(text)),
        _ => None,
    }
}

/// Blanks of a title, of which somebody may read what stands below, are fewer.
const BLANKS: u32 = 4;

/// True for `Order 4711 saved for customer 7` and sentences: single blanks between words, and no mark of a table, a prompt, a setting, or a
/// path.
fn is_words(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" .,;()'\"!?_-".contains(&byte);
    let first = text.bytes().take_while(|byte| *byte != b' ');
    let mut first = first.map(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b',' | b'-' | b'\''));
    let blanks = || text.bytes().map(|byte| u32::from(byte == b' ')).sum::<u32>();
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && first.all(|is_plain| is_plain)
        && !text.starts_with("at ")
        && text.bytes().fold(true, |all, byte| all & is_plain(byte))
        && blanks() >= BLANKS
        && !look::has(text, "  ")
        && !look::has(text, "-X")
}

/// What stands behind the date of `syslog` and the host.
fn behind_host(text: &str) -> Option<&str> {
    let rest = text.get(4..)?;
    let rest = shape(rest, b" 9 99:99:99 ").or_else(|| shape(rest, b"99 99:99:99 "))?;
    split_at_byte(rest, b' ').map(|(_, rest)| rest)
}

/// True for words, or an address; a row of numbers may be read.
fn begins_as_said(said: &[u8]) -> bool {
    match said {
        [b'A'..=b'Z' | b'a'..=b'z' | b'(', ..] | [b'[', b'A'..=b'Z' | b'a'..=b'z', ..] => true,
        [b'0'..=b'9', ..] => {
            let address = said.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.');
            let (length, dots) =
                address.fold((0, 0), |(length, dots), byte| (length + 1, dots + u8::from(*byte == b'.')));
            dots == 3 && said.get(length) == Some(&b' ')
        }
        _ => false,
    }
}

/// What stands before and behind the first such byte, which is ASCII.
fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(byte, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What stands behind an ISO date and, among the next words, a level.
fn levelled(text: &str) -> Option<&str> {
    const NEAR: usize = 48;
    let rest = shape(text, b"9999-99-99 99:99:99").or_else(|| shape(text, b"9999-99-99T99:99:99"))?;
    let start = rest.as_bytes().get(..NEAR).unwrap_or(rest.as_bytes());
    let is_level = |word: &[u8]| matches!(word, b"INFO" | b"DEBU" | b"WARN" | b"ERRO" | b"TRAC");
    rest.get(start.windows(4).position(is_level)?..)
}

/// The program that a line of `syslog` is of, without its pid. Empty for other lines.
pub(super) fn program(raw: &str) -> &str {
    let is_syslog = raw.starts_with(|c: char| c.is_ascii_uppercase());
    let Some(rest) = Some(raw).filter(|_| is_syslog).and_then(behind_host) else { return "" };
    let end = rest.bytes().position(|byte| matches!(byte, b'[' | b':' | b' ')).unwrap_or_default();
    rest.get(..end).unwrap_or_default()
}

/// `10.0.3.7 - - [01/Mar/2024:12:00:00 +0000] "GET …"`.
fn is_access(text: &str) -> bool {
    let address = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or_default();
    static REQUEST: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("] \""));
    text.get(address..).is_some_and(|rest| rest.starts_with(" - ") && REQUEST.find(rest.as_bytes()).is_some())
}

/// What follows a beginning in which `9` stands for a digit.
fn shape<'a>(text: &'a str, shape: &[u8]) -> Option<&'a str> {
    let start = text.as_bytes().get(..shape.len())?;
    let fits = start.iter().zip(shape).all(|(own, of)| if *of == b'9' { own.is_ascii_digit() } else { own == of });
    fits.then(|| text.get(shape.len()..))?
}

/// Four letters, or a few more, of what a line may speak of that somebody reads: of memory and what it is of, of an end, of a JVM and
/// its options, of headings of tables. Too many cost time only.
#[rustfmt::skip]
const SIGNS_OF: &[&str] = &[
    // memory,
    "emor", "EMOR", "heap", "Heap", "HEAP", "swap", "Swap", "SWAP", " RSS", " rss", "rss ", "rss:", "rss=", "limi", "Limi", "LIMI", "allo",
    "Allo", "etas", "spac", "nati", "used", "free", "cach", "rese", "Rese", "tted", "cgro", "Full", "full avg", "full_", "full gc", "(full ", " [Con", "clai", "essu",
    "Mem:", "MemT", "mem=", "MEM ", "VSZ ", " RES", "PID ", "USER", "%CPU", "NAME", "Name: ", "Tota", "ATOP", "CPU)", "LINU", "kbme", "kbsw", " [s=",  " S0C", "YGC ", "FGC ", "S0  ", " S0 ", "NGCM", "ocs ", "buff", "ceed", "quot", "bytes", "Map f", "xhau", "too ", "rger", "_map", "is full", "ue full", "ttaching to", "Max open", "Max proc", "total kB",
    // an end,
    "OOMK", "\"oom", "=oom", "OOM ", "OOME", "OOM-", "OOM:", "OOM.", "OOM,", " OOM", "oom_", "oom-", " oom", "(oom", "'oom", "(OOM", "'OOM", "\"OOM", "utOf", "ut o", "kill", "Kill", "KILL", "exit", "Exit", "EXIT",
    " 137", "=137", ":137", "(137", "'137", "\"137", "SIGK", "SIGT", "SIGA", "SIGS", "SIGB", "gnal", "rash", "RASH", "vict", "Vict", "ckOf", "badn", "fork", "EAGA", "rrno",
    "BUG:", " BUG", "agin", "Ausl", "페이징", "页面", "ページ", "качк", "ror=", "annot crea", "guard p", "annot run", "bort", "dump", "Lost", "lost", "term", "Term", "TERM", "fata", "Fata", "FATA", "nsuf", "nabl",
    // a JVM,
    "java", "Java", "JAVA", "jvm.", "jvm ", "JVM ", "JVMJ", "jdk ", "JDK ", "[gc]", "[gc,", "[gc ", " gc ", " GC ", " GC(", "[GC ", "[GC1", "[GC2", "[GC-", "[GC(", "]GC(", "GC: ", "GcMo", "Usin", "f VM",
    "GCIn", "PSYo", "ParN", "CMS ", "CMS-", "CMS:", "Paus", "paus", "PAUS", "verh", "flag", "Flag", "-Xmx", "-Xms", "-Xmn", "-Xss", "-XX:", "ndLi", " -Da", " -Dj", " -Ds", " -Dc", " -Do", "pthr", "hrea", "keep", "behi", "aemo",
    "safe", "Safe", "NMT ", "jsta", "jvms", "asel", "uname", "jcmd", "jmap", "jinf", "jps ", "pmap", "ps a", "ps -", "top ", "docke", "kubec", "ulim",
];

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    Signs::of(
        SIGNS_OF
            .iter()
            .copied()
            .chain(super::application::signs())
            .chain(prose::signs())
            .chain(load::SIGNS.iter().copied()),
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_logs_that_say_nothing_are_ordinary() {
        for line in [
            "",
            "   ",
            "Mar  1 12:00:00 web-1 sshd[4711]: Accepted publickey for deploy from 10.0.3.7 port 52110 ssh2",
            "Mar 11 12:00:00 web-1 CRON[7]: (root) CMD (run-parts /etc/cron.hourly)",
            "Mar 11 12:00:00 web-1 kernel: [81250.400101] eth0: link up",
            "2024-03-01 12:00:00.123  INFO [http-nio-8080-exec-3] c.e.orders.OrderService - Order 4711 saved in 12 ms",
            "[2024-03-01T12:00:00,123][DEBUG][o.e.c.s.MasterService] [node-1] took 3 ms",
            "10.0.3.7 - - [01/Mar/2024:12:00:00 +0000] \"GET /api/v1/items/7 HTTP/1.1\" 200 512",
            "\tat com.example.orders.OrderService.save(OrderService.java:12) ~[app.jar:na]",
            "Order 4711 saved for customer 7 in 12 ms",
            "The order was kept by somebody, who had paid for it.",
        ] {
            assert!(ordinary(line).is_some(), "{line}");
        }
    }

    #[test]
    fn what_somebody_may_read_is_not() {
        for line in [
            "Mar  1 12:00:00 web-1 kernel: [81250.400101] Out of memory: Killed process 7 (java)",
            "Mar  1 12:00:00 web-1 kernel: [81250.400101] [ 1234]     0  1234     5000      100        4        0             0 java",
            "Mar  1 12:00:00 web-1 app[7]:   0.00  12.50  33.10  91.20  97.1  95.3     12    0.345     3    1.234    1.579",
            "Mar  1 12:00:00 web-1 app[7]: GC(3) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 3.210ms",
            "Mar  1 12:00:00 web-1 earlyoom[7]: process 9 did not quit",
            "2024-03-01 12:00:00.123 ERROR [main] c.e.Worker - java.lang.OutOfMemoryError: Java heap space",
            "2024-03-01T12:00:00.123+0000: 12.345: [GC (Allocation Failure)  65536K->4096K(251392K), 0.0051 secs]",
            "2024-03-01T12:00:00.123456789Z  S0C    S1C    S0U    S1U      EC",
            "java.lang.IllegalStateException: no order",
            "$ free -m",
            "root      1234  0.0  0.1 100000 20000 ?  Ssl 12:00 0:01 java -Xmx1g -jar app.jar",
            "2024-03-01 12:00:00 INFO The following limits hold:",
            "Attaching to process ID 4555, please wait...",
            "Compiled  Size  Type Method",
            "orders web-1 4711  12.5 33.1 91.2",
            "com.example.FooException is what we got from it",
            "The queue was full, and then the app was (oomkilled) again",
        ] {
            assert_eq!(ordinary(line), None, "{line}");
        }
    }
}
