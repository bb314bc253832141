//! Opens what was shared: a link, a JSON or HTML file, a picture. All of it is input that anybody may have written.

use serde_json::Value;

use super::link::{self, LinkError};
use super::{MAX_NAME, REPORT_VERSION, Report};
use crate::model::jstat::{Cells, Columns};
use crate::order::InOrder as _;

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

/// Characters of a sentence or a name that is shown.
const MAX_TEXT: usize = 100_000;
/// Microseconds to the end of the year 9999, either way.
const MAX_TIME: i64 = 253_402_300_800_000_000;
/// Bytes that are looked at to tell what a text is.
const HEAD: usize = 4096;
/// The keyword of a PNG's text that carries a link.
pub const PNG_KEYWORD: &str = "oomscope";

/// Bytes that [`may_be_shared`] looks at.
pub const HEAD_BYTES: u64 = 256 << 10;

/// True if the first bytes look like something that oomscope wrote: then the whole is worth reading.
pub fn may_be_shared(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let has = |what: &str| start.contains(what);
    head.starts_with(b"\x89PNG")
        || start.starts_with('{') && start.chars().take(HEAD).collect::<String>().contains("\"report_version\"")
        || start.starts_with("<!DOCTYPE html>") && has("content=\"oomscope")
        || (start.starts_with("<svg") || start.starts_with("<?xml")) && has("oomscope-report")
        || (has("#r=") || has("&r=")) && !start.trim_end().contains(char::is_whitespace)
}

/// Opens what was handed over, a picture or a text. `None` if it is nothing that oomscope wrote: then it is a log.
pub fn bytes(bytes: &[u8]) -> Option<Result<Opened, LinkError>> {
    png(bytes).or_else(|| text(std::str::from_utf8(bytes).ok()?))
}

/// Opens a text that was pasted or dropped. `None` if it is nothing that oomscope wrote: then it is a log.
pub fn text(text: &str) -> Option<Result<Opened, LinkError>> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = start.chars().take(HEAD).collect();
    if head.starts_with('{') && head.contains("\"report_version\"") {
        return Some(json(start));
    }
    if head.starts_with("<!DOCTYPE html>") && head.contains("content=\"oomscope") {
        let inside = |id: &str| {
            let tag = format!("<script type=\"application/json\" id=\"{id}\">");
            start.rsplit_once(&tag)?.1.split_once("</script>").map(|(inside, _)| inside)
        };
        if let Some(texts) = inside("oomscope-texts") {
            let texts: Result<Vec<(String, String)>, _> = serde_json::from_str(texts);
            return Some(texts.map(Opened::Texts).map_err(|_| LinkError::Damaged));
        }
        return Some(inside("oomscope-report").map_or(Err(LinkError::Damaged), json));
    }
    if head.starts_with("<svg") || head.starts_with("<?xml") {
        let (_, rest) = start.split_once("<metadata id=\"oomscope-report\">")?;
        return Some(link::read(rest.split_once('<').map_or(rest, |(link, _)| link).trim()));
    }
    let line = start.trim_end();
    if line.len() < 200_000 && !line.contains(char::is_whitespace) {
        let fragment = line.split_once('#').map(|(_, fragment)| fragment)?;
        let link = fragment.split('&').find_map(|pair| pair.strip_prefix("r="))?;
        return Some(link::read(link));
    }
    None
}

/// Opens a PNG that carries a link. `None` if it carries none.
pub fn png(bytes: &[u8]) -> Option<Result<Opened, LinkError>> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        if kind == b"tEXt" {
            let link = data.strip_prefix(PNG_KEYWORD.as_bytes()).and_then(|data| data.strip_prefix(&[0]));
            if let Some(link) = link.and_then(|link| std::str::from_utf8(link).ok()) {
                return Some(link::read(link));
            }
        }
        rest = after.get(4..)?;
    }
    None
}

/// Opens a report in format 1.
fn json(text: &str) -> Result<Opened, LinkError> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next().and_then(Result::ok).ok_or(LinkError::Damaged)?;
    match value.get("report_version").and_then(Value::as_u64) {
        Some(version) if version == u64::from(REPORT_VERSION) => {}
        Some(version) if version > u64::from(REPORT_VERSION) => return Err(LinkError::TooNew),
        _ => return Err(LinkError::Damaged),
    }
    let report: Report = serde_json::from_value(value).map_err(|_| LinkError::Damaged)?;
    checked(report).map(|report| Opened::Report(Box::new(report))).ok_or(LinkError::Damaged)
}

/// A report that can be shown: its tables have the rows they say, its times can be reckoned with, its texts have an end.
/// `None` if it cannot.
pub(super) fn checked(mut report: Report) -> Option<Report> {
    for table in &mut report.jstat {
        // Objects of JSON have no order; the list of names has.
        let order = table.columns.clone();
        let place = |name: &str| order.iter().position(|known| known == name).unwrap_or(usize::MAX);
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
    // Everything else is checked where it can be walked: as values, without the columns.
    let columns: Vec<Columns> = report.jstat.iter_mut().map(|table| std::mem::take(&mut table.data)).collect();
    let harmless = is_harmless(&serde_json::to_value(&report).ok()?, "");
    for (table, columns) in report.jstat.iter_mut().zip(columns) {
        table.data = columns;
    }
    harmless.then_some(report)
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

fn is_harmless(value: &Value, key: &str) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::Number(number) => {
            let is_time = matches!(
                key,
                "time" | "local_time" | "local-time" | "uptime" | "duration" | "interval" | "start" | "wall"
            );
            !is_time || number.as_i64().is_some_and(|time| (-MAX_TIME..=MAX_TIME).contains(&time))
        }
        Value::String(text) => text.len() <= MAX_TEXT,
        Value::Array(items) => items.iter().all(|item| is_harmless(item, key)),
        Value::Object(map) => map.iter().all(|(key, value)| is_harmless(value, key)),
    }
}
