//! The report, in reading order.

use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::add_logs::{AddBox, AddLogs};
use super::compare::Compare;
use super::compare_with::CompareWith;
use super::fact::HasTexts;
use super::findings::Findings;
use super::fold::Fold;
use super::memory::MemoryMap;
use super::records::{Kind, Records};
use super::share::ShareDialog;
use super::sizing::{SetByHand, Sizing};
use super::source_drawer::SourceDrawer;
use super::sources::SourcesList;
use super::story::{ToTimeline, commands};
use super::timeline::Timeline;
use super::title::Title;
use super::verdict::{Answer, Subject};
use super::what_changed::WhatChanged;
use crate::analysis::sizing::Settings;
use crate::analysis::verdict::Outcome;
use crate::app::controls::{PageReady, use_controls, with};
use crate::app::facts::recognised;
use crate::app::history::page_address;
use crate::app::hooks::focus::use_focus_on;
use crate::app::hooks::painted::use_stages;
use crate::app::hooks::second::{Second, SecondControls, use_second_report};
use crate::app::lines::Coverage;
use crate::app::sections::go_to;
use crate::app::session::{Action, Notice, Sharing, Shown};
use crate::app::words::{Words, size, use_words};
use crate::chart::compare::obvious_pair;
use crate::chart::memory::has_moments;
use crate::i18n::number;
use crate::report::Report;
use crate::source::Span;
use crate::units::Micros;
use crate::worker::share::Wish;

/// Names of sources that the chip tells.
const NAMES: usize = 20;
/// Sections that come one after the other once the page is painted.
const PARTS: usize = 5;

