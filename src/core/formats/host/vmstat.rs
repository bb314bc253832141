//! Reads `vmstat 1` and `vmstat -s`.
//!
//! ```text
//! procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----
//!  r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st
//!  8  0      0 12484572 317404 10658676    0    0   359  2126  479  928 51  6 43  0  0
//! ```
//!
//! The first row is the average since boot for everything that is a rate; its memory is that of now. Sizes are KiB
//! unless `-S` says otherwise; KiB of memory are multiples of 4, so a table without its command whose numbers are not
//! is left alone. si and so above zero mean that the machine swaps. One reading per row, of long tables only the
//! beginning and every row that says more than all before. Source: procps-ng, `vmstat(8)`.

use super::draft::Draft;
use super::quantity::{KIB, MIB, amount, whole};
use super::series::{MAX_ROWS, Series};
use super::{Block, Command, Context, Shape};
use crate::civil::iso_time;
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::warning::WarningKind;

pub(super) const SHAPE: Shape = Shape { tool: "vmstat", claim, open };

/// Labels of `vmstat -s`, and our words.
const TOTALS: &[(&str, &str)] = &[
    ("total memory", "mem_total"),
    ("used memory", "mem_used"),
    ("free memory", "mem_free"),
    ("buffer memory", "buffers"),
    ("swap cache", "cache"),
    ("total swap", "swap_total"),
    ("used swap", "swap_used"),
    ("free swap", "swap_free"),
    ("active memory", ""),
    ("inactive memory", ""),
];

fn is_header(body: &str) -> bool {
    body.starts_with('r')
        && body.split_ascii_whitespace().take(4).eq(["r", "b", "swpd", "free"])
        && body.contains(" si ")
}

/// `24682416 K total memory`: our word and the digits.
fn total(body: &str) -> Option<(&'static str, &str)> {
    let (digits, rest) = body.split_once(" K ")?;
    whole(digits)?;
    TOTALS.iter().find(|(label, _)| *label == rest.trim_end()).map(|(_, name)| (*name, digits))
}

fn claim(body: &str) -> Claim {
    match body.as_bytes().first() {
        Some(b'r') if is_header(body) => Claim::Strong,
        Some(b'p' | b'-') if body.trim_start_matches('-').starts_with("procs") && body.contains("--memory--") => {
            Claim::Weak
        }
        Some(b'0'..=b'9') if total(body).is_some() => Claim::Strong,
        _ => Claim::None,
    }
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let body = line.body.trim();
    let command = context.command("vmstat");
    if total(body).is_some() {
        let mut block = Totals { draft: Draft::new(HostKind::Vmstat, line) };
        return block.take(line, out).then(|| Box::new(block) as Box<dyn Block>);
    }
    let mut block = Rows {
        columns: Vec::new(),
        unit: command.map(unit_of_command),
        series: Series::default(),
        last: None,
        unread: false,
        utc: false,
    };
    if is_header(body) {
        block.header(body);
    } else if !body.contains("--memory--") {
        return None;
    }
    Some(Box::new(block))
}

/// Bytes per unit of `vmstat -S`.
fn unit_of_command(command: &Command) -> u64 {
    let letter = command.arguments.iter().enumerate().find_map(|(at, argument)| {
        let rest = argument.strip_prefix("-S")?;
        if rest.is_empty() { command.arguments.get(at.checked_add(1)?).map(String::as_str) } else { Some(rest) }
    });
    match letter {
        Some("k") => 1000,
        Some("m") => 1_000_000,
        Some("M") => MIB,
        _ => KIB,
    }
}

struct Totals {
    draft: Draft,
}

impl Block for Totals {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some((name, digits)) = total(line.body.trim()) else { return false };
        if self.draft.has(name) {
            return false;
        }
        self.draft.extend(line);
        if !name.is_empty() {
            out.keep(line);
            self.draft.size(name, amount(digits, KIB), line, digits);
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }
}

struct Rows {
    columns: Vec<String>,
    /// Bytes per unit; `None` until the first row shows it.
    unit: Option<u64>,
    series: Series,
    /// The last row, which may be cut.
    last: Option<Draft>,
    /// The unit cannot be told.
    unread: bool,
    /// Times of rows are UTC.
    utc: bool,
}

impl Rows {
    fn header(&mut self, body: &str) {
        self.columns = body.split_ascii_whitespace().map(str::to_owned).collect();
        self.utc = self.columns.last().is_some_and(|column| column == "UTC");
        // `-t` puts the zone above the time of each row.
        self.columns.retain(|column| column.bytes().all(|byte| byte.is_ascii_lowercase()));
    }

    /// KiB if that can be: pages are 4 KiB or more.
    fn tell_unit(&mut self, cells: &[&str], line: &Line<'_>, out: &mut Readings) {
        let memory = self
            .columns
            .iter()
            .zip(cells)
            .filter(|(column, _)| matches!(column.as_str(), "swpd" | "free" | "buff" | "cache"));
        let kib = memory.filter_map(|(_, cell)| whole(cell)).all(|number| number.is_multiple_of(4));
        if kib {
            self.unit = Some(KIB);
        } else if !self.unread {
            self.unread = true;
            out.warn_line(line, WarningKind::Unreadable { format: "vmstat".to_owned() });
        }
    }
}

