//! The numbers behind the picture, as tables: one per group of series that were sampled together, one of events.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::readout::between_in_words;
use super::{Mark, Section, Series, Style, Timeline};
use crate::i18n;
use crate::order::InOrder as _;
use crate::source::Span;
use crate::timeline::reduce::Times;

/// Lane and series.
type Column = (usize, usize);

/// A table of a section. Rows that say the same are one row with a count.
#[derive(Clone, Debug, PartialEq)]
pub struct DataTable {
    /// What it is about.
    pub caption: String,
    /// Heading of each column; the first is the time.
    pub columns: Vec<String>,
    section: usize,
    kind: Kind,
    /// First sample and number of samples of each row.
    rows: Vec<(usize, usize)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// One per column.
    Series(Vec<Column>),
    Events,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// As many as the table has columns.
    pub cells: Vec<String>,
    /// Samples that say the same.
    pub count: usize,
    /// The line of the first of them.
    pub span: Span,
}

impl DataTable {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Series that share their times, as indices of lane and series.
type SameTimes<'a> = (&'a Rc<Times>, Vec<(usize, usize)>);

impl Timeline {
    /// All tables, section by section.
    pub fn tables(&self) -> Vec<DataTable> {
        let mut tables = Vec::new();
        for (at, section) in self.sections.iter().enumerate() {
            tables.extend(self.event_table(at, section));
            let mut groups: Vec<SameTimes<'_>> = Vec::new();
            let mut places: BTreeMap<*const Times, usize> = BTreeMap::new();
            for (lane_at, lane) in section.lanes.iter().enumerate() {
                for (series_at, series) in lane.series.iter().enumerate() {
                    let place = *places.entry(Rc::as_ptr(&series.times)).or_insert(groups.len());
                    match groups.get_mut(place) {
                        Some((_, columns)) => columns.push((lane_at, series_at)),
                        None => groups.push((&series.times, vec![(lane_at, series_at)])),
                    }
                }
            }
            for (times, series) in groups {
                tables.push(self.series_table(at, section, times, series));
            }
        }
        tables
    }

    fn event_table(&self, at: usize, section: &Section) -> Option<DataTable> {
        let times: Vec<i64> = section.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.at).collect();
        let mut order: Vec<usize> = (0..times.len()).collect();
        order.order_by_key(|at| times.get(*at).copied());
        (!order.is_empty()).then(|| DataTable {
            caption: section.title.clone(),
            columns: ["chart.column.time", "chart.column.event"].map(|key| i18n::text(self.language, key)).into(),
            section: at,
            kind: Kind::Events,
            rows: order.into_iter().map(|mark| (mark, 1)).collect(),
        })
    }

    fn series_table(&self, at: usize, section: &Section, times: &Times, columns: Vec<Column>) -> DataTable {
        let series: Vec<&Series> = columns.iter().filter_map(|place| series_of(section, *place)).collect();
        let same = |a: usize, b: usize| {
            // Absent is like absent, whatever NaN says.
            series.iter().all(|series| match (series.values.get(a), series.values.get(b)) {
                (Some(a), Some(b)) => a == b || (a.is_nan() && b.is_nan()),
                _ => false,
            })
        };
        let mut rows: Vec<(usize, usize)> = Vec::new();
        for row in 0..times.len() {
            match rows.last_mut() {
                Some((first, count)) if same(*first, row) => *count += 1,
                _ => rows.push((row, 1)),
            }
        }
        let mut headings = vec![i18n::text(self.language, "chart.column.time")];
        headings.extend(series.iter().map(|series| series.label.clone()));
        let owner = columns.first().and_then(|(lane, _)| section.lanes.get(*lane)).map(|lane| lane.owner.clone());
        let owner = owner.filter(|owner| !owner.is_empty()).unwrap_or_else(|| section.title.clone());
        let lanes: Vec<String> =
            columns.iter().filter_map(|(lane, _)| section.lanes.get(*lane)).map(|lane| lane.title.clone()).collect();
        let mut names = lanes;
        names.dedup();
        let names = i18n::list(self.language, "list.items", names);
        let caption = format!("{owner}: {names}");
        DataTable { caption, columns: headings, section: at, kind: Kind::Series(columns), rows }
    }

    /// Rows of a table from `offset` on.
    pub fn rows(&self, table: &DataTable, offset: usize, limit: usize) -> Vec<TableRow> {
        let Some(section) = self.sections.get(table.section) else { return Vec::new() };
        let chosen = table.rows.iter().skip(offset).take(limit);
        match &table.kind {
            Kind::Events => chosen
                .filter_map(|(at, _)| mark_of(section, *at))
                .map(|mark| {
                    let time = match mark.between {
                        Some(between) => between_in_words(self.language, section.clock, between),
                        None => self.time_in_words(section.clock, mark.at),
                    };
                    TableRow { cells: vec![time, mark.label.clone()], count: 1, span: mark.span }
                })
                .collect(),
            Kind::Series(columns) => chosen.filter_map(|row| self.series_row(section, columns, *row)).collect(),
        }
    }

    fn series_row(&self, section: &Section, columns: &[Column], (first, count): (usize, usize)) -> Option<TableRow> {
        let leading = series_of(section, *columns.first()?)?;
        let mut cells = vec![self.time_in_words(section.clock, leading.times.at(first)?)];
        for (lane_at, series_at) in columns {
            let lane = section.lanes.get(*lane_at)?;
            let series = lane.series.get(*series_at)?;
            let own = series.own(&lane.series, first);
            cells.push(match (own, series.style) {
                (None, _) => "–".to_owned(),
                (Some(value), Style::Markers) => i18n::number(value.max(0.0) as u64),
                (Some(value), _) => lane.unit.format(self.language, value),
            });
        }
        let span = leading.places.get(first).copied().unwrap_or_default().span();
        Some(TableRow { cells, count, span })
    }
}

/// One of the marks of a section, counted from lane to lane.
fn mark_of(section: &Section, mut at: usize) -> Option<&Mark> {
    for lane in &section.lanes {
        match at.checked_sub(lane.marks.len()) {
            Some(rest) => at = rest,
            None => return lane.marks.get(at),
        }
    }
    None
}

fn series_of(section: &Section, (lane, series): Column) -> Option<&Series> {
    section.lanes.get(lane)?.series.get(series)
}