/// The report.
#[part]
pub fn ReportScreen(
    ready: &PageReady,
    source_open: &bool,
    shown: &Option<Shown>,
    /// About the last attempt to hand over something else.
    notice: &Option<Notice>,
    sharing: &Option<Sharing>,
    /// What the reader set of the heap's size.
    settings: &Settings,
) -> Html {
    let words = use_words();
    let controls = use_controls();
    let has_texts = !ready.maps.is_empty();
    let mut evidence = ready.report.findings.iter().flat_map(|finding| &finding.evidence);
    let has_lines = evidence.any(|evidence| !evidence.excerpt.is_empty());
    let name = ready.name.clone().unwrap_or_default();
    let on_share = with(&controls, move |controls, _: MouseEvent| {
        controls.send(Action::Share(Wish { name: name.clone(), page: page_address(), ..Wish::default() }))
    });
    let (second, second_controls) = use_second_report();
    let on_compare = {
        let controls = second_controls.clone();
        Callback::from(move |_: MouseEvent| controls.ask())
    };
    let heading = use_node_ref();
    use_focus_on(&heading, ready.job);
    let stage = use_stages(PARTS);
    let known = use_memo((ready.report.clone(), stage > 0), |(report, painted)| {
        if *painted { (has_moments(report), obvious_pair(report).is_some()) } else { (false, false) }
    });
    // Effects of what stands within have run before: now its keys work as well.
    let whole = use_state_eq(|| false);
    let setter = whole.setter();
    use_effect_with(stage >= PARTS, move |painted| setter.set(*painted));
    // With the report that it is of, and the how manieth wish it is: the same may be asked for again.
    let asked = use_state_eq(|| None::<(u32, Span, u32)>);
    let to_timeline = {
        let (asked, times) = (asked.setter(), use_mut_ref(|| 0_u32));
        use_callback(ready.job, move |line: Span, job| {
            let times = times.replace_with(|times| times.wrapping_add(1));
            asked.set(Some((*job, line, times)));
            go_to("timeline");
        })
    };
    let asked = asked.filter(|(job, ..)| *job == ready.job).map(|(_, line, times)| (line, times));
    let report = &ready.report;
    let is_nothing = report.verdict.outcome == Outcome::NothingRecognised;
    let is_asked = matches!(second, Second::Asked | Second::Failed(_) | Second::Reading(_));
    let own = html! {
        <>
            <Title ready={ready.clone()} {heading} />
            if let Some(changes) = &ready.changes { <WhatChanged changes={changes.clone()} /> }
            <Answer ready={ready.clone()} />
            <SetByHand ready={ready.clone()} settings={settings.clone()} />
        </>
    };
    let compared = match &second {
        Second::Ready(second) => Some(html! {
            <section class="section section--first" aria-labelledby="compare-reports">
                <h1 id="compare-reports" tabindex="-1">{ words.text("page.section.compare-reports") }</h1>
                <Compare ready={ready.clone()} second={second.clone()} controls={second_controls.clone()} />
            </section>
        }),
        _ => None,
    };
    let all = html! {
        <div class="report">
            <div class="report__head">
                if let Some(notice) = notice {
                    <p class="notice">{ words.text(notice.key()) }</p>
                }
                <div class="report__top">
                    if compared.is_none() { <Subject ready={ready.clone()} /> } else { <span></span> }
                    <p class="report__ways">
                        if has_texts && !is_nothing { <AddLogs /> }
                        <button type="button" class="button button--small" aria-haspopup="dialog" title={words.text("page.compare.with")} onclick={on_compare}>{ words.text("page.compare.button") }</button>
                        <button type="button" class="button button--small button--main" aria-haspopup="dialog" onclick={on_share}>{ words.text("page.share") }</button>
                    </p>
                </div>
                // Whether it helped comes first, and what the open report says of itself is for who asks.
                if let Some(compared) = compared {
                    { compared }
                    <details class="details">
                        <summary>{ words.text("page.compare.own") }{ ": " }{ ready.title(words.0) }</summary>
                        { own }
                    </details>
                } else {
                    { own }
                }
                if has_texts && is_nothing && !is_asked {
                    <p>{ words.text("page.add.stays") }</p>
                    <AddBox />
                }
                if !has_texts { <p class="note">{ words.text(if has_lines { "page.shared.lines" } else { "page.shared.no-texts" }) }</p> }
                if is_asked {
                    <CompareWith second={second.clone()} controls={second_controls.clone()} />
                }
                if let Some(sharing) = sharing {
                    <ShareDialog sharing={sharing.clone()} {has_texts} compares={matches!(second, Second::Ready(_))} title={report.verdict.headline.say(words.0)} />
                }
            </div>
            <Contents ready={ready.clone()} has_memory={known.0} />
            <div class="report__tables" aria-busy={(!*whole).to_string()}>
                { tables(words, ready, (stage, *known), asked, (&second, &second_controls), settings) }
            </div>
            if has_texts { <SourceDrawer ready={ready.clone()} open={*source_open} shown={*shown} /> }
        </div>
    };
    provide(HasTexts(has_texts), provide(ToTimeline(to_timeline), all))
}

