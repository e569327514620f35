//! Jobs: sets of questions that sessions are made from.

use app::{
    model::{Job, JobId, KeyPoint, NewJob, NewQuestion, ProctoringRules, QuestionKind, Rubric},
    service::AppState,
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        address::Named,
        auth::Caller,
        problem::{Failure, Problem},
    },
    body::JsonBody,
    once::{IdempotencyKey, Repeating},
    query::{self, PartQuery},
    refusals::Usual,
    views::rfc3339,
};

/// Something that a good answer says or does.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct KeyPointBody {
    #[schema(max_length = 500)]
    text: String,
    /// How much it counts beside the others; default 1.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 10)]
    weight: u32,
}

fn one() -> u32 {
    1
}

/// What answers are measured by. Candidates never see it.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct RubricBody {
    #[schema(max_items = 30)]
    key_points: Vec<KeyPointBody>,
    #[schema(max_length = 10000)]
    reference_answer: Option<String>,
    /// The language that code is expected in, such as `Python`.
    #[schema(max_length = 40)]
    language: Option<String>,
}

#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct QuestionBody {
    #[schema(max_length = 10000)]
    text: String,
    /// `text` or `coding`; default `text`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: QuestionKind,
    rubric: RubricBody,
}

/// How interviews are proctored.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ProctoringBody {
    /// Default: true.
    enabled: bool,
    /// What differs from the default policy; default: nothing. README, "Rules of proctoring", lists them.
    #[schema(value_type = Option<Object>)]
    policy: serde_json::Value,
    /// Days after the end, or after the last activity in an interview that never ends, after which pictures and logs are erased;
    /// default 30.
    #[schema(minimum = 1, maximum = 365)]
    keep_days: u16,
}

impl Default for ProctoringBody {
    fn default() -> Self {
        ProctoringRules::default().into()
    }
}

impl From<ProctoringRules> for ProctoringBody {
    fn from(ProctoringRules { enabled, policy, keep_days }: ProctoringRules) -> Self {
        Self { enabled, policy, keep_days }
    }
}

impl From<ProctoringBody> for ProctoringRules {
    fn from(ProctoringBody { enabled, policy, keep_days }: ProctoringBody) -> Self {
        Self { enabled, policy, keep_days }
    }
}

/// A job as it is given and exported.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct JobBody {
    #[schema(required = true, max_length = 200)]
    title: String,
    #[schema(max_length = 10000)]
    description: String,
    /// Seconds; default 120.
    #[schema(minimum = 1, maximum = 86400)]
    text_question_timer: Option<u32>,
    /// Seconds; default 300.
    #[schema(minimum = 1, maximum = 86400)]
    coding_question_timer: Option<u32>,
    /// Default and at most: the number of questions.
    #[schema(minimum = 1)]
    max_questions: Option<u32>,
    /// Of 1 MB in all, with their rubrics.
    #[schema(required = true, max_items = 200)]
    questions: Vec<QuestionBody>,
    proctoring: ProctoringBody,
    /// When replacing: the revision that was changed. Another one in the store is a conflict (409).
    #[serde(skip_serializing)]
    revision: Option<u32>,
}

impl From<JobBody> for NewJob {
    fn from(body: JobBody) -> Self {
        let point = |point: KeyPointBody| KeyPoint { text: point.text, weight: point.weight };
        let rubric = |rubric: RubricBody| Rubric {
            key_points: rubric.key_points.into_iter().map(point).collect(),
            reference_answer: rubric.reference_answer,
            language: rubric.language,
        };
        let question =
            |body: QuestionBody| NewQuestion { text: body.text, kind: body.kind, rubric: rubric(body.rubric) };
        Self {
            title: body.title,
            description: body.description,
            text_question_timer: body.text_question_timer,
            coding_question_timer: body.coding_question_timer,
            max_questions: body.max_questions,
            questions: body.questions.into_iter().map(question).collect(),
            proctoring: body.proctoring.into(),
        }
    }
}

impl From<&Job> for JobBody {
    fn from(job: &Job) -> Self {
        let point = |point: &KeyPoint| KeyPointBody { text: point.text.clone(), weight: point.weight };
        let rubric = |rubric: &Rubric| RubricBody {
            key_points: rubric.key_points.iter().map(point).collect(),
            reference_answer: rubric.reference_answer.clone(),
            language: rubric.language.clone(),
        };
        let question = |question: &app::model::Question| QuestionBody {
            text: question.text.clone(),
            kind: question.kind,
            rubric: rubric(&question.rubric),
        };
        Self {
            title: job.title.clone(),
            description: job.description.clone(),
            text_question_timer: Some(job.timers.text_s),
            coding_question_timer: Some(job.timers.coding_s),
            max_questions: Some(job.max_questions),
            questions: job.questions.iter().map(question).collect(),
            proctoring: job.proctoring.clone().into(),
            revision: None,
        }
    }
}

