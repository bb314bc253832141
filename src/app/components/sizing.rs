//! How big should the heap be: the sentence, the band, the terms, and the assumptions as sliders. Everything here is computed
//! again with every move, from what the report carries.

use std::rc::Rc;

use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::fact::Fact;
use super::grid::{Head, teller};
use super::story::{Sentence, commands, sentences, whole};
use crate::analysis::sizing::{
    Collector, Field, Flag, Origin, Role, Scenario, Settings, Sizing as Answer, Term, compute,
};
use crate::analysis::statement::Statement;
use crate::app::controls::{PageReady, use_controls};
use crate::app::knobs::{Change, History, Unit, text};
use crate::app::sections::go_to;
use crate::app::session::Action;
use crate::app::terms::of_command;
use crate::app::words::{Words, size, use_words};
use crate::document::{Table, Teller};
use crate::source::Span;
use crate::units::Bytes;

/// The answer and what it depends on.
#[part]
pub fn Sizing(ready: &PageReady, settings: &Settings) -> Html {
    let words = use_words();
    let controls = use_controls();
    let facts = ready.report.sizing.as_ref().map(|answer| answer.facts.clone()).unwrap_or_default();
    let history = use_reducer(|| {
        // Assumptions that travelled are those of the version that made them.
        let told = ready.report.sizing.as_ref().filter(|_| ready.report.settings.is_empty());
        History::new(told.map_or_else(|| facts.knobs(), |answer| answer.knobs.clone()), settings)
    });
    use_effect_with(history.settings(), move |settings| {
        if let Some(controls) = controls {
            controls.send(Action::Set(settings.clone()));
        }
    });
    let answer = use_memo((facts, history.knobs().clone(), words.0), |(facts, knobs, language)| {
        compute(facts, knobs, *language)
    });
    let on_change = {
        let dispatch = history.dispatcher();
        Callback::from(move |change| dispatch.dispatch(change))
    };
    let onkeydown = {
        let on_change = on_change.clone();
        Callback::from(move |event: KeyboardEvent| {
            let command = event.ctrl_key() || event.meta_key();
            let change = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
                ("z", false) if command => Change::Undo,
                ("z", true) | ("y", false) if command => Change::Redo,
                _ => return,
            };
            event.prevent_default();
            on_change.emit(change);
        })
    };
    let said = said(&answer);
    let is_elsewhere = answer.facts.elsewhere.is_some();
    let rest = html! {
        <div class="sizing" {onkeydown}>
            <div class="sizing__column">
                <div class="sizing__main">
                    if !is_elsewhere { { said.clone() } }
                    { band(words, &answer) }
                    { list("page.sizing.changes", words, &answer.changes) }
                    <Cases answer={Rc::clone(&answer)} on_change={on_change.clone()} />
                    { missing(words, &answer) }
                    { flags(words, &answer.flags) }
                </div>
            </div>
            { assumptions(words, &answer, &history, &on_change) }
            <div class="sizing__grounds">
                { list("page.sizing.caveats", words, &answer.caveats) }
                { terms(&teller(&ready.report, words), &answer) }
            </div>
        </div>
    };
    if !is_elsewhere {
        return rest;
    }
    // What ran out was not the heap: its size is for who asks.
    html! {
        <>
            { said }
            <details class="details">
                <summary>{ words.text("page.sizing.all-the-same") }</summary>
                { rest }
            </details>
        </>
    }
}

/// What the reader, or who shared the report, set for the heap's size, and what follows from it.
#[part]
pub fn SetByHand(ready: &PageReady, settings: &Settings) -> Html {
    let words = use_words();
    let told = ready.report.sizing.as_ref().filter(|_| !settings.is_empty());
    let Some(told) = told else { return html! {} };
    let answer = compute(&told.facts, &settings.over(&told.facts.knobs()), words.0);
    let onclick = Callback::from(|_: MouseEvent| go_to("sizing"));
    html! {
        <div class="set-by-hand">
            <p>
                <button type="button" class="link" {onclick}>{ words.text("page.sizing.set") }</button>{ " " }
                <Sentence statement={answer.reason.clone()} />
            </p>
            { sentences(&settings.told()) }
        </div>
    }
}

