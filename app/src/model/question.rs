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

/// One question of an interview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    pub kind: QuestionKind,
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
