//! Reads `docker stats`, with and without names, and `podman stats`.
//!
//! ```text
//! CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O           BLOCK I/O        PIDS
//! 3f1c0a9b7d21   orders    102.05%   1.482GiB / 1.5GiB     98.80%    1.25MB / 934kB    12.3MB / 0B      48
//! ```
//!
//! `MiB` and `GiB` are powers of 1024, `MB` and `GB` of 1000. Usage is without page cache that is not in use. Where a container
//! has no limit, the memory of the machine stands there. Old versions print no name. Source: docker,
//! `cli/command/container/formatter_stats.go`.

use super::draft::Draft;
use super::quantity::{mixed, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::look;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const SHAPE: Shape = Shape { tool: "docker-stats", claim, open };

/// Rows kept of one table, which repeats as long as the command runs.
const MAX_ROWS: u32 = 1000;

/// Names of columns, the longer ones first, and how many words a cell has.
const COLUMNS: &[(&str, usize)] = &[
    ("CONTAINER ID", 1),
    ("CONTAINER", 1),
    ("MEM USAGE / LIMIT", 3),
    ("MEM USAGE/LIMIT", 3),
    ("MEM USAGE", 1),
    ("MEM %", 1),
    ("CPU TIME", 1),
    ("AVG CPU %", 1),
    ("CPU %", 1),
    ("NET I/O", 3),
    ("NET IO", 3),
    ("BLOCK I/O", 3),
    ("BLOCK IO", 3),
    ("PIDS", 1),
    ("NAME", 1),
    ("ID", 1),
];

/// `{"CPUPerc":"102.05%",…,"MemUsage":"1.482GiB / 1.5GiB","Name":"orders","PIDs":"48"}` of `--format json`: the value of a key.
fn json<'a>(body: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = body.strip_prefix('{')?.split_once(key)?;
    rest.strip_prefix("\":\"")?.split_once('"').map(|(value, _)| value)
}

fn claim(body: &str) -> Claim {
    if columns(body).is_some() || json(body, "\"MemUsage").is_some() {
        Claim::Strong
    } else if is_row(body) {
        Claim::Weak
    } else {
        Claim::None
    }
}

/// The columns of a header.
fn columns(header: &str) -> Option<Vec<&'static str>> {
    if !look::has(header, "MEM USAGE / LIMIT") && !look::has(header, "MEM USAGE/LIMIT") {
        return None;
    }
    let mut rest = header.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (name, _) = COLUMNS.iter().find(|(name, _)| rest.starts_with(name))?;
        found.push(*name);
        rest = rest.get(name.len()..)?.trim_start();
    }
    Some(found)
}

/// A row by its shape alone: a container, a share, two sizes, a share; of what is no id, two more sizes.
fn is_row(body: &str) -> bool {
    if !body.contains('/') || !look::has(body, "% ") {
        return false;
    }
    let cells = cells(body);
    let Some(slash) = cells.iter().position(|cell| *cell == "/").filter(|slash| (3..=4).contains(slash)) else {
        return false;
    };
    let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
    let share = |at: usize| cell(at).ends_with('%');
    let pair = |at: usize| is_size(cell(at)) && cell(at + 1) == "/" && is_size(cell(at + 2));
    let id = cell(0).len() == 12 && cell(0).bytes().all(|byte| byte.is_ascii_hexdigit());
    share(slash - 2) && pair(slash - 1) && share(slash + 2) && (id || pair(slash + 3))
}

fn is_size(word: &str) -> bool {
    size(word).is_some()
}

/// `1.5GiB`, and `1.5 GiB` of old versions.
fn size(cell: &str) -> Option<Bytes> {
    mixed(cell).filter(|_| cell.ends_with('B'))
}

/// What ends a cell. The first versions print no blanks around the slash between two sizes.
const ENDS: [char; 3] = [' ', '\t', '/'];

