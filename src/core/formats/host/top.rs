//! Reads `top` of procps, old and new, and of busybox: the lines above the table, then the rows.
//!
//! ```text
//! top - 13:31:21 up 47 min,  0 user,  load average: 6.20, 5.91, 4.06
//! MiB Mem :  24103.9 total,  12299.3 free,   1338.6 used,  10805.1 buff/cache
//! MiB Swap:      0.0 total,      0.0 free,      0.0 used.  22765.3 avail Mem
//!
//!     PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
//!       2 root      20   0 2598536  75048  20556 S  12.5   0.3   0:00.59 java
//! ```
//!
//! VIRT, RES, SHR are KiB or have a suffix (`11.2g`, `11,2g`). A number that did not fit ends with `+` and is left out.
//! With `-H` the rows are threads, each with the memory of its whole process: then only the row of the process that the
//! command named is read. Where the memory line names buffers, `used` holds buffers and page cache.
//! Source: procps-ng, `top(1)`.

use super::draft::Draft;
use super::process::{Processes, cells, read_cell};
use super::quantity::{GIB, KIB, MIB, amount, binary, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::formats::jvm_options::is_jvm;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::{Bytes, Micros};
use crate::warning::WarningKind;

pub(super) const SHAPE: Shape = Shape { tool: "top", claim, open };

/// What a line of `top` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// `top - 13:31:21 up …`
    First,
    /// `Tasks: …`, `Threads: …`, `%Cpu(s): …`
    Other,
    Memory,
    Swap,
    Header,
}

fn part(body: &str) -> Option<Part> {
    match body.as_bytes().first()? {
        b't' if body.starts_with("top - ") && body.contains("load average") => Some(Part::First),
        b'T' if (body.starts_with("Tasks:") || body.starts_with("Threads:")) && body.contains(" total,") => {
            Some(Part::Other)
        }
        b'%' if body.starts_with("%Cpu") => Some(Part::Other),
        b'C' if body.starts_with("Cpu(s):") || body.starts_with("CPU:") && body.contains("% usr") => Some(Part::Other),
        b'L' if body.starts_with("Load average:") => Some(Part::Other),
        b'K' | b'M' | b'G' | b'T' | b'S' => {
            let (label, rest) = body.split_once(':')?;
            let label = label.trim_end();
            let unit = matches!(label.get(..4), Some("KiB " | "MiB " | "GiB " | "TiB "));
            let plain =
                ["k total,", "K total,", "k used,", "K used,", "M total,"].iter().any(|word| rest.contains(word));
            let ours = unit && (rest.contains("total") || rest.contains("used")) || plain;
            match label.rsplit(' ').next() {
                Some("Mem") if ours => Some(Part::Memory),
                Some("Swap") if ours => Some(Part::Swap),
                _ => None,
            }
        }
        // `Command` of htop.
        b'P' if body.starts_with("PID ")
            && ["COMMAND", "Command"].iter().any(|last| body.trim_end().ends_with(last)) =>
        {
            let has = |name: &str| body.split_ascii_whitespace().any(|word| word == name);
            (has("VIRT") && has("RES") || has("%VSZ")).then_some(Part::Header)
        }
        _ => None,
    }
}

fn claim(body: &str) -> Claim {
    match part(body) {
        Some(Part::Other) => Claim::Weak,
        Some(_) => Claim::Strong,
        None => Claim::None,
    }
}

