//! A finding is a claim with evidence.

use std::cmp::Reverse;
use std::ops::Deref;

use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::json::{Json, Reader, Schema, Shape, Writer};
use crate::source::Span;

/// Lines quoted by one finding at most.
const MAX_EVIDENCE: usize = 12;

/// One thing that can be said about the incident. Without evidence there is none.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Finding {
    /// The rule that says it.
    pub rule: RuleId,
    /// How much it matters.
    pub severity: Severity,
    /// The sentence in the report's language.
    pub claim: String,
    /// The sentence with its numbers, to be said in another language.
    pub statement: Statement,
    /// Id of the run it is about.
    pub run: Option<String>,
    /// How much memory or time it explains: the larger, the earlier it is said.
    pub explains: Option<Quantity>,
    /// Lines it rests on, in reading order.
    pub evidence: Proof,
    /// Explanations of the same evidence, all with the same standing.
    #[json(omit)]
    pub rivals: Vec<Statement>,
    /// What to check next. A value named `command` is one to copy.
    #[json(omit)]
    pub next: Vec<Statement>,
}

impl Finding {
    /// A claim and the lines that carry it.
    pub fn new(rule: RuleId, severity: Severity, statement: Statement, evidence: Proof) -> Finding {
        Finding {
            rule,
            severity,
            claim: String::new(),
            statement,
            run: None,
            explains: None,
            evidence,
            rivals: Vec::new(),
            next: Vec::new(),
        }
    }

    /// The run it is about; readings that belong to none leave it open.
    pub fn about(mut self, run: Option<&str>) -> Finding {
        self.run = run.filter(|run| !run.is_empty()).map(str::to_owned);
        self
    }

    /// How much memory or time it explains.
    pub fn explaining(mut self, quantity: Option<Quantity>) -> Finding {
        self.explains = quantity;
        self
    }

    /// One of several explanations.
    pub fn or(mut self, rival: Statement) -> Finding {
        self.rivals.push(rival);
        self
    }

    /// What to check next.
    pub fn then(mut self, next: Statement) -> Finding {
        self.next.push(next);
        self
    }

    /// What to ask next, where there is a command for it.
    pub fn ask(self, next: Statement, command: Option<String>) -> Finding {
        match command {
            Some(command) => self.then(next.with("command", Quantity::Word(command), None)),
            None => self,
        }
    }

    /// Severity, then memory, then time, the larger first.
    pub fn rank(&self) -> (Severity, u8, Reverse<u64>) {
        let (kind, amount) = match &self.explains {
            Some(Quantity::Size(bytes)) => (0, bytes.0),
            Some(Quantity::SignedSize(bytes)) => (0, bytes.0.unsigned_abs()),
            Some(Quantity::Duration(micros)) => (1, micros.0.unsigned_abs()),
            _ => (2, 0),
        };
        (self.severity, kind, Reverse(amount))
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Json)]
pub enum Severity {
    /// Ended or will end the process.
    Critical,
    /// Hurts.
    Warning,
    /// Worth knowing.
    Notice,
    /// Good news.
    Good,
}

/// The lines that a finding rests on: at least one, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof(Vec<Evidence>);

impl Proof {
    /// Begins with a line; there is no proof without one.
    pub fn first(span: Span) -> Proof {
        Proof(vec![Evidence { source: span.source, line: span.line, excerpt: String::new() }])
    }

    /// Adds a line, if there is one. A line is quoted once, and of very many the first are.
    pub fn and(mut self, span: Option<Span>) -> Proof {
        if let Some(span) = span
            && self.0.len() < MAX_EVIDENCE
        {
            let place = |evidence: &Evidence| (evidence.source, evidence.line);
            if let Err(at) = self.0.binary_search_by_key(&(span.source, span.line), place) {
                self.0.insert(at, Evidence { source: span.source, line: span.line, excerpt: String::new() });
            }
        }
        self
    }

    /// Adds several lines.
    pub fn all(self, spans: impl IntoIterator<Item = Span>) -> Proof {
        spans.into_iter().fold(self, |proof, span| proof.and(Some(span)))
    }

    /// Fills in the texts of the lines; a line whose text was not kept stays without.
    pub fn quote(&mut self, text: impl Fn(u16, u32) -> Option<String>) {
        for evidence in &mut self.0 {
            if let Some(text) = text(evidence.source, evidence.line) {
                evidence.excerpt = text;
            }
        }
    }
}

impl Deref for Proof {
    type Target = [Evidence];

    fn deref(&self) -> &[Evidence] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Proof {
    type Item = &'a Evidence;
    type IntoIter = std::slice::Iter<'a, Evidence>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Json for Proof {
    fn blank() -> Proof {
        Proof(Vec::new())
    }

    fn write(&self, to: &mut Writer) {
        self.0.write(to);
    }

    /// There is no finding without evidence.
    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.0.read(from)?;
        (!self.0.is_empty()).then_some(())
    }

    fn shape(schema: &mut Schema) -> Shape {
        Vec::<Evidence>::shape(schema)
    }
}

/// A quoted line.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Evidence {
    /// Index of the source.
    pub source: u16,
    /// 1-based line.
    pub line: u32,
    /// Its text, cut to a bounded length; empty if it was not kept.
    pub excerpt: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Bytes, Micros};

    fn line(line: u32) -> Span {
        Span { source: 0, line, start: 0, end: 0 }
    }

    #[test]
    fn evidence_is_quoted_in_reading_order_and_once() {
        let proof = Proof::first(line(9)).and(Some(line(3))).and(None).and(Some(line(9)));
        assert_eq!(proof.iter().map(|evidence| evidence.line).collect::<Vec<_>>(), [3, 9]);
    }

    #[test]
    fn a_finding_without_evidence_cannot_be_read_back() {
        assert!(crate::json::read::<Proof>(b"[]").is_none());
    }

    #[test]
    fn the_graver_comes_first_and_then_what_explains_more() {
        let finding = |severity, explains| {
            Finding::new(RuleId::Unknown, severity, Statement::default(), Proof::first(line(1))).explaining(explains)
        };
        let small = finding(Severity::Critical, Some(Quantity::Size(Bytes(1))));
        let large = finding(Severity::Critical, Some(Quantity::Size(Bytes(2))));
        let slow = finding(Severity::Critical, Some(Quantity::Duration(Micros(9))));
        let mild = finding(Severity::Notice, Some(Quantity::Size(Bytes(99))));
        assert!(large.rank() < small.rank());
        assert!(small.rank() < slow.rank());
        assert!(slow.rank() < mild.rank());
    }
}
