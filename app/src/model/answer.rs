//! What candidates answer.

use serde::{Deserialize, Serialize};

use super::{AnswerId, UnixMillis};

/// How an answer came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerOutcome {
    Submitted,
    /// The time was over: what had been written was taken.
    TimedOut,
    /// The time was over and nothing had been written.
    NoResponse,
}

/// What a candidate answered to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// `None` when the server recorded it because the time was over.
    pub id: Option<AnswerId>,
    /// Index into [`Session::questions`].
    pub question: u32,
    pub text: String,
    pub outcome: AnswerOutcome,
    pub at: UnixMillis,
    /// Milliseconds from delivery to answer.
    pub time_used_ms: i64,
}

impl Answer {
    /// Whether there is something to read: a blank answer is not counted as given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !self.text.trim().is_empty()
    }
}
