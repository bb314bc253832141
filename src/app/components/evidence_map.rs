//! The evidence map: every line of every source with what it was, and how much of it was understood.

use std::rc::Rc;

use yew::prelude::*;

use super::chooser::Chooser;
use super::source_view::{SourceView, class_name};
use crate::app::controls::{PageReady, use_controls};
use crate::app::lines::{Coverage, Stretches, sign};
use crate::app::session::{ByPtr, Shown};
use crate::app::words::{Words, use_words};
use crate::detect::dispatch::LineClass;
use crate::i18n::{format, number};
use crate::source::Span;

/// Sources up to which each has a button; more of them stand in a list.
const BUTTONS: usize = 12;
/// Parts of the strip.
const STRIP: u32 = 300;

#[derive(Properties, PartialEq)]
pub struct EvidenceMapProps {
    /// The report with its texts.
    pub ready: PageReady,
    /// The line asked for.
    pub shown: Option<Shown>,
}

/// The map.
#[component]
pub fn EvidenceMap(EvidenceMapProps { ready, shown }: &EvidenceMapProps) -> Html {
    let words = use_words();
    let controls = use_controls();
    let chosen = use_state_eq(|| 0usize);
    {
        let chosen = chosen.setter();
        use_effect_with(*shown, move |shown| {
            if let Some(shown) = shown {
                chosen.set(usize::from(shown.span.source));
            }
        });
    }
    let source = (*chosen).min(ready.maps.len().saturating_sub(1));
    let counted = use_memo((ready.maps.clone(), source), |(maps, source)| {
        let map = maps.get(*source);
        (ByPtr::new(map.map(Stretches::of).unwrap_or_default()), map.map(Coverage::of).unwrap_or_default())
    });
    let (stretches, coverage) = (*counted).clone();
    let here = shown.filter(|shown| usize::from(shown.span.source) == source);
    // Counts the steps of the legend from where the reader is.
    let at = here.map_or(0, |shown| shown.span.line);
    let on_kind = {
        let (controls, stretches) = (controls.clone(), stretches.clone());
        Callback::from(move |(class, event): (LineClass, MouseEvent)| {
            let line = stretches.next(class, at);
            if let (Some(line), Some(controls)) = (line, &controls) {
                let source = u16::try_from(source).unwrap_or(u16::MAX);
                controls.show(Span { source, line, start: 0, end: u32::MAX }, &event);
            }
        })
    };
    html! {
        <>
            if ready.texts.len() > 1 {
                <Sources ready={ready.clone()} {source} on_choose={let chosen = chosen.setter(); Callback::from(move |nth| chosen.set(nth))} />
            }
            <p class="coverage">{ coverage_text(words, &coverage) }</p>
            <Strip stretches={stretches.clone()} />
            <ul class="legend" aria-label={words.text("page.legend")}>
                for kind in stretches.kinds().into_iter().filter(|kind| !sign(kind.class).is_empty()) {
                    <li key={kind.class.name()}>
                        <button type="button" class={classes!("legend__item", format!("line--{}", kind.class.name()))}
                            title={words.text("page.legend.next")}
                            onclick={on_kind.reform(move |event| (kind.class, event))}>
                            <span class="line__sign" aria-hidden="true">{ sign(kind.class) }</span>
                            { class_name(words, kind.class) }{ " " }<small>{ number(u64::from(kind.count)) }</small>
                        </button>
                    </li>
                }
            </ul>
            <SourceView key={format!("{}-{source}", ready.job)} ready={ready.clone()} {source} stretches={stretches.clone()} shown={here} />
        </>
    }
}

fn coverage_text(words: Words, coverage: &Coverage) -> String {
    let count = |count: u32| number(u64::from(count));
    let share = coverage.share().map_or_else(String::new, |share| format::percent(words.0, share));
    words.fill(
        if coverage.share().is_some() { "page.coverage" } else { "page.coverage.empty" },
        &[
            ("share", &share),
            ("read", &count(coverage.read)),
            ("prose", &count(coverage.prose)),
            ("blank", &count(coverage.blank)),
            ("unknown", &count(coverage.unknown)),
        ],
    )
}

#[derive(Properties, PartialEq)]
struct StripProps {
    stretches: ByPtr<Stretches>,
}

/// The whole source at a glance. What it shows stands in the legend and in the lines, too.
#[component]
fn Strip(StripProps { stretches }: &StripProps) -> Html {
    let parts = stretches.strip(STRIP);
    let width: u32 = parts.iter().map(|(count, _)| count).sum();
    let mut x = 0;
    let bars: Vec<Html> = parts
        .into_iter()
        .map(|(count, class)| {
            let at = x;
            x += count;
            html! {
                <rect class={format!("strip__part line--{}", class.name())} x={at.to_string()} y="0" width={count.to_string()} height="1" />
            }
        })
        .collect();
    html! {
        <svg class="strip" viewBox={format!("0 0 {} 1", width.max(1))} preserveAspectRatio="none" aria-hidden="true">{ for bars }</svg>
    }
}

#[derive(Properties, PartialEq)]
struct SourcesProps {
    ready: PageReady,
    source: usize,
    on_choose: Callback<usize>,
}

/// Which source is shown.
#[component]
fn Sources(SourcesProps { ready, source, on_choose }: &SourcesProps) -> Html {
    let words = use_words();
    if ready.texts.len() > BUTTONS {
        let name = {
            let texts = Rc::clone(&ready.texts);
            Callback::from(move |at: usize| texts.get(at).map(|text| text.name.clone()).unwrap_or_default())
        };
        let on_choose = {
            let on_choose = on_choose.clone();
            Callback::from(move |at: Option<usize>| at.into_iter().for_each(|at| on_choose.emit(at)))
        };
        let steps = (words.text("page.chooser.before").into(), words.text("page.chooser.after").into());
        return html! {
            <p class="moments">
                <Chooser label={words.text("page.sources")} count={ready.texts.len()} chosen={*source} {name} {steps} {on_choose} />
            </p>
        };
    }
    html! {
        <div class="switch switch--wrap" role="group" aria-label={words.text("page.sources")}>
            for (nth, text) in ready.texts.iter().enumerate() {
                <button type="button" key={nth} aria-pressed={if nth == *source { "true" } else { "false" }}
                    onclick={on_choose.reform(move |_| nth)}>{ &text.name }</button>
            }
        </div>
    }
}
