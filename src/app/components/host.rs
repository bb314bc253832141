//! Figures about the machine, containers, and processes that stand around the JVM's own.

use oomscope_derive::part;
use yew::prelude::*;

use super::fact::line_span;
use super::facts_table::{FactsTable, Row, Rows};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::{Words, use_words};
use crate::civil::Zone;
use crate::i18n::{format, number};
use crate::model::host::HostReading;
use crate::model::names;

/// Readings that are in the document all the time.
const WHOLE: usize = 10;
/// Height of a reading, about.
const READING: f64 = 150.0;

/// All readings.
#[part]
pub fn Host(ready: &PageReady) -> Html {
    let words = use_words();
    let readings = &ready.report.host;
    let window = use_window(readings.len(), WHOLE, READING);
    let reading = |nth: usize| {
        let Some(reading) = readings.get(nth) else { return html! {} };
        html! { <FactsTable key={nth} caption={caption(words, reading)} rows={rows(words, reading, ready.report.zone)} /> }
    };
    html! {
        <>
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.section.host")}>
                <div class="window" ref={window.body()}>{ window.rows(Shape::Blocks, reading) }</div>
            </Pane>
        </>
    }
}

fn caption(words: Words, reading: &HostReading) -> String {
    let mut parts = vec![words.text(reading.kind.key())];
    parts.extend(reading.name.clone());
    parts.extend(reading.pid.map(|pid| words.fill("page.pid", &[("pid", &pid.to_string())])));
    parts.push(words.lines(reading.first_line, reading.last_line));
    parts.join(" · ")
}

fn rows(words: Words, reading: &HostReading, zone: Zone) -> Vec<Row> {
    let line = line_span(reading.source, reading.first_line);
    let mut rows = Rows::new(words, &reading.at, line)
        .text("page.kill.time", "time", reading.time.map(|time| format::time(time, zone)))
        .text("page.kill.local-time", "local_time", reading.local_time.map(format::local_time));
    for (name, size) in &reading.sizes {
        rows = rows.named_size(&names::said(words.0, name), name, *size);
    }
    for (name, count) in &reading.counts {
        rows = rows.named_text(&names::said(words.0, name), name, number(*count));
    }
    for (name, word) in &reading.words {
        rows = rows.named_text(&names::said(words.0, name), name, word.clone());
    }
    let flags = (!reading.flags.is_empty()).then(|| reading.flags.join(" "));
    rows.text("page.host.flags", "flags", flags).rows()
}
