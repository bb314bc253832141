//! `jstat` tables: one vector per column, integers scaled by the column's decimals.

use std::borrow::Cow;
use std::collections::HashMap;

use super::numbers::Numbers;
use crate::json::{Json, Reader, Schema, Shape, Writer, schema};
use crate::source::{Name, Places};
use crate::units::Micros;

/// One series of `jstat` rows of one process and one option.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct JstatTable {
    /// Id of the run it belongs to; empty until runs are assembled.
    pub run: String,
    /// Index of the source.
    pub source: u16,
    /// The option without its dash: `gc`, `gcutil`, …
    pub option: String,
    /// From the prompt.
    pub pid: Option<u32>,
    /// From the prompt.
    pub interval: Option<Micros>,
    /// How many rows were asked for, from the prompt.
    pub count: Option<u64>,
    /// JDK generation that the columns tell: `5-7`, `8-10`, `11+`.
    pub generation: Option<String>,
    /// Collector that the columns and values tell; see [`JstatTable::collector_reason`].
    pub collector: Option<String>,
    /// Catalogue key of the reason for `collector`.
    pub collector_reason: Option<String>,
    /// True if the paste had no header and the columns were told by their number.
    #[json(omit)]
    pub columns_inferred: bool,
    /// Number of rows.
    pub rows: usize,
    /// Column names in printed order. A name printed twice (`-class`: `Bytes`) gets `#2` at its second place.
    pub columns: Vec<Name>,
    /// The values.
    pub data: Columns,
    /// Line of each row.
    pub lines: Vec<u32>,
    /// Wall-clock time of each row where a wrapper or transport printed one: microseconds since the epoch, read as if UTC
    /// unless `wall_zone_known`.
    #[json(omit)]
    pub wall: Vec<Option<Micros>>,
    /// True if the times in `wall` are UTC.
    #[json(omit)]
    pub wall_zone_known: bool,
    /// First line: the prompt or the header.
    pub first_line: u32,
    /// Last row.
    pub last_line: u32,
    /// Rows at which counters fell: the JVM restarted before this row (0-based).
    #[json(omit)]
    pub restarts: Vec<usize>,
    /// Of a table that was reduced to fit into a link, which row each one was (0-based); empty for a whole table.
    #[json(omit)]
    pub kept: Vec<u32>,
    /// Where `pid`, `interval` and the header stand.
    #[json(omit)]
    pub at: Places,
}

impl JstatTable {
    /// Leaves out the other rows.
    pub fn retain_rows(&mut self, keep: &dyn Fn(usize) -> bool) {
        fn retain<T>(values: &mut Vec<T>, keep: &dyn Fn(usize) -> bool) {
            let mut row = 0;
            values.retain(|_| {
                row += 1;
                keep(row - 1)
            });
        }
        for column in &mut self.data.0 {
            match &mut column.cells {
                Cells::Fixed { values, .. } => {
                    let kept = values.iter().enumerate().filter(|(row, _)| keep(*row));
                    *values = kept.map(|(_, value)| value).collect();
                }
                Cells::Text { values, .. } => retain(values, keep),
            }
        }
        retain(&mut self.lines, keep);
        retain(&mut self.wall, keep);
        let left_before = |row: usize| (0..row).filter(|row| keep(*row)).count();
        self.restarts = self.restarts.iter().filter(|row| keep(**row)).map(|row| left_before(*row)).collect();
        self.rows = self.lines.len();
    }

    /// Takes the rows from one on into a table of their own.
    pub fn split_off(&mut self, row: usize) -> JstatTable {
        let mut columns = std::mem::take(&mut self.data);
        let (mut lines, mut wall) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.wall));
        let mut part = self.clone();
        for column in &mut columns.0 {
            let cells = match &mut column.cells {
                Cells::Fixed { decimals, values } => {
                    Cells::Fixed { decimals: *decimals, values: values.split_off(row) }
                }
                Cells::Text { texts, values } => {
                    Cells::Text { texts: texts.clone(), values: values.split_off(row.min(values.len())) }
                }
            };
            part.data.0.push(Column { name: column.name.clone(), cells });
        }
        part.lines = lines.split_off(row.min(lines.len()));
        part.wall = wall.split_off(row.min(wall.len()));
        let restarts = self.restarts.partition_point(|restart| *restart < row);
        part.restarts = self.restarts.split_off(restarts).into_iter().map(|restart| restart - row).collect();
        (self.data, self.lines, self.wall) = (columns, lines, wall);
        (self.rows, part.rows) = (self.lines.len(), part.lines.len());
        part
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.data.0.iter().find(|column| column.name == *name)
    }

    /// A cell as a number in the column's printed unit. `None` if absent.
    pub fn value(&self, name: &str, row: usize) -> Option<f64> {
        self.column(name)?.value(row)
    }

    /// Seconds from the first row to `row`: by `Timestamp`, else by the interval. `None` without a time base.
    pub fn relative_time(&self, row: usize) -> Option<Micros> {
        if let Some(stamps) = self.column("Timestamp") {
            return stamps
                .fixed(row)
                .zip(stamps.fixed(0))
                .map(|(now, first)| Micros(now.saturating_sub(first).saturating_mul(100_000)));
        }
        let interval = self.interval?;
        interval.0.checked_mul(self.row_number(row)?).map(Micros)
    }

    /// Which row of the whole table a row is.
    pub fn row_number(&self, row: usize) -> Option<i64> {
        match self.kept.is_empty() {
            true => i64::try_from(row).ok(),
            false => self.kept.get(row).map(|number| i64::from(*number)),
        }
    }
}

