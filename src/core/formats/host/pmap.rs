//! Reads `pmap` and `pmap -x`: one row per mapping, and a total.
//!
//! ```text
//! 7255:   java -XX:+UseG1GC -Xmx128m -jar orders.jar
//! Address           Kbytes     RSS   Dirty Mode  Mapping
//! 00007fe984000000     132       8       8 rw---   [ anon ]
//! 00007fe984021000   65404       0       0 -----   [ anon ]
//! total kB         2712812  165284  143444
//! ```
//!
//! Sizes are KiB. `-X` and `-XX` print the columns of `smaps`; of them the total is read. A glibc arena is 64 MiB of anonymous address space that starts at a multiple of 64 MiB: a part that
//! can be written, then the rest that cannot. Arenas and mappings are counted and told with the total, which shows
//! whether mappings are missing. Source: procps-ng, `pmap(1)`; glibc, `malloc/arena.c` (`HEAP_MAX_SIZE`).

use super::draft::Draft;
use super::process::command;
use super::quantity::{KIB, amount, whole};
use super::{Block, Context, Shape, smaps};
use crate::formats::Claim;
use crate::formats::apart;
use crate::formats::jvm_options::is_jvm;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::units::Bytes;
use crate::warning::{Warning, WarningKind, WarningSink};

pub(super) const SHAPE: Shape = Shape { tool: "pmap", claim, open };

/// Address space of an arena in KiB.
const ARENA_KIB: u64 = 64 << 10;

/// `total kB  2712812  165284  143444`: the numbers.
fn long_total(body: &str) -> Option<Vec<&str>> {
    let numbers: Vec<&str> = body.strip_prefix("total kB")?.split_ascii_whitespace().collect();
    (numbers.len() == 3 && numbers.iter().all(|number| whole(number).is_some() || *number == "-")).then_some(numbers)
}

/// ` total          2712812K`: the number.
fn short_total(body: &str) -> Option<&str> {
    let mut words = body.split_ascii_whitespace();
    let number = (words.next()? == "total").then(|| words.next()).flatten()?.strip_suffix('K')?;
    (words.next().is_none() && whole(number).is_some()).then_some(number)
}

fn is_header(body: &str) -> bool {
    let mut words = body.split_ascii_whitespace();
    words.next() == Some("Address") && words.next() == Some("Kbytes") && words.next() == Some("RSS")
}

/// The sizes of `pmap -X`: the columns between the place of a mapping and its name, or its flags.
fn smaps_header(body: &str) -> Option<Vec<String>> {
    let mut words = body.split_ascii_whitespace();
    if words.next() != Some("Address") || words.next() != Some("Perm") {
        return None;
    }
    let sizes = words.skip_while(|word| *word != "Size").take_while(|word| !matches!(*word, "VmFlags" | "Mapping"));
    Some(sizes.map(str::to_owned).collect())
}

/// `2529120 102616 91665 KB`: the numbers.
fn smaps_total(body: &str) -> Option<Vec<&str>> {
    let numbers: Vec<&str> = body.strip_suffix(" KB")?.split_ascii_whitespace().collect();
    numbers.iter().all(|number| whole(number).is_some()).then_some(numbers)
}

/// `7255:   java -Xmx1g …`: process id and command.
fn heading(body: &str) -> Option<(&str, &str)> {
    let (pid, command) = body.split_once(':')?;
    let command = command.strip_prefix([' ', '\t'])?.trim();
    (whole(pid).is_some() && pid.len() <= 10 && !command.is_empty()).then_some((pid, command))
}

fn claim(body: &str) -> Claim {
    match body.as_bytes().first() {
        Some(b't') if long_total(body).is_some() => Claim::Strong,
        Some(b'A') if is_header(body) || smaps_header(body).is_some() => Claim::Strong,
        Some(b'0'..=b'9') => match heading(body) {
            Some((_, command)) if is_jvm(command.split(' ').next().unwrap_or_default()) => Claim::Weak,
            _ => Claim::None,
        },
        _ => Claim::None,
    }
}

