//! What `document` describes, as elements: numbers lead to their lines, and of long tables only what is near the view is there.

use oomscope_derive::part;
use web_sys::Element;
use yew::prelude::*;

use super::fact::Fact;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, Window, use_window};
use crate::app::words::{Words, use_words};
use crate::document::{By, Column, Fact as Told, Form, Of, Part, Row, RowKind, Style, Teller, line_span};
use crate::i18n::number;
use crate::report::Report;

/// Rows that are in the document all the time.
const WHOLE: usize = 25;
/// Height of a row, about.
const ROW: f64 = 24.0;

/// What describes a report for the page.
pub fn teller(report: &Report, words: Words) -> Teller<'_> {
    Teller { report, words, form: Form::Page }
}

/// Parts with something between them.
pub fn parts(parts: &[Part], between: &'static str) -> Html {
    let mut out: Vec<Html> = Vec::new();
    for part in parts {
        out.extend((!out.is_empty() && !between.is_empty()).then(|| html! { between }));
        out.push(one(part));
        if let Some(exact) = &part.exact {
            out.extend([html! { " " }, html! { <small class="printed">{ exact }</small> }]);
        }
    }
    // Most cells are one text.
    if out.len() == 1 { out.remove(0) } else { out.into_iter().collect() }
}

fn one(part: &Part) -> Html {
    let text = match part.at {
        Some(at) => html! { <Fact text={part.text.clone()} {at} /> },
        None => html! { &part.text },
    };
    let small = |class: Option<&'static str>, text: Html| html! { <small {class}>{ text }</small> };
    match part.style {
        Style::Plain | Style::Frame => text,
        Style::Code => html! { <code>{ text }</code> },
        Style::Aside => small(None, text),
        Style::Note => small(Some("note"), text),
        Style::Mark => small(Some("mark"), text),
        Style::Swatch => html! { <span class={format!("swatch swatch--{}", part.text)} aria-hidden="true"></span> },
        Style::Course => html! {
            <svg class="small-picture" width="120" height="24" viewBox="0 0 120 24" aria-hidden="true"><polyline points={part.text.clone()} /></svg>
        },
    }
}

/// One record, read downwards.
pub fn facts(caption: &[Part], facts: &[Told]) -> Html {
    html! {
        <table class="facts">
            <caption>{ parts(caption, " · ") }</caption>
            <tbody>
                for fact in facts { <tr><th scope="row">{ &fact.name }</th><td>{ parts(&fact.cell, " ") }</td></tr> }
            </tbody>
        </table>
    }
}

/// What a table is besides its rows.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// What it shows.
    pub name: &'a str,
    /// True where nothing above it says so.
    pub is_named: bool,
    /// Its classes, and that of what scrolls it.
    pub class: (&'static str, Option<&'static str>),
    /// Its columns.
    pub columns: &'a [Column],
    /// What the lines of rows are called, if they stand in a column of their own.
    pub lines: Option<&'a str>,
    /// What it is sorted by, whether from the least on, and what sorts it anew.
    pub sorted: Option<(By, bool, &'a Callback<By>)>,
}

