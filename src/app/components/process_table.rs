//! The process table of one kill: sorted by any column, and only the rows in view are in the document.

use oomscope_derive::part;
use web_sys::Element;
use yew::prelude::*;

use super::fact::{Fact, line_span};
use crate::analysis::badness::{Badness, Score};
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::processes::{Column, Process, columns, processes, sort};
use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::i18n::{format, number};
use crate::model::oom::OomKill;

/// Rows that are in the document all the time.
const WHOLE: usize = 25;
/// Height of a row, about.
const ROW: f64 = 28.0;

/// The table.
#[part]
pub fn ProcessTable(
    ready: &PageReady,
    /// Which kill.
    kill: &usize,
) -> Html {
    let kill_at = kill;
    let words = use_words();
    let sorted_by = use_state_eq(|| (Column::Score, false));
    let pane = use_node_ref();
    let table = use_memo((ready.report.clone(), *kill_at, *sorted_by), |(report, at, (column, ascending))| {
        let kill = report.oom_kills.get(*at)?;
        let badness = Badness::of(kill);
        let mut rows = processes(report, kill, &badness);
        let columns = columns(&rows);
        let column = if columns.contains(column) { *column } else { Column::Rss };
        sort(&mut rows, column, *ascending);
        Some(ByPtr::new((rows, columns, badness)))
    });
    let total = table.as_ref().as_ref().map_or(0, |table| table.0.len());
    let window = use_window(total, WHOLE, ROW);
    let (Some(table), Some(kill)) = (&*table, ready.report.oom_kills.get(*kill_at)) else { return html! {} };
    let (rows, columns, badness) = &**table;
    let heading = |column: Column| {
        let (by, ascending) = *sorted_by;
        let direction = match (by == column, ascending) {
            (false, _) => None,
            (true, true) => Some("ascending"),
            (true, false) => Some("descending"),
        };
        let onclick = {
            let (sorted_by, pane) = (sorted_by.clone(), pane.clone());
            Callback::from(move |_: MouseEvent| {
                let turned = if by == column { !ascending } else { column.starts_ascending() };
                sorted_by.set((column, turned));
                if let Some(pane) = pane.cast::<Element>() {
                    pane.set_scroll_top(0);
                }
            })
        };
        let sign = match direction {
            Some("ascending") => " ▲",
            Some(_) => " ▼",
            None => "",
        };
        html! {
            <th scope="col" class={(column != Column::Name).then_some("number")} aria-sort={direction}>
                <button type="button" class="sort" {onclick}>{ words.text(column.key()) }<span aria-hidden="true">{ sign }</span></button>
            </th>
        }
    };
    let item = |nth: usize| rows.get(nth).map(|process| row(words, kill, process, columns, nth)).unwrap_or_default();
    html! {
        <>
            <p class="note">{ verdict(words, kill, badness) }</p>
            { window.parts(words) }
            <div class="scroll pane process-table" tabindex="0" role="group" aria-label={words.text("page.kill.process-table")} ref={pane.clone()}>
                <table class="grid grid--dense" aria-rowcount={(total + 1).to_string()}>
                    <caption class="visually-hidden">{ words.text("page.kill.process-table") }</caption>
                    <thead><tr>{ for columns.iter().map(|column| heading(*column)) }</tr></thead>
                    <tbody ref={window.body()}>{ window.rows(Shape::Table, item) }</tbody>
                </table>
            </div>
            <p class="note">{ words.fill("page.kill.shared-note", &[("n", &number(total as u64))]) }</p>
        </>
    }
}

/// Whether the score explains the choice, and who would have been next.
fn verdict(words: Words, kill: &OomKill, badness: &Badness) -> String {
    let named = |row: Option<usize>| {
        let row = row?;
        let (process, Score::Known(score)) = (kill.processes.get(row)?, *badness.scores.get(row)?) else { return None };
        let pid = process.pid.to_string();
        let score = format::signed_size(score).trim_start_matches('+').to_owned();
        Some(words.fill("page.kill.scored", &[("name", &process.name), ("pid", &pid), ("score", &score)]))
    };
    match (named(badness.victim), named(badness.runner_up), badness.agrees()) {
        (Some(victim), Some(next), Some(true)) => {
            words.fill("page.kill.score-agrees", &[("victim", &victim), ("next", &next)])
        }
        (Some(victim), Some(next), Some(false)) => {
            words.fill("page.kill.score-differs", &[("victim", &victim), ("next", &next)])
        }
        (Some(victim), None, _) => words.fill("page.kill.score-only", &[("victim", &victim)]),
        (_, Some(next), _) => words.fill("page.kill.score-next", &[("next", &next)]),
        (None, None, _) => words.text("page.kill.score-unknown"),
    }
}

fn row(words: Words, kill: &OomKill, process: &Process, columns: &[Column], nth: usize) -> Html {
    let at = line_span(kill.source, process.process.line);
    let marks = [
        (process.killed, "page.process.killed"),
        (process.trigger, "page.process.trigger"),
        (process.java, "page.process.java"),
    ];
    let cell = |column: Column| {
        let text = match column {
            Column::Name => {
                return html! {
                    <th scope="row">
                        { &process.process.name }
                        for (_, key) in marks.iter().filter(|(marked, _)| *marked) {
                            { " " }<small class="mark">{ words.text(key) }</small>
                        }
                    </th>
                };
            }
            Column::Pid => {
                return html! { <td class="number"><Fact text={process.process.pid.to_string()} {at} /></td> };
            }
            Column::Uid => process.process.uid.map(|uid| uid.to_string()),
            Column::Adjustment => process.process.oom_score_adj.map(|adjustment| adjustment.to_string()),
            Column::Score => match process.score {
                Score::Known(score) => Some(format::signed_size(score).trim_start_matches('+').to_owned()),
                Score::Exempt => Some(words.text("page.process.exempt")),
                Score::Unknown => None,
            },
            _ => process.size(column).map(format::size),
        };
        html! { <td class="number">{ text.unwrap_or_else(|| "–".to_owned()) }</td> }
    };
    html! {
        <tr key={process.row} class={classes!("process", process.killed.then_some("grid__row--marked"))} aria-rowindex={(nth + 2).to_string()}>
            { for columns.iter().map(|column| cell(*column)) }
        </tr>
    }
}
