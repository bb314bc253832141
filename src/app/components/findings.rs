//! What the report claims, each claim with the lines it rests on.

use yew::prelude::*;

use super::fact::{Fact, line_span};
use super::story::Sentence;
use crate::analysis::finding::{Finding, Severity};
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
    html! { <>{ for ready.report.findings.iter().map(|finding| card(words, finding)) }</> }
}

fn card(words: Words, finding: &Finding) -> Html {
    let (name, severity) = match finding.severity {
        Severity::Critical => ("critical", "page.severity.critical"),
        Severity::Warning => ("warning", "page.severity.warning"),
        Severity::Notice => ("notice", "page.severity.notice"),
        Severity::Good => ("good", "page.severity.good"),
    };
    html! {
        <article class={format!("finding finding--{name}")}>
            <h3><small class="finding__severity">{ words.text(severity) }</small>{ " " }<Sentence statement={finding.statement.clone()} /></h3>
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
