//! What candidates answer, and how much of it a session takes.

use serde::{Deserialize, Serialize};

use super::{AnswerId, Session, Speaker, UnixMillis, Utterance};

/// Longest answer, in characters.
pub const MAX_ANSWER: usize = 50_000;

/// Characters of all answers of a session: ten of the longest. A session is one document, and MongoDB takes 16 MiB.
pub const MAX_ANSWERS: usize = 500_000;

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
    /// Milliseconds from delivery to answer; to the deadline, where the server recorded it.
    pub time_used_ms: i64,
}

impl Answer {
    /// Whether there is something to read: a blank answer is not counted as given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !self.text.trim().is_empty()
    }
}

/// From when to when a question was open, in a dialogue in which it was answered `at`, with so much time used. One whose time
/// ran out was open until its deadline, though it was closed later: after the grace, or when the outage was over.
#[must_use]
pub fn when_open(dialogue: &[Utterance], question: u32, at: UnixMillis, time_used_ms: i64) -> (UnixMillis, UnixMillis) {
    let mut asked = dialogue.iter().filter(|said| said.speaker == Speaker::Interviewer);
    // They are asked in their order.
    let from = asked.nth(question as usize).map_or(UnixMillis(at.0 - time_used_ms), |said| said.at);
    (from, UnixMillis(from.0 + time_used_ms))
}

impl Session {
    /// Longest answer that a question takes after those before it, in characters. It only is less than [`MAX_ANSWER`] where
    /// there are more than ten questions and a lot was written: one half of [`MAX_ANSWERS`] is shared out evenly among the
    /// questions, so that each has room, and the other half is for whichever comes first.
    #[must_use]
    pub fn longest_answer(&self, question: u32) -> usize {
        let asked = self.max_questions.max(1);
        let share = MAX_ANSWERS / 2 / asked as usize;
        let earlier = self.answers.iter().filter(|answer| answer.question < question);
        let used: usize = earlier.map(|answer| answer.text.chars().count()).sum();
        let later = asked.saturating_sub(question + 1) as usize;
        MAX_ANSWERS.saturating_sub(used + later * share).clamp(share.min(MAX_ANSWER), MAX_ANSWER)
    }
}
