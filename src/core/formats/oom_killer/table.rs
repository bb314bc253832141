//! The process table. Its own header says which columns it has.
//!
//! ```text
//! [  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name
//! [  48213]  1000 48213  2334720  1020928  1015808     5120         0  9437184        0           984 java
//! ```
//!
//! Sizes are pages, except `pgtables_bytes`. Columns came and went (4.15, 6.8), so they are found by name; numbers may
//! overflow their column, so rows are split at blanks and never cut by position. A name may hold blanks. Without a header
//! the columns are told from all rows together, see [`infer`]. Source: Linux, `mm/oom_kill.c` (`dump_tasks`, `dump_task`).

use crate::formats::oom_killer::text::digits;

/// Numbers of a row at most.
const MAX_NUMBERS: usize = 12;

/// The headers of all kernels.
const HEADERS: [&str; 6] = [
    "uid tgid total_vm rss cpu oom_adj name",
    "uid tgid total_vm rss cpu oom_adj oom_score_adj name",
    "uid tgid total_vm rss nr_ptes swapents oom_score_adj name",
    "uid tgid total_vm rss nr_ptes nr_pmds swapents oom_score_adj name",
    "uid tgid total_vm rss pgtables_bytes swapents oom_score_adj name",
    "uid tgid total_vm rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name",
];

/// A row before its columns are applied: the numbers between the bracket and the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawRow {
    pub(super) pid: u32,
    pub(super) numbers: [i64; MAX_NUMBERS],
    pub(super) count: usize,
    pub(super) name: String,
    pub(super) line: u32,
}

impl RawRow {
    /// The number in this column.
    pub(super) fn number(&self, columns: &[String], column: &str) -> Option<i64> {
        let at = columns.iter().position(|known| known == column)?;
        self.numbers.get(at).copied().filter(|_| at < self.count)
    }

    /// A size in this column.
    pub(super) fn size(&self, columns: &[String], column: &str) -> Option<u64> {
        u64::try_from(self.number(columns, column)?).ok()
    }
}

/// The columns of `[ pid ]   uid  tgid total_vm …`, without the pid.
pub(super) fn header(body: &str) -> Option<Vec<String>> {
    let (pid, rest) = body.strip_prefix('[')?.split_once(']')?;
    if pid.trim() != "pid" {
        return None;
    }
    let columns: Vec<String> = rest.split_ascii_whitespace().take(MAX_NUMBERS + 1).map(str::to_owned).collect();
    columns.first().is_some_and(|first| first == "uid").then_some(columns)
}

/// True if the last column is there.
pub(super) fn is_whole(columns: &[String]) -> bool {
    columns.last().is_some_and(|last| last == "name")
}

/// Columns that kernels print, less the others: half a column is worse than none.
pub(super) fn known(columns: &[String]) -> usize {
    let known = HEADERS.iter().flat_map(|header| header.split(' '));
    let count = columns.iter().filter(|column| known.clone().any(|known| known == *column)).count();
    (2 * count).saturating_sub(columns.len())
}

/// The columns of a header that was cut, if only one kernel's header begins like that.
pub(super) fn complete(columns: &[String]) -> Option<Vec<String>> {
    let mut fitting = HEADERS.iter().filter(|header| {
        let mut words = header.split(' ');
        columns.iter().all(|column| words.next() == Some(column))
    });
    let header = fitting.next()?;
    fitting.next().is_none().then(|| header.split(' ').map(str::to_owned).collect())
}

/// Takes the bracket of a row off: the pid, and what follows.
pub(super) fn bracket(body: &str) -> Option<(u32, &str)> {
    let (pid, rest) = digits(body.strip_prefix('[')?.trim_start())?;
    let rest = rest.trim_start().strip_prefix(']')?;
    Some((pid.parse().ok()?, rest))
}

