//! The memory map: who had the memory, as a picture and as a table.

use std::rc::Rc;

use yew::prelude::*;

use super::chart_frame::{ChartFrame, ChartText, Paint};
use super::chooser::Chooser;
use super::fact::Fact;
use crate::app::hooks::moment::use_moment;
use crate::app::hooks::width::use_width;
use crate::app::page::PageReady;
use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::chart::canvas::paint_memory;
use crate::chart::memory::{MemoryLayout, MemoryScene, Moment, moments};
use crate::chart::theme::ChartTheme;

#[derive(Properties, PartialEq)]
pub struct MemoryMapProps {
    /// The report.
    pub ready: PageReady,
}

/// The picture of a moment, and its numbers behind it.
#[component]
pub fn MemoryMap(MemoryMapProps { ready }: &MemoryMapProps) -> Html {
    let words = use_words();
    let frame = use_node_ref();
    let width = use_width(&frame);
    let known = use_memo((ready.report.clone(), words.0), |(report, language)| moments(report, *language));
    let (moment, on_moment) = use_moment();
    let chosen = known.iter().position(|known| Some(&known.id) == moment.as_ref());
    let scene = use_memo((ready.report.clone(), words.0, moment.clone()), |(report, language, moment)| {
        let alone = moment.as_ref().and_then(|moment| MemoryScene::at(report, *language, moment));
        ByPtr::new(alone.unwrap_or_else(|| MemoryScene::of(report, *language)))
    });
    let scene = (*scene).clone();
    // Sizes are the same in both themes.
    let layout =
        use_memo((scene.clone(), width), |(scene, width)| MemoryLayout::of(scene, *width, &ChartTheme::light()));
    let paint = use_memo(scene.clone(), |scene| {
        let scene = scene.clone();
        Paint(Rc::new(move |canvas, theme, size, pixels| paint_memory(canvas, &scene, theme, size, pixels)))
    });
    let texts =
        use_memo((scene.clone(), width), |_| ByPtr::new(layout.labels.iter().map(ChartText::from).collect::<Vec<_>>()));
    html! {
        <figure class="chart">
            if known.len() > 1 {
                <MomentChooser moments={known} {chosen} {on_moment} />
            }
            <figcaption class="visually-hidden" aria-live="polite">{ &scene.summary }</figcaption>
            <div class="chart__frame" ref={frame}>
                <ChartFrame size={(width, layout.height)} texts={(*texts).clone()} paint={(*paint).clone()} />
            </div>
            <details class="details">
                <summary>{ words.text("page.memory.table") }</summary>
                { table(words, &scene) }
            </details>
        </figure>
    }
}

#[derive(Properties, PartialEq)]
struct MomentChooserProps {
    /// In reading order.
    moments: Rc<Vec<Moment>>,
    /// Index of the one that is shown. `None` for the overview.
    chosen: Option<usize>,
    /// Called with the id of another one.
    on_moment: Callback<Option<String>>,
}

/// From moment to moment: a list, and a button in each direction.
#[component]
fn MomentChooser(MomentChooserProps { moments, chosen, on_moment }: &MomentChooserProps) -> Html {
    let words = use_words();
    let name = {
        let moments = Rc::clone(moments);
        Callback::from(move |at: usize| moments.get(at).map(|moment| moment.label.clone()).unwrap_or_default())
    };
    let id = {
        let moments = Rc::clone(moments);
        Callback::from(move |at: usize| moments.get(at).map(|moment| moment.id.clone()).unwrap_or_default())
    };
    let on_choose = {
        let moments = Rc::clone(moments);
        on_moment.reform(move |at: Option<usize>| Some(moments.get(at?)?.id.clone()))
    };
    let steps = (words.text("page.memory.earlier").into(), words.text("page.memory.later").into());
    html! {
        <div class="moments" role="group" aria-label={words.text("page.memory.moment")}>
            <Chooser label={words.text("page.memory.moment")} {steps} count={moments.len()} chosen={*chosen} {name} {id}
                none={AttrValue::from(words.text("page.memory.overview"))} {on_choose} />
            if let Some(moment) = chosen.and_then(|chosen| moments.get(chosen)) {
                <Fact text={words.fill("page.fact.line", &[("n", &moment.span.line.to_string())])} at={moment.span} />
            }
        </div>
    }
}

fn table(words: Words, scene: &MemoryScene) -> Html {
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label={words.text("page.memory.table")}>
            <table class="grid grid--dense">
                <caption class="visually-hidden">{ words.text("page.memory.table") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ words.text("page.memory.what") }</th>
                        <th scope="col" class="number">{ words.text("page.memory.size") }</th>
                        <th scope="col" class="number">{ words.text("page.memory.reserved") }</th>
                        <th scope="col">{ words.text("page.memory.picture") }</th>
                    </tr>
                </thead>
                <tbody>
                    for row in scene.table() {
                        <tr class={classes!((!row.part.is_empty()).then_some("grid__row--part"))}>
                            <th scope="row">{ if row.part.is_empty() { row.bar.clone() } else { row.part.clone() } }</th>
                            <td class="number"><Fact text={row.size} at={row.span} /></td>
                            <td class="number">{ row.reserved }</td>
                            <td>{ row.picture }</td>
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}
