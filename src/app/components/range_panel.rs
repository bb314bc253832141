//! What the visible part of a section says in numbers, and the way to its lines.

use gloo::timers::callback::Timeout;
use oomscope_derive::part;
use yew::prelude::*;

use super::fact::Fact;
use super::grid::Head;
use crate::app::controls::{use_controls, with};
use crate::app::hooks::window::{Shape, use_window};
use crate::app::session::ByPtr;
use crate::app::words::{Words, use_words};
use crate::chart::timeline::{LineRange, Spread, Timeline as Lanes, View};
use crate::document::{Column, Part, Row, Style};
use crate::i18n::number;
use crate::report::Report;
use crate::source::Span;

/// Processes whose numbers are in the document all the time.
const GROUPS: usize = 12;
/// Height of the numbers of one, about.
const GROUP: f64 = 120.0;
/// Sources that are in the document all the time.
const SOURCES: usize = 20;
/// Height of one, about.
const SOURCE: f64 = 32.0;
/// Series whose least, mean, and most are told.
const SPREADS: usize = 40;
/// Milliseconds of rest before the numbers follow a range that moves.
const REST: u32 = 120;

/// The numbers.
#[part]
pub fn RangePanel(report: &ByPtr<Report>, lanes: &ByPtr<Lanes>, view: &View, section: &String) -> Html {
    let words = use_words();
    let view = use_rested(view.clone());
    let told = use_memo((report.clone(), lanes.clone(), view.clone(), section.clone()), |(report, lanes, view, id)| {
        let section = lanes.section(id)?;
        let (from, to) = view.range(section);
        let range = [from, to].map(|at| lanes.moment_in_words(view.clock(section), at, view.grain(section)));
        let whole = View::default().range(section) == (from, to);
        let spreads = if whole { Vec::new() } else { lanes.spreads(section, view) };
        Some((
            section.title.clone(),
            range,
            spreads,
            lanes.statistics(report, section, view),
            lanes.lines(section, view),
        ))
    });
    let (groups, sources) =
        told.as_ref().as_ref().map_or((0, 0), |(.., statistics, lines)| (statistics.len(), lines.len()));
    let groups = use_window(groups, GROUPS, GROUP);
    let sources = use_window(sources, SOURCES, SOURCE);
    let Some((title, [from, to], spreads, statistics, lines)) = &*told else { return html! {} };
    let group = |nth: usize| {
        let Some(group) = statistics.get(nth) else { return html! {} };
        html! {
            <div key={nth}>
                if !group.owner.is_empty() && statistics.len() > 1 {
                    <p class="range__owner">{ &group.owner }</p>
                }
                <dl class="range__numbers">
                    for row in group.rows.iter() {
                        <div>
                            <dt>{ &row.label }</dt>
                            <dd><Fact text={row.value.clone()} at={row.span} /></dd>
                        </div>
                    }
                </dl>
            </div>
        }
    };
    let source = |nth: usize| {
        let Some(range) = lines.get(nth) else { return html! {} };
        html! { <li key={nth}><ShowLines range={*range} name={source_name(report, *range)} /></li> }
    };
    let range = words.fill("page.timeline.range-of", &[("who", title), ("from", from), ("to", to)]);
    html! {
        <section class="range" aria-label={words.text("page.timeline.range")}>
            <p class="range__title" role="status">{ range }</p>
            if !spreads.is_empty() { { spread_table(words, spreads) } }
            { groups.blocks(words, "page.timeline.range", group) }
            { sources.list(words, "page.sources", html! {
                <ul class="range__lines" ref={sources.body()}>{ sources.rows(Shape::List, source) }</ul>
            }) }
        </section>
    }
}

/// The least, the mean, and the most of each series in a part of the whole.
fn spread_table(words: Words, spreads: &[Spread]) -> Html {
    let has_owners = spreads.iter().any(|spread| Some(&spread.owner) != spreads.first().map(|first| &first.owner));
    let left = spreads.len().saturating_sub(SPREADS);
    let keys = ["page.timeline.series", "page.timeline.least", "page.timeline.mean", "page.timeline.most"];
    let column = |(nth, key): (usize, &str)| Column { is_number: nth > 0, ..Column::of(words.text(key)) };
    let columns: Vec<Column> = keys.into_iter().enumerate().map(column).collect();
    let rows = spreads.iter().take(SPREADS).map(|spread| {
        let mut name = vec![Part::of(spread.role.name()).styled(Style::Swatch), Part::of(&*spread.label)];
        name.extend(has_owners.then(|| Part::of(&*spread.owner).styled(Style::Aside)));
        let end = |(text, at): &(String, Span)| vec![Part::of(&**text).at(Some(*at))];
        Row::of(vec![name, end(&spread.least), vec![Part::of(&*spread.mean)], end(&spread.most)])
    });
    html! {
        <div class="range__spread">
            { Head::of(&words.text("page.timeline.spread"), &columns).with(&rows.collect::<Vec<_>>()) }
            if left > 0 { <p class="note">{ words.fill("page.timeline.more-values", &[("n", &number(left as u64))]) }</p> }
        </div>
    }
}

/// The name of a source, where there are several.
fn source_name(report: &Report, range: LineRange) -> Option<String> {
    let source = report.sources.get(usize::from(range.source)).filter(|_| report.sources.len() > 1);
    source.map(|source| source.name.clone())
}

#[part]
fn ShowLines(range: &LineRange, name: &Option<String>) -> Html {
    let words = use_words();
    let controls = use_controls();
    let LineRange { source, first, last } = *range;
    let onclick = with(&controls, move |controls, event: MouseEvent| {
        controls.show_lines(Span { source, line: first, start: 0, end: u32::MAX }, last, &event)
    });
    let lines = match first == last {
        true => words.fill("page.fact.line", &[("n", &first.to_string())]),
        false => words.fill("page.timeline.lines", &[("first", &first.to_string()), ("last", &last.to_string())]),
    };
    let text = name.as_ref().map_or(lines.clone(), |name| format!("{lines} ({name})"));
    html! { <button type="button" class="button button--small" {onclick}>{ text }</button> }
}

/// The view once it has rested.
#[hook]
fn use_rested(view: View) -> View {
    let rested = use_state_eq(|| view.clone());
    {
        let setter = rested.setter();
        use_effect_with(view, move |view| {
            let view = view.clone();
            let timeout = Timeout::new(REST, move || setter.set(view));
            move || drop(timeout)
        });
    }
    (*rested).clone()
}
