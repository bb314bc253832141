//! What the report claims, each claim with the lines it rests on.

use std::collections::BTreeMap;
use std::rc::Rc;

use oomscope_derive::part;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::chooser::Chooser;
use super::fact::Fact;
use super::story::{Sentence, sentences};
use crate::analysis::finding::{Finding, Severity};
use crate::analysis::rule_id::RuleId;
use crate::app::controls::PageReady;
use crate::app::hooks::open::{finding_id, is_taken, numbered, use_open_finding};
use crate::app::hooks::window::use_window;
use crate::app::words::{Words, use_words};
use crate::chart::compare::unnamed;
use crate::document::line_span;
use crate::i18n::number;
use crate::order::Gather as _;
use crate::report::Report;

/// Findings that are in the document all the time.
const WHOLE: usize = 40;
/// Height of a finding, about.
const FINDING: f64 = 52.0;
/// Numbers of lines that stand beside a claim.
const LINES: usize = 4;
/// Processes that are offered beside each other.
const BESIDE: usize = 12;

/// The claims, most severe first; where they are about several processes, those of one can be picked out.
#[part]
pub fn Findings(ready: &PageReady) -> Html {
    let words = use_words();
    let findings = &ready.report.findings;
    // Each with which one of its rule it is.
    let told = use_memo(ready.report.clone(), |report| (numbered(&report.findings), Rc::new(processes(report))));
    let (keys, runs) = &*told;
    let picked = use_state_eq(|| None::<String>);
    // A run of another report is none of this one.
    let chosen = picked.as_ref().and_then(|picked| runs.iter().position(|process| process.run == *picked));
    let run = chosen.and_then(|chosen| runs.get(chosen)).map(|process| &process.run);
    let is_of_run = |at: &usize| run.is_none() || findings.get(*at).is_some_and(|finding| finding.run.as_ref() == run);
    let shown: Rc<Vec<usize>> = Rc::new((0..findings.len()).filter(is_of_run).collect());
    let window = use_window(shown.len(), WHOLE, FINDING);
    let shown_keys: Vec<(RuleId, usize)> = shown.iter().filter_map(|at| keys.get(*at).copied()).collect();
    use_open_finding(shown_keys, window.reveal());
    let choice = |run_of: Option<&str>, name: String, count: usize| {
        let (picked, next) = (picked.setter(), run_of.map(str::to_owned));
        let onclick = Callback::from(move |_: MouseEvent| picked.set(next.clone()));
        let pressed = run.map(String::as_str) == run_of;
        html! {
            <button type="button" aria-pressed={pressed.to_string()} {onclick}>{ name }{ " " }<small>{ number(count as u64) }</small></button>
        }
    };
    let chooser = || {
        let name = {
            let (report, runs) = (ready.report.clone(), Rc::clone(runs));
            Callback::from(move |at: usize| {
                runs.get(at).map_or_else(String::new, |process| {
                    format!("{} ({})", process.name(words, &report, &runs), number(process.count as u64))
                })
            })
        };
        let on_choose = {
            let (picked, runs) = (picked.setter(), Rc::clone(runs));
            Callback::from(move |at: Option<usize>| {
                picked.set(at.and_then(|at| runs.get(at)).map(|process| process.run.clone()));
            })
        };
        let steps = (words.text("page.chooser.before").into(), words.text("page.chooser.after").into());
        html! {
            <div class="moments" role="group" aria-label={words.text("page.findings.of")}>
                <Chooser label={words.text("page.findings.of")} {steps} count={runs.len()} {chosen} {name}
                    none={AttrValue::from(words.text("page.findings.all"))} {on_choose} />
            </div>
        }
    };
    let item = |nth: usize| {
        let at = shown.get(nth).copied().unwrap_or_default();
        let (Some(finding), Some((rule, of_rule))) = (findings.get(at), keys.get(at)) else { return html! {} };
        html! { <Row key={at} ready={ready.clone()} {at} id={finding_id(*rule, *of_rule)} severity={finding.severity} /> }
    };
    html! {
        <>
            if runs.len() > BESIDE {
                { chooser() }
            } else if runs.len() > 1 {
                <div class="switch switch--wrap" role="group" aria-label={words.text("page.findings.of")}>
                    { choice(None, words.text("page.findings.all"), findings.len()) }
                    for process in runs.iter() { { choice(Some(&process.run), process.name(words, &ready.report, runs), process.count) } }
                </div>
            }
            { window.blocks(words, "page.section.findings", item) }
            <p class="note keys">{ words.text("page.findings.keys") }</p>
        </>
    }
}

