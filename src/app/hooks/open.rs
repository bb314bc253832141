//! What is looked at stands in the address bar: a line, or a finding.

use gloo::events::EventListener;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::analysis::rule_id::RuleId;
use crate::app::address::Open;
use crate::app::controls::{Controls, PageSession};
use crate::app::history::{address, replace_address};
use crate::app::session::{Action, State};
use crate::report::Report;
use crate::source::Span;

/// Shows the line of the address once its report is there; afterwards the address follows the line that is shown.
#[hook]
pub fn use_open_line(session: &PageSession, controls: &Controls) {
    let ready = match &session.state {
        State::Ready(ready) => Some(ready),
        State::Empty | State::Reading(_) | State::Locked(_) | State::Failed(_) => None,
    };
    let job = ready.map(|ready| ready.job);
    let asked = ready.and_then(|ready| asked_line(&ready.report));
    let controls = controls.clone();
    use_effect_with(job, move |_| {
        if let Some(span) = asked {
            controls.send(Action::Show(span));
        }
    });
    use_effect_with((job, session.shown.map(|shown| shown.span)), |(job, shown)| {
        if job.is_none() {
            return;
        }
        let shown = shown.map(|span| Open::Line { source: span.source, line: span.line });
        replace_address(|address| {
            if shown.is_some() || matches!(address.open, Some(Open::Line { .. })) {
                address.open = shown;
            }
        });
    });
}

/// The line of the address, if there is such a line.
fn asked_line(report: &Report) -> Option<Span> {
    let Some(Open::Line { source, line }) = address().open else { return None };
    let there = report.sources.get(usize::from(source)).is_some_and(|known| line <= known.lines);
    there.then_some(Span { source, line, start: 0, end: u32::MAX })
}

/// Id of a finding's element: rule, and which one of that rule.
pub fn finding_id(rule: RuleId, nth: usize) -> String {
    format!("finding-{rule}-{}", nth + 1)
}

/// Brings the finding of the address into view, and lets N and Shift+N lead from finding to finding. `findings` are
/// rule and which one of that rule, in the order in which they stand; `reveal` puts the focus on one of them.
#[hook]
pub fn use_open_finding(findings: Vec<(RuleId, usize)>, reveal: Callback<usize>) {
    let now = use_mut_ref(|| reveal.clone());
    *now.borrow_mut() = reveal;
    use_effect_with(findings, move |findings| {
        let go = move |at: usize| {
            let reveal = now.borrow().clone();
            reveal.emit(at);
        };
        if let Some(Open::Finding { rule, nth }) = address().open
            && let Some(at) = findings.iter().position(|known| *known == (rule, nth))
        {
            go(at);
        }
        let findings = findings.clone();
        let listener = EventListener::new(&document(), "keydown", move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>().filter(|key| !is_taken(key)) else { return };
            let by: isize = match key.key().as_str() {
                "n" => 1,
                "N" => -1,
                _ => return,
            };
            let focused = document().active_element().map(|element| element.id()).unwrap_or_default();
            let now = findings.iter().position(|(rule, nth)| focused == finding_id(*rule, *nth));
            let next = match now {
                Some(now) => now.checked_add_signed(by),
                None => Some(0),
            };
            if let Some((at, (rule, nth))) = next.and_then(|next| Some((next, findings.get(next)?))) {
                go(at);
                let (rule, nth) = (*rule, *nth);
                replace_address(|address| address.open = Some(Open::Finding { rule, nth }));
            }
        });
        move || drop(listener)
    });
}

/// True for keys that are typed into a field or belong to the browser.
fn is_taken(key: &KeyboardEvent) -> bool {
    let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_field = target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    is_field || key.ctrl_key() || key.meta_key() || key.alt_key() || key.default_prevented()
}
