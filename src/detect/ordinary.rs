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

use crate::order::InOrder as _;

use memchr::memmem::Finder;

/// What an ordinary line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ordinary<'a> {
    /// Nothing on it.
    Blank,
    /// A line of a stack trace.
    Trace,
    /// A line of a logger, and what it says.
    Logged(&'a str),
    /// A line of the kernel, whose time counts.
    Kernel(&'a str),
}

/// Of lines that were passed over, those that matter to what may follow: the last line of a logger, the trace below it, of which the
/// end is enough, and a blank line below that.
#[derive(Debug, Default)]
pub(super) struct Passed {
    pub(super) logged: Kept,
    pub(super) trace: Kept,
    /// The first line of the trace.
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
                self.clear();
                self.logged.put(number, raw);
            }
            Ordinary::Trace => {
                self.blank.number = 0;
                if self.trace.number == 0 || self.trace.number.saturating_add(1) != number {
                    self.first_of_trace = number;
                }
                self.trace.put(number, raw);
            }
            Ordinary::Blank => self.blank.put(number, raw),
            Ordinary::Kernel(_) => self.clear(),
        }
    }

    /// Nothing was passed over.
    pub(super) fn clear(&mut self) {
        (self.logged.number, self.trace.number, self.blank.number) = (0, 0, 0);
    }
}

/// What the line is, if it is ordinary. Most lines are told by their first bytes; the rest costs two looks at each byte.
pub(super) fn ordinary(raw: &str) -> Option<Ordinary<'_>> {
    let text = raw.trim_ascii_end();
    if text.is_empty() {
        return Some(Ordinary::Blank);
    }
    if is_trace(text) {
        return Some(Ordinary::Trace);
    }
    let line = line(text)?;
    let (Ordinary::Logged(said) | Ordinary::Kernel(said)) = line else { return None };
    (!text.ends_with([':', '#']) && !SIGNS.are_in(said.as_bytes())).then_some(line)
}

/// True for a line in which something stands that a format may begin with.
pub(super) fn may_be_read(line: &str) -> bool {
    SIGNS.are_in(line.as_bytes())
}

/// True for a line of a log, ordinary or not: no person wrote it.
pub(super) fn is_of_log(raw: &str) -> bool {
    let text = raw.trim_ascii_end();
    is_trace(text) || line(text).is_some()
}

/// `        at com.example.Worker.run(Worker.java:12) ~[app.jar:na]`.
fn is_trace(text: &str) -> bool {
    static PLACE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(".java:"));
    let line = text.trim_ascii_start();
    let is_trace = line.len() < text.len() && line.starts_with("at ") && line.ends_with([')', ']']);
    is_trace && PLACE.find(line.as_bytes()).is_some()
}

/// What stands behind the date, and the program or the level, that loggers, `syslog`, and web servers print. `None` for any other line.
fn line(text: &str) -> Option<Ordinary<'_>> {
    match text.as_bytes() {
        [b'A'..=b'Z', b'a'..=b'z', b'a'..=b'z', b' ', ..] => {
            let rest = text.get(4..)?;
            let rest = shape(rest, b" 9 99:99:99 ").or_else(|| shape(rest, b"99 99:99:99 "))?;
            let (_, rest) = rest.split_once(' ')?;
            let (program, said) = rest.split_once(": ")?;
            let is_kernel = program == "kernel";
            let said = match said.strip_prefix('[') {
                Some(timed) if is_kernel => timed.split_once("] ")?.1,
                _ => said,
            };
            // What else the kernel and its helpers say is read, and a row of numbers may be.
            let is_said = said.starts_with(|c: char| c.is_ascii_alphabetic() || c == '(');
            let is_other = program.starts_with("kernel") && !is_kernel || program.contains("oom");
            let line = if is_kernel { Ordinary::Kernel(said) } else { Ordinary::Logged(said) };
            (is_said && !is_other && !program.contains(' ')).then_some(line)
        }
        [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..] => levelled(text).map(Ordinary::Logged),
        [b'[', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..] => {
            levelled(text.get(1..)?).map(Ordinary::Logged)
        }
        // Only the log of a web server has such a line.
        [b'0'..=b'9', ..] => is_access(text).then_some(Ordinary::Logged(text)),
        _ => None,
    }
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
    let Some((_, rest)) = raw.get(16..).and_then(|rest| rest.split_once(' ')) else { return "" };
    let is_syslog = raw.starts_with(|c: char| c.is_ascii_uppercase()) && raw.as_bytes().get(9) == Some(&b':');
    let end = rest.find(['[', ':', ' ']).filter(|_| is_syslog).unwrap_or_default();
    rest.get(..end).unwrap_or_default()
}

/// `10.0.3.7 - - [01/Mar/2024:12:00:00 +0000] "GET …"`.
fn is_access(text: &str) -> bool {
    let address = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or_default();
    text.get(address..).is_some_and(|rest| rest.starts_with(" - ") && rest.contains("] \""))
}

