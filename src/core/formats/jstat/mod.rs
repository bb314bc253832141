//! Reads `jstat -<option> [-t] [-h<n>] <vmid> [<interval> [<count>]]`: a header line, then one row per interval.
//!
//! ```text
//!  S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT …
//!  0.0   1024.0  0.0   1024.0 156672.0 26624.0   104448.0   89281.0   86128.0 83693.6 10536.0 9725.2    958    5.534 …
//! ```
//!
//! Sizes are KB of 1024 bytes with one decimal, percentages have two decimals, times are seconds with three, counts are
//! whole. Columns differ between options and JDKs and are found by name, never by position. `-` means "this collector
//! has no such value": absent, not zero, and not a warning. Source: OpenJDK, `jstat_options`; `man jstat`.

mod aligned;
mod columns;
mod prompt;
mod row;

use super::date::read_date;
use super::{Claim, Format, Reader};
use crate::civil::iso_time;
use crate::formats::apart;
use crate::model::jstat::{ABSENT, Cells, Column, Columns, JstatTable, decimals_of};
use crate::model::kind::EventKind;
use crate::model::numbers::Numbers;
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::order::InOrder as _;
use crate::source::{Line, Name, Places, Span, Wall};
use crate::units::Micros;
use crate::warning::{Warning, WarningKind, WarningSink};
use aligned::AlignedRows;
use columns::{collector_of, generation_of, is_header, is_text, layout_of_row, option_of};
use prompt::read_prompt;
use row::{Cell, Row, read_cells, read_word, split_glued};

/// True for an option of `jstat`, without its dash.
pub fn is_option(text: &str) -> bool {
    prompt::OPTIONS.contains(&text)
}

/// True for the name of a column.
pub fn is_column(text: &str) -> bool {
    columns::VOCABULARY.contains(&text)
}

/// True for a cause of a collection.
pub fn is_cause(text: &str) -> bool {
    CAUSES.contains(&text)
}

/// `jstat` tables.
pub static FORMAT: Format = Format { id: "jstat", claim, reader: || Box::new(JstatReader::default()) };

/// What newer builds say of a process that is not there.
const MONITOR_EXCEPTION: &str = "sun.jvmstat.monitor.MonitorException: ";
/// Rows of one table whose text is kept for evidence.
const KEPT_ROWS: usize = 64;
/// Torn samples of one table that are worth a warning each.
const MAX_TORN_WARNINGS: usize = 3;

fn claim(line: &Line<'_>) -> Claim {
    let body = line.body;
    if is_header(words(body)) {
        return Claim::Strong;
    }
    // `jstat` and `sun.jvmstat`.
    if body.contains("stat") {
        let is_own = body.contains("jstat") && read_prompt(body).is_some() || body.contains(MONITOR_EXCEPTION);
        return if is_own { Claim::Strong } else { Claim::None };
    }
    let only_numbers = body.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',' | b'-' | b' ' | b'\t'));
    if only_numbers && layout_of_row(&words(body).collect::<Vec<_>>()).is_some() {
        return Claim::Weak;
    }
    Claim::None
}

/// Words of a row or header; the bars of a Markdown table count as blanks.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split([' ', '\t', '|', '\r']).filter(|word| !word.is_empty())
}

#[derive(Default)]
struct JstatReader {
    prompt: Option<SeenPrompt>,
    table: Option<OpenTable>,
    /// What `date` printed above the first row.
    clock: Option<Clock>,
}

/// A command line that has not met its table yet.
struct SeenPrompt {
    option: String,
    pid: Option<u32>,
    interval: Option<Micros>,
    count: Option<u64>,
    line: u32,
    at: Places,
}

struct OpenTable {
    table: JstatTable,
    /// Cells before the text columns.
    numeric: usize,
    aligned: AlignedRows,
    /// The beginning of a row that a terminal wrapped.
    wrapped: Option<Wrapped>,
    foreign: u32,
    header: Vec<String>,
    /// Headers printed again below other lines: the row that follows, and where.
    headings: Vec<(usize, Span)>,
    /// What `date` printed above the next row.
    clock: Option<Clock>,
}

/// A line with nothing but a date and a time.
#[derive(Clone, Copy)]
struct Clock {
    wall: Wall,
    at: crate::source::Span,
}

/// Lines from the date to its row: the header may stand between.
const CLOCK_LINES: u32 = 2;

