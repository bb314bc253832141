//! The timeline: data on a canvas, texts over it, and around it everything to explore it with.

use std::cell::RefCell;
use std::rc::Rc;

use oomscope_derive::part;
use yew::prelude::*;

use super::align_tools::AlignTools;
use super::chart_frame::{ChartFrame, ChartText, Paint};
use super::data_tables::DataTables;
use super::overview::OverviewStrip;
use super::range_panel::RangePanel;
use super::timeline_cursor::TimelineCursor;
use super::timeline_tools::{Legend, RangeTools};
use crate::app::controls::PageReady;
use crate::app::hooks::making::use_made;
use crate::app::hooks::view::{Look, use_view};
use crate::app::hooks::width::use_width;
use crate::app::hooks::window::use_seen;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::InSteps as _;
use crate::chart::canvas::paint_part;
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Making, Rooms, Section, Timeline as Lanes, View};
use crate::source::Span;

/// A long picture is drawn anew after so many pixels of scrolling.
const PART: f64 = 400.0;
/// Pixels of it that are painted above and below the view.
const AROUND: f64 = 200.0;

/// The timeline of a report.
#[part]
pub fn Timeline(
    ready: &PageReady,
    /// The line of what began and is to be shown, and how often something was asked for.
    #[prop_or_default]
    asked: &Option<(Span, u32)>,
) -> Html {
    let words = use_words();
    let (view, on_look) = use_view();
    let made = use_made::<Making>(&ready.report, words.0);
    let is_made = made.is_some();
    let nothing = use_memo((), |()| ByPtr::new(Making::begin(words.0).made()));
    let unaligned = made.unwrap_or_else(|| (*nothing).clone());
    let lanes = use_memo((unaligned.clone(), view.aligned.clone()), |(lanes, aligned)| {
        if aligned.is_empty() { lanes.clone() } else { ByPtr::new(lanes.aligned(aligned)) }
    });
    let lanes = (*lanes).clone();
    let section = use_state_eq(|| None::<String>);
    // What was touched last, else what is zoomed into, else the first with samples, or with an axis.
    let chosen = section.as_ref().and_then(|id| lanes.section(id));
    let zoomed = || lanes.sections.iter().find(|section| view.ranges.iter().any(|(id, _)| *id == section.id));
    let first = |is: fn(&Section) -> bool| lanes.sections.iter().find(|section| is(section));
    let sampled =
        || first(|section| !section.samples.is_empty()).or_else(|| first(Section::has_axis)).or(lanes.sections.first());
    let section_id = chosen.or_else(zoomed).or_else(sampled).map(|section| section.id.clone()).unwrap_or_default();
    let on_section = {
        let setter = section.setter();
        use_callback((), move |id: String, ()| setter.set(Some(id)))
    };
    {
        let (lanes, view, on_look, on_section) = (lanes.clone(), view.clone(), on_look.clone(), on_section.clone());
        // Lanes that are made later are looked for what was asked before.
        use_effect_with((*asked, is_made), move |(asked, _)| {
            if let Some((section, (from, to))) = asked.and_then(|(line, _)| lanes.onset(line)) {
                on_section.emit(section.id.clone());
                on_look.emit(Look::At(view.with_range(section, from, to)));
            }
        });
    }
    let choosing = use_state_eq(|| false);
    let on_choosing = {
        let setter = choosing.setter();
        use_callback((), move |choosing: bool, ()| setter.set(choosing))
    };
    if !is_made {
        return html! { <p class="note">{ words.text("page.timeline.making") }</p> };
    }
    if lanes.is_empty() {
        return html! {};
    }
    html! {
        <div class="timeline">
            <TimelineChart lanes={lanes.clone()} view={view.clone()} choosing={*choosing} at_rest={section_id.clone()} on_look={on_look.clone()}
                on_section={on_section.clone()} on_choosing={on_choosing.clone()} />
            <OverviewStrip lanes={lanes.clone()} view={view.clone()} section={section_id.clone()} on_look={on_look.clone()} />
            <RangeTools lanes={lanes.clone()} view={view.clone()} section={section_id.clone()} choosing={*choosing}
                on_look={on_look.clone()} {on_section} {on_choosing} />
            <Legend lanes={lanes.clone()} view={view.clone()} on_look={on_look.clone()} />
            <AlignTools {unaligned} lanes={lanes.clone()} view={view.clone()} section={section_id.clone()} {on_look} />
            <RangePanel report={ready.report.clone()} lanes={lanes.clone()} {view} section={section_id} />
            <DataTables {lanes} />
            <p class="note keys" aria-hidden="true">{ words.text("page.timeline.keys") }</p>
        </div>
    }
}

