//! The numbers behind the timeline as tables, made when they are asked for.

use oomscope_derive::part;
use web_sys::HtmlDetailsElement;
use yew::prelude::*;

use super::fact::Fact;
use super::pane::Pane;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::timeline::{DataTable, Timeline as Lanes};

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
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.timeline.table")}>
                <div class="window" ref={window.body()}>{ window.rows(Shape::Blocks, table) }</div>
            </Pane>
        </details>
    }
}

#[part]
fn Table(lanes: &ByPtr<Lanes>, table: &ByPtr<DataTable>) -> Html {
    let words = use_words();
    let window = use_window(table.len(), WHOLE, ROW);
    let row = |nth: usize| {
        let Some(row) = lanes.rows(table, nth, 1).into_iter().next() else { return html! {} };
        html! {
            <tr key={nth} aria-rowindex={window.row_index(nth, 1)}>
                for (nth, cell) in row.cells.into_iter().enumerate() {
                    if nth == 0 {
                        <th scope="row">
                            <Fact text={cell} at={row.span} />
                            if row.count > 1 {
                                { " " }<small class="note">{ words.count("page.timeline.same", row.count as u64) }</small>
                            }
                        </th>
                    } else {
                        <td class="number">{ cell }</td>
                    }
                }
            </tr>
        }
    };
    html! {
        <div class="data-table">
            { window.parts(words) }
            <div class={classes!("scroll", window.pane())} tabindex="0" role="group" aria-label={table.caption.clone()}>
                <table class="grid grid--dense" aria-rowcount={window.row_count(1)}>
                    <caption>{ &table.caption }</caption>
                    <thead>
                        <tr>
                            for (nth, column) in table.columns.iter().enumerate() {
                                <th scope="col" class={(nth > 0).then_some("number")}>{ column }</th>
                            }
                        </tr>
                    </thead>
                    <tbody ref={window.body()}>{ window.rows(Shape::Table, row) }</tbody>
                </table>
            </div>
        </div>
    }
}
