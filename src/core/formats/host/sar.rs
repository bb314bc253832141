//! Reads `sar -r`, `sar -S`, `sadf -d`, and `pidstat -r` of sysstat: memory and swap of the machine, and of JVMs, over time.
//!
//! ```text
//! Linux 5.15.0-91-generic (web01)   11/22/2026   _x86_64_   (2 CPU)
//!
//! 01:22:06    kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit  kbactive   kbinact   kbdirty
//! 01:22:07     15249280  22299768   1883864      7.63    131060   6266672    535212      2.17   1571448   6519044    181316
//! Average:     15249280  22299768   1883864      7.63    131060   6266672    535212      2.17   1571448   6519044    181316
//! ```
//!
//! Columns are found by name. `kb` is KiB; with `-h` cells have a suffix. What `kbmemused` counts has changed: the page cache is in
//! it as long as used and free are the whole memory by the printed share. An average is no reading. The date stands in the
//! first line, as the locale writes it; it is left out where day and month cannot be told, and behind midnight. The other
//! tables of sar are rates and are passed over. Source: sysstat, `sar(1)`, `sadf(1)`, `pidstat(1)`.

use super::draft::Draft;
use super::process::{cells, memory, read_cell};
use super::quantity::{amount, whole};
use super::series::{MAX_ROWS, Series};
use super::{Block, Context, Shape};
use crate::civil::{Civil, iso_date, iso_time, of_twelve_hours, time_of_day};
use crate::formats::Claim;
use crate::formats::jvm_options::is_jvm;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Wall};
use crate::units::Micros;

pub(super) const SHAPE: Shape = Shape { tool: "sar", claim, open };

/// Columns and our words.
const COLUMNS: &[(&str, &str)] = &[
    ("kbmemfree", "mem_free"),
    ("kbavail", "mem_available"),
    ("kbbuffers", "buffers"),
    ("kbcached", "cache"),
    ("kbcommit", "committed"),
    ("kbdirty", "dirty_file"),
    ("kbanonpg", "anon"),
    ("kbslab", "slab"),
    ("kbkstack", "kernel_stack"),
    ("kbpgtbl", "page_tables"),
    ("kbswpfree", "swap_free"),
    ("kbswpused", "swap_used"),
    ("kbswpcad", "swap_cached"),
];

/// First columns of the other tables, whose rows are passed over.
const OTHERS: &[&str] = &["pswpin/s", "pgpgin/s", "frmpg/s", "kbhugfree", "CPU", "tps", "runq-sz", "proc/s"];

/// What stands before the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    /// Time of day; true if it is printed with AM or PM.
    Clock(i64, bool),
    /// `sadf` prints date and time, an old `pidstat -h` seconds since 1970; `None` in a header.
    Wall(Option<Wall>),
    /// `Average:`, in the language of the locale.
    Average,
}

/// The label of a row, and the rest.
fn label(body: &str) -> Option<(Label, &str)> {
    if let Some((fields, rest)) = sadf(body) {
        let wall = match fields {
            "timestamp" => None,
            // A time without its zone is one of the machine's.
            _ => Some(iso_time(fields).map(|(wall, rest)| Wall { zone_known: rest.trim() == "UTC", ..wall })?),
        };
        return Some((Label::Wall(wall), rest));
    }
    if let Some(rest) = body.strip_prefix("# Time ") {
        return Some((Label::Wall(None), rest));
    }
    let (first, rest) = body.split_once([' ', '\t'])?;
    let rest = rest.trim_start();
    if let Some(seconds) = whole(first).filter(|_| first.len() == 10) {
        let micros = Micros::from_seconds(i64::try_from(seconds).ok()?)?;
        return Some((Label::Wall(Some(Wall { micros, zone_known: true, year_known: true })), rest));
    }
    let is_digit = |c: char| c.is_ascii_digit();
    let of_table = || rest.starts_with(is_digit) || header(rest).is_some();
    if first.ends_with(':') && !first.starts_with(is_digit) && of_table() {
        return Some((Label::Average, rest));
    }
    if let Some(hours) = first.strip_suffix('시') {
        let (minutes, rest) = rest.split_once("분 ")?;
        let (seconds, rest) = rest.split_once('초')?;
        let clock = format!("{hours}:{minutes}:{seconds}");
        return Some((Label::Clock(time_of_day(&clock)?.0, false), rest.trim_start()));
    }
    let (time, "") = time_of_day(first)? else { return None };
    let (half, after) = rest.split_once([' ', '\t'])?;
    match half {
        "AM" | "PM" => Some((Label::Clock(of_twelve_hours(time, half == "PM"), true), after.trim_start())),
        _ => Some((Label::Clock(time, false), rest)),
    }
}

