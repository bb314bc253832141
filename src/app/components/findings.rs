//! What the report claims, each claim with the lines it rests on.

use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::story::Sentence;
use crate::analysis::finding::{Finding, Severity};
use crate::app::hooks::open::{finding_id, use_open_finding};
use crate::app::page::PageReady;
use crate::app::words::{Words, use_words};

#[derive(Properties, PartialEq)]
pub struct FindingsProps {
    /// The report.
    pub ready: PageReady,
}

/// The claims, most severe first.
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
    html! {
        <>
            { for findings.iter().zip(&keys).map(|(finding, (rule, nth))| card(words, finding, finding_id(rule, *nth))) }
            <p class="note">{ words.text("page.findings.keys") }</p>
        </>
    }
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
