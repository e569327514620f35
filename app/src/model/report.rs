//! What a hiring team decides from.

use proctor::policy::{Kind, Severity};
use serde::{Deserialize, Serialize};

use super::{
    AnswerOutcome, Candidate, Coverage, EndReason, Evaluation, JobRef, QuestionKind, Review, SessionId, TimelineEntry,
    UnixMillis, Utterance,
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
    /// None in reports that were made before they told of it.
    #[serde(default)]
    pub proctoring: Option<ReportedProctoring>,
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

impl Report {
    /// The mean of all scores, 0..=10. None where no answer has one.
    #[must_use]
    pub fn mean_score(&self) -> Option<f64> {
        self.scores().next().map(|_| self.average_score)
    }

    /// Scores of the questions that have one.
    pub fn scores(&self) -> impl Iterator<Item = f64> + '_ {
        self.questions.iter().filter_map(|question| question.evaluation.as_ref()?.score())
    }
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

/// What proctoring came to. Flags are hints for people, not verdicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedProctoring {
    /// Whether the interview was to be proctored.
    pub proctored: bool,
    /// Whether the candidate's page reported anything.
    pub reported: bool,
    /// Whether the candidate's face was captured at the device check.
    pub reference: bool,
    /// What the recordings came to. None: they were gone when this was written.
    pub recordings: Option<ReportedRecordings>,
    /// Those that count, in the order of time: neither mere notes nor dismissed.
    pub violations: Vec<ReportedViolation>,
    /// How many were dismissed.
    pub dismissed: u32,
    /// How many are notes for information.
    pub notes: u32,
    /// How many there was no room for.
    pub uncounted: u32,
}

/// What was made of pictures and logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedRecordings {
    /// Those at which the server looked.
    pub spot_checks: u32,
    /// Spot checks that show the person of the device check.
    pub same_person: u32,
    pub log: LogVerdict,
    /// How often the page began to report.
    pub logs: u32,
    /// Whether the page told of the interview's end.
    #[serde(default = "yes")]
    pub ended: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blind: Option<Blind>,
    /// None: no question was open, or it was not found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
}

/// Reports that were made before it was known say nothing about it.
fn yes() -> bool {
    true
}

/// The time in which a page could not look at the camera's picture, in ms since its first log began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blind {
    pub from_ms: u32,
    /// When it could look again, after the last time that it could not. None: never.
    pub to_ms: Option<u32>,
}

/// Whether a log holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogVerdict {
    /// Every part follows from the one before.
    Whole,
    /// Something is missing or was changed.
    Broken,
    /// There is none, or it was too long to be read.
    NotRead,
}

/// A violation in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedViolation {
    pub kind: Kind,
    pub severity: Severity,
    pub from: UnixMillis,
    /// None: it went on to the end.
    pub to: Option<UnixMillis>,
    pub review: Option<Review>,
    /// What the candidate says about it.
    pub note: Option<String>,
}
