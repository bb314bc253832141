//! Reads `free` of procps (old and new) and busybox.
//!
//! ```text
//!                total        used        free      shared  buff/cache   available
//! Mem:           24103        1531       12191          12       10718       22571
//! Swap:              0           0           0
//! ```
//!
//! The unit is the one that the command's option says, else KiB; with `-h` it stands behind each number. A table
//! without its command is in KiB unless that gives a machine that cannot be: then the unit is told from the total, or
//! nothing is read. Until procps 3.3.9 `used` held buffers and page cache too and a row `-/+ buffers/cache:` took them
//! off; newer ones print `available`. Zeros in GiB are left out: they are anything below one GiB.
//! Source: procps-ng, `free(1)`, `src/free.c`.

use super::draft::Draft;
use super::quantity::{GIB, KIB, MIB, amount, binary, whole};
use super::{Block, Command, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;
use crate::warning::WarningKind;

pub(super) const SHAPE: Shape = Shape { tool: "free", claim, open };

fn claim(body: &str) -> Claim {
    let mut words = body.split_ascii_whitespace();
    let is_header = body.starts_with("total")
        && [words.next(), words.next(), words.next(), words.next()]
            == [Some("total"), Some("used"), Some("free"), Some("shared")];
    let is_line = body.starts_with("SwapUse") && body.contains(" MemUse ");
    if is_header || is_line { Claim::Strong } else { Claim::None }
}

/// Bytes per unit, and where that is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// The command said it, or left the default.
    Known(u64),
    /// No command: to be told from the machine's total.
    Unknown,
    /// It cannot be told: nothing is read.
    Hopeless,
}

/// `None` for a total of which no sensible machine could be made.
fn unit_of_total(total: u64) -> Option<(u64, &'static str)> {
    match total {
        4..64 => Some((GIB, "free -g")),
        2048..262_144 => Some((MIB, "free -m")),
        262_144..0x2_0000_0000 => Some((KIB, "free -k")),
        0x2_0000_0000.. => Some((1, "free -b")),
        _ => None,
    }
}

fn unit_of_command(command: &Command) -> Unit {
    let si = command.has_word("--si");
    let power = |exponent: u32| Unit::Known(if si { 1000_u64.pow(exponent) } else { 1024_u64.pow(exponent) });
    let words = [
        ("--bytes", 1),
        ("--kilo", 1000),
        ("--mega", 1_000_000),
        ("--giga", 1_000_000_000),
        ("--kibi", KIB),
        ("--mebi", MIB),
        ("--gibi", GIB),
    ];
    if let Some((_, unit)) = words.iter().find(|(word, _)| command.has_word(word)) {
        return Unit::Known(*unit);
    }
    for (letter, exponent) in [('b', 0), ('m', 2), ('g', 3), ('k', 1)] {
        if command.has_option(letter) {
            return power(exponent);
        }
    }
    power(1)
}

struct Free {
    draft: Draft,
    columns: Vec<&'static str>,
    unit: Unit,
    /// `-h --si`: `25G` is decimal.
    si: bool,
}

/// The names of the columns after the row's label. Old layouts count buffers and page cache as used.
fn columns(header: &str) -> Vec<&'static str> {
    let old = header.contains("cached") && !header.contains("available");
    header
        .split_ascii_whitespace()
        .map(|word| match word {
            "total" => "mem_total",
            "used" if old => "mem_used_with_cache",
            "used" => "mem_used",
            "free" => "mem_free",
            "shared" => "shmem",
            "buffers" => "buffers",
            "cache" | "cached" => "cache",
            "buff/cache" => "buffers_cache",
            "available" => "mem_available",
            _ => "",
        })
        .collect()
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    // A second table is the answer to another command, unless the first asked for several.
    let command = context.command("free").filter(|command| {
        let words = ["--seconds", "--count"].iter().any(|word| command.has_word(word));
        !command.answered || words || command.has_option('s') || command.has_option('c')
    });
    let mut block = Free {
        draft: Draft::new(HostKind::Free, line),
        columns: Vec::new(),
        unit: command.map_or(Unit::Unknown, unit_of_command),
        si: command.is_some_and(|command| command.has_word("--si")),
    };
    if !context.claimed {
        // `free -m | grep Mem`: only the first and third column are the same in every layout.
        command?;
        block.columns = vec!["mem_total", "", "mem_free"];
        return block.take(line, out).then(|| Box::new(block) as Box<dyn Block>);
    }
    if line.body.trim_start().starts_with("SwapUse") {
        block.read_pairs(line, out);
    } else {
        block.columns = columns(line.body);
    }
    out.keep(line);
    Some(Box::new(block))
}