/// A process that findings are about.
struct OfProcess {
    /// Id of its run.
    run: String,
    /// How many are about it.
    count: usize,
    pid: Option<u32>,
}

impl OfProcess {
    /// `pid 17692`, or that nobody printed a pid; of several such with the line that names it first.
    fn name(&self, words: Words, report: &Report, all: &[OfProcess]) -> String {
        let alone = || all.iter().filter(|process| process.pid.is_none()).nth(1).is_none();
        match self.pid {
            Some(pid) => words.fill("page.findings.pid", &[("pid", &pid.to_string())]),
            None if alone() => words.text("chart.process-unknown"),
            None => unnamed(report, &self.run, words.0),
        }
    }
}

/// The processes that findings are about, in the order of the findings.
fn processes(report: &Report) -> Vec<OfProcess> {
    let pids: BTreeMap<&str, Option<u32>> = report.runs.iter().map(|run| (run.id.as_str(), run.pid)).gathered();
    let mut processes: Vec<OfProcess> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for run in report.findings.iter().filter_map(|finding| finding.run.as_ref()) {
        let at = *places.entry(run).or_insert(processes.len());
        match processes.get_mut(at) {
            Some(process) => process.count += 1,
            None => {
                let pid = pids.get(run.as_str()).copied().flatten();
                processes.push(OfProcess { run: run.clone(), count: 1, pid });
            }
        }
    }
    processes
}

/// The part of a class that colours what is so grave.
pub fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
        Severity::Good => "good",
    }
}

/// A claim on a line of its own; what it rests on, what else it may mean, and what to do about it open below it.
#[part]
fn Row(ready: &PageReady, at: &usize, id: &String, severity: &Severity) -> Html {
    let words = use_words();
    let open = use_state_eq(|| false);
    let Some(finding) = ready.report.findings.get(*at) else { return html! {} };
    let name = match severity {
        Severity::Critical => "page.severity.critical",
        Severity::Warning => "page.severity.warning",
        Severity::Notice => "page.severity.notice",
        Severity::Good => "page.severity.good",
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    // The finding itself has the focus after N: Enter opens it. Buttons in it have their own Enter.
    let onkeydown = {
        let (open, id) = (open.clone(), id.clone());
        Callback::from(move |event: KeyboardEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let on_it = target.is_some_and(|target| target.id() == id);
            if on_it && event.key() == "Enter" && !is_taken(&event) && !event.repeat() {
                event.prevent_default();
                open.set(!*open);
            }
        })
    };
    let lines: Vec<String> = finding.evidence.iter().take(LINES).map(|evidence| number(evidence.line.into())).collect();
    let more = if finding.evidence.len() > LINES { " …" } else { "" };
    let lines = lines.join(" ") + more;
    html! {
        <article class={format!("finding finding--{}", tone(*severity))} id={id.clone()} tabindex="-1" aria-labelledby={format!("{id}-claim")} {onkeydown}>
            <h3 class="finding__claim" id={format!("{id}-claim")}><small class="finding__severity">{ words.text(name) }</small>{ " " }<Sentence statement={finding.statement.clone()} /></h3>
            <button type="button" class="finding__toggle" aria-expanded={open.to_string()} aria-controls={format!("{id}-grounds")}
                aria-label={format!("{lines} {}", words.text("page.finding.grounds"))} title={words.text("page.finding.grounds")} onclick={toggle}>
                { lines.clone() }
            </button>
            <div class="finding__grounds" id={format!("{id}-grounds")} hidden={!*open}>
                if *open { { grounds(words, finding) } }
            </div>
        </article>
    }
}

/// What a claim rests on, what else it may mean, and what to do about it.
fn grounds(words: Words, finding: &Finding) -> Html {
    html! {
        <>
            <ul class="finding__evidence">
                for evidence in finding.evidence.iter() {
                    <li>
                        <Fact text={words.fill("page.line", &[("n", &evidence.line.to_string())])} at={line_span(evidence.source, evidence.line)} />
                        { " " }<code>{ &evidence.excerpt }</code>
                    </li>
                }
            </ul>
            if !finding.rivals.is_empty() {
                <p class="note">{ words.text("page.finding.rivals") }</p>
                { sentences(&finding.rivals) }
            }
            if !finding.next.is_empty() {
                <p class="note">{ words.text("page.finding.next") }</p>
                { sentences(&finding.next) }
            }
        </>
    }
}
