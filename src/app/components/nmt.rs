//! Native Memory Tracking: categories, those of a diff by growth, others largest first, with a seal that says whether they add up.

use oomscope_derive::part;
use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::nmt_growth::{CallSites, NmtHistory};
use super::pane::Pane;
use crate::app::controls::PageReady;
use crate::app::facts::{printed, printed_difference};
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::{Words, use_words};
use crate::chart::nmt_growth::{in_order, is_own_cost};
use crate::i18n::{format, number};
use crate::model::nmt::{NmtCategory, NmtSnapshot, NmtSpace, Sum};
use crate::source::Span;
use crate::units::{Bytes, SignedBytes};

/// Snapshots that are in the document all the time.
const WHOLE: usize = 3;
/// Height of a snapshot, about.
const SNAPSHOT: f64 = 700.0;

/// All snapshots.
#[part]
pub fn Nmt(ready: &PageReady) -> Html {
    let words = use_words();
    let snapshots = &ready.report.nmt;
    let window = use_window(snapshots.len(), WHOLE, SNAPSHOT);
    let item = |nth: usize| {
        let Some(snapshot) = snapshots.get(nth) else { return html! {} };
        html! {
            <div class="nmt__snapshot" key={nth}>
                { table(words, snapshot) }
                <CallSites ready={ready.clone()} snapshot={nth} />
            </div>
        }
    };
    html! {
        <>
            <NmtHistory ready={ready.clone()} />
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.section.nmt")}>
                <div class="window" ref={window.body()}>{ window.rows(Shape::Blocks, item) }</div>
            </Pane>
        </>
    }
}

fn caption(words: Words, snapshot: &NmtSnapshot) -> String {
    let pid = match snapshot.pid {
        Some(pid) => words.fill("page.pid", &[("pid", &pid.to_string())]),
        None => words.text("page.pid.unknown"),
    };
    format!("NMT {} · {pid} · {}", snapshot.kind, words.lines(snapshot.first_line, snapshot.last_line))
}

fn table(words: Words, snapshot: &NmtSnapshot) -> Html {
    let categories = in_order(snapshot);
    let total = &snapshot.total;
    let has_deltas = snapshot.kind.ends_with("diff");
    let at_total = |field: &str| total.at.get(field).or(line_span(snapshot.source, snapshot.first_line));
    let seal = words.count(
        match snapshot.sum() {
            Sum::AddsUp => "page.nmt.complete",
            Sum::TooCoarse => "page.nmt.coarse",
            Sum::Differs => "page.nmt.incomplete",
        },
        snapshot.categories.len() as u64,
    );
    let name = caption(words, snapshot);
    html! {
        <article class="nmt">
            <h3>{ name.clone() }</h3>
            <div class="scroll" tabindex="0" role="group" aria-label={name.clone()}>
            <table class="grid">
                <caption class="visually-hidden">{ name }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ words.text("page.nmt.category") }</th>
                        <th scope="col" class="number">{ words.text("page.nmt.committed") }</th>
                        if has_deltas { <th scope="col" class="number">{ words.text("page.nmt.committed-delta") }</th> }
                        <th scope="col" class="number">{ words.text("page.nmt.reserved") }</th>
                        if has_deltas { <th scope="col" class="number">{ words.text("page.nmt.reserved-delta") }</th> }
                    </tr>
                </thead>
                <tbody>
                    <tr class="grid__row--total">
                        <th scope="row">{ words.text("page.nmt.total") }</th>
                        { size_cell(total.committed, snapshot.scale, at_total("committed")) }
                        if has_deltas { { delta_cell(total.committed_delta, snapshot.scale, at_total("committed_delta")) } }
                        { size_cell(total.reserved, snapshot.scale, at_total("reserved")) }
                        if has_deltas { { delta_cell(total.reserved_delta, snapshot.scale, at_total("reserved_delta")) } }
                    </tr>
                    { for categories.iter().map(|category| category_rows(words, snapshot, category, has_deltas)) }
                </tbody>
            </table>
            </div>
            <p class={if snapshot.sum() == Sum::AddsUp { "seal seal--good" } else { "seal seal--open" }}>{ seal }</p>
        </article>
    }
}

fn category_rows(words: Words, snapshot: &NmtSnapshot, category: &NmtCategory, has_deltas: bool) -> Html {
    let at = |field: &str| category.at.get(field).or(line_span(snapshot.source, category.line));
    html! {
        <>
            <tr>
                <th scope="row">
                    { &category.name }
                    if is_own_cost(category) { { " " }<small class="note">{ words.text("page.nmt.own-cost") }</small> }
                    if let Some(threads) = category.threads {
                        { " " }<small><Fact text={words.count("page.nmt.threads", threads)} at={at("threads")} /></small>
                    }
                    if let Some(classes) = category.classes {
                        { " " }<small><Fact text={words.count("page.nmt.classes", classes)} at={at("classes")} /></small>
                    }
                </th>
                { size_cell(category.committed, snapshot.scale, at("committed")) }
                if has_deltas { { delta_cell(category.committed_delta, snapshot.scale, at("committed_delta")) } }
                { size_cell(category.reserved, snapshot.scale, at("reserved")) }
                if has_deltas { { delta_cell(category.reserved_delta, snapshot.scale, at("reserved_delta")) } }
            </tr>
            { for category.spaces.iter().map(|space| space_row(words, snapshot, category, space, has_deltas)) }
        </>
    }
}

/// Part of the category above it, never a summand of its own.
fn space_row(words: Words, snapshot: &NmtSnapshot, category: &NmtCategory, space: &NmtSpace, has_deltas: bool) -> Html {
    let at = |field: &str| space.at.get(field).or(line_span(snapshot.source, space.line));
    html! {
        <tr class="grid__row--part">
            <th scope="row">
                { words.fill("page.nmt.part", &[("name", &space.name), ("category", &category.name)]) }
                if let Some(used) = space.used {
                    { " " }<small><Fact text={words.fill("page.nmt.used", &[("size", &format::size(used))])} at={at("used")} /></small>
                }
            </th>
            { size_cell(space.committed, snapshot.scale, at("committed")) }
            if has_deltas { <td></td> }
            { size_cell(space.reserved, snapshot.scale, at("reserved")) }
            if has_deltas { <td></td> }
        </tr>
    }
}

fn size_cell(size: Option<Bytes>, scale: Bytes, at: Option<Span>) -> Html {
    let Some(size) = size else { return html! { <td class="number"></td> } };
    let exact = printed(size, scale).unwrap_or_else(|| format!("{} B", number(size.0)));
    html! {
        <td class="number">
            <Fact text={format::size(size)} {at} />{ " " }<small class="printed">{ exact }</small>
        </td>
    }
}

fn delta_cell(delta: Option<SignedBytes>, scale: Bytes, at: Option<Span>) -> Html {
    let Some(delta) = delta.filter(|delta| delta.0 != 0) else { return html! { <td class="number"></td> } };
    let exact = printed_difference(delta, scale).unwrap_or_else(|| format::signed_size(delta));
    html! { <td class="number"><Fact text={exact} {at} /></td> }
}