impl Block for Free {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some((label, cells)) = line.body.trim_start().split_once(':') else { return false };
        let swap: &[&'static str] = &["swap_total", "swap_used", "swap_free"];
        let columns: Vec<&'static str> = match label {
            "Mem" => self.columns.clone(),
            "Swap" => swap.to_vec(),
            "-/+ buffers/cache" => vec!["mem_used", "mem_free_with_cache"],
            "Comm" => vec!["commit_limit", "committed"],
            "Total" | "Low" | "High" => return cells.trim_start().starts_with(|c: char| c.is_ascii_digit()),
            _ => return false,
        };
        let cells: Vec<&str> = cells.split_ascii_whitespace().collect();
        let numeric = |cell: &&str| cell.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        if cells.is_empty() || !cells.iter().all(numeric) || cells.len() > columns.len().max(6) {
            return false;
        }
        if label == "Mem" && self.unit == Unit::Unknown {
            self.tell_unit(&cells, line, out);
        }
        out.keep(line);
        for (cell, name) in cells.into_iter().zip(columns) {
            self.put(name, cell, line, out);
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }
}

impl Free {
    /// Without a command: numbers with suffixes need none, others are told from the machine's total.
    fn tell_unit(&mut self, cells: &[&str], line: &Line<'_>, out: &mut Readings) {
        let Some(total) = cells.first().and_then(|cell| whole(cell)) else { return };
        match unit_of_total(total) {
            Some((unit, command)) => {
                self.unit = Unit::Known(unit);
                out.warn_line(line, WarningKind::UnitInferred { command: command.to_owned() });
            }
            None => {
                self.unit = Unit::Hopeless;
                out.warn_line(line, WarningKind::Unreadable { format: "free".to_owned() });
            }
        }
    }

    fn put(&mut self, name: &'static str, cell: &str, line: &Line<'_>, out: &mut Readings) {
        if name.is_empty() {
            return;
        }
        if whole(cell).is_some() {
            let Unit::Known(unit) = self.unit else { return };
            let size = amount(cell, unit).filter(|size| *size != Bytes(0) || unit < GIB / 2);
            self.draft.size(name, size, line, cell);
            return;
        }
        let size = if self.si { super::quantity::mixed(cell) } else { binary(cell, KIB) };
        match size {
            Some(size) => self.draft.size(name, Some(size), line, cell),
            None => Draft::not_a_number(name, line, cell, out),
        }
    }