struct Pmap {
    draft: Draft,
    pid: Option<(u32, Span)>,
    /// Rows have RSS and Dirty.
    long: bool,
    /// Columns of `-X`.
    smaps: Vec<String>,
    mappings: u64,
    /// Sum of the rows' sizes.
    sum: u64,
    arenas: u64,
    arena_rss: u64,
    /// The mapping before, if it may be the written part of an arena: size and RSS in KiB.
    written: Option<(u64, u64)>,
    done: bool,
    /// Somebody picked some of the rows: what is missing was left out on purpose.
    picked: bool,
}

impl Pmap {
    fn new(draft: Draft, pid: Option<(u32, Span)>) -> Pmap {
        Pmap {
            draft,
            pid,
            long: false,
            smaps: Vec::new(),
            mappings: 0,
            sum: 0,
            arenas: 0,
            arena_rss: 0,
            written: None,
            done: false,
            picked: false,
        }
    }
}

/// `pmap -x PID | awk '$2 >= 60000 && $2 <= 65536' | wc -l`: mappings of the size of an arena, or all of them, counted.
fn counted(command: &str, pid: Option<(u32, Span)>, line: &Line<'_>) -> Option<Box<dyn Block>> {
    let printed = line.body.trim();
    let count = whole(printed)?;
    let mut draft = Draft::new(HostKind::Pmap, line);
    let of_arenas = command.contains("awk") && command.contains("65536");
    draft.count(if of_arenas { "arenas_seen" } else { "mappings" }, Some(count), line, printed);
    Some(Box::new(Pmap { done: true, picked: true, ..Pmap::new(draft, pid) }))
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let command = context.command("pmap");
    let body = line.body.trim_start();
    if !context.claimed {
        let text = command?.text.trim_end();
        if text.ends_with("wc -l") {
            return counted(text, command.and_then(|command| command.pid), line);
        }
        (short_total(body).is_some() || row(body).is_some() || heading(body).is_some()).then_some(())?;
    }
    let picks = |command: &super::Command| ["sort", "tail", "head", "grep"].iter().any(|by| command.text.contains(by));
    let mut block = Pmap {
        picked: command.is_some_and(picks),
        ..Pmap::new(Draft::new(HostKind::Pmap, line), command.and_then(|command| command.pid))
    };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

/// A mapping: address, size, RSS if printed, mode, name. Sizes in KiB.
struct Row<'a> {
    address: u64,
    size: u64,
    rss: Option<u64>,
    mode: &'a str,
    name: &'a str,
}

fn row(body: &str) -> Option<Row<'_>> {
    let mut words = body.split_ascii_whitespace();
    let address = words.next()?;
    let hex = address.len() >= 8 && address.bytes().all(|byte| byte.is_ascii_hexdigit());
    let address = hex.then(|| u64::from_str_radix(address, 16).ok()).flatten()?;
    let size = words.next()?;
    let is_mode = |word: &str| word.len() == 5 && word.bytes().all(|byte| b"rwxsR-".contains(&byte));
    if let Some(size) = size.strip_suffix('K') {
        let mode = words.next().filter(|mode| is_mode(mode))?;
        let name = body.split_once(mode).map_or("", |(_, name)| name.trim());
        return Some(Row { address, size: whole(size)?, rss: None, mode, name });
    }
    let (rss, _dirty) = (words.next()?, words.next()?);
    let mode = words.next().filter(|mode| is_mode(mode))?;
    let name = body.split_once(mode).map_or("", |(_, name)| name.trim());
    Some(Row { address, size: whole(size)?, rss: whole(rss), mode, name })
}

impl Block for Pmap {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if self.done {
            return false;
        }
        if let Some(numbers) = long_total(body) {
            self.draft.extend(line);
            for (number, name) in numbers.into_iter().zip(["virtual", "rss", "dirty"]) {
                self.draft.size(name, amount(number, KIB), line, number);
                // Last comes what the text may end with.
                if name == "virtual" {
                    self.total(line, out);
                }
            }
            return true;
        }
        if let Some(number) = short_total(body) {
            self.draft.size("virtual", amount(number, KIB), line, number);
            self.total(line, out);
            return true;
        }
        if is_header(body) {
            self.long = true;
            self.draft.extend(line);
            return self.mappings == 0;
        }
        if let Some(columns) = smaps_header(body) {
            self.smaps = columns;
            self.draft.extend(line);
            return self.mappings == 0;
        }
        if !self.smaps.is_empty() {
            return self.smaps_row(body, line, out);
        }
        if let Some(row) = row(body) {
            self.draft.extend(line);
            self.mapping(&row);
            return true;
        }
        if body.starts_with("--------") && self.mappings > 0 {
            return true;
        }
        if self.mappings == 0
            && !self.long
            && let Some((pid, text)) = heading(body)
        {
            self.draft.pid(line, pid);
            command(&mut self.draft, text, line);
            out.keep(line);
            return true;
        }
        false
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        let Pmap { mut draft, pid, mappings, done, picked, .. } = *self;
        draft.process(pid);
        if !done && mappings > 0 && !picked {
            let reading = &draft.reading;
            let span = Span { source: reading.source, line: reading.last_line, start: 0, end: 0 };
            out.warn(Warning { span, kind: WarningKind::CutOff { format: "pmap".to_owned() } });
        }
        draft.push(out);
    }

    fn patience(&self) -> u32 {
        if self.mappings > 0 { apart::INSIDE } else { 0 }
    }
}

