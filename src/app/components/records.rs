//! What was read, kind by kind: a list of records each, of which only those near the view are in the document.

use oomscope_derive::part;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::fact::Fact;
use super::grid::{Head, Long, facts, parts, teller};
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, Window, use_window};
use crate::app::words::use_words;
use crate::chart::nmt_growth::histories;
use crate::document::{By, Of, Part, Row, Teller, line_span};
use crate::model::nmt::Sum;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kernel kills.
    Kills,
    /// What the JVM itself said.
    Errors,
    /// Other killers and look-alikes.
    Events,
    /// Snapshots of native memory.
    Nmt,
    /// Tables of `jstat`.
    Jstat,
    /// GC logs.
    GcLogs,
    /// Figures about the machine, containers, and processes.
    Host,
    /// What could not be used.
    Warnings,
}

/// A list.
#[part]
pub fn Records(ready: &PageReady, of: &Kind) -> Html {
    let words = use_words();
    let report = &ready.report;
    let warnings = if *of == Kind::Warnings { report.warnings_by_kind() } else { Vec::new() };
    // Its name, how many there are, how many are in the document all the time, and how high one is, about.
    let (name, count, whole, height) = match of {
        Kind::Kills => ("page.section.kills", report.oom_kills.len(), 5, 600.0),
        Kind::Errors => ("page.section.errors", report.java_errors.len(), 25, 28.0),
        Kind::Events => ("page.section.events", report.events.len(), 25, 28.0),
        Kind::Nmt => ("page.section.nmt", report.nmt.len(), 3, 700.0),
        Kind::Jstat => ("page.section.jstat", report.jstat.len(), 6, 300.0),
        Kind::GcLogs => ("page.section.gc-logs", report.gc_logs.len(), 10, 150.0),
        Kind::Host => ("page.section.host", report.host.len(), 10, 150.0),
        Kind::Warnings => ("page.section.warnings", warnings.len(), 25, 28.0),
    };
    let window = use_window(count, whole, height);
    let teller = teller(report, words);
    let item = |nth: usize| -> Option<Html> {
        Some(match of {
            Kind::Kills => kill(&teller, ready, nth)?,
            Kind::Errors => entry(&teller, &window, nth, &teller.error(report.java_errors.get(nth)?)),
            Kind::Events => entry(&teller, &window, nth, &teller.event(report.events.get(nth)?)),
            Kind::Nmt => nmt(&teller, ready, nth)?,
            Kind::Jstat => jstat(&teller, ready, nth)?,
            Kind::GcLogs => gc_log(&teller, ready, nth)?,
            Kind::Host => {
                let host = report.host.get(nth)?;
                facts(&teller.host_caption(host), &teller.host_facts(host))
            }
            Kind::Warnings => entry(&teller, &window, nth, &teller.warning(warnings.get(nth)?)),
        })
    };
    let item = |nth: usize| item(nth).unwrap_or_default();
    match of {
        Kind::Errors | Kind::Events | Kind::Warnings => {
            let rows = window.rows(Shape::List, item);
            window.list(words, name, html! { <ul class="events window" ref={window.body()}>{ rows }</ul> })
        }
        _ => {
            let blocks = window.blocks(words, name, |nth| html! { <div key={nth}>{ item(nth) }</div> });
            html! { <>if *of == Kind::Nmt { <Histories ready={ready.clone()} /> }{ blocks }</> }
        }
    }
}

/// The line, what stands there, and what is known of it.
fn entry(teller: &Teller<'_>, window: &Window, nth: usize, row: &Row) -> Html {
    let line = row.lines.map(|(source, line, _)| {
        let text = teller.words.fill("page.line", &[("n", &line.to_string())]);
        html! { <><Fact {text} at={line_span(source, line)} />{ ": " }</> }
    });
    html! {
        <li key={nth} aria-posinset={window.position(nth)} aria-setsize={window.size()}>
            { line.unwrap_or_default() }{ parts(&row.cells.concat(), " ") }
        </li>
    }
}

fn kill(teller: &Teller<'_>, ready: &PageReady, nth: usize) -> Option<Html> {
    let (words, kill) = (teller.words, ready.report.oom_kills.get(nth)?);
    let scope = Part::of(teller.kill_scope(kill)).at(kill.at.get("scope"));
    let (when, mut around) = (teller.kill_time(kill), teller.kill_around(kill));
    if kill.victims.is_empty() {
        around = [when.clone(), around].concat();
    }
    Some(html! {
        <>
            for victim in kill.victims.iter() {
                { facts(
                    &[words.fill("page.kill.victim", &[("name", &victim.name), ("pid", &victim.pid.to_string())]).into()],
                    &[when.clone(), teller.victim(kill, victim)].concat(),
                ) }
            }
            { facts(&[words.text("page.kill.around").into(), scope], &around) }
            if !kill.processes.is_empty() {
                <details class="details">
                    <summary>{ words.count("page.kill.processes", kill.processes.len() as u64) }</summary>
                    <p class="note">{ teller.badness(kill) }</p>
                    <Processes ready={ready.clone()} kill={nth} />
                    <p class="note">{ words.count("page.kill.shared-note", kill.processes.len() as u64) }</p>
                </details>
            }
        </>
    })
}

