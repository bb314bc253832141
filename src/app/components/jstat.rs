//! `jstat` tables: rows that say the same are one row with its count.

use oomscope_derive::part;
use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::facts::{Collections, SameRows, cell, collections, same_rows};
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::{Words, use_words};
use crate::i18n::{self, format, number};
use crate::model::jstat::{Column, JstatTable};
use crate::source::Span;

/// Tables that are in the document all the time.
const TABLES: usize = 6;
/// Height of a table, about.
const TABLE: f64 = 300.0;
/// Rows of a table that are in the document all the time.
const ROWS: usize = 25;
/// Height of a row, about.
const ROW: f64 = 24.0;

/// All tables.
#[part]
pub fn Jstat(ready: &PageReady) -> Html {
    let words = use_words();
    let window = use_window(ready.report.jstat.len(), TABLES, TABLE);
    let table = |nth: usize| html! { <Table key={nth} ready={ready.clone()} {nth} /> };
    html! {
        <>
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.section.jstat")}>
                <div class="window" ref={window.body()}>{ window.rows(Shape::Blocks, table) }</div>
            </Pane>
        </>
    }
}

#[part]
fn Table(
    ready: &PageReady,
    /// Which table.
    nth: &usize,
) -> Html {
    let words = use_words();
    let groups = use_memo((ready.report.clone(), *nth), |(report, nth)| {
        report.jstat.get(*nth).map(same_rows).unwrap_or_default()
    });
    let window = use_window(groups.len(), ROWS, ROW);
    let Some(table) = ready.report.jstat.get(*nth) else { return html! { <article class="jstat"></article> } };
    let columns: Vec<&Column> = table.columns.iter().filter_map(|name| table.column(name)).collect();
    let name = caption(words, table);
    let sums = collections(table);
    let row = |nth: usize| {
        let Some(group) = groups.get(nth) else { return html! {} };
        html! {
            <tr key={nth} aria-rowindex={window.row_index(nth, 1)}>
                <th scope="row">{ line_link(table, group) }</th>
                <td class="number">{ if group.count > 1 { format!("×{}", number(group.count as u64)) } else { String::new() } }</td>
                for column in columns.iter() {
                    <td class="number">{ value(table, column, group) }</td>
                }
            </tr>
        }
    };
    html! {
        <article class="jstat">
            <h3>{ name.clone() }</h3>
            <p>{ samples(words, table, &groups) }</p>
            if !sums.is_empty() {
                <ul class="jstat__sums">
                    { for sums.iter().filter(|sum| sum.count > 0).map(|sum| html! { <li>{ sum_text(words, table, sum) }</li> }) }
                </ul>
            }
            { window.parts(words) }
            <div class={classes!("scroll", window.pane())} tabindex="0" role="group" aria-label={name.clone()}>
                <table class="grid grid--dense" aria-rowcount={window.row_count(1)}>
                    <caption class="visually-hidden">{ name }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ words.text("page.jstat.line") }</th>
                            <th scope="col" class="number">{ words.text("page.jstat.rows") }</th>
                            for column in columns.iter() {
                                <th scope="col" class="number">{ column_name(words, &column.name) }</th>
                            }
                        </tr>
                    </thead>
                    <tbody ref={window.body()}>{ window.rows(Shape::Table, row) }</tbody>
                </table>
            </div>
            <p class="note">{ words.text(if table.option.starts_with("gcutil") || table.option == "gccause" { "page.jstat.units-percent" } else { "page.jstat.units" }) }</p>
        </article>
    }
}

fn caption(words: Words, table: &JstatTable) -> String {
    let mut parts = vec![format!("jstat -{}", table.option)];
    parts.push(match table.pid {
        Some(pid) => words.fill("page.pid", &[("pid", &pid.to_string())]),
        None => words.text("page.pid.unknown"),
    });
    parts.extend(table.collector.clone());
    parts.push(words.lines(table.first_line, table.last_line));
    parts.join(" · ")
}

/// How many samples, how far apart, and what it means that they are all the same.
fn samples(words: Words, table: &JstatTable, groups: &[SameRows]) -> String {
    let count = number(table.rows as u64);
    let mut text = match table.interval {
        Some(interval) => {
            words.fill("page.jstat.samples-every", &[("n", &count), ("interval", &format::duration(words.0, interval))])
        }
        None => words.fill("page.jstat.samples", &[("n", &count)]),
    };
    if table.rows > 1 && groups.len() == 1 {
        text.push(' ');
        text.push_str(&words.text("page.jstat.identical"));
    }
    if table.columns_inferred {
        text.push(' ');
        text.push_str(&words.text("page.jstat.columns-inferred"));
    }
    text
}

fn sum_text(words: Words, table: &JstatTable, sum: &Collections) -> Html {
    let at = table.lines.get(sum.row).and_then(|line| line_span(table.source, *line));
    let (count, time) = (number(sum.count), sum.time.map(|time| format::duration(words.0, time)));
    let each = sum.each().map(|time| format::duration(words.0, time));
    let kind = words.text(match sum.kind {
        "young" => "page.jstat.young",
        // Two collectors count pauses of their cycles there.
        "full" => match table.collector.as_deref() {
            Some("CMS") => "chart.series.cms-full",
            Some("Shenandoah") => "chart.series.shenandoah-phases",
            _ => "page.jstat.full",
        },
        _ => "page.jstat.concurrent",
    });
    let (key, arguments) = match (&time, &each) {
        (Some(time), Some(each)) => {
            ("page.jstat.sum.each", vec![("kind", &*kind), ("n", &*count), ("time", &**time), ("each", &**each)])
        }
        _ => ("page.jstat.sum", vec![("kind", &*kind), ("n", &*count)]),
    };
    html! {
        for piece in i18n::pieces(words.0, key, &arguments) {
            if piece.argument.is_some_and(|name| name != "kind") {
                <Fact text={piece.text} {at} />
            } else {
                { piece.text }
            }
        }
    }
}

fn line_link(table: &JstatTable, group: &SameRows) -> Html {
    let line = |row: usize| table.lines.get(row).copied().unwrap_or_default();
    let (first, last) = (line(group.first), line(group.last()));
    let text = if first == last { first.to_string() } else { format!("{first}–{last}") };
    html! { <Fact {text} at={line_span(table.source, first)} /> }
}

/// A cell as a link to its place in the first line of the group, or to the line.
fn value(table: &JstatTable, column: &Column, group: &SameRows) -> Html {
    let Some(text) = cell(column, group.first) else { return html! { <span class="absent">{ "-" }</span> } };
    let at: Option<Span> = table.lines.get(group.first).and_then(|line| line_span(table.source, *line));
    let text = match cell(column, group.last()) {
        Some(last) if last != text => format!("{text}–{last}"),
        _ => text,
    };
    html! { <Fact {text} {at} /> }
}

/// The column as printed, with its meaning where we have words for it.
fn column_name(words: Words, name: &str) -> Html {
    let key = format!("jstat-column.{name}");
    if i18n::knows(&key) {
        html! { <abbr title={words.text(&key)}>{ name }</abbr> }
    } else {
        html! { { name } }
    }
}
