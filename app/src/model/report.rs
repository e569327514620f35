//! What a hiring team decides from.

use serde::{Deserialize, Serialize};

use super::{
    AnswerOutcome, Candidate, EndReason, Evaluation, JobRef, QuestionKind, SessionId, TimelineEntry, UnixMillis,
    Utterance,
};

/// The report of an ended session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub session_id: SessionId,
    pub candidate: Candidate,
    pub job: Option<JobRef>,
    /// When the report was made.
    pub made_at: UnixMillis,
    /// [`super::Session::basis`] when it was made.
    pub basis: u64,
    pub created_at: UnixMillis,
    pub started_at: Option<UnixMillis>,
    pub ended_at: Option<UnixMillis>,
    pub end_reason: Option<EndReason>,
    /// In a few sentences.
    pub summary: String,
    /// 0..=10 over evaluated answers.
    pub average_score: f64,
    pub criteria: CriteriaMeans,
    pub completion: Completion,
    /// Milliseconds spent on answers.
    pub time_used_ms: i64,
    pub questions: Vec<ReportedQuestion>,
    pub strengths: Vec<String>,
    pub gaps: Vec<String>,
    pub violations_count: u32,
    pub timeline: Vec<TimelineEntry>,
    /// How much more happened than the timeline shows.
    #[serde(default)]
    pub timeline_left_out: u32,
    pub transcript: Vec<Utterance>,
    /// Who evaluated: `offline rules`, or a model's name.
    pub evaluated_by: Vec<String>,
    /// What this report says nothing about, and why.
    pub not_measured: Vec<String>,
}

/// Means of the four criteria over evaluated answers, 0..=10; `None` where nothing was evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CriteriaMeans {
    pub relevance: Option<f64>,
    pub correctness: Option<f64>,
    pub depth: Option<f64>,
    pub clarity: Option<f64>,
}

impl CriteriaMeans {
    /// All four with their names.
    #[must_use]
    pub fn each(&self) -> [(&'static str, Option<f64>); 4] {
        [
            ("Relevance", self.relevance),
            ("Correctness", self.correctness),
            ("Depth", self.depth),
            ("Clarity", self.clarity),
        ]
    }
}

/// How far a candidate got.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// Questions that were to be asked.
    pub planned: u32,
    pub asked: u32,
    pub answered: u32,
    /// `answered` of `planned`: 0..=1.
    pub rate: f64,
}

/// One question in a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportedQuestion {
    /// 0 for the first.
    pub index: u32,
    pub text: String,
    pub kind: QuestionKind,
    /// `None`: it was not asked, or it was open when the interview ended.
    pub answer: Option<ReportedAnswer>,
    pub evaluation: Option<Evaluation>,
}

/// One answer in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedAnswer {
    pub text: String,
    pub outcome: AnswerOutcome,
    pub at: UnixMillis,
    pub time_used_ms: i64,
}