    /// `free -L`: names and numbers on one line.
    fn read_pairs(&mut self, line: &Line<'_>, out: &mut Readings) {
        let words: Vec<&str> = line.body.split_ascii_whitespace().collect();
        for pair in words.chunks(2) {
            let [word, cell] = pair else { continue };
            let name = match *word {
                "SwapUse" => "swap_used",
                "CachUse" => "buffers_cache",
                "MemUse" => "mem_used",
                "MemFree" => "mem_free",
                _ => "",
            };
            self.put(name, cell, line, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;

    const TABLE: &str = "               total        used        free      shared  buff/cache   available\n";

    fn size(text: &str, name: &str) -> Option<u64> {
        first(text, "free").sizes.get(name).map(|size| size.0)
    }

    #[test]
    fn the_unit_comes_from_the_command() {
        let row = "Mem:           24103        1531       12191          12       10718       22571\nSwap: 0 0 0\n";
        assert_eq!(size(&format!("$ free -m\n{TABLE}{row}"), "mem_total"), Some(24_103 * MIB));
        assert_eq!(size(&format!("$ free --si -m\n{TABLE}{row}"), "mem_total"), Some(24_103_000_000));
        assert_eq!(size(&format!("$ free -wb\n{TABLE}{row}"), "mem_available"), Some(22_571));
        assert_eq!(size(&format!("$ free\n{TABLE}{row}"), "mem_free"), Some(12_191 * KIB));
        assert_eq!(size(&format!("$ free -m\n{TABLE}{row}"), "swap_total"), Some(0));
        assert_eq!(read(&format!("$ free -m\n{TABLE}{row}")).warnings, []);
        let of_each = |command: &str| {
            let free = read(&format!("$ {command}\n{TABLE}{row}\n{TABLE}{row}")).host;
            free.iter().map(|table| table.sizes.get("mem_total").map(|size| size.0)).collect::<Vec<_>>()
        };
        assert_eq!(of_each("free -k -s 1"), [Some(24_103 * KIB); 2]);
        assert_eq!(of_each("free -k"), [Some(24_103 * KIB), Some(24_103 * MIB)]);
    }

    #[test]
    fn suffixes_need_no_command() {
        let text = format!("{TABLE}Mem:            23Gi       1.5Gi        11Gi        12Mi        10Gi        22Gi\n");
        assert_eq!(size(&text, "mem_used"), Some(3 * GIB / 2));
        assert_eq!(read(&text).warnings, []);
    }

    #[test]
    fn a_table_without_command_is_told_from_its_total_or_not_read() {
        let warnings = |text: &str| read(text).warnings.into_iter().map(|w| w.kind).collect::<Vec<_>>();
        let inferred = |command: &str| [WarningKind::UnitInferred { command: command.to_owned() }];
        let kib = format!("{TABLE}Mem: 16332212 8000000 1000000 12 7332212 7000000\n");
        assert_eq!(size(&kib, "mem_total"), Some(16_332_212 * KIB));
        assert_eq!(warnings(&kib), inferred("free -k"));
        let mib = format!("{TABLE}Mem: 32108 6502 25605 12 1 2\n");
        assert_eq!(size(&mib, "mem_total"), Some(32_108 * MIB));
        assert_eq!(warnings(&mib), inferred("free -m"));
        let hopeless = format!("{TABLE}Mem: 512 65 256 12 1 2\n");
        assert_eq!(size(&hopeless, "mem_total"), None);
        assert_eq!(warnings(&hopeless), [WarningKind::Unreadable { format: "free".to_owned() }]);
    }

    #[test]
    fn old_layouts_count_cache_as_used() {
        let text = "[root@db ~]# free -m\n             total       used       free     shared    buffers     cached\nMem:          7873       7621        252          0        170       3400\n-/+ buffers/cache:       4050       3823\nSwap:         2047        100       1947\n";
        assert_eq!(size(text, "mem_used_with_cache"), Some(7621 * MIB));
        assert_eq!(size(text, "mem_used"), Some(4050 * MIB));
        assert_eq!(size(text, "mem_free_with_cache"), Some(3823 * MIB));
        assert_eq!(size(text, "cache"), Some(3400 * MIB));
        assert_eq!(size(text, "swap_used"), Some(100 * MIB));
        assert_eq!(size(text, "mem_available"), None);
    }

    #[test]
    fn a_row_alone_behind_its_command_gives_what_every_layout_has() {
        let text = "$ free -m | grep Mem\nMem: 32108 6502 25605 12 345 6789\n";
        assert_eq!(size(text, "mem_total"), Some(32_108 * MIB));
        assert_eq!(size(text, "mem_free"), Some(25_605 * MIB));
        assert_eq!(size(text, "mem_used"), None);
    }

    #[test]
    fn zeros_in_gib_are_not_none() {
        let text = format!("$ free -g\n{TABLE}Mem: 23 1 11 0 10 22\nSwap: 0 0 0\n");
        assert_eq!(size(&text, "mem_total"), Some(23 * GIB));
        assert_eq!(size(&text, "swap_total"), None);
    }

    #[test]
    fn a_number_at_the_cut_end_of_a_paste_is_left_out() {
        let text = format!("$ free -m\n{TABLE}Mem:           24103        1531       121");
        assert_eq!(size(&text, "mem_used"), Some(1531 * MIB));
        assert_eq!(size(&text, "mem_free"), None);
    }
}
