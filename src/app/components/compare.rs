//! Two runs side by side, of one report or of two: settings that differ, what was measured, and both on one axis.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use oomscope_derive::part;
use yew::prelude::*;

use super::chooser::Chooser;
use super::fact::HasTexts;
use super::grid::parts;
use super::timeline::TimelineChart;
use crate::app::controls::{PageReady, use_controls};
use crate::app::hooks::second::{SecondControls, SecondReport};
use crate::app::hooks::view::Look;
use crate::app::sections::go_to;
use crate::app::session::{ByPtr, Origin};
use crate::app::words::{Words, use_words};
use crate::chart::compare::{
    Comparison, Difference, Side, Value, comparable, did_it_help, is_later, likeliest_pair, obvious_pair, run_name,
    side_by_side,
};
use crate::chart::timeline::{Timeline as Lanes, View};
use crate::document::Part;
use crate::report::Report;

/// A run: which report it is of, and its index there.
type Choice = (Whose, usize);

/// One of two reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// The one that is shown.
    A,
    /// The second one.
    B,
}

/// The comparison of the two runs that have most in common, or of any two that the reader chooses.
#[part]
pub fn Compare(
    ready: &PageReady,
    /// Another one, if the reader handed one over.
    second: &Option<SecondReport>,
    controls: &SecondControls,
) -> Html {
    let words = use_words();
    let chosen = use_state_eq(|| None::<[Choice; 2]>);
    // What came first is the open report, unless the times say otherwise, or the reader.
    let swapped = use_state_eq(|| false);
    let reports = (ready.report.clone(), second.as_ref().map(|second| second.report.clone()));
    let runs = use_memo(reports.clone(), |(first, second)| -> Vec<Choice> {
        let of = |report: &Report, whose: Whose| comparable(report).into_iter().map(move |at| (whose, at));
        of(first, Whose::A).chain(second.iter().flat_map(|second| of(second, Whose::B))).collect()
    });
    let unasked = use_memo(reports.clone(), |(first, second)| unasked(first, second.as_deref()));
    let is_reversed = use_memo((reports.clone(), *swapped), |((first, second), swapped)| {
        second.as_ref().is_some_and(|second| is_later(first, second) != *swapped)
    });
    let is_reversed = *is_reversed;
    let ordered = move |[first, second]: [Choice; 2]| if is_reversed { [second, first] } else { [first, second] };
    let pair = (*chosen).or(*unasked).map(ordered);
    let compared = use_memo((reports.clone(), pair, words.0), |((first, second), pair, language)| {
        let report = |whose: Whose| match whose {
            Whose::A => Some(&**first),
            Whose::B => second.as_deref(),
        };
        let side = |(whose, run): Choice| Some(Side { report: report(whose)?, run });
        let pair = (*pair)?;
        let sides = [side(pair[0])?, side(pair[1])?];
        let lanes = sides.map(|side| {
            let run = side.report.runs.get(side.run).map_or("", |run| run.id.as_str());
            Lanes::of_run(side.report, run, *language)
        });
        let together = side_by_side([(&lanes[0], sides[0]), (&lanes[1], sides[1])]).map(ByPtr::new);
        Some((Comparison::of(sides, *language)?, together))
    });
    let view = use_state_eq(View::default);
    let on_look = {
        let view = view.setter();
        use_callback((), move |look: Look, ()| {
            let (Look::At(seen) | Look::Along(seen)) = look;
            view.set(seen);
        })
    };
    let choice = |pair: [Choice; 2], side: usize| {
        let (key, now) = if side == 0 { ("page.compare.first", pair[0]) } else { ("page.compare.second", pair[1]) };
        let on_choose = {
            let (chosen, runs) = (chosen.setter(), Rc::clone(&runs));
            Callback::from(move |at: Option<usize>| {
                let Some(other) = at.and_then(|at| runs.get(at)) else { return };
                chosen.set(Some(ordered(if side == 0 { [*other, pair[1]] } else { [pair[0], *other] })));
            })
        };
        let name = {
            let (runs, (first, second)) = (Rc::clone(&runs), reports.clone());
            Callback::from(move |at: usize| match (runs.get(at), &second) {
                (Some((Whose::A, run)), None) => run_name(&first, *run, words.0),
                (Some((whose, run)), Some(second)) => {
                    let report = if *whose == Whose::A { &*first } else { &**second };
                    let key = if (*whose == Whose::A) == is_reversed {
                        "chart.compare.after"
                    } else {
                        "chart.compare.before"
                    };
                    words.fill(key, &[("name", &run_name(report, *run, words.0))])
                }
                _ => String::new(),
            })
        };
        html! {
            <Chooser label={words.text(key)} few={true} count={runs.len()} chosen={runs.iter().position(|run| *run == now)} {name} {on_choose}
                steps={(words.text("page.chooser.before").into(), words.text("page.chooser.after").into())} />
        }
    };
    let on_swap = {
        let (swapped, now) = (swapped.setter(), *swapped);
        Callback::from(move |_: MouseEvent| swapped.set(!now))
    };
    html! {
        <>
            if let Some(second) = second {
                <Second ready={ready.clone()} second={second.clone()} controls={controls.clone()} {is_reversed} {on_swap}
                    settings={compared.as_ref().as_ref().map(|(comparison, _)| comparison.settings.clone())}
                    measures={compared.as_ref().as_ref().map(|(comparison, _)| comparison.measures.clone()).unwrap_or_default()} />
            }
            if let (Some(pair), Some((comparison, lanes))) = (pair, &*compared) {
                <p class="compare__sentence">{ &comparison.sentence }</p>
                if runs.len() > 2 {
                    <p class="compare__choice">{ choice(pair, 0) }{ " → " }{ choice(pair, 1) }</p>
                }
                { table(words, comparison, pair) }
                for note in comparison.notes.iter() {
                    <p class="note">{ note }</p>
                }
                if let Some(lanes) = lanes {
                    // Lines of the second report are not at hand.
                    <WithTexts of={pair}>
                        <TimelineChart lanes={lanes.clone()} view={(*view).clone()} {on_look} />
                    </WithTexts>
                }
            } else {
                <p class="notice">{ words.text("page.compare.nothing") }</p>
            }
        </>
    }
}