struct Top {
    summary: Draft,
    columns: Vec<String>,
    processes: Processes,
    /// `-H`: rows are threads.
    threads: bool,
    /// The process of the command.
    pid: Option<u32>,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    part(line.body.trim_start())?;
    let command = context.command("top");
    let mut block = Top {
        summary: Draft::new(HostKind::TopSummary, line),
        columns: Vec::new(),
        processes: Processes::default(),
        threads: command.is_some_and(|command| command.has_option('H')),
        pid: command.and_then(|command| command.pid).map(|(pid, _)| pid),
    };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Top {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let Some(part) = part(body) else { return self.row(line, out) };
        // The next picture of a `top` that runs on.
        let again = match part {
            Part::First | Part::Memory => {
                self.summary.has("clock") && part == Part::First || self.summary.has("mem_total")
            }
            Part::Other => false,
            Part::Swap => self.summary.has("swap_total"),
            Part::Header => !self.columns.is_empty(),
        };
        if again || !self.columns.is_empty() {
            return false;
        }
        if part != Part::Header {
            self.summary.extend(line);
        }
        match part {
            Part::First => self.first(body, line),
            Part::Other => self.threads |= body.starts_with("Threads:"),
            Part::Memory | Part::Swap => {
                out.keep(line);
                self.memory(part, body, line, out);
            }
            Part::Header => {
                // htop marks the column it sorts by: `CPU%▽MEM%`.
                let columns = body.split([' ', '\t', '▽', '△']).filter(|word| !word.is_empty());
                self.columns = columns.map(str::to_ascii_uppercase).collect();
                self.processes.with_threads = self.columns.iter().any(|column| column == "PRI");
            }
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        if !self.summary.reading.sizes.is_empty() {
            self.summary.push(out);
        }
        self.processes.push(out);
    }
}

impl Top {
    /// `top - 13:31:21 up 47 min,  0 user, …`
    fn first(&mut self, body: &str, line: &Line<'_>) {
        let Some((clock, rest)) = body.strip_prefix("top - ").and_then(|rest| rest.split_once(" up ")) else { return };
        self.summary.word("clock", clock, line, clock);
        let mut seconds = Some(0_u64);
        for piece in rest.split(',').map(str::trim) {
            let add = match piece.split_once(' ') {
                Some((number, "day" | "days")) => whole(number).and_then(|days| days.checked_mul(86_400)),
                Some((number, "min")) => whole(number).and_then(|minutes| minutes.checked_mul(60)),
                None => piece.split_once(':').and_then(|(hours, minutes)| {
                    whole(hours)?.checked_mul(60)?.checked_add(whole(minutes)?)?.checked_mul(60)
                }),
                Some(_) => break,
            };
            seconds = seconds.zip(add).and_then(|(sum, add)| sum.checked_add(add));
        }
        let seconds = seconds.filter(|seconds| *seconds > 0).and_then(|seconds| i64::try_from(seconds).ok());
        self.summary.reading.uptime = seconds.and_then(Micros::from_seconds);
    }

    /// `MiB Mem :  24103.9 total,  12299.3 free, …` and `Mem:  16332212k total, …`
    fn memory(&mut self, part: Part, body: &str, line: &Line<'_>, out: &mut Readings) {
        let Some((label, rest)) = body.split_once(':') else { return };
        let unit = match label.get(..3) {
            Some("MiB") => MIB,
            Some("GiB") => GIB,
            Some("TiB") => GIB << 10,
            _ => KIB,
        };
        // Old `top` and busybox count buffers and page cache as used.
        let old = rest.contains("buffers") || rest.contains(" buff,") || rest.contains("K used, ");
        let mut number: Option<&str> = None;
        for word in rest.split_ascii_whitespace() {
            let bare = word.trim_end_matches([',', '.']);
            if bare.starts_with(|c: char| c.is_ascii_digit()) {
                // `13170392+total`: digits are missing.
                number = (!bare.contains('+')).then_some(bare);
                continue;
            }
            let name = match (part, bare) {
                (Part::Memory, "total") => "mem_total",
                // Only what follows tells which of the two it is.
                (Part::Memory, "used") if !old && !rest.contains("buff/cache") && line.is_cut() => continue,
                (Part::Memory, "buff") if bare == word && line.is_cut() => continue,
                (Part::Memory, "used") if old => "mem_used_with_cache",
                (Part::Memory, "used") => "mem_used",
                (Part::Memory, "free") => "mem_free",
                (Part::Memory, "buff/cache") => "buffers_cache",
                (Part::Memory, "buffers" | "buff") => "buffers",
                (Part::Memory, "shrd") => "shmem",
                (_, "cached") => "cache",
                (Part::Swap, "total") => "swap_total",
                (Part::Swap, "used") => "swap_used",
                (Part::Swap, "free") => "swap_free",
                (_, "avail") => "mem_available",
                _ => continue,
            };
            let Some(digits) = number.take() else { continue };
            match amount(digits, unit).or_else(|| binary(digits, KIB)) {
                Some(size) if size == Bytes(0) && unit >= GIB => {}
                Some(size) => self.summary.size(name, Some(size), line, digits),
                None => Draft::not_a_number(name, line, digits, out),
            }
        }
    }