/// The words of a row; a number and the unit behind it are one.
fn cells(body: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut rest = body.trim();
    while !rest.is_empty() {
        let end = |from: usize| rest.get(from..).and_then(|rest| rest.find(ENDS)).map_or(rest.len(), |at| from + at);
        let mut cell_end = if rest.starts_with('/') { 1 } else { end(0) };
        let is_number = rest.get(..cell_end).is_some_and(|cell| cell.parse::<f64>().is_ok());
        let unit = rest.get(cell_end..).and_then(|rest| rest.strip_prefix(' '));
        let unit = unit.and_then(|unit| unit.split(ENDS).next()).unwrap_or_default();
        if is_number && matches!(unit, "B" | "kB" | "KB" | "KiB" | "MB" | "MiB" | "GB" | "GiB" | "TB" | "TiB") {
            cell_end = end(cell_end + 1);
        }
        cells.push(rest.get(..cell_end).unwrap_or(rest));
        rest = rest.get(cell_end..).unwrap_or_default().trim_start();
    }
    cells
}

struct Stats {
    columns: Vec<&'static str>,
    rows: Vec<Draft>,
    count: u32,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let mut block = Stats { columns: Vec::new(), rows: Vec::new(), count: 0 };
    if let Some(columns) = columns(line.body) {
        block.columns = columns;
        out.keep(line);
        return Some(Box::new(block));
    }
    if json(line.body.trim(), "\"MemUsage").is_some() {
        return block.take(line, out).then(|| Box::new(block) as Box<dyn Block>);
    }
    if !is_row(line.body.trim_start()) {
        context.command("docker-stats")?;
    }
    // Without its header: with a name if a word stands between the container and its share.
    let second = line.body.split_ascii_whitespace().nth(1)?;
    block.columns = match second.ends_with('%') {
        true => vec!["CONTAINER", "CPU %", "MEM USAGE / LIMIT"],
        false => vec!["CONTAINER ID", "NAME", "CPU %", "MEM USAGE / LIMIT"],
    };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Stats {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if let Some(columns) = columns(line.body) {
            self.columns = columns;
            return true;
        }
        let body = line.body.trim();
        if let Some((usage, limit)) = json(body, "\"MemUsage").and_then(|pair| pair.split_once(" / ")) {
            let mut draft = Draft::new(HostKind::DockerStats, line);
            // A line that ends early may have its name behind the end.
            let id = || json(body, "\"ID").filter(|_| body.ends_with('}'));
            if let Some(name) = json(body, "\"Name").or_else(id) {
                draft.name(line, name);
            }
            draft.size("usage", size(usage), line, usage);
            draft.size("limit", size(limit).filter(|size| size.0 > 0), line, limit);
            if let Some(pids) = json(body, "\"PIDs") {
                draft.count("pids", whole(pids), line, pids);
            }
            draft.extend(line);
            out.keep(line);
            return self.add(draft);
        }
        let cells = cells(line.body);
        let mut words = cells.iter().copied();
        let mut draft = Draft::new(HostKind::DockerStats, line);
        let mut seen = false;
        for column in &self.columns {
            let width = COLUMNS.iter().find(|(name, _)| name == column).map_or(1, |(_, width)| *width);
            let Some(cell) = words.next() else { return seen && self.add(draft) };
            // A container that has ended prints `--` in place of a pair.
            let more: Vec<&str> =
                if width == 3 && cell != "--" { words.by_ref().take(2).collect() } else { Vec::new() };
            match *column {
                "NAME" => draft.name(line, cell),
                "CONTAINER" | "CONTAINER ID" | "ID" if draft.reading.name.is_none() => draft.name(line, cell),
                "MEM USAGE / LIMIT" | "MEM USAGE/LIMIT" => {
                    let ["/", limit] = *more.as_slice() else { return false };
                    if cell != "--" && (!is_size(cell) || !is_size(limit)) {
                        return false;
                    }
                    draft.size("usage", size(cell), line, cell);
                    draft.size("limit", size(limit).filter(|size| size.0 > 0), line, limit);
                    seen = true;
                }
                "PIDS" => draft.count("pids", whole(cell), line, cell),
                "CPU %" | "MEM %" if !cell.ends_with('%') && cell != "--" => return false,
                _ => {}
            }
        }
        if seen && draft.reading.sizes.contains_key("usage") && self.count < 20 {
            out.keep(line);
        }
        seen && self.add(draft)
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        for draft in self.rows {
            draft.push(out);
        }
    }