/// The pair that is compared unasked.
fn unasked(first: &Report, second: Option<&Report>) -> Option<[Choice; 2]> {
    match second {
        Some(second) => likeliest_pair(first, second).map(|(a, b)| [(Whose::A, a), (Whose::B, b)]),
        None => obvious_pair(first).map(|(a, b)| [(Whose::A, a), (Whose::A, b)]),
    }
}

/// Numbers lead to their lines where all of them are lines of the report that is shown.
#[part]
fn WithTexts(of: &[Choice; 2], children: &Html) -> Html {
    let has_texts = use_context::<HasTexts>().is_none_or(|HasTexts(has_texts)| has_texts);
    let all_here = of.iter().all(|(whose, _)| *whose == Whose::A);
    provide(HasTexts(has_texts && all_here), children.clone())
}

/// What came of it, which two reports they are, and the ways back to one.
#[part]
fn Second(
    ready: &PageReady,
    second: &SecondReport,
    controls: &SecondControls,
    /// True if the second report is the one of before.
    is_reversed: &bool,
    on_swap: &Callback<MouseEvent>,
    /// Settings that differ, if any could be compared.
    settings: &Option<Vec<Difference>>,
    /// What was measured of both.
    measures: &Vec<Difference>,
) -> Html {
    let words = use_words();
    let page = use_controls();
    // Once the dialog has given the focus back.
    use_effect_with(second.report.clone(), |_| {
        let timer = Timeout::new(0, || go_to("compare-reports"));
        move || drop(timer)
    });
    let forget = {
        let controls = controls.clone();
        Callback::from(move |_: MouseEvent| controls.forget())
    };
    let open = {
        let texts = Rc::clone(&second.texts);
        Callback::from(move |_: MouseEvent| {
            if let Some(page) = &page {
                page.open(texts.to_vec(), Origin::HandedOver);
            }
        })
    };
    let mut reports = [&*ready.report, &*second.report];
    if *is_reversed {
        reports.reverse();
    }
    let [before, after] = reports.map(|report| report.verdict.headline.say(words.0));
    html! {
        <>
            <p class="compare__verdict">{ did_it_help(reports, settings.as_deref(), measures, words.0) }</p>
            <dl class="compare__reports">
                <dt>{ words.text("page.compare.before") }</dt><dd>{ before }</dd>
                <dt>{ words.text("page.compare.after") }</dt><dd>{ after }</dd>
            </dl>
            <p class="compare__ways">
                <button type="button" class="button button--small" onclick={on_swap}>{ words.text("page.compare.swap") }</button>
                <button type="button" class="button button--small" onclick={open}>{ words.text("page.compare.open-second") }</button>
                <button type="button" class="button button--small" onclick={forget}>{ words.text("page.compare.end") }</button>
            </p>
        </>
    }
}

fn table(words: Words, comparison: &Comparison, pair: [Choice; 2]) -> Html {
    let Comparison { names, outcome, settings, measures, native, options, .. } = comparison;
    let group = |key: Option<&str>, rows: &[Difference]| {
        html! {
            if !rows.is_empty() {
                <tbody>
                    if let Some(key) = key {
                        <tr class="grid__row--total"><th scope="rowgroup" colspan="4">{ words.text(key) }</th></tr>
                    }
                    for row in rows.iter() {
                        <tr>
                            <th scope="row">{ &row.label }</th>
                            for (value, choice) in row.values.iter().zip(pair) {
                                <td class="number"><WithTexts of={[choice, choice]}>{ cell(value) }</WithTexts></td>
                            }
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
                { group(None, outcome.as_slice()) }
                { group(Some("page.compare.settings"), settings) }
                { group(Some("page.compare.measures"), measures) }
                { group(Some("page.compare.native"), native) }
                { group(Some("page.compare.options"), options) }
            </table>
        </div>
    }
}

fn cell(value: &Value) -> Html {
    parts(&[Part { exact: value.printed.clone(), ..Part::of(&*value.text).at(value.span) }], " ")
}
