//! Every line that a finding quotes is there with its text: a claim that leads to an empty line convinces nobody.

#[path = "support/corpus.rs"]
mod corpus;

#[test]
fn every_quoted_line_has_its_text() {
    let mut without = Vec::new();
    for case in corpus::cases() {
        let report = corpus::read(&case.input);
        for finding in &report.findings {
            let empty = finding.evidence.iter().filter(|evidence| evidence.excerpt.is_empty());
            without.extend(empty.map(|evidence| format!("{}: {:?}, line {}", case.name, finding.rule, evidence.line)));
        }
    }
    assert!(without.is_empty(), "{} without text:\n{}", without.len(), without.join("\n"));
}