/// The answer in sentences.
fn said(answer: &Answer) -> Html {
    html! {
        <>
            <p class="sizing__answer" aria-live="polite" aria-atomic="true">
                if let Some(subject) = &answer.facts.subject {
                    <Sentence statement={subject.clone()} />{ " " }
                }
                <Sentence statement={answer.reason.clone()} />
            </p>
            if let Some(current) = &answer.current {
                <p><Sentence statement={current.clone()} /></p>
            }
        </>
    }
}

/// What the answer assumes, to be changed.
fn assumptions(words: Words, answer: &Answer, history: &History, on_change: &Callback<Change>) -> Html {
    let step = |change, key: &str, enabled: bool| {
        let onclick = on_change.reform(move |_: MouseEvent| change);
        html! { <button type="button" class="button button--small" disabled={!enabled} {onclick}>{ words.text(key) }</button> }
    };
    html! {
        <fieldset class="knobs">
            <legend>{ words.text("page.sizing.assumptions") }</legend>
            { fields(words, answer, history, Field::main(&answer.facts), on_change) }
            { collector(words, answer, on_change) }
            <details class="details">
                <summary>{ words.text("page.sizing.more") }</summary>
                { fields(words, answer, history, Field::more(&answer.facts), on_change) }
            </details>
            <p class="knobs__steps">
                { step(Change::Undo, "page.sizing.undo", history.can_undo()) }
                { step(Change::Redo, "page.sizing.redo", history.can_redo()) }
                { step(Change::Reset, "page.sizing.reset", history.is_changed()) }
            </p>
        </fieldset>
    }
}

fn list(heading: &str, words: Words, statements: &[Statement]) -> Html {
    if statements.is_empty() {
        return html! {};
    }
    html! {
        <div>
            <h3>{ words.text(heading) }</h3>
            { sentences(statements) }
        </div>
    }
}

/// The one fact that decides, and what follows from the possibility that is chosen.
#[part]
fn Cases(answer: &Rc<Answer>, on_change: &Callback<Change>) -> Html {
    let words = use_words();
    let Some(last) = answer.scenarios.len().checked_sub(1) else { return html! {} };
    let chosen = answer.scenarios.iter().find(|case| case.heap.bytes == answer.knobs.failed_heap);
    // Until one is chosen, that which the sums are of.
    let shown = chosen.or_else(|| answer.scenarios.iter().find(|case| Some(case.floor) == answer.floor));
    let choice = |scenario: &Scenario| {
        let Bytes(heap) = scenario.heap.bytes;
        let name = words.fill("page.sizing.case", &[("heap", &size(heap))]);
        let is_chosen = chosen == Some(scenario);
        // Pressed again, it is open again.
        let change = Change::Set(Field::FailedHeap, if is_chosen { 0 } else { heap });
        let onclick = on_change.reform(move |_: MouseEvent| change);
        html! { <button type="button" aria-pressed={(shown == Some(scenario)).to_string()} {onclick}>{ name }</button> }
    };
    let title = words.text("page.sizing.scenarios");
    html! {
        <div class="cases">
            <h3>{ title.clone() }</h3>
            if let Some(decides) = &answer.decides { <p><Sentence statement={decides.clone()} /></p> }
            if last > 0 {
                <div class="switch switch--wrap" role="group" aria-label={title}>{ for answer.scenarios.iter().map(choice) }</div>
            }
            if let Some(case) = shown {
                <p aria-live="polite"><Sentence statement={case.statement.clone()} /></p>
            }
        </div>
    }
}

/// Share of the band from which on a stretch has room for its name.
const NAMED_FROM: f64 = 0.14;

