//! GC logs: what each says about itself, and its collections.

use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::facts_table::{FactsTable, Rows};
use super::more::{More, use_more};
use crate::app::page::PageReady;
use crate::app::words::use_words;
use crate::i18n::{format, number};
use crate::model::gc::GcEvent;
use crate::units::Bytes;

/// Collections shown at once.
const STEP: usize = 25;

#[derive(Properties, PartialEq)]
pub struct GcLogsProps {
    /// The report.
    pub ready: PageReady,
}

/// All GC logs.
#[component]
pub fn GcLogs(GcLogsProps { ready }: &GcLogsProps) -> Html {
    let words = use_words();
    let (shown, on_more) = use_more(STEP);
    let report = &ready.report;
    let events = &report.gc_events;
    let source_of = |event: &GcEvent| report.gc_logs.get(event.log as usize).map_or(0, |log| log.source);
    let size = |size: Option<Bytes>| size.map(format::size).unwrap_or_default();
    html! {
        <>
            for log in report.gc_logs.iter() {
                <FactsTable
                    caption={words.fill("page.lines", &[("first", &log.first_line.to_string()), ("last", &log.last_line.to_string())])}
                    rows={Rows::new(words, &log.at, line_span(log.source, log.first_line))
                        .text("page.gc.collector", "collector", log.collector.clone())
                        .text("page.gc.jdk", "jdk", log.jdk.clone())
                        .text("page.gc.pid", "pid", log.pid.map(|pid| pid.to_string()))
                        .size("page.gc.max-heap", "max_heap", log.max_heap)
                        .size("page.gc.memory", "memory", log.memory)
                        .text("page.gc.cpus", "cpus", log.cpus.map(|cpus| cpus.to_string()))
                        .rows()} />
            }
            if !events.is_empty() {
                <details class="details">
                    <summary>{ words.count("page.gc.events", events.len() as u64) }</summary>
                    <div class="scroll" tabindex="0" role="group" aria-label={words.text("page.gc.table")}>
                        <table class="grid grid--dense">
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
                            <tbody>
                                for event in events.iter().take(shown) {
                                    <tr>
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
                            </tbody>
                        </table>
                    </div>
                    <More total={events.len()} {shown} {on_more} />
                </details>
            }
        </>
    }
}
