//! Reads tables whose header names every column: `smem`, `ps_mem`, `systemd-cgtop`, `crictl stats`, `tasklist`, PowerShell's
//! `Get-Process`, and `top` of macOS.
//!
//! ```text
//!   PID User     Command                         Swap      USS      PSS      RSS
//! 21371 root     java -Xmx128m -XX:+UseSeria        0    82708    91641   102616
//! ```
//!
//! One column may have blanks, or nothing: cells before it are counted from the front, the others from the end. Commands are
//! often cut to a width, so options are not read from them. Sources: smem(8), ps_mem, systemd-cgtop(1), cri-tools,
//! `tasklist /?`, PowerShell's `PowerShellCore_format_ps1xml.cs`, top(1) of macOS.

use super::draft::Draft;
use super::process::{Processes, cells, memory};
use super::quantity::{KIB, MIB, amount, binary, grouped, mixed, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const SHAPE: Shape = Shape { tool: "systemd-cgtop", claim, open };

/// Rows kept of a table that is not one of processes.
const MAX_ROWS: usize = 40;

/// What a column holds.
#[derive(Clone, Copy)]
enum Cell {
    Skip,
    Pid,
    Name,
    /// Stands for a name where there is none.
    Id,
    Size(&'static str, fn(&str) -> Option<Bytes>),
    /// A number that is not kept.
    Number,
    Count(&'static str),
}

/// One program's table.
struct Layout {
    kind: HostKind,
    /// Columns that must be there.
    needs: &'static [&'static str],
    /// Names of columns, words a cell has, and what it holds. Others have one word.
    columns: &'static [(&'static str, usize, Cell)],
    /// The column that may have blanks, or nothing if it is not kept.
    wide: &'static [&'static str],
}

static LAYOUTS: &[Layout] = &[
    Layout {
        kind: HostKind::Smem,
        needs: &["PID", "PSS"],
        columns: &[
            ("PID", 1, Cell::Pid),
            ("Command", 1, Cell::Name),
            ("Name", 1, Cell::Name),
            ("Swap", 1, Cell::Size("swap", memory)),
            ("USS", 1, Cell::Size("uss", memory)),
            ("PSS", 1, Cell::Size("pss", memory)),
            ("RSS", 1, Cell::Size("rss", memory)),
            ("VSS", 1, Cell::Size("virtual", memory)),
        ],
        wide: &["Command", "Name"],
    },
    Layout {
        kind: HostKind::PsMem,
        needs: &["RAM used", "Program"],
        columns: &[
            ("Private +", 3, Cell::Size("uss", spaced)),
            ("Shared =", 3, Cell::Skip),
            ("RAM used", 2, Cell::Size("pss", spaced)),
            ("Swap used", 2, Cell::Size("swap", spaced)),
            ("Program", 1, Cell::Name),
        ],
        wide: &["Program"],
    },
    Layout {
        kind: HostKind::Systemd,
        needs: &["Tasks", "Memory", "Input/s"],
        columns: &[
            ("Control Group", 1, Cell::Name),
            ("CGroup", 1, Cell::Name),
            ("Tasks", 1, Cell::Count("pids")),
            ("%CPU", 1, Cell::Number),
            ("Memory", 1, Cell::Size("usage", bytes)),
            ("Input/s", 1, Cell::Number),
            ("Output/s", 1, Cell::Number),
        ],
        wide: &["Control Group", "CGroup"],
    },
    Layout {
        kind: HostKind::Crictl,
        needs: &["CPU %", "MEM", "DISK", "INODES"],
        columns: &[
            ("CONTAINER", 1, Cell::Id),
            ("NAME", 1, Cell::Name),
            ("CPU %", 1, Cell::Skip),
            ("MEM", 1, Cell::Size("usage", decimal)),
        ],
        wide: &[],
    },
    Layout {
        kind: HostKind::Tasklist,
        needs: &["Image Name", "Mem Usage"],
        columns: &[
            ("Image Name", 1, Cell::Name),
            ("PID", 1, Cell::Pid),
            ("Session Name", 1, Cell::Skip),
            ("Mem Usage", 2, Cell::Size("rss", of_windows)),
        ],
        wide: &["Image Name"],
    },
    Layout {
        kind: HostKind::Tasklist,
        // The line below the header, which is the same in every language.
        needs: &["=========================", "========", "================", "===========", "============"],
        columns: &[
            ("=========================", 1, Cell::Name),
            ("========", 1, Cell::Pid),
            ("============", 2, Cell::Size("rss", of_windows)),
        ],
        wide: &["========================="],
    },
    Layout {
        kind: HostKind::GetProcess,
        needs: &["Id", "ProcessName"],
        columns: &[
            ("PM(K)", 1, Cell::Size("private_bytes", memory)),
            ("PM(M)", 1, Cell::Size("private_bytes", mebibytes)),
            ("WS(K)", 1, Cell::Size("rss", memory)),
            ("WS(M)", 1, Cell::Size("rss", mebibytes)),
            ("VM(K)", 1, Cell::Size("virtual", memory)),
            ("VM(M)", 1, Cell::Size("virtual", mebibytes)),
            ("CPU(s)", 1, Cell::Skip),
            ("Id", 1, Cell::Pid),
            ("ProcessName", 1, Cell::Name),
        ],
        wide: &["CPU(s)"],
    },
    Layout {
        kind: HostKind::Top,
        needs: &["PID", "#TH", "MEM"],
        columns: &[
            ("PID", 1, Cell::Pid),
            ("COMMAND", 1, Cell::Name),
            ("#TH", 1, Cell::Count("threads")),
            ("MEM", 1, Cell::Size("footprint", of_macos)),
        ],
        wide: &["COMMAND"],
    },
];

