//! Tables: long ones are described row by row, as they come into view.

use super::{By, Cell, Part, Teller};
use crate::analysis::badness::Score;

/// A heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// In words, or as it was printed.
    pub name: String,
    /// What it means, where that is not said by its name.
    pub about: Option<String>,
    /// True for numbers, which stand to the right.
    pub is_number: bool,
    /// What the table can be sorted by here.
    pub by: Option<By>,
}

impl Column {
    /// A column of words.
    pub fn of(name: String) -> Column {
        Column { name, ..Column::default() }
    }

    /// A column of numbers.
    pub fn of_numbers(name: String) -> Column {
        Column { is_number: true, ..Column::of(name) }
    }
}

/// What a row is among the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowKind {
    /// One of many.
    #[default]
    Plain,
    /// The sum of others.
    Total,
    /// A part of the one above.
    Part,
    /// The one that it is about.
    Marked,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What it is among the others.
    pub kind: RowKind,
    /// As many as the table has columns; the first is what the others are of.
    pub cells: Vec<Cell>,
    /// Index of its source, first and last line.
    pub lines: Option<(u16, u32, u32)>,
    /// How many rows of the text it stands for.
    pub same: usize,
}

impl Row {
    /// Of these cells.
    pub fn of(cells: Vec<Cell>) -> Row {
        Row { cells, same: 1, ..Row::default() }
    }

    /// The same on its lines.
    pub fn on(self, source: u16, first: u32, last: u32) -> Row {
        Row { lines: (first > 0).then_some((source, first, last)), ..self }
    }

    /// The same as what it is among the others.
    pub fn that_is(self, kind: RowKind) -> Row {
        Row { kind, ..self }
    }
}

/// Which table of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// The samples of a table of `jstat`, by its index.
    Samples(usize),
    /// The collections of a GC log, by its index.
    Collections(usize),
    /// The processes at a kill, by its index, and in which order.
    Processes(usize, By, bool),
    /// The call sites of a snapshot of NMT, by its index, with all words of a search.
    Sites(usize, String),
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// From left to right.
    pub columns: Vec<Column>,
    /// True if the lines of a row stand beside it, in a column of their own.
    pub has_lines: bool,
    rows: Rows,
}

#[derive(Clone, Debug, PartialEq)]
enum Rows {
    Told(Vec<Row>),
    /// Of which table, and what each row is of: two numbers, as that kind of table has them.
    Later(Of, Vec<(usize, usize)>, Vec<Score>),
}

impl Default for Rows {
    fn default() -> Rows {
        Rows::Told(Vec::new())
    }
}

impl Table {
    /// With all of its rows.
    pub fn of(caption: String, columns: Vec<Column>, rows: Vec<Row>) -> Table {
        Table { caption, columns, has_lines: false, rows: Rows::Told(rows) }
    }

    /// Its rows, where they are described already.
    pub fn told(&self) -> &[Row] {
        match &self.rows {
            Rows::Told(rows) => rows,
            Rows::Later(..) => &[],
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Told(rows) => rows.len(),
            Rows::Later(_, rows, _) => rows.len(),
        }
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Teller<'_> {
    /// A table of the report. Without rows if there is none such.
    pub fn table(&self, of: &Of) -> Table {
        let ((caption, columns, rows), scores) = match of {
            Of::Samples(at) => (self.samples(*at), Vec::new()),
            Of::Collections(at) => (self.collections(*at), Vec::new()),
            Of::Processes(at, by, ascending) => self.processes(*at, *by, *ascending),
            Of::Sites(at, search) => return self.sites(*at, search),
        };
        let has_lines = matches!(of, Of::Samples(_) | Of::Collections(_));
        Table { caption, columns, has_lines, rows: Rows::Later(of.clone(), rows, scores) }
    }

    /// One of its rows.
    pub fn row(&self, table: &Table, nth: usize) -> Row {
        let row = match &table.rows {
            Rows::Told(rows) => rows.get(nth).cloned(),
            Rows::Later(of, rows, scores) => rows.get(nth).and_then(|row| match of {
                Of::Samples(at) => self.sample(*at, *row),
                Of::Collections(_) => self.collection(row.1),
                Of::Processes(at, ..) => self.process(*at, row.0, *scores.get(row.0)?, &table.columns),
                Of::Sites(..) => None,
            }),
        };
        row.unwrap_or_default()
    }
}

/// What a long table is made of: what it shows, its columns, and what each row is of.
pub(super) type Made = (String, Vec<Column>, Vec<(usize, usize)>);

/// A cell of one text.
pub(super) fn cell(text: impl Into<String>) -> Cell {
    vec![Part::of(text)]
}