/// A job as it is kept.
#[derive(Serialize, ToSchema)]
pub struct JobView {
    pub id: String,
    /// 1 when made; one more with each change.
    pub revision: u32,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC.
    pub updated_at: String,
    #[serde(flatten)]
    pub body: JobBody,
}

impl From<&Job> for JobView {
    fn from(job: &Job) -> Self {
        Self {
            id: job.id.0.clone(),
            revision: job.revision,
            created_at: rfc3339(job.created_at),
            updated_at: rfc3339(job.updated_at),
            body: job.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct JobAnswer {
    pub status: &'static str,
    pub job: JobView,
}

#[derive(Serialize, ToSchema)]
pub struct JobsAnswer {
    pub status: &'static str,
    /// The one changed last first.
    pub jobs: Vec<JobView>,
    /// On all pages.
    pub total: u64,
    pub limit: u32,
    pub offset: u64,
}

#[derive(Serialize, ToSchema)]
pub struct JobGoneAnswer {
    pub status: &'static str,
    pub message: &'static str,
    pub job_id: String,
}

fn answer(job: &Job) -> Json<JobAnswer> {
    Json(JobAnswer { status: "success", job: job.into() })
}

/// Makes a job.
#[utoipa::path(
    post, path = "/api/parallel_interview/jobs", tag = "jobs", request_body = JobBody,
    params(IdempotencyKey),
    responses(
        (status = 200, body = JobAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What is wrong with which field"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "There are 1,000 already"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "Body over 256 KiB"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The key was used with another request"),
        Usual,
    )
)]
pub async fn create(
    Repeating(key): Repeating,
    State(app): State<AppState>,
    JsonBody(body): JsonBody<JobBody>,
) -> Result<Json<JobAnswer>, Failure> {
    Ok(answer(&app.jobs.create_once(key.as_ref(), body.into()).await?))
}

/// Jobs, the one changed last first.
#[utoipa::path(
    get, path = "/api/parallel_interview/jobs", tag = "jobs", params(PartQuery),
    responses(
        (status = 200, body = JobsAnswer),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "What is out of range"),
        Usual,
    )
)]
pub async fn list(
    _: Caller,
    State(app): State<AppState>,
    query: Result<Query<PartQuery>, QueryRejection>,
) -> Result<Json<JobsAnswer>, Failure> {
    let (limit, offset) = query::read(query)?.check()?;
    let found = app.jobs.list(limit, offset).await?;
    let jobs = found.items.iter().map(Into::into).collect();
    Ok(Json(JobsAnswer { status: "success", jobs, total: found.total, limit, offset }))
}

/// One job. Its `job` can be sent to `POST /jobs` again, here or elsewhere.
#[utoipa::path(
    get, path = "/api/parallel_interview/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 200, body = JobAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn read(_: Caller, State(app): State<AppState>, Named(id): Named) -> Result<Json<JobAnswer>, Failure> {
    Ok(answer(&app.jobs.get(&JobId(id)).await?))
}

/// Replaces a job. Sessions that were made from it stay as they are. Where somebody else may change it too, give the `revision`
/// that was read; `If-Match` is not looked at.
#[utoipa::path(
    put, path = "/api/parallel_interview/jobs/{id}", tag = "jobs", request_body = JobBody,
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 200, body = JobAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Somebody else changed it in between"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "Body over 256 KiB"),
        Usual,
    )
)]
pub async fn replace(
    _: Caller,
    State(app): State<AppState>,
    Named(id): Named,
    JsonBody(body): JsonBody<JobBody>,
) -> Result<Json<JobAnswer>, Failure> {
    let revision = body.revision;
    Ok(answer(&app.jobs.replace(&JobId(id), body.into(), revision).await?))
}

/// Removes a job. Sessions that were made from it stay as they are.
#[utoipa::path(
    delete, path = "/api/parallel_interview/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 200, body = JobGoneAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn delete(_: Caller, State(app): State<AppState>, Named(id): Named) -> Result<Json<JobGoneAnswer>, Failure> {
    let id = JobId(id);
    app.jobs.delete(&id).await?;
    Ok(Json(JobGoneAnswer { status: "success", message: "Job deleted", job_id: id.0 }))
}
