//! The timeline: the picture, a cross-hair with exact values, and a way to every line.

use std::rc::Rc;

use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::chart_frame::{ChartFrame, ChartText, Paint, place};
use super::fact::Fact;
use crate::app::hooks::width::use_width;
use crate::app::page::PageReady;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::canvas::paint_timeline;
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Layout, SectionBox, Timeline as Lanes, View};

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// The report.
    pub ready: PageReady,
}

/// Where the cross-hair stands.
#[derive(Clone, Debug, PartialEq)]
struct Cursor {
    section: String,
    at: i64,
    /// True once it was set by a press or a key: then it stays.
    pinned: bool,
}

/// The timeline. Arrow keys step through the samples, up and down through the sections, Escape puts the cross-hair away.
#[component]
pub fn Timeline(TimelineProps { ready }: &TimelineProps) -> Html {
    let words = use_words();
    let frame = use_node_ref();
    let width = use_width(&frame);
    let cursor = use_state_eq(|| None::<Cursor>);
    let lanes =
        use_memo((ready.report.clone(), words.0), |(report, language)| ByPtr::new(Lanes::of(report, *language)));
    let lanes = (*lanes).clone();
    let scene = use_memo((lanes.clone(), width), |(lanes, width)| {
        ByPtr::new(lanes.scene(&View::default(), width.max(1.0) as usize))
    });
    let scene = (*scene).clone();
    // Sizes are the same in both themes.
    let layout = use_memo((scene.clone(), width), |(scene, width)| Layout::of(scene, *width, &ChartTheme::light()));
    let paint = use_memo(scene.clone(), |scene| {
        let scene = scene.clone();
        Paint(Rc::new(move |canvas, theme, size, pixels| paint_timeline(canvas, &scene, theme, size, pixels)))
    });
    let texts: Vec<ChartText> = layout
        .labels
        .iter()
        .map(|label| ChartText {
            at: (label.x, label.y),
            align: label.align,
            text: label.text.clone(),
            kind: label.kind.name(),
            span: label.span,
        })
        .collect();

    let at_pointer = {
        let (frame, layout) = (frame.clone(), Rc::clone(&layout));
        move |event: &MouseEvent| -> Option<(String, i64)> {
            let frame = frame.cast::<Element>()?.get_bounding_client_rect();
            let (x, y) = (f64::from(event.client_x()) - frame.left(), f64::from(event.client_y()) - frame.top());
            let section = layout.section_at(y).filter(|section| (section.left..=section.right).contains(&x))?;
            Some((section.id.clone(), section.time_at(x)))
        }
    };
    let onmousemove = {
        let (cursor, at_pointer) = (cursor.clone(), at_pointer.clone());
        Callback::from(move |event: MouseEvent| {
            if cursor.as_ref().is_some_and(|cursor| cursor.pinned) {
                return;
            }
            cursor.set(at_pointer(&event).map(|(section, at)| Cursor { section, at, pinned: false }));
        })
    };
    let onclick = {
        let (cursor, at_pointer) = (cursor.clone(), at_pointer);
        Callback::from(move |event: MouseEvent| {
            if let Some((section, at)) = at_pointer(&event) {
                cursor.set(Some(Cursor { section, at, pinned: true }));
            }
        })
    };
    let onmouseleave = {
        let cursor = cursor.clone();
        Callback::from(move |_: MouseEvent| {
            if cursor.as_ref().is_some_and(|cursor| !cursor.pinned) {
                cursor.set(None);
            }
        })
    };
    let onkeydown = {
        let (cursor, lanes) = (cursor.clone(), lanes.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowLeft" => Step::Sample(-1),
                "ArrowRight" => Step::Sample(1),
                "ArrowUp" => Step::Section(-1),
                "ArrowDown" => Step::Section(1),
                "Escape" => {
                    cursor.set(None);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            cursor.set(stepped(&lanes, cursor.as_ref(), step));
        })
    };
    html! {
        <figure class="chart">
            <figcaption class="visually-hidden" id="timeline-summary">{ &scene.summary }</figcaption>
            <div class="chart__frame" ref={frame} tabindex="0" role="group" aria-label={words.text("page.timeline.frame")}
                aria-describedby="timeline-summary" {onmousemove} {onclick} {onmouseleave} {onkeydown}>
                <ChartFrame size={(width, layout.height)} {texts} paint={(*paint).clone()}>
                    if let Some(cursor) = &*cursor {
                        <CrossHair lanes={lanes.clone()} layout={layout.as_ref().clone()} cursor={cursor.clone()} />
                    }
                </ChartFrame>
            </div>
        </figure>
    }
}

