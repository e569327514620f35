//! Jobs: sets of questions that sessions are made from.

use serde::{Deserialize, Serialize};

use super::{JobId, ProctoringRules, Question, QuestionKind, Rubric, Timers, UnixMillis};

/// A question as it is written down for a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewQuestion {
    pub text: String,
    /// `text` or `coding`.
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    pub rubric: Rubric,
}

/// A job as forms and the API give it, and as it is exported. See [`crate::validate::job`] for what is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewJob {
    pub title: String,
    pub description: String,
    /// Seconds; `None`: 120.
    pub text_question_timer: Option<u32>,
    /// Seconds; `None`: 300.
    pub coding_question_timer: Option<u32>,
    /// `None`: all of them.
    pub max_questions: Option<u32>,
    pub questions: Vec<NewQuestion>,
    pub proctoring: ProctoringRules,
}

/// A job. Sessions take a copy of its questions, so changing it changes none of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub title: String,
    pub description: String,
    pub timers: Timers,
    /// 1..=`questions.len()`.
    pub max_questions: u32,
    /// At least one.
    pub questions: Vec<Question>,
    #[serde(default)]
    pub proctoring: ProctoringRules,
    pub created_at: UnixMillis,
    pub updated_at: UnixMillis,
    /// 1 when created; one more with each change.
    pub revision: u32,
    /// Under which key its first result is kept, if whoever made it may repeat that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_key: Option<String>,
}

/// What lists show of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSummary {
    pub id: JobId,
    pub title: String,
    /// Its beginning, [`SUMMARY_CHARS`] characters at most.
    pub description: String,
    pub timers: Timers,
    pub max_questions: u32,
    /// How many there are.
    pub questions: u32,
    pub updated_at: UnixMillis,
}

/// Characters of a description in a summary.
pub const SUMMARY_CHARS: usize = 200;

impl Job {
    /// What lists show of it.
    #[must_use]
    pub fn summary(&self) -> JobSummary {
        JobSummary {
            id: self.id.clone(),
            title: self.title.clone(),
            description: self.description.chars().take(SUMMARY_CHARS).collect(),
            timers: self.timers,
            max_questions: self.max_questions,
            questions: self.questions.len() as u32,
            updated_at: self.updated_at,
        }
    }

    /// Whether it says the same as another one, whenever either was changed.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        NewJob::from(self) == NewJob::from(other)
    }
}

impl From<&Job> for NewJob {
    fn from(job: &Job) -> Self {
        let question = |question: &Question| NewQuestion {
            text: question.text.clone(),
            kind: question.kind,
            rubric: question.rubric.clone(),
        };
        Self {
            title: job.title.clone(),
            description: job.description.clone(),
            text_question_timer: Some(job.timers.text_s),
            coding_question_timer: Some(job.timers.coding_s),
            max_questions: Some(job.max_questions),
            questions: job.questions.iter().map(question).collect(),
            proctoring: job.proctoring.clone(),
        }
    }
}