    fn patience(&self) -> u32 {
        2
    }
}

impl Stats {
    fn add(&mut self, draft: Draft) -> bool {
        self.count = self.count.saturating_add(1);
        if self.count <= MAX_ROWS {
            self.rows.push(draft);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::model::host::HostReading;
    use crate::model::kind::HostKind;
    use crate::units::Bytes;

    fn seen(text: &str) -> Vec<(String, Option<u64>, Option<u64>)> {
        let size = |row: &HostReading, name: &str| row.sizes.get(name).map(|Bytes(bytes)| *bytes);
        let rows = read(text).host;
        let rows = rows.iter().filter(|row| row.kind == HostKind::DockerStats);
        rows.map(|row| (row.name.clone().unwrap_or_default(), size(row, "usage"), size(row, "limit"))).collect()
    }

    #[test]
    fn both_layouts_and_both_kinds_of_units_are_read() {
        let new = "CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O           BLOCK I/O        PIDS\n\
                   3f1c0a9b7d21   orders    102.05%   1.5GiB / 2GiB         75.00%    1.25MB / 934kB    12.3MB / 0B      48\n\
                   aa1c0a9b7d22   gone      --        -- / --               --        -- / --           -- / --          --\n";
        let orders = ("orders".to_owned(), Some(3 << 29), Some(2 << 30));
        assert_eq!(seen(new), std::slice::from_ref(&orders));
        let old = "CONTAINER           CPU %               MEM USAGE / LIMIT     MEM %               NET I/O             BLOCK I/O\n\
                   3f1c0a9b7d21        0.07%               600.5 MB / 2 GB     30.02%   1.25 MB / 934 kB   0 B / 0 B\n";
        assert_eq!(seen(old), [("3f1c0a9b7d21".to_owned(), Some(600_500_000), Some(2_000_000_000))]);
        let first = "CONTAINER           CPU %               MEM USAGE/LIMIT     MEM %               NET I/O\n\
                     orders              0.00%               41.5 MiB/994 MiB    4.17%               2.945 MiB/781.2 KiB\n\
                     payments            3.62%               244.4 MB/2.099 GB   11.64%              0 B/0 B\n";
        assert_eq!(
            seen(first),
            [
                ("orders".to_owned(), Some(83 << 19), Some(994 << 20)),
                ("payments".to_owned(), Some(244_400_000), Some(2_099_000_000)),
            ]
        );
        let rows = "3f1c0a9b7d21   orders    102.05%   1.5GiB / 2GiB   75.00%    1.25MB / 934kB\n";
        assert_eq!(seen(rows), [orders]);
    }

    #[test]
    fn rows_in_json_are_read() {
        let text = "{\"BlockIO\":\"12.3MB / 0B\",\"CPUPerc\":\"102.05%\",\"Container\":\"orders\",\"ID\":\"3f1c0a9b7d21\",\"MemPerc\":\"75.00%\",\"MemUsage\":\"1.5GiB / 2GiB\",\"Name\":\"orders\",\"NetIO\":\"1.25MB / 934kB\",\"PIDs\":\"48\"}\n";
        assert_eq!(
            seen(&format!("{text}{text}")),
            [("orders".to_owned(), Some(3 << 29), Some(2 << 30)), ("orders".to_owned(), Some(3 << 29), Some(2 << 30))]
        );
    }

    #[test]
    fn chosen_columns_are_found_by_the_header() {
        let text = "NAME      MEM USAGE / LIMIT\norders    1.5GiB / 2GiB\nweb-1     512MiB / 1GiB\n";
        assert_eq!(seen(text).len(), 2);
        assert_eq!(seen("a 1 / 2\nabcdefabcdef x 1 / 2 %\n"), []);
    }
}