/// A stretch of the band.
struct Stretch {
    kind: &'static str,
    from: u64,
    to: u64,
}

/// From nothing to the wall: what is too small, what works, what has no margin left, what is killed.
fn stretches(answer: &Answer, end: u64, fits: Option<u64>) -> Vec<Stretch> {
    let floor = answer.floor.map_or(0, |floor| floor.0);
    let ceiling = answer.ceiling.map(|ceiling| ceiling.0);
    let killed = fits.unwrap_or(end).max(ceiling.unwrap_or(0)).min(end);
    let mut stretches = vec![Stretch { kind: "too-small", from: 0, to: floor.min(end) }];
    match ceiling {
        Some(ceiling) if ceiling < floor => {
            stretches.push(Stretch { kind: "tight", from: ceiling, to: killed });
            stretches.push(Stretch { kind: "killed", from: killed, to: end });
        }
        Some(ceiling) => {
            stretches.push(Stretch { kind: "fits", from: floor, to: ceiling });
            stretches.push(Stretch { kind: "tight", from: ceiling, to: killed });
            stretches.push(Stretch { kind: "killed", from: killed, to: end });
        }
        None => stretches.push(Stretch { kind: "open", from: floor, to: end }),
    }
    stretches.retain(|stretch| stretch.from < stretch.to);
    stretches
}

/// The largest heap that stays below the wall if nothing outside of it grows.
fn fits(answer: &Answer) -> Option<u64> {
    let sum = |wanted: fn(&Term) -> bool| {
        answer.terms.iter().filter(|term| wanted(term)).fold(0_u64, |sum, term| sum.saturating_add(term.bytes.0))
    };
    let adds = sum(|term| term.role == Role::Adds);
    let takes = sum(|term| term.role == Role::Takes && term.name != "safety" && !term.name.starts_with("growth-"));
    answer.ceiling.map(|_| adds.saturating_sub(takes))
}

fn band(words: Words, answer: &Answer) -> Html {
    if answer.floor.is_none() && answer.ceiling.is_none() {
        return html! {};
    }
    let fits = fits(answer);
    let now = answer.facts.max_heap;
    let sizes = [answer.floor, answer.ceiling, answer.recommended, now.map(|heap| heap.bytes), fits.map(Bytes)];
    let most = sizes.iter().flatten().map(|bytes| bytes.0).max().unwrap_or(0);
    let end = most.saturating_add(most / 8).max(1);
    let percent = |bytes: u64| format!("{:.2}%", bytes.min(end) as f64 / end as f64 * 100.0);
    let width = |stretch: &Stretch| percent(stretch.to.min(end) - stretch.from.min(end));
    let mark = |kind: &str, bytes: Option<Bytes>| match bytes {
        Some(bytes) => {
            let at = percent(bytes.0);
            html! { <line class={format!("band__mark band__mark--{kind}")} x1={at.clone()} x2={at} y1="0" y2="100%" /> }
        }
        None => html! {},
    };
    let entry = |kind: &str, key: &str, bytes: Option<Bytes>, at| match bytes {
        Some(bytes) => html! {
            <li>
                <svg class="band__key" aria-hidden="true" width="14" height="14"><rect class={format!("band__part band__part--{kind}")} width="14" height="14" /></svg>
                { words.text(key) }{ " " }<Fact text={size(bytes.0)} {at} />
            </li>
        },
        None => html! {},
    };
    let reason = answer.reason.say(words.0);
    html! {
        <figure class="band">
            <svg class="band__picture" role="img" aria-label={reason} width="100%" height="36">
                for stretch in stretches(answer, end, fits) {
                    <rect class={format!("band__part band__part--{}", stretch.kind)}
                        x={percent(stretch.from)} y="6" width={width(&stretch)} height="24" />
                    if (stretch.to.min(end) - stretch.from.min(end)) as f64 > NAMED_FROM * end as f64 {
                        <text class="band__name" x={percent(stretch.from / 2 + stretch.to.min(end) / 2)} y="22.5">{ words.text(&format!("page.sizing.region.{}", stretch.kind)) }</text>
                    }
                }
                { mark("floor", answer.floor) }
                { mark("now", now.map(|heap| heap.bytes)) }
                { mark("recommended", answer.recommended) }
            </svg>
            <ul class="band__keys">
                { entry("too-small", "page.sizing.floor", answer.floor, None) }
                { entry("fits", "page.sizing.ceiling", answer.ceiling, None) }
                { entry("tight", "page.sizing.no-margin", fits.map(Bytes).filter(|fits| Some(*fits) > answer.ceiling), None) }
                { entry("recommended", "page.sizing.recommended", answer.recommended, None) }
                { entry("now", "page.sizing.now", now.map(|heap| heap.bytes), now.and_then(|heap| heap.at)) }
            </ul>
        </figure>
    }
}

