//! What comes out of something that was shared: a report, texts, or why it does not open.

use super::{MAX_NAME, Report};
use crate::json::{Json, Reader};
use crate::model::jstat::{Cells, Columns};
use crate::order::InOrder as _;

/// Texts in one file at most: a source is named by a number of sixteen bits.
const MAX_SOURCES: usize = u16::MAX as usize;
/// Columns of a table: `jstat` prints 20.
const MAX_COLUMNS: usize = 256;
/// What was shared.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// A report without its texts.
    Report(Box<Report>),
    /// Texts with their names, to be read like a paste.
    Texts(Vec<(String, String)>),
    /// A link under a passphrase, still closed.
    Sealed(String),
}

/// Why a link does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Cut off, changed, or no link of ours.
    Damaged,
    /// Made by a version that came later.
    TooNew,
    /// More than a link may hold.
    TooLarge,
}

impl LinkError {
    /// Its catalogue key.
    pub fn key(self) -> &'static str {
        match self {
            LinkError::Damaged => "link.damaged",
            LinkError::TooNew => "link.too-new",
            LinkError::TooLarge => "link.too-large",
        }
    }
}

/// Takes texts with their names, as many as an analysis can tell apart.
pub(super) fn texts_of(json: &[u8]) -> Result<Opened, LinkError> {
    let (mut texts, mut from) = (Vec::new(), Reader::of(json));
    let read = from.list(&mut |from| {
        let mut text = <(String, String)>::blank();
        text.read(from)?;
        texts.push(text);
        (texts.len() <= MAX_SOURCES).then_some(())
    });
    match read {
        _ if texts.len() > MAX_SOURCES => Err(LinkError::TooLarge),
        Some(()) if from.peek().is_none() => Ok(Opened::Texts(texts)),
        _ => Err(LinkError::Damaged),
    }
}

/// A report whose tables have the rows they say. `None` for another.
pub(super) fn checked(mut report: Report) -> Option<Report> {
    for table in &mut report.jstat {
        if table.columns.len() > MAX_COLUMNS || table.data.0.len() > MAX_COLUMNS {
            return None;
        }
        // Objects of JSON have no order; the list of names has.
        let order = table.columns.clone();
        let place = |name: &str| order.iter().position(|known| *known == *name).unwrap_or(usize::MAX);
        table.data.0.order_by_key(|column| place(&column.name));
        let rows = table.rows;
        let fits = table.lines.len() == rows
            && (table.wall.is_empty() || table.wall.len() == rows)
            && (table.kept.is_empty() || table.kept.len() == rows)
            && table.kept.is_sorted()
            && table.restarts.iter().all(|row| *row < rows)
            && table.restarts.is_sorted()
            && are_whole(&table.data, rows);
        if !fits {
            return None;
        }
    }
    if report.name.as_ref().is_some_and(|name| name.chars().count() > MAX_NAME) {
        return None;
    }
    let logs = report.gc_logs.len();
    if report.gc_events.iter().any(|event| event.log as usize >= logs) {
        return None;
    }
    Some(report)
}

fn are_whole(columns: &Columns, rows: usize) -> bool {
    columns.0.iter().all(|column| {
        let texts_fit = match &column.cells {
            Cells::Fixed { decimals, .. } => *decimals <= 12,
            Cells::Text { texts, values } => values.iter().all(|at| (*at as usize) < texts.len().max(1)),
        };
        column.len() == rows && texts_fit
    })
}