/// Splits a row. With columns exactly their numbers are taken and the rest is the name; without, all numbers there are.
pub(super) fn row(body: &str, columns: Option<&[String]>, line: u32) -> Option<RawRow> {
    let (pid, rest) = bracket(body)?;
    let wanted = columns.map(|columns| columns.len().saturating_sub(1).min(MAX_NUMBERS));
    let mut numbers = [0; MAX_NUMBERS];
    let mut count = 0;
    let mut rest = rest.trim_start();
    for slot in numbers.iter_mut().take(wanted.unwrap_or(10)) {
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (word, tail) = rest.split_at_checked(end)?;
        match word.parse() {
            Ok(number) => *slot = number,
            Err(_) if wanted.is_none() => break,
            Err(_) => return None,
        }
        count += 1;
        rest = tail.trim_start();
    }
    let name = rest.trim_end();
    let enough = if wanted.is_some() { true } else { count >= 6 };
    // `=` is what quoted-printable leaves of a line that goes on.
    (enough && !matches!(name, "" | "=") && name.len() <= 64).then(|| RawRow {
        pid,
        numbers,
        count,
        name: name.to_owned(),
        line,
    })
}

/// How many numbers a row has that ends before its name. `=` is what quoted-printable leaves of a line that goes on.
pub(super) fn cut_row(body: &str, columns: &[String]) -> Option<usize> {
    let (_, rest) = bracket(body)?;
    let words = || rest.strip_suffix('=').unwrap_or(rest).split_ascii_whitespace();
    let count = words().count();
    (count > 1 && count < columns.len() && words().all(|word| word.parse::<i64>().is_ok())).then_some(count)
}

/// A row that may open a table whose header is missing: the thread group is the pid.
pub(super) fn likely_row(body: &str, line: u32) -> Option<RawRow> {
    row(body, None, line).filter(|row| row.numbers.get(1) == Some(&i64::from(row.pid)))
}

/// Columns of a table without header, from all its rows: by how many numbers most rows have, and what the numbers can be.
pub(super) fn infer(rows: &[RawRow]) -> Option<(usize, Vec<String>)> {
    let mut by_count = [0_usize; MAX_NUMBERS + 1];
    for row in rows {
        if let Some(slot) = by_count.get_mut(row.count) {
            *slot += 1;
        }
    }
    // A name that starts with digits makes a row look longer, never shorter: of equally many the shorter wins.
    let (count, _) = by_count.iter().enumerate().rev().max_by_key(|(_, rows)| **rows)?;
    let fifth = |row: &RawRow| row.numbers.get(4).copied().unwrap_or_default();
    let of_count = || rows.iter().filter(move |row| row.count == count);
    let rss = |row: &RawRow| row.numbers.get(3).copied().unwrap_or_default();
    let total_vm = |row: &RawRow| row.numbers.get(2).copied().unwrap_or_default();
    let fill_pages = of_count().all(|row| fifth(row) % 4096 == 0) && of_count().any(|row| fifth(row) > 0);
    let tail: &[&str] = match count {
        6 => &["cpu", "oom_adj"],
        // There are never more page tables than pages.
        7 if fill_pages || of_count().any(|row| fifth(row) > total_vm(row)) => {
            &["pgtables_bytes", "swapents", "oom_score_adj"]
        }
        // A page-table page maps 512 pages at most, so less of them cannot be page tables.
        7 if of_count().any(|row| fifth(row) < rss(row) / 512) => &["cpu", "oom_adj", "oom_score_adj"],
        7 if of_count().any(|row| fifth(row) > 0) => &["nr_ptes", "swapents", "oom_score_adj"],
        7 => &[],
        8 => &["nr_ptes", "nr_pmds", "swapents", "oom_score_adj"],
        10 => &["rss_anon", "rss_file", "rss_shmem", "pgtables_bytes", "swapents", "oom_score_adj"],
        _ => return None,
    };
    let columns = ["uid", "tgid", "total_vm", "rss"].iter().chain(tail).map(|column| (*column).to_owned()).collect();
    Some((count, columns))
}