/// The clock of a line that `date` printed.
fn clock_line(line: &Line<'_>) -> Option<Clock> {
    let body = line.body.trim();
    let wall = read_date(body).filter(|wall| wall.year_known)?;
    Some(Clock { wall, at: line.span_of(body) })
}

struct Wrapped {
    text: String,
    line: u32,
    span: crate::source::Span,
    cells: usize,
}

impl Reader for JstatReader {
    fn bulk(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        match &mut self.table {
            Some(open) if open.wrapped.is_none() => open.take_plain_row(line, out),
            _ => false,
        }
    }

    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(open) = &mut self.table else {
            self.clock = clock_line(line).or(self.clock).filter(|_| self.prompt.is_some());
            return self.take_refusal(line, out);
        };
        let body = line.body.trim();
        if body.is_empty() {
            return true;
        }
        if open.take_row(line, out) {
            open.foreign = 0;
            return true;
        }
        open.flush_wrapped(out);
        if is_header(words(body)) || read_prompt(body).is_some() {
            return false;
        }
        // Others may have a use for the date, too.
        open.clock = clock_line(line).or(open.clock);
        open.foreign = open.foreign.saturating_add(1);
        if open.foreign > apart::IN_A_REPORT {
            self.close(out);
        }
        false
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body;
        if is_header(words(body)) {
            self.open_header(line, out);
            return true;
        }
        if let Some(prompt) = read_prompt(body) {
            self.close(out);
            let mut at = Places::default();
            if let Some((_, word)) = prompt.pid {
                at.put("pid", line.span_of(word));
            }
            if let Some((_, word)) = prompt.interval {
                at.put("interval", line.span_of(word));
            }
            out.keep(line);
            self.prompt = Some(SeenPrompt {
                option: prompt.option.to_owned(),
                pid: prompt.pid.map(|(pid, _)| pid),
                interval: prompt.interval.map(|(interval, _)| interval),
                count: prompt.count,
                line: line.number,
                at,
            });
            return true;
        }
        if body.contains(MONITOR_EXCEPTION) {
            self.close(out);
            self.fail(line, out);
            return true;
        }
        self.open_headerless(line, out)
    }

    fn finish(&mut self, out: &mut Readings) {
        self.close(out);
    }
}

impl JstatReader {
    /// `17692 not found` and `Could not attach to 17692`, which say something only right below the command.
    fn take_refusal(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let digits = body.strip_suffix(" not found").or_else(|| body.strip_prefix("Could not attach to "));
        let pid = digits.and_then(|digits| digits.parse::<u32>().ok());
        let is_answer = self
            .prompt
            .as_ref()
            .is_some_and(|prompt| pid.is_some() && prompt.pid == pid && line.since(prompt.line) <= CLOCK_LINES);
        if is_answer {
            self.fail(line, out);
        }
        is_answer
    }

    /// `jstat` got nothing from the process of the command above.
    fn fail(&mut self, line: &Line<'_>, out: &mut Readings) {
        out.keep(line);
        let pid = self.prompt.take().and_then(|prompt| prompt.pid);
        out.events.push(Event { pid, ..Event::on(line, EventKind::JstatFailed) });
    }

    fn open_header(&mut self, line: &Line<'_>, out: &mut Readings) {
        let header: Vec<String> = words(line.body).map(str::to_owned).collect();
        if let Some(open) = &mut self.table {
            open.flush_wrapped(out);
            // `-h`: the header is repeated every few rows.
            if self.prompt.is_none() && open.header == header {
                open.foreign = 0;
                // Where lines lie between, it may be another table.
                if open.clock.is_none() && line.since(open.table.last_line) > 1 {
                    open.headings.push((open.table.rows, line.span()));
                }
                return;
            }
            // A header that a terminal wrapped: the second half follows the first before any row.
            if self.prompt.is_none() && open.table.rows == 0 && line.since(open.table.last_line) == 1 {
                let joined: Vec<String> = open.header.iter().chain(&header).cloned().collect();
                let is_one = option_of(&joined).is_some_and(|option| generation_of(option, &joined).is_some());
                if is_one && !open.header.iter().any(|name| header.contains(name)) {
                    out.warn_line(line, WarningKind::WrapRepaired);
                    let table = std::mem::replace(&mut open.table, empty_table(line));
                    *open = OpenTable::new(JstatTable { last_line: line.number, ..table }, joined);
                    return;
                }
            }
        }
        let clock = self.table.as_ref().and_then(|open| open.clock).or(self.clock.take());
        self.close(out);
        let mut table = empty_table(line);
        let Some(option) = option_of(&header) else {
            out.warn_line(line, WarningKind::Unreadable { format: "jstat".to_owned() });
            return;
        };
        table.option = option.to_owned();
        self.tell_prompt(&mut table);
        table.at.put("columns", line.span());
        out.keep(line);
        self.table = Some(OpenTable { clock, ..OpenTable::new(table, header) });
    }