impl Block for Rows {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if is_header(body) {
            let same = self.columns.is_empty() || body.split_ascii_whitespace().zip(&self.columns).all(|(a, b)| a == b);
            if same && self.columns.is_empty() {
                self.header(body);
            }
            return same;
        }
        if claim(body) == Claim::Weak {
            return true;
        }
        let cells: Vec<&str> = body.split_ascii_whitespace().collect();
        let Some((numbers, rest)) = cells.split_at_checked(self.columns.len()) else { return false };
        if self.columns.is_empty() || !numbers.iter().all(|cell| whole(cell).is_some()) || !matches!(rest.len(), 0 | 2)
        {
            return false;
        }
        if self.unit.is_none() {
            self.tell_unit(numbers, line, out);
        }
        let number = |name: &str| {
            let at = self.columns.iter().position(|column| column == name)?;
            numbers.get(at).and_then(|cell| whole(cell))
        };
        let swap = [number("swpd"), number("si"), number("so")].into_iter().flatten().fold(0_u64, u64::saturating_add);
        if !self.series.keeps(number("free"), swap) {
            return true;
        }
        if let Some(last) = self.last.take() {
            last.push(out);
        }
        let mut draft = Draft::new(HostKind::Vmstat, line);
        for (column, cell) in self.columns.iter().zip(numbers) {
            let size = match column.as_str() {
                "swpd" => "swap_used",
                "free" => "mem_free",
                "buff" => "buffers",
                "cache" => "cache",
                "si" => "swap_in",
                "so" => "swap_out",
                _ => "",
            };
            match (size, column.as_str(), self.unit) {
                ("", "r", _) => draft.count("runnable", whole(cell), line, cell),
                ("", "b", _) => draft.count("blocked", whole(cell), line, cell),
                ("", ..) => {}
                (name, _, Some(unit)) => draft.size(name, amount(cell, unit), line, cell),
                (_, _, None) => {}
            }
        }
        if let [date, time] = rest
            && let Some((wall, "")) = iso_time(&format!("{date} {time}"))
        {
            if self.utc {
                draft.reading.time = Some(wall.micros);
            } else {
                draft.reading.local_time = Some(wall.micros);
            }
        }
        if self.series.rows == 1 {
            let first = numbers.first().copied().unwrap_or_default();
            draft.word("average", "since-boot", line, first);
        }
        if self.series.rows <= MAX_ROWS / 4 {
            out.keep(line);
        }
        draft.extend(line);
        self.last = Some(draft);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        if let Some(last) = self.last {
            last.push(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;
    use crate::units::{Bytes, Micros};

    const HEAD: &str = "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n";

    #[test]
    fn the_first_row_is_marked_as_the_average_since_boot() {
        let text = format!(
            "$ vmstat 1 2\n{HEAD} 8  0      0 12484572 317404 10658676    0    0   359  2126  479  928 51  6 43  0  0\n 8  1   2048 12484572 317404 10658676    4   12     0 57148  895 1295 93  8  0  0  0\n"
        );
        let out = read(&text);
        let words: Vec<bool> = out.host.iter().map(|reading| reading.words.contains_key("average")).collect();
        assert_eq!(words, [true, false]);
        let second = out.host.get(1).cloned().unwrap_or_default();
        assert_eq!(second.sizes.get("swap_used"), Some(&Bytes(2048 * KIB)));
        assert_eq!(second.sizes.get("swap_out"), Some(&Bytes(12 * KIB)));
        assert_eq!(second.counts.get("blocked"), Some(&1));
        assert_eq!(out.warnings, []);
    }

    #[test]
    fn the_unit_comes_from_the_command_or_must_fit() {
        let row = " 8  0      0  12220    309  10422    0    0   358  2135  479  928 51  6 43  0  0\n";
        let with = first(&format!("$ vmstat -S M 1 2\n{HEAD}{row}"), "vmstat");
        assert_eq!(with.sizes.get("mem_free"), Some(&Bytes(12_220 * MIB)));
        let without = read(&format!("{HEAD}{row}"));
        assert_eq!(without.host.first().map(|reading| reading.sizes.len()), Some(0));
        assert_eq!(without.warnings.len(), 1);
    }

    #[test]
    fn rows_with_a_clock_have_their_time() {
        let text = " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC\n 8  0      0 12484572 317404 10658676    0    0   359  2126  479  928 51  6 43  0  0 2022-11-23 07:35:42\n";
        assert_eq!(first(text, "vmstat").time, Some(Micros(1_669_188_942_000_000)));
    }

    #[test]
    fn of_a_long_table_the_rows_that_tell_more_are_kept() {
        let row = |free: u64, so: u64| format!(" 1  0      0 {free} 4 8    0    {so}   0  0  4  9 5  6 4  0  0\n");
        let mut text = HEAD.to_owned();
        for _ in 0..500 {
            text.push_str(&row(4000, 0));
        }
        text.push_str(&row(400, 0));
        text.push_str(&row(4000, 77));
        text.push_str(&row(4000, 0));
        let out = read(&text);
        assert_eq!(out.host.len() as u64, MAX_ROWS + 2);
        assert_eq!(out.host.last().and_then(|reading| reading.sizes.get("swap_out")), Some(&Bytes(77 * KIB)));
    }

    #[test]
    fn the_list_of_totals_is_one_reading() {
        let text = "     24682416 K total memory\n      1572764 K used memory\n      3584524 K active memory\n            0 K total swap\n       290141 non-nice user cpu ticks\n";
        let reading = first(text, "vmstat");
        assert_eq!(reading.sizes.get("mem_total"), Some(&Bytes(24_682_416 * KIB)));
        assert_eq!(reading.sizes.get("swap_total"), Some(&Bytes(0)));
        assert_eq!(read("12 K total memory of something\n").host, []);
    }
}