/// What stands below the answer, once that is painted, part after part: most of the page, and nobody sees it yet.
fn tables(
    words: Words,
    ready: &PageReady,
    (stage, (has_moments, has_pair)): (usize, (bool, bool)),
    asked: Option<(Span, u32)>,
    (second, controls): (&Second, &SecondControls),
    settings: &Settings,
) -> Html {
    let report = &ready.report;
    let section = |id: &'static str, key: &str, there: bool, content: Html| {
        html! {
            if there {
                <section class="section" aria-labelledby={id}>
                    <h2 {id} tabindex="-1">{ words.text(key) }</h2>
                    { content }
                </section>
            }
        }
    };
    let fold = |id: &'static str, key: &str, count: usize, content: Html| {
        html! { if count > 0 { <Fold {id} title={words.text(key)} {count}>{ content }</Fold> } }
    };
    let job = ready.job;
    let ready = || ready.clone();
    let is_alone = !matches!(second, Second::Ready(_));
    let compare = || html! { <Compare ready={ready()} second={None} controls={controls.clone()} /> };
    let records = |of: Kind| html! { <Records ready={ready()} {of} /> };
    let details = || {
        html! {
            <div class="folds">
                <Chip ready={ready()} />
                { fold("compare", "page.section.compare", if is_alone && has_pair { 2 } else { 0 }, compare()) }
                { fold("kills", "page.section.kills", report.oom_kills.len(), records(Kind::Kills)) }
                { fold("errors", "page.section.errors", report.java_errors.len(), records(Kind::Errors)) }
                { fold("events", "page.section.events", report.events.len(), records(Kind::Events)) }
                { fold("nmt", "page.section.nmt", report.nmt.len(), records(Kind::Nmt)) }
                { fold("jstat", "page.section.jstat", report.jstat.len(), records(Kind::Jstat)) }
                { fold("gc-log", "page.section.gc-logs", report.gc_logs.len(), records(Kind::GcLogs)) }
                { fold("host", "page.section.host", report.host.len(), records(Kind::Host)) }
                { fold("gaps", "page.section.gaps", report.gaps.len(), commands(words, &report.gaps)) }
                { fold("sources", "page.sources", report.sources.len(), html! { <SourcesList ready={ready()} /> }) }
                { fold("warnings", "page.section.warnings", report.warnings.len(), records(Kind::Warnings)) }
            </div>
        }
    };
    html! {
        <>
            if stage >= 1 { { section("memory", "page.section.memory", has_moments, html! { <MemoryMap ready={ready()} /> }) } }
            if stage >= 2 { { section("findings", "page.section.findings", !report.findings.is_empty(), html! { <Findings ready={ready()} /> }) } }
            if stage >= 3 { { section("timeline", "page.section.timeline", has_times(report), html! { <Timeline ready={ready()} {asked} /> }) } }
            if stage >= 4 { { section("sizing", "page.section.sizing", report.sizing.is_some(), html! { <Sizing key={job} ready={ready()} settings={settings.clone()} /> }) } }
            if stage >= 5 { { section("details", "page.section.details", true, details()) } }
        </>
    }
}

/// True if anything in the report has a place in time or order.
pub fn has_times(report: &Report) -> bool {
    let has_clock = |clocks: [Option<Micros>; 3]| clocks.iter().any(Option::is_some);
    report.jstat.iter().any(|table| table.rows > 0)
        || report.gc_events.iter().any(|event| has_clock([event.time, event.local_time, event.uptime]))
        || report.oom_kills.iter().any(|kill| has_clock([kill.time, kill.local_time, kill.uptime]))
        || report.java_errors.iter().any(|error| has_clock([error.time, error.local_time, error.uptime]))
        || report
            .events
            .iter()
            .any(|event| !event.is_answer_of_tool() && has_clock([event.time, event.local_time, event.uptime]))
}