    /// Puts what the command above says into its table.
    fn tell_prompt(&mut self, table: &mut JstatTable) {
        let of_table = |prompt: &SeenPrompt| prompt.option == table.option;
        if let Some(SeenPrompt { pid, interval, count, line, at, .. }) = self.prompt.take().filter(of_table) {
            (table.pid, table.interval, table.count, table.first_line, table.at) = (pid, interval, count, line, at);
        }
    }

    /// Rows whose header was cut off, where their shape leaves one layout only.
    fn open_headerless(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let cells: Vec<&str> = words(line.body).collect();
        let Some((option, _, header)) = layout_of_row(&cells) else { return false };
        self.close(out);
        let mut table = empty_table(line);
        table.option = option.to_owned();
        table.columns_inferred = true;
        // `jstat -gc 4711 | tail -1` in a loop.
        self.tell_prompt(&mut table);
        out.warn_line(line, WarningKind::LayoutInferred { layout: format!("jstat -{option}") });
        let mut open = OpenTable { clock: self.clock.take(), ..OpenTable::new(table, header) };
        if !open.take_row(line, out) {
            return false;
        }
        self.table = Some(open);
        true
    }

    fn close(&mut self, out: &mut Readings) {
        if let Some(mut open) = self.table.take() {
            open.flush_wrapped(out);
            open.finish(out);
        }
    }
}

fn empty_table(line: &Line<'_>) -> JstatTable {
    JstatTable {
        run: String::new(),
        source: line.source,
        option: String::new(),
        pid: None,
        interval: None,
        count: None,
        generation: None,
        collector: None,
        collector_reason: None,
        columns_inferred: false,
        rows: 0,
        columns: Vec::new(),
        data: Columns::default(),
        lines: Vec::new(),
        wall: Vec::new(),
        wall_zone_known: false,
        first_line: line.number,
        last_line: line.number,
        restarts: Vec::new(),
        kept: Vec::new(),
        at: Places::default(),
    }
}

impl OpenTable {
    fn new(mut table: JstatTable, header: Vec<String>) -> OpenTable {
        let mut names: Vec<Name> = Vec::with_capacity(header.len());
        for name in header.iter().map(|name| Name::from(name.as_str())) {
            let twin = names.contains(&name);
            names.push(if twin { format!("{}#2", &*name).as_str().into() } else { name });
        }
        table.generation = generation_of(&table.option, &header).map(str::to_owned);
        table.data = Columns(
            names
                .iter()
                .map(|name| Column {
                    name: name.clone(),
                    cells: if is_text(name) {
                        Cells::Text { texts: Vec::new(), values: Vec::new() }
                    } else {
                        Cells::Fixed { decimals: decimals_of(name), values: Numbers::default() }
                    },
                })
                .collect(),
        );
        let numeric = header.iter().take_while(|name| !is_text(name)).count();
        let aligned = AlignedRows::new(names.len());
        table.columns = names;
        OpenTable { table, numeric, aligned, wrapped: None, foreign: 0, header, headings: Vec::new(), clock: None }
    }

    /// A row that is just what it should be: the fast path, straight into the columns. `false` without a trace otherwise.
    fn take_plain_row(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.numeric != self.header.len() || line.is_cut() {
            return false;
        }
        let Some(cells) = self.aligned.read(line.body) else { return false };
        let fits = |(cell, column): (Cell, &Column)| match column.cells {
            Cells::Fixed { decimals, .. } => cell.decimals == decimals || cell.digits == ABSENT,
            Cells::Text { .. } => false,
        };
        if !cells.clone().zip(&self.table.data.0).all(fits) {
            return false;
        }
        for (cell, column) in cells.zip(&mut self.table.data.0) {
            if let Cells::Fixed { values, .. } = &mut column.cells {
                values.push(cell.digits);
            }
        }
        self.end_row(None, line, out);
        true
    }