fn fields(words: Words, answer: &Answer, history: &History, fields: Vec<Field>, on_change: &Callback<Change>) -> Html {
    html! {
        for field in fields {
            <Knob key={field.name()} {field} name={words.text(field.key())}
                value={field.value(&answer.knobs, &answer.facts)} reach={field.reach(&answer.facts)} is_set={history.is_set(field)}
                origin={field.origin(&answer.knobs, &answer.facts)} aside={field.not_counted(&answer.knobs, &answer.facts)} on_change={on_change.clone()} />
        }
    }
}

/// How a number is known; it leads to its line.
fn known(words: Words, origin: Option<(Origin, Option<Span>)>, aside: Option<(Bytes, Origin, Option<Span>)>) -> Html {
    let (text, at) = match (aside, origin) {
        (Some((bytes, origin, at)), _) => {
            let parts = [("size", size(bytes.0)), ("origin", words.text(origin.key()))];
            (words.fill("page.knob.not-counted", &parts.each_ref().map(|(name, value)| (*name, value.as_str()))), at)
        }
        (None, Some((origin, at))) => (words.text(origin.key()), at),
        (None, None) => (words.text("page.sizing.unknown"), None),
    };
    html! { <Fact {text} {at} /> }
}

/// A slider and a number that say the same.
#[part]
fn Knob(
    field: &Field,
    name: &AttrValue,
    value: &Option<f64>,
    reach: &f64,
    is_set: &bool,
    /// How it is known, and where it was read.
    origin: &Option<(Origin, Option<Span>)>,
    /// What was read of it and is in no sum.
    aside: &Option<(Bytes, Origin, Option<Span>)>,
    on_change: &Callback<Change>,
) -> Html {
    let words = use_words();
    let field = *field;
    let moved = move |event: &InputEvent| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())?;
        let typed = input.value();
        match typed.trim() {
            "" => field.may_be_unknown().then_some(0.0),
            typed => typed.parse::<f64>().ok(),
        }
    };
    let oninput = {
        let on_change = on_change.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(value) = moved(&event) {
                on_change.emit(Change::Move(field, value));
            }
        })
    };
    let onchange = on_change.reform(|_: Event| Change::LetGo);
    // What is typed takes the place of what stands there.
    let onfocus = Callback::from(|event: FocusEvent| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            input.select();
        }
    });
    let (least, most) = field.ends();
    let unit = match field.unit() {
        Unit::Count => "",
        Unit::Mib => "MiB",
        Unit::Percent => "%",
        Unit::Times => "×",
    };
    let shown = value.map(text).unwrap_or_default();
    let slider = value.unwrap_or(least).clamp(least, *reach);
    let id = format!("knob-{}", field.name());
    html! {
        <div class="knob">
            <span class="knob__name">
                <label for={id.clone()}>{ name.clone() }</label>{ " " }
                <small class="note">{ if *is_set { html! { { words.text("page.knob.set") } } } else { known(words, *origin, *aside) } }</small>
            </span>
            <input type="range" class="knob__slider" aria-label={name.clone()} min={least.to_string()} max={reach.to_string()}
                step={field.step().to_string()} value={text(slider)} oninput={oninput.clone()} onchange={onchange.clone()} />
            <span class="knob__number">
                <input type="number" {id} inputmode="decimal" min={least.to_string()} max={most.to_string()}
                    step={if field.unit() == Unit::Count { "1" } else { "any" }} value={shown}
                    placeholder={words.text("page.sizing.unknown")} {oninput} {onchange} {onfocus} />
                { unit }
            </span>
        </div>
    }
}

