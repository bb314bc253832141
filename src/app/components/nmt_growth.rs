//! More of Native Memory Tracking: snapshots of one JVM beside each other, and the call sites of a detail report.

use oomscope_derive::part;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::{Words, use_words};
use crate::chart::nmt_growth::{Growth, History, call_sites, histories};
use crate::i18n::{format, number};
use crate::model::nmt::NmtSite;
use crate::units::{Bytes, SignedBytes};

/// Histories that are in the document all the time.
const HISTORIES: usize = 4;
/// Height of a history, about.
const HISTORY: f64 = 500.0;
/// Rows of call sites that are in the document all the time.
const SITES: usize = 25;
/// Height of a call site, about.
const SITE: f64 = 24.0;
/// Size of a small picture.
const SMALL: (f64, f64) = (120.0, 24.0);

/// What grew from snapshot to snapshot, a small picture each.
#[part]
pub fn NmtHistory(ready: &PageReady) -> Html {
    let words = use_words();
    let found = use_memo(ready.report.clone(), |report| histories(report));
    let window = use_window(found.len(), HISTORIES, HISTORY);
    let item =
        |nth: usize| found.get(nth).map(|history| small_multiples(words, ready, history, nth)).unwrap_or_default();
    html! {
        <Pane long={window.is_long()} name={words.text("page.section.nmt")}>
            <div class="window" ref={window.body()}>{ window.rows(Shape::Blocks, item) }</div>
        </Pane>
    }
}

fn small_multiples(words: Words, ready: &PageReady, history: &History, key: usize) -> Html {
    let run = ready.report.runs.iter().find(|run| run.id == history.run);
    let who = match run.and_then(|run| run.pid) {
        Some(pid) => words.fill("page.pid", &[("pid", &pid.to_string())]),
        None => words.text("page.pid.unknown"),
    };
    let count = number(history.snapshots.len() as u64);
    let name = words.fill("page.nmt.history", &[("who", &who), ("n", &count)]);
    let end = |at: Option<&usize>| {
        let snapshot = at.and_then(|at| ready.report.nmt.get(*at));
        snapshot.and_then(|snapshot| line_span(snapshot.source, snapshot.first_line))
    };
    let (first, last) = (end(history.snapshots.first()), end(history.snapshots.last()));
    let row = |growth: &Growth| {
        let told: Vec<Bytes> = growth.values.iter().flatten().copied().collect();
        let (from, to) = (told.first().copied().unwrap_or_default(), told.last().copied().unwrap_or_default());
        let label = if growth.name.is_empty() { words.text("page.nmt.total") } else { growth.name.clone() };
        let change = if growth.growth.0 == 0 { String::new() } else { format::signed_size(growth.growth) };
        html! {
            <tr class={classes!(growth.name.is_empty().then_some("grid__row--total"), growth.own.then_some("grid__row--part"))}>
                <th scope="row">{ label }if growth.own { { " " }<small>{ words.text("page.nmt.own-cost") }</small> }</th>
                <td>{ small_picture(&growth.values) }</td>
                <td class="number"><Fact text={format::size(from)} at={first} /></td>
                <td class="number"><Fact text={format::size(to)} at={last} /></td>
                <td class="number">{ change }</td>
            </tr>
        }
    };
    html! {
        <article class="nmt" {key}>
            <h3>{ name.clone() }</h3>
            <div class="scroll" tabindex="0" role="group" aria-label={name.clone()}>
                <table class="grid grid--dense">
                    <caption class="visually-hidden">{ name }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ words.text("page.nmt.category") }</th>
                            <th scope="col">{ words.text("page.nmt.course") }</th>
                            <th scope="col" class="number">{ words.text("page.nmt.first") }</th>
                            <th scope="col" class="number">{ words.text("page.nmt.last") }</th>
                            <th scope="col" class="number">{ words.text("page.nmt.growth") }</th>
                        </tr>
                    </thead>
                    <tbody>{ for history.rows.iter().map(row) }</tbody>
                </table>
            </div>
        </article>
    }
}

/// A line from zero to the largest value; the numbers stand beside it.
fn small_picture(values: &[Option<Bytes>]) -> Html {
    let highest = values.iter().flatten().map(|value| value.as_f64()).fold(1.0, f64::max);
    let (width, height) = SMALL;
    let step = (width - 4.0) / (values.len().saturating_sub(1).max(1) as f64);
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| Some((at, (*value)?.as_f64())))
        .map(|(at, value)| {
            format!("{:.1},{:.1}", 2.0 + at as f64 * step, height - 2.0 - value / highest * (height - 4.0))
        })
        .collect();
    html! {
        <svg class="small-picture" width={width.to_string()} height={height.to_string()} viewBox={format!("0 0 {width} {height}")} aria-hidden="true">
            <polyline points={points.join(" ")} />
        </svg>
    }
}

