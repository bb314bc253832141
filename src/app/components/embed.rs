//! The report inside another page, on one card: the answer, who had the memory, what moved, and the way to the whole
//! report. What there is no room for is left out (`share.css`), and nothing takes the wheel from the page around it.

use std::rc::Rc;

use yew::prelude::*;

use super::chart_frame::{ChartFrame, ChartText, Paint};
use super::fact::HasTexts;
use super::verdict::Subject;
use crate::app::address::EMBED;
use crate::app::controls::PageReady;
use crate::app::history::{address, page_address};
use crate::app::hooks::making::use_made;
use crate::app::hooks::width::use_width;
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::chart::canvas::{paint_memory, paint_part};
use crate::chart::memory::{MemoryLayout, MemoryScene};
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Layout, Making, View};

#[derive(Properties, PartialEq)]
pub struct EmbedScreenProps {
    /// The report.
    pub ready: PageReady,
}

/// The card.
#[component]
pub fn EmbedScreen(EmbedScreenProps { ready }: &EmbedScreenProps) -> Html {
    let words = use_words();
    let report = &ready.report;
    let lede: Vec<String> = report.verdict.lede.iter().map(|sentence| sentence.say(words.0)).collect();
    html! {
        <ContextProvider<HasTexts> context={HasTexts(false)}>
            <div class="embed">
                <div class="embed__top">
                    <Subject ready={ready.clone()} />
                    <a class="embed__open" href={whole_address()} target="_blank" rel="noopener">{ words.text("page.embed.open") }{ " ↗" }</a>
                </div>
                <h1 class="embed__title">{ report.title_in(words.0) }</h1>
                <p class="embed__lede">{ lede.join(" ") }</p>
                <div class="embed__charts">
                    <SmallMemory ready={ready.clone()} />
                    <SmallTimeline ready={ready.clone()} />
                </div>
            </div>
        </ContextProvider<HasTexts>>
    }
}

/// This address without the word that makes it small.
fn whole_address() -> String {
    let mut address = address();
    address.set_other(EMBED, None);
    format!("{}#{address}", page_address())
}

/// Who had the memory.
#[component]
fn SmallMemory(EmbedScreenProps { ready }: &EmbedScreenProps) -> Html {
    let words = use_words();
    let frame = use_node_ref();
    let width = use_width(&frame);
    let drawn = use_memo((ready.report.clone(), words.0, width), |(report, language, width)| {
        let scene = MemoryScene::small(report, *language);
        // Sizes are the same in both themes.
        let layout = MemoryLayout::of(&scene, *width, &ChartTheme::light());
        let texts = ByPtr::new(layout.labels.iter().map(ChartText::from).collect::<Vec<_>>());
        let (summary, is_empty) = (scene.summary.clone(), scene.is_empty());
        let paint =
            Paint(Rc::new(move |canvas, theme, size, pixels| paint_memory(canvas, &scene, theme, size, pixels)));
        (!is_empty).then_some(Small { summary, height: layout.height, texts, paint })
    });
    small(words.text("page.section.memory"), &frame, width, drawn.as_ref().as_ref())
}

/// What moved.
#[component]
fn SmallTimeline(EmbedScreenProps { ready }: &EmbedScreenProps) -> Html {
    let words = use_words();
    let frame = use_node_ref();
    let width = use_width(&frame);
    let made = use_made::<Making>(&ready.report, words.0);
    let drawn = use_memo((made, width), |(made, width)| {
        let scene = made.as_ref()?.small()?.scene(&View::default(), *width as usize);
        let layout = Layout::of(&scene, *width, &ChartTheme::light());
        let texts = ByPtr::new(layout.labels.iter().map(ChartText::from).collect::<Vec<_>>());
        let (summary, height) = (scene.summary.clone(), layout.height);
        let paint = Paint(Rc::new(move |canvas, theme, size, pixels| {
            paint_part(canvas, (&scene, &layout), theme, size, 0.0, pixels);
        }));
        Some(Small { summary, height, texts, paint })
    });
    small(words.text("page.section.timeline"), &frame, width, drawn.as_ref().as_ref())
}

/// A picture of the card.
struct Small {
    summary: String,
    height: f64,
    texts: ByPtr<Vec<ChartText>>,
    paint: Paint,
}

fn small(name: String, frame: &NodeRef, width: f64, drawn: Option<&Small>) -> Html {
    html! {
        <figure class="chart" aria-label={name} hidden={drawn.is_none()}>
            <figcaption class="visually-hidden">{ drawn.map(|drawn| drawn.summary.clone()) }</figcaption>
            <div class="chart__frame" ref={frame}>
                if let Some(Small { height, texts, paint, .. }) = drawn {
                    <ChartFrame size={(width, *height)} texts={texts.clone()} paint={paint.clone()} />
                }
            </div>
        </figure>
    }
}