/// The columns of a table in printed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(pub Vec<Column>);

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name as printed.
    pub name: Name,
    /// The cells.
    pub cells: Cells,
}

/// Cells of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Numbers scaled by `10^decimals`; [`ABSENT`] where the cell is `-`.
    Fixed {
        /// Decimals printed.
        decimals: u8,
        /// One per row.
        values: Numbers,
    },
    /// Texts such as causes; an index into `texts` per row.
    Text {
        /// Distinct texts in order of appearance.
        texts: Vec<String>,
        /// One per row.
        values: Vec<u32>,
    },
}

/// The value of a cell that is `-`, `NaN` or missing.
pub const ABSENT: i64 = i64::MIN;

impl Column {
    /// The cell as an integer scaled by the column's decimals. `None` if absent or text.
    pub fn fixed(&self, row: usize) -> Option<i64> {
        match &self.cells {
            Cells::Fixed { values, .. } => values.get(row).filter(|value| *value != ABSENT),
            Cells::Text { .. } => None,
        }
    }

    /// Rows whose number is above that of the row before.
    pub fn rises(&self) -> impl Iterator<Item = usize> {
        let changes = match &self.cells {
            Cells::Fixed { values, .. } => Some(values.changes()),
            Cells::Text { .. } => None,
        };
        let mut before = ABSENT;
        changes.into_iter().flatten().filter_map(move |(row, now)| {
            let before = std::mem::replace(&mut before, now);
            (before != ABSENT && now > before).then_some(row)
        })
    }

    /// The cell as a number in the printed unit. `None` if absent or text.
    pub fn value(&self, row: usize) -> Option<f64> {
        self.fixed(row).map(|value| value as f64 / self.scale())
    }

    /// The cell's text. `None` for numbers.
    pub fn text(&self, row: usize) -> Option<&str> {
        match &self.cells {
            Cells::Text { texts, values } => values.get(row).and_then(|at| texts.get(*at as usize)).map(String::as_str),
            Cells::Fixed { .. } => None,
        }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Fixed { values, .. } => values.len(),
            Cells::Text { values, .. } => values.len(),
        }
    }

    /// True without cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `10^decimals`.
    pub fn scale(&self) -> f64 {
        match self.cells {
            Cells::Fixed { decimals, .. } => 10f64.powi(i32::from(decimals)),
            Cells::Text { .. } => 1.0,
        }
    }
}

impl Json for Columns {
    fn blank() -> Columns {
        Columns::default()
    }

    /// An object from column name to array: numbers in the printed unit with their decimals, `null` where absent.
    fn write(&self, to: &mut Writer) {
        to.object(&mut |to| self.0.iter().for_each(|column| to.field(&column.name, column)));
    }

    /// Decimals are told from the name, as `jstat` prints them: see [`decimals_of`]. Cells are taken one by one, so that a
    /// long column is never there as a list of values.
    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        from.object(&mut |name, from| {
            let mut column =
                Column { name: name.into(), cells: Cells::Fixed { decimals: 0, values: Numbers::default() } };
            column.read(from)?;
            self.0.push(column);
            Some(())
        })
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema::by_name(&Column::shape(schema))
    }
}

/// The cells; the name is known when they are read.
impl Json for Column {
    fn blank() -> Column {
        Column { name: Name::blank(), cells: Cells::Fixed { decimals: 0, values: Numbers::default() } }
    }