impl Pmap {
    /// A mapping of `-X`, or their total.
    fn smaps_row(&mut self, body: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let mut words = body.split_ascii_whitespace();
        let address = words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let mode =
            words.next().is_some_and(|word| word.len() == 4 && word.bytes().all(|byte| b"rwxsp-".contains(&byte)));
        if address && mode {
            self.mappings = self.mappings.saturating_add(1);
            self.draft.extend(line);
            return true;
        }
        let Some(numbers) = smaps_total(body).filter(|numbers| numbers.len() == self.smaps.len()) else {
            return body.starts_with("====") && self.mappings > 0;
        };
        for (column, number) in self.smaps.iter().zip(numbers) {
            let name = smaps::name(column).filter(|name| !name.is_empty());
            self.draft.size(name.unwrap_or_default(), amount(number, KIB).filter(|_| name.is_some()), line, number);
        }
        out.keep(line);
        self.done = true;
        true
    }

    fn mapping(&mut self, row: &Row<'_>) {
        self.mappings = self.mappings.saturating_add(1);
        self.sum = self.sum.saturating_add(row.size);
        let anonymous = row.name == "[ anon ]";
        let written = self.written.take();
        if let Some((size, rss)) = written
            && anonymous
            && row.mode.starts_with("---")
            && size.checked_add(row.size) == Some(ARENA_KIB)
        {
            self.arena(rss);
        } else if anonymous && row.mode.starts_with("rw") && row.address.is_multiple_of(ARENA_KIB * KIB) {
            let rss = row.rss.unwrap_or(0);
            match row.size {
                ARENA_KIB => self.arena(rss),
                size if size < ARENA_KIB => self.written = Some((size, rss)),
                _ => {}
            }
        }
    }

    fn arena(&mut self, rss: u64) {
        self.arenas = self.arenas.saturating_add(1);
        self.arena_rss = self.arena_rss.saturating_add(rss);
    }

    /// The total is there: what was counted on the way stands at its line.
    fn total(&mut self, line: &Line<'_>, out: &mut Readings) {
        out.keep(line);
        self.done = true;
        if self.mappings == 0 || self.picked {
            return;
        }
        let word = body_start(line.raw);
        let virtual_kib = self.draft.reading.sizes.get("virtual").map_or(0, |size| size.0 / KIB);
        if virtual_kib != self.sum {
            let missing = Bytes(virtual_kib.saturating_mul(KIB)).minus(Bytes(self.sum.saturating_mul(KIB))).0;
            out.warn_line(line, WarningKind::SumDiffers { of: "pmap".to_owned(), missing });
            self.draft.count("arenas_seen", Some(self.arenas), line, word);
            return;
        }
        self.draft.count("mappings", Some(self.mappings), line, word);
        self.draft.count("arenas", Some(self.arenas), line, word);
        if self.long {
            self.draft.size("arena_rss", amount(&self.arena_rss.to_string(), KIB), line, word);
        }
    }
}