/// `host;600;2026-11-22 01:22:20 UTC;…` and its header: the third field, and what follows.
fn sadf(body: &str) -> Option<(&str, &str)> {
    let mut fields = body.splitn(4, ';');
    let (_host, _interval) = (fields.next()?, fields.next()?);
    Some((fields.next()?, fields.next()?))
}

/// The columns of a header.
fn header(rest: &str) -> Option<Vec<String>> {
    let columns: Vec<&str> = rest.split([' ', '\t', ';']).filter(|word| !word.is_empty()).collect();
    let first = columns.first()?;
    let ours = columns.iter().any(|column| COLUMNS.iter().any(|(known, _)| known == column));
    let process = columns.contains(&"PID") && columns.contains(&"RSS") && columns.contains(&"VSZ");
    (ours || process || OTHERS.contains(first)).then(|| columns.into_iter().map(str::to_owned).collect())
}

/// `Linux 5.15.0 (web01) 11/22/2026 _x86_64_ (2 CPU)`: what follows the name of the machine.
fn first_line(body: &str) -> Option<&str> {
    let (_release, rest) = body.strip_prefix("Linux ")?.split_once(" (")?;
    let (host, rest) = rest.split_once(')')?;
    let date = rest.starts_with([' ', '\t']) && rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let end = rest.trim_end().ends_with(" CPU)") || rest.split_ascii_whitespace().count() == 1;
    (!host.contains(' ') && date && end).then_some(rest.trim())
}

/// A date as a locale prints it: month and day in one of two orders, or in the only one that can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Date {
    year: i32,
    month: u8,
    day: u8,
    /// Day and month may be the other way round.
    doubtful: bool,
}

fn date(text: &str) -> Option<Date> {
    if let Some((date, _)) = iso_date(text) {
        return Some(Date { year: date.year, month: date.month, day: date.day, doubtful: false });
    }
    let mut numbers = [0_u16; 3];
    let ends = ['/', '.', ' ', '\t', '년', '월', '일', '年', '月', '日'];
    let mut parts = text.split(ends).filter(|part| !part.is_empty());
    for number in &mut numbers {
        *number = parts.next()?.parse().ok()?;
    }
    let [a, b, c] = numbers;
    let (year, month, day) = match (a > 31, b > 12) {
        (true, _) => (a, b, c),
        (false, true) => (c, a, b),
        (false, false) if text.contains('.') || a > 12 && c > 31 => (c, b, a),
        // The first of two short numbers may be the year.
        (false, false) if a > 12 => return None,
        (false, false) => (c, a, b),
    };
    let doubtful = a <= 12 && b <= 12 && a != b && !text.contains('.');
    let year = i32::from(if year < 100 { year + 2000 } else { year });
    let date = Date { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()?, doubtful };
    (1..=12).contains(&date.month).then_some(date)
}

fn claim(body: &str) -> Claim {
    let header = || label(body).is_some_and(|(label, rest)| label != Label::Average && header(rest).is_some());
    match body.as_bytes().first() {
        Some(b'L') if first_line(body).is_some() => Claim::Strong,
        Some(b'0'..=b'9' | b'#') if header() => Claim::Strong,
        _ => Claim::None,
    }
}

struct Sar {
    date: Option<Date>,
    /// The clock of the first header, at which every table of a file begins.
    start: Option<i64>,
    /// The clock of the line before.
    clock: i64,
    columns: Vec<String>,
    series: Series,
    /// The last row, which may be cut.
    last: Option<Draft>,
}

fn open(line: &Line<'_>, _: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let (series, columns) = (Series::default(), Vec::new());
    let mut block = Sar { date: None, start: None, clock: 0, columns, series, last: None };
    let body = line.body.trim();
    if let Some(rest) = first_line(body) {
        block.date = date(rest);
        return Some(Box::new(block));
    }
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Sar {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if body.contains("LINUX RESTART") {
            return true;
        }
        let Some((label, rest)) = label(body) else { return false };
        if let Some(columns) = header(rest) {
            self.header(label, columns);
            return true;
        }
        let row: Vec<&str> = rest.split([' ', '\t', ';']).filter(|cell| !cell.is_empty()).collect();
        let process = self.columns.iter().any(|column| column == "PID");
        if self.columns.is_empty() || row.len() < self.columns.len() || !process && row.len() > self.columns.len() {
            return false;
        }
        if let Label::Clock(clock, _) = label {
            self.passes(clock);
        }
        if label == Label::Average {
            return true;
        }
        if process {
            return self.process(label, rest, line, out);
        }
        self.machine(label, &row, line, out)
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        if let Some(last) = self.last {
            last.push(out);
        }
    }
}