/// `1.2 GiB +`
fn spaced(cell: &str) -> Option<Bytes> {
    let cell = cell.trim_end_matches(['+', '=', ' ']);
    binary(&cell.split_ascii_whitespace().collect::<String>(), 1).filter(|_| cell.ends_with('B'))
}

fn bytes(cell: &str) -> Option<Bytes> {
    binary(cell, 1)
}

fn decimal(cell: &str) -> Option<Bytes> {
    mixed(cell).filter(|_| cell.ends_with('B'))
}

fn mebibytes(cell: &str) -> Option<Bytes> {
    amount(cell, MIB)
}

/// `1,234,567 K`
fn of_windows(cell: &str) -> Option<Bytes> {
    grouped(cell.strip_suffix('K')?.trim_end())?.checked_mul(KIB).map(Bytes)
}

/// `1234M+`: it has grown since the picture before.
fn of_macos(cell: &str) -> Option<Bytes> {
    memory(cell.trim_end_matches(['+', '-'])).filter(|_| whole(cell).is_none())
}

/// A column as a header has it.
type Column = (usize, Cell, bool);

/// The table whose header this is.
fn header(body: &str) -> Option<(&'static Layout, Vec<Column>)> {
    let text = body.replace(['"', ','], " ").split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    LAYOUTS.iter().find_map(|layout| {
        let mut rest = text.as_str();
        let mut needed = layout.needs.len();
        let mut columns = Vec::new();
        while !rest.is_empty() {
            let starts =
                |name: &str| rest.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
            let known = layout.columns.iter().find(|(name, ..)| starts(name));
            let others = layout.needs.iter().chain(&["Session Name"]).find(|name| starts(name));
            let word = rest.split(' ').next().unwrap_or(rest);
            let (name, words, cell) = known.copied().unwrap_or((others.copied().unwrap_or(word), 1, Cell::Skip));
            needed = needed.saturating_sub(usize::from(layout.needs.contains(&name)));
            columns.push((words, cell, layout.wide.contains(&name)));
            rest = rest.get(name.len()..)?.trim_start();
        }
        (needed == 0).then_some((layout, columns))
    })
}