/// The bar that stays: what stands below, and how much of it; and what was handed over. One stop for Tab; arrows lead on in it.
#[part]
fn Contents(ready: &PageReady, has_memory: &bool) -> Html {
    let words = use_words();
    let controls = use_controls();
    let report = &ready.report;
    let part = |section: &'static str, key: &str, count: Option<usize>, there: bool| {
        let onclick = Callback::from(move |_: MouseEvent| go_to(section));
        html! {
            if there {
                <li><button type="button" class="contents__part" {onclick}>
                    { words.text(key) }
                    if let Some(count) = count { { " " }<small>{ number(count as u64) }</small> }
                </button></li>
            }
        }
    };
    let bar = use_node_ref();
    {
        let bar = bar.clone();
        use_effect(move || make_one_stop(&bar));
    }
    let onkeydown = {
        let bar = bar.clone();
        Callback::from(move |event: KeyboardEvent| {
            let parts = parts_of(&bar);
            let focused = event.target_dyn_into::<Element>();
            let at = focused.and_then(|focused| parts.iter().position(|part| part.is_same_node(Some(&focused))));
            let next = match (event.key().as_str(), at) {
                ("ArrowRight", Some(at)) => at + 1,
                ("ArrowLeft", Some(at)) => at.saturating_sub(1),
                _ => return,
            };
            if let Some(part) = parts.get(next) {
                event.prevent_default();
                // Fails only for an element that cannot be focused; then the focus stays.
                let _ = part.focus();
            }
        })
    };
    let lines = report.sources.iter().fold(0, |sum: u64, source| sum.saturating_add(u64::from(source.lines)));
    let on_source = with(&controls, move |controls, event: MouseEvent| controls.open_source(&event));
    html! {
        <nav class="contents" ref={bar} aria-label={words.text("page.contents")} {onkeydown}>
            <ul class="contents__parts">
                { part("memory", "page.contents.memory", None, *has_memory) }
                { part("findings", "page.section.findings", Some(report.findings.len()), !report.findings.is_empty()) }
                { part("timeline", "page.section.timeline", None, has_times(report)) }
                { part("sizing", "page.contents.sizing", None, report.sizing.is_some()) }
                { part("details", "page.section.details", None, true) }
                if !ready.maps.is_empty() {
                    <li class="contents__source"><button type="button" class="contents__part" onclick={on_source}>
                        { words.text("page.section.source") }{ " " }<small>{ words.count("page.contents.lines", lines) }</small>
                    </button></li>
                }
            </ul>
        </nav>
    }
}

/// The buttons of the bar.
fn parts_of(bar: &NodeRef) -> Vec<HtmlElement> {
    let found = bar.cast::<Element>().and_then(|bar| bar.query_selector_all("button").ok());
    let found = found.iter().flat_map(|found| (0..found.length()).filter_map(|at| found.item(at)));
    found.filter_map(|part| part.dyn_into().ok()).collect()
}

/// Tab stops at the first button of the bar; arrows lead to the others.
fn make_one_stop(bar: &NodeRef) {
    for (nth, part) in parts_of(bar).into_iter().enumerate() {
        part.set_tab_index(if nth == 0 { 0 } else { -1 });
    }
}

/// What was handed over and what was recognised in it; each part leads to its section.
#[part]
fn Chip(ready: &PageReady) -> Html {
    let words = use_words();
    let Report { sources, .. } = &*ready.report;
    let bytes = sources.iter().fold(0, |sum: u64, source| sum.saturating_add(source.bytes));
    let lines = sources.iter().fold(0, |sum: u64, source| sum.saturating_add(u64::from(source.lines)));
    let coverages: Vec<Coverage> = ready.maps.iter().map(Coverage::of).collect();
    let parts = recognised(&ready.report);
    let nothing = parts.is_empty();
    let mut items: Vec<Html> = parts
        .into_iter()
        .map(|(key, count, section)| {
            let onclick = Callback::from(move |_: MouseEvent| go_to(section));
            html! { <button type="button" class="chip__part" {onclick}>{ words.count(key, count) }</button> }
        })
        .collect();
    if nothing {
        items.push(html! { { words.text("page.chip.nothing") } });
    }
    if coverages.iter().any(|coverage| coverage.prose > 0) {
        items.push(html! { { words.text("page.chip.prose") } });
    }
    let unknown = coverages.iter().fold(0, |sum: u64, coverage| sum.saturating_add(u64::from(coverage.unknown)));
    if unknown > 0 {
        items.push(html! { { words.count("page.chip.unknown", unknown) } });
    }
    let mut names: Vec<String> = sources.iter().take(NAMES).map(|source| source.name.clone()).collect();
    if let Some(left) = sources.len().checked_sub(NAMES).filter(|left| *left > 0) {
        names.push(words.fill("page.timeline.more-values", &[("n", &number(left as u64))]));
    }
    html! {
        <p class="chip" title={names.join(", ")}>
            { words.fill("page.chip", &[("size", &size(bytes)), ("n", &number(lines))]) }
            for (nth, item) in items.into_iter().enumerate() {
                { if nth == 0 { " " } else { ", " } }{ item }
            }
        </p>
    }
}
