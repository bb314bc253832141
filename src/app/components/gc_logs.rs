//! GC logs: what each says about itself, and its collections.

use oomscope_derive::part;
use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::facts_table::{FactsTable, Rows};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::use_words;
use crate::i18n::{format, number};
use crate::model::gc::GcEvent;
use crate::units::Bytes;

/// Logs that are in the document all the time.
const LOGS: usize = 10;
/// Height of what a log says about itself, about.
const LOG: f64 = 150.0;
/// Collections that are in the document all the time.
const WHOLE: usize = 25;
/// Height of a collection, about.
const ROW: f64 = 24.0;

/// All GC logs.
#[part]
pub fn GcLogs(ready: &PageReady) -> Html {
    let words = use_words();
    let report = &ready.report;
    let events = &report.gc_events;
    let logs = use_window(report.gc_logs.len(), LOGS, LOG);
    let window = use_window(events.len(), WHOLE, ROW);
    let source_of = |event: &GcEvent| report.gc_logs.get(event.log as usize).map_or(0, |log| log.source);
    let size = |size: Option<Bytes>| size.map(format::size).unwrap_or_default();
    let log = |nth: usize| {
        let Some(log) = report.gc_logs.get(nth) else { return html! {} };
        html! {
                <FactsTable key={nth}
                    caption={words.lines(log.first_line, log.last_line)}
                    rows={Rows::new(words, &log.at, line_span(log.source, log.first_line))
                        .text("page.gc.collector", "collector", log.collector.clone())
                        .text("page.gc.jdk", "jdk", log.jdk.clone())
                        .text("page.gc.pid", "pid", log.pid.map(|pid| pid.to_string()))
                        .size("page.gc.max-heap", "max_heap", log.max_heap)
                        .size("page.gc.memory", "memory", log.memory)
                        .text("page.gc.cpus", "cpus", log.cpus.map(|cpus| cpus.to_string()))
                        .rows()} />
        }
    };
    let row = |nth: usize| {
        let Some(event) = events.get(nth) else { return html! {} };
        html! {
                                    <tr key={nth} aria-rowindex={window.row_index(nth, 1)}>
                                        <th scope="row"><Fact text={number(u64::from(event.line))} at={line_span(source_of(event), event.line)} /></th>
                                        <td class="number">{ event.uptime.map(|time| format::duration(words.0, time)).unwrap_or_default() }</td>
                                        <td>{ &event.name }</td>
                                        <td>{ event.cause.clone().unwrap_or_default() }</td>
                                        <td class="number">{ event.duration.map(|time| format::duration(words.0, time)).unwrap_or_default() }</td>
                                        <td class="number">{ size(event.before) }</td>
                                        <td class="number">{ size(event.after) }</td>
                                        <td class="number">{ size(event.committed) }</td>
                                    </tr>
        }
    };
    html! {
        <>
            { logs.parts(words) }
            <Pane long={logs.is_long()} name={words.text("page.section.gc-logs")}>
                <div class="window" ref={logs.body()}>{ logs.rows(Shape::Blocks, log) }</div>
            </Pane>
            if !events.is_empty() {
                <details class="details">
                    <summary>{ words.count("page.gc.events", events.len() as u64) }</summary>
                    { window.parts(words) }
                    <div class={classes!("scroll", window.pane())} tabindex="0" role="group" aria-label={words.text("page.gc.table")}>
                        <table class="grid grid--dense" aria-rowcount={window.row_count(1)}>
                            <caption class="visually-hidden">{ words.text("page.gc.table") }</caption>
                            <thead>
                                <tr>
                                    <th scope="col">{ words.text("page.jstat.line") }</th>
                                    <th scope="col" class="number">{ words.text("page.gc.uptime") }</th>
                                    <th scope="col">{ words.text("page.gc.what") }</th>
                                    <th scope="col">{ words.text("page.gc.cause") }</th>
                                    <th scope="col" class="number">{ words.text("page.gc.duration") }</th>
                                    <th scope="col" class="number">{ words.text("page.gc.before") }</th>
                                    <th scope="col" class="number">{ words.text("page.gc.after") }</th>
                                    <th scope="col" class="number">{ words.text("page.gc.committed") }</th>
                                </tr>
                            </thead>
                            <tbody ref={window.body()}>{ window.rows(Shape::Table, row) }</tbody>
                        </table>
                    </div>
                </details>
            }
        </>
    }
}
