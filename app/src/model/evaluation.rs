//! How good answers are, and who says so.

use serde::{Deserialize, Serialize};

use super::UnixMillis;

/// One of the four things that an answer is measured by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// 0..=10.
    pub score: f64,
    /// Why, in a sentence.
    pub sentence: String,
    /// Parts of the answer, word for word, that it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<String>,
}

/// The four of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// Whether the answer is about the question.
    pub relevance: Criterion,
    pub correctness: Criterion,
    pub depth: Criterion,
    pub clarity: Criterion,
}

impl Criteria {
    /// All four with their names.
    #[must_use]
    pub fn each(&self) -> [(&'static str, &Criterion); 4] {
        [
            ("Relevance", &self.relevance),
            ("Correctness", &self.correctness),
            ("Depth", &self.depth),
            ("Clarity", &self.clarity),
        ]
    }
}

/// Who evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evaluator {
    /// Rules on this server.
    Offline,
    /// A language model.
    Model { name: String },
}

/// What an evaluator says of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// 0..=10.
    pub score: f64,
    pub criteria: Criteria,
    pub by: Evaluator,
    /// What was not measured, and what went wrong on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The evaluator itself failed: its scores say nothing about the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
}

impl Verdict {
    /// 0..=10. None: the answer could not be evaluated.
    #[must_use]
    pub fn measured(&self) -> Option<f64> {
        (!self.failed).then_some(self.score)
    }
}

/// A score that an admin set in place of the evaluator's. Both stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// 0..=10.
    pub score: f64,
    pub reason: String,
    /// The admin's e-mail address.
    pub by: String,
    pub at: UnixMillis,
}

/// How good an answer is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Index into [`super::Session::questions`].
    pub question: u32,
    pub verdict: Verdict,
    pub at: UnixMillis,
    /// The last one counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
}

impl Evaluation {
    /// The score that counts: 0..=10. None: the answer could not be evaluated, and nobody set a score yet.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        self.correction.as_ref().map(|correction| correction.score).or_else(|| self.verdict.measured())
    }
}

/// Whether `score` is one: 0..=10.
#[must_use]
pub fn is_score(score: f64) -> bool {
    (0.0..=10.0).contains(&score)
}