enum Step {
    Sample(isize),
    Section(isize),
}

/// The cross-hair after a key: to the next sample of its section, or to the same place of the next section.
fn stepped(lanes: &Lanes, cursor: Option<&Cursor>, step: Step) -> Option<Cursor> {
    let sections = &lanes.sections;
    let Some(cursor) = cursor else {
        let first = sections.first()?;
        return Some(Cursor { section: first.id.clone(), at: first.extent.0, pinned: true });
    };
    let here = sections.iter().position(|section| section.id == cursor.section)?;
    match step {
        Step::Section(by) => {
            let section = sections.get(here.checked_add_signed(by)?)?;
            Some(Cursor { section: section.id.clone(), at: section.extent.0, pinned: true })
        }
        Step::Sample(by) => {
            let section = sections.get(here)?;
            // The series with the most samples sets the pace.
            let series = section.lanes.iter().flat_map(|lane| &lane.series).max_by_key(|series| series.values.len());
            let next = series.and_then(|series| {
                let nearest = series.times.nearest(cursor.at)?;
                series.times.at(nearest.checked_add_signed(by)?)
            });
            Some(Cursor { section: cursor.section.clone(), at: next.unwrap_or(cursor.at), pinned: true })
        }
    }
}

#[derive(Properties, PartialEq)]
struct CrossHairProps {
    lanes: ByPtr<Lanes>,
    layout: Layout,
    cursor: Cursor,
}

/// A line at the nearest sample, and beside it the values there.
#[component]
fn CrossHair(CrossHairProps { lanes, layout, cursor }: &CrossHairProps) -> Html {
    let line = use_node_ref();
    let panel = use_node_ref();
    let section_box = layout.sections.iter().find(|section| section.id == cursor.section);
    let readout =
        lanes.section(&cursor.section).and_then(|section| lanes.readout(section, &View::default(), cursor.at));
    let place_of = |section: &SectionBox, at: i64| (section.x_of(at), section.top, section.bottom);
    let placed = section_box.zip(readout.as_ref()).map(|(section, readout)| place_of(section, readout.at));
    {
        let (line, panel, width) = (line.clone(), panel.clone(), layout.width);
        use_effect_with(placed, move |placed| {
            let (Some((x, top, bottom)), Some(line), Some(panel)) =
                (placed, line.cast::<web_sys::HtmlElement>(), panel.cast::<Element>())
            else {
                return;
            };
            place(&line, (*x, *top));
            // Fails only for names that are none.
            let _ = line.style().set_property("height", &format!("{}px", bottom - top));
            let wide = f64::from(panel.client_width());
            let left = if *x > width / 2.0 { x - wide - 8.0 } else { x + 8.0 };
            place(&panel, (left.max(0.0), *top));
        });
    }
    let Some(readout) = readout else { return html! {} };
    html! {
        <>
            <div ref={line} class="chart__hair" aria-hidden="true"></div>
            <div ref={panel} class="chart__readout" role="status">
                <p class="chart__time">{ &readout.time }</p>
                <ul>
                    for row in readout.rows.iter() {
                        <li>
                            <span class={format!("swatch swatch--{}", row.role.name())} aria-hidden="true"></span>
                            { &row.label }{ " " }<Fact text={row.value.clone()} at={row.span} />
                        </li>
                    }
                </ul>
            </div>
        </>
    }
}
