//! Plain tables in a fixed-width font.

use unicode_width::UnicodeWidthStr;

use crate::export::document::Table;

/// Columns that a wrapped cell takes at least.
const MIN_WRAPPED: usize = 16;
/// Blanks between columns.
const GAP: usize = 2;

/// Writes rows with aligned columns after `indent` blanks, columns of numbers to the right, in lines of at most so many
/// columns. A table with a header that is too wide goes on below with further columns after the first; in one without,
/// the widest cells take several lines.
pub fn plain(table: &Table, indent: usize, columns: usize) -> String {
    let columns = columns.saturating_sub(indent);
    let widths = widths(table);
    if table.header.is_empty() {
        return write(&wrap_widest(table, &widths, columns), indent);
    }
    let mut out = String::new();
    let mut at = 1;
    let (first, rest) = widths.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
    while at == 1 || at <= rest.len() {
        let mut taken = first;
        let fits = rest.iter().skip(at - 1).take_while(|width| {
            taken = taken.saturating_add(GAP).saturating_add(**width);
            taken <= columns
        });
        let to = at + fits.count().max(1);
        let mut part = part(table, at..to);
        if at > 1 {
            part.rows.retain(|row| row.iter().skip(1).any(|cell| !cell.is_empty()));
        }
        out.push_str(&write(&part, indent));
        at = to;
    }
    out
}

fn widths(table: &Table) -> Vec<usize> {
    let all = || std::iter::once(&table.header).chain(&table.rows);
    let widest = |column: usize| all().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
    (0..table.columns()).map(|column| widest(column).unwrap_or(0)).collect()
}

/// The first column and those of the range.
fn part(table: &Table, range: std::ops::Range<usize>) -> Table {
    let cells = |row: &Vec<String>| {
        row.first()
            .into_iter()
            .chain(row.get(range.start..range.end.min(row.len())).into_iter().flatten())
            .cloned()
            .collect()
    };
    Table { header: cells(&table.header), rows: table.rows.iter().map(cells).collect(), ..Table::default() }
}

/// The table with the cells of its widest column in as many rows as they need.
fn wrap_widest(table: &Table, widths: &[usize], columns: usize) -> Table {
    let total = widths.iter().fold(widths.len().saturating_sub(1) * GAP, |sum, width| sum + width);
    let widest = (0..widths.len()).max_by_key(|column| widths.get(*column));
    let Some((column, over)) = widest.zip(total.checked_sub(columns).filter(|over| *over > 0)) else {
        return table.clone();
    };
    let room = widths.get(column).copied().unwrap_or(0).saturating_sub(over).max(MIN_WRAPPED);
    let mut rows = Vec::new();
    for row in &table.rows {
        let mut lines = lines(row.get(column).map_or("", String::as_str), room).into_iter();
        let mut row = row.clone();
        if let (Some(cell), Some(line)) = (row.get_mut(column), lines.next()) {
            *cell = line;
        }
        let blank = row.iter().map(|_| String::new()).collect::<Vec<_>>();
        rows.push(row);
        rows.extend(lines.map(|line| {
            let mut row = blank.clone();
            row.get_mut(column).into_iter().for_each(|cell| cell.clone_from(&line));
            row
        }));
    }
    Table { rows, ..table.clone() }
}

/// The words in lines of at most that width; a longer word has a line of its own.
fn lines(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn write(table: &Table, indent: usize) -> String {
    let widths = widths(table);
    let mut out = String::new();
    let header = std::iter::once(&table.header).filter(|header| header.iter().any(|cell| !cell.is_empty()));
    for row in header.chain(&table.rows) {
        out.push_str(&" ".repeat(indent));
        for (column, full) in widths.iter().enumerate() {
            let text = row.get(column).map_or("", String::as_str);
            let blanks = " ".repeat(full.saturating_sub(width(text)));
            let (before, after) = if table.is_numeric(column) { (&*blanks, "") } else { ("", &*blanks) };
            out.extend([if column > 0 { "  " } else { "" }, before, text, after]);
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}

/// Cells that a terminal needs: two for Hangul, Kana, Han characters, and pictures, none for marks over a letter.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(header: &[&str], rows: &[&[&str]]) -> Table {
        let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        Table { header: cells(&header), rows: rows.iter().map(cells).collect(), ..Table::default() }
    }

    #[test]
    fn numbers_stand_to_the_right_and_words_to_the_left() {
        let table = table(&["name", "size"], &[&["힙", "12"], &["Class", "1,024"]]);
        assert_eq!(plain(&table, 2, 80), "  name    size\n  힙        12\n  Class  1,024\n");
    }

    #[test]
    fn a_cell_is_as_wide_as_a_terminal_shows_it() {
        assert_eq!((width("heap"), width("힙 크기"), width("🚨"), width("e\u{301}")), (4, 7, 2, 1));
    }

    #[test]
    fn a_table_that_is_too_wide_goes_on_below() {
        let table = table(&["", "S0C", "S1C", "EC"], &[&["line 7", "0", "1024", "156672"]]);
        assert_eq!(plain(&table, 0, 20), "        S0C   S1C\nline 7    0  1024\n            EC\nline 7  156672\n");
    }

    #[test]
    fn words_that_are_too_wide_take_several_lines() {
        let table = table(&[], &[&["-Xmx254m", "for what stays in the heap alone", "line 7"]]);
        assert_eq!(plain(&table, 2, 40), "  -Xmx254m  for what stays in  line 7\n            the heap alone\n");
    }
}