fn claim(body: &str) -> Claim {
    let first = match body.as_bytes().first() {
        Some(b'P') => body.starts_with("PID ") || body.starts_with("Private "),
        Some(b'C') => ["Control Group ", "CGroup ", "CONTAINER "].iter().any(|word| body.starts_with(word)),
        Some(b'H') => body.starts_with("Handles "),
        Some(b'N') => body.starts_with("NPM(K) "),
        Some(b'I') => body.starts_with("Image Name "),
        Some(b'"') => body.starts_with("\"Image Name\","),
        Some(b'=') => body.starts_with("========================= ========"),
        _ => false,
    };
    if first && header(body).is_some() { Claim::Strong } else { Claim::None }
}

struct Table {
    layout: &'static Layout,
    columns: Vec<Column>,
    processes: Processes,
    rows: Vec<Draft>,
    /// A total stands below the second rule.
    ruled: bool,
    any: bool,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let found = header(line.body);
    // In batches `systemd-cgtop` prints no header.
    let (layout, columns) = match context.claimed {
        true => found?,
        false => context.command("systemd-cgtop").and_then(|_| header("CGroup Tasks %CPU Memory Input/s Output/s"))?,
    };
    let (processes, rows) = (Processes::default(), Vec::new());
    let mut block = Table { layout, columns, processes, rows, ruled: false, any: false };
    (context.claimed || block.take(line, out)).then(|| Box::new(block) as Box<dyn Block>)
}

/// The cells of a row by its columns, of which one may have any number of words.
fn split<'a>(body: &'a str, columns: &[Column]) -> Option<Vec<&'a str>> {
    if let Some(inner) = body.strip_prefix('"') {
        let row: Vec<&str> = inner.strip_suffix('"')?.split("\",\"").collect();
        return (row.len() == columns.len()).then_some(row);
    }
    let mut row = Vec::new();
    let mut rest = body;
    let wide = columns.iter().position(|(.., wide)| *wide);
    let (front, back) = columns.split_at_checked(wide.unwrap_or(columns.len()))?;
    for (words, ..) in front {
        let tail = cells(rest, words.checked_add(1)?).and_then(|cells| cells.last().copied()).unwrap_or_default();
        let (cell, _) = rest.split_at_checked(rest.len().checked_sub(tail.len())?)?;
        row.push(cell.trim_end());
        rest = tail;
    }
    let mut ends = Vec::new();
    for (words, ..) in back.iter().skip(1).rev() {
        let mut start = rest.len();
        for _ in 0..*words {
            start = rest.get(..start)?.trim_end().rfind([' ', '\t']).map_or(0, |at| at.saturating_add(1));
        }
        let (before, cell) = rest.split_at_checked(start)?;
        ends.push(cell);
        rest = before.trim_end();
    }
    match wide {
        Some(_) => row.push(rest),
        None if !rest.is_empty() => return None,
        None => {}
    }
    row.extend(ends.into_iter().rev());
    Some(row)
}

