//! The report, in reading order.

use gloo::utils::document;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::compare::Compare;
use super::compare_with::CompareWith;
use super::evidence_map::EvidenceMap;
use super::fact::HasTexts;
use super::findings::Findings;
use super::gaps::Gaps;
use super::gc_logs::GcLogs;
use super::host::Host;
use super::java_errors::{Events, JavaErrors};
use super::jstat::Jstat;
use super::kills::Kills;
use super::memory::MemoryMap;
use super::nmt::Nmt;
use super::share::ShareDialog;
use super::sizing::Sizing;
use super::timeline::Timeline;
use super::verdict::{Answer, Subject};
use super::warnings::Warnings;
use crate::app::controls::{PageReady, use_controls};
use crate::app::facts::recognised;
use crate::app::hooks::focus::use_focus_on;
use crate::app::hooks::painted::use_stages;
use crate::app::hooks::second::{Second, SecondControls, use_second_report};
use crate::app::lines::Coverage;
use crate::app::session::{Action, Notice, Sharing, Shown};
use crate::app::words::{Words, size, use_words};
use crate::chart::compare::obvious_pair;
use crate::chart::memory::has_moments;
use crate::i18n::number;
use crate::report::Report;
use crate::worker::share::Wish;

/// Names of sources that the chip tells.
const NAMES: usize = 20;
/// Sections that come one after the other once the page is painted.
const PARTS: usize = 13;

#[derive(Properties, PartialEq)]
pub struct ReportScreenProps {
    /// The report with its texts.
    pub ready: PageReady,
    /// The line asked for.
    pub shown: Option<Shown>,
    /// About the last attempt to hand over something else.
    pub notice: Option<Notice>,
    /// What is handed on of it.
    pub sharing: Option<Sharing>,
}

