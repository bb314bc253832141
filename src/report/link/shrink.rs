//! A report as the smallest tree of values from which it can be made again.

use std::mem::take;

use serde_json::{Map, Value, json};

use crate::analysis::finding::Finding;
use crate::json;
use crate::model::jstat::{ABSENT, Cells, Column, Columns};
use crate::order::Gather as _;
use crate::report::adopt::{Found, Told, adopt};
use crate::report::derive::{self, Excerpts};
use crate::report::opened::checked;
use crate::report::{LISTS, Report};

/// Parts that follow from the rest.
const DERIVED: [&str; 4] = ["verdict", "runs", "findings", "sizing"];
/// Parts that always do, or have a mark of their own.
const LEFT_OUT: [&str; 6] = ["report_version", "title", "headline", "story", "segments", "gaps"];

/// Takes a report apart. It is concluded again from its own readings, to leave out what whoever opens it concludes anyway.
pub(super) fn shrunk(mut report: Report) -> Value {
    let excerpts = derive::excerpts(&report);
    let told = Report {
        name: report.name.take(),
        verdict: take(&mut report.verdict),
        runs: take(&mut report.runs),
        findings: take(&mut report.findings),
        sizing: report.sizing.take(),
        ..Report::default()
    };
    let again = derive::again_in_the_same_runs(report, excerpts.clone());
    let same = [
        told.verdict == again.verdict,
        told.runs == again.runs,
        told.findings == again.findings,
        told.sizing == again.sizing,
    ];
    let numbers: Vec<Option<usize>> = match same {
        [_, _, false, _] => {
            let number = |finding: &Finding| again.findings.iter().position(|known| known == finding);
            told.findings.iter().map(number).collect()
        }
        _ => Vec::new(),
    };
    let Report { name, verdict, runs, findings, sizing, .. } = told;
    let mut value = tree(Report { name, verdict, runs, findings, sizing, ..again });
    if let Some(value) = value.as_object_mut() {
        LEFT_OUT.iter().for_each(|part| drop(value.remove(*part)));
        for (part, same) in DERIVED.into_iter().zip(same) {
            if same {
                value.remove(part);
            } else {
                // Its absence differs from what would be made.
                value.entry(part).or_insert(Value::Null);
            }
        }
        let findings = value.get_mut("findings").and_then(Value::as_array_mut).into_iter().flatten();
        for (finding, number) in findings.zip(numbers) {
            // One that would be found again is its number among those; the others travel.
            if let Some(number) = number {
                *finding = json!(number);
            }
        }
        // Runs are named after them only where the runs themselves travel.
        let [_, same_runs, _, _] = same;
        if same_runs {
            forget_runs(value);
        }
        if !excerpts.is_empty() {
            let list: Vec<Value> = excerpts.iter().map(|((source, line), text)| json!([source, line, text])).collect();
            value.insert("excerpts".to_owned(), Value::Array(list));
        }
        value.retain(|_, part| !part.as_array().is_some_and(Vec::is_empty));
    }
    value
}

