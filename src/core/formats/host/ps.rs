//! Reads `ps aux`, `ps -ef`, `ps -o pid,rss,cmd` and the like.
//!
//! ```text
//! USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
//! root           2 11.3  0.3 2598536 74984 ?       Sl   13:31   0:00 java -XX:+UseSerialGC -Xmx64m -jar orders.jar
//! ```
//!
//! The header says which column is what; behind `ps aux | grep java`, which drops it, the command does, and without
//! both two layouts are known by their shape. VSZ and RSS are KiB, with a suffix in busybox. The options of JVMs are
//! read from the command. Source: procps-ng, `ps(1)`.

use super::draft::Draft;
use super::process::{Processes, cells, read_cell};
use super::quantity::whole;
use super::{Block, Command, Context, Shape};
use crate::formats::Claim;
use crate::formats::apart;
use crate::formats::jvm_options::is_jvm;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::warning::WarningKind;

pub(super) const SHAPE: Shape = Shape { tool: "ps", claim, open };

const AUX: &[&str] = &["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TTY", "STAT", "START", "TIME", "COMMAND"];
const FULL: &[&str] = &["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"];

fn is_header(body: &str) -> bool {
    let body = body.trim_end();
    if !["COMMAND", "CMD", "ARGS", "COMM"].iter().any(|last| body.ends_with(last)) {
        return false;
    }
    let mut pid = false;
    let mut other = false;
    for word in body.split_ascii_whitespace() {
        match word {
            "PID" => pid = true,
            "VIRT" | "%VSZ" => return false,
            "RSS" | "RSZ" | "RSIZE" | "VSZ" | "TTY" | "TT" | "TIME" | "%MEM" | "PPID" | "NLWP" | "ELAPSED" | "USER" => {
                other = true
            }
            _ if word.bytes().any(|byte| byte.is_ascii_lowercase()) => return false,
            _ => {}
        }
    }
    pid && (other || body.split_ascii_whitespace().count() == 2)
}

/// The layout of a row of a JVM without header and command.
fn layout_of_row(body: &str) -> Option<(&'static [&'static str], &'static str)> {
    let mut words = body.split_ascii_whitespace();
    let (_user, pid) = (words.next()?, words.next()?);
    whole(pid)?;
    let is_tty = |word: &str| word == "?" || word == "??" || word.starts_with("pts/") || word.starts_with("tty");
    let is_time =
        |word: &str| word.contains(':') && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'-'));
    if let Some(row) = cells(body, AUX.len())
        && let [_, _, cpu, mem, vsz, rss, tty, _, _, time, command] = row.as_slice()
    {
        let percent = |word: &str| word.contains(['.', ',']) && word.parse::<f64>().is_ok();
        let jvm = is_jvm(command.split(' ').next().unwrap_or_default());
        if percent(cpu)
            && percent(mem)
            && whole(vsz).is_some()
            && whole(rss).is_some()
            && is_tty(tty)
            && is_time(time)
            && jvm
        {
            return Some((AUX, "ps aux"));
        }
    }
    let row = cells(body, FULL.len())?;
    let [_, _, ppid, c, _, tty, time, command] = row.as_slice() else { return None };
    let jvm = is_jvm(command.split(' ').next().unwrap_or_default());
    let fits = whole(ppid).is_some() && whole(c).is_some() && is_tty(tty) && is_time(time) && jvm;
    fits.then_some((FULL, "ps -ef"))
}

fn claim(body: &str) -> Claim {
    match body.as_bytes().first() {
        Some(b'A'..=b'Z' | b'%') if is_header(body) || is_header_without_process(body.trim_end()) => {
            return Claim::Strong;
        }
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'+') => {}
        _ => return Claim::None,
    }
    if layout_of_row(body).is_some() { Claim::Weak } else { Claim::None }
}

