//! What the report claims, each claim with the lines it rests on.

use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::story::Sentence;
use crate::analysis::finding::{Finding, Severity};
use crate::app::hooks::open::{finding_id, use_open_finding};
use crate::app::page::PageReady;
use crate::app::words::{Words, use_words};
use crate::i18n::number;

#[derive(Properties, PartialEq)]
pub struct FindingsProps {
    /// The report.
    pub ready: PageReady,
}

/// The claims, most severe first; where they are about several processes, those of one can be picked out.
#[component]
pub fn Findings(FindingsProps { ready }: &FindingsProps) -> Html {
    let words = use_words();
    let findings = &ready.report.findings;
    // Each with which one of its rule it is.
    let mut keys: Vec<(String, usize)> = Vec::new();
    for finding in findings {
        let nth = keys.iter().filter(|(rule, _)| *rule == finding.rule).count();
        keys.push((finding.rule.clone(), nth));
    }
    use_open_finding(keys.clone());
    let picked = use_state_eq(|| None::<String>);
    let runs = runs(findings);
    // A run of another report is none of this one.
    let run = picked.as_ref().filter(|picked| runs.iter().any(|(run, _)| run == *picked));
    let shown = findings.iter().zip(&keys).filter(|(finding, _)| run.is_none() || finding.run.as_ref() == run);
    let choice = |run_of: Option<&str>, name: String, count: usize| {
        let (picked, next) = (picked.setter(), run_of.map(str::to_owned));
        let onclick = Callback::from(move |_: MouseEvent| picked.set(next.clone()));
        let pressed = run.map(String::as_str) == run_of;
        html! {
            <button type="button" aria-pressed={pressed.to_string()} {onclick}>{ name }{ " " }<small>{ number(count as u64) }</small></button>
        }
    };
    html! {
        <>
            if runs.len() > 1 {
                <div class="switch switch--wrap" role="group" aria-label={words.text("page.findings.of")}>
                    { choice(None, words.text("page.findings.all"), findings.len()) }
                    for (run, count) in runs.iter() { { choice(Some(run), run_name(words, ready, run), *count) } }
                </div>
            }
            { for shown.map(|(finding, (rule, nth))| card(words, finding, finding_id(rule, *nth))) }
            <p class="note">{ words.text("page.findings.keys") }</p>
        </>
    }
}

/// The processes that findings are about, in the order of the findings, and how many are about each.
fn runs(findings: &[Finding]) -> Vec<(String, usize)> {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for run in findings.iter().filter_map(|finding| finding.run.as_ref()) {
        match runs.iter_mut().find(|(known, _)| known == run) {
            Some((_, count)) => *count += 1,
            None => runs.push((run.clone(), 1)),
        }
    }
    runs
}

/// `pid 17692`, or that nobody printed a pid, with the name that the report gives to the process.
fn run_name(words: Words, ready: &PageReady, id: &str) -> String {
    let pid = ready.report.runs.iter().find(|run| run.id == id).and_then(|run| run.pid);
    let unknown = || format!("{} ({id})", words.text("chart.process-unknown"));
    pid.map_or_else(unknown, |pid| words.fill("page.findings.pid", &[("pid", &pid.to_string())]))
}

fn card(words: Words, finding: &Finding, id: String) -> Html {
    let (name, severity) = match finding.severity {
        Severity::Critical => ("critical", "page.severity.critical"),
        Severity::Warning => ("warning", "page.severity.warning"),
        Severity::Notice => ("notice", "page.severity.notice"),
        Severity::Good => ("good", "page.severity.good"),
    };
    html! {
        <article class={format!("finding finding--{name}")} id={id.clone()} tabindex="-1" aria-labelledby={format!("{id}-claim")}>
            <h3 id={format!("{id}-claim")}><small class="finding__severity">{ words.text(severity) }</small>{ " " }<Sentence statement={finding.statement.clone()} /></h3>
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
                <ul class="finding__list">
                    for rival in finding.rivals.iter() { <li><Sentence statement={rival.clone()} /></li> }
                </ul>
            }
            if !finding.next.is_empty() {
                <p class="note">{ words.text("page.finding.next") }</p>
                <ul class="finding__list">
                    for next in finding.next.iter() { <li><Sentence statement={next.clone()} /></li> }
                </ul>
            }
        </article>
    }
}