/// Gives the numbers that a row has too many back to its name.
pub(super) fn shorten(row: &mut RawRow, count: usize) {
    if row.count <= count {
        return;
    }
    let mut name: Vec<String> =
        row.numbers.get(count..row.count).unwrap_or_default().iter().map(i64::to_string).collect();
    name.push(std::mem::take(&mut row.name));
    row.name = name.join(" ");
    row.count = count;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_by_its_header() {
        let columns = header("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name")
            .expect("a header");
        assert!(is_whole(&columns));
        let found = row(
            "[   1234]  1000  1234  2334720  1020928  9437184        0          -998 C2 Compiler 1",
            Some(&columns),
            7,
        )
        .expect("a row");
        assert_eq!((found.pid, found.name.as_str(), found.line), (1234, "C2 Compiler 1", 7));
        assert_eq!(found.number(&columns, "oom_score_adj"), Some(-998));
        assert_eq!(found.size(&columns, "rss"), Some(1_020_928));
        assert_eq!(found.size(&columns, "rss_anon"), None);
        assert_eq!(row("[   1234]  1000  1234  2334720  1020928  9437184", Some(&columns), 7), None);
        assert_eq!(row("[   1234]  1000  1234  2334720  1020928  9437184 0 0", Some(&columns), 7), None);
    }

    #[test]
    fn a_header_needs_its_pid() {
        assert_eq!(header("[ pid ] of the java process"), None);
        assert_eq!(header("[info] uid"), None);
        assert!(!is_whole(&header("[ pid ]   uid  tgid total_vm").expect("a header")));
        let cut = header("[ pid ]   uid  tgid total_vm rss rss_anon").expect("a header");
        assert!(complete(&cut).is_some_and(|columns| is_whole(&columns)));
        assert_eq!(complete(&header("[ pid ]   uid  tgid total_vm").expect("a header")), None);
    }

    #[test]
    fn columns_without_a_header_are_told_from_all_rows() {
        let infer_of = |lines: &[&str]| {
            let rows: Vec<_> = lines.iter().filter_map(|line| row(line, None, 1)).collect();
            infer(&rows).map(|(count, columns)| (count, columns.last().cloned().unwrap_or_default(), columns.len()))
        };
        let name = |name: &str| name.to_owned();
        assert_eq!(infer_of(&["[ 1] 0 1 10 5 0 -17 sshd"]), Some((6, name("oom_adj"), 6)));
        assert_eq!(
            infer_of(&["[ 1] 0 1 1310720 884736 1 0 0 java", "[ 2] 0 2 10 5 0 0 0 sh"]),
            Some((7, name("oom_score_adj"), 7))
        );
        let bytes =
            infer(&[row("[ 1] 0 1 1310720 884736 9437184 0 0 java", None, 1).expect("a row")]).expect("columns");
        assert!(bytes.1.contains(&name("pgtables_bytes")));
        let some = ["[ 1] 0 1 1310720 884736 9437184 0 0 java", "[ 2] 0 2 10 5 4097 0 0 sh"];
        let rows: Vec<_> = some.iter().filter_map(|line| row(line, None, 1)).collect();
        assert!(infer(&rows).expect("columns").1.contains(&name("pgtables_bytes")));
        let tables = infer(&[row("[ 1] 0 1 1310720 884736 2001 0 0 java", None, 1).expect("a row")]).expect("columns");
        assert!(tables.1.contains(&name("nr_ptes")));
        let ten = "[ 1] 0 1 2334720 1020928 1015808 5120 0 9437184 0 984 java";
        assert_eq!(infer_of(&[ten]).map(|found| found.0), Some(10));
    }

    #[test]
    fn a_name_of_digits_is_given_its_numbers_back() {
        let mut found = row("[ 1] 0 1 10 5 4096 0 0 7 zip", None, 1).expect("a row");
        shorten(&mut found, 7);
        assert_eq!((found.count, found.name.as_str()), (7, "7 zip"));
    }
}