    /// A row in any shape that still is surely one.
    fn take_row(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if let Some(wrapped) = self.wrapped.take() {
            if self.join(&wrapped, line, out) {
                return true;
            }
            self.warn_short(&wrapped, out);
        }
        let body = line.body.trim_end();
        let plain = body.contains('|').then(|| body.replace('|', " "));
        let body = plain.as_deref().unwrap_or(body);
        // `^C` behind the last row, and what a shell printed behind that.
        let body = body.split_once('^').map_or(body, |(row, _)| row.trim_end());
        if is_table_rule(body) {
            return plain.is_some();
        }
        self.take_text(body, line, out)
    }

    fn take_text(&mut self, body: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let has_text = self.numeric != self.header.len();
        let row = read_cells(body, self.numeric);
        let text = row.text_from.and_then(|at| body.get(at..));
        // Causes and methods have letters and begin with no digit; more numbers and sizes are another table's row.
        let is_word = |text: &str| {
            text.contains(|c: char| c.is_ascii_alphabetic()) && !text.starts_with(|c: char| c.is_ascii_digit())
        };
        let fits = text.is_none_or(|text| has_text && is_word(text));
        if row.cells.len() == self.numeric && fits {
            self.push(&row, text, None, line, out);
            return true;
        }
        let cells: Vec<&str> = body.split_ascii_whitespace().collect();
        self.take_absent_words(&cells, line, out)
            || self.take_glued(&cells, line, out)
            || self.take_behind_clock(&cells, line, out)
            || self.begin_wrapped(body, &cells, line)
    }

    /// A row in which `NaN` or `?` stands for 0/0.
    fn take_absent_words(&mut self, words: &[&str], line: &Line<'_>, out: &mut Readings) -> bool {
        if words.len() != self.header.len() || self.numeric != self.header.len() {
            return false;
        }
        let cells: Option<Vec<Cell>> = words.iter().map(|word| read_word(word)).collect();
        match cells {
            Some(cells) => {
                self.push_cells(&cells, None, None, line, out);
                true
            }
            None => false,
        }
    }

    /// A row in which a damaged copy glued cells together.
    fn take_glued(&mut self, words: &[&str], line: &Line<'_>, out: &mut Readings) -> bool {
        if words.len() >= self.header.len() || self.numeric != self.header.len() {
            return false;
        }
        let mut parts: Vec<&str> = Vec::with_capacity(self.header.len());
        for word in words {
            let first = parts.len();
            let decimals =
                |nth: usize| self.table.columns.get(first.saturating_add(nth)).map_or(0, |name| decimals_of(name));
            match split_glued(word, decimals) {
                Some(split) => parts.extend(split),
                None => parts.push(word),
            }
        }
        if parts.len() != self.header.len() || parts.len() == words.len() {
            return false;
        }
        let Some(cells) = parts.iter().map(|word| read_word(word)).collect::<Option<Vec<Cell>>>() else { return false };
        out.warn_line(line, WarningKind::WrapRepaired);
        self.push_cells(&cells, None, None, line, out);
        true
    }

    /// A row behind a date and time that a wrapper printed.
    fn take_behind_clock(&mut self, words: &[&str], line: &Line<'_>, out: &mut Readings) -> bool {
        let extra = match words.len().checked_sub(self.header.len()) {
            Some(extra) if (1..=6).contains(&extra) && self.numeric == self.header.len() => extra,
            _ => return false,
        };
        let (prefix, rest) = words.split_at_checked(extra).unwrap_or_default();
        let Some(cells) = rest.iter().map(|word| read_word(word)).collect::<Option<Vec<Cell>>>() else { return false };
        let wall = read_clock(prefix);
        if wall.is_none() && prefix.iter().all(|word| read_word(word).is_some()) {
            return false; // More numbers than columns: not a row of this table.
        }
        if wall.is_some() && self.table.wall.is_empty() {
            self.table.at.put("wall", line.span_of(prefix.first().copied().unwrap_or_default()));
        }
        self.push_cells(&cells, None, wall, line, out);
        true
    }