impl Sar {
    fn header(&mut self, label: Label, columns: Vec<String>) {
        if columns != self.columns {
            self.series = Series::default();
        }
        self.columns = columns;
        let Label::Clock(clock, _) = label else { return };
        match self.start {
            Some(start) if start == clock => self.clock = clock,
            Some(_) => self.passes(clock),
            None => (self.start, self.clock) = (Some(clock), clock),
        }
    }

    /// The clock goes on; behind midnight it is another day, and nobody says which.
    fn passes(&mut self, clock: i64) {
        if clock < self.clock {
            self.date = None;
        }
        self.clock = clock;
    }

    fn draft(&self, kind: HostKind, label: Label, line: &Line<'_>) -> Draft {
        let mut draft = Draft::new(kind, line);
        match label {
            Label::Wall(Some(wall)) => (draft.reading.time, draft.reading.local_time) = wall.split(),
            Label::Clock(time, halves) => {
                // With AM and PM goes the month before the day.
                let date = self.date.filter(|date| !date.doubtful || halves);
                let civil = date.map(|Date { year, month, day, .. }| Civil { year, month, day, time });
                if let Some(micros) = civil.and_then(Civil::micros) {
                    draft.reading.local_time = Some(micros);
                }
            }
            Label::Wall(None) | Label::Average => {}
        }
        draft
    }

    fn keep(&mut self, draft: Draft, line: &Line<'_>, out: &mut Readings) {
        if self.series.rows <= MAX_ROWS / 4 {
            out.keep(line);
        }
        if let Some(before) = self.last.replace(draft) {
            before.push(out);
        }
    }

    fn machine(&mut self, label: Label, row: &[&str], line: &Line<'_>, out: &mut Readings) -> bool {
        let is_number = |cell: &&str| cell.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if OTHERS.iter().any(|first| self.columns.first().is_some_and(|column| column == first)) {
            return row.iter().any(is_number);
        }
        if !row.iter().all(is_number) {
            return false;
        }
        let cell = |name: &str| {
            let at = self.columns.iter().position(|column| column == name)?;
            row.get(at).copied()
        };
        let size = |name: &str| cell(name).and_then(memory).map(|size| size.0);
        if !self.series.keeps(size("kbmemfree"), size("kbswpused").unwrap_or_default()) {
            return true;
        }
        let mut draft = self.draft(HostKind::Sar, label, line);
        for (column, cell) in self.columns.iter().zip(row) {
            if let Some((_, name)) = COLUMNS.iter().find(|(known, _)| known == column) {
                draft.size(name, memory(cell), line, cell);
            }
        }
        let hundredths = cell("%memused").and_then(|share| amount(share, 100)).map(|share| share.0);
        if let (Some(printed), Some(used), Some(share)) = (cell("kbmemused"), size("kbmemused"), hundredths)
            && let Some(free) = size("kbmemfree").filter(|_| whole(printed).is_some())
        {
            let of_both = used.saturating_mul(10_000) / used.saturating_add(free).max(1);
            if of_both.abs_diff(share) <= 1 {
                draft.size("mem_used_with_cache", memory(printed), line, printed);
            } else if of_both > share {
                draft.size("mem_used", memory(printed), line, printed);
            }
        }
        draft.extend(line);
        self.keep(draft, line, out);
        true
    }