/// The processes at a kill, sorted by any column.
#[part]
fn Processes(ready: &PageReady, kill: &usize) -> Html {
    let sorted = use_state_eq(|| (By::Score, false));
    let on_sort = {
        let sorted = sorted.clone();
        Callback::from(move |by: By| {
            let (before, ascending) = *sorted;
            sorted.set((by, if by == before { !ascending } else { by.starts_ascending() }));
        })
    };
    let (by, ascending) = *sorted;
    html! { <Long ready={ready.clone()} of={Of::Processes(*kill, by, ascending)} {on_sort} /> }
}

/// What grew from snapshot to snapshot, JVM by JVM.
#[part]
fn Histories(ready: &PageReady) -> Html {
    let words = use_words();
    let found = use_memo(ready.report.clone(), |report| histories(report));
    let window = use_window(found.len(), 4, 500.0);
    let item = |nth: usize| {
        let Some(history) = found.get(nth) else { return html! {} };
        let table = teller(&ready.report, words).nmt_history(history);
        html! {
            <article class="nmt" key={nth}>
                <h3>{ &table.caption }</h3>
                { Head::of(&table.caption, &table.columns).with(table.told()) }
            </article>
        }
    };
    window.blocks(words, "page.section.nmt", item)
}

fn nmt(teller: &Teller<'_>, ready: &PageReady, nth: usize) -> Option<Html> {
    let snapshot = ready.report.nmt.get(nth)?;
    let table = teller.nmt_categories(snapshot);
    let seal = if snapshot.sum() == Sum::AddsUp { "seal seal--good" } else { "seal seal--open" };
    Some(html! {
        <>
            <article class="nmt">
                <h3>{ parts(&teller.nmt_caption(snapshot), " · ") }</h3>
                { Head { class: ("grid", None), ..Head::of(&table.caption, &table.columns) }.with(table.told()) }
                <p class={seal}>{ teller.nmt_seal(snapshot) }</p>
            </article>
            if !snapshot.sites.is_empty() {
                <details class="details">
                    <summary>{ teller.words.count("page.nmt.sites", snapshot.sites.len() as u64) }</summary>
                    <CallSites ready={ready.clone()} snapshot={nth} />
                </details>
            }
        </>
    })
}

/// Who asked for the memory, by category, with a search.
#[part]
fn CallSites(ready: &PageReady, snapshot: &usize) -> Html {
    let words = use_words();
    let search = use_state_eq(String::new);
    let oninput = {
        let search = search.setter();
        let typed = |event: InputEvent| Some(event.target_dyn_into::<HtmlInputElement>()?.value());
        Callback::from(move |event: InputEvent| search.set(typed(event).unwrap_or_default()))
    };
    html! {
        <>
            <label>{ words.text("page.nmt.search") }{ " " }<input type="search" class="field" value={(*search).clone()} {oninput} /></label>
            <Long ready={ready.clone()} of={Of::Sites(*snapshot, (*search).clone())} />
        </>
    }
}

fn jstat(teller: &Teller<'_>, ready: &PageReady, nth: usize) -> Option<Html> {
    let table = ready.report.jstat.get(nth)?;
    let sums = teller.jstat_sums(table);
    Some(html! {
        <article class="jstat">
            <h3>{ parts(&teller.jstat_caption(table), " · ") }</h3>
            <p>{ teller.jstat_samples(table) }</p>
            if !sums.is_empty() { <ul class="jstat__sums">for sum in sums { <li>{ parts(&sum, "") }</li> }</ul> }
            <Long ready={ready.clone()} of={Of::Samples(nth)} />
            <p class="note">{ teller.jstat_units(table) }</p>
        </article>
    })
}

fn gc_log(teller: &Teller<'_>, ready: &PageReady, nth: usize) -> Option<Html> {
    let log = ready.report.gc_logs.get(nth)?;
    let kinds = teller.gc_kinds(nth);
    Some(html! {
        <article class="nmt">
            <h3>{ parts(&teller.gc_caption(log), " · ") }</h3>
            if !kinds.is_empty() {
                { Head { class: ("grid", None), ..Head::of(&kinds.caption, &kinds.columns) }.with(kinds.told()) }
                <details class="details">
                    <summary>{ teller.words.count("page.gc.events", teller.gc_count(nth) as u64) }</summary>
                    <Long ready={ready.clone()} of={Of::Collections(nth)} />
                </details>
            }
        </article>
    })
}