/// Puts a report together. `None` if it is none.
pub(super) fn grown(mut value: Value) -> Option<Report> {
    let map = value.as_object_mut()?;
    let excerpts = match map.remove("excerpts") {
        Some(list) => {
            let list: Vec<(u16, u32, String)> = json::of_tree(&list)?;
            list.into_iter().map(|(source, line, text)| ((source, line), text)).gathered()
        }
        None => Excerpts::new(),
    };
    LEFT_OUT.iter().for_each(|part| drop(map.remove(*part)));
    map.insert("report_version".to_owned(), json!(crate::report::REPORT_VERSION));
    map.insert("title".to_owned(), json!(""));
    let travels = DERIVED.map(|part| map.contains_key(part));
    for part in LISTS {
        map.entry(part).or_insert_with(|| json!([]));
    }
    let numbered = take_numbers(map)?;
    let columns = take_columns(map)?;
    let [verdict, runs, findings, sizing] = travels;
    if !runs {
        name_no_runs(map);
    }
    places(&mut value, 0, 0, false);
    fill_sentences(&mut value);
    let mut report = Report::from_tree(&value)?;
    if report.jstat.len() != columns.len() {
        return None;
    }
    for (table, columns) in report.jstat.iter_mut().zip(columns) {
        if table.columns.is_empty() {
            table.columns = columns.0.iter().map(|column| column.name.clone()).collect();
        }
        table.data = columns;
    }
    let mut report = checked(report)?;
    let told = Told::of(&mut report);
    let mut themselves = told.findings.into_iter().flatten();
    let found = numbered.into_iter().filter_map(|number| number.map(Found::Again).or_else(|| themselves.next()));
    let told = Told {
        verdict: told.verdict.filter(|_| verdict),
        runs: told.runs.filter(|_| runs),
        findings: findings.then(|| found.collect()),
        sizing: told.sizing.filter(|_| sizing),
    };
    Some(adopt(report, excerpts, told))
}

/// Takes the numbers out of the findings: for each its number, or `None` where the finding itself stays.
fn take_numbers(report: &mut Map<String, Value>) -> Option<Vec<Option<usize>>> {
    let findings = report.get_mut("findings")?.as_array_mut()?;
    let numbers = findings.iter().map(|finding| finding.as_u64().and_then(|number| usize::try_from(number).ok()));
    let numbers: Vec<Option<usize>> = numbers.collect();
    findings.retain(|finding| !finding.is_u64());
    Some(numbers)
}

/// The report as values, in the form that packs best: no sentences, tables as lists of columns, places as distances from
/// the line of their record.
fn tree(mut report: Report) -> Value {
    let columns: Vec<Columns> = report.jstat.iter_mut().map(|table| take(&mut table.data)).collect();
    for (table, columns) in report.jstat.iter_mut().zip(&columns) {
        if table.columns.iter().eq(columns.0.iter().map(|column| &column.name)) {
            table.columns.clear();
        }
    }
    let mut value = json::tree(&report);
    if let Some(tables) = value.get_mut("jstat").and_then(Value::as_array_mut) {
        for (table, columns) in tables.iter_mut().zip(&columns) {
            if let Some(table) = table.as_object_mut() {
                table.insert("data".to_owned(), columns.0.iter().map(column_tree).collect());
            }
        }
    }
    drop_sentences(&mut value, "");
    places(&mut value, 0, 0, true);
    value
}

fn column_tree(column: &Column) -> Value {
    match &column.cells {
        Cells::Fixed { decimals, values } => {
            let values: Vec<Value> =
                values.iter().map(|value| if value == ABSENT { Value::Null } else { json!(value) }).collect();
            json!([&*column.name, decimals, values])
        }
        Cells::Text { texts, values } => json!([&*column.name, texts, values]),
    }
}

fn take_columns(map: &mut Map<String, Value>) -> Option<Vec<Columns>> {
    let tables = map.get_mut("jstat")?.as_array_mut()?;
    let mut all = Vec::with_capacity(tables.len());
    for table in tables {
        let table = table.as_object_mut()?;
        let data = table.insert("data".to_owned(), json!({}))?;
        table.entry("columns").or_insert_with(|| json!([]));
        let Value::Array(columns) = data else { return None };
        let columns: Option<Vec<Column>> = columns.into_iter().map(column_of).collect();
        all.push(Columns(columns?));
    }
    Some(all)
}

fn column_of(value: Value) -> Option<Column> {
    let Value::Array(parts) = value else { return None };
    let [name, kind, values] = <[Value; 3]>::try_from(parts).ok()?;
    let name = name.as_str()?.to_owned();
    let cells = match kind {
        Value::Array(_) => {
            let texts: Vec<String> = json::of_tree(&kind)?;
            let values: Vec<u32> = json::of_tree(&values)?;
            Cells::Text { texts, values }
        }
        kind => {
            let decimals = u8::try_from(kind.as_u64()?).ok().filter(|decimals| *decimals <= 12)?;
            let values: Vec<Option<i64>> = json::of_tree(&values)?;
            Cells::Fixed { decimals, values: values.into_iter().map(|value| value.unwrap_or(ABSENT)).collect() }
        }
    };
    Some(Column { name: name.as_str().into(), cells })
}