    /// A row with too few cells may go on in the next line.
    fn begin_wrapped(&mut self, body: &str, words: &[&str], line: &Line<'_>) -> bool {
        let numeric = words.iter().all(|word| read_word(word).is_some());
        if !numeric || words.is_empty() || words.len() >= self.numeric || words.len() < 2 {
            return false;
        }
        self.wrapped =
            Some(Wrapped { text: body.to_owned(), line: line.number, span: line.span(), cells: words.len() });
        true
    }

    /// Puts the two halves of a row together, at a blank or inside a number, whichever gives a full row.
    fn join(&mut self, wrapped: &Wrapped, line: &Line<'_>, out: &mut Readings) -> bool {
        if line.since(wrapped.line) != 1 || self.numeric != self.header.len() {
            return false;
        }
        let second = line.body.trim_end();
        for joined in [format!("{} {second}", wrapped.text), format!("{}{second}", wrapped.text)] {
            let row = read_cells(&joined, self.numeric);
            if row.cells.len() == self.numeric && row.text_from.is_none() {
                out.warn(Warning { span: wrapped.span, kind: WarningKind::WrapRepaired });
                let first = Line { number: wrapped.line, ..*line };
                self.push(&row, None, None, &first, out);
                self.table.last_line = line.number;
                return true;
            }
        }
        false
    }

    fn flush_wrapped(&mut self, out: &mut Readings) {
        if let Some(wrapped) = self.wrapped.take() {
            self.warn_short(&wrapped, out);
        }
    }

    fn warn_short(&self, wrapped: &Wrapped, out: &mut Readings) {
        let kind = WarningKind::ShortRow { expected: self.header.len(), found: wrapped.cells };
        out.warn(Warning { span: wrapped.span, kind });
    }

    fn push(&mut self, row: &Row, text: Option<&str>, wall: Option<Wall>, line: &Line<'_>, out: &mut Readings) {
        self.push_cells(&row.cells, text, wall, line, out);
    }

    fn push_cells(
        &mut self,
        cells: &[Cell],
        text: Option<&str>,
        wall: Option<Wall>,
        line: &Line<'_>,
        out: &mut Readings,
    ) {
        let cut = line.is_cut();
        let ends_in_number = cut && text.is_none() && !line.body.ends_with([' ', '\t']);
        let mut columns = self.table.data.0.iter_mut();
        for (at, cell) in cells.iter().enumerate() {
            if let Some(Column { name, cells: Cells::Fixed { decimals, values } }) = columns.next() {
                let mut cell = *cell;
                if ends_in_number && at + 1 == cells.len() && may_be_cut(cell, *decimals, values) {
                    out.warn_cut(line, name);
                    cell.digits = ABSENT;
                }
                let value = scaled(cell, decimals, values);
                values.push(value);
            }
        }
        let count = self.header.len() - self.numeric;
        let mut texts = text.map(|text| split_texts(text, count)).unwrap_or_default();
        if cut && (texts.len() < count || texts.last().is_some_and(|text| text.is_empty())) {
            // Without the last of them the one before may lack its end.
            texts.clear();
        }
        let mut texts = texts.into_iter();
        for column in columns {
            match &mut column.cells {
                Cells::Text { texts: known, values } => {
                    let text = texts.next().unwrap_or_default();
                    let at = known.iter().position(|known| known == text).unwrap_or_else(|| {
                        known.push(text.to_owned());
                        known.len() - 1
                    });
                    values.push(u32::try_from(at).unwrap_or(u32::MAX));
                }
                // Behind words nobody can tell where a number begins; every column has as many cells as the others.
                Cells::Fixed { values, .. } => values.push(ABSENT),
            }
        }
        self.end_row(wall, line, out);
    }

    /// What every row has besides its cells.
    fn end_row(&mut self, wall: Option<Wall>, line: &Line<'_>, out: &mut Readings) {
        let above = self.clock.take().filter(|clock| line.since(clock.at.line) <= CLOCK_LINES);
        let wall = wall.or(line.stamp.wall.filter(|wall| wall.year_known)).or_else(|| {
            let clock = above?;
            if self.table.wall.is_empty() {
                self.table.at.put("wall", clock.at);
            }
            Some(clock.wall)
        });
        if wall.is_some() || !self.table.wall.is_empty() {
            self.table.wall.resize(self.table.rows, None);
            self.table.wall.push(wall.map(|wall| wall.micros));
            self.table.wall_zone_known = wall.map_or(self.table.wall_zone_known, |wall| wall.zone_known);
        }
        if self.table.rows < KEPT_ROWS {
            out.keep(line);
        }
        self.table.rows += 1;
        self.table.lines.push(line.number);
        self.table.last_line = line.number;
    }

