//! The source beside the report: what was handed over, line by line, with what each was. It opens where a number leads
//! and closes with Back, Escape, or its button.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use oomscope_derive::part;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::chooser::Chooser;
use super::copy_button::CopyButton;
use super::source_view::{SourceView, class_name, empty};
use crate::app::cells::{self, Cells};
use crate::app::controls::{PageReady, use_controls, with};
use crate::app::hooks::open::{finding_ids, is_taken};
use crate::app::hooks::source_lines::{count_text, find_text, use_source_lines};
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
/// Milliseconds without a key before what is typed is counted.
const REST: u32 = 200;
/// Claims that are named beside a line.
const CLAIMS: usize = 3;

/// The drawer, and the keys that open and close it.
#[part]
pub fn SourceDrawer(ready: &PageReady, open: &bool, shown: &Option<Shown>) -> Html {
    let controls = use_controls();
    let search = use_node_ref();
    let wants_search = use_mut_ref(|| false);
    {
        let (search, wants_search) = (search.clone(), Rc::clone(&wants_search));
        use_effect_with((*open, controls), move |(open, controls)| {
            let (open, controls) = (*open, controls.clone());
            if let Some(search) = search.cast::<HtmlElement>().filter(|_| wants_search.replace(false)) {
                // Fails only for an element that cannot be focused; then the focus stays.
                let _ = search.focus();
            }
            let options = EventListenerOptions::enable_prevent_default();
            let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
                let (Some(key), Some(controls)) = (event.dyn_ref::<KeyboardEvent>(), &controls) else { return };
                let in_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
                match key.key().as_str() {
                    "Escape" if open && !in_dialog => controls.go_back(),
                    "/" if !in_dialog && !is_taken(key) => {
                        event.prevent_default();
                        match search.cast::<HtmlElement>() {
                            // As above.
                            Some(search) => drop(search.focus()),
                            None => {
                                wants_search.replace(true);
                                controls.show_source();
                            }
                        }
                    }
                    _ => {}
                }
            });
            move || drop(listener)
        });
    }
    html! {
        if *open { <Source ready={ready.clone()} shown={*shown} {search} /> }
    }
}

