//! The numbers behind the timeline as tables, made when they are asked for.

use oomscope_derive::part;
use web_sys::HtmlDetailsElement;
use yew::prelude::*;

use super::grid::Head;
use crate::app::hooks::window::use_window;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::timeline::{DataTable, Timeline as Lanes};
use crate::document::{Cell, Column, Part, Row, Style};

/// Tables that are in the document all the time.
const TABLES: usize = 4;
/// Height of a table, about.
const TABLE: f64 = 400.0;
/// Rows of a table that are in the document all the time.
const WHOLE: usize = 25;
/// Height of a row, about.
const ROW: f64 = 24.0;

/// All tables.
#[part]
pub fn DataTables(lanes: &ByPtr<Lanes>) -> Html {
    let words = use_words();
    let open = use_state_eq(|| false);
    let tables = use_memo((lanes.clone(), *open), |(lanes, open)| {
        let tables = if *open { lanes.tables() } else { Vec::new() };
        tables.into_iter().map(ByPtr::new).collect::<Vec<_>>()
    });
    let ontoggle = {
        let open = open.setter();
        Callback::from(move |event: Event| {
            let details = event.target_dyn_into::<HtmlDetailsElement>();
            open.set(details.is_some_and(|details| details.open()));
        })
    };
    let window = use_window(tables.len(), TABLES, TABLE);
    let table = |nth: usize| {
        tables.get(nth).map_or_else(Html::default, |table| {
            html! { <Table key={nth} lanes={lanes.clone()} table={table.clone()} /> }
        })
    };
    html! {
        <details class="details chart__tables" {ontoggle}>
            <summary>{ words.text("page.timeline.table") }</summary>
            { window.blocks(words, "page.timeline.table", table) }
        </details>
    }
}

#[part]
fn Table(lanes: &ByPtr<Lanes>, table: &ByPtr<DataTable>) -> Html {
    let words = use_words();
    let window = use_window(table.len(), WHOLE, ROW);
    let columns: Vec<Column> = table
        .columns
        .iter()
        .enumerate()
        .map(|(nth, name)| Column { is_number: nth > 0, ..Column::of(name.clone()) })
        .collect();
    let row = |nth: usize| {
        let Some(row) = lanes.rows(table, nth, 1).into_iter().next() else { return Row::default() };
        let mut cells: Vec<Cell> = row.cells.into_iter().map(|text| vec![text.into()]).collect();
        if let Some(first) = cells.first_mut() {
            first.iter_mut().for_each(|time| time.at = Some(row.span));
            let same = || Part::of(words.count("page.timeline.same", row.count as u64)).styled(Style::Note);
            first.extend((row.count > 1).then(same));
        }
        Row::of(cells)
    };
    html! {
        <div class="data-table">
            { Head { is_named: true, ..Head::of(&table.caption, &columns) }.near(words, &window, NodeRef::default(), row) }
        </div>
    }
}