    fn finish(mut self, out: &mut Readings) {
        if self.table.rows == 0 {
            // The header may be cut as well, and then it is that of an older JDK.
            self.table.generation = None;
            let span = crate::source::Span { source: self.table.source, line: self.table.first_line, start: 0, end: 0 };
            out.warn(Warning { span, kind: WarningKind::CutOff { format: "jstat".to_owned() } });
        }
        self.table.restarts = restarts(&self.table);
        let restarts = self.table.restarts.clone();
        let apart = |(row, _): &&(usize, Span)| restarts.binary_search(row).is_ok();
        let begins = self.headings.iter().rev().filter(apart);
        let mut others: Vec<JstatTable> = begins.map(|(row, header)| part_of(&mut self.table, *row, *header)).collect();
        others.reverse();
        for table in std::iter::once(self.table).chain(others) {
            finish_table(table, out);
        }
    }
}

fn finish_table(mut table: JstatTable, out: &mut Readings) {
    table.restarts = restarts(&table);
    if let Some((collector, reason)) = collector_of(&table) {
        table.collector = Some(collector.to_owned());
        table.collector_reason = Some(reason.to_owned());
    }
    warn_torn(&table, out);
    out.jstat.push(table);
}

/// Takes out the rows from one on, which stand below a header of their own and whose counters do not go on: of another JVM, as
/// far as the text says.
fn part_of(table: &mut JstatTable, from: usize, header: Span) -> JstatTable {
    let mut part = table.split_off(from);
    for table in [&mut *table, &mut part] {
        table.last_line = table.lines.last().copied().unwrap_or(table.last_line);
    }
    part.first_line = header.line;
    (part.pid, part.interval, part.count) = (None, None, None);
    part.at = Places::default();
    part.at.put("columns", header);
    part
}

/// True if a number that ends the text may lack digits: it has fewer behind its point than its column, or, without a point, is less
/// than the last of its column, since counts only grow.
fn may_be_cut(cell: Cell, decimals: u8, values: &Numbers) -> bool {
    if cell.digits == ABSENT {
        return false;
    }
    if decimals > 0 {
        return cell.decimals < decimals;
    }
    let last = values.iter().rev().find(|value| *value != ABSENT);
    cell.digits != 0 && last.is_none_or(|last| cell.digits < last)
}

/// The cell at the column's scale. A cell with more decimals than the column so far widens the column.
fn scaled(cell: Cell, decimals: &mut u8, values: &mut Numbers) -> i64 {
    if cell.digits == ABSENT || cell.decimals == *decimals {
        return cell.digits;
    }
    let mut digits = cell.digits;
    for _ in cell.decimals..*decimals {
        digits = digits.checked_mul(10).unwrap_or(ABSENT);
    }
    for _ in *decimals..cell.decimals {
        let wider = |value: i64| if value == ABSENT { ABSENT } else { value.checked_mul(10).unwrap_or(ABSENT) };
        *values = values.iter().map(wider).collect();
        *decimals += 1;
    }
    digits
}

/// The causes that a collection can have, for splitting two of them that stand side by side.
const CAUSES: &[&str] = &[
    "No GC",
    "Allocation Failure",
    "Metadata GC Threshold",
    "Metadata GC Clear Soft References",
    "System.gc()",
    "Ergonomics",
    "GCLocker Initiated GC",
    "Heap Inspection Initiated GC",
    "Heap Dump Initiated GC",
    "Diagnostic Command",
    "Last ditch collection",
    "JvmtiEnv ForceGarbageCollection",
    "G1 Evacuation Pause",
    "G1 Humongous Allocation",
    "G1 Preventive Collection",
    "G1 Periodic Collection",
    "G1 Compaction Pause",
    "CMS Initial Mark",
    "CMS Final Remark",
    "CMS Generation Full",
    "Tenured Generation Full",
    "Old Generation Expanded On Last Scavenge",
    "Old Generation Too Full To Scavenge",
    "Warmup",
    "Timer",
    "Allocation Rate",
    "Allocation Stall",
    "Proactive",
    "High Usage",
    "Concurrent GC",
    "Upgrade To Full GC",
    "Stopping VM",
    "CodeCache GC Threshold",
    "CodeCache GC Aggressive",
    "unknown GCCause",
];