/// The call sites of a category.
#[derive(PartialEq)]
struct SiteGroup {
    category: String,
    size: Bytes,
    delta: Option<SignedBytes>,
    sites: Vec<NmtSite>,
}

/// Who asked for the memory, by category, with a search.
#[part]
pub fn CallSites(
    ready: &PageReady,
    /// Which snapshot.
    snapshot: &usize,
) -> Html {
    let at = snapshot;
    let words = use_words();
    let search = use_state_eq(String::new);
    let groups = use_memo((ready.report.clone(), *at, (*search).clone()), |(report, at, search)| {
        let groups = report.nmt.get(*at).map(|snapshot| call_sites(snapshot, search)).unwrap_or_default();
        let own = groups.into_iter().map(|group| SiteGroup {
            category: group.category.to_owned(),
            size: group.size,
            delta: group.delta,
            sites: group.sites.into_iter().cloned().collect(),
        });
        own.collect::<Vec<_>>()
    });
    // Each group with a row of its own above its sites.
    let rows: Vec<(usize, Option<usize>)> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| {
            std::iter::once((at, None)).chain((0..group.sites.len()).map(move |site| (at, Some(site))))
        })
        .collect();
    let window = use_window(rows.len(), SITES, SITE);
    let Some(snapshot) = ready.report.nmt.get(*at).filter(|snapshot| !snapshot.sites.is_empty()) else {
        return html! {};
    };
    let found: usize = groups.iter().map(|group| group.sites.len()).sum();
    let oninput = {
        let search = search.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                search.set(field.value());
            }
        })
    };
    let has_deltas = snapshot.sites.iter().any(|site| site.delta.is_some());
    let delta =
        |delta: Option<SignedBytes>| delta.filter(|delta| delta.0 != 0).map(format::signed_size).unwrap_or_default();
    let row = |nth: usize| {
        let found = rows.get(nth).and_then(|(group, site)| Some((groups.get(*group)?, *site)));
        let Some((group, site)) = found else { return html! {} };
        let index = window.row_index(nth, 1);
        let Some(site) = site.and_then(|site| group.sites.get(site)) else {
            return html! {
                <tr key={nth} class="grid__row--total" aria-rowindex={index}>
                    <th scope="row">{ if group.category.is_empty() { words.text("page.nmt.no-category") } else { group.category.clone() } }</th>
                    <td></td>
                    <td class="number">{ format::size(group.size) }</td>
                    if has_deltas { <td class="number">{ delta(group.delta) }</td> }
                    <td class="number">{ number(group.sites.len() as u64) }</td>
                </tr>
            };
        };
        html! {
            <tr key={nth} class="grid__row--part" aria-rowindex={index}>
                <th scope="row" class="nmt__frame">{ &site.frame }</th>
                <td>{ &site.kind }</td>
                <td class="number"><Fact text={format::size(site.size)} at={line_span(snapshot.source, site.line)} /></td>
                if has_deltas { <td class="number">{ delta(site.delta) }</td> }
                <td class="number">{ site.count.map(number).unwrap_or_default() }</td>
            </tr>
        }
    };
    html! {
        <details class="details">
            <summary>{ words.count("page.nmt.sites", snapshot.sites.len() as u64) }</summary>
            <p>
                <label>{ words.text("page.nmt.search") }{ " " }<input type="search" class="field" value={(*search).clone()} {oninput} /></label>
                { " " }<span role="status">{ words.count("page.nmt.found", found as u64) }</span>
            </p>
            { window.parts(words) }
            <div class={classes!("scroll", window.pane())} tabindex="0" role="group" aria-label={words.text("page.nmt.site")}>
                <table class="grid grid--dense" aria-rowcount={window.row_count(1)}>
                    <caption class="visually-hidden">{ words.text("page.nmt.site") }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ words.text("page.nmt.site") }</th>
                            <th scope="col">{ words.text("page.nmt.kind") }</th>
                            <th scope="col" class="number">{ words.text("page.memory.size") }</th>
                            if has_deltas { <th scope="col" class="number">{ words.text("page.nmt.growth") }</th> }
                            <th scope="col" class="number">{ words.text("page.nmt.count") }</th>
                        </tr>
                    </thead>
                    <tbody ref={window.body()}>{ window.rows(Shape::Table, row) }</tbody>
                </table>
            </div>
        </details>
    }
}
