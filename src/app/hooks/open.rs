//! What is looked at stands in the address bar: a line, or a finding.

use std::collections::BTreeMap;

use gloo::events::EventListener;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Blob, Element, KeyboardEvent};
use yew::prelude::*;

use super::address::use_address_changes;
use crate::analysis::finding::Finding;
use crate::analysis::rule_id::RuleId;
use crate::app::address::{Address, Open};
use crate::app::controls::{Controls, PageSession};
use crate::app::history::{address, close_source, open_source, replace_address};
use crate::app::session::{Action, State};
use crate::report::Report;
use crate::source::Span;

/// Shows the line of the address once its report is there. Afterwards the address follows what is shown of the source, and
/// the browser's Back and Forward close and open it.
#[hook]
pub fn use_open_source(session: &PageSession, controls: &Controls) {
    let ready = match &session.state {
        State::Ready(ready) => Some((ready.job, ready.report.clone())),
        State::Empty | State::Opening | State::Reading(_) | State::Locked(_) | State::Failed(_) => None,
    };
    let job = ready.as_ref().map(|(job, _)| *job);
    let open = session
        .source_open
        .then(|| session.shown.map(|shown| shown.span))
        .map(|shown| shown.map_or(Open::Source, |span| Open::Line { source: span.source, line: span.line }));
    let on_change = {
        let controls = controls.clone();
        use_callback((ready, open.clone()), move |address: Address, (ready, open)| {
            let asked = address.open.filter(Open::is_of_source);
            let report = ready.as_ref().map(|(_, report)| report);
            match asked.as_ref().zip(report).and_then(|(asked, report)| asked_of(asked, report)) {
                _ if asked == *open => {}
                Some(action) => controls.send(action),
                None if open.is_some() => controls.go_back(),
                None => {}
            }
        })
    };
    {
        let on_change = on_change.clone();
        use_effect_with(job, move |_| on_change.emit(address()));
    }
    use_address_changes(on_change);
    use_effect_with((job, open), |(job, open)| {
        let was_open = address().open.is_some_and(|open| open.is_of_source());
        match open.clone() {
            _ if job.is_none() => {}
            Some(open) if was_open => replace_address(|address| address.open = Some(open)),
            Some(open) => open_source(open),
            None if was_open => close_source(),
            None => {}
        }
    });
}

/// What shows that of the source, if the report has such a line.
fn asked_of(open: &Open, report: &Report) -> Option<Action<Blob>> {
    match open {
        Open::Source => Some(Action::OpenSource),
        Open::Line { source, line } => {
            let there = report.sources.get(usize::from(*source)).is_some_and(|known| *line <= known.lines);
            there.then_some(Action::Show(Span { source: *source, line: *line, start: 0, end: u32::MAX }))
        }
        Open::Finding { .. } => None,
    }
}

/// Id of a finding's element: rule, and which one of that rule.
pub fn finding_id(rule: RuleId, nth: usize) -> String {
    format!("finding-{rule}-{}", nth + 1)
}

/// Ids of findings' elements, in the order of the report.
pub fn finding_ids(findings: &[Finding]) -> Vec<String> {
    numbered(findings).into_iter().map(|(rule, nth)| finding_id(rule, nth)).collect()
}

/// Findings as rule and which one of that rule, from 0.
pub fn numbered(findings: &[Finding]) -> Vec<(RuleId, usize)> {
    let mut of_rule: BTreeMap<RuleId, usize> = BTreeMap::new();
    let number = |finding: &Finding| {
        let next = of_rule.entry(finding.rule).or_default();
        let nth = *next;
        *next += 1;
        (finding.rule, nth)
    };
    findings.iter().map(number).collect()
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
pub fn is_taken(key: &KeyboardEvent) -> bool {
    let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_field = target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    is_field || key.ctrl_key() || key.meta_key() || key.alt_key() || key.default_prevented()
}