impl Block for Table {
    fn take(&mut self, line: &Line<'_>, _: &mut Readings) -> bool {
        let body = line.body.trim();
        if body.bytes().all(|byte| matches!(byte, b'-' | b'=' | b' ')) {
            self.ruled |= self.any;
            return true;
        }
        if self.ruled || header(body).is_some() {
            return false;
        }
        // The kernel puts a process into brackets, in a table of its own.
        if body.starts_with('[') {
            return false;
        }
        let Some(row) = split(body, &self.columns) else { return false };
        let mut draft = Draft::new(self.layout.kind, line);
        for ((_, column, _), cell) in self.columns.iter().zip(row) {
            let is_none = matches!(cell, "-" | "--" | "N/A");
            match *column {
                Cell::Skip => {}
                Cell::Number if is_none || cell.starts_with(|first: char| first.is_ascii_digit()) => {}
                Cell::Number => return false,
                Cell::Pid => {
                    draft.pid(line, cell);
                    if draft.reading.pid.is_none() {
                        return false;
                    }
                }
                Cell::Name if cell.is_empty() => return false,
                // No group; a row of the kernel's table of processes.
                Cell::Name if self.layout.kind == HostKind::Systemd && cell.starts_with('[') => return false,
                Cell::Name if self.layout.kind == HostKind::PsMem => program(&mut draft, cell, line),
                // What follows the program may be cut.
                Cell::Name if self.layout.kind == HostKind::Smem => {
                    draft.name(line, cell.split(' ').next().unwrap_or(cell))
                }
                Cell::Name | Cell::Id => draft.name(line, cell),
                Cell::Size(name, read) => {
                    let size = read(cell);
                    if size.is_none() && !is_none && !cell.ends_with('%') {
                        return false;
                    }
                    draft.size(name, size, line, cell);
                }
                Cell::Count(name) => draft.count(name, whole(cell), line, cell),
            }
        }
        draft.extend(line);
        self.any = true;
        if draft.reading.pid.is_some() {
            self.processes.add(draft);
        } else if self.rows.len() < MAX_ROWS && !draft.reading.sizes.is_empty() {
            self.rows.push(draft);
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        for draft in self.rows {
            draft.push(out);
        }
        self.processes.push(out);
    }

    fn patience(&self) -> u32 {
        2
    }
}

/// `java (2)`: the memory of two processes together.
fn program(draft: &mut Draft, cell: &str, line: &Line<'_>) {
    let several = cell.strip_suffix(')').and_then(|cell| cell.rsplit_once(" ("));
    match several.and_then(|(name, count)| Some((name, whole(count)?, count))) {
        Some((name, number, count)) => {
            draft.name(line, name.trim_end());
            draft.count("processes", Some(number), line, count);
        }
        None => draft.name(line, cell),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    /// Pid, name, and one size in KiB of every row.
    fn seen(text: &str, size: &str) -> Vec<(Option<u32>, String, Option<u64>)> {
        let rows = read(text).host;
        rows.into_iter()
            .map(|row| (row.pid, row.name.unwrap_or_default(), row.sizes.get(size).map(|size| size.0 >> 10)))
            .collect()
    }

    #[test]
    fn rows_of_smem_are_read_without_their_total() {
        let text = "  PID User     Command                         Swap      USS      PSS      RSS \n21371 root     java -Xmx128m -XX:+UseSeria        0    82708    91639   102616 \n-------------------------------------------------------------------------------\n    3 1                                           0   189108   207170   231132 \n";
        assert_eq!(seen(text, "pss"), [(Some(21371), "java".to_owned(), Some(91_639))]);
        assert_eq!(read(text).host.first().map(|row| row.flags.len()), Some(0));
        let chosen = "  PID Name                          RSS      PSS      USS     Swap \n   12 java                       100.0M    89.5M    80.8M        0 \n--------\n   12 1 1.1G 1.2G 1.2G 0\n";
        assert_eq!(seen(chosen, "rss"), [(Some(12), "java".to_owned(), Some(102_400))]);
        assert_eq!(read(&text.replace("0    82708    91639   102616", "N/A    0.35%    0.39%    0.43%")).host, []);
    }

    #[test]
    fn programs_of_several_processes_say_how_many() {
        let text = " Private  +   Shared  =  RAM used\tProgram\n\n  4.0 KiB +  26.5 KiB =  30.5 KiB\tsleep\n  1.0 GiB +   8.5 MiB =   1.5 GiB\tjava (2)\n---------------------------------\n                          1.5 GiB\n=================================\n";
        assert_eq!(seen(text, "pss"), [(None, "sleep".to_owned(), Some(30)), (None, "java".to_owned(), Some(3 << 19))]);
        assert_eq!(read(text).host.get(1).and_then(|row| row.counts.get("processes").copied()), Some(2));
    }

    #[test]
    fn groups_are_read_with_and_without_a_header() {
        let rows = "system.slice/orders service.service      48    1.2     1.5G        -        -\n/                       -      -     7.0G        -        -\n";
        let expected = [
            (None, "system.slice/orders service.service".to_owned(), Some(3 << 19)),
            (None, "/".to_owned(), Some(7 << 20)),
        ];
        assert_eq!(
            seen(&format!("Control Group   Tasks   %CPU   Memory  Input/s Output/s\n{rows}"), "usage"),
            expected
        );
        assert_eq!(seen(&format!("$ systemd-cgtop -b -n 1\n{rows}"), "usage"), expected);
        assert_eq!(seen(rows, "usage"), []);
    }

    #[test]
    fn processes_of_windows_are_read_in_any_language() {
        let rows = "========================= ======== ================ =========== ============\nSystem Idle Process              0 Services                   0          8 K\njava.exe                      4711 Console                    1  1,234,568 K\nno session.exe                  12                            0        100 K\n";
        let expected = [
            (Some(0), "System Idle Process".to_owned(), Some(8)),
            (Some(4711), "java.exe".to_owned(), Some(1_234_568)),
        ];
        assert_eq!(seen(rows, "rss"), expected);
        let korean = format!("이미지 이름                    PID 세션 이름              세션#  메모리 사용\n{rows}");
        assert_eq!(seen(&korean, "rss"), expected);
        let english = format!("Image Name                     PID Session Name        Session#    Mem Usage\n{rows}");
        assert_eq!(seen(&english, "rss"), expected);
        let csv = "\"Image Name\",\"PID\",\"Session Name\",\"Session#\",\"Mem Usage\"\n\"java.exe\",\"4711\",\"Console\",\"1\",\"1.234.568 K\"\n";
        assert_eq!(seen(csv, "rss"), expected.get(1..).unwrap_or_default());
    }

    #[test]
    fn the_unit_of_powershell_stands_in_the_header() {
        let old = "Handles  NPM(K)    PM(K)      WS(K)     CPU(s)     Id  SI ProcessName\n-------  ------    -----      -----     ------     --  -- -----------\n    820      71  1843212    1923488     512.34   4711   1 java\n    820      71       12         88                12   0 Registry\n";
        let java = (Some(4711), "java".to_owned(), Some(1_923_488));
        assert_eq!(seen(old, "rss"), [java, (Some(12), "Registry".to_owned(), Some(88))]);
        let new = " NPM(K)    PM(M)      WS(M)     CPU(s)      Id  SI ProcessName\n ------    -----      -----     ------      --  -- -----------\n     71  1800.00    1900.50     512.34    4711   1 java\n";
        assert_eq!(seen(new, "rss"), [(Some(4711), "java".to_owned(), Some(1_946_112))]);
    }

    #[test]
    fn containers_of_crictl_and_processes_of_macos() {
        let text = "CONTAINER           NAME     CPU %               MEM                 DISK                INODES\n1e33ed8ee0d4a       orders   0.08                1.024GB             12.29kB             6\n";
        assert_eq!(seen(text, "usage"), [(None, "orders".to_owned(), Some(1_000_000))]);
        let top = "PID    COMMAND          %CPU TIME     #TH   #WQ  #PORTS MEM    PURG   CMPRS  PGRP  PPID  STATE\n4711   java             0.0  01:23.45 45    1    150    2G+    0B     0B     4711  1     sleeping\n12     Google Chrome    0.0  01:23.45 45/1  1    150    12M    0B     0B     4711  1     sleeping\n";
        assert_eq!(seen(top, "footprint"), [(Some(4711), "java".to_owned(), Some(2 << 20))]);
    }
}
