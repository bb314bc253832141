//! Two runs side by side: settings that differ, what was measured, and both on one axis.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::fact::Fact;
use super::timeline::TimelineChart;
use crate::app::hooks::view::Look;
use crate::app::page::PageReady;
use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::chart::compare::{Comparison, Difference, Value, comparable, obvious_pair};
use crate::chart::timeline::{Timeline as Lanes, View};

#[derive(Properties, PartialEq)]
pub struct CompareProps {
    /// The report.
    pub ready: PageReady,
}

/// The comparison of the first two runs of the same kind, or of any two that the reader chooses.
#[component]
pub fn Compare(CompareProps { ready }: &CompareProps) -> Html {
    let words = use_words();
    let chosen = use_state_eq(|| None::<(usize, usize)>);
    let runs = use_memo((ready.report.clone(), words.0), |(report, language)| comparable(report, *language));
    let pair = (*chosen).or_else(|| obvious_pair(&ready.report));
    let compared = use_memo((ready.report.clone(), pair, words.0), |(report, pair, language)| {
        let pair = (*pair)?;
        let comparison = Comparison::of(report, pair, *language)?;
        let lanes = Lanes::of(report, *language).side_by_side(report, pair).map(ByPtr::new);
        Some((comparison, lanes))
    });
    let view = use_state_eq(View::default);
    let on_look = {
        let view = view.setter();
        use_callback((), move |look: Look, ()| {
            let (Look::At(seen) | Look::Along(seen)) = look;
            view.set(seen);
        })
    };
    let (Some(pair), Some((comparison, lanes))) = (pair, &*compared) else { return html! {} };
    let choice = |is_first: bool| {
        let (key, now) = if is_first { ("page.compare.first", pair.0) } else { ("page.compare.second", pair.1) };
        let onchange = {
            let chosen = chosen.setter();
            Callback::from(move |event: Event| {
                let select = event.target_dyn_into::<HtmlSelectElement>();
                let Some(other) = select.and_then(|select| select.value().parse().ok()) else { return };
                chosen.set(Some(if is_first { (other, pair.1) } else { (pair.0, other) }));
            })
        };
        html! {
            <select class="field" aria-label={words.text(key)} {onchange}>
                for (at, name) in runs.iter() {
                    <option key={*at} value={at.to_string()} selected={*at == now}>{ name }</option>
                }
            </select>
        }
    };
    html! {
        <>
            <p class="compare__sentence">{ &comparison.sentence }</p>
            if runs.len() > 2 {
                <p class="compare__choice">{ choice(true) }{ " → " }{ choice(false) }</p>
            }
            { table(words, comparison) }
            for note in comparison.notes.iter() {
                <p class="note">{ note }</p>
            }
            if let Some(lanes) = lanes {
                <TimelineChart lanes={lanes.clone()} view={(*view).clone()} {on_look} />
            }
        </>
    }
}

fn table(words: Words, comparison: &Comparison) -> Html {
    let Comparison { names, settings, measures, .. } = comparison;
    let group = |key: &str, rows: &[Difference]| {
        html! {
            if !rows.is_empty() {
                <tbody>
                    <tr class="grid__row--total"><th scope="rowgroup" colspan="4">{ words.text(key) }</th></tr>
                    for row in rows.iter() {
                        <tr>
                            <th scope="row">{ &row.label }</th>
                            for value in row.values.iter() { <td class="number">{ cell(value) }</td> }
                            <td class="number">{ &row.change }</td>
                        </tr>
                    }
                </tbody>
            }
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label={words.text("page.section.compare")}>
            <table class="grid grid--dense compare">
                <caption class="visually-hidden">{ words.text("page.section.compare") }</caption>
                <thead>
                    <tr>
                        <td></td>
                        for name in names.iter() { <th scope="col" class="number">{ name }</th> }
                        <th scope="col" class="number">{ words.text("page.compare.change") }</th>
                    </tr>
                </thead>
                { group("page.compare.settings", settings) }
                { group("page.compare.measures", measures) }
            </table>
        </div>
    }
}

fn cell(value: &Value) -> Html {
    html! {
        <>
            <Fact text={value.text.clone()} at={value.span} />
            if let Some(printed) = &value.printed { { " " }<small class="printed">{ printed }</small> }
        </>
    }
}
