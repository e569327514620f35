//! `POST /create`.

use app::{
    model::{JobId, NewInterview, QuestionKind, TimeRules},
    service::AppState,
};
use axum::{Json, extract::State, http::HeaderMap};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{
        auth::Caller,
        problem::{Failure, Problem},
    },
    body::JsonBody,
    once::{self, IdempotencyKey},
    refusals::Usual,
    views::CreateAnswer,
};

/// A new session. `null` is taken as left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CreateRequest {
    #[schema(required = true, max_length = 200)]
    name: Option<String>,
    #[schema(required = true, max_length = 254)]
    email: Option<String>,
    #[schema(max_length = 50)]
    phone: Option<String>,
    job_id: Option<String>,
    /// Required without `job_id`. Of 10,000 characters each at most, and of 1 MB in all.
    #[schema(max_items = 200)]
    questions: Option<Vec<String>>,
    /// `text` or `coding`, an entry for each question; default: all `text`.
    #[schema(value_type = Option<Vec<String>>)]
    question_types: Option<Vec<QuestionKind>>,
    /// Default and at most: the number of questions.
    #[schema(minimum = 1)]
    max_questions: Option<u64>,
    /// Seconds; default 120.
    #[schema(minimum = 1, maximum = 86400)]
    text_question_timer: Option<u32>,
    /// Seconds; default 300.
    #[schema(minimum = 1, maximum = 86400)]
    coding_question_timer: Option<u32>,
    /// An accommodation: how many times as long the candidate has for each question; default 1.
    #[schema(minimum = 1, maximum = 5)]
    time_multiplier: Option<f64>,
    /// An accommodation: minutes on top for each question; default 0.
    #[schema(minimum = 0, maximum = 60)]
    extra_minutes: Option<u32>,
    /// Whether the interview is proctored; default: as the job says, and without a job: yes.
    proctored: Option<bool>,
}

impl From<CreateRequest> for NewInterview {
    fn from(request: CreateRequest) -> Self {
        Self {
            name: request.name.unwrap_or_default(),
            email: request.email.unwrap_or_default(),
            phone: request.phone,
            job_id: request.job_id.filter(|id| !id.is_empty()).map(JobId),
            questions: request.questions.unwrap_or_default(),
            question_types: request.question_types.unwrap_or_default(),
            max_questions: request.max_questions.map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
            text_question_timer: request.text_question_timer,
            coding_question_timer: request.coding_question_timer,
            time: TimeRules {
                percent: request.time_multiplier.map_or(100, |times| (times * 100.0).round() as u32),
                extra_s: request.extra_minutes.unwrap_or_default().saturating_mul(60),
                ..TimeRules::default()
            },
            proctored: request.proctored,
        }
    }
}

/// Makes a session, its LiveKit room and the candidate's link.
#[utoipa::path(
    post, path = "/api/parallel_interview/create", tag = "sessions",
    request_body = CreateRequest,
    params(IdempotencyKey),
    responses(
        (status = 200, body = CreateAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What is wrong with which field"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "Unknown job"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "Body over 256 KiB"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The key was used with another request"),
        Usual,
    )
)]
pub async fn create(
    caller: Caller,
    State(app): State<AppState>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<CreateRequest>,
) -> Result<Json<CreateAnswer>, Failure> {
    let created = match once::key(&headers)? {
        Some(key) => app.creation.create_once(&caller.owner, key, request.into()).await?,
        None => app.creation.create(request.into()).await?,
    };
    Ok(Json(created.into()))
}
