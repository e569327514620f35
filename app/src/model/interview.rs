//! What it takes to make a session.

use serde::{Deserialize, Serialize};

use super::{JobId, QuestionKind, TimeRules};

/// A wish for a new session, as a form or the API gives it. See [`crate::validate`] for what is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInterview {
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub job_id: Option<JobId>,
    pub questions: Vec<String>,
    /// Same length as `questions`, or empty: then all are text questions.
    pub question_types: Vec<QuestionKind>,
    /// More than there are questions is taken as all of them; `None` too.
    pub max_questions: Option<u32>,
    /// Seconds; `None`: 120.
    pub text_question_timer: Option<u32>,
    /// Seconds; `None`: 300.
    pub coding_question_timer: Option<u32>,
    #[serde(default)]
    pub time: TimeRules,
    /// Whether it is proctored. `None`: as the job says; without a job it is.
    #[serde(default)]
    pub proctored: Option<bool>,
}