/// Splits the text columns: by the longest known cause, else at two blanks, else everything in the first.
fn split_texts(text: &str, columns: usize) -> Vec<&str> {
    let text = text.trim();
    if columns < 2 {
        return vec![text];
    }
    let known = CAUSES.iter().filter(|cause| text.starts_with(**cause)).max_by_key(|cause| cause.len());
    let split = match known {
        Some(cause) => text.split_at_checked(cause.len()),
        None => text.split_once("  "),
    };
    match split {
        Some((first, second)) => vec![first.trim(), second.trim()],
        None => vec![text],
    }
}

/// The rule between head and body of a Markdown table.
fn is_table_rule(body: &str) -> bool {
    body.contains("--") && body.bytes().all(|byte| matches!(byte, b'-' | b':' | b' '))
}

/// `2026-03-01 10:00:05`, `2026-03-01T10:00:05.123+01:00`, `[2026-03-01 10:00:05]`, read as if UTC where no zone stands.
fn read_clock(words: &[&str]) -> Option<Wall> {
    let text = words.join(" ");
    iso_time(text.trim_start_matches('[')).map(|(wall, _)| wall)
}

/// Rows before which a counter fell: another JVM runs under the same command from there on.
fn restarts(table: &JstatTable) -> Vec<usize> {
    let mut rows = Vec::new();
    for name in ["YGC", "FGC", "GCT", "Timestamp"] {
        if let Some(Column { cells: Cells::Fixed { values, .. }, .. }) = table.column(name) {
            let mut last = ABSENT;
            for (row, value) in values.changes() {
                if value != ABSENT {
                    if value < last {
                        rows.push(row);
                    }
                    last = value;
                }
            }
        }
    }
    rows.order();
    rows.dedup();
    rows
}

/// Soft checks: used within capacity, times that add up. `jstat` reads counters one by one, so single rows may fail.
fn warn_torn(table: &JstatTable, out: &mut Readings) {
    let column = |name: &str| {
        table.column(name).and_then(|column| match &column.cells {
            Cells::Fixed { values, .. } => Some(values),
            Cells::Text { .. } => None,
        })
    };
    let mut torn: Vec<(usize, &'static str)> = Vec::new();
    for (used, capacity, name) in
        [("S0U", "S0C", "S0U"), ("S1U", "S1C", "S1U"), ("EU", "EC", "EU"), ("OU", "OC", "OU"), ("MU", "MC", "MU")]
    {
        if let (Some(used), Some(capacity)) = (column(used), column(capacity)) {
            let rows = used.iter().zip(capacity.iter()).enumerate();
            let above = rows.filter(|(_, (used, capacity))| *capacity != ABSENT && *used > capacity.saturating_add(1));
            torn.extend(above.map(|(row, _)| (row, name)));
        }
    }
    if let Some(total) = column("GCT") {
        let has_young = column("YGCT").is_some();
        let parts: Vec<&Numbers> = ["YGCT", "FGCT", "CGCT"].iter().filter_map(|name| column(name)).collect();
        for (row, total) in total.iter().enumerate() {
            let cell = |part: &&Numbers| part.get(row).filter(|value| *value != ABSENT).unwrap_or(0);
            let sum: i64 = parts.iter().map(cell).fold(0, i64::saturating_add);
            // Tables of the old generation leave out the time of the young one.
            let exceeds = sum > total.saturating_add(2);
            if total != ABSENT && (exceeds || has_young && total.abs_diff(sum) > 2) {
                torn.push((row, "GCT"));
            }
        }
    }
    let span = |row: usize| crate::source::Span {
        source: table.source,
        line: table.lines.get(row).copied().unwrap_or(table.first_line),
        start: 0,
        end: 0,
    };
    if table.rows >= 4 && torn.len() > table.rows / 2 {
        out.warn(Warning { span: span(0), kind: WarningKind::ColumnsMayBeMisread });
        return;
    }
    for (row, name) in torn.into_iter().take(MAX_TORN_WARNINGS) {
        out.warn(Warning { span: span(row), kind: WarningKind::TornSample { column: name.to_owned() } });
    }
}

#[cfg(test)]
mod tests;