/// `text` beside `key`, `claim` and `text` of warnings can be said again.
fn drop_sentences(value: &mut Value, key: &str) {
    match value {
        Value::Object(map) => {
            if map.contains_key("key") || key == "warnings" {
                map.remove("text");
            }
            map.remove("claim");
            for (key, value) in map.iter_mut() {
                drop_sentences(value, key);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| drop_sentences(item, key)),
        _ => {}
    }
}

/// Puts empty sentences where the report wants some; they are said afterwards.
fn fill_sentences(value: &mut Value) {
    fn complete(value: &mut Value, key: &str) {
        match value {
            Value::Object(map) => {
                let is_gap = map.contains_key("command");
                if (map.contains_key("key") && !is_gap) || key == "warnings" {
                    map.entry("text").or_insert_with(|| json!(""));
                }
                if key == "findings" {
                    map.entry("claim").or_insert_with(|| json!(""));
                }
                for (key, value) in map.iter_mut() {
                    complete(value, key);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| complete(item, key)),
            _ => {}
        }
    }
    complete(value, "");
}

/// `[source, line, 0, 0]` beside `line` or `first_line` becomes the distance between both lines, and back.
fn places(value: &mut Value, source: u64, line: u64, shrink: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| places(item, source, line, shrink)),
        Value::Object(map) => {
            let own = |name: &str| map.get(name).and_then(Value::as_u64);
            let source = own("source").unwrap_or(source);
            let line = own("line").or(own("first_line")).unwrap_or(line);
            for (name, value) in map.iter_mut() {
                match value {
                    Value::Object(spans) if name == "at" => {
                        spans.values_mut().for_each(|span| place(span, source, line, shrink));
                    }
                    Value::Array(_) | Value::Number(_) if name == "at" => place(value, source, line, shrink),
                    _ => places(value, source, line, shrink),
                }
            }
        }
        _ => {}
    }
}

fn place(value: &mut Value, source: u64, line: u64, shrink: bool) {
    let base = i64::try_from(line).unwrap_or_default();
    match value {
        Value::Array(span) if shrink => {
            let numbers: Vec<u64> = span.iter().filter_map(Value::as_u64).collect();
            if let [at_source, at_line, 0, 0] = numbers.as_slice()
                && *at_source == source
            {
                *value = json!(i64::try_from(*at_line).unwrap_or_default().saturating_sub(base));
            }
        }
        Value::Number(distance) if !shrink => {
            let at_line = distance.as_i64().unwrap_or_default().saturating_add(base).max(0);
            *value = json!([source, at_line, 0, 0]);
        }
        _ => {}
    }
}

const WITH_RUNS: [&str; 6] = ["jstat", "nmt", "gc_logs", "java_errors", "events", "host"];

fn forget_runs(report: &mut Map<String, Value>) {
    let each = |list: Option<&mut Value>, act: &dyn Fn(&mut Map<String, Value>)| {
        let items = list.and_then(Value::as_array_mut).into_iter().flatten();
        items.filter_map(Value::as_object_mut).for_each(act);
    };
    for list in WITH_RUNS {
        each(report.get_mut(list), &|record| {
            record.remove("run");
        });
    }
    each(report.get_mut("oom_kills"), &|kill| {
        each(kill.get_mut("victims"), &|victim| {
            victim.remove("run");
        });
    });
}

/// Runs that every such record must name.
fn name_no_runs(report: &mut Map<String, Value>) {
    for list in ["jstat", "nmt", "gc_logs"] {
        let items = report.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        for record in items.filter_map(Value::as_object_mut) {
            record.entry("run").or_insert_with(|| json!(""));
        }
    }
}