impl<'a> Head<'a> {
    /// Of small letters.
    pub fn of(name: &'a str, columns: &'a [Column]) -> Head<'a> {
        Head { name, is_named: false, class: ("grid grid--dense", None), columns, lines: None, sorted: None }
    }

    fn column(&self, column: &Column) -> Html {
        let name = match &column.about {
            Some(about) => html! { <abbr title={about.clone()}>{ &column.name }</abbr> },
            None => html! { &column.name },
        };
        let class = column.is_number.then_some("number");
        let Some(((by, ascending, on_sort), own)) = self.sorted.zip(column.by) else {
            return html! { <th scope="col" {class}>{ name }</th> };
        };
        let (direction, sign) = match (by == own, ascending) {
            (false, _) => (None, ""),
            (true, true) => (Some("ascending"), " ▲"),
            (true, false) => (Some("descending"), " ▼"),
        };
        let onclick = on_sort.reform(move |_: MouseEvent| own);
        html! {
            <th scope="col" {class} aria-sort={direction}>
                <button type="button" class="sort" {onclick}>{ name }<span aria-hidden="true">{ sign }</span></button>
            </th>
        }
    }

    fn row(&self, key: usize, row: &Row, index: Option<String>) -> Html {
        let class = match row.kind {
            RowKind::Plain => None,
            RowKind::Total => Some("grid__row--total"),
            RowKind::Part => Some("grid__row--part"),
            RowKind::Marked => Some("grid__row--marked"),
        };
        let lines = row.lines.filter(|_| self.lines.is_some()).map(|(source, first, last)| {
            let text = if first == last { number(first.into()) } else { format!("{first}–{last}") };
            html! {
                <th scope="row">
                    <Fact {text} at={line_span(source, first)} />
                    if row.same > 1 { { " " }<small>{ format!("×{}", number(row.same as u64)) }</small> }
                </th>
            }
        });
        let cell = |(nth, cell): (usize, &Vec<Part>)| {
            let content = parts(cell, " ");
            if nth == 0 && self.lines.is_none() {
                let is_frame = cell.first().is_some_and(|part| part.style == Style::Frame);
                return html! { <th scope="row" class={is_frame.then_some("nmt__frame")}>{ content }</th> };
            }
            let is_number = self.columns.get(nth).is_some_and(|column| column.is_number);
            html! { <td class={is_number.then_some("number")}>{ content }</td> }
        };
        html! {
            <tr {key} {class} aria-rowindex={index}>
                { lines.unwrap_or_default() }
                { for row.cells.iter().enumerate().map(cell) }
            </tr>
        }
    }

    fn whole(&self, pane: (NodeRef, Option<&'static str>), rows: (NodeRef, Option<String>, Html)) -> Html {
        let ((pane, long), (body, count, rows), (class, of_pane)) = (pane, rows, self.class);
        html! {
            <div class={classes!("scroll", long, of_pane)} tabindex="0" role="group" aria-label={self.name.to_owned()} ref={pane}>
                <table {class} aria-rowcount={count}>
                    <caption class={(!self.is_named).then_some("visually-hidden")}>{ self.name }</caption>
                    <thead>
                        <tr>
                            if let Some(lines) = self.lines { <th scope="col">{ lines }</th> }
                            { for self.columns.iter().map(|column| self.column(column)) }
                        </tr>
                    </thead>
                    <tbody ref={body}>{ rows }</tbody>
                </table>
            </div>
        }
    }

    /// With all of its rows.
    pub fn with(&self, rows: &[Row]) -> Html {
        let rows = rows.iter().enumerate().map(|(nth, row)| self.row(nth, row, None)).collect();
        self.whole((NodeRef::default(), None), (NodeRef::default(), None, rows))
    }

    /// With those of its rows that are near the view.
    pub fn near(&self, words: Words, window: &Window, pane: NodeRef, row: impl Fn(usize) -> Row) -> Html {
        let rows = window.rows(Shape::Table, |nth| self.row(nth, &row(nth), window.row_index(nth, 1)));
        let table = self.whole((pane, window.pane()), (window.body(), window.row_count(1), rows));
        html! { <>{ window.parts(words) }{ table }</> }
    }
}

/// A table of the report.
#[part]
pub fn Long(ready: &PageReady, of: &Of, #[prop_or_default] on_sort: &Option<Callback<By>>) -> Html {
    let words = use_words();
    let table =
        use_memo((ready.report.clone(), of.clone(), words), |(report, of, words)| teller(report, *words).table(of));
    let window = use_window(table.len(), WHOLE, ROW);
    let pane = use_node_ref();
    // In another order, or of another search, it is read from its beginning.
    {
        let pane = pane.clone();
        use_effect_with(of.clone(), move |_| pane.cast::<Element>().iter().for_each(|pane| pane.set_scroll_top(0)));
    }
    let lines = words.text("page.jstat.line");
    let sorted = match of {
        Of::Processes(_, by, ascending) => on_sort.as_ref().map(|on_sort| (*by, *ascending, on_sort)),
        _ => None,
    };
    let class = ("grid grid--dense", matches!(of, Of::Processes(..)).then_some("process-table"));
    let lines = table.has_lines.then_some(lines.as_str());
    let head = Head { class, lines, sorted, ..Head::of(&table.caption, &table.columns) };
    let teller = teller(&ready.report, words);
    let rows = head.near(words, &window, pane, |nth| teller.row(&table, nth));
    match of {
        Of::Sites(..) => {
            let found = table.told().iter().filter(|row| row.kind == RowKind::Part).count();
            html! { <><p class="note" role="status">{ words.count("page.nmt.found", found as u64) }</p>{ rows }</> }
        }
        _ => rows,
    }
}
