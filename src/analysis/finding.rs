//! A finding is a claim with evidence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One thing that can be said about the incident. Without evidence there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Rule id, stable for ever; catalogue key `rule.<id>.…`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The sentence in the report's language; made again from `values` in another language.
    pub claim: String,
    /// The numbers and names of the sentence, by placeholder.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Lines it rests on, in reading order.
    pub evidence: Vec<Evidence>,
    /// Other explanations of the same evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<String>,
    /// What to check next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<String>,
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