    fn write(&self, to: &mut Writer) {
        to.list(&mut |to| match &self.cells {
            Cells::Fixed { decimals, values } => {
                let decimals = *decimals;
                values.iter().for_each(|value| to.item(&Cell::of(value, decimals)));
            }
            Cells::Text { .. } => {
                (0..self.len()).for_each(|row| to.item(&Cell::Text(Cow::Borrowed(self.text(row).unwrap_or_default()))))
            }
        });
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        let most = decimals_of(&self.name);
        let scale = 10f64.powi(i32::from(most));
        let scaled = |number: f64| (number * scale).round() as i64;
        let (mut decimals, mut values) = (0, Numbers::default());
        let mut texts: Option<Texts> = None;
        from.list(&mut |from| {
            let mut cell = Cell::Absent;
            cell.read(from)?;
            match (cell, &mut texts) {
                (Cell::Text(text), Some(texts)) => texts.add(text),
                (_, Some(texts)) => texts.add(Cow::Borrowed("")),
                (Cell::Whole(whole), None) if decimals == 0 => values.push(whole),
                (Cell::Whole(whole), None) => values.push(scaled(whole as f64)),
                (Cell::Absent, None) => values.push(ABSENT),
                (Cell::Fraction(number), None) => {
                    if decimals == 0 && most > 0 {
                        decimals = most;
                        let whole = |value| if value == ABSENT { ABSENT } else { scaled(value as f64) };
                        values = values.iter().map(whole).collect();
                    }
                    values.push(scaled(number));
                }
                (Cell::Text(text), None) => {
                    let mut column = Texts::default();
                    (0..values.len()).for_each(|_| column.add(Cow::Borrowed("")));
                    column.add(text);
                    texts = Some(column);
                }
                (Cell::Scaled(..), None) => return None,
            }
            Some(())
        })?;
        self.cells = match texts {
            Some(Texts { texts, values, .. }) => Cells::Text { texts, values },
            None => Cells::Fixed { decimals, values },
        };
        Some(())
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema::list(&Cell::shape(schema))
    }
}

/// The texts of a column, each kept once.
#[derive(Default)]
struct Texts {
    known: HashMap<String, u32>,
    texts: Vec<String>,
    values: Vec<u32>,
}

impl Texts {
    fn add(&mut self, text: Cow<'_, str>) {
        let texts = &mut self.texts;
        let at = *self.known.entry(text.into_owned()).or_insert_with_key(|text| {
            texts.push(text.clone());
            u32::try_from(texts.len() - 1).unwrap_or(u32::MAX)
        });
        self.values.push(at);
    }
}

/// A cell as JSON has it.
enum Cell<'a> {
    Whole(i64),
    /// Of so many decimals.
    Scaled(i64, u8),
    Fraction(f64),
    Text(Cow<'a, str>),
    Absent,
}

impl Cell<'_> {
    fn of(value: i64, decimals: u8) -> Cell<'static> {
        match (value, decimals) {
            (ABSENT, _) => Cell::Absent,
            (_, 0) => Cell::Whole(value),
            _ => Cell::Scaled(value, decimals),
        }
    }
}

impl Json for Cell<'_> {
    fn blank() -> Self {
        Cell::Absent
    }

    fn write(&self, to: &mut Writer) {
        match self {
            Cell::Whole(whole) => whole.write(to),
            Cell::Scaled(value, decimals) => to.decimal(*value, *decimals),
            Cell::Text(text) => to.text(text),
            Cell::Fraction(_) | Cell::Absent => to.raw("null"),
        }
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = match from.peek()? {
            b'"' => Cell::Text(Cow::Owned(from.text()?.into_owned())),
            b'n' => from.takes_word("null").then_some(Cell::Absent)?,
            _ => {
                let number = from.number()?;
                match number.parse() {
                    Ok(whole) => Cell::Whole(whole),
                    Err(_) => Cell::Fraction(number.parse().ok()?),
                }
            }
        };
        Some(())
    }

    fn shape(_: &mut Schema) -> Shape {
        schema::any_of(&["number", "string", "null"])
    }
}

/// Decimals that `jstat` prints in a column: sizes 1, percentages 2, GC times 3, counts none. Unknown columns 3.
pub fn decimals_of(column: &str) -> u8 {
    match column {
        "YGC" | "FGC" | "CGC" | "TT" | "MTT" | "Loaded" | "Unloaded" | "Compiled" | "Failed" | "Invalid"
        | "FailedType" | "Size" | "Type" => 0,
        "Timestamp" | "DSS" | "Bytes" | "Bytes#2" => 1,
        "S0" | "S1" | "E" | "O" | "P" | "M" | "CCS" | "Time" => 2,
        "YGCT" | "FGCT" | "CGCT" | "GCT" => 3,
        name if name.ends_with('C') || name.ends_with('U') => 1,
        name if name.ends_with("CMN") || name.ends_with("CMX") => 1,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn columns_survive_json() {
        let columns = Columns(vec![
            Column {
                name: "OU".into(),
                cells: Cells::Fixed { decimals: 1, values: Numbers::from_iter([892_810, ABSENT, 5]) },
            },
            Column {
                name: "YGC".into(),
                cells: Cells::Fixed { decimals: 0, values: Numbers::from_iter([958, 959, ABSENT]) },
            },
            Column { name: "GCC".into(), cells: Cells::Text { texts: vec!["No GC".into()], values: vec![0, 0, 0] } },
        ]);
        let json = json::text(&columns);
        assert_eq!(json, r#"{"OU":[89281.0,null,0.5],"YGC":[958,959,null],"GCC":["No GC","No GC","No GC"]}"#);
        let mut back: Columns = json::read(json.as_bytes()).expect("reads");
        back.0.sort_by_key(|column| ["OU", "YGC", "GCC"].iter().position(|name| column.name == *name));
        assert_eq!(back, columns);
    }
}
