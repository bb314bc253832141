//! The memory map: who had the memory, as a picture and as a table.

use std::rc::Rc;

use oomscope_derive::part;
use yew::prelude::*;

use super::chart_frame::{ChartFrame, ChartText, Paint};
use super::chooser::Chooser;
use super::fact::Fact;
use super::grid::Head;
use crate::app::controls::PageReady;
use crate::app::hooks::making::use_made;
use crate::app::hooks::moment::use_moment;
use crate::app::hooks::width::use_width;
use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::chart::canvas::paint_memory;
use crate::chart::memory::{MemoryLayout, MemoryScene, Moment, Moments};
use crate::chart::theme::ChartTheme;
use crate::document::{Column, Part, Row, RowKind};
use crate::i18n::Language;
use crate::report::Report;

/// The picture of a moment, and its numbers behind it.
#[part]
pub fn MemoryMap(ready: &PageReady) -> Html {
    let words = use_words();
    let frame = use_node_ref();
    let width = use_width(&frame);
    // Which moments there are is the same in any language.
    let known = use_made::<Moments>(&ready.report, Language::En);
    let (moment, on_moment) = use_moment();
    let chosen = use_memo((known.clone(), moment.clone()), |(known, moment)| {
        let moment = moment.as_ref()?;
        known.as_ref()?.iter().position(|known| known.id() == *moment)
    });
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
            if let Some(known) = known.filter(|known| known.len() > 1) {
                <MomentChooser report={ready.report.clone()} moments={known} chosen={*chosen} {on_moment} />
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

/// From moment to moment: a list, and a button in each direction.
#[part]
fn MomentChooser(
    report: &ByPtr<Report>,
    /// In reading order.
    moments: &ByPtr<Vec<Moment>>,
    /// Index of the one that is shown. `None` for the overview.
    chosen: &Option<usize>,
    on_moment: &Callback<Option<String>>,
) -> Html {
    let words = use_words();
    let name = {
        let (report, moments) = (report.clone(), moments.clone());
        Callback::from(move |at: usize| {
            moments.get(at).map(|moment| moment.label(&report, words.0)).unwrap_or_default()
        })
    };
    let id = {
        let moments = moments.clone();
        Callback::from(move |at: usize| moments.get(at).map(Moment::id).unwrap_or_default())
    };
    let on_choose = {
        let moments = moments.clone();
        on_moment.reform(move |at: Option<usize>| Some(moments.get(at?)?.id()))
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
    let column = |(key, is_number): (&str, bool)| Column { is_number, ..Column::of(words.text(key)) };
    let columns = [
        ("page.memory.what", false),
        ("page.memory.size", true),
        ("page.memory.reserved", true),
        ("page.memory.picture", false),
    ];
    let rows = scene.table().into_iter().map(|row| {
        let (name, kind) = if row.part.is_empty() { (row.bar, RowKind::Plain) } else { (row.part, RowKind::Part) };
        let cells = [name.into(), Part::of(row.size).at(row.span), row.reserved.into(), row.picture.into()];
        Row::of(cells.map(|part| vec![part]).into()).that_is(kind)
    });
    Head::of(&words.text("page.memory.table"), &columns.map(column)).with(&rows.collect::<Vec<_>>())
}