/// The word at which a line starts.
fn body_start(raw: &str) -> &str {
    raw.split_ascii_whitespace().next().unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_that_somebody_picked_are_no_damage_and_a_count_is_one() {
        use super::super::tests::{first, read};
        let text = "$ pmap -x 7 | sort -k3 -n | tail -3\n00007f3588c52000   13664   10400       0 r-x-- libjvm.so\n00000000f8000000  131072   21784   21784 rw---   [ anon ]\ntotal kB         2679092   59840   39632\n";
        let out = read(text);
        assert_eq!(out.warnings, []);
        let reading = first(text, "pmap");
        assert_eq!((reading.pid, reading.counts.len(), reading.sizes.len()), (Some(7), 0, 3));
        let reading = first("$ pmap -x 7 | awk '$2 >= 60000 && $2 <= 65536' | wc -l\n15\n", "pmap");
        assert_eq!((reading.pid, reading.counts.get("arenas_seen")), (Some(7), Some(&15)));
    }

    use super::super::tests::{first, read};
    use super::*;

    const HEAD: &str = "$ pmap -x 7255\n7255:   java -XX:+UseG1GC -Xmx128m -cp /srv/app Incident\nAddress           Kbytes     RSS   Dirty Mode  Mapping\n";
    const ARENAS: &str = "00007fe984000000     132       8       8 rw---   [ anon ]\n00007fe984021000   65404       0       0 -----   [ anon ]\n00007fe988000000   65536     100     100 rw---   [ anon ]\n00007fe98f000000    1024     100     100 rw---   [ anon ]\n";

    #[test]
    fn arenas_are_counted_and_told_with_the_total() {
        let text = format!(
            "{HEAD}{ARENAS}---------------- ------- ------- ------- \ntotal kB          132096     208     208\n"
        );
        let reading = first(&text, "pmap");
        assert_eq!((reading.pid, reading.flags.len()), (Some(7255), 2));
        assert_eq!(reading.sizes.get("virtual"), Some(&Bytes(132_096 * KIB)));
        assert_eq!(reading.sizes.get("arena_rss"), Some(&Bytes(108 * KIB)));
        assert_eq!(reading.counts.get("arenas"), Some(&2));
        assert_eq!(reading.counts.get("mappings"), Some(&4));
        assert_eq!(read(&text).warnings, []);
    }

    #[test]
    fn rows_that_are_missing_are_said_to_be() {
        let kinds = |text: &str| read(text).warnings.into_iter().map(|w| w.kind).collect::<Vec<_>>();
        let short = format!("{HEAD}{ARENAS}total kB          142096     208     208\n");
        assert_eq!(kinds(&short), [WarningKind::SumDiffers { of: "pmap".to_owned(), missing: 10_000 * 1024 }]);
        assert_eq!(first(&short, "pmap").counts.get("arenas_seen"), Some(&2));
        let cut = format!("{HEAD}{ARENAS}");
        assert_eq!(kinds(&cut), [WarningKind::CutOff { format: "pmap".to_owned() }]);
        assert_eq!(first(&cut, "pmap").counts.get("arenas"), None);
    }

    #[test]
    fn the_total_of_all_columns_is_read_by_their_names() {
        let text = "7255:   java -Xmx128m -jar orders.jar\n         Address Perm   Offset Device    Inode    Size    Rss   Pss Referenced Swap THPeligible Mapping\n        f8000000 rw-p 00000000  00:00        0  131072  67388 67388      67388    0           0 \n    564477d20000 r--p 00000000  fe:00   314800       4      4     2          4    0           0 java\n                                               ======= ====== ===== ========== ==== =========== \n                                                131076  67392 67390      67392    0           0 KB \n";
        let reading = first(text, "pmap");
        let size = |name: &str| reading.sizes.get(name).map(|size| size.0 / KIB);
        assert_eq!(
            (size("virtual"), size("rss"), size("pss"), size("swap")),
            (Some(131_076), Some(67_392), Some(67_390), Some(0))
        );
        assert_eq!(reading.sizes.len(), 5);
        assert_eq!(read(text).warnings, []);
    }

    #[test]
    fn totals_alone_are_read_behind_their_command() {
        let text = "$ pmap -x 7255 | tail -n 1\ntotal kB         2712812  165284  143444\n\n$ pmap 7255 | tail -n 1\n total          2712812K\n";
        let out = read(text);
        let read: Vec<(Option<u32>, Option<u64>)> =
            out.host.iter().map(|r| (r.pid, r.sizes.get("virtual").map(|size| size.0))).collect();
        assert_eq!(read, [(Some(7255), Some(2_712_812 * KIB)), (Some(7255), Some(2_712_812 * KIB))]);
        assert_eq!(super::super::tests::read("total 12K\n").host, []);
    }
}