/// The picture with its cross-hair.
#[part]
pub fn TimelineChart(
    lanes: &ByPtr<Lanes>,
    view: &View,
    /// True while the next two clicks choose a range.
    #[prop_or_default]
    choosing: &bool,
    /// Id of the section that is told about while nobody points anywhere. `None` for the first with samples.
    #[prop_or_default]
    at_rest: &Option<String>,
    on_look: &Callback<Look>,
    /// Called with the section that the reader does something in.
    #[prop_or_default]
    on_section: &Callback<String>,
    /// Called when the two clicks are done.
    #[prop_or_default]
    on_choosing: &Callback<bool>,
) -> Html {
    let words = use_words();
    let (frame, readout) = (use_node_ref(), use_node_ref());
    let width = use_width(&frame);
    let seen = use_seen(&frame, PART);
    let seen = lanes.is_long().then(|| seen.unwrap_or((0.0, PART)));
    // What was drawn once keeps its height while it is not.
    let rooms = use_memo((lanes.clone(), view.hidden.clone(), width as usize), |_| RefCell::new(Rooms::default()));
    let drawn = use_memo((lanes.clone(), view.clone(), width as usize, seen), |(lanes, view, width, seen)| {
        // Sizes are the same in both themes.
        let (scene, layout) =
            lanes.near(view, *width as f64, &ChartTheme::light(), seen.unwrap_or_default(), &mut rooms.borrow_mut());
        (ByPtr::new(scene), ByPtr::new(layout))
    });
    let (scene, layout) = (*drawn).clone();
    let part = seen.map(|(top, bottom)| {
        let top = (top - AROUND).clamp(0.0, layout.height);
        (top, (bottom + AROUND).clamp(top, layout.height))
    });
    let paint = use_memo((scene.clone(), layout.clone(), part), |(scene, layout, part)| {
        let (scene, layout, top) = (scene.clone(), layout.clone(), part.map_or(0.0, |(top, _)| top));
        Paint(Rc::new(move |canvas, theme, size, pixels| {
            paint_part(canvas, (&scene, &layout), theme, size, top, pixels);
        }))
    });
    let texts =
        use_memo(layout.clone(), |layout| ByPtr::new(layout.labels.iter().map(ChartText::from).collect::<Vec<_>>()));
    html! {
        <figure class="chart chart--told">
            <figcaption class="visually-hidden">{ &scene.summary }</figcaption>
            <div class={part.map(|_| "pane pane--blocks")}>
            <div class={classes!("chart__frame", "chart__frame--explored", choosing.then_some("chart__frame--choosing"))}
                ref={frame.clone()} tabindex="0" role="application" aria-label={words.text("page.timeline.frame")}
                aria-description={words.text("page.timeline.keys")}>
                <ChartFrame size={(width, layout.height)} {part} texts={(*texts).clone()} paint={(*paint).clone()}>
                    <TimelineCursor lanes={lanes.clone()} {layout} view={view.clone()} choosing={*choosing} stage={frame} readout={readout.clone()} at_rest={at_rest.clone()}
                        on_look={on_look.clone()} on_section={on_section.clone()} on_choosing={on_choosing.clone()} />
                </ChartFrame>
            </div>
            </div>
            <div class="readout" role="group" tabindex="0" aria-label={words.text("page.timeline.readout")} ref={readout}></div>
        </figure>
    }
}
