//! Questions and how long a candidate has for them.

use serde::{Deserialize, Serialize};

/// What kind of answer a question asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    #[default]
    Text,
    Coding,
}

/// Something that a good answer says or does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPoint {
    pub text: String,
    /// How much it counts beside the others: 1..=10.
    #[serde(default = "one")]
    pub weight: u32,
}

fn one() -> u32 {
    1
}

/// What answers to a question are measured by. Candidates never see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rubric {
    pub key_points: Vec<KeyPoint>,
    pub reference_answer: Option<String>,
    /// The language that code is expected in.
    pub language: Option<String>,
}

impl Rubric {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One question of an interview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    pub kind: QuestionKind,
    #[serde(default, skip_serializing_if = "Rubric::is_empty")]
    pub rubric: Rubric,
}

impl Question {
    /// One without a rubric.
    #[must_use]
    pub fn new(text: impl Into<String>, kind: QuestionKind) -> Self {
        Self { text: text.into(), kind, rubric: Rubric::default() }
    }
}

/// Seconds that a candidate has for a question, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timers {
    pub text_s: u32,
    pub coding_s: u32,
}

impl Default for Timers {
    fn default() -> Self {
        Self { text_s: 120, coding_s: 300 }
    }
}

impl Timers {
    /// Seconds for a question of this kind.
    #[must_use]
    pub fn seconds_for(&self, kind: QuestionKind) -> u32 {
        match kind {
            QuestionKind::Text => self.text_s,
            QuestionKind::Coding => self.coding_s,
        }
    }
}