/// What the drawer holds.
#[part]
fn Source(ready: &PageReady, shown: &Option<Shown>, search: &NodeRef) -> Html {
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
    let only_logs = use_state_eq(|| false);
    let source = (*chosen).min(ready.maps.len().saturating_sub(1));
    let counted = use_memo((ready.maps.clone(), source), |(maps, source)| {
        let map = maps.get(*source);
        let stretches = map.map(Stretches::of).unwrap_or_default();
        (ByPtr::new(stretches.of_logs()), ByPtr::new(stretches), map.map(Coverage::of).unwrap_or_default())
    });
    let (logs, stretches, coverage) = (*counted).clone();
    let said = controls.as_ref().map(|controls| controls.said()).unwrap_or_default();
    let here = shown.filter(|shown| usize::from(shown.span.source) == source);
    let cells = {
        let report = ready.report.clone();
        use_memo((here, words.0, said), move |(here, language, said)| {
            here.filter(|here| here.span.line == here.last)
                .and_then(|here| cells::of(&report, here.span, said, *language))
        })
    };
    // Steps of the legend and of the search count from where the reader is.
    let at = here.map_or(0, |shown| shown.span.line);
    let on_kind = {
        let (controls, stretches) = (controls.clone(), stretches.clone());
        Callback::from(move |class: LineClass| {
            let line = stretches.next(class, at);
            if let (Some(line), Some(controls)) = (line, &controls) {
                let source = u16::try_from(source).unwrap_or(u16::MAX);
                controls.show_line(Span { source, line, start: 0, end: u32::MAX });
            }
        })
    };
    let close = with(&controls, move |controls, _: MouseEvent| controls.go_back());
    {
        // A line that is asked for is shown, also where it is no log.
        let (only_logs, logs) = (only_logs.setter(), logs.clone());
        use_effect_with(here, move |here| {
            if here.is_some_and(|here| logs.class(here.span.line).is_none()) {
                only_logs.set(false);
            }
        });
    }
    let on_logs = {
        let only_logs = only_logs.clone();
        Callback::from(move |_: Event| only_logs.set(!*only_logs))
    };
    html! {
        <section class="drawer" aria-labelledby="source">
            <div class="drawer__head">
                <h2 id="source">{ words.text("page.section.source") }</h2>
                <Search ready={ready.clone()} {source} {at} field={search.clone()} />
                <button type="button" class="button button--small" onclick={close}>{ words.text("page.source.close") }</button>
            </div>
            if let Some(shown) = here { <ShownLine ready={ready.clone()} {shown} cells={(*cells).clone()} /> }
            if ready.texts.len() > 1 {
                <Sources ready={ready.clone()} {source} on_choose={let chosen = chosen.setter(); Callback::from(move |nth| chosen.set(nth))} />
            }
            <SourceView key={format!("{}-{source}-{}", ready.job, *only_logs)} ready={ready.clone()} {source}
                stretches={if *only_logs { logs } else { stretches.clone() }} shown={here} cells={(*cells).clone()} />
            <label class="drawer__choice"><input type="checkbox" checked={*only_logs} onchange={on_logs} />{ " " }{ words.text("page.source.only-logs") }</label>
            <details class="details drawer__coverage">
                <summary>{ coverage_text(words, &coverage) }</summary>
                <Strip stretches={stretches.clone()} />
                <ul class="legend" aria-label={words.text("page.legend")}>
                    for kind in stretches.kinds().into_iter().filter(|kind| !sign(kind.class).is_empty()) {
                        <li key={kind.class.name()}>
                            <button type="button" class={classes!("legend__item", format!("line--{}", kind.class.name()))}
                                title={words.text("page.legend.next")} onclick={on_kind.reform(move |_| kind.class)}>
                                <span class="line__sign" aria-hidden="true">{ sign(kind.class) }</span>
                                { class_name(words, kind.class) }{ " " }<small>{ number(u64::from(kind.count)) }</small>
                            </button>
                        </li>
                    }
                </ul>
            </details>
        </section>
    }
}

/// Which line is shown, and which findings rest on it.
#[part]
fn ShownLine(
    ready: &PageReady,
    shown: &Shown,
    /// The cells of it that the number was read from.
    cells: &Option<Cells>,
) -> Html {
    let words = use_words();
    let Shown { span, last, .. } = *shown;
    let name = words.lines(span.line, last);
    let rests = |at: &usize| {
        let finding = ready.report.findings.get(*at);
        finding.is_some_and(|finding| {
            let mut lines = finding.evidence.iter().filter(|evidence| evidence.source == span.source);
            lines.any(|evidence| (span.line..=last).contains(&evidence.line))
        })
    };
    let ids = finding_ids(&ready.report.findings);
    let claims: Vec<usize> = (0..ready.report.findings.len()).filter(rests).take(CLAIMS).collect();
    html! {
        <div class="source__shown">
            <p>
                <span id="shown-line">{ name }</span>
                if let Some(cells) = cells {
                    { ": " }<strong>{ &cells.formula }</strong>
                    if let Some(meaning) = &cells.meaning { { " " }<small class="note">{ words.text(meaning) }</small> }
                }
                { " " }<CopyLine ready={ready.clone()} {span} />
            </p>
            if !claims.is_empty() {
                <ul class="source__claims" aria-label={words.text("page.source.claims")}>
                    for at in claims {
                        if let (Some(finding), Some(id)) = (ready.report.findings.get(at), ids.get(at)) {
                            <li><button type="button" class="link" onclick={lead_to(id.clone())}>{ finding.statement.say(words.0) }</button></li>
                        }
                    }
                </ul>
            }
        </div>
    }
}
/// Puts the focus on a finding.
fn lead_to(id: String) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        if let Some(finding) =
            document().get_element_by_id(&id).and_then(|finding| finding.dyn_into::<HtmlElement>().ok())
        {
            // Fails only for an element that cannot be focused; then the focus stays.
            let _ = finding.focus();
        }
    })
}