    fn row(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.columns.is_empty() {
            return false;
        }
        let Some(row) = cells(line.body, self.columns.len()) else { return self.short_row(line, out) };
        let mut draft = Draft::new(HostKind::Top, line);
        for (column, cell) in self.columns.iter().zip(row) {
            if !read_cell(&mut draft, column, cell, line) {
                return false;
            }
        }
        if draft.reading.pid.is_none() {
            return false;
        }
        let named = self.pid.is_some() && self.pid == draft.reading.pid;
        if !self.threads || named {
            if draft.reading.name.as_deref().is_some_and(is_jvm) {
                out.keep(line);
            }
            self.processes.add(draft);
        }
        true
    }

    /// A row that was cut: only a number where the process id stands shows that it is one.
    fn short_row(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let found = line.body.split_ascii_whitespace().count();
        let at = self.columns.iter().position(|column| column == "PID").unwrap_or(0);
        let is_row = found > 3 && line.body.split_ascii_whitespace().nth(at).and_then(whole).is_some();
        if is_row {
            out.warn_line(line, WarningKind::ShortRow { expected: self.columns.len(), found });
        }
        is_row
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;

    const HEAD: &str = "top - 13:31:21 up 12 days,  3:04,  0 user,  load average: 6.20, 5.91, 4.06\nTasks:   4 total,   1 running,   3 sleeping,   0 stopped,   0 zombie\n%Cpu(s):100.0 us,  0.0 sy,  0.0 ni,  0.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\nMiB Mem :  24103.9 total,  12299.3 free,   1338.6 used,  10805.1 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.  22765.3 avail Mem\n\n";
    const COLUMNS: &str = "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n";

    #[test]
    fn rows_copied_from_htop_are_read() {
        let text = "  PID USER      PRI  NI  VIRT   RES   SHR S CPU% MEM%   TIME+  Command\n 4711 app        20   0 14.2G 11.5G 22140 S 99.9 76.1 41:25.48 java -Xmx10g -jar /srv/app.jar\n";
        let reading = first(text, "top");
        assert_eq!((reading.pid, reading.name.as_deref()), (Some(4711), Some("java")));
        assert_eq!(reading.sizes.get("rss"), Some(&Bytes(23 << 29)));
        assert_eq!(reading.sizes.get("rss_shared"), Some(&Bytes(22_140 << 10)));
        assert_eq!(reading.sizes.get("heap_max"), Some(&Bytes(10 << 30)));
    }

    #[test]
    fn the_summary_and_the_rows_are_read() {
        let text = format!(
            "$ top -b -n 1\n{HEAD}{COLUMNS}      2 root      20   0   11,2g   1.5g  20556 S  12.5   0.3   0:00.59 java\n      1 root      20   0    4360   3196   2900 S   0.0   0.0   0:00.00 bash\n"
        );
        let summary = first(&text, "top-summary");
        assert_eq!(summary.sizes.get("mem_total"), Some(&Bytes(25_274_771_046)));
        assert_eq!(summary.sizes.get("mem_available"), Some(&Bytes(23_871_147_213)));
        assert_eq!(summary.sizes.get("swap_total"), Some(&Bytes(0)));
        assert_eq!(summary.uptime, Some(Micros((12 * 86_400 + 3 * 3600 + 4 * 60) * 1_000_000)));
        let java = first(&text, "top");
        assert_eq!(java.sizes.get("rss"), Some(&Bytes(3 * GIB / 2)));
        assert_eq!(java.sizes.get("virtual"), Some(&Bytes(12_025_908_429)));
        assert_eq!(java.sizes.get("rss_shared"), Some(&Bytes(20_556 * KIB)));
        assert_eq!(read(&text).host.len(), 3);
        assert_eq!(read(&text).warnings, []);
    }

    #[test]
    fn decimal_commas_do_not_part_numbers() {
        let text = "MiB Mem :  24103,9 total,  12299,3 free,   1338,6 used,  10805,1 buff/cache\n";
        assert_eq!(first(text, "top-summary").sizes.get("mem_total"), Some(&Bytes(25_274_771_046)));
    }

    #[test]
    fn old_and_overflowing_summaries_are_read_as_they_mean_it() {
        let text = "Mem:  16332212k total, 12332212k used,  4000000k free,   312312k buffers\nSwap:  2097144k total,        0k used,  2097144k free,  8123123k cached\n";
        let summary = first(text, "top-summary");
        assert_eq!(summary.sizes.get("mem_used_with_cache"), Some(&Bytes(12_332_212 * KIB)));
        assert_eq!(summary.sizes.get("cache"), Some(&Bytes(8_123_123 * KIB)));
        let text = "KiB Mem : 13170392+total,  4136452 free, 92876640 used, 34690832 buff/cache\n";
        let summary = first(text, "top-summary");
        assert_eq!(summary.sizes.get("mem_total"), None);
        assert_eq!(summary.sizes.get("mem_free"), Some(&Bytes(4_136_452 * KIB)));
    }

    #[test]
    fn threads_are_no_processes() {
        let head = HEAD.replace("Tasks:", "Threads:");
        let rows = "      3 root      20   0 1814944 151944  21800 S   6.7   0.6   0:00.70 java\n     25 root      20   0 1814944 151944  21800 S   6.7   0.6   0:00.03 request+\n      5 root      20   0 1814944 151944  21800 S   6.7   0.6   0:00.03 java\n";
        let pids = |text: &str| -> Vec<u32> { read(text).host.iter().filter_map(|reading| reading.pid).collect() };
        assert_eq!(pids(&format!("$ top -b -H -n 1 -p 3\n{head}{COLUMNS}{rows}")), [3]);
        assert_eq!(pids(&format!("{head}{COLUMNS}{rows}")), Vec::<u32>::new());
    }

    #[test]
    fn htop_lists_threads_among_processes() {
        let text = "  PID USER      PRI  NI  VIRT   RES   SHR S CPU% MEM%   TIME+  Command\n 4713 app        20   0 14.2G 11.5G 22140 S 99.9 76.1 41:25.48 /usr/bin/java -Xmx10g -jar app.jar\n 4711 app        20   0 14.2G 11.5G 22140 S 99.9 76.1 41:25.48 /usr/bin/java -Xmx10g -jar app.jar\n 4712 app        20   0 14.2G 11.5G 22140 S  0.0 76.1  0:25.48 VM Thread\n  812 mysql      20   0 2150M  512M  1204 S  2.0  6.5 10:12.01 /usr/sbin/mysqld\n";
        let found: Vec<_> = read(text).host.into_iter().map(|reading| reading.pid).collect();
        assert_eq!(found, [Some(4711), Some(812)]);
    }

    #[test]
    fn busybox_is_read_too() {
        let text = "Mem: 7935664K used, 240748K free, 1104K shrd, 332K buff, 4052K cached\nCPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\nLoad average: 0.00 0.01 0.05 1/512 77\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n    1     0 root     S    4.1g 52.4   1  0.0 java -Xmx1g -jar app.jar\n";
        let summary = first(text, "top-summary");
        assert_eq!(summary.sizes.get("mem_used_with_cache"), Some(&Bytes(7_935_664 * KIB)));
        let java = first(text, "top");
        assert_eq!((java.pid, java.flags), (Some(1), vec!["-Xmx1g".to_owned()]));
    }

    #[test]
    fn a_batch_makes_one_summary_per_picture() {
        let picture =
            format!("{HEAD}{COLUMNS}      2 root      20   0   11,2g   1.5g  20556 S  12.5   0.3   0:00.59 java\n\n");
        let kinds: Vec<&str> = read(&format!("{picture}{picture}")).host.into_iter().map(|r| r.kind.name()).collect();
        assert_eq!(kinds, ["top-summary", "top", "top-summary", "top"]);
    }
}