    /// A row of `pidstat -r`; only those of JVMs are kept.
    fn process(&mut self, label: Label, rest: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(row) = cells(rest, self.columns.len()) else { return false };
        let mut draft = self.draft(HostKind::Pidstat, label, line);
        for (column, cell) in self.columns.iter().zip(row) {
            let name = if column == "Command" { "COMMAND" } else { column };
            if !read_cell(&mut draft, name, cell, line) {
                return false;
            }
        }
        if draft.reading.name.as_deref().is_some_and(is_jvm) && self.series.keeps(None, 0) {
            self.keep(draft, line, out);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;
    use crate::units::Bytes;

    const OLD: &str = "Linux 2.6.32-754.el6.x86_64 (db1) \t11/22/2026 \t_x86_64_\t(8 CPU)\n\n12:00:01 AM kbmemfree kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit\n12:10:01 AM    264224  16068048     98.38    152108   9315560   8117216     49.70\n12:10:01 PM    164224  16168048     98.99    152108   9315560   8117216     49.70\nAverage:       214224  16118048     98.68    152108   9315560   8117216     49.70\n";

    #[test]
    fn what_used_counts_is_told_by_its_share() {
        let out = read(OLD);
        let row = out.host.first().cloned().unwrap_or_default();
        assert_eq!(row.sizes.get("mem_free"), Some(&Bytes(264_224 << 10)));
        assert_eq!(row.sizes.get("mem_used_with_cache"), Some(&Bytes(16_068_048 << 10)));
        let new = "01:22:06    kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached\n01:22:07     15249280  22299768   1883864      7.63    131060   6266672\n";
        assert_eq!(first(new, "sar").sizes.get("mem_used"), Some(&Bytes(1_883_864 << 10)));
        assert_eq!(first(new, "sar").local_time, None);
    }

    #[test]
    fn averages_are_no_readings_and_clocks_of_twelve_hours_are_read() {
        let times: Vec<Option<Micros>> = read(OLD).host.iter().map(|row| row.local_time).collect();
        let midnight = 1_795_305_600;
        assert_eq!(times, [Micros::from_seconds(midnight + 601), Micros::from_seconds(midnight + 43_801)]);
    }

    #[test]
    fn a_date_that_may_be_two_is_none() {
        assert_eq!(date("11/22/26").map(|date| (date.month, date.day, date.doubtful)), Some((11, 22, false)));
        assert_eq!(date("22.11.2026").map(|date| (date.month, date.day, date.doubtful)), Some((11, 22, false)));
        assert_eq!(date("22/11/2026").map(|date| (date.month, date.day, date.doubtful)), Some((11, 22, false)));
        assert_eq!(date("22/11/26"), None);
        assert_eq!(date("2026년 11월 02일").map(|date| (date.month, date.day, date.doubtful)), Some((11, 2, false)));
        let text = OLD.replace("11/22/2026", "11/12/2026").replace(" AM", "").replace("12:10:01 PM", "12:20:01");
        assert_eq!(first(&text, "sar").local_time, None);
        assert_eq!(first(&text, "sar").sizes.len(), 5);
    }

    #[test]
    fn behind_midnight_there_is_no_date() {
        let text = "Linux 6.1.0 (a) \t2026-11-22 \t_x86_64_\t(2 CPU)\n\n23:59:50 kbswpfree kbswpused  %swpused\n23:59:55 100 50 33.33\n00:00:00 100 50 33.33\n";
        let dated: Vec<bool> = read(text).host.iter().map(|row| row.local_time.is_some()).collect();
        assert_eq!(dated, [true, false]);
        // The next table of a file begins where the first did.
        let text =
            format!("{}\n23:59:50 kbmemfree kbavail\n23:59:55 4096 4096\n", text.replace("00:00:00", "23:59:59"));
        assert!(read(&text).host.iter().all(|row| row.local_time.is_some()));
    }

    #[test]
    fn other_tables_give_no_figures() {
        let text = "01:22:14     pswpin/s pswpout/s\n01:22:15         0.00      0.00\n01:22:12     pgpgin/s pgpgout/s   fault/s\n01:22:13 264.00      0.00  34687.00\n";
        assert_eq!(read(text).host, []);
        assert_eq!(read("01:22:06 INFO kbmemfree is low\n01:22:07 something 12\n").host, []);
    }

    #[test]
    fn rows_of_sadf_have_their_zone() {
        let text = "# hostname;interval;timestamp;kbmemfree;kbavail\nvm;1;2026-11-23 01:22:20 UTC;14960592;22063952\n";
        let row = first(text, "sar");
        assert_eq!(
            (row.time, row.sizes.get("mem_available")),
            (Some(Micros(1_795_396_940_000_000)), Some(&Bytes(22_063_952 << 10)))
        );
    }

    #[test]
    fn jvms_of_pidstat_are_read() {
        let text = "Linux 5.15.0 (a) \t2026-11-22 \t_x86_64_\t(2 CPU)\n\n13:00:00      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n13:00:01     1000      4711      1.00      0.00 2470000  102616   0.41  java\n13:00:01     1000        12      1.00      0.00    2000    1000   0.01  bash\nAverage:     1000      4711      1.00      0.00 2470000  102616   0.41  java\n";
        let out = read(text);
        let rows: Vec<_> = out.host.iter().map(|row| (row.pid, row.sizes.get("rss").copied())).collect();
        assert_eq!(rows, [(Some(4711), Some(Bytes(102_616 << 10)))]);
    }
}