/// Copies a line, once it is read.
#[part]
fn CopyLine(ready: &PageReady, span: &Span) -> Html {
    let source = usize::from(span.source);
    let blob = ready.texts.get(source).map_or_else(empty, |text| text.blob.clone());
    let lines = use_source_lines(&blob, &ready.maps, source, &[span.line].into());
    html! {
        if let Some(line) = lines.get(&span.line) { <CopyButton text={line.text.clone()} /> }
    }
}

/// A field that counts the lines with what is typed, and leads to the next one.
#[part]
fn Search(
    ready: &PageReady,
    source: &usize,
    /// The line to go on from.
    at: &u32,
    field: &NodeRef,
) -> Html {
    let words = use_words();
    let controls = use_controls();
    let failed = use_state_eq(|| false);
    let typed = use_state_eq(String::new);
    let counted = use_state_eq(|| None::<u64>);
    {
        let (failed, counted) = (failed.setter(), counted.setter());
        use_effect_with(((*typed).clone(), ready.job, *source), {
            let (ready, source) = (ready.clone(), *source);
            move |(text, ..)| {
                let is_wanted = Rc::new(Cell::new(true));
                failed.set(false);
                counted.set(None);
                let timer = (!text.is_empty()).then(|| {
                    let (text, is_wanted) = (text.clone(), Rc::clone(&is_wanted));
                    Timeout::new(REST, move || {
                        spawn_local(async move {
                            let (Some(map), Some(handed)) = (ready.maps.get(source), ready.texts.get(source)) else {
                                return;
                            };
                            if let Some(count) = count_text(&handed.blob, map, &text, || is_wanted.get()).await {
                                failed.set(count == 0);
                                counted.set(Some(count));
                            }
                        });
                    })
                });
                move || {
                    is_wanted.set(false);
                    drop(timer);
                }
            }
        });
    }
    let oninput = {
        let (field, typed) = (field.clone(), typed.setter());
        Callback::from(move |_: InputEvent| {
            typed.set(field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default());
        })
    };
    let onsubmit = {
        let (ready, source, at, field, failed) = (ready.clone(), *source, *at, field.clone(), failed.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let typed = field.cast::<HtmlInputElement>().map(|field| field.value()).filter(|text| !text.is_empty());
            let (Some(text), Some(controls)) = (typed, controls.clone()) else { return };
            let (ready, failed) = (ready.clone(), failed.clone());
            spawn_local(async move {
                let (Some(map), Some(handed)) = (ready.maps.get(source), ready.texts.get(source)) else { return };
                let source = u16::try_from(source).unwrap_or(u16::MAX);
                let found = find_text(&handed.blob, (map, source), at, &text).await;
                failed.set(found.is_none());
                if let Some(span) = found {
                    controls.show_line(span);
                }
            });
        })
    };
    html! {
        <form class="drawer__search" role="search" {onsubmit}>
            <input type="search" class="field" ref={field} aria-label={words.text("page.source.search")}
                placeholder={words.text("page.source.search.hint")} autocomplete="off" spellcheck="false" {oninput} aria-invalid={failed.then_some("true")} />
            <span role="status">
                if *failed {
                    { words.text("page.source.search.nothing") }
                } else if let Some(count) = *counted {
                    <span class="note">{ words.count("page.source.search.count", count) }</span>
                }
            </span>
        </form>
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

/// The whole source at a glance. What it shows stands in the legend and in the lines, too.
#[part]
fn Strip(stretches: &ByPtr<Stretches>) -> Html {
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

/// Which source is shown.
#[part]
fn Sources(ready: &PageReady, source: &usize, on_choose: &Callback<usize>) -> Html {
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