/// What follows a beginning in which `9` stands for a digit.
fn shape<'a>(text: &'a str, shape: &[u8]) -> Option<&'a str> {
    let start = text.as_bytes().get(..shape.len())?;
    let fits = start.iter().zip(shape).all(|(own, of)| if *of == b'9' { own.is_ascii_digit() } else { own == of });
    fits.then(|| text.get(shape.len()..))?
}

/// Four letters of what a line may speak of that somebody reads: of memory and what it is of, of an end, of a JVM and its options, of
/// headings of tables. Too many cost time only.
#[rustfmt::skip]
const SIGNS_OF: &[&str] = &[
    // memory,
    "emor", "EMOR", "heap", "Heap", "HEAP", "swap", "Swap", "SWAP", " RSS", " rss", "rss ", "rss:", "rss=", "limi", "Limi", "LIMI", "allo",
    "Allo", "etas", "spac", "nati", "used", "free", "cach", "rese", "Rese", "tted", "cgro", "Full", "full", "clai", "essu",
    "Mem:", "MemT", "MEM ", "VSZ ", " RES", "PID ", "USER", "%CPU", "NAME", "Tota", "ATOP", "CPU)", "LINU", "kbme", "kbsw", " [s=",  " S0C", "YGC ", "FGC ", "S0  ", " S0 ", "NGCM", "ocs ", "buff", "ceed", "quot", "bytes", "xhau", "too ", "rger", "_map",
    // an end,
    "OOMK", "\"oom", "=oom", "OOM ", "OOME", "OOM-", "OOM:", "OOM.", "OOM,", " OOM", "oom_", "oom-", " oom", "utOf", "ut o", "kill", "Kill", "KILL", "exit", "Exit", "EXIT",
    " 137", "=137", ":137", "(137", "SIGK", "SIGT", "SIGA", "SIGS", "SIGB", "gnal", "rash", "RASH", "vict", "Vict", "ckOf", "badn", "fork", "EAGA", "rrno",
    "BUG:", " BUG", "agin", "Ausl", "페이징", "页面", "ページ", "качк", "ror=", "anno", "bort", "dump", "Lost", "lost", "term", "Term", "TERM", "fata", "Fata", "FATA", "nsuf", "nabl",
    // a JVM,
    "java", "Java", "JAVA", "jvm.", "jvm ", "JVM ", "JVMJ", "jdk ", "JDK ", "[gc]", "[gc,", "[gc ", " gc ", " GC ", " GC(", "[GC ", "[GC1", "[GC2", "[GC-", "[GC(", "]GC(", "GC: ", "GcMo", "Usin", "f VM",
    "GCIn", "PSYo", "ParN", "CMS ", "CMS-", "CMS:", "Paus", "paus", "PAUS", "verh", "flag", "Flag", "-Xmx", "-Xms", "-Xmn", "-Xss", "-XX:", "ndLi", " -Da", " -Dj", " -Ds", " -Dc", " -Do", "pthr", "hrea", "keep", "behi", "aemo",
    "safe", "Safe", "NMT ", "jsta", "jvms", "asel", "uname", "jcmd", "jmap", "jinf", "jps ", "pmap", "ps a", "ps -", "top ", "docke", "kubec", "ulim",
];

static SIGNS: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS_OF));

/// Which of many signs of four bytes a text has: a bit for each in a table that fits a processor's cache, and the signs themselves.
struct Signs {
    bits: Vec<u64>,
    signs: Vec<u32>,
}

impl Signs {
    fn of(list: &[&str]) -> Signs {
        let mut signs: Vec<u32> = list
            .iter()
            .filter_map(|sign| match sign.as_bytes() {
                [a, b, c, d, ..] => Some(u32::from_le_bytes([*a, *b, *c, *d])),
                _ => None,
            })
            .collect();
        signs.order();
        signs.dedup();
        let mut bits = vec![0; 1 << 10];
        for sign in &signs {
            let (at, bit) = place(*sign);
            if let Some(word) = bits.get_mut(at) {
                *word |= bit;
            }
        }
        Signs { bits, signs }
    }

    fn are_in(&self, text: &[u8]) -> bool {
        // A beginning is as good as a blank.
        let mut sign = u32::from(b' ') << 24;
        text.iter().any(|byte| {
            sign = sign >> 8 | u32::from(*byte) << 24;
            let (at, bit) = place(sign);
            self.bits.get(at).is_some_and(|word| word & bit != 0) && self.signs.binary_search(&sign).is_ok()
        })
    }
}

/// The place of a sign among the bits.
fn place(sign: u32) -> (usize, u64) {
    let hash = sign.wrapping_mul(0x9E37_79B1) >> 16;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

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
        ] {
            assert_eq!(ordinary(line), None, "{line}");
        }
    }
}