/// The report.
#[component]
pub fn ReportScreen(ReportScreenProps { ready, shown, notice, sharing }: &ReportScreenProps) -> Html {
    let words = use_words();
    let controls = use_controls();
    let has_texts = !ready.maps.is_empty();
    let name = ready.report.name.clone().unwrap_or_default();
    let on_share = Callback::from(move |_: MouseEvent| {
        if let Some(controls) = &controls {
            controls.send(Action::Share(Wish { name: name.clone(), ..Wish::default() }));
        }
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
    let report = &ready.report;
    html! {
        <ContextProvider<HasTexts> context={HasTexts(has_texts)}>
        <div class="report">
            <div class="report__head">
                <Chip ready={ready.clone()} />
                if let Some(notice) = notice {
                    <p class="notice">{ words.text(notice.key()) }</p>
                }
                <Subject ready={ready.clone()} />
                <h1 class="report__title" ref={heading} tabindex="-1">{ report.title_in(words.0) }</h1>
                <p class="report__ways">
                    <button type="button" class="button" aria-haspopup="dialog" onclick={on_share}>{ words.text("page.share") }</button>
                    { " " }
                    <button type="button" class="button" aria-haspopup="dialog" onclick={on_compare}>{ words.text("page.compare.other") }</button>
                </p>
                if matches!(second, Second::Asked | Second::Failed(_) | Second::Reading(_)) {
                    <CompareWith second={second.clone()} controls={second_controls.clone()} />
                }
                if let Some(sharing) = sharing {
                    <ShareDialog sharing={sharing.clone()} {has_texts} title={report.verdict.headline.say(words.0)} />
                }
            </div>
            <section class="section section--story" aria-labelledby="what-happened">
                <h2 id="what-happened">{ words.text("page.section.story") }</h2>
                <Answer ready={ready.clone()} />
            </section>
            <section class="section section--evidence" aria-labelledby="evidence">
                <h2 id="evidence">{ words.text("page.section.evidence") }</h2>
                if has_texts {
                    <EvidenceMap ready={ready.clone()} shown={*shown} />
                } else {
                    <p class="note">{ words.text("page.shared.no-texts") }</p>
                }
            </section>
            <div class="report__tables" aria-busy={(!*whole).to_string()}>
                { tables(words, ready, (stage, *known), &second, &second_controls) }
            </div>
        </div>
        </ContextProvider<HasTexts>>
    }
}

/// The timeline, and once that is painted what stands below it, part after part: most of the page, and nobody sees it yet.
fn tables(
    words: Words,
    ready: &PageReady,
    (stage, (has_moments, has_pair)): (usize, (bool, bool)),
    second: &Second,
    controls: &SecondControls,
) -> Html {
    let report = &ready.report;
    let section = |id: &'static str, key: &str, there: bool, content: Html| {
        if there {
            html! {
                <section class="section" aria-labelledby={id}>
                    <h2 {id}>{ words.text(key) }</h2>
                    { content }
                </section>
            }
        } else {
            html! {}
        }
    };
    let job = ready.job;
    let ready = || ready.clone();
    let second = match second {
        Second::Ready(second) => Some(second),
        _ => None,
    };
    let compare = || html! { <Compare ready={ready()} second={second.cloned()} controls={controls.clone()} /> };
    html! {
        <>
            { section("compare-reports", "page.section.compare-reports", second.is_some(), compare()) }
            { section("timeline", "page.section.timeline", has_times(report), html! { <Timeline ready={ready()} /> }) }
            if stage >= 1 { { section("memory", "page.section.memory", has_moments, html! { <MemoryMap ready={ready()} /> }) } }
            if stage >= 2 { { section("findings", "page.section.findings", !report.findings.is_empty(), html! { <Findings ready={ready()} /> }) } }
            if stage >= 3 { { section("sizing", "page.section.sizing", report.sizing.is_some(), html! { <Sizing key={job} ready={ready()} /> }) } }
            if stage >= 4 { { section("compare", "page.section.compare", second.is_none() && has_pair, compare()) } }
            if stage >= 5 { { section("kills", "page.section.kills", !report.oom_kills.is_empty(), html! { <Kills ready={ready()} /> }) } }
            if stage >= 6 { { section("errors", "page.section.errors", !report.java_errors.is_empty(), html! { <JavaErrors ready={ready()} /> }) } }
            if stage >= 7 { { section("events", "page.section.events", !report.events.is_empty(), html! { <Events ready={ready()} /> }) } }
            if stage >= 8 { { section("nmt", "page.section.nmt", !report.nmt.is_empty(), html! { <Nmt ready={ready()} /> }) } }
            if stage >= 9 { { section("jstat", "page.section.jstat", !report.jstat.is_empty(), html! { <Jstat ready={ready()} /> }) } }
            if stage >= 10 { { section("gc-log", "page.section.gc-logs", !report.gc_logs.is_empty(), html! { <GcLogs ready={ready()} /> }) } }
            if stage >= 11 { { section("host", "page.section.host", !report.host.is_empty(), html! { <Host ready={ready()} /> }) } }
            if stage >= 12 { { section("gaps", "page.section.gaps", !report.gaps.is_empty(), html! { <Gaps ready={ready()} /> }) } }
            if stage >= 13 { { section("warnings", "page.section.warnings", !report.warnings.is_empty(), html! { <Warnings ready={ready()} /> }) } }
        </>
    }
}

/// True if anything in the report has a place in time or order.
pub fn has_times(report: &Report) -> bool {
    !(report.oom_kills.is_empty()
        && report.jstat.is_empty()
        && report.gc_events.is_empty()
        && report.java_errors.is_empty()
        && report.events.is_empty())
}

#[derive(Properties, PartialEq)]
struct ChipProps {
    ready: PageReady,
}

/// What was handed over and what was recognised in it; each part leads to its section.
#[component]
fn Chip(ChipProps { ready }: &ChipProps) -> Html {
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

/// Scrolls to a section and puts the focus on its heading, so that reading goes on there.
fn go_to(section: &str) {
    let Some(heading) = document().get_element_by_id(section) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Start);
    Element::scroll_into_view_with_scroll_into_view_options(&heading, &options);
}
