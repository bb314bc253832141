//! A finding is a claim with evidence.

use serde::{Deserialize, Serialize};

use crate::analysis::statement::Statement;

/// One thing that can be said about the incident. Without evidence there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Rule id, stable for ever.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The sentence in the report's language.
    pub claim: String,
    /// The sentence with its numbers, to be said in another language.
    pub statement: Statement,
    /// Id of the run it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Lines it rests on, in reading order.
    pub evidence: Vec<Evidence>,
    /// Other explanations of the same evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<Statement>,
    /// What to check next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Statement>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// A quoted line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Index of the source.
    pub source: u16,
    /// 1-based line.
    pub line: u32,
    /// Its text, cut to a bounded length.
    pub excerpt: String,
}
