//! Plain tables in a fixed-width font.

/// Writes rows with aligned columns, indented by two blanks. Columns of numbers are aligned to the right.
pub fn plain(header: &[String], rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let all = || std::iter::once(header).filter(|header| !header.is_empty()).chain(rows.iter().map(Vec::as_slice));
    let widths: Vec<usize> =
        (0..columns).map(|column| all().map(|row| width(&cell(row, column))).max().unwrap_or(0)).collect();
    let numeric: Vec<bool> = (0..columns)
        .map(|column| {
            let mut cells = rows.iter().map(|row| cell(row, column)).filter(|cell| !cell.is_empty()).peekable();
            cells.peek().is_some() && cells.all(|cell| starts_like_a_number(&cell))
        })
        .collect();
    let mut out = String::new();
    for row in all() {
        out.push_str("  ");
        for (column, full) in widths.iter().enumerate() {
            let text = cell(row, column);
            let blanks = " ".repeat(full.saturating_sub(width(&text)));
            let right = numeric.get(column).copied().unwrap_or(false);
            let last = column + 1 == columns;
            if right {
                out.push_str(&blanks);
            }
            out.push_str(&text);
            if !right && !last {
                out.push_str(&blanks);
            }
            if !last {
                out.push_str("  ");
            }
        }
        while out.ends_with(' ') {
            out.pop();
        }
        out.push('\n');
    }
    out
}

fn starts_like_a_number(cell: &str) -> bool {
    cell == "-" || cell.trim_start_matches(['+', '−', '-', '<']).starts_with(|c: char| c.is_ascii_digit())
}

/// Cells that a terminal needs: two for Hangul, Kana, and Han characters.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right_and_words_to_the_left() {
        let rows = vec![vec!["힙".to_owned(), "12".to_owned()], vec!["Class".to_owned(), "1,024".to_owned()]];
        assert_eq!(
            plain(&["name".to_owned(), "size".to_owned()], &rows),
            "  name    size\n  힙        12\n  Class  1,024\n"
        );
    }
}
