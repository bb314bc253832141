//! The numbers behind the timeline as tables, made when they are asked for.

use web_sys::HtmlDetailsElement;
use yew::prelude::*;

use super::fact::Fact;
use super::more::{More, use_more};
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::timeline::{DataTable, Timeline as Lanes};

/// Rows of a table shown at once.
const PAGE: usize = 25;

#[derive(Properties, PartialEq)]
pub struct DataTablesProps {
    /// What is told.
    pub lanes: ByPtr<Lanes>,
}

/// All tables.
#[component]
pub fn DataTables(DataTablesProps { lanes }: &DataTablesProps) -> Html {
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
    html! {
        <details class="details chart__tables" {ontoggle}>
            <summary>{ words.text("page.timeline.table") }</summary>
            for table in tables.iter() {
                <Table lanes={lanes.clone()} table={table.clone()} />
            }
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    lanes: ByPtr<Lanes>,
    table: ByPtr<DataTable>,
}

#[component]
fn Table(TableProps { lanes, table }: &TableProps) -> Html {
    let words = use_words();
    let (shown, on_more) = use_more(PAGE);
    html! {
        <>
            <div class="scroll" tabindex="0" role="group" aria-label={table.caption.clone()}>
                <table class="grid grid--dense">
                    <caption>{ &table.caption }</caption>
                    <thead>
                        <tr>
                            for (nth, column) in table.columns.iter().enumerate() {
                                <th scope="col" class={(nth > 0).then_some("number")}>{ column }</th>
                            }
                        </tr>
                    </thead>
                    <tbody>
                        for row in lanes.rows(table, 0, shown) {
                            <tr>
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
                    </tbody>
                </table>
            </div>
            <More total={table.len()} {shown} {on_more} />
        </>
    }
}