fn collector(words: Words, answer: &Answer, on_change: &Callback<Change>) -> Html {
    let onchange = on_change.reform(|event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        Change::Collector(select.and_then(|select| Collector::named(&select.value())))
    });
    let now = answer.facts.collector.as_deref();
    let keep = match now {
        Some(now) => words.fill("page.sizing.collector.now", &[("name", now)]),
        None => words.text("page.sizing.collector.unknown"),
    };
    let tried = answer.knobs.collector;
    let others = Collector::ALL.into_iter().filter(|one| Some(*one) != now.and_then(Collector::named));
    html! {
        <div class="knob">
            <label for="knob-collector">{ words.text("page.knob.collector") }</label>
            <select id="knob-collector" class="knob__choice" {onchange}>
                <option value="" selected={tried.is_none()}>{ keep }</option>
                for one in others {
                    <option value={one.name()} selected={tried == Some(one)}>{ one.name() }</option>
                }
            </select>
        </div>
    }
}

/// What would narrow the range; open where there is no range yet.
fn missing(words: Words, answer: &Answer) -> Html {
    if answer.missing.is_empty() {
        return html! {};
    }
    html! {
        <details class="details" open={answer.ceiling.is_none()}>
            <summary>{ words.text("page.sizing.missing") }</summary>
            { commands(words, &answer.missing) }
        </details>
    }
}

/// Options in one line to copy, and what each is for.
fn flags(words: Words, flags: &[Flag]) -> Html {
    if flags.is_empty() {
        return html! {};
    }
    let options: Vec<&str> = flags.iter().filter(|flag| flag.is_option()).map(|flag| flag.text.as_str()).collect();
    let options = options.join(" ");
    html! {
        <div class="flags">
            <h3>{ words.text("page.sizing.flags") }</h3>
            <p class="command">
                <code class="command__text">{ whole(of_command(&options)) }</code>
                <CopyButton text={options.clone()} />
            </p>
            <ul class="finding__list">
                for flag in flags {
                    <li>
                        <code>{ &flag.text }</code>{ " " }<Sentence statement={flag.comment.clone()} />
                        if !flag.is_option() {
                            { " " }<CopyButton text={flag.text.clone()} />
                        }
                    </li>
                }
            </ul>
        </div>
    }
}

fn terms(teller: &Teller<'_>, answer: &Answer) -> Html {
    let words = teller.words;
    html! {
        <>
            { folded(&teller.sizing_terms(answer), html! {
                <>
                    if let Some(weakest) = answer.weakest.filter(|weakest| *weakest != Origin::Measured) {
                        <p class="note">{ words.fill("page.sizing.weakest", &[("origin", &words.text(weakest.key()))]) }</p>
                    }
                    { list("page.sizing.sensitivity", words, &answer.sensitivity) }
                </>
            }) }
            { folded(&teller.sizing_advice(answer), html! {}) }
        </>
    }
}

/// A table that opens, and what is said below it.
fn folded(table: &Table, below: Html) -> Html {
    if table.is_empty() {
        return html! {};
    }
    html! {
        <details class="details">
            <summary>{ &table.caption }</summary>
            { Head::of(&table.caption, &table.columns).with(table.told()) }
            { below }
        </details>
    }
}