/// A header of `ps -p 4711 -o rss,vsz`, which means something behind that command: the process stands there.
fn is_header_of_one(body: &str) -> bool {
    const KNOWN: [&str; 13] =
        ["%CPU", "%MEM", "RSS", "RSZ", "SIZE", "SZ", "VSZ", "NLWP", "ELAPSED", "CMD", "COMMAND", "ARGS", "USER"];
    let mut words = body.split_ascii_whitespace();
    words.clone().any(|word| matches!(word, "RSS" | "RSZ" | "VSZ")) && words.all(|word| KNOWN.contains(&word))
}

/// A header of `ps -o rss,cmd` without its command: whose the rows are is not printed, but the first number is no process.
fn is_header_without_process(body: &str) -> bool {
    let ends = body.ends_with(" CMD") || body.ends_with(" COMMAND") || body.ends_with(" ARGS");
    ends && is_header_of_one(body)
}

struct Ps {
    /// The process that the command asked for, where no column names it.
    asked: Option<(u32, Span)>,
    columns: Vec<String>,
    processes: Processes,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let asked = context.command("ps").and_then(|command| command.pid);
    let processes = Processes::default();
    let mut block = Ps { asked, columns: Vec::new(), processes };
    if asked.is_some() && is_header_of_one(line.body) {
        block.columns = line.body.split_ascii_whitespace().map(str::to_owned).collect();
        return Some(Box::new(block));
    }
    let header = line.body.trim();
    if is_header(header) || is_header_without_process(header) {
        block.columns = line.body.split_ascii_whitespace().map(str::to_owned).collect();
        return Some(Box::new(block));
    }
    if let Some(columns) = context.command("ps").and_then(columns_of_command) {
        block.columns = columns;
        if block.take(line, out) {
            return Some(Box::new(block));
        }
    }
    let (columns, command) = layout_of_row(line.body.trim())?;
    block.columns = columns.iter().map(|column| (*column).to_owned()).collect();
    out.warn_line(line, WarningKind::LayoutInferred { layout: command.to_owned() });
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

/// The columns that are glued to their option. Among other letters `o` is the last, so a column must follow.
fn list_of_option(option: &str) -> Option<&str> {
    if let Some(list) = option.strip_prefix("--format=") {
        return Some(list);
    }
    let letters = option.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
    let list = letters.split_once('o').filter(|(before, _)| before.bytes().all(|b| b.is_ascii_alphabetic()))?.1;
    let is_column = |name: &str| matches!(name.trim_end_matches('='), "rss" | "rsz" | "vsz" | "pid" | "user" | "nlwp");
    list.split(',').any(is_column).then_some(list)
}

/// The columns that a command's options ask for.
fn columns_of_command(command: &Command) -> Option<Vec<String>> {
    let first = command.arguments.first()?;
    // `-o pid,rss`, `-o pid= -o rss=`, `-orss,cmd`, `--format=rss,cmd`
    let behind = command.arguments.iter().zip(command.arguments.iter().skip(1)).filter_map(|(option, list)| {
        let takes_list =
            !option.starts_with("--") && option.ends_with('o') && option.len() <= 6 || option == "--format";
        takes_list.then_some(list.as_str())
    });
    let behind: Vec<&str> = behind.collect();
    let glued = || command.arguments.iter().find_map(|option| list_of_option(option)).map(str::to_owned);
    let list = if behind.is_empty() { glued() } else { Some(behind.join(",")) };
    if let Some(list) = list {
        let column = |name: &str| {
            match name.split(['=', ':']).next().unwrap_or(name) {
                "rss" | "rssize" | "rsz" => "RSS",
                "vsz" | "vsize" => "VSZ",
                "pid" | "tgid" => "PID",
                "user" | "euser" | "uname" => "USER",
                "nlwp" | "thcount" => "NLWP",
                "etime" | "etimes" => "ELAPSED",
                "cmd" | "args" | "command" | "comm" | "ucmd" => "COMMAND",
                "s" | "stat" | "state" => "STAT",
                "lstart" | "start" | "start_time" => "STARTED",
                _ => "-",
            }
            .to_owned()
        };
        return Some(list.split(',').map(column).collect());
    }
    let letters = first.trim_start_matches('-');
    let layout = if !first.starts_with('-') && letters.contains('u') {
        AUX
    } else if first.starts_with('-') && letters.contains('f') && !letters.contains(['L', 'T', 'l', 'F', 'y']) {
        FULL
    } else {
        return None;
    };
    Some(layout.iter().map(|column| (*column).to_owned()).collect())
}

impl Block for Ps {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let mut extra = 0;
        if let Some(at) =
            self.columns.iter().position(|column| matches!(column.as_str(), "STARTED" | "START" | "STIME"))
        {
            // `Tue Nov 22 13:31:22 2026` or `Nov 22` in one column.
            extra = match body.split_ascii_whitespace().nth(at) {
                Some("Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun") => 4,
                Some(word) if word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) => 1,
                _ => 0,
            };
        }
        let Some(row) = cells(body, self.columns.len().saturating_add(extra)) else { return false };
        let mut row = row.into_iter();
        let mut draft = Draft::new(HostKind::Ps, line);
        for column in &self.columns {
            let Some(cell) = row.next() else { return false };
            if matches!(column.as_str(), "STARTED" | "START" | "STIME") {
                for _ in 0..extra {
                    row.next();
                }
            }
            if !read_cell(&mut draft, column, cell, line) {
                return false;
            }
        }
        draft.process(self.asked.take());
        let is_table_without = !self.columns.iter().any(|column| column == "PID") && draft.has("rss");
        if draft.reading.pid.is_none() && !(is_table_without && draft.reading.name.as_deref().is_some_and(is_jvm)) {
            return false;
        }
        if draft.reading.name.as_deref().is_some_and(is_jvm) {
            out.keep(line);
        }
        self.processes.add(draft);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.processes.push(out);
    }

    fn patience(&self) -> u32 {
        apart::INSIDE
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;
    use crate::units::{Bytes, Micros};

    const JAVA: &str = "root           3 13.5  0.6 1814944 151944 ?      Sl   13:31   0:00 java -XX:+UseG1GC -Xmx200m -cp /srv/app Incident none 30";

    #[test]
    fn processes_of_one_size_are_several() {
        let text = "$ ps -eo pid,rss,comm\n    PID   RSS COMMAND\n   4711 800000 java\n   4712 800000 java\n   4713 800000 java\n";
        assert_eq!(read(text).host.len(), 3);
    }

    #[test]
    fn a_row_without_its_process_is_of_the_one_that_was_asked_for() {
        let text = "$ ps -p 71 -o pcpu,rss,size,vsize\n%CPU   RSS  SIZE    VSZ\n11.2 486040 580860 3814600\n";
        let reading = first(text, "ps");
        assert_eq!((reading.pid, reading.sizes.get("rss")), (Some(71), Some(&Bytes(486_040 << 10))));
        assert_eq!(reading.sizes.get("virtual"), Some(&Bytes(3_814_600 << 10)));
        assert_eq!(read("%CPU   RSS  SIZE    VSZ\n11.2 486040 580860 3814600\n").host, []);
    }

    #[test]
    fn the_first_number_of_a_row_is_what_its_header_says() {
        let row = "7835488 /java/jdk-11.0.18/bin/java -Xms2g -Xmx2g -jar app.jar\n";
        for (command, pid) in [
            ("$ ps -orss,cmd 27477\n  RSS CMD\n", Some(27_477)),
            ("$ ps -o rss,cmd -p 27477\n  RSS CMD\n", Some(27_477)),
            ("$ ps -p27477 -o rss=,cmd=\n", Some(27_477)),
            ("$ ps -o rss= -o cmd= -p 27477\n", Some(27_477)),
            ("  RSS CMD\n", None),
        ] {
            let reading = first(&format!("{command}{row}"), "ps");
            let rss = reading.sizes.get("rss").map(|rss| rss.0 >> 10);
            assert_eq!((reading.pid, rss), (pid, Some(7_835_488)), "{command}");
            assert_eq!(reading.words.get("main").map(String::as_str), Some("app.jar"));
        }
    }

    #[test]
    fn columns_are_found_by_the_header() {
        let text = format!(
            "{}\n{JAVA}\nroot          45  0.0  0.0   8548  4520 ?        R    13:31   0:00 nginx: worker process\n",
            AUX.join("  ")
        );
        let out = read(&text);
        let java = out.host.first().cloned().unwrap_or_default();
        assert_eq!((java.pid, java.name.as_deref()), (Some(3), Some("java")));
        assert_eq!(java.sizes.get("rss"), Some(&Bytes(151_944 * 1024)));
        assert_eq!(java.sizes.get("virtual"), Some(&Bytes(1_814_944 * 1024)));
        assert_eq!(java.flags, ["-XX:+UseG1GC", "-Xmx200m"]);
        assert_eq!(java.words.get("main").map(String::as_str), Some("Incident"));
        assert_eq!(out.host.get(1).and_then(|other| other.name.as_deref()), Some("nginx:"));
        assert_eq!(out.warnings, []);
    }

    #[test]
    fn chosen_columns_are_read_with_threads_and_age() {
        let text = "  PID   RSS    VSZ %MEM NLWP     ELAPSED CMD\n 7255 165284 2712808  0.6 25       00:08 java -Xmx128m Incident\n";
        let java = first(text, "ps");
        assert_eq!(java.counts.get("threads"), Some(&25));
        assert_eq!(java.uptime, Some(Micros(8_000_000)));
        let text = "    PID                  STARTED   RSS COMMAND\n   7255 Sun Nov 22 13:31:22 2026 165284 java -Xmx128m Incident\n";
        assert_eq!(first(text, "ps").sizes.get("rss"), Some(&Bytes(165_284 * 1024)));
    }

    #[test]
    fn rows_without_header_are_read_by_their_command_or_their_shape() {
        assert_eq!(read(&format!("$ ps aux | grep java\n{JAVA}\n")).warnings, []);
        assert_eq!(first(&format!("$ ps aux | grep java\n{JAVA}\n"), "ps").pid, Some(3));
        assert_eq!(first("$ ps -eo pid,rss,args --no-headers\n 12 4096 java -Xmx1g A\n", "ps").flags, ["-Xmx1g"]);
        let out = read(&format!("{JAVA}\n"));
        assert_eq!(out.host.first().and_then(|reading| reading.pid), Some(3));
        let inferred = WarningKind::LayoutInferred { layout: "ps aux".to_owned() };
        assert_eq!(out.warnings.first().map(|warning| warning.kind.clone()), Some(inferred));
        assert_eq!(read("app 12 3.5 java is here\nroot 3 1 java\n").host, []);
    }

    #[test]
    fn the_full_format_gives_options_without_sizes() {
        let text = "UID          PID    PPID  C STIME TTY          TIME CMD\nroot           2       1 11 13:31 ?        00:00:00 /usr/bin/java -Xmx64m -jar orders.jar\nroot           9       1 11 13:31 ?        00:00:00 bash\n";
        let out = read(text);
        assert_eq!(out.host.len(), 1);
        assert_eq!(out.host.first().map(|reading| reading.flags.clone()), Some(vec!["-Xmx64m".to_owned()]));
    }

    #[test]
    fn threads_of_one_process_are_one_row() {
        let text = "UID PID PPID LWP C NLWP STIME TTY TIME CMD\nroot 7 1 7 0 3 13:31 ? 00:00:00 java -Xmx1g A\nroot 7 1 8 0 3 13:31 ? 00:00:00 java -Xmx1g A\n";
        assert_eq!(read(text).host.len(), 1);
    }

    #[test]
    fn an_option_at_the_cut_end_is_left_out() {
        let text = "PID RSS CMD\n7 4096 java -XX:+UseG1GC -Xmx2";
        let java = first(text, "ps");
        assert_eq!(java.flags, ["-XX:+UseG1GC"]);
    }
}
